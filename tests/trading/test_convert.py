"""What became of a conversion whose answer was lost: found by what was converted, proven absent, or unknown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from converter import BGB, LOST, RECORD, TRADE, Converter, Fate
from doubles import StillClock
from fake_exchange import client_of

from bitget_cli.catalogue.v2 import convert
from bitget_cli.errors import BitgetError
from bitget_cli.journal import Journal
from bitget_cli.trading.adapters.classic import account_requests
from bitget_cli.trading.adapters.classic.adapter import ClassicAdapter
from bitget_cli.trading.adapters.classic.changes import change, lookup_for, matches
from bitget_cli.trading.change import Change, ExpiredError, LookupKey, Outcome
from bitget_cli.trading.convert import conversion_request, quote
from bitget_cli.trading.execution import ExecutionClient

COINS = ["DOGE", "LTC"]


class Trader:
    def __init__(self, folder: Path, clock: StillClock) -> None:
        self.clock = clock
        self.exchange = Converter(clock)
        self.client = client_of(self.exchange)  # type: ignore[arg-type]  # any exchange with a clock
        self.journal = Journal(folder / "journal.sqlite3")
        self.execution = ExecutionClient(self.client, self.journal, clock, tell=lambda _: None, profile="live")

    @property
    def change(self) -> Change:
        wanted = conversion_request("USDT", "BTC", from_size="100", to_size=None)
        return account_requests.convert(quote(ClassicAdapter(self.client), self.clock, wanted))

    def convert(self, *fates: Fate) -> Outcome:
        self.exchange.fates = list(fates)
        return self.execution.attempt(self.change)

    def dust(self, *fates: Fate) -> Outcome:
        self.exchange.fates = list(fates)
        return self.execution.attempt(account_requests.convert_small(COINS, what="dust"))

    @property
    def state(self) -> str:
        return self.journal.entries(limit=1)[0].state.value


@pytest.fixture
def trader(home: Path, clock: StillClock) -> Iterator[Trader]:
    one = Trader(home, clock)
    yield one
    one.journal.close()


IN_DOUBT = {
    "lost": LOST,
    "reset": httpx.ReadError("x"),
    "502": httpx.Response(502, content=b"<html>"),
    "ambiguous": httpx.Response(400, content=b'{"code":"45001","msg":"x","data":null}'),
    "unknown code": httpx.Response(400, content=b'{"code":"98765","msg":"x","data":null}'),
    "success of nothing": httpx.Response(200, content=b'{"code":"00000","data":null}'),
    "success of another coin": httpx.Response(
        200, content=b'{"code":"00000","data":{"toCoin":"ETH","toCoinSize":"1"}}'
    ),
    **{
        f"success of {size}": httpx.Response(
            200, content=b'{"code":"00000","data":{"toCoin":"BTC","toCoinSize":%s}}' % size.encode()
        )
        for size in ('"0"', '"-1"', '"x"', "true")
    },
    "success of no list": httpx.Response(200, content=b'{"code":"00000","data":{"orderList":true}}'),
}
parametrized = pytest.mark.parametrize("fault", IN_DOUBT)


@parametrized
def test_a_conversion_that_arrived_is_found(trader: Trader, fault: str) -> None:
    outcome = trader.convert(Fate(1, IN_DOUBT[fault]))
    assert (outcome.outcome, outcome.order_id, trader.state) == ("done", "700", "done")
    assert outcome.response["toCoinSize"] == "0.00199"
    assert len(trader.exchange.sent) == 1


@parametrized
def test_a_conversion_that_never_arrived_is_not_done_once_that_is_proven(trader: Trader, fault: str) -> None:
    before = trader.clock.ticks
    outcome = trader.convert(Fate(0, IN_DOUBT[fault]))
    assert (outcome.outcome, trader.state) == ("not_placed", "not_placed")
    assert outcome.error
    assert outcome.error.exit_status == 6
    assert trader.clock.ticks - before >= 32
    assert len(trader.exchange.sent) == 1


@parametrized
def test_several_like_it_leave_it_unknown(trader: Trader, fault: str) -> None:
    outcome = trader.convert(Fate(2, IN_DOUBT[fault]))
    assert (outcome.outcome, trader.state) == ("unknown", "unknown")
    assert outcome.error
    assert outcome.error.exit_status == 7
    assert len(trader.exchange.sent) == 1


@parametrized
def test_without_answers_to_questions_it_is_unknown_until_it_is_reconciled(trader: Trader, fault: str) -> None:
    trader.exchange.out = True
    outcome = trader.convert(Fate(1, IN_DOUBT[fault]))
    assert outcome.outcome == "unknown"
    trader.exchange.out = False
    trader.clock.sleep(86_400)
    assert [found.outcome for found in trader.execution.reconcile(outcome.client_oid)] == ["done"]


def test_one_like_it_from_just_before_is_not_taken_for_it(trader: Trader) -> None:
    trader.exchange.did()
    assert trader.convert(Fate(0, LOST)).outcome == "not_placed"


def test_one_like_it_from_just_before_does_not_hide_it(trader: Trader) -> None:
    trader.exchange.did()
    outcome = trader.convert(Fate(1, LOST))
    assert (outcome.outcome, outcome.order_id) == ("done", "701")


def test_one_like_it_from_long_after_is_another(trader: Trader) -> None:
    trader.exchange.out = True
    outcome = trader.convert(Fate(0, LOST))
    trader.exchange.out = False
    trader.clock.sleep(3600)
    trader.exchange.did()
    assert [found.outcome for found in trader.execution.reconcile(outcome.client_oid)] == ["not_placed"]


@pytest.mark.parametrize(
    "shown",
    [{"cnvtPrice": "0.00001990"}, {"cnvtPrice": "0.00002"}, {"fromCoinSize": 100}, {"toCoinSize": "0.00199000"}],
)
def test_the_record_may_spell_and_round_as_it_likes(trader: Trader, shown: dict[str, Any]) -> None:
    trader.exchange.shown = shown
    assert trader.convert(Fate(1, LOST)).outcome == "done"


@pytest.mark.parametrize("shown", [{"toCoinSize": "0.0019"}, {"fromCoinSize": "99"}, {"cnvtPrice": "0.000021"}])
def test_the_same_coins_with_other_numbers_are_neither_it_nor_its_absence(
    trader: Trader, shown: dict[str, Any]
) -> None:
    trader.exchange.shown = shown
    assert trader.convert(Fate(1, LOST)).outcome == "unknown"


def test_other_coins_do_not_stand_in_the_way_of_the_proof(trader: Trader) -> None:
    def elsewhere(*_: Any) -> httpx.Response:
        trader.exchange.did(toCoin="ETH")
        raise LOST

    trader.exchange._change = elsewhere  # type: ignore[method-assign]  # the double's own door
    assert trader.execution.attempt(trader.change).outcome == "not_placed"


@pytest.mark.parametrize("skew", [29_000, -29_000])
def test_a_clock_that_is_wrong_does_not_hide_it(trader: Trader, skew: int) -> None:
    """What Bitget takes may be signed with a time half a minute from its own."""
    real = trader.exchange.now
    trader.exchange.now = lambda: real() + skew  # type: ignore[method-assign]
    assert trader.convert(Fate(1, LOST)).outcome == "done"


def test_the_record_is_asked_for_around_the_time_of_sending(trader: Trader) -> None:
    trader.convert(Fate(1, LOST))
    (entry,) = trader.journal.entries()
    before, after = [given for path, given in trader.exchange.asked if path == RECORD]
    assert entry.signed_at is not None
    assert int(before["endTime"]) - entry.signed_at <= 1_000
    assert int(after["startTime"]) < entry.signed_at - 30_000
    assert int(after["endTime"]) > entry.signed_at + 32_000


@pytest.mark.parametrize("wait", [7.5, 8.0, 9.0])
def test_an_expired_quote_never_leaves(trader: Trader, wait: float) -> None:
    change = trader.change
    trader.clock.sleep(wait)
    outcome = trader.execution.attempt(change)
    assert isinstance(outcome.error, ExpiredError)
    assert (outcome.outcome, trader.state, trader.exchange.sent) == ("not_placed", "not_placed", [])


def test_a_quote_leaves_as_long_as_it_holds(trader: Trader) -> None:
    change = trader.change
    trader.clock.sleep(7.4)
    assert trader.execution.attempt(change).outcome == "done"


@pytest.mark.parametrize("code", ["12017", "12006"])
def test_a_refusal_is_final(trader: Trader, code: str) -> None:
    outcome = trader.convert(Fate(0, trader.exchange.envelope(None, code=code)))
    assert (outcome.outcome, trader.state, len(trader.exchange.sent)) == ("rejected", "rejected", 1)
    assert trader.exchange.times_asked(RECORD) == 1


# Codes that a second delivery gets, and how long it takes until they are believed.
SECOND_ANSWERS = {"12021": 32, "12022": 32, "43012": 2, "12001": 2, "12008": 2, "429": 2}


@pytest.mark.parametrize("code", SECOND_ANSWERS)
def test_a_refusal_that_a_second_delivery_gets_is_believed_once_the_record_has_nothing(
    trader: Trader, code: str
) -> None:
    before = trader.clock.ticks
    outcome = trader.convert(Fate(0, trader.exchange.envelope(None, code=code)))
    assert (outcome.outcome, trader.state, len(trader.exchange.sent)) == ("rejected", "rejected", 1)
    assert outcome.error
    assert outcome.error.code == code
    assert SECOND_ANSWERS[code] <= trader.clock.ticks - before < SECOND_ANSWERS[code] + 4


@pytest.mark.parametrize("code", SECOND_ANSWERS)
def test_a_conversion_that_was_delivered_twice_is_done_once(trader: Trader, code: str) -> None:
    outcome = trader.convert(Fate(1, trader.exchange.envelope(None, code=code)))
    assert (outcome.outcome, outcome.order_id, trader.state) == ("done", "700", "done")
    assert len(trader.exchange.sent) == 1


def test_nothing_is_sent_where_the_past_cannot_be_seen(trader: Trader) -> None:
    change = trader.change
    trader.exchange._past = lambda *_: httpx.Response(503, content=b"<html>")  # type: ignore[method-assign]
    with pytest.raises(BitgetError):
        trader.execution.attempt(change)
    assert (trader.exchange.sent, trader.journal.entries()) == ([], ())


# Small balances.


@pytest.mark.parametrize(
    ("done", "ended"), [(1, "done"), (0, "not_placed"), (2, "unknown")], ids=["found", "absent", "several"]
)
def test_small_balances_are_looked_up_coin_by_coin(trader: Trader, done: int, ended: str) -> None:
    outcome = trader.dust(Fate(done, LOST))
    assert (outcome.outcome, trader.state) == (ended, ended)
    assert [path for path, _ in trader.exchange.sent] == [BGB]
    if ended == "done":
        assert [record["fromCoin"] for record in outcome.response["records"]] == ["LTC", "DOGE"]


def test_one_small_balance_of_two_does_not_speak_for_the_other(trader: Trader) -> None:
    def half(*_: Any) -> httpx.Response:
        trader.exchange._dust(["DOGE"])
        raise LOST

    trader.exchange._change = half  # type: ignore[method-assign]
    assert trader.dust().outcome == "unknown"


def test_an_answer_that_names_one_coin_of_two_is_looked_up(trader: Trader) -> None:
    partly = trader.exchange.envelope({"orderList": [{"coin": "DOGE", "orderId": "1"}]})
    outcome = trader.dust(Fate(1, partly))
    assert outcome.outcome == "done"
    assert "records" in outcome.response


def test_a_small_balance_the_exchange_could_not_turn_is_rejected(trader: Trader) -> None:
    note = trader.exchange._note
    trader.exchange._note = lambda row: note(row | {"status": "fail"})  # type: ignore[method-assign]
    outcome = trader.dust(Fate(1, LOST))
    assert (outcome.outcome, outcome.error and outcome.error.exit_status) == ("rejected", 5)


# The trail.


def test_a_trail_is_read_back_as_it_was_written() -> None:
    given = {"fromCoin": "USDT", "fromCoinSize": "1", "toCoin": "BTC", "toCoinSize": "2", "cnvtPrice": "3"}
    lookup = lookup_for(change(convert.CONVERT_TRADE.name, {}, "x").row, given | {"traceId": "9"})
    trail = LookupKey(lookup, before=("1",))
    assert trail.lookup.parts == (given,)
    assert LookupKey.from_text(trail.to_text()) == trail


def test_a_trail_from_before_there_were_parts_is_read() -> None:
    whole = json.loads(LookupKey().to_text())
    del whole["parts"]
    assert LookupKey.from_text(json.dumps(whole)) == LookupKey()


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        ("0.00052268", True),
        ("0.0005226794534969", True),
        ("0.00052267", True),
        ("0.00052269", False),
        ("1", False),
        ("NaN", False),
        ("1E9999", False),
        ("1E-9999", False),
    ],
)
def test_a_price_may_be_shown_with_fewer_decimals(shown: str, *, same: bool) -> None:
    assert matches({"cnvtPrice": shown}, {"cnvtPrice": "0.0005226794534969"}) is same


def test_the_conversion_is_sent_to_its_path(trader: Trader) -> None:
    trader.convert()
    assert [path for path, _ in trader.exchange.sent] == [TRADE]


@pytest.mark.parametrize("skew", [5_000, 29_000, -29_000])
def test_one_like_it_from_just_before_is_not_taken_for_it_though_our_clock_is_wrong(trader: Trader, skew: int) -> None:
    real = trader.exchange.now
    trader.exchange.now = lambda: real() + skew  # type: ignore[method-assign]
    trader.exchange.did()
    # With an exchange half a minute behind us the proof takes longer than our patience.
    assert trader.convert(Fate(0, LOST)).outcome == ("not_placed" if skew > 0 else "unknown")


@pytest.mark.parametrize("arrives", [0, 1])
def test_one_like_it_of_another_process_is_not_taken_for_it(trader: Trader, arrives: int) -> None:
    elsewhere = Journal(trader.journal.path)
    other = ExecutionClient(trader.client, elsewhere, trader.clock, tell=lambda _: None, profile="live")
    past, changes = trader.exchange._past, [trader.change, trader.change]

    def meanwhile(*given: Any) -> httpx.Response:
        if len(changes) == 1 and trader.exchange.sent:
            assert other.attempt(changes.pop()).outcome == "done"
        return past(*given)

    trader.exchange._past = meanwhile  # type: ignore[method-assign]
    trader.exchange.fates = [Fate(arrives, LOST)]
    outcome = trader.execution.attempt(changes.pop())
    assert outcome.outcome == "unknown"
    assert len(trader.exchange.sent) == 2
    elsewhere.close()


def test_one_like_it_that_was_done_before_does_not_hide_it(trader: Trader) -> None:
    assert trader.convert().outcome == "done"
    trader.clock.sleep(2)
    outcome = trader.convert(Fate(1, LOST))
    assert (outcome.outcome, outcome.order_id) == ("done", "701")


def test_another_conversion_of_these_coins_that_the_journal_knows_is_no_doubt(trader: Trader) -> None:
    trader.exchange.out = True
    unknown = trader.convert(Fate(0, LOST))
    assert unknown.outcome == "unknown"
    trader.exchange.out = False
    # As if the next had been sent right afterwards.
    trader.clock.moment -= timedelta(seconds=40)
    trader.exchange.quoted = {"toCoinSize": "0.00198", "cnvtPrice": "0.0000198"}
    assert trader.convert().outcome == "done"
    trader.clock.sleep(600)
    assert [found.outcome for found in trader.execution.reconcile(unknown.client_oid)] == ["not_placed"]
