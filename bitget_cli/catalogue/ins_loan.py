"""Loans to institutions."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    COIN,
    END,
    END_30_DAYS,
    LIMIT_100,
    ORDER_ID,
    PRODUCT_ID,
    START,
    START_30_DAYS,
    USER_ID,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, Paging, Param, Shape

_RISK_UNIT_ID = Param("riskUnitId")

INS_LOAN_PRODUCT_INFOS = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/product-infos",
    "The terms of an institutional loan product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID,),
    fields=fields("productId leverage transferLine spotBuyLine liquidationLine stopLiquidationLine"),
    source="docs 2025-12 instloan/public/Get-Product-Info; bitget-api",
)

INS_LOAN_ENSURE_COINS_CONVERT = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/ensure-coins-convert",
    "At what share each coin counts as margin of an institutional loan",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID,),
    paging=Paging(rows_at="coinInfo"),
    fields=fields("coin convertRatio maxConvertValue"),
    notes=("beside the rows: productId",),
    source="docs 2025-12 instloan/public/Get-Margin-Coin-Info; bitget-api",
)

INS_LOAN_SYMBOLS = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/symbols",
    "The spot pairs an institutional loan product may trade",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID,),
    fields=fields("productId spotSymbols"),
    source="docs 2025-12 instloan/public/Get-Spot-Symbols; bitget-api",
)

INS_LOAN_RISK_UNIT = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/risk-unit",
    "The risk units of your institutional loans",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields("riskUnitId"),
    source="docs 2025-12 instloan/account/Get-Risk-Unit; bitget-api",
)

INS_LOAN_BIND_UID = Endpoint(
    "POST",
    "/api/v2/spot/ins-loan/bind-uid",
    "Bind a sub-account to a risk unit, or release it",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(_RISK_UNIT_ID, Param("uid", required=True), Param("operate", required=True, choices=("bind", "unbind"))),
    shape=Shape.STRING,
    source="docs 2025-12 instloan/account/Bind-Risk-Unit",
)

INS_LOAN_LOAN_ORDER = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/loan-order",
    "Your institutional loans",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID, START_30_DAYS, END_30_DAYS),
    shape=Shape.ARRAY,
    fields=fields(
        "orderId orderProductId uid loanTime loanCoin unpaidAmount unpaidInterest loanAmount status "
        "repaidAmount repaidInterest loanInfo"
    ),
    notes=("status: not_paid_off, paid_off",),
    source="docs 2025-12 instloan/orders/Get-Loan-Orders; bitget-api",
)

INS_LOAN_REPAID_HISTORY = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/repaid-history",
    "Past repayments of institutional loans",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(START, END, LIMIT_100),
    shape=Shape.ARRAY,
    fields=fields(
        "repayOrderId businessType repayType repaidTime coin repaidAmount repaidInterest repayAmount repayInterest"
    ),
    notes=("repayType: all, part", "businessType: normal, liquidation"),
    source="docs 2025-12 instloan/orders/Get-Repayment-Orders; bitget-api",
)

INS_LOAN_LTV_CONVERT = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/ltv-convert",
    "Loan to value of a risk unit, and what it holds",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(_RISK_UNIT_ID,),
    fields=fields(
        "ltv subAccountUids unpaidUsdtAmount usdtBalance unpaidInfo[]{ coin unpaidQty unpaidInterest } "
        "balanceInfo[]{ coin price amount convertedUsdtAmount }"
    ),
    source="docs 2025-12 instloan/account/Get-LTV; bitget-api",
)

INS_LOAN_TRANSFERED = Endpoint(
    "GET",
    "/api/v2/spot/ins-loan/transfered",
    "How much may leave a risk unit",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(USER_ID, COIN),
    fields=fields("coin transfered userId"),
    source="docs 2025-12 instloan/account/Get-Transferred-Amount-From-Spot-Account",
)

ROWS: tuple[Endpoint, ...] = (
    INS_LOAN_PRODUCT_INFOS,
    INS_LOAN_ENSURE_COINS_CONVERT,
    INS_LOAN_SYMBOLS,
    INS_LOAN_RISK_UNIT,
    INS_LOAN_BIND_UID,
    INS_LOAN_LOAN_ORDER,
    INS_LOAN_REPAID_HISTORY,
    INS_LOAN_LTV_CONVERT,
    INS_LOAN_TRANSFERED,
)
