"""What is taken for an answer, said once more and without h11: each rule by itself, over an answer that lies whole.

It is the judge of the client's reader: what is refused here, that must not accept.
"""

from __future__ import annotations

import re

_TEXT = rb"[^\x00\n\v\f\r\x7f]*"
_FIELD = rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):(" + _TEXT + rb"(?:\r?\n[ \t]" + _TEXT + rb")*)\r?\n"
_STATUS = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: " + _TEXT + rb")?\r?\n")
_FIELDS = re.compile(rb"(?:" + _FIELD + rb")*\r?\n")
_EACH = re.compile(_FIELD)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;[^\r\n]*)?\r\n")
_LENGTH = re.compile(rb"[0-9]{1,15}")

Understood = tuple[int, bytes, bool]  # status, body, and whether the connection may be used again


class _NoAnswerError(Exception):
    """Raised where a rule is broken."""


def understood(data: bytes) -> Understood | None:
    """What a GET was answered by one who says `data` and hangs up; None when that is no answer."""
    try:
        return _understood(data)
    except _NoAnswerError:
        return None


def _understood(data: bytes) -> Understood:
    for _ in range(17):
        first = _matched(_STATUS, data)
        status = int(first[2])
        fields, data = _fields(data[first.end() :], room=100 * 1024 - first.end())
        if status == 101:
            raise _NoAnswerError
        if status >= 200:
            break
    else:
        raise _NoAnswerError
    codings, lengths = _members(fields, b"transfer-encoding"), _members(fields, b"content-length")
    goes_on = first[1] == b"1" and b"close" not in _members(fields, b"connection") and not (codings and lengths)
    if status in (204, 304):
        return status, b"", goes_on and not data
    if codings:
        if codings != [b"chunked"]:
            raise _NoAnswerError
        body, data = _unchunked(data)
    elif lengths:
        if len(set(lengths)) > 1 or not _LENGTH.fullmatch(lengths[0]) or len(data) < int(lengths[0]):
            raise _NoAnswerError
        body, data = data[: int(lengths[0])], data[int(lengths[0]) :]
    else:
        return status, data, False
    return status, body, goes_on and not data


def _fields(data: bytes, *, room: int) -> tuple[dict[bytes, list[bytes]], bytes]:
    """Values by name in small letters, and what comes after the empty line."""
    block = _matched(_FIELDS, data)[0]
    if block.count(b"\n") > 101 or len(block) > room:
        raise _NoAnswerError
    found: dict[bytes, list[bytes]] = {}
    for name, value in _EACH.findall(block):
        found.setdefault(name.lower(), []).append(value)
    return found, data[len(block) :]


def _members(fields: dict[bytes, list[bytes]], name: bytes) -> list[bytes]:
    return [member.strip().lower() for value in fields.get(name, []) for member in value.split(b",")]


def _unchunked(data: bytes) -> tuple[bytes, bytes]:
    body = b""
    while True:
        size = _matched(_CHUNK, data)
        if size.end() > 4096:
            raise _NoAnswerError
        end = size.end() + int(size[1], 16)
        if end == size.end():
            return body, _fields(data[end:], room=100 * 1024)[1]
        if data[end : end + 2] != b"\r\n":
            raise _NoAnswerError
        body, data = body + data[size.end() : end], data[end + 2 :]


def _matched(rule: re.Pattern[bytes], data: bytes) -> re.Match[bytes]:
    found = rule.match(data)
    if not found:
        raise _NoAnswerError
    return found
