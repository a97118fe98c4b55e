"""Orders by the tag a person gave them: the journal knows which they are, the account which of them are open."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from bitget_cli.application import changes, queries
from bitget_cli.application.orders import open_orders
from bitget_cli.application.queries import Range
from bitget_cli.errors import UsageError
from bitget_cli.journal import EntryState
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading.change import ChangeKind, LookupKey
from bitget_cli.trading.model import Read, checked_tag
from bitget_cli.trading.order_model import Order, Plan
from bitget_cli.values import Product, Symbol

_MAKES = (ChangeKind.PLACE.value, ChangeKind.REPLACE.value, ChangeKind.AMEND.value)


class _Tagged(NamedTuple):
    """Every id of what was placed under a tag, where it was placed, and how much of it nobody knows the outcome of."""

    names: frozenset[str]
    products: tuple[Product, ...]
    unknown: int


def _tagged(session: Session, tag: str) -> _Tagged:
    names: set[str] = set()
    products: set[Product | None] = set()
    unknown = 0
    for entry in session.journal.entries(tag=checked_tag(tag)):
        if entry.kind not in _MAKES or entry.state in (EntryState.REJECTED, EntryState.NOT_PLACED):
            continue
        names |= {name for name in (entry.order_id, *LookupKey.from_text(entry.trail).ids) if name}
        products.add(session.adapter.orders.product_of(entry.row, json.loads(entry.body)))
        unknown += entry.state.is_open
    searched = tuple(product for product in Product if product in products or None in products)
    return _Tagged(frozenset(names), searched, unknown)


def listed(
    session: Session, read: Read, product: Product, market: Symbol | None, wanted: Range, *, tag: str, **words: Any
) -> Iterator[Any]:
    """Rows of a list of open orders that were placed under this tag, at most as many as are wanted."""
    names = _tagged(session, tag).names
    if not names:
        return
    name_in = session.adapter.orders.name_in
    every = wanted._replace(limit=None, every=True)
    rows = queries.listed(session, read, product, market, every, **words)
    yield from islice((row for row in rows if names.intersection(name_in(row).ids)), wanted.limit)


def cancel(session: Session, tag: str, *, symbol: str | None, product: str | None, yes: bool, dry_run: bool) -> Result:
    """Cancel every order of a tag that is open, plain or waiting, after they were listed. `symbol` and `product` leave
    the others out."""
    there = _tagged(session, tag)
    market = session.symbol(symbol, product) if symbol else None
    only = market.product if market else session.product(product) if product else None
    found = _standing(session, there, market, only)
    if there.unknown:
        session.say(
            f"note: the outcome of {changes.counted(there.unknown, 'change')} tagged {tag} is unknown, and what it made"
            " may be left out: bitget order reconcile"
        )
    if not found:
        return changes.nothing(session, f"no order tagged {tag} is open")
    session.say(f"{changes.counted(len(found), 'open order')} tagged {tag}:")
    for order in found:
        session.say(f"  {_line(order)}")
    read = open_orders.reader(session)
    return changes.carry_out_all(session, open_orders.cancelling(session, found), yes=yes, dry_run=dry_run, read=read)


def check_over(session: Session, tag: str) -> None:
    """Raises UsageError while an order of a tag is open, or the outcome of one is unknown: it would be taken for one of
    those that are about to be placed."""
    there = _tagged(session, tag)
    if there.unknown:
        raise UsageError(
            f"the outcome of {changes.counted(there.unknown, 'change')} tagged {tag} is unknown",
            hint="bitget order reconcile finds it out; or take another --tag",
        )
    if found := _standing(session, there):
        are = "is" if len(found) == 1 else "are"
        raise UsageError(
            f"{changes.counted(len(found), 'order')} tagged {tag} {are} open already",
            hint=f"bitget order list --tag {tag}, bitget order cancel --tag {tag}, or take another --tag",
        )


def _standing(
    session: Session, there: _Tagged, market: Symbol | None = None, only: Product | None = None
) -> list[Order | Plan]:
    """What of it is open."""
    return [
        order
        for line in there.products
        if only in (None, line)
        for order in _open(session, line, market)
        if there.names.intersection((order.order_id, order.client_order_id))
    ]


def _open(session: Session, line: Product, market: Symbol | None) -> Iterator[Order | Plan]:
    yield from session.adapter.open_orders(line, market)
    yield from session.adapter.open_plans(line, market)


def _line(order: Order | Plan) -> str:
    whole = isinstance(order, Plan) and order.whole_position
    size = "all" if whole else "?" if order.size is None else f"{order.size:f}"
    spot = " spot" if order.symbol.product.is_spot else ""
    what = f"{order.order_id} {order.direction or '?'} {size} {order.symbol.name}{spot}"
    if isinstance(order, Plan):
        return what + (f" once {order.trigger:f} is reached" if order.trigger is not None else "")
    price = order.price or order.average
    return f"{what} at {format(price, 'f') if price else 'market'}{' (an exit)' if order.is_exit else ''}"
