"""The work folder: what is kept survives any tear, and a folder of somebody else's is left alone."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bitget_cli.client.rest.tax_records import Page
from bitget_cli.errors import ConfigError
from bitget_cli.export.page_store import ExportPlan, StoredPage, merged, opened
from bitget_cli.export.sources import CLASSIC

SPOT = CLASSIC[0]
PLAN = ExportPlan(
    env="live", host="api.bitget.com", profile="live", account="abc", since=0, asked_until=1000, until=1000
)
PAGES = [
    Page([{"id": str(10 * page + place), "ts": "5"} for place in range(3)], str(10 * page) if page else None)
    for page in (2, 1, 0)
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path / ".bitget-tax-2025"


def kept(folder: Path, pages: int) -> Path:
    """The file of a window with so many of its pages."""
    with opened(folder, PLAN) as work:
        for page in PAGES[:pages]:
            work.append(SPOT, 0, page)
    return folder / ("spot-000.whole" if pages == len(PAGES) else "spot-000.part")


def test_a_whole_window_gives_its_records_back(folder: Path) -> None:
    path = kept(folder, 3)
    assert path.stat().st_mode & 0o777 == 0o600
    with opened(folder, PLAN) as work:
        assert work.is_whole(SPOT, 0)
        assert [one.id for one in merged(work.runs(SPOT, 0))] == ["0", "1", "2", "10", "11", "12", "20", "21", "22"]


def test_torn_at_any_byte_a_window_goes_on_after_its_last_whole_page(folder: Path) -> None:
    path = kept(folder, 2)
    content = path.read_bytes()
    first = content.index(b"\n") + 1
    for size in range(len(content)):
        path.write_bytes(content[:size])
        with opened(folder, PLAN) as work:
            assert work.cursor(SPOT, 0) == ("20" if size >= first else None)
        assert path.read_bytes() == content[: first if size >= first else 0]


def test_a_byte_that_changed_is_not_taken_for_a_record(folder: Path) -> None:
    path = kept(folder, 2)
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with opened(folder, PLAN) as work:
            assert work.cursor(SPOT, 0) in (None, "20")


def test_a_crash_before_the_last_rename_loses_nothing(folder: Path) -> None:
    path = kept(folder, 3)
    path.rename(path.with_suffix(".part"))
    with opened(folder, PLAN) as work:
        work.cursor(SPOT, 0)
        assert work.is_whole(SPOT, 0)


def test_a_record_that_came_twice_is_kept_once(folder: Path) -> None:
    with opened(folder, PLAN) as work:
        work.append(SPOT, 0, PAGES[0])
        work.append(SPOT, 0, Page(PAGES[0].rows, None))
        assert len(list(merged(work.runs(SPOT, 0)))) == 3


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pages=st.lists(st.lists(st.integers(0, 30), max_size=5), min_size=1, max_size=6))
def test_pages_in_any_order_are_merged_by_time_and_each_record_once(pages: list[list[int]], tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    with opened(folder, PLAN) as work:
        for place, page in enumerate(pages):
            rows = [{"id": str(100 + ts // 2), "ts": str(ts // 2)} for ts in page]
            work.append(SPOT, 0, Page(rows, str(place) if place + 1 < len(pages) else None))
        got = [one.ts for one in merged(work.runs(SPOT, 0))]
    assert got == sorted({ts // 2 for page in pages for ts in page})


class Watched(StoredPage):
    """A page that tells when it is read."""

    read: ClassVar[list[int]] = []

    def rows(self) -> list[dict[str, Any]]:
        self.read.append(self.oldest)
        return super().rows()


def test_only_pages_that_overlap_are_in_memory_together(folder: Path) -> None:
    with opened(folder, PLAN) as work:
        for page in range(20, -1, -1):
            rows = [{"id": str(page * 10 + place), "ts": str(page * 10 + place)} for place in range(9, -1, -1)]
            work.append(SPOT, 0, Page(rows, str(page) if page else None))
        for count, _ in enumerate(merged(Watched(*run) for run in work.runs(SPOT, 0))):
            assert len(Watched.read) <= count // 10 + 2


def test_a_whole_window_that_was_damaged_is_refused_by_name(folder: Path) -> None:
    folder = folder.with_name("my taxes")
    path = kept(folder, 3)
    path.write_bytes(path.read_bytes()[:-9])
    with opened(folder, PLAN) as work, pytest.raises(ConfigError) as caught:
        work.runs(SPOT, 0)
    assert str(path) in caught.value.message
    assert caught.value.hint
    assert f"rm '{path}'" in caught.value.hint


def test_the_end_is_decided_by_the_first_start(folder: Path) -> None:
    running = PLAN._replace(asked_until=2000)
    with opened(folder, running):
        pass
    with opened(folder, running._replace(until=1500)) as work:
        assert work.plan.until == 1000


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"account": "other"}, "another account"),
        ({"profile": "mine"}, "profile live"),
        ({"env": "demo"}, "profile live (live, api.bitget.com)"),
        ({"host": "127.0.0.1"}, "profile live (live, api.bitget.com)"),
        ({"since": 1}, "another range"),
        ({"asked_until": 999}, "another range"),
    ],
)
def test_another_export_does_not_mix_with_this_one(change: dict[str, object], what: str, folder: Path) -> None:
    kept(folder, 1)
    with pytest.raises(ConfigError) as caught, opened(folder, PLAN._replace(**change)):  # type: ignore[arg-type]
        pass
    assert what in caught.value.message
    assert caught.value.hint
    assert "--out" in caught.value.hint


def test_two_exports_do_not_work_in_one_folder(folder: Path) -> None:
    with opened(folder, PLAN), pytest.raises(ConfigError, match="another process"), opened(folder, PLAN):
        pass


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 2}', '{"version": 1}'])
def test_a_damaged_plan_is_refused(text: str, folder: Path) -> None:
    kept(folder, 1)
    (folder / "plan.json").write_text(text)
    with pytest.raises(ConfigError), opened(folder, PLAN):
        pass


def test_a_folder_that_is_a_link_is_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="symbolic link"), opened(folder, PLAN):
        pass


def test_a_page_others_may_write_is_not_trusted(folder: Path) -> None:
    kept(folder, 1).chmod(0o622)
    with opened(folder, PLAN) as work, pytest.raises(ConfigError):
        work.cursor(SPOT, 0)


def test_a_page_that_is_a_link_is_not_written_through(folder: Path, tmp_path: Path) -> None:
    kept(folder, 0)
    (folder / "spot-000.part").symlink_to(tmp_path / "target")
    with opened(folder, PLAN) as work, pytest.raises(ConfigError):
        work.append(SPOT, 0, PAGES[0])
    assert not (tmp_path / "target").exists()


def test_a_page_that_is_a_link_is_not_read_through(folder: Path, tmp_path: Path) -> None:
    page = kept(folder, 1)
    page.rename(tmp_path / "target")
    page.symlink_to(tmp_path / "target")
    with opened(folder, PLAN) as work, pytest.raises(ConfigError, match="symbolic link"):
        work.cursor(SPOT, 0)


def test_the_plan_is_private_and_says_what_it_is_of(folder: Path) -> None:
    kept(folder, 0)
    assert json.loads((folder / "plan.json").read_text())["account"] == "abc"
    assert os.stat(folder).st_mode & 0o777 == 0o700
