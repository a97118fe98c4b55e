"""A day's trading on a paper account that is a unified one, with the commands of a classic one."""

from __future__ import annotations

from typing import Any

import pytest
from doubles import Bitget


@pytest.fixture
def typed(bitget: Bitget) -> Any:
    """Types a line on a unified paper account; what it answers."""
    assert bitget("paper reset --account unified --yes").status == 0

    def run(line: str, status: int = 0) -> Any:
        ran = bitget(f"-p paper {line} --json")
        assert ran.status == status, (line, ran.err)
        return ran.json if status == 0 else ran.failure

    return run


def held(typed: Any) -> list[tuple[str, str]]:
    return [(row["holdSide"], row["total"]) for row in typed("position list")]


def test_orders_and_positions_in_one_way_mode(typed: Any) -> None:
    order = typed("order buy BTCUSDT 0.02 --price 50000 --tp 70000 --sl 40000 --allow-far")
    assert typed(f"order modify {order['clientOid']} --price 50100 --allow-far")["orderId"] == order["orderId"]
    shown = typed(f"order show {order['orderId']}")
    assert (shown["price"], shown["presetStopSurplusPrice"], shown["accountKind"]) == ("50100", "70000", "unified")
    assert typed(f"order cancel {order['orderId']}")["outcome"] == "cancelled"
    typed("order buy BTCUSDT 0.02")
    typed("order sell BTCUSDT 0.005 --close")
    assert held(typed) == [("long", "0.015")]
    typed("position reverse BTCUSDT")
    assert held(typed) == [("short", "0.015")]
    typed("position close BTCUSDT --size 0.005")
    assert held(typed) == [("short", "0.01")]
    typed("position close-all")
    assert held(typed) == []


def test_both_sides_in_hedge_mode(typed: Any) -> None:
    typed("account position-mode hedge")
    typed("order buy BTCUSDT 0.02")
    typed("order sell BTCUSDT 0.03")
    assert held(typed) == [("long", "0.02"), ("short", "0.03")]
    typed("order sell BTCUSDT 0.01 --close")
    typed("position reverse BTCUSDT --side short")
    assert held(typed) == [("long", "0.04")]
    typed("position close BTCUSDT")
    assert held(typed) == []


def test_waiting_orders(typed: Any) -> None:
    typed("order buy BTCUSDT 0.02")
    waiting = typed("plan buy BTCUSDT 0.01 --trigger 50000 --client-oid mine")
    typed("plan modify mine --trigger 49000")
    (row,) = typed("plan list")
    assert (row["orderId"], row["triggerPrice"]) == (waiting["orderId"], "49000")
    typed("plan sell BTCUSDT 0.01 --trigger 70000 --callback 2 --close")
    typed("plan tpsl BTCUSDT --tp 90000 --sl 40000")
    # One order with both legs, in two rows.
    assert len(typed("plan list")) == 4
    assert {row["outcome"] for row in typed("plan cancel-all BTCUSDT")} == {"cancelled"}
    assert typed("plan list") == []


def test_pairs_and_orders_in_parts(typed: Any, bitget: Bitget) -> None:
    typed("order buy BTCUSDT 0.02")
    last = float(typed("market ticker BTCUSDT")["lastPr"])

    def at(ratio: float) -> int:
        return int(last * ratio)

    pair = typed(f"plan oco sell BTCUSDT 0.02 --price {at(1.002)} --trigger {at(0.99)}")
    slices = typed("plan twap buy BTC/USDT 0.01 --duration 2m --interval 20s --client-oid mine")
    hidden = typed(f"plan iceberg sell BTCUSDT 0.1 --show 0.04 --price {at(1.001)}")
    assert [row["planType"] for row in typed("plan list")] == ["iceberg", "oco"]
    assert len(typed("plan show mine")["orders"]) == 1
    assert [row["size"] for row in typed("order list")] == ["0.04"]
    assert typed("plan modify mine --size 0.02", 5)["error"] == "unavailable"
    bitget("paper clock --advance 1m")
    assert len(typed("plan show mine")["orders"]) == 4
    assert typed("plan cancel mine")["outcome"] == "cancelled"
    bitget("paper clock --advance 3d")
    assert {row["planType"]: row["planStatus"] for row in typed("plan history")} == {
        "oco": "executed",
        "iceberg": "executed",
    }
    parts = typed(f"plan show {hidden['orderId']}")["orders"]
    assert [f"{row['qty']} {row['status']}" for row in parts] == ["0.02 filled", "0.04 filled", "0.04 filled"]
    done = {row["orderId"] for row in typed("order history")}
    assert {row["orderId"] for row in parts} <= done
    assert {row["orderId"] for row in parts} <= {row["orderId"] for row in typed("order fills")}
    bought = typed("order fills BTC/USDT")
    assert len({row["orderId"] for row in bought}) == 4
    assert typed(f"plan show {slices['orderId']}")["status"] == "cancelled"
    assert typed(f"plan cancel {pair['orderId']}", 5)["outcome"] == "rejected"
    assert typed("plan list --kind oco") == typed("plan list --kind iceberg") == []


def test_settings_margin_and_transfers(typed: Any) -> None:
    typed("account leverage BTCUSDT 7")
    typed("account margin-mode BTCUSDT isolated")
    shown = typed("account show BTCUSDT")
    assert (shown["marginMode"], shown["isolatedLongLever"]) == ("isolated", "7")
    typed("order buy BTCUSDT 0.01")
    before = typed("position show BTCUSDT")[0]
    assert before["marginMode"] == "isolated"
    typed("account margin BTCUSDT --add 10")
    assert float(typed("position show BTCUSDT")[0]["marginSize"]) == pytest.approx(float(before["marginSize"]) + 10)
    assert typed("account margin-mode BTCUSDT crossed", 5)["code"] == "25107"
    assert typed("account transfer USDT 10 --from spot --to usdt-futures")["response"] is None
    typed("account transfer USDT 10 --from spot --to funding")
    (moved,) = (row for row in typed("account transfers USDT") if row["fromType"] == "uta")
    assert moved["size"] == "10"


def test_spot_and_a_batch(typed: Any, bitget: Bitget) -> None:
    typed("order buy BTC/USDT --quote 1000")
    typed("order sell BTC/USDT 0.005")
    lines = "symbol,side,size,price\n" + "BTCUSDT,buy,0.01,50000\n" * 2 + "BTC/USDT,buy,0.001,50000\n"
    ran = bitget("-p paper order batch - --allow-far --json", typed=lines)
    assert [row["outcome"] for row in ran.json] == ["placed"] * 3, ran.err
    two = [row["orderId"] for row in ran.json[:2]]
    assert {row["outcome"] for row in typed(f"order cancel {' '.join(two)}")} == {"cancelled"}
    assert typed("order cancel-all BTC/USDT")["outcome"] == "done"
