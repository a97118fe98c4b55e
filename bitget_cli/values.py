"""Exact amounts, symbols and instants: text in; Decimal, Symbol, datetime out; and back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from bitget_cli.errors import UsageError

# ASCII digits only: Decimal() would also take "1_000", "NaN", "1e9" and the digits of every other script.
_AMOUNT = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?", re.ASCII)
# As text, these and others below are compiled when they are first needed, which most commands never do.
_LOOK_BACK = r"([0-9]{1,6})([smhdw])"
_EPOCH_MS = r"[0-9]{12,14}"
# As programs write numbers: 5e-05, 1E+3. The exponent is short, or writing it out would be the longer attack.
_SCIENTIFIC = r"[0-9]{1,20}(\.[0-9]{1,20})?[eE][+-]?[0-9]{1,2}"
_DECIMAL_COMMA = r"[0-9]{1,20},[0-9]{1,20}"
# 60,000 may be sixty thousand; 0,005 and 1234,567 can only be decimals.
_GROUPED = r"[1-9][0-9]{0,2},[0-9]{3}"
# Not only ASCII: Bitget lists symbols in Chinese.
_BARE_SYMBOL = re.compile(r"[^\s/:_\x00-\x1f-]{2,40}")
_COIN = re.compile(r"[^\s/:_\x00-\x1f-]{1,30}")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
# Bars: the words of the command line, and the units in which Bitget's own spellings differ (1H, 1day, 1min, 6Hutc).
GRANULARITIES = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "3d", "1w", "1M")
_GRANULARITY = r"([0-9]{1,2})([a-z]{1,4}?)(utc)?"
_BAR_UNITS = {"min": "m", "h": "h", "d": "d", "day": "d", "w": "w", "week": "w"}
_ON_THE_DAY = ("6h", "12h", "1d", "3d", "1w", "1M")
_V1_SUFFIX = {"SPBL": "spot", "UMCBL": "usdt-futures", "CMCBL": "usdc-futures", "DMCBL": "coin-futures"}
_MONTH_LETTERS = "FGHJKMNQUVXZ"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class WireNumber(str):
    """A JSON number kept as the text the exchange sent; printed back without quotes."""

    __slots__ = ()


# How a result can be written, the words of --output.
FORMS = ("table", "record", "json", "ndjson", "csv", "tsv")


class Product(StrEnum):
    """What is traded, in the words of `--product`."""

    SPOT = "spot"
    USDT_FUTURES = "usdt-futures"
    USDC_FUTURES = "usdc-futures"
    COIN_FUTURES = "coin-futures"

    @property
    def wire(self) -> str:
        """Bitget's `productType` (futures only)."""
        return self.value.upper()

    @property
    def is_spot(self) -> bool:
        return self is Product.SPOT


class Symbol(NamedTuple):
    """A market: Bitget's own name and the product it is in, since spot and USDT-M share names."""

    name: str
    product: Product


def amount(text: str, *, what: str = "amount") -> Decimal:
    """Exact decimal from plain digits; `what` names the value in the error.

    Raises UsageError for a sign, exponent, group separator, comma, blank or non-ASCII digit.
    """
    if _AMOUNT.fullmatch(text):
        return Decimal(text)
    raise UsageError(f"{what} {text!r} is not a plain number such as 0.25", hint=_plain_form(text))


def _plain_form(text: str) -> str | None:
    """How the number should have been typed; None where it could be meant in two ways."""
    if re.fullmatch(_SCIENTIFIC, text):
        written_out = plain(Decimal(text))
        return f"write it out: {written_out}" if _AMOUNT.fullmatch(written_out) else None
    if re.fullmatch(_DECIMAL_COMMA, text) and not re.fullmatch(_GROUPED, text):
        return "use a dot: " + text.replace(",", ".")
    return None


def capitals(text: str, *, what: str) -> str:
    """The text in capital letters. Raises UsageError for one that only looks as if it were plain letters and digits.

    U+017F has the capital S, U+FF22 is a form of B, and nobody sees U+200B: what is typed with them must never name a
    market or a coin that is traded. `what` names the value in the error.
    """
    if text.isascii():
        return text.upper()
    import unicodedata

    for char in text:
        if char.isascii():
            continue
        if unicodedata.category(char) in ("Cf", "Cc"):
            raise UsageError(f"{what} {text!r} has the invisible character U+{ord(char):04X}", hint="type it again")
        if unicodedata.decimal(char, None) is not None or any(
            letter.isascii() and letter.isalnum()
            for letter in unicodedata.normalize("NFKC", char) + char.upper() + char.lower()
        ):
            raise UsageError(
                f"{what} {text!r} has {char!r}, which only looks like a plain letter or digit", hint="type it again"
            )
    return text.upper()


def coin_name(text: str) -> str:
    """A coin's name as Bitget spells nearly all of them; see `is_as_listed`."""
    name = capitals(text, what="coin")
    return f"r{name[1:]}" if is_as_listed(text) else name


def is_as_listed(text: str) -> bool:
    """Whether it is typed as stock tokens are listed, alone among coins and symbols: rTSLA, rTSLAUSDT."""
    return re.match(r"r[A-Z0-9]", text, re.ASCII) is not None


def may_be_listed_otherwise(text: str) -> bool:
    """Whether the text may be a stock token's name in another case, which only Bitget's list can tell."""
    return text[:1] in ("r", "R") and len(text) > 1 and not is_as_listed(text)


def is_whole(text: str) -> bool:
    """Whether the text is a whole number in plain digits; `isdigit` alone takes `²` and those of every script too."""
    return text.isascii() and text.isdigit()


def plain(number: Decimal) -> str:
    """The number's own digits, never an exponent."""
    return format(number, "f")


def from_json(text: str, *, what: str) -> Any:
    """JSON a person or their program wrote, numbers as their own text; `what` names it in the error.

    Raises UsageError for what is not JSON, and for an object that has a name twice: one of the two values would be
    dropped, and nobody can know which was meant.
    """
    import json

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        for name in found if len(found) < len(pairs) else ():
            if [other for other, _ in pairs].count(name) > 1:
                raise UsageError(f"{what} has {name} twice", hint="give it once")
        return found

    def no_constant(name: str) -> Any:
        raise UsageError(f"{what} has {name}, which is no number")

    try:
        found = json.loads(text, parse_float=str, parse_int=str, parse_constant=no_constant, object_pairs_hook=once)
        if "\\u" in text:
            # Half of a pair, which is no character and can be written down nowhere.
            json.dumps(found, ensure_ascii=False).encode()
        return found
    except UnicodeEncodeError:
        raise UsageError(f"{what} has half a character (\\ud800 to \\udfff by itself)", hint="type it again") from None
    except RecursionError:
        raise UsageError(f"{what} is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise UsageError(f"{what} is not JSON: {error}") from None


def picked(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The entries of these names, as far as there is something in them."""
    return {name: given[name] for name in names if given.get(name)}


def whole_milliseconds(text: str | None) -> int | None:
    """Epoch milliseconds as the exchange writes them; None for nothing and for what is no such time."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 15 else None


def milliseconds(moment: datetime) -> int:
    """Bitget's timestamps: whole milliseconds since the epoch."""
    return (moment - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(count: int | str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(count))


def instant(text: str, *, now: datetime) -> datetime:
    """An instant from ISO-8601 (UTC unless it says otherwise), epoch milliseconds, or a look-back such as `90m`."""
    try:
        if match := re.fullmatch(_LOOK_BACK, text):
            return now - timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
        if re.fullmatch(_EPOCH_MS, text):
            return from_milliseconds(text)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise UsageError(f"time {text!r} is before the year 1 or after 9999") from None
    except ValueError:
        raise UsageError(
            f"time {text!r} is not a date, epoch milliseconds or a look-back",
            hint="try 2026-01-31, 2026-01-31T09:30:00Z, 1767225600000 or 7d",
        ) from None


def duration(text: str, *, what: str = "duration") -> timedelta:
    """A length of time such as `30s`, `90m` or `3d`."""
    if match := re.fullmatch(_LOOK_BACK, text):
        return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])
    raise UsageError(f"{what} {text!r} is not a length of time such as 30s, 90m or 3d")


def granularity(text: str) -> str:
    """The length of a bar in the words of the command line; Bitget's own spellings, futures' and spot's, are taken too.

    Only `m` and `M` differ by case: 1m is a minute, 1M always the month. Raises UsageError for a length there is not.
    """
    if found := re.fullmatch(_GRANULARITY, text, re.ASCII | re.IGNORECASE):
        count, unit, utc = found.groups()
        word = count + (unit if unit in ("m", "M") else _BAR_UNITS.get(unit.lower(), "?"))
        if word in (_ON_THE_DAY if utc else GRANULARITIES):
            return word
    hint = f"minutes have a small m: {text.lower()}" if text.lower() in GRANULARITIES else None
    raise UsageError(f"granularity {text!r} is not one of {' '.join(GRANULARITIES)}", hint=hint)


def product(text: str) -> Product:
    try:
        return Product(text.lower())
    except ValueError:
        # Bitget's demo once had products and coins of its own, with an S before their names.
        own = text.lower().removeprefix("s")
        hint = f"Bitget's demo is a profile: -p demo --product {own}" if own in tuple(Product) else None
        raise UsageError(f"product {text!r} is not one of {', '.join(Product)}", hint=hint) from None


def symbol(text: str, *, chosen: Product | None, default: Product, by_name: bool = False) -> Symbol:
    """The market a person typed, in Bitget's v2 name.

    `chosen` is an explicit `--product`; `default` applies without one. ccxt's forms and the retired v1 forms name their
    own product and win; contradicting `chosen` is a UsageError. With `by_name`, a bare `BTCPERP` or `BTCUSD` also
    names its product (Bitget spells only USDC-M and Coin-M so) unless `chosen` says otherwise: right for looking at
    a market, too forgiving for trading in one.
    """
    capitals(text, what="symbol")  # refuses what only looks like one
    if text.lower() in tuple(Product):
        raise UsageError(f"{text} is a product and no symbol", hint=f"--product {text.lower()}")
    name, named = _spelt_out(text)
    if named and chosen and named is not chosen:
        raise UsageError(
            f"symbol {text} is in {named}, but --product says {chosen}",
            hint=f"leave --product out, or type {name} for {name} in {chosen}",
        )
    guessed = _product_of_name(name) if by_name else None
    if is_as_listed(text):
        name = f"r{name[1:]}"
    return Symbol(name, named or chosen or guessed or default)


def _spelt_out(text: str) -> tuple[str, Product | None]:
    if "/" in text:
        return _from_ccxt(text)
    if "_" in text:
        return _from_v1(text)
    if not _BARE_SYMBOL.fullmatch(text):
        bare = text.replace("-", "").upper()
        hint = f"did you mean {bare} or {text.replace('-', '/').upper()} (spot)?" if text.count("-") == 1 else None
        raise UsageError(f"symbol {text!r} is not a symbol such as BTCUSDT or BTC/USDT:USDT", hint=hint)
    return text.upper(), None


def _from_ccxt(text: str) -> tuple[str, Product]:
    pair, _, settle = text.upper().partition(":")
    base, _, quote = pair.partition("/")
    settle, _, expiry = settle.partition("-")
    if not (_COIN.fullmatch(base) and _COIN.fullmatch(quote)):
        settle = "?"
    if not expiry:
        match settle:
            case "":
                return base + quote, Product.SPOT
            case "USDT" if quote == "USDT":
                return base + quote, Product.USDT_FUTURES
            case "USDC" if quote == "USDC":
                return f"{base}PERP", Product.USDC_FUTURES
            case _ if settle == base and quote == "USD":
                return base + quote, Product.COIN_FUTURES
    if expiry and settle == base and quote == "USD" and (month := _delivery_month(expiry)):
        return f"{base}USD{month}", Product.COIN_FUTURES
    raise UsageError(
        f"symbol {text!r} is not a market Bitget has",
        hint="BTC/USDT is spot; BTC/USDT:USDT, BTC/USD:BTC and BTC/USDC:USDC are futures",
    )


def _delivery_month(expiry: str) -> str | None:
    """ccxt's `230331` as Bitget's `H23`: month letter and year."""
    if not re.fullmatch(r"[0-9]{6}", expiry, re.ASCII) or not 1 <= int(expiry[2:4]) <= 12:
        return None
    return _MONTH_LETTERS[int(expiry[2:4]) - 1] + expiry[:2]


def _from_v1(text: str) -> tuple[str, Product]:
    name, _, suffix = text.upper().rpartition("_")
    if suffix not in _V1_SUFFIX or not _BARE_SYMBOL.fullmatch(name):
        raise UsageError(
            f"symbol {text!r} is not a symbol such as BTCUSDT",
            hint="the retired v1 endings are " + ", ".join(f"_{known}" for known in _V1_SUFFIX),
        )
    return name, Product(_V1_SUFFIX[suffix])


def _product_of_name(name: str) -> Product | None:
    if name.endswith("PERP") and name != "PERP":
        return Product.USDC_FUTURES
    if re.fullmatch(rf".+USD([{_MONTH_LETTERS}][0-9]{{2}})?", name):
        return Product.COIN_FUTURES
    return None
