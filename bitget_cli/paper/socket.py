"""The paper exchange's streams in this process: what a connection's owner sends and receives, without a connection."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Condition
from typing import TYPE_CHECKING

from bitget_cli.paper.streams.connection import Connection

if TYPE_CHECKING:
    from bitget_cli.paper.exchange import Exchange


class PaperSocket:
    """A line to the exchange; `clock` tells real seconds that only grow. It never closes by itself.

    One thread receives; any may send or close, which wakes the one that receives.
    """

    def __init__(self, exchange: Exchange, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._line = Connection(exchange, clock)
        self._clock = clock
        self._frames: deque[str] = deque()
        self._changed = Condition()
        self._open = True

    def send(self, text: str) -> None:
        """A text frame to the exchange; once closed it goes nowhere."""
        with self._changed:
            if self._open:
                self._line.take(text)
            self._changed.notify_all()

    def recv(self, seconds: float) -> str | None:
        """The next frame; None when nothing came within `seconds`, and at once when closed.

        Raises ConfigError when the exchange's file cannot be used.
        """
        until = self._clock() + seconds
        with self._changed:
            while self._open:
                if not self._frames:
                    self._frames.extend(self._line.due())
                if self._frames:
                    return self._frames.popleft()
                left = until - self._clock()
                if left <= 0:
                    return None
                self._changed.wait(min(left, self._line.wait()))
        return None

    def close(self) -> None:
        """End the line."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
