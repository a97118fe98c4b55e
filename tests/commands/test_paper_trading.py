"""The trading commands on the paper exchange: orders placed, seen, filled, closed, with the real client all the way."""

from __future__ import annotations

import pytest
from doubles import Bitget


@pytest.fixture
def paper(rich: Bitget) -> Bitget:
    assert rich("paper clock --set 2026-03-01T12:00").status == 0
    assert rich("-p paper account transfer USDT 50000 --from spot --to usdt-futures").status == 0
    return rich


def price(paper: Bitget) -> float:
    return float(paper("-p paper market price BTCUSDT --json").json["markPrice"])


@pytest.mark.parametrize("mode", ["one-way", "hedge"])
def test_a_long_is_opened_protected_and_closed(paper: Bitget, mode: str) -> None:
    assert paper(f"-p paper account position-mode {mode}").status == 0
    placed = paper("-p paper order buy BTCUSDT 0.02 --json").json
    assert placed["outcome"] == "placed"
    assert paper(f"-p paper order show {placed['orderId']} --json").json["state"] == "filled"
    assert paper(f"-p paper order show {placed['clientOid']} --json").json["orderId"] == placed["orderId"]
    (held,) = paper("-p paper position list --json").json
    assert (held["holdSide"], held["total"]) == ("long", "0.02")
    assert paper("-p paper plan tpsl BTCUSDT --tp 900000 --sl 1000").status == 0
    assert len(paper("-p paper plan list --kind tpsl --json").json) == 2
    assert paper("-p paper order sell BTCUSDT 0.005 --close").status == 0
    assert paper("-p paper position close BTCUSDT --percent 50").status == 0
    assert paper("-p paper position show BTCUSDT --json").json[0]["total"] == "0.0075"
    assert paper("-p paper position close BTCUSDT").status == 0
    assert paper("-p paper position list --json").json == []
    assert len(paper("-p paper position history --json").json) == 1


def test_a_limit_order_waits_changes_and_goes(paper: Bitget) -> None:
    low = int(price(paper)) - 2000
    placed = paper(f"-p paper order buy BTCUSDT 0.01 --price {low} --client-oid first --json").json
    assert [row["orderId"] for row in paper("-p paper order list --json").json] == [placed["orderId"]]
    changed = paper(f"-p paper order modify first --price {low + 10} --json").json
    assert changed["outcome"] == "placed"
    (there,) = paper("-p paper order list --json").json
    assert float(there["price"]) == low + 10
    assert paper(f"-p paper order cancel {there['orderId']}").status == 0
    assert paper("-p paper order list --json").json == []
    for market in ("", "--symbol BTCUSDT"):
        ran = paper(f"-p paper order cancel {there['orderId']} --json {market}")
        assert (ran.status, ran.json["outcome"], ran.json["orderId"]) == (0, "cancelled", there["orderId"])


def test_an_order_that_is_not_there_keeps_nobody_from_cancelling_the_others(paper: Bitget) -> None:
    low = int(price(paper)) - 2000
    for name in ("a", "b"):
        assert paper(f"-p paper order buy BTCUSDT 0.01 --price {low} --client-oid {name}").status == 0
    dry = paper("-p paper order cancel a nope b --dry-run")
    assert dry.status == 0
    assert "no order nope" in dry.err
    ran = paper("-p paper order cancel a nope b --json")
    assert ran.status == 8
    assert [row["outcome"] for row in ran.json] == ["cancelled", "cancelled", "rejected"]
    assert "no order nope" in ran.err
    assert paper("-p paper order list --json").json == []


def test_trigger_orders_of_every_kind_are_listed_changed_and_cancelled(paper: Bitget) -> None:
    low = int(price(paper)) - 2000
    assert paper(f"-p paper plan buy BTCUSDT 0.01 --trigger {low} --client-oid t1").status == 0
    assert paper(f"-p paper plan buy BTCUSDT 0.01 --trigger {low} --callback 1 --client-oid t2").status == 0
    assert {row["planType"] for row in paper("-p paper plan list --json").json} == {"normal_plan", "track_plan"}
    assert paper(f"-p paper plan modify t1 --trigger {low - 100}").status == 0
    assert float(paper("-p paper plan show t1 --json").json["triggerPrice"]) == low - 100
    assert paper("-p paper plan cancel t1").status == 0
    assert paper("-p paper plan cancel-all").status == 0
    assert paper("-p paper plan list --json").json == []


def test_spot_is_bought_by_money_and_sold_by_size(paper: Bitget) -> None:
    assert paper("-p paper order buy BTC/USDT --quote 1000").status == 0
    assert paper("-p paper order sell BTC/USDT 0.001").status == 0
    assert len(paper("-p paper order history --product spot --json").json) == 2
    assert paper("-p paper order fills BTC/USDT --json").json


SPOT_PLAN = "-p paper api spot.trade.place-plan-order symbol=BTCUSDT triggerType=fill_price triggerPrice={} "


@pytest.mark.parametrize(
    ("words", "size", "kind"),
    [
        ("side=buy orderType=market size=0.02", "0.02", "amount"),
        ("side=buy orderType=market size=0.02 planType=amount", "0.02", "amount"),
        ("side=buy orderType=market size=900 planType=total", "900", "total"),
        ("side=buy orderType=limit executePrice={price} size=0.02", "0.02", "amount"),
    ],
)
def test_what_a_spot_plan_s_size_counts_is_coins_unless_said_otherwise(
    paper: Bitget, words: str, size: str, kind: str
) -> None:
    trigger = int(price(paper))
    ran = paper((SPOT_PLAN + words).format(trigger, price=trigger + 500))
    assert ran.status == 0, ran.err
    (waiting,) = paper("-p paper plan list --product spot --json").json
    assert (waiting["planType"], waiting["size"]) == (kind, size)
    assert paper("paper clock --advance 4d").status == 0
    (order,) = paper("-p paper order history --product spot --json").json
    assert order["status"] == "filled"
    if kind == "amount":
        assert float(order["baseVolume"]) == 0.02
    assert all(parts["sum"] == "0" for parts in paper("paper status --json").json["conservation"].values())


def test_a_spot_plan_becomes_one_at_the_market_and_buys_the_same_coins(paper: Bitget) -> None:
    trigger = int(price(paper))
    made = paper((SPOT_PLAN + "side=buy orderType=limit executePrice=1000 size=0.02").format(trigger) + " --json")
    changed = f"orderId={made.json['response']['orderId']} triggerPrice={trigger} orderType=market size=0.03"
    assert paper(f"-p paper api spot.trade.modify-plan-order {changed}").status == 0
    assert paper("paper clock --advance 4d").status == 0
    (order,) = paper("-p paper order history --product spot --json").json
    assert float(order["baseVolume"]) == 0.03


def test_a_batch_says_what_became_of_each_line(paper: Bitget) -> None:
    low = int(price(paper)) - 2000
    file = f"symbol,side,size,price\nBTCUSDT,buy,0.01,{low}\nBTCUSDT,buy,0.02,{low - 1}\nBTC/USDT,buy,0.01,{low}\n"
    ran = paper("-p paper order batch - --json", typed=file)
    assert ran.status == 0, ran.err
    assert [row["outcome"] for row in ran.json] == ["placed"] * 3
    assert len(paper("-p paper order list --json").json) == 2
    assert paper("-p paper order cancel-all").status == 0
    assert paper("-p paper order cancel-all --product spot").status == 0
    assert paper("-p paper order list --json").json == []


def test_money_is_deposited_from_outside(bitget: Bitget) -> None:
    before = float(bitget("-p paper account balance USDT --product spot --json").json["available"])
    assert bitget("paper deposit usdt 123.5 --json").json["response"] == {"coin": "USDT", "amount": "123.5"}
    after = float(bitget("-p paper account balance USDT --product spot --json").json["available"])
    assert after == before + 123.5


@pytest.mark.parametrize(("coin", "amount"), [("NOSUCH", "1"), ("x y", "1"), ("USDT", "0"), ("USDT", "1e3")])
def test_only_coins_there_are_can_be_deposited(bitget: Bitget, coin: str, amount: str) -> None:
    assert bitget(["paper", "deposit", coin, amount]).status == 2
