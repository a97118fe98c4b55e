"""The tax records on paper: every booking once, in Bitget's words, adding up to the balances to the last digit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import strategies as st
from paper_account import NOON, PaperAccount
from paper_year import FIRST, Customer, balances, kept, recorded, traded_for_a_month, traded_for_a_year
from rules import law

Sums = dict[tuple[str, str], Decimal]
LINES = ("USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES")
DAY = 86_400_000
NOW = int(NOON.timestamp() * 1000)
MONTH = {"startTime": NOW - 30 * DAY, "endTime": NOW}


def everything(account: PaperAccount, begin: datetime) -> Iterator[tuple[str, str, Any]]:
    """Account, coin and record of every booking the tax calls tell of; those of p2p, that have no amount, aside."""
    end = account.exchange.now() + timedelta(milliseconds=1)
    for record in recorded(account, "spot-record", begin, end):
        yield "spot", record["coin"], record
    for line in LINES:
        for record in recorded(account, "future-record", begin, end, productType=line):
            yield line.lower().replace("-", "_"), record["marginCoin"], record
    for record in recorded(account, "margin-record", begin, end):
        yield "crossed_margin", record["coin"], record
    for record in recorded(account, "margin-record", begin, end, marginType="isolated"):
        yield f"isolated_margin/{record['symbol']}", record["coin"], record


def added(records: Iterable[tuple[str, str, Any]]) -> Sums:
    sums: Sums = {}
    for owner, coin, record in records:
        sums[owner, coin] = sums.get((owner, coin), Decimal(0)) + Decimal(record["amount"]) + Decimal(record["fee"])
    return sums


def check(account: PaperAccount, begin: datetime) -> None:
    records = list(everything(account, begin))
    p2p = list(recorded(account, "p2p-record", begin, account.exchange.now() + timedelta(milliseconds=1)))
    bills = kept(account, "bill")
    assert sorted([record["id"] for _, _, record in records] + [row["id"] for row in p2p]) == sorted(
        str(bill["id"]) for bill in bills
    )
    booked = added((bill["product"], bill["coin"], bill) for bill in bills if bill["product"] != "p2p")
    held = {key: amount for key, amount in balances(account).items() if key[0] != "p2p"}
    assert added(records) == booked
    assert booked == {key: amount for key, amount in held.items() if key in booked}
    assert not any(amount for key, amount in held.items() if key not in booked)
    for coin in {row["coin"] for row in p2p}:
        newest = next(row for row in p2p if row["coin"] == coin)
        assert Decimal(newest["balance"]) == balances(account)["p2p", coin]


@law(few=5, many=12, seed=st.integers(0, 10**6), leverage=st.sampled_from(("5", "50", "100")))
def test_records_are_the_bills_and_add_up_to_the_balances_whatever_happened(seed: int, leverage: str) -> None:
    account = PaperAccount(seed=1 + seed % 3)
    Customer(account, seed, leverage=leverage).live(steps=30, hours=40)
    check(account, NOON)


@pytest.fixture(scope="module", params=["month", pytest.param("year", marks=pytest.mark.slow)])
def long(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PaperAccount:
    if request.param == "month":
        return traded_for_a_month()
    return traded_for_a_year(tmp_path_factory.mktemp("year") / "paper.sqlite3")


def test_records_of_a_long_time_add_up_too(long: PaperAccount) -> None:
    check(long, FIRST)


def test_a_long_time_has_funding_at_every_slot_and_many_kinds_of_booking(long: PaperAccount) -> None:
    kinds = Counter(bill["business"] for bill in kept(long, "bill"))
    assert kinds["contract_settle_fee"] > 3 * 0.9 * (long.exchange.now() - FIRST).days
    assert {"DEPOSIT", "WITHDRAW", "BUY", "SELL", "TRANSFER_IN", "TRANSFER_OUT", "buy", "sell"} <= set(kinds)
    words = Counter(record["spotTaxType"] for record in recorded(long, "spot-record", FIRST, long.exchange.now()))
    assert set(words) == {
        *("Deposit", "Withdrawal", "Withdrawal unfreeze", "Buy", "Sell", "Transfer in", "Transfer out"),
        *("Exchange income", "Exchange spending"),
    }


def test_a_balance_is_told_after_every_booking(long: PaperAccount) -> None:
    end = long.exchange.now()
    records = list(recorded(long, "spot-record", end - timedelta(days=30), end, coin="USDT"))
    assert len(records) > 10
    for newer, older in pairwise(records):
        moved = Decimal(newer["amount"]) + Decimal(newer["fee"])
        assert Decimal(newer["balance"]) == Decimal(older["balance"]) + moved


def test_both_legs_of_a_spot_trade_name_its_order() -> None:
    account = PaperAccount()
    order = account.spot("buy", "500")
    records = account.get("tax/spot-record", **MONTH)
    legs = [record for record in records if record["spotTaxType"] == "Buy"]
    assert {record["bizOrderId"] for record in legs} == {order["orderId"]}
    assert {(record["coin"], Decimal(record["amount"]) > 0) for record in legs} == {("BTC", True), ("USDT", False)}


def test_futures_speak_in_bitgets_words() -> None:
    account = PaperAccount().fund("1000")
    account.post("mix/account/set-position-mode", productType="USDT-FUTURES", posMode="hedge_mode")
    account.order("buy", "0.01", tradeSide="open")
    account.order("buy", "0.01", tradeSide="close")
    account.post("spot/wallet/transfer", fromType="usdt_futures", toType="spot", amount="10", coin="USDT")
    words = [record["futureTaxType"] for record in account.get("tax/future-record", **MONTH)]
    assert words == ["transfer_out", "close_long", "open_long", "transfer_in"]
    assert account.get("tax/future-record", productType="usdc-futures", **MONTH) == []
    assert account.get("tax/future-record", marginCoin="BTC", **MONTH) == []


def test_a_cancelled_withdrawal_comes_back() -> None:
    account = PaperAccount()
    sent = account.post("spot/wallet/withdrawal", coin="USDT", size="50", transferType="on_chain", address="T1")
    account.post("spot/wallet/cancel-withdrawal", orderId=sent["orderId"])
    back, out = account.get("tax/spot-record", coin="USDT", **MONTH)[:2]
    assert (out["spotTaxType"], back["spotTaxType"]) == ("Withdrawal", "Withdrawal unfreeze")
    assert Decimal(out["amount"]) + Decimal(back["amount"]) == Decimal(out["fee"]) + Decimal(back["fee"]) == 0


@pytest.mark.parametrize("path", ["spot-record", "future-record", "margin-record", "p2p-record"])
@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"endTime": NOW}, "40019"),
        ({"startTime": NOW}, "40019"),
        ({"startTime": NOW, "endTime": NOW - 1}, "40707"),
        ({"startTime": NOW - 30 * DAY - 1, "endTime": NOW}, "00001"),
        ({**MONTH, "limit": "501"}, "40053"),
        ({**MONTH, "limit": "0"}, "40053"),
    ],
)
def test_what_bitget_refuses_is_refused(path: str, given_: dict[str, Any], code: str) -> None:
    assert PaperAccount().get(f"tax/{path}", **given_) == code


def test_pages_go_back_from_an_id() -> None:
    account = PaperAccount()
    for _ in range(5):
        account.spot("buy", "100")
    first = account.get("tax/spot-record", limit="4", **MONTH)
    second = account.get("tax/spot-record", limit="4", idLessThan=first[-1]["id"], **MONTH)
    whole = account.get("tax/spot-record", **MONTH)
    assert first + second == whole[:8]
    assert [int(row["id"]) for row in whole] == sorted((int(row["id"]) for row in whole), reverse=True)


def test_a_record_of_long_ago_can_be_asked_for() -> None:
    account = PaperAccount()
    account.spot("buy", "100")
    account.later(days=400)
    assert len(account.get("tax/spot-record", **MONTH)) == 5
