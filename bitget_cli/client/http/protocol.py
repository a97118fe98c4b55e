"""HTTP/1.1 by h11: one request and its answer, and what we ask of an answer beyond the standard.

An answer that is cut short, or that can be read in two ways, is an error and never an answer: the next thing somebody
does with it may be to place an order again. h11 reads by RFC 9112. Ours are the limits (on 1xx answers, fields, sizes),
the little that h11 lets pass (a DEL, a length padded with zeros, a carriage return in a chunk's extension), and an end
to every connection of which it is doubtful where the answer ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import h11
import httpx

Field = tuple[bytes, bytes]  # name and value
Receive = Callable[[int], bytes]  # what has come, so many bytes at the most; nothing once the other side has closed

# Beyond this a head is not even measured. What ends before it but is still too large can be told from no HTTP at all.
_HEAD_PATIENCE = 100 * 1024
_MOST_FIELDS = 100
_MOST_INTERIM = 16  # 1xx answers before the real one; 100 and 103 are the only ones anybody sends
_VERSIONS = (b"1.0", b"1.1")
_MOST_DIGITS = 15  # of a Content-Length
_PIECE = 64 * 1024

# `errors.py` tells a server that hung up by this word from one that answered with nonsense. h11's own words may
# quote the server, so they go no further than the cause.
_DISCONNECTED = "the server disconnected without an answer"
_BROKEN = "the answer breaks off, or breaks the rules of HTTP/1.1"

_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
# The end of the chunk before, and a size with extensions nobody uses; h11 has seen to their grammar.
_CHUNK = re.compile(rb"(?:\r\n)?[0-9A-Fa-f]{1,12}(?:[ \t;][^\r\n]{,4000})?\r\n")


class HttpAnswer(NamedTuple):
    """Status, header fields as they came, and the body in pieces, none of them empty.

    Reading the body raises RemoteProtocolError, also when it is cut short.
    """

    status: int
    fields: list[Field]
    body: Iterator[bytes]


class Cycle:
    """One request, as the bytes to send, and the answer to it; every request has a cycle of its own.

    Raises LocalProtocolError for a request that would become another line or another request.
    """

    def __init__(self, method: bytes, target: bytes, fields: Iterable[Field], body: bytes = b"") -> None:
        self.began = False  # whether a byte of the answer has come
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_PATIENCE)
        self._held = b""  # what h11 has been given and not read yet
        self._end_is_doubtful = False
        try:
            self.request = self._written(method, target, list(fields), body)
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError("a method, target, header or body that cannot be written") from error

    def answer(self, receive: Receive) -> HttpAnswer:
        """The answer, 1xx answers before it skipped. Raises RemoteProtocolError."""
        for _ in range(_MOST_INTERIM + 1):
            head, raw = self._next(receive)
            if not isinstance(head, (h11.InformationalResponse, h11.Response)) or head.http_version not in _VERSIONS:
                raise httpx.RemoteProtocolError("this is not HTTP/1.1")
            _check_fields(raw, lines=_MOST_FIELDS + 2)
            if any(name == b"content-length" and len(value) > _MOST_DIGITS for name, value in head.headers):
                raise httpx.RemoteProtocolError("a Content-Length that is none")
            if isinstance(head, h11.Response):
                # With both the chunks count, but where the answer ends is anybody's guess (RFC 9112, 6.3).
                self._end_is_doubtful = {b"transfer-encoding", b"content-length"} <= {name for name, _ in head.headers}
                return HttpAnswer(head.status_code, head.headers.raw_items(), self._body(receive))
        raise httpx.RemoteProtocolError("more 1xx answers than anybody needs")

    @property
    def is_at_rest(self) -> bool:
        """Whether the connection is open and nothing has come that nobody asked for."""
        return self._http.trailing_data == (b"", False)

    @property
    def is_reusable(self) -> bool:
        """Whether the answer is whole and the connection may serve another request."""
        is_done = self._http.our_state is h11.DONE and self._http.their_state is h11.DONE
        return is_done and self.is_at_rest and not self._end_is_doubtful

    def _written(self, method: bytes, target: bytes, fields: list[Field], body: bytes) -> bytes:
        # Bodies are written whole and with their length, never in chunks.
        if any(_CONTROL.search(value) or name.lower() == b"transfer-encoding" for name, value in fields):
            raise h11.LocalProtocolError("a control character, or a transfer coding")
        events = [h11.Request(method=method, target=target, headers=fields), h11.Data(data=body), h11.EndOfMessage()]
        return b"".join(self._http.send(event) or b"" for event in events)

    def _body(self, receive: Receive) -> Iterator[bytes]:
        while True:
            event, raw = self._next(receive)
            data = bytes(event.data) if isinstance(event, h11.Data) else b""
            framing = raw[: len(raw) - len(data)]
            chunk = _CHUNK.match(framing)
            if framing and not chunk:
                raise httpx.RemoteProtocolError("a chunk without a size that anybody writes")
            if not data:
                # Trailers are read, to find the end, and dropped.
                return _check_fields(framing[chunk.end() if chunk else 0 :], lines=_MOST_FIELDS + 1)
            yield data

    def _next(self, receive: Receive) -> tuple[object, bytes]:
        """What h11 reads next, and the bytes it was read from."""
        raw = b""
        while True:
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                raise httpx.RemoteProtocolError(_BROKEN if self.began else _DISCONNECTED) from error
            unread, _ = self._http.trailing_data
            raw += self._held[: len(self._held) - len(unread)]
            self._held = unread
            if event is not h11.NEED_DATA:
                return event, raw
            data = receive(_PIECE)
            self.began = self.began or bool(data)
            self._held += data
            self._http.receive_data(data)


def _check_fields(raw: bytes, *, lines: int) -> None:
    """Raises RemoteProtocolError for a head, or trailers, of more lines than that, too many bytes, or a DEL."""
    if len(raw) > _HEAD_PATIENCE or raw.count(b"\n") > lines or b"\x7f" in raw:
        raise httpx.RemoteProtocolError("more headers than anybody needs, or a DEL in them")
