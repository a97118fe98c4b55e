"""The door for streams: a WebSocket over a connection of our own."""

from __future__ import annotations

import socket as sockets
import time
from collections.abc import Mapping
from typing import Any, cast

import httpx
import websocket

from bitget_cli import __version__
from bitget_cli.client.connections import Connections
from bitget_cli.client.deadline import Resolve, addresses_of
from bitget_cli.client.dialling import Handshaking, dialled, not_opened
from bitget_cli.client.line import LineError, Opener, Socket, hung_up

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
) -> Opener:
    """Connects to the streams at `address` (`wss://ws.bitget.com`), public or private.

    Certificates and proxies are those of REST (`SSL_CERT_FILE`, `https_proxy` …). What comes may lie for `gather`
    seconds, to be read together: at a thousand frames a second that halves the work. What is raised: LineError, and
    ConfigError for what the environment names wrongly.
    """
    connections = Connections(environ, resolve)

    def open_socket(private: bool, seconds: float) -> Socket:
        url = f"{address}/v2/ws/{'private' if private else 'public'}"
        deadline = time.monotonic() + seconds
        return WebSocket(url, dialled(connections, url, deadline), deadline=deadline, gather=gather)

    return open_socket


class WebSocket:
    """One WebSocket, by websocket-client's plain connection; see `line.Socket`.

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
                socket=Handshaking(sock, deadline),
                header=[f"User-Agent: bitget-cli/{__version__}"],
                suppress_origin=True,
                redirect_limit=0,
            )
        except _FAULTS as error:
            sock.close()
            raise _unshaken(error, self._wire, host) from None
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
            if not self._parts and (text := _Wire.text_at_hand(wire)) is not None:
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
        return self._rarer(frame)

    def close(self) -> None:
        self._wire.until = time.monotonic() + _CLOSE_SECONDS
        self._wire.close(timeout=_CLOSE_SECONDS)
        self._wire.shutdown()

    def _rarer(self, frame: Any) -> str | bytes | None:
        match frame.opcode:
            case 8:
                raise hung_up(frame.data)
            case 9:
                self._pong(frame.data)
                return None
            case 10:
                return None
        if (frame.opcode == 0) is not bool(self._parts):
            raise LineError("Bitget broke the rules of WebSocket")
        if not self._parts:
            self._parts_are_text = frame.opcode == 1
            self._parts_size = 0
        self._parts.append(frame.data)
        self._parts_size += len(frame.data)
        if self._parts_size > FRAME_LIMIT or len(self._parts) > _MOST_PARTS:
            raise LineError("a message in too many pieces")
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
            raise LineError(f"a frame of {self._to_skip} bytes")
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

    def text_at_hand(self) -> str | None:
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


def _broken(error: Exception) -> LineError:
    match error:
        case websocket.WebSocketConnectionClosedException():
            return LineError("the connection was closed without a word")
        case websocket.WebSocketTimeoutException():
            return LineError("the connection takes no more")
        case OSError():
            return LineError(f"the connection broke: {error.strerror or 'reset'}")
    return LineError("Bitget broke the rules of WebSocket")


def _unshaken(error: Exception, wire: _Wire, host: str) -> LineError:
    """Why the other side would not speak WebSocket."""
    answer = wire.handshake_response
    status = getattr(error, "status_code", None) or (answer.status if answer else None)
    if status is None:
        slow = isinstance(error, websocket.WebSocketTimeoutException)
        said = f"{host} did not answer in time" if slow else f"{host} does not speak WebSocket"
        return LineError(said, hint="try again; see bitget doctor")
    body = getattr(error, "resp_body", None)
    return not_opened(host, int(status), body if isinstance(body, bytes) else b"")
