"""The file of the paper exchange: made late, private, shared by processes, and whole after a kill."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from threading import Event, Thread

import pytest

from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.faults import AnswerLostError
from bitget_cli.paper.store import OPENING, SEED, Store
from bitget_cli.values import milliseconds

WALL = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "paper.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    store = Store(path)
    yield store
    store.close()


def test_nothing_is_written_until_something_is_changed(store: Store, path: Path) -> None:
    assert store.state().seed == SEED
    assert store.now(WALL) == milliseconds(WALL)
    assert not path.parent.exists()


def test_reading_a_fresh_store_does_not_even_load_sqlite() -> None:
    script = (
        "import sys; from bitget_cli.paper.store import Store; Store(None).state(); sys.exit('sqlite3' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_the_file_and_its_folder_are_private(store: Store, path: Path) -> None:
    before = os.umask(0)
    try:
        store.reset(seed=7)
    finally:
        os.umask(before)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}


def test_a_reset_is_remembered(store: Store, path: Path) -> None:
    store.reset(seed=7, opening={("spot", "USDT"): Decimal("10000.5")})
    store.close()
    again = Store(path)
    assert (again.state().seed, again.state().opening) == (7, {("spot", "USDT"): Decimal("10000.5")})
    again.close()


def test_a_reset_without_a_seed_keeps_the_prices_and_the_clock(store: Store) -> None:
    store.reset(seed=7, opening={})
    store.freeze(WALL - timedelta(days=3), wall=WALL)
    state = store.reset()
    assert (state.seed, state.opening, state.clock.mode) == (7, OPENING, "frozen")


def test_a_change_made_by_another_process_is_seen_at_once(store: Store, path: Path) -> None:
    store.reset(seed=1)
    other = Store(path)
    other.reset(seed=2)
    other.close()
    assert store.state().seed == 2


def test_the_file_another_process_has_just_made_is_seen(store: Store, path: Path) -> None:
    assert store.state().seed == SEED
    other = Store(path)
    other.reset(seed=9)
    other.close()
    assert store.state().seed == 9


def test_the_clock_stands_still_where_it_was_put(store: Store) -> None:
    store.freeze(WALL - timedelta(days=1), wall=WALL)
    assert store.now(WALL + timedelta(hours=5)) == milliseconds(WALL - timedelta(days=1))
    store.advance(3_600_000, wall=WALL)
    assert store.now(WALL) == milliseconds(WALL - timedelta(hours=23))


def test_real_time_can_be_ahead_and_can_come_back(store: Store) -> None:
    store.advance(86_400_000, wall=WALL)
    assert store.now(WALL + timedelta(seconds=5)) == milliseconds(WALL + timedelta(days=1, seconds=5))
    assert store.state().clock.mode == "scaled"
    assert store.real_time(wall=WALL).clock.mode == "real"
    assert store.now(WALL) == milliseconds(WALL)


def test_a_faster_clock_goes_on_from_where_it_was(store: Store) -> None:
    store.speed(Decimal(60), wall=WALL)
    assert store.now(WALL) == milliseconds(WALL)
    later = WALL + timedelta(seconds=10)
    assert store.now(later) == milliseconds(WALL + timedelta(minutes=10))
    store.speed(Decimal("0.5"), wall=later)
    assert store.now(later + timedelta(seconds=10)) == milliseconds(WALL + timedelta(minutes=10, seconds=5))


@pytest.mark.parametrize("text", ["2026-01-31T09:30:00Z", "1769851800000"])
def test_an_override_wins_over_the_file_and_stands_still(path: Path, text: str) -> None:
    store = Store(path, now_override=text)
    store.speed(Decimal(60), wall=WALL)
    assert store.now(WALL) == store.now(WALL + timedelta(days=1)) == 1_769_851_800_000
    store.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda store: store.advance(-1, wall=WALL),
        lambda store: store.speed(Decimal(-1), wall=WALL),
        lambda store: store.freeze(datetime(2017, 12, 31, tzinfo=UTC), wall=WALL),
    ],
)
def test_an_impossible_clock_is_refused_and_changes_nothing(store: Store, change: object) -> None:
    before = store.state()
    with pytest.raises(UsageError):
        change(store)  # type: ignore[operator]
    assert store.state() == before


def test_a_folder_that_cannot_be_made_is_told_in_words_with_what_to_do() -> None:
    with pytest.raises(ConfigError, match="cannot use the paper") as told:
        Store(Path("/proc/nowhere/paper.sqlite3")).freeze(WALL, wall=WALL)
    assert told.value.message.endswith("paper.sqlite3: No such file or directory")
    assert "XDG_STATE_HOME" in (told.value.hint or "")


def test_a_file_that_is_something_else_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("my shopping list " * 100)
    with pytest.raises(ConfigError, match="cannot use the paper exchange's file"):
        Store(path).state()
    assert path.read_text().startswith("my shopping list")


def test_a_file_of_a_newer_version_is_left_alone(store: Store, path: Path) -> None:
    store.reset()
    store.close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(ConfigError, match="newer version"):
        Store(path).state()


_WRITER = """
import sys
from decimal import Decimal
from pathlib import Path
from bitget_cli.paper.store import Store
store = Store(Path(sys.argv[1]))
seed = int(sys.argv[2])
print("ready", flush=True)
for _ in range(int(sys.argv[3])):
    seed += 2
    store.reset(seed=seed, opening={("spot", "USDT"): Decimal(seed)})
"""


def _writer(path: Path, seed: int, times: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path), str(seed), str(times)], stdout=subprocess.PIPE, text=True
    )


def test_two_processes_write_without_losing_each_other(path: Path) -> None:
    writers = [_writer(path, 0, 40), _writer(path, 1, 40)]
    for writer in writers:
        with writer:
            assert writer.wait(timeout=60) == 0
    store = Store(path)
    state = store.state()
    assert state.seed in (80, 81)
    assert state.opening == {("spot", "USDT"): Decimal(state.seed)}
    store.close()


def test_a_kill_leaves_the_state_whole(path: Path) -> None:
    with _writer(path, 0, 100_000) as writer:
        try:
            assert writer.stdout
            writer.stdout.readline()
            _wait_for_writes(path)
        finally:
            writer.send_signal(signal.SIGKILL)
    store = Store(path)
    state = store.state()
    assert state.seed >= 6
    assert state.opening == {("spot", "USDT"): Decimal(state.seed)}
    store.reset(seed=5)
    assert store.state().seed == 5
    store.close()


def _wait_for_writes(path: Path) -> None:
    """Until three resets have been made, read while they are being made."""
    store, deadline = Store(path), time.monotonic() + 30
    while store.state().seed < 6 and time.monotonic() < deadline:
        time.sleep(0.001)
    store.close()


def test_the_file_is_not_closed_while_another_thread_is_answered_from_it(store: Store) -> None:
    asked, may_answer, closed = Event(), Event(), Event()
    store.reset(seed=1)

    def wall() -> datetime:
        asked.set()
        may_answer.wait(10)
        return WALL

    def close() -> None:
        store.close()
        closed.set()

    request = {"method": "GET", "target": "/api/v2/public/time", "headers": {}, "body": b""}
    reader = Thread(target=Exchange(store, wall=wall).answer, kwargs=request)
    reader.start()
    assert asked.wait(10)
    closer = Thread(target=close)
    closer.start()
    assert not closed.wait(0.1)
    may_answer.set()
    reader.join()
    closer.join()
    assert closed.is_set()


def test_a_change_that_a_signal_cut_off_is_undone_by_the_next(store: Store) -> None:
    """One that comes on the way into a `with`, or out of it, leaves what was begun to the garbage."""
    store.reset(seed=5)
    cut = store.change()
    cut.__enter__().execute("UPDATE meta SET value = '6' WHERE name = 'seed'")
    with store.change() as later:
        later.execute("UPDATE meta SET value = '-7' WHERE name = 'clock_wall'")
        del cut
    left = store.change()
    left.__enter__()
    assert (store.state().seed, store.state().clock.wall) == (5, -7)
    store.close()
    del left


def test_what_waits_for_an_exchange_that_is_being_left_is_not_answered_any_more(store: Store) -> None:
    exchange = Exchange(store, wall=lambda: WALL)
    store.is_closing = True
    with pytest.raises(AnswerLostError):
        exchange.answer(method="GET", target="/api/v2/public/time", headers={}, body=b"")
    store.close()
    assert exchange.answer(method="GET", target="/api/v2/public/time", headers={}, body=b"")[0] == 200
