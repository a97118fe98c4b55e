"""Crypto loans against a pledge, and loans to institutions."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    TEN_A_SECOND_PER_ADDRESS,
    PageKind,
    Paging,
    Param,
    Shape,
    get,
    get_list,
    post_funds,
    post_keys,
)

_DAILY_REQUIRED = Param("daily", required=True, choices=("SEVEN", "THIRTY", "FLEXIBLE"))
_PAGES = Paging(PageKind.PAGE_NO, limit_default=10, limit_max=100, limit_name="pageSize")

LOAN_COIN_INFOS = get(
    "/api/v2/earn/loan/public/coinInfos",
    "The coins of crypto loans: what can be borrowed and pledged",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("ANY_COIN"),
    fields=fields(
        "loanInfos[]{ coin hourRate7D rate7D hourRate30D rate30D minUsdt maxUsdt min max } pledgeInfos[]{ coin "
        "initRate supRate forceRate minUsdt maxUsdt }"
    ),
    notes=("ccxt lists it as public",),
    source="docs 2025-12 earn/loan/Currency-List; ccxt, bitget-api",
)

LOAN_HOUR_INTEREST = get(
    "/api/v2/earn/loan/public/hour-interest",
    "Hourly interest and borrowable amount of a crypto loan",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("loanCoin! PLEDGE_COIN_REQUIRED", _DAILY_REQUIRED, "pledgeAmount!"),
    fields=fields("hourInterest loanAmount"),
    notes=("ccxt lists it as public",),
    source="docs 2025-12 earn/loan/Get-Est-Interest-And-Load-Amount; ccxt, bitget-api",
)

LOAN_BORROW = post_funds(
    "/api/v2/earn/loan/borrow",
    "Borrow against a pledged coin",
    params=params(
        "loanCoin! PLEDGE_COIN_REQUIRED",
        _DAILY_REQUIRED,
        Param("pledgeAmount", note="one of the pair must be sent"),
        Param("loanAmount", note="one of the pair must be sent"),
    ),
    one_of=(("pledgeAmount", "loanAmount"),),
    fields=fields("orderId"),
    source="docs 2025-12 earn/loan/Borrow-Coin; ccxt, bitget-api",
)

LOAN_REPAY = post_funds(
    "/api/v2/earn/loan/repay",
    "Pay a crypto loan back",
    params=params("ORDER_ID_REQUIRED amount repayUnlock:yes|no repayAll!:yes|no"),
    fields=fields("loanCoin pledgeCoin repayAmount payInterest repayLoanAmount repayUnlockAmount"),
    source="docs 2025-12 earn/loan/Repay; ccxt, bitget-api",
)

LOAN_REVISE_PLEDGE = post_funds(
    "/api/v2/earn/loan/revise-pledge",
    "Add to the pledge of a crypto loan, or take some back",
    params=params("ORDER_ID_REQUIRED AMOUNT PLEDGE_COIN_REQUIRED reviseType!:OUT|IN"),
    fields=fields("loanCoin pledgeCoin afterPledgeRate"),
    source="docs 2025-12 earn/loan/Modify-Pledge-Rate; ccxt, bitget-api",
)

LOAN_ONGOING_ORDERS = get_list(
    "/api/v2/earn/loan/ongoing-orders",
    "Crypto loans that are open",
    params=params("ORDER_ID LOAN_COIN PLEDGE_COIN"),
    fields=fields(
        "orderId loanCoin loanAmount interestAmount hourInterestRate pledgeCoin pledgeAmount pledgeRate supRate "
        "forceRate borrowTime expireTime"
    ),
    source="docs 2025-12 earn/loan/Get-Loan-Orders; ccxt, bitget-api",
)

LOAN_DEBTS = get(
    "/api/v2/earn/loan/debts",
    "What is owed and pledged in crypto loans",
    fields=fields("pledgeInfos[]{ coin amount amountUsdt } loanInfos[]{ coin amount amountUsdt }"),
    source="docs 2025-12 earn/loan/Get-Debt-List; ccxt, bitget-api",
)

LOAN_BORROW_HISTORY = get_list(
    "/api/v2/earn/loan/borrow-history",
    "Past crypto loans",
    params=params(
        "ORDER_ID LOAN_COIN PLEDGE_COIN status:ROLLBACK|FORCE|REPAY START_3_MONTHS_REQUIRED END_REQUIRED PAGE_NO",
        "PAGE_SIZE_10_UP_TO_100",
    ),
    paging=_PAGES,
    fields=fields("orderId loanCoin pledgeCoin initPledgeAmount initLoanAmount hourRate daily borrowTime status"),
    source="docs 2025-12 earn/loan/Get-Borrow-History; ccxt, bitget-api",
)

LOAN_REPAY_HISTORY = get_list(
    "/api/v2/earn/loan/repay-history",
    "Past repayments of crypto loans",
    params=params("ORDER_ID LOAN_COIN PLEDGE_COIN START_3_MONTHS_REQUIRED END_REQUIRED PAGE_NO PAGE_SIZE_10_UP_TO_100"),
    paging=_PAGES,
    fields=fields(
        "orderId loanCoin pledgeCoin repayAmount payInterest repayLoanAmount repayUnlockAmount repayTime loanAmount"
    ),
    source="docs 2025-12 earn/loan/Get-Repay-History; ccxt, bitget-api",
)

LOAN_REVISE_HISTORY = get_list(
    "/api/v2/earn/loan/revise-history",
    "Past changes of the pledge of crypto loans",
    params=params(
        "ORDER_ID reviseSide:down|up PLEDGE_COIN START_3_MONTHS_REQUIRED END_REQUIRED PAGE_NO PAGE_SIZE_10_UP_TO_100"
    ),
    paging=_PAGES,
    fields=fields("loanCoin pledgeCoin orderId reviseTime reviseSide reviseAmount afterPledgeRate beforePledgeRate"),
    source="docs 2025-12 earn/loan/Get-Pledge-Rate-History; ccxt, bitget-api",
)

LOAN_REDUCES = get_list(
    "/api/v2/earn/loan/reduces",
    "Crypto loans that were liquidated",
    params=params(
        "ORDER_ID LOAN_COIN PLEDGE_COIN status:COMPLETE|WAIT START_3_MONTHS_REQUIRED END_REQUIRED PAGE_NO",
        "PAGE_SIZE_10_UP_TO_100",
    ),
    paging=_PAGES,
    fields=fields(
        "orderId loanCoin pledgeCoin reduceTime pledgeRate pledgePrice status pledgeAmount reduceFee residueAmount "
        "runlockAmount repayLoanAmount"
    ),
    source="docs 2025-12 earn/loan/Get-Burst-List; ccxt, bitget-api",
)

INS_LOAN_PRODUCT_INFOS = get(
    "/api/v2/spot/ins-loan/product-infos",
    "The terms of an institutional loan product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields("productId leverage transferLine spotBuyLine liquidationLine stopLiquidationLine"),
    source="docs 2025-12 instloan/public/Get-Product-Info; bitget-api",
)

INS_LOAN_ENSURE_COINS_CONVERT = get(
    "/api/v2/spot/ins-loan/ensure-coins-convert",
    "At what share each coin counts as margin of an institutional loan",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    paging=Paging(rows_at="coinInfo"),
    fields=fields("coin convertRatio maxConvertValue"),
    notes=("beside the rows: productId",),
    source="docs 2025-12 instloan/public/Get-Margin-Coin-Info; bitget-api",
)

INS_LOAN_SYMBOLS = get(
    "/api/v2/spot/ins-loan/symbols",
    "The spot pairs an institutional loan product may trade",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields("productId spotSymbols"),
    source="docs 2025-12 instloan/public/Get-Spot-Symbols; bitget-api",
)

INS_LOAN_RISK_UNIT = get(
    "/api/v2/spot/ins-loan/risk-unit",
    "The risk units of your institutional loans",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields("riskUnitId"),
    source="docs 2025-12 instloan/account/Get-Risk-Unit; bitget-api",
)

INS_LOAN_BIND_UID = post_keys(
    "/api/v2/spot/ins-loan/bind-uid",
    "Bind a sub-account to a risk unit, or release it",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("riskUnitId uid! operate!:bind|unbind"),
    shape=Shape.STRING,
    source="docs 2025-12 instloan/account/Bind-Risk-Unit",
)

INS_LOAN_LOAN_ORDER = get_list(
    "/api/v2/spot/ins-loan/loan-order",
    "Your institutional loans",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ORDER_ID START_30_DAYS END_30_DAYS"),
    fields=fields(
        "orderId orderProductId uid loanTime loanCoin unpaidAmount unpaidInterest loanAmount status repaidAmount "
        "repaidInterest loanInfo"
    ),
    notes=("status: not_paid_off, paid_off",),
    source="docs 2025-12 instloan/orders/Get-Loan-Orders; bitget-api",
)

INS_LOAN_REPAID_HISTORY = get_list(
    "/api/v2/spot/ins-loan/repaid-history",
    "Past repayments of institutional loans",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("START END LIMIT_100"),
    fields=fields(
        "repayOrderId businessType repayType repaidTime coin repaidAmount repaidInterest repayAmount repayInterest"
    ),
    notes=("repayType: all, part", "businessType: normal, liquidation"),
    source="docs 2025-12 instloan/orders/Get-Repayment-Orders; bitget-api",
)

INS_LOAN_LTV_CONVERT = get(
    "/api/v2/spot/ins-loan/ltv-convert",
    "Loan to value of a risk unit, and what it holds",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("riskUnitId"),
    fields=fields(
        "ltv subAccountUids unpaidUsdtAmount usdtBalance unpaidInfo[]{ coin unpaidQty unpaidInterest } balanceInfo[]{ "
        "coin price amount convertedUsdtAmount }"
    ),
    source="docs 2025-12 instloan/account/Get-LTV; bitget-api",
)

INS_LOAN_TRANSFERED = get(
    "/api/v2/spot/ins-loan/transfered",
    "How much may leave a risk unit",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("USER_ID COIN"),
    fields=fields("coin transfered userId"),
    source="docs 2025-12 instloan/account/Get-Transferred-Amount-From-Spot-Account",
)
