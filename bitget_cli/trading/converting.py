"""A coin for another at a quoted price: what is wanted, what was quoted, and for how long that holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.convert import BGB_CONVERT, CONVERT_QUOTED_PRICE, CONVERT_TRADE
from bitget_cli.errors import NetworkError, UsageError
from bitget_cli.trading.changes import Change
from bitget_cli.trading.desk import exact
from bitget_cli.values import amount, plain

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock

# Bitget's page "Convert": a quote is valid for eight seconds.
HOLDS = 8.0
# Seconds kept for the way to the exchange: so much earlier a quote counts as expired here.
FOR_THE_WAY = 0.5
EXPIRED = "12021"
# A price goes back as it came; it may be written with an exponent.
_PRICE = re.compile(r"[0-9]{1,40}(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?", re.ASCII)
_WORDS = ("fromCoin", "fromCoinSize", "cnvtPrice", "toCoin", "toCoinSize", "traceId")


@dataclass(frozen=True)
class Wanted:
    """What is to be converted: `source` coin into `target` coin, and one of the two sizes."""

    source: str
    target: str
    gives: Decimal | None
    gets: Decimal | None

    @property
    def said(self) -> str:
        if self.gives is not None:
            return f"convert {plain(self.gives)} {self.source} into {self.target}"
        return f"convert {self.source} into {plain(self.gets or Decimal(0))} {self.target}"

    @property
    def given(self) -> dict[str, Any]:
        """The parameters of the question for a price."""
        return {
            "fromCoin": self.source,
            "toCoin": self.target,
            "fromCoinSize": self.gives,
            "toCoinSize": self.gets,
        }


@dataclass(frozen=True)
class Quote:
    """A price as the exchange named it (`row`), the sizes exact; `asked_at` is the monotonic second of asking."""

    row: Mapping[str, Any]
    source: str
    target: str
    gives: Decimal
    gets: Decimal
    asked_at: float

    @property
    def good_until(self) -> float:
        """The monotonic second from which on it is not traded any more."""
        return self.asked_at + HOLDS - FOR_THE_WAY

    @property
    def said(self) -> str:
        return f"convert {plain(self.gives)} {self.source} into {plain(self.gets)} {self.target}"

    @property
    def change(self) -> Change:
        """The conversion, with the very texts of the quote: another one counts as tampering (12022)."""
        given = {name: str(self.row[name]) for name in _WORDS}
        return Change(CONVERT_TRADE, given, f"{self.said} at {self.row['cnvtPrice']}", good_until=self.good_until)


def wanted(source: str, target: str, *, from_size: str | None, to_size: str | None) -> Wanted:
    """What a person typed; the coins as they are listed. Raises UsageError."""
    one, other = source, target
    if one == other:
        raise UsageError(f"{one} is {one} already; name two coins")
    if (from_size is None) == (to_size is None):
        raise UsageError(
            "say one of --from-size and --to-size", hint="--from-size is what goes, --to-size is what comes"
        )
    name, text = ("--to-size", to_size) if from_size is None else ("--from-size", from_size)
    size = amount(text or "", what=name)
    if not size:
        raise UsageError(f"{name} {plain(size)} is not above zero")
    return Wanted(one, other, None if from_size is None else size, size if from_size is None else None)


def quote(client: Client, clock: Clock, what: Wanted) -> Quote:
    """A price for it. Raises NetworkError for an answer that is no quote of what was asked for."""
    asked_at = clock.monotonic()
    row = client.call(CONVERT_QUOTED_PRICE, **what.given)
    if not _is_quote(row):
        raise NetworkError("the exchange sent no quote", hint="try again; see bitget convert coins")
    gives, gets = exact(row["fromCoinSize"]), exact(row["toCoinSize"])
    if not gives or not gets or gives < 0 or gets < 0 or not _is_of(row, what, gives=gives, gets=gets):
        raise NetworkError(
            f"the quote is not for what was asked, {what.said}, but for {row['fromCoinSize']} {row['fromCoin']} into "
            f"{row['toCoinSize']} {row['toCoin']}; nothing was converted",
            hint="see bitget convert quote",
        )
    return Quote(row, what.source, what.target, gives=gives, gets=gets, asked_at=asked_at)


def small_balances(coins: list[str], what: str) -> Change:
    """Turning small balances into BGB, all of them in one call."""
    return Change(BGB_CONVERT, {"coinList": coins}, what)


def _is_quote(row: Any) -> bool:
    """Whether every word of it is there, as text, and the price above zero."""
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) and row[name] for name in _WORDS):
        return False
    return bool(_PRICE.fullmatch(row["cnvtPrice"])) and Decimal(row["cnvtPrice"]) > 0


def _is_of(row: Mapping[str, Any], what: Wanted, *, gives: Decimal, gets: Decimal) -> bool:
    coins = (str(row["fromCoin"]).upper(), str(row["toCoin"]).upper()) == (what.source, what.target)
    return coins and what.gives in (None, gives) and what.gets in (None, gets)
