"""An order as typed, on a command line, in a file or in a program, made into what is meant, and placed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import NamedTuple, Protocol

from bitget_cli.application import changes
from bitget_cli.application.orders import amounts
from bitget_cli.application.orders.amounts import Arithmetic, TypedAmounts
from bitget_cli.errors import RejectedError, UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.change import Change
from bitget_cli.trading.model import (
    EXACT,
    OPENS,
    Direction,
    Equity,
    Instrument,
    MarginMode,
    OrderIntent,
    PlanIntent,
    PositionSide,
    TimeInForce,
    TriggerBy,
    checked_client_order_id,
    checked_tag,
    rounded_down,
    size_for,
)
from bitget_cli.trading.risk import Consequence, ProposedOrder
from bitget_cli.trading.words import (
    Exactly,
    Multiple,
    PriceWord,
    Reference,
    Relative,
    Share,
    SizeWord,
    read_price,
    read_risk,
    read_size,
)
from bitget_cli.values import Symbol, amount

# What tells how much, one of them.
_SIZES = ("SIZE", "--quote", "--risk")


class OrderInput(NamedTuple):
    """What was typed beside symbol and direction. A size is in base coin or a share, `quote` is money, `risk` what may
    be lost at the stop; `trigger` is what a waiting order waits for."""

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
    tag: str | None = None
    leverage: str | None = None
    trigger_by: TriggerBy | None = None
    tp_limit: str | None = None
    sl_limit: str | None = None
    risk: str | None = None
    trigger: str | None = None


def order(
    desk: AccountState, symbol: Symbol, direction: Direction, words: OrderInput, *, say: Callable[[str], None]
) -> OrderIntent:
    """The order meant by `words`; how its amounts were worked out is told to `say`, and stands in the order.

    Every word is read before the exchange is asked anything. Raises UsageError, NetworkError for a price that is not
    told.
    """
    return waiting(desk, symbol, direction, words, say=say, at_once=True)[0]


def waiting(
    desk: AccountState,
    symbol: Symbol,
    direction: Direction,
    words: OrderInput,
    *,
    say: Callable[[str], None],
    percentages: bool = False,
    in_coin: bool = False,
    at_once: bool = False,
) -> tuple[OrderIntent, Decimal | None]:
    """The same, and what it waits for, where it waits. With `percentages` its exits are no prices, and with `in_coin`
    its size is in base coin at market too. One that is placed `at_once` and opens takes the usual margin mode, which
    not every account takes with one that waits."""
    refuse_contradictions(symbol, direction, words, percentages=percentages)
    typed, limits = typed_amounts(words, percentages=percentages), exit_limits(words)
    amounts.check_multiple(typed.tp, typed.sl, what="take-profit")
    amounts.check_references(symbol, prices=(typed.price, typed.trigger), exits=(typed.tp, typed.sl))
    names = _names(words)
    instrument = desk.instrument(symbol)
    check_numbers(instrument, typed, limits, percentages=percentages)
    in_money = symbol.product.is_spot and direction is Direction.BUY and typed.price is None and not in_coin
    if in_money and isinstance(typed.size, Exactly):
        _refuse_base_size(desk, instrument, typed.size.value)
    if at_once and words.margin_mode is None and not words.closing:
        words = words._replace(margin_mode=desk.margin_mode_unsaid(symbol))
    sums = Arithmetic(desk, instrument, direction, closing=words.closing)
    equity = sums.equity(typed.risk)
    trigger = sums.price(typed.trigger, what="--trigger")
    price = sums.price(typed.price, what="price")
    profit, loss = _exits(sums, typed, price or trigger)
    size = _size(sums, typed, price, trigger, loss, equity=equity, margin_mode=words.margin_mode, in_money=in_money)
    if isinstance(typed.size, Share) and not in_coin:
        size = sums.in_one_order(typed.size, size, at_market=price is None)
    for sentence in sums.working:
        say(sentence)
    intent = OrderIntent(
        symbol,
        direction,
        size,
        price,
        in_quote=in_money,
        tif=TimeInForce.POST_ONLY if words.post_only else words.tif or TimeInForce.GTC,
        closing=words.closing,
        margin_mode=words.margin_mode,
        take_profit=profit,
        stop_loss=loss,
        trigger_by=words.trigger_by,
        take_profit_limit=limits.get("--tp-limit"),
        stop_loss_limit=limits.get("--sl-limit"),
        relative=typed.is_relative,
        working=tuple(sums.working),
        **names,
    )
    risk.check_limits(intent.legs, OPENS[direction])
    return intent, trigger


def typed_amounts(words: OrderInput, *, percentages: bool = False) -> TypedAmounts:
    """The words read, by the names that errors call them; percentages are plain numbers."""

    def price(text: str | None, what: str, *, exits: bool = False, multiples: bool = False) -> PriceWord | None:
        if text is None:
            return None
        if exits and percentages:
            return Exactly(amount(text, what=what))
        return read_price(text, what=what, exits=exits, multiples=multiples)

    def size(text: str | None, what: str) -> SizeWord | None:
        return None if text is None else read_size(text, what=what)

    return TypedAmounts(
        trigger=price(words.trigger, "--trigger"),
        price=price(words.price, "price"),
        tp=price(words.tp, "take-profit", exits=True, multiples=True),
        sl=price(words.sl, "stop-loss", exits=True),
        size=size(words.size, "size"),
        quote=None if words.quote is None else Exactly(amount(words.quote, what="--quote")),
        risk=None if words.risk is None else read_risk(words.risk),
    )


def _names(words: OrderInput) -> dict[str, str | None]:
    """What a person calls the order."""
    return {
        "client_oid": None if words.client_oid is None else checked_client_order_id(words.client_oid),
        "tag": None if words.tag is None else checked_tag(words.tag),
    }


def exit_limits(words: OrderInput) -> dict[str, Decimal]:
    """What exits trade at, by the names of the options."""
    given = {"--tp-limit": words.tp_limit, "--sl-limit": words.sl_limit}
    return {name: amount(text, what=name) for name, text in given.items() if text is not None}


def check_numbers(
    instrument: Instrument, typed: TypedAmounts, limits: Mapping[str, Decimal], *, percentages: bool = False
) -> None:
    """Numbers typed exactly have to be on the grid: only what is worked out is rounded."""
    exits = () if percentages else ((typed.tp, "take-profit"), (typed.sl, "stop-loss"))
    for word, what in ((typed.trigger, "--trigger"), (typed.price, "price"), *exits):
        if isinstance(word, Exactly):
            risk.check_price(instrument, word.value, what=what)
    for name, price in limits.items():
        risk.check_price(instrument, price, what=name)


def _exits(sums: Arithmetic, typed: TypedAmounts, price: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Take-profit and stop-loss. The entry they may be typed by is the order's own."""
    by_entry = any(
        isinstance(word, Multiple) or (isinstance(word, Relative) and word.base is Reference.ENTRY)
        for word in (typed.tp, typed.sl)
    )
    entry, whose = sums.entry(price) if by_entry else (None, "")
    loss = sums.stop(typed.sl, entry, whose=whose, what="stop-loss")
    return sums.profit(typed.tp, entry, loss, whose=whose, what="take-profit"), loss


def _size(
    sums: Arithmetic,
    typed: TypedAmounts,
    price: Decimal | None,
    trigger: Decimal | None,
    stop: Decimal | None,
    *,
    equity: Equity | None,
    margin_mode: MarginMode | None,
    in_money: bool,
) -> Decimal:
    """The size in base coin, or with `in_money` as money, in which Bitget takes a spot market buy."""
    at = price or trigger
    if typed.size is not None:
        if in_money and isinstance(typed.size, Share):
            return sums.money(typed.size)
        return sums.size(typed.size, at, margin_mode=margin_mode)
    if isinstance(typed.quote, Exactly):
        return _sized(sums, typed.quote.value, at, in_money=in_money)
    if typed.risk is None or stop is None:
        raise AssertionError("there is a size in one of three ways")
    entry, _ = sums.entry(at)
    side, name = OPENS[sums.direction], f"the entry {entry:f}"
    risk.check_exits(side, None, stop, at=entry, whose=name)
    size = sums.at_risk(typed.risk, equity, price=at, entry=entry, stop=stop, margin_mode=margin_mode)
    return sums.money_for(size, entry) if in_money else size


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
    leverage = leveraged(session, at, intent, words)
    # Where it would be liquidated with a leverage that is not set yet cannot be asked.
    asks = leverage is None and changes.asks(session, yes=yes, dry_run=dry_run)
    consequence = judged(at, intent, asks=asks, pays=not dry_run)
    change = session.adapter.orders.place(intent, changes.terms(at, market))._replace(working=intent.working)
    return changes.carry_out(
        session,
        change,
        yes=yes,
        dry_run=dry_run,
        consequence=consequence,
        allow_far=allow_far,
        leverage=leverage,
        looks=looks,
    )


def leveraged(session: Session, at: AccountState, intent: OrderIntent, words: OrderInput) -> Change | None:
    """The change to the leverage typed, where the account has another. `at` counts with it from then on.

    Raises UsageError for a size that was counted at the leverage in force.
    """
    if words.leverage is None:
        return None
    from bitget_cli.application import settings

    change = settings.leverage_for(session, at, intent, amount(words.leverage, what="--leverage"))
    counted = f"--risk {words.risk}" if words.risk else words.size or ""
    if change and (words.risk or isinstance(read_size(counted or "1", what="size"), Share)):
        raise UsageError(
            f"{counted} is counted by what could be opened at the leverage in force, which --leverage changes",
            hint=f"bitget account leverage {intent.symbol.name} {words.leverage} first, then without --leverage",
        )
    return change


def refuse_contradictions(
    symbol: Symbol, direction: Direction, words: OrderInput, *, percentages: bool = False
) -> None:
    """Raises UsageError for words that do not go together, or not with this market."""
    sizes = [name for name, text in zip(_SIZES, (words.size, words.quote, words.risk), strict=True) if text is not None]
    if words.leverage is not None:
        amount(words.leverage, what="--leverage")
    if len(sizes) != 1:
        raise UsageError(
            f"{' and '.join(sizes)} are {'two' if len(sizes) == 2 else 'three'} sizes; give one"
            if sizes
            else "how much? Give SIZE, or --quote MONEY",
            hint=f"0.01 is in base coin, --quote 100 is money: {symbol.name}",
        )
    if words.risk is not None:
        _refuse_risk(symbol, direction, words, percentages=percentages)
    if words.price is None and (words.post_only or words.tif is not None):
        raise UsageError(
            "a market order has no time in force", hint="add --price P, or leave --tif and --post-only out"
        )
    if words.post_only and words.tif not in (None, TimeInForce.POST_ONLY):
        raise UsageError(f"--post-only and --tif {words.tif} contradict each other; choose one")
    check_legs_typed(words)
    if not symbol.product.is_spot:
        return
    if words.closing:
        raise UsageError("spot has no positions to close", hint="leave --reduce-only and --close out")
    if words.margin_mode:
        raise UsageError("spot has no margin mode", hint="leave --margin-mode out")
    if words.leverage:
        raise UsageError("spot has no leverage to set", hint="leave --leverage out")


class LegWords(Protocol):
    """What is typed of take-profits and stop-losses, of an order or of a position."""

    @property
    def tp(self) -> object: ...
    @property
    def sl(self) -> object: ...
    @property
    def tp_limit(self) -> str | None: ...
    @property
    def sl_limit(self) -> str | None: ...
    @property
    def trigger_by(self) -> TriggerBy | None: ...


def check_legs_typed(words: LegWords) -> None:
    """Raises UsageError for a word about an exit that is not there."""
    for name, leg, limit in (("tp", words.tp, words.tp_limit), ("sl", words.sl, words.sl_limit)):
        if limit is not None and not leg:
            raise UsageError(f"--{name}-limit is what --{name} trades at", hint=f"add --{name} P, or leave it out")
    if words.trigger_by and not (words.tp or words.sl):
        raise UsageError("--trigger-by says which price sets --tp and --sl off", hint="add one, or leave it out")


def _refuse_risk(symbol: Symbol, direction: Direction, words: OrderInput, *, percentages: bool) -> None:
    """Raises UsageError where there is no stop at which a loss could be counted."""
    if words.closing:
        raise UsageError("--risk sizes what opens, and this order closes", hint="a SIZE such as 50%, or max")
    if symbol.product.is_spot and direction is Direction.SELL:
        raise UsageError("--risk sizes what is bought, and this sells what is there", hint="a SIZE such as 50%, or max")
    if words.sl is None:
        raise UsageError("--risk is what may be lost at a stop, and there is none", hint="add --sl P, or --sl -2%")
    if percentages:
        raise UsageError("--risk needs a stop with a price, and that of a trailing order has none", hint="give SIZE")


def _sized(sums: Arithmetic, money: Decimal, price: Decimal | None, *, in_money: bool) -> Decimal:
    """Money as Bitget takes it for a spot market buy; elsewhere the size it pays for, rounded down to the step."""
    if in_money:
        return money
    if money <= 0:
        raise UsageError(f"--quote {money:f} is not above zero")
    instrument = sums.instrument
    at = price or sums.desk.prices(instrument.symbol).last
    size = size_for(money, at, step=instrument.step)
    worth = EXACT.multiply(size, at)
    if not size:
        least = EXACT.multiply(instrument.smallest, at)
        raise UsageError(
            f"--quote {money:f} buys less than one step of {instrument.step:f} {instrument.base} at {at:f}",
            hint=f"at least {least:f} {instrument.quote}",
        )
    sums.working.append(
        f"{money:f} {instrument.quote} at {at:f} is {size:f} {instrument.base}, worth {worth:f} {instrument.quote}"
    )
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
        liquidation=liquidation(desk, intent) if asks else None,
        details=(*intent.details(own_margin_mode(desk, intent.symbol)), *intent.working),
    )


def foreseen(desk: AccountState, intent: PlanIntent) -> Consequence:
    """A waiting order held against the rules that will hold when it trades; exits of a trailing one are no prices."""
    order = intent.order
    risk.check_rules(ProposedOrder(desk.instrument(order.symbol), order))
    priced = order if intent.callback is None else order._replace(take_profit=None, stop_loss=None)
    consequence = weighed(desk, priced, intent.summary, trigger=intent.trigger)
    return consequence._replace(details=(*intent.details(own_margin_mode(desk, order.symbol)), *order.working))


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


def own_margin_mode(desk: AccountState, symbol: Symbol) -> MarginMode | None:
    """In which margin mode the account trades a market; None in spot."""
    return None if symbol.product.is_spot else desk.account(symbol).margin_mode


def liquidation(desk: AccountState, intent: OrderIntent) -> Decimal | None:
    """Where the position would be liquidated, as far as the account can tell."""
    if intent.symbol.product.is_spot or intent.closing:
        return None
    side = OPENS[intent.direction]
    try:
        return desk.liquidation(intent.symbol, side, size=intent.size, price=intent.price)
    except RejectedError:
        return None
