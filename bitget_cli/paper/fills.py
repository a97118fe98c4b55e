"""Public trades of the past: which of the tape a `fills-history` request means."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile

from bitget_cli.paper import refusals
from bitget_cli.paper.instruments import LAUNCH
from bitget_cli.paper.path import Path
from bitget_cli.paper.query import DAY_MS, Query
from bitget_cli.paper.tape import ID_STEP, Trade

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
        raise refusals.too_old()
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
