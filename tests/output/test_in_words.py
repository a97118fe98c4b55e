"""Lists as people read them: true directions, what they do to a position, and the exchange's codes in words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from doubles import Bitget

from bitget_cli.output.in_words import effect, in_words, plan_kind, state, true_side
from bitget_cli.results import Rows

# Side, tradeSide, posSide and reduceOnly of a row; the true direction; what it does to a position.
DIRECTIONS = [
    ({"side": "buy", "tradeSide": "buy_single", "posSide": "net", "reduceOnly": "NO"}, "buy", ""),
    ({"side": "sell", "tradeSide": "sell_single", "posSide": "net", "reduceOnly": "YES"}, "sell", "reduce-only"),
    ({"side": "buy", "tradeSide": "open", "posSide": "long"}, "buy", "opens long"),
    ({"side": "buy", "tradeSide": "close", "posSide": "long"}, "sell", "closes long"),
    ({"side": "sell", "tradeSide": "open", "posSide": "short"}, "sell", "opens short"),
    ({"side": "sell", "tradeSide": "close", "posSide": "short"}, "buy", "closes short"),
    # A fill: no position is named, and the side is what was really done.
    ({"side": "sell", "tradeSide": "close"}, "sell", "closes long"),
    ({"side": "buy", "tradeSide": "close"}, "buy", "closes short"),
    ({"side": "sell", "tradeSide": "burst_close_long", "posSide": "long"}, "sell", "burst close long"),
    ({"side": "buy"}, "buy", ""),
]


@pytest.mark.parametrize(("row", "side", "does"), DIRECTIONS)
def test_a_direction_is_the_true_one(row: dict[str, str], side: str, does: str) -> None:
    assert (true_side(row), effect(row)) == (side, does)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"planType": "track_plan", "callbackRatio": "1"}, "trailing 1 %"),
        ({"planType": "moving_plan", "callbackRatio": "2.5"}, "trailing exit 2.5 %"),
        ({"planType": "pos_loss", "callbackRatio": ""}, "stop-loss, whole position"),
        ({"planType": "profit_plan"}, "take-profit"),
        ({"planType": "something_new"}, "something new"),
    ],
)
def test_a_plan_is_called_what_it_does(row: dict[str, str], kind: str) -> None:
    assert plan_kind(row) == kind


@pytest.mark.parametrize(
    ("row", "word"),
    [({"status": "live"}, "open"), ({"planStatus": "fail_execute"}, "failed"), ({"state": "canceled"}, "cancelled")],
)
def test_a_state_is_a_word(row: dict[str, str], word: str) -> None:
    assert state(row) == word


@pytest.mark.parametrize(
    ("subject", "row", "told"),
    [
        ("positions", {"liquidationPrice": "0"}, {"liquidation": "none"}),
        ("positions", {"liquidationPrice": "52000.5"}, {"liquidation": "52000.5"}),
        ("positions", {"unrealizedPL": "-1", "marginSize": "50"}, {"return": "-2.00 %"}),
        ("orders", {"size": "0.02", "baseVolume": "0.004", "marginCoin": "USDT"}, {"filled": "0.004 of 0.02"}),
        ("orders", {"fee": "-0.39", "marginCoin": "USDT"}, {"fee": "0.39 USDT"}),
        ("orders", {"fee": "0.01", "marginCoin": "USDT"}, {"fee": "+0.01 USDT"}),
        ("orders", {"priceAvg": "80000.00", "basePrice": "0"}, {"price": "80000.00", "average": ""}),
        ("past orders", {"cancelReason": "post_only_would_take"}, {"reason": "post only would take"}),
        ("plans", {"planType": "pos_loss", "size": "0"}, {"size": "all", "price": "market"}),
    ],
)
def test_what_a_row_says(subject: str, row: dict[str, Any], told: dict[str, Any]) -> None:
    shown, _ = in_words(Rows([row], (), subject=subject))
    (words,) = shown.items
    assert told.items() <= words.items()


def test_a_list_of_people_has_words_and_one_of_programs_the_exchanges_own(
    bitget: Bitget, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    for line in (
        "paper clock --set 2026-03-02T12:00",
        "order buy BTCUSDT 0.1",
        "order sell BTCUSDT 0.02 --price 70000",
    ):
        assert bitget(f"-p paper {line}").status == 0
    told = bitget("-p paper order list", terminal=True).out
    assert [word for word in ("sell", "70000", "0 of 0.02", "open") if word not in told] == []
    assert "sell_single" not in told
    assert "sell_single" in bitget("-p paper order list").out
    assert "sell_single" in bitget("-p paper order list --fields tradeSide", terminal=True).out
    assert "Base volume" in bitget("-p paper order list -o record", terminal=True).out
    shown = bitget("-p paper position show BTCUSDT --no-color", terminal=True).out
    assert [line.split()[0] for line in shown.splitlines()[:3]] == ["Symbol", "Side", "Size"]
    assert "none" in shown


# What one thing tells, by the labels that must stand side by side in this order.
TOGETHER = [
    ("market ticker BTCUSDT", ["Bid", "Bid size", "Ask", "Ask size"]),
    ("market ticker BTCUSDT", ["Last", "24h %"]),
    ("market ticker BTCUSDT", ["Mark", "Index"]),
    ("market ticker BTCUSDT --product spot", ["24h high", "24h low", "UTC day %", "UTC open"]),
    ("account balance USDT", ["Margin coin", "Account equity"]),
    ("account balance USDT", ["Available", "Crossed max available", "Isolated max available"]),
    ("account balance USDT", ["Locked", "Crossed margin", "Isolated margin", "Unrealized PnL"]),
    ("account balance USDT --product spot", ["Coin", "Available", "Frozen", "Locked"]),
]


@pytest.mark.parametrize(("line", "labels"), TOGETHER)
def test_what_belongs_together_stands_together(bitget: Bitget, line: str, labels: list[str]) -> None:
    told = bitget(f"-p paper {line} --no-color", terminal=True).out
    shown = [re.split(r"\s{2,}", row)[0] for row in told.splitlines()]
    at = shown.index(labels[0])
    assert shown[at : at + len(labels)] == labels
