"""Orders of a unified account and what they came to: `/api/v3/trade/…`.

`side` is the true direction of the trade in either position mode.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.api.futures_orders import mode, trade_side
from bitget_cli.paper.api.lists import PageRequest
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.engine import futures, margin, matching, spot, validation
from bitget_cli.paper.engine.ledger import average, text
from bitget_cli.paper.engine.records import IN_PARTS, Exits, Fill, Order, Side
from bitget_cli.paper.engine.state import COUNTDOWN, EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

_FORCES = ("gtc", "ioc", "fok", "post_only")
_YES_NO = ("yes", "no")
# What the exchange would do besides, and cannot here.
_NOT_LEARNT = (("autoBorrow", "yes"), ("pxAmendType", "yes"), ("timeInForce", "rpi"))


def place_order(state: EngineState, query: Query) -> Any:
    return named(_place(state, query))


def place_batch(state: EngineState, query: Query) -> Any:
    """Exits cannot be attached here, and no margin mode is looked at: all are orders in crossed margin."""
    rows = words.batch(query)
    if any(row.maybe(name) for row in rows for name in ("takeProfit", "stopLoss")):
        raise answers.wrong("takeProfit")
    return words.each_row(state, rows, lambda row: named(_place(state, row, crossed=True)))


def _place(state: EngineState, query: Query, *, crossed: bool = False) -> Order:
    market = words.market(query)
    for name, value in _NOT_LEARNT:
        if query.maybe(name) == value:
            raise answers.not_learnt(f"{name}={value}")
    if query.maybe("receiveWindow"):
        raise answers.not_learnt("receiveWindow")
    client_oid = words.client_oid(query)
    if client_oid and any(order.client_oid == client_oid for order in state.orders.values()):
        raise RefusedError("25212", "Duplicate clientOid")
    side: Side = "buy" if query.choice("side", ("buy", "sell")) == "buy" else "sell"
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    order = Order(
        id=0,
        product=market.product,
        symbol=market.symbol,
        client_oid=client_oid,
        side=side,
        limit=limit,
        force=query.choice("timeInForce", _FORCES, "gtc") if limit else "gtc",
        price=words.needed_price(query, "price", market) if limit else 0,
        source="normal" if limit else "market",
        exits=words.legs(query, market),
    )
    if market.product is Product.SPOT:
        _draft_spot(state, query, order)
    else:
        order.size = words.size(query, market)
        order.hedge, order.closing, order.reduce_only = direction(state, query, market, side)
        mode = query.choice("marginMode", ("crossed", "isolated"), "crossed")
        order.margin_mode = "crossed" if crossed else mode
    if order.exits:
        if order.closing or order.reduce_only or (market.product is Product.SPOT and side == "sell"):
            raise RefusedError("25612", "Take profit and stop loss are for opening orders only")
        validation.check_exits(state, market, order.exits, side, limit=order.price)
    return spot.submit(state, order) if market.product is Product.SPOT else futures.submit(state, order)


def _draft_spot(state: EngineState, query: Query, order: Order) -> None:
    """A market purchase's `qty` is money, every other is coins."""
    market = order.instrument
    if not order.limit and order.side == "buy":
        order.quote = words.money(query)
    else:
        order.size = words.size(query, market)
        validation.large_enough(state, market, order.size, order.price)
    if order.limit:
        validation.within_band(state, market, order.price, order.side == "buy")


def direction(state: EngineState, query: Query, market: PaperInstrument, side: Side) -> tuple[bool, bool, bool]:
    """Hedge mode, closing, reduce-only: `posSide` belongs to hedge mode, `reduceOnly` to one-way mode."""
    hedge = margin.mode_of(state, market.product) == "hedge_mode"
    hold, reduce_only = query.maybe("posSide"), query.choice("reduceOnly", _YES_NO, "no") == "yes"
    # The classic account's own words are refused too.
    if hedge is not (hold in ("long", "short")) or (hold and (not hedge or reduce_only)) or query.maybe("holdSide"):
        raise RefusedError("25236", "The order type for open position is wrong")
    return hedge, hedge and (hold == "long") is (side == "sell"), reduce_only


def modify_order(state: EngineState, query: Query) -> Any:
    return named(_modify(state, query))


def batch_modify_order(state: EngineState, query: Query) -> Any:
    return words.each_row(state, words.batch(query), lambda row: named(_modify(state, row)))


def _modify(state: EngineState, query: Query) -> Order:
    """Another price, total size or exits under the same ids. With `autoCancel` a refused change ends the order."""
    query.text("category"), query.text("symbol")
    order = pending(state, query)
    cancels = query.choice("autoCancel", _YES_NO, "no") == "yes"
    if order.reduce_only:
        raise RefusedError("25574", "A reduce-only order cannot be modified")
    whole = state.plans.get(order.parent)
    if whole and whole.plan_type in IN_PARTS:
        raise answers.not_learnt("a change of what is a part of a strategy order")
    identity = order.id
    try:
        with state.attempt():
            return _amend(state, query, order)
    except RefusedError:
        if not cancels:
            raise
    # A refusal has put everything back, so the order is another object now.
    order = state.orders[identity]
    matching.finish(state, order, "canceled", reason="modify_cancel")
    return order


def _amend(state: EngineState, query: Query, order: Order) -> Order:
    market, before = order.instrument, (order.price, order.size, order.exits)
    if query.maybe("price"):
        order.price = words.needed_price(query, "price", market)
    if query.maybe("qty"):
        order.size = words.size(query, market)
    order.exits = changed_legs(query, market, order.exits)
    if (order.price, order.size, order.exits) == before:
        raise RefusedError("25571", "Nothing is changed")
    if order.size <= order.filled:
        raise RefusedError("25207", "The order quantity is too small")
    if order.exits:
        validation.check_exits(state, market, order.exits, order.side, limit=order.price)
    if (order.price, order.size) == before[:2]:
        state.save(order)
        return order
    if order.force == "post_only" and matching.takes(state, market, order.side, lots=order.left, limit=order.price):
        raise RefusedError("25573", "The modification is skipped")
    return spot.amend(state, order) if market.product is Product.SPOT else futures.amend(state, order)


def changed_legs(query: Query, market: PaperInstrument, before: Exits) -> Exits:
    """Those sent replace those before; `0` removes."""
    sent = words.legs(query, market)
    return before.updated(sent, profit=bool(query.maybe("takeProfit")), loss=bool(query.maybe("stopLoss")))


def pending(state: EngineState, query: Query) -> Order:
    """The open order that `orderId`, or else `clientOid`, names; `category` and `symbol` must be its own if sent."""
    is_named = query.names()
    product = words.line(query) if query.maybe("category") else None
    symbol = (query.maybe("symbol") or "").upper()
    for order in state.orders.values():
        if is_named(order) and product in (None, order.product) and symbol in ("", order.symbol):
            return order
    raise RefusedError("25204", "Order does not exist")


def cancel_order(state: EngineState, query: Query) -> Any:
    return named(matching.cancel(state, pending(state, query)))


def cancel_batch(state: EngineState, query: Query) -> Any:
    return words.each_row(state, words.batch(query), lambda row: cancel_order(state, row))


def cancel_symbol_order(state: EngineState, query: Query) -> Any:
    """All of a line, or of one of its symbols."""
    product, symbol = words.line(query), (query.maybe("symbol") or "").upper()
    chosen = [each for each in state.orders.values() if each.product == product and symbol in ("", each.symbol)]
    return {"list": [done(matching.cancel(state, order)) for order in chosen]}


_LONGEST, _SHORTEST = 60, 5


def countdown_cancel_all(state: EngineState, query: Query) -> Any:
    """Unless it is asked again within so many seconds, every open order is cancelled then, once; 0 ends it."""
    seconds = query.time("countdown")
    if seconds is None:
        raise answers.missing("countdown")
    if seconds and not _SHORTEST <= seconds <= _LONGEST:
        raise answers.out_of_range("countdown", _SHORTEST, _LONGEST)
    state.settings[COUNTDOWN] = str(state.time + seconds * 1000 if seconds else 0)
    return "success"


def named(order: Order) -> dict[str, Any]:
    return {"orderId": str(order.id), "clientOid": order.client_oid}


def done(order: Order) -> dict[str, Any]:
    return named(order) | {"code": "00000", "msg": "success"}


def order_info(state: EngineState, query: Query) -> Any:
    query.names()
    wanted = PageRequest(product=words.line(query) if query.maybe("category") else None, symbol=query.maybe("symbol"))
    wanted.named(query if query.maybe("orderId") is None else Query({"orderId": query.maybe("orderId")}))
    found = wanted.find(state, Order)
    if found is None:
        raise RefusedError("25204", "Order does not exist")
    return order_row(found)


def unfilled_orders(state: EngineState, query: Query) -> Any:
    """Of all lines when none is named."""
    product = words.line(query) if query.maybe("category") else None
    wanted = PageRequest(product=product, symbol=query.maybe("symbol"), live=True)
    return _orders(query, words.listed_page(state, Order, query, wanted, look_back=None))


def history_orders(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product=words.line(query), symbol=query.maybe("symbol"), live=False)
    return _orders(query, words.listed_page(state, Order, query, wanted))


def _orders(query: Query, found: list[Order]) -> dict[str, Any]:
    return words.whole([order_row(order) for order in found], found, query, none=[])


def fills(state: EngineState, query: Query) -> Any:
    wanted = PageRequest(product=words.line(query) if query.maybe("category") else None)
    order = query.time("orderId")
    if order is not None:
        wanted.add("parent = ?", order)
    found = words.listed_page(state, Fill, query, wanted)
    orders = orders_of(state, found)
    return words.whole([fill_row(fill, orders.get(fill.parent)) for fill in found], found, query)


def orders_of(state: EngineState, found: Sequence[Fill]) -> dict[int, Order]:
    """The orders some fills are of, by id."""
    identities = sorted({fill.parent for fill in found})
    marks = ", ".join("?" * len(identities))
    orders = state.find(Order, f"id IN ({marks})", *identities, limit=len(identities)) if identities else []
    return {order.id: order for order in orders}


# Bitget writes two l's here, and calls an order that waits a new one.
STATUS = {"live": "new", "canceled": "cancelled"}


def order_row(order: Order) -> dict[str, Any]:
    market = order.instrument
    futures_ = market.product is not Product.SPOT
    sides = {"tradeSide": trade_side(order)} if futures_ else {}
    return {
        "orderId": str(order.id),
        "clientOid": order.client_oid,
        "category": words.NAMES[market.product],
        "symbol": order.symbol,
        "orderType": "limit" if order.limit else "market",
        "side": order.side,
        "price": market.price(order.price),
        "qty": "0" if order.quote else market.size(order.size),
        "amount": text(order.quote),
        "cumExecQty": market.size(order.filled),
        "cumExecValue": market.value(order.value),
        "avgPrice": average(market, value=order.value, lots=order.filled) or "0",
        "timeInForce": order.force if order.limit else "ioc",
        "orderStatus": STATUS.get(order.status, order.status),
        "posSide": order.pos_side if futures_ else "",
        "holdMode": mode(order.hedge) if futures_ else "",
        **sides,
        "delegateType": "normal",
        "reduceOnly": "YES" if order.reduce_only else "NO",
        "marginMode": order.margin_mode,
        "stpMode": "none",
        **words.legs_row(market, order.exits),
        "feeDetail": fees(order.fee_coin, order.fee) if order.filled else [],
        "cancelReason": order.cancel_reason,
        "execType": "liquidation" if order.forced else "normal",
        "createdTime": str(order.created),
        "updatedTime": str(order.updated),
    }


def fees(coin: str, amount: Any) -> list[dict[str, str]]:
    """What was charged is above zero, in orders and fills."""
    return [{"feeCoin": coin, "fee": text(-amount)}]


def fill_row(fill: Fill, order: Order | None) -> dict[str, Any]:
    market = fill.instrument
    futures_ = market.product is not Product.SPOT
    return {
        "execId": str(fill.id),
        "execLinkId": "",
        "orderId": str(fill.parent),
        "clientOid": order.client_oid if order else "",
        "category": words.NAMES[market.product],
        "symbol": fill.symbol,
        "orderType": "limit" if fill.limit else "market",
        "side": fill.side,
        "posSide": fill.pos_side if futures_ else "",
        "execPrice": market.price(fill.price),
        "execQty": market.size(fill.size),
        "execValue": market.value(fill.price * fill.size),
        "tradeScope": "maker" if fill.maker else "taker",
        "tradeSide": trade_side(fill) if futures_ else "",
        "feeDetail": fees(fill.fee_coin, fill.fee),
        "execPnl": text(fill.profit),
        "isRPI": "NO",
        "createdTime": str(fill.created),
        "updatedTime": str(fill.created),
    }
