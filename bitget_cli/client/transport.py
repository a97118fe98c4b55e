"""The door to the network: httpcore's pool under httpx, with one deadline and one size limit for a whole answer."""

from __future__ import annotations

import os
import time
import zlib
from collections.abc import Iterable, Mapping
from contextlib import closing
from threading import Lock
from typing import TYPE_CHECKING

import httpcore
import httpx

from bitget_cli.client.deadline import DeadlineBackend, Flight, Resolve, addresses_of, in_flight
from bitget_cli.client.failures import TooLarge
from bitget_cli.client.proxies import Proxy, proxy_for

if TYPE_CHECKING:
    import ssl

BODY_LIMIT = 32 * 1024 * 1024  # bytes, once decompressed
HEADER_LIMIT = 64 * 1024  # bytes
DEFAULT_DEADLINE = 10.0  # seconds, for a request that names none

# Sixteen page calls in flight, and room for an order beside them.
_CONNECTIONS = 20
_KEPT_ALIVE_SECONDS = 20.0
_FOREIGN = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)
# What can only be raised before a byte of the request has left.
_BEFORE_SENDING = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.LocalProtocolError,
)


def open_transport(*, environ: Mapping[str, str] = os.environ, resolve: Resolve = addresses_of) -> httpx.BaseTransport:
    """The transport a Client is given for the real exchange. Opens nothing until the first request.

    A request may carry two extensions: `deadline`, the monotonic second at which everything about it ends, and
    `fresh`, true when it must not go out on a connection that was used before. ConnectError, ConnectTimeout,
    PoolTimeout and ProxyError mean that no byte of the request left this machine; where a proxy was in the way, the
    extension `via` then names it. Redirects are answers like any other: never followed.
    """
    return _Transport(environ, resolve)


class _Transport(httpx.BaseTransport):
    def __init__(self, environ: Mapping[str, str], resolve: Resolve) -> None:
        self._environ = environ
        self._backend = DeadlineBackend(resolve)
        self._pools: dict[bytes, httpcore.ConnectionPool] = {}
        self._context: ssl.SSLContext | None = None
        self._lock = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline = request.extensions.get("deadline", time.monotonic() + DEFAULT_DEADLINE)
        flight = Flight(deadline)
        try:
            with in_flight(flight):
                return self._exchange(request, flight)
        except TimeoutError as error:
            raise httpx.ConnectTimeout("the deadline has passed") from error
        except _FOREIGN as error:
            if proxy := self._proxy(request.url):
                request.extensions["via"] = f" through the proxy in {proxy.variable} ({proxy.shown})"
            raise _translated(error, flight) from _cause(error)

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()

    def _exchange(self, request: httpx.Request, flight: Flight) -> httpx.Response:
        if request.extensions.get("fresh"):
            with self._open_pool(request.url) as pool:
                return _answer(pool, request, flight=flight)
        return _answer(self._pool(request.url), request, flight=flight)

    def _pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        origin = url.raw_scheme + b"://" + url.netloc
        with self._lock:
            if origin not in self._pools:
                self._pools[origin] = self._open_pool(url)
            return self._pools[origin]

    def _open_pool(self, url: httpx.URL) -> httpcore.ConnectionPool:
        proxy = self._proxy(url)
        return httpcore.ConnectionPool(
            # A context costs 5 ms and more: none for plain http on loopback.
            ssl_context=self._tls() if url.scheme == "https" else None,
            proxy=_for_httpcore(proxy) if proxy else None,
            max_connections=_CONNECTIONS,
            max_keepalive_connections=_CONNECTIONS,
            keepalive_expiry=_KEPT_ALIVE_SECONDS,
            network_backend=self._backend,
        )

    def _proxy(self, url: httpx.URL) -> Proxy | None:
        port = url.port or (443 if url.scheme == "https" else 80)
        return proxy_for(url.scheme, url.host, port, environ=self._environ)

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            from bitget_cli.client.certificates import tls_context

            self._context = tls_context(self._environ)
        return self._context


def _for_httpcore(proxy: Proxy) -> httpcore.Proxy:
    url = httpcore.URL(scheme="http", host=proxy.host, port=proxy.port, target="/")
    auth = (proxy.login[0].encode(), proxy.login[1].encode()) if proxy.login else None
    return httpcore.Proxy(url, auth=auth)


def _answer(pool: httpcore.ConnectionPool, request: httpx.Request, *, flight: Flight) -> httpx.Response:
    """One request and its whole answer, in memory and decompressed."""
    sent = httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=request.read(),
        extensions={"timeout": {"pool": flight.remaining()}, "trace": flight.trace},
    )
    answer = pool.handle_request(sent)
    with closing(answer):
        if sum(len(name) + len(value) for name, value in answer.headers) > HEADER_LIMIT:
            raise TooLarge(f"headers of more than {HEADER_LIMIT // 1024} KiB")
        headers = httpx.Headers(answer.headers)
        body = _decoded(answer.iter_stream(), headers.get("content-encoding", ""))
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


def _translated(error: Exception, flight: Flight) -> httpx.TransportError:
    """httpx's exception of the same name; a fault before sending stays recognisable as one."""
    if isinstance(error, httpcore.ProxyError):
        # "407 Proxy Authentication Required": the number is the proxy's word, the rest is its text.
        return httpx.ProxyError(f"the proxy answered {str(error)[:3]}")
    if flight.left_us or isinstance(error, _BEFORE_SENDING):
        same: type[httpx.TransportError] = getattr(httpx, type(error).__name__)
        return same(str(error))
    if isinstance(error, httpcore.TimeoutException):
        return httpx.ConnectTimeout("the proxy did not answer in time")
    return httpx.ProxyError("the proxy closed the connection or spoke no HTTP")


def _cause(error: Exception) -> BaseException:
    """The OSError inside: httpcore drops the chain on its way out, but keeps it as the argument."""
    inner = error.args[0] if error.args else None
    return inner if isinstance(inner, OSError) else error
