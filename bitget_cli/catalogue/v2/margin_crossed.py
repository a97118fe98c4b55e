"""Crossed margin: orders, balances, loans, records; and the pairs of both kinds of margin."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    TEN_A_SECOND_PER_ADDRESS,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post,
    post_funds,
    post_trade,
)

MARGIN_CURRENCIES = get_list(
    "/api/v2/margin/currencies",
    "The pairs of margin trading, with leverage, fees and limits",
    rate=TEN_A_SECOND_PER_ADDRESS,
    fields=fields(
        "symbol baseCoin quoteCoin maxCrossedLeverage maxIsolatedLeverage warningRiskRatio liquidationRiskRatio "
        "minTradeAmount maxTradeAmount takerFeeRate makerFeeRate pricePrecision quantityPrecision minTradeUSDT "
        "isBorrowable userMinBorrow status isIsolatedBaseBorrowable isIsolatedQuoteBorrowable isCrossBorrowable"
    ),
    notes=("ccxt lists it as public",),
    source="docs 2025-12 margin/common/support-currencies; ccxt, bitget-api",
)

MARGIN_INTEREST_RATE_RECORD = get(
    "/api/v2/margin/interest-rate-record",
    "Past interest rates of a borrowed coin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("COIN"),
    fields=fields("coin dailyInterestRate annualInterestRate updatedTime quoteCoin"),
    source="docs 2025-12 margin/common/interest-rate-record",
)

_CROSSED_OPEN_ORDERS_FIELDS = fields(
    "orderId symbol orderType enterPointSource clientOid loanType price side status baseSize quoteSize "
    "priceAvg size amount force cTime uTime"
)

CROSSED_PLACE_ORDER = post_trade(
    "/api/v2/margin/crossed/place-order",
    "Place one order in crossed margin",
    params=params(
        "SYMBOL ORDER_TYPE price LOAN_TYPE FORCE_REQUIRED MARGIN_BASE_SIZE MARGIN_QUOTE_SIZE CLIENT_OID SIDE STP_MODE"
    ),
    fields=fields("orderId clientOid"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Place-Order; ccxt, bitget-api",
)

CROSSED_BATCH_PLACE_ORDER = post_trade(
    "/api/v2/margin/crossed/batch-place-order",
    "Place several orders in crossed margin",
    params=params(
        "SYMBOL ORDER_LIST EACH_ORDER_TYPE EACH_PRICE EACH_LOAN_TYPE EACH_FORCE orderList[].baseSize",
        "orderList[].quoteSize EACH_CLIENT_OID EACH_SIDE EACH_STP_MODE",
    ),
    fields=fields("successList[]{ orderId clientOid } failureList[]{ clientOid errorMsg }"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Batch-Order; ccxt, bitget-api",
)

CROSSED_CANCEL_ORDER = post_trade(
    "/api/v2/margin/crossed/cancel-order",
    "Cancel one order in crossed margin",
    params=params("SYMBOL EITHER_ORDER_ID EITHER_CLIENT_OID"),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Cancel-Order; ccxt, bitget-api",
)

CROSSED_BATCH_CANCEL_ORDER = post_trade(
    "/api/v2/margin/crossed/batch-cancel-order",
    "Cancel several orders in crossed margin",
    params=params(
        "SYMBOL",
        Param("orderIdList", required=True, note="orderId or clientOid is needed", type="array"),
        "LISTED_ORDER_ID LISTED_CLIENT_OID",
    ),
    fields=fields("successList[]{ orderId clientOid } failureList[]{ orderId clientOid errorMsg }"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Batch-Cancel-Order; ccxt, bitget-api",
)

CROSSED_OPEN_ORDERS = get(
    "/api/v2/margin/crossed/open-orders",
    "Orders in crossed margin that are still open",
    params=params("SYMBOL ORDER_ID CLIENT_OID START_REQUIRED END LIMIT_100_OPEN ID_LESS_THAN"),
    paging=by_id(limit_default=100, cursor="minId", rows_at="orderList"),
    fields=_CROSSED_OPEN_ORDERS_FIELDS,
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId, resultList",
        enums.FORCE,
        enums.ENTER_POINT_SOURCE,
        "status: live, partial_fill, filled, cancelled, reject",
        enums.MARGIN_SIDE,
        enums.ORDER_TYPE_NOTE,
    ),
    source="docs 2025-12 margin/cross/trade/Get-Cross-Open-Orders; ccxt, bitget-api",
)

CROSSED_HISTORY_ORDERS = get(
    "/api/v2/margin/crossed/history-orders",
    "Orders in crossed margin of the last 90 days",
    params=params(
        "SYMBOL ORDER_ID FILTER_ENTER_POINT CLIENT_OID START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"
    ),
    paging=by_id(limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="orderList"),
    fields=_CROSSED_OPEN_ORDERS_FIELDS,
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId",
        enums.FORCE,
        "status: live, partially_fill, filled, cancelled, reject",
        enums.MARGIN_SIDE,
        enums.ORDER_TYPE_NOTE,
    ),
    source="docs 2025-12 margin/cross/trade/Get-Cross-Order-History; ccxt, bitget-api",
)

CROSSED_FILLS = get(
    "/api/v2/margin/crossed/fills",
    "Your own trades in crossed margin",
    params=params("SYMBOL ORDER_ID ID_LESS_THAN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500"),
    paging=by_id(limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="fills"),
    fields=fields(
        "orderId tradeId orderType side priceAvg size amount tradeScope cTime uTime feeDetail{ deduction feeCoin "
        "totalDeductionFee totalFee feecoinCode } symbol"
    ),
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId",
        "feeDetail is an object in the sample and a list in the table, where feeCoin is feecoinCode",
        "side: sell, buy, liquidation_buy, liquidation_sell, system_repay_buy, system_repay_sell",
        enums.ORDER_TYPE_NOTE,
        enums.TRADE_SCOPE,
    ),
    source="docs 2025-12 margin/cross/trade/Get-Cross-Order-Fills; ccxt, bitget-api",
)

CROSSED_LIQUIDATION_ORDER = get(
    "/api/v2/margin/crossed/liquidation-order",
    "Orders by which crossed margin was liquidated",
    params=params(
        "LIQUIDATION_TYPE LIQUIDATED_SYMBOL SWAP_FROM_COIN SWAP_TO_COIN START END_90_DAYS LIMIT_100_UP_TO_500",
        "ID_LESS_THAN",
    ),
    paging=by_id(limit_default=100, limit_max=500, window_days=90, cursor="idLessThan", rows_at="resultList"),
    fields=fields(
        "symbol orderType side priceAvg price fillSize size amount orderId fromCoin toCoin fromSize toSize cTime uTime"
    ),
    notes=("side: liquidation_sell, liquidation_buy",),
    source="docs 2025-12 margin/cross/trade/Get-Cross-Liquidation-Orders; bitget-api",
)

CROSSED_ASSETS = get_list(
    "/api/v2/margin/crossed/account/assets",
    "Balances and debts in crossed margin",
    params=params("ANY_COIN"),
    fields=fields("coin totalAmount available frozen borrow interest net cTime uTime coupon"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Get-Cross-Assets; ccxt, bitget-api",
)

CROSSED_RISK_RATE = get(
    "/api/v2/margin/crossed/account/risk-rate",
    "How close crossed margin is to liquidation",
    fields=fields("riskRateRatio riskRate"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Get-Cross-Risk-Rate; ccxt, bitget-api",
)

CROSSED_MAX_BORROWABLE_AMOUNT = get(
    "/api/v2/margin/crossed/account/max-borrowable-amount",
    "How much of a coin can be borrowed in crossed margin",
    params=params("COIN"),
    fields=fields("coin maxBorrowableAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Max-Borrowable-Amount; ccxt, bitget-api",
)

CROSSED_MAX_TRANSFER_OUT_AMOUNT = get(
    "/api/v2/margin/crossed/account/max-transfer-out-amount",
    "How much of a coin can leave crossed margin",
    params=params("COIN"),
    fields=fields("coin maxTransferOutAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Get-Cross-Max-Transfer-Out-Amount; ccxt, bitget-api",
)

CROSSED_BORROW = post_funds(
    "/api/v2/margin/crossed/account/borrow",
    "Borrow a coin in crossed margin",
    params=params("COIN borrowAmount! CLIENT_OID"),
    fields=fields("loanId coin borrowAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Borrow; ccxt, bitget-api",
)

CROSSED_REPAY = post_funds(
    "/api/v2/margin/crossed/account/repay",
    "Pay a coin back in crossed margin",
    params=params("COIN repayAmount!"),
    fields=fields("coin repayId remainDebtAmount repayAmount"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Repay; ccxt, bitget-api",
)

CROSSED_FLASH_REPAY = post_funds(
    "/api/v2/margin/crossed/account/flash-repay",
    "Pay all debts of crossed margin back by selling what is there",
    params=params("ANY_COIN"),
    fields=fields("repayId coin"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Flash-Repay; ccxt, bitget-api",
)

CROSSED_QUERY_FLASH_REPAY_STATUS = post(
    "/api/v2/margin/crossed/account/query-flash-repay-status",
    "How far flash repayments of crossed margin have come",
    params=params(Param("idList", required=True, note="at most 100 items", type="array")),
    shape=Shape.ARRAY,
    fields=fields("repayId status"),
    notes=("POST by docs and ccxt; bitget-api sends GET",),
    source="docs 2025-12 margin/cross/account/Query-Cross-Flash-Repay-Status; ccxt",
)

CROSSED_INTEREST_RATE_AND_LIMIT = get_list(
    "/api/v2/margin/crossed/interest-rate-and-limit",
    "Interest and borrowing limit of a coin in crossed margin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("COIN"),
    fields=fields(
        "transferable leverage coin borrowable dailyInterestRate annualInterestRate maxBorrowableAmount vipList[]{ "
        "level limit dailyInterestRate annualInterestRate discountRate }"
    ),
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "transferable: true, false",
        "borrowable: true, false",
    ),
    source="docs 2025-12 margin/cross/account/Get-Cross-Margin-Interest-Rate-And-Borrowable; ccxt, bitget-api",
)

CROSSED_TIER_DATA = get_list(
    "/api/v2/margin/crossed/tier-data",
    "Borrowing tiers of a coin in crossed margin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("COIN"),
    fields=fields("tier leverage coin maxBorrowableAmount maintainMarginRate"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/account/Cross-Tier-Data; ccxt, bitget-api",
)

_PAGES_OF_RESULT_LIST = by_id(limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="resultList")

CROSSED_BORROW_HISTORY = get(
    "/api/v2/margin/crossed/borrow-history",
    "What was borrowed in crossed margin",
    params=params("loanId ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("loanId coin borrowAmount borrowType cTime uTime"),
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId",
        "borrowType: auto_loan, manual_loan",
    ),
    source="docs 2025-12 margin/cross/record/Get-Cross-Loan-Records; ccxt, bitget-api",
)

CROSSED_REPAY_HISTORY = get(
    "/api/v2/margin/crossed/repay-history",
    "What was paid back in crossed margin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("repayId ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("repayId coin repayAmount repayType repayInterest repayPrincipal cTime uTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Repay-History; ccxt, bitget-api",
)

CROSSED_INTEREST_HISTORY = get(
    "/api/v2/margin/crossed/interest-history",
    "Interest charged in crossed margin",
    params=params("ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("interestId loanCoin interestCoin dailyInterestRate interestAmount interstType uTime cTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Interest-Records; ccxt, bitget-api",
)

CROSSED_LIQUIDATION_HISTORY = get(
    "/api/v2/margin/crossed/liquidation-history",
    "Liquidations in crossed margin",
    params=params("START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("liqId liqStartTime liqEndTime liqRiskRatio totalAssets totalDebt liqFee uTime cTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Liquidation-Records; ccxt, bitget-api",
)

CROSSED_FINANCIAL_RECORDS = get(
    "/api/v2/margin/crossed/financial-records",
    "Every booking on the crossed margin account",
    params=params("MARGIN_TYPE ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("marginId amount coin balance fee marginType uTime cTime"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right", "beside the rows: maxId"),
    source="docs 2025-12 margin/cross/record/Get-Cross-Finance-Flow-History; ccxt, bitget-api",
)
