"""Independent calls kept in flight together, their results in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import SimpleQueue
from threading import Event, Thread
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
        self._done = Event()
        self._value: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            if not self.unwanted:
                self._value.append(self._call())
        except BaseException as error:  # whatever it is, it is raised where the result is asked for
            self._error = error
        finally:
            self._done.set()

    def result(self) -> T:
        self._done.wait()
        if self._error is not None:
            raise self._error
        return self._value[0]


def _work(queue: SimpleQueue[_Turn[T] | None]) -> None:
    while (turn := queue.get()) is not None:
        turn.run()
