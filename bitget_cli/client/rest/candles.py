"""Candles of any range, every bar once, oldest first: which of Bitget's calls has them, and in which pieces."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Endpoint
from bitget_cli.catalogue.v2.futures_market import (
    FUTURES_CANDLES,
    FUTURES_HISTORY_CANDLES,
    FUTURES_HISTORY_INDEX_CANDLES,
    FUTURES_HISTORY_MARK_CANDLES,
)
from bitget_cli.catalogue.v2.spot_market import SPOT_CANDLES, SPOT_HISTORY_CANDLES
from bitget_cli.client.rest.errors import Fault, from_fault
from bitget_cli.client.rest.prefetch import overlapped
from bitget_cli.client.rest.response import listed
from bitget_cli.errors import BitgetError, UsageError
from bitget_cli.values import Symbol, from_milliseconds, is_whole, milliseconds, plain
from bitget_cli.values import granularity as granularity_word

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

DEFAULT_BARS = 100
# Before Bitget: asking for older bars would only be slow.
_FIRST_BAR = datetime(2018, 1, 1, tzinfo=UTC)
# Digits of a time in ms, for the next three thousand years.
_LONGEST_TIME = 14


class Granularity(NamedTuple):
    """One length of bar: Bitget's two spellings, its length (a month has two), how far back `candles` is trusted.

    Spot has no word for two hours: those are made of its hours. From 6h on it is the `utc` form: without it bars follow
    the UTC+8 day. `recent` is shorter than documented (one month, 52, 62, 83, 240 days) because the exchange serves
    less than it says.
    """

    futures: str
    spot: str
    shortest: timedelta
    longest: timedelta
    recent: timedelta


def _granularity(futures: str, spot: str, length: timedelta, recent: int) -> Granularity:
    return Granularity(futures, spot, length, length, timedelta(days=recent))


_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_TWO_HOURS_MS = 7_200_000
GRANULARITIES = {
    "1m": _granularity("1m", "1min", _MINUTE, 28),
    "3m": _granularity("3m", "3min", 3 * _MINUTE, 28),
    "5m": _granularity("5m", "5min", 5 * _MINUTE, 28),
    "15m": _granularity("15m", "15min", 15 * _MINUTE, 45),
    "30m": _granularity("30m", "30min", 30 * _MINUTE, 55),
    "1h": _granularity("1H", "1h", _HOUR, 55),
    "2h": _granularity("2H", "1h", 2 * _HOUR, 55),
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


class _CandleMarket(NamedTuple):
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


class _Window(NamedTuple):
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

    With `limit`, the first so many; without `since`, the newest so many (100 unless said), the open one included: fewer
    are all there are. `kind` is trade, mark or index; spot has trade only. Raises UsageError for a granularity or kind
    there is not.
    """
    word = granularity_word(granularity)
    market = _CandleMarket(symbol, GRANULARITIES[word], _kind(kind, symbol))
    if symbol.product.is_spot and word == "2h":
        return _two_hours(client, market, since=since, until=until, now=now, limit=limit)
    end = min(until, now + _MINUTE) if until else now
    if since is not None:
        return islice(_range(client, market, max(since, _FIRST_BAR), end, now=now), limit)
    return _newest(client, market, limit or DEFAULT_BARS, until=until and end, now=now)


def _two_hours(
    client: Client,
    market: _CandleMarket,
    *,
    since: datetime | None,
    until: datetime | None,
    now: datetime,
    limit: int | None,
) -> Iterator[list[str]]:
    """Spot's bars of two hours, from its hours."""
    wanted = None if since else limit or DEFAULT_BARS
    hours = walk(
        client,
        market.symbol,
        "1h",
        since=since and _even_hour(since),
        until=until and _even_hour(until),
        now=now,
        # One more: the oldest may be the second half of a bar.
        limit=wanted and 2 * wanted + 1,
    )
    bars = _pairs(client, hours)
    return islice(bars, limit) if since else _last(bars, wanted or DEFAULT_BARS)


def _last(bars: Iterator[list[str]], count: int) -> Iterator[list[str]]:
    yield from deque(bars, maxlen=count)


def _kind(kind: str, symbol: Symbol) -> str:
    if kind not in _HISTORY:
        raise UsageError(f"kind {kind!r} is not one of {' '.join(_HISTORY)}")
    if symbol.product.is_spot and kind != "trade":
        raise UsageError(f"spot has no {kind} price", hint="leave --kind out, or choose a futures product")
    return kind


def _even_hour(moment: datetime) -> datetime:
    """The first even hour that is not before the moment."""
    return moment + -(moment - _FIRST_BAR) % (2 * _HOUR)


def _pairs(client: Client, hours: Iterable[list[str]]) -> Iterator[list[str]]:
    """Bars of an hour as bars of two, which begin at the even hours. Raises NetworkError where one is no bar."""
    for start, part in groupby(hours, key=lambda bar: int(bar[0]) // _TWO_HOURS_MS * _TWO_HOURS_MS):
        bars = list(part)
        try:
            yield [str(start), *_added(bars)]
        except (ArithmeticError, IndexError, TypeError, ValueError):
            raise _no_bar(client, SPOT_CANDLES) from None


def _added(bars: Sequence[list[str]]) -> list[str]:
    """Open, high, low, close and what was traded in all of them."""
    high, low = max((bar[2] for bar in bars), key=Decimal), min((bar[3] for bar in bars), key=Decimal)
    traded = [plain(sum(map(Decimal, column), Decimal())) for column in zip(*(bar[5:] for bar in bars), strict=True)]
    return [bars[0][1], high, low, bars[-1][4], *traded]


def _newest(
    client: Client, market: _CandleMarket, count: int, *, until: datetime | None, now: datetime
) -> Iterator[list[str]]:
    """Back from the end until there are enough, or Bitget has no more: one call alone gives less than it has."""
    row, words = market.recent()
    found: list[list[str]] = []
    if until is None and count <= _most(row):
        found = _ascending(client, row, **words, limit=count)[-count:]
    if len(found) < count:
        end = _opening(found[0]) if found else until or now
        # Two more than are missing: the ends of the range need not be those of a bar.
        start = max(_FIRST_BAR, end - min((count - len(found) + 2) * market.granularity.longest, end - _FIRST_BAR))
        # What `candles` did not give just now it does not have.
        source = _cut(market, market.history(), start, end, now=now) if found else _windows(market, start, end, now=now)
        found = [*_back(client, market, list(source), now=now), *found]
    while len(found) < count:
        older = _before(client, market, _opening(found[0]) if found else until or now, now=now)
        if not older:
            break
        found = older + found
    yield from found[-count:]


def _back(client: Client, market: _CandleMarket, windows: Sequence[_Window], *, now: datetime) -> list[list[str]]:
    """The windows' bars, asked for from the newest on; one that has room for a bar and has none ends it."""
    newest_first = windows[::-1]
    stretches: deque[list[list[str]]] = deque()
    calls = (partial(_stretch, client, market, window, now=now) for window in newest_first)
    for window, bars in zip(newest_first, overlapped(calls, in_flight=_IN_FLIGHT), strict=True):
        if not bars and window.end - window.start >= market.granularity.longest:
            break
        stretches.appendleft(bars)
    return list(chain.from_iterable(stretches))


def _before(client: Client, market: _CandleMarket, end: datetime, *, now: datetime) -> list[list[str]]:
    """The bars next before `end`, however long before; none where the market begins."""
    row, words = market.history()
    until = max(end, min(end + market.granularity.longest, now))
    bars = _ascending(client, row, **words, endTime=str(milliseconds(until)), limit=_most(row))
    return [bar for bar in bars if int(bar[0]) < milliseconds(end)]


def _opening(bar: Sequence[str]) -> datetime:
    return from_milliseconds(bar[0])


def _range(
    client: Client, market: _CandleMarket, start: datetime, end: datetime, *, now: datetime
) -> Iterator[list[str]]:
    """Windows are known beforehand, so many are asked for at once."""
    calls = (partial(_stretch, client, market, window, now=now) for window in _windows(market, start, end, now=now))
    for bars in overlapped(calls, in_flight=_IN_FLIGHT):
        yield from bars


def _windows(market: _CandleMarket, start: datetime, end: datetime, *, now: datetime) -> Iterator[_Window]:
    """Old bars from `history-candles`, the others from `candles`, which has more of them in a call."""
    split = now - market.granularity.recent
    yield from _cut(market, market.history(), start, min(end, split), now=now)
    yield from _cut(market, market.recent(), max(start, split), end, now=now)


def _cut(
    market: _CandleMarket, source: tuple[Endpoint, dict[str, str]], start: datetime, end: datetime, *, now: datetime
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


def _stretch(client: Client, market: _CandleMarket, window: _Window, *, now: datetime) -> list[list[str]]:
    """The window's bars; those that `candles` no longer has from the history."""
    bars = _bars(client, window)
    start, end = window.start, _opening(bars[0]) if bars else window.end
    if window.row is not market.recent()[0] or end - start < market.granularity.longest:
        return bars
    for older in reversed(list(_cut(market, market.history(), start, end, now=now))):
        found = _bars(client, older)
        if not found and older.end - older.start >= market.granularity.longest:
            break
        bars = found + bars
    return bars


def _bars(client: Client, window: _Window) -> list[list[str]]:
    """The window's bars; the call gives some around them, and a millisecond more at the start for a bound left out."""
    first, last = milliseconds(window.start), milliseconds(window.end)
    asked: dict[str, Any] = window.words | {"endTime": str(milliseconds(window.ask_until))}
    if any(param.name == "startTime" for param in window.row.params):
        asked["startTime"] = str(first - 1)
    bars = _ascending(client, window.row, **asked, limit=_most(window.row))
    return [bar for bar in bars if first <= int(bar[0]) < last]


def _ascending(client: Client, row: Endpoint, **asked: Any) -> list[list[str]]:
    """Bars by opening time, each once. Raises NetworkError where one is no bar."""
    by_time: dict[int, list[str]] = {}
    for bar in listed(client.call(row, **asked)):
        if bar and not _has_opening(bar):
            raise _no_bar(client, row)
        if bar:
            by_time[int(bar[0])] = bar
    return [by_time[moment] for moment in sorted(by_time)]


def _has_opening(bar: Any) -> bool:
    """Whether this is a list that begins with a time."""
    return isinstance(bar, list) and isinstance(bar[0], str) and is_whole(bar[0]) and len(bar[0]) <= _LONGEST_TIME


def _no_bar(client: Client, row: Endpoint) -> BitgetError:
    return from_fault(Fault.MALFORMED, host=client.host, detail="a row that is no bar").error(row)


def _most(row: Endpoint) -> int:
    """Rows a call gives at most: 1 000 for `candles`, 200 for history."""
    return row.paging.limit_max or DEFAULT_BARS
