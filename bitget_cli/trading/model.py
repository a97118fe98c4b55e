"""What a person means, and what an account tells: the words above every kind of account."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from decimal import Context, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Field
from bitget_cli.errors import UsageError
from bitget_cli.values import Symbol, plain

if TYPE_CHECKING:
    pass

# They are named tuples for the reason that stands in `catalogue/model.py`: a frozen dataclass takes three times as long
# to be made, at every start.


class Kind(StrEnum):
    """The kinds of account Bitget has."""

    CLASSIC = "classic"
    UNIFIED = "unified"


class OrderState(StrEnum):
    """How far an order, a waiting one or a transfer has come, whatever word the exchange has for it."""

    OPEN = "open"
    PARTIALLY_FILLED = "partially filled"
    FILLED = "filled"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        return self in (OrderState.FILLED, OrderState.CANCELLED, OrderState.FAILED)


class Direction(StrEnum):
    """The true direction of a trade."""

    BUY = "buy"
    SELL = "sell"


class PositionSide(StrEnum):
    LONG = "long"
    SHORT = "short"


OPPOSITE = {Direction.BUY: Direction.SELL, Direction.SELL: Direction.BUY}
OPENING = {PositionSide.LONG: Direction.BUY, PositionSide.SHORT: Direction.SELL}
OPENS = {direction: side for side, direction in OPENING.items()}


class PositionMode(StrEnum):
    """One setting for each product, in Bitget's own words."""

    ONE_WAY = "one_way_mode"
    HEDGE = "hedge_mode"


class TimeInForce(StrEnum):
    """How long a limit order stands."""

    GTC = "gtc"
    IOC = "ioc"
    FOK = "fok"
    POST_ONLY = "post-only"


class MarginMode(StrEnum):
    """What backs a position: its own margin, or the whole account."""

    ISOLATED = "isolated"
    CROSSED = "crossed"


class TriggerBy(StrEnum):
    """Which price sets a trigger off."""

    MARK = "mark"
    LAST = "last"


class ExitLeg(NamedTuple):
    """A take-profit or stop-loss: the price that sets it off, and the one it trades at then; None is at market."""

    what: str
    level: Decimal
    limit: Decimal | None

    @property
    def gains(self) -> bool:
        return self.what == TAKE_PROFIT

    @property
    def then(self) -> str:
        return "" if self.limit is None else f" with limit {self.limit:f}"


TAKE_PROFIT, STOP_LOSS = "take-profit", "stop-loss"


def legs_of(intent: OrderIntent | ExitIntent) -> tuple[ExitLeg, ...]:
    """The exits that are meant. A level of zero is none."""
    legs = (
        (TAKE_PROFIT, intent.take_profit, intent.take_profit_limit),
        (STOP_LOSS, intent.stop_loss, intent.stop_loss_limit),
    )
    return tuple(ExitLeg(what, level, limit) for what, level, limit in legs if level)


class LadderShape(StrEnum):
    """How the sizes of the rungs stand to each other, from the first price to the last."""

    FLAT = "flat"
    RISING = "rising"
    FALLING = "falling"


class LadderSpacing(StrEnum):
    """What is the same from rung to rung: the distance, or the ratio."""

    EVEN = "even"
    GEOMETRIC = "geometric"


class OrderIntent(NamedTuple):
    """A trade in a market. `direction` is the trade's own, whatever it opens or closes.

    `size` is in base coin; with `in_quote` it is money, as Bitget takes it for spot market buys alone. `price` makes it
    a limit order, `relative` says that it was typed by another price. `closing` may only make a position smaller.
    `margin_mode` None means the account's own. `tag` is a person's own word for it, which is kept here and not sent.
    `trigger_by` is what sets the attached exits off, and the `limit` of one is what it trades at then; None is the
    account's own, and at market. `working` is the arithmetic that led to the amounts, in sentences.
    """

    symbol: Symbol
    direction: Direction
    size: Decimal
    price: Decimal | None = None
    in_quote: bool = False
    tif: TimeInForce = TimeInForce.GTC
    closing: bool = False
    margin_mode: MarginMode | None = None
    take_profit: Decimal | None = None
    stop_loss: Decimal | None = None
    client_oid: str | None = None
    tag: str | None = None
    trigger_by: TriggerBy | None = None
    take_profit_limit: Decimal | None = None
    stop_loss_limit: Decimal | None = None
    relative: bool = False
    working: tuple[str, ...] = ()

    @property
    def is_market(self) -> bool:
        return self.price is None

    @property
    def legs(self) -> tuple[ExitLeg, ...]:
        return legs_of(self)

    @property
    def ends_at_once(self) -> bool:
        """Whether nothing of it can rest in the book."""
        return self.is_market or self.tif in (TimeInForce.IOC, TimeInForce.FOK)

    @property
    def is_post_only(self) -> bool:
        """Whether the exchange cancels it where it would take from the book."""
        return self.tif is TimeInForce.POST_ONLY

    @property
    def summary(self) -> str:
        """The trade in one line: `buy 0.01 BTCUSDT at 60000`."""
        amount = f"{self.symbol.name} for {self.size:f}" if self.in_quote else f"{self.size:f} {self.symbol.name}"
        at = "at market" if self.price is None else f"at {self.price:f}"
        kind = " spot" if self.symbol.product.is_spot else ""
        return f"{self.direction.value} {amount}{kind} {at}{' (closing)' if self.closing else ''}"

    def details(self, margin_mode: MarginMode | None = None) -> tuple[str, ...]:
        """The rest of what is sent, in the words it is typed in; `margin_mode` is the account's own."""
        tif = "post-only" if self.tif is TimeInForce.POST_ONLY else f"tif {self.tif.value}"
        return (*(() if self.is_market else (tif,)), *self.extras(margin_mode))

    def extras(self, margin_mode: MarginMode | None = None, unit: str = "") -> tuple[str, ...]:
        """The details that a waiting order has as well; `unit` is that of the exits."""
        mode = self.margin_mode or margin_mode
        told = (
            "reduce-only" if self.closing else None,
            f"{mode.value} margin" if mode else None,
            *(f"{leg.what} {leg.level:f}{unit}{leg.then}" for leg in self.legs),
            f"exits by the {self.trigger_by.value} price" if self.trigger_by else None,
            f"client id {self.client_oid}" if self.client_oid else None,
            f"tag {self.tag}" if self.tag else None,
        )
        return tuple(detail for detail in told if detail)


class PlanIntent(NamedTuple):
    """A trade that waits for a price. With `callback` (percent) it trails the price once triggered, then trades."""

    order: OrderIntent
    trigger: Decimal
    trigger_by: TriggerBy = TriggerBy.MARK
    callback: Decimal | None = None

    @property
    def summary(self) -> str:
        trail = f", trailing {self.callback:f} %" if self.callback is not None else ""
        return f"{self.order.summary} once {self.trigger_by.value} reaches {self.trigger:f}{trail}"

    def details(self, margin_mode: MarginMode | None = None) -> tuple[str, ...]:
        """The rest of what is sent. A waiting order has no time in force; exits of a trailing one are percentages."""
        return self.order.extras(margin_mode, " % of the last price" if self.callback is not None else "")


class FollowedSide(StrEnum):
    """The best price of the side of the book on which an order would rest, or of the one that it would take."""

    OWN = "own"
    OTHER = "other"


class OcoIntent(NamedTuple):
    """A limit order on one side of the market and a stop on the other: the first to be reached takes the other away.

    The stop waits for the last price to reach `trigger`, then trades at `stop_price`, or at market.
    """

    order: OrderIntent
    trigger: Decimal
    stop_price: Decimal | None = None

    @property
    def stop(self) -> OrderIntent:
        """What the stop leg trades. Its price is typed as a number, whatever that of the limit order is."""
        return self.order._replace(price=self.stop_price, relative=False)

    @property
    def summary(self) -> str:
        return f"{self.order.summary}, or {self.stop_summary}"

    @property
    def stop_summary(self) -> str:
        at = "at market" if self.stop_price is None else f"at {self.stop_price:f}"
        return f"{at} once last reaches {self.trigger:f}"


class TwapIntent(NamedTuple):
    """A size at market in parts of like size, one every `interval` seconds for so many `minutes`.

    It begins where the price reaches `trigger`, else at once, and ends early where the price reaches `stop_at`.
    """

    order: OrderIntent
    minutes: int
    interval: int
    trigger: Decimal | None = None
    stop_at: Decimal | None = None

    @property
    def parts(self) -> int:
        return self.minutes * 60 // self.interval

    @property
    def summary(self) -> str:
        begins = "" if self.trigger is None else f" once last reaches {self.trigger:f}"
        ends = "" if self.stop_at is None else f", until last reaches {self.stop_at:f}"
        how = f"in {self.parts} parts, one every {self.interval} s for {self.minutes} min"
        return f"{self.order.summary} {how}{begins}{ends}"


class IcebergIntent(NamedTuple):
    """A size in limit orders one after the other: of `show` each, or in so many `parts`.

    They are at the order's price, or each at the best price of a side of the book, no worse than `worst`.
    """

    order: OrderIntent
    show: Decimal | None = None
    parts: int | None = None
    follow: FollowedSide | None = None
    worst: Decimal | None = None

    @property
    def summary(self) -> str:
        how = f"showing {self.show:f} at a time" if self.show is not None else f"in {self.parts} parts"
        if self.follow is None:
            return f"{self.order.summary}, {how}"
        where = f"the best price of {'its own' if self.follow is FollowedSide.OWN else 'the other'} side"
        worst = "" if self.worst is None else f" and no worse than {self.worst:f}"
        return f"{self.order.summary.replace('at market', f'at {where}{worst}')}, {how}"


StrategyIntent = OcoIntent | TwapIntent | IcebergIntent


class ExitIntent(NamedTuple):
    """Leaving a position, or coins, at a profit, a loss or a distance (percent); `size` None is the whole position.

    `trigger` is where a trailing exit begins to trail. `client_oid` gets an ending where there are several orders.
    """

    symbol: Symbol
    side: PositionSide
    take_profit: Decimal | None = None
    stop_loss: Decimal | None = None
    trailing: Decimal | None = None
    size: Decimal | None = None
    trigger: Decimal | None = None
    trigger_by: TriggerBy = TriggerBy.MARK
    take_profit_limit: Decimal | None = None
    stop_loss_limit: Decimal | None = None
    client_oid: str | None = None

    @property
    def legs(self) -> tuple[ExitLeg, ...]:
        return legs_of(self)

    @property
    def summary(self) -> str:
        ways = [f"{leg.what.replace('-', ' ')} at {leg.level:f}{leg.then}" for leg in self.legs]
        ways += [] if self.trailing is None else [f"trail by {self.trailing:f} %"]
        how = " and ".join(ways)
        by = f" by the {self.trigger_by.value} price"
        how += by if self.trailing is None else f" of the last price from {self.trigger or 0:f} on"
        if self.symbol.product.is_spot:
            return f"{' and '.join(ways)} for {self.size or 0:f} {self.symbol.name} spot"
        amount = "the whole" if self.size is None else f"{self.size:f} of the"
        return f"{how} for {amount} {self.side.value} {self.symbol.name}"


# Wide enough for numbers of 20 and 20 digits multiplied and divided on a grid: nothing is rounded on the way.
EXACT = Context(prec=100)


def rounded_down(value: Decimal, step: Decimal) -> Decimal:
    """The largest multiple of `step` that is not above `value`; both positive."""
    return EXACT.multiply(EXACT.divide_int(value, step), step)


def neighbours(value: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    """The nearest multiples of `step` below and above a value that is none."""
    below = rounded_down(value, step)
    return below, EXACT.add(below, step)


def size_for(money: Decimal, price: Decimal, *, step: Decimal) -> Decimal:
    """The largest size on the grid that `money` (quote coin) pays for at `price`."""
    # In whole steps of `price * step` each; dividing by the price first would round.
    return EXACT.multiply(EXACT.divide_int(money, EXACT.multiply(price, step)), step)


def part_of(size: Decimal, percent: Decimal, *, step: Decimal) -> Decimal:
    """`percent` of a size, rounded down to the step."""
    return rounded_down(EXACT.divide(EXACT.multiply(size, percent), Decimal(100)), step)


def format_amount(value: Decimal) -> str:
    """A number for a sentence: its own digits, never an exponent."""
    return plain(value)


# Bitget's pages contradict each other (32, 50 or 64 characters; with or without `:#+` and blanks): this all allow.
_VALID = r"(?a)[0-9A-Za-z_-]{1,32}"
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_client_order_id(milliseconds: int) -> str:
    """`b` and a ULID: 27 characters, in order of time, 80 bits of chance. `milliseconds` since the epoch."""
    number = milliseconds << 80 | int.from_bytes(os.urandom(10))
    return "b" + "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def checked_client_order_id(oid: str) -> str:
    """The client id as typed. Raises UsageError for one that Bitget may refuse."""
    if not re.fullmatch(_VALID, oid):
        raise UsageError(f"client id {oid!r} is not 1 to 32 letters, digits, dashes and underscores")
    return oid


def checked_tag(tag: str) -> str:
    """The tag as typed. Raises UsageError for one that would not be read back as it was typed."""
    if not (1 <= len(tag) <= 64 and tag.isprintable() and tag == tag.strip()):
        raise UsageError(
            f"tag {tag!r} is not 1 to 64 printable characters without a blank at either end", hint="such as grid-1"
        )
    return tag


_EXACT = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)


def exact(value: Any) -> Decimal | None:
    """A number as the exchange wrote it; None for nothing and for what is no plain number."""
    text = str(value or "")
    return Decimal(text) if _EXACT.fullmatch(text) else None


def position_side(text: Any) -> PositionSide | None:
    return next((side for side in PositionSide if side.value == text), None)


class Terms(NamedTuple):
    """How a futures account trades a market: what an order has to say besides what is meant.

    `margin_mode` None is not told.
    """

    position_mode: PositionMode
    margin_mode: MarginMode | None
    margin_coin: str

    @property
    def hedges(self) -> bool:
        return self.position_mode is PositionMode.HEDGE

    def margin_mode_of(self, intent: OrderIntent) -> MarginMode:
        """The margin mode that is meant. Raises UsageError where nobody says one."""
        mode = intent.margin_mode or self.margin_mode
        if mode is None:
            raise UsageError(
                f"the account does not tell in which margin mode it trades {intent.symbol.name}",
                hint="say --margin-mode crossed or --margin-mode isolated",
            )
        return mode


# What an account tells. None stands for what is not told, and `row` is the exchange's own mapping, verbatim.


class Account(NamedTuple):
    """How a futures account holds one market. Money in margin coin."""

    position_mode: PositionMode
    margin_mode: MarginMode | None
    free: Decimal | None
    long_leverage: Decimal | None
    short_leverage: Decimal | None

    @property
    def hedges(self) -> bool:
        return self.position_mode is PositionMode.HEDGE

    def leverage(self, side: PositionSide) -> Decimal | None:
        return self.long_leverage if side is PositionSide.LONG else self.short_leverage


class Position(NamedTuple):
    """One open position; `size` and `free` (not promised to a closing order) in base coin.

    `entry` is its average price.
    """

    symbol: Symbol
    side: PositionSide
    size: Decimal
    free: Decimal
    margin_mode: MarginMode
    position_mode: PositionMode
    unrealized: Decimal | None
    row: Mapping[str, Any]
    entry: Decimal | None = None

    @property
    def summary(self) -> str:
        tail = "" if self.unrealized is None else f", unrealized {self.unrealized:f}"
        return f"{self.side.value} {self.size:f} {self.symbol.name}{tail}"


class Balance(NamedTuple):
    """What there is of a coin; `free` is what an order may use."""

    coin: str
    free: Decimal | None
    row: Mapping[str, Any]


class Equity(NamedTuple):
    """What an account or a line of it is worth, in a coin."""

    value: Decimal
    coin: str


class Prices(NamedTuple):
    """Prices of one market; spot has no mark and shows its last. The rest is not told by every answer."""

    last: Decimal
    mark: Decimal
    bid: Decimal | None = None
    ask: Decimal | None = None
    index_price: Decimal | None = None


class Instrument(NamedTuple):
    """The terms of one market, exact. None where the exchange sets no bound.

    `tick` is the smallest change of a price, `step` of a size (base coin), `quote_step` of an amount of money in a spot
    market buy. `buy_band` is how far above the market a buy may be priced, as a ratio, `sell_band` below it.
    """

    symbol: Symbol
    base: str
    quote: str
    margin_coin: str
    status: str
    tick: Decimal
    step: Decimal
    quote_step: Decimal
    smallest: Decimal
    largest: Decimal | None
    largest_at_market: Decimal | None
    smallest_value: Decimal | None
    buy_band: Decimal | None
    sell_band: Decimal | None
    most_leverage: Decimal | None
    taker_fee: Decimal | None


class Read(StrEnum):
    """What an account can be asked, by its meaning."""

    INSTRUMENTS = "instruments"
    PRICE = "price"
    ACCOUNT = "the account of one market"
    BALANCE = "balances"
    BILLS = "bookings"
    SUBACCOUNTS = "balances of sub-accounts"
    POSITIONS = "positions"
    POSITION = "a position"
    CLOSED_POSITIONS = "closed positions"
    ADL = "auto-deleveraging ranks"
    LARGEST_OPEN = "a largest position"
    LIQUIDATION = "a liquidation price"
    ORDER = "an order"
    OPEN_ORDERS = "open orders"
    PAST_ORDERS = "past orders"
    FILLS = "trades of yours"
    OLD_FILLS = "trades of yours, further back"
    OPEN_PLANS = "waiting plan orders"
    PAST_PLANS = "past plan orders"
    PLAN_ORDERS = "orders a plan led to"
    OVERVIEW = "what each account is worth"
    FUNDING = "the funding account"
    BOTS = "what bots hold"
    KEY_OWNER = "whose key it is"
    FEE = "a fee"
    TRANSFERS = "transfers"
    DEPOSITS = "deposits"
    WITHDRAWALS = "withdrawals"
    DEPOSIT_ADDRESS = "a deposit address"
    CONVERTIBLE = "coins that can be converted"
    QUOTE = "a quote"
    CONVERSIONS = "past conversions"
    SMALL_BALANCES = "small balances"
    SMALL_CONVERSIONS = "small balances converted"
    TAX_SPOT = "spot bookings for a tax return"
    TAX_FUTURES = "futures bookings for a tax return"
    TAX_MARGIN = "margin bookings for a tax return"
    SUBACCOUNT_LIST = "sub-accounts"
    SUBACCOUNT_KEYS = "keys of a sub-account"
    SUBACCOUNT_TRANSFERS = "transfers between main account and sub-accounts"
    P2P_MERCHANTS = "P2P merchants"
    P2P_SELF = "your record as a P2P merchant"
    P2P_ORDERS = "P2P orders"
    P2P_ADS = "P2P advertisements"


class Shown(NamedTuple):
    """An answer for whoever shows it: rows or one record in the exchange's own words, and what their fields mean.

    `name` is what the exchange calls what was asked.
    """

    value: Any
    fields: tuple[Field, ...]
    name: str
