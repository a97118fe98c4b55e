"""Orders that are open: found by id in whichever book, cancelled, or given new terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from bitget_cli.application import changes
from bitget_cli.application.orders import amounts, orders
from bitget_cli.application.orders.amounts import Arithmetic
from bitget_cli.errors import BitgetError, RejectedError, UnavailableError, UsageError
from bitget_cli.results import Done, Result
from bitget_cli.session import Session
from bitget_cli.trading import risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.change import Batch, Change, ChangeKind, Outcome, OutcomeKind
from bitget_cli.trading.model import (
    EXACT,
    OPENS,
    OPPOSITE,
    Direction,
    OrderIntent,
    OrderState,
    PlanIntent,
    TriggerBy,
)
from bitget_cli.trading.order_lookup import OrderLookup, named, over
from bitget_cli.trading.order_model import NewTerms, Order, OrderList, OrderName, Plan, PlanType
from bitget_cli.trading.risk import Consequence, ProposedOrder
from bitget_cli.trading.words import Exactly, Multiple, PriceWord, Reference, Relative, read_price
from bitget_cli.values import Product, Symbol, amount


def lookup(session: Session) -> OrderLookup:
    return OrderLookup(session.adapter, lambda: session.journal)


def located(
    session: Session,
    text: str,
    *,
    symbol: str | None,
    product: str | None,
    first: OrderList = OrderList.ORDERS,
    past: bool = False,
) -> Order | Plan:
    """The order called `text`, an order id or a client id. Raises RejectedError when no book has it.

    `symbol` and `product` narrow the search: to the ones said, else to the market in which this profile placed it, else
    the profile's own product comes before the others. What is already over counts as missing unless `past`.
    """
    books = lookup(session)
    market = session.symbol(symbol, product) if symbol else books.market_of(text)
    if market:
        products: Sequence[Product] = (market.product,)
    elif product:
        products = (session.product(product),)
    else:
        products = tuple(dict.fromkeys((session.profile.product, Product.USDT_FUTURES, *Product)))
    return books.locate(text, products=products, market=market, first=first, past=past)


# Between the end of an order that is modified and the beginning of what it becomes, or of another command.
_AT_ONCE = timedelta(seconds=2)


class Cancelling(NamedTuple):
    """What is to be sent, and what needs no sending: orders that no book has, or that are over already."""

    changes: list[Change | Batch]
    settled: list[Outcome]


def cancel(
    session: Session,
    ids: Sequence[str],
    *,
    symbol: str | None = None,
    product: str | None = None,
    yes: bool,
    dry_run: bool = False,
) -> Result:
    """Cancel orders by id or client id, in whichever book they are, and answer what became of each."""
    those, settled = of_orders(session, ids, symbol=symbol, product=product)
    return changes.carry_out_all(session, those, yes=yes, dry_run=dry_run, settled=settled, read=reader(session))


def of_orders(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> Cancelling:
    """The changes that cancel these; with a symbol nothing is looked up, and they are taken for plain orders."""
    books = lookup(session)
    if symbol and all(books.became(text) == [text] for text in ids):
        market = session.symbol(symbol, product)
        # Digits are taken for an order id.
        typed = [named(text)[0] for text in _unique(ids)]
        names = [
            name._replace(client_order_id=books.client_order_id(name.order_id)) if name.order_id else name
            for name in typed
        ]
        return Cancelling(session.adapter.orders.cancel(market, names), [])
    return _located(session, ids, symbol=symbol, product=product, first=OrderList.ORDERS)


def of_plans(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> Cancelling:
    """The changes that cancel these; the kind of each has to be looked up, since the wire wants it."""
    return _located(session, ids, symbol=symbol, product=product, first=OrderList.PLANS)


def _located(
    session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None, first: OrderList
) -> Cancelling:
    """One that is not there keeps nobody from cancelling the others. Raises RejectedError when that is all there is."""
    open_ones: list[Order | Plan] = []
    settled: list[Outcome] = []
    for text in _unique(ids):
        try:
            found = located(session, text, symbol=symbol, product=product, first=first, past=True)
            if found.state is OrderState.CANCELLED:
                session.say(f"order {found.order_id} had been cancelled before; nothing was sent for it")
                settled.append(_as_it_is(session, _cancelled_before(found), found.symbol))
            elif found.state and found.state.is_over:
                raise over(text, found)
            else:
                open_ones.append(found)
        except RejectedError as refusal:
            settled.append(Outcome(OutcomeKind.REJECTED, order_id=text, what=f"cancel order {text}", error=refusal))
    return Cancelling(cancelling(session, open_ones), settled)


def cancel_all(session: Session, line: Product, market: Symbol | None, *, yes: bool, dry_run: bool = False) -> Result:
    """Cancel every open order of a market, or of a product, after they were listed. Waiting orders stay."""
    if market:
        changes.desk(session).instrument(market)
    there = list(session.adapter.open_orders(line, market))
    scope = market.name if market else str(line)
    if not there:
        return changes.nothing(session, f"there are no open orders in {scope}", symbol=market)
    session.say(f"{changes.counted(len(there), 'open order')} in {scope}:")
    for order in there:
        price = order.average if order.price is None else order.price
        at, size = "market" if price is None else f"{price:f}", "?" if order.size is None else f"{order.size:f}"
        session.say(f"  {order.order_id} {order.direction or '?'} {size} {order.symbol.name} at {at}")
    spelt = session.adapter.orders
    if market or not line.is_spot:
        those = [spelt.cancel_market(market) if market else spelt.cancel_product(line)]
    else:
        # Spot has a call for each market only.
        those = [spelt.cancel_market(Symbol(name, line)) for name in sorted({order.symbol.name for order in there})]
    seen = tuple(order.order_id for order in there)
    those = [change._replace(there=seen) for change in those]
    return changes.carry_out_all(session, those, yes=yes, dry_run=dry_run)


def reader(session: Session) -> Callable[[Outcome, Symbol | None], Outcome]:
    """How outcomes are to be read of what is sent from now on: what was over before was not cancelled by it."""
    begun = session.client.now()

    def read(outcome: Outcome, market: Symbol | None) -> Outcome:
        order = _told(session, outcome, market)
        ended = order.changed_at if order else None
        return outcome if ended is None or ended > begun - _AT_ONCE else _as_it_is(session, outcome, market)

    return read


def _as_it_is(session: Session, outcome: Outcome, market: Symbol | None) -> Outcome:
    """The outcome of a cancel that was looked up: none, where another order seems to rest in the place of this one."""
    gone = _told(session, outcome, market)
    if outcome.outcome is not OutcomeKind.CANCELLED or not isinstance(gone, Order):
        return outcome
    if gone.state is not OrderState.CANCELLED:
        return outcome
    try:
        rests = in_its_place(session, gone)
    except BitgetError as failure:
        session.say(f"whether another order was made in its place could not be found out: {failure.message}")
        return outcome
    if not rests:
        return outcome
    refusal = RejectedError(
        f"order {outcome.order_id} had been cancelled before, and at that moment order {' and '.join(rests)} was made, "
        f"which rests: it may have been modified by other means",
        hint=f"bitget order show {rests[0]}; bitget order cancel {' '.join(rests)} --symbol {gone.symbol.name}",
        outcome="rejected",
    )
    return outcome._replace(outcome=OutcomeKind.REJECTED, error=refusal)


def _told(session: Session, outcome: Outcome, market: Symbol | None) -> Order | Plan | None:
    """The order that an outcome shows."""
    row = outcome.response
    return session.adapter.order(row, market) if market and isinstance(row, Mapping) else None


def in_its_place(session: Session, gone: Order) -> list[str]:
    """Orders that rest on the same side and were made at the very moment another one was cancelled.

    Bitget makes a new order of one that is modified, and tells nowhere which: so it looks when that was done elsewhere.
    What this profile placed is none of them.
    """
    if gone.changed_at is None:
        return []
    entries_under = lookup(session).entries_under
    return [
        order.order_id
        for order in session.adapter.open_orders(gone.symbol.product, gone.symbol)
        if order.order_id
        and order.direction is gone.direction
        and order.made_at
        and abs(order.made_at - gone.changed_at) <= _AT_ONCE
        and not any(entry.kind == ChangeKind.PLACE.value for entry in entries_under(order.order_id))
    ]


def _cancelled_before(found: Order | Plan) -> Outcome:
    return Outcome(
        OutcomeKind.CANCELLED,
        found.client_order_id,
        found.order_id,
        found.symbol.name,
        found.state_word,
        found.row,
        found.row,
        what=f"cancel order {found.order_id}",
    )


def cancelling(session: Session, found: Sequence[Order | Plan]) -> list[Change | Batch]:
    plain: dict[Symbol, list[OrderName]] = {}
    for order in found:
        if isinstance(order, Order):
            plain.setdefault(order.symbol, []).append(OrderName(order.order_id, order.client_order_id, order.is_exit))
    adapter = session.adapter
    together = [change for market, names in plain.items() for change in adapter.orders.cancel(market, names)]
    return [*together, *(adapter.plans.cancel(plan) for plan in found if isinstance(plan, Plan))]


def _unique(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))


_ZERO = Decimal(0)


class TypedTerms(NamedTuple):
    """New terms as they were typed; None is not given."""

    price: str | None = None
    size: str | None = None
    tp: str | None = None
    sl: str | None = None
    trigger: str | None = None
    callback: str | None = None

    @property
    def read(self) -> dict[str, PriceWord]:
        """The words given. Raises UsageError for what is none."""
        return {name: _word(name, text) for name, text in self._asdict().items() if text is not None}


def _word(name: str, text: str) -> PriceWord:
    if name in ("size", "callback"):
        return Exactly(amount(text, what=f"--{name}"))
    return read_price(text, what=f"--{name}", exits=name in ("tp", "sl"), multiples=name == "tp")


def modify(
    session: Session,
    text: str,
    wanted: TypedTerms,
    *,
    first: OrderList,
    symbol: str | None,
    product: str | None,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    """Find the order, shape the change its book asks for, and make it."""
    typed = wanted.read
    if not typed:
        raise UsageError("nothing to change", hint="say what: --price, --size …; see --help")
    found = located(session, text, symbol=symbol, product=product, first=first)
    found = lookup(session).with_its_purpose(found)
    typed = _as_trigger(found, typed) if isinstance(found, Plan) and found.type.is_exit else typed
    at = changes.desk(session)
    _check_references(found, typed)
    _check_numbers(at, found, {name: word.value for name, word in typed.items() if isinstance(word, Exactly)})
    sums = _arithmetic(at, found)
    given = _worked_out(sums, found, typed)
    terms = ", ".join(f"{name} {value:f}" for name, value in given.items())
    what = f"change order {found.order_id} of {found.symbol.name}: {terms}"
    if isinstance(found, Order):
        change = _changed_order(session, at, found, given, what=what)
    else:
        change = _changed_plan(session, at, found, given, what=what)
    change = change._replace(working=tuple(sums.working))
    consequence = weighed(at, found, given, what=what)
    consequence = consequence._replace(
        relative=isinstance(typed.get("price"), Relative), details=(*consequence.details, *sums.working)
    )
    for sentence in sums.working:
        session.say(sentence)
    result = changes.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=consequence, allow_far=allow_far)
    if isinstance(result, Done) and isinstance(found, Order) and not result.client_oid:
        # It keeps its ids, by which the next line of a script finds it as it does one that got new ones.
        return result._replace(client_oid=found.client_order_id)
    if isinstance(result, Done) and result.client_oid and found.order_id != result.order_id:
        named = f"order {result.order_id}, client id" if result.order_id else "client id"
        session.say(f"{text} is now {named} {result.client_oid}; {text} finds it too")
    return result


def _as_trigger(plan: Plan, typed: dict[str, PriceWord]) -> dict[str, PriceWord]:
    """New prices of an exit: of one that is a take-profit or a stop-loss, that of its kind is its trigger."""
    words = {name: word for name, word in typed.items() if name in ("tp", "sl")}
    if any(isinstance(word, Exactly) and not word.value for word in words.values()):
        raise UsageError(
            f"order {plan.order_id} is the exit itself, so that none is left without it",
            hint=f"bitget plan cancel {plan.order_id}",
        )
    if not words or (plan.take_profit and plan.stop_loss):
        return typed
    own = {PlanType.TAKE_PROFIT: "tp", PlanType.STOP_LOSS: "sl"}.get(plan.type)
    if wrong := [name for name in words if name != own]:
        raise UsageError(f"{plan.order_id} is a {plan.type}, which has no --{wrong[0]}", hint="see bitget plan list")
    if "trigger" in typed:
        raise UsageError(f"--{own} and --trigger are two triggers of order {plan.order_id}; give one")
    return {("trigger" if name == own else name): word for name, word in typed.items()}


def _check_references(found: Order | Plan, typed: Mapping[str, PriceWord]) -> None:
    """Raises UsageError for a word by a price that there is none of."""
    prices, exits = ([typed.get(name) for name in names] for names in (("price", "trigger"), ("tp", "sl")))
    if isinstance(found, Plan) and found.type.is_exit:  # it goes by the entry of a position, and not by its own
        prices, exits = [*prices, *exits], []
    amounts.check_references(found.symbol, prices=prices, exits=exits)
    stop = typed.get("sl")
    if isinstance(stop, Exactly) and not stop.value:
        amounts.check_multiple(typed.get("tp"), None, what="--tp")


def _arithmetic(at: AccountState, found: Order | Plan) -> Arithmetic:
    """For new terms of an order, whose direction and purpose stay."""
    closes = bool(found.closes) or (isinstance(found, Plan) and found.type.is_exit)
    return Arithmetic(at, at.instrument(found.symbol), found.direction or Direction.BUY, closing=closes)


def _worked_out(sums: Arithmetic, found: Order | Plan, typed: Mapping[str, PriceWord]) -> dict[str, Decimal]:
    """The new terms as exact amounts. `entry` is the position's; exits of an order go by the order's own price."""
    levels = {
        "trigger": _new_trigger(sums, found, typed.get("trigger")),
        "price": sums.price(typed.get("price"), what="--price"),
    }
    entry, whose = _entry(sums, found, typed, levels["price"] or levels["trigger"])
    loss = sums.stop(typed.get("sl"), entry, whose=whose, what="--sl")
    stop = loss or found.stop_loss
    levels |= {"tp": sums.profit(typed.get("tp"), entry, stop, whose=whose, what="--tp"), "sl": loss}
    plain = {name: word.value for name, word in typed.items() if isinstance(word, Exactly)}
    # In the order they were typed in.
    return {name: value for name in typed if (value := plain.get(name, levels.get(name))) is not None}


def _entry(
    sums: Arithmetic, found: Order | Plan, typed: Mapping[str, PriceWord], moved: Decimal | None
) -> tuple[Decimal | None, str]:
    """What exits may be typed by: an order's own price, of the exit of a position that of the position."""
    if isinstance(found, Order) or not found.type.is_exit:
        own = found.trigger if isinstance(found, Plan) else None
        return moved or found.price or own, "the order's entry"
    words = (typed.get("tp"), typed.get("sl"))
    by_entry = any(isinstance(one, Relative) and one.base is Reference.ENTRY for one in words)
    entry = sums.position.entry if by_entry or isinstance(typed.get("tp"), Multiple) else None
    return entry, f"the entry of the {sums.side.value}"


def _new_trigger(sums: Arithmetic, found: Order | Plan, word: PriceWord | None) -> Decimal | None:
    """An exit's is rounded as exits are, towards the entry."""
    if not isinstance(found, Plan) or not isinstance(word, Relative | Multiple) or not found.type.is_exit:
        return sums.price(word, what="--trigger")
    if isinstance(word, Multiple):
        raise UsageError(f"{word.text!r} is so many times the distance of a stop", hint="such as --tp entry+4%")
    entry = sums.position.entry if word.base is Reference.ENTRY else None
    whose = f"the entry of the {sums.side.value}"
    if found.type is PlanType.TAKE_PROFIT:
        return sums.profit(word, entry, None, whose=whose, what="--trigger")
    return sums.stop(word, entry, whose=whose, what="--trigger")


def _check_numbers(at: AccountState, found: Order | Plan, given: NewTerms) -> None:
    instrument = at.instrument(found.symbol)
    percentages = isinstance(found, Plan) and found.type.trails
    # A zero take-profit or stop-loss removes it.
    for name, value in given.items():
        if name in ("price", "trigger") or (name in ("tp", "sl") and value and not percentages):
            risk.check_price(instrument, value, what=f"--{name}")
        elif name == "size":
            risk.check_size(instrument, value, what="--size")


def _changed_order(session: Session, at: AccountState, order: Order, given: NewTerms, *, what: str) -> Change:
    if order.is_exit:
        # What is sent for a plain order would leave a limit order in its place.
        raise UnavailableError(
            f"order {order.order_id} is an exit of coins, which a classic account does not change",
            hint=f"bitget plan cancel {order.order_id}, then bitget plan tpsl {order.symbol.name} --product spot",
        )
    _refuse(
        given, ("trigger", "callback"), order, kind="a plain order", instead="order modify takes --price and --size"
    )
    moves, exits = {"price", "size"} & set(given), {"tp", "sl"} & set(given)
    spot = order.symbol.product.is_spot
    if moves and exits and not spot:
        raise UsageError(
            "Bitget changes price and size, or take-profit and stop-loss, in one call, not both",
            hint="type two commands",
        )
    if exits and not spot:
        return session.adapter.orders.modify(order, given, price=None, size=None, what=what)
    price, size = _price(order, given), _size(session, order, given)
    risk.check_rules(
        ProposedOrder(at.instrument(order.symbol), _intent(order, price=price, size=size), at.prices(order.symbol))
    )
    return session.adapter.orders.modify(order, given, price=price, size=size, what=what)


def _changed_plan(session: Session, at: AccountState, plan: Plan, given: NewTerms, *, what: str) -> Change:
    instead = "cancel it and place another"
    if plan.symbol.product.is_spot and not plan.type.is_exit:
        _refuse(given, ("tp", "sl", "callback"), plan, kind="a spot trigger order", instead=instead)
        if plan.in_quote:
            _refuse(given, ("price",), plan, kind="for money at market", instead=instead)
    elif plan.type is PlanType.TRAILING:
        _refuse(given, ("price",), plan, kind="a trailing order", instead="it trades at market")
    elif plan.type is PlanType.TRIGGER:
        _refuse(given, ("callback",), plan, kind="a trigger order", instead=instead)
    elif plan.whole_position and "size" in given:
        raise UsageError(f"order {plan.order_id} is for the whole position, so it has no size", hint="leave --size out")
    margin_coin = at.instrument(plan.symbol).margin_coin
    return session.adapter.plans.modify(plan, given, margin_coin=margin_coin, what=what)


def weighed(at: AccountState, found: Order | Plan, given: NewTerms, *, what: str) -> Consequence:
    """What an order comes to with its new terms, the others as they are; for whichever door changes it.

    Raises UsageError for an exit on the wrong side, of those that are new or whose entry is.
    """
    if isinstance(found, Plan):
        return (_exit_weighed if found.type.is_exit else _plan_weighed)(at, found, given, what=what)
    whole = _intent(found, price=given.get("price") or found.price or None, size=given.get("size") or _left(found))
    whole = whole._replace(take_profit=_exit(found, given, "tp"), stop_loss=_exit(found, given, "sl"))
    consequence = orders.weighed(at, _with_new_exits(whole, given, moved="price" in given), what)
    is_new = bool({"price", "size"} & set(given))
    # Exits by themselves make no new order, and a price that stays is no slip of the finger.
    return consequence._replace(
        value=consequence.value if is_new else None,
        price=given.get("price"),
        details=(f"then {whole.summary}", *whole.extras()),
    )


def _plan_weighed(at: AccountState, plan: Plan, given: NewTerms, *, what: str) -> Consequence:
    spot, trails = plan.symbol.product.is_spot, plan.type.trails
    price = given.get("price") or (None if trails or plan.is_market else plan.price)
    order = OrderIntent(
        plan.symbol,
        plan.direction or Direction.BUY,
        given.get("size") or plan.size or _ZERO,
        # Whether a new price makes a limit order of a futures trigger at market is not known: it bounds nothing then.
        price=None if plan.is_market and not spot else price,
        in_quote=plan.in_quote,
        closing=bool(plan.closes),
        take_profit=None if trails else _exit(plan, given, "tp"),
        stop_loss=None if trails else _exit(plan, given, "sl"),
    )
    trigger = given.get("trigger") or plan.trigger or _ZERO
    moved = bool({"price", "trigger"} & set(given))
    consequence = orders.weighed(at, _with_new_exits(order, given, moved=moved), what, trigger=trigger)
    callback = (given.get("callback") or plan.callback) if trails else None
    whole = PlanIntent(order._replace(price=price), trigger, plan.trigger_by, callback)
    details = (f"then {whole.summary}", *whole.details())
    return consequence._replace(price=price if moved else None, details=details)


def _exit_weighed(at: AccountState, plan: Plan, given: NewTerms, *, what: str) -> Consequence:
    """An exit can only close. Raises UsageError for a new trigger on the wrong side of the market."""
    sells = plan.symbol.product.is_spot  # coins that are held
    direction = plan.direction or (Direction.SELL if sells else Direction.BUY)
    trigger, profit, loss = given.get("trigger"), given.get("tp"), given.get("sl")
    if trigger and not plan.type.trails:
        profit, loss = (trigger, None) if plan.type is PlanType.TAKE_PROFIT else (None, trigger)
    if profit or loss:
        by_mark = plan.trigger_by is TriggerBy.MARK
        orders.check_exits(at, plan.symbol, OPENS[OPPOSITE[direction]], profit, loss, by_mark=by_mark)
    size = given.get("size") or plan.size
    amount_of = "all" if plan.whole_position or not size else f"{size:f}"
    price = given.get("price") or plan.price
    levels = [trigger or plan.trigger or _ZERO]
    if plan.take_profit and plan.stop_loss:
        levels = [profit or plan.take_profit, loss or plan.stop_loss]
    once = f"once {plan.trigger_by.value} reaches {' or '.join(f'{level:f}' for level in levels)}"
    then = f"then {direction.value} {amount_of} {plan.symbol.name} {f'at {price:f}' if price else 'at market'} {once}"
    callback = given.get("callback") or plan.callback
    trail = (f"trailing {callback:f} %",) if plan.type.trails and callback else ()
    return Consequence(what, closing=True, details=(then, *trail))


def _with_new_exits(order: OrderIntent, given: NewTerms, *, moved: bool) -> OrderIntent:
    """The order with the exits that are to be judged: the new ones, or all where the entry has moved."""
    profit, loss = (order.take_profit if moved or "tp" in given else None), order.stop_loss
    return order._replace(take_profit=profit, stop_loss=loss if moved or "sl" in given else None)


def _intent(order: Order, *, price: Decimal | None, size: Decimal) -> OrderIntent:
    return OrderIntent(order.symbol, order.direction or Direction.BUY, size, price, closing=bool(order.closes))


def _left(order: Order) -> Decimal:
    return EXACT.subtract(order.size or _ZERO, order.filled or _ZERO)


def _price(order: Order, given: NewTerms) -> Decimal:
    price = given.get("price") or order.price
    if not price:
        raise RejectedError(
            f"order {order.order_id} is at market, so it has no price to keep", hint="give --price", outcome="rejected"
        )
    return price


def _size(session: Session, order: Order, given: NewTerms) -> Decimal:
    """The size typed, or what is left of the order: the new one must not trade again what the old one did."""
    if "size" in given:
        return given["size"]
    left = _left(order)
    if order.filled:
        session.say(f"{order.filled:f} of {order.size or _ZERO:f} is filled; the new order is for the {left:f} left")
    return left


def _exit(found: Order | Plan, given: NewTerms, name: str) -> Decimal | None:
    """A take-profit or stop-loss as it shall be: typed, else the live order's; None for none."""
    return given.get(name, found.take_profit if name == "tp" else found.stop_loss) or None


def _refuse(given: NewTerms, names: tuple[str, ...], found: Order | Plan, *, kind: str, instead: str) -> None:
    wrong = [f"--{name}" for name in names if name in given]
    if wrong:
        raise UsageError(f"{found.order_id} is {kind}, which has no {' and no '.join(wrong)}", hint=instead)
