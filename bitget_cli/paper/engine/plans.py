"""What becomes of a plan: it trails, it triggers and places its order, or that order is refused."""

from __future__ import annotations

from bitget_cli.paper.engine import futures_orders, spot_exits, spot_orders
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import ZERO
from bitget_cli.paper.engine.records import Order, Plan, Position
from bitget_cli.paper.refusals import RefusedError
from bitget_cli.values import Product

# The words of an executed order's `orderSource`.
_SOURCES = {
    "profit_plan": "profit",
    "loss_plan": "loss",
    "pos_profit": "pos_profit",
    "pos_loss": "pos_loss",
    "moving_plan": "profit",
}


def start_trailing(floor: Floor, identity: int) -> None:
    """The activation price is reached: from here on the best price counts."""

    plan = floor.plans[identity]
    plan.active = True
    plan.extreme = floor.watched(plan).last(floor.time).price
    floor.save(plan)


def remember(floor: Floor, identity: int, extreme: int) -> None:
    """Keep how far the price has gone, so that the next look starts from there."""
    plan = floor.plans[identity]
    before = plan.updated
    plan.extreme = extreme
    floor.save(plan)
    plan.updated = before


def turn(floor: Floor, identity: int, extreme: int) -> None:
    """The price is far enough back from its extreme."""
    remember(floor, identity, extreme)
    fire(floor, identity)


def fire(floor: Floor, identity: int) -> None:
    """A plan triggers: place its order. A refusal ends it as `fail_execute`."""
    plan = floor.plans[identity]
    position = _protected(floor, plan)
    if plan.protects and position is None:
        end(floor, plan, "cancelled")
        return
    try:
        with floor.attempt():
            placed = _place(floor, plan, position)
    except RefusedError as refusal:
        plan = floor.plans[identity]
        plan.failure = f"{refusal.code} {refusal.msg}"
        end(floor, plan, "fail_execute")
        return
    # Closing the position may have lifted the plan already; it has been executed all the same.
    plan.executed = placed.id
    if plan.product == Product.SPOT:
        spot_exits.lift_others(floor, plan)
    end(floor, plan, "executed")


def end(floor: Floor, plan: Plan, status: str) -> None:
    plan.status = status
    floor.save(plan)


def _protected(floor: Floor, plan: Plan) -> Position | None:
    position = floor.position(plan.product, plan.symbol, plan.hold) if plan.protects else None
    return position if position and position.id == plan.parent else None


def _place(floor: Floor, plan: Plan, position: Position | None) -> Order:
    order = Order(
        id=floor.new_id(),
        product=plan.product,
        symbol=plan.symbol,
        parent=plan.id,
        side=plan.side,
        limit=plan.limit,
        price=plan.execute if plan.limit else 0,
        size=plan.size,
        quote=plan.quote,
        source=_source(plan),
        closing=plan.closing and plan.hedge,
        reduce_only=plan.reduce_only and not plan.hedge,
        hedge=plan.hedge,
        margin_mode=plan.margin_mode,
        exits=plan.exits,
        # Bitget's order names the plan it came from there, whatever client id the plan itself was given.
        client_oid=str(plan.id),
    )
    if plan.product == Product.SPOT:
        return spot_orders.submit(floor, order)
    if position:
        order.size = min(plan.size or position.size, position.size)
        order.quote = ZERO
    return futures_orders.submit(floor, order)


def _source(plan: Plan) -> str:
    kind = "limit" if plan.limit else "market"
    if plan.plan_type in _SOURCES:
        return f"{_SOURCES[plan.plan_type]}_{kind}"
    return "normal" if plan.limit else "market"
