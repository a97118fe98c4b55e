"""The way to a stream's address: name, proxy, certificate and handshake, all by one deadline."""

from __future__ import annotations

import socket as sockets
import ssl
import time

import httpx

from bitget_cli.client import failures
from bitget_cli.client.connections import Connections
from bitget_cli.client.deadline import Flight
from bitget_cli.client.line import LineError

_HANDSHAKE_LIMIT = 16 * 1024  # bytes; the library reads them one at a time
_BLOCKED_PAUSE = 60.0  # seconds; who asks sooner stays blocked
_DISTRUST_PAUSE = 30.0  # after a certificate or a TLS that was refused, as those of a hotel's network are


def dialled(connections: Connections, url: str, deadline: float) -> sockets.socket:
    """A connection to the host of a wss:// or ws:// URL, tunnel and TLS behind it, by this monotonic second.

    Raises LineError.
    """
    where = httpx.URL("http" + url.removeprefix("ws"))
    try:
        sock = connections.open(where, flight=Flight(deadline)).detach()
    except httpx.TransportError as error:
        raise _failed(error, connections, where) from None
    # A line may be idle for minutes, and a router in between forget it.
    sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_KEEPALIVE, 1)
    return sock


def _failed(error: httpx.RequestError, connections: Connections, where: httpx.URL) -> LineError:
    proxy = connections.proxy(where)
    via = f" through the proxy in {proxy.variable} ({proxy.shown})" if proxy else ""
    failure = failures.from_exception(error, host=where.host, via=via)
    cause = error.__cause__
    is_distrusted = isinstance(cause, ssl.SSLCertVerificationError) or failures.is_too_old(cause)
    return LineError(
        failure.sentence,
        hint=failure.hint,
        reached=isinstance(cause, ssl.SSLError),
        pause=_DISTRUST_PAUSE if is_distrusted else 0.0,
        final=is_distrusted or "the proxy answered 4" in str(error),
    )


def not_opened(host: str, status: int, body: bytes) -> LineError:
    """What to say of an HTTP answer that is no handshake. Of the body, which is anybody's text, the beginning."""
    said = f"{host} answered with HTTP {status} and opened no stream"
    if status in (301, 302, 303, 307, 308):
        said = f"{host} redirects the stream (HTTP {status}); redirects are never followed"
    elif text := body[:200].decode(errors="replace").strip():
        said += f": {text}"
    return LineError(
        said,
        hint="wait, and check whether Bitget serves this address",
        pause=_BLOCKED_PAUSE if status in (403, 429) else 0.0,
        final=300 <= status < 408 or status == 451,
        http_status=status,
    )


class Handshaking:
    """A socket for the length of a handshake: all of it by one deadline, and no more than some KiB."""

    def __init__(self, sock: sockets.socket, deadline: float) -> None:
        self._sock = sock
        self._deadline = deadline
        self._room = _HANDSHAKE_LIMIT

    def recv(self, bufsize: int) -> bytes:
        self._hurry()
        data = self._sock.recv(bufsize)
        self._room -= len(data)
        if self._room < 0:
            raise ValueError("the answer is too long")
        return data

    def send(self, data: bytes) -> int:
        self._hurry()
        return self._sock.send(data)

    def gettimeout(self) -> float:
        return max(0.001, self._deadline - time.monotonic())

    def settimeout(self, seconds: float | None) -> None:
        """The deadline alone decides."""

    def close(self) -> None:
        self._sock.close()

    def _hurry(self) -> None:
        self._sock.settimeout(self.gettimeout())
