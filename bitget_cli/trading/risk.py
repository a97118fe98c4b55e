"""What stands between an order and money: the instrument's rules, buying power, caps, far prices."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from bitget_cli.catalogue.model import Effect, Endpoint
from bitget_cli.errors import DeclinedError, UsageError
from bitget_cli.trading.model import (
    EXACT,
    OPENS,
    Account,
    Direction,
    ExitLeg,
    Instrument,
    OcoIntent,
    OrderIntent,
    PositionMode,
    PositionSide,
    Prices,
    format_amount,
    neighbours,
    rounded_down,
    size_for,
)

if TYPE_CHECKING:
    from bitget_cli.trading.account_state import AccountState

_CLOSED = {"maintain": "it is under maintenance", "off": "it is delisted", "offline": "it is delisted"}
_HALTED = {"halt": "its trading is halted", "restrictedAPI": "it takes no orders from the API"}


class ProposedOrder(NamedTuple):
    """An order as far as it is known: the instrument, what is meant, and the market's prices once they were asked.

    A band is measured from the mark price, a market order valued at the last.
    """

    instrument: Instrument
    order: OrderIntent
    prices: Prices | None = None

    @property
    def name(self) -> str:
        return self.instrument.symbol.name

    @property
    def value(self) -> Decimal | None:
        """What the order is worth in quote coin; None while no price is known."""
        if self.order.in_quote:
            return self.order.size
        return None if self.price is None else EXACT.multiply(self.order.size, self.price)

    @property
    def price(self) -> Decimal | None:
        """The limit price, or what a market order would about get."""
        return self.order.price or (self.prices.last if self.prices else None)


class RuleViolation(NamedTuple):
    sentence: str
    hint: str | None = None


Check = Callable[[ProposedOrder], RuleViolation | None]


class Rule(NamedTuple):
    """A rule by name, the fact it comes from, and the check; `market` needs a price to be known."""

    name: str
    source: str
    check: Check
    market: bool = False


def check_rules(draft: ProposedOrder) -> None:
    """Raises UsageError for the first rule the draft breaks, of those that can be judged with what is known."""
    for rule in RULES:
        if rule.market and draft.prices is None:
            continue
        refusal = rule.check(draft)
        if refusal:
            raise UsageError(refusal.sentence, hint=refusal.hint)


def check_price(instrument: Instrument, price: Decimal, *, what: str) -> None:
    """A price that stands beside an order: a trigger, a take-profit, a stop-loss."""
    refusal = _zero(price, what=what) or _off_grid(price, instrument.tick, what=what, grid="tick", unit="")
    if refusal:
        raise UsageError(refusal.sentence, hint=refusal.hint)


def check_size(instrument: Instrument, size: Decimal, *, what: str = "size") -> None:
    """A size by itself: zero, step and minimum."""
    for refusal in (
        _zero(size, what=what),
        _below(size, instrument.smallest, what=what, unit=f" {instrument.base}"),
        _off_grid(size, instrument.step, what=what, grid="step", unit=f" {instrument.base}"),
    ):
        if refusal:
            raise UsageError(refusal.sentence, hint=refusal.hint)


def check_leverage(instrument: Instrument, leverage: Decimal) -> None:
    most = instrument.most_leverage
    if leverage < 1 or (most is not None and leverage > most):
        bounds = f"1 to {format_amount(most)}" if most else "1 and more"
        raise UsageError(f"leverage {format_amount(leverage)} is not what {instrument.symbol.name} takes, {bounds}")


def check_percent(value: Decimal, *, what: str) -> None:
    """How far an order trails: Bitget takes up to 10 %."""
    if not 0 < value <= 10:
        raise UsageError(f"{what} {format_amount(value)} is not above 0 and at most 10 percent")


def check_legs(order: OrderIntent, at: Decimal | None, at_what: str) -> None:
    """Raises UsageError for a take-profit or stop-loss on the wrong side of the entry: it would fire at once.

    The entry is the limit price, else `at` (the trigger, or the market); a limit beyond that is entered there too.
    """
    if order.closing:
        return
    buys = order.direction is Direction.BUY
    side = PositionSide.LONG if buys else PositionSide.SHORT
    entries = [] if order.price is None else [(order.price, "its price")]
    if at is not None and (order.price is None or (order.price > at if buys else order.price < at)):
        entries.append((at, at_what))
    for price, name in entries:
        whose = f"a {order.direction.value} at {format_amount(price)}, {name}"
        check_exits(side, order.take_profit, order.stop_loss, at=price, whose=whose)


def check_oco(intent: OcoIntent, last: Decimal) -> None:
    """Raises UsageError for two legs that are not on both sides of the market: one would trade at once."""
    limit, buys = intent.order.price or Decimal(0), intent.order.direction is Direction.BUY
    if limit < last < intent.trigger if buys else intent.trigger < last < limit:
        return
    first, second = ("below", "above") if buys else ("above", "below")
    raise UsageError(
        f"--price {format_amount(limit)} and --trigger {format_amount(intent.trigger)} do not lie on both sides of the "
        f"last price {format_amount(last)}: to {intent.order.direction}, --price lies {first} it, --trigger {second}"
    )


def check_exits(side: PositionSide, profit: Decimal | None, loss: Decimal | None, *, at: Decimal, whose: str) -> None:
    """Raises UsageError for a take-profit that does not lie beyond a price, or a stop-loss not before it."""
    wrong = []
    for what, level, gains in (("take-profit", profit, True), ("stop-loss", loss, False)):
        above = gains is (side is PositionSide.LONG)
        # A level of zero is none.
        if level and not (level > at if above else level < at):
            where = "above" if above else "below"
            wrong.append(
                (f"{what} {format_amount(level)} is not {where} {whose}", f"a {side.value}'s {what} is {where} it")
            )
    if wrong:
        sentence, hint = wrong[0]
        raise UsageError(f"{sentence}: it would fire at once", hint=hint if len(wrong) == 1 else "are they swapped?")


def check_limits(legs: Sequence[ExitLeg], side: PositionSide) -> None:
    """Raises UsageError for an exit whose limit would not trade once it is set off, or is far from what sets it off."""
    for leg in legs:
        if leg.limit is None:
            continue
        name = f"{leg.what} limit {format_amount(leg.limit)}"
        beyond = leg.limit > leg.level if side is PositionSide.LONG else leg.limit < leg.level
        if beyond and not leg.gains:
            where, other = ("above", "below") if side is PositionSide.LONG else ("below", "above")
            raise UsageError(
                f"{name} is {where} its trigger {format_amount(leg.level)}: it would wait for a price just left",
                hint=f"a {side.value}'s stop trades at its trigger or {other} it",
            )
        away = EXACT.divide(EXACT.multiply(EXACT.abs(EXACT.subtract(leg.limit, leg.level)), Decimal(100)), leg.level)
        if away >= FAR:
            percent = format_amount(rounded_down(away, Decimal("0.1")))
            raise UsageError(
                f"{name} is {percent} % from its trigger {format_amount(leg.level)}", hint="is a digit missing?"
            )


def _status(draft: ProposedOrder) -> RuleViolation | None:
    status = draft.instrument.status
    why = _CLOSED.get(status) or _HALTED.get(status)
    if why:
        return RuleViolation(f"{draft.name} cannot be traded now: {why}", f"bitget market symbols {draft.name}")
    if status == "limit_open" and not draft.order.closing:
        return RuleViolation(f"{draft.name} takes closing orders only (its status is limit_open)", "add --close")
    return None


def _price_zero(draft: ProposedOrder) -> RuleViolation | None:
    return None if draft.order.price is None else _zero(draft.order.price, what="price")


def _price_tick(draft: ProposedOrder) -> RuleViolation | None:
    if draft.order.price is None:
        return None
    return _off_grid(draft.order.price, draft.instrument.tick, what="price", grid="tick", unit="")


def _size_zero(draft: ProposedOrder) -> RuleViolation | None:
    return _zero(draft.order.size, what=_word(draft))


def _size_step(draft: ProposedOrder) -> RuleViolation | None:
    step = draft.instrument.quote_step if draft.order.in_quote else draft.instrument.step
    return _off_grid(draft.order.size, step, what=_word(draft), grid="step", unit=f" {_unit(draft)}")


def _size_smallest(draft: ProposedOrder) -> RuleViolation | None:
    if draft.order.in_quote:
        return None
    return _below(draft.order.size, draft.instrument.smallest, what="size", unit=f" {draft.instrument.base}")


def _size_largest(draft: ProposedOrder) -> RuleViolation | None:
    market = draft.order.is_market
    most = draft.instrument.largest_at_market if market else draft.instrument.largest
    if most is None or draft.order.in_quote or draft.order.size <= most:
        return None
    kind = "market" if market else "limit"
    unit = draft.instrument.base
    return RuleViolation(
        f"size {format_amount(draft.order.size)} is above the maximum {format_amount(most)} {unit} of one {kind} order",
        f"at most {format_amount(most)}, or several orders",
    )


def _value_smallest(draft: ProposedOrder) -> RuleViolation | None:
    least, value = draft.instrument.smallest_value, draft.value
    # A closing order may be as small as what is left of the position.
    if least is None or value is None or value >= least or draft.order.closing:
        return None
    price, quote = draft.price, draft.instrument.quote
    if draft.order.in_quote or price is None:
        return RuleViolation(
            f"{format_amount(value)} {quote} is below the minimum {format_amount(least)} {quote}",
            f"--quote {format_amount(least)}",
        )
    enough = size_for(least, price, step=draft.instrument.step)
    if EXACT.multiply(enough, price) < least:
        enough = EXACT.add(enough, draft.instrument.step)
    return RuleViolation(
        f"{format_amount(draft.order.size)} {draft.name} is worth {format_amount(value)} {quote}, below the minimum "
        f"{format_amount(least)} {quote}",
        f"at this price the smallest size is {format_amount(enough)}",
    )


def _band(draft: ProposedOrder) -> RuleViolation | None:
    """A limit price on the far side of the market; a patient one has no bound."""
    if draft.order.price is None or draft.prices is None:
        return None
    price, reference = draft.order.price, draft.prices.mark
    buys = draft.order.direction is Direction.BUY
    ratio = draft.instrument.buy_band if buys else draft.instrument.sell_band
    if ratio is None or ratio >= 1:
        return None
    bound = EXACT.multiply(reference, EXACT.add(1, ratio if buys else -ratio))
    if price <= bound if buys else price >= bound:
        return None
    below = rounded_down(bound, draft.instrument.tick)
    nearest = below if buys or below == bound else EXACT.add(below, draft.instrument.tick)
    word, edge = ("above", "highest") if buys else ("below", "lowest")
    return RuleViolation(
        f"price {format_amount(price)} is {word} the {edge} {draft.name} takes now, {format_amount(nearest)}",
        f"it is {format_amount((ratio * 100).normalize(EXACT))} % {word} the market at {format_amount(reference)}",
    )


RULES = (
    Rule("status", "symbolStatus of mix/market/contracts, status of spot/public/symbols", _status),
    Rule("price above zero", "40808", _price_zero),
    Rule("tick", "pricePlace and priceEndStep; spot pricePrecision; 45115, 40808", _price_tick),
    Rule("size above zero", "40808", _size_zero),
    Rule("minimum", "minTradeNum; 45110", _size_smallest),
    Rule("step", "sizeMultiplier; spot quantityPrecision, quotePrecision; 22038, 40808", _size_step),
    Rule("maximum", "maxOrderQty, maxMarketOrderQty; 45113", _size_largest),
    Rule("minimum value", "minTradeUSDT; 45110, 43006", _value_smallest),
    Rule("band", "buyLimitPriceRatio, sellLimitPriceRatio; 22047", _band, market=True),
)


def _zero(value: Decimal, *, what: str) -> RuleViolation | None:
    return None if value > 0 else RuleViolation(f"{what} {format_amount(value)} is not above zero")


def _off_grid(value: Decimal, step: Decimal, *, what: str, grid: str, unit: str) -> RuleViolation | None:
    if EXACT.remainder(value, step) == 0:
        return None
    below, above = neighbours(value, step)
    near = f"{format_amount(below)} or {format_amount(above)}" if below > 0 else format_amount(above)
    return RuleViolation(
        f"{what} {format_amount(value)} is not a multiple of the {grid} {format_amount(step)}{unit}: try {near}"
    )


def _below(size: Decimal, least: Decimal, *, what: str, unit: str) -> RuleViolation | None:
    if size >= least:
        return None
    return RuleViolation(
        f"{what} {format_amount(size)} is below the minimum {format_amount(least)}{unit}",
        f"at least {format_amount(least)}",
    )


def _word(draft: ProposedOrder) -> str:
    return "--quote" if draft.order.in_quote else "size"


def _unit(draft: ProposedOrder) -> str:
    return draft.instrument.quote if draft.order.in_quote else draft.instrument.base


def check_buying_power(account_state: AccountState, draft: ProposedOrder) -> None:
    """Raises UsageError when what is free is surely not enough; fees come on top and are left to the exchange."""
    if draft.instrument.symbol.product.is_spot:
        _check_coins(account_state, draft)
    elif not draft.order.closing:
        _check_margin(account_state, draft, account_state.account(draft.instrument.symbol))


def _check_coins(account_state: AccountState, draft: ProposedOrder) -> None:
    buys = draft.order.direction is Direction.BUY
    coin = draft.instrument.quote if buys else draft.instrument.base
    needed = draft.value if buys else draft.order.size
    free = account_state.free_coin(coin)
    if needed is not None and needed > free:
        raise UsageError(
            f"{draft.order.summary} needs {format_amount(needed)} {coin}, and {format_amount(free)} {coin} is free",
            hint=f"bitget account balance {coin} --product spot",
        )


def _check_margin(account_state: AccountState, draft: ProposedOrder, account: Account) -> None:
    side = OPENS[draft.order.direction]
    leverage, value = account.leverage(side), draft.value
    own_mode = draft.order.margin_mode in (None, account.margin_mode)
    if account.free is None or not leverage or value is None or not own_mode:
        return
    # In coin-margined futures the value is in dollars and the margin in the coin.
    in_coin = draft.instrument.margin_coin == draft.instrument.base
    if draft.instrument.quote == "USD" and not in_coin:
        return  # margin in a third coin, whose price is not known here
    price = draft.price
    needed = EXACT.divide(draft.order.size if in_coin else value, leverage)
    if needed <= account.free or price is None or _makes_smaller(account_state, draft, account):
        return
    coin = draft.instrument.margin_coin
    affordable = EXACT.multiply(account.free, leverage)
    most = rounded_down(affordable if in_coin else EXACT.divide(affordable, price), draft.instrument.step)
    raise UsageError(
        f"{draft.order.summary} needs {_rounded(needed)} {coin} of margin at {format_amount(leverage)}x, "
        f"and {format_amount(account.free)} {coin} is free",
        hint=f"at most {format_amount(most)}, or bitget account leverage {draft.name} N"
        if most
        else f"bitget account transfer {coin} AMOUNT --from spot --to {draft.order.symbol.product}",
    )


def _makes_smaller(account_state: AccountState, draft: ProposedOrder, account: Account) -> bool:
    """In one-way mode an order against a position needs no margin for that part; asked only when money seems short."""
    if account.position_mode is PositionMode.HEDGE:
        return False
    side = OPENS[draft.order.direction]
    return any(
        held.side is not side for held in account_state.positions(draft.instrument.symbol.product, draft.order.symbol)
    )


def _rounded(value: Decimal) -> str:
    return format_amount(rounded_down(value, Decimal("0.00000001")).normalize(EXACT))


# Percent from the market: a limit price this far off is taken for a slip of the finger, unless the profile says else.
FAR = Decimal(10)
_CENTS = Decimal("0.01")
# Calls that take orders out, close positions or change their exits.
_GETS_OUT = r".*/((batch-|countdown-)?cancel-(?!replace)[a-z-]*|[a-z-]*(close|tpsl)[a-z-]*)"


class Consequence(NamedTuple):
    """What a change comes to in money. `value` and `fee` are in `coin`; None where nobody can tell.

    `price` is a limit price whose distance `against` the market, or a trigger, is judged. `closing` can only make a
    position smaller, so neither a cap nor a distance stands in its way. `details` are the rest of what is sent, in a
    person's words. A `relative` price was typed by another one, and is judged by what a profile says alone.
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
    relative: bool = False

    @property
    def distance(self) -> Decimal | None:
        """How far the price is from what it is judged by, in percent; None where there is nothing to judge."""
        if self.price is None or not self.against:
            return None
        away = EXACT.abs(EXACT.subtract(self.price, self.against))
        return EXACT.divide(EXACT.multiply(away, Decimal(100)), self.against)

    def is_far(self, most: Decimal | None) -> bool:
        """Whether the price is farther off than a profile's `most` percent, or 10 % and more where it says nothing."""
        if self.distance is None or (most is None and self.relative):
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
            parts.append(f"liquidation near {format_amount(self.liquidation)}")
        return ", ".join(parts) + (f" ({', '.join(self.details)})" if self.details else "")

    @property
    def warning(self) -> str:
        """The sentence about how far a price is off; empty where there is nothing to judge."""
        if self.distance is None or self.price is None or self.against is None:
            return ""
        percent = format_amount(rounded_down(self.distance, Decimal("0.1")))
        side = "above" if self.price > self.against else "below"
        return (
            f"price {format_amount(self.price)} is {percent} % {side} {self.against_what} {format_amount(self.against)}"
        )


def worth(order: OrderIntent, *, trigger: Decimal | None, market: Decimal | None) -> Decimal | None:
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
    order: OrderIntent,
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
        relative=order.relative,
    )


def check_cap(consequence: Consequence, cap: Decimal | None, *, profile: str) -> None:
    """Raises DeclinedError when an order is worth more than the profile allows. What has no value is no order."""
    if cap is None or consequence.value is None or consequence.value <= cap or consequence.closing:
        return
    raise DeclinedError(
        f"{consequence.what} is worth {money(consequence.value)} {consequence.coin}, and profile {profile} allows "
        f"{format_amount(cap)} an order",
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
        f"profile {profile} allows {format_amount(cap)} an order, "
        f"and what {row.method} {row.path} comes to is not known here",
        hint=f"bitget order, plan and convert know; or bitget profile limit {profile} --max-notional none",
    )


def gets_out(row: Endpoint) -> bool:
    """Whether a call can only take orders out, close positions or change their exits."""
    return re.fullmatch(_GETS_OUT, row.path) is not None


def money(value: Decimal) -> str:
    """Cents, rounded up in doubt: a warning may overstate but not understate."""
    cents = rounded_down(value, _CENTS)
    if value and cents != value:
        cents = EXACT.add(cents, _CENTS)
    return format_amount(cents)
