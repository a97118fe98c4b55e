"""Every fault an order can meet: how it ends, at most one order, and never "not placed" where one stands."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from fake_exchange import Fate

from bitget_cli.client.http import TooLarge
from bitget_cli.errors import BitgetError

HTML = {"content-type": "text/html"}


def coded(code: Any, status: int = 400, data: Any = None) -> httpx.Response:
    body = {"code": code, "msg": "as told", "requestTime": 1772452800000, "data": data}
    return httpx.Response(status, content=json.dumps(body).encode())


def raw(content: bytes, status: int = 200, **headers: str) -> httpx.Response:
    return httpx.Response(status, content=content, headers=headers)


LATE, NEVER = 20.0, None
# Fault → how many tries it lasts, and what is answered or raised.
BEFORE_SENDING: dict[str, Exception] = {
    "N1 no such name": httpx.ConnectError("x"),
    "N2 refused": httpx.ConnectError("x"),
    "N3 connect timeout": httpx.ConnectTimeout("x"),
    "N4 certificate": httpx.ConnectError("x"),
    "N5 proxy 407": httpx.ProxyError("407 x"),
}
IN_DOUBT: dict[str, Any] = {
    "N6 partly written": httpx.WriteError("x"),
    "N7 closed without an answer": httpx.RemoteProtocolError("Server disconnected without sending a response."),
    "N8 reset": httpx.ReadError("x"),
    "N9 read timeout": httpx.ReadTimeout("x"),
    "N12 cut mid-body": httpx.RemoteProtocolError("peer closed connection"),
    "N12 cut, looks like success": raw(b'{"code":"00000","data":{"orderId":"1"'),
    "N13 drip": httpx.ReadTimeout("x"),
    "N14 bomb": TooLarge("an answer of more than 32 MiB"),
    "N14 bad gzip": httpx.DecodingError("x"),
    "N15 two lengths": httpx.RemoteProtocolError("x"),
    "N16 redirect": raw(b"", 307, location="https://evil.test/"),
    "N17 stale connection": httpx.RemoteProtocolError("Server disconnected"),
    "H3 500 JSON": coded("50000999", 500),
    "H3 502": raw(b"<html>", 502, **HTML),
    "H3 503": raw(b"<html>", 503, **HTML),
    "H3 524": raw(b"<html>", 524, **HTML),
    "H3 success with 500": coded("00000", 500, {"orderId": "1", "clientOid": "x"}),
    "H4 edge page": raw(b"<html>", 403, **HTML, **{"cf-ray": "8a-FRA"}),
    "H6 40010": coded("40010"),
    "H6 40725": coded("40725"),
    "H6 40808": coded("40808"),
    "H6 40908": coded("40908"),
    "H6 40910": coded("40910"),
    "H6 45001": coded("45001"),
    "H6 45023": coded("45023"),
    "H6 50031": coded("50031"),
    "H6 43002": coded("43002"),
    "H6 25003": coded("25003"),
    "H6 unknown code": coded("98765"),
    "H6 numeric 0": coded(0, 200),
    "H6 no code": raw(b'{"data":{}}'),
    "H6 null code": coded(None, 200),
    "H7 success with 400": coded("00000", 400, {"orderId": "1", "clientOid": "x"}),
    "H8 empty": raw(b""),
    "H8 null": raw(b"null"),
    "H8 array": raw(b"[]"),
    "H8 NaN": raw(b'{"code":"00000","data":NaN}'),
    "H8 deep": raw(b"[" * 100_000),
    "H8 long number": raw(b'{"code":"00000","data":' + b"1" * 5000 + b"}"),
    "H8 UTF-16": raw('{"code":"00000"}'.encode("utf-16")),
    "H8 half a character": raw(b'{"code":"00000","data":{"orderId":"\\ud800"}}'),
    "H9 no order id": coded("00000", 200, {"clientOid": "bmine"}),
    "H9 data is text": coded("00000", 200, "success"),
    "H9 data is null": coded("00000", 200, None),
    "H10 somebody else's": coded("00000", 200, {"orderId": "77", "clientOid": "another"}),
    "H10 no client id": coded("00000", 200, {"orderId": "77"}),
    "H11 captive portal": raw(b"<!doctype html>", **HTML),
}
# What an order gets that came too fast or a second time, though the first was accepted.
REFUSED_AFTER_A_LOOK: dict[str, tuple[httpx.Response, int]] = {
    "H1 429 seconds": (raw(b"", 429, **{"retry-after": "2"}), 11),
    "H1 429 absurd": (raw(b"", 429, **{"retry-after": "86400"}), 11),
    "H2 429 in the body": (coded("429", 200), 11),
    "H6 too little money": (coded("40762", 200), 5),
    "H6 no balance": (coded("43012"), 5),
    "H6 nothing to close": (coded("22002"), 5),
}
REFUSED: dict[str, tuple[httpx.Response, int]] = {
    "H5 40006": (coded("40006", 401), 4),
    "H5 40009": (coded("40009"), 4),
    "H5 40012": (coded("40012"), 4),
    "H5 40018": (coded("40018"), 4),
    "H5 40037": (coded("40037"), 4),
    "H5 40099": (coded("40099"), 4),
    "H6 larger than an order may be": (coded("45103", 200), 5),
    "H7 code over status": (coded("40034", 404), 5),
}


def ended(desk: Any, **order: Any) -> int:
    """The exit status of placing an order."""
    try:
        desk.execution.carry_out(desk.order(oid="bmine", **order))
    except BitgetError as error:
        return error.exit_status
    return 0


def by_turns(faults: Iterable[str]) -> list[Any]:
    """Each fault with one kind of order, a market and a limit order by turns; with the other one where it may be slow.

    A fault is met before anybody looks which kind it was.
    """
    kinds = ("market", "limit")
    return [
        pytest.param(fault, kind, marks=() if place % 2 == number else pytest.mark.slow)
        for place, fault in enumerate(faults)
        for number, kind in enumerate(kinds)
    ]


@pytest.mark.parametrize("kind", ["market", "limit"])
@pytest.mark.parametrize("fault", BEFORE_SENDING)
def test_what_never_left_is_not_placed_and_may_be_tried_again(fault: str, kind: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(NEVER, BEFORE_SENDING[fault])] * 9
    assert (ended(desk, kind=kind), desk.state) == (6, "not_placed")
    assert not desk.exchange.orders


@pytest.mark.parametrize("fault", BEFORE_SENDING)
def test_a_second_try_after_nothing_left_is_the_only_order(fault: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(NEVER, BEFORE_SENDING[fault])]
    assert (ended(desk), desk.state, len(desk.exchange.orders)) == (0, "placed", 1)


@pytest.mark.parametrize(("fault", "kind"), by_turns(IN_DOUBT))
def test_an_order_that_arrived_is_found_and_told_as_placed(fault: str, kind: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, IN_DOUBT[fault])]
    assert (ended(desk, kind=kind), desk.state) == (0, "placed")
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (1, 1)


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_an_order_that_arrives_late_is_never_called_not_placed(fault: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(LATE, IN_DOUBT[fault], wait=10.0)]
    assert (ended(desk), desk.state) == (0, "placed")
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (1, 1)


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_an_order_that_never_arrives_is_not_placed_once_that_is_proven(fault: str, desk: Any) -> None:
    before = desk.clock.ticks
    desk.exchange.fates = [Fate(NEVER, IN_DOUBT[fault])]
    assert (ended(desk), desk.state) == (6, "not_placed")
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (0, 1)
    assert desk.clock.ticks - before >= 32


@pytest.mark.parametrize("fault", IN_DOUBT)
def test_without_answers_to_questions_the_outcome_is_unknown(fault: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, IN_DOUBT[fault])]
    desk.exchange.out_until = 1e9
    assert (ended(desk), desk.state) == (7, "unknown")
    desk.exchange.out_until = -1
    assert [outcome.outcome for outcome in desk.execution.reconcile("bmine")] == ["placed"]
    assert desk.state == "placed"


@pytest.mark.parametrize("blind", ["detail", "orders-pending", "orders-history", "fills"])
def test_absence_needs_an_answer_to_every_question(blind: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(NEVER, httpx.ReadTimeout("x"))]
    desk.exchange.blind_to = frozenset({f"/api/v2/mix/order/{blind}"})
    assert (ended(desk), desk.state) == (7, "unknown")


@pytest.mark.parametrize("fault", REFUSED)
def test_a_definite_refusal_is_told_at_once_and_not_sent_again(fault: str, desk: Any) -> None:
    answer, status = REFUSED[fault]
    desk.exchange.fates = [Fate(NEVER, answer)]
    assert (ended(desk), desk.state) == (status, "rejected")
    assert (len(desk.exchange.sent), desk.exchange.asked) == (1, [])


@pytest.mark.parametrize("fault", REFUSED_AFTER_A_LOOK)
def test_a_refusal_that_a_second_delivery_gets_is_believed_after_one_look(fault: str, desk: Any) -> None:
    answer, status = REFUSED_AFTER_A_LOOK[fault]
    before = desk.clock.ticks
    desk.exchange.fates = [Fate(NEVER, answer)]
    with pytest.raises(BitgetError) as caught:
        desk.execution.carry_out(desk.order(oid="bmine"))
    assert (caught.value.exit_status, caught.value.outcome, desk.state) == (status, "rejected", "rejected")
    assert (len(desk.exchange.sent), len(set(desk.exchange.asked)), len(desk.exchange.asked)) == (1, 4, 5)
    assert 2 <= desk.clock.ticks - before < 3
    if status == 11:
        assert "it was looked for and is not there" in (caught.value.hint or "")


@pytest.mark.parametrize("lag", [0.0, 1.9])
@pytest.mark.parametrize(("fault", "kind"), by_turns(REFUSED_AFTER_A_LOOK))
def test_such_a_refusal_of_an_order_that_stands_is_told_as_placed(fault: str, lag: float, kind: str, desk: Any) -> None:
    desk.exchange.lag = lag
    desk.exchange.fates = [Fate(0.0, REFUSED_AFTER_A_LOOK[fault][0])]
    assert (ended(desk, kind=kind), desk.state) == (0, "placed")
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (1, 1)


@pytest.mark.parametrize("delivered", [0.0, NEVER])
@pytest.mark.parametrize("fault", REFUSED_AFTER_A_LOOK)
def test_such_a_refusal_is_not_believed_while_nothing_can_be_asked(
    fault: str, delivered: float | None, desk: Any
) -> None:
    desk.exchange.fates = [Fate(delivered, REFUSED_AFTER_A_LOOK[fault][0])]
    desk.exchange.out_until = 1e9
    assert (ended(desk), desk.state) == (7, "unknown")
    desk.exchange.out_until = -1
    assert [outcome.outcome for outcome in desk.execution.reconcile("bmine")] == [
        "not_placed" if delivered is NEVER else "placed"
    ]


@pytest.mark.parametrize("skew", [40.0, -40.0])
def test_t1_a_wrong_clock_is_set_and_the_order_sent_once_more(skew: float, desk: Any) -> None:
    desk.exchange.skew = skew
    assert (ended(desk), desk.state, len(desk.exchange.orders)) == (0, "placed", 1)
    assert [body["clientOid"] for body in desk.exchange.sent] == ["bmine", "bmine"]


@pytest.mark.parametrize("code", ["40786", "43118", "45034", "50060", "40708", "25212"])
def test_a_used_id_is_looked_up_and_belongs_to_our_order(code: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, coded(code))]
    assert (ended(desk), desk.state, len(desk.exchange.orders)) == (0, "placed", 1)


def test_a_used_id_of_an_older_order_is_a_refusal(desk: Any) -> None:
    desk.exchange._place({"clientOid": "bmine", "size": "1", "symbol": "BTCUSDT", "orderType": "limit", "side": "buy"})
    desk.clock.sleep(3600)
    assert (ended(desk), desk.state, len(desk.exchange.orders)) == (5, "rejected", 1)


def test_an_unknown_outcome_names_the_id_and_the_command(desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, httpx.ReadTimeout("x"))]
    desk.exchange.out_until = 1e9
    with pytest.raises(BitgetError) as caught:
        desk.execution.carry_out(desk.order(oid="bmine"))
    assert caught.value.exit_status == 7
    assert "bmine" in caught.value.message
    assert "bitget order reconcile bmine" in (caught.value.hint or "")
