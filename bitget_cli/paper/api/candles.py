"""Candles and trades of the past: where bars begin, and which of them a request means."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, takewhile
from typing import NamedTuple

from bitget_cli.paper import answers
from bitget_cli.paper.instruments import LAUNCH, PaperInstrument
from bitget_cli.paper.prices.path import ID_STEP, Path, Trade
from bitget_cli.paper.prices.tree import Candle
from bitget_cli.paper.request import DAY_MS, Query

# Futures and spot spell them differently. Bars of six hours and longer follow midnight in UTC+8 unless the name ends
# in `utc`; weeks begin on Monday, and every grid is counted from there.

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
        return int(datetime(local.year, local.month, 1, tzinfo=UTC).timestamp()) * 1000 + self.origin

    def after(self, start: int) -> int:
        """The start of the next bar."""
        return start + self.length if self.length else self.floor(start + 32 * _DAY)


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


class CandleRange(NamedTuple):
    """The newest `limit` bars that begin from `start` up to, not including, `end` (ms).

    The end is left out so that paging back with the oldest row's time repeats nothing.
    """

    grid: Grid
    start: int | None
    end: int | None
    limit: int


def recent(path: Path, wanted: CandleRange, now: int) -> list[tuple[int, Candle]]:
    """What `candles` answers: the open bar included, no further back than Bitget looks."""
    earliest = now - (wanted.grid.days_back or 36_500) * DAY_MS
    return _bars(path, wanted, now, earliest=earliest, latest=now)


def finished(path: Path, wanted: CandleRange, now: int) -> list[tuple[int, Candle]]:
    """What `history-candles` answers: closed bars only, however old."""
    return _bars(path, wanted, now, earliest=0, latest=wanted.grid.floor(now) - 1)


def _bars(path: Path, wanted: CandleRange, now: int, *, earliest: int, latest: int) -> list[tuple[int, Candle]]:
    grid = wanted.grid
    earliest = max(earliest, wanted.start or 0, LAUNCH)
    start = grid.floor(min(latest, latest if wanted.end is None else wanted.end - 1))
    bars: list[tuple[int, Candle]] = []
    while start >= earliest and len(bars) < wanted.limit:
        bars.append((start, path.candle(start, grid.after(start), now)))
        start = grid.floor(start - 1)
    bars.reverse()
    return bars


def rows(instrument: PaperInstrument, bars: list[tuple[int, Candle]], *, traded: bool = True) -> list[list[str]]:
    """Start, open, high, low, close, volume and turnover as they are told."""
    price, size, value = instrument.price, instrument.size, instrument.value
    return [
        [str(start), *map(price, bar[:4]), *((size(bar.volume), value(bar.value)) if traded else ("0", "0"))]
        for start, bar in bars
    ]


_SPAN = 7 * DAY_MS
_LOOK_BACK = 90 * DAY_MS

__all__ = ["Trade", "older"]


def older(path: Path, query: Query, now: int) -> list[Trade]:
    """Trades newest first, below `idLessThan`, from `startTime` to `endTime`: seven days at most, 90 days back.

    Without a start the seven days before the end are meant; without an end the seven days after the start.
    """
    limit = query.count("limit", 500, 1000)
    start, end = query.times(days=_SPAN // DAY_MS)
    below = query.time("idLessThan")
    if start is not None and start < now - _LOOK_BACK:
        raise answers.too_old()
    if end is None:
        end = now if start is None else min(now, start + _SPAN)
    if start is None:
        newest = end if below is None else min(end, below // ID_STEP)
        start = max(newest - _SPAN, now - _LOOK_BACK, LAUNCH)
    trades = _backwards(path, min(end, now), below)
    return list(islice(takewhile(lambda trade: trade.time >= start, trades), limit))


def _backwards(path: Path, end: int, below: int | None) -> Iterator[Trade]:
    if below is None:
        return path.back_from(end)
    trades = path.back_from(min(end, below // ID_STEP))
    return (trade for trade in trades if trade.id < below)
