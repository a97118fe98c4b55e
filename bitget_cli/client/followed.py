"""One topic of a connection: the picture that fits its channel, and the gap that is open in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitget_cli.catalogue.channels import Kept, find
from bitget_cli.client.candle_rows import Candles
from bitget_cli.client.depth import Depth
from bitget_cli.client.ledger import Holdings, Ledger
from bitget_cli.client.tape import Tape
from bitget_cli.client.telling import Latest, Outcome, Picture, Seeded, Teller, Unsaid

if TYPE_CHECKING:
    from bitget_cli.client.mailbox import Mailbox
    from bitget_cli.client.second_opinion import SecondOpinion
    from bitget_cli.clock import Clock
    from bitget_cli.messages import Gap, Topic


class Followed:
    """What is known of one topic and whether anything is missing.

    `is_live` between an acknowledgement and the next loss; `epoch` grows with both, since what REST was asked before
    one of them mends nothing after it. `heard` is when its last push came that was of use (ms of our clock). One
    that `is_beside` was not asked for and is listened to for the sake of another: nothing of it is told, not even gaps.
    """

    __slots__ = (
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
        self.picture = Unsaid() if beside else _picture(teller, clock, depth=depth)
        self.is_live = self.was_live = False
        self.epoch = 0
        self.gap: Gap | None = None
        self.heard: int | None = None
        # Of a ticker: what it says of the book beside it.
        self.opinion: SecondOpinion | None = None

    @property
    def seeded(self) -> Seeded | None:
        """The picture where REST knows it too."""
        return self.picture if isinstance(self.picture, Tape | Ledger | Holdings) else None

    def subscribed(self) -> None:
        self.is_live = self.was_live = True
        self.epoch += 1

    def doubt(self, reason: str, *, since: int) -> None:
        """From `since` on something may be missing."""
        self.picture.doubt()
        self.is_live = False
        self.epoch += 1
        self.fault(reason, since=since)

    def fault(self, reason: str, *, since: int) -> None:
        """What is known cannot be believed."""
        if self.gap is None and not self.is_beside:
            self.gap = self.mailbox.open(self.topic, reason, since=since)

    def whole(self, outcome: Outcome) -> None:
        """Nothing is missing any longer, or nothing that will ever come."""
        gap, self.gap = self.gap, None
        if gap is not None:
            self.mailbox.shut(gap, outcome.recovered, lost=outcome.lost)


def _picture(teller: Teller, clock: Clock, *, depth: int) -> Picture:
    channel = teller.channel
    if channel.type == "depth":
        return Depth(teller, depth)
    match channel.kept:
        case Kept.ROWS:
            candles = Candles(teller, clock)
            teller.mailbox.each_take(candles.tick)
            return candles
        case Kept.EVENTS:
            return Tape(teller)
        case Kept.UPSERT:
            return Ledger(teller)
        case Kept.SET:
            return Holdings(teller)
    return Latest(teller)
