"""The paper exchange's streams over WebSocket: addresses, limits, slow clients and quiet endings."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from paper_account import PaperAccount
from paper_watcher import arg, login

from bitget_cli.paper.streams.connection import Connection
from bitget_cli.servers.paper_server import End, Quota, serve_connection

pytest.importorskip("tornado")
client = pytest.importorskip("websockets.sync.client")
exceptions = pytest.importorskip("websockets.exceptions")

_SCRIPT = """
from datetime import UTC, datetime
from bitget_cli.paper.exchange import Exchange
from bitget_cli.servers.paper_server import PaperServer
from bitget_cli.paper.store import Store
server = PaperServer(Exchange(Store(None), wall=lambda: datetime.now(UTC)), port=0)
print(server.url, flush=True)
server.run()
"""
TICKER = json.dumps({"op": "subscribe", "args": [arg("ticker")]})
BOOKS = json.dumps({"op": "subscribe", "args": [arg("books", symbol) for symbol in ("BTCUSDT", "ETHUSDT")]})

COINS = ("BTC", "ETH", "SOL", "XRP", "LTC", "DOGE", "ADA", "BGB")


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Any]:
    """A server of its own, as a process with its `ws://` address."""
    environ = {**os.environ, "HOME": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", _SCRIPT],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environ,
    ) as process:
        assert process.stdout
        address = process.stdout.readline().strip().replace("http", "ws")
        yield process, address
        process.kill()


def heard(connection: Any) -> Any:
    frame = connection.recv(timeout=10)
    return frame if frame == "pong" else json.loads(frame)


def test_it_talks_on_every_address_a_client_may_be_given_and_ends_quietly(served: Any) -> None:
    process, address = served
    with ExitStack() as opened:
        connections = []
        named = [f"/{version}/ws/{side}" for version in ("v2", "v3") for side in ("public", "private")]
        for path in ("", "/", *named, "/anything/v2/ws/public", "/v2/ws/public/"):
            connection = opened.enter_context(client.connect(address + path, compression=None))
            connections.append(connection)
            connection.send("ping")
            assert heard(connection) == "pong"
            connection.send(TICKER)
            assert heard(connection) == {"event": "subscribe", "arg": arg("ticker")}
            assert heard(connection)["data"][0]["instId"] == "BTCUSDT"
        for path in ("/v4/ws/public", "/v2/ws/other"):
            with pytest.raises(exceptions.InvalidStatus, match="403"), client.connect(address + path):
                pass
        _ends_at_once_and_says_nothing(process)
        assert [_close_code(connection) for connection in connections] == [1012] * len(connections)


def _close_code(connection: Any) -> int | None:
    """The code of the frame a connection was closed with, after what had been pushed before."""
    try:
        while True:
            connection.recv(timeout=10)
    except exceptions.ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def _ends_at_once_and_says_nothing(process: Any) -> None:
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err) == (0, "", "")
    assert time.monotonic() - began < 5


def test_one_connection_takes_prices_and_after_a_login_what_is_its_own(served: Any) -> None:
    with client.connect(served[1] + "/v2/ws/public", compression=None) as connection:
        wanted = {"op": "subscribe", "args": [arg("account", "default", "SPOT"), arg("books5")]}
        connection.send(json.dumps(wanted))
        assert [heard(connection).get("code") for _ in range(2)] == [30004, None]
        connection.send(login(int(time.time())))
        frames = iter(lambda: heard(connection), None)
        assert next(frame for frame in frames if frame.get("event") == "login")["code"] == 0
        connection.send(json.dumps(wanted))
        pushes = (frame for frame in frames if "action" in frame)
        assert next(push for push in pushes if push["arg"]["channel"] == "account")["data"][0]["coin"] == "USDT"
        connection.send(b"\x00binary")
        assert next(frame for frame in frames if frame.get("event") == "error")["code"] == 30002


def test_a_client_that_says_too_much_is_put_out(served: Any) -> None:
    with client.connect(served[1], compression=None) as connection:
        for _ in range(11):
            connection.send("ping")
        frames = [heard(connection) for _ in range(11)]
        assert frames[:10] == ["pong"] * 10
        assert frames[10] == {"event": "error", "code": 30007, "msg": "request over limit,connection close"}
        assert _close_code(connection) == End.TOO_MANY


def test_a_client_that_does_not_read_holds_up_nobody(served: Any) -> None:
    process, address = served
    host, port = address.removeprefix("ws://").split(":")
    with socket.socket() as deaf, client.connect(address, compression=None) as other:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.connect((host, int(port)))
        deaf.sendall(_handshake(host))
        # Candles are the largest frames there are: six million bytes of them, more than a kernel keeps.
        for granularity in ("1m", "3m", "5m", "15m", "30m", "1H", "4H", "6H"):
            args = [
                arg(f"candle{granularity}", f"{coin}USDT", kind) for coin in COINS for kind in ("SPOT", "USDT-FUTURES")
            ]
            deaf.sendall(_masked({"op": "subscribe", "args": args}))
        other.send(TICKER)
        assert {heard(other)["arg"]["channel"] for _ in range(12)} == {"ticker"}
        _ends_at_once_and_says_nothing(process)


def _handshake(host: str) -> bytes:
    lines = (
        "GET / HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
    )
    return "\r\n".join((*lines, "", "")).encode()


def _masked(frame: Any) -> bytes:
    """A text frame with a mask of zeros, which leaves it as it is."""
    text = json.dumps(frame).encode()
    return b"\x81\xfe" + len(text).to_bytes(2, "big") + bytes(4) + text


# Without a server.


def spoken(
    seconds: Callable[[], float], hear: Callable[[], Awaitable[str | None]], **more: Any
) -> tuple[End, list[str]]:
    """How a talk ends and what was said in it."""
    said: list[str] = []

    async def say(frame: str) -> None:
        said.append(frame)

    line = Connection(PaperAccount().exchange, seconds)
    return asyncio.run(
        serve_connection(line, seconds, hear, more.get("say", say), patience=more.get("patience", 5))
    ), said


def test_a_client_that_forgets_its_ping_for_two_minutes_is_let_go() -> None:
    now = [0.0]
    frames = iter(["ping", TICKER, "ping"])

    async def hear() -> str | None:
        now[0] += 61
        return next(frames, BOOKS)

    def seconds() -> float:
        return now[0]

    end, said = spoken(seconds, hear)
    assert end is End.SILENT
    assert said.count("pong") == 2


def test_a_client_that_is_gone_is_left_alone() -> None:
    async def hear() -> str | None:
        return None

    assert spoken(lambda: 0.0, hear) == (End.GONE, [])


def test_a_client_that_leaves_everything_lying_is_given_up() -> None:
    frames = iter(["ping"])

    async def hear() -> str | None:
        return next(frames)

    async def say(_frame: str) -> None:
        await asyncio.Event().wait()

    assert spoken(lambda: 0.0, hear, say=say, patience=0.01)[0] is End.TOO_SLOW


def test_ten_frames_a_second_are_allowed_for_ever() -> None:
    now = [0.0]
    quota = Quota(lambda: now[0])
    for _ in range(50):
        now[0] += 0.125
        assert quota.allows("ping")
    assert [quota.allows("ping") for _ in range(3)] == [True, True, False]
    now[0] += 1
    assert quota.allows(TICKER)
    assert quota.left == pytest.approx(119)
