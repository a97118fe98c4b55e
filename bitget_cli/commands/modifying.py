"""New terms for an open order, whichever book it is in: what is not given is filled in from the live order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from bitget_cli.commands import dealing, searching, typed_orders
from bitget_cli.errors import RejectedError, UsageError
from bitget_cli.results import Done, Result
from bitget_cli.session import Session
from bitget_cli.trading import plan_wire, rules, spot_wire, wire
from bitget_cli.trading.amounts import EXACT
from bitget_cli.trading.changes import Change, Direction
from bitget_cli.trading.desk import Desk, exact
from bitget_cli.trading.finding import Book, Found
from bitget_cli.trading.guards import Consequence
from bitget_cli.trading.intents import Order, Plan, TriggerBy
from bitget_cli.trading.rules import Draft
from bitget_cli.values import amount

_ZERO = Decimal(0)


@dataclass(frozen=True)
class NewTerms:
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
        words = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: amount(text, what=f"--{name}") for name, text in words.items() if text is not None}


def modify(
    session: Session,
    text: str,
    wanted: NewTerms,
    *,
    first: Book,
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
    found = searching.located(session, text, symbol=symbol, product=product, first=first)
    found = searching.with_its_purpose(session, found)
    at = dealing.desk(session)
    _check_numbers(at, found, given)
    shape = _plain if found.book is Book.ORDERS else _plan
    change, consequence = shape(session, at, found, given)
    result = dealing.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=consequence, allow_far=allow_far)
    if isinstance(result, Done) and result.client_oid and found.ids["orderId"] != result.order_id:
        named = f"order {result.order_id}, client id" if result.order_id else "client id"
        session.say(f"{text} is now {named} {result.client_oid}; {text} finds it too")
    return result


def _check_numbers(at: Desk, found: Found, given: Mapping[str, Decimal]) -> None:
    instrument = at.instrument(found.symbol)
    # A zero take-profit or stop-loss removes it.
    for name, value in given.items():
        if name in ("price", "trigger") or (name in ("tp", "sl") and value):
            rules.check_price(instrument, value, what=f"--{name}")
        elif name == "size":
            rules.check_size(instrument, value, what="--size")


def _plain(session: Session, at: Desk, found: Found, given: Mapping[str, Decimal]) -> tuple[Change, Consequence]:
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
        change = wire.modify(
            found.symbol, found.ids, price=None, size=None, exits=_futures_exits(found, given), what=""
        )
        change = _said(change, found, given)
        return change, weighed(at, found, given, what=change.what)
    price, size = _price(found, given), _size(session, found, given)
    rules.check(Draft(at.instrument(found.symbol), _order(found, price=price, size=size), at.prices(found.symbol)))
    if spot:
        kept = spot_wire.exits(_exit(found, given, "tp"), _exit(found, given, "sl"))
        change = spot_wire.replace_order(found.symbol, found.ids, price=price, size=size, exits=kept, what="")
    else:
        change = wire.modify(found.symbol, found.ids, price=price, size=size, exits={}, what="")
    change = _said(change, found, given)
    return change, weighed(at, found, given, what=change.what)


def _plan(session: Session, at: Desk, found: Found, given: Mapping[str, Decimal]) -> tuple[Change, Consequence]:  # noqa: ARG001  # shaped like `_plain`
    instead = "cancel it and place another"
    symbol, trails = found.symbol, found.kind in ("track_plan", "moving_plan")
    _refuse(given, ("tp", "sl"), found, kind="a waiting order", instead=instead)
    if symbol.product.is_spot:
        _refuse(given, ("callback",), found, kind="a spot trigger order", instead=instead)
        change = plan_wire.modify_spot(found.ids, _spot_words(found, given), symbol=symbol, what="")
    elif found.kind in plan_wire.EXIT_KINDS:
        margin_coin = at.instrument(symbol).margin_coin
        words = _exit_words(found, given, trails=trails)
        change = plan_wire.modify_exit(symbol, found.ids, words, margin_coin=margin_coin, what="")
    else:
        if trails:
            _refuse(given, ("price",), found, kind="a trailing order", instead="it trades at market")
        elif "callback" in given:
            _refuse(given, ("callback",), found, kind="a trigger order", instead=instead)
        words = _plan_words(found, given, trails=trails)
        change = plan_wire.modify_plan(symbol.product, found.ids, words, symbol=symbol, what="")
    change = _said(change, found, given)
    return change, weighed(at, found, given, what=change.what)


def weighed(at: Desk, found: Found, given: Mapping[str, Decimal], *, what: str) -> Consequence:
    """What an order comes to with its new terms, the others as they are; for whichever door changes it.

    Raises UsageError for an exit on the wrong side, of those that are new or whose entry is.
    """
    if found.kind in plan_wire.EXIT_KINDS:
        return _exit_weighed(at, found, given, what=what)
    if found.book is Book.PLANS:
        return _plan_weighed(at, found, given, what=what)
    price, size = given.get("price") or _live_price(found), given.get("size") or _left(found)
    whole = replace(_order(found, price=price, size=size), take_profit=_exit(found, given, "tp"))
    whole = replace(whole, stop_loss=_exit(found, given, "sl"))
    consequence = typed_orders.weighed(at, _with_new_exits(whole, given, moved="price" in given), what)
    is_new = bool({"price", "size"} & set(given))
    return replace(
        consequence,
        # Exits by themselves make no new order, and a price that stays is no slip of the finger.
        value=consequence.value if is_new else None,
        price=given.get("price"),
        details=(f"then {whole.said}", *whole.extras()),
    )


def _plan_weighed(at: Desk, found: Found, given: Mapping[str, Decimal], *, what: str) -> Consequence:
    row, spot = found.row, found.symbol.product.is_spot
    trails, at_market = found.kind == "track_plan", row.get("orderType") == "market"
    live = None if trails or at_market else exact(row.get("price")) or exact(row.get("executePrice")) or None
    price = given.get("price") or live
    order = Order(
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
    consequence = typed_orders.weighed(at, _with_new_exits(order, given, moved=moved), what, trigger=trigger)
    callback = (given.get("callback") or exact(row.get("callbackRatio"))) if trails else None
    whole = Plan(replace(order, price=price), trigger, _trigger_by(found), callback)
    details = (f"then {whole.said}", *whole.details())
    return replace(consequence, price=price if moved else None, details=details)


def _exit_weighed(at: Desk, found: Found, given: Mapping[str, Decimal], *, what: str) -> Consequence:
    """An exit can only close. Raises UsageError for a new trigger on the wrong side of the market."""
    direction, trigger = _direction(found), given.get("trigger")
    if trigger and found.kind != "moving_plan":
        gains = found.kind in ("profit_plan", "pos_profit")
        side = wire.OPENS[wire.OPPOSITE[direction]]
        profit, loss = (trigger, None) if gains else (None, trigger)
        by_mark = _trigger_by(found) is TriggerBy.MARK
        typed_orders.check_exits(at, found.symbol, side, profit, loss, by_mark=by_mark)
    size = given.get("size") or exact(found.row.get("size"))
    amount_of = "all" if found.kind in plan_wire.WHOLE_POSITION or not size else f"{size:f}"
    price = given.get("price") or exact(found.row.get("executePrice"))
    level = trigger or exact(found.row.get("triggerPrice")) or _ZERO
    once = f"once {_trigger_by(found).value} reaches {level:f}"
    then = f"then {direction.value} {amount_of} {found.symbol.name} {f'at {price:f}' if price else 'at market'} {once}"
    callback = given.get("callback") or exact(found.row.get("callbackRatio"))
    trail = (f"trailing {callback:f} %",) if found.kind == "moving_plan" and callback else ()
    return Consequence(what, closing=True, details=(then, *trail))


def _with_new_exits(order: Order, given: Mapping[str, Decimal], *, moved: bool) -> Order:
    """The order with the exits that are to be judged: the new ones, or all where the entry has moved."""
    profit, loss = (order.take_profit if moved or "tp" in given else None), order.stop_loss
    return replace(order, take_profit=profit, stop_loss=loss if moved or "sl" in given else None)


def _trigger_by(found: Found) -> TriggerBy:
    return TriggerBy.LAST if found.row.get("triggerType") == plan_wire.BY[TriggerBy.LAST] else TriggerBy.MARK


def _direction(found: Found) -> Direction:
    return Direction.SELL if wire.direction_of(found.row) == "sell" else Direction.BUY


def _order(found: Found, *, price: Decimal | None, size: Decimal) -> Order:
    return Order(found.symbol, _direction(found), size, price, closing=found.closes)


def _live_price(found: Found) -> Decimal | None:
    averaged = exact(found.row.get("priceAvg")) if found.symbol.product.is_spot else None
    return exact(found.row.get("price")) or averaged or None


def _left(found: Found) -> Decimal:
    whole, filled = exact(found.row.get("size")) or _ZERO, exact(found.row.get("baseVolume")) or _ZERO
    return EXACT.subtract(whole, filled)


def _price(found: Found, given: Mapping[str, Decimal]) -> Decimal:
    price = given.get("price") or _live_price(found)
    if not price:
        raise RejectedError(
            f"order {found.ids['orderId']} is at market, so it has no price to keep",
            hint="give --price",
            outcome="rejected",
        )
    return price


def _size(session: Session, found: Found, given: Mapping[str, Decimal]) -> Decimal:
    """The size typed, or what is left of the order: the new one must not trade again what the old one did."""
    if "size" in given:
        return given["size"]
    left = _left(found)
    filled = exact(found.row.get("baseVolume"))
    if filled:
        session.say(f"{filled:f} of {found.row.get('size')} is filled; the new order is for the {left:f} left")
    return left


def _exit(found: Found, given: Mapping[str, Decimal], name: str) -> Decimal | None:
    """A take-profit or stop-loss as it shall be: typed, else the live order's; None for none."""
    spot = found.symbol.product.is_spot
    if found.book is Book.PLANS:
        wire_name = {"tp": "stopSurplusTriggerPrice", "sl": "stopLossTriggerPrice"}[name]
    else:
        profit = "presetTakeProfitPrice" if spot else "presetStopSurplusPrice"
        wire_name = {"tp": profit, "sl": "presetStopLossPrice"}[name]
    return (given[name] if name in given else exact(found.row.get(wire_name))) or None


def _futures_exits(found: Found, given: Mapping[str, Decimal]) -> dict[str, str]:
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


def _plan_words(found: Found, given: Mapping[str, Decimal], *, trails: bool) -> dict[str, Any]:
    names = {"trigger": "newTriggerPrice", "price": "newPrice", "size": "newSize", "callback": "newCallbackRatio"}
    words: dict[str, Any] = {names[name]: value for name, value in given.items()}
    if trails and "callback" not in given:
        words["newCallbackRatio"] = exact(found.row.get("callbackRatio"))
    if "trigger" in given:
        words["newTriggerType"] = found.row.get("triggerType")
    return words


def _exit_words(found: Found, given: Mapping[str, Decimal], *, trails: bool) -> dict[str, Any]:
    """Trigger and size are wanted whatever changes; the size of a whole position's exit is empty."""
    whole = found.kind in plan_wire.WHOLE_POSITION
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


def _spot_words(found: Found, given: Mapping[str, Decimal]) -> dict[str, Any]:
    """Every term again: Bitget wants trigger, type and size whatever changes."""
    price = given.get("price") or exact(found.row.get("executePrice"))
    words: dict[str, Any] = {
        "triggerPrice": given.get("trigger") or exact(found.row.get("triggerPrice")),
        "orderType": "limit" if "price" in given else found.row.get("orderType"),
        "size": given.get("size") or exact(found.row.get("size")),
    }
    return words | ({"executePrice": price} if words["orderType"] == "limit" else {})


def _refuse(given: Mapping[str, Decimal], names: tuple[str, ...], found: Found, *, kind: str, instead: str) -> None:
    wrong = [f"--{name}" for name in names if name in given]
    if wrong:
        raise UsageError(f"{found.ids['orderId']} is {kind}, which has no {' and no '.join(wrong)}", hint=instead)


def _said(change: Change, found: Found, given: Mapping[str, Decimal]) -> Change:
    terms = ", ".join(f"{name} {value:f}" for name, value in given.items())
    # Both of its names are kept, so that whoever has either of them finds the order that it becomes.
    what = f"change order {found.ids['orderId']} of {found.symbol.name}: {terms}"
    return replace(change, order=found.names, what=what)
