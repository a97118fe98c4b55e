"""Orders against the market: what crosses is taken from the book, the rest waits for the tape.

A resting order fills whole when a trade goes through its price. At its price it waits for a queue, drawn when it came,
and then takes what is left of each trade. Nothing here moves the market.
"""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.paper.engine import fills
from bitget_cli.paper.engine.ledger import ZERO, lots_of, price_of
from bitget_cli.paper.engine.records import Order, Side
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.prices.path import Trade
from bitget_cli.paper.prices.tree import Draws
from bitget_cli.values import Product

Take = tuple[int, int]
# Deep enough that only an order larger than everything the book holds gets past it.
_LEVELS = 400
# An order twice the book pays a twentieth more for what the book lacks, and so on, at most half as much again.
_TAIL = 20
_WORST = 2
_QUEUE_LEVEL = 70


def takes(state: EngineState, instrument: PaperInstrument, side: Side, *, lots: int, limit: int = 0) -> list[Take]:
    """What an order of `lots` takes at once, as (price, size); with a `limit` no worse than it."""
    book = state.market.book(instrument)
    levels = book.asks(_LEVELS) if side == "buy" else book.bids(_LEVELS)
    taken: list[Take] = []
    left = lots
    for price, size in levels:
        beyond = limit and (price > limit if side == "buy" else price < limit)
        if beyond or not left:
            break
        taken.append((price, min(size, left)))
        left -= taken[-1][1]
    if left and not limit:
        taken.append((_tail(levels, side, left), left))
    return taken


def takes_for(state: EngineState, instrument: PaperInstrument, quote: Decimal) -> list[Take]:
    """What a market buy for an amount of quote coin takes."""
    taken: list[Take] = []
    for price, size in state.market.book(instrument).asks(_LEVELS):
        each = price_of(instrument, price)
        affordable = lots_of(instrument, quote / each)
        if not affordable:
            break
        taken.append((price, min(size, affordable)))
        quote -= each * Decimal(taken[-1][1] * instrument.size_step).scaleb(-instrument.size_places)
    return taken


def _tail(levels: list[Take], side: Side, left: int) -> int:
    worst, depth = levels[-1][0], sum(size for _, size in levels)
    further = min(worst * left // (depth * _TAIL), worst // _WORST)
    return worst + further if side == "buy" else max(1, worst - further)


def enter(state: EngineState, order: Order) -> None:
    """An order that is new, or has another price or size, meets the book; funds are reserved already."""
    instrument = order.instrument
    if order.quote and not order.size:
        taken = takes_for(state, instrument, order.quote)
        order.size = sum(size for _, size in taken)
    else:
        limit = order.price if order.limit else 0
        taken = takes(state, instrument, order.side, lots=order.left, limit=limit)
    if order.limit and order.force == "post_only" and taken:
        return finish(state, order, "canceled")
    if order.limit and order.force == "fok" and sum(size for _, size in taken) < order.size:
        return finish(state, order, "canceled")
    for price, size in taken:
        trade(state, order, price, size, maker=False)
        if not order.live:
            return None
    if not order.limit or order.force in ("ioc", "fok"):
        return finish(state, order, "filled" if order.filled and not order.left else "canceled")
    order.queue = _queue(state, order)
    state.save(order)
    return None


def _queue(state: EngineState, order: Order) -> int:
    """Lots that stand before it at its price: up to about four seconds' worth of trading."""
    instrument = order.instrument
    draw = Draws(state.prices.seed, f"{instrument.name}/queue").at(_QUEUE_LEVEL, order.id)[0]
    return 1 + (instrument.lots(instrument.volume) // 21_600 * draw >> 16)


def meet(state: EngineState, order: Order, trade_: Trade) -> None:
    """A resting order and a trade of the tape at its price or through it."""
    before = min(order.queue, trade_.size) if trade_.price == order.price else 0
    order.queue -= before
    size = min(order.left, trade_.size - before) if trade_.price == order.price else order.left
    if not size:
        return state.save(order)
    if not fills.covered(state, order, size):
        cancel(state, order)
        return None
    return trade(state, order, order.price, size, maker=True)


def trade(state: EngineState, order: Order, price: int, size: int, *, maker: bool) -> None:
    """Fill `size` of an order at a price, money, position and all."""
    if order.product == Product.SPOT:
        fills.fill_spot(state, order, price, size, maker=maker)
    else:
        size = min(size, fills.fillable(state, order))
        if not size:
            return finish(state, order, "canceled")
        fills.fill_futures(state, order, price, size, maker=maker)
    if not order.left:
        return finish(state, order, "filled")
    if order.product != Product.SPOT and not fills.fillable(state, order):
        # There is nothing left to close.
        return finish(state, order, "canceled")
    order.status = "partially_filled"
    return state.save(order)


def cancel(state: EngineState, order: Order) -> Order:
    """As its customer or the exchange wants it."""
    finish(state, order, "canceled", reason="normal_cancel")
    return order


def finish(state: EngineState, order: Order, status: str, *, reason: str = "") -> None:
    """The end of an order: what it still holds back is free again."""
    order.status = status
    order.cancel_reason = reason if status == "canceled" else ""
    if order.product == Product.SPOT:
        fills.release(state, order)
        if order.exits and order.filled:
            fills.attach_spot_exits(state, order)
    order.reserved = ZERO
    state.save(order)
    fills.part_over(state, order)
