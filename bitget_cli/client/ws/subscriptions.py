"""The subscriptions of one stream: how each stands, and what goes into the next frame."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue import channels
from bitget_cli.errors import UsageError

if TYPE_CHECKING:
    from bitget_cli.catalogue.channels import Channel
    from bitget_cli.client.ws.interfaces import Timing
    from bitget_cli.stream_events import Topic


class SubscriptionState(Enum):
    WANTED = auto()  # to be asked for
    ASKED = auto()
    LIVE = auto()  # acknowledged
    LEAVING = auto()  # to be left, and then asked for again
    LEFT = auto()  # asked to be left
    MUTE = auto()  # asked for twice, never answered; it is asked for again now and then
    REFUSED = auto()  # for good

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way."""
        return self in (SubscriptionState.LIVE, SubscriptionState.MUTE, SubscriptionState.REFUSED)


@dataclass(eq=False, slots=True)
class Subscription:
    """One topic and how it stands. Times are monotonic seconds; those of data and answers are of this connection."""

    topic: Topic
    channel: Channel | None
    text: str
    resyncs: SlidingWindow
    state: SubscriptionState = SubscriptionState.WANTED
    tries: int = 0
    changed_at: float = 0.0  # since when it is in this state
    data_at: float | None = None
    latest: dict[str, Any] = field(default_factory=dict)  # the last push
    acknowledged_before: bool = False
    had_data: bool = False  # ever, on whichever connection
    batch: SubscribeFrame | None = None
    patience: int = 1  # how many times the usual it may be silent: it doubles with each renewal that brought no more
    is_beside: bool = False  # not asked for: it is there for the sake of another
    dropped_at: float | None = None  # when a push came last that was of no use
    is_blamed: bool = False  # a connection was given up for its silence

    @property
    def is_kept_book(self) -> bool:
        return self.channel is not None and self.channel.kept is channels.Kept.BOOK

    def enter(self, state: SubscriptionState, now: float) -> None:
        self.state, self.changed_at = state, now
        if state is SubscriptionState.ASKED:
            self.expect_afresh()

    def expect_afresh(self) -> None:
        """What comes from here on is the answer to a new request."""
        self.had_data = self.had_data or self.data_at is not None
        self.data_at = self.dropped_at = None


@dataclass(eq=False, slots=True)
class SubscribeFrame:
    """What one frame asked for; `errors` are those that did not say whom they were about."""

    members: list[Subscription]
    asked_at: float
    errors: list[tuple[str, str]] = field(default_factory=list)
    first_error_at: float = 0.0


def subscription(topic: Topic, timing: Timing, *, beside: bool = False) -> Subscription:
    try:
        channel = channels.find(topic.inst_type, topic.channel)
    except UsageError:  # one that is on no page: nothing is expected of it
        channel = None
    arg = {"instType": topic.inst_type, "channel": topic.channel}
    if selector := channel.selector if channel else "instId":
        arg[selector] = topic.name
    text = json.dumps(arg, ensure_ascii=False, separators=(",", ":"))
    return Subscription(topic, channel, text, SlidingWindow(timing.resyncs_within), is_beside=beside)


# Bitget takes 4096 bytes of arguments in one frame; bytes, since some symbols are Chinese.
FRAME_BYTES = 3500


class Refused(NamedTuple):
    """A subscription that came to nothing; `code` is "" where there never was an answer."""

    subscription: Subscription
    code: str
    message: str


class Subscriptions:
    """All subscriptions of a stream, over all its connections; `wanted` are those that were asked for.

    Of those `beside` them nobody hears that they are refused or never heard.
    """

    def __init__(self, topics: Sequence[Topic], timing: Timing, *, beside: Sequence[Topic] = ()) -> None:
        self._timing = timing
        self.wanted = tuple(subscription(topic, timing) for topic in dict.fromkeys(topics))
        more = dict.fromkeys(topic for topic in beside if topic not in topics)
        self.all = (*self.wanted, *(subscription(topic, timing, beside=True) for topic in more))
        # By what a push says of itself; both spellings, since answers may come in upper case.
        self.by_arg = {_upper(each.topic): each for each in self.all} | {_exact(each.topic): each for each in self.all}
        self._queue: list[list[Subscription]] = []
        self._batches: list[SubscribeFrame] = []
        self._requests = SlidingWindow(timing.hour)
        # New connections for the sake of one topic.
        self.restarts = SlidingWindow(timing.restarts_within)

    def start_over(self, now: float, *, new_connection: bool = True) -> None:
        """Everything that was not refused is to be asked for, in the order it was given."""
        wanted = [each for each in self.all if each.state is not SubscriptionState.REFUSED]
        for each in wanted:
            each.tries = 0
            each.expect_afresh()
            each.enter(SubscriptionState.WANTED, now)
        self._queue, self._batches = [wanted], []
        if new_connection:
            self._requests = SlidingWindow(self._timing.hour)

    def find(self, arg: Any) -> Subscription | None:
        """The subscription an `arg` of the exchange is about, whatever its order of keys and its case."""
        if not isinstance(arg, dict):
            return None
        kind, channel = arg.get("instType"), arg.get("channel")
        name = arg.get("instId", arg.get("coin", ""))
        if not (isinstance(kind, str) and isinstance(channel, str) and isinstance(name, str)):
            return None
        return self.by_arg.get((kind, channel, name)) or self.by_arg.get((kind, channel, name.upper()))

    def maybe(self, arg: Any) -> list[Subscription]:
        """Those that may be meant by an `arg`, however much of it there is; all of them where there is nothing."""
        if (found := self.find(arg)) is not None:
            return [found]
        if not isinstance(arg, dict):
            return list(self.all)
        named = [arg.get("instType"), arg.get("channel"), arg.get("instId", arg.get("coin"))]
        return [
            each
            for each in self.all
            if all(word == part for word, part in zip(named, each.topic, strict=True) if isinstance(word, str))
        ]

    def requests(self, now: float) -> int:
        """Subscription requests within the hour, of this connection."""
        return self._requests.count(now)

    def is_settled(self) -> bool:
        """Whether nothing is being asked for any more."""
        return all(each.state.is_settled for each in self.all)

    def in_state(self, *states: SubscriptionState) -> list[Subscription]:
        return [each for each in self.all if each.state in states]

    # What goes out.

    def next_frame(self, now: float) -> str | None:
        """The next request to send, or None; what it asks for is then under way."""
        if leaving := self.in_state(SubscriptionState.LEAVING):
            return self._request("unsubscribe", leaving, state=SubscriptionState.LEFT, now=now)
        while self._queue:
            if group := [each for each in self._queue.pop(0) if each.state is SubscriptionState.WANTED]:
                return self._request("subscribe", group, state=SubscriptionState.ASKED, now=now)
        # An exchange that is too busy to answer now must not cost a topic the rest of a day.
        if mute := [
            one for one in self.in_state(SubscriptionState.MUTE) if now - one.changed_at >= self._timing.ack_again
        ]:
            return self._request("subscribe", mute, state=SubscriptionState.MUTE, now=now)
        return None

    def _request(self, op: str, group: list[Subscription], *, state: SubscriptionState, now: float) -> str:
        chosen = _fitting(group)
        if state is SubscriptionState.ASKED:
            batch = SubscribeFrame(chosen, now)
            self._batches.append(batch)
            for each in chosen:
                each.batch = batch
            if rest := group[len(chosen) :]:
                self._queue.insert(0, rest)
        for each in chosen:
            each.enter(state, now)
        self._requests.add(now)
        return f'{{"op":"{op}","args":[{",".join(each.text for each in chosen)}]}}'

    # What came back.

    def acknowledged(self, each: Subscription, now: float) -> bool:
        """Whether that was news; `acknowledged_before` is for the caller to read and set."""
        if each.state not in (SubscriptionState.ASKED, SubscriptionState.MUTE):
            return False
        each.tries = 0
        each.enter(SubscriptionState.LIVE, now)
        return True

    def refused(self, each: Subscription, now: float) -> None:
        each.enter(SubscriptionState.REFUSED, now)

    def leave(self, each: Subscription, now: float) -> None:
        """Unsubscribe, and subscribe once that is acknowledged or overdue: the documented way to a new snapshot."""
        each.enter(SubscriptionState.LEAVING, now)

    def left(self, each: Subscription, now: float) -> None:
        if each.state is SubscriptionState.LEFT:
            each.enter(SubscriptionState.WANTED, now)
            self._queue.append([each])

    def blame(self, code: str, message: str, *, now: float) -> bool:
        """Notes an error that names nobody: it is about the oldest request with answers due. False: there is none."""
        batch = next((each for each in self._batches if _unanswered(each)), None)
        if batch is None:
            return False
        batch.first_error_at = batch.first_error_at if batch.errors else now
        batch.errors.append((code, message))
        return True

    def ask_again(self, now: float) -> None:
        """What was asked for and not answered was not heard."""
        for batch in self._batches:
            self._ask(_unanswered(batch), now)
        self._batches = []

    def overdue(self, now: float) -> Iterator[Refused]:
        """Looks at the clocks of all requests; gives those that came to nothing."""
        for each in self.in_state(SubscriptionState.LEFT):
            if now - each.changed_at >= self._timing.unsubscribe_ack:
                self.left(each, now)
        for batch in list(self._batches):
            waiting = _unanswered(batch)
            if not waiting:
                self._batches.remove(batch)
            elif batch.errors and now - batch.first_error_at >= self._timing.settle:
                self._batches.remove(batch)
                yield from self._narrowed(waiting, batch.errors, now)
            elif now - batch.asked_at >= self._timing.ack:
                self._batches.remove(batch)
                yield from self._unheard(waiting, now)

    def _narrowed(self, waiting: list[Subscription], errors: list[tuple[str, str]], now: float) -> Iterator[Refused]:
        """Finds out whom errors without a name are about: asks for one half, then for the other."""
        if len(waiting) <= len(errors):
            yield from (Refused(each, *error) for each, error in zip(waiting, errors, strict=False))
            return
        half = len(waiting) // 2
        self._ask(waiting[half:], now)
        self._ask(waiting[:half], now)

    def _unheard(self, waiting: list[Subscription], now: float) -> Iterator[Refused]:
        again = [each for each in waiting if each.tries == 0]
        for each in waiting:
            each.tries += 1
        self._ask(again, now)
        for each in waiting:
            if each.state is SubscriptionState.ASKED:
                each.enter(SubscriptionState.MUTE, now)
                yield Refused(each, "", f"no acknowledgement within {self._timing.ack:g} s, twice")

    def _ask(self, group: list[Subscription], now: float) -> None:
        for each in group:
            each.enter(SubscriptionState.WANTED, now)
        if group:
            self._queue.insert(0, group)


def _exact(topic: Topic) -> tuple[str, str, str]:
    return topic.inst_type, topic.channel, topic.name


def _upper(topic: Topic) -> tuple[str, str, str]:
    return topic.inst_type, topic.channel, topic.name.upper()


def _unanswered(batch: SubscribeFrame) -> list[Subscription]:
    return [each for each in batch.members if each.batch is batch and each.state is SubscriptionState.ASKED]


def _fitting(group: Iterable[Subscription]) -> list[Subscription]:
    """As many from the front as fit into one frame; one at least."""
    chosen: list[Subscription] = []
    size = 40  # the frame around them
    for each in group:
        size += len(each.text.encode()) + 1
        if chosen and size > FRAME_BYTES:
            break
        chosen.append(each)
    return chosen


class SlidingWindow:
    """How often something happened within the last `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._times: deque[float] = deque()

    def add(self, now: float) -> int:
        """Notes one more; how many there are now."""
        self._times.append(now)
        return self.count(now)

    def count(self, now: float) -> int:
        while self._times and self._times[0] <= now - self._seconds:
            self._times.popleft()
        return len(self._times)

    def room_at(self, now: float, most: int) -> float:
        """When there will be fewer than `most`."""
        count = self.count(now)
        return now if count < most else self._times[count - most] + self._seconds
