"""Spot trigger orders: `/api/v2/spot/trade/…-plan-order`."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import plan_orders, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import text
from bitget_cli.paper.engine.records import Exits, Order, Plan
from bitget_cli.paper.private.lists import Wanted, page
from bitget_cli.paper.private.mix_plan import sub_orders
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError
from bitget_cli.values import Product

_TRIGGERS = ("fill_price", "mark_price")


def place_plan_order(floor: Floor, query: Query) -> Any:
    """`planType` says what `size` counts: coins (`amount`) or money (`total`). Nothing is frozen until it triggers."""
    instrument = query.spot()
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    plan = Plan(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        client_oid=terms.client_oid(floor, query, spot=True),
        plan_type="spot",
        side=terms.side(query),
        trigger=terms.price(query, "triggerPrice", instrument),
        trigger_by=query.choice("triggerType", _TRIGGERS),
        rising=False,
        limit=limit,
        execute=terms.price(query, "executePrice", instrument) if limit else 0,
        by_total=query.choice("planType", ("amount", "total"), "amount") == "total",
        exits=Exits(),
    )
    _size(floor, query, plan)
    return _named(plan_orders.enter(floor, plan))


def _size(floor: Floor, query: Query, plan: Plan) -> None:
    """Only what buys at the market may be sized by money; everything can be by coins."""
    if plan.by_total and (plan.side == "sell" or plan.limit):
        raise refusals.wrong("planType")
    if plan.by_total:
        plan.quote = terms.positive(query, "size")
        if plan.quote < 1:
            raise RefusedError("45110", "less than the minimum amount 1 USDT")
    else:
        plan.size = terms.lots(query, "size", plan.instrument)
        terms.large_enough(floor, plan.instrument, plan.size, plan.trigger)


def modify_plan_order(floor: Floor, query: Query) -> Any:
    plan = plan_orders.find(floor, query, kind="spot")
    instrument = plan.instrument
    plan.trigger = terms.price(query, "triggerPrice", instrument)
    plan.limit = query.choice("orderType", ("limit", "market")) == "limit"
    plan.execute = terms.price(query, "executePrice", instrument) if plan.limit else 0
    _size(floor, query, plan)
    return _named(plan_orders.enter(floor, plan))


def cancel_plan_order(floor: Floor, query: Query) -> Any:
    plan_orders.cancel(floor, plan_orders.find(floor, query, kind="spot"))
    return {"result": "success"}


def batch_cancel_plan_order(floor: Floor, query: Query) -> Any:
    """All of the symbols of `symbolList`, or of every symbol."""
    symbols = [symbol.upper() for symbol in query.texts("symbolList")]
    plans = [
        plan for plan in floor.plans.values() if plan.plan_type == "spot" and (not symbols or plan.symbol in symbols)
    ]
    return {"successList": [_named(plan_orders.cancel(floor, plan)) for plan in plans], "failureList": []}


def current_plan_order(floor: Floor, query: Query) -> Any:
    return _page(floor, query, live=True, limit=(20, 100))


def history_plan_order(floor: Floor, query: Query) -> Any:
    return _page(floor, query, live=False, limit=(100, 100))


def plan_sub_order(floor: Floor, query: Query) -> Any:
    found = floor.find(Plan, "id = ? AND product = ?", query.time("planOrderId") or 0, Product.SPOT)
    if not found:
        raise RefusedError("43025", "Plan order does not exist")
    return sub_orders(floor, found[0])


def _page(floor: Floor, query: Query, *, live: bool, limit: tuple[int, int]) -> dict[str, Any]:
    wanted = Wanted(product=Product.SPOT, symbol=query.maybe("symbol"), live=live)
    wanted.field("plan_type", "spot")
    count = query.count("limit", *limit)
    plans = page(floor, Plan, query, wanted, limit=limit)
    more = len(plans) == count and bool(
        floor.find(Plan, " AND ".join([*wanted.parts, "id < ?"]), *wanted.given, plans[-1].id)
    )
    rows = [_plan(plan) | ({} if live else _executed(floor, plan)) for plan in plans]
    return {"nextFlag": more, "idLessThan": str(plans[-1].id) if plans else "0", "orderList": rows}


def _named(plan: Plan) -> dict[str, Any]:
    return {"orderId": str(plan.id), "clientOid": plan.client_oid}


def _plan(plan: Plan) -> dict[str, Any]:
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


def _executed(floor: Floor, plan: Plan) -> dict[str, str]:
    order = floor.find(Order, "id = ?", plan.executed) if plan.executed else []
    return {"executeOrderId": str(order[0].id) if order else ""}
