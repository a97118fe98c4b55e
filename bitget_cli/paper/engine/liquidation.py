"""Liquidation: what is no longer covered by the money behind it is closed at its bankruptcy price.

An isolated position stands alone; all crossed positions of an account stand together. Mark prices are looked at every
second, but only stretches whose highs and lows could breach are opened. There is no partial liquidation, no
auto-deleveraging and no insurance fund: the bankruptcy price leaves the customer nothing and the world the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from bitget_cli.paper.engine import matching, settle_futures
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.funding import next_slot
from bitget_cli.paper.engine.margin import maintenance_at, margin_of, of_account, profit_at
from bitget_cli.paper.engine.money import ZERO, account_of, price_of, size_of, ticks_of
from bitget_cli.paper.engine.records import Exits, Order, Position
from bitget_cli.paper.nodes import LEAF, SPANS
from bitget_cli.values import Product

Act = Callable[[], None]


@dataclass(frozen=True)
class _Group:
    """Positions that stand or fall together, and the money behind them."""

    positions: list[Position]
    behind: Decimal


def next_of(floor: Floor, product: Product, coin: str, until: int) -> tuple[int, Act] | None:
    """The first breach of an account."""
    found: tuple[int, Act] | None = None
    positions = of_account(floor, product, coin)
    if positions:
        # Funding changes the account, and it is looked at anew after: further ahead would be in vain.
        until = min(until, next_slot(floor, positions))
    for group in _groups(floor, product, coin):
        at = first_breach(floor, group.positions, group.behind, until)
        if at is not None and (found is None or at < found[0]):
            found = at, partial(_liquidate, floor, group)
    return found


def _groups(floor: Floor, product: Product, coin: str) -> Iterator[_Group]:
    positions = of_account(floor, product, coin)
    crossed = [position for position in positions if position.margin_mode == "crossed"]
    if crossed:
        yield _Group(crossed, floor.ledger.pot(account_of(product), coin).total)
    for position in positions:
        if position.margin_mode == "isolated":
            yield _Group([position], margin_of(floor, position))


def first_breach(floor: Floor, positions: list[Position], behind: Decimal, until: int) -> int | None:
    """The first whole second after the floor's time, in ms, at which equity is no more than maintenance."""
    start, end = floor.time // 1000 + 1, until // 1000 + 1
    day = SPANS[0]
    for index in range(start // day, (end - 1) // day + 1):
        for second in _doubtful(floor, positions, behind, (0, index), (start, end)):
            if _left(positions, behind, lambda position: (_mark(floor, position, second),)) <= 0:  # noqa: B023 - called at once
                return second * 1000
    return None


def _doubtful(
    floor: Floor, positions: list[Position], behind: Decimal, place: tuple[int, int], within: tuple[int, int]
) -> Iterator[int]:
    """Seconds in which the worst of every price would breach, in order."""
    level, index = place
    span = SPANS[level]
    if (index + 1) * span <= within[0] or index * span >= within[1]:
        return

    def ends(position: Position) -> tuple[int, ...]:
        node = floor.prices.mark(position.instrument).node(level, index)
        return node.low, node.high

    if _left(positions, behind, ends) > 0:
        return
    if level == LEAF:
        yield index
        return
    count = span // SPANS[level + 1]
    for child in range(index * count, (index + 1) * count):
        yield from _doubtful(floor, positions, behind, (level + 1, child), within)


def _left(positions: list[Position], behind: Decimal, prices: Callable[[Position], tuple[int, ...]]) -> Decimal:
    """Equity beyond maintenance when every market is at the worst of its prices."""
    markets: dict[str, list[Position]] = {}
    for position in positions:
        markets.setdefault(position.symbol, []).append(position)
    left = behind
    for here in markets.values():
        marks = prices(here[0])
        left += min(sum((profit_at(position, mark) for position in here), ZERO) for mark in marks)
        left -= max(sum((maintenance_at(position, mark) for position in here), ZERO) for mark in marks)
    return left


def _mark(floor: Floor, position: Position, second: int) -> int:
    return floor.prices.mark(position.instrument).level_at(second * 1000)


def _liquidate(floor: Floor, group: _Group) -> None:
    """Cancel what is open on these markets and close every position of the group."""
    symbols = {position.symbol for position in group.positions}
    crossed = group.positions[0].margin_mode == "crossed"
    market = group.positions[0].instrument
    for order in list(floor.orders.values()):
        same = (order.instrument.product, order.instrument.margin_coin) == (market.product, market.margin_coin)
        if same and (order.symbol in symbols or (crossed and order.margin_mode == "crossed")):
            matching.finish(floor, order, "canceled", reason="normal_cancel")
    marks = {position.symbol: floor.desk.mark(position.instrument) for position in group.positions}
    equity = group.behind + sum((profit_at(each, marks[each.symbol]) for each in group.positions), ZERO)
    whole = sum((each.cost for each in group.positions), ZERO)
    for position in group.positions:
        wanted = profit_at(position, marks[position.symbol]) - equity * position.cost / whole
        _close(floor, position, _bankruptcy(position, wanted, marks[position.symbol]))


def _bankruptcy(position: Position, wanted: Decimal, mark: int) -> int:
    """The price, in ticks, at which closing brings `wanted` after the fee: rounded so that nothing is owed."""
    instrument, sign = position.instrument, position.sign
    size, fee = size_of(instrument, position.size), Decimal(instrument.taker)
    if instrument.product is Product.COIN_FUTURES:
        dollars = size - sign * (wanted + size * fee)
        price = position.cost / dollars if dollars > 0 else price_of(instrument, mark)
    else:
        price = (wanted + sign * position.cost) / (size * (sign - fee))
    return max(1, ticks_of(instrument, price, up=position.hold == "long"))


def _close(floor: Floor, position: Position, price: int) -> None:
    order = Order(
        id=floor.new_id(),
        product=position.product,
        symbol=position.symbol,
        side="sell" if position.hold == "long" else "buy",
        limit=False,
        size=position.size,
        source="liquidation",
        closing=position.hedge,
        reduce_only=not position.hedge,
        hedge=position.hedge,
        margin_mode=position.margin_mode,
        leverage=position.leverage,
        exits=Exits(),
        forced=True,
    )
    order.client_oid = str(order.id)
    floor.save(order)
    settle_futures.fill(floor, order, price, position.size, maker=False)
    matching.finish(floor, order, "filled")
