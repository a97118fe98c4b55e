"""What is remembered of money that moved: bills, transfers between accounts, deposits and withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from bitget_cli.paper.engine.money import ZERO
from bitget_cli.paper.engine.records import Record


@dataclass(kw_only=True)
class Bill(Record):
    """One change of one balance: `amount` without `fee` (both signed), and the balance after it."""

    kind: ClassVar[str] = "bill"
    coin: str
    amount: Decimal
    fee: Decimal
    balance: Decimal
    business: str
    group: str = ""


@dataclass(kw_only=True)
class Transfer(Record):
    """Money moved between two of the customer's own accounts."""

    kind: ClassVar[str] = "transfer"
    coin: str
    size: Decimal
    from_type: str
    to_type: str
    from_symbol: str = ""
    to_symbol: str = ""


@dataclass(kw_only=True)
class Movement(Record):
    """A deposit or a withdrawal; `done_at` is when a pending one succeeds, in ms."""

    kind: ClassVar[str] = "movement"
    way: Literal["deposit", "withdraw"]
    coin: str
    size: Decimal
    fee: Decimal = ZERO
    chain: str = ""
    address: str = ""
    tag: str = ""
    status: str = "success"
    dest: str = "on_chain"
    done_at: int = 0

    @property
    def live(self) -> bool:
        return self.status == "pending"
