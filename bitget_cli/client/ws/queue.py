"""The bounded, conflating hand-over from who hears a stream to who shows it: neither waits."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from threading import Condition
from typing import TYPE_CHECKING, Any, Protocol

from bitget_cli.stream_events import Frame, Gap, Message, Push, Status, Topic
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.runtime import Clock


class Later(Protocol):
    """A push that is made when it is taken: the newest state then, or None when there is none to be believed."""

    def push(self) -> Push | None: ...


class Mender(Protocol):
    """Who can fill a hole that a slow reader left among the events of a topic."""

    def dropped(self, push: Push) -> None:
        """This push was never taken. Called from any thread, with nothing to wait for."""

    def mend(self, gap: Gap) -> None:
        """The gap was taken: whatever fills it may come now, and `shut` after it."""


class QueuedState:
    """The latest push of one key, which a newer one replaces until somebody takes it."""

    __slots__ = ("conflated", "latest")

    def __init__(self, latest: Push) -> None:
        self.latest = latest
        self.conflated = 0

    def push(self) -> Push:
        return self.latest._replace(conflated=self.conflated) if self.conflated else self.latest


class QueuedEvent:
    """A push or a frame that counts by itself."""

    __slots__ = ("message", "size", "topic")

    def __init__(self, message: Push | Frame, topic: Topic, size: int) -> None:
        self.message = message
        self.topic = topic
        self.size = size


class Dropped:
    """Where events of a topic were dropped, from the moment of the first to that of the last (ms)."""

    __slots__ = ("gap", "topic")

    def __init__(self, topic: Topic, gap: Gap) -> None:
        self.topic = topic
        self.gap = gap


Entry = Message | QueuedState | QueuedEvent | Dropped | Later
"""One thing that waits; most messages wait as they are."""


# Events that wait at most; when there are more, the oldest tenth goes.
MOST_EVENTS = 10_000
MOST_BYTES = 16 << 20
_BYTES_A_FIELD = 100
_MOST_REMARKS = 50_000
_NOBODY = Topic("", "", "")


class ConflatingQueue:
    """What is waiting to be shown, in order. Any thread may put; one takes.

    States are kept once a key; events wait in a queue with an end, and a gap stands where the oldest were dropped.
    With `raw`, pushes are left out: only frames, gaps, refusals and statuses go in.
    """

    def __init__(self, clock: Clock, *, raw: bool = False) -> None:
        self.gaps = self.open_gaps = 0
        self.raw = raw
        self._clock = clock
        self._arrived = Condition()
        self._waiting: deque[Entry] = deque()
        self._states: dict[Topic, dict[Hashable, QueuedState]] = {}
        self._events = self._bytes = 0
        self._is_awaited = self._has_ended = False
        self._error: Exception | None = None
        self._ticks: list[Callable[[], None]] = []
        self._menders: dict[Topic, Mender] = {}

    # For whoever shows it.

    def take(self, seconds: float) -> list[Message] | None:
        """What has arrived, in order; [] when nothing did within `seconds`, None once all is taken and it has ended.

        Raises the error it ended with, once.
        """
        for tick in self._ticks:
            tick()
        with self._arrived:
            if not self._waiting and not self._has_ended:
                self._is_awaited = True
                self._arrived.wait(seconds)
                self._is_awaited = False
            taken, self._waiting = self._waiting, deque()
            self._states.clear()
            self._events = self._bytes = 0
            if not taken and self._has_ended:
                error, self._error = self._error, None
                if error is not None:
                    raise error
                return None
        return list(self._messages(taken))

    # For whoever hears.

    def state(self, topic: Topic, key: Hashable, push: Push) -> None:
        """The latest state of `key`; an older one that still waits is replaced where it stands."""
        if self.raw:
            return
        with self._arrived:
            states = self._states.setdefault(topic, {})
            if found := states.get(key):
                found.latest = push
                found.conflated += 1
                return
            states[key] = state = QueuedState(push)
            self._put(state)

    def later(self, made: Later) -> None:
        """A push to be made when it is taken. Whoever puts it must not put it twice before that."""
        if self.raw:
            return
        with self._arrived:
            self._put(made)

    def event(self, topic: Topic, push: Push) -> None:
        """Something that happened: never replaced, and never dropped without a gap."""
        if not self.raw:
            self._queue(QueuedEvent(push, topic, _BYTES_A_FIELD * len(push.data)))

    def frame(self, text: str) -> None:
        """A frame as it was received."""
        self._queue(QueuedEvent(Frame(text), _NOBODY, len(text)))

    def say(self, message: Message) -> None:
        """A status or a refusal; nobody who is this far behind misses one."""
        with self._arrived:
            if len(self._waiting) < _MOST_REMARKS:
                self._put(message)

    def status(self, event: str, facts: Mapping[str, Any]) -> None:
        self.say(Status(event, milliseconds(self._clock.now()), facts))

    def open(self, topic: Topic, reason: str, *, since: int, lost: int | None = None) -> Gap:
        """Opens a gap here; what waits of the topic stays before it."""
        with self._arrived:
            gap = self._gap(topic, reason, since=since, lost=lost)
            self._states.pop(topic, None)
            self._put(gap)
            return gap

    def shut(self, gap: Gap, recovered: str, *, lost: int | None = None) -> None:
        """Tells the end of a gap under its id: `recovered` is snapshot, rest, overlap or none."""
        with self._arrived:
            self.open_gaps -= 1
            now = milliseconds(self._clock.now())
            self._put(gap._replace(until=now, recovered=recovered, lost=gap.lost if lost is None else lost))

    def end(self, error: Exception | None = None) -> None:
        """Nothing more will come; the first to say so decides how it ended."""
        with self._arrived:
            if not self._has_ended:
                self._has_ended, self._error = True, error
            self._arrived.notify()

    def each_take(self, tick: Callable[[], None]) -> None:
        """Calls `tick` in the taker's thread before every take."""
        self._ticks.append(tick)

    def mended_by(self, topic: Topic, mender: Mender) -> None:
        """Where events of `topic` are dropped, the gap stays open for `mender` to fill and to shut."""
        self._menders[topic] = mender

    def _gap(self, topic: Topic, reason: str, *, since: int, lost: int | None) -> Gap:
        self.gaps += 1
        self.open_gaps += 1
        return Gap(self.gaps, reason, topic.channel, topic.name, since, lost=lost)

    def _put(self, entry: Entry) -> None:
        if self._has_ended:
            return
        self._waiting.append(entry)
        if self._is_awaited:
            self._arrived.notify()

    def _queue(self, event: QueuedEvent) -> None:
        with self._arrived:
            self._events += 1
            self._bytes += event.size
            self._put(event)
            if self._events > MOST_EVENTS or self._bytes > MOST_BYTES:
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        """Makes room at once for the next tenth, since looking through the queue for each event would be slow."""
        kept: deque[Entry] = deque()
        dropped = {entry.topic: entry for entry in self._waiting if isinstance(entry, Dropped)}
        events, size = MOST_EVENTS * 9 // 10, MOST_BYTES * 9 // 10
        now = milliseconds(self._clock.now())
        for entry in self._waiting:
            if not isinstance(entry, QueuedEvent) or (self._events <= events and self._bytes <= size):
                kept.append(entry)
                continue
            self._events -= 1
            self._bytes -= entry.size
            at = entry.message.received if isinstance(entry.message, Push) else now
            if entry.topic not in dropped:
                dropped[entry.topic] = self._hole(entry.topic, at)
                kept.append(dropped[entry.topic])
            self._drop(entry, dropped[entry.topic], at)
        self._waiting = kept

    def _drop(self, event: QueuedEvent, hole: Dropped, at: int) -> None:
        gap = hole.gap
        hole.gap = gap._replace(lost=(gap.lost or 0) + 1, until=None if gap.until is None else at)
        if event.topic in self._menders and isinstance(event.message, Push):
            self._menders[event.topic].dropped(event.message)

    def _hole(self, topic: Topic, at: int) -> Dropped:
        """A gap where events go: one that can be filled stays open, another is told in one line."""
        gap = self._gap(topic, "slow-consumer", since=at, lost=0)
        if topic in self._menders:
            return Dropped(topic, gap)
        self.open_gaps -= 1
        return Dropped(topic, gap._replace(until=at, recovered="none"))

    def _messages(self, entries: Iterable[Entry]) -> Iterator[Message]:
        for entry in entries:
            if isinstance(entry, tuple):
                yield entry
            elif isinstance(entry, QueuedEvent):
                yield entry.message
            elif isinstance(entry, Dropped):
                yield entry.gap
                if entry.gap.until is None:
                    self._menders[entry.topic].mend(entry.gap)
            elif (push := entry.push()) is not None:
                yield push
