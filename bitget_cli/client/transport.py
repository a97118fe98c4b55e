"""The door to the network: connections of our own under httpx, one deadline and one size limit for a whole answer.

httpx's own connections (httpcore) will not do: their time-outs hold for each read by itself, their errors do not prove
that no byte of a request left, and they hand bytes that nobody asked for to the next request as its answer.
"""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from threading import Semaphore
from typing import TYPE_CHECKING

import httpx

from bitget_cli.client.connections import Connections, proxy_login
from bitget_cli.client.deadline import Flight, Resolve, Stream, addresses_of
from bitget_cli.client.failures import TooLarge
from bitget_cli.client.http1 import Cycle

if TYPE_CHECKING:
    from typing import Self

BODY_LIMIT = 32 * 1024 * 1024  # bytes, once decompressed
HEADER_LIMIT = 64 * 1024  # bytes
DEFAULT_DEADLINE = 10.0  # seconds, for a request that names none

# Sixteen page calls in flight, and room beside them.
_AT_ONCE = 20


def open_transport(*, environ: Mapping[str, str] = os.environ, resolve: Resolve = addresses_of) -> httpx.BaseTransport:
    """The transport a Client is given for the real exchange. Opens nothing until the first request.

    A request may carry two extensions: `deadline`, the monotonic second at which everything about it ends, and
    `fresh`, true when it must not go out on a connection that was used before. ConnectError, ConnectTimeout,
    PoolTimeout and ProxyError mean that no byte of the request left this machine; where a proxy was in the way, the
    extension `via` then names it. Redirects are answers like any other: never followed.
    """
    return NetworkTransport(environ, resolve)


class NetworkTransport(httpx.HTTPTransport):
    """httpx's transport in name, so that whoever replaces that one in a test (pytest-httpx) replaces this one too.

    Nothing of it is inherited: it would make its own connections.
    """

    def __init__(self, environ: Mapping[str, str], resolve: Resolve) -> None:
        self._connections = Connections(environ, resolve)
        self._seats = Semaphore(_AT_ONCE)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        flight = Flight(request.extensions.get("deadline", time.monotonic() + DEFAULT_DEADLINE))
        try:
            return self._answer(request, flight)
        except httpx.TransportError as error:
            if proxy := self._connections.proxy(request.url):
                request.extensions["via"] = f" through the proxy in {proxy.variable} ({proxy.shown})"
            raise _told_apart(error, flight) from error.__cause__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connections.close()

    def _answer(self, request: httpx.Request, flight: Flight) -> httpx.Response:
        cycle = self._cycle(request)
        if request.extensions.get("fresh"):
            return self._on_new_connection(request, cycle, flight=flight)
        with self._seat(flight):
            if idle := self._connections.take(request.url):
                idle.flight = flight
                try:
                    return self._exchange(request, cycle, stream=idle)
                except (httpx.NetworkError, httpx.RemoteProtocolError):
                    # It went stale while idle. Without a word of an answer a read asks again, on a new connection.
                    if cycle.began or request.method != "GET":
                        raise
                cycle = self._cycle(request)
            return self._on_new_connection(request, cycle, flight=flight)

    @contextmanager
    def _seat(self, flight: Flight) -> Iterator[None]:
        """One of the places for requests that share connections."""
        try:
            free = self._seats.acquire(timeout=flight.remaining())
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        if not free:
            raise httpx.PoolTimeout("too many requests at once")
        try:
            yield
        finally:
            self._seats.release()

    def _cycle(self, request: httpx.Request) -> Cycle:
        target, fields = request.url.raw_path, request.headers.raw
        proxy = self._connections.proxy(request.url)
        if proxy and request.url.scheme == "http":
            target = b"http://" + request.url.netloc + target
            fields = [*proxy_login(proxy), *fields]
        return Cycle(request.method.encode(), target, fields, request.read())

    def _on_new_connection(self, request: httpx.Request, cycle: Cycle, *, flight: Flight) -> httpx.Response:
        return self._exchange(request, cycle, stream=self._connections.open(request.url, flight=flight))

    def _exchange(self, request: httpx.Request, cycle: Cycle, *, stream: Stream) -> httpx.Response:
        """One request and its whole answer, in memory and decompressed; the connection is kept or closed."""
        stays_open = False
        try:
            stream.flight.left_us = True
            # Who hangs up on a request half written may have answered it all the same: the reading tells.
            with suppress(httpx.WriteError):
                stream.send(cycle.request)
            answer = cycle.answer(stream.receive)
            if sum(len(name) + len(value) for name, value in answer.fields) > HEADER_LIMIT:
                raise TooLarge(f"headers of more than {HEADER_LIMIT // 1024} KiB")
            headers = httpx.Headers(answer.fields)
            body = _decoded(answer.body, headers.get("content-encoding", ""))
            stays_open = cycle.is_reusable and not request.extensions.get("fresh")
        finally:
            if stays_open:
                self._connections.keep(request.url, stream)
            else:
                stream.close()
        for name in ("content-encoding", "content-length", "transfer-encoding"):
            headers.pop(name, None)
        return httpx.Response(answer.status, headers=headers, content=body, request=request)


def _decoded(chunks: Iterable[bytes], coding: str) -> bytes:
    """The body, never more of it in memory than the limit: a small gzip can unpack to gigabytes in one step."""
    match coding.strip().lower():
        case "" | "identity":
            return _capped(chunks)
        case "gzip" | "x-gzip":
            return _capped(_unzipped(chunks))
    raise httpx.DecodingError("the answer is compressed in a way that was not asked for")


def _capped(chunks: Iterable[bytes]) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > BODY_LIMIT:
            raise TooLarge(f"an answer of more than {BODY_LIMIT // 1024 // 1024} MiB")
    return bytes(body)


def _unzipped(chunks: Iterable[bytes]) -> Iterable[bytes]:
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    empty = True
    try:
        for chunk in chunks:
            empty = empty and not chunk
            while chunk:
                yield unzip.decompress(chunk, 1024 * 1024)
                chunk = unzip.unconsumed_tail
    except zlib.error:
        raise httpx.DecodingError("the answer is not the gzip it claims to be") from None
    # A body cut short must not pass for a whole one; an empty one is a Content-Encoding without content.
    if not empty and (not unzip.eof or unzip.unused_data):
        raise httpx.DecodingError("the gzip ends too early or too late")


def _told_apart(error: httpx.TransportError, flight: Flight) -> httpx.TransportError:
    """The error itself, unless it says that nothing left and an earlier connection has carried the request."""
    if not flight.left_us:
        return error
    match error:
        case httpx.ConnectTimeout():
            return httpx.ReadTimeout(str(error))
        case httpx.ConnectError() | httpx.ProxyError():
            return httpx.ReadError(str(error))
    return error
