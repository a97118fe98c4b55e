"""The trades of a second: a leaf of the tree visits its open, high, low and close in one to four trades."""

from __future__ import annotations

from typing import NamedTuple

from bitget_cli.paper.nodes import Candle

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
