"""The way to a host: names, proxies, certificates and connections, all within one deadline."""

from __future__ import annotations

import os
import re
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import zip_longest
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple, cast
from urllib.parse import unquote, urlsplit

import httpx

from bitget_cli.errors import ConfigError
from bitget_cli.values import is_whole

# A time-out for each read by itself lets a server that sends one byte now and then hold a request for ever. Here
# every wait (the name, the connection, the handshake, each byte) is cut to what is left of one deadline.

# How long one address may stay silent before the next is tried beside it (RFC 8305 recommends 250 ms).
STAGGER = 0.25

Address = tuple[int, Any]  # family, socket address
Resolve = Callable[[str, int], list[Address]]


class RequestDeadline:
    """One request under way: its deadline (monotonic seconds), and whether a byte of it may have left."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.bytes_sent = False

    def remaining(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the deadline has passed")
        return seconds


class NetworkStream:
    """A connection on loan to one request at a time: `flight`, whose deadline bounds every wait.

    What the system reports is raised as httpx's exception for that step, the OSError as its cause.
    """

    def __init__(self, sock: socket.socket, flight: RequestDeadline) -> None:
        self._sock = sock
        self.flight = flight

    def receive(self, most: int) -> bytes:
        """What has come, `most` bytes of it; waits for the first. Empty once the other side has closed."""
        with _raising(httpx.ReadTimeout, httpx.ReadError):
            self._sock.settimeout(self.flight.remaining())
            return self._sock.recv(most)

    def send(self, data: bytes) -> None:
        """All of `data`."""
        with _raising(httpx.WriteTimeout, httpx.WriteError):
            rest = memoryview(data)
            while rest:
                self._sock.settimeout(self.flight.remaining())
                rest = rest[self._sock.send(rest) :]

    def secure(self, context: ssl.SSLContext, host: str) -> ssl.SSLSocket:
        """Shakes hands; from here on everything is encrypted. The caller closes, also after a failure."""
        with _raising(httpx.ConnectTimeout, httpx.ConnectError):
            self._sock.settimeout(self.flight.remaining())
            self._sock = secured = context.wrap_socket(self._sock, server_hostname=host)
        return secured

    def is_quiet(self) -> bool:
        """Whether nothing is waiting to be read: an idle connection with something to read has been closed."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._sock, selectors.EVENT_READ)
            return not selector.select(0)

    def detach(self) -> socket.socket:
        """The connection itself, for whoever goes on with another protocol; it is theirs to close."""
        return self._sock

    def close(self) -> None:
        self._sock.close()


def connected(resolve: Resolve, host: str, port: int, *, flight: RequestDeadline) -> NetworkStream:
    """A connection to `host`; `resolve` turns its name into addresses and may block for ever.

    Raises ConnectTimeout, or ConnectError with the OSError as its cause.
    """
    with _raising(httpx.ConnectTimeout, httpx.ConnectError):
        sock = first_to_answer(_resolved(resolve, host, port, flight=flight), flight=flight)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return NetworkStream(sock, flight)


@contextmanager
def _raising(slow: type[httpx.TransportError], failed: type[httpx.TransportError]) -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise slow(str(error)) from error
    except OSError as error:
        raise failed(str(error)) from error


def addresses_of(host: str, port: int) -> list[Address]:
    """The operating system's resolver; may block as long as it likes."""
    # As bytes where it may be: of text Python loads the codec for international names first.
    found = socket.getaddrinfo(host.encode() if host.isascii() else host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _resolved(resolve: Resolve, host: str, port: int, *, flight: RequestDeadline) -> list[Address]:
    """Asks in a thread that can be left behind: getaddrinfo cannot be interrupted."""
    answers: SimpleQueue[list[Address] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except OSError as error:
            answers.put(error)
        except UnicodeError:  # a label longer than a name may have
            answers.put(socket.gaierror(socket.EAI_NONAME, "not a host name"))

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=flight.remaining())
    except Empty:
        raise TimeoutError("the name was not resolved in time") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def first_to_answer(addresses: list[Address], *, flight: RequestDeadline) -> socket.socket:
    """A connection to whichever address answers first, each given a short head start over the next.

    Raises the last address's OSError when none answers, TimeoutError at the deadline.
    """
    waiting = deque(_families_in_turn(addresses))
    failure: OSError = socket.gaierror(socket.EAI_NONAME, "no address for the name")
    with selectors.DefaultSelector() as trying:
        try:
            while waiting or trying.get_map():
                if waiting and (refused := _begin(waiting.popleft(), trying)):
                    failure = refused
                    continue
                left = flight.remaining()
                for key, _ in trying.select(min(left, STAGGER) if waiting else left):
                    sock = key.data
                    trying.unregister(sock)
                    if not (code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)):
                        return cast(socket.socket, sock)
                    sock.close()
                    failure = OSError(code, os.strerror(code))
        finally:
            for key in trying.get_map().values():
                key.data.close()
    raise failure


def _families_in_turn(addresses: list[Address]) -> list[Address]:
    """The resolver's order, but families alternate, so that a broken one costs one head start at most."""
    first = [address for address in addresses if address[0] == addresses[0][0]]
    others = [address for address in addresses if address[0] != addresses[0][0]]
    return [address for pair in zip_longest(first, others) for address in pair if address is not None]


def _begin(address: Address, trying: selectors.BaseSelector) -> OSError | None:
    family, where = address
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        return error
    sock.setblocking(False)
    try:
        sock.connect(where)
    except BlockingIOError:
        pass
    except OSError as error:
        sock.close()
        return error
    trying.register(sock, selectors.EVENT_WRITE, sock)
    return None


_LOOPBACK = ("localhost", "::1")


class Proxy(NamedTuple):
    """An http proxy. `variable` is where it was found; `shown` is its URL without the password."""

    host: str
    port: int
    variable: str
    address: str
    login: tuple[str, str] | None = None


def proxy_for(scheme: str, host: str, port: int, *, environ: Mapping[str, str]) -> Proxy | None:
    """The proxy for a request, or None to go straight there.

    `https_proxy` or `http_proxy`, then `all_proxy`, in lower or upper case (lower wins, as in curl); `no_proxy` and
    every loopback host go straight. Raises ConfigError, naming the variable, for a URL that is not an http proxy's.
    """
    if _is_loopback(host) or _is_exempt(host, port, environ=environ):
        return None
    for name in (f"{scheme}_proxy", f"{scheme}_proxy".upper(), "all_proxy", "ALL_PROXY"):
        if url := environ.get(name, "").strip():
            return _proxy(name, url)
    return None


def _proxy(variable: str, url: str) -> Proxy:
    # A bare host:port is what many people write, and what curl takes for http.
    whole = url if "://" in url else f"http://{url}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = None, None, None
    if parts is None or not host or any(character.isspace() for character in whole):
        raise ConfigError(
            f"{variable} is not the URL of a proxy", hint=f"write {variable}=http://HOST:PORT, or unset it"
        )
    address = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    if parts.scheme != "http":
        raise ConfigError(
            f"{variable} names {address}, but only http:// proxies are spoken",
            hint=f"give the proxy's http:// address, or unset {variable}",
        )
    login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(host, port or 80, variable=variable, address=address, login=login)


def _is_loopback(host: str) -> bool:
    return host in _LOOPBACK or host.startswith("127.") or host.endswith(".localhost")


def _is_exempt(host: str, port: int, *, environ: Mapping[str, str]) -> bool:
    names = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
    return any(_matches(name.strip().lower(), host.lower(), port=port) for name in names.split(","))


def _matches(name: str, host: str, *, port: int) -> bool:
    if not name:
        return False
    if name == "*":
        return True
    bare, _, only = name.rpartition(":")
    if bare and is_whole(only) and ":" not in bare:
        return int(only) == port and _matches(bare, host, port=port)
    domain = name.removeprefix("*").removeprefix(".")
    return host == domain or host.endswith(f".{domain}")


# Where Debian, Fedora, SUSE, Alpine and the BSDs keep their certificates under hashed names.
_SYSTEM_FOLDERS = ("/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/openssl/certs", "/system/etc/security/cacerts")
_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.[0-9]+")


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """TLS 1.2 or newer; certificate and host name always checked. There is no switch to turn that off.

    Trusts `SSL_CERT_FILE` and `SSL_CERT_DIR` where set, else the system's certificate folder, else certifi's bundle.
    OpenSSL looks a folder's certificates up when it needs one, which saves reading the 140 of a bundle at every start.
    Raises ConfigError, naming the variable, for a file or folder that holds no certificates.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    file, folder = environ.get("SSL_CERT_FILE"), environ.get("SSL_CERT_DIR")
    if file:
        _trust_file(context, file)
    if folder:
        _trust_folder(context, folder)
    if not file and not folder:
        _trust_system(context)
    return context


def trusted(environ: Mapping[str, str]) -> str:
    """The same choice in words, for `doctor` and `--verbose`."""
    named = [f"{name}={environ[name]}" for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environ.get(name)]
    return ", ".join(named) or system_folder() or "the certificates shipped with certifi"


def system_folder() -> str | None:
    """The first folder with certificates under hashed names, or None."""
    built_in = ssl.get_default_verify_paths().openssl_capath
    return next((folder for folder in (*_SYSTEM_FOLDERS, built_in) if _has_hashed_names(folder)), None)


def _trust_file(context: ssl.SSLContext, file: str) -> None:
    try:
        context.load_verify_locations(cafile=file)
    except OSError as error:  # ssl.SSLError is one too
        raise ConfigError(
            f"SSL_CERT_FILE names {file}, which holds no certificate that can be read ({error.strerror or 'not PEM'})",
            hint="point it at a PEM file, or unset it to trust the system's certificates",
        ) from None


def _trust_folder(context: ssl.SSLContext, folders: str) -> None:
    if not any(_has_hashed_names(folder) for folder in folders.split(os.pathsep)):
        raise ConfigError(
            f"SSL_CERT_DIR names {folders}, which holds no certificates under hashed names",
            hint="run `openssl rehash` on the folder, or unset the variable",
        )
    context.load_verify_locations(capath=folders)


def _trust_system(context: ssl.SSLContext) -> None:
    if folder := system_folder():
        context.load_verify_locations(capath=folder)
        return
    import certifi

    context.load_verify_locations(cafile=certifi.where())


def _has_hashed_names(folder: str) -> bool:
    try:
        with os.scandir(folder) as entries:
            return any(_HASHED_NAME.fullmatch(entry.name) for entry in entries)
    except OSError:
        return False
