"""What is open in an account: its waiting orders, its orders and its positions, and which of them guards another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bitget_cli.errors import BitgetError, CredentialsError, NetworkError
from bitget_cli.trading.model import OPENING, OPPOSITE, Direction, Position
from bitget_cli.trading.order_model import Order, Plan, PlanType
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.session import Session


class Reach(NamedTuple):
    """What is meant: these products, without the markets that are kept."""

    products: tuple[Product, ...]
    kept: frozenset[Symbol] = frozenset()

    def has(self, market: Symbol) -> bool:
        return market.product in self.products and market not in self.kept

    def __str__(self) -> str:
        kept = f" besides {', '.join(sorted(name_of(market) for market in self.kept))}" if self.kept else ""
        return f"{', '.join(self.products)}{kept}"


class Unread(NamedTuple):
    """A list that the account did not show, or that was not asked for, since it did not show another of its sort."""

    what: str
    product: Product
    error: BitgetError
    was_asked: bool

    @property
    def sentence(self) -> str:
        return f"{self.what} could not be read: {self.error.message}"


class Survey(NamedTuple):
    """What an account shows of all that is to go; of `hidden` products it did not show what is held."""

    plans: tuple[Plan, ...] = ()
    orders: tuple[Order, ...] = ()
    positions: tuple[Position, ...] = ()
    unread: tuple[Unread, ...] = ()
    hidden: frozenset[Product] = frozenset()

    @property
    def things(self) -> tuple[Position | Order | Plan, ...]:
        return (*self.positions, *self.orders, *self.plans)

    @property
    def is_flat(self) -> bool:
        return not (self.things or self.unread)

    @property
    def markets(self) -> list[Symbol]:
        """Those with positions first."""
        return list(dict.fromkeys(one.symbol for one in self.things))

    def of(self, market: Symbol) -> Survey:
        return Survey(
            tuple(plan for plan in self.plans if plan.symbol == market),
            tuple(order for order in self.orders if order.symbol == market),
            tuple(held for held in self.positions if held.symbol == market),
            hidden=self.hidden,
        )


def surveyed(session: Session, scope: Reach, *, until: float, before: Survey | None = None) -> Survey:
    """All there is. What waits is asked for before what rests, and that before what is held: an order that is set off
    or filled meanwhile shows in the next list. From the monotonic second `until` on nothing is asked any more.

    What could not be read `before` is asked for after the others of its sort. Raises CredentialsError where there is no
    key to ask with.
    """
    adapter, lists = session.adapter, _Lists(session, scope, until, before)
    plans = lists.of("the waiting orders", lambda product: adapter.open_plans(product, None), scope.products)
    orders = lists.of("the orders", lambda product: adapter.open_orders(product, None), scope.products)
    known = len(lists.unread)
    held = lists.of("the positions", adapter.positions, [product for product in scope.products if not product.is_spot])
    hidden = frozenset(one.product for one in lists.unread[known:])
    return Survey(tuple(plans), tuple(orders), tuple(held), tuple(lists.unread), hidden)


Thing = TypeVar("Thing", Position, Order, Plan)


class _Lists:
    """Asks for lists, and keeps which of them could not be read."""

    def __init__(self, session: Session, scope: Reach, until: float, before: Survey | None) -> None:
        self._clock, self._scope, self._until = session.clock, scope, until
        self._failed = {one.what for one in before.unread if one.was_asked} if before else set[str]()
        self.unread: list[Unread] = []

    def of(self, what: str, ask: Callable[[Product], Iterable[Thing]], products: Sequence[Product]) -> list[Thing]:
        """One sort of lists. After one that is not answered at all the rest of the sort is not waited for as well."""
        found: list[Thing] = []
        silence: NetworkError | None = None
        for product in sorted(products, key=lambda product: f"{what} of {product}" in self._failed):
            error = silence or self._read(ask, product, found)
            if error:
                self.unread.append(Unread(f"{what} of {product}", product, error, was_asked=not silence))
            if isinstance(error, NetworkError) and error.http_status is None:
                silence = error
        return found

    def _read(
        self, ask: Callable[[Product], Iterable[Thing]], product: Product, found: list[Thing]
    ) -> BitgetError | None:
        """What kept it from being read whole; what came before that is kept."""
        if self._clock.monotonic() >= self._until:
            return NetworkError("there was no time left to ask")
        try:
            found.extend(one for one in ask(product) if self._scope.has(one.symbol))
        except BitgetError as error:
            if isinstance(error, CredentialsError) and error.code is None:
                raise
            return error
        return None


# Trades now, part by part, whatever the price does: nobody's stop.
_IN_PARTS = (PlanType.TWAP, PlanType.ICEBERG)


def may_guard(plan: Plan, held: Sequence[Position]) -> bool:
    """Whether a waiting order may be what keeps one of these positions from losing more.

    One that goes against a position and does not tell whether it only closes may be: should it be set off after all,
    what it opens is seen and closed, and a stop that was taken away for it would be missing now.
    """
    if plan.type in _IN_PARTS or (plan.closes is False and not plan.type.is_exit):
        return False
    return any(one.symbol == plan.symbol and plan.direction in (None, OPPOSITE[OPENING[one.side]]) for one in held)


def may_open(plan: Plan, seen: Survey) -> bool:
    """Whether a waiting order has to go first: it is no exit, and nobody's stop."""
    if plan.type in _IN_PARTS:
        return True
    if plan.type.is_exit or plan.closes or may_guard(plan, seen.positions):
        return False
    # Where it is not known what is held, it is not known either what guards it.
    return plan.closes is False or plan.symbol.product not in seen.hidden


def key_of(thing: Position | Order | Plan) -> str:
    """What it is called in its account."""
    own = thing.side.value if isinstance(thing, Position) else thing.order_id
    return f"{thing.symbol.product} {thing.symbol.name} {own}"


def name_of(market: Symbol) -> str:
    return f"{market.name} spot" if market.product.is_spot else market.name


def described(thing: Position | Order | Plan) -> str:
    if isinstance(thing, Position):
        return f"position {thing.summary}"
    size = "all" if isinstance(thing, Plan) and thing.whole_position else _number(thing.size)
    direction: Direction | str = thing.direction or "?"
    order = f"{direction} {size} {name_of(thing.symbol)}"
    closing = " (closing)" if thing.closes and not (isinstance(thing, Plan) and thing.type.is_exit) else ""
    if isinstance(thing, Plan):
        return f"{_kind(thing)} {thing.order_id}: {order} once at {_number(thing.trigger)}{closing}"
    return f"order {thing.order_id}: {order} at {'market' if thing.is_market else _number(thing.price)}{closing}"


def _kind(plan: Plan) -> str:
    if plan.type is PlanType.TRIGGER:
        return "waiting order"
    is_both = plan.type.is_exit and plan.take_profit and plan.stop_loss
    return f"take-profit, with stop-loss at {plan.stop_loss:f}," if is_both else plan.type.value


def _number(value: Decimal | None) -> str:
    return "?" if value is None else f"{value:f}"
