"""One subscription and how it stands."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import channels
from bitget_cli.client.frames import Recent
from bitget_cli.errors import UsageError

if TYPE_CHECKING:
    from bitget_cli.catalogue.channels import Channel
    from bitget_cli.client.timing import Timing
    from bitget_cli.messages import Topic


class State(Enum):
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
        return self in (State.LIVE, State.MUTE, State.REFUSED)


@dataclass(eq=False, slots=True)
class Subscription:
    """One topic and how it stands. Times are monotonic seconds; those of data and answers are of this connection."""

    topic: Topic
    channel: Channel | None
    text: str
    resyncs: Recent
    state: State = State.WANTED
    tries: int = 0
    changed_at: float = 0.0  # since when it is in this state
    data_at: float | None = None
    latest: dict[str, Any] = field(default_factory=dict)  # the last push
    acknowledged_before: bool = False
    had_data: bool = False  # ever, on whichever connection
    batch: Batch | None = None
    patience: int = 1  # how many times the usual it may be silent: it doubles with each renewal that brought no more
    is_beside: bool = False  # not asked for: it is there for the sake of another
    dropped_at: float | None = None  # when a push came last that was of no use
    is_blamed: bool = False  # a connection was given up for its silence

    @property
    def is_kept_book(self) -> bool:
        return self.channel is not None and self.channel.kept is channels.Kept.BOOK

    def enter(self, state: State, now: float) -> None:
        self.state, self.changed_at = state, now
        if state is State.ASKED:
            self.expect_afresh()

    def expect_afresh(self) -> None:
        """What comes from here on is the answer to a new request."""
        self.had_data = self.had_data or self.data_at is not None
        self.data_at = self.dropped_at = None


@dataclass(eq=False, slots=True)
class Batch:
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
    return Subscription(topic, channel, text, Recent(timing.resyncs_within), is_beside=beside)
