"""What each type of booking is called by the trackers: one row a type, one row a meaning.

The types are the official lists of spotTaxType, futureTaxType, marginTaxType and p2pTaxType. Koinly's words are its
tags for custom CSV files (support.koinly.io, articles 9489976, 9490023, 9490027, 9490056); CoinTracking's are the types
of its CSV import (cointracking.info/import/import_csv).
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
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

_M = TaxMeaning
_SPOT: tuple[tuple[str, TaxMeaning, str], ...] = (
    ("Deposit", _M.MOVED, "in"),
    ("Withdrawal", _M.MOVED, "out"),
    ("User fees", _M.FEE, "out"),
    ("Fiat withdrawal success - Deduct", _M.MOVED, "out"),
    ("Sell", _M.TRADE, "either"),
    ("Buy", _M.TRADE, "either"),
    ("Transaction fee deduct", _M.FEE, "out"),
    ("Strategic purchase-user accounts", _M.SPENT, "out"),
    ("Subscribe to trader-user accounts", _M.SPENT, "out"),
    ("System charges fees", _M.FEE, "out"),
    ("Strategic refund-User account", _M.FEE, "in"),
    ("Subscription fee refund-user account", _M.FEE, "in"),
    ("Strategic Income-Traders' accounts", _M.INCOME, "in"),
    ("Crypto Voucher Distribution", _M.REWARD, "in"),
    ("Copy Trade expense", _M.SPENT, "out"),
    ("Judicial recall", _M.SEIZED, "out"),
    ("Copy Trade profit", _M.INCOME, "in"),
    ("Refund Copy Trade commission", _M.FEE, "in"),
    ("Buy Crypto", _M.TRADE, "either"),
    ("Deduction of judicial recall", _M.SEIZED, "out"),
    ("Buy with card", _M.TRADE, "either"),
    ("Airdrop Reward-B", _M.AIRDROP, "in"),
    ("Decrease due to ETF settlement", _M.TRADE, "out"),
    ("Increase due to ETF settlement", _M.TRADE, "in"),
    ("System lock-up", _M.MOVED, "either"),
    ("User lock-up", _M.MOVED, "either"),
    ("Trading fee rebate", _M.CASHBACK, "in"),
    ("Manage background lock positions", _M.MOVED, "either"),
    ("Automatic deposit", _M.MOVED, "in"),
    ("Automatic withdrawal", _M.MOVED, "out"),
    ("Deposit from strategy account", _M.MOVED, "in"),
    ("Withdraw to strategy account", _M.MOVED, "out"),
    ("Lotto rewards", _M.REWARD, "in"),
    ("User contract trial fund", _M.REWARD, "either"),
    ("User contract simulation fund", _M.REWARD, "either"),
    ("Delegate", _M.STAKED, "out"),
    ("Undelegate", _M.STAKED, "in"),
    ("Rebate rewards", _M.CASHBACK, "in"),
    ("Consumption", _M.SPENT, "out"),
    ("Gains", _M.INCOME, "in"),
    ("Unlock locked order", _M.MOVED, "either"),
    ("Deduction", _M.FEE, "out"),
    ("Return", _M.MOVED, "in"),
    ("Release", _M.MOVED, "in"),
    ("Repayment", _M.LOAN, "either"),
    ("Forced liquidation return", _M.MOVED, "in"),
    ("The locked order is returned to the system", _M.MOVED, "either"),
    ("Failed", _M.MOVED, "either"),
    ("Withdrawal frozen", _M.MOVED, "either"),
    ("Mirror fund", _M.MOVED, "either"),
    ("Supplement fund", _M.MOVED, "in"),
    ("Reduce fund", _M.MOVED, "out"),
    ("Settlement out", _M.MOVED, "out"),
    ("Withdrawal unfreeze", _M.MOVED, "either"),
    ("Ordinary Withdrawal", _M.MOVED, "out"),
    ("Fast withdrawal fee", _M.FEE, "out"),
    ("Airdrop Reward-A", _M.AIRDROP, "in"),
    ("Subscribe", _M.STAKED, "out"),
    ("Interest", _M.INTEREST, "either"),
    ("Penalty", _M.FEE, "out"),
    ("Redemption", _M.STAKED, "in"),
    ("Activity fund(USDT-Ⓜ)", _M.REWARD, "either"),
    ("Activity fund", _M.REWARD, "either"),
    ("Activity fund(Coin-Ⓜ)", _M.REWARD, "either"),
    ("Increase exchange rate", _M.TRADE, "in"),
    ("Reduce exchange rate", _M.TRADE, "out"),
    ("Transfer in", _M.MOVED, "in"),
    ("Activity issuance", _M.REWARD, "in"),
    ("Transfer out", _M.MOVED, "out"),
    ("Super account", _M.MOVED, "either"),
    ("Exchange spending", _M.TRADE, "out"),
    ("Exchange income", _M.TRADE, "in"),
    ("Sent", _M.MOVED, "out"),
    ("Received", _M.MOVED, "in"),
    ("MegaSwap Transfer in", _M.TRADE, "in"),
    ("MegaSwap Transfer out", _M.TRADE, "out"),
    ("Channel referral rewards", _M.CASHBACK, "in"),
    ("System account", _M.MOVED, "either"),
    ("Sell Crypto", _M.TRADE, "either"),
    ("Fiat deposit", _M.MOVED, "in"),
)
_FUTURES: tuple[tuple[str, TaxMeaning, str], ...] = (
    ("TRANSFER_IN", _M.MOVED, "in"),
    ("TRANSFER_OUT", _M.MOVED, "out"),
    ("ORDER_DEALT_FROZEN_OUT", _M.FUTURES, "out"),
    ("ORDER_DEALT_IN", _M.FUTURES, "in"),
    ("ORDER_PLF_FEE_OUT", _M.DERIVATIVES_FEE, "out"),
    ("EXCHANGE_SOURCE_TOKEN_USER_OUT", _M.TRADE, "out"),
    ("EXCHANGE_TARGET_TOKEN_USER_IN", _M.TRADE, "in"),
    ("OPEN_LONG", _M.FUTURES, "either"),
    ("OPEN_SHORT", _M.FUTURES, "either"),
    ("BUY_DEAL", _M.FUTURES, "either"),
    ("SELL_DEAL", _M.FUTURES, "either"),
    ("CLOSE_LONG", _M.FUTURES, "either"),
    ("CLOSE_SHORT", _M.FUTURES, "either"),
    ("FORCE_CLOSE_LONG", _M.FUTURES, "either"),
    ("FORCE_CLOSE_SHORT", _M.FUTURES, "either"),
    ("BURST_CLOSE_LONG", _M.FUTURES, "either"),
    ("BURST_CLOSE_SHORT", _M.FUTURES, "either"),
    ("OFFSET_REDUCE_CLOSE_LONG", _M.FUTURES, "either"),
    ("OFFSET_REDUCE_CLOSE_SHORT", _M.FUTURES, "either"),
    ("FORCE_BUY_SSM", _M.FUTURES, "either"),
    ("FORCE_SELL_SSM", _M.FUTURES, "either"),
    ("BURST_BUY_SSM", _M.FUTURES, "either"),
    ("BURST_SELL_SSM", _M.FUTURES, "either"),
    ("RISK_LIQ_USER_IN", _M.FUTURES, "in"),
    ("RISK_LIQ_USER_OUT", _M.FUTURES, "out"),
    ("INTEREST_SETTLEMENT_OUT", _M.INTEREST, "out"),
    ("CONTRACT_MAIN_SETTLE_FEE_USER_IN", _M.FUTURES, "in"),
    ("CONTRACT_MAIN_SETTLE_FEE_USER_OUT", _M.FUTURES, "out"),
    # Not in the list, but in answers: funding, paid or received.
    ("CONTRACT_SETTLE_FEE", _M.FUTURES, "either"),
)
_MARGIN: tuple[tuple[str, TaxMeaning, str], ...] = (
    ("transfer_in", _M.MOVED, "in"),
    ("transfer_out", _M.MOVED, "out"),
    ("borrow", _M.LOAN, "in"),
    ("repay", _M.LOAN, "out"),
    ("liquidation_fee", _M.DERIVATIVES_FEE, "out"),
    ("compensate", _M.INCOME, "in"),
    ("deal_in", _M.TRADE, "either"),
    ("deal_out", _M.TRADE, "either"),
    ("interest_repay", _M.INTEREST, "out"),
    ("confiscated", _M.SEIZED, "out"),
    ("exchange_in", _M.TRADE, "in"),
    ("exchange_out", _M.TRADE, "out"),
)
_P2P: tuple[tuple[str, TaxMeaning, str], ...] = (
    ("transfer_in", _M.MOVED, "in"),
    ("transfer_out", _M.MOVED, "out"),
    ("sell", _M.TRADE, "out"),
    ("buy", _M.TRADE, "in"),
)
TYPES = {"spot": _SPOT, "futures": _FUTURES, "margin": _MARGIN, "p2p": _P2P}


def transaction_type(stream: str, type_: str) -> TransactionType:
    """What a type means; UNLISTED where it is in no list. Case does not count: Bitget's pages and answers differ."""
    return _by_name(stream).get(type_.casefold(), UNLISTED)


@cache
def _by_name(stream: str) -> dict[str, TransactionType]:
    return {name.casefold(): TransactionType(meaning, way) for name, meaning, way in TYPES[stream]}
