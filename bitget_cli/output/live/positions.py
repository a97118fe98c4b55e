"""Positions, their profit reckoned anew with every mark price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.output.cells import BAD, DOUBTFUL, QUIET, STRONG, Cell, Line, side_tone
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.view import Ages, LiveView, Sheet, Viewport, joined, named
from bitget_cli.output.table import Column, Look
from bitget_cli.stream_events import Push, Status

_INVERSE = "coin-futures"
# Nearer to liquidation than this is worth a colour.
_NEAR, _NEARER = Decimal("0.15"), Decimal("0.05")


class Held:
    """One position with the latest mark price of its market."""

    def __init__(self, push: Push, ticker: Push | None) -> None:
        self.push = push
        self.row = push.data
        ticker_mark = number(ticker.data.get("markPrice")) if ticker else None
        # A ticker older than the push knows no better than it.
        self.is_reckoned = ticker_mark is not None and push.market != _INVERSE
        self.mark = ticker_mark or self.value("markPrice")

    def value(self, name: str) -> Decimal | None:
        return number(self.row.get(name))

    @property
    def profit(self) -> Decimal | None:
        """Reckoned at the mark price where a ticker tells it; else what Bitget said last.

        Not for inverse contracts, whose unit the stream does not say.
        """
        entry, size = self.value("openPriceAvg"), self.value("total")
        if not self.is_reckoned or self.mark is None or entry is None or size is None:
            return self.value("unrealizedPL")
        return (self.mark - entry) * size * (1 if self.row.get("holdSide") == "long" else -1)

    @property
    def margin(self) -> Decimal | None:
        return self.value("marginSize")

    @property
    def roe(self) -> Decimal | None:
        """Profit as a part of the margin."""
        profit, margin = self.profit, self.margin
        return profit / margin if profit is not None and margin else self.value("unrealizedPLR")

    @property
    def distance(self) -> Decimal | None:
        """How far the mark price is from liquidation, as a ratio of it; None where there is no such price."""
        liquidation = self.value("liquidationPrice")
        if not liquidation or liquidation < 0 or not self.mark:
            return None
        return abs(self.mark - liquidation) / self.mark


class PositionsView(LiveView):
    """What is held in futures."""

    sorts = ("as told", "symbol", "uPnL", "liquidation")
    empty = "no positions"

    def __init__(self, look: Mapping[str, Any]) -> None:  # noqa: ARG002  # as every table is made
        super().__init__()
        self._pushes: dict[tuple[str, ...], Push] = {}
        self._tickers: dict[tuple[str, str], Push] = {}
        self._ages = Ages()
        self._sheet = Sheet()

    def take(self, push: Push) -> None:
        if push.type == "ticker":
            self._tickers[push.market, push.symbol] = push
            return
        row = push.data
        key = (push.market, *(str(row.get(name)) for name in ("instId", "holdSide", "marginMode")))
        if row.get("closed") is True or not number(row.get("total")):
            self._pushes.pop(key, None)
        else:
            self._pushes[key] = push

    def status(self, status: Status) -> None:
        self._ages.status(status)

    def body(self, viewport: Viewport) -> Sequence[Line]:
        held = [Held(push, self._tickers.get((push.market, push.symbol))) for push in self._pushes.values()]
        if not held:
            return []
        _arrange(held, viewport.sort)
        return [*self._sheet.lines(self._columns(held, viewport), viewport.look), [], *_totals(held, viewport.look)]

    def _columns(self, held: Sequence[Held], viewport: Viewport) -> list[Column]:
        about = "≈" if viewport.look.marks else "~"
        several = len({one.push.market for one in held}) > 1
        markets = [Cell(number_format.market(one.push.market) if several else "", QUIET) for one in held]
        profits = [number_format.money(one.profit) for one in held]
        return [
            Column("Symbol", [Cell(number_format.text(one.push.symbol), STRONG) for one in held], right=False),
            Column("Market", markets, 9, right=False),
            Column("Side", [_side(one) for one in held], right=False),
            Column("Mode", [Cell(_mode(one.row), QUIET) for one in held], 6, right=False),
            Column("Size", _texts(held, "total")),
            Column("Entry", [Cell(_price(one, "openPriceAvg")) for one in held], 4),
            Column("Mark", [Cell("" if one.mark is None else f"{one.mark:f}") for one in held], 5),
            Column("Liq.", [Cell(_price(one, "liquidationPrice") or "none") for one in held], 2),
            Column("to liq.", [_distance(one) for one in held], 1),
            Column("", [Cell(about if one.is_reckoned else "", QUIET) for one in held]),
            Column("uPnL", profits),
            Column("ROE", [number_format.percent(one.roe) for one in held], 3),
            Column("Margin", [Cell(number_format.fixed(one.margin)) for one in held], 8),
            Column("Break-even", [Cell(_price(one, "breakEvenPrice")) for one in held], 10),
            Column("Funding", [number_format.money(one.value("totalFee")) for one in held], 11),
            Column("Age", [self._ages.of(one.push, viewport) for one in held], 7),
        ]


def _arrange(held: list[Held], sort: str) -> None:
    match sort:
        case "symbol":
            held.sort(key=lambda one: (one.push.symbol, one.push.market))
        case "uPnL":
            held.sort(key=lambda one: -(one.profit or number_format.ZERO))
        case "liquidation":
            held.sort(key=lambda one: (one.distance is None, one.distance or number_format.ZERO))


def _totals(held: Sequence[Held], look: Look) -> list[Line]:
    """Profit and margin for each coin they are counted in."""
    about = "≈ " if look.marks else "~ "
    lines: list[Line] = []
    for coin in dict.fromkeys(number_format.text(one.row.get("marginCoin")) for one in held):
        group = [one for one in held if number_format.text(one.row.get("marginCoin")) == coin]
        profit = sum((one.profit or number_format.ZERO for one in group), number_format.ZERO)
        margin = sum((one.margin or number_format.ZERO for one in group), number_format.ZERO)
        marked = about if any(one.is_reckoned for one in group) else ""
        parts = [
            [Cell(f"total {coin}", STRONG)],
            named("uPnL", Cell(marked), number_format.money(profit)),
            named("ROE", number_format.percent(profit / margin if margin else None)),
            named("margin", Cell(number_format.fixed(margin))),
        ]
        lines.append(joined(parts, "   "))
    return lines


def _side(one: Held) -> Cell:
    side = number_format.text(one.row.get("holdSide"))
    return Cell(side, side_tone(side))


def _mode(row: Mapping[str, Any]) -> str:
    """cross 10x"""
    mode = number_format.text(row.get("marginMode")).replace("crossed", "cross")
    leverage = number_format.text(row.get("leverage"))
    return f"{mode} {leverage}x" if leverage else mode


def _price(one: Held, name: str) -> str:
    """A price that the exchange reckoned, with at most one decimal more than the mark price; "" for none."""
    value = one.value(name)
    if not value or value < 0:
        return ""
    places = number_format.places_of(one.mark) + 1 if one.mark is not None else 8
    return (
        number_format.text(one.row.get(name))
        if number_format.places_of(value) <= places
        else number_format.fixed(value, places)
    )


def _distance(one: Held) -> Cell:
    distance = one.distance
    if distance is None:
        return Cell("")
    tone = BAD if distance < _NEARER else DOUBTFUL if distance < _NEAR else ""
    return Cell(f"{number_format.fixed(distance * 100, 1)} %", tone)


def _texts(held: Sequence[Held], name: str) -> list[Cell]:
    return [Cell(number_format.text(one.row.get(name))) for one in held]
