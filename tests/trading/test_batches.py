"""Batches: an id, an entry and an outcome for each item, whatever the answer leaves out, adds or swaps."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import httpx
import pytest
from fake_exchange import Fate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bitget_cli.catalogue import find
from bitget_cli.catalogue.v2.futures_orders import FUTURES_BATCH_PLACE_ORDER, FUTURES_CANCEL_ORDER, FUTURES_PLACE_ORDER
from bitget_cli.errors import ConfigError, StoppedError, UnknownError
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.change import Batch, Change
from bitget_cli.trading.outcomes import batch_error

AROUND = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES", "marginMode": "crossed", "marginCoin": "USDT"}


def item(number: int, size: str = "0.01") -> Change:
    given = {"size": size, "side": "buy", "orderType": "market"}
    return change(FUTURES_PLACE_ORDER.name, given, f"buy {size}, item {number}", client_oid=f"b{number}")


def batch(count: int, *, too_large: frozenset[int] = frozenset()) -> Batch:
    items = tuple(item(number, "5000" if number in too_large else "0.01") for number in range(count))
    return Batch(FUTURES_BATCH_PLACE_ORDER, AROUND, items, "orderList")


def answer(won: Any, lost: Any) -> httpx.Response:
    body = {"code": "00000", "requestTime": 1772452800000, "data": {"successList": won, "failureList": lost}}
    return httpx.Response(200, content=json.dumps(body).encode())


def outcomes(desk: Any, of: Batch) -> list[str]:
    return [outcome.outcome.value for outcome in desk.execution.carry_out_batch(of)]


def status(desk: Any, of: Batch) -> int:
    error = batch_error(desk.execution.carry_out_batch(of))
    return error.exit_status if error else 0


def test_fifty_items_go_out_in_calls_of_twenty(desk: Any) -> None:
    assert outcomes(desk, batch(50)) == ["placed"] * 50
    assert [len(body["orderList"]) for body in desk.exchange.sent] == [20, 20, 10]
    assert {entry.state for entry in desk.journal.entries()} == {"placed"}
    assert len({entry.client_oid for entry in desk.journal.entries()}) == 50


def test_items_refused_without_an_id_are_told_apart_by_elimination(desk: Any) -> None:
    assert outcomes(desk, batch(4, too_large=frozenset({1, 3}))) == ["placed", "rejected", "placed", "rejected"]


@pytest.mark.parametrize(("too_large", "exit_status"), [((), 0), ((1,), 8), ((0, 1, 2), 5)])
def test_a_batch_ends_by_how_much_of_it_failed(too_large: tuple[int, ...], exit_status: int, desk: Any) -> None:
    assert status(desk, batch(3, too_large=frozenset(too_large))) == exit_status


def named(number: int) -> dict[str, str]:
    return {"orderId": str(1000 + number), "clientOid": f"b{number}"}


LOST = {"clientOid": "b1", "errorCode": "40762", "errorMsg": "as told"}
STRANGE: dict[str, tuple[Any, Any]] = {
    "both lists empty": ([], []),
    "both lists missing": (None, None),
    "one missing": ([named(0), named(2)], []),
    "an item too many": ([named(0), named(1), named(2), {"orderId": "9", "clientOid": "stranger"}], []),
    "swapped": ([named(2), named(0), named(1)], []),
    "one twice": ([named(0), named(0), named(1), named(2)], []),
    "one in both lists": ([named(0), named(1), named(2)], [LOST]),
    "no order id": ([{"clientOid": "b0"}, named(1), named(2)], []),
    "a failure without a code": ([named(0), named(2)], [{"clientOid": "b1", "errorMsg": "as told"}]),
    "a failure in doubt": ([named(0), named(2)], [{"clientOid": "b1", "errorCode": "45001"}]),
    "a used id": ([named(0), named(2)], [{"clientOid": "b1", "errorCode": "40786"}]),
    "an unknown code": ([named(0), named(2)], [{"clientOid": "b1", "errorCode": "98765"}]),
    "too few nameless failures": ([named(0)], [{"errorCode": "40762"}]),
    "lists of text": (["b0"], []),
    "no lists": ("success", "success"),
}


@pytest.mark.parametrize("shape", STRANGE)
def test_an_answer_that_does_not_say_it_is_looked_up_item_by_item(shape: str, desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, answer(*STRANGE[shape]))]
    assert outcomes(desk, batch(3)) == ["placed"] * 3
    assert (len(desk.exchange.orders), len(desk.exchange.sent)) == (3, 1)


def test_after_a_lost_answer_the_call_is_looked_up_and_the_rest_is_not_sent(desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, httpx.ReadTimeout("x"))]
    assert outcomes(desk, batch(25)) == ["placed"] * 20 + ["not_placed"] * 5
    assert len(desk.exchange.sent) == 1


def test_after_an_unknown_outcome_the_rest_is_not_sent(desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, answer([], []))]
    desk.exchange.out_until = 1e9
    ended = desk.execution.carry_out_batch(batch(25))
    assert [outcome.outcome.value for outcome in ended] == ["unknown"] * 20 + ["not_placed"] * 5
    error = batch_error(ended)
    assert error is not None
    assert (error.exit_status, "20 of them with unknown outcome" in error.message) == (8, True)


def test_after_a_signal_each_of_a_batch_is_told_of(desk: Any) -> None:
    def stop(_: httpx.Request) -> None:
        desk.exchange.at_request = lambda _: None
        raise StoppedError(15)

    desk.exchange.at_request = stop
    with pytest.raises(UnknownError, match="item 0"):
        desk.execution.carry_out_batch(batch(3))
    assert [line.endswith(": unknown") for line in desk.said[-2:]] == [True, True]
    assert desk.said[-2] != desk.said[-1]


def test_a_journal_that_fails_between_two_calls_does_not_hide_what_the_first_placed(desk: Any) -> None:
    def damage(_: httpx.Request) -> None:
        with sqlite3.connect(desk.journal.path) as other:
            other.execute(
                "CREATE TRIGGER full BEFORE UPDATE OF signed_at ON entries BEGIN SELECT RAISE(FAIL, 'x'); END"
            )
        desk.exchange.at_request = lambda _: None

    desk.exchange.at_request = damage
    ended = desk.execution.carry_out_batch(batch(45))
    assert [outcome.outcome.value for outcome in ended] == ["placed"] * 20 + ["not_placed"] * 25
    assert len(desk.exchange.sent) == 1
    error = batch_error(ended)
    assert error is not None
    assert (error.exit_status, error.message) == (8, "25 of 45 failed")
    assert "the journal" in (ended[20].error.message if ended[20].error else "")


def test_a_journal_that_fails_before_the_first_call_is_the_failure_of_all(desk: Any) -> None:
    assert outcomes(desk, batch(1)) == ["placed"]
    with sqlite3.connect(desk.journal.path) as other:
        other.execute("CREATE TRIGGER full BEFORE UPDATE OF signed_at ON entries BEGIN SELECT RAISE(FAIL, 'x'); END")
    items = tuple(one._replace(client_oid=f"c{number}") for number, one in enumerate(batch(25).items))
    with pytest.raises(ConfigError, match="the journal"):
        desk.execution.carry_out_batch(batch(1)._replace(items=items))
    assert len(desk.exchange.sent) == 1


def test_one_used_id_stops_the_whole_batch_before_it_is_sent(desk: Any) -> None:
    desk.execution.carry_out(desk.order(oid="b2"))
    with pytest.raises(Exception, match="b2 was used before"):
        desk.execution.carry_out_batch(batch(3))
    assert len(desk.exchange.sent) == 1
    assert len(desk.journal.entries()) == 1


def test_a_stranger_in_the_answer_is_told(desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, answer(*STRANGE["an item too many"]))]
    desk.execution.carry_out_batch(batch(3))
    assert any("1 orders that were not in the batch" in line for line in desk.said)


def test_cancels_in_a_batch_tell_what_each_order_ended_as(desk: Any) -> None:
    for oid in ("bx", "by"):
        desk.execution.carry_out(desk.order(oid=oid, kind="limit"))
    desk.exchange.orders[1]["state"] = "filled"
    failures = [{"orderId": "1001", "clientOid": "by", "errorCode": "40768", "errorMsg": "as told"}]
    reply = answer([{"orderId": "1000", "clientOid": "bx"}], failures)
    inner = desk.exchange._read
    path = "/api/v2/mix/order/batch-cancel-orders"
    desk.exchange._read = lambda request: reply if request.url.path == path else inner(request)
    items = tuple(change(FUTURES_CANCEL_ORDER.name, {"orderId": order_id}, "cancel") for order_id in ("1000", "1001"))
    around = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}
    of = Batch(find("mix.order.batch-cancel-orders"), around, items, list_name="orderIdList")
    cancelled, filled = desk.execution.carry_out_batch(of)
    assert (cancelled.outcome, filled.outcome, filled.state) == ("cancelled", "rejected", "filled")


ROWS = st.fixed_dictionaries(
    {},
    optional={
        "orderId": st.sampled_from(["1000", "1001", "1002", "", "7"]),
        "clientOid": st.sampled_from(["b0", "b1", "b2", "", "stranger"]),
        "errorCode": st.sampled_from(["", "40762", "45001", "40786", "98765"]),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(won=st.lists(ROWS, max_size=4), lost=st.lists(ROWS, max_size=4), arrived=st.booleans(), nth=st.integers(0))
def test_no_answer_makes_an_item_vanish_or_appear(won: Any, lost: Any, arrived: bool, nth: int, desk: Any) -> None:
    """Honest about identity: a success under our id is believed, so it is only told where it is so."""
    oids = [f"h{len(desk.exchange.sent)}x{nth % 1000}x{number}" for number in range(3)]
    renamed = {f"b{number}": oid for number, oid in enumerate(oids)}
    rows = [[{**one, "clientOid": renamed.get(one.get("clientOid", ""), "")} for one in rows] for rows in (won, lost)]
    desk.exchange.fates = [
        Fate(0.0 if arrived else None, answer(rows[0] if arrived else [], rows[1] if arrived else []))
    ]
    items = tuple(
        change(FUTURES_PLACE_ORDER.name, {"size": "0.01", "side": "buy", "orderType": "market"}, "buy", client_oid=oid)
        for oid in oids
    )
    ended = desk.execution.carry_out_batch(Batch(FUTURES_BATCH_PLACE_ORDER, AROUND, items, "orderList"))
    assert [outcome.client_oid for outcome in ended] == oids
    told_refused = {row.get("clientOid") for row in rows[1]} | ({None, ""} if rows[1] else set())
    for outcome in ended:
        made = len(desk.exchange.made_by(outcome.client_oid))
        assert made == int(arrived)
        if outcome.outcome == "not_placed":
            assert not made
        if outcome.outcome == "rejected":  # only where the answer said so of it, with a definite code
            assert told_refused
