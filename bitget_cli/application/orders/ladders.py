"""A ladder: one size in limit orders between two prices, worked out whole before anything is asked or sent."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from bitget_cli.application import changes
from bitget_cli.application.orders import amounts, orders, tags
from bitget_cli.application.orders.amounts import Arithmetic, TypedAmounts
from bitget_cli.application.orders.orders import OrderInput
from bitget_cli.errors import UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import ladder, risk, words
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.model import (
    EXACT,
    OPENS,
    Direction,
    Equity,
    Instrument,
    LadderShape,
    LadderSpacing,
    MarginMode,
    OrderIntent,
    TimeInForce,
    checked_client_order_id,
    checked_tag,
)
from bitget_cli.trading.risk import Consequence, ProposedOrder
from bitget_cli.trading.words import Exactly, Multiple, PriceWord, Reference, Relative, Share, Worked, read_price
from bitget_cli.values import Symbol

# Bitget takes 200 open orders in one market.
MOST_STEPS = 100


class LadderInput(NamedTuple):
    """What was typed of the rungs: the prices of the first and the last, and what lies between."""

    first: str
    last: str
    steps: int
    shape: LadderShape = LadderShape.FLAT
    spacing: LadderSpacing = LadderSpacing.EVEN


class _LadderWords(NamedTuple):
    """All that was typed, read."""

    first: PriceWord
    last: PriceWord
    amounts: TypedAmounts
    limits: dict[str, Decimal]
    oids: tuple[str | None, ...]


class _Rung(NamedTuple):
    """One price, and the exits of the order there; `working` is how those came about, where they are its own."""

    price: Decimal
    profit: Decimal | None
    loss: Decimal | None
    working: tuple[str, ...]


class _Ladder(NamedTuple):
    """The orders in their sequence; `working` is what they have in common."""

    instrument: Instrument
    intents: tuple[OrderIntent, ...]
    working: tuple[str, ...]

    @property
    def size(self) -> Decimal:
        return sum((intent.size for intent in self.intents), Decimal(0)).normalize(EXACT)

    @property
    def cost(self) -> Decimal:
        return ladder.total_of([one.size for one in self.intents], [one.price or Decimal(0) for one in self.intents])

    @property
    def whole(self) -> OrderIntent:
        """The rungs as one order at their average price, rounded down to the tick."""
        average = words.on_grid(self.cost, self.instrument.tick, up=False, over=self.size)
        return self.intents[0]._replace(size=self.size, price=average, client_oid=None)

    @property
    def summary(self) -> str:
        first, last, size = self.intents[0], self.intents[-1], self.size
        what = first._replace(size=size, price=None).summary.replace(" at market", "")
        return f"{what} in {len(self.intents)} orders from {first.price:f} to {last.price:f}"

    def own_exits(self, intent: OrderIntent) -> tuple[str, ...]:
        """The exits of an order where they are not those of all."""
        return () if self._alike else tuple(f"{leg.what} {leg.level:f}{leg.then}" for leg in intent.legs)

    def details(self, margin_mode: MarginMode | None) -> tuple[str, ...]:
        """What is the same of each."""
        one = self.intents[0]._replace(client_oid=None)
        if not self._alike:
            one = one._replace(take_profit=None, stop_loss=None)
        return one.details(margin_mode)

    @property
    def _alike(self) -> bool:
        return len({(intent.take_profit, intent.stop_loss) for intent in self.intents}) == 1


def place(
    session: Session,
    market: Symbol,
    direction: Direction,
    given: OrderInput,
    wanted: LadderInput,
    *,
    allow_far: bool = False,
    yes: bool,
    dry_run: bool = False,
    looks: bool = False,
) -> Result:
    """Place a ladder, and answer what became of each of its orders. All are journalled under one tag.

    Raises UsageError for a rung that the instrument's rules refuse, before anything is sent.
    """
    typed = _read(market, direction, given, wanted)
    at = changes.desk(session)
    tag = _tag(session, given.tag)
    if given.margin_mode is None and not given.closing:
        given = given._replace(margin_mode=at.margin_mode_unsaid(market))
    made = _made(at, market, direction, given._replace(tag=tag), wanted, typed)
    for line in (*made.working, f"{made.summary}, tagged {tag}:", *_table(made)):
        session.say(line)
    first = orders.leveraged(session, at, made.whole, given)
    # Where it would be liquidated with a leverage that is not set yet cannot be asked.
    asks = first is None and changes.asks(session, yes=yes, dry_run=dry_run)
    told = _judged(at, made, asks=asks, pays=not dry_run)
    batches = session.adapter.orders.batch(made.intents, changes.terms(at, market))
    return changes.carry_out_all(
        session,
        changes.with_working(batches, iter([intent.working for intent in made.intents])),
        yes=yes,
        dry_run=dry_run,
        consequences=told,
        allow_far=allow_far,
        looks=looks,
        first=first,
        question=f"{first.what}; {told[0].sentence}" if first else told[0].sentence,
    )


def _tag(session: Session, typed: str | None) -> str:
    """The tag as typed, of which nothing is open, or a new one that tells when it was."""
    if typed is not None:
        tags.check_over(session, typed)
        return typed
    tag = stem = f"ladder-{session.clock.now():%Y%m%d-%H%M%S}"
    number = 1
    while session.journal.entries(tag=tag, limit=1):
        number += 1
        tag = f"{stem}-{number}"
    return tag


def _read(market: Symbol, direction: Direction, given: OrderInput, wanted: LadderInput) -> _LadderWords:
    """Every word, before the exchange is asked anything. Raises UsageError."""
    first, last = read_price(wanted.first, what="--from"), read_price(wanted.last, what="--to")
    if not 2 <= wanted.steps <= MOST_STEPS:
        raise UsageError(
            f"--steps {wanted.steps} is not 2 to {MOST_STEPS}",
            hint="one order is bitget order, more of them are several ladders",
        )
    orders.refuse_contradictions(market, direction, given._replace(price=wanted.first))
    typed, limits = orders.typed_amounts(given), orders.exit_limits(given)
    amounts.check_multiple(typed.tp, typed.sl, what="take-profit")
    amounts.check_references(market, prices=(first, last), exits=(typed.tp, typed.sl))
    if given.tag is not None:
        checked_tag(given.tag)
    oid = given.client_oid
    oids = tuple(
        None if oid is None else checked_client_order_id(f"{oid}-{number}") for number in range(1, wanted.steps + 1)
    )
    return _LadderWords(first, last, typed, limits, oids)


def _made(
    at: AccountState, market: Symbol, direction: Direction, given: OrderInput, wanted: LadderInput, typed: _LadderWords
) -> _Ladder:
    """The orders that are meant, and how they were worked out. Raises UsageError, NetworkError."""
    instrument = at.instrument(market)
    orders.check_numbers(instrument, typed.amounts, typed.limits)
    for word, what in ((typed.first, "--from"), (typed.last, "--to")):
        if isinstance(word, Exactly):
            risk.check_price(instrument, word.value, what=what)
    sums = Arithmetic(at, instrument, direction, closing=given.closing)
    equity = sums.equity(typed.amounts.risk)
    rungs = _exits(sums, typed.amounts, _prices(sums, typed, wanted))
    size = _size(sums, typed.amounts, rungs, wanted.shape, equity=equity, margin_mode=given.margin_mode)
    risk.check_size(instrument, size)
    sizes = ladder.sizes(size, shape=wanted.shape, steps=wanted.steps, step=instrument.step)
    model = _model(market, direction, given, typed.limits)
    intents = tuple(
        _intent(model, rung, part, oid, sums, f"{number} of {wanted.steps}")
        for number, (rung, part, oid) in enumerate(zip(rungs, sizes, typed.oids, strict=True), 1)
    )
    return _Ladder(instrument, intents, tuple(sums.working))


def _model(market: Symbol, direction: Direction, given: OrderInput, limits: dict[str, Decimal]) -> OrderIntent:
    """What every rung has in common."""
    return OrderIntent(
        market,
        direction,
        Decimal(0),
        tif=TimeInForce.POST_ONLY if given.post_only else TimeInForce.GTC,
        closing=given.closing,
        margin_mode=given.margin_mode,
        tag=given.tag,
        trigger_by=given.trigger_by,
        take_profit_limit=limits.get("--tp-limit"),
        stop_loss_limit=limits.get("--sl-limit"),
        # The ends of a ladder are meant to be far, and what lies between is worked out.
        relative=True,
    )


def _intent(
    model: OrderIntent, rung: _Rung, size: Decimal, oid: str | None, sums: Arithmetic, place_of: str
) -> OrderIntent:
    base, quote = sums.instrument.base, sums.instrument.quote
    own = f"rung {place_of}: {size:f} {base} at {rung.price:f}, worth {_value(size, rung.price)} {quote}"
    return model._replace(
        size=size,
        price=rung.price,
        take_profit=rung.profit,
        stop_loss=rung.loss,
        client_oid=oid,
        working=(*sums.working, own, *rung.working),
    )


def _value(size: Decimal, price: Decimal) -> str:
    return f"{EXACT.multiply(size, price).normalize(EXACT):f}"


def _prices(sums: Arithmetic, typed: _LadderWords, wanted: LadderInput) -> tuple[Decimal, ...]:
    """A price for each rung. Raises UsageError where two of them would be the same."""
    first = sums.price(typed.first, what="--from") or Decimal(0)
    last = sums.price(typed.last, what="--to") or Decimal(0)
    tick, up = sums.instrument.tick, sums.direction is Direction.SELL
    prices = ladder.prices(first, last, steps=wanted.steps, spacing=wanted.spacing, tick=tick, up=up)
    for number, (one, other) in enumerate(pairwise(prices), 1):
        if one == other:
            raise UsageError(
                f"rungs {number} and {number + 1} of {wanted.steps} are both at {one:f}: from {first:f} to {last:f} "
                f"they lie less than a tick of {tick:f} apart",
                hint="fewer --steps, or --from and --to farther from each other",
            )
    return prices


def _exits(sums: Arithmetic, typed: TypedAmounts, prices: Sequence[Decimal]) -> list[_Rung]:
    """The rungs with their exits: what goes by an entry goes by each rung's own, and all else is the same for all."""
    loss = None if _is_own(typed.sl) else sums.stop(typed.sl, None, whose="", what="stop-loss")
    profit = None if _is_own(typed.tp) else sums.profit(typed.tp, None, loss, whose="", what="take-profit")
    rungs = []
    for price in prices:
        own, whose = Arithmetic(sums.desk, sums.instrument, sums.direction, closing=sums.closing), "the entry"
        stop = own.stop(typed.sl, price, whose=whose, what="stop-loss") if _is_own(typed.sl) else loss
        gain = own.profit(typed.tp, price, stop, whose=whose, what="take-profit") if _is_own(typed.tp) else profit
        rungs.append(_Rung(price, gain, stop, tuple(own.working)))
    return rungs


def _is_own(word: PriceWord | None) -> bool:
    return isinstance(word, Multiple) or (isinstance(word, Relative) and word.base is Reference.ENTRY)


def _size(
    sums: Arithmetic,
    typed: TypedAmounts,
    rungs: Sequence[_Rung],
    shape: LadderShape,
    *,
    equity: Equity | None,
    margin_mode: MarginMode | None,
) -> Decimal:
    """The size of all rungs together, in base coin."""
    instrument, prices = sums.instrument, [rung.price for rung in rungs]
    if typed.risk is not None:
        return _at_risk(sums, typed.risk, rungs, shape, equity=equity, margin_mode=margin_mode)
    if isinstance(typed.quote, Exactly):
        money = Worked(typed.quote.value, f"{typed.quote.value:f} {instrument.quote}")
        return _paid_for(sums, money, prices, shape)
    if typed.size is None:
        raise AssertionError("there is a size in one of three ways")
    buys_coins = instrument.symbol.product.is_spot and sums.direction is Direction.BUY
    if buys_coins and isinstance(typed.size, Share):
        return _paid_for(sums, _part_of_money(sums, typed.size), prices, shape)
    # Of what could be opened at the highest of its prices, where one coin takes the most margin.
    return sums.size(typed.size, max(prices), margin_mode=margin_mode)


def _part_of_money(sums: Arithmetic, word: Share) -> Worked:
    quote = sums.instrument.quote
    free = sums.desk.free_coin(quote)
    part = EXACT.multiply(free, word.percent).scaleb(-2, EXACT).normalize(EXACT)
    return Worked(part, f"{word.name} of {free:f} {quote} that is free = {part:f} {quote}")


def _paid_for(sums: Arithmetic, money: Worked, prices: Sequence[Decimal], shape: LadderShape) -> Decimal:
    """The size that an amount of money pays for, spread over the rungs. Raises UsageError where that is nothing."""
    instrument = sums.instrument
    size = ladder.most_for(money.value, prices, shape=shape, step=instrument.step)
    told = f"{money.text}, in {len(prices)} rungs from {prices[0]:f} to {prices[-1]:f}"
    if not size:
        raise UsageError(f"{told}, buys less than one step of {instrument.step:f} {instrument.base}")
    cost = ladder.total_of(ladder.sizes(size, shape=shape, steps=len(prices), step=instrument.step), prices)
    return sums.noted(Worked(size, f"{told}, is {size:f} {instrument.base}, worth {cost:f} {instrument.quote}"))


def _at_risk(
    sums: Arithmetic,
    word: words.Risk,
    rungs: Sequence[_Rung],
    shape: LadderShape,
    *,
    equity: Equity | None,
    margin_mode: MarginMode | None,
) -> Decimal:
    """The size that loses so much once every rung has filled and every stop fills at its price."""
    instrument, facts = sums.instrument, _risk_facts(sums, rungs, equity)
    stake = words.at_stake(word, facts[0].coin, equity.value if equity else None)
    losses = [words.loss_of_one(one) for one in facts]
    # What is lost in base coin comes that many times the price of the stop.
    over = facts[0].stop if facts[0].in_base else Decimal(1)
    size = ladder.most_for(EXACT.multiply(stake.value, over), losses, shape=shape, step=instrument.step)
    told = f"risk {stake.text}, with {len(rungs)} rungs from {rungs[0].price:f} to {rungs[-1].price:f} all filled"
    if not size:
        raise UsageError(
            f"{told}, pays for less than one step of {instrument.step:f} {instrument.base}",
            hint="risk more, or put the stop nearer to the rungs",
        )
    parts = ladder.sizes(size, shape=shape, steps=len(rungs), step=instrument.step)
    lost = words.on_grid(ladder.total_of(parts, losses), Decimal("0.00000001"), up=True, over=over)
    text = (
        f"{told} = {size:f} {instrument.base}, which loses {lost:f} {facts[0].coin} at the stop with fees on each "
        "side; slippage is not in it"
    )
    most = _openable(sums, [rung.price for rung in rungs], shape, word.text, margin_mode)
    return sums.openable(word, Worked(size, text), most=most)


def _risk_facts(sums: Arithmetic, rungs: Sequence[_Rung], equity: Equity | None) -> list[words.RiskFacts]:
    """What each rung may lose. Raises UsageError for a stop on the wrong side, or stops that cannot be added up."""
    facts = []
    for number, rung in enumerate(rungs, 1):
        if rung.loss is None:
            raise AssertionError("a risk has a stop")
        side, whose = OPENS[sums.direction], f"rung {number}, {rung.price:f}"
        risk.check_exits(side, None, rung.loss, at=rung.price, whose=whose)
        facts.append(sums.risk_facts(equity, entry=rung.price, stop=rung.loss))
    # In base coin a loss is counted by the price of its stop, so that all have to be of one.
    if facts[0].in_base and len({one.stop for one in facts}) > 1:
        raise UsageError(
            f"--risk in {sums.instrument.base} needs one stop for all rungs, and each has its own", hint="--sl P"
        )
    return facts


def _openable(
    sums: Arithmetic, prices: Sequence[Decimal], shape: LadderShape, text: str, margin_mode: MarginMode | None
) -> Decimal:
    """How much the rungs could be of together."""
    if sums.symbol.product.is_spot:
        free = sums.desk.free_coin(sums.instrument.quote)
        return ladder.most_for(free, prices, shape=shape, step=sums.instrument.step)
    return sums.most_openable(max(prices), text, margin_mode)


def _judged(at: AccountState, made: _Ladder, *, asks: bool, pays: bool) -> list[Consequence]:
    """Each rung held against the instrument's rules, all together against the account's means and caps.

    The first is what the whole comes to, then come the two ends: no price between them is farther from the market than
    one of them. Raises UsageError that names the rung.
    """
    market = made.intents[0].symbol
    prices = at.prices(market)
    each = []
    for number, intent in enumerate(made.intents, 1):
        try:
            risk.check_rules(ProposedOrder(made.instrument, intent, prices))
            risk.check_limits(intent.legs, OPENS[intent.direction])
            each.append(orders.weighed(at, intent, intent.summary))
        except UsageError as mistake:
            where = f"rung {number} of {len(made.intents)}, {intent.size:f} {made.instrument.base} at {intent.price:f}"
            raise UsageError(f"{where}: {mistake.message}", hint=mistake.hint or "fewer --steps, or more") from None
    if pays:
        _check_means(at, ProposedOrder(made.instrument, made.whole, prices))
    whole = each[0]._replace(
        what=made.summary,
        value=sum((one.value for one in each if one.value is not None), Decimal(0)),
        price=None,
        liquidation=orders.liquidation(at, made.whole) if asks else None,
        details=(*made.details(orders.own_margin_mode(at, market)), *made.working),
    )
    return [whole, each[0], each[-1]]


def _check_means(at: AccountState, whole: ProposedOrder) -> None:
    try:
        risk.check_buying_power(at, whole)
    except UsageError as mistake:
        raise UsageError(f"all rungs together, on average: {mistake.message}", hint=mistake.hint) from None


def _table(made: _Ladder) -> list[str]:
    """A line for each rung, its columns below each other."""
    base, quote = made.instrument.base, made.instrument.quote
    cells = [
        (
            str(number),
            f"{one.size:f}",
            f"{one.price:f}",
            _value(one.size, one.price or Decimal(0)),
            ", ".join(made.own_exits(one)),
        )
        for number, one in enumerate(made.intents, 1)
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(4)]
    lines = []
    for row in cells:
        number, size, price, value = (text.rjust(width) for text, width in zip(row[:4], widths, strict=True))
        exits = f", {row[4]}" if row[4] else ""
        lines.append(f"  {number}  {size} {base} at {price}, worth {value} {quote}{exits}")
    return lines
