"""What stands between an order and real money: its consequence in money, the cap, and prices far from the market."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bitget_cli.catalogue.rows import Effect, Endpoint
from bitget_cli.errors import DeclinedError
from bitget_cli.trading.amounts import EXACT, rounded_down, shown

# A limit price this far from the last one is taken for a slip of the finger until somebody types it again.
FAR = Decimal("0.10")
_CENTS = Decimal("0.01")
# Calls that take orders out, close positions or change their exits.
_GETS_OUT = re.compile(r".*/((batch-)?cancel-(?!replace)[a-z-]*|[a-z-]*(close|tpsl)[a-z-]*)")


@dataclass(frozen=True)
class Consequence:
    """What a change comes to in money. `value` and `fee` are in `coin`; None where nobody can tell.

    `price` is a limit price and `last` the market's, of which the distance is judged. `closing` can only make a
    position smaller, so no cap stands in its way.
    """

    what: str
    coin: str = ""
    value: Decimal | None = None
    fee_rate: Decimal | None = None
    liquidation: Decimal | None = None
    price: Decimal | None = None
    last: Decimal | None = None
    closing: bool = False

    @property
    def far(self) -> Decimal | None:
        """How far the price is from the last one, as a ratio, when that is far."""
        if self.price is None or not self.last:
            return None
        distance = EXACT.divide(EXACT.abs(EXACT.subtract(self.price, self.last)), self.last)
        return distance if distance >= FAR else None

    @property
    def sentence(self) -> str:
        parts = [self.what]
        if self.value is not None:
            parts.append(f"worth {money(self.value)} {self.coin}")
        if self.value is not None and self.fee_rate is not None:
            parts.append(f"fee at most about {money(EXACT.multiply(self.value, self.fee_rate))} {self.coin}")
        if self.liquidation is not None:
            parts.append(f"liquidation near {shown(self.liquidation)}")
        return ", ".join(parts)

    @property
    def warning(self) -> str:
        """The sentence about a price far from the market; empty when it is near."""
        if self.far is None or self.price is None or self.last is None:
            return ""
        percent = shown(rounded_down(EXACT.multiply(self.far, Decimal(100)), Decimal("0.1")))
        side = "above" if self.price > self.last else "below"
        return f"price {shown(self.price)} is {percent} % {side} the last price {shown(self.last)}"


def check_cap(consequence: Consequence, cap: Decimal | None, *, profile: str) -> None:
    """Raises DeclinedError when an order is worth more than the profile allows. What has no value is no order."""
    if cap is None or consequence.value is None or consequence.value <= cap or consequence.closing:
        return
    raise DeclinedError(
        f"{consequence.what} is worth {money(consequence.value)} {consequence.coin}, and profile {profile} allows "
        f"{shown(cap)} an order",
        hint=f"bitget profile limit {profile} --max-notional N",
    )


def check_unvalued(row: Endpoint, cap: Decimal | None, *, profile: str) -> None:
    """Raises DeclinedError for a trade or conversion whose value nobody here knows, under a cap.

    What only gets out passes.
    """
    trades = row.effect is Effect.TRADE or "/convert/" in row.path
    if cap is None or not trades or _GETS_OUT.fullmatch(row.path):
        return
    raise DeclinedError(
        f"profile {profile} allows {shown(cap)} an order, and what {row.method} {row.path} comes to is not known here",
        hint=f"bitget order, plan and convert know; or bitget profile limit {profile} --max-notional none",
    )


def money(value: Decimal) -> str:
    """Cents, rounded up in doubt: a warning may overstate but not understate."""
    cents = rounded_down(value, _CENTS)
    if value and cents != value:
        cents = EXACT.add(cents, _CENTS)
    return shown(cents)
