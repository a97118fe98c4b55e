"""Take-profit and stop-loss of spot: attached to a purchase, or placed by themselves (`tpslType=tpsl`).

Nothing is frozen for them. Of the two that guard one purchase the first to trigger takes the other away.
"""

from __future__ import annotations

from bitget_cli.paper.engine import terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import ZERO, lots_of, size_of
from bitget_cli.paper.engine.records import Exits, Order, Plan
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.query import Query
from bitget_cli.values import Product

KIND = "tpsl"


def attach(floor: Floor, order: Order) -> None:
    """A purchase is over: what it brought, less its fee, is guarded by its exits."""
    exits = order.exits
    instrument = order.instrument
    bought = lots_of(instrument, size_of(instrument, order.filled) + order.fee)
    legs = ((True, exits.profit, exits.profit_execute), (False, exits.loss, exits.loss_execute))
    for rising, trigger, execute in legs:
        if trigger and bought:
            plan = _plan(instrument, trigger=trigger, execute=execute)
            plan.size, plan.parent, plan.rising = bought, order.id, rising
            _wait(floor, plan)


def place(floor: Floor, query: Query) -> Plan:
    """One by itself: `triggerPrice`, and `price` for a limit order."""
    instrument = query.spot()
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    execute = terms.price(query, "price", instrument) if limit else 0
    plan = _plan(instrument, trigger=terms.price(query, "triggerPrice", instrument), execute=execute)
    plan.side = terms.side(query)
    plan.client_oid = terms.client_oid(floor, query, spot=True)
    plan.rising = plan.trigger >= floor.prices.traded(instrument).last(floor.time).price
    if plan.side == "buy" and not limit:
        plan.quote = terms.positive(query, "size")
    else:
        plan.size = terms.lots(query, "size", instrument)
        terms.large_enough(floor, instrument, plan.size, execute or plan.trigger)
    return _wait(floor, plan)


def lift_others(floor: Floor, plan: Plan) -> None:
    """The purchase a plan guarded needs no second guard."""
    for other in list(floor.plans.values()):
        if plan.parent and other.parent == plan.parent and other.plan_type == KIND and other.id != plan.id:
            other.status = "cancelled"
            floor.save(other)


def _plan(instrument: Instrument, *, trigger: int, execute: int) -> Plan:
    return Plan(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        plan_type=KIND,
        side="sell",
        trigger=trigger,
        trigger_by="fill_price",
        rising=False,
        limit=execute > 0,
        execute=execute,
        quote=ZERO,
        exits=Exits(),
    )


def _wait(floor: Floor, plan: Plan) -> Plan:
    plan.id = floor.new_id()
    plan.client_oid = plan.client_oid or str(plan.id)
    floor.save(plan)
    return plan
