"""Candles of any range, every bar once, oldest first: which of Bitget's calls has them, and in which pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.market_candles import (
    FUTURES_CANDLES,
    FUTURES_HISTORY_CANDLES,
    FUTURES_HISTORY_INDEX_CANDLES,
    FUTURES_HISTORY_MARK_CANDLES,
)
from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.catalogue.spot_market import SPOT_CANDLES, SPOT_HISTORY_CANDLES
from bitget_cli.client.answers import listed
from bitget_cli.client.overlap import overlapped
from bitget_cli.errors import UsageError
from bitget_cli.values import Symbol, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client

DEFAULT_BARS = 100
# Before Bitget: asking for older bars would only be slow.
_FIRST_BAR = datetime(2018, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Granularity:
    """One length of bar: Bitget's two spellings, its length (a month has two), how far back `candles` is trusted.

    From 6h on it is the `utc` form: without it bars follow the UTC+8 day. `recent` is shorter than documented (one
    month, 52, 62, 83, 240 days) because the exchange serves less than it says.
    """

    futures: str
    spot: str
    shortest: timedelta
    longest: timedelta
    recent: timedelta


def _granularity(futures: str, spot: str, length: timedelta, recent: int) -> Granularity:
    return Granularity(futures, spot, length, length, timedelta(days=recent))


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
GRANULARITIES = {
    "1m": _granularity("1m", "1min", _MINUTE, 28),
    "3m": _granularity("3m", "3min", 3 * _MINUTE, 28),
    "5m": _granularity("5m", "5min", 5 * _MINUTE, 28),
    "15m": _granularity("15m", "15min", 15 * _MINUTE, 45),
    "30m": _granularity("30m", "30min", 30 * _MINUTE, 55),
    "1h": _granularity("1H", "1h", _HOUR, 55),
    "4h": _granularity("4H", "4h", 4 * _HOUR, 200),
    "6h": _granularity("6Hutc", "6Hutc", 6 * _HOUR, 80),
    "12h": _granularity("12Hutc", "12Hutc", 12 * _HOUR, 80),
    "1d": _granularity("1Dutc", "1Dutc", _DAY, 80),
    "3d": _granularity("3Dutc", "3Dutc", 3 * _DAY, 80),
    "1w": _granularity("1Wutc", "1Wutc", 7 * _DAY, 80),
    "1M": Granularity("1Mutc", "1Mutc", 28 * _DAY, 31 * _DAY, 80 * _DAY),
}

_HISTORY = {
    "trade": FUTURES_HISTORY_CANDLES,
    "mark": FUTURES_HISTORY_MARK_CANDLES,
    "index": FUTURES_HISTORY_INDEX_CANDLES,
}
# Rows a call gives beyond those of its window: one at each end, and one that Bitget may add before.
_SPARE_ROWS = 3
# `in_flight` calls of 100 to 400 ms keep up with 20 starts a second.
_IN_FLIGHT = 16


@dataclass(frozen=True)
class _Market:
    """What every call of a walk has in common."""

    symbol: Symbol
    granularity: Granularity
    kind: str

    def words(self) -> dict[str, str]:
        """The parameters that say which bars are meant."""
        if self.symbol.product.is_spot:
            return {"symbol": self.symbol.name, "granularity": self.granularity.spot}
        futures = {"productType": self.symbol.product.wire, "granularity": self.granularity.futures}
        return {"symbol": self.symbol.name, **futures}

    def recent(self) -> tuple[Endpoint, dict[str, str]]:
        """The call that has the open bar and those not long closed."""
        if self.symbol.product.is_spot:
            return SPOT_CANDLES, self.words()
        return FUTURES_CANDLES, self.words() | ({} if self.kind == "trade" else {"kLineType": self.kind.upper()})

    def history(self) -> tuple[Endpoint, dict[str, str]]:
        """The call that has closed bars however old."""
        return SPOT_HISTORY_CANDLES if self.symbol.product.is_spot else _HISTORY[self.kind], self.words()


@dataclass(frozen=True)
class _Window:
    """A stretch of a walk: bars that open in start ≤ t < end, and the call that has them."""

    row: Endpoint
    words: dict[str, str]
    start: datetime
    end: datetime
    ask_until: datetime


def walk(
    client: Client,
    symbol: Symbol,
    granularity: str,
    *,
    kind: str = "trade",
    since: datetime | None = None,
    until: datetime | None = None,
    now: datetime,
    limit: int | None = None,
) -> Iterator[list[str]]:
    """The bars that open in since ≤ t < until, as Bitget sends them, each once and oldest first.

    With `limit`, the first so many; without `since`, the newest so many (100 unless said), the open one included.
    `kind` is trade, mark or index; spot has trade only. Raises UsageError for a granularity or kind there is not.
    """
    market = _Market(symbol, _known(granularity), _kind(kind, symbol))
    end = min(until, now + _MINUTE) if until else now
    if since is not None:
        return islice(_range(client, market, max(since, _FIRST_BAR), end, now=now), limit)
    wanted = limit or DEFAULT_BARS
    if until is None and wanted <= _most(market.recent()[0]):
        return _newest(client, market, wanted)
    # Two more than wanted: the ends of the range need not be those of a bar.
    back = min((wanted + 2) * market.granularity.longest, end - _FIRST_BAR)
    start = end - max(back, timedelta())
    return _last(_range(client, market, start, end, now=now), wanted)


def _known(granularity: str) -> Granularity:
    if granularity not in GRANULARITIES:
        raise UsageError(f"granularity {granularity!r} is not one of {' '.join(GRANULARITIES)}")
    return GRANULARITIES[granularity]


def _kind(kind: str, symbol: Symbol) -> str:
    if kind not in _HISTORY:
        raise UsageError(f"kind {kind!r} is not one of {' '.join(_HISTORY)}")
    if symbol.product.is_spot and kind != "trade":
        raise UsageError(f"spot has no {kind} price", hint="leave --kind out, or choose a futures product")
    return kind


def _newest(client: Client, market: _Market, count: int) -> Iterator[list[str]]:
    row, words = market.recent()
    yield from _ascending(client.call(row, **words, limit=count))[-count:]


def _last(bars: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    yield from deque(bars, maxlen=count)


def _range(client: Client, market: _Market, start: datetime, end: datetime, *, now: datetime) -> Iterator[list[str]]:
    """Windows are known beforehand, so many are asked for at once."""
    calls = (partial(_bars, client, window) for window in _windows(market, start, end, now=now))
    for bars in overlapped(calls, in_flight=_IN_FLIGHT):
        yield from bars


def _windows(market: _Market, start: datetime, end: datetime, *, now: datetime) -> Iterator[_Window]:
    """Old bars from `history-candles`, the others from `candles`, which has more of them in a call."""
    split = now - market.granularity.recent
    yield from _cut(market, market.history(), start, min(end, split), now=now)
    yield from _cut(market, market.recent(), max(start, split), end, now=now)


def _cut(
    market: _Market, source: tuple[Endpoint, dict[str, str]], start: datetime, end: datetime, *, now: datetime
) -> Iterator[_Window]:
    row, words = source
    # Whether a bar opening or closing exactly at endTime is given is not settled, so one bar more is asked for.
    overlap = market.granularity.longest
    length = (_most(row) - _SPARE_ROWS) * market.granularity.shortest
    if row.paging.window_days:
        length = min(length, timedelta(days=row.paging.window_days) - overlap - timedelta(seconds=1))
    while start < end:
        stop = min(start + length, end)
        yield _Window(row, words, start, stop, ask_until=max(stop, min(stop + overlap, now)))
        start = stop


def _bars(client: Client, window: _Window) -> list[list[str]]:
    """The window's bars; the call gives some around them, and a millisecond more at the start for a bound left out."""
    first, last = milliseconds(window.start), milliseconds(window.end)
    asked: dict[str, Any] = window.words | {"endTime": str(milliseconds(window.ask_until))}
    if any(param.name == "startTime" for param in window.row.params):
        asked["startTime"] = str(first - 1)
    bars = _ascending(client.call(window.row, **asked, limit=_most(window.row)))
    return [bar for bar in bars if first <= int(bar[0]) < last]


def _ascending(data: Any) -> list[list[str]]:
    """Bars by opening time, each once."""
    by_time = {int(bar[0]): bar for bar in listed(data) if isinstance(bar, list) and bar}
    return [by_time[moment] for moment in sorted(by_time)]


def _most(row: Endpoint) -> int:
    """Rows a call gives at most: 1 000 for `candles`, 200 for history."""
    return row.paging.limit_max or DEFAULT_BARS
