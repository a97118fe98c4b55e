"""Spot intents as rows and parameters. A spot order has no position, no mode and no margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bitget_cli.catalogue import spot_order
from bitget_cli.trading.changes import Batch, Change
from bitget_cli.trading.intents import Order, TimeInForce
from bitget_cli.values import Symbol


def place(intent: Order) -> Change:
    """A market buy's size is money; everything else's is base coin."""
    given = {"symbol": intent.symbol.name, **_body(intent)}
    return Change(spot_order.SPOT_PLACE_ORDER, given, intent.said, intent.symbol, intent.client_oid)


def batch(intents: Sequence[Order]) -> Batch:
    symbol = intents[0].symbol
    items = tuple(replace(place(intent), given=_body(intent)) for intent in intents)
    return Batch(spot_order.SPOT_BATCH_ORDERS, {"symbol": symbol.name}, items)


def replace_order(
    symbol: Symbol, ids: dict[str, str], *, price: Decimal, size: Decimal, exits: dict[str, str], what: str
) -> Change:
    """Cancel an order and place another in its stead, with the price and size it shall have."""
    given: dict[str, Any] = {"symbol": symbol.name, **ids, "price": price, "size": size, **exits}
    return Change(spot_order.SPOT_CANCEL_REPLACE_ORDER, given, what, symbol)


def exits(take_profit: Decimal | None, stop_loss: Decimal | None) -> dict[str, str]:
    """Attached exits by their spot names."""
    named = {"presetTakeProfitPrice": take_profit, "presetStopLossPrice": stop_loss}
    return {name: format(price, "f") for name, price in named.items() if price is not None}


def cancel(symbol: Symbol, ids: dict[str, str]) -> Change:
    given = {"symbol": symbol.name, **ids}
    what = f"cancel order {next(iter(ids.values()))} of {symbol.name} spot"
    return Change(spot_order.SPOT_CANCEL_ORDER, given, what, symbol)


def cancel_several(symbol: Symbol, orders: Sequence[dict[str, str]]) -> Batch:
    items = tuple(replace(cancel(symbol, ids), given=ids) for ids in orders)
    return Batch(spot_order.SPOT_BATCH_CANCEL_ORDER, {"symbol": symbol.name}, items)


def cancel_market(symbol: Symbol) -> Change:
    what = f"cancel every order of {symbol.name} spot"
    return Change(spot_order.SPOT_CANCEL_SYMBOL_ORDER, {"symbol": symbol.name}, what, symbol)


def _body(intent: Order) -> dict[str, Any]:
    force = "post_only" if intent.tif is TimeInForce.POST_ONLY else intent.tif.value
    given: dict[str, Any] = {
        "side": intent.direction.value,
        "orderType": "market" if intent.is_market else "limit",
        # Marked required even for market orders, where it is ignored.
        "force": force,
        "size": intent.size,
    }
    if intent.price is not None:
        given["price"] = intent.price
    return given | exits(intent.take_profit, intent.stop_loss)
