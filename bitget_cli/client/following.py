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
from bitget_cli.client.telling import FINE, UNREADABLE, Moment, Outcome, Row, milliseconds_in
from bitget_cli.messages import Gap, Push, Refusal, Topic
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.mailbox import Mailbox
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock

DEFAULT_DEPTH = 20
# What nearly every push is: a name of the module is found sooner than a member of an enumeration.
_TAKEN = Heard.TAKEN
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
        rows = data if type(data) is list else [data]
        moment = Moment(milliseconds_in(frame.get("ts")), received, frame.get("action") == "snapshot")
        if followed.gap is not None and not followed.is_live:
            # Something is missing, and what comes before it is asked for anew says nothing about that.
            moment = moment._replace(snapshot=False)
        if not followed.is_plain(rows):
            return self._frame_of_many(followed, rows, moment)
        return self._take(followed, rows, moment)

    def _take(self, followed: Followed, rows: Sequence[Any], moment: Moment) -> Heard:
        """Rows of this topic that can be read."""
        if not followed.is_seeded:
            outcome = followed.picture.take(rows, moment)
            if followed.opinion is not None:
                self._heed(followed.opinion, rows, moment.received)
            if outcome is FINE:
                followed.heard = moment.received
                if followed.gap is not None and followed.waits_in_vain(moment.received):
                    followed.doubt(followed.gap.reason, since=moment.received)
                    return Heard.AFRESH
                return _TAKEN
            return self._judge(followed, outcome, moment.received)
        with self._lock:
            return self._judge(followed, followed.picture.take(rows, moment), moment.received)

    def _frame_of_many(self, followed: Followed, rows: Sequence[Any], moment: Moment) -> Heard:
        """A push whose rows are not all of its topic, or cannot all be read: each goes where it says it belongs."""
        parted = followed.parted(rows)
        # What is said of others is no word about this one.
        heard = Heard.DROPPED
        # A set with a row that cannot be read is no set: what is missing in it need not be gone.
        if parted.own and (parted.is_whole or followed.channel.kept is not Kept.SET):
            heard = self._take(followed, parted.own, moment)
        for name, row in parted.others:
            other = self._followed.get(followed.topic._replace(name=name))
            # And a row among those of another market is not all that there is to say of its own.
            if other is not None and self._take(other, [row], moment._replace(snapshot=False)) is Heard.AFRESH:
                self.renew(other.topic)
        if parted.is_whole or heard is Heard.AFRESH:
            return heard
        return self._missed(followed, moment.received)

    def unreadable(self, topic: Topic, received: int) -> Heard:
        followed = self._followed.get(topic)
        return Heard.TAKEN if followed is None else self._missed(followed, received)

    def raw(self, text: str) -> None:
        self._mailbox.frame(text)

    def subscribed(self, topic: Topic, again: bool) -> None:
        followed = self._followed.get(topic)
        if followed is None:
            return
        with self._lock:
            if again and followed.gap is None:
                followed.doubt("stale", since=followed.heard or self._now())
            elif again:
                # What came since it was lost is no answer to this.
                followed.picture.doubt()
            self._heard = self._now()
            followed.subscribed(self._heard)
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

    def found(self, topic: Topic, rows: Sequence[Row], *, version: int) -> Sequence[Row]:
        seeded = self._followed[topic].seeded
        with self._lock:
            return seeded.found(rows, Moment(None, self._now()), version=version) if seeded else ()

    def gap(self, topic: Topic) -> Gap | None:
        return self._followed[topic].gap

    def happened(self, topic: Topic, rows: Sequence[Row], *, began: int) -> bool:
        seeded = self._followed[topic].seeded
        with self._lock:
            return seeded is None or seeded.happened(rows, Moment(None, self._now()), began=began)

    def is_open(self, topic: Topic, row: Row) -> bool:
        picture = self._followed[topic].picture
        with self._lock:
            return isinstance(picture, Ledger) and picture.is_open(row)

    def settle(self, topic: Topic, row: Row) -> None:
        picture = self._followed[topic].picture
        with self._lock:
            if isinstance(picture, Ledger):
                picture.settle(row, Moment(None, self._now()))

    def whole(self, topic: Topic, gaps: Sequence[Gap], *, epoch: int, recovered: str) -> None:
        followed = self._followed[topic]
        with self._lock:
            if followed.is_live and followed.epoch == epoch:
                followed.whole(Outcome(recovered=recovered))
            for gap in gaps:
                self._mailbox.shut(gap, recovered)

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
        if outcome.fault == UNREADABLE:
            return self._missed(followed, received)
        if outcome.fault:
            followed.fault(outcome.fault, since=self._now())
            # Where a push has all levels the next one mends it; a kept book needs a new snapshot.
            return Heard.AFRESH if followed.channel.kept is Kept.BOOK else Heard.TAKEN
        # What comes before a topic is asked for anew does not say that nothing is missing.
        if outcome.recovered and followed.is_live:
            followed.whole(outcome)
        return Heard.TAKEN

    def _missed(self, followed: Followed, received: int) -> Heard:
        """Something of this topic came that nobody could read: a gap here, and whatever fills it is asked for."""
        if followed.is_beside:
            return Heard.DROPPED
        with self._lock:
            if followed.is_seeded and self.seeder:
                followed.missed(UNREADABLE, since=received)
                self.seeder.ask(followed.topic)
                return Heard.TAKEN
            if followed.channel.kept in (Kept.LATEST, Kept.SET):
                # The next push says everything.
                followed.fault(UNREADABLE, since=received)
                return Heard.TAKEN
            if followed.channel.first:
                followed.doubt(UNREADABLE, since=received)
                return Heard.AFRESH
            followed.fault(UNREADABLE, since=received)
            followed.whole(Outcome(recovered="none"))
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
