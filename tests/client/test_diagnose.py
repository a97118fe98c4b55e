"""The way to an exchange, looked at over real connections on loopback."""

from __future__ import annotations

import socket
import threading
from typing import Any

import pytest

from bitget_cli.client.diagnose import Way, proxy_on_the_way, way_to
from bitget_cli.errors import ConfigError, NetworkError


def look(address: str, *, environ: dict[str, str] | None = None, timeout: float = 5.0, **more: Any) -> Way:
    return way_to(address, environ=environ or {}, timeout=timeout, **more)


def test_a_good_way_tells_addresses_protocol_and_certificate(serve: Any, behaviour: Any, authority: Any) -> None:
    way = look(serve(behaviour.reply(), authority.good).url, environ={"SSL_CERT_FILE": str(authority.file)})

    assert way.failure is None
    assert way.host == "localhost"
    assert "127.0.0.1" in way.addresses
    assert way.tls is not None
    assert (way.tls.version, way.tls.issuer) == ("TLS 1.3", "Test CA")
    assert way.tls.trusting == f"SSL_CERT_FILE={authority.file}"
    assert way.tls.expires.utcoffset() is not None


def test_looking_sends_no_request(serve: Any, behaviour: Any, authority: Any) -> None:
    server = serve(behaviour.reply(), authority.good)
    look(server.url, environ={"SSL_CERT_FILE": str(authority.file)})
    assert server.requests == []


@pytest.mark.parametrize("flaw", ["expired", "other_host", "self_signed"])
def test_a_certificate_that_is_refused_names_the_flaw(serve: Any, behaviour: Any, authority: Any, flaw: str) -> None:
    server = serve(behaviour.reply(), getattr(authority, flaw))
    way = look(server.url, environ={"SSL_CERT_FILE": str(authority.file)})

    assert isinstance(way.failure, NetworkError)
    assert way.failure.message.startswith("the certificate of localhost was refused: ")
    assert "SSL_CERT_FILE" in (way.failure.hint or "")
    assert way.addresses
    assert way.tls is None


def test_an_old_protocol_is_refused(serve: Any, behaviour: Any, authority: Any) -> None:
    way = look(serve(behaviour.reply(), authority.old_tls).url, environ={"SSL_CERT_FILE": str(authority.file)})
    assert way.failure is not None
    assert way.failure.message.startswith("no secure connection to localhost: ")


def test_certificates_that_cannot_be_read_are_a_mistake_of_configuration(
    serve: Any, behaviour: Any, authority: Any, tmp_path: Any
) -> None:
    server = serve(behaviour.reply(), authority.good)
    way = look(server.url, environ={"SSL_CERT_FILE": str(tmp_path / "none.pem")})
    assert isinstance(way.failure, ConfigError)
    assert way.addresses


def test_plain_http_has_no_handshake(serve: Any, behaviour: Any) -> None:
    way = look(serve(behaviour.reply()).url)
    assert (way.tls, way.failure) == (None, None)


def test_a_closed_port_is_refused_after_the_name_was_resolved() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    way = look(f"https://127.0.0.1:{port}")
    assert way.addresses == ("127.0.0.1",)
    assert way.failure is not None
    assert way.failure.message == "could not reach 127.0.0.1: the connection was refused"


def test_a_name_that_does_not_exist_has_no_addresses() -> None:
    def unknown(*_: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    way = look("https://api.bitget.com", resolve=unknown)
    assert way.addresses == ()
    assert way.failure is not None
    assert way.failure.message == "could not reach api.bitget.com: the name could not be resolved"
    assert way.failure.hint


def test_a_resolver_that_never_answers_is_left_at_the_deadline() -> None:
    mute = threading.Event()

    def never(*_: Any) -> Any:
        mute.wait(30)
        return []

    way = look("https://api.bitget.com", timeout=0.05, resolve=never)
    mute.set()
    assert way.addresses == ()
    assert way.failure is not None
    assert "within the deadline" in way.failure.message


def test_a_handshake_that_never_ends_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        way = look(f"https://127.0.0.1:{listener.getsockname()[1]}", timeout=0.1)
    assert way.addresses == ("127.0.0.1",)
    assert way.failure is not None
    assert "within the deadline" in way.failure.message


def test_the_proxy_on_the_way_is_shown_without_its_password() -> None:
    proxy = proxy_on_the_way("https://api.bitget.com", environ={"https_proxy": "http://me:hidden@proxy.test:3128"})
    assert proxy is not None
    assert (proxy.variable, proxy.address) == ("https_proxy", "http://proxy.test:3128")
    assert proxy_on_the_way("http://127.0.0.1:80", environ={"http_proxy": "http://proxy.test:3128"}) is None
