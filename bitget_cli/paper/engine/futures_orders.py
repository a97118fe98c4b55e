"""Futures orders: placed, changed, cancelled; positions closed and turned."""

from __future__ import annotations

from bitget_cli.paper import refusals
from bitget_cli.paper.engine import margin, matching, settle_futures, terms
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.money import quote_of
from bitget_cli.paper.engine.records import Exits, Order, Position
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.query import Query
from bitget_cli.paper.refusals import RefusedError

EXITS = (
    "presetStopSurplusPrice",
    "presetStopSurplusExecutePrice",
    "presetStopLossPrice",
    "presetStopLossExecutePrice",
)
_BY = ("presetStopSurplusType", "presetStopLossType")
_MOST_ORDERS = 200


def place(floor: Floor, query: Query) -> Order:
    """An order from its parameters, in the words of the position mode in force."""
    instrument = query.future()
    margin_coin(query, instrument)
    hedge, closing = sides(floor, query, instrument)
    wire_side = terms.side(query)
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    order = Order(
        id=0,
        product=instrument.product,
        symbol=instrument.symbol,
        client_oid=terms.client_oid(floor, query, spot=False),
        # In hedge mode the wire's side names the position: closing a long is `buy` and `close`, and sells.
        side=wire_side if not closing else ("sell" if wire_side == "buy" else "buy"),
        limit=limit,
        force=terms.force(query) if limit else "gtc",
        price=terms.price(query, "price", instrument) if limit else 0,
        size=terms.lots(query, "size", instrument),
        source="normal" if limit else "market",
        closing=closing,
        reduce_only=not hedge and (query.maybe("reduceOnly") or "").upper() == "YES",
        hedge=hedge,
        margin_mode=margin_mode(query),
        exits=terms.exits(query, instrument, EXITS, _BY),
    )
    if not (order.closing or order.reduce_only):
        terms.check_exits(floor, instrument, order.exits, order.side, limit=order.price)
    order.id = floor.new_id()
    order.client_oid = order.client_oid or str(order.id)
    return submit(floor, order)


def margin_mode(query: Query) -> str:
    given = query.choice("marginMode", ("crossed", "cross", "isolated"))
    return "isolated" if given == "isolated" else "crossed"


def margin_coin(query: Query, instrument: Instrument) -> None:
    """`marginCoin` must be the market's, in either case."""
    if query.text("marginCoin").upper() != instrument.margin_coin:
        raise refusals.wrong("marginCoin")


def sides(floor: Floor, query: Query, instrument: Instrument) -> tuple[bool, bool]:
    """Whether the account is in hedge mode, and whether the order closes. Refuses a `tradeSide` of the other mode."""
    hedge = margin.mode_of(floor, instrument.product) == "hedge_mode"
    trade_side = (query.maybe("tradeSide") or "").lower()
    if hedge != (trade_side in ("open", "close")):
        raise RefusedError("40774", "The order type for unilateral position must also be the unilateral position type.")
    return hedge, trade_side == "close"


def submit(floor: Floor, order: Order) -> Order:
    """Check a new order against the rules and the funds, reserve its margin and let it meet the book."""
    instrument = order.instrument
    if (
        sum((each.product, each.symbol) == (order.product, order.symbol) for each in floor.orders.values())
        >= _MOST_ORDERS
    ):
        raise RefusedError("43005", "Exceed the maximum number of orders")
    _check_margin_mode(floor, order)
    terms.small_enough(instrument, order.size, limit=order.limit)
    if order.limit:
        terms.within_band(floor, instrument, order.price, order.side == "buy")
    if order.closing or order.reduce_only:
        _make_room(floor, order)
    else:
        terms.large_enough(floor, instrument, order.size, order.price)
        _check_funds(floor, order)
    order.reserved = settle_futures.reserve_for(floor, order)
    floor.save(order)
    matching.enter(floor, order)
    return order


def _check_margin_mode(floor: Floor, order: Order) -> None:
    """Everything on a symbol has one margin mode; the first order chooses it."""
    instrument = order.instrument
    if order.margin_mode != margin.margin_mode_of(floor, instrument):
        if margin.busy(floor, order.product, order.symbol):
            raise RefusedError("45117", "Currently holding positions or orders, the margin mode cannot be adjusted")
        floor.settings[f"{instrument.name}/margin"] = order.margin_mode
    hold = order.hold if order.hedge else ("long" if order.side == "buy" else "short")
    order.leverage = margin.leverage_of(floor, instrument, order.margin_mode, hold)


def _make_room(floor: Floor, order: Order) -> None:
    """A closing order needs a position; a market one takes the place of resting ones that already occupy it."""
    position = settle_futures.reduces(floor, order)
    if position is None:
        raise RefusedError("22002", "No position to close")
    free = position.size - occupied(floor, position)
    if order.hedge and order.size > position.size:
        raise RefusedError("45006", "Insufficient position")
    if order.size > free and order.hedge and order.limit:
        raise RefusedError("45123", "Insufficient availability, currently only market orders can be placed")
    for other in closers(floor, position):
        if order.size <= free:
            break
        free += other.left
        matching.finish(floor, other, "canceled", reason="normal_cancel")
    order.size = min(order.size, position.size)


def closers(floor: Floor, position: Position) -> list[Order]:
    """Resting orders that can only reduce a position, oldest first."""
    closer = "sell" if position.hold == "long" else "buy"
    return [
        order
        for order in list(floor.orders.values())
        if (order.product, order.symbol, order.side) == (position.product, position.symbol, closer)
        and (order.closing or order.reduce_only)
    ]


def occupied(floor: Floor, position: Position) -> int:
    """Lots of a position that resting orders are already to close."""
    return min(position.size, sum(order.left for order in closers(floor, position)))


def _check_funds(floor: Floor, order: Order) -> None:
    instrument = order.instrument
    reduced = settle_futures.reduces(floor, order)
    lots = max(0, order.size - (reduced.size if reduced else 0))
    if order.limit:
        quote = quote_of(instrument, order.price * lots)
    else:
        taken = matching.takes(floor, instrument, order.side, lots=order.size)
        worst = max(price for price, _ in taken) if order.side == "buy" else taken[0][0]
        quote = quote_of(instrument, worst * lots)
    needed = margin.order_margin(instrument, lots=lots, quote=quote, leverage=order.leverage)
    account = margin.account(floor, instrument.product, instrument.margin_coin)
    has = account.usable if order.margin_mode == "crossed" else account.spare
    hold = order.hold if order.hedge else ("long" if order.side == "buy" else "short")
    held = floor.position(order.product, order.symbol, hold)
    value = quote + (held.cost if held else 0)
    if needed > has or (lots and value > margin.most_value(instrument, order.leverage)):
        raise RefusedError("40762", "The order size is greater than the max open size")


def pending(floor: Floor, query: Query, instrument: Instrument | None) -> Order | None:
    """The open futures order that `orderId` or `clientOid` names."""
    identity, client_oid = query.maybe("orderId"), query.maybe("clientOid")
    if identity is None and client_oid is None:
        raise refusals.missing("orderId")
    products = {each.product for each in query.futures()}
    for order in floor.orders.values():
        named = str(order.id) == identity if identity else order.client_oid == client_oid
        if named and order.product in products and (instrument is None or order.symbol == instrument.symbol):
            return order
    return None


def cancel(floor: Floor, query: Query) -> Order:
    instrument = query.future() if query.maybe("symbol") else None
    order = pending(floor, query, instrument)
    if order is None:
        raise RefusedError("40768", "Order does not exist")
    matching.finish(floor, order, "canceled", reason="normal_cancel")
    return order


def cancel_all(floor: Floor, query: Query) -> list[Order]:
    """Every open order of a product, or of one of its symbols."""
    chosen = {(each.product, each.symbol) for each in query.chosen_futures()}
    orders = [order for order in floor.orders.values() if (order.product, order.symbol) in chosen]
    for order in orders:
        matching.finish(floor, order, "canceled", reason="normal_cancel")
    return orders


def close(floor: Floor, position: Position, *, size: int = 0, client_oid: str = "") -> Order:
    """Close a position at the market, or part of it."""
    order = Order(
        id=floor.new_id(),
        product=position.product,
        symbol=position.symbol,
        client_oid=client_oid,
        side="sell" if position.hold == "long" else "buy",
        limit=False,
        size=size or position.size,
        source="market",
        closing=position.hedge,
        reduce_only=not position.hedge,
        hedge=position.hedge,
        margin_mode=position.margin_mode,
        exits=Exits(),
    )
    order.client_oid = client_oid or str(order.id)
    return submit(floor, order)
