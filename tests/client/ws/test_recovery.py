"""Private topics made whole by REST: after a subscription, an outage and every minute."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from doubles import StillClock, envelope
from stream_frames import (
    ACCOUNT,
    FILLS,
    ORDERS,
    PLANS,
    POSITIONS,
    SPOT_ACCOUNT,
    SPOT_FILLS,
    SPOT_ORDERS,
    SPOT_PLANS,
    fill,
    frame,
    order,
    plan,
    position,
)

from bitget_cli.client.rest.client import Client
from bitget_cli.client.ws import channels, queue
from bitget_cli.client.ws.dispatcher import Dispatcher
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.errors import CredentialsError, RejectedError
from bitget_cli.stream_events import Gap, Push, Refusal, Status, Topic
from bitget_cli.values import milliseconds

Answer = Callable[[httpx.Request], httpx.Response]


class Account:
    """An account that a stream and REST both show; `rows` are what REST answers, by the end of the path."""

    def __init__(self, topic: Topic, client_over: Callable[..., Client], **rows: Any) -> None:
        self.topic, self.rows = topic, rows
        self.asked: list[httpx.Request] = []
        self.clock = StillClock()
        self.box = ConflatingQueue(self.clock)
        client = client_over(httpx.MockTransport(self._answer), clock=self.clock)
        self.following = Dispatcher([topic], self.box, clock=self.clock, client=client, background=False)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        name = request.url.path.rpartition("/")[2].replace("-", "_")
        found = self.rows.get(f"{name}__{request.url.params.get('status') or request.url.params.get('planType')}")
        found = self.rows.get(name, []) if found is None else found
        if callable(found):
            found = found(request)
        return found if isinstance(found, httpx.Response) else envelope(found)

    def subscribe(self, *, again: bool = False) -> None:
        self.following.subscribed(self.topic, again)
        self.turn()

    def turn(self) -> None:
        assert self.following.reconciler
        self.following.reconciler.turn()

    def push(self, *rows: Any) -> None:
        self.following.frame(self.topic, frame(self.topic, list(rows)), 1790000000500)

    def messages(self) -> list[Any]:
        return [message for message in self.box.take(0) or [] if not isinstance(message, Status)]

    def told(self) -> list[Push]:
        return [message for message in self.messages() if isinstance(message, Push)]

    def now(self, seconds: float = 0) -> str:
        """The exchange's time as it writes it."""
        return str(milliseconds(self.clock.now() + timedelta(seconds=seconds)))


@pytest.fixture
def account(client_over: Callable[..., Client]) -> Callable[..., Account]:
    def make(topic: Topic, **rows: Any) -> Account:
        return Account(topic, client_over, **rows)

    return make


Make = Callable[..., Account]


def listed(*rows: Any) -> dict[str, Any]:
    return {"entrustedList": list(rows)}


def rest_order(order_id: str = "1350000000000000001", **more: Any) -> dict[str, Any]:
    return {
        "symbol": "ETHUSDT",
        "orderId": order_id,
        "baseVolume": "0",
        "status": "live",
        "reduceOnly": "NO",
        "priceAvg": None,
        "uTime": "1790000000000",
    } | more


SHOWN = [
    (
        ORDERS,
        {"orders_pending__partially_filled": listed(), "orders_pending": listed(rest_order())},
        {"instId": "ETHUSDT", "accBaseVolume": "0", "status": "live", "reduceOnly": "no", "priceAvg": "absent"},
    ),
    (
        SPOT_ORDERS,
        {
            "unfilled_orders": [
                {
                    "symbol": "BTCUSDT",
                    "orderId": "1",
                    "size": "2",
                    "priceAvg": "80000",
                    "basePrice": "0",
                    "baseVolume": "0",
                }
            ]
        },
        {"instId": "BTCUSDT", "newSize": "2", "price": "80000", "priceAvg": "0", "accBaseVolume": "0"},
    ),
    (
        PLANS,
        {
            "orders_plan_pending": listed(),
            "orders_plan_pending__profit_loss": listed(
                {"symbol": "BTCUSDT", "orderId": "1", "planType": "pos_loss", "planStatus": "live", "uTime": ""}
            ),
        },
        {"instId": "BTCUSDT", "planType": "psl", "status": "live"},
    ),
    (
        SPOT_PLANS,
        {"current_plan_order": {"orderList": [{"symbol": "BTCUSDT", "orderId": "1", "planType": "total"}]}},
        {"instId": "BTCUSDT", "planType": "total"},
    ),
    (
        ACCOUNT,
        {
            "accounts": [
                {"marginCoin": "USDT", "locked": "1", "accountEquity": "9", "assetMode": "single", "coupon": "0"}
            ]
        },
        {"marginCoin": "USDT", "frozen": "1", "equity": "9", "assetsMode": "single", "coupon": "0"},
    ),
    (SPOT_ACCOUNT, {"assets": [{"coin": "BTC", "available": "1"}]}, {"coin": "BTC", "available": "1"}),
    (
        POSITIONS,
        {
            "all_position": [
                {"symbol": "BTCUSDT", "holdSide": "long", "locked": "0", "marginRatio": "0.1", "total": "1"}
            ]
        },
        {"instId": "BTCUSDT", "frozen": "0", "marginRate": "0.1", "total": "1"},
    ),
]


@pytest.mark.parametrize(
    ("topic", "rows", "expected"), SHOWN, ids=[f"{row[0].inst_type} {row[0].channel}" for row in SHOWN]
)
def test_what_stands_at_the_start_is_told_in_the_streams_words(
    account: Make, topic: Topic, rows: dict[str, Any], expected: dict[str, Any]
) -> None:
    mine = account(topic, **rows)
    mine.subscribe()
    (push,) = mine.told()
    assert push.snapshot
    assert {name: push.data.get(name, "absent") for name in expected} == expected
    assert push.symbol == push.data.get("instId", "")


def test_orders_of_every_status_and_plans_of_every_type_are_asked_for(account: Make) -> None:
    for topic, names in ((ORDERS, [None, "partially_filled"]), (PLANS, ["normal_plan", "track_plan", "profit_loss"])):
        mine = account(topic)
        mine.subscribe()
        assert [
            request.url.params.get("status") or request.url.params.get("planType") for request in mine.asked
        ] == names
        assert {request.url.params["productType"] for request in mine.asked} == {"USDT-FUTURES"}


def test_a_topic_of_one_symbol_asks_about_that(account: Make) -> None:
    mine = account(Topic("SPOT", "orders", "BTCUSDT"))
    mine.subscribe()
    assert [request.url.params.get("symbol") for request in mine.asked] == ["BTCUSDT"]


def test_a_reading_tells_nothing_that_the_stream_told_and_comes_every_minute(account: Make) -> None:
    mine = account(ORDERS, orders_pending=listed(rest_order()))
    mine.push(order("live", "0", 0))
    assert len(mine.told()) == 1
    mine.subscribe()
    assert mine.told() == []
    mine.clock.sleep(59)
    mine.turn()
    assert len(mine.asked) == 2
    mine.clock.sleep(1)
    mine.rows["orders_pending"] = listed(rest_order(baseVolume="0.1", status="partially_filled", uTime="1790000000900"))
    mine.turn()
    (push,) = mine.told()
    assert (push.data["accBaseVolume"], push.ts, push.snapshot) == ("0.1", 1790000000900, True)


def test_a_reading_says_that_it_was_made(account: Make) -> None:
    mine = account(ORDERS)
    mine.subscribe()
    statuses = [message for message in mine.box.take(0) or [] if isinstance(message, Status)]
    assert [(status.event, status.facts) for status in statuses] == [
        ("reconciled", {"market": "usdt-futures", "channel": "orders"})
    ]


@pytest.mark.parametrize(
    ("topic", "open_row", "rows", "status"),
    [
        (
            ORDERS,
            order("live", "0", 0),
            {"detail": rest_order(state="filled", status=None, baseVolume="0.4", uTime="1790000000009")},
            "filled",
        ),
        (
            SPOT_ORDERS,
            {"orderId": "1", "instId": "BTCUSDT", "status": "live", "uTime": "1"},
            {"orderInfo": [{"orderId": "1", "symbol": "BTCUSDT", "status": "cancelled", "uTime": "2"}]},
            "cancelled",
        ),
        (
            PLANS,
            plan("live", 0),
            {
                "orders_plan_history": listed(
                    {"orderId": "other", "planStatus": "executed"},
                    {
                        "orderId": "1360000000000000001",
                        "symbol": "BTCUSDT",
                        "planStatus": "executed",
                        "uTime": "1790000000009",
                    },
                )
            },
            "executed",
        ),
        (
            SPOT_PLANS,
            plan("live", 0),
            {
                "history_plan_order": {
                    "orderList": [
                        {"orderId": "1360000000000000001", "status": "fail_execute", "uTime": "1790000000009"}
                    ]
                }
            },
            "fail_execute",
        ),
    ],
)
def test_an_order_that_is_no_longer_open_is_looked_up_and_its_end_told(
    account: Make, topic: Topic, open_row: dict[str, Any], rows: dict[str, Any], status: str
) -> None:
    mine = account(topic, **rows)
    mine.push(open_row)
    mine.told()
    mine.subscribe()
    (push,) = mine.told()
    assert (push.data["status"], push.snapshot) == (status, False)
    asked = len(mine.asked)
    mine.clock.sleep(60)
    mine.turn()
    assert mine.told() == []
    assert not [
        request for request in mine.asked[asked:] if "history" in request.url.path or "detail" in request.url.path
    ]


def test_an_order_that_nobody_knows_stays_as_it_was_last_seen(account: Make) -> None:
    mine = account(ORDERS, detail=lambda _: envelope(None))
    mine.push(order("live", "0", 0))
    mine.told()
    mine.subscribe()
    assert mine.told() == []


def test_an_outage_is_mended_by_rest(account: Make) -> None:
    mine = account(ORDERS, orders_pending=listed())
    mine.subscribe()
    mine.messages()
    mine.following.lost("disconnect")
    mine.rows["orders_pending"] = listed(rest_order())
    mine.subscribe(again=True)
    opened, push, closed = mine.messages()
    assert (opened.reason, opened.until) == ("disconnect", None)
    assert push.data["orderId"] == "1350000000000000001"
    assert (closed.id, closed.recovered) == (opened.id, "rest")


def test_a_reading_during_an_outage_tells_what_it_finds_but_mends_nothing(account: Make) -> None:
    mine = account(ORDERS)
    mine.subscribe()
    mine.messages()
    mine.following.lost("disconnect")
    mine.rows["orders_pending"] = listed(rest_order())
    mine.clock.sleep(60)
    mine.turn()
    opened, push = mine.messages()
    assert (opened.until, push.data["status"]) == (None, "live")
    mine.subscribe(again=True)
    assert [(closed.id, closed.recovered) for closed in mine.messages()] == [(opened.id, "rest")]


def test_a_reading_that_was_asked_for_before_another_loss_mends_nothing(account: Make) -> None:
    mine = account(ORDERS)
    mine.subscribe()
    mine.following.lost("disconnect")

    def lost_and_back(_: httpx.Request) -> httpx.Response:
        mine.rows["orders_pending"] = listed()
        mine.following.lost("disconnect")
        mine.following.subscribed(ORDERS, True)
        return envelope(listed())

    mine.rows["orders_pending"] = lost_and_back
    mine.messages()
    mine.subscribe(again=True)
    assert mine.messages() == []
    mine.turn()
    assert [closed.recovered for closed in mine.messages()] == ["rest"]


@pytest.mark.parametrize(
    ("topic", "rows"),
    [
        (Topic("USDT-FUTURES", "account", "USDT"), {"accounts": [{"marginCoin": "USDT"}, {"marginCoin": "BTC"}]}),
        (
            Topic("USDT-FUTURES", "positions", "BTCUSDT"),
            {"all_position": [{"symbol": "BTCUSDT"}, {"symbol": "ETHUSDT"}]},
        ),
    ],
)
def test_rows_of_other_symbols_and_coins_are_left_out(account: Make, topic: Topic, rows: dict[str, Any]) -> None:
    mine = account(topic, **rows)
    mine.subscribe()
    assert len(mine.told()) == 1


# Fills.


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


# Positions and accounts.


def test_positions_take_what_rest_shows_otherwise_and_keep_their_other_fields(account: Make) -> None:
    mine = account(POSITIONS)
    profit = {"unrealizedPL": "5", "unrealizedPLR": "0.1"}
    mine.push(position("BTCUSDT", "long", "1", **profit), position("ETHUSDT", "short", "2"))
    mine.told()
    row = {"symbol": "BTCUSDT", "holdSide": "long", "marginMode": "crossed", "total": "3", "unrealizedPL": "6"}
    mine.rows["all_position"] = [row]
    mine.subscribe()
    kept, gone = mine.told()
    assert (kept.data["total"], kept.data["posId"], kept.data["unrealizedPL"]) == ("3", "13-BTCUSDT", "6")
    assert "unrealizedPLR" not in kept.data, "it was the return on another profit"
    assert (gone.data["instId"], gone.data["total"], gone.data["closed"]) == ("ETHUSDT", "0", True)
    mine.clock.sleep(60)
    mine.turn()
    assert mine.told() == []


def test_a_push_during_a_reading_knows_better(account: Make) -> None:
    mine = account(POSITIONS)

    def pushed_meanwhile(_: httpx.Request) -> httpx.Response:
        mine.push(position("BTCUSDT", "long", "1"))
        return envelope([])

    mine.rows["all_position"] = pushed_meanwhile
    mine.subscribe()
    assert [push.data["total"] for push in mine.told()] == ["1"]


def test_an_account_takes_what_rest_shows_otherwise(account: Make) -> None:
    mine = account(ACCOUNT, accounts=[{"marginCoin": "USDT", "locked": "5", "available": "1"}])
    mine.push({"marginCoin": "USDT", "frozen": "5", "available": "1", "unionMm": "0"})
    mine.told()
    mine.subscribe()
    assert mine.told() == []
    mine.clock.sleep(60)
    mine.rows["accounts"] = [{"marginCoin": "USDT", "locked": "6", "available": "1"}]
    mine.turn()
    assert [dict(push.data) for push in mine.told()] == [
        {"marginCoin": "USDT", "frozen": "6", "available": "1", "unionMm": "0"}
    ]


# What goes wrong.


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
