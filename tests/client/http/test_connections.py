"""Which connection a request goes out on, against a real server on loopback."""

from __future__ import annotations

import socket
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat
from typing import Any

import httpx
import pytest

from bitget_cli.client.http import TooLarge
from bitget_cli.client.http.transport import open_transport

Behave = Callable[[socket.socket], None]


def request(url: str, *, method: str = "GET", fresh: bool = False, seconds: float = 5.0) -> httpx.Request:
    extensions = {"deadline": time.monotonic() + seconds, "fresh": fresh}
    return httpx.Request(method, url, content=b"{}" if method == "POST" else b"", extensions=extensions)


class Counted:
    """Each connection's first request is answered by `first`, its later ones by `then`."""

    def __init__(self, first: Behave, then: Behave) -> None:
        self.served: Counter[Any] = Counter()
        self._first, self._then = first, then

    def __call__(self, connection: socket.socket) -> None:
        peer = connection.getpeername()
        self.served[peer] += 1
        (self._first if self.served[peer] == 1 else self._then)(connection)


def always(behave: Behave) -> Counted:
    return Counted(behave, behave)


@pytest.fixture
def transport() -> Any:
    with open_transport(environ={}) as opened:
        yield opened


def test_one_connection_serves_one_request_after_another(serve: Any, behaviour: Any, transport: Any) -> None:
    counted = always(behaviour.reply())
    server = serve(counted)
    for _ in range(5):
        assert transport.handle_request(request(server.url)).content == behaviour.good_body
    assert list(counted.served.values()) == [5]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
    ],
    ids=["close", "HTTP/1.0", "an answer too many"],
)
def test_a_connection_that_cannot_be_trusted_further_serves_one_request(
    answer: bytes, serve: Any, behaviour: Any, transport: Any
) -> None:
    counted = always(behaviour.raw(answer))
    server = serve(counted)
    for _ in range(3):
        assert transport.handle_request(request(server.url)).content == b"{}"
    assert list(counted.served.values()) == [1, 1, 1]


def test_a_broken_answer_costs_its_connection(serve: Any, behaviour: Any, transport: Any) -> None:
    counted = Counted(behaviour.reply(headers=b"X: " + b"x" * 70_000 + b"\r\n"), behaviour.reply())
    server = serve(counted)
    for _ in range(2):
        with pytest.raises(TooLarge):
            transport.handle_request(request(server.url))
    assert list(counted.served.values()) == [1, 1]


@pytest.mark.parametrize("stale", ["hang_up", "reset"])
def test_a_read_on_a_stale_connection_is_asked_once_more_on_a_new_one(
    stale: str, serve: Any, behaviour: Any, transport: Any
) -> None:
    counted = Counted(behaviour.reply(), getattr(behaviour, stale))
    server = serve(counted)
    for _ in range(2):
        assert transport.handle_request(request(server.url)).status_code == 200
    assert list(counted.served.values()) == [2, 1]


def test_a_read_is_not_asked_a_third_time(serve: Any, behaviour: Any, transport: Any) -> None:
    answers = chain([behaviour.reply()], repeat(behaviour.hang_up))
    server = serve(lambda connection: next(answers)(connection))
    transport.handle_request(request(server.url))
    with pytest.raises(httpx.RemoteProtocolError, match="disconnected"):
        transport.handle_request(request(server.url))
    assert len(server.requests) == 3


def test_a_read_whose_answer_had_begun_is_not_asked_again(serve: Any, behaviour: Any, transport: Any) -> None:
    counted = Counted(behaviour.reply(), behaviour.raw(b"HTTP/1.1 200", then_close=True))
    server = serve(counted)
    transport.handle_request(request(server.url))
    with pytest.raises(httpx.RemoteProtocolError):
        transport.handle_request(request(server.url))
    assert len(server.requests) == 2


def test_a_change_on_a_stale_connection_is_not_sent_twice(serve: Any, behaviour: Any, transport: Any) -> None:
    server = serve(Counted(behaviour.reply(), behaviour.hang_up))
    transport.handle_request(request(server.url))
    with pytest.raises(httpx.RemoteProtocolError):
        transport.handle_request(request(server.url, method="POST"))
    assert len(server.requests) == 2


def test_a_fresh_change_meets_no_stale_connection_and_leaves_none(serve: Any, behaviour: Any, transport: Any) -> None:
    counted = Counted(behaviour.reply(), behaviour.hang_up)
    server = serve(counted)
    transport.handle_request(request(server.url))
    for _ in range(2):
        assert transport.handle_request(request(server.url, method="POST", fresh=True)).status_code == 200
    assert list(counted.served.values()) == [1, 1, 1]
    assert server.requests[-1].endswith(b"\r\n\r\n{}")


def test_once_something_has_left_no_error_says_that_nothing_has(serve: Any, behaviour: Any) -> None:
    server = serve(Counted(behaviour.reply(), behaviour.hang_up))
    ports = iter([server.port, 1])
    opened = open_transport(environ={}, resolve=lambda _host, _port: [(socket.AF_INET, ("127.0.0.1", next(ports)))])
    opened.handle_request(request("http://two.test"))
    with pytest.raises(httpx.ReadError) as caught:
        opened.handle_request(request("http://two.test"))
    assert isinstance(caught.value.__cause__, ConnectionRefusedError)
    opened.close()


def test_a_deadline_in_the_past_sends_nothing_on_an_idle_connection(serve: Any, behaviour: Any, transport: Any) -> None:
    server = serve(behaviour.reply())
    transport.handle_request(request(server.url))
    with pytest.raises(httpx.ConnectTimeout):
        transport.handle_request(request(server.url, seconds=-1))
    assert len(server.requests) == 1


def test_each_request_on_a_kept_connection_has_its_own_deadline(serve: Any, behaviour: Any, transport: Any) -> None:
    server = serve(Counted(behaviour.reply(), lambda _connection: time.sleep(1)))
    transport.handle_request(request(server.url, seconds=60))
    with pytest.raises(httpx.ReadTimeout):
        transport.handle_request(request(server.url, seconds=0.2))


def test_sixteen_threads_share_no_connection_at_once(serve: Any, behaviour: Any, transport: Any) -> None:
    counted = always(behaviour.reply())
    server = serve(counted)
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: transport.handle_request(request(server.url)).status_code, range(160)))
    assert answers == [200] * 160
    assert sum(counted.served.values()) == 160
    assert len(counted.served) <= 16


def test_a_closed_transport_keeps_nothing(serve: Any, behaviour: Any) -> None:
    counted = always(behaviour.reply())
    server = serve(counted)
    opened = open_transport(environ={})
    opened.handle_request(request(server.url))
    opened.close()
    opened.handle_request(request(server.url))
    opened.handle_request(request(server.url))
    assert list(counted.served.values()) == [1, 1, 1]


def test_what_http_cannot_carry_never_leaves(serve: Any, behaviour: Any, transport: Any) -> None:
    server = serve(behaviour.reply())
    asked = request(server.url)
    asked.headers["ACCESS-KEY"] = "a\r\nX: b"
    with pytest.raises(httpx.LocalProtocolError):
        transport.handle_request(asked)
    assert server.requests == []


def test_only_http_is_spoken(transport: Any) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        transport.handle_request(request("ftp://localhost/x"))


# Proxies.


def test_a_tunnel_carries_the_request_encrypted(serve: Any, behaviour: Any, authority: Any) -> None:
    def tunnel(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n")
        with authority.other_host.wrap_socket(connection, server_side=True) as inside:
            inner.append(inside.recv(65536))
            behaviour.reply()(inside)

    inner: list[bytes] = []
    proxy = serve(tunnel)
    environ = {"HTTPS_PROXY": f"http://me:p%40ss@localhost:{proxy.port}", "SSL_CERT_FILE": str(authority.file)}
    with open_transport(environ=environ) as opened:
        assert opened.handle_request(request("https://elsewhere.test/a?b=c")).content == behaviour.good_body
    [connect] = proxy.requests
    assert connect.startswith(b"CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: elsewhere.test:443\r\n")
    assert b"\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\n" in connect
    assert inner[0].startswith(b"GET /a?b=c HTTP/1.1\r\nHost: elsewhere.test\r\n")
    assert b"Proxy" not in inner[0]


def test_a_proxy_that_speaks_into_its_tunnel_means_nothing_was_sent(serve: Any, behaviour: Any) -> None:
    proxy = serve(behaviour.raw(b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"))
    with open_transport(environ={"ALL_PROXY": f"localhost:{proxy.port}"}) as opened, pytest.raises(httpx.ProxyError):
        opened.handle_request(request("https://elsewhere.test"))


def test_plain_http_shows_its_proxy_the_password(serve: Any, behaviour: Any) -> None:
    proxy = serve(behaviour.reply())
    with open_transport(environ={"http_proxy": f"http://me:p%40ss@localhost:{proxy.port}"}) as opened:
        opened.handle_request(request("http://elsewhere.test/x"))
    assert b"\r\nProxy-Authorization: Basic bWU6cEBzcw==\r\n" in proxy.requests[0]
