"""Laws of sizes and prices: exact on their grids, rounded down only where it is said, refused with what would do."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.errors import UsageError
from bitget_cli.trading import model, risk
from bitget_cli.trading.model import Direction, Instrument, OrderIntent, Prices
from bitget_cli.trading.risk import ProposedOrder
from bitget_cli.values import Product, Symbol

BTC = Symbol("BTCUSDT", Product.USDT_FUTURES)
TERMS = Instrument(
    BTC,
    base="BTC",
    quote="USDT",
    margin_coin="USDT",
    status="normal",
    tick=Decimal("0.5"),
    step=Decimal("0.001"),
    quote_step=Decimal("0.00000001"),
    smallest=Decimal("0.003"),
    largest=Decimal(1000),
    largest_at_market=Decimal(100),
    smallest_value=Decimal(5),
    buy_band=Decimal("0.05"),
    sell_band=Decimal("0.05"),
    most_leverage=Decimal(125),
    taker_fee=Decimal("0.0006"),
)

grids = st.sampled_from([Decimal(step) for step in ("1", "0.1", "0.5", "0.05", "0.001", "0.000001", "5", "0.003")])
numbers = st.decimals(min_value="0.00000001", max_value="99999999999", places=8, allow_nan=False)


@given(value=numbers, step=grids)
def test_rounding_down_lands_on_the_grid_less_than_a_step_below(value: Decimal, step: Decimal) -> None:
    down = model.rounded_down(value, step)
    assert model.EXACT.remainder(down, step) == 0
    assert down <= value < down + step


@given(value=numbers, step=grids)
def test_both_neighbours_are_on_the_grid_and_enclose_the_value(value: Decimal, step: Decimal) -> None:
    below, above = model.neighbours(value, step)
    assert below <= value < above
    assert above - below == step


@given(money=numbers, price=numbers, step=grids)
def test_money_buys_the_most_it_can_and_never_more(money: Decimal, price: Decimal, step: Decimal) -> None:
    size = model.size_for(money, price, step=step)
    assert model.EXACT.remainder(size, step) == 0
    assert model.EXACT.multiply(size, price) <= money
    assert model.EXACT.multiply(size + step, price) > money


@given(size=numbers, percent=st.decimals(min_value="0.01", max_value=100, places=2), step=grids)
def test_a_part_is_never_more_than_its_share(size: Decimal, percent: Decimal, step: Decimal) -> None:
    part = model.part_of(size, percent, step=step)
    assert part * 100 <= size * percent
    assert (part + step) * 100 > size * percent


@given(
    size=st.decimals(min_value=0, max_value=2000, places=4),
    price=st.one_of(st.none(), st.decimals(min_value=0, max_value=100000, places=1)),
    buys=st.booleans(),
    closing=st.booleans(),
    mark=st.decimals(min_value=1, max_value=100000, places=1),
)
def test_what_passes_every_rule_is_an_order_the_exchange_can_take(
    size: Decimal, price: Decimal | None, buys: bool, closing: bool, mark: Decimal
) -> None:
    order = OrderIntent(BTC, Direction.BUY if buys else Direction.SELL, size, price, closing=closing)
    try:
        risk.check_rules(ProposedOrder(TERMS, order, Prices(mark, mark)))
    except UsageError:
        return
    assert TERMS.smallest <= size <= (TERMS.largest if price else TERMS.largest_at_market or 0)
    assert size % TERMS.step == 0
    assert price is None or (price > 0 and price % TERMS.tick == 0)
    assert closing or size * (price or mark) >= 5
    if price:
        assert price <= mark * Decimal("1.05") if buys else price >= mark * Decimal("0.95")


@given(price=numbers)
def test_the_prices_a_refusal_suggests_are_taken(price: Decimal) -> None:
    try:
        risk.check_price(TERMS, price, what="price")
    except UsageError as refusal:
        for suggested in refusal.message.partition(": try ")[2].split(" or "):
            risk.check_price(TERMS, Decimal(suggested), what="price")


def test_the_size_a_refusal_suggests_is_worth_enough() -> None:
    order = OrderIntent(BTC, Direction.BUY, Decimal("0.003"), Decimal("999.5"))
    with pytest.raises(UsageError) as refused:
        risk.check_rules(ProposedOrder(TERMS, order))
    assert refused.value.hint == "at this price the smallest size is 0.006"
    risk.check_rules(ProposedOrder(TERMS, order._replace(size=Decimal("0.006"))))


def test_every_rule_says_where_it_comes_from() -> None:
    assert all(rule.source for rule in risk.RULES)
    assert len({rule.name for rule in risk.RULES}) == len(risk.RULES)


@pytest.mark.parametrize("ratio", [None, Decimal(1), Decimal(2)])
def test_no_band_bounds_nothing(ratio: Decimal | None) -> None:
    order = OrderIntent(BTC, Direction.BUY, Decimal(1), Decimal(900000))
    risk.check_rules(ProposedOrder(TERMS._replace(buy_band=ratio), order, Prices(Decimal(10), Decimal(10))))


def test_an_amount_of_twenty_digits_is_still_exact() -> None:
    huge = Decimal("9" * 20 + "." + "9" * 20)
    assert model.EXACT.multiply(huge, huge) == Decimal(int("9" * 40) ** 2).scaleb(-40, model.EXACT)
    assert model.rounded_down(huge, Decimal("0.00000000000000000001")) == huge
