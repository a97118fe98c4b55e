"""What a stream tells whoever makes sense of it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from bitget_cli.messages import Topic


class Heard(IntEnum):
    """What became of a push."""

    AFRESH = 0  # it cannot be believed: subscribe to its topic afresh
    DROPPED = 1  # of no use, so that it is no sign of life either
    TAKEN = 2


class Listener(Protocol):
    """Whoever makes sense of what a stream hears. Called from its one reader thread: quick, and never waiting."""

    def frame(self, topic: Topic, frame: Mapping[str, Any], received: int) -> Heard:
        """A push about `topic`; `received` in ms of our clock.

        Whole numbers are ints, others WireNumber text; `data` is there, but may be of any JSON type.
        """

    def unreadable(self, topic: Topic, received: int) -> Heard:
        """A frame that may have been about `topic` could not be read."""

    def raw(self, text: str) -> None:
        """The text of the push that comes next; only where raw frames were asked for."""

    def subscribed(self, topic: Topic, again: bool) -> None:
        """The exchange acknowledged; `again` for any time but the first. Pushes may have come before it."""

    def refused(self, topic: Topic | None, code: str, message: str) -> None:
        """An error of the exchange, about one topic or nobody's; `code` is "" where it never answered."""

    def lost(self, reason: str) -> None:
        """The connection is gone (`disconnect`) or judged dead (`stale`): every topic is in doubt."""

    def status(self, event: str, facts: Mapping[str, Any]) -> None:
        """How the connection fares: connecting, connected, subscribed, reconnecting, stale."""

    def ended(self, error: Exception | None) -> None:
        """Nothing more will come; what is no BitgetError is a defect of ours."""
