"""The clock as a door: what time it is, how long something took, and waiting."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Handed in wherever time matters, so that a test moves it instead of sleeping."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""

    def monotonic(self) -> float:
        """Seconds that only ever grow, the same for every process since boot; for deadlines and pacing."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


class ClockOf:
    """What an exchange on this machine calls now, over real seconds for deadlines and waiting."""

    def __init__(self, now: Callable[[], datetime], real: Clock) -> None:
        self.now = now
        self.monotonic = real.monotonic
        self.sleep = real.sleep
