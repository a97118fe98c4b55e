"""Strategy orders in parts, twap and iceberg: what each part is, how they follow each other, and how they end."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from paper_account import USDT_LINE, UnifiedAccount
from rules import law

LINE = {"category": "USDT-FUTURES", "symbol": "BTCUSDT"}
SPOT = {"category": "SPOT", "symbol": "BTCUSDT"}
TWO_MINUTES = {"duration": "2", "interval": "30"}
FIXED = {"orderPreference": "fixed_price"}
FOLLOWING = {"orderPreference": "faster_execution", "executionStrategy": "counterparty1"}


@pytest.fixture
def account() -> UnifiedAccount:
    return UnifiedAccount()


def near(account: UnifiedAccount, ratio: str) -> str:
    return str(int(account.last() * Decimal(ratio)))


def twap(account: UnifiedAccount, *, qty: str = "0.1", side: str = "buy", line: Any = LINE, **params: str) -> Any:
    words = {**line, "type": "twap", "side": side, "qty": qty}
    return account.strategy(**words, twapParams=[TWO_MINUTES | params])


def iceberg(account: UnifiedAccount, *, qty: str = "0.1", side: str = "buy", line: Any = LINE, **params: str) -> Any:
    direction = {"side": side} | ({"reduceOnly": params.pop("reduceOnly")} if "reduceOnly" in params else {})
    split = {} if "splitMode" in params else {"splitMode": "quantity", "qtyPerOrder": "0.04"}
    return account.strategy(**line, type="iceberg", qty=qty, icebergParams=[split | params], **direction)


def parts(account: UnifiedAccount, placed: Any) -> list[dict[str, str]]:
    """The orders it has placed, oldest first."""
    return (account.get("trade/strategy-sub-orders", orderId=placed["orderId"])["list"] or [])[::-1]


def status(account: UnifiedAccount, placed: Any, line: Any = LINE) -> str:
    past = account.get("trade/history-strategy-orders", category=line["category"])["list"]
    rows = [*account.waiting(category=line["category"]), *past]
    return next(row["status"] for row in rows if row["orderId"] == placed["orderId"])


@pytest.mark.parametrize("line", [LINE, SPOT], ids=lambda line: line["category"])
@pytest.mark.parametrize("side", ["buy", "sell"])
def test_a_twap_trades_like_parts_at_its_interval(account: UnifiedAccount, line: dict[str, str], side: str) -> None:
    placed = twap(account, qty="0.0402", side=side, line=line)
    assert len(parts(account, placed)) == 1
    assert len(parts(account.later(seconds=29), placed)) == 1
    assert len(parts(account.later(seconds=31), placed)) == 3
    assert status(account, placed, line) == "pending"
    account.later(minutes=2)
    rows = parts(account, placed)
    begun = int(rows[0]["createdTime"])
    assert [int(row["createdTime"]) - begun for row in rows] == [0, 30_000, 60_000, 90_000]
    assert sum(Decimal(row["qty"]) for row in rows) == Decimal("0.0402")
    assert {row["status"] for row in rows} == {"filled"}
    assert status(account, placed, line) == "success"
    assert account.waiting(category=line["category"]) == []
    told = account.get("trade/history-orders", category=line["category"])["list"]
    assert [row["orderId"] for row in told] == [row["subOrderId"] for row in reversed(rows)]
    fills = account.get("trade/fills", category=line["category"])["list"]
    assert {row["orderId"] for row in fills} == {row["subOrderId"] for row in rows}


def test_a_twap_begins_at_its_trigger_and_ends_at_its_bound(account: UnifiedAccount) -> None:
    placed = twap(account, duration="60", interval="60", twapTriggerPrice=near(account, "0.999"))
    (row,) = account.waiting()
    assert (row["twapParams"]["twapTriggerPrice"], parts(account, placed)) == (near(account, "0.999"), [])
    bounded = twap(account, qty="1", duration="1440", interval="60", twapTerminationPrice=near(account, "1.004"))
    account.later(days=1)
    first = parts(account, placed)[0]
    assert Decimal(first["avgPrice"]) < Decimal(row["twapParams"]["twapTriggerPrice"]) * Decimal("1.0005")
    # It had traded for a while when its end was reached.
    assert status(account, bounded) == "cancelled"
    assert 1 <= len(parts(account, bounded)) < 1440


def test_a_part_without_money_ends_a_twap_and_leaves_what_was_traded(account: UnifiedAccount) -> None:
    placed = twap(account, qty="60", duration="10")
    account.later(minutes=11)
    assert status(account, placed) == "failed"
    bought = sum(Decimal(row["cumExecQty"]) for row in parts(account, placed))
    assert 0 < bought < 60
    assert Decimal(account.position()[0]["total"]) == bought


def test_a_twap_that_only_reduces_ends_with_its_position(account: UnifiedAccount) -> None:
    account.order("buy", "0.05")
    words = {"type": "twap", "side": "sell", "qty": "0.1", "reduceOnly": "yes"}
    placed = account.strategy(**words, twapParams=TWO_MINUTES)
    account.later(minutes=3)
    assert (status(account, placed), account.position()) == ("cancelled", None)
    assert sum(Decimal(row["cumExecQty"]) for row in parts(account, placed)) == Decimal("0.05")


@pytest.mark.parametrize("line", [LINE, SPOT], ids=lambda line: line["category"])
def test_an_iceberg_shows_one_part_after_the_other(account: UnifiedAccount, line: dict[str, str]) -> None:
    placed = iceberg(account, line=line, fixedPrice=near(account, "0.998"), **FIXED)
    (shown,) = account.get("trade/unfilled-orders")["list"]
    assert (shown["qty"], shown["price"]) == ("0.04", near(account, "0.998"))
    for _ in range(200):
        account.later(minutes=10)
        assert len(account.get("trade/unfilled-orders")["list"]) <= 1
        if not account.waiting(category=line["category"]):
            break
    assert [Decimal(row["qty"]) for row in parts(account, placed)] == [Decimal(x) for x in ("0.04", "0.04", "0.02")]
    assert status(account, placed, line) == "success"


@pytest.mark.parametrize("execution", ["queue1", "counterparty1"])
@pytest.mark.parametrize("side", ["buy", "sell"])
def test_an_iceberg_that_follows_the_book_is_no_worse_than_its_bound(
    account: UnifiedAccount, execution: str, side: str
) -> None:
    bound = near(account, "1.001" if side == "buy" else "0.999")
    split = {"splitMode": "order", "splitOrderNumbers": "3"}
    words = FOLLOWING | split | {"executionStrategy": execution, "priceLimit": bound}
    placed = iceberg(account, side=side, **words)
    account.later(days=2)
    assert status(account, placed) == "success"
    rows = parts(account, placed)
    assert [row["qty"] for row in rows] == ["0.0333", "0.0333", "0.0334"]
    for row in rows:
        assert (Decimal(row["price"]) <= Decimal(bound)) if side == "buy" else (Decimal(row["price"]) >= Decimal(bound))


def test_to_cancel_an_iceberg_takes_its_part_off_the_book(account: UnifiedAccount) -> None:
    placed = iceberg(account, line=SPOT, fixedPrice=near(account, "0.97"), **FIXED)
    assert Decimal(account.coin()["locked"]) > 0
    account.post("trade/cancel-strategy-order", orderId=placed["orderId"])
    assert (status(account, placed, SPOT), account.coin()["locked"]) == ("cancelled", "0")
    assert [row["status"] for row in parts(account, placed)] == ["cancelled"]
    assert len(parts(account.later(days=1), placed)) == 1


@pytest.mark.parametrize("how", ["cancel-order", "cancel-symbol-order", "countdown"])
def test_whoever_takes_all_orders_out_meets_no_next_part(account: UnifiedAccount, how: str) -> None:
    placed = iceberg(account, fixedPrice=near(account, "0.97"), **FIXED)
    (shown,) = account.get("trade/unfilled-orders")["list"]
    match how:
        case "cancel-order":
            account.post("trade/cancel-order", orderId=shown["orderId"])
        case "cancel-symbol-order":
            account.post("trade/cancel-symbol-order", **LINE)
        case "countdown":
            account.post("trade/countdown-cancel-all", countdown="5")
    account.later(days=1)
    assert (status(account, placed), len(parts(account, placed))) == ("cancelled", 1)


def test_an_iceberg_that_only_reduces_goes_with_its_position(account: UnifiedAccount) -> None:
    account.order("buy", "0.1")
    placed = iceberg(account, side="sell", fixedPrice=near(account, "1.03"), reduceOnly="yes", **FIXED)
    account.post("trade/close-positions", **USDT_LINE)
    assert (status(account, placed), account.waiting()) == ("cancelled", [])


def test_of_many_parts_all_can_be_read(account: UnifiedAccount) -> None:
    placed = twap(account, qty="1", duration="20", interval="5")
    account.later(minutes=21)
    seen, cursor = [], {}
    while True:
        page = account.get("trade/strategy-sub-orders", orderId=placed["orderId"], **cursor)
        seen += [row["subOrderId"] for row in page["list"]]
        if not page["cursor"]:
            break
        cursor = {"cursor": page["cursor"]}
    assert len(seen) == len(set(seen)) == 240


REFUSED = [
    ({"type": "twap"}, {}, "400172"),
    ({"type": "twap"}, {"duration": "5"}, "400172"),
    ({"type": "twap"}, {**TWO_MINUTES, "interval": "15"}, "400172"),
    ({"type": "twap"}, {**TWO_MINUTES, "duration": "1441"}, "400172"),
    ({"type": "twap"}, {**TWO_MINUTES, "duration": "0"}, "400172"),
    ({"type": "twap"}, {**TWO_MINUTES, "orderType": "limit"}, "40404"),
    ({"type": "twap"}, {"duration": "1440", "interval": "5"}, "25207"),
    ({"type": "twap", "qty": "160", "side": "sell"}, TWO_MINUTES, "25203"),
    ({"type": "twap", "qty": "0.00005"}, TWO_MINUTES, "25200"),
    ({"type": "twap", "side": None}, TWO_MINUTES, "400172"),
    ({"type": "twap", "posSide": "long"}, TWO_MINUTES, "25236"),
    ({"type": "twap", "reduceOnly": "yes"}, TWO_MINUTES, "25225"),
    ({"type": "iceberg"}, {}, "400172"),
    ({"type": "iceberg"}, FIXED, "400172"),
    ({"type": "iceberg"}, {"orderPreference": "fixed_distance"}, "40404"),
    ({"type": "iceberg"}, {**FOLLOWING, "splitMode": "order", "splitOrderNumbers": "101"}, "400172"),
    ({"type": "iceberg"}, {**FOLLOWING, "splitMode": "quantity", "qtyPerOrder": "0.2"}, "400172"),
    ({"type": "iceberg"}, {**FOLLOWING, "splitMode": "quantity", "qtyPerOrder": "0.00001"}, "25200"),
    # The last part would be too small an order.
    ({"type": "iceberg", "qty": "0.1"}, {**FOLLOWING, "splitMode": "quantity", "qtyPerOrder": "0.0333"}, ""),
    (
        {"type": "iceberg", "qty": "0.0400", **SPOT},
        {**FOLLOWING, "splitMode": "quantity", "qtyPerOrder": "0.039999"},
        "25207",
    ),
    (
        {"type": "iceberg", "qty": "200", "side": "buy"},
        {**FOLLOWING, "splitMode": "order", "splitOrderNumbers": "2"},
        "25203",
    ),
]


@pytest.mark.parametrize(("words", "params", "code"), REFUSED)
def test_one_in_parts_that_cannot_be(
    account: UnifiedAccount, words: dict[str, Any], params: dict[str, str], code: str
) -> None:
    whole = {"side": "buy", "qty": "0.1", **words, f"{words['type']}Params": [params] if params else []}
    answer = account.strategy(**{name: value for name, value in whole.items() if value})
    assert (answer if isinstance(answer, str) else "") == code
    if code:
        assert account.get("trade/history-orders", **LINE)["list"] == []
        assert (account.waiting(), account.position()) == ([], None)


def test_neither_is_changed(account: UnifiedAccount) -> None:
    for placed in (twap(account), iceberg(account, fixedPrice=near(account, "0.97"), **FIXED)):
        assert account.post("trade/modify-strategy-order", orderId=placed["orderId"], qty="0.2") == "25002"


def test_a_part_is_as_large_as_its_whole_says(account: UnifiedAccount) -> None:
    iceberg(account, fixedPrice=near(account, "0.97"), **FIXED)
    (shown,) = account.get("trade/unfilled-orders")["list"]
    assert account.post("trade/modify-order", **LINE, orderId=shown["orderId"], qty="0.09") == "40404"


@pytest.mark.parametrize(("side", "hold", "after"), [("sell", "long", "short 0.1"), ("buy", "short", "long 0.1")])
def test_in_hedge_mode_parts_close_the_position_that_is_named(side: str, hold: str, after: str) -> None:
    account = UnifiedAccount()
    account.post("account/set-hold-mode", holdMode="hedge_mode")
    for each, opens in (("buy", "long"), ("sell", "short")):
        account.order(each, "0.1", posSide=opens)
    words = {"side": side, "posSide": hold, "qty": "0.06"}
    placed = [
        account.strategy(type="twap", twapParams=TWO_MINUTES, **words | {"qty": "0.04"}),
        account.strategy(
            type="iceberg", icebergParams={"splitMode": "order", "splitOrderNumbers": "2", **FOLLOWING}, **words
        ),
    ]
    account.later(minutes=3)
    assert [f"{row['posSide']} {row['total']}" for row in account.position()] == [after]
    for one in placed:
        assert (status(account, one), {row["posSide"] for row in parts(account, one)}) == ("success", {hold})


def remembered(account: UnifiedAccount) -> list[Any]:
    with account.store.change() as connection:
        rows = list(connection.execute("SELECT kind, id, live, body FROM records ORDER BY kind, id"))
        return [*rows, *connection.execute("SELECT * FROM pots ORDER BY 1, 2")]


def begun(path: Path, seed: int) -> UnifiedAccount:
    account = UnifiedAccount(path, seed=1 + seed % 4)
    account.order("sell", "0.4")
    twap(
        account,
        qty="0.3",
        duration="30",
        interval=("5", "10", "60")[seed % 3],
        twapTriggerPrice=near(account, "1.0005"),
    )
    twap(account, qty="0.3", side="sell", line=SPOT, duration="20", twapTerminationPrice=near(account, "0.997"))
    iceberg(account, fixedPrice=near(account, "0.9995"), **FIXED)
    iceberg(account, side="sell", line=SPOT, priceLimit=near(account, "0.99"), **FOLLOWING)
    iceberg(account, qty="0.3", reduceOnly="yes", **FOLLOWING | {"executionStrategy": "queue1"})
    return account


@law(few=1, many=5, seed=st.integers(0, 10**6), looks=st.lists(st.integers(1, 400_000), max_size=12))
def test_when_somebody_looks_and_starts_anew_changes_nothing(
    seed: int, looks: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("paper")
    once = begun(folder / "once.sqlite3", seed)
    often = begun(folder / "often.sqlite3", seed)
    whole = 3_600_000
    for look in looks:
        often.later(milliseconds=look)
        often.get("account/assets")
        whole -= look
        often = UnifiedAccount.join(folder / "often.sqlite3")
    for each, rest in ((once, 3_600_000), (often, whole)):
        if rest > 0:
            each.later(milliseconds=rest)
        each.get("account/assets")
    if whole > 0:
        assert remembered(once) == remembered(often)
    for parts_ in once.proof().values():
        assert parts_["sum"] == "0"
    plans = [json.loads(row[3]) for row in remembered(once) if row[0] == "plan"]
    for plan in plans:
        # What its parts have filled is what it knows of, and no more than it was to trade.
        orders = [json.loads(row[3]) for row in remembered(once) if row[0] == "order"]
        own = [order for order in orders if order["parent"] == plan["id"]]
        over = sum(order["filled"] for order in own if order["status"] in ("filled", "canceled"))
        assert plan["traded"] == over <= plan["sent"] <= plan["size"]
        assert len(own) == plan["turns"]
