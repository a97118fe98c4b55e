"""The price path as a tree: a UTC day is split into halves, hours, minutes and seconds, each a whole candle.

Whole numbers throughout. By construction the children of a node open where their elder sibling closed, their highest
high and lowest low are the node's own, and their volumes add up to its volume. Nothing is stored: a node is a pure
function of the seed, the coin and its place, so it is the same in whatever order the tree is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

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

# How far the middle price strays from the straight line, in 1/1024 of the node's range, for each level that is split.
# It falls towards the seconds so that returns scale as the square root of time all the way down: the same volatility
# is seen at one second and at one day.
_STRAY = (429, 416, 390, 364, 338, 312, 293, 273, 240, 221, 201)
# How near a part's own extreme comes to its parent's: from half of this to all of it, in 1/1024 of the way.
_REACH = 300
# How often the part that has the high has the low as well, in 1/65536; seldom, so that no part falls asleep.
_BOTH = 20_000
# Families kept at once, for each path: some megabytes, and enough for whatever asks near the same time.
_CACHE = 4_000


class Node(NamedTuple):
    """A candle: prices in ticks (inside the tree in 1/FINE), volume in lots, value (turnover) in ticks times lots."""

    open: int
    high: int
    low: int
    close: int
    volume: int
    value: int


class Tree:
    """All nodes of one path. `day` gives the roots; `draws` shapes the splits and is shared by a coin's markets."""

    def __init__(self, draws: Draws, day: Callable[[int], Node]) -> None:
        self._draws = draws
        self._day = day
        self._families: dict[tuple[int, int], list[Node]] = {}

    def node(self, level: int, index: int) -> Node:
        """The node at `index` (counted from the epoch) of a level; prices in 1/FINE ticks."""
        if level == 0:
            return self.children(-1, index)[0]
        count = SPANS[level - 1] // SPANS[level]
        return self.children(level - 1, index // count)[index % count]

    def children(self, level: int, index: int) -> list[Node]:
        """A node's parts, in order of time; level -1 holds the days themselves."""
        place = (level, index)
        family = self._families.get(place)
        if family is None:
            if len(self._families) > _CACHE:
                self._families.clear()
            family = self._families[place] = self._born(level, index)
        return family

    def _born(self, level: int, index: int) -> list[Node]:
        if level < 0:
            return [self._day(index)]
        family: list[Node] = []
        count = SPANS[level] // SPANS[level + 1]
        _unfold(self.node(level, index), count, level, self._draws.at(level, index), family)
        return family

    def cover(self, start: int, end: int) -> Iterator[Node]:
        """The fewest nodes that make up the seconds from `start` up to `end`, in order of time."""
        level = 0
        while start < end:
            level = 0
            while start % SPANS[level] or start + SPANS[level] > end:
                level += 1
            yield self.node(level, start // SPANS[level])
            start += SPANS[level]


def _unfold(node: Node, count: int, level: int, draws: tuple[int, ...], family: list[Node]) -> tuple[int, ...]:
    """Split a node of `level` into `count` equal parts, in two again and again; gives back the draws left over."""
    if count == 1:
        family.append(node)
        return draws
    first = count // 2
    left, right = _halves(node, level, (first, count - first), draws)
    draws = _unfold(left, first, level, draws[7:], family)
    return _unfold(right, count - first, level, draws, family)


def _halves(node: Node, level: int, shares: tuple[int, int], draws: tuple[int, ...]) -> tuple[Node, Node]:
    """Two nodes, as long as `shares` says in spans of the next level, that make up the given one."""
    open_, high, low, close, volume, value = node
    stray_a, stray_b, who_high, who_low, near_high, near_low, share = draws[:7]
    first, second = shares
    both = first + second
    size = high - low
    # The average price says where the middle is to be sought: were it not, the halves would have to reach for it.
    sought = 2 * (value * FINE // volume) - open_ - close
    straight = open_ + (close - open_) * first // both
    middle = straight + sought + (size * _STRAY[level] * (stray_a + stray_b - 65535) >> 26)
    middle = low if middle < low else high if middle > high else middle
    # More is traded where the price moves more.
    weight_a = first * (size + abs(middle - open_) + 1) * (49152 + share)
    weight_b = second * (size + abs(close - middle) + 1) * (114687 - share)
    least = LEAST_LOTS * SPANS[level + 1]
    # The same share in every market of a coin, whatever its lot.
    wanted_a = volume * weight_a // (weight_a + weight_b)
    volume_a = max(least * first, min(volume - least * second, wanted_a))
    wanted = (open_ - close) // 2 + (size * (stray_a - stray_b) >> 21)
    means = shared(value * FINE, (volume_a, volume - volume_a), bounds=(low, high), wanted=wanted)
    top_a, bottom_a = max(open_, middle, means.first + means.pad), min(open_, middle, means.first - means.pad)
    top_b, bottom_b = max(middle, close, means.second + means.pad), min(middle, close, means.second - means.pad)
    # Who reaches the node's own extreme is left to the draw alone: if it hung on the prices, two markets of a coin
    # that differ by a hair could take different turns.
    if who_high < 32768:
        high_a, high_b = high, top_b + ((high - top_b) * _REACH * (65536 + near_high) >> 27)
    else:
        high_a, high_b = top_a + ((high - top_a) * _REACH * (65536 + near_high) >> 27), high
    if (who_low < _BOTH) == (who_high < 32768):
        low_a, low_b = low, bottom_b - ((bottom_b - low) * _REACH * (65536 + near_low) >> 27)
    else:
        low_a, low_b = bottom_a - ((bottom_a - low) * _REACH * (65536 + near_low) >> 27), low
    value_a = means.turnover // FINE
    return (
        Node(open_, high_a, low_a, middle, volume_a, value_a),
        Node(middle, high_b, low_b, close, volume - volume_a, value - value_a),
    )
