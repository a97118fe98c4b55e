"""The depth ladder: bids and asks side by side, a bar for each size, and whether the book can be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, zip_longest
from typing import Any, NamedTuple

from bitget_cli.output.cells import BAD, DOUBTFUL, GOOD, QUIET, STRONG, Cell, Line, aligned, text_of
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.view import LiveView, Sheet, Viewport, joined, named
from bitget_cli.output.table import Column, Look, grid, width
from bitget_cli.stream_events import Push

_LONGEST_BAR, _SHORTEST_BAR = 32, 4
# Lines of the ladder that are no levels: two of figures, one blank, the headings, and what it stands on.
_AROUND = 6


class Level(NamedTuple):
    """A price and its size as the exchange writes them, and all that is offered up to it."""

    price: str
    size: Decimal
    total: Decimal
    text: str


class DepthView(LiveView):
    """The book of one market."""

    def __init__(self, look: Mapping[str, Any]) -> None:
        super().__init__()
        self._levels = int(look.get("levels", 20))
        self._channel = str(look.get("channel", ""))
        self._book: Push | None = None
        self._ticker: Push | None = None
        self._bids, self._asks = Sheet(), Sheet()

    def take(self, push: Push) -> None:
        if push.type == "ticker":
            self._ticker = push
        else:
            self._book = push

    def body(self, viewport: Viewport) -> Sequence[Line]:
        if self._book is None:
            return []
        room = max(1, min(self._levels, viewport.height - _AROUND))
        bids, asks = levels(self._book.data.get("bids"), room), levels(self._book.data.get("asks"), room)
        sides = self._sides(bids, asks, viewport.look)
        if self._is_in_doubt():
            # Nobody should act on a book that has lost its place.
            sides = [[Cell(text_of(line), QUIET)] for line in sides]
        lines: list[Line] = [*self._figures(bids, asks), [], *sides]
        return [*lines, *[[]] * (viewport.height - len(lines) - 1), self._standing(viewport)]

    def _is_in_doubt(self) -> bool:
        return any(gap.channel.startswith("books") for gap in self.open_gaps.values())

    def _figures(self, bids: Sequence[Level], asks: Sequence[Level]) -> list[Line]:
        """Last, mid, spread and how much heavier one side is."""
        last = number_format.text(self._ticker.data.get("lastPr")) if self._ticker else ""
        parts = [("last", last)] if last else []
        bid, ask = (number(side[0].price) if side else None for side in (bids, asks))
        if bid is not None and ask is not None:
            spread, mid = ask - bid, (bid + ask) / 2
            parts += [
                ("mid", number_format.fixed(mid, max(number_format.places_of(bid), number_format.places_of(ask)) + 1)),
                ("spread", f"{spread:f} ({number_format.points(spread, mid)} bp)"),
            ]
        return [joined((named(name, Cell(value, STRONG)) for name, value in parts), "   "), imbalance(bids, asks)]

    def _sides(self, bids: Sequence[Level], asks: Sequence[Level], look: Look) -> list[Line]:
        """Bids grow to the left, asks to the right, prices stand in the middle."""
        left = [*_figures_of(bids, "bid", GOOD)][::-1]
        right = [*_figures_of(asks, "ask", BAD)]
        sizes = [*map(self._bids.width, left), *map(self._asks.width, right)]
        bar = (look.width - sum(sizes) - 2 * 5 - 3) // 2 - 2
        if bar < _SHORTEST_BAR:
            left, right, sizes = left[1:], right[:-1], sizes[1:-1]
            bar = (look.width - sum(sizes) - 2 * 3 - 3) // 2 - 2
        bar = max(0, min(bar, _LONGEST_BAR))
        most = max((level.size for level in (*bids, *asks)), default=number_format.ZERO) or Decimal(1)
        left.insert(0, Column("", [_bar(level, most, bar, look, GOOD) for level in bids]))
        right.append(Column("", [_bar(level, most, bar, look, BAD) for level in asks], right=False))
        widths = [bar, *sizes, bar]
        room = sum(widths[: len(left)]) + 2 * (len(left) - 1)
        rule = Cell(" │" if look.marks else " |", QUIET)
        lines = zip_longest(grid(left, widths[: len(left)], look), grid(right, widths[len(left) :], look), fillvalue=())
        return [
            [*bid, Cell(" " * (room - width(text_of(bid)))), rule, *([Cell(" "), *ask] if ask else ())]
            for bid, ask in lines
        ]

    def _standing(self, viewport: Viewport) -> Line:
        """Channel, sequence and age; RESYNC while the book is fetched afresh."""
        book = self._book
        assert book is not None  # noqa: S101  # for the type checker: body() has looked
        if self._is_in_doubt():
            checked = Cell(" RESYNC ", "reverse red")
        else:
            word = number_format.text(book.data.get("checked")) or "unverified"
            checked = Cell(word, GOOD if word == "verified" else DOUBTFUL)
        age = [Cell("age "), viewport.age(book.received)]
        seq = Cell(f"seq {number_format.text(book.data.get('seq'))}")
        return joined([[Cell(self._channel)], [seq], [checked], age], " · " if viewport.look.marks else " | ")


def levels(rows: Any, most: int) -> list[Level]:
    """The best levels of a side; what does not read as a price and a size is left out."""
    found: list[tuple[str, Decimal, str]] = []
    for row in rows[:most] if isinstance(rows, list) else ():
        if isinstance(row, list | tuple) and len(row) >= 2:
            size = number(row[1])
            if size is not None and number(row[0]) is not None:
                found.append((row[0], size, str(row[1])))
    totals = accumulate(size for _, size, _ in found)
    return [Level(price, size, total, text) for (price, size, text), total in zip(found, totals, strict=True)]


def imbalance(bids: Sequence[Level], asks: Sequence[Level]) -> Line:
    """Which side of the levels shown is heavier, from -100 % (only asks) to +100 %."""
    bid, ask = (side[-1].total if side else number_format.ZERO for side in (bids, asks))
    if not bid + ask:
        return []
    part = number_format.percent((bid - ask) / (bid + ask), 1)
    return joined([named("imbalance", part), named("bid", Cell(f"{bid:f}")), named("ask", Cell(f"{ask:f}"))], "   ")


def _figures_of(side: Sequence[Level], name: str, tone: str) -> Iterator[Column]:
    """The price in the colour of its side, the size and the sum, their decimals aligned."""
    yield Column(name, aligned([Cell(level.price, tone) for level in side]))
    yield Column("size", aligned([Cell(level.text) for level in side]))
    yield Column("sum", aligned([Cell(f"{level.total:f}") for level in side]))


def _bar(level: Level, most: Decimal, room: int, look: Look, tone: str) -> Cell:
    return Cell(("█" if look.marks else "#") * int(level.size / most * room), tone)
