"""The paper exchange over HTTP: rate limits, untouched queries, and quiet endings."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from bitget_cli.catalogue.model import Rate, Scope
from bitget_cli.servers.paper_server import Limits

pytest.importorskip("tornado")
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from websockets.asyncio.client import connect

from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.store import Store
from bitget_cli.servers.paper_server import End, PaperServer, application

_SCRIPT = """
import sys
from datetime import UTC, datetime
from bitget_cli.paper.exchange import Exchange
from bitget_cli.servers.paper_server import PaperServer
from bitget_cli.paper.store import Store
server = PaperServer(Exchange(Store(None), wall=lambda: datetime.now(UTC)), port=0)
print(server.url, flush=True)
server.run()
"""


@asynccontextmanager
async def listening(exchange: Exchange, clock: Callable[[], float] = time.monotonic) -> AsyncIterator[str]:
    """Host and port of a server in this process."""
    server = HTTPServer(application(exchange, clock=clock))
    [listener] = bind_sockets(0, "127.0.0.1")
    server.add_socket(listener)
    yield f"127.0.0.1:{listener.getsockname()[1]}"
    server.stop()
    await server.close_all_connections()


def over_http(ask: Any, *targets: str, at: list[float] | None = None, body: bytes = b"") -> list[httpx.Response]:
    """The answers to requests made one after another, POSTs where there is a body; `at` are the seconds they arrive."""
    moments = iter(at or [0.0] * len(targets))
    method = "POST" if body else "GET"

    async def get() -> list[httpx.Response]:
        async with listening(ask.exchange, lambda: next(moments)) as where, httpx.AsyncClient() as client:
            return [await client.request(method, f"http://{where}{target}", content=body) for target in targets]

    return asyncio.run(get())


def test_the_answer_is_the_exchanges_own(ask: Any) -> None:
    target = "/api/v2/mix/market/ticker?symbol=BTCUSDT&productType=USDT-FUTURES"
    (answer,) = over_http(ask, target)
    assert (answer.status_code, answer.json()) == ask.raw("GET", target)
    assert answer.headers["content-type"] == "application/json"


def test_calls_left_count_down_and_the_next_one_is_too_many(ask: Any) -> None:
    answers = over_http(ask, *["/api/v2/spot/public/coins?coin=BTC"] * 5, at=[0.0, 0.1, 0.2, 0.3, 1.0])
    assert [answer.headers["x-mbx-used-remain-limit"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 200]
    assert (answers[3].json()["code"], answers[3].json()["msg"]) == ("429", "Too Many Requests")


def test_endpoints_are_counted_apart(ask: Any) -> None:
    answers = over_http(ask, *["/api/v2/spot/public/coins?coin=BTC"] * 3, "/api/v2/public/time")
    assert answers[-1].headers["x-mbx-used-remain-limit"] == "19"


def test_an_unknown_path_is_not_found(ask: Any) -> None:
    (answer,) = over_http(ask, "/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "40404")


def refused(rate: Rate, *, every: float, late: float = 0.0) -> int:
    """How many of 100 calls are refused to one that calls `every` so many seconds, each other call `late`."""
    limits, moments = Limits(), [number * every + (late if number % 2 else 0) for number in range(100)]
    return sum(limits.take(rate, endpoint="any", key="one", address="", at=at) is None for at in moments)


@pytest.mark.parametrize(("calls", "seconds"), [(20, 1), (10, 1), (3, 1), (1, 1), (1, 10)])
def test_who_keeps_exactly_to_the_documented_rate_is_never_refused(calls: int, seconds: int) -> None:
    rate, every = Rate(calls, Scope.ACCOUNT, seconds=seconds), seconds / calls
    assert refused(rate, every=every) == refused(rate, every=every, late=0.04) == 0
    assert refused(rate, every=every * 0.99) == 0
    assert refused(rate, every=every * 0.9) > 0


def test_a_query_arrives_as_it_was_sent_and_no_answer_is_cached() -> None:
    targets: list[str] = []

    def answer(**asked: Any) -> tuple[int, bytes]:
        targets.append(asked["target"])
        return 200, b"{}"

    told = over_http(SimpleNamespace(exchange=SimpleNamespace(answer=answer)), "/api/v2/x?b=%2f&a=1,2&c=", "/api/v2/x")
    assert targets == ["/api/v2/x?b=%2f&a=1,2&c=", "/api/v2/x"]
    assert not [name for answered in told for name in ("etag", "last-modified") if name in answered.headers]


def test_a_body_beyond_a_megabyte_is_refused(ask: Any) -> None:
    (answer,) = over_http(ask, "/api/v2/spot/trade/place-order", body=b"x" * ((1 << 20) + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "40409")


@pytest.mark.parametrize(("scope", "left"), [(Scope.ACCOUNT, 9), (Scope.ADDRESS, 8)])
def test_calls_are_counted_by_key_or_by_address(scope: Scope, left: int) -> None:
    limits, rate = Limits(), Rate(10, scope)
    limits.take(rate, endpoint="order", key="one", address="here", at=0.0)
    assert limits.take(rate, endpoint="order", key="two", address="here", at=0.0) == left


def test_a_port_in_use_is_told_at_once(ask: Any) -> None:
    first = PaperServer(ask.exchange, port=0)
    with pytest.raises(OSError, match="in use"):
        PaperServer(ask.exchange, port=int(first.url.rpartition(":")[2]))
    first.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_listens_once_its_address_is_told_and_ends_quietly(number: signal.Signals, tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _SCRIPT],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
    ) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert httpx.get(f"{url}/api/v2/public/time", timeout=10).json()["code"] == "00000"
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")


TICKER = '{"op":"subscribe","args":[{"instType":"SPOT","channel":"ticker","instId":"BTCUSDT"}]}'


def over_a_stream(exchange: Exchange) -> int | None:
    """The code with which the connection of a client that follows a ticker is closed."""

    async def follow() -> int | None:
        async with listening(exchange) as where, connect(f"ws://{where}/v2/ws/public") as client:
            await client.send(TICKER)
            await client.wait_closed()
            return client.close_code

    return asyncio.run(follow())


def test_a_file_that_cannot_be_used_is_one_line_for_people_and_no_answer_for_programs(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "paper.sqlite3"
    path.write_text("no database")
    exchange = Exchange(Store(path), wall=lambda: datetime.now(UTC))
    (answer,) = over_http(SimpleNamespace(exchange=exchange), "/api/v2/public/time")
    assert answer.status_code == 503
    assert over_a_stream(exchange) == End.BROKEN
    said = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.exc_info for record in said] == [None, None]
    assert all(f"cannot use the paper exchange's file {path}" in record.message for record in said)
