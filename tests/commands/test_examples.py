"""The example in a command's help: it runs on paper, and on either kind of account it ends alike and tells the same."""

from __future__ import annotations

import inspect
import json
import re
import shutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget, Ran

from bitget_cli.commands.command import _built

BEGIN = """
paper reset --account {kind}
order buy BTCUSDT 0.05
order buy BTC/USDT --quote 100
order buy BTCUSDT 0.01 --price 60000
plan buy BTCUSDT 0.01 --trigger 60000
"""
# What the examples call an order, whichever there is.
SOME_ID = "1234567890"
# Of a unified account that is not to be had: docs/unified.md says what is, instead.
UNAVAILABLE = {"account liq-price", "account bots", "account auto-margin"} | {
    f"convert {name}" for name in ("coins", "quote", "trade")
}
# A unified account alone has these.
UNIFIED_ALONE = {"plan oco", "plan twap", "plan iceberg"}
# Ends otherwise than well on either kind, as things stand: the position is open, it is crossed, no balance is small.
REFUSED = {
    **dict.fromkeys(("account leverage", "account margin-mode", "account position-mode", "account auto-margin"), 5),
    **dict.fromkeys(("account margin", "convert bgb"), 2),
    # The order rests, and time stands still here.
    "order wait": 9,
}


def examples() -> list[tuple[str, str, bool]]:
    """Group and name, the example, and whether it changes something."""
    found = []
    for group in ("account", "position", "order", "plan", "convert"):
        for name, function in import_module(f"bitget_cli.commands.{group}").group.functions.items():
            example = re.search(r"^Example: bitget (?:-p paper )?(.+)$", inspect.getdoc(function) or "", re.MULTILINE)
            built: Any = _built(name, function)
            if example:
                changes = any("--dry-run" in param.opts for param in built.params)
                found.append((f"{group} {name}", example[1], changes))
    return found


EXAMPLES = examples()


@pytest.fixture
def ended(bitget: Bitget, home: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, Ran]]:
    """How each example ends on an account of either kind; one that changes something begins anew."""
    monkeypatch.chdir(home)
    (home / "orders.csv").write_text("side,symbol,size,price\nbuy,BTCUSDT,0.01,60000\n")
    bitget.environ["BITGET_PROFILE"] = "paper"
    found: dict[str, dict[str, Ran]] = {}
    for kind in ("classic", "unified"):
        for line in BEGIN.format(kind=kind).strip().splitlines():
            assert bitget(line).status == 0
        shutil.copytree(home / "state", home / kind)
        found[kind] = {}
        for name, example, changes in EXAMPLES:
            found[kind][name] = bitget(f"{with_an_id(bitget, example)} --json")
            if changes:
                shutil.rmtree(home / "state")
                shutil.copytree(home / kind, home / "state")
    return found


def with_an_id(bitget: Bitget, example: str) -> str:
    if SOME_ID not in example:
        return example
    example = example.replace("--for 10m", "--for 0s")
    return example.replace(SOME_ID, bitget(f"{example.partition(' ')[0]} list --json").json[0]["orderId"])


def first_row(ran: Ran) -> dict[str, Any]:
    told = json.loads(ran.out) if ran.out else {}
    return told[0] if isinstance(told, list) and told else told or {}


def test_every_example_ends_alike_on_either_kind_and_tells_the_same(ended: dict[str, dict[str, Ran]]) -> None:
    assert len(EXAMPLES) > 55
    for name, example, _ in EXAMPLES:
        classic, unified = (ended[kind][name] for kind in ("classic", "unified"))
        if name in UNIFIED_ALONE:
            assert (example, classic.status, unified.status) == (example, 5, 0), unified.err
            continue
        assert (example, classic.status) == (example, REFUSED.get(name, 0)), classic.err
        if name in UNAVAILABLE:
            assert (example, unified.status, unified.failure["error"]) == (example, 5, "unavailable"), unified.err
            assert unified.failure["hint"]
            continue
        assert (example, unified.status) == (example, classic.status), unified.err
        assert not set(first_row(classic)) - set(first_row(unified)), example
