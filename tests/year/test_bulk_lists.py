"""Long lists of a year's account, held to the exchange's own ledger: every record within the range, once, in order."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget
from paper_account import PaperAccount
from paper_year import FIRST, LAST, kept

from bitget_cli.paper.instruments import instrument
from bitget_cli.values import Product, milliseconds

ID_STEP = 1_000_000
# As far back as Bitget tells of trades, orders, positions, bills and transfers, but for the minute at the very edge.
OLDEST = LAST - timedelta(days=90) + timedelta(minutes=1)


@dataclass(frozen=True)
class Long:
    """A command, the id in its rows, and which records of the ledger it should show."""

    command: str
    key: str
    kind: str
    wanted: Callable[[Any], bool]
    reach: datetime = OLDEST


def of_way(way: str) -> Callable[[Any], bool]:
    return lambda record: bool(record["way"] == way)


def of(product: str) -> Callable[[Any], bool]:
    return lambda record: bool(record["product"] == product)


def past(product: str) -> Callable[[Any], bool]:
    return lambda record: record["product"] == product and record["status"] not in ("live", "partially_filled")


LISTS = (
    Long("account deposits", "orderId", "movement", of_way("deposit"), FIRST),
    Long("account withdrawals", "orderId", "movement", of_way("withdraw"), FIRST),
    Long("account transfers USDT", "transferId", "transfer", lambda record: record["coin"] == "USDT"),
    Long("account bills", "billId", "bill", of("usdt_futures")),
    Long("account bills --product coin-futures", "billId", "bill", of("coin_futures")),
    Long("account bills --product spot", "billId", "bill", of("spot")),
    Long(
        "position history",
        "positionId",
        "position",
        lambda record: record["product"] == "usdt-futures" and not record["size"],
    ),
    Long("order history", "orderId", "order", past("usdt-futures")),
    Long("order history --product spot", "orderId", "order", past("spot")),
    Long("order fills", "tradeId", "fill", of("usdt-futures")),
    Long("order fills --product spot", "tradeId", "fill", of("spot")),
)


def ids(ledger: PaperAccount, listed: Long, begin: datetime, end: datetime) -> list[str]:
    """Of the ledger's records born in begin ≤ t < end, the newest first."""
    first, last = milliseconds(begin) * ID_STEP, milliseconds(end) * ID_STEP
    return [
        str(record["id"])
        for record in reversed(kept(ledger, listed.kind))
        if listed.wanted(record) and first <= record["id"] < last
    ]


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.command)
def test_all_of_a_list_is_all_that_the_ledger_has_within_reach(
    listed: Long, paper: Bitget, ledger: PaperAccount
) -> None:
    got = paper(f"-p paper {listed.command} --all -o ndjson --fields {listed.key}")
    assert got.status == 0, got.err
    expected = ids(ledger, listed, listed.reach, LAST + timedelta(days=1))
    assert [line.split('"')[3] for line in got.lines] == expected
    assert len(expected) > 100


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.command)
def test_a_range_of_a_list_is_what_the_ledger_has_in_it(listed: Long, paper: Bitget, ledger: PaperAccount) -> None:
    begin, end = LAST - timedelta(days=61, hours=5), LAST - timedelta(days=3, minutes=7)
    span = f"--since {begin:%Y-%m-%dT%H:%M:%SZ} --until {end:%Y-%m-%dT%H:%M:%SZ}"
    got = paper(f"-p paper {listed.command} {span} -o ndjson --fields {listed.key}")
    assert [line.split('"')[3] for line in got.lines] == ids(ledger, listed, begin, end)


@pytest.mark.parametrize("listed", [listed for listed in LISTS if listed.reach is OLDEST], ids=lambda one: one.command)
def test_what_bitget_no_longer_tells_of_is_named_and_nothing_is_printed(listed: Long, paper: Bitget) -> None:
    ran = paper(f"-p paper {listed.command} --since 400d --json")
    assert (ran.status, ran.out) == (2, "")
    assert "back to 2025-11-03T00:00Z" in ran.failure["message"]
    assert "bitget tax" in ran.failure["hint"]


def test_public_trades_are_those_of_the_tape(paper: Bitget, ledger: PaperAccount) -> None:
    market = instrument(Product.USDT_FUTURES, "BTCUSDT")
    assert market
    begin, end = LAST - timedelta(minutes=50), LAST - timedelta(minutes=3)
    got = paper("-p paper market trades BTCUSDT --since 50m --until 3m --all -o ndjson --fields tradeId,ts")
    path = ledger.exchange.prices().traded(market)
    seconds = range(milliseconds(begin) // 1000, milliseconds(end) // 1000)
    tape = [str(trade.id) for second in seconds for trade in path.second(second)]
    assert [line.split('"')[3] for line in got.lines] == tape[::-1]
    assert len(tape) > 5000


@pytest.mark.parametrize("days", [5, pytest.param(30, marks=pytest.mark.slow)])
def test_minutes_of_many_days_are_bars_each_a_minute_after_the_one_before(days: int, paper: Bitget) -> None:
    got = paper(f"-p paper market candles BTCUSDT -g 1m --since {days}d --all -o csv")
    header, *bars = got.lines
    assert header.startswith("ts,") or not header[0].isdigit()
    assert len(bars) == days * 1440
    times = [int(bar.split(",")[0]) for bar in bars]
    assert (times[0], times[-1]) == (milliseconds(LAST - timedelta(days=days)), milliseconds(LAST) - 60_000)
    assert all(newer - older == 60_000 for older, newer in pairwise(times))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_length_of_a_walk(ledger: PaperAccount, home: Path) -> None:  # noqa: ARG001 - its file is there
    most = {days: megabytes(f"market candles BTCUSDT -g 1m --since {days}d --all -o csv", home) for days in (3, 30, 90)}
    assert most[90] < most[30] + 10 < most[3] + 35, most


def megabytes(line: str, home: Path) -> float:
    """The most memory a command ever had."""
    command = [sys.executable, "-m", "bitget_cli", "-p", "paper", *line.split()]
    environ = {**os.environ, "HOME": str(home)}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
