"""Take-profit and stop-loss of a position: attached when an order fills, lifted when the position is gone."""

from __future__ import annotations

from typing import Literal

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import ZERO
from bitget_cli.paper.engine.records import Exits, Order, Plan, Position, Side


def attach(floor: Floor, order: Order, position: Position) -> None:
    """An order with presets has filled: its exits now guard the whole position, in place of earlier ones."""
    exits = order.exits
    if exits.profit:
        _guard(floor, position, "pos_profit", exits.profit, exits.profit_execute, exits.profit_by)
    if exits.loss:
        _guard(floor, position, "pos_loss", exits.loss, exits.loss_execute, exits.loss_by)


def _guard(
    floor: Floor,
    position: Position,
    kind: Literal["pos_profit", "pos_loss"],
    trigger: int,
    execute: int,
    by: str,
) -> None:
    for plan in of(floor, position):
        if plan.plan_type == kind:
            if (plan.trigger, plan.execute) != (trigger, execute):
                plan.trigger, plan.execute, plan.limit = trigger, execute, execute > 0
                floor.save(plan)
            return
    floor.save(guard(floor, position, kind, trigger=trigger, execute=execute, by=by))


def guard(floor: Floor, position: Position, kind: str, *, trigger: int, execute: int = 0, by: str = "") -> Plan:
    """A new exit of a position; not saved yet."""
    side: Side = "sell" if position.hold == "long" else "buy"
    identity = floor.new_id()
    return Plan(
        id=identity,
        product=position.product,
        symbol=position.symbol,
        client_oid=str(identity),
        parent=position.id,
        plan_type=kind,
        side=side,
        trigger=trigger,
        trigger_by=by or "fill_price",
        rising=("profit" in kind) is (position.hold == "long"),
        limit=execute > 0,
        execute=execute,
        closing=True,
        reduce_only=True,
        hedge=position.hedge,
        margin_mode=position.margin_mode,
        exits=Exits(),
    )


def of(floor: Floor, position: Position) -> list[Plan]:
    """The exits of a position, oldest first."""
    return [plan for plan in list(floor.plans.values()) if plan.parent == position.id]


def lift(floor: Floor, position: Position, *, besides: Order | None = None) -> None:
    """A position is gone: its exits and the orders that could only have closed it go too."""
    for plan in of(floor, position):
        plan.status = "cancelled"
        floor.save(plan)
    closer = "sell" if position.hold == "long" else "buy"
    for order in list(floor.orders.values()):
        same = (order.product, order.symbol, order.side) == (position.product, position.symbol, closer)
        if order is not besides and same and (order.reduce_only or order.closing):
            order.status = "canceled"
            order.reserved = ZERO
            floor.save(order)
