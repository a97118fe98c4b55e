"""When to connect again: soon, never in a rush, and within what an exchange puts up with."""

from __future__ import annotations

from collections.abc import Callable
from random import uniform
from threading import Lock

from bitget_cli.client.frames import Recent
from bitget_cli.client.line import LineError
from bitget_cli.client.timing import Timing


class Attempts:
    """The connections of one process that reached the exchange; its streams share one."""

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
    """How long to wait before the next attempt, with full jitter: anything from nothing to a bound that doubles.

    There are two kinds of trouble. Where the exchange was reached (it hung up, refused, or a login went wrong) the
    bound goes 1, 2, 4 … 30 s and every attempt counts against the limit of 12 in five minutes. Where it was not (no
    name, no route, connection refused, nobody there) an attempt costs it nothing: for the first three minutes the
    bound stays at 4 s, so that a stream is back within 5 s of the network's return, and only then grows to 30 s.

    Waits count from the start of the failed attempt: who has waited ten seconds for an answer has waited enough.
    """

    def __init__(
        self, timing: Timing, attempts: Attempts, *, jitter: Callable[[float, float], float] = uniform
    ) -> None:
        self._timing = timing
        self._attempts = attempts
        self._jitter = jitter
        self._troubles = 0
        self._absences = 0
        self._away_since: float | None = None
        self._connected_at: float | None = None

    def connected(self, now: float) -> None:
        self._attempts.add(now)
        self._connected_at = now
        self._absences, self._away_since = 0, None

    def wait(self, now: float, *, began: float, error: LineError) -> float:
        """Seconds from now until the next attempt; `began` is when the failed one did, or when the line broke."""
        timing = self._timing
        if self._connected_at is not None and now - self._connected_at >= timing.stable:
            self._troubles = 0
        if self._connected_at is None and error.reached:
            self._attempts.add(began)  # one that connected has been counted
        self._connected_at = None
        chosen = max(timing.backoff_least, self._jitter(0.0, self._bound(now, reached=error.reached)))
        wait = max(timing.backoff_least, began + chosen - now, error.pause)
        # Also after an absence: the next attempt may find the exchange there.
        return max(wait, self._attempts.wait(now))

    def _bound(self, now: float, *, reached: bool) -> float:
        timing = self._timing
        if reached:
            self._troubles += 1
            return min(timing.backoff_most, timing.backoff_first * 2.0 ** min(self._troubles - 1, 30))
        if self._away_since is None:
            self._away_since = now
        self._absences += 1
        bound = timing.backoff_first * 2.0 ** min(self._absences - 1, 30)
        most = timing.away_most
        if (longer := now - self._away_since - timing.away_for) > 0:
            most = min(timing.backoff_most, timing.away_most + longer)
        return min(most, bound)
