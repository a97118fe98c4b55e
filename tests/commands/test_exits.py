"""Take-profits and stop-losses: attached to orders, put on positions and coins, in parts, and given other prices."""

from __future__ import annotations

from typing import Any

import pytest
from desk import DEMO, EXIT, LIVE, OID, PART_EXIT, PLAN, POSITION, TRAIL, open_desk
from doubles import Bitget
from pytest_httpx import HTTPXMock
from unified_desk import EXIT as V3_EXIT
from unified_desk import POSITION as V3_POSITION
from unified_desk import SHORT as V3_SHORT
from unified_desk import TRIGGER as V3_TRIGGER
from unified_desk import UnifiedDesk

MARKET = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginCoin": "USDT"}
ORDER = {**MARKET, "marginMode": "crossed", "size": "0.01", "orderType": "market", "clientOid": OID}
PLACE, PLAN_ORDER = "mix/order/place-order", "mix/order/place-plan-order"
TPSL, BOTH = "mix/order/place-tpsl-order", "mix/order/place-pos-tpsl"
MODIFY_EXIT, MODIFY_PLAN, CANCEL = (
    "mix/order/modify-tpsl-order",
    "mix/order/modify-plan-order",
    "mix/order/cancel-plan-order",
)
SPOT_PLACE = "spot/trade/place-order"
SPOT = {"symbol": "BTCUSDT", "side": "sell", "force": "gtc", "tpslType": "tpsl", "clientOid": OID}
HEDGE = {"posMode": "hedge_mode"}
LONG, SHORT = {**POSITION, **HEDGE}, {**POSITION, **HEDGE, "holdSide": "short"}
PENDING_LOSS = {**EXIT, "planType": "pos_loss", "orderId": "3005", "clientOid": "mine-8", "triggerPrice": "50000"}
Sent = list[tuple[str, dict[str, Any]]]


def leg(kind: str, price: str, *, by: str = "mark_price", hold: str = "buy", **more: Any) -> dict[str, Any]:
    words = {"planType": kind, "triggerPrice": price, "triggerType": by, "holdSide": hold, "clientOid": OID}
    return {**MARKET, **words, **more}


# What is typed, what stands, and all that is sent.
ON_CLASSIC: dict[str, tuple[str, dict[str, Any], Sent]] = {
    "attached limits": (
        "order buy BTCUSDT 0.01 --tp 70000 --tp-limit 69990 --sl 50000 --sl-limit 49990",
        {},
        [
            (
                PLACE,
                {
                    **ORDER,
                    "side": "buy",
                    "presetStopSurplusPrice": "70000",
                    "presetStopSurplusExecutePrice": "69990",
                    "presetStopLossPrice": "50000",
                    "presetStopLossExecutePrice": "49990",
                },
            )
        ],
    ),
    "attached limits in spot": (
        "order buy BTC/USDT --quote 100 --sl 50000 --sl-limit 49990",
        {},
        [
            (
                SPOT_PLACE,
                {
                    "symbol": "BTCUSDT",
                    "side": "buy",
                    "orderType": "market",
                    "force": "gtc",
                    "size": "100",
                    "presetStopLossPrice": "50000",
                    "executeStopLossPrice": "49990",
                    "clientOid": OID,
                },
            )
        ],
    ),
    "attached to a trigger order": (
        "plan sell BTCUSDT 0.01 --trigger 58000 --trigger-by last --tp 50000 --tp-limit 50010",
        {},
        [
            (
                PLAN_ORDER,
                {
                    **ORDER,
                    "planType": "normal_plan",
                    "side": "sell",
                    "triggerPrice": "58000",
                    "triggerType": "fill_price",
                    "stopSurplusTriggerPrice": "50000",
                    "stopSurplusTriggerType": "fill_price",
                    "stopSurplusExecutePrice": "50010",
                },
            )
        ],
    ),
    "the whole position, both": (
        "plan tpsl BTCUSDT --tp 70000 --tp-limit 69990 --sl 50000 --trigger-by last --client-oid mine",
        {"positions": [POSITION]},
        [
            (
                BOTH,
                {
                    **MARKET,
                    "holdSide": "buy",
                    "stopSurplusTriggerPrice": "70000",
                    "stopSurplusTriggerType": "fill_price",
                    "stopSurplusExecutePrice": "69990",
                    "stopLossTriggerPrice": "50000",
                    "stopLossTriggerType": "fill_price",
                    "stopSurplusClientOid": "mine-tp",
                    "stopLossClientOid": "mine-sl",
                },
            )
        ],
    ),
    "one leg of it": (
        "plan tpsl BTCUSDT --sl 50000 --sl-limit 49990 --client-oid mine",
        {"positions": [POSITION]},
        [(TPSL, leg("pos_loss", "50000", executePrice="49990", clientOid="mine"))],
    ),
    "a part, both": (
        "plan tpsl BTCUSDT --tp 50000 --sl 70000 --size 0.1 --side short --client-oid mine",
        {"positions": [LONG, SHORT]},
        [
            (TPSL, leg("profit_plan", "50000", hold="short", size="0.1", clientOid="mine-tp")),
            (TPSL, leg("loss_plan", "70000", hold="short", size="0.1", clientOid="mine-sl")),
        ],
    ),
    "shares": (
        "plan tpsl BTCUSDT --tp 70000:33% --tp 71000:33 --tp 72000:34% --sl 50000 --client-oid mine",
        {"positions": [POSITION]},
        [
            (TPSL, leg("pos_loss", "50000", clientOid="mine-sl")),
            (TPSL, leg("profit_plan", "70000", size="0.1650", clientOid="mine-tp1")),
            (TPSL, leg("profit_plan", "71000", size="0.1650", clientOid="mine-tp2")),
            (TPSL, leg("profit_plan", "72000", size="0.1700", clientOid="mine-tp3")),
        ],
    ),
    "the last share is the rest": (
        "plan tpsl BTCUSDT --tp 70000:33.333% --tp 71000:66.667",
        {"positions": [POSITION]},
        [
            (TPSL, leg("profit_plan", "70000", size="0.1666")),
            (TPSL, leg("profit_plan", "71000", size="0.3334")),
        ],
    ),
    "shares of a part, beside what stands": (
        "plan tpsl BTCUSDT --tp 70000:50% --tp-limit 69990 --client-oid mine",
        {"positions": [POSITION], "plans": [PART_EXIT]},
        [(TPSL, leg("profit_plan", "70000", size="0.2500", executePrice="69990", clientOid="mine"))],
    ),
    "shares in place of the whole": (
        "plan tpsl BTCUSDT --tp 70000:50% --tp 71000:50% --sl 51000 --sl-limit 50990 --side long",
        {
            "positions": [LONG, SHORT],
            "plans": [
                {**EXIT, **HEDGE, "side": "buy", "tradeSide": "close"},
                {**PENDING_LOSS, **HEDGE, "side": "buy", "tradeSide": "close"},
                # Of the short.
                {**EXIT, **HEDGE, "side": "sell", "tradeSide": "close", "orderId": "3009"},
            ],
        },
        [
            (
                MODIFY_EXIT,
                {
                    **MARKET,
                    "orderId": "3005",
                    "triggerPrice": "51000",
                    "triggerType": "mark_price",
                    "executePrice": "50990",
                    "size": "",
                },
            ),
            (TPSL, leg("profit_plan", "70000", hold="long", size="0.2500")),
            (TPSL, leg("profit_plan", "71000", hold="long", size="0.2500")),
            (
                CANCEL,
                {
                    "symbol": "BTCUSDT",
                    "productType": "USDT-FUTURES",
                    "planType": "pos_profit",
                    "orderIdList": [{"orderId": "3003"}],
                },
            ),
        ],
    ),
    "coins": (
        "plan tpsl BTC/USDT --tp 70000 --tp-limit 69990 --sl 50000 --size 0.1",
        {},
        [
            (SPOT_PLACE, {**SPOT, "orderType": "limit", "price": "69990", "size": "0.1", "triggerPrice": "70000"}),
            (SPOT_PLACE, {**SPOT, "orderType": "market", "size": "0.1", "triggerPrice": "50000"}),
        ],
    ),
    "all coins that are free": (
        "plan tpsl BTC/USDT --sl 50000",
        {"coins": {"BTC": "0.1234567"}},
        [(SPOT_PLACE, {**SPOT, "orderType": "market", "size": "0.123456", "triggerPrice": "50000"})],
    ),
    "another price of an exit": (
        "plan modify 3003 --tp 71000",
        {"plans": [EXIT]},
        [
            (
                MODIFY_EXIT,
                {**MARKET, "orderId": "3003", "triggerPrice": "71000", "triggerType": "mark_price", "size": ""},
            )
        ],
    ),
    "other prices of attached exits": (
        "plan modify 3001 --tp 70000 --sl 57000",
        {"plans": [{**PLAN, "stopLossTriggerPrice": "56000", "stopLossExecutePrice": "55990"}]},
        [
            (
                MODIFY_PLAN,
                {
                    "productType": "USDT-FUTURES",
                    "orderId": "3001",
                    "newStopSurplusTriggerPrice": "70000",
                    "newStopSurplusTriggerType": "mark_price",
                    "newStopLossTriggerPrice": "57000",
                    "newStopLossTriggerType": "mark_price",
                    "newStopLossExecutePrice": "55990",
                },
            )
        ],
    ),
    "an attached exit taken away": (
        "plan modify 3001 --sl 0",
        {"plans": [PLAN]},
        [(MODIFY_PLAN, {"productType": "USDT-FUTURES", "orderId": "3001", "newStopLossTriggerPrice": "0"})],
    ),
    "percentages of a trailing order": (
        "plan modify 3002 --tp 1.23",
        {"plans": [TRAIL]},
        [
            (
                MODIFY_PLAN,
                {
                    "productType": "USDT-FUTURES",
                    "orderId": "3002",
                    "newCallbackRatio": "2",
                    "newStopSurplusTriggerPrice": "1.23",
                },
            )
        ],
    ),
}

V3 = {"category": "USDT-FUTURES", "symbol": "BTCUSDT"}
STRATEGY, MODIFY = "trade/place-strategy-order", "trade/modify-strategy-order"
BY_MARK = {"tpTriggerBy": "mark", "tpOrderType": "market"}
LOSS_BY_MARK = {"slTriggerBy": "mark", "slOrderType": "market"}


def tpsl(size: str | None, oid: Any = OID, *, side: str = "long", **legs: Any) -> dict[str, Any]:
    part = {"tpslMode": "full"} if size is None else {"tpslMode": "partial", "qty": size}
    return {**V3, "type": "tpsl", **part, "posSide": side, "clientOid": oid, **legs}


ONLY_LOSS = {**V3_EXIT, "takeProfit": "", "stopLoss": "50000"}
TWO_LEGS = {**V3_EXIT, "stopLoss": "50000", "slTriggerBy": "market", "slOrderType": "limit", "slLimitPrice": "49990"}

ON_UNIFIED: dict[str, tuple[str, dict[str, Any], Sent]] = {
    "attached, with all words": (
        "order buy BTCUSDT 0.01 --tp 70000 --tp-limit 69990 --sl 50000 --trigger-by mark",
        {},
        [
            (
                "trade/place-order",
                {
                    **V3,
                    "side": "buy",
                    "orderType": "market",
                    "qty": "0.01",
                    "takeProfit": "70000",
                    "tpTriggerBy": "mark",
                    "tpOrderType": "limit",
                    "tpLimitPrice": "69990",
                    "stopLoss": "50000",
                    "slTriggerBy": "mark",
                    "marginMode": "crossed",
                    "clientOid": OID,
                },
            )
        ],
    ),
    "the whole position, both": (
        "plan tpsl BTCUSDT --tp 70000 --sl 50000 --sl-limit 49990 --trigger-by last --client-oid mine",
        {},
        [
            (
                STRATEGY,
                tpsl(
                    None,
                    "mine",
                    takeProfit="70000",
                    tpTriggerBy="market",
                    tpOrderType="market",
                    stopLoss="50000",
                    slTriggerBy="market",
                    slOrderType="limit",
                    slLimitPrice="49990",
                ),
            )
        ],
    ),
    "shares, and a stop for all": (
        "plan tpsl BTCUSDT --tp 70000:50% --tp 71000:50% --sl 50000 --client-oid mine",
        {},
        [
            (STRATEGY, tpsl(None, "mine-sl", stopLoss="50000", **LOSS_BY_MARK)),
            (STRATEGY, tpsl("0.2500", "mine-tp1", takeProfit="70000", **BY_MARK)),
            (STRATEGY, tpsl("0.2500", "mine-tp2", takeProfit="71000", **BY_MARK)),
        ],
    ),
    "shares of a short": (
        "plan tpsl BTCUSDT --tp 50000:25% --side short",
        {"hedge": True, "positions": [V3_POSITION, V3_SHORT], "plans": [V3_EXIT]},
        [(STRATEGY, tpsl("0.1250", side="short", takeProfit="50000", **BY_MARK))],
    ),
    "in place of a take-profit of the whole": (
        "plan tpsl BTCUSDT --tp 71000:50% --sl 50000",
        {"plans": [V3_EXIT]},
        [
            (STRATEGY, tpsl("0.2500", takeProfit="71000", **BY_MARK)),
            ("trade/cancel-strategy-order", {"orderId": "3003"}),
            (STRATEGY, tpsl(None, stopLoss="50000", **LOSS_BY_MARK)),
        ],
    ),
    "beside a stop of the whole, which moves": (
        "plan tpsl BTCUSDT --tp 71000:50% --sl 51000",
        {"plans": [ONLY_LOSS]},
        [
            (MODIFY, {"orderId": "3003", "qty": "0.5", "stopLoss": "51000", **LOSS_BY_MARK}),
            (STRATEGY, tpsl("0.2500", takeProfit="71000", **BY_MARK)),
        ],
    ),
    "beside a stop of the whole, which stays": (
        "plan tpsl BTCUSDT --tp 71000:50%",
        {"plans": [ONLY_LOSS]},
        [(STRATEGY, tpsl("0.2500", takeProfit="71000", **BY_MARK))],
    ),
    # One order is both, and its stop is kept until there are others.
    "in place of both of the whole": (
        "plan tpsl BTCUSDT --tp 71000:50% --tp 72000:20%",
        {"plans": [TWO_LEGS]},
        [
            (STRATEGY, tpsl("0.1500", stopLoss="50000", **LOSS_BY_MARK)),
            (STRATEGY, tpsl("0.2500", takeProfit="71000", stopLoss="50000", **BY_MARK, **LOSS_BY_MARK)),
            (STRATEGY, tpsl("0.1000", takeProfit="72000", stopLoss="50000", **BY_MARK, **LOSS_BY_MARK)),
            ("trade/cancel-strategy-order", {"orderId": "3003"}),
        ],
    ),
    "coins": (
        "plan tpsl BTC/USDT --tp 70000 --sl 50000 --sl-limit 49990 --size 0.1",
        {},
        [
            (
                STRATEGY,
                {
                    **V3,
                    "category": "SPOT",
                    "type": "tpsl",
                    "tpslMode": "partial",
                    "qty": "0.1",
                    "side": "sell",
                    "takeProfit": "70000",
                    "tpOrderType": "market",
                    "stopLoss": "50000",
                    "slOrderType": "limit",
                    "slLimitPrice": "49990",
                    "clientOid": OID,
                },
            )
        ],
    ),
    "another price of one leg of two": (
        "plan modify 3003 --sl 51000",
        {"plans": [TWO_LEGS]},
        [
            (
                MODIFY,
                {
                    "orderId": "3003",
                    "qty": "0.5",
                    "takeProfit": "70000",
                    **BY_MARK,
                    "stopLoss": "51000",
                    "slTriggerBy": "market",
                    "slOrderType": "limit",
                    "slLimitPrice": "49990",
                },
            )
        ],
    ),
    "another price of the only leg": (
        "plan modify 3003 --tp 71000",
        {"plans": [V3_EXIT]},
        [(MODIFY, {"orderId": "3003", "qty": "0.5", "takeProfit": "71000", **BY_MARK})],
    ),
}


@pytest.mark.parametrize(("typed", "state", "sent"), ON_CLASSIC.values(), ids=ON_CLASSIC)
def test_a_classic_account_is_sent_this(
    typed: str, state: dict[str, Any], sent: Sent, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = open_desk(exchange, **state)
    for path, body in sent:
        desk.due(path, body)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert desk.changes == sent


@pytest.mark.parametrize(("typed", "state", "sent"), ON_UNIFIED.values(), ids=ON_UNIFIED)
def test_a_unified_account_is_sent_this(
    typed: str, state: dict[str, Any], sent: Sent, bitget: Bitget, exchange: HTTPXMock
) -> None:
    bitget.kind_is_asked = True
    desk = UnifiedDesk(exchange, **{"positions": [V3_POSITION], **state})
    for path, body in sent:
        desk.due(path, body)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert desk.changes == [(f"/api/v3/{path}", body) for path, body in sent]


def test_orders_of_a_file_have_these_words_too(bitget: Bitget, exchange: HTTPXMock) -> None:
    """One with a limit goes by itself, since a batch has no word for it."""
    file = "symbol,side,size,tp,tp_limit\nBTCUSDT,buy,0.01,,\nBTCUSDT,buy,0.02,70000,69990\nBTCUSDT,buy,0.03,70000,\n"
    desk = open_desk(exchange)
    for path in ("mix/order/batch-place-order", PLACE, "mix/order/batch-place-order"):
        desk.due(path)
    assert bitget("order batch - --json", env=DEMO, typed=file).status == 0
    assert desk.changes[1][1]["presetStopSurplusExecutePrice"] == "69990"
    assert [item["size"] for _, body in desk.changes for item in body.get("orderList", [body])] == [
        *("0.01", "0.02", "0.03"),
    ]
    ran = bitget("order batch -", env=DEMO, typed="symbol,side,size,sl,trigger_by\nBTCUSDT,buy,0.01,50000,both\n")
    assert (ran.status, "line 2: trigger_by 'both' is not one of mark, last" in ran.err) == (2, True)


def test_the_question_tells_what_stands_and_what_comes(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, positions=[POSITION], plans=[EXIT, PART_EXIT])
    ran = bitget("plan tpsl BTCUSDT --tp 70000:40% --tag out", env=LIVE, terminal=True, typed="n\n")
    assert (ran.status, desk.changes) == (10, [])
    for told in (
        "long 0.5 BTCUSDT, unrealized 12.5: 2 exits waiting",
        "  3003 take-profit 58000 for all",
        "  3004 stop-loss 58000 for 0.02",
        "take-profit at 70000",
    ):
        assert told.replace("take-profit at", "take profit at") in ran.err
    assert "for 0.2000 of the long BTCUSDT (tag out); cancel plan order 3003 of BTCUSDT" in ran.err


def test_what_stands_is_kept_where_its_successor_was_refused(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, positions=[POSITION], plans=[EXIT])
    desk.due(TPSL)
    exchange.add_response(
        method="POST", json={"code": "43023", "msg": "Insufficient position", "data": None}, status_code=400
    )
    ran = bitget("plan tpsl BTCUSDT --tp 70000:50% --tp 71000:50%", env=DEMO)
    assert (ran.status, len(exchange.get_requests(method="POST"))) == (8, 2), ran.err
    assert "not sent, since what goes before it did not end well: cancel plan order 3003" in ran.err
    states = [row["state"] for row in bitget("order log --json", env=DEMO).json]
    assert states == ["rejected", "placed"]


def test_parts_that_come_to_more_than_a_unified_position_are_refused_here(bitget: Bitget, exchange: HTTPXMock) -> None:
    bitget.kind_is_asked = True
    desk = UnifiedDesk(exchange, positions=[V3_POSITION], plans=[{**V3_EXIT, "tpslMode": "partial", "qty": "0.3"}])
    ran = bitget("plan tpsl BTCUSDT --tp 71000:50%", env=DEMO)
    assert (ran.status, desk.changes) == (2, [])
    assert "exits of parts would come to 0.5500 with those that stand, and the position is 0.5" in ran.err


MISTAKES = {
    "plan tpsl BTCUSDT --tp 70000:50% --tp 71000": "each of several --tp says how much leaves there",
    "plan tpsl BTCUSDT --tp 70000 --tp 71000": "each of several --tp says how much leaves there",
    "plan tpsl BTCUSDT --tp 70000:60% --tp 71000:60%": "the shares of --tp are 120 % together, and there are 100",
    "plan tpsl BTCUSDT --tp 70000:0%": "a share of 0 % is not above 0 and at most 100",
    "plan tpsl BTCUSDT --tp 70000:half": "the share of --tp 70000:half",
    "plan tpsl BTCUSDT --tp :50": "--tp",
    "plan tpsl BTCUSDT --tp 70000:50% --size 0.1": "--size and the shares of --tp are two sizes; give one",
    "plan tpsl BTCUSDT --tp 70000:50% --tp 71000:50% --tp-limit 70000": "--tp-limit is of one --tp",
    "plan tpsl BTCUSDT --tp 70000:0.01%": "0.01 % of 0.5 BTC is 0.0000, below the minimum 0.0001 BTC",
    "plan tpsl BTCUSDT --tp 50000:50% --sl 40000": "take-profit 50000 is not above the mark price 60000",
    "plan tpsl BTCUSDT --sl 50000 --sl-limit 50010": "stop-loss limit 50010 is above its trigger 50000",
    "plan tpsl BTCUSDT --tp 70000 --tp-limit 7000": "take-profit limit 7000 is 90.0 % from its trigger 70000",
    "plan tpsl BTCUSDT --tp 70000.05": "--tp 70000.05 is not a multiple of the tick 0.1",
    "plan tpsl BTCUSDT --tp 70000 --tp-limit 70000.05": "--tp-limit 70000.05 is not a multiple of the tick",
    "plan tpsl BTCUSDT --sl 50000 --tp-limit 70000": "--tp-limit is what --tp trades at",
    "plan tpsl BTCUSDT --trailing 2 --trigger-by mark": "--trigger-by says which price sets --tp and --sl off",
    "plan tpsl BTCUSDT --tp 70000 --sl 50000 --client-oid abcdefghijklmnopqrstuvwxyz-12": "gets an ending for",
    "plan tpsl BTC/USDT --tp 70000:50%": "spot has no positions",
    "plan tpsl BTC/USDT --tp 70000 --size 7": "7 BTC is to be sold, and 5 BTC is free",
    "plan tpsl BTC/USDT --tp 50000": "take-profit 50000 is not above the last price 60000 of BTCUSDT",
    "order buy BTCUSDT 0.01 --sl-limit 50000": "--sl-limit is what --sl trades at",
    "order buy BTCUSDT 0.01 --trigger-by mark": "--trigger-by says which price sets --tp and --sl off",
    "order sell BTCUSDT 0.01 --sl 70000 --sl-limit 69990": "stop-loss limit 69990 is below its trigger 70000",
    "plan buy BTCUSDT 0.01 --trigger 58000 --callback 1 --tp 2 --tp-limit 3": "exits of a trailing order trade",
    "plan modify 3003 --sl 50000": "3003 is a take-profit, which has no --sl",
    "plan modify 3003 --tp 0": "order 3003 is the exit itself",
    "plan modify 3003 --tp 71000 --trigger 72000": "--tp and --trigger are two triggers of order 3003",
    "plan modify 3003 --tp 59000": "take-profit 59000 is not above the mark price 60000",
    "plan modify 3001 --sl 55000": "trades at 55990, which 55000 would leave behind",
    "plan modify 4001 --tp 70000": "a spot trigger order",
}


@pytest.mark.parametrize(("typed", "told"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_is_told_and_nothing_is_sent(typed: str, told: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    from desk import SPOT_PLAN

    attached = {**PLAN, "stopLossTriggerPrice": "56000", "stopLossExecutePrice": "55990"}
    desk = open_desk(
        exchange, positions=[POSITION], plans=[attached, EXIT], spot_plans=[SPOT_PLAN], terms={"priceEndStep": "1"}
    )
    ran = bitget(typed, env=DEMO)
    assert (ran.status, told in ran.err, desk.changes) == (2, True, []), ran.err


UNAVAILABLE = {
    "classic": {
        "order buy BTCUSDT 0.01 --tp 70000 --trigger-by mark": "a classic account does not take which price sets",
        "order buy BTC/USDT --quote 100 --tp 70000 --trigger-by last": "a classic account does not take which price",
        "plan tpsl BTC/USDT --trailing 2 --size 0.1": "a unified one does",
        "plan tpsl BTC/USDT --tp 70000 --trigger-by last": "by the last price on either kind of account",
    },
    "unified": {
        "order buy BTC/USDT --quote 100 --tp 70000 --trigger-by last": "in futures alone",
        "plan modify 3001 --tp 70000": "attaches no take-profit and no stop-loss to a waiting order",
        "plan tpsl BTC/USDT --tp 70000 --trigger-by last": "by the last price on either kind of account",
    },
}


@pytest.mark.parametrize(
    ("kind", "typed", "told"), [(kind, *row) for kind, rows in UNAVAILABLE.items() for row in rows.items()]
)
def test_what_an_account_has_not_ends_with_5(
    kind: str, typed: str, told: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    bitget.kind_is_asked = kind == "unified"
    desk = UnifiedDesk(exchange, plans=[V3_TRIGGER]) if bitget.kind_is_asked else open_desk(exchange)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, ran.failure["error"], desk.changes) == (5, "unavailable", []), ran.err
    assert told in ran.failure["message"]


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_coins_are_guarded_on_paper_and_the_guard_can_be_taken_away(kind: str, bitget: Bitget) -> None:
    assert bitget(f"paper reset --account {kind} --yes").status == 0
    assert bitget("-p paper order buy BTC/USDT --quote 2000").status == 0
    ran = bitget("-p paper plan tpsl BTC/USDT --tp 900000 --sl 20000 --size 0.01 --tag coins --json")
    assert ran.status == 0, ran.err
    assert "(an exit)" in bitget("-p paper order cancel --tag coins --dry-run").err or kind == "unified"
    ids = {row["orderId"] for row in bitget("-p paper order log --tag coins --json").json}
    assert bitget(f"-p paper order cancel {' '.join(ids)}").status == 0
    for name in ("order", "plan"):
        assert bitget(f"-p paper {name} list --product spot --json").json == []


@pytest.mark.parametrize("mode", ["one-way", "hedge"])
@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_a_position_is_left_in_parts_on_paper(kind: str, mode: str, bitget: Bitget) -> None:
    for line in (
        f"paper reset --account {kind} --yes",
        f"-p paper account position-mode {mode}",
        "-p paper order buy BTCUSDT 0.04",
        "-p paper plan tpsl BTCUSDT --tp 900000 --sl 20000",
        "-p paper plan tpsl BTCUSDT --tp 800000:25% --tp 850000:75% --sl 30000",
    ):
        assert bitget(line).status == 0, line
    waiting = bitget("-p paper plan list BTCUSDT --json").json
    goals = {(row["triggerPrice"], row["size"]) for row in waiting if "profit" in row["planType"]}
    assert goals == {("800000", "0.01"), ("850000", "0.03")}
    assert {row["triggerPrice"] for row in waiting if "loss" in row["planType"]} == {"30000"}


@pytest.mark.parametrize(
    "typed", ["plan modify s --price last-4%", "order modify s --price 60000", "plan modify s --trigger 60000"]
)
def test_an_exit_of_coins_is_not_made_a_plain_order(bitget: Bitget, typed: str) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    for line in ("order buy BTC/USDT --quote 500", "plan tpsl BTC/USDT --sl last-3% --client-oid s"):
        assert bitget(line).status == 0
    ran = bitget(f"{typed} --product spot --json")
    assert (ran.status, ran.failure["error"]) == (5, "unavailable"), ran.err
    assert "is an exit of coins" in ran.failure["message"]
    assert bitget("order show s --json").json["status"] == "live"


def test_what_is_for_money_gets_no_price(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    assert bitget("plan buy BTC/USDT --quote 100 --trigger last-1% --client-oid q").status == 0
    # A limit order's size is in coin: 100 USDT would be 100 BTC.
    ran = bitget("plan modify q --price last-1% --product spot --json")
    assert (ran.status, "is for money at market, which has no --price" in ran.failure["message"]) == (2, True)


@pytest.mark.parametrize("kind", ["classic", "unified"])
@pytest.mark.parametrize("side", ["long", "short"])
def test_a_multiple_goes_by_the_stop_that_waits(rich: Bitget, kind: str, side: str) -> None:
    reset = f"paper reset --yes --account {kind} --balance spot:USDT=50000 --balance usdt-futures:USDT=50000"
    opens, away = ("buy", "-") if side == "long" else ("sell", "+")
    for line in (reset, "paper clock --set 2026-03-01T12:00", f"order {opens} BTCUSDT 0.1"):
        assert rich(f"-p paper {line}").status == 0, line
    tpsl = "-p paper plan tpsl BTCUSDT"

    def refused(line: str) -> str:
        ran = rich(f"{tpsl} {line}")
        assert ran.status == 2, ran.out
        return ran.err

    assert f"of the {side} BTCUSDT there is none that waits" in refused("--tp 2R")
    assert rich(f"{tpsl} --sl entry{away}2%").status == 0
    made = rich(f"{tpsl} --tp 2R --size 0.03 --json").json
    stop = next(row for row in rich("-p paper plan list --json").json if "loss" in row["planType"])["triggerPrice"]
    assert f"to the stop {stop}, 2 times is" in made["working"][0]
    shares = rich(f"{tpsl} --tp 1R:20% --tp 3R:20%")
    assert (shares.status, shares.err.count(f"to the stop {stop}, ")) == (0, 2), shares.err
    assert rich(f"{tpsl} --sl entry{away}4% --size 0.02").status == 0
    assert "there are several, at " in refused("--tp 2R")
    assert rich("-p paper plan cancel-all BTCUSDT").status == 0
    assert rich(f"{tpsl} --sl entry{away}2%").status == 0
    for line in ("--tp 2R --sl entry", f"--tp 1R:50% --sl entry{'+' if side == 'long' else '-'}1%"):
        assert "is so many times what is lost at the stop, and nothing is at" in refused(line)
    whole = rich(f"{tpsl} --tp 2R --json")
    if kind == "unified":
        assert (whole.status, "give --tp a share (2R:100%)" in whole.failure["hint"]) == (5, True)
    assert whole.status == 0 or rich(f"{tpsl} --tp 2R:100%").status == 0


def test_the_exit_of_all_of_it_that_a_new_one_meets_is_named(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    assert bitget("order buy BTCUSDT 0.1 --sl -2%").status == 0
    (stands,) = bitget("plan list --json").json
    ran = bitget("plan tpsl BTCUSDT --sl -3%")
    told = f"a stop-loss at {stands['triggerPrice']} by the last price, and can have one: order {stands['orderId']}"
    assert (ran.status, f"note: the whole long has {told}" in ran.err) == (0, True), ran.err
    # Neither a part nor another leg meets it.
    for line in ("--sl -4% --size 0.02", "--tp +4%"):
        assert "and can have one" not in bitget(f"plan tpsl BTCUSDT {line}").err


def test_a_stop_that_is_divided_is_said_to_follow_the_position_no_more(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    assert bitget("paper reset --yes --account unified").status == 0
    assert bitget("order buy BTCUSDT 0.1 --sl -2% --tp 2R").status == 0
    ran = bitget("plan tpsl BTCUSDT --tp 3R:30%")
    sizes = {row["size"] for row in bitget("plan list --json").json}
    assert (ran.status, sizes) == (0, {"0.03", "0.07"})
    said = "the stop-loss of the whole position becomes one of each part, at "
    assert ran.err.count(said) == 1
    assert "by the mark price: what is added to the position later has none" in ran.err


def test_a_trailing_exit_that_waits_is_called_one_and_is_no_stop(rich: Bitget) -> None:
    reset = "paper reset --yes --account classic --balance usdt-futures:USDT=50000"
    for line in (reset, "order buy BTCUSDT 0.1", "plan tpsl BTCUSDT --trailing 1"):
        assert rich(f"-p paper {line}").status == 0, line
    assert "there is none that waits" in rich("-p paper plan tpsl BTCUSDT --tp 2R").err
    told = rich("-p paper plan tpsl BTCUSDT --tp entry+9%:50% --dry-run").err
    assert (" trailing exit " in told, " take-profit " in told) == (True, False), told


@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_the_help_says_which_price_sets_exits_off(rich: Bitget, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    assert rich(f"-p paper paper reset --yes --account {kind} --balance spot:USDT=50000").status == 0
    if kind == "classic":
        assert rich("-p paper account transfer USDT 50000 --from spot --to usdt-futures").status == 0
    doors = {
        "order buy BTCUSDT 0.1 --sl -2%": ("fill_price", "Stop the loss once the last price is P", "last without it"),
        "plan tpsl BTCUSDT --sl -3% --size 0.05": ("mark_price", "By the mark price", "mark without it"),
    }
    for line, (by, *told) in doors.items():
        assert rich(f"-p paper {line}").status == 0, line
        waiting = rich("-p paper plan list --json").json
        assert [row.get("stopLossTriggerType") or row["triggerType"] for row in waiting] == [by], waiting
        rich(f"{' '.join(line.split()[:2])} --help")
        text = " ".join(capsys.readouterr().out.split())
        assert [words for words in told if words not in text] == []
        assert rich("-p paper plan cancel-all").status == 0
