"""What is asked for, refused and asked for afresh on one connection, with the time in the test's hand."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from stream_listener import BTC, ETH, KEPT, LOGIN, ORDERS, SOL, Desk, live
from stream_server import ack, arg, error, push

from bitget_cli.client.ws.interfaces import ConnectionLostError, Timing
from bitget_cli.errors import BitgetError, RejectedError
from bitget_cli.stream_events import Topic
from bitget_cli.values import WireNumber

BTC_ARG, ETH_ARG, SOL_ARG = arg("BTCUSDT"), arg("ETHUSDT"), arg("SOLUSDT")
KEPT_ARG = arg("BTCUSDT", "books")
LEFT_BTC = json.dumps({"event": "unsubscribe", "arg": BTC_ARG})


# Subscribing.


def test_all_topics_are_asked_for_in_one_frame_in_their_order() -> None:
    assert Desk(BTC, ETH, SOL).asked() == [["BTCUSDT", "ETHUSDT", "SOLUSDT"]]


def test_acknowledgements_are_matched_whatever_their_order_of_keys_and_case() -> None:
    desk = Desk(Topic("USDT-FUTURES", "ticker", "btcusdt"), ETH)
    desk.hear(json.dumps({"arg": dict(reversed(ETH_ARG.items())), "event": "subscribe"}), ack(BTC_ARG))
    desk.tick()
    assert [topic.name for topic, _ in desk.listener.acknowledged] == ["ETHUSDT", "btcusdt"]
    assert desk.listener.statuses == [("subscribed", {"connection": "public", "topics": 2, "refused": 0})]


def test_data_may_overtake_its_acknowledgement() -> None:
    desk = Desk(BTC)
    desk.hear(push(BTC_ARG), ack(BTC_ARG))
    assert (desk.listener.count(BTC), desk.listener.acknowledged) == (1, [(BTC, False)])


def test_a_listener_hears_of_the_acknowledgement_before_the_data_that_overtook_it() -> None:
    desk = live(BTC)
    heard: list[str] = []
    desk.listener.subscribed = lambda *_: heard.append("subscribed")  # type: ignore[method-assign]
    desk.listener.frame = lambda *_: bool(heard.append("frame")) or True  # type: ignore[method-assign]
    desk.connect()
    desk.wait(0.25)
    desk.hear(push(BTC_ARG), ack(BTC_ARG), push(BTC_ARG))
    assert heard == ["subscribed", "frame", "frame"]


def test_data_stands_for_an_acknowledgement_that_never_comes() -> None:
    desk = Desk(BTC)
    desk.hear(push(BTC_ARG))
    desk.wait(10, hearing=[push(BTC_ARG)])
    assert desk.listener.acknowledged == [(BTC, False)]
    assert desk.asked() == [["BTCUSDT"]]


def test_a_missing_acknowledgement_is_asked_for_once_more_and_then_told() -> None:
    desk = Desk(BTC, ETH)
    desk.hear(ack(BTC_ARG))
    desk.wait(21, hearing=[push(BTC_ARG)])
    assert desk.asked() == [["BTCUSDT", "ETHUSDT"], ["ETHUSDT"]]
    assert [(topic, code) for topic, code, _ in desk.listener.refusals] == [(ETH, "")]
    desk.hear(push(ETH_ARG))
    desk.tick()
    assert desk.listener.acknowledged == [(BTC, False), (ETH, False)]


def test_a_connection_where_nothing_is_ever_acknowledged_is_given_up() -> None:
    desk = Desk(BTC, ETH)
    with pytest.raises(ConnectionLostError, match="no subscription was acknowledged"):
        desk.wait(25)


def test_frames_stay_below_the_limit_in_bytes_not_characters() -> None:
    topics = [Topic("USDT-FUTURES", "ticker", f"牛来了牛来了牛{number}USDT") for number in range(120)]
    desk = Desk(*topics)
    desk.wait(3)
    sent = [text for _, text in desk.sent]
    assert len(sent) > 2
    assert max(len(text.encode()) for text in sent) <= 3500
    assert [name for names in desk.asked() for name in names] == [topic.name for topic in topics]
    assert "牛" in sent[0]


def test_frames_are_a_quarter_of_a_second_apart() -> None:
    desk = Desk(*(Topic("SPOT", "ticker", f"COIN{number}USDT") for number in range(200)))
    desk.wait(3)
    times = [at for at, _ in desk.sent]
    assert len(times) > 3
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.25


def test_account_topics_select_by_coin() -> None:
    desk = Desk(Topic("SPOT", "account", "default"))
    assert json.loads(desk.sent[0][1])["args"] == [{"instType": "SPOT", "channel": "account", "coin": "default"}]
    of = {"instType": "SPOT", "channel": "account", "coin": "default"}
    desk.hear(json.dumps({"event": "subscribe", "arg": of}), push(of, {"coin": "USDT"}))
    assert desk.listener.count(Topic("SPOT", "account", "default")) == 1


# Refusals.


@pytest.mark.parametrize("code", [30001, "30001", 30016, " 30016 ", 43117, "nonsense"])
def test_one_bad_symbol_never_ends_the_others(code: Any) -> None:
    desk = Desk(BTC, ETH, SOL)
    desk.hear(ack(BTC_ARG), error(code, ETH_ARG, op="subscribe"), ack(SOL_ARG), push(SOL_ARG))
    desk.tick()
    assert desk.listener.refusals == [(ETH, str(code).strip(), "no")]
    assert desk.listener.statuses == [("subscribed", {"connection": "public", "topics": 2, "refused": 1})]


def test_a_refused_topic_is_not_asked_for_on_the_next_connection() -> None:
    desk = Desk(BTC, ETH)
    desk.hear(ack(BTC_ARG), error(30001, ETH_ARG))
    desk.wait(1)
    desk.connect()
    assert desk.asked()[-1] == ["BTCUSDT"]


def test_when_everything_is_refused_there_is_nothing_to_wait_for() -> None:
    desk = Desk(BTC, ETH)
    desk.hear(error(30001, BTC_ARG))
    with pytest.raises(RejectedError) as refused:
        desk.hear(error("30016", ETH_ARG, msg="Param error"))
    assert (refused.value.code, refused.value.msg, refused.value.exit_status) == ("30016", "Param error", 5)


def test_an_error_without_a_name_is_about_what_stays_unanswered() -> None:
    desk = Desk(BTC, ETH, SOL)
    desk.hear(ack(BTC_ARG), error(30016), ack(SOL_ARG))
    desk.wait(2.5)
    assert desk.listener.refusals == [(ETH, "30016", "no")]


def test_an_error_without_a_name_is_narrowed_down_by_halves() -> None:
    topics = [Topic("SPOT", "ticker", f"COIN{number}USDT") for number in range(8)]
    bad = topics[5]
    desk = Desk(*topics)
    answered = 0
    for _ in range(200):
        requests = [json.loads(text) for _, text in desk.sent if "subscribe" in text]
        for request in requests[answered:]:
            if bad.name in str(request):
                desk.hear(error(30016))
            else:
                desk.hear(*(ack(each) for each in request["args"]))
        answered = len(requests)
        desk.wait(0.25)
    assert [topic for topic, _, _ in desk.listener.refusals] == [bad]
    assert {topic for topic, _ in desk.listener.acknowledged} == set(topics) - {bad}


@pytest.mark.parametrize("code", ["30002", 30003])
def test_what_bitget_does_not_understand_is_a_defect_of_ours_and_ends_it(code: Any) -> None:
    with pytest.raises(RejectedError, match="does not understand"):
        Desk(BTC).hear(error(code))


@pytest.mark.parametrize("code", [30006, "30006", 429])
def test_too_many_requests_stop_everything_we_send_for_a_minute(code: Any) -> None:
    desk = Desk(BTC)
    desk.hear(error(code))
    desk.wait(59)
    assert len(desk.sent) == 1
    desk.wait(2)
    desk.hear(ack(BTC_ARG))
    assert desk.asked() == [["BTCUSDT"]] * 2
    assert desk.listener.acknowledged == [(BTC, False)]


def test_over_the_limit_backs_off_a_minute_and_halves_the_rate() -> None:
    desk = Desk(*(Topic("SPOT", "ticker", f"COIN{number}USDT") for number in range(200)))
    with pytest.raises(ConnectionLostError) as over:
        desk.hear(error(30007))
    assert over.value.pause >= 60
    desk.now += 100
    desk.sent.clear()
    desk.connect()
    desk.wait(3)
    times = [at for at, _ in desk.sent]
    assert min(later - earlier for earlier, later in pairwise(times)) >= 0.5


# Topics beside those that were asked for.


def test_a_topic_beside_is_asked_for_last_and_counted_nowhere() -> None:
    desk = Desk(KEPT, beside=[BTC, BTC])
    assert desk.sent[0][1].count("instId") == 2
    assert desk.sent[0][1].index("books") < desk.sent[0][1].index("ticker")
    desk.hear(ack(KEPT_ARG), ack(BTC_ARG))
    desk.tick()
    assert desk.listener.statuses == [("subscribed", {"connection": "public", "topics": 1, "refused": 0})]


def test_that_a_topic_beside_never_speaks_is_no_fault_of_the_others() -> None:
    desk = Desk(KEPT, beside=[BTC])
    desk.hear(ack(KEPT_ARG), push(KEPT_ARG))
    desk.wait(100)
    assert "stale" not in desk.listener.events()


def test_all_is_refused_when_all_that_was_asked_for_is() -> None:
    desk = Desk(KEPT, beside=[BTC])
    desk.hear(ack(BTC_ARG))
    with pytest.raises(RejectedError, match="refused every subscription"):
        desk.hear(error(30001, KEPT_ARG))


def test_raw_shows_nothing_of_a_topic_beside() -> None:
    desk = Desk(KEPT, beside=[BTC], raw=True)
    desk.hear(ack(KEPT_ARG), ack(BTC_ARG), push(BTC_ARG), push(KEPT_ARG))
    assert desk.listener.raws == [push(KEPT_ARG)]


# Subscribing afresh.


def test_a_topic_the_listener_does_not_believe_is_left_and_asked_for_again() -> None:
    desk = live(BTC)
    desk.listener.wants_afresh.add(BTC)
    desk.wait(0.5)
    desk.hear(push(BTC_ARG))
    desk.wait(0.25)
    assert desk.asked("unsubscribe") == [["BTCUSDT"]]
    desk.hear(json.dumps({"op": "unsubscribe", "args": [BTC_ARG]}))
    desk.wait(0.5)
    desk.hear(ack(BTC_ARG))
    assert desk.asked() == [["BTCUSDT"]] * 2
    assert desk.listener.acknowledged == [(BTC, False), (BTC, True)]


def test_a_missing_answer_to_leaving_is_not_waited_for_beyond_two_seconds() -> None:
    desk = live(BTC)
    desk.talk.renew(BTC, desk.now)
    desk.wait(3)
    assert desk.asked() == [["BTCUSDT"]] * 2


def test_a_topic_that_cannot_be_left_is_asked_for_all_the_same() -> None:
    desk = live(BTC)
    desk.talk.renew(BTC, desk.now)
    desk.wait(0.5)
    desk.hear(error(30016, BTC_ARG))
    desk.wait(0.5)
    assert desk.asked() == [["BTCUSDT"]] * 2
    assert desk.listener.refusals == []


def test_disbelief_counts_before_the_acknowledgement_too() -> None:
    desk = Desk(BTC)
    desk.listener.wants_afresh.add(BTC)
    desk.hear(push(BTC_ARG), ack(BTC_ARG))
    desk.wait(0.5)
    assert desk.asked("unsubscribe") == [["BTCUSDT"]]


def renew(desk: Desk, times: int) -> None:
    for _ in range(times):
        desk.talk.renew(BTC, desk.now)
        desk.wait(0.5)
        desk.hear(LEFT_BTC)
        desk.wait(0.5)
        desk.hear(ack(BTC_ARG), push(BTC_ARG))


def test_a_topic_that_does_not_come_right_in_three_tries_a_minute_costs_the_connection() -> None:
    desk = live(BTC)
    renew(desk, 3)
    with pytest.raises(ConnectionLostError, match="does not come right") as given_up:
        renew(desk, 1)
    assert given_up.value.pause == 0


def test_many_such_reconnects_slow_down() -> None:
    desk = live(BTC)
    pauses = []
    for _ in range(5):
        with pytest.raises(ConnectionLostError) as given_up:
            renew(desk, 4)
        pauses.append(given_up.value.pause)
        desk.now += 61
        desk.connect()
        desk.hear(ack(BTC_ARG), push(BTC_ARG))
    assert pauses == [0, 0, 0, 30, 30]


def test_near_the_hourly_limit_a_new_connection_is_preferred() -> None:
    desk = live(BTC, timing=Timing(requests_per_hour=20, resyncs=1000))
    with pytest.raises(ConnectionLostError, match="an hour"):
        renew(desk, 20)
    assert len(desk.asked()) + len(desk.asked("unsubscribe")) <= 21


# Odd frames.

ODD = [
    b"\x00\x01",
    b"",
    "not json",
    "",
    "[1, 2]",
    "null",
    '"pong"',
    '{"arg": {"instType": "USDT-FUTURES", "channel": "ticker", "instId": "BTCUSDT"}, "data": [NaN]}',
    '{"arg": {"instType": "USDT-FUTURES", "channel": "ticker", "instId": "BTCUSDT"}, "data": [1e999999]}',
    '{"arg": {"instType": "USDT-FUTURES", "channel": "ticker", "instId": "BTCUSDT"}, "data": ["\\ud800"]}',
    "[" * 100_000,
    '{"a":' * 100_000,
    '{"a": ' + "9" * 5000 + "}",
    '{"a": 1} {"b": 2}',
    '{"hello": "world"}',
    '{"data": []}',
    '{"arg": {"instType": ["USDT-FUTURES"], "channel": {}, "instId": null}}',
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: repr(odd[:40]))
def test_odd_frames_are_passed_over_and_the_third_in_a_minute_is_too_much(odd: str | bytes) -> None:
    desk = live(BTC)
    for _ in range(5):
        desk.hear(odd, odd)
        desk.wait(61, hearing=[push(BTC_ARG)])
    heard = desk.listener.count(BTC)
    assert heard > 100
    with pytest.raises(ConnectionLostError, match="make no sense"):
        desk.hear(odd, odd, odd)


@pytest.mark.parametrize(
    "harmless",
    [
        push(arg("XRPUSDT")),
        ack(arg("XRPUSDT")),
        '{"event": "novelty", "arg": []}',
        '{"event": "subscribe"}',
        '{"event": "unsubscribe", "args": [1, null, {}]}',
        '{"op": "nonsense"}',
        '{"event": ["login"], "code": {}}',
        '{"event": "login", "code": 0}',
    ],
)
def test_frames_that_are_nobodys_do_no_harm(harmless: str) -> None:
    desk = live(BTC)
    for _ in range(10):
        desk.hear(harmless)
    desk.wait(5, hearing=[push(BTC_ARG)])
    assert desk.listener.refusals == []


def test_numbers_come_through_exactly() -> None:
    desk = live(BTC)
    text = push(BTC_ARG).replace('"data": [', '"data": [{"seq": 90071992547409931234, "leverage": 0.10, "x": 1.0E-5}, ')
    desk.hear(text)
    row = desk.listener.frames[-1][1]["data"][0]
    assert row == {"seq": 90071992547409931234, "leverage": "0.10", "x": "1.0E-5"}
    assert isinstance(row["leverage"], WireNumber)


def test_whatever_an_exchange_says_ends_in_one_of_our_own_errors() -> None:
    """Every kind of control frame with fields of every wrong kind."""
    values: list[Any] = [None, 0, -1, "x", [], {}, [[]], [{}], {"instId": 1}, True, 1.5, "30001", 30004]
    for event in ("error", "subscribe", "unsubscribe", "login"):
        for name in ("arg", "args", "code", "msg", "op", "data"):
            for value in values:
                for desk in (live(BTC), Desk(ORDERS, login=lambda: LOGIN)):
                    try:
                        desk.hear(json.dumps({"event": event, name: value}))
                        desk.wait(3)
                    except BitgetError:
                        continue


def test_a_book_that_is_never_acknowledged_is_not_given_up_for_the_ticker_beside_it() -> None:
    desk = Desk(KEPT, beside=[BTC])
    desk.hear(ack(BTC_ARG))
    with pytest.raises(ConnectionLostError, match="no subscription was acknowledged"):
        desk.wait(25, hearing=[push(BTC_ARG)])


def test_a_topic_that_was_never_acknowledged_is_asked_for_again_now_and_then() -> None:
    desk = Desk(BTC, ETH)
    desk.hear(ack(BTC_ARG))
    desk.wait(201, hearing=[push(BTC_ARG)])  # a ping may stand before the last of them
    assert desk.asked()[1:] == [["ETHUSDT"]] * 4
    assert [code for _, code, _ in desk.listener.refusals] == [""], "it is told once"
    assert [event for event, _ in desk.listener.statuses] == ["subscribed"]
    desk.hear(ack(ETH_ARG))
    desk.wait(200, hearing=[push(BTC_ARG), push(ETH_ARG)])
    assert [topic for topic, _ in desk.listener.acknowledged] == [BTC, ETH]
    assert len(desk.asked()) == 5
