"""Connections to an exchange: opened straight or through a proxy, and kept for the next request."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

import httpx

from bitget_cli.client.deadline import Flight, Resolve, Stream, connected
from bitget_cli.client.http1 import Cycle, Field
from bitget_cli.client.proxies import Proxy, proxy_for

if TYPE_CHECKING:
    import ssl

_PORTS = {"http": 80, "https": 443}
_KEPT = 20  # idle connections
_KEPT_SECONDS = 20.0


class _Idle(NamedTuple):
    origin: tuple[str, str, int]
    since: float  # monotonic seconds
    stream: Stream


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

    def open(self, url: httpx.URL, *, flight: Flight) -> Stream:
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
                _dig_tunnel(stream, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", proxy)
            if context:
                stream.secure(context, host)
        except BaseException:
            stream.close()
            raise
        return stream

    def take(self, url: httpx.URL) -> Stream | None:
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

    def keep(self, url: httpx.URL, stream: Stream) -> None:
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
                from bitget_cli.client.certificates import tls_context

                self._context = tls_context(self._environ)
                self._context.set_alpn_protocols(["http/1.1"])
            return self._context


def proxy_login(proxy: Proxy) -> list[Field]:
    """The header that a proxy with a password asks for."""
    if not proxy.login:
        return []
    return [(b"Proxy-Authorization", b"Basic " + b64encode(":".join(proxy.login).encode()))]


def _dig_tunnel(stream: Stream, target: str, proxy: Proxy) -> None:
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
