"""Money by double entry: every movement takes from one pot what it puts into another, so that nothing is lost.

A pot is an account of the customer (`spot`, `usdt_futures`, `usdt_futures/BTCUSDT/long` for isolated margin …) or, with
a leading `~`, one of the world's: what came from outside, what the market, fees, funding and profits took or gave.
The sum over all pots is zero in every coin, always.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from bitget_cli.paper.engine.money import ZERO, exact
from bitget_cli.paper.store import DamagedError, amount_in

if TYPE_CHECKING:
    import sqlite3

OUTSIDE, MARKET, FEES, FUNDING, PROFITS = "~outside", "~market", "~fees", "~funding", "~profits"
ACCOUNTS = ("spot", "p2p", "usdt_futures", "usdc_futures", "coin_futures", "crossed_margin", "isolated_margin")


class Pot:
    """What lies in one pot of one coin; `frozen` is promised to open spot orders."""

    __slots__ = ("available", "frozen")

    def __init__(self, available: Decimal = ZERO, frozen: Decimal = ZERO) -> None:
        self.available = available
        self.frozen = frozen

    @property
    def total(self) -> Decimal:
        return self.available + self.frozen


class Ledger:
    """All pots. Changes are kept until `flush`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        rows = connection.execute("SELECT name, coin, available, frozen FROM pots")
        self._pots = {(name, coin): Pot(amount_in(free), amount_in(frozen)) for name, coin, free, frozen in rows}
        self._changed: set[tuple[str, str]] = set()
        self._check()

    @property
    def is_used(self) -> bool:
        """Whether anything ever lay in a pot."""
        return bool(self._pots)

    def _check(self) -> None:
        """Raises DamagedError for pots that no movement of money can have left."""
        sums: dict[str, Decimal] = {}
        for (name, coin), pot in self._pots.items():
            if pot.frozen < 0:
                raise DamagedError(f"{pot.frozen} {coin} of {name} are frozen")
            sums[coin] = sums.get(coin, ZERO) + pot.total
        for coin, total in sums.items():
            if total:
                raise DamagedError(f"its pots of {coin} come to {total}, and not to nothing")

    def pot(self, name: str, coin: str) -> Pot:
        """For looking at; change it with the functions below."""
        return self._pots.get((name, coin)) or Pot()

    def of(self, name: str) -> Iterator[tuple[str, Pot]]:
        """Coin and pot of everything that ever lay in an account."""
        return ((coin, pot) for (owner, coin), pot in sorted(self._pots.items()) if owner == name)

    def held(self, account: str, coin: str) -> Decimal:
        """All an account has of a coin, what lies in its isolated positions too."""
        inside = f"{account}/"
        return sum(
            (
                pot.total
                for (name, each), pot in self._pots.items()
                if each == coin and (name == account or name.startswith(inside))
            ),
            ZERO,
        )

    def everything(self) -> Iterator[tuple[str, str, Pot]]:
        """Name, coin and pot of all there is."""
        return ((name, coin, pot) for (name, coin), pot in sorted(self._pots.items()))

    def move(self, coin: str, amount: Decimal, *, source: str, target: str) -> None:
        """From what is available in one pot to another."""
        amount = exact(amount)
        self._open(source, coin).available -= amount
        self._open(target, coin).available += amount

    def spend(self, coin: str, amount: Decimal, *, source: str, target: str) -> None:
        """As `move`, from what is frozen."""
        amount = exact(amount)
        self._open(source, coin).frozen -= amount
        self._open(target, coin).available += amount

    def freeze(self, name: str, coin: str, amount: Decimal) -> None:
        """Promise an amount, or with a negative one give it back."""
        amount = exact(amount)
        pot = self._open(name, coin)
        pot.available -= amount
        pot.frozen += amount

    def conservation(self) -> dict[str, dict[str, Decimal]]:
        """Coin → pot → amount, the customer's pots by account, and `sum`, which is zero."""
        proof: dict[str, dict[str, Decimal]] = {}
        for (name, coin), pot in sorted(self._pots.items()):
            parts = proof.setdefault(coin, {"sum": ZERO})
            account = name.partition("/")[0]
            parts[account] = parts.get(account, ZERO) + pot.total
            parts["sum"] += pot.total
        return proof

    def flush(self) -> None:
        """Write what has changed."""
        rows = []
        for name, coin in self._changed:
            pot = self._pots[name, coin]
            rows.append((name, coin, format(pot.available, "f"), format(pot.frozen, "f")))
        self._connection.executemany("INSERT OR REPLACE INTO pots VALUES (?, ?, ?, ?)", rows)
        self._changed.clear()

    def _open(self, name: str, coin: str) -> Pot:
        self._changed.add((name, coin))
        return self._pots.setdefault((name, coin), Pot())
