"""What a stream says: rows as they are pushed, the gaps between them, and how the connection fares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol


class Topic(NamedTuple):
    """One subscription: Bitget's `instType`, `channel` and `instId` (for account channels its `coin`)."""

    inst_type: str
    channel: str
    name: str


class Push(NamedTuple):
    """One row of a push, or the top of a book.

    `type` is the word of `bitget watch` (`ticker`, `depth`, …); `market` a Product's value (`usdt-futures`), "" where
    there is none; `symbol` Bitget's own name, "" where neither topic nor row names one. `ts` is the exchange's and
    `received` our own clock, in ms. `data` is the row with the vendor's keys and texts; a row that is an array has
    become an object by the channel's field names. `snapshot` says it is part of a whole picture, not an event.
    `conflated` counts the older states of this key that were dropped because the reader was slow.
    """

    type: str
    market: str
    symbol: str
    ts: int | None
    received: int
    snapshot: bool
    data: Mapping[str, Any]
    conflated: int = 0


class Gap(NamedTuple):
    """A hole in what was told: once when it opens (`until` None), once with the same `id` when all is whole again.

    `reason`: disconnect, seq, checksum, crossed, slow-consumer, stale or unreadable. Times in ms of our own clock.
    `lost` counts messages where that is known. `recovered`: snapshot, rest, overlap (nothing was lost) or none; None
    while open.
    """

    id: int
    reason: str
    channel: str
    symbol: str
    since: int
    until: int | None = None
    lost: int | None = None
    recovered: str | None = None


class Status(NamedTuple):
    """How the connection fares. `event`: connecting, connected, subscribed, reconnecting, stale, end."""

    event: str
    received: int
    facts: Mapping[str, Any] = {}


class Refusal(NamedTuple):
    """An error the exchange sent: about one topic, or None where it does not say which."""

    code: str
    topic: Topic | None
    message: str


class Frame(NamedTuple):
    """A frame as it was received, for `--raw`; never a login or an acknowledgement of a private connection."""

    text: str


Message = Push | Gap | Status | Refusal | Frame


class Source(Protocol):
    """Where messages come from: read by whoever shows them, filled by somebody who never waits for the reader."""

    def take(self, seconds: float) -> Sequence[Message] | None:
        """What has arrived, in order; empty when nothing did within `seconds`, None once the stream has ended.

        Raises the error the stream ended with (errors.*, or the very exception of a defect) after everything that
        arrived before it was taken.
        """

    def facts(self) -> Facts:
        """How the stream stands now, for the footer of a live table."""

    def close(self) -> None:
        """End the stream; `take` answers None from then on."""


class Facts(NamedTuple):
    """`state`: connecting, live, reconnecting or stale; `attempt` and `retry_in` (seconds) while reconnecting.

    `silent_for` seconds since any data; `messages` received since the start; `offset` of the exchange's clock in
    seconds; `gaps` opened and still `open_gaps`. `has_stood`: the exchange acknowledged a subscription, if only once.
    `stopped_at`: where the exchange's clock stands still (ms), so that nothing can happen; None where it goes on.
    """

    state: str = "connecting"
    attempt: int = 0
    retry_in: float = 0.0
    silent_for: float = 0.0
    messages: int = 0
    reconnects: int = 0
    gaps: int = 0
    open_gaps: int = 0
    offset: float = 0.0
    has_stood: bool = True
    stopped_at: int | None = None


class Condition(Protocol):
    """What `--until` waits for."""

    def __call__(self, row: Mapping[str, Any], /) -> bool:
        """Whether it holds for this row."""

    @property
    def unseen(self) -> tuple[str, ...]:
        """The fields it asks for that no row so far had."""
