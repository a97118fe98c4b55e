"""The pages are true: what they show runs as it is typed, and what they name is there."""

from __future__ import annotations

import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget

from bitget_cli.commands.app import tree

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAPER = ROOT / "docs" / "paper.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


def block(page: Path, name: str) -> list[str]:
    """The command lines of the block below a marker."""
    match = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", page.read_text(), re.DOTALL)
    assert match
    return match[1].splitlines()


def run(bitget: Bitget, lines: list[str], *, terminal: bool) -> None:
    for line in lines:
        ran = bitget(line.removeprefix("bitget "), terminal=terminal)
        assert (line, ran.status) == (line, 0), ran.err


@pytest.mark.parametrize("terminal", [True, False], ids=["on a terminal", "in a pipe"])
def test_the_story_runs_as_typed_and_the_balance_adds_up(bitget: Bitget, terminal: bool) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    run(bitget, [line for line in block(PAPER, "story") if not line.endswith("real")], terminal=terminal)
    bills = bitget("account bills --all --json").json
    balance = Decimal(bitget("account balance USDT --json").json["available"])
    assert sum(Decimal(bill["amount"]) + Decimal(bill["fee"]) for bill in bills) == balance
    assert bitget("position list").out == ""
    assert {row["planStatus"] for row in bitget("plan history --json").json} >= {"executed", "cancelled"}
    # What the page tells of it: three fills, the limit order's among them, and funding in between.
    assert [fill["baseVolume"] for fill in bitget("order fills --json").json] == ["0.16", "0.06", "0.1"]
    assert {"contract_settle_fee"} <= {bill["businessType"] for bill in bills}


def test_the_tour_runs_as_typed(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    for name in ("look", "trade", "time"):
        # In these tests the real time is that of the story's beginning.
        run(bitget, [line for line in block(README, name) if not line.endswith("real")], terminal=True)
        if name == "trade":
            assert bitget("position list").out == bitget("order list").out == ""
    assert bitget("watch ticker BTCUSDT --json --count 5").out.count("\n") == 5


def test_a_traders_words_run_as_typed(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    run(bitget, block(ROOT / "docs" / "words.md", "words"), terminal=True)


def test_the_mistakes_are_answered_as_the_page_says(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    rows = re.findall(r"^\| `bitget (order .+?)` \| (.+) \|$", README.read_text(), re.MULTILINE)
    assert len(rows) == 3
    for typed, answered in rows:
        ran = bitget(typed)
        assert ran.status == 2
        assert all(said in ran.err for said in re.findall("`(.+?)`", answered)), ran.err


@pytest.mark.parametrize(("typed", "said"), [("60000", "--price 60000;"), ("60000.5 x", "--price 60000.5;"), ("x", "")])
def test_a_price_as_the_third_word_is_told_where_it_goes(bitget: Bitget, typed: str, said: str) -> None:
    ran = bitget(f"-p paper order buy BTCUSDT 0.01 {typed}")
    assert ran.status == 2
    assert said in ran.err
    assert ("--price" in ran.err) is bool(said)


def test_the_lines_about_time_run_after_the_story(bitget: Bitget) -> None:
    """Whoever has traded in March cannot go back to February without more ado."""
    assert bitget("-p paper order buy BTCUSDT 0.01").status == 0
    run(bitget, block(PAPER, "time"), terminal=False)


def test_the_first_page_is_read_in_five_minutes() -> None:
    assert len(README.read_text().splitlines()) <= 200


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert not [link for link in links if not (page.parent / link).exists()]
    for file, test in re.findall(r"(tests/\S+)::(\w+)", page.read_text()):
        assert f"def {test}(" in (ROOT / file).read_text()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_named_is_there_with_its_options(page: Path) -> None:
    text = page.read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for shell in blocks for line in shell.splitlines()]
    # An interactive zsh takes a remark behind a command for more words of it.
    assert not [line for line in lines if " #" in line]
    typed = re.findall(r"\bbitget ((?:-p \w+ )?[a-z][^`|\n]*)", "\n".join(lines))
    typed += re.findall(r"`bitget ((?:-p \w+ )?[a-z][^`]*)`", text)
    assert not [line for line in typed if not is_there(line)]


def is_there(typed: str) -> bool:
    """Whether there is the command, and it takes the options."""
    root: Any = tree()
    typed = re.sub("^api (?!call|list|show|errors)", "api call ", typed)
    words = shlex.split(re.sub(r'[)"]+$|[>&|].*', "", typed))
    context = root.make_context("bitget", [], resilient_parsing=True)
    known = {*options_of(context)}
    path = [word for word in words if word not in ("-p", "paper", "live") or word == words[0] == "paper"]
    while path and hasattr(context.command, "get_command"):
        found = context.command.get_command(context, path[0])
        if found is None:
            return False
        context = found.make_context(path.pop(0), [], parent=context, resilient_parsing=True)
    known |= options_of(context)
    return context.command is not root and all(word in known for word in path if word.startswith("-"))


def options_of(context: Any) -> set[str]:
    return {word for param in context.command.get_params(context) for word in (*param.opts, *param.secondary_opts)}
