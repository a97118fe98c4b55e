"""Faults that an order of a unified account can meet: one order at most, and never "not placed" where one stands."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from doubles import envelope
from fake_exchange import Fate

from bitget_cli.errors import BitgetError

LATE, NEVER = 20.0, None


def coded(code: str, status: int = 400) -> httpx.Response:
    return envelope(None, code=code, msg="as told", status=status)


IN_DOUBT: dict[str, Any] = {
    "lost": httpx.ReadTimeout("x"),
    "closed": httpx.RemoteProtocolError("Server disconnected without sending a response."),
    "gateway": httpx.Response(502, content=b"<html>"),
    "empty body": httpx.Response(200, content=b""),
    "no data": envelope(None),
    "no order id": envelope({"clientOid": "bmine"}),
    "somebody else's": envelope({"orderId": "77", "clientOid": "another"}),
    **{code: coded(code) for code in ("25000", "25001", "25003", "25004", "40010", "40725", "45001", "25999")},
    "25001 with 200": coded("25001", 200),
}
LOOKED_FOR = {
    "too little money": (coded("25202"), 5),
    "too little margin": (coded("25203"), 5),
    "nothing to close": (coded("25227"), 5),
    "429": (httpx.Response(429, content=b""), 11),
}
REFUSED = {
    "wrong words": (coded("25236"), 5),
    "price band": (coded("25205"), 5),
    "parameter": (coded("400172"), 5),
    "permission": (coded("40014"), 4),
}


@pytest.fixture
def desk(unified_desk: Any) -> Any:
    return unified_desk


def ended(desk: Any, **order: Any) -> int:
    try:
        desk.execution.carry_out(desk.order(oid="bmine", **order))
    except BitgetError as error:
        return error.exit_status
    return 0


@pytest.mark.parametrize("delivered", [0.0, LATE])
@pytest.mark.parametrize("fault", IN_DOUBT)
def test_an_order_that_arrived_is_found_however_late(fault: str, delivered: float, desk: Any) -> None:
    desk.exchange.fates = [Fate(delivered, IN_DOUBT[fault], wait=10.0 if delivered else 0.0)]
    assert (ended(desk), desk.state) == (0, "placed")
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (1, 1)


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_an_order_that_never_arrives_is_not_placed_once_that_is_proven(fault: str, desk: Any) -> None:
    before = desk.clock.ticks
    desk.exchange.fates = [Fate(NEVER, IN_DOUBT[fault])]
    assert (ended(desk), desk.state) == (6, "not_placed")
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (0, 1)
    assert desk.clock.ticks - before >= 32


@pytest.mark.parametrize("fault", ["lost", "25001", "empty body"])
def test_without_answers_to_questions_the_outcome_is_unknown(fault: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, IN_DOUBT[fault])]
    desk.exchange.out_until = 1e9
    assert (ended(desk), desk.state) == (7, "unknown")
    desk.exchange.out_until = -1
    assert [outcome.outcome for outcome in desk.execution.reconcile("bmine")] == ["placed"]


@pytest.mark.parametrize("blind", ["detail", "pending", "history", "fills"])
def test_absence_needs_an_answer_to_every_question(blind: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(NEVER, httpx.ReadTimeout("x"))]
    desk.exchange.blind_to = frozenset({desk.exchange.questions[blind]})
    assert (ended(desk), desk.state) == (7, "unknown")


@pytest.mark.parametrize("fault", REFUSED)
def test_a_definite_refusal_is_told_at_once(fault: str, desk: Any) -> None:
    answer, status = REFUSED[fault]
    desk.exchange.fates = [Fate(NEVER, answer)]
    assert (ended(desk), desk.state) == (status, "rejected")
    assert (len(desk.exchange.sent), desk.exchange.asked) == (1, [])


@pytest.mark.parametrize("delivered", [0.0, NEVER])
@pytest.mark.parametrize("fault", LOOKED_FOR)
def test_what_a_second_delivery_is_answered_is_believed_after_a_look(
    fault: str, delivered: float | None, desk: Any
) -> None:
    answer, status = LOOKED_FOR[fault]
    desk.exchange.fates = [Fate(delivered, answer)]
    placed = delivered is not NEVER
    assert (ended(desk), desk.state) == ((0, "placed") if placed else (status, "rejected"))
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (int(placed), 1)


@pytest.mark.parametrize("kind", ["market", "limit"])
def test_an_order_that_is_delivered_twice_is_one_told_as_placed(kind: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, coded("25212"))]
    assert (ended(desk, kind=kind), desk.state) == (0, "placed")
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (1, 1)


def test_a_used_id_of_an_older_order_is_a_refusal(desk: Any) -> None:
    desk.exchange._place({"clientOid": "bmine", "size": "1", "symbol": "BTCUSDT", "orderType": "limit", "side": "buy"})
    desk.clock.sleep(3600)
    assert (ended(desk), desk.state, len(desk.exchange.orders)) == (5, "rejected", 1)


@pytest.mark.parametrize("skew", [40.0, -40.0])
def test_a_wrong_clock_is_set_and_the_order_sent_once_more(skew: float, desk: Any) -> None:
    desk.exchange.skew = skew
    assert (ended(desk), desk.state, len(desk.exchange.orders)) == (0, "placed", 1)
    assert [body["clientOid"] for body in desk.exchange.sent] == ["bmine", "bmine"]
