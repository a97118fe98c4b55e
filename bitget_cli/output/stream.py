"""Plays a stream to whoever reads it: as lines for a program, as a live table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from math import inf
from typing import TYPE_CHECKING, Protocol

from bitget_cli.errors import IncompleteError, NetworkError, StoppedError, UsageError
from bitget_cli.output.stream_lines import Reader, StreamLines, row_of
from bitget_cli.stream_events import Frame, Gap, Message, Push, Status

if TYPE_CHECKING:
    from bitget_cli.results import Feed
    from bitget_cli.runtime import Clock

# Rows after which a field that none of them had is worth a remark.
_ROWS_TO_JUDGE = 20
# Before what a condition did not hold, by the reason of the end.
_ENDS = {
    "duration": "--duration {0.duration} was over",
    "count": "--count {0.at_most} was reached",
    "quit": "q was pressed",
}
_UNMET = "watch longer, or look at the rows without --until"
_LONGER = "check the connection, or try again with a longer --duration"


class View(AbstractContextManager["View"], Protocol):
    """What a stream is shown on."""

    quits: bool

    def patience(self, left: float) -> float:
        """How many seconds the next `take` may wait, when `left` are left at all."""

    def show(self, messages: Sequence[Message]) -> None:
        """What arrived; often nothing."""

    def note(self, line: str) -> None:
        """A remark for people."""

    def end(self, reason: str) -> None:
        """Nothing more will be shown: count, duration, until, quit, closed, interrupt, terminated or error."""


def play(feed: Feed, reader: Reader) -> None:
    """Show the stream until it, its reader or its limits end it.

    Raises IncompleteError for a condition that was never met, and for a gap that was not mended where the feed is
    strict; NetworkError where its time is over before a first connection stood; BrokenPipeError when the reader has
    gone, and whatever the stream ends with.
    """
    limits = _Limits(feed, reader.clock)
    with _view(feed, reader) as view:
        reason = "error"
        try:
            reason = _played(feed, view, limits)
        except KeyboardInterrupt as signal:
            reason = "terminated" if isinstance(signal, StoppedError) else "interrupt"
            raise
        except BrokenPipeError:
            reason = ""
            raise
        finally:
            if reason:
                view.end(reason)
    limits.judge(reason)


def _view(feed: Feed, reader: Reader) -> View:
    if reader.form == "record":
        raise UsageError("a stream has no records", hint="use -o ndjson, csv or tsv")
    if reader.form == "table" and not feed.raw:
        if not reader.out.isatty():
            raise UsageError("a live table needs a terminal", hint="use -o ndjson, csv or tsv")
        from bitget_cli.output.live.live_screen import LiveScreen

        return LiveScreen(feed, reader)
    return StreamLines(feed, reader)


def _played(feed: Feed, view: View, limits: _Limits) -> str:
    """Take and show until something ends it; returns what did."""
    source = feed.source
    while (left := limits.left()) > 0:
        taken = source.take(view.patience(left))
        if taken is None:
            return "closed"
        wanted, reason = limits.measured(taken)
        view.show(wanted)
        if reason:
            return reason
        if view.quits:
            return "quit"
        if remark := limits.remark():
            view.note(remark)
    return "duration"


class _Limits:
    """How much of a stream is wanted, and which of its gaps stay open."""

    def __init__(self, feed: Feed, clock: Clock) -> None:
        self._feed = feed
        self._monotonic = clock.monotonic
        self._end = None if feed.seconds is None else clock.monotonic() + feed.seconds
        self._rows = 0
        self._remarked = feed.until is None
        self._holes: dict[int, Gap] = {}
        self._trouble = ""

    def left(self) -> float:
        """Seconds until the stream has lasted long enough."""
        return inf if self._end is None else self._end - self._monotonic()

    def measured(self, messages: Sequence[Message]) -> tuple[Sequence[Message], str]:
        """The messages up to the one that ends it, and by what it does."""
        feed = self._feed
        for at, message in enumerate(messages, 1):
            if isinstance(message, Gap):
                self._note(message)
            elif isinstance(message, Frame) or (isinstance(message, Push) and message.type == feed.kind):
                self._rows += 1
                if feed.until and isinstance(message, Push) and feed.until(row_of(message)):
                    return messages[:at], "until"
                if self._rows == feed.at_most:
                    return messages[:at], "count"
            elif isinstance(message, Status) and message.event == "reconnecting":
                self._trouble = str(message.facts.get("reason", ""))
        return messages, ""

    def remark(self) -> str:
        """Once, when enough rows came and none had a field that `--until` waits for."""
        if self._remarked or self._rows < _ROWS_TO_JUDGE:
            return ""
        self._remarked = True
        names = ", ".join(self._feed.until.unseen) if self._feed.until else ""
        return names and f"--until waits for {names}, which none of {self._rows} rows had"

    def judge(self, reason: str) -> None:
        """Raises for what is missing at an end for this reason: a connection, the condition, or the filling of gaps."""
        if reason == "duration" and not self._feed.source.facts().has_stood:
            why = f": {self._trouble}" if self._trouble else ""
            said = f"no connection stood before --duration {self._feed.duration} was over{why}"
            raise NetworkError(said, hint=_LONGER)
        if self._feed.until and reason != "until":
            end = _ENDS.get(reason, "the stream ended")
            raise IncompleteError(f"--until did not hold before {end.format(self._feed)}", hint=_UNMET)
        if not (self._feed.strict and self._holes):
            return
        gap = next(iter(self._holes.values()))
        count = "a gap was" if len(self._holes) == 1 else f"{len(self._holes)} gaps were"
        raise IncompleteError(
            f"{count} not mended; the first in {gap.channel} {gap.symbol} ({gap.reason})",
            hint="what is missing can be read with the lists of `bitget market`, `order` and `account`",
        )

    def _note(self, gap: Gap) -> None:
        if gap.until is not None and gap.recovered not in (None, "none"):
            self._holes.pop(gap.id, None)
        else:
            self._holes[gap.id] = gap
