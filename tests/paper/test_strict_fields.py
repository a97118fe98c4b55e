"""Fields that Bitget really sends and a client that checks every one of them waits for."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from paper_account import BTC, USDT_M, PaperAccount
from paper_watcher import Watcher, login


@pytest.fixture(scope="module")
def account() -> PaperAccount:
    account = PaperAccount().fund()
    account.spot("buy", "1000")
    account.spot("sell", "0.001", tpslType="tpsl", triggerPrice=str(int(account.last() * 2)))
    (stop,) = account.get("spot/trade/unfilled-orders", tpslType="tpsl")
    account.post("spot/trade/cancel-order", symbol="BTCUSDT", tpslType="tpsl", orderId=stop["orderId"])
    account.order("buy", "0.1")
    account.order("sell", "0.05")
    account.order("buy", "0.01", marginMode="crossed", presetStopLossPrice=str(int(account.last() * Decimal("0.9"))))
    account.exchange.deposit("USDT", Decimal(100))
    return account


def rows(account: PaperAccount, path: str, **given: str) -> list[Any]:
    answer = account.get(path, **given)
    held = answer if isinstance(answer, list) else answer.get("list") or answer.get("entrustedList") or [answer]
    assert held, answer
    return held


@pytest.mark.parametrize(
    ("path", "given", "names"),
    [
        ("spot/account/bills", {}, "bizOrderId"),
        ("spot/trade/history-orders", {}, "baseCoin quoteCoin"),
        ("spot/trade/history-orders", {"tpslType": "tpsl"}, "baseCoin quoteCoin"),
        ("spot/public/symbols", {}, "maxLimitOrderValue maxMarketOrderValue"),
        ("mix/account/account", BTC, "grant isolatedMargin crossedMargin"),
        ("mix/account/accounts", USDT_M, "grant isolatedMargin crossedMargin"),
        ("mix/market/exchange-rate", {}, "exchangeRateList excahngeRateList"),
        ("mix/order/orders-plan-pending", USDT_M | {"planType": "profit_loss"}, "orderSource"),
    ],
)
def test_every_row_has_them(account: PaperAccount, path: str, given: dict[str, str], names: str) -> None:
    for row in rows(account, path, **given):
        assert set(names.split()) <= set(row)


def test_a_single_order_tells_as_much_as_the_lists(account: PaperAccount) -> None:
    past = rows(account, "spot/trade/history-orders")[0]
    assert account.get("spot/trade/orderInfo", orderId=past["orderId"])[0] == past
    future = rows(account, "mix/order/orders-history", **USDT_M)[0]
    assert account.detail(future)["newTradeSide"] is None


def test_a_bill_names_the_order_the_transfer_or_the_deposit_it_is_of(account: PaperAccount) -> None:
    # The newest of each kind.
    bills = {row["businessType"]: row["bizOrderId"] for row in reversed(account.get("spot/account/bills"))}
    (bought,) = account.get("spot/trade/history-orders")
    (moved,) = account.get("spot/account/transferRecords", coin="USDT", fromType="spot")
    assert bills["BUY"] == bought["orderId"]
    assert moved["transferId"] in bills.values()
    times = {"startTime": "1772000000000", "endTime": "1773000000000"}
    assert bills["DEPOSIT"] in {row["orderId"] for row in account.get("spot/wallet/deposit-records", **times)}


def test_the_margin_of_each_mode_is_that_of_the_positions(account: PaperAccount) -> None:
    one = account.get("mix/account/account", **BTC)
    same = account.futures()
    assert Decimal(one["crossedMargin"]) == Decimal(same["crossedMargin"]) > 0
    assert one["isolatedMargin"] == same["isolatedMargin"] == "0"


def test_no_number_is_null_and_no_text(account: PaperAccount) -> None:
    """A client that checks takes neither for the other."""
    futures = account.futures()
    assert [futures[name] for name in ("unionTotalMargin", "unionAvailable", "unionMm")] == ["0", "0", "0"]
    assert futures["assetList"] == []
    (stop,) = rows(account, "mix/order/orders-plan-pending", planType="profit_loss", **USDT_M)
    legs = [stop[f"stop{leg}{part}"] for leg in ("Surplus", "Loss") for part in ("TriggerPrice", "ExecutePrice")]
    assert all(isinstance(text, str) for text in legs)


def test_a_past_position_tells_its_dividends() -> None:
    account = PaperAccount().fund()
    for side in ("buy", "sell"):
        account.order(side, "0.1")
    (past,) = account.get("mix/position/history-position", **USDT_M)["list"]
    assert past["cashDividend"] == "0"


@pytest.mark.parametrize(
    ("side", "given", "code"),
    [
        ("buy", {"size": "5000001"}, "45113"),
        ("buy", {"size": "4999999"}, None),
        ("buy", {"size": "400", "price": "0.99"}, "45113"),
        ("buy", {"size": "250", "price": "0.99"}, None),
        ("sell", {"size": "90"}, "45113"),
        ("sell", {"size": "60"}, None),
    ],
)
def test_no_spot_order_is_worth_more_than_its_symbol_says(side: str, given: dict[str, str], code: str | None) -> None:
    account = PaperAccount()
    account.exchange.deposit("USDT", Decimal(90_000_000))
    account.exchange.deposit("BTC", Decimal(100))
    terms = dict(given)
    if "price" in terms:
        terms["price"] = str(int(account.last() * Decimal(terms["price"])))
    answer = account.spot(side, **terms)
    assert answer == code if code else answer["orderId"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"api_key": "paper-key"}, 0),
        ({"apiKey": "paper-key"}, 0),
        ({"apiKey": "paper-key", "api_key": "another"}, 0),
        ({"apiKey": "another", "api_key": "paper-key"}, 30011),
        ({"api_key": "another"}, 30011),
        ({}, 30011),
    ],
)
def test_a_login_names_its_key_in_either_spelling(words: dict[str, str], code: int) -> None:
    """Bitget's own Python client says `api_key`."""
    watcher = Watcher(PaperAccount())
    frame = json.loads(login(str(int(watcher.account.wall.timestamp()))))
    del frame["args"][0]["apiKey"]
    frame["args"][0] |= words
    (answer,) = watcher.say(frame)
    assert answer["code"] == code
