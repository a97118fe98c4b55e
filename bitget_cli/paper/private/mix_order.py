"""Futures orders: `/api/v2/mix/order/…` without plans, with every field of Bitget's answers."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper.engine import futures_orders, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.records import Order
from bitget_cli.paper.engine.replacing import modify
from bitget_cli.paper.private.batches import each
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError


def place_order(floor: Floor, query: Query) -> Any:
    return named(futures_orders.place(floor, query))


def batch_place_order(floor: Floor, query: Query) -> Any:
    rows = terms.batch(query, "orderList")
    answer: dict[str, Any] = dict(each(floor, rows, lambda row: named(futures_orders.place(floor, row)), code=True))
    return answer | {"result": not answer["failureList"]}


def modify_order(floor: Floor, query: Query) -> Any:
    return named(modify(floor, query))


def cancel_order(floor: Floor, query: Query) -> Any:
    return named(futures_orders.cancel(floor, query))


def batch_cancel_orders(floor: Floor, query: Query) -> Any:
    """Those of `orderIdList`, or without one all of the symbol or product."""
    rows = query.rows("orderIdList")
    if rows is None:
        return {"successList": [named(order) for order in futures_orders.cancel_all(floor, query)], "failureList": []}
    return each(floor, rows, lambda row: named(futures_orders.cancel(floor, row)), code=True)


def cancel_all_orders(floor: Floor, query: Query) -> Any:
    orders = futures_orders.cancel_all(floor, query)
    if not orders:
        raise RefusedError("22001", "No order to cancel")
    return {"successList": [named(order) for order in orders], "failureList": []}


def close_positions(floor: Floor, query: Query) -> Any:
    """Every position of a product, or those of a symbol; `holdSide` counts in hedge mode only."""
    chosen = {(each_.product, each_.symbol) for each_ in query.chosen_futures()}
    hold = query.maybe("holdSide")
    closed: list[dict[str, Any]] = []
    for position in list(floor.positions.values()):
        if (position.product, position.symbol) not in chosen or (position.hedge and hold not in (None, position.hold)):
            continue
        order = futures_orders.close(floor, position)
        closed.append(named(order) | {"symbol": order.symbol})
    if not closed:
        raise RefusedError("22002", "No position to close")
    return {"successList": closed, "failureList": []}


def click_backhand(floor: Floor, query: Query) -> Any:
    """Close a position and open the same size on the other side; the answer names the opening order."""
    instrument = query.future()
    futures_orders.margin_coin(query, instrument)
    side = terms.side(query)
    held = [floor.position(instrument.product, instrument.symbol, hold) for hold in ("long", "short")]
    found = [position for position in held if position]
    if any(position.hedge for position in found):
        # In hedge mode `side` names the position: `buy` is the long one.
        found = [position for position in found if (position.hold == "long") is (side == "buy")]
    if not found:
        raise RefusedError("22002", "No position to close")
    position = found[0]
    size = terms.lots(query, "size", instrument) if query.maybe("size") else position.size
    size = min(size, position.size)
    client_oid = terms.client_oid(floor, query, spot=False)
    closing = futures_orders.close(floor, position, size=size)
    order = Order(
        id=floor.new_id(),
        product=position.product,
        symbol=position.symbol,
        side=closing.side,
        limit=False,
        size=size,
        source="reverse",
        hedge=position.hedge,
        margin_mode=position.margin_mode,
        exits=closing.exits,
    )
    order.client_oid = client_oid or str(order.id)
    return named(futures_orders.submit(floor, order))


def named(order: Order) -> dict[str, Any]:
    return {"clientOid": order.client_oid, "orderId": str(order.id)}
