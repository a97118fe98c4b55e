"""Bitget's records as bookings, and bookings as a tracker takes them; sums stay exact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Context, Decimal, Inexact
from itertools import groupby
from typing import Any, NamedTuple

from bitget_cli.export.sources import RecordSource
from bitget_cli.export.transaction_types import TaxMeaning, TransactionType, transaction_type

# Every digit of every sum, or an error: money is never rounded.
EXACT = Context(prec=400, traps=[Inexact])
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", re.ASCII)


class Booking(NamedTuple):
    """One booking. `ts` is epoch milliseconds; `amount` is None where Bitget tells none.

    A positive amount came in, a negative one went out; a fee that was paid is negative. The texts are Bitget's own.
    """

    source: RecordSource
    id: str
    ts: int
    type: str
    coin: str
    amount: Decimal | None
    fee: Decimal
    amount_text: str
    fee_text: str
    balance: str
    symbol: str
    order_id: str

    @property
    def filed_as(self) -> TransactionType:
        """What its type means for a tax return."""
        return transaction_type(self.source.type_list, self.type)

    @property
    def has_unreadable_fee(self) -> bool:
        """Whether Bitget told a fee that is no number; it counts as none."""
        return bool(self.fee_text) and exact(self.fee_text) is None


def booking(source: RecordSource, row: Mapping[str, Any]) -> Booking:
    """The booking in a record that has an id and a time; what else is missing is empty."""

    def text(name: str) -> str:
        value = row.get(name) if name else None
        return str(value) if isinstance(value, str) else ""

    amount, fee = text(source.amount_field), text("fee")
    return Booking(
        source=source,
        id=row["id"],
        ts=int(row["ts"]),
        type=text(source.type_field),
        coin=text(source.coin_field),
        amount=exact(amount),
        fee=exact(fee) or Decimal(0),
        amount_text=amount,
        fee_text=fee,
        balance=text(source.balance_field) or text("total"),
        symbol=text("symbol"),
        order_id=text("bizOrderId"),
    )


def exact(text: str) -> Decimal | None:
    """The number in a text of Bitget's, or None where it is none."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def total(numbers: list[Decimal]) -> Decimal:
    """The sum to the last digit."""
    whole = Decimal(0)
    for number in numbers:
        whole = EXACT.add(whole, number)
    return whole


def age(one: Booking) -> tuple[int, int, str]:
    """The order of a file: by time, and by id within a millisecond."""
    return one.ts, len(one.id), one.id


# Minus is `copy_negate` here: the operator rounds to 28 digits.
_ZERO = Decimal(0)


class EntrySide(NamedTuple):
    """An amount of one coin, above zero."""

    amount: Decimal
    coin: str


class TrackerEntry(NamedTuple):
    """One row for a tracker: what came in, what went out, or both; `fees` only beside a trade, each above zero.

    `bookings` are what it was made of; `note` says what is odd about it.
    """

    meaning: TaxMeaning
    bookings: tuple[Booking, ...]
    in_: EntrySide | None = None
    out: EntrySide | None = None
    fees: tuple[EntrySide, ...] = ()
    note: str = ""

    @property
    def is_trade(self) -> bool:
        return self.in_ is not None and self.out is not None

    @property
    def comes_in(self) -> bool:
        """Which way it goes; where no amount is told, as the type's name says."""
        if self.in_ or self.out:
            return self.in_ is not None
        return self.bookings[0].filed_as.way == "in"


def entries(bookings: Iterable[Booking]) -> Iterator[TrackerEntry]:
    """Bookings in order of time as entries; for each coin, in - out - fees is the sum of amounts and fees.

    The bookings of one trade (same order, or same symbol on margin, and same millisecond; two coins, one out and one
    in) become one entry. A unified account names neither order nor symbol: there they have the list and the millisecond
    in common. A booking of which Bitget tells no amount becomes an entry without sides.
    """
    for _, together in groupby(bookings, key=lambda one: one.ts):
        yield from _of_a_moment(list(together))


def is_against_its_name(one: Booking) -> bool:
    """Whether the sign says otherwise than the type."""
    way = one.filed_as.way
    return bool(one.amount) and way != "either" and (way == "in") != ((one.amount or _ZERO) > 0)


def _of_a_moment(bookings: list[Booking]) -> Iterator[TrackerEntry]:
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
    if one.filed_as.meaning is not TaxMeaning.TRADE:
        return ""
    if one.source.is_unified:
        return "moment"
    if one.order_id:
        return f"order {one.order_id}"
    return f"symbol {one.symbol}" if one.symbol else ""


def _trade(group: Sequence[Booking]) -> TrackerEntry | None:
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
    return TrackerEntry(
        TaxMeaning.TRADE,
        tuple(group),
        in_=EntrySide(_sum(ins), in_coin),
        out=EntrySide(_sum(outs).copy_negate(), out_coin),
        fees=tuple(
            EntrySide(paid.copy_negate(), side[0].coin)
            for side in (outs, ins)
            if (paid := total([one.fee for one in side]))
        ),
    )


def _sum(bookings: Sequence[Booking]) -> Decimal:
    return total([one.amount for one in bookings if one.amount])


def _single(one: Booking) -> Iterator[TrackerEntry]:
    """A booking by itself: its amount, and its fee as a row of its own, which every tracker reads the same way."""
    what = one.filed_as
    note = _note(one, what)
    if one.amount is None or one.amount:
        yield _one_sided(what.meaning, one, one.amount or _ZERO, note)
    if one.fee:
        fee = TaxMeaning.FEE if one.source.stream == "spot" else TaxMeaning.DERIVATIVES_FEE
        yield _one_sided(fee, one, one.fee, "fee")
    if one.amount is not None and not one.amount and not one.fee:
        yield TrackerEntry(what.meaning, (one,), note="nothing moved")


def _one_sided(meaning: TaxMeaning, one: Booking, moved: Decimal, note: str) -> TrackerEntry:
    if moved > 0:
        return TrackerEntry(meaning, (one,), in_=EntrySide(moved, one.coin), note=note)
    return TrackerEntry(meaning, (one,), out=EntrySide(moved.copy_negate(), one.coin) if moved else None, note=note)


def _note(one: Booking, what: TransactionType) -> str:
    if one.amount is None:
        return f"amount unknown; balance afterwards {one.balance} {one.coin}"
    if one.has_unreadable_fee:
        return f"fee unknown: {one.fee_text}"
    if what.meaning is TaxMeaning.UNKNOWN:
        return "type not known: please classify"
    if is_against_its_name(one):
        return "sign against the type's name: please check"
    return "one side of a trade: the other was not found" if what.meaning is TaxMeaning.TRADE else ""
