"""Ladders, held against fractions, which share nothing with the whole ticks and steps they are counted in."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bitget_cli.trading import ladder
from bitget_cli.trading.model import LadderShape, LadderSpacing

EVEN, GEOMETRIC = LadderSpacing.EVEN, LadderSpacing.GEOMETRIC
FLAT, RISING, FALLING = LadderShape.FLAT, LadderShape.RISING, LadderShape.FALLING


class Drawn(NamedTuple):
    """A market and a ladder in it. A tick has so many `places`, of which there are `many` in the last one; `step` is
    ten to the minus so much; prices are whole ticks, sizes whole steps."""

    places: int
    many: int
    first: int
    last: int
    step: int
    size: int
    steps: int
    spacing: LadderSpacing
    shape: LadderShape
    up: bool

    @property
    def tick(self) -> Decimal:
        return Decimal(self.many).scaleb(-self.places)

    @property
    def grid(self) -> Decimal:
        return Decimal(1).scaleb(-self.step)


ticks = st.one_of(st.integers(1, 99), st.integers(1, 10**6), st.integers(1, 10**12))
drawn = st.builds(
    Drawn,
    places=st.integers(0, 8),
    many=st.sampled_from((1, 5, 25)),
    first=ticks,
    last=ticks,
    step=st.integers(0, 8),
    size=st.one_of(st.integers(0, 500), st.integers(0, 10**15)),
    steps=st.one_of(st.integers(2, 9), st.integers(2, 100)),
    spacing=st.sampled_from(LadderSpacing),
    shape=st.sampled_from(LadderShape),
    up=st.booleans(),
)


@settings(max_examples=200)
@given(drawn)
def test_prices_are_those_of_fractions_on_the_safe_side(one: Drawn) -> None:
    first, last = one.first * one.tick, one.last * one.tick
    told = ladder.prices(first, last, steps=one.steps, spacing=one.spacing, tick=one.tick, up=one.up)
    prices, tick = [Fraction(price) for price in told], Fraction(one.tick)
    assert (len(prices), told[0], told[-1]) == (one.steps, first, last)
    assert all(price % tick == 0 for price in prices)
    assert prices == sorted(prices, reverse=first > last)
    among = one.steps - 1
    for place, price in enumerate(prices):
        # Where it lies exactly, or that to the power of the steps between the ends.
        power = 1 if one.spacing is EVEN else among
        exact = Fraction(first) ** (among - place) * Fraction(last) ** place
        if one.spacing is EVEN:
            exact = Fraction(first) + (Fraction(last) - Fraction(first)) * place / among
        nearer, farther = (price - tick, price) if one.up else (price, price + tick)
        assert (nearer**power < exact <= farther**power) if one.up else (nearer**power <= exact < farther**power)


@settings(max_examples=200)
@given(drawn)
def test_sizes_add_up_and_are_of_the_shape(one: Drawn) -> None:
    total, step = one.size * one.grid, Fraction(one.grid)
    sizes = [Fraction(size) for size in ladder.sizes(total, shape=one.shape, steps=one.steps, step=one.grid)]
    assert (len(sizes), sum(sizes)) == (one.steps, Fraction(total))
    assert all(size >= 0 and size % step == 0 for size in sizes)
    parts = {FLAT: [1] * one.steps, RISING: list(range(1, one.steps + 1)), FALLING: list(range(one.steps, 0, -1))}
    for size, part in zip(sizes, parts[one.shape], strict=True):
        assert abs(size - Fraction(total) * part / sum(parts[one.shape])) < step
    if one.shape is FLAT:
        assert max(sizes) - min(sizes) <= step
    assert sizes == sorted(sizes, reverse=one.shape is FALLING)


@settings(max_examples=200)
@given(drawn, st.integers(0, 10**9), st.integers(-8, 8))
def test_money_pays_for_all_rungs_and_not_for_a_step_more(one: Drawn, digits: int, exponent: int) -> None:
    money, step = Decimal(digits).scaleb(exponent), Fraction(one.grid)
    prices = ladder.prices(
        one.first * one.tick, one.last * one.tick, steps=one.steps, spacing=one.spacing, tick=one.tick, up=one.up
    )

    def cost(size: Fraction) -> Fraction:
        parts = ladder.sizes(Decimal(int(size / step)) * one.grid, shape=one.shape, steps=one.steps, step=one.grid)
        return sum((Fraction(part) * Fraction(price) for part, price in zip(parts, prices, strict=True)), Fraction(0))

    assume(Fraction(money) / Fraction(min(prices)) / step < 10**40)
    size = Fraction(ladder.most_for(money, prices, shape=one.shape, step=one.grid))
    assert size % step == 0
    assert cost(size) <= money
    parts = ladder.weights(one.shape, one.steps)
    exact = sum((Fraction(price) * part for price, part in zip(prices, parts, strict=True)), Fraction(0)) / sum(parts)
    most = Fraction(money) / exact
    assert most >= size
    assert most - size < step or cost(size + step) > money


WORKED = [
    (("60000", "58000", 5, EVEN), "60000 59500 59000 58500 58000"),
    (("60000", "59999", 4, EVEN), "60000 59999.6 59999.3 59999"),
    (("100", "200", 3, GEOMETRIC), "100 141.4 200"),
    (("1", "16", 5, GEOMETRIC), "1 2 4 8 16"),
    (("16", "1", 5, GEOMETRIC), "16 8 4 2 1"),
    (("60000", "60000", 2, EVEN), "60000 60000"),
]


@pytest.mark.parametrize(("typed", "told"), WORKED)
def test_prices_by_hand(typed: tuple[str, str, int, LadderSpacing], told: str) -> None:
    first, last, steps, spacing = typed
    prices = ladder.prices(Decimal(first), Decimal(last), steps=steps, spacing=spacing, tick=Decimal("0.1"), up=False)
    assert [f"{price:f}" for price in prices] == told.split()


SIZES = [
    ("0.01", FLAT, 4, "0.002 0.002 0.003 0.003"),
    ("0.01", RISING, 4, "0.001 0.002 0.003 0.004"),
    ("0.011", RISING, 4, "0.001 0.002 0.003 0.005"),
    ("0.01", FALLING, 4, "0.004 0.003 0.002 0.001"),
    ("0.002", FLAT, 4, "0 0 0.001 0.001"),
]


@pytest.mark.parametrize(("size", "shape", "steps", "told"), SIZES)
def test_sizes_by_hand(size: str, shape: LadderShape, steps: int, told: str) -> None:
    parts = ladder.sizes(Decimal(size), shape=shape, steps=steps, step=Decimal("0.001"))
    assert [f"{part:f}" for part in parts] == told.split()


def test_the_sizes_of_a_falling_ladder_are_those_of_a_rising_one_from_behind() -> None:
    for count in range(300):
        rising, falling = (
            ladder.sizes(Decimal(count), shape=shape, steps=7, step=Decimal(1)) for shape in (RISING, FALLING)
        )
        assert rising == falling[::-1]
        assert all(one <= other for one, other in pairwise(rising))
