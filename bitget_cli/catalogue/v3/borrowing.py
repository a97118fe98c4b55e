"""What margin trading borrows, and how it is repaid."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import FIVE_A_SECOND_PER_ACCOUNT, ONE_A_SECOND_PER_ACCOUNT, Effect, Param, get, post

BORROW = post(
    "/api/v3/account/borrow",
    "Borrow a coin for margin trading",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=params("LISTED_COIN AMOUNT CLIENT_OID"),
    notes=("parameters from two clients; the limit of calls is not documented: go slowly",),
    source="bitget-api",
)

MAX_BORROWABLE = get(
    "/api/v3/account/max-borrowable",
    "The most of a coin that can be borrowed",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("LISTED_COIN"),
    notes=("parameters from two clients; the limit of calls is not documented: go slowly",),
    source="bitget-api",
)

PAYMENT_COINS = get(
    "/api/v3/account/payment-coins",
    "Coins that can repay what is borrowed",
    fields=fields("paymentCoinList[]{ coin size amount } maxSelection"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/Get-Payment-Coins; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

REPAY = post(
    "/api/v3/account/repay",
    "Repay what is borrowed",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=params(
        Param("repayableCoinList", required=True, note="names of the coins to repay", type="array"),
        Param("paymentCoinList", required=True, note="names of the coins to pay with", type="array"),
    ),
    fields=fields("result repayAmount"),
    notes=(enums.MGT_WRITE, "result YES; repayAmount is in USD"),
    source="docs 2025-12 uta/account/Repay; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

REPAYABLE_COINS = get(
    "/api/v3/account/repayable-coins",
    "Coins that are borrowed and can be repaid",
    fields=fields("repayableCoinList[]{ coin size amount } maxSelection"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/account/Get-Repayable-Coins; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

SET_REPAY_MODE = post(
    "/api/v3/account/set-repay-mode",
    "Choose how borrowed coins are repaid",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=params(Param("repayMode", required=True, note="values are not documented")),
    notes=("the limit of calls is not documented: go slowly",),
    source="bitget-api",
)

LOAN_DATA = get(
    "/api/v3/trade/loan-data",
    "What margin trading has borrowed",
    fields=fields(
        "currentLoans interestPaymentTime debtCoinList[]{ coin debt interestFreeAmount interestRateNextHour }"
    ),
    notes=(enums.TRADE_READ,),
    source="ccxt, bitget-api, go-bitget",
)
