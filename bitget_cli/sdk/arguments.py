"""What callers give, in the words of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from math import isfinite
from operator import index
from typing import TYPE_CHECKING, Any, TypeVar

from bitget_cli import values
from bitget_cli.errors import UsageError
from bitget_cli.values import Symbol, milliseconds

if TYPE_CHECKING:
    from bitget_cli.application.orders.orders import OrderInput
    from bitget_cli.trading.account_state import AccountState
    from bitget_cli.trading.model import Direction

Number = str | int | float | Decimal
Word = TypeVar("Word", bound=StrEnum)


def number_text(number: object, *, what: str) -> str:
    """A number as plain text: of a float the shortest that is read as the same. Raises UsageError for no number."""
    match number:
        case bool():
            pass
        case str():
            return number
        case int():
            return str(number)
        case Decimal() if number.is_finite():
            return values.plain(number)
        case float() if isfinite(number):
            # As it is written: what computing made of it (0.1 + 0.2) is for its author to round.
            return values.plain(Decimal(float.__repr__(number))).removesuffix(".0")
    if hasattr(number, "__index__") and not isinstance(number, bool):  # other libraries' whole numbers
        return str(index(number))
    raise UsageError(f"{what} {number!r} is not a number such as 0.25")


def is_share(size: str | None) -> bool:
    """Whether a size is a word for a share of what there is, which is money where money is spent."""
    return size is not None and (size.endswith("%") or size.lower() == "max")


def maybe_number(number: object, what: str) -> str | None:
    return None if number is None else number_text(number, what=what)


def exact(given: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with their floats as text, however deep."""

    def spelt(name: str, value: Any) -> Any:
        match value:
            case float():
                return number_text(value, what=name)
            case Mapping():
                return {inner: spelt(f"{name}.{inner}", item) for inner, item in value.items()}
            case list() | tuple():
                return [spelt(f"{name}[]", item) for item in value]
        return value

    return {name: spelt(name, value) for name, value in given.items()}


def moment(value: str | int | datetime | None) -> str | None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UsageError(f"{value.isoformat()} has no time zone", hint="datetime(…, tzinfo=timezone.utc)")
        return str(milliseconds(value))
    return None if value is None else str(value)


def one_of(words: type[Word], text: str, what: str) -> Word:
    try:
        return words(str(text).lower().replace("_", "-"))
    except ValueError:
        raise UsageError(f"{what} {text!r} is not one of {', '.join(words)}") from None


_BAR_UNITS = {"h": ("H", "h"), "d": ("D", "day"), "w": ("W", "week"), "m": ("m", "min"), "M": ("M", "M")}


def bar_word(text: str, *, spot: bool) -> str:
    """Bitget's word of the product: futures say `1H`, spot `1h`, and so on."""
    word = values.granularity(text)
    if text.lower().endswith("utc"):
        return f"{word[:-1]}{_BAR_UNITS[word[-1]][0]}utc"
    return word[:-1] + _BAR_UNITS[word[-1]][spot]


def order_words(size: Number, order_type: str, price: Number | None, force: str) -> OrderInput:
    """An order in the command line's words."""
    from bitget_cli.application.orders.orders import OrderInput
    from bitget_cli.trading.model import TimeInForce

    if order_type not in ("market", "limit"):
        raise UsageError(f"order_type {order_type!r} is not market or limit")
    tif = one_of(TimeInForce, force, "force")
    limit = order_type == "limit"
    if limit != (price is not None):
        raise UsageError("a limit order needs a price" if limit else "a market order has no price")
    # At market Bitget heeds no other word than the one that contradicts it.
    said = tif if limit or tif is TimeInForce.POST_ONLY else None
    return OrderInput(size=number_text(size, what="size"), price=maybe_number(price, "price"), tif=said)


def meant(
    at: AccountState, market: Symbol, side: Direction, trade_side: str | None, reduce_only: str | None
) -> tuple[bool, Direction]:
    """Whether the order only closes, and the true direction of its trade."""
    from bitget_cli.trading.model import OPPOSITE

    if trade_side not in (None, "open", "close"):
        raise UsageError(f"trade_side {trade_side!r} is not open or close")
    if reduce_only is not None and str(reduce_only).upper() not in ("YES", "NO"):
        raise UsageError(f"reduce_only {reduce_only!r} is not YES or NO")
    reduces = str(reduce_only).upper() == "YES"
    if trade_side == "open" and reduces:
        raise UsageError("trade_side open and reduce_only YES contradict each other; choose one")
    if trade_side == "close" and at.account(market).hedges:
        return True, OPPOSITE[side]
    return reduces or trade_side == "close", side
