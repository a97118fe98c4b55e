"""What a channel is: something that is looked at every so often and says what there is to push."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

from bitget_cli.paper.desk import Desk

if TYPE_CHECKING:
    from bitget_cli.paper.engine.floor import Floor
    from bitget_cli.paper.engine.news import Event

# The `action` of a push and its `data`.
Push = tuple[str, list[Any]]
SNAPSHOT, UPDATE = "snapshot", "update"


class Market(Protocol):
    """A channel for everybody. The first look of a new one brings its snapshot."""

    every: float

    def look(self, desk: Desk) -> list[Push]:
        """What to push now; called about every `every` real seconds."""


class Own(Protocol):
    """A channel of the customer's own."""

    every: float

    def look(self, floor: Floor, events: Sequence[Event]) -> list[Push]:
        """What to push now: `events` happened since the last look, or since it was subscribed."""
