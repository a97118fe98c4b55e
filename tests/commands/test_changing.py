"""Every other command that changes something, as typed: the exact requests that go out, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from desk import DEMO, EXIT, OID, ORDER, PART_EXIT, PLAN, POSITION, SPOT_ORDER, SPOT_PLAN, TRAIL, open_desk
from doubles import Bitget, path_of
from pytest_httpx import HTTPXMock

LINE = {"productType": "USDT-FUTURES"}
BTC = {"symbol": "BTCUSDT", **LINE}
MARGIN = {**BTC, "marginCoin": "USDT"}
HEDGE = {"posMode": "hedge_mode"}
LONG = POSITION
SHORT = {**POSITION, "holdSide": "short", "total": "0.3"}
HEDGED = [{**LONG, **HEDGE}, {**SHORT, **HEDGE}]
PLANS = [PLAN, TRAIL, EXIT, PART_EXIT]
MARK = {"triggerType": "mark_price"}
WAITING = {
    "planType": "normal_plan",
    **MARGIN,
    "marginMode": "crossed",
    "size": "0.01",
    "triggerPrice": "58000",
    **MARK,
    "orderType": "market",
    "clientOid": OID,
}
PARTLY = {**MARGIN, "marginMode": "crossed", "orderType": "market", "clientOid": OID}
EXIT_OF = {**MARGIN, "clientOid": OID}

Row = tuple[str, dict[str, Any], list[tuple[str, dict[str, Any]]]]

ORDERS: list[Row] = [
    (
        "order cancel 1001 --symbol BTCUSDT",
        {},
        [("mix/order/cancel-order", {**BTC, "orderId": "1001"})],
    ),
    ("order cancel mine-1", {"orders": [ORDER]}, [("mix/order/cancel-order", {**BTC, "orderId": "1001"})]),
    ("order cancel 1001", {"orders": [ORDER]}, [("mix/order/cancel-order", {**BTC, "orderId": "1001"})]),
    (
        "order cancel 2001",
        {"spot_orders": [SPOT_ORDER]},
        [("spot/trade/cancel-order", {"symbol": "BTCUSDT", "orderId": "2001"})],
    ),
    (
        "order cancel mine-2 --product spot",
        {"spot_orders": [SPOT_ORDER]},
        [("spot/trade/cancel-order", {"symbol": "BTCUSDT", "orderId": "2001"})],
    ),
    (
        "order cancel mine-5",
        {"plans": [EXIT]},
        [("mix/order/cancel-plan-order", {**BTC, "planType": "pos_profit", "orderIdList": [{"orderId": "3003"}]})],
    ),
    ("order cancel 4001", {"spot_plans": [SPOT_PLAN]}, [("spot/trade/cancel-plan-order", {"orderId": "4001"})]),
    (
        "order cancel 1001 1002",
        {"orders": [ORDER, {**ORDER, "orderId": "1002"}]},
        [("mix/order/batch-cancel-orders", {**BTC, "orderIdList": [{"orderId": "1001"}, {"orderId": "1002"}]})],
    ),
    (
        "order cancel a b --symbol BTC/USDT",
        {},
        [
            (
                "spot/trade/batch-cancel-order",
                {"symbol": "BTCUSDT", "orderList": [{"clientOid": "a"}, {"clientOid": "b"}]},
            )
        ],
    ),
    ("order cancel-all BTCUSDT", {"orders": [ORDER]}, [("mix/order/batch-cancel-orders", BTC)]),
    ("order cancel-all", {"orders": [ORDER]}, [("mix/order/cancel-all-orders", LINE)]),
    (
        "order cancel-all BTC/USDT",
        {"spot_orders": [SPOT_ORDER]},
        [("spot/trade/cancel-symbol-order", {"symbol": "BTCUSDT"})],
    ),
    (
        "order cancel-all --product spot",
        {"spot_orders": [SPOT_ORDER, {**SPOT_ORDER, "orderId": "2002", "symbol": "ETHUSDT"}]},
        [
            ("spot/trade/cancel-symbol-order", {"symbol": "BTCUSDT"}),
            ("spot/trade/cancel-symbol-order", {"symbol": "ETHUSDT"}),
        ],
    ),
    ("order cancel-all", {}, []),
    (
        "order modify 1001 --price 59500",
        {"orders": [ORDER]},
        [
            (
                "mix/order/modify-order",
                {**BTC, "orderId": "1001", "newPrice": "59500", "newSize": "0.02", "newClientOid": OID},
            )
        ],
    ),
    (
        "order modify 1001 --size 0.03 --symbol BTCUSDT",
        {"orders": [ORDER]},
        [
            (
                "mix/order/modify-order",
                {**BTC, "orderId": "1001", "newPrice": "59000", "newSize": "0.03", "newClientOid": OID},
            )
        ],
    ),
    (
        "order modify 1001 --price 59500",
        {"orders": [{**ORDER, "baseVolume": "0.005"}]},
        [
            (
                "mix/order/modify-order",
                {**BTC, "orderId": "1001", "newPrice": "59500", "newSize": "0.015", "newClientOid": OID},
            )
        ],
    ),
    (
        "order modify 1001 --tp 71000",
        {"orders": [ORDER]},
        [
            (
                "mix/order/modify-order",
                {
                    **BTC,
                    "orderId": "1001",
                    "newPresetStopSurplusPrice": "71000",
                    "newPresetStopLossPrice": "50000",
                    "newClientOid": OID,
                },
            )
        ],
    ),
    (
        "order modify 1001 --sl 0",
        {"orders": [ORDER]},
        [
            (
                "mix/order/modify-order",
                {
                    **BTC,
                    "orderId": "1001",
                    "newPresetStopSurplusPrice": "70000",
                    "newPresetStopLossPrice": "0",
                    "newClientOid": OID,
                },
            )
        ],
    ),
    (
        "order modify 2001 --price 59500 --sl 50000",
        {"spot_orders": [SPOT_ORDER]},
        [
            (
                "spot/trade/cancel-replace-order",
                {
                    "symbol": "BTCUSDT",
                    "orderId": "2001",
                    "price": "59500",
                    "size": "0.02",
                    "presetTakeProfitPrice": "70000",
                    "presetStopLossPrice": "50000",
                    "newClientOid": OID,
                },
            )
        ],
    ),
]

POSITIONS: list[Row] = [
    ("position close BTCUSDT", {"positions": [LONG]}, [("mix/order/close-positions", BTC)]),
    (
        "position close BTCUSDT --side short",
        {"positions": HEDGED},
        [("mix/order/close-positions", {**BTC, "holdSide": "short"})],
    ),
    ("position close BTCUSDT --percent 100", {"positions": [LONG]}, [("mix/order/close-positions", BTC)]),
    (
        "position close BTCUSDT --size 0.2",
        {"positions": [LONG]},
        [("mix/order/place-order", {**PARTLY, "size": "0.2", "side": "sell", "reduceOnly": "YES"})],
    ),
    (
        "position close BTCUSDT --percent 33.33 --side long",
        {"positions": HEDGED},
        [("mix/order/place-order", {**PARTLY, "size": "0.1666", "side": "buy", "tradeSide": "close"})],
    ),
    (
        "position close BTCUSDT --percent 50",
        {"positions": [{**SHORT, "marginMode": "isolated"}]},
        [
            (
                "mix/order/place-order",
                {**PARTLY, "marginMode": "isolated", "size": "0.1500", "side": "buy", "reduceOnly": "YES"},
            )
        ],
    ),
    ("position close-all", {"positions": HEDGED}, [("mix/order/close-positions", LINE)]),
    ("position close-all", {}, []),
    (
        "position reverse BTCUSDT",
        {"positions": [LONG]},
        [("mix/order/click-backhand", {**MARGIN, "side": "sell", "clientOid": OID})],
    ),
    (
        "position reverse BTCUSDT --side short",
        {"positions": HEDGED},
        [
            (
                "mix/order/click-backhand",
                {**MARGIN, "size": "0.3", "side": "sell", "tradeSide": "close", "clientOid": OID},
            )
        ],
    ),
]

SETTINGS: list[Row] = [
    ("account leverage BTCUSDT 10", {}, [("mix/account/set-leverage", {**MARGIN, "leverage": "10"})]),
    (
        "account leverage BTCUSDT 10 --side long",
        {"account": {**HEDGE, "marginMode": "isolated"}},
        [("mix/account/set-leverage", {**MARGIN, "leverage": "10", "holdSide": "long"})],
    ),
    (
        "account leverage BTCUSDT 10",
        {"account": {**HEDGE, "marginMode": "isolated"}},
        [("mix/account/set-leverage", {**MARGIN, "longLeverage": "10", "shortLeverage": "10"})],
    ),
    (
        "account margin-mode BTCUSDT isolated",
        {},
        [("mix/account/set-margin-mode", {**MARGIN, "marginMode": "isolated"})],
    ),
    ("account position-mode hedge", {}, [("mix/account/set-position-mode", {**LINE, "posMode": "hedge_mode"})]),
    (
        "account position-mode one-way --product coin-futures",
        {},
        [("mix/account/set-position-mode", {"productType": "COIN-FUTURES", "posMode": "one_way_mode"})],
    ),
    (
        "account margin BTCUSDT --add 10",
        {"positions": [{**LONG, "marginMode": "isolated"}]},
        [("mix/account/set-margin", {**MARGIN, "holdSide": "long", "amount": "10"})],
    ),
    (
        "account margin BTCUSDT --remove 5.5 --side short",
        {"positions": [{**LONG, "marginMode": "isolated"}, {**SHORT, "marginMode": "isolated"}]},
        [("mix/account/set-margin", {**MARGIN, "holdSide": "short", "amount": "-5.5"})],
    ),
    (
        "account auto-margin BTCUSDT on",
        {"positions": [SHORT]},
        [
            (
                "mix/account/set-auto-margin",
                {"symbol": "BTCUSDT", "autoMargin": "on", "marginCoin": "USDT", "holdSide": "short"},
            )
        ],
    ),
    (
        "account transfer usdt 100.5 --from spot --to usdt-futures",
        {},
        [
            (
                "spot/wallet/transfer",
                {
                    "fromType": "spot",
                    "toType": "usdt_futures",
                    "amount": "100.5",
                    "coin": "USDT",
                    "clientOid": OID,
                },
            )
        ],
    ),
    (
        "account transfer USDT 1 --from isolated-margin --to p2p --symbol BTC/USDT",
        {},
        [
            (
                "spot/wallet/transfer",
                {
                    "fromType": "isolated_margin",
                    "toType": "p2p",
                    "amount": "1",
                    "coin": "USDT",
                    "symbol": "BTCUSDT",
                    "clientOid": OID,
                },
            )
        ],
    ),
]

PLACED_PLANS: list[Row] = [
    ("plan buy BTCUSDT 0.01 --trigger 58000", {}, [("mix/order/place-plan-order", {**WAITING, "side": "buy"})]),
    (
        "plan buy BTCUSDT 0.01 --trigger 58000",
        {"account": HEDGE},
        [("mix/order/place-plan-order", {**WAITING, "side": "buy", "tradeSide": "open"})],
    ),
    (
        "plan sell BTCUSDT 0.01 --trigger 58000 --close",
        {},
        [("mix/order/place-plan-order", {**WAITING, "side": "sell", "reduceOnly": "yes"})],
    ),
    (
        "plan sell BTCUSDT 0.01 --trigger 58000 --reduce-only --price 57990 --trigger-by last",
        {"account": HEDGE},
        [
            (
                "mix/order/place-plan-order",
                {
                    **WAITING,
                    "side": "buy",
                    "tradeSide": "close",
                    "orderType": "limit",
                    "price": "57990",
                    "triggerType": "fill_price",
                },
            )
        ],
    ),
    (
        "plan buy BTCUSDT 0.01 --trigger 58000 --tp 65000 --sl 55000 --margin-mode isolated --client-oid x",
        {},
        [
            (
                "mix/order/place-plan-order",
                {
                    **WAITING,
                    "side": "buy",
                    "marginMode": "isolated",
                    "stopSurplusTriggerPrice": "65000",
                    "stopSurplusTriggerType": "mark_price",
                    "stopLossTriggerPrice": "55000",
                    "stopLossTriggerType": "mark_price",
                    "clientOid": "x",
                },
            )
        ],
    ),
    (
        "plan buy BTCUSDT 0.01 --trigger 58000 --callback 2.5 --sl 1.75",
        {},
        [
            (
                "mix/order/place-plan-order",
                {
                    **WAITING,
                    "planType": "track_plan",
                    "side": "buy",
                    "callbackRatio": "2.5",
                    "stopLossTriggerPrice": "1.75",
                    "stopLossTriggerType": "fill_price",
                },
            )
        ],
    ),
    (
        "plan buy BTCUSDT --quote 100 --trigger 50000",
        {},
        [("mix/order/place-plan-order", {**WAITING, "side": "buy", "size": "0.0020", "triggerPrice": "50000"})],
    ),
    (
        "plan buy BTC/USDT --quote 100 --trigger 58000",
        {},
        [
            (
                "spot/trade/place-plan-order",
                {
                    "symbol": "BTCUSDT",
                    "side": "buy",
                    "triggerPrice": "58000",
                    **MARK,
                    "orderType": "market",
                    "planType": "total",
                    "size": "100",
                    "clientOid": OID,
                },
            )
        ],
    ),
    (
        "plan sell BTC/USDT 0.01 --trigger 58000 --price 57990",
        {},
        [
            (
                "spot/trade/place-plan-order",
                {
                    "symbol": "BTCUSDT",
                    "side": "sell",
                    "triggerPrice": "58000",
                    **MARK,
                    "orderType": "limit",
                    "executePrice": "57990",
                    "planType": "amount",
                    "size": "0.01",
                    "clientOid": OID,
                },
            )
        ],
    ),
]

EXITS: list[Row] = [
    (
        "plan tpsl BTCUSDT --tp 70000 --sl 55000",
        {"positions": [LONG]},
        [
            (
                "mix/order/place-pos-tpsl",
                {
                    **MARGIN,
                    "holdSide": "buy",
                    "stopSurplusTriggerPrice": "70000",
                    "stopSurplusTriggerType": "mark_price",
                    "stopLossTriggerPrice": "55000",
                    "stopLossTriggerType": "mark_price",
                    "stopSurplusClientOid": OID,
                    "stopLossClientOid": OID,
                },
            )
        ],
    ),
    (
        "plan tpsl BTCUSDT --sl 65000",
        {"positions": [SHORT]},
        [
            (
                "mix/order/place-tpsl-order",
                {**EXIT_OF, "holdSide": "sell", "planType": "pos_loss", "triggerPrice": "65000", **MARK},
            )
        ],
    ),
    (
        "plan tpsl BTCUSDT --tp 70000 --side long",
        {"positions": HEDGED},
        [
            (
                "mix/order/place-tpsl-order",
                {**EXIT_OF, "holdSide": "long", "planType": "pos_profit", "triggerPrice": "70000", **MARK},
            )
        ],
    ),
    (
        "plan tpsl BTCUSDT --tp 70000 --sl 55000 --size 0.2",
        {"positions": [LONG]},
        [
            (
                "mix/order/place-tpsl-order",
                {**EXIT_OF, "holdSide": "buy", "planType": "profit_plan", "triggerPrice": "70000", **MARK}
                | {"size": "0.2"},
            ),
            (
                "mix/order/place-tpsl-order",
                {**EXIT_OF, "holdSide": "buy", "planType": "loss_plan", "triggerPrice": "55000", **MARK}
                | {"size": "0.2"},
            ),
        ],
    ),
    (
        "plan tpsl BTCUSDT --trailing 3",
        {"positions": [LONG]},
        [
            (
                "mix/order/place-tpsl-order",
                {
                    **EXIT_OF,
                    "holdSide": "buy",
                    "planType": "moving_plan",
                    "triggerPrice": "60000",
                    "triggerType": "fill_price",
                    "rangeRate": "3",
                    "size": "0.5",
                },
            )
        ],
    ),
    (
        "plan tpsl BTCUSDT --trailing 3 --trigger 61000 --size 0.2 --side short",
        {"positions": HEDGED},
        [
            (
                "mix/order/place-tpsl-order",
                {
                    **EXIT_OF,
                    "holdSide": "short",
                    "planType": "moving_plan",
                    "triggerPrice": "61000",
                    "triggerType": "fill_price",
                    "rangeRate": "3",
                    "size": "0.2",
                },
            )
        ],
    ),
]

CHANGED_PLANS: list[Row] = [
    (
        "plan modify 3001 --trigger 57000 --size 0.03",
        {"plans": PLANS},
        [
            (
                "mix/order/modify-plan-order",
                {**LINE, "orderId": "3001", "newTriggerPrice": "57000", "newTriggerType": "mark_price"}
                | {"newSize": "0.03"},
            )
        ],
    ),
    (
        "plan modify mine-4 --trigger 57000",
        {"plans": PLANS},
        [
            (
                "mix/order/modify-plan-order",
                {**LINE, "orderId": "3002", "newTriggerPrice": "57000", "newTriggerType": "mark_price"}
                | {"newCallbackRatio": "2"},
            )
        ],
    ),
    (
        "plan modify 3003 --trigger 71000",
        {"plans": PLANS},
        [
            (
                "mix/order/modify-tpsl-order",
                {**MARGIN, "orderId": "3003", "triggerPrice": "71000", **MARK, "size": ""},
            )
        ],
    ),
    (
        "plan modify 3004 --size 0.01",
        {"plans": PLANS},
        [
            (
                "mix/order/modify-tpsl-order",
                {**MARGIN, "orderId": "3004", "triggerPrice": "58000", **MARK, "size": "0.01"},
            )
        ],
    ),
    (
        "plan modify 4001 --price 58100",
        {"spot_plans": [SPOT_PLAN]},
        [
            (
                "spot/trade/modify-plan-order",
                {
                    "orderId": "4001",
                    "triggerPrice": "58500",
                    "orderType": "limit",
                    "executePrice": "58100",
                    "size": "0.02",
                },
            )
        ],
    ),
    (
        "plan cancel 3001 mine-6",
        {"plans": PLANS},
        [
            ("mix/order/cancel-plan-order", {**BTC, "planType": "normal_plan", "orderIdList": [{"orderId": "3001"}]}),
            ("mix/order/cancel-plan-order", {**BTC, "planType": "loss_plan", "orderIdList": [{"orderId": "3004"}]}),
        ],
    ),
    ("plan cancel 1001", {"orders": [ORDER]}, [("mix/order/cancel-order", {**BTC, "orderId": "1001"})]),
    (
        "plan cancel-all BTCUSDT",
        {"plans": PLANS},
        [
            ("mix/order/cancel-plan-order", {**BTC, "planType": kind})
            for kind in ("normal_plan", "track_plan", "pos_profit", "loss_plan")
        ],
    ),
    ("plan cancel-all", {"plans": [EXIT]}, [("mix/order/cancel-plan-order", {**LINE, "planType": "pos_profit"})]),
    (
        "plan cancel-all --product spot",
        {"spot_plans": [SPOT_PLAN]},
        [("spot/trade/batch-cancel-plan-order", {"symbolList": ["BTCUSDT"]})],
    ),
    ("plan cancel-all BTC/USDT", {}, []),
]

ROWS = [*ORDERS, *POSITIONS, *SETTINGS, *PLACED_PLANS, *EXITS, *CHANGED_PLANS]


@pytest.mark.parametrize(("typed", "state", "changes"), ROWS, ids=[typed for typed, _, _ in ROWS])
def test_a_command_sends_exactly_its_changes(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], changes: list[tuple[str, Any]]
) -> None:
    desk = open_desk(exchange, **state)
    for path, body in changes:
        desk.due(path, body)
    ran = bitget(typed, env=DEMO)
    assert ran.status == 0, ran.err
    assert [path_of(request) for request in exchange.get_requests(method="POST")] == [path for path, _ in changes]
    assert ran.out


@pytest.mark.parametrize(("typed", "state", "changes"), ROWS, ids=[typed for typed, _, _ in ROWS])
def test_a_dry_run_changes_nothing(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], changes: list[tuple[str, Any]]
) -> None:
    open_desk(exchange, **state)
    ran = bitget(f"{typed} --dry-run -o ndjson", env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (0, []), ran.err
    for path, _ in changes:
        assert path in ran.out


def test_one_waiting_order_is_cancelled_and_named(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, plans=PLANS).due("mix/order/cancel-plan-order")
    answer = bitget("plan cancel 3001 --json", env=DEMO).json
    assert (answer["outcome"], answer["orderId"]) == ("cancelled", "3001")


def test_what_is_cancelled_is_listed_in_its_true_direction(bitget: Bitget, exchange: HTTPXMock) -> None:
    closing = {"side": "buy", "tradeSide": "close"}
    state: dict[str, Any] = {"orders": [{**ORDER, **closing}], "plans": [{**EXIT, **closing}]}
    open_desk(exchange, **state)
    assert " sell " in bitget("order cancel-all --dry-run", env=DEMO).err
    assert " pos_profit sell all " in bitget("plan cancel-all --dry-run", env=DEMO).err


def test_what_is_no_order_in_a_list_of_them_keeps_nobody_from_getting_out(bitget: Bitget, exchange: HTTPXMock) -> None:
    told = {"entrustedList": ["no order", ORDER], "endId": None}
    desk = open_desk(exchange, answers={"mix/order/orders-pending": told})
    desk.due("mix/order/batch-cancel-orders", BTC)
    # Such a list proves nothing of what is left.
    assert bitget("order cancel-all BTCUSDT", env=DEMO).status == 7
