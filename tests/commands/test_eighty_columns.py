"""On a terminal of 80 columns: what a person looks a list up for is there, whole, and so is each sentence of a help."""

from __future__ import annotations

import re

import pytest
from doubles import Bitget

from bitget_cli.commands.introspection import description

BEGIN = ["paper clock --set 2026-03-02T12:00", "order buy BTCUSDT 0.1", "plan tpsl BTCUSDT --tp 66700 --sl 62800"]


@pytest.fixture
def narrow(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> Bitget:
    monkeypatch.setenv("COLUMNS", "80")
    bitget.environ["BITGET_PROFILE"] = "paper"
    for line in BEGIN:
        assert bitget(line).status == 0
    return bitget


def read(bitget: Bitget, line: str) -> str:
    ran = bitget(line, terminal=True)
    assert ran.status == 0, ran.err
    return re.sub(r"\x1b\[[0-9;]*m", "", ran.out)


def test_past_orders_say_how_they_ended(narrow: Bitget) -> None:
    narrow("order buy BTCUSDT 0.01 --price 66000 --post-only")
    shown = read(narrow, "order history")
    assert "State" in shown
    assert re.findall("cancelled|filled", shown) == ["cancelled", "filled"]


def test_the_log_says_whole_what_was_done(narrow: Bitget) -> None:
    shown = read(narrow, "order log")
    assert "…" not in shown
    assert all(word in shown for word in ("take profit at 66700", "stop loss at 62800", "long BTCUSDT"))


def test_a_zone_is_told_of_times_that_are_shown(narrow: Bitget) -> None:
    assert "Opened" not in read(narrow, "position list")
    assert "times in" not in read(narrow, "position list")
    assert "times in" in read(narrow, "order fills")
    assert "times in" in read(narrow, "paper clock --advance 1m")


def test_the_paper_clock_is_told_as_a_moment(narrow: Bitget) -> None:
    assert "Paper time  2026-03-02 12:01\n" in read(narrow, "paper clock --advance 1m")


def test_an_example_fits_and_is_not_broken() -> None:
    groups = description.groups(description.root()).values()
    helps = [found for group in groups for found in description.commands(group)]
    lines = [line for found in helps for line in found.get_help().partition("Example")[2].splitlines()]
    assert [line for line in lines if re.match(r"    (bitget|eval|source) ", line) and len(line) > 80] == []


@pytest.mark.parametrize("words", ["order", "plan", "tax", "paper", "subaccount keys", ""])
def test_a_list_of_commands_cuts_no_sentence(bitget: Bitget, words: str) -> None:
    assert "..." not in bitget(f"help {words}").out.partition("Commands:")[2]
