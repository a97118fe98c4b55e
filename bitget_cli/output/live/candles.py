"""Candles: a small chart above the newest bars, the forming one marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.messages import Push
from bitget_cli.output.cells import QUIET, STRONG, Cell
from bitget_cli.output.live import figures
from bitget_cli.output.live.chart import Bar, chart
from bitget_cli.output.live.columns import Column, Sheet
from bitget_cli.output.live.figures import number
from bitget_cli.output.live.scene import Scene, Sight

_KEPT = 500
# Bars this long open on a grid that is worth naming.
_LONG = ("6h", "12h", "1d", "3d", "1w", "1M")
_SHORTEST_SECTION = 8


class Candles(Scene):
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

    def body(self, sight: Sight) -> Sequence[str]:
        if not self._markets:
            return []
        fitting = max(1, sight.height // _SHORTEST_SECTION)
        shown = list(self._markets)[:fitting]
        height = sight.height // len(shown)
        lines = [line for key in shown for line in self._section(key, height, sight, named=len(self._markets) > 1)]
        if (hidden := len(self._markets) - len(shown)) > 0:
            lines[-1] = sight.look.paint(f"{hidden} more where the terminal is higher", QUIET)
        return lines

    def _section(self, key: tuple[str, str], height: int, sight: Sight, *, named: bool) -> list[str]:
        """One market in so many lines: its name where there are several, the chart, the newest bars on top."""
        starts = sorted(self._markets[key])
        rows = [self._markets[key][start] for start in starts]
        heading = f"{figures.text(key[1])} {sight.look.paint(figures.market(key[0]), QUIET)}"
        lines = [sight.look.paint(heading, STRONG)] if named else []
        bars = [bar for row in rows if (bar := _bar(row))]
        places = max((figures.places_of(bar.close) for bar in bars[-20:]), default=0)
        lines += chart(bars, sight.look, height=(height - len(lines)) // 2, places=places)
        room = max(0, height - len(lines) - 2)
        sheet = self._sheets.setdefault(key, Sheet())
        lines += ["", *sheet.lines(self._columns(rows[::-1][:room], sight), sight.look)]
        return (lines + [""] * height)[:height]

    def _columns(self, rows: Sequence[Mapping[str, Any]], sight: Sight) -> list[Column]:
        long, short = self._granularity in _LONG, self._granularity.endswith("m")
        pattern = "%Y-%m-%d" if long and not self._granularity.endswith("h") else "%H:%M" if short else "%m-%d %H:%M"
        forming = "…" if sight.look.marks else "..."
        moves = [_move(row) for row in rows]
        return [
            Column("Time", [Cell(figures.clock(row.get("start"), pattern, local=not long), QUIET) for row in rows]),
            Column("", [Cell("" if row.get("closed") else forming) for row in rows], right=False),
            *(
                Column(name.capitalize(), [Cell(figures.text(row.get(name))) for row in rows])
                for name in ("open", "high", "low", "close")
            ),
            Column("Change", [figures.percent(move) for move in moves], 1),
            Column("Volume", [Cell(figures.text(row.get("baseVolume"))) for row in rows], 2),
            Column("Value", [Cell(figures.short(number(row.get("quoteVolume")))) for row in rows], 3),
        ]


def _bar(row: Mapping[str, Any]) -> Bar | None:
    prices = [number(row.get(name)) for name in ("open", "high", "low", "close")]
    known = [price for price in prices if price is not None]
    return Bar(*known) if len(known) == 4 else None


def _move(row: Mapping[str, Any]) -> Decimal | None:
    """How far the bar went, as a ratio of where it opened."""
    start, end = number(row.get("open")), number(row.get("close"))
    return (end - start) / start if start and end is not None else None
