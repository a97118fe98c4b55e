"""What servers of ours have in common: a port of this machine's loopback address, and how they end.

Needs the extra `serve`; importing this module without it raises ModuleNotFoundError.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable
from typing import Any
from weakref import WeakSet

from tornado.httpserver import HTTPServer
from tornado.iostream import IOStream

from bitget_cli.runtime import ENDING_SIGNALS

HOST = "127.0.0.1"


def listener(port: int) -> socket.socket:
    """A socket that listens on a port of 127.0.0.1, 0 for any free one. Raises OSError when it is taken."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # Without it the port stays taken for a minute after a restart.
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((HOST, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    made.setblocking(False)
    return made


class LoopbackServer(HTTPServer):
    """tornado's, knowing its connections also after they became streams: one that does not read is cut at the end."""

    def initialize(self, *args: Any, **settings: Any) -> None:
        self._connected: WeakSet[IOStream] = WeakSet()
        super().initialize(*args, **settings)

    def handle_stream(self, stream: IOStream, address: tuple[Any, ...]) -> None:
        self._connected.add(stream)
        super().handle_stream(stream, address)

    @property
    def is_writing(self) -> bool:
        return any(stream.writing() for stream in self._connected)

    def cut(self) -> None:
        for stream in list(self._connected):
            stream.close()


class Stops:
    """Signals that end the server, caught from before the address is told: whoever reads it may stop us at once."""

    def __init__(self) -> None:
        self.number = 0
        self._wake: Callable[[], object] | None = None
        ending = (signal.SIGINT, *ENDING_SIGNALS)
        heeded = [number for number in ending if signal.getsignal(number) is not signal.SIG_IGN]
        self._before = {number: signal.signal(number, self._stop) for number in heeded}

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Signals do again what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    async def wait(self) -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        self._wake = lambda: loop.call_soon_threadsafe(stopped.set)
        if not self.number:
            await stopped.wait()

    def _stop(self, number: int, _frame: object) -> None:
        self.number = number
        if self._wake:
            self._wake()
