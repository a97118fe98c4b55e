"""Bookings as a tracker takes them: money in, money out, or a trade of one for the other; sums stay exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from bitget_cli.export.bookings import Booking, total
from bitget_cli.export.kinds import Kind, Meaning, kind

# Minus is `copy_negate` here: the operator rounds to 28 digits.
_ZERO = Decimal(0)


class Side(NamedTuple):
    """An amount of one coin, above zero."""

    amount: Decimal
    coin: str


class Entry(NamedTuple):
    """One row for a tracker: what came in, what went out, or both; `fees` only beside a trade, each above zero.

    `bookings` are what it was made of; `note` says what is odd about it.
    """

    meaning: Meaning
    bookings: tuple[Booking, ...]
    in_: Side | None = None
    out: Side | None = None
    fees: tuple[Side, ...] = ()
    note: str = ""

    @property
    def is_trade(self) -> bool:
        return self.in_ is not None and self.out is not None

    @property
    def comes_in(self) -> bool:
        """Which way it goes; where no amount is told, as the type's name says."""
        if self.in_ or self.out:
            return self.in_ is not None
        first = self.bookings[0]
        return kind(first.source.stream, first.type).way == "in"


def entries(bookings: Iterable[Booking]) -> Iterator[Entry]:
    """Bookings in order of time as entries; for each coin, in - out - fees is the sum of amounts and fees.

    The bookings of one trade (same order, or same symbol on margin, and same millisecond; two coins, one out and one
    in) become one entry. A booking of which Bitget tells no amount becomes an entry without sides.
    """
    for _, together in groupby(bookings, key=lambda one: one.ts):
        yield from _of_a_moment(list(together))


def is_against_its_name(one: Booking) -> bool:
    """Whether the sign says otherwise than the type."""
    way = kind(one.source.stream, one.type).way
    return bool(one.amount) and way != "either" and (way == "in") != ((one.amount or _ZERO) > 0)


def _of_a_moment(bookings: list[Booking]) -> Iterator[Entry]:
    groups: dict[str, list[Booking]] = {}
    for one in bookings:
        shared = _trade_of(one) or f"booking {one.id}"
        groups.setdefault(f"{one.source.account} {shared}", []).append(one)
    for group in groups.values():
        trade = _trade(group)
        if trade:
            yield trade
            continue
        for one in group:
            yield from _single(one)


def _trade_of(one: Booking) -> str:
    """What the two sides of a trade share; empty where it is no trade, or nothing names it."""
    if kind(one.source.stream, one.type).meaning is not Meaning.TRADE:
        return ""
    if one.order_id:
        return f"order {one.order_id}"
    return f"symbol {one.symbol}" if one.symbol else ""


def _trade(group: Sequence[Booking]) -> Entry | None:
    """The group as one trade: one coin only went out, another only came in."""
    outs = [one for one in group if one.amount and one.amount < 0]
    ins = [one for one in group if one.amount and one.amount > 0]
    if (
        len(outs) + len(ins) != len(group)
        or len({one.coin for one in outs}) != 1
        or len({one.coin for one in ins}) != 1
    ):
        return None
    out_coin, in_coin = outs[0].coin, ins[0].coin
    if out_coin == in_coin or any(one.fee > 0 or one.has_unreadable_fee for one in group):
        return None
    if total([one.fee for one in ins]).copy_negate() >= _sum(ins):
        return None  # nothing would be left of what was bought
    return Entry(
        Meaning.TRADE,
        tuple(group),
        in_=Side(_sum(ins), in_coin),
        out=Side(_sum(outs).copy_negate(), out_coin),
        fees=tuple(
            Side(paid.copy_negate(), side[0].coin) for side in (outs, ins) if (paid := total([one.fee for one in side]))
        ),
    )


def _sum(bookings: Sequence[Booking]) -> Decimal:
    return total([one.amount for one in bookings if one.amount])


def _single(one: Booking) -> Iterator[Entry]:
    """A booking by itself: its amount, and its fee as a row of its own, which every tracker reads the same way."""
    what = kind(one.source.stream, one.type)
    note = _note(one, what)
    if one.amount is None or one.amount:
        yield _one_sided(what.meaning, one, one.amount or _ZERO, note)
    if one.fee:
        fee = Meaning.FEE if one.source.stream == "spot" else Meaning.DERIVATIVES_FEE
        yield _one_sided(fee, one, one.fee, "fee")
    if one.amount is not None and not one.amount and not one.fee:
        yield Entry(what.meaning, (one,), note="nothing moved")


def _one_sided(meaning: Meaning, one: Booking, moved: Decimal, note: str) -> Entry:
    if moved > 0:
        return Entry(meaning, (one,), in_=Side(moved, one.coin), note=note)
    return Entry(meaning, (one,), out=Side(moved.copy_negate(), one.coin) if moved else None, note=note)


def _note(one: Booking, what: Kind) -> str:
    if one.amount is None:
        return f"amount unknown; balance afterwards {one.balance} {one.coin}"
    if one.has_unreadable_fee:
        return f"fee unknown: {one.fee_text}"
    if what.meaning is Meaning.UNKNOWN:
        return "type not known: please classify"
    if is_against_its_name(one):
        return "sign against the type's name: please check"
    return "one side of a trade: the other was not found" if what.meaning is Meaning.TRADE else ""
