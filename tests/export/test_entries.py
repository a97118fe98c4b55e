"""From bookings to a tracker's rows: nothing is lost, nothing is rounded, every type has its words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import strategies as st
from rules import law

from bitget_cli.export.bookings import EXACT, Booking, age, booking
from bitget_cli.export.formats import HEADERS, Format, rows
from bitget_cli.export.sources import CLASSIC, UNIFIED, RecordSource
from bitget_cli.export.transaction_types import UNLISTED, WORDS, TaxMeaning, transaction_type, types

TS = "1767223000000"
BY_ACCOUNT = {source.account: source for source in CLASSIC}
# What Koinly's and CoinTracking's pages list.
KOINLY = {
    *("", "reward", "airdrop", "cashback", "income", "lending interest", "fee refund", "realized gain", "margin loan"),
    *("loan repayment", "cost", "margin fee", "lost", "Add to Pool", "Remove from Pool"),
}
COINTRACKING = {
    *("Trade", "Deposit", "Income", "Reward / Bonus", "Airdrop", "Interest Income", "Derivatives / Futures Profit"),
    *("Receive Loan", "Other Income", "Withdrawal", "Spend", "Lost", "Borrowing Fee", "Margin Fee", "Other Fee"),
    *("Derivatives / Futures Loss", "Other Expense", "Repay Loan"),
}


def spot(ident: int, type_: str, coin: str, amount: str, fee: str = "0", **more: str) -> Booking:
    row = {"id": str(ident), "coin": coin, "spotTaxType": type_, "amount": amount, "fee": fee, "ts": TS, **more}
    return booking(BY_ACCOUNT["spot"], row)


def sums(made: Sequence[Sequence[str]], form: Format) -> dict[str, Decimal]:
    """Per coin what a file says came in, less what went out and the fee beside it."""
    head = HEADERS[form]
    if form is Format.KOINLY:
        pairs = [("Received Amount", "Received Currency", 1), ("Sent Amount", "Sent Currency", -1)]
        pairs.append(("Fee Amount", "Fee Currency", -1))
    else:
        pairs = [("Buy Amount", "Buy Currency", 1), ("Sell Amount", "Sell Currency", -1), ("Fee", "Fee Currency", -1)]
    found: dict[str, Decimal] = {}
    for row in made:
        cells = dict(zip(head, row, strict=True))
        for amount, coin, sign in pairs:
            if cells[amount]:
                moved = EXACT.multiply(Decimal(sign), Decimal(cells[amount]))
                found[cells[coin]] = EXACT.add(found.get(cells[coin], Decimal(0)), moved)
    return {coin: whole for coin, whole in found.items() if whole}


def booked(bookings: Sequence[Booking]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for one in bookings:
        moved = EXACT.add(one.amount or Decimal(0), one.fee)
        found[one.coin] = EXACT.add(found.get(one.coin, Decimal(0)), moved)
    return {coin: whole for coin, whole in found.items() if whole}


digits = st.from_regex(r"\A[0-9]{1,25}(\.[0-9]{1,25})?\Z")
numbers = st.one_of(st.sampled_from(["0", "0.00", "-0", "1e-8"]), digits, digits.map("-{}".format))


@st.composite
def bookings(draw: st.DrawFn) -> Booking:
    source: RecordSource = draw(st.sampled_from([*CLASSIC, *UNIFIED]))
    type_ = draw(
        st.sampled_from([*types()[source.type_list], "brand new", ""])
        | st.sampled_from(["Buy", "Sell", "deal_in", "deal_out"])
    )
    row = {
        "id": str(draw(st.integers(1, 10**18))),
        "ts": str(draw(st.sampled_from([1767223000000, 1767223000001]))),
        "symbol": draw(st.sampled_from(["", "BTCUSDT"])),
        "bizOrderId": draw(st.sampled_from(["", "7", "8"])),
        source.type_field: type_,
        source.coin_field: draw(st.sampled_from(["BTC", "USDT", "ETH"])),
        "amount": draw(numbers | st.just("n/a")),
        "fee": draw(numbers | st.just("")),
    }
    return booking(source, row)


@pytest.mark.parametrize("form", [Format.KOINLY, Format.COINTRACKING])
@law(few=20, many=200, made=st.lists(bookings(), max_size=6))
def test_for_each_coin_the_file_adds_up_to_the_bookings_to_the_last_digit(form: Format, made: list[Booking]) -> None:
    written = list(rows(sorted(made, key=age), form))
    assert sums(written, form) == booked(made)
    money = {"Sent Amount", "Received Amount", "Fee Amount", "Buy Amount", "Sell Amount", "Fee"}
    for row in written:
        cells = dict(zip(HEADERS[form], row, strict=True))
        assert all(re.fullmatch(r"|[0-9]+(\.[0-9]+)?", cells[name]) for name in money & cells.keys())


@law(few=20, many=200, made=st.lists(bookings(), max_size=6))
def test_our_own_form_has_every_booking_with_its_texts_as_they_came(made: list[Booking]) -> None:
    written = [dict(zip(HEADERS[Format.GENERIC], row, strict=True)) for row in rows(made, Format.GENERIC)]
    assert [(row["id"], row["amount"], row["fee"], row["type"]) for row in written] == [
        (one.id, one.amount_text, one.fee_text, one.type) for one in made
    ]


@pytest.mark.parametrize("form", [Format.KOINLY, Format.COINTRACKING])
@law(few=20, many=200, made=st.lists(bookings(), max_size=6))
def test_no_two_rows_of_a_file_share_an_id_unless_their_bookings_do(form: Format, made: list[Booking]) -> None:
    once = {(one.source.account, one.id): one for one in made}
    written = rows(sorted(once.values(), key=age), form)
    ids = Counter(row[-1] or row[-2].rpartition("; ")[2] for row in written)
    assert max(ids.values(), default=1) == 1


BUY = [spot(1, "Buy", "USDT", "-917.8", bizOrderId="9"), spot(2, "Buy", "BTC", "0.0105", "-0.0000105", bizOrderId="9")]


def test_the_two_bookings_of_a_trade_are_one_row() -> None:
    (koinly,), (cointracking,) = rows(BUY, Format.KOINLY), rows(BUY, Format.COINTRACKING)
    moment = "2025-12-31 23:16:40"
    assert koinly[:7] == (f"{moment} UTC", "917.8", "USDT", "0.0105", "BTC", "0.0000105", "BTC")
    assert cointracking[:5] == ("Trade", "0.0104895", "BTC", "917.8", "USDT")
    assert cointracking[10] == moment
    assert "fee 0.0000105 BTC is in it" in cointracking[9]


def test_several_fills_of_one_order_in_one_millisecond_are_one_trade() -> None:
    more = [spot(3, "Buy", "USDT", "-1", bizOrderId="9"), spot(4, "Buy", "BTC", "0.0001", bizOrderId="9")]
    (row,) = rows([*BUY, *more], Format.KOINLY)
    assert row[1:5] == ("918.8", "USDT", "0.0106", "BTC")


@pytest.mark.parametrize(
    "made",
    [
        BUY[:1],
        [BUY[0], BUY[1]._replace(order_id="10")],
        [BUY[0], BUY[1]._replace(ts=1)],
        [BUY[0], BUY[1]._replace(coin="USDT")],
        [*BUY, spot(5, "Buy", "ETH", "1", bizOrderId="9")],
        [BUY[0], BUY[1]._replace(source=BY_ACCOUNT["usdt-futures"])],
    ],
    ids=["one side only", "two orders", "two moments", "one coin", "three coins", "two accounts"],
)
def test_what_is_not_plainly_one_trade_is_not_joined(made: list[Booking]) -> None:
    assert not any(row[1] and row[3] for row in rows(made, Format.KOINLY))


def test_the_two_ends_of_a_transfer_have_no_hash_that_would_part_them() -> None:
    out = spot(1, "Transfer out", "USDT", "-5")
    row = {"id": "2", "ts": TS, "futureTaxType": "transfer_in", "marginCoin": "USDT", "amount": "5", "fee": "0"}
    ends = [*rows([out], Format.KOINLY), *rows([booking(BY_ACCOUNT["usdt-futures"], row)], Format.KOINLY)]
    assert [end[11] for end in ends] == ["", ""]
    assert [end[10].rpartition("; ")[2] for end in ends] == ["spot-1", "usdt-futures-2"]


def test_every_type_of_the_official_lists_has_a_row() -> None:
    assert {stream: len(names) for stream, names in types().items()} == {
        "spot": 80,
        "futures": 29,
        "margin": 12,
        "p2p": 4,
        "unified": 90,
    }
    for stream, names in types().items():
        assert all(transaction_type(stream, name.swapcase()) is not UNLISTED for name in names)


def test_every_word_is_one_of_the_trackers_own() -> None:
    assert {*WORDS} == {*TaxMeaning}
    assert {word for words in WORDS.values() for word in words[:2]} <= KOINLY
    assert {word for words in WORDS.values() for word in words[2:]} <= COINTRACKING


@pytest.mark.parametrize(
    ("account", "type_", "amount", "koinly", "cointracking"),
    [
        ("spot", "Deposit", "5", "", "Deposit"),
        ("spot", "Withdrawal", "-5", "", "Withdrawal"),
        ("spot", "Airdrop Reward-A", "5", "airdrop", "Airdrop"),
        ("spot", "Rebate rewards", "5", "cashback", "Reward / Bonus"),
        ("spot", "Fast withdrawal fee", "-5", "cost", "Other Fee"),
        ("usdt-futures", "close_long", "5", "realized gain", "Derivatives / Futures Profit"),
        ("usdt-futures", "CLOSE_LONG", "-5", "realized gain", "Derivatives / Futures Loss"),
        ("coin-futures", "contract_settle_fee", "-5", "realized gain", "Derivatives / Futures Loss"),
        ("crossed-margin", "borrow", "5", "margin loan", "Receive Loan"),
        ("isolated-margin", "interest_repay", "-5", "margin fee", "Borrowing Fee"),
        ("spot", "Subscribe", "-5", "Add to Pool", "Withdrawal"),
        ("spot", "Redemption", "5", "Remove from Pool", "Deposit"),
        ("spot", "brand new", "-5", "", "Withdrawal"),
    ],
)
def test_a_booking_is_called_what_the_trackers_call_it(
    account: str, type_: str, amount: str, koinly: str, cointracking: str
) -> None:
    source = BY_ACCOUNT[account]
    row = {"id": "1", "ts": TS, source.type_field: type_, source.coin_field: "USDT", "amount": amount, "fee": "0"}
    (first,), (second,) = (list(rows([booking(source, row)], form)) for form in (Format.KOINLY, Format.COINTRACKING))
    assert (first[9], second[0]) == (koinly, cointracking)


def test_a_p2p_booking_is_kept_without_an_amount_and_says_so() -> None:
    row = {"id": "1", "coin": "USDT", "p2pTaxType": "transfer_in", "balance": "326.5", "ts": TS}
    (koinly,) = rows([booking(BY_ACCOUNT["p2p"], row)], Format.KOINLY)
    assert koinly[1:7] == ("", "", "", "", "", "")
    assert "balance afterwards 326.5 USDT" in koinly[10]


@pytest.mark.parametrize("type_", ["brand new", ""])
def test_an_unknown_type_is_kept_and_marked(type_: str) -> None:
    (row,) = rows([spot(1, type_, "USDT", "-5")], Format.KOINLY)
    assert row[1:3] == ("5", "USDT")
    assert "please classify" in row[10]
