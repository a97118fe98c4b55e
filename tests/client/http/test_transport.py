"""The door to the network, against a real server on loopback that misbehaves."""

from __future__ import annotations

import gzip
import re
import socket
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from bitget_cli.client.http import TooLarge
from bitget_cli.client.http.transport import open_transport
from bitget_cli.errors import ConfigError

MIB = 1024 * 1024


def ask(
    url: str, *, environ: dict[str, str] | None = None, seconds: float = 5.0, fresh: bool = False, **options: Any
) -> httpx.Response:
    transport = open_transport(environ=environ or {}, **options)
    try:
        return transport.handle_request(request(url, seconds=seconds, fresh=fresh))
    finally:
        transport.close()


def request(url: str, *, seconds: float = 5.0, fresh: bool = False) -> httpx.Request:
    return httpx.Request("GET", url, extensions={"deadline": time.monotonic() + seconds, "fresh": fresh})


@pytest.mark.parametrize("fresh", [False, True])
def test_an_answer_comes_back_whole(serve: Any, behaviour: Any, fresh: bool) -> None:
    response = ask(serve(behaviour.reply()).url, fresh=fresh)
    assert (response.status_code, response.content) == (200, behaviour.good_body)


def test_gzip_is_unpacked(serve: Any, behaviour: Any) -> None:
    body = gzip.compress(behaviour.good_body)
    response = ask(serve(behaviour.reply(body, headers=b"Content-Encoding: gzip\r\n")).url)
    assert response.content == behaviour.good_body
    assert "content-encoding" not in response.headers


def test_a_redirect_is_an_answer_like_any_other(serve: Any, behaviour: Any) -> None:
    server = serve(behaviour.reply(b"", status="302 Found", headers=b"Location: http://localhost:1/\r\n"))
    assert ask(server.url).status_code == 302
    assert len(server.requests) == 1


def mute(connection: socket.socket) -> None:
    """Says nothing."""
    del connection
    time.sleep(1)


def bomb(size: int) -> bytes:
    return gzip.compress(b"0" * size)


def chunked(data: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + data


ZIPPED = b"Content-Encoding: gzip\r\n"
FAULTS: dict[str, tuple[Callable[[Any], Any], type[Exception]]] = {
    "hangs up": (lambda behaviour: behaviour.hang_up, httpx.RemoteProtocolError),
    "resets": (lambda behaviour: behaviour.reset, httpx.ReadError),
    "bad chunk": (lambda behaviour: behaviour.raw(chunked(b"zz\r\n")), httpx.RemoteProtocolError),
    "cut chunk": (lambda behaviour: behaviour.raw(chunked(b"ff\r\n{"), then_close=True), httpx.RemoteProtocolError),
    "short body": (
        lambda behaviour: behaviour.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", then_close=True),
        httpx.RemoteProtocolError,
    ),
    "two lengths": (
        lambda behaviour: behaviour.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}"),
        httpx.RemoteProtocolError,
    ),
    "HTTP/0.9": (lambda behaviour: behaviour.raw(b"<html>", then_close=True), httpx.RemoteProtocolError),
    "90 KiB header": (lambda behaviour: behaviour.reply(headers=b"X: " + b"x" * 90_000 + b"\r\n"), TooLarge),
    "300 KB header": (
        lambda behaviour: behaviour.reply(headers=b"X: " + b"x" * 300_000 + b"\r\n"),
        httpx.RemoteProtocolError,
    ),
    "gzip bomb": (lambda behaviour: behaviour.reply(bomb(40 * MIB), headers=ZIPPED), TooLarge),
    "large body": (lambda behaviour: behaviour.reply(b"0" * (33 * MIB)), TooLarge),
    "no gzip": (lambda behaviour: behaviour.reply(b"{}", headers=ZIPPED), httpx.DecodingError),
    "cut gzip": (lambda behaviour: behaviour.reply(bomb(9)[:-9], headers=ZIPPED), httpx.DecodingError),
    "gzip twice": (
        lambda behaviour: behaviour.reply(bomb(9), headers=b"Content-Encoding: gzip, gzip\r\n"),
        httpx.DecodingError,
    ),
    "brotli": (lambda behaviour: behaviour.reply(headers=b"Content-Encoding: br\r\n"), httpx.DecodingError),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_answer_is_an_error_of_httpx(fault: str, serve: Any, behaviour: Any) -> None:
    behave, error = FAULTS[fault]
    with pytest.raises(error):
        ask(serve(behave(behaviour)).url)


def test_a_gzip_bomb_is_stopped_before_it_fills_the_memory(serve: Any, behaviour: Any) -> None:
    server = serve(behaviour.reply(bomb(100 * MIB), headers=ZIPPED))
    tracemalloc.start()
    with pytest.raises(TooLarge):
        ask(server.url)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 64 * MIB


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n"


@pytest.mark.parametrize(("first", "drop"), [(b"", HEAD), (HEAD, b"0" * 400)], ids=["headers", "body"])
def test_an_answer_that_drips_ends_at_the_deadline(first: bytes, drop: bytes, serve: Any, behaviour: Any) -> None:
    with pytest.raises(httpx.ReadTimeout):
        ask(serve(behaviour.drip(drop * 3, first=first, every=0.05)).url, seconds=0.3)


def test_a_server_that_says_nothing_ends_at_the_deadline(serve: Any) -> None:
    with pytest.raises(httpx.ReadTimeout):
        ask(serve(mute).url, seconds=0.2)


def test_a_deadline_in_the_past_sends_nothing(serve: Any, behaviour: Any) -> None:
    server = serve(behaviour.reply())
    with pytest.raises(httpx.ConnectTimeout):
        ask(server.url, seconds=-1)
    assert server.requests == []


def test_a_refused_connection_keeps_its_reason() -> None:
    with pytest.raises(httpx.ConnectError) as caught:
        ask("http://127.0.0.1:1")
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)


def test_an_unknown_name_keeps_its_reason() -> None:
    def resolve(_host: str, _port: int) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(httpx.ConnectError) as caught:
        ask("http://nowhere.invalid", resolve=resolve)
    assert isinstance(caught.value.__cause__, socket.gaierror)


def test_a_resolver_that_never_answers_ends_at_the_deadline() -> None:
    def resolve(_host: str, _port: int) -> Any:
        time.sleep(1)
        return []

    with pytest.raises(httpx.ConnectTimeout):
        ask("http://slow.invalid", resolve=resolve, seconds=0.2)


def test_the_next_address_is_tried_when_the_first_is_dead(serve: Any, behaviour: Any) -> None:
    server = serve(behaviour.reply())
    # Nothing listens on port 1, and 192.0.2.1 is an address nobody has.
    dead = [(socket.AF_INET6, ("::1", 1, 0, 0)), (socket.AF_INET, ("192.0.2.1", 80))]
    alive = (socket.AF_INET, ("127.0.0.1", server.port))
    response = ask("http://two.test", resolve=lambda _host, _port: [*dead, alive])
    assert response.status_code == 200


def test_an_idle_connection_is_used_again_but_never_for_a_fresh_request(serve: Any, behaviour: Any) -> None:
    connections: set[int] = set()

    def behave(connection: socket.socket) -> None:
        connections.add(connection.fileno())
        behaviour.reply()(connection)

    server = serve(behave)
    transport = open_transport(environ={})
    for _ in range(3):
        transport.handle_request(request(server.url))
    assert len(connections) == 1
    transport.handle_request(request(server.url, fresh=True))
    assert len(connections) == 2
    transport.close()


def test_a_connection_the_server_has_closed_is_not_used_again(serve: Any, behaviour: Any) -> None:
    server = serve(behaviour.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", then_close=True))
    transport = open_transport(environ={})
    for _ in range(3):
        assert transport.handle_request(request(server.url)).content == b"{}"
        time.sleep(0.05)
    transport.close()


# TLS.


def test_a_certificate_of_a_trusted_authority_is_accepted(serve: Any, behaviour: Any, authority: Any) -> None:
    server = serve(behaviour.reply(), authority.good)
    assert ask(server.url, environ={"SSL_CERT_FILE": str(authority.file)}).status_code == 200


@pytest.mark.parametrize(
    ("flaw", "trusted", "words"),
    [
        ("good", False, "unable to get local issuer certificate"),
        ("expired", True, "certificate has expired"),
        ("other_host", True, "Hostname mismatch"),
        ("self_signed", True, "self.signed certificate"),
    ],
)
def test_a_flawed_certificate_is_refused_before_a_byte_is_sent(
    flaw: str, trusted: bool, words: str, serve: Any, behaviour: Any, authority: Any
) -> None:
    server = serve(behaviour.reply(), getattr(authority, flaw))
    with pytest.raises(httpx.ConnectError) as caught:
        ask(server.url, environ={"SSL_CERT_FILE": str(authority.file)} if trusted else {})
    assert re.search(words, str(caught.value))
    assert server.requests == []


def test_tls_below_1_2_is_refused(serve: Any, behaviour: Any, authority: Any) -> None:
    server = serve(behaviour.reply(), authority.old_tls)
    with pytest.raises(httpx.ConnectError):
        ask(server.url, environ={"SSL_CERT_FILE": str(authority.file)})


def test_a_handshake_that_stalls_ends_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(httpx.ConnectTimeout):
        ask(f"https://localhost:{silent.getsockname()[1]}", seconds=0.3)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_place_without_certificates_is_named(variable: str, tmp_path: Any) -> None:
    with pytest.raises(ConfigError, match=variable):
        ask("https://localhost:1", environ={variable: str(tmp_path)})


# Proxies.


def through(server: Any) -> dict[str, str]:
    return {
        "HTTPS_PROXY": f"http://user:secret@localhost:{server.port}",
        "HTTP_PROXY": f"http://localhost:{server.port}",
    }


@pytest.mark.parametrize(
    ("behave", "words"),
    [
        (lambda b: b.reply(b"", status="407 Proxy \x1b[31m"), "the proxy answered 407"),
        (lambda b: b.reply(b"", status="502 Bad"), "the proxy answered 502"),
        (lambda b: b.hang_up, "closed the connection"),
        (lambda b: b.raw(b"SSH-2.0-OpenSSH\r\n", then_close=True), "spoke no HTTP"),
    ],
)
def test_a_proxy_that_opens_no_tunnel_means_nothing_was_sent(
    behave: Any, words: str, serve: Any, behaviour: Any
) -> None:
    server = serve(behave(behaviour))
    asked = request("https://api.bitget.com/api/v2/public/time")
    with pytest.raises(httpx.ProxyError, match=words):
        open_transport(environ=through(server)).handle_request(asked)
    assert server.requests[0].startswith(b"CONNECT api.bitget.com:443")
    assert asked.extensions["via"] == f" through the proxy in HTTPS_PROXY (http://localhost:{server.port})"


def test_a_proxy_that_hangs_means_nothing_was_sent(serve: Any) -> None:
    with pytest.raises(httpx.ConnectTimeout):
        ask("https://api.bitget.com", environ=through(serve(mute)), seconds=0.2)


def test_a_tunnel_that_breaks_before_tls_means_nothing_was_sent(serve: Any, behaviour: Any) -> None:
    server = serve(behaviour.raw(b"HTTP/1.1 200 Connection established\r\n\r\n", then_close=True))
    with pytest.raises(httpx.ConnectError):
        ask("https://api.bitget.com", environ=through(server))


def test_plain_http_goes_through_its_proxy(serve: Any, behaviour: Any) -> None:
    server = serve(behaviour.reply())
    assert ask("http://elsewhere.test/x", environ=through(server)).content == behaviour.good_body
    assert server.requests[0].startswith(b"GET http://elsewhere.test/x")
