"""The price path as a tree: a UTC day split into halves, hours, minutes and seconds, each a candle.

Draws come from a keyed hash: the same on every machine, in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import blake2b
from math import sqrt
from struct import Struct
from typing import NamedTuple

from bitget_cli.paper.prices import random_walk

# 32 draws of 16 bits from one digest.
_DRAWS = Struct("<32H")
_PLACE = Struct("<bq")
_HALF = 32768.0
_BLOCK_BITS = 5
# Octaves of noise that are brief: periods of 1, 2, 4 and 8 steps.
_BRIEF = 4


class Draws:
    """Random-looking numbers addressed by (level, index), from a seed and a name."""

    def __init__(self, seed: int, name: str) -> None:
        self._key = blake2b(f"{seed}/{name}".encode(), digest_size=32).digest()

    def at(self, level: int, index: int) -> tuple[int, ...]:
        """32 whole numbers from 0 to 65535."""
        text = blake2b(_PLACE.pack(level, index), key=self._key, digest_size=64).digest()
        return _DRAWS.unpack(text)

    def one(self, level: int, index: int) -> int:
        """One whole number from 0 to 65535; neighbours come from the same digest."""
        return self.at(level, index >> _BLOCK_BITS)[index & 31]


class Waves:
    """Bounded noise over whole steps of time: hash values on lattices of period 1, 2, 4 … steps, smoothly joined.

    Neighbouring steps differ like a random walk's, yet the sum never leaves `bound` where all is as lively as usual.
    """

    def __init__(self, draws: Draws, weights: tuple[float, ...]) -> None:
        self._draws = draws
        self._weights = weights
        self._blocks: dict[tuple[int, int], tuple[int, ...]] = {}
        self.bound = sum(weights)

    def at(self, step: int, lively: float = 1.0) -> float:
        """The value at a step, with the periods of less than 16 steps `lively` times as strong as usual."""
        total = 0.0
        for octave, weight in enumerate(self._weights):
            here = step >> octave
            value = self._lattice(octave, here)
            part = step - (here << octave)
            if part:
                share = part / (1 << octave)
                value += (self._lattice(octave, here + 1) - value) * (share * share * (3.0 - 2.0 * share))
            total += weight * value * lively if octave < _BRIEF else weight * value
        return total

    def _lattice(self, octave: int, index: int) -> float:
        """A value from -1 to 1."""
        place = (octave, index >> _BLOCK_BITS)
        block = self._blocks.get(place)
        if block is None:
            block = self._blocks[place] = self._draws.at(*place)
        return (block[index & 31] - _HALF) / _HALF


def growth(log: float) -> float:
    """e to the power of `log`, from + * / alone: the last bit of a C library's exp depends on the machine."""
    value = 1.0 + log / 4096.0
    for _ in range(12):
        value *= value
    return value


# Turnover over volume is an average price, which must lie between a candle's low and its high. The averages of the
# halves are therefore drawn before their extremes are, and the extremes are made to hold them.

# An average keeps this part of the range away from either end, so that its own parts have a choice as well.
_MARGIN = 256


class Averages(NamedTuple):
    """Average prices of two halves, the first one's turnover, and how far each average stays from its extremes."""

    first: int
    second: int
    turnover: int
    pad: int


def shared(turnover: int, volumes: tuple[int, int], *, bounds: tuple[int, int], wanted: int) -> Averages:
    """The averages of both halves; `wanted` is by how much the first one's is to be above the second one's.

    Prices have one unit throughout, and turnover is in that unit times lots. The averages stay within `bounds`.
    """
    lots_a, lots_b = volumes
    lots = lots_a + lots_b
    low, high = bounds
    average = turnover // lots
    pad = max(0, min((high - low) // _MARGIN, (average - low) // 4, (high - average) // 4))
    up, down = max(0, high - pad - average), max(0, average - low - pad)
    above = max(-min(down * lots // lots_b, up * lots // lots_a), wanted)
    above = min(min(up * lots // lots_b, down * lots // lots_a), above)
    part = turnover * lots_a // lots + above * lots_a * lots_b // lots
    return Averages(part // lots_a, (turnover - part) // lots_b, part, pad)


# Whole numbers throughout. By construction the children of a node open where their elder sibling closed, their
# highest high and lowest low are the node's own, and their volumes add up to its volume. Nothing is stored: a node is
# a pure function of the seed, the coin and its place, so it is the same in whatever order the tree is asked.

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


def seconds(start: int, end: int, wanted: Callable[[int, int], bool]) -> Iterator[int]:
    """The seconds from `start` up to `end`, in order, of which every node they lie in is `wanted` (level, index)."""
    for day in range(start // DAY, (end - 1) // DAY + 1):
        yield from _seconds(0, day, start, end, wanted)


def _seconds(level: int, index: int, start: int, end: int, wanted: Callable[[int, int], bool]) -> Iterator[int]:
    span = SPANS[level]
    if (index + 1) * span <= start or index * span >= end or not wanted(level, index):
        return
    if level == LEAF:
        yield index
        return
    count = span // SPANS[level + 1]
    for child in range(index * count, (index + 1) * count):
        yield from _seconds(level + 1, child, start, end, wanted)


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
        sd = random_walk.believed(sd, size)
        part = first / (first + second)
        average = value * FINE / volume
        middle = random_walk.middle((open_, close), (low, high), average, sd, part, (aside, push))
        # More is traded where the price moves more. The same share in every market of a coin, whatever its lot.
        weight_a = first * (size + abs(middle - open_) + 1) * (49152 + share)
        weight_b = second * (size + abs(close - middle) + 1) * (114687 - share)
        wanted_a = volume * weight_a // (weight_a + weight_b)
        least_a, most_a = self._least * first, volume - self._least * second
        volume_a = least_a if wanted_a < least_a else most_a if wanted_a > most_a else wanted_a
        if self._led is None:
            high_first = random_walk.first_has((high - open_, high - middle, high - close), sd, part, who_high)
            low_first = random_walk.first_has((open_ - low, middle - low, close - low), sd, part, who_low)
        else:
            high_first, low_first = self._led[taken] & 2 > 0, self._led[taken] & 1 > 0
        self.turns.append(high_first << 1 | low_first)
        # The half without the extreme has one of its own.
        sd_a, sd_b = sd * sqrt(part), sd * sqrt(1.0 - part)
        high_a = high_b = high
        low_a = low_b = low
        if high_first:
            high_b -= int(random_walk.rise(high - middle, high - close, sd_b, near_high))
        else:
            high_a -= int(random_walk.rise(high - open_, high - middle, sd_a, near_high))
        if low_first:
            low_b += int(random_walk.rise(middle - low, close - low, sd_b, near_low))
        else:
            low_a += int(random_walk.rise(open_ - low, middle - low, sd_a, near_low))
        sds = sd, sd_a, sd_b
        return _with_averages(node, middle, volume_a, sds, ((low_a, high_a), (low_b, high_b)), astray)


Range = tuple[int, int]


def _with_averages(
    node: Node, middle: int, volume_a: int, sds: tuple[float, float, float], ranges: tuple[Range, Range], astray: int
) -> tuple[Node, Node]:
    """Two halves of a node that meet at `middle`; their extremes give way where their average prices need it."""
    open_, high, low, close, volume, value, _ = node
    sd, sd_a, sd_b = sds
    (low_a, high_a), (low_b, high_b) = ranges
    wanted = random_walk.averages_apart(ranges, value * FINE / volume, volume_a / volume, sd, astray)
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
