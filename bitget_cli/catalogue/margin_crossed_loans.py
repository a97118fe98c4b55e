"""Balances and loans in crossed margin."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import ANY_COIN, CLIENT_OID, COIN
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ADDRESS
from bitget_cli.catalogue.rows import Effect, Endpoint, Param, Shape

CROSSED_ASSETS = Endpoint(
    "GET",
    "/api/v2/margin/crossed/account/assets",
    "Balances and debts in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN,),
    shape=Shape.ARRAY,
    fields=fields("coin totalAmount available frozen borrow interest net cTime uTime coupon"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Get-Cross-Assets; ccxt, bitget-api",
)

CROSSED_RISK_RATE = Endpoint(
    "GET",
    "/api/v2/margin/crossed/account/risk-rate",
    "How close crossed margin is to liquidation",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    fields=fields("riskRateRatio riskRate"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Get-Cross-Risk-Rate; ccxt, bitget-api",
)

CROSSED_MAX_BORROWABLE_AMOUNT = Endpoint(
    "GET",
    "/api/v2/margin/crossed/account/max-borrowable-amount",
    "How much of a coin can be borrowed in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(COIN,),
    fields=fields("coin maxBorrowableAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Max-Borrowable-Amount; ccxt, bitget-api",
)

CROSSED_MAX_TRANSFER_OUT_AMOUNT = Endpoint(
    "GET",
    "/api/v2/margin/crossed/account/max-transfer-out-amount",
    "How much of a coin can leave crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(COIN,),
    fields=fields("coin maxTransferOutAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Get-Cross-Max-Transfer-Out-Amount; ccxt, bitget-api",
)

CROSSED_BORROW = Endpoint(
    "POST",
    "/api/v2/margin/crossed/account/borrow",
    "Borrow a coin in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(COIN, Param("borrowAmount", required=True), CLIENT_OID),
    fields=fields("loanId coin borrowAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Borrow; ccxt, bitget-api",
)

CROSSED_REPAY = Endpoint(
    "POST",
    "/api/v2/margin/crossed/account/repay",
    "Pay a coin back in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(COIN, Param("repayAmount", required=True)),
    fields=fields("coin repayId remainDebtAmount repayAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Repay; ccxt, bitget-api",
)

CROSSED_FLASH_REPAY = Endpoint(
    "POST",
    "/api/v2/margin/crossed/account/flash-repay",
    "Pay all debts of crossed margin back by selling what is there",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(ANY_COIN,),
    fields=fields("repayId coin"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Flash-Repay; ccxt, bitget-api",
)

CROSSED_QUERY_FLASH_REPAY_STATUS = Endpoint(
    "POST",
    "/api/v2/margin/crossed/account/query-flash-repay-status",
    "How far flash repayments of crossed margin have come",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(Param("idList", required=True, note="at most 100 items", type="array"),),
    shape=Shape.ARRAY,
    fields=fields("repayId status"),
    notes=("POST by docs and ccxt; bitget-api sends GET",),
    source="docs 2025-12 margin/cross/account/Query-Cross-Flash-Repay-Status; ccxt",
)

CROSSED_INTEREST_RATE_AND_LIMIT = Endpoint(
    "GET",
    "/api/v2/margin/crossed/interest-rate-and-limit",
    "Interest and borrowing limit of a coin in crossed margin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=(COIN,),
    shape=Shape.ARRAY,
    fields=fields(
        "transferable leverage coin borrowable dailyInterestRate annualInterestRate maxBorrowableAmount "
        "vipList[]{ level limit dailyInterestRate annualInterestRate discountRate }"
    ),
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "transferable: true, false",
        "borrowable: true, false",
    ),
    source="docs 2025-12 margin/cross/account/Get-Cross-Margin-Interest-Rate-And-Borrowable; ccxt, bitget-api",
)

CROSSED_TIER_DATA = Endpoint(
    "GET",
    "/api/v2/margin/crossed/tier-data",
    "Borrowing tiers of a coin in crossed margin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=(COIN,),
    shape=Shape.ARRAY,
    fields=fields("tier leverage coin maxBorrowableAmount maintainMarginRate"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Tier-Data; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    CROSSED_ASSETS,
    CROSSED_RISK_RATE,
    CROSSED_MAX_BORROWABLE_AMOUNT,
    CROSSED_MAX_TRANSFER_OUT_AMOUNT,
    CROSSED_BORROW,
    CROSSED_REPAY,
    CROSSED_FLASH_REPAY,
    CROSSED_QUERY_FLASH_REPAY_STATUS,
    CROSSED_INTEREST_RATE_AND_LIMIT,
    CROSSED_TIER_DATA,
)
