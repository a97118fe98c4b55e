"""The door to the network: a pool of connections under httpx.

One deadline and one size limit hold for a whole answer.
"""

from __future__ import annotations

import os
import time
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import httpx

from bitget_cli.client.http import TooLarge
from bitget_cli.client.http.network import (
    NetworkStream,
    Proxy,
    RequestDeadline,
    Resolve,
    addresses_of,
    connected,
    proxy_for,
)
from bitget_cli.client.http.protocol import Cycle, Field

if TYPE_CHECKING:
    import ssl
    from typing import Self

_PORTS = {"http": 80, "https": 443}
_KEPT = 20  # idle connections
_KEPT_SECONDS = 20.0


class _Idle(NamedTuple):
    origin: tuple[str, str, int]
    since: float  # monotonic seconds
    stream: NetworkStream


class Connections:
    """Opens connections and keeps idle ones; several threads may share it."""

    def __init__(self, environ: Mapping[str, str], resolve: Resolve) -> None:
        self._environ = environ
        self._resolve = resolve
        self._context: ssl.SSLContext | None = None
        self._idle: list[_Idle] = []
        self._closed = False
        self._lock = Lock()

    def proxy(self, url: httpx.URL) -> Proxy | None:
        """The proxy on the way to `url`, or None. Raises ConfigError for one that cannot be used."""
        return proxy_for(*_origin(url), environ=self._environ)

    def open(self, url: httpx.URL, *, flight: RequestDeadline) -> NetworkStream:
        """A new connection, ready for a request to `url`: proxy, tunnel and handshake are behind it.

        Raises ConnectError, ConnectTimeout or ProxyError, and ConfigError for what the environment names wrongly.
        """
        scheme, host, port = _origin(url)
        # A context costs 5 ms and more: none for plain http on loopback.
        context = self._tls() if scheme == "https" else None
        proxy = self.proxy(url)
        stream = connected(self._resolve, *((proxy.host, proxy.port) if proxy else (host, port)), flight=flight)
        try:
            if context and proxy:
                _open_tunnel(stream, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", proxy)
            if context:
                stream.secure(context, host)
        except BaseException:
            stream.close()
            raise
        return stream

    def take(self, url: httpx.URL) -> NetworkStream | None:
        """An idle connection to `url`'s origin that looks alive, or None."""
        origin, youngest = _origin(url), time.monotonic() - _KEPT_SECONDS
        with self._lock:
            known = [idle for idle in self._idle if idle.origin == origin]
            while known:
                idle = known.pop()
                self._idle.remove(idle)
                if idle.since > youngest and idle.stream.is_quiet():
                    return idle.stream
                idle.stream.close()
        return None

    def keep(self, url: httpx.URL, stream: NetworkStream) -> None:
        """Puts a connection by for the next request, or closes it where there are enough."""
        with self._lock:
            if self._closed or len(self._idle) >= _KEPT:
                stream.close()
            else:
                self._idle.append(_Idle(_origin(url), time.monotonic(), stream))

    def close(self) -> None:
        """Closes what is idle; what is in use is closed when it comes back."""
        with self._lock:
            self._closed = True
            while self._idle:
                self._idle.pop().stream.close()

    def _tls(self) -> ssl.SSLContext:
        with self._lock:
            if self._context is None:
                from bitget_cli.client.http.network import tls_context

                self._context = tls_context(self._environ)
                self._context.set_alpn_protocols(["http/1.1"])
            return self._context


def proxy_login(proxy: Proxy) -> list[Field]:
    """The header that a proxy with a password asks for."""
    if not proxy.login:
        return []
    return [(b"Proxy-Authorization", b"Basic " + b64encode(":".join(proxy.login).encode()))]


def _open_tunnel(stream: NetworkStream, target: str, proxy: Proxy) -> None:
    """CONNECT. Nothing of the request itself leaves, so whatever goes wrong is a fault on the way there."""
    where = target.encode("ascii")
    cycle = Cycle(b"CONNECT", where, [(b"Host", where), (b"Accept", b"*/*"), *proxy_login(proxy)])
    try:
        stream.send(cycle.request)
        status = cycle.answer(stream.receive).status
    except httpx.TimeoutException as error:
        raise httpx.ConnectTimeout("the proxy did not answer in time") from error
    except (httpx.NetworkError, httpx.RemoteProtocolError) as error:
        raise httpx.ProxyError("the proxy closed the connection or spoke no HTTP") from error
    if not 200 <= status < 300:
        raise httpx.ProxyError(f"the proxy answered {status}")
    if not cycle.is_at_rest:
        raise httpx.ProxyError("the proxy spoke into the tunnel it opened")


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    """Scheme, host as it goes over the wire, and port."""
    if url.scheme not in _PORTS:
        raise httpx.UnsupportedProtocol("only http:// and https:// are spoken")
    return url.scheme, url.raw_host.decode("ascii"), url.port or _PORTS[url.scheme]


# httpx's own connections (httpcore) will not do: their time-outs hold for each read by itself, their errors do not
# prove that no byte of a request left, and they hand bytes that nobody asked for to the next request as its answer.

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
        # No Semaphore, whose own lock a signal may leave held.
        self._slots: SimpleQueue[None] = SimpleQueue()
        for _ in range(_AT_ONCE):
            self._slots.put(None)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        flight = RequestDeadline(request.extensions.get("deadline", time.monotonic() + DEFAULT_DEADLINE))
        try:
            return self._answer(request, flight)
        except httpx.TransportError as error:
            if proxy := self._connections.proxy(request.url):
                request.extensions["via"] = f" through the proxy in {proxy.variable} ({proxy.address})"
            raise _told_apart(error, flight) from error.__cause__

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._connections.close()

    def _answer(self, request: httpx.Request, flight: RequestDeadline) -> httpx.Response:
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
    def _seat(self, flight: RequestDeadline) -> Iterator[None]:
        """One of the places for requests that share connections."""
        try:
            self._slots.get(timeout=flight.remaining())
        except TimeoutError as error:
            raise httpx.ConnectTimeout(str(error)) from error
        except Empty:
            raise httpx.PoolTimeout("too many requests at once") from None
        try:
            yield
        finally:
            self._slots.put(None)

    def _cycle(self, request: httpx.Request) -> Cycle:
        target, fields = request.url.raw_path, request.headers.raw
        proxy = self._connections.proxy(request.url)
        if proxy and request.url.scheme == "http":
            target = b"http://" + request.url.netloc + target
            fields = [*proxy_login(proxy), *fields]
        return Cycle(request.method.encode(), target, fields, request.read())

    def _on_new_connection(self, request: httpx.Request, cycle: Cycle, *, flight: RequestDeadline) -> httpx.Response:
        return self._exchange(request, cycle, stream=self._connections.open(request.url, flight=flight))

    def _exchange(self, request: httpx.Request, cycle: Cycle, *, stream: NetworkStream) -> httpx.Response:
        """One request and its whole answer, in memory and decompressed; the connection is kept or closed."""
        stays_open = False
        try:
            stream.flight.bytes_sent = True
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


def _told_apart(error: httpx.TransportError, flight: RequestDeadline) -> httpx.TransportError:
    """The error itself, unless it says that nothing left and an earlier connection has carried the request."""
    if not flight.bytes_sent:
        return error
    match error:
        case httpx.ConnectTimeout():
            return httpx.ReadTimeout(str(error))
        case httpx.ConnectError() | httpx.ProxyError():
            return httpx.ReadError(str(error))
    return error
