"""Who is calling: the paper exchange's one key, and Bitget's signature checked.

Not a line of the client's code is used.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

from bitget_cli.keys import Key, Secret
from bitget_cli.paper.answers import RefusedError

# Key, secret and passphrase, as a client is configured with them.
KEY = ("paper-key", "paper-secret", "paper-passphrase")

# The one customer.
USER_ID = "1000000001"

PAPER_KEY = Key(Secret(KEY[0]), Secret(KEY[1]), Secret(KEY[2]), source="paper")


def settings(port: int) -> dict[str, str]:
    """The variables that point a program at the exchange served on a port of this machine."""
    key, secret, passphrase = KEY
    return {
        "BITGET_API_KEY": key,
        "BITGET_SECRET_KEY": secret,
        "BITGET_PASSPHRASE": passphrase,
        "BITGET_API_BASE_URL": f"http://127.0.0.1:{port}",
        "BITGET_WS_BASE_URL": f"ws://127.0.0.1:{port}",
    }


# How far a request's timestamp may be from the server's clock, in ms.
_TOLERANCE = 30_000


class SignedRequest(NamedTuple):
    """One call as it arrived: `query` undecoded, header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


def check(request: SignedRequest, *, clocks: tuple[int, ...]) -> None:
    """Refuse a request that is not signed by the paper key.

    `clocks` are the times (ms) it may carry: the wall clock's, and the paper clock's for a client that set its watch
    by `public/time`.
    """
    _, secret, passphrase = KEY
    given = request.headers.get
    check_key(request.headers)
    if "access-sign" not in request.headers:
        raise RefusedError("40002", "ACCESS_SIGN cannot be empty")
    if not given("access-sign"):
        raise RefusedError("40003", "Signature cannot be empty")
    if not given("access-passphrase"):
        raise RefusedError("40011", "ACCESS_PASSPHRASE cannot be empty")
    if given("access-passphrase") != passphrase:
        raise RefusedError("40012", "apikey/password is incorrect")
    timestamp = given("access-timestamp") or ""
    _check_time(timestamp, clocks)
    accepted = (_signature(secret, timestamp, request, query) for query in _spellings(request.query))
    sent = given("access-sign", "").encode()
    if not any(hmac.compare_digest(sent, signature) for signature in accepted):
        raise RefusedError("40009", "sign signature error")


def check_key(headers: Mapping[str, str]) -> None:
    """Refuse a request without the paper key; header names in lower case."""
    if not headers.get("access-key"):
        raise RefusedError("40001", "ACCESS_KEY cannot be empty")
    if headers["access-key"] != KEY[0]:
        raise RefusedError("40006", "Invalid ACCESS_KEY")


def _check_time(timestamp: str, clocks: tuple[int, ...]) -> None:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == 13):
        raise RefusedError("40005", "Invalid ACCESS_TIMESTAMP")
    if all(abs(int(timestamp) - clock) > _TOLERANCE for clock in clocks):
        raise RefusedError("40008", "Request timestamp expired")


def _spellings(query: str) -> set[str]:
    """The query as sent and percent-decoded: clients sign either, and the real exchange is said to decode first."""
    return {query, unquote(query), unquote_plus(query)}


def _signature(secret: str, timestamp: str, request: SignedRequest, query: str) -> bytes:
    target = f"{request.path}?{query}" if query else request.path
    text = f"{timestamp}{request.method}{target}".encode() + request.body
    return b64encode(hmac.digest(secret.encode(), text, "sha256"))
