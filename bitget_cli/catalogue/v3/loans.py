"""Loans against a pledge, and institutional loans."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import YES_NO, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import THREE_A_SECOND_PER_ACCOUNT, Effect, PageKind, Paging, Param, Shape, get, post

INSTITUTIONAL_BIND_UID = post(
    "/api/v3/ins-loan/bind-uid",
    "Bind a user id to a risk unit, or unbind it",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=params("uid!", Param("operate", required=True, choices=("bind", "unbind")), "riskUnitId"),
    fields=fields("riskUnitId uid operate"),
    notes=(enums.MGT_WRITE,),
    source="docs 2025-12 uta/loan/Bind-Uid; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_ENSURE_COINS_CONVERT = get(
    "/api/v3/ins-loan/ensure-coins-convert",
    "Collateral ratios of an institutional loan product",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields(
        "productId coinInfo[]{ coin convertRatio maxConvertValue convertRatioList[]{ ladder convertRatio } }"
    ),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-Ensure-Coins; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_LOAN_ORDER = get(
    "/api/v3/ins-loan/loan-order",
    "Institutional loans",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("ORDER_ID START END"),
    fields=fields(
        "orderId orderProductId uid loanTime loanCoin loanAmount unpaidAmount unpaidInterest repaidAmount "
        "repaidInterest reserve status"
    ),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-Loan-Order; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_LTV_CONVERT = get(
    "/api/v3/ins-loan/ltv-convert",
    "Loan-to-value ratio of a risk unit",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("riskUnitId"),
    fields=fields(
        "ltv subAccountUids unpaidUsdtAmount usdtBalance unpaidInfo[]{ coin unpaidQty unpaidInterest } "
        "balanceInfo[]{ coin price amount convertedUsdtAmount }"
    ),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-LTV-Convert; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_PRODUCT_INFOS = get(
    "/api/v3/ins-loan/product-infos",
    "Lines and limits of an institutional loan product",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields(
        "productId leverage supportUsdtContract supportCoinContract supportUsdcContract transferLine "
        "spotBuyLine usdtContractOpenLine coinContractOpenLine usdcContractOpenLine liquidationLine "
        "stopLiquidationLine"
    ),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-Product-Infos; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_REPAID_HISTORY = get(
    "/api/v3/ins-loan/repaid-history",
    "Repayments of institutional loans",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("START END LIMIT_100"),
    shape=Shape.ARRAY,
    fields=fields(
        "repayOrderId businessType repayType repaidTime coin repayAmount repayInterest repaidAmount repaidInterest"
    ),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-Repaid-History; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_RISK_UNIT = get(
    "/api/v3/ins-loan/risk-unit",
    "Risk units of the account",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    fields=fields("riskUnitId"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-Risk-Unit; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_SYMBOLS = get(
    "/api/v3/ins-loan/symbols",
    "Pairs that may be traded under an institutional loan",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields(
        "productId spotSymbols usdtContractLeverage coinContractLeverage usdcContractLeverage "
        "usdtContractSymbols[]{ symbol leverage } coinContractSymbols[]{ symbol leverage } "
        "usdcContractSymbols[]{ symbol leverage } marginLeverage"
    ),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-Symbols; ccxt, bitget-api, go-bitget, agent_sdk",
)

INSTITUTIONAL_TRANSFERED = get(
    "/api/v3/ins-loan/transfered",
    "How much of a coin was moved out under an institutional loan",
    rate=THREE_A_SECOND_PER_ACCOUNT,
    params=params("LISTED_COIN USER_ID"),
    fields=fields("coin transfered userId"),
    notes=(enums.MGT_READ,),
    source="docs 2025-12 uta/loan/Get-Transfered; ccxt, bitget-api, go-bitget, agent_sdk",
)

BORROW = post(
    "/api/v3/loan/borrow",
    "Borrow a coin against a pledge",
    effect=Effect.FUNDS,
    params=params(
        "loanCoin! PLEDGE_COIN_REQUIRED",
        Param("daily", required=True, choices=("SEVEN", "THIRTY", "FLEXIBLE")),
        "pledgeAmount loanAmount",
    ),
    one_of=(("pledgeAmount", "loanAmount"),),
    fields=fields("orderId"),
    notes=(enums.MGT_WRITE,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

BORROW_HISTORY = get(
    "/api/v3/loan/borrow-history",
    "Past loans against a pledge",
    params=params(
        "START_LAST_3_MONTHS END_REQUIRED ORDER_ID LOAN_COIN PLEDGE_COIN status PAGE_NUM PAGE_SIZE_10_UP_TO_100"
    ),
    paging=Paging(PageKind.PAGE_NUM, limit_default=10, limit_max=100, lookback_days=90, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields(
        "orderId loanCoin pledgeCoin initPledgeAmount initLoanAmount hourRate pledgeDays borrowTime status daily"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

BORROW_ONGOING = get(
    "/api/v3/loan/borrow-ongoing",
    "Open loans against a pledge",
    params=params("ORDER_ID LOAN_COIN PLEDGE_COIN"),
    shape=Shape.ARRAY,
    fields=fields(
        "orderId loanCoin loanAmount interestAmount hourInterestRate pledgeCoin pledgeAmount pledgeRate "
        "supRate forceRate borrowTime expireTime"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

COINS = get(
    "/api/v3/loan/coins",
    "Coins that can be borrowed and pledged",
    params=params("ANY_LISTED_COIN"),
    fields=fields(
        "loanInfos[]{ coin hourRateFlexible rateFlexible hourRate7D rate7D hourRate30D rate30D "
        "minBorrowAmount maxBorrowAmount minBorrowLimit maxBorrowLimit } pledgeInfos[]{ coin initRate "
        "supRate forceRate minPledgeAmount maxPledgeAmount }"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

DEBTS = get(
    "/api/v3/loan/debts",
    "What is owed and pledged",
    fields=fields("pledgeInfos[]{ coin amount amountUsdt } loanInfos[]{ coin amount amountUsdt }"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

INTEREST = get(
    "/api/v3/loan/interest",
    "Interest and amount of a loan before it is taken",
    params=params(
        "loanCoin! PLEDGE_COIN_REQUIRED",
        Param("daily", required=True, choices=("SEVEN", "THIRTY", "FLEXIBLE")),
        "pledgeAmount!",
    ),
    fields=fields("hourInterest loanAmount"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

PLEDGE_RATE_HISTORY = get(
    "/api/v3/loan/pledge-rate-history",
    "Changes of a pledge",
    params=params("START_LAST_3_MONTHS END_REQUIRED ORDER_ID reviseSide PLEDGE_COIN PAGE_NUM PAGE_SIZE_10_UP_TO_100"),
    paging=Paging(PageKind.PAGE_NUM, limit_default=10, limit_max=100, lookback_days=90, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields("loanCoin pledgeCoin orderId reviseTime reviseSide reviseAmount afterPledgeRate beforePledgeRate"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

REDUCES = get(
    "/api/v3/loan/reduces",
    "Liquidated pledges",
    params=params(
        "START_LAST_3_MONTHS END_REQUIRED ORDER_ID LOAN_COIN PLEDGE_COIN status PAGE_NUM PAGE_SIZE_10_UP_TO_100"
    ),
    paging=Paging(PageKind.PAGE_NUM, limit_default=10, limit_max=100, lookback_days=90, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields(
        "orderId loanCoin pledgeCoin reduceTime pledgeRate pledgePrice status pledgeAmount reduceFee "
        "residueAmount runlockAmount repayLoanAmount"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

REPAY = post(
    "/api/v3/loan/repay",
    "Repay a loan against a pledge",
    effect=Effect.FUNDS,
    params=params(
        "ORDER_ID_REQUIRED",
        Param("repayAll", required=True, choices=YES_NO),
        Param("method", required=True, choices=("borrowed_coin", "collateral")),
        "amount",
        Param("repayUnlock", choices=YES_NO, default="no"),
    ),
    fields=fields("loanCoin pledgeCoin repayAmount payInterest repayLoanAmount repayUnlockAmount"),
    notes=(enums.MGT_WRITE,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

REPAY_HISTORY = get(
    "/api/v3/loan/repay-history",
    "Past repayments of loans",
    params=params("START_LAST_3_MONTHS END_REQUIRED ORDER_ID LOAN_COIN PLEDGE_COIN PAGE_NUM PAGE_SIZE_10_UP_TO_100"),
    paging=Paging(PageKind.PAGE_NUM, limit_default=10, limit_max=100, lookback_days=90, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields("orderId loanCoin pledgeCoin repayAmount payInterest repayLoanAmount repayUnlockAmount repayTime"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)

REVISE_PLEDGE = post(
    "/api/v3/loan/revise-pledge",
    "Add to a pledge, or take from it",
    effect=Effect.FUNDS,
    params=params("ORDER_ID_REQUIRED PLEDGE_COIN_REQUIRED AMOUNT", Param("reviseType", choices=("OUT", "IN"))),
    fields=fields("loanCoin pledgeCoin afterPledgeRate"),
    notes=(enums.MGT_WRITE,),
    source="ccxt, bitget-api, go-bitget, agent_sdk",
)
