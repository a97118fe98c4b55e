"""What one HTTP response means: an answer, or a failure. The envelope's code decides before the status does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from bitget_cli.catalogue.model import PageKind
from bitget_cli.client.rest.errors import Failure, Fault, from_fault, quoted
from bitget_cli.values import WireNumber

if TYPE_CHECKING:
    import httpx

    from bitget_cli.catalogue.model import Endpoint
    from bitget_cli.client.rest.request import Call

SUCCESS = "00000"
REMAINING = "x-mbx-used-remain-limit"  # calls left in this second; seen on public calls

_EDGES = ("cloudflare", "akamai", "cloudfront")
_RAY = r"[0-9A-Za-z-]{1,40}"
_HOST = r"[0-9A-Za-z.:\[\]-]{1,100}"


class Answer(NamedTuple):
    """A successful answer. `data` is as Bitget sent it, numbers as `WireNumber` text.

    `requested_at` is the exchange's own clock (milliseconds, text); `remaining` the calls left in this second.
    """

    data: Any
    http_status: int
    requested_at: str | None = None
    remaining: str | None = None


# What a request names and its answer repeats. One that names another thing is the answer to another question.
_NAMES = frozenset({"symbol", "coin", "marginCoin", "fromCoin", "toCoin", "subUid", "subAccountUid"})
# These too where one thing is asked for; a list may have been asked for the neighbours of an order.
_NAMES_OF_ONE = frozenset({"orderId", "clientOid"})
# Wants a symbol, and tells of every one.
_TELLS_OF_ALL = frozenset({"common.all-trade-rate"})


def parse_response(response: httpx.Response, call: Call, *, host: str) -> Answer | Failure:
    """The answer in `response`, or why there is none.

    Success is code 00000 with a 2xx status, about what the call named. A 5xx leaves a change in doubt whatever its
    body says, since it may come from a gateway that gave up on a request still under way.
    """
    row, status = call.row, response.status_code
    if 300 <= status < 400:
        return from_fault(Fault.REDIRECT, host=host, detail=_target(response), http_status=status)
    try:
        envelope = parse_envelope(response.content)
    except MalformedError as malformed:
        return _without_envelope(response, host=host, why=str(malformed))
    if envelope.code == SUCCESS and response.is_success:
        if other := _something_else(call, envelope.data):
            return from_fault(Fault.MALFORMED, host=host, detail=other, http_status=status)
        return Answer(
            data=envelope.data,
            http_status=status,
            requested_at=envelope.requested_at,
            remaining=response.headers.get(REMAINING),
        )
    return _with_code(response, envelope, row, host=host)._replace(requested_at=envelope.requested_at)


def _something_else(call: Call, data: Any) -> str:
    """What the answer names in the place of what was asked for; empty where it names that, or nothing."""
    row = call.row
    if row.name in _TELLS_OF_ALL:
        return ""
    fields = {field.name for field in row.fields}
    # Of a change no page tells everything that its answer may name.
    judged_by = _NAMES & fields if row.reads else _NAMES
    if row.reads and row.paging.kind is PageKind.NONE:
        judged_by |= _NAMES_OF_ONE & fields
    asked = {name: value for name, value in call.named.items() if name in judged_by and value}
    for item in _things(data) if asked else ():
        for name, value in asked.items():
            answered = item.get(name)
            if isinstance(answered, str) and answered and answered.casefold() != value.casefold():
                return f"it is about {name} {answered[:60]}, and {value} was asked for"
    return ""


def _things(data: Any) -> Iterator[dict[str, Any]]:
    """Every object of an answer, however deep."""
    within = [data]
    while within:
        one = within.pop()
        if isinstance(one, dict):
            yield one
            within += [value for value in one.values() if isinstance(value, dict | list)]
        elif isinstance(one, list):
            within += [item for item in one if isinstance(item, dict | list)]


def _with_code(response: httpx.Response, envelope: Envelope, row: Endpoint, *, host: str) -> Failure:
    status, code, msg = response.status_code, envelope.code, envelope.msg
    if status >= 500 and (not row.reads or code == SUCCESS):
        detail = f"HTTP {status}, {quoted(code, msg)}"
        return from_fault(Fault.SERVER, host=host, detail=detail, code=code, msg=msg, http_status=status)
    if code == SUCCESS:
        return from_fault(Fault.MALFORMED, host=host, detail=f"success, but HTTP {status}", http_status=status)
    # A table of a thousand codes, opened only once something was refused.
    from bitget_cli.client.rest import refusals

    if code == "429":
        return refusals.too_many(host=host, http_status=status, retry_after=_retry_after(response), msg=msg)
    return refusals.from_code(code, msg, host=host, http_status=status, row_name=row.name)


def _without_envelope(response: httpx.Response, *, host: str, why: str) -> Failure:
    status, html = response.status_code, response.content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"
    if status == 429:
        from bitget_cli.client.rest.refusals import too_many

        return too_many(host=host, http_status=status, retry_after=_retry_after(response))
    if html and (status in (403, 406) or (status == 503 and _is_edge(response))):
        return from_fault(Fault.EDGE, host=host, detail=f"HTTP {status}{_ray(response)}", http_status=status)
    if status >= 500:
        return from_fault(Fault.SERVER, host=host, detail=f"HTTP {status}{_ray(response)}", http_status=status)
    if html:
        return from_fault(Fault.NOT_BITGET, host=host, http_status=status)
    if status == 200 and not response.content:
        return from_fault(Fault.EMPTY, host=host, http_status=status)
    detail = why if status == 200 else f"HTTP {status}, {why}"
    return from_fault(Fault.MALFORMED, host=host, detail=detail, http_status=status)


def _target(response: httpx.Response) -> str:
    """The host a redirect points to, without anything that is not a host name."""
    location = response.headers.get("location", "")
    named = location.partition("//")[2].partition("/")[0].rpartition("@")[2] if "//" in location else ""
    if not named:
        return "another place on the same host"
    return named if re.fullmatch(_HOST, named) else "a host whose name cannot be shown"


def _is_edge(response: httpx.Response) -> bool:
    server = response.headers.get("server", "").lower()
    return "cf-ray" in response.headers or any(edge in server for edge in _EDGES)


def _ray(response: httpx.Response) -> str:
    ray = response.headers.get("cf-ray", "")
    return f", cf-ray {ray}" if re.fullmatch(_RAY, ray) else ""


def _retry_after(response: httpx.Response) -> float | None:
    """Seconds from a Retry-After, given as seconds or as a date; None for none, a negative or a senseless one."""
    text = response.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 9:
        return float(text)
    if not text or text.lstrip("-").isdigit():
        return None
    return _until(text, response.headers.get("date", ""))


def _until(then: str, now: str) -> float | None:
    """Seconds between two HTTP dates, both by the server's clock."""
    from email.utils import parsedate_to_datetime

    try:
        seconds = (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()
    except (TypeError, ValueError):
        return None
    return seconds if seconds >= 0 else None


# The envelope is opened with suspicion: numbers stay text, and whatever is not an envelope is malformed.

# Longer than any amount Bitget can mean; a number of 5 000 digits is an attack on whoever converts it.
_LONGEST_NUMBER = 64
_HUGE_EXPONENT = r"[eE][+-]?[0-9]{3,}"


class MalformedError(ValueError):
    """The body is no envelope; the message says why, in our words."""


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


def certain_objects(rows: Iterable[Any], of: Endpoint, *, host: str, with_id: bool = False) -> Iterator[dict[str, Any]]:
    """The objects of a list that something is decided by, all with an order id where that is due.

    Others beside them keep nobody from getting out. Raises NetworkError where there are only others: what says
    something is never taken for an empty list.
    """
    found = odd = False
    for row in rows:
        if isinstance(row, dict) and (row.get("orderId") or not with_id):
            found = True
            yield row
        else:
            odd = True
    if odd and not found:
        detail = "no row that is an object" + " with an id" * with_id
        raise from_fault(Fault.MALFORMED, host=host, detail=detail).error(of)


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
