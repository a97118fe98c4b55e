"""One market's path through time: candles of any stretch, the trades of a second, the first crossing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bitget_cli.paper.prices.tree import FINE, LEAF, Candle, Draws, InOtherTicks, Node, Tree, seconds

# A trade's id holds its time: milliseconds since the epoch times this, plus something below it.
ID_STEP = 1_000_000


class Trade(NamedTuple):
    """`time` in milliseconds, `price` in ticks, `size` in lots; `buy` tells who was in a hurry."""

    time: int
    price: int
    size: int
    buy: bool
    id: int


def trades_of(leaf: Candle, second: int, draws: tuple[int, ...]) -> list[Trade]:
    """A leaf (prices in ticks) as trades: the first at its open, the last at its close, volume and extremes exact."""
    prices = _visits(leaf, draws[0])
    count = len(prices)
    weights = [draws[1 + place] + 2000 for place in range(count)]
    spare, total = leaf.volume - count, sum(weights)
    sizes = [1 + spare * weight // total for weight in weights]
    sizes[-1] += leaf.volume - sum(sizes)
    trades: list[Trade] = []
    before, width = leaf.open, 1000 // count
    for place, price in enumerate(prices):
        time = second * 1000 + place * width + (draws[5 + place] * width >> 16)
        buy = price > before or (price == before and draws[9 + place] >= 32768)
        trades.append(Trade(time, price, sizes[place], buy, time * ID_STEP + draws[13 + place] * 15))
        before = price
    return trades


def _visits(leaf: Candle, draw: int) -> list[int]:
    extremes = (leaf.high, leaf.low) if draw & 1 else (leaf.low, leaf.high)
    prices = [leaf.open, *(price for price in extremes if price not in (leaf.open, leaf.close))]
    if prices[-1] != leaf.close or draw & 2:
        prices.append(leaf.close)
    return prices


# Prices are in ticks, sizes in lots, instants in milliseconds since the epoch.

_TAPE_LEVEL = 50
_CACHE = 5_000


class Path:
    """The tree of a market read in its own ticks."""

    def __init__(self, tree: Tree | InOtherTicks, tape: Draws) -> None:
        self.tree = tree
        self._tape = tape
        self._seconds: dict[int, list[Trade]] = {}

    def node(self, level: int, index: int) -> Candle:
        """A node of the tree, in ticks."""
        return _in_ticks(self.tree.node(level, index))

    def level_at(self, time: int) -> int:
        """The price at a whole second, at which the second's first trade is made: how mark and index are read."""
        return self.tree.node(LEAF, time // 1000).open // FINE

    def candle(self, start: int, end: int, now: int) -> Candle:
        """What happened from `start` up to `end`, both whole seconds in ms, as far as it is known at `now`.

        Before its first trade a candle stands at the last price with nothing traded.
        """
        until = min(end, now // 1000 * 1000)
        nodes = [_in_ticks(node) for node in self.tree.cover(start // 1000, until // 1000)]
        candle = _fold(nodes) if nodes else None
        if until < end:
            trades = [trade for trade in self.second(now // 1000) if trade.time <= now]
            candle = _joined(candle, trades)
        if candle is None:
            price = self.node(LEAF, start // 1000).open
            return Candle(price, price, price, price, 0, 0)
        return candle

    def second(self, second: int) -> list[Trade]:
        """Every trade of a second, in order of time; there is at least one."""
        trades = self._seconds.get(second)
        if trades is None:
            if len(self._seconds) > _CACHE:
                self._seconds.clear()
            leaf = self.node(LEAF, second)
            trades = self._seconds[second] = trades_of(leaf, second, self._tape.at(_TAPE_LEVEL, second))
        return trades

    def last(self, now: int) -> Trade:
        """The latest trade at or before an instant."""
        return next(self.back_from(now))

    def back_from(self, now: int) -> Iterator[Trade]:
        """Trades at or before an instant, newest first, without end."""
        second = now // 1000
        while True:
            yield from (trade for trade in reversed(self.second(second)) if trade.time <= now)
            second -= 1

    def first_trade(
        self, after: int, until: int, *, at_most: int | None = None, at_least: int | None = None
    ) -> Trade | None:
        """The first trade later than `after`, and at or before `until`, that reaches a price; None when none does.

        One of `at_most` and `at_least` is given, in ticks. Only nodes whose range holds the price are opened, so
        idle months cost no more than their days.
        """
        for second in self._reaching(after // 1000, until // 1000 + 1, at_most, at_least):
            for trade in self.second(second):
                if after < trade.time <= until and _reached(trade.price, trade.price, at_most, at_least):
                    return trade
        return None

    def first_level(
        self, after: int, until: int, *, at_most: int | None = None, at_least: int | None = None
    ) -> int | None:
        """The first whole second later than `after`, in ms, at which `level_at` reaches a price (mark triggers)."""
        for second in self._reaching(after // 1000 + 1, until // 1000 + 1, at_most, at_least):
            level = self.level_at(second * 1000)
            if _reached(level, level, at_most, at_least):
                return second * 1000
        return None

    def _reaching(self, start: int, end: int, at_most: int | None, at_least: int | None) -> Iterator[int]:
        """The seconds from `start` up to `end` whose range reaches a price, in order."""

        def reaches(level: int, index: int) -> bool:
            node = self.tree.node(level, index)
            return _reached(node.low // FINE, node.high // FINE, at_most, at_least)

        return seconds(start, end, reaches)


def _reached(low: int, high: int, at_most: int | None, at_least: int | None) -> bool:
    return (at_most is not None and low <= at_most) or (at_least is not None and high >= at_least)


def _in_ticks(node: Node) -> Candle:
    # Rounding down keeps order, so opens still meet closes and extremes are still extremes.
    return Candle(node[0] // FINE, node[1] // FINE, node[2] // FINE, node[3] // FINE, node[4], node[5])


def _fold(nodes: list[Candle]) -> Candle:
    return Candle(
        nodes[0].open,
        max(node[1] for node in nodes),
        min(node[2] for node in nodes),
        nodes[-1].close,
        sum(node[4] for node in nodes),
        sum(node[5] for node in nodes),
    )


def _joined(candle: Candle | None, trades: list[Trade]) -> Candle | None:
    """A candle with the trades that follow it."""
    if not trades:
        return candle
    prices = [trade.price for trade in trades]
    volume = sum(trade.size for trade in trades)
    value = sum(trade.size * trade.price for trade in trades)
    if candle is None:
        return Candle(prices[0], max(prices), min(prices), prices[-1], volume, value)
    return Candle(
        candle.open,
        max(candle.high, *prices),
        min(candle.low, *prices),
        prices[-1],
        candle.volume + volume,
        candle.value + value,
    )
