"""Calling: what is sent, what is sent again, and what is never told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pytest_httpx import HTTPXMock

from bitget_cli import __version__
from bitget_cli.catalogue.v2.public import TIME
from bitget_cli.client.rest.auth import signature
from bitget_cli.client.rest.client import Client, Report
from bitget_cli.errors import (
    CredentialsError,
    NetworkError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
    UnknownError,
    UsageError,
)
from bitget_cli.keys import Key
from bitget_cli.values import milliseconds

ORDER = {"symbol": "BTCUSDT", "size": "0.01", "clientOid": "b01"}
CLOCK_CODES = ["40004", "40005", "40008"]


def envelope(data: Any = None, code: str = "00000") -> bytes:
    return json.dumps({"code": code, "msg": "as told", "requestTime": 1767225600123, "data": data}).encode()


def script(exchange: HTTPXMock, *answers: httpx.Response | Exception) -> None:
    """One answer for each request that is due, in turn."""
    for answer in answers:
        if isinstance(answer, Exception):
            exchange.add_exception(answer)
        else:
            exchange.add_callback(lambda _, answer=answer: answer)


def tell_time(exchange: HTTPXMock, server_time: str) -> None:
    exchange.add_response(url=f"https://api.bitget.com{TIME.path}", content=envelope({"serverTime": server_time}))


def ok(data: Any = None) -> httpx.Response:
    return httpx.Response(200, content=envelope(data), headers={"x-mbx-used-remain-limit": "19"})


def refused(code: str) -> httpx.Response:
    return httpx.Response(400, content=envelope(code=code))


Make = Callable[..., Client]


def test_an_answer_is_bitgets_own_data(exchange: HTTPXMock, rows: Any, client_over: Make) -> None:
    script(exchange, ok([{"lastPr": "1.50"}]), ok("success"))
    client = client_over()
    answer = client.send(client.prepare(rows.public, {"symbol": "BTCUSDT"}))
    assert answer.data == [{"lastPr": "1.50"}]
    assert (answer.http_status, answer.requested_at, answer.remaining) == (200, "1767225600123", "19")
    assert client.call(rows.public) == "success"


def test_a_public_call_carries_no_credentials_and_asks_for_none(
    exchange: HTTPXMock, rows: Any, client_over: Make
) -> None:
    def no_key() -> Key:
        raise AssertionError("the key was asked for")

    script(exchange, ok())
    client_over(key=no_key, env="demo").call(rows.public, symbol="BTCUSDT")
    headers = exchange.get_requests()[0].headers
    assert not [name for name in headers if name.startswith("access-")]
    assert "paptrading" not in headers
    assert headers["user-agent"] == f"bitget-cli/{__version__}"
    assert headers["locale"] == "en-US"


def test_an_order_is_signed_over_the_bytes_that_are_sent(
    exchange: HTTPXMock, rows: Any, client_over: Make, clock: Any, key: Key
) -> None:
    script(exchange, ok({"orderId": "1"}))
    client_over().call(rows.order, **ORDER)
    sent = exchange.get_requests()[0]
    stamp = str(milliseconds(clock.moment))
    assert sent.content == b'{"symbol":"BTCUSDT","size":"0.01","clientOid":"b01"}'
    assert sent.headers["access-sign"] == signature(key, f"{stamp}POST{rows.order.path}".encode() + sent.content)
    assert sent.headers["content-type"] == "application/json"
    assert sent.extensions["fresh"] is True


@pytest.mark.parametrize(("env", "header"), [("live", None), ("demo", "1"), ("paper", None)])
def test_only_demo_says_so_in_a_header(
    exchange: HTTPXMock, env: str, header: str | None, rows: Any, client_over: Make
) -> None:
    script(exchange, ok())
    client = client_over(env=env)
    client.call(rows.private)
    assert exchange.get_requests()[0].headers.get("paptrading") == header
    assert client.headers(rows.private).get("paptrading") == header


def test_no_key_means_nothing_is_sent(exchange: HTTPXMock, rows: Any, client_over: Make) -> None:
    def locked() -> Key:
        raise CredentialsError("the keyring is locked")

    with pytest.raises(CredentialsError):
        client_over(key=locked).call(rows.private)
    assert exchange.get_requests() == []


@pytest.mark.parametrize(
    "trouble",
    [httpx.ReadError("x"), httpx.ConnectError("x"), refused("40725"), httpx.Response(502), httpx.Response(429)],
)
def test_a_read_is_asked_again_after_passing_trouble(
    exchange: HTTPXMock, trouble: Any, rows: Any, client_over: Make
) -> None:
    script(exchange, trouble, trouble, ok("there"))
    assert client_over(timeout=30).call(rows.private) == "there"


def test_an_order_that_never_left_is_sent_again_with_the_same_bytes(
    exchange: HTTPXMock, rows: Any, client_over: Make
) -> None:
    script(exchange, httpx.ConnectError("x"), httpx.ConnectTimeout("x"), ok({"orderId": "1"}))
    assert client_over().call(rows.order, **ORDER) == {"orderId": "1"}
    assert len({request.content for request in exchange.get_requests()}) == 1
    assert len({request.headers["access-timestamp"] for request in exchange.get_requests()}) == 3


def test_an_order_in_doubt_is_not_sent_again_even_after_one_that_never_left(
    exchange: HTTPXMock, rows: Any, client_over: Make
) -> None:
    script(exchange, httpx.ConnectError("x"), httpx.ReadError("x"))
    with pytest.raises(UnknownError) as caught:
        client_over().call(rows.order, **ORDER)
    assert caught.value.outcome == "unknown"
    assert "bitget order history" in str(caught.value.hint)


@pytest.mark.parametrize("code", CLOCK_CODES)
@pytest.mark.parametrize("kind", ["private", "order"])
def test_a_wrong_clock_is_learnt_and_the_call_signed_again(
    exchange: HTTPXMock, code: str, kind: str, rows: Any, client_over: Make, clock: Any
) -> None:
    ahead = clock.moment + timedelta(seconds=40)
    script(exchange, refused(code))
    tell_time(exchange, str(milliseconds(ahead)))
    script(exchange, ok("done"), ok("done"))
    client = client_over()
    given = ORDER if kind == "order" else {}
    assert client.call(getattr(rows, kind), **given) == "done"
    first, again = (request for request in exchange.get_requests() if request.url.path != TIME.path)
    assert again.headers["access-timestamp"] == str(milliseconds(ahead))
    assert first.content == again.content
    assert client.offset == timedelta(seconds=40)
    client.call(rows.private)


def test_a_clock_that_stays_wrong_ends_in_a_refusal(exchange: HTTPXMock, rows: Any, client_over: Make) -> None:
    script(exchange, refused("40008"))
    tell_time(exchange, "1767225600123")
    script(exchange, refused("40008"))
    with pytest.raises(RejectedError) as caught:
        client_over().call(rows.order, **ORDER)
    assert (caught.value.code, caught.value.outcome) == ("40008", "rejected")
    assert "clock" in str(caught.value.hint)


def test_more_than_a_url_can_hold_is_a_usage_error(exchange: HTTPXMock, rows: Any, client_over: Make) -> None:
    with pytest.raises(UsageError, match="too long"):
        client_over().call(rows.public, symbol="X" * 70_000)
    assert exchange.get_requests() == []


def test_learning_the_clock_ends_with_the_calls_own_deadline(
    exchange: HTTPXMock, rows: Any, client_over: Make, clock: Any
) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        clock.ticks += 4
        return httpx.Response(502) if request.url.path == TIME.path else refused("40008")

    exchange.add_callback(slow, is_reusable=True)
    started = clock.ticks
    with pytest.raises(RejectedError):
        client_over(timeout=5).call(rows.order, **ORDER)
    assert clock.ticks - started <= 9


@pytest.mark.parametrize("told", ["", "soon", "9" * 30])
def test_a_server_time_that_is_none_is_malformed(exchange: HTTPXMock, told: str, client_over: Make) -> None:
    tell_time(exchange, told)
    with pytest.raises(NetworkError, match="no server time"):
        client_over().server_time()


def test_bitgets_code_and_words_are_kept_as_they_are(exchange: HTTPXMock, rows: Any, client_over: Make) -> None:
    script(exchange, refused("40762"))
    with pytest.raises(RejectedError) as caught:
        client_over().call(rows.order, **ORDER)
    record = caught.value.record()
    assert (record["code"], record["msg"], record["http_status"]) == ("40762", "as told", 400)
    assert record["endpoint"] == "POST /api/v2/mix/order/place-order"


def test_a_unified_account_is_named_at_the_end_of_the_sentence(
    exchange: HTTPXMock, rows: Any, client_over: Make
) -> None:
    script(exchange, refused("40085"))
    with pytest.raises(UnavailableError, match=r"its account is a unified account$"):
        client_over().call(rows.private)


@pytest.mark.parametrize(
    ("retry_after", "slept"),
    [
        ("3", [3.0]),
        ("", [1.0]),
        ("soon", [1.0]),
        ("-5", [1.0]),
        ("Mon, 02 Mar 2026 12:00:05 GMT", [5.0]),
        ("Mon, 02 Mar 2026 11:00:00 GMT", [1.0]),
    ],
)
def test_a_read_waits_as_long_as_it_is_told(
    exchange: HTTPXMock, retry_after: str, slept: list[float], rows: Any, client_over: Make, clock: Any
) -> None:
    headers = {"retry-after": retry_after, "date": "Mon, 02 Mar 2026 12:00:00 GMT"}
    script(exchange, httpx.Response(429, headers=headers), ok())
    client_over().call(rows.public)
    assert clock.slept == slept


def test_a_wait_beyond_the_deadline_is_told_instead(
    exchange: HTTPXMock, rows: Any, client_over: Make, clock: Any
) -> None:
    script(exchange, httpx.Response(429, headers={"retry-after": "45"}))
    with pytest.raises(RateLimitedError) as caught:
        client_over().call(rows.public)
    assert "wait 45 s" in str(caught.value.hint)
    assert clock.slept == []


def test_retries_end_with_the_deadline(exchange: HTTPXMock, rows: Any, client_over: Make, clock: Any) -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        clock.ticks += 2.5
        return httpx.Response(502)

    exchange.add_callback(slow, is_reusable=True)
    started = clock.ticks
    with pytest.raises(NetworkError):
        client_over(timeout=5).call(rows.public)
    assert clock.ticks - started <= 5.5


def test_waiting_for_the_rate_limit_does_not_count_against_the_deadline(
    exchange: HTTPXMock, rows: Any, client_over: Make, clock: Any
) -> None:
    class Slow:
        def wait(self, rate: Any, *, lane: str, until: float) -> None:
            del rate, lane, until
            clock.sleep(60)

    script(exchange, ok("there"))
    client = client_over(pacer=Slow(), timeout=10)
    started = clock.ticks
    assert client.call(rows.private) == "there"
    assert exchange.get_requests()[0].extensions["deadline"] == started + 70


def test_what_has_an_end_of_its_own_waits_for_no_turn_after_it(
    exchange: HTTPXMock, rows: Any, client_over: Make, clock: Any
) -> None:
    class Busy:
        def wait(self, rate: Any, *, lane: str, until: float) -> None:
            del rate, lane
            if until < clock.ticks + 3:
                raise RateLimitedError("later")
            clock.sleep(3)

    script(exchange, ok("there"))
    client, started = client_over(pacer=Busy(), timeout=10), clock.ticks
    with pytest.raises(RateLimitedError):
        client.ending_at(started + 2).call(rows.private)
    assert clock.ticks == started
    assert client.ending_at(started + 4).call(rows.private) == "there"
    assert exchange.get_requests()[0].extensions["deadline"] == started + 4


def test_a_lane_is_per_account_or_per_address(exchange: HTTPXMock, rows: Any, client_over: Make, key: Key) -> None:
    lanes: list[str] = []

    class Listening:
        def wait(self, rate: Any, *, lane: str, until: float) -> None:
            del rate, until
            lanes.append(lane)

    script(exchange, ok(), ok())
    client = client_over(pacer=Listening())
    client.call(rows.public)
    client.call(rows.private)
    assert lanes[0] == "api.bitget.com|address|mix.market.ticker"
    assert lanes[1].startswith("api.bitget.com|")
    assert "address" not in lanes[1]
    assert key.id.reveal() not in lanes[1]


def test_every_request_is_reported_without_a_secret(
    exchange: HTTPXMock, rows: Any, client_over: Make, key: Key
) -> None:
    reports: list[Report] = []
    script(exchange, httpx.ReadError("x"), refused("40034"), ok())
    client = client_over(report=reports.append)
    with pytest.raises(RejectedError):
        client.call(rows.public, symbol="NOPE")
    client.call(rows.private)
    assert [(report.status, report.code, report.remaining) for report in reports] == [
        (None, None, None),
        (400, "40034", None),
        (200, "00000", "19"),
    ]
    assert reports[0].url == "https://api.bitget.com/api/v2/mix/market/ticker?symbol=NOPE"
    for secret in (key.id, key.secret, key.passphrase):
        assert secret.reveal() not in repr(reports)
