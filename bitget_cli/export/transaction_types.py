"""What each type of booking is called by the trackers: one row of the table a type, one row a meaning.

The types are the official lists of spotTaxType, futureTaxType, marginTaxType and p2pTaxType, and that of a unified
account's tax types (docs 2025-12 uta/enum), which has one for all its lines. Koinly's words are its
tags for custom CSV files (support.koinly.io, articles 9489976, 9490023, 9490027, 9490056); CoinTracking's are the types
of its CSV import (cointracking.info/import/import_csv).
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple


class TrackerWords(NamedTuple):
    """A meaning in the trackers' words: Koinly's label and CoinTracking's type, for money in and for money out."""

    koinly_in: str
    koinly_out: str
    cointracking_in: str
    cointracking_out: str


class TaxMeaning(StrEnum):
    """What a booking means for a tax return."""

    MOVED = "moved"  # between accounts, wallets and products of one's own: the tracker matches the two ends
    STAKED = "staked"  # lent to a product whose own account Bitget tells no records of, and back: no sale
    TRADE = "trade"  # one side of a trade; joined with the other where both are found
    FUTURES = "futures"  # profit, loss and funding of positions
    FEE = "fee"
    DERIVATIVES_FEE = "derivatives fee"
    REWARD = "reward"
    AIRDROP = "airdrop"
    CASHBACK = "cashback"
    INCOME = "income"
    INTEREST = "interest"
    LOAN = "loan"
    SPENT = "spent"
    SEIZED = "seized"
    UNKNOWN = "unknown"  # a type that is in no list


# An empty label is a plain movement, which a tracker matches or asks about.
_PLAIN = TrackerWords("", "", "Deposit", "Withdrawal")
WORDS = {
    TaxMeaning.MOVED: _PLAIN,
    TaxMeaning.STAKED: TrackerWords("Remove from Pool", "Add to Pool", "Deposit", "Withdrawal"),
    TaxMeaning.TRADE: _PLAIN,
    TaxMeaning.FUTURES: TrackerWords(
        "realized gain", "realized gain", "Derivatives / Futures Profit", "Derivatives / Futures Loss"
    ),
    TaxMeaning.FEE: TrackerWords("fee refund", "cost", "Other Income", "Other Fee"),
    TaxMeaning.DERIVATIVES_FEE: TrackerWords("fee refund", "margin fee", "Other Income", "Margin Fee"),
    TaxMeaning.REWARD: TrackerWords("reward", "cost", "Reward / Bonus", "Other Expense"),
    TaxMeaning.AIRDROP: TrackerWords("airdrop", "cost", "Airdrop", "Other Expense"),
    TaxMeaning.CASHBACK: TrackerWords("cashback", "cost", "Reward / Bonus", "Other Expense"),
    TaxMeaning.INCOME: TrackerWords("income", "cost", "Income", "Other Expense"),
    TaxMeaning.INTEREST: TrackerWords("lending interest", "margin fee", "Interest Income", "Borrowing Fee"),
    TaxMeaning.LOAN: TrackerWords("margin loan", "loan repayment", "Receive Loan", "Repay Loan"),
    TaxMeaning.SPENT: TrackerWords("income", "cost", "Other Income", "Spend"),
    TaxMeaning.SEIZED: TrackerWords("", "lost", "Deposit", "Lost"),
    TaxMeaning.UNKNOWN: _PLAIN,
}


class TransactionType(NamedTuple):
    """One type: its meaning, and which way its name says the money goes (`in`, `out`, or `either`).

    The sign of the amount decides; a booking against its name is reported.
    """

    meaning: TaxMeaning
    way: str = "either"


UNLISTED = TransactionType(TaxMeaning.UNKNOWN)

_TABLE = "transaction_types.tsv"


def transaction_type(type_list: str, type_: str) -> TransactionType:
    """What a type means; UNLISTED where it is in no list. Case does not count: Bitget's pages and answers differ."""
    return _by_name(type_list).get(type_.casefold(), UNLISTED)


@cache
def types() -> dict[str, dict[str, TransactionType]]:
    """Every type of each list, from the table: list, type, meaning and way, with tabs between."""
    found: dict[str, dict[str, TransactionType]] = {}
    for line in Path(__file__).with_name(_TABLE).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            list_, name, meaning, way = line.split("\t")
            found.setdefault(list_, {})[name] = TransactionType(TaxMeaning(meaning), way)
    return found


@cache
def _by_name(type_list: str) -> dict[str, TransactionType]:
    return {name.casefold(): found for name, found in types()[type_list].items()}
