"""How a classic account spells changes: what kind each is, the ids it carries, and how it is known again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Effect, Endpoint
from bitget_cli.trading.change import (
    CREATES_ORDER,
    SKEW_MS,
    Change,
    ChangeKind,
    ItemReply,
    ListRole,
    Lookup,
    LookupKey,
    Question,
    StateQuery,
    StateReached,
    Trace,
    is_same_value,
)
from bitget_cli.trading.model import (
    OrderState,
    exact,
)
from bitget_cli.values import Symbol, milliseconds, picked, whole_milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

Given = Mapping[str, Any]
Row = Mapping[str, Any]

_KINDS = {
    "mix.order.place-order": ChangeKind.PLACE,
    "mix.order.place-plan-order": ChangeKind.PLACE,
    "mix.order.place-tpsl-order": ChangeKind.PLACE,
    "mix.order.place-pos-tpsl": ChangeKind.PLACE,
    "mix.order.click-backhand": ChangeKind.PLACE,
    "spot.trade.place-order": ChangeKind.PLACE,
    "spot.trade.place-plan-order": ChangeKind.PLACE,
    "mix.order.modify-order": ChangeKind.REPLACE,
    "spot.trade.cancel-replace-order": ChangeKind.REPLACE,
    "mix.order.modify-plan-order": ChangeKind.AMEND,
    "mix.order.modify-tpsl-order": ChangeKind.AMEND,
    "spot.trade.modify-plan-order": ChangeKind.AMEND,
    "mix.order.cancel-order": ChangeKind.CANCEL,
    "spot.trade.cancel-order": ChangeKind.CANCEL,
    "spot.trade.cancel-plan-order": ChangeKind.CANCEL,
    "mix.order.cancel-plan-order": ChangeKind.CLEAR,
    "mix.order.batch-cancel-orders": ChangeKind.CLEAR,
    "mix.order.cancel-all-orders": ChangeKind.CLEAR,
    "mix.order.close-positions": ChangeKind.CLEAR,
    "spot.trade.cancel-symbol-order": ChangeKind.CLEAR,
    "spot.trade.batch-cancel-order": ChangeKind.CLEAR,
    "spot.trade.batch-cancel-plan-order": ChangeKind.CLEAR,
    "mix.account.set-margin": ChangeKind.MARGIN,
    "convert.trade": ChangeKind.CONVERT,
    "convert.bgb-convert": ChangeKind.CONVERT,
    "user.create-virtual-subaccount": ChangeKind.CREATE,
    "user.create-virtual-subaccount-apikey": ChangeKind.CREATE,
    "user.modify-virtual-subaccount": ChangeKind.SETTING,
    "user.modify-virtual-subaccount-apikey": ChangeKind.SETTING,
}
_BY_EFFECT = {Effect.SETTINGS: ChangeKind.SETTING, Effect.TRANSFER: ChangeKind.TRANSFER}
_EXITS = frozenset({"mix.order.place-tpsl-order", "mix.order.place-pos-tpsl", "mix.order.modify-tpsl-order"})
# Rows that say by `reduceOnly` or `tradeSide` that they only close.
_TRADES = frozenset({"mix.order.place-order", "mix.order.place-plan-order"})
_REVERSE = "mix.order.click-backhand"
# Cancels one waiting order of futures by a list of one, and answers with lists.
_LISTED_CANCEL = "mix.order.cancel-plan-order"
# Says success when a waiting order of spot is cancelled, and names no order.
_NAMES_NONE = "spot.trade.cancel-plan-order"
# Says only which market it took the orders of (page "Cancel Order By Symbol": the rest happens later).
_CONFIRMS_ONLY = "spot.trade.cancel-symbol-order"
# The parameters that make an order anew.
_REPLACING = ("newSize", "newPrice", "size", "price")
# A position's two exits go out in one call, each with an id of its own.
_LEGS = {
    "stopSurplusTriggerPrice": ("stopSurplusClientOid", "-tp"),
    "stopLossTriggerPrice": ("stopLossClientOid", "-sl"),
}
# Names a client id goes by, in requests and in rows.
CLIENT_ID_NAMES = ("clientOid", "newClientOid", "stopSurplusClientOid", "stopLossClientOid")
# What a thing that was made goes by, where it has no client id of ours.
_ID_NAMES = ("orderId", "transferId", "id", "subAccountApiKey", "subAccountUid")
_STATE_NAMES = ("state", "status", "planStatus")
# When a row came to be.
_MADE = ("cTime", "ctime", "ts")
# Shown with fewer decimals than it was sent with: 0.0005226794534969 becomes 0.00052268 (page "Convert").
_ROUNDED = frozenset({"cnvtPrice"})
_AIMED = (
    *("triggerPrice", "size", "price", "executePrice", "callbackRatio", "rangeRate"),
    *("presetStopSurplusPrice", "presetStopLossPrice", "stopSurplusTriggerPrice", "stopLossTriggerPrice"),
)
_COMPARED = ("symbol", "side", "planType", "size", "triggerPrice")
# What an order always shows as it was sent.
_FIRM = ("symbol", "side")
_COINS = ("fromCoin", "toCoin")
STATES = {
    **dict.fromkeys(("live", "new", "init", "not_trigger", "executing", "processing"), OrderState.OPEN),
    "partially_filled": OrderState.PARTIALLY_FILLED,
    **dict.fromkeys(("canceled", "cancelled"), OrderState.CANCELLED),
    **dict.fromkeys(("filled", "full_fill", "executed"), OrderState.FILLED),
    **dict.fromkeys(("fail_execute", "fail_trigger", "failed", "fail"), OrderState.FAILED),
}
_ROLES = {
    "mix.order.detail": ListRole.DETAIL,
    "spot.trade.orderInfo": ListRole.DETAIL,
    "mix.order.orders-history": ListRole.PAST,
    "spot.trade.history-orders": ListRole.PAST,
    "mix.order.fills": ListRole.FILLS,
    "spot.trade.fills": ListRole.FILLS,
}
# What of a conversion shows again in the record of it.
_CONVERTED = ("fromCoin", "fromCoinSize", "toCoin", "toCoinSize", "cnvtPrice")


def change(
    name: str,
    given: Given,
    what: str,
    symbol: Symbol | None = None,
    client_oid: str | None = None,
    **more: Any,
) -> Change:
    """One request that changes something, by the name of its row and its parameters as Bitget spells them.

    `more` are other fields of `Change`.
    """
    row = find(name)
    return Change(row, kind_of(row, given), given, what, symbol, client_oid, **more)


def kind_of(row: Endpoint, given: Given) -> ChangeKind:
    """A row that is on no list is sent once and never again."""
    kind = _KINDS.get(row.name) or _BY_EFFECT.get(row.effect, ChangeKind.ONCE)
    if kind is ChangeKind.CLEAR and only_named(given):
        return ChangeKind.CANCEL
    # Attached exits alone are changed in place; a new price or size makes a new order (page "Modify Order").
    in_place = kind is ChangeKind.REPLACE and not any(given.get(name) for name in _REPLACING)
    return ChangeKind.AMEND if in_place else kind


def only_named(given: Given) -> Mapping[str, str] | None:
    """The ids of the one order that a request to take out several names; None where it names more or none."""
    named = given.get("orderIdList")
    return named[0] if isinstance(named, list) and len(named) == 1 else None


def only_closes(row: Endpoint, given: Given) -> bool:
    """Whether a change can make a position smaller and nothing else."""
    if row.name in _EXITS:
        return True
    closes = str(given.get("reduceOnly")).lower() == "yes" or given.get("tradeSide") == "close"
    return closes and row.name in _TRADES


def ids_to_send(change: Change, oid: str) -> dict[str, str]:
    """The client id under the names by which the row takes it; none where it takes none."""
    names = {param.name for param in change.row.params}
    if "newClientOid" in names:  # needed even where no new order is made
        return {"newClientOid": oid}
    if legs := [leg for trigger, leg in _LEGS.items() if change.given.get(trigger) and leg[0] in names]:
        return {name: f"{oid[:29]}{ending}" for name, ending in legs}
    sends_one = change.kind in (ChangeKind.PLACE, ChangeKind.TRANSFER) or (
        change.kind is ChangeKind.ONCE and "clientOid" in names
    )
    return {"clientOid": oid} if sends_one and "clientOid" in names else {}


def own_ids(kind: ChangeKind, given: Given) -> list[str]:
    """The client ids that name what a request makes, and not the order that it replaces."""
    skipped = "clientOid" if kind is ChangeKind.REPLACE else None
    return [str(given[name]) for name in CLIENT_ID_NAMES if given.get(name) and name != skipped]


def lookup_key(change: Change, given: Given, around: Given) -> LookupKey:
    """How what became of a change is found. `given` is sent for it, `around` stands beside the list of a batch."""
    whole = {**change.order, **around, **given}
    lookup = change.lookup or lookup_for(change.row, whole)
    makes_something = change.kind in CREATES_ORDER
    nameless = change.call is not None and makes_something and not own_ids(change.kind, given)
    # Bitget's page: clientOid is ignored there.
    keeps_no_id = whole.get("tpslType") == "tpsl" or bool(lookup.parts) or nameless
    named = {**change.given, **(only_named(change.given) or {})}
    # The order that turns a position round has the other side in hedge mode, and no size of its own before.
    sizes = {"size": whole.get("newSize") or whole.get("size")} if nameless else {}
    return LookupKey(
        lookup=lookup,
        ids=() if keeps_no_id else tuple(_known_by({**given, **named})),
        order_id=None if makes_something else named.get("orderId"),
        before=() if keeps_no_id and makes_something else None,
        match={} if change.row.name == _REVERSE else fingerprint(whole | sizes),
        aims=_aims(change.given) if change.kind is ChangeKind.AMEND else {},
        old=old_ids(change),
    )


def _known_by(given: Given) -> list[str]:
    """The client ids by which the order is known: the new one, or that of the order it is about."""
    if given.get("newClientOid"):
        return [str(given["newClientOid"])]
    return [str(given[name]) for name in CLIENT_ID_NAMES if given.get(name)]


def old_ids(change: Change) -> tuple[str, ...]:
    """Every id of the order that is replaced, amended or cancelled, as far as it is known."""
    if change.kind is ChangeKind.CANCEL:
        client_oid = change.order.get("clientOid")
        return (client_oid,) if client_oid else ()
    if change.kind not in (ChangeKind.REPLACE, ChangeKind.AMEND):
        return ()
    named = (source.get(name) for source in (change.given, change.order) for name in ("orderId", "clientOid"))
    return tuple(dict.fromkeys(str(one) for one in named if one))


def _aims(given: Given) -> dict[str, str]:
    """What an amended order should show: `newTriggerPrice` appears as `triggerPrice` afterwards."""
    plain = {
        name.removeprefix("new")[:1].lower() + name.removeprefix("new")[1:]: value for name, value in given.items()
    }
    return {name: str(plain[name]) for name in _AIMED if plain.get(name)}


def fingerprint(given: Given) -> dict[str, str]:
    """What of a request shows again in the order it makes."""
    return {name: str(given[name]) for name in _COMPARED if given.get(name)}


def lookup_for(row: Endpoint, given: Given) -> Lookup:
    """The questions for a change; `given` are its parameters as sent, client ids included."""
    kind = kind_of(row, given)
    # What is changed in place keeps its id, and one order that is named among several to be cancelled is known by its.
    if row.name == "mix.order.modify-order" and kind is ChangeKind.AMEND:
        return _futures_exits_moved(given)
    if row.name == "mix.order.cancel-plan-order" and kind is ChangeKind.CANCEL:
        return _futures_plan({**given, **given["orderIdList"][0]})
    if rule := _RULES.get(row.name):
        return rule(given)
    from bitget_cli.trading.adapters.classic import queries

    return queries.questions(row.name, given) if queries.tells(row.name) else Lookup()


def _futures_order(given: Given) -> Lookup:
    market, by = picked(given, "symbol", "productType"), {"clientOid": given.get("clientOid")}
    return Lookup(
        detail=_ask("mix.order.detail", market | by),
        lists=(
            _ask("mix.order.orders-pending", market | by),
            # Without a status only untouched orders are listed (page "Get Pending Orders").
            _ask("mix.order.orders-pending", market | by | {"status": "partially_filled"}),
            _ask("mix.order.orders-history", market | by),
            _ask("mix.order.fills", market),
        ),
    )


def _futures_replacement(given: Given) -> Lookup:
    new = _futures_order({**given, "clientOid": given.get("newClientOid")})
    return Lookup(new.detail, new.lists, _ask("mix.order.detail", picked(given, "symbol", "productType") | _ids(given)))


def _futures_exits_moved(given: Given) -> Lookup:
    """The order itself, which keeps its id; or one that stands in its place under the client id that was sent."""
    market = picked(given, "symbol", "productType")
    old = _futures_cancel(given)
    new = _ask("mix.order.detail", market | {"clientOid": given.get("newClientOid")})
    return Lookup(new, (*([old.detail] if old.detail else ()), *old.lists))


def _futures_cancel(given: Given) -> Lookup:
    order = picked(given, "symbol", "productType") | _ids(given)
    partly = _ask("mix.order.orders-pending", order | {"status": "partially_filled"})
    return Lookup(_ask("mix.order.detail", order), (_ask("mix.order.orders-pending", order), partly))


def _spot_order(given: Given) -> Lookup:
    if given.get("tpslType") == "tpsl":
        return _spot_exit(given)
    market = picked(given, "symbol")
    return Lookup(
        # By client id it knows the orders of the last two hours only; the lists know the rest.
        detail=_ask("spot.trade.orderInfo", {"clientOid": given.get("clientOid")}),
        lists=(
            _ask("spot.trade.unfilled-orders", market),
            _ask("spot.trade.history-orders", market),
            _ask("spot.trade.fills", market),
        ),
    )


def _spot_exit(given: Given) -> Lookup:
    market = picked(given, "symbol", "tpslType")
    return Lookup(lists=(_ask("spot.trade.unfilled-orders", market), _ask("spot.trade.history-orders", market)))


def _spot_replacement(given: Given) -> Lookup:
    new = _spot_order({**given, "clientOid": given.get("newClientOid")})
    return Lookup(new.detail, new.lists, _ask("spot.trade.orderInfo", _ids(given)))


def _spot_cancel(given: Given) -> Lookup:
    market = picked(given, "symbol", "tpslType")
    by_id = market | picked(given, "orderId")
    return Lookup(_ask("spot.trade.orderInfo", _ids(given)), (_ask("spot.trade.unfilled-orders", by_id),))


def _futures_plan(given: Given) -> Lookup:
    kind = given.get("planType")
    return _plans(given, (str(kind) if kind in ("normal_plan", "track_plan") else "profit_loss",))


def _position_exits(given: Given) -> Lookup:
    market = picked(given, "symbol", "productType") | {"planType": "profit_loss"}
    return Lookup(
        lists=(_ask("mix.order.orders-plan-pending", market), _ask("mix.order.orders-plan-history", market)),
    )


def _changed_plan(given: Given) -> Lookup:
    return _plans(given, ("normal_plan", "track_plan"))


def _plans(given: Given, kinds: tuple[str, ...]) -> Lookup:
    market = picked(given, "symbol", "productType")
    rows = ("mix.order.orders-plan-pending", "mix.order.orders-plan-history")
    # By either of its ids: an order that was changed may have got another order id.
    names = [{name: given[name]} for name in ("orderId", "clientOid") if given.get(name)] or [{}]
    asked = ((row, ids, kind) for row in rows for ids in names for kind in kinds)
    return Lookup(lists=tuple(_ask(row, market | ids | {"planType": kind}) for row, ids, kind in asked))


def _spot_plan(given: Given) -> Lookup:
    market = picked(given, "symbol")
    return Lookup(lists=(_ask("spot.trade.current-plan-order", market), _ask("spot.trade.history-plan-order", market)))


def _transfer(given: Given) -> Lookup:
    return Lookup(lists=(_ask("spot.account.transferRecords", picked(given, "coin", "fromType", "clientOid")),))


def _subaccount_transfer(given: Given) -> Lookup:
    """In the records of both, sent or received: no page tells whose record a transfer of another's money is in."""
    by = picked(given, "coin", "clientOid")
    return Lookup(lists=tuple(_ask("spot.account.sub-main-trans-record", by | part) for part in either_side(given)))


def either_side(given: Given) -> list[dict[str, str]]:
    """What narrows the records of transfers to those of one account, as sender and as receiver, for each of the two
    and for the main one, which is meant where none is named."""
    users = dict.fromkeys(str(given[name]) for name in ("fromUserId", "toUserId") if given.get(name))
    accounts = [{}, *({"subUid": user} for user in users)]
    return [{**account, "role": role} for account in accounts for role in ("initiator", "receiver")]


def _new_subaccount(given: Given) -> Lookup:
    """By its name, of which there is one in the world."""
    names = given.get("subAccountList") or ()
    parts = tuple({"subAccountName": str(name)} for name in names)
    return Lookup(lists=(_ask("user.virtual-subaccount-list", {"limit": "500"}),), parts=parts)


def _new_key(given: Given) -> Lookup:
    """By its label, among the keys of its sub-account."""
    asked = _ask("user.virtual-subaccount-apikey-list", picked(given, "subAccountUid"))
    return Lookup(lists=(asked,), parts=({"label": str(given.get("label"))},))


def _conversion(given: Given) -> Lookup:
    part = {name: str(given[name]) for name in _CONVERTED if given.get(name)}
    return Lookup(lists=(_ask("convert.convert-record", {}),), parts=(part,))


def _small_balances(given: Given) -> Lookup:
    coins = given.get("coinList") or ()
    parts = tuple({"fromCoin": str(coin), "toCoin": "BGB"} for coin in coins)
    return Lookup(lists=(_ask("convert.bgb-convert-records", {}),), parts=parts)


def _ask(name: str, given: Given) -> Question:
    return find(name), dict(given)


def _ids(given: Given) -> dict[str, Any]:
    """The one id that counts: Bitget prefers the order id where both are given."""
    return picked(given, "orderId") or picked(given, "clientOid")


_RULES: dict[str, Callable[[Given], Lookup]] = {
    "mix.order.place-order": _futures_order,
    "mix.order.modify-order": _futures_replacement,
    "mix.order.cancel-order": _futures_cancel,
    "mix.order.click-backhand": _futures_order,
    "mix.order.place-plan-order": _futures_plan,
    "mix.order.place-tpsl-order": _futures_plan,
    "mix.order.place-pos-tpsl": _position_exits,
    "mix.order.modify-plan-order": _changed_plan,
    "mix.order.modify-tpsl-order": _futures_plan,
    "spot.trade.place-order": _spot_order,
    "spot.trade.cancel-replace-order": _spot_replacement,
    "spot.trade.cancel-order": _spot_cancel,
    "spot.trade.place-plan-order": _spot_plan,
    "spot.trade.modify-plan-order": _spot_plan,
    "spot.trade.cancel-plan-order": _spot_plan,
    "spot.wallet.transfer": _transfer,
    "spot.wallet.subaccount-transfer": _subaccount_transfer,
    "user.create-virtual-subaccount": _new_subaccount,
    "user.create-virtual-subaccount-apikey": _new_key,
    "convert.trade": _conversion,
    "convert.bgb-convert": _small_balances,
}


# What is seen before a change leaves, where the exchange keeps no client id of it.


def with_snapshot(key: LookupKey, change: Change, given: Given, client: Client) -> LookupKey:
    """The key with what is there before the change leaves. Raises what the client raises."""
    if change.kind is ChangeKind.MARGIN:
        from bitget_cli.trading.adapters.classic.queries import margin_before

        rows = [row for asked, sent in key.lookup.lists for row in client.call(asked, **sent) or []]
        return key._replace(match=margin_before(given, rows))
    if key.before is None:
        return key
    seen: list[str] = []
    for row, sent in key.lookup.lists:
        data = _listed_by_now(client, row, sent)
        held = data.get(row.paging.rows_at) if row.paging.rows_at and isinstance(data, dict) else data
        seen += [str(first(item, _ID_NAMES)) for item in held or [] if isinstance(item, dict)]
    return key._replace(before=tuple(seen))


# How far ahead of ours the exchange's clock may be without a second question.
_ABOUT_NOW_MS = 1_000


def _listed_by_now(client: Client, row: Endpoint, given: Given) -> Any:
    """The list as it is now by the exchange's clock: where it must have an end, ours may be too early a one."""
    end = milliseconds(client.now()) + _ABOUT_NOW_MS
    answer = client.send(client.prepare(row, {**_required_times(row, end), **given}))
    told = whole_milliseconds(answer.requested_at)
    if told is None or told <= end or "endTime" not in _required_times(row, end):
        return answer.data
    return client.call(row, **{**_required_times(row, told), **given})


def _required_times(row: Endpoint, end: int) -> dict[str, str]:
    times = time_window(row, end) | {"endTime": str(end)}
    return {param.name: times[param.name] for param in row.params if param.required and param.name in times}


# Where a change is looked for.


def role_of(row: Endpoint) -> ListRole:
    return _ROLES.get(row.name, ListRole.LIST)


def time_window(row: Endpoint, moment: int) -> dict[str, str]:
    """The times by which a list is asked for what was made about `moment` (ms); an end only where it must have one.

    By then the exchange takes no request signed at that moment any more. Trades have an end too: those that are asked
    about are of orders that are in no list yet, and an account that goes on trading has more of them every second.
    """
    takes = {param.name: param.required for param in row.params}
    ends = takes.get("endTime") or role_of(row) is ListRole.FILLS
    wanted = {name for name in takes if name == "startTime" or (name == "endTime" and ends)}
    return {name: time for name, time in around(moment).items() if name in wanted}


def around(moment: int) -> dict[str, str]:
    """Start and end of the time in which a request signed at `moment` (ms) may have been carried out."""
    return {"startTime": str(moment - 2 * SKEW_MS), "endTime": str(moment + 2 * SKEW_MS)}


def by_order_id(question: Question, order_id: str) -> Question:
    """The question for one order, asked about another by its id."""
    row, given = question
    return row, {name: value for name, value in given.items() if name != "clientOid"} | {"orderId": order_id}


def of_everybody(question: Question, moment: int | None) -> Question:
    """The question for past orders, without a client id, about a time (ms)."""
    row, given = question
    whole = {name: value for name, value in given.items() if name != "clientOid"}
    return row, {**whole, **({} if moment is None else around(moment))}


def by_terms(lookup: Lookup) -> Lookup:
    """The questions that can be asked without an id: lists, of what was not there before."""
    lists = ((row, given) for row, given in lookup.lists if role_of(row) is not ListRole.FILLS)
    kept = (
        (row, {name: value for name, value in given.items() if name not in ("orderId", "clientOid")})
        for row, given in lists
    )
    return lookup._replace(detail=None, lists=tuple(kept))


# What a row tells.


def trace(row: Row) -> Trace:
    """What a row of an answer or a list tells of an order, a transfer or a conversion."""
    made = first(row, _MADE)
    word = first(row, _STATE_NAMES)
    order_id = row.get("orderId")
    return Trace(
        row=row,
        id=first(row, _ID_NAMES),
        order_id=str(order_id) if order_id else None,
        client_oid=first(row, CLIENT_ID_NAMES),
        # Of transfers they begin with a capital.
        state=STATES.get((word or "").lower()),
        state_word=word,
        made_at=int(made) if made and made.isdigit() else None,
    )


def first(row: Row, names: Iterable[str]) -> str | None:
    found = next((row[name] for name in names if row.get(name)), None)
    return str(found) if found else None


def matches(row: Row, wanted: Mapping[str, str]) -> bool:
    """Whether a row shows the wanted values, as far as it shows them at all; 0.10 is 0.1, BUY is buy."""
    return all(
        is_same_value(str(row[name]), value, rounded=name in _ROUNDED)
        for name, value in wanted.items()
        if row.get(name)
    )


def matches_firmly(row: Row, wanted: Mapping[str, str]) -> bool:
    """The same, by what an order always shows as it was sent."""
    return matches(row, {name: wanted[name] for name in _FIRM if name in wanted})


def is_alike(row: Row, part: Mapping[str, str]) -> bool:
    """Whether a record is of the same two coins as a conversion, whatever its amounts."""
    coins = {name: part[name] for name in _COINS if name in part}
    return bool(coins) and matches(row, coins)


def has_new_values(row: Row, wanted: Mapping[str, str]) -> bool | None:
    """Whether an order shows the values it was to be given, 0 being none at all; None where it shows none of them."""
    shown = {name: value for name, value in wanted.items() if name in row}
    if not shown:
        return None
    return all(is_same_value(str(row[name] or "0"), value) for name, value in shown.items())


def tells_state(row_name: str) -> bool:
    """Whether a change of this row is known by what it leaves."""
    from bitget_cli.trading.adapters.classic.queries import tells

    return tells(row_name)


def state_reached(
    row_name: str, given: Given, rows: Sequence[Row], *, signed_at: int, before: Mapping[str, str]
) -> tuple[StateReached, Row | None]:
    """How things stand after a change, by every row that was answered, and the one row that is about it."""
    from bitget_cli.trading.adapters.classic.queries import is_of, standing

    reached = standing(row_name, StateQuery(given, signed_at, before), rows)
    # A list may be wider than the request: a row about something else proves nothing, and is not shown.
    meant = [row for row in rows if is_of(row, given)]
    return reached, meant[0] if len(meant) == 1 else None


# What an answer to a change says.


def confirms(kind: ChangeKind, row_name: str, body: str, key: LookupKey, data: Any) -> bool:
    """Whether the `data` of a success speaks of this very change.

    What a call says that takes many orders out is judged by its lists (`replies`, `is_confirmed_whole`).
    """
    rows = [row for row in (data if isinstance(data, list) else [data]) if isinstance(row, Mapping)]
    if any(str(row.get("success", "")).lower() in ("failure", "false") for row in rows):
        return False
    match kind:
        case ChangeKind.PLACE:
            return is_about(rows, key.ids)
        case ChangeKind.REPLACE:
            # The new order's id may still be missing: it is made later. The client id is how it is known.
            return is_about(rows, key.ids, with_order_id=False)
        case ChangeKind.AMEND:
            return bool(rows) and all(
                key.is_of(row.get("orderId"), row.get("clientOid"), may_be_renamed=True) for row in rows
            )
        case ChangeKind.CANCEL:
            if row_name == _NAMES_NONE and len(rows) == 1 and str(rows[0].get("result", "")).lower() == "success":
                return True
            named = bool(rows) and all(key.is_of(row.get("orderId"), row.get("clientOid")) for row in rows)
            return row_name == _LISTED_CANCEL or named
        case ChangeKind.SETTING | ChangeKind.MARGIN:
            from bitget_cli.trading.adapters.classic.queries import answered

            return answered(row_name, json.loads(body), data)
        case ChangeKind.TRANSFER:
            return bool(rows) and all(row.get("transferId") and row.get("clientOid") in key.ids for row in rows)
        case ChangeKind.CONVERT:
            return all(_is_converted(part, rows) for part in key.lookup.parts)
        case ChangeKind.CREATE:
            return _is_made(row_name, json.loads(body), rows)
    return True


def _is_made(row_name: str, given: Given, rows: Sequence[Row]) -> bool:
    """Whether an answer names the sub-accounts that were to be made, or holds the key with its secret."""
    if row_name == "user.create-virtual-subaccount-apikey":
        return any(row.get("subAccountApiKey") and row.get("secretKey") for row in rows)
    told = [one for row in rows if isinstance(made := row.get("successList"), list) for one in made]
    # So spelt by Bitget.
    names = {str(one.get("subaAccountName")) for one in told if isinstance(one, Mapping) and one.get("subaAccountUid")}
    return set(given.get("subAccountList") or ()) == names


def is_about(rows: Sequence[Row], ids: Sequence[str], *, with_order_id: bool = True) -> bool:
    if not rows or (with_order_id and not all(row.get("orderId") for row in rows)):
        return False
    if not ids:  # Bitget keeps no client id of such an order
        return True
    told = {str(row[name]) for row in rows for name in CLIENT_ID_NAMES if row.get(name)}
    return told == set(ids)


def _is_converted(part: Mapping[str, str], rows: Sequence[Row]) -> bool:
    """Whether an answer tells of one conversion: what came, or for BGB what it was ordered under."""
    lists = [told for row in rows if isinstance(told := row.get("orderList"), list)]
    orders = [order for told in lists for order in told if isinstance(order, Mapping)]
    came = any(row.get("toCoin") == part.get("toCoin") and (exact(row.get("toCoinSize")) or 0) > 0 for row in rows)
    return came or any(order.get("coin") == part.get("fromCoin") and order.get("orderId") for order in orders)


def is_judged_by_lists(kind: ChangeKind, row_name: str) -> bool:
    """Whether a success says order by order what became of each."""
    return kind is ChangeKind.CLEAR or row_name == _LISTED_CANCEL


def is_confirmed_whole(row_name: str, body: str, data: Any) -> bool | None:
    """For a call that names no order in its answer: whether it confirms all of it; None where its lists decide."""
    if row_name != _CONFIRMS_ONLY:
        return None
    symbol = json.loads(body).get("symbol")
    return isinstance(data, Mapping) and bool(symbol) and str(data.get("symbol", "")).upper() == symbol


def is_only_received(kind: ChangeKind, row_name: str) -> bool:  # noqa: ARG001  # all is done that is confirmed
    """Whether a success says no more than that it will be looked at."""
    return False


def speaks_of_all(row_name: str, there: Sequence[str], told: Sequence[ItemReply]) -> bool:  # noqa: ARG001  # see unified
    """Whether an answer speaks of everything that was there: ids of orders, or markets."""
    names = Counter(str(name) for one in told for name in (one.order_id, one.client_oid, one.symbol) if name)
    return bool(told) and Counter(there) <= names


def told(answer: Any, row_name: str, body: str) -> Any:  # noqa: ARG001  # these are the words
    return answer


def replies(data: Any) -> tuple[list[ItemReply], list[ItemReply]]:
    """The successes and failures of a batch's answer; none where they are not plainly lists of objects."""
    if not isinstance(data, Mapping):
        return [], []
    won, lost = (data.get(name) or [] for name in ("successList", "failureList"))
    if not (isinstance(won, list) and isinstance(lost, list) and all(isinstance(row, Mapping) for row in won + lost)):
        return [], []
    return [_reply(row) for row in won], [_reply(row) for row in lost]


def _reply(row: Row) -> ItemReply:
    return ItemReply(
        row,
        order_id=row.get("orderId") or None,
        client_oid=row.get("clientOid") or None,
        symbol=row.get("symbol") or None,
        code=str(row.get("errorCode") or ""),
        message=str(row.get("errorMsg") or ""),
    )
