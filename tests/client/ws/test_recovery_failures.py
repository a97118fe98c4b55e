"""What is done when REST refuses, does not answer, or is not asked any more."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from doubles import StillClock, envelope
from reconciled import Answer, Make, listed, rest_order
from stream_frames import (
    ORDERS,
    SPOT_ACCOUNT,
)

from bitget_cli.client.rest.client import Client
from bitget_cli.client.ws.dispatcher import Dispatcher
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.errors import CredentialsError, RejectedError
from bitget_cli.stream_events import Push, Refusal, Topic


def refusal(code: str, msg: str = "no") -> Answer:
    return lambda _: envelope(None, code=code, msg=msg, status=400)


def test_a_unified_account_ends_the_stream_with_an_explanation(account: Make) -> None:
    mine = account(ORDERS, orders_pending=refusal("40085"))
    mine.subscribe()
    with pytest.raises(RejectedError, match="unified account") as refused:
        mine.box.take(0)
    assert refused.value.hint
    assert refused.value.code == "40085"


def test_keys_that_are_refused_end_the_stream(account: Make) -> None:
    mine = account(ORDERS, orders_pending=refusal("40006"))
    mine.subscribe()
    with pytest.raises(CredentialsError):
        mine.box.take(0)


def test_a_call_that_demo_trading_does_not_have_is_no_end(account: Make) -> None:
    mine = account(ORDERS, orders_pending=refusal("40081"))
    mine.subscribe()
    assert [message.code for message in mine.messages()] == ["40081"]


def test_another_refusal_is_said_once_and_asked_again_every_minute(account: Make) -> None:
    mine = account(ORDERS, orders_pending=refusal("40020", "parameter error"))
    mine.subscribe()
    for _ in range(3):
        mine.clock.sleep(60)
        mine.turn()
    (said,) = mine.messages()
    assert isinstance(said, Refusal)
    assert (said.code, said.topic) == ("40020", ORDERS)
    assert len(mine.asked) == 4


def test_an_exchange_that_does_not_answer_is_asked_again_soon_and_the_gap_stays_open(account: Make) -> None:
    def silence(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("down", request=request)

    mine = account(ORDERS, orders_pending=silence)
    mine.following.subscribed(ORDERS, False)
    mine.following.lost("disconnect")
    mine.subscribe(again=True)
    (gap,) = mine.messages()
    assert gap.until is None
    mine.rows["orders_pending"] = listed(rest_order())
    mine.clock.sleep(5)
    mine.turn()
    push, closed = mine.messages()
    assert isinstance(push, Push)
    assert (closed.id, closed.recovered) == (gap.id, "rest")


def test_a_closed_reader_asks_no_more(account: Make) -> None:
    mine = account(ORDERS)
    mine.following.ended(None)
    mine.subscribe()
    assert mine.asked == []


def test_margin_is_not_asked_about(client_over: Callable[..., Client]) -> None:
    topic = Topic("MARGIN", "orders-crossed", "BTCUSDT")
    clock = StillClock()
    client = client_over(httpx.MockTransport(lambda _: envelope([])), clock=clock)
    assert Dispatcher([topic], ConflatingQueue(clock), clock=clock, client=client).reconciler is None


def test_the_thread_reads_by_itself_and_stops(client_over: Callable[..., Client]) -> None:
    clock = StillClock()
    box = ConflatingQueue(clock)
    client = client_over(httpx.MockTransport(lambda _: envelope([{"coin": "BTC", "available": "1"}])), clock=clock)
    following = Dispatcher([SPOT_ACCOUNT], box, clock=clock, client=client)
    following.subscribed(SPOT_ACCOUNT, False)
    pushes: list[Any] = []
    while not pushes:
        pushes = [message for message in box.take(5) or [] if isinstance(message, Push)]
    assert pushes[0].data["coin"] == "BTC"
    following.close()
    assert "seeding" not in {thread.name for thread in threading.enumerate()}


def test_a_defect_in_the_thread_ends_the_stream_as_what_it_is(client_over: Callable[..., Client]) -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        return 1 / 0  # type: ignore[return-value]

    clock = StillClock()
    box = ConflatingQueue(clock)
    following = Dispatcher([ORDERS], box, clock=clock, client=client_over(httpx.MockTransport(broken), clock=clock))
    following.subscribed(ORDERS, False)
    with pytest.raises(ZeroDivisionError):
        list(iter(lambda: box.take(5), None))
    following.close()
