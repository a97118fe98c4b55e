"""Conversions on the paper exchange: quotes that run out, single use, no tampering, and money that adds up."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from paper_account import PaperAccount

COINS = ("USDT", "BTC", "ETH", "USDC", "DOGE", "BGB")
WORDS = ("fromCoin", "fromCoinSize", "cnvtPrice", "toCoin", "toCoinSize", "traceId")


@pytest.fixture
def account() -> PaperAccount:
    return PaperAccount()


def quote(account: PaperAccount, source: str = "USDT", target: str = "BTC", **size: str) -> Any:
    return account.get("convert/quoted-price", fromCoin=source, toCoin=target, **(size or {"fromCoinSize": "100"}))


def trade(account: PaperAccount, named: dict[str, str], **other: str) -> Any:
    return account.post("convert/trade", **{name: named[name] for name in WORDS} | other)


def history(account: PaperAccount, path: str = "convert-record", **more: Any) -> Any:
    now = int(account.exchange.now().timestamp() * 1000)
    return account.get(f"convert/{path}", startTime=now - 80 * 86_400_000, endTime=now, **more)


def held(account: PaperAccount, coin: str) -> Decimal:
    return Decimal(account.get("spot/account/assets", coin=coin)[0]["available"])


def test_a_conversion_gives_and_takes_what_the_quote_says(account: PaperAccount) -> None:
    before = held(account, "USDT"), held(account, "BTC")
    named = quote(account)
    done = trade(account, named)
    assert (done["toCoin"], done["toCoinSize"], done["cnvtPrice"]) == ("BTC", named["toCoinSize"], named["cnvtPrice"])
    assert held(account, "USDT") == before[0] - 100
    assert held(account, "BTC") == before[1] + Decimal(named["toCoinSize"])
    (record,) = history(account)["dataList"]
    assert {name: record[name] for name in WORDS[:5]} == {name: named[name] for name in WORDS[:5]}
    assert record["ts"] == done["ts"]


def test_a_conversion_is_booked_twice_as_one(account: PaperAccount) -> None:
    named = quote(account)
    trade(account, named)
    bills = account.get("spot/account/bills", groupType="convert")
    assert [(bill["businessType"], bill["coin"], bill["size"]) for bill in bills] == [
        ("CONVERT_IN", "BTC", named["toCoinSize"]),
        ("CONVERT_OUT", "USDT", "-100"),
    ]


@pytest.mark.parametrize("source", COINS)
@pytest.mark.parametrize("target", COINS)
def test_the_price_is_a_little_worse_than_the_market(account: PaperAccount, source: str, target: str) -> None:
    if source == target:
        return
    worth = {coin: Decimal(1) if coin == "USDT" else last(account, coin) for coin in COINS}
    size = str(round(1000 / worth[source], 8))
    named = quote(account, source, target, fromCoinSize=size)
    fair = Decimal(size) * worth[source] / worth[target]
    assert Decimal("0.99") * fair < Decimal(named["toCoinSize"]) < fair


def last(account: PaperAccount, coin: str) -> Decimal:
    return Decimal(account.get("spot/market/tickers", symbol=f"{coin}USDT")[0]["lastPr"])


def test_what_is_to_come_can_be_said_instead(account: PaperAccount) -> None:
    named = quote(account, toCoinSize="0.005")
    assert named["toCoinSize"] == "0.005"
    assert Decimal(named["fromCoinSize"]) * Decimal(named["cnvtPrice"]) >= Decimal("0.005")
    assert trade(account, named)["toCoinSize"] == "0.005"


@pytest.mark.parametrize(("seconds", "answer"), [(8, None), (8.001, "12021"), (9, "12021")])
def test_a_quote_holds_eight_seconds(account: PaperAccount, seconds: float, answer: str | None) -> None:
    named = quote(account)
    account.later(seconds=seconds)
    done = trade(account, named)
    assert (done if answer else None) == answer
    assert len(history(account)["dataList"]) == (0 if answer else 1)


def test_a_quote_is_good_for_one_conversion(account: PaperAccount) -> None:
    named = quote(account)
    trade(account, named)
    assert trade(account, named) == "12021"
    assert len(history(account)["dataList"]) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"fromCoinSize": "99"},
        {"toCoinSize": "1"},
        {"cnvtPrice": "1"},
        {"fromCoin": "USDC"},
        {"toCoin": "ETH"},
        {"traceId": "1"},
        {"traceId": "no number"},
        {"fromCoinSize": "100.0"},
    ],
)
def test_another_word_than_the_quotes_is_tampering(account: PaperAccount, other: dict[str, str]) -> None:
    assert trade(account, quote(account), **other) == "12022"
    assert history(account)["dataList"] == []


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"fromCoin": "NOSUCH", "toCoin": "BTC", "fromCoinSize": "5"}, "43131"),
        ({"fromCoin": "BTC", "toCoin": "NOSUCH", "fromCoinSize": "5"}, "43131"),
        ({"fromCoin": "BTC", "toCoin": "BTC", "fromCoinSize": "5"}, "40020"),
        ({"fromCoin": "USDT", "toCoin": "BTC"}, "40019"),
        ({"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "5", "toCoinSize": "1"}, "40020"),
        ({"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "0.5"}, "12006"),
        ({"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "50001"}, "12007"),
        ({"fromCoin": "USDT", "toCoin": "BTC", "toCoinSize": "9"}, "12007"),
        ({"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "5.000000001"}, "40808"),
        ({"fromCoin": "USDT", "toCoin": "BTC", "fromCoinSize": "-5"}, "40020"),
    ],
)
def test_what_cannot_be_quoted_is_refused(account: PaperAccount, asked: dict[str, str], code: str) -> None:
    assert account.get("convert/quoted-price", **asked) == code


def test_nobody_converts_what_is_not_there(account: PaperAccount) -> None:
    named = quote(account, "ETH", "USDT", fromCoinSize="1")
    assert trade(account, named) == "43012"
    assert held(account, "USDT") == 100_000


def test_old_quotes_are_forgotten(account: PaperAccount) -> None:
    first = quote(account)
    for _ in range(20):
        account.later(minutes=30)
        quote(account)
    connection = account.store.opened()
    assert connection
    ((kept,),) = connection.execute("SELECT count(*) FROM records WHERE kind = 'quote'")
    assert kept <= 3
    assert trade(account, first) == "12022"


def test_a_quote_is_known_to_every_process(home: Path) -> None:
    path = home / "paper.sqlite3"
    named = quote(PaperAccount(path))
    assert trade(PaperAccount.join(path), named)["toCoin"] == "BTC"
    assert trade(PaperAccount.join(path), named) == "12021"


def test_the_past_is_paged_and_needs_both_ends(account: PaperAccount) -> None:
    for _ in range(5):
        trade(account, quote(account))
        account.later(seconds=1)
    first = history(account, limit=3)
    rest = history(account, limit=3, idLessThan=first["endId"])
    assert [len(first["dataList"]), len(rest["dataList"])] == [3, 2]
    assert len({row["id"] for row in first["dataList"] + rest["dataList"]}) == 5
    assert account.get("convert/convert-record", startTime=1) == "40019"


def test_what_was_converted_long_ago_is_still_told(account: PaperAccount) -> None:
    trade(account, quote(account))
    began = int(account.exchange.now().timestamp() * 1000)
    account.later(days=400)
    found = account.get("convert/convert-record", startTime=began, endTime=began + 89 * 86_400_000)
    assert len(found["dataList"]) == 1


# Small balances.


def small(account: PaperAccount) -> PaperAccount:
    account.exchange.deposit("DOGE", Decimal(20))
    account.exchange.deposit("ETH", Decimal("0.001"))
    return account


def test_small_balances_become_bgb_less_a_fee(account: PaperAccount) -> None:
    rows = {row["coin"]: row for row in small(account).get("convert/bgb-convert-coin-list")["coinList"]}
    assert set(rows) == {"DOGE", "ETH"}
    assert Decimal(rows["DOGE"]["feeDetail"][0]["fee"]) > 0
    made = account.post("convert/bgb-convert", coinList=["DOGE", "ETH"])["orderList"]
    assert [order["coin"] for order in made] == ["DOGE", "ETH"]
    expected = sum(Decimal(row["bgbEstAmount"]) - Decimal(row["feeDetail"][0]["fee"]) for row in rows.values())
    assert held(account, "BGB") == expected
    assert held(account, "DOGE") == 0
    records = {row["orderId"]: row for row in history(account, "bgb-convert-records")}
    assert {records[order["orderId"]]["fromCoin"] for order in made} == {"DOGE", "ETH"}
    assert account.get("convert/bgb-convert-coin-list")["coinList"] == []


@pytest.mark.parametrize(("coins", "code"), [(["USDT"], "43131"), (["NOSUCH"], "43131"), ([], "40019")])
def test_only_small_balances_become_bgb(account: PaperAccount, coins: list[str], code: str) -> None:
    assert small(account).post("convert/bgb-convert", coinList=coins) == code


def test_of_several_small_balances_all_become_bgb_or_none(account: PaperAccount) -> None:
    assert small(account).post("convert/bgb-convert", coinList=["DOGE", "USDT"]) == "43131"
    assert held(account, "DOGE") == 20
    assert history(account, "bgb-convert-records") == []


# A law.

STEPS = st.lists(
    st.tuples(
        st.sampled_from(COINS),
        st.sampled_from(COINS),
        st.integers(1, 99_999_999),
        st.integers(-6, 3),
        st.booleans(),
        st.sampled_from((0, 3, 9)),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS, dust=st.booleans())
def test_whatever_is_converted_money_is_conserved_and_the_past_is_what_was_booked(
    steps: list[tuple[str, str, int, int, bool, int]], *, dust: bool
) -> None:
    account = small(PaperAccount())
    for source, target, digits, scale, comes, seconds in steps:
        size = format(Decimal(digits).scaleb(scale - 8), ".8f")
        named = quote(account, source, target, **{"toCoinSize" if comes else "fromCoinSize": size})
        account.later(seconds=seconds)
        if isinstance(named, dict):
            trade(account, named)
    if dust:
        account.post("convert/bgb-convert", coinList=["DOGE"])
    assert {parts["sum"] for parts in account.proof().values()} == {"0"}
    assert all(held(account, coin) >= 0 for coin in COINS)
    assert moved(account) == booked(account)


def moved(account: PaperAccount) -> dict[str, Decimal]:
    """What the lists of the past say each coin came to."""
    sums = dict.fromkeys(COINS, Decimal(0))
    for row in history(account, limit=100)["dataList"]:
        sums[row["fromCoin"]] -= Decimal(row["fromCoinSize"])
        sums[row["toCoin"]] += Decimal(row["toCoinSize"]) - Decimal(row["fee"])
    for row in history(account, "bgb-convert-records", limit=100):
        sums[row["fromCoin"]] -= Decimal(row["fromAmount"])
        sums[row["toCoin"]] += Decimal(row["toAmount"]) - Decimal(row["feeDetail"][0]["fee"])
    return sums


def booked(account: PaperAccount) -> dict[str, Decimal]:
    sums = dict.fromkeys(COINS, Decimal(0))
    for bill in account.get("spot/account/bills", groupType="convert"):
        sums[bill["coin"]] += Decimal(bill["size"]) + Decimal(bill["fees"])
    return sums
