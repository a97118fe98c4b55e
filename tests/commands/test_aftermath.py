"""Changes that are known by what they leave behind: how their answers are read where the exchange is a busy place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from desk import LIVE, ORDER, PLAN, POSITION, dead_after_a_change, open_desk
from doubles import NOON, Bitget, StillClock, enveloped, url
from misbehaving import KEYS, LOST, NEVER, enter, make_stage
from pytest_httpx import HTTPXMock

from bitget_cli.journal import Draft, Journal
from bitget_cli.trading.change import LookupKey
from bitget_cli.values import milliseconds

NOW = milliseconds(NOON)
BEFORE, AFTER = {"cTime": str(NOW - 60_000)}, {"cTime": str(NOW + 5_000)}
ISOLATED = {**POSITION, **BEFORE, "marginMode": "isolated", "marginSize": "300", "autoMargin": "off"}


def tried(bitget: Bitget, line: str, exchange: HTTPXMock, there: Any, then: Any) -> tuple[int, str]:
    """The exit status, and what was said at the end. A change gets no answer; `then` is how things stand after it."""
    desk = open_desk(exchange, clock=bitget.clock, **there)

    def silent(request: httpx.Request) -> httpx.Response:
        for name, value in then.items():
            setattr(desk, name, value)
        raise httpx.ReadTimeout("x", request=request)

    exchange.add_callback(silent, method="POST")
    ran = bitget(f"{line} --yes --json", env=LIVE)
    return ran.status, ran.json["outcome"] if ran.status == 0 else ran.failure["message"]


def held(**more: Any) -> dict[str, Any]:
    return {"positions": [{**ISOLATED, **more}]}


@pytest.mark.parametrize(
    ("line", "there", "then", "ended"),
    [
        pytest.param(
            "account auto-margin BTCUSDT on", held(), held(autoMargin="on"), (0, "done"), id="it draws margin now"
        ),
        pytest.param("account auto-margin BTCUSDT on", held(), held(), (6, "it is off"), id="it draws none yet"),
        pytest.param(
            "account margin BTCUSDT --add 100", held(), held(marginSize="399.2"), (0, "done"), id="less some funding"
        ),
        pytest.param(
            "account margin BTCUSDT --add 100", held(), held(marginSize="299.2"), (6, "was 300"), id="only funding"
        ),
        pytest.param(
            "account margin BTCUSDT --remove 100", held(), held(marginSize="200"), (0, "done"), id="taken out"
        ),
        pytest.param(
            "account margin BTCUSDT --add 100", held(), {"positions": []}, (6, "no such position"), id="it is gone"
        ),
        pytest.param(
            "account margin BTCUSDT --add 100", held(), held(**AFTER), (6, "no such position"), id="another is there"
        ),
        pytest.param(
            "account margin BTCUSDT --add 100", held(), held(total="0.6", marginSize="350"), (7, "not known"), id="grew"
        ),
        pytest.param("position close BTCUSDT", held(), held(**AFTER), (0, "done"), id="closed, and opened again"),
        pytest.param("position close BTCUSDT", held(), held(), (6, "1 position is still there"), id="not closed"),
        pytest.param(
            "position close-all",
            held(),
            {"positions": [{**ISOLATED, "symbol": "ETHUSDT"}, {**ISOLATED, "symbol": "XRPUSDT"}]},
            (6, "2 positions are still there"),
            id="two are not closed",
        ),
        pytest.param(
            "order cancel-all BTCUSDT",
            {"orders": [{**ORDER, **BEFORE}]},
            {"orders": [{**ORDER, **AFTER, "orderId": "1009"}]},
            (0, "done"),
            id="one that came later is none of it",
        ),
        pytest.param(
            "order cancel-all",
            {"orders": [{**ORDER, **BEFORE}]},
            {"orders": [{**ORDER, **BEFORE}, {**ORDER, **AFTER, "orderId": "1009"}]},
            (6, "1 order is still there"),
            id="an old one stands",
        ),
        pytest.param(
            "plan cancel-all BTCUSDT",
            {"plans": [{**PLAN, **BEFORE}]},
            {"plans": [{**PLAN, **BEFORE, "planType": "loss_plan"}]},
            (0, "done"),
            id="another kind of waiting order is not meant",
        ),
        pytest.param(
            "account margin-mode BTCUSDT crossed",
            {"account": {"marginMode": "isolated"}},
            {"account": {"marginMode": "cross"}},
            (0, "done"),
            id="crossed is spelt cross",
        ),
        pytest.param(
            "account leverage BTCUSDT 7", {}, {"account": {}}, (7, "not known"), id="a setting that is not told"
        ),
    ],
)
def test_what_a_lost_change_left_tells_its_end(
    line: str, there: Any, then: Any, ended: tuple[int, str], bitget: Bitget, exchange: HTTPXMock
) -> None:
    status, said = tried(bitget, line, exchange, there, then)
    assert (status, ended[1] in said) == (ended[0], True), said


def test_an_unknown_end_names_the_command_that_settles_it_also_where_repeating_is_harmless(
    bitget: Bitget, exchange: HTTPXMock
) -> None:
    dead_after_a_change(exchange, **held())
    ran = bitget("position close-all --yes --json", env=LIVE)
    assert ran.status == 7
    (entry,) = bitget("order log --unsettled --json", env=LIVE).json
    assert f"bitget order reconcile {entry['clientOid']}" in ran.failure["hint"]
    assert "harmless" in ran.failure["hint"]
    assert entry["clientOid"] in bitget("order reconcile --dry-run", env=LIVE).out


@pytest.mark.parametrize("legs", [["sl"], ["tp", "sl"]])
def test_of_two_exits_in_one_call_both_are_looked_for(legs: list[str], bitget: Bitget, exchange: HTTPXMock) -> None:
    desk = open_desk(exchange, positions=[POSITION], clock=bitget.clock)

    def half(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        for leg, oid, state, kept in (
            ("tp", body["stopSurplusClientOid"], "executed", "history"),
            ("sl", body["stopLossClientOid"], "live", "pending"),
        ):
            row = {"orderId": "9", "clientOid": oid, "planStatus": state, "symbol": "BTCUSDT"}
            desk.answers[f"mix/order/orders-plan-{kept}"] = {"entrustedList": [row] if leg in legs else []}
        raise httpx.ReadTimeout("x", request=request)

    exchange.add_callback(half, method="POST", url=url("mix/order/place-pos-tpsl"))
    ran = bitget("plan tpsl BTCUSDT --tp 75000 --sl 55000 --yes --json", env=LIVE)
    if len(legs) == 2:
        assert (ran.status, ran.json["outcome"]) == (0, "placed")
    else:
        assert (ran.status, "only one of the two is there, order 9" in ran.failure["message"]) == (5, True)


def test_a_plan_s_cancel_that_is_answered_about_another_is_looked_up(bitget: Bitget, exchange: HTTPXMock) -> None:
    other = enveloped({"successList": [{"orderId": "77", "clientOid": "another"}], "failureList": []})
    open_desk(exchange, plans=[{**PLAN, **BEFORE}], clock=bitget.clock)
    exchange.add_response(method="POST", url=url("mix/order/cancel-plan-order"), json=other)
    ran = bitget("plan cancel 3001 --yes --json", env=LIVE)
    assert (ran.status, "not cancelled, proven" in ran.failure["message"]) == (6, True)


@pytest.fixture
def flipped(home: Path, clock: StillClock) -> Any:
    """An exchange at which a reverse was carried out whose answer, and every other one, is lost for a while."""
    stage = home / "stage.sqlite3"
    make_stage("busy", stage)
    return enter(stage, home / "exchange.sqlite3", clock, LOST, blind_for=100.0)


CLOSING = [
    "position close BTCUSDT --percent 50",
    "position close ETHUSDT --size 0.5",
    "order buy BTCUSDT 0.1 --close",
    "order buy BTCUSDT 0.1 --price 60000 --reduce-only",
    "plan tpsl BTCUSDT --sl 70000",
    "plan buy BTCUSDT 0.1 --trigger 60000 --close",
    "position close-all",
    "order cancel-all",
]
OPENING = ["order buy BTCUSDT 0.1", "position reverse BTCUSDT", "account transfer USDT 5 --from spot --to usdt-futures"]


def test_what_only_closes_is_never_refused_for_an_unknown_outcome(bitget: Bitget, flipped: Any) -> None:
    assert bitget("position reverse BTCUSDT --yes --json", http=flipped, env=KEYS).status == 7
    bitget.clock.sleep(100.0)
    for line in OPENING:
        ran = bitget(f"{line} --yes --json", http=flipped, env=KEYS)
        assert (ran.status, "is unknown" in ran.failure["message"]) == (10, True), line
    for line in CLOSING:
        ran = bitget(f"{line} --yes --json", http=flipped, env=KEYS)
        assert ran.status == 0, (line, ran.err)


def test_an_entry_that_was_written_down_without_a_question_finds_one(
    bitget: Bitget, home: Path, clock: StillClock
) -> None:
    stage = home / "stage.sqlite3"
    make_stage("busy", stage)
    proxy = enter(stage, home / "exchange.sqlite3", clock, NEVER)
    assert bitget("account leverage ETHUSDT 9 --yes --json", http=proxy, env=KEYS).status == 6
    (path,) = (home / "state" / "bitget" / "journal").glob("*.sqlite3")
    journal = Journal(path)
    body = '{"symbol":"SOLUSDT","productType":"USDT-FUTURES","marginCoin":"USDT","leverage":"9"}'
    row = "mix.account.set-leverage"
    draft = Draft("older", "setting", row, "SOLUSDT", body, "set the leverage", LookupKey().to_text())
    (entry,) = journal.append([draft], now=milliseconds(clock.now()))
    journal.mark_sent([entry], signed_at=milliseconds(clock.now()))
    journal.close()
    ran = bitget("order reconcile older --json", http=proxy, env=KEYS)
    assert (ran.status, [one["outcome"] for one in ran.json]) == (0, ["not_placed"])
