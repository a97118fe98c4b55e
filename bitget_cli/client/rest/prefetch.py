"""Calls kept in flight together and lists read ahead, their results in order.

Threads wait for each other by `SimpleQueue` alone: where a signal comes into any other of Python's means for that, its
lock stays held, or another thread's is let go.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


def overlapped(calls: Iterable[Callable[[], T]], *, in_flight: int = 16) -> Iterator[T]:
    """The result of each call, in the order given; at most `in_flight` run at once and that many results are held.

    One after the other, bulk at 20 calls a second takes as long as the latency says, not the limit. A call's exception
    is raised in its turn. Stopping early starts nothing more; what is under way ends by its own deadline, unwatched.
    """
    queue: SimpleQueue[_Turn[T] | None] = SimpleQueue()
    waiting: deque[_Turn[T]] = deque()
    threads = 0
    try:
        for call in calls:
            if len(waiting) == in_flight:
                yield waiting.popleft().result()
            waiting.append(turn := _Turn(call))
            if threads < len(waiting):
                # Daemons, so that a person's Ctrl-C does not wait for the network.
                Thread(target=_work, args=(queue,), name="page", daemon=True).start()
                threads += 1
            queue.put(turn)
        while waiting:
            yield waiting.popleft().result()
    finally:
        for turn in waiting:
            turn.unwanted = True
        for _ in range(threads):
            queue.put(None)


class _Turn(Generic[T]):
    def __init__(self, call: Callable[[], T]) -> None:
        self.unwanted = False
        self._call = call
        self._ended: SimpleQueue[tuple[T] | BaseException] = SimpleQueue()

    def run(self) -> None:
        if self.unwanted:
            return
        try:
            self._ended.put((self._call(),))
        except BaseException as error:  # whatever it is, it is raised where the result is asked for
            self._ended.put(error)

    def result(self) -> T:
        """To be asked for once."""
        got = self._ended.get()
        if isinstance(got, BaseException):
            raise got
        return got[0]


def _work(queue: SimpleQueue[_Turn[T] | None]) -> None:
    while (turn := queue.get()) is not None:
        turn.run()


def in_turn(sources: Iterable[Callable[[], Iterator[T]]], *, in_flight: int = 2, held: int = 4) -> Iterator[T]:
    """The items of each source, one source after the other.

    `in_flight` sources are read at once, each at most `held` items ahead, so memory does not grow with their length.
    What a source raises is raised in its turn. Stopping early lets the sources end by themselves, unwatched.
    """
    rest = iter(sources)
    reading: deque[_Tray[T]] = deque()
    try:
        while True:
            while len(reading) < in_flight and (source := next(rest, None)):
                reading.append(_Tray([source], held))
            if not reading:
                return
            yield from reading[0].items()
            reading.popleft()
    finally:
        for tray in reading:
            tray.stop()


def as_they_come(sources: Sequence[Callable[[], Iterator[T]]], *, held: int = 8) -> Iterator[T]:
    """The items of all sources, whichever comes first; all are read at once, `held` items ahead together.

    The first failure is raised at once, and the others are let go.
    """
    tray = _Tray(sources, held)
    try:
        yield from tray.items()
    finally:
        tray.stop()


class _Tray(Generic[T]):
    """Where reading threads put what they have, and wait while it is full."""

    def __init__(self, sources: Sequence[Callable[[], Iterator[T]]], held: int) -> None:
        # A None for each item that may be put.
        self._room: SimpleQueue[None] = SimpleQueue()
        self._make_room(held)
        self._queue: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()
        self._wanted = True
        self._open = len(sources)
        for source in sources:
            # Daemons, so that a person's Ctrl-C does not wait for the network.
            Thread(target=self._read, args=(source,), name="pages", daemon=True).start()

    def items(self) -> Iterator[T]:
        while self._open:
            got = self._queue.get()
            if isinstance(got, BaseException):
                raise got
            if got is None:
                self._open -= 1
                continue
            self._make_room(1)
            yield got[0]

    def stop(self) -> None:
        self._wanted = False
        self._make_room(64)

    def _make_room(self, count: int) -> None:
        for _ in range(count):
            self._room.put(None)

    def _read(self, source: Callable[[], Iterator[T]]) -> None:
        try:
            for item in source():
                self._room.get()
                if not self._wanted:
                    return
                self._queue.put((item,))
            self._queue.put(None)
        except BaseException as error:  # whatever it is, it is raised where the items are asked for
            self._queue.put(error)
