"""Rate limits: no window ever holds more starts than allowed, across threads and processes."""

from __future__ import annotations

import multiprocessing
import os
import stat
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bitget_cli.catalogue.model import Rate, Scope
from bitget_cli.client.rest.rate_limit import MARGIN, Pacer
from bitget_cli.errors import RateLimitedError
from bitget_cli.runtime import SystemClock

LANE = "api.bitget.com|address|mix.market.candles"


class Still:
    """Sleeping moves it."""

    def __init__(self) -> None:
        self.ticks = 5000.0

    def now(self) -> Any:
        raise NotImplementedError

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        self.ticks += seconds


def most_in_a_window(starts: list[float], window: float) -> int:
    return max(sum(1 for other in starts if start <= other < start + window) for start in starts)


@settings(max_examples=60, deadline=None)
@given(
    calls=st.integers(1, 20),
    seconds=st.sampled_from([1, 10]),
    pauses=st.lists(st.floats(0, 3), min_size=1, max_size=60),
)
def test_no_window_holds_more_starts_than_allowed(
    tmp_path_factory: pytest.TempPathFactory, calls: int, seconds: int, pauses: list[float]
) -> None:
    clock, rate = Still(), Rate(calls, Scope.ADDRESS, seconds=seconds)
    pacer = Pacer(tmp_path_factory.mktemp("pace"), clock)
    starts = []
    for pause in pauses:
        clock.ticks += pause
        pacer.wait(rate, lane=LANE)
        starts.append(clock.ticks)
    assert most_in_a_window(starts, seconds * MARGIN - 1e-9) <= calls


def test_the_first_calls_of_a_window_do_not_wait(tmp_path: Path) -> None:
    clock = Still()
    pacer = Pacer(tmp_path, clock)
    for _ in range(20):
        pacer.wait(Rate(20, Scope.ADDRESS), lane=LANE)
    assert clock.ticks == 5000.0
    pacer.wait(Rate(20, Scope.ADDRESS), lane=LANE)
    assert clock.ticks == pytest.approx(5000.0 + MARGIN)


def test_what_is_worth_nothing_later_takes_no_turn(tmp_path: Path) -> None:
    clock, rate = Still(), Rate(1, Scope.ADDRESS, seconds=10)
    pacer = Pacer(tmp_path, clock)
    pacer.wait(rate, lane=LANE, until=clock.ticks)
    for _ in range(3):
        with pytest.raises(RateLimitedError):
            pacer.wait(rate, lane=LANE, until=clock.ticks + 2)
    assert clock.ticks == 5000.0
    pacer.wait(rate, lane=LANE)
    assert clock.ticks == pytest.approx(5000.0 + 10 * MARGIN)


def test_lanes_do_not_count_against_each_other(tmp_path: Path) -> None:
    clock = Still()
    pacer = Pacer(tmp_path, clock)
    for lane in ("a|1|x", "a|1|y", "a|2|x", "b|1|x"):
        pacer.wait(Rate(1, Scope.ACCOUNT), lane=lane)
    assert clock.ticks == 5000.0


def test_one_address_keeps_within_its_own_limit_over_all_lanes(tmp_path: Path) -> None:
    clock = Still()
    pacer = Pacer(tmp_path, clock)
    for number in range(5_401):
        pacer.wait(Rate(100, Scope.ADDRESS), lane=f"a|1|{number % 100}")
    assert clock.ticks > 5060.0


def test_a_second_process_counts_the_calls_of_the_first(tmp_path: Path) -> None:
    clock = Still()
    for _ in range(3):
        Pacer(tmp_path, clock).wait(Rate(2, Scope.ADDRESS), lane=LANE)
    assert clock.ticks == pytest.approx(5000.0 + MARGIN)


def take_turns(folder: Path, count: int, starts: Any) -> None:
    pacer = Pacer(folder, SystemClock())
    for _ in range(count):
        pacer.wait(Rate(40, Scope.ADDRESS), lane=LANE)
        starts.put(time.monotonic())


def test_processes_share_one_limit(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    starts = context.Queue()
    workers = [context.Process(target=take_turns, args=(tmp_path, 30, starts)) for _ in range(2)]
    for worker in workers:
        worker.start()
    seen = sorted(starts.get(timeout=20) for _ in range(60))
    for worker in workers:
        worker.join()
    # Forty at once, the others a window later: how late the machine lets each process wake is not ours to say.
    assert seen[40] - seen[0] >= 1.0


def test_files_are_this_users_alone_and_do_not_name_the_lane(tmp_path: Path) -> None:
    folder = tmp_path / "pace"
    Pacer(folder, Still()).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert not [file for file in files if "bitget" in file.name or "candles" in file.name]


def spoil_nothing(folder: Path) -> None:
    """No damage at all."""


def cannot_be_made(folder: Path) -> None:
    folder.write_text("a file where the folder should be")


def damaged(folder: Path) -> None:
    folder.mkdir()
    Pacer(folder, Still()).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    for file in folder.iterdir():
        file.write_bytes(os.urandom(37))


def cut_short(folder: Path) -> None:
    folder.mkdir()
    Pacer(folder, Still()).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    for file in folder.iterdir():
        os.truncate(file, 41)


def links(folder: Path) -> None:
    folder.mkdir()
    Pacer(folder, Still()).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    for file in folder.iterdir():
        file.unlink()
        file.symlink_to("/etc/hostname")


@pytest.mark.parametrize("spoil", [spoil_nothing, cannot_be_made, damaged, cut_short, links])
def test_the_limit_holds_in_this_process_whatever_the_folder_is_like(spoil: Any, tmp_path: Path) -> None:
    folder, clock = tmp_path / "pace", Still()
    spoil(folder)
    pacer = Pacer(folder, clock)
    for _ in range(3):
        pacer.wait(Rate(1, Scope.ADDRESS), lane=LANE)
    assert clock.ticks == pytest.approx(5000.0 + 2 * MARGIN)


def test_times_of_another_boot_are_forgotten(tmp_path: Path) -> None:
    before = Still()
    before.ticks = 900_000.0
    Pacer(tmp_path, before).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    after = Still()
    after.ticks = 10.0
    Pacer(tmp_path, after).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    assert after.ticks == 10.0


def test_times_of_another_boot_are_forgotten_even_when_they_look_near(tmp_path: Path) -> None:
    clock = Still()
    Pacer(tmp_path, clock).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    for file in tmp_path.iterdir():
        file.write_bytes(b"another boot".ljust(32, b"\0") + file.read_bytes()[32:])
    Pacer(tmp_path, clock).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    assert clock.ticks == 5000.0


def test_a_lock_that_is_never_given_back_does_not_stop_a_read(tmp_path: Path) -> None:
    import fcntl

    clock = Still()
    Pacer(tmp_path, clock).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    held = [os.open(file, os.O_RDWR) for file in tmp_path.iterdir()]
    for file in held:
        fcntl.flock(file, fcntl.LOCK_EX)
    Pacer(tmp_path, clock).wait(Rate(1, Scope.ADDRESS), lane=LANE)
    assert clock.ticks < 5010.0
    for file in held:
        os.close(file)
