"""The instrument's own rules, checked before anything is sent; each is a row, and nothing is rounded silently."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bitget_cli.errors import UsageError
from bitget_cli.trading.amounts import EXACT, neighbours, rounded_down, shown, size_for
from bitget_cli.trading.changes import Direction, PositionSide

if TYPE_CHECKING:
    from bitget_cli.trading.desk import Prices
    from bitget_cli.trading.instruments import Instrument
    from bitget_cli.trading.intents import Order

_CLOSED = {"maintain": "it is under maintenance", "off": "it is delisted", "offline": "it is delisted"}
_HALTED = {"halt": "its trading is halted", "restrictedAPI": "it takes no orders from the API"}


@dataclass(frozen=True)
class Draft:
    """An order as far as it is known: the instrument, what is meant, and the market's prices once they were asked.

    A band is measured from the mark price, a market order valued at the last.
    """

    instrument: Instrument
    order: Order
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


@dataclass(frozen=True)
class Refusal:
    sentence: str
    hint: str | None = None


Check = Callable[[Draft], Refusal | None]


@dataclass(frozen=True)
class Rule:
    """A rule by name, the fact it comes from, and the check; `market` needs a price to be known."""

    name: str
    source: str
    check: Check
    market: bool = False


def check(draft: Draft) -> None:
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
        bounds = f"1 to {shown(most)}" if most else "1 and more"
        raise UsageError(f"leverage {shown(leverage)} is not what {instrument.symbol.name} takes, {bounds}")


def check_percent(value: Decimal, *, what: str) -> None:
    """How far an order trails: Bitget takes up to 10 %."""
    if not 0 < value <= 10:
        raise UsageError(f"{what} {shown(value)} is not above 0 and at most 10 percent")


def check_legs(order: Order, at: Decimal | None, at_what: str) -> None:
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
        whose = f"a {order.direction.value} at {shown(price)}, {name}"
        check_exits(side, order.take_profit, order.stop_loss, at=price, whose=whose)


def check_exits(side: PositionSide, profit: Decimal | None, loss: Decimal | None, *, at: Decimal, whose: str) -> None:
    """Raises UsageError for a take-profit that does not lie beyond a price, or a stop-loss not before it."""
    wrong = []
    for what, level, gains in (("take-profit", profit, True), ("stop-loss", loss, False)):
        above = gains is (side is PositionSide.LONG)
        # A level of zero is none.
        if level and not (level > at if above else level < at):
            where = "above" if above else "below"
            wrong.append((f"{what} {shown(level)} is not {where} {whose}", f"a {side.value}'s {what} is {where} it"))
    if wrong:
        sentence, hint = wrong[0]
        raise UsageError(f"{sentence}: it would fire at once", hint=hint if len(wrong) == 1 else "are they swapped?")


def _status(draft: Draft) -> Refusal | None:
    status = draft.instrument.status
    why = _CLOSED.get(status) or _HALTED.get(status)
    if why:
        return Refusal(f"{draft.name} cannot be traded now: {why}", f"bitget market symbols {draft.name}")
    if status == "limit_open" and not draft.order.closing:
        return Refusal(f"{draft.name} takes closing orders only (its status is limit_open)", "add --close")
    return None


def _price_zero(draft: Draft) -> Refusal | None:
    return None if draft.order.price is None else _zero(draft.order.price, what="price")


def _price_tick(draft: Draft) -> Refusal | None:
    if draft.order.price is None:
        return None
    return _off_grid(draft.order.price, draft.instrument.tick, what="price", grid="tick", unit="")


def _size_zero(draft: Draft) -> Refusal | None:
    return _zero(draft.order.size, what=_word(draft))


def _size_step(draft: Draft) -> Refusal | None:
    step = draft.instrument.quote_step if draft.order.in_quote else draft.instrument.step
    return _off_grid(draft.order.size, step, what=_word(draft), grid="step", unit=f" {_unit(draft)}")


def _size_smallest(draft: Draft) -> Refusal | None:
    if draft.order.in_quote:
        return None
    return _below(draft.order.size, draft.instrument.smallest, what="size", unit=f" {draft.instrument.base}")


def _size_largest(draft: Draft) -> Refusal | None:
    market = draft.order.is_market
    most = draft.instrument.largest_at_market if market else draft.instrument.largest
    if most is None or draft.order.in_quote or draft.order.size <= most:
        return None
    kind = "market" if market else "limit"
    unit = draft.instrument.base
    return Refusal(
        f"size {shown(draft.order.size)} is above the maximum {shown(most)} {unit} of one {kind} order",
        f"at most {shown(most)}, or several orders",
    )


def _value_smallest(draft: Draft) -> Refusal | None:
    least, value = draft.instrument.smallest_value, draft.value
    # A closing order may be as small as what is left of the position.
    if least is None or value is None or value >= least or draft.order.closing:
        return None
    price, quote = draft.price, draft.instrument.quote
    if draft.order.in_quote or price is None:
        return Refusal(f"{shown(value)} {quote} is below the minimum {shown(least)} {quote}", f"--quote {shown(least)}")
    enough = size_for(least, price, step=draft.instrument.step)
    if EXACT.multiply(enough, price) < least:
        enough = EXACT.add(enough, draft.instrument.step)
    return Refusal(
        f"{shown(draft.order.size)} {draft.name} is worth {shown(value)} {quote}, below the minimum "
        f"{shown(least)} {quote}",
        f"at this price the smallest size is {shown(enough)}",
    )


def _band(draft: Draft) -> Refusal | None:
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
    return Refusal(
        f"price {shown(price)} is {word} the {edge} {draft.name} takes now, {shown(nearest)}",
        f"it is {shown((ratio * 100).normalize(EXACT))} % {word} the market at {shown(reference)}",
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


def _zero(value: Decimal, *, what: str) -> Refusal | None:
    return None if value > 0 else Refusal(f"{what} {shown(value)} is not above zero")


def _off_grid(value: Decimal, step: Decimal, *, what: str, grid: str, unit: str) -> Refusal | None:
    if EXACT.remainder(value, step) == 0:
        return None
    below, above = neighbours(value, step)
    near = f"{shown(below)} or {shown(above)}" if below > 0 else shown(above)
    return Refusal(f"{what} {shown(value)} is not a multiple of the {grid} {shown(step)}{unit}: try {near}")


def _below(size: Decimal, least: Decimal, *, what: str, unit: str) -> Refusal | None:
    if size >= least:
        return None
    return Refusal(f"{what} {shown(size)} is below the minimum {shown(least)}{unit}", f"at least {shown(least)}")


def _word(draft: Draft) -> str:
    return "--quote" if draft.order.in_quote else "size"


def _unit(draft: Draft) -> str:
    return draft.instrument.quote if draft.order.in_quote else draft.instrument.base
