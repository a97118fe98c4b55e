"""A trader's words beside tags, leverage, several take-profits, exits that stand, coins held and orders of parts."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from doubles import Bitget


@pytest.fixture(params=["classic", "unified"])
def paper(request: pytest.FixtureRequest, bitget: Bitget) -> Bitget:
    for line in (f"paper reset --account {request.param}", "paper clock --set 2026-03-02T12:00"):
        assert bitget(line).status == 0
    bitget.environ["BITGET_PROFILE"] = "paper"
    return bitget


def entry_of(paper: Bitget) -> Decimal:
    (held,) = paper("position list --json").json
    return Decimal(held["openPriceAvg"])


def plans(paper: Bitget, product: str = "usdt-futures") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = paper(f"plan list --product {product} --json").json
    return rows


def test_take_profits_of_parts_go_by_the_entry_and_by_the_stop(paper: Bitget) -> None:
    assert paper("order buy BTCUSDT 0.1").status == 0
    entry = entry_of(paper)
    ran = paper("plan tpsl BTCUSDT --tp +4%:50% --tp 3R:50% --sl entry-2% --json")
    assert ran.status == 0, ran.err
    triggers = {Decimal(plan["triggerPrice"]) for plan in plans(paper)}
    stop = (entry * Decimal("0.98")).quantize(Decimal("0.1"), rounding="ROUND_UP")
    first = (entry * Decimal("1.04")).quantize(Decimal("0.1"), rounding="ROUND_DOWN")
    last = (entry + 3 * (entry - stop)).quantize(Decimal("0.1"), rounding="ROUND_DOWN")
    assert triggers == {stop, first, last}
    assert "%" in ran.err


def test_an_exit_that_stands_is_moved_to_the_entry(paper: Bitget) -> None:
    assert paper("order buy BTCUSDT 0.1").status == 0
    assert paper("plan tpsl BTCUSDT --sl 50000").status == 0
    (plan,) = plans(paper)
    assert paper("paper clock --advance 1s").status == 0
    ran = paper(f"plan modify {plan['orderId']} --sl entry-1%")
    assert ran.status == 0, ran.err
    wanted = (entry_of(paper) * Decimal("0.99")).quantize(Decimal("0.1"), rounding="ROUND_UP")
    assert [Decimal(one["triggerPrice"]) for one in plans(paper)] == [wanted]


def test_coins_that_are_held_are_guarded_by_the_market(paper: Bitget) -> None:
    assert paper("order buy BTC/USDT --quote 500").status == 0
    ran = paper("plan tpsl BTC/USDT --tp last+5% --size 50% --dry-run --json")
    assert ran.status == 0, ran.err
    last = Decimal(paper("market ticker BTC/USDT --json").json["lastPr"])
    wanted = (last * Decimal("1.05")).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    assert str(wanted) in ran.json["body"]
    refused = paper("plan tpsl BTC/USDT --tp entry+5%")
    assert (refused.status, "spot has no positions, and so no entry" in refused.err) == (2, True)


def test_a_share_is_counted_at_the_leverage_in_force(paper: Bitget) -> None:
    for size in ("25%", "max", "--risk 1% --sl -2%"):
        refused = paper(f"order buy BTCUSDT {size} --leverage 5")
        assert refused.status == 2
        assert "bitget account leverage BTCUSDT 5 first" in refused.err
    assert paper("order log").out == ""
    assert paper("order buy BTCUSDT 0.01 --leverage 5").status == 0
    assert paper("order buy BTCUSDT 1% --leverage 5").status == 0


def test_orders_of_several_parts_take_the_words_too(bitget: Bitget) -> None:
    assert bitget("paper reset --account unified").status == 0
    last = Decimal(bitget("-p paper market ticker BTCUSDT --json").json["lastPr"])
    asked = bitget("-p paper plan oco sell BTCUSDT 0.01 --price last+4% --trigger last-4% --dry-run --json")
    assert asked.status == 0, asked.err
    told = json.loads(asked.json["body"])["ocoParams"]
    text = json.dumps(told)
    assert str((last * Decimal("1.04")).quantize(Decimal("0.1"), rounding="ROUND_UP")) in text
    assert bitget("-p paper plan twap buy BTCUSDT 2% --duration 1m --dry-run").status == 0
