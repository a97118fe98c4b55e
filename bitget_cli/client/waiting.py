"""What can wait in a mailbox: states that a newer one replaces, events that count, and the holes among them."""

from __future__ import annotations

from typing import Protocol

from bitget_cli.messages import Frame, Gap, Message, Push, Topic


class Later(Protocol):
    """A push that is made when it is taken: the newest state then, or None when there is none to be believed."""

    def push(self) -> Push | None: ...


class Mender(Protocol):
    """Who can fill a hole that a slow reader left among the events of a topic."""

    def dropped(self, push: Push) -> None:
        """This push was never taken. Called from any thread, with nothing to wait for."""

    def mend(self, gap: Gap) -> None:
        """The gap was taken: whatever fills it may come now, and `shut` after it."""


class State:
    """The latest push of one key, which a newer one replaces until somebody takes it."""

    __slots__ = ("conflated", "latest")

    def __init__(self, latest: Push) -> None:
        self.latest = latest
        self.conflated = 0

    def push(self) -> Push:
        return self.latest._replace(conflated=self.conflated) if self.conflated else self.latest


class Event:
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


Entry = Message | State | Event | Dropped | Later
"""One thing that waits; most messages wait as they are."""
