"""One topic of a connection: the picture that fits its channel, and the gap that is open in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.channels import EVERY, Channel, Kept, find
from bitget_cli.client.candle_rows import Candles
from bitget_cli.client.depth import Depth
from bitget_cli.client.ledger import Holdings, Ledger
from bitget_cli.client.tape import Tape
from bitget_cli.client.telling import (
    Latest,
    Outcome,
    Picture,
    Seeded,
    Teller,
    Unsaid,
    is_told_apart,
    milliseconds_in,
)

if TYPE_CHECKING:
    from bitget_cli.client.mailbox import Mailbox
    from bitget_cli.client.second_opinion import SecondOpinion
    from bitget_cli.clock import Clock
    from bitget_cli.messages import Gap, Topic


# Channels of which a snapshot alone says what was missed; it is waited for so long (ms), and longer each time.
_MENDED_BY_SNAPSHOT = frozenset({Kept.ROWS, Kept.EVENTS})
_SNAPSHOT_MS = 10_000
_MOST_PATIENCE = 32
# Start, open, high, low and close.
_LEAST_OF_A_BAR = 5


class Parted(NamedTuple):
    """The rows of a push: those of its topic, those of other markets by name, and whether all could be read."""

    own: list[Any]
    others: list[tuple[str, Any]]
    is_whole: bool


class Followed:
    """What is known of one topic and whether anything is missing.

    `is_live` between an acknowledgement and the next loss; `epoch` grows with both, since what REST was asked before
    one of them mends nothing after it. `heard` is when its last push came that was of use (ms of our clock). One
    that `is_beside` was not asked for and is listened to for the sake of another: nothing of it is told, not even gaps.
    """

    __slots__ = (
        "_is_bars",
        "_needed",
        "_needs_nothing",
        "_own",
        "_patience",
        "_subscribed_at",
        "channel",
        "epoch",
        "gap",
        "heard",
        "is_beside",
        "is_live",
        "is_seeded",
        "mailbox",
        "opinion",
        "picture",
        "topic",
        "was_live",
    )

    def __init__(
        self, topic: Topic, mailbox: Mailbox, *, clock: Clock, depth: int, seeded: bool, beside: bool = False
    ) -> None:
        """Raises UsageError for a channel there is not."""
        self.topic, self.mailbox, self.is_seeded, self.is_beside = topic, mailbox, seeded, beside
        self.channel = find(topic.inst_type, topic.channel)
        teller = Teller(topic, self.channel, mailbox)
        self.picture = Unsaid() if beside else _picture(teller, clock, depth=depth, seeded=seeded)
        # The market that rows must be about where they name one, and what they must have to be told from others.
        self._own = topic.name if topic.name != EVERY and self.channel.selector == "instId" else ""
        self._needed = _needed(self.channel, seeded=seeded)
        self._is_bars = self.channel.kept is Kept.ROWS
        self._needs_nothing = not (self._is_bars or self._needed)
        self.is_live = self.was_live = False
        self._subscribed_at, self._patience = 0, 1
        self.epoch = 0
        self.gap: Gap | None = None
        self.heard: int | None = None
        # Of a ticker: what it says of the book beside it.
        self.opinion: SecondOpinion | None = None

    @property
    def seeded(self) -> Seeded | None:
        """The picture where REST knows it too."""
        return self.picture if isinstance(self.picture, Tape | Ledger | Holdings) else None

    def is_plain(self, rows: Sequence[Any]) -> bool:
        """Whether all of these rows can be read and are of this topic, as nearly all are."""
        own, needs_nothing = self._own, self._needs_nothing
        for row in rows:
            if needs_nothing:
                if type(row) is not dict or not row:
                    return False
                if "instId" not in row and "symbol" not in row:
                    continue
            elif not self._reads(row):
                return False
            if own and (name := _name_in(row)) is not None and name != own:
                return False
        return True

    def parted(self, rows: Sequence[Any]) -> Parted:
        """The rows by whom they say they are about; what cannot be read is left out."""
        readable = [row for row in rows if self._reads(row)]
        named = [(_name_in(row) if self._own else None, row) for row in readable]
        own = [row for name, row in named if name is None or name.upper() == self._own.upper()]
        others = [(name, row) for name, row in named if name is not None and name.upper() != self._own.upper()]
        return Parted(own, others, is_whole=len(readable) == len(rows))

    def _reads(self, row: Any) -> bool:
        if self._is_bars:
            return isinstance(row, list) and len(row) >= _LEAST_OF_A_BAR and milliseconds_in(row[0]) is not None
        return type(row) is dict and bool(row) and (not self._needed or is_told_apart(row, self._needed))

    def subscribed(self, now: int) -> None:
        """It is listened to from here on: what is missed later is missed since now (ms of our clock) at most."""
        self.is_live = self.was_live = True
        self.epoch += 1
        self.heard = self._subscribed_at = now

    def waits_in_vain(self, now: int) -> bool:
        """Whether it was subscribed to for the sake of a snapshot that does not come, though its changes do."""
        if not (self.is_live and self.channel.first and self.channel.kept in _MENDED_BY_SNAPSHOT):
            return False
        if now - self._subscribed_at < _SNAPSHOT_MS * self._patience:
            return False
        self._patience = min(2 * self._patience, _MOST_PATIENCE)
        return True

    def doubt(self, reason: str, *, since: int) -> None:
        """From `since` on something may be missing."""
        self.picture.doubt()
        self.is_live = False
        self.epoch += 1
        self.fault(reason, since=since)

    def missed(self, reason: str, *, since: int) -> None:
        """Something that came is missing; what REST was asked before this mends nothing."""
        self.epoch += 1
        self.fault(reason, since=since)

    def fault(self, reason: str, *, since: int) -> None:
        """What is known cannot be believed."""
        if self.gap is None and not self.is_beside:
            self.gap = self.mailbox.open(self.topic, reason, since=since)

    def whole(self, outcome: Outcome) -> None:
        """Nothing is missing any longer, or nothing that will ever come."""
        self._patience = 1
        gap, self.gap = self.gap, None
        if gap is not None:
            self.mailbox.shut(gap, outcome.recovered, lost=outcome.lost)


def _needed(channel: Channel, *, seeded: bool) -> tuple[str, ...]:
    """The fields without which a row could be about anything."""
    match channel.kept:
        case Kept.UPSERT:
            return channel.key
        case Kept.SET:
            return (channel.symbol,)
        case Kept.EVENTS if seeded:
            # The list read by REST has the id that is missing; where there is none, the event is told all the same.
            return channel.ids
    return ()


def _name_in(row: Any) -> str | None:
    """The market that a row names as its own; None where it names none."""
    if type(row) is not dict:
        return None
    for field in ("instId", "symbol"):
        name = row.get(field)
        if isinstance(name, str) and name:
            return name
    return None


def _picture(teller: Teller, clock: Clock, *, depth: int, seeded: bool) -> Picture:
    channel = teller.channel
    if channel.type == "depth":
        return Depth(teller, depth)
    match channel.kept:
        case Kept.ROWS:
            candles = Candles(teller, clock)
            teller.mailbox.each_take(candles.tick)
            return candles
        case Kept.EVENTS:
            return Tape(teller, seeded=seeded)
        case Kept.UPSERT:
            return Ledger(teller, seeded=seeded)
        case Kept.SET:
            return Holdings(teller)
    return Latest(teller)
