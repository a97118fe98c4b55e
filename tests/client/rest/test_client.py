"""Calling: what is sent, what is sent again, and what is never told."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bitget_cli import __version__
from bitget_cli.catalogue.v2.public import TIME
from bitget_cli.client.rest.auth import signature
from bitget_cli.client.rest.client import Client, Report
from bitget_cli.errors import CredentialsError, NetworkError, RateLimitedError, RejectedError, UnknownError, UsageError
from bitget_cli.keys import Key
from bitget_cli.values import milliseconds

ORDER = {"symbol": "BTCUSDT", "size": "0.01", "clientOid": "b01"}
CLOCK_CODES = ["40004", "40005", "40008"]


def envelope(data: Any = None, code: str = "00000") -> bytes:
    return json.dumps({"code": code, "msg": "as told", "requestTime": 1767225600123, "data": data}).encode()


class Exchange:
    """Answers from a script, one entry a request; the time whenever it is asked for."""

    def __init__(self, *script: httpx.Response | Exception, server_time: str = "1767225600123") -> None:
        self.script = list(script)
        self.server_time = server_time
        self.requests: list[httpx.Request] = []
        self.times_asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == TIME.path:
            self.times_asked += 1
            return httpx.Response(200, content=envelope({"serverTime": self.server_time}))
        self.requests.append(request)
        answer = self.script.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def ok(data: Any = None) -> httpx.Response:
    return httpx.Response(200, content=envelope(data), headers={"x-mbx-used-remain-limit": "19"})


def refused(code: str) -> httpx.Response:
    return httpx.Response(400, content=envelope(code=code))


Make = Callable[..., Client]


def test_an_answer_is_bitgets_own_data(rows: Any, client_over: Make) -> None:
    client = client_over(httpx.MockTransport(Exchange(ok([{"lastPr": "1.50"}]), ok("success"))))
    answer = client.send(client.prepare(rows.public, {"symbol": "BTCUSDT"}))
    assert answer.data == [{"lastPr": "1.50"}]
    assert (answer.http_status, answer.requested_at, answer.remaining) == (200, "1767225600123", "19")
    assert client.call(rows.public) == "success"


def test_a_public_call_carries_no_credentials_and_asks_for_none(rows: Any, client_over: Make) -> None:
    def no_key() -> Key:
        raise AssertionError("the key was asked for")

    exchange = Exchange(ok())
    client_over(httpx.MockTransport(exchange), key=no_key, env="demo").call(rows.public, symbol="BTCUSDT")
    headers = exchange.requests[0].headers
    assert not [name for name in headers if name.startswith("access-")]
    assert "paptrading" not in headers
    assert headers["user-agent"] == f"bitget-cli/{__version__}"
    assert headers["locale"] == "en-US"


def test_an_order_is_signed_over_the_bytes_that_are_sent(rows: Any, client_over: Make, clock: Any, key: Key) -> None:
    exchange = Exchange(ok({"orderId": "1"}))
    client_over(httpx.MockTransport(exchange)).call(rows.order, **ORDER)
    sent = exchange.requests[0]
    stamp = str(milliseconds(clock.moment))
    assert sent.content == b'{"symbol":"BTCUSDT","size":"0.01","clientOid":"b01"}'
    assert sent.headers["access-sign"] == signature(key, f"{stamp}POST{rows.order.path}".encode() + sent.content)
    assert sent.headers["content-type"] == "application/json"
    assert sent.extensions["fresh"] is True


@pytest.mark.parametrize(("env", "header"), [("live", None), ("demo", "1"), ("paper", None)])
def test_only_demo_says_so_in_a_header(env: str, header: str | None, rows: Any, client_over: Make) -> None:
    exchange = Exchange(ok())
    client = client_over(httpx.MockTransport(exchange), env=env)
    client.call(rows.private)
    assert exchange.requests[0].headers.get("paptrading") == header
    assert client.headers(rows.private).get("paptrading") == header


def test_no_key_means_nothing_is_sent(rows: Any, client_over: Make) -> None:
    def locked() -> Key:
        raise CredentialsError("the keyring is locked")

    exchange = Exchange()
    with pytest.raises(CredentialsError):
        client_over(httpx.MockTransport(exchange), key=locked).call(rows.private)
    assert exchange.requests == []


@pytest.mark.parametrize(
    "trouble",
    [httpx.ReadError("x"), httpx.ConnectError("x"), refused("40725"), httpx.Response(502), httpx.Response(429)],
)
def test_a_read_is_asked_again_after_passing_trouble(trouble: Any, rows: Any, client_over: Make) -> None:
    exchange = Exchange(trouble, trouble, ok("there"))
    assert client_over(httpx.MockTransport(exchange), timeout=30).call(rows.private) == "there"


def test_an_order_that_never_left_is_sent_again_with_the_same_bytes(rows: Any, client_over: Make) -> None:
    exchange = Exchange(httpx.ConnectError("x"), httpx.ConnectTimeout("x"), ok({"orderId": "1"}))
    assert client_over(httpx.MockTransport(exchange)).call(rows.order, **ORDER) == {"orderId": "1"}
    assert len({request.content for request in exchange.requests}) == 1
    assert len({request.headers["access-timestamp"] for request in exchange.requests}) == 3


def test_an_order_in_doubt_is_not_sent_again_even_after_one_that_never_left(rows: Any, client_over: Make) -> None:
    exchange = Exchange(httpx.ConnectError("x"), httpx.ReadError("x"), ok())
    with pytest.raises(UnknownError) as caught:
        client_over(httpx.MockTransport(exchange)).call(rows.order, **ORDER)
    assert caught.value.outcome == "unknown"
    assert "bitget order history" in str(caught.value.hint)
    assert len(exchange.requests) == 2


@pytest.mark.parametrize("code", CLOCK_CODES)
@pytest.mark.parametrize("kind", ["private", "order"])
def test_a_wrong_clock_is_learnt_and_the_call_signed_again(
    code: str, kind: str, rows: Any, client_over: Make, clock: Any
) -> None:
    ahead = clock.moment + timedelta(seconds=40)
    exchange = Exchange(refused(code), ok("done"), ok("done"), server_time=str(milliseconds(ahead)))
    client = client_over(httpx.MockTransport(exchange))
    given = ORDER if kind == "order" else {}
    assert client.call(getattr(rows, kind), **given) == "done"
    assert exchange.requests[1].headers["access-timestamp"] == str(milliseconds(ahead))
    assert exchange.requests[0].content == exchange.requests[1].content
    assert client.offset == timedelta(seconds=40)
    client.call(rows.private)
    assert exchange.times_asked == 1


def test_a_clock_that_stays_wrong_ends_in_a_refusal(rows: Any, client_over: Make) -> None:
    exchange = Exchange(refused("40008"), refused("40008"))
    with pytest.raises(RejectedError) as caught:
        client_over(httpx.MockTransport(exchange)).call(rows.order, **ORDER)
    assert (caught.value.code, caught.value.outcome) == ("40008", "rejected")
    assert "clock" in str(caught.value.hint)


def test_more_than_a_url_can_hold_is_a_usage_error(rows: Any, client_over: Make) -> None:
    with pytest.raises(UsageError, match="too long"):
        client_over(httpx.MockTransport(Exchange())).call(rows.public, symbol="X" * 70_000)


def test_learning_the_clock_ends_with_the_calls_own_deadline(rows: Any, client_over: Make, clock: Any) -> None:
    def exchange(request: httpx.Request) -> httpx.Response:
        clock.ticks += 4
        return httpx.Response(502) if request.url.path == TIME.path else refused("40008")

    started = clock.ticks
    with pytest.raises(RejectedError):
        client_over(httpx.MockTransport(exchange), timeout=5).call(rows.order, **ORDER)
    assert clock.ticks - started <= 9


@pytest.mark.parametrize("told", ["", "soon", "9" * 30])
def test_a_server_time_that_is_none_is_malformed(told: str, client_over: Make) -> None:
    with pytest.raises(NetworkError, match="no server time"):
        client_over(httpx.MockTransport(Exchange(server_time=told))).server_time()


def test_bitgets_code_and_words_are_kept_as_they_are(rows: Any, client_over: Make) -> None:
    with pytest.raises(RejectedError) as caught:
        client_over(httpx.MockTransport(Exchange(refused("40762")))).call(rows.order, **ORDER)
    record = caught.value.record()
    assert (record["code"], record["msg"], record["http_status"]) == ("40762", "as told", 400)
    assert record["endpoint"] == "POST /api/v2/mix/order/place-order"


def test_a_unified_account_is_named_at_the_end_of_the_sentence(rows: Any, client_over: Make) -> None:
    with pytest.raises(CredentialsError, match=r"its account is a unified account$"):
        client_over(httpx.MockTransport(Exchange(refused("40085")))).call(rows.private)


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
    retry_after: str, slept: list[float], rows: Any, client_over: Make, clock: Any
) -> None:
    headers = {"retry-after": retry_after, "date": "Mon, 02 Mar 2026 12:00:00 GMT"}
    exchange = Exchange(httpx.Response(429, headers=headers), ok())
    client_over(httpx.MockTransport(exchange)).call(rows.public)
    assert clock.slept == slept


def test_a_wait_beyond_the_deadline_is_told_instead(rows: Any, client_over: Make, clock: Any) -> None:
    exchange = Exchange(httpx.Response(429, headers={"retry-after": "45"}))
    with pytest.raises(RateLimitedError) as caught:
        client_over(httpx.MockTransport(exchange)).call(rows.public)
    assert "wait 45 s" in str(caught.value.hint)
    assert clock.slept == []


def test_retries_end_with_the_deadline(rows: Any, client_over: Make, clock: Any) -> None:
    def slow(_: httpx.Request) -> httpx.Response:
        clock.ticks += 2.5
        return httpx.Response(502)

    started = clock.ticks
    with pytest.raises(NetworkError):
        client_over(httpx.MockTransport(slow), timeout=5).call(rows.public)
    assert clock.ticks - started <= 5.5


def test_waiting_for_the_rate_limit_does_not_count_against_the_deadline(
    rows: Any, client_over: Make, clock: Any
) -> None:
    class Slow:
        def wait(self, rate: Any, *, lane: str) -> None:
            del rate, lane
            clock.sleep(60)

    exchange = Exchange(ok("there"))
    client = client_over(httpx.MockTransport(exchange), pacer=Slow(), timeout=10)
    started = clock.ticks
    assert client.call(rows.private) == "there"
    assert exchange.requests[0].extensions["deadline"] == started + 70


def test_a_lane_is_per_account_or_per_address(rows: Any, client_over: Make, key: Key) -> None:
    lanes: list[str] = []

    class Listening:
        def wait(self, rate: Any, *, lane: str) -> None:
            del rate
            lanes.append(lane)

    client = client_over(httpx.MockTransport(Exchange(ok(), ok())), pacer=Listening())
    client.call(rows.public)
    client.call(rows.private)
    assert lanes[0] == "api.bitget.com|address|mix.market.ticker"
    assert lanes[1].startswith("api.bitget.com|")
    assert "address" not in lanes[1]
    assert key.id.reveal() not in lanes[1]


def test_every_request_is_reported_without_a_secret(rows: Any, client_over: Make, key: Key) -> None:
    reports: list[Report] = []
    exchange = Exchange(httpx.ReadError("x"), refused("40034"), ok())
    client = client_over(httpx.MockTransport(exchange), report=reports.append)
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
