"""A small candle chart in box-drawing characters, half a line fine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from bitget_cli.output.cells import BAD, GOOD, QUIET
from bitget_cli.output.grid import Look, width

# What stands in the upper and the lower half of a character: nothing, the wick, or the body.
_NOTHING, _WICK, _BODY = 0, 1, 2
_DRAWN = {
    (_NOTHING, _NOTHING): " ",
    (_WICK, _NOTHING): "╵",
    (_NOTHING, _WICK): "╷",
    (_WICK, _WICK): "│",
    (_BODY, _NOTHING): "╹",
    (_NOTHING, _BODY): "╻",
    (_BODY, _BODY): "┃",
    (_BODY, _WICK): "╿",
    (_WICK, _BODY): "╽",
}


class Bar(NamedTuple):
    """One candle, exact."""

    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal


def chart(bars: Sequence[Bar], look: Look, *, height: int, places: int) -> list[str]:
    """So many lines, the newest bar on the right, the prices of the scale behind; [] where there is nothing to draw."""
    if not bars or height < 2:
        return []
    low, high = min(bar.low for bar in bars), max(bar.high for bar in bars)
    labels = [f"{price:.{places}f}" for price in (high, bars[-1].close, low)]
    room = max(1, look.width - max(map(width, labels)) - 2)
    bars = bars[-room:]
    low, high = min(bar.low for bar in bars), max(bar.high for bar in bars)
    span = high - low or Decimal(1)

    def step(price: Decimal) -> int:
        """How many half lines from the top."""
        return int((high - price) / span * (2 * height - 1))

    columns = [_column(bar, step, height, look) for bar in bars]
    lines = ["".join(column[row] for column in columns) for row in range(height)]
    marked = {step(bars[-1].close) // 2: labels[1], 0: f"{high:.{places}f}", height - 1: f"{low:.{places}f}"}
    return [f"{line}  {look.paint(marked.get(row, ''), QUIET)}".rstrip() for row, line in enumerate(lines)]


def _column(bar: Bar, step: Callable[[Decimal], int], height: int, look: Look) -> list[str]:
    top, bottom = step(bar.high), step(bar.low)
    body = sorted((step(bar.open), step(bar.close)))
    halves = [
        _BODY if body[0] <= at <= body[1] else _WICK if top <= at <= bottom else _NOTHING for at in range(2 * height)
    ]
    tone = GOOD if bar.close >= bar.open else BAD
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return [_painted(pair, look, tone) for pair in pairs]


def _painted(pair: tuple[int, int], look: Look, tone: str) -> str:
    if not any(pair):
        return " "
    return look.paint(_DRAWN[pair] if look.marks else "#" if _BODY in pair else "|", tone)
