"""An account that is traded for a long time on the paper exchange: everything that books money, at all hours.

`python tests/paper_year.py FILE` writes the year into an exchange's file and says how long it took.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from paper_account import PaperAccount

from bitget_cli.values import Product, milliseconds

FIRST, LAST = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
# From here on more happens within 90 days than one page of any list holds.
_BUSY = datetime(2025, 12, 1, tzinfo=UTC)
_LEAST_SIZES = {"BTC": "0.001", "ETH": "0.02"}


@dataclass(frozen=True)
class _Line:
    """A futures line: its account, its coin, and what is traded on it."""

    product: Product
    account: str
    coin: str
    symbols: tuple[str, ...]

    def words(self, symbol: str) -> dict[str, str]:
        return {"productType": self.product.wire, "symbol": symbol, "marginCoin": self.coin}


_LINES = (
    _Line(Product.USDT_FUTURES, "usdt_futures", "USDT", ("BTCUSDT", "ETHUSDT")),
    _Line(Product.USDT_FUTURES, "usdt_futures", "USDT", ("BTCUSDT", "ETHUSDT")),
    _Line(Product.USDC_FUTURES, "usdc_futures", "USDC", ("BTCPERP",)),
    _Line(Product.COIN_FUTURES, "coin_futures", "BTC", ("BTCUSD",)),
)
_TRANSFERS = (
    ("spot", "usdt_futures", "USDT"),
    ("spot", "usdc_futures", "USDC"),
    ("spot", "coin_futures", "BTC"),
    ("spot", "p2p", "USDT"),
    ("spot", "crossed_margin", "USDT"),
    ("spot", "isolated_margin", "BTC"),
)


class Customer:
    """Does this and that, the same for the same seed. What the exchange refuses is simply not done."""

    def __init__(self, account: PaperAccount, seed: int, *, leverage: str = "5") -> None:
        self.account = account
        self.dice = random.Random(seed)
        self.hedge = seed % 2 == 0
        for line in dict.fromkeys(_LINES):
            self._begin(line, leverage)

    def _begin(self, line: _Line, leverage: str) -> None:
        size = {"USDT": "20000", "USDC": "4000", "BTC": "0.2"}[line.coin]
        self.account.post("spot/wallet/transfer", fromType="spot", toType=line.account, coin=line.coin, amount=size)
        if self.hedge:
            self.account.post("mix/account/set-position-mode", productType=line.product.wire, posMode="hedge_mode")
        for symbol in line.symbols:
            mode = "isolated" if symbol == "ETHUSDT" else "crossed"
            self.account.post("mix/account/set-margin-mode", marginMode=mode, **line.words(symbol))
            self.account.post("mix/account/set-leverage", leverage=leverage, **line.words(symbol))

    def live(self, *, steps: int, hours: int) -> None:
        """Some steps, each up to `hours` after the one before; the account is looked at after each."""
        for _ in range(steps):
            self.step()
            self.account.later(seconds=self.dice.randint(0, hours * 3600))
            self.account.get("spot/account/assets")

    def until(self, end: datetime, *, every: timedelta, steps: int) -> None:
        """Some steps together, and then some time."""
        while self.account.exchange.now() < end:
            for _ in range(steps):
                self.step()
            ahead = min(every * self.dice.uniform(0.5, 1.5), end - self.account.exchange.now())
            self.account.later(milliseconds=ahead // timedelta(milliseconds=1))

    def step(self) -> None:
        trading = (self.spot, self.future, self.future, self.plan, self.close)
        self.dice.choice((*trading, self.transfer, self.transfer, self.money, self.convert))()

    def spot(self) -> None:
        symbol = self.dice.choice(("BTCUSDT", "ETHUSDT"))
        if self.dice.random() < 0.4:
            self.account.spot("buy", str(self.dice.randint(10, 3000)), symbol=symbol)
            return
        price = self._price(Product.SPOT, symbol)
        side = self.dice.choice(("buy", "sell"))
        self.account.spot(side, self._size(symbol), symbol=symbol, price=f"{price * self._near():.2f}")

    def future(self) -> None:
        line, symbol = self._market()
        more: dict[str, Any] = line.words(symbol) | self._way() | {"size": self._size(symbol)}
        more["marginMode"] = "isolated" if symbol == "ETHUSDT" else "crossed"
        if self.dice.random() < 0.4:
            more["price"] = str(int(self._price(line.product, symbol) * self._near()))
        if self.dice.random() < 0.2:
            more["presetStopLossPrice"] = self._stop(self._price(line.product, symbol), more)
        self.account.order(**more)

    def _stop(self, price: Decimal, order: Mapping[str, str]) -> str:
        """A stop-loss up to three percent before the entry, which is the limit or the market, whichever is nearer."""
        entries, away = (price, Decimal(order.get("price", price))), abs(self._near() - 1) + Decimal("0.0005")
        return str(int(min(entries) * (1 - away)) if order["side"] == "buy" else int(max(entries) * (1 + away)) + 1)

    def plan(self) -> None:
        line, symbol = self._market()
        trigger = str(int(self._price(line.product, symbol) * self._near()))
        more = line.words(symbol) | self._way() | {"size": self._size(symbol), "triggerPrice": trigger}
        mode = "isolated" if symbol == "ETHUSDT" else "crossed"
        more |= {"planType": "normal_plan", "orderType": "market", "triggerType": "mark_price", "marginMode": mode}
        self.account.post("mix/order/place-plan-order", **more)

    def close(self) -> None:
        """Everything of one market, or what waits on it, or some margin more."""
        line, symbol = self._market()
        match self.dice.randrange(3):
            case 0:
                self.account.post("mix/order/close-positions", productType=line.product.wire, symbol=symbol)
            case 1:
                self.account.post("mix/order/cancel-all-orders", productType=line.product.wire)
                self.account.post("spot/trade/cancel-symbol-order", symbol="BTCUSDT")
                self.account.post("mix/order/cancel-plan-order", planType="normal_plan", **line.words(symbol))
            case _:
                self.account.post("mix/account/set-margin", amount="5", holdSide="long", **line.words(symbol))

    def transfer(self) -> None:
        one, other, coin = self.dice.choice(_TRANSFERS)
        if self.dice.random() < 0.5:
            one, other = other, one
        amount = self._amount(coin)
        more = {"symbol": "BTCUSDT"} if "isolated_margin" in (one, other) else {}
        self.account.post("spot/wallet/transfer", fromType=one, toType=other, coin=coin, amount=amount, **more)

    def money(self) -> None:
        coin = self.dice.choice(("USDT", "USDC", "BTC"))
        if self.dice.random() < 0.6:
            self.account.exchange.deposit(coin, Decimal(self._amount(coin)))
            return
        address = {"transferType": "on_chain", "address": "T1"}
        sent = self.account.post("spot/wallet/withdrawal", coin=coin, size=self._amount(coin), **address)
        if isinstance(sent, dict) and self.dice.random() < 0.2:
            self.account.post("spot/wallet/cancel-withdrawal", orderId=sent["orderId"])

    def convert(self) -> None:
        """Some of one coin into another, or what is too little to trade into BGB."""
        if self.dice.random() < 0.2:
            small = self.account.get("convert/bgb-convert-coin-list")["coinList"]
            self.account.post("convert/bgb-convert", coinList=[row["coin"] for row in small])
            return
        coins = dict(zip(("fromCoin", "toCoin"), self.dice.sample(("USDT", "BTC", "LTC", "XRP"), 2), strict=True))
        size = {"USDT": "25", "BTC": "0.001", "LTC": "0.03", "XRP": "5.5"}[coins["fromCoin"]]
        quote = self.account.get("convert/quoted-price", fromCoinSize=size, **coins)
        if isinstance(quote, dict):
            self.account.post("convert/trade", **{name: text for name, text in quote.items() if name != "fee"})

    def _market(self) -> tuple[_Line, str]:
        line = self.dice.choice(_LINES)
        return line, self.dice.choice(line.symbols)

    def _way(self) -> dict[str, str]:
        side = self.dice.choice(("buy", "sell"))
        return {"side": side} | ({"tradeSide": self.dice.choice(("open", "open", "close"))} if self.hedge else {})

    def _near(self) -> Decimal:
        return Decimal(round(self.dice.uniform(0.97, 1.03), 4)).quantize(Decimal("0.0001"))

    def _size(self, symbol: str) -> str:
        return str(Decimal(_LEAST_SIZES[symbol[:3]]) * self.dice.randint(1, 20))

    def _amount(self, coin: str) -> str:
        return str(self.dice.randint(1, 50_000) * Decimal("0.0000001" if coin == "BTC" else "0.01"))

    def _price(self, product: Product, symbol: str) -> Decimal:
        if product.is_spot:
            return Decimal(self.account.get("spot/market/tickers", symbol=symbol)[0]["lastPr"])
        row = self.account.get("mix/market/ticker", productType=product.wire, symbol=symbol)[0]
        return Decimal(row["lastPr"])


def traded_for_a_year(path: Path, *, seed: int = 1) -> PaperAccount:
    """Thirteen months, once a day, with positions that pay funding, the last two busy; the clock stands at LAST."""
    account = PaperAccount(path, at=FIRST)
    customer = Customer(account, seed)
    customer.until(_BUSY, every=timedelta(days=1), steps=1)
    customer.until(LAST, every=timedelta(hours=12), steps=20)
    account.get("spot/account/assets")
    return account


def traded_for_a_month() -> PaperAccount:
    """The first month of such an account, as varied as the year."""
    account = PaperAccount(at=FIRST)
    Customer(account, 1).until(FIRST + timedelta(days=33), every=timedelta(hours=12), steps=7)
    account.get("spot/account/assets")
    return account


def kept(account: PaperAccount, kind: str) -> list[dict[str, Any]]:
    """What the exchange's own file has of a kind (bill, fill, order, position, transfer, movement …), oldest first."""
    with account.store.change() as connection:
        rows = connection.execute("SELECT body FROM records WHERE kind = ? ORDER BY id", (kind,))
        return [json.loads(body) for (body,) in rows]


def balances(account: PaperAccount) -> dict[tuple[str, str], Decimal]:
    """What lies in each account (`isolated_margin` by symbol) of each coin, isolated positions with their account."""
    held: dict[tuple[str, str], Decimal] = {}
    with account.store.change() as connection:
        for name, coin, free, frozen in connection.execute("SELECT * FROM pots"):
            owner = name if name.startswith("isolated_margin/") else name.partition("/")[0]
            if not name.startswith("~"):
                held[owner, coin] = held.get((owner, coin), Decimal(0)) + Decimal(free) + Decimal(frozen)
    return held


def recorded(account: PaperAccount, path: str, begin: datetime, end: datetime, **given: str) -> Iterator[Any]:
    """All records of a tax call, newest first, asked for as one must: a month at a time, page by page."""
    while end > begin:
        start = max(begin, end - timedelta(days=30))
        times = {"startTime": milliseconds(start), "endTime": milliseconds(end) - 1}
        below: dict[str, str] = {}
        while rows := account.get(f"tax/{path}", **times, **given, **below):
            yield from rows
            below = {"idLessThan": rows[-1]["id"]}
        end = start


if __name__ == "__main__":
    began = time.perf_counter()
    done = traded_for_a_year(Path(sys.argv[1]))
    with done.store.change() as file:
        counts = Counter(kind for (kind,) in file.execute("SELECT kind FROM records"))
    sys.stdout.write(f"{time.perf_counter() - began:.1f} s, {dict(counts)}\n")
