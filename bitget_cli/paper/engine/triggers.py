"""When a plan triggers: the first trade or mark price at its trigger, or far enough back from the best it has seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bitget_cli.paper.engine import plans
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.records import Plan
from bitget_cli.paper.nodes import LEAF, SPANS
from bitget_cli.paper.path import Path
from bitget_cli.values import Product

Act = Callable[[], None]
# Callbacks count in hundredths of a percent.
_WHOLE = 10_000


def next_of(floor: Floor, plan: Plan, until: int) -> tuple[int, Act] | None:
    """What happens to a plan next: it triggers, starts to trail, or remembers how far it has trailed."""
    if floor.time >= until:
        return None
    if plan.callback and plan.active:
        return _trailing(floor, plan, until)
    at = _reached(floor, plan, until)
    if at is None:
        return None
    return at, lambda: plans.fire(floor, plan.id) if not plan.callback else plans.start_trailing(floor, plan.id)


def _reached(floor: Floor, plan: Plan, until: int) -> int | None:
    path = floor.watched(plan)
    least = plan.trigger if plan.rising else None
    most = None if plan.rising else plan.trigger
    if plan.trigger_by == "mark_price" and plan.product != Product.SPOT:
        return path.first_level(floor.time, until, at_most=most, at_least=least)
    trade = path.first_trade(floor.time, until, at_most=most, at_least=least)
    return trade.time if trade else None


def _trailing(floor: Floor, plan: Plan, until: int) -> tuple[int, Act] | None:
    trail = Trail(floor.watched(plan), plan.side == "sell", plan.callback, plan.extreme)
    at = trail.first_turn(floor.time, until)
    if at is not None:
        return at, lambda: plans.turn(floor, plan.id, trail.extreme)
    if trail.extreme == plan.extreme:
        return None
    return until, lambda: plans.remember(floor, plan.id, trail.extreme)


@dataclass
class Trail:
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
