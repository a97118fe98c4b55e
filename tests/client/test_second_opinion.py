"""A kept book that falls silent while its ticker says otherwise is fetched afresh."""

from __future__ import annotations

from typing import Any

import pytest
from doubles import StillClock
from stream_frames import BOOKS, BOOKS5, TICKER, book, frame

from bitget_cli.client.following import Following
from bitget_cli.client.mailbox import Mailbox
from bitget_cli.messages import Gap, Push, Topic

ASKS, BIDS = [["2.0", "1"], ["2.1", "5"]], [["1.9", "4"], ["1.8", "6"]]
SAME = {"bidPr": "1.90", "askPr": "2"}
OTHER = {"bidPr": "1.8", "askPr": "1.9"}


class Market:
    """A book and its ticker over one connection; what is to be fetched afresh is in `renewed`."""

    def __init__(self, channel: Topic = BOOKS) -> None:
        self.book = channel
        clock = StillClock()
        self.box = Mailbox(clock)
        self.following = Following([channel, TICKER], self.box, clock=clock)
        self.renewed: list[Topic] = []
        self.following.renew = self.renewed.append
        for topic in (channel, TICKER):
            self.following.subscribed(topic, False)
        self.fetched(0)

    def fetched(self, second: float) -> None:
        row = book(ASKS, BIDS, 10, 0)
        self.following.frame(self.book, frame(self.book, [row], action="snapshot"), int(second * 1000))

    def changed(self, second: float, *, seq: int) -> None:
        row = book([], [["1.7", "1"]], seq, seq - 1)
        self.following.frame(self.book, frame(self.book, [row], action="update"), int(second * 1000))

    def ticks(self, *seconds: float, row: Any) -> None:
        for second in seconds:
            self.following.frame(TICKER, frame(TICKER, [row], action="snapshot"), int(second * 1000))


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
    market.ticks(8, 20, 60, row=OTHER)
    assert market.renewed == [BOOKS]
    market.ticks(61, row=SAME)
    market.ticks(62, 67, row=OTHER)
    assert market.renewed == [BOOKS] * 2


def test_a_book_that_speaks_is_believed() -> None:
    market = Market()
    for second in range(1, 30):
        market.ticks(second, row=OTHER)
        market.changed(second, seq=10 + second)
    assert market.renewed == []


@pytest.mark.parametrize(
    "row",
    [SAME, {}, {"bidPr": "", "askPr": None}, {"bidPr": "0", "askPr": "0"}, {"bidPr": "NaN", "askPr": []}, "x", None],
)
def test_a_ticker_that_agrees_or_says_nothing_contradicts_no_book(row: Any) -> None:
    market = Market()
    market.ticks(1, 10, 100, row=row)
    assert market.renewed == []


def test_a_book_that_is_pushed_whole_is_not_compared() -> None:
    market = Market(BOOKS5)
    market.ticks(1, 10, 100, row=OTHER)
    assert market.renewed == []
