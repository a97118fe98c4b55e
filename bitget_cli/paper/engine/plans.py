"""Trigger, trailing and exit orders of futures: placed, changed, cancelled."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine import fills, futures, matching, validation
from bitget_cli.paper.engine.futures import margin_coin
from bitget_cli.paper.engine.records import IN_PARTS, Exits, Plan, Position
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

_EXITS = ("stopSurplusTriggerPrice", "stopSurplusExecutePrice", "stopLossTriggerPrice", "stopLossExecutePrice")
_BY = ("stopSurplusTriggerType", "stopLossTriggerType")
_TRIGGERS = ("fill_price", "mark_price")


def place_plan(state: EngineState, query: Query) -> Plan:
    """A trigger order (`normal_plan`) or a trailing one (`track_plan`)."""
    kind = query.choice("planType", ("normal_plan", "track_plan"))
    instrument = query.future()
    futures.margin_coin(query, instrument)
    side, hedge, closing, reduce_only = futures.direction(state, query, instrument)
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    plan = Plan(
        id=0,
        product=instrument.product,
        symbol=instrument.symbol,
        client_oid=validation.client_oid(state, query, spot=False),
        plan_type=kind,
        side=side,
        trigger=validation.price(query, "triggerPrice", instrument),
        trigger_by=query.choice("triggerType", _TRIGGERS),
        rising=False,
        size=validation.lots(query, "size", instrument),
        limit=limit,
        execute=_execute(query, instrument) if limit else 0,
        callback=callback(query, "callbackRatio") if kind == "track_plan" else 0,
        closing=closing,
        reduce_only=reduce_only,
        hedge=hedge,
        margin_mode=futures.margin_mode(query),
        exits=validation.exits(query, instrument, _EXITS, _BY),
    )
    if kind == "track_plan" and (limit or plan.exits):
        raise answers.not_learnt("track_plan with a limit or attached exits")
    validation.large_enough(state, instrument, plan.size, plan.trigger)
    _check_exits(state, plan)
    return enter(state, plan)


def _execute(query: Query, instrument: PaperInstrument) -> int:
    """The limit price: `price` in Bitget's words, `executePrice` in other people's."""
    name = "price" if query.maybe("price") else "executePrice"
    return validation.price(query, name, instrument)


def callback(query: Query, name: str) -> int:
    """Percent, two decimals at most, as hundredths: 0.01 to 10."""
    hundredths = validation.positive(query, name) * 100
    if hundredths != int(hundredths) or hundredths > 1000:
        raise answers.wrong(name)
    return int(hundredths)


def enter(state: EngineState, plan: Plan) -> Plan:
    """Let a new plan wait, on the side of its trigger the price is on now."""
    validation.enter(state, plan)
    if not (plan.protects or plan.legs):
        plan.rising = plan.trigger >= state.watched(plan).last(state.time).price
    state.save(plan)
    return plan


def find(state: EngineState, query: Query, *, kind: str = "") -> Plan:
    """The waiting plan that `orderId` or `clientOid` names: of a kind of spot's, or one of futures."""
    is_named = query.names()
    for plan in state.plans.values():
        if is_named(plan) and (plan.plan_type == kind if kind else plan.product != Product.SPOT):
            return plan
    raise RefusedError("43025", "Plan order does not exist")


def modify_plan(state: EngineState, query: Query) -> Plan:
    """A `normal_plan` or `track_plan`, in the words `new…`; what is not sent stays."""
    plan = find(state, query)
    instrument = plan.instrument
    if plan.protects:
        raise RefusedError("43025", "Plan order does not exist")
    if query.maybe("newTriggerPrice"):
        plan.trigger = validation.price(query, "newTriggerPrice", instrument)
        plan.active = False
    if query.maybe("newTriggerType"):
        plan.trigger_by = query.choice("newTriggerType", _TRIGGERS)
    if query.maybe("newSize"):
        plan.size = validation.lots(query, "newSize", instrument)
    if query.maybe("newPrice") and plan.limit:
        plan.execute = validation.price(query, "newPrice", instrument)
    if query.maybe("newCallbackRatio") and plan.callback:
        plan.callback = callback(query, "newCallbackRatio")
    plan.exits = _new_exits(query, instrument, plan.exits)
    _check_exits(state, plan)
    return enter(state, plan)


def _check_exits(state: EngineState, plan: Plan) -> None:
    if not (plan.closing or plan.reduce_only):
        validation.check_exits(state, plan.instrument, plan.exits, plan.side, limit=plan.execute, trigger=plan.trigger)


def _new_exits(query: Query, instrument: PaperInstrument, before: Exits) -> Exits:
    """Those sent replace those before; `0` removes."""
    names, by = validation.anew(_EXITS), validation.anew(_BY)
    after = validation.exits(query, instrument, names, by)
    return before.updated(after, profit=bool(query.maybe(names[0])), loss=bool(query.maybe(names[2])))


def cancel(state: EngineState, plan: Plan) -> Plan:
    """With the part of it that rests on the book, if it is worked off in parts."""
    plan.status = "cancelled"
    state.save(plan)
    if plan.plan_type in IN_PARTS:
        for order in [each for each in state.orders.values() if each.parent == plan.id]:
            plan.traded += order.filled
            matching.cancel(state, order)
        state.save(plan)
    return plan


def chosen(state: EngineState, query: Query) -> list[Plan]:
    """The waiting plans of a product, or one of its symbols, and of a `planType` (`normal_plan` unless sent)."""
    kind = query.maybe("planType") or "normal_plan"
    markets = {(each.product, each.symbol) for each in query.chosen_futures()}
    return [
        plan
        for plan in state.plans.values()
        if (plan.product, plan.symbol) in markets
        and (plan.plan_type == kind or (kind == "profit_loss" and plan.protects))
    ]


def held(state: EngineState, query: Query, instrument: PaperInstrument) -> Position:
    """The position `holdSide` names: long or short, in one-way mode buy or sell too."""
    word = query.choice("holdSide", ("long", "short", "buy", "sell"))
    hold = "long" if word in ("long", "buy") else "short"
    position = state.position(instrument.product, instrument.symbol, hold)
    if position is None:
        raise RefusedError(
            "40837", "There is no position in this position, so stop-profit and stop-loss orders cannot be made"
        )
    return position


def percent(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)


KINDS = ("profit_plan", "loss_plan", "moving_plan", "pos_profit", "pos_loss")


class _Leg(NamedTuple):
    """The names under which one exit's parameters are sent."""

    kind: str
    trigger: str = "triggerPrice"
    by: str = "triggerType"
    execute: str = "executePrice"
    size: str = "size"
    client_oid: str = "clientOid"


def _leg(kind: str, word: str) -> _Leg:
    """Of two that are sent together."""
    parts = ("TriggerPrice", "TriggerType", "ExecutePrice", "Size", "ClientOid")
    return _Leg(kind, *(f"{word}{part}" for part in parts))


_PROFIT, _LOSS = _leg("profit", "stopSurplus"), _leg("loss", "stopLoss")


def place_exit(state: EngineState, query: Query) -> Plan:
    """One exit, of the kind `planType` says."""
    instrument = query.future()
    margin_coin(query, instrument)
    kind = query.choice("planType", KINDS)
    position = held(state, query, instrument)
    return _place(state, query, position, _Leg(kind))


def place_both_exits(state: EngineState, query: Query) -> list[tuple[Plan, bool]]:
    """Take-profit, stop-loss or both; with a size partial, without for the whole position. True marks the profit."""
    instrument = query.future()
    margin_coin(query, instrument)
    position = held(state, query, instrument)
    placed: list[tuple[Plan, bool]] = []
    for leg in (_PROFIT, _LOSS):
        if query.maybe(leg.trigger):
            kind = f"{leg.kind}_plan" if query.maybe(leg.size) else f"pos_{leg.kind}"
            placed.append((_place(state, query, position, leg._replace(kind=kind)), leg is _PROFIT))
    if not placed:
        raise answers.missing("stopSurplusTriggerPrice")
    return placed


def _place(state: EngineState, query: Query, position: Position, leg: _Leg) -> Plan:
    instrument = position.instrument
    client_oid = validation.client_oid(state, query, spot=False, name=leg.client_oid)
    by = query.choice(leg.by, _TRIGGERS, "fill_price")
    trigger = validation.price(query, leg.trigger, instrument)
    execute = validation.ticks(query, leg.execute, instrument)
    plan = fills.guard(state, position, leg.kind, trigger=trigger, execute=execute, by=by)
    plan.client_oid = client_oid or plan.client_oid
    if not leg.kind.startswith("pos_"):
        plan.size = validation.lots(query, leg.size, instrument)
        if plan.size > position.size:
            raise RefusedError("43023", "Insufficient position, can not set profit or stop loss")
    if leg.kind == "moving_plan":
        plan.callback = callback(query, "rangeRate")
        plan.rising = position.hold == "long"
    else:
        _check_side(state, plan, position)
    for other in fills.futures_exits_of(state, position):
        if leg.kind.startswith("pos_") and other.plan_type == leg.kind:
            cancel(state, other)
    return enter(state, plan)


def _check_side(state: EngineState, plan: Plan, position: Position) -> None:
    """A take-profit lies beyond the price, a stop-loss before it."""
    price = state.watched(plan).last(state.time).price
    if not (plan.trigger > price if plan.rising else plan.trigger < price):
        raise RefusedError(*validation.BESIDE["profit" in plan.plan_type, position.hold == "long"])


def modify_exit(state: EngineState, query: Query) -> Plan:
    """Another trigger, size or execution price; in the words of placing."""
    plan = find(state, query)
    position = state.position(plan.product, plan.symbol, plan.hold)
    if not plan.protects or position is None:
        raise RefusedError("43025", "Plan order does not exist")
    instrument = plan.instrument
    plan.trigger = validation.price(query, "triggerPrice", instrument)
    plan.trigger_by = query.choice("triggerType", _TRIGGERS, plan.trigger_by)
    if query.maybe("executePrice"):
        plan.execute = validation.ticks(query, "executePrice", instrument)
        plan.limit = plan.execute > 0
    if query.maybe("size") and not plan.plan_type.startswith("pos_"):
        plan.size = validation.lots(query, "size", instrument)
        if plan.size > position.size:
            raise RefusedError("43023", "Insufficient position, can not set profit or stop loss")
    if plan.callback:
        plan.callback = callback(query, "rangeRate") if query.maybe("rangeRate") else plan.callback
        plan.active = False
    else:
        _check_side(state, plan, position)
    state.save(plan)
    return plan
