"""Requests typed by hand: `NAME key=value …` or `GET /api/v2/… key=value …`, for `bitget api`."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, TextIO

from bitget_cli.catalogue import find, find_path, v2_twin
from bitget_cli.catalogue.model import Effect, Endpoint, Field, FieldKind, PageKind, Rate, Scope
from bitget_cli.client.rest.client import Client
from bitget_cli.client.rest.request import Call
from bitget_cli.errors import UsageError
from bitget_cli.files import handed_in
from bitget_cli.values import from_json

DRY_RUN = (
    Field("method", "Method"),
    Field("url", "URL"),
    Field("headers", "Headers", FieldKind.NESTED),
    Field("body", "Body"),
    Field("signed_text", "Signed text"),
    Field("curl", "As curl"),
)

# The title of a row for a path that the catalogue does not have.
UNLISTED = "Not in the catalogue"
# More than any body Bitget takes.
_LARGEST = 4 * 1024 * 1024
# An escape, an empty or a dotted part could spell a guarded path, such as the withdrawal's, in a way no guard reads.
_PATH = re.compile(r"/api(/[0-9A-Za-z_-][0-9A-Za-z_.-]*)+", re.ASCII)


class RawRequest(NamedTuple):
    """What was typed: the row, its parameters by name, or a body given whole. Of a path, nothing is checked."""

    row: Endpoint
    given: dict[str, Any]
    body: bytes | None = None
    known: bool = True

    @property
    def paged(self) -> bool:
        return self.known and self.row.paging.kind is not PageKind.NONE


def raw_request(words: Sequence[str], *, data: str | None, stdin: TextIO) -> RawRequest:
    """Read the words of a command line.

    Raises UsageError for a name the catalogue does not have (with near misses), a path of v1, a pair without `=`, or a
    body that is no JSON; ConfigError for a file that cannot be read.
    """
    method, *rest = words
    body = None if data is None else _body(data, stdin)
    if method.upper() not in ("GET", "POST"):
        _refuse_v1(method)
        return _checked(RawRequest(find(method)._replace(lenient=True), _pairs(rest), body))
    if not rest:
        raise UsageError(f"{method.upper()} needs a path", hint=f"bitget api {method.upper()} /api/v2/public/time")
    path, *pairs = rest
    _refuse_v1(path)
    row = find_path(method.upper(), path)
    if row is None:
        return _checked(RawRequest(_unlisted(method.upper(), path), _pairs(pairs), body, known=False))
    return _checked(RawRequest(row._replace(unchecked=True), _pairs(pairs), body))


def _refuse_v1(path: str) -> None:
    """Its words are others than its twin's, so that it is named and not called in its place."""
    if twin := v2_twin(path):
        raise UsageError(
            f"{path} is of Bitget's v1 API, which is switched off; {twin} took its place",
            hint=f"bitget api show {twin}",
        )


def prepare(client: Client, asked: RawRequest) -> Call:
    """The call as it will go out: exactly the body given, or what the catalogue makes of the pairs."""
    if asked.body is not None:
        return Call(asked.row, body=asked.body)
    return client.prepare(asked.row, asked.given)


def walk(
    client: Client,
    asked: RawRequest,
    *,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    every: bool,
) -> Iterator[Any]:
    """Rows of a paged endpoint as pages arrive."""
    # Most calls are one call, and do not wait for this.
    from bitget_cli.client.rest.pagination import pages

    return pages(client, asked.row, asked.given, since=since, until=until, limit=limit, every=every)


def dry_run(client: Client, call: Call) -> dict[str, Any]:
    """The request in full, with names of variables where the secrets would stand. Nothing is sent or signed."""
    headers = client.headers(call.row)
    if call.row.signed:
        headers |= {
            "ACCESS-KEY": "$BITGET_API_KEY",
            "ACCESS-PASSPHRASE": "$BITGET_PASSPHRASE",
            "ACCESS-TIMESTAMP": "$TIMESTAMP",
            "ACCESS-SIGN": "$SIGNATURE",
        }
    query = f"?{call.decoded_query}" if call.query else ""
    url = f"{client.base_url}{call.url_path}"
    return {
        "method": call.row.method,
        "url": url,
        "headers": headers,
        "body": call.body.decode(),
        "signed_text": f"$TIMESTAMP{call.row.method}{call.row.path}{query}{call.body.decode()}"
        if call.row.signed
        else "",
        "curl": _curl(call, url, headers),
    }


def _curl(call: Call, url: str, headers: dict[str, str]) -> str:
    # Double quotes around headers, so that the shell puts the variables in.
    flags = [f'-H "{name}: {value}"' for name, value in headers.items()]
    body = ["-d", shlex.quote(call.body.decode())] if call.body else []
    return " ".join(["curl", "-X", call.row.method, *flags, *body, shlex.quote(url)])


def _pairs(words: Sequence[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{word!r} is not KEY=VALUE", hint="for example symbol=BTCUSDT")
        if name in given:
            raise UsageError(f"{name} is given twice")
        given[name] = _value(name, value)
    return given


def _value(name: str, text: str) -> Any:
    """A list or object is typed as JSON (`orderIdList='[{"orderId":"1"}]'`); everything else is text."""
    if not text.startswith(("[", "{")):
        return text
    return from_json(text, what=name)


def _body(data: str, stdin: TextIO) -> bytes:
    text = _read(data, stdin)
    from_json(text, what="--data")
    # As typed, byte for byte: a number in it is not read and written again.
    return text.strip().encode()


def _read(data: str, stdin: TextIO) -> str:
    if data == "-":
        return handed_in("-", stdin=stdin, limit=_LARGEST)
    return handed_in(data[1:], stdin=stdin, limit=_LARGEST) if data.startswith("@") else data


def _checked(asked: RawRequest) -> RawRequest:
    if asked.body is None:
        return asked
    if asked.row.method == "GET":
        raise UsageError(f"{asked.row.name} is a GET and has no body", hint="give KEY=VALUE pairs instead of --data")
    if asked.given:
        raise UsageError("give the body as --data or as KEY=VALUE pairs, not both")
    return asked


def _unlisted(method: str, path: str) -> Endpoint:
    """A row for a path the catalogue does not have: signed unless it is plainly public; a POST is taken for a trade."""
    if not _PATH.fullmatch(path):
        raise UsageError(f"path {path!r} is not a path such as /api/v2/public/time", hint="parameters go as KEY=VALUE")
    public = method == "GET" and any(part in ("public", "market") for part in path.split("/"))
    return Endpoint(
        "GET" if method == "GET" else "POST",
        path,
        UNLISTED,
        rate=Rate(5, Scope.ADDRESS if public else Scope.ACCOUNT),
        signed=not public,
        effect=Effect.READ if method == "GET" else Effect.WITHDRAW if "withdraw" in path.lower() else Effect.TRADE,
        unchecked=True,
    )
