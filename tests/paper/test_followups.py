"""What a trigger places when it is reached: an order whose client id is the trigger's order id, and its fees."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from paper_account import BTC, USDT_M, PaperAccount

Placed = Callable[[PaperAccount], str]


def near(account: PaperAccount, ratio: str, places: str = "0.1") -> str:
    """A price that is sure to be reached within days."""
    return str((account.last() * Decimal(ratio)).quantize(Decimal(places)))


def futures_plan(**more: str) -> Placed:
    def place(account: PaperAccount) -> str:
        words = {"planType": "normal_plan", "marginMode": "crossed", "orderType": "market", "side": "buy"}
        words |= {"size": "0.1", "triggerPrice": near(account, "0.999"), "triggerType": "fill_price"}
        return str(account.post("mix/order/place-plan-order", **{**words, **BTC, **more})["orderId"])

    return place


def futures_exit(**more: str) -> Placed:
    def place(account: PaperAccount) -> str:
        account.order("buy", "0.1")
        words = {"holdSide": "buy", "triggerPrice": near(account, "0.999"), "triggerType": "fill_price", **more}
        return str(account.post("mix/order/place-tpsl-order", **words, **BTC)["orderId"])

    return place


def futures_preset(account: PaperAccount) -> str:
    account.order("buy", "0.1", presetStopLossPrice=near(account, "0.999"))
    (row,) = account.get("mix/order/orders-plan-pending", planType="profit_loss", **USDT_M)["entrustedList"]
    return str(row["orderId"])


def spot_plan(**more: str) -> Placed:
    def place(account: PaperAccount) -> str:
        words = {"symbol": "BTCUSDT", "side": "sell", "orderType": "market", "triggerType": "fill_price"}
        words |= {"size": "0.1", "triggerPrice": near(account, "0.999", "0.01"), "planType": "amount", **more}
        return str(account.post("spot/trade/place-plan-order", **words)["orderId"])

    return place


def spot_stop(account: PaperAccount) -> str:
    words = {"tpslType": "tpsl", "triggerPrice": near(account, "0.999", "0.01")}
    return str(account.spot("sell", "0.1", **words)["orderId"])


def spot_preset(account: PaperAccount) -> str:
    account.spot("buy", "1000", presetStopLossPrice=near(account, "0.999", "0.01"))
    (row,) = account.get("spot/trade/unfilled-orders", tpslType="tpsl")
    return str(row["orderId"])


FUTURES = {
    "a trigger order": futures_plan(),
    "with a client id of its own": futures_plan(clientOid="mine"),
    "a trailing order": futures_plan(planType="track_plan", callbackRatio="0.1"),
    "a sized stop": futures_exit(planType="loss_plan", size="0.05"),
    "a stop of the whole position": futures_exit(planType="pos_loss"),
    "a trailing stop": futures_exit(planType="moving_plan", size="0.1", rangeRate="0.1"),
    "a stop that came with the order": futures_preset,
}
SPOT = {
    "a trigger order": spot_plan(),
    "with a client id of its own": spot_plan(clientOid="mine"),
    "a purchase": spot_plan(side="buy", size="500", planType="total"),
    "a stop": spot_stop,
    "a stop that came with the purchase": spot_preset,
}


def follow_up(rows: list[Any], plan: str) -> Any:
    """The one order that names the plan, as clients look for it: in the list of past orders."""
    (row,) = [each for each in rows if each["clientOid"] == plan]
    assert row["orderId"] != plan
    assert row["status"] == "filled"
    return row


@pytest.mark.parametrize("kind", FUTURES)
def test_a_futures_order_that_was_set_off_names_its_plan_and_its_fees_are_told(kind: str) -> None:
    account = PaperAccount().fund()
    plan = FUTURES[kind](account)
    account.later(days=6)
    row = follow_up(account.get("mix/order/orders-history", **USDT_M)["entrustedList"], plan)
    detail = account.get("mix/order/detail", symbol="BTCUSDT", clientOid=plan, **USDT_M)
    assert detail["orderId"] == row["orderId"]
    fills = account.get("mix/order/fills", orderId=row["orderId"], **USDT_M)["fillList"]
    assert sum(Decimal(fill["baseVolume"]) for fill in fills) == Decimal(row["baseVolume"])
    paid = sum(Decimal(fill["feeDetail"][0]["totalFee"]) for fill in fills)
    assert paid == Decimal(row["fee"]) < 0


@pytest.mark.parametrize("kind", SPOT)
def test_a_spot_order_that_was_set_off_names_its_plan_and_its_fees_are_told(kind: str) -> None:
    account = PaperAccount()
    plan = SPOT[kind](account)
    account.later(days=6)
    row = follow_up(account.get("spot/trade/history-orders"), plan)
    assert account.get("spot/trade/orderInfo", clientOid=plan)[0]["orderId"] == row["orderId"]
    fills = account.get("spot/trade/fills", symbol="BTCUSDT", orderId=row["orderId"])
    assert sum(Decimal(fill["size"]) for fill in fills) == Decimal(row["baseVolume"])
    assert sum(Decimal(fill["feeDetail"]["totalFee"]) for fill in fills) < 0
