"""One account before and after Bitget has moved it: the same commands tell the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget, MemoryKeyring, Ran, StillClock

DOCUMENT = (Path(__file__).parents[2] / "docs" / "unified.md").read_text()
TYPED = """
paper clock --set 2026-03-01T12:00
account position-mode hedge
order buy BTCUSDT 0.01
order sell BTCUSDT 0.005
order buy BTCUSDT 0.01 --price 60000
order buy BTC/USDT 0.01 --price 60000
order buy BTC/USDT --quote 100
order sell ETHUSDT 0.1
position close ETHUSDT
plan buy BTCUSDT 0.01 --trigger 60000 --price 59999
plan buy BTCUSDT 0.01 --trigger 60000 --callback 1
plan tpsl BTCUSDT --tp 500000 --side long
plan tpsl BTCUSDT --sl 20000 --size 0.005 --side long
convert trade USDT BTC --from-size 100 --yes
"""
LINES = [
    *("account balance", "account balance --product spot", "account balance USDT", "account show BTCUSDT"),
    *("account overview", "account funding", "account info", "account fee BTCUSDT", "account fee BTC/USDT"),
    *("account max-open BTCUSDT --side long", "account subaccounts", "account bills", "account bills --product spot"),
    *("account transfers USDT", "account deposits", "account withdrawals", "account deposit-address USDT"),
    *("position list", "position show BTCUSDT", "position history", "position adl", "order list"),
    *("order list --product spot", "order list BTCUSDT", "order history", "order history --product spot"),
    *("order history ETHUSDT --limit 1", "order fills", "order fills BTCUSDT --all", "order fills --product spot"),
    *("plan list", "plan list BTCUSDT --kind tpsl", "plan history", "plan list --product spot", "convert history"),
    *("convert bgb-coins", "convert bgb-history", "tax spot", "tax futures", "tax margin"),
]
# Of one wallet there is another amount than of two, and one kind of account says some things in other words.
OTHERWISE = {
    *("available", "locked", "frozen", "accountEquity", "crossedRiskRate", "assetMode", "maxOpen", "authorities"),
    *("businessType", "achievedProfits", "liquidationPrice", "feeDetail", "force", "size", "clientOid"),
}
SAME_NOTHING = {"", "0", 0}
NAMES = ("tradeId", "orderId", "billId", "positionId", "transferId")


@contextmanager
def at_home(home: Path) -> Iterator[Bitget]:
    """A typist whose profile is paper."""
    home.chmod(0o700)
    environ = {"HOME": str(home), "TERM": "xterm-256color", "BITGET_PROFILE": "paper"}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "STATE", "CACHE", "DATA"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        patch.setenv("COLUMNS", "200")
        yield Bitget(environ, StillClock(), MemoryKeyring())


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Ran]]:
    """What each command prints before the move and after it."""
    with at_home(tmp_path_factory.mktemp("home")) as bitget:
        for line in TYPED.strip().splitlines():
            assert bitget(line).status == 0, line
        ids = [
            row["orderId"] for product in ("", " --product spot") for row in bitget(f"order list{product} --json").json
        ]
        ids += [row["orderId"] for row in bitget("order history --json").json]
        plans = [row["orderId"] for row in bitget("plan list --json").json]
        lines = [*LINES, *(f"order show {one}" for one in ids), *(f"plan show {one}" for one in plans)]
        found: dict[str, dict[str, Ran]] = {}
        for kind in ("classic", "unified"):
            found[kind] = {line: bitget(f"{line} --json") for line in lines}
            found[f"{kind} table"] = {line: bitget(f"{line} --no-color", terminal=True) for line in lines}
            found[f"{kind} raw"] = {line: bitget(f"{line} --raw --json") for line in lines}
            assert bitget("paper migrate --yes").status == (0 if kind == "classic" else 2)
        return found


def rows_of(ran: Ran) -> list[dict[str, Any]]:
    return ran.json if isinstance(ran.json, list) else [ran.json]


def named(row: dict[str, Any]) -> tuple[Any, ...]:
    return (next((row[name] for name in NAMES if row.get(name)), None), row.get("holdSide"))


def headings(ran: Ran) -> list[str]:
    """The words above the first row, which alone has numbers."""
    above = takewhile(lambda line: not any(letter.isdigit() for letter in line), ran.lines)
    return sorted(word for line in above for word in line.split())


def in_order(row: dict[str, Any]) -> list[str]:
    """Its names as they come, but for those of exits, which even classic rows have in this order and in that."""
    return [name for name in row if not name.startswith(("stopSurplus", "stopLoss"))]


def as_number(value: Any) -> Any:
    try:
        return Decimal(value) if isinstance(value, str) else value
    except InvalidOperation:
        return value


def test_every_command_tells_the_same_names_and_what_it_cannot_tell_is_documented(
    told: dict[str, dict[str, Ran]],
) -> None:
    for line, before in told["classic"].items():
        after = told["unified"][line]
        assert (before.status, after.status) == (0, 0), after.err
        names = {name for row in rows_of(before) for name in row}
        for row in rows_of(after):
            assert list(row)[-1] == "accountKind"
            assert names <= set(row), line
            was = in_order(rows_of(before)[0]) if names else []
            assert [name for name in in_order(row) if name in was] == was, line
            own = set(row) - names - {"accountKind"} if names else set()
            nulls = {name for name in names if row[name] is None}
            assert not {name for name in own | nulls if f"`{name}`" not in DOCUMENT}, line


def test_every_command_tells_the_same_values(told: dict[str, dict[str, Ran]]) -> None:
    for line, before in told["classic"].items():
        known = {named(row): row for row in rows_of(before)}
        for row in rows_of(told["unified"][line]):
            was = known.get(named(row), {}) if named(row)[0] else {}
            for name in set(was) & set(row) - OTHERWISE:
                one, other = as_number(was[name]), as_number(row[name])
                same = one == other or other is None or {was[name], row[name]} <= SAME_NOTHING
                assert same, (line, name, was[name], row[name])


def test_orders_and_positions_are_all_there(told: dict[str, dict[str, Ran]]) -> None:
    for line in ("order list", "order history", "order fills", "plan list", "position list", "position history"):
        ids = [[named(row) for row in rows_of(told[kind][line])] for kind in ("classic", "unified")]
        assert sorted(ids[0]) == sorted(ids[1])
        assert ids[0]


def test_tables_have_the_same_headings(told: dict[str, dict[str, Ran]]) -> None:
    for line in ("account balance", "position list", "order list", "order fills", "plan list", "account bills"):
        before, after = (headings(told[f"{kind} table"][line]) for kind in ("classic", "unified"))
        # What no row tells has no column, and a unified account does not tell a position's exits.
        untold = {"TP", "/", "SL"} if line == "position list" else set()
        assert [word for word in before if word not in untold] == after


def test_raw_rows_are_the_exchanges_own_on_both_kinds(told: dict[str, dict[str, Ran]]) -> None:
    for line, plain in told["classic"].items():
        assert told["classic raw"][line].out == plain.out
        raw = told["unified raw"][line]
        assert raw.status == 0, raw.err
        assert "accountKind" not in raw.out
    assert "qty" in told["unified raw"]["order list"].json[0]
    assert "avgPrice" in told["unified raw"]["position list"].json[0]


# Each answers with the record of a change, on either kind, and what Bitget said has the same names in it.
CHANGES = """
account position-mode hedge
account position-mode one-way
account margin-mode ETHUSDT isolated
account leverage ETHUSDT 5
account leverage BTCUSDT 10
order buy BTCUSDT 0.01 --price 60000 --client-oid a1
order modify a1 --size 0.02
order cancel a1
order cancel a1
order buy BTCUSDT 0.01 --price 60000 --client-oid a2
order buy BTCUSDT 0.01 --price 60000 --client-oid a3
order cancel a2 a3
order buy BTCUSDT 0.01 --price 60000
order cancel-all
order buy BTC/USDT 0.01 --price 60000
order cancel-all --product spot
order buy BTCUSDT 0.01
plan tpsl BTCUSDT --tp 500000
plan modify LAST --trigger 500001
plan cancel LAST
position close BTCUSDT
order buy ETHUSDT 0.1
account margin ETHUSDT --add 5
position close-all
account transfer USDT 5 --from spot --to funding
""".strip().splitlines()
# What is null there where a classic account says something: docs/unified.md tells it of each.
SAYS_NOTHING = ("plan cancel", "account margin")


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Ran]]:
    """How each of them ends on an account of either kind."""
    with at_home(tmp_path_factory.mktemp("home")) as bitget:
        ended: dict[str, list[Ran]] = {}
        for kind in ("classic", "unified"):
            assert bitget(f"paper reset --account {kind}").status == 0
            ended[kind] = []
            for line in CHANGES:
                plans = bitget("plan list --json").json if "LAST" in line else [{"orderId": ""}]
                ended[kind].append(bitget(f"{line.replace('LAST', plans[0]['orderId'])} --json"))
        return ended


def names_in(value: Any, within: str = "") -> set[str]:
    if isinstance(value, list):
        return {name for one in value for name in names_in(one, within)}
    if isinstance(value, dict):
        inner = [names_in(one, f"{within}.{name}") for name, one in value.items()]
        return {f"{within}.{name}" for name in value}.union(*inner)
    return set()


@pytest.mark.parametrize("number", range(len(CHANGES)), ids=CHANGES)
def test_a_change_is_told_under_the_same_names(number: int, changed: dict[str, list[Ran]]) -> None:
    before, after = (changed[kind][number] for kind in ("classic", "unified"))
    assert (before.status, after.status) == (0, 0), after.err
    for one, other in zip(rows_of(before), rows_of(after), strict=True):
        assert list(one) == list(other)
        assert {name for name in one if other[name] is None} <= {name for name in one if one[name] in (None, "")} | {
            "response" if CHANGES[number].startswith(SAYS_NOTHING) else ""
        }
        if other["response"] is not None:
            assert names_in(one["response"]) <= names_in(other["response"])


def test_an_order_that_is_modified_is_found_by_what_is_answered(changed: dict[str, list[Ran]]) -> None:
    """It keeps its ids there; on a classic account it gets new ones."""
    number = CHANGES.index("order modify a1 --size 0.02")
    placed, modified = (changed["unified"][one].json for one in (number - 1, number))
    assert [modified[name] for name in ("orderId", "clientOid")] == [placed["orderId"], "a1"]
