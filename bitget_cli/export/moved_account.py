"""What counts of an export of an account that Bitget made a unified one, and what nobody tells any more.

A classic account told its bookings before it was moved, and answers nothing afterwards; what it told is kept. The
unified one tells of a year back, and whether from before the move is not known. So where every classic list is whole,
its bookings count alone; elsewhere both count, and one that both told counts once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import NamedTuple

from bitget_cli import files
from bitget_cli.client.rest.tax_records import Window, windows
from bitget_cli.errors import ConfigError
from bitget_cli.export import page_store, sources
from bitget_cli.export.bookings import Booking, total
from bitget_cli.export.page_store import PageStore, StoredPage, WindowTask, merged, missing, note
from bitget_cli.export.sources import P2P_UNTOLD, RecordSource, of_stream

CLASSIC_AGAIN = "to be told by a unified account, and this is a classic one again"
_NOTE = "unified.json"
TOO_OLD = f"a unified account's bookings are told for {sources.UNIFIED[0].row.paging.lookback_days} days"
BEFORE_THE_MOVE = "no longer told: it is from before the account was moved, and was not fetched then"
# What was booked so shortly (ms) before a range still running was cut may have been told only later.
_LATE = 3_600_000
# The lists whose bookings both kinds of account tell.
_TWOFOLD = tuple(source for source in sources.CLASSIC if source.stream != "p2p")


class MissingStretch(NamedTuple):
    """A stretch of time of which bookings are missing, and why; `is_final` where no further start can fill it."""

    stream: str
    account: str
    window: Window
    reason: str
    is_final: bool = False


class UnifiedPart(NamedTuple):
    """The stretch that a unified account is asked of, in epoch ms: decided by the first start that finds it one."""

    begin: int
    end: int


def unified_part(store: PageStore, *, oldest: int | None, until: int) -> UnifiedPart | None:
    """The part kept in the work folder, or begun now. `oldest` is the first moment told, None on a classic account."""
    held = note(store.folder, _NOTE)
    if held is None and oldest is None:
        return None
    if held is None:
        part = UnifiedPart(min(max(store.plan.since, oldest or 0), until), until)
        files.write(store.folder / _NOTE, (json.dumps(part._asdict(), indent=2) + "\n").encode())
        return part
    try:
        return UnifiedPart(int(held["begin"]), int(held["end"]))
    except (KeyError, TypeError, ValueError):
        raise ConfigError(f"{store.folder / _NOTE} is damaged", hint=f"remove {store.folder} to begin anew") from None


class Coverage:
    """What an export is of, what of it is still to be asked, and the bookings that count.

    `oldest` is the first moment (epoch ms) that a unified account tells of at this start, `until` where a range that
    is still running would end now.
    """

    def __init__(self, store: PageStore, *, oldest: int | None, until: int) -> None:
        self._store, self._oldest = store, oldest
        self.plan = store.plan
        self.part = unified_part(store, oldest=oldest, until=until)
        self._classic = windows(sources.CLASSIC[0].row, self.plan.since, self.plan.until)
        self._unified = windows(sources.UNIFIED[0].row, *self.part) if self.part else []

    @property
    def until(self) -> int:
        return self.part.end if self.part else self.plan.until

    @property
    def was_moved(self) -> bool:
        """Whether the export was begun on a classic account, and is one of a unified account now."""
        return self.part is not None and self.plan.kind == page_store.CLASSIC

    # What is asked.

    def tasks(self) -> list[WindowTask]:
        """The windows to fetch at this start. Those that a unified account will stop telling of come first."""
        if self._oldest is None:
            return missing(self._store, sources.CLASSIC, self._classic)
        return [task for task in self._open_windows() if not self._is_gone(task)]

    def _is_gone(self, task: WindowTask) -> bool:
        return self._oldest is not None and task.window.begin < self._oldest

    def _open_windows(self) -> list[WindowTask]:
        needed = self._needed
        found = missing(self._store, sources.UNIFIED, self._unified)
        return sorted((task for task in found if task.number in needed), key=lambda task: task.number)

    @cached_property
    def _needed(self) -> frozenset[int]:
        """The windows of which not every booking is known from before the move, and some that were (`_touchstone`)."""
        open_ = {n for n, window in enumerate(self._unified) if any(self._uncovered(*window))}
        if open_ and (known := self._touchstone):
            open_ |= {n for n, one in enumerate(self._unified) if one.begin < known.end and known.begin < one.end}
        return frozenset(open_)

    @cached_property
    def _touchstone(self) -> Window | None:
        """The newest stretch whose bookings the classic account told: whether the unified one tells any of them shows
        whether it tells of the time before the move at all."""
        for number, window in reversed([*enumerate(self._classic)]):
            reachable = self.part is not None and window.begin >= self.part.begin
            if reachable and self._is_covered(number) and any(self._store.runs(each, number) for each in _TWOFOLD):
                return window
        return None

    def _is_covered(self, number: int) -> bool:
        return all(self._store.is_whole(source, number) for source in _TWOFOLD)

    @cached_property
    def _covered(self) -> list[Window]:
        """Where the classic account told everything before it was moved, the oldest first."""
        if not self.was_moved:
            return []
        whole = [window for number, window in enumerate(self._classic) if self._is_covered(number)]
        return [Window(begin, min(end, self._settled)) for begin, end in whole if begin < self._settled]

    @property
    def _settled(self) -> int:
        """Up to where what the classic account told is all there was."""
        asked, until = self.plan.asked_until, self.plan.until
        return until if asked is not None and asked <= until else until - _LATE

    def _uncovered(self, begin: int, end: int) -> Iterator[Window]:
        """The parts of a stretch that are in none of those."""
        for window in self._covered:
            if begin < min(window.begin, end):
                yield Window(begin, min(window.begin, end))
            begin = max(begin, window.end)
        if begin < end:
            yield Window(begin, end)

    # What is not told any more.

    def gaps(self) -> list[MissingStretch]:
        """The stretches that this start cannot fill. Asked for once the tasks are fetched or failed."""
        if self.part is None:
            return []
        old = self._of_every_stream(self._uncovered(self.plan.since, self.part.begin), TOO_OLD)
        gone = [
            MissingStretch(task.source.stream, task.source.account, task.window, TOO_OLD, is_final=True)
            for task in self._open_windows()
            if self._is_gone(task)
        ]
        return [*old, *gone, *self._turned_back(), *self._untold_since_the_move(), *self._p2p()]

    def _turned_back(self) -> list[MissingStretch]:
        """What is left to ask a unified account, where it is a classic one again that was asked up to its move only."""
        left = self._open_windows() if self._oldest is None else []
        return [
            MissingStretch(task.source.stream, task.source.account, task.window, CLASSIC_AGAIN)
            for task in left
            if task.window.end > self.plan.until
        ]

    def _untold_since_the_move(self) -> list[MissingStretch]:
        """Where a unified account tells nothing of the time before the move, all that is before its first booking.

        Only once nothing is left to ask: what is still to come may be of that time.
        """
        if not self.was_moved or self.part is None or not all(map(self._is_gone, self._open_windows())):
            return []
        first = min((run.oldest for run in self._unified_runs()), default=None)
        left = any(self._uncovered(self.part.begin, self._settled))
        if (first is not None and first < self._settled) or not (left or self._touchstone):
            return []
        end = self.part.end if first is None else first
        return self._of_every_stream(self._uncovered(self.part.begin, end), BEFORE_THE_MOVE)

    def _of_every_stream(self, stretches: Iterable[Window], reason: str) -> list[MissingStretch]:
        streams = dict.fromkeys(source.stream for source in sources.UNIFIED)
        return [MissingStretch(one, one, window, reason, is_final=True) for window in stretches for one in streams]

    def _p2p(self) -> list[MissingStretch]:
        if not self.was_moved:
            return []
        (p2p,) = of_stream(sources.CLASSIC, "p2p")
        left = (window for n, window in enumerate(self._classic) if not self._store.is_whole(p2p, n))
        return [MissingStretch("p2p", "p2p", window, P2P_UNTOLD, is_final=True) for window in left]

    # What counts.

    def windows_of(self, stream: str) -> int:
        """How many windows a stream's bookings are from."""
        own = of_stream(sources.CLASSIC, stream)
        if self.part is None:
            return len(self._classic) * len(own)
        whole = sum(self._store.is_whole(source, n) for source in own for n in range(len(self._classic)))
        return whole + len(self._needed) * len(of_stream(sources.UNIFIED, stream))

    def bookings(self, stream: str) -> Iterator[Booking]:
        """A stream's bookings by time, as far as its windows are whole."""
        if self.part is None:
            for number in range(len(self._classic)):
                yield from merged(self._runs(of_stream(sources.CLASSIC, stream), number))
            return
        runs = [*self._classic_runs(), *self._unified_runs()]
        counted = (one for one in merged(runs) if not one.source.is_unified or not self._is_in_covered(one.ts))
        for one in each_once(counted):
            if one.source.stream == stream:
                yield one

    def _runs(self, own: Iterable[RecordSource], number: int) -> Iterator[StoredPage]:
        for source in own:
            if self._store.is_whole(source, number):
                yield from self._store.runs(source, number)

    def _classic_runs(self) -> Iterator[StoredPage]:
        for source in sources.CLASSIC:
            for number in range(len(self._classic)):
                yield from self._store.kept(source, number)

    def _unified_runs(self) -> Iterator[StoredPage]:
        for number in range(len(self._unified)):
            yield from self._runs(sources.UNIFIED, number)

    def _is_in_covered(self, ts: int) -> bool:
        return any(window.begin <= ts < window.end for window in self._covered)


def each_once(bookings: Iterable[Booking]) -> Iterator[Booking]:
    """Bookings in order of time, one that both kinds of account told in the classic account's words alone.

    It has the same id, or else moved as much of the same coin at the same time: of so many alike, as many are one.
    """
    for _, together in groupby(bookings, key=lambda one: one.ts):
        moment = list(together)
        classic = [one for one in moment if not one.source.is_unified and one.amount is not None]
        yield from moment if not classic or len(classic) == len(moment) else _joined(moment, classic)


def _likeness(one: Booking) -> tuple[str, Decimal]:
    return one.coin, total([one.amount or Decimal(0), one.fee])


def _joined(moment: list[Booking], classic: list[Booking]) -> Iterator[Booking]:
    ids = {(one.id, one.coin) for one in moment if one.source.is_unified}
    known = {(one.id, one.coin) for one in classic}
    alike = Counter(_likeness(one) for one in classic if (one.id, one.coin) not in ids)
    for one in moment:
        if one.source.is_unified:
            if (one.id, one.coin) in known:
                continue
            if alike[_likeness(one)]:
                alike[_likeness(one)] -= 1
                continue
        yield one
