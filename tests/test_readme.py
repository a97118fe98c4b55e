"""The pages are true: what they show runs as it is typed, and what they name is there."""

from __future__ import annotations

import re
import shlex
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget, StillClock

from bitget_cli.commands.app import tree

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAPER = ROOT / "docs" / "paper.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


KINDS = ["classic", "unified"]
each_kind = pytest.mark.parametrize("kind", KINDS)


def block(page: Path, name: str, kind: str = "classic") -> list[str]:
    """The command lines of the block below a marker, for an account of that kind."""
    match = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", page.read_text(), re.DOTALL)
    assert match
    return of_kind(match[1].splitlines(), kind)


def of_kind(lines: list[str], kind: str) -> list[str]:
    return [line.replace("paper reset", f"paper reset --account {kind}") for line in lines]


def run(bitget: Bitget, lines: list[str], *, terminal: bool) -> None:
    for line in lines:
        ran = bitget(line.removeprefix("bitget "), terminal=terminal)
        assert (line, ran.status) == (line, 0), ran.err


@pytest.mark.parametrize(("kind", "terminal"), [("classic", True), ("unified", False)])
def test_the_story_runs_as_typed_and_the_balance_adds_up(bitget: Bitget, terminal: bool, kind: str) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    run(bitget, [line for line in block(PAPER, "story", kind) if not line.endswith("real")], terminal=terminal)
    bills = bitget("account bills --all --json").json
    balance = Decimal(bitget("account balance USDT --json").json["available"])
    # Of one wallet the money it began with is booked as of no product, and a transfer between its names not at all.
    begun = Decimal(20_000 if kind == "unified" else 0)
    assert begun + sum(Decimal(bill["amount"]) + Decimal(bill["fee"]) for bill in bills) == balance
    assert bitget("position list").out == ""
    ended = {row["planType"]: row["planStatus"] for row in bitget("plan history --json").json}
    # Of one order with both exits it is not told which it was.
    exits = ("executed", "cancelled") if kind == "classic" else (None, None)
    assert (ended["pos_profit"], ended["pos_loss"]) == exits
    assert ended["track_plan"] == "fail_execute"
    # What the page tells of it: three fills, the limit order's among them, and funding in between.
    assert [fill["baseVolume"] for fill in bitget("order fills --json").json] == ["0.16", "0.06", "0.1"]
    funding = {"classic": "contract_settle_fee", "unified": "CONTRACT_MAIN_SETTLE_FEE_USER_OUT"}
    assert funding[kind] in {bill["businessType"] for bill in bills}


@each_kind
def test_the_tour_runs_as_typed(bitget: Bitget, kind: str) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    for name in ("look", "trade", "time"):
        # In these tests the real time is that of the story's beginning.
        run(bitget, [line for line in block(README, name, kind) if not line.endswith("real")], terminal=True)
        if name == "trade":
            assert bitget("position list").out == bitget("order list").out == ""
    assert bitget("watch ticker BTCUSDT --json --count 5").out.count("\n") == 5


@each_kind
def test_a_traders_words_run_as_typed(bitget: Bitget, kind: str) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    run(bitget, block(ROOT / "docs" / "words.md", "words", kind), terminal=True)


# A line of the tour or the story, and what else is told of a unified account: what docs/unified.md says it is.
ELSE_TOLD = {
    "paper": "which kind it is, and its one wallet",
    "account transfer": "one wallet, nothing moved",
    "account leverage": "the leverage of the margin mode in force alone",
    "account fee": "which kind of account it is, as a record tells all its fields",
    "account balance": "what does not exist is empty",
    "account bills": "its own words for bookings, and no transfer into the wallet",
    "position close-all": "not of which market each of the orders is",
    "plan tpsl": "one order with both exits",
    "plan list": "the exits of a position are as large as it, and the newest of one moment stand in another order",
    "plan history": "the exits are one order",
    "order modify": "the order keeps its ids",
    "order log": "no transfer, and no new order in the place of one that is modified",
}


def forms(bitget: Bitget, kind: str, how: str) -> dict[str, tuple[int, str, set[int]]]:
    """The tour and the story: of each line how it ended, what it said but for ids, numbers and money, and how many
    columns it has in a pipe."""
    blocks = [*((README, name) for name in ("look", "trade", "time")), (PAPER, "story")]
    told = {}
    bitget.clock = StillClock()
    run(bitget, [f"bitget paper reset --account {kind}", "bitget paper clock --set real"], terminal=False)
    for page, name in blocks:
        for number, line in enumerate(block(page, name, kind)):
            if not line.endswith("real"):
                ran = bitget(line.removeprefix("bitget "), terminal=how == "terminal")
                plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", f"{ran.err}{ran.out}")
                text = re.sub(r" +", " ", re.sub(r"[^\s\"']*\d[^\s\"',]*", "#", plain))
                columns = {row.count("\t") for row in ran.lines}
                told[f"{name} {number}: {line}"] = (ran.status, text, columns)
    return {line.replace(f" --account {kind}", ""): said for line, said in told.items()}


@pytest.mark.parametrize("how", ["terminal", "pipe"])
def test_a_unified_account_tells_the_tour_and_the_story_in_the_same_forms(bitget: Bitget, how: str) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    classic, unified = (forms(bitget, kind, how) for kind in KINDS)
    assert list(classic) == list(unified)
    assert {said[0] for said in (*classic.values(), *unified.values())} == {0}
    other = {line for line in classic if classic[line] != unified[line]}
    assert {line for line in other if not re.search(f": bitget ({'|'.join(ELSE_TOLD)})", line)} == set()
    if how == "pipe":
        columns = [{line: tabs for line, (_, _, tabs) in said.items()} for said in (classic, unified)]
        assert {line.partition(": ")[2] for line in columns[0] if columns[0][line] != columns[1][line]} == {
            "bitget account fee BTCUSDT"
        }


# Runs elsewhere: what needs keys or the network, what goes on until it is stopped or filled, a year of hours,
# one of bookings, and the real time, which in these tests is that of the story's beginning.
ELSEWHERE = re.compile(
    r"profile |-p live |paper serve|.*webhook serve|order wait |subaccount keys |watch (?!.*--count)|.*worker |tax "
    r"|.* (real|grid)$"
)
UNAVAILABLE = ("convert quote ", "convert trade ")


@each_kind
@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_what_a_page_shows_runs_on_paper(
    bitget: Bitget, page: Path, kind: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    (home / "orders.csv").write_text("side,symbol,size,price\nbuy,BTCUSDT,0.01,60000\nsell,BTC/USDT,0.0001,99000\n")
    bitget.environ["BITGET_PROFILE"] = "paper"
    run(bitget, [f"bitget paper reset --account {kind}", "bitget order buy BTC/USDT --quote 100 -y"], terminal=False)
    for line in of_kind(re.findall(r"^bitget (.+?)(?: [|>] .*)?$", shell_in(page), re.MULTILINE), kind):
        if ELSEWHERE.match(line) or (kind == "unified" and line.startswith("paper migrate")):
            continue
        ran = bitget(line)
        ends = 5 if kind == "unified" and line.startswith(UNAVAILABLE) else 0
        assert (line, ran.status) == (line, ends), ran.err


def shell_in(page: Path) -> str:
    return "".join(re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE))


@each_kind
def test_the_mistakes_are_answered_as_the_page_says(bitget: Bitget, kind: str) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    assert bitget(f"paper reset --account {kind}").status == 0
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
