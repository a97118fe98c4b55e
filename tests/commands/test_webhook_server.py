"""`bitget webhook serve` over HTTP: slow and hostile senders, late answers, and how it begins and ends."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from alerting import GOOD, SECRET, alert, log, orders
from doubles import Bitget

pytest.importorskip("tornado")
from tornado.netutil import bind_sockets

from bitget_cli.application.alerts.webhooks import Reply
from bitget_cli.servers import webhook as webhook_module
from bitget_cli.servers.webhook import webhook_server

PATH = "/api/webhook/bitget"


class Taker:
    """Takes everything, and answers at once unless it is told not to."""

    def __init__(self, *, answers: bool = True) -> None:
        self.bodies: list[bytes] = []
        self.replies: list[Future[Reply]] = []
        self._answers = answers

    def take(self, body: bytes) -> Future[Reply]:
        self.bodies.append(body)
        reply: Future[Reply] = Future()
        self.replies.append(reply)
        if self._answers:
            reply.set_result(Reply(200, {"outcome": "accepted", "id": None}))
        return reply


@asynccontextmanager
async def listening(taker: Taker) -> AsyncIterator[int]:
    server = webhook_server(taker, path=PATH)
    [listener] = bind_sockets(0, "127.0.0.1")
    server.add_socket(listener)
    yield listener.getsockname()[1]
    server.stop()
    await server.close_all_connections()


async def post(port: int, body: bytes = b"{}", *, path: str = PATH, method: str = "POST") -> httpx.Response:
    async with httpx.AsyncClient(timeout=10) as client:
        return await client.request(method, f"http://127.0.0.1:{port}{path}", content=body)


def test_the_answer_is_a_few_words_as_json() -> None:
    async def run() -> None:
        taker = Taker()
        async with listening(taker) as port:
            told = await post(port, b"an alert")
            assert (told.status_code, told.json(), taker.bodies) == (200, {"outcome": "accepted"}, [b"an alert"])
            assert told.headers["content-type"] == "application/json"
            assert "server" not in told.headers

    asyncio.run(run())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", PATH, 405), ("PUT", PATH, 405), ("POST", "/", 404), ("POST", f"{PATH}/", 404), ("GET", "/..%2f", 404)],
)
def test_anything_but_a_post_to_the_path_is_not_there(method: str, path: str, status: int) -> None:
    async def run() -> None:
        taker = Taker()
        async with listening(taker) as port:
            assert (await post(port, path=path, method=method)).status_code == status
        assert taker.bodies == []

    asyncio.run(run())


def test_a_form_that_is_none_is_refused_without_being_taken() -> None:
    async def run() -> None:
        taker = Taker()
        async with listening(taker) as port, httpx.AsyncClient() as client:
            headers = {"Content-Type": "multipart/form-data; boundary=x"}
            told = await client.post(f"http://127.0.0.1:{port}{PATH}", content=b"zzz", headers=headers)
            assert (told.status_code, told.json()["outcome"], taker.bodies) == (400, "refused", [])

    asyncio.run(run())


def test_a_late_outcome_is_told_as_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_module, "_PATIENCE", 0.05)

    async def run() -> None:
        async with listening(Taker(answers=False)) as port:
            told = await post(port)
            assert (told.status_code, told.json()) == (202, {"outcome": "accepted"})

    asyncio.run(run())


def test_a_defect_is_no_acceptance(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Taker):
        def take(self, body: bytes) -> Future[Reply]:
            raise RuntimeError(f"a defect, with {body!r} in it")

    async def run() -> None:
        async with listening(Broken()) as port:
            told = await post(port, b"words of the alert")
            assert (told.status_code, "words" in told.text) == (500, False)

    asyncio.run(run())
    caplog.clear()


async def dripping(port: int, *parts: bytes, pause: float = 0.02) -> bytes:
    """Sends the parts slowly and then waits for the end of the connection: what was answered by then."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    with suppress(ConnectionError):
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(pause)
    with suppress(ConnectionError):
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        return answer
    return b""


HEAD = f"POST {PATH} HTTP/1.1\r\nHost: x\r\n".encode()
# What a sender begins and never brings to its end.
SLOW = {
    "its headers": [HEAD],
    "a header for ever": [HEAD, *[b"X: y\r\n"] * 20],
    "its body": [HEAD + b"Content-Length: 900\r\n\r\n", *[b"x"] * 20],
    "its chunks": [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\nx\r\n"] * 20],
    "nothing": [],
    "no HTTP": [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    "two lengths": [HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    "a length and chunks": [HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
    "a body for ever": [HEAD + b"Content-Length: 99999999\r\n\r\n", b"x" * 70_000],
}


@pytest.mark.parametrize("parts", SLOW.values(), ids=SLOW)
def test_a_sender_that_is_slow_is_cut_and_keeps_nobody_waiting(
    parts: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_module, "_HEADERS", 0.2)
    monkeypatch.setattr(webhook_module, "_BODY", 0.2)

    async def run() -> None:
        taker = Taker()
        async with listening(taker) as port:
            slow = [asyncio.ensure_future(dripping(port, *parts)) for _ in range(20)]
            await asyncio.sleep(0.05)
            assert (await post(port, b"good")).status_code == 200
            answers = await asyncio.gather(*slow)
        assert not any(b" 200 " in answer for answer in answers)
        assert taker.bodies == [b"good"]

    asyncio.run(run())


def test_a_body_that_breaks_off_is_no_alert() -> None:
    async def run() -> None:
        taker = Taker()
        async with listening(taker) as port:
            body = alert()
            for length in (0, 1, len(body) // 2, len(body) - 1):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body[:length])
                await writer.drain()
                writer.close()
            assert (await post(port, b"good")).status_code == 200
        assert taker.bodies == [b"good"]

    asyncio.run(run())


def test_of_very_many_connections_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_module, "_MOST", 10)

    async def run() -> None:
        async with listening(Taker()) as port:
            held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(40)]
            assert (await post(port)).status_code == 200
            for reader, _ in held[:30]:
                assert await asyncio.wait_for(reader.read(), 5) == b""
            for _, writer in held:
                writer.close()

    asyncio.run(run())


def test_one_that_waits_for_its_answer_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_module, "_MOST", 10)

    async def run() -> None:
        taker = Taker(answers=False)
        async with listening(taker) as port:
            waits = asyncio.ensure_future(post(port))
            while not taker.replies:
                await asyncio.sleep(0.01)
            held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(30)]
            await asyncio.wait_for(held[0][0].read(), 5)
            taker.replies[0].set_result(Reply(200, {"outcome": "accepted"}))
            assert (await waits).status_code == 200
            for _, writer in held:
                writer.close()

    asyncio.run(run())


# The whole of it.


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def while_serving(bitget: Bitget, options: str, act: Callable[[str], None], *, ends: int = signal.SIGTERM) -> Any:
    """Types `webhook serve`, does something once it listens, and ends it as from outside."""
    port, failures = free_port(), []

    def other_side() -> None:
        try:
            for _ in range(500):
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.01)
            act(f"http://127.0.0.1:{port}{PATH}")
        except BaseException as failure:
            failures.append(failure)
        finally:
            os.kill(os.getpid(), ends)

    thread = Thread(target=other_side)
    # The signal must not end the test where the command ended by itself.
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        thread.start()
        ran = bitget(f"webhook serve --port {port} {options}", env={"BITGET_WEBHOOK_SECRET": SECRET})
        thread.join()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if failures:
        raise failures[0]
    return ran


def test_an_alert_over_http_is_an_order(bitget: Bitget, tmp_path: Path) -> None:
    told: list[httpx.Response] = []

    def act(url: str) -> None:
        bodies = (alert(id="1"), alert(id="1"), b"buy BTCUSDT.P 1 secret=no", b"x" * 20_000)
        told.extend(httpx.post(url, content=body) for body in bodies)

    script = f"import os; open({str(tmp_path / 'run')!r}, 'w').write(os.environ['BITGET_ALERT_ORDER_ID'])"
    ran = while_serving(bitget, f'--run "{sys.executable} -c \\"{script}\\"" --json', act)
    assert [one.status_code for one in told] == [200, 409, 403, 413]
    assert told[0].json()["outcome"] == "accepted"
    (placed,) = orders(bitget)
    assert told[0].json()["client_oid"] == placed["clientOid"]
    assert (tmp_path / "run").read_text() == placed["orderId"]
    assert (ran.status, ran.json["url"].endswith(PATH)) == (143, True)
    assert "PAPER: alerts trade on profile paper, every market, at most 30 a minute" in ran.err
    assert SECRET not in ran.out + ran.err
    assert [row["outcome"] for row in log(bitget)] == ["placed", "refused", "refused", "refused"]


def test_ctrl_c_ends_it_and_a_taken_port_is_told(bitget: Bitget) -> None:
    def act(url: str) -> None:
        other = Bitget(bitget.environ, bitget.clock, bitget.keyring)
        port = url.split(":")[2].partition("/")[0]
        environ = {"BITGET_WEBHOOK_SECRET": SECRET}
        assert other(f"webhook serve --port {port} --json", env=environ).failure["exit"] == 10
        assert other("profile add desk --env demo --stdin", typed="key\nsecret-of-it\nwords-of-it\n").status == 0
        ran = other(f"-p desk webhook serve --port {port} --json", env=environ)
        assert (ran.status, "cannot be used" in ran.failure["message"]) == (3, True)

    assert while_serving(bitget, "", act, ends=signal.SIGINT).status == 130


# A lot of it, in a process of its own.


def resident(process: int) -> int:
    """Kilobytes in memory."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


def fresh(**words: Any) -> bytes:
    return json.dumps(GOOD | {"time": datetime.now(UTC).isoformat()} | words).encode()


def hostile(chance: random.Random) -> bytes:
    good = fresh(id=str(chance.random()), secret=SECRET)
    match chance.randrange(8):
        case 0:
            return fresh(secret=SECRET[:-1] + "x")
        case 1:
            return good[: chance.randrange(len(good) - 2)]
        case 2:
            return fresh(time="2020-01-01T00:00:00Z")
        case 3:
            return fresh(size=chance.choice(["0", "-1", "NaN", "1e5", "9" * 500]))
        case 4:
            return chance.randbytes(chance.randrange(16_000))
        case 5:
            return b'{"a":' * chance.randrange(3000)
        case 6:
            return fresh(symbol=chance.choice(["X:Y", "", "BTCUST", "\u0000", "{{ticker}}"]))
    return b"x" * chance.randrange(16_000, 300_000)


@pytest.mark.slow
@pytest.mark.parametrize("count", [10_000])
def test_ten_thousand_hostile_bodies_over_http_change_nothing(count: int, home: Path) -> None:
    words = [sys.executable, "-m", "bitget_cli", "webhook", "serve", "--port", "0", "--per-minute", "6000"]
    environ = {**os.environ, "HOME": str(home), "BITGET_WEBHOOK_SECRET": SECRET}
    chance, good, slowest = random.Random(7), 0, 0.0
    with (
        subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environ) as process,
        httpx.Client(timeout=10) as client,
    ):
        assert process.stdout
        url = process.stdout.readline().strip()
        port = int(url.split(":")[2].partition("/")[0])
        held = []
        memory = []
        for number in range(count):
            if number % 100 == 0:
                # Slow ones and those that break off, all the while.
                for _ in range(10):
                    one = socket.create_connection(("127.0.0.1", port))
                    one.send(HEAD + b"Content-Length: 500\r\n\r\n" + fresh()[:50])
                    held.append(one)
                for one in held[:-50]:
                    one.close()
                held = held[-50:]
                body, before = fresh(id=f"good {number}", size="0.0001"), time.monotonic()
                assert client.post(url, content=body).status_code == 200
                slowest = max(slowest, time.monotonic() - before)
                assert client.post(url, content=body).status_code == 409
                good += 1
                memory.append(resident(process.pid))
            with suppress(httpx.TransportError):
                status = client.post(url, content=hostile(chance)).status_code
                assert status in (400, 403, 413, 422, 429), status
        for one in held:
            one.close()
        process.terminate()
    ran = subprocess.run(
        [sys.executable, "-m", "bitget_cli", "-p", "paper", "order", "log", "--all", "--json"],
        env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert [row["state"] for row in json.loads(ran.stdout)] == ["placed"] * good
    assert slowest < 3
    # What the first half needed is enough.
    assert memory[-1] - memory[len(memory) // 2] < 2 * 1024, memory
