"""Take-profit and stop-loss orders on a position: sized, trailing, or for the whole of it."""

from __future__ import annotations

from dataclasses import dataclass

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import plan_orders, protection, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.futures_orders import margin_coin
from bitget_cli.paper.engine.records import Plan, Position
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError

KINDS = ("profit_plan", "loss_plan", "moving_plan", "pos_profit", "pos_loss")
_TRIGGERS = ("fill_price", "mark_price")


@dataclass(frozen=True)
class _Leg:
    """The names under which one exit's parameters are sent."""

    kind: str
    trigger: str = "triggerPrice"
    by: str = "triggerType"
    execute: str = "executePrice"
    size: str = "size"
    client_oid: str = "clientOid"


_PROFIT = _Leg(
    "profit",
    "stopSurplusTriggerPrice",
    "stopSurplusTriggerType",
    "stopSurplusExecutePrice",
    "stopSurplusSize",
    "stopSurplusClientOid",
)
_LOSS = _Leg(
    "loss",
    "stopLossTriggerPrice",
    "stopLossTriggerType",
    "stopLossExecutePrice",
    "stopLossSize",
    "stopLossClientOid",
)


def place(floor: Floor, query: Query) -> Plan:
    """One exit, of the kind `planType` says."""
    instrument = query.future()
    margin_coin(query, instrument)
    kind = query.choice("planType", KINDS)
    position = plan_orders.held(floor, query, instrument)
    return _place(floor, query, position, _Leg(kind))


def place_both(floor: Floor, query: Query) -> list[tuple[Plan, bool]]:
    """Take-profit, stop-loss or both; with a size partial, without for the whole position. True marks the profit."""
    instrument = query.future()
    margin_coin(query, instrument)
    position = plan_orders.held(floor, query, instrument)
    placed: list[tuple[Plan, bool]] = []
    for leg in (_PROFIT, _LOSS):
        if query.maybe(leg.trigger):
            kind = f"{leg.kind}_plan" if query.maybe(leg.size) else f"pos_{leg.kind}"
            named = _Leg(kind, leg.trigger, leg.by, leg.execute, leg.size, leg.client_oid)
            placed.append((_place(floor, query, position, named), leg is _PROFIT))
    if not placed:
        raise refusals.missing("stopSurplusTriggerPrice")
    return placed


def _place(floor: Floor, query: Query, position: Position, leg: _Leg) -> Plan:
    instrument = position.instrument
    client_oid = terms.client_oid(floor, query, spot=False, name=leg.client_oid)
    by = query.choice(leg.by, _TRIGGERS, "fill_price")
    trigger = terms.price(query, leg.trigger, instrument)
    execute = terms.ticks(query, leg.execute, instrument)
    plan = protection.guard(floor, position, leg.kind, trigger=trigger, execute=execute, by=by)
    plan.client_oid = client_oid or plan.client_oid
    if not leg.kind.startswith("pos_"):
        plan.size = terms.lots(query, leg.size, instrument)
        if plan.size > position.size:
            raise RefusedError("43023", "Insufficient position, can not set profit or stop loss")
    if leg.kind == "moving_plan":
        plan.callback = plan_orders.callback(query, "rangeRate")
        plan.rising = position.hold == "long"
    else:
        _check_side(floor, plan, position)
    for other in protection.of(floor, position):
        if leg.kind.startswith("pos_") and other.plan_type == leg.kind:
            plan_orders.cancel(floor, other)
    return plan_orders.enter(floor, plan)


def _check_side(floor: Floor, plan: Plan, position: Position) -> None:
    """A take-profit lies beyond the price, a stop-loss before it."""
    price = floor.watched(plan).last(floor.time).price
    profit, long = "profit" in plan.plan_type, position.hold == "long"
    if (plan.trigger > price) if plan.rising else (plan.trigger < price):
        return
    if profit and long:
        sentence = "The take profit price of the long position should be greater than the current price"
        raise RefusedError("40830", sentence)
    if profit:
        raise RefusedError("40832", "The take profit price of short positions should be less than the current price")
    if long:
        sentence = "The stop loss price of the long position should be less than the current price"
        raise RefusedError("40834", sentence)
    raise RefusedError("40836", "The stop loss price of the short position should be greater than the current price")


def modify(floor: Floor, query: Query) -> Plan:
    """Another trigger, size or execution price; in the words of placing."""
    plan = plan_orders.find(floor, query)
    position = floor.position(plan.product, plan.symbol, plan.hold)
    if not plan.protects or position is None:
        raise RefusedError("43025", "Plan order does not exist")
    instrument = plan.instrument
    plan.trigger = terms.price(query, "triggerPrice", instrument)
    plan.trigger_by = query.choice("triggerType", _TRIGGERS, plan.trigger_by)
    if query.maybe("executePrice"):
        plan.execute = terms.ticks(query, "executePrice", instrument)
        plan.limit = plan.execute > 0
    if query.maybe("size") and not plan.plan_type.startswith("pos_"):
        plan.size = terms.lots(query, "size", instrument)
        if plan.size > position.size:
            raise RefusedError("43023", "Insufficient position, can not set profit or stop loss")
    if plan.callback:
        plan.callback = plan_orders.callback(query, "rangeRate") if query.maybe("rangeRate") else plan.callback
        plan.active = False
    else:
        _check_side(floor, plan, position)
    floor.save(plan)
    return plan
