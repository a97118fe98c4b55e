"""Trigger, trailing, take-profit and stop-loss orders of futures, and when they trigger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import strategies as st
from paper_account import BTC, NOON, USDT_M, PaperAccount
from rules import law

from bitget_cli.paper.engine.timeline import TrailingStop
from bitget_cli.paper.instruments import instrument
from bitget_cli.paper.prices.markets import PricePaths
from bitget_cli.values import Product

START = int(NOON.timestamp()) * 1000


@pytest.fixture
def account() -> PaperAccount:
    return PaperAccount().fund()


def at(account: PaperAccount, ratio: str) -> str:
    return str((account.last() * Decimal(ratio)).quantize(Decimal("0.1")))


def plan(account: PaperAccount, side: str, trigger: str, **more: str) -> Any:
    words = {"planType": "normal_plan", "marginMode": "crossed", "orderType": "market", "triggerType": "fill_price"}
    words |= {"side": side, "size": "0.1", "triggerPrice": trigger} | more
    return account.post("mix/order/place-plan-order", **words, **BTC)


def waiting(account: PaperAccount, kind: str = "profit_loss") -> list[Any]:
    return account.get("mix/order/orders-plan-pending", planType=kind, **USDT_M)["entrustedList"] or []


def past(account: PaperAccount, kind: str = "profit_loss") -> list[Any]:
    return account.get("mix/order/orders-plan-history", planType=kind, **USDT_M)["entrustedList"] or []


@pytest.mark.parametrize("by", ["fill_price", "mark_price"])
@pytest.mark.parametrize(("side", "ratio"), [("buy", "0.995"), ("sell", "1.005"), ("buy", "1.005")])
def test_a_trigger_places_its_order_when_the_price_gets_there(
    account: PaperAccount, side: str, ratio: str, by: str
) -> None:
    trigger = at(account, ratio)
    placed = plan(account, side, trigger, triggerType=by)
    account.later(days=6)
    (row,) = past(account, "normal_plan")
    assert (row["orderId"], row["planStatus"]) == (placed["orderId"], "executed")
    order = account.detail({"orderId": row["executeOrderId"]})
    assert (order["state"], order["side"], order["baseVolume"]) == ("filled", side, "0.1")
    assert abs(Decimal(order["priceAvg"]) / Decimal(trigger) - 1) < Decimal("0.002")
    sub = account.get("mix/order/plan-sub-order", planType="normal_plan", planOrderId=placed["orderId"], **USDT_M)
    assert sub[0]["orderId"] == row["executeOrderId"]


def test_a_plan_whose_order_is_refused_fails_and_says_so(account: PaperAccount) -> None:
    plan(account, "buy", at(account, "0.995"), size="200")
    account.later(days=6)
    assert past(account, "normal_plan")[0]["planStatus"] == "fail_execute"
    assert account.position() == []


def test_plans_are_changed_and_cancelled_one_by_one_or_all(account: PaperAccount) -> None:
    one = plan(account, "buy", at(account, "0.9"), orderType="limit", price=at(account, "0.89"), clientOid="p")
    plan(account, "buy", at(account, "0.9"), planType="track_plan", callbackRatio="1")
    assert plan(account, "buy", at(account, "0.9"), clientOid="p") == "45034"
    account.post("mix/order/modify-plan-order", orderId=one["orderId"], newSize="0.2", **USDT_M)
    (row,) = waiting(account, "normal_plan")
    assert (row["size"], row["executePrice"]) == ("0.2", at(account, "0.89"))
    account.post("mix/order/cancel-plan-order", orderIdList=[{"orderId": one["orderId"]}], **BTC)
    assert past(account, "normal_plan")[0]["planStatus"] == "cancelled"
    assert len(waiting(account, "track_plan")) == 1
    account.post("mix/order/cancel-plan-order", planType="track_plan", **BTC)
    assert waiting(account, "track_plan") == []
    refused = account.post("mix/order/cancel-plan-order", orderIdList=[{"orderId": one["orderId"]}], **BTC)
    assert refused["failureList"][0]["errorMsg"] == "Plan order does not exist"
    assert account.post("mix/order/modify-plan-order", orderId="1", newSize="0.2", **USDT_M) == "43025"


def test_presets_guard_the_whole_position_and_go_with_it(account: PaperAccount) -> None:
    exits = {"presetStopSurplusPrice": at(account, "1.1"), "presetStopLossPrice": at(account, "0.9")}
    account.order("buy", "0.5", **exits)
    (position,) = account.position()
    assert [Decimal(position[name]) for name in ("takeProfit", "stopLoss")] == list(map(Decimal, exits.values()))
    assert {row["planType"] for row in waiting(account)} == {"pos_profit", "pos_loss"}
    account.order("sell", "0.5")
    assert waiting(account) == []
    assert {row["planStatus"] for row in past(account)} == {"cancelled"}


def test_one_of_two_exits_closes_the_position_and_the_other_is_lifted(account: PaperAccount) -> None:
    account.order("buy", "0.5")
    both = {"stopSurplusTriggerPrice": at(account, "1.01"), "stopLossTriggerPrice": at(account, "0.99")}
    answer = account.post("mix/order/place-pos-tpsl", holdSide="buy", **both, **BTC)
    assert len(answer) == 2
    account.later(days=6)
    assert account.position() == []
    assert sorted(row["planStatus"] for row in past(account)) == ["cancelled", "executed"]
    order = account.get("mix/order/orders-history", limit="1", **USDT_M)["entrustedList"][0]
    assert order["orderSource"] in ("pos_profit_market", "pos_loss_market")


@pytest.mark.parametrize(
    ("side", "hold", "kind", "ratio", "code"),
    [
        ("buy", "long", "profit_plan", "0.99", "40830"),
        ("buy", "long", "loss_plan", "1.01", "40834"),
        ("sell", "short", "profit_plan", "1.01", "40832"),
        ("sell", "short", "loss_plan", "0.99", "40836"),
        ("sell", "long", "loss_plan", "0.99", "40837"),
    ],
)
def test_exits_on_the_wrong_side_of_the_price_are_refused(
    account: PaperAccount, side: str, hold: str, kind: str, ratio: str, code: str
) -> None:
    account.order(side, "0.5")
    words = {"planType": kind, "holdSide": hold, "size": "0.1", "triggerPrice": at(account, ratio)}
    assert account.post("mix/order/place-tpsl-order", **words, **BTC) == code


@pytest.mark.parametrize(
    ("side", "words", "code"),
    [
        ("buy", {"stopLossTriggerPrice": "0.98"}, "40833"),
        ("buy", {"stopSurplusTriggerPrice": "0.96"}, "40830"),
        ("sell", {"stopLossTriggerPrice": "0.96"}, "40835"),
        ("sell", {"stopSurplusTriggerPrice": "0.98"}, "40831"),
        ("buy", {"orderType": "limit", "price": "0.96", "stopLossTriggerPrice": "0.965"}, "40833"),
    ],
)
def test_exits_attached_to_a_trigger_are_held_against_it(
    account: PaperAccount, side: str, words: dict[str, str], code: str
) -> None:
    """The trigger is at 0.97 of the price: what lies between the two is the wrong side all the same."""
    given = {name: value if name == "orderType" else at(account, value) for name, value in words.items()}
    assert plan(account, side, at(account, "0.97"), **given) == code
    assert waiting(account, "normal_plan") == []


def test_a_trigger_does_not_move_past_its_own_exits(account: PaperAccount) -> None:
    placed = plan(account, "buy", at(account, "0.97"), stopLossTriggerPrice=at(account, "0.96"))
    words = {"orderId": placed["orderId"], **USDT_M}
    assert account.post("mix/order/modify-plan-order", newTriggerPrice=at(account, "0.95"), **words) == "40833"
    assert Decimal(waiting(account, "normal_plan")[0]["triggerPrice"]) == Decimal(at(account, "0.97"))


def test_a_partial_exit_takes_no_more_than_its_size_and_can_be_moved(account: PaperAccount) -> None:
    account.order("buy", "0.5")
    words = {"planType": "loss_plan", "holdSide": "long", "triggerPrice": at(account, "0.9")}
    assert account.post("mix/order/place-tpsl-order", size="0.6", **words, **BTC) == "43023"
    exit_ = account.post("mix/order/place-tpsl-order", size="0.2", **words, **BTC)
    moved = {"triggerPrice": at(account, "0.995"), "size": "0.3", "orderId": exit_["orderId"]}
    account.post("mix/order/modify-tpsl-order", **moved, **BTC)
    account.later(days=6)
    assert account.position()[0]["total"] == "0.2"


def test_a_trailing_exit_follows_the_price(account: PaperAccount) -> None:
    account.order("buy", "0.5")
    words = {"planType": "moving_plan", "holdSide": "long", "triggerPrice": at(account, "1.001"), "rangeRate": "0.5"}
    account.post("mix/order/place-tpsl-order", size="0.5", **words, **BTC)
    account.later(days=6)
    assert account.position() == []
    (row,) = past(account)
    assert (row["planType"], row["planStatus"]) == ("moving_plan", "executed")


@law(
    few=25,
    many=60,
    seed=st.integers(1, 5),
    begins=st.integers(0, 10**8),
    milliseconds=st.integers(0, 3_600_000),
    callback=st.integers(2, 120),
    falling=st.booleans(),
)
def test_trailing_turns_where_a_walk_over_the_tape_does(
    seed: int, begins: int, milliseconds: int, callback: int, falling: bool
) -> None:
    market = instrument(Product.USDT_FUTURES, "SOLUSDT")
    assert market is not None
    path = PricePaths(seed).traded(market)
    after = START + begins
    until = after + milliseconds
    extreme = path.last(after).price
    trail = TrailingStop(path, falling, callback, extreme)
    turned = trail.first_turn(after, until)
    expected = None
    for second in range(after // 1000, until // 1000 + 1):
        for trade in path.second(second):
            if expected is None and after < trade.time <= until:
                extreme = max(extreme, trade.price) if falling else min(extreme, trade.price)
                back = (extreme - trade.price) if falling else (trade.price - extreme)
                if back * 10_000 >= extreme * callback:
                    expected = trade.time
    assert (turned, trail.extreme) == (expected, extreme)


def test_as_many_plans_as_there_may_be_can_still_be_changed(account: PaperAccount) -> None:
    words = {"planType": "normal_plan", "marginMode": "crossed", "side": "buy", "orderType": "market", "size": "0.01"}
    low = str(int(account.last() * Decimal("0.5")))
    words |= {"triggerPrice": low, "triggerType": "fill_price"}
    placed = [account.post("mix/order/place-plan-order", **words, **BTC) for _ in range(201)]
    assert placed[-1] == "40889"
    assert account.post("mix/order/modify-plan-order", newSize="0.02", orderId=placed[0]["orderId"], **BTC) == placed[0]
