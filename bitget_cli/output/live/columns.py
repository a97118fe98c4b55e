"""Columns that fit: the least important go where a terminal is narrow, and none gets narrower while it is watched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bitget_cli.output.cells import STRONG, Cell, align, is_quantity
from bitget_cli.output.grid import Look, cut, width

_WIDEST = 24


class Column(NamedTuple):
    """A heading and its cells. Of several that do not fit, the one of the highest `rank` goes; rank 0 stays."""

    heading: str
    cells: Sequence[Cell]
    rank: int = 0
    right: bool = True


class Sheet:
    """Draws columns. It remembers how wide each has been, so that a table does not tremble as its numbers change."""

    def __init__(self) -> None:
        self._widths: dict[str, int] = {}

    def lines(self, columns: Sequence[Column], look: Look) -> list[str]:
        """The headings and one line a row, also where no row says anything."""
        shown = [_aligned(column, look) for column in columns if any(one.text for one in column.cells)]
        if not shown:
            return [""] * (1 + len(columns[0].cells))
        widths = [self._width(column) for column in shown]
        while len(shown) > 1 and sum(widths) + 2 * (len(widths) - 1) > look.width:
            at = max(range(len(shown)), key=lambda place: (shown[place].rank, place))
            if shown[at].rank == 0:
                break
            del shown[at], widths[at]
        head = [Cell(column.heading, STRONG) for column in shown]
        rows = [head, *zip(*(column.cells for column in shown), strict=True)]
        return [_line(row, shown, widths, look) for row in rows]

    def _width(self, column: Column) -> int:
        most = max([width(column.heading), *(width(cell.text) for cell in column.cells)])
        self._widths[column.heading] = most = max(most, self._widths.get(column.heading, 0))
        return most


def _aligned(column: Column, look: Look) -> Column:
    cells = [Cell(cut(one.text, _WIDEST, marks=look.marks), one.tone) for one in column.cells]
    if column.right and all(is_quantity(one.text) for one in cells):
        texts = align([one.text for one in cells])
        cells = [Cell(text, one.tone) for text, one in zip(texts, cells, strict=True)]
    return column._replace(cells=cells)


def _line(cells: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int], look: Look) -> str:
    parts = []
    for cell, column, size in zip(cells, columns, widths, strict=True):
        space = " " * (size - width(cell.text))
        parts.append(space + painted(cell, look) if column.right else painted(cell, look) + space)
    return "  ".join(parts).rstrip()


def painted(cell: Cell, look: Look) -> str:
    """The cell in its colour, its padding without."""
    if not (cell.tone and look.color):
        return cell.text
    bare = cell.text.strip(" ")
    before, _, after = cell.text.partition(bare) if bare else (cell.text, "", "")
    return before + look.paint(bare, cell.tone) + after
