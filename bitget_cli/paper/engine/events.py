"""Letting time pass: the earliest thing that happens next is found and done, until now is reached.

Each open order, plan and account knows when the path of its price next concerns it; a heap keeps the earliest on top.
What an event touched is asked again. Nothing depends on how often somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from bitget_cli.paper.engine import funding, liquidation, matching, triggers, wallet
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.records import Order
from bitget_cli.values import Product

Key = tuple[str, str]
Act = Callable[[], None]
# At the same instant orders trade first, then plans trigger, then accounts are looked at, then funding is paid.
_RANK = {"order": 0, "plan": 1, "movement": 2, "risk": 3, "funding": 4}


def happen(floor: Floor, now: int) -> None:
    """Do everything that happens after the floor's time and not after `now`."""
    _Agenda(floor, now).run()


class _Agenda:
    """What happens next, earliest first. An entry is void once its key has been asked again."""

    def __init__(self, floor: Floor, until: int) -> None:
        self._floor = floor
        self._until = until
        self._heap: list[tuple[int, int, str, int, Act]] = []
        self._asked: dict[Key, int] = {}
        # Funding is paid up to here.
        self._paid = floor.time

    def run(self) -> None:
        floor = self._floor
        keys = {("order", str(each)) for each in floor.orders} | {("plan", str(each)) for each in floor.plans}
        keys |= {("movement", str(each)) for each in floor.movements} | self._accounts()
        self._ask(keys)
        while self._heap:
            time, rank, name, turn, act = heappop(self._heap)
            key = (_KINDS[rank], name)
            if self._asked[key] != turn:
                continue
            floor.time = time
            floor.touched.clear()
            act()
            if key[0] == "funding":
                self._paid = time
            self._ask(self._concerned() | {key})

    def _accounts(self) -> set[Key]:
        """Every account that holds positions, and the funding of them all."""
        keys: set[Key] = set()
        for position in self._floor.positions.values():
            keys.add(("risk", f"{position.product}/{position.instrument.margin_coin}"))
            keys.add(("funding", ""))
        return keys

    def _concerned(self) -> set[Key]:
        """Whose future may have changed by what was touched."""
        keys: set[Key] = set()
        for kind, identity in self._floor.touched:
            if kind in ("order", "plan", "movement"):
                keys.add((kind, str(identity)))
        kinds = {kind for kind, _ in self._floor.touched}
        if kinds & {"position", "bill"}:
            # Those asked before too: what they were about may be gone.
            keys |= self._accounts() | {key for key in self._asked if key[0] in ("risk", "funding")}
        return keys

    def _ask(self, keys: set[Key]) -> None:
        for key in keys:
            turn = self._asked[key] = self._asked.get(key, 0) + 1
            found = self._next(key)
            if found:
                heappush(self._heap, (found[0], _RANK[key[0]], key[1], turn, found[1]))

    def _next(self, key: Key) -> tuple[int, Act] | None:
        floor, until = self._floor, self._until
        kind, name = key
        if kind == "order":
            return _next_trade(floor, floor.orders.get(int(name)), until)
        if kind == "plan":
            plan = floor.plans.get(int(name))
            return triggers.next_of(floor, plan, until) if plan else None
        if kind == "movement":
            return wallet.next_of(floor, floor.movements.get(int(name)), until)
        if kind == "risk":
            product, _, coin = name.partition("/")
            return liquidation.next_of(floor, Product(product), coin, until)
        return funding.next_of(floor, until, paid=self._paid)


_KINDS = {rank: kind for kind, rank in _RANK.items()}


def _next_trade(floor: Floor, order: Order | None, until: int) -> tuple[int, Act] | None:
    """The next trade of the tape at an order's price or through it."""
    if order is None or not order.limit:
        return None
    path = floor.prices.traded(order.instrument)
    if order.side == "buy":
        trade = path.first_trade(floor.time, until, at_most=order.price)
    else:
        trade = path.first_trade(floor.time, until, at_least=order.price)
    if trade is None:
        return None
    return trade.time, lambda: matching.meet(floor, floor.orders[order.id], trade)
