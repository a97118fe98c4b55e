"""A whole stream: connections, what follows them, and one hand-over."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from stream_listener import BTC, ETH, LOGIN, ORDERS
from stream_server import Exchange, Line, ack, error, exchange, push

from bitget_cli.client.ws.connection import opener
from bitget_cli.client.ws.feed import is_private, watch
from bitget_cli.client.ws.interfaces import Timing
from bitget_cli.errors import BitgetError, CredentialsError, NetworkError, RejectedError, UsageError
from bitget_cli.runtime import SystemClock
from bitget_cli.stream_events import Frame, Gap, Message, Push, Refusal, Source, Status, Topic

QUICK = Timing(
    tick=0.01,
    frames_per_second=50.0,
    first_connection=0.5,
    first_data=0.3,
    opening=0.5,
    backoff_first=0.02,
    backoff_least=0.01,
    backoff_soon=0.05,
)
FILLED = {"orderId": "1", "status": "filled", "uTime": "1790000000000", "cTime": "1790000000000"}


def watching(bitget: Exchange, *topics: Topic, **given: Any) -> Source:
    given = {"client": None, "login": lambda: LOGIN, "timing": QUICK, **given}
    return watch(topics, open_socket=opener(bitget.address, environ={}), clock=SystemClock(), **given)


def taken(source: Source, enough: Callable[[Sequence[Message]], object]) -> list[Message]:
    """Everything up to the moment that satisfies."""
    found: list[Message] = []
    deadline = time.monotonic() + 10
    while not enough(found):
        assert time.monotonic() < deadline, found
        more = source.take(0.05)
        assert more is not None, found
        found += more
    return found


def of_kind(messages: Sequence[Message], kind: type[Any]) -> list[Any]:
    return [message for message in messages if isinstance(message, kind)]


def ending(source: Source) -> BitgetError:
    with pytest.raises(BitgetError) as ended:
        taken(source, lambda _: False)
    return ended.value


def test_one_source_carries_public_and_private_topics_over_a_connection_each() -> None:
    class Filled(Line):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            for each in args:
                self.send(ack(each))
                self.send(push(each, FILLED) if each["channel"] == "orders" else push(each))

    with exchange(Filled) as bitget:
        source = watching(bitget, BTC, ORDERS)
        found = taken(source, lambda found: {each.type for each in of_kind(found, Push)} >= {"ticker", "orders"})
        assert sorted(line.path for line in bitget.lines) == ["/v2/ws/private", "/v2/ws/public"]
        assert source.facts().state == "live"
        source.close()
        while source.take(0.1) is not None:
            pass
    assert {each.facts["connection"] for each in of_kind(found, Status) if "connection" in each.facts} == {
        "public",
        "private",
    }


def test_a_cut_opens_a_gap_and_the_next_snapshot_closes_it() -> None:
    with exchange() as bitget:
        source = watching(bitget, BTC)
        taken(source, lambda found: of_kind(found, Push))
        bitget.cut()
        found = taken(source, lambda found: len(of_kind(found, Gap)) == 2 and of_kind(found, Push))
        opened, shut = of_kind(found, Gap)
        assert (opened.reason, opened.until, opened.symbol) == ("disconnect", None, "BTCUSDT")
        assert (shut.id, shut.recovered, shut.until is None) == (opened.id, "snapshot", False)
        facts = source.facts()
        assert (facts.reconnects, facts.gaps, facts.open_gaps) == (1, 1, 0)
        source.close()


BOOK = Topic("USDT-FUTURES", "books", "BTCUSDT")


def test_a_break_in_a_book_s_sequence_is_mended_by_subscribing_afresh() -> None:
    def book(seq: int, pseq: int) -> dict[str, Any]:
        return {"asks": [["2", "1"]], "bids": [["1", "1"]], "seq": seq, "pseq": pseq, "ts": "1790000000000"}

    class Skips(Line):
        def on_subscribe(self, args: list[dict[str, str]]) -> None:
            # Data overtakes the acknowledgement, both times.
            self.send(push(args[0], book(10, 0)))
            self.send(ack(args[0]))
            if len(self.requests("subscribe")) == 1:
                self.send(push(args[0], book(13, 12), action="update"))

    with exchange(Skips) as bitget:
        source = watching(bitget, BOOK)
        found = taken(source, lambda found: len(of_kind(found, Gap)) == 2)
        assert [(gap.reason, gap.recovered) for gap in of_kind(found, Gap)] == [("seq", None), ("seq", "snapshot")]
        assert len(bitget.lines[0].requests("unsubscribe")) == 1
        source.close()


def test_raw_shows_pushes_as_they_came_and_nothing_of_the_login() -> None:
    with exchange() as bitget:
        source = watching(bitget, BTC, ORDERS, raw=True)
        found = taken(source, lambda found: len(of_kind(found, Frame)) == 2)
        source.close()
    assert of_kind(found, Push) == []
    assert sorted(json.loads(each.text)["arg"]["channel"] for each in of_kind(found, Frame)) == ["orders", "ticker"]


class NoEther(Line):
    def on_subscribe(self, args: list[dict[str, str]]) -> None:
        for each in args:
            if each["instId"] == "ETHUSDT":
                self.send(error(30001, each, msg="doesn't exist"))
            else:
                super().on_subscribe([each])


def test_a_public_side_that_is_refused_leaves_the_private_one_its_turn() -> None:
    with exchange(NoEther) as bitget:
        source = watching(bitget, ETH, ORDERS)
        found = taken(source, lambda found: of_kind(found, Refusal))
        assert of_kind(found, Refusal)[0].topic == ETH
        taken(
            source, lambda found: any(each.event == "subscribed" for each in of_kind(found, Status)) or len(found) > 3
        )
        source.close()


def test_a_source_ends_with_what_ended_its_last_stream() -> None:
    with exchange(NoEther) as bitget:
        source = watching(bitget, ETH)
        refused = ending(source)
        assert source.take(0.1) is None
        source.close()
    assert isinstance(refused, RejectedError)
    assert refused.code == "30001"


def test_a_wrong_key_ends_everything() -> None:
    class WrongKey(Line):
        def on_login(self, _login: dict[str, str]) -> None:
            self.send(error("30012", msg="Invalid ACCESS_PASSPHRASE"))

    with exchange(WrongKey) as bitget:
        source = watching(bitget, BTC, ORDERS)
        refused = ending(source)
        source.close()
    assert isinstance(refused, CredentialsError)


def test_a_defect_in_the_reader_ends_the_stream_as_what_it_is() -> None:
    def broken(_private: bool, _seconds: float) -> Any:
        return 1 / 0

    source = watch((BTC, ETH), open_socket=broken, client=None, clock=SystemClock(), login=None, timing=QUICK)
    with pytest.raises(ZeroDivisionError):
        taken(source, lambda _: False)
    assert source.take(0) is None
    source.close()


def test_nobody_there_ends_it_as_a_failure_of_the_network() -> None:
    gone = Exchange()
    gone.close()
    source = watching(gone, BTC)
    assert isinstance(ending(source), NetworkError)
    source.close()


def test_more_topics_than_one_may_follow_are_refused_before_connecting() -> None:
    with exchange() as bitget:
        with pytest.raises(UsageError, match="201"):
            watching(bitget, *(Topic("SPOT", "ticker", f"COIN{number}USDT") for number in range(201)))
        assert bitget.handshakes == []


def test_private_topics_need_a_key() -> None:
    with exchange() as bitget, pytest.raises(CredentialsError):
        watching(bitget, ORDERS, login=None)


@pytest.mark.parametrize(
    ("channel", "private"),
    [("ticker", False), ("books", False), ("candle1m", False), ("orders", True), ("positions", True), ("new", False)],
)
def test_channels_know_whether_they_are_private(channel: str, private: bool) -> None:
    assert is_private(Topic("USDT-FUTURES", channel, "default")) is private
