"""Futures orders and plans under `/api/v2/mix/order/…`, with every field of Bitget's answers."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.lists import PageRequest, each, end_id, page
from bitget_cli.paper.engine import futures, plans, validation
from bitget_cli.paper.engine.futures import modify
from bitget_cli.paper.engine.ledger import average, text
from bitget_cli.paper.engine.records import Directed, Fill, Order, Plan
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import Query


def place_order(state: EngineState, query: Query) -> Any:
    return named(futures.place(state, query))


def batch_place_order(state: EngineState, query: Query) -> Any:
    rows = validation.batch(query, "orderList")
    answer: dict[str, Any] = dict(each(state, rows, lambda row: named(futures.place(state, row)), code=True))
    return answer | {"result": not answer["failureList"]}


def modify_order(state: EngineState, query: Query) -> Any:
    return named(modify(state, query))


def cancel_order(state: EngineState, query: Query) -> Any:
    return taken_out(futures.cancel(state, query))


def batch_cancel_orders(state: EngineState, query: Query) -> Any:
    """Those of `orderIdList`, or without one all of the symbol or product."""
    rows = query.rows("orderIdList")
    if rows is None:
        return {"successList": [taken_out(order) for order in futures.cancel_all(state, query)], "failureList": []}
    return each(state, rows, lambda row: taken_out(futures.cancel(state, row)), code=True)


def cancel_all_orders(state: EngineState, query: Query) -> Any:
    orders = futures.cancel_all(state, query)
    if not orders:
        raise RefusedError("22001", "No order to cancel")
    return {"successList": [taken_out(order) for order in orders], "failureList": []}


def close_positions(state: EngineState, query: Query) -> Any:
    """Every position of a product, or those of a symbol; `holdSide` counts in hedge mode only."""
    chosen = {(each_.product, each_.symbol) for each_ in query.chosen_futures()}
    hold = query.maybe("holdSide")
    closed: list[dict[str, Any]] = []
    for position in list(state.positions.values()):
        if (position.product, position.symbol) not in chosen or (position.hedge and hold not in (None, position.hold)):
            continue
        order = futures.close(state, position)
        closed.append(taken_out(order) | {"symbol": order.symbol})
    if not closed:
        raise RefusedError("22002", "No position to close")
    return {"successList": closed, "failureList": []}


def click_backhand(state: EngineState, query: Query) -> Any:
    """Close a position and open the same size on the other side; the answer names the opening order."""
    instrument = query.future()
    futures.margin_coin(query, instrument)
    side = validation.side(query)
    held = [state.position(instrument.product, instrument.symbol, hold) for hold in ("long", "short")]
    found = [position for position in held if position]
    if any(position.hedge for position in found):
        # In hedge mode `side` names the position: `buy` is the long one.
        found = [position for position in found if (position.hold == "long") is (side == "buy")]
    if not found:
        raise RefusedError("22002", "No position to close")
    position = found[0]
    size = validation.lots(query, "size", instrument) if query.maybe("size") else position.size
    size = min(size, position.size)
    client_oid = validation.client_oid(state, query, spot=False)
    closing = futures.close(state, position, size=size)
    order = Order(
        id=0,
        product=position.product,
        symbol=position.symbol,
        client_oid=client_oid,
        side=closing.side,
        limit=False,
        size=size,
        source="reverse",
        hedge=position.hedge,
        margin_mode=position.margin_mode,
        exits=closing.exits,
    )
    return named(futures.submit(state, order))


def named(order: Order) -> dict[str, Any]:
    return {"clientOid": order.client_oid, "orderId": str(order.id)}


def taken_out(order: Order) -> dict[str, Any]:
    """The same ids, which Bitget tells in this order of what left its book."""
    return {"orderId": str(order.id), "clientOid": order.client_oid}


def detail(state: EngineState, query: Query) -> Any:
    """One order, which says `state` where the lists say `status`."""
    query.names()
    instrument = query.future()
    wanted = PageRequest(product=instrument.product, symbol=instrument.symbol)
    wanted.named(query)
    order = wanted.find(state, Order)
    if order is None:
        raise RefusedError("40109", "The data of the order cannot be found, please confirm the order number")
    row = order_row(order) | presets_of(order)
    row["state"] = row.pop("status")
    return row | {"cancelReason": order.cancel_reason, "newTradeSide": None}


def orders_pending(state: EngineState, query: Query) -> Any:
    wanted = _of_product(query, live=True)
    if status := query.maybe("status"):
        wanted.field("status", status)
    orders = page(state, Order, query, wanted)
    rows = []
    for order in orders:
        row = order_row(order) | presets_of(order)
        row["totalProfits"] = row["totalProfits"] if order.filled else ""
        row["fee"] = row["fee"] if order.filled else ""
        rows.append(row)
    return {"entrustedList": rows or None, "endId": end_id(orders) or None}


def orders_history(state: EngineState, query: Query) -> Any:
    wanted = _of_product(query, live=False)
    wanted.field("source", query.maybe("orderSource"))
    orders = page(state, Order, query, wanted)
    kept = ("presetStopSurplusPrice", "presetStopLossPrice")
    rows = []
    for order in orders:
        presets = presets_of(order)
        rows.append(order_row(order) | {name: presets[name] for name in kept} | {"posAvg": "", "liqPrice": ""})
    return {"entrustedList": rows or None, "endId": end_id(orders) or None}


def fills(state: EngineState, query: Query) -> Any:
    found = _fills(state, query, days=90)
    return {"fillList": [fill_row(fill) for fill in found] or None, "endId": end_id(found) or None}


def fill_history(state: EngineState, query: Query) -> Any:
    """As `fills`, a week at a time."""
    found = _fills(state, query, days=7)
    rows = [fill_row(fill) | {"marginCoin": fill.instrument.margin_coin} for fill in found]
    return {"fillList": rows or None, "endId": end_id(found) or None}


def _fills(state: EngineState, query: Query, *, days: int) -> list[Fill]:
    wanted = _of_product(query, live=None)
    order = query.time("orderId")
    if order is not None:
        wanted.add("parent = ?", order)
    return page(state, Fill, query, wanted, days=days)


def _of_product(query: Query, *, live: bool | None) -> PageRequest:
    """What `productType` and `symbol` leave; by `orderId` and `clientOid` too where orders are asked for."""
    wanted = PageRequest(product=query.line(), symbol=query.maybe("symbol"), live=live)
    if live is not None:
        wanted.named(query)
    return wanted


def wire_side(record: Directed) -> str:
    """In hedge mode `side` names the position: closing a long shows `buy`."""
    if record.hedge and record.closing:
        return "buy" if record.side == "sell" else "sell"
    return record.side


def trade_side(record: Directed) -> str:
    """What a trade did, in the words of each position mode; `reduce_…` would be the exchange's own doing."""
    if record.hedge:
        return f"burst_close_{record.hold}" if record.forced else "close" if record.closing else "open"
    return f"burst_{record.side}_single" if record.forced else f"{record.side}_single"


def order_row(order: Order) -> dict[str, Any]:
    instrument = order.instrument
    return {
        "symbol": order.symbol,
        "size": instrument.size(order.size),
        "orderId": str(order.id),
        "clientOid": order.client_oid,
        "baseVolume": instrument.size(order.filled),
        "fee": text(order.fee),
        "price": instrument.price(order.price) if order.limit else "",
        "priceAvg": average(instrument, value=order.value, lots=order.filled),
        "status": order.status,
        "side": wire_side(order),
        "force": order.force,
        "totalProfits": text(order.profit),
        "posSide": order.pos_side,
        "marginCoin": instrument.margin_coin,
        "quoteVolume": instrument.value(order.value),
        "leverage": str(order.leverage),
        "marginMode": order.margin_mode,
        "reduceOnly": "YES" if order.reduce_only else "NO",
        "enterPointSource": "SYS" if order.forced else "API",
        "tradeSide": trade_side(order),
        "posMode": mode(order.hedge),
        "orderType": "limit" if order.limit else "market",
        "orderSource": order.source,
        "cTime": str(order.created),
        "uTime": str(order.updated),
    }


def mode(hedge: bool) -> str:
    return "hedge_mode" if hedge else "one_way_mode"


def maybe_price(instrument: PaperInstrument, ticks: int) -> str:
    """A price, or nothing where there is none."""
    return instrument.price(ticks) if ticks else ""


def presets_of(order: Order) -> dict[str, str]:
    instrument, exits = order.instrument, order.exits
    return {
        "presetStopSurplusPrice": maybe_price(instrument, exits.profit),
        "presetStopSurplusType": exits.profit_by,
        "presetStopSurplusExecutePrice": maybe_price(instrument, exits.profit_execute),
        "presetStopLossPrice": maybe_price(instrument, exits.loss),
        "presetStopLossType": exits.loss_by,
        "presetStopLossExecutePrice": maybe_price(instrument, exits.loss_execute),
    }


def fill_row(fill: Fill) -> dict[str, Any]:
    instrument = fill.instrument
    return {
        "tradeId": str(fill.id),
        "symbol": fill.symbol,
        "orderId": str(fill.parent),
        "price": instrument.price(fill.price),
        "baseVolume": instrument.size(fill.size),
        "feeDetail": [
            {
                "deduction": "no",
                "feeCoin": fill.fee_coin,
                "totalDeductionFee": "0",
                "totalFee": text(fill.fee),
            }
        ],
        "side": wire_side(fill),
        "quoteVolume": instrument.value(fill.price * fill.size),
        "profit": text(fill.profit),
        "enterPointSource": "SYS" if fill.forced else "API",
        "tradeSide": trade_side(fill),
        "posMode": mode(fill.hedge),
        "tradeScope": "maker" if fill.maker else "taker",
        "cTime": str(fill.created),
    }


_KINDS = ("normal_plan", "track_plan", "profit_loss")


def place_plan_order(state: EngineState, query: Query) -> Any:
    return _named(plans.place_plan(state, query))


def place_tpsl_order(state: EngineState, query: Query) -> Any:
    return _named(plans.place_exit(state, query))


def place_pos_tpsl(state: EngineState, query: Query) -> Any:
    return [
        {
            "orderId": str(plan.id),
            "stopSurplusClientOid": plan.client_oid if profit else "",
            "stopLossClientOid": "" if profit else plan.client_oid,
        }
        for plan, profit in plans.place_both_exits(state, query)
    ]


def modify_plan_order(state: EngineState, query: Query) -> Any:
    return _named(plans.modify_plan(state, query))


def modify_tpsl_order(state: EngineState, query: Query) -> Any:
    return _named(plans.modify_exit(state, query))


def cancel_plan_order(state: EngineState, query: Query) -> Any:
    """Those of `orderIdList`, or without one all of the symbol or product and of one `planType`."""
    rows = query.rows("orderIdList")
    if rows is not None:
        return each(state, rows, lambda row: _named(plans.cancel(state, plans.find(state, row))), code=False)
    found = plans.chosen(state, query)
    return {"successList": [_named(plans.cancel(state, plan)) for plan in found], "failureList": []}


def orders_plan_pending(state: EngineState, query: Query) -> Any:
    plans = page(state, Plan, query, _wanted(query, live=True))
    rows = [plan_row(plan) | {"orderSource": "normal"} for plan in plans]
    return {"entrustedList": rows or None, "endId": end_id(plans) or None}


def orders_plan_history(state: EngineState, query: Query) -> Any:
    wanted = _wanted(query, live=False)
    wanted.field("status", query.maybe("planStatus"))
    plans = page(state, Plan, query, wanted)
    rows = [plan_row(plan) | _executed(state, plan) for plan in plans]
    return {"entrustedList": rows or None, "endId": end_id(plans) or None}


def plan_sub_order(state: EngineState, query: Query) -> Any:
    """The orders a triggered plan placed."""
    query.choice("planType", _KINDS)
    identity = query.text("planOrderId")
    found = state.find(Plan, "id = ?", query.time("planOrderId") or 0)
    if not found:
        raise RefusedError("43025", f"Plan order does not exist {identity}".strip())
    return sub_orders(state, found[0])


def sub_orders(state: EngineState, plan: Plan) -> list[dict[str, str]]:
    orders = state.find(Order, "parent = ?", plan.id, limit=20)
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


def _wanted(query: Query, *, live: bool) -> PageRequest:
    kind = query.choice("planType", _KINDS)
    wanted = PageRequest(product=query.line(), symbol=query.maybe("symbol"), live=live)
    if kind == "profit_loss":
        wanted.add("json_extract(body, '$.plan_type') NOT IN ('normal_plan', 'track_plan')")
    else:
        wanted.field("plan_type", kind)
    wanted.named(query)
    return wanted


def plan_row(plan: Plan) -> dict[str, Any]:
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
        "callbackRatio": text(plans.percent(plan.callback)) if plan.callback else "",
        "triggerPrice": instrument.price(plan.trigger),
        "triggerType": plan.trigger_by,
        "planStatus": plan.status,
        "side": wire_side(plan),
        "posSide": plan.pos_side,
        "marginCoin": instrument.margin_coin,
        "marginMode": plan.margin_mode,
        "enterPointSource": "API",
        "tradeSide": trade_side(plan),
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


def _executed(state: EngineState, plan: Plan) -> dict[str, str]:
    order = state.find(Order, "id = ?", plan.executed) if plan.executed else []
    if not order:
        return {"executeOrderId": "", "priceAvg": "", "baseVolume": ""}
    return {
        "executeOrderId": str(plan.executed),
        "priceAvg": average(plan.instrument, value=order[0].value, lots=order[0].filled),
        "baseVolume": plan.instrument.size(order[0].filled),
    }
