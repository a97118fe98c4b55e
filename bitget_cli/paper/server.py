"""The paper exchange over HTTP and WebSocket on this machine's loopback address, for other people's programs.

Needs the extra `serve`; importing this module without it raises ModuleNotFoundError.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bitget_cli.catalogue import find_path
from bitget_cli.errors import ConfigError
from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.faults import HTML, AnswerLostError
from bitget_cli.paper.limits import Limits
from bitget_cli.paper.refusals import RefusedError
from bitget_cli.paper.streams.line import Line
from bitget_cli.paper.streams.talk import End, talk

HOST = "127.0.0.1"
# An order is a few hundred bytes; nobody needs more than this.
_LARGEST_BODY = 1 << 20
# Clients differ in how much of the address is theirs to set; each of these, and the bare host, serves all channels.
_STREAMS = ("/v2/ws/public", "/v2/ws/private")
# A subscription's args are 4096 bytes at most.
_LARGEST_FRAME = 1 << 16
# Whatever is still open after so many seconds is cut.
_ENDING_SECONDS = 1
_REMAINING = "x-mbx-used-remain-limit"
# Where uvicorn writes what people should see, on stderr.
_LOG = logging.getLogger("uvicorn.error")
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)


class PaperServer:
    """The exchange on a port of 127.0.0.1, 0 for any free one. It listens from the start and answers in `run`.

    Raises OSError when the port is taken.
    """

    def __init__(self, exchange: Exchange, *, port: int) -> None:
        self._exchange = exchange
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            # Without it the port stays taken for a minute after a restart.
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._listener.bind((HOST, port))
            self._listener.listen(128)
        except OSError:
            self._listener.close()
            raise
        self._stops = _Stops()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        """Give the port back without having answered."""
        self._listener.close()

    def run(self) -> int:
        """Answer until Ctrl-C, SIGTERM, SIGHUP or SIGQUIT, whose number is returned; in the main thread."""
        config = uvicorn.Config(
            application(self._exchange),
            log_level="error",
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            # Bitget compresses nothing, and only the client's own `ping` keeps a connection open.
            ws_per_message_deflate=False,
            ws_ping_interval=None,
            ws_max_size=_LARGEST_FRAME,
            timeout_graceful_shutdown=_ENDING_SECONDS,
        )
        server = _Server(config)
        with self._listener, self._stops.handled_by(server):
            asyncio.run(server.serve(sockets=[self._listener]))
        return self._stops.number


class _Server(uvicorn.Server):
    """uvicorn's, but stopping quietly: its own way is to raise the signal once more when it has shut down."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """A client that does not read what it was sent must not hold up the end."""
        for connection in self.server_state.connections:
            if connection.transport.get_write_buffer_size():
                connection.transport.abort()
        await super().shutdown(sockets)


class _Stops:
    """Signals that end the server, caught from before the address is told: whoever reads it may stop us at once."""

    def __init__(self) -> None:
        self.number = 0
        self._server: uvicorn.Server | None = None
        heeded = [number for number in _ENDING if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._stop) for number in heeded}

    @contextmanager
    def handled_by(self, server: uvicorn.Server) -> Generator[None, None, None]:
        self._server = server
        server.should_exit = bool(self.number)
        yield
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _stop(self, number: int, _frame: object) -> None:
        self.number = number
        if self._server:
            self._server.should_exit = True


def application(exchange: Exchange, *, clock: Callable[[], float] = time.monotonic) -> Starlette:
    """The exchange as an ASGI application; `clock` (monotonic seconds) is what limits and pushes go by."""
    limits = Limits()

    async def answer(request: Request) -> Response:
        body = await request.body()
        if len(body) > _LARGEST_BODY:
            return _response(*exchange.refuse(RefusedError("40409", "wrong format", status=413)))
        row = find_path(request.method, request.url.path)
        if row is None:
            return _response(*_ask(exchange, request, body))
        left = limits.take(
            row.rate,
            endpoint=row.name,
            key=request.headers.get("access-key", ""),
            address=request.client.host if request.client else "",
            at=clock(),
        )
        if left is None:
            return _response(*exchange.refuse(RefusedError("429", "Too Many Requests", status=429)), left=0)
        return _response(*_ask(exchange, request, body), left=left)

    async def stream(client: WebSocket) -> None:
        await _stream(client, Line(exchange, clock), clock)

    everywhere = "/{path:path}"
    return Starlette(routes=[Route(everywhere, answer, methods=["GET", "POST"]), WebSocketRoute(everywhere, stream)])


async def _stream(client: WebSocket, line: Line, clock: Callable[[], float]) -> None:
    """One connection from its handshake to its end; a path that has no streams is refused with HTTP 403."""
    path = client.url.path.rstrip("/")
    if path and not path.endswith(_STREAMS):
        return await client.close()
    await client.accept()

    async def hear() -> str | None:
        frame = await client.receive()
        # A binary frame is nothing the exchange understands.
        return None if frame["type"] == "websocket.disconnect" else frame.get("text") or ""

    with suppress(WebSocketDisconnect):
        try:
            end = await talk(line, clock, hear, client.send_text)
        except ConfigError as failure:
            _LOG.error(failure.message)
            end = End.BROKEN
        if end not in (End.GONE, End.TOO_SLOW):
            await client.close(end)
    return None


def _ask(exchange: Exchange, request: Request, body: bytes) -> tuple[int, bytes]:
    # Not request.url: the signature covers the query exactly as it was sent.
    raw_path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    target = raw_path + b"?" + query if query else raw_path
    try:
        return exchange.answer(
            method=request.method, target=target.decode("latin-1"), headers=request.headers, body=body
        )
    except AnswerLostError:
        # A gateway that gave up waiting: the nearest thing to no answer that leaves the server's own log quiet.
        return 504, HTML
    except ConfigError as failure:
        _LOG.error(failure.message)
        return 503, HTML


def _response(status: int, body: bytes, *, left: int | None = None) -> Response:
    headers = {} if left is None else {_REMAINING: str(left)}
    return Response(body, status_code=status, headers=headers, media_type="application/json")
