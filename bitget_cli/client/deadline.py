"""One deadline for a whole request: connections and streams for httpcore that never outlive it.

httpx and httpcore give each read its own time-out, so a server that sends one byte now and then can hold a request for
ever. Here every wait (the name, the connection, the handshake, each byte) is cut to what is left of one deadline.
"""

from __future__ import annotations

import os
import selectors
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import zip_longest
from queue import Empty, SimpleQueue
from typing import Any, cast

import httpcore

# How long one address may stay silent before the next is tried beside it (RFC 8305 recommends 250 ms).
STAGGER = 0.25

Address = tuple[int, Any]  # family, socket address
Resolve = Callable[[str, int], list[Address]]


@dataclass
class Flight:
    """One request under way: its deadline (monotonic seconds), and whether a byte of it may have left."""

    deadline: float
    left_us: bool = False

    def remaining(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the deadline has passed")
        return seconds

    def trace(self, event: str, info: dict[str, Any]) -> None:
        """httpcore's trace hook: a proxy's CONNECT holds nothing of ours, any other request does."""
        if event == "http11.send_request_headers.started":
            self.left_us = self.left_us or info["request"].method != b"CONNECT"


_FLIGHT: ContextVar[Flight] = ContextVar("flight")


@contextmanager
def in_flight(flight: Flight) -> Iterator[None]:
    """Every stream of this module read or written inside the block, in this thread, obeys `flight`."""
    token = _FLIGHT.set(flight)
    try:
        yield
    finally:
        _FLIGHT.reset(token)


class DeadlineBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore; `resolve` turns a name into addresses and may block for ever."""

    def __init__(self, resolve: Resolve) -> None:
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        del timeout, local_address, socket_options  # the flight's deadline rules; the others are never set
        flight = _FLIGHT.get()
        with _raising(httpcore.ConnectTimeout, httpcore.ConnectError):
            addresses = _resolved(self._resolve, host, port, flight=flight)
            sock = first_to_answer(addresses, flight=flight)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _Stream(sock)


class _Stream(httpcore.NetworkStream):
    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        with _raising(httpcore.ReadTimeout, httpcore.ReadError):
            self._sock.settimeout(_FLIGHT.get().remaining())
            return self._sock.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        with _raising(httpcore.WriteTimeout, httpcore.WriteError):
            rest = memoryview(buffer)
            while rest:
                self._sock.settimeout(_FLIGHT.get().remaining())
                rest = rest[self._sock.send(rest) :]

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        with _raising(httpcore.ConnectTimeout, httpcore.ConnectError), _closing_on_failure(self._sock):
            self._sock.settimeout(_FLIGHT.get().remaining())
            return _Stream(ssl_context.wrap_socket(self._sock, server_hostname=server_hostname))

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object":
            return self._sock if isinstance(self._sock, ssl.SSLSocket) else None
        if info == "is_readable":  # an idle connection with something to read has been closed by the other side
            with selectors.DefaultSelector() as selector:
                selector.register(self._sock, selectors.EVENT_READ)
                return bool(selector.select(0))
        return None


@contextmanager
def _raising(slow: type[Exception], failed: type[Exception]) -> Iterator[None]:
    """Turns OSErrors into httpcore's, the original as its only argument."""
    try:
        yield
    except TimeoutError as error:
        raise slow(error) from error
    except OSError as error:
        raise failed(error) from error


@contextmanager
def _closing_on_failure(sock: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        sock.close()
        raise


def addresses_of(host: str, port: int) -> list[Address]:
    """The operating system's resolver; may block as long as it likes."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(family, address) for family, _, _, _, address in found]


def _resolved(resolve: Resolve, host: str, port: int, *, flight: Flight) -> list[Address]:
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


def first_to_answer(addresses: list[Address], *, flight: Flight) -> socket.socket:
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
