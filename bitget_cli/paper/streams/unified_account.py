"""A unified account's own topics: one of each for all lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bitget_cli.paper.answers import reworded
from bitget_cli.paper.api.v3 import account, orders, positions, strategy
from bitget_cli.paper.engine import margin
from bitget_cli.paper.engine.futures import occupied
from bitget_cli.paper.engine.ledger import WALLET, text
from bitget_cli.paper.engine.records import Fill, Order, Plan, Position
from bitget_cli.paper.streams.channels import SNAPSHOT, Own, Push
from bitget_cli.paper.streams.event_channels import EventsChannel, Row, order_of, order_steps

if TYPE_CHECKING:
    from bitget_cli.paper.engine.state import EngineState, Event

_EVERY = 0.2
# What stands is told again after so many looks in which nothing has changed: every five seconds.
_AGAIN = 25


class _Standing:
    """How things stand: told at once, when something but the price has changed, and again every five seconds."""

    every = _EVERY

    def __init__(
        self,
        facts: Callable[[EngineState], Any],
        rows: Callable[[EngineState], list[Row]],
        gone: Callable[[Sequence[Event]], list[Row]],
    ) -> None:
        self._facts = facts
        self._rows = rows
        self._gone = gone
        self._told: Any = None
        self._quiet = 0

    def look(self, state: EngineState, events: Sequence[Event]) -> list[Push]:
        facts = self._facts(state)
        self._quiet += 1
        gone = self._gone(events)
        if facts == self._told and not gone and self._quiet < _AGAIN:
            return []
        self._told, self._quiet = facts, 0
        return [(SNAPSHOT, [*self._rows(state), *gone])]


def _balances(state: EngineState) -> Any:
    coins = [coin for coin, _ in state.ledger.of(WALLET)]
    return [(coin, state.ledger.held(WALLET, coin), _money(state, coin)) for coin in coins]


def _wallet(state: EngineState) -> list[Row]:
    told = account.wallet(state)
    names = "totalEquity=accountEquity unrealisedPnL=unrealisedPnl effEquity imr mmr mgnRatio positionMgnRatio"
    kept = "coin equity balance available locked bonus usdValue"
    coins = [reworded(coin, kept) | {"borrow": "0", "debts": "0"} for coin in told["assets"]]
    return [reworded(told, names) | {"coin": coins}]


def _money(state: EngineState, coin: str) -> tuple[Decimal, ...]:
    """What the mark price alone does not move."""
    here = account.account_of_coin(state, coin)
    if here is None:
        return (state.ledger.pot(WALLET, coin).frozen,)
    return here.locked, here.cross_margin, here.isolated_margin


def _size_and_money(state: EngineState, position: Position) -> tuple[Any, ...]:
    size = position.id, position.size, position.cost, position.leverage
    return *size, position.funding, margin.margin_of(state, position), occupied(state, position)


def _open(state: EngineState) -> list[Row]:
    return [_position(positions.row(state, each)) for each in state.positions.values()]


def _closed(events: Sequence[Event]) -> list[Row]:
    """One that has just been closed comes once more, with nothing left."""
    return [_ended(event.record) for event in events if isinstance(event.record, Position)]


# The stream's names of a position by those of HTTP, where they are not the same; and what it does not tell.
_POSITION = {
    "size": "total",
    "liqPrice": "liquidationPrice",
    "marginSize": "positionBalance",
    "totalFundingFee": "totalFunding",
}


def _position(told: Row) -> Row:
    other = set(_POSITION.values()) | {"category"}
    row = {name: value for name, value in told.items() if name not in other}
    return row | {name: told[named] for name, named in _POSITION.items()} | {"positionStatus": "opening"}


def _ended(position: Position) -> Row:
    """A closed one in the same words."""
    told = positions.past_row(position)
    same = ("symbol", "posSide", "holdMode", "marginMode", "marginCoin", "openFeeTotal", "closeFeeTotal")
    zero = ("size", "available", "frozen", "unrealisedPnl", "profitRate", "marginSize", "liqPrice")
    return {
        **{name: told[name] for name in same},
        **dict.fromkeys(zero, "0"),
        "leverage": str(position.leverage),
        "avgPrice": told["openPriceAvg"],
        "markPrice": told["closePriceAvg"],
        "breakEvenPrice": told["openPriceAvg"],
        "mmr": text(margin.tier_rate(position.instrument, position.cost)),
        "curRealisedPnl": told["netProfit"],
        "totalFundingFee": told["totalFunding"],
        "cashDividend": "0",
        "positionStatus": "ended",
        "createdTime": told["createdTime"],
        "updatedTime": told["updatedTime"],
    }


def _orders(_state: EngineState, events: Sequence[Event]) -> Iterator[Row]:
    for order, _ in order_steps(events):
        yield order_push(order)


def order_push(order: Order) -> Row:
    """The row over HTTP: the line in lower case, the position side under another name, and exits in lower case."""
    row = orders.order_row(order)
    row |= {"category": row["category"].lower(), "holdSide": row.pop("posSide")}
    row |= {"takeprofit": row.pop("takeProfit"), "stoploss": row.pop("stopLoss")}
    del row["execType"]
    return row | {
        "tradeSide": row.get("tradeSide", ""),
        "reduceOnly": row["reduceOnly"].lower(),
        # Spot is traded with the money of the whole account, and that is what it says.
        "marginMode": order.margin_mode or "crossed",
        "marginCoin": order.instrument.margin_coin,
        "leverage": str(order.leverage),
        "totalProfit": text(order.profit),
        "matchType": "0",
        **_kinds(row),
    }


def _kinds(row: Row) -> Row:
    """What kind of order an exit would be is told also where there is none."""
    return {name: row[name] or "market" for name in ("tpOrderType", "slOrderType")}


def _fills(state: EngineState, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        if isinstance(event.record, Fill):
            row = orders.fill_row(event.record, order_of(state, event.record.parent))
            row |= {"category": row["category"].lower(), "holdSide": row.pop("posSide"), "isRPI": "no"}
            yield row | {"execTime": row.pop("createdTime")}


def _plans(state: EngineState, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        if isinstance(event.record, Plan):
            row = strategy.row(state, event.record)
            reduces = "yes" if event.record.reduce_only or event.record.closing else "no"
            row |= {"category": row["category"].lower(), "reduceOnly": reduces, "triggerType": ""} | _kinds(row)
            row = dict.fromkeys(("triggerBy", "triggerPrice", "triggerOrderType", "triggerOrderPrice"), "") | row
            yield {name: "" if value is None else value for name, value in row.items()}


TOPICS: Final[dict[str, Callable[[], Own]]] = {
    "account": lambda: _Standing(_balances, _wallet, lambda _: []),
    "position": lambda: _Standing(
        lambda state: [_size_and_money(state, each) for each in state.positions.values()], _open, _closed
    ),
    "order": lambda: EventsChannel(_orders),
    "fill": lambda: EventsChannel(_fills),
    "strategy-order": lambda: EventsChannel(_plans),
    # There is no auto-deleveraging: nothing is ever said.
    "adl-notification": lambda: EventsChannel(lambda _state, _events: iter(())),
}
