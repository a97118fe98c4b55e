"""The prices of every market, and what a market answer looks at: those at one instant."""

from __future__ import annotations

from functools import cached_property, lru_cache
from math import sqrt
from typing import NamedTuple

from bitget_cli.paper.instruments import SPOT, UNDERLYINGS, PaperInstrument, Underlying, decimal_text
from bitget_cli.paper.prices import random_walk
from bitget_cli.paper.prices.book import SimulatedBook
from bitget_cli.paper.prices.path import Path, Trade
from bitget_cli.paper.prices.tree import DAY, FINE, LEAST_LOTS, Candle, Draws, InOtherTicks, Node, Tree, Waves, growth
from bitget_cli.values import Product

# Markets of one coin share the draws that shape their trees and differ in day opens (a small basis), ticks and
# volumes, so spot, USDT-M, USDC-M and Coin-M keep together at every resolution while each is exact in itself.

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


class PricePaths:
    """Every path of one seed; each is made on first use and remembers what it has worked out."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._coins: dict[str, Coin] = {}
        self._leaders: dict[str, Tree] = {}
        self._paths: dict[str, Path] = {}

    def traded(self, instrument: PaperInstrument) -> Path:
        """What the market itself trades at."""
        # Spot is the reference; futures stand a little above or below it.
        basis = 0.0 if instrument.product is Product.SPOT else 0.0003
        return self._path(instrument, instrument.name, basis, instrument.name)

    def index(self, instrument: PaperInstrument) -> Path:
        """The index of a futures market: its coin's own price, in the market's ticks."""
        return self._path(instrument, f"{instrument.name}/index", 0.0, "")

    def mark(self, instrument: PaperInstrument) -> Path:
        """The mark price: the index plus half of the market's basis."""
        return self._path(instrument, f"{instrument.name}/mark", 0.00015, instrument.name)

    def coin(self, coin: str) -> Coin:
        found = self._coins.get(coin)
        if found is None:
            found = self._coins[coin] = Coin(self.seed, UNDERLYINGS[coin])
        return found

    def _path(self, instrument: PaperInstrument, name: str, basis: float, basis_name: str) -> Path:
        found = self._paths.get(name)
        if found is None:
            waves = Waves(Draws(self.seed, f"{basis_name}/basis"), _BASIS)
            tree = self._tree(instrument, basis, waves)
            found = self._paths[name] = Path(tree, Draws(self.seed, f"{name}/tape"))
        return found

    def _tree(self, instrument: PaperInstrument, basis: float, waves: Waves) -> Tree | InOtherTicks:
        """Without a basis it is that of the coin's spot market, whose turns are taken where there is one."""
        # All others of a coin follow its spot market.
        coin, spot = self.coin(instrument.base), next(each for each in SPOT if each.base == instrument.base)
        leader = self._leaders.get(spot.base)
        if leader is None:
            leader = self._leaders[spot.base] = Tree(coin.draws, _Roots(coin, spot, 0.0, waves).day)
        if basis:
            return Tree(coin.draws, _Roots(coin, instrument, basis, waves).day, leader)
        if spot is instrument:
            return leader
        times = int(10**instrument.price_places) * spot.price_step
        return InOtherTicks(leader, times, int(10**spot.price_places) * instrument.price_step)


@lru_cache(maxsize=4)
def paths_of(seed: int) -> PricePaths:
    """The paths of a seed, the same ones for every exchange that asks."""
    return PricePaths(seed)


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
        return random_walk.reach(moved, sd, draws[0]), random_walk.reach(moved, sd, draws[1])

    def astray(self, day: int) -> float:
        """By how much a day's average price differs from the middle of its range, in parts of the range."""
        return _ASTRAY * random_walk.stray(self.draws.at(_DAY_LEVEL, day)[3])

    def business(self, day: int) -> float:
        """How busy a day is; 1 is ordinary."""
        own = self.draws.at(_DAY_LEVEL, day)[2] / 65536.0
        return (0.6 + 0.8 * own) * growth(0.6 * self._busy.at(day))


class _Roots:
    """The days of one path, as nodes."""

    def __init__(self, coin: Coin, instrument: PaperInstrument, basis: float, waves: Waves) -> None:
        self._coin = coin
        self._basis = basis
        self._waves = waves
        self._per_usd = FINE * float(10**instrument.price_places) / instrument.price_step
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


_MINUTE = 60_000
_HOUR = 3_600_000
_DAY = 86_400_000
# Slow noise, in steps of a minute for open interest and of a funding slot for funding.
_INTEREST = (0.01, 0.01, 0.02, 0.02, 0.03, 0.03, 0.05, 0.05, 0.06, 0.06, 0.08, 0.08)
_FUNDING = (60.0, 60.0, 70.0, 70.0, 80.0, 80.0)
# Funding is paid in millionths: usually a little above zero, never more than 0.3 %.
_USUAL_RATE = 55
LARGEST_RATE = 3_000


class Summary(NamedTuple):
    """A market now: its last trade, the touch with its sizes, and the last 24 hours to the minute."""

    last: Trade
    bid: tuple[int, int]
    ask: tuple[int, int]
    day: Candle
    open_utc: int


class MarketView:
    """The market side of the paper exchange at the instant `now` (ms)."""

    def __init__(self, prices: PricePaths, now: int) -> None:
        self.prices = prices
        self.now = now

    def book(self, instrument: PaperInstrument) -> SimulatedBook:
        last = self.prices.traded(instrument).last(self.now)
        return SimulatedBook(instrument, Draws(self.prices.seed, f"{instrument.name}/book"), last, self.now)

    def summary(self, instrument: PaperInstrument) -> Summary:
        path = self.prices.traded(instrument)
        last = path.last(self.now)
        book = SimulatedBook(instrument, Draws(self.prices.seed, f"{instrument.name}/book"), last, self.now)
        # 1440 whole minutes, the open one included: what the 1m candles of the day fold into.
        end = self.now // _MINUTE * _MINUTE + _MINUTE
        day = path.candle(end - _DAY, end, self.now)
        return Summary(last, book.bids(1)[0], book.asks(1)[0], day, path.node(0, self.now // _DAY).open)

    def index(self, instrument: PaperInstrument) -> int:
        """In ticks."""
        return self.prices.index(instrument).level_at(self.now)

    def mark(self, instrument: PaperInstrument) -> int:
        """In ticks."""
        return self.prices.mark(instrument).level_at(self.now)

    def open_interest(self, instrument: PaperInstrument) -> str:
        """Base coin; it moves from minute to minute."""
        waves = Waves(Draws(self.prices.seed, f"{instrument.name}/interest"), _INTEREST)
        share = 1.0 + waves.at(self.now // _MINUTE)
        return instrument.size(int(instrument.lots(instrument.open_interest) * share))

    def next_funding(self, instrument: PaperInstrument) -> int:
        """When funding is paid next, in ms: 00, 08 and 16 o'clock UTC for eight hours."""
        slot = instrument.fund_hours * _HOUR
        return (self.now // slot + 1) * slot

    def funding_rate(self, instrument: PaperInstrument, paid_at: int) -> str:
        """The rate that is paid at the end of a slot, as a ratio; shown throughout the slot."""
        waves = Waves(Draws(self.prices.seed, f"{instrument.name}/funding"), _FUNDING)
        rate = _USUAL_RATE + int(waves.at(paid_at // (instrument.fund_hours * _HOUR)))
        return decimal_text(max(-LARGEST_RATE, min(LARGEST_RATE, rate)), 6)


def change(before: int, after: int) -> str:
    """By how much a price moved, as a ratio with five decimals."""
    return decimal_text((2 * (after - before) * 100_000 + before) // (2 * before), 5)
