"""The ticker board: a row a market, what just changed lit up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.output.cells import BAD, GOOD, QUIET, STRONG, Cell, Line
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.view import LiveView, Sheet, Viewport
from bitget_cli.output.table import Column
from bitget_cli.stream_events import Push

# Milliseconds that a change is lit, and that a price which goes on changing then is not.
_FLASH, _REST = 250, 1500
_LIT = ("lastPr", "bidPr", "askPr")
_TYPED = "as typed"
_SORTS = {"24h %": "change24h", "volume": "quoteVolume", "funding": "fundingRate"}


class _TickerRow:
    """The latest of one market: its row, which way the price went, and when each of its prices changed."""

    __slots__ = ("changed", "push", "tick")

    def __init__(self, push: Push) -> None:
        self.push = push
        self.tick = 0
        self.changed: dict[str, int] = {}

    def take(self, push: Push) -> None:
        before, after = self.push.data, push.data
        for name in _LIT:
            is_rested = push.received - self.changed.get(name, 0) > _FLASH + _REST
            if is_rested and before.get(name) != after.get(name):
                self.changed[name] = push.received
        last, previous = number(after.get("lastPr")), number(before.get("lastPr"))
        if last is not None and previous is not None and last != previous:
            self.tick = 1 if last > previous else -1
        self.push = push

    def value(self, name: str) -> Decimal | None:
        return number(self.push.data.get(name))


class TickerView(LiveView):
    """Tickers of any number of markets."""

    def __init__(self, look: Mapping[str, Any]) -> None:
        super().__init__()
        self._is_compact = bool(look.get("compact"))
        self._markets: dict[tuple[str, str], _TickerRow] = {}
        self._sheet = Sheet()
        asked = str(look.get("sort") or "")
        self._by = {**({asked: asked} if asked else {}), **_SORTS}
        self.sorts = (*([asked] if asked else []), _TYPED, "symbol", *_SORTS)

    def take(self, push: Push) -> None:
        key = (push.market, push.symbol)
        if found := self._markets.get(key):
            found.take(push)
        else:
            self._markets[key] = _TickerRow(push)

    def is_lively(self, now: int) -> bool:
        return any(now - at < _FLASH + 250 for market in self._markets.values() for at in market.changed.values())

    def body(self, viewport: Viewport) -> Sequence[Line]:
        markets = self._sorted(viewport.sort)
        if not markets:
            return []
        columns = _prices(markets, viewport)
        if not self._is_compact:
            columns += _sides(markets, viewport) + _day(markets) + _futures(markets)
        ages = [viewport.age(market.push.received) for market in markets]
        return self._sheet.lines([*columns, Column("Age", ages)], viewport.look)

    def _sorted(self, sort: str) -> list[_TickerRow]:
        markets = list(self._markets.values())
        if sort == "symbol":
            return sorted(markets, key=lambda market: (market.push.symbol, market.push.market))
        field = self._by.get(sort)
        if field is None:
            return markets
        return sorted(markets, key=_order(field))


def _order(by: str) -> Callable[[_TickerRow], tuple[bool, Decimal]]:
    """The largest first by a field, or with a dash before its name the smallest; what has no value comes last."""

    def key(market: _TickerRow) -> tuple[bool, Decimal]:
        value = market.value(by.removeprefix("-"))
        size = value or number_format.ZERO
        return value is None, size if by.startswith("-") else -size

    return key


def _prices(markets: Sequence[_TickerRow], viewport: Viewport) -> list[Column]:
    """Which market, its last price with an arrow for the last step, and the day's change."""
    columns = [
        Column("Symbol", [Cell(number_format.text(market.push.symbol), STRONG) for market in markets], right=False)
    ]
    if len({market.push.market for market in markets}) > 1:
        columns.append(
            Column("Market", [Cell(number_format.market(market.push.market), QUIET) for market in markets], right=False)
        )
    up, down = ("▲", "▼") if viewport.look.marks else ("^", "v")
    ticks = [
        Cell({1: up, -1: down}.get(market.tick, " "), {1: GOOD, -1: BAD}.get(market.tick, "")) for market in markets
    ]
    lasts = [_lit(market, "lastPr", viewport.now, tone=tick.tone) for market, tick in zip(markets, ticks, strict=True)]
    changes = [number_format.percent(market.value("change24h")) for market in markets]
    return [*columns, Column("Last", lasts), Column("", ticks), Column("24h", changes)]


def _sides(markets: Sequence[_TickerRow], viewport: Viewport) -> list[Column]:
    spreads = [_spread(market) for market in markets]
    return [
        Column("Bid", [_lit(market, "bidPr", viewport.now) for market in markets], 2),
        Column("Bid size", _texts(markets, "bidSz"), 7),
        Column("Ask", [_lit(market, "askPr", viewport.now) for market in markets], 2),
        Column("Ask size", _texts(markets, "askSz"), 7),
        Column("Spread bp", spreads, 4),
    ]


def _day(markets: Sequence[_TickerRow]) -> list[Column]:
    return [
        Column("High", _texts(markets, "high24h"), 8),
        Column("Low", _texts(markets, "low24h"), 8),
        Column("Volume", [Cell(number_format.short(market.value("quoteVolume"))) for market in markets], 3),
    ]


def _futures(markets: Sequence[_TickerRow]) -> list[Column]:
    bases = [_basis(market) for market in markets]
    return [
        Column("Mark", _texts(markets, "markPrice"), 6),
        Column("Index", _texts(markets, "indexPrice"), 11),
        Column("Basis bp", bases, 12),
        Column("Funding", [number_format.percent(market.value("fundingRate"), 4) for market in markets], 5),
        Column("in", [_until_funding(market) for market in markets], 9),
        Column("Open int.", [Cell(number_format.short(market.value("holdingAmount"))) for market in markets], 10),
    ]


def _texts(markets: Sequence[_TickerRow], name: str) -> list[Cell]:
    return [Cell(number_format.text(market.push.data.get(name))) for market in markets]


def _lit(market: _TickerRow, name: str, now: int, *, tone: str = "") -> Cell:
    """The price, reversed for a moment after it changed."""
    is_lit = now - market.changed.get(name, 0) < _FLASH
    return Cell(number_format.text(market.push.data.get(name)), f"reverse {tone}".strip() if is_lit else tone)


def _spread(market: _TickerRow) -> Cell:
    bid, ask = market.value("bidPr"), market.value("askPr")
    return Cell(number_format.points(ask - bid, (ask + bid) / 2) if bid is not None and ask is not None else "")


def _basis(market: _TickerRow) -> Cell:
    """How far the mark price is from the index."""
    mark, index = market.value("markPrice"), market.value("indexPrice")
    return Cell(number_format.points(mark - index, index) if mark is not None and index is not None else "")


def _until_funding(market: _TickerRow) -> Cell:
    """Reckoned in the exchange's own time, which the row says."""
    due, ts = market.value("nextFundingTime"), market.push.ts
    return Cell(number_format.countdown(int(due) - ts) if due and ts else "", QUIET)
