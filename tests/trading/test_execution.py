"""Carrying out changes of every kind: what counts as done, what is looked up, what stops the next one."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fake_exchange import Fate

from bitget_cli.catalogue.v2.futures_orders import FUTURES_CANCEL_ORDER, FUTURES_MODIFY_ORDER
from bitget_cli.errors import (
    BitgetError,
    DeclinedError,
    NetworkError,
    RejectedError,
    StoppedError,
    UnknownError,
    UsageError,
)
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.change import Change

LOST = httpx.ReadTimeout("x")
MARKET = {"symbol": "BTCUSDT", "productType": "USDT-FUTURES"}


def answering(*data: Any, code: str = "00000") -> httpx.Response:
    body = {"code": code, "msg": "as told", "requestTime": 1772452800000, "data": data[0] if data else None}
    return httpx.Response(200 if code == "00000" else 400, content=json.dumps(body).encode())


def standing(desk: Any, oid: str = "bold") -> None:
    desk.execution.carry_out(desk.order(oid=oid, kind="limit"))


def cancel(oid: str = "bold", **more: Any) -> Change:
    return change(FUTURES_CANCEL_ORDER.name, {**MARKET, "clientOid": oid, **more}, "cancel bold")


def modify(oid: str = "bold") -> Change:
    given = {**MARKET, "clientOid": oid, "newSize": "0.02", "newPrice": "61000"}
    return change(FUTURES_MODIFY_ORDER.name, given, "modify bold", client_oid="bnew")


def other(name: str, given: dict[str, Any] | None = None) -> Change:
    return change(name, given or {}, "a change")


LEVERAGE = other("mix.account.set-leverage", {**MARKET, "marginCoin": "USDT", "leverage": "20"})
TRANSFER = other("spot.wallet.transfer", {"fromType": "spot", "toType": "usdt_futures", "amount": "10", "coin": "USDT"})
CONVERT = other(
    "convert.trade",
    {
        "fromCoin": "USDT",
        "fromCoinSize": "10",
        "cnvtPrice": "1",
        "toCoin": "USDC",
        "toCoinSize": "10",
        "traceId": "t",
    },
)


NO_CONVERSIONS = answering({"dataList": [], "endId": ""})


def serve(desk: Any, answers: dict[str, httpx.Response]) -> list[str]:
    """Answer other paths from a table; the paths as they were asked."""
    asked: list[str] = []
    inner = desk.exchange._read

    def read(request: httpx.Request) -> httpx.Response:
        name = request.url.path.removeprefix("/api/v2/").replace("/", ".")
        asked.append(name)
        return answers.get(name) or inner(request)

    desk.exchange._read = read
    return asked


def test_an_accepted_order_is_placed_and_written_down(desk: Any) -> None:
    outcome = desk.execution.carry_out(desk.order())
    (entry,) = desk.journal.entries()
    assert (outcome.outcome, outcome.order_id) == ("placed", "1000")
    assert outcome.client_oid == entry.client_oid == desk.exchange.orders[0]["clientOid"]
    assert len(entry.client_oid) == 27
    assert entry.client_oid[0] == "b"
    assert json.loads(entry.body) == desk.exchange.sent[0]
    assert (entry.state, entry.order_id, entry.symbol) == ("placed", "1000", "BTCUSDT")


def test_the_journal_knows_before_the_exchange_does(desk: Any) -> None:
    seen: list[str] = []
    desk.exchange.at_request = lambda _: seen.append(desk.state)
    desk.execution.carry_out(desk.order())
    assert seen == ["sent"]


def test_a_change_goes_out_on_a_connection_of_its_own(desk: Any) -> None:
    fresh: list[Any] = []
    desk.exchange.at_request = lambda request: fresh.append(request.extensions.get("fresh"))
    desk.execution.carry_out(desk.order())
    assert fresh == [True]


def test_a_client_id_is_used_once(desk: Any) -> None:
    desk.execution.carry_out(desk.order(oid="mine"))
    with pytest.raises(UsageError, match="client id mine was used before"):
        desk.execution.carry_out(desk.order(oid="mine"))
    assert len(desk.exchange.sent) == 1


@pytest.mark.parametrize("oid", ["a" * 33, "a b", "a:b", "é", "a\n"])
def test_a_client_id_that_bitget_may_refuse_is_refused_here(oid: str, desk: Any) -> None:
    with pytest.raises(UsageError):
        desk.execution.carry_out(desk.order(oid=oid))
    assert not desk.journal.entries()


def test_a_mistake_in_the_request_is_no_entry(desk: Any) -> None:
    with pytest.raises(UsageError):
        desk.execution.carry_out(change(FUTURES_CANCEL_ORDER.name, {"nonsense": "1"}, "x"))
    assert not desk.journal.entries()


# Cancelling.


def test_a_cancelled_order_is_cancelled(desk: Any) -> None:
    standing(desk)
    outcome = desk.execution.carry_out(cancel())
    assert (outcome.outcome, desk.exchange.orders[0]["state"]) == ("cancelled", "canceled")


@pytest.mark.parametrize("code", ["43001", "40768", "22001", "43004", "25204"])
def test_cancelling_what_was_cancelled_is_cancelled(code: str, desk: Any) -> None:
    standing(desk)
    desk.exchange.orders[0]["state"] = "canceled"
    desk.exchange.fates = [Fate(None, answering(code=code))]
    outcome = desk.execution.carry_out(cancel())
    assert (outcome.outcome, outcome.state) == ("cancelled", "canceled")


@pytest.mark.parametrize("code", ["43001", "40768", "22001", "43004", "25204"])
def test_cancelling_what_was_filled_says_so(code: str, desk: Any) -> None:
    standing(desk)
    desk.exchange.orders[0]["state"] = "filled"
    desk.exchange.fates = [Fate(None, answering(code=code))]
    with pytest.raises(RejectedError, match="the order was filled before") as caught:
        desk.execution.carry_out(cancel())
    assert caught.value.code == code


def test_cancelling_what_never_was_is_refused_soon(desk: Any) -> None:
    before = desk.clock.ticks
    with pytest.raises(RejectedError, match="no such order"):
        desk.execution.carry_out(cancel("nobody"))
    assert desk.clock.ticks - before < 6


def test_a_cancel_without_an_answer_is_looked_up(desk: Any) -> None:
    standing(desk)
    desk.exchange.fates = [Fate(5.0, LOST, wait=10.0)]
    assert desk.execution.carry_out(cancel()).outcome == "cancelled"
    assert len(desk.exchange.sent) == 2


def test_a_cancel_that_never_arrived_is_not_cancelled_once_proven(desk: Any) -> None:
    standing(desk)
    desk.exchange.fates = [Fate(None, LOST)]
    with pytest.raises(NetworkError, match="not cancelled, proven: the order is still open"):
        desk.execution.carry_out(cancel())
    assert desk.exchange.orders[0]["state"] == "live"


def test_a_cancel_answered_for_another_order_is_in_doubt(desk: Any) -> None:
    standing(desk)
    cancel_1000 = change(FUTURES_CANCEL_ORDER.name, {**MARKET, "orderId": "1000"}, "cancel 1000")
    desk.exchange.fates = [Fate(0.0, answering({"orderId": "77", "clientOid": "x"}))]
    assert desk.execution.carry_out(cancel_1000).outcome == "cancelled"
    assert desk.exchange.asked


def test_a_cancel_answered_for_another_client_id_is_in_doubt(desk: Any) -> None:
    standing(desk)
    desk.exchange.fates = [Fate(None, answering({"orderId": "77", "clientOid": "stranger"}))]
    outcome = desk.execution.attempt(cancel())
    assert outcome.outcome == "not_placed"
    assert desk.exchange.orders[0]["state"] == "live"


# Replacing.


def test_a_replacement_is_known_by_its_new_id(desk: Any) -> None:
    standing(desk)
    outcome = desk.execution.carry_out(modify())
    assert (outcome.outcome, outcome.client_oid) == ("placed", "bnew")
    assert [order["state"] for order in desk.exchange.orders] == ["canceled", "live"]


def test_a_replacement_without_an_answer_tells_of_both_orders(desk: Any) -> None:
    standing(desk)
    desk.exchange.fates = [Fate(0.0, LOST)]
    outcome = desk.execution.carry_out(modify())
    assert (outcome.outcome, outcome.response["clientOid"]) == ("placed", "bnew")
    assert outcome.response["replaced"]["state"] == "canceled"


def test_a_replacement_that_never_arrived_leaves_the_old_order(desk: Any) -> None:
    standing(desk)
    desk.exchange.fates = [Fate(None, LOST)]
    outcome = desk.execution.attempt(modify())
    assert (outcome.outcome, outcome.response["replaced"]["state"]) == ("not_placed", "live")


@pytest.mark.parametrize("code", ["40768", "43001", "22001", "40109", "40819", "45057"])
def test_a_replacement_that_was_delivered_twice_stands(code: str, desk: Any) -> None:
    standing(desk)
    desk.exchange.lag = 1.5
    desk.exchange.fates = [Fate(0.0, answering(code=code))]
    outcome = desk.execution.carry_out(modify())
    assert (outcome.outcome, outcome.client_oid, outcome.order_id) == ("placed", "bnew", "1001")
    assert len(desk.exchange.sent) == 2  # the order, and its replacement once


@pytest.mark.parametrize("code", ["40768", "43001"])
def test_replacing_what_was_filled_says_so_soon(code: str, desk: Any) -> None:
    standing(desk)
    before = desk.clock.ticks
    desk.exchange.orders[0]["state"] = "filled"
    desk.exchange.fates = [Fate(None, answering(code=code))]
    with pytest.raises(RejectedError, match="the order was filled before") as caught:
        desk.execution.carry_out(modify())
    assert (caught.value.code, desk.state, desk.clock.ticks - before < 2) == (code, "rejected", True)


def test_replacing_what_was_cancelled_is_refused_once_no_new_order_can_come(desk: Any) -> None:
    standing(desk)
    before = desk.clock.ticks
    desk.exchange.orders[0]["state"] = "canceled"
    with pytest.raises(RejectedError) as caught:
        desk.execution.carry_out(modify())
    assert (caught.value.code, desk.state, desk.clock.ticks - before >= 32) == ("40768", "rejected", True)


def test_a_replacement_without_an_order_id_is_asked_for_it(desk: Any) -> None:
    standing(desk)
    desk.exchange.fates = [Fate(0.0, answering({"orderId": "", "clientOid": "bnew"}))]
    outcome = desk.execution.carry_out(modify())
    assert (outcome.outcome, outcome.order_id, desk.journal.find("bnew").order_id) == ("placed", "1001", "1001")


def test_a_replacement_whose_order_id_nobody_tells_is_placed_all_the_same(desk: Any) -> None:
    standing(desk)
    before = desk.clock.ticks
    desk.exchange.out_until = 1e9
    desk.exchange.fates = [Fate(0.0, answering({"orderId": "", "clientOid": "bnew"}))]
    outcome = desk.execution.carry_out(modify())
    assert (outcome.outcome, outcome.client_oid, desk.clock.ticks - before < 10) == ("placed", "bnew", True)


def exits_only() -> Change:
    given = {**MARKET, "orderId": "1000", "newPresetStopLossPrice": "50000"}
    return change(FUTURES_MODIFY_ORDER.name, given, "move the stop of 1000")


@pytest.mark.parametrize(("shown", "ended"), [("50000.0", "done"), ("45000", "not_placed"), ("", "not_placed")])
def test_exits_changed_in_place_are_looked_for_in_the_order_itself(shown: str, ended: str, desk: Any) -> None:
    standing(desk)
    desk.exchange.orders[0]["presetStopLossPrice"] = shown
    desk.exchange.fates = [Fate(None, LOST)]
    assert desk.execution.attempt(exits_only()).outcome == ended


@pytest.mark.parametrize("answered", [{"orderId": "77", "clientOid": "bexits"}, {"orderId": "77", "clientOid": "bold"}])
def test_an_answer_with_a_client_id_of_the_order_is_about_it_whatever_its_order_id(
    answered: dict[str, str], desk: Any
) -> None:
    standing(desk)
    desk.exchange.fates = [Fate(None, answering(answered))]
    change = exits_only()._replace(client_oid="bexits", order={"orderId": "1000", "clientOid": "bold"})
    outcome = desk.execution.carry_out(change)
    assert (outcome.outcome, outcome.order_id, desk.exchange.asked) == ("done", "77", [])


def test_exits_that_made_a_new_order_are_found_in_that_one(desk: Any) -> None:
    standing(desk)
    desk.exchange.orders[0]["state"] = "canceled"
    made = {**desk.exchange.orders[0], "orderId": "77", "clientOid": "bexits", "state": "live"}
    desk.exchange.orders.append({**made, "presetStopLossPrice": "50000"})
    desk.exchange.fates = [Fate(None, LOST)]
    outcome = desk.execution.carry_out(exits_only()._replace(client_oid="bexits"))
    assert (outcome.outcome, outcome.order_id) == ("done", "77")


# Settings, transfers, conversions.


@pytest.mark.parametrize("code", ["40814", "45054"])
def test_a_setting_that_is_so_already_is_done(code: str, desk: Any) -> None:
    serve(desk, {"mix.account.set-leverage": answering(code=code)})
    assert desk.execution.carry_out(LEVERAGE).outcome == "done"


def test_a_setting_in_doubt_stands_in_nobodys_way(desk: Any) -> None:
    serve(desk, {"mix.account.set-leverage": answering(code="45001")})
    with pytest.raises(UnknownError) as caught:
        desk.execution.carry_out(LEVERAGE)
    assert "harmless" in (caught.value.hint or "")
    assert desk.execution.carry_out(desk.order(), unattended=True).outcome == "placed"


def test_a_transfer_in_doubt_is_looked_up_by_its_id_and_sent_once(desk: Any) -> None:
    answers = {"spot.wallet.transfer": answering(code="45001")}
    asked = serve(desk, answers)

    def recorded(request: httpx.Request) -> None:
        if request.url.path.endswith("/wallet/transfer"):
            oid = json.loads(request.content)["clientOid"]
            record = {"clientOid": oid, "transferId": "9", "status": "Successful", "coin": "USDT"}
            answers["spot.account.transferRecords"] = answering([record])

    desk.exchange.at_request = recorded
    outcome = desk.execution.carry_out(TRANSFER)
    assert (outcome.outcome, outcome.order_id) == ("done", "9")
    assert asked.count("spot.wallet.transfer") == 1


@pytest.mark.parametrize("change", [TRANSFER, CONVERT], ids=["transfer", "convert"])
def test_money_on_the_move_is_never_sent_again(change: Change, desk: Any) -> None:
    asked = serve(desk, {change.row.name: answering(code="40008"), "convert.convert-record": NO_CONVERSIONS})
    with pytest.raises(BitgetError):
        desk.execution.carry_out(change)
    assert asked.count(change.row.name) == 1


def test_a_conversion_in_doubt_is_unknown_until_a_person_has_looked(desk: Any) -> None:
    answers = {"convert.trade": answering(code="45001"), "convert.convert-record": NO_CONVERSIONS}
    asked = serve(desk, answers)

    def out(_: httpx.Request) -> None:
        if "convert.trade" in asked:
            answers["convert.convert-record"] = httpx.Response(503, content=b"<html>")

    desk.exchange.at_request = out
    with pytest.raises(UnknownError):
        desk.execution.carry_out(CONVERT)
    (entry,) = desk.execution.unsettled()
    desk.execution.forget(entry.client_oid, done=True)
    assert not desk.execution.unsettled()


# Two exits in one call.


@pytest.mark.parametrize(("legs", "ended"), [(("-tp", "-sl"), "placed"), (("-tp",), "unknown"), (("-sl",), "unknown")])
def test_one_exit_of_two_does_not_speak_for_the_other(legs: tuple[str, ...], ended: str, desk: Any) -> None:
    words = {**MARKET, "marginCoin": "USDT", "holdSide": "buy"}
    levels = {"stopSurplusTriggerPrice": "70000", "stopLossTriggerPrice": "50000"}
    there = [{"orderId": str(n), "clientOid": f"bboth{leg}", "planStatus": "live"} for n, leg in enumerate(legs)]
    answers = {
        "mix.order.place-pos-tpsl": answering(code="45001"),
        "mix.order.orders-plan-pending": answering({"entrustedList": there, "endId": None}),
        "mix.order.orders-plan-history": answering({"entrustedList": [], "endId": None}),
    }
    serve(desk, answers)
    both = change("mix.order.place-pos-tpsl", {**words, **levels}, "both exits", client_oid="bboth")
    assert desk.execution.attempt(both).outcome == ended


# Orders of which Bitget keeps no client id.

EXIT = {
    "symbol": "BTCUSDT",
    "side": "sell",
    "orderType": "market",
    "force": "gtc",
    "size": "0.1",
    "triggerPrice": "50000",
    "tpslType": "tpsl",
}


def row(order_id: str, **more: str) -> dict[str, str]:
    shown = {"symbol": "BTCUSDT", "side": "sell", "size": "0.10", "triggerPrice": "50000.0", "status": "live"}
    return {"orderId": order_id, **shown, **more}


@pytest.mark.parametrize(
    ("after", "ended"),
    [
        ([row("1"), row("2")], "placed"),
        ([row("1"), row("2", side="buy")], "not_placed"),
        ([row("1")], "not_placed"),
        ([row("1"), row("2"), row("3")], "unknown"),
    ],
)
def test_without_a_client_id_the_one_new_order_is_ours(after: list[Any], ended: str, desk: Any) -> None:
    now = 1772452800000
    answers = {"spot.trade.place-order": answering(code="45001"), "spot.trade.history-orders": answering([])}
    lists = [[row("1")], after]
    inner = serve(desk, answers)

    def later(request: httpx.Request) -> None:
        if request.url.path.endswith("unfilled-orders"):
            listed = lists[0] if not inner.count("spot.trade.place-order") else lists[1]
            body = {"code": "00000", "requestTime": now + int(desk.clock.ticks - 1000) * 1000, "data": listed}
            answers["spot.trade.unfilled-orders"] = httpx.Response(200, content=json.dumps(body).encode())
            answers["spot.trade.history-orders"] = httpx.Response(
                200, content=json.dumps({**body, "data": []}).encode()
            )

    desk.exchange.at_request = later
    outcome = desk.execution.attempt(change("spot.trade.place-order", EXIT, "an exit"))
    assert outcome.outcome == ended
    assert outcome.order_id == ("2" if ended == "placed" else None)


# What stands in the way of the next one.


def unknown_order(desk: Any) -> None:
    desk.exchange.fates = [Fate(0.0, LOST)]
    desk.exchange.out_until = desk.clock.ticks + 100
    with pytest.raises(UnknownError):
        desk.execution.carry_out(desk.order(oid="bfirst"))
    desk.clock.sleep(100)


def test_a_person_is_told_of_an_unknown_outcome_and_may_go_on(desk: Any) -> None:
    unknown_order(desk)
    desk.said.clear()
    assert desk.execution.carry_out(desk.order()).outcome == "placed"
    assert "bfirst" in desk.said[0]
    assert "bitget order reconcile" in desk.said[0]


def test_a_program_is_refused_until_it_is_settled(desk: Any) -> None:
    unknown_order(desk)
    with pytest.raises(DeclinedError, match="bfirst"):
        desk.execution.carry_out(desk.order(), unattended=True)
    assert len(desk.exchange.orders) == 1
    desk.execution.reconcile()
    assert desk.execution.carry_out(desk.order(), unattended=True).outcome == "placed"


def test_a_program_may_say_that_it_knows(desk: Any) -> None:
    unknown_order(desk)
    assert desk.execution.carry_out(desk.order(), unattended=True, despite_unknown=True).outcome == "placed"


def test_cancelling_is_never_refused_for_an_unknown_outcome(desk: Any) -> None:
    standing(desk)
    unknown_order(desk)
    assert desk.execution.carry_out(cancel(), unattended=True).outcome == "cancelled"


def test_reconciling_a_settled_change_answers_from_the_journal(desk: Any) -> None:
    desk.execution.carry_out(desk.order(oid="mine"))
    asked = len(desk.exchange.asked)
    assert [outcome.outcome for outcome in desk.execution.reconcile("mine")] == ["placed"]
    assert len(desk.exchange.asked) == asked


def test_reconciling_an_id_nobody_knows_is_a_mistake(desk: Any) -> None:
    with pytest.raises(UsageError, match="knows no client id"):
        desk.execution.reconcile("nobody")


# Signals.


def stopping(desk: Any, *stops: BaseException, after: str) -> None:
    """Raise these one after another, at requests for paths that end so."""
    waiting = list(stops)

    def stop(request: httpx.Request) -> None:
        if waiting and request.url.path.endswith(after):
            raise waiting.pop(0)

    desk.exchange.at_request = stop


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), StoppedError(15), StoppedError(1)])
def test_a_signal_in_flight_leads_to_a_short_look(stop: BaseException, desk: Any) -> None:
    desk.exchange.orders.append(
        {"orderId": "5", "clientOid": "mine", "state": "filled", "cTime": str(desk.exchange.now()), "shows_at": 0}
    )
    stopping(desk, stop, after="place-order")
    before = desk.clock.ticks
    with pytest.raises(type(stop)):
        desk.execution.carry_out(desk.order(oid="mine"))
    assert desk.state == "placed"
    assert "placed" in desk.said[-1]
    assert desk.clock.ticks - before <= 5


@pytest.mark.parametrize(("stop", "seconds"), [(KeyboardInterrupt(), 5), (StoppedError(15), 2)])
def test_a_signal_in_flight_and_no_trace_is_unknown(stop: BaseException, seconds: int, desk: Any) -> None:
    stopping(desk, stop, after="place-order")
    before = desk.clock.ticks
    with pytest.raises(UnknownError, match="mine"):
        desk.execution.carry_out(desk.order(oid="mine"))
    assert desk.state == "unknown"
    assert desk.clock.ticks - before <= seconds


def test_a_second_signal_ends_the_look_at_once(desk: Any) -> None:
    def stop(_: httpx.Request) -> None:
        raise KeyboardInterrupt

    desk.exchange.at_request = stop
    with pytest.raises(UnknownError, match="mine"):
        desk.execution.carry_out(desk.order(oid="mine"))
    assert desk.state == "unknown"


def test_a_signal_before_anything_left_leaves_nothing_open(desk: Any) -> None:
    leave = desk.journal.mark_sent

    def stopped(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    desk.journal.mark_sent = stopped
    with pytest.raises(KeyboardInterrupt):
        desk.execution.carry_out(desk.order(oid="mine"))
    desk.journal.mark_sent = leave
    assert desk.state == "not_placed"
    assert not desk.exchange.sent


def test_with_stderr_gone_the_order_is_still_brought_to_its_end(desk: Any) -> None:
    def closed(_: str) -> None:
        raise BrokenPipeError

    desk.execution._resolver._tell = closed
    desk.exchange.fates = [Fate(0.0, LOST)]
    assert desk.execution.carry_out(desk.order()).outcome == "placed"
