"""Where to look for what became of a change: for each row that changes something, the rows that tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.trading import aftermath
from bitget_cli.trading.changes import REPLACING, Lookup, Question, only_named

Given = Mapping[str, Any]

# Bitget's fills carry no client id; what they show is looked up by its order id.
FILLS = frozenset({"mix.order.fills", "spot.trade.fills"})

_NOTHING = Lookup()
# What of a conversion shows again in the record of it.
_CONVERTED = ("fromCoin", "fromCoinSize", "toCoin", "toCoinSize", "cnvtPrice")


def lookup_for(row: Endpoint, given: Given) -> Lookup:
    """The questions for a change; `given` are its parameters as sent, client ids included."""
    if rule := _RULES.get(row.name):
        return rule(given)
    return aftermath.questions(row.name, given) if aftermath.tells(row.name) else _NOTHING


def _futures_order(given: Given) -> Lookup:
    market, by = _of(given, "symbol", "productType"), {"clientOid": given.get("clientOid")}
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
    if not any(given.get(name) for name in REPLACING):
        return _futures_exits_moved(given)
    new = _futures_order({**given, "clientOid": given.get("newClientOid")})
    return Lookup(new.detail, new.lists, _ask("mix.order.detail", _of(given, "symbol", "productType") | _ids(given)))


def _futures_exits_moved(given: Given) -> Lookup:
    """The order itself, which keeps its id; or one that stands in its place under the client id that was sent."""
    market = _of(given, "symbol", "productType")
    old = _futures_cancel(given)
    new = _ask("mix.order.detail", market | {"clientOid": given.get("newClientOid")})
    return Lookup(new, (*([old.detail] if old.detail else ()), *old.lists))


def _futures_cancel(given: Given) -> Lookup:
    order = _of(given, "symbol", "productType") | _ids(given)
    partly = _ask("mix.order.orders-pending", order | {"status": "partially_filled"})
    return Lookup(_ask("mix.order.detail", order), (_ask("mix.order.orders-pending", order), partly))


def _spot_order(given: Given) -> Lookup:
    if given.get("tpslType") == "tpsl":
        return _spot_exit(given)
    market = _of(given, "symbol")
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
    market = _of(given, "symbol", "tpslType")
    return Lookup(lists=(_ask("spot.trade.unfilled-orders", market), _ask("spot.trade.history-orders", market)))


def _spot_replacement(given: Given) -> Lookup:
    new = _spot_order({**given, "clientOid": given.get("newClientOid")})
    return Lookup(new.detail, new.lists, _ask("spot.trade.orderInfo", _ids(given)))


def _spot_cancel(given: Given) -> Lookup:
    market = _of(given, "symbol", "tpslType")
    by_id = market | _of(given, "orderId")
    return Lookup(_ask("spot.trade.orderInfo", _ids(given)), (_ask("spot.trade.unfilled-orders", by_id),))


def _futures_plan(given: Given) -> Lookup:
    kind = given.get("planType")
    return _plans(given, (str(kind) if kind in ("normal_plan", "track_plan") else "profit_loss",))


def _position_exits(given: Given) -> Lookup:
    market = _of(given, "symbol", "productType") | {"planType": "profit_loss"}
    return Lookup(
        lists=(_ask("mix.order.orders-plan-pending", market), _ask("mix.order.orders-plan-history", market)),
    )


def _changed_plan(given: Given) -> Lookup:
    return _plans(given, ("normal_plan", "track_plan"))


def _cancelled_plans(given: Given) -> Lookup:
    """One that is named is looked up by its id; of more than one it is asked what is left of them."""
    named = only_named(given)
    if named is None:
        return aftermath.questions("mix.order.cancel-plan-order", given)
    kind = str(given.get("planType"))
    plain = kind in ("normal_plan", "track_plan")
    return _plans({**given, **named}, (kind if plain else "profit_loss",))


def _plans(given: Given, kinds: tuple[str, ...]) -> Lookup:
    market = _of(given, "symbol", "productType")
    rows = ("mix.order.orders-plan-pending", "mix.order.orders-plan-history")
    # By either of its ids: an order that was changed may have got another order id.
    names = [{name: given[name]} for name in ("orderId", "clientOid") if given.get(name)] or [{}]
    asked = ((row, ids, kind) for row in rows for ids in names for kind in kinds)
    return Lookup(lists=tuple(_ask(row, market | ids | {"planType": kind}) for row, ids, kind in asked))


def _spot_plan(given: Given) -> Lookup:
    market = _of(given, "symbol")
    return Lookup(lists=(_ask("spot.trade.current-plan-order", market), _ask("spot.trade.history-plan-order", market)))


def _transfer(given: Given) -> Lookup:
    return Lookup(lists=(_ask("spot.account.transferRecords", _of(given, "coin", "fromType", "clientOid")),))


def _conversion(given: Given) -> Lookup:
    part = {name: str(given[name]) for name in _CONVERTED if given.get(name)}
    return Lookup(lists=(_ask("convert.convert-record", {}),), parts=(part,))


def _small_balances(given: Given) -> Lookup:
    coins = given.get("coinList") or ()
    parts = tuple({"fromCoin": str(coin), "toCoin": "BGB"} for coin in coins)
    return Lookup(lists=(_ask("convert.bgb-convert-records", {}),), parts=parts)


def _ask(name: str, given: Given) -> Question:
    return find(name), dict(given)


def _of(given: Given, *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names if given.get(name)}


def _ids(given: Given) -> dict[str, Any]:
    """The one id that counts: Bitget prefers the order id where both are given."""
    return _of(given, "orderId") or _of(given, "clientOid")


_RULES: dict[str, Callable[[Given], Lookup]] = {
    "mix.order.place-order": _futures_order,
    "mix.order.modify-order": _futures_replacement,
    "mix.order.cancel-order": _futures_cancel,
    "mix.order.cancel-plan-order": _cancelled_plans,
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
    "convert.trade": _conversion,
    "convert.bgb-convert": _small_balances,
}
