"""How a change is found once Bitget has moved the account to the other kind than the one that it was sent to.

Orders keep their ids; all else (settings, transfers, conversions, orders without a client id) is not known again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.trading.adapters.classic import changes as classic
from bitget_cli.trading.adapters.classic.order_requests import product_of
from bitget_cli.trading.adapters.unified import changes as unified
from bitget_cli.trading.change import ChangeKind, Lookup, LookupKey, Question
from bitget_cli.values import Product, Symbol, picked

if TYPE_CHECKING:
    from bitget_cli.trading.adapters.protocol import ChangeAdapter

# Changes that make an order or name one.
_OF_ORDERS = frozenset({ChangeKind.PLACE, ChangeKind.REPLACE, ChangeKind.AMEND, ChangeKind.CANCEL})
# What an order shows, by the names of a classic account and of a unified one.
_SHOWN = {
    "size": "qty",
    "price": "price",
    "triggerPrice": "triggerPrice",
    "executePrice": "triggerOrderPrice",
    "presetStopSurplusPrice": "takeProfit",
    "presetStopLossPrice": "stopLoss",
}
_PLAN_KINDS = ("normal_plan", "track_plan", "profit_loss")


def lookup(
    row_name: str, market: str | None, body: Any, *, kind: ChangeKind, key: LookupKey
) -> tuple[ChangeAdapter, LookupKey] | None:
    """Who knows the change now, and what it is found by; None where it is known by nothing.

    `row_name`, `body` and `key` are what was sent and how it would have been found.
    """
    product = product_of(row_name, body) or _product_in(key.lookup)
    nameless = key.before is not None or not (key.ids or key.order_id)
    if kind not in _OF_ORDERS or nameless or not market or not product:
        return None
    was_unified = row_name.startswith("v3.")
    waits = any(word in row_name for word in ("strategy", "plan", "tpsl"))
    asked = (_of_classic if was_unified else _of_unified)(Symbol(market, product), _name(kind, key), kind, waits=waits)
    old = key.lookup.other
    if old and not was_unified:
        asked = asked._replace(other=(find("v3.trade.order-info"), picked(old[1], "orderId", "clientOid")))
    names = {theirs: ours for ours, theirs in _SHOWN.items()} if was_unified else _SHOWN
    aims = {names[name]: value for name, value in key.aims.items() if name in names}
    # A side is told otherwise in hedge mode.
    moved = key._replace(lookup=asked, match={"symbol": market}, aims=aims)
    return (classic if was_unified else unified), moved


def _name(kind: ChangeKind, key: LookupKey) -> dict[str, str]:
    """The one id that the order is asked for by."""
    if key.order_id:
        return {"orderId": key.order_id}
    names = key.ids if kind in (ChangeKind.PLACE, ChangeKind.REPLACE) else (*key.old, *key.ids)
    return {"clientOid": names[0]}


def _product_in(asked: Lookup) -> Product | None:
    """Where a change was looked for, of which the request itself does not tell the market."""
    questions: list[Question] = [*asked.lists, *([asked.detail] if asked.detail else [])]
    return next((found for _, given in questions if (found := product_of("", dict(given)))), None)


def _of_unified(market: Symbol, name: Mapping[str, str], kind: ChangeKind, *, waits: bool) -> Lookup:
    if waits:
        return unified.strategies(market.product.wire, None)
    makes = kind in (ChangeKind.PLACE, ChangeKind.REPLACE)
    row = find("v3.trade.place-order" if makes else "v3.trade.cancel-order")
    return unified.lookup_for(row, {"category": market.product.wire, "symbol": market.name, **name})


def _of_classic(market: Symbol, name: Mapping[str, str], kind: ChangeKind, *, waits: bool) -> Lookup:
    spot, makes = market.product.is_spot, kind is ChangeKind.PLACE
    given = {"symbol": market.name, **({} if spot else {"productType": market.product.wire}), **name}
    if not waits:
        row = f"{'spot.trade' if spot else 'mix.order'}.{'place' if makes else 'cancel'}-order"
        return classic.lookup_for(find(row), given)
    if spot:
        return classic.lookup_for(find("spot.trade.place-plan-order"), given)
    each = [classic.lookup_for(find("mix.order.place-plan-order"), {**given, "planType": word}) for word in _PLAN_KINDS]
    return Lookup(lists=tuple(question for one in each for question in one.lists))
