"""Money by double entry, in exact amounts: what one pot gets another gives."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.store import DamagedError, amount_in
from bitget_cli.values import Product

if TYPE_CHECKING:
    import sqlite3

ZERO = Decimal(0)
# Sums of such amounts stay exact: balances up to a quadrillion fit the default context's 28 digits.
_SMALLEST = Decimal("1e-12")


def exact(amount: Decimal) -> Decimal:
    """To the smallest part money is counted in here."""
    return amount.quantize(_SMALLEST)


def text(amount: Decimal) -> str:
    """Bitget's spelling: no exponent, no zeros at the end."""
    digits = format(amount, "f")
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return "0" if digits in ("", "-0") else digits


def price_of(instrument: PaperInstrument, ticks: int) -> Decimal:
    return Decimal(ticks * instrument.price_step).scaleb(-instrument.price_places)


def size_of(instrument: PaperInstrument, lots: int) -> Decimal:
    return Decimal(lots * instrument.size_step).scaleb(-instrument.size_places)


def quote_of(instrument: PaperInstrument, ticks_times_lots: int) -> Decimal:
    """Turnover in quote coin."""
    places = instrument.price_places + instrument.size_places
    return Decimal(ticks_times_lots * instrument.price_step * instrument.size_step).scaleb(-places)


def ticks_of(instrument: PaperInstrument, price: Decimal, *, up: bool = False) -> int:
    """The price as whole ticks, rounded down or up."""
    units = price.scaleb(instrument.price_places) / instrument.price_step
    return int(units.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))


def lots_of(instrument: PaperInstrument, size: Decimal) -> int:
    """The size as whole lots, rounded down."""
    return int((size.scaleb(instrument.size_places) / instrument.size_step).to_integral_value(ROUND_FLOOR))


def in_margin_coin(instrument: PaperInstrument, *, lots: int, quote: Decimal) -> Decimal:
    """What a trade of `lots` for `quote` is worth in the coin that margins it."""
    return size_of(instrument, lots) if instrument.product is Product.COIN_FUTURES else quote


def account_of(product: str) -> str:
    """The account whose money a product uses, as Bitget's transfers spell it."""
    return product.replace("-", "_")


def average(instrument: PaperInstrument, *, value: int, lots: int) -> str:
    """The average price of `lots` whose ticks times lots add up to `value`; "" when nothing was traded."""
    if not lots:
        return ""
    price = Decimal(value * instrument.price_step).scaleb(-instrument.price_places) / lots
    return text(price.quantize(Decimal(1).scaleb(-instrument.price_places - 4)))


# A pot is an account of the customer (`spot`, `usdt_futures`, `usdt_futures/BTCUSDT/long` for isolated margin …) or,
# with a leading `~`, one of the world's: what came from outside, what the market, fees, funding and profits took or
# gave. The sum over all pots is zero in every coin, always.

OUTSIDE, MARKET, FEES, FUNDING, PROFITS = "~outside", "~market", "~fees", "~funding", "~profits"
# The one wallet of a unified account, as Bitget's transfers spell it, and the account whose money is not traded with.
WALLET, FUNDING_ACCOUNT = "uta", "p2p"
# How the pots of sub-accounts begin, which are nobody else's wallets: `sub-12/spot`.
SUBACCOUNT = "sub-"
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
    """All pots. Changes are kept until `flush`.

    Where the account is `unified`, every account's name but the funding one's means the same wallet.
    """

    def __init__(self, connection: sqlite3.Connection, *, unified: bool = False) -> None:
        self._connection = connection
        self.unified = unified
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
        return self._pots.get((self._named(name), coin)) or Pot()

    def of(self, name: str) -> Iterator[tuple[str, Pot]]:
        """Coin and pot of everything that ever lay in an account."""
        name = self._named(name)
        return ((coin, pot) for (owner, coin), pot in sorted(self._pots.items()) if owner == name)

    def held(self, account: str, coin: str) -> Decimal:
        """All an account has of a coin, what lies in its isolated positions too."""
        account = self._named(account)
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

    def unify(self) -> None:
        """From here on one wallet: what lies in any account but the funding one is put together."""
        before, self._pots, self.unified = self._pots, {}, True
        for (name, coin), pot in before.items():
            # Isolated margin stays with its position, whose pot ends in a side; a spot pair's own margin does not.
            apart = name.endswith(("/long", "/short")) or name.startswith(SUBACCOUNT)
            account = name if apart else name.partition("/")[0]
            here = self._open(account, coin)
            here.available += pot.available
            here.frozen += pot.frozen
        self._connection.execute("DELETE FROM pots")

    def flush(self) -> None:
        """Write what has changed."""
        rows = []
        for name, coin in self._changed:
            pot = self._pots[name, coin]
            rows.append((name, coin, format(pot.available, "f"), format(pot.frozen, "f")))
        self._connection.executemany("INSERT OR REPLACE INTO pots VALUES (?, ?, ?, ?)", rows)
        self._changed.clear()

    def _open(self, name: str, coin: str) -> Pot:
        name = self._named(name)
        self._changed.add((name, coin))
        return self._pots.setdefault((name, coin), Pot())

    def _named(self, name: str) -> str:
        if not self.unified or name == FUNDING_ACCOUNT or name.startswith(("~", SUBACCOUNT)):
            return name
        _, inside, rest = name.partition("/")
        return f"{WALLET}{inside}{rest}"
