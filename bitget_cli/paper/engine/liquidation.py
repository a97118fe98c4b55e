"""Funding, and liquidation: what is no longer covered is closed at its bankruptcy price."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from bitget_cli.paper.engine import fills, matching
from bitget_cli.paper.engine.ledger import FUNDING, ZERO, account_of, exact, price_of, quote_of, size_of, ticks_of
from bitget_cli.paper.engine.margin import maintenance_at, margin_of, of_account, profit_at
from bitget_cli.paper.engine.records import Position
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.prices.tree import LEAF, seconds
from bitget_cli.values import Product

_HOUR = 3_600_000


def next_funding(state: EngineState, until: int, *, paid: int) -> tuple[int, Callable[[], None]] | None:
    """The next slot at which any position pays; all that pay in it do so together.

    Slots up to `paid` (ms) are done with. One at the state's own time may not be: other things happened in it before.
    """
    if not state.positions:
        return None
    at = _first_slot(list(state.positions.values()), after=max(paid, state.time - 1))
    return (at, lambda: _pay_all(state)) if at <= until else None


def _first_slot(positions: list[Position], *, after: int) -> int:
    slots = {position.instrument.fund_hours * _HOUR for position in positions}
    return min((after // slot + 1) * slot for slot in slots)


def _pay_all(state: EngineState) -> None:
    for _, position in sorted(state.positions.items()):
        if state.time % (position.instrument.fund_hours * _HOUR) == 0:
            _pay(state, position)


def _pay(state: EngineState, position: Position) -> None:
    market = position.instrument
    rate = Decimal(state.market.funding_rate(market, state.time))
    mark = state.market.mark(market)
    if market.product is Product.COIN_FUTURES:
        value = position.cost / price_of(market, mark)
    else:
        value = quote_of(market, mark * position.size)
    amount = exact(-position.sign * value * rate)
    coin, account = market.margin_coin, account_of(market.product)
    state.ledger.move(coin, amount, source=FUNDING, target=account)
    if position.margin_mode == "isolated" and (owed := -state.ledger.pot(account, coin).total) > 0:
        # What the account has not, the position's own margin pays.
        state.ledger.move(coin, min(owed, -amount), source=position.pot, target=account)
    position.funding += amount
    state.save(position)
    state.bill(account, coin, amount, business="contract_settle_fee", symbol=position.symbol, position=position)


# An isolated position stands alone; all crossed positions of an account stand together. Mark prices are looked at
# every second, but only stretches whose highs and lows could breach are opened. There is no partial liquidation, no
# auto-deleveraging and no insurance fund: the bankruptcy price leaves the customer nothing and the world the rest.

Act = Callable[[], None]


class _Group(NamedTuple):
    """Positions that stand or fall together, and the money behind them."""

    positions: list[Position]
    behind: Decimal


def next_liquidation(state: EngineState, product: Product, coin: str, until: int) -> tuple[int, Act] | None:
    """The first breach of an account."""
    found: tuple[int, Act] | None = None
    positions = of_account(state, product, coin)
    if positions:
        # Funding changes the account, and it is looked at anew after: further ahead would be in vain.
        until = min(until, _first_slot(positions, after=state.time))
    for group in _groups(state, product, coin):
        at = first_breach(state, group.positions, group.behind, until)
        if at is not None and (found is None or at < found[0]):
            found = at, partial(_liquidate, state, group)
    return found


def _groups(state: EngineState, product: Product, coin: str) -> Iterator[_Group]:
    positions = of_account(state, product, coin)
    crossed = [position for position in positions if position.margin_mode == "crossed"]
    if crossed:
        yield _Group(crossed, state.ledger.pot(account_of(product), coin).total)
    for position in positions:
        if position.margin_mode == "isolated":
            yield _Group([position], margin_of(state, position))


def first_breach(state: EngineState, positions: list[Position], behind: Decimal, until: int) -> int | None:
    """The first whole second after the state's time, in ms, at which equity is no more than maintenance."""

    def left(level: int, index: int, *, whole: bool) -> Decimal:
        """With every price at the worst of a stretch of time, or as it was when it began."""

        def prices(position: Position) -> tuple[int, ...]:
            node = state.prices.mark(position.instrument).node(level, index)
            return (node.low, node.high) if whole else (node.open,)

        return _left(positions, behind, prices)

    start, end = state.time // 1000 + 1, until // 1000 + 1
    doubtful = seconds(start, end, lambda level, index: left(level, index, whole=True) <= 0)
    return next((second * 1000 for second in doubtful if left(LEAF, second, whole=False) <= 0), None)


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


def _liquidate(state: EngineState, group: _Group) -> None:
    """Cancel what is open on these markets and close every position of the group."""
    symbols = {position.symbol for position in group.positions}
    crossed = group.positions[0].margin_mode == "crossed"
    market = group.positions[0].instrument
    for order in list(state.orders.values()):
        same = (order.instrument.product, order.instrument.margin_coin) == (market.product, market.margin_coin)
        # What a unified account's spot orders have frozen stands behind its crossed positions.
        frozen = order.product == Product.SPOT and state.unified and fills.needed(order)[0] == market.margin_coin
        if (same and (order.symbol in symbols or (crossed and order.margin_mode == "crossed"))) or (crossed and frozen):
            matching.cancel(state, order)
    marks = {position.symbol: state.market.mark(position.instrument) for position in group.positions}
    equity = group.behind + sum((profit_at(each, marks[each.symbol]) for each in group.positions), ZERO)
    whole = sum((each.cost for each in group.positions), ZERO)
    for position in group.positions:
        wanted = profit_at(position, marks[position.symbol]) - equity * position.cost / whole
        _close(state, position, _bankruptcy(position, wanted, marks[position.symbol]))


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


def _close(state: EngineState, position: Position, price: int) -> None:
    order = fills.closing_order(position, source="liquidation")
    order.id, order.leverage, order.forced = state.new_id(), position.leverage, True
    order.client_oid = str(order.id)
    state.save(order)
    fills.fill_futures(state, order, price, position.size, maker=False)
    matching.finish(state, order, "filled")
