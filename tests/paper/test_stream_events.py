"""What happens on the paper exchange is told, once, in order, and as HTTP would list it."""

from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest
from hypothesis import strategies as st
from paper_account import BTC, USDT_M, PaperAccount
from paper_fields import FILL, FUTURES_FILL, ORDER, ORDER_FILL, PAST, PLAN, SPOT_FILL, SPOT_ORDER, SPOT_PLAN
from paper_watcher import OWN, Watcher, arg
from rules import law

LINE = "USDT-FUTURES"


@pytest.fixture
def account() -> PaperAccount:
    return PaperAccount().fund()


@pytest.fixture
def watcher(account: PaperAccount) -> Watcher:
    return Watcher(account).enter()


def hedged(account: PaperAccount) -> None:
    account.post("mix/account/set-position-mode", posMode="hedge_mode", **USDT_M)


# What happens.


def test_an_order_from_placing_to_its_end(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders", "default"))
    placed = account.order("buy", "0.1", price="60000", clientOid="mine", presetStopLossPrice="50000")
    account.post("mix/order/cancel-order", symbol="BTCUSDT", **USDT_M, **placed)
    pushes = watcher.pushed("orders")
    assert {push["action"] for push in pushes} == {"snapshot"}
    live, ended = (row for push in pushes for row in push["data"])
    assert set(live) == set(ended) == ORDER
    assert (live["orderId"], live["clientOid"], live["status"]) == (placed["orderId"], "mine", "live")
    assert (live["price"], live["size"], live["notionalUsd"], live["accBaseVolume"]) == ("60000", "0.1", "6000", "0")
    assert (live["presetStopLossPrice"], live["reduceOnly"], live["tradeSide"]) == ("50000", "no", "buy_single")
    assert (ended["status"], ended["cancelReason"]) == ("canceled", "normal_cancel")


def test_a_fill_brings_its_own_fields(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders", "default"), arg("fill", "default"))
    account.order("buy", "0.01")
    frames = watcher.frames(after=1)
    live, filled = (row for frame in frames if frame["arg"]["channel"] == "orders" for row in frame["data"])
    (fill,) = (row for frame in frames if frame["arg"]["channel"] == "fill" for row in frame["data"])
    assert (set(live), set(filled), set(fill)) == (ORDER, ORDER | FUTURES_FILL, FILL)
    assert (live["status"], filled["status"], filled["tradeScope"], fill["tradeScope"]) == (
        "live",
        "filled",
        "T",
        "taker",
    )
    assert filled["tradeId"] == fill["tradeId"]
    assert filled["fillFee"] == fill["feeDetail"][0]["totalFee"] == filled["feeDetail"][0]["fee"]
    assert Decimal(filled["fillFee"]) < 0
    assert (fill["clientOid"], filled["accBaseVolume"], filled["price"]) == (filled["clientOid"], "0.01", "0")


def test_spot_orders_speak_their_own_dialect(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders", "default", "SPOT"), arg("fill", "default", "SPOT"))
    placed = account.spot("sell", "0.01", price="90000")
    account.post("spot/trade/cancel-order", symbol="BTCUSDT", orderId=placed["orderId"])
    live, ended = watcher.rows("orders", "SPOT")
    assert set(live) == set(ended) == SPOT_ORDER
    assert (live["newSize"], live["notional"], live["priceAvg"], live["feeDetail"]) == ("0.01", "900", "0", [])
    assert (live["status"], ended["status"]) == ("live", "cancelled")
    account.spot("buy", "500")
    frames = watcher.frames(after=1)
    *_, bought = (row for frame in frames if frame["arg"]["channel"] == "orders" for row in frame["data"])
    assert set(bought) == SPOT_ORDER - {"price"} | ORDER_FILL
    assert (bought["newSize"], bought["notional"], bought["fillFeeCoin"]) == ("500", "500", "BTC")
    (fill,) = (row for frame in frames if frame["arg"]["channel"] == "fill" for row in frame["data"])
    assert set(fill) == SPOT_FILL
    assert -Decimal(bought["fillFee"]) == Decimal(fill["feeDetail"][0]["totalFee"]) > 0


def test_in_hedge_mode_an_order_names_the_position_and_a_fill_the_true_side(
    watcher: Watcher, account: PaperAccount
) -> None:
    hedged(account)
    watcher.follow(arg("orders", "default"), arg("fill", "default"))
    account.order("buy", "0.01", tradeSide="open")
    account.order("buy", "0.01", tradeSide="close")
    frames = watcher.frames(after=1)
    orders = [row for frame in frames if frame["arg"]["channel"] == "orders" for row in frame["data"]]
    assert [
        (row["side"], row["tradeSide"], row["posSide"], row["reduceOnly"]) for row in orders if "tradeId" in row
    ] == [
        ("buy", "open", "long", "no"),
        ("buy", "close", "long", "yes"),
    ]
    fills = [row for frame in frames if frame["arg"]["channel"] == "fill" for row in frame["data"]]
    assert [(row["side"], row["tradeSide"]) for row in fills] == [("buy", "open"), ("sell", "close")]


def test_an_order_that_turns_a_position_is_told_fill_by_fill(watcher: Watcher, account: PaperAccount) -> None:
    account.order("buy", "0.01")
    watcher.follow(arg("orders", "default"))
    account.order("sell", "0.03")
    first, closed, *opened = watcher.rows("orders")
    filled = [closed, *opened]
    assert first["status"] == "live"
    assert {row["status"] for row in filled[:-1]} == {"partially_filled"}
    assert filled[-1]["status"] == "filled"
    assert [closed["accBaseVolume"], filled[-1]["accBaseVolume"]] == ["0.01", "0.03"]
    assert closed["pnl"] == closed["totalProfits"] != "0"
    assert {row["totalProfits"] for row in opened} == {closed["totalProfits"]}
    fees = accumulate(Decimal(row["fillFee"]) for row in filled)
    assert [Decimal(row["feeDetail"][0]["fee"]) for row in filled] == list(fees)


def test_a_position_that_is_closed_becomes_history(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("positions-history", "default"))
    account.order("buy", "0.5", marginMode="isolated")
    account.later(hours=5)
    assert watcher.rows("positions-history") == []
    account.post("mix/order/close-positions", **USDT_M)
    (row,) = watcher.rows("positions-history")
    (told,) = account.get("mix/position/history-position", **USDT_M)["list"]
    assert set(row) == PAST
    assert (row["marginMode"], row["holdSide"], row["closeSize"]) == ("fixed", "long", "0.5")
    pairs = {
        "posId": "positionId",
        "openPriceAvg": "openAvgPrice",
        "closePriceAvg": "closeAvgPrice",
        "achievedProfits": "pnl",
        "settleFee": "totalFunding",
        "openFee": "openFee",
        "closeFee": "closeFee",
        "uTime": "utime",
    }
    assert {name: row[name] for name in pairs} == {name: told[other] for name, other in pairs.items()}


def test_a_plan_is_told_when_placed_changed_and_cancelled(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders-algo", "default"))
    given = {**BTC, "marginMode": "crossed", "planType": "normal_plan", "triggerType": "mark_price", "side": "buy"}
    plan = account.post("mix/order/place-plan-order", **given, size="0.01", orderType="market", triggerPrice="50000")
    account.post("mix/order/modify-plan-order", **USDT_M, **plan, newTriggerPrice="51000")
    account.post("mix/order/cancel-plan-order", **BTC, orderIdList=[plan])
    rows = watcher.rows("orders-algo")
    assert {frozenset(row) for row in rows} == {frozenset(PLAN)}
    assert [(row["status"], row["triggerPrice"]) for row in rows] == [
        ("live", "50000"),
        ("live", "51000"),
        ("cancelled", "51000"),
    ]
    assert (rows[0]["planType"], rows[0]["triggerTime"], rows[0]["size"]) == ("pl", "0", "0.01")


def test_a_stop_that_closes_its_position_is_executed_and_not_cancelled(watcher: Watcher, account: PaperAccount) -> None:
    price = account.last()
    account.order("buy", "0.01")
    watcher.follow(arg("orders-algo", "default"), arg("orders", "default"))
    given = {**BTC, "holdSide": "long", "triggerType": "fill_price"}
    account.post("mix/order/place-tpsl-order", **given, planType="pos_loss", triggerPrice=str(price - 100))
    account.post("mix/order/place-tpsl-order", **given, planType="pos_profit", triggerPrice=str(price + 20_000))
    assert [row["planType"] for row in watcher.rows("orders-algo")] == ["psl", "ptp"]
    account.later(days=2)
    rows = [row for row in watcher.frames(after=1) if row["arg"]["channel"] == "orders-algo"]
    told = [(row["planType"], row["status"]) for push in rows for row in push["data"]]
    assert sorted(told) == [("psl", "executed"), ("ptp", "cancelled")]
    (stopped,) = (row for push in rows for row in push["data"] if row["status"] == "executed")
    assert (stopped["actualSize"], stopped["triggerTime"]) == ("0.01", stopped["uTime"])


def test_a_trailing_plan_does_not_tell_how_far_it_has_trailed(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders-algo", "default"))
    given = {**BTC, "marginMode": "crossed", "planType": "track_plan", "side": "sell", "orderType": "market"}
    account.post(
        "mix/order/place-plan-order", **given, size="0.01", triggerPrice=str(account.last()), triggerType="fill_price",
        callbackRatio="10",
    )  # fmt: skip
    assert [row["planType"] for row in watcher.rows("orders-algo")] == ["track"]
    for _ in range(5):
        account.later(minutes=10)
        assert watcher.frames(after=1) == []


def test_a_spot_plan_from_placing_to_execution(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders-algo", "default", "SPOT"))
    price = str(account.last() - 50)
    account.post(
        "spot/trade/place-plan-order", symbol="BTCUSDT", side="buy", triggerPrice=price, orderType="market",
        size="100", planType="total", triggerType="fill_price",
    )  # fmt: skip
    account.later(days=2)
    live, executed = watcher.rows("orders-algo", "SPOT")
    assert set(live) == set(executed) == SPOT_PLAN
    assert (live["status"], live["planType"], live["size"], live["actualSize"]) == ("live", "total", "100", "0")
    assert (executed["status"], Decimal(executed["actualSize"]) > 0) == ("executed", True)


def test_a_subscription_of_one_symbol_hears_of_no_other(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(arg("orders", "ETHUSDT"), arg("fill", "ethusdt"))
    account.order("buy", "0.01")
    assert watcher.frames(after=1) == []
    account.order("buy", "0.1", symbol="ETHUSDT")
    assert {row["instId"] for row in watcher.rows("orders")} == {"ETHUSDT"}


def test_a_subscription_hears_what_happens_after_it_and_nothing_from_before(
    watcher: Watcher, account: PaperAccount
) -> None:
    account.order("buy", "0.01")
    watcher.follow(arg("orders", "default"))
    told = account.order("buy", "0.01")
    watcher.line.take('{"op":"subscribe","args":[{"instType":"USDT-FUTURES","channel":"fill","instId":"default"}]}')
    both = account.order("buy", "0.01")
    frames = [frame for frame in watcher.frames(after=1) if "action" in frame]
    heard = {name: [row["orderId"] for push in frames if push["arg"]["channel"] == name for row in push["data"]]
             for name in ("orders", "fill")}  # fmt: skip
    assert set(heard["orders"]) == {told["orderId"], both["orderId"]}
    assert set(heard["fill"]) == {both["orderId"]}


def test_a_refused_order_is_not_told(watcher: Watcher, account: PaperAccount) -> None:
    watcher.follow(*OWN)
    assert isinstance(account.order("buy", "900"), str)
    rows = [
        {"side": "buy", "size": "0.01", "orderType": "market"},
        {"side": "buy", "size": "900", "orderType": "market"},
    ]
    account.post("mix/order/batch-place-order", marginMode="crossed", **BTC, orderList=rows)
    assert len({row["orderId"] for row in watcher.rows("orders")}) == 1


def test_time_goes_on_while_somebody_watches(watcher: Watcher, account: PaperAccount) -> None:
    """A resting order fills at its own time, though nobody makes a call."""
    watcher.follow(*OWN)
    placed = account.order("buy", "0.01", price=str(account.last() - 30))
    watcher.frames(after=1)
    for _ in range(600):
        account.later(seconds=10)
        frames = watcher.frames(after=1)
        if frames:
            break
    told = {frame["arg"]["channel"]: frame for frame in frames}
    assert set(told) == {"orders", "fill", "positions", "account"}
    (fill,) = told["fill"]["data"]
    assert (fill["orderId"], fill["tradeScope"], fill["price"]) == (
        placed["orderId"],
        "maker",
        account.detail(placed)["price"],
    )
    assert int(fill["cTime"]) <= told["fill"]["ts"] < int(fill["cTime"]) + 10_000


def test_a_liquidation_says_who_closed_the_position(watcher: Watcher, account: PaperAccount) -> None:
    account.post("mix/account/set-margin-mode", **BTC, marginMode="isolated")
    account.post("mix/account/set-leverage", **BTC, leverage="125")
    account.order("buy", "0.5", marginMode="isolated")
    watcher.follow(arg("orders", "default"), arg("fill", "default"), arg("positions-history", "default"))
    account.later(days=3)
    frames = watcher.frames(after=1)
    told = {frame["arg"]["channel"]: frame["data"][0] for frame in frames}
    assert told["orders"]["status"] == "filled"
    assert (told["orders"]["enterPointSource"], told["orders"]["tradeSide"]) == ("SYS", "burst_sell_single")
    assert (told["fill"]["tradeSide"], told["positions-history"]["closeSize"]) == ("burst_sell_single", "0.5")


# Laws.

SIZES = st.sampled_from(["0.01", "0.4", "2.5"])
OFFSETS = st.sampled_from([-400, -15, 0, 15, 400])
ACTS = st.one_of(
    st.tuples(st.just("order"), st.sampled_from(["buy", "sell"]), SIZES, st.sampled_from(["open", "close"])),
    st.tuples(st.just("limit"), st.sampled_from(["buy", "sell"]), SIZES, st.sampled_from(["open", "close"]), OFFSETS),
    st.tuples(st.just("spot"), st.sampled_from(["buy", "sell"]), OFFSETS),
    st.tuples(st.just("cancel")),
    st.tuples(st.just("wait"), st.integers(0, 40_000_000)),
    st.tuples(st.just("look")),
)


def _act(account: PaperAccount, hedge: bool, what: str, *how: Any) -> None:
    side = {"tradeSide": how[2]} if hedge and what in ("order", "limit") else {}
    if what == "order":
        account.order(how[0], how[1], **side)
    elif what == "limit":
        account.order(how[0], how[1], price=str(account.last() + how[3]), **side)
    elif what == "spot":
        account.spot(how[0], "0.02", price=str(account.last() + how[1]))
    elif what == "cancel":
        account.post("mix/order/cancel-all-orders", **USDT_M)
    elif what == "wait":
        account.later(milliseconds=how[0])


@law(few=25, many=60, acts=st.lists(ACTS, max_size=14), hedge=st.booleans())
def test_all_that_is_listed_was_pushed_and_what_was_pushed_last_stands(acts: list[Any], hedge: bool) -> None:
    account = PaperAccount().fund()
    if hedge:
        hedged(account)
    watcher = Watcher(account).enter()
    pushes = watcher.follow(*OWN)
    for act in acts:
        if act[0] == "look":
            pushes += watcher.frames(after=1)
        else:
            _act(account, hedge, *act)
    pushes += watcher.frames(after=1)
    _trades_agree(account, pushes)
    _standing_agrees(account, pushes)


def _told(pushes: list[Any], channel: str, kind: str = LINE) -> list[Any]:
    return [row for push in pushes if push["arg"] == arg(channel, "default", kind) for row in push["data"]]


def _trades_agree(account: PaperAccount, pushes: list[Any]) -> None:
    """Every fill was pushed once by `fill` and once by `orders`; the last state of every order is the listed one."""
    listed = {
        LINE: account.get("mix/order/fills", **USDT_M)["fillList"] or [],
        "SPOT": account.get("spot/trade/fills"),
    }
    for kind, fills in listed.items():
        traded = [row["tradeId"] for row in fills[::-1]]
        assert [row["tradeId"] for row in _told(pushes, "fill", kind)] == traded
        assert [row["tradeId"] for row in _told(pushes, "orders", kind) if "tradeId" in row] == traded
    lists = (account.get(f"mix/order/orders-{which}", **USDT_M) for which in ("pending", "history"))
    orders = [row for each in lists for row in each["entrustedList"] or []]
    last = {row["orderId"]: row for row in _told(pushes, "orders")}
    assert {row["orderId"]: (row["status"], row["baseVolume"]) for row in orders} == {
        row["orderId"]: (row["status"], row["accBaseVolume"]) for row in last.values()
    }


def _standing_agrees(account: PaperAccount, pushes: list[Any]) -> None:
    held = [push["data"] for push in pushes if push["arg"]["channel"] == "positions"][-1]
    now = account.get("mix/position/all-position", **USDT_M)
    assert [(row["holdSide"], row["total"], row["frozen"], row["openPriceAvg"]) for row in held] == [
        (row["holdSide"], row["total"], row["locked"], row["openPriceAvg"]) for row in now
    ]
    coins = {row["coin"]: (row["available"], row["frozen"]) for row in _told(pushes, "account", "SPOT")}
    for row in account.get("spot/account/assets"):
        assert coins[row["coin"]] == (row["available"], row["frozen"])
    assert _told(pushes, "account")[-1]["available"] == account.futures()["available"]
    assert _told(pushes, "account")[-1]["frozen"] == account.futures()["locked"]
