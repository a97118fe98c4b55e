"""The trades tape: newest on top, in the colour of who took, with a line where trades may be missing."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bitget_cli.output.cells import BAD, GOOD, QUIET, Cell, Line, side_tone
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.view import LiveView, Sheet, Viewport, joined, named
from bitget_cli.output.table import Column, Look
from bitget_cli.stream_events import Gap, Push

# More than any terminal has lines.
_KEPT = 500
_MINUTE = 60_000
# No minute has more trades; while nothing is drawn, nobody counts them out.
_MOST_IN_A_MINUTE = 50_000


class Tape(LiveView):
    """Trades as they were made, the newest on top, with a line across for each gap."""

    def __init__(self, look: Mapping[str, Any]) -> None:  # noqa: ARG002  # as every table is made
        super().__init__()
        self._events: deque[Push | int] = deque(maxlen=_KEPT)
        self._gaps: dict[int, Gap] = {}
        self._sheet = Sheet()

    def take(self, push: Push) -> None:
        self._events.append(push)

    def gap(self, gap: Gap) -> None:
        super().gap(gap)
        if gap.id not in self._gaps:
            self._events.append(gap.id)
        self._gaps[gap.id] = gap

    def columns(self, trades: Sequence[Push]) -> list[Column]:
        """What is shown of these trades."""
        raise NotImplementedError

    def _tape(self, look: Look, height: int) -> tuple[Line, list[Line]]:
        """The headings, and so many of the newest lines."""
        shown = [self._events[-at] for at in range(1, min(len(self._events), max(1, height)) + 1)]
        head, *rows = self._sheet.lines(self.columns([one for one in shown if isinstance(one, Push)]), look)
        lines = iter(rows)
        return head, [next(lines) if isinstance(one, Push) else divider(self._gaps[one], look) for one in shown]


class TradesView(Tape):
    """Public trades of any number of markets."""

    empty = "no trades yet"

    def __init__(self, look: Mapping[str, Any]) -> None:
        super().__init__(look)
        self._minute: deque[tuple[int, bool, Decimal]] = deque(maxlen=_MOST_IN_A_MINUTE)
        self._markets: set[tuple[str, str]] = set()

    def take(self, push: Push) -> None:
        super().take(push)
        if (push.market, push.symbol) not in self._markets:
            self._markets.add((push.market, push.symbol))
            # Sizes of different coins cannot be added up: of several markets their values are.
            self._minute.clear()
        amount = number(push.data.get("size")) if len(self._markets) == 1 else _value(push.data)
        if push.ts is not None and amount is not None:
            self._minute.append((push.ts, push.data.get("side") == "buy", amount))

    def body(self, viewport: Viewport) -> Sequence[Line]:
        if not self._events:
            return []
        head, lines = self._tape(viewport.look, viewport.height - 3)
        return [self._flow(), [], head, *lines]

    def columns(self, trades: Sequence[Push]) -> list[Column]:
        rows = [trade.data for trade in trades]
        tones = [side_tone(number_format.text(row.get("side"))) for row in rows]
        columns = [
            Column("Time", [Cell(number_format.clock(trade.data.get("ts"), "%H:%M:%S.%f"), QUIET) for trade in trades])
        ]
        if len({(trade.market, trade.symbol) for trade in trades}) > 1:
            columns.append(Column("Symbol", [Cell(number_format.text(trade.symbol)) for trade in trades], right=False))
        if len({trade.market for trade in trades}) > 1:
            columns.append(
                Column("Market", [Cell(number_format.market(trade.market), QUIET) for trade in trades], right=False)
            )
        sides = [Cell(number_format.text(row.get("side")), tone) for row, tone in zip(rows, tones, strict=True)]
        prices = [Cell(number_format.text(row.get("price")), tone) for row, tone in zip(rows, tones, strict=True)]
        return [
            *columns,
            Column("Side", sides, right=False),
            Column("Price", prices),
            Column("Size", [Cell(number_format.text(row.get("size"))) for row in rows]),
            Column("Value", [Cell(number_format.fixed(_value(row))) for row in rows], 1),
            Column("Id", [Cell(number_format.text(row.get("tradeId"))[-6:], QUIET) for row in rows], 2),
        ]

    def _flow(self) -> Line:
        """Trades and volumes of the last minute of the exchange's time, as far as we have watched."""
        newest = max((ts for ts, _, _ in self._minute), default=0)
        while self._minute and self._minute[0][0] <= newest - _MINUTE:
            self._minute.popleft()
        bought = sum((amount for _, buys, amount in self._minute if buys), number_format.ZERO)
        sold = sum((amount for _, buys, amount in self._minute if not buys), number_format.ZERO)
        shown = [f"{amount:f}" if len(self._markets) == 1 else number_format.short(amount) for amount in (bought, sold)]
        parts = [
            named("last minute", Cell(f"{len(self._minute)} trades")),
            named("bought", Cell(shown[0], GOOD)),
            named("sold", Cell(shown[1], BAD)),
        ]
        return joined(parts, "   ")


def _value(row: Mapping[str, Any]) -> Decimal | None:
    price, size = number(row.get("price")), number(row.get("size"))
    return None if price is None or size is None else price * size


def divider(gap: Gap, look: Look) -> Line:
    """A line across the tape: what may be missing here, and by what it was mended."""
    line = "─" if look.marks else "-"
    since = number_format.clock(str(gap.since))
    if gap.until is None:
        said, tone = f"gap since {since}: {gap.reason}", BAD
    elif gap.recovered == "overlap":
        said, tone = f"gap at {since}: {gap.reason}; nothing was lost", QUIET
    else:
        lost = f"{gap.lost} lost" if gap.lost else "some may be missing"
        said, tone = f"gap at {since}: {gap.reason}; {lost}", BAD
    text = f"{line * 3} {said} "
    return [Cell(text + line * max(0, min(look.width, 100) - len(text)), tone)]
