"""The fault matrix: every way an exchange can fail, for a public read, a private read and an order."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock
from rules import for_each

from bitget_cli.client.rest.client import Client
from bitget_cli.errors import (
    BitgetError,
    CredentialsError,
    NetworkError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
    UnknownError,
)

HTML = {"content-type": "text/html"}
ORDER = {"symbol": "BTCUSDT", "clientOid": "b01"}


Answer = Callable[[httpx.Request], httpx.Response]


def answering(status: int, body: bytes, headers: dict[str, str] | None = None) -> Answer:
    return lambda _: httpx.Response(status, content=body, headers=headers)


def coded(code: str, status: int = 400) -> Answer:
    return answering(status, f'{{"code":"{code}","msg":"as Bitget says","requestTime":1,"data":null}}'.encode())


def raising(error: Exception, cause: Exception | None = None) -> Answer:
    def fail(request: httpx.Request) -> httpx.Response:
        del request
        raise error from cause

    return fail


Errors = tuple[type[BitgetError], type[BitgetError], type[BitgetError], str]
NOT_PLACED: Errors = (NetworkError, NetworkError, NetworkError, "not_placed")
IN_DOUBT: Errors = (NetworkError, NetworkError, UnknownError, "unknown")
REJECTED: Errors = (RejectedError, RejectedError, RejectedError, "rejected")
EXISTS: Errors = (RejectedError, RejectedError, UnknownError, "unknown")
KEYS: Errors = (CredentialsError, CredentialsError, CredentialsError, "rejected")
OTHER_KIND: Errors = (UnavailableError, UnavailableError, UnavailableError, "rejected")
LIMITED: Errors = (RateLimitedError, RateLimitedError, RateLimitedError, "rejected")

# What happens → errors of the three kinds of call and the order's outcome, how often sent, words of the message
MATRIX: dict[str, tuple[Answer, Errors, tuple[int, int], str]] = {
    "N1 no such name": (
        raising(httpx.ConnectError("x"), socket.gaierror(-2, "x")),
        NOT_PLACED,
        (3, 3),
        "could not reach api.bitget.com: the name could not be resolved",
    ),
    "N2 refused": (
        raising(httpx.ConnectError("x"), ConnectionRefusedError(111, "x")),
        NOT_PLACED,
        (3, 3),
        "the connection was refused",
    ),
    "N2 no route": (raising(httpx.ConnectError("x"), OSError(101, "x")), NOT_PLACED, (3, 3), "there is no route"),
    "N3 slow connect": (raising(httpx.ConnectTimeout("x")), NOT_PLACED, (3, 3), "within the deadline"),
    "N5 proxy": (raising(httpx.ProxyError("the proxy answered 407")), NOT_PLACED, (3, 3), "the proxy answered 407"),
    "N6 write broken": (raising(httpx.WriteError("x")), IN_DOUBT, (3, 1), "closed the connection"),
    "N7 hung up": (
        raising(httpx.RemoteProtocolError("Server disconnected")),
        IN_DOUBT,
        (3, 1),
        "closed the connection",
    ),
    "N8 reset": (raising(httpx.ReadError("x")), IN_DOUBT, (3, 1), "closed the connection"),
    "N9 slow answer": (raising(httpx.ReadTimeout("x")), IN_DOUBT, (3, 1), "no whole answer within the deadline"),
    "N14 bad gzip": (raising(httpx.DecodingError("x")), IN_DOUBT, (3, 1), "breaks the rules of HTTP"),
    "N15 bad chunk": (
        raising(httpx.RemoteProtocolError("peer \x1b[31m")),
        IN_DOUBT,
        (3, 1),
        "breaks the rules of HTTP",
    ),
    "N16 redirect": (
        answering(307, b"", {"location": "https://user:pw@evil.test/x"}),
        IN_DOUBT,
        (1, 1),
        "redirects to evil.test; redirects are never followed",
    ),
    "N16 redirect to nowhere": (answering(302, b""), IN_DOUBT, (1, 1), "redirects to another place"),
    "H1 429 absurd": (answering(429, b"", {"retry-after": "86400"}), LIMITED, (1, 1), "too many requests"),
    "H1 429 negative": (answering(429, b"", {"retry-after": "-1"}), LIMITED, (4, 1), "too many requests"),
    "H1 429 seconds": (answering(429, b"", {"retry-after": "2"}), LIMITED, (4, 1), "too many requests"),
    "H2 429 bare": (answering(429, b"<html>"), LIMITED, (4, 1), "too many requests"),
    "H2 429 in the body": (coded("429", 200), LIMITED, (4, 1), "too many requests"),
    "H3 500 JSON": (coded("50000999", 500), IN_DOUBT, (4, 1), "is in trouble"),
    "H3 502 HTML": (answering(502, b"<html>", HTML), IN_DOUBT, (4, 1), "HTTP 502"),
    "H3 503 HTML": (answering(503, b"<html>", HTML), IN_DOUBT, (4, 1), "HTTP 503"),
    "H3 524 HTML": (answering(524, b"<html>", HTML), IN_DOUBT, (4, 1), "HTTP 524"),
    "H3 transient code": (coded("45001"), IN_DOUBT, (4, 1), "as Bitget says (45001)"),
    "H3 another": (coded("40725"), IN_DOUBT, (4, 1), "(40725)"),
    "H3 success with 500": (coded("00000", 500), IN_DOUBT, (4, 1), "HTTP 500"),
    "H4 403 at the edge": (
        answering(403, b"<html>", HTML | {"cf-ray": "8a-FRA"}),
        IN_DOUBT,
        (1, 1),
        "HTTP 403, cf-ray 8a-FRA",
    ),
    "H4 hostile ray": (answering(403, b"<html>", HTML | {"cf-ray": "\x1b[2J"}), IN_DOUBT, (1, 1), "HTTP 403"),
    "H4 503 at the edge": (answering(503, b"<html>", HTML | {"server": "cloudflare"}), IN_DOUBT, (1, 1), "edge"),
    "H5 bad signature": (coded("40009"), KEYS, (1, 1), "as Bitget says (40009)"),
    "H5 unknown key": (coded("40006", 401), KEYS, (1, 1), "(40006)"),
    "H5 wrong environment": (coded("40099"), KEYS, (1, 1), "(40099)"),
    "H5 unified account": (coded("40085"), OTHER_KIND, (1, 1), "unified account"),
    "H6 refused with 200": (coded("40762", 200), REJECTED, (1, 1), "as Bitget says (40762)"),
    "H6 numeric 0": (answering(200, b'{"code":0,"data":{}}'), EXISTS, (1, 1), "code 0"),
    "H6 text 0": (answering(200, b'{"code":"0","data":{}}'), EXISTS, (1, 1), "code 0"),
    "H6 no code": (answering(200, b'{"data":{}}'), IN_DOUBT, (1, 1), "malformed answer"),
    "H6 unknown code": (coded("98765"), EXISTS, (1, 1), "(98765)"),
    "H6 duplicate id": (coded("40786"), EXISTS, (1, 1), "(40786)"),
    "H7 code over status": (coded("40034", 404), REJECTED, (1, 1), "as Bitget says (40034)"),
    "H7 success with 400": (coded("00000", 400), IN_DOUBT, (1, 1), "malformed answer"),
    "H8 empty": (answering(200, b""), IN_DOUBT, (3, 1), "an answer with nothing in it"),
    "H8 null": (answering(200, b"null"), IN_DOUBT, (1, 1), "malformed answer"),
    "H8 array": (answering(200, b"[]"), IN_DOUBT, (1, 1), "malformed answer"),
    "H8 NaN": (answering(200, b'{"code":"00000","data":NaN}'), IN_DOUBT, (1, 1), "malformed answer"),
    "H8 deep": (answering(200, b"[" * 100_000), IN_DOUBT, (1, 1), "nested too deeply"),
    "H8 UTF-16": (answering(200, '{"code":"00000"}'.encode("utf-16")), IN_DOUBT, (1, 1), "malformed answer"),
    "H11 captive portal": (answering(200, b"<!doctype html>", HTML), IN_DOUBT, (1, 1), "this is not Bitget"),
}
KINDS = ("public", "private", "order")


@for_each([(fault, kind) for fault in MATRIX for kind in KINDS])
def test_each_fault_ends_as_the_matrix_says(
    met: tuple[str, str], rows: Any, client_over: Callable[..., Client]
) -> None:
    fault, kind = met
    behave, errors, sent, words = MATRIX[fault]
    row, requests = getattr(rows, kind), list[httpx.Request]()

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return behave(request)

    client = client_over(httpx.MockTransport(answer), timeout=30)
    with pytest.raises(BitgetError) as caught:
        client.call(row, **(ORDER if kind == "order" else {}))
    assert type(caught.value) is errors[KINDS.index(kind)]
    assert caught.value.outcome == (errors[3] if kind == "order" else None)
    assert words in caught.value.message
    assert len(requests) == sent[kind == "order"]
    assert {(request.method, request.content) for request in requests} == {(row.method, requests[0].content)}
    assert "\x1b" not in caught.value.message
    assert caught.value.endpoint == f"{row.method} {row.path}"


@pytest.mark.parametrize("fault", [name for name in MATRIX if name.startswith("N")])
def test_money_on_the_move_is_never_sent_twice(
    fault: str, exchange: HTTPXMock, rows: Any, client_over: Callable[..., Client]
) -> None:
    exchange.add_callback(MATRIX[fault][0], method="POST")
    with pytest.raises(BitgetError):
        client_over().call(rows.withdrawal)


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("certificate has expired", "certificate has expired"),
        ("Hostname mismatch, certificate is not valid for 'api.bitget.com'.", "Hostname mismatch"),
        ("self-signed certificate", "self-signed certificate"),
    ],
)
def test_a_refused_certificate_says_which_check_failed_and_is_not_retried(
    why: str, words: str, exchange: HTTPXMock, rows: Any, client_over: Callable[..., Client]
) -> None:
    failure = ssl.SSLCertVerificationError(1, why)
    failure.verify_message = why
    exchange.add_callback(raising(httpx.ConnectError("x"), failure), method="POST")
    with pytest.raises(NetworkError) as caught:
        client_over().call(rows.order, **ORDER)
    assert words in caught.value.message
    assert "SSL_CERT_FILE" in str(caught.value.hint)
    assert caught.value.outcome == "not_placed"
