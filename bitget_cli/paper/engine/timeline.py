"""Letting time pass: the earliest thing that happens next is found and done, until now is reached.

When a plan triggers, and what becomes of it, is here too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from heapq import heappop, heappush

from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine import fills, futures, liquidation, matching, parts, plans, spot, wallet
from bitget_cli.paper.engine.ledger import ZERO
from bitget_cli.paper.engine.records import IN_PARTS, Exits, Order, Plan, Position
from bitget_cli.paper.engine.state import COUNTDOWN, EngineState
from bitget_cli.paper.prices.path import Path
from bitget_cli.paper.prices.tree import LEAF, SPANS
from bitget_cli.values import Product

# The words of an executed order's `orderSource`.
_SOURCES = {
    "profit_plan": "profit",
    "loss_plan": "loss",
    "pos_profit": "pos_profit",
    "pos_loss": "pos_loss",
    "moving_plan": "profit",
}


def start_trailing(state: EngineState, identity: int) -> None:
    """The activation price is reached: from here on the best price counts."""
    plan = state.plans[identity]
    plan.active = True
    plan.extreme = state.watched(plan).last(state.time).price
    state.save(plan)


def remember(state: EngineState, identity: int, extreme: int) -> None:
    """Keep how far the price has gone, so that the next look starts from there."""
    plan = state.plans[identity]
    before = plan.updated
    plan.extreme = extreme
    state.save(plan)
    plan.updated = before


def turn(state: EngineState, identity: int, extreme: int) -> None:
    """The price is far enough back from its extreme."""
    remember(state, identity, extreme)
    fire(state, identity)


def fire(state: EngineState, identity: int) -> None:
    """A plan triggers: place its order. A refusal ends it as `fail_execute`."""
    plan = state.plans[identity]
    position = state.position(plan.product, plan.symbol, plan.hold) if plan.protects else None
    if position and position.id != plan.parent:
        position = None
    if plan.protects and position is None:
        end(state, plan, "cancelled")
        return
    try:
        with state.attempt():
            placed = _place(state, plan, position)
    except RefusedError as refusal:
        plan = state.plans[identity]
        plan.failure = f"{refusal.code} {refusal.msg}"
        end(state, plan, "fail_execute")
        return
    # Closing the position may have lifted the plan already; it has been executed all the same.
    plan.executed = placed.id
    if plan.product == Product.SPOT:
        fills.lift_other_spot_exits(state, plan)
    end(state, plan, "executed")


def end(state: EngineState, plan: Plan, status: str) -> None:
    plan.status = status
    state.save(plan)


def _place(state: EngineState, plan: Plan, position: Position | None) -> Order:
    order = Order(
        id=0,
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
        # The levels of a plan of two legs are its own, not its order's.
        exits=Exits() if plan.legs else plan.exits,
        # Bitget's order names the plan it came from there, whatever client id the plan itself was given.
        client_oid=str(plan.id),
    )
    if plan.product == Product.SPOT:
        return spot.submit(state, order)
    if position:
        order.size = min(plan.size or position.size, position.size)
        order.quote = ZERO
    return futures.submit(state, order)


def _source(plan: Plan) -> str:
    kind = "limit" if plan.limit else "market"
    if plan.plan_type in _SOURCES:
        return f"{_SOURCES[plan.plan_type]}_{kind}"
    return "normal" if plan.limit else "market"


Act = Callable[[], None]
# Callbacks count in hundredths of a percent.
_WHOLE = 10_000


def next_trigger(state: EngineState, plan: Plan, until: int) -> tuple[int, Act] | None:
    """What happens to a plan next: it triggers, starts to trail, or remembers how far it has trailed."""
    if state.time >= until:
        return None
    if plan.plan_type in IN_PARTS:
        return _next_part(state, plan, until)
    if plan.callback and plan.active:
        return _trailing(state, plan, until)
    if plan.legs:
        return _first_leg(state, plan, until)
    at = _reached(state, plan, until)
    if at is None:
        return None
    return at, lambda: fire(state, plan.id) if not plan.callback else start_trailing(state, plan.id)


def _first_leg(state: EngineState, plan: Plan, until: int) -> tuple[int, Act] | None:
    reached = [(at, leg) for leg in plan.legs if (at := _reached(state, leg, until)) is not None]
    if not reached:
        return None
    at, leg = min(reached, key=lambda each: each[0])

    def act() -> None:
        here = state.plans[plan.id]
        here.trigger, here.trigger_by, here.rising = leg.trigger, leg.trigger_by, leg.rising
        here.limit, here.execute = leg.limit, leg.execute
        fire(state, plan.id)

    return at, act


def _next_part(state: EngineState, plan: Plan, until: int) -> tuple[int, Act] | None:
    """Of a plan in parts: it begins at its trigger, ends at its bound, or places its next part, whichever is first."""
    if not plan.active:
        begins = _reached(state, plan, until)
        return None if begins is None else (begins, lambda: parts.turn(state, plan.id))
    if plan.interval and plan.bound:
        bound = replace(plan, trigger=plan.bound, rising=plan.bound_rising)
        ends = _reached(state, bound, min(until, plan.due))
        if ends is not None:
            return ends, lambda: _end_at_bound(state, plan.id)
    return (plan.due, lambda: parts.turn(state, plan.id)) if state.time < plan.due <= until else None


def _end_at_bound(state: EngineState, identity: int) -> None:
    plans.cancel(state, state.plans[identity])


def lapse(state: EngineState) -> None:
    """Nobody asked in time for the orders to stay: all go, once."""
    state.settings[COUNTDOWN] = "0"
    for order in list(state.orders.values()):
        matching.finish(state, order, "canceled", reason="countdown_cancel")


def _reached(state: EngineState, plan: Plan, until: int) -> int | None:
    path = state.watched(plan)
    least = plan.trigger if plan.rising else None
    most = None if plan.rising else plan.trigger
    if plan.trigger_by == "mark_price" and plan.product != Product.SPOT:
        return path.first_level(state.time, until, at_most=most, at_least=least)
    trade = path.first_trade(state.time, until, at_most=most, at_least=least)
    return trade.time if trade else None


def _trailing(state: EngineState, plan: Plan, until: int) -> tuple[int, Act] | None:
    trail = TrailingStop(state.watched(plan), plan.side == "sell", plan.callback, plan.extreme)
    at = trail.first_turn(state.time, until)
    if at is not None:
        return at, lambda: turn(state, plan.id, trail.extreme)
    if trail.extreme == plan.extreme:
        return None
    return until, lambda: remember(state, plan.id, trail.extreme)


@dataclass
class TrailingStop:
    """A price followed with its best so far: the highest for a sale, the lowest for a purchase.

    Mark prices are followed through their own tape, so that extremes within a second count as they do for trades.
    """

    path: Path
    falling: bool
    callback: int
    extreme: int

    def first_turn(self, after: int, until: int) -> int | None:
        """When, later than `after` and not after `until`, the price is `callback` back from its extreme, in ms."""
        day = SPANS[0]
        within = (after, until)
        for index in range(after // 1000 // day, until // 1000 // day + 1):
            found = self._descend(0, index, within)
            if found is not None:
                return found
        return None

    def _descend(self, level: int, index: int, within: tuple[int, int]) -> int | None:
        span = SPANS[level]
        first, last = index * span * 1000, (index + 1) * span * 1000
        if last <= within[0] or first > within[1]:
            return None
        node = self.path.node(level, index)
        best, worst = (node.high, node.low) if self.falling else (node.low, node.high)
        whole = within[0] < first and last <= within[1] + 1
        if whole and not self._turned(worst, self._better(best)):
            self.extreme = self._better(best)
            return None
        if level == LEAF:
            return self._through(index, within)
        count = span // SPANS[level + 1]
        for child in range(index * count, (index + 1) * count):
            found = self._descend(level + 1, child, within)
            if found is not None:
                return found
        return None

    def _through(self, second: int, within: tuple[int, int]) -> int | None:
        for trade in self.path.second(second):
            if not within[0] < trade.time <= within[1]:
                continue
            self.extreme = self._better(trade.price)
            if self._turned(trade.price, self.extreme):
                return trade.time
        return None

    def _better(self, price: int) -> int:
        return max(self.extreme, price) if self.falling else min(self.extreme, price)

    def _turned(self, price: int, extreme: int) -> bool:
        if self.falling:
            return price * _WHOLE <= extreme * (_WHOLE - self.callback)
        return price * _WHOLE >= extreme * (_WHOLE + self.callback)


# Each open order, plan and account knows when the path of its price next concerns it; a heap keeps the earliest on
# top. What an event touched is asked again. Nothing depends on how often somebody looks.

Key = tuple[str, str]
# At the same instant orders trade first, then plans trigger, then accounts are looked at, then funding is paid.
_RANK = {"order": 0, "plan": 1, "movement": 2, "risk": 3, "funding": 4, "countdown": 5}


def happen(state: EngineState, now: int) -> None:
    """Do everything that happens after the state's time and not after `now`."""
    _Agenda(state, now).run()


class _Agenda:
    """What happens next, earliest first. An entry is void once its key has been asked again."""

    def __init__(self, state: EngineState, until: int) -> None:
        self._state = state
        self._until = until
        self._heap: list[tuple[int, int, str, int, Act]] = []
        self._asked: dict[Key, int] = {}
        # Of these the accounts: they are looked through at every trade, of which an order in parts has thousands.
        self._accounts_asked: set[Key] = set()
        # Funding is paid up to here.
        self._paid = state.time

    def run(self) -> None:
        state = self._state
        keys = {("order", str(each)) for each in state.orders} | {("plan", str(each)) for each in state.plans}
        keys |= {("movement", str(each)) for each in state.movements} | self._accounts() | {("countdown", "")}
        self._ask(keys)
        while self._heap:
            time, rank, name, turn, act = heappop(self._heap)
            key = (_KINDS[rank], name)
            if self._asked[key] != turn:
                continue
            state.time = time
            state.touched.clear()
            act()
            if key[0] == "funding":
                self._paid = time
            self._ask(self._concerned() | {key})

    def _accounts(self) -> set[Key]:
        """Every account that holds positions, and the funding of them all."""
        keys: set[Key] = set()
        for position in self._state.positions.values():
            keys.add(("risk", f"{position.product}/{position.instrument.margin_coin}"))
            keys.add(("funding", ""))
        return keys

    def _concerned(self) -> set[Key]:
        """Whose future may have changed by what was touched."""
        keys: set[Key] = set()
        for kind, identity in self._state.touched:
            if kind in ("order", "plan", "movement"):
                keys.add((kind, str(identity)))
        kinds = {kind for kind, _ in self._state.touched}
        if kinds & {"position", "bill"}:
            # Those asked before too: what they were about may be gone.
            keys |= self._accounts() | self._accounts_asked
        return keys

    def _ask(self, keys: set[Key]) -> None:
        for key in keys:
            turn = self._asked[key] = self._asked.get(key, 0) + 1
            if key[0] in ("risk", "funding"):
                self._accounts_asked.add(key)
            found = self._next(key)
            if found:
                heappush(self._heap, (found[0], _RANK[key[0]], key[1], turn, found[1]))

    def _next(self, key: Key) -> tuple[int, Act] | None:
        state, until = self._state, self._until
        kind, name = key
        if kind == "order":
            return _next_trade(state, state.orders.get(int(name)), until)
        if kind == "plan":
            plan = state.plans.get(int(name))
            return next_trigger(state, plan, until) if plan else None
        if kind == "movement":
            return wallet.next_withdrawal(state, state.movements.get(int(name)), until)
        if kind == "countdown":
            at = int(state.settings.get(COUNTDOWN, "0"))
            return (at, lambda: lapse(state)) if state.time < at <= until else None
        if kind == "risk":
            product, _, coin = name.partition("/")
            return liquidation.next_liquidation(state, Product(product), coin, until)
        return liquidation.next_funding(state, until, paid=self._paid)


_KINDS = {rank: kind for kind, rank in _RANK.items()}


def _next_trade(state: EngineState, order: Order | None, until: int) -> tuple[int, Act] | None:
    """The next trade of the tape at an order's price or through it."""
    if order is None or not order.limit:
        return None
    path = state.prices.traded(order.instrument)
    if order.side == "buy":
        trade = path.first_trade(state.time, until, at_most=order.price)
    else:
        trade = path.first_trade(state.time, until, at_least=order.price)
    if trade is None:
        return None
    return trade.time, lambda: matching.meet(state, state.orders[order.id], trade)
