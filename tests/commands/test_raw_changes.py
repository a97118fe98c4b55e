"""`bitget api` of a change: written down like a typed one, sent byte for byte, and told with the truth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import DEMO, ORDER, SPOT_ORDER, open_desk
from doubles import Bitget, enveloped, url
from pytest_httpx import HTTPXMock

MARKET = "symbol=BTCUSDT productType=USDT-FUTURES marginMode=crossed marginCoin=USDT"
BUY = f"api mix.order.place-order {MARKET} side=buy size=0.001 orderType=market"
ITEM = {"side": "buy", "size": "0.001", "orderType": "market"}
LOST = [
    {"orderId": "", "clientOid": "", "errorCode": "40762", "errorMsg": "The order size is greater than the balance"}
]


def api(row: str, body: dict[str, Any]) -> list[str]:
    return ["api", row, "--data", json.dumps(body), "--yes"]


def batch(row: str, *oids: str | None) -> list[str]:
    items = [{**ITEM, **({"clientOid": oid} if oid else {})} for oid in oids]
    outside = {"symbol": "BTCUSDT"}
    if row.startswith("mix"):
        outside |= {"productType": "USDT-FUTURES", "marginMode": "crossed", "marginCoin": "USDT"}
    return api(row, {**outside, "orderList": items})


@pytest.mark.parametrize(
    "again",
    [
        "order buy BTCUSDT 0.001 --client-oid mine",
        "plan buy BTC/USDT 0.01 --trigger 58000 --price 58000 --client-oid mine",
        f"{BUY} clientOid=mine",
        "api spot.trade.place-order symbol=BTCUSDT side=sell orderType=market force=gtc size=0.01 clientOid=mine",
    ],
)
def test_a_client_id_that_a_raw_order_used_is_not_used_again(bitget: Bitget, exchange: HTTPXMock, again: str) -> None:
    open_desk(exchange).due("mix/order/place-order")
    first = bitget(f"{BUY} clientOid=mine --json", env=DEMO)
    assert (first.json["outcome"], first.json["clientOid"]) == ("placed", "mine")
    ran = bitget(again, env=DEMO)
    assert ran.status == 2
    assert "client id mine was used before" in ran.err


def test_a_lost_answer_is_settled_by_the_client_id_in_the_body(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)
    exchange.add_exception(httpx.ReadTimeout("silence"), method="POST", url=url("mix/order/place-order"))
    ran = bitget(f"{BUY} clientOid=rawlost", env=DEMO)
    assert (ran.status, ran.out) == (7, "")
    assert "client id rawlost" in ran.err
    assert "bitget order reconcile rawlost" in ran.err
    desk.answers["mix/order/detail"] = {**ORDER, "clientOid": "rawlost", "state": "live"}
    found = bitget("order reconcile rawlost --json", env=DEMO)
    assert (found.status, found.json[0]["outcome"]) == (0, "placed"), found.err


def test_an_answer_about_another_order_is_no_answer(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    told = enveloped({"orderId": "9", "clientOid": "other"})
    exchange.add_response(method="POST", url=url("mix/order/place-order"), json=told)
    assert bitget(f"{BUY} clientOid=mine", env=DEMO).status == 7


def test_of_an_order_without_a_client_id_one_like_it_is_named(bitget: Bitget, exchange: HTTPXMock) -> None:
    made = {**ORDER, "orderId": "1002", "size": "0.001", "cTime": "1772452800000"}
    older = {**made, "orderId": "1001", "cTime": "1772452700000"}
    refusal = enveloped(None, code="429", msg="Too Many Requests")
    for orders, status, named in (([older], 11, "look before sending it again"), ([older, made], 7, "order show 1002")):
        open_desk(exchange, orders=orders)
        exchange.add_response(method="POST", url=url("mix/order/place-order"), status_code=429, json=refusal)
        ran = bitget(f"{BUY} --timeout 1", env=DEMO)
        assert (ran.status, ran.out) == (status, ""), ran.err
        assert named in ran.err
        assert "1001" not in ran.err


@pytest.mark.parametrize("row", ["mix.order.batch-place-order", "spot.trade.batch-orders"])
@pytest.mark.parametrize("oids", [("a", "b"), (None, None)], ids=str)
def test_a_batch_ends_as_its_orders_did_and_shows_all_of_the_answer(
    bitget: Bitget, exchange: HTTPXMock, row: str, oids: tuple[str | None, ...]
) -> None:
    won = {"orderId": "1", "clientOid": oids[0] or "x"}
    lost = {**LOST[0], "clientOid": oids[1] or ""}
    both = [{**LOST[0], "clientOid": oid or ""} for oid in oids]
    whole = {"successList": [], "failureList": both}
    part = {"successList": [won], "failureList": [lost]}
    for answer, status, word in ((whole, 5, "rejected"), (part, 8, "partial")):
        # Each try under ids of its own.
        names = tuple(oid and f"{oid}{status}" for oid in oids)
        told = json.loads(json.dumps(answer).replace('"a"', f'"a{status}"').replace('"b"', f'"b{status}"'))
        open_desk(exchange)
        exchange.add_response(method="POST", url=url(row.replace(".", "/")), json=enveloped(told))
        ran = bitget([*batch(row, *names), "--json"], env=DEMO)
        assert (ran.status, ran.failure["error"]) == (status, word), ran.err
        assert ran.json["response"] == told
        assert "40762" in ran.err


@pytest.mark.parametrize("row", ["mix.order.batch-place-order", "spot.trade.batch-orders"])
@pytest.mark.parametrize("oids", [("a", None), (None, "b"), ("a", "b", None)], ids=str)
def test_a_batch_of_which_a_part_could_not_be_asked_for_is_not_sent(
    bitget: Bitget, exchange: HTTPXMock, row: str, oids: tuple[str | None, ...]
) -> None:
    open_desk(exchange)
    ran = bitget(batch(row, *oids), env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (2, [])
    assert f"1 of {len(oids)} orders have no clientOid" in ran.err


def test_a_failure_in_any_answer_is_one(bitget: Bitget, exchange: HTTPXMock) -> None:
    told = {"orderId": None, "clientOid": None, "success": "failure", "msg": "no such order"}
    rows = {
        "user.create-virtual-subaccount": (
            {"subAccountList": ["bots1234"]},
            {"failureList": [{"subaAccountName": "x"}]},
        ),
        "spot.trade.batch-cancel-replace-order": (
            {"orderList": [{"symbol": "BTCUSDT", "orderId": "2001", "price": "59000", "size": "0.01"}]},
            [told],
        ),
    }
    for row, (body, answer) in rows.items():
        open_desk(exchange, spot_orders=[SPOT_ORDER])
        exchange.add_response(method="POST", url=url(row.replace(".", "/")), match_json=body, json=enveloped(answer))
        ran = bitget([*api(row, body), "--json"], env=DEMO)
        assert (ran.status, ran.json["outcome"], ran.json["response"]) == (5, "rejected", answer), ran.err


REPLACES = "api spot.trade.cancel-replace-order symbol=BTCUSDT price=62001 size=0.02"
MODIFIES = "api mix.order.modify-order symbol=BTCUSDT productType=USDT-FUTURES newPrice=62001 newSize=0.02"


@pytest.mark.parametrize("known_by", ["rawid", "ID"])
@pytest.mark.parametrize(
    ("market", "product", "line"),
    [
        ("BTC/USDT", "spot", f"{REPLACES} orderId=ID"),
        ("BTC/USDT", "spot", f"{REPLACES} clientOid=rawid newClientOid=newer"),
        ("BTCUSDT", "usdt-futures", f"{MODIFIES} orderId=ID newClientOid=newer"),
    ],
)
def test_every_id_finds_the_order_that_a_raw_change_made_of_it(
    bitget: Bitget, known_by: str, market: str, product: str, line: str
) -> None:
    bought = f"-p paper order buy {market} 0.01 --price 62000 --client-oid rawid --json"
    placed = bitget(bought).json["orderId"]
    ran = bitget(f"-p paper {line} --json".replace("=ID", f"={placed}"))
    assert ran.status == 0, ran.err
    (rests,) = bitget(f"-p paper order list --product {product} --json").json
    assert rests["orderId"] != placed
    gone = bitget(f"-p paper order cancel {known_by.replace('ID', placed)} --json")
    assert (gone.json["outcome"], gone.json["orderId"]) == ("cancelled", rests["orderId"]), gone.err
    assert bitget(f"-p paper order list --product {product} --json").json == []


@pytest.mark.parametrize(
    "line",
    [
        "api mix.order.cancel-order symbol=BTCUSDT productType=USDT-FUTURES orderId=1001",
        "api mix.order.close-positions productType=USDT-FUTURES",
    ],
)
def test_getting_out_does_not_wait_for_a_journal(bitget: Bitget, exchange: HTTPXMock, home: Path, line: str) -> None:
    (home / "state" / "bitget").mkdir(parents=True)
    (home / "state" / "bitget" / "journal").write_text("in the way")
    open_desk(exchange, orders=[ORDER]).due()
    ran = bitget(f"{line} --yes", env=DEMO)
    assert ran.status == 0, ran.err
    assert "not written down" in ran.err
    ran = bitget(f"{BUY} clientOid=mine --yes", env=DEMO)
    assert ran.status == 3, ran.err


def test_a_failure_among_several_names_what_it_was_about_once(bitget: Bitget) -> None:
    line = ["-p", "paper", "api", "mix.order.batch-cancel-orders", "symbol=BTCUSDT", "productType=USDT-FUTURES"]
    ran = bitget([*line, 'orderIdList=[{"orderId":"5"},{"orderId":"6"}]'])
    assert ran.status == 5
    assert ran.err.splitlines()[:2] == ["cancel one futures order (BTCUSDT): there is no such order any more"] * 2
