"""Keeps the subscriptions of one connection in order: acknowledged, refused, silent, subscribed to afresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitget_cli.client.freshness import Doubt, Freshness
from bitget_cli.client.line import LineError
from bitget_cli.client.subscription import State
from bitget_cli.errors import RejectedError

if TYPE_CHECKING:
    from bitget_cli.client.listening import Listener
    from bitget_cli.client.subscribing import Refused, Subscriptions
    from bitget_cli.client.subscription import Subscription
    from bitget_cli.client.timing import Timing

NO_SNAPSHOT = "no snapshot, without which the book cannot be kept"
SILENT = "acknowledged but silent - wrong market for this symbol?"
_NOTES = {
    Doubt.SILENT: SILENT,
    Doubt.STALE: "silent; subscribing afresh",
    Doubt.QUIET: "still silent, while others speak: is the market halted?",
}

_NO_SNAPSHOT_NOTES = {
    Doubt.STALE: f"{NO_SNAPSHOT}; subscribing afresh",
    Doubt.QUIET: f"still {NO_SNAPSHOT}, after a new connection; asking for it now and then",
}


class Tending:
    """Raises RejectedError once nothing is left to listen to, LineError when only a new connection can help."""

    def __init__(self, subscriptions: Subscriptions, listener: Listener, *, timing: Timing, name: str) -> None:
        self._subscriptions = subscriptions
        self._listener = listener
        self._timing = timing
        self._name = name
        self._freshness = Freshness(subscriptions, timing)
        self._settled = False
        # Whether anything was acknowledged on this connection: one that is only open says nothing.
        self.stands = False

    def check(self, now: float) -> None:
        """Looks at the clocks of requests and of data."""
        for refused in self._subscriptions.overdue(now):
            self._came_to_nothing(refused, now)
        self._tell_when_settled()
        for each, doubt in self._freshness.check(now):
            self._doubted(each, doubt, now)

    def is_in_doubt(self) -> bool:
        return self._freshness.is_in_doubt()

    def acknowledged(self, each: Subscription, now: float) -> None:
        if self._subscriptions.acknowledged(each, now):
            self.stands = True
            again, each.acknowledged_before = each.acknowledged_before, True
            self._listener.subscribed(each.topic, again)

    def refuse(self, each: Subscription, code: str, message: str, now: float) -> None:
        self._subscriptions.refused(each, now)
        self._listener.refused(each.topic, code, message)
        if all(one.state is State.REFUSED for one in self._subscriptions.wanted):
            raise RejectedError(
                f"Bitget refused every subscription: {message or 'without a reason'} ({code})",
                hint="check the symbol and its product",
                code=code,
                msg=message,
            )

    def _came_to_nothing(self, refused: Refused, now: float) -> None:
        each, code, message = refused
        if code:
            self.refuse(each, code, message, now)
            return
        self._listener.refused(each.topic, code, message)
        # What is followed beside them does not keep a connection that has nothing else to say.
        if all(one.state in (State.MUTE, State.REFUSED) for one in self._subscriptions.wanted):
            raise LineError("no subscription was acknowledged", reason="stale")

    def _tell_when_settled(self) -> None:
        settled = self._subscriptions.is_settled()
        if settled and not self._settled:
            states = [each.state for each in self._subscriptions.wanted]
            live, refused = states.count(State.LIVE), states.count(State.REFUSED)
            facts = {"connection": self._name, "topics": live, "refused": refused}
            self._listener.status("subscribed", facts)
        self._settled = settled

    def _doubted(self, each: Subscription, doubt: Doubt, now: float) -> None:
        topic = each.topic
        waits = each.is_kept_book and each.data_at is None and doubt is not Doubt.SILENT
        if doubt is Doubt.DEAD:
            fault = f": {NO_SNAPSHOT}" if waits else " stays silent"
            raise LineError(f"{topic.channel} {topic.name}{fault}", reason="stale")
        if doubt is Doubt.AGAIN:
            self.renew(each, now)
            return
        note = (_NO_SNAPSHOT_NOTES if waits else _NOTES)[doubt]
        facts = {"market": topic.inst_type.lower(), "channel": topic.channel, "symbol": topic.name, "note": note}
        if doubt is Doubt.SILENT and len(self._subscriptions.wanted) == 1:
            raise RejectedError(f"{topic.channel} {topic.name}: {SILENT}", hint="check the symbol and --product")
        self._listener.status("stale", facts)
        if doubt is Doubt.STALE:
            self.renew(each, now)

    def renew(self, each: Subscription, now: float) -> None:
        timing = self._timing
        if each.state is not State.LIVE:
            return  # it is being asked for as it is
        if self._subscriptions.requests(now) >= timing.requests_per_hour:
            raise LineError("so many requests an hour that a new connection is better", reason="stale")
        if each.resyncs.add(now) > timing.resyncs:
            name = f"{each.topic.channel} {each.topic.name}"
            pause = timing.backoff_most if self._subscriptions.restarts.add(now) > timing.restarts else 0.0
            raise LineError(f"{name} does not come right by subscribing afresh", reason="stale", pause=pause)
        self._subscriptions.leave(each, now)
