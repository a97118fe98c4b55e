"""How a trading command ends: what scripts read, which exit status, and that every change can be tried dry."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import DEMO, ORDER, POSITION, dead_after_a_change, open_desk
from doubles import Bitget, enveloped, path_of, url
from pytest_httpx import HTTPXMock

from bitget_cli.commands import account, order, plan, position
from bitget_cli.commands.command import Group, _built

PLACE = url("mix/order/place-order")
READS = {
    "account": (
        "balance show overview funding bots info bills transfers fee max-open liq-price subaccounts deposits "
        "withdrawals deposit-address"
    ),
    "position": "list show history adl",
    "order": "list show history fills wait log reconcile",
    "plan": "list history show",
}
CHANGES = {
    "account": "leverage margin-mode position-mode margin auto-margin transfer",
    "position": "close close-all reverse",
    "order": "buy sell batch ladder modify cancel cancel-all",
    "plan": "buy sell tpsl oco twap iceberg modify cancel cancel-all",
}


@pytest.mark.parametrize(
    "group", [account.group, position.group, order.group, plan.group], ids=lambda group: group.name
)
def test_every_command_of_the_contract_is_there_and_every_change_can_be_tried_dry(group: Group) -> None:
    assert set(group.functions) == {*READS[group.name].split(), *CHANGES[group.name].split()}
    for name in CHANGES[group.name].split():
        assert {"yes", "dry_run"} <= {option.name for option in _built(name, group.functions[name]).params}, name
    for name, function in group.functions.items():
        assert inspect.getdoc(function), name


def test_the_answer_has_every_key_and_the_environment(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange).due("mix/order/place-order")
    ran = bitget("order buy BTCUSDT 0.01 --client-oid mine --json", env=DEMO)
    assert ran.json == {
        "outcome": "placed",
        "env": "demo",
        "symbol": "BTCUSDT",
        "orderId": "9001",
        "clientOid": "mine",
        "status": "filled",
        "filledSize": "0.01",
        "avgPrice": "60000",
        "fee": "-0.36",
        "feeCoin": "USDT",
        "response": {"orderId": "9001", "clientOid": "mine"},
        "working": None,
    }


def test_a_refusal_of_the_exchange_is_five_in_its_own_words(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    refused = enveloped(None, code="40762", msg="The order size is greater than the max open size")
    exchange.add_response(method="POST", url=PLACE, status_code=400, json=refused)
    ran = bitget("order buy BTCUSDT 0.01 --json", env=DEMO)
    assert (ran.status, ran.out) == (5, "")
    assert (ran.failure["code"], ran.failure["outcome"]) == ("40762", "rejected")


def test_what_never_left_is_six(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    exchange.add_exception(httpx.ConnectError("refused"), method="POST", url=PLACE, is_reusable=True)
    ran = bitget("order buy BTCUSDT 0.01 --json", env=DEMO)
    assert (ran.status, ran.out) == (6, "")
    assert ran.failure["outcome"] == "not_placed"


def test_what_may_have_arrived_is_looked_for_and_found(bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange)

    def lossy(request: httpx.Request) -> httpx.Response:
        oid = json.loads(request.content)["clientOid"]
        desk.answers["mix/order/detail"] = {**ORDER, "clientOid": oid, "orderId": "555", "state": "filled"}
        raise httpx.ReadError("gone", request=request)

    exchange.add_callback(lossy, method="POST", url=PLACE)
    ran = bitget("order buy BTCUSDT 0.01 --json", env=DEMO)
    assert ran.status == 0, ran.err
    assert (ran.json["outcome"], ran.json["orderId"]) == ("placed", "555")


def test_what_nobody_knows_is_seven_and_says_how_to_settle_it(bitget: Bitget, exchange: HTTPXMock) -> None:
    dead_after_a_change(exchange)
    ran = bitget("order buy BTCUSDT 0.01 --client-oid lost", env=DEMO)
    assert (ran.status, ran.out) == (7, "")
    assert "lost" in ran.err
    assert "bitget order reconcile" in ran.err
    # A program is stopped until it is settled; a cancel harms nobody.
    desk = open_desk(exchange, orders=[ORDER])
    assert bitget("order buy BTCUSDT 0.01 --yes", env=DEMO).status == 10
    assert len(exchange.get_requests(method="POST")) == 1
    desk.due("mix/order/cancel-order")
    assert bitget("order cancel 1001 --yes", env=DEMO).status == 0


def test_a_client_id_is_not_used_twice(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange).due()
    assert bitget("order buy BTCUSDT 0.01 --client-oid once", env=DEMO).status == 0
    assert bitget("order buy BTCUSDT 0.01 --client-oid once", env=DEMO).status == 2


def test_what_nobody_knows_comes_before_why_the_rest_was_not_sent(bitget: Bitget, exchange: HTTPXMock) -> None:
    dead_after_a_change(exchange)
    lines = "symbol,side,size,price\nBTCUSDT,buy,0.01,59000\nBTC/USDT,buy,0.01,59000\n"
    ran = bitget("order batch - --yes", typed=lines, env=DEMO)
    assert (ran.status, len(exchange.get_requests(method="POST"))) == (7, 1)
    assert "unknown" in ran.out
    assert "bitget order reconcile" in ran.err
    assert "the rest was not sent" in ran.err


def test_a_raw_order_in_doubt_names_commands_that_can_tell(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange, orders=[ORDER])
    exchange.add_exception(httpx.ReadTimeout("silence"), method="POST", url=PLACE)
    words = (
        "symbol=BTCUSDT productType=USDT-FUTURES marginMode=crossed marginCoin=USDT size=1 side=buy orderType=market"
    )
    ran = bitget(f"api mix.order.place-order {words} --yes", env=DEMO)
    assert (ran.status, ran.out) == (7, "")
    assert "reconcile" not in ran.err  # it is in no journal
    named = [part.split(",")[0].strip() for part in ran.err.split("bitget ")[1:]]
    assert named == ["order list", "order history"]
    for command in named:
        assert bitget(command, env=DEMO).status == 0


def test_the_command_that_is_named_for_an_unknown_outcome_asks_with_the_same_key(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    desk = open_desk(exchange)
    exchange.add_exception(httpx.ReadTimeout("silence"), method="POST", url=PLACE)
    ran = bitget("order buy BTCUSDT 0.01 --client-oid lost", env=DEMO)
    assert ran.status == 7
    named = ran.err.rpartition("find out with: bitget ")[2].strip()
    desk.answers["mix/order/detail"] = {**ORDER, "clientOid": "lost"}
    settled = bitget(f"{named} --json", env=DEMO)
    assert settled.status == 0, settled.err
    assert settled.json[0]["outcome"] == "placed"


def test_a_look_without_a_key_says_so_and_does_not_wait(bitget: Bitget, exchange: HTTPXMock) -> None:
    open_desk(exchange)
    exchange.add_exception(httpx.ReadTimeout("silence"), method="POST", url=PLACE)
    assert bitget("profile add demo --stdin", typed="an-api-key\na-secret\na-passphrase\n").status == 0
    assert bitget("order buy BTCUSDT 0.01 --client-oid lost -p demo").status == 7
    assert bitget("profile remove demo --yes").status == 0
    before = bitget.clock.ticks
    ran = bitget("order reconcile lost -p demo")
    assert (ran.status, bitget.clock.ticks - before < 1) == (4, True)
    assert bitget("order log --unsettled --json -p demo").json[0]["clientOid"] == "lost"


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("order cancel 1001 --symbol BTCUSDT", {"orders": [ORDER]}),
        ("order cancel-all", {"orders": [ORDER]}),
        ("position close BTCUSDT", {"positions": [POSITION]}),
        ("order buy BTCUSDT 0.01", {}),
    ],
)
def test_where_no_journal_can_be_written_there_is_a_way_out_but_none_in(
    bitget: Bitget, exchange: HTTPXMock, home: Path, typed: str, state: dict[str, Any]
) -> None:
    desk = open_desk(exchange, **state)
    desk.due()
    assert bitget(typed, env=DEMO).status == 0
    (usual,) = exchange.get_requests(method="POST")
    for path in (home / "state").rglob("*.sqlite3"):
        path.chmod(0o666)
    ran = bitget(typed, env=DEMO)
    assert (ran.status, exchange.get_requests(method="POST")) == (3, [usual])
    _, out, named = ran.err.partition("without a journal: bitget ")
    assert bool(out) == ("buy" not in typed), ran.err
    if out:
        desk.due(path_of(usual), json.loads(usual.content))
        assert bitget(f"{named.strip()} --yes", env=DEMO).status == 0
