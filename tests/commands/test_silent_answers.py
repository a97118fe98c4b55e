"""A success that says nothing of the change, or speaks of another: what became of it is looked up before it is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from desk import DEMO, EXIT, ORDER, PLAN, POSITION, SPOT_ORDER, SPOT_PLAN, Desk, open_desk
from doubles import Bitget, envelope
from pytest_httpx import HTTPXMock

FOREIGN = {"orderId": "1001", "clientOid": "x"}
OTHER = {"orderId": "77", "clientOid": "another"}
ISOLATED = {**POSITION, "marginMode": "isolated", "marginSize": "300"}
EMPTY: dict[str, Any] = {"successList": [], "failureList": []}


def won(*rows: Any) -> dict[str, Any]:
    return {"successList": list(rows), "failureList": []}


def lost(code: str | None = None, **ids: str) -> dict[str, Any]:
    return {"successList": [], "failureList": [{**ids, "errorMsg": "x"} | ({"errorCode": code} if code else {})]}


ORDERS = {"orders": [ORDER], "spot_orders": [SPOT_ORDER]}
PLANS = {"plans": [PLAN, EXIT], "spot_plans": [SPOT_PLAN]}
SILENT: list[tuple[str, dict[str, Any], list[Any]]] = [
    ("position close BTCUSDT", {"positions": [POSITION]}, [None, {}, EMPTY, won({**OTHER, "symbol": "ETHUSDT"})]),
    ("position close-all", {"positions": [POSITION]}, [None, {}, EMPTY, won({**OTHER, "symbol": "ETHUSDT"}), won({})]),
    ("position close-all", {"positions": [POSITION, {**POSITION, "holdSide": "short"}]}, [won({"symbol": "BTCUSDT"})]),
    ("order cancel 1001", ORDERS, [None, {}, [], FOREIGN, {"clientOid": "mine-1", "orderId": "9"}]),
    ("order cancel mine-1 --symbol BTCUSDT", ORDERS, [None, {}, FOREIGN, {"orderId": "1001"}]),
    ("order cancel 1001 --symbol BTCUSDT", ORDERS, [None, {}, OTHER, {"symbol": "ETHUSDT", "orderId": "1001"}]),
    ("order cancel 2001", ORDERS, [None, {}, {"orderId": "2001", "clientOid": "x"}, {"result": "success"}]),
    ("order cancel 2001 --symbol BTC/USDT", ORDERS, [None, OTHER, {"symbol": "ETHUSDT", "orderId": "2001"}]),
    ("order cancel-all", ORDERS, [None, {}, EMPTY, won(OTHER), won({})]),
    ("order cancel-all BTCUSDT", ORDERS, [None, EMPTY, won(OTHER)]),
    ("order cancel-all BTC/USDT", ORDERS, [None, {}, {"symbol": "ETHUSDT"}, EMPTY]),
    ("order cancel-all --product spot", ORDERS, [{"symbol": "ETHUSDT"}, {"symbol": ""}]),
    ("order modify 1001 --tp 71000", ORDERS, [None, {}, FOREIGN, {"clientOid": ""}]),
    ("plan modify 3001 --trigger 58100", PLANS, [None, {}, {"orderId": "3001", "clientOid": "x"}, OTHER]),
    ("plan modify 3003 --trigger 70000", PLANS, [None, {}, OTHER]),
    ("plan modify 4001 --trigger 58100", PLANS, [None, {}, {"orderId": "4001", "clientOid": "x"}]),
    ("plan cancel 3001", PLANS, [None, {}, EMPTY, won({}), won({"orderId": "3001", "clientOid": "x"})]),
    ("plan cancel 4001", PLANS, [None, {}, {"result": "failed"}, {"result": ""}]),
    ("plan cancel-all", {"plans": [PLAN]}, [None, EMPTY, won(OTHER)]),
    ("plan cancel-all BTC/USDT", PLANS, [None, EMPTY, won(OTHER)]),
    ("account leverage BTCUSDT 17", {}, [None, {}, "", {"marginMode": "crossed", "crossMarginLeverage": "5"}]),
    ("account margin-mode BTCUSDT isolated", {}, [None, {}, {"symbol": "BTCUSDT", "marginMode": "crossed"}]),
    ("account position-mode hedge", {}, [None, {}, {"posMode": "one_way_mode"}]),
    ("account auto-margin BTCUSDT on", {"positions": [{**POSITION, "autoMargin": "off"}]}, [None, {}, "no"]),
    ("account margin BTCUSDT --add 10", {"positions": [ISOLATED]}, [None, {}, [], "failed"]),
    (
        "account transfer USDT 1 --from spot --to p2p",
        {},
        [None, {}, {"transferId": "999"}, {"transferId": "999", "clientOid": "other"}, {"clientOid": "OURS"}],
    ),
]  # fmt: skip


@pytest.fixture
def untouched(bitget: Bitget, exchange: HTTPXMock) -> Callable[..., Desk]:
    """An exchange that answers one change as it is told to, and does nothing of it; its clock goes."""

    def there(state: dict[str, Any], answer: Any) -> Desk:
        desk = open_desk(exchange, clock=bitget.clock, **state)

        def answered(request: httpx.Request) -> httpx.Response:
            oid = json.loads(request.content).get("clientOid", "")
            return envelope(json.loads(json.dumps(answer).replace("OURS", oid)))

        exchange.add_callback(answered, method="POST")
        return desk

    return there


@pytest.mark.parametrize(
    ("line", "state", "answer"),
    [pytest.param(line, state, one, id=f"{line} <- {one}") for line, state, answers in SILENT for one in answers],
)
def test_what_an_answer_does_not_say_is_not_told(
    line: str, state: dict[str, Any], answer: Any, bitget: Bitget, untouched: Callable[..., Desk]
) -> None:
    untouched(state, answer)
    ran = bitget(f"{line} --yes --json", env=DEMO)
    assert (ran.status, ran.out) == (6, ""), ran.out
    assert ran.failure["outcome"] == "not_placed"
    assert "proven" in ran.failure["message"]


# Refused without a word that is certain: a look decides, and here it finds all as it was.
UNCLEAR = [
    ("position close BTCUSDT", {"positions": [POSITION]}, {"symbol": "BTCUSDT"}),
    ("position close-all", {"positions": [POSITION]}, {"symbol": "BTCUSDT"}),
    ("order cancel-all", ORDERS, {"orderId": "1001"}),
    ("order cancel-all BTCUSDT", ORDERS, {"orderId": "1001", "clientOid": "mine-1"}),
    ("plan cancel-all BTCUSDT", {"plans": [PLAN]}, {"orderId": "3001"}),
    ("plan cancel-all BTC/USDT", PLANS, {"orderId": "4001"}),
]


@pytest.mark.parametrize("code", ["40725", "45001", "99999", "429", "22001", "45129", None])
@pytest.mark.parametrize(("line", "state", "ids"), UNCLEAR, ids=[line for line, *_ in UNCLEAR])
def test_an_unclear_refusal_inside_an_answer_is_looked_into(
    line: str,
    state: dict[str, Any],
    ids: dict[str, str],
    code: str | None,
    bitget: Bitget,
    untouched: Callable[..., Desk],
) -> None:
    untouched(state, lost(code, **ids))
    ran = bitget(f"{line} --yes --json", env=DEMO)
    in_doubt = code in ("40725", "45001", "99999")
    assert ran.status == (6 if in_doubt else 11 if code == "429" else 5), ran.err
    assert ("no clear answer" if in_doubt else "making sure") in ran.err


@pytest.mark.parametrize("code", ["40725", "429", "22001", "22002", "45129", None])
@pytest.mark.parametrize(("line", "state", "ids"), UNCLEAR, ids=[line for line, *_ in UNCLEAR])
def test_where_it_was_done_all_the_same_it_is_told_as_done(
    line: str, state: dict[str, Any], ids: dict[str, str], code: str | None, bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = open_desk(exchange, clock=bitget.clock, **state)

    def done(_: httpx.Request) -> httpx.Response:
        desk.orders, desk.positions, desk.plans, desk.spot_orders, desk.spot_plans = [], [], [], [], []
        return envelope(lost(code, **ids))

    exchange.add_callback(done, method="POST")
    ran = bitget(f"{line} --yes --json", env=DEMO)
    assert (ran.status, ran.json["outcome"]) == (0, "done"), ran.err


def test_of_two_orders_the_one_that_was_refused_is_told(bitget: Bitget, untouched: Callable[..., Desk]) -> None:
    state = {"orders": [ORDER, {**ORDER, "orderId": "1002", "clientOid": "mine-2"}]}
    answer = won({"orderId": "1001"}) | {"failureList": [{"orderId": "1002", "errorCode": "45129", "errorMsg": "x"}]}
    untouched(state, answer)
    ran = bitget("order cancel-all --yes --json", env=DEMO)
    assert (ran.status, "1 of 2 failed" in ran.failure["message"]) == (8, True), ran.err


# The documented answers, which need no look.
PLAIN = [
    ("order cancel 1001", ORDERS, {"orderId": "1001", "clientOid": "mine-1"}),
    ("order cancel 1001", ORDERS, {"orderId": "1001", "clientOid": ""}),
    ("order cancel-all BTC/USDT", ORDERS, {"symbol": "BTCUSDT"}),
    ("order cancel-all", ORDERS, won({"orderId": "1001", "clientOid": "mine-1"})),
    ("plan cancel 4001", PLANS, {"result": "success"}),
    ("plan modify 3001 --trigger 58100", PLANS, {"orderId": "3001", "clientOid": "mine-3"}),
    ("position close BTCUSDT", {"positions": [POSITION]}, won({**OTHER, "symbol": "BTCUSDT"})),
    ("account auto-margin BTCUSDT on --side long", {"positions": [POSITION]}, ""),
    ("account leverage BTCUSDT 17", {}, {"symbol": "BTCUSDT", "marginMode": "crossed", "crossMarginLeverage": "17"}),
    ("account position-mode hedge", {}, {"posMode": "hedge_mode"}),
    ("account transfer USDT 1 --from spot --to p2p", {}, {"transferId": "999", "clientOid": "OURS"}),
]


@pytest.mark.parametrize(("line", "state", "answer"), PLAIN, ids=[f"{line} <- {answer}" for line, _, answer in PLAIN])
def test_the_documented_answer_costs_no_look(
    line: str, state: dict[str, Any], answer: Any, bitget: Bitget, untouched: Callable[..., Desk]
) -> None:
    untouched(state, answer)
    ran = bitget(f"{line} --yes --json", env=DEMO)
    assert (ran.status, "asking" in ran.err) == (0, False), ran.err


def test_an_order_of_ours_is_not_cancelled_by_an_answer_that_names_another_s_client_id(
    bitget: Bitget, untouched: Callable[..., Desk]
) -> None:
    untouched(ORDERS, {"orderId": "1001", "clientOid": "mine-1"})
    assert bitget("order buy BTCUSDT 0.01 --client-oid mine-1", env=DEMO).status == 0
    untouched(ORDERS, FOREIGN)
    ran = bitget("order cancel 1001 --symbol BTCUSDT --yes", env=DEMO)
    assert (ran.status, "not cancelled, proven" in ran.err) == (6, True), ran.err


@pytest.mark.parametrize(
    "line",
    [
        "position close ETHUSDT",
        "api mix.order.close-positions productType=USDT-FUTURES symbol=ETHUSDT",
        "api mix.order.close-positions productType=USDT-FUTURES symbol=ETHUSDT holdSide=long",
    ],
)
def test_what_is_shown_as_its_proof_is_about_what_was_asked_for(bitget: Bitget, exchange: HTTPXMock, line: str) -> None:
    """It closes ETHUSDT, and its answer is lost on the way."""
    desk = open_desk(exchange, positions=[POSITION, {**POSITION, "symbol": "ETHUSDT"}])

    def closed(request: httpx.Request) -> httpx.Response:
        desk.positions = [POSITION]
        raise httpx.ReadTimeout("x", request=request)

    exchange.add_callback(closed, method="POST")
    ran = bitget(f"{line} --yes --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert "BTCUSDT" not in ran.out
