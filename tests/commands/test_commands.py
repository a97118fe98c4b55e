"""`bitget commands`: every command is declared, its examples run, and it answers as its schema says."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget, Ran
from jsonschema import Draft202012Validator

from bitget_cli.client.ws import feed
from bitget_cli.commands.introspection import description
from bitget_cli.commands.introspection.answers import ANSWERS, CommandAnswer, CommandEffect, Layout
from bitget_cli.commands.introspection.schema import of_answer, of_failures
from bitget_cli.main import main
from bitget_cli.output.console import Console
from bitget_cli.results import OUTCOME, Feed, Record, Rows
from bitget_cli.runtime import Environment

TOP = description.root()
LEAVES = {
    description.path_of(leaf): leaf
    for group in description.groups(TOP).values()
    for leaf in description.commands(group)
}
SHOW = Console.show
MANY_ORDERS = "symbol,side,size,price\nBTCUSDT,buy,0.01,50000\nETHUSDT,buy,0.1,1000\n"
A_WORKER = "def tick(ctx):\n    ctx.log.info('a tick')\n"
KEYS = "key\nsecret\nwords\n"


def named(words: list[str]) -> str:
    """The command that a line calls."""
    paths = (" ".join(words[:length]) for length in (1, 2, 3))
    return next((path for path in paths if path in LEAVES), "api call")


# What is declared.


def test_every_command_is_declared_and_nothing_else() -> None:
    assert set(ANSWERS) == set(LEAVES)


@pytest.mark.parametrize("path", LEAVES)
def test_what_may_change_something_takes_yes_and_what_reads_does_not(path: str) -> None:
    options = {name for param in description.parameters(LEAVES[path]) for name in param.opts}
    reads = ANSWERS[path].effect is CommandEffect.READ
    assert not (reads and options & {"--yes", "--dry-run"})
    asked = ANSWERS[path].effect in (CommandEffect.CHANGE, CommandEffect.MONEY)
    assert not asked or "--yes" in options
    assert ("--dry-run" in options) <= (not ANSWERS[path].here)


@pytest.mark.parametrize("path", LEAVES)
def test_every_command_has_an_example_of_itself(path: str) -> None:
    found = description.examples(LEAVES[path].command.help)
    assert found
    for line in found:
        words = re.sub(r'^eval "\$\((.*)\)"$', r"\1", line).removeprefix("bitget ")
        assert named(shlex.split(re.sub(r"^-p \w+ | > .*", "", words))) == path


@pytest.mark.parametrize("path", LEAVES)
def test_every_schema_is_one(path: str) -> None:
    schema = of_answer(path, ANSWERS[path])
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == f"bitget {path} --json"


# What a person and a program read.


def test_programs_are_told_all_of_a_command(bitget: Bitget) -> None:
    (told,) = bitget("commands order buy --json").json
    assert (told["command"], told["effect"]) == ("order buy", "money")
    assert told["examples"] == ["bitget -p paper order buy BTCUSDT 0.01 --price 60000"]
    assert [(one["name"], one["required"]) for one in told["arguments"]] == [("SYMBOL", True), ("SIZE", False)]
    options = {one["names"][0]: one for one in told["options"]}
    assert options["--tif"] | {"about": ""} == {
        "names": ["--tif"],
        "metavar": None,
        "about": "",
        "type": "choice",
        "required": False,
        "choices": ["gtc", "ioc", "fok", "post-only"],
        "default": None,
        "repeats": False,
    }
    assert options["--product"]["choices"] == ["spot", "usdt-futures", "usdc-futures", "coin-futures"]
    assert options["--yes"]["names"] == ["--yes", "-y"]
    assert "--profile" not in options
    assert {"layout": "object", "fields": [field.name for field in OUTCOME]} in told["answers"]
    assert told["exits"] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]


def test_all_commands_are_told_the_shared_options_first(bitget: Bitget) -> None:
    first, *rest = bitget("commands --json").json
    assert first["command"] == "bitget"
    assert {"--profile", "--json", "--fields"} <= {one["names"][0] for one in first["options"]}
    assert [one["command"] for one in rest] == list(LEAVES)


def test_people_see_a_table_of_commands(bitget: Bitget) -> None:
    assert "market time\tThe exchange's own clock" in bitget("commands").lines
    assert [line.split("\t")[0] for line in bitget("commands worker").lines] == ["worker run", "worker log"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("commands --schema", "--schema is of one command"),
        ("commands --schema order", "order is a group"),
        ("commands order bye", "'bye' is not a command"),
    ],
)
def test_what_is_no_command_is_refused(bitget: Bitget, typed: str, said: str) -> None:
    ran = bitget(typed)
    assert ran.status == 2
    assert said in ran.err.lower()


def test_of_account_rows_the_kind_comes_last(bitget: Bitget) -> None:
    row = bitget("commands --schema order list").json["items"]
    assert list(row["properties"])[-1] == "accountKind"
    assert row["additionalProperties"] is True
    assert row["properties"]["price"]["type"] == ["string", "null"]


@pytest.mark.parametrize("typed", ["order buy", "-p nobody market time", "-p paper order show 1", "profile check live"])
def test_every_failure_is_of_the_one_schema(bitget: Bitget, typed: str) -> None:
    schema = bitget("commands --schema errors --json").json
    failure = bitget(f"{typed} --json").failure
    assert failure["exit"] in ANSWERS[named(re.sub(r"^-p \w+ ", "", typed).split())].exits
    Draft202012Validator(schema).validate(failure)
    for wrong in ({"exit": 99}, {"error": "nonsense"}, {"http_status": "404"}, {"outcome": "fine"}):
        assert not Draft202012Validator(schema).is_valid(failure | wrong)


# Examples. What has to be so before one can be carried out; the file names are those of the examples.

LONG = "order buy BTCUSDT 0.01"
ORDER = "order buy BTCUSDT 0.01 --price 50000 --client-oid 1234567890"
PLAN = "plan buy BTCUSDT 0.01 --trigger 50000 --client-oid 1234567890"
UNIFIED = "paper reset --account unified"
BEFORE = {
    "account margin": ["account margin-mode BTCUSDT isolated", LONG],
    "position close": [LONG],
    "position reverse": [LONG],
    "order sell": [LONG],
    "order modify": [ORDER],
    "order show": [ORDER],
    "plan tpsl": [LONG],
    "plan oco": [UNIFIED, LONG],
    "plan twap": [UNIFIED],
    "plan iceberg": [UNIFIED],
    "plan modify": [PLAN],
    "plan cancel": [PLAN],
    "plan show": [PLAN],
    "convert bgb": ["paper reset --balance DOGE=1 --balance LTC=0.001"],
    "worker log": ["worker run dca.py --every 1h --fast --until 2026-03-02T13:30"],
    "profile remove": ["profile add desk --env demo --stdin"],
    "subaccount create": [],
    "subaccount modify": ["subaccount create gridbots"],
    "subaccount transfer": ["subaccount create gridbots"],
}
# Examples of commands that ask a person, who says yes.
ASK = ("paper migrate", "profile remove", "profile unlock", "profile allow")
# Those that are read and not carried out, and why.
ONLY_READ = {
    "account auto-margin": "the paper exchange does not offer it",
    "order cancel": "with --symbol a number is the exchange's own id, which nobody knows before; the story cancels",
    "setup": "asks a person; test_setup.py answers",
    "order wait": "goes on until the order is filled; test_order_wait.py waits",
    **dict.fromkeys(
        (f"subaccount keys {verb}" for verb in ("list", "create", "modify", "remove")),
        "the paper exchange makes no keys of sub-accounts; test_subaccounts.py does",
    ),
    "p2p me": "the paper exchange has no P2P merchant; test_subaccounts.py's neighbours ask",
    "worker run": "ten months of ticks; test_worker.py runs some",
    "profile add": "asks for keys that nobody sees; test_profile.py types them",
    "profile check": "asks Bitget itself about a key",
    "paper serve": "goes on until it is ended; test_paper_server.py ends it",
    "webhook serve": "the same; test_webhook_server.py ends it",
    "webhook secret": "asks for what nobody sees; test_webhook.py types it",
    "paper env": "is a line of a shell",
    "watch ticker": "goes on until its reader has had enough, as the other streams do; test_watch.py reads them",
    "watch depth": "the same",
    "watch trades": "the same",
    "watch candles": "the same",
    "watch account": "the same",
    "watch positions": "the same",
    "watch orders": "the same",
    "watch plans": "the same",
    "watch fills": "the same",
}


@pytest.fixture
def desk(bitget: Bitget, home: Path, monkeypatch: pytest.MonkeyPatch) -> Bitget:
    """On paper, in a folder with the files that examples name."""
    monkeypatch.chdir(home)
    bitget.environ["BITGET_PROFILE"] = "paper"
    (home / "orders.csv").write_text(MANY_ORDERS)
    (home / "dca.py").write_text(A_WORKER)
    (home / "alert.json").write_text('{"action": "buy", "symbol": "BTCUSDT.P", "size": "0.01"}')
    return bitget


def test_every_example_runs_as_printed(desk: Bitget) -> None:
    failed, is_new = [], False
    for path in [path for path in LEAVES if path not in ONLY_READ]:
        for line in description.examples(LEAVES[path].command.help):
            anew = () if is_new else ("paper clock --set real", "paper reset")
            for before in (*anew, *BEFORE.get(path, ())):
                assert desk(before, typed=KEYS).status == 0, before
            asks = path in ASK
            # What only reads leaves a new exchange as it was.
            is_new = ANSWERS[path].effect is CommandEffect.READ and path not in BEFORE
            ran = desk(re.sub(" >.*", "", line).removeprefix("bitget "), terminal=asks, typed="y\n" * asks)
            failed += [(line, ran.status, ran.err)] if ran.status else []
    assert not failed


@pytest.mark.parametrize("path", ONLY_READ)
def test_an_example_that_is_only_read_is_understood(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything is done up to the command itself."""
    read: list[str] = []
    monkeypatch.setattr("bitget_cli.session.Shared.check", lambda _: read.append(path) or _stop())
    (line,) = description.examples(LEAVES[path].command.help)
    words = shlex.split(re.sub(r'^eval "\$\((.*)\)"$', r"\1", line))[1:]
    assert main(words, Environment(stdout=io.StringIO(), stderr=io.StringIO())) == 130
    assert read == [path]


def _stop() -> None:
    raise KeyboardInterrupt


# Answers. What is typed on a paper account, in this order; after the word the kinds of account that alone take it.

STORY = """
paper deposit USDT 10
paper status
paper env
market ticker BTCUSDT
market ticker BTCUSDT BTC/USDT
market tickers --product spot
market depth BTCUSDT --limit 5
market trades BTCUSDT --limit 3
market trades BTC/USDT --since 1m --limit 3
market candles BTCUSDT --limit 3
market candles BTC/USDT --limit 3
market price BTCUSDT
market funding
market funding BTCUSDT
market funding-history BTCUSDT --limit 3
market open-interest BTCUSDT
market oi-limit
market tiers BTCUSDT
market fees
market fees --product spot
market stats long-short BTCUSDT
market symbols
market symbols BTC/USDT
market coins
market coins USDT
market time
market news
api list plan
api show mix.order.place-order
api errors
api errors 40762
api mix.market.ticker symbol=BTCUSDT productType=USDT-FUTURES
watch ticker BTCUSDT --count 1 --status
profile list
profile set paper product=usdt-futures
profile show live
profile check paper
profile add desk --env demo --stdin
profile limit desk --max-notional 5000
profile use paper
profile lock desk
profile remove demo --yes
doctor
help order buy
completion bash
completion fish --install
commands order
commands --schema order buy
"""
TRADES = """
account leverage BTCUSDT 10
account margin-mode BTCUSDT isolated
account position-mode one-way
account leverage BTCUSDT 12 --dry-run
order buy BTCUSDT 0.1 --tag grid
order buy BTCUSDT 0.01 --leverage 20 --dry-run
order buy BTC/USDT 0.01 --price 50000 --client-oid spot-1
order buy BTCUSDT 0.02 --price 50000 --client-oid fut-1 --tp 70000 --leverage 20
order sell ETHUSDT 1
order batch orders.csv
order ladder buy BTCUSDT 0.03 --from 50000 --to 49000 --steps 3 --tag steps
order buy BTCUSDT 0.01 --client-oid now-1
order wait now-1 --for 0s
order modify fut-1 --price 51000
order list
order list --product spot
order show fut-1
order show spot-1
order cancel fut-1 --dry-run
order cancel spot-1
order cancel-all BTCUSDT
order history
order history --product spot
order fills
order fills --since 1h
order log
order reconcile
account balance
account balance USDT
account balance --product spot
account show BTCUSDT
account overview
account funding
classic: account bots
account info
account fee BTCUSDT
account max-open BTCUSDT --side long
classic: account liq-price BTCUSDT 0.01 --side long
account subaccounts
account bills
account bills --product spot
account deposits
account withdrawals
account deposit-address USDT
account margin BTCUSDT --add 10
account transfer USDT 100 --from spot --to usdt-futures
account transfers USDT
position list
position show BTCUSDT
position adl
position close BTCUSDT --percent 50
position reverse BTCUSDT
plan buy BTCUSDT 0.01 --trigger 50000 --client-oid plan-1
plan buy BTC/USDT 0.01 --trigger 50000 --price 50000 --client-oid plan-2
plan sell BTCUSDT 0.01 --trigger 75000
plan tpsl ETHUSDT --tp 1000 --sl 9000
unified: plan oco sell BTCUSDT 0.01 --price 70000 --trigger 55000
unified: plan twap buy BTCUSDT 0.5 --duration 30m --interval 30s --client-oid twap-1
unified: plan iceberg buy BTCUSDT 1 --show 0.1 --price 50000
unified: plan show twap-1
plan list
plan list --product spot
plan show plan-1
plan modify plan-1 --trigger 51000
plan cancel plan-2
plan cancel-all
plan history
plan history --product spot
classic: convert coins
classic: convert quote USDT BTC --from-size 100
classic: convert trade USDT BTC --from-size 100 --yes
classic: convert trade USDT BTC --from-size 100 --dry-run
convert history
convert bgb-coins
convert bgb DOGE --yes
convert bgb-history
classic: tax spot
classic: tax futures
classic: tax margin
classic: tax p2p
classic: tax export --since 1h --out taxes
watch depth BTCUSDT
watch trades BTCUSDT
watch candles BTCUSDT
watch account
watch positions
watch orders
watch plans
watch fills
panic --yes
position close-all --yes
subaccount create gridbots
subaccount list
subaccount modify gridbots --freeze
subaccount modify gridbots --unfreeze
subaccount transfer USDT 1 --from main --to gridbots
subaccount transfers
classic: p2p merchants
classic: p2p orders
classic: p2p ads USDT EUR --side sell
position history
worker run dca.py --every 1h --fast --until 2026-03-02T14:00
webhook test alert.json
webhook log
worker log dca
paper clock --advance 1h
classic: paper migrate --yes
"""
UNTOLD = {
    "account auto-margin": "the paper exchange does not offer it",
    "mcp": "its stdout is the protocol's; test_mcp.py speaks it",
    "paper serve": "goes on until it is ended",
    "webhook serve": "the same",
    "webhook secret": "asks for what nobody sees",
    "profile unlock": "takes a person at a terminal",
    "profile allow": "takes a person at a terminal",
    "paper reset": "begins each of these stories",
    "p2p me": "the paper exchange has no P2P merchant",
    "setup": "asks a person",
    **dict.fromkeys(
        (f"subaccount keys {verb}" for verb in ("list", "create", "modify", "remove")),
        "the paper exchange makes no keys of sub-accounts",
    ),
}
RICH = "--balance USDT=100000 --balance BTC=1 --balance DOGE=1"
BEGINS = {
    "classic": f"paper reset {RICH} --balance usdt-futures:USDT=100000",
    "unified": f"paper reset {RICH} --account unified",
}


def typed_by(story: str, kind: str) -> list[str]:
    lines = [line.rpartition(": ") for line in story.strip().splitlines()]
    return [line for whose, _, line in lines if whose in ("", kind)]


def test_every_command_is_told_of() -> None:
    lines = [*typed_by(STORY, "classic"), *typed_by(TRADES, "classic"), *typed_by(TRADES, "unified")]
    assert {named(shlex.split(line)) for line in lines} == LEAVES.keys() - UNTOLD.keys()


class Silent:
    """A stream in which nothing comes."""

    def close(self) -> None:
        """Nothing is open."""


@pytest.mark.parametrize(("story", "kind"), [(STORY, "classic"), (TRADES, "classic"), (TRADES, "unified")])
def test_an_answer_is_as_its_schema_says(desk: Bitget, monkeypatch: pytest.MonkeyPatch, story: str, kind: str) -> None:
    if story == TRADES:
        monkeypatch.setattr(feed, "watch", lambda *_, **__: Silent())
    results: list[Any] = []
    monkeypatch.setattr(Console, "show", lambda console, result: shown(console, result, results))
    assert desk(BEGINS[kind]).status == 0
    wrong = []
    for line in typed_by(story, kind):
        path = named(shlex.split(line))
        results.clear()
        ran = desk(f"{line} --json", typed=KEYS)
        assert (line, ran.status, ran.err[-200:] * bool(ran.status)) == (line, 0, "")
        wrong += [(line, fault) for fault in faults(path, ANSWERS[path], ran, results)]
    assert not wrong


def shown(console: Console, result: Any, results: list[Any]) -> None:
    results.append(result)
    # One without an end is looked at and not played.
    if not isinstance(result, Feed) or result.at_most:
        SHOW(console, result)


def faults(path: str, answer: CommandAnswer, ran: Ran, results: list[Any]) -> list[str]:
    """Where the answer is another than its schema says, or has fields that are not declared."""
    is_lines = any(form.layout in (Layout.LINES, Layout.STREAM) for form in answer.forms)
    answers = [json.loads(line) for line in ran.lines] if is_lines else [json.loads(ran.out)]
    judge = Draft202012Validator(of_answer(path, answer))
    found = [fault.message[:200] for told in answers for fault in judge.iter_errors(told)]
    if path != "api call":
        known = {field.name for field in answer.fields}
        for result in results:
            if isinstance(result, Rows | Record | Feed):
                found += sorted({field.name for field in result.fields} - known)
    return found


def test_a_schema_refuses_what_is_not_so() -> None:
    """A judge that takes anything judges nothing."""
    orders = Draft202012Validator(of_answer("order list", ANSWERS["order list"]))
    assert orders.is_valid([{"price": "1.0", "orderId": "1", "new": {}}])
    assert not orders.is_valid([{"price": 1.0}])
    assert not orders.is_valid({"price": "1.0"})
    placed = Draft202012Validator(of_answer("order buy", ANSWERS["order buy"]))
    assert not placed.is_valid({"outcome": "placed"})
    bars = Draft202012Validator(of_answer("market candles", ANSWERS["market candles"]))
    assert bars.is_valid([["1", "2", "3"]])
    assert not bars.is_valid([[1, 2]])
    streams = Draft202012Validator(of_answer("watch ticker", ANSWERS["watch ticker"]))
    assert not streams.is_valid({"type": "ticker"})
    coins = Draft202012Validator(of_answer("market coins", ANSWERS["market coins"]))
    assert not coins.is_valid([{"chains": [{"withdrawFee": 1}]}])
    assert Draft202012Validator(of_failures()).is_valid({}) is False
