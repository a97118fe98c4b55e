"""The price path of every market: a pure function of seed, symbol and time.

Markets of one coin share the draws that shape their trees and differ in day opens (a small basis), ticks and volumes,
so spot, USDT-M, USDC-M and Coin-M keep together at every resolution while each is exact in itself.
"""

from __future__ import annotations

from functools import cached_property
from math import sqrt

from bitget_cli.paper import wander
from bitget_cli.paper.instruments import SPOT, UNDERLYINGS, Instrument, Underlying
from bitget_cli.paper.nodes import DAY, FINE, LEAST_LOTS, InOtherTicks, Node, Tree
from bitget_cli.paper.noise import Draws, Waves, growth
from bitget_cli.paper.path import Path
from bitget_cli.values import Product

# Draws of a day, beside those of the splits (levels 0 …) and of the noise lattices.
_DAY_LEVEL = 100


def _weights(octaves: int, walking: int) -> tuple[float, ...]:
    """Octaves that grow like a random walk's for `walking` of them and slowly after, so that prices stay in a band."""
    weights = [0.87]
    for octave in range(1, octaves):
        weights.append(weights[-1] * (sqrt(2.0) if octave <= walking else 1.12))
    return tuple(weights)


# Periods from one day to 2.8 years; one unit is a day's typical movement.
_WALK = _weights(11, 5)
# A basis changes over days and weeks and is at most ±1 unit.
_BASIS = (0.2, 0.3, 0.3, 0.2)
_BUSY = (0.5, 0.3, 0.2)
# Calm and wild times of the whole market, from a day to a month, as the logarithm of how lively a day is; with this
# much less in the middle, so that the squares are 1 on average.
_MOOD = (0.25, 0.3, 0.35, 0.4, 0.4, 0.3)
_CALM = 0.17
# How far a day's average price strays from the middle of its range, in parts of the range.
_ASTRAY = 0.08
# It stays this part of the range away from either extreme.
_SPARE = 50


class Prices:
    """Every path of one seed; each is made on first use and remembers what it has worked out."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._coins: dict[str, Coin] = {}
        self._leaders: dict[str, Tree] = {}
        self._paths: dict[str, Path] = {}

    def traded(self, instrument: Instrument) -> Path:
        """What the market itself trades at."""
        # Spot is the reference; futures stand a little above or below it.
        basis = 0.0 if instrument.product is Product.SPOT else 0.0003
        return self._path(instrument, instrument.name, basis, instrument.name)

    def index(self, instrument: Instrument) -> Path:
        """The index of a futures market: its coin's own price, in the market's ticks."""
        return self._path(instrument, f"{instrument.name}/index", 0.0, "")

    def mark(self, instrument: Instrument) -> Path:
        """The mark price: the index plus half of the market's basis."""
        return self._path(instrument, f"{instrument.name}/mark", 0.00015, instrument.name)

    def coin(self, coin: str) -> Coin:
        found = self._coins.get(coin)
        if found is None:
            found = self._coins[coin] = Coin(self.seed, UNDERLYINGS[coin])
        return found

    def _path(self, instrument: Instrument, name: str, basis: float, basis_name: str) -> Path:
        found = self._paths.get(name)
        if found is None:
            waves = Waves(Draws(self.seed, f"{basis_name}/basis"), _BASIS)
            tree = self._tree(instrument, basis, waves)
            found = self._paths[name] = Path(tree, Draws(self.seed, f"{name}/tape"))
        return found

    def _tree(self, instrument: Instrument, basis: float, waves: Waves) -> Tree | InOtherTicks:
        """Without a basis it is that of the coin's spot market, whose turns are taken where there is one."""
        coin, spot = self.coin(instrument.base), _spot_of(instrument)
        leader = self._leaders.get(spot.base)
        if leader is None:
            leader = self._leaders[spot.base] = Tree(coin.draws, _Roots(coin, spot, 0.0, waves).day)
        if basis:
            return Tree(coin.draws, _Roots(coin, instrument, basis, waves).day, leader)
        if spot is instrument:
            return leader
        times = int(10**instrument.price_places) * spot.price_step
        return InOtherTicks(leader, times, int(10**spot.price_places) * instrument.price_step)


def _spot_of(instrument: Instrument) -> Instrument:
    """The market of the same coin that all others of it follow."""
    return next(each for each in SPOT if each.base == instrument.base)


class Coin:
    """What all markets of a coin share: its value at each midnight and the draws that shape each day."""

    def __init__(self, seed: int, underlying: Underlying) -> None:
        self.underlying = underlying
        self.draws = Draws(seed, f"{underlying.coin}/shape")
        self._own = Waves(Draws(seed, f"{underlying.coin}/walk"), _WALK)
        self._common = Waves(Draws(seed, "market/walk"), _WALK)
        self._busy = Waves(Draws(seed, f"{underlying.coin}/busy"), _BUSY)
        self._mood = Waves(Draws(seed, "market/mood"), _MOOD)
        self._values: dict[int, float] = {}

    def value(self, day: int) -> float:
        """USD at the midnight (UTC) that opens a day."""
        value = self._values.get(day)
        if value is None:
            shared, alone = self.underlying.together, self._alone
            lively = self.lively(day)
            moved = shared * self._common.at(day, lively) + alone * self._own.at(day, lively)
            value = self._values[day] = self.underlying.centre * growth(self.underlying.daily * moved)
        return value

    @cached_property
    def _alone(self) -> float:
        return sqrt(1.0 - self.underlying.together * self.underlying.together)

    def lively(self, day: int) -> float:
        """How strongly prices move on a day; the squares are 1 on average."""
        return growth(self._mood.at(day) - _CALM)

    def deviation(self, day: int) -> float:
        """The standard deviation, in USD, of a free walk as long and as lively as a day."""
        return self.underlying.daily * self.lively(day) * self.value(day)

    def reach(self, day: int) -> tuple[float, float]:
        """USD by which a day's high and low lie beyond its open and close."""
        draws = self.draws.at(_DAY_LEVEL, day)
        moved, sd = self.value(day + 1) - self.value(day), self.deviation(day)
        return wander.reach(moved, sd, draws[0]), wander.reach(moved, sd, draws[1])

    def astray(self, day: int) -> float:
        """By how much a day's average price differs from the middle of its range, in parts of the range."""
        return _ASTRAY * wander.stray(self.draws.at(_DAY_LEVEL, day)[3])

    def business(self, day: int) -> float:
        """How busy a day is; 1 is ordinary."""
        own = self.draws.at(_DAY_LEVEL, day)[2] / 65536.0
        return (0.6 + 0.8 * own) * growth(0.6 * self._busy.at(day))


class _Roots:
    """The days of one path, as nodes."""

    def __init__(self, coin: Coin, instrument: Instrument, basis: float, waves: Waves) -> None:
        self._coin = coin
        self._basis = basis
        self._waves = waves
        self._per_usd = FINE * _ten_to(instrument.price_places) / instrument.price_step
        self._lots = instrument.lots(instrument.volume)

    def day(self, day: int) -> Node:
        open_, close = self._midnight(day), self._midnight(day + 1)
        up, down = self._coin.reach(day)
        high = max(open_, close) + int(up * self._per_usd)
        low = max(min(open_, close) - int(down * self._per_usd), FINE)
        deviation = self._coin.deviation(day) * self._per_usd
        volume = LEAST_LOTS * DAY + int(self._lots * self._coin.business(day))
        # The day's turnover at its average price; that of every part follows from it.
        spare = (high - low) / _SPARE
        average = (high + low) / 2 + self._coin.astray(day) * (high - low)
        average = min(max(average, low + spare), high - spare)
        return Node(open_, high, low, close, volume, int(volume * average) // FINE, deviation)

    def _midnight(self, day: int) -> int:
        basis = self._basis * self._waves.at(day) if self._basis else 0.0
        return int(self._coin.value(day) * (1.0 + basis) * self._per_usd)


def _ten_to(places: int) -> float:
    return float(10**places)
