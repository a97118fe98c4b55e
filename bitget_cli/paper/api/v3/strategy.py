"""Strategy orders of a unified account: triggers, take-profits and stop-losses, trailing stops, pairs, and in parts."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError, reworded
from bitget_cli.paper.api.lists import PageRequest
from bitget_cli.paper.api.v3 import in_parts, words
from bitget_cli.paper.api.v3.orders import changed_legs, direction, order_row
from bitget_cli.paper.engine import fills, margin, parts, plans, validation
from bitget_cli.paper.engine.ledger import text
from bitget_cli.paper.engine.records import IN_PARTS, TWO_LEGS, Exits, Order, Plan, Position, Side
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import DAY_MS, Query
from bitget_cli.paper.store import ID_STEP
from bitget_cli.values import Product

# What the engine calls the types.
TYPES = {
    "tpsl": ("exit", "tpsl", "pos_profit", "pos_loss", "profit_plan", "loss_plan"),
    "trigger": ("normal_plan", "spot"),
    "trailing_stop": ("track_plan", "moving_plan"),
    "oco": ("oco",),
    "iceberg": ("iceberg",),
    "twap": ("twap",),
}
_TYPE_OF = {plan_type: name for name, plan_types in TYPES.items() for plan_type in plan_types}
STATUSES = {"live": "pending", "executed": "success", "fail_execute": "failed"}
_KINDS = ("limit", "market")
# For so long a take-profit's client id cannot be used again.
_UNIQUE_MS = DAY_MS // 4


def place_strategy_order(state: EngineState, query: Query) -> Any:
    kind = query.choice("type", TYPES, "tpsl")
    market = words.market(query)
    plan = _PLACE[kind](state, query, market)
    if kind == "tpsl":
        plan.client_oid = _new_client_oid(state, query)
    plans.enter(state, plan)
    if plan.plan_type in IN_PARTS and not plan.trigger:
        parts.place_next(state, plan)
    return named(plan)


def _new_client_oid(state: EngineState, query: Query) -> str:
    given = words.client_oid(query)
    lately = "client_oid = ? AND id >= ?", given, (state.time - _UNIQUE_MS) * ID_STEP
    if given and state.find(Plan, *lately):
        raise RefusedError("25212", "Duplicate clientOid")
    return given


def _tpsl(state: EngineState, query: Query, market: PaperInstrument) -> Plan:
    exits = words.legs(query, market)
    if not exits:
        raise answers.missing("takeProfit")
    if market.product is Product.SPOT:
        return _spot_tpsl(state, query, market, exits)
    position = _guarded(state, query, market)
    validation.check_exits(state, market, exits, "buy" if position.hold == "long" else "sell", limit=0)
    plan = fills.guard(state, position, "exit", trigger=exits.profit or exits.loss)
    plan.exits = exits
    if query.choice("tpslMode", ("full", "partial"), "full") == "partial":
        plan.size = words.size(query, market)
        _check_partials(state, position, plan)
    elif any(not other.size for other in fills.futures_exits_of(state, position)):
        raise RefusedError("25594", "There is a take profit and stop loss for the whole position")
    return plan


def _guarded(state: EngineState, query: Query, market: PaperInstrument) -> Position:
    """The position `posSide` names; in one-way mode the only one is meant without it."""
    hold = query.choice("posSide", ("", "long", "short"), "")
    reduce_only = query.choice("reduceOnly", ("yes", "no"), "no") == "yes"
    hedge = margin.mode_of(state, market.product) == "hedge_mode"
    if (hedge and not hold) or (hold and reduce_only):
        raise RefusedError("25236", "The order type for open position is wrong")
    held = [state.position(market.product, market.symbol, each) for each in ("long", "short") if hold in ("", each)]
    position = next((each for each in held if each), None)
    if position is None:
        raise RefusedError("25601", "There is no position")
    return position


def _check_partials(state: EngineState, position: Position, plan: Plan) -> None:
    others = sum(other.size for other in fills.futures_exits_of(state, position) if other.id != plan.id)
    if others + plan.size > position.size:
        raise RefusedError("25595", "The quantity exceeds the position")


def _spot_tpsl(state: EngineState, query: Query, market: PaperInstrument, exits: Exits) -> Plan:
    """Coins are guarded by selling them; a purchase may wait in the same way."""
    side: Side = "buy" if query.choice("side", ("buy", "sell"), "sell") == "buy" else "sell"
    plan = _plan(market, "exit", side, exits.profit or exits.loss)
    plan.size, plan.exits = words.size(query, market), exits
    validation.large_enough(state, market, plan.size, plan.trigger)
    validation.check_exits(state, market, exits, "buy" if side == "sell" else "sell", limit=0)
    return plan


def _trigger(state: EngineState, query: Query, market: PaperInstrument) -> Plan:
    plan = _ordering(state, query, market, "spot" if market.product is Product.SPOT else "normal_plan")
    plan.trigger = words.needed_price(query, "triggerPrice", market)
    plan.trigger_by = words.BY[query.choice("triggerBy", words.BY, "market")]
    plan.limit = query.choice("triggerOrderType", _KINDS) == "limit"
    plan.execute = words.needed_price(query, "triggerOrderPrice", market) if plan.limit else 0
    validation.large_enough(state, market, plan.size, plan.trigger)
    return plan


def _trailing(state: EngineState, query: Query, market: PaperInstrument) -> Plan:
    """It follows the price from `activationPrice`, or at once without one."""
    given = query.row("trailingStopParams")
    if given.choice("trailType", ("ratio", "spread"), "ratio") == "spread":
        raise answers.not_learnt("trailType=spread")
    if given.choice("preOrderType", _KINDS, "market") == "limit":
        raise answers.not_learnt("preOrderType=limit")
    if (by := given.choice("activationType", ("market", "mark", "index"), "market")) == "index":
        raise answers.not_learnt("activationType=index")
    plan = _ordering(state, query, market, "track_plan")
    plan.trigger_by = words.BY[by]
    hundredths, most = (
        validation.positive(given, "trailVariance") * 100,
        2000 if market.product is Product.SPOT else 1000,
    )
    if hundredths != int(hundredths) or not 10 <= hundredths <= most:
        raise answers.wrong("trailVariance")
    plan.callback = int(hundredths)
    last = state.watched(plan).last(state.time).price
    plan.active = given.maybe("activationPrice") is None
    plan.trigger = last if plan.active else words.needed_price(given, "activationPrice", market)
    plan.extreme = last if plan.active else 0
    validation.large_enough(state, market, plan.size, plan.trigger)
    return plan


def _oco(state: EngineState, query: Query, market: PaperInstrument) -> Plan:
    """A limit beyond the price and a stop before it: the first to be reached takes the other away.

    The limit is sent when its price is reached, and nothing is frozen for it before.
    """
    given = query.row("ocoParams")
    plan = _ordering(state, query, market, "oco")
    limit = words.needed_price(given, "ocoLimitPrice", market)
    stop = words.needed_price(given, "ocoTriggerPrice", market)
    then = given.choice("ocoOrderType", _KINDS, "market")
    execute = words.needed_price(given, "ocoOrderPrice", market) if then == "limit" else 0
    last = state.watched(plan).last(state.time).price
    if not (stop < last < limit if plan.side == "sell" else limit < last < stop):
        raise RefusedError("25592", "The price must be between the limit price and the trigger price")
    by = words.BY["market"]
    plan.trigger = stop
    plan.exits = Exits(profit=limit, profit_execute=limit, profit_by=by, loss=stop, loss_execute=execute, loss_by=by)
    validation.large_enough(state, market, plan.size, stop)
    return plan


def _twap(state: EngineState, query: Query, market: PaperInstrument) -> Plan:
    plan = _ordering(state, query, market, "twap")
    in_parts.read_twap(state, query.row("twapParams"), plan)
    return plan


def _iceberg(state: EngineState, query: Query, market: PaperInstrument) -> Plan:
    plan = _ordering(state, query, market, "iceberg")
    in_parts.read_iceberg(state, query.row("icebergParams"), plan)
    return plan


_PLACE = {
    "tpsl": _tpsl,
    "trigger": _trigger,
    "trailing_stop": _trailing,
    "oco": _oco,
    "twap": _twap,
    "iceberg": _iceberg,
}


def _ordering(state: EngineState, query: Query, market: PaperInstrument, plan_type: str) -> Plan:
    """A plan that places an order of its own: as in placing one, `side` is its true direction."""
    side: Side = "buy" if query.choice("side", ("buy", "sell")) == "buy" else "sell"
    plan = _plan(market, plan_type, side, 0)
    plan.size = words.size(query, market)
    if market.product is not Product.SPOT:
        plan.hedge, plan.closing, plan.reduce_only = direction(state, query, market, side)
        mode = margin.margin_mode_of(state, market)
        plan.margin_mode = query.choice("marginMode", ("crossed", "isolated"), mode)
    return plan


def _plan(market: PaperInstrument, plan_type: str, side: Side, trigger: int) -> Plan:
    return Plan(
        id=0,
        product=market.product,
        symbol=market.symbol,
        plan_type=plan_type,
        side=side,
        trigger=trigger,
        trigger_by=words.BY["market"],
        rising=False,
        exits=Exits(),
    )


def modify_strategy_order(state: EngineState, query: Query) -> Any:
    """What is not sent stays; `0` takes a leg away."""
    plan = _waiting(state, query)
    market, kind = plan.instrument, _TYPE_OF[plan.plan_type]
    if kind not in ("tpsl", "trigger"):
        raise RefusedError("25002", f"A {kind} cannot be modified")
    before = _changeable(plan)
    if kind == "trigger":
        _modify_trigger(query, market, plan)
    else:
        _modify_legs(state, query, market, plan)
    if query.maybe("qty") and plan.size:
        plan.size = words.size(query, market)
        position = state.position(plan.product, plan.symbol, plan.hold) if plan.protects else None
        if position:
            _check_partials(state, position, plan)
    if _changeable(plan) == before:
        raise RefusedError("25600", "Nothing is changed")
    return named(plans.enter(state, plan))


def _changeable(plan: Plan) -> tuple[Any, ...]:
    return plan.exits, plan.trigger, plan.trigger_by, plan.limit, plan.execute, plan.size


def _modify_trigger(query: Query, market: PaperInstrument, plan: Plan) -> None:
    if query.maybe("triggerPrice"):
        plan.trigger = words.needed_price(query, "triggerPrice", market)
    plan.trigger_by = words.BY[query.choice("triggerBy", words.BY, words.BY_WORD[plan.trigger_by])]
    plan.limit = query.choice("triggerOrderType", _KINDS, "limit" if plan.limit else "market") == "limit"
    if plan.limit and query.maybe("triggerOrderPrice"):
        plan.execute = words.needed_price(query, "triggerOrderPrice", market)
    elif not plan.limit:
        plan.execute = 0
    elif not plan.execute:
        raise answers.missing("triggerOrderPrice")


def _modify_legs(state: EngineState, query: Query, market: PaperInstrument, plan: Plan) -> None:
    exits = changed_legs(query, market, own_legs(plan))
    if not exits:
        raise answers.missing("takeProfit")
    guards: Side = "buy" if plan.side == "sell" else "sell"
    validation.check_exits(state, market, exits, guards, limit=0)
    if plan.plan_type in TWO_LEGS:
        plan.exits = exits
        return
    # One a classic account placed has a single leg.
    profit = bool(own_legs(plan).profit)
    trigger, execute, by = (
        (exits.profit, exits.profit_execute, exits.profit_by)
        if profit
        else (exits.loss, exits.loss_execute, exits.loss_by)
    )
    if not trigger or (exits.loss if profit else exits.profit):
        raise RefusedError("25002", "This strategy order has one leg")
    plan.trigger, plan.execute, plan.trigger_by, plan.limit = trigger, execute, by, execute > 0


def _waiting(state: EngineState, query: Query) -> Plan:
    is_named = query.names()
    for plan in state.plans.values():
        if is_named(plan):
            return plan
    raise RefusedError("25577", "The strategy order does not exist")


def cancel_strategy_order(state: EngineState, query: Query) -> Any:
    plans.cancel(state, _waiting(state, query))
    return None


def named(plan: Plan) -> dict[str, Any]:
    return {"orderId": str(plan.id), "clientOid": _client_oid(plan)}


def _client_oid(plan: Plan) -> str:
    """Only take-profits and stop-losses have one."""
    return plan.client_oid if _TYPE_OF[plan.plan_type] == "tpsl" else ""


def unfilled_strategy_orders(state: EngineState, query: Query) -> Any:
    """All that wait, in a bare array."""
    product, kind = words.line(query), query.choice("type", ("", *TYPES), "")
    waiting = (plan for plan in state.plans.values() if plan.product == product)
    return [row(state, plan) for plan in waiting if kind in ("", _TYPE_OF[plan.plan_type])][::-1]


def history_strategy_orders(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product=words.line(query), live=False)
    kinds = TYPES.get(query.choice("type", ("", *TYPES), ""), ())
    if query.maybe("type"):
        wanted.add(f"json_extract(body, '$.plan_type') IN ({', '.join('?' * len(kinds))})", *kinds)
    found = words.listed_page(state, Plan, query, wanted)
    return words.whole([row(state, plan) for plan in found], found, query, none=[])


_SUB_ORDER = (
    "subOrderId=orderId subClientOid=clientOid category symbol price qty cumExecQty avgPrice side posSide"
    " status=orderStatus createdTime updatedTime"
)


def strategy_sub_orders(state: EngineState, query: Query) -> Any:
    """The orders a strategy order has placed."""
    query.text("orderId")
    found = state.find(Plan, "id = ?", query.time("orderId") or 0)
    if not found:
        raise RefusedError("25577", "The strategy order does not exist")
    wanted = PageRequest()
    wanted.add("parent = ?", found[0].id)
    # The id is the strategy's, and that of none of them.
    orders = words.listed_page(state, Order, query, wanted, look_back=None)
    rows = [
        reworded(order_row(order), _SUB_ORDER)
        | ({} if order.limit else {"price": ""})
        | {"qty": order.instrument.size(order.size), "posSide": order.hold if order.hedge else None}
        for order in orders
    ]
    return words.whole(rows, orders, query)


def own_legs(plan: Plan) -> Exits:
    """Take-profit and stop-loss of one: both levels, or the single one a classic account placed."""
    if plan.plan_type in TWO_LEGS:
        return plan.exits
    rises = plan.rising is (plan.side == "sell")
    level = (plan.trigger, plan.execute, plan.trigger_by)
    if rises:
        return Exits(profit=level[0], profit_execute=level[1], profit_by=level[2])
    return Exits(loss=level[0], loss_execute=level[1], loss_by=level[2])


def row(state: EngineState, plan: Plan) -> dict[str, Any]:
    """With the words of its own type, and null for those of the others; one for a whole position is as large as it."""
    market, kind = plan.instrument, _TYPE_OF[plan.plan_type]
    futures = market.product is not Product.SPOT
    guarded = state.position(plan.product, plan.symbol, plan.hold) if plan.protects and plan.live else None
    # The position it opens or closes, in either position mode.
    hold = "long" if (plan.side == "buy") is not (plan.closing or plan.reduce_only) else "short"
    size = plan.size or (guarded.size if guarded else 0)
    legs: dict[str, Any] = words.legs_row(
        market, own_legs(plan) if kind == "tpsl" else plan.exits if kind == "trigger" else Exits()
    )
    if kind != "tpsl":
        for name in ("tpTriggerBy", "slTriggerBy", "tpOrderType", "slOrderType"):
            legs[name] = legs[name] or None
    return {
        "orderId": str(plan.id),
        "clientOid": _client_oid(plan),
        "category": words.NAMES[market.product],
        "symbol": plan.symbol,
        "qty": market.size(size),
        "side": plan.side,
        "posSide": hold if futures else None,
        "type": kind,
        "tpslMode": ("partial" if plan.size else "full") if kind == "tpsl" else "",
        "status": STATUSES.get(plan.status, plan.status),
        "marginMode": plan.margin_mode if futures else None,
        **legs,
        **(_triggering(plan) if kind == "trigger" else {}),
        "ocoParams": _oco_params(plan) if kind == "oco" else None,
        "trailingStopParams": _trailing_params(plan) if kind == "trailing_stop" else None,
        "icebergParams": in_parts.iceberg_params(plan) if kind == "iceberg" else None,
        "twapParams": in_parts.twap_params(plan) if kind == "twap" else None,
        "createdTime": str(plan.created),
        "updatedTime": str(plan.updated),
    }


def _triggering(plan: Plan) -> dict[str, str]:
    market = plan.instrument
    return {
        "triggerBy": words.BY_WORD[plan.trigger_by],
        "triggerPrice": market.price(plan.trigger),
        "triggerOrderType": "limit" if plan.limit else "market",
        "triggerOrderPrice": market.price(plan.execute) if plan.limit else "",
    }


def _oco_params(plan: Plan) -> dict[str, str]:
    market, exits = plan.instrument, plan.exits
    return {
        "ocoLimitPrice": market.price(exits.profit),
        "ocoTriggerPrice": market.price(exits.loss),
        "ocoOrderType": "limit" if exits.loss_execute else "market",
        "ocoOrderPrice": market.price(exits.loss_execute) if exits.loss_execute else "",
    }


def _trailing_params(plan: Plan) -> dict[str, str]:
    return {
        "activationPrice": plan.instrument.price(plan.trigger),
        "activationType": words.BY_WORD[plan.trigger_by],
        "trailType": "ratio",
        "trailVariance": text(plans.percent(plan.callback)),
        "preOrderType": "market",
        "preOrderPrice": "",
    }
