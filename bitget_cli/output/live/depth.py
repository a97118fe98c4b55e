"""The depth ladder: bids and asks side by side, a bar for each size, and whether the book can be believed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any, NamedTuple

from bitget_cli.output.cells import BAD, DOUBTFUL, GOOD, QUIET, STRONG, Cell, align
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.terminal import bare
from bitget_cli.output.live.view import LiveView, Viewport, painted
from bitget_cli.output.table import Look, width
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
        self._widths: dict[str, int] = {}

    def take(self, push: Push) -> None:
        if push.type == "ticker":
            self._ticker = push
        else:
            self._book = push

    def body(self, viewport: Viewport) -> Sequence[str]:
        if self._book is None:
            return []
        room = max(1, min(self._levels, viewport.height - _AROUND))
        bids, asks = levels(self._book.data.get("bids"), room), levels(self._book.data.get("asks"), room)
        lines = [*self._figures(bids, asks, viewport.look), ""]
        sides = self._sides(bids, asks, viewport.look)
        # Nobody should act on a book that has lost its place.
        lines += [viewport.look.paint(bare(line), QUIET) for line in sides] if self._is_in_doubt() else sides
        below = [""] * max(0, viewport.height - len(lines) - 1)
        return [*lines, *below, self._standing(viewport)]

    def _is_in_doubt(self) -> bool:
        return any(gap.channel.startswith("books") for gap in self.open_gaps.values())

    def _figures(self, bids: Sequence[Level], asks: Sequence[Level], look: Look) -> list[str]:
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
        first = "   ".join(f"{look.paint(name, QUIET)} {look.paint(value, STRONG)}" for name, value in parts)
        return [first, imbalance(bids, asks, look)]

    def _sides(self, bids: Sequence[Level], asks: Sequence[Level], look: Look) -> list[str]:
        """Bids grow to the left, asks to the right, prices stand in the middle."""
        left = [self._texts(bids, "bid", at) for at in ("total", "size", "price")]
        right = [self._texts(asks, "ask", at) for at in ("price", "size", "total")]
        sizes = [self._width(f"{at}", cells) for at, cells in enumerate([*left, *right])]
        bar = (look.width - sum(sizes) - 2 * 5 - 3) // 2 - 2
        if bar < _SHORTEST_BAR:
            left, right, sizes = left[1:], right[:-1], sizes[1:-1]
            bar = (look.width - sum(sizes) - 2 * 3 - 3) // 2 - 2
        bar = max(0, min(bar, _LONGEST_BAR))
        most = max((level.size for level in (*bids, *asks)), default=number_format.ZERO) or Decimal(1)
        left.insert(0, ["", *(_bar(level, most, bar, look).rjust(bar) for level in bids)])
        right.append(["", *(_bar(level, most, bar, look).ljust(bar) for level in asks)])
        widths = [bar, *sizes, bar]
        middle = len(left)
        return [_row(row, [*left, *right], widths, middle, look) for row in range(max(len(bids), len(asks)) + 1)]

    def _texts(self, side: Sequence[Level], name: str, what: str) -> list[str]:
        """A heading and one column, its decimals aligned."""
        words = {"price": name, "size": "size", "total": "sum"}
        texts = {
            "price": [level.price for level in side],
            "size": [level.text for level in side],
            "total": [f"{level.total:f}" for level in side],
        }[what]
        return [words[what], *align(texts)]

    def _width(self, name: str, cells: Sequence[str]) -> int:
        most = max(self._widths.get(name, 0), *(width(text) for text in cells))
        self._widths[name] = most
        return most

    def _standing(self, viewport: Viewport) -> str:
        """Channel, sequence and age; RESYNC while the book is fetched afresh."""
        look, book = viewport.look, self._book
        assert book is not None  # noqa: S101  # for the type checker: body() has looked
        if self._is_in_doubt():
            checked = look.paint(" RESYNC ", "7;31")
        else:
            word = number_format.text(book.data.get("checked")) or "unverified"
            checked = look.paint(word, GOOD if word == "verified" else DOUBTFUL)
        age = painted(viewport.age(book.received), look)
        parts = [self._channel, f"seq {number_format.text(book.data.get('seq'))}", checked, f"age {age}"]
        return (" · " if look.marks else " | ").join(part for part in parts if part)


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


def imbalance(bids: Sequence[Level], asks: Sequence[Level], look: Look) -> str:
    """Which side of the levels shown is heavier, from -100 % (only asks) to +100 %."""
    bid, ask = (side[-1].total if side else number_format.ZERO for side in (bids, asks))
    if not bid + ask:
        return ""
    part = painted(number_format.percent((bid - ask) / (bid + ask), 1), look)
    named = (("imbalance", part), ("bid", f"{bid:f}"), ("ask", f"{ask:f}"))
    return "   ".join(f"{look.paint(name, QUIET)} {value}" for name, value in named)


def _bar(level: Level, most: Decimal, room: int, look: Look) -> str:
    length = int(level.size / most * room)
    return ("█" if look.marks else "#") * length


def _row(row: int, columns: Sequence[Sequence[str]], widths: Sequence[int], middle: int, look: Look) -> str:
    """One line: bids before `middle`, asks behind it; the heading is row 0."""
    parts = []
    for at, (column, size) in enumerate(zip(columns, widths, strict=True)):
        text = column[row] if row < len(column) else ""
        text = text.rjust(size) if at < len(columns) - 1 else text.ljust(size)
        parts.append(painted(Cell(text, _tone(row, at, columns, middle)), look))
    rule = " │ " if look.marks else " | "
    return ("  ".join(parts[:middle]) + look.paint(rule, QUIET) + "  ".join(parts[middle:])).rstrip()


def _tone(row: int, at: int, columns: Sequence[Sequence[str]], middle: int) -> str:
    """Prices and bars in the colour of their side."""
    if row == 0:
        return STRONG
    if at in (0, middle - 1):
        return GOOD
    return BAD if at in (middle, len(columns) - 1) else ""
