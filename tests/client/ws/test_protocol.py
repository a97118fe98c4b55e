"""What is said on one connection, with the time in the test's hand."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
from stream_listener import BTC, ETH, LOGIN, ORDERS, SOL, Desk
from stream_server import TICKER, ack, arg, error, push

from bitget_cli.client.ws.interfaces import ConnectionLostError, Timing
from bitget_cli.errors import BitgetError, CredentialsError, RejectedError
from bitget_cli.stream_events import Topic
from bitget_cli.values import WireNumber

BTC_ARG, ETH_ARG, SOL_ARG = arg("BTCUSDT"), arg("ETHUSDT"), arg("SOLUSDT")
ORDERS_ARG = arg("default", "orders")
LOGGED_IN = json.dumps({"event": "login", "code": 0, "connId": "a1"})
LEFT_BTC = json.dumps({"event": "unsubscribe", "arg": BTC_ARG})


def live(*topics: Topic, **given: Any) -> Desk:
    """A desk whose topics are acknowledged and have been heard of."""
    desk = Desk(*topics, **given)
    for topic in topics:
        of = arg(topic.name, topic.channel, topic.inst_type)
        desk.hear(ack(of), push(of))
    desk.tick()
    return desk


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


# Keeping alive.


def test_pings_go_out_every_twenty_seconds_give_or_take_two() -> None:
    desk = live(BTC)
    desk.wait(200, hearing=[push(BTC_ARG)])
    pings = [at for at, text in desk.sent if text == "ping"]
    gaps = [later - earlier for earlier, later in pairwise([1000.0, *pings])]
    assert len(pings) in (9, 10, 11)
    assert all(17.9 <= gap <= 22.6 for gap in gaps)


def test_data_is_no_substitute_for_a_pong() -> None:
    desk = live(BTC)
    desk.answers_pings = False
    with pytest.raises(ConnectionLostError, match="no pong") as dead:
        desk.wait(100, hearing=[push(BTC_ARG)])
    assert dead.value.reason == "stale"
    assert 28 <= desk.now - 1000 <= 35


def test_silence_of_everything_gives_the_connection_up() -> None:
    desk = Desk(ORDERS, timing=Timing(ping=1000))
    desk.hear(ack(ORDERS_ARG))
    with pytest.raises(ConnectionLostError, match="not a word") as dead:
        desk.wait(46)
    assert dead.value.reason == "stale"


# Data that stops.


def test_a_topic_that_is_acknowledged_but_silent_is_told_once() -> None:
    desk = Desk(BTC, ETH)
    desk.hear(ack(BTC_ARG), ack(ETH_ARG))
    desk.wait(40, hearing=[push(BTC_ARG)])
    stale = [facts for event, facts in desk.listener.statuses if event == "stale"]
    assert [(facts["symbol"], facts["market"]) for facts in stale] == [("ETHUSDT", "usdt-futures")]
    assert "wrong market" in stale[0]["note"]


def test_the_only_topic_that_is_acknowledged_and_never_speaks_ends_the_stream() -> None:
    desk = Desk(BTC)
    desk.hear(ack(BTC_ARG))
    with pytest.raises(RejectedError, match="acknowledged but silent") as refused:
        desk.wait(16)
    assert refused.value.exit_status == 5


@pytest.mark.parametrize("channel", ["orders", "fill", "orders-algo", "positions", "account", "positions-history"])
def test_private_topics_may_be_silent_for_ever(channel: str) -> None:
    topic = Topic("USDT-FUTURES", channel, "default")
    desk = Desk(topic)
    desk.hear(ack(arg("default", channel)))
    desk.wait(600)
    assert desk.listener.events() == ["subscribed"]


def test_a_ticker_that_falls_silent_is_subscribed_afresh_once_and_then_the_connection_goes() -> None:
    desk = live(BTC, ETH)
    desk.wait(15.5, hearing=[push(ETH_ARG)])
    assert desk.listener.events()[-1] == "stale"
    assert desk.talk.is_in_doubt()
    desk.hear(LEFT_BTC)
    desk.wait(0.5)
    assert (desk.asked("unsubscribe"), desk.asked()[-1]) == ([["BTCUSDT"]], ["BTCUSDT"])
    desk.hear(ack(BTC_ARG))
    with pytest.raises(ConnectionLostError, match="stays silent") as dead:
        desk.wait(20, hearing=[push(ETH_ARG)])
    assert dead.value.reason == "stale"


def test_a_ticker_that_speaks_again_is_forgiven() -> None:
    desk = live(BTC, ETH)
    desk.wait(16, hearing=[push(ETH_ARG)])
    desk.hear(LEFT_BTC)
    desk.wait(0.5)
    desk.hear(ack(BTC_ARG), push(BTC_ARG))
    desk.wait(60, hearing=[push(ETH_ARG), push(BTC_ARG)])
    assert desk.listener.events().count("stale") == 1
    assert not desk.talk.is_in_doubt()


def test_a_halted_market_that_answers_with_its_last_state_is_asked_less_and_less() -> None:
    desk = live(BTC, ETH)
    for _ in range(3600):
        desk.wait(1, hearing=[push(ETH_ARG)])
        answered = desk.asked("unsubscribe") + desk.asked()[1:]
        if len(answered) % 2:
            desk.hear(LEFT_BTC)
            desk.wait(0.5)
            desk.hear(ack(BTC_ARG), push(BTC_ARG))
    assert 5 < desk.listener.events().count("stale") < 15


def test_a_market_that_stays_silent_costs_the_others_one_connection_and_no_more() -> None:
    desk = live(BTC, ETH)
    with pytest.raises(ConnectionLostError, match="stays silent"):
        desk.wait(60, hearing=[push(ETH_ARG), ack(BTC_ARG)])
    desk.connect()
    desk.wait(600, hearing=[push(ETH_ARG), ack(BTC_ARG)])
    assert [facts["note"] for event, facts in desk.listener.statuses if event == "stale"][1:] == [
        "still silent, while others speak: is the market halted?"
    ]


BOOK = Topic("USDT-FUTURES", "books5", "BTCUSDT")


def test_a_small_book_is_stale_only_while_its_ticker_moves() -> None:
    desk = live(BTC, BOOK)
    desk.wait(60, hearing=[push(BTC_ARG)])
    assert "stale" not in desk.listener.events()
    moved = push(BTC_ARG, {**TICKER, "bidPr": "65001.0"})
    desk.wait(1.5, hearing=[moved])
    assert desk.listener.events()[-1] == "stale"
    assert desk.listener.statuses[-1][1]["channel"] == "books5"


def test_a_quiet_book_kept_by_changes_is_no_fault() -> None:
    desk = live(Topic("USDT-FUTURES", "books", "BTCUSDT"))
    desk.wait(300)
    assert "stale" not in desk.listener.events()


# A kept book without its snapshot.

KEPT = Topic("USDT-FUTURES", "books", "BTCUSDT")
KEPT_ARG = arg("BTCUSDT", "books")
LEFT_KEPT = json.dumps({"event": "unsubscribe", "arg": KEPT_ARG})
CHANGE = push(KEPT_ARG, action="update")


def waiting() -> Desk:
    """A kept book whose ticker speaks, and whose changes are of no use."""
    desk = Desk(KEPT, beside=[BTC])
    desk.listener.has_no_use_for.add(KEPT)
    desk.hear(ack(KEPT_ARG), ack(BTC_ARG), push(BTC_ARG))
    return desk


def notes(desk: Desk) -> list[str]:
    return [facts["note"] for event, facts in desk.listener.statuses if event == "stale"]


@pytest.mark.parametrize("hearing", [[push(BTC_ARG), CHANGE], [push(BTC_ARG)]], ids=["changes", "its ticker alone"])
def test_a_book_without_its_snapshot_is_asked_for_again_then_anew_and_then_it_is_said(hearing: list[str]) -> None:
    desk = waiting()
    desk.wait(9.5, hearing=hearing)
    assert not desk.talk.is_in_doubt()
    desk.wait(1, hearing=hearing)
    assert desk.talk.is_in_doubt()
    assert notes(desk) == ["no snapshot, without which the book cannot be kept; subscribing afresh"]
    desk.hear(LEFT_KEPT)
    desk.wait(0.5, hearing=hearing)
    assert (desk.asked("unsubscribe"), desk.asked()[-1]) == ([["BTCUSDT"]], ["BTCUSDT"])
    desk.hear(ack(KEPT_ARG))
    with pytest.raises(ConnectionLostError, match="books BTCUSDT: no snapshot"):
        desk.wait(10.5, hearing=hearing)
    desk.connect()
    desk.hear(ack(KEPT_ARG), ack(BTC_ARG))
    asked = len(desk.asked("unsubscribe"))
    desk.wait(300, hearing=[*hearing, LEFT_KEPT, ack(KEPT_ARG)])
    assert notes(desk)[1:] == [
        "still no snapshot, without which the book cannot be kept, after a new connection; asking for it now and then"
    ]
    # It is not given up, but not asked for all the time either.
    assert 2 <= len(desk.asked("unsubscribe")) - asked <= 6
    desk.listener.has_no_use_for.clear()
    desk.wait(40, hearing=[push(BTC_ARG), push(KEPT_ARG)])
    assert not desk.talk.is_in_doubt()


def test_a_book_that_lost_its_place_and_gets_no_snapshot_is_asked_for_again() -> None:
    desk = live(KEPT, BTC)
    desk.listener.wants_afresh.add(KEPT)
    desk.hear(CHANGE)
    desk.wait(0.5)
    desk.listener.has_no_use_for.add(KEPT)
    desk.hear(LEFT_KEPT)
    desk.wait(0.5)
    desk.hear(ack(KEPT_ARG))
    desk.wait(10.5, hearing=[push(BTC_ARG), CHANGE])
    assert notes(desk) == ["no snapshot, without which the book cannot be kept; subscribing afresh"]
    assert len(desk.asked("unsubscribe")) == 2


def test_a_book_whose_market_is_another_is_told_so_as_any_topic() -> None:
    desk = Desk(KEPT, beside=[BTC])
    desk.hear(ack(KEPT_ARG), ack(BTC_ARG))
    with pytest.raises(RejectedError, match="acknowledged but silent"):
        desk.wait(16)


def test_a_frame_that_was_dropped_is_not_a_frame_heard() -> None:
    desk = live(BTC, ETH)
    desk.listener.has_no_use_for.add(BTC)
    heard_at = desk.talk.data_at
    desk.wait(10, hearing=[push(BTC_ARG)])
    assert desk.talk.data_at == heard_at
    desk.wait(4.5, hearing=[push(BTC_ARG), push(ETH_ARG)])
    desk.wait(1, hearing=[push(BTC_ARG), push(ETH_ARG)])
    assert desk.listener.statuses[-1][0] == "stale"
    assert desk.listener.statuses[-1][1]["symbol"] == "BTCUSDT"


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


# Logging in.


def private(**given: Any) -> Desk:
    return Desk(ORDERS, login=lambda: LOGIN, **given)


@pytest.mark.parametrize(
    "answer",
    [
        LOGGED_IN,
        json.dumps({"event": "login", "code": "0", "msg": ""}),
        json.dumps({"event": "login", "code": "00000"}),
    ],
)
def test_nothing_is_asked_for_before_the_login_is_answered(answer: str) -> None:
    desk = private()
    desk.wait(5)
    assert [text for _, text in desk.sent] == [LOGIN]
    desk.hear(answer)
    desk.wait(0.25)
    assert desk.asked() == [["default"]]


def test_a_login_that_is_never_answered_costs_the_connection() -> None:
    desk = private()
    with pytest.raises(ConnectionLostError, match="login was not answered"):
        desk.wait(11)


@pytest.mark.parametrize("code", [30011, "30012", 30015, "40099", 40037])
@pytest.mark.parametrize("event", ["error", "login"])
def test_a_wrong_key_is_fatal_at_once(code: Any, event: str) -> None:
    desk = private()
    with pytest.raises(CredentialsError) as refused:
        desk.hear(json.dumps({"event": event, "code": code, "msg": "no"}))
    assert (refused.value.exit_status, refused.value.code) == (4, str(code))


@pytest.mark.parametrize(("code", "pause"), [(30005, 2.0), ("30013", 0.0), (30014, 0.0)])
def test_some_refusals_are_worth_one_more_login(code: Any, pause: float) -> None:
    asked: list[str] = []
    desk = private(learn_time=lambda: asked.append("time"))
    assert desk.login
    desk.login.prepare()
    with pytest.raises(ConnectionLostError) as first:
        desk.hear(error(code))
    assert first.value.pause == pause
    desk.login.prepare()
    desk.connect()
    desk.wait(1)
    with pytest.raises(CredentialsError):
        desk.hear(error(code))
    assert len(asked) == (1 if code == 30005 else 2)


def test_too_many_logins_wait_a_minute() -> None:
    with pytest.raises(ConnectionLostError) as refused:
        private().hear(error("30006"))
    assert refused.value.pause == 60


def test_not_being_logged_in_is_answered_with_a_login_and_everything_afresh() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(30004, ORDERS_ARG), error(30004))
    desk.wait(0.5)
    assert len(desk.asked("login")) == 2
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(ack(ORDERS_ARG))
    assert desk.asked() == [["default"]] * 2
    assert desk.listener.acknowledged == [(ORDERS, False)]


def test_an_error_about_a_topic_says_nothing_of_a_login_under_way() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(30004))
    desk.wait(0.5)
    desk.hear(error(30001, arg("XRPUSDT", "orders")), LOGGED_IN)
    desk.wait(0.5)
    assert desk.asked() == [["default"]] * 2


def test_a_login_that_is_taken_and_denied_again_is_fatal() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(30004))
    desk.wait(0.5)
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    with pytest.raises(CredentialsError):
        desk.hear(error("30004"))


def test_a_login_that_expires_after_hours_is_renewed_every_time() -> None:
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(ack(ORDERS_ARG))
    for _ in range(3):
        desk.wait(100)
        desk.hear(error(30004))
        desk.wait(0.5)
        desk.hear(LOGGED_IN)
        desk.wait(0.5)
        desk.hear(ack(ORDERS_ARG))
    assert [again for _, again in desk.listener.acknowledged] == [False, True, True, True]


def test_what_the_exchange_repeats_of_the_login_is_not_repeated_by_us() -> None:
    desk = private()
    with pytest.raises(CredentialsError) as refused:
        desk.hear(error(30011, msg=f"bad login {LOGIN}"))
    shown = json.dumps(refused.value.record())
    assert not [secret for secret in ("the-key-id", "the-phrase", "c2lnbg") if secret in shown]
    desk = private()
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(error(45999, msg="the-key-id may not"))
    assert "the-key-id" not in str(desk.listener.refusals)


def test_raw_frames_are_pushes_only() -> None:
    desk = private(raw=True)
    desk.hear(LOGGED_IN)
    desk.wait(0.5)
    desk.hear(ack(ORDERS_ARG), push(ORDERS_ARG, {"orderId": "1"}))
    assert desk.listener.raws == [push(ORDERS_ARG, {"orderId": "1"})]


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
                for desk in (live(BTC), private()):
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
    desk.wait(200, hearing=[push(BTC_ARG)])
    assert desk.asked()[1:] == [["ETHUSDT"]] * 4
    assert [code for _, code, _ in desk.listener.refusals] == [""], "it is told once"
    assert [event for event, _ in desk.listener.statuses] == ["subscribed"]
    desk.hear(ack(ETH_ARG))
    desk.wait(200, hearing=[push(BTC_ARG), push(ETH_ARG)])
    assert [topic for topic, _ in desk.listener.acknowledged] == [BTC, ETH]
    assert len(desk.asked()) == 5
