"""What the parts of a stream ask of one another: a socket, a handler, and the limits of waiting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bitget_cli.errors import NetworkError

if TYPE_CHECKING:
    from bitget_cli.stream_events import Topic


class Timing(NamedTuple):
    """Seconds, unless said otherwise. Bitget's own limits are on its page "WebSocket intro"."""

    tick: float = 0.25  # between two looks at the clocks; also the longest a wish from outside waits
    # Keep-alive. Bitget hangs up after two minutes without a `ping`, even while data flows.
    ping: float = 20.0
    ping_spread: float = 2.0
    pong: float = 10.0
    silence: float = 45.0
    jump: float = 30.0  # between two ticks: the machine slept
    # Answers.
    login: float = 10.0
    login_again: float = 2.0  # after an unspecific refusal
    ack: float = 10.0
    ack_again: float = 60.0  # after two that were never answered, for as long as the connection stands
    unsubscribe_ack: float = 2.0
    settle: float = 2.0  # for the other answers of a batch, after an error that does not say whose it is
    # Data.
    first_data: float = 15.0
    snapshot: float = 10.0  # of a book that is kept by it
    ticker_stale: float = 15.0
    book_stale: float = 30.0
    resyncs: int = 3  # of one topic within
    resyncs_within: float = 60.0
    restarts: int = 3  # of the connection for the sake of one topic, within
    restarts_within: float = 600.0
    odd_frames: int = 3  # within
    odd_frames_within: float = 60.0
    # What we send: Bitget takes 10 frames a second and 240 subscription requests an hour of one connection.
    frames_per_second: float = 4.0
    requests_per_hour: int = 200
    hour: float = 3600.0
    too_many_pause: float = 60.0
    # Connecting. Bitget takes 300 connections of an address in five minutes.
    opening: float = 10.0  # name, connection and handshakes of one try
    first_connection: float = 10.0  # without an acknowledgement by then, the stream gives up; inf: never
    backoff_first: float = 1.0
    backoff_least: float = 0.25
    backoff_soon: float = 5.0  # at most, in the first part of an outage, which lasts
    soon_for: float = 60.0
    backoff_most: float = 30.0  # after that
    attempts: int = 12  # that reached the exchange: in the first part of an outage, and after it within
    attempts_within: float = 300.0
    stable: float = 60.0  # connected so long, the next trouble is a new outage
    refused_pause: float = 60.0  # after HTTP 403, 429 and their like


class Socket(Protocol):
    """A connected line; used by one thread."""

    def send(self, text: str) -> None:
        """One text frame. Raises ConnectionLostError when the line is dead."""

    def recv(self, seconds: float) -> str | bytes | None:
        """One whole frame; None when none came within `seconds`.

        Bytes are a frame that is no text: binary, not UTF-8, or beyond the size limit (then empty). Raises
        ConnectionLostError when the line is dead.
        """

    def close(self) -> None:
        """Hang up, without waiting for the other side for long."""


# For a private connection (or not), within so many seconds: a connected socket. Raises ConnectionLostError, or
# ConfigError for what the environment says.
Opener = Callable[[bool, float], Socket]


class ConnectionLostError(NetworkError):
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


def close_error(data: bytes) -> ConnectionLostError:
    """What a close frame says: its code and, from anybody, a reason."""
    code = int.from_bytes(data[:2], "big") if len(data) >= 2 else 1005
    reason = data[2:].decode(errors="replace")
    return ConnectionLostError(f"Bitget closed the connection ({code}{f': {reason}' if reason else ''})")


class Heard(IntEnum):
    """What became of a push."""

    AFRESH = 0  # it cannot be believed: subscribe to its topic afresh
    DROPPED = 1  # of no use, so that it is no sign of life either
    TAKEN = 2


class StreamHandler(Protocol):
    """Whoever makes sense of what a stream hears. Called from its one reader thread: quick, and never waiting."""

    def frame(self, topic: Topic, frame: Mapping[str, Any], received: int) -> Heard:
        """A push about `topic`; `received` in ms of our clock.

        Whole numbers are ints, others WireNumber text; `data` is there, but may be of any JSON type.
        """

    def unreadable(self, topic: Topic, received: int) -> Heard:
        """A frame that may have been about `topic` could not be read."""

    def raw(self, text: str) -> None:
        """The text of the push that comes next; only where raw frames were asked for."""

    def subscribed(self, topic: Topic, again: bool) -> None:
        """The exchange acknowledged; `again` for any time but the first. Pushes may have come before it."""

    def refused(self, topic: Topic | None, code: str, message: str) -> None:
        """An error of the exchange, about one topic or nobody's; `code` is "" where it never answered."""

    def lost(self, reason: str) -> None:
        """The connection is gone (`disconnect`) or judged dead (`stale`): every topic is in doubt."""

    def status(self, event: str, facts: Mapping[str, Any]) -> None:
        """How the connection fares: connecting, connected, subscribed, reconnecting, stale."""

    def ended(self, error: Exception | None) -> None:
        """Nothing more will come; what is no BitgetError is a defect of ours."""
