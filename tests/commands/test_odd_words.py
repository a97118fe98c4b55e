"""Words nobody means, in every command: each ends with a sentence, never with a defect of ours (1)."""

from __future__ import annotations

import inspect
import json
import re
import shlex
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget

from bitget_cli.commands.command import _built

GROUPS = ["market", "account", "position", "order", "plan", "convert", "tax", "profile", "paper", "api"]
GROUPS += ["subaccount", "p2p"]
HALF = "\udcff"  # a byte of the command line that is no UTF-8
HUGE = ["9" * 20, "9" * 5000]
# Each answers with as much as it is asked for, which takes long, or goes on until it is stopped.
LONG = {("paper", "serve"), ("tax", "export"), ("market", "trades"), ("market", "candles"), ("market", "news")}


@pytest.fixture(autouse=True)
def _nowhere_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of these words are taken for the name of a file."""
    monkeypatch.chdir(home)


def commands() -> list[tuple[str, str, list[str], list[str]]]:
    """Group, name, the words of its example, and its options that take a value."""
    found = []
    for group in GROUPS:
        for name, function in import_module(f"bitget_cli.commands.{group}").group.functions.items():
            example = re.search(r"^Example: bitget (.+)$", inspect.getdoc(function) or "", re.MULTILINE)
            built: Any = _built(name, function)
            flags = [param.opts[-1] for param in built.params if param.opts[0][:1] == "-" and not param.is_flag]
            typed = shlex.split(example[1]) if example else [group, name, "BTCUSDT"]
            typed = typed[2:] if typed[:2] == ["-p", "paper"] else typed
            found.append((group, name, [word for word in typed if word != "--all"], flags))
    return found


COMMANDS = commands()


def lines(words: list[str], options: list[str], odd: str) -> list[list[str]]:
    """The example with the odd word in the place of each argument and value, and in each option."""
    inside = []
    for place, word in enumerate(words[2:], start=2):
        if not word.startswith("-"):
            name, equals, _ = word.partition("=")
            inside.append([*words[:place], f"{name}={odd}" if equals else odd, *words[place + 1 :]])
    # `-p` and the like are everybody's, and are tried once.
    own = [option for option in options if option not in ("--profile", "-p", "--output", "-o", "--fields", "--timeout")]
    return inside + [[*words, option, odd] for option in own]


@pytest.mark.parametrize(("group", "name", "words", "options"), COMMANDS, ids=[" ".join(one[:2]) for one in COMMANDS])
def test_no_number_is_too_large_to_be_told_so(
    bitget: Bitget, group: str, name: str, words: list[str], options: list[str]
) -> None:
    """In each place one of them, the other from place to place and from command to command."""
    first = COMMANDS.index((group, name, words, options))
    for odd in HUGE if (group, name) not in LONG else []:
        told_so(bitget, lines(words, options, odd)[(first + HUGE.index(odd)) % 2 :: 2])


@pytest.mark.slow
@pytest.mark.parametrize(("group", "name", "words", "options"), COMMANDS, ids=[" ".join(one[:2]) for one in COMMANDS])
def test_nor_is_any_other_in_its_place(
    bitget: Bitget, group: str, name: str, words: list[str], options: list[str]
) -> None:
    for odd in HUGE if (group, name) not in LONG else []:
        told_so(bitget, lines(words, options, odd))


def told_so(bitget: Bitget, typed: list[list[str]]) -> None:
    for line in typed:
        ran = bitget(["-p", "paper", *line])
        assert ran.status not in (1, 7), (line, ran.err)


@pytest.mark.parametrize(
    "line", ["order show", "order cancel 1", "plan show", "api public.time", "-p", "market ticker"]
)
def test_a_word_that_is_no_text_is_refused(bitget: Bitget, line: str) -> None:
    for word in (HALF, f"mine{HALF}", f"--product={HALF}"):
        ran = bitget([*line.split(), word, "-p", "paper"])
        assert (ran.status, ran.out) == (2, "")
        assert "is not valid UTF-8 text" in ran.err


def test_folders_may_have_any_name(bitget: Bitget, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("STATE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{folder}_HOME", f"{home}/{folder}{HALF}")
    for line in ("profile limit paper --max-notional 5000", "-p paper order buy BTCUSDT 0.01", "-p paper order log"):
        ran = bitget(line)
        assert ran.status == 0, ran.err


@pytest.mark.parametrize("what", ["clientOid", "symbol", "side"])
def test_half_a_character_in_json_is_refused(bitget: Bitget, what: str) -> None:
    row = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "side": "buy", "size": "1", "orderType": "market"}
    body = json.dumps(row | {what: "\ud800"})
    for line in ("api mix.order.place-order --data -", "order batch -"):
        ran = bitget(f"-p paper {line}", typed=body)
        assert (ran.status, ran.out) == (2, "")
        assert "half a character" in ran.err


RAW = "api spot.trade.place-order symbol=BTCUSDT force=gtc"


@pytest.mark.parametrize("cap", ["none", "100"])
@pytest.mark.parametrize(
    "line",
    [
        f"{RAW} side=sell orderType=market size=1e99",
        f"{RAW} side=buy orderType=limit price=1e99 size=1e99",
        f"{RAW} side=buy orderType=limit price=1e-99 size=1",
        "api convert.trade fromCoin=BTC fromCoinSize=1e99 toCoin=USDT toCoinSize=1e99 cnvtPrice=1 traceId=1",
        "api mix.account.union-convert coin=BTC amount=1e99",
        "api POST /api/v2/mix/order/place-plan-order symbol=BTCUSDT productType=USDT-FUTURES side=buy size=1e99"
        " triggerPrice=1e99 price=1e99 planType=normal_plan orderType=limit",
        "api POST /api/v2/mix/order/place-plan-order symbol=BTCUSDT productType=USDT-FUTURES side=buy size=1e99"
        " triggerPrice=1e99 price=1e99 planType=7",
        "paper deposit USDT 99999999999999999999",
        "paper reset --balance USDT=99999999999999999999",
        "paper clock --set 2262-06-01",
    ],
)
def test_a_number_beyond_all_orders_is_told_so(bitget: Bitget, line: str, cap: str) -> None:
    assert bitget(f"profile limit paper --max-notional {cap}").status == 0
    ran = bitget(f"-p paper {line}")
    assert ran.status in (2, 5, 10), ran.err
    assert bitget("-p paper order list").status == 0


def test_deposits_end_where_they_can_no_longer_be_counted(bitget: Bitget) -> None:
    for product in ("spot", "usdt-futures"):
        assert bitget(f"paper reset --balance {product}:USDT=1000000000000").status == 0
        assert bitget("paper deposit USDT 1000000000000").status == 0
        assert bitget("-p paper order buy BTC/USDT --quote 99").status == 0
        assert bitget("-p paper order buy BTCUSDT 0.01").status in (0, 2)
