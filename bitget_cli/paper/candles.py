"""Candles as Bitget hands them out: which bars a request means, oldest first."""

from __future__ import annotations

from typing import NamedTuple

from bitget_cli.paper.grids import Grid
from bitget_cli.paper.instruments import LAUNCH
from bitget_cli.paper.nodes import Candle
from bitget_cli.paper.path import Path
from bitget_cli.paper.query import DAY_MS


class Wanted(NamedTuple):
    """The newest `limit` bars that begin from `start` up to, not including, `end` (ms).

    The end is left out so that paging back with the oldest row's time repeats nothing.
    """

    grid: Grid
    start: int | None
    end: int | None
    limit: int


def recent(path: Path, wanted: Wanted, now: int) -> list[tuple[int, Candle]]:
    """What `candles` answers: the open bar included, no further back than Bitget looks."""
    earliest = now - (wanted.grid.days_back or 36_500) * DAY_MS
    return _bars(path, wanted, now, earliest=earliest, latest=now)


def finished(path: Path, wanted: Wanted, now: int) -> list[tuple[int, Candle]]:
    """What `history-candles` answers: closed bars only, however old."""
    return _bars(path, wanted, now, earliest=0, latest=wanted.grid.floor(now) - 1)


def _bars(path: Path, wanted: Wanted, now: int, *, earliest: int, latest: int) -> list[tuple[int, Candle]]:
    grid = wanted.grid
    earliest = max(earliest, wanted.start or 0, LAUNCH)
    start = grid.floor(min(latest, latest if wanted.end is None else wanted.end - 1))
    bars: list[tuple[int, Candle]] = []
    while start >= earliest and len(bars) < wanted.limit:
        bars.append((start, path.candle(start, grid.after(start), now)))
        start = grid.floor(start - 1)
    bars.reverse()
    return bars
