"""Paper time from wall time: as it is, standing still, or running at another speed from an anchor."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple


class PaperClock(NamedTuple):
    """`paper` and `wall` are the anchor, in ms: when the wall clock showed `wall`, paper time was `paper`.

    `speed` is how many paper seconds pass in one real second; 0 stands still. Real time is both at 0 and speed 1.
    """

    paper: int = 0
    wall: int = 0
    speed: Decimal = Decimal(1)

    @property
    def mode(self) -> Literal["real", "frozen", "scaled"]:
        if self.speed == 0:
            return "frozen"
        return "real" if self == REAL else "scaled"

    def now(self, wall: int) -> int:
        """Paper time, in ms."""
        return self.paper + int((wall - self.wall) * self.speed)

    def frozen_at(self, paper: int, wall: int) -> PaperClock:
        return PaperClock(paper, wall, Decimal(0))

    def advanced(self, by: int, wall: int) -> PaperClock:
        """`by` ms later than it would be, at the same speed."""
        return PaperClock(self.now(wall) + by, wall, self.speed)

    def at_speed(self, speed: Decimal, wall: int) -> PaperClock:
        """From here on at another speed."""
        return PaperClock(self.now(wall), wall, speed)


REAL = PaperClock()
