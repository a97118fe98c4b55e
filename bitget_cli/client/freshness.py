"""Whether what is subscribed to still speaks: topics that were never heard, or are silent where silence is a fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from bitget_cli.client.subscription import State, Subscription

if TYPE_CHECKING:
    from bitget_cli.client.subscribing import Subscriptions
    from bitget_cli.client.timing import Timing


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


class Freshness:
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
            if each.state is State.LIVE and (doubt := self._doubt(each, watch, now)):
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
