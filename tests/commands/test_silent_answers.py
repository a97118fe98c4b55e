"""A success that says nothing of the change, or speaks of another: what became of it is looked up before it is told."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from desk import DEMO, EXIT, ORDER, PLAN, POSITION, SPOT_ORDER, SPOT_PLAN, Exchange
from doubles import Bitget, envelope

from bitget_cli.values import milliseconds

FOREIGN = {"orderId": "1001", "clientOid": "x"}
OTHER = {"orderId": "77", "clientOid": "another"}
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
    ("account margin BTCUSDT --add 10", {"positions": [{**POSITION, "marginSize": "300"}]}, [None, {}, [], "failed"]),
    (
        "account transfer USDT 1 --from spot --to p2p",
        {},
        [None, {}, {"transferId": "999"}, {"transferId": "999", "clientOid": "other"}, {"clientOid": "OURS"}],
    ),
]  # fmt: skip


class Untouched:
    """An exchange that does nothing of what it is asked, whatever it answers; its clock goes."""

    def __init__(self, bitget: Bitget, state: dict[str, Any], answer: Any) -> None:
        self.clock, self.exchange, self.answer = bitget.clock, Exchange(**state), answer

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answered = self.exchange(request)
        if request.method == "POST":
            oid = json.loads(request.content).get("clientOid", "")
            return envelope(json.loads(json.dumps(self.answer).replace("OURS", oid)))
        told = json.loads(answered.content) | {"requestTime": milliseconds(self.clock.now())}
        return httpx.Response(answered.status_code, json=told)


@pytest.mark.parametrize(
    ("line", "state", "answer"),
    [pytest.param(line, state, one, id=f"{line} <- {one}") for line, state, answers in SILENT for one in answers],
)
def test_what_an_answer_does_not_say_is_not_told(line: str, state: dict[str, Any], answer: Any, bitget: Bitget) -> None:
    exchange = Untouched(bitget, state, answer)
    ran = bitget(f"{line} --yes --json", http=exchange, env=DEMO)
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
    line: str, state: dict[str, Any], ids: dict[str, str], code: str | None, bitget: Bitget
) -> None:
    ran = bitget(f"{line} --yes --json", http=Untouched(bitget, state, lost(code, **ids)), env=DEMO)
    in_doubt = code in ("40725", "45001", "99999")
    assert ran.status == (6 if in_doubt else 11 if code == "429" else 5), ran.err
    assert ("no clear answer" if in_doubt else "making sure") in ran.err


class Done(Untouched):
    """An exchange that does what it is asked, and answers as it was told to."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        answered = super().__call__(request)
        if request.method == "POST":
            self.exchange.orders, self.exchange.positions, self.exchange.plans = [], [], []
            self.exchange.spot_orders, self.exchange.spot_plans = [], []
        return answered


@pytest.mark.parametrize("code", ["40725", "429", "22001", "22002", "45129", None])
@pytest.mark.parametrize(("line", "state", "ids"), UNCLEAR, ids=[line for line, *_ in UNCLEAR])
def test_where_it_was_done_all_the_same_it_is_told_as_done(
    line: str, state: dict[str, Any], ids: dict[str, str], code: str | None, bitget: Bitget
) -> None:
    ran = bitget(f"{line} --yes --json", http=Done(bitget, state, lost(code, **ids)), env=DEMO)
    assert (ran.status, ran.json["outcome"]) == (0, "done"), ran.err


def test_of_two_orders_the_one_that_was_refused_is_told(bitget: Bitget) -> None:
    state = {"orders": [ORDER, {**ORDER, "orderId": "1002", "clientOid": "mine-2"}]}
    answer = won({"orderId": "1001"}) | {"failureList": [{"orderId": "1002", "errorCode": "45129", "errorMsg": "x"}]}
    ran = bitget("order cancel-all --yes --json", http=Untouched(bitget, state, answer), env=DEMO)
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
def test_the_documented_answer_costs_no_look(line: str, state: dict[str, Any], answer: Any, bitget: Bitget) -> None:
    ran = bitget(f"{line} --yes --json", http=Untouched(bitget, state, answer), env=DEMO)
    assert (ran.status, "asking" in ran.err) == (0, False), ran.err


def test_an_order_of_ours_is_not_cancelled_by_an_answer_that_names_another_s_client_id(bitget: Bitget) -> None:
    placed = Exchange(answers={"mix/order/place-order": {"orderId": "1001", "clientOid": "mine-1"}})
    assert bitget("order buy BTCUSDT 0.01 --client-oid mine-1", http=placed, env=DEMO).status == 0
    answer = FOREIGN
    ran = bitget("order cancel 1001 --symbol BTCUSDT --yes", http=Untouched(bitget, ORDERS, answer), env=DEMO)
    assert (ran.status, "not cancelled, proven" in ran.err) == (6, True), ran.err


class Closing(Exchange):
    """Closes ETHUSDT, and its answer is lost on the way."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.positions = [row for row in self.positions if row["symbol"] != "ETHUSDT"]
            raise httpx.ReadTimeout("x", request=request)
        if request.url.path.endswith("single-position"):
            return envelope([row for row in self.positions if row["symbol"] == request.url.params["symbol"]])
        return super().__call__(request)


@pytest.mark.parametrize(
    "line",
    [
        "position close ETHUSDT",
        "api mix.order.close-positions productType=USDT-FUTURES symbol=ETHUSDT",
        "api mix.order.close-positions productType=USDT-FUTURES symbol=ETHUSDT holdSide=long",
    ],
)
def test_what_is_shown_as_its_proof_is_about_what_was_asked_for(bitget: Bitget, line: str) -> None:
    exchange = Closing(positions=[POSITION, {**POSITION, "symbol": "ETHUSDT"}])
    ran = bitget(f"{line} --yes --json", http=exchange, env=DEMO)
    assert ran.status == 0, ran.err
    assert "BTCUSDT" not in ran.out
