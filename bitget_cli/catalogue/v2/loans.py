"""Crypto loans against a pledge, and loans to institutions."""

from __future__ import annotations

from bitget_cli.catalogue.enums import (
    AMOUNT,
    ANY_COIN,
    COIN,
    END,
    END_30_DAYS,
    END_REQUIRED,
    LIMIT_100,
    LOAN_COIN,
    ORDER_ID,
    ORDER_ID_REQUIRED,
    PAGE_NO,
    PAGE_SIZE_10_UP_TO_100,
    PLEDGE_COIN,
    PLEDGE_COIN_REQUIRED,
    PRODUCT_ID,
    START,
    START_3_MONTHS_REQUIRED,
    START_30_DAYS,
    USER_ID,
)
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    TEN_A_SECOND_PER_ACCOUNT,
    TEN_A_SECOND_PER_ADDRESS,
    Effect,
    Endpoint,
    PageKind,
    Paging,
    Param,
    Shape,
)

_LOAN_COIN_REQUIRED = Param("loanCoin", required=True)
_DAILY_REQUIRED = Param("daily", required=True, choices=("SEVEN", "THIRTY", "FLEXIBLE"))
_PAGES = Paging(PageKind.PAGE_NO, limit_default=10, limit_max=100, limit_name="pageSize")

LOAN_COIN_INFOS = Endpoint(
    "GET",
    "/api/v2/earn/loan/public/coinInfos",
    "The coins of crypto loans: what can be borrowed and pledged",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=(ANY_COIN,),
    fields=fields(
        "loanInfos[]{ coin hourRate7D rate7D hourRate30D rate30D minUsdt maxUsdt min max } pledgeInfos[]{ "
        "coin initRate supRate forceRate minUsdt maxUsdt }"
    ),
    notes=("ccxt lists it as public",),
    source="docs 2025-12 earn/loan/Currency-List; ccxt, bitget-api",
)

LOAN_HOUR_INTEREST = Endpoint(
    "GET",
    "/api/v2/earn/loan/public/hour-interest",
    "Hourly interest and borrowable amount of a crypto loan",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=(_LOAN_COIN_REQUIRED, PLEDGE_COIN_REQUIRED, _DAILY_REQUIRED, Param("pledgeAmount", required=True)),
    fields=fields("hourInterest loanAmount"),
    notes=("ccxt lists it as public",),
    source="docs 2025-12 earn/loan/Get-Est-Interest-And-Load-Amount; ccxt, bitget-api",
)

LOAN_BORROW = Endpoint(
    "POST",
    "/api/v2/earn/loan/borrow",
    "Borrow against a pledged coin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(
        _LOAN_COIN_REQUIRED,
        PLEDGE_COIN_REQUIRED,
        _DAILY_REQUIRED,
        Param("pledgeAmount", note="one of the pair must be sent"),
        Param("loanAmount", note="one of the pair must be sent"),
    ),
    one_of=(("pledgeAmount", "loanAmount"),),
    fields=fields("orderId"),
    source="docs 2025-12 earn/loan/Borrow-Coin; ccxt, bitget-api",
)

LOAN_REPAY = Endpoint(
    "POST",
    "/api/v2/earn/loan/repay",
    "Pay a crypto loan back",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(
        ORDER_ID_REQUIRED,
        Param("amount"),
        Param("repayUnlock", choices=("yes", "no")),
        Param("repayAll", required=True, choices=("yes", "no")),
    ),
    fields=fields("loanCoin pledgeCoin repayAmount payInterest repayLoanAmount repayUnlockAmount"),
    source="docs 2025-12 earn/loan/Repay; ccxt, bitget-api",
)

LOAN_REVISE_PLEDGE = Endpoint(
    "POST",
    "/api/v2/earn/loan/revise-pledge",
    "Add to the pledge of a crypto loan, or take some back",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(ORDER_ID_REQUIRED, AMOUNT, PLEDGE_COIN_REQUIRED, Param("reviseType", required=True, choices=("OUT", "IN"))),
    fields=fields("loanCoin pledgeCoin afterPledgeRate"),
    source="docs 2025-12 earn/loan/Modify-Pledge-Rate; ccxt, bitget-api",
)

LOAN_ONGOING_ORDERS = Endpoint(
    "GET",
    "/api/v2/earn/loan/ongoing-orders",
    "Crypto loans that are open",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID, LOAN_COIN, PLEDGE_COIN),
    shape=Shape.ARRAY,
    fields=fields(
        "orderId loanCoin loanAmount interestAmount hourInterestRate pledgeCoin pledgeAmount pledgeRate "
        "supRate forceRate borrowTime expireTime"
    ),
    source="docs 2025-12 earn/loan/Get-Loan-Orders; ccxt, bitget-api",
)

LOAN_DEBTS = Endpoint(
    "GET",
    "/api/v2/earn/loan/debts",
    "What is owed and pledged in crypto loans",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    fields=fields("pledgeInfos[]{ coin amount amountUsdt } loanInfos[]{ coin amount amountUsdt }"),
    source="docs 2025-12 earn/loan/Get-Debt-List; ccxt, bitget-api",
)

LOAN_BORROW_HISTORY = Endpoint(
    "GET",
    "/api/v2/earn/loan/borrow-history",
    "Past crypto loans",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        ORDER_ID,
        LOAN_COIN,
        PLEDGE_COIN,
        Param("status", choices=("ROLLBACK", "FORCE", "REPAY")),
        START_3_MONTHS_REQUIRED,
        END_REQUIRED,
        PAGE_NO,
        PAGE_SIZE_10_UP_TO_100,
    ),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("orderId loanCoin pledgeCoin initPledgeAmount initLoanAmount hourRate daily borrowTime status"),
    source="docs 2025-12 earn/loan/Get-Borrow-History; ccxt, bitget-api",
)

LOAN_REPAY_HISTORY = Endpoint(
    "GET",
    "/api/v2/earn/loan/repay-history",
    "Past repayments of crypto loans",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID, LOAN_COIN, PLEDGE_COIN, START_3_MONTHS_REQUIRED, END_REQUIRED, PAGE_NO, PAGE_SIZE_10_UP_TO_100),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields(
        "orderId loanCoin pledgeCoin repayAmount payInterest repayLoanAmount repayUnlockAmount repayTime loanAmount"
    ),
    source="docs 2025-12 earn/loan/Get-Repay-History; ccxt, bitget-api",
)

LOAN_REVISE_HISTORY = Endpoint(
    "GET",
    "/api/v2/earn/loan/revise-history",
    "Past changes of the pledge of crypto loans",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        ORDER_ID,
        Param("reviseSide", choices=("down", "up")),
        PLEDGE_COIN,
        START_3_MONTHS_REQUIRED,
        END_REQUIRED,
        PAGE_NO,
        PAGE_SIZE_10_UP_TO_100,
    ),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("loanCoin pledgeCoin orderId reviseTime reviseSide reviseAmount afterPledgeRate beforePledgeRate"),
    source="docs 2025-12 earn/loan/Get-Pledge-Rate-History; ccxt, bitget-api",
)

LOAN_REDUCES = Endpoint(
    "GET",
    "/api/v2/earn/loan/reduces",
    "Crypto loans that were liquidated",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        ORDER_ID,
        LOAN_COIN,
        PLEDGE_COIN,
        Param("status", choices=("COMPLETE", "WAIT")),
        START_3_MONTHS_REQUIRED,
        END_REQUIRED,
        PAGE_NO,
        PAGE_SIZE_10_UP_TO_100,
    ),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields(
        "orderId loanCoin pledgeCoin reduceTime pledgeRate pledgePrice status pledgeAmount reduceFee "
        "residueAmount runlockAmount repayLoanAmount"
    ),
    source="docs 2025-12 earn/loan/Get-Burst-List; ccxt, bitget-api",
)


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


ROWS = (
    LOAN_COIN_INFOS,
    LOAN_HOUR_INTEREST,
    LOAN_BORROW,
    LOAN_REPAY,
    LOAN_REVISE_PLEDGE,
    LOAN_ONGOING_ORDERS,
    LOAN_DEBTS,
    LOAN_BORROW_HISTORY,
    LOAN_REPAY_HISTORY,
    LOAN_REVISE_HISTORY,
    LOAN_REDUCES,
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
