"""What stands between a command and live money: the question, its words, the lock, the cap, and far prices."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from desk import DEMO, EXIT, LIVE, OID, ORDER, PART_EXIT, PLAN, POSITION, SPOT_ORDER, SPOT_PLAN, TRAIL, open_desk
from doubles import Bitget
from pytest_httpx import HTTPXMock

# Commands that change something, and what there is for them to change.
CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("order buy BTCUSDT 0.01", {}),
    ("order sell BTC/USDT 0.01", {}),
    ("order modify 1001 --price 59500", {"orders": [ORDER]}),
    ("order cancel 1001", {"orders": [ORDER]}),
    ("order cancel-all", {"orders": [ORDER]}),
    ("position close BTCUSDT", {"positions": [POSITION]}),
    ("position close-all", {"positions": [POSITION]}),
    ("position reverse BTCUSDT", {"positions": [POSITION]}),
    ("plan buy BTCUSDT 0.01 --trigger 58000", {}),
    ("plan tpsl BTCUSDT --sl 50000", {"positions": [POSITION]}),
    ("account leverage BTCUSDT 10", {}),
    ("account transfer USDT 1 --from spot --to p2p", {}),
]
parametrized = pytest.mark.parametrize(("typed", "state"), CHANGES, ids=[typed for typed, _ in CHANGES])


@parametrized
def test_without_a_terminal_live_needs_yes(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any]
) -> None:
    desk = open_desk(exchange, **state)
    ran = bitget(typed, env=LIVE)
    assert (ran.status, exchange.get_requests(method="POST")) == (10, [])
    assert "add --yes" in ran.err
    desk.due()
    assert bitget(f"{typed} --yes", env=LIVE).status == 0


@parametrized
@pytest.mark.parametrize("answer", ["", "no\n", "yess\n"])
def test_anything_but_yes_is_no(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], answer: str
) -> None:
    open_desk(exchange, **state)
    ran = bitget(typed, env=LIVE, terminal=True, typed=answer)
    assert (ran.status, exchange.get_requests(method="POST")) == (10, [])


@parametrized
def test_a_locked_profile_changes_nothing_even_with_yes(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any]
) -> None:
    assert bitget("profile lock demo").status == 0
    open_desk(exchange, **state)
    ran = bitget(f"{typed} --yes", env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (10, [])
    assert "profile demo is locked" in ran.err
    assert bitget(f"{typed} --dry-run", env=DEMO).status == 0


@parametrized
def test_demo_does_not_ask(bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any]) -> None:
    desk = open_desk(exchange, **state)
    desk.due()
    ran = bitget(typed, env=DEMO, terminal=True)
    assert ran.status == 0
    assert "Go ahead?" not in ran.err


def test_the_question_says_what_it_comes_to_in_money(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    desk.due()
    ran = bitget("order buy BTCUSDT 0.01 --price 59999.9", env=LIVE, terminal=True, typed="y\n")
    assert ran.status == 0
    assert "LIVE: buy 0.01 BTCUSDT at 59999.9, worth 600.00 USDT" in ran.err
    assert "fee at most about 0.36 USDT" in ran.err
    assert "liquidation near 31234.5" in ran.err


def test_a_liquidation_price_nobody_can_tell_is_left_out(bitget: Bitget, exchange: HTTPXMock) -> None:
    from doubles import envelope

    refused = envelope(None, code="40404", msg="not offered", status=400)
    open_desk(exchange, answers={"mix/account/liq-price": refused}).due()
    ran = bitget("order buy BTCUSDT 0.01", env=LIVE, terminal=True, typed="y\n")
    assert ran.status == 0
    assert "liquidation" not in ran.err


FAR = [
    "order buy BTCUSDT 0.01 --price 54000",
    "order sell BTCUSDT 0.01 --price 66000",
    "order sell BTC/USDT 1 --price 90000",
    "plan buy BTCUSDT 0.01 --trigger 60000 --price 54000",
    "plan sell BTC/USDT 1 --trigger 60000 --price 66000",
]


@pytest.mark.parametrize("typed", FAR)
def test_a_price_a_tenth_away_is_typed_again_or_not_taken(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    price = typed.split()[-1]
    desk = open_desk(exchange)
    desk.due()
    assert bitget(f"{typed} --yes", env=LIVE).status == 10
    for answer in ("", "y\n", "yes\n", f"{price}0\n"):
        assert bitget(f"{typed} --yes", env=LIVE, terminal=True, typed=answer).status == 10
    assert not exchange.get_requests(method="POST")
    ran = bitget(typed, env=LIVE, terminal=True, typed=f"{price}\n")
    assert ran.status == 0
    assert f"price {price} is " in ran.err
    assert ("its trigger 60000" if typed.startswith("plan") else "the last price 60000") in ran.err


@pytest.mark.parametrize("typed", FAR)
def test_on_demo_a_far_price_is_only_remarked_upon(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    desk = open_desk(exchange)
    desk.due()
    ran = bitget(typed, env=DEMO)
    assert ran.status == 0
    assert "warning: price" in ran.err


def test_allow_far_does_not_stand_for_the_yes_on_live(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    desk.due()
    assert bitget(f"{FAR[0]} --allow-far", env=LIVE).status == 10
    assert bitget(f"{FAR[0]} --allow-far", env=LIVE, terminal=True, typed="n\n").status == 10
    assert not exchange.get_requests(method="POST")
    ran = bitget(f"{FAR[0]} --allow-far", env=LIVE, terminal=True, typed="y\n")
    assert ran.status == 0
    assert "Type the price" not in ran.err


def test_a_raw_far_price_is_typed_again_or_not_taken(bitget: Bitget, exchange: HTTPXMock) -> None:
    words = "symbol=BTCUSDT productType=USDT-FUTURES marginMode=crossed marginCoin=USDT size=0.01 side=buy"
    typed = f"api mix.order.place-order {words} orderType=limit price=54000"
    desk = open_desk(exchange)
    desk.due()
    assert bitget(f"{typed} --yes", env=LIVE, terminal=True, typed="y\n").status == 10
    assert not exchange.get_requests(method="POST")
    ran = bitget(typed, env=LIVE, terminal=True, typed="54000\n")
    assert ran.status == 0


def test_a_price_just_inside_a_tenth_is_not_far(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange).due()
    assert bitget("order buy BTCUSDT 0.01 --price 54000.1 --yes", env=LIVE).status == 0


CAPPED = [
    ("order buy BTCUSDT 0.02", {}),
    ("order buy BTCUSDT 0.02 --price 59000", {}),
    ("order sell BTC/USDT 0.02", {}),
    ("order buy BTC/USDT --quote 1000.01", {}),
    ("plan buy BTCUSDT 0.02 --trigger 58000", {}),
    ("order modify 1001 --size 0.03", {"orders": [ORDER]}),
    ("position reverse BTCUSDT", {"positions": [POSITION]}),
    ("plan modify 3001 --size 0.03", {"plans": [PLAN]}),
    ("plan modify 3001 --trigger 61000", {"plans": [PLAN]}),
    ("plan modify 3002 --size 0.03", {"plans": [TRAIL]}),
    ("plan modify 4001 --size 0.03 --product spot", {"spot_plans": [SPOT_PLAN]}),
    ("plan modify 4001 --price 59000 --size 0.02 --product spot", {"spot_plans": [SPOT_PLAN]}),
]


@pytest.mark.parametrize(("typed", "state"), CAPPED, ids=[typed for typed, _ in CAPPED])
@pytest.mark.parametrize("env", [DEMO, LIVE], ids=["demo", "live"])
def test_an_order_above_the_cap_is_declined(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any], env: dict[str, str]
) -> None:
    assert bitget(f"profile limit {env['BITGET_ENV']} --max-notional 1000").status == 0
    open_desk(exchange, **state)
    ran = bitget(f"{typed} --yes", env=env)
    assert (ran.status, exchange.get_requests(method="POST")) == (10, [])
    assert "allows 1000 an order" in ran.err


def test_no_cap_stands_in_the_way_of_closing(bitget: Bitget, exchange: HTTPXMock) -> None:
    assert bitget("profile limit demo --max-notional 1000").status == 0
    for typed in ("position close BTCUSDT", "position close BTCUSDT --size 0.2", "order sell BTCUSDT 0.5 --close"):
        open_desk(exchange, positions=[POSITION]).due()
        ran = bitget(typed, env=DEMO)
        assert ran.status == 0, ran.err


@pytest.mark.parametrize(
    ("typed", "plan"),
    [
        ("plan modify 3004 --size 0.5", PART_EXIT),
        ("plan modify 3003 --trigger 71000", EXIT),
        ("plan modify 3001 --size 0.5", {**PLAN, "reduceOnly": "yes"}),
    ],
)
def test_no_cap_stands_in_the_way_of_a_waiting_order_that_closes(
    bitget: Bitget, exchange: HTTPXMock, typed: str, plan: dict[str, Any]
) -> None:
    assert bitget("profile limit demo --max-notional 1000").status == 0
    desk = open_desk(exchange, plans=[plan])
    desk.due()
    ran = bitget(typed, env=DEMO)
    assert ran.status == 0, ran.err


@pytest.mark.parametrize(
    ("typed", "declined"),
    [
        ("POST /api/v2/mix/order/place-order size=9", True),
        ("POST /api/v2/spot/trade/batch-orders size=9", True),
        ("POST /api/v2/spot/trade/batch-cancel-replace-order size=9", True),
        ("POST /api/v2/mix/order/click-backhand size=9", True),
        ("POST /api/v3/trade/place-order size=9", True),
        ("POST /api/v2/convert/trade size=9", True),
        ("POST /api/v2/convert/bgb-convert size=9", True),
        ("POST /api/v3/trade/cancel-order orderId=9", False),
        ("mix.order.cancel-all-orders productType=USDT-FUTURES", False),
        ("mix.order.close-positions productType=USDT-FUTURES", False),
    ],
)
def test_under_a_cap_a_raw_call_that_can_trade_is_declined(
    bitget: Bitget, exchange: HTTPXMock, typed: str, *, declined: bool
) -> None:
    assert bitget("profile limit demo --max-notional 1000").status == 0
    desk = open_desk(exchange)
    if not declined:
        desk.due()
    typed, _, words = typed.partition(" size=")
    body = ' --data \'{"size": "9"}\'' if words else ""
    ran = bitget(f"api {typed}{body} --yes", env=DEMO)
    assert ran.status == (10 if declined else 0), ran.err


def test_what_will_be_touched_is_listed_before_the_question(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, orders=[ORDER, {**ORDER, "orderId": "1002"}])
    ran = bitget("order cancel-all", env=LIVE, terminal=True, typed="n\n")
    lines = ran.err.splitlines()
    assert lines[0] == "2 open orders in usdt-futures:"
    assert "1001 buy 0.02 BTCUSDT at 59000" in lines[1]
    assert "1002" in lines[2]
    assert "LIVE: cancel every order of usdt-futures" in lines[3]
    assert not exchange.get_requests(method="POST")


def test_stdout_stays_empty_when_somebody_says_no(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    ran = bitget("order buy BTCUSDT 0.01 --json", env=LIVE)
    assert ran.out == ""
    assert ran.failure["error"] == "declined"


@pytest.mark.parametrize(
    "typed", ["position close BTCUSDT --yes", "position close-all --yes", "order cancel-all --yes"]
)
def test_getting_out_needs_no_price(bitget: Bitget, exchange: HTTPXMock, typed: str) -> None:
    open_desk(exchange, positions=[POSITION], orders=[ORDER]).due()
    assert bitget(typed, env=LIVE).status == 0
    assert not [one for one in exchange.get_requests() if one.url.path.endswith(("symbol-price", "ticker"))]


def test_the_question_before_closing_says_what_it_is_worth(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, positions=[POSITION])
    desk.due()
    ran = bitget("position close BTCUSDT", env=LIVE, terminal=True, typed="y\n")
    assert ran.status == 0
    assert "long 0.5 BTCUSDT, unrealized 12.5: closing all of it" in ran.err
    assert "LIVE: close the long BTCUSDT at market, worth 30000.00 USDT" in ran.err


BOTH = "--tp 70000 --sl 50000 --client-oid mine-9"
# A command that trades, what there is, and beside the number of every field what the question has to say.
TOLD: list[tuple[str, dict[str, Any]]] = [
    (f"order buy BTCUSDT 0.01 {BOTH}", {}),
    (f"order buy BTCUSDT 0.01 --price 59000 --tif ioc --margin-mode isolated {BOTH}", {}),
    ("order sell BTCUSDT 0.01 --price 61000 --post-only --reduce-only", {}),
    ("order sell BTCUSDT 0.01 --close", {"account": {"posMode": "hedge_mode"}}),
    (f"order buy BTC/USDT 0.01 --price 59000 --tif fok {BOTH}", {}),
    (f"order buy BTC/USDT --quote 100 {BOTH}", {}),
    (f"plan buy BTCUSDT 0.01 --trigger 58000 --price 58500 --trigger-by last {BOTH}", {}),
    ("plan sell BTCUSDT 0.01 --trigger 58000 --callback 2 --reduce-only --margin-mode isolated", {}),
    ("plan buy BTCUSDT 0.01 --trigger 58000 --callback 2 --tp 5 --sl 4", {}),
    ("plan sell BTC/USDT 0.01 --trigger 58000 --price 57900 --client-oid mine-9", {}),
    ("plan tpsl BTCUSDT --tp 70000 --sl 50000", {"positions": [POSITION]}),
    ("plan tpsl BTCUSDT --trailing 2 --trigger 61000 --size 0.2", {"positions": [POSITION]}),
    ("plan modify 3001 --size 0.03", {"plans": [PLAN]}),
    ("plan modify 3002 --callback 3", {"plans": [TRAIL]}),
    ("plan modify 3004 --trigger 57000", {"plans": [{**PART_EXIT, "executePrice": "57500"}]}),
    ("plan modify 4001 --size 0.03 --product spot", {"spot_plans": [SPOT_PLAN]}),
    ("order modify 1001 --price 59500", {"orders": [ORDER]}),
    ("order modify 1001 --tp 71000", {"orders": [ORDER]}),
    ("order modify 2001 --price 59500 --product spot", {"spot_orders": [SPOT_ORDER]}),
    ("position close BTCUSDT --size 0.2", {"positions": [POSITION]}),
    ("account transfer USDT 1 --from spot --to isolated-margin --symbol BTC/USDT", {}),
    (
        "api mix.order.place-order symbol=BTCUSDT productType=USDT-FUTURES marginMode=crossed marginCoin=USDT "
        "size=0.01 side=buy orderType=limit price=59000 force=post_only presetStopLossPrice=50000 clientOid=mine-9",
        {},
    ),
]
# Names whose values the question says in other words, or that the market itself stands for.
WORDS = {
    "force": {"gtc": "tif gtc", "ioc": "tif ioc", "fok": "tif fok", "post_only": "post-only"},
    "marginMode": {"crossed": "crossed margin", "isolated": "isolated margin"},
    "reduceOnly": {"YES": "reduce-only", "yes": "reduce-only"},
    "tradeSide": {"open": "", "close": "reduce-only"},
    "triggerType": {"mark_price": "mark", "fill_price": "last"},
    "newTriggerType": {"mark_price": "mark", "fill_price": "last"},
    "stopSurplusTriggerType": {"mark_price": "mark", "fill_price": "last"},
    "stopLossTriggerType": {"mark_price": "mark", "fill_price": "last"},
    "orderType": {"market": "at market", "limit": " at "},
    "planType": {"normal_plan": "once", "track_plan": "trailing", "moving_plan": "trail", "amount": "", "total": ""},
    "side": {"buy": "buy", "sell": "sell"},
    "holdSide": {"buy": "long", "sell": "short"},
    "fromType": {"spot": "from spot"},
    "toType": {"isolated_margin": "to isolated-margin"},
}
UNSAID = {"productType", "marginCoin"}


@pytest.mark.parametrize(("typed", "state"), TOLD, ids=[typed[:80] for typed, _ in TOLD])
def test_the_question_says_everything_that_will_be_sent(
    bitget: Bitget, exchange: HTTPXMock, typed: str, state: dict[str, Any]
) -> None:
    open_desk(exchange, **state).due()
    ran = bitget(typed, env=LIVE, terminal=True, typed="y\n")
    assert ran.status == 0, ran.err
    question = ran.err[ran.err.index("LIVE:") :]
    (change,) = exchange.get_requests(method="POST")
    body = json.loads(change.content)
    raw, closes_a_long = typed.startswith("api"), body.get("tradeSide") == "close"
    for name, value in body.items():
        # A spot market order sends a time in force that is not looked at; in hedge mode a closing order's side is its
        # position's.
        unlooked = (name == "force" and body["orderType"] == "market") or (name == "side" and closes_a_long)
        if name in UNSAID or value in (OID, "") or unlooked:
            continue
        told = value if raw else WORDS.get(name, {}).get(value, value)
        assert told in question, (name, value, question)


def test_of_a_long_file_every_order_is_listed_before_the_question(
    bitget: Bitget, exchange: HTTPXMock, tmp_path: Path
) -> None:
    open_desk(exchange)
    text = "symbol,side,size,sl\n" + "".join(f"BTCUSDT,buy,0.01,5000{number}\n" for number in range(8))
    file = tmp_path / "orders.csv"
    file.write_text(text)
    ran = bitget(f"order batch {file}", env=LIVE, terminal=True, typed="n\n")
    before, _, question = ran.err.partition("LIVE:")
    assert "8 changes worth 4800.00 USDT" in question
    for number in range(8):
        assert f"stop-loss 5000{number}" in before


def test_a_secret_in_a_raw_request_is_not_shown(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    body = '{"subAccountUid": "1", "passphrase": "open-sesame"}'
    typed = ["api", "POST", "/api/v2/user/create-virtual-subaccount-apikey", "--data", body]
    ran = bitget(typed, env=LIVE, terminal=True, typed="n\n")
    assert ran.status == 10
    assert "subAccountUid" in ran.err
    assert "open-sesame" not in ran.err
