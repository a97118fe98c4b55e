"""The year's tax records as anybody can ask for them: by the endpoint's name, any range, summed against the ledger."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from doubles import Bitget
from paper_account import PaperAccount
from paper_year import FIRST, LAST, balances, kept

RANGE = f"--since {FIRST:%Y-%m-%d} --until {LAST:%Y-%m-%d}T00:01"


@pytest.mark.parametrize(
    ("call", "account", "coin"),
    [
        ("tax.spot-record", "spot", "coin"),
        ("tax.future-record productType=USDT-FUTURES", "usdt_futures", "marginCoin"),
        ("tax.future-record productType=USDC-FUTURES", "usdc_futures", "marginCoin"),
        ("tax.future-record productType=COIN-FUTURES", "coin_futures", "marginCoin"),
        ("tax.margin-record", "crossed_margin", "coin"),
        ("tax.margin-record marginType=isolated", "isolated_margin/BTCUSDT", "coin"),
    ],
)
def test_a_years_records_are_the_bills_and_the_balances(
    call: str, account: str, coin: str, paper: Bitget, ledger: PaperAccount
) -> None:
    ran = paper(f"-p paper api {call} {RANGE} --json")
    assert ran.status == 0, ran.err
    bills = [bill for bill in kept(ledger, "bill") if bill["product"] == account]
    assert [record["id"] for record in ran.json] == [str(bill["id"]) for bill in reversed(bills)]
    held = {name: amount for (owner, name), amount in balances(ledger).items() if owner == account}
    assert sums(ran.json, coin) == sums(bills, "coin") == held


def test_p2p_records_end_with_what_is_there(paper: Bitget, ledger: PaperAccount) -> None:
    records = paper(f"-p paper api tax.p2p-record {RANGE} --json").json
    assert Decimal(records[0]["balance"]) == balances(ledger)["p2p", "USDT"]
    assert len(records) == len([bill for bill in kept(ledger, "bill") if bill["product"] == "p2p"])


def test_a_month_passes_with_positions_open(paper: Bitget, ledger: PaperAccount) -> None:
    assert paper("-p paper order buy BTCUSDT 0.01").status == 0
    before = len(kept(ledger, "bill"))
    assert paper("paper clock --advance 30d").status == 0
    assert paper("-p paper position list --json").json
    funding = [bill for bill in kept(ledger, "bill")[before:] if bill["business"] == "contract_settle_fee"]
    assert len(funding) >= 90


def sums(records: list[dict[str, Any]], coin: str) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for record in records:
        moved = Decimal(record["amount"]) + Decimal(record["fee"])
        found[record[coin]] = found.get(record[coin], Decimal(0)) + moved
    return found
