"""What follows from the frames of one connection: rows for whoever watches, and the gaps between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.channels import Kept, find
from bitget_cli.client.candle_rows import Candles
from bitget_cli.client.depth import Depth
from bitget_cli.client.ledger import Holdings, Ledger
from bitget_cli.client.seeding import Seeder
from bitget_cli.client.seeds import is_seeded
from bitget_cli.client.tape import Tape
from bitget_cli.client.telling import FINE, Latest, Moment, Outcome, Teller, milliseconds_in
from bitget_cli.messages import Gap, Push, Refusal, Topic
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from bitget_cli.client.mailbox import Mailbox
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock
    from bitget_cli.errors import BitgetError

DEFAULT_DEPTH = 20


class _Followed:
    """One topic: what is known of it, and the gap that is open.

    `is_live` between an acknowledgement and the next loss; `epoch` grows with both, since what REST was asked before
    one of them mends nothing after it.
    """

    __slots__ = ("channel", "epoch", "gap", "is_live", "is_seeded", "is_subscribed", "kept", "topic")

    def __init__(self, topic: Topic, kept: Any, *, teller: Teller, seeded: bool) -> None:
        self.topic, self.kept, self.channel = topic, kept, teller.channel
        self.is_seeded = seeded
        self.is_subscribed = self.is_live = False
        self.epoch = 0
        self.gap: Gap | None = None


class Following:
    """The listener of one connection (`stream.Listener`); its methods are called from one thread and never wait.

    Private topics are made whole by `client`, in a thread of its own, unless raw frames are wanted. `depth` is how
    many levels of a side are told.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        mailbox: Mailbox,
        *,
        clock: Clock,
        client: Client | None = None,
        depth: int = DEFAULT_DEPTH,
        raw: bool = False,
        background: bool = True,
    ) -> None:
        self._mailbox, self._clock, self._depth = mailbox, clock, depth
        self._background = background
        self._heard: int | None = None
        # Pushes and what REST finds meet in the private topics.
        self._lock = RLock()
        asks = client is not None and not raw
        self._followed = {topic: self._follow(topic, seeded=asks and is_seeded(topic)) for topic in topics}
        is_private = any(followed.is_seeded for followed in self._followed.values())
        self.seeder = Seeder(self, mailbox, client=client, clock=clock) if client and is_private else None

    def join(self, topics: Sequence[Topic]) -> None:
        """Follows more public topics from now on; those it knows already are left as they are. For any thread."""
        with self._lock:
            for topic in topics:
                if topic not in self._followed:
                    self._followed[topic] = self._follow(topic, seeded=False)

    # As the stream hears it.

    def frame(self, topic: Topic, frame: Mapping[str, Any], received: int) -> bool:
        followed = self._followed.get(topic)
        if followed is None:
            return True
        self._heard = received
        data = frame.get("data")
        # Some snapshots were an object where a list is documented.
        rows = data if type(data) is list else [data] if isinstance(data, dict) else []
        moment = Moment(milliseconds_in(frame.get("ts")), received, frame.get("action") == "snapshot")
        if not followed.is_seeded:
            outcome = followed.kept.take(rows, moment)
            return outcome is FINE or self._judge(followed, outcome)
        with self._lock:
            return self._judge(followed, followed.kept.take(rows, moment))

    def raw(self, text: str) -> None:
        self._mailbox.frame(text)

    def subscribed(self, topic: Topic, again: bool) -> None:
        followed = self._followed.get(topic)
        if followed is None:
            return
        with self._lock:
            if again and followed.gap is None:
                self._doubt(followed, "stale")
            followed.is_subscribed = followed.is_live = True
            followed.epoch += 1
            if followed.is_seeded and self.seeder:
                self.seeder.ask(topic)
                if self._background:
                    self.seeder.start()
            elif not followed.channel.first:
                # Neither a snapshot nor REST will ever say what happened meanwhile.
                self._whole(followed, Outcome(recovered="none"))

    def refused(self, topic: Topic | None, code: str, message: str) -> None:
        self._mailbox.say(Refusal(code, topic, message))

    def lost(self, reason: str) -> None:
        with self._lock:
            for followed in self._followed.values():
                if followed.is_subscribed:
                    self._doubt(followed, reason)

    def status(self, event: str, facts: Mapping[str, Any]) -> None:
        self._mailbox.status(event, facts)

    def ended(self, error: BitgetError | None) -> None:
        """Reads no more by REST; how it ended is told by whoever owns all connections."""
        del error
        self.close()

    def close(self) -> None:
        """Stops the thread that reads by REST."""
        if self.seeder:
            self.seeder.close()

    # As REST knows it (`seeding.Known`).

    def version(self, topic: Topic) -> int:
        kept = self._followed[topic].kept
        return kept.version if isinstance(kept, Ledger | Holdings) else 0

    def found(
        self, topic: Topic, rows: Sequence[Mapping[str, Any]], *, version: int, since: datetime
    ) -> Sequence[Mapping[str, Any]]:
        kept, moment = self._followed[topic].kept, Moment(None, self._now())
        with self._lock:
            if isinstance(kept, Tape):
                kept.found(rows, moment, since=milliseconds(since))
                return ()
            return kept.found(rows, moment, version=version)  # type: ignore[no-any-return]  # Ledger or Holdings

    def settle(self, topic: Topic, row: Mapping[str, Any]) -> None:
        kept = self._followed[topic].kept
        with self._lock:
            kept.settle(row, Moment(None, self._now()))

    def epoch(self, topic: Topic) -> int:
        return self._followed[topic].epoch

    def whole(self, topic: Topic, gaps: Sequence[Gap], *, epoch: int) -> None:
        followed = self._followed[topic]
        with self._lock:
            if followed.is_live and followed.epoch == epoch:
                self._whole(followed, Outcome(recovered="rest"))
            for gap in gaps:
                self._mailbox.shut(gap, "rest")

    # Gaps.

    def _judge(self, followed: _Followed, outcome: Outcome) -> bool:
        if outcome.fault:
            if followed.gap is None:
                followed.gap = self._mailbox.open(followed.topic, outcome.fault, since=self._now())
            # The next push of all levels says everything by itself.
            return followed.channel.kept is not Kept.BOOK
        if outcome.recovered:
            self._whole(followed, outcome)
        return True

    def _doubt(self, followed: _Followed, reason: str) -> None:
        """From the last that was heard on, something may be missing."""
        followed.kept.doubt()
        followed.is_live = False
        followed.epoch += 1
        if followed.gap is None:
            followed.gap = self._mailbox.open(followed.topic, reason, since=self._heard or self._now())

    def _whole(self, followed: _Followed, outcome: Outcome) -> None:
        gap, followed.gap = followed.gap, None
        if gap is not None:
            self._mailbox.shut(gap, outcome.recovered, lost=outcome.lost)

    def _now(self) -> int:
        return milliseconds(self._clock.now())

    def _follow(self, topic: Topic, *, seeded: bool) -> _Followed:
        teller = Teller(topic, find(topic.inst_type, topic.channel), self._mailbox)
        kept = self._kept(teller)
        if seeded and isinstance(kept, Tape | Ledger):
            self._mailbox.mended_by(topic, _Mender(self, topic, kept))
        return _Followed(topic, kept, teller=teller, seeded=seeded)

    def _kept(self, teller: Teller) -> Latest | Depth | Candles | Tape | Ledger | Holdings:
        channel = teller.channel
        if channel.type == "depth":
            return Depth(teller, self._depth)
        match channel.kept:
            case Kept.ROWS:
                candles = Candles(teller, self._clock)
                self._mailbox.each_take(candles.tick)
                return candles
            case Kept.EVENTS:
                return Tape(teller)
            case Kept.UPSERT:
                return Ledger(teller)
            case Kept.SET:
                return Holdings(teller)
        return Latest(teller)


class _Mender:
    """Fills by REST what a slow reader lost of a private topic."""

    def __init__(self, following: Following, topic: Topic, kept: Tape | Ledger) -> None:
        self._following, self._topic, self._kept = following, topic, kept

    def dropped(self, push: Push) -> None:
        self._kept.untold(push.data)

    def mend(self, gap: Gap) -> None:
        if self._following.seeder:
            self._following.seeder.ask(self._topic, gap)
