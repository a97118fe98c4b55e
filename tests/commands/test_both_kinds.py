"""One account before and after Bitget has moved it: the same commands tell the same rows."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget, Ran

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
    *("convert bgb-coins", "convert bgb-history"),
]
# Of one wallet there is another amount than of two, and one kind of account says some things in other words.
OTHERWISE = {
    *("available", "locked", "frozen", "accountEquity", "crossedRiskRate", "assetMode", "maxOpen", "authorities"),
    *("businessType", "achievedProfits", "liquidationPrice", "feeDetail", "force", "size", "clientOid"),
}
SAME_NOTHING = {"", "0", 0}
NAMES = ("tradeId", "orderId", "billId", "positionId", "transferId")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Ran]]:
    """What each command prints before the move and after it."""
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    from doubles import MemoryKeyring, StillClock

    environ = {"HOME": str(home), "TERM": "xterm-256color", "BITGET_PROFILE": "paper"}
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "STATE", "CACHE", "DATA"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        patch.setenv("COLUMNS", "200")
        bitget = Bitget(environ, StillClock(), MemoryKeyring())
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
