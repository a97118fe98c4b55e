"""Alerts over HTTP on this machine's loopback address; TLS and the outside world are a reverse proxy's.

Needs the extra `serve`; importing this module without it raises ModuleNotFoundError.
"""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import time
from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any, Protocol

from tornado.iostream import IOStream
from tornado.web import Application, RequestHandler

from bitget_cli.servers.loopback import HOST, LoopbackServer, Stops, listener

# TradingView gives up after three seconds; whatever is not known by then is told as accepted.
_PATIENCE = 2.5
# A body above that, which tornado refuses to read, cannot be answered in words of ours.
_LARGEST_BODY = 64 * 1024
_LARGEST_HEADER = 16 * 1024
# Seconds for headers and for a body: a slow sender is a proxy's to wait for.
_HEADERS, _BODY = 5.0, 5.0
# Connections at once; of more the oldest goes.
_MOST = 200
# Seconds that the end waits for answers under way.
_ENDING = 3.0


class Answered(Protocol):
    """What a sender is answered."""

    @property
    def status(self) -> int: ...
    @property
    def words(self) -> Mapping[str, str | None]: ...


class ServedWebhook(Protocol):
    """What takes alerts."""

    def take(self, body: bytes) -> Future[Any]:
        """The Answered to a body, in time or later."""


class WebhookServer:
    """It on a path and a port of 127.0.0.1, 0 for any free one. It listens from the start and answers in `run`.

    Raises OSError when the port is taken.
    """

    def __init__(self, webhook: ServedWebhook, *, port: int, path: str) -> None:
        self._webhook = webhook
        self._path = path
        self._listener = listener(port)
        self._stops = Stops()

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._listener.getsockname()[1]}{self._path}"

    def close(self) -> None:
        """Give the port back without having answered."""
        self._listener.close()
        self._stops.end()

    def run(self) -> int:
        """Answer until Ctrl-C, SIGTERM, SIGHUP or SIGQUIT, whose number is returned; in the main thread."""
        # A client that breaks the rules of HTTP is no news; a defect of ours is.
        logging.getLogger("tornado").setLevel(logging.ERROR)
        # The program's own start looks for garbage far too seldom for what runs for months.
        before = gc.get_threshold()
        gc.set_threshold(5_000)
        try:
            with self._listener, self._stops:
                asyncio.run(self._serve())
        finally:
            gc.set_threshold(*before)
        return self._stops.number

    async def _serve(self) -> None:
        answering: set[object] = set()
        server = webhook_server(self._webhook, path=self._path, answering=answering)
        server.add_socket(self._listener)
        await self._stops.wait()
        server.stop()
        until = time.monotonic() + _ENDING
        while (answering or server.is_writing) and time.monotonic() < until:
            await asyncio.sleep(0.02)
        server.cut()


class _Server(LoopbackServer):
    """One that keeps no more than so many connections: of those that asked for nothing yet the oldest goes."""

    def initialize(self, *args: Any, **settings: Any) -> None:
        self._order: list[IOStream] = []
        self._answering: set[object] = settings.pop("answering")
        super().initialize(*args, **settings)

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        if len(self._order) >= _MOST:
            self._order = [one for one in self._order if not one.closed()]
        if len(self._order) >= _MOST:
            oldest = next((one for one in self._order if one not in self._answering), self._order[0])
            self._order.remove(oldest)
            oldest.close()
        self._order.append(stream)
        super().handle_stream(stream, address)


def webhook_server(webhook: ServedWebhook, *, path: str, answering: set[object] | None = None) -> LoopbackServer:
    """The server; `answering` are the connections that wait for an answer."""
    kept: set[object] = set() if answering is None else answering
    words = {"webhook": webhook, "path": path, "answering": kept}
    return _Server(
        Application([(r".*", _Alerts, words)], log_function=lambda _: None),
        max_body_size=_LARGEST_BODY,
        max_header_size=_LARGEST_HEADER,
        idle_connection_timeout=_HEADERS,
        body_timeout=_BODY,
        answering=kept,
    )


class _Alerts(RequestHandler):
    """A POST to the path; anything else is not there."""

    SUPPORTED_METHODS = ("POST", "GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS")

    def initialize(self, webhook: ServedWebhook, path: str, answering: set[object]) -> None:
        self._webhook, self._served, self._answering = webhook, path, answering

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        self.set_header("Content-Type", "application/json")

    def compute_etag(self) -> None:
        """No answer is like the one before."""

    async def post(self) -> None:
        if self.request.path != self._served:
            return self._nowhere()
        asking = getattr(self.request.connection, "stream", self)
        self._answering.add(asking)
        try:
            # What is accepted is carried out also after its sender has gone.
            waiting = asyncio.wrap_future(self._webhook.take(self.request.body))
            done, _ = await asyncio.wait({waiting}, timeout=_PATIENCE)
            answer = waiting.result() if done else None
        finally:
            self._answering.discard(asking)
        self.set_status(answer.status if answer else 202)
        words = answer.words if answer else {"outcome": "accepted"}
        self.finish(json.dumps({name: text for name, text in words.items() if text is not None}))
        return None

    def get(self) -> None:
        self._nowhere()

    head = put = delete = patch = options = get

    def _nowhere(self) -> None:
        self.set_status(405 if self.request.path == self._served else 404)
        self.finish(json.dumps({"outcome": "refused", "why": f"alerts are POSTed to {self._served}"}))

    def write_error(self, status_code: int, **_: Any) -> None:
        outcome = "unknown" if status_code >= 500 else "refused"
        self.finish(json.dumps({"outcome": outcome, "why": f"HTTP {status_code}"}))
