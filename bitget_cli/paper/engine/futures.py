"""Futures orders: placed, changed, cancelled; positions closed and turned."""

from __future__ import annotations

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine import fills, margin, matching, validation
from bitget_cli.paper.engine.ledger import ZERO, quote_of
from bitget_cli.paper.engine.records import Exits, Order, Position, Side
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.request import Query

_EXITS = [f"presetStop{name}" for name in ("SurplusPrice", "SurplusExecutePrice", "LossPrice", "LossExecutePrice")]
_BY = ("presetStopSurplusType", "presetStopLossType")


def place(state: EngineState, query: Query) -> Order:
    """An order from its parameters, in the words of the position mode in force."""
    instrument = query.future()
    margin_coin(query, instrument)
    side, hedge, closing, reduce_only = direction(state, query, instrument)
    limit = query.choice("orderType", ("limit", "market")) == "limit"
    order = Order(
        id=0,
        product=instrument.product,
        symbol=instrument.symbol,
        client_oid=validation.client_oid(state, query, spot=False),
        side=side,
        limit=limit,
        force=validation.force(query) if limit else "gtc",
        price=validation.price(query, "price", instrument) if limit else 0,
        size=validation.lots(query, "size", instrument),
        source="normal" if limit else "market",
        closing=closing,
        reduce_only=reduce_only,
        hedge=hedge,
        margin_mode=margin_mode(query),
        exits=validation.exits(query, instrument, _EXITS, _BY),
    )
    _check_exits(state, order)
    return submit(state, order)


def margin_mode(query: Query) -> str:
    given = query.choice("marginMode", ("crossed", "cross", "isolated"))
    return "isolated" if given == "isolated" else "crossed"


def margin_coin(query: Query, instrument: PaperInstrument) -> None:
    """`marginCoin` must be the market's, in either case."""
    if query.text("marginCoin").upper() != instrument.margin_coin:
        raise answers.wrong("marginCoin")


def direction(state: EngineState, query: Query, instrument: PaperInstrument) -> tuple[Side, bool, bool, bool]:
    """The true side, hedge mode, closing, reduce-only. Refuses a `tradeSide` of the other position mode.

    In hedge mode the wire's side names the position: closing a long is `buy` and `close`, and sells.
    """
    hedge = margin.mode_of(state, instrument.product) == "hedge_mode"
    trade_side = (query.maybe("tradeSide") or "").lower()
    if hedge != (trade_side in ("open", "close")):
        raise RefusedError("40774", "The order type for unilateral position must also be the unilateral position type.")
    side, closing = validation.side(query), trade_side == "close"
    reduce_only = not hedge and (query.maybe("reduceOnly") or "").upper() == "YES"
    return ("sell" if side == "buy" else "buy") if closing else side, hedge, closing, reduce_only


def submit(state: EngineState, order: Order) -> Order:
    """Check a new order against the rules and the funds, reserve its margin and let it meet the book."""
    instrument = order.instrument
    validation.enter(state, order)
    _check_margin_mode(state, order)
    validation.small_enough(instrument, order.size, limit=order.limit)
    if order.limit:
        validation.within_band(state, instrument, order.price, order.side == "buy")
    if order.closing or order.reduce_only:
        _make_room(state, order)
    else:
        validation.large_enough(state, instrument, order.size, order.price)
        _check_funds(state, order)
    return _stand(state, order)


def amend(state: EngineState, order: Order) -> Order:
    """Let an open order stand anew at the price and size it has been given: it loses its place."""
    instrument = order.instrument
    order.reserved = ZERO
    validation.small_enough(instrument, order.size, limit=True)
    validation.within_band(state, instrument, order.price, order.side == "buy")
    position = fills.reduces(state, order)
    if order.closing and position:
        others = sum(other.left for other in fills.closers(state, position) if other is not order)
        if order.left > position.size - others:
            raise RefusedError("45006", "Insufficient position")
    else:
        validation.large_enough(state, instrument, order.size, order.price)
        _check_funds(state, order)
    return _stand(state, order)


def _stand(state: EngineState, order: Order) -> Order:
    order.reserved = fills.reserve_for(state, order)
    state.save(order)
    matching.enter(state, order)
    return order


def _check_margin_mode(state: EngineState, order: Order) -> None:
    """Everything on a symbol has one margin mode; the first order chooses it."""
    instrument = order.instrument
    if order.margin_mode != margin.margin_mode_of(state, instrument):
        if margin.busy(state, order.product, order.symbol):
            raise RefusedError("45117", "Currently holding positions or orders, the margin mode cannot be adjusted")
        state.settings[f"{instrument.name}/margin"] = order.margin_mode
    order.leverage = margin.leverage_of(state, instrument, order.margin_mode, order.opens)


def _make_room(state: EngineState, order: Order) -> None:
    """A closing order needs a position; a market one takes the place of resting ones that already occupy it."""
    position = fills.reduces(state, order)
    if position is None:
        raise RefusedError("22002", "No position to close")
    free = position.size - occupied(state, position)
    if order.hedge and order.size > position.size:
        raise RefusedError("45006", "Insufficient position")
    if order.size > free and order.hedge and order.limit:
        raise RefusedError("45123", "Insufficient availability, currently only market orders can be placed")
    for other in fills.closers(state, position):
        if order.size <= free:
            break
        free += other.left
        matching.cancel(state, other)
    order.size = min(order.size, position.size)


def occupied(state: EngineState, position: Position) -> int:
    """Lots of a position that resting orders are already to close."""
    return min(position.size, sum(order.left for order in fills.closers(state, position)))


def _check_funds(state: EngineState, order: Order) -> None:
    instrument = order.instrument
    reduced = fills.reduces(state, order)
    lots = max(0, order.left - (reduced.size if reduced else 0))
    if order.limit:
        quote = quote_of(instrument, order.price * lots)
    else:
        taken = matching.takes(state, instrument, order.side, lots=order.left)
        worst = max(price for price, _ in taken) if order.side == "buy" else taken[0][0]
        quote = quote_of(instrument, worst * lots)
    needed = margin.order_margin(instrument, lots=lots, quote=quote, leverage=order.leverage)
    account = margin.account(state, instrument.product, instrument.margin_coin)
    has = account.usable if order.margin_mode == "crossed" else account.spare
    held = state.position(order.product, order.symbol, order.opens)
    value = quote + (held.cost if held else 0)
    if needed > has or (lots and value > margin.most_value(instrument, order.leverage)):
        raise RefusedError("40762", "The order size is greater than the max open size")


def pending(state: EngineState, query: Query, instrument: PaperInstrument | None) -> Order:
    """The open futures order that `orderId` or `clientOid` names."""
    is_named, products = query.names(), {each.product for each in query.futures()}
    for order in state.orders.values():
        here = order.product in products and (instrument is None or order.symbol == instrument.symbol)
        if here and is_named(order):
            return order
    raise RefusedError("40768", "Order does not exist")


def cancel(state: EngineState, query: Query) -> Order:
    instrument = query.future() if query.maybe("symbol") else None
    return matching.cancel(state, pending(state, query, instrument))


def cancel_all(state: EngineState, query: Query) -> list[Order]:
    """Every open order of a product, or of one of its symbols."""
    chosen = {(each.product, each.symbol) for each in query.chosen_futures()}
    orders = [order for order in state.orders.values() if (order.product, order.symbol) in chosen]
    return [matching.cancel(state, order) for order in orders]


def close(state: EngineState, position: Position, *, size: int = 0) -> Order:
    """Close a position at the market, or part of it."""
    return submit(state, fills.closing_order(position, size=size, source="market"))


def modify(state: EngineState, query: Query) -> Order:
    """The order as it then is: another one when price and size changed, which go together."""
    instrument = query.future()
    old = pending(state, query, instrument)
    client_oid = validation.client_oid(state, query, spot=False, name="newClientOid")
    if query.maybe("newPrice") is None and query.maybe("newSize") is None:
        return _with_exits(state, old, query, instrument)
    if not client_oid:
        raise answers.missing("newClientOid")
    if not (query.maybe("newPrice") and query.maybe("newSize")):
        raise answers.missing("newPrice" if query.maybe("newSize") else "newSize")
    matching.cancel(state, old)
    order = Order(
        id=0,
        product=old.product,
        symbol=old.symbol,
        client_oid=client_oid,
        side=old.side,
        limit=old.limit,
        force=old.force,
        price=validation.price(query, "newPrice", instrument),
        size=validation.lots(query, "newSize", instrument),
        closing=old.closing,
        reduce_only=old.reduce_only,
        hedge=old.hedge,
        margin_mode=old.margin_mode,
        exits=old.exits,
    )
    _check_exits(state, order)
    return submit(state, order)


def _with_exits(state: EngineState, order: Order, query: Query, instrument: PaperInstrument) -> Order:
    """As on Bitget, an exit that is not sent again is removed, and `0` removes it too."""
    names = validation.anew(_EXITS)
    if not any(query.maybe(name) for name in names):
        raise answers.missing("newPrice")
    order.exits = validation.exits(query, instrument, names) or Exits()
    _check_exits(state, order)
    state.save(order)
    return order


def _check_exits(state: EngineState, order: Order) -> None:
    if not (order.closing or order.reduce_only):
        validation.check_exits(state, order.instrument, order.exits, order.side, limit=order.price)
