"""A clock that sleeping moves, an exchange that answers as told, and a server on loopback that misbehaves for real."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from doubles import Unpaced

from bitget_cli.catalogue.model import Effect, Endpoint, Param, Rate, Scope
from bitget_cli.client.http.transport import open_transport
from bitget_cli.client.rest.client import Client
from bitget_cli.keys import Key, Secret

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass
class StillClock:
    """Stands where it was put; sleeping moves it."""

    moment: datetime = NOON
    ticks: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.ticks += seconds
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def key() -> Key:
    return Key(Secret("bg_key"), Secret("hmac secret"), Secret("phrase"), source="environment")


class Rows:
    """A public read, a private read, and one row for each way of changing something."""

    public = Endpoint(
        "GET",
        "/api/v2/mix/market/ticker",
        "Ticker",
        rate=Rate(20, Scope.ADDRESS),
        signed=False,
        params=(Param("symbol"),),
    )
    private = Endpoint("GET", "/api/v2/mix/account/account", "Account", rate=Rate(10, Scope.ACCOUNT))
    order = Endpoint(
        "POST",
        "/api/v2/mix/order/place-order",
        "Place an order",
        rate=Rate(10, Scope.ACCOUNT),
        effect=Effect.TRADE,
        params=(Param("symbol", required=True), Param("size"), Param("clientOid")),
    )
    withdrawal = Endpoint(
        "POST", "/api/v2/spot/wallet/withdrawal", "Withdraw", rate=Rate(5, Scope.ACCOUNT), effect=Effect.WITHDRAW
    )


@pytest.fixture
def rows() -> type[Rows]:
    return Rows


@pytest.fixture
def client_over(clock: StillClock, key: Key) -> Callable[..., Client]:
    """A client over any transport, or its own, by default on the still clock and without pacing."""

    def make(http: httpx.BaseTransport | None = None, **changes: Any) -> Client:
        settings: dict[str, Any] = {
            "http": http or open_transport(environ={}),
            "base_url": "https://api.bitget.com",
            "env": "live",
            "clock": clock,
            "pacer": Unpaced(),
            "key": lambda: key,
        }
        return Client(**(settings | changes))

    return make


# The server.


class Misbehaving:
    """Accepts on loopback and hands each connection, its request read, to `behave`; counts the requests."""

    def __init__(self, behave: Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self._behave, self._context = behave, context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"{'https' if self._context else 'http'}://localhost:{self.port}"

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with connection:
                while request := _request(connection):
                    self.requests.append(request)
                    self._behave(connection)
        except (OSError, StopServingError):
            connection.close()


class StopServingError(Exception):
    """Raised by a behaviour to close the connection."""


def _request(connection: socket.socket) -> bytes:
    whole = b""
    while b"\r\n\r\n" not in whole:
        if not (part := connection.recv(65536)):
            return b""
        whole += part
    head, _, body = whole.partition(b"\r\n\r\n")
    length = next(
        (int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")), 0
    )
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def serve() -> Iterator[Callable[..., Misbehaving]]:
    running: list[Misbehaving] = []

    def start(behave: Callable[[socket.socket], None], context: ssl.SSLContext | None = None) -> Misbehaving:
        running.append(Misbehaving(behave, context))
        return running[-1]

    yield start
    for server in running:
        server.close()


GOOD_BODY = b'{"code":"00000","msg":"success","requestTime":1767225600123,"data":{"serverTime":"1767225600118"}}'


def reply(body: bytes = GOOD_BODY, *, status: str = "200 OK", headers: bytes = b"") -> Callable[[socket.socket], None]:
    """A behaviour: a whole, well-formed response."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n".encode()
    return raw(head + headers + b"\r\n" + body)


def raw(data: bytes, *, then_close: bool = False) -> Callable[[socket.socket], None]:
    """A behaviour: these very bytes."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(data)
        if then_close:
            raise StopServingError

    return behave


def drip(data: bytes, *, first: bytes = b"", every: float = 0.02) -> Callable[[socket.socket], None]:
    """A behaviour: one byte now and then, each in time for a timeout that counts reads by themselves."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        for byte in data:
            connection.sendall(bytes([byte]))
            time.sleep(every)

    return behave


def reset(connection: socket.socket) -> None:
    """A behaviour: RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    raise StopServingError


def hang_up(connection: socket.socket) -> None:
    """A behaviour: FIN without an answer."""
    del connection
    raise StopServingError


class Behaviours:
    """The behaviours, for tests (which cannot import from here)."""

    good_body = GOOD_BODY
    reply, raw, drip = staticmethod(reply), staticmethod(raw), staticmethod(drip)
    reset, hang_up = staticmethod(reset), staticmethod(hang_up)


@pytest.fixture
def behaviour() -> type[Behaviours]:
    return Behaviours


# Certificates of our own.


@dataclass(frozen=True)
class Authority:
    """A certificate authority in a folder: `file` is what a client must trust; contexts for servers by flaw."""

    file: Path
    good: ssl.SSLContext
    expired: ssl.SSLContext
    other_host: ssl.SSLContext
    self_signed: ssl.SSLContext
    old_tls: ssl.SSLContext


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return _authority(tmp_path_factory.mktemp("ca"))


def _authority(folder: Path) -> Authority:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    now = datetime.now(UTC)
    ca_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test CA")])

    def certificate(host: str | None, *, days: int = 30, own: bool = False) -> bytes:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]) if host else ca_name
        holder = leaf_key if host else ca_key
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if own else ca_name)
            .public_key(holder.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=host is None, path_length=None), critical=True)
        )
        if host:
            made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        signed = made.sign(leaf_key if own else ca_key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.PEM)

    pem_key = leaf_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    def context(name: str, pem: bytes) -> ssl.SSLContext:
        (folder / name).write_bytes(pem + pem_key)
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(folder / name)
        return made

    (folder / "ca.pem").write_bytes(certificate(None))
    old = context("old.pem", certificate("localhost"))
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    return Authority(
        file=folder / "ca.pem",
        good=context("good.pem", certificate("localhost")),
        expired=context("expired.pem", certificate("localhost", days=-1)),
        other_host=context("other.pem", certificate("elsewhere.test")),
        self_signed=context("own.pem", certificate("localhost", own=True)),
        old_tls=old,
    )
