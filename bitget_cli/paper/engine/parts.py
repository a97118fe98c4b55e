"""Plans that are worked off in parts: each part is an order of its own, placed when it is due."""

from __future__ import annotations

from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine import futures, spot
from bitget_cli.paper.engine.records import Exits, Order, Plan
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.values import Product

# There is nothing (more) to close: what a reduce-only plan was to do is done.
_NOTHING_TO_CLOSE = "22002"


def turn(state: EngineState, identity: int) -> None:
    """The next part is due. One that is refused ends the plan; what was traded before stays."""
    plan = state.plans[identity]
    try:
        with state.attempt():
            place_next(state, plan)
    except RefusedError as refusal:
        plan = state.plans[identity]
        plan.failure = f"{refusal.code} {refusal.msg}"
        is_done = plan.traded and refusal.code == _NOTHING_TO_CLOSE
        plan.status = "cancelled" if is_done else "fail_execute"
        state.save(plan)


def place_next(state: EngineState, plan: Plan) -> None:
    """Place the next part: at the market, or an iceberg's as a limit order. Raises RefusedError."""
    limit, lots = plan.plan_type == "iceberg", plan.next_part
    order = Order(
        id=0,
        product=plan.product,
        symbol=plan.symbol,
        parent=plan.id,
        side=plan.side,
        limit=limit,
        price=_price(state, plan) if limit else 0,
        size=lots,
        source="normal" if limit else "market",
        closing=plan.closing and plan.hedge,
        reduce_only=plan.reduce_only and not plan.hedge,
        hedge=plan.hedge,
        margin_mode=plan.margin_mode,
        exits=Exits(),
    )
    plan.active = True
    plan.turns += 1
    plan.sent += lots
    plan.due = state.time + plan.interval if plan.interval and plan.sent < plan.size else 0
    state.save(plan)
    submit = spot.submit if plan.product == Product.SPOT else futures.submit
    plan.executed = submit(state, order).id
    state.save(plan)


def _price(state: EngineState, plan: Plan) -> int:
    """Its own, or the best of its own side of the book or of the other, as far as its bound."""
    if not plan.follow:
        return plan.execute
    book = state.market.book(plan.instrument)
    bids = (plan.side == "buy") is (plan.follow == "queue1")
    best = (book.bids(1) if bids else book.asks(1))[0][0]
    if not plan.bound:
        return best
    return min(best, plan.bound) if plan.side == "buy" else max(best, plan.bound)
