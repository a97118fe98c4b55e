"""The door for streams: how a connection is opened, and what is said when it cannot be."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from benchmarks.authority import issue
from stream_server import Exchange, RawServer, arg, exchange, frame, request_head, shake_hands

from bitget_cli.client.ws.connection import opener
from bitget_cli.client.ws.interfaces import ConnectionLostError, Socket
from bitget_cli.errors import ConfigError

Play = Callable[[socket.socket], None]


def opened(address: str, environ: dict[str, str] | None = None, **given: Any) -> Socket:
    return opener(address, environ=environ or {}, **given)(False, 0.5)


def failure(address: str, environ: dict[str, str] | None = None, **given: Any) -> ConnectionLostError:
    with pytest.raises(ConnectionLostError) as failed:
        opened(address, environ, **given)
    return failed.value


@pytest.mark.parametrize(
    ("status", "final", "pause"),
    [
        (HTTPStatus.FOUND, True, 0),
        (HTTPStatus.PERMANENT_REDIRECT, True, 0),
        (HTTPStatus.UNAUTHORIZED, True, 0),
        (HTTPStatus.FORBIDDEN, True, 60),
        (HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS, True, 0),
        (HTTPStatus.TOO_MANY_REQUESTS, False, 60),
        (HTTPStatus.SERVICE_UNAVAILABLE, False, 0),
    ],
)
def test_an_answer_that_is_no_handshake_says_whether_to_try_again(status: HTTPStatus, final: bool, pause: int) -> None:
    with exchange() as bitget:
        bitget.answers = [status]
        refused = failure(bitget.address)
        assert len(bitget.handshakes) == 1
    assert (refused.final, refused.pause, refused.http_status, refused.reached) == (final, pause, int(status), True)
    assert str(int(status)) in refused.message
    if not 300 <= status < 400:
        assert "refused at the edge" in refused.message


def test_redirects_are_never_followed() -> None:
    elsewhere = Exchange()

    def redirects(connection: socket.socket) -> None:
        request_head(connection)
        connection.sendall(f"HTTP/1.1 302 Found\r\nLocation: {elsewhere.address}\r\n\r\n".encode())

    server = RawServer(redirects)
    try:
        assert "redirects are never followed" in failure(server.address).message
        assert elsewhere.handshakes == []
    finally:
        server.close()
        elsewhere.close()


@pytest.mark.parametrize(
    "play",
    [
        lambda connection: connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
        lambda connection: connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: bm90IG91cnM=\r\n\r\n"
        ),
        lambda connection: connection.sendall(
            b"HTTP/1.1 403 No\r\nContent-Length: 99999999999\r\n\r\n" + b"x" * 99_999
        ),
        lambda connection: connection.sendall(b"HTTP/1.1 x\r\n\r\n"),
    ],
)
def test_an_answer_that_breaks_the_rules_is_refused(play: Play) -> None:
    def answer(connection: socket.socket) -> None:
        request_head(connection)
        play(connection)

    server = RawServer(answer)
    try:
        assert "does not speak WebSocket" in failure(server.address).message
    finally:
        server.close()


def test_a_handshake_that_drips_in_ends_at_its_deadline() -> None:
    def drips(connection: socket.socket) -> None:
        for character in b"HTTP/1.1 101 Switching Protocols\r\n" + b"X" * 1000:
            connection.sendall(bytes([character]))
            time.sleep(0.05)

    server = RawServer(drips)
    try:
        assert "did not answer in time" in failure(server.address).message
    finally:
        server.close()


def test_nobody_there_is_told_apart_from_an_exchange_that_refuses() -> None:
    gone = Exchange()
    gone.close()
    refused = failure(gone.address)
    assert (refused.reached, refused.final) == (False, False)
    assert "refused" in refused.message


def test_a_name_that_is_not_known_is_said_so() -> None:
    def unknown(_host: str, _port: int) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    refused = failure("wss://ws.bitget.com", resolve=unknown)
    assert (refused.reached, refused.final) == (False, False)
    assert "could not be resolved" in refused.message


# Through a proxy.


def test_a_proxy_that_wants_a_password_is_named_without_ours() -> None:
    seen: list[bytes] = []

    def wants_password(connection: socket.socket) -> None:
        seen.append(request_head(connection))
        connection.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    server = RawServer(wants_password)
    try:
        refused = failure("wss://ws.bitget.com", {"https_proxy": f"http://me:hidden-word@127.0.0.1:{server.port}"})
    finally:
        server.close()
    assert seen[0].startswith(b"CONNECT ws.bitget.com:443 HTTP/1.1\r\n")
    assert (refused.final, refused.reached) == (True, False)
    assert "407" in refused.message
    assert "hidden-word" not in repr(vars(refused))


def test_a_proxy_that_cannot_be_used_is_a_setting_to_mend() -> None:
    with pytest.raises(ConfigError, match="https_proxy"):
        opened("wss://ws.bitget.com", {"https_proxy": "socks5://127.0.0.1:1"})


# TLS.


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return issue(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def secure(certificates: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.certificate, certificates.key)
    return context


def test_a_certificate_is_checked_by_the_rules_of_rest(certificates: Any, secure: ssl.SSLContext) -> None:
    with exchange(tls=secure) as bitget:
        refused = failure(bitget.address)
        assert refused.final
        assert "certificate" in refused.message
        line = opened(bitget.address, {"SSL_CERT_FILE": str(certificates.authority)})
        line.send("ping")
        assert line.recv(5) == "pong"
        line.close()


def test_a_tunnel_ends_at_the_host_that_was_asked_for(certificates: Any, secure: ssl.SSLContext) -> None:
    with exchange(tls=secure) as bitget:

        def tunnels(connection: socket.socket) -> None:
            request_head(connection)
            with socket.create_connection(("127.0.0.1", bitget.port)) as there:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                there.sendall(connection.recv(1 << 16))
                connection.sendall(there.recv(1 << 16))

        server = RawServer(tunnels)
        try:
            refused = failure(
                "wss://ws.bitget.com",
                {"https_proxy": f"http://127.0.0.1:{server.port}", "SSL_CERT_FILE": str(certificates.authority)},
            )
        finally:
            server.close()
    assert (refused.final, refused.reached) == (True, True)
    assert "ws.bitget.com" in refused.message


def test_a_file_without_certificates_is_a_setting_to_mend(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.touch()
    with pytest.raises(ConfigError, match="SSL_CERT_FILE"):
        opened("wss://127.0.0.1:1", {"SSL_CERT_FILE": str(empty)}, resolve=lambda *_: [])


# An open line.


@pytest.mark.parametrize("gather", [0.0, 0.02, 0.2])
def test_a_wait_for_a_frame_ends_though_one_drips_in(gather: float) -> None:
    whole = frame(b"x" * 100)

    def drips(connection: socket.socket) -> None:
        shake_hands(connection)
        for character in whole:
            connection.sendall(bytes([character]))
            time.sleep(0.005)
        time.sleep(0.5)

    server = RawServer(drips)
    try:
        line = opened(server.address, gather=gather)
        found, waits = None, 0
        while found is None:
            found = line.recv(0.1)
            waits += 1
        assert found == "x" * 100
        assert waits > 2
        line.close()
    finally:
        server.close()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536, 1_000_000, 8 << 20])
@pytest.mark.parametrize("gather", [0.0, 0.01])
def test_frames_of_every_size_arrive(size: int, gather: float) -> None:
    def sends(connection: socket.socket) -> None:
        shake_hands(connection)
        connection.sendall(frame(b"a" * size) + frame(b"next"))
        time.sleep(0.5)

    server = RawServer(sends)
    try:
        line = opened(server.address, gather=gather)
        assert [line.recv(5), line.recv(5)] == ["a" * size, "next"]
        line.close()
    finally:
        server.close()


def test_frames_that_come_apart_can_be_read_together() -> None:
    """What is at hand takes no wait, so all that came within the time is read by one."""

    def sends(connection: socket.socket) -> None:
        shake_hands(connection)
        for number in range(5):
            connection.sendall(frame(str(number).encode()))
            time.sleep(0.01)
        time.sleep(1)

    server = RawServer(sends)
    try:
        line = opened(server.address, gather=0.4)
        assert line.recv(5) == "0"
        assert [line.recv(0) for _ in range(4)] == ["1", "2", "3", "4"]
        line.close()
    finally:
        server.close()


def test_a_frame_beyond_the_limit_is_read_over_without_being_kept() -> None:
    def sends(connection: socket.socket) -> None:
        shake_hands(connection)
        connection.sendall(frame(b"first") + frame(b"a" * (20 << 20)) + frame(b"next"))
        time.sleep(0.5)

    server = RawServer(sends)
    try:
        line = opened(server.address)
        found: list[str | bytes] = []
        while len(found) < 3:
            if (got := line.recv(0.05)) is not None:
                found.append(got)
        assert found == ["first", b"", "next"]
        line.close()
    finally:
        server.close()


def test_a_line_that_was_closed_can_be_closed_again() -> None:
    with exchange() as bitget:
        line = opened(bitget.address)
        line.close()
        line.close()
        with pytest.raises(ConnectionLostError):
            line.send("ping")


def test_public_and_private_have_their_own_paths() -> None:
    with exchange() as bitget:
        connect = opener(bitget.address, environ={})
        for private in (False, True):
            connect(private, 5.0).close()
        assert [request.path for _, request in bitget.handshakes] == ["/v2/ws/public", "/v2/ws/private"]
    assert arg("BTCUSDT")["instId"] == "BTCUSDT"
