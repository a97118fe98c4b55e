"""Plan orders of futures: placed, changed, cancelled."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import futures_orders, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.records import Exits, Plan, Position
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError
from bitget_cli.values import Product

EXITS = (
    "stopSurplusTriggerPrice",
    "stopSurplusExecutePrice",
    "stopLossTriggerPrice",
    "stopLossExecutePrice",
)
BY = ("stopSurplusTriggerType", "stopLossTriggerType")
_TRIGGERS = ("fill_price", "mark_price")
_MOST_PLANS = 200


def place(floor: Floor, query: Query) -> Plan:
    """A trigger order (`normal_plan`) or a trailing one (`track_plan`)."""
    kind = query.choice("planType", ("normal_plan", "track_plan"))
    instrument = query.future()
    futures_orders.margin_coin(query, instrument)
    hedge, closing = futures_orders.sides(floor, query, instrument)
    wire_side = terms.side(query)
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    plan = Plan(
        id=0,
        product=instrument.product,
        symbol=instrument.symbol,
        client_oid=terms.client_oid(floor, query, spot=False),
        plan_type=kind,
        side=wire_side if not closing else ("sell" if wire_side == "buy" else "buy"),
        trigger=terms.price(query, "triggerPrice", instrument),
        trigger_by=query.choice("triggerType", _TRIGGERS),
        rising=False,
        size=terms.lots(query, "size", instrument),
        limit=limit,
        execute=_execute(query, instrument) if limit else 0,
        callback=callback(query, "callbackRatio") if kind == "track_plan" else 0,
        closing=closing,
        reduce_only=not hedge and (query.maybe("reduceOnly") or "").upper() == "YES",
        hedge=hedge,
        margin_mode=futures_orders.margin_mode(query),
        exits=terms.exits(query, instrument, EXITS, BY),
    )
    if kind == "track_plan" and (limit or plan.exits):
        raise refusals.not_learnt("track_plan with a limit or attached exits")
    terms.large_enough(floor, instrument, plan.size, plan.trigger)
    _check_exits(floor, plan)
    return enter(floor, plan)


def _execute(query: Query, instrument: Instrument) -> int:
    """The limit price: `price` in Bitget's words, `executePrice` in other people's."""
    name = "price" if query.maybe("price") else "executePrice"
    return terms.price(query, name, instrument)


def callback(query: Query, name: str) -> int:
    """Percent, two decimals at most, as hundredths: 0.01 to 10."""
    hundredths = terms.positive(query, name) * 100
    if hundredths != int(hundredths) or hundredths > 1000:
        raise refusals.wrong(name)
    return int(hundredths)


def enter(floor: Floor, plan: Plan) -> Plan:
    """Let a new plan wait, on the side of its trigger the price is on now."""
    if sum((each.product, each.symbol) == (plan.product, plan.symbol) for each in floor.plans.values()) >= _MOST_PLANS:
        raise RefusedError("40889", "The plan order of this contract has reached the upper limit")
    plan.id = plan.id or floor.new_id()
    plan.client_oid = plan.client_oid or str(plan.id)
    if not plan.protects:
        plan.rising = plan.trigger >= floor.watched(plan).last(floor.time).price
    floor.save(plan)
    return plan


def find(floor: Floor, query: Query, *, kind: str = "") -> Plan:
    """The waiting plan that `orderId` or `clientOid` names: of a kind of spot's, or one of futures."""
    identity, client_oid = query.maybe("orderId"), query.maybe("clientOid")
    if identity is None and client_oid is None:
        raise refusals.missing("orderId")
    for plan in floor.plans.values():
        named = str(plan.id) == identity if identity else plan.client_oid == client_oid
        if named and (plan.plan_type == kind if kind else plan.product != Product.SPOT):
            return plan
    raise RefusedError("43025", "Plan order does not exist")


def modify(floor: Floor, query: Query) -> Plan:
    """A `normal_plan` or `track_plan`, in the words `new…`; what is not sent stays."""
    plan = find(floor, query)
    instrument = plan.instrument
    if plan.protects:
        raise RefusedError("43025", "Plan order does not exist")
    if query.maybe("newTriggerPrice"):
        plan.trigger = terms.price(query, "newTriggerPrice", instrument)
        plan.active = False
    if query.maybe("newTriggerType"):
        plan.trigger_by = query.choice("newTriggerType", _TRIGGERS)
    if query.maybe("newSize"):
        plan.size = terms.lots(query, "newSize", instrument)
    if query.maybe("newPrice") and plan.limit:
        plan.execute = terms.price(query, "newPrice", instrument)
    if query.maybe("newCallbackRatio") and plan.callback:
        plan.callback = callback(query, "newCallbackRatio")
    plan.exits = _new_exits(query, instrument, plan.exits)
    _check_exits(floor, plan)
    return enter(floor, plan)


def _check_exits(floor: Floor, plan: Plan) -> None:
    if not (plan.closing or plan.reduce_only):
        terms.check_exits(floor, plan.instrument, plan.exits, plan.side, limit=plan.execute, trigger=plan.trigger)


def _new_exits(query: Query, instrument: Instrument, before: Exits) -> Exits:
    """Those sent replace those before; `0` removes."""
    names = tuple(f"new{name[0].upper()}{name[1:]}" for name in EXITS)
    by = tuple(f"new{name[0].upper()}{name[1:]}" for name in BY)
    after = terms.exits(query, instrument, (names[0], names[1], names[2], names[3]), (by[0], by[1]))
    if query.maybe(names[0]) is None:
        after.profit, after.profit_execute, after.profit_by = before.profit, before.profit_execute, before.profit_by
    if query.maybe(names[2]) is None:
        after.loss, after.loss_execute, after.loss_by = before.loss, before.loss_execute, before.loss_by
    return after


def cancel(floor: Floor, plan: Plan) -> Plan:
    plan.status = "cancelled"
    floor.save(plan)
    return plan


def chosen(floor: Floor, query: Query) -> list[Plan]:
    """The waiting plans of a product, or one of its symbols, and of a `planType` (`normal_plan` unless sent)."""
    kind = query.maybe("planType") or "normal_plan"
    markets = {(each.product, each.symbol) for each in query.chosen_futures()}
    return [
        plan
        for plan in floor.plans.values()
        if (plan.product, plan.symbol) in markets
        and (plan.plan_type == kind or (kind == "profit_loss" and plan.protects))
    ]


def held(floor: Floor, query: Query, instrument: Instrument) -> Position:
    """The position `holdSide` names: long or short, in one-way mode buy or sell too."""
    word = query.choice("holdSide", ("long", "short", "buy", "sell"))
    hold = "long" if word in ("long", "buy") else "short"
    position = floor.position(instrument.product, instrument.symbol, hold)
    if position is None:
        raise RefusedError(
            "40837", "There is no position in this position, so stop-profit and stop-loss orders cannot be made"
        )
    return position


def percent(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2)
