"""An answer about something else than was asked for: a stranger's on a kept connection, or an exchange gone wrong."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from desk import DEMO, ORDER, POSITION, SPOT_ORDER, Exchange, open_desk
from doubles import Bitget, enveloped, path_of
from pytest_httpx import HTTPXMock

# What is typed, and what the row of the answer names instead.
READS: list[tuple[str, dict[str, Any]]] = [
    ("market ticker BTCUSDT", {"symbol": "EVILUSDT", "lastPr": "1"}),
    ("market ticker BTC/USDT", {"symbol": "EVILUSDT", "lastPr": "1"}),
    ("market price BTCUSDT", {"symbol": "EVILUSDT", "price": "1", "markPrice": "1", "indexPrice": "1"}),
    ("market funding BTCUSDT", {"symbol": "EVILUSDT", "fundingRate": "1"}),
    ("market funding-history BTC/USD:BTC", {"symbol": "EVILUSD", "fundingRate": "1", "fundingTime": "1"}),
    ("market trades BTCUSDT", {"symbol": "EVILUSDT", "price": "1", "size": "1", "ts": "1", "tradeId": "1"}),
    ("market coins USDT", {"coin": "EVIL", "chains": []}),
    ("account balance USDT --product spot", {"coin": "EVIL", "available": "1"}),
    ("account bills --coin USDT --product spot", {"coin": "EVIL", "billId": "1", "cTime": "1"}),
    ("account deposit-address USDT", {"coin": "EVIL", "address": "not yours"}),
    ("api mix.market.ticker symbol=BTCUSDT productType=USDT-FUTURES", {"symbol": "EVILUSDT"}),
    ("api mix.order.detail symbol=BTCUSDT productType=USDT-FUTURES orderId=1", {"symbol": "BTCUSDT", "orderId": "2"}),
    ("api spot.trade.orderInfo orderId=1", {"symbol": "BTCUSDT", "orderId": "2"}),
]


@pytest.mark.parametrize(("line", "row"), READS, ids=[line for line, _ in READS])
@pytest.mark.parametrize("alone", [True, False])
def test_a_read_of_something_else_is_malformed(
    bitget: Bitget, exchange: HTTPXMock, line: str, row: dict[str, Any], alone: bool
) -> None:
    good = {name: "1" if name == "orderId" else value for name, value in row.items()}
    data = [row] if alone else [good | _asked(line), row]
    exchange.add_response(method="GET", json=enveloped(data), is_reusable=True)
    ran = bitget(f"{line} --json", env=DEMO)
    assert ran.status == 6, ran.out + ran.err
    told = json.loads(ran.err.splitlines()[-1])
    assert told["error"] == "network"
    assert "was asked for" in told["message"]
    assert "EVIL" not in ran.out


EVIL = {"symbol": "EVILUSDT", "size": "1", "orderId": "1"}
# The thing is named below the top of the answer.
NESTED: list[tuple[str, dict[str, Any]]] = [
    ("market open-interest BTCUSDT", {"openInterestList": [EVIL], "ts": "1"}),
    ("market open-interest BTC/USD:BTC", {"openInterestList": [{**EVIL, "symbol": "BTCUSDT"}], "ts": "1"}),
    ("api mix.market.open-interest symbol=BTCUSDT productType=USDT-FUTURES", {"openInterestList": [EVIL], "ts": "1"}),
    ("order history BTCUSDT", {"entrustedList": [EVIL], "endId": None}),
    ("order fills BTCUSDT", {"fillList": [EVIL], "endId": None}),
    ("position history BTCUSDT", {"list": [EVIL], "endId": None}),
    ("account bills --coin USDT", {"bills": [{"coin": "EVIL", "billId": "1"}], "endId": None}),
]


@pytest.mark.parametrize(("line", "data"), NESTED, ids=[line for line, _ in NESTED])
def test_a_read_of_something_else_is_malformed_however_deep_it_is_named(
    bitget: Bitget, exchange: HTTPXMock, line: str, data: dict[str, Any]
) -> None:
    exchange.add_response(method="GET", json=enveloped(data), is_reusable=True)
    ran = bitget(f"{line} --json", env=DEMO)
    assert (ran.status, ran.out) == (6, "")
    assert "was asked for" in ran.failure["message"]


def _asked(line: str) -> dict[str, str]:
    """What the row would name if it were about what was asked for."""
    if "USDT --product spot" in line or "coins USDT" in line or "address USDT" in line:
        return {"coin": "USDT"}
    return {"symbol": "BTCUSD" if "USD:BTC" in line else "BTCUSDT"}


@pytest.mark.parametrize("line", ["market ticker btcusdt", "market ticker BTCUSDT"])
@pytest.mark.parametrize("told", ["BTCUSDT", "btcusdt", "", None])
def test_the_thing_asked_for_is_known_in_any_case_and_nothing_named_is_fine(
    bitget: Bitget, exchange: HTTPXMock, line: str, told: str | None
) -> None:
    row = {"symbol": told, "lastPr": "60000"} if told is not None else {"lastPr": "60000"}
    exchange.add_response(method="GET", json=enveloped([row]), is_reusable=True)
    assert bitget(f"{line} --json").json["lastPr"] == "60000"


# A price or an account of another market feeds no guard: nothing is sent.
FEEDS = [
    ("mix/market/symbol-price", "order buy BTCUSDT 0.01 --price 59000"),
    ("spot/market/tickers", "order sell BTC/USDT 0.01 --price 61000"),
    ("mix/market/symbol-price", "plan buy BTCUSDT 0.01 --trigger 61000"),
    ("mix/position/single-position", "position close BTCUSDT --percent 50"),
]


@pytest.mark.parametrize(("path", "line"), FEEDS)
def test_no_order_is_judged_by_the_price_of_another_market(
    bitget: Bitget, exchange: HTTPXMock, path: str, line: str
) -> None:
    there = Exchange(orders=[ORDER], spot_orders=[SPOT_ORDER], positions=[POSITION])

    def swapped(request: httpx.Request) -> httpx.Response:
        answer = there(request)
        if path_of(request) != path:
            return answer
        return httpx.Response(200, text=answer.text.replace('"BTCUSDT"', '"EVILUSDT"').replace("60000", "1"))

    exchange.add_callback(swapped, method="GET", is_reusable=True)
    ran = bitget(f"{line} --json", env=DEMO)
    assert (ran.status, ran.out) == (6, ""), ran.err
    assert path in [path_of(request) for request in exchange.get_requests()]


# A success about another market says nothing of the change that was sent.
CHANGES = [
    ("account leverage BTCUSDT 7", {"symbol": "EVILUSDT", "marginCoin": "USDT", "crossMarginLeverage": "7"}),
    ("account margin-mode BTCUSDT isolated", {"symbol": "EVILUSDT", "marginCoin": "USDT", "marginMode": "isolated"}),
    ("account leverage BTCUSDT 7", {"symbol": "BTCUSDT", "marginCoin": "EVIL", "crossMarginLeverage": "7"}),
]


@pytest.mark.parametrize(("line", "told"), CHANGES)
def test_a_change_answered_about_something_else_is_looked_up(
    bitget: Bitget, exchange: HTTPXMock, line: str, told: dict[str, str]
) -> None:
    open_desk(exchange)
    exchange.add_response(method="POST", json=enveloped(told))
    ran = bitget(f"{line} --json", env=DEMO)
    assert "no clear answer" in ran.err
    assert ran.status in (6, 7), ran.err
