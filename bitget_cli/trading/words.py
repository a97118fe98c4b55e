"""A trader's words for sizes and prices: read from text, and made into exact amounts from facts.

Nothing here asks anybody: facts come in, an amount goes out, and beside it the arithmetic as a sentence. What does not
come out even is rounded towards safety.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from bitget_cli.errors import NetworkError, UsageError
from bitget_cli.trading.model import EXACT, PositionSide, Prices
from bitget_cli.values import amount, plain


class Reference(StrEnum):
    """What a price may be told from; `entry` is an order's own, or that of a position."""

    BID = "bid"
    ASK = "ask"
    MID = "mid"
    LAST = "last"
    MARK = "mark"
    INDEX = "index"
    ENTRY = "entry"


class Unit(StrEnum):
    """What an offset is counted in."""

    PERCENT = "%"
    POINT = "bp"
    MONEY = ""
    TICK = "t"


class Exactly(NamedTuple):
    """A number as typed."""

    value: Decimal


class Relative(NamedTuple):
    """`bid-0.1%`: a reference and a signed offset. With `fees`, where nothing is lost after those of both sides."""

    text: str
    base: Reference
    offset: Decimal = Decimal(0)
    unit: Unit = Unit.MONEY
    fees: bool = False

    @property
    def is_signed_number(self) -> bool:
        """Whether nothing but the sign tells it from a number: `-25`."""
        return self.text[:1] in ("+", "-") and self.unit is Unit.MONEY


class Multiple(NamedTuple):
    """`2R`: so many times the distance between entry and stop, on the other side of the entry."""

    text: str
    times: Decimal


class Share(NamedTuple):
    """`25%`, or all of it: `max`."""

    text: str
    percent: Decimal

    @property
    def name(self) -> str:
        return "all" if self.percent == _HUNDRED else f"{plain(self.percent)} %"

    @property
    def is_max(self) -> bool:
        """Whether it was typed as the most there can be."""
        return self.text.lower() == "max"


class Risk(NamedTuple):
    """What may be lost at the stop: a share of equity in percent, or money."""

    text: str
    amount: Decimal
    of_equity: bool


PriceWord = Exactly | Relative | Multiple
SizeWord = Exactly | Share

_HUNDRED = Decimal(100)
_NUMBER = r"[0-9]{1,20}(?:\.[0-9]{1,20})?"
_SHARE = rf"({_NUMBER})%"
_MULTIPLE = rf"({_NUMBER})r"
_PRICE = rf"({'|'.join(Reference)})?(\+fees)?(?:([+-])({_NUMBER})(%|bp|t)?)?"
_REFERENCES = f"{', '.join(list(Reference)[:-1])} or {Reference.ENTRY}"
_EXAMPLE = "bid-0.1%, last+25, mid, mark-10bp or ask+3t (ticks)"


def read_size(text: str, *, what: str = "size") -> SizeWord:
    """A SIZE as typed. Raises UsageError that names it, the rule and an example."""
    if text.lower() == "max":
        return Share(text, _HUNDRED)
    if found := re.fullmatch(_SHARE, text, re.ASCII):
        share = Decimal(found[1])
        if not 0 < share <= _HUNDRED:
            raise UsageError(f"{what} {text!r} is not above 0 % and at most 100 %", hint="such as 25%, or max for all")
        return Share(text, share)
    return Exactly(_number(text, what, "a share such as 25%, or max"))


def read_risk(text: str) -> Risk:
    """What may be lost: `1%` of equity, or `50` in money."""
    is_share = text.endswith("%")
    value = _number(text.removesuffix("%"), "--risk", "which is money, or a share of equity such as 1%")
    if not value or (is_share and value > _HUNDRED):
        rule = "above 0 % and at most 100 %" if is_share else "above zero"
        raise UsageError(f"--risk {text!r} is not {rule}", hint="--risk 1% is a share of equity, --risk 50 is money")
    return Risk(text, value, is_share)


def read_price(text: str, *, what: str, exits: bool = False, multiples: bool = False) -> PriceWord:
    """A price as typed. `exits` may also be offsets from the entry by themselves, a take-profit `multiples` as well.

    Raises UsageError that names it, the rule and an example.
    """
    if found := re.fullmatch(_MULTIPLE, text, re.ASCII | re.IGNORECASE):
        if not multiples:
            raise UsageError(
                f"{what} {text!r} counts in distances of a stop, as a take-profit alone can", hint="--tp 2R --sl -2%"
            )
        return Multiple(text, Decimal(found[1]))
    found = re.fullmatch(_PRICE, text, re.ASCII | re.IGNORECASE) if text else None
    if found is None:
        return Exactly(_number(text, what, _rule(exits=exits, multiples=multiples)))
    base, fees, sign, digits, unit = found.groups()
    if fees and (base is None or Reference(base.lower()) is not Reference.ENTRY or sign):
        raise UsageError(f"{what} {text!r}: fees belong to an entry, and to nothing else", hint="entry+fees")
    if base is None and not exits:
        raise UsageError(
            f"{what} {text!r} is an offset from nothing: say from which price, {_REFERENCES}",
            hint=f"such as bid{text} or last{text}",
        )
    offset = Decimal(f"{sign}{digits}") if sign else Decimal(0)
    reference = Reference(base.lower()) if base else Reference.ENTRY
    return Relative(text, reference, offset, Unit((unit or "").lower()), fees=bool(fees))


def _rule(*, exits: bool, multiples: bool) -> str:
    own = (
        "; an offset from the entry such as -2%" * exits
        + "; or a multiple of the stop's distance such as 2R" * multiples
    )
    return f"or a price by another such as {_EXAMPLE}{own}"


def _number(text: str, what: str, rule: str) -> Decimal:
    # What was meant for a number is told how to write one.
    if re.fullmatch(r"[0-9.,eE+_-]*", text):
        return amount(text, what=what)
    in_parts = f"shares are of a position that is there: bitget plan tpsl SYMBOL --tp {text}" if ":" in text else None
    raise UsageError(f"{what} {text!r} is not a plain number such as 0.25, {rule}", hint=in_parts)


# Facts in, amounts out.


class Worked(NamedTuple):
    """An amount, and the sentence of how it came about."""

    value: Decimal
    text: str


class PriceFacts(NamedTuple):
    """What a price is worked out from; `fee` is a ratio, paid on each side, and `entry` is `whose`."""

    tick: Decimal
    quote: str
    prices: Prices | None = None
    entry: Decimal | None = None
    whose: str = "the entry"
    fee: Decimal | None = None
    side: PositionSide = PositionSide.LONG


def on_grid(value: Decimal, step: Decimal, *, up: bool, over: Decimal = Decimal(1)) -> Decimal:
    """The nearest multiple of `step` to `value / over`, above or below it, with no zeros behind; all positive.

    Counted in whole steps of `over * step`, since the quotient itself may not come out even.
    """
    unit = EXACT.multiply(over, step)
    count, rest = EXACT.divmod(value, unit)
    return EXACT.multiply(EXACT.add(count, Decimal(1)) if up and rest else count, step).normalize(EXACT)


def priced(word: Relative, facts: PriceFacts, *, what: str, up: bool) -> Worked:
    """The price that is meant, on the grid of ticks; what was rounded is rounded `up`, or down.

    Where nothing is to be lost it is rounded away from the loss. Raises NetworkError for a price that is not there,
    UsageError for an offset that leaves none.
    """
    at, told = _reference(word.base, facts)
    if word.fees:
        return _break_even(word, at, facts, what=what)
    whole = EXACT.add(at, _distance(word, at, facts.tick))
    if word.offset:
        size = f"{plain(EXACT.abs(word.offset))}{_unit_name(word, facts)}"
        told += f" {'-' if word.offset < 0 else '+'} {size} = {_told(whole)}"
    return _rounded(f"{what} {word.text}: {told}", whole, facts.tick, up=up)


def multiplied(word: Multiple, facts: PriceFacts, stop: Decimal, *, what: str) -> Worked:
    """The take-profit so many times as far from the entry as the stop is, rounded towards the entry."""
    entry, long = _entry(facts), facts.side is PositionSide.LONG
    distance = EXACT.abs(EXACT.subtract(entry, stop))
    away = EXACT.multiply(word.times, distance)
    whole = EXACT.add(entry, away) if long else EXACT.subtract(entry, away)
    told = (
        f"{what} {word.text}: {plain(distance)} from {facts.whose} {plain(entry)} to the stop {plain(stop)}, "
        f"{plain(word.times)} times is {_told(whole)}"
    )
    return _rounded(told, whole, facts.tick, up=not long)


def shared(word: Share, whole: Decimal, *, step: Decimal, unit: str, what: str) -> Worked:
    """A share of `whole`, rounded down to the step. Raises UsageError where that is nothing."""
    part = on_grid(EXACT.multiply(whole, word.percent), step, up=False, over=_HUNDRED)
    told = f"{word.name} of {plain(whole)} {unit} {what}"
    if not part:
        raise UsageError(f"{told} is less than one step of {plain(step)} {unit}")
    return Worked(part, f"{told} = {plain(part)} {unit}")


def bought(word: Share, money: Decimal, price: Decimal, *, step: Decimal, base: str, quote: str) -> Worked:
    """The size that a share of money pays for at a price, rounded down to the step."""
    spent = EXACT.multiply(money, word.percent).scaleb(-2, EXACT)
    part = on_grid(spent, step, up=False, over=price)
    told = f"{word.name} of {plain(money)} {quote} that is free = {_told(spent)} {quote}, at {plain(price)}"
    if not part:
        raise UsageError(f"{told}, is less than one step of {plain(step)} {base}")
    return Worked(part, f"{told} = {plain(part)} {base}")


class RiskFacts(NamedTuple):
    """A trade that a stop ends. `fee` is a ratio, paid on each side; with `in_base` losses are counted in base coin,
    as coin-margined futures book them at the price at which they leave."""

    entry: Decimal
    stop: Decimal
    fee: Decimal
    step: Decimal
    base: str
    coin: str
    in_base: bool = False


def risked(word: Risk, facts: RiskFacts, equity: Decimal | None) -> Worked:
    """The largest size that loses no more than is risked when the stop fills at its price, fees of both sides included.

    Raises UsageError where that is less than a step.
    """
    money, told = at_stake(word, facts.coin, equity)
    # In base coin everything is counted that many times the price of the stop.
    over = EXACT.multiply(money, facts.stop) if facts.in_base else money
    size = on_grid(over, facts.step, up=False, over=loss_of_one(facts)) if money > 0 else Decimal(0)
    told = f"risk {told}, from {plain(facts.entry)} to the stop {plain(facts.stop)} with {_percent(facts.fee)} % fees"
    if not size:
        raise UsageError(
            f"{told} on each side, pays for less than one step of {plain(facts.step)} {facts.base}",
            hint="risk more, or put the stop nearer to the entry",
        )
    lost = f"{_loss_text(size, facts)} {facts.coin}"
    return Worked(size, f"{told} on each side = {plain(size)} {facts.base}, which loses {lost}; slippage is not in it")


def at_stake(word: Risk, coin: str, equity: Decimal | None) -> Worked:
    """What may be lost, as money."""
    if not word.of_equity:
        return Worked(word.amount, f"{_told(word.amount)} {coin}")
    whole = equity or Decimal(0)
    money = EXACT.multiply(whole, word.amount).scaleb(-2, EXACT)
    return Worked(money, f"{plain(word.amount)} % of {plain(whole)} {coin} equity = {_told(money)} {coin}")


def loss_of_one(facts: RiskFacts) -> Decimal:
    """What one base coin loses; in base coin it is that many times the price of the stop."""
    move = EXACT.abs(EXACT.subtract(facts.entry, facts.stop))
    paid_at = EXACT.add(facts.stop if facts.in_base else facts.entry, facts.stop)
    return EXACT.add(move, EXACT.multiply(facts.fee, paid_at))


def _loss_text(size: Decimal, facts: RiskFacts) -> str:
    """What is lost, with eight decimals at most and rounded up: it may be overstated and not understated."""
    over = facts.stop if facts.in_base else Decimal(1)
    lost = on_grid(EXACT.multiply(size, loss_of_one(facts)), Decimal("0.00000001"), up=True, over=over)
    return _told(lost)


def _reference(base: Reference, facts: PriceFacts) -> tuple[Decimal, str]:
    """The price that is named, and how it is told."""
    if base is Reference.ENTRY:
        entry = _entry(facts)
        return entry, f"{facts.whose} {plain(entry)}"
    if base is Reference.MID:
        bid, ask = _known(Reference.BID, facts), _known(Reference.ASK, facts)
        middle = EXACT.multiply(EXACT.add(bid, ask), Decimal("0.5"))
        return middle, f"({plain(bid)} + {plain(ask)}) / 2 = {_told(middle)}"
    at = _known(base, facts)
    return at, f"{base.value} {plain(at)}"


def _known(base: Reference, facts: PriceFacts) -> Decimal:
    # A tuple has an `index` of its own.
    name = "index_price" if base is Reference.INDEX else base.value
    value: Decimal | None = getattr(facts.prices, name, None)
    if not value:
        raise NetworkError(
            f"the exchange told no {base.value} price, so nothing was worked out and nothing sent",
            hint="bitget market ticker; or type the price",
        )
    return value


def _entry(facts: PriceFacts) -> Decimal:
    if not facts.entry:
        raise NetworkError("the exchange told no entry price, so nothing was worked out", hint="bitget position list")
    return facts.entry


def _distance(word: Relative, at: Decimal, tick: Decimal) -> Decimal:
    match word.unit:
        case Unit.PERCENT:
            return EXACT.multiply(at, word.offset).scaleb(-2, EXACT)
        case Unit.POINT:
            return EXACT.multiply(at, word.offset).scaleb(-4, EXACT)
        case Unit.TICK:
            return EXACT.multiply(tick, word.offset)
    return word.offset


def _unit_name(word: Relative, facts: PriceFacts) -> str:
    names = {Unit.PERCENT: " %", Unit.POINT: " bp", Unit.TICK: f" ticks of {plain(facts.tick)}"}
    return names.get(word.unit, f" {facts.quote}")


def _break_even(word: Relative, entry: Decimal, facts: PriceFacts, *, what: str) -> Worked:
    """Where what comes in, less its fee, is what went out and its fee: above a long's entry, below a short's."""
    if facts.fee is None:
        raise NetworkError("the exchange told no fee, so nothing was worked out", hint="bitget account fee SYMBOL")
    one, long = Decimal(1), facts.side is PositionSide.LONG
    more, less = EXACT.add(one, facts.fee), EXACT.subtract(one, facts.fee)
    paid, kept = (more, less) if long else (less, more)
    value = on_grid(EXACT.multiply(entry, paid), facts.tick, up=long, over=kept)
    _check(value, f"{what} {word.text}")
    return Worked(
        value,
        f"{what} {word.text}: {facts.whose} {plain(entry)} and {_percent(facts.fee)} % fees on each side, "
        f"so that nothing is lost from {plain(value)} on",
    )


def _rounded(told: str, whole: Decimal, tick: Decimal, *, up: bool) -> Worked:
    _check(whole, told)
    value = on_grid(whole, tick, up=up)
    _check(value, told)
    return Worked(value, told if value == whole else f"{told}, rounded {'up' if up else 'down'} to {plain(value)}")


def _check(value: Decimal, told: str) -> None:
    if value <= 0:
        raise UsageError(f"{told}, which is no price above zero", hint="take a smaller offset, such as bid-0.1%")


def _percent(ratio: Decimal) -> str:
    return _told(EXACT.multiply(ratio, _HUNDRED))


def _told(value: Decimal) -> str:
    """What a calculation came to, without the zeros it left behind."""
    return plain(value.normalize(EXACT))
