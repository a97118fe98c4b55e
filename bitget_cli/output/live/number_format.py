"""Numbers, ages and times as a live table shows them. Nothing here trusts a text of the exchange to be a number."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from bitget_cli.output.cells import BAD, DOUBTFUL, QUIET, Cell, sign_tone
from bitget_cli.output.plain import cell_text, sanitise
from bitget_cli.values import from_milliseconds

ZERO = Decimal(0)
_MARKETS = {"usdt-futures": "USDT-M", "usdc-futures": "USDC-M", "coin-futures": "Coin-M"}
_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
# Room for a profit (the product of two numbers as above) over the smallest margin, and the decimals that are shown.
_WIDE = Context(prec=200)
_LONGEST = 40
_SHORT = ((Decimal(10) ** 12, "T"), (Decimal(10) ** 9, "B"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 3, "K"))


def number(value: Any) -> Decimal | None:
    """The value as an exact number, or None where it is none."""
    if isinstance(value, str):
        return Decimal(value) if _NUMBER.fullmatch(value) else None
    return Decimal(value) if type(value) is int and abs(value) < 10**30 else None


def text(value: Any) -> str:
    """The exchange's own text, safe to print."""
    return sanitise(cell_text(value), limit=_LONGEST)


def nonzero(value: Any) -> str:
    """The text of a number that says something: Bitget writes 0 for none."""
    return text(value) if number(value) else ""


def market(product: str) -> str:
    """A product in the short words of traders."""
    return _MARKETS.get(product, product)


def fixed(amount: Decimal | None, places: int = 2, *, sign: bool = False) -> str:
    """So many decimals; "" for what is not known."""
    if amount is None:
        return ""
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN, context=_WIDE)
    # No minus before a zero.
    return f"{rounded:+f}" if sign and rounded else f"{rounded or abs(rounded):f}"


def money(amount: Decimal | None) -> Cell:
    """A profit or a loss in its colour: two decimals, and four where it is less than one."""
    if amount is None:
        return Cell("")
    shown = fixed(amount, 2 if abs(amount) >= 1 or not amount else 4, sign=True)
    return Cell(shown, sign_tone(shown))


def percent(ratio: Decimal | None, places: int = 2) -> Cell:
    """0.01 as +1.00 %."""
    if ratio is None:
        return Cell("")
    shown = fixed(ratio.scaleb(2, context=_WIDE), places, sign=True)
    return Cell(f"{shown} %", sign_tone(shown))


def points(part: Decimal | None, whole: Decimal | None) -> str:
    """A difference in basis points of what it differs from."""
    if part is None or not whole:
        return ""
    return fixed(part / whole * 10_000, 2)


def short(amount: Decimal | None) -> str:
    """A volume by its first digits: 2.41 B."""
    if amount is None:
        return ""
    for size, letter in _SHORT:
        if abs(amount) >= size:
            return f"{fixed(amount / size)} {letter}"
    return fixed(amount)


def places_of(amount: Decimal) -> int:
    """How many decimals it was written with."""
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def age(milliseconds: int, *, old: float = 3.0) -> Cell:
    """How long ago, coloured from `old` seconds on."""
    seconds = max(0, milliseconds) / 1000
    tone = BAD if seconds >= old * 5 else DOUBTFUL if seconds >= old else QUIET
    return Cell(length(seconds), tone)


def length(seconds: float) -> str:
    """A length of time in its largest unit."""
    if seconds < 120:
        return f"{int(seconds)} s"
    return f"{int(seconds // 60)} m" if seconds < 7200 else f"{int(seconds // 3600)} h"


def countdown(milliseconds: int) -> str:
    """1:02:03 to go."""
    seconds = max(0, milliseconds // 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def clock(value: Any, pattern: str = "%H:%M:%S", *, local: bool = True) -> str:
    """Epoch milliseconds as a time of day; a pattern that ends with %f shows milliseconds."""
    count = number(value)
    if count is None or not 10**11 < count < 10**14:
        return ""
    moment = from_milliseconds(int(count))
    shown = (moment.astimezone() if local else moment).strftime(pattern)
    return shown[:-3] if pattern.endswith("%f") else shown
