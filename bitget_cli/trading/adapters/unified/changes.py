"""How a unified account spells changes: what kind each is, the ids it carries, and how it is known again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.envelope import SUCCESS
from bitget_cli.catalogue.model import Effect, Endpoint
from bitget_cli.trading.adapters.classic import changes as classic
from bitget_cli.trading.adapters.unified import queries
from bitget_cli.trading.change import (
    CREATES_ORDER,
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
from bitget_cli.trading.model import OrderState
from bitget_cli.values import Symbol, milliseconds, picked

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

Given = Mapping[str, Any]
Row = Mapping[str, Any]

_KINDS = {
    "v3.trade.place-order": ChangeKind.PLACE,
    "v3.trade.place-strategy-order": ChangeKind.PLACE,
    "v3.trade.modify-order": ChangeKind.AMEND,
    "v3.trade.modify-strategy-order": ChangeKind.AMEND,
    "v3.trade.cancel-order": ChangeKind.CANCEL,
    "v3.trade.cancel-strategy-order": ChangeKind.CANCEL,
    "v3.trade.cancel-symbol-order": ChangeKind.CLEAR,
    "v3.trade.close-positions": ChangeKind.CLEAR,
    "v3.account.set-margin": ChangeKind.MARGIN,
    "v3.convert.small-assets-trade": ChangeKind.CONVERT,
    "v3.user.create-sub": ChangeKind.CREATE,
    "v3.user.create-sub-api": ChangeKind.CREATE,
    **dict.fromkeys(
        (f"v3.user.{name}" for name in ("freeze-sub", "modify-sub", "update-sub-api", "delete-sub-api")),
        ChangeKind.SETTING,
    ),
}
_BY_EFFECT = {Effect.SETTINGS: ChangeKind.SETTING, Effect.TRANSFER: ChangeKind.TRANSFER}
_STRATEGY = "v3.trade.place-strategy-order"
# Says no more than that it succeeded.
_NAMES_NONE = "v3.trade.cancel-strategy-order"
# Answers with the orders that close, and names no market.
_CLOSES = "v3.trade.close-positions"
_CLOSING = frozenset({("sell", "long"), ("buy", "short")})
# Between two accounts there is a record with the client id, which a booking in the wallet lacks.
_BETWEEN_ACCOUNTS = "v3.account.sub-transfer"
# What a thing that was made goes by.
_ID_NAMES = ("orderId", "transferId", "id", "subOrderId", "apiKey", "subUid")
_STATE_NAMES = ("orderStatus", "status")
_MADE = ("createdTime", "ts")
_STATES = {
    **dict.fromkeys(("live", "new", "pending", "submitting", "processing"), OrderState.OPEN),
    "partially_filled": OrderState.PARTIALLY_FILLED,
    **dict.fromkeys(("cancelled", "canceled"), OrderState.CANCELLED),
    **dict.fromkeys(("filled", "success"), OrderState.FILLED),
    **dict.fromkeys(("failed", "fail"), OrderState.FAILED),
}
_AIMED = ("qty", "price", "takeProfit", "stopLoss", "triggerPrice", "triggerOrderPrice")
# Of a strategy order its own type's words stand one level deeper.
_PARAMS = ("trailingStopParams", "ocoParams", "icebergParams", "twapParams")
_COMPARED = (
    *("symbol", "side", "qty", "posSide", "type", "triggerPrice", "triggerOrderPrice", "takeProfit", "stopLoss"),
    *("activationPrice", "trailVariance", "ocoLimitPrice", "ocoTriggerPrice", "ocoOrderType", "ocoOrderPrice"),
    *("duration", "interval", "twapTriggerPrice", "twapTerminationPrice"),
    *("splitMode", "qtyPerOrder", "splitOrderNumbers", "orderPreference", "executionStrategy", "fixedPrice"),
    "priceLimit",
)
# Of these nobody has seen an order told.
_UNSEEN = ("oco", "twap", "iceberg")
# What an order always shows as it was sent.
_FIRM = ("symbol", "side")
_ROLES = {
    "v3.trade.order-info": ListRole.DETAIL,
    "v3.trade.history-orders": ListRole.PAST,
    "v3.trade.fills": ListRole.FILLS,
}
# Where a strategy order can be, if it is not said.
_LINES = ("USDT-FUTURES", "USDC-FUTURES", "SPOT")
# The one wallet, among the names that a transfer goes by.
WALLET = "uta"


def change(
    name: str, given: Given, what: str, symbol: Symbol | None = None, client_oid: str | None = None, **more: Any
) -> Change:
    """One request that changes something, by the name of its row and its parameters as Bitget spells them.

    `more` are other fields of `Change`.
    """
    row = find(name)
    return Change(row, kind_of(row, given), given, what, symbol, client_oid, **more)


def kind_of(row: Endpoint, given: Given) -> ChangeKind:  # noqa: ARG001  # none depends on what is given
    """A row that is on no list is sent once and never again."""
    return _KINDS.get(row.name) or _BY_EFFECT.get(row.effect, ChangeKind.ONCE)


def only_closes(row: Endpoint, given: Given) -> bool:
    """Whether a change can make a position smaller and nothing else."""
    if row.name == _STRATEGY and _type_of(given) == "tpsl":
        return str(given.get("category")).upper() != "SPOT"
    if row.name not in ("v3.trade.place-order", _STRATEGY):
        return False
    closes = (str(given.get("side")).lower(), str(given.get("posSide")).lower()) in _CLOSING
    return closes or str(given.get("reduceOnly")).lower() == "yes"


def ids_to_send(change: Change, oid: str) -> dict[str, str]:
    """The client id, where the row takes one and the exchange heeds it."""
    if change.kind not in (ChangeKind.PLACE, ChangeKind.TRANSFER) or _loses_id(change.row, change.given):
        return {}
    return {"clientOid": oid}


def own_ids(kind: ChangeKind, given: Given) -> list[str]:  # noqa: ARG001  # what is changed keeps its ids
    return [str(given["clientOid"])] if given.get("clientOid") else []


def lookup_key(change: Change, given: Given, around: Given) -> LookupKey:
    """How what became of a change is found. `given` is sent for it, `around` stands beside the list of a batch."""
    whole = {**change.order, **around, **given}
    lookup = change.lookup or lookup_for(change.row, whole)
    makes_something = change.kind in CREATES_ORDER
    nameless = makes_something and (
        _loses_id(change.row, whole)
        or (change.kind is ChangeKind.TRANSFER and change.row.name != _BETWEEN_ACCOUNTS)
        or not own_ids(change.kind, given)
    )
    return LookupKey(
        lookup=lookup,
        ids=() if nameless else tuple(own_ids(change.kind, {**given, **change.given})),
        order_id=None if makes_something else change.given.get("orderId"),
        before=() if nameless else None,
        match=fingerprint(whole),
        aims={name: str(given[name]) for name in _AIMED if given.get(name)} if change.kind is ChangeKind.AMEND else {},
        old=classic.old_ids(change),
    )


def _type_of(given: Given) -> str:
    return str(given.get("type") or "tpsl")


def _loses_id(row: Endpoint, given: Given) -> bool:
    """Whether the exchange keeps no client id of such an order."""
    return row.name == _STRATEGY and _type_of(given) != "tpsl"


def fingerprint(given: Given) -> dict[str, str]:
    """What of a request shows again in what it makes."""
    if given.get("fromType"):
        direction = "OUT" if given["fromType"] == WALLET else "IN"
        return {"coin": str(given.get("coin")), "amount": str(given.get("amount")), "type": f"TRANSFER_{direction}"}
    flat = {**given, **_params_in(given)}
    return {name: str(flat[name]) for name in _COMPARED if flat.get(name)}


def _params_in(row: Row) -> dict[str, Any]:
    """What a strategy order says of its own type: an object, or a list of one."""
    found: dict[str, Any] = {}
    for name in _PARAMS:
        told = row.get(name)
        one = told[0] if isinstance(told, list) and told else told
        found |= one if isinstance(one, Mapping) else {}
    return found


# Where a change is looked for.


def lookup_for(row: Endpoint, given: Given) -> Lookup:
    """The questions for a change; `given` are its parameters as sent, client ids included."""
    match row.name:
        case "v3.trade.place-order":
            return _order({"clientOid": given.get("clientOid")}, given)
        case "v3.trade.modify-order" | "v3.trade.cancel-order":
            # The one id that counts: Bitget prefers the order id where both are given. A change keeps both.
            found = _order(picked(given, "orderId") or picked(given, "clientOid"), given)
            return found._replace(lists=tuple(one for one in found.lists if role_of(one[0]) is not ListRole.FILLS))
        case "v3.trade.place-strategy-order":
            return strategies(given.get("category"), _type_of(given))
        case "v3.trade.modify-strategy-order" | "v3.trade.cancel-strategy-order":
            return strategies(None, None)
        case "v3.account.transfer":
            return _transfer(given)
        case "v3.account.sub-transfer":
            by = picked(given, "coin", "clientOid")
            sides = classic.either_side(given)
            return Lookup(lists=tuple(_ask("v3.account.sub-transfer-record", by | side) for side in sides))
        case "v3.user.create-sub":
            name = {"username": str(given.get("username"))}
            return Lookup(lists=(_ask("v3.user.sub-list", {}),), parts=(name,))
        case "v3.user.create-sub-api":
            keys = _ask("v3.user.sub-api-list", picked(given, "subUid"))
            return Lookup(lists=(keys,), parts=({"note": str(given.get("note"))},))
        case "v3.convert.small-assets-trade":
            coins = given.get("fromCoinList") or ()
            parts = tuple({"fromCoin": str(coin), "toCoin": str(given.get("toCoin") or "BGB")} for coin in coins)
            return Lookup(lists=(_ask("v3.convert.small-assets-history", {}),), parts=parts)
    return queries.questions(row.name, given) if queries.tells(row.name) else Lookup()


def _order(by: Given, given: Given) -> Lookup:
    lists = [_ask("v3.trade.unfilled-orders", picked(given, "category", "symbol"))]
    if given.get("category"):
        lists.append(_ask("v3.trade.history-orders", picked(given, "category", "symbol")))
        lists.append(_ask("v3.trade.fills", picked(given, "category")))
    return Lookup(_ask("v3.trade.order-info", by), tuple(lists))


def strategies(category: str | None, type_: str | None) -> Lookup:
    """A strategy order is in lists alone: those that wait before those that are over."""
    kind = {"type": type_} if type_ else {}
    rows = ("v3.trade.unfilled-strategy-orders", "v3.trade.history-strategy-orders")
    lines = [category] if category else _LINES
    return Lookup(lists=tuple(_ask(name, {"category": line, **kind}) for name in rows for line in lines))


def _transfer(given: Given) -> Lookup:
    """The one wallet books what comes and goes, under no client id."""
    if WALLET not in (given.get("fromType"), given.get("toType")):
        return Lookup()
    booked = {"category": "OTHER", **picked(given, "coin"), "type": fingerprint(given)["type"]}
    return Lookup(lists=(_ask("v3.account.financial-records", booked),))


def _ask(name: str, given: Given) -> Question:
    return find(name), dict(given)


def with_snapshot(key: LookupKey, change: Change, given: Given, client: Client) -> LookupKey:
    """The key with what is there before the change leaves. Raises what the client raises."""
    if change.kind is ChangeKind.MARGIN:
        rows = [row for asked, sent in key.lookup.lists for row in _rows(client.call(asked, **sent))]
        return key._replace(match=queries.margin_before(given, rows))
    if key.before is None:
        return key
    now = milliseconds(client.now())
    seen = [
        classic.first(row, _ID_NAMES)
        for asked, sent in key.lookup.lists
        for row in _rows(client.call(asked, **time_window(asked, now), **sent), asked.paging.rows_at)
    ]
    return key._replace(before=tuple(one for one in seen if one))


def _rows(data: Any, place: str | None = None) -> Iterator[Row]:
    """The rows of an answer, bare, under `list` or in another place; each may be null."""
    held = (data.get("list") or data.get(place)) if isinstance(data, Mapping) else data
    return (row for row in (held if isinstance(held, list) else ()) if isinstance(row, Mapping))


def role_of(row: Endpoint) -> ListRole:
    return _ROLES.get(row.name, ListRole.LIST)


def time_window(row: Endpoint, moment: int) -> dict[str, str]:
    """The times by which a list is asked for what was made about `moment` (ms): always both, as no page tells which
    range is taken for one that is not told."""
    takes = {param.name for param in row.params}
    return {name: time for name, time in classic.around(moment).items() if name in takes}


by_order_id = classic.by_order_id
of_everybody = classic.of_everybody


def by_terms(lookup: Lookup) -> Lookup:
    """The questions that can be asked without an id: lists, of what was not there before."""
    lists = (question for question in lookup.lists if role_of(question[0]) is not ListRole.FILLS)
    return lookup._replace(detail=None, lists=tuple(lists))


# What a row tells.


def trace(row: Row) -> Trace:
    """What a row of an answer or a list tells of an order, a transfer or a conversion."""
    made, word, order_id = classic.first(row, _MADE), classic.first(row, _STATE_NAMES), row.get("orderId")
    return Trace(
        row=row,
        id=classic.first(row, _ID_NAMES),
        order_id=str(order_id) if order_id else None,
        client_oid=classic.first(row, ("clientOid",)),
        state=_STATES.get((word or "").lower()),
        state_word=word,
        made_at=int(made) if made and made.isdigit() else None,
    )


def matches(row: Row, wanted: Mapping[str, str]) -> bool:
    """Whether a row shows the wanted values, as far as it shows them at all; what was booked out bears a sign."""
    flat = {**row, **_params_in(row)}
    return all(
        is_same_value(_plainly(name, str(flat[name])), value) for name, value in wanted.items() if flat.get(name)
    )


def _plainly(name: str, told: str) -> str:
    """An amount without its sign; the name of a sub-account without the mail host that it may come with."""
    return told.removeprefix("-") if name == "amount" else told.partition("@")[0] if name == "username" else told


def matches_firmly(row: Row, wanted: Mapping[str, str]) -> bool:
    """The same, by what an order always shows as it was sent."""
    return matches(row, picked(wanted, *_FIRM))


def is_alike(row: Row, part: Mapping[str, str]) -> bool:
    """Whether a row may be what was meant: a conversion of the same two coins, whatever its amounts, or a strategy
    order of the same type and size, whose own terms nobody has seen told."""
    if part.get("type") not in _UNSEEN:
        return classic.is_alike(row, part)
    return row.get("type") == part["type"] and matches(row, picked(part, "symbol", "side", "qty"))


has_new_values = classic.has_new_values
tells_state = queries.tells


def state_reached(
    row_name: str, given: Given, rows: Sequence[Row], *, signed_at: int, before: Mapping[str, str]
) -> tuple[StateReached, Row | None]:
    """How things stand after a change, by every row that was answered, and the one row that is about it."""
    reached = queries.standing(row_name, StateQuery(given, signed_at, before), rows)
    # The settings are about every market.
    meant = [row for row in rows if row.get("symbol") and queries.is_of(row, given)]
    return reached, meant[0] if len(meant) == 1 else None


# What an answer to a change says.


def confirms(kind: ChangeKind, row_name: str, body: str, key: LookupKey, data: Any) -> bool:
    """Whether the `data` of a success speaks of this very change."""
    rows = [row for row in (data if isinstance(data, list) else [data]) if isinstance(row, Mapping)]
    if any(row.get("code", SUCCESS) != SUCCESS for row in rows):
        return False
    match kind:
        case ChangeKind.PLACE:
            return classic.is_about(rows, key.ids)
        case ChangeKind.AMEND:
            return bool(rows) and all(key.is_of(row.get("orderId"), row.get("clientOid")) for row in rows)
        case ChangeKind.CANCEL:
            named = bool(rows) and all(key.is_of(row.get("orderId"), row.get("clientOid")) for row in rows)
            return named or (row_name == _NAMES_NONE and data in (None, ""))
        case ChangeKind.SETTING | ChangeKind.MARGIN:
            # All that is said to most of them; the others repeat what they were told.
            return data == "success" or data is None or queries.answered(row_name, json.loads(body), rows)
        case ChangeKind.TRANSFER:
            ours = json.loads(body).get("clientOid")
            return bool(rows) and all(row.get("transferId") and row.get("clientOid") == ours for row in rows)
        case ChangeKind.CONVERT:
            told = {str(row.get("fromCoin")) for row in rows if row.get("orderId")}
            return all(part["fromCoin"] in told for part in key.lookup.parts)
        case ChangeKind.CREATE if row_name == "v3.user.create-sub-api":
            return any(row.get("apiKey") and row.get("secret") for row in rows)
        case ChangeKind.CREATE:
            wanted = json.loads(body).get("username")
            return bool(rows) and all(row.get("subUid") and matches(row, {"username": wanted}) for row in rows)
    return True


def is_only_received(kind: ChangeKind, row_name: str) -> bool:
    """Whether a success says no more than that it will be looked at: the new terms of an order are taken, or not,
    a moment later, and of a leverage and its margin mode the settings tell what was kept."""
    return kind is ChangeKind.AMEND or row_name == "v3.account.set-leverage"


def is_judged_by_lists(kind: ChangeKind, row_name: str) -> bool:  # noqa: ARG001  # see classic
    return kind is ChangeKind.CLEAR


def is_confirmed_whole(row_name: str, body: str, data: Any) -> bool | None:  # noqa: ARG001  # its lists decide
    return None


def speaks_of_all(row_name: str, there: Sequence[str], told: Sequence[ItemReply]) -> bool:
    """Whether an answer speaks of everything that was there. Of positions it tells one order each, and no market."""
    if row_name == _CLOSES:
        return bool(told) and len(told) >= len(there)
    return classic.speaks_of_all(row_name, there, told)


def told(answer: Any, row_name: str, body: str) -> Any:
    """What was answered, or shown of it when it was looked up, in the words of a classic account."""
    from bitget_cli.trading.adapters.unified import answers

    return answers.told(answer, row_name, body)


def replies(data: Any) -> tuple[list[ItemReply], list[ItemReply]]:
    """The successes and failures of an answer: one list, in which each row has a code and a message of its own."""
    held = data.get("list") if isinstance(data, Mapping) else data
    if not isinstance(held, list) or not all(isinstance(row, Mapping) and row.get("code") for row in held):
        return [], []
    told = [
        ItemReply(
            row,
            order_id=row.get("orderId") or None,
            client_oid=row.get("clientOid") or None,
            symbol=row.get("symbol") or None,
            code=str(row["code"]),
            message=str(row.get("msg") or ""),
        )
        for row in held
    ]
    return [one for one in told if one.code == SUCCESS], [one for one in told if one.code != SUCCESS]
