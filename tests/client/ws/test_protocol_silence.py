"""What is done about a connection, a topic or a book that falls silent, with the time in the test's hand."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from stream_listener import BTC, ETH, KEPT, ORDERS, Desk, live
from stream_server import TICKER, ack, arg, push

from bitget_cli.client.ws.interfaces import ConnectionLostError, Timing
from bitget_cli.errors import RejectedError
from bitget_cli.stream_events import Topic

BTC_ARG, ETH_ARG = arg("BTCUSDT"), arg("ETHUSDT")
ORDERS_ARG = arg("default", "orders")
LEFT_BTC = json.dumps({"event": "unsubscribe", "arg": BTC_ARG})


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
