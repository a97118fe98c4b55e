"""What stands between an order and real money: its consequence in money, the cap, and prices far from the market."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bitget_cli.catalogue.rows import Effect, Endpoint
from bitget_cli.errors import DeclinedError
from bitget_cli.trading.amounts import EXACT, rounded_down, shown
from bitget_cli.trading.changes import Direction
from bitget_cli.trading.intents import Order
from bitget_cli.trading.rules import check_legs

# Percent from the market: a limit price this far off is taken for a slip of the finger, unless the profile says else.
FAR = Decimal(10)
_CENTS = Decimal("0.01")
# Calls that take orders out, close positions or change their exits.
_GETS_OUT = re.compile(r".*/((batch-)?cancel-(?!replace)[a-z-]*|[a-z-]*(close|tpsl)[a-z-]*)")


@dataclass(frozen=True)
class Consequence:
    """What a change comes to in money. `value` and `fee` are in `coin`; None where nobody can tell.

    `price` is a limit price whose distance `against` the market, or a trigger, is judged. `closing` can only make a
    position smaller, so neither a cap nor a distance stands in its way. `details` are the rest of what is sent, in a
    person's words.
    """

    what: str
    coin: str = ""
    value: Decimal | None = None
    fee_rate: Decimal | None = None
    liquidation: Decimal | None = None
    price: Decimal | None = None
    against: Decimal | None = None
    against_what: str = "the last price"
    closing: bool = False
    details: tuple[str, ...] = ()

    @property
    def distance(self) -> Decimal | None:
        """How far the price is from what it is judged by, in percent; None where there is nothing to judge."""
        if self.price is None or not self.against:
            return None
        away = EXACT.abs(EXACT.subtract(self.price, self.against))
        return EXACT.divide(EXACT.multiply(away, Decimal(100)), self.against)

    def is_far(self, most: Decimal | None) -> bool:
        """Whether the price is farther off than a profile's `most` percent, or 10 % and more where it says nothing."""
        if self.distance is None:
            return False
        return self.distance >= FAR if most is None else self.distance > most

    @property
    def sentence(self) -> str:
        parts = [self.what]
        if self.value is not None:
            parts.append(f"worth {money(self.value)} {self.coin}")
        if self.value is not None and self.fee_rate is not None:
            parts.append(f"fee at most about {money(EXACT.multiply(self.value, self.fee_rate))} {self.coin}")
        if self.liquidation is not None:
            parts.append(f"liquidation near {shown(self.liquidation)}")
        return ", ".join(parts) + (f" ({', '.join(self.details)})" if self.details else "")

    @property
    def warning(self) -> str:
        """The sentence about how far a price is off; empty where there is nothing to judge."""
        if self.distance is None or self.price is None or self.against is None:
            return ""
        percent = shown(rounded_down(self.distance, Decimal("0.1")))
        side = "above" if self.price > self.against else "below"
        return f"price {shown(self.price)} is {percent} % {side} {self.against_what} {shown(self.against)}"


def worth(order: Order, *, trigger: Decimal | None, market: Decimal | None) -> Decimal | None:
    """What an order is worth in quote coin, by the worse of its limit, its trigger and the market.

    A limit bounds what a buy may cost, but not what a sell is worth: a sell far below the market goes at the market.
    None where no price is known.
    """
    if order.in_quote:
        return order.size
    if order.direction is Direction.BUY and order.price is not None:
        return EXACT.multiply(order.size, order.price)
    known = [price for price in (order.price, trigger, market) if price is not None]
    return EXACT.multiply(order.size, max(known)) if known else None


def weighed(
    order: Order,
    what: str,
    *,
    market: Decimal | None,
    trigger: Decimal | None = None,
    coin: str = "",
    fee_rate: Decimal | None = None,
) -> Consequence:
    """What an order comes to. Every door that places or changes one asks here.

    `market` is the last price, which may be left out for one that closes, and `trigger` what it waits for. Raises
    UsageError for an attached take-profit or stop-loss on the wrong side of the entry.
    """
    at, at_what = (market, "the last price") if trigger is None else (trigger, "its trigger")
    check_legs(order, at, at_what)
    return Consequence(
        what,
        coin=coin,
        value=worth(order, trigger=trigger, market=market),
        fee_rate=fee_rate,
        price=order.price,
        against=at,
        against_what=at_what,
        closing=order.closing,
    )


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
    trades = row.effect is Effect.TRADE or "convert" in row.path.lower()
    if cap is None or not trades or gets_out(row):
        return
    raise DeclinedError(
        f"profile {profile} allows {shown(cap)} an order, and what {row.method} {row.path} comes to is not known here",
        hint=f"bitget order, plan and convert know; or bitget profile limit {profile} --max-notional none",
    )


def gets_out(row: Endpoint) -> bool:
    """Whether a call can only take orders out, close positions or change their exits."""
    return _GETS_OUT.fullmatch(row.path) is not None


def money(value: Decimal) -> str:
    """Cents, rounded up in doubt: a warning may overstate but not understate."""
    cents = rounded_down(value, _CENTS)
    if value and cents != value:
        cents = EXACT.add(cents, _CENTS)
    return shown(cents)
