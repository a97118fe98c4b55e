"""A secure connection that does not come about, over HTTPS and WebSocket alike: what is said of it, and exit 6."""

from __future__ import annotations

import io
import shlex
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from doubles import MemoryKeyring, Ran, Screen
from stream_server import RawServer

from bitget_cli.main import main
from bitget_cli.runtime import Environment, SystemClock

TOO_OLD = "it speaks only TLS 1.1 or older, and TLS 1.2 is the least that is taken"
# Record, version and length; then an alert (fatal, protocol_version), or a ServerHello in that version.
ALERT = bytes.fromhex("15 0301 0002 02 46")
HELLOS = {
    version: bytes.fromhex(f"16 {code} 002a 02 000026 {code}") + bytes(32) + bytes.fromhex("00 002f 00")
    for version, code in (("1.0", "0301"), ("1.1", "0302"))
}
ANSWERS = {
    "an alert": (ALERT, TOO_OLD),
    "TLS 1.0": (HELLOS["1.0"], TOO_OLD),
    "TLS 1.1": (HELLOS["1.1"], TOO_OLD),
    "nothing": (b"", "it hung up in the handshake, as one may that speaks only TLS 1.1 or older"),
    "no TLS": (b"HTTP/1.1 400 Bad Request\r\n\r\n", "what answers there is no TLS"),
}


class Unsleeping(SystemClock):
    """Tries again at once."""

    def sleep(self, seconds: float) -> None:
        del seconds


@pytest.fixture(params=list(ANSWERS))
def answer(request: pytest.FixtureRequest) -> Iterator[tuple[RawServer, str]]:
    data, said = ANSWERS[request.param]

    def play(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(data)

    server = RawServer(play)
    yield server, said
    server.close()


def typed(line: str, port: int, home: Path, *, terminal: bool = False) -> Ran:
    stream = Screen if terminal else io.StringIO
    out, err = stream(), stream()
    environ = {"HOME": str(home), "TERM": "xterm-256color", "BITGET_API_BASE_URL": f"https://127.0.0.1:{port}"}
    environ["BITGET_WS_BASE_URL"] = f"wss://127.0.0.1:{port}"
    environment = Environment(
        environ=environ, stdin=stream(), stdout=out, stderr=err, clock=Unsleeping(), keyring=MemoryKeyring()
    )
    status = main(shlex.split(line), environment)
    return Ran(out.getvalue(), err.getvalue(), status)


@pytest.mark.parametrize("line", ["market time", "watch ticker BTCUSDT --timeout 0.5 --no-status"])
def test_a_version_that_is_too_old_is_named(answer: tuple[RawServer, str], line: str, home: Path) -> None:
    server, said = answer
    ran = typed(f"{line} --json", server.port, home)
    assert (ran.status, ran.out) == (6, "")
    assert ran.failure["message"].startswith(f"no secure connection to 127.0.0.1: {said}")
    assert "eof" not in ran.err.lower()
    if "watch" in line and said == TOO_OLD:
        assert len(server.accepted) == 1  # another try soon is of no use


@pytest.mark.parametrize("line", ["market time", "watch ticker BTCUSDT --timeout 0.5"])
def test_it_is_named_to_people_too(line: str, home: Path) -> None:
    def play(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(ALERT)

    server = RawServer(play)
    ran = typed(line, server.port, home, terminal=True)
    server.close()
    assert ran.status == 6
    assert TOO_OLD in ran.err
    assert "[?1049h" not in ran.out or ran.out.endswith("\x1b[?1049l")
