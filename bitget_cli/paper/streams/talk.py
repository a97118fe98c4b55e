"""A line over a connection of asyncio: turn by turn, with Bitget's limits on what a client may do."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import IntEnum

from bitget_cli.paper.streams.line import Line

Hear = Callable[[], Awaitable[str | None]]
Say = Callable[[str], Awaitable[None]]
# Frames a client may send in a second, and seconds it may go without a `ping`.
_MOST_FRAMES, _SECOND = 10, 1.0
_LONGEST_SILENCE = 120.0
# Seconds a client may leave lying what it was sent before it is given up.
_PATIENCE = 5.0
_OVER_LIMIT = '{"event":"error","code":30007,"msg":"request over limit,connection close"}'


class End(IntEnum):
    """Why a talk ended, as the code the connection is closed with."""

    GONE = 1000
    SILENT = 1001
    TOO_MANY = 1008
    BROKEN = 1011
    TOO_SLOW = 1013


async def talk(line: Line, clock: Callable[[], float], hear: Hear, say: Say, *, patience: float = _PATIENCE) -> End:
    """Say what is due and hear what the client says, whichever comes first, until one of them has had enough.

    `hear` returns None when the client is gone; `say` waits while the client does not read.
    """
    quota = Quota(clock)
    heard = asyncio.ensure_future(hear())
    try:
        while quota.left:
            for frame in line.due():
                await asyncio.wait_for(say(frame), patience)
            done, _ = await asyncio.wait({heard}, timeout=min(line.wait(), quota.left))
            if not done:
                continue
            text = heard.result()
            if text is None:
                return End.GONE
            if not quota.allows(text):
                await asyncio.wait_for(say(_OVER_LIMIT), patience)
                return End.TOO_MANY
            line.take(text)
            heard = asyncio.ensure_future(hear())
    except TimeoutError:
        return End.TOO_SLOW
    finally:
        heard.cancel()
    return End.SILENT


class Quota:
    """What a client may do to a connection: send ten frames a second, and not forget its `ping`."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lately: deque[float] = deque()
        self._pinged = clock()

    @property
    def left(self) -> float:
        """Seconds until the next `ping` is overdue; 0 when it is."""
        return max(0.0, self._pinged + _LONGEST_SILENCE - self._clock())

    def allows(self, text: str) -> bool:
        """Count a frame that has come now; False for one too many."""
        now = self._clock()
        if text == "ping":
            self._pinged = now
        while self._lately and now - self._lately[0] >= _SECOND:
            self._lately.popleft()
        self._lately.append(now)
        return len(self._lately) <= _MOST_FRAMES
