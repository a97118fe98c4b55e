"""Futures orders and fills as lists: `detail`, `orders-pending`, `orders-history`, `fills`, `fill-history`."""

from __future__ import annotations

from typing import Any

from bitget_cli.paper import refusals
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import average, text
from bitget_cli.paper.engine.records import Fill, Order
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.private.lists import Wanted, end_id, page
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError


def detail(floor: Floor, query: Query) -> Any:
    """One order, which says `state` where the lists say `status`."""
    if query.maybe("orderId") is None and query.maybe("clientOid") is None:
        raise refusals.missing("orderId")
    instrument = query.future()
    wanted = Wanted(product=instrument.product, symbol=instrument.symbol)
    wanted.named(query)
    found = floor.find(Order, " AND ".join(wanted.parts), *wanted.given)
    if not found:
        raise RefusedError("40109", "The data of the order cannot be found, please confirm the order number")
    order = found[0]
    row = _order(order) | presets_of(order)
    row["state"] = row.pop("status")
    return row | {"cancelReason": order.cancel_reason, "newTradeSide": None}


def orders_pending(floor: Floor, query: Query) -> Any:
    wanted = _of_product(query, live=True)
    if status := query.maybe("status"):
        wanted.field("status", status)
    orders = page(floor, Order, query, wanted)
    rows = []
    for order in orders:
        row = _order(order) | presets_of(order)
        row["totalProfits"] = row["totalProfits"] if order.filled else ""
        row["fee"] = row["fee"] if order.filled else ""
        rows.append(row)
    return {"entrustedList": rows or None, "endId": end_id(orders) or None}


def orders_history(floor: Floor, query: Query) -> Any:
    wanted = _of_product(query, live=False)
    wanted.field("source", query.maybe("orderSource"))
    orders = page(floor, Order, query, wanted)
    kept = ("presetStopSurplusPrice", "presetStopLossPrice")
    rows = []
    for order in orders:
        presets = presets_of(order)
        rows.append(_order(order) | {name: presets[name] for name in kept} | {"posAvg": "", "liqPrice": ""})
    return {"entrustedList": rows or None, "endId": end_id(orders) or None}


def fills(floor: Floor, query: Query) -> Any:
    found = _fills(floor, query, days=90)
    return {"fillList": [_fill(fill) for fill in found] or None, "endId": end_id(found) or None}


def fill_history(floor: Floor, query: Query) -> Any:
    """As `fills`, a week at a time."""
    found = _fills(floor, query, days=7)
    rows = [_fill(fill) | {"marginCoin": fill.instrument.margin_coin} for fill in found]
    return {"fillList": rows or None, "endId": end_id(found) or None}


def _fills(floor: Floor, query: Query, *, days: int) -> list[Fill]:
    wanted = _of_product(query, live=None)
    order = query.time("orderId")
    if order is not None:
        wanted.add("parent = ?", order)
    return page(floor, Fill, query, wanted, days=days)


def _of_product(query: Query, *, live: bool | None) -> Wanted:
    """What `productType` and `symbol` leave; by `orderId` and `clientOid` too where orders are asked for."""
    instruments = query.futures()
    product = instruments[0].product if instruments else "none"
    wanted = Wanted(product=product, symbol=query.maybe("symbol"), live=live)
    if live is not None:
        wanted.named(query)
    return wanted


def wire_side(*, side: str, hedge: bool, closing: bool) -> str:
    """In hedge mode `side` names the position: closing a long shows `buy`."""
    if hedge and closing:
        return "buy" if side == "sell" else "sell"
    return side


def trade_side(*, side: str, hedge: bool, closing: bool, forced: bool, hold: str) -> str:
    """What a trade did, in the words of each position mode; `reduce_…` would be the exchange's own doing."""
    if hedge:
        return f"burst_close_{hold}" if forced else "close" if closing else "open"
    return f"burst_{side}_single" if forced else f"{side}_single"


def _order(order: Order) -> dict[str, Any]:
    instrument = order.instrument
    return {
        "symbol": order.symbol,
        "size": instrument.size(order.size),
        "orderId": str(order.id),
        "clientOid": order.client_oid,
        "baseVolume": instrument.size(order.filled),
        "fee": text(order.fee),
        "price": instrument.price(order.price) if order.limit else "",
        "priceAvg": average(instrument, value=order.value, lots=order.filled),
        "status": order.status,
        "side": wire_side(side=order.side, hedge=order.hedge, closing=order.closing),
        "force": order.force,
        "totalProfits": text(order.profit),
        "posSide": order.hold if order.hedge else "net",
        "marginCoin": instrument.margin_coin,
        "quoteVolume": instrument.value(order.value),
        "leverage": str(order.leverage),
        "marginMode": order.margin_mode,
        "reduceOnly": "YES" if order.reduce_only else "NO",
        "enterPointSource": "SYS" if order.forced else "API",
        "tradeSide": trade_side(
            side=order.side,
            hedge=order.hedge,
            closing=order.closing,
            forced=order.forced,
            hold=order.hold,
        ),
        "posMode": mode(order.hedge),
        "orderType": "limit" if order.limit else "market",
        "orderSource": order.source,
        "cTime": str(order.created),
        "uTime": str(order.updated),
    }


def mode(hedge: bool) -> str:
    return "hedge_mode" if hedge else "one_way_mode"


def maybe_price(instrument: Instrument, ticks: int) -> str:
    """A price, or nothing where there is none."""
    return instrument.price(ticks) if ticks else ""


def presets_of(order: Order) -> dict[str, str]:
    instrument, exits = order.instrument, order.exits
    return {
        "presetStopSurplusPrice": maybe_price(instrument, exits.profit),
        "presetStopSurplusType": exits.profit_by,
        "presetStopSurplusExecutePrice": maybe_price(instrument, exits.profit_execute),
        "presetStopLossPrice": maybe_price(instrument, exits.loss),
        "presetStopLossType": exits.loss_by,
        "presetStopLossExecutePrice": maybe_price(instrument, exits.loss_execute),
    }


def _fill(fill: Fill) -> dict[str, Any]:
    instrument = fill.instrument
    hold = "long" if (fill.side == "buy") is not fill.closing else "short"
    return {
        "tradeId": str(fill.id),
        "symbol": fill.symbol,
        "orderId": str(fill.parent),
        "price": instrument.price(fill.price),
        "baseVolume": instrument.size(fill.size),
        "feeDetail": [
            {
                "deduction": "no",
                "feeCoin": fill.fee_coin,
                "totalDeductionFee": "0",
                "totalFee": text(fill.fee),
            }
        ],
        "side": wire_side(side=fill.side, hedge=fill.hedge, closing=fill.closing),
        "quoteVolume": instrument.value(fill.price * fill.size),
        "profit": text(fill.profit),
        "enterPointSource": "SYS" if fill.forced else "API",
        "tradeSide": trade_side(side=fill.side, hedge=fill.hedge, closing=fill.closing, forced=fill.forced, hold=hold),
        "posMode": mode(fill.hedge),
        "tradeScope": "maker" if fill.maker else "taker",
        "cTime": str(fill.created),
    }
