"""Cancelling by id: each order found in its book, and those of one market sent together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from bitget_cli.commands import searching
from bitget_cli.commands.order_lists import open_orders
from bitget_cli.commands.own_lists import Range
from bitget_cli.errors import BitgetError, RejectedError, StoppedError
from bitget_cli.session import Session
from bitget_cli.trading import plan_wire, wire
from bitget_cli.trading.changes import Batch, Change, Ended, Kind, Outcome
from bitget_cli.trading.finding import Book, Found, named, over
from bitget_cli.trading.verdicts import CANCELLED, FAILED, FILLED, state_of
from bitget_cli.values import Symbol, milliseconds

# Between the end of an order that is modified and the beginning of what it becomes, or of another command (ms).
_AT_ONCE_MS = 2_000
# What an order is cancelled by, and all that is known of what it is called.
_Named = tuple[dict[str, str], Mapping[str, str]]


class Cancelling(NamedTuple):
    """What is to be sent, and what needs no sending: orders that no book has, or that are over already."""

    changes: list[Change | Batch]
    settled: list[Outcome]


def of_orders(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> Cancelling:
    """The changes that cancel these; with a symbol nothing is looked up, and they are taken for plain orders."""
    if symbol and all(searching.became(session, text) == [text] for text in ids):
        market = session.symbol(symbol, product)
        orders = [(next(iter(named(text))), searching.client_id(session, text)) for text in _unique(ids)]
        return Cancelling(_together(market, orders), [])
    return _located(session, ids, symbol=symbol, product=product, first=Book.ORDERS)


def of_plans(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> Cancelling:
    """The changes that cancel these; the kind of each has to be looked up, since the wire wants it."""
    return _located(session, ids, symbol=symbol, product=product, first=Book.PLANS)


def _located(
    session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None, first: Book
) -> Cancelling:
    """One that is not there keeps nobody from cancelling the others. Raises RejectedError when that is all there is."""
    open_ones: list[Found] = []
    settled: list[Outcome] = []
    for text in _unique(ids):
        try:
            found = searching.located(session, text, symbol=symbol, product=product, first=first, past=True)
            if found.state in CANCELLED:
                session.say(f"order {found.ids['orderId']} had been cancelled before; nothing was sent for it")
                settled.append(_as_it_is(session, _cancelled_before(found), found.symbol))
            elif found.state in FILLED | FAILED:
                raise over(text, found)
            else:
                open_ones.append(found)
        except RejectedError as refusal:
            settled.append(Outcome(Ended.REJECTED, order_id=text, what=f"cancel order {text}", error=refusal))
    return Cancelling(_of_found(open_ones), settled)


def reader(session: Session) -> Callable[[Outcome, Symbol | None], Outcome]:
    """How outcomes are to be read of what is sent from now on: what was over before was not cancelled by it."""
    begun = milliseconds(session.client.now())

    def read(outcome: Outcome, market: Symbol | None) -> Outcome:
        row = outcome.response
        ended = _time(row, "uTime", "utime") if isinstance(row, Mapping) else None
        return outcome if ended is None or ended > begun - _AT_ONCE_MS else _as_it_is(session, outcome, market)

    return read


def _as_it_is(session: Session, outcome: Outcome, market: Symbol | None) -> Outcome:
    """The outcome of a cancel that was looked up: none, where another order seems to rest in the place of this one."""
    row = outcome.response
    if outcome.outcome is not Ended.CANCELLED or market is None or not isinstance(row, Mapping):
        return outcome
    if state_of(row) not in CANCELLED or row.get("planType"):
        return outcome
    try:
        rests = _in_its_place(session, market, row)
    except StoppedError:
        raise
    except BitgetError as failure:
        session.say(f"whether another order was made in its place could not be found out: {failure.message}")
        return outcome
    if not rests:
        return outcome
    refusal = RejectedError(
        f"order {outcome.order_id} had been cancelled before, and at that moment order {' and '.join(rests)} was made, "
        f"which rests: it may have been modified by other means",
        hint=f"bitget order show {rests[0]}; bitget order cancel {' '.join(rests)} --symbol {market.name}",
        outcome="rejected",
    )
    return replace(outcome, outcome=Ended.REJECTED, error=refusal)


def _in_its_place(session: Session, market: Symbol, gone: Mapping[str, Any]) -> list[str]:
    """Orders that rest on the same side and were made at the very moment another one was cancelled.

    Bitget makes a new order of one that is modified, and tells nowhere which: so it looks when that was done elsewhere.
    What this profile placed is none of them.
    """
    moment = _time(gone, "uTime", "utime")
    if moment is None:
        return []
    orders = open_orders(session, market.product, market, Range(every=True))
    return [
        str(order["orderId"])
        for order in orders
        if order.get("orderId")
        and wire.direction_of(order) == wire.direction_of(gone)
        and abs((_time(order, "cTime", "ctime") or 0) - moment) <= _AT_ONCE_MS
        and not any(entry.kind == Kind.PLACE.value for entry in searching.entries_under(session, str(order["orderId"])))
    ]


def _time(row: Mapping[str, Any], *names: str) -> int | None:
    told = next((str(row[name]) for name in names if row.get(name)), "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 15 else None


def _cancelled_before(found: Found) -> Outcome:
    order_id, client_oid = str(found.row["orderId"]), found.row.get("clientOid") or None
    return Outcome(
        Ended.CANCELLED,
        client_oid,
        order_id,
        found.symbol.name,
        found.state,
        found.row,
        what=f"cancel order {order_id}",
    )


def _of_found(orders: Sequence[Found]) -> list[Change | Batch]:
    plain: dict[Symbol, list[_Named]] = {}
    plans: list[Change | Batch] = []
    for order in orders:
        if order.book is Book.PLANS:
            plans.append(replace(plan_wire.cancel(order.symbol, order.ids, kind=order.kind), order=order.names))
        else:
            plain.setdefault(order.symbol, []).append((order.ids, order.names))
    return [change for market, several in plain.items() for change in _together(market, several)] + plans


def _together(market: Symbol, several: Sequence[_Named]) -> list[Change | Batch]:
    """One order by its own call, several of a market by one. Spot does not mix order ids and client ids in a call."""
    if len(several) == 1:
        (ids, names), *_ = several
        return [replace(wire.cancel(market, ids), order=names)]
    kinds: dict[str, list[_Named]] = {}
    for ids, names in several:
        kinds.setdefault(next(iter(ids)), []).append((ids, names))
    return [_batch(market, alike) for alike in kinds.values()]


def _batch(market: Symbol, several: Sequence[_Named]) -> Batch:
    batch = wire.cancel_several(market, [ids for ids, _ in several])
    items = tuple(replace(item, order=names) for item, (_, names) in zip(batch.items, several, strict=True))
    return replace(batch, items=items)


def _unique(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))
