"""The npm package bitget-api trades on a unified account and follows it; see test_bitget_api.py for where it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from served import served

from bitget_cli.paper.credentials import KEY

pytestmark = pytest.mark.outside


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    node, judge = shutil.which("node"), Path(__file__).with_name("bitget_api_unified.mjs")
    if node is None:
        pytest.skip("node is not installed")
    folder = os.environ.get("BITGET_API_NODE", ".")
    with served(tmp_path_factory.mktemp("home"), kind="unified") as url:
        streams = url.replace("http", "ws") + "/v3/ws/private"
        command = [node, judge, url, streams, *KEY]
        ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode == 3:
        pytest.skip(f"bitget-api is not installed in {folder}: npm install bitget-api")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def rows(told: Any, topic: str) -> list[Any]:
    return [row for push in told["heard"].get(topic, []) for row in push["data"]]


def test_it_logs_in_and_is_refused_only_what_it_should_be(told: Any) -> None:
    assert told["authenticated"] == ["login"]
    assert told["exceptions"] == []
    refused = {name: answer for name, answer in told["answers"].items() if isinstance(answer, str)}
    assert refused == {"leverage": "success", "twice": "25212", "tooLarge": "25203"}


def test_its_orders_are_found_changed_and_cancelled(told: Any) -> None:
    answers = told["answers"]
    (position,) = answers["position"]["list"]
    assert (position["posSide"], position["total"], position["leverage"]) == ("long", "0.02", "10")
    assert [order["clientOid"] for order in answers["open"]["list"]] == ["js-1"]
    assert answers["modify"] == answers["limit"] == answers["cancel"]
    assert (answers["order"]["qty"], answers["order"]["orderStatus"]) == ("0.02", "new")
    assert [row["code"] for row in answers["batch"]] == ["00000", "25203"]
    assert [row["code"] for row in answers["cancelBatch"]] == ["00000", "25204"]
    assert answers["strategies"][0]["orderId"] == answers["strategy"]["orderId"]
    assert answers["history"]["list"][0]["closeTotalPos"] == "0.02"
    assert {row["coin"] for row in answers["balances"]["assets"]} == {"USDT", "USDC", "BTC"}


def test_it_follows_prices(told: Any) -> None:
    for topic in ("books", "publicTrade", "kline"):
        actions = [push["action"] for push in told["heard"][f"usdt-futures {topic}"]]
        assert actions == ["snapshot", *["update"] * (len(actions) - 1)]
    chain = [(row["pseq"], row["seq"]) for row in rows(told, "usdt-futures books")]
    assert [pseq for pseq, _ in chain] == [0, *(seq for _, seq in chain[:-1])]
    assert {len(row["a"]) for row in rows(told, "usdt-futures books5")} == {5}


def test_it_hears_every_fill_and_order_of_its_own(told: Any) -> None:
    listed = [fill["execId"] for fill in told["answers"]["fills"]["list"]]
    assert [row["execId"] for row in rows(told, "UTA fill")] == listed[::-1]
    mine = [(row["orderStatus"], row["qty"]) for row in rows(told, "UTA order") if row["clientOid"] == "js-1"]
    assert mine == [("new", "0.01"), ("new", "0.02"), ("cancelled", "0.02")]
    assert [row["status"] for row in rows(told, "UTA strategy-order")] == ["pending", "cancelled"]


def test_it_hears_how_it_stands(told: Any) -> None:
    told_positions = [(row["size"], row["positionStatus"]) for row in rows(told, "UTA position")]
    assert ("0.02", "opening") in told_positions
    assert told_positions[-1] == ("0", "ended")
    first, *_, last = rows(told, "UTA account")
    assert first["coin"][-1]["balance"] == "100000"
    assert float(last["totalEquity"]) < float(first["totalEquity"]) + 100
