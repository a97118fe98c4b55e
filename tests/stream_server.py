"""Streams on loopback: a WebSocket server that plays an exchange by a script, and one that breaks off wherever told."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http import HTTPStatus
from typing import Any

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

logging.getLogger("websockets").setLevel(logging.CRITICAL)

TICKER = {"instId": "BTCUSDT", "lastPr": "65000.10", "bidPr": "65000.0", "askPr": "65000.2", "ts": "1790000000000"}


def arg(name: str, channel: str = "ticker", market: str = "USDT-FUTURES") -> dict[str, str]:
    """What a subscription and its pushes are marked with."""
    return {"instType": market, "channel": channel, "instId": name}


def push(of: dict[str, str], *rows: Any, action: str = "snapshot") -> str:
    """A push about `of`."""
    return json.dumps({"action": action, "arg": of, "data": list(rows) or [TICKER], "ts": 1790000000001})


def ack(of: dict[str, str]) -> str:
    return json.dumps({"event": "subscribe", "arg": of})


def error(code: Any, of: dict[str, str] | None = None, msg: str = "no", op: str | None = None) -> str:
    whole = {"event": "error", "arg": of, "code": code, "msg": msg, "op": op}
    return json.dumps({name: value for name, value in whole.items() if value is not None})


class Line:
    """One client's connection, as its script sees it."""

    def __init__(self, connection: ServerConnection, exchange: Exchange) -> None:
        self.connection = connection
        self.exchange = exchange
        self.number = len(exchange.lines)
        self.path = connection.request.path if connection.request else ""
        self.got: list[tuple[float, str]] = []
        self.opened_at = time.monotonic()

    def send(self, text: str | bytes) -> None:
        self.connection.send(text)

    def requests(self, op: str) -> list[list[dict[str, str]]]:
        """The arguments of every request of this kind, in order."""
        found = [json.loads(text) for _, text in list(self.got) if text != "ping"]
        return [request["args"] for request in found if request["op"] == op]

    def cut(self) -> None:
        """The end without a close frame, as when a server loses interest."""
        with suppress(OSError):
            self.connection.socket.shutdown(socket.SHUT_RDWR)

    # What an exchange does, for scripts that differ in one point.

    def on_subscribe(self, args: list[dict[str, str]]) -> None:
        for each in args:
            self.send(ack(each))
            self.send(push(each))

    def on_unsubscribe(self, args: list[dict[str, str]]) -> None:
        for each in args:
            self.send(json.dumps({"event": "unsubscribe", "arg": each}))

    def on_login(self, _login: dict[str, str]) -> None:
        self.send(json.dumps({"event": "login", "code": 0, "connId": "a1b2"}))

    def on_ping(self) -> None:
        self.send("pong")

    def on_open(self) -> None:
        """Once, before anything was said."""

    def run(self) -> None:
        self.on_open()
        for message in self.connection:
            text = message if isinstance(message, str) else message.decode()
            self.got.append((time.monotonic(), text))
            if text == "ping":
                self.on_ping()
                continue
            request = json.loads(text)
            match request["op"]:
                case "subscribe":
                    self.on_subscribe(request["args"])
                case "unsubscribe":
                    self.on_unsubscribe(request["args"])
                case "login":
                    self.on_login(request["args"][0])


class Exchange:
    """A WebSocket server on a port of its own. `script` makes the Line of each connection; tests subclass Line."""

    def __init__(
        self,
        script: Callable[[ServerConnection, Exchange], Line] = Line,
        port: int = 0,
        *,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.lines: list[Line] = []
        self.logins: list[dict[str, str]] = []
        self.answers: list[HTTPStatus] = []  # instead of opening, one for each handshake
        self.handshakes: list[tuple[float, Request]] = []
        self._script = script
        self._server: Server = serve(
            self._run,
            "127.0.0.1",
            port,
            compression=None,
            ping_interval=None,
            close_timeout=0.2,
            process_request=self._handshake,
            ssl=tls,
        )
        self.port: int = self._server.socket.getsockname()[1]
        self.address = f"{'wss' if tls else 'ws'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def cut(self) -> None:
        """Ends every connection without a close frame."""
        for line in self.lines:
            line.cut()

    def close(self) -> None:
        self._server.shutdown()
        self.cut()
        self._thread.join()

    def _run(self, connection: ServerConnection) -> None:
        line = self._script(connection, self)
        self.lines.append(line)
        with suppress(ConnectionClosed, OSError):
            line.run()

    def _handshake(self, connection: ServerConnection, request: Request) -> Response | None:
        self.handshakes.append((time.monotonic(), request))
        if not self.answers:
            return None
        status = self.answers.pop(0)
        answer = connection.respond(status, "refused at the edge\n")
        if 300 <= status < 400:
            answer.headers = Headers({**dict(answer.headers), "Location": "ws://127.0.0.1:1/elsewhere"})
        return answer


@contextmanager
def exchange(
    script: Callable[[ServerConnection, Exchange], Line] = Line, port: int = 0, *, tls: ssl.SSLContext | None = None
) -> Iterator[Exchange]:
    """An Exchange for the length of a block."""
    with closing(Exchange(script, port, tls=tls)) as running:
        yield running


# Below WebSocket: bytes as a test wants them.

Bytes = Callable[[socket.socket], None]


class RawServer:
    """Accepts connections and hands each to the next of `plays`; the last one is played again and again."""

    def __init__(self, *plays: Bytes, port: int = 0) -> None:
        self._plays = list(plays)
        self.accepted: list[float] = []
        self._listening = socket.create_server(("127.0.0.1", port), backlog=16)
        self.port: int = self._listening.getsockname()[1]
        self.address = f"ws://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=2)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            self.accepted.append(time.monotonic())
            play = self._plays.pop(0) if len(self._plays) > 1 else self._plays[0]
            threading.Thread(target=_play, args=(play, connection), daemon=True).start()


def _play(play: Bytes, connection: socket.socket) -> None:
    with connection, suppress(OSError):
        connection.settimeout(10)
        play(connection)


def request_head(connection: socket.socket) -> bytes:
    """Everything up to the empty line."""
    head = b""
    while b"\r\n\r\n" not in head:
        more = connection.recv(4096)
        if not more:
            break
        head += more
    return head


def shake_hands(connection: socket.socket) -> None:
    """The server's half of the WebSocket handshake."""
    lines = request_head(connection).decode().split("\r\n")
    key = next(line.split(":", 1)[1].strip() for line in lines if line.lower().startswith("sec-websocket-key:"))
    answer = [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {_accept(key)}",
    ]
    connection.sendall("\r\n".join([*answer, "", ""]).encode())


def frame(payload: bytes, *, opcode: int = 1, fin: bool = True) -> bytes:
    """One unmasked frame."""
    head = bytes([(0x80 if fin else 0) | opcode])
    if len(payload) < 126:
        return head + bytes([len(payload)]) + payload
    if len(payload) < 1 << 16:
        return head + b"\x7e" + struct.pack("!H", len(payload)) + payload
    return head + b"\x7f" + struct.pack("!Q", len(payload)) + payload


def reset(connection: socket.socket) -> None:
    """RST instead of FIN."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def _accept(key: str) -> str:
    digest = hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()  # noqa: S324  # RFC 6455
    return base64.b64encode(digest).decode()
