"""Spot orders, exits and trigger orders under `/api/v2/spot/trade/…`."""

from __future__ import annotations

import json
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.futures_orders import maybe_price, sub_orders
from bitget_cli.paper.api.lists import PageRequest, each, page
from bitget_cli.paper.credentials import USER_ID
from bitget_cli.paper.engine import plans as engine_plans
from bitget_cli.paper.engine import spot, validation
from bitget_cli.paper.engine.fills import KIND, place_spot_exit
from bitget_cli.paper.engine.ledger import average, price_of, quote_of, size_of, text
from bitget_cli.paper.engine.records import Exits, Fill, Order, Plan
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import Query
from bitget_cli.values import Product


def coins(instrument: PaperInstrument) -> dict[str, str]:
    """What past orders and single ones tell besides."""
    return {"baseCoin": instrument.base, "quoteCoin": instrument.quote}


def _page(state: EngineState, query: Query, *, live: bool) -> list[Plan]:
    wanted = PageRequest(product=Product.SPOT, symbol=query.maybe("symbol"), live=live)
    wanted.field("plan_type", KIND)
    wanted.named(query)
    return page(state, Plan, query, wanted)


def _row(plan: Plan) -> dict[str, Any]:
    instrument = plan.instrument
    return {
        "userId": USER_ID,
        "symbol": plan.symbol,
        "orderId": str(plan.id),
        "clientOid": plan.client_oid,
        "size": text(plan.quote) if plan.quote else instrument.size(plan.size),
        "orderType": "limit" if plan.limit else "market",
        "side": plan.side,
        "status": plan.status,
        "baseVolume": "0",
        "quoteVolume": "0",
        "enterPointSource": "API",
        "orderSource": "normal",
        "cTime": str(plan.created),
        "uTime": str(plan.updated),
        "tpslType": "tpsl",
        "triggerPrice": instrument.price(plan.trigger),
    }


def _unfilled(plan: Plan) -> dict[str, str]:
    return {
        "priceAvg": plan.instrument.price(plan.execute),
        "basePrice": "0",
        "presetTakeProfitPrice": "",
        "executeTakeProfitPrice": "",
        "presetStopLossPrice": "",
        "executeStopLossPrice": "",
    }


_SPOT = Product.SPOT
# Bitget spells an ended order differently in spot and in futures.
_STATUS = {"canceled": "cancelled"}


def place_order(state: EngineState, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        return _named(place_spot_exit(state, query))
    return _named(spot.place(state, query))


def batch_orders(state: EngineState, query: Query) -> Any:
    rows = validation.batch(query, "orderList")
    return each(state, rows, lambda row: _named(spot.place(state, row)), code=True, no_id=None)


def cancel_order(state: EngineState, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        return _named(engine_plans.cancel(state, engine_plans.find(state, query, kind=KIND)))
    return _named(spot.cancel(state, query))


def cancel_replace_order(state: EngineState, query: Query) -> Any:
    return _named(spot.replace(state, query)) | {"success": "success", "msg": None}


def batch_cancel_replace_order(state: EngineState, query: Query) -> Any:
    rows = validation.batch(query, "orderList")
    answers = each(state, rows, lambda row: cancel_replace_order(state, row), code=True)
    failed = [
        {"orderId": "", "clientOid": row["clientOid"], "success": "failure", "msg": row["errorMsg"]}
        for row in answers["failureList"]
    ]
    return [*answers["successList"], *failed]


def batch_cancel_order(state: EngineState, query: Query) -> Any:
    rows = validation.batch(query, "orderList")
    return each(state, rows, lambda row: _named(spot.cancel(state, row)), code=True)


def cancel_symbol_order(state: EngineState, query: Query) -> Any:
    instrument = query.spot()
    spot.cancel_symbol(state, instrument.symbol)
    return {"symbol": instrument.symbol}


def order_info(state: EngineState, query: Query) -> Any:
    """A list even for one order, and an empty one for none."""
    wanted = PageRequest(product=_SPOT)
    wanted.named(query, needed=True)
    return [_order(order)] if (order := wanted.find(state, Order)) else []


def unfilled_orders(state: EngineState, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        return [_row(plan) | _unfilled(plan) for plan in _page(state, query, live=True)]
    wanted = PageRequest(product=_SPOT, symbol=query.maybe("symbol"), live=True)
    wanted.named(query)
    return [_pending(order) for order in page(state, Order, query, wanted)]


def history_orders(state: EngineState, query: Query) -> Any:
    if query.maybe("tpslType") == "tpsl":
        ended = {"priceAvg": "0", "feeDetail": "", "cancelReason": ""}
        found = _page(state, query, live=False)
        return [
            _row(plan) | {"price": plan.instrument.price(plan.execute)} | ended | coins(plan.instrument)
            for plan in found
        ]
    wanted = PageRequest(product=_SPOT, symbol=query.maybe("symbol"), live=False)
    wanted.named(query)
    return [_order(order) for order in page(state, Order, query, wanted)]


def fills(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product=_SPOT, symbol=query.maybe("symbol"))
    order = query.time("orderId")
    if order is not None:
        wanted.add("parent = ?", order)
    return [fill_row(fill) for fill in page(state, Fill, query, wanted)]


def _named(record: Order | Plan) -> dict[str, Any]:
    return {"orderId": str(record.id), "clientOid": record.client_oid}


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
        **coins(instrument),
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
        "presetTakeProfitPrice": maybe_price(instrument, exits.profit),
        "executeTakeProfitPrice": maybe_price(instrument, exits.profit_execute),
        "presetStopLossPrice": maybe_price(instrument, exits.loss),
        "executeStopLossPrice": maybe_price(instrument, exits.loss_execute),
        "cTime": str(order.created),
        "uTime": str(order.updated),
        "tpslType": "normal",
        "triggerPrice": None,
    }


def _fee_text(order: Order) -> str:
    """JSON within JSON, with numbers; empty before the first fill."""
    if not order.filled:
        return ""
    coin, fee = order.fee_coin, text(order.fee)
    parts = {
        "newFees": {"c": 0, "d": 0, "deduction": False, "r": "@", "t": "@", "totalDeductionFee": 0},
        coin: {"deduction": False, "feeCoinCode": coin, "totalDeductionFee": 0, "totalFee": "@"},
    }
    return json.dumps(parts, separators=(",", ":")).replace('"@"', fee)


def fill_row(fill: Fill) -> dict[str, Any]:
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


_TRIGGERS = ("fill_price", "mark_price")


def place_plan_order(state: EngineState, query: Query) -> Any:
    """`planType` says what `size` counts: coins (`amount`) or money (`total`). Nothing is frozen until it triggers."""
    instrument = query.spot()
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    plan = Plan(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        client_oid=validation.client_oid(state, query, spot=True),
        plan_type="spot",
        side=validation.side(query),
        trigger=validation.price(query, "triggerPrice", instrument),
        trigger_by=query.choice("triggerType", _TRIGGERS),
        rising=False,
        limit=limit,
        execute=validation.price(query, "executePrice", instrument) if limit else 0,
        by_total=query.choice("planType", ("amount", "total"), "amount") == "total",
        exits=Exits(),
    )
    _size(state, query, plan)
    return _named(engine_plans.enter(state, plan))


def _size(state: EngineState, query: Query, plan: Plan) -> None:
    """Only what buys at the market may be sized by money; everything can be by coins."""
    if plan.by_total and (plan.side == "sell" or plan.limit):
        raise answers.wrong("planType")
    if plan.by_total:
        plan.quote = validation.positive(query, "size")
        if plan.quote < 1:
            raise RefusedError("45110", "less than the minimum amount 1 USDT")
    else:
        plan.size = validation.lots(query, "size", plan.instrument)
        validation.large_enough(state, plan.instrument, plan.size, plan.trigger)


def modify_plan_order(state: EngineState, query: Query) -> Any:
    plan = engine_plans.find(state, query, kind="spot")
    instrument = plan.instrument
    plan.trigger = validation.price(query, "triggerPrice", instrument)
    plan.limit = query.choice("orderType", ("limit", "market")) == "limit"
    plan.execute = validation.price(query, "executePrice", instrument) if plan.limit else 0
    _size(state, query, plan)
    return _named(engine_plans.enter(state, plan))


def cancel_plan_order(state: EngineState, query: Query) -> Any:
    engine_plans.cancel(state, engine_plans.find(state, query, kind="spot"))
    return {"result": "success"}


def batch_cancel_plan_order(state: EngineState, query: Query) -> Any:
    """All of the symbols of `symbolList`, or of every symbol."""
    symbols = [symbol.upper() for symbol in query.texts("symbolList")]
    plans = [
        plan for plan in state.plans.values() if plan.plan_type == "spot" and (not symbols or plan.symbol in symbols)
    ]
    return {"successList": [_named(engine_plans.cancel(state, plan)) for plan in plans], "failureList": []}


def current_plan_order(state: EngineState, query: Query) -> Any:
    return _plan_page(state, query, live=True, limit=(20, 100))


def history_plan_order(state: EngineState, query: Query) -> Any:
    return _plan_page(state, query, live=False, limit=(100, 100))


def plan_sub_order(state: EngineState, query: Query) -> Any:
    found = state.find(Plan, "id = ? AND product = ?", query.time("planOrderId") or 0, Product.SPOT)
    if not found:
        raise RefusedError("43025", "Plan order does not exist")
    return sub_orders(state, found[0])


def _plan_page(state: EngineState, query: Query, *, live: bool, limit: tuple[int, int]) -> dict[str, Any]:
    wanted = PageRequest(product=Product.SPOT, symbol=query.maybe("symbol"), live=live)
    wanted.field("plan_type", "spot")
    count = query.count("limit", *limit)
    plans = page(state, Plan, query, wanted, limit=limit)
    more = len(plans) == count and bool(
        state.find(Plan, " AND ".join([*wanted.parts, "id < ?"]), *wanted.given, plans[-1].id)
    )
    rows = [plan_row(plan) | ({} if live else _executed(state, plan)) for plan in plans]
    return {"nextFlag": more, "idLessThan": str(plans[-1].id) if plans else "0", "orderList": rows}


def plan_row(plan: Plan) -> dict[str, Any]:
    instrument = plan.instrument
    return {
        "orderId": str(plan.id),
        "clientOid": plan.client_oid,
        "symbol": plan.symbol,
        "size": text(plan.quote) if plan.by_total else instrument.size(plan.size),
        "executePrice": instrument.price(plan.execute),
        "triggerPrice": instrument.price(plan.trigger),
        "status": plan.status,
        "orderType": "limit" if plan.limit else "market",
        "side": plan.side,
        "planType": "total" if plan.by_total else "amount",
        "triggerType": plan.trigger_by,
        "enterPointSource": "API",
        "uTime": str(plan.updated),
        "cTime": str(plan.created),
    }


def _executed(state: EngineState, plan: Plan) -> dict[str, str]:
    order = state.find(Order, "id = ?", plan.executed) if plan.executed else []
    return {"executeOrderId": str(order[0].id) if order else ""}
