"""The price path as a tree: a UTC day is split into halves, hours, minutes and seconds, each a whole candle.

Whole numbers throughout. By construction the children of a node open where their elder sibling closed, their highest
high and lowest low are the node's own, and their volumes add up to its volume. Nothing is stored: a node is a pure
function of the seed, the coin and its place, so it is the same in whatever order the tree is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import sqrt
from typing import NamedTuple

from bitget_cli.paper import wander
from bitget_cli.paper.noise import Draws
from bitget_cli.paper.turnover import shared

# Seconds of a node at each level, longest first.
SPANS = (86400, 43200, 21600, 7200, 3600, 1800, 900, 300, 60, 15, 5, 1)
DAY = SPANS[0]
LEAF = len(SPANS) - 1
# Prices inside the tree are finer than the instrument's tick, so that markets of one coin with different ticks keep
# together instead of parting by a rounding at every level.
FINE = 256
# Every second has at least this many lots, enough for the trades that visit its open, high, low and close.
LEAST_LOTS = 4

# Families kept at once, for each path: some megabytes, and enough for whatever asks near the same time.
_CACHE = 4_000


# Draws that one split takes.
_TAKES = 8


class Candle(NamedTuple):
    """A stretch of time: prices in ticks, `volume` in lots, `value` (turnover) in ticks times lots."""

    open: int
    high: int
    low: int
    close: int
    volume: int
    value: int


class Node(NamedTuple):
    """A candle inside the tree, with prices in 1/FINE ticks.

    `sd` is the standard deviation of a free walk as long and as lively, in the unit of the prices.
    """

    open: int
    high: int
    low: int
    close: int
    volume: int
    value: int
    sd: float


# For each split of a family, in order: 2 when the first half has its high, and 1 when it has its low.
Turns = list[int]


class Tree:
    """All nodes of one path. `day` gives the roots; `draws` shapes the splits and is shared by a coin's markets.

    So are the turns, which are those of the coin's `leader`: were each market to take its own, two that differ by a
    hair would part wherever the draw is close.
    """

    def __init__(self, draws: Draws, day: Callable[[int], Node], leader: Tree | None = None) -> None:
        self._draws = draws
        self._day = day
        self._leader = leader
        self._families: dict[tuple[int, int], tuple[list[Node], Turns]] = {}

    def node(self, level: int, index: int) -> Node:
        """The node at `index` (counted from the epoch) of a level; prices in 1/FINE ticks."""
        if level == 0:
            return self.children(-1, index)[0]
        count = SPANS[level - 1] // SPANS[level]
        return self.children(level - 1, index // count)[index % count]

    def children(self, level: int, index: int) -> list[Node]:
        """A node's parts, in order of time; level -1 holds the days themselves."""
        return self._family(level, index)[0]

    def _family(self, level: int, index: int) -> tuple[list[Node], Turns]:
        place = (level, index)
        family = self._families.get(place)
        if family is None:
            if len(self._families) > _CACHE:
                self._families.clear()
            family = self._families[place] = self._born(level, index)
        return family

    def _born(self, level: int, index: int) -> tuple[list[Node], Turns]:
        if level < 0:
            return [self._day(index)], []
        led = self._leader._family(level, index)[1] if self._leader else None
        birth = _Birth(level, self._draws.at(level, index), led)
        birth.unfold(self.node(level, index), SPANS[level] // SPANS[level + 1])
        return birth.nodes, birth.turns

    def cover(self, start: int, end: int) -> Iterator[Node]:
        """The fewest nodes that make up the seconds from `start` up to `end`, in order of time."""
        level = 0
        while start < end:
            level = 0
            while start % SPANS[level] or start + SPANS[level] > end:
                level += 1
            yield self.node(level, start // SPANS[level])
            start += SPANS[level]


class InOtherTicks:
    """A tree whose prices are counted in other ticks, `times` / `over` as many."""

    def __init__(self, tree: Tree, times: int, over: int) -> None:
        self._tree = tree
        self._times = times
        self._over = over

    def node(self, level: int, index: int) -> Node:
        return self._counted(self._tree.node(level, index))

    def cover(self, start: int, end: int) -> Iterator[Node]:
        return map(self._counted, self._tree.cover(start, end))

    def _counted(self, node: Node) -> Node:
        # Rounding down keeps order, as with ticks.
        times, over = self._times, self._over
        open_, high, low, close, volume, value, sd = node
        return Node(
            open_ * times // over,
            high * times // over,
            low * times // over,
            close * times // over,
            volume,
            value * times // over,
            sd * times / over,
        )


class _Birth:
    """The parts of one node of `level`; their turns are `led`, or taken here."""

    def __init__(self, level: int, draws: tuple[int, ...], led: Turns | None) -> None:
        self._least = LEAST_LOTS * SPANS[level + 1]
        self._draws = draws
        self._led = led
        self.nodes: list[Node] = []
        self.turns: Turns = []

    def unfold(self, node: Node, count: int) -> None:
        """Split a node into `count` equal parts, in two again and again."""
        if count == 1:
            self.nodes.append(node)
            return
        first = count // 2
        left, right = self._halves(node, first, count - first)
        self.unfold(left, first)
        self.unfold(right, count - first)

    def _halves(self, node: Node, first: int, second: int) -> tuple[Node, Node]:
        """Two nodes, `first` and `second` parts long, that make up the given one."""
        open_, high, low, close, volume, value, sd = node
        taken = len(self.turns)
        aside, push, who_high, who_low, near_high, near_low, astray, share = self._draws[
            taken * _TAKES : taken * _TAKES + _TAKES
        ]
        size = high - low
        sd = wander.believed(sd, size)
        part = first / (first + second)
        average = value * FINE / volume
        middle = wander.middle((open_, close), (low, high), average, sd, part, (aside, push))
        # More is traded where the price moves more. The same share in every market of a coin, whatever its lot.
        weight_a = first * (size + abs(middle - open_) + 1) * (49152 + share)
        weight_b = second * (size + abs(close - middle) + 1) * (114687 - share)
        wanted_a = volume * weight_a // (weight_a + weight_b)
        least_a, most_a = self._least * first, volume - self._least * second
        volume_a = least_a if wanted_a < least_a else most_a if wanted_a > most_a else wanted_a
        if self._led is None:
            high_first = wander.first_has((high - open_, high - middle, high - close), sd, part, who_high)
            low_first = wander.first_has((open_ - low, middle - low, close - low), sd, part, who_low)
        else:
            high_first, low_first = self._led[taken] & 2 > 0, self._led[taken] & 1 > 0
        self.turns.append(high_first << 1 | low_first)
        # The half without the extreme has one of its own.
        sd_a, sd_b = sd * sqrt(part), sd * sqrt(1.0 - part)
        high_a = high_b = high
        low_a = low_b = low
        if high_first:
            high_b -= int(wander.rise(high - middle, high - close, sd_b, near_high))
        else:
            high_a -= int(wander.rise(high - open_, high - middle, sd_a, near_high))
        if low_first:
            low_b += int(wander.rise(middle - low, close - low, sd_b, near_low))
        else:
            low_a += int(wander.rise(open_ - low, middle - low, sd_a, near_low))
        ranges = (low_a, high_a), (low_b, high_b)
        wanted = wander.averages_apart(ranges, average, volume_a / volume, sd, astray)
        means = shared(value * FINE, (volume_a, volume - volume_a), bounds=(low, high), wanted=wanted)
        average_a, average_b, turnover_a, pad = means
        if average_a + pad > high_a:
            high_a = average_a + pad
        if average_a - pad < low_a:
            low_a = average_a - pad
        if average_b + pad > high_b:
            high_b = average_b + pad
        if average_b - pad < low_b:
            low_b = average_b - pad
        value_a = turnover_a // FINE
        return (
            Node(open_, high_a, low_a, middle, volume_a, value_a, sd_a),
            Node(middle, high_b, low_b, close, volume - volume_a, value - value_a, sd_b),
        )
