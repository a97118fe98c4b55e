"""What happened in isolated margin: loans, repayments, interest, liquidations."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_COIN,
    END_90_DAYS,
    ID_LESS_THAN,
    LIMIT_100_UP_TO_500,
    START_REQUIRED,
    SYMBOL,
    values,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param

_PAGES_OF_RESULT_LIST = Paging(
    PageKind.ID_LESS_THAN, limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="resultList"
)

ISOLATED_BORROW_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/isolated/borrow-history",
    "What was borrowed in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, Param("loanId"), ANY_COIN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("loanId coin borrowAmount borrowType symbol cTime uTime amount"),
    notes=("beside the rows: maxId", "borrowType: auto_loan, manual_loan"),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Loan-Records; ccxt, bitget-api",
)

ISOLATED_REPAY_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/isolated/repay-history",
    "What was paid back in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, Param("repayId"), ANY_COIN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("repayId coin repayAmount repayType repayInterest repayPrincipal symbol cTime uTime"),
    notes=("beside the rows: maxId",),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Repay-History; ccxt, bitget-api",
)

ISOLATED_INTEREST_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/isolated/interest-history",
    "Interest charged in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, ANY_COIN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("interestId interestCoin dailyInterestRate loanCoin interestAmount interstType symbol cTime uTime"),
    notes=("beside the rows: maxId", "interstType: first, scheduled"),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Interest-Records; ccxt, bitget-api",
)

ISOLATED_LIQUIDATION_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/isolated/liquidation-history",
    "Liquidations in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("liqId symbol liqStartTime liqEndTime liqRiskRatio totalAssets totalDebt liqFee cTime uTime"),
    notes=("beside the rows: maxId",),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Liquidation-Records; ccxt, bitget-api",
)

ISOLATED_FINANCIAL_RECORDS = Endpoint(
    "GET",
    "/api/v2/margin/isolated/financial-records",
    "Every booking on the isolated margin accounts",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        SYMBOL,
        Param(
            "marginType",
            choices=values(
                "transfer_in transfer_out borrow repay liquidation_fee compensate deal_in deal_out confiscated "
                "exchange_in exchange_out sys_exchange_in sys_exchange_out"
            ),
        ),
        ANY_COIN,
        START_REQUIRED,
        END_90_DAYS,
        LIMIT_100_UP_TO_500,
        ID_LESS_THAN,
    ),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("coin symbol marginId amount balance fee marginType cTime uTime"),
    notes=(
        "beside the rows: maxId",
        (
            "marginType: transfer_in, transfer_out, borrow, Repay, liquidation_fee, compensate, deal_in, deal_out, "
            "confiscated, exchange_in, exchange_out, sys_exchange_in, sys_exchange_out"
        ),
    ),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Finance-History; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    ISOLATED_BORROW_HISTORY,
    ISOLATED_REPAY_HISTORY,
    ISOLATED_INTEREST_HISTORY,
    ISOLATED_LIQUIDATION_HISTORY,
    ISOLATED_FINANCIAL_RECORDS,
)
