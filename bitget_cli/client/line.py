"""What a stream needs of a connection, and the ways it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bitget_cli.errors import NetworkError


class Socket(Protocol):
    """A connected line; used by one thread."""

    def send(self, text: str) -> None:
        """One text frame. Raises LineError when the line is dead."""

    def recv(self, seconds: float) -> str | bytes | None:
        """One whole frame; None when none came within `seconds`.

        Bytes are a frame that is no text: binary, not UTF-8, or beyond the size limit (then empty). Raises LineError
        when the line is dead.
        """

    def close(self) -> None:
        """Hang up, without waiting for the other side for long."""


# For a private connection (or not), within so many seconds: a connected socket. Raises LineError, or ConfigError for
# what the environment says.
Opener = Callable[[bool, float], Socket]


class LineError(NetworkError):
    """The line could not be opened, broke, or must be given up.

    `reason` is that of the gap it leaves: `disconnect`, or `stale` for a line that lives but says nothing. `reached`
    says whether the other side was: only then does the attempt count against its limit. `pause` is the least wait
    before the next attempt in seconds. `final`: the other side refuses us, so that another try soon is of no use, and
    where there never was a connection none at all.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        reason: str = "disconnect",
        reached: bool = True,
        pause: float = 0.0,
        final: bool = False,
        http_status: int | None = None,
    ) -> None:
        super().__init__(message, hint=hint, http_status=http_status)
        self.reason = reason
        self.reached = reached
        self.pause = pause
        self.final = final


def hung_up(data: bytes) -> LineError:
    """What a close frame says: its code and, from anybody, a reason."""
    code = int.from_bytes(data[:2], "big") if len(data) >= 2 else 1005
    reason = data[2:].decode(errors="replace")
    return LineError(f"Bitget closed the connection ({code}{f': {reason}' if reason else ''})")
