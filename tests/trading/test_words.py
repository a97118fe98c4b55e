"""A trader's words: read from text, and worked out as fractions, which share nothing with them, work them out."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

import pytest
from hypothesis import strategies as st
from rules import law

from bitget_cli.errors import BitgetError, NetworkError, UsageError
from bitget_cli.trading import words
from bitget_cli.trading.model import PositionSide, Prices
from bitget_cli.trading.words import (
    Exactly,
    Multiple,
    PriceFacts,
    Reference,
    Relative,
    Risk,
    RiskFacts,
    Share,
    Unit,
)

LONG, SHORT = PositionSide.LONG, PositionSide.SHORT


class Drawn(NamedTuple):
    """A market, an account and words about them; prices are whole ticks, so that they are told as a market tells them.

    `places` are the decimals of a tick, of which there are `many` in the last one; `step` is ten to the minus so much.
    """

    places: int
    many: int
    bid: int
    spread: int
    entry: int
    stop: int
    step: int
    fee: int
    base: str
    sign: str
    digits: str
    unit: str
    share: str
    money: int
    long: bool
    up: bool

    @property
    def tick(self) -> Fraction:
        return Fraction(self.many, 10**self.places)

    def price(self, ticks: int) -> Decimal:
        return Decimal(ticks * self.many).scaleb(-self.places)

    def facts(self, side: PositionSide) -> PriceFacts:
        bid, ask = self.price(self.bid), self.price(self.bid + self.spread)
        prices = Prices(ask, bid, bid, ask, self.price(self.bid + 7))
        fee = Decimal(self.fee).scaleb(-5)
        # An average price is on no grid.
        return PriceFacts(self.price(1), "USDT", prices, self.price(self.entry) / 7, "the entry", fee=fee, side=side)


numbers = st.tuples(st.integers(0, 999), st.integers(0, 4)).map(lambda two: str(Decimal(two[0]).scaleb(-two[1])))
drawn = st.builds(
    Drawn,
    places=st.integers(0, 8),
    many=st.sampled_from((1, 5, 25)),
    bid=st.integers(1, 10**9),
    spread=st.integers(1, 99),
    entry=st.integers(1, 10**9),
    stop=st.integers(1, 10**9),
    step=st.integers(0, 8),
    fee=st.integers(0, 300),
    base=st.sampled_from(("bid", "ask", "mid", "last", "mark", "index", "entry", "ENTRY")),
    sign=st.sampled_from("+-"),
    digits=numbers,
    unit=st.sampled_from(("%", "bp", "", "t")),
    share=st.integers(1, 10_000).map(lambda hundredths: str(Decimal(hundredths).scaleb(-2))),
    money=st.integers(0, 10**12),
    long=st.booleans(),
    up=st.booleans(),
)


def referred(market: Drawn, facts: PriceFacts) -> Fraction:
    assert facts.prices
    assert facts.entry
    bid = market.bid * market.tick
    ask = (market.bid + market.spread) * market.tick
    told = {"bid": bid, "ask": ask, "mid": (bid + ask) / 2, "last": ask, "mark": bid}
    told |= {"index": (market.bid + 7) * market.tick, "entry": Fraction(facts.entry)}
    return told[market.base.lower()]


def moved(market: Drawn, at: Fraction) -> Fraction:
    by = Fraction(market.digits) * (-1 if market.sign == "-" else 1)
    return at + {"%": at * by / 100, "bp": at * by / 10_000, "": by, "t": by * market.tick}[market.unit]


def on_grid(value: Fraction, step: Fraction, *, up: bool) -> Fraction:
    return (ceil if up else floor)(value / step) * step


@law(few=400, many=2000, market=drawn)
def test_words_come_to_what_fractions_come_to(market: Drawn) -> None:
    """Each on the grid, on the safe side of the exact value and less than a step from it."""
    side = LONG if market.long else SHORT
    check_price(market, side, up=market.up)
    check_multiple(market, side)
    check_break_even(market, side)
    check_risk(market, side)
    check_share(market)


def check_price(market: Drawn, side: PositionSide, *, up: bool) -> None:
    facts = market.facts(side)
    word = words.read_price(f"{market.base}{market.sign}{market.digits}{market.unit}", what="price")
    assert isinstance(word, Relative)
    exact = moved(market, referred(market, facts))
    wanted = on_grid(exact, market.tick, up=up)
    if wanted <= 0:
        with pytest.raises(UsageError):
            words.priced(word, facts, what="price", up=up)
        return
    worked = words.priced(word, facts, what="price", up=up)
    assert Fraction(worked.value) == wanted
    assert (f", rounded {'up' if up else 'down'} to {worked.value:f}" in worked.text) == (wanted != exact)


def check_multiple(market: Drawn, side: PositionSide) -> None:
    facts, stop = market.facts(side), market.price(market.stop)
    assert facts.entry
    word = words.read_price(f"{market.digits}R", what="take-profit", exits=True, multiples=True)
    assert isinstance(word, Multiple)
    entry, long = Fraction(facts.entry), side is LONG
    away = Fraction(market.digits) * abs(entry - Fraction(stop))
    wanted = on_grid(entry + away if long else entry - away, market.tick, up=not long)
    if wanted <= 0:
        with pytest.raises(UsageError):
            words.multiplied(word, facts, stop, what="take-profit")
    else:
        assert Fraction(words.multiplied(word, facts, stop, what="take-profit").value) == wanted


def check_break_even(market: Drawn, side: PositionSide) -> None:
    """A tick nearer to the entry something would be lost."""
    facts = market.facts(side)
    assert facts.entry
    assert facts.fee is not None
    word = words.read_price("entry+fees", what="--sl", exits=True)
    assert isinstance(word, Relative)
    entry, fee, way = Fraction(facts.entry), Fraction(facts.fee), 1 if side is LONG else -1

    def gained(price: Fraction) -> Fraction:
        return way * (price - entry) - fee * (price + entry)

    try:
        price = Fraction(words.priced(word, facts, what="--sl", up=False).value)
    except UsageError:
        assert on_grid(entry * (1 - fee) / (1 + fee), market.tick, up=False) <= 0
        return
    assert gained(price) >= 0 > gained(price - way * market.tick)
    assert price % market.tick == 0


def check_risk(market: Drawn, side: PositionSide) -> None:
    """What is lost is no more than was to be risked, and a step more would lose more."""
    facts = market.facts(side)
    assert facts.entry
    assert facts.fee is not None
    for in_base in (False, True):
        equity, step = Decimal(market.money).scaleb(-4), Fraction(1, 10**market.step)
        risk = words.read_risk(f"{market.share}%")
        terms = RiskFacts(
            facts.entry,
            market.price(market.stop),
            facts.fee,
            Decimal(1).scaleb(-market.step),
            "BTC",
            "BTC" if in_base else "USDT",
            in_base=in_base,
        )
        entry, stop, fee = Fraction(facts.entry), Fraction(terms.stop), Fraction(facts.fee)
        one = abs(entry - stop) + fee * (entry + stop)
        if in_base:
            one = abs(entry - stop) / stop + 2 * fee
        most = Fraction(equity) * Fraction(market.share) / 100
        if not one:
            continue
        try:
            size = Fraction(words.risked(risk, terms, equity).value)
        except UsageError:
            assert step * one > most
            continue
        assert size % step == 0
        assert size * one <= most < (size + step) * one


def check_share(market: Drawn) -> None:
    word, step = words.read_size(f"{market.share}%"), Fraction(1, 10**market.step)
    assert isinstance(word, Share)
    whole, price = Decimal(market.money).scaleb(-6), market.price(market.bid)
    grid = Decimal(1).scaleb(-market.step)
    part = Fraction(whole) * Fraction(market.share) / 100
    for exact, work in (
        (part, lambda: words.shared(word, whole, step=grid, unit="BTC", what="that could be opened")),
        (part / Fraction(price), lambda: words.bought(word, whole, price, step=grid, base="BTC", quote="USDT")),
    ):
        wanted = on_grid(exact, step, up=False)
        if wanted:
            assert Fraction(work().value) == wanted
        else:
            with pytest.raises(UsageError, match="less than one step"):
                work()


def test_the_arithmetic_is_a_sentence() -> None:
    facts = PriceFacts(
        Decimal("0.5"), "USDT", Prices(Decimal(60000), Decimal(60001), Decimal("59999.5"), Decimal(60000))
    )
    share = words.shared(Share("25%", Decimal(25)), Decimal("1.2345"), step=Decimal("0.0001"), unit="BTC", what="free")
    assert share == (Decimal("0.3086"), "25 % of 1.2345 BTC free = 0.3086 BTC")
    for text, up, sentence in (
        ("bid-0.1%", False, "price bid-0.1%: bid 59999.5 - 0.1 % = 59939.5005, rounded down to 59939.5"),
        ("mid", True, "price mid: (59999.5 + 60000) / 2 = 59999.75, rounded up to 60000"),
        ("last+25", False, "price last+25: last 60000 + 25 USDT = 60025"),
        ("mark-10bp", True, "price mark-10bp: mark 60001 - 10 bp = 59940.999, rounded up to 59941"),
        ("ASK+3t", True, "price ASK+3t: ask 60000 + 3 ticks of 0.5 = 60001.5"),
    ):
        word = words.read_price(text, what="price")
        assert isinstance(word, Relative)
        assert words.priced(word, facts, what="price", up=up).text == sentence


@pytest.mark.parametrize("base", ["bid", "ask", "mid", "last", "mark", "index"])
@pytest.mark.parametrize("told", [None, Decimal(0)])
def test_a_price_that_is_not_there_is_no_price(base: str, told: Decimal | None) -> None:
    empty = Prices(told or Decimal(0), told or Decimal(0), told, told, told)
    word = words.read_price(base, what="price")
    assert isinstance(word, Relative)
    with pytest.raises(NetworkError, match=r"no (bid|ask|last|mark|index) price"):
        words.priced(word, PriceFacts(Decimal(1), "USDT", empty), what="price", up=False)


READ = {
    "60000": Exactly(Decimal(60000)),
    "bid": Relative("bid", Reference.BID),
    "Last+1%": Relative("Last+1%", Reference.LAST, Decimal(1), Unit.PERCENT),
    "mark-0.5bp": Relative("mark-0.5bp", Reference.MARK, Decimal("-0.5"), Unit.POINT),
    "index+25": Relative("index+25", Reference.INDEX, Decimal(25)),
    "ask-3T": Relative("ask-3T", Reference.ASK, Decimal(-3), Unit.TICK),
    "entry+fees": Relative("entry+fees", Reference.ENTRY, fees=True),
    "-2%": Relative("-2%", Reference.ENTRY, Decimal(-2), Unit.PERCENT),
    "+4bp": Relative("+4bp", Reference.ENTRY, Decimal(4), Unit.POINT),
    "1.5r": Multiple("1.5r", Decimal("1.5")),
}


@pytest.mark.parametrize("text", READ)
def test_what_a_price_may_be(text: str) -> None:
    assert words.read_price(text, what="take-profit", exits=True, multiples=True) == READ[text]


def test_what_a_size_may_be() -> None:
    read = [words.read_size(text) for text in ("0.01", "25%", "100%", "max", "MAX")]
    assert read == [
        Exactly(Decimal("0.01")),
        Share("25%", Decimal(25)),
        Share("100%", Decimal(100)),
        Share("max", Decimal(100)),
        Share("MAX", Decimal(100)),
    ]
    assert words.read_risk("1%") == Risk("1%", Decimal(1), of_equity=True)
    assert words.read_risk("50") == Risk("50", Decimal(50), of_equity=False)


MISTAKES = [
    *((words.read_size, text) for text in ("0%", "101%", "-5%", "25 %", "%", "all", "", "1e3%", "２５%", "max%")),
    *((words.read_risk, text) for text in ("0", "0%", "101%", "-1%", "", "R", "1%%", "1 %")),
    *(
        (lambda text: words.read_price(text, what="price"), text)
        for text in ("bidd", "bid-", "bid 1%", "bid--1%", "-1%", "+5", "2R", "bid+fees", "entry+fees+1", "+fees", "")
    ),
    *((lambda text: words.read_price(text, what="price"), text) for text in ("bid*2", "bid+1e2", "ask+1x", "bid+ask")),
    (lambda text: words.read_price(text, what="stop-loss", exits=True), "2R"),
    (lambda text: words.read_price(text, what="stop-loss", exits=True), "2%"),
]


@pytest.mark.parametrize(("read", "text"), MISTAKES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_bad_word_is_named_with_the_rule_and_an_example(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(BitgetError) as caught:
        read(text)
    mistake = caught.value
    assert isinstance(mistake, UsageError)
    assert repr(text) in mistake.message or repr(text.removesuffix("%")) in mistake.message
    assert "such as" in f"{mistake.message} {mistake.hint}" or mistake.hint
