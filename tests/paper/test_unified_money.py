"""What one wallet owes and what stands behind what: losses, orders that hold money back, and whatever else happens."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from paper_account import BTC, RICH, USDT_LINE, PaperAccount, UnifiedAccount
from rules import law

ETH = {"productType": "USDT-FUTURES", "symbol": "ETHUSDT", "marginCoin": "USDT"}
BTC_LINE = {**USDT_LINE, "symbol": "BTCUSDT"}


def share(price: Decimal, ratio: str) -> str:
    return str(int(price * Decimal(ratio)))


# What an order holds back is behind crossed positions as well. Where they have lost it, it cannot be spent any more.


@pytest.mark.parametrize("closes", [False, True])
def test_a_spot_order_does_not_spend_what_positions_have_lost(closes: bool) -> None:
    account = UnifiedAccount(seed=3)
    account.post("account/set-leverage", leverage="50", **BTC_LINE)
    account.spot("sell", "1")
    account.order("buy", "40")
    price = share(account.last(), "0.955")
    size = (Decimal(account.coin()["available"]) / Decimal(price)).quantize(Decimal("0.001")) - Decimal("0.001")
    resting = account.spot("buy", str(size), price=price)
    if closes:
        account.later(hours=23)
        account.post("trade/close-positions", **USDT_LINE)
        assert Decimal(account.coin()["locked"]) > Decimal(account.coin()["balance"]) > 0
    account.later(days=2)
    told = account.detail(resting)
    assert (told["orderStatus"], told["cumExecQty"]) == ("cancelled", "0")
    assert not [row for row in account.get("account/assets")["assets"] if row["coin"] == "BTC"]
    balance, spent = Decimal(account.coin()["balance"]), Decimal(price) * size
    assert balance > spent / 10 if closes else 0 <= balance < 5


def test_an_isolated_order_does_not_take_what_crossed_positions_have_lost() -> None:
    account = PaperAccount(seed=3).fund("50000")
    account.post("mix/account/set-leverage", leverage="75", **BTC)
    account.post("mix/account/set-margin-mode", **ETH | {"marginMode": "isolated"})
    account.post("mix/account/set-leverage", leverage="1", **ETH)
    account.order("buy", "30")
    price = share(account.last("ETHUSDT"), "0.97")
    size = (Decimal(account.futures()["maxTransferOut"]) / Decimal(price)).quantize(Decimal("0.1")) - Decimal("0.2")
    resting = account.order("buy", str(size), price=price, marginMode="isolated", **ETH)
    account.later(hours=4)
    account.post("mix/order/close-positions", **BTC)
    account.later(days=10)
    told = account.get("mix/order/detail", orderId=resting["orderId"], **ETH)
    assert (told["state"], told["baseVolume"]) == ("canceled", "0")
    assert Decimal(account.futures()["available"]) > 0


def test_funding_is_paid_out_of_isolated_margin_where_the_wallet_has_nothing_left() -> None:
    account = UnifiedAccount(seed=3, opening={("spot", "USDT"): Decimal(1_000)})
    account.post("account/set-leverage", leverage="2", marginMode="isolated", **BTC_LINE)
    account.order("buy", "0.022", marginMode="isolated")
    account.post("account/transfer", fromType="uta", toType="spot", coin="USDT", amount=account.max_transfer())
    (before,) = account.position()
    account.later(days=3)
    (after,) = account.position()
    paid = Decimal(after["totalFunding"])
    assert paid < 0
    assert Decimal(after["positionBalance"]) < Decimal(before["positionBalance"])
    assert account.proof()["USDT"]["uta"] == after["positionBalance"]


# Whatever happens, before the account became a unified one and after.


class Customer:
    """Does this and that, the same for the same seed, through two doors to one file."""

    def __init__(self, seed: int, path: Path) -> None:
        self.dice = random.Random(seed)
        self.classic = PaperAccount(path, seed=1 + seed % 3, opening=RICH | {("spot", "ETH"): Decimal(5)})
        self.mode = self.dice.choice(("crossed", "isolated"))
        self.classic.fund("30000")
        for line in (BTC, ETH):
            self.classic.post("mix/account/set-margin-mode", marginMode=self.mode, **line)
            self.classic.post("mix/account/set-leverage", leverage=self.dice.choice(("5", "50")), **line)
        self.doors: list[UnifiedAccount] = []

    def live(self, path: Path, steps: int) -> UnifiedAccount:
        for _ in range(steps):
            self.dice.choice((self.classic_spot, self.classic_future, self.classic_future, self.classic_plan))()
            self.classic.later(seconds=self.dice.choice((0, 60, 3_600, 90_000)))
        self.classic.exchange.migrate()
        self.doors = [UnifiedAccount.join(path), UnifiedAccount.join(path)]
        acts = (self.spot, self.spot, self.future, self.future, self.plan, self.money, self.change, self.close)
        for _ in range(steps):
            self.dice.choice(acts)()
            self.door.later(seconds=self.dice.choice((0, 60, 3_600, 90_000)))
        return self.door

    @property
    def door(self) -> UnifiedAccount:
        return self.dice.choice(self.doors)

    def price(self, symbol: str, reach: float) -> str:
        ratio = Decimal(str(round(1 + self.dice.uniform(-reach, reach), 5)))
        return str((self.classic.last(symbol) * ratio).quantize(Decimal("0.1")))

    def order(self, reach: float) -> tuple[str, str, str, dict[str, str]]:
        symbol = self.dice.choice(("BTCUSDT", "ETHUSDT"))
        most = 200 if symbol == "BTCUSDT" else 3_000
        limit = {"price": self.price(symbol, reach)} if self.dice.random() < 0.6 else {}
        return symbol, self.dice.choice(("buy", "sell")), str(Decimal(self.dice.randint(1, most)) / 100), limit

    def classic_spot(self) -> None:
        symbol, side, size, limit = self.order(0.02)
        self.classic.spot(side, size if limit or side == "sell" else "900", symbol=symbol, **limit)

    def classic_future(self) -> None:
        symbol, side, size, limit = self.order(0.01)
        limit |= {"presetStopLossPrice": self.price(symbol, 0.03)} if self.dice.random() < 0.3 else {}
        self.classic.order(side, size, marginMode=self.mode, symbol=symbol, **limit)

    def classic_plan(self) -> None:
        more = {"planType": "track_plan", "callbackRatio": "0.7", "triggerType": "fill_price", "orderType": "market"}
        more |= {"side": self.dice.choice(("buy", "sell")), "size": "0.3", "marginMode": self.mode}
        self.classic.post("mix/order/place-plan-order", triggerPrice=self.price("BTCUSDT", 0.01), **more, **BTC)

    def spot(self) -> None:
        symbol, side, size, limit = self.order(0.02)
        self.door.spot(side, size if limit or side == "sell" else "9000", symbol=symbol, **limit)

    def future(self) -> None:
        symbol, side, size, limit = self.order(0.01)
        limit |= {"stopLoss": self.price(symbol, 0.03)} if self.dice.random() < 0.3 else {}
        line = {"category": "USDC-FUTURES", "symbol": f"{symbol[:3]}PERP"} if self.dice.random() < 0.3 else {}
        self.door.order(side, size, **{"marginMode": self.mode, "symbol": symbol} | line | limit)

    def plan(self) -> None:
        more = {"type": "trigger", "triggerPrice": self.price("BTCUSDT", 0.01), "triggerOrderType": "market"}
        line = self.dice.choice(("SPOT", "USDT-FUTURES"))
        self.door.strategy(category=line, side=self.dice.choice(("buy", "sell")), qty="0.2", **more)

    def money(self) -> None:
        coin, door = self.dice.choice(("USDT", "USDC", "BTC", "ETH")), self.door
        amount = door.max_transfer(coin) if self.dice.random() < 0.4 else "0.5"
        ways = self.dice.sample(("uta", "spot"), 2)
        door.post("account/transfer", fromType=ways[0], toType=ways[1], coin=coin, amount=amount)
        words = {"coin": "USDT", "size": "20", "transferType": "internal_transfer", "address": "x"}
        taken = door.post("account/withdrawal", accountType="uta", **words)
        if isinstance(taken, dict) and self.dice.random() < 0.5:
            door.post("account/cancel-withdrawal", orderId=taken["orderId"])

    def change(self) -> None:
        leverage = self.dice.choice(("3", "20", "50"))
        self.door.post("account/set-leverage", leverage=leverage, marginMode=self.mode, **BTC_LINE)
        adds = {"operation": self.dice.choice(("add", "remove")), "posSide": self.dice.choice(("long", "short"))}
        self.door.post("account/set-margin", amount="25", **adds, **BTC_LINE)
        for order in self.door.get("trade/unfilled-orders")["list"][:2]:
            names = {name: order[name] for name in ("category", "symbol", "orderId")}
            self.door.post("trade/modify-order", qty=str(Decimal(order["qty"]) * 2), **names)

    def close(self) -> None:
        if self.dice.random() < 0.5:
            self.door.post("trade/close-positions", **USDT_LINE)
        else:
            self.door.post("trade/cancel-symbol-order", category=self.dice.choice(("SPOT", "USDT-FUTURES")))


def kept(account: UnifiedAccount, kind: str) -> list[dict[str, Any]]:
    rows = account.store.rows("SELECT body FROM records WHERE kind = ?", kind)
    return [json.loads(body, parse_float=Decimal) for (body,) in rows]


def summed(rows: list[dict[str, Any]], *names: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows for name in names), Decimal(0))


@law(few=5, many=12, seed=st.integers(0, 10**6))
def test_every_coin_of_one_wallet_is_accounted_for(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("one") / "paper.sqlite3"
    account = Customer(seed, path).live(path, 12)
    proof = account.proof()
    rows = account.store.rows("SELECT name, coin, available, frozen FROM pots")
    pots = {(name, coin): (Decimal(free), Decimal(frozen)) for name, coin, free, frozen in rows}
    fills, positions, bills, orders = (kept(account, kind) for kind in ("fill", "position", "bill", "order"))
    holding = [each for each in orders if each["product"] == "spot" and Decimal(each["reserved"])]
    assert {each["status"] for each in holding} <= {"live", "partially_filled"}
    for coin, parts in proof.items():
        line = {"USDT": "usdt-futures", "USDC": "usdc-futures"}.get(coin)
        margined = [each for each in positions if each["product"] == line]
        told = {name: Decimal(parts.get(name, "0")) for name in ("~fees", "~profits", "~funding", "uta")}
        assert parts["sum"] == "0"
        # What the world has taken is what fills and positions say; every change of the wallet is a booking.
        booked = [bill for bill in bills if bill["coin"] == coin and bill["product"] != "p2p"]
        assert told == {
            "~fees": -summed([fill for fill in fills if fill["fee_coin"] == coin], "fee"),
            "~profits": -summed(margined, "realised"),
            "~funding": -summed(margined, "funding"),
            "uta": summed(booked, "amount", "fee"),
        }
        # What is frozen is what open spot orders hold back; nothing is owed.
        free, frozen = pots.get(("uta", coin), (Decimal(0), Decimal(0)))
        here = [each for each in holding if coin == ("USDT" if each["side"] == "buy" else each["symbol"][:3])]
        assert frozen == summed(here, "reserved")
        assert free + frozen >= 0
    # Margin is kept apart for open isolated positions alone.
    apart = {name for (name, _), (free, _) in pots.items() if name.startswith("uta/") and free}
    isolated = [each for each in positions if each["size"] and each["margin_mode"] == "isolated"]
    assert apart == {f"uta/{each['symbol']}/{each['hold']}" for each in isolated}
