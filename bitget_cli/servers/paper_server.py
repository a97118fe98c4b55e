"""The paper exchange over HTTP and WebSocket on this machine's loopback address, for other programs.

Needs the extra `serve`; importing this module without it raises ModuleNotFoundError.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from enum import IntEnum
from typing import Any, Protocol

from tornado.httputil import HTTPServerRequest
from tornado.routing import AnyMatches, Matcher
from tornado.web import Application, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from bitget_cli.catalogue import find_path
from bitget_cli.catalogue.model import Rate, Scope
from bitget_cli.errors import ConfigError
from bitget_cli.servers.loopback import HOST, LoopbackServer, Stops, listener

# Callers remembered at once; more than this and the quiet ones are forgotten.
_MOST_LANES = 10_000
# A call is counted for a little less than the documented time: whoever keeps exactly to the rate does not arrive
# exactly evenly.
_COUNTED = 0.95


class ServedConnection(Protocol):
    """One client's streams, without its connection: frames in, frames out."""

    def take(self, text: str) -> None:
        """A frame of the client's."""

    def due(self) -> list[str]:
        """Frames for the client that are due."""

    def wait(self) -> float:
        """Seconds until more is due."""


class ServedExchange(Protocol):
    """What is served."""

    def answer(self, *, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """The status and body for a request. Raises TimeoutError where there is to be no answer."""

    def refuse(self, code: str, msg: str, *, status: int) -> tuple[int, bytes]:
        """The status and body of a refusal made before a request gets to the exchange."""

    def connect(self, clock: Callable[[], float]) -> ServedConnection:
        """A client's streams; `clock` (monotonic seconds) is what pushes go by."""


class Limits:
    """Calls made lately, by endpoint and caller."""

    def __init__(self) -> None:
        self._calls: dict[tuple[str, str], deque[float]] = {}

    def take(self, rate: Rate, *, endpoint: str, key: str, address: str, at: float) -> int | None:
        """Count a call at `at` (seconds of a monotonic clock): how many are left, or None when it is one too many."""
        caller = key or address if rate.scope is Scope.ACCOUNT else address
        if len(self._calls) > _MOST_LANES:
            self._calls = {lane: calls for lane, calls in self._calls.items() if calls and at - calls[-1] < 60}
        calls = self._calls.setdefault((endpoint, caller), deque())
        while calls and at - calls[0] >= rate.seconds * _COUNTED:
            calls.popleft()
        if len(calls) >= rate.calls:
            return None
        calls.append(at)
        return rate.calls - len(calls)


Hear = Callable[[], Awaitable[str | None]]
Say = Callable[[str], Awaitable[None]]
# Frames a client may send in a second, and seconds it may go without a `ping`.
_MOST_FRAMES, _SECOND = 10, 1.0
_LONGEST_SILENCE = 120.0
# Seconds a client may leave lying what it was sent before it is given up.
_PATIENCE = 5.0
_OVER_LIMIT = '{"event":"error","code":30007,"msg":"request over limit,connection close"}'


class End(IntEnum):
    """Why a stream ended, as the code the connection is closed with."""

    GONE = 1000
    SILENT = 1001
    TOO_MANY = 1008
    BROKEN = 1011
    TOO_SLOW = 1013


async def serve_connection(
    connection: ServedConnection, clock: Callable[[], float], hear: Hear, say: Say, *, patience: float = _PATIENCE
) -> End:
    """Say what is due and hear what the client says, whichever comes first, until one of them has had enough.

    `hear` returns None when the client is gone; `say` waits while the client does not read.
    """
    quota = Quota(clock)
    heard = asyncio.ensure_future(hear())
    try:
        while quota.left:
            for frame in connection.due():
                await asyncio.wait_for(say(frame), patience)
            done, _ = await asyncio.wait({heard}, timeout=min(connection.wait(), quota.left))
            if not done:
                continue
            text = heard.result()
            if text is None:
                return End.GONE
            if not quota.allows(text):
                await asyncio.wait_for(say(_OVER_LIMIT), patience)
                return End.TOO_MANY
            connection.take(text)
            heard = asyncio.ensure_future(hear())
    except TimeoutError:
        return End.TOO_SLOW
    finally:
        heard.cancel()
    return End.SILENT


class Quota:
    """What a client may do to a connection: send ten frames a second, and not forget its `ping`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lately: deque[float] = deque()
        self._pinged = clock()

    @property
    def left(self) -> float:
        """Seconds until the next `ping` is overdue; 0 when it is."""
        return max(0.0, self._pinged + _LONGEST_SILENCE - self._clock())

    def allows(self, text: str) -> bool:
        """Count a frame that has come now; False for one too many."""
        now = self._clock()
        if text == "ping":
            self._pinged = now
        while self._lately and now - self._lately[0] >= _SECOND:
            self._lately.popleft()
        self._lately.append(now)
        return len(self._lately) <= _MOST_FRAMES


# An order is a few hundred bytes; nobody needs more than this.
_LARGEST_BODY = 1 << 20
# Clients differ in how much of the address is theirs to set; each of these, and the bare host, serves all channels.
_STREAMS = ("/v2/ws/public", "/v2/ws/private", "/v3/ws/public", "/v3/ws/private")
# A subscription's args are 4096 bytes at most.
_LARGEST_FRAME = 1 << 16
# Whatever is still open after so many seconds is cut.
_ENDING_SECONDS = 1.0
_RESTARTING = 1012  # what a stream is closed with when the server ends
_REMAINING = "x-mbx-used-remain-limit"
# What a gateway answers for an exchange that does not.
_PAGE = b"<html><head><title>Gateway Error</title></head><body><h1>Gateway Error</h1></body></html>"
# What people should see, on stderr.
_LOG = logging.getLogger(__name__)


class PaperServer:
    """The exchange on a port of 127.0.0.1, 0 for any free one. It listens from the start and answers in `run`.

    Raises OSError when the port is taken.
    """

    def __init__(self, exchange: ServedExchange, *, port: int) -> None:
        self._exchange = exchange
        self._listener = listener(port)
        self._stops = Stops()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Give the port back without having answered."""
        self._listener.close()
        self._stops.end()

    def run(self) -> int:
        """Answer until Ctrl-C, SIGTERM, SIGHUP or SIGQUIT, whose number is returned; in the main thread."""
        # A client that breaks the rules of HTTP is no news; a defect of ours is.
        logging.getLogger("tornado").setLevel(logging.ERROR)
        with self._listener, self._stops:
            asyncio.run(self._serve())
        return self._stops.number

    async def _serve(self) -> None:
        streams: set[_Stream] = set()
        server = LoopbackServer(application(self._exchange, streams=streams), max_body_size=8 * _LARGEST_BODY)
        server.add_socket(self._listener)
        await self._stops.wait()
        server.stop()
        for stream in list(streams):
            stream.close(_RESTARTING)
        until = time.monotonic() + _ENDING_SECONDS
        while (streams or server.is_writing) and time.monotonic() < until:
            await asyncio.sleep(0.02)
        server.cut()


def application(
    exchange: ServedExchange, *, clock: Callable[[], float] = time.monotonic, streams: set[_Stream] | None = None
) -> Application:
    """The exchange as tornado serves it; `clock` (monotonic seconds) is what limits and pushes go by.

    `streams` are those that are open.
    """
    answering = {"exchange": exchange, "clock": clock, "limits": Limits()}
    streaming = {"exchange": exchange, "clock": clock, "streams": set() if streams is None else streams}
    return Application(
        [(_Upgrades(), _Stream, streaming), (AnyMatches(), _Answering, answering)],
        log_function=lambda _: None,
        # Bitget compresses nothing, and only the client's own `ping` keeps a connection open: both are tornado's way.
        websocket_max_message_size=_LARGEST_FRAME,
    )


class _Upgrades(Matcher):
    """Requests that ask for a WebSocket."""

    def match(self, request: HTTPServerRequest) -> dict[str, Any] | None:
        return {} if request.headers.get("Upgrade", "").lower() == "websocket" else None


class _Answering(RequestHandler):
    """A request to the REST API."""

    SUPPORTED_METHODS = ("GET", "POST")

    def initialize(self, exchange: ServedExchange, clock: Callable[[], float], limits: Limits) -> None:
        self._exchange, self._clock, self._limits = exchange, clock, limits

    def get(self) -> None:
        status, body = self._answer()
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(body)

    post = get

    def compute_etag(self) -> None:
        """No answer is like the one before."""

    def _answer(self) -> tuple[int, bytes]:
        request = self.request
        if len(request.body) > _LARGEST_BODY:
            return self._exchange.refuse("40409", "wrong format", status=413)
        row = find_path(request.method or "", request.path)
        if row is None:
            return _ask(self._exchange, request)
        left = self._limits.take(
            row.rate,
            endpoint=row.name,
            key=request.headers.get("access-key", ""),
            address=request.remote_ip or "",
            at=self._clock(),
        )
        self.set_header(_REMAINING, str(left or 0))
        if left is None:
            return self._exchange.refuse("429", "Too Many Requests", status=429)
        return _ask(self._exchange, request)


class _Stream(WebSocketHandler):
    """One connection from its handshake to its end; a path that has no streams is refused with HTTP 403."""

    def initialize(self, exchange: ServedExchange, clock: Callable[[], float], streams: set[_Stream]) -> None:
        self._exchange, self._clock, self._streams = exchange, clock, streams
        # One, so that a client is not read faster than it is answered.
        self._frames: asyncio.Queue[str] = asyncio.Queue(maxsize=1)
        self._serving: asyncio.Future[None] | None = None

    def prepare(self) -> None:
        path = self.request.path.rstrip("/")
        if path and not path.endswith(_STREAMS):
            self.set_status(403)
            self.finish()

    def open(self) -> None:
        self.set_nodelay(True)
        self._streams.add(self)
        self._serving = asyncio.ensure_future(self._serve_stream())

    async def on_message(self, message: str | bytes) -> None:
        # A binary frame is nothing the exchange understands.
        await self._frames.put(message if isinstance(message, str) else "")

    def on_close(self) -> None:
        self._streams.discard(self)
        if self._serving:
            self._serving.cancel()

    async def _serve_stream(self) -> None:
        with suppress(WebSocketClosedError):
            try:
                connection = self._exchange.connect(self._clock)
                end = await serve_connection(connection, self._clock, self._frames.get, self.write_message)
            except ConfigError as failure:
                _LOG.error(failure.message)
                end = End.BROKEN
            self.close(end)


def _ask(exchange: ServedExchange, request: HTTPServerRequest) -> tuple[int, bytes]:
    try:
        return exchange.answer(
            method=request.method or "", target=request.uri or "/", headers=request.headers, body=request.body
        )
    except TimeoutError:
        # A gateway that gave up waiting: the nearest thing to no answer that leaves the server's own log quiet.
        return 504, _PAGE
    except ConfigError as failure:
        _LOG.error(failure.message)
        return 503, _PAGE
