"""The order book of the paper exchange: made up from a hash around the last trade, the same for everybody who looks.

The last trade's price is the best bid or the best ask, so the book always straddles it. Near the touch there is a level
at almost every tick and it changes several times a second; further out levels are rounder, larger and slower.
"""

from __future__ import annotations

from typing import NamedTuple

from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.prices.path import Trade
from bitget_cli.paper.prices.tree import Draws

Level = tuple[int, int]


class _Band(NamedTuple):
    """Levels up to `ticks` from the touch: every `step` ticks, `heft` times as large, redrawn every `period` ms."""

    ticks: int
    step: int
    heft: int
    period: int


_BANDS = (
    _Band(3, 1, 2, 400),
    _Band(40, 1, 1, 3_000),
    _Band(400, 10, 3, 20_000),
    _Band(4_000, 100, 10, 90_000),
    _Band(40_000, 1_000, 40, 300_000),
)
# Nobody bids more than this share below the touch, or asks more above it.
_DEEPEST = 5
_SIZES = 60


class SimulatedBook:
    """Both sides at one instant; levels are (price in ticks, size in lots), best first."""

    def __init__(self, instrument: PaperInstrument, draws: Draws, last: Trade, now: int) -> None:
        self._draws = draws
        self._now = now
        # About two seconds' worth of trading.
        self._usual = instrument.lots(instrument.volume) // 43_200
        self.bid = last.price - 1 if last.buy else last.price
        self.ask = self.bid + 1

    def asks(self, count: int, *, merge: int = 1) -> list[Level]:
        """Sizes offered; `merge` ticks are shown as one level, at the worst of their prices."""
        return self._side(1, count, merge)

    def bids(self, count: int, *, merge: int = 1) -> list[Level]:
        return self._side(-1, count, merge)

    def _side(self, sign: int, count: int, merge: int) -> list[Level]:
        levels: list[Level] = []
        touch = self.ask if sign > 0 else self.bid
        near = 0
        for band in _BANDS:
            end = min(band.ticks, touch // _DEEPEST)
            price = _on_grid(touch + sign * near, sign, band.step)
            while abs(price - touch) < end:
                size = self._size(sign, price, band, always=price == touch)
                if size:
                    _add(levels, _on_grid(price, sign, merge), size)
                if len(levels) > count:
                    return levels[:count]
                price += sign * band.step
            near = max(near, end)
        return levels[:count]

    def _size(self, sign: int, price: int, band: _Band, *, always: bool) -> int:
        # Levels are redrawn each at its own moment, not all at once.
        period = (self._now + price * 7_919 % band.period) // band.period
        draws = self._draws.at(_SIZES + sign, (price << 36) + period)
        if draws[0] < 16_000 and not always:
            return 0
        return 1 + (self._usual * band.heft * draws[1] * draws[2] >> 31)


def _on_grid(price: int, sign: int, step: int) -> int:
    """The price itself, or the next round one away from the touch."""
    return price // step * step if sign < 0 else -(-price // step) * step


def _add(levels: list[Level], price: int, size: int) -> None:
    if levels and levels[-1][0] == price:
        size += levels.pop()[1]
    levels.append((price, size))


def as_text(instrument: PaperInstrument, levels: list[Level]) -> list[list[str]]:
    """Price and size of each level, as they are told."""
    return [[instrument.price(price), instrument.size(size)] for price, size in levels]
