"""Changing an open futures order: a new price or size replaces it, new exits stay with it."""

from __future__ import annotations

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import futures_orders, matching, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.records import Exits, Order
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError

_EXITS = (
    "newPresetStopSurplusPrice",
    "newPresetStopSurplusExecutePrice",
    "newPresetStopLossPrice",
    "newPresetStopLossExecutePrice",
)


def modify(floor: Floor, query: Query) -> Order:
    """The order as it then is: another one when price and size changed, which go together."""
    instrument = query.future()
    old = futures_orders.pending(floor, query, instrument)
    if old is None:
        raise RefusedError("40768", "Order does not exist")
    client_oid = terms.client_oid(floor, query, spot=False, name="newClientOid")
    if query.maybe("newPrice") is None and query.maybe("newSize") is None:
        return _with_exits(floor, old, query, instrument)
    if not client_oid:
        raise refusals.missing("newClientOid")
    if not (query.maybe("newPrice") and query.maybe("newSize")):
        raise refusals.missing("newPrice" if query.maybe("newSize") else "newSize")
    matching.finish(floor, old, "canceled", reason="normal_cancel")
    order = Order(
        id=floor.new_id(),
        product=old.product,
        symbol=old.symbol,
        client_oid=client_oid,
        side=old.side,
        limit=old.limit,
        force=old.force,
        price=terms.price(query, "newPrice", instrument),
        size=terms.lots(query, "newSize", instrument),
        closing=old.closing,
        reduce_only=old.reduce_only,
        hedge=old.hedge,
        margin_mode=old.margin_mode,
        exits=old.exits,
    )
    _check_exits(floor, order)
    return futures_orders.submit(floor, order)


def _with_exits(floor: Floor, order: Order, query: Query, instrument: Instrument) -> Order:
    """As on Bitget, an exit that is not sent again is removed, and `0` removes it too."""
    if not any(query.maybe(name) for name in _EXITS):
        raise refusals.missing("newPrice")
    order.exits = terms.exits(query, instrument, _EXITS) or Exits()
    _check_exits(floor, order)
    floor.save(order)
    return order


def _check_exits(floor: Floor, order: Order) -> None:
    if not (order.closing or order.reduce_only):
        terms.check_exits(floor, order.instrument, order.exits, order.side, limit=order.price)
