"""How a trading command ends: what scripts read, which exit status, and that every change can be tried dry."""

from __future__ import annotations

import inspect
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import DEMO, ORDER, POSITION, Exchange
from doubles import Bitget, envelope

from bitget_cli.commands import account, order, plan, position
from bitget_cli.commands.command import Group, _built

READS = {
    "account": (
        "balance show overview funding bots info bills transfers fee max-open liq-price subaccounts deposits "
        "withdrawals deposit-address"
    ),
    "position": "list show history adl",
    "order": "list show history fills log reconcile",
    "plan": "list history show",
}
CHANGES = {
    "account": "leverage margin-mode position-mode margin auto-margin transfer",
    "position": "close close-all reverse",
    "order": "buy sell batch modify cancel cancel-all",
    "plan": "buy sell tpsl modify cancel cancel-all",
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


def test_the_answer_has_every_key_and_the_environment(bitget: Bitget) -> None:
    ran = bitget("order buy BTCUSDT 0.01 --client-oid mine --json", http=Exchange(), env=DEMO)
    assert ran.json == {
        "outcome": "placed",
        "env": "demo",
        "symbol": "BTCUSDT",
        "orderId": "9001",
        "clientOid": "mine",
        "response": {"orderId": "9001", "clientOid": "mine"},
    }


def test_a_refusal_of_the_exchange_is_five_in_its_own_words(bitget: Bitget) -> None:
    refused = envelope(None, code="40762", msg="The order size is greater than the max open size", status=400)
    exchange = Exchange(answers={"mix/order/place-order": refused})
    ran = bitget("order buy BTCUSDT 0.01 --json", http=exchange, env=DEMO)
    assert (ran.status, ran.out) == (5, "")
    assert (ran.failure["code"], ran.failure["outcome"]) == ("40762", "rejected")


def test_what_never_left_is_six(bitget: Bitget) -> None:
    exchange = Exchange()

    def broken(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ConnectError("refused", request=request)
        return exchange(request)

    ran = bitget("order buy BTCUSDT 0.01 --json", http=broken, env=DEMO)
    assert (ran.status, ran.out) == (6, "")
    assert ran.failure["outcome"] == "not_placed"


def test_what_may_have_arrived_is_looked_for_and_found(bitget: Bitget) -> None:
    exchange = Exchange()

    def lossy(request: httpx.Request) -> httpx.Response:
        answer = exchange(request)
        if request.method == "POST":
            oid = json.loads(request.content)["clientOid"]
            exchange.answers["mix/order/detail"] = {**ORDER, "clientOid": oid, "orderId": "555", "state": "filled"}
            raise httpx.ReadError("gone", request=request)
        return answer

    ran = bitget("order buy BTCUSDT 0.01 --json", http=lossy, env=DEMO)
    assert ran.status == 0, ran.err
    assert (ran.json["outcome"], ran.json["orderId"]) == ("placed", "555")
    assert len(exchange.changes) == 1


def test_what_nobody_knows_is_seven_and_says_how_to_settle_it(bitget: Bitget) -> None:
    exchange = Exchange()

    def dead(request: httpx.Request) -> httpx.Response:
        if exchange.changes:
            raise httpx.ReadTimeout("silence", request=request)
        answer = exchange(request)
        if request.method == "POST":
            raise httpx.ReadTimeout("silence", request=request)
        return answer

    ran = bitget("order buy BTCUSDT 0.01 --client-oid lost", http=dead, env=DEMO)
    assert (ran.status, ran.out) == (7, "")
    assert "lost" in ran.err
    assert "bitget order reconcile" in ran.err
    assert len(exchange.changes) == 1
    # A program is stopped until it is settled; a cancel harms nobody.
    again = Exchange(orders=[ORDER])
    assert bitget("order buy BTCUSDT 0.01 --yes", http=again, env=DEMO).status == 10
    assert again.changes == []
    assert bitget("order cancel 1001 --yes", http=again, env=DEMO).status == 0


def test_a_client_id_is_not_used_twice(bitget: Bitget) -> None:
    exchange = Exchange()
    assert bitget("order buy BTCUSDT 0.01 --client-oid once", http=exchange, env=DEMO).status == 0
    ran = bitget("order buy BTCUSDT 0.01 --client-oid once", http=exchange, env=DEMO)
    assert (ran.status, len(exchange.changes)) == (2, 1)


def test_what_nobody_knows_comes_before_why_the_rest_was_not_sent(bitget: Bitget) -> None:
    exchange = Exchange()

    def dead(request: httpx.Request) -> httpx.Response:
        if exchange.changes:
            raise httpx.ReadTimeout("silence", request=request)
        answer = exchange(request)
        if request.method == "POST":
            raise httpx.ReadTimeout("silence", request=request)
        return answer

    lines = "symbol,side,size,price\nBTCUSDT,buy,0.01,59000\nBTC/USDT,buy,0.01,59000\n"
    ran = bitget("order batch - --yes", typed=lines, http=dead, env=DEMO)
    assert (ran.status, len(exchange.changes)) == (7, 1)
    assert "unknown" in ran.out
    assert "bitget order reconcile" in ran.err
    assert "the rest was not sent" in ran.err


def test_a_raw_order_in_doubt_names_commands_that_can_tell(bitget: Bitget) -> None:
    exchange = Exchange(orders=[ORDER])

    def silent(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            raise httpx.ReadTimeout("silence", request=request)
        return exchange(request)

    words = (
        "symbol=BTCUSDT productType=USDT-FUTURES marginMode=crossed marginCoin=USDT size=1 side=buy orderType=market"
    )
    ran = bitget(f"api mix.order.place-order {words} --yes", http=silent, env=DEMO)
    assert (ran.status, ran.out) == (7, "")
    assert "reconcile" not in ran.err  # it is in no journal
    named = [part.split(",")[0].strip() for part in ran.err.split("bitget ")[1:]]
    assert named == ["order list", "order history"]
    for command in named:
        assert bitget(command, http=silent, env=DEMO).status == 0


def test_the_command_that_is_named_for_an_unknown_outcome_asks_with_the_same_key(bitget: Bitget) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=request)

    exchange = Exchange()
    line = "order buy BTCUSDT 0.01 --client-oid lost"
    ran = bitget(line, http=lambda one: silent(one) if one.method == "POST" else exchange(one), env=DEMO)
    assert ran.status == 7
    named = ran.err.rpartition("find out with: bitget ")[2].strip()
    asked = Exchange(answers={"mix/order/detail": {**ORDER, "clientOid": "lost"}})
    settled = bitget(f"{named} --json", http=asked, env=DEMO)
    assert settled.status == 0, settled.err
    assert settled.json[0]["outcome"] == "placed"


def test_a_look_without_a_key_says_so_and_does_not_wait(bitget: Bitget) -> None:
    def silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=request)

    exchange = Exchange()
    assert bitget("profile add demo --stdin", typed="an-api-key\na-secret\na-passphrase\n").status == 0
    line = "order buy BTCUSDT 0.01 --client-oid lost -p demo"
    assert bitget(line, http=lambda one: silent(one) if one.method == "POST" else exchange(one)).status == 7
    assert bitget("profile remove demo --yes").status == 0
    before = bitget.clock.ticks
    ran = bitget("order reconcile lost -p demo", http=Exchange())
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
    bitget: Bitget, home: Path, typed: str, state: dict[str, Any]
) -> None:
    usual = Exchange(**state)
    assert bitget(typed, http=usual, env=DEMO).status == 0
    for path in (home / "state").rglob("*.sqlite3"):
        path.chmod(0o666)
    exchange = Exchange(**state)
    ran = bitget(typed, http=exchange, env=DEMO)
    assert (ran.status, exchange.changes) == (3, [])
    _, out, named = ran.err.partition("without a journal: bitget ")
    assert bool(out) == ("buy" not in typed), ran.err
    if out:
        assert bitget(f"{named.strip()} --yes", http=exchange, env=DEMO).status == 0
        assert exchange.changes == usual.changes
