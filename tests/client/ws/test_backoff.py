"""When a stream connects again: the waits, and the limits they keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

import pytest

from bitget_cli.client.ws.feed import Attempts, Backoff
from bitget_cli.client.ws.interfaces import ConnectionLostError, Timing

TIMING = Timing()
CUT = ConnectionLostError("cut")
AWAY = ConnectionLostError("nobody there", reached=False)


def longest(_least: float, most: float) -> float:
    return most


def tries(error: ConnectionLostError, seconds: float, *, jitter: Callable[[float, float], float]) -> list[float]:
    """When one stream tries again, from the loss of its line at 0, while every try fails at once."""
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=jitter)
    backoff.connected(-3600.0)
    now = backoff.wait(0.0, began=0.0, error=CUT)
    found = [now]
    while now < seconds:
        now += backoff.wait(now, began=now, error=error)
        found.append(now)
    return found


def between(times: Sequence[float], since: float, until: float) -> list[float]:
    """The waits that lie within."""
    return [later - earlier for earlier, later in pairwise(times) if since <= earlier and later <= until]


ANY = pytest.mark.parametrize(
    "error", [CUT, AWAY, ConnectionLostError("HTTP 503")], ids=["cut", "nobody there", "refused"]
)


@ANY
def test_in_the_first_minute_of_an_outage_tries_are_at_most_five_seconds_apart(error: ConnectionLostError) -> None:
    for seed in range(50):
        found = tries(error, 60, jitter=Random(seed).uniform)
        assert found[0] <= 1.0
        waits = between([0.0, *found], 0.0, 65.0)
        assert max(waits[:13]) < 5.001
        assert len(set(waits[:4])) > 1  # jittered


@ANY
def test_after_it_they_are_up_to_half_a_minute_apart(error: ConnectionLostError) -> None:
    for seed in range(50):
        waits = between(tries(error, 3600, jitter=Random(seed).uniform), 60.0, 3600.0)
        assert 25.0 < max(waits) <= 30.0
        assert max(waits[-20:]) - min(waits[-20:]) > 1.0  # jittered
        assert sum(waits[-20:]) / 20 > 25.0


def test_where_nobody_can_be_reached_the_waits_grow_from_five_seconds_to_thirty() -> None:
    waits = between(tries(AWAY, 300, jitter=longest), 55.0, 300.0)
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (5.0, 30.0)


def test_twelve_tries_reach_the_exchange_in_the_first_minute_and_twelve_in_any_five_minutes_after_it() -> None:
    for seed in range(50):
        found = tries(CUT, 7200, jitter=Random(seed).uniform)
        assert sum(1 for each in found if each < 60.0) <= 12
        later = [each for each in found if each >= 60.0]
        assert min(after - before for before, after in zip(later, later[12:], strict=False)) >= 300.0


def test_connections_that_are_cut_count_as_those_that_are_refused() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=Random(2).uniform)
    now, made = 0.0, []
    for _ in range(200):
        made.append(now)
        backoff.connected(now)
        now += 1.0 + backoff.wait(now + 1.0, began=now + 1.0, error=CUT)
    later = [each for each in made if each >= 61.0]
    assert min(after - before for before, after in zip(later, later[12:], strict=False)) > 299.9


def test_streams_share_the_limit_after_the_first_minute() -> None:
    attempts = Attempts(TIMING)
    first, second = Backoff(TIMING, attempts), Backoff(TIMING, attempts)
    for each in (first, second):
        each.wait(0.0, began=0.0, error=CUT)
    for second_of_time in range(12):
        first.connected(60.0 + second_of_time)
    assert second.wait(80.0, began=80.0, error=AWAY) == 280.0


def test_a_minute_of_peace_ends_an_outage() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=longest)
    backoff.connected(0.0)
    assert backoff.wait(100.0, began=100.0, error=CUT) == 1.0
    backoff.connected(170.0)
    assert backoff.wait(200.0, began=200.0, error=CUT) == 30.0
    backoff.connected(300.0)
    assert backoff.wait(361.0, began=361.0, error=CUT) == 1.0


def test_who_waited_for_an_answer_has_waited() -> None:
    backoff = Backoff(TIMING, Attempts(TIMING), jitter=longest)
    assert backoff.wait(10.0, began=0.0, error=AWAY) == 0.25


@pytest.mark.parametrize("pause", [2.0, 60.0])
def test_a_pause_that_was_asked_for_is_kept(pause: float) -> None:
    backoff = Backoff(TIMING, Attempts(TIMING))
    assert backoff.wait(0.0, began=0.0, error=ConnectionLostError("slow down", pause=pause)) == pause
