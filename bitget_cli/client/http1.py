"""HTTP/1.1 as far as one client needs it: a request as bytes, and a strict reading of what comes back.

An answer that is cut short, or that can be read in two ways, is an error and never an answer: the next thing somebody
does with it may be to place an order again. `http.client` will not do here. It takes for good a head that breaks off,
the first of two lengths, a length that is no number, headers after a line that is none, and a 103 for the answer.
Rules are those of RFC 9112.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import httpx

Field = tuple[bytes, bytes]  # name and value

# Beyond this a head is not even measured. What ends before it but is still too large can be told from no HTTP at all.
_HEAD_PATIENCE = 100 * 1024
_MOST_FIELDS = 100
_MOST_INTERIM = 16  # 1xx answers before the real one; 100 and 103 are the only ones anybody sends
_CHUNK_LINE = 4096  # a size, and extensions nobody uses
_PIECE = 64 * 1024

# `failures.py` tells a server that hung up by this word from one that answered with nonsense.
_DISCONNECTED = "the server disconnected without an answer"
_CUT = "the answer ends before it is whole"

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(rb"[\x21-\x7e]+")
# Neither line ends nor space around it: what a server strips is not what was signed.
_VALUE = re.compile(rb"(?:[^\x00-\x20\x7f](?:[^\x00-\x08\x0a-\x1f\x7f]*[^\x00-\x20\x7f])?)?")
_STATUS = re.compile(rb"HTTP/(1\.[01]) ([1-9][0-9]{2})(?: [^\x00\n\v\f\r\x7f]*)?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\x00\n\v\f\r\x7f]*)")
_FOLD = re.compile(rb"\n[ \t]+")  # a value that goes on in the next line
_LENGTH = re.compile(rb"[0-9]{1,15}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r\n")


class Head(NamedTuple):
    """Status, header fields as they came, and whether the connection may serve another request."""

    status: int
    fields: list[Field]
    stays_open: bool

    def values(self, name: bytes) -> list[bytes]:
        """The members of a comma-separated header, in lower case, from however many lines."""
        return [
            member.strip().lower()
            for known, value in self.fields
            if known.lower() == name
            for member in value.split(b",")
        ]


class Source:
    """Bytes of one answer from a connection; `receive` gives what has come, and nothing once it is closed."""

    def __init__(self, receive: Callable[[int], bytes]) -> None:
        self._receive = receive
        self._waiting = bytearray()
        self.began = False
        self.ended = False

    @property
    def is_at_rest(self) -> bool:
        """Whether the connection is open and nothing has come that nobody asked for."""
        return not self.ended and not self._waiting

    def line(self, most: int) -> bytes:
        """The next line with its end, `most` bytes at the most."""
        searched = 0
        while (end := self._waiting.find(b"\n", searched)) < 0 and len(self._waiting) < most:
            searched = len(self._waiting)
            if not self._more():
                raise httpx.RemoteProtocolError(_CUT if self.began else _DISCONNECTED)
        if not 0 <= end < most:
            raise httpx.RemoteProtocolError("a line is longer than any should be")
        line = bytes(self._waiting[: end + 1])
        del self._waiting[: end + 1]
        return line

    def piece(self, most: int) -> bytes:
        """At least one byte and up to `most`; none only at the end."""
        if not self._waiting:
            self._more()
        piece = bytes(self._waiting[:most])
        del self._waiting[:most]
        return piece

    def _more(self) -> bool:
        data = self._receive(_PIECE)
        self._waiting += data
        self.began = self.began or bool(data)
        self.ended = not data
        return bool(data)


def written(method: bytes, target: bytes, fields: Iterable[Field], body: bytes = b"") -> bytes:
    """A request as it goes over the wire. Raises LocalProtocolError for what would become another line or request."""
    fields = list(fields)
    good = _TOKEN.fullmatch(method) and _TARGET.fullmatch(target) and all(map(_can_be_written, fields))
    if not good:
        raise httpx.LocalProtocolError("a method, target or header that cannot be written")
    lines = [b"%b %b HTTP/1.1" % (method, target), *(b"%b: %b" % field for field in fields), b"", body]
    return b"\r\n".join(lines)


def _can_be_written(field: Field) -> bool:
    name, value = field
    # Bodies are written whole and with their length, never in chunks.
    return bool(_TOKEN.fullmatch(name) and _VALUE.fullmatch(value)) and name.lower() != b"transfer-encoding"


def head_of(source: Source) -> Head:
    """The head of the answer, 1xx answers before it skipped. Raises RemoteProtocolError."""
    for _ in range(_MOST_INTERIM + 1):
        head = _head(source)
        if head.status == 101:
            raise httpx.RemoteProtocolError("the server changed the protocol without being asked")
        if head.status >= 200:
            return head
    raise httpx.RemoteProtocolError("more 1xx answers than anybody needs")


def body_of(source: Source, head: Head, *, method: str) -> Iterator[bytes]:
    """The body in pieces, none of them empty. Raises RemoteProtocolError, also when it is cut short."""
    if method == "HEAD" or head.status in (204, 304):
        return iter(())
    if coding := head.values(b"transfer-encoding"):
        if coding != [b"chunked"]:
            raise httpx.RemoteProtocolError("a transfer coding that was not asked for")
        return _chunks(source)
    lengths = set(head.values(b"content-length"))
    if not lengths:
        return iter(lambda: source.piece(_PIECE), b"")
    length = lengths.pop()
    if lengths or not _LENGTH.fullmatch(length):
        raise httpx.RemoteProtocolError("a Content-Length that is none, or several")
    return _exactly(source, int(length))


def _head(source: Source) -> Head:
    first = source.line(_HEAD_PATIENCE)
    status = _STATUS.fullmatch(_without_end(first))
    if not status:
        raise httpx.RemoteProtocolError("this is not HTTP/1.1")
    head = Head(int(status[2]), _fields(source, most=_HEAD_PATIENCE - len(first)), stays_open=False)
    # Both a length and chunks: the chunks count, but where the answer ends is anybody's guess (RFC 9112, 6.3).
    doubtful = head.values(b"transfer-encoding") and head.values(b"content-length")
    stays_open = status[1] == b"1.1" and b"close" not in head.values(b"connection") and not doubtful
    return head._replace(stays_open=stays_open)


def _fields(source: Source, *, most: int) -> list[Field]:
    """Header or trailer fields up to the empty line; `most` bytes of them."""
    lines: list[bytes] = []
    while line := _without_end(source.line(most)):
        most -= len(line)
        lines.append(line)
        if len(lines) > _MOST_FIELDS:
            raise httpx.RemoteProtocolError("too many headers")
    return [_field(line) for line in _FOLD.sub(b" ", b"\n".join(lines)).split(b"\n") if line]


def _field(line: bytes) -> Field:
    field = _FIELD.fullmatch(line)
    if not field:
        raise httpx.RemoteProtocolError("a line that is no header")
    return field[1], field[2].strip(b" \t")


def _without_end(line: bytes) -> bytes:
    """A head may end its lines with a line feed alone (RFC 9112, 2.2); chunks may not."""
    return line.removesuffix(b"\n").removesuffix(b"\r")


def _chunks(source: Source) -> Iterator[bytes]:
    while size := _chunk_size(source.line(_CHUNK_LINE)):
        yield from _exactly(source, size)
        if source.line(2) != b"\r\n":
            raise httpx.RemoteProtocolError("a chunk does not end where it says")
    # Trailers are read, to find the end, and dropped.
    _fields(source, most=_HEAD_PATIENCE)


def _chunk_size(line: bytes) -> int:
    size = _CHUNK.fullmatch(line)
    if not size:
        raise httpx.RemoteProtocolError("a chunk without a size")
    return int(size[1], 16)


def _exactly(source: Source, size: int) -> Iterator[bytes]:
    while size:
        piece = source.piece(min(size, _PIECE))
        if not piece:
            raise httpx.RemoteProtocolError(_CUT)
        size -= len(piece)
        yield piece
