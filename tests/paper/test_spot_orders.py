"""Spot orders of the paper exchange, as Bitget's answers show them."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from paper_account import PaperAccount


def held(account: PaperAccount, coin: str) -> tuple[Decimal, Decimal]:
    row = account.get("spot/account/assets", coin=coin)[0]
    return Decimal(row["available"]), Decimal(row["frozen"])


def price(account: PaperAccount, ratio: str) -> str:
    last = Decimal(account.get("spot/market/tickers", symbol="BTCUSDT")[0]["lastPr"])
    return str((last * Decimal(ratio)).quantize(Decimal("0.01")))


def info(account: PaperAccount, order: Any) -> Any:
    return account.get("spot/trade/orderInfo", orderId=order["orderId"])[0]


def test_a_market_buy_spends_quote_coin_and_pays_its_fee_in_base_coin() -> None:
    account = PaperAccount()
    row = info(account, account.spot("buy", "1000"))
    fill = account.get("spot/trade/fills")[0]
    bought, fee = Decimal(row["baseVolume"]), Decimal(fill["feeDetail"]["totalFee"])
    assert row["status"] == "filled"
    assert -fee == bought * Decimal("0.001")
    assert held(account, "BTC") == (1 + bought + fee, 0)
    assert held(account, "USDT") == (100_000 - Decimal(row["quoteVolume"]), 0)
    assert json.loads(row["feeDetail"])["BTC"]["totalFee"] == float(fee)


def test_a_resting_order_freezes_its_money_until_it_is_cancelled() -> None:
    account = PaperAccount()
    limit = price(account, "0.98")
    order = account.spot("buy", "0.5", price=limit)
    assert held(account, "USDT")[1] == Decimal(limit) / 2
    pending = account.get("spot/trade/unfilled-orders")[0]
    assert (pending["status"], pending["priceAvg"]) == ("live", limit)
    account.post("spot/trade/cancel-order", symbol="BTCUSDT", **order)
    assert held(account, "USDT") == (100_000, 0)
    assert info(account, order)["status"] == "cancelled"


def test_an_order_is_found_filled_at_the_second_its_price_was_crossed() -> None:
    account = PaperAccount()
    order = account.spot("buy", "0.5", price=price(account, "0.995"))
    account.later(days=3)
    row = info(account, order)
    fill = account.get("spot/trade/fills")[-1]
    assert row["status"] == "filled"
    assert fill["tradeScope"] == "maker"
    assert int(fill["cTime"]) < account.wall.timestamp() * 1000 + 3 * 86_400_000


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"size": "100", "price": "0.99"}, "43012"),
        ({"size": "0.00001", "price": "0.99"}, "45110"),
        ({"size": "0.0000001", "price": "0.99"}, "40808"),
        ({"size": "0.01", "price": "1.2"}, "43009"),
        ({"size": "x", "price": "0.99"}, "40020"),
        ({"size": "0.01", "price": "0.99", "force": "day"}, "40020"),
    ],
)
def test_orders_that_break_a_rule_are_refused_with_bitgets_code(given: dict[str, str], code: str) -> None:
    account = PaperAccount()
    given["price"] = price(account, given["price"])
    assert account.spot("buy", **given) == code
    assert held(account, "USDT") == (100_000, 0)


def test_a_client_id_is_refused_while_its_first_order_is_open_and_taken_again_after() -> None:
    account = PaperAccount()
    order = account.spot("buy", "0.1", price=price(account, "0.9"), clientOid="mine")
    assert account.spot("buy", "0.1", price=price(account, "0.9"), clientOid="mine") == "40786"
    account.post("spot/trade/cancel-order", symbol="BTCUSDT", **order)
    assert account.spot("buy", "0.1", price=price(account, "0.9"), clientOid="mine")["clientOid"] == "mine"


@pytest.mark.parametrize(
    ("force", "ratio", "status"),
    [
        ("post_only", "1.01", "cancelled"),
        ("post_only", "0.99", "live"),
        ("ioc", "0.99", "cancelled"),
        ("ioc", "1.01", "filled"),
        ("fok", "1.01", "filled"),
        ("gtc", "1.01", "filled"),
    ],
)
def test_time_in_force(force: str, ratio: str, status: str) -> None:
    account = PaperAccount()
    order = account.spot("buy", "0.1", price=price(account, ratio), force=force)
    assert info(account, order)["status"] == status


def test_fill_or_kill_takes_nothing_of_a_book_that_is_too_thin() -> None:
    account = PaperAccount()
    account.exchange.deposit("USDT", Decimal(10_000_000))
    touch = account.get("spot/market/tickers", symbol="BTCUSDT")[0]["askPr"]
    row = info(account, account.spot("buy", "100", price=touch, force="fok"))
    assert (row["status"], Decimal(row["baseVolume"])) == ("cancelled", 0)
    row = info(account, account.spot("buy", "100", price=touch, force="ioc"))
    assert row["status"] == "cancelled"
    assert 0 < Decimal(row["baseVolume"]) < 100


def test_a_batch_takes_what_it_can_and_says_why_not_the_rest() -> None:
    account = PaperAccount()
    row = {"side": "buy", "orderType": "limit", "force": "gtc", "size": "0.01", "price": price(account, "0.9")}
    answer = account.post("spot/trade/batch-orders", symbol="BTCUSDT", orderList=[row, row | {"size": "9999"}])
    assert len(answer["successList"]) == 1
    assert answer["failureList"][0]["errorCode"] == "43012"
    assert len(account.get("spot/trade/unfilled-orders")) == 1
    assert account.post("spot/trade/cancel-symbol-order", symbol="BTCUSDT") == {"symbol": "BTCUSDT"}
    assert account.get("spot/trade/unfilled-orders") == []


def test_replacing_an_order_moves_it() -> None:
    account = PaperAccount()
    order = account.spot("buy", "0.1", price=price(account, "0.9"))
    wanted = {"symbol": "BTCUSDT", "price": price(account, "0.95"), "size": "0.2", "orderId": order["orderId"]}
    new = account.post("spot/trade/cancel-replace-order", **wanted)
    assert [row["orderId"] for row in account.get("spot/trade/unfilled-orders")] == [new["orderId"]]


def test_a_plan_buys_when_its_trigger_is_reached() -> None:
    account = PaperAccount()
    trigger = price(account, "0.995")
    given = {"symbol": "BTCUSDT", "side": "buy", "orderType": "market", "triggerType": "fill_price", "size": "500"}
    plan = account.post("spot/trade/place-plan-order", triggerPrice=trigger, planType="total", **given)
    assert account.get("spot/trade/current-plan-order")["orderList"][0]["orderId"] == plan["orderId"]
    account.later(days=3)
    past = account.get("spot/trade/history-plan-order")["orderList"][0]
    assert past["status"] == "executed"
    assert info(account, {"orderId": past["executeOrderId"]})["status"] == "filled"
    assert account.get("spot/trade/plan-sub-order", planOrderId=plan["orderId"])[0]["status"] == "success"


def test_lists_are_paged_by_id_without_a_gap_or_a_repetition() -> None:
    account = PaperAccount()
    placed = [account.spot("buy", "10")["orderId"] for _ in range(7)]
    seen: list[str] = []
    below = {}
    while rows := account.get("spot/trade/history-orders", limit="3", **below):
        seen += [row["orderId"] for row in rows]
        below = {"idLessThan": seen[-1]}
    assert seen == placed[::-1]


def test_another_process_sees_the_order_and_a_reset_forgets_it(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    one, two = PaperAccount(path), PaperAccount(path)
    order = one.spot("buy", "0.1", price=price(one, "0.9"))
    assert info(two, order)["status"] == "live"
    two.post("spot/trade/cancel-order", symbol="BTCUSDT", **order)
    assert info(one, order)["status"] == "cancelled"
    one.store.reset()
    assert two.get("spot/trade/history-orders") == []
    assert one.get("spot/trade/history-orders") == []


def test_a_purchase_is_guarded_by_its_exits_and_one_takes_the_other_away() -> None:
    account = PaperAccount()
    exits = {"presetTakeProfitPrice": price(account, "1.005"), "presetStopLossPrice": price(account, "0.995")}
    account.spot("buy", "1000", **exits)
    waiting = account.get("spot/trade/unfilled-orders", tpslType="tpsl")
    assert {Decimal(row["triggerPrice"]) for row in waiting} == set(map(Decimal, exits.values()))
    bought = Decimal(account.get("spot/trade/fills")[0]["size"])
    account.later(days=3)
    past = account.get("spot/trade/history-orders", tpslType="tpsl")
    assert sorted(row["status"] for row in past) == ["cancelled", "executed"]
    sold = account.get("spot/trade/fills")[0]
    assert sold["side"] == "sell"
    assert Decimal("0.998") * bought < Decimal(sold["size"]) < bought


def test_the_exits_of_a_purchase_on_the_wrong_side_are_refused() -> None:
    account = PaperAccount()
    wrong = [
        ({"presetTakeProfitPrice": "0.99"}, "40915"),
        ({"presetStopLossPrice": "1.01"}, "40917"),
        ({"price": "0.97", "presetTakeProfitPrice": "0.96"}, "40830"),
        ({"price": "0.97", "presetStopLossPrice": "0.98"}, "40833"),
    ]
    for ratios, code in wrong:
        given = {name: price(account, ratio) for name, ratio in ratios.items()}
        assert account.spot("buy", "0.1" if "price" in given else "1000", **given) == code, ratios
    assert account.get("spot/trade/fills") == []
    assert account.get("spot/trade/unfilled-orders") == []


def test_a_stop_by_itself_is_listed_and_cancelled_as_tpsl() -> None:
    account = PaperAccount()
    placed = account.spot("sell", "0.1", tpslType="tpsl", triggerPrice=price(account, "0.9"))
    assert account.get("spot/trade/unfilled-orders") == []
    assert account.get("spot/trade/unfilled-orders", tpslType="tpsl")[0]["orderId"] == placed["orderId"]
    account.post("spot/trade/cancel-order", symbol="BTCUSDT", tpslType="tpsl", orderId=placed["orderId"])
    assert account.get("spot/trade/unfilled-orders", tpslType="tpsl") == []


def test_exits_on_a_sale_are_refused_rather_than_forgotten() -> None:
    account = PaperAccount()
    assert account.spot("sell", "0.1", presetStopLossPrice=price(account, "1.1")) == "40404"
