"""Funding and liquidation on the paper exchange."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from paper_account import BTC, USDT_M, PaperAccount

from bitget_cli.paper.engine import liquidation, margin
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import instrument
from bitget_cli.values import Product


def opened(side: str, mode: str, *, size: str, money: str, leverage: str = "100", seed: int = 1) -> PaperAccount:
    account = PaperAccount(seed=seed).fund(money)
    account.post("mix/account/set-margin-mode", marginMode=mode, **BTC)
    account.post("mix/account/set-leverage", leverage=leverage, **BTC)
    assert isinstance(account.order(side, size, marginMode=mode), dict)
    return account


def last_order(account: PaperAccount) -> Any:
    return account.get("mix/order/orders-history", limit="1", **USDT_M)["entrustedList"][0]


@pytest.mark.parametrize(("side", "seed"), [("buy", 1), ("sell", 1), ("buy", 4), ("sell", 3)])
def test_an_isolated_position_loses_its_margin_and_no_more(side: str, seed: int) -> None:
    account = opened(side, "isolated", size="1", money="20000", seed=seed)
    (position,) = account.position()
    free = Decimal(account.futures()["available"])
    margin_ = Decimal(position["marginSize"])
    account.later(days=9)
    assert account.position() == []
    order = last_order(account)
    assert order["orderSource"] == "liquidation"
    assert order["tradeSide"] == ("burst_sell_single" if side == "buy" else "burst_buy_single")
    left = Decimal(account.futures()["accountEquity"])
    (past,) = account.get("mix/position/history-position", **USDT_M)["list"]
    # Nothing is owed, and what rounding to a tick leaves is less than a tick.
    assert 0 <= left - free - Decimal(past["totalFunding"]) < Decimal("0.2")
    assert -Decimal(past["pnl"]) - Decimal(past["closeFee"]) <= margin_


def test_the_whole_account_stands_behind_a_crossed_position() -> None:
    account = opened("sell", "crossed", size="2", money="1500")
    assert Decimal(account.position()[0]["liquidationPrice"]) > account.last()
    account.later(days=9)
    assert account.position() == []
    assert 0 <= Decimal(account.futures()["accountEquity"]) < 1
    assert account.proof()["USDT"]["sum"] == "0"


def test_a_position_with_money_behind_it_survives_and_says_so() -> None:
    account = opened("buy", "crossed", size="0.01", money="50000", leverage="10")
    account.later(days=9)
    assert account.position()[0]["liquidationPrice"] == "0"


@pytest.mark.parametrize("mode", ["isolated", "crossed"])
@pytest.mark.parametrize("side", ["buy", "sell"])
def test_it_happens_at_the_first_second_that_looking_at_every_second_finds(side: str, mode: str) -> None:
    money = "20000" if mode == "isolated" else "700"
    account = opened(side, mode, size="1", money=money, leverage="125")
    market = instrument(Product.USDT_FUTURES, "BTCUSDT")
    assert market is not None

    def breach(floor: EngineState) -> int | None:
        (position,) = floor.positions.values()
        behind = margin.margin_of(floor, position)
        if mode == "crossed":
            behind = floor.ledger.pot("usdt_futures", "USDT").total
        mark = floor.prices.mark(market)
        for second in range(floor.time // 1000 + 1, floor.time // 1000 + 14_000):
            level = mark.level_at(second * 1000)
            if behind + margin.profit_at(position, level) <= margin.maintenance_at(position, level):
                return second * 1000
        return None

    expected = account.exchange.trade(breach)
    # Less than the four hours to the next funding.
    account.later(seconds=13_999)
    orders = account.get("mix/order/orders-history", orderSource="liquidation", **USDT_M)["entrustedList"]
    assert (int(orders[0]["cTime"]) if orders else None) == expected


def test_funding_is_paid_at_every_slot_by_size_and_mark() -> None:
    account = opened("buy", "crossed", size="0.5", money="50000", leverage="10")
    account.later(days=1)
    bills = account.get("mix/account/bill", onlyFunding="yes", **USDT_M)["bills"]
    slots = [int(bill["cTime"]) for bill in bills]
    assert [slot // 3_600_000 % 24 for slot in slots] == [8, 0, 16]
    rates = account.get("mix/market/history-fund-rate", **BTC)
    for bill in bills:
        rate = next(Decimal(row["fundingRate"]) for row in rates if row["fundingTime"] == bill["cTime"])
        market = instrument(Product.USDT_FUTURES, "BTCUSDT")
        assert market is not None
        mark = account.exchange.prices().mark(market).level_at(int(bill["cTime"]))
        assert Decimal(bill["amount"]) == -rate * Decimal(market.price(mark)) / 2
    total = sum(Decimal(bill["amount"]) for bill in bills)
    assert Decimal(account.position()[0]["totalFee"]) == total


def test_what_happens_in_a_slot_before_its_funding_does_not_make_it_pass() -> None:
    account = opened("buy", "crossed", size="0.05", money="50000", leverage="10")
    until = 8 * 3_600_000 * (1 + account.exchange.store.now(account.wall) // (8 * 3_600_000))

    def meet(floor: EngineState) -> list[int]:
        floor.time = until
        due = liquidation.next_funding(floor, until, paid=until - 1)
        done = liquidation.next_funding(floor, until, paid=until)
        return [found[0] for found in (due, done) if found]

    assert account.exchange.trade(meet) == [until]


def test_every_position_pays_in_a_slot_that_is_also_that_of_others() -> None:
    account = opened("buy", "crossed", size="0.05", money="50000", leverage="10")
    for symbol, size in (("ADAUSDT", "1000"), ("DOGEUSDT", "3000"), ("ETHUSDT", "1"), ("XRPUSDT", "500")):
        assert isinstance(account.order("sell", size, symbol=symbol), dict)
    account.post("spot/wallet/transfer", fromType="spot", toType="coin_futures", amount="0.1", coin="BTC")
    coin = {"productType": "COIN-FUTURES", "symbol": "BTCUSD", "marginCoin": "BTC"}
    assert isinstance(account.order("buy", "0.01", **coin), dict)
    account.later(days=1)
    bills = account.get("mix/account/bill", onlyFunding="yes", limit="100", **USDT_M)["bills"]
    bills += account.get("mix/account/bill", onlyFunding="yes", productType="COIN-FUTURES")["bills"]
    # Every eight hours, DOGE every four.
    eights = dict.fromkeys(("ADAUSDT", "BTCUSD", "BTCUSDT", "ETHUSDT", "XRPUSDT"), 3)
    assert Counter(bill["symbol"] for bill in bills) == {**eights, "DOGEUSDT": 6}
