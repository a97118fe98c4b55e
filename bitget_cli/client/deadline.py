"""One deadline for a whole request: connections that never outlive it.

A time-out for each read by itself lets a server that sends one byte now and then hold a request for ever. Here every
wait (the name, the connection, the handshake, each byte) is cut to what is left of one deadline.
"""

from __future__ import annotations

import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, cast

import httpx

if TYPE_CHECKING:
    import ssl

# How long one address may stay silent before the next is tried beside it (RFC 8305 recommends 250 ms).
STAGGER = 0.25

Address = tuple[int, Any]  # family, socket address
Resolve = Callable[[str, int], list[Address]]


class Flight:
    """One request under way: its deadline (monotonic seconds), and whether a byte of it may have left."""

    def __init__(self, deadline: float) -> None:
        self.deadline = deadline
        self.left_us = False

    def remaining(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        seconds = self.deadline - time.monotonic()
        if seconds <= 0:
            raise TimeoutError("the deadline has passed")
        return seconds


class Stream:
    """A connection on loan to one request at a time: `flight`, whose deadline bounds every wait.

    What the system reports is raised as httpx's exception for that step, the OSError as its cause.
    """

    def __init__(self, sock: socket.socket, flight: Flight) -> None:
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


def connected(resolve: Resolve, host: str, port: int, *, flight: Flight) -> Stream:
    """A connection to `host`; `resolve` turns its name into addresses and may block for ever.

    Raises ConnectTimeout, or ConnectError with the OSError as its cause.
    """
    with _raising(httpx.ConnectTimeout, httpx.ConnectError):
        sock = first_to_answer(_resolved(resolve, host, port, flight=flight), flight=flight)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Stream(sock, flight)


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
