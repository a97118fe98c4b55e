"""The depth of one market as it is told: the top of a kept book, or the levels of a push that has them all."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

from bitget_cli.catalogue.channels import Kept
from bitget_cli.client.book import Book, Verdict
from bitget_cli.client.telling import DROPPED, FINE, WHOLE, Moment, Outcome, Teller
from bitget_cli.messages import Push

_FAULTS = {verdict: Outcome(fault=verdict.reason) for verdict in Verdict if verdict.reason}
# By far the most; a name of the module is found sooner than a member of an enumeration.
_APPLIED, _SNAPSHOT = Verdict.APPLIED, Verdict.SNAPSHOT
# For so long (ms) the exchange may say nothing but what was told before.
_LONGEST_REPETITION = 5_000


class Depth:
    """One market's depth. The push is made when somebody takes it, so a slow reader costs nothing.

    A book known to be wrong is never told: what waits is nothing then, and comes anew with the next snapshot.
    """

    def __init__(self, teller: Teller, levels: int) -> None:
        self._teller, self._levels = teller, levels
        # Whole pushes have a number, but nothing to check it by.
        self._is_chained = teller.channel.kept is Kept.BOOK
        self._book = Book()
        self._lock = Lock()
        self._moment = Moment(None, 0)
        self._changes = 0
        self._has_snapshot = False
        self._waiting: _Top | None = None
        # Since when (ms of our clock) nothing came but repetitions.
        self._repeats_since: int | None = None
        self._is_contradicted = False

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        outcome = DROPPED
        for data in rows:
            snapshot = moment.snapshot or not self._is_chained
            with self._lock:
                verdict = self._book.apply(data, snapshot=snapshot)
                if verdict is _APPLIED or verdict is _SNAPSHOT:
                    self._repeats_since = None
                    self._moment = moment
                    self._changes += 1
                    self._has_snapshot |= snapshot
                    if self._waiting is None:
                        self._waiting = _Top(self)
                        self._teller.mailbox.later(self._waiting)
                    outcome = FINE if verdict is _APPLIED else WHOLE
                    continue
                if verdict is Verdict.OLD and self._repeats_too_long(moment.received):
                    self._book.doubt()
                    verdict = Verdict.RESTARTED
                if verdict in _FAULTS:
                    self._forget()
            outcome = _FAULTS.get(verdict, outcome)
        return outcome

    def doubt(self) -> None:
        with self._lock:
            self._book.doubt()
            self._forget()

    def best(self) -> tuple[int | None, int | None]:
        """The best bid and ask now, as numbers to compare; None for an empty side, or a book that waits."""
        with self._lock:
            return self._book.best_keys() if self._book.is_live else (None, None)

    def contradicted(self, *, still: bool) -> None:
        """Whether the ticker says otherwise even of a book just fetched: it is shown, but not as verified."""
        self._is_contradicted = still

    def made(self, top: _Top) -> Push | None:
        """The best levels as they are now; None for what was to be told before the book was doubted."""
        with self._lock:
            if top is not self._waiting:
                return None
            changes, snapshot, moment = self._changes, self._has_snapshot, self._moment
            self._forget()
            row = self._book.top(self._levels)
        if not self._is_chained or self._is_contradicted:
            row["checked"] = "unverified"
        push = self._teller.push(row, moment._replace(snapshot=snapshot))
        return push._replace(conflated=changes - 1) if changes > 1 else push

    def _repeats_too_long(self, now: int) -> bool:
        """Whether what looks like a repetition must be something else by now: numbers begun anew, most likely."""
        if self._repeats_since is None:
            self._repeats_since = now
        return now - self._repeats_since >= _LONGEST_REPETITION

    def _forget(self) -> None:
        self._waiting, self._changes, self._has_snapshot = None, 0, False


class _Top:
    """A place in the mailbox where the top of a book is to be told."""

    __slots__ = ("_depth",)

    def __init__(self, depth: Depth) -> None:
        self._depth = depth

    def push(self) -> Push | None:
        return self._depth.made(self)
