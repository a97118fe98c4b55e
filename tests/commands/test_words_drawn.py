"""Every form of a trader's words at the doors, in drawn markets: what would be sent is what fractions come to.

The evaluator here shares nothing with the program but what docs/words.md says.
"""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any, NamedTuple

import pytest
from desk import DEMO, POSITION, Exchange
from doubles import Bitget, Ran
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


class Market(NamedTuple):
    """Prices in whole ticks, the mark's from the bid; a tick is so `many` of the last of its `places`."""

    spot: bool
    hedge: bool
    long: bool
    places: int
    many: int
    step: int
    bid: int
    spread: int
    mark: int
    fee: int
    entries: tuple[int, int]
    held: tuple[int, int]
    most: int
    money: int

    @property
    def tick(self) -> Fraction:
        return Fraction(1 if self.spot else self.many, 10**self.places)

    @property
    def grid(self) -> Fraction:
        return Fraction(1, 10**self.step)

    def at(self, ticks: int) -> Fraction:
        return ticks * self.tick

    @property
    def prices(self) -> dict[str, Fraction]:
        bid, ask = self.at(self.bid), self.at(self.bid + self.spread)
        told = {"bid": bid, "ask": ask, "mid": (bid + ask) / 2, "last": self.at(self.bid + self.spread // 2)}
        mark = self.bid + self.mark
        return told if self.spot else told | {"mark": self.at(mark), "index": self.at(mark + 3)}

    @property
    def positions(self) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
        """Entry, size and what of it is free, by side."""
        # An average price is on no grid.
        there = {
            side: (self.at(entry) + Fraction(1, 2**7), whole * self.grid, whole // 3 * self.grid)
            for side, entry, whole in zip(("long", "short"), self.entries, self.held, strict=True)
        }
        own = "long" if self.long else "short"
        return {} if self.spot else there if self.hedge else {own: there[own]}

    def exchange(self) -> Exchange:
        told = {name: text(price) for name, price in self.prices.items()}
        told |= {"mark": told.get("mark", told["last"]), "index": told.get("index", told["last"])}
        ticker = {"symbol": "BTCUSDT", "lastPr": told["last"], "bidPr": told["bid"], "askPr": told["ask"]}
        ticker |= {"markPrice": told["mark"], "indexPrice": told["index"]}
        price = {"symbol": "BTCUSDT", "price": told["last"], "markPrice": told["mark"], "indexPrice": told["index"]}
        terms = {"pricePlace": str(self.places), "priceEndStep": str(self.many), "volumePlace": str(self.step)}
        terms |= {"sizeMultiplier": text(self.grid), "minTradeNum": text(self.grid), "minTradeUSDT": "0"}
        terms |= {"takerFeeRate": text(Fraction(self.fee, 100_000)), "maxOrderQty": "", "maxMarketOrderQty": ""}
        terms |= {"pricePrecision": str(self.places), "quantityPrecision": str(self.step), "quotePrecision": "6"}
        terms |= {"buyLimitPriceRatio": "", "sellLimitPriceRatio": ""}
        mode = "hedge_mode" if self.hedge else "one_way_mode"
        held = [
            {**POSITION, "posMode": mode, "holdSide": side, "openPriceAvg": text(entry)}
            | {"total": text(whole), "available": text(free)}
            for side, (entry, whole, free) in self.positions.items()
        ]
        answers = {
            "mix/market/ticker": [ticker],
            "spot/market/tickers": [ticker],
            "mix/market/symbol-price": [price],
            "mix/account/max-open": {"maxOpen": text(self.openable)},
            "mix/account/accounts": [{"marginCoin": "USDT", "accountEquity": text(self.quote), "available": "1"}],
        }
        coins = {"USDT": text(self.quote), "BTC": text(self.openable)}
        return Exchange(terms=terms, account={"posMode": mode}, positions=held, answers=answers, coins=coins)

    @property
    def cent(self) -> Fraction:
        """The step of money in a spot market buy."""
        return Fraction(1, 10**6)

    @property
    def quote(self) -> Fraction:
        """Money in the quote coin."""
        return Fraction(self.money, 100)

    @property
    def openable(self) -> Fraction:
        """What could be opened, or is there of the coin: on no grid."""
        return self.most * self.grid + self.grid / 2


class Words(NamedTuple):
    """What is typed; a price is (base, sign, digits, unit), an exact one ("", "", ticks from the bid, "")."""

    door: str
    buys: bool
    closes: bool
    size: tuple[str, str]
    price: tuple[str, str, str, str] | None
    trigger: tuple[str, str, str, str]
    last: tuple[str, str, str, str]
    steps: int
    sl: tuple[str, str, str, str] | None
    tp: tuple[str, str, str, str] | str | None


numbers = st.tuples(st.integers(0, 999), st.integers(1, 4)).map(lambda two: str(Decimal(two[0]).scaleb(-two[1])))
units = st.sampled_from(("%", "bp", "", "t"))
bases = st.sampled_from(("bid", "ask", "mid", "last", "mark", "index", "entry"))
typed_price = st.one_of(
    st.tuples(bases, st.sampled_from("+-"), numbers, units),
    st.tuples(st.just(""), st.just(""), st.integers(-9, 9).map(str), st.just("")),
)
# The exits are offsets from the order's own entry, or by it; a stop is lost on the one side, a profit won on the other.
own_exit = st.tuples(st.sampled_from(("", "entry")), st.just(""), numbers, st.sampled_from(("%", "bp", "t")))
markets = st.builds(
    Market,
    spot=st.booleans(),
    hedge=st.booleans(),
    long=st.booleans(),
    places=st.integers(0, 5),
    many=st.sampled_from((1, 5, 25)),
    step=st.integers(0, 6),
    bid=st.integers(10**3, 10**7),
    spread=st.integers(1, 9),
    mark=st.integers(-99, 99),
    fee=st.integers(1, 200),
    entries=st.tuples(st.integers(10**3, 10**7), st.integers(10**3, 10**7)),
    held=st.tuples(st.integers(3, 10**6), st.integers(3, 10**6)),
    most=st.integers(1, 10**6),
    money=st.integers(1, 10**11),
)
sizes = st.one_of(
    st.tuples(st.just("size"), st.integers(1, 10**6).map(str)),
    st.tuples(st.just("share"), st.integers(1, 10_000).map(lambda one: str(Decimal(one).scaleb(-2)))),
    st.tuples(st.just("max"), st.just("100")),
    st.tuples(st.just("quote"), st.integers(1, 10**9).map(lambda one: str(Decimal(one).scaleb(-2)))),
    st.tuples(st.just("risk%"), st.integers(1, 500).map(lambda one: str(Decimal(one).scaleb(-2)))),
    st.tuples(st.just("risk"), st.integers(1, 10**7).map(lambda one: str(Decimal(one).scaleb(-2)))),
)
typed_words = st.builds(
    Words,
    door=st.sampled_from(("order", "order", "plan", "ladder")),
    buys=st.booleans(),
    closes=st.sampled_from((False, False, True)),
    size=sizes,
    price=st.one_of(st.none(), typed_price),
    trigger=typed_price,
    last=typed_price,
    steps=st.integers(2, 6),
    sl=st.one_of(st.none(), own_exit),
    tp=st.one_of(st.none(), own_exit, st.sampled_from(("1R", "2.5R"))),
)


def text(value: Fraction) -> str:
    """As a decimal; all that is told here is one."""
    whole = f"{Decimal(value.numerator) / Decimal(value.denominator):f}"
    assert Fraction(whole) == value
    return whole


def on(value: Fraction, grid: Fraction, *, up: bool) -> Fraction:
    return (ceil if up else floor)(value / grid) * grid


class RefusedError(Exception):
    """What is meant cannot be."""


class Meant:
    """What the words mean in a market, as fractions. Raises RefusedError."""

    def __init__(self, market: Market, words: Words) -> None:
        self.market, self.words = market, words
        self.side = "long" if words.buys is not words.closes else "short"

    def price(self, word: tuple[str, str, str, str]) -> Fraction:
        base, sign, digits, unit = word
        if not base:
            return self.positive(self.market.at(self.market.bid + int(digits)))
        if base == "entry":
            at = self.held[0]
        elif base in self.market.prices:
            at = self.market.prices[base]
        else:
            raise RefusedError("spot has no such price")
        return self.positive(self.moved(at, sign, digits, unit, up=not self.words.buys))

    @property
    def held(self) -> tuple[Fraction, Fraction, Fraction]:
        there = self.market.positions
        if self.side in there:
            return there[self.side]
        if self.words.closes or not there:
            raise RefusedError("there is no position")
        return next(iter(there.values()))

    def moved(self, at: Fraction, sign: str, digits: str, unit: str, *, up: bool) -> Fraction:
        by = Fraction(digits) * (-1 if sign == "-" else 1)
        amount = {"%": at * by / 100, "bp": at * by / 10_000, "": by, "t": by * self.market.tick}[unit]
        return on(at + amount, self.market.tick, up=up)

    def positive(self, price: Fraction) -> Fraction:
        if price <= 0:
            raise RefusedError("no price above zero")
        return price

    def entered(self, price: Fraction | None) -> Fraction:
        return price or self.market.prices["ask" if self.words.buys else "bid"]

    def exits(self, price: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
        """Profit and loss of an order that opens."""
        loss = profit = None
        entry, long, words = self.entered(price), self.side == "long", self.words
        if words.sl:
            loss = self.positive(self.moved(entry, "-" if long else "+", *words.sl[2:], up=long))
        if isinstance(words.tp, str):
            if loss is None:
                raise RefusedError("no stop")
            away = Fraction(words.tp.removesuffix("R")) * abs(entry - loss)
            profit = self.positive(on(entry + away if long else entry - away, self.market.tick, up=not long))
        elif words.tp:
            profit = self.positive(self.moved(entry, "+" if long else "-", *words.tp[2:], up=not long))
        return profit, loss

    def check_exits(self, profit: Fraction | None, loss: Fraction | None, entries: list[Fraction]) -> None:
        long = self.side == "long"
        for entry in entries:
            if (profit is not None and (profit <= entry if long else profit >= entry)) or (
                loss is not None and (loss >= entry if long else loss <= entry)
            ):
                raise RefusedError("it would fire at once")

    def entries(self, price: Fraction | None, at: Fraction) -> list[Fraction]:
        """Where it may enter: a limit beyond the market, or the trigger, enters there."""
        if price is None:
            return [at]
        return [price, at] if (price > at if self.words.buys else price < at) else [price]

    def openable(self) -> Fraction:
        other = "short" if self.side == "long" else "long"
        closing = Fraction(0) if self.market.hedge else self.market.positions.get(other, (0, Fraction(0)))[1]
        return self.market.openable + closing

    def size(self, prices: list[Fraction], losses: list[Fraction | None]) -> Fraction:
        """In base coin; of a ladder that of all rungs, whose first shares are alike."""
        market, words = self.market, self.words
        how, digits = words.size
        if how == "size":
            return Fraction(digits) * market.grid
        if how == "quote":
            return self.paid_for(Fraction(digits), prices)
        if how.startswith("risk"):
            return self.at_risk(prices, losses)
        share = Fraction(digits) / 100
        if words.closes:
            return on(self.held[2] * share, market.grid, up=False)
        if market.spot and words.buys:
            return self.paid_for(market.quote * share, prices)
        most = market.openable if market.spot else self.openable()
        return on(most * share, market.grid, up=False)

    def paid_for(self, money: Fraction, costs: list[Fraction]) -> Fraction:
        size = on(money / (sum(costs, Fraction(0)) / len(costs)), self.market.grid, up=False)
        while (
            sum((part * cost for part, cost in zip(self.parts(size, len(costs)), costs, strict=True)), Fraction(0))
            > money
        ):
            size -= self.market.grid
        return size

    def at_risk(self, prices: list[Fraction], losses: list[Fraction | None]) -> Fraction:
        market, fee = self.market, Fraction(self.market.fee, 100_000)
        how, digits = self.words.size
        money = market.quote * Fraction(digits) / 100 if how == "risk%" else Fraction(digits)
        lost = [abs(at - stop) + fee * (at + stop) for at, stop in zip(prices, losses, strict=True) if stop is not None]
        size = self.paid_for(money, lost)
        most = self.paid_for(market.quote, prices) if market.spot else self.openable()
        if size > most:
            raise RefusedError("more than could be opened")
        return size

    def parts(self, size: Fraction, count: int) -> list[Fraction]:
        """Like parts of whole steps, the later ones a step larger where it does not come out even."""
        steps = int(size / self.market.grid)
        return [(steps // count + (place >= count - steps % count)) * self.market.grid for place in range(count)]


def line_of(market: Market, words: Words) -> str:
    def price(word: tuple[str, str, str, str]) -> str:
        base, sign, digits, unit = word
        return f"{base}{sign}{digits}{unit}" if base else text(market.at(market.bid + int(digits)))

    def leg(word: tuple[str, str, str, str] | str, sign: str) -> str:
        return word if isinstance(word, str) else f"{word[0]}{sign}{word[2]}{word[3]}"

    how, digits = words.size
    size = {
        "size": text(Fraction(digits) * market.grid) if how == "size" else "",
        "share": f"{digits}%",
        "max": "max",
        "quote": f"--quote {digits}",
        "risk%": f"--risk {digits}%",
        "risk": f"--risk {digits}",
    }[how]
    symbol = "BTC/USDT" if market.spot else "BTCUSDT"
    direction = "buy" if words.buys else "sell"
    head = f"order ladder {direction}" if words.door == "ladder" else f"{words.door} {direction}"
    parts = [head, symbol, size]
    if words.door == "ladder":
        parts += [f"--from {price(words.price or words.trigger)} --to {price(words.last)} --steps {words.steps}"]
    elif words.price:
        parts += [f"--price {price(words.price)}"]
    parts += [f"--trigger {price(words.trigger)}"] if words.door == "plan" else []
    loses, wins = "-+" if words.buys else "+-"
    parts += [f"--sl {leg(words.sl, loses)}"] if words.sl else []
    parts += [f"--tp {leg(words.tp, wins)}"] if words.tp else []
    return " ".join([*parts, "--close" if words.closes else "", "--dry-run --json"])


def fitting(market: Market, words: Words) -> Words:
    """The words without what does not belong together in this market."""
    door = "order" if market.spot and words.door == "plan" else words.door
    closes = words.closes and not market.spot
    risks = words.size[0].startswith("risk")
    sells_coins = market.spot and not words.buys
    size = ("share", "50") if risks and (closes or sells_coins or not words.sl) else words.size
    if market.spot and words.buys and door == "order" and not words.price and size[0] == "size":
        size = ("quote", size[1])  # a spot market buy is sized in money
    plain = closes or sells_coins
    return words._replace(
        door=door, closes=closes, size=size, sl=None if plain else words.sl, tp=None if plain else words.tp
    )


Row = dict[str, Fraction | None]


def meant(market: Market, words: Words) -> list[Row]:
    """The orders that are meant, their amounts by names of ours."""
    sums = Meant(market, words)
    last = market.prices["last"]
    if words.door == "ladder":
        return rungs_of(sums, words, last)
    trigger = sums.price(words.trigger) if words.door == "plan" else None
    price = sums.price(words.price) if words.price else None
    profit, loss = (None, None) if words.closes else sums.exits(price or trigger)
    in_money = market.spot and words.buys and price is None
    if words.size[0].startswith("risk"):
        sums.check_exits(None, loss, [sums.entered(price or trigger)])
    if in_money and not words.size[0].startswith("risk"):
        digits = Fraction(words.size[1])
        size = digits if words.size[0] == "quote" else on(market.quote * digits / 100, market.cent, up=False)
    else:
        # Money pays for a size at the last price where the order has none of its own.
        at = price or trigger or (last if words.size[0] == "quote" else sums.entered(None))
        size = sums.size([at], [loss])
        if in_money:
            size = on(size * at, market.cent, up=False) if size else size
    if size <= 0:
        raise RefusedError("less than a step")
    if not words.closes:
        sums.check_exits(profit, loss, sums.entries(price, trigger or last))
    return [{"size": size, "price": price, "trigger": trigger, "profit": profit, "loss": loss}]


def rungs_of(sums: Meant, words: Words, last: Fraction) -> list[Row]:
    first, end, among = sums.price(words.price or words.trigger), sums.price(words.last), words.steps - 1
    tick = sums.market.tick
    prices = [on(first + (end - first) * place / among, tick, up=not words.buys) for place in range(words.steps)]
    if len(set(prices)) < words.steps:
        raise RefusedError("two on one tick")
    exits = [(None, None) if words.closes else sums.exits(price) for price in prices]
    if words.size[0].startswith("risk"):
        for price, (_, loss) in zip(prices, exits, strict=True):
            sums.check_exits(None, loss, [price])
    how = words.size[0]
    at = prices if how in ("quote", "risk", "risk%") or (sums.market.spot and words.buys) else [max(prices)]
    size = sums.size(at, [loss for _, loss in exits])
    sizes = sums.parts(size, words.steps)
    if min(sizes) <= 0:
        raise RefusedError("less than a step")
    for price, (profit, loss) in zip(prices, exits, strict=True):
        if not words.closes:
            sums.check_exits(profit, loss, sums.entries(price, last))
    return [
        {"size": size, "price": price, "trigger": None, "profit": profit, "loss": loss}
        for size, price, (profit, loss) in zip(sizes, prices, exits, strict=True)
    ]


NAMES = {
    "size": ("size",),
    "price": ("price",),
    "trigger": ("triggerPrice",),
    "profit": ("presetStopSurplusPrice", "presetTakeProfitPrice", "stopSurplusTriggerPrice"),
    "loss": ("presetStopLossPrice", "stopLossTriggerPrice"),
}


def sent(ran: Ran) -> list[Row]:
    body = json.loads(ran.json["body"])
    return [{name: amount(order, NAMES[name]) for name in NAMES} for order in body.get("orderList", [body])]


def amount(order: dict[str, Any], names: tuple[str, ...]) -> Fraction | None:
    found = [order[name] for name in names if name in order]
    assert len(found) <= 1
    # A plain number: no exponent, and nothing behind it that is none.
    assert all(set(one) <= set("0123456789.") for one in found)
    return Fraction(found[0]) if found else None


def check(bitget: Bitget, market: Market, words: Words) -> bool:
    """Whether there was anything to compare."""
    words = fitting(market, words)
    line = line_of(market, words)
    bitget.clock.sleep(7 * 3600)  # what is kept of the market before is too old then
    try:
        wanted: list[Row] | None = meant(market, words)
    except RefusedError:
        wanted = None
    ran = bitget(line, env=DEMO, http=market.exchange())
    if wanted is None:
        assert (ran.status, ran.out) == (2, ""), f"{line}: {ran.err}"
        return False
    assert ran.status == 0, f"{line}: {ran.err}"
    assert sent(ran) == wanted, line
    return True


SUPPRESSED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@pytest.mark.parametrize("examples", [100, pytest.param(2000, marks=pytest.mark.slow)])
def test_what_is_typed_comes_to_what_fractions_come_to(bitget: Bitget, examples: int) -> None:
    compared = 0

    @settings(max_examples=examples, deadline=None, suppress_health_check=SUPPRESSED, derandomize=examples < 200)
    @given(markets, typed_words)
    def held(market: Market, words: Words) -> None:
        nonlocal compared
        compared += check(bitget, market, words)

    held()
    assert compared > examples / 4


class PaperMarket(Market):
    """A market of the paper exchange as it stands; nothing is held in it."""

    told: dict[str, Fraction]

    @property
    def prices(self) -> dict[str, Fraction]:
        return self.told

    @property
    def positions(self) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
        return {}

    @property
    def openable(self) -> Fraction:
        # What is refused for it is left out below.
        return Fraction(10**12)

    @property
    def cent(self) -> Fraction:
        return Fraction(1, 10**8)


def market_of(bitget: Bitget, *, spot: bool) -> PaperMarket:
    ticker = bitget(f"-p paper market ticker {'BTC/USDT' if spot else 'BTCUSDT'} --json").json
    names = {"bid": "bidPr", "ask": "askPr", "last": "lastPr"} | (
        {} if spot else {"mark": "markPrice", "index": "indexPrice"}
    )
    told = {name: Fraction(ticker[wire]) for name, wire in names.items()}
    told["mid"] = (told["bid"] + told["ask"]) / 2
    places, step = (2, 6) if spot else (1, 4)
    bid = int(told["bid"] * 10**places)
    fee = 100 if spot else 60
    market = PaperMarket(spot, True, True, places, 1, step, bid, 0, 0, fee, (0, 0), (0, 0), 0, 1_000_000)
    market.told = told
    return market


def on_paper(words: Words) -> Words:
    """Without what the exchange has to be asked for, which `market_of` does not."""
    how, digits = words.size
    size = (
        ("size", str(1 + int(digits) % 5000))
        if how == "size"
        else ("quote", "100")
        if how in ("share", "max")
        else words.size
    )

    size = ("risk", size[1]) if how == "risk%" else size

    def known(word: tuple[str, str, str, str] | None) -> Any:
        return ("bid", *word[1:]) if word and word[0] in ("entry", "mark", "index") else word

    return words._replace(
        closes=False, size=size, price=known(words.price), trigger=known(words.trigger), last=known(words.last)
    )


@pytest.mark.parametrize("examples", [12, pytest.param(300, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", ["classic", "unified"])
def test_the_exchange_holds_what_fractions_come_to(bitget: Bitget, kind: str, examples: int) -> None:
    """What it took, and what is refused is what cannot be."""
    compared = 0

    @settings(max_examples=examples, deadline=None, suppress_health_check=SUPPRESSED, derandomize=examples < 200)
    @given(st.integers(1, 10**6), st.booleans(), typed_words)
    def held(seed: int, spot: bool, words: Words) -> None:
        nonlocal compared
        # Pacing takes time, in which a market would move that does not stand still.
        for line in (f"paper reset --seed {seed} --account {kind} --yes", "paper clock --set 2026-03-02T12:00"):
            assert bitget(line).status == 0
        market = market_of(bitget, spot=spot)
        fit = fitting(market, on_paper(fitting(market, words._replace(closes=False))))
        line = f"-p paper {line_of(market, fit).replace('--dry-run', '')}"
        try:
            wanted: list[Row] | None = meant(market, fit)
        except RefusedError:
            wanted = None
        ran = bitget(line)
        if wanted is None or ran.status != 0:
            # A unified account attaches no exits to what waits.
            assert ran.status in ((2, 5) if fit.door == "plan" and kind == "unified" else (2,)), f"{line}: {ran.err}"
            return
        placed = ran.json if isinstance(ran.json, list) else [ran.json]
        for row, one in zip(placed, wanted, strict=True):
            shown = bitget(
                f"-p paper order show {row['orderId']} --symbol {'BTC/USDT' if spot else 'BTCUSDT'} --json"
            ).json
            shown = shown[0] if isinstance(shown, list) else shown
            took = Fraction(shown["size"]), Fraction(shown.get("price") or 0)
            assert took[0] == one["size"], line
            assert one["price"] is None or took[1] == one["price"], line
        compared += 1

    held()
    assert compared > examples / 6
