"""Which topic a frame belongs to, what it changes there, and the gaps that are open."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum, auto
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.channels import EVERY, Channel, Kept, find
from bitget_cli.client.ws.channels import (
    FINE,
    UNREADABLE,
    ApplyResult,
    CandleState,
    ChannelState,
    EventChannel,
    KeyedRows,
    Latest,
    PushBuilder,
    ReceivedAt,
    Reconcilable,
    Row,
    RowSet,
    Unsaid,
    is_told_apart,
    milliseconds_in,
)
from bitget_cli.client.ws.interfaces import Heard
from bitget_cli.client.ws.order_book import DepthState, price_key
from bitget_cli.client.ws.recovery import RestReconciler, is_seeded
from bitget_cli.stream_events import Gap, Push, Refusal, Topic
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.ws.queue import ConflatingQueue
    from bitget_cli.client.ws.recovery import AccountStream
    from bitget_cli.runtime import Clock

# For so long (ms) the ticker must say otherwise: each is told of a change at its own time.
_PATIENCE = 5_000

Best = tuple[int | None, int | None]


class Advice(Enum):
    """What is to be done about the book."""

    NOTHING = auto()
    FETCH = auto()  # it is to be fetched afresh
    DOUBT = auto()  # fetched afresh, it is contradicted again: to be said, once


class BookTickerCheck:
    """Compares the best prices of a book with those of its ticker.

    A book that is silent must have the very prices of its ticker. One that speaks may be ahead or behind: it is wrong
    when all its best prices of five seconds lie on one side of all that the ticker named meanwhile. A ticker that
    contradicts even a fresh book is not believed again until both agree, and the book not shown as verified.
    """

    def __init__(self, book: TopicState, depth: DepthState) -> None:
        self.book, self._depth = book, depth
        self._differs_since: int | None = None
        self._is_fetched = self._is_told = False
        self._begin_window(0)

    def advice(self, ticker: Mapping[str, Any], now: int) -> Advice:
        """What follows from a push of the ticker; `now` in ms of our clock."""
        if self.book.gap is not None:  # it is being fetched
            self._differs_since = None
            return Advice.NOTHING
        ours, theirs = self._depth.best(), (price_key(ticker.get("bidPr")), price_key(ticker.get("askPr")))
        # An empty side, and what is no price, say nothing.
        if all(one is None or other is None or one == other for one, other in zip(ours, theirs, strict=True)):
            self._agree()
            return Advice.NOTHING
        if self._differs_since is None:
            self._differs_since = now
            self._begin_window(now)
        self._said.append((ours, theirs))
        if not self._is_refuted(now):
            return Advice.NOTHING
        if not self._is_fetched:
            self._is_fetched, self._differs_since = True, None
            return Advice.FETCH
        first, self._is_told = not self._is_told, True
        self._depth.contradicted(still=True)
        return Advice.DOUBT if first else Advice.NOTHING

    def _is_refuted(self, now: int) -> bool:
        """Whether what was said for five seconds cannot be told by the way from one to the other."""
        silent_since = max(self._differs_since or 0, self.book.heard or 0)
        if now - silent_since >= _PATIENCE:
            return True
        if now - self._window_since < _PATIENCE:
            return False
        is_apart = _is_apart(self._said, 0) or _is_apart(self._said, 1)
        self._begin_window(now)
        return is_apart

    def _agree(self) -> None:
        self._differs_since = None
        if self._is_fetched:
            self._is_fetched = self._is_told = False
            self._depth.contradicted(still=False)

    def _begin_window(self, now: int) -> None:
        self._window_since = now
        self._said: list[tuple[Best, Best]] = []


def _is_apart(pairs_seen: Sequence[tuple[Best, Best]], side: int) -> bool:
    """Whether on this side one was always above the other."""
    pairs = [(ours[side], theirs[side]) for ours, theirs in pairs_seen]
    known = [(our, their) for our, their in pairs if our is not None and their is not None]
    if not known:
        return False
    ours_known, theirs_known = [our for our, _ in known], [their for _, their in known]
    return min(ours_known) > max(theirs_known) or max(ours_known) < min(theirs_known)


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


class TopicState:
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
        "channel_state",
        "epoch",
        "gap",
        "heard",
        "is_beside",
        "is_live",
        "is_seeded",
        "opinion",
        "queue",
        "topic",
        "was_live",
    )

    def __init__(
        self, topic: Topic, queue: ConflatingQueue, *, clock: Clock, depth: int, seeded: bool, beside: bool = False
    ) -> None:
        """Raises UsageError for a channel there is not."""
        self.topic, self.queue, self.is_seeded, self.is_beside = topic, queue, seeded, beside
        self.channel = find(topic.inst_type, topic.channel)
        builder = PushBuilder(topic, self.channel, queue)
        self.channel_state = Unsaid() if beside else _picture(builder, clock, depth=depth, seeded=seeded)
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
        self.opinion: BookTickerCheck | None = None

    @property
    def seeded(self) -> Reconcilable | None:
        """The picture where REST knows it too."""
        return self.channel_state if isinstance(self.channel_state, EventChannel | KeyedRows | RowSet) else None

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
        self.channel_state.doubt()
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
            self.gap = self.queue.open(self.topic, reason, since=since)

    def whole(self, outcome: ApplyResult) -> None:
        """Nothing is missing any longer, or nothing that will ever come."""
        self._patience = 1
        gap, self.gap = self.gap, None
        if gap is not None:
            self.queue.shut(gap, outcome.recovered, lost=outcome.lost)


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


def _picture(builder: PushBuilder, clock: Clock, *, depth: int, seeded: bool) -> ChannelState:
    channel = builder.channel
    if channel.type == "depth":
        return DepthState(builder, depth)
    match channel.kept:
        case Kept.ROWS:
            candles = CandleState(builder, clock)
            builder.queue.each_take(candles.tick)
            return candles
        case Kept.EVENTS:
            return EventChannel(builder, seeded=seeded)
        case Kept.UPSERT:
            return KeyedRows(builder, seeded=seeded)
        case Kept.SET:
            return RowSet(builder)
    return Latest(builder)


DEFAULT_DEPTH = 20
# What nearly every push is: a name of the module is found sooner than a member of an enumeration.
_TAKEN = Heard.TAKEN
_CONTRADICTED = "the ticker says otherwise even of a book just fetched: shown as unverified"


class Dispatcher:
    """The listener of one connection (`StreamHandler`); its methods are called from one thread and never wait.

    Private topics are made whole by `client`, unless raw frames are wanted: in a thread of its own, or without
    `background` when somebody calls `seeder.turn`. `depth` is how many levels of a side are told. The topics `beside`
    them are listened to for their sake, and not told. `account` is one that is no classic one.
    """

    def __init__(
        self,
        topics: Sequence[Topic],
        queue: ConflatingQueue,
        *,
        clock: Clock,
        client: Client | None = None,
        depth: int = DEFAULT_DEPTH,
        raw: bool = False,
        background: bool = True,
        beside: Sequence[Topic] = (),
        account: AccountStream | None = None,
    ) -> None:
        self._queue, self._clock, self._depth = queue, clock, depth
        self._background = background
        self._heard: int | None = None
        # Pushes and what REST finds meet in the private topics.
        self._lock = RLock()
        asked = {topic for topic in topics if client is not None and not raw and is_seeded(topic)}
        self._followed = {topic: self._follow(topic, seeded=topic in asked) for topic in topics}
        for topic in beside:
            self._followed.setdefault(topic, self._follow(topic, seeded=False, beside=True))
        self.reconciler = (
            RestReconciler(self, queue, client=client, clock=clock, account=account) if client and asked else None
        )
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
        moment = ReceivedAt(milliseconds_in(frame.get("ts")), received, frame.get("action") == "snapshot")
        if followed.gap is not None and not followed.is_live:
            # Something is missing, and what comes before it is asked for anew says nothing about that.
            moment = moment._replace(snapshot=False)
        if not followed.is_plain(rows):
            return self._frame_of_many(followed, rows, moment)
        return self._take(followed, rows, moment)

    def _take(self, followed: TopicState, rows: Sequence[Any], received: ReceivedAt) -> Heard:
        """Rows of this topic that can be read."""
        if not followed.is_seeded:
            outcome = followed.channel_state.take(rows, received)
            if followed.opinion is not None:
                self._heed(followed.opinion, rows, received.received)
            if outcome is FINE:
                followed.heard = received.received
                if followed.gap is not None and followed.waits_in_vain(received.received):
                    followed.doubt(followed.gap.reason, since=received.received)
                    return Heard.AFRESH
                return _TAKEN
            return self._judge(followed, outcome, received.received)
        with self._lock:
            return self._judge(followed, followed.channel_state.take(rows, received), received.received)

    def _frame_of_many(self, followed: TopicState, rows: Sequence[Any], received: ReceivedAt) -> Heard:
        """A push whose rows are not all of its topic, or cannot all be read: each goes where it says it belongs."""
        parted = followed.parted(rows)
        # What is said of others is no word about this one.
        heard = Heard.DROPPED
        # A set with a row that cannot be read is no set: what is missing in it need not be gone.
        if parted.own and (parted.is_whole or followed.channel.kept is not Kept.SET):
            heard = self._take(followed, parted.own, received)
        for name, row in parted.others:
            other = self._followed.get(followed.topic._replace(name=name))
            # And a row among those of another market is not all that there is to say of its own.
            if other is not None and self._take(other, [row], received._replace(snapshot=False)) is Heard.AFRESH:
                self.renew(other.topic)
        if parted.is_whole or heard is Heard.AFRESH:
            return heard
        return self._missed(followed, received.received)

    def unreadable(self, topic: Topic, received: int) -> Heard:
        followed = self._followed.get(topic)
        return Heard.TAKEN if followed is None else self._missed(followed, received)

    def raw(self, text: str) -> None:
        self._queue.frame(text)

    def subscribed(self, topic: Topic, again: bool) -> None:
        followed = self._followed.get(topic)
        if followed is None:
            return
        with self._lock:
            if again and followed.gap is None:
                followed.doubt("stale", since=followed.heard or self._now())
            elif again:
                # What came since it was lost is no answer to this.
                followed.channel_state.doubt()
            self._heard = self._now()
            followed.subscribed(self._heard)
            if followed.is_seeded and self.reconciler:
                self.reconciler.ask(topic)
                if self._background:
                    self.reconciler.start()
            elif not followed.channel.first:
                # Neither a snapshot nor REST will ever say what happened meanwhile.
                followed.whole(ApplyResult(recovered="none"))

    def refused(self, topic: Topic | None, code: str, message: str) -> None:
        if topic is not None and topic in self._followed and self._followed[topic].is_beside:
            return
        self._queue.say(Refusal(code, topic, message))

    def lost(self, reason: str) -> None:
        with self._lock:
            for followed in self._followed.values():
                if followed.was_live:
                    followed.doubt(reason, since=self._heard or self._now())

    def status(self, event: str, facts: Mapping[str, Any]) -> None:
        self._queue.status(event, facts)

    def ended(self, error: Exception | None) -> None:
        """Reads no more by REST; how it ended is told by whoever owns all connections."""
        del error
        if self.reconciler:
            self.reconciler.stop()

    def close(self) -> None:
        """Ends the thread that reads by REST; waits for a call under way, but not for long."""
        if self.reconciler:
            self.reconciler.close()

    # As REST knows it (`Known`).

    def version(self, topic: Topic) -> int:
        seeded = self._followed[topic].seeded
        return seeded.version if seeded else 0

    def epoch(self, topic: Topic) -> int:
        return self._followed[topic].epoch

    def found(self, topic: Topic, rows: Sequence[Row], *, version: int) -> Sequence[Row]:
        seeded = self._followed[topic].seeded
        with self._lock:
            return seeded.found(rows, ReceivedAt(None, self._now()), version=version) if seeded else ()

    def gap(self, topic: Topic) -> Gap | None:
        return self._followed[topic].gap

    def happened(self, topic: Topic, rows: Sequence[Row], *, began: int) -> bool:
        seeded = self._followed[topic].seeded
        with self._lock:
            return seeded is None or seeded.happened(rows, ReceivedAt(None, self._now()), began=began)

    def is_open(self, topic: Topic, row: Row) -> bool:
        channel = self._followed[topic].channel_state
        with self._lock:
            return isinstance(channel, KeyedRows) and channel.is_open(row)

    def settle(self, topic: Topic, row: Row) -> None:
        channel = self._followed[topic].channel_state
        with self._lock:
            if isinstance(channel, KeyedRows):
                channel.settle(row, ReceivedAt(None, self._now()))

    def whole(self, topic: Topic, gaps: Sequence[Gap], *, epoch: int, recovered: str) -> None:
        followed = self._followed[topic]
        with self._lock:
            if followed.is_live and followed.epoch == epoch:
                followed.whole(ApplyResult(recovered=recovered))
            for gap in gaps:
                self._queue.shut(gap, recovered)

    def _set_beside(self) -> None:
        """Lets each ticker speak of the book of its market."""
        for topic, book in self._followed.items():
            ticker = self._followed.get(ticker_of(topic))
            if ticker and isinstance(book.channel_state, DepthState):
                ticker.opinion = BookTickerCheck(book, book.channel_state)

    def _heed(self, opinion: BookTickerCheck, rows: Sequence[Any], received: int) -> None:
        book = opinion.book
        for row in rows:
            advice = opinion.advice(row, received) if isinstance(row, dict) else Advice.NOTHING
            if advice is Advice.FETCH:
                book.doubt("stale", since=book.heard or received)
                self.renew(book.topic)
            elif advice is Advice.DOUBT:
                about = {"market": book.topic.inst_type.lower(), "channel": book.topic.channel}
                self.status("stale", {**about, "symbol": book.topic.name, "note": _CONTRADICTED})

    def _judge(self, followed: TopicState, outcome: ApplyResult, received: int) -> Heard:
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

    def _missed(self, followed: TopicState, received: int) -> Heard:
        """Something of this topic came that nobody could read: a gap here, and whatever fills it is asked for."""
        if followed.is_beside:
            return Heard.DROPPED
        with self._lock:
            if followed.is_seeded and self.reconciler:
                followed.missed(UNREADABLE, since=received)
                self.reconciler.ask(followed.topic)
                return Heard.TAKEN
            if followed.channel.kept in (Kept.LATEST, Kept.SET):
                # The next push says everything.
                followed.fault(UNREADABLE, since=received)
                return Heard.TAKEN
            if followed.channel.first:
                followed.doubt(UNREADABLE, since=received)
                return Heard.AFRESH
            followed.fault(UNREADABLE, since=received)
            followed.whole(ApplyResult(recovered="none"))
            return Heard.TAKEN

    def _now(self) -> int:
        return milliseconds(self._clock.now())

    def _follow(self, topic: Topic, *, seeded: bool, beside: bool = False) -> TopicState:
        followed = TopicState(topic, self._queue, clock=self._clock, depth=self._depth, seeded=seeded, beside=beside)
        if seeded and isinstance(followed.channel_state, EventChannel | KeyedRows):
            self._queue.mended_by(topic, _Mender(self, topic, followed.channel_state))
        return followed


def ticker_of(topic: Topic) -> Topic:
    """The ticker of the same market."""
    return topic._replace(channel="ticker")


class _Mender:
    """Fills by REST what a slow reader lost of a private topic."""

    def __init__(self, following: Dispatcher, topic: Topic, channel: EventChannel | KeyedRows) -> None:
        self._dispatcher, self._topic, self._channel_state = following, topic, channel

    def dropped(self, push: Push) -> None:
        self._channel_state.untold(push.data)

    def mend(self, gap: Gap) -> None:
        if self._dispatcher.reconciler:
            self._dispatcher.reconciler.ask(self._topic, gap)
