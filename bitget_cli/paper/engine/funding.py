"""Funding: at every slot each open position pays its side times its value at mark times the slot's rate."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.ledger import FUNDING
from bitget_cli.paper.engine.money import account_of, exact, price_of, quote_of
from bitget_cli.paper.engine.records import Position
from bitget_cli.paper.instruments import instrument
from bitget_cli.values import Product

_HOUR = 3_600_000


def next_of(floor: Floor, product: Product, symbol: str, until: int) -> tuple[int, Callable[[], None]] | None:
    """The next slot at which a market's positions pay."""
    market = instrument(product, symbol)
    if market is None or not _open(floor, product, symbol):
        return None
    slot = market.fund_hours * _HOUR
    at = (floor.time // slot + 1) * slot
    return (at, lambda: _pay(floor, product, symbol)) if at <= until else None


def next_slot(floor: Floor, positions: list[Position]) -> int:
    """When the first of some positions pays, in ms."""
    slots = {position.instrument.fund_hours * _HOUR for position in positions}
    return min((floor.time // slot + 1) * slot for slot in slots)


def _open(floor: Floor, product: Product, symbol: str) -> list[Position]:
    found = (floor.position(product, symbol, hold) for hold in ("long", "short"))
    return [position for position in found if position]


def _pay(floor: Floor, product: Product, symbol: str) -> None:
    for position in _open(floor, product, symbol):
        market = position.instrument
        rate = Decimal(floor.desk.funding_rate(market, floor.time))
        mark = floor.desk.mark(market)
        if product is Product.COIN_FUTURES:
            value = position.cost / price_of(market, mark)
        else:
            value = quote_of(market, mark * position.size)
        amount = exact(-position.sign * value * rate)
        coin, account = market.margin_coin, account_of(product)
        floor.ledger.move(coin, amount, source=FUNDING, target=account)
        position.funding += amount
        floor.save(position)
        floor.bill(account, coin, amount, business="contract_settle_fee", symbol=symbol)
