"""A `watch` command in accelerated time: its clock, its socket, its REST calls and its threads are those of one world.

Of the command's threads one runs at a time, and whoever waits lets the world's time pass up to the moment at which the
next one wakes. So minutes take milliseconds, and the same script gives the same lines.
"""

from __future__ import annotations

import heapq
import io
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import httpx
from doubles import NOON, MemoryKeyring, of_classic

from bitget_cli import session
from bitget_cli.client.rest import rate_limit
from bitget_cli.client.ws import feed, queue, recovery
from bitget_cli.client.ws.interfaces import ConnectionLostError, Socket
from bitget_cli.main import main
from bitget_cli.runtime import Environment
from bitget_cli.stream_events import Facts, Message, Source
from bitget_cli.values import milliseconds

KEYS = {"BITGET_API_KEY": "bg_key", "BITGET_SECRET_KEY": "the secret", "BITGET_PASSPHRASE": "the phrase"}
_STUCK = 60.0  # real seconds
_BOOTS = count()


class World:
    """A clock, what happens at its moments, and the turns of the threads that look at it."""

    def __init__(self) -> None:
        self.ticks = 1000.0
        self.is_over = False
        self._events: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = count()
        # When each thread wakes, and what it waits on until somebody gives it its turn.
        self._wakes: dict[threading.Thread, float] = {threading.current_thread(): self.ticks}
        self._turns: dict[threading.Thread, threading.Semaphore] = {
            threading.current_thread(): threading.Semaphore(0),
        }

    # The clock, as the program sees it.

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.ticks - 1000.0)

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.pass_until(self.ticks + seconds)

    # The world.

    def ms(self) -> int:
        return milliseconds(self.now())

    def at(self, when: float, act: Callable[[], object]) -> None:
        """Does this at a moment, or now where that has passed."""
        heapq.heappush(self._events, (max(when, self.ticks), next(self._numbers), act))

    def after(self, seconds: float, act: Callable[[], object]) -> None:
        self.at(self.ticks + seconds, act)

    def next_event(self) -> float:
        return self._events[0][0] if self._events else self.ticks + 3600.0

    def pass_until(self, until: float) -> None:
        """Waits; the others go on meanwhile."""
        me = threading.current_thread()
        if self.is_over:
            return
        self._wakes[me] = max(until, self.ticks)
        if self._give_turn() is not me:
            self._await_turn()

    def wake(self, thread: threading.Thread) -> None:
        """Lets a thread that waits wake now."""
        self._wakes[thread] = min(self._wakes[thread], self.ticks)

    def end(self) -> None:
        """Lets every thread run out."""
        self.is_over = True
        for turn in self._turns.values():
            turn.release()

    def _give_turn(self) -> threading.Thread:
        """Goes on to where the next thread wakes, which may be an earlier one for what happens on the way."""
        while True:
            thread = min(self._wakes, key=self._wakes.__getitem__)
            if not (self._events and self._events[0][0] <= self._wakes[thread]):
                break
            when, _, act = heapq.heappop(self._events)
            self.ticks = max(self.ticks, when)
            act()
        self.ticks = max(self.ticks, self._wakes[thread])
        if thread is not threading.current_thread():
            self._turns[thread].release()
        return thread

    def _await_turn(self) -> None:
        assert self._turns[threading.current_thread()].acquire(timeout=_STUCK), "nobody gives this thread its turn"

    # What stands for `threading` in the program.

    def threading(self) -> SimpleNamespace:
        world = self

        class Thread(threading.Thread):
            def start(self) -> None:
                world._wakes[self], world._turns[self] = world.ticks, threading.Semaphore(0)
                super().start()

            def run(self) -> None:
                world._await_turn()
                try:
                    super().run()
                finally:
                    world._wakes.pop(self)
                    if not world.is_over:
                        world._give_turn()

        class Event:
            def __init__(self) -> None:
                self.was_set = False

            def is_set(self) -> bool:
                return self.was_set

            def set(self) -> None:
                self.was_set = True

            def wait(self, seconds: float) -> bool:
                world.sleep(seconds)
                return self.was_set

        class Condition:
            """Nothing to lock: nobody else runs before its holder waits."""

            def __init__(self) -> None:
                self._waiting: list[threading.Thread] = []

            def __enter__(self) -> None: ...

            def __exit__(self, *_: object) -> None: ...

            def wait(self, seconds: float) -> None:
                self._waiting.append(threading.current_thread())
                world.sleep(seconds)
                self._waiting.remove(threading.current_thread())

            def notify(self) -> None:
                for thread in self._waiting:
                    world.wake(thread)

        return SimpleNamespace(Thread=Thread, Event=Event, Condition=Condition, current_thread=threading.current_thread)


class Line:
    """One connection, as the exchange sees it; for the client it is the socket."""

    def __init__(self, world: World, hears: Callable[[Line, str], None]) -> None:
        self.world, self._hears = world, hears
        self.inbox: list[str | bytes] = []
        self.is_open = True
        self.is_deaf = False  # nothing arrives any more, and nobody hangs up

    def push(self, text: str | bytes) -> None:
        if self.is_open and not self.is_deaf:
            self.inbox.append(text)

    def cut(self) -> None:
        self.is_open = False

    # The door.

    def send(self, text: str) -> None:
        if not self.is_open:
            raise ConnectionLostError("broken pipe")
        if not self.is_deaf:
            self._hears(self, text)

    def recv(self, seconds: float) -> str | bytes | None:
        end = self.world.ticks + seconds
        while not self.inbox:
            if not self.is_open or self.world.is_over:
                raise ConnectionLostError("the connection was closed without a word")
            if self.world.ticks >= end:
                return None
            self.world.pass_until(min(end, self.world.next_event()))
        return self.inbox.pop(0)

    def close(self) -> None:
        self.is_open = False


class _Lines(io.StringIO):
    """What the command writes: each line is handed on when it is written."""

    def __init__(self, read: Callable[[dict[str, Any]], None]) -> None:
        super().__init__()
        self._read = read

    def write(self, text: str) -> int:
        for line in text.splitlines():
            self._read(json.loads(line))
        return len(text)


class _Watched:
    """The stream's source, with a look at what is told before every wait."""

    def __init__(self, source: Source, world: World, step: Callable[[], bool]) -> None:
        self._source, self._world, self._step = source, world, step

    def take(self, seconds: float) -> Sequence[Message] | None:
        return self._source.take(seconds) if self._step() else None

    def facts(self) -> Facts:
        return self._source.facts()

    def close(self) -> None:
        self._world.end()
        self._source.close()


def watch(
    line: str,
    world: World,
    *,
    home: Path,
    connect: Callable[[float], Socket],
    http: Callable[[httpx.Request], httpx.Response],
    read: Callable[[dict[str, Any]], None],
    step: Callable[[], bool],
) -> tuple[int, str]:
    """Types a watch; the exit status, and what went to stderr.

    `read` is told each line of NDJSON when it is written, and `step` is asked before every wait whether to go on.
    """
    err = io.StringIO()
    environment = Environment(
        environ={"HOME": str(home), "BITGET_ENV": "live", **KEYS},
        stdin=io.StringIO(),
        stdout=_Lines(read),
        stderr=err,
        clock=world,
        http=lambda: httpx.MockTransport(of_classic(http)),
        keyring=MemoryKeyring(),
    )
    with _doors_of(world, connect, step):
        status = main(["watch", *line.split()], environment)
    return status, err.getvalue()


@contextmanager
def _doors_of(world: World, connect: Callable[[float], Socket], step: Callable[[], bool]) -> Iterator[None]:
    follow = feed.watch

    def followed(*topics: Any, **given: Any) -> Source:
        return _Watched(follow(*topics, **given), world, step)

    def at_bitget(_venue: object, *, is_drawn: bool, unified: bool) -> Callable[[bool, float], Socket]:
        assert (is_drawn, unified) == (False, False)
        return lambda _private, seconds: connect(seconds)

    # Each world's clock begins anew, as after a start of the machine.
    threads = world.threading()
    boot = f"{next(_BOOTS)}".encode().ljust(32, b"\0")
    with (
        patch.object(rate_limit, "_boot", lambda: boot),
        patch.object(session.BitgetVenue, "opener", at_bitget),
        patch.object(feed, "watch", followed),
        patch.object(feed, "threading", threads),
        patch.object(recovery, "Thread", threads.Thread),
        patch.object(recovery, "Condition", threads.Condition),
        patch.object(queue, "Condition", threads.Condition),
    ):
        yield
