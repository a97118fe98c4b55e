"""Every kind of channel, from frames in the exchange's shapes to the rows that are told."""

from __future__ import annotations

from typing import Any

import pytest
from doubles import StillClock
from hypothesis import strategies as st
from rules import for_each, law
from stream_frames import CANDLES, SERIES, frame

from bitget_cli.catalogue.channels import CHANNELS, Kept, find
from bitget_cli.client.ws.dispatcher import Dispatcher
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.stream_events import Push, Topic

RECEIVED = 1790000000500
EACH = pytest.mark.parametrize("name", SERIES)


def following(topic: Topic) -> tuple[Dispatcher, ConflatingQueue]:
    clock = StillClock()
    box = ConflatingQueue(clock)
    followed = Dispatcher([topic], box, clock=clock)
    followed.subscribed(topic, False)
    return followed, box


def pushes(box: ConflatingQueue) -> list[Push]:
    return [message for message in box.take(0) or [] if isinstance(message, Push)]


def action_of(frames: tuple[dict[str, Any], ...], place: int, topic: Topic) -> dict[str, Any]:
    """The frame; public channels say update after the first, private ones may say anything."""
    channel = find(topic.inst_type, topic.channel)
    whole = channel.private or channel.kept is Kept.LATEST or place == 0
    return frames[place] if whole else frames[place] | {"action": "update"}


@EACH
def test_each_frame_becomes_its_rows(name: str) -> None:
    topic, frames, expected = SERIES[name]
    followed, box = following(topic)
    for place, told in enumerate(expected):
        assert followed.frame(topic, action_of(frames, place, topic), RECEIVED)
        rows = [push.data for push in pushes(box)]
        assert [{key: row.get(key, "absent") for key in wanted} for row, wanted in zip(rows, told, strict=True)] == told


@EACH
def test_a_row_says_where_it_comes_from(name: str) -> None:
    topic, frames, _ = SERIES[name]
    followed, box = following(topic)
    followed.frame(topic, frames[0], RECEIVED)
    channel = find(topic.inst_type, topic.channel)
    for push in pushes(box):
        assert (push.type, push.market, push.received) == (channel.type, topic.inst_type.lower(), RECEIVED)
        assert push.symbol == push.data.get(
            channel.symbol, topic.name if channel.selector and not channel.private else ""
        )
        assert push.ts == int(push.data.get("ts") or 1790000000010)


def test_every_channel_has_its_frames() -> None:
    followed = {find(series.topic.inst_type, series.topic.channel).name for series in SERIES.values()}
    assert followed == {row.name for row in CHANNELS}


@EACH
def test_a_row_is_part_of_a_picture_or_an_event(name: str) -> None:
    topic, frames, _ = SERIES[name]
    followed, box = following(topic)
    followed.frame(topic, frames[0], RECEIVED)
    channel = find(topic.inst_type, topic.channel)
    is_event = channel.private and (channel.kept is Kept.EVENTS or channel.key == ("orderId",))
    assert {push.snapshot for push in pushes(box)} == {not is_event}


ODD = (None, "text", 5, [], {}, [None], [[]], [5], ["x"], [{}], [["x"]], [[None, 1]], [{"uTime": []}], [[{}]])


@for_each([(name, data) for name in SERIES for data in ODD])
def test_odd_data_ends_nothing(pushed: tuple[str, Any]) -> None:
    name, data = pushed
    topic, frames, _ = SERIES[name]
    followed, box = following(topic)
    for action in ("snapshot", "update", 7):
        for ts in (1, "x", None, 1.5):
            followed.frame(topic, {"action": action, "data": data, "ts": ts}, RECEIVED)
    followed.frame(topic, {"arg": None}, RECEIVED)
    box.take(0)
    assert followed.frame(topic, frames[0], RECEIVED)


NAMES = ["asks", "bids", "seq", "pseq", "ts", "uTime", "orderId", "instId", "status", "accBaseVolume"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["1", "0", "live", "9" * 400]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=12,
)


@law(
    few=15,
    many=200,
    frames=st.lists(st.tuples(st.sampled_from(["snapshot", "update"]), JSON, JSON), max_size=6),
)
def test_whatever_is_pushed_is_borne(frames: list[tuple[str, Any, Any]]) -> None:
    for topic in {series.topic for series in SERIES.values()}:
        followed, box = following(topic)
        for action, data, ts in frames:
            followed.frame(topic, {"action": action, "data": data, "ts": ts}, RECEIVED)
            followed.lost("disconnect")
        box.take(0)


def test_a_snapshot_of_candles_may_have_no_time() -> None:
    topic, frames, _ = SERIES["candles"]
    followed, box = following(topic)
    followed.frame(topic, {key: value for key, value in frames[0].items() if key != "ts"}, RECEIVED)
    assert [push.ts for push in pushes(box)] == [None, None]


def test_frames_of_other_topics_are_left_alone() -> None:
    followed, box = following(CANDLES)
    other = Topic("SPOT", "ticker", "NEWUSDT")
    assert followed.frame(other, frame(other, [{}]), RECEIVED)
    assert not pushes(box)
