"""`orders`, `fill`, `orders-algo` and `positions-history`: what happened, each change a push of its own, once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from bitget_cli.paper.engine.records import Fill, Order, Plan, Position
from bitget_cli.paper.streams import futures_rows, spot_rows
from bitget_cli.paper.streams.channels import SNAPSHOT, Push
from bitget_cli.values import Product

if TYPE_CHECKING:
    from bitget_cli.paper.engine.floor import Floor
    from bitget_cli.paper.engine.news import Event

Row = dict[str, Any]
Tell = Callable[["Floor", Sequence["Event"]], Iterator[Row]]


class Happenings:
    """Silent until something happens; every push says `snapshot`, as Bitget's do. `symbol` "" is all of a product."""

    every = 0.2

    def __init__(self, tell: Tell, product: Product, symbol: str) -> None:
        self._tell = tell
        self._product = product
        self._symbol = symbol

    def look(self, floor: Floor, events: Sequence[Event]) -> list[Push]:
        wanted = [
            event
            for event in events
            if event.record.product == self._product and self._symbol in ("", event.record.symbol)
        ]
        return [(SNAPSHOT, [row]) for row in self._tell(floor, wanted)]


def _orders(_floor: Floor, events: Sequence[Event]) -> Iterator[Row]:
    """An order's fills are written down before the order itself, always in the same transaction."""
    fills: dict[int, list[Fill]] = {}
    for event in events:
        record = event.record
        if isinstance(record, Fill):
            fills.setdefault(record.parent, []).append(record)
        elif isinstance(record, Order):
            yield from _steps(record, fills.pop(record.id, []))


def _steps(order: Order, fills: list[Fill]) -> Iterator[Row]:
    """A row for each fill of an order, as it stood after that fill, and one for what came of it otherwise."""
    rows = spot_rows.order if order.product == Product.SPOT else futures_rows.order
    for place, fill in enumerate(fills):
        later = fills[place + 1 :]
        filled = order.filled - sum(each.size for each in later)
        yield rows(
            replace(
                order,
                filled=filled,
                value=order.value - sum(each.size * each.price for each in later),
                fee=order.fee - sum(each.fee for each in later),
                profit=order.profit - sum(each.profit for each in later),
                status="partially_filled" if later or order.status != "filled" else order.status,
                cancel_reason="",
            ),
            fill,
        )
    if not (fills and order.status in ("partially_filled", "filled")):
        yield rows(order, None)


def _fills(floor: Floor, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        record = event.record
        if isinstance(record, Fill):
            if record.product == Product.SPOT:
                yield spot_rows.fill(record)
            else:
                yield futures_rows.fill(record, _order(floor, record.parent))


def _plans(floor: Floor, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        record = event.record
        if isinstance(record, Plan):
            rows = spot_rows.plan if record.product == Product.SPOT else futures_rows.plan
            yield rows(record, _order(floor, record.executed))


def _past_positions(_floor: Floor, events: Sequence[Event]) -> Iterator[Row]:
    for event in events:
        if isinstance(event.record, Position):
            yield futures_rows.past_position(event.record)


def _order(floor: Floor, identity: int) -> Order | None:
    """The order of that id as it stands; 0 is none."""
    if not identity:
        return None
    found = floor.orders.get(identity)
    return found or next(iter(floor.find(Order, "id = ?", identity)), None)


TELL: Final[dict[str, Tell]] = {
    "orders": _orders,
    "fill": _fills,
    "orders-algo": _plans,
    "positions-history": _past_positions,
}
