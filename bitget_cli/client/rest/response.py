"""What one HTTP response means: an answer, or a failure. The envelope's code decides before the status does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.model import PageKind
from bitget_cli.client.rest.envelope import SUCCESS, Answer, Envelope, MalformedError, looks_like_html, parse_envelope
from bitget_cli.client.rest.errors import Failure, Fault, from_fault, quoted

if TYPE_CHECKING:
    import httpx

    from bitget_cli.catalogue.model import Endpoint
    from bitget_cli.client.rest.request import Call

REMAINING = "x-mbx-used-remain-limit"  # calls left in this second; seen on public calls

_EDGES = ("cloudflare", "akamai", "cloudfront")
_RAY = r"[0-9A-Za-z-]{1,40}"
_HOST = r"[0-9A-Za-z.:\[\]-]{1,100}"


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
    return refusals.from_code(code, msg, host=host, http_status=status)


def _without_envelope(response: httpx.Response, *, host: str, why: str) -> Failure:
    status, html = response.status_code, looks_like_html(response.content)
    if status == 429:
        from bitget_cli.client.rest.refusals import too_many

        return too_many(host=host, http_status=status, retry_after=_retry_after(response))
    if html and (status in (403, 406) or (status == 503 and _is_edge(response))):
        return from_fault(Fault.EDGE, host=host, detail=f"HTTP {status}{_ray(response)}", http_status=status)
    if status >= 500:
        return from_fault(Fault.SERVER, host=host, detail=f"HTTP {status}{_ray(response)}", http_status=status)
    if html:
        return from_fault(Fault.NOT_BITGET, host=host, http_status=status)
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
