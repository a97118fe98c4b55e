"""Where candles begin: Bitget's granularities, in UTC and in UTC+8.

Futures and spot spell them differently. Bars of six hours and longer follow midnight in UTC+8 unless the name ends in
`utc`; weeks begin on Monday, and every grid is counted from there.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

_MINUTE = 60_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
# 1970-01-05 was the first Monday.
_MONDAY = 4 * _DAY
_EAST = 8 * _HOUR


class Grid(NamedTuple):
    """Bars of `length` ms, one of which begins at `origin`; `length` 0 means months. All times in ms.

    `days_back` is how far Bitget's `candles` looks back and `rows_back` how many bars it keeps for spot, as documented
    and as seen in practice.
    """

    length: int
    origin: int = 0
    days_back: int | None = None
    rows_back: int | None = None

    def floor(self, time: int) -> int:
        """The start of the bar that holds an instant."""
        if self.length:
            return time - (time - self.origin) % self.length
        local = datetime.fromtimestamp((time - self.origin) // 1000, UTC)
        return self._month(local.year, local.month)

    def after(self, start: int) -> int:
        """The start of the next bar."""
        return start + self.length if self.length else self.floor(start + 32 * _DAY)

    def _month(self, year: int, month: int) -> int:
        return int(datetime(year, month, 1, tzinfo=UTC).timestamp()) * 1000 + self.origin


def _grids(names: str) -> dict[str, Grid]:
    """Bitget's spellings for 1m 3m 5m 15m 30m 1h 4h 6h 12h 1d 3d 1w 1M, in that order."""
    east = -_EAST
    short = (
        Grid(_MINUTE, days_back=30),
        Grid(3 * _MINUTE, days_back=30),
        Grid(5 * _MINUTE, days_back=30),
        Grid(15 * _MINUTE, days_back=52),
        Grid(30 * _MINUTE, days_back=62),
        Grid(_HOUR, days_back=83),
        Grid(4 * _HOUR, days_back=240),
        Grid(6 * _HOUR, east, days_back=360),
        Grid(12 * _HOUR, east),
        Grid(_DAY, east, rows_back=300),
        Grid(3 * _DAY, _MONDAY + east, rows_back=100),
        Grid(7 * _DAY, _MONDAY + east, rows_back=100),
        Grid(0, east, rows_back=100),
    )
    grids = dict(zip(names.split(), short, strict=True))
    utc = {
        "6Hutc": Grid(6 * _HOUR, days_back=360),
        "12Hutc": Grid(12 * _HOUR),
        "1Dutc": Grid(_DAY, rows_back=300),
        "3Dutc": Grid(3 * _DAY, _MONDAY, rows_back=100),
        "1Wutc": Grid(7 * _DAY, _MONDAY, rows_back=100),
        "1Mutc": Grid(0, rows_back=100),
    }
    return grids | utc


FUTURES = _grids("1m 3m 5m 15m 30m 1H 4H 6H 12H 1D 3D 1W 1M")
SPOT = _grids("1min 3min 5min 15min 30min 1h 4h 6h 12h 1day 3day 1week 1M")
# Two hours are missing from Bitget's list of values but named beside it, and other clients ask for them.
FUTURES["2H"] = Grid(2 * _HOUR, days_back=120)
