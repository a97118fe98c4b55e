"""The npm package bitget-api follows the streams while it trades; see test_bitget_api.py for where it is looked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from served import served

from bitget_cli.paper.credentials import KEY

pytestmark = pytest.mark.outside

LINE = "USDT-FUTURES"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="module")
def told(url: str) -> Any:
    node, judge = shutil.which("node"), Path(__file__).with_name("bitget_api_streams.mjs")
    if node is None:
        pytest.skip("node is not installed")
    folder = os.environ.get("BITGET_API_NODE", ".")
    # Whatever it follows, it has one address for all of it.
    streams = url.replace("http", "ws") + "/v2/ws/private"
    command = [node, judge, url, streams, *KEY]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode == 3:
        pytest.skip(f"bitget-api is not installed in {folder}: npm install bitget-api")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def rows(told: Any, topic: str) -> list[Any]:
    return [row for push in told["heard"].get(topic, []) for row in push["data"]]


def test_it_logs_in_and_is_refused_nothing(told: Any) -> None:
    assert told["authenticated"] == ["login"]
    assert told["exceptions"] == []
    assert [name for name, answer in told["answers"].items() if isinstance(answer, str)] == []


def test_it_follows_the_market(told: Any) -> None:
    heard = told["heard"]
    assert {push["action"] for push in heard[f"{LINE} ticker"]} == {"snapshot"}
    for channel in ("books", "trade", "candle1m"):
        actions = [push["action"] for push in heard[f"{LINE} {channel}"]]
        assert actions == ["snapshot", *["update"] * (len(actions) - 1)]
        assert len(actions) > 1
    chain = [(row["pseq"], row["seq"]) for row in rows(told, f"{LINE} books")]
    assert [pseq for pseq, _ in chain] == [0, *(seq for _, seq in chain[:-1])]
    assert {len(row["asks"]) for row in rows(told, f"{LINE} books15")} == {15}
    assert {len(row["bids"]) for row in rows(told, "SPOT books1")} == {1}
    ids = [row["tradeId"] for row in rows(told, f"{LINE} trade")]
    assert len(ids) == len(set(ids)) > 50


def test_it_hears_every_fill_and_order_of_its_own(told: Any) -> None:
    listed = [fill["tradeId"] for fill in told["answers"]["fills"]["fillList"]]
    assert [row["tradeId"] for row in rows(told, f"{LINE} fill")] == listed[::-1]
    assert [row["tradeId"] for row in rows(told, "SPOT fill")] == [
        fill["tradeId"] for fill in told["answers"]["spotFills"][::-1]
    ]
    mine = [row["status"] for row in rows(told, f"{LINE} orders") if row["clientOid"] == "js-1"]
    assert mine == ["live", "canceled"]
    assert rows(told, "SPOT orders")[-1]["status"] in ("filled", "partially_filled", "cancelled")


def test_it_hears_how_it_stands(told: Any) -> None:
    positions = [[row["total"] for row in push["data"]] for push in told["heard"][f"{LINE} positions"]]
    assert (positions[0], ["0.02"] in positions, positions[-1]) == ([], True, [])
    (closed,) = rows(told, f"{LINE} positions-history")
    assert closed["closeSize"] == "0.02"
    assert rows(told, f"{LINE} account")[0]["available"] == "0"
    assert float(rows(told, f"{LINE} account")[-1]["available"]) > 4_990
    assert {row["coin"] for row in rows(told, "SPOT account")} >= {"BTC", "USDT"}
