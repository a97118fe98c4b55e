"""Settings, empty books and sub-accounts: changes that are proven by how things stand after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.catalogue import find
from bitget_cli.trading.change import Lookup, StateQuery, StateReached
from bitget_cli.trading.model import exact
from bitget_cli.values import picked

# They carry no client id and make no row of their own, so they are settled by asking how things stand. For each such
# row: what is asked, and how the answer is read.

Given = Mapping[str, Any]
Row = Mapping[str, Any]

# An order or a position that came so long (ms) after the request was signed came after it, whatever the clocks say.
_AFTERWARDS_MS = 2_000
# A position's margin counts as moved, or as not moved, within this part of the amount: funding may have been booked.
_ABOUT = Decimal("0.1")

_EXITS = "profit_loss"
_NAMED = ("symbol", "holdSide", "subAccountUid", "subAccountApiKey")
# A market of each line, to ask for what holds for the whole line.
_A_MARKET = {
    "USDT-FUTURES": ("BTCUSDT", "USDT"),
    "USDC-FUTURES": ("BTCPERP", "USDC"),
    "COIN-FUTURES": ("BTCUSD", "BTC"),
}
_LINES = {"USDT": "USDT-FUTURES", "USDC": "USDC-FUTURES"}


def tells(row_name: str) -> bool:
    """Whether a change of this row is known by what it leaves."""
    return row_name in _ROWS


def questions(row_name: str, given: Given) -> Lookup:
    ask = _ROWS[row_name][0]
    return Lookup(lists=tuple((find(name), asked) for name, asked in ask(given)))


def standing(row_name: str, request: StateQuery, rows: Sequence[Row]) -> StateReached:
    """How things stand after the request, by all rows that were answered."""
    return _ROWS[row_name][1](request, rows)


def answered(row_name: str, given: Given, data: Any) -> bool:
    """Whether the `data` of a success says that a setting is as it was to be; what says nothing does not."""
    read = _ANSWERS.get(row_name)
    if read is None:
        return data in ("", "success")  # all that Bitget says to the others (pages "Set Auto Margin", "Adjust Margin")
    told = data if isinstance(data, Mapping) else {}
    return read(StateQuery(given, 0, {}), [told]).as_wanted is True


def margin_before(given: Given, rows: Any) -> dict[str, str]:
    """What has to be seen before margin is moved, so that it can be told afterwards whether it was."""
    held = next((row for row in rows or [] if isinstance(row, Mapping) and is_of(row, given)), None)
    return {} if held is None else {name: str(held[name]) for name in ("marginSize", "total") if held.get(name)}


# What is asked: names of rows with their parameters.

_Asked = Iterator[tuple[str, Given]]


def _open_orders(given: Given) -> _Asked:
    market = picked(given, "productType", "symbol")
    yield "mix.order.orders-pending", market
    # Without a status only untouched orders are listed (page "Get Pending Orders").
    yield "mix.order.orders-pending", market | {"status": "partially_filled"}


def _waiting_orders(given: Given) -> _Asked:
    kind = given.get("planType")
    asked = str(kind) if kind in ("normal_plan", "track_plan") else _EXITS
    yield "mix.order.orders-plan-pending", picked(given, "productType", "symbol") | {"planType": asked}


def _spot_orders(given: Given) -> _Asked:
    yield "spot.trade.unfilled-orders", picked(given, "symbol")


def _spot_plans(given: Given) -> _Asked:
    for symbol in given.get("symbolList") or ():
        yield "spot.trade.current-plan-order", {"symbol": symbol}


def _positions(given: Given) -> _Asked:
    yield "mix.position.all-position", picked(given, "productType")


def _position(given: Given) -> _Asked:
    coin = str(given.get("marginCoin"))
    line = given.get("productType") or _LINES.get(coin, "COIN-FUTURES")  # auto-margin is sent without one
    yield "mix.position.single-position", {"productType": line, **picked(given, "symbol", "marginCoin")}


def _subaccounts(_: Given) -> _Asked:
    yield "user.virtual-subaccount-list", {"limit": "500"}


def _subaccount_keys(given: Given) -> _Asked:
    yield "user.virtual-subaccount-apikey-list", picked(given, "subAccountUid")


def _account(given: Given) -> _Asked:
    yield "mix.account.account", picked(given, "symbol", "productType", "marginCoin")


def _line(given: Given) -> _Asked:
    symbol, coin = _A_MARKET[str(given.get("productType"))]
    yield "mix.account.account", {**picked(given, "productType"), "symbol": symbol, "marginCoin": coin}


# How the answer is read.


def _nothing_left(what: str) -> Callable[[StateQuery, Sequence[Row]], StateReached]:
    def read(request: StateQuery, rows: Sequence[Row]) -> StateReached:
        left = [row for row in rows if _is_meant(row, request.given) and _was_there(row, request.signed_at)]
        if not left:
            return StateReached(True)
        return StateReached(
            False, f"1 {what} is still there" if len(left) == 1 else f"{len(left)} {what}s are still there"
        )

    return read


def _leverage(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    given, row = request.given, _only(rows)
    if str(row.get("marginMode")).startswith("cross"):
        values = (given.get("leverage") or given.get("longLeverage") or given.get("shortLeverage"),)
        shown: tuple[Any, ...] = (row.get("crossedMarginLeverage"),)
    else:
        wanted = {
            "isolatedLongLever": given.get("longLeverage") or _for(given, "long"),
            "isolatedShortLever": given.get("shortLeverage") or _for(given, "short"),
        }
        values = tuple(value for value in wanted.values() if value)
        shown = tuple(row.get(name) for name, value in wanted.items() if value)
    return as_set(values, shown)


def _leverage_told(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    """As the answer to the change spells it, which the page of it misspells once."""
    told = _only(rows)
    shown = {
        "marginMode": told.get("marginMode"),
        "crossedMarginLeverage": told.get("crossMarginLeverage"),
        "isolatedLongLever": told.get("longLeverage"),
        "isolatedShortLever": told.get("shortLeverage") or told.get("shortLeveage"),
    }
    return _leverage(request, [shown])


def _for(given: Given, side: str) -> Any:
    return given.get("leverage") if given.get("holdSide") in (None, side) else None


def _margin_mode(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    shown = str(_only(rows).get("marginMode") or "")
    return as_set((request.given.get("marginMode"),), ("crossed" if shown == "cross" else shown,))


def _position_mode(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    return as_set((request.given.get("posMode"),), (_only(rows).get("posMode"),))


def _auto_margin(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    held = [row for row in rows if is_of(row, request.given)]
    if not held:
        return StateReached(False, "there is no such position any more")
    return as_set((request.given.get("autoMargin"),), (held[0].get("autoMargin"),))


def _margin(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    held = [row for row in rows if is_of(row, request.given) and _was_there(row, request.signed_at)]
    if not held:
        return StateReached(False, "there is no such position any more")
    seen, now = ([each.get(name) for name in ("marginSize", "total")] for each in (request.before, held[0]))
    return margin_moved(seen, now, request.given.get("amount"))


def _subaccount(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    return as_listed(request.given, rows, "subAccountUid", ("permList", "status"))


def _subaccount_key(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    return as_listed(request.given, rows, "subAccountApiKey", ("label", "permList", "ipList"))


def as_listed(given: Given, rows: Sequence[Row], name: str, settings: Sequence[str]) -> StateReached:
    """Whether the one thing of this name is as it was to be, its lists in any order."""
    listed = [row for row in rows if row.get(name) == given.get(name)]
    if len(listed) != 1:
        return StateReached(None, "it is not listed once")
    wanted, told = ([_sorted(one.get(each)) for each in settings if each in given] for one in (given, listed[0]))
    same = wanted == told
    return StateReached(same, "" if same else f"it is {' and '.join(map(str, told))}")


def _sorted(value: Any) -> str:
    """A list as text, whatever its order; null is one with nothing in it."""
    return ", ".join(sorted(map(str, value or ()))) if isinstance(value, list | None) else str(value)


def _subaccount_told(_: StateQuery, rows: Sequence[Row]) -> StateReached:
    return StateReached(_only(rows).get("result") == "success")


def margin_moved(seen: Sequence[Any], told: Sequence[Any], wanted: Any) -> StateReached:
    """Whether the margin of a position moved by an amount; margin and size as they were seen before and are told now.

    What was taken away is below zero.
    """
    (was, size), (now, size_now), amount = map(exact, seen), map(exact, told), exact(wanted)
    if was is None or now is None or not amount or size != size_now:
        return StateReached(None, "the position changed meanwhile, and its margin with it")
    moved, about = now - was, abs(amount) * _ABOUT
    if abs(moved - amount) <= about:
        return StateReached(True)
    return StateReached(False if abs(moved) <= about else None, f"its margin is {now:f} and was {was:f}")


def as_set(wanted: Sequence[Any], shown: Sequence[Any]) -> StateReached:
    if not shown or any(value in (None, "") for value in shown):
        return StateReached(None, "the setting is not told")
    numbers = [(exact(one), exact(other)) for one, other in zip(wanted, shown, strict=True)]
    same = all(
        one == other if one is not None and other is not None else str(text) == str(told)
        for (one, other), text, told in zip(numbers, wanted, shown, strict=True)
    )
    return StateReached(same, "" if same else f"it is {' and '.join(dict.fromkeys(map(str, shown)))}")


def _only(rows: Sequence[Row]) -> Row:
    return rows[0] if len(rows) == 1 else {}


def _is_meant(row: Row, given: Given) -> bool:
    """Whether a row is among what was to be taken out: lists may be wider than the request."""
    kind = given.get("planType")
    return is_of(row, given) and (kind is None or row.get("planType", kind) == kind)


def is_of(row: Row, given: Given) -> bool:
    """The market and the side, or the sub-account and the key, that were named, where they were."""
    return all(row.get(name, given[name]) == given[name] for name in _NAMED if given.get(name))


def _was_there(row: Row, signed_at: int) -> bool:
    return was_there(row.get("cTime") or row.get("ctime"), signed_at)


def was_there(moment: Any, signed_at: int) -> bool:
    """Whether what was made then may have been there when the request arrived: what came later is none of its
    business."""
    made = str(moment or "")
    return not made.isdigit() or int(made) <= signed_at + _AFTERWARDS_MS


_ROWS: dict[str, tuple[Callable[[Given], _Asked], Callable[[StateQuery, Sequence[Row]], StateReached]]] = {
    "mix.order.batch-cancel-orders": (_open_orders, _nothing_left("order")),
    "mix.order.cancel-all-orders": (_open_orders, _nothing_left("order")),
    "mix.order.cancel-plan-order": (_waiting_orders, _nothing_left("order")),
    "spot.trade.cancel-symbol-order": (_spot_orders, _nothing_left("order")),
    "spot.trade.batch-cancel-plan-order": (_spot_plans, _nothing_left("order")),
    "mix.order.close-positions": (_positions, _nothing_left("position")),
    "mix.account.set-leverage": (_account, _leverage),
    "mix.account.set-margin-mode": (_account, _margin_mode),
    "mix.account.set-position-mode": (_line, _position_mode),
    "mix.account.set-auto-margin": (_position, _auto_margin),
    "mix.account.set-margin": (_position, _margin),
    "user.modify-virtual-subaccount": (_subaccounts, _subaccount),
    "user.modify-virtual-subaccount-apikey": (_subaccount_keys, _subaccount_key),
}

# How the answer to a change of a setting is read, where it repeats the setting.
_ANSWERS: dict[str, Callable[[StateQuery, Sequence[Row]], StateReached]] = {
    "mix.account.set-leverage": _leverage_told,
    "mix.account.set-margin-mode": _margin_mode,
    "mix.account.set-position-mode": _position_mode,
    "user.modify-virtual-subaccount": _subaccount_told,
    "user.modify-virtual-subaccount-apikey": _subaccount_key,
}
