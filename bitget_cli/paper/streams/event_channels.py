"""`orders`, `fill`, `orders-algo`, `positions-history`: each change a push, with every field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from bitget_cli.paper.answers import reworded
from bitget_cli.paper.api import futures_orders, futures_positions, spot_orders
from bitget_cli.paper.engine.ledger import average, text
from bitget_cli.paper.engine.records import Fill, Order, Plan, Position
from bitget_cli.paper.streams.channels import SNAPSHOT, Push
from bitget_cli.values import Product

if TYPE_CHECKING:
    from bitget_cli.paper.engine.state import EngineState, Event

# What the stream calls the plan types of HTTP.
_PLAN_TYPES = {
    "normal_plan": "pl",
    "profit_plan": "tp",
    "loss_plan": "sl",
    "pos_profit": "ptp",
    "pos_loss": "psl",
    "track_plan": "track",
    "moving_plan": "mtpsl",
}
_NEVER = "0"


_ORDER = (
    "orderId clientOid instId=symbol price size posMode enterPointSource tradeSide notionalUsd orderType force side"
    " posSide marginMode marginCoin accBaseVolume=baseVolume status cancelReason leverage feeDetail totalProfits"
    " reduceOnly stpMode presetStopSurplusPrice presetStopSurplusType presetStopSurplusExecutePrice presetStopLossPrice"
    " presetStopLossType presetStopLossExecutePrice cTime uTime"
)
_FILL = (
    "orderId clientOid tradeId symbol side orderType posMode price baseVolume quoteVolume profit tradeSide tradeScope"
    " feeDetail cTime uTime=cTime"
)
_PLAN = (
    "instId=symbol orderId clientOid triggerPrice triggerType triggerTime planType price executePrice size actualSize"
    " orderType side tradeSide posSide marginCoin status=planStatus posMode enterPointSource"
    " stopSurplusPrice=stopSurplusExecutePrice stopSurplusTriggerPrice stopSurplusTriggerType"
    " stopLossPrice=stopLossExecutePrice stopLossTriggerPrice stopLossTriggerType stpMode cTime uTime"
)
_PAST = (
    "posId=positionId instId=symbol marginCoin marginMode holdSide posMode openPriceAvg=openAvgPrice"
    " closePriceAvg=closeAvgPrice openSize=openTotalPos closeSize=closeTotalPos achievedProfits=pnl"
    " settleFee=totalFunding openFee closeFee cTime=ctime uTime=utime"
)


def futures_order(order: Order, fill: Fill | None) -> dict[str, Any]:
    """An order after `fill`, or after something else; the fields of a fill are there only with one."""
    market = order.instrument
    own = {
        "price": market.price(order.price),
        "notionalUsd": market.value(order.price * order.size if order.limit else order.value),
        "cancelReason": order.cancel_reason,
        "feeDetail": [{"feeCoin": market.margin_coin, "fee": text(order.fee)}],
        "reduceOnly": "yes" if order.reduce_only or order.closing else "no",
        "stpMode": "none",
    }
    row = reworded(futures_orders.order_row(order) | futures_orders.presets_of(order) | own, _ORDER)
    if fill is None:
        return row
    average_price = average(market, value=order.value, lots=order.filled)
    worth = {"fillNotionalUsd": market.value(fill.price * fill.size), "pnl": text(fill.profit)}
    return row | {"priceAvg": average_price} | _filled(fill) | worth


def futures_fill(fill: Fill, order: Order | None) -> dict[str, Any]:
    """One fill of an order; here `side` is the true direction in either mode."""
    own = {
        "clientOid": order.client_oid if order else "",
        "side": fill.side,
        "orderType": "limit" if fill.limit else "market",
        "feeDetail": _fee_detail(fill, fill.fee),
    }
    return reworded(futures_orders.fill_row(fill) | own, _FILL)


def _fee_detail(fill: Fill, fee: Decimal) -> list[dict[str, str]]:
    return [{"feeCoin": fill.fee_coin, "deduction": "no", "totalDeductionFee": "0", "totalFee": text(fee)}]


def futures_plan(plan: Plan, executed: Order | None) -> dict[str, Any]:
    """A plan and what the order it placed has come to; its take-profit and stop-loss are those over HTTP."""
    own = {
        "triggerTime": _NEVER if plan.status in ("live", "cancelled") else str(plan.updated),
        "planType": _PLAN_TYPES[plan.plan_type],
        "actualSize": plan.instrument.size(executed.filled if executed else 0),
        "stpMode": "none",
    }
    return reworded(futures_orders.plan_row(plan) | own, _PLAN)


def past_position(position: Position) -> dict[str, str]:
    """A position that has just been closed; this channel alone calls isolated margin `fixed`."""
    kind = "fixed" if position.margin_mode == "isolated" else "crossed"
    return reworded(futures_positions.past_row(position) | {"marginMode": kind}, _PAST)


# An ended order is spelt differently in spot and in futures.
_STATUS = {"canceled": "cancelled"}


def spot_order(order: Order, fill: Fill | None) -> dict[str, Any]:
    """An order after `fill`, or after something else.

    `newSize` counts coins, for a market purchase money. A market order has no `price`, and the fields of a fill are
    there only with one.
    """
    instrument = order.instrument
    size = instrument.size(order.size)
    return {
        "instId": order.symbol,
        "orderId": str(order.id),
        "clientOid": order.client_oid,
        **({"price": instrument.price(order.price)} if order.limit else {}),
        "size": size,
        "newSize": text(order.quote) if order.quote else size,
        # Its worth in quote coin: as ordered, or for a market sale as far as it has been sold.
        "notional": text(order.quote)
        if order.quote
        else instrument.value(order.price * order.size if order.limit else order.value),
        "orderType": "limit" if order.limit else "market",
        "force": order.force,
        "side": order.side,
        **(_filled(fill) if fill else {}),
        "accBaseVolume": instrument.size(order.filled),
        "priceAvg": average(instrument, value=order.value, lots=order.filled) or "0",
        "status": _STATUS.get(order.status, order.status),
        "enterPointSource": "API",
        "feeDetail": [{"feeCoin": order.fee_coin, "fee": text(order.fee)}] if order.filled else [],
        "stpMode": "none",
        "cTime": str(order.created),
        "uTime": str(order.updated),
    }


def _filled(fill: Fill) -> dict[str, str]:
    instrument = fill.instrument
    return {
        "fillPrice": instrument.price(fill.price),
        "tradeId": str(fill.id),
        "baseVolume": instrument.size(fill.size),
        "fillTime": str(fill.created),
        "fillFee": text(fill.fee),
        "fillFeeCoin": fill.fee_coin,
        "tradeScope": "M" if fill.maker else "T",
    }


_SPOT_FILL = "orderId tradeId symbol orderType side priceAvg size amount tradeScope feeDetail cTime uTime"
_SPOT_PLAN = (
    "instId=symbol orderId clientOid triggerPrice triggerType planType price=executePrice executePrice size actualSize"
    " orderType side status enterPointSource stpMode cTime uTime"
)


def spot_fill(fill: Fill) -> dict[str, Any]:
    """One fill. Its fee is above zero, alone among fees: so Bitget's documentation has it for this channel."""
    return reworded(spot_orders.fill_row(fill) | {"feeDetail": _fee_detail(fill, -fill.fee)}, _SPOT_FILL)


def spot_plan(plan: Plan, executed: Order | None) -> dict[str, str]:
    """A trigger order, or a take-profit or stop-loss, and what the order it placed has come to."""
    instrument = plan.instrument
    own = {
        "planType": "total" if plan.quote else "amount",
        "size": text(plan.quote) if plan.quote else instrument.size(plan.size),
        "actualSize": instrument.size(executed.filled if executed else 0),
        "stpMode": "none",
    }
    return reworded(spot_orders.plan_row(plan) | own, _SPOT_PLAN)


Row = dict[str, Any]
Tell = Callable[["EngineState", Sequence["Event"]], Iterator[Row]]


class EventsChannel:
    """Silent until something happens; every push says `snapshot`, as Bitget's do. "" is every product or symbol."""

    every = 0.2

    def __init__(self, tell: Tell, product: str = "", symbol: str = "") -> None:
        self._tell = tell
        self._product = product
        self._symbol = symbol

    def look(self, state: EngineState, events: Sequence[Event]) -> list[Push]:
        wanted = [
            event
            for event in events
            if self._product in ("", event.record.product) and self._symbol in ("", event.record.symbol)
        ]
        return [(SNAPSHOT, [row]) for row in self._tell(state, wanted)]


def _orders(_state: EngineState, events: Sequence[Event]) -> Iterator[Row]:
    for order, fill in order_steps(events):
        yield spot_order(order, fill) if order.product == Product.SPOT else futures_order(order, fill)


def order_steps(events: Sequence[Event]) -> Iterator[tuple[Order, Fill | None]]:
    """What became of orders, fill by fill.

    An order's fills are written down before the order itself, always in the same transaction.
    """
    fills: dict[int, list[Fill]] = {}
    for event in events:
        record = event.record
        if isinstance(record, Fill):
            fills.setdefault(record.parent, []).append(record)
        elif isinstance(record, Order):
            yield from _steps(record, fills.pop(record.id, []))


def _steps(order: Order, fills: list[Fill]) -> Iterator[tuple[Order, Fill | None]]:
    """An order as it stood after each of its fills, and once more where something else came of it."""
    for place, fill in enumerate(fills):
        later = fills[place + 1 :]
        filled = order.filled - sum(each.size for each in later)
        then = replace(
            order,
            filled=filled,
            value=order.value - sum(each.size * each.price for each in later),
            fee=order.fee - sum(each.fee for each in later),
            profit=order.profit - sum(each.profit for each in later),
            status="partially_filled" if later or order.status != "filled" else order.status,
            cancel_reason="",
        )
        yield then, fill
    if not (fills and order.status in ("partially_filled", "filled")):
        yield order, None


def _fills(state: EngineState, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        record = event.record
        if isinstance(record, Fill):
            if record.product == Product.SPOT:
                yield spot_fill(record)
            else:
                yield futures_fill(record, order_of(state, record.parent))


def _plans(state: EngineState, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        record = event.record
        if isinstance(record, Plan):
            rows = spot_plan if record.product == Product.SPOT else futures_plan
            yield rows(record, order_of(state, record.executed))


def _past_positions(_state: EngineState, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        if isinstance(event.record, Position):
            yield past_position(event.record)


def order_of(state: EngineState, identity: int) -> Order | None:
    """The order of that id as it stands; 0 is none."""
    if not identity:
        return None
    found = state.orders.get(identity)
    return found or next(iter(state.find(Order, "id = ?", identity)), None)


TELL: Final[dict[str, Tell]] = {
    "orders": _orders,
    "fill": _fills,
    "orders-algo": _plans,
    "positions-history": _past_positions,
}
