"""Orders as rows and parameters: Bitget's spelling of futures sides and modes, and of spot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.errors import UnavailableError
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.change import Batch, Change
from bitget_cli.trading.model import (
    OPENING,
    OPPOSITE,
    Direction,
    OrderIntent,
    PositionSide,
    Terms,
    TimeInForce,
    exact,
)
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.trading.order_model import NewTerms, Order, OrderName, Plan


def _spot_exits(
    take_profit: Decimal | None,
    stop_loss: Decimal | None,
    take_profit_limit: Decimal | None = None,
    stop_loss_limit: Decimal | None = None,
) -> dict[str, str]:
    """Attached exits by their spot names."""
    named = {
        "presetTakeProfitPrice": take_profit,
        "executeTakeProfitPrice": take_profit_limit,
        "presetStopLossPrice": stop_loss,
        "executeStopLossPrice": stop_loss_limit,
    }
    return {name: format(price, "f") for name, price in named.items() if price is not None}


def _spot_body(intent: OrderIntent) -> dict[str, Any]:
    given: dict[str, Any] = {
        "side": intent.direction.value,
        "orderType": "market" if intent.is_market else "limit",
        # Marked required even for market orders, where it is ignored.
        "force": FORCE.get(intent.tif, intent.tif.value),
        "size": intent.size,
    }
    if intent.price is not None:
        given["price"] = intent.price
    exits = (intent.take_profit, intent.stop_loss, intent.take_profit_limit, intent.stop_loss_limit)
    return given | _spot_exits(*exits)


# One-way mode: `side` is the trade's direction, `tradeSide` is left out, closing is `reduceOnly=YES`. Hedge mode:
# `side` names the position and not the trade, so closing a long is side=buy, tradeSide=close (notes of
# mix/order/place-order).

FORCE = {TimeInForce.POST_ONLY: "post_only"}


def place(intent: OrderIntent, terms: Terms | None) -> Change:
    """The change that places an order; `terms` None means spot."""
    if intent.trigger_by:
        raise UnavailableError(
            "a classic account does not take which price sets an attached take-profit or stop-loss off",
            hint="place them once it has traded: bitget plan tpsl SYMBOL --trigger-by; a unified account takes it",
        )
    if terms is None:
        # A market buy's size is money; everything else's is base coin.
        given = {"symbol": intent.symbol.name, **_spot_body(intent)}
        row = "spot.trade.place-order"
    else:
        market = market_words(intent.symbol, terms.margin_coin)
        mode = terms.margin_mode_of(intent).value
        given, row = {**market, "marginMode": mode, **_body(intent, terms)}, "mix.order.place-order"
    made = change(row, given, intent.summary, intent.symbol, intent.client_oid, tag=intent.tag, part=intent)
    return made._replace(ends_at_once=intent.ends_at_once, post_only=intent.is_post_only)


def batch(intents: Sequence[OrderIntent], terms: Terms | None) -> list[Change | Batch]:
    """As few calls as may carry several orders of one market and, in futures, one margin mode.

    A futures batch has no limit prices of attached exits: such an order goes by itself.
    """
    first = intents[0]
    if terms is None:
        items = tuple(place(intent, None)._replace(given=_spot_body(intent)) for intent in intents)
        return [Batch(find("spot.trade.batch-orders"), {"symbol": first.symbol.name}, items, "orderList")]
    return in_runs(
        intents,
        fits=lambda intent: all(leg.limit is None for leg in intent.legs),
        alone=lambda intent: place(intent, terms),
        together=lambda some: _several(some, terms),
    )


def in_runs(
    intents: Sequence[OrderIntent],
    *,
    fits: Callable[[OrderIntent], bool],
    alone: Callable[[OrderIntent], Change],
    together: Callable[[Sequence[OrderIntent]], list[Change | Batch]],
) -> list[Change | Batch]:
    """The orders in their sequence: what fits into a call goes together, what does not by itself."""
    found: list[Change | Batch] = []
    for fit, alike in groupby(intents, key=fits):
        some = list(alike)
        found += together(some) if fit else map(alone, some)
    return found


def _several(intents: Sequence[OrderIntent], terms: Terms) -> list[Change | Batch]:
    first = intents[0]
    outside = {**market_words(first.symbol, terms.margin_coin), "marginMode": terms.margin_mode_of(first).value}
    items = tuple(place(intent, terms)._replace(given=_body(intent, terms)) for intent in intents)
    return [Batch(find("mix.order.batch-place-order"), outside, items, "orderList")]


def side_words(direction: Direction, *, closing: bool, terms: Terms, yes: str = "YES") -> dict[str, str]:
    """`side`, `tradeSide` and `reduceOnly` for a trade in its true direction."""
    if not terms.hedges:
        return {"side": direction.value} | ({"reduceOnly": yes} if closing else {})
    if closing:
        return {"side": OPPOSITE[direction].value, "tradeSide": "close"}
    return {"side": direction.value, "tradeSide": "open"}


def market_words(symbol: Symbol, margin_coin: str) -> dict[str, str]:
    return {"symbol": symbol.name, "productType": symbol.product.wire, "marginCoin": margin_coin}


def modify(order: Order, given: NewTerms, *, price: Decimal | None, size: Decimal | None, what: str) -> Change:
    """A new price and size together, or in futures attached exits alone (`tp`, `sl`; 0 removes one)."""
    symbol, ids = order.symbol, ids_of(order)
    if symbol.product.is_spot:
        # Cancels the order and places another in its stead, with all that it shall have.
        levels = [given.get(name, live) or None for name, live in _live_exits(order)]
        limits = (exact(order.row.get(name)) or None for name in ("executeTakeProfitPrice", "executeStopLossPrice"))
        exits = _spot_exits(*levels, *(limit if level else None for level, limit in zip(levels, limits, strict=True)))
        body: dict[str, Any] = {"symbol": symbol.name, **ids, "price": price, "size": size, **exits}
        return change("spot.trade.cancel-replace-order", body, what, symbol, order=all_names(order))
    body = {"symbol": symbol.name, "productType": symbol.product.wire, **ids}
    body |= {"newPrice": price, "newSize": size} if size is not None else _moved_exits(order, given)
    return change("mix.order.modify-order", body, what, symbol, order=all_names(order))


def _live_exits(order: Order) -> tuple[tuple[str, Decimal | None], ...]:
    return ("tp", order.take_profit), ("sl", order.stop_loss)


def _moved_exits(order: Order, given: NewTerms) -> dict[str, str]:
    """Both exits, since Bitget takes one sent alone as the end of the other."""
    names = {"tp": "newPresetStopSurplusPrice", "sl": "newPresetStopLossPrice"}
    levels = {name: given.get(name, live) for name, live in _live_exits(order)}
    return {names[name]: format(level, "f") for name, level in levels.items() if level is not None}


def all_names(order: Order | Plan) -> dict[str, str]:
    """Every id of an order."""
    names = {"orderId": order.order_id, "clientOid": order.client_order_id}
    return {name: text for name, text in names.items() if text}


def ids_of(name: OrderName | Order | Plan) -> dict[str, str]:
    """The one id that an order is asked for or changed by: Bitget prefers the order id where both are given."""
    if name.order_id:
        return {"orderId": name.order_id}
    return {"clientOid": name.client_order_id} if name.client_order_id else {}


def cancel(market: Symbol, orders: Sequence[OrderName]) -> list[Change | Batch]:
    """One order by its own call, several of a market by one. Spot does not mix order ids and client ids in a call, and
    takes exits one by one, as such."""
    exits = [name for name in orders if name.is_exit]
    if exits and len(orders) > 1:
        plain = [name for name in orders if not name.is_exit]
        alone = [change for name in exits for change in cancel(market, [name])]
        return [*(cancel(market, plain) if plain else ()), *alone]
    single = "spot.trade.cancel-order" if market.product.is_spot else "mix.order.cancel-order"
    outside = {"symbol": market.name} | ({} if market.product.is_spot else {"productType": market.product.wire})
    kinds: dict[str, list[Change]] = {}
    for name in orders:
        ids = ids_of(name)
        what = f"cancel order {_id(ids)} of {market.name}{' spot' if market.product.is_spot else ''}"
        known = {**ids, "clientOid": name.client_order_id} if name.order_id and name.client_order_id else {}
        kinds.setdefault(next(iter(ids)), []).append(change(single, ids, what, market, order=known, part=name))
    if len(orders) == 1:
        outside |= {"tpslType": "tpsl"} if exits else {}
        return [change._replace(given={**outside, **change.given}) for alike in kinds.values() for change in alike]
    row, listed = (
        ("spot.trade.batch-cancel-order", "orderList")
        if market.product.is_spot
        else ("mix.order.batch-cancel-orders", "orderIdList")
    )
    return [Batch(find(row), outside, tuple(alike), listed) for alike in kinds.values()]


def cancel_market(symbol: Symbol) -> Change:
    """Every open order of one market."""
    if symbol.product.is_spot:
        what = f"cancel every order of {symbol.name} spot"
        return change("spot.trade.cancel-symbol-order", {"symbol": symbol.name}, what, symbol)
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
    what = f"close the {side.value} {symbol.name} at market"
    return change("mix.order.close-positions", given, what, symbol, ends_at_once=True)


def close_product(product: Product) -> Change:
    """Every position of a futures line at market."""
    what = f"close every position of {product} at market"
    return change("mix.order.close-positions", {"productType": product.wire}, what, ends_at_once=True)


def reverse(symbol: Symbol, side: PositionSide, terms: Terms, *, size: Decimal) -> list[Change]:
    """Close a position and open its opposite, in one call.

    One-way: the trade's direction, and no size is all of it. Hedge: the position's side and all of its size.
    """
    given: dict[str, Any] = market_words(symbol, terms.margin_coin)
    if terms.hedges:
        given |= {"size": size, "side": OPENING[side].value, "tradeSide": "close"}
    else:
        given |= {"side": OPPOSITE[OPENING[side]].value}
    what = f"reverse the {side.value} {symbol.name} at market"
    return [change("mix.order.click-backhand", given, what, symbol, ends_at_once=True)]


def _body(intent: OrderIntent, terms: Terms) -> dict[str, Any]:
    """What of an order stands inside a batch's list: all but market and margin."""
    given: dict[str, Any] = {
        "size": intent.size,
        **side_words(intent.direction, closing=intent.closing, terms=terms),
        "orderType": "market" if intent.is_market else "limit",
    }
    if intent.price is not None:
        given |= {"price": intent.price, "force": FORCE.get(intent.tif, intent.tif.value)}
    exits = {
        "presetStopSurplusPrice": intent.take_profit,
        "presetStopSurplusExecutePrice": intent.take_profit_limit,
        "presetStopLossPrice": intent.stop_loss,
        "presetStopLossExecutePrice": intent.stop_loss_limit,
    }
    return given | {name: price for name, price in exits.items() if price is not None}


# Requests that the journal keeps may have been sent while the account was of the other kind.


def name_in(body: Any) -> OrderName:
    """What a request of ours called the order that it was about."""
    from bitget_cli.trading.order_model import OrderName

    told = _only(body)
    told = told if isinstance(told, dict) else {}
    order_id, client_oid = (str(told[name]) if told.get(name) else None for name in ("orderId", "clientOid"))
    return OrderName(order_id, client_oid)


def was_to_close(body: Any) -> bool:
    """Whether a request placed an order that only closes. Of one-way mode; in hedge mode the order itself shows it."""
    told = _only(body)
    listed = told.get("orderList")
    item = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else told
    return str(item.get("reduceOnly")).lower() == "yes" and not item.get("tradeSide")


def product_of(row_name: str, body: Any) -> Product | None:
    """Where a request of ours went."""
    if row_name.startswith("spot."):
        return Product.SPOT
    told = _only(body)
    line = str(told.get("productType") or told.get("category") or "").lower()
    return Product(line) if line in tuple(Product) else None


def _only(body: Any) -> dict[str, Any]:
    """A request, or the one item of a bare list; empty for anything else."""
    told = body[0] if isinstance(body, list) and len(body) == 1 else body
    return told if isinstance(told, dict) else {}


def _id(ids: dict[str, str]) -> str:
    return next(iter(ids.values()))
