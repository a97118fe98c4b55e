"""The paper exchange as a unified account: which calls answer, one wallet, and orders in the words of v3."""

from __future__ import annotations

import json
import random
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget
from hypothesis import example, given, settings
from hypothesis import strategies as st
from paper_account import NOON, USDT_LINE, PaperAccount, UnifiedAccount
from rules import law

from bitget_cli.errors import ConfigError
from bitget_cli.paper.faults import InjectedFault
from bitget_cli.paper.store import STEPS, Store

LINE = {"category": "USDT-FUTURES", "symbol": "BTCUSDT"}
MARKET = {"orderType": "market", "marginMode": "isolated"}
HEDGE, ONE_WAY = "hedge_mode", "one_way_mode"


@pytest.fixture
def account() -> UnifiedAccount:
    return UnifiedAccount()


def below(account: PaperAccount, ratio: str = "0.97") -> str:
    """A whole price that far from the last one."""
    return str(int(account.last() * Decimal(ratio)))


# Which kind it is.


@pytest.mark.parametrize(
    ("kind", "method", "path", "code"),
    [
        (UnifiedAccount, "GET", "/api/v2/spot/account/assets", "40085"),
        (UnifiedAccount, "GET", "/api/v2/spot/account/info", "40085"),
        (UnifiedAccount, "POST", "/api/v2/mix/order/place-order", "40085"),
        # Bitget has it and the paper exchange has not.
        (UnifiedAccount, "GET", "/api/v2/earn/savings/product", "40085"),
        (UnifiedAccount, "GET", "/api/v3/account/info", "00000"),
        (UnifiedAccount, "GET", "/api/v2/public/time", "00000"),
        (UnifiedAccount, "GET", "/api/v2/spot/public/symbols", "00000"),
        (UnifiedAccount, "GET", "/api/v3/mix/order/place-order", "40404"),
        (PaperAccount, "GET", "/api/v3/account/info", "40084"),
        (PaperAccount, "POST", "/api/v3/trade/place-order", "40084"),
        (PaperAccount, "GET", "/api/v2/spot/account/assets", "00000"),
        (PaperAccount, "GET", "/api/v3/market/instruments?category=SPOT", "00000"),
        (PaperAccount, "GET", "/api/v3/market/tickers?category=USDT-FUTURES", "00000"),
    ],
)
@pytest.mark.parametrize("secret", [b"paper-secret", b"another"])
def test_an_account_answers_the_calls_of_its_own_kind(
    kind: type[PaperAccount], method: str, path: str, code: str, secret: bytes
) -> None:
    status, body = kind().raw(method, path, {}, secret=secret)
    # The other kind's calls are refused before a signature is looked at, everybody's need none.
    private = path in ("/api/v3/account/info", "/api/v2/spot/account/assets") and code == "00000"
    expected = "40009" if private and secret == b"another" else code
    assert json.loads(body)["code"] == expected
    assert status == {"00000": 200, "40404": 404}.get(expected, 400)


@pytest.mark.parametrize(("headers", "code"), [({}, "40001"), ({"ACCESS-KEY": "another"}, "40006")])
def test_whose_key_it_is_comes_first(account: UnifiedAccount, headers: dict[str, str], code: str) -> None:
    answer = account.exchange.answer(method="GET", target="/api/v2/spot/account/assets", headers=headers, body=b"")
    assert json.loads(answer[1])["code"] == code


def test_the_kind_is_kept_and_told(bitget: Bitget) -> None:
    assert bitget("paper status --json").json["account"] == "classic"
    answer = bitget("paper reset --account unified --balance USDT=5 --balance usdt-futures:USDT=7 --balance p2p:BTC=1")
    assert answer.status == 0
    status = bitget("paper status --json").json
    assert (status["account"], status["opening"]) == ("unified", {"USDT": "12", "p2p:BTC": "1"})
    bitget("paper deposit USDT 3")
    assert bitget("paper status --json").json["conservation"] == {
        "USDT": {"sum": "0", "uta": "15", "~outside": "-15"},
        "BTC": {"sum": "0", "uta": "0", "p2p": "1", "~outside": "-1"},
    }
    bitget("paper clock --advance 1h")
    assert bitget("paper status --json").json["account"] == "unified"
    bitget("paper reset")
    assert bitget("paper status --json").json["account"] == "classic"


def test_a_file_from_before_there_were_kinds_is_a_classic_account(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    account = PaperAccount(path).fund()
    account.store.close()
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM meta WHERE name = 'account'")
    connection.execute(f"PRAGMA user_version = {len(STEPS) - 1}")
    connection.commit()
    connection.close()
    assert PaperAccount.join(path).futures()["available"] == "50000"
    assert not Store(path).state().unified


def test_a_kind_nobody_knows_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "paper.sqlite3"
    UnifiedAccount(path).store.close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE meta SET value = 'both' WHERE name = 'account'")
    connection.commit()
    connection.close()
    with pytest.raises(ConfigError, match="'both' is no kind of account"):
        Store(path).state()


# One wallet.


def test_spot_and_futures_share_the_wallet(account: UnifiedAccount) -> None:
    account.order("buy", "10")
    told = account.get("account/assets")
    usdt = account.coin()
    # What margins the position cannot be spent on coins, and what is spent on coins margins nothing.
    assert Decimal(usdt["available"]) <= Decimal(usdt["balance"]) - Decimal(told["imr"])
    assert account.spot("buy", str(int(Decimal(usdt["available"])) + 1)) == "25202"
    assert account.spot("buy", str(int(Decimal(usdt["available"])) - 10))["orderId"]
    assert account.order("buy", "10") == "25203"
    assert Decimal(account.coin()["available"]) < 20


def test_what_a_spot_order_freezes_is_no_margin(account: UnifiedAccount) -> None:
    price = below(account)
    size = str((Decimal(account.coin()["available"]) / Decimal(price)).quantize(Decimal("0.000001")) - Decimal("0.001"))
    resting = account.spot("buy", size, price=price)
    assert Decimal(account.coin()["locked"]) > 99_000
    assert account.order("buy", "0.1") == "25203"
    account.post("trade/cancel-order", **resting)
    assert account.order("buy", "0.1")["orderId"]


def test_a_liquidation_takes_what_spot_orders_have_frozen(account: UnifiedAccount) -> None:
    account.spot("sell", "1")
    account.order("buy", "40")
    resting = account.spot("buy", "0.1", price=below(account, "0.8"))
    assert Decimal(account.coin()["locked"]) > 5_000
    account.later(days=25)
    times = {"startTime": 1772452800000, "endTime": 1772452800000 + 25 * 86_400_000}
    (order, _) = account.get("trade/history-orders", **USDT_LINE, **times)["list"]
    assert (order["execType"], order["tradeSide"]) == ("liquidation", "burst_sell_single")
    assert account.detail(resting)["orderStatus"] == "cancelled"
    assert 0 <= Decimal(account.coin()["balance"]) < 10
    assert account.coin()["locked"] == "0"


def test_money_moves_between_the_wallet_and_the_funding_account(account: UnifiedAccount) -> None:
    sent = account.post("account/transfer", fromType="uta", toType="spot", coin="USDT", amount="500", clientOid="t1")
    assert (
        account.post("account/transfer", fromType="uta", toType="spot", coin="USDT", amount="500", clientOid="t1")
        == sent
    )
    assert account.get("account/funding-assets") == [
        {"coin": "USDT", "available": "500", "frozen": "0", "balance": "500"}
    ]
    assert account.coin()["balance"] == "99500"
    ((row,),) = [account.get("account/financial-records", category="OTHER", type="TRANSFER_OUT")["list"]]
    assert (row["amount"], row["balance"]) == ("-500", "99500")
    ((row,),) = [account.get("account/funding-financial-records")["list"]]
    assert (row["type"], row["amount"], row["balance"]) == ("transfer_in", "500", "500")


@pytest.mark.parametrize(
    ("source", "target", "amount", "code"),
    [
        ("uta", "spot", "100001", "43117"),
        ("spot", "uta", "1", "43117"),
        ("uta", "usdt_futures", "1", "25002"),
        ("uta", "uta", "1", "400172"),
        ("uta", "nowhere", "1", "400172"),
    ],
)
def test_a_transfer_that_cannot_be(account: UnifiedAccount, source: str, target: str, amount: str, code: str) -> None:
    assert account.post("account/transfer", fromType=source, toType=target, coin="USDT", amount=amount) == code


def test_a_withdrawal_leaves_the_first_account_that_holds_it(account: UnifiedAccount) -> None:
    account.post("account/transfer", fromType="uta", toType="spot", coin="USDT", amount="100")
    words = {"coin": "USDT", "transferType": "on_chain", "address": "T1", "chain": "TRC20"}
    account.post("account/withdrawal", size="50", **words)
    assert account.get("account/funding-assets")[0]["balance"] == "48.5"
    taken = account.post("account/withdrawal", size="60", **words)
    assert account.coin()["balance"] == "99838.5"
    assert account.post("account/cancel-withdrawal", orderId=taken["orderId"]) == "success"
    assert account.coin()["balance"] == "99900"
    # The fee must be there as well.
    account.post("account/withdrawal", size="48", **words)
    assert account.get("account/funding-assets")[0]["balance"] == "48.5"
    assert account.coin()["balance"] == "99850.5"


# Directions.


@pytest.mark.parametrize(
    ("mode", "held", "words", "after"),
    [
        (ONE_WAY, "", {"side": "buy"}, "long 0.1"),
        (ONE_WAY, "", {"side": "sell"}, "short 0.1"),
        (ONE_WAY, "buy", {"side": "sell", "reduceOnly": "yes"}, ""),
        (ONE_WAY, "sell", {"side": "buy", "reduceOnly": "yes"}, ""),
        (ONE_WAY, "", {"side": "sell", "reduceOnly": "yes"}, "25225"),
        (ONE_WAY, "buy", {"side": "sell", "posSide": "long"}, "25236"),
        (ONE_WAY, "buy", {"side": "sell", "holdSide": "long"}, "25236"),
        (HEDGE, "", {"side": "buy", "posSide": "long"}, "long 0.1"),
        (HEDGE, "", {"side": "sell", "posSide": "short"}, "short 0.1"),
        (HEDGE, "long", {"side": "sell", "posSide": "long"}, ""),
        (HEDGE, "short", {"side": "buy", "posSide": "short"}, ""),
        # A classic account's words for closing a long open one more, or are refused.
        (HEDGE, "long", {"side": "buy", "posSide": "long"}, "long 0.2"),
        (HEDGE, "long", {"side": "buy", "tradeSide": "close"}, "25236"),
        (HEDGE, "long", {"side": "sell", "posSide": "long", "reduceOnly": "yes"}, "25236"),
        (HEDGE, "long", {"side": "sell", "posSide": "oneWayMode"}, "25236"),
        (HEDGE, "", {"side": "sell", "posSide": "long"}, "25225"),
    ],
)
def test_side_is_the_true_direction(
    account: UnifiedAccount, mode: str, held: str, words: dict[str, str], after: str
) -> None:
    assert account.post("account/set-hold-mode", holdMode=mode) == "success"
    if held:
        side = {"long": "buy", "short": "sell"}.get(held, held)
        account.order(side, "0.1", **({"posSide": held} if mode == HEDGE else {}))
    answer = account.order(size="0.1", **words)
    if after.isdigit():
        assert answer == after
        return
    rows = account.position() or []
    assert " ".join(f"{row['posSide']} {row['total']}" for row in rows) == after
    told = account.detail(answer)
    assert (told["side"], told["holdMode"], told["posSide"]) == (words["side"], mode, words.get("posSide", "net"))


def test_the_position_mode_is_the_whole_accounts(account: UnifiedAccount) -> None:
    resting = account.order("buy", "0.1", price=below(account))
    assert account.post("account/set-hold-mode", holdMode=HEDGE) == "25010"
    account.post("trade/cancel-order", **resting)
    account.order("buy", "0.1")
    assert account.post("account/set-hold-mode", holdMode=HEDGE) == "25107"
    account.post("trade/close-positions", **USDT_LINE)
    account.post("account/set-hold-mode", holdMode=HEDGE)
    assert account.get("account/settings")["holdMode"] == HEDGE
    words = {"category": "USDC-FUTURES", "symbol": "BTCPERP", "side": "buy", "qty": "0.01", "orderType": "market"}
    assert account.post("trade/place-order", **words) == "25236"
    assert account.post("trade/place-order", posSide="long", **words)["orderId"]


# What is refused.


REFUSED = [
    ({"category": None}, "400172"),
    ({"category": "FUTURES"}, "400172"),
    ({"category": "MARGIN"}, "40404"),
    ({"category": "COIN-FUTURES", "symbol": "BTCUSD"}, "40404"),
    ({"symbol": "NOPEUSDT"}, "25100"),
    ({"qty": None}, "400172"),
    ({"qty": "0"}, "400172"),
    ({"qty": "1.00001"}, "25200"),
    ({"qty": "1e3"}, "400172"),
    ({"qty": "190"}, "25203"),
    ({"qty": "1201"}, "25208"),
    ({"side": "long"}, "400172"),
    ({"orderType": "limit"}, "400172"),
    ({"orderType": "limit", "price": "-"}, "400172"),
    ({"orderType": "limit", "price": "1.2"}, "25207"),
    ({"orderType": "limit", "price": "1.2", "side": "sell"}, "25206"),
    ({"orderType": "limit", "price": "100000"}, "25205"),
    ({"orderType": "limit", "price": "65000.05"}, "25244"),
    ({"orderType": "limit", "price": "65000", "qty": "0.00001"}, "25200"),
    ({"clientOid": "x" * 33}, "400172"),
    ({"clientOid": "a b"}, "400172"),
    ({"clientOid": "taken"}, "25212"),
    ({"timeInForce": "rpi", "orderType": "limit", "price": "65000"}, "40404"),
    ({"marginMode": "isolated"}, "25107"),
    ({"takeProfit": "60000"}, "25579"),
    ({"stopLoss": "70000"}, "25581"),
    ({"side": "sell", "takeProfit": "70000"}, "25580"),
    ({"side": "sell", "stopLoss": "60000"}, "25582"),
    ({"stopLoss": "60000", "slOrderType": "limit"}, "400172"),
    ({"receiveWindow": "100"}, "40404"),
    ({"category": "SPOT", "qty": "0.5"}, "25207"),
    ({"category": "SPOT", "qty": "1000000"}, "25202"),
    ({"category": "SPOT", "side": "sell", "qty": "2"}, "25202"),
    ({"category": "SPOT", "side": "sell", "qty": "0.0000001"}, "25200"),
    ({"category": "SPOT", "side": "sell", "qty": "0.1", "takeProfit": "70000"}, "25612"),
    ({"category": "SPOT", "autoBorrow": "yes", "qty": "10"}, "40404"),
]


@pytest.fixture(scope="module")
def busy() -> UnifiedAccount:
    """Somebody with an order that rests."""
    account = UnifiedAccount()
    account.order("buy", "0.01", price=below(account, "0.96"), clientOid="taken")
    return account


@pytest.mark.parametrize(("words", "code"), REFUSED)
def test_an_order_that_cannot_be(busy: UnifiedAccount, words: dict[str, str | None], code: str) -> None:
    given = {**LINE, "side": "buy", "qty": "0.1", "orderType": "market", **words}
    before = busy.get("trade/unfilled-orders")
    assert busy.post("trade/place-order", **{name: value for name, value in given.items() if value}) == code
    assert busy.get("trade/unfilled-orders") == before


def test_a_client_id_is_unique_among_open_orders_only(account: UnifiedAccount) -> None:
    price = below(account)
    first = account.order("buy", "0.01", price=price, clientOid="a.b:c/d_e-1")
    assert account.spot("buy", "0.001", price=price, clientOid="a.b:c/d_e-1") == "25212"
    account.post("trade/cancel-order", clientOid="a.b:c/d_e-1")
    again = account.order("buy", "0.01", price=price, clientOid="a.b:c/d_e-1")
    assert first["orderId"] != again["orderId"]
    assert account.get("trade/order-info", clientOid="a.b:c/d_e-1")["orderId"] == again["orderId"]


def test_a_batch_answers_row_by_row(account: UnifiedAccount) -> None:
    price = below(account)
    row = {**LINE, "side": "buy", "orderType": "limit", "price": price, "qty": "0.01"}
    told = account.rows("trade/place-batch", {**row, "clientOid": "one"}, {**row, "qty": "190", "clientOid": "two"})
    assert [(each["clientOid"], each["code"]) for each in told] == [("one", "00000"), ("two", "25203")]
    assert account.rows("trade/place-batch", row, {**row, "category": "SPOT"}) == "400172"
    assert account.rows("trade/place-batch", *[row] * 21) == "400172"
    assert account.rows("trade/place-batch") == "400172"
    assert account.rows("trade/place-batch", {**row, "takeProfit": "70000"}) == "400172"
    # Nobody looks at a margin mode there.
    account.order("buy", "1", symbol="ETHUSDT", marginMode="isolated")
    (mixed,) = account.rows("trade/place-batch", {**LINE, "symbol": "ETHUSDT", "side": "buy", "qty": "1"} | MARKET)
    assert mixed["code"] == "25107"
    changed = account.rows(
        "trade/batch-modify-order", {**LINE, "clientOid": "one", "qty": "0.02"}, {**LINE, "clientOid": "no", "qty": "1"}
    )
    assert [each["code"] for each in changed] == ["00000", "25204"]
    gone = account.rows("trade/cancel-batch", {**LINE, "clientOid": "one"}, {**LINE, "orderId": "7"})
    assert [(each["orderId"], each["code"]) for each in gone] == [(told[0]["orderId"], "00000"), ("7", "25204")]


# Changes.


def test_a_changed_order_keeps_its_ids(account: UnifiedAccount) -> None:
    price = below(account)
    placed = account.order("buy", "0.1", price=price, clientOid="mine")
    assert account.post("trade/modify-order", **LINE, clientOid="mine", qty="0.3") == placed
    assert account.post("trade/modify-order", **LINE, orderId=placed["orderId"], price=below(account, "0.96")) == placed
    told = account.detail(placed)
    assert (told["qty"], told["price"], told["orderStatus"]) == ("0.3", below(account, "0.96"), "new")
    assert Decimal(account.coin()["locked"]) == pytest.approx(Decimal(told["price"]) * 3 / 10 / 20, rel=Decimal("0.02"))
    # One that crosses fills at once, as the order it was.
    account.post("trade/modify-order", **LINE, orderId=placed["orderId"], price=below(account, "1.01"))
    assert account.detail(placed)["orderStatus"] == "filled"
    assert {fill["orderId"] for fill in account.get("trade/fills", **USDT_LINE)["list"]} == {placed["orderId"]}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({}, "25571"),
        ({"qty": "0.1"}, "25571"),
        ({"qty": "900"}, "25203"),
        ({"price": "1"}, "25207"),
        ({"price": "100000"}, "25205"),
        ({"price": "65000.01"}, "25244"),
        ({"qty": "0.2", "category": "SPOT"}, "25204"),
        ({"qty": "0.2", "category": ""}, "400172"),
        ({"qty": "0.2", "symbol": ""}, "400172"),
    ],
)
@pytest.mark.parametrize("cancels", ["no", "yes"])
def test_a_refused_change_leaves_the_order_or_ends_it(
    account: UnifiedAccount, words: dict[str, str], code: str, cancels: str
) -> None:
    placed = account.order("buy", "0.1", price=below(account))
    before = account.detail(placed)
    answer = account.post("trade/modify-order", **LINE | {"orderId": placed["orderId"], "autoCancel": cancels} | words)
    ends = cancels == "yes" and code not in ("25204", "400172")
    assert answer == (placed if ends else code)
    assert account.detail(placed)["orderStatus"] == ("cancelled" if ends else "new")
    assert ends or account.detail(placed) == before


def test_a_change_that_would_take_is_no_post_only_order(account: UnifiedAccount) -> None:
    placed = account.order("buy", "0.1", price=below(account), timeInForce="post_only")
    assert account.post("trade/modify-order", **LINE, price=below(account, "1.01"), **placed) == "25573"


def test_reduce_only_orders_are_not_changed(account: UnifiedAccount) -> None:
    account.order("buy", "0.1")
    placed = account.order("sell", "0.1", price=below(account, "1.03"), reduceOnly="yes")
    assert account.post("trade/modify-order", **LINE, qty="0.05", **placed) == "25574"


def test_leverage_is_set_and_read_back(account: UnifiedAccount) -> None:
    def told(symbol: str) -> tuple[str, str]:
        rows = account.get("account/settings")["symbolConfigList"]
        (row,) = [row for row in rows if row["symbol"] == symbol]
        return row["marginMode"], row["leverage"]

    assert told("BTCUSDT") == ("crossed", "20")
    assert account.post("account/set-leverage", **LINE, leverage="7") == "success"
    assert told("BTCUSDT") == ("crossed", "7")
    words = {"category": "USDT-FUTURES", "symbol": "ETHUSDT"}
    account.post("account/set-leverage", **words, leverage="9", marginMode="isolated", posSide="long")
    account.order("buy", "1", symbol="ETHUSDT", marginMode="isolated")
    assert told("ETHUSDT") == ("isolated", "9")
    (row,) = account.position()
    assert (row["marginMode"], row["leverage"]) == ("isolated", "9")
    assert account.post("account/set-leverage", **LINE, leverage="126") == "25223"
    more = {**words, "posSide": "long", "operation": "add", "amount": "10"}
    assert account.post("account/set-margin", **more) == "success"
    (after,) = account.position()
    assert Decimal(after["positionBalance"]) == Decimal(row["positionBalance"]) + 10
    assert account.post("account/set-margin", **more | {"operation": "remove", "amount": "11"}) == "25203"


# Strategy orders.


def test_one_order_guards_a_position_on_both_sides(account: UnifiedAccount) -> None:
    account.order("buy", "0.1", takeProfit=below(account, "1.02"), stopLoss=below(account, "0.98"))
    (row,) = account.waiting()
    assert (row["type"], row["tpslMode"], row["qty"], row["posSide"]) == ("tpsl", "full", "0.1", "long")
    assert (row["takeProfit"], row["stopLoss"]) == (below(account, "1.02"), below(account, "0.98"))
    legs = {"takeProfit": below(account, "1.03")}
    assert account.strategy(posSide="long", **legs) == "25594"
    assert account.strategy(posSide="long", tpslMode="partial", qty="0.2", **legs) == "25595"
    partial = account.strategy(posSide="long", tpslMode="partial", qty="0.06", clientOid="p1", **legs)
    assert partial["clientOid"] == "p1"
    assert account.strategy(posSide="long", tpslMode="partial", qty="0.01", clientOid="p1", **legs) == "25212"
    assert account.strategy(posSide="long", tpslMode="partial", qty="0.05", **legs) == "25595"
    assert account.post("trade/modify-strategy-order", orderId=row["orderId"], qty="", takeProfit="0")
    assert [each["takeProfit"] for each in account.waiting()] == [below(account, "1.03"), ""]
    assert account.post("trade/modify-strategy-order", orderId=row["orderId"], qty="0.1") == "25600"
    assert account.post("trade/cancel-strategy-order", orderId=row["orderId"]) is None
    assert account.post("trade/cancel-strategy-order", orderId=row["orderId"]) == "25577"
    account.post("trade/close-positions", **USDT_LINE)
    assert account.waiting() == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"posSide": "short", "takeProfit": "1"}, "25601"),
        ({"posSide": "long"}, "400172"),
        ({"posSide": "long", "takeProfit": "60000"}, "25579"),
        ({"posSide": "long", "stopLoss": "70000"}, "25581"),
        ({"posSide": "long", "stopLoss": "60000", "reduceOnly": "yes"}, "25236"),
        ({"type": "trigger", "qty": "0.1", "triggerPrice": "60000", "triggerOrderType": "market"}, "400172"),
        ({"type": "trailing_stop", "side": "sell", "qty": "0.1"}, "400172"),
        (
            {"type": "trailing_stop", "side": "sell", "qty": "0.1", "trailingStopParams": [{"trailVariance": "11"}]},
            "400172",
        ),
        (
            {"type": "oco", "side": "sell", "qty": "0.1", "ocoParams": {"ocoLimitPrice": "1", "ocoTriggerPrice": "2"}},
            "25592",
        ),
    ],
)
def test_a_strategy_order_that_cannot_be(account: UnifiedAccount, words: dict[str, Any], code: str) -> None:
    account.order("buy", "0.1")
    assert account.strategy(**words) == code
    assert account.waiting() == []


@pytest.mark.parametrize("category", ["USDT-FUTURES", "SPOT"])
@pytest.mark.parametrize(
    "kind",
    [
        {"type": "trigger", "triggerOrderType": "market", "triggerPrice": "up"},
        {"type": "trigger", "triggerOrderType": "limit", "triggerPrice": "down", "triggerOrderPrice": "down"},
        {"type": "trailing_stop", "trailingStopParams": [{"trailVariance": "0.5", "activationPrice": "up"}]},
        {"type": "trailing_stop", "trailingStopParams": {"trailVariance": "0.5"}},
        {"type": "oco", "ocoParams": [{"ocoLimitPrice": "up", "ocoTriggerPrice": "down"}]},
        {"type": "oco", "ocoParams": {"ocoLimitPrice": "up", "ocoTriggerPrice": "far", "ocoOrderType": "market"}},
        {"type": "tpsl", "tpslMode": "partial", "takeProfit": "up", "stopLoss": "down"},
    ],
    ids=lambda words: "-".join(map(str, words)),
)
def test_a_strategy_order_waits_and_is_carried_out(
    account: UnifiedAccount, kind: dict[str, Any], category: str
) -> None:
    prices = {"up": below(account, "1.004"), "down": below(account, "0.996"), "far": below(account, "0.9")}

    def at(word: Any) -> Any:
        if isinstance(word, list):
            return [at(each) for each in word]
        if isinstance(word, dict):
            return {name: at(each) for name, each in word.items()}
        return prices.get(word, word)

    if category != "SPOT":
        account.order("buy", "0.2")
    direction = {"side": "sell", "qty": "0.1"} | ({"posSide": "long"} if kind["type"] == "tpsl" else {})
    placed = account.strategy(**direction, **at(kind), category=category)
    assert set(placed) == {"orderId", "clientOid"}
    (row,) = account.waiting(category=category)
    assert (row["orderId"], row["type"], row["status"], row["qty"]) == (
        placed["orderId"],
        kind["type"],
        "pending",
        "0.1",
    )
    account.later(days=3)
    assert account.waiting(category=category) == []
    (row,) = account.get("trade/history-strategy-orders", category=category, type=kind["type"])["list"]
    assert row["status"] == "success"
    (order,) = account.get("trade/strategy-sub-orders", orderId=placed["orderId"])["list"]
    told = account.get("trade/order-info", orderId=order["subOrderId"])
    assert (told["side"], told["qty"], told["category"], told["takeProfit"]) == ("sell", "0.1", category, "")


def test_all_orders_go_when_nobody_asks_again_in_time(account: UnifiedAccount) -> None:
    account.order("buy", "0.1", price=below(account))
    account.spot("buy", "0.01", price=below(account))
    assert account.post("trade/countdown-cancel-all", countdown="4") == "400172"
    assert account.post("trade/countdown-cancel-all", countdown="10") == "success"
    account.later(seconds=9).post("trade/countdown-cancel-all", countdown="10")
    assert len(account.later(seconds=9).get("trade/unfilled-orders")["list"]) == 2
    assert account.later(seconds=2).get("trade/unfilled-orders")["list"] == []
    # It has ended itself.
    account.order("buy", "0.1", price=below(account))
    assert account.later(seconds=100).get("trade/unfilled-orders")["list"]
    account.post("trade/countdown-cancel-all", countdown="5")
    account.post("trade/countdown-cancel-all", countdown="0")
    assert account.later(seconds=100).get("trade/unfilled-orders")["list"]


def test_a_request_that_comes_late_is_carried_out(account: UnifiedAccount) -> None:
    account.exchange.faults.add(InjectedFault.DELAY, path="place-order", amount=5_000)
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever says that there is no answer
        account.order("buy", "0.1", clientOid="late")
    assert account.get("trade/order-info", clientOid="late") == "25204"
    account.later(seconds=6)
    assert account.get("trade/order-info", clientOid="late")["orderStatus"] == "filled"


# Lists.


def test_lists_are_paged_by_cursor(account: UnifiedAccount) -> None:
    for number in range(5):
        account.spot("buy", "10", clientOid=f"o{number}")
    seen, cursor = [], {}
    while True:
        page = account.get("trade/history-orders", category="SPOT", limit="2", **cursor)
        seen += [row["clientOid"] for row in page["list"]]
        if page["cursor"] is None:
            break
        cursor = {"cursor": page["cursor"]}
    assert seen == [f"o{number}" for number in reversed(range(5))]


@pytest.mark.parametrize(
    ("path", "none"),
    [
        ("position/current-position", {"list": None}),
        ("position/history-position", {"list": None, "cursor": None}),
        ("trade/fills", {"list": None, "cursor": None}),
        ("trade/unfilled-orders", {"list": [], "cursor": None}),
        ("trade/history-orders", {"list": [], "cursor": None}),
        ("trade/unfilled-strategy-orders", []),
        ("account/financial-records", {"list": None, "cursor": None}),
        ("account/convert-records", {"list": None, "cursor": None}),
    ],
)
@pytest.mark.parametrize("category", ["USDT-FUTURES", "COIN-FUTURES"])
def test_empty_lists_are_null_where_bitgets_are(account: UnifiedAccount, path: str, none: Any, category: str) -> None:
    assert account.get(path, category=category) == none


@pytest.mark.parametrize(("days", "back", "code"), [(31, 0, "400172"), (30, 0, ""), (5, 120, "400172")])
def test_windows_are_thirty_days_within_ninety(account: UnifiedAccount, days: int, back: int, code: str) -> None:
    end = int(account.exchange.now().timestamp() * 1000) - back * 86_400_000
    answer = account.get("trade/fills", startTime=end - days * 86_400_000, endTime=end)
    assert answer == (code or {"list": None, "cursor": None})


# What holds whatever happens.


class Trader:
    """Does this and that, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.account = UnifiedAccount(seed=1 + seed % 3)
        self.hedge = self.dice.random() < 0.5
        self.account.post("account/set-hold-mode", holdMode=HEDGE if self.hedge else ONE_WAY)
        self.mode = self.dice.choice(("crossed", "isolated"))
        self.account.post("account/set-leverage", **LINE, leverage=self.dice.choice(("5", "50")), marginMode=self.mode)

    def live(self, steps: int) -> UnifiedAccount:
        for _ in range(steps):
            self.dice.choice((self.spot, self.future, self.future, self.plan, self.money, self.cancel))()
            self.account.later(seconds=self.dice.choice((0, 60, 3_600, 90_000)))
        return self.account

    def price(self, reach: float) -> str:
        ratio = Decimal(str(round(1 + self.dice.uniform(-reach, reach), 5)))
        return str((self.account.last() * ratio).quantize(Decimal("0.1")))

    def size(self) -> str:
        return str(Decimal(self.dice.randint(10, 20_000)) / 10_000)

    def way(self) -> dict[str, str]:
        side = self.dice.choice(("buy", "sell"))
        if self.hedge:
            return {"side": side, "posSide": self.dice.choice(("long", "short"))}
        return {"side": side, "reduceOnly": self.dice.choice(("no", "no", "yes"))}

    def spot(self) -> None:
        if self.dice.random() < 0.5:
            self.account.spot("buy", str(self.dice.randint(10, 60_000)))
        else:
            self.account.spot(self.dice.choice(("buy", "sell")), self.size(), price=self.price(0.02))

    def future(self) -> None:
        more = self.way() | {"marginMode": self.mode}
        if self.dice.random() < 0.5:
            more |= {"price": self.price(0.01)}
        if self.dice.random() < 0.3:
            more |= {"stopLoss": self.price(0.02), "takeProfit": self.price(0.02)}
        placed = self.account.order(size=self.size(), **more)
        if isinstance(placed, dict) and self.dice.random() < 0.3:
            self.account.post("trade/modify-order", **LINE, **placed, qty=self.size(), price=self.price(0.01))

    def plan(self) -> None:
        kind = self.dice.choice(("trigger", "trailing_stop", "oco", "tpsl", "twap", "iceberg"))
        words: dict[str, Any] = self.way() | {"type": kind, "qty": self.size()}
        words |= {"triggerPrice": self.price(0.01), "triggerOrderType": "market"} if kind == "trigger" else {}
        words |= {"trailingStopParams": [{"trailVariance": "0.7"}]} if kind == "trailing_stop" else {}
        words |= {"takeProfit": self.price(0.02), "tpslMode": "partial"} if kind == "tpsl" else {}
        words |= {"ocoParams": [{"ocoLimitPrice": self.price(0.01), "ocoTriggerPrice": self.price(0.01)}]}
        words |= {"twapParams": [{"duration": str(self.dice.randint(1, 9)), "interval": "30"}]}
        shown = {"splitMode": "order", "splitOrderNumbers": str(self.dice.randint(2, 9))}
        shown |= {"orderPreference": "fixed_price", "fixedPrice": self.price(0.003)}
        self.account.strategy(**words, icebergParams=[shown])

    def money(self) -> None:
        ways = self.dice.sample(("uta", "spot"), 2)
        self.account.post("account/transfer", fromType=ways[0], toType=ways[1], coin="USDT", amount="500")

    def cancel(self) -> None:
        self.account.post("trade/cancel-symbol-order", category=self.dice.choice(("SPOT", "USDT-FUTURES")))


@law(few=5, many=10, seed=st.integers(0, 10**6))
def test_money_is_conserved_in_one_wallet(seed: int) -> None:
    account = Trader(seed).live(20)
    proof = account.proof()
    assert {parts["sum"] for parts in proof.values()} == {"0"}
    assert {name for parts in proof.values() for name in parts if not name.startswith("~")} <= {"sum", "uta", "p2p"}
    with account.store.change() as connection:
        bills = [json.loads(body) for (body,) in connection.execute("SELECT body FROM records WHERE kind = 'bill'")]
    for coin, parts in proof.items():
        booked = [each for each in bills if each["coin"] == coin and each["product"] != "p2p"]
        # Every booking is told, and all of a coin's make its balance.
        total = sum((Decimal(each["amount"]) + Decimal(each["fee"]) for each in booked), Decimal(0))
        assert total == Decimal(parts.get("uta", "0"))
        last = max(booked, key=lambda each: int(each["id"]))
        assert Decimal(last["balance"]) == total
    for row in account.get("account/assets")["assets"]:
        assert 0 <= Decimal(row["available"]) <= max(Decimal(0), Decimal(row["equity"]), Decimal(row["balance"]))


def booked(account: UnifiedAccount, **asked: str) -> list[dict[str, str]]:
    """Every booking of the list, page after page: of a few rows here, and a hundred at most."""
    seen: list[dict[str, str]] = []
    while True:
        page = account.get("account/financial-records", limit="7", **asked)
        seen += page["list"] or []
        if not page["cursor"]:
            return seen
        asked["cursor"] = page["cursor"]


def taxed(account: UnifiedAccount, kind: str) -> list[dict[str, str]]:
    """The same as tax records: a week at a time, five hundred rows a page, of which the last row is the cursor."""
    seen: list[dict[str, str]] = []
    end, since = int(account.exchange.now().timestamp() * 1000), int(NOON.timestamp() * 1000)
    while end > since:
        begin, cursor = max(end - 7 * 86_400_000, since), dict[str, str]()
        while page := account.get("tax/records", bizType=kind, startTime=begin, endTime=end, **cursor):
            seen += page
            cursor = {"cursor": page[-1]["id"]}
        end = begin - 1
    return seen


@settings(max_examples=6, deadline=None)
@example(seed=20217)  # lives for longer than the week that tax records are asked for
@given(seed=st.integers(0, 10**6))
def test_the_books_of_all_lines_are_all_bookings(seed: int) -> None:
    account = Trader(seed).live(12)
    seen: list[dict[str, str]] = []
    for category in ("SPOT", "MARGIN", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES", "OTHER"):
        rows = booked(account, category=category)
        assert {row["category"] for row in rows} <= {category}
        assert [row["id"] for row in taxed(account, category)] == [row["id"] for row in rows]
        for kind in {row["type"] for row in rows}:
            told = booked(account, category=category, type=kind)
            assert [row["id"] for row in told] == [row["id"] for row in rows if row["type"] == kind]
        seen += rows
    with account.store.change() as connection:
        query = "SELECT count(*) FROM records WHERE kind = 'bill' AND product <> 'p2p'"
        assert len(seen) == connection.execute(query).fetchone()[0]
