"""The README is true: its story runs as it is typed, and the account adds up at the end."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from doubles import Bitget

README = Path(__file__).parent.parent / "README.md"


def block(name: str) -> list[str]:
    """The command lines of the block below a marker."""
    match = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", README.read_text(), re.DOTALL)
    assert match
    return match[1].splitlines()


@pytest.mark.parametrize("terminal", [True, False], ids=["on a terminal", "in a pipe"])
def test_the_story_runs_as_typed_and_the_balance_adds_up(bitget: Bitget, terminal: bool) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    for line in block("story"):
        ran = bitget(line.removeprefix("bitget "), terminal=terminal)
        assert (line, ran.status) == (line, 0), ran.err
    bills = bitget("account bills --all --json").json
    balance = Decimal(bitget("account balance USDT --json").json["available"])
    assert sum(Decimal(bill["amount"]) + Decimal(bill["fee"]) for bill in bills) == balance
    assert bitget("position list").out == ""
    assert {row["planStatus"] for row in bitget("plan history --json").json} >= {"executed", "cancelled"}


def test_the_lines_about_time_run_after_the_story(bitget: Bitget) -> None:
    """Whoever has traded in March cannot go back to February without more ado."""
    assert bitget("-p paper order buy BTCUSDT 0.01").status == 0
    lines = [line for line in block("time") if re.match("bitget paper (reset|clock|status)", line)]
    assert [line.split()[2] for line in lines] == ["reset", "clock", "clock", "status"]
    for line in lines:
        ran = bitget(line.removeprefix("bitget "))
        assert (line, ran.status) == (line, 0), ran.err
