"""A stream against an exchange on loopback that misbehaves by a script."""

from __future__ import annotations

import threading
import time
import tracemalloc
from http import HTTPStatus
from typing import Any

import pytest
from stream_listener import BTC, ETH, SOL, Forgetful, Recording
from stream_server import Line, ack, arg, error, exchange, reset
from streaming import QUICK, streaming

from bitget_cli.client.ws.connection import opener
from bitget_cli.client.ws.feed import Stream
from bitget_cli.errors import RejectedError
from bitget_cli.runtime import SystemClock
from bitget_cli.stream_events import Topic


def test_three_topics_are_followed_over_one_connection() -> None:
    with exchange() as bitget, streaming(bitget.address, BTC, ETH, SOL) as (stream, listener):
        listener.wait_for(lambda: len(listener.frames) == 3)
        listener.wait_for(lambda: "subscribed" in listener.events())
        assert listener.events() == ["connecting", "connected", "subscribed"]
        assert bitget.lines[0].path == "/v2/ws/public"
        assert bitget.lines[0].requests("subscribe") == [[arg("BTCUSDT"), arg("ETHUSDT"), arg("SOLUSDT")]]
        facts = stream.facts()
        assert (facts.state, facts.messages, facts.reconnects) == ("live", 3, 0)
    assert listener.endings == [None]


def test_the_handshake_says_who_we_are_and_nothing_else() -> None:
    with exchange() as bitget, streaming(bitget.address) as (_, listener):
        listener.wait_for(lambda: listener.frames)
        headers = bitget.handshakes[0][1].headers
    assert headers["User-Agent"].startswith("bitget-cli/")
    assert not {"Origin", "Cookie", "Sec-WebSocket-Extensions"} & set(headers)


def test_symbols_in_chinese_are_followed() -> None:
    topic = Topic("USDT-FUTURES", "ticker", "牛来USDT")
    with exchange() as bitget, streaming(bitget.address, topic) as (_, listener):
        listener.wait_for(lambda: listener.count(topic))


class LateAndReordered(Line):
    def on_subscribe(self, args: list[dict[str, str]]) -> None:
        time.sleep(0.1)
        super().on_subscribe(args[::-1])


def test_acknowledgements_may_be_late_and_in_any_order() -> None:
    with exchange(LateAndReordered) as bitget, streaming(bitget.address, BTC, ETH) as (_, listener):
        listener.wait_for(lambda: listener.count(BTC) and "subscribed" in listener.events())
        assert [topic for topic, _ in listener.acknowledged] == [ETH, BTC]
        assert len(bitget.lines[0].requests("subscribe")) == 1


class NoSuchSymbol(Line):
    code: Any = 30001

    def on_subscribe(self, args: list[dict[str, str]]) -> None:
        for each in args:
            if each["instId"] == "ETHUSDT":
                self.send(error(self.code, each, msg="doesn't exist", op="subscribe"))
            else:
                super().on_subscribe([each])


def test_one_symbol_that_does_not_exist_leaves_the_others_alone() -> None:
    with exchange(NoSuchSymbol) as bitget, streaming(bitget.address, BTC, ETH, SOL) as (_, listener):
        listener.wait_for(lambda: "subscribed" in listener.events())
        assert listener.refusals == [(ETH, "30001", "doesn't exist")]
        bitget.cut()
        listener.wait_for(lambda: listener.count(SOL) == 2)
        assert bitget.lines[1].requests("subscribe") == [[arg("BTCUSDT"), arg("SOLUSDT")]]


def test_only_symbols_that_do_not_exist_end_the_stream() -> None:
    with exchange(NoSuchSymbol) as bitget, streaming(bitget.address, ETH) as (_, listener):
        ending = listener.ending()
    assert isinstance(ending, RejectedError)
    assert (ending.exit_status, ending.code, ending.msg) == (5, "30001", "doesn't exist")


def test_a_topic_that_is_acknowledged_and_never_speaks_ends_a_stream_of_its_own() -> None:
    class Mute(Line):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            for each in args:
                self.send(ack(each))

    with exchange(Mute) as bitget, streaming(bitget.address) as (_, listener):
        ending = listener.ending()
    assert isinstance(ending, RejectedError)
    assert "wrong market" in ending.message


# From outside.


def test_a_topic_is_subscribed_afresh_when_somebody_asks() -> None:
    with exchange() as bitget, streaming(bitget.address, BTC, ETH) as (stream, listener):
        listener.wait_for(lambda: "subscribed" in listener.events())
        stream.renew(ETH)
        listener.wait_for(lambda: listener.count(ETH) == 2)
        assert bitget.lines[0].requests("unsubscribe") == [[arg("ETHUSDT")]]
        assert listener.count(BTC) == 1


@pytest.mark.parametrize("connected", [True, False])
def test_closing_takes_a_moment_in_every_state(connected: bool) -> None:
    before = threading.active_count()
    with exchange() as bitget:
        if not connected:
            bitget.answers = [HTTPStatus.SERVICE_UNAVAILABLE] * 1000
        timing = QUICK._replace(backoff_first=60, backoff_most=60, first_connection=600)
        with streaming(bitget.address, timing=timing) as (stream, listener):
            listener.wait_for(lambda: listener.frames if connected else "reconnecting" in listener.events())
            stream.close()
            assert listener.endings == [None]
    assert threading.active_count() <= before


class Sleeper(SystemClock):
    """A machine whose lid is closed: the wall clock jumps, the monotonic one does not."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> Any:
        from datetime import timedelta

        return super().now() + timedelta(seconds=self.slept)


def test_a_machine_that_slept_connects_at_once() -> None:
    listener, clock = Recording(), Sleeper()
    with exchange() as bitget:
        connect = opener(bitget.address, environ={})
        stream = Stream(lambda seconds: connect(False, seconds), [BTC], listener, clock=clock, timing=QUICK)
        stream.start()
        listener.wait_for(lambda: listener.count(BTC) == 1)
        clock.slept = 3600
        listener.wait_for(lambda: listener.count(BTC) == 2)
        stream.close()
    assert listener.losses == ["stale"]


@pytest.mark.slow
def test_five_hundred_drops_and_a_hundred_stalls_are_got_over_without_a_trace() -> None:
    class Trouble(Line):
        """Four of five connections are cut in a different way each, one falls silent with its pongs."""

        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            super().on_subscribe(args)
            match self.number % 6:
                case 0:
                    self.cut()
                case 1:
                    self.connection.close()
                case 2:
                    reset(self.connection.socket)
                case 3:
                    self.send(b"odd")
                    self.send("odd")
                    self.send("[]")
                case 4:
                    self.send("9" * 100)
                    self.cut()

        def on_ping(self) -> None:
            if self.number >= 600:
                super().on_ping()

    timing = QUICK._replace(ping=0.05, ping_spread=0.0, pong=0.05, frames_per_second=1000.0, backoff_most=0.02)
    timing = timing._replace(attempts_within=1.0, hour=1.0)
    threads, listener = threading.active_count(), Forgetful()
    with (
        exchange(Trouble) as bitget,
        streaming(bitget.address, BTC, ETH, timing=timing, listener=listener) as (stream, _),
    ):
        listener.wait_for(lambda: stream.facts().reconnects >= 50, seconds=120)
        tracemalloc.start()
        listener.wait_for(lambda: stream.facts().reconnects >= 100, seconds=120)
        before = tracemalloc.take_snapshot()
        listener.wait_for(lambda: stream.facts().reconnects >= 600, seconds=300)
        after = tracemalloc.take_snapshot()
        tracemalloc.stop()
        settled = listener.heard[ETH]
        assert settled > 590
        listener.wait_for(lambda: stream.facts().state == "live" and listener.statuses[-1][0] == "subscribed")
        assert not listener.endings
    ours = [each for each in after.compare_to(before, "filename") if "/bitget_cli/" in each.traceback[0].filename]
    assert sum(each.size_diff for each in ours) < 200_000, ours[:5]
    assert threading.active_count() <= threads + 1
