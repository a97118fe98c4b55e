"""What a spot trade does: coins change hands, the fee is kept from what is received, two bills are written."""

from __future__ import annotations

from decimal import Decimal

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.ledger import FEES, MARKET
from bitget_cli.paper.engine.money import ZERO, exact, quote_of, size_of
from bitget_cli.paper.engine.records import Fill, Order

_SPOT = "spot"


def reserve(floor: Floor, order: Order) -> None:
    """Freeze what the order may cost."""
    coin, amount = needed(order)
    floor.ledger.freeze(_SPOT, coin, amount)
    order.reserved = amount


def needed(order: Order) -> tuple[str, Decimal]:
    """Coin and amount that must be there for an order, or for what is left of it."""
    instrument = order.instrument
    if order.side == "sell":
        return instrument.base, size_of(instrument, order.left)
    if order.quote:
        return instrument.quote, order.quote - quote_of(instrument, order.value)
    return instrument.quote, quote_of(instrument, order.price * order.left)


def fill(floor: Floor, order: Order, price: int, lots: int, *, maker: bool) -> None:
    """One trade of an order; what a limit order saves against its limit is free at once."""
    instrument = order.instrument
    size, value = size_of(instrument, lots), quote_of(instrument, price * lots)
    rate = Decimal(instrument.maker if maker else instrument.taker)
    if order.side == "buy":
        given, got = (instrument.quote, value), (instrument.base, size)
    else:
        given, got = (instrument.base, size), (instrument.quote, value)
    fee = exact(got[1] * rate)
    floor.ledger.spend(*given, source=_SPOT, target=MARKET)
    order.reserved -= exact(given[1])
    floor.ledger.move(*got, source=MARKET, target=_SPOT)
    floor.ledger.move(got[0], fee, source=_SPOT, target=FEES)
    order.filled += lots
    order.value += price * lots
    order.fee -= fee
    _free(floor, order, order.reserved - needed(order)[1])
    business = order.side.upper()
    _record(floor, order, price, lots, fee=fee, fee_coin=got[0], maker=maker)
    for coin, amount, kept in ((given[0], -given[1], ZERO), (got[0], got[1], -fee)):
        floor.bill(
            _SPOT,
            coin,
            amount,
            fee=kept,
            business=business,
            group="transaction",
            symbol=order.symbol,
            cause=order.id,
        )


def _record(floor: Floor, order: Order, price: int, lots: int, *, fee: Decimal, fee_coin: str, maker: bool) -> None:
    floor.save(
        Fill(
            id=floor.new_id(),
            product=order.product,
            symbol=order.symbol,
            parent=order.id,
            side=order.side,
            price=price,
            size=lots,
            fee=-fee,
            fee_coin=fee_coin,
            maker=maker,
            limit=order.limit,
        )
    )


def release(floor: Floor, order: Order) -> None:
    """An order is over: nothing stays frozen for it."""
    _free(floor, order, order.reserved)


def _free(floor: Floor, order: Order, amount: Decimal) -> None:
    if amount > ZERO:
        coin = order.instrument.quote if order.side == "buy" else order.instrument.base
        floor.ledger.freeze(_SPOT, coin, -amount)
        order.reserved -= exact(amount)
