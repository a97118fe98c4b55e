"""A stream whose connections end in every way, at an exchange on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from stream_listener import BTC, ETH
from stream_server import Exchange, Line, RawServer, ack, arg, exchange, frame, push, reset, shake_hands
from streaming import QUICK, streaming

from bitget_cli.errors import NetworkError


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
