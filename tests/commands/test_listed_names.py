"""Coins and markets as Bitget lists them: stock tokens have a small r, whatever the case they are typed in."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from desk import BTC, DEMO, SPOT, Exchange
from doubles import Bitget, envelope, path_of
from pytest_httpx import HTTPXMock

COINS = [{"coin": name, "chains": []} for name in ("BTC", "USDT", "rTSLA", "RUNE", "rNVDA")]
CASES = ["rTSLA", "RTSLA", "rtsla", "RtSlA"]


class Stocks(Exchange):
    """An exchange that lists stock tokens and answers with what it is asked for alone."""

    def _read(self, path: str, asked: dict[str, str]) -> Any:
        match path:
            case "spot/public/coins":
                return [row for row in COINS if asked.get("coin") in (None, row["coin"])]
            case "spot/public/symbols":
                return [SPOT, {**SPOT, "symbol": "rTSLAUSDT", "baseCoin": "rTSLA"}]
            case "mix/market/contracts" if asked["productType"] == "USDT-FUTURES":
                return [BTC, {**BTC, "symbol": "rTSLAUSDT", "baseCoin": "rTSLA"}]
        return super()._read(path, asked)


@pytest.fixture
def stocks(exchange: HTTPXMock) -> HTTPXMock:
    exchange.add_callback(Stocks(), method="GET", is_optional=True, is_reusable=True)
    return exchange


def coins_asked(stocks: HTTPXMock) -> list[str]:
    asked = [request for request in stocks.get_requests() if path_of(request) != "spot/public/coins"]
    return [request.url.params["coin"] for request in asked if "coin" in request.url.params]


@pytest.mark.parametrize("typed", CASES)
@pytest.mark.parametrize(
    "line",
    [
        "account deposit-address {}",
        "account bills --coin {} --product spot",
        "account transfers {}",
        "account deposits --coin {}",
        "account funding {}",
    ],
)
def test_a_coin_is_asked_for_as_it_is_listed(bitget: Bitget, stocks: HTTPXMock, line: str, typed: str) -> None:
    bitget(line.format(typed), env=DEMO)
    assert coins_asked(stocks) == ["rTSLA"]


@pytest.mark.usefixtures("stocks")
@pytest.mark.parametrize("typed", CASES)
def test_market_coins_knows_it_in_any_case(bitget: Bitget, typed: str) -> None:
    ran = bitget(f"market coins {typed} --json")
    assert (ran.status, ran.json["coin"]) == (0, "rTSLA")


@pytest.mark.usefixtures("stocks")
@pytest.mark.parametrize("typed", CASES)
def test_money_is_moved_under_the_listed_name(bitget: Bitget, typed: str) -> None:
    ran = bitget(f"account transfer {typed} 1 --from spot --to p2p --dry-run --json", env=DEMO)
    assert json.loads(ran.json["body"])["coin"] == "rTSLA", ran.err


@pytest.mark.usefixtures("stocks")
@pytest.mark.parametrize("typed", [f"{case}USDT" for case in CASES])
@pytest.mark.parametrize("product", ["spot", "usdt-futures"])
def test_an_order_names_the_market_as_it_is_listed(bitget: Bitget, typed: str, product: str) -> None:
    line = f"order sell {typed} 1 --price 60000 --product {product} --dry-run --json"
    ran = bitget(line, env=DEMO)
    assert ran.status == 0, ran.err
    assert json.loads(ran.json["body"])["symbol"] == "rTSLAUSDT"


@pytest.mark.parametrize("typed", ["RUNE", "rune", "btc", "Btc"])
def test_other_coins_are_in_capitals_still(bitget: Bitget, stocks: HTTPXMock, typed: str) -> None:
    bitget(f"account deposit-address {typed}", env=DEMO)
    assert coins_asked(stocks) == [typed.upper()]


@pytest.mark.parametrize("typed", ["RTSLAUSDT", "rtslausdt", "rTSLAUSDT"])
def test_a_ticker_is_found_in_any_case(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        asked = request.url.params.get("symbol")
        if request.url.path.endswith("contracts"):
            return envelope([{"symbol": "BTCUSDT"}, {"symbol": "rTSLAUSDT"}])
        if asked != "rTSLAUSDT":
            return envelope(None, code="40034", msg="Parameter does not exist", status=400)
        return envelope([{"symbol": asked, "lastPr": "300"}])

    exchange.add_callback(answer, method="GET", is_reusable=True)
    ran = bitget(f"market ticker {typed} --json")
    assert (ran.status, ran.json["symbol"]) == (0, "rTSLAUSDT"), ran.err
