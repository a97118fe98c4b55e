"""The npm package bitget-api trades on the paper exchange; see test_bitget_api.py for where it is looked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bitget_cli.paper.credentials import KEY

pytestmark = pytest.mark.outside


@pytest.fixture(scope="module")
def answers(paper_url: str) -> Any:
    node, judge = shutil.which("node"), Path(__file__).with_name("bitget_api_trading.mjs")
    if node is None:
        pytest.skip("node is not installed")
    folder = os.environ.get("BITGET_API_NODE", ".")
    ran = subprocess.run([node, judge, paper_url, *KEY], cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode == 3:
        pytest.skip(f"bitget-api is not installed in {folder}: npm install bitget-api")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_it_opens_a_position_at_the_leverage_it_set(answers: Any) -> None:
    assert answers["leverage"]["crossMarginLeverage"] == "10"
    assert answers["market"]["orderId"]
    (position,) = answers["position"]
    assert (position["holdSide"], position["total"], position["leverage"]) == ("long", "1", "10")


def test_it_places_finds_and_cancels_an_order_by_its_own_id(answers: Any) -> None:
    assert [order["clientOid"] for order in answers["open"]["entrustedList"]] == ["js-1"]
    assert (answers["detail"]["state"], answers["detail"]["price"]) == ("live", "1000")
    assert answers["twice"] in ("45034", "40786")
    assert answers["cancel"]["clientOid"] == "js-1"


def test_it_sets_a_trigger_and_reads_it_back(answers: Any) -> None:
    assert answers["plans"]["entrustedList"][0]["orderId"] == answers["plan"]["orderId"]


def test_it_is_refused_as_by_bitget(answers: Any) -> None:
    assert answers["tooLarge"] == "40762"


def test_its_money_adds_up_when_all_is_closed(answers: Any) -> None:
    assert answers["close"]["successList"]
    fee = sum(Decimal(part["totalFee"]) for fill in answers["fills"]["fillList"] for part in fill["feeDetail"])
    (account,) = answers["accounts"]
    assert Decimal(5000) + 2 * fee - 5 < Decimal(account["available"]) < 5000
    bought = sum(Decimal(fill["size"]) - abs(Decimal(fill["feeDetail"]["totalFee"])) for fill in answers["spotFills"])
    assert Decimal(answers["assets"][0]["available"]) == 1 + bought
