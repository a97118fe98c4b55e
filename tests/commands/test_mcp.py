"""`bitget mcp`: the SDK's own client lists the tools, calls them, and is refused."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

pytest.importorskip("mcp")

from desk import LIVE, ORDER, Desk, open_desk
from doubles import Bitget
from jsonschema import Draft202012Validator
from mcp_client import McpClient, over_pipes, over_stdio, raw
from pytest_httpx import HTTPXMock

from bitget_cli.commands.app import GROUPS
from bitget_cli.commands.introspection import description, tool_calls, tools
from bitget_cli.commands.introspection.answers import ANSWERS, CommandEffect
from bitget_cli.errors import StoppedError, UsageError
from bitget_cli.runtime import Environment, stop

TREE = {
    description.path_of(leaf): group
    for group, top in description.groups(description.root()).items()
    for leaf in description.commands(top)
}
EVERY = tools.every()


# Which commands are tools.


def test_every_command_is_a_tool_or_has_a_reason_not_to_be_one() -> None:
    judged = {group for group in GROUPS if group in tools.OFFERED or tools.is_never(group)}
    assert {path for path, group in TREE.items() if group not in judged and not tools.is_never(path)} == set()
    assert {tool.path for tool in EVERY.values()} == {
        path for path, group in TREE.items() if group in tools.OFFERED and not tools.is_never(path)
    }
    assert set(tools.OFFERED) <= set(GROUPS)
    # What is named and not there is of a group that is yet to come.
    assert {words for words in tools.NEVER if words.split()[0] in GROUPS and not _below(words)} == set()


def _below(words: str) -> list[str]:
    return [path for path in TREE if f"{path} ".startswith(f"{words} ")]


@pytest.mark.parametrize(
    "words", ["api call", "profile show", "subaccount keys list", "worker run", "mcp", "paper env"]
)
def test_what_is_a_persons_own_is_no_tool(words: str) -> None:
    assert tools.is_never(words)
    assert words.replace(" ", "_") not in EVERY


@pytest.mark.parametrize("tool", EVERY.values(), ids=EVERY)
def test_what_a_tool_takes_and_answers_is_a_schema(tool: tools.Tool) -> None:
    takes, answers = tools.takes(tool), tools.answers(tool)
    for schema in (takes, answers):
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object"
    names = [one.name for one in tools.parameters(tool)]
    assert len(set(names)) == len(names)
    assert not {"profile", "output", "json", "save", "fields", "yes", "raw", "verbose"} & set(names)
    changes = tool.answer.effect in (CommandEffect.CHANGE, CommandEffect.MONEY)
    assert ("dry_run" in names) >= changes


def test_what_goes_on_until_it_is_ended_has_to_be_given_an_end() -> None:
    streams = {name: tools.takes(tool)["required"] for name, tool in EVERY.items() if tool.answers_lines}
    assert streams.pop("order_wait") == ["id", "for"]
    assert len(streams) == len([path for path in TREE if path.startswith("watch ")])
    assert all("duration" in needed for needed in streams.values())


@pytest.mark.parametrize(
    ("access", "kinds"),
    [
        (tools.Access("paper", "paper", allow_changes=False), {"read", "local", "change", "money"}),
        (tools.Access("live", "live", allow_changes=False), {"read"}),
        (tools.Access("demo", "demo", allow_changes=False), {"read"}),
        (tools.Access("live", "live", allow_changes=True), {"read", "local", "change", "money"}),
    ],
)
def test_what_changes_something_is_offered_on_paper_or_when_it_is_allowed(
    access: tools.Access, kinds: set[str]
) -> None:
    found = tools.offered(access)
    assert {tool.answer.effect for tool in found.values()} == kinds
    assert any(name.startswith("paper_") for name in found) is (access.env == "paper")


# The line that a call is.


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("order_buy", {"symbol": "BTCUSDT", "size": "-1"}, ["order", "buy", "--", "BTCUSDT", "-1"]),
        (
            "order_buy",
            {"symbol": "BTCUSDT", "quote": "100", "price": "-x", "post_only": True, "close": False},
            ["order", "buy", "--quote=100", "--price=-x", "--post-only", "--", "BTCUSDT"],
        ),
        (
            "watch_trades",
            {"symbol": ["BTCUSDT", "ETHUSDT"], "duration": "5s", "count": 3, "status": False},
            ["watch", "trades", "--count=3", "--duration=5s", "--no-status", "--", "BTCUSDT", "ETHUSDT"],
        ),
        ("order_cancel", {"id": ["--yes"]}, ["order", "cancel", "--", "--yes"]),
        ("panic", {"keep": ["BTCUSDT", "ETHUSDT"]}, ["panic", "--keep=BTCUSDT", "--keep=ETHUSDT", "--"]),
    ],
)
def test_a_call_is_typed_as_a_person_would_and_is_never_an_option_of_its_own(
    name: str, given: dict[str, Any], words: list[str]
) -> None:
    assert tools.line(EVERY[name], given) == (words, "")


def test_a_file_is_what_stands_in_it() -> None:
    words, stdin = tools.line(EVERY["order_batch"], {"file": "/etc/passwd", "allow_far": True})
    assert (words, stdin) == (["order", "batch", "--allow-far", "--", "-"], "/etc/passwd")


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("watch_ticker", {"symbol": ["BTCUSDT"], "duration": "6m"}, "more than 5m"),
        ("order_wait", {"id": ["1"], "for": "1h"}, "more than 5m"),
    ],
)
def test_what_would_go_on_too_long_is_refused(name: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        tools.line(EVERY[name], given)


# A client. The program is a process of its own here, on paper.


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[McpClient]:
    home = tmp_path_factory.mktemp("mcp")
    home.chmod(0o700)
    with over_stdio(home) as client:
        yield client


def test_a_client_is_told_every_tool(paper: McpClient) -> None:
    told = paper.tools()
    assert set(told) == set(EVERY)
    assert "profile paper (paper)" in paper.instructions
    buy = told["order_buy"]
    assert (buy.description or "").startswith("Buy: opens or adds to a long")
    assert buy.inputSchema["required"] == ["symbol"]
    assert buy.inputSchema["properties"]["tif"]["enum"] == ["gtc", "ioc", "fok", "post-only"]
    assert buy.annotations
    assert (buy.annotations.readOnlyHint, told["order_list"].annotations.readOnlyHint) == (False, True)  # type: ignore[union-attr]


def test_an_order_is_placed_once_and_read_back(paper: McpClient) -> None:
    paper.call("paper_reset")
    placed = paper.call("order_buy", symbol="BTCUSDT", size="0.01", price="50000", client_oid="once-1")["result"]
    assert (placed["outcome"], placed["env"]) == ("placed", "paper")
    assert [order["clientOid"] for order in paper.call("order_list")["result"]] == ["once-1"]
    again = paper.failed("order_buy", symbol="BTCUSDT", size="0.01", price="50000", client_oid="once-1")
    assert again["exit"] != 0
    assert len(paper.call("order_list")["result"]) == 1
    assert len(paper.call("order_log")["result"]) == 1


def test_a_dry_run_places_nothing(paper: McpClient) -> None:
    paper.call("paper_reset")
    request = paper.call("order_buy", symbol="BTCUSDT", size="0.01", dry_run=True)["result"]
    assert request["method"] == "POST"
    assert paper.call("position_list")["result"] == []


def test_a_stream_ends_with_its_rows(paper: McpClient) -> None:
    rows = paper.call("watch_ticker", symbol=["BTCUSDT"], count=2, duration="5s")["result"]
    assert [row["data"]["symbol"] for row in rows] == ["BTCUSDT"] * 2


@pytest.mark.parametrize(
    ("name", "given", "error", "status", "said"),
    [
        ("order_buy", {"symbol": "BTCUST", "size": "1"}, "usage", 2, "BTCUST does not exist"),
        ("order_buy", {"symbol": "BTCUSDT", "size": 0.01}, "usage", 2, "size: 0.01 is not of type 'string'"),
        ("order_buy", {"symbol": "BTCUSDT", "profile": "live"}, "usage", 2, "'profile' was unexpected"),
        ("order_buy", {}, "usage", 2, "'symbol' is a required property"),
        ("profile_list", {}, "usage", 2, "profile_list is not a tool"),
        ("api_call", {"words": ["x"]}, "usage", 2, "api_call is not a tool"),
        ("p2p_me", {}, "rejected", 5, ""),
    ],
)
def test_a_failure_is_told_as_at_the_keyboard(
    paper: McpClient, name: str, given: dict[str, Any], error: str, status: int, said: str
) -> None:
    told = paper.failed(name, **given)
    assert (told["error"], told["exit"]) == (error, status)
    assert said in told["message"]


def test_a_signal_ends_a_call_and_the_server_and_stdout_is_the_protocols_alone(home: Path) -> None:
    """The client's end stays open meanwhile."""
    watch = {"name": "watch_ticker", "arguments": {"symbol": ["BTCUSDT"], "duration": "1m"}}
    calls = ({"id": 3, "params": {"name": "market_time"}}, {"id": 4, "params": watch})
    with raw(home, *({"method": "tools/call", **call} for call in calls)) as process:
        assert process.stdout
        assert [json.loads(process.stdout.readline())["id"] for _ in range(2)] == [1, 3]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 143
        assert process.stdout.read() == ""


# On the exchange of a test. The account is live, and the program was started as the words say.


def _orders(desk: Desk) -> list[str]:
    return [path for path, _ in desk.changes]


BUY = {"symbol": "BTCUSDT", "size": "0.01", "price": "59000"}


@pytest.fixture
def live(bitget: Bitget) -> Bitget:
    """With a key of its own, as `--profile live` needs one."""
    assert bitget("profile add live --stdin", typed="bg_key\nsecretsecret\nwords\n").status == 0
    return bitget


def test_live_only_reads_unless_it_is_allowed(live: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    with over_pipes(live, "-p", "live") as client:
        assert all(ANSWERS[EVERY[name].path].effect is CommandEffect.READ for name in client.tools())
        assert client.call("market_price", symbol="BTCUSDT")["result"]["price"] == "60000"
        told = client.failed("order_buy", **BUY)
    assert (told["error"], told["exit"]) == ("declined", 10)
    assert told["hint"] == "bitget mcp --allow-changes --profile live"
    assert not exchange.get_requests(method="POST")


def test_a_change_on_live_is_sent_once_the_user_says_yes(live: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    desk.due("mix/order/place-order")
    with over_pipes(live, "-p", "live", "--allow-changes", client=McpClient("accept")) as client:
        assert client.call("order_buy", **BUY)["result"]["outcome"] == "placed"
    (question,) = client.questions
    assert question.startswith("LIVE: ")
    assert "0.01" in question
    assert _orders(desk) == ["mix/order/place-order"]


@pytest.mark.parametrize(
    ("name", "given", "answer"),
    [
        ("order_buy", BUY, "decline"),
        ("order_buy", BUY, "cancel"),
        ("order_buy", BUY, "unticked"),
        ("order_buy", BUY, None),
        ("order_cancel", {"id": ["1001"], "symbol": "BTCUSDT"}, "decline"),
        ("order_cancel_all", {}, None),
        ("panic", {}, "decline"),
        ("panic", {}, None),
    ],
)
def test_a_change_on_live_is_not_sent_without_a_yes(
    live: Bitget, exchange: HTTPXMock, name: str, given: dict[str, Any], answer: str | None
) -> None:
    open_desk(exchange, orders=[ORDER])
    client = McpClient(answer) if answer else McpClient()
    with over_pipes(live, "-p", "live", "--allow-changes", client=client):
        told = client.failed(name, **given)
    assert (told["error"], told["exit"]) == ("declined", 10)
    assert len(client.questions) == (answer is not None)
    assert ("cannot ask its user" in told["message"]) is (answer is None)
    assert not exchange.get_requests(method="POST")


def test_the_user_is_shown_what_was_said_before_the_question(live: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, orders=[ORDER])
    client = McpClient("decline")
    with over_pipes(live, "-p", "live", "--allow-changes", client=client):
        client.failed("panic", product=["usdt-futures"])
    (question,) = client.questions
    assert question.startswith("LIVE: 1 order to cancel")
    assert question.endswith("\npanic")


def test_a_signal_that_a_command_did_not_end_by_ends_the_server(live: Bitget, exchange: HTTPXMock) -> None:
    """It comes while what became of a placed order is looked at, which is given up alone."""

    def hangs_up(_: httpx.Request) -> httpx.Response:
        stop(1)

    desk = open_desk(exchange)
    desk.due("mix/order/place-order")
    desk.answers["mix/order/detail"] = hangs_up
    access = tools.Access("live", "live", allow_changes=True)
    environment = Environment(environ=live.environ, clock=live.clock, keyring=live.keyring)
    calls = tool_calls.ToolCalls(environment, access, tools.offered(access))
    with pytest.raises(StoppedError) as stopped:
        calls("order_buy", {"symbol": "BTCUSDT", "size": "0.01"}, lambda _: True)
    assert (stopped.value.exit_status, _orders(desk)) == (129, ["mix/order/place-order"])


def test_a_dry_run_on_live_asks_nobody(live: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    with over_pipes(live, "-p", "live", "--allow-changes") as client:
        assert "put to the user" in client.instructions
        assert client.call("order_buy", **BUY, dry_run=True)["result"]["method"] == "POST"


def test_a_price_far_from_the_market_is_refused_whoever_says_yes(live: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    client = McpClient("accept")
    with over_pipes(live, "-p", "live", "--allow-changes", client=client):
        assert client.failed("order_buy", **BUY | {"price": "30000"})["exit"] == 10
    assert client.questions == []


def test_a_locked_profile_stays_locked(live: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    assert live("profile lock live").status == 0
    client = McpClient("accept")
    with over_pipes(live, "-p", "live", "--allow-changes", client=client):
        assert "locked" in client.failed("order_buy", **BUY)["message"]
    assert client.questions == []


# How it is started.


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ("mcp --allow-changes", 2, "needs the profile to be named"),
        ("-p nobody mcp", 2, "nobody"),
    ],
)
def test_what_is_started_wrongly_is_refused(bitget: Bitget, typed: str, status: int, said: str) -> None:
    ran = bitget(typed)
    assert (ran.status, ran.out) == (status, "")
    assert said in ran.err


def test_it_is_on_paper_whatever_the_environment_says(bitget: Bitget) -> None:
    with over_pipes(bitget, **{**LIVE, "BITGET_PROFILE": "live"}) as client:
        assert "profile paper (paper)" in client.instructions
        assert client.call("account_info")["result"]


def test_a_profile_that_became_another_is_refused(bitget: Bitget, home: Path) -> None:
    folder = home / "config" / "bitget"
    folder.mkdir(0o700, parents=True)
    config = folder / "config.toml"
    config.write_text('version = 1\n[profiles.mine]\nenv = "paper"\n')
    config.chmod(0o600)
    with over_pipes(bitget, "-p", "mine") as client:
        assert client.call("market_time")["result"]
        config.write_text('version = 1\n[profiles.mine]\nenv = "live"\n')
        told = client.failed("order_buy", **BUY)
    assert (told["error"], told["message"]) == ("config", "profile mine was paper and is live now")


def test_without_the_extra_it_says_what_to_install(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "bitget_cli.servers.mcp_server", raising=False)
    monkeypatch.setitem(sys.modules, "mcp", None)
    ran = bitget("mcp --json")
    assert ran.status == 3
    assert ran.failure["hint"] == "pip install 'bitget-cli[mcp]'"


# Answers.


@pytest.mark.parametrize(
    ("text", "lines", "value"),
    [
        ('{"a":0.10,"b":12345678901234567890}', False, {"a": "0.10", "b": 12345678901234567890}),
        ('[{"a":"1"},\n{"a":"2"}', False, [{"a": "1"}, {"a": "2"}]),
        ('{"a":1}\n{"a":2}\n', True, [{"a": 1}, {"a": 2}]),
        ("", False, None),
    ],
)
def test_digits_stay_as_they_were_and_a_broken_list_is_what_had_come(text: str, lines: bool, value: Any) -> None:
    assert tool_calls._parsed(text, lines=lines) == value
    json.dumps(value)


def test_a_call_that_takes_too_long_is_ended(bitget: Bitget, monkeypatch: pytest.MonkeyPatch) -> None:
    from bitget_cli.runtime import Environment

    monkeypatch.setattr(tool_calls, "LONGEST_CALL", 0.3)
    access = tools.Access("paper", "paper", allow_changes=False)
    calls = tool_calls.ToolCalls(Environment(environ=bitget.environ), access, tools.offered(access))
    told, failed = calls("watch_ticker", {"symbol": ["BTCUSDT"], "duration": "1m"}, lambda _: None)
    assert failed
    assert (told["error"], told["exit"]) == ("interrupted", 142)
