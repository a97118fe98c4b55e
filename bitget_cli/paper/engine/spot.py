"""Spot orders: placed, cancelled, replaced."""

from __future__ import annotations

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine import fills, margin, matching, validation
from bitget_cli.paper.engine.ledger import quote_of
from bitget_cli.paper.engine.records import Exits, Order
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

EXITS = ("presetTakeProfitPrice", "executeTakeProfitPrice", "presetStopLossPrice", "executeStopLossPrice")


def place(state: EngineState, query: Query) -> Order:
    """An order from its parameters. A market buy's `size` is money, every other size coins."""
    instrument = query.spot()
    return submit(state, _drafted(state, query, instrument))


def _exits(query: Query, instrument: PaperInstrument, side: str) -> Exits:
    """Attached exits guard what is bought; what is sold is gone."""
    exits = validation.exits(query, instrument, EXITS)
    if exits and side == "sell":
        raise answers.not_learnt("a sale with attached exits")
    return exits


def submit(state: EngineState, order: Order) -> Order:
    """Reserve the money of a checked order and let it meet the book."""
    validation.enter(state, order)
    if order.side == "buy" and not order.limit and not order.quote:
        # A triggered purchase may count coins: it may cost what the book asks for them.
        taken = matching.takes(state, order.instrument, "buy", lots=order.size)
        order.quote = quote_of(order.instrument, sum(price * size for price, size in taken))
    return _stand(state, order)


def amend(state: EngineState, order: Order) -> Order:
    """Let an open order stand anew at the price and size it has been given: it loses its place."""
    fills.release(state, order)
    validation.large_enough(state, order.instrument, order.size, order.price)
    validation.within_band(state, order.instrument, order.price, order.side == "buy")
    return _stand(state, order)


def _stand(state: EngineState, order: Order) -> Order:
    coin, amount = fills.needed(order)
    if margin.free(state, coin) < amount:
        raise RefusedError("43012", "Insufficient balance")
    validation.worth_no_more(state, order)
    fills.reserve(state, order)
    state.save(order)
    matching.enter(state, order)
    return order


def _drafted(state: EngineState, query: Query, instrument: PaperInstrument) -> Order:
    side = validation.side(query)
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    order = Order(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        client_oid=validation.client_oid(state, query, spot=True),
        side=side,
        limit=limit,
        force=validation.force(query) if limit else "gtc",
        price=validation.price(query, "price", instrument) if limit else 0,
        source="normal" if limit else "market",
        exits=_exits(query, instrument, side),
    )
    if not limit and side == "buy":
        order.quote = validation.money(query, "size")
    else:
        order.size = validation.lots(query, "size", instrument)
        validation.large_enough(state, instrument, order.size, order.price)
    if limit:
        validation.within_band(state, instrument, order.price, side == "buy")
    validation.check_exits(state, instrument, order.exits, side, limit=order.price)
    return order


def cancel(state: EngineState, query: Query) -> Order:
    """Cancel by order or client id."""
    order = pending(state, query)
    if order is None:
        raise RefusedError("43001", "The order does not exist")
    return matching.cancel(state, order)


def pending(state: EngineState, query: Query) -> Order | None:
    """The open order that `orderId` or `clientOid` names."""
    is_named = query.names()
    found = (each for each in state.orders.values() if each.product == Product.SPOT and is_named(each))
    return next(found, None)


def cancel_symbol(state: EngineState, symbol: str | None) -> list[Order]:
    """Cancel every open spot order, of one symbol or of all."""
    chosen = [each for each in state.orders.values() if each.product == Product.SPOT and symbol in (None, each.symbol)]
    return [matching.cancel(state, order) for order in chosen]


def replace(state: EngineState, query: Query) -> Order:
    """Cancel an open limit order and place it anew with another price and size."""
    instrument = query.spot()
    old = cancel(state, query)
    order = Order(
        id=0,
        product=Product.SPOT,
        symbol=instrument.symbol,
        client_oid=validation.client_oid(state, query, spot=True, name="newClientOid"),
        side=old.side,
        limit=True,
        force=old.force,
        price=validation.price(query, "price", instrument),
        size=validation.lots(query, "size", instrument),
        exits=_exits(query, instrument, old.side) or old.exits,
    )
    validation.large_enough(state, instrument, order.size, order.price)
    validation.within_band(state, instrument, order.price, order.side == "buy")
    validation.check_exits(state, instrument, order.exits, order.side, limit=order.price)
    return submit(state, order)
