"""One value as a person reads it: safe text, one format for each kind of field. Moments are in `times.py`."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, NamedTuple

from bitget_cli.catalogue.model import FieldKind
from bitget_cli.output.plain import cell_text, is_number, sanitise

# Digits are shown as they were sent, without thousands separators: what is on the screen can be typed back into a
# command, and means the same in every country. Aligned decimal points make magnitudes easy to compare.

# Styles of Rich's, by what they say.
GOOD, BAD, DOUBTFUL, QUIET, STRONG = "green", "red", "yellow", "dim", "bold"

DASH = "\N{EN DASH}"

# Announcements have paragraphs; no id or number has more than this.
_LONGEST_TEXT, _LONGEST_WORD = 500, 120
_BUYING = frozenset({"buy", "long", "bid", "bids"})
_SELLING = frozenset({"sell", "short", "ask", "asks"})
_YES = frozenset({"true", "yes", "on"})
_NO = frozenset({"false", "no", "off"})
_EXACT = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)
# Room for every digit of the longest number above, shifted.
_WIDE = Context(prec=80)


class Cell(NamedTuple):
    """Text that is safe to print, and its style ("" for none)."""

    text: str
    tone: str = ""


# What is drawn, still or live.
Line = Sequence[Cell]


def text_of(line: Line) -> str:
    """The line without its colours."""
    return "".join(cell.text for cell in line)


def cell(value: Any, kind: FieldKind, *, marks: bool = True) -> Cell:
    """The value as this kind of field reads. `marks` allows ✓ and a dash; times are for `Times`.

    A value that does not look like its kind is shown as the text it is.
    """
    if kind is FieldKind.NESTED or isinstance(value, dict | list):
        return Cell(_nested(value))
    longest = _LONGEST_TEXT if kind is FieldKind.TEXT else _LONGEST_WORD
    text = sanitise(cell_text(value), limit=longest)
    match kind:
        case FieldKind.SIGNED:
            return Cell(text, sign_tone(text))
        case FieldKind.RATIO:
            return Cell(_percent(text, places=2), sign_tone(text))
        case FieldKind.RATE:
            return Cell(_percent(text, places=None))
        case FieldKind.SIDE:
            return Cell(text, side_tone(text))
        case FieldKind.FLAG:
            return _flag(text, marks=marks)
        case _:
            return Cell(text)


def sign_tone(text: str) -> str:
    """Green above zero, red below, nothing at zero or for what is no number."""
    if not is_number(text) or not re.search("[1-9]", text.lower().partition("e")[0]):
        return ""
    return BAD if text.startswith("-") else GOOD


def side_tone(text: str) -> str:
    word = text.lower()
    return GOOD if word in _BUYING else BAD if word in _SELLING else ""


def aligned(cells: Sequence[Cell]) -> list[Cell]:
    """The same cells padded so that their decimal points, and any unit behind the number, stand in one column."""
    split = [_split(cell.text) for cell in cells]
    whole = max((len(part[0]) for part in split), default=0)
    fraction = max((len(part[1]) for part in split), default=0)
    unit = max((len(part[2]) for part in split), default=0)
    texts = [a.rjust(whole) + b.ljust(fraction) + c.ljust(unit) for a, b, c in split]
    return [Cell(text, cell.tone) for text, cell in zip(texts, cells, strict=True)]


def is_quantity(text: str) -> bool:
    """Whether the text is a number, with or without a percent sign, or nothing at all."""
    return not text or is_number(text.removesuffix(" %"))


def _split(text: str) -> tuple[str, str, str]:
    number, space, unit = text.partition(" ")
    whole, dot, fraction = number.partition(".")
    return whole, dot + fraction, space + unit


def _percent(text: str, *, places: int | None) -> str:
    """A ratio times a hundred, by moving the decimal point; to two places it has its sign, all digits otherwise."""
    if not _EXACT.fullmatch(text):
        return text
    shifted = Decimal(text).scaleb(2, context=_WIDE)
    if places is None:
        return f"{shifted:f} %"
    rounded = shifted.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN, context=_WIDE)
    return f"{rounded:+f} %" if shifted else "0.00 %"


def _flag(text: str, *, marks: bool) -> Cell:
    word = text.lower()
    if word in _YES:
        return Cell("✓" if marks else "yes", GOOD)
    if word in _NO:
        return Cell(DASH if marks else "no", QUIET)
    return Cell(text)


def _nested(value: Any) -> str:
    return sanitise(_said(_opened(value)), limit=_LONGEST_TEXT)


def _said(value: Any) -> str:
    """A list or an object without its brackets: words with commas between, objects with semicolons."""
    if isinstance(value, dict):
        # A fee with its coin, anything else as names and values.
        return _fee(value) or ", ".join(
            f"{name} {_said(part)}" for name, part in value.items() if not (part is None or part in ("", [], {}))
        )
    if isinstance(value, list):
        between = "; " if any(isinstance(part, dict | list) for part in value) else ", "
        return between.join(_said(part) for part in value if part is not None)
    return cell_text(value)


def _opened(value: Any) -> Any:
    """What a JSON document within a text says: the fees of a spot order are one."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return value


def _fee(part: dict[str, Any]) -> str:
    """`-0.6 USDT`, with what a deduction paid; empty for an object that is no fee.

    A spot order has its fees by coin, beside `newFees`, which says them again without one.
    """
    within = [value for name, value in part.items() if name != "newFees" and isinstance(value, dict)]
    if within and len(within) + ("newFees" in part) == len(part):
        return "; ".join(filter(None, map(_fee, within)))
    size = next((cell_text(part[name]) for name in ("totalFee", "fee") if part.get(name)), "")
    if not is_number(size):
        return ""
    coin = next((cell_text(part[name]) for name in ("feeCoin", "feeCoinCode", "feecoinCode") if part.get(name)), "")
    deducted, rate = cell_text(part.get("totalDeductionFee")), cell_text(part.get("feeRate"))
    beside = f", {deducted} deducted" if re.search("[1-9]", deducted) else ""
    return f"{size} {coin}".rstrip() + beside + (f" (rate {rate})" if rate else "")
