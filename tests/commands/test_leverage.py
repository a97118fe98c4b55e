"""`--leverage` on what opens: the setting goes out first, where the account has another one, and then the order."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from desk import DEMO, LIVE, OID, open_desk
from doubles import Bitget, envelope
from pytest_httpx import HTTPXMock
from unified_desk import UnifiedDesk

MARKET = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginCoin": "USDT"}
CLASSIC = {**MARKET, "marginMode": "crossed", "size": "0.01", "orderType": "market", "clientOid": OID}
V3 = {"category": "USDT-FUTURES", "symbol": "BTCUSDT"}
UNIFIED = {**V3, "orderType": "market", "qty": "0.01", "clientOid": OID}
SET, PLACE = "mix/account/set-leverage", "mix/order/place-order"
ISOLATED = {"marginMode": "isolated"}
HEDGE = {"posMode": "hedge_mode"}
Sent = list[tuple[str, dict[str, Any]]]

# What is typed, how the account stands, and all that is sent.
ON_CLASSIC: dict[str, tuple[str, dict[str, str], Sent]] = {
    "crossed, one-way": (
        "order buy BTCUSDT 0.01 --leverage 10",
        {},
        [(SET, {**MARKET, "leverage": "10"}), (PLACE, {**CLASSIC, "side": "buy"})],
    ),
    "crossed, hedge": (
        "order sell BTCUSDT 0.01 --leverage 10",
        HEDGE,
        [(SET, {**MARKET, "leverage": "10"}), (PLACE, {**CLASSIC, "side": "sell", "tradeSide": "open"})],
    ),
    "isolated, one-way": (
        "order sell BTCUSDT 0.01 --leverage 20",
        ISOLATED,
        [(SET, {**MARKET, "leverage": "20"}), (PLACE, {**CLASSIC, **ISOLATED, "side": "sell"})],
    ),
    "isolated, hedge": (
        "order sell BTCUSDT 0.01 --leverage 20",
        ISOLATED | HEDGE,
        [
            (SET, {**MARKET, "leverage": "20", "holdSide": "short"}),
            (PLACE, {**CLASSIC, **ISOLATED, "side": "sell", "tradeSide": "open"}),
        ],
    ),
    "the same": ("order buy BTCUSDT 0.01 --leverage 20.0", {}, [(PLACE, {**CLASSIC, "side": "buy"})]),
    "the same of the margin mode in force": (
        "order buy BTCUSDT 0.01 --leverage 10",
        ISOLATED | HEDGE,
        [(PLACE, {**CLASSIC, **ISOLATED, "side": "buy", "tradeSide": "open"})],
    ),
    "waiting": (
        "plan buy BTCUSDT 0.01 --trigger 58000 --leverage 5",
        {},
        [
            (SET, {**MARKET, "leverage": "5"}),
            (
                "mix/order/place-plan-order",
                {
                    **CLASSIC,
                    "planType": "normal_plan",
                    "side": "buy",
                    "triggerPrice": "58000",
                    "triggerType": "mark_price",
                },
            ),
        ],
    ),
}
ON_UNIFIED: dict[str, tuple[str, dict[str, Any], Sent]] = {
    "crossed": (
        "order buy BTCUSDT 0.01 --leverage 10",
        {},
        [
            ("account/set-leverage", {**V3, "leverage": "10", "marginMode": "crossed"}),
            ("trade/place-order", {**UNIFIED, "marginMode": "crossed", "side": "buy"}),
        ],
    ),
    "crossed, hedge": (
        "order sell BTCUSDT 0.01 --leverage 10",
        {"hedge": True},
        [
            ("account/set-leverage", {**V3, "leverage": "10", "marginMode": "crossed"}),
            ("trade/place-order", {**UNIFIED, "marginMode": "crossed", "side": "sell", "posSide": "short"}),
        ],
    ),
    "isolated": (
        "order buy BTCUSDT 0.01 --leverage 10",
        {"margin_mode": "isolated"},
        [
            ("account/set-leverage", {**V3, "leverage": "10", **ISOLATED}),
            ("trade/place-order", {**UNIFIED, **ISOLATED, "side": "buy"}),
        ],
    ),
    # Each side has its own, and the account tells one.
    "isolated, hedge": (
        "order buy BTCUSDT 0.01 --leverage 20",
        {"margin_mode": "isolated", "hedge": True},
        [
            ("account/set-leverage", {**V3, "leverage": "20", **ISOLATED, "posSide": "long"}),
            ("trade/place-order", {**UNIFIED, **ISOLATED, "side": "buy", "posSide": "long"}),
        ],
    ),
    "the order's own margin mode": (
        "order buy BTCUSDT 0.01 --margin-mode isolated --leverage 20",
        {},
        [
            ("account/set-leverage", {**V3, "leverage": "20", **ISOLATED}),
            ("trade/place-order", {**UNIFIED, **ISOLATED, "side": "buy"}),
        ],
    ),
    "the same": (
        "order buy BTCUSDT 0.01 --leverage 20",
        {},
        [("trade/place-order", {**UNIFIED, "marginMode": "crossed", "side": "buy"})],
    ),
}


@pytest.mark.parametrize(("typed", "account", "sent"), ON_CLASSIC.values(), ids=ON_CLASSIC)
def test_a_classic_account_is_sent_this(
    typed: str, account: dict[str, str], sent: Sent, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = open_desk(exchange, account=account)
    for path, body in sent:
        desk.due(path, body)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert desk.changes == sent
    assert (ran.json["outcome"], ran.json["orderId"]) == ("placed", "9001")
    assert ("set the leverage" in ran.err) is (len(sent) == 2)


@pytest.mark.parametrize(("typed", "account", "sent"), ON_UNIFIED.values(), ids=ON_UNIFIED)
def test_a_unified_account_is_sent_this(
    typed: str, account: dict[str, Any], sent: Sent, bitget: Bitget, exchange: HTTPXMock
) -> None:
    bitget.kind_is_asked = True
    desk = UnifiedDesk(exchange, **account)
    for path, body in sent:
        desk.due(path, body)
    ran = bitget(f"{typed} --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert desk.changes == [(f"/api/v3/{path}", body) for path, body in sent]
    assert (ran.json["outcome"], ran.json["symbol"]) == ("placed", "BTCUSDT")


def test_both_are_asked_for_at_once_and_both_are_written_down(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    typed = "order buy BTCUSDT 0.01 --price 59999 --leverage 10"
    ran = bitget(typed, env=LIVE, terminal=True, typed="n\n")
    assert (ran.status, desk.changes) == (10, [])
    assert "set the leverage of BTCUSDT to 10; buy 0.01 BTCUSDT at 59999" in ran.err
    desk.due(SET)
    desk.due(PLACE)
    ran = bitget(typed, env=LIVE, terminal=True, typed="y\n")
    assert (ran.status, ran.err.count("[y/N]")) == (0, 1), ran.err
    log = bitget("order log --json", env=LIVE).json
    assert [(row["kind"], row["state"]) for row in log] == [("place", "placed"), ("setting", "done")]


def test_a_dry_run_shows_both_requests(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    shown = bitget("order buy BTCUSDT 0.01 --leverage 10 --dry-run --json", env=DEMO).json
    assert [row["url"].split("/api/v2/")[1] for row in shown] == [SET, PLACE]


def test_a_leverage_that_is_refused_leaves_the_order_unsent(bitget: Bitget, exchange: HTTPXMock) -> None:
    refused = envelope(None, code="40881", msg="orders exist", status=400)
    desk = open_desk(exchange, answers={SET: refused})
    desk.due(SET)
    ran = bitget("order buy BTCUSDT 0.01 --leverage 10 --json", env=DEMO)
    assert (ran.status, ran.out, len(desk.changes)) == (5, "", 1)
    assert "not sent, since what goes before it did not end well: buy 0.01 BTCUSDT at market" in ran.err
    assert ran.failure["message"].startswith("set the leverage of BTCUSDT to 10: ")
    assert [row["kind"] for row in bitget("order log --json", env=DEMO).json] == ["setting"]


def test_a_leverage_that_nobody_knows_of_leaves_the_order_unsent(bitget: Bitget, exchange: HTTPXMock) -> None:
    def lost(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=request)

    # What is asked afterwards does not tell the leverage.
    desk = open_desk(exchange, account={"crossedMarginLeverage": ""})
    exchange.add_callback(lost, method="POST")
    ran = bitget("order buy BTCUSDT 0.01 --leverage 10 --json", env=DEMO)
    assert (ran.status, ran.out, desk.changes) == (7, "", [])
    assert "not sent" in ran.err
    assert [request.url.path for request in exchange.get_requests(method="POST")] == [f"/api/v2/{SET}"]


def test_an_order_that_fails_after_it_is_the_failure_of_the_command(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, answers={PLACE: envelope(None, code="40762", msg="too large", status=400)})
    desk.due(SET)
    desk.due(PLACE)
    ran = bitget("order buy BTCUSDT 0.01 --leverage 10 --json", env=DEMO)
    assert (ran.status, ran.failure["code"]) == (5, "40762")
    assert "set the leverage of BTCUSDT to 10: done" in ran.err


def test_what_is_free_counts_with_the_new_leverage(bitget: Bitget, exchange: HTTPXMock) -> None:
    """20 BTC at 60000 want 60000 of margin at 20x, 12000 at 100x, and 50000 are free."""
    desk = open_desk(exchange)
    assert bitget("order buy BTCUSDT 20 --dry-run", env=DEMO).status == 0
    short = bitget("order buy BTCUSDT 20", env=DEMO)
    assert (short.status, "at 20x" in short.err) == (2, True)
    desk.due(SET)
    desk.due(PLACE)
    assert bitget("order buy BTCUSDT 20 --leverage 100", env=DEMO).status == 0
    short = bitget("order buy BTCUSDT 5 --leverage 2", env=DEMO)
    assert (short.status, "at 2x" in short.err) == (2, True)


MISTAKES = {
    "order buy BTC/USDT --quote 100 --leverage 10": "spot has no leverage to set",
    "plan buy BTC/USDT 0.01 --price 58000 --trigger 58000 --leverage 10": "spot has no leverage to set",
    "order sell BTCUSDT 0.01 --close --leverage 10": "an order that only closes has no leverage to set",
    "order sell BTCUSDT 0.01 --reduce-only --leverage 10": "an order that only closes has no leverage to set",
    "order buy BTCUSDT 0.01 --leverage 126": "leverage 126 is not what BTCUSDT takes, 1 to 125",
    "order buy BTCUSDT 0.01 --leverage 0.5": "leverage 0.5 is not what BTCUSDT takes, 1 to 125",
    "order buy BTCUSDT 0.01 --leverage ten": "--leverage",
    "order buy BTCUSDT 0.01 --margin-mode isolated --leverage 10": "BTCUSDT is not in isolated margin",
}


@pytest.mark.parametrize(("typed", "told"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_is_told_and_nothing_is_sent(typed: str, told: str, bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    ran = bitget(typed, env=DEMO)
    assert (ran.status, told in ran.err, desk.changes) == (2, True, []), ran.err


def test_two_leverages_of_which_one_is_told_are_told_as_none(bitget: Bitget) -> None:
    bitget.environ["BITGET_PROFILE"] = "paper"
    for line in (
        "paper reset --account unified",
        "account position-mode hedge",
        "account margin-mode BTCUSDT isolated",
        "order buy BTCUSDT 0.01 --leverage 5",
        "order sell BTCUSDT 0.01 --leverage 9 --price ask+1%",
    ):
        assert bitget(line).status == 0
    row = bitget("account show BTCUSDT --json").json
    assert (row["marginMode"], row["isolatedLongLever"], row["isolatedShortLever"]) == ("isolated", None, None)
