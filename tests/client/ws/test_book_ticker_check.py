"""A kept book that falls silent while its ticker says otherwise is fetched afresh."""

from __future__ import annotations

from typing import Any

import pytest
from doubles import StillClock
from stream_frames import BOOKS, BOOKS5, TICKER, book, frame

from bitget_cli.client.ws.dispatcher import Dispatcher
from bitget_cli.client.ws.interfaces import Heard
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.stream_events import Gap, Push, Status, Topic

ASKS, BIDS = [["2.0", "1"], ["2.1", "5"]], [["1.9", "4"], ["1.8", "6"]]
SAME = {"bidPr": "1.90", "askPr": "2"}
OTHER = {"bidPr": "1.8", "askPr": "1.9"}


class Market:
    """A book and its ticker over one connection; what is to be fetched afresh is in `renewed`."""

    def __init__(self, channel: Topic = BOOKS) -> None:
        self.book = channel
        ticker = channel._replace(channel="ticker")
        clock = StillClock()
        self.box = ConflatingQueue(clock)
        self.following = Dispatcher([channel, ticker], self.box, clock=clock)
        self.renewed: list[Topic] = []
        self.statuses: list[Status] = []
        self.following.renew = self.renewed.append
        for topic in (channel, ticker):
            self.following.subscribed(topic, False)
        self.fetched(0)

    def fetched(self, second: float) -> None:
        row = book(ASKS, BIDS, 10, 0)
        self.following.frame(self.book, frame(self.book, [row], action="snapshot"), int(second * 1000))

    def changed(self, second: float, *, seq: int) -> None:
        row = book([], [["1.7", "1"]], seq, seq - 1)
        self.following.frame(self.book, frame(self.book, [row], action="update"), int(second * 1000))

    def told(self) -> list[tuple[str, int]]:
        """What was told of the book since the last time: how well it is checked, and its last number."""
        found = self.box.take(0) or []
        self.statuses += [message for message in found if isinstance(message, Status)]
        pushes = [message for message in found if isinstance(message, Push) and message.type == "depth"]
        return [(push.data["checked"], push.data["seq"]) for push in pushes]

    def ticks(self, *seconds: float, row: Any) -> None:
        for second in seconds:
            ticker = self.book._replace(channel="ticker")
            self.following.frame(ticker, frame(ticker, [row], action="snapshot"), int(second * 1000))


def test_a_silent_book_that_its_ticker_contradicts_is_fetched_and_not_shown_until_then() -> None:
    market = Market()
    market.box.take(0)
    market.ticks(1, 2, 5.9, row=OTHER)
    assert market.renewed == []
    market.ticks(6, 7, row=OTHER)
    assert market.renewed == [BOOKS]
    (gap,) = [message for message in market.box.take(0) or [] if isinstance(message, Gap)]
    assert (gap.reason, gap.channel, gap.until) == ("stale", "books", None)
    market.following.subscribed(BOOKS, True)
    market.fetched(8)
    kinds = [type(message) for message in market.box.take(0) or []]
    assert kinds == [Push, Gap]


def test_a_ticker_that_contradicts_a_fresh_book_is_not_believed_again_until_both_agree() -> None:
    market = Market()
    market.ticks(1, 6, row=OTHER)
    market.following.subscribed(BOOKS, True)
    market.fetched(7)
    assert market.told() == [("verified", 10)]
    market.ticks(8, 20, 60, row=OTHER)
    assert market.renewed == [BOOKS]
    # It is said once, and the book is not shown as verified until both agree.
    market.changed(61, seq=11)
    assert market.told() == [("unverified", 11)]
    assert [status.facts["symbol"] for status in market.statuses] == ["BTCUSDT"]
    market.ticks(62, row=SAME)
    market.changed(63, seq=12)
    assert market.told() == [("verified", 12)]
    market.ticks(64, 69, row=OTHER)
    assert market.renewed == [BOOKS] * 2


def test_a_book_that_speaks_but_stands_elsewhere_is_fetched() -> None:
    market = Market()
    for second in range(1, 7):
        market.ticks(second, row=OTHER)
        market.changed(second, seq=10 + second)
    assert market.renewed == [BOOKS]


def test_a_book_that_hears_only_repetitions_is_as_good_as_silent() -> None:
    market = Market()
    for second in range(1, 7):
        market.ticks(second, row={"bidPr": ["2.5", "1.85"][second % 2], "askPr": "2.6"})
        market.changed(second, seq=9)
    assert market.renewed == [BOOKS]


@pytest.mark.parametrize("late", [1, 3])
def test_a_book_that_moves_with_its_ticker_is_believed_though_one_is_always_behind(late: int) -> None:
    market = Market()
    prices = [str(1000 + step * (1 if step < 40 else -1)) for step in range(80)]
    for step, (now, then) in enumerate(zip(prices[late:], prices, strict=False)):
        second = 1 + step * 0.3
        row = book([[f"{now}.5", "1"]], [[f"{now}.0", "1"]], 100 + step, 0)
        market.following.frame(BOOKS, frame(BOOKS, [row], action="snapshot"), int(second * 1000))
        market.ticks(second + 0.1, row={"bidPr": f"{then}.0", "askPr": f"{then}.5"})
    assert market.renewed == []


@pytest.mark.parametrize(
    "row",
    [SAME, {}, {"bidPr": "", "askPr": None}, {"bidPr": "0", "askPr": "0"}, {"bidPr": "NaN", "askPr": []}, "x", None],
)
def test_a_ticker_that_agrees_or_says_nothing_contradicts_no_book(row: Any) -> None:
    market = Market()
    market.ticks(1, 10, 100, row=row)
    assert market.renewed == []


def test_a_book_that_is_pushed_whole_is_compared_as_well() -> None:
    market = Market(BOOKS5)
    market.ticks(1, 5, row=OTHER)
    assert market.renewed == []
    market.ticks(6, 7, row=OTHER)
    assert market.renewed == [BOOKS5]


def test_a_ticker_beside_is_listened_to_and_not_told() -> None:
    clock = StillClock()
    box = ConflatingQueue(clock)
    following = Dispatcher([BOOKS], box, clock=clock, beside=[TICKER])
    for topic in (BOOKS, TICKER):
        following.subscribed(topic, False)
    assert following.frame(TICKER, frame(TICKER, [SAME]), 1) is Heard.TAKEN
    assert following.frame(TICKER, frame(TICKER, "oops"), 1) is Heard.DROPPED
    following.refused(TICKER, "30001", "no")
    following.lost("disconnect")
    (gap,) = box.take(0) or []
    assert isinstance(gap, Gap)
    assert gap.channel == "books"
