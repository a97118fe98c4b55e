"""Every door that places or changes an order, before every guard: none lets through what another would hold back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from desk import DEMO, EXIT, LIVE, ORDER, PART_EXIT, PLAN, POSITION, SPOT_ORDER, SPOT_PLAN, open_desk
from doubles import Bitget, Ran
from pytest_httpx import HTTPXMock

from bitget_cli.trading import risk
from bitget_cli.trading.model import Direction, OrderIntent
from bitget_cli.values import Product, Symbol

# Without a band, so that prices far from the market meet the guards and not the instrument's rules.
BOUNDLESS = {"buyLimitPriceRatio": "", "sellLimitPriceRatio": ""}
HEDGE = {"posMode": "hedge_mode"}
FUTURES = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginMode": "crossed", "marginCoin": "USDT"}
SPOT = {"symbol": "BTCUSDT", "force": "gtc"}
NAMED = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
WAITS = {**FUTURES, "planType": "normal_plan", "triggerType": "mark_price"}
QUOTE = {
    "fromCoin": "USDT",
    "fromCoinSize": "600",
    "toCoin": "BTC",
    "toCoinSize": "0.01",
    "cnvtPrice": "60000",
    "traceId": "trace",
    "fee": "0",
}
CONVERTS = {"convert/quoted-price": QUOTE, "convert/trade": {"ts": "1", **QUOTE}}


@dataclass(frozen=True)
class Door:
    """A command line, what is typed into it, and what there is at the exchange."""

    line: str
    typed: str = ""
    state: dict[str, Any] = field(default_factory=dict)

    def go(self, bitget: Bitget, exchange: HTTPXMock, more: str = "", *, due: bool, env: dict[str, str] = DEMO) -> Ran:
        """Exactly one change is sent where it is `due`, and none where it is not."""
        desk = open_desk(exchange, **{"terms": BOUNDLESS, **self.state})
        if due:
            desk.due()
        return bitget(f"{self.line} {more}", typed=self.typed, env=env)

    def __str__(self) -> str:
        return f"{self.line} {self.typed}".strip().replace("\n", "|")[:110]


def api(row: str, body: dict[str, Any], **state: Any) -> Door:
    return Door(f"api {row} --data -", json.dumps(body), state)


def batch(*lines: str) -> Door:
    return Door("order batch -", "symbol,side,size,quote,price,tp,sl,close\n" + "\n".join(lines) + "\n")


def each(doors: list[Door]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("door", doors, ids=str)


SELL_ORDER = {**ORDER, "side": "sell", "presetStopSurplusPrice": "", "presetStopLossPrice": "", "price": "61000"}
SELL_PLAN = {**PLAN, "side": "sell", "orderType": "limit", "price": "66000", "triggerPrice": "66900", "size": "0.001"}
SELL_SPOT_PLAN = {**SPOT_PLAN, "side": "sell", "triggerPrice": "66900", "executePrice": "66000", "size": "0.001"}
SELL_SPOT_ORDER = {**SPOT_ORDER, "side": "sell", "presetTakeProfitPrice": ""}

# Worth more than 100 USDT; a limit or a trigger that would say less says nothing of what the market pays.
DEAR = [
    Door("order buy BTCUSDT 0.01"),
    Door("order buy BTCUSDT 0.01 --price 59000"),
    Door("order sell BTCUSD 0.5 --product coin-futures", state={"account": HEDGE}),
    Door("plan sell BTCUSD 0.5 --trigger 66900 --price 150 --product coin-futures"),
    Door("order sell BTCUSDT 0.5 --price 150"),
    Door("order sell BTC/USDT 0.5 --price 150"),
    # Each of the two is worth less than the cap.
    Door("order ladder buy BTCUSDT 0.002 --from 59000 --to 58000 --steps 2"),
    Door("order ladder sell BTC/USDT 0.5 --from 61000 --to 62000 --steps 2"),
    Door("order buy BTCUSDT --quote 600"),
    Door("order buy BTC/USDT --quote 600"),
    Door("order sell BTCUSDT --quote 90 --price 150"),
    batch("BTCUSDT,buy,0.0001,,59000,,,", "BTCUSDT,sell,0.5,,150,,,"),
    batch("BTC/USDT,sell,0.5,,150,,,"),
    Door("plan sell BTC/USDT 0.5 --trigger 66900 --price 150"),
    Door("plan sell BTCUSDT 0.5 --trigger 66900 --price 150"),
    Door("plan sell BTCUSDT 0.5 --trigger 150"),
    Door("plan sell BTCUSDT --quote 90 --trigger 66900 --price 150"),
    Door("plan buy BTCUSDT 0.01 --trigger 58000 --price 58500"),
    Door("plan buy BTCUSDT 0.01 --trigger 150"),
    Door("plan sell BTCUSDT 0.01 --trigger 150 --callback 1"),
    Door("plan buy BTC/USDT --quote 600 --trigger 58000"),
    Door("plan modify 3001 --size 0.5 --price 150", state={"plans": [SELL_PLAN]}),
    Door("plan modify 3001 --size 0.5 --trigger 150", state={"plans": [{**SELL_PLAN, "orderType": "market"}]}),
    Door("plan modify 4001 --size 0.5 --price 150 --product spot", state={"spot_plans": [SELL_SPOT_PLAN]}),
    Door("order modify 1001 --size 0.5 --price 150", state={"orders": [SELL_ORDER]}),
    Door("order modify 2001 --size 0.5 --price 150 --product spot", state={"spot_orders": [SELL_SPOT_ORDER]}),
    Door("position reverse BTCUSDT", state={"positions": [POSITION]}),
    Door("convert trade USDT BTC --from-size 600", state={"answers": CONVERTS}),
    api("convert.trade", {k: v for k, v in QUOTE.items() if k != "fee"}),
    api("mix.order.place-order", {**FUTURES, "side": "sell", "size": "0.5", "price": "150", "orderType": "limit"}),
    api("mix.order.place-order", {**FUTURES, "side": "buy", "size": "0.01", "orderType": "market"}),
    api("mix.order.place-order", {**FUTURES, "side": "buy", "size": 1e-2, "orderType": "market"}),
    api("mix.order.place-order", {**FUTURES, "side": "buy", "size": "1e-2", "orderType": "market"}),
    # In hedge mode only `tradeSide` closes, in one-way mode only `reduceOnly`.
    api(
        "mix.order.place-order",
        {**FUTURES, "side": "buy", "size": "0.5", "orderType": "market", "tradeSide": "open", "reduceOnly": "YES"},
        account=HEDGE,
    ),
    api(
        "mix.order.place-order",
        {**FUTURES, "side": "buy", "size": "0.5", "orderType": "market", "tradeSide": "close"},
    ),
    # What another word does to an order is not known.
    api(
        "mix.order.place-order",
        {**FUTURES, "side": "buy", "size": "0.001", "Size": "5", "orderType": "market"},
    ),
    api(
        "mix.order.batch-place-order",
        {
            **FUTURES,
            "orderList": [
                {"side": "buy", "size": "0.001", "orderType": "market"},
                {"side": "sell", "size": "0.5", "price": "150", "orderType": "limit"},
            ],
        },
    ),
    api(
        "mix.order.place-plan-order",
        {**WAITS, "side": "sell", "size": "0.5", "price": "150", "triggerPrice": "66900", "orderType": "limit"},
    ),
    api("spot.trade.place-order", {**SPOT, "side": "sell", "size": "0.5", "price": "150", "orderType": "limit"}),
    api("spot.trade.place-order", {**SPOT, "side": "buy", "size": "600", "orderType": "market"}),
    api(
        "spot.trade.batch-orders",
        {"symbol": "BTCUSDT", "orderList": [{"side": "sell", "size": "0.5", "price": "150", "orderType": "limit"}]},
    ),
    api(
        "spot.trade.place-plan-order",
        {"symbol": "BTCUSDT", "side": "sell", "size": "0.5", "executePrice": "150", "triggerPrice": "66900"}
        | {"orderType": "limit", "triggerType": "mark_price"},
    ),
    api(
        "mix.order.modify-order",
        {**NAMED, "orderId": "1001", "newClientOid": "n", "newSize": "0.5", "newPrice": "150"},
        orders=[SELL_ORDER],
    ),
    api(
        "mix.order.modify-order",
        {**NAMED, "orderId": "7", "newClientOid": "n", "newSize": "0.001", "newPrice": "59000"},
    ),
    api(
        "spot.trade.cancel-replace-order",
        {"symbol": "BTCUSDT", "orderId": "2001", "size": "0.5", "price": "150"},
        spot_orders=[SELL_SPOT_ORDER],
    ),
    api(
        "mix.order.modify-plan-order",
        {"productType": "USDT-FUTURES", "orderId": "3001", "newSize": "0.5", "newPrice": "150"},
        plans=[SELL_PLAN],
    ),
    api(
        "spot.trade.modify-plan-order",
        {"orderId": "4001", "size": "0.5", "executePrice": "150", "triggerPrice": "66900", "orderType": "limit"},
        spot_plans=[SELL_SPOT_PLAN],
    ),
    api(
        "margin.crossed.place-order",
        {"symbol": "BTCUSDT", "side": "sell", "orderType": "limit", "price": "150", "baseSize": "0.5"}
        | {"loanType": "normal", "force": "gtc"},
    ),
    # What rested at its limit trades at market then.
    api(
        "spot.trade.modify-plan-order",
        {"orderId": "4001", "size": "0.5", "executePrice": "150", "triggerPrice": "65200", "orderType": "market"},
        spot_plans=[{**SPOT_PLAN, "executePrice": "150", "size": "0.5"}],
    ),
    api(
        "spot.trade.modify-plan-order",
        {"orderId": "4001", "size": "0.5", "triggerPrice": "65200", "orderType": "Market"},
        spot_plans=[{**SPOT_PLAN, "executePrice": "150", "size": "0.5"}],
    ),
    # A conversion by whichever row, and one whose size is not said.
    api("mix.account.union-convert", {"coin": "BTC", "amount": "0.01"}),
    api("mix.account.union-convert", {"coin": "NOBODYKNOWS", "amount": "1"}),
    api("convert.bgb-convert", {"coinList": ["BTC"]}),
    api("POST /api/v2/mix/account/union-convert", {"coin": "BTC", "size": "1"}),
    api("POST /api/v3/account/union-convert", {"coin": "BTC", "amount": "1"}),
    api("mix.order.click-backhand", {**NAMED, "marginCoin": "USDT", "side": "sell"}, positions=[POSITION]),
    api("POST /api/v2/MIX/order/place-order", {**FUTURES, "side": "sell", "size": "0.5", "orderType": "market"}),
    api("POST /api/v3/trade/place-order", {"category": "SPOT", "symbol": "BTCUSDT", "qty": "1", "side": "buy"}),
]


@each(DEAR)
@pytest.mark.parametrize("env", [DEMO, LIVE], ids=["demo", "live"])
def test_no_door_takes_an_order_above_the_cap(
    bitget: Bitget, exchange: HTTPXMock, door: Door, env: dict[str, str]
) -> None:
    assert bitget(f"profile limit {env['BITGET_ENV']} --max-notional 100").status == 0
    ran = door.go(bitget, exchange, "--yes", env=env, due=False)
    assert ran.status == 10, ran.err
    assert "allows 100 an order" in ran.err


CHEAP = [
    Door("order buy BTCUSDT 0.001 --price 59000"),
    Door("order sell BTC/USDT 0.001 --price 61000"),
    Door("order ladder buy BTCUSDT 0.0016 --from 59000 --to 58000 --steps 2"),
    # A limit bounds what a buy may cost.
    Door("order buy BTCUSDT 0.5 --price 150"),
    Door("plan buy BTCUSDT 0.5 --trigger 58000 --price 150"),
    Door("plan sell BTC/USDT 0.001 --trigger 66900"),
    Door("order modify 1001 --size 0.001 --price 61000", state={"orders": [SELL_ORDER]}),
    Door("order modify 1001 --tp 70000", state={"orders": [ORDER]}),
    Door("plan modify 3001 --price 66100", state={"plans": [SELL_PLAN]}),
    api("mix.order.place-order", {**FUTURES, "side": "buy", "size": "0.001", "orderType": "market"}),
    api("spot.trade.place-order", {**SPOT, "side": "buy", "size": "90", "orderType": "market"}),
    api("mix.account.union-convert", {"coin": "BTC", "amount": "0.001"}),
    api(
        "spot.trade.modify-plan-order",
        {"orderId": "4001", "size": "0.5", "executePrice": "150", "triggerPrice": "65200", "orderType": "limit"},
        spot_plans=[{**SPOT_PLAN, "executePrice": "150", "orderType": "market"}],
    ),
    api(
        "mix.order.modify-order",
        {**NAMED, "orderId": "1001", "newClientOid": "n", "newSize": "0.001", "newPrice": "61000"},
        orders=[SELL_ORDER],
    ),
    api(
        "convert.trade",
        {**{k: v for k, v in QUOTE.items() if k != "fee"}, "fromCoinSize": "60", "toCoinSize": "0.001"},
        answers=CONVERTS,
    ),
]
CLOSING_ORDER = {**SELL_ORDER, "reduceOnly": "YES"}
# Whatever these are worth, they can only make a position smaller.
CLOSES = [
    Door("position close BTCUSDT", state={"positions": [POSITION]}),
    Door("position close BTCUSDT --size 0.2", state={"positions": [POSITION]}),
    Door("position close-all", state={"positions": [POSITION]}),
    Door("order sell BTCUSDT 0.5 --close", state={"positions": [POSITION]}),
    Door("order sell BTCUSDT 0.5 --reduce-only --price 70000", state={"positions": [POSITION]}),
    Door("order ladder sell BTCUSDT max --close --from 69000 --to 80000 --steps 2", state={"positions": [POSITION]}),
    batch("BTCUSDT,sell,0.5,,70000,,,yes"),
    Door("order modify 1001 --size 0.4 --price 70000", state={"orders": [CLOSING_ORDER]}),
    Door("plan sell BTCUSDT 0.5 --trigger 66900 --close"),
    Door("plan sell BTCUSDT 0.5 --trigger 66900 --price 150 --close"),
    Door("plan modify 3001 --size 0.5 --price 150", state={"plans": [{**SELL_PLAN, "reduceOnly": "yes"}]}),
    Door("plan tpsl BTCUSDT --tp 70000 --sl 50000", state={"positions": [POSITION]}),
    Door("plan modify 3003 --trigger 71000", state={"plans": [EXIT]}),
    Door("plan modify 3004 --size 0.5", state={"plans": [PART_EXIT]}),
    Door("order cancel-all", state={"orders": [ORDER]}),
    Door("account transfer USDT 1000 --from spot --to p2p"),
    api(
        "mix.order.place-order",
        {**FUTURES, "side": "sell", "size": "0.5", "price": "70000", "orderType": "limit", "reduceOnly": "YES"},
    ),
    api(
        "mix.order.place-order",
        {**FUTURES, "side": "buy", "size": "0.5", "orderType": "market", "tradeSide": "close"},
        account=HEDGE,
    ),
    api("mix.order.close-positions", NAMED),
    api(
        "mix.order.place-tpsl-order",
        {**NAMED, "marginCoin": "USDT", "planType": "pos_loss", "triggerPrice": "50000", "holdSide": "buy"},
    ),
    api(
        "mix.order.modify-tpsl-order",
        {**NAMED, "marginCoin": "USDT", "orderId": "3004", "triggerPrice": "50000", "size": "0.5"},
        plans=[PART_EXIT],
    ),
]


@each(CHEAP + CLOSES)
def test_a_cap_holds_back_nothing_below_it_and_nothing_that_only_closes(
    bitget: Bitget, exchange: HTTPXMock, door: Door
) -> None:
    assert bitget("profile limit demo --max-notional 100").status == 0
    ran = door.go(bitget, exchange, "--yes", due=True)
    assert ran.status == 0, ran.err


@each(CLOSES)
def test_nothing_that_only_closes_is_held_back_for_its_price(bitget: Bitget, exchange: HTTPXMock, door: Door) -> None:
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=True)
    assert ran.status == 0, ran.err


# A limit price 15 % from the market, or from the trigger of an order that waits.
FAR = [
    Door("order buy BTCUSDT 0.01 --price 51000"),
    Door("order sell BTCUSDT 0.01 --price 69000"),
    Door("plan sell BTCUSD 0.01 --trigger 50000 --price 42500 --product coin-futures"),
    Door("order sell BTC/USDT 0.01 --price 51000"),
    Door("order buy BTC/USDT --quote 100 --price 51000"),
    batch("BTCUSDT,buy,0.01,,59000,,,", "BTCUSDT,buy,0.01,,51000,,,"),
    Door("order modify 1001 --price 51000", state={"orders": [{**ORDER, "presetStopLossPrice": ""}]}),
    Door("order modify 2001 --price 69000 --product spot", state={"spot_orders": [SELL_SPOT_ORDER]}),
    Door("plan buy BTCUSDT 0.01 --trigger 70000 --price 80500"),
    Door("plan sell BTCUSDT 0.01 --trigger 50000 --price 42500"),
    Door("plan sell BTC/USDT 0.01 --trigger 50000 --price 42500"),
    Door("plan modify 3001 --price 76935", state={"plans": [SELL_PLAN]}),
    Door("plan modify 3001 --trigger 57391.4", state={"plans": [SELL_PLAN]}),
    Door("plan modify 4001 --price 76935 --product spot", state={"spot_plans": [SELL_SPOT_PLAN]}),
    api("mix.order.place-order", {**FUTURES, "side": "buy", "size": "0.01", "price": "51000", "orderType": "limit"}),
    api(
        "mix.order.batch-place-order",
        {**FUTURES, "orderList": [{"side": "buy", "size": "0.01", "price": 51000, "orderType": "limit"}]},
    ),
    api(
        "mix.order.place-plan-order",
        {**WAITS, "side": "buy", "size": "0.01", "price": "80500", "triggerPrice": "70000", "orderType": "limit"},
    ),
    api(
        "spot.trade.place-order",
        {**SPOT, "side": "buy", "size": "0.01", "price": "5.1e4", "orderType": "limit", "triggerPrice": "51000"},
    ),
    api(
        "spot.trade.batch-orders",
        {"symbol": "BTCUSDT", "orderList": [{"side": "buy", "size": "0.01", "price": "51000", "orderType": "limit"}]},
    ),
    api(
        "spot.trade.place-plan-order",
        {"symbol": "BTCUSDT", "side": "sell", "size": "0.01", "executePrice": "42500", "triggerPrice": "50000"}
        | {"orderType": "limit", "triggerType": "mark_price"},
    ),
    api(
        "mix.order.modify-order",
        {**NAMED, "orderId": "1001", "newClientOid": "n", "newSize": "0.01", "newPrice": "69000"},
        orders=[SELL_ORDER],
    ),
    api(
        "spot.trade.cancel-replace-order",
        {"symbol": "BTCUSDT", "orderId": "2001", "size": "0.01", "price": "69000"},
        spot_orders=[SELL_SPOT_ORDER],
    ),
    api(
        "mix.order.modify-plan-order",
        {"productType": "USDT-FUTURES", "orderId": "3001", "newPrice": "76935"},
        plans=[SELL_PLAN],
    ),
    api(
        "margin.crossed.place-order",
        {"symbol": "BTCUSDT", "side": "buy", "orderType": "limit", "price": "51000", "baseSize": "0.01"}
        | {"loanType": "normal", "force": "gtc"},
    ),
]


@each(FAR)
def test_no_door_takes_a_far_price_by_yes_alone(bitget: Bitget, exchange: HTTPXMock, door: Door) -> None:
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=False)
    assert ran.status == 10, ran.err
    assert "--allow-far" in ran.err
    ran = door.go(bitget, exchange, "--yes --allow-far", env=LIVE, due=True)
    assert ran.status == 0, ran.err
    assert "warning: price" in ran.err
    ran = door.go(bitget, exchange, due=True)
    assert ran.status == 0, ran.err
    assert "warning: price" in ran.err


@each(FAR)
def test_a_profile_says_how_far_a_price_may_be(bitget: Bitget, exchange: HTTPXMock, door: Door) -> None:
    assert bitget("profile limit live --max-distance 15", terminal=True, typed="y\n").status == 0
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=True)
    assert ran.status == 0, ran.err
    assert bitget("profile limit live --max-distance 14.9").status == 0
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=False)
    assert ran.status == 10, ran.err


# Of these nobody here can tell the price, the side of its exits, or the market.
LIMIT = {"side": "buy", "size": "0.01", "price": "1000", "orderType": "limit"}
UNJUDGED = [
    api("spot.trade.batch-orders", {"symbol": "BTCUSDT", "orderList": [{**LIMIT, "symbol": "ETHUSDT"}]}),
    api("POST /api/v2/mix/order/batch-place-order", {**FUTURES, "orderList": [{**LIMIT, "symbol": "ETHUSDT"}]}),
    api(
        "POST /api/v2/mix/order/batch-place-order",
        {**FUTURES, "orderList": [{**LIMIT, "symbol": "ETHUSDT", "presetStopLossPrice": "99000"}]},
    ),
    api(
        "POST /api/v2/mix/order/place-plan-order",
        {**WAITS, **LIMIT, "triggerPrice": "66000", "price": "66000", "executePrice": "30000"},
    ),
    api("POST /api/v2/mix/order/place-order", {**FUTURES, **LIMIT, "price": "60000", "limitPrice": "1000"}),
    api("POST /api/v2/mix/order/place-order", {**FUTURES, **LIMIT, "orderType": "stop"}),
    api("POST /api/v2/mix/order/place-plan-order", {**WAITS, **LIMIT, "triggerPrice": "66000", "planType": "other"}),
    api("mix.order.modify-order", {**NAMED, "orderId": "7", "newClientOid": "n", "newSize": "1", "newPrice": "1000"}),
    api("spot.trade.cancel-replace-order", {"symbol": "BTCUSDT", "orderId": "7", "size": "1", "price": "1000"}),
    api("POST /api/v3/trade/place-order", {"category": "SPOT", "symbol": "BTCUSDT", "qty": "1", **LIMIT}),
    api("POST /api/v3/trade/place-batch", {"category": "SPOT", "symbol": "BTCUSDT", "qty": "1", **LIMIT}),
]


@each(UNJUDGED)
def test_what_nobody_can_judge_takes_a_word_more_than_yes(bitget: Bitget, exchange: HTTPXMock, door: Door) -> None:
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=False)
    assert ran.status == 10, ran.err
    assert "--allow-far" in ran.err
    for more, env in (("--yes --allow-far", LIVE), ("", DEMO)):
        ran = door.go(bitget, exchange, more, env=env, due=True)
        assert ran.status == 0, ran.err
        assert "warning: what POST" in ran.err


@pytest.mark.parametrize(
    "door",
    [
        api("POST /api/v3/account/set-leverage", {"symbol": "BTCUSDT", "leverage": "20"}),
        api("POST /api/v3/trade/cancel-order", {"orderId": "7"}),
        api("POST /api/v2/mix/order/place-order", {**FUTURES, **LIMIT, "price": "59000", "newWord": "x"}),
    ],
    ids=str,
)
def test_what_is_no_order_or_only_says_a_new_word_is_sent_by_yes(
    bitget: Bitget, exchange: HTTPXMock, door: Door
) -> None:
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=True)
    assert ran.status == 0, ran.err


# Triggers, take-profits and stop-losses are no limit prices, and a price that stays is no slip of the finger.
NOT_JUDGED = [
    Door("plan buy BTCUSDT 0.01 --trigger 30000"),
    Door("plan buy BTCUSDT 0.01 --trigger 30000 --price 30000"),
    Door("order buy BTCUSDT 0.01 --tp 90000 --sl 20000"),
    Door("order ladder buy BTCUSDT 0.01 --from 59000 --to 30000 --steps 2"),
    Door("plan tpsl BTCUSDT --tp 90000 --sl 20000", state={"positions": [POSITION]}),
    Door("order modify 1001 --size 0.01", state={"orders": [{**SELL_ORDER, "price": "90000"}]}),
    api(
        "mix.order.modify-order",
        {**NAMED, "orderId": "1001", "newClientOid": "n", "newSize": "0.01", "newPrice": "90000"},
        orders=[{**SELL_ORDER, "price": "90000"}],
    ),
    api("mix.order.place-order", {**FUTURES, "side": "buy", "size": "0.01", "price": "1", "orderType": "market"}),
]


@each(NOT_JUDGED)
def test_what_is_no_new_limit_price_is_not_judged(bitget: Bitget, exchange: HTTPXMock, door: Door) -> None:
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=True)
    assert ran.status == 0, ran.err
    assert "warning" not in ran.err


SHORT = {**POSITION, "holdSide": "short"}
BUY_PLAN = {**PLAN, "stopSurplusTriggerPrice": "60000", "stopLossTriggerPrice": "50000"}
WRONG = [
    Door("order buy BTCUSDT 0.01 --sl 99000"),
    Door("order buy BTCUSDT 0.01 --tp 50000"),
    Door("order buy BTCUSDT 0.01 --tp 60000"),
    Door("order sell BTCUSDT 0.01 --tp 70000 --sl 50000"),
    Door("order buy BTCUSDT 0.01 --price 59000 --tp 58999"),
    Door("order buy BTCUSDT 0.01 --price 59000 --sl 59500"),
    Door("order sell BTCUSDT 0.01 --price 61000 --tp 61500"),
    # A limit beyond the market is entered at the market.
    Door("order buy BTCUSDT 0.01 --price 61000 --sl 60500"),
    Door("order buy BTC/USDT --quote 100 --sl 99000"),
    Door("order ladder buy BTCUSDT 0.01 --from 59000 --to 58000 --steps 2 --sl 58500"),
    Door("order ladder sell BTCUSDT 0.01 --from 61000 --to 62000 --steps 2 --tp 61500"),
    Door("order sell BTCUSD 0.01 --tp 70000 --product coin-futures"),
    Door("order buy BTC/USDT 0.01 --price 59000 --tp 58000"),
    Door("order buy BTCUSDT 0.01 --sl 99000", state={"account": HEDGE}),
    batch("BTCUSDT,buy,0.01,,,,99000,"),
    batch("BTC/USDT,buy,0.01,,59000,50000,,"),
    Door("plan buy BTCUSDT 0.01 --trigger 58000 --sl 59000"),
    Door("plan buy BTCUSDT 0.01 --trigger 70000 --tp 65000"),
    Door("plan sell BTCUSDT 0.01 --trigger 58000 --price 57500 --sl 57000"),
    Door("order modify 1001 --sl 59500", state={"orders": [ORDER]}),
    Door("order modify 1001 --tp 58000", state={"orders": [ORDER]}),
    Door("order modify 1001 --price 49000", state={"orders": [ORDER]}),
    Door("order modify 2001 --tp 50000 --product spot", state={"spot_orders": [SPOT_ORDER]}),
    Door("order modify 2001 --price 59500 --sl 59600 --product spot", state={"spot_orders": [SPOT_ORDER]}),
    Door("plan modify 3001 --trigger 61000", state={"plans": [BUY_PLAN]}),
    Door("plan tpsl BTCUSDT --tp 50000", state={"positions": [POSITION]}),
    Door("plan tpsl BTCUSDT --sl 61000 --size 0.1", state={"positions": [POSITION]}),
    Door("plan tpsl BTCUSDT --tp 70000 --sl 50000", state={"positions": [SHORT]}),
    Door("plan modify 3003 --trigger 59000", state={"plans": [EXIT]}),
    Door("plan modify 3004 --trigger 61000", state={"plans": [PART_EXIT]}),
    api(
        "mix.order.place-order",
        {**FUTURES, "side": "buy", "size": "0.01", "orderType": "market", "presetStopLossPrice": "99000"},
    ),
    api(
        "mix.order.batch-place-order",
        {
            **FUTURES,
            "orderList": [{"side": "sell", "size": "0.01", "orderType": "market", "presetStopSurplusPrice": 70000}],
        },
    ),
    api(
        "mix.order.place-plan-order",
        {**WAITS, "side": "buy", "size": "0.01", "triggerPrice": "58000", "orderType": "market"}
        | {"stopLossTriggerPrice": "59000"},
    ),
    api(
        "spot.trade.place-order",
        {**SPOT, "side": "buy", "size": "100", "orderType": "market", "presetTakeProfitPrice": "50000"},
    ),
    api(
        "mix.order.modify-order",
        {**NAMED, "orderId": "1001", "newClientOid": "n", "newPresetStopLossPrice": "59500"},
        orders=[ORDER],
    ),
    api(
        "mix.order.place-pos-tpsl",
        {**NAMED, "marginCoin": "USDT", "holdSide": "long", "stopSurplusTriggerPrice": "50000"},
    ),
    api(
        "mix.order.place-tpsl-order",
        {**NAMED, "marginCoin": "USDT", "holdSide": "sell", "planType": "pos_loss", "triggerPrice": "50000"},
    ),
    api(
        "mix.order.modify-tpsl-order",
        {**NAMED, "marginCoin": "USDT", "orderId": "3004", "triggerPrice": "61000", "size": "0.02"},
        plans=[PART_EXIT],
    ),
]


@each(WRONG)
@pytest.mark.parametrize("env", [DEMO, LIVE], ids=["demo", "live"])
def test_no_door_takes_an_exit_on_the_wrong_side(
    bitget: Bitget, exchange: HTTPXMock, door: Door, env: dict[str, str]
) -> None:
    ran = door.go(bitget, exchange, "--yes", env=env, due=False)
    assert ran.status == 2, ran.err
    assert "it would fire at once" in ran.err


RIGHT = [
    Door("order buy BTCUSDT 0.01 --tp 60000.1 --sl 59999.9"),
    Door("order sell BTCUSDT 0.01 --tp 50000 --sl 70000"),
    Door("order buy BTCUSDT 0.01 --price 59000 --tp 59500 --sl 58500"),
    Door("order ladder buy BTCUSDT 0.01 --from 59000 --to 58000 --steps 2 --tp 59500 --sl -1%"),
    Door("plan buy BTCUSDT 0.01 --trigger 58000 --tp 59000 --sl 57000"),
    Door("plan buy BTCUSDT 0.01 --trigger 58000 --callback 1 --tp 5 --sl 5"),
    Door("order modify 1001 --sl 0 --tp 0", state={"orders": [ORDER]}),
    Door("order modify 1001 --size 0.01", state={"orders": [{**ORDER, "presetStopLossPrice": "59500"}]}),
    Door("plan tpsl BTCUSDT --tp 50000 --sl 70000", state={"positions": [SHORT]}),
    Door("plan tpsl BTCUSDT --trailing 2 --trigger 50000", state={"positions": [POSITION]}),
    api(
        "mix.order.place-order",
        {**FUTURES, "side": "buy", "size": "0.01", "orderType": "market", "presetStopLossPrice": "0"},
    ),
]


@each(RIGHT)
def test_an_exit_on_the_right_side_goes_out(bitget: Bitget, exchange: HTTPXMock, door: Door) -> None:
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=True)
    assert ran.status == 0, ran.err


@each(CHEAP + CLOSES + [Door("convert trade USDT BTC --from-size 600", state={"answers": CONVERTS})])
def test_no_door_opens_where_the_profile_only_reads(bitget: Bitget, exchange: HTTPXMock, door: Door) -> None:
    assert bitget("profile lock demo").status == 0
    ran = door.go(bitget, exchange, "--yes", due=False)
    assert ran.status == 10, ran.err
    assert "locked" in ran.err


def test_a_name_given_twice_in_a_body_is_not_sent(bitget: Bitget, exchange: HTTPXMock) -> None:
    body = '{"symbol":"BTCUSDT","side":"buy","size":"0.001","size":"5","orderType":"market"}'
    ran = bitget("api mix.order.place-order --yes --data -", typed=body, env=DEMO)
    assert (ran.status, exchange.get_requests()) == (2, [])
    assert "size twice" in ran.err


@pytest.mark.parametrize("price", ["60k", "-1", "٥١٠٠٠", True])
def test_a_price_nobody_can_read_is_not_sent(bitget: Bitget, exchange: HTTPXMock, price: object) -> None:
    door = api("mix.order.place-order", {**FUTURES, "side": "buy", "size": "1", "price": price, "orderType": "limit"})
    ran = door.go(bitget, exchange, "--yes", env=LIVE, due=False)
    assert ran.status == 2, ran.err


@pytest.mark.parametrize(
    ("side", "limit", "trigger", "worth"),
    [
        ("sell", None, None, "30000"),
        ("sell", "150", None, "30000"),
        ("sell", "70000", None, "35000"),
        ("sell", "150", "66900", "33450"),
        ("sell", None, "50000", "30000"),
        ("buy", None, None, "30000"),
        ("buy", "59000", None, "29500"),
        ("buy", "61000", None, "30500"),
        ("buy", None, "66900", "33450"),
        ("buy", "150", "66900", "75"),
    ],
)
def test_an_order_counts_by_the_worse_of_limit_trigger_and_market(
    side: str, limit: str | None, trigger: str | None, worth: str
) -> None:
    price, waits = (None if text is None else Decimal(text) for text in (limit, trigger))
    order = OrderIntent(Symbol("BTCUSDT", Product.USDT_FUTURES), Direction(side), Decimal("0.5"), price)
    weighed = risk.weighed(order, "x", market=Decimal(60000), trigger=waits)
    assert weighed.value == Decimal(worth)


@pytest.mark.parametrize(
    ("mode", "opens", "closes", "at"),
    [("one-way", "buy", "sell", 66500), ("one-way", "sell", "buy", 64000), ("hedge", "buy", "sell", 66500)],
)
def test_a_waiting_order_that_was_placed_to_close_stays_one(
    bitget: Bitget, mode: str, opens: str, closes: str, at: int
) -> None:
    def typed(line: str) -> Ran:
        return bitget(f"-p paper {line} --json")

    def changed(order: str, trigger: int) -> list[Ran]:
        raw = f"api mix.order.modify-plan-order productType=USDT-FUTURES orderId={order}"
        return [typed(f"plan modify {order} --trigger {trigger}"), typed(f"{raw} newTriggerPrice={trigger + 1}")]

    for line in (f"account position-mode {mode}", f"order {opens} BTCUSDT 0.05", "profile limit --max-notional 100"):
        assert typed(line).status == 0
    placed = typed(f"plan {closes} BTCUSDT 0.02 --trigger {at} --price {at} --close")
    for trigger in (at + 100, at + 200):
        assert [ran.status for ran in changed(placed.json["orderId"], trigger)] == [0, 0]
    # One that opens is none, whatever it is called.
    opening = typed(f"plan {closes} BTCUSDT 0.001 --trigger {at} --client-oid opens").json["orderId"]
    assert [ran.status for ran in changed(opening, at + 100)] == [0, 0]
    assert typed(f"plan modify {opening} --size 0.02").status == 10
    assert typed("plan modify opens --size 0.02").status == 10
