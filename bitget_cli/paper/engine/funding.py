"""Funding: at every slot each open position pays its side times its value at mark times the slot's rate."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.ledger import FUNDING
from bitget_cli.paper.engine.money import account_of, exact, price_of, quote_of
from bitget_cli.paper.engine.records import Position
from bitget_cli.values import Product

_HOUR = 3_600_000


def next_of(floor: Floor, until: int, *, paid: int) -> tuple[int, Callable[[], None]] | None:
    """The next slot at which any position pays; all that pay in it do so together.

    Slots up to `paid` (ms) are done with. One at the floor's own time may not be: other things happened in it before.
    """
    if not floor.positions:
        return None
    at = _first_slot(list(floor.positions.values()), after=max(paid, floor.time - 1))
    return (at, lambda: _pay_all(floor)) if at <= until else None


def next_slot(floor: Floor, positions: list[Position]) -> int:
    """When the first of some positions pays after the floor's time, in ms."""
    return _first_slot(positions, after=floor.time)


def _first_slot(positions: list[Position], *, after: int) -> int:
    slots = {position.instrument.fund_hours * _HOUR for position in positions}
    return min((after // slot + 1) * slot for slot in slots)


def _pay_all(floor: Floor) -> None:
    for _, position in sorted(floor.positions.items()):
        if floor.time % (position.instrument.fund_hours * _HOUR) == 0:
            _pay(floor, position)


def _pay(floor: Floor, position: Position) -> None:
    market = position.instrument
    rate = Decimal(floor.desk.funding_rate(market, floor.time))
    mark = floor.desk.mark(market)
    if market.product is Product.COIN_FUTURES:
        value = position.cost / price_of(market, mark)
    else:
        value = quote_of(market, mark * position.size)
    amount = exact(-position.sign * value * rate)
    coin, account = market.margin_coin, account_of(market.product)
    floor.ledger.move(coin, amount, source=FUNDING, target=account)
    position.funding += amount
    floor.save(position)
    floor.bill(account, coin, amount, business="contract_settle_fee", symbol=position.symbol)
