"""New terms for an open order, whichever book it is in: what is not given is filled in from the live order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from bitget_cli.commands import dealing, searching, typed_orders
from bitget_cli.errors import RejectedError, UsageError
from bitget_cli.results import Result
from bitget_cli.session import Session
from bitget_cli.trading import plan_wire, rules, spot_wire, wire
from bitget_cli.trading.amounts import EXACT
from bitget_cli.trading.changes import Change, Direction
from bitget_cli.trading.desk import Desk, exact
from bitget_cli.trading.finding import Book, Found
from bitget_cli.trading.guards import Consequence
from bitget_cli.trading.intents import Order
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
    yes: bool,
    dry_run: bool,
) -> Result:
    """Find the order, shape the change its book asks for, and make it."""
    given = wanted.read
    if not given:
        raise UsageError("nothing to change", hint="say what: --price, --size …; see --help")
    found = searching.located(session, text, symbol=symbol, product=product, first=first)
    at = dealing.desk(session)
    _check_numbers(at, found, given)
    shape = _plain if found.book is Book.ORDERS else _plan
    change, consequence = shape(session, at, found, given)
    return dealing.carry_out(session, change, yes=yes, dry_run=dry_run, consequence=consequence)


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
        return change, Consequence(change.what)
    price, size = _price(found, given), _size(session, found, given)
    draft = _checked(at, found, price=price, size=size)
    if spot:
        kept = spot_wire.exits(_exit(found, given, "tp"), _exit(found, given, "sl"))
        change = spot_wire.replace_order(found.symbol, found.ids, price=price, size=size, exits=kept, what="")
    else:
        change = wire.modify(found.symbol, found.ids, price=price, size=size, exits={}, what="")
    change = _said(change, found, given)
    return change, Consequence(
        change.what,
        coin=draft.instrument.quote,
        value=draft.value,
        fee_rate=draft.instrument.taker_fee,
        price=given.get("price"),
        last=draft.prices.last if draft.prices else None,
        closing=found.closes,
    )


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
    return change, typed_orders.foreseen_anew(at, found, given, what=change.what)


def _price(found: Found, given: Mapping[str, Decimal]) -> Decimal:
    live = exact(found.row.get("price")) or (exact(found.row.get("priceAvg")) if found.symbol.product.is_spot else None)
    price = given.get("price") or live
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
    whole, filled = exact(found.row.get("size")) or _ZERO, exact(found.row.get("baseVolume")) or _ZERO
    left = EXACT.subtract(whole, filled)
    if filled:
        session.say(f"{filled:f} of {whole:f} is filled; the new order is for the {left:f} left")
    return left


def _checked(at: Desk, found: Found, *, price: Decimal, size: Decimal) -> Draft:
    direction = Direction.SELL if found.row.get("side") == "sell" else Direction.BUY
    if found.row.get("tradeSide") == "close":
        # In hedge mode a closing order's side is its position's.
        direction = wire.OPPOSITE[direction]
    intent = Order(found.symbol, direction, size, price, closing=found.closes)
    draft = Draft(at.instrument(found.symbol), intent, at.prices(found.symbol))
    rules.check(draft)
    return draft


def _exit(found: Found, given: Mapping[str, Decimal], name: str) -> Decimal | None:
    """A take-profit or stop-loss as it shall be: typed, else the live order's; None for none."""
    wire_name = {"tp": "presetTakeProfitPrice", "sl": "presetStopLossPrice"}[name]
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
    from dataclasses import replace

    terms = ", ".join(f"{name} {value:f}" for name, value in given.items())
    return replace(change, what=f"change order {found.ids['orderId']} of {found.symbol.name}: {terms}")
