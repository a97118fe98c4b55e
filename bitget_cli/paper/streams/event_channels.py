"""`orders`, `fill`, `orders-algo`, `positions-history`: each change a push, with every field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bitget_cli.paper.api.futures_orders import attached_of, mode, presets_of, trade_side, wire_side
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


def futures_order(order: Order, fill: Fill | None) -> dict[str, Any]:
    """An order after `fill`, or after something else; the fields of a fill are there only with one."""
    instrument = order.instrument
    row = {
        "orderId": str(order.id),
        "clientOid": order.client_oid,
        "instId": order.symbol,
        "price": instrument.price(order.price),
        "size": instrument.size(order.size),
        "posMode": mode(order.hedge),
        "enterPointSource": "SYS" if order.forced else "API",
        "tradeSide": trade_side(order),
        "notionalUsd": instrument.value(order.price * order.size) if order.limit else instrument.value(order.value),
        "orderType": "limit" if order.limit else "market",
        "force": order.force,
        # Closing a long reads `buy` in hedge mode: the position's direction.
        "side": wire_side(order),
        "posSide": order.pos_side,
        "marginMode": order.margin_mode,
        "marginCoin": instrument.margin_coin,
        "accBaseVolume": instrument.size(order.filled),
        "status": order.status,
        "cancelReason": order.cancel_reason,
        "leverage": str(order.leverage),
        "feeDetail": [{"feeCoin": instrument.margin_coin, "fee": text(order.fee)}],
        "totalProfits": text(order.profit),
        "reduceOnly": "yes" if order.reduce_only or order.closing else "no",
        "stpMode": "none",
        **presets_of(order),
        "cTime": str(order.created),
        "uTime": str(order.updated),
    }
    return row if fill is None else row | _futures_filled(order, fill)


def _futures_filled(order: Order, fill: Fill) -> dict[str, str]:
    instrument = order.instrument
    return {
        "priceAvg": average(instrument, value=order.value, lots=order.filled),
        "fillPrice": instrument.price(fill.price),
        "tradeId": str(fill.id),
        "baseVolume": instrument.size(fill.size),
        "fillTime": str(fill.created),
        "fillFee": text(fill.fee),
        "fillFeeCoin": fill.fee_coin,
        "tradeScope": "M" if fill.maker else "T",
        "fillNotionalUsd": instrument.value(fill.price * fill.size),
        "pnl": text(fill.profit),
    }


def futures_fill(fill: Fill, order: Order | None) -> dict[str, Any]:
    """One fill of an order; here `side` is the true direction in either mode."""
    instrument = fill.instrument
    return {
        "orderId": str(fill.parent),
        "clientOid": order.client_oid if order else "",
        "tradeId": str(fill.id),
        "symbol": fill.symbol,
        "side": fill.side,
        "orderType": "limit" if fill.limit else "market",
        "posMode": mode(fill.hedge),
        "price": instrument.price(fill.price),
        "baseVolume": instrument.size(fill.size),
        "quoteVolume": instrument.value(fill.price * fill.size),
        "profit": text(fill.profit),
        "tradeSide": trade_side(fill),
        "tradeScope": "maker" if fill.maker else "taker",
        "feeDetail": [
            {"feeCoin": fill.fee_coin, "deduction": "no", "totalDeductionFee": "0", "totalFee": text(fill.fee)}
        ],
        "cTime": str(fill.created),
        "uTime": str(fill.created),
    }


def futures_plan(plan: Plan, executed: Order | None) -> dict[str, Any]:
    """A plan and what the order it placed has come to."""
    instrument = plan.instrument
    shown = instrument.price(plan.execute) if plan.execute else ""
    return {
        "instId": plan.symbol,
        "orderId": str(plan.id),
        "clientOid": plan.client_oid,
        "triggerPrice": instrument.price(plan.trigger),
        "triggerType": plan.trigger_by,
        "triggerTime": _NEVER if plan.status in ("live", "cancelled") else str(plan.updated),
        "planType": _PLAN_TYPES[plan.plan_type],
        "price": shown,
        "executePrice": shown,
        "size": instrument.size(plan.size),
        "actualSize": instrument.size(executed.filled if executed else 0),
        "orderType": "limit" if plan.limit else "market",
        "side": wire_side(plan),
        "tradeSide": trade_side(plan),
        "posSide": plan.pos_side,
        "marginCoin": instrument.margin_coin,
        "status": plan.status,
        "posMode": mode(plan.hedge),
        "enterPointSource": "API",
        **_exits(plan),
        "stpMode": "none",
        "cTime": str(plan.created),
        "uTime": str(plan.updated),
    }


def _exits(plan: Plan) -> dict[str, str]:
    """Its take-profit and stop-loss: attached ones, or for an exit its own trigger."""
    attached = attached_of(plan)
    return {
        "stopSurplusPrice": attached["stopSurplusExecutePrice"] or "",
        "stopSurplusTriggerPrice": attached["stopSurplusTriggerPrice"] or "",
        "stopSurplusTriggerType": attached["stopSurplusTriggerType"] or "",
        "stopLossPrice": attached["stopLossExecutePrice"] or "",
        "stopLossTriggerPrice": attached["stopLossTriggerPrice"] or "",
        "stopLossTriggerType": attached["stopLossTriggerType"] or "",
    }


def past_position(position: Position) -> dict[str, str]:
    """A position that has just been closed; this channel alone calls isolated margin `fixed`."""
    instrument = position.instrument
    return {
        "posId": str(position.id),
        "instId": position.symbol,
        "marginCoin": instrument.margin_coin,
        "marginMode": "fixed" if position.margin_mode == "isolated" else "crossed",
        "holdSide": position.hold,
        "posMode": mode(position.hedge),
        "openPriceAvg": average(instrument, value=position.opened_value, lots=position.opened),
        "closePriceAvg": average(instrument, value=position.closed_value, lots=position.closed),
        "openSize": instrument.size(position.opened),
        "closeSize": instrument.size(position.closed),
        "achievedProfits": text(position.realised),
        "settleFee": text(position.funding),
        "openFee": text(position.open_fee),
        "closeFee": text(position.close_fee),
        "cTime": str(position.created),
        "uTime": str(position.updated),
    }


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
        "notional": _notional(order),
        "orderType": "limit" if order.limit else "market",
        "force": order.force,
        "side": order.side,
        **(_spot_filled(fill) if fill else {}),
        "accBaseVolume": instrument.size(order.filled),
        "priceAvg": average(instrument, value=order.value, lots=order.filled) or "0",
        "status": _STATUS.get(order.status, order.status),
        "enterPointSource": "API",
        "feeDetail": [{"feeCoin": _received(order), "fee": text(order.fee)}] if order.filled else [],
        "stpMode": "none",
        "cTime": str(order.created),
        "uTime": str(order.updated),
    }


def _notional(order: Order) -> str:
    """Its worth in quote coin: as ordered, or for a market sale as far as it has been sold."""
    if order.quote:
        return text(order.quote)
    return order.instrument.value(order.price * order.size if order.limit else order.value)


def _received(order: Order) -> str:
    """The coin the fee is taken from."""
    return order.instrument.base if order.side == "buy" else order.instrument.quote


def _spot_filled(fill: Fill) -> dict[str, str]:
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


def spot_fill(fill: Fill) -> dict[str, Any]:
    """One fill. Its fee is above zero, alone among fees: so Bitget's documentation has it for this channel."""
    instrument = fill.instrument
    return {
        "orderId": str(fill.parent),
        "tradeId": str(fill.id),
        "symbol": fill.symbol,
        "orderType": "limit" if fill.limit else "market",
        "side": fill.side,
        "priceAvg": instrument.price(fill.price),
        "size": instrument.size(fill.size),
        "amount": instrument.value(fill.price * fill.size),
        "tradeScope": "maker" if fill.maker else "taker",
        "feeDetail": [
            {"feeCoin": fill.fee_coin, "deduction": "no", "totalDeductionFee": "0", "totalFee": text(-fill.fee)}
        ],
        "cTime": str(fill.created),
        "uTime": str(fill.created),
    }


def spot_plan(plan: Plan, executed: Order | None) -> dict[str, str]:
    """A trigger order, or a take-profit or stop-loss, and what the order it placed has come to."""
    instrument = plan.instrument
    shown = instrument.price(plan.execute)
    return {
        "instId": plan.symbol,
        "orderId": str(plan.id),
        "clientOid": plan.client_oid,
        "triggerPrice": instrument.price(plan.trigger),
        "triggerType": plan.trigger_by,
        "planType": "total" if plan.quote else "amount",
        "price": shown,
        "executePrice": shown,
        "size": text(plan.quote) if plan.quote else instrument.size(plan.size),
        "actualSize": instrument.size(executed.filled if executed else 0),
        "orderType": "limit" if plan.limit else "market",
        "side": plan.side,
        "status": plan.status,
        "enterPointSource": "API",
        "stpMode": "none",
        "cTime": str(plan.created),
        "uTime": str(plan.updated),
    }


Row = dict[str, Any]
Tell = Callable[["EngineState", Sequence["Event"]], Iterator[Row]]


class EventsChannel:
    """Silent until something happens; every push says `snapshot`, as Bitget's do. `symbol` "" is all of a product."""

    every = 0.2

    def __init__(self, tell: Tell, product: Product, symbol: str) -> None:
        self._tell = tell
        self._product = product
        self._symbol = symbol

    def look(self, state: EngineState, events: Sequence[Event]) -> list[Push]:
        wanted = [
            event
            for event in events
            if event.record.product == self._product and self._symbol in ("", event.record.symbol)
        ]
        return [(SNAPSHOT, [row]) for row in self._tell(state, wanted)]


def _orders(_floor: EngineState, events: Sequence[Event]) -> Iterator[Row]:
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


def _past_positions(_floor: EngineState, events: Sequence[Event]) -> Iterator[Row]:
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
