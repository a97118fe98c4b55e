"""Candles: a small chart above the newest bars, the forming one marked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple

from bitget_cli.output.cells import BAD, GOOD, QUIET, STRONG, Cell, Line
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.view import LiveView, Sheet, Viewport
from bitget_cli.output.table import Column, Look, width
from bitget_cli.stream_events import Push

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


def chart(bars: Sequence[Bar], look: Look, *, height: int, places: int) -> list[Line]:
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
    marked = {step(bars[-1].close) // 2: labels[1], 0: f"{high:.{places}f}", height - 1: f"{low:.{places}f}"}
    return [
        [*_merged(column[row] for column in columns), Cell("  "), Cell(marked.get(row, ""), QUIET)]
        for row in range(height)
    ]


def _merged(cells: Iterable[Cell]) -> Iterator[Cell]:
    """The same with one cell for neighbours of one colour."""
    for tone, run in groupby(cells, key=lambda cell: cell.tone):
        yield Cell("".join(cell.text for cell in run), tone)


def _column(bar: Bar, step: Callable[[Decimal], int], height: int, look: Look) -> list[Cell]:
    top, bottom = step(bar.high), step(bar.low)
    body = sorted((step(bar.open), step(bar.close)))
    halves = [
        _BODY if body[0] <= at <= body[1] else _WICK if top <= at <= bottom else _NOTHING for at in range(2 * height)
    ]
    tone = GOOD if bar.close >= bar.open else BAD
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return [_painted(pair, look, tone) for pair in pairs]


def _painted(pair: tuple[int, int], look: Look, tone: str) -> Cell:
    if not any(pair):
        return Cell(" ")
    return Cell(_DRAWN[pair] if look.marks else "#" if _BODY in pair else "|", tone)


_KEPT = 500
# Bars this long open on a grid that is worth naming.
_LONG = ("6h", "12h", "1d", "3d", "1w", "1M")
_SHORTEST_SECTION = 8


class CandlesView(LiveView):
    """Bars of one length, of any number of markets."""

    def __init__(self, look: Mapping[str, Any]) -> None:
        super().__init__()
        self._granularity = str(look.get("granularity", ""))
        self._markets: dict[tuple[str, str], dict[int, Mapping[str, Any]]] = {}
        self._sheets: dict[tuple[str, str], Sheet] = {}

    def take(self, push: Push) -> None:
        start = number(push.data.get("start"))
        if start is None:
            return
        bars = self._markets.setdefault((push.market, push.symbol), {})
        bars[int(start)] = push.data
        if len(bars) > 2 * _KEPT:
            for old in sorted(bars)[:-_KEPT]:
                del bars[old]

    def title(self) -> str:
        grid = ", on the UTC grid, times in UTC" if self._granularity in _LONG else ""
        return f"{self._granularity} bars{grid}"

    def body(self, viewport: Viewport) -> Sequence[Line]:
        if not self._markets:
            return []
        fitting = max(1, viewport.height // _SHORTEST_SECTION)
        shown = list(self._markets)[:fitting]
        height = viewport.height // len(shown)
        lines = [line for key in shown for line in self._section(key, height, viewport, named=len(self._markets) > 1)]
        if (hidden := len(self._markets) - len(shown)) > 0:
            lines[-1] = [Cell(f"{hidden} more where the terminal is higher", QUIET)]
        return lines

    def _section(self, key: tuple[str, str], height: int, viewport: Viewport, *, named: bool) -> list[Line]:
        """One market in so many lines: its name where there are several, the chart, the newest bars on top."""
        starts = sorted(self._markets[key])
        rows = [self._markets[key][start] for start in starts]
        market = Cell(f" {number_format.market(key[0])}", QUIET)
        lines: list[Line] = [[Cell(number_format.text(key[1]), STRONG), market]] if named else []
        bars = [bar for row in rows if (bar := _bar(row))]
        places = max((number_format.places_of(bar.close) for bar in bars[-20:]), default=0)
        lines += chart(bars, viewport.look, height=(height - len(lines)) // 2, places=places)
        room = max(0, height - len(lines) - 2)
        sheet = self._sheets.setdefault(key, Sheet())
        lines += [[], *sheet.lines(self._columns(rows[::-1][:room], viewport), viewport.look)]
        return (lines + [[]] * height)[:height]

    def _columns(self, rows: Sequence[Mapping[str, Any]], viewport: Viewport) -> list[Column]:
        long, short = self._granularity in _LONG, self._granularity.endswith("m")
        pattern = "%Y-%m-%d" if long and not self._granularity.endswith("h") else "%H:%M" if short else "%m-%d %H:%M"
        forming = "…" if viewport.look.marks else "..."
        moves = [_move(row) for row in rows]
        return [
            Column(
                "Time", [Cell(number_format.clock(row.get("start"), pattern, local=not long), QUIET) for row in rows]
            ),
            Column("", [Cell("" if row.get("closed") else forming) for row in rows], right=False),
            *(
                Column(name.capitalize(), [Cell(number_format.text(row.get(name))) for row in rows])
                for name in ("open", "high", "low", "close")
            ),
            Column("Change", [number_format.percent(move) for move in moves], 1),
            Column("Volume", [Cell(number_format.text(row.get("baseVolume"))) for row in rows], 2),
            Column("Value", [Cell(number_format.short(number(row.get("quoteVolume")))) for row in rows], 3),
        ]


def _bar(row: Mapping[str, Any]) -> Bar | None:
    prices = [number(row.get(name)) for name in ("open", "high", "low", "close")]
    known = [price for price in prices if price is not None]
    return Bar(*known) if len(known) == 4 else None


def _move(row: Mapping[str, Any]) -> Decimal | None:
    """How far the bar went, as a ratio of where it opened."""
    start, end = number(row.get("open")), number(row.get("close"))
    return (end - start) / start if start and end is not None else None
