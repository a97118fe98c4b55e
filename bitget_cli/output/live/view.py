"""What every live table has: rows it is told of, open gaps, columns that fit, how fresh rows are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bitget_cli.output.cells import DOUBTFUL, QUIET, Cell, Line, aligned, is_quantity
from bitget_cli.output.live import number_format
from bitget_cli.output.table import Column, Look, cut, grid, width
from bitget_cli.stream_events import Gap, Push, Status


class Viewport(NamedTuple):
    """How it is to be drawn: the terminal, how many lines there are, and our own clock in ms since the epoch.

    `sort` is one of the scene's `sorts`; `is_frozen` that the exchange's clock stands still.
    """

    look: Look
    height: int
    now: int
    sort: str = ""
    is_frozen: bool = False

    def age(self, received: int, *, old: float = 3.0) -> Cell:
        """How long ago something was told (ms of our clock); by one that stands still nothing is new or old."""
        return Cell("frozen", DOUBTFUL) if self.is_frozen else number_format.age(self.now - received, old=old)


class LiveView:
    """Knows what a stream has said; draws it when asked."""

    # What the key `s` steps through; with fewer than two there is nothing to sort.
    sorts: tuple[str, ...] = ()
    empty = "nothing yet"

    def __init__(self) -> None:
        self.open_gaps: dict[int, Gap] = {}

    def take(self, push: Push) -> None:
        """One row of any type the stream has."""

    def gap(self, gap: Gap) -> None:
        """A gap that opened or was closed."""
        if gap.until is None:
            self.open_gaps[gap.id] = gap
        else:
            self.open_gaps.pop(gap.id, None)

    def status(self, status: Status) -> None:
        """How the connection fares."""

    def title(self) -> str:
        """What stands at the top beside the title of the stream."""
        return ""

    def is_lively(self, now: int) -> bool:  # noqa: ARG002  # most tables stand still
        """Whether something will look otherwise though nothing arrives: a flash that ends."""
        return False

    def body(self, sight: Viewport) -> Sequence[Line]:  # noqa: ARG002  # a table that was never told anything
        """The lines between title and footer; [] where nothing is known yet."""
        return []


_WIDEST = 24


class Sheet:
    """Draws columns. It remembers how wide each has been, so that a table does not tremble as its numbers change."""

    def __init__(self) -> None:
        self._widths: dict[str, int] = {}

    def lines(self, columns: Sequence[Column], look: Look) -> list[Line]:
        """The headings and one line a row, also where no row says anything."""
        shown = [_arranged(column, look) for column in columns if any(one.text for one in column.cells)]
        if not shown:
            return [[] for _ in range(1 + len(columns[0].cells))]
        widths = [self.width(column) for column in shown]
        while len(shown) > 1 and sum(widths) + 2 * (len(widths) - 1) > look.width:
            at = max(range(len(shown)), key=lambda place: (shown[place].rank, place))
            if shown[at].rank == 0:
                break
            del shown[at], widths[at]
        return grid(shown, widths, look)

    def width(self, column: Column) -> int:
        most = max([width(column.heading), *(width(cell.text) for cell in column.cells)])
        self._widths[column.heading] = most = max(most, self._widths.get(column.heading, 0))
        return most


def _arranged(column: Column, look: Look) -> Column:
    cells = [Cell(cut(one.text, _WIDEST, marks=look.marks), one.tone) for one in column.cells]
    if column.right and all(is_quantity(one.text) for one in cells):
        cells = aligned(cells)
    return column._replace(cells=cells)


def joined(parts: Iterable[Line], between: str) -> list[Cell]:
    """One line of several, those that say something."""
    line: list[Cell] = []
    for part in parts:
        if any(cell.text for cell in part):
            line += [Cell(between), *part] if line else part
    return line


def named(name: str, *value: Cell) -> Line:
    """A figure behind its name."""
    return [Cell(name, QUIET), Cell(" "), *value]


# Seconds: a row older than this missed a reconcile.
_OLD = 90.0


class Ages:
    """When each market's rows were last known to be right."""

    def __init__(self) -> None:
        self._asked: dict[str, int] = {}

    def status(self, status: Status) -> None:
        if status.event == "reconciled":
            self._asked[str(status.facts.get("market", ""))] = status.received

    def of(self, push: Push, viewport: Viewport) -> Cell:
        return viewport.age(max(push.received, self._asked.get(push.market, 0)), old=_OLD)
