"""Private topics made whole by REST: after a subscription, an outage and every minute."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from doubles import envelope
from reconciled import Make, listed, rest_order
from stream_frames import (
    ACCOUNT,
    ORDERS,
    PLANS,
    POSITIONS,
    SPOT_ACCOUNT,
    SPOT_ORDERS,
    SPOT_PLANS,
    order,
    plan,
    position,
)

from bitget_cli.stream_events import Status, Topic

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
