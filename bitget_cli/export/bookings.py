"""One record of Bitget's as a booking: its texts as they came, and its numbers exact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Context, Decimal, Inexact
from typing import Any, NamedTuple

from bitget_cli.export.sources import Source

# Every digit of every sum, or an error: money is never rounded.
EXACT = Context(prec=400, traps=[Inexact])
_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", re.ASCII)


class Booking(NamedTuple):
    """One booking. `ts` is epoch milliseconds; `amount` is None where Bitget tells none.

    A positive amount came in, a negative one went out; a fee that was paid is negative. The texts are Bitget's own.
    """

    source: Source
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
    def has_unreadable_fee(self) -> bool:
        """Whether Bitget told a fee that is no number; it counts as none."""
        return bool(self.fee_text) and exact(self.fee_text) is None


def booking(source: Source, row: Mapping[str, Any]) -> Booking:
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
