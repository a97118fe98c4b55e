"""Spot orders: placed, cancelled, replaced."""

from __future__ import annotations

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import matching, settle_spot, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import quote_of
from bitget_cli.paper.engine.records import Exits, Order
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError
from bitget_cli.values import Product

EXITS = ("presetTakeProfitPrice", "executeTakeProfitPrice", "presetStopLossPrice", "executeStopLossPrice")
_MOST_ORDERS = 200


def place(floor: Floor, query: Query) -> Order:
    """An order from its parameters. A market buy's `size` is money, every other size coins."""
    instrument = query.spot()
    order = _drafted(floor, query, instrument)
    if (
        sum(each.product == Product.SPOT and each.symbol == order.symbol for each in floor.orders.values())
        >= _MOST_ORDERS
    ):
        raise RefusedError("43005", "Exceed the maximum number of orders")
    return submit(floor, order)


def _exits(query: Query, instrument: Instrument, side: str) -> Exits:
    """Attached exits guard what is bought; what is sold is gone."""
    exits = terms.exits(query, instrument, EXITS)
    if exits and side == "sell":
        raise refusals.not_learnt("a sale with attached exits")
    return exits


def submit(floor: Floor, order: Order) -> Order:
    """Reserve the money of a checked order and let it meet the book."""
    if order.side == "buy" and not order.limit and not order.quote:
        # A triggered purchase may count coins: it may cost what the book asks for them.
        taken = matching.takes(floor, order.instrument, "buy", lots=order.size)
        order.quote = quote_of(order.instrument, sum(price * size for price, size in taken))
    coin, amount = settle_spot.needed(order)
    if floor.ledger.pot("spot", coin).available < amount:
        raise RefusedError("43012", "Insufficient balance")
    terms.worth_no_more(floor, order)
    settle_spot.reserve(floor, order)
    floor.save(order)
    matching.enter(floor, order)
    return order


def _drafted(floor: Floor, query: Query, instrument: Instrument) -> Order:
    side = terms.side(query)
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    order = Order(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        client_oid=terms.client_oid(floor, query, spot=True),
        side=side,
        limit=limit,
        force=terms.force(query) if limit else "gtc",
        price=terms.price(query, "price", instrument) if limit else 0,
        source="normal" if limit else "market",
        exits=_exits(query, instrument, side),
    )
    if not limit and side == "buy":
        order.quote = terms.positive(query, "size")
        if order.quote != round(order.quote, 8):
            raise refusals.unchecked("size checkBDScale error checkScale=8")
        if order.quote < 1:
            raise RefusedError("45110", "less than the minimum amount 1 USDT")
    else:
        order.size = terms.lots(query, "size", instrument)
        terms.large_enough(floor, instrument, order.size, order.price)
    if limit:
        terms.within_band(floor, instrument, order.price, side == "buy")
    terms.check_exits(floor, instrument, order.exits, side, limit=order.price)
    order.id = floor.new_id()
    order.client_oid = order.client_oid or str(order.id)
    return order


def cancel(floor: Floor, query: Query) -> Order:
    """Cancel by order or client id."""
    order = pending(floor, query)
    if order is None:
        raise RefusedError("43001", "The order does not exist")
    matching.finish(floor, order, "canceled", reason="normal_cancel")
    return order


def pending(floor: Floor, query: Query) -> Order | None:
    """The open order that `orderId` or `clientOid` names."""
    identity, client_oid = query.maybe("orderId"), query.maybe("clientOid")
    if identity is None and client_oid is None:
        raise refusals.missing("orderId")
    for order in floor.orders.values():
        named = str(order.id) == identity if identity else order.client_oid == client_oid
        if named and order.product == Product.SPOT:
            return order
    return None


def cancel_symbol(floor: Floor, symbol: str | None) -> list[Order]:
    """Cancel every open spot order, of one symbol or of all."""
    orders = [
        order for order in floor.orders.values() if order.product == Product.SPOT and symbol in (None, order.symbol)
    ]
    for order in orders:
        matching.finish(floor, order, "canceled", reason="normal_cancel")
    return orders


def replace(floor: Floor, query: Query) -> Order:
    """Cancel an open limit order and place it anew with another price and size."""
    instrument = query.spot()
    old = cancel(floor, query)
    order = Order(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        client_oid=terms.client_oid(floor, query, spot=True, name="newClientOid"),
        side=old.side,
        limit=True,
        force=old.force,
        price=terms.price(query, "price", instrument),
        size=terms.lots(query, "size", instrument),
        exits=_exits(query, instrument, old.side) or old.exits,
    )
    terms.large_enough(floor, instrument, order.size, order.price)
    terms.within_band(floor, instrument, order.price, order.side == "buy")
    terms.check_exits(floor, instrument, order.exits, order.side, limit=order.price)
    order.id = floor.new_id()
    order.client_oid = order.client_oid or str(order.id)
    return submit(floor, order)
