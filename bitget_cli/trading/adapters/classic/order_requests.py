"""Orders as rows and parameters: Bitget's spelling of futures sides and modes, and of spot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from bitget_cli.catalogue import find
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.model import (
    Batch,
    Change,
    Direction,
    MarginMode,
    OrderIntent,
    PositionMode,
    PositionSide,
    TimeInForce,
)
from bitget_cli.values import Product, Symbol


def place_spot(intent: OrderIntent) -> Change:
    """A market buy's size is money; everything else's is base coin."""
    given = {"symbol": intent.symbol.name, **_spot_body(intent)}
    return change("spot.trade.place-order", given, intent.said, intent.symbol, intent.client_oid)


def place_spot_batch(intents: Sequence[OrderIntent]) -> Batch:
    symbol = intents[0].symbol
    items = tuple(place_spot(intent)._replace(given=_spot_body(intent)) for intent in intents)
    return Batch(find("spot.trade.batch-orders"), {"symbol": symbol.name}, items)


def replace_spot(
    symbol: Symbol, ids: dict[str, str], *, price: Decimal, size: Decimal, exits: dict[str, str], what: str
) -> Change:
    """Cancel an order and place another in its stead, with the price and size it shall have."""
    given: dict[str, Any] = {"symbol": symbol.name, **ids, "price": price, "size": size, **exits}
    return change("spot.trade.cancel-replace-order", given, what, symbol)


def spot_exits(take_profit: Decimal | None, stop_loss: Decimal | None) -> dict[str, str]:
    """Attached exits by their spot names."""
    named = {"presetTakeProfitPrice": take_profit, "presetStopLossPrice": stop_loss}
    return {name: format(price, "f") for name, price in named.items() if price is not None}


def cancel_spot(symbol: Symbol, ids: dict[str, str]) -> Change:
    given = {"symbol": symbol.name, **ids}
    what = f"cancel order {next(iter(ids.values()))} of {symbol.name} spot"
    return change("spot.trade.cancel-order", given, what, symbol)


def cancel_several_spot(symbol: Symbol, orders: Sequence[dict[str, str]]) -> Batch:
    items = tuple(cancel_spot(symbol, ids)._replace(given=ids) for ids in orders)
    return Batch(find("spot.trade.batch-cancel-order"), {"symbol": symbol.name}, items)


def cancel_spot_market(symbol: Symbol) -> Change:
    what = f"cancel every order of {symbol.name} spot"
    return change("spot.trade.cancel-symbol-order", {"symbol": symbol.name}, what, symbol)


def _spot_body(intent: OrderIntent) -> dict[str, Any]:
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
    return given | spot_exits(intent.take_profit, intent.stop_loss)


# One-way mode: `side` is the trade's direction, `tradeSide` is left out, closing is `reduceOnly=YES`. Hedge mode:
# `side` names the position and not the trade, so closing a long is side=buy, tradeSide=close (notes of
# mix/order/place-order).

OPPOSITE = {Direction.BUY: Direction.SELL, Direction.SELL: Direction.BUY}
OPENING = {PositionSide.LONG: Direction.BUY, PositionSide.SHORT: Direction.SELL}
OPENS = {direction: side for side, direction in OPENING.items()}
FORCE = {TimeInForce.POST_ONLY: "post_only"}


class Terms(NamedTuple):
    """How a futures account trades a market: what an order has to say besides what is meant."""

    position_mode: PositionMode
    margin_mode: MarginMode
    margin_coin: str

    @property
    def hedges(self) -> bool:
        return self.position_mode is PositionMode.HEDGE


def place(intent: OrderIntent, terms: Terms | None) -> Change:
    """The change that places an order; `terms` None means spot."""
    if terms is None:
        return place_spot(intent)
    market = market_words(intent.symbol, terms.margin_coin)
    mode = (intent.margin_mode or terms.margin_mode).value
    given = {**market, "marginMode": mode, **_body(intent, terms)}
    return change("mix.order.place-order", given, intent.said, intent.symbol, intent.client_oid)


def batch(intents: Sequence[OrderIntent], terms: Terms | None) -> Batch:
    """The change that places several orders of one market and, in futures, one margin mode."""
    if terms is None:
        return place_spot_batch(intents)
    first = intents[0]
    mode = (first.margin_mode or terms.margin_mode).value
    outside = {**market_words(first.symbol, terms.margin_coin), "marginMode": mode}
    items = tuple(place(intent, terms)._replace(given=_body(intent, terms)) for intent in intents)
    return Batch(find("mix.order.batch-place-order"), outside, items)


def side_words(direction: Direction, *, closing: bool, terms: Terms, yes: str = "YES") -> dict[str, str]:
    """`side`, `tradeSide` and `reduceOnly` for a trade in its true direction."""
    if not terms.hedges:
        return {"side": direction.value} | ({"reduceOnly": yes} if closing else {})
    if closing:
        return {"side": OPPOSITE[direction].value, "tradeSide": "close"}
    return {"side": direction.value, "tradeSide": "open"}


def direction_of(row: Mapping[str, Any]) -> str:
    """The true direction of an order as Bitget lists it: in hedge mode a closing one shows its position's side."""
    side = str(row.get("side"))
    return OPPOSITE[Direction(side)].value if row.get("tradeSide") == "close" and side in OPENS else side


def market_words(symbol: Symbol, margin_coin: str) -> dict[str, str]:
    return {"symbol": symbol.name, "productType": symbol.product.wire, "marginCoin": margin_coin}


def modify(
    symbol: Symbol,
    ids: dict[str, str],
    *,
    price: Decimal | None,
    size: Decimal | None,
    exits: dict[str, str],
    what: str,
) -> Change:
    """A futures order's new price and size together, or its new attached exits (`"0"` removes one)."""
    given: dict[str, Any] = {"symbol": symbol.name, "productType": symbol.product.wire, **ids}
    given |= {"newPrice": price, "newSize": size} if size is not None else {}
    return change("mix.order.modify-order", {**given, **exits}, what, symbol)


def cancel(symbol: Symbol, ids: dict[str, str]) -> Change:
    if symbol.product.is_spot:
        return cancel_spot(symbol, ids)
    given = {"symbol": symbol.name, "productType": symbol.product.wire, **ids}
    return change("mix.order.cancel-order", given, f"cancel order {_id(ids)} of {symbol.name}", symbol)


def cancel_several(symbol: Symbol, orders: Sequence[dict[str, str]]) -> Batch:
    """Several orders of one market, each by its id."""
    if symbol.product.is_spot:
        return cancel_several_spot(symbol, orders)
    outside = {"symbol": symbol.name, "productType": symbol.product.wire}
    items = tuple(cancel(symbol, ids)._replace(given=ids) for ids in orders)
    return Batch(find("mix.order.batch-cancel-orders"), outside, items, list_name="orderIdList")


def cancel_market(symbol: Symbol) -> Change:
    """Every open order of one market."""
    if symbol.product.is_spot:
        return cancel_spot_market(symbol)
    given = {"symbol": symbol.name, "productType": symbol.product.wire}
    return change("mix.order.batch-cancel-orders", given, f"cancel every order of {symbol.name}", symbol)


def cancel_product(product: Product) -> Change:
    """Every open order of a futures line."""
    what = f"cancel every order of {product}"
    return change("mix.order.cancel-all-orders", {"productType": product.wire}, what)


def close_whole(symbol: Symbol, side: PositionSide, *, hedges: bool) -> Change:
    """A whole position at market. The side is sent where there could be two."""
    given = {"symbol": symbol.name, "productType": symbol.product.wire}
    given |= {"holdSide": side.value} if hedges else {}
    return change("mix.order.close-positions", given, f"close the {side.value} {symbol.name} at market", symbol)


def close_product(product: Product) -> Change:
    """Every position of a futures line at market."""
    what = f"close every position of {product} at market"
    return change("mix.order.close-positions", {"productType": product.wire}, what)


def reverse(symbol: Symbol, side: PositionSide, terms: Terms, *, size: Decimal) -> Change:
    """Close a position and open its opposite.

    One-way: the trade's direction, and no size is all of it. Hedge: the position's side and all of its size.
    """
    given: dict[str, Any] = market_words(symbol, terms.margin_coin)
    if terms.hedges:
        given |= {"size": size, "side": OPENING[side].value, "tradeSide": "close"}
    else:
        given |= {"side": OPPOSITE[OPENING[side]].value}
    return change("mix.order.click-backhand", given, f"reverse the {side.value} {symbol.name} at market", symbol)


def _body(intent: OrderIntent, terms: Terms) -> dict[str, Any]:
    """What of an order stands inside a batch's list: all but market and margin."""
    given: dict[str, Any] = {
        "size": intent.size,
        **side_words(intent.direction, closing=intent.closing, terms=terms),
        "orderType": "market" if intent.is_market else "limit",
    }
    if intent.price is not None:
        given |= {"price": intent.price, "force": FORCE.get(intent.tif, intent.tif.value)}
    exits = {"presetStopSurplusPrice": intent.take_profit, "presetStopLossPrice": intent.stop_loss}
    return given | {name: price for name, price in exits.items() if price is not None}


def _id(ids: dict[str, str]) -> str:
    return next(iter(ids.values()))
