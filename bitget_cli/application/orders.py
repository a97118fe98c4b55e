"""An order as typed, on a command line, in a file or in a program, made into what is meant, and placed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from bitget_cli.application import changes
from bitget_cli.errors import RejectedError, UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.model import (
    EXACT,
    OPENS,
    Direction,
    Instrument,
    MarginMode,
    OrderIntent,
    PlanIntent,
    PositionSide,
    TimeInForce,
    checked_client_order_id,
    rounded_down,
    size_for,
)
from bitget_cli.trading.risk import Consequence, ProposedOrder
from bitget_cli.values import Symbol, amount


class OrderInput(NamedTuple):
    """What was typed beside symbol and direction. A size is in base coin, `quote` is money."""

    size: str | None = None
    quote: str | None = None
    price: str | None = None
    tif: TimeInForce | None = None
    post_only: bool = False
    closing: bool = False
    margin_mode: MarginMode | None = None
    tp: str | None = None
    sl: str | None = None
    client_oid: str | None = None


def order(
    desk: AccountState,
    symbol: Symbol,
    direction: Direction,
    words: OrderInput,
    *,
    say: Callable[[str], None],
    trigger: Decimal | None = None,
    percentages: bool = False,
) -> OrderIntent:
    """The order meant by `words`; how money became a size is told to `say`.

    `trigger` is what a waiting order at market is sized at; with `percentages` its exits are no prices. Every
    number is read before the exchange is asked anything. Raises UsageError.
    """
    _refuse_contradictions(symbol, words)
    typed = _numbers(words)
    oid = None if words.client_oid is None else checked_client_order_id(words.client_oid)
    instrument, price = desk.instrument(symbol), typed.get("price")
    _check_prices(instrument, typed, ("price",) if percentages else ("price", "take-profit", "stop-loss"))
    in_money = symbol.product.is_spot and direction is Direction.BUY and price is None
    if "size" in typed and in_money:
        _refuse_base_size(desk, instrument, typed["size"])
    size = typed.get("size")
    if size is None:
        size = _sized(desk, instrument, typed["--quote"], price or trigger, in_money=in_money, say=say)
    return OrderIntent(
        symbol,
        direction,
        size,
        price,
        in_quote=in_money,
        tif=TimeInForce.POST_ONLY if words.post_only else words.tif or TimeInForce.GTC,
        closing=words.closing,
        margin_mode=words.margin_mode,
        take_profit=typed.get("take-profit"),
        stop_loss=typed.get("stop-loss"),
        client_oid=oid,
    )


def trade(
    session: Session,
    market: Symbol,
    direction: Direction,
    words: OrderInput,
    *,
    at: AccountState | None = None,
    allow_far: bool = False,
    yes: bool,
    dry_run: bool = False,
    looks: bool = False,
) -> Result:
    """Place the order meant by `words`, and answer what became of it. `at` is what was read of the account already."""
    at = at or changes.desk(session)
    intent = order(at, market, direction, words, say=session.say)
    asks = changes.asks(session, yes=yes, dry_run=dry_run)
    consequence = judged(at, intent, asks=asks, pays=not dry_run)
    change = session.adapter.orders.place(intent, changes.terms(at, market))
    return changes.carry_out(
        session, change, yes=yes, dry_run=dry_run, consequence=consequence, allow_far=allow_far, looks=looks
    )


def _check_prices(instrument: Instrument, typed: dict[str, Decimal], names: tuple[str, ...]) -> None:
    for what in names:
        if what in typed:
            risk.check_price(instrument, typed[what], what=what)


def _numbers(words: OrderInput) -> dict[str, Decimal]:
    """The numbers given, exact, by the names that errors call them."""
    given = {
        "price": words.price,
        "take-profit": words.tp,
        "stop-loss": words.sl,
        "size": words.size,
        "--quote": words.quote,
    }
    return {name: amount(text, what=name) for name, text in given.items() if text is not None}


def _refuse_contradictions(symbol: Symbol, words: OrderInput) -> None:
    if (words.size is None) == (words.quote is None):
        both = words.size is not None
        raise UsageError(
            "SIZE and --quote are two sizes; give one" if both else "how much? Give SIZE, or --quote MONEY",
            hint=f"0.01 is in base coin, --quote 100 is money: {symbol.name}",
        )
    if words.price is None and (words.post_only or words.tif is not None):
        raise UsageError(
            "a market order has no time in force", hint="add --price P, or leave --tif and --post-only out"
        )
    if words.post_only and words.tif not in (None, TimeInForce.POST_ONLY):
        raise UsageError(f"--post-only and --tif {words.tif} contradict each other; choose one")
    if not symbol.product.is_spot:
        return
    if words.closing:
        raise UsageError("spot has no positions to close", hint="leave --reduce-only and --close out")
    if words.margin_mode:
        raise UsageError("spot has no margin mode", hint="leave --margin-mode out")


def _sized(
    desk: AccountState,
    instrument: Instrument,
    money: Decimal,
    price: Decimal | None,
    *,
    in_money: bool,
    say: Callable[[str], None],
) -> Decimal:
    """Money as Bitget takes it for a spot market buy; elsewhere the size it pays for, rounded down to the step."""
    if in_money:
        return money
    if money <= 0:
        raise UsageError(f"--quote {money:f} is not above zero")
    at = price or desk.prices(instrument.symbol).last
    size = size_for(money, at, step=instrument.step)
    worth = EXACT.multiply(size, at)
    if not size:
        least = EXACT.multiply(instrument.smallest, at)
        raise UsageError(
            f"--quote {money:f} buys less than one step of {instrument.step:f} {instrument.base} at {at:f}",
            hint=f"at least {least:f} {instrument.quote}",
        )
    say(f"{money:f} {instrument.quote} at {at:f} is {size:f} {instrument.base}, worth {worth:f} {instrument.quote}")
    return size


def _refuse_base_size(desk: AccountState, instrument: Instrument, size: Decimal) -> None:
    """Bitget sizes a spot market buy in money; a size in base coin would be taken for an amount of money."""
    risk.check_size(instrument, size)
    last = desk.prices(instrument.symbol).last
    step = max(instrument.quote_step, Decimal("0.01"))
    cost = EXACT.multiply(size, last)
    money = rounded_down(cost, step)
    money = money if money == cost else EXACT.add(money, step)
    raise UsageError(
        f"a spot market buy is sized in {instrument.quote}: {size:f} {instrument.base} costs about {money:f} now",
        hint=f"--quote {money:f}, or a limit order with --price",
    )


def judged(desk: AccountState, intent: OrderIntent, *, asks: bool, pays: bool = True) -> Consequence:
    """The order held against the instrument's rules and, if it `pays`, the account's means; and what it comes to.

    With `asks` a person will be asked, so the liquidation price is found out as well. Raises UsageError.
    """
    instrument = desk.instrument(intent.symbol)
    risk.check_rules(ProposedOrder(instrument, intent))
    draft = ProposedOrder(instrument, intent, desk.prices(intent.symbol))
    risk.check_rules(draft)
    if pays:
        risk.check_buying_power(desk, draft)
    consequence = weighed(desk, intent, intent.summary)
    return consequence._replace(
        liquidation=_liquidation(desk, intent) if asks else None,
        details=intent.details(_own_margin_mode(desk, intent.symbol)),
    )


def foreseen(desk: AccountState, intent: PlanIntent) -> Consequence:
    """A waiting order held against the rules that will hold when it trades; exits of a trailing one are no prices."""
    order = intent.order
    risk.check_rules(ProposedOrder(desk.instrument(order.symbol), order))
    priced = order if intent.callback is None else order._replace(take_profit=None, stop_loss=None)
    consequence = weighed(desk, priced, intent.summary, trigger=intent.trigger)
    return consequence._replace(details=intent.details(_own_margin_mode(desk, order.symbol)))


def weighed(desk: AccountState, order: OrderIntent, what: str, *, trigger: Decimal | None = None) -> Consequence:
    """The order before the guards, the market asked where it matters: getting out by a trigger needs no price."""
    instrument = desk.instrument(order.symbol)
    market = None if order.closing and trigger is not None else desk.prices(order.symbol).last
    return risk.weighed(
        order, what, market=market, trigger=trigger, coin=instrument.quote, fee_rate=instrument.taker_fee
    )


def check_exits(
    desk: AccountState,
    market: Symbol,
    side: PositionSide,
    profit: Decimal | None,
    loss: Decimal | None,
    *,
    by_mark: bool = True,
) -> None:
    """Raises UsageError for an exit of a position that would fire at once."""
    prices = desk.prices(market)
    at, name = (prices.mark, "mark price") if by_mark else (prices.last, "last price")
    risk.check_exits(side, profit, loss, at=at, whose=f"the {name} {at:f} of the {side.value} {market.name}")


def _own_margin_mode(desk: AccountState, symbol: Symbol) -> MarginMode | None:
    return None if symbol.product.is_spot else desk.account(symbol).margin_mode


def _liquidation(desk: AccountState, intent: OrderIntent) -> Decimal | None:
    """Where the position would be liquidated, as far as the account can tell."""
    if intent.symbol.product.is_spot or intent.closing:
        return None
    side = OPENS[intent.direction]
    try:
        return desk.liquidation(intent.symbol, side, size=intent.size, price=intent.price)
    except RejectedError:
        return None
