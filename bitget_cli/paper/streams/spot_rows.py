"""Spot orders, fills and plans as rows of a stream, with every field of Bitget's."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.engine.money import average, text
from bitget_cli.paper.engine.records import Fill, Order, Plan

# An ended order is spelt differently in spot and in futures.
_STATUS = {"canceled": "cancelled"}


def order(order: Order, fill: Fill | None) -> dict[str, Any]:
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
        **(_filled(fill) if fill else {}),
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


def fill(fill: Fill) -> dict[str, Any]:
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


def plan(plan: Plan, executed: Order | None) -> dict[str, str]:
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
