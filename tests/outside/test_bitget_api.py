"""The npm package bitget-api as judge; install it in a folder and name that folder in BITGET_API_NODE."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bitget_cli.paper.credentials import KEY

pytestmark = pytest.mark.outside


@pytest.fixture(scope="module")
def answers(paper_url: str, judge: Path) -> Any:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    folder = os.environ.get("BITGET_API_NODE", ".")
    ran = subprocess.run([node, judge, paper_url, *KEY], cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode == 3:
        pytest.skip(f"bitget-api is not installed in {folder}: npm install bitget-api")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.mark.parametrize(
    "call",
    [
        "time",
        "ticker",
        "tickers",
        "depth",
        "candles",
        "interest",
        "fundingTime",
        "symbolPrice",
        "contracts",
        "spotTicker",
        "spotCandles",
        "coins",
        "symbols",
        "announcements",
    ],
)
def test_it_gets_an_answer(answers: Any, call: str) -> None:
    assert isinstance(answers[call], dict | list)
    assert answers[call]


def test_it_reads_the_same_prices_from_each_call(answers: Any) -> None:
    ticker = answers["ticker"][0]
    assert ticker in answers["tickers"]
    assert ticker["lastPr"] == answers["symbolPrice"][0]["price"] == answers["candles"][-1][4]
    assert str(answers["depth"]["bids"][0][0]) == ticker["bidPr"]


def test_it_is_refused_as_by_bitget(answers: Any) -> None:
    assert answers["nowhere"] == "40034"
    assert answers["signed"] == "40404"
    assert answers["stranger"] == "40009"
