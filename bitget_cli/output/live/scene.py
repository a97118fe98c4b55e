"""What every live table has: rows it is told of, gaps that are open, and lines it draws."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bitget_cli.messages import Gap, Push, Status
from bitget_cli.output.cells import DOUBTFUL, Cell
from bitget_cli.output.grid import Look
from bitget_cli.output.live import figures


class Sight(NamedTuple):
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
        return Cell("frozen", DOUBTFUL) if self.is_frozen else figures.age(self.now - received, old=old)


class Scene:
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

    def body(self, sight: Sight) -> Sequence[str]:  # noqa: ARG002  # a table that was never told anything
        """The lines between title and footer; [] where nothing is known yet."""
        return []
