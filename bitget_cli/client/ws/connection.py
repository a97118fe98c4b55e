"""The door for streams: a WebSocket over a connection of our own.

Name, proxy, certificate and handshake share one deadline.

Here and in no other file two parts of websocket-client are used that it does not document: `_recv`, through which it
reads, to give a read a buffer, a deadline and a limit; and the state of `frame_buffer`, to read over too large a frame.
"""

from __future__ import annotations

import socket as sockets
import ssl
import time
from collections.abc import Mapping
from typing import Any, cast

import httpx
import websocket

from bitget_cli import __version__
from bitget_cli.client.http.network import RequestDeadline, Resolve, addresses_of
from bitget_cli.client.http.transport import Connections
from bitget_cli.client.rest import errors
from bitget_cli.client.ws.interfaces import ConnectionLostError, Opener, Socket, close_error

_HANDSHAKE_LIMIT = 16 * 1024  # bytes; the library reads them one at a time
_BLOCKED_PAUSE = 60.0  # seconds; who asks sooner stays blocked
_DISTRUST_PAUSE = 30.0  # after a certificate or a TLS that was refused, as those of a hotel's network are


def connect(connections: Connections, url: str, deadline: float) -> sockets.socket:
    """A connection to the host of a wss:// or ws:// URL, tunnel and TLS behind it, by this monotonic second.

    Raises ConnectionLostError.
    """
    where = httpx.URL("http" + url.removeprefix("ws"))
    try:
        sock = connections.open(where, flight=RequestDeadline(deadline)).detach()
    except httpx.TransportError as error:
        raise _failed(error, connections, where) from None
    # A line may be idle for minutes, and a router in between forget it.
    sock.setsockopt(sockets.SOL_SOCKET, sockets.SO_KEEPALIVE, 1)
    return sock


def _failed(error: httpx.RequestError, connections: Connections, where: httpx.URL) -> ConnectionLostError:
    proxy = connections.proxy(where)
    via = f" through the proxy in {proxy.variable} ({proxy.address})" if proxy else ""
    failure = errors.from_exception(error, host=where.host, via=via)
    cause = error.__cause__
    is_distrusted = isinstance(cause, ssl.SSLCertVerificationError) or errors.is_too_old(cause)
    return ConnectionLostError(
        failure.sentence,
        hint=failure.hint,
        reached=isinstance(cause, ssl.SSLError),
        pause=_DISTRUST_PAUSE if is_distrusted else 0.0,
        final=is_distrusted or "the proxy answered 4" in str(error),
    )


def handshake_error(host: str, status: int, body: bytes) -> ConnectionLostError:
    """What to say of an HTTP answer that is no handshake. Of the body, which is anybody's text, the beginning."""
    sentence = f"{host} answered with HTTP {status} and opened no stream"
    if status in (301, 302, 303, 307, 308):
        sentence = f"{host} redirects the stream (HTTP {status}); redirects are never followed"
    elif text := body[:200].decode(errors="replace").strip():
        sentence += f": {text}"
    return ConnectionLostError(
        sentence,
        hint="wait, and check whether Bitget serves this address",
        pause=_BLOCKED_PAUSE if status in (403, 429) else 0.0,
        final=300 <= status < 408 or status == 451,
        http_status=status,
    )


class DeadlineSocket:
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


# Bitget's own addresses; demo keys belong on the second and nowhere else.
ADDRESSES = {"live": "wss://ws.bitget.com", "demo": "wss://wspap.bitget.com"}

FRAME_LIMIT = 8 * 1024 * 1024  # bytes; the largest legitimate push is a long private list of some 100 KB
_SKIPPED_LIMIT = 8 * FRAME_LIMIT  # what claims to be longer is not waited for
_MOST_PARTS = 10_000
_SEND_SECONDS = 5.0
_CLOSE_SECONDS = 0.2
_PONG_GAP = 1.0  # seconds; a flood of protocol pings is not answered with a flood
_READ_AT_ONCE = 64 * 1024
# Of RFC 6455: the first byte of an unmasked text frame in one piece, and the size that means "in the next two bytes".
_WHOLE_TEXT = 0x81
_SIZE_FOLLOWS = 126

_FAULTS = (websocket.WebSocketException, OSError, ValueError)


def opener(
    address: str,
    *,
    environ: Mapping[str, str],
    resolve: Resolve = addresses_of,
    gather: float = 0.0,
    unified: bool = False,
) -> Opener:
    """Connects to the streams at `address` (`wss://ws.bitget.com`), public or private.

    Certificates and proxies are those of REST (`SSL_CERT_FILE`, `https_proxy` …). What comes may lie for `gather`
    seconds, to be read together: at a thousand frames a second that halves the work. The private streams of a `unified`
    account are others; public ones are for everybody. What is raised:
    ConnectionLostError, and ConfigError for what the environment names wrongly.
    """
    connections = Connections(environ, resolve)

    def open_socket(private: bool, seconds: float) -> Socket:
        url = f"{address}/{'v3' if unified and private else 'v2'}/ws/{'private' if private else 'public'}"
        deadline = time.monotonic() + seconds
        return WebSocket(url, connect(connections, url, deadline), deadline=deadline, gather=gather)

    return open_socket


class WebSocket:
    """One WebSocket, by websocket-client's plain connection; see `Socket`.

    Reads through a buffer of its own, since the library makes three system calls for a frame.
    """

    def __init__(self, url: str, sock: sockets.socket, *, deadline: float, gather: float = 0.0) -> None:
        self._wire = cast("Any", _Wire(gather, skip_utf8_validation=True))
        self._parts: list[bytes] = []
        self._parts_are_text = False
        self._parts_size = self._to_skip = 0
        self._ponged_at = 0.0
        host = httpx.URL("http" + url.removeprefix("ws")).host
        try:
            self._wire.connect(
                url,
                socket=DeadlineSocket(sock, deadline),
                header=[f"User-Agent: bitget-cli/{__version__}"],
                suppress_origin=True,
                redirect_limit=0,
            )
        except _FAULTS as error:
            sock.close()
            raise _handshake_error(error, self._wire, host) from None
        self._wire.sock = sock

    def send(self, text: str) -> None:
        try:
            self._wire.settimeout(_SEND_SECONDS)
            self._wire.send(text)
        except _FAULTS as error:
            raise _broken(error) from None

    def recv(self, seconds: float) -> str | bytes | None:
        wire = self._wire
        wire.until = time.monotonic() + seconds
        try:
            if self._to_skip:
                return self._skip()
            if not self._parts and (text := _Wire.try_read_text(wire)) is not None:
                return text
            frame = wire.recv_frame()
        except websocket.WebSocketTimeoutException:
            return None
        except _TooLargeError:
            return self._begin_to_skip()
        except _FAULTS as error:
            raise _broken(error) from None
        if frame.opcode == 1 and frame.fin and not self._parts:
            return _text(frame.data)
        return self._on_control_frame(frame)

    def close(self) -> None:
        self._wire.until = time.monotonic() + _CLOSE_SECONDS
        self._wire.close(timeout=_CLOSE_SECONDS)
        self._wire.shutdown()

    def _on_control_frame(self, frame: Any) -> str | bytes | None:
        match frame.opcode:
            case 8:
                raise close_error(frame.data)
            case 9:
                self._pong(frame.data)
                return None
            case 10:
                return None
        if (frame.opcode == 0) is not bool(self._parts):
            raise ConnectionLostError("Bitget broke the rules of WebSocket")
        if not self._parts:
            self._parts_are_text = frame.opcode == 1
            self._parts_size = 0
        self._parts.append(frame.data)
        self._parts_size += len(frame.data)
        if self._parts_size > FRAME_LIMIT or len(self._parts) > _MOST_PARTS:
            raise ConnectionLostError("a message in too many pieces")
        if not frame.fin:
            return None
        whole, self._parts = b"".join(self._parts), []
        return _text(whole) if self._parts_are_text else whole

    def _pong(self, data: bytes) -> None:
        now = time.monotonic()
        if now - self._ponged_at >= _PONG_GAP and len(data) < 126:
            self._ponged_at = now
            try:
                self._wire.settimeout(_SEND_SECONDS)
                self._wire.pong(data)
            except _FAULTS as error:
                raise _broken(error) from None

    def _begin_to_skip(self) -> bytes | None:
        begun = self._wire.frame_buffer
        self._to_skip = begun.length - sum(map(len, begun.recv_buffer))
        begun.recv_buffer = []
        begun.clear()
        if self._to_skip > _SKIPPED_LIMIT:
            raise ConnectionLostError(f"a frame of {self._to_skip} bytes")
        return None

    def _skip(self) -> bytes | None:
        """Reads over a frame that is too large; empty once that is done."""
        while self._to_skip:
            self._to_skip -= len(self._wire._recv(min(_READ_AT_ONCE, self._to_skip)))
        return b""


class _TooLargeError(Exception):
    """The frame that begins is beyond the limit."""


class _Wire(websocket.WebSocket):
    """The library's connection with a buffer, a deadline for a whole read, and a limit on the size of a frame."""

    def __init__(self, gather: float, **options: Any) -> None:
        super().__init__(**options)
        self.until = 0.0
        self._gather = gather
        self._ahead, self._at = b"", 0

    def try_read_text(self) -> str | None:
        """The next frame, where it is the usual one: plain text, below 64 KiB, and all of it in the buffer.

        The library takes four calls for it, and longer than JSON does.
        """
        ahead, at = self._ahead, self._at
        if len(ahead) < at + 4 or ahead[at] != _WHOLE_TEXT or self.frame_buffer.header or self.frame_buffer.recv_buffer:
            return None
        size, start = ahead[at + 1], at + 2
        if size == _SIZE_FOLLOWS:
            size, start = ahead[at + 2] << 8 | ahead[at + 3], at + 4
        elif size > _SIZE_FOLLOWS:
            return None
        if start + size > len(ahead):
            return None
        try:
            text = ahead[start : start + size].decode()
        except UnicodeDecodeError:
            return None
        self._at = start + size
        return text

    def _recv(self, bufsize: int) -> bytes:
        at = self._at
        chunk = self._ahead[at : at + bufsize]
        if chunk:
            self._at = at + len(chunk)
            return chunk
        if (self.frame_buffer.length or 0) > FRAME_LIMIT:
            raise _TooLargeError
        # Not the time-out of one read: a frame that drips in must not keep us from the clocks.
        left = self.until - time.monotonic()
        if left <= 0 or self.sock is None:
            raise websocket.WebSocketTimeoutException("nothing yet")
        # A full read says that more is there already.
        if self._gather and len(self._ahead) < _READ_AT_ONCE:
            time.sleep(min(self._gather, left))
            left = max(0.001, self.until - time.monotonic())
        self.sock.settimeout(left)
        self._ahead, self._at = super()._recv(_READ_AT_ONCE), 0  # type: ignore[no-untyped-call]  # the library has few types
        return self._recv(bufsize)


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _broken(error: Exception) -> ConnectionLostError:
    match error:
        case websocket.WebSocketConnectionClosedException():
            return ConnectionLostError("the connection was closed without a word")
        case websocket.WebSocketTimeoutException():
            return ConnectionLostError("the connection takes no more")
        case OSError():
            return ConnectionLostError(f"the connection broke: {error.strerror or 'reset'}")
    return ConnectionLostError("Bitget broke the rules of WebSocket")


def _handshake_error(error: Exception, wire: _Wire, host: str) -> ConnectionLostError:
    """Why the other side would not speak WebSocket."""
    answer = wire.handshake_response
    status = getattr(error, "status_code", None) or (answer.status if answer else None)
    if status is None:
        slow = isinstance(error, websocket.WebSocketTimeoutException)
        sentence = f"{host} did not answer in time" if slow else f"{host} does not speak WebSocket"
        return ConnectionLostError(sentence, hint="try again; see bitget doctor")
    body = getattr(error, "resp_body", None)
    return handshake_error(host, int(status), body if isinstance(body, bytes) else b"")
