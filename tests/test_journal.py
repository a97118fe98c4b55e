"""The journal: durable before anything is sent, forward only, private, and shared by many processes."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from neighbour import at_work, just_before_the_look, looking

from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.journal import ONCE_IN_MS, Draft, EntryState, Journal

NOW = 1_772_452_800_000


def draft(oid: str = "mine", **more: str) -> Draft:
    values = {"kind": "place", "row": "mix.order.place-order", "symbol": "BTCUSDT", "body": "{}", "what": "buy"}
    return Draft(oid, **{**values, "trail": "{}", **more})


@pytest.fixture
def path(home: Path) -> Path:
    return home / "state" / "journal" / "live-live.sqlite3"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    one = Journal(path)
    yield one
    one.close()


def test_reading_makes_no_file(journal: Journal) -> None:
    assert journal.entries() == ()
    assert journal.open_entries() == ()
    assert journal.find("mine") is None
    assert not journal.path.exists()


def test_an_entry_goes_forward_to_its_end(journal: Journal) -> None:
    (entry,) = journal.append([draft(body='{"size":"1"}')], now=NOW)
    assert (entry.state, entry.signed_at, entry.prepared_at) == ("prepared", None, NOW)
    assert entry.body_sha256 == hashlib.sha256(b'{"size":"1"}').hexdigest()
    journal.mark_sent([entry], signed_at=NOW + 5)
    journal.mark_sent([entry], signed_at=NOW + 900)
    assert (journal.entries()[0].state, journal.entries()[0].signed_at) == ("sent", NOW + 900)
    journal.mark_unknown([entry])
    assert (journal.entries()[0].state, journal.entries()[0].signed_at) == ("unknown", NOW + 900)
    settled = journal.settle(entry, EntryState.PLACED, now=NOW + 1000, order_id="7", answer="{}")
    assert (settled.state, settled.order_id, settled.answer, settled.settled_at) == ("placed", "7", "{}", NOW + 1000)


@pytest.mark.parametrize("later", [EntryState.REJECTED, EntryState.NOT_PLACED, EntryState.CANCELLED, EntryState.DONE])
def test_what_is_settled_stays_so(later: EntryState, journal: Journal) -> None:
    (entry,) = journal.append([draft()], now=NOW)
    journal.settle(entry, EntryState.PLACED, now=NOW, order_id="7", answer=None)
    assert journal.settle(entry, later, now=NOW, order_id="8", answer=None).order_id == "7"
    journal.mark_unknown([entry])
    assert journal.entries()[0].state == "placed"
    with pytest.raises(ConfigError, match="settled this change meanwhile"):
        journal.mark_sent([entry], signed_at=NOW)


def test_what_was_refused_is_written_anew_under_its_number_and_name(journal: Journal) -> None:
    first, other = journal.append([draft(), draft("other")], now=NOW)
    journal.mark_sent([first], signed_at=NOW + 5)
    journal.note_refusal([first, other], '{"code":"40085"}')
    # Of one that never left nothing was refused.
    assert [entry.answer for entry in journal.entries()] == [None, '{"code":"40085"}']
    anew = draft(row="v3.trade.place-order", body='{"qty":"1"}', trail='{"ids":[]}')
    (entry,) = journal.rewrite([(first, anew)])
    assert entry == journal.find("mine")
    assert (entry.number, entry.state, entry.signed_at, entry.answer) == (first.number, "sent", NOW + 5, None)
    assert (entry.row, entry.body, entry.trail) == (anew.row, anew.body, anew.trail)
    assert len(journal.entries()) == 2


def test_what_is_settled_is_written_anew_no_more_and_nothing_beside_it(journal: Journal) -> None:
    first, other = journal.append([draft(), draft("other")], now=NOW)
    journal.settle(other, EntryState.REJECTED, now=NOW, order_id=None, answer=None)
    with pytest.raises(ConfigError, match="settled this change meanwhile"):
        journal.rewrite([(first, draft(body="[]")), (other, draft("other", body="[]"))])
    assert {entry.body for entry in journal.entries()} == {"{}"}


def test_a_client_id_is_used_once_in_ninety_days(journal: Journal) -> None:
    journal.append([draft()], now=NOW)
    with pytest.raises(UsageError, match="mine was used before"):
        journal.append([draft("other"), draft()], now=NOW + ONCE_IN_MS - 1)
    assert len(journal.entries()) == 1
    journal.append([draft()], now=NOW + ONCE_IN_MS)
    assert len(journal.entries()) == 2


def test_entries_are_listed_newest_first_within_a_range(journal: Journal) -> None:
    for number in range(5):
        journal.append([draft(f"b{number}")], now=NOW + number)
    assert [entry.client_oid for entry in journal.entries(limit=2)] == ["b4", "b3"]
    assert [entry.client_oid for entry in journal.entries(since=NOW + 1, until=NOW + 3)] == ["b2", "b1"]


def test_everything_is_private_whatever_the_umask(journal: Journal) -> None:
    before = os.umask(0)
    try:
        journal.append([draft()], now=NOW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(journal.path.parent.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in journal.path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes


def test_every_write_is_synced(journal: Journal) -> None:
    journal.append([draft()], now=NOW)
    connection = journal._database._opened()
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_change_that_a_signal_cut_off_is_undone_by_the_next(journal: Journal) -> None:
    """One that comes on the way into a `with`, or out of it, leaves what was begun to the garbage."""
    journal.append([draft("first")], now=NOW)
    cut = journal._database.change()
    cut.__enter__().execute("DELETE FROM entries")
    with journal._database.change() as later:
        later.execute("UPDATE entries SET what = 'sell'")
        del cut
    left = journal._database.change()
    left.__enter__()
    assert [(entry.client_oid, entry.what) for entry in journal.entries()] == [("first", "sell")]
    journal.close()
    del left


def test_a_signal_that_comes_while_another_process_writes_leaves_the_journal_usable(journal: Journal) -> None:
    journal.append([draft("first")], now=NOW)

    def interrupt() -> None:
        signal.pthread_kill(main, signal.SIGINT)
        other.execute("ROLLBACK")

    main = threading.get_ident()
    with closing(sqlite3.connect(journal.path, check_same_thread=False, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        soon = threading.Timer(0.05, interrupt)
        soon.start()
        with pytest.raises(KeyboardInterrupt):
            journal.append([draft("second")], now=NOW)
        soon.join()
    journal.append([draft("third")], now=NOW)
    assert [entry.client_oid for entry in journal.entries()] == ["third", "first"]


def test_an_entry_of_a_living_process_is_left_to_it(journal: Journal) -> None:
    journal.append([draft()], now=NOW)
    count = "import sys; from pathlib import Path; from bitget_cli.journal import Journal;"
    count += "print(len(Journal(Path(sys.argv[1])).open_entries()))"
    told = subprocess.run([sys.executable, "-c", count, journal.path], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "0"
    journal.close()
    told = subprocess.run([sys.executable, "-c", count, journal.path], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "1"


def test_an_entry_that_is_settled_while_we_look_is_not_open(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_work(journal.path, now=NOW) as end:
        just_before_the_look(monkeypatch, end)
        assert journal.open_entries() == ()


def test_an_entry_left_unknown_while_we_look_is_told_as_it_stands(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work(journal.path, now=NOW, ends="gives up") as end:
        just_before_the_look(monkeypatch, end)
        assert [entry.state for entry in journal.open_entries()] == ["unknown"]


def test_what_another_process_settled_cannot_be_claimed(journal: Journal) -> None:
    with at_work(journal.path, now=NOW) as end:
        (seen,) = journal.entries()
        assert not journal.claim(seen)
        end()
        assert not journal.claim(seen)


def test_a_look_of_others_hides_nothing_and_keeps_nobody_from_a_claim(journal: Journal) -> None:
    (entry,) = journal.append([draft()], now=NOW)
    journal.release(entry)
    with looking(journal.path.with_name(f".{journal.path.name}.claims"), entry.number):
        assert all(len(journal.open_entries()) == 1 for _ in range(300))
        for _ in range(100):
            assert journal.claim(entry)
            journal.release(entry)


def append(path: Path, oid: str) -> None:
    Journal(path).append([draft(oid)], now=NOW)


def make_link(path: Path) -> None:
    path.symlink_to(path.with_name("elsewhere"))


def make_folder(path: Path) -> None:
    path.mkdir()


def make_fifo(path: Path) -> None:
    os.mkfifo(path)


def make_garbage(path: Path) -> None:
    path.write_bytes(b"this is no database, and longer than a header of one would have to be" * 20)
    path.chmod(0o600)


def make_readable(path: Path) -> None:
    path.touch()
    path.chmod(0o644)


def make_newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    path.chmod(0o600)


def make_foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE entries (something TEXT)")
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    path.chmod(0o600)


@pytest.mark.parametrize(
    "make", [make_link, make_folder, make_fifo, make_garbage, make_readable, make_newer, make_foreign]
)
def test_a_file_that_cannot_be_trusted_is_refused(make: object, path: Path) -> None:
    path.parent.mkdir(parents=True, mode=0o700)
    path.parent.parent.chmod(0o700)
    make(path)  # type: ignore[operator]
    with pytest.raises(ConfigError):
        append(path, "mine")


def test_a_folder_open_to_others_is_refused(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.parent.chmod(0o777)
    with pytest.raises(ConfigError, match="changed by other users"):
        append(path, "mine")


WRITER = """
import sys
from pathlib import Path
from bitget_cli.errors import UsageError
from bitget_cli.journal import Draft, Journal, EntryState as State

journal, won = Journal(Path(sys.argv[1])), 0
for number in range(int(sys.argv[3])):
    for oid in (f"{sys.argv[2]}-{number}", f"shared-{number}"):
        try:
            (entry,) = journal.append([Draft(oid, "place", "r", None, "{}", "buy", "{}")], now=1772452800000 + number)
        except UsageError:
            continue
        won += 1
        journal.mark_sent([entry], signed_at=1)
        journal.settle(entry, State.PLACED, now=2, order_id=oid, answer=None)
print(won)
"""


@pytest.mark.parametrize(("processes", "each"), [(4, 15), pytest.param(16, 200, marks=pytest.mark.slow)])
def test_many_processes_lose_nothing_and_share_no_id(processes: int, each: int, path: Path) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, path, f"p{number}", str(each)], stdout=subprocess.PIPE, text=True
        )
        for number in range(processes)
    ]
    won = [int(one.communicate()[0]) for one in running]
    assert all(one.returncode == 0 for one in running)
    entries = Journal(path).entries()
    oids = [entry.client_oid for entry in entries]
    assert len(oids) == len(set(oids)) == sum(won) == processes * each + each
    assert {entry.state for entry in entries} == {"placed"}


@pytest.mark.parametrize("column", ["worker", "tag"])
def test_a_word_that_is_no_text_is_damage(column: str, journal: Journal) -> None:
    journal.append([draft()], now=NOW)
    journal.close()
    with sqlite3.connect(journal.path) as connection:
        connection.execute(f"UPDATE entries SET {column} = x'00'")  # noqa: S608  # a column of ours
    connection.close()
    with pytest.raises(ConfigError, match="a value that no version of this program writes"):
        journal.entries()
