"""Orders that are open: found by id in whichever book, cancelled, or given new terms."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.application import changes, orders, queries
from bitget_cli.application.queries import Range
from bitget_cli.errors import BitgetError, ConfigError, RejectedError, StoppedError, UsageError
from bitget_cli.journal.entries import EntryState
from bitget_cli.results import Done, Result
from bitget_cli.session import Session
from bitget_cli.trading import order_lookup, risk
from bitget_cli.trading.account_state import AccountState
from bitget_cli.trading.adapters.classic import changes as spelling
from bitget_cli.trading.adapters.classic import order_requests, plan_requests
from bitget_cli.trading.adapters.classic.endpoints import Read, row
from bitget_cli.trading.model import (
    EXACT,
    Batch,
    Change,
    ChangeKind,
    Direction,
    LookupKey,
    OrderIntent,
    OrderStage,
    Outcome,
    OutcomeKind,
    PlanIntent,
    TriggerBy,
    exact,
)
from bitget_cli.trading.order_lookup import ID_NAMES, OPEN_STATES, SPOT_BOOKS, FoundOrder, OrderList, named, over
from bitget_cli.trading.risk import Consequence, ProposedOrder
from bitget_cli.values import Product, Symbol, amount, milliseconds, whole_milliseconds

if TYPE_CHECKING:
    from bitget_cli.journal.entries import Entry

# Changes that make another order of one, and how they end when they did not.
_RENAMING = (ChangeKind.REPLACE.value, ChangeKind.AMEND.value)
# Changes that make an order under the ids of their entry.
_NAMING = (ChangeKind.PLACE.value, ChangeKind.REPLACE.value)
_NOTHING_MADE = (EntryState.REJECTED, EntryState.NOT_PLACED)

# Entries looked through for an order id; older orders are found in the exchange's own books.
_REMEMBERED = 1000


def located(
    session: Session,
    text: str,
    *,
    symbol: str | None,
    product: str | None,
    first: OrderList = OrderList.ORDERS,
    past: bool = False,
) -> FoundOrder:
    """The order called `text`, an order id or a client id. Raises RejectedError when no book has it.

    `symbol` and `product` narrow the search. What is already over counts as missing unless `past`.
    """
    market = session.symbol(symbol, product) if symbol else remembered(session, text)
    products = searched(session, market, product)
    names = became(session, text)
    for open_only in (True, False):
        for name in names:
            found = order_lookup.find(
                session.client, name, products=products, market=market, first=first, past=not open_only
            )
            if found is None:
                continue
            executed = _executed(session, text, found, products=products, market=market)
            if past or (open_only and not executed):
                return executed or found
            raise order_lookup.over(text, executed or found)
    raise order_lookup.missing(text, where=market.name if market else " and ".join(products))


def _executed(
    session: Session, text: str, found: FoundOrder, *, products: Sequence[Product], market: Symbol | None
) -> FoundOrder | None:
    """The order that was carried out under this very order id, where `text` is only the client id of what was found.

    The order that a trigger placed bears the trigger's order id as its client id, and must not be taken for it.
    """
    if text == found.ids["orderId"] or {"orderId": text} not in named(text):
        return None
    if text != found.row.get("clientOid") and _was_order_id(session, text):
        return None
    own = order_lookup.find(session.client, text, products=products, market=market, past=True, by=("orderId",))
    return own if own and spelling.trace(own.row).stage is OrderStage.FILLED else None


def _was_order_id(session: Session, text: str) -> bool:
    """Whether the order that was changed first under this name was sent under it as its order id."""
    with suppress(ConfigError, ValueError, AttributeError):
        link = _next_link(session, [text], after=None)
        return link is not None and json.loads(link.body).get("orderId") == text
    return False


def became(session: Session, text: str) -> list[str]:
    """Every id of the order that is called `text` or was, as far as this profile changed it: the newest first.

    A change whose outcome is unknown may have made the new order or not, so that both of its ends stay in the list.
    """
    names, link = [text], None
    # A journal that cannot be read keeps nobody from looking, and is told of before anything is sent.
    with suppress(ConfigError):
        also = _other_ids(session, text)
        while link := _next_link(session, [*names, *also], after=link):
            names = [name for name in (link.order_id, *_made_by(link)) if name and name not in names] + names
    return names


def _other_ids(session: Session, text: str) -> list[str]:
    """What else the order was called when it was placed under this client id or order id: whoever changes it may name
    it by either."""
    placed = session.journal.find(text)
    if placed and placed.kind in _NAMING and placed.order_id and text in _made_by(placed):
        return [placed.order_id]
    return list(client_id(session, text).values())


def _next_link(session: Session, names: Sequence[str], *, after: Entry | None) -> Entry | None:
    """The next change that made another order of one of these names."""
    links = {
        entry.number: entry
        for name in names
        for entry in session.journal.of_kinds(_RENAMING, told_by=json.dumps(name))
        if entry.state not in _NOTHING_MADE and name in _called_before(entry)
    }
    later = [number for number in links if after is None or number > after.number]
    return links[min(later)] if later else None


def _called_before(entry: Entry) -> tuple[str, ...]:
    """Every id that an order went by until this change. The first version wrote what it sent and no more."""
    old = LookupKey.from_text(entry.trail).old
    body = json.loads(entry.body) if not old else None
    return tuple(str(body[name]) for name in ID_NAMES if body.get(name)) if isinstance(body, dict) else old


def _made_by(entry: Entry) -> tuple[str, ...]:
    return LookupKey.from_text(entry.trail).ids


def with_its_purpose(session: Session, found: FoundOrder) -> FoundOrder:
    """The order, with what the journal knows of whether it was placed only to close."""
    if found.symbol.product.is_spot or found.closes:
        return found
    names = {str(found.row[name]) for name in ID_NAMES if found.row.get(name)}
    with suppress(ConfigError, ValueError):
        # The newest first, so that an order is followed back through its changes to where it was placed.
        for entry in session.journal.entries(limit=_REMEMBERED):
            trail = LookupKey.from_text(entry.trail)
            if entry.state in _NOTHING_MADE or not names & {entry.order_id, entry.client_oid, *trail.ids}:
                continue
            if entry.kind in _RENAMING:
                names |= set(_called_before(entry))
            elif entry.kind == ChangeKind.PLACE.value:
                return found._replace(placed_to_close=_says_to_close(json.loads(entry.body)))
    return found


def _says_to_close(body: Any) -> bool:
    """Of one-way mode; in hedge mode the order itself shows it."""
    if not isinstance(body, dict):
        return False
    listed = body.get("orderList")
    item = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else body
    return str(item.get("reduceOnly")).lower() == "yes" and not item.get("tradeSide")


def searched(session: Session, market: Symbol | None, product: str | None) -> Sequence[Product]:
    """The products to look in: the one said, else the profile's own before the others."""
    if market:
        return (market.product,)
    if product:
        return (session.product(product),)
    own = session.profile.product
    return tuple(dict.fromkeys((own, Product.USDT_FUTURES, *Product)))


def remembered(session: Session, text: str) -> Symbol | None:
    """The market of an order that this profile placed, by its client id or order id."""
    entry = session.journal.find(text) or next(entries_under(session, text), None)
    return _market(entry) if entry else None


def client_id(session: Session, order_id: str) -> dict[str, str]:
    """The client id of an order, where the journal knows that this profile placed it."""
    with suppress(ConfigError):
        for entry in entries_under(session, order_id):
            ids = LookupKey.from_text(entry.trail).ids
            if entry.kind in _NAMING and len(ids) == 1:
                return {"clientOid": ids[0]}
    return {}


def entries_under(session: Session, order_id: str) -> Iterator[Entry]:
    """Entries about an order id, the newest first."""
    if order_id.isdigit():
        yield from (old for old in session.journal.entries(limit=_REMEMBERED) if old.order_id == order_id)


def _market(entry: Entry) -> Symbol | None:
    if entry.symbol is None:
        return None
    if entry.row.startswith("spot."):
        return Symbol(entry.symbol, Product.SPOT)
    try:
        line = json.loads(entry.body).get("productType", "")
        return Symbol(entry.symbol, Product(str(line).lower()))
    except (ValueError, AttributeError):
        return None


def open_orders(session: Session, product: Product, market: Symbol | None, wanted: Range) -> Iterator[Any]:
    """Every open order, whichever of Bitget's lists has it."""
    meaning = row(Read.OPEN_ORDERS, product)
    shelves = SPOT_BOOKS if product.is_spot else OPEN_STATES
    lists = (queries.listed(session, meaning, product, market, wanted, **given) for given in shelves)
    return islice(queries.once(chain.from_iterable(lists)), wanted.limit)


# Between the end of an order that is modified and the beginning of what it becomes, or of another command (ms).
_AT_ONCE_MS = 2_000
# What an order is cancelled by, and all that is known of what it is called.
_Named = tuple[dict[str, str], Mapping[str, str]]


class Cancelling(NamedTuple):
    """What is to be sent, and what needs no sending: orders that no book has, or that are over already."""

    changes: list[Change | Batch]
    settled: list[Outcome]


def of_orders(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> Cancelling:
    """The changes that cancel these; with a symbol nothing is looked up, and they are taken for plain orders."""
    if symbol and all(became(session, text) == [text] for text in ids):
        market = session.symbol(symbol, product)
        orders = [(next(iter(named(text))), client_id(session, text)) for text in _unique(ids)]
        return Cancelling(_together(market, orders), [])
    return _located(session, ids, symbol=symbol, product=product, first=OrderList.ORDERS)


def of_plans(session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None) -> Cancelling:
    """The changes that cancel these; the kind of each has to be looked up, since the wire wants it."""
    return _located(session, ids, symbol=symbol, product=product, first=OrderList.PLANS)


def _located(
    session: Session, ids: Sequence[str], *, symbol: str | None, product: str | None, first: OrderList
) -> Cancelling:
    """One that is not there keeps nobody from cancelling the others. Raises RejectedError when that is all there is."""
    open_ones: list[FoundOrder] = []
    settled: list[Outcome] = []
    for text in _unique(ids):
        try:
            found = located(session, text, symbol=symbol, product=product, first=first, past=True)
            if spelling.trace(found.row).stage is OrderStage.CANCELLED:
                session.say(f"order {found.ids['orderId']} had been cancelled before; nothing was sent for it")
                settled.append(_as_it_is(session, _cancelled_before(found), found.symbol))
            elif spelling.trace(found.row).stage in (OrderStage.FILLED, OrderStage.FAILED):
                raise over(text, found)
            else:
                open_ones.append(found)
        except RejectedError as refusal:
            settled.append(Outcome(OutcomeKind.REJECTED, order_id=text, what=f"cancel order {text}", error=refusal))
    return Cancelling(_of_found(open_ones), settled)


def reader(session: Session) -> Callable[[Outcome, Symbol | None], Outcome]:
    """How outcomes are to be read of what is sent from now on: what was over before was not cancelled by it."""
    begun = milliseconds(session.client.now())

    def read(outcome: Outcome, market: Symbol | None) -> Outcome:
        row = outcome.response
        ended = _time(row, "uTime", "utime") if isinstance(row, Mapping) else None
        return outcome if ended is None or ended > begun - _AT_ONCE_MS else _as_it_is(session, outcome, market)

    return read


def _as_it_is(session: Session, outcome: Outcome, market: Symbol | None) -> Outcome:
    """The outcome of a cancel that was looked up: none, where another order seems to rest in the place of this one."""
    row = outcome.response
    if outcome.outcome is not OutcomeKind.CANCELLED or market is None or not isinstance(row, Mapping):
        return outcome
    if spelling.trace(row).stage is not OrderStage.CANCELLED or row.get("planType"):
        return outcome
    try:
        rests = _in_its_place(session, market, row)
    except StoppedError:
        raise
    except BitgetError as failure:
        session.say(f"whether another order was made in its place could not be found out: {failure.message}")
        return outcome
    if not rests:
        return outcome
    refusal = RejectedError(
        f"order {outcome.order_id} had been cancelled before, and at that moment order {' and '.join(rests)} was made, "
        f"which rests: it may have been modified by other means",
        hint=f"bitget order show {rests[0]}; bitget order cancel {' '.join(rests)} --symbol {market.name}",
        outcome="rejected",
    )
    return outcome._replace(outcome=OutcomeKind.REJECTED, error=refusal)


def _in_its_place(session: Session, market: Symbol, gone: Mapping[str, Any]) -> list[str]:
    """Orders that rest on the same side and were made at the very moment another one was cancelled.

    Bitget makes a new order of one that is modified, and tells nowhere which: so it looks when that was done elsewhere.
    What this profile placed is none of them.
    """
    moment = _time(gone, "uTime", "utime")
    if moment is None:
        return []
    orders = open_orders(session, market.product, market, Range(every=True))
    return [
        str(order["orderId"])
        for order in orders
        if order.get("orderId")
        and order_requests.direction_of(order) == order_requests.direction_of(gone)
        and abs((_time(order, "cTime", "ctime") or 0) - moment) <= _AT_ONCE_MS
        and not any(entry.kind == ChangeKind.PLACE.value for entry in entries_under(session, str(order["orderId"])))
    ]


def _time(row: Mapping[str, Any], *names: str) -> int | None:
    return whole_milliseconds(next((str(row[name]) for name in names if row.get(name)), None))


def _cancelled_before(found: FoundOrder) -> Outcome:
    order_id, client_oid = str(found.row["orderId"]), found.row.get("clientOid") or None
    return Outcome(
        OutcomeKind.CANCELLED,
        client_oid,
        order_id,
        found.symbol.name,
        found.state,
        found.row,
        what=f"cancel order {order_id}",
    )


def _of_found(orders: Sequence[FoundOrder]) -> list[Change | Batch]:
    plain: dict[Symbol, list[_Named]] = {}
    plans: list[Change | Batch] = []
    for order in orders:
        if order.book is OrderList.PLANS:
            plans.append(plan_requests.cancel(order.symbol, order.ids, kind=order.kind)._replace(order=order.names))
        else:
            plain.setdefault(order.symbol, []).append((order.ids, order.names))
    return [change for market, several in plain.items() for change in _together(market, several)] + plans


def _together(market: Symbol, several: Sequence[_Named]) -> list[Change | Batch]:
    """One order by its own call, several of a market by one. Spot does not mix order ids and client ids in a call."""
    if len(several) == 1:
        (ids, names), *_ = several
        return [order_requests.cancel(market, ids)._replace(order=names)]
    kinds: dict[str, list[_Named]] = {}
    for ids, names in several:
        kinds.setdefault(next(iter(ids)), []).append((ids, names))
    return [_batch(market, alike) for alike in kinds.values()]


def _batch(market: Symbol, several: Sequence[_Named]) -> Batch:
    batch = order_requests.cancel_several(market, [ids for ids, _ in several])
    items = tuple(item._replace(order=names) for item, (_, names) in zip(batch.items, several, strict=True))
    return batch._replace(items=items)


def _unique(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))


_ZERO = Decimal(0)


class NewTerms(NamedTuple):
    """What was typed; None is not given."""

    price: str | None = None
    size: str | None = None
    tp: str | None = None
    sl: str | None = None
    trigger: str | None = None
    callback: str | None = None

    @property
    def read(self) -> dict[str, Decimal]:
        """The numbers given, exact. Raises UsageError for what is no number."""
        return {name: amount(text, what=f"--{name}") for name, text in self._asdict().items() if text is not None}


def modify(
    session: Session,
    text: str,
    wanted: NewTerms,
    *,
    first: OrderList,
    symbol: str | None,
    product: str | None,
    allow_far: bool,
    yes: bool,
    dry_run: bool,
) -> Result:
    """Find the order, shape the change its book asks for, and make it."""
    given = wanted.read
    if not given:
        raise UsageError("nothing to change", hint="say what: --price, --size …; see --help")
    found = located(session, text, symbol=symbol, product=product, first=first)
    found = with_its_purpose(session, found)
    at = changes.desk(session)
    _check_numbers(at, found, given)
    shape = _plain if found.book is OrderList.ORDERS else _plan
    change, consequence = shape(session, at, found, given)
    result = changes.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=consequence, allow_far=allow_far)
    if isinstance(result, Done) and result.client_oid and found.ids["orderId"] != result.order_id:
        named = f"order {result.order_id}, client id" if result.order_id else "client id"
        session.say(f"{text} is now {named} {result.client_oid}; {text} finds it too")
    return result


def _check_numbers(at: AccountState, found: FoundOrder, given: Mapping[str, Decimal]) -> None:
    instrument = at.instrument(found.symbol)
    # A zero take-profit or stop-loss removes it.
    for name, value in given.items():
        if name in ("price", "trigger") or (name in ("tp", "sl") and value):
            risk.check_price(instrument, value, what=f"--{name}")
        elif name == "size":
            risk.check_size(instrument, value, what="--size")


def _plain(
    session: Session, at: AccountState, found: FoundOrder, given: Mapping[str, Decimal]
) -> tuple[Change, Consequence]:
    _refuse(
        given, ("trigger", "callback"), found, kind="a plain order", instead="order modify takes --price and --size"
    )
    moves, exits = {"price", "size"} & set(given), {"tp", "sl"} & set(given)
    spot = found.symbol.product.is_spot
    if moves and exits and not spot:
        raise UsageError(
            "Bitget changes price and size, or take-profit and stop-loss, in one call, not both",
            hint="type two commands",
        )
    if exits and not spot:
        change = order_requests.modify(
            found.symbol, found.ids, price=None, size=None, exits=_futures_exits(found, given), what=""
        )
        change = _said(change, found, given)
        return change, weighed(at, found, given, what=change.what)
    price, size = _price(found, given), _size(session, found, given)
    risk.check_rules(
        ProposedOrder(at.instrument(found.symbol), _order(found, price=price, size=size), at.prices(found.symbol))
    )
    if spot:
        kept = order_requests.spot_exits(_exit(found, given, "tp"), _exit(found, given, "sl"))
        change = order_requests.replace_spot(found.symbol, found.ids, price=price, size=size, exits=kept, what="")
    else:
        change = order_requests.modify(found.symbol, found.ids, price=price, size=size, exits={}, what="")
    change = _said(change, found, given)
    return change, weighed(at, found, given, what=change.what)


def _plan(
    session: Session,  # noqa: ARG001 shaped like `_plain`
    at: AccountState,
    found: FoundOrder,
    given: Mapping[str, Decimal],
) -> tuple[Change, Consequence]:
    instead = "cancel it and place another"
    symbol, trails = found.symbol, found.kind in ("track_plan", "moving_plan")
    _refuse(given, ("tp", "sl"), found, kind="a waiting order", instead=instead)
    if symbol.product.is_spot:
        _refuse(given, ("callback",), found, kind="a spot trigger order", instead=instead)
        change = plan_requests.modify_spot(found.ids, _spot_words(found, given), symbol=symbol, what="")
    elif found.kind in plan_requests.EXIT_KINDS:
        margin_coin = at.instrument(symbol).margin_coin
        words = _exit_words(found, given, trails=trails)
        change = plan_requests.modify_exit(symbol, found.ids, words, margin_coin=margin_coin, what="")
    else:
        if trails:
            _refuse(given, ("price",), found, kind="a trailing order", instead="it trades at market")
        elif "callback" in given:
            _refuse(given, ("callback",), found, kind="a trigger order", instead=instead)
        words = _plan_words(found, given, trails=trails)
        change = plan_requests.modify_plan(symbol.product, found.ids, words, symbol=symbol, what="")
    change = _said(change, found, given)
    return change, weighed(at, found, given, what=change.what)


def weighed(at: AccountState, found: FoundOrder, given: Mapping[str, Decimal], *, what: str) -> Consequence:
    """What an order comes to with its new terms, the others as they are; for whichever door changes it.

    Raises UsageError for an exit on the wrong side, of those that are new or whose entry is.
    """
    if found.kind in plan_requests.EXIT_KINDS:
        return _exit_weighed(at, found, given, what=what)
    if found.book is OrderList.PLANS:
        return _plan_weighed(at, found, given, what=what)
    price, size = given.get("price") or _live_price(found), given.get("size") or _left(found)
    whole = _order(found, price=price, size=size)._replace(take_profit=_exit(found, given, "tp"))
    whole = whole._replace(stop_loss=_exit(found, given, "sl"))
    consequence = orders.weighed(at, _with_new_exits(whole, given, moved="price" in given), what)
    is_new = bool({"price", "size"} & set(given))
    # Exits by themselves make no new order, and a price that stays is no slip of the finger.
    return consequence._replace(
        value=consequence.value if is_new else None,
        price=given.get("price"),
        details=(f"then {whole.said}", *whole.extras()),
    )


def _plan_weighed(at: AccountState, found: FoundOrder, given: Mapping[str, Decimal], *, what: str) -> Consequence:
    row, spot = found.row, found.symbol.product.is_spot
    trails, at_market = found.kind == "track_plan", row.get("orderType") == "market"
    live = None if trails or at_market else exact(row.get("price")) or exact(row.get("executePrice")) or None
    price = given.get("price") or live
    order = OrderIntent(
        found.symbol,
        _direction(found),
        given.get("size") or exact(row.get("size")) or _ZERO,
        # Whether a new price makes a limit order of a futures trigger at market is not known: it bounds nothing then.
        price=None if at_market and not spot else price,
        in_quote=spot and row.get("planType") == "total",
        closing=found.closes,
        take_profit=None if trails else _exit(found, given, "tp"),
        stop_loss=None if trails else _exit(found, given, "sl"),
    )
    trigger = given.get("trigger") or exact(row.get("triggerPrice")) or _ZERO
    moved = bool({"price", "trigger"} & set(given))
    consequence = orders.weighed(at, _with_new_exits(order, given, moved=moved), what, trigger=trigger)
    callback = (given.get("callback") or exact(row.get("callbackRatio"))) if trails else None
    whole = PlanIntent(order._replace(price=price), trigger, _trigger_by(found), callback)
    details = (f"then {whole.said}", *whole.details())
    return consequence._replace(price=price if moved else None, details=details)


def _exit_weighed(at: AccountState, found: FoundOrder, given: Mapping[str, Decimal], *, what: str) -> Consequence:
    """An exit can only close. Raises UsageError for a new trigger on the wrong side of the market."""
    direction, trigger = _direction(found), given.get("trigger")
    if trigger and found.kind != "moving_plan":
        gains = found.kind in ("profit_plan", "pos_profit")
        side = order_requests.OPENS[order_requests.OPPOSITE[direction]]
        profit, loss = (trigger, None) if gains else (None, trigger)
        by_mark = _trigger_by(found) is TriggerBy.MARK
        orders.check_exits(at, found.symbol, side, profit, loss, by_mark=by_mark)
    size = given.get("size") or exact(found.row.get("size"))
    amount_of = "all" if found.kind in plan_requests.WHOLE_POSITION or not size else f"{size:f}"
    price = given.get("price") or exact(found.row.get("executePrice"))
    level = trigger or exact(found.row.get("triggerPrice")) or _ZERO
    once = f"once {_trigger_by(found).value} reaches {level:f}"
    then = f"then {direction.value} {amount_of} {found.symbol.name} {f'at {price:f}' if price else 'at market'} {once}"
    callback = given.get("callback") or exact(found.row.get("callbackRatio"))
    trail = (f"trailing {callback:f} %",) if found.kind == "moving_plan" and callback else ()
    return Consequence(what, closing=True, details=(then, *trail))


def _with_new_exits(order: OrderIntent, given: Mapping[str, Decimal], *, moved: bool) -> OrderIntent:
    """The order with the exits that are to be judged: the new ones, or all where the entry has moved."""
    profit, loss = (order.take_profit if moved or "tp" in given else None), order.stop_loss
    return order._replace(take_profit=profit, stop_loss=loss if moved or "sl" in given else None)


def _trigger_by(found: FoundOrder) -> TriggerBy:
    return TriggerBy.LAST if found.row.get("triggerType") == plan_requests.BY[TriggerBy.LAST] else TriggerBy.MARK


def _direction(found: FoundOrder) -> Direction:
    return Direction.SELL if order_requests.direction_of(found.row) == "sell" else Direction.BUY


def _order(found: FoundOrder, *, price: Decimal | None, size: Decimal) -> OrderIntent:
    return OrderIntent(found.symbol, _direction(found), size, price, closing=found.closes)


def _live_price(found: FoundOrder) -> Decimal | None:
    averaged = exact(found.row.get("priceAvg")) if found.symbol.product.is_spot else None
    return exact(found.row.get("price")) or averaged or None


def _left(found: FoundOrder) -> Decimal:
    whole, filled = exact(found.row.get("size")) or _ZERO, exact(found.row.get("baseVolume")) or _ZERO
    return EXACT.subtract(whole, filled)


def _price(found: FoundOrder, given: Mapping[str, Decimal]) -> Decimal:
    price = given.get("price") or _live_price(found)
    if not price:
        raise RejectedError(
            f"order {found.ids['orderId']} is at market, so it has no price to keep",
            hint="give --price",
            outcome="rejected",
        )
    return price


def _size(session: Session, found: FoundOrder, given: Mapping[str, Decimal]) -> Decimal:
    """The size typed, or what is left of the order: the new one must not trade again what the old one did."""
    if "size" in given:
        return given["size"]
    left = _left(found)
    filled = exact(found.row.get("baseVolume"))
    if filled:
        session.say(f"{filled:f} of {found.row.get('size')} is filled; the new order is for the {left:f} left")
    return left


def _exit(found: FoundOrder, given: Mapping[str, Decimal], name: str) -> Decimal | None:
    """A take-profit or stop-loss as it shall be: typed, else the live order's; None for none."""
    spot = found.symbol.product.is_spot
    if found.book is OrderList.PLANS:
        wire_name = {"tp": "stopSurplusTriggerPrice", "sl": "stopLossTriggerPrice"}[name]
    else:
        profit = "presetTakeProfitPrice" if spot else "presetStopSurplusPrice"
        wire_name = {"tp": profit, "sl": "presetStopLossPrice"}[name]
    return (given[name] if name in given else exact(found.row.get(wire_name))) or None


def _futures_exits(found: FoundOrder, given: Mapping[str, Decimal]) -> dict[str, str]:
    """Both exits, since Bitget takes one sent alone as the end of the other."""
    exits = {}
    for name, live, new in (
        ("tp", "presetStopSurplusPrice", "newPresetStopSurplusPrice"),
        ("sl", "presetStopLossPrice", "newPresetStopLossPrice"),
    ):
        level = given[name] if name in given else exact(found.row.get(live))
        if level is not None and (level or name in given):
            exits[new] = format(level, "f")
    return exits


def _plan_words(found: FoundOrder, given: Mapping[str, Decimal], *, trails: bool) -> dict[str, Any]:
    names = {"trigger": "newTriggerPrice", "price": "newPrice", "size": "newSize", "callback": "newCallbackRatio"}
    words: dict[str, Any] = {names[name]: value for name, value in given.items()}
    if trails and "callback" not in given:
        words["newCallbackRatio"] = exact(found.row.get("callbackRatio"))
    if "trigger" in given:
        words["newTriggerType"] = found.row.get("triggerType")
    return words


def _exit_words(found: FoundOrder, given: Mapping[str, Decimal], *, trails: bool) -> dict[str, Any]:
    """Trigger and size are wanted whatever changes; the size of a whole position's exit is empty."""
    whole = found.kind in plan_requests.WHOLE_POSITION
    if whole and "size" in given:
        raise UsageError(
            f"order {found.ids['orderId']} is for the whole position, so it has no size", hint="leave --size out"
        )
    words: dict[str, Any] = {
        "triggerPrice": given.get("trigger") or exact(found.row.get("triggerPrice")),
        "triggerType": found.row.get("triggerType"),
        "size": "" if whole else given.get("size") or exact(found.row.get("size")),
    }
    if trails:
        words["rangeRate"] = given.get("callback") or exact(found.row.get("callbackRatio"))
    elif "price" in given or exact(found.row.get("executePrice")):
        words["executePrice"] = given.get("price") or exact(found.row.get("executePrice"))
    return words


def _spot_words(found: FoundOrder, given: Mapping[str, Decimal]) -> dict[str, Any]:
    """Every term again: Bitget wants trigger, type and size whatever changes."""
    price = given.get("price") or exact(found.row.get("executePrice"))
    words: dict[str, Any] = {
        "triggerPrice": given.get("trigger") or exact(found.row.get("triggerPrice")),
        "orderType": "limit" if "price" in given else found.row.get("orderType"),
        "size": given.get("size") or exact(found.row.get("size")),
    }
    return words | ({"executePrice": price} if words["orderType"] == "limit" else {})


def _refuse(
    given: Mapping[str, Decimal], names: tuple[str, ...], found: FoundOrder, *, kind: str, instead: str
) -> None:
    wrong = [f"--{name}" for name in names if name in given]
    if wrong:
        raise UsageError(f"{found.ids['orderId']} is {kind}, which has no {' and no '.join(wrong)}", hint=instead)


def _said(change: Change, found: FoundOrder, given: Mapping[str, Decimal]) -> Change:
    terms = ", ".join(f"{name} {value:f}" for name, value in given.items())
    # Both of its names are kept, so that whoever has either of them finds the order that it becomes.
    what = f"change order {found.ids['orderId']} of {found.symbol.name}: {terms}"
    return change._replace(order=found.names, what=what)
