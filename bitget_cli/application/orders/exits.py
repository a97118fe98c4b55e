"""Leaving a position, or coins held in spot: exits as typed, made into orders that wait, and placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from bitget_cli.application import changes
from bitget_cli.application.orders import amounts, orders
from bitget_cli.application.orders.amounts import Arithmetic
from bitget_cli.errors import UnavailableError, UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.change import Change, ChangeKind
from bitget_cli.trading.model import (
    EXACT,
    OPENING,
    OPPOSITE,
    Direction,
    ExitIntent,
    Instrument,
    Position,
    PositionMode,
    PositionSide,
    Terms,
    TriggerBy,
    checked_client_order_id,
    checked_tag,
    part_of,
    rounded_down,
)
from bitget_cli.trading.order_model import Plan
from bitget_cli.trading.risk import Consequence
from bitget_cli.trading.words import Exactly, Multiple, PriceWord, Relative, SizeWord, read_price, read_size
from bitget_cli.values import Symbol, amount

# What an id of one's own may be long where each of several exits gets an ending: `-tp`, `-tp12`, `-sl`, `-ts`.
_LONGEST = 27
_ZERO, _ALL = Decimal(0), Decimal(100)


class ExitInput(NamedTuple):
    """What was typed. A take-profit may have a share of the position behind a colon: `70000:50%`."""

    tp: Sequence[str] = ()
    sl: str | None = None
    trailing: str | None = None
    trigger: str | None = None
    size: str | None = None
    trigger_by: TriggerBy | None = None
    tp_limit: str | None = None
    sl_limit: str | None = None
    client_oid: str | None = None
    tag: str | None = None


class _Words(NamedTuple):
    """What was typed, read before the exchange is asked anything: each take-profit with how much of the position
    leaves there (percent, None is not said), the other prices and the size by name, and plain numbers."""

    goals: tuple[tuple[PriceWord, Decimal | None], ...]
    prices: Mapping[str, PriceWord]
    size: SizeWord | None
    numbers: Mapping[str, Decimal]
    by: TriggerBy
    client_oid: str | None
    tag: str | None

    @property
    def is_shared(self) -> bool:
        return any(share is not None for _, share in self.goals)

    @property
    def multiple(self) -> Multiple | None:
        """A take-profit by the distance of a stop that is not typed."""
        return next((price for price, _ in self.goals if isinstance(price, Multiple) and "sl" not in self.prices), None)


class _Goal(NamedTuple):
    """A take-profit: its price, and how much of the position leaves there (percent); None is not said."""

    price: Decimal
    share: Decimal | None


class _Typed(NamedTuple):
    """What was typed as exact amounts."""

    goals: tuple[_Goal, ...]
    levels: Mapping[str, Decimal]
    by: TriggerBy
    client_oid: str | None

    def oid(self, ending: str) -> str | None:
        """The id for one of several orders."""
        return self.client_oid and f"{self.client_oid}-{ending}"


def place(
    session: Session,
    symbol: str,
    words: ExitInput,
    *,
    side: PositionSide | None,
    product: str | None,
    yes: bool,
    dry_run: bool,
) -> Result:
    """Put the exits on a position, or in spot on coins that are held, and answer what became of each."""
    typed = _read(symbol, words)
    market = session.symbol(symbol, product)
    amounts.check_references(market, prices=(*typed.prices.values(), *(price for price, _ in typed.goals)))
    at = changes.desk(session)
    instrument = at.instrument(market)
    _check_steps(instrument, typed)
    if market.product.is_spot:
        sums = Arithmetic(at, instrument, Direction.SELL, closing=True)
        made = _of_coins(session, sums, typed, words, side)
    else:
        held = at.position(market, side, command=f"bitget plan tpsl {symbol}")
        sums = amounts.leaving(at, held)
        made = _of_position(session, sums, typed, held)
    working = tuple(sums.working)
    for sentence in working:
        session.say(sentence)
    made = [
        change._replace(tag=typed.tag, working=working)
        if change.kind in (ChangeKind.PLACE, ChangeKind.AMEND)
        else change
        for change in made
    ]
    # The arithmetic is of all of them together.
    told = [
        Consequence(change.what, closing=True, details=(*_details(change), *(working if number == 0 else ())))
        for number, change in enumerate(made)
    ]
    # Of exits that take the place of others none is taken away before its successor stands.
    return changes.carry_out_all(session, made, yes=yes, dry_run=dry_run, consequences=told, depending=typed.is_shared)


def _details(change: Change) -> tuple[str, ...]:
    told = {"client id": change.client_oid, "tag": change.tag}
    return tuple(f"{name} {word}" for name, word in told.items() if word)


# What was typed.


def _read(symbol: str, words: ExitInput) -> _Words:
    if not words.tp and words.sl is None and words.trailing is None:
        raise UsageError("say where to leave: --tp, --sl or --trailing", hint=f"bitget plan tpsl {symbol} --sl P")
    if words.trigger is not None and words.trailing is None:
        raise UsageError("--trigger is where --trailing begins", hint="add --trailing PCT, or leave --trigger out")
    orders.check_legs_typed(words)
    goals = tuple(map(_goal, words.tp))
    _check_shares(goals, words)
    prices = {
        name: _price(text, what=_option(name))
        for name, text in (("sl", words.sl), ("trigger", words.trigger))
        if text is not None
    }
    given = {name: getattr(words, name) for name in ("trailing", "tp_limit", "sl_limit")}
    numbers = {name: amount(text, what=_option(name)) for name, text in given.items() if text is not None}
    size = None if words.size is None else read_size(words.size, what="--size")
    several = len(goals) + (words.sl is not None) + (words.trailing is not None) > 1
    oid = None if words.client_oid is None else checked_client_order_id(words.client_oid)
    if oid and several and len(oid) > _LONGEST:
        raise UsageError(
            f"client id {oid} gets an ending for each exit, and is longer than {_LONGEST} characters", hint="shorten it"
        )
    tag = None if words.tag is None else checked_tag(words.tag)
    return _Words(goals, prices, size, numbers, words.trigger_by or TriggerBy.MARK, oid, tag)


def _price(text: str, *, what: str) -> PriceWord:
    """A price as typed; exits may go by the entry of the position. A bare `-25` may be a slip for a price."""
    exits = what != "--trigger"
    word = read_price(text, what=what, exits=exits, multiples=what == "--tp")
    if isinstance(word, Relative) and word.is_signed_number:
        raise UsageError(
            f"{what} {word.text!r} may be a slip for a price: name the one it is an offset from",
            hint=f"entry{word.text}",
        )
    return word


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _goal(text: str) -> tuple[PriceWord, Decimal | None]:
    price, colon, share = text.rpartition(":")
    if not colon:
        return _price(text, what="--tp"), None
    percent = amount(share.removesuffix("%"), what=f"the share of --tp {text}")
    if not 0 < percent <= _ALL:
        raise UsageError(f"--tp {text}: a share of {percent:f} % is not above 0 and at most 100")
    return _price(price, what="--tp"), percent


def _check_shares(goals: Sequence[tuple[PriceWord, Decimal | None]], words: ExitInput) -> None:
    shares = [share for _, share in goals if share is not None]
    if not shares and len(goals) < 2:
        return
    if len(shares) < len(goals):
        raise UsageError(
            "each of several --tp says how much leaves there", hint="such as --tp 70000:50% --tp 75000:50%"
        )
    if (total := sum(shares, _ZERO)) > _ALL:
        raise UsageError(f"the shares of --tp are {total:f} % together, and there are 100")
    if words.size is not None:
        raise UsageError("--size and the shares of --tp are two sizes; give one")
    if words.tp_limit is not None and len(goals) > 1:
        raise UsageError("--tp-limit is of one --tp, and there are several", hint="leave --tp-limit out")


def _check_steps(instrument: Instrument, typed: _Words) -> None:
    """Numbers typed exactly have to be on the grid: only what is worked out is rounded."""
    prices = [*(("--tp", price) for price, _ in typed.goals)]
    prices += [(_option(name), price) for name, price in typed.prices.items()]
    for what, word in prices:
        if isinstance(word, Exactly):
            risk.check_price(instrument, word.value, what=what)
    if isinstance(typed.size, Exactly):
        risk.check_size(instrument, typed.size.value, what="--size")
    for name, value in typed.numbers.items():
        if name == "trailing":
            risk.check_percent(value, what="--trailing")
        else:
            risk.check_price(instrument, value, what=_option(name))


def _worked_out(sums: Arithmetic, typed: _Words, held: Position | None, standing: Decimal | None = None) -> _Typed:
    """The amounts; `entry` is that of the position, and a share of a size of what of it is free. `standing` is the stop
    that take-profits go by where none is typed."""
    entry, whose = (held.entry if held else None), f"the entry of the {sums.side.value}"
    loss = sums.stop(typed.prices.get("sl"), entry, whose=whose, what="--sl")
    stop = standing if loss is None else loss
    for price, _ in typed.goals:
        _check_distance(price, entry, stop, sums.side)
    goals = [(sums.profit(price, entry, stop, whose=whose, what="--tp"), share) for price, share in typed.goals]
    trigger = sums.price(typed.prices.get("trigger"), what="--trigger")
    size = _part(sums, typed.size, held)
    levels = {"sl": loss, "trigger": trigger, "size": size, **typed.numbers}
    known = {name: value for name, value in levels.items() if value is not None}
    whole = tuple(_Goal(price, share) for price, share in goals if price is not None)
    return _Typed(whole, known, typed.by, typed.client_oid)


def _check_distance(word: PriceWord, entry: Decimal | None, stop: Decimal | None, side: PositionSide) -> None:
    """Raises UsageError for a take-profit by the distance of a stop at which nothing is lost, such as break-even."""
    if not isinstance(word, Multiple) or entry is None or stop is None:
        return
    if stop < entry if side is PositionSide.LONG else stop > entry:
        return
    raise UsageError(
        f"--tp {word.text!r} is so many times what is lost at the stop, and nothing is at {stop:f}: it is not "
        f"{'below' if side is PositionSide.LONG else 'above'} the entry of the {side.value}, {entry:f}",
        hint="a price, as in --tp entry+4%",
    )


def _part(sums: Arithmetic, word: SizeWord | None, held: Position | None) -> Decimal | None:
    if word is None or isinstance(word, Exactly):
        return word.value if word else None
    return sums.part(word, held) if held else sums.part_of_coins(word)


# Of a position.


def _of_position(session: Session, sums: Arithmetic, typed: _Words, held: Position) -> list[Change]:
    """Of all of it, of one part, or of shares of it, beside the exits that stand."""
    meets = typed.is_shared or typed.multiple or (typed.size is None and (typed.goals or "sl" in typed.prices))
    standing = _standing(session, held) if meets else []
    stop = _standing_stop(typed.multiple, held, standing) if typed.multiple else None
    exact = _worked_out(sums, typed, held, stop)
    if typed.is_shared:
        return _in_parts(session, sums.desk, held, exact, standing)
    if typed.size is None:
        _tell_of_whole(session, held, standing, exact)
    return _at_once(session, sums.desk, held, exact)


def _at_once(session: Session, at: AccountState, held: Position, typed: _Typed) -> list[Change]:
    """Exits of all of it, or of one part."""
    levels, terms = typed.levels, _terms(at, held)
    goal = next((goal.price for goal in typed.goals), None)
    legs = _exit(held, typed, goal, levels.get("sl"), size=levels.get("size"), oid=typed.client_oid)
    _check(at, legs)
    intents = [legs] if legs.legs else []
    return [
        change
        for intent in [*intents, *_trailing(at, held, typed, alone=not intents)]
        for change in session.adapter.plans.exits(intent, terms)
    ]


def _in_parts(
    session: Session, at: AccountState, held: Position, typed: _Typed, standing: Sequence[Plan]
) -> list[Change]:
    """Take-profits of shares of it, beside those of parts that stand and in place of one of the whole."""
    sizes = _sizes(at.instrument(held.symbol), held, typed.goals)
    alone = len(typed.goals) == 1 and "sl" not in typed.levels and "trailing" not in typed.levels
    parts = [
        _exit(
            held,
            typed,
            goal.price,
            None,
            size=size,
            oid=typed.client_oid if alone else typed.oid(f"tp{number}" if len(sizes) > 1 else "tp"),
        )
        for number, (goal, size) in enumerate(zip(typed.goals, sizes, strict=True), 1)
    ]
    level = typed.levels.get("sl")
    stop = None if level is None else _exit(held, typed, None, level, size=None, oid=typed.oid("sl"))
    for intent in [*parts, *([stop] if stop else [])]:
        _check(at, intent)
    _tell_standing(session, held, standing)
    terms, spelt = _terms(at, held), session.adapter.plans
    trailing = [change for intent in _trailing(at, held, typed, alone=False) for change in spelt.exits(intent, terms)]
    return [*trailing, *spelt.scale_out(parts, stop, standing, terms, size=held.size)]


def _exit(
    held: Position,
    typed: _Typed,
    profit: Decimal | None,
    loss: Decimal | None,
    *,
    size: Decimal | None,
    oid: str | None,
) -> ExitIntent:
    return ExitIntent(
        held.symbol,
        held.side,
        profit,
        loss,
        size=size,
        trigger_by=typed.by,
        take_profit_limit=typed.levels.get("tp_limit") if profit else None,
        stop_loss_limit=typed.levels.get("sl_limit") if loss else None,
        client_oid=oid,
    )


def _trailing(at: AccountState, held: Position, typed: _Typed, *, alone: bool) -> list[ExitIntent]:
    """Bitget wants a size and a start for it, here all and now."""
    levels = typed.levels
    if "trailing" not in levels:
        return []
    starts = levels.get("trigger") or at.prices(held.symbol).last
    size, oid = levels.get("size") or held.size, typed.client_oid if alone else typed.oid("ts")
    return [ExitIntent(held.symbol, held.side, trailing=levels["trailing"], size=size, trigger=starts, client_oid=oid)]


def _check(at: AccountState, intent: ExitIntent) -> None:
    by_mark = intent.trigger_by is TriggerBy.MARK
    if intent.legs:
        orders.check_exits(at, intent.symbol, intent.side, intent.take_profit, intent.stop_loss, by_mark=by_mark)
    risk.check_limits(intent.legs, intent.side)


def _terms(at: AccountState, held: Position) -> Terms:
    return Terms(held.position_mode, held.margin_mode, at.instrument(held.symbol).margin_coin)


def _sizes(instrument: Instrument, held: Position, goals: Sequence[_Goal]) -> list[Decimal]:
    """What each share comes to, rounded down to the step; where they are all of it, the last is what is left."""
    shares = [goal.share or _ZERO for goal in goals]
    sizes = [part_of(held.size, share, step=instrument.step) for share in shares]
    if sum(shares, _ZERO) == _ALL:
        sizes[-1] = EXACT.subtract(held.size, sum(sizes[:-1], _ZERO))
    for share, size in zip(shares, sizes, strict=True):
        if size < instrument.smallest:
            raise UsageError(
                f"{share:f} % of {held.size:f} {instrument.base} is {size:f}, below the minimum"
                f" {instrument.smallest:f} {instrument.base}",
                hint="larger shares, or fewer of them",
            )
    return sizes


def _standing(session: Session, held: Position) -> list[Plan]:
    """The exits of this position that wait."""
    waiting = [plan for plan in session.adapter.open_plans(held.symbol.product, held.symbol) if plan.type.is_exit]
    if held.position_mode is PositionMode.ONE_WAY:
        return waiting
    return [plan for plan in waiting if plan.direction in (None, OPPOSITE[OPENING[held.side]])]


def _standing_stop(word: Multiple, held: Position, standing: Sequence[Plan]) -> Decimal:
    """Where the stop-loss waits whose distance is meant. Raises UsageError where that is none, or one of several."""
    levels = {level for plan in standing if (level := plan.legs[1])}
    if len(levels) == 1:
        return levels.pop()
    told = " and ".join(f"{level:f}" for level in sorted(levels))
    there = f"there are several, at {told}" if levels else "there is none that waits"
    raise UsageError(
        f"--tp {word.text!r} is so many times the distance of a stop, and of the {held.side.value} {held.symbol.name} "
        f"{there}",
        hint="a price, as in --tp entry+4%" if levels else "add --sl P, or --sl -2%",
    )


def _tell_of_whole(session: Session, held: Position, standing: Sequence[Plan], typed: _Typed) -> None:
    """A position has one take-profit and one stop-loss for all of it: what a new one meets is named before."""
    for plan in standing:
        if plan.type.trails or not plan.is_of_all:
            continue
        gains, loses = plan.legs
        for level, name, is_typed in ((gains, "take-profit", typed.goals), (loses, "stop-loss", "sl" in typed.levels)):
            if level and is_typed:
                waits = f"a {name} at {level:f} by the {plan.trigger_by} price"
                session.say(f"note: the whole {held.side} has {waits}, and can have one: order {plan.order_id}")


def _tell_standing(session: Session, held: Position, standing: Sequence[Plan]) -> None:
    session.say(f"{held.summary}: {changes.counted(len(standing), 'exit')} waiting")
    for plan in standing:
        size = "all" if plan.is_of_all else f"{plan.size:f}"
        both = ((plan.take_profit, "take-profit"), (plan.stop_loss, "stop-loss"))
        # A trailing exit shows where it began, which is neither.
        levels = [f"{name} {level:f}" for level, name in both if level and not plan.type.trails]
        told = " and ".join(levels) or f"{plan.type} {plan.trigger or _ZERO:f}"
        session.say(f"  {plan.order_id} {told} for {size}")


# Of coins.


def _of_coins(
    session: Session, sums: Arithmetic, read: _Words, words: ExitInput, side: PositionSide | None
) -> list[Change]:
    """Sales that wait: of what is free, or of a part of it."""
    if side or read.is_shared:
        raise UsageError("spot has no positions", hint="leave --side out, and say how much with --size")
    if words.trigger_by:
        raise UnavailableError(
            "an exit in spot is set off by the last price on either kind of account", hint="leave --trigger-by out"
        )
    at, market, typed = sums.desk, sums.symbol, _worked_out(sums, read, None)
    size, last, levels = _coins(at, market, typed), at.prices(market).last, typed.levels
    profit = next((goal.price for goal in typed.goals), None)
    whole = ExitIntent(market, PositionSide.LONG, size=size, trigger_by=TriggerBy.LAST, client_oid=typed.client_oid)
    legs = whole._replace(
        take_profit=profit,
        stop_loss=levels.get("sl"),
        take_profit_limit=levels.get("tp_limit"),
        stop_loss_limit=levels.get("sl_limit"),
    )
    whose = f"the last price {last:f} of {market.name}"
    risk.check_exits(legs.side, legs.take_profit, legs.stop_loss, at=last, whose=whose)
    risk.check_limits(legs.legs, legs.side)
    intents = [legs] if legs.legs else []
    if "trailing" in levels:
        oid = typed.oid("ts") if intents else typed.client_oid
        starts = levels.get("trigger") or last
        intents.append(whole._replace(trailing=levels["trailing"], trigger=starts, client_oid=oid))
    return [change for intent in intents for change in session.adapter.plans.exits(intent, None)]


def _coins(at: AccountState, market: Symbol, typed: _Typed) -> Decimal:
    """How much is to be sold. Raises UsageError where that is more than is free."""
    instrument = at.instrument(market)
    free = at.free_coin(instrument.base)
    size = typed.levels.get("size") or rounded_down(free, instrument.step)
    if size > free or not size:
        raise UsageError(
            f"{size:f} {instrument.base} is to be sold, and {free:f} {instrument.base} is free",
            hint=f"bitget account balance {instrument.base} --product spot",
        )
    return size
