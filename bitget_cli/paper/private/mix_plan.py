"""Futures plans: trigger, trailing, take-profit and stop-loss orders under `/api/v2/mix/order/…`."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.engine import exits, plan_orders
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import average, text
from bitget_cli.paper.engine.records import Order, Plan
from bitget_cli.paper.private.batches import each
from bitget_cli.paper.private.lists import Wanted, end_id, page
from bitget_cli.paper.private.mix_order_lists import maybe_price, mode, trade_side, wire_side
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError

_KINDS = ("normal_plan", "track_plan", "profit_loss")


def place_plan_order(floor: Floor, query: Query) -> Any:
    return _named(plan_orders.place(floor, query))


def place_tpsl_order(floor: Floor, query: Query) -> Any:
    return _named(exits.place(floor, query))


def place_pos_tpsl(floor: Floor, query: Query) -> Any:
    return [
        {
            "orderId": str(plan.id),
            "stopSurplusClientOid": plan.client_oid if profit else "",
            "stopLossClientOid": "" if profit else plan.client_oid,
        }
        for plan, profit in exits.place_both(floor, query)
    ]


def modify_plan_order(floor: Floor, query: Query) -> Any:
    return _named(plan_orders.modify(floor, query))


def modify_tpsl_order(floor: Floor, query: Query) -> Any:
    return _named(exits.modify(floor, query))


def cancel_plan_order(floor: Floor, query: Query) -> Any:
    """Those of `orderIdList`, or without one all of the symbol or product and of one `planType`."""
    rows = query.rows("orderIdList")
    if rows is not None:
        return each(
            floor, rows, lambda row: _named(plan_orders.cancel(floor, plan_orders.find(floor, row))), code=False
        )
    found = plan_orders.chosen(floor, query)
    return {"successList": [_named(plan_orders.cancel(floor, plan)) for plan in found], "failureList": []}


def orders_plan_pending(floor: Floor, query: Query) -> Any:
    plans = page(floor, Plan, query, _wanted(query, live=True))
    rows = [_plan(plan) | {"orderSource": "normal"} for plan in plans]
    return {"entrustedList": rows or None, "endId": end_id(plans) or None}


def orders_plan_history(floor: Floor, query: Query) -> Any:
    wanted = _wanted(query, live=False)
    wanted.field("status", query.maybe("planStatus"))
    plans = page(floor, Plan, query, wanted)
    rows = [_plan(plan) | _executed(floor, plan) for plan in plans]
    return {"entrustedList": rows or None, "endId": end_id(plans) or None}


def plan_sub_order(floor: Floor, query: Query) -> Any:
    """The orders a triggered plan placed."""
    query.choice("planType", _KINDS)
    identity = query.text("planOrderId")
    found = floor.find(Plan, "id = ?", query.time("planOrderId") or 0)
    if not found:
        raise RefusedError("43025", f"Plan order does not exist {identity}".strip())
    return sub_orders(floor, found[0])


def sub_orders(floor: Floor, plan: Plan) -> list[dict[str, str]]:
    orders = floor.find(Order, "parent = ?", plan.id, limit=20)
    status = {"canceled": "cancelled", "filled": "success"}
    return [
        {
            "orderId": str(order.id),
            "price": order.instrument.price(order.price),
            "type": "limit" if order.limit else "market",
            "status": status.get(order.status, "in_progress"),
        }
        for order in orders
    ]


def _named(plan: Plan) -> dict[str, Any]:
    return {"orderId": str(plan.id), "clientOid": plan.client_oid}


def _wanted(query: Query, *, live: bool) -> Wanted:
    kind = query.choice("planType", _KINDS)
    instruments = query.futures()
    product = instruments[0].product if instruments else "none"
    wanted = Wanted(product=product, symbol=query.maybe("symbol"), live=live)
    if kind == "profit_loss":
        wanted.add("json_extract(body, '$.plan_type') NOT IN ('normal_plan', 'track_plan')")
    else:
        wanted.field("plan_type", kind)
    wanted.named(query)
    return wanted


def _plan(plan: Plan) -> dict[str, Any]:
    instrument = plan.instrument
    shown = maybe_price(instrument, plan.execute)
    return {
        "planType": plan.plan_type,
        "symbol": plan.symbol,
        "size": instrument.size(plan.size),
        "orderId": str(plan.id),
        "clientOid": plan.client_oid,
        "price": shown,
        "executePrice": shown,
        "callbackRatio": text(plan_orders.percent(plan.callback)) if plan.callback else "",
        "triggerPrice": instrument.price(plan.trigger),
        "triggerType": plan.trigger_by,
        "planStatus": plan.status,
        "side": wire_side(side=plan.side, hedge=plan.hedge, closing=plan.closing),
        "posSide": plan.hold if plan.hedge else "net",
        "marginCoin": instrument.margin_coin,
        "marginMode": plan.margin_mode,
        "enterPointSource": "API",
        "tradeSide": trade_side(
            side=plan.side,
            hedge=plan.hedge,
            closing=plan.closing,
            forced=False,
            hold=plan.hold,
        ),
        "posMode": mode(plan.hedge),
        "orderType": "limit" if plan.limit else "market",
        "cTime": str(plan.created),
        "uTime": str(plan.updated),
        **attached_of(plan),
    }


def attached_of(plan: Plan) -> dict[str, Any]:
    """Exits attached to a trigger order; an exit itself shows its own trigger there."""
    instrument, attached = plan.instrument, plan.exits
    if plan.protects:
        rising = "profit" in plan.plan_type or plan.plan_type == "moving_plan"
        own, other = ("stopSurplus", "stopLoss") if rising else ("stopLoss", "stopSurplus")
        return {
            f"{own}TriggerPrice": instrument.price(plan.trigger),
            f"{own}ExecutePrice": maybe_price(instrument, plan.execute),
            f"{own}TriggerType": plan.trigger_by,
            f"{other}TriggerPrice": "",
            f"{other}ExecutePrice": "",
            f"{other}TriggerType": "",
        }
    return {
        "stopSurplusExecutePrice": maybe_price(instrument, attached.profit_execute),
        "stopSurplusTriggerPrice": maybe_price(instrument, attached.profit),
        "stopSurplusTriggerType": attached.profit_by,
        "stopLossExecutePrice": maybe_price(instrument, attached.loss_execute),
        "stopLossTriggerPrice": maybe_price(instrument, attached.loss),
        "stopLossTriggerType": attached.loss_by,
    }


def _executed(floor: Floor, plan: Plan) -> dict[str, str]:
    order = floor.find(Order, "id = ?", plan.executed)[:1] if plan.executed else []
    if not order:
        return {"executeOrderId": "", "priceAvg": "", "baseVolume": ""}
    return {
        "executeOrderId": str(plan.executed),
        "priceAvg": average(plan.instrument, value=order[0].value, lots=order[0].filled),
        "baseVolume": plan.instrument.size(order[0].filled),
    }
