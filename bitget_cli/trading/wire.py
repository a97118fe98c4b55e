"""An intent as a row and its parameters: the place that knows Bitget's spelling of futures sides and modes.

One-way mode: `side` is the trade's direction, `tradeSide` is left out, closing is `reduceOnly=YES`. Hedge mode: `side`
names the position and not the trade, so closing a long is side=buy, tradeSide=close (notes of mix/order/place-order).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bitget_cli.catalogue import order, position
from bitget_cli.trading import spot_wire
from bitget_cli.trading.changes import Batch, Change, Direction, PositionMode, PositionSide
from bitget_cli.trading.intents import MarginMode, Order, TimeInForce
from bitget_cli.values import Product, Symbol

OPPOSITE = {Direction.BUY: Direction.SELL, Direction.SELL: Direction.BUY}
OPENING = {PositionSide.LONG: Direction.BUY, PositionSide.SHORT: Direction.SELL}
OPENS = {direction: side for side, direction in OPENING.items()}
FORCE = {TimeInForce.POST_ONLY: "post_only"}


@dataclass(frozen=True)
class Terms:
    """How a futures account trades a market: what an order has to say besides what is meant."""

    position_mode: PositionMode
    margin_mode: MarginMode
    margin_coin: str

    @property
    def hedges(self) -> bool:
        return self.position_mode is PositionMode.HEDGE


def place(intent: Order, terms: Terms | None) -> Change:
    """The change that places an order; `terms` None means spot."""
    if terms is None:
        return spot_wire.place(intent)
    market = market_words(intent.symbol, terms.margin_coin)
    mode = (intent.margin_mode or terms.margin_mode).value
    given = {**market, "marginMode": mode, **_body(intent, terms)}
    return Change(order.FUTURES_PLACE_ORDER, given, intent.said, intent.symbol, intent.client_oid)


def batch(intents: Sequence[Order], terms: Terms | None) -> Batch:
    """The change that places several orders of one market and, in futures, one margin mode."""
    if terms is None:
        return spot_wire.batch(intents)
    first = intents[0]
    mode = (first.margin_mode or terms.margin_mode).value
    outside = {**market_words(first.symbol, terms.margin_coin), "marginMode": mode}
    items = tuple(replace(place(intent, terms), given=_body(intent, terms)) for intent in intents)
    return Batch(order.FUTURES_BATCH_PLACE_ORDER, outside, items)


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
    return Change(order.FUTURES_MODIFY_ORDER, {**given, **exits}, what, symbol)


def cancel(symbol: Symbol, ids: dict[str, str]) -> Change:
    if symbol.product.is_spot:
        return spot_wire.cancel(symbol, ids)
    given = {"symbol": symbol.name, "productType": symbol.product.wire, **ids}
    return Change(order.FUTURES_CANCEL_ORDER, given, f"cancel order {_id(ids)} of {symbol.name}", symbol)


def cancel_several(symbol: Symbol, orders: Sequence[dict[str, str]]) -> Batch:
    """Several orders of one market, each by its id."""
    if symbol.product.is_spot:
        return spot_wire.cancel_several(symbol, orders)
    outside = {"symbol": symbol.name, "productType": symbol.product.wire}
    items = tuple(replace(cancel(symbol, ids), given=ids) for ids in orders)
    return Batch(order.FUTURES_BATCH_CANCEL_ORDERS, outside, items, list_name="orderIdList")


def cancel_market(symbol: Symbol) -> Change:
    """Every open order of one market."""
    if symbol.product.is_spot:
        return spot_wire.cancel_market(symbol)
    given = {"symbol": symbol.name, "productType": symbol.product.wire}
    return Change(order.FUTURES_BATCH_CANCEL_ORDERS, given, f"cancel every order of {symbol.name}", symbol)


def cancel_product(product: Product) -> Change:
    """Every open order of a futures line."""
    what = f"cancel every order of {product}"
    return Change(order.FUTURES_CANCEL_ALL_ORDERS, {"productType": product.wire}, what)


def close_whole(symbol: Symbol, side: PositionSide, *, hedges: bool) -> Change:
    """A whole position at market. The side is sent where there could be two."""
    given = {"symbol": symbol.name, "productType": symbol.product.wire}
    given |= {"holdSide": side.value} if hedges else {}
    return Change(position.FUTURES_CLOSE_POSITIONS, given, f"close the {side.value} {symbol.name} at market", symbol)


def close_product(product: Product) -> Change:
    """Every position of a futures line at market."""
    what = f"close every position of {product} at market"
    return Change(position.FUTURES_CLOSE_POSITIONS, {"productType": product.wire}, what)


def reverse(symbol: Symbol, side: PositionSide, terms: Terms, *, size: Decimal) -> Change:
    """Close a position and open its opposite.

    One-way: the trade's direction, and no size is all of it. Hedge: the position's side and all of its size.
    """
    given: dict[str, Any] = market_words(symbol, terms.margin_coin)
    if terms.hedges:
        given |= {"size": size, "side": OPENING[side].value, "tradeSide": "close"}
    else:
        given |= {"side": OPPOSITE[OPENING[side]].value}
    return Change(position.FUTURES_CLICK_BACKHAND, given, f"reverse the {side.value} {symbol.name} at market", symbol)


def _body(intent: Order, terms: Terms) -> dict[str, Any]:
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
