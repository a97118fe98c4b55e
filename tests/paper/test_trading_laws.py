"""What holds on the paper exchange whatever a customer does and whenever anybody looks."""

from __future__ import annotations

import json
import random
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from paper_account import BTC, PaperAccount
from rules import law

from bitget_cli.paper.instruments import instrument
from bitget_cli.values import Product

SEEDS = st.integers(0, 10**6)


class Trader:
    """Does this and that, the same for the same seed; `cut` says how often somebody looks while time passes."""

    def __init__(self, seed: int, *, cut: int = 1) -> None:
        self.dice = random.Random(seed)
        self.account = PaperAccount(seed=1 + seed % 3)
        self.cut = cut
        self.hedge = self.dice.random() < 0.5
        self.mode = self.dice.choice(("crossed", "isolated"))
        self.account.fund("30000")
        if self.hedge:
            self.account.post("mix/account/set-position-mode", productType="USDT-FUTURES", posMode="hedge_mode")
        self.account.post("mix/account/set-margin-mode", marginMode=self.mode, **BTC)
        self.account.post("mix/account/set-leverage", leverage=self.dice.choice(("5", "50", "100")), **self._sides())

    def _sides(self) -> dict[str, str]:
        return dict(BTC) if self.mode == "crossed" or not self.hedge else {**BTC, "longLeverage": "25"}

    def live(self, steps: int) -> PaperAccount:
        for _ in range(steps):
            self.dice.choice((self.spot, self.future, self.future, self.plan, self.exits, self.cancel))()
            self.pass_time(self.dice.choice((0, 1, 60, 3_600, 40_000, 200_000)))
        return self.account

    def pass_time(self, seconds: int) -> None:
        for _ in range(self.cut):
            self.account.later(milliseconds=seconds * 1000 // self.cut)
            self.account.get("spot/account/assets")
        self.account.later(milliseconds=seconds * 1000 % self.cut)
        self.account.get("spot/account/assets")

    def market(self) -> dict[str, str]:
        """Mostly one, so that positions grow; sometimes another, that stands on the same money."""
        return {"symbol": self.dice.choice(("BTCUSDT", "BTCUSDT", "ETHUSDT"))}

    def price(self, reach: float, symbol: str = "BTCUSDT") -> str:
        return str(
            (self.account.last(symbol) * Decimal(str(round(1 + self.dice.uniform(-reach, reach), 5)))).quantize(
                Decimal("0.1")
            )
        )

    def size(self) -> str:
        return str(Decimal(self.dice.randint(10, 20_000)) / 10_000)

    def way(self) -> dict[str, str]:
        side = self.dice.choice(("buy", "sell"))
        return {"side": side} | ({"tradeSide": self.dice.choice(("open", "open", "close"))} if self.hedge else {})

    def spot(self) -> None:
        if self.dice.random() < 0.3:
            self.account.spot("buy", str(self.dice.randint(10, 30_000)))
            return
        more = {"price": self.price(0.02), "force": self.dice.choice(("gtc", "post_only", "ioc", "fok"))}
        self.account.spot(self.dice.choice(("buy", "sell")), self.size(), **more)

    def future(self) -> None:
        more = self.way() | self.market() | {"marginMode": self.mode}
        if self.dice.random() < 0.5:
            more["price"] = self.price(0.01, more["symbol"])
            more["force"] = self.dice.choice(("gtc", "gtc", "post_only", "ioc", "fok"))
        if not self.hedge and self.dice.random() < 0.3:
            more["reduceOnly"] = "YES"
        if self.dice.random() < 0.2:
            more["presetStopLossPrice"] = self.price(0.03, more["symbol"])
        size = self.size() if more["symbol"] == "BTCUSDT" else str(self.dice.randint(1, 4000) / 100)
        self.account.order(size=size, **more)

    def plan(self) -> None:
        trailing = self.dice.random() < 0.5
        more = self.way() | {"marginMode": self.mode, "orderType": "market", "size": self.size()}
        more |= {"planType": "track_plan", "callbackRatio": "0.7"} if trailing else {"planType": "normal_plan"}
        kind = self.dice.choice(("fill_price", "mark_price"))
        self.account.post("mix/order/place-plan-order", triggerPrice=self.price(0.01), triggerType=kind, **more, **BTC)

    def exits(self) -> None:
        more = {"holdSide": self.dice.choice(("long", "short")), "triggerPrice": self.price(0.02), "size": "0.001"}
        kind = self.dice.choice(("profit_plan", "loss_plan", "moving_plan", "pos_profit", "pos_loss"))
        self.account.post("mix/order/place-tpsl-order", planType=kind, rangeRate="0.5", **more, **BTC)

    def cancel(self) -> None:
        self.account.post("mix/order/cancel-all-orders", productType="USDT-FUTURES")
        self.account.post("spot/trade/cancel-symbol-order", symbol="BTCUSDT")


def remembered(account: PaperAccount) -> dict[str, Any]:
    """Everything in the file but the time of the last look."""
    with account.store.change() as connection:
        return {
            "records": list(connection.execute("SELECT kind, id, body FROM records ORDER BY kind, id")),
            "pots": sorted(
                (name, coin, Decimal(free), Decimal(frozen))
                for name, coin, free, frozen in connection.execute("SELECT * FROM pots")
            ),
        }


def records(account: PaperAccount, kind: str) -> list[dict[str, Any]]:
    return [json.loads(body) for name, _, body in remembered(account)["records"] if name == kind]


@law(few=5, many=12, seed=SEEDS, cut=st.integers(2, 5))
def test_looking_twice_is_looking_once(seed: int, cut: int) -> None:
    assert remembered(Trader(seed).live(12)) == remembered(Trader(seed, cut=cut).live(12))


@law(few=4, many=10, seed=SEEDS)
def test_money_is_conserved_and_nothing_is_owed(seed: int) -> None:
    account = Trader(seed).live(25)
    assert {coin: parts["sum"] for coin, parts in account.proof().items()} == dict.fromkeys(
        ("BTC", "USDC", "USDT"), "0"
    )
    for name, _, free, frozen in remembered(account)["pots"]:
        if not name.startswith(("~", "usdt_futures")):
            assert free >= 0, name
        assert frozen >= 0
    row = account.futures()
    assert Decimal(row["crossedMaxAvailable"]) >= 0
    assert Decimal(row["maxTransferOut"]) >= 0


@law(few=4, many=10, seed=SEEDS)
def test_equity_is_transfers_and_profits_less_fees_and_funding(seed: int) -> None:
    account = Trader(seed).live(20)
    positions = records(account, "position")
    names = ("realised", "open_fee", "close_fee", "funding")
    earned = sum((Decimal(position[name]) for position in positions for name in names), Decimal(0))
    row = account.futures()
    assert Decimal(row["accountEquity"]) == 30_000 + earned + Decimal(row["unrealizedPL"])


@law(few=4, many=8, seed=SEEDS)
def test_resting_orders_fill_inside_the_candle_of_their_second(seed: int) -> None:
    account = Trader(seed).live(20)
    for fill in records(account, "fill"):
        if fill["maker"]:
            market = instrument(Product(fill["product"]), fill["symbol"])
            assert market is not None
            second = fill["id"] // 10**6 // 1000
            trades = account.exchange.prices().traded(market).second(second)
            assert min(trade.price for trade in trades) <= fill["price"] <= max(trade.price for trade in trades)


@law(few=4, many=8, seed=SEEDS)
def test_frozen_is_what_open_spot_orders_hold_back(seed: int) -> None:
    account = Trader(seed).live(15)
    held = {"USDT": Decimal(0), "BTC": Decimal(0)}
    for order in records(account, "order"):
        if order["product"] == "spot":
            held["USDT" if order["side"] == "buy" else "BTC"] += Decimal(order["reserved"])
    rows = {row["coin"]: Decimal(row["frozen"]) for row in account.get("spot/account/assets")}
    assert {coin: rows.get(coin, Decimal(0)) for coin in held} == held


@law(
    few=12,
    many=25,
    seed=SEEDS,
    side=st.sampled_from(("buy", "sell")),
    reach=st.integers(1, 60),
    size=st.integers(1, 400_000),
)
def test_a_resting_order_fills_as_a_replay_of_the_tape_says(seed: int, side: str, reach: int, size: int) -> None:
    account = PaperAccount(seed=1 + seed % 5)
    account.exchange.deposit("USDT", Decimal(10**6))
    account.exchange.deposit("BTC", Decimal(10))
    market = instrument(Product.SPOT, "BTCUSDT")
    assert market is not None
    account.later(seconds=seed)
    touch = Decimal(account.get("spot/market/tickers", symbol="BTCUSDT")[0]["lastPr"])
    price = touch + Decimal(reach if side == "sell" else -reach) / 10
    placed = account.spot(side, str(Decimal(size) / 10**6 + Decimal("0.001")), price=str(price))
    (order,) = records(account, "order")
    began = order["id"] // 10**6
    account.later(minutes=20)
    fills = [
        (int(fill["cTime"]), fill["size"])
        for fill in reversed(account.get("spot/trade/fills", orderId=placed["orderId"]))
    ]
    path = account.exchange.prices().traded(market)
    expected, queue, left = [], order["queue"], order["size"]
    for second in range(began // 1000, began // 1000 + 1201):
        for trade in path.second(second):
            through = trade.price < order["price"] if side == "buy" else trade.price > order["price"]
            if not (began < trade.time <= began + 1_200_000) or not left or order["status"] != "live":
                continue
            if through:
                taken = left
            elif trade.price == order["price"]:
                ahead = min(queue, trade.size)
                queue -= ahead
                taken = min(left, trade.size - ahead)
            else:
                taken = 0
            if taken:
                left -= taken
                expected.append((trade.time, market.size(taken)))
    assert fills == expected
