"""Doubles for streams: a listener that writes everything down, and one side of a conversation with the time in hand."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from stream_server import ack, arg, push

from bitget_cli.client.ws.interfaces import Heard, Timing
from bitget_cli.client.ws.protocol import Login, SendLimiter, WsProtocol
from bitget_cli.client.ws.subscriptions import Subscriptions
from bitget_cli.stream_events import Topic

BTC = Topic("USDT-FUTURES", "ticker", "BTCUSDT")
ETH = Topic("USDT-FUTURES", "ticker", "ETHUSDT")
SOL = Topic("USDT-FUTURES", "ticker", "SOLUSDT")
KEPT = Topic("USDT-FUTURES", "books", "BTCUSDT")
ORDERS = Topic("USDT-FUTURES", "orders", "default")

LOGIN = '{"op":"login","args":[{"apiKey":"the-key-id","passphrase":"the-phrase","timestamp":"1","sign":"c2lnbg=="}]}'


class Recording:
    """A listener that remembers; `wants_afresh` are the topics whose next push it does not believe.

    Of those it `has_no_use_for` it drops every push.
    """

    def __init__(self) -> None:
        self.frames: list[tuple[Topic, Mapping[str, Any]]] = []
        self.raws: list[str] = []
        self.missed: list[Topic] = []
        self.acknowledged: list[tuple[Topic, bool]] = []
        self.refusals: list[tuple[Topic | None, str, str]] = []
        self.losses: list[str] = []
        self.statuses: list[tuple[str, Mapping[str, Any]]] = []
        self.endings: list[Exception | None] = []
        self.wants_afresh: set[Topic] = set()
        self.has_no_use_for: set[Topic] = set()
        self._changed = threading.Condition()

    def frame(self, topic: Topic, frame: Mapping[str, Any], received: int) -> Heard:
        assert received > 0
        with self._changed:
            self.frames.append((topic, frame))
            self._changed.notify_all()
            if topic in self.wants_afresh:
                self.wants_afresh.discard(topic)
                return Heard.AFRESH
            return Heard.DROPPED if topic in self.has_no_use_for else Heard.TAKEN

    def unreadable(self, topic: Topic, received: int) -> Heard:
        assert received > 0
        self.missed.append(topic)
        return Heard.AFRESH if topic in self.wants_afresh else Heard.TAKEN

    def raw(self, text: str) -> None:
        self.raws.append(text)

    def subscribed(self, topic: Topic, again: bool) -> None:
        self._note(self.acknowledged, (topic, again))

    def refused(self, topic: Topic | None, code: str, message: str) -> None:
        self._note(self.refusals, (topic, code, message))

    def lost(self, reason: str) -> None:
        self._note(self.losses, reason)

    def status(self, event: str, facts: Mapping[str, Any]) -> None:
        self._note(self.statuses, (event, facts))

    def ended(self, error: Exception | None) -> None:
        self._note(self.endings, error)

    def events(self) -> list[str]:
        return [event for event, _ in self.statuses]

    def count(self, topic: Topic) -> int:
        """Pushes about `topic` so far."""
        return sum(1 for each, _ in list(self.frames) if each == topic)

    def wait_for(self, condition: Callable[[], object], seconds: float = 10.0) -> None:
        """Until it holds; for what a server in another thread brings about."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while not condition():
                left = deadline - time.monotonic()
                assert left > 0, (self.statuses[-5:], self.refusals, self.endings)
                self._changed.wait(min(left, 0.02))

    def ending(self, seconds: float = 10.0) -> Exception | None:
        self.wait_for(lambda: self.endings, seconds)
        return self.endings[0]

    def _note(self, where: list[Any], what: Any) -> None:
        with self._changed:
            where.append(what)
            self._changed.notify_all()


class Forgetful(Recording):
    """A listener that remembers the last few of everything, for streams that run long."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: Counter[Topic] = Counter()
        for name in ("frames", "acknowledged", "losses", "statuses"):
            setattr(self, name, deque(maxlen=20))

    def frame(self, topic: Topic, frame: Mapping[str, Any], received: int) -> Heard:
        self.heard[topic] += 1
        return super().frame(topic, frame, received)


class Desk:
    """A conversation that is held by hand: what is heard is typed in, and time passes when told."""

    def __init__(
        self,
        *topics: Topic,
        timing: Timing | None = None,
        login: Callable[[], str] | None = None,
        learn_time: Callable[[], object] | None = None,
        raw: bool = False,
        beside: Sequence[Topic] = (),
    ) -> None:
        self.timing = timing or Timing()
        self.now = 1000.0
        self.listener = Recording()
        self.subscriptions = Subscriptions(topics, self.timing, beside=beside)
        self.pace = SendLimiter(self.timing)
        self.login = Login(login, learn_time, self.timing) if login else None
        self.sent: list[tuple[float, str]] = []
        self.answers_pings = True
        self._raw = raw
        self.connect()

    def connect(self) -> None:
        """A connection, or a new one."""
        self.talk = WsProtocol(
            self.subscriptions,
            self.listener,
            pace=self.pace,
            login=self.login,
            timing=self.timing,
            now=self.now,
            raw=self._raw,
        )
        self.tick()

    def tick(self) -> None:
        self.talk.hurry = False
        self.talk.tick(self.now)
        while (text := self.talk.outgoing(self.now)) is not None:
            self.sent.append((self.now, text))

    def wait(self, seconds: float, *, hearing: Sequence[str] = (), every: float = 1.0) -> None:
        """Lets time pass, tick by tick, pongs in time; `hearing` is heard again and again meanwhile."""
        end, heard_at = self.now + seconds, self.now
        while self.now < end - 1e-9:
            self.now += min(self.timing.tick, end - self.now)
            if self.answers_pings and self.sent and self.sent[-1][1] == "ping":
                self.hear("pong")
            if hearing and self.now - heard_at >= every:
                heard_at = self.now
                for text in hearing:
                    self.hear(text)
            self.tick()

    def hear(self, *texts: str | bytes) -> None:
        for text in texts:
            self.talk.received(text, self.now)
        if self.talk.hurry:
            self.tick()

    def asked(self, op: str = "subscribe") -> list[list[str]]:
        """The names in each request of this kind that was sent."""
        requests = [json.loads(text) for _, text in self.sent if text != "ping"]
        return [
            [each.get("instId") or each.get("coin") for each in request["args"]]
            for request in requests
            if request["op"] == op
        ]


def live(*topics: Topic, **given: Any) -> Desk:
    """A desk whose topics are acknowledged and have been heard of."""
    desk = Desk(*topics, **given)
    for topic in topics:
        of = arg(topic.name, topic.channel, topic.inst_type)
        desk.hear(ack(of), push(of))
    desk.tick()
    return desk
