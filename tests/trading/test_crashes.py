"""Crashes and full disks: nothing is sent that is not written down, and the next command knows what became of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import histories
import httpx
import pytest
from fake_exchange import Fate

from bitget_cli.database import Database
from bitget_cli.errors import BitgetError, ConfigError

HERE = Path(histories.__file__).parent


def script(name: str, *arguments: str) -> list[list[int]]:
    """The lines of numbers a script beside the tests prints."""
    path = os.pathsep.join([str(HERE), *sys.path])
    ran = subprocess.run(
        [sys.executable, HERE / name, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert ran.returncode == 0, ran.stderr
    return [[int(word) for word in line.split()] for line in ran.stdout.splitlines()]


@pytest.fixture
def memory() -> Iterator[Path]:
    folder = Path(histories.folder_in_memory())
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


@pytest.mark.parametrize(
    ("fate", "stride", "at_least"),
    [
        ("answered", 47, 8),
        ("lost", 47, 10),
        pytest.param("answered", 1, 400, marks=pytest.mark.slow),
        pytest.param("lost", 1, 500, marks=pytest.mark.slow),
        pytest.param("never arrived", 9, 300, marks=pytest.mark.slow),
    ],
)
def test_killed_at_any_call_the_entry_finds_its_true_end(fate: str, stride: int, at_least: int, memory: Path) -> None:
    ((points, orders, entries),) = script("killed_while_placing.py", str(memory), fate, str(stride))
    assert points >= at_least
    assert orders <= entries <= points
    assert entries, "no point lay behind the journal's first word"


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("classic", 4),
        pytest.param("classic", 400, marks=pytest.mark.slow),
        pytest.param("unified", 400, marks=pytest.mark.slow),
    ],
)
def test_a_ladder_killed_at_any_call_is_found_as_it_stands(kind: str, points: int, memory: Path) -> None:
    ((killed, none, some, every),) = script("killed_laddering.py", str(memory), kind, str(points))
    assert killed == points == none + some + every
    assert min(none, some, every) > 0


def test_a_disk_that_is_full_at_any_byte_sends_nothing(memory: Path) -> None:
    ended = script("full_disk_while_placing.py", str(memory))
    assert {(status, sent) for _, status, sent in ended} == {(3, 0), (0, 1)}


class FailingDatabase(Database):
    """Its writes fail from the nth on."""

    left = 0

    @contextmanager
    def change(self) -> Iterator[Any]:
        self.left -= 1
        if self.left <= 0:
            raise ConfigError("the journal cannot be used: disk I/O error")
        with super().change() as connection:
            yield connection


def failing(desk: Any, fails_at: int) -> None:
    sound = desk.journal._database
    desk.journal._database = FailingDatabase(sound.path, sound._schema)
    desk.journal._database.left = fails_at


@pytest.mark.parametrize("fails_at", [1, 2])
def test_without_a_durable_entry_nothing_is_sent(fails_at: int, desk: Any) -> None:
    failing(desk, fails_at)
    with pytest.raises(ConfigError):
        desk.execution.carry_out(desk.order())
    assert not desk.exchange.sent


def test_an_outcome_that_cannot_be_written_down_is_told(desk: Any) -> None:
    failing(desk, 3)
    outcome = desk.execution.carry_out(desk.order())
    assert (outcome.outcome, outcome.order_id) == ("placed", "1000")
    assert "placed; the journal cannot be used" in desk.said[-1]


def test_a_doubt_that_cannot_be_written_down_is_still_an_unknown_outcome(desk: Any) -> None:
    failing(desk, 3)
    desk.exchange.fates = [Fate(0.0, httpx.ReadTimeout("x"))]
    desk.exchange.out_until = 1e9
    with pytest.raises(BitgetError) as caught:
        desk.execution.carry_out(desk.order())
    assert caught.value.exit_status == 7


PLACER = """
import json, sys
from pathlib import Path
from doubles import StillClock
from fake_exchange import FakeExchange
from killed_while_placing import GIVEN, placing_of
from bitget_cli.catalogue.v2.futures_orders import FUTURES_PLACE_ORDER
from bitget_cli.errors import BitgetError
from bitget_cli.trading.adapters.classic.changes import change

exchange = FakeExchange(StillClock())
placing, _ = placing_of(exchange, Path(sys.argv[1]))
sys.stdin.read(1)
try:
    placing.carry_out(change(FUTURES_PLACE_ORDER.name, GIVEN, "buy", client_oid="mine"))
    print(json.dumps([0, len(exchange.sent)]))
except BitgetError as error:
    print(json.dumps([error.exit_status, len(exchange.sent)]))
"""


def test_of_two_processes_with_one_client_id_one_is_refused(memory: Path) -> None:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}
    both = [
        subprocess.Popen(
            [sys.executable, "-c", PLACER, memory], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
        )
        for _ in range(2)
    ]
    ended = sorted(json.loads(one.communicate("\n")[0]) for one in both)
    assert ended == [[0, 1], [2, 0]]
