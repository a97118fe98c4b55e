"""Laws of Bitget's spelling: what closes in either mode undoes what opens, and a read is there for every meaning."""

from __future__ import annotations

from decimal import Decimal

import pytest
from rules import for_each

from bitget_cli.catalogue.model import Effect
from bitget_cli.client.rest.request import prepare_call
from bitget_cli.errors import UsageError
from bitget_cli.trading.adapters.classic import order_lists, order_requests, plan_requests
from bitget_cli.trading.adapters.classic.adapter import endpoint
from bitget_cli.trading.model import (
    OPENING,
    OPPOSITE,
    Direction,
    ExitIntent,
    MarginMode,
    OrderIntent,
    PlanIntent,
    PositionMode,
    PositionSide,
    Read,
    Terms,
)
from bitget_cli.values import Product, Symbol

BTC = Symbol("BTCUSDT", Product.USDT_FUTURES)
ONE_WAY = Terms(PositionMode.ONE_WAY, MarginMode.CROSSED, "USDT")
HEDGE = Terms(PositionMode.HEDGE, MarginMode.ISOLATED, "USDT")
ONE = Decimal("0.01")
FUTURES_ONLY = (
    *(Read.ACCOUNT, Read.POSITIONS, Read.POSITION, Read.CLOSED_POSITIONS, Read.ADL, Read.LARGEST_OPEN),
    Read.LIQUIDATION,
)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("closing", [False, True])
def test_in_one_way_mode_the_side_is_the_trades_and_no_trade_side_is_sent(direction: Direction, closing: bool) -> None:
    given = order_requests.place(OrderIntent(BTC, direction, ONE, closing=closing), ONE_WAY).given
    assert given["side"] == direction.value
    assert "tradeSide" not in given
    assert given.get("reduceOnly") == ("YES" if closing else None)


@pytest.mark.parametrize("side", PositionSide)
def test_in_hedge_mode_the_side_is_the_positions_whether_opened_or_closed(side: PositionSide) -> None:
    opens = OPENING[side]
    opened = order_requests.place(OrderIntent(BTC, opens, ONE), HEDGE).given
    closed = order_requests.place(OrderIntent(BTC, OPPOSITE[opens], ONE, closing=True), HEDGE).given
    assert (opened["side"], opened["tradeSide"]) == (opens.value, "open")
    assert (closed["side"], closed["tradeSide"]) == (opens.value, "close")
    assert "reduceOnly" not in opened | closed


@pytest.mark.parametrize("terms", [ONE_WAY, HEDGE], ids=["one-way", "hedge"])
@pytest.mark.parametrize("side", PositionSide)
def test_an_exit_names_its_position_as_the_mode_wants_it(terms: Terms, side: PositionSide) -> None:
    word = side.value if terms.hedges else {"long": "buy", "short": "sell"}[side.value]
    (change,) = plan_requests.exits(ExitIntent(BTC, side, take_profit=Decimal(70000)), terms)
    assert change.given["holdSide"] == word


@pytest.mark.parametrize("terms", [ONE_WAY, HEDGE], ids=["one-way", "hedge"])
def test_a_waiting_order_has_the_sides_of_the_order_it_becomes(terms: Terms) -> None:
    for direction in Direction:
        for closing in (False, True):
            order = OrderIntent(BTC, direction, ONE, closing=closing)
            now = order_requests.place(order, terms).given
            later = plan_requests.place(PlanIntent(order, Decimal(60000)), terms).given
            for name in ("side", "tradeSide"):
                assert now.get(name) == later.get(name)
            assert str(now.get("reduceOnly")).lower() == str(later.get("reduceOnly")).lower()


@for_each([(meaning, product) for meaning in Read for product in Product])
def test_every_meaning_has_a_row_that_only_reads_or_says_why_not(asked: tuple[Read, Product]) -> None:
    meaning, product = asked
    if product.is_spot and meaning in FUTURES_ONLY:
        with pytest.raises(UsageError, match="spot has no"):
            endpoint(meaning, product)
    else:
        assert endpoint(meaning, product).effect is Effect.READ


def test_whatever_is_shaped_can_be_sent() -> None:
    for terms in (ONE_WAY, HEDGE):
        for change in (
            order_requests.place(OrderIntent(BTC, Direction.BUY, ONE, Decimal(60000), client_oid="x"), terms),
            order_requests.close_whole(BTC, PositionSide.LONG, hedges=terms.hedges),
            *order_requests.reverse(BTC, PositionSide.SHORT, terms, size=ONE),
            order_requests.cancel_market(BTC),
            order_requests.cancel_product(Product.COIN_FUTURES),
            order_requests.close_product(Product.USDC_FUTURES),
            *plan_requests.cancel_all(Product.USDT_FUTURES, None, [order_lists.plan({"planType": "track_plan"}, BTC)]),
        ):
            assert change.what
            assert prepare_call(change.row, change.given).body
