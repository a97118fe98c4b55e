"""The hand-over from who hears a stream to who shows it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from doubles import StillClock
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.client.ws import queue
from bitget_cli.client.ws.queue import MOST_EVENTS, ConflatingQueue
from bitget_cli.errors import NetworkError
from bitget_cli.stream_events import Frame, Gap, Message, Push, Refusal, Status, Topic

TICKER = Topic("SPOT", "ticker", "BTCUSDT")
TRADES = Topic("SPOT", "trade", "BTCUSDT")
FILLS = Topic("SPOT", "fill", "default")


@pytest.fixture
def box() -> ConflatingQueue:
    return ConflatingQueue(StillClock())


def push(value: Any, *, kind: str = "trades") -> Push:
    return Push(kind, "spot", "BTCUSDT", 1, 2, False, {"value": value})


def values(box: ConflatingQueue) -> list[Any]:
    return [message.data["value"] for message in box.take(0) or [] if isinstance(message, Push)]


class Ended:
    """A mender that notes what it is told."""

    def __init__(self) -> None:
        self.lost: list[Any] = []
        self.gaps: list[Gap] = []

    def dropped(self, push: Push) -> None:
        self.lost.append(push.data["value"])

    def mend(self, gap: Gap) -> None:
        self.gaps.append(gap)


class Top:
    """A push that is made when it is taken."""

    def __init__(self, made: Push | None) -> None:
        self.made = made

    def push(self) -> Push | None:
        return self.made


def test_nothing_is_taken_where_nothing_came(box: ConflatingQueue) -> None:
    assert box.take(0) == []


def test_messages_are_taken_in_their_order(box: ConflatingQueue) -> None:
    said: list[Message] = [Status("connected", 1), Refusal("30001", None, "no")]
    for message in said:
        box.say(message)
    box.event(TRADES, push(1))
    assert box.take(0) == [*said, push(1)]
    assert box.take(0) == []


def test_a_state_that_still_waits_is_replaced_and_counted(box: ConflatingQueue) -> None:
    for value in (1, 2, 3):
        box.state(TICKER, "BTCUSDT", push(value))
        box.event(TRADES, push(-value))
    taken = box.take(0)
    assert taken is not None
    assert taken[0] == push(3)._replace(conflated=2)
    assert [message.data["value"] for message in taken[1:] if isinstance(message, Push)] == [-1, -2, -3]
    box.state(TICKER, "BTCUSDT", push(4))
    assert box.take(0) == [push(4)]


def test_states_of_different_keys_do_not_replace_one_another(box: ConflatingQueue) -> None:
    for key in ("BTCUSDT", "ETHUSDT"):
        box.state(TICKER, key, push(key))
    assert values(box) == ["BTCUSDT", "ETHUSDT"]


def test_what_waits_of_a_topic_stays_before_its_gap(box: ConflatingQueue) -> None:
    box.state(TICKER, "BTCUSDT", push("before"))
    gap = box.open(TICKER, "disconnect", since=5)
    box.state(TICKER, "BTCUSDT", push("after"))
    box.shut(gap, "snapshot")
    before, opened, after, closed = box.take(0) or []
    assert (before, opened, after) == (push("before"), gap, push("after"))
    assert isinstance(closed, Gap)
    assert (closed.id, closed.recovered, closed.since) == (gap.id, "snapshot", 5)
    assert closed.until is not None


def test_gaps_are_counted_and_have_ids_of_their_own(box: ConflatingQueue) -> None:
    gaps = [box.open(topic, "stale", since=1) for topic in (TICKER, TRADES)]
    assert len({gap.id for gap in gaps}) == 2
    assert (box.gaps, box.open_gaps) == (2, 2)
    box.shut(gaps[0], "none")
    assert (box.gaps, box.open_gaps) == (2, 1)


def test_a_push_can_be_made_when_it_is_taken(box: ConflatingQueue) -> None:
    box.later(Top(push("top")))
    box.later(Top(None))
    assert box.take(0) == [push("top")]


def test_a_slow_reader_loses_the_oldest_events_and_is_told_where_and_how_many(box: ConflatingQueue) -> None:
    box.state(TICKER, "BTCUSDT", push("state"))
    for value in range(MOST_EVENTS + 1):
        box.event(TRADES, push(value))
    box.say(Status("stale", 1))
    state, gap, *rest, status = box.take(0) or []
    assert state == push("state")
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.channel, gap.recovered) == ("slow-consumer", "trade", "none")
    assert gap.lost == MOST_EVENTS + 1 - len(rest)
    assert [message.data["value"] for message in rest if isinstance(message, Push)] == list(
        range(gap.lost, MOST_EVENTS + 1)
    )
    assert status == Status("stale", 1)
    assert box.open_gaps == 0


def test_one_gap_counts_all_that_a_topic_lost_at_a_place(box: ConflatingQueue) -> None:
    for value in range(3 * MOST_EVENTS):
        box.event(TRADES, push(value))
    gap, *rest = box.take(0) or []
    assert isinstance(gap, Gap)
    assert (gap.lost or 0) + len(rest) == 3 * MOST_EVENTS
    assert len(rest) <= MOST_EVENTS


def test_a_gap_of_a_slow_reader_lasts_from_the_first_event_it_lost_to_the_last(box: ConflatingQueue) -> None:
    for value in range(3 * MOST_EVENTS):
        box.event(TRADES, push(value)._replace(received=1_000 + value))
    gap, first, *_ = box.take(0) or []
    assert isinstance(gap, Gap)
    assert isinstance(first, Push)
    assert (gap.since, gap.until) == (1_000, first.received - 1)


def test_events_are_limited_by_their_size_too(box: ConflatingQueue) -> None:
    big = push(0)._replace(data={str(field): "x" for field in range(2_000)})
    for _ in range(200):
        box.event(TRADES, big)
    gap, *rest = box.take(0) or []
    assert isinstance(gap, Gap)
    assert len(rest) * 2_000 * 100 <= queue.MOST_BYTES


def test_a_topic_that_can_be_mended_keeps_its_gap_open_until_it_is(box: ConflatingQueue) -> None:
    mender = Ended()
    box.mended_by(FILLS, mender)
    for value in range(MOST_EVENTS + 1):
        box.event(FILLS, push(value))
    assert mender.gaps == []
    gap, *_ = box.take(0) or []
    assert isinstance(gap, Gap)
    assert gap.until is None
    assert mender.gaps == [gap]
    assert mender.lost == list(range(gap.lost or 0))
    box.shut(gap, "rest")
    (closed,) = box.take(0) or []
    assert isinstance(closed, Gap)
    assert (closed.id, closed.recovered, closed.lost) == (gap.id, "rest", gap.lost)


def test_raw_frames_come_alone_with_gaps_and_statuses() -> None:
    box = ConflatingQueue(StillClock(), raw=True)
    box.state(TICKER, "x", push(1))
    box.event(TRADES, push(2))
    box.later(Top(push(3)))
    box.frame('{"data":[]}')
    gap = box.open(TICKER, "seq", since=1)
    assert box.take(0) == [Frame('{"data":[]}'), gap]


def test_the_end_comes_after_what_arrived_before_it(box: ConflatingQueue) -> None:
    box.event(TRADES, push(1))
    box.end()
    box.event(TRADES, push(2))
    assert values(box) == [1]
    assert box.take(0) is None
    assert box.take(60) is None


def test_the_error_it_ended_with_is_raised_once_and_the_first_counts(box: ConflatingQueue) -> None:
    box.event(TRADES, push(1))
    box.end(NetworkError("gone"))
    box.end(NetworkError("later"))
    assert values(box) == [1]
    with pytest.raises(NetworkError, match="gone"):
        box.take(0)
    assert box.take(0) is None


def test_whoever_waits_is_woken(box: ConflatingQueue) -> None:
    taken: list[Any] = []
    waiter = threading.Thread(target=lambda: taken.extend(box.take(10) or []))
    waiter.start()
    waiter.join(0.05)
    box.event(TRADES, push(1))
    waiter.join(10)
    assert taken == [push(1)]


def test_a_tick_comes_before_every_take(box: ConflatingQueue) -> None:
    box.each_take(lambda: box.say(Status("tick", 1)))
    assert box.take(0) == [Status("tick", 1)]


STEPS = st.lists(st.sampled_from(["state", "event", "gap", "take"]), max_size=60)


@given(STEPS)
def test_every_event_and_the_last_state_of_a_key_come_out_in_order(steps: list[str]) -> None:
    box = ConflatingQueue(StillClock())
    out: list[Any] = []
    put: list[Any] = []
    for number, step in enumerate(steps):
        if step == "take":
            out.extend(box.take(0) or [])
        elif step == "gap":
            put.append(box.open(TICKER, "seq", since=number))
        elif step == "event":
            box.event(TRADES, push(number))
            put.append(number)
        else:
            box.state(TICKER, "x", push(number, kind="ticker"))
    out.extend(box.take(0) or [])
    events = [message.data["value"] if isinstance(message, Push) else message for message in out]
    told = [value for value, message in zip(events, out, strict=True) if getattr(message, "type", "") != "ticker"]
    assert told == put
    states = [message for message in out if getattr(message, "type", "") == "ticker"]
    last = max((number for number, step in enumerate(steps) if step == "state"), default=None)
    assert (states[-1].data["value"] if states else None) == last
    assert sum(1 + state.conflated for state in states) == steps.count("state")
