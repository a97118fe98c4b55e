"""Spot orders: `/api/v2/spot/trade/…`, with every field of Bitget's answers."""

from __future__ import annotations

import json
from typing import Any

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import spot_exits, spot_orders, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import average, price_of, quote_of, size_of, text
from bitget_cli.paper.engine.records import Fill, Order
from bitget_cli.paper.keys import USER_ID
from bitget_cli.paper.private import spot_tpsl
from bitget_cli.paper.private.batches import each
from bitget_cli.paper.private.lists import Wanted, page
from bitget_cli.paper.query import Query
from bitget_cli.values import Product

_SPOT = Product.SPOT
# Bitget spells an ended order differently in spot and in futures.
_STATUS = {"canceled": "cancelled"}


def place_order(floor: Floor, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        plan = spot_exits.place(floor, query)
        return {"orderId": str(plan.id), "clientOid": plan.client_oid}
    return _named(spot_orders.place(floor, query))


def batch_orders(floor: Floor, query: Query) -> Any:
    rows = terms.batch(query, "orderList")
    return each(floor, rows, lambda row: _named(spot_orders.place(floor, row)), code=True, no_id=None)


def cancel_order(floor: Floor, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        return spot_tpsl.cancel(floor, query)
    return _named(spot_orders.cancel(floor, query))


def cancel_replace_order(floor: Floor, query: Query) -> Any:
    return _named(spot_orders.replace(floor, query)) | {"success": "success", "msg": None}


def batch_cancel_replace_order(floor: Floor, query: Query) -> Any:
    rows = terms.batch(query, "orderList")
    answers = each(floor, rows, lambda row: cancel_replace_order(floor, row), code=True)
    failed = [
        {"orderId": "", "clientOid": row["clientOid"], "success": "failure", "msg": row["errorMsg"]}
        for row in answers["failureList"]
    ]
    return [*answers["successList"], *failed]


def batch_cancel_order(floor: Floor, query: Query) -> Any:
    rows = terms.batch(query, "orderList")
    return each(floor, rows, lambda row: _named(spot_orders.cancel(floor, row)), code=True)


def cancel_symbol_order(floor: Floor, query: Query) -> Any:
    instrument = query.spot()
    spot_orders.cancel_symbol(floor, instrument.symbol)
    return {"symbol": instrument.symbol}


def order_info(floor: Floor, query: Query) -> Any:
    """A list even for one order, and an empty one for none."""
    if query.maybe("orderId") is None and query.maybe("clientOid") is None:
        raise refusals.missing("orderId")
    wanted = Wanted(product=_SPOT)
    wanted.named(query)
    return [_order(order) for order in floor.find(Order, " AND ".join(wanted.parts), *wanted.given)]


def unfilled_orders(floor: Floor, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        return spot_tpsl.unfilled(floor, query)
    wanted = Wanted(product=_SPOT, symbol=query.maybe("symbol"), live=True)
    wanted.named(query)
    return [_pending(order) for order in page(floor, Order, query, wanted)]


def history_orders(floor: Floor, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        return spot_tpsl.history(floor, query)
    wanted = Wanted(product=_SPOT, symbol=query.maybe("symbol"), live=False)
    wanted.named(query)
    orders = page(floor, Order, query, wanted)
    return [_order(order) for order in orders]


def fills(floor: Floor, query: Query) -> Any:
    wanted = Wanted(product=_SPOT, symbol=query.maybe("symbol"))
    order = query.time("orderId")
    if order is not None:
        wanted.add("parent = ?", order)
    return [_fill(fill) for fill in page(floor, Fill, query, wanted)]


def _named(order: Order) -> dict[str, Any]:
    return {"orderId": str(order.id), "clientOid": order.client_oid}


def _head(order: Order) -> dict[str, Any]:
    return {
        "userId": USER_ID,
        "symbol": order.symbol,
        "orderId": str(order.id),
        "clientOid": order.client_oid,
    }


def _order(order: Order) -> dict[str, Any]:
    instrument = order.instrument
    size = order.quote or size_of(instrument, order.size)
    price_average = average(instrument, value=order.value, lots=order.filled) or "0"
    return _head(order) | {
        "price": instrument.price(order.price),
        "size": f"{size:.16f}",
        "orderType": "limit" if order.limit else "market",
        "side": order.side,
        "status": _STATUS.get(order.status, order.status),
        "priceAvg": price_average + ("0" * (16 - len(price_average.partition(".")[2])) if "." in price_average else ""),
        "baseVolume": f"{size_of(instrument, order.filled):.16f}",
        "quoteVolume": f"{quote_of(instrument, order.value):.16f}",
        "enterPointSource": "API",
        "feeDetail": _fee_text(order),
        "orderSource": order.source,
        "cancelReason": order.cancel_reason,
        "cTime": str(order.created),
        "uTime": str(order.updated),
        "tpslType": "normal",
        "triggerPrice": None,
        **spot_tpsl.coins(instrument),
    }


def _pending(order: Order) -> dict[str, Any]:
    """Bitget's quirk: here `priceAvg` is the limit price and `basePrice` the average."""
    instrument, exits = order.instrument, order.exits
    places = instrument.price_places
    return _head(order) | {
        "priceAvg": f"{price_of(instrument, order.price):.{places}f}",
        "size": instrument.size(order.size),
        "orderType": "limit" if order.limit else "market",
        "side": order.side,
        "status": order.status,
        "basePrice": average(instrument, value=order.value, lots=order.filled) or "0",
        "baseVolume": instrument.size(order.filled),
        "quoteVolume": instrument.value(order.value),
        "enterPointSource": "API",
        "orderSource": order.source,
        "presetTakeProfitPrice": instrument.price(exits.profit) if exits.profit else "",
        "executeTakeProfitPrice": instrument.price(exits.profit_execute) if exits.profit_execute else "",
        "presetStopLossPrice": instrument.price(exits.loss) if exits.loss else "",
        "executeStopLossPrice": instrument.price(exits.loss_execute) if exits.loss_execute else "",
        "cTime": str(order.created),
        "uTime": str(order.updated),
        "tpslType": "normal",
        "triggerPrice": None,
    }


def _fee_text(order: Order) -> str:
    """JSON within JSON, with numbers; empty before the first fill."""
    if not order.filled:
        return ""
    coin = order.instrument.base if order.side == "buy" else order.instrument.quote
    fee = text(order.fee)
    parts = {
        "newFees": {"c": 0, "d": 0, "deduction": False, "r": "@", "t": "@", "totalDeductionFee": 0},
        coin: {"deduction": False, "feeCoinCode": coin, "totalDeductionFee": 0, "totalFee": "@"},
    }
    return json.dumps(parts, separators=(",", ":")).replace('"@"', fee)


def _fill(fill: Fill) -> dict[str, Any]:
    instrument = fill.instrument
    return {
        "userId": USER_ID,
        "symbol": fill.symbol,
        "orderId": str(fill.parent),
        "tradeId": str(fill.id),
        "orderType": "limit" if fill.limit else "market",
        "side": fill.side,
        "priceAvg": instrument.price(fill.price),
        "size": instrument.size(fill.size),
        "amount": instrument.value(fill.price * fill.size),
        "feeDetail": {
            "deduction": "no",
            "feeCoin": fill.fee_coin,
            "totalDeductionFee": "",
            "totalFee": text(fill.fee),
        },
        "tradeScope": "maker" if fill.maker else "taker",
        "cTime": str(fill.created),
        "uTime": str(fill.created),
    }
