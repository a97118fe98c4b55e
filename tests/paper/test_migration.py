"""`paper migrate`: a living classic account becomes a unified one with everything it had."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from doubles import Bitget
from paper_account import BTC, USDT_LINE, USDT_M, PaperAccount, UnifiedAccount
from paper_watcher import Watcher, arg, login

from bitget_cli.errors import UsageError

COIN = {"productType": "COIN-FUTURES", "symbol": "BTCUSD", "marginCoin": "BTC"}
USDC = {"productType": "USDC-FUTURES", "symbol": "BTCPERP", "marginCoin": "USDC"}


def below(account: PaperAccount, ratio: str = "0.97") -> str:
    return str(int(account.last() * Decimal(ratio)))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "paper.sqlite3"


@pytest.fixture
def classic(path: Path) -> PaperAccount:
    return PaperAccount(path).fund()


def test_everything_goes_on_under_its_id(classic: PaperAccount, path: Path) -> None:
    eth = {**BTC, "symbol": "ETHUSDT"}
    classic.order("buy", "0.1", presetStopLossPrice=below(classic, "0.9"))
    classic.order("sell", "2", symbol="ETHUSDT", marginMode="isolated")
    resting = [classic.order("buy", "0.1", price=below(classic)), classic.spot("buy", "0.01", price=below(classic))]
    plan = {"planType": "normal_plan", "marginMode": "crossed", "side": "buy", "orderType": "market", "size": "0.01"}
    words = plan | {"triggerPrice": below(classic, "0.95"), "triggerType": "mark_price"}
    plans = [classic.post("mix/order/place-plan-order", **words, **BTC)]
    moving = {
        "planType": "moving_plan",
        "rangeRate": "1",
        "holdSide": "short",
        "size": "1",
        "triggerType": "mark_price",
    }
    low = str(int(classic.last("ETHUSDT") * Decimal("0.97")))
    plans.append(classic.post("mix/order/place-tpsl-order", **moving, triggerPrice=low, **eth))
    spot_plan = {"symbol": "BTCUSDT", "side": "buy", "orderType": "market", "size": "0.01", "triggerType": "fill_price"}
    plans.append(classic.post("spot/trade/place-plan-order", **spot_plan, triggerPrice=below(classic, "0.9")))
    classic.post("spot/wallet/transfer", fromType="spot", toType="p2p", amount="5", coin="USDT")
    classic.post("spot/wallet/transfer", fromType="spot", toType="crossed_margin", amount="7", coin="USDT")
    isolated = {"fromType": "spot", "toType": "isolated_margin", "symbol": "BTCUSDT"}
    classic.post("spot/wallet/transfer", amount="0.1", coin="BTC", **isolated)
    before = classic.proof()
    held = {row["symbol"]: row for row in classic.get("mix/position/all-position", **USDT_M)}

    assert classic.exchange.migrate() == {"orders": 2, "plans": 4, "positions": 2, "cancelled": 0}

    account = UnifiedAccount.join(path)
    assert account.get("/api/v2/spot/account/assets") == "40085"
    told = account.get("trade/unfilled-orders")["list"]
    assert {row["orderId"] for row in told} == {order["orderId"] for order in resting}
    waiting = account.waiting() + account.waiting(category="SPOT")
    assert {row["orderId"] for row in waiting} >= {each["orderId"] for each in plans}
    assert sorted(row["type"] for row in waiting) == ["tpsl", "trailing_stop", "trigger", "trigger"]
    for row in account.position():
        was = held[row["symbol"]]
        assert (row["posSide"], row["total"], row["avgPrice"], row["marginMode"], row["positionBalance"]) == (
            was["holdSide"],
            was["total"],
            was["openPriceAvg"],
            was["marginMode"],
            was["marginSize"],
        )
    # No coin is lost, none made: what lay in all accounts but the funding one is in the wallet.
    after = account.proof()
    for coin, parts in after.items():
        assert parts["sum"] == "0"
        own = {name: Decimal(amount) for name, amount in before[coin].items() if name[0] not in "s~" or name == "spot"}
        assert Decimal(parts["uta"]) == sum(own.values()) - own.get("p2p", Decimal(0))
        assert {name: parts[name] for name in parts if name.startswith("~")} == {
            name: before[coin][name] for name in before[coin] if name.startswith("~")
        }
    assert account.get("account/funding-assets")[0]["balance"] == "5"
    # It lives on: what rests is cancelled or filled, positions are closed.
    account.post("trade/cancel-order", orderId=resting[0]["orderId"])
    account.post("trade/close-positions", **USDT_LINE)
    assert account.position() is None
    assert account.later(days=10).proof()["USDT"]["sum"] == "0"
    assert Decimal(account.coin()["balance"]) > 0


@pytest.mark.parametrize("mode", ["hedge_mode", "one_way_mode"])
def test_the_position_mode_in_use_becomes_the_accounts(classic: PaperAccount, path: Path, mode: str) -> None:
    classic.post("mix/account/set-position-mode", posMode=mode, **USDT_M)
    classic.order("buy", "0.1", **({"tradeSide": "open"} if mode == "hedge_mode" else {}))
    classic.exchange.migrate()
    account = UnifiedAccount.join(path)
    assert account.get("account/settings")["holdMode"] == mode
    words = {"posSide": "long"} if mode == "hedge_mode" else {"reduceOnly": "yes"}
    assert account.order("sell", "0.1", **words)["orderId"]
    assert account.position() is None


def test_coin_m_orders_end_with_it(classic: PaperAccount) -> None:
    classic.post("spot/wallet/transfer", fromType="spot", toType="coin_futures", amount="0.5", coin="BTC")
    order = {"marginMode": "crossed", "side": "buy", "size": "0.1", "orderType": "limit", "price": "30000", **COIN}
    classic.post("mix/order/place-order", **order)
    assert classic.exchange.migrate()["cancelled"] == 1
    assert classic.proof()["BTC"] == {"sum": "0", "uta": "1", "~outside": "-1"}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        ("coin", "no Coin-M positions"),
        ("modes", "one position mode"),
        ("twice", "a unified one already"),
    ],
)
def test_an_account_that_cannot_move_yet_stays_as_it_is(classic: PaperAccount, make: str, sentence: str) -> None:
    order: dict[str, Any] = {"marginMode": "crossed", "side": "buy", "size": "0.1", "orderType": "market"}
    if make == "coin":
        classic.post("spot/wallet/transfer", fromType="spot", toType="coin_futures", amount="0.5", coin="BTC")
        classic.post("mix/order/place-order", **order, **COIN)
    if make == "modes":
        classic.post("spot/wallet/transfer", fromType="spot", toType="usdc_futures", amount="5000", coin="USDC")
        classic.post("mix/account/set-position-mode", productType="USDC-FUTURES", posMode="hedge_mode")
        classic.order("buy", "0.1")
        classic.post("mix/order/place-order", **order, tradeSide="open", **USDC)
    if make == "twice":
        classic.exchange.migrate()
    before = classic.proof()
    with pytest.raises(UsageError, match=sentence):
        classic.exchange.migrate()
    assert classic.proof() == before


def test_streams_fall_silent_and_the_others_begin(classic: PaperAccount, path: Path) -> None:
    watcher = Watcher(classic).enter()
    other = Watcher(UnifiedAccount.join(path))
    other.say(login(str(int(classic.wall.timestamp()))))
    watcher.follow(arg("orders", "default"))
    other.say({"op": "subscribe", "args": [{"instType": "UTA", "topic": topic} for topic in ("order", "position")]})
    classic.order("buy", "0.1")
    assert len(watcher.rows("orders")) == 2
    assert other.frames(after=1) == []
    classic.exchange.migrate()
    account = UnifiedAccount.join(path)
    account.order("buy", "0.1")
    frames = other.frames(after=1)
    assert [frame["arg"]["topic"] for frame in frames] == ["order", "order", "position"]
    assert frames[-1]["data"][0]["size"] == "0.2"
    assert watcher.frames(after=1) == []


def test_it_is_asked_for_and_done_once(bitget: Bitget) -> None:
    bitget("-p paper order buy BTCUSDT 0.01 --product spot --yes")
    for words in ({}, {"terminal": True, "typed": "n\n"}):
        refused = bitget("paper migrate", **words)
        assert (refused.status, bitget("paper status --json").json["account"]) == (10, "classic")
    ran = bitget("paper migrate --yes --json")
    assert (ran.status, ran.json["response"]["account"]) == (0, "unified")
    assert bitget("paper status --json").json["account"] == "unified"
    again = bitget("paper migrate --yes")
    assert (again.status, "already" in again.err) == (2, True)
    # There is no going back to before it.
    assert bitget("paper clock --set 2026-01-01").status == 2
