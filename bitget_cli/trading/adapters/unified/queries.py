"""What a unified account is after a change of settings, books or sub-accounts, which proves the change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bitget_cli.catalogue import find
from bitget_cli.trading.adapters.classic.queries import as_listed, as_set, margin_moved, was_there
from bitget_cli.trading.change import Lookup, StateQuery, StateReached
from bitget_cli.values import picked

Given = Mapping[str, Any]
Row = Mapping[str, Any]
_Reader = Callable[[StateQuery, Sequence[Row]], StateReached]


def tells(row_name: str) -> bool:
    """Whether a change of this row is known by what it leaves."""
    return row_name in _ROWS


def questions(row_name: str, given: Given) -> Lookup:
    name, *narrowed = _ROWS[row_name][0]
    return Lookup(lists=((find(name), picked(given, *narrowed)),))


def standing(row_name: str, request: StateQuery, rows: Sequence[Row]) -> StateReached:
    """How things stand after the request, by all rows that were answered."""
    return _ROWS[row_name][1](request, rows)


def is_of(row: Row, given: Given) -> bool:
    """The market and the side that were named, where they were."""
    return all(row.get(name, given[name]) == given[name] for name in ("symbol", "posSide") if given.get(name))


def margin_before(given: Given, rows: Sequence[Row]) -> dict[str, str]:
    """What has to be seen before margin is moved, so that it can be told afterwards whether it was."""
    held = next((row for row in rows if is_of(row, given)), {})
    return {name: str(held[name]) for name in ("positionBalance", "total") if held.get(name)}


def _nothing_left(what: str) -> _Reader:
    def read(request: StateQuery, rows: Sequence[Row]) -> StateReached:
        meant = [row for row in rows if is_of(row, request.given)]
        left = [row for row in meant if was_there(row.get("createdTime"), request.signed_at)]
        if not left:
            return StateReached(True)
        return StateReached(False, f"1 {what} is still there" if len(left) == 1 else f"{len(left)} {what}s are there")

    return read


def _markets(request: StateQuery, rows: Sequence[Row]) -> Iterator[Row]:
    """What the settings say of the market; one they leave out is unknown."""
    category = str(request.given.get("category")).lower()
    for settings in rows:
        for row in settings.get("symbolConfigList") or ():
            if str(row.get("category")).lower() == category and row.get("symbol") == request.given.get("symbol"):
                yield row


def _leverage(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    """Of the two sides of an isolated market the settings may tell one leverage: then nothing is known."""
    row: Row = next(_markets(request, rows), {})
    names = ("leverage", "marginMode") if request.given.get("marginMode") else ("leverage",)
    if request.given.get("posSide") or request.given.get("longLeverage"):
        return StateReached(None, "the leverage of each side is not told")
    return as_set([request.given.get(name) for name in names], [row.get(name) for name in names])


def _hold_mode(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    return as_set([request.given.get("holdMode")], [row.get("holdMode") for row in rows[:1]])


def _frozen(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    status = {"freeze": "freeze", "unfreeze": "normal"}.get(str(request.given.get("operation")))
    return as_listed({**request.given, "status": status}, rows, "subUid", ("status",))


def _noted(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    return as_listed(request.given, rows, "subUid", ("note",))


def _key(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    return as_listed(request.given, rows, "apiKey", ("type", "permissions", "ips"))


def _no_key(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    there = any(row.get("apiKey") == request.given.get("apiKey") for row in rows)
    return StateReached(not there, "the key is still there" if there else "")


def answered(row_name: str, given: Given, rows: Sequence[Row]) -> bool:
    """Whether an answer repeats the setting as it was to be."""
    read = _REPEATED.get(row_name)
    return read is not None and read(StateQuery(given, 0, {}), rows).as_wanted is True


def _margin(request: StateQuery, rows: Sequence[Row]) -> StateReached:
    meant = [row for row in rows if is_of(row, request.given)]
    held = [row for row in meant if was_there(row.get("createdTime"), request.signed_at)]
    if not held:
        return StateReached(False, "there is no such position any more")
    sign = "-" if request.given.get("operation") == "remove" else ""
    names = ("positionBalance", "total")
    seen, now = ([each.get(name) for name in names] for each in (request.before, held[0]))
    return margin_moved(seen, now, f"{sign}{request.given.get('amount')}")


# For each row: what is asked and what of the request narrows it, and how the answer is read.
_ROWS: dict[str, tuple[tuple[str, ...], _Reader]] = {
    "v3.trade.cancel-symbol-order": (("v3.trade.unfilled-orders", "category", "symbol"), _nothing_left("order")),
    "v3.trade.close-positions": (("v3.position.current-position", "category", "symbol"), _nothing_left("position")),
    "v3.account.set-leverage": (("v3.account.settings",), _leverage),
    "v3.account.set-hold-mode": (("v3.account.settings",), _hold_mode),
    "v3.account.set-margin": (("v3.position.current-position", "category", "symbol"), _margin),
    "v3.user.freeze-sub": (("v3.user.sub-list",), _frozen),
    "v3.user.modify-sub": (("v3.user.sub-list",), _noted),
    "v3.user.update-sub-api": (("v3.user.sub-api-list", "subUid"), _key),
    "v3.user.delete-sub-api": (("v3.user.sub-api-list", "subUid"), _no_key),
}
# Those of which an answer repeats the setting.
_REPEATED = {"v3.user.modify-sub": _noted, "v3.user.update-sub-api": _key}
