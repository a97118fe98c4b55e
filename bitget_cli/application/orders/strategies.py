"""Orders that are more than one, a pair or parts of one: as typed made into what is meant, judged and placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from bitget_cli.application import changes
from bitget_cli.application.orders import orders
from bitget_cli.application.orders.orders import OrderInput
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.model import (
    EXACT,
    Direction,
    FollowedSide,
    IcebergIntent,
    Instrument,
    OcoIntent,
    OrderIntent,
    StrategyIntent,
    TwapIntent,
    rounded_down,
)
from bitget_cli.trading.risk import Consequence, ProposedOrder
from bitget_cli.values import Symbol, amount, duration

# What Bitget takes: minutes, seconds, parts.
_LONGEST = 1440
_INTERVALS = (5, 10, 20, 30, 60)
_MOST_PARTS = 100


def place_oco(
    session: Session,
    market: Symbol,
    direction: Direction,
    words: OrderInput,
    *,
    trigger: str,
    stop_price: str | None,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    """A limit order at `words.price`, and a stop: whichever is reached first takes the other away."""
    levels = _levels({"--stop-price": stop_price})
    at = changes.desk(session)
    instrument = _checked(at, market, levels)
    order, stops_at = orders.waiting(at, market, direction, words._replace(trigger=trigger), say=session.say)
    intent = OcoIntent(order, stops_at or Decimal(0), levels.get("--stop-price"))
    for leg in (order, intent.stop):
        risk.check_rules(ProposedOrder(instrument, leg))
    risk.check_oco(intent, at.prices(market).last)
    stop = orders.weighed(at, intent.stop, f"or {intent.stop_summary}", trigger=intent.trigger)
    consequences = [orders.weighed(at, order, order.summary), stop]
    return _placed(session, at, intent, consequences, allow_far=allow_far, yes=yes, dry_run=dry_run)


def place_twap(
    session: Session,
    market: Symbol,
    direction: Direction,
    words: OrderInput,
    *,
    lasts: str,
    interval: str,
    trigger: str | None,
    stop_at: str | None,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    """Market orders of like size, one every `interval` for as long as `lasts`."""
    minutes, seconds = _minutes(lasts), _interval(interval)
    levels = _levels({"--stop-at": stop_at})
    at = changes.desk(session)
    instrument = _checked(at, market, levels)
    words = words._replace(trigger=trigger)
    order, begins = orders.waiting(at, market, direction, words, say=session.say, in_coin=True)
    intent = TwapIntent(order, minutes, seconds, begins, levels.get("--stop-at"))
    _check_parts(at, instrument, order, _like_parts(instrument, order.size, intent.parts))
    consequence = orders.weighed(at, order, intent.summary, trigger=intent.trigger)
    return _placed(session, at, intent, [consequence], allow_far=allow_far, yes=yes, dry_run=dry_run)


def place_iceberg(
    session: Session,
    market: Symbol,
    direction: Direction,
    words: OrderInput,
    *,
    show: str | None,
    parts: int | None,
    follow: FollowedSide | None,
    worst: str | None,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    """Limit orders one after the other, of which one shows at a time."""
    _refuse_contradictions(words, show=show, parts=parts, follow=follow, worst=worst)
    levels = _levels({"--show": show, "--worst": worst})
    at = changes.desk(session)
    instrument = _checked(at, market, {name: level for name, level in levels.items() if name != "--show"})
    # What follows the book is sized at the worst price that it may have.
    order, _ = orders.waiting(at, market, direction, words._replace(trigger=worst), say=session.say, in_coin=True)
    intent = IcebergIntent(order, levels.get("--show"), parts, follow, levels.get("--worst"))
    # A part that follows the book is a limit order about where the market is, however far its bound.
    priced = order._replace(price=order.price or at.prices(market).last)
    _check_parts(at, instrument, priced, _shown_parts(instrument, intent))
    bounded = order if intent.worst is None else order._replace(price=intent.worst)
    consequence = orders.weighed(at, bounded, intent.summary)
    return _placed(session, at, intent, [consequence], allow_far=allow_far, yes=yes, dry_run=dry_run)


def _placed(
    session: Session,
    at: AccountState,
    intent: StrategyIntent,
    consequences: Sequence[Consequence],
    *,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    order = intent.order
    terms = changes.terms(at, order.symbol)
    change = session.adapter.plans.strategy(intent, terms)._replace(working=order.working)
    extras = order.extras(terms.margin_mode if terms else None)
    last = consequences[-1]._replace(details=(*extras, *order.working))
    told = [*consequences[:-1], last]
    return changes.carry_out_all(session, [change], yes=yes, dry_run=dry_run, consequences=told, allow_far=allow_far)


def _levels(typed: Mapping[str, str | None]) -> dict[str, Decimal]:
    return {name: amount(text, what=name) for name, text in typed.items() if text is not None}


def _checked(at: AccountState, market: Symbol, prices: Mapping[str, Decimal]) -> Instrument:
    """The instrument, once every price is on its grid."""
    instrument = at.instrument(market)
    for name, price in prices.items():
        risk.check_price(instrument, price, what=name)
    return instrument


def _minutes(lasts: str) -> int:
    seconds = int(duration(lasts, what="--duration").total_seconds())
    if seconds % 60 or not 1 <= seconds // 60 <= _LONGEST:
        raise UsageError(f"--duration {lasts} is not whole minutes, 1m to 24h", hint="such as --duration 30m")
    return seconds // 60


def _interval(text: str) -> int:
    seconds = int(duration(text, what="--interval").total_seconds())
    if seconds not in _INTERVALS:
        allowed = ", ".join(f"{each}s" for each in _INTERVALS)
        raise UsageError(f"--interval {text} is none that Bitget has: {allowed}")
    return seconds


def _refuse_contradictions(
    words: OrderInput, *, show: str | None, parts: int | None, follow: FollowedSide | None, worst: str | None
) -> None:
    if (show is None) == (parts is None):
        raise UsageError(
            "how large are the parts? Give --show SIZE or --parts N, one of them",
            hint="--show 0.1 shows 0.1 at a time, --parts 10 is ten of like size",
        )
    if parts is not None and not 2 <= parts <= _MOST_PARTS:
        raise UsageError(f"--parts {parts} is not 2 to {_MOST_PARTS}")
    if (words.price is None) == (follow is None):
        raise UsageError(
            "at which price? Give --price P or --follow own|other, one of them",
            hint="--follow own waits at the best price of its own side of the book, other takes that of the other side",
        )
    if worst is not None and follow is None:
        raise UsageError("--worst bounds a price that follows the book", hint="leave it out beside --price")


def _like_parts(instrument: Instrument, size: Decimal, parts: int) -> tuple[Decimal, Decimal]:
    """The smallest and the largest of so many parts of like size, in whole steps."""
    least = rounded_down(EXACT.divide(size, parts), instrument.step)
    whole = EXACT.multiply(least, Decimal(parts)) == size
    return least, least if whole else EXACT.add(least, instrument.step)


def _shown_parts(instrument: Instrument, intent: IcebergIntent) -> tuple[Decimal, Decimal]:
    """The smallest and the largest: the last of those that show a size is what is left of it."""
    size, show = intent.order.size, intent.show
    if show is None:
        return _like_parts(instrument, size, intent.parts or 1)
    risk.check_size(instrument, show, what="--show")
    if show >= size:
        raise UsageError(f"--show {show:f} shows all of {size:f}", hint="give less, or place it with bitget order")
    return EXACT.remainder(size, show) or show, show


def _check_parts(at: AccountState, instrument: Instrument, order: OrderIntent, parts: tuple[Decimal, Decimal]) -> None:
    """Every part is an order of its own. Raises UsageError for one that breaks a rule of the instrument."""
    risk.check_size(instrument, order.size)
    prices = at.prices(order.symbol)
    for part in dict.fromkeys(parts):
        try:
            risk.check_rules(ProposedOrder(instrument, order._replace(size=part), prices))
        except UsageError as refusal:
            raise UsageError(
                f"a part of {order.size:f} is an order of its own: {refusal.message}",
                hint=refusal.hint or "larger parts, or fewer of them",
            ) from None
