"""Streams in a time that passes only while they wait: ten minutes of an outage are over in a second."""

from __future__ import annotations

import heapq
import io
import json
import shlex
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx
import pytest
from doubles import NOON, Handler, MemoryKeyring, envelope, of_classic
from stream_server import ack

from bitget_cli.client.ws import feed
from bitget_cli.client.ws.interfaces import ConnectionLostError, Timing
from bitget_cli.main import main
from bitget_cli.runtime import Environment

# Real seconds after which nobody is waited for: the other thread is busy, or gone.
_PATIENCE = 0.25
_TICK = 0.5


class VirtualClock:
    """Passes when the stream waits, and no further than whoever shows the stream has looked."""

    def __init__(self) -> None:
        self.started = self.second = 1000.0
        self._shows = threading.current_thread()
        self._changed = threading.Condition()
        self._looks = 0
        self._sleeps_until = 0.0
        self.is_over = False

    @property
    def elapsed(self) -> float:
        return self.second - self.started

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        if threading.current_thread() is self._shows:
            with self._changed:
                self._looks += 1
                self._changed.notify_all()
        return self.second

    def sleep(self, seconds: float) -> None:
        """Of who shows it: the stream brings the time about."""
        with self._changed:
            self._sleeps_until = self.second + seconds
            self._changed.notify_all()
            if not self._changed.wait_for(lambda: self.second >= self._sleeps_until, _PATIENCE):
                self.second = self._sleeps_until

    def pass_(self, seconds: float) -> None:
        """Of the stream."""
        with self._changed:
            looks = self._looks

            def is_seen() -> bool:
                return self.is_over or self._looks >= looks + 2 or self.second < self._sleeps_until

            self._changed.wait_for(is_seen, _PATIENCE)
            self.second += max(0.0, seconds)
            self._changed.notify_all()

    def end(self) -> None:
        with self._changed:
            self.is_over = True
            self._changed.notify_all()


class _Event(threading.Event):
    """An event that is waited for in virtual time."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def set(self) -> None:
        super().set()
        self._clock.end()

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.pass_(timeout or 0.0)
        return self.is_set()


class Connection:
    """One connection as its script sees it, and a socket as the stream does. Scripts subclass it and say what comes."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange, self.clock = exchange, exchange.clock
        self.number = len(exchange.connections)
        self.requests: list[tuple[float, str, list[dict[str, str]]]] = []
        self._due: list[tuple[float, int, str | Exception | Callable[[], None]]] = []
        self._order = count()

    # For scripts; seconds from now.

    def say(self, text: str | Exception, *, after: float = 0.0) -> None:
        heapq.heappush(self._due, (self.clock.second + after, next(self._order), text))

    def every(self, seconds: float, text: Callable[[int], str | None]) -> None:
        """What `text` makes of 1, 2, 3 …, again and again."""
        numbers = count(1)

        def again() -> None:
            if (made := text(next(numbers))) is not None:
                self.say(made)
            heapq.heappush(self._due, (self.clock.second + seconds, next(self._order), again))

        heapq.heappush(self._due, (self.clock.second + seconds, next(self._order), again))

    def quiet(self) -> None:
        """Takes back what was to come."""
        self._due.clear()

    def subscribed(self, channel: str) -> int:
        """How many times this channel was asked for."""
        return sum(each["channel"] == channel for _, op, args in self.requests if op == "subscribe" for each in args)

    def on_subscribe(self, of: dict[str, str]) -> None:
        self.say(ack(of))

    def on_unsubscribe(self, of: dict[str, str]) -> None:
        self.say(json.dumps({"event": "unsubscribe", "arg": of}))

    def on_login(self) -> None:
        self.say(json.dumps({"event": "login", "code": 0}))

    # As the stream has it.

    def send(self, text: str) -> None:
        if text == "ping":
            self.say("pong")
            return
        request = json.loads(text)
        self.requests.append((self.clock.elapsed, request["op"], request["args"]))
        if request["op"] == "login":
            self.on_login()
            return
        for each in request["args"]:
            (self.on_subscribe if request["op"] == "subscribe" else self.on_unsubscribe)(each)

    def recv(self, seconds: float) -> str | None:
        until = self.clock.second + seconds
        while self._due and self._due[0][0] <= until:
            at, _, what = heapq.heappop(self._due)
            if at > self.clock.second:
                self.clock.pass_(at - self.clock.second)
            if isinstance(what, str):
                return what
            if isinstance(what, Exception):
                raise what
            what()
        self.clock.pass_(until - self.clock.second)
        return None

    def close(self) -> None:
        """Nothing to hang up."""


class Unreached:
    """A try for a connection that fails so, after so many seconds; `facts` are those of ConnectionLostError."""

    def __init__(self, said: str, seconds: float = 0.0, **facts: Any) -> None:
        self.said, self.seconds, self.facts = said, seconds, facts

    def error(self) -> ConnectionLostError:
        return ConnectionLostError(self.said, **self.facts)


class Exchange:
    """`plays` are what becomes of each try for a connection in turn, the last one of all that follow.

    `tries` are when they were made, in seconds from the start.
    """

    def __init__(self, *plays: type[Connection] | Unreached) -> None:
        self.clock = VirtualClock()
        self.plays = plays
        self.tries: list[float] = []
        self.connections: list[Connection] = []

    def open(self, _private: bool, seconds: float) -> Connection:
        play = self.plays[min(len(self.tries), len(self.plays) - 1)]
        self.tries.append(self.clock.elapsed)
        if isinstance(play, Unreached):
            until = self.clock.second + min(play.seconds, seconds)
            while (left := until - self.clock.second) > 0:
                self.clock.pass_(min(left, _TICK))
            raise play.error()
        self.connections.append(play(self))
        return self.connections[-1]

    @property
    def requests(self) -> list[tuple[float, str, list[dict[str, str]]]]:
        return [request for connection in self.connections for request in connection.requests]


class Stamped(io.StringIO):
    """What is written, and when."""

    def __init__(self, clock: VirtualClock, *, terminal: bool) -> None:
        super().__init__()
        self._clock, self._terminal = clock, terminal
        self.writes: list[tuple[float, str]] = []

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> int:
        self.writes.append((self._clock.elapsed, text))
        return super().write(text)

    def when(self, text: str) -> float:
        """When this was written first."""
        return next(at for at, written in self.writes if text in written)


class Watched(NamedTuple):
    """What a watch left behind; `lasted` in virtual seconds."""

    status: int
    out: Stamped
    err: Stamped
    lasted: float

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [line for line in self.told if "data" in line]

    @property
    def gaps(self) -> list[tuple[Any, ...]]:
        return [(line["reason"], line["recovered"]) for line in self.told if line["type"] == "gap"]

    @property
    def failure(self) -> Any:
        return json.loads(self.err.getvalue().splitlines()[-1])


@contextmanager
def _virtual(exchange: Exchange) -> Iterator[None]:
    clock = exchange.clock
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bitget_cli.client.ws.connection.opener", lambda *_, **__: exchange.open)
        patch.setattr(feed, "_TIMING", Timing(tick=_TICK))
        patch.setattr("bitget_cli.output.stream_lines.TICK", 0.0001)
        patch.setattr("bitget_cli.application.orders.waiting.TICK", 0.0001)
        threads = {"Thread": threading.Thread, "current_thread": threading.current_thread}
        patch.setattr("bitget_cli.client.ws.feed.threading", SimpleNamespace(Event=lambda: _Event(clock), **threads))
        yield


def nothing(request: httpx.Request) -> httpx.Response:
    """Lists without rows, and the time."""
    is_time = request.url.path.endswith("/time")
    return envelope({"serverTime": str(int(time.time() * 1000))} if is_time else [])


def watched(
    line: str, exchange: Exchange, home: Path, *, terminal: bool = False, http: Handler = nothing, **environ: str
) -> Watched:
    """Types `watch …`; the exchange's plays come true in virtual time."""
    return typed(f"watch {line}", exchange, home, terminal=terminal, http=http, **environ)


def typed(
    line: str, exchange: Exchange, home: Path, *, terminal: bool = False, http: Handler = nothing, **environ: str
) -> Watched:
    """Types any line that listens."""
    clock = exchange.clock
    out, err = Stamped(clock, terminal=terminal), Stamped(clock, terminal=terminal)
    environment = Environment(
        environ={"HOME": str(home), "TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40", **environ},
        stdin=Stamped(clock, terminal=terminal),
        stdout=out,
        stderr=err,
        clock=clock,
        http=lambda: httpx.MockTransport(of_classic(http)),
        keyring=MemoryKeyring(),
    )
    with _virtual(exchange):
        status = main(shlex.split(line), environment)
    return Watched(status, out, err, clock.elapsed)
