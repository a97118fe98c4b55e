"""Orders and positions as rows and parameters of a unified account, from what is meant.

`side` is the true direction in either position mode. Hedge mode adds `posSide`, the position that is meant, and no
`reduceOnly`: closing a long is side=sell posSide=long. One-way mode closes with reduceOnly=yes.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.errors import UnavailableError, UsageError
from bitget_cli.trading.adapters.classic import order_requests as classic
from bitget_cli.trading.adapters.classic.order_requests import all_names, ids_of
from bitget_cli.trading.adapters.unified.changes import change
from bitget_cli.trading.change import Batch, Change
from bitget_cli.trading.model import (
    EXACT,
    OPENING,
    OPENS,
    OPPOSITE,
    Direction,
    MarginMode,
    OrderIntent,
    PositionSide,
    Terms,
    TimeInForce,
    TriggerBy,
)
from bitget_cli.values import Product, Symbol

if TYPE_CHECKING:
    from bitget_cli.trading.order_model import NewTerms, Order, OrderName

_FORCE = {TimeInForce.POST_ONLY: "post_only"}


def market_words(symbol: Symbol) -> dict[str, str]:
    return {"category": symbol.product.wire, "symbol": symbol.name}


def side_words(direction: Direction, *, closing: bool, terms: Terms | None) -> dict[str, str]:
    """`side`, and what of `posSide` and `reduceOnly` belongs to the position mode; never both."""
    words = {"side": direction.value}
    if terms is None:
        return words
    if terms.hedges:
        return words | {"posSide": OPENS[OPPOSITE[direction] if closing else direction].value}
    return words | ({"reduceOnly": "yes"} if closing else {})


def check_size_is_known(product: Product) -> None:
    """Raises UnavailableError where the wire's unit of a size is another than a person's."""
    if product is Product.COIN_FUTURES:
        raise UnavailableError(
            "a unified account sizes Coin-M orders in dollars, and a size in coin cannot be turned into them exactly",
            hint="bitget api v3.trade.place-order sends one in its own words",
        )


def place(intent: OrderIntent, terms: Terms | None) -> Change:
    """The change that places an order; `terms` None means spot."""
    given = _body(intent, terms)
    if terms is not None:
        given |= {"marginMode": terms.margin_mode_of(intent).value}
    row = "v3.trade.place-order"
    made = change(row, given, intent.summary, intent.symbol, intent.client_oid, tag=intent.tag, part=intent)
    return made._replace(ends_at_once=intent.ends_at_once, post_only=intent.is_post_only)


def batch(intents: Sequence[OrderIntent], terms: Terms | None) -> list[Change | Batch]:
    """As few calls as may carry them, in their order: a batch has no margin mode and so trades in crossed margin, and
    takes neither exits nor reduce-only; where one of these is wanted, an order goes by itself."""
    return classic.in_runs(
        intents,
        fits=lambda intent: _fits_batch(intent, terms),
        alone=lambda intent: place(intent, terms),
        together=lambda some: _several(some, terms),
    )


def _fits_batch(intent: OrderIntent, terms: Terms | None) -> bool:
    if intent.take_profit is not None or intent.stop_loss is not None:
        return False
    if terms is None:
        return True
    reduces = intent.closing and not terms.hedges
    return terms.margin_mode_of(intent) is MarginMode.CROSSED and not reduces


def _several(intents: Sequence[OrderIntent], terms: Terms | None) -> list[Change | Batch]:
    if len(intents) < 2:  # one by itself is no batch
        return [place(intent, terms) for intent in intents]
    items = tuple(place(intent, terms)._replace(given=_body(intent, terms)) for intent in intents)
    return [Batch(find("v3.trade.place-batch"), {}, items, "[]")]


def _body(intent: OrderIntent, terms: Terms | None) -> dict[str, Any]:
    """What an order says by itself and in a batch alike. A spot market buy's size is money, everything else's coin."""
    check_size_is_known(intent.symbol.product)
    given: dict[str, Any] = {
        **market_words(intent.symbol),
        **side_words(intent.direction, closing=intent.closing, terms=terms),
        "orderType": "market" if intent.is_market else "limit",
        "qty": intent.size,
    }
    if intent.price is not None:
        given |= {"price": intent.price, "timeInForce": _FORCE.get(intent.tif, intent.tif.value)}
    attached = _attached(intent)
    if attached and (intent.closing or (terms is None and intent.direction is Direction.SELL)):
        raise UsageError(
            "a unified account attaches a take-profit and a stop-loss to what opens, and this order closes",
            hint="leave --tp and --sl out",
        )
    return given | attached


BY = {TriggerBy.MARK: "mark", TriggerBy.LAST: "market"}


def _attached(intent: OrderIntent) -> dict[str, Any]:
    """What is not said of an attached exit is the wire's own choice: by the last price, at market."""
    if intent.trigger_by and intent.symbol.product.is_spot:
        raise UnavailableError(
            "a unified account takes which price sets an attached exit off in futures alone",
            hint="leave --trigger-by out",
        )
    given: dict[str, Any] = {}
    for leg in intent.legs:
        short = "tp" if leg.gains else "sl"
        given["takeProfit" if leg.gains else "stopLoss"] = leg.level
        given |= {f"{short}TriggerBy": BY[intent.trigger_by]} if intent.trigger_by else {}
        given |= {f"{short}OrderType": "limit", f"{short}LimitPrice": leg.limit} if leg.limit is not None else {}
    return given


def modify(order: Order, given: NewTerms, *, price: Decimal | None, size: Decimal | None, what: str) -> Change:
    """New terms under the same ids; what is not sent stays. `qty` is the whole of the order, what is filled included.

    Of two exits both are sent, since no page says what becomes of one that is left out.
    """
    check_size_is_known(order.symbol.product)
    body: dict[str, Any] = {**ids_of(order), **market_words(order.symbol)}
    if "price" in given:
        body["price"] = price
    if "size" in given and size is not None:
        body["qty"] = EXACT.add(size, order.filled or Decimal(0))
    if {"tp", "sl"} & set(given):
        live = (("tp", "takeProfit", order.take_profit), ("sl", "stopLoss", order.stop_loss))
        levels = {name: given.get(word, level) for word, name, level in live}
        body |= {name: format(level, "f") for name, level in levels.items() if level is not None}
    return change("v3.trade.modify-order", body, what, order.symbol, order=all_names(order))


def cancel(market: Symbol, orders: Sequence[OrderName]) -> list[Change | Batch]:
    """One order by its own call, several of a market by one."""
    where = f"{market.name}{' spot' if market.product.is_spot else ''}"
    items = []
    for name in orders:
        ids = ids_of(name)
        both = {"orderId": name.order_id, "clientOid": name.client_order_id}
        known = {word: text for word, text in both.items() if text} if all(both.values()) else {}
        what = f"cancel order {next(iter(ids.values()))} of {where}"
        given = {**ids, **market_words(market)}
        items.append(change("v3.trade.cancel-order", given, what, market, order=known, part=name))
    return list(items) if len(items) == 1 else [Batch(find("v3.trade.cancel-batch"), {}, tuple(items), "[]")]


def cancel_market(symbol: Symbol) -> Change:
    """Every open order of one market."""
    what = f"cancel every order of {symbol.name}{' spot' if symbol.product.is_spot else ''}"
    return change("v3.trade.cancel-symbol-order", market_words(symbol), what, symbol)


def cancel_product(product: Product) -> Change:
    """Every open order of a product."""
    return change("v3.trade.cancel-symbol-order", {"category": product.wire}, f"cancel every order of {product}")


def close_whole(symbol: Symbol, side: PositionSide, *, hedges: bool) -> Change:
    """A whole position at market. The side is sent where there could be two."""
    given = market_words(symbol) | ({"posSide": side.value} if hedges else {})
    what = f"close the {side.value} {symbol.name} at market"
    return change("v3.trade.close-positions", given, what, symbol, ends_at_once=True)


def close_product(product: Product) -> Change:
    """Every position of a futures line at market."""
    what = f"close every position of {product} at market"
    return change("v3.trade.close-positions", {"category": product.wire}, what, ends_at_once=True)


def reverse(symbol: Symbol, side: PositionSide, terms: Terms, *, size: Decimal) -> list[Change]:
    """Close a position, then open as much of its opposite: there is no one call for it."""
    closes = close_whole(symbol, side, hedges=terms.hedges)._replace(there=(symbol.name,))
    return [closes, place(OrderIntent(symbol, OPPOSITE[OPENING[side]], size), terms)]


# Requests that the journal keeps may have been sent before Bitget moved the account.
name_in, was_to_close, product_of = classic.name_in, classic.was_to_close, classic.product_of
