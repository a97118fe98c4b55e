"""Exact amounts: ticks and lots as decimals, and the one rounding every movement of money goes through."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bitget_cli.paper.instruments import Instrument
from bitget_cli.values import Product

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


def price_of(instrument: Instrument, ticks: int) -> Decimal:
    return Decimal(ticks * instrument.price_step).scaleb(-instrument.price_places)


def size_of(instrument: Instrument, lots: int) -> Decimal:
    return Decimal(lots * instrument.size_step).scaleb(-instrument.size_places)


def quote_of(instrument: Instrument, ticks_times_lots: int) -> Decimal:
    """Turnover in quote coin."""
    places = instrument.price_places + instrument.size_places
    return Decimal(ticks_times_lots * instrument.price_step * instrument.size_step).scaleb(-places)


def ticks_of(instrument: Instrument, price: Decimal, *, up: bool = False) -> int:
    """The price as whole ticks, rounded down or up."""
    units = price.scaleb(instrument.price_places) / instrument.price_step
    return int(units.to_integral_value(ROUND_CEILING if up else ROUND_FLOOR))


def lots_of(instrument: Instrument, size: Decimal) -> int:
    """The size as whole lots, rounded down."""
    return int((size.scaleb(instrument.size_places) / instrument.size_step).to_integral_value(ROUND_FLOOR))


def in_margin_coin(instrument: Instrument, *, lots: int, quote: Decimal) -> Decimal:
    """What a trade of `lots` for `quote` is worth in the coin that margins it."""
    return size_of(instrument, lots) if instrument.product is Product.COIN_FUTURES else quote


def account_of(product: Product) -> str:
    """The account whose money a product uses, as Bitget's transfers spell it."""
    return product.value.replace("-", "_")


def average(instrument: Instrument, *, value: int, lots: int) -> str:
    """The average price of `lots` whose ticks times lots add up to `value`; "" when nothing was traded."""
    if not lots:
        return ""
    price = Decimal(value * instrument.price_step).scaleb(-instrument.price_places) / lots
    return text(price.quantize(Decimal(1).scaleb(-instrument.price_places - 4)))
