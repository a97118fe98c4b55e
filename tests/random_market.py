"""Markets that move by themselves: a book with its numbers, a ticker, trades and bars, and what is true of each."""

from __future__ import annotations

import random
from typing import Any, NamedTuple

from accelerated import World
from random_exchange import Exchange

MARKET = "USDT-FUTURES"
LEVELS = 6
_SHOWN_TRADES = 50
_MINUTE = 60_000


class Book(NamedTuple):
    """What a book is at a moment: best first, as it is written."""

    asks: tuple[tuple[str, str], ...]
    bids: tuple[tuple[str, str], ...]

    def best(self) -> tuple[str, str]:
        return self.bids[0][0], self.asks[0][0]


class Trade(NamedTuple):
    number: str
    at: float  # monotonic


class Markets(Exchange):
    """Some symbols; each moves every third of a second unless it rests."""

    def __init__(self, world: World, seed: int, symbols: tuple[str, ...] = ("BTCUSDT", "ETHUSDT")) -> None:
        super().__init__(world)
        self.random = random.Random(seed)
        self.rests_until = 0.0
        self.of: dict[str, Market] = {}
        for symbol in symbols:
            self.of[symbol] = Market(symbol, self)
        self.lost_updates = 0  # so many of the next updates of books are not sent
        self.restart: tuple[int, str] | None = None  # the number a book goes on with, and how it says so
        world.after(0.1, self._move)
        world.after(0.2, self._tick)
        self._next_bar()

    def begin(self, arg: tuple[str, str, str]) -> None:
        _, channel, symbol = arg
        market = self.of[symbol]
        if channel == "ticker":
            self.push(arg, [market.ticker()], action="snapshot")
        elif channel == "books":
            self.push(arg, [market.snapshot()], action="snapshot")
        elif channel == "trade":
            shown = market.trades[-_SHOWN_TRADES:][::-1]
            self.push(arg, [market.trade_row(trade) for trade in shown], action="snapshot")
        elif channel == "candle1m":
            self.push(arg, market.bars[-5:], action="snapshot")

    def swap(self, channel: str) -> None:
        """Says of the first market what is true of the second."""
        first, other = self.of["BTCUSDT"], self.of["ETHUSDT"]
        rows = {
            "ticker": [other.ticker()],
            "books": [{**first.snapshot(), **other.snapshot(), "instId": other.symbol}],
            "trade": [{**other.trade_row(trade), "instId": other.symbol} for trade in other.trades[-1:]],
        }
        if rows.get(channel):
            self.push((MARKET, channel, first.symbol), rows[channel], action="snapshot")

    def _move(self) -> None:
        self.world.after(self.random.uniform(0.2, 0.5), self._move)
        if self.world.ticks >= self.rests_until:
            for market in self.of.values():
                market.move()

    def _tick(self) -> None:
        self.world.after(0.4, self._tick)
        for symbol, market in self.of.items():
            self.push((MARKET, "ticker", symbol), [market.ticker()], action="snapshot")

    def _next_bar(self) -> None:
        at = (self.world.ms() // _MINUTE + 1) * _MINUTE
        self.world.after((at - self.world.ms()) / 1000, self._next_bar)
        for market in self.of.values():
            market.begin_bar(self.world.ms() // _MINUTE * _MINUTE)


class Market:
    """One of them. `books` are all it ever was by their number, since that is what a line names."""

    def __init__(self, symbol: str, exchange: Markets) -> None:
        self.symbol, self._exchange = symbol, exchange
        self._random = exchange.random
        # Far apart, so that a price says whose it is.
        self._middle, self.seq = 1000 * (2 * len(exchange.of) + 1), 1_000_000
        self._first_trade = 10**18 * (len(exchange.of) + 1)
        self._sides = self._levels()
        self.books: dict[int, list[Book]] = {self.seq: [self.book()]}
        self.changed_at = exchange.world.ticks
        self.last_update: dict[str, Any] | None = None
        self.trades: list[Trade] = []
        self.prices = {self._middle}
        self.bars: list[list[str]] = []

    def _levels(self) -> tuple[dict[int, int], dict[int, int]]:
        """Asks and bids around the middle; deep ones keep their size now and then."""
        middle, draw = self._middle, self._random.randint
        return (
            {middle + step: draw(1, 3) for step in range(1, LEVELS + 1)},
            {middle - step: draw(1, 3) for step in range(LEVELS)},
        )

    def book(self) -> Book:
        asks, bids = self._sides
        return Book(
            tuple((str(price), str(asks[price])) for price in sorted(asks)),
            tuple((str(price), str(bids[price])) for price in sorted(bids, reverse=True)),
        )

    def move(self) -> None:
        """The price goes a step or two, and somebody trades."""
        before = self._sides
        self._middle += self._random.choice((-2, -1, 1, 2))
        self.prices.add(self._middle)
        self._sides = self._levels()
        self._update(_changes(before[0], self._sides[0]), _changes(before[1], self._sides[1]))
        self._trade(self._random.randint(0, 2))

    def _update(self, asks: list[list[str]], bids: list[list[str]]) -> None:
        exchange = self._exchange
        arg = MARKET, "books", self.symbol
        before = self.seq
        self.seq += self._random.randint(1, 3)
        if exchange.restart and arg in exchange.live:
            (self.seq, how), exchange.restart = exchange.restart, None
            before = {"zero": 0, "own": self.seq - 1, "ours": before}[how]
        self.books.setdefault(self.seq, []).append(self.book())
        self.changed_at = exchange.world.ticks
        row = {"asks": asks, "bids": bids, "ts": str(exchange.world.ms()), "seq": self.seq, "pseq": before}
        if arg in exchange.live and exchange.lost_updates:
            exchange.lost_updates -= 1
        elif exchange.push(arg, [row]):
            self.last_update = row

    def _trade(self, how_many: int) -> None:
        world = self._exchange.world
        made = [Trade(f"{self._first_trade + len(self.trades) + one}", world.ticks) for one in range(how_many)]
        self.trades += made
        if not made:
            return
        self._exchange.push((MARKET, "trade", self.symbol), [self.trade_row(trade) for trade in made[::-1]])
        if self.bars:
            bar, price = self.bars[-1], str(self._middle)
            bar[2], bar[3], bar[4] = max(bar[2], price, key=int), min(bar[3], price, key=int), price
            bar[5] = str(int(bar[5]) + how_many)
            self._exchange.push((MARKET, "candle1m", self.symbol), [list(bar)])

    def begin_bar(self, start: int) -> None:
        price = str(self._middle)
        self.bars.append([str(start), price, price, price, price, "0", "0", "0"])
        self._exchange.push((MARKET, "candle1m", self.symbol), [list(self.bars[-1])])

    # Rows.

    def snapshot(self) -> dict[str, Any]:
        book = self.book()
        self.books.setdefault(self.seq, []).append(book)
        levels = {"asks": [list(one) for one in book.asks], "bids": [list(one) for one in book.bids]}
        return {**levels, "ts": str(self._exchange.world.ms()), "seq": self.seq, "pseq": 0}

    def ticker(self) -> dict[str, Any]:
        bid, ask = self.book().best()
        now = str(self._exchange.world.ms())
        return {"instId": self.symbol, "lastPr": str(self._middle), "bidPr": bid, "askPr": ask, "ts": now}

    def trade_row(self, trade: Trade) -> dict[str, Any]:
        at = self._exchange.world.ms() - round((self._exchange.world.ticks - trade.at) * 1000)
        return {"ts": str(at), "price": "1", "size": "1", "side": "buy", "tradeId": trade.number}


def _changes(before: dict[int, int], after: dict[int, int]) -> list[list[str]]:
    """What an update says of a side: new sizes, and zero for what is gone."""
    prices = sorted({*before, *after})
    return [[str(price), str(after.get(price, 0))] for price in prices if before.get(price) != after.get(price)]
