"""What keeps a connection alive and within Bitget's limits: pings on time, answers in time, frames well apart."""

from __future__ import annotations

from collections.abc import Callable
from random import uniform

from bitget_cli.client.line import LineError
from bitget_cli.client.timing import Timing


class Pulse:
    """When to send `ping`, and when the other side has been silent for too long.

    Bitget wants the text frame `ping`; it counts neither protocol pings nor its own data as a sign of life.
    """

    def __init__(self, timing: Timing, now: float, *, jitter: Callable[[float, float], float] = uniform) -> None:
        self._timing = timing
        self._jitter = jitter
        self._next_ping = now + self._wait()
        self._asked_at: float | None = None
        self.heard_at = now  # a frame of any kind; set for every one of them

    def ping(self, now: float) -> str | None:
        """`ping` when it is time for one; the clock for its answer then runs."""
        if now < self._next_ping:
            return None
        self._next_ping = now + self._wait()
        if self._asked_at is None:
            self._asked_at = now
        return "ping"

    def pong(self) -> None:
        self._asked_at = None

    def check(self, now: float, *, paused_until: float = 0.0) -> None:
        """Raises LineError when a pong or everything is overdue; time in which we must not ask does not count."""
        if self._asked_at is not None and now - self._asked_at >= self._timing.pong:
            raise LineError(f"no pong within {self._timing.pong:g} s", reason="stale")
        if now - max(self.heard_at, paused_until) >= self._timing.silence:
            raise LineError(f"not a word for {self._timing.silence:g} s", reason="stale")

    def _wait(self) -> float:
        return self._timing.ping + self._jitter(-self._timing.ping_spread, self._timing.ping_spread)


class Pace:
    """Spaces what we send; lives as long as the stream, so that a rate once halved stays so."""

    def __init__(self, timing: Timing) -> None:
        self._gap = 1.0 / timing.frames_per_second
        self._slowest = self._gap * 8
        self._next = 0.0
        self.paused_until = 0.0

    def is_free(self, now: float) -> bool:
        return now >= self._next and now >= self.paused_until

    def took(self, now: float) -> None:
        self._next = now + self._gap

    def pause(self, until: float) -> None:
        self.paused_until = max(self.paused_until, until)

    def halve(self) -> None:
        """After 30007: Bitget found us too fast."""
        self._gap = min(self._gap * 2, self._slowest)
