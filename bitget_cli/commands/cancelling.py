"""Cancelling by id: each order found in its book, and those of one market sent together."""

from __future__ import annotations

from collections.abc import Sequence

from bitget_cli.commands import searching
from bitget_cli.session import Session
from bitget_cli.trading import plan_wire, wire
from bitget_cli.trading.changes import Batch, Change
from bitget_cli.trading.finding import Book, Found, named
from bitget_cli.values import Symbol


def of_orders(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> list[Change | Batch]:
    """The changes that cancel these; with a symbol nothing is looked up, and they are taken for plain orders."""
    if symbol:
        market = session.symbol(symbol, product)
        return _together(market, [next(iter(named(text))) for text in _unique(ids)])
    return _of_found(_located(session, ids, symbol=None, product=product, first=Book.ORDERS))


def of_plans(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> list[Change | Batch]:
    """The changes that cancel these; the kind of each has to be looked up, since the wire wants it."""
    return _of_found(_located(session, ids, symbol=symbol, product=product, first=Book.PLANS))


def _located(
    session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None, first: Book
) -> list[Found]:
    return [searching.located(session, text, symbol=symbol, product=product, first=first) for text in _unique(ids)]


def _of_found(orders: Sequence[Found]) -> list[Change | Batch]:
    plain: dict[Symbol, list[dict[str, str]]] = {}
    plans: list[Change | Batch] = []
    for order in orders:
        if order.book is Book.PLANS:
            plans.append(plan_wire.cancel(order.symbol, order.ids, kind=order.kind))
        else:
            plain.setdefault(order.symbol, []).append(order.ids)
    return [change for market, several in plain.items() for change in _together(market, several)] + plans


def _together(market: Symbol, several: Sequence[dict[str, str]]) -> list[Change | Batch]:
    """One order by its own call, several of a market by one. Spot does not mix order ids and client ids in a call."""
    if len(several) == 1:
        return [wire.cancel(market, several[0])]
    kinds: dict[str, list[dict[str, str]]] = {}
    for ids in several:
        kinds.setdefault(next(iter(ids)), []).append(ids)
    return [wire.cancel_several(market, alike) for alike in kinds.values()]


def _unique(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))
