"""When to connect again: soon, never in a rush, and within what an exchange puts up with."""

from __future__ import annotations

from collections.abc import Callable
from random import uniform
from threading import Lock

from bitget_cli.client.frames import Recent
from bitget_cli.client.line import LineError
from bitget_cli.client.timing import Timing

# The least part of a bound that is waited, so that tries are spread and not bunched.
_LEAST_PART = 0.95
_LEAST_PART_LATER = 5 / 6


class Attempts:
    """What one process tried that reached the exchange in the later part of an outage; its streams share one."""

    def __init__(self, timing: Timing) -> None:
        self._most = timing.attempts
        self._recent = Recent(timing.attempts_within)
        self._lock = Lock()

    def add(self, now: float) -> None:
        with self._lock:
            self._recent.add(now)

    def wait(self, now: float) -> float:
        """Seconds until another one is within the limit."""
        with self._lock:
            return self._recent.room_at(now, self._most) - now


class Backoff:
    """How long to wait before the next attempt of an outage, which lasts until a connection has held for a minute.

    In its first minute tries are at most 5 s apart, the first one much sooner, so that a stream is back within 5 s of
    the network's return. After it they are up to 30 s apart: at once where the exchange was reached (it hung up,
    refused, or a login went wrong), and growing to that where it was not (no name, no route, nobody there), since such
    a try costs the exchange nothing. Of those that reached it 12 are made in the first minute, and from the second one
    on 12 within any five minutes.

    Waits count from the start of the failed attempt: who has waited ten seconds for an answer has waited enough.
    """

    def __init__(
        self, timing: Timing, attempts: Attempts, *, jitter: Callable[[float, float], float] = uniform
    ) -> None:
        self._timing = timing
        self._attempts = attempts
        self._jitter = jitter
        self._out_since: float | None = None
        self._tries = self._reached = 0
        self._connected_at: float | None = None

    def connected(self, now: float) -> None:
        self._note_reached(now)
        self._connected_at = now

    def wait(self, now: float, *, began: float, error: LineError) -> float:
        """Seconds from now until the next attempt; `began` is when the failed one did, or when the line broke."""
        timing = self._timing
        if self._connected_at is not None and now - self._connected_at >= timing.stable:
            self._out_since = None
        if self._out_since is None:
            self._out_since, self._tries, self._reached = began, 0, 0
        if self._connected_at is None and error.reached:
            self._note_reached(began)  # one that connected has been noted
        self._connected_at = None
        chosen = self._jitter(*self._bounds(now - self._out_since, reached=error.reached))
        self._tries += 1
        wait = max(timing.backoff_least, began + chosen - now, error.pause)
        return max(wait, self._room(now, wait))

    def _bounds(self, elapsed: float, *, reached: bool) -> tuple[float, float]:
        """The least and the longest wait so long after the outage began."""
        timing = self._timing
        if elapsed < timing.soon_for:
            doubled = timing.backoff_first * 2.0 ** min(self._tries, 30)
            if self._tries == 0:
                return 0.0, min(timing.backoff_soon, doubled)
            if reached:
                # So that those left, none of them later than it may be, do for the rest of the minute.
                left = timing.soon_for - elapsed - timing.backoff_soon * (timing.attempts - self._reached)
                least = max(timing.backoff_soon * _LEAST_PART, left)
                return min(least, timing.backoff_soon), timing.backoff_soon
            most = min(timing.backoff_soon, doubled)
            return most / 2, most
        most = timing.backoff_most
        if not reached:
            most = min(most, timing.backoff_soon + elapsed - timing.soon_for)
        return most * _LEAST_PART_LATER, most

    def _room(self, now: float, wait: float) -> float:
        """Seconds until the limits take another one, which may find the exchange there."""
        assert self._out_since is not None  # noqa: S101  # for the type checker: `wait` has set it
        later_at = self._out_since + self._timing.soon_for
        if now + wait < later_at:
            return later_at - now if self._reached >= self._timing.attempts else 0.0
        return self._attempts.wait(now)

    def _note_reached(self, at: float) -> None:
        if self._out_since is None:
            return
        if at - self._out_since >= self._timing.soon_for:
            self._attempts.add(at)
        else:
            self._reached += 1
