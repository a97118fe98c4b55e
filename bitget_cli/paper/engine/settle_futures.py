"""What a futures trade does: it opens, adds to, reduces, closes or turns a position, and pays its fee."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.paper.engine import protection
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.ledger import FEES, PROFITS
from bitget_cli.paper.engine.margin import gain, order_margin
from bitget_cli.paper.engine.money import ZERO, account_of, exact, in_margin_coin, quote_of
from bitget_cli.paper.engine.records import Fill, Hold, Order, Position
from bitget_cli.paper.instruments import Instrument
from bitget_cli.values import Product


def reduces(floor: Floor, order: Order) -> Position | None:
    """The position an order's trades reduce first: its own in hedge mode, the opposite one in one-way mode."""
    if order.hedge:
        return floor.position(order.product, order.symbol, order.hold) if order.closing else None
    opposite: Hold = "short" if order.side == "buy" else "long"
    return floor.position(order.product, order.symbol, opposite)


def fillable(floor: Floor, order: Order) -> int:
    """Lots an order may still trade: closing and reduce-only orders no more than there is to close."""
    if not (order.closing or order.reduce_only):
        return order.left
    position = reduces(floor, order)
    return min(order.left, position.size) if position else 0


def fill(floor: Floor, order: Order, price: int, lots: int, *, maker: bool) -> None:
    """One trade of an order. One that turns a position is written down as two: what it closed and what it opened."""
    reduced = reduces(floor, order)
    closing = min(lots, reduced.size) if reduced else 0
    if reduced and closing:
        _reduce(floor, order, reduced, price, closing, maker)
    if lots > closing:
        _add(floor, order, price, lots - closing, maker)
    order.filled += lots
    order.value += price * lots
    order.reserved = reserve_for(floor, order)


def reserve_for(floor: Floor, order: Order) -> Decimal:
    """What an order must hold back: margin and fee for the part that would open something."""
    if order.closing or order.reduce_only or not order.limit:
        return ZERO
    reduced = reduces(floor, order)
    lots = max(0, order.left - (reduced.size if reduced else 0))
    instrument = order.instrument
    return order_margin(instrument, lots=lots, quote=quote_of(instrument, order.price * lots), leverage=order.leverage)


def _add(floor: Floor, order: Order, price: int, lots: int, maker: bool) -> None:
    instrument = order.instrument
    hold: Hold = order.hold if order.hedge else ("long" if order.side == "buy" else "short")
    position = floor.position(order.product, order.symbol, hold) or _opened(floor, order, hold)
    value = quote_of(instrument, price * lots)
    position.size += lots
    position.cost += value
    position.opened += lots
    position.opened_value += price * lots
    position.leverage = order.leverage
    if position.margin_mode == "isolated":
        margin = in_margin_coin(instrument, lots=lots, quote=value) / order.leverage
        floor.ledger.move(instrument.margin_coin, margin, source=account_of(instrument.product), target=position.pot)
    fee = _pay_fee(floor, order, price, lots, maker)
    position.open_fee -= fee
    business = _business(order, closing=False)
    floor.bill(
        account_of(instrument.product),
        instrument.margin_coin,
        ZERO,
        fee=-fee,
        business=business,
        symbol=order.symbol,
        cause=order.id,
    )
    floor.save(position)
    _record(floor, order, price, lots, fee=fee, maker=maker)
    protection.attach(floor, order, position)


def _opened(floor: Floor, order: Order, hold: Hold) -> Position:
    return Position(
        id=floor.new_id(),
        product=order.product,
        symbol=order.symbol,
        hold=hold,
        margin_mode=order.margin_mode,
        leverage=order.leverage,
        hedge=order.hedge,
    )


def _reduce(floor: Floor, order: Order, position: Position, price: int, lots: int, maker: bool) -> None:
    instrument, account = order.instrument, account_of(order.instrument.product)
    whole = lots == position.size
    cost = position.cost if whole else exact(position.cost * lots / position.size)
    profit = exact(gain(instrument, position, lots=lots, cost=cost, ticks=price))
    coin = instrument.margin_coin
    floor.ledger.move(coin, profit, source=PROFITS, target=account)
    if position.margin_mode == "isolated":
        margin = floor.ledger.pot(position.pot, coin).total
        part = margin if whole else margin * lots / position.size
        floor.ledger.move(coin, part, source=position.pot, target=account)
    fee = _pay_fee(floor, order, price, lots, maker)
    position.size -= lots
    position.cost -= cost
    position.closed += lots
    position.closed_value += price * lots
    position.realised += profit
    position.close_fee -= fee
    order.profit += profit
    floor.bill(
        account,
        coin,
        profit,
        fee=-fee,
        business=_business(order, closing=True),
        symbol=order.symbol,
        cause=order.id,
    )
    floor.save(position)
    _record(floor, order, price, lots, fee=fee, maker=maker, profit=profit, closing=True)
    if not position.size:
        protection.lift(floor, position, besides=order)


def _pay_fee(floor: Floor, order: Order, price: int, lots: int, maker: bool) -> Decimal:
    instrument = order.instrument
    worth = in_margin_coin(instrument, lots=lots, quote=quote_of(instrument, price * lots))
    fee = exact(worth * _rate(instrument, maker))
    floor.ledger.move(instrument.margin_coin, fee, source=account_of(instrument.product), target=FEES)
    order.fee -= fee
    return fee


def _rate(instrument: Instrument, maker: bool) -> Decimal:
    return Decimal(instrument.maker if maker else instrument.taker)


def _business(order: Order, *, closing: bool) -> str:
    """The word of the bill."""
    if order.forced:
        return f"burst_{order.hold}_loss_query" if order.hedge else f"burst_{order.side}"
    if not order.hedge:
        return order.side
    return f"{'close' if closing else 'open'}_{order.hold}"


def _record(
    floor: Floor,
    order: Order,
    price: int,
    lots: int,
    *,
    fee: Decimal,
    maker: bool,
    profit: Decimal = ZERO,
    closing: bool = False,
) -> None:
    floor.save(
        Fill(
            id=floor.new_id(),
            product=Product(order.product),
            symbol=order.symbol,
            parent=order.id,
            side=order.side,
            price=price,
            size=lots,
            fee=-fee,
            fee_coin=order.instrument.margin_coin,
            maker=maker,
            limit=order.limit,
            profit=profit,
            closing=closing,
            hedge=order.hedge,
            forced=order.forced,
        )
    )
