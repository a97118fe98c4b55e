"""A stream against an exchange on loopback that misbehaves by a script."""

from __future__ import annotations

import json
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import pytest
from stream_listener import BTC, ETH, LOGIN, ORDERS, SOL, Forgetful, Recording
from stream_server import Exchange, Line, RawServer, ack, arg, error, exchange, frame, push, reset, shake_hands

from bitget_cli.client.ws.connection import opener
from bitget_cli.client.ws.feed import Stream
from bitget_cli.client.ws.interfaces import Timing
from bitget_cli.client.ws.protocol import Login
from bitget_cli.errors import CredentialsError, NetworkError, RejectedError
from bitget_cli.runtime import SystemClock
from bitget_cli.stream_events import Topic

# A hundredth of the real waits, and more where a busy machine needs it.
QUICK = Timing(
    tick=0.01,
    ping=0.2,
    ping_spread=0.02,
    pong=2.0,
    silence=5.0,
    login=0.15,
    login_again=0.02,
    ack=0.3,
    unsubscribe_ack=0.1,
    settle=0.05,
    first_data=0.4,
    ticker_stale=30.0,
    book_stale=30.0,
    frames_per_second=50.0,
    too_many_pause=0.3,
    first_connection=0.7,
    backoff_first=0.02,
    backoff_most=0.1,
    backoff_least=0.01,
    backoff_soon=0.04,
    attempts=100_000,
    stable=0.6,
    refused_pause=0.1,
)


@contextmanager
def streaming(
    address: str,
    *topics: Topic,
    timing: Timing = QUICK,
    login: Callable[[], str] | None = None,
    learn_time: Callable[[], object] | None = None,
    raw: bool = False,
    listener: Recording | None = None,
) -> Iterator[tuple[Stream, Recording]]:
    """A stream that runs while the block does."""
    listener = listener or Recording()
    connect = opener(address, environ={})
    stream = Stream(
        lambda seconds: connect(login is not None, min(0.5, seconds)),
        topics or (BTC,),
        listener,
        clock=SystemClock(),
        timing=timing,
        login=Login(login, learn_time, timing) if login else None,
        raw=raw,
    )
    stream.start()
    try:
        yield stream, listener
    finally:
        stream.close()
        listener.wait_for(lambda: listener.endings)


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


# Logging in.


class NeedsLogin(Line):
    """The private side: a login, then subscriptions."""

    refuse: tuple[Any, ...] = ()  # codes for the first logins

    def on_login(self, login: dict[str, str]) -> None:
        self.exchange.logins.append(login)
        if len(self.exchange.logins) <= len(self.refuse):
            self.send(error(self.refuse[len(self.exchange.logins) - 1]))
            return
        super().on_login(login)


def refusing(*codes: Any) -> type[NeedsLogin]:
    return type("Refusing", (NeedsLogin,), {"refuse": codes})


def test_a_private_stream_logs_in_first() -> None:
    with exchange(NeedsLogin) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        listener.wait_for(lambda: listener.frames)
        assert bitget.lines[0].path == "/v2/ws/private"
        assert bitget.lines[0].got[0][1] == LOGIN


@pytest.mark.parametrize("code", [30005, "30013", 30014])
def test_a_login_that_is_refused_for_what_may_pass_is_tried_once_more(code: Any) -> None:
    asked: list[None] = []
    with (
        exchange(refusing(code)) as bitget,
        streaming(bitget.address, ORDERS, login=lambda: LOGIN, learn_time=lambda: asked.append(None)) as (_, listener),
    ):
        listener.wait_for(lambda: listener.frames)
        assert len(bitget.logins) == 2
    assert len(asked) == (1 if code == 30005 else 2)


@pytest.mark.parametrize("codes", [(30011,), ("30012",), (30015,), (30005, 30005), (30014, "30013"), ("40099",)])
def test_a_login_that_is_refused_for_good_ends_the_stream_though_the_line_stays_open(codes: tuple[Any, ...]) -> None:
    with (
        exchange(refusing(*codes)) as bitget,
        streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener),
    ):
        ending = listener.ending()
        time.sleep(0.05)
        assert len(bitget.logins) == len(codes)
    assert isinstance(ending, CredentialsError)
    assert ending.exit_status == 4


def test_a_login_that_is_never_answered_is_no_reason_to_wait_for_ever() -> None:
    class NeverAnswers(Line):
        def on_login(self, login: dict[str, str]) -> None:
            pass

    with exchange(NeverAnswers) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        ending = listener.ending()
    assert isinstance(ending, NetworkError)
    assert "login" in ending.message


def test_a_login_that_expires_is_renewed_on_the_same_line() -> None:
    class Expires(NeedsLogin):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            super().on_subscribe(args)
            if len(self.requests("login")) == 1:
                self.send(error("30004", msg="User not logged in"))

    with exchange(Expires) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        listener.wait_for(lambda: listener.count(ORDERS) == 2)
        assert len(bitget.lines) == 1
        assert listener.acknowledged == [(ORDERS, False), (ORDERS, True)]


def test_the_login_appears_nowhere() -> None:
    class Repeats(NeedsLogin):
        def on_login(self, login: dict[str, str]) -> None:
            self.send(error(30011, msg=json.dumps(login)))

    with (
        exchange(Repeats) as bitget,
        streaming(bitget.address, ORDERS, login=lambda: LOGIN, raw=True) as (_, listener),
    ):
        ending = listener.ending()
    shown = repr((vars(ending), listener.statuses, listener.refusals, listener.raws))
    assert not [secret for secret in ("the-key-id", "the-phrase", "c2lnbg") if secret in shown]


def test_the_login_is_not_in_the_last_words_of_a_connection_either() -> None:
    class SaysIt(Line):
        def on_login(self, _login: dict[str, str]) -> None:
            self.connection.close(1008, "wrong: the-key-id the-phrase")

    with exchange(SaysIt) as bitget, streaming(bitget.address, ORDERS, login=lambda: LOGIN) as (_, listener):
        ending = listener.ending()
    shown = repr((vars(ending), listener.statuses))
    assert "1008: wrong: *** ***" in shown
    assert "the-" not in shown


# Connections that end, in every way.


def test_twenty_cuts_in_a_row_are_got_over_at_a_bearable_pace() -> None:
    timing = QUICK._replace(soon_for=0.0, attempts=8, attempts_within=0.4, frames_per_second=20.0)

    class Cuts(Line):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            super().on_subscribe(args)
            if self.number < 20:
                self.cut()

    with exchange(Cuts) as bitget, streaming(bitget.address, BTC, ETH, timing=timing) as (stream, listener):
        listener.wait_for(lambda: stream.facts().reconnects == 20 and stream.facts().state == "live")
        listener.wait_for(lambda: len(bitget.lines) == 21 and bitget.lines[20].got)
        opened = [at for at, _ in bitget.handshakes]
        assert min(later - earlier for earlier, later in zip(opened, opened[8:], strict=False)) > 0.35
        sent = sorted(at for line in bitget.lines for at, _ in line.got)
        assert max(sum(1 for at in sent if start <= at < start + 0.5) for start in sent) <= 12
    assert listener.losses == ["disconnect"] * 20


def test_pings_keep_an_exchange_from_hanging_up() -> None:
    """The exchange hangs up after five times our ping's interval without one, while data flows."""

    class Strict(Line):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            super().on_subscribe(args)
            threading.Thread(target=self.talk, args=(args[0],), daemon=True).start()

        def talk(self, of: dict[str, str]) -> None:
            for _ in range(120):
                time.sleep(0.01)
                pings = [at for at, text in list(self.got) if text == "ping"]
                if time.monotonic() - max([self.opened_at, *pings]) > 1.0:
                    self.cut()
                    return
                self.send(push(of))

    with exchange(Strict) as bitget, streaming(bitget.address) as (_, listener):
        listener.wait_for(lambda: listener.count(BTC) > 120)
        pings = [at for at, text in bitget.lines[0].got if text == "ping"]
        assert len(bitget.lines) == 1
        assert len(pings) >= 3
        assert (pings[-1] - pings[0]) / (len(pings) - 1) > 0.15


def test_a_muted_pong_is_noticed_though_data_flows() -> None:
    class NoPong(Line):
        def on_ping(self) -> None:
            if self.number > 0:
                super().on_ping()

    timing = QUICK._replace(pong=0.2)
    with exchange(NoPong) as bitget, streaming(bitget.address, timing=timing) as (_, listener):
        listener.wait_for(lambda: listener.count(BTC) == 2)
        assert listener.losses == ["stale"]
        assert listener.acknowledged == [(BTC, False), (BTC, True)]


def test_an_exchange_that_was_away_is_found_again_soon_after_its_return() -> None:
    with exchange() as bitget, streaming(bitget.address) as (_, listener):
        listener.wait_for(lambda: listener.frames)
        port = bitget.port
        bitget.close()
        listener.wait_for(lambda: listener.events().count("reconnecting") > 10)
        with exchange(port=port) as returned:
            listener.wait_for(lambda: listener.count(BTC) == 2)
            assert len(returned.lines) == 1
    waits = [facts["retry_in"] for event, facts in listener.statuses if event == "reconnecting"]
    assert max(waits[1:]) <= QUICK.backoff_soon


def test_an_exchange_that_was_never_there_is_given_up() -> None:
    gone = Exchange()
    gone.close()
    with streaming(gone.address, timing=QUICK._replace(first_connection=0.2)) as (_, listener):
        ending = listener.ending()
    assert isinstance(ending, NetworkError)
    assert ending.exit_status == 6
    assert "refused" in ending.message


def answered(of: dict[str, str], *more: bytes) -> bytes:
    return frame(ack(of).encode()) + frame(push(of).encode()) + b"".join(more)


def linger(connection: Any) -> None:
    connection.recv(1 << 16)
    time.sleep(0.05)


def healthy(connection: Any) -> None:
    shake_hands(connection)
    connection.recv(1 << 16)
    connection.sendall(answered(arg("BTCUSDT")))
    while data := connection.recv(1 << 16):
        if data[0] == 0x88:  # it hangs up
            connection.sendall(frame(b"", opcode=8))
            return
        connection.sendall(frame(b"pong"))


def then(*last: bytes, by_reset: bool = False, handshake: bool = True) -> Callable[[Any], None]:
    """Subscribes, sends the last words and breaks off."""

    def play(connection: Any) -> None:
        if handshake:
            shake_hands(connection)
        connection.recv(1 << 16)
        connection.sendall(answered(arg("BTCUSDT"), *last) if handshake else b"".join(last))
        time.sleep(0.05)
        if by_reset:
            reset(connection)

    return play


@pytest.mark.parametrize(
    "play",
    [
        then(),
        then(by_reset=True),
        then(frame(push(arg("BTCUSDT")).encode())[:-20]),
        then(b"\x81"),
        then(frame(b"\x03\xe9going away", opcode=8)),
        then(frame(b"\x0f", opcode=8)),
        then(b"\x81\xff" + b"\xff" * 8),
        then(frame(b"x", opcode=3)),
        then(b"\xc1\x01x"),
        then(frame(b"more", opcode=0)),
        then(*[frame(b"{" * 60_000, fin=False), *[frame(b"x" * 60_000, opcode=0, fin=False)] * 160]),
        then(*[frame(b"\x00\x01", opcode=2)] * 3),
        then(*[frame(b'"\xff\xfe"')] * 3),
        then(*[frame(b"not json")] * 3),
        then(*[frame(b"[" * 50_000)] * 3),
        then(b"HTTP/1.1 200 OK\r\n\r\n", handshake=False),
        then(b"SSH-2.0-OpenSSH_9.6\r\n", handshake=False),
        then(b"HTTP/1.1 101 Switching Protocols\r\nX: " + b"y" * 100_000, handshake=False),
        then(b"\xff" * 100 + b"\n", handshake=False),
        then(handshake=False),
        then(handshake=False, by_reset=True),
    ],
    ids=[
        "end without a close frame",
        "reset",
        "half a frame",
        "half a header",
        "close frame",
        "bad close frame",
        "frame of 2^64 bytes",
        "unknown kind of frame",
        "compressed frame",
        "continuation of nothing",
        "endless pieces",
        "binary",
        "not UTF-8",
        "not JSON",
        "nested without end",
        "200 for a handshake",
        "another protocol",
        "endless headers",
        "headers that are no text",
        "nothing for a handshake",
        "reset in the handshake",
    ],
)
def test_whatever_the_line_does_the_next_one_is_tried(play: Callable[[Any], None]) -> None:
    server = RawServer(play, healthy)
    try:
        with streaming(server.address, timing=QUICK._replace(first_connection=5)) as (stream, listener):
            listener.wait_for(lambda: len(server.accepted) == 2 and stream.facts().state == "live")
            listener.wait_for(lambda: listener.statuses[-1][0] == "subscribed")
            assert not listener.endings
    finally:
        server.close()


def test_a_mute_handshake_is_given_up_by_its_deadline() -> None:
    server = RawServer(lambda _: time.sleep(2), healthy)
    try:
        with streaming(server.address, timing=QUICK._replace(first_connection=5)) as (_, listener):
            listener.wait_for(lambda: listener.frames)
            reasons = [facts["reason"] for event, facts in listener.statuses if event == "reconnecting"]
        assert reasons == ["127.0.0.1 did not answer in time"]
    finally:
        server.close()


def test_frames_in_pieces_and_over_time_arrive_whole() -> None:
    whole = push(arg("BTCUSDT"), {"lastPr": "1", "x": "牛" * 1000}).encode()

    def play(connection: Any) -> None:
        shake_hands(connection)
        connection.recv(1 << 16)
        connection.sendall(answered(arg("BTCUSDT")))
        for start in range(0, len(whole), 500):
            connection.sendall(
                frame(whole[start : start + 500], opcode=0 if start else 1, fin=start + 500 >= len(whole))
            )
        data = frame(whole)
        for start in range(0, len(data), 700):
            time.sleep(0.03)
            connection.sendall(data[start : start + 700])
        linger(connection)

    server = RawServer(play)
    try:
        with streaming(server.address) as (_, listener):
            listener.wait_for(lambda: listener.count(BTC) == 3)
        assert [each["data"][0].get("x", "") for _, each in listener.frames[:3]] == ["", "牛" * 1000, "牛" * 1000]
        assert listener.losses[:1] in ([], ["disconnect"])
    finally:
        server.close()


def test_a_frame_that_is_too_large_is_passed_over() -> None:
    class Huge(Line):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            super().on_subscribe(args)
            self.send("x" * (9 << 20))
            self.send(push(args[0], {"lastPr": "2"}))

    with exchange(Huge) as bitget, streaming(bitget.address) as (_, listener):
        listener.wait_for(lambda: listener.count(BTC) == 2)
        assert listener.frames[1][1]["data"] == [{"lastPr": "2"}]
        assert listener.losses == []


def test_protocol_pings_are_answered_but_a_flood_of_them_is_not() -> None:
    pongs: list[bytes] = []

    def play(connection: Any) -> None:
        shake_hands(connection)
        connection.recv(1 << 16)
        connection.sendall(frame(b"hello", opcode=9) * 500 + answered(arg("BTCUSDT")))
        time.sleep(0.2)
        pongs.append(connection.recv(1 << 16))
        linger(connection)

    server = RawServer(play)
    try:
        with streaming(server.address) as (_, listener):
            listener.wait_for(lambda: listener.frames and pongs)
    finally:
        server.close()
    assert 0 < pongs[0].count(b"\x8a") <= 2


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
