"""The laws of the price path, for every market and any time."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules import for_each, law

from bitget_cli.paper.instruments import COIN_M, SPOT, USDC_M, USDT_M, PaperInstrument, instrument
from bitget_cli.paper.prices.markets import PricePaths
from bitget_cli.paper.prices.path import Path
from bitget_cli.paper.prices.tree import LEAF, SPANS, growth
from bitget_cli.values import Product

EVERY = (*SPOT, *USDT_M, *USDC_M, *COIN_M)
PRICES = PricePaths(1)
# From 2018 to 2033, in seconds.
SECONDS = st.integers(1_514_764_800, 2_000_000_000)
MARKETS = st.sampled_from(EVERY)
BTC = instrument(Product.USDT_FUTURES, "BTCUSDT")
assert BTC


@law(few=100, many=300, market=MARKETS, second=SECONDS, level=st.integers(0, LEAF - 1))
def test_children_chain_and_make_up_their_parent(market: PaperInstrument, second: int, level: int) -> None:
    path = PRICES.traded(market)
    index, count = second // SPANS[level], SPANS[level] // SPANS[level + 1]
    parent = path.node(level, index)
    children = [path.node(level + 1, index * count + place) for place in range(count)]
    assert children[0].open == parent.open
    assert children[-1].close == parent.close
    assert all(left.close == right.open for left, right in pairwise(children))
    assert max(child.high for child in children) == parent.high
    assert min(child.low for child in children) == parent.low
    assert sum(child.volume for child in children) == parent.volume


@law(few=100, many=300, market=MARKETS, second=SECONDS, level=st.integers(0, LEAF))
def test_a_candle_holds_its_open_and_close_and_was_traded(market: PaperInstrument, second: int, level: int) -> None:
    node = PRICES.traded(market).node(level, second // SPANS[level])
    assert 0 < node.low <= min(node.open, node.close)
    assert node.high >= max(node.open, node.close)
    assert node.volume >= 4 * SPANS[level]


@law(few=100, many=300, market=MARKETS, second=SECONDS)
def test_one_second_follows_another(market: PaperInstrument, second: int) -> None:
    path = PRICES.traded(market)
    assert path.node(LEAF, second).close == path.node(LEAF, second + 1).open


@law(few=100, many=300, market=MARKETS, second=SECONDS)
def test_the_trades_of_a_second_are_its_candle(market: PaperInstrument, second: int) -> None:
    path = PRICES.traded(market)
    leaf, trades = path.node(LEAF, second), path.second(second)
    shown = [trade.price for trade in trades]
    assert 1 <= len(trades) <= 4
    assert (shown[0], max(shown), min(shown), shown[-1]) == leaf[:4]
    assert sum(trade.size for trade in trades) == leaf.volume
    assert all(trade.size > 0 for trade in trades)


@settings(max_examples=100, deadline=None)
@given(MARKETS, SECONDS)
def test_trade_ids_and_times_only_grow(market: PaperInstrument, second: int) -> None:
    path = PRICES.traded(market)
    trades = [*path.second(second), *path.second(second + 1)]
    assert all(a.time < b.time and a.id < b.id for a, b in pairwise(trades))
    assert all(second <= trade.time // 1000 <= second + 1 for trade in trades)


@settings(max_examples=100, deadline=None)
@given(MARKETS, SECONDS, st.integers(0, 999))
def test_the_last_trade_is_the_latest_that_has_happened(market: PaperInstrument, second: int, ms: int) -> None:
    path, now = PRICES.traded(market), second * 1000 + ms
    tape = [*path.second(second - 1), *path.second(second)]
    assert path.last(now) == [trade for trade in tape if trade.time <= now][-1]


@settings(max_examples=60, deadline=None)
@given(MARKETS, SECONDS, st.integers(1, 90_000), st.integers(0, 999))
def test_a_candle_still_open_is_what_was_traded_in_it(
    market: PaperInstrument, second: int, length: int, ms: int
) -> None:
    path = PRICES.traded(market)
    start, now = second * 1000, (second + length) * 1000 + ms
    candle = path.candle(start, start + 200_000_000, now)
    assert candle.close == path.last(now).price
    assert candle.low <= candle.close <= candle.high
    assert candle.volume == path.candle(start, now // 1000 * 1000, now).volume + sum(
        trade.size for trade in path.second(now // 1000) if trade.time <= now
    )


def test_a_candle_without_a_trade_yet_stands_at_the_last_price() -> None:
    path = PRICES.traded(BTC)
    start = next(
        second * 1000 for second in range(1_772_452_800, 1_772_453_800) if path.second(second)[0].time % 1000 > 0
    )
    candle = path.candle(start, start + 60_000, start)
    assert candle == (candle.open, candle.open, candle.open, candle.open, 0, 0)
    assert candle.open == path.last(start).price


def test_a_fresh_instance_asked_in_another_order_gives_the_same_numbers() -> None:
    chance = random.Random(11)
    places = [
        (chance.choice(EVERY), chance.randrange(12), chance.randrange(1_514_764_800, 2_000_000_000)) for _ in range(300)
    ]

    def answers(prices: PricePaths, order: list[int]) -> dict[int, object]:
        told: dict[int, object] = {}
        for place in order:
            market, level, second = places[place]
            path = prices.traded(market)
            told[place] = (
                path.node(level, second // SPANS[level]),
                path.second(second),
                prices.mark(market).level_at(second * 1000),
            )
        return told

    order = list(range(len(places)))
    shuffled = chance.sample(order, len(order))
    assert answers(PricePaths(1), order) == answers(PricePaths(1), shuffled)


def test_another_seed_is_another_market() -> None:
    assert PricePaths(1).traded(BTC).node(4, 492_000) != PricePaths(2).traded(BTC).node(4, 492_000)


@law(few=80, many=200, market=st.sampled_from((*USDT_M, *USDC_M, *COIN_M)), second=SECONDS)
def test_futures_mark_and_index_keep_to_spot(market: PaperInstrument, second: int) -> None:
    spot = instrument(Product.SPOT, f"{market.base}USDT")
    assert spot

    def usd(priced: PaperInstrument, ticks: int) -> float:
        return ticks * priced.price_step / 10**priced.price_places

    here = usd(spot, PRICES.traded(spot).node(LEAF, second).open)
    slack = 0.0004 * here + usd(spot, 1) + usd(market, 1)
    for ticks in (
        PRICES.traded(market).node(LEAF, second).open,
        PRICES.mark(market).level_at(second * 1000),
        PRICES.index(market).level_at(second * 1000),
    ):
        assert abs(usd(market, ticks) - here) < slack


def test_coins_move_together_but_not_alike() -> None:
    days = range(18_000, 19_000)

    def moves(coin: str) -> list[float]:
        values = [PRICES.coin(coin).value(day) for day in days]
        return [after / before - 1 for before, after in pairwise(values)]

    assert 0.4 < _correlation(moves("BTC"), moves("ETH")) < 0.95


def _correlation(left: list[float], right: list[float]) -> float:
    a, b = sum(left) / len(left), sum(right) / len(right)
    both = sum((x - a) * (y - b) for x, y in zip(left, right, strict=True))
    alone = sum((x - a) ** 2 for x in left) * sum((y - b) ** 2 for y in right)
    return float(both / alone**0.5)


def test_prices_stay_in_a_band_and_a_dollar_stays_a_dollar() -> None:
    for day in range(17_532, 23_000, 7):
        assert 20_000 < PRICES.coin("BTC").value(day) < 250_000
        assert 0.99 < PRICES.coin("USDC").value(day) < 1.01


def test_growth_is_the_exponential() -> None:
    assert growth(0.0) == 1.0
    assert growth(0.5) == pytest.approx(1.6487, abs=1e-3)
    assert growth(-1.0) == pytest.approx(0.36788, abs=1e-3)


@pytest.fixture(scope="module")
def xrp() -> Path:
    market = instrument(Product.SPOT, "XRPUSDT")
    assert market
    return PRICES.traded(market)


@for_each(range(40))
def test_the_first_crossing_is_the_one_found_trade_by_trade(trial: int, xrp: Path) -> None:
    chance = random.Random(trial)
    after = chance.randrange(1_600_000_000_000, 1_780_000_000_000)
    until = after + chance.randrange(1, 1_500_000)
    here = xrp.last(after).price
    level = here + chance.randrange(-6, 7)
    side = {"at_most": level} if trial % 2 else {"at_least": level}
    tape = [
        trade
        for second in range(after // 1000, until // 1000 + 1)
        for trade in xrp.second(second)
        if after < trade.time <= until and (trade.price <= level if trial % 2 else trade.price >= level)
    ]
    assert xrp.first_trade(after, until, **side) == (tape[0] if tape else None)


@pytest.mark.parametrize("trial", range(20))
def test_the_first_mark_crossing_is_the_one_found_second_by_second(trial: int) -> None:
    mark, chance = PRICES.mark(BTC), random.Random(trial)
    after = chance.randrange(1_600_000_000_000, 1_780_000_000_000)
    until = after + chance.randrange(1, 1_500_000)
    level = mark.level_at(after) + chance.randrange(-900, 900)
    side = {"at_most": level} if trial % 2 else {"at_least": level}
    found = (
        second * 1000
        for second in range(after // 1000 + 1, until // 1000 + 1)
        if (mark.level_at(second * 1000) <= level if trial % 2 else mark.level_at(second * 1000) >= level)
    )
    assert mark.first_level(after, until, **side) == next(found, None)


def test_a_price_never_reached_is_not_found_however_long_one_looks() -> None:
    path = PRICES.traded(BTC)
    assert path.first_trade(1_600_000_000_000, 1_630_000_000_000, at_least=9_000_000) is None


@given(MARKETS, SECONDS)
def test_turnover_adds_up_at_every_level_and_its_average_price_was_really_traded(
    market: PaperInstrument, second: int
) -> None:
    path = PRICES.traded(market)
    for level in range(LEAF):
        index = second // SPANS[level]
        node, count = path.node(level, index), SPANS[level] // SPANS[level + 1]
        parts = [path.node(level + 1, part) for part in range(index * count, (index + 1) * count)]
        assert sum(part.value for part in parts) == node.value
        for part in parts:
            assert (part.low - 1) * part.volume <= part.value <= (part.high + 1) * part.volume
