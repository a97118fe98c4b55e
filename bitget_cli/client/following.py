"""What follows from the frames of one connection: rows for whoever watches, and the gaps between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.channels import Kept
from bitget_cli.client.depth import Depth
from bitget_cli.client.followed import Followed
from bitget_cli.client.ledger import Ledger
from bitget_cli.client.listening import Heard
from bitget_cli.client.second_opinion import Advice, SecondOpinion
from bitget_cli.client.seeding import Seeder
from bitget_cli.client.seeds import is_seeded
from bitget_cli.client.tape import Tape
from bitget_cli.client.telling import FINE, Moment, Outcome, Row, milliseconds_in
from bitget_cli.messages import Gap, Push, Refusal, Topic
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from bitget_cli.client.mailbox import Mailbox
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock

DEFAULT_DEPTH = 20
_CONTRADICTED = "the ticker says otherwise even of a book just fetched: shown as unverified"


class Following:
    """The listener of one connection (`stream.Listener`); its methods are called from one thread and never wait.

    Private topics are made whole by `client`, unless raw frames are wanted: in a thread of its own, or without
    `background` when somebody calls `seeder.turn`. `depth` is how many levels of a side are told. The topics `beside`
    them are listened to for their sake, and not told.
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
        beside: Sequence[Topic] = (),
    ) -> None:
        self._mailbox, self._clock, self._depth = mailbox, clock, depth
        self._background = background
        self._heard: int | None = None
        # Pushes and what REST finds meet in the private topics.
        self._lock = RLock()
        asked = {topic for topic in topics if client is not None and not raw and is_seeded(topic)}
        self._followed = {topic: self._follow(topic, seeded=topic in asked) for topic in topics}
        for topic in beside:
            self._followed.setdefault(topic, self._follow(topic, seeded=False, beside=True))
        self.seeder = Seeder(self, mailbox, client=client, clock=clock) if client and asked else None
        # How to have a topic subscribed to afresh that is not the one just heard; the stream's own, once there is one.
        self.renew: Callable[[Topic], None] = lambda _topic: None
        self._set_beside()

    # As the stream hears it.

    def frame(self, topic: Topic, frame: Mapping[str, Any], received: int) -> Heard:
        followed = self._followed.get(topic)
        if followed is None:
            return Heard.TAKEN
        self._heard = received
        data = frame.get("data")
        # Some snapshots were an object where a list is documented.
        rows = data if type(data) is list else [data] if isinstance(data, dict) else []
        moment = Moment(milliseconds_in(frame.get("ts")), received, frame.get("action") == "snapshot")
        if not followed.is_seeded:
            outcome = followed.picture.take(rows, moment)
            if followed.opinion is not None:
                self._heed(followed.opinion, rows, received)
            if outcome is FINE:
                followed.heard = received
                return Heard.TAKEN
            return self._judge(followed, outcome, received)
        with self._lock:
            return self._judge(followed, followed.picture.take(rows, moment), received)

    def raw(self, text: str) -> None:
        self._mailbox.frame(text)

    def subscribed(self, topic: Topic, again: bool) -> None:
        followed = self._followed.get(topic)
        if followed is None:
            return
        with self._lock:
            if again and followed.gap is None:
                followed.doubt("stale", since=followed.heard or self._now())
            followed.subscribed()
            if followed.is_seeded and self.seeder:
                self.seeder.ask(topic)
                if self._background:
                    self.seeder.start()
            elif not followed.channel.first:
                # Neither a snapshot nor REST will ever say what happened meanwhile.
                followed.whole(Outcome(recovered="none"))

    def refused(self, topic: Topic | None, code: str, message: str) -> None:
        if topic is not None and topic in self._followed and self._followed[topic].is_beside:
            return
        self._mailbox.say(Refusal(code, topic, message))

    def lost(self, reason: str) -> None:
        with self._lock:
            for followed in self._followed.values():
                if followed.was_live:
                    followed.doubt(reason, since=self._heard or self._now())

    def status(self, event: str, facts: Mapping[str, Any]) -> None:
        self._mailbox.status(event, facts)

    def ended(self, error: Exception | None) -> None:
        """Reads no more by REST; how it ended is told by whoever owns all connections."""
        del error
        if self.seeder:
            self.seeder.stop()

    def close(self) -> None:
        """Ends the thread that reads by REST; waits for a call under way, but not for long."""
        if self.seeder:
            self.seeder.close()

    # As REST knows it (`seeding.Known`).

    def version(self, topic: Topic) -> int:
        seeded = self._followed[topic].seeded
        return seeded.version if seeded else 0

    def epoch(self, topic: Topic) -> int:
        return self._followed[topic].epoch

    def found(self, topic: Topic, rows: Sequence[Row], *, version: int, since: datetime) -> Sequence[Row]:
        seeded = self._followed[topic].seeded
        with self._lock:
            moment = Moment(None, self._now())
            return seeded.found(rows, moment, version=version, since=milliseconds(since)) if seeded else ()

    def settle(self, topic: Topic, row: Row) -> None:
        picture = self._followed[topic].picture
        with self._lock:
            if isinstance(picture, Ledger):
                picture.settle(row, Moment(None, self._now()))

    def whole(self, topic: Topic, gaps: Sequence[Gap], *, epoch: int) -> None:
        followed = self._followed[topic]
        with self._lock:
            if followed.is_live and followed.epoch == epoch:
                followed.whole(Outcome(recovered="rest"))
            for gap in gaps:
                self._mailbox.shut(gap, "rest")

    def _set_beside(self) -> None:
        """Lets each ticker speak of the book of its market."""
        for topic, book in self._followed.items():
            ticker = self._followed.get(ticker_of(topic))
            if ticker and isinstance(book.picture, Depth):
                ticker.opinion = SecondOpinion(book, book.picture)

    def _heed(self, opinion: SecondOpinion, rows: Sequence[Any], received: int) -> None:
        book = opinion.book
        for row in rows:
            advice = opinion.advice(row, received) if isinstance(row, dict) else Advice.NOTHING
            if advice is Advice.FETCH:
                book.doubt("stale", since=book.heard or received)
                self.renew(book.topic)
            elif advice is Advice.DOUBT:
                about = {"market": book.topic.inst_type.lower(), "channel": book.topic.channel}
                self.status("stale", {**about, "symbol": book.topic.name, "note": _CONTRADICTED})

    def _judge(self, followed: Followed, outcome: Outcome, received: int) -> Heard:
        if outcome.is_dropped:
            return Heard.DROPPED
        followed.heard = received
        if outcome.fault:
            followed.fault(outcome.fault, since=self._now())
            # Where a push has all levels the next one mends it; a kept book needs a new snapshot.
            return Heard.AFRESH if followed.channel.kept is Kept.BOOK else Heard.TAKEN
        if outcome.recovered:
            followed.whole(outcome)
        return Heard.TAKEN

    def _now(self) -> int:
        return milliseconds(self._clock.now())

    def _follow(self, topic: Topic, *, seeded: bool, beside: bool = False) -> Followed:
        followed = Followed(topic, self._mailbox, clock=self._clock, depth=self._depth, seeded=seeded, beside=beside)
        if seeded and isinstance(followed.picture, Tape | Ledger):
            self._mailbox.mended_by(topic, _Mender(self, topic, followed.picture))
        return followed


def ticker_of(topic: Topic) -> Topic:
    """The ticker of the same market."""
    return topic._replace(channel="ticker")


class _Mender:
    """Fills by REST what a slow reader lost of a private topic."""

    def __init__(self, following: Following, topic: Topic, picture: Tape | Ledger) -> None:
        self._following, self._topic, self._picture = following, topic, picture

    def dropped(self, push: Push) -> None:
        self._picture.untold(push.data)

    def mend(self, gap: Gap) -> None:
        if self._following.seeder:
            self._following.seeder.ask(self._topic, gap)
