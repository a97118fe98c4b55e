"""What rows of orders say in the model: true direction, what closes, exits by their names in each product, states."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bitget_cli.trading.adapters.classic import order_lists, order_requests
from bitget_cli.trading.adapters.unified import order_lists as unified
from bitget_cli.trading.model import Direction, PositionSide, TriggerBy
from bitget_cli.trading.order_model import OrderName, OrderState, PlanType
from bitget_cli.values import Product, Symbol, from_milliseconds

BTC = Symbol("BTCUSDT", Product.USDT_FUTURES)
SPOT = Symbol("BTCUSDT", Product.SPOT)


@pytest.mark.parametrize(
    ("row", "direction", "closes"),
    [
        ({"side": "buy", "posMode": "one_way_mode", "tradeSide": "buy_single", "reduceOnly": "NO"}, "buy", None),
        ({"side": "sell", "posMode": "one_way_mode", "reduceOnly": "YES"}, "sell", True),
        ({"side": "buy", "posMode": "hedge_mode", "tradeSide": "open", "reduceOnly": "yes"}, "buy", False),
        ({"side": "buy", "posMode": "hedge_mode", "tradeSide": "close"}, "sell", True),
        ({"side": "sell", "posMode": "hedge_mode", "tradeSide": "close"}, "buy", True),
        ({"side": "BUY"}, None, None),
        ({}, None, None),
    ],
)
def test_an_order_tells_its_true_direction_and_whether_it_closes(
    row: dict[str, str], direction: str | None, closes: bool | None
) -> None:
    for order in (order_lists.order(row, BTC), order_lists.plan(row, BTC)):
        assert (order.direction, order.closes) == (direction and Direction(direction), closes)


@pytest.mark.parametrize(
    ("market", "row", "told"),
    [
        (BTC, {"price": "60000.0", "priceAvg": "59999"}, {"price": "60000.0", "average": "59999"}),
        (BTC, {"price": "", "priceAvg": "59999"}, {"price": None, "average": "59999"}),
        (SPOT, {"priceAvg": "59999"}, {"price": "59999"}),
        (SPOT, {"priceAvg": "59999", "basePrice": "59998"}, {"price": "59999", "average": "59998"}),
        (SPOT, {"price": "0", "priceAvg": "59999"}, {"average": "59999"}),
        (BTC, {"fee": "-0.10", "marginCoin": "USDT"}, {"fee": "-0.10"}),
        (BTC, {"fee": "", "marginCoin": "USDT"}, {"fee": None}),
        (BTC, {"presetStopSurplusPrice": "7", "presetStopLossPrice": "0"}, {"take_profit": "7", "stop_loss": None}),
        (SPOT, {"presetTakeProfitPrice": "7", "presetStopLossPrice": "5"}, {"take_profit": "7", "stop_loss": "5"}),
        (BTC, {"size": "1e3", "baseVolume": "0.10"}, {"size": None, "filled": "0.10"}),
    ],
)
def test_numbers_are_exact_and_nothing_where_nothing_is_told(
    market: Symbol, row: dict[str, str], told: dict[str, str | None]
) -> None:
    order = order_lists.order(row, market)._asdict()
    assert {name: order[name] for name in told} == {name: text and Decimal(text) for name, text in told.items()}


def of_spot(*fees: tuple[str, str]) -> str:
    parts = [f'"{coin}":{{"feeCoinCode":"{coin}","totalFee":{fee}}}' for coin, fee in fees]
    return "{" + ",".join(['"newFees":{"c":0,"t":-1}', *parts]) + "}"


@pytest.mark.parametrize(
    ("document", "fee", "coin"),
    [
        (of_spot(("BTC", "-0.0000105")), "-0.0000105", "BTC"),
        (of_spot(("BTC", "-1.05E-5")), "-0.0000105", "BTC"),
        (of_spot(("BTC", '"-0.1"')), "-0.1", "BTC"),
        (of_spot(("BTC", "0"), ("BGB", "-0.2")), "-0.2", "BGB"),
        (of_spot(("BTC", "0")), "0", "BTC"),
        (of_spot(("BTC", "-0.1"), ("BGB", "-0.2")), None, None),
        (of_spot(("BTC", "-1e999999999")), None, None),
        (of_spot(("BTC", "NaN")), None, None),
        (of_spot(("BTC", "null")), None, None),
        (of_spot(), None, None),
        ("", None, None),
        ("{", None, None),
        ("[1]", None, None),
        (None, None, None),
    ],
)
def test_a_spot_fee_is_told_in_the_one_coin_it_was_taken_in(document: Any, fee: str | None, coin: str | None) -> None:
    order = order_lists.order({"feeDetail": document}, SPOT)
    assert (order.fee, order.fee_coin) == (fee and Decimal(fee), coin)


@pytest.mark.parametrize(
    ("fees", "fee", "coin"),
    [
        ([{"feeCoin": "USDT", "fee": "0.39"}], "-0.39", "USDT"),
        ([{"feeCoin": "USDT", "fee": "-0.02"}], "0.02", "USDT"),
        ([{"feeCoin": "USDT", "fee": "0.1"}, {"feeCoin": "USDT", "fee": "0.2"}], "-0.3", "USDT"),
        ([{"feeCoin": "USDT", "fee": "0.1"}, {"feeCoin": "BGB", "fee": "0.2"}], None, None),
        ([], None, None),
        (None, None, None),
    ],
)
@pytest.mark.parametrize("market", [BTC, SPOT])
def test_a_unified_account_tells_what_was_paid_as_positive(
    market: Symbol, fees: Any, fee: str | None, coin: str | None
) -> None:
    order = unified.order({"feeDetail": fees, "orderStatus": "filled"}, market)
    assert (order.fee, order.fee_coin) == (fee and Decimal(fee), coin)


def test_an_order_keeps_its_row_ids_and_times() -> None:
    row: dict[str, Any] = {
        "orderId": "7",
        "clientOid": "mine",
        "cTime": "1772452800000",
        "uTime": "",
        "posSide": "long",
    }
    order = order_lists.order(row, BTC)
    assert order.row is row
    assert (order.order_id, order.client_order_id, order.position_side) == ("7", "mine", PositionSide.LONG)
    assert (order.made_at, order.changed_at) == (from_milliseconds(1772452800000), None)
    assert order_lists.order({"orderId": "7", "clientOid": ""}, BTC).client_order_id is None


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("live", OrderState.OPEN),
        ("not_trigger", OrderState.OPEN),
        ("partially_filled", OrderState.PARTIALLY_FILLED),
        ("filled", OrderState.FILLED),
        ("executed", OrderState.FILLED),
        ("canceled", OrderState.CANCELLED),
        ("cancelled", OrderState.CANCELLED),
        ("fail_trigger", OrderState.FAILED),
        ("a new word", None),
    ],
)
@pytest.mark.parametrize("name", ["status", "state", "planStatus"])
def test_a_state_is_read_wherever_it_stands_and_keeps_the_exchanges_word(
    name: str, word: str, state: OrderState | None
) -> None:
    order = order_lists.order({name: word}, BTC)
    assert (order.state, order.state_word) == (state, word)


@pytest.mark.parametrize(
    ("word", "type_", "whole"),
    [
        ("normal_plan", PlanType.TRIGGER, False),
        ("track_plan", PlanType.TRAILING, False),
        ("profit_plan", PlanType.TAKE_PROFIT, False),
        ("pos_profit", PlanType.TAKE_PROFIT, True),
        ("loss_plan", PlanType.STOP_LOSS, False),
        ("pos_loss", PlanType.STOP_LOSS, True),
        ("moving_plan", PlanType.TRAILING_EXIT, False),
    ],
)
def test_a_waiting_order_tells_its_type(word: str, type_: PlanType, whole: bool) -> None:
    for plan in (order_lists.plan({"planType": word}, BTC), order_lists.plan({}, BTC, kind=word)):
        assert (plan.type, plan.type_word, plan.whole_position) == (type_, word, whole)


def test_a_waiting_order_tells_what_sets_it_off_and_what_it_does_then() -> None:
    row = {"triggerPrice": "59500", "triggerType": "fill_price", "executePrice": "59000", "planType": "total"}
    plan = order_lists.plan(row, SPOT)
    assert (plan.trigger, plan.trigger_by, plan.price) == (Decimal(59500), TriggerBy.LAST, Decimal(59000))
    assert plan.in_quote
    assert not order_lists.plan({**row, "planType": "amount"}, SPOT).in_quote
    # Of an exit it is the execution price alone that says at what it trades.
    assert order_lists.plan({"planType": "pos_loss", "price": "1", "executePrice": "0"}, BTC).price is None


@pytest.mark.parametrize("market", [BTC, SPOT])
def test_several_orders_of_a_market_go_in_one_call_for_each_sort_of_id(market: Symbol) -> None:
    names = [OrderName("1", "own"), OrderName("2"), OrderName(client_order_id="mine")]
    by_id, by_client_id = order_requests.cancel(market, names)
    assert [item.given for item in by_id.items] == [{"orderId": "1"}, {"orderId": "2"}]
    assert [item.given for item in by_client_id.items] == [{"clientOid": "mine"}]
    (alone,) = order_requests.cancel(market, names[:1])
    assert (alone.given["symbol"], alone.given["orderId"]) == ("BTCUSDT", "1")
    # What it is called besides is kept for finding it again.
    assert alone.order == {"orderId": "1", "clientOid": "own"}
