"""What happened in crossed margin: loans, repayments, interest, liquidations."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import ANY_COIN, END_90_DAYS, ID_LESS_THAN, LIMIT_100_UP_TO_500, START_REQUIRED, values
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ADDRESS
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param

_PAGES_OF_RESULT_LIST = Paging(
    PageKind.ID_LESS_THAN, limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="resultList"
)

CROSSED_BORROW_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/crossed/borrow-history",
    "What was borrowed in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(Param("loanId"), ANY_COIN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("loanId coin borrowAmount borrowType cTime uTime"),
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId",
        "borrowType: auto_loan, manual_loan",
    ),
    source="docs 2025-12 margin/cross/record/Get-Cross-Loan-Records; ccxt, bitget-api",
)

CROSSED_REPAY_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/crossed/repay-history",
    "What was paid back in crossed margin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=(Param("repayId"), ANY_COIN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("repayId coin repayAmount repayType repayInterest repayPrincipal cTime uTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Repay-History; ccxt, bitget-api",
)

CROSSED_INTEREST_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/crossed/interest-history",
    "Interest charged in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("interestId loanCoin interestCoin dailyInterestRate interestAmount interstType uTime cTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Interest-Records; ccxt, bitget-api",
)

CROSSED_LIQUIDATION_HISTORY = Endpoint(
    "GET",
    "/api/v2/margin/crossed/liquidation-history",
    "Liquidations in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("liqId liqStartTime liqEndTime liqRiskRatio totalAssets totalDebt liqFee uTime cTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Liquidation-Records; ccxt, bitget-api",
)

CROSSED_FINANCIAL_RECORDS = Endpoint(
    "GET",
    "/api/v2/margin/crossed/financial-records",
    "Every booking on the crossed margin account",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
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
    fields=fields("marginId amount coin balance fee marginType uTime cTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Finance-Flow-History; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    CROSSED_BORROW_HISTORY,
    CROSSED_REPAY_HISTORY,
    CROSSED_INTEREST_HISTORY,
    CROSSED_LIQUIDATION_HISTORY,
    CROSSED_FINANCIAL_RECORDS,
)
