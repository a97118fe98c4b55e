"""When a stream connects again: the waits, and the limits they keep."""

from __future__ import annotations

from random import Random

import pytest

from bitget_cli.client.backoff import Attempts, Backoff
from bitget_cli.client.line import LineError
from bitget_cli.client.timing import Timing

TIMING = Timing()
CUT = LineError("cut")
AWAY = LineError("nobody there", reached=False)


def longest(_least: float, most: float) -> float:
    return most


def waits(backoff: Backoff, error: LineError, times: int, *, now: float = 0.0) -> list[float]:
    found = []
    for _ in range(times):
        found.append(backoff.wait(now, began=now, error=error))
        now += found[-1]
    return found


def test_the_bound_doubles_up_to_half_a_minute() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING._replace(attempts=1000)), jitter=longest)
    assert waits(backoff, CUT, 7) == [1, 2, 4, 8, 16, 30, 30]


def test_the_wait_is_anything_below_the_bound_but_never_nothing() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING._replace(attempts=10_000)), jitter=Random(1).uniform)
    found = waits(backoff, CUT, 1000)[10:]
    assert (min(found), max(found) > 29, 10 < sum(found) / len(found) < 20) == (0.25, True, True)


def test_where_nobody_can_be_reached_attempts_stay_within_four_seconds_for_three_minutes() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=longest)
    backoff.connected(0.0)
    assert waits(backoff, CUT, 1, now=100.0) == [1]
    found = waits(backoff, AWAY, 60, now=101.0)
    assert max(found[:46]) == 4.0
    assert found[-1] == 30.0


def test_at_most_twelve_connections_reach_the_exchange_in_any_five_minutes() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=Random(2).uniform)
    now, made = 0.0, []
    for _ in range(200):
        made.append(now)
        backoff.connected(now)
        now += 1.0 + backoff.wait(now + 1.0, began=now + 1.0, error=CUT)
    assert min(later - earlier for earlier, later in zip(made, made[12:], strict=False)) > 299.9


def test_streams_share_the_limit() -> None:
    attempts = Attempts(TIMING)
    first, second = Backoff(TIMING, attempts), Backoff(TIMING, attempts)
    for second_of_time in range(12):
        first.connected(float(second_of_time))
    assert second.wait(20.0, began=20.0, error=AWAY) == 280.0


def test_refused_handshakes_count_against_the_limit_too() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=lambda least, _: least)
    found = waits(backoff, LineError("HTTP 503"), 12)
    assert found[:11] == [0.25] * 11
    assert found[11] > 290


def test_a_minute_of_peace_makes_the_next_trouble_a_new_one() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING._replace(attempts=1000)), jitter=longest)
    waits(backoff, CUT, 5)
    backoff.connected(100.0)
    assert backoff.wait(130.0, began=130.0, error=CUT) == 30
    backoff.connected(200.0)
    assert backoff.wait(261.0, began=261.0, error=CUT) == 1


def test_who_waited_for_an_answer_has_waited() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=longest)
    assert backoff.wait(10.0, began=0.0, error=AWAY) == 0.25


@pytest.mark.parametrize("pause", [2.0, 60.0])
def test_a_pause_that_was_asked_for_is_kept(pause: float) -> None:
    backoff = Backoff(TIMING, Attempts(TIMING))
    assert backoff.wait(0.0, began=0.0, error=LineError("slow down", pause=pause)) == pause
