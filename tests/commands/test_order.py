"""`bitget order buy` and `sell` as typed: the exact change that goes out, in one-way mode, hedge mode and spot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from desk import DEMO, OID, open_desk
from doubles import Bitget, path_of, url
from pytest_httpx import HTTPXMock

FUTURES = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginMode": "crossed", "marginCoin": "USDT"}
MARKET = {**FUTURES, "size": "0.01", "orderType": "market", "clientOid": OID}
LIMIT = {**MARKET, "orderType": "limit", "price": "60000", "force": "gtc"}
SPOT = {"symbol": "BTCUSDT", "clientOid": OID}
HEDGE = {"posMode": "hedge_mode"}

# What is typed, the body in one-way mode, the body in hedge mode.
FUTURES_ORDERS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("buy BTCUSDT 0.01", {**MARKET, "side": "buy"}, {**MARKET, "side": "buy", "tradeSide": "open"}),
    ("sell BTCUSDT 0.01", {**MARKET, "side": "sell"}, {**MARKET, "side": "sell", "tradeSide": "open"}),
    (
        "sell BTCUSDT 0.01 --close",
        {**MARKET, "side": "sell", "reduceOnly": "YES"},
        {**MARKET, "side": "buy", "tradeSide": "close"},
    ),
    (
        "buy BTCUSDT 0.01 --close",
        {**MARKET, "side": "buy", "reduceOnly": "YES"},
        {**MARKET, "side": "sell", "tradeSide": "close"},
    ),
    (
        "sell BTCUSDT 0.01 --reduce-only",
        {**MARKET, "side": "sell", "reduceOnly": "YES"},
        {**MARKET, "side": "buy", "tradeSide": "close"},
    ),
    (
        "buy BTCUSDT 0.01 --price 60000",
        {**LIMIT, "side": "buy"},
        {**LIMIT, "side": "buy", "tradeSide": "open"},
    ),
    (
        "sell BTCUSDT 0.01 --price 60000 --close --tif ioc",
        {**LIMIT, "side": "sell", "reduceOnly": "YES", "force": "ioc"},
        {**LIMIT, "side": "buy", "tradeSide": "close", "force": "ioc"},
    ),
    (
        "buy BTCUSDT 0.01 --price 60000 --post-only",
        {**LIMIT, "side": "buy", "force": "post_only"},
        {**LIMIT, "side": "buy", "tradeSide": "open", "force": "post_only"},
    ),
    (
        "buy BTCUSDT 0.01 --price 60000 --tif post-only",
        {**LIMIT, "side": "buy", "force": "post_only"},
        {**LIMIT, "side": "buy", "tradeSide": "open", "force": "post_only"},
    ),
    (
        "buy BTCUSDT 0.01 --margin-mode isolated --tp 70000 --sl 50000.5",
        {
            **MARKET,
            "side": "buy",
            "marginMode": "isolated",
            "presetStopSurplusPrice": "70000",
            "presetStopLossPrice": "50000.5",
        },
        {
            **MARKET,
            "side": "buy",
            "tradeSide": "open",
            "marginMode": "isolated",
            "presetStopSurplusPrice": "70000",
            "presetStopLossPrice": "50000.5",
        },
    ),
    (
        "buy btcusdt 0.0100 --client-oid my-own_1",
        {**MARKET, "side": "buy", "size": "0.0100", "clientOid": "my-own_1"},
        {**MARKET, "side": "buy", "tradeSide": "open", "size": "0.0100", "clientOid": "my-own_1"},
    ),
    (
        "buy BTC/USDT:USDT --quote 1000",
        {**MARKET, "side": "buy", "size": "0.0166"},
        {**MARKET, "side": "buy", "tradeSide": "open", "size": "0.0166"},
    ),
    (
        "buy BTC/USD:BTC 0.01",
        {**MARKET, "side": "buy", "symbol": "BTCUSD", "productType": "COIN-FUTURES", "marginCoin": "BTC"},
        {
            **MARKET,
            "side": "buy",
            "tradeSide": "open",
            "symbol": "BTCUSD",
            "productType": "COIN-FUTURES",
            "marginCoin": "BTC",
        },
    ),
]

SPOT_ORDERS: list[tuple[str, dict[str, Any]]] = [
    ("buy BTC/USDT --quote 100", {**SPOT, "side": "buy", "orderType": "market", "force": "gtc", "size": "100"}),
    ("sell BTC/USDT 0.01", {**SPOT, "side": "sell", "orderType": "market", "force": "gtc", "size": "0.01"}),
    (
        "sell BTC/USDT --quote 100",
        {**SPOT, "side": "sell", "orderType": "market", "force": "gtc", "size": "0.001666"},
    ),
    (
        "buy BTCUSDT 0.01 --product spot --price 60000 --post-only --tp 70000 --sl 50000",
        {
            **SPOT,
            "side": "buy",
            "orderType": "limit",
            "force": "post_only",
            "size": "0.01",
            "price": "60000",
            "presetTakeProfitPrice": "70000",
            "presetStopLossPrice": "50000",
        },
    ),
    (
        "buy BTC/USDT --quote 100 --price 59999.99",
        {**SPOT, "side": "buy", "orderType": "limit", "force": "gtc", "size": "0.001666", "price": "59999.99"},
    ),
]


@pytest.mark.parametrize(("typed", "one_way", "hedge"), FUTURES_ORDERS, ids=[typed for typed, *_ in FUTURES_ORDERS])
def test_an_order_says_the_true_direction_in_either_mode(
    bitget: Bitget, exchange: HTTPXMock, typed: str, one_way: dict[str, Any], hedge: dict[str, Any]
) -> None:
    for account, body in (({}, one_way), (HEDGE, hedge)):
        desk = open_desk(exchange, account=account)
        words = typed.replace("my-own_1", f"my-own_{len(account)}")
        desk.due("mix/order/place-order", body | ({"clientOid": words.split()[-1]} if words != typed else {}))
        ran = bitget(f"order {words} --json", env=DEMO)
        assert ran.status == 0, ran.err
        assert (ran.json["outcome"], ran.json["env"], ran.json["orderId"]) == ("placed", "demo", "9001")


@pytest.mark.parametrize(("typed", "body"), SPOT_ORDERS, ids=[typed for typed, _ in SPOT_ORDERS])
def test_a_spot_order_knows_no_modes(bitget: Bitget, exchange: HTTPXMock, typed: str, body: dict[str, Any]) -> None:
    open_desk(exchange).due("spot/trade/place-order", body)
    ran = bitget(f"order {typed}", env=DEMO)
    assert ran.status == 0, ran.err
    assert not [request for request in exchange.get_requests() if path_of(request).startswith("mix/")]


@pytest.mark.parametrize("account", [{}, HEDGE])
def test_the_margin_mode_is_the_accounts_own(bitget: Bitget, exchange: HTTPXMock, account: dict[str, str]) -> None:
    side = {"side": "buy"} | ({"tradeSide": "open"} if account else {})
    desk = open_desk(exchange, account={**account, "marginMode": "isolated"})
    desk.due("mix/order/place-order", {**MARKET, **side, "marginMode": "isolated"})
    assert bitget("order buy BTCUSDT 0.01", env=DEMO).status == 0


def test_money_rounded_down_to_a_size_is_shown(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange).due()
    ran = bitget("order buy BTCUSDT --quote 1000", env=DEMO)
    assert "1000 USDT at 60000 is 0.0166 BTC, worth 996.0000 USDT" in ran.err


@pytest.mark.parametrize("typed", [typed for typed, *_ in FUTURES_ORDERS] + [typed for typed, _ in SPOT_ORDERS])
def test_a_dry_run_shows_the_request_and_sends_nothing(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    desk = open_desk(exchange)
    ran = bitget(f"order {typed} --dry-run --json", env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (0, [])
    dry = json.loads(ran.json["body"])
    made_up = {} if "--client-oid" in typed else {"clientOid": OID}
    desk.due(ran.json["url"].removeprefix(str(url(""))), dry | made_up)
    assert bitget(f"order {typed}", env=DEMO).status == 0


@pytest.mark.parametrize("mode", ["", "hedge"])
def test_the_account_is_only_read_for_its_modes(bitget: Bitget, exchange: HTTPXMock, mode: str) -> None:
    open_desk(exchange, account=HEDGE if mode else {}).due("mix/order/place-order")
    assert bitget("order sell BTCUSDT 0.01 --close", env=DEMO).status == 0
