"""Bitget's envelope, opened with suspicion: numbers stay text, and whatever is not an envelope is malformed."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn

from bitget_cli.values import WireNumber

SUCCESS = "00000"

# Longer than any amount Bitget can mean; a number of 5 000 digits is an attack on whoever converts it.
_LONGEST_NUMBER = 64
_HUGE_EXPONENT = r"[eE][+-]?[0-9]{3,}"


class MalformedError(ValueError):
    """The body is no envelope; the message says why, in our words."""


class Answer(NamedTuple):
    """A successful answer. `data` is as Bitget sent it, numbers as `WireNumber` text.

    `requested_at` is the exchange's own clock (milliseconds, text); `remaining` the calls left in this second.
    """

    data: Any
    http_status: int
    requested_at: str | None = None
    remaining: str | None = None


class Envelope(NamedTuple):
    """`{"code": "00000", "msg": "success", "requestTime": 1767225600123, "data": …}`, some pages say `message`."""

    code: str
    msg: str | None
    requested_at: str | None
    data: Any


def parse_envelope(body: bytes) -> Envelope:
    """The envelope in `body`. Raises MalformedError for anything else, however deep or odd."""
    whole = _parsed(body)
    if not isinstance(whole, dict):
        raise MalformedError("not an object")
    code = whole.get("code")
    if not isinstance(code, str) or not code:
        raise MalformedError("no code in it")
    return Envelope(
        code=str(code),
        msg=_text(whole.get("msg")) or _text(whole.get("message")),
        requested_at=_text(whole.get("requestTime")),
        data=whole.get("data"),
    )


def listed(data: Any, at: str | None = None) -> list[Any]:
    """The rows of an answer that is a list, or that has one in its field `at`.

    Bitget writes no rows as null, an empty text, `{}`, `[]`, or a list of nulls, or leaves the field out. What is no
    list all the same, and says something, is the only row.
    """
    held = data.get(at) if at and isinstance(data, dict) else data
    if isinstance(held, list):
        return [row for row in held if row is not None]
    return [] if _is_nothing(held) else [held]


def objects(data: Any, at: str | None = None) -> list[dict[str, Any]]:
    """The rows that are objects, where fields of theirs are to be read."""
    return [row for row in listed(data, at) if isinstance(row, dict)]


def record(data: Any) -> dict[str, Any]:
    """The one thing of an answer, also where Bitget put it into a list; empty where there is none."""
    if isinstance(data, dict):
        return data
    rows = listed(data)
    if not rows:
        return {}
    return rows[0] if isinstance(rows[0], dict) else {"value": data}


def _is_nothing(data: Any) -> bool:
    return data is None or data == "" or (isinstance(data, dict) and all(map(_is_nothing, data.values())))


def looks_like_html(body: bytes) -> bool:
    return body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str) and value else None


def _parsed(body: bytes) -> Any:
    if not body.strip():
        raise MalformedError("empty")
    try:
        # Decoded here because json.loads would guess UTF-16 and swallow a byte order mark.
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedError("not UTF-8") from None
    try:
        whole = _DECODER.decode(text)
    except RecursionError:
        raise MalformedError("nested too deeply") from None
    except MalformedError:
        raise
    except ValueError:
        raise MalformedError("not JSON") from None
    if "\\ud" in text or "\\uD" in text:
        _refuse_lone_surrogates(whole)
    return whole


def _refuse_lone_surrogates(whole: Any) -> None:
    """Half a character cannot be printed, written to a file or signed."""
    try:
        json.dumps(whole, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise MalformedError("half a character in it") from None


def _number(text: str) -> WireNumber:
    if len(text) > _LONGEST_NUMBER or re.search(_HUGE_EXPONENT, text):
        raise MalformedError("a number beyond all bounds")
    return WireNumber(text)


def _whole_number(text: str) -> WireNumber:
    if len(text) > _LONGEST_NUMBER:
        raise MalformedError("a number beyond all bounds")
    return WireNumber(text)


def _no_constant(name: str) -> NoReturn:
    raise MalformedError(f"{name} in it")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise MalformedError("a name twice in one object")
    return found


_DECODER = json.JSONDecoder(
    parse_float=_number, parse_int=_whole_number, parse_constant=_no_constant, object_pairs_hook=_object
)
