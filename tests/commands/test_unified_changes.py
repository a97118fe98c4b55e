"""Every changing command on a unified account: the one request it comes to, in one-way and in hedge mode."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from desk import DEMO, LIVE, OID
from doubles import Bitget, envelope
from pytest_httpx import HTTPXMock
from unified_desk import (
    EXIT,
    FUTURES,
    ORDER,
    POSITION,
    SHORT,
    SPOT,
    SPOT_ORDER,
    TRAILING,
    TRIGGER,
    UnifiedDesk,
)

from bitget_cli.values import milliseconds

PLACE, STRATEGY = "trade/place-order", "trade/place-strategy-order"
MARKET = {"orderType": "market", "qty": "0.01", "marginMode": "crossed", "clientOid": OID}
LIMIT = {**MARKET, "orderType": "limit", "price": "59000", "timeInForce": "gtc"}
ISOLATED = {"marginMode": "isolated"}
SPOT_MARKET = {**SPOT, "orderType": "market", "clientOid": OID}
TRIGGERED = {**FUTURES, "type": "trigger", "qty": "0.01", "triggerPrice": "58000", "triggerBy": "mark"}
AT_MARKET = {"triggerOrderType": "market"}
TRAIL = {"activationPrice": "58000", "activationType": "mark", "trailType": "ratio", "trailVariance": "2"}
TRAIL |= {"preOrderType": "market"}
TPSL = {**FUTURES, "type": "tpsl", "posSide": "long", "clientOid": OID}
TP = {"takeProfit": "70000", "tpTriggerBy": "mark", "tpOrderType": "market"}
SL = {"stopLoss": "50000", "slTriggerBy": "mark", "slOrderType": "market"}

Body = dict[str, Any]
Effect = Callable[[UnifiedDesk], Any]
# Command → what one-way mode sends, what hedge mode sends. Each change is a path and a body.
ORDERS: dict[str, tuple[Body, Body]] = {
    "order buy BTCUSDT 0.01": ({"side": "buy"}, {"side": "buy", "posSide": "long"}),
    "order sell BTCUSDT 0.01": ({"side": "sell"}, {"side": "sell", "posSide": "short"}),
    "order sell BTCUSDT 0.01 --close": ({"side": "sell", "reduceOnly": "yes"}, {"side": "sell", "posSide": "long"}),
    "order buy BTCUSDT 0.01 --reduce-only": ({"side": "buy", "reduceOnly": "yes"}, {"side": "buy", "posSide": "short"}),
    "order buy BTCUSDT 0.01 --margin-mode isolated": (
        {"side": "buy", **ISOLATED},
        {"side": "buy", "posSide": "long", **ISOLATED},
    ),
    "order buy BTCUSDT 0.01 --tp 70000 --sl 50000": (
        {"side": "buy", "takeProfit": "70000", "stopLoss": "50000"},
        {"side": "buy", "posSide": "long", "takeProfit": "70000", "stopLoss": "50000"},
    ),
    "order buy BTCUSDT 0.01 --price 59000": ({**LIMIT, "side": "buy"}, {**LIMIT, "side": "buy", "posSide": "long"}),
    "order sell BTCUSDT 0.01 --price 61000 --post-only --client-oid mine": (
        {**LIMIT, "side": "sell", "price": "61000", "timeInForce": "post_only", "clientOid": "mine"},
        {
            **LIMIT,
            "side": "sell",
            "price": "61000",
            "timeInForce": "post_only",
            "clientOid": "mine",
            "posSide": "short",
        },
    ),
    "position close BTCUSDT --side long --size 0.01": (
        {"side": "sell", "reduceOnly": "yes"},
        {"side": "sell", "posSide": "long"},
    ),
}
# The same in both modes, or of one only; `hedge` None is both.
Sent = list[tuple[str, Any]]
OTHERS: dict[str, tuple[bool | None, Sent]] = {
    "order buy BTC/USDT --quote 100": (None, [(PLACE, {**SPOT_MARKET, "side": "buy", "qty": "100"})]),
    "order sell BTC/USDT 0.01": (None, [(PLACE, {**SPOT_MARKET, "side": "sell", "qty": "0.01"})]),
    "order buy BTC/USDT 0.01 --price 59000 --tif ioc --tp 70000": (
        None,
        [
            (
                PLACE,
                {**SPOT, "side": "buy", "orderType": "limit", "qty": "0.01", "price": "59000", "timeInForce": "ioc"}
                | {"takeProfit": "70000", "clientOid": OID},
            )
        ],
    ),
    "order modify 1001 --price 58900": (
        None,
        [("trade/modify-order", {**FUTURES, "orderId": "1001", "price": "58900"})],
    ),
    "order modify mine-1 --size 0.03": (None, [("trade/modify-order", {**FUTURES, "orderId": "1001", "qty": "0.03"})]),
    "order modify 1001 --tp 71000": (
        None,
        [("trade/modify-order", {**FUTURES, "orderId": "1001", "takeProfit": "71000", "stopLoss": "50000"})],
    ),
    "order modify 1001 --sl 0": (
        None,
        [("trade/modify-order", {**FUTURES, "orderId": "1001", "takeProfit": "70000", "stopLoss": "0"})],
    ),
    "order modify 2001 --price 58900 --size 0.03": (
        None,
        [("trade/modify-order", {**SPOT, "orderId": "2001", "price": "58900", "qty": "0.03"})],
    ),
    "order cancel 1001": (None, [("trade/cancel-order", {**FUTURES, "orderId": "1001"})]),
    "order cancel other --symbol BTCUSDT": (None, [("trade/cancel-order", {**FUTURES, "clientOid": "other"})]),
    "order cancel 7 other --symbol BTCUSDT": (
        None,
        [("trade/cancel-batch", [{**FUTURES, "orderId": "7"}, {**FUTURES, "clientOid": "other"}])],
    ),
    "order cancel-all BTCUSDT": (None, [("trade/cancel-symbol-order", FUTURES)]),
    "order cancel-all": (None, [("trade/cancel-symbol-order", {"category": "USDT-FUTURES"})]),
    "order cancel-all BTC/USDT": (None, [("trade/cancel-symbol-order", SPOT)]),
    "position close BTCUSDT --side long": (False, [("trade/close-positions", FUTURES)]),
    "position close BTCUSDT  --side long": (True, [("trade/close-positions", {**FUTURES, "posSide": "long"})]),
    "position close-all": (None, [("trade/close-positions", {"category": "USDT-FUTURES"})]),
    "position reverse BTCUSDT --side long": (
        False,
        [
            ("trade/close-positions", FUTURES),
            (PLACE, {**FUTURES, **MARKET, "side": "sell", "qty": "0.5"}),
        ],
    ),
    "position reverse BTCUSDT  --side long": (
        True,
        [
            ("trade/close-positions", {**FUTURES, "posSide": "long"}),
            (PLACE, {**FUTURES, **MARKET, "side": "sell", "posSide": "short", "qty": "0.5"}),
        ],
    ),
    "account leverage BTCUSDT 7": (
        None,
        [("account/set-leverage", {**FUTURES, "leverage": "7", "marginMode": "crossed"})],
    ),
    "account margin-mode BTCUSDT isolated": (
        None,
        [("account/set-leverage", {**FUTURES, "leverage": "20", "marginMode": "isolated"})],
    ),
    "account position-mode hedge": (None, [("account/set-hold-mode", {"holdMode": "hedge_mode"})]),
    "account margin BTCUSDT --add 10 --side long": (
        None,
        [("account/set-margin", {**FUTURES, "posSide": "long", "operation": "add", "amount": "10"})],
    ),
    "account margin BTCUSDT --remove 5 --side long": (
        None,
        [("account/set-margin", {**FUTURES, "posSide": "long", "operation": "remove", "amount": "5"})],
    ),
    "account transfer USDT 10 --from usdt-futures --to spot": (None, []),
    "account transfer USDT 10 --from spot --to funding": (
        None,
        [
            (
                "account/transfer",
                {"fromType": "uta", "toType": "spot", "amount": "10", "coin": "USDT", "clientOid": OID},
            )
        ],
    ),
    "account transfer USDT 10 --from p2p --to usdt-futures": (
        None,
        [("account/transfer", {"fromType": "p2p", "toType": "uta", "amount": "10", "coin": "USDT", "clientOid": OID})],
    ),
    "plan buy BTCUSDT 0.01 --trigger 58000": (False, [(STRATEGY, {**TRIGGERED, **AT_MARKET, "side": "buy"})]),
    "plan buy BTCUSDT 0.01  --trigger 58000": (
        True,
        [(STRATEGY, {**TRIGGERED, **AT_MARKET, "side": "buy", "posSide": "long"})],
    ),
    "plan sell BTCUSDT 0.01 --trigger 58000 --close": (
        False,
        [(STRATEGY, {**TRIGGERED, **AT_MARKET, "side": "sell", "reduceOnly": "yes"})],
    ),
    "plan sell BTCUSDT 0.01  --trigger 58000 --close": (
        True,
        [(STRATEGY, {**TRIGGERED, **AT_MARKET, "side": "sell", "posSide": "long"})],
    ),
    "plan sell BTCUSDT 0.01 --trigger 58000 --price 57900 --trigger-by last": (
        False,
        [
            (
                STRATEGY,
                {**TRIGGERED, "triggerBy": "market", "side": "sell"}
                | {"triggerOrderType": "limit", "triggerOrderPrice": "57900"},
            )
        ],
    ),
    "plan sell BTCUSDT 0.01 --trigger 58000 --callback 2": (
        True,
        [
            (
                STRATEGY,
                {**FUTURES, "type": "trailing_stop", "qty": "0.01", "side": "sell", "posSide": "short"}
                | {"trailingStopParams": [TRAIL]},
            )
        ],
    ),
    "plan buy BTC/USDT 0.01 --trigger 58000 --price 58100": (
        None,
        [
            (
                STRATEGY,
                {**TRIGGERED, **SPOT, "side": "buy", "triggerOrderType": "limit", "triggerOrderPrice": "58100"},
            )
        ],
    ),
    "plan tpsl BTCUSDT --side long --tp 70000 --sl 50000": (
        None,
        [(STRATEGY, {**TPSL, "tpslMode": "full", **TP, **SL})],
    ),
    "plan tpsl BTCUSDT --side long --sl 50000 --size 0.1": (
        None,
        [(STRATEGY, {**TPSL, "tpslMode": "partial", "qty": "0.1", **SL})],
    ),
    "plan tpsl BTCUSDT --side long --trailing 2 --trigger 61000": (
        False,
        [
            (
                STRATEGY,
                {**FUTURES, "type": "trailing_stop", "qty": "0.5", "side": "sell", "reduceOnly": "yes"}
                | {"trailingStopParams": [{**TRAIL, "activationPrice": "61000", "activationType": "market"}]},
            )
        ],
    ),
    "plan modify 3001 --trigger 57000": (
        None,
        [
            (
                "trade/modify-strategy-order",
                {"orderId": "3001", "qty": "0.02", "triggerPrice": "57000", "triggerBy": "mark", **AT_MARKET},
            )
        ],
    ),
    "plan modify 3003 --trigger 71000": (
        None,
        [("trade/modify-strategy-order", {"orderId": "3003", "qty": "0.5", **TP, "takeProfit": "71000"})],
    ),
    "plan cancel 3001": (None, [("trade/cancel-strategy-order", {"orderId": "3001"})]),
    "plan cancel-all BTCUSDT": (
        None,
        [("trade/cancel-strategy-order", {"orderId": one}) for one in ("3001", "3002", "3003")],
    ),
}
ROWS: list[tuple[str, bool, Sent]] = [
    *(
        (typed, hedge, [(PLACE, {**FUTURES, **MARKET, **bodies[hedge]})])
        for typed, bodies in ORDERS.items()
        for hedge in (False, True)
    ),
    *((typed, mode, sent) for typed, (only, sent) in OTHERS.items() for mode in (False, True) if only in (None, mode)),
]


def opened(exchange: HTTPXMock, bitget: Bitget, **state: Any) -> UnifiedDesk:
    bitget.kind_is_asked = True
    there = {"orders": [ORDER, SPOT_ORDER], "plans": [TRIGGER, TRAILING, EXIT], "positions": [POSITION, SHORT]}
    return UnifiedDesk(exchange, **{**there, **state})


def margin_of(typed: str) -> dict[str, str]:
    """How a position has its margin: one that is to get some more has its own."""
    return {"marginMode": "isolated"} if typed.startswith("account margin ") else {}


@pytest.mark.parametrize(("typed", "hedge", "sent"), ROWS, ids=[f"{typed}, {hedge=}" for typed, hedge, _ in ROWS])
def test_a_command_sends_this_and_no_other_change(
    typed: str, hedge: bool, sent: Sent, bitget: Bitget, exchange: HTTPXMock
) -> None:
    held = [one | margin_of(typed) for one in (POSITION, SHORT)]
    desk = opened(exchange, bitget, hedge=hedge, positions=held if hedge else held[:1])
    for path, body in sent:
        desk.due(path, body)
    ran = bitget(f"{typed} --yes --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert desk.changes == [(f"/api/v3/{path}", body) for path, body in sent]


UNAVAILABLE = {
    "account auto-margin BTCUSDT on --side long": "draw margin",
    "account transfer USDT 10 --from spot --to crossed-margin": "no crossed-margin wallet",
    "convert quote USDT BTC --from-size 10": "no such call",
    "convert trade USDT BTC --from-size 10": "no such call",
    "order buy BTCUSD 1 --product coin-futures --margin-mode crossed": "Coin-M",
    "plan modify 3002 --callback 3": "changes no trailing order",
    "plan buy BTCUSDT 0.01 --trigger 58000 --tp 70000": "to a waiting order",
    "plan buy BTCUSDT 0.01 --trigger 58000 --margin-mode isolated": "margin mode",
    "plan buy BTC/USDT --quote 100 --trigger 58000": "in coin",
}


@pytest.mark.parametrize("typed", UNAVAILABLE)
def test_what_a_unified_account_has_not_ends_with_5_and_sends_nothing(
    typed: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert (ran.status, ran.failure["error"], desk.changes) == (5, "unavailable", []), ran.err
    assert UNAVAILABLE[typed] in ran.err


@pytest.mark.parametrize(
    "typed",
    [
        "order sell BTCUSDT 0.01 --close --tp 50000",
        "order sell BTC/USDT 0.01 --tp 50000",
        "plan modify 3003 --trigger 71000",
    ],
)
def test_what_contradicts_itself_is_refused_here(typed: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, plans=[{**EXIT, "stopLoss": "50000"}])
    ran = bitget(f"{typed} --yes --json", env=DEMO)
    assert (ran.status, desk.changes) == (2, []), ran.err


def test_a_margin_mode_that_nobody_tells_is_asked_for(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, margin_mode=None, positions=[])
    ran = bitget("order buy BTCUSDT 0.01 --yes --json", env=DEMO)
    assert (ran.status, desk.changes) == (2, [])
    assert "--margin-mode" in ran.failure["hint"]
    desk.due(PLACE, {**FUTURES, **MARKET, "side": "buy"})
    assert bitget("order buy BTCUSDT 0.01 --margin-mode crossed --yes --json", env=DEMO).status == 0


def test_the_live_position_says_the_margin_mode_before_the_settings_do(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, positions=[{**POSITION, **ISOLATED}])
    desk.due(PLACE, {**FUTURES, **MARKET, **ISOLATED, "side": "buy"})
    assert bitget("order buy BTCUSDT 0.01 --yes --json", env=DEMO).status == 0


def batch(bitget: Bitget, *lines: dict[str, str]) -> Any:
    typed = "\n".join(json.dumps({"symbol": "BTCUSDT", "side": "buy", "size": "0.01", **line}) for line in lines)
    return bitget("order batch - --yes --json", typed=typed, env=DEMO)


def test_a_batch_goes_alone_where_it_cannot_carry_what_is_wanted(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, positions=[POSITION])
    item = {**FUTURES, "side": "buy", "orderType": "market", "qty": "0.01", "clientOid": OID}
    desk.due("trade/place-batch", [item, {**item, "qty": "0.02"}])
    desk.due(PLACE, {**FUTURES, **MARKET, "side": "buy", "takeProfit": "70000"})
    desk.due(PLACE, {**FUTURES, **MARKET, "side": "sell", "reduceOnly": "yes"})
    desk.due(PLACE, {**FUTURES, **MARKET, "side": "buy", "qty": "0.03"})
    ran = batch(bitget, {}, {"size": "0.02"}, {"tp": "70000"}, {"side": "sell", "close": "yes"}, {"size": "0.03"})
    assert (ran.status, [row["outcome"] for row in ran.json]) == (0, ["placed"] * 5), ran.err
    for one in ran.json:
        assert bitget(["order", "log", "--fields", "clientOid"], env=DEMO).out.count(one["clientOid"]) == 1


def test_a_batch_in_isolated_margin_is_single_orders(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, margin_mode="isolated", positions=[])
    for _ in range(2):
        desk.due(PLACE, {**FUTURES, **MARKET, **ISOLATED, "side": "buy"})
    assert batch(bitget, {}, {}).status == 0


def test_in_hedge_mode_a_close_needs_no_word_that_a_batch_lacks(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, hedge=True)
    item = {**FUTURES, "side": "sell", "posSide": "long", "orderType": "market", "qty": "0.01", "clientOid": OID}
    desk.due("trade/place-batch", [item, item])
    assert batch(bitget, *[{"side": "sell", "close": "yes"}] * 2).status == 0


def test_a_reversal_does_not_open_what_it_could_not_close(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, positions=[POSITION])
    row = {"orderId": "1", "clientOid": "", "code": "25106", "msg": "no trading"}
    desk.answers["/api/v3/trade/close-positions"] = {"list": [row]}
    desk.due("trade/close-positions", FUTURES)
    ran = bitget("position reverse BTCUSDT --yes --json", env=DEMO)
    assert (ran.status, len(desk.changes)) == (5, 1), ran.err
    assert "not sent" in ran.err
    assert "25106" in ran.err


def test_a_reversal_that_only_closed_says_so(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, positions=[POSITION])
    desk.answers["/api/v3/trade/place-order"] = refused("25106")
    desk.due("trade/close-positions")
    desk.due(PLACE)
    ran = bitget("position reverse BTCUSDT --yes --json", env=DEMO)
    assert (ran.status, [row["outcome"] for row in ran.json]) == (8, ["done", "rejected"]), ran.err


def refused(code: str) -> Any:
    return envelope(None, code=code, msg="as told", status=400)


def test_positions_that_close_in_part_are_told_by_their_codes(bitget: Bitget, exchange: HTTPXMock) -> None:
    other = {**POSITION, "symbol": "ETHUSDT"}
    desk = opened(exchange, bitget, positions=[POSITION, other])
    rows = [{"orderId": "1", "code": "00000", "msg": "success"}, {"orderId": "2", "code": "25106", "msg": "no trading"}]
    desk.answers["/api/v3/trade/close-positions"] = {"list": rows}
    desk.due("trade/close-positions")
    ran = bitget("position close-all --yes --json", env=DEMO)
    assert ran.status == 8
    assert "25106" in ran.err


@pytest.mark.parametrize(
    ("shown", "status", "word"),
    [({}, 7, "unknown"), ({"orderStatus": "filled"}, 5, "rejected"), ({"orderStatus": "cancelled"}, 5, "rejected")],
)
def test_a_modification_that_the_order_never_shows_is_no_success(
    shown: Body, status: int, word: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget, modified=shown)
    desk.due("trade/modify-order")
    ran = bitget("order modify 1001 --price 58900 --yes --json", env=DEMO)
    assert (ran.status, ran.failure["outcome"]) == (status, word), ran.err
    assert len(desk.changes) == 1


def test_what_is_filled_counts_to_the_size_of_a_modified_order(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, orders=[{**ORDER, "cumExecQty": "0.015"}])
    desk.due("trade/modify-order", {**FUTURES, "orderId": "1001", "qty": "0.025"})
    assert bitget("order modify 1001 --size 0.01 --yes --json", env=DEMO).status == 0
    desk.due("trade/modify-order", {**FUTURES, "orderId": "1001", "price": "58900"})
    assert bitget("order modify 1001 --price 58900 --yes --json", env=DEMO).status == 0


def test_what_the_settings_do_not_keep_is_no_success(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget)
    desk.answers["/api/v3/account/set-leverage"] = "success"
    desk.due("account/set-leverage")
    ran = bitget("account margin-mode BTCUSDT isolated --yes --json", env=DEMO)
    assert (ran.status, ran.failure["outcome"]) == (5, "rejected"), ran.err
    assert "crossed" in ran.err


def test_a_type_that_nobody_saw_taken_is_said_so_on_live_alone(bitget: Bitget, exchange: HTTPXMock) -> None:
    for env, told in ((LIVE, True), (DEMO, False)):
        desk = opened(exchange, bitget, positions=[])
        desk.due(STRATEGY)
        ran = bitget("plan sell BTCUSDT 0.01 --trigger 58000 --callback 2 --yes --json", env=env)
        assert (ran.status, "nobody is known" in ran.err) == (0, told), ran.err


def test_small_balances_go_in_one_call(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget)
    told = {"coin": "DOGE", "available": "3", "estimatedCoin": "BGB", "estimatedAmount": "0.14"}
    desk.answers["/api/v3/convert/small-assets"] = [{**told, "feeDetail": {"feeRate": "0.02", "fee": "0.0028"}}]
    desk.due("convert/small-assets-trade", {"fromCoinList": ["DOGE"], "toCoin": "BGB"})
    ran = bitget("convert bgb DOGE --yes --json", env=DEMO)
    assert (ran.status, ran.json["outcome"]) == (0, "done"), ran.err


def made(desk: UnifiedDesk, *rows: Body) -> None:
    """Strategy orders that have just come to be."""
    moment = str(milliseconds(desk.clock.now()))
    desk.plans = desk.plans + [
        {**TRIGGER, "orderId": str(5000 + n), "createdTime": moment, **row} for n, row in enumerate(rows)
    ]


def ends(desk: UnifiedDesk, **new: Any) -> None:
    """The first strategy order is over."""
    first, *desk.plans = desk.plans
    desk.past = [{**first, **new}]


def changes_first(name: str, **new: Any) -> Effect:
    def effect(desk: UnifiedDesk) -> None:
        first, *others = getattr(desk, name)
        setattr(desk, name, [{**first, **new}, *others])

    return effect


def none_of(name: str) -> Effect:
    return lambda desk: setattr(desk, name, [])


def sets(name: str, value: Any) -> Effect:
    return lambda desk: setattr(desk, name, value)


def nothing(_: UnifiedDesk) -> None:
    """It never arrived."""


SMALL = {"qty": "0.01"}
WAITS, TRAILS = "plan buy BTCUSDT 0.01 --trigger 58000", "plan sell BTCUSDT 0.01 --trigger 58000 --callback 2"
TRAILED = {**SMALL, "side": "sell", "type": "trailing_stop", "posSide": "short", "trailingStopParams": [TRAIL]}
OUT = {"id": "1", "category": "OTHER", "coin": "USDT", "type": "TRANSFER_OUT", "amount": "-10", "ts": "1772452800000"}
# Command, what came of it though its answer was lost, and how it ends.
LOST: dict[str, tuple[str, Effect, int, str]] = {
    "a trigger that waits": (WAITS, lambda desk: made(desk, SMALL), 0, "placed"),
    "a trigger that never came": (WAITS, nothing, 6, "not_placed"),
    "a trigger, and another one": (WAITS, lambda desk: made(desk, SMALL, {"qty": "0.3"}), 0, "placed"),
    "two alike": (WAITS, lambda desk: made(desk, SMALL, SMALL), 7, "unknown"),
    "another one alone": (WAITS, lambda desk: made(desk, {**SMALL, "triggerPrice": "57000"}), 6, "not_placed"),
    "a trailing order": (TRAILS, lambda desk: made(desk, TRAILED), 0, "placed"),
    "one that trails otherwise": (
        TRAILS,
        lambda desk: made(desk, {**TRAILED, "trailingStopParams": {**TRAIL, "trailVariance": "3"}}),
        6,
        "not_placed",
    ),
    "exits, by their client id": (
        "plan tpsl BTCUSDT --side long --tp 70000",
        lambda desk: made(desk, {**EXIT, "clientOid": desk.changes[-1][1]["clientOid"]}),
        0,
        "placed",
    ),
    "a strategy order cancelled": ("plan cancel 3001", lambda desk: ends(desk, status="cancelled"), 0, "cancelled"),
    "a strategy order triggered": ("plan cancel 3001", lambda desk: ends(desk, status="success"), 5, "rejected"),
    "a strategy order still there": ("plan cancel 3001", nothing, 6, "not_placed"),
    "a strategy order changed": (
        "plan modify 3001 --trigger 57000",
        changes_first("plans", triggerPrice="57000"),
        0,
        "done",
    ),
    "a strategy order as it was": ("plan modify 3001 --trigger 57000", nothing, 6, "not_placed"),
    "a modification": ("order modify 1001 --price 58900", changes_first("orders", price="58900"), 0, "done"),
    "a cancel": ("order cancel 1001", changes_first("orders", orderStatus="cancelled"), 0, "cancelled"),
    "all orders": ("order cancel-all BTCUSDT", none_of("orders"), 0, "done"),
    "all orders, still there": ("order cancel-all BTCUSDT", nothing, 6, "not_placed"),
    "a position closed": ("position close BTCUSDT", none_of("positions"), 0, "done"),
    "a position still there": ("position close BTCUSDT", nothing, 6, "not_placed"),
    "margin added": (
        "account margin BTCUSDT --add 10 --side long",
        changes_first("positions", positionBalance="310"),
        0,
        "done",
    ),
    "margin not added": ("account margin BTCUSDT --add 10 --side long", nothing, 6, "not_placed"),
    "leverage": ("account leverage BTCUSDT 7", sets("leverage", "7"), 0, "done"),
    "leverage as it was": ("account leverage BTCUSDT 7", nothing, 6, "not_placed"),
    "position mode": ("account position-mode hedge", sets("hold_mode", "hedge_mode"), 0, "done"),
    "a transfer": ("account transfer USDT 10 --from spot --to funding", sets("records", [OUT]), 0, "done"),
    "a transfer that never left": ("account transfer USDT 10 --from spot --to funding", nothing, 6, "not_placed"),
}


@pytest.mark.parametrize(("typed", "effect", "status", "word"), LOST.values(), ids=LOST)
def test_a_change_whose_answer_is_lost_ends_as_the_account_shows(
    typed: str, effect: Effect, status: int, word: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget, clock=bitget.clock, positions=[POSITION | margin_of(typed)])
    exchange.add_callback(desk, method="POST")
    desk.lost = lambda: effect(desk)
    ran = bitget(f"{typed} --yes --json", env=DEMO)
    assert ran.status == status, ran.err
    told = ran.json if status == 0 else ran.failure
    assert told["outcome"] == word
    assert len(desk.changes) == 1
    if status == 0 and isinstance(told["response"], dict):
        # What was found is shown in the words of a classic account.
        assert not {"qty", "orderStatus", "triggerBy", "list"} & set(told["response"])


def test_what_was_found_of_a_change_is_shown_as_a_list_shows_it(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, clock=bitget.clock)
    exchange.add_callback(desk, method="POST", is_reusable=True)
    desk.lost = lambda: changes_first("orders", orderStatus="cancelled")(desk)
    found = bitget("order cancel 1001 --yes --json", env=DEMO).json["response"]
    shown = ("size", "status", "side", "tradeSide", "cTime", "accountKind")
    assert [found[name] for name in shown] == ["0.02", "canceled", "buy", "buy_single", "1772452000000", "unified"]
    desk.lost = lambda: ends(desk, status="cancelled")
    found = bitget("plan cancel 3001 --yes --json", env=DEMO).json["response"]
    assert [found[name] for name in ("planType", "size", "planStatus")] == ["normal_plan", "0.02", "cancelled"]


def test_an_order_of_a_batch_that_is_refused_is_told_as_a_classic_account_tells_it(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    opened(exchange, bitget, positions=[POSITION])
    rows = [{"code": "00000", "msg": "success"}, {"code": "25207", "msg": "The order quantity is too small"}]

    def answer(request: httpx.Request) -> httpx.Response:
        ids = [item["clientOid"] for item in json.loads(request.content)]
        return envelope([{"orderId": f"{n}", "clientOid": ids[n], **row} for n, row in enumerate(rows)])

    exchange.add_callback(answer, method="POST")
    ran = batch(bitget, {}, {})
    assert ran.status == 8
    assert [set(row["response"]) for row in ran.json] == [
        {"orderId", "clientOid"},
        {"orderId", "clientOid", "errorMsg", "errorCode"},
    ]
    assert ran.json[1]["response"]["errorCode"] == "25207"


def test_an_id_that_the_exchange_does_not_keep_finds_its_order_all_the_same(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget, plans=[])
    desk.due(STRATEGY)
    placed = bitget(f"{WAITS} --client-oid mine --yes --json", env=DEMO).json
    desk.plans = [{**TRIGGER, "orderId": placed["orderId"]}]
    desk.due("trade/cancel-strategy-order", {"orderId": placed["orderId"]})
    assert bitget("plan cancel mine --yes --json", env=DEMO).json["outcome"] == "cancelled"


def test_a_position_mode_is_said_to_hold_for_the_whole_account(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget)
    desk.due("account/set-hold-mode")
    assert "for every product" in bitget("account position-mode hedge --yes --json", env=DEMO).err


def test_a_transfer_is_confirmed_by_its_own_id_alone(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, clock=bitget.clock)
    desk.answers["/api/v3/account/transfer"] = {"transferId": "77", "clientOid": "another"}
    desk.due("account/transfer")
    ran = bitget("account transfer USDT 10 --from spot --to funding --yes --json", env=DEMO)
    assert (ran.status, ran.failure["outcome"]) == (6, "not_placed"), ran.err


def test_a_raw_order_without_an_id_is_told_of_one_like_it(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, clock=bitget.clock)
    exchange.add_callback(desk, method="POST")

    def lost() -> None:
        desk.orders = [{**ORDER, "orderId": "7007", "createdTime": str(milliseconds(desk.clock.now()))}]

    desk.lost = lost
    words = "category=USDT-FUTURES symbol=BTCUSDT side=buy qty=0.02 orderType=limit price=59000"
    ran = bitget(f"api v3.trade.place-order {words} --yes --json", env=DEMO)
    assert (ran.status, "7007" in ran.err) == (7, True), ran.err


@pytest.mark.parametrize("mode", ["upgrading", "switching"])
def test_nothing_but_a_way_out_leaves_while_the_account_is_moved(
    mode: str, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget)
    settings = desk._read("/api/v3/account/settings", {})
    desk.answers["/api/v3/account/settings"] = {**settings, "accountMode": mode}
    for typed in ("order buy BTCUSDT 0.01", "order modify 1001 --price 58900", "account leverage BTCUSDT 7", WAITS):
        ran = bitget(f"{typed} --yes --json", env=DEMO)
        assert (ran.status, ran.failure["error"], desk.changes) == (5, "unavailable", []), ran.err
        assert "moving this account" in ran.err
    desk.due("trade/cancel-order")
    assert bitget("order cancel 1001 --yes --json", env=DEMO).status == 0
