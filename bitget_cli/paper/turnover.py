"""How turnover is shared between the two halves of a stretch of time, so that it adds up exactly at any resolution.

Turnover over volume is an average price, which must lie between a candle's low and its high. The averages of the halves
are therefore drawn before their extremes are, and the extremes are made to hold them.
"""

from __future__ import annotations

from typing import NamedTuple

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
