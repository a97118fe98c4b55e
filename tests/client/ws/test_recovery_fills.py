"""Fills and orders that were lost are read again by REST, and told once."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from doubles import envelope
from reconciled import Account, Make, listed, rest_order
from stream_frames import (
    FILLS,
    ORDERS,
    SPOT_FILLS,
    fill,
    order,
)

from bitget_cli.client.ws import channels, queue
from bitget_cli.stream_events import Gap, Topic


def rest_fill(account: Account, trade: str, seconds: float) -> dict[str, Any]:
    return {"tradeId": trade, "symbol": "ETHUSDT", "price": "1", "cTime": account.now(seconds)}


def test_fills_of_an_outage_are_told_once_oldest_first_and_those_of_before_the_start_are_not(account: Make) -> None:
    mine = account(FILLS)
    mine.rows["fills"] = {"fillList": [rest_fill(mine, "0", -60)]}
    mine.subscribe()
    assert mine.told() == []
    mine.push(fill("1"))
    mine.told()
    mine.following.lost("disconnect")
    mine.clock.sleep(30)
    mine.rows["fills"] = {
        "fillList": [rest_fill(mine, str(n), n - 10) for n in (3, 2, 1)] + [rest_fill(mine, "0", -90)]
    }
    mine.subscribe(again=True)
    opened, *fills, closed = mine.messages()
    assert [push.data["tradeId"] for push in fills] == ["2", "3"]
    assert {push.snapshot for push in fills} == {False}
    assert (closed.id, closed.recovered) == (opened.id, "rest")


def test_a_fee_of_a_spot_fill_is_a_list_as_in_the_stream(account: Make) -> None:
    mine = account(SPOT_FILLS)
    mine.rows["fills"] = [{"symbol": "X", "tradeId": "1", "feeDetail": {"feeCoin": "BTC"}, "cTime": mine.now(1)}]
    mine.subscribe()
    mine.clock.sleep(61)
    mine.turn()
    assert [push.data["feeDetail"] for push in mine.told()] == [[{"feeCoin": "BTC"}]]


def test_fills_that_a_slow_reader_lost_are_read_again(account: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_EVENTS", 10)
    mine = account(FILLS)
    mine.subscribe()
    mine.messages()
    for number in range(12):
        mine.push(fill(str(number), cTime=mine.now(1)))
    mine.rows["fills"] = {"fillList": [rest_fill(mine, str(number), 1) for number in range(12)]}
    gap, *rest = mine.messages()
    assert isinstance(gap, Gap)
    assert (gap.reason, gap.until, gap.lost) == ("slow-consumer", None, 12 - len(rest))
    mine.clock.sleep(2)
    mine.turn()
    *again, closed = mine.messages()
    assert sorted(int(push.data["tradeId"]) for push in rest + again) == list(range(12))
    assert (closed.id, closed.recovered) == (gap.id, "rest")


def test_fills_that_wait_in_a_blocked_pipe_are_told_once_though_rest_shows_them_all(account: Make) -> None:
    count = 14_000
    mine = account(FILLS)
    mine.subscribe()
    mine.messages()
    for number in range(count):
        mine.push(fill(str(number), cTime=mine.now(1), uTime=mine.now(1)))
    shown = [rest_fill(mine, str(number), 1) for number in reversed(range(count))]
    mine.rows["fills"] = lambda request: envelope(_page_of(shown, request))
    gap, *waiting = mine.messages()
    assert (gap.reason, gap.lost) == ("slow-consumer", count - len(waiting))
    mine.clock.sleep(2)
    mine.turn()
    *again, closed = mine.messages()
    assert sorted(int(push.data["tradeId"]) for push in waiting + again) == list(range(count))
    assert (closed.id, closed.recovered) == (gap.id, "rest")


def _page_of(rows: list[dict[str, Any]], request: httpx.Request) -> dict[str, Any]:
    start = len(rows) - int(before) if (before := request.url.params.get("idLessThan")) else 0
    page = rows[start : start + 100]
    return {"fillList": page, "endId": page[-1]["tradeId"] if page else None}


@pytest.mark.parametrize(("topic", "name"), [(FILLS, "fills"), (ORDERS, "orders_history")])
def test_what_is_too_old_to_be_known_again_is_not_told_twice_and_mends_nothing(
    account: Make, topic: Topic, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channels, "_MOST_KEPT", 10)
    monkeypatch.setattr(channels, "_MOST_FINISHED", 5)
    monkeypatch.setattr(channels, "_MOST_ENDED", 5)
    mine = account(topic)
    mine.subscribe()
    for number in range(20):
        when = {"cTime": mine.now(number), "uTime": mine.now(number)}
        one = order("filled", "1", 0, orderId=str(number)) if topic is ORDERS else fill(str(number))
        mine.push(one | when)
    assert len(mine.told()) == 20
    mine.following.lost("disconnect")
    id_of = "orderId" if topic is ORDERS else "tradeId"
    rows = [
        {id_of: str(number), "symbol": "ETHUSDT", "status": "filled"}
        | dict.fromkeys(("cTime", "uTime"), mine.now(number))
        for number in reversed(range(22))
    ]
    mine.rows[name] = {"fillList": rows, "entrustedList": rows}
    mine.subscribe(again=True)
    opened, *told, closed = mine.messages()
    assert [push.data[id_of] for push in told] == ["20", "21"]
    assert (closed.id, closed.recovered) == (opened.id, "none")


def test_only_what_a_slow_reader_heard_last_of_an_order_is_told_again(
    account: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_EVENTS", 4)
    mine = account(ORDERS)
    mine.subscribe()
    mine.messages()
    for number in range(6):
        mine.push(order("live", "0", number))
    gap, *rest = mine.messages()
    mine.rows["orders_pending"] = listed(rest_order(uTime=rest[-1].data["uTime"]))
    mine.turn()
    (closed,) = mine.messages()
    assert (closed.id, closed.recovered) == (gap.id, "rest")
    assert rest[-1].data["uTime"] == "1790000000005"


def test_orders_that_a_slow_reader_lost_are_told_as_they_stand(account: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_EVENTS", 4)
    mine = account(ORDERS)
    mine.subscribe()
    mine.messages()
    for number in range(6):
        mine.push(order("canceled", "0", number, orderId=str(number)))
    gap, *rest = mine.messages()
    mine.turn()
    *again, closed = mine.messages()
    assert [push.data["orderId"] for push in [*again, *rest]] == [str(number) for number in range(6)]
    assert (closed.id, closed.recovered) == (gap.id, "rest")
