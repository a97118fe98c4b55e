"""`plan oco`, `twap` and `iceberg`: the one request of each, what is refused, and what a lost answer comes to."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from desk import DEMO, LIVE, open_desk
from doubles import Bitget
from pytest_httpx import HTTPXMock
from unified_desk import FUTURES, POSITION, SHORT, SPOT, TRIGGER, UnifiedDesk

from bitget_cli.values import milliseconds

TICKER = {"symbol": "BTCUSDT", "lastPr": "60000", "bidPr": "59999.9", "askPr": "60000.4", "markPrice": "60010"}
STRATEGY = "trade/place-strategy-order"
Body = dict[str, Any]

OCO = {"ocoLimitPrice": "59000", "ocoTriggerPrice": "61000", "ocoOrderType": "market"}
SOLD = {"ocoLimitPrice": "61000", "ocoTriggerPrice": "59000", "ocoOrderType": "limit", "ocoOrderPrice": "58900"}
TWAP = {"duration": "30", "interval": "30", "orderType": "market"}
SHOWN = {"splitMode": "quantity", "qtyPerOrder": "0.1", "orderPreference": "fixed_price", "fixedPrice": "59500"}
FOLLOWS = {"splitMode": "order", "splitOrderNumbers": "4", "orderPreference": "faster_execution"}
OPENS_LONG = {"side": "buy"}, {"side": "buy", "posSide": "long"}
CLOSES_LONG = {"side": "sell", "reduceOnly": "yes"}, {"side": "sell", "posSide": "long"}

# Command → what it says of itself, and its direction in one-way and in hedge mode.
ON_FUTURES: dict[str, tuple[Body, tuple[Body, Body]]] = {
    "oco buy BTCUSDT 0.01 --price 59000 --trigger 61000": (
        {"type": "oco", "qty": "0.01", "ocoParams": [OCO]},
        OPENS_LONG,
    ),
    "oco sell BTCUSDT 0.01 --price 61000 --trigger 59000 --stop-price 58900 --close": (
        {"type": "oco", "qty": "0.01", "ocoParams": [SOLD]},
        CLOSES_LONG,
    ),
    "twap buy BTCUSDT 0.5 --duration 30m": ({"type": "twap", "qty": "0.5", "twapParams": [TWAP]}, OPENS_LONG),
    "twap sell BTCUSDT 0.5 --duration 1h --interval 5s --trigger 61000 --stop-at 58000 --reduce-only": (
        {
            "type": "twap",
            "qty": "0.5",
            "twapParams": [
                {**TWAP, "duration": "60", "interval": "5"}
                | {"twapTriggerPrice": "61000", "twapTerminationPrice": "58000"}
            ],
        },
        CLOSES_LONG,
    ),
    "iceberg buy BTCUSDT 1 --show 0.1 --price 59500": (
        {"type": "iceberg", "qty": "1", "icebergParams": [SHOWN]},
        OPENS_LONG,
    ),
    "iceberg buy BTCUSDT 1 --parts 4 --follow own --client-oid mine": (
        {"type": "iceberg", "qty": "1", "icebergParams": [{**FOLLOWS, "executionStrategy": "queue1"}]},
        OPENS_LONG,
    ),
    "iceberg sell BTCUSDT 1 --parts 4 --follow other --worst 59900 --close": (
        {
            "type": "iceberg",
            "qty": "1",
            "icebergParams": [{**FOLLOWS, "executionStrategy": "counterparty1", "priceLimit": "59900"}],
        },
        CLOSES_LONG,
    ),
}
ON_SPOT: dict[str, Body] = {
    "oco buy BTC/USDT 0.01 --price 59000 --trigger 61000": {
        "type": "oco",
        "side": "buy",
        "qty": "0.01",
        "ocoParams": [OCO],
    },
    # Of all that a unified account has at market this alone is sized in coin.
    "twap buy BTC/USDT 0.5 --duration 30m": {"type": "twap", "side": "buy", "qty": "0.5", "twapParams": [TWAP]},
    "iceberg sell BTC/USDT 1 --show 0.1 --price 59500": {
        "type": "iceberg",
        "side": "sell",
        "qty": "1",
        "icebergParams": [SHOWN],
    },
}
ROWS = [
    *(
        (typed, hedge, FUTURES | own | way[hedge])
        for typed, (own, way) in ON_FUTURES.items()
        for hedge in (False, True)
    ),
    *((typed, hedge, SPOT | own) for typed, own in ON_SPOT.items() for hedge in (False, True)),
]


def opened(exchange: HTTPXMock, bitget: Bitget, **state: Any) -> UnifiedDesk:
    bitget.kind_is_asked = True
    return UnifiedDesk(exchange, **{"plans": [], "positions": [POSITION], **state})


@pytest.mark.parametrize(("typed", "hedge", "body"), ROWS, ids=[f"{typed}, {hedge=}" for typed, hedge, _ in ROWS])
def test_a_command_sends_this_and_no_other_change(
    typed: str, hedge: bool, body: Body, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget, hedge=hedge, positions=[POSITION, SHORT] if hedge else [POSITION])
    desk.due(STRATEGY, body)
    ran = bitget(f"plan {typed} --yes --json", env=DEMO)
    assert (ran.status, ran.json["outcome"]) == (0, "placed"), ran.err
    assert desk.changes == [(f"/api/v3/{STRATEGY}", body)]


@pytest.mark.parametrize("typed", [*ON_FUTURES, *ON_SPOT])
def test_a_dry_run_sends_nothing(typed: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget)
    ran = bitget(f"plan {typed} --dry-run --json", env=DEMO)
    assert (ran.status, desk.changes) == (0, [])
    assert "place-strategy-order" in ran.json["url"]


@pytest.mark.parametrize("typed", [*ON_FUTURES, *ON_SPOT])
def test_a_classic_account_has_none_of_them(typed: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    ran = bitget(f"plan {typed} --yes --json", env=DEMO)
    assert (ran.status, ran.failure["error"], ran.failure["hint"][:6]) == (5, "unavailable", "bitget"), ran.err
    assert exchange.get_requests(method="POST") == []


@pytest.mark.parametrize("kind", ["oco", "twap", "iceberg"])
@pytest.mark.parametrize("market", ["BTCUSDT", "BTC/USDT"])
def test_nor_are_they_listed_there(kind: str, market: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    ran = bitget(f"plan list {market} --kind {kind} --json", env=DEMO)
    assert (ran.status, ran.failure["error"]) == (5, "unavailable"), ran.err


# What is refused, and what the sentence names.
REFUSED = {
    "oco buy BTCUSDT 0.01 --price 61000 --trigger 62000": "both sides of the last price 60000",
    "oco buy BTCUSDT 0.01 --price 59000 --trigger 58000": "--trigger above",
    "oco sell BTCUSDT 0.01 --price 59000 --trigger 61000": "--price lies above it",
    "oco buy BTCUSDT 0.01 --price 59000 --trigger 60000": "last price 60000",
    "oco buy BTCUSDT 0.01 --price 59000.05 --trigger 61000": "tick",
    "oco buy BTCUSDT 0.01 --price 59000 --trigger 61000.05": "tick",
    "oco buy BTCUSDT 0.01 --price 59000 --trigger 61000 --stop-price 61000.05": "tick",
    "oco buy BTCUSDT 0.00001 --price 59000 --trigger 61000": "minimum",
    "oco buy BTCUSDT --price 59000 --trigger 61000": "how much",
    "oco long BTCUSDT 0.01 --price 59000 --trigger 61000": "long",
    "oco buy BTC/USDT 0.01 --price 59000 --trigger 61000 --close": "no positions",
    "twap buy BTCUSDT 0.5 --duration 90s": "whole minutes",
    "twap buy BTCUSDT 0.5 --duration 0m": "whole minutes",
    "twap buy BTCUSDT 0.5 --duration 25h": "24h",
    "twap buy BTCUSDT 0.5 --duration soon": "soon",
    "twap buy BTCUSDT 0.5 --duration 30m --interval 15s": "5s, 10s, 20s, 30s, 60s",
    "twap buy BTCUSDT 0.5 --duration 30m --trigger 0": "above zero",
    # 0.5 / 17280 is no order.
    "twap buy BTCUSDT 0.5 --duration 24h --interval 5s": "a part of 0.5",
    "iceberg buy BTCUSDT 1 --price 59500": "--show SIZE or --parts N",
    "iceberg buy BTCUSDT 1 --price 59500 --show 0.1 --parts 3": "one of them",
    "iceberg buy BTCUSDT 1 --show 0.1": "--price P or --follow",
    "iceberg buy BTCUSDT 1 --show 0.1 --price 59500 --follow own": "one of them",
    "iceberg buy BTCUSDT 1 --show 0.1 --price 59500 --worst 59600": "--worst",
    "iceberg buy BTCUSDT 1 --show 1 --price 59500": "shows all of 1",
    "iceberg buy BTCUSDT 1 --show 0.00001 --price 59500": "--show",
    "iceberg buy BTCUSDT 1 --parts 1 --price 59500": "2 to 100",
    "iceberg buy BTCUSDT 1 --parts 101 --price 59500": "2 to 100",
    "iceberg buy BTCUSDT 0.0011 --show 0.001 --price 40000": "a part of 0.0011",
    "iceberg buy BTCUSDT 1 --parts 4 --price 90000": "highest",
}


@pytest.mark.parametrize("typed", REFUSED)
def test_what_cannot_be_meant_is_refused_here(typed: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget)
    ran = bitget(f"plan {typed} --yes --json", env=DEMO)
    assert (ran.status, desk.changes) == (2, []), ran.err
    assert REFUSED[typed] in ran.err


UNAVAILABLE = {
    "oco buy BTCUSDT 0.01 --price 59000 --trigger 61000 --margin-mode isolated": "margin mode",
    "twap buy BTCUSD 1 --duration 2m --product coin-futures": "Coin-M",
}


@pytest.mark.parametrize("typed", UNAVAILABLE)
def test_what_the_api_does_not_take_ends_with_5(typed: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget)
    ran = bitget(f"plan {typed} --yes --json", env=DEMO)
    assert (ran.status, ran.failure["error"], desk.changes) == (5, "unavailable", []), ran.err
    assert UNAVAILABLE[typed] in ran.err


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("oco buy BTCUSDT 0.01 --price 50000 --trigger 61000", "50000 is 16.6 % below"),
        ("oco buy BTCUSDT 0.01 --price 59000 --trigger 61000 --stop-price 70000", "70000 is 14.7 % above its trigger"),
        ("iceberg buy BTCUSDT 1 --show 0.1 --price 50000", "50000 is 16.6 % below"),
        ("iceberg buy BTCUSDT 1 --show 0.1 --follow own --worst 70000", "70000 is 16.6 % above"),
    ],
)
def test_a_far_price_is_held_back_on_live(typed: str, told: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, positions=[])
    ran = bitget(f"plan {typed} --yes --json", env=LIVE)
    assert (ran.status, desk.changes) == (10, []), ran.err
    assert told in ran.err
    desk.due(STRATEGY)
    assert bitget(f"plan {typed} --yes --json --allow-far", env=LIVE).status == 0


@pytest.mark.parametrize(
    ("typed", "closes"),
    [
        ("oco buy BTCUSDT 0.1 --price 59000 --trigger 61000", False),
        ("oco sell BTCUSDT 0.1 --price 61000 --trigger 59000 --close", True),
        ("twap buy BTCUSDT 0.1 --duration 2m", False),
        ("twap sell BTCUSDT 0.1 --duration 2m --close", True),
        ("iceberg buy BTCUSDT 0.1 --parts 4 --follow own", False),
    ],
)
def test_all_parts_together_count_to_the_cap(typed: str, closes: bool, bitget: Bitget, exchange: HTTPXMock) -> None:
    assert bitget("profile limit demo --max-notional 5500").status == 0
    desk = opened(exchange, bitget)
    if closes:
        desk.due(STRATEGY)
    ran = bitget(f"plan {typed} --yes --json", env=DEMO)
    assert (ran.status, len(desk.changes)) == ((0, 1) if closes else (10, 0)), ran.err


@pytest.mark.parametrize("env", [LIVE, DEMO])
def test_that_nobody_saw_one_taken_is_said_on_live_alone(env: Any, bitget: Bitget, exchange: HTTPXMock) -> None:
    for typed in ON_FUTURES:
        desk = opened(exchange, bitget, hedge=True, positions=[POSITION, SHORT])
        desk.due(STRATEGY)
        ran = bitget(f"plan {typed} --yes --json", env=env)
        assert (ran.status, ran.err.count("nobody is known")) == (0, int(env is LIVE)), ran.err


def test_a_person_is_asked_about_both_legs_at_once(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget, positions=[])
    ran = bitget("plan oco buy BTCUSDT 0.01 --price 59000 --trigger 61000", env=LIVE, terminal=True, typed="no\n")
    assert (ran.status, desk.changes) == (10, [])
    question = next(line for line in ran.err.splitlines() if line.startswith("LIVE: "))
    assert re.search(
        r"buy 0\.01 BTCUSDT at 59000, worth 590.* USDT.*; or at market once last reaches 61000, ", question
    )
    assert re.search(r"worth 610.* USDT, fee at most .* \(crossed margin\)$", question)


# An answer that is lost.

TYPED = {
    "oco": "plan oco buy BTCUSDT 0.01 --price 59000 --trigger 61000",
    "twap": "plan twap buy BTCUSDT 0.5 --duration 30m",
    "iceberg": "plan iceberg buy BTCUSDT 1 --show 0.1 --price 59500",
}
MADE: dict[str, Body] = {
    "oco": {"qty": "0.01", "ocoParams": OCO},
    "twap": {"qty": "0.5", "twapParams": [TWAP]},
    "iceberg": {"qty": "1", "icebergParams": [SHOWN]},
}
OTHERWISE: dict[str, Body] = {
    "oco": {"ocoParams": [{**OCO, "ocoTriggerPrice": "62000"}]},
    "twap": {"twapParams": [{**TWAP, "interval": "60"}]},
    "iceberg": {"icebergParams": [{**SHOWN, "qtyPerOrder": "0.2"}]},
}


def row(desk: UnifiedDesk, kind: str, number: int = 0, **other: Any) -> Body:
    """One that has just come to be, as the account tells it: what is of other types is null."""
    moment = str(milliseconds(desk.clock.now()))
    unused = dict.fromkeys(("triggerBy", "triggerPrice", "triggerOrderType", "triggerOrderPrice"))
    own = {"orderId": str(5000 + number), "type": kind, "createdTime": moment}
    return {**TRIGGER, **unused, **own, **MADE[kind], **other}


Effect = Callable[[UnifiedDesk, str], list[Body]]
# What there is afterwards, and how it ends.
LOST: dict[str, tuple[Effect, int, str]] = {
    "it waits": (lambda desk, kind: [row(desk, kind)], 0, "placed"),
    "it never came": (lambda _, __: [], 6, "not_placed"),
    "it and one of another size": (lambda desk, kind: [row(desk, kind), row(desk, kind, 1, qty="0.7")], 0, "placed"),
    "two alike": (lambda desk, kind: [row(desk, kind), row(desk, kind, 1)], 7, "unknown"),
    "one of another size": (lambda desk, kind: [row(desk, kind, qty="0.7")], 6, "not_placed"),
    "one of another market": (lambda desk, kind: [row(desk, kind, symbol="ETHUSDT")], 6, "not_placed"),
    "one of another type": (lambda desk, kind: [{**row(desk, kind), "type": "trigger"}], 6, "not_placed"),
    # Perhaps it is ours, told in words that nobody has seen yet: that is no proof of absence.
    "one of other terms": (lambda desk, kind: [row(desk, kind, **OTHERWISE[kind])], 7, "unknown"),
    "it and one of other terms": (
        lambda desk, kind: [row(desk, kind), row(desk, kind, 1, **OTHERWISE[kind])],
        0,
        "placed",
    ),
    "it, without its side": (lambda desk, kind: [{**row(desk, kind), "side": None}], 0, "placed"),
}


# Every effect on every kind, in turn while it waits and once it is over; both when there is time.
IN_TURN = [
    pytest.param(kind, *LOST[name], over, id=f"{kind}-{name}-{over}", marks=[pytest.mark.slow] * (not is_due))
    for number, kind in enumerate(TYPED)
    for place, name in enumerate(LOST)
    for over in (False, True)
    for is_due in [over == (number + place) % 2]
]


@pytest.mark.parametrize(("kind", "effect", "status", "word", "over"), IN_TURN)
def test_one_whose_answer_is_lost_ends_as_the_lists_show(
    kind: str, effect: Effect, status: int, word: str, over: bool, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget, clock=bitget.clock, plans=[{**TRIGGER, "type": kind, **MADE[kind]}])
    exchange.add_callback(desk, method="POST")

    def lost() -> None:
        made = effect(desk, kind)
        if over:
            desk.past = [{**one, "status": "success"} for one in made]
        else:
            desk.plans = desk.plans + made

    desk.lost = lost
    ran = bitget(f"{TYPED[kind]} --yes --json", env=DEMO)
    assert (ran.status, len(desk.changes)) == (status, 1), ran.err
    told = ran.json if status == 0 else ran.failure
    assert told["outcome"] == word
    if word == "placed":
        assert told["orderId"] == "5000"


# One that is there.


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("oco", {"triggerPrice": "61000", "price": "59000", "executePrice": None, "orderType": "market"}),
        ("twap", {"triggerPrice": None, "price": None, "orderType": "market"}),
        ("iceberg", {"triggerPrice": None, "price": "59500", "executePrice": "59500", "orderType": "limit"}),
    ],
)
def test_one_is_listed_shown_and_cancelled_in_the_common_words(
    kind: str, shown: Body, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = opened(exchange, bitget)
    desk.plans = [row(desk, kind), TRIGGER]
    (told,) = bitget(f"plan list BTCUSDT --kind {kind} --json", env=DEMO).json
    expected = {"planType": kind, "orderId": "5000", "side": "buy", "planStatus": "live", "accountKind": "unified"}
    assert {name: told[name] for name in expected | shown} == expected | shown
    child = {"subOrderId": "9", "price": "59500", "qty": "0.1", "status": "filled", "side": "buy"}
    desk.answers["/api/v3/trade/strategy-sub-orders"] = {"list": [child], "cursor": None}
    found = bitget("plan show 5000 --json", env=DEMO).json
    assert found["planType"] == kind
    if kind != "oco":
        assert [(each["orderId"], each["status"], each["qty"]) for each in found["orders"]] == [("9", "filled", "0.1")]
    ran = bitget("plan modify 5000 --size 0.02 --yes --json", env=DEMO)
    assert (ran.status, ran.failure["error"], desk.changes) == (5, "unavailable", []), ran.err
    assert f"changes no {kind} order" in ran.err
    desk.due("trade/cancel-strategy-order", {"orderId": "5000"})
    assert bitget("plan cancel 5000 --yes --json", env=DEMO).json["outcome"] == "cancelled"


def test_all_of_them_go_with_the_others(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = opened(exchange, bitget)
    desk.plans = [row(desk, kind, number) for number, kind in enumerate(TYPED)]
    for number in range(3):
        desk.due("trade/cancel-strategy-order", {"orderId": str(5000 + number)})
    ran = bitget("plan cancel-all BTCUSDT --yes --json", env=DEMO)
    assert [one["outcome"] for one in ran.json] == ["cancelled"] * 3, ran.err


@pytest.mark.parametrize(("stop", "status"), [("58900", 0), ("48000", 10)])
def test_the_price_of_a_stop_is_judged_by_itself(bitget: Bitget, exchange: HTTPXMock, stop: str, status: int) -> None:
    desk = UnifiedDesk(exchange, answers={"mix/market/ticker": [TICKER]})
    bitget.kind_is_asked = True
    if not status:
        desk.due(STRATEGY)
    # That the limit is typed by another price makes no number of the stop's.
    line = f"plan oco sell BTCUSDT 0.01 --price ask+2% --trigger 59000 --stop-price {stop}"
    ran = bitget(f"{line} --yes --json", env=LIVE)
    assert (ran.status, len(desk.changes)) == (status, int(not status)), ran.err
