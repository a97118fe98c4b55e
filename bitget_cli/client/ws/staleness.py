"""Whether what is subscribed to still speaks: silence is noticed and subscribed to afresh."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from bitget_cli.client.ws.interfaces import ConnectionLostError
from bitget_cli.client.ws.subscriptions import Subscription, SubscriptionState
from bitget_cli.errors import RejectedError

if TYPE_CHECKING:
    from bitget_cli.client.ws.interfaces import StreamHandler, Timing
    from bitget_cli.client.ws.subscriptions import Refused, Subscriptions

_MOST_PATIENCE = 32


class Doubt(Enum):
    SILENT = auto()  # acknowledged, and never a word: a symbol that lives in another market is so
    STALE = auto()  # fell silent: to be subscribed to afresh
    DEAD = auto()  # stays silent after that
    QUIET = auto()  # stays silent though the connection was renewed for it, while others speak
    AGAIN = auto()  # a snapshot that did not come that way either: to be asked for now and then


@dataclass(slots=True)
class _Watch:
    """What is remembered of one subscription between two looks."""

    warned: bool = False
    renewed_at: float | None = None
    steady_from: float | None = None
    seen_at: float | None = None
    price_then: Any = None  # of the ticker, when the book last spoke


class Staleness:
    """The data clocks of one connection."""

    def __init__(self, subscriptions: Subscriptions, timing: Timing) -> None:
        self._timing = timing
        self._watches = [(each, _Watch()) for each in subscriptions.all]
        tickers = {
            (each.topic.inst_type, each.topic.name): each
            for each in subscriptions.all
            if each.topic.channel == "ticker"
        }
        self._ticker_of = {each: tickers.get((each.topic.inst_type, each.topic.name)) for each in subscriptions.all}

    def check(self, now: float) -> Iterator[tuple[Subscription, Doubt]]:
        """The subscriptions that are in doubt now; each doubt is told once."""
        for each, watch in self._watches:
            if each.state is SubscriptionState.LIVE and (doubt := self._doubt(each, watch, now)):
                yield each, doubt

    def is_in_doubt(self) -> bool:
        """Whether there is a subscription whose silence was told and which has not spoken since."""
        return any(
            watch.renewed_at is not None or (watch.warned and each.data_at is None) for each, watch in self._watches
        )

    def _doubt(self, each: Subscription, watch: _Watch, now: float) -> Doubt | None:
        self._note_speech(each, watch)
        lacks_snapshot = self._lacks_snapshot(each, now)
        if each.data_at is None and not each.had_data and not lacks_snapshot:
            return self._never_heard(each, watch, now)
        if not (lacks_snapshot or self._has_gone_silent(each, watch, now)):
            return None
        if each.is_blamed and self._others_speak(each, now):
            # It cost the connection once, in vain: a market that is halted must not cost the others theirs for ever.
            first, watch.warned = not watch.warned, True
            if first:
                return Doubt.QUIET
            if not lacks_snapshot or now - each.changed_at < self._timing.snapshot * each.patience:
                return None
            each.patience = min(each.patience * 2, _MOST_PATIENCE)
            return Doubt.AGAIN
        if watch.renewed_at is not None:
            each.is_blamed = True
            return Doubt.DEAD
        watch.renewed_at = now
        each.patience = min(each.patience * 2, _MOST_PATIENCE)
        return Doubt.STALE

    def _note_speech(self, each: Subscription, watch: _Watch) -> None:
        """Whoever speaks for a while, and not only in answer to a subscription, is trusted as before."""
        if each.data_at is None:
            return
        if watch.steady_from is None or (watch.renewed_at is not None and each.data_at > watch.renewed_at):
            watch.renewed_at, watch.steady_from = None, each.data_at
        if each.data_at - watch.steady_from > self._timing.ticker_stale:
            each.patience, each.is_blamed, watch.warned = 1, False, False

    def _others_speak(self, each: Subscription, now: float) -> bool:
        since = now - self._timing.ticker_stale
        return any(
            other.data_at is not None and other.data_at > since for other, _ in self._watches if other is not each
        )

    def _lacks_snapshot(self, each: Subscription, now: float) -> bool:
        """Whether a kept book waits in vain for what alone makes its changes of use, though its market speaks."""
        if not each.is_kept_book or each.data_at is not None or now - each.changed_at < self._timing.snapshot:
            return False
        ticker = self._ticker_of[each]
        return each.had_data or each.dropped_at is not None or (ticker is not None and ticker.data_at is not None)

    def _never_heard(self, each: Subscription, watch: _Watch, now: float) -> Doubt | None:
        # Of private channels it is not known whether an empty account is told of; what they hold is read by REST.
        speaks = each.channel is not None and each.channel.first and not each.channel.private
        if watch.warned or not speaks or each.is_beside or now - each.changed_at < self._timing.first_data:
            return None
        watch.warned = True
        return Doubt.SILENT

    def _has_gone_silent(self, each: Subscription, watch: _Watch, now: float) -> bool:
        channel = each.channel
        if channel is None or channel.private or not channel.first:
            return False
        if each.data_at is None:  # it spoke before it was subscribed to afresh
            return now - each.changed_at >= self._timing.first_data
        silent_for = now - max(each.data_at, each.changed_at)
        if channel.name == "ticker":
            return silent_for >= self._timing.ticker_stale * each.patience
        ticker = self._ticker_of[each]
        if not channel.repeats or ticker is None:
            return False
        if watch.seen_at != each.data_at:
            watch.seen_at, watch.price_then = each.data_at, _price(ticker)
        return silent_for >= self._timing.book_stale * each.patience and _price(ticker) != watch.price_then


def _price(ticker: Subscription) -> Any:
    rows = ticker.latest.get("data")
    row = rows[0] if isinstance(rows, list) and rows else rows
    return (row.get("bidPr"), row.get("askPr")) if isinstance(row, dict) else None


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


class SubscriptionMonitor:
    """Raises RejectedError once nothing is left to listen to, ConnectionLostError when only a new connection can
    help.
    """

    def __init__(self, subscriptions: Subscriptions, listener: StreamHandler, *, timing: Timing, name: str) -> None:
        self._subscriptions = subscriptions
        self._listener = listener
        self._timing = timing
        self._name = name
        self._staleness = Staleness(subscriptions, timing)
        self._settled = False
        # Whether anything was acknowledged on this connection: one that is only open says nothing.
        self.stands = False

    def check(self, now: float) -> None:
        """Looks at the clocks of requests and of data."""
        for refused in self._subscriptions.overdue(now):
            self._came_to_nothing(refused, now)
        self._tell_when_settled()
        for each, doubt in self._staleness.check(now):
            self._doubted(each, doubt, now)

    def is_in_doubt(self) -> bool:
        return self._staleness.is_in_doubt()

    def acknowledged(self, each: Subscription, now: float) -> None:
        if self._subscriptions.acknowledged(each, now):
            self.stands = True
            again, each.acknowledged_before = each.acknowledged_before, True
            self._listener.subscribed(each.topic, again)

    def refuse(self, each: Subscription, code: str, message: str, now: float) -> None:
        self._subscriptions.refused(each, now)
        self._listener.refused(each.topic, code, message)
        if all(one.state is SubscriptionState.REFUSED for one in self._subscriptions.wanted):
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
        if all(one.state in (SubscriptionState.MUTE, SubscriptionState.REFUSED) for one in self._subscriptions.wanted):
            raise ConnectionLostError("no subscription was acknowledged", reason="stale")

    def _tell_when_settled(self) -> None:
        settled = self._subscriptions.is_settled()
        if settled and not self._settled:
            states = [each.state for each in self._subscriptions.wanted]
            live, refused = states.count(SubscriptionState.LIVE), states.count(SubscriptionState.REFUSED)
            facts = {"connection": self._name, "topics": live, "refused": refused}
            self._listener.status("subscribed", facts)
        self._settled = settled

    def _doubted(self, each: Subscription, doubt: Doubt, now: float) -> None:
        topic = each.topic
        waits = each.is_kept_book and each.data_at is None and doubt is not Doubt.SILENT
        if doubt is Doubt.DEAD:
            fault = f": {NO_SNAPSHOT}" if waits else " stays silent"
            raise ConnectionLostError(f"{topic.channel} {topic.name}{fault}", reason="stale")
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
        if each.state is not SubscriptionState.LIVE:
            return  # it is being asked for as it is
        if self._subscriptions.requests(now) >= timing.requests_per_hour:
            raise ConnectionLostError("so many requests an hour that a new connection is better", reason="stale")
        if each.resyncs.add(now) > timing.resyncs:
            name = f"{each.topic.channel} {each.topic.name}"
            pause = timing.backoff_most if self._subscriptions.restarts.add(now) > timing.restarts else 0.0
            raise ConnectionLostError(f"{name} does not come right by subscribing afresh", reason="stale", pause=pause)
        self._subscriptions.leave(each, now)
