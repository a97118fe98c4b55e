"""What follows from the frames of a connection: gaps, their ends, and rows that are told once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from doubles import StillClock
from hypothesis import given
from hypothesis import strategies as st
from rules import for_each
from stream_frames import (
    ACCOUNT,
    BOOKS,
    BOOKS5,
    CANDLES,
    FILLS,
    ORDERS,
    POSITIONS,
    TICKER,
    TRADES,
    bar,
    book,
    frame,
    order,
    position,
    trade,
)

from bitget_cli.client.ws.dispatcher import Dispatcher
from bitget_cli.client.ws.interfaces import Heard as Word
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.stream_events import Frame, Gap, Push, Refusal, Topic
from bitget_cli.values import from_milliseconds, milliseconds

Told = list[tuple[Any, ...] | dict[str, Any]]


class Heard:
    """One topic followed without REST: frames go in, what is told comes out."""

    def __init__(self, topic: Topic, **settings: Any) -> None:
        self.topic, self.clock = topic, StillClock()
        self.box = ConflatingQueue(self.clock)
        self.following = Dispatcher([topic], self.box, clock=self.clock, **settings)
        self.following.subscribed(topic, False)

    def push(self, *rows: Any, action: str = "update", ts: int | None = 1790000000010) -> bool:
        """Whether the topic may go on; False asks for it to be subscribed to afresh."""
        return self.following.frame(self.topic, frame(self.topic, list(rows), action=action, ts=ts), 1790000000500)

    def snapshot(self, *rows: Any, ts: int | None = 1790000000010) -> bool:
        return self.push(*rows, action="snapshot", ts=ts)

    def again(self) -> None:
        """The connection is lost, and comes back."""
        self.following.lost("disconnect")
        self.following.subscribed(self.topic, True)

    def told(self, *names: str) -> Told:
        """Pushes by the fields asked for (all of them by default), gaps as their reason or how they ended."""
        return [self._plain(message, names) for message in self.box.take(0) or []]

    def _plain(self, message: Any, names: tuple[str, ...]) -> Any:
        if isinstance(message, Push):
            return {name: message.data.get(name) for name in names} if names else dict(message.data)
        if isinstance(message, Gap):
            return (
                (message.id, message.reason) if message.until is None else (message.id, message.recovered, message.lost)
            )
        return message


ASKS, BIDS = [["2.0", "1"], ["2.1", "5"]], [["1.9", "4"], ["1.8", "6"]]


def depth(**settings: Any) -> Heard:
    heard = Heard(BOOKS, **settings)
    heard.snapshot(book(ASKS, BIDS, 10, 0))
    heard.told()
    return heard


# Books.


def test_a_book_is_told_as_its_top() -> None:
    heard = depth(depth=1)
    heard.push(book([["2.0", "0"]], [], 11, 10))
    assert heard.told("asks", "bids", "seq") == [{"asks": [["2.1", "5"]], "bids": [["1.9", "4"]], "seq": 11}]


def test_the_tops_that_nobody_took_are_counted() -> None:
    heard = depth()
    for seq in (11, 12, 13):
        assert heard.push(book([["2.2", str(seq)]], [], seq, seq - 1))
    (top,) = heard.box.take(0) or []
    assert isinstance(top, Push)
    assert (top.conflated, top.snapshot, top.data["seq"]) == (2, False, 13)


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (book([], [], 13, 12), "seq"),
        (book([], [], 13, 0), "seq"),
        (book([], [["2.0", "1"]], 11, 10), "crossed"),
        (book([], [], 11, 10) | {"checksum": 5}, "checksum"),
        (book([["nan", "1"]], [], 11, 10), "seq"),
    ],
)
def test_a_book_that_breaks_opens_a_gap_and_is_silent_until_the_next_snapshot(broken: Any, reason: str) -> None:
    heard = depth()
    assert not heard.push(broken)
    assert heard.push(book([], [], 14, 13)), "it was asked for once"
    assert heard.told() == [(1, reason)]
    heard.following.subscribed(BOOKS, True)
    assert heard.snapshot(book([["3.0", "1"]], [], 90, 0))
    assert heard.told("seq", "asks") == [{"seq": 90, "asks": [["3.0", "1"]]}, (1, "snapshot", None)]


def test_what_waits_of_a_book_is_not_told_once_it_broke() -> None:
    heard = depth()
    heard.push(book([["2.2", "7"]], [], 11, 10))
    heard.push(book([], [], 13, 12))
    heard.snapshot(book([["3.0", "1"]], [], 90, 0))
    assert heard.told("seq") == [(1, "seq"), {"seq": 90}, (1, "snapshot", None)]


def test_a_snapshot_that_is_crossed_leaves_the_gap_open() -> None:
    heard = depth()
    heard.push(book([], [], 13, 12))
    assert not heard.snapshot(book([["2.0", "1"]], [["2.5", "1"]], 90, 0))
    assert heard.told() == [(1, "seq")]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(15, 25), st.integers(15, 25)), max_size=40))
def test_a_book_that_is_told_is_never_crossed_and_never_told_inside_a_gap(steps: list[tuple[int, int, int]]) -> None:
    heard, seq, is_open = Heard(BOOKS), 1, False
    for kind, ask, bid in steps:
        seq += 1
        row = book([[f"{ask / 10}", "1"]], [[f"{bid / 10}", "1"]], seq, seq - (2 if kind == 1 else 1))
        heard.push(row, action="snapshot" if kind == 0 else "update")
        for message in heard.box.take(0) or []:
            if isinstance(message, Gap):
                is_open = message.until is None
            elif isinstance(message, Push):
                asks, bids = message.data["asks"], message.data["bids"]
                assert not asks or not bids or Decimal(bids[0][0]) < Decimal(asks[0][0])
                assert not is_open or message.snapshot


def test_levels_that_are_pushed_whole_mend_themselves() -> None:
    heard = Heard(BOOKS5)
    assert heard.snapshot(book(ASKS, BIDS, 10, 0))
    heard.told()
    assert heard.snapshot(book(ASKS, [["2.5", "1"]], 11, 0))
    assert heard.snapshot(book(ASKS, BIDS, 12, 0))
    assert heard.told("seq") == [(1, "crossed"), {"seq": 12}, (1, "snapshot", None)]


# Lost connections.


@pytest.mark.parametrize(
    ("topic", "first", "then", "recovered"),
    [
        (TICKER, [{"lastPr": "1"}], [{"lastPr": "2"}], ("snapshot", None)),
        (BOOKS, [book(ASKS, BIDS, 10, 0)], [book(ASKS, BIDS, 5, 0)], ("snapshot", None)),
        (TRADES, [trade(2), trade(1)], [trade(4), trade(3), trade(2)], ("overlap", 0)),
        (TRADES, [trade(2), trade(1)], [trade(9), trade(8)], ("none", None)),
        (TRADES, [], [], ("overlap", 0)),
        (TRADES, [], [trade(1)], ("none", None)),
        (CANDLES, [bar(0, "1"), bar(1, "2")], [bar(1, "3"), bar(2, "4")], ("snapshot", None)),
        (CANDLES, [bar(0, "1"), bar(1, "2")], [bar(2, "4")], ("none", None)),
        (CANDLES, [bar(0, "1"), bar(1, "2")], [bar(5, "3"), bar(6, "4")], ("none", 3)),
        (ACCOUNT, [{"marginCoin": "USDT"}], [{"marginCoin": "USDT"}], ("snapshot", None)),
        (POSITIONS, [], [], ("snapshot", None)),
    ],
    ids=lambda value: value.channel if isinstance(value, Topic) else None,
)
def test_a_lost_connection_leaves_a_gap_that_says_how_it_ended(
    topic: Topic, first: list[Any], then: list[Any], recovered: tuple[Any, ...]
) -> None:
    heard = Heard(topic)
    heard.snapshot(*first)
    heard.told()
    heard.again()
    assert heard.told() == [(1, "disconnect")]
    heard.snapshot(*then)
    assert [message for message in heard.told() if isinstance(message, tuple)] == [(1, *recovered)]
    assert heard.box.open_gaps == 0


@pytest.mark.parametrize("topic", [ORDERS, FILLS, Topic("USDT-FUTURES", "adl-noti", "default")])
def test_events_that_nobody_can_ask_for_are_lost_and_said_to_be(topic: Topic) -> None:
    heard = Heard(topic)
    heard.again()
    assert heard.told() == [(1, "disconnect"), (1, "none", None)]


def test_a_gap_begins_when_something_was_heard_last() -> None:
    heard = Heard(TICKER)
    heard.push({"lastPr": "1"})
    heard.clock.moment += timedelta(seconds=40)
    heard.following.lost("stale")
    *_, gap = heard.box.take(0) or []
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.since, gap.channel, gap.symbol) == ("stale", 1790000000500, "ticker", "BTCUSDT")


def test_a_connection_that_fails_again_is_the_same_gap() -> None:
    heard = Heard(TICKER)
    for reason in ("disconnect", "disconnect", "stale"):
        heard.following.lost(reason)
    assert heard.told() == [(1, "disconnect")]


def test_what_was_never_subscribed_has_no_gap() -> None:
    clock = StillClock()
    box = ConflatingQueue(clock)
    Dispatcher([TICKER], box, clock=clock).lost("disconnect")
    assert box.take(0) == []


def test_a_topic_subscribed_to_afresh_was_stale() -> None:
    heard = Heard(TICKER)
    heard.following.subscribed(TICKER, True)
    heard.push({"lastPr": "1"})
    assert heard.told() == [(1, "stale"), {"lastPr": "1"}, (1, "snapshot", None)]


TOPICS = (TICKER, TRADES, CANDLES, BOOKS, BOOKS5, ACCOUNT, POSITIONS, ORDERS, FILLS)


@for_each([(topic, ts) for topic in TOPICS for ts in (10**400, -(10**400), -5, True, [], {})])
def test_a_time_that_is_none_ends_nothing(told: tuple[Topic, Any]) -> None:
    topic, ts = told
    heard = Heard(topic)
    named = {**dict.fromkeys(("ts", "uTime", "cTime", "seq", "pseq"), ts), "bids": [], "asks": []}
    for row in ([ts, *["1"] * 7], [str(1790000000000), *["1"] * 7], named):
        for action in ("snapshot", "update"):
            heard.push(row, action=action, ts=ts)
            heard.clock.sleep(100)
            heard.told()


# Trades.


def test_trades_are_told_once_and_oldest_first_over_connections() -> None:
    heard = Heard(TRADES)
    heard.snapshot(trade(2), trade(1))
    heard.push(trade(4), trade(3))
    heard.again()
    heard.snapshot(trade(5), trade(4), trade(3))
    rows = [message for message in heard.box.take(0) or [] if isinstance(message, Push)]
    assert [row.data["tradeId"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row.snapshot for row in rows] == [True, True, False, False, False]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6), st.booleans()), max_size=30))
def test_each_trade_that_is_shown_is_told_once_and_in_order(steps: list[tuple[int, int, bool]]) -> None:
    heard, last, told = Heard(TRADES), 0, list[int]()
    for new, overlap, is_lost in steps:
        if is_lost:
            heard.again()
        last += new
        shown = range(last, max(0, last - max(new, overlap)), -1)
        heard.push(*[trade(number) for number in shown], action="snapshot" if is_lost else "update")
        for message in heard.box.take(0) or []:
            if isinstance(message, Push):
                told.append(int(message.data["tradeId"]))
    assert told == sorted(set(told))
    assert told == list(range(1, last + 1))


def test_ids_are_remembered_for_long_but_not_for_ever() -> None:
    heard = Heard(TRADES)
    for number in range(6_000):
        heard.push(trade(number))
    heard.told()
    heard.push(trade(5_999), trade(5_000), trade(1))
    assert heard.told("tradeId") == [{"tradeId": "1"}]


# Candles.


def closed(heard: Heard) -> list[tuple[Any, ...]]:
    return [
        (row["close"], row["closed"], row["closed_by"])
        for row in heard.told("close", "closed", "closed_by")
        if isinstance(row, dict)
    ]


def test_a_bar_is_closed_by_the_next() -> None:
    heard = Heard(CANDLES)
    heard.snapshot(bar(0, "1"), bar(1, "2"))
    assert closed(heard) == [("1", True, "next"), ("2", False, None)]
    heard.push(bar(1, "3"))
    heard.push(bar(1, "4"))
    assert closed(heard) == [("4", False, None)]
    heard.push(bar(3, "5"))
    assert closed(heard) == [("4", True, "next"), ("5", False, None)]


def test_a_bar_whose_successor_is_late_is_closed_by_the_clock_and_once() -> None:
    heard = Heard(CANDLES)
    end = int(bar(1, "")[0])
    heard.snapshot(bar(0, "1"), ts=end - 1_000)
    assert closed(heard) == [("1", False, None)]
    heard.clock.sleep(2.9)
    assert closed(heard) == []
    heard.clock.sleep(0.2)
    (push,) = heard.box.take(0) or []
    assert isinstance(push, Push)
    assert (push.data["closed"], push.data["closed_by"]) == (True, "clock")
    assert (push.ts, push.received) == (end + 2_100, 1790000000500 + 3_100)
    heard.push(bar(1, "2"))
    assert closed(heard) == [("2", False, None)]


def test_a_bar_closed_by_the_clock_is_told_again_if_it_changes() -> None:
    heard = Heard(CANDLES)
    heard.snapshot(bar(0, "1"), ts=int(bar(1, "")[0]))
    heard.told()
    heard.clock.sleep(3)
    assert closed(heard) == [("1", True, "clock")]
    heard.push(bar(0, "9"))
    assert closed(heard) == [("9", False, None)]
    heard.push(bar(1, "2"))
    assert closed(heard) == [("9", True, "next"), ("2", False, None)]


def test_a_bar_is_not_closed_by_the_clock_while_the_connection_is_in_doubt() -> None:
    heard = Heard(CANDLES)
    heard.snapshot(bar(0, "1"), ts=int(bar(1, "")[0]))
    heard.following.lost("disconnect")
    heard.told()
    heard.clock.sleep(60)
    assert closed(heard) == []


def test_bars_told_before_are_not_repeated_by_the_snapshot_of_a_new_connection() -> None:
    heard = Heard(CANDLES)
    heard.snapshot(bar(0, "1"), bar(1, "2"))
    heard.told()
    heard.again()
    heard.snapshot(bar(0, "1"), bar(1, "3"), bar(2, "4"))
    assert closed(heard) == [("3", True, "next"), ("4", False, None)]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60))
def test_every_bar_but_the_last_is_closed_exactly_once(steps: list[int]) -> None:
    heard, start, seen = Heard(CANDLES), 0, []
    heard.snapshot(bar(0, "0"))
    for number, step in enumerate(steps):
        start += step
        heard.push(bar(start, str(number)))
        seen += [row for row in heard.told("start", "closed") if isinstance(row, dict)]
    ends = [row["start"] for row in seen if row["closed"]]
    starts = list(dict.fromkeys(row["start"] for row in seen))
    assert ends == [name for name in starts if name != bar(start, "")[0]]


# Orders, accounts, positions.


@pytest.mark.parametrize(
    ("then", "told"),
    [
        (order("live", "0", 5), []),  # told before
        (order("live", "0", 4), []),  # older
        (order("filled", "0.40", 4), []),
        (order("filled", "0.40", 5), [("filled", "0.40")]),  # of equal times a final status
        (order("partially_filled", "0.2", 6), [("partially_filled", "0.2")]),
    ],
)
def test_the_later_push_of_an_order_counts(then: dict[str, Any], told: list[tuple[str, str]]) -> None:
    heard = Heard(ORDERS)
    heard.push(order("live", "0", 5))
    heard.told()
    heard.push(then)
    rows = [row for row in heard.told("status", "accBaseVolume") if isinstance(row, dict)]
    assert [(row["status"], row["accBaseVolume"]) for row in rows] == told


def test_a_finished_order_is_not_opened_again_by_a_push_of_the_same_time() -> None:
    heard = Heard(ORDERS)
    heard.push(order("canceled", "0.1", 5))
    heard.push(order("live", "0.1", 5))
    assert [row["status"] for row in heard.told("status") if isinstance(row, dict)] == ["canceled"]


def test_what_is_filled_never_goes_down() -> None:
    heard = Heard(ORDERS)
    heard.push(order("partially_filled", "0.20", 5))
    heard.push(order("canceled", "0", 6))
    rows = [row["accBaseVolume"] for row in heard.told("accBaseVolume") if isinstance(row, dict)]
    assert rows == ["0.20", "0.20"]


def test_unknown_fields_and_words_pass_and_absent_ones_stay_absent() -> None:
    heard = Heard(ORDERS)
    row = {"orderId": "1", "status": "paused_by_moon", "newField": [1]}
    heard.push(row)
    assert heard.told() == [row]


def test_a_coin_of_an_account_replaces_the_one_before() -> None:
    heard = Heard(ACCOUNT)
    heard.snapshot({"marginCoin": "USDT", "available": "1"}, {"marginCoin": "BTC", "available": "2"})
    heard.push({"marginCoin": "USDT", "available": "3"})
    rows = [
        (row.data["marginCoin"], row.data["available"], row.conflated)
        for row in heard.box.take(0) or []
        if isinstance(row, Push)
    ]
    assert rows == [("USDT", "3", 1), ("BTC", "2", 0)]


def test_a_position_that_is_not_shown_is_closed() -> None:
    heard = Heard(POSITIONS)
    heard.snapshot(position("BTCUSDT", "long", "1"), position("BTCUSDT", "short", "2"))
    heard.told()
    heard.snapshot(position("BTCUSDT", "short", "2"))
    assert heard.told("holdSide", "total", "closed") == [
        {"holdSide": "short", "total": "2", "closed": None},
        {"holdSide": "long", "total": "0", "closed": True},
    ]


# What the stream says of itself.


def test_refusals_statuses_and_raw_frames_are_handed_on() -> None:
    heard = Heard(TICKER)
    heard.following.refused(TICKER, "30001", "no such channel")
    heard.following.status("connecting", {"attempt": 1})
    refusal, status = heard.box.take(0) or []
    assert refusal == Refusal("30001", TICKER, "no such channel")
    assert getattr(status, "facts", None) == {"attempt": 1}


def test_raw_frames_keep_the_gaps_of_a_book() -> None:
    clock = StillClock()
    box = ConflatingQueue(clock, raw=True)
    following = Dispatcher([BOOKS], box, clock=clock, raw=True)
    following.subscribed(BOOKS, False)
    for row, action in ((book(ASKS, BIDS, 10, 0), "snapshot"), (book([], [], 13, 12), "update")):
        following.raw(action)
        following.frame(BOOKS, frame(BOOKS, [row], action=action), 5)
    first, second, gap = box.take(0) or []
    assert (first, second) == (Frame("snapshot"), Frame("update"))
    assert isinstance(gap, Gap)


# Rows about others, and snapshots that do not come.


class Two:
    """Two markets of one channel, both lost and asked for anew, the second not yet answered."""

    def __init__(self, channel: str) -> None:
        self.topics = [Topic("USDT-FUTURES", channel, name) for name in ("BTCUSDT", "ETHUSDT")]
        clock = StillClock()
        self.box = ConflatingQueue(clock)
        self.following = Dispatcher(self.topics, self.box, clock=clock)
        for topic in self.topics:
            self.following.subscribed(topic, False)
        self.following.lost("disconnect")
        self.following.subscribed(self.topics[0], True)
        self.box.take(0)

    def push(self, *rows: Any, action: str = "snapshot") -> Word:
        return self.following.frame(self.topics[0], frame(self.topics[0], list(rows), action=action), 1790000000500)

    def closed(self) -> list[str]:
        return [gap.symbol for gap in self.box.take(0) or [] if isinstance(gap, Gap)]


@pytest.mark.parametrize(
    ("channel", "row"),
    [("trade", trade(7)), ("ticker", {"lastPr": "7"}), ("books5", book([["2", "1"]], [["1", "1"]], 7, 0))],
)
def test_a_row_among_those_of_another_market_mends_no_gap_of_its_own(channel: str, row: dict[str, Any]) -> None:
    two = Two(channel)
    two.push(row | {"instId": "ETHUSDT"})
    assert two.closed() == []
    two.following.subscribed(two.topics[1], True)
    own = frame(two.topics[1], [row | {"instId": "ETHUSDT"}])
    two.following.frame(two.topics[1], own, 1790000000500)
    assert two.closed() == ["ETHUSDT"]


@pytest.mark.parametrize("channel", ["trade", "ticker", "books", "books5"])
def test_rows_about_another_market_are_no_word_about_this_one(channel: str) -> None:
    row = book([["2", "1"]], [["1", "1"]], 7, 0) | trade(7) | {"lastPr": "7"}
    two = Two(channel)
    assert two.push(row | {"instId": "SOLUSDT"}) is Word.DROPPED
    assert two.push(row | {"instId": "BTCUSDT"}) is Word.TAKEN


@pytest.mark.parametrize("topic", [BOOKS5, TICKER, ACCOUNT, POSITIONS])
def test_what_comes_before_a_topic_is_asked_for_anew_mends_no_gap(topic: Topic) -> None:
    row = book([["2", "1"]], [["1", "1"]], 7, 0) | {"marginCoin": "USDT", "instId": topic.name, "holdSide": "long"}
    heard = Heard(topic)
    heard.snapshot(row)
    heard.following.lost("disconnect")
    heard.told()
    heard.snapshot(row)
    assert [one for one in heard.told() if isinstance(one, tuple)] == []
    heard.following.subscribed(topic, True)
    heard.snapshot(row)
    assert [one[:2] for one in heard.told() if isinstance(one, tuple)] == [(1, "snapshot")]


@pytest.mark.parametrize("topic", [ORDERS, TRADES, BOOKS, CANDLES])
def test_a_gap_of_a_topic_that_never_spoke_begins_with_its_subscription(topic: Topic) -> None:
    heard = Heard(topic)
    began = milliseconds(heard.clock.now())
    heard.clock.sleep(30)
    heard.following.lost("stale")
    (gap,) = heard.box.take(0) or []
    assert isinstance(gap, Gap)
    assert gap.since == began


@pytest.mark.parametrize(
    ("topic", "row", "snapshot"),
    [(TRADES, trade, trade(1)), (CANDLES, lambda number: bar(number, "1"), bar(1, "1"))],
)
def test_a_snapshot_that_does_not_come_is_asked_for_again_and_again_ever_less_often(
    topic: Topic, row: Any, snapshot: Any
) -> None:
    heard = Heard(topic)

    def push(*rows: Any, action: str = "update") -> Word:
        return heard.following.frame(topic, frame(topic, list(rows), action=action), milliseconds(heard.clock.now()))

    push(row(1), action="snapshot")
    heard.again()
    asked: list[int] = []
    for second in range(1, 80):
        heard.clock.sleep(1)
        if push(row(1 + second)) is Word.AFRESH:
            asked.append(second)
            heard.following.subscribed(topic, True)
    assert asked == [10, 30, 70]
    assert push(snapshot, row(80), action="snapshot") is Word.TAKEN
    gaps = [message for message in heard.box.take(0) or [] if isinstance(message, Gap)]
    assert [gap.reason for gap in gaps] == ["disconnect"] * 2
    assert heard.box.open_gaps == 0


@pytest.mark.parametrize(
    ("shown", "recovered", "missed"),
    [
        # The bars of the outage are in the snapshot, and those told meanwhile are not told again.
        ([1, 2, 3, 4, 5, 6], ("snapshot", None), ["1", "2", "3"]),
        ([2, 3, 4, 5, 6], ("none", None), ["2", "3"]),
        ([4, 5, 6], ("none", 2), []),
    ],
)
def test_bars_missed_before_a_late_snapshot_are_told_or_said_to_be_missing(
    shown: list[int], recovered: tuple[Any, ...], missed: list[str]
) -> None:
    heard = Heard(CANDLES)
    heard.clock.moment = from_milliseconds(1790000000000)
    heard.snapshot(bar(0, "0"), bar(1, "0"))
    heard.again()
    heard.push(bar(4, "4"))
    heard.push(bar(5, "5"))
    heard.told()
    heard.snapshot(*[bar(number, str(number)) for number in shown])
    found = heard.told("close", "closed")
    assert [one[1:] for one in found if isinstance(one, tuple)] == [recovered]
    ends = [one["close"] for one in found if isinstance(one, dict) and one["closed"]]
    assert ends == [*missed, "5"]
