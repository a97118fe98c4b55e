"""Bookings of many pages in order of time, with no more of them in memory than overlap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from bitget_cli.export.bookings import Booking, age, booking
from bitget_cli.export.work import Run

_Key = tuple[int, int, str, str]


def merged(runs: Iterable[Run]) -> Iterator[Booking]:
    """The bookings of all pages by time, account and id, each once. A page is read when its time has come."""
    waiting = sorted(runs, key=lambda run: run.oldest, reverse=True)
    heap: list[tuple[_Key, int, Booking]] = []
    count, last = 0, None
    while waiting or heap:
        while waiting and (not heap or waiting[-1].oldest <= heap[0][2].ts):
            for one in _bookings(waiting.pop()):
                count += 1
                heappush(heap, (_key(one), count, one))
        key, _, one = heappop(heap)
        # A record that came twice has the same key, so the two meet here.
        if key != last:
            yield one
        last = key


def _bookings(run: Run) -> Iterator[Booking]:
    return (booking(run.source, row) for row in run.rows())


def _key(one: Booking) -> _Key:
    return *age(one), one.source.account
