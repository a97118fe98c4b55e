"""Isolated margin: orders, balances, loans, records."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    PageKind,
    Paging,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post,
    post_funds,
    post_trade,
)

_ISOLATED_BATCH_PLACE_ORDER_FIELDS = fields("successList[]{ orderId clientOid } failureList[]{ errorMsg }")
_ISOLATED_OPEN_ORDERS_FIELDS = fields(
    "symbol orderType enterPointSource orderId clientOid loanType price side status baseSize quoteSize "
    "priceAvg size amount force cTime uTime"
)

ISOLATED_PLACE_ORDER = post_trade(
    "/api/v2/margin/isolated/place-order",
    "Place one order in isolated margin",
    params=params(
        "SYMBOL ORDER_TYPE price LOAN_TYPE FORCE_REQUIRED MARGIN_BASE_SIZE MARGIN_QUOTE_SIZE CLIENT_OID SIDE STP_MODE"
    ),
    fields=fields("orderId clientOid"),
    source="docs 2025-12 margin/isolated/trade/Isolated-Place-Order; ccxt, bitget-api",
)

ISOLATED_BATCH_PLACE_ORDER = post_trade(
    "/api/v2/margin/isolated/batch-place-order",
    "Place several orders in isolated margin",
    params=params(
        "SYMBOL ORDER_LIST EACH_ORDER_TYPE EACH_PRICE EACH_LOAN_TYPE EACH_FORCE orderList[].baseSize",
        "orderList[].quoteSize EACH_CLIENT_OID EACH_SIDE EACH_STP_MODE",
    ),
    fields=_ISOLATED_BATCH_PLACE_ORDER_FIELDS,
    source="docs 2025-12 margin/isolated/trade/Isolated-Batch-Order; ccxt, bitget-api",
)

ISOLATED_CANCEL_ORDER = post_trade(
    "/api/v2/margin/isolated/cancel-order",
    "Cancel one order in isolated margin",
    params=params("SYMBOL EITHER_ORDER_ID EITHER_CLIENT_OID"),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    source="docs 2025-12 margin/isolated/trade/Isolated-Cancel-Order; ccxt, bitget-api",
)

ISOLATED_BATCH_CANCEL_ORDER = post_trade(
    "/api/v2/margin/isolated/batch-cancel-order",
    "Cancel several orders in isolated margin",
    params=params(
        "SYMBOL",
        Param("orderIdList", note="orderId or clientOid is needed", type="array"),
        "LISTED_ORDER_ID LISTED_CLIENT_OID",
    ),
    fields=_ISOLATED_BATCH_PLACE_ORDER_FIELDS,
    source="docs 2025-12 margin/isolated/trade/Isolated-Batch-Cancel-Orders; ccxt, bitget-api",
)

ISOLATED_OPEN_ORDERS = get(
    "/api/v2/margin/isolated/open-orders",
    "Orders in isolated margin that are still open",
    params=params("SYMBOL ORDER_ID CLIENT_OID START_REQUIRED END LIMIT_100_UP_TO_500"),
    paging=Paging(rows_at="orderList"),
    fields=_ISOLATED_OPEN_ORDERS_FIELDS,
    notes=(
        "beside the rows: maxId, minId",
        enums.FORCE,
        enums.ENTER_POINT_SOURCE,
        "status: live, partial_fill, filled, cancelled, reject",
        enums.SIDE_NOTE,
        "loanType: normal, autoLoan, autoRepay, autoLoanAndRepay",
    ),
    source="docs 2025-12 margin/isolated/trade/Isolated-Open-Orders; ccxt, bitget-api",
)

ISOLATED_HISTORY_ORDERS = get(
    "/api/v2/margin/isolated/history-orders",
    "Orders in isolated margin of the last 90 days",
    params=params(
        "SYMBOL ORDER_ID FILTER_ENTER_POINT CLIENT_OID START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"
    ),
    paging=by_id(limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="orderList"),
    fields=_ISOLATED_OPEN_ORDERS_FIELDS,
    notes=(
        "beside the rows: maxId",
        enums.FORCE,
        enums.ENTER_POINT_SOURCE,
        "status: live, partially_fill, filled, cancelled, reject",
        enums.SIDE_NOTE,
        "loanType: normal, autoLoan, autoRepay, autoLoanAndRepay",
    ),
    source="docs 2025-12 margin/isolated/trade/Get-Isolated-Order-History; ccxt, bitget-api",
)

ISOLATED_FILLS = get(
    "/api/v2/margin/isolated/fills",
    "Your own trades in isolated margin",
    params=params("SYMBOL ORDER_ID ID_LESS_THAN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500"),
    paging=by_id(limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="fills"),
    fields=fields(
        "orderId tradeId orderType side priceAvg size amount tradeScope feeDetail{ deduction feeCoin "
        "totalDeductionFee totalFee feecoinCode } cTime uTime"
    ),
    notes=(
        "beside the rows: maxId",
        "feeDetail is an object in the sample and a list in the table, where feeCoin is feecoinCode",
        enums.SIDE_NOTE,
    ),
    source="docs 2025-12 margin/isolated/trade/Get-Isolated-Transaction-Details; ccxt, bitget-api",
)

ISOLATED_LIQUIDATION_ORDER = get(
    "/api/v2/margin/isolated/liquidation-order",
    "Orders by which isolated margin was liquidated",
    params=params(
        "LIQUIDATION_TYPE LIQUIDATED_SYMBOL SWAP_FROM_COIN SWAP_TO_COIN START END_90_DAYS LIMIT_100_UP_TO_500",
        "ID_LESS_THAN",
    ),
    paging=by_id(limit_default=100, limit_max=500, window_days=90, cursor="idLessThan", rows_at="resultList"),
    fields=fields(
        "symbol orderType side priceAvg price fillSize size amount orderId fromCoin toCoin fromSize toSize cTime uTime"
    ),
    notes=("side: liquidation_sell, liquidation_buy",),
    source="docs 2025-12 margin/isolated/trade/Get-Isolated-Liquidation-Orders; bitget-api",
)

ISOLATED_ASSETS = get_list(
    "/api/v2/margin/isolated/account/assets",
    "Balances and debts of each pair in isolated margin",
    params=params("ANY_SYMBOL"),
    fields=fields("symbol coin totalAmount available frozen borrow interest net coupon cTime uTime"),
    source="docs 2025-12 margin/isolated/account/Get-Isolated-Assets; ccxt, bitget-api",
)

ISOLATED_RISK_RATE = get_list(
    "/api/v2/margin/isolated/account/risk-rate",
    "How close each isolated margin pair is to liquidation",
    params=params(
        "ANY_SYMBOL",
        Param("pageNum", default="1", note="page number from 1"),
        Param("pageSize", default="100", maximum=500, note="rows a page"),
    ),
    paging=Paging(PageKind.PAGE_NUM, limit_default=100, limit_max=500, limit_name="pageSize"),
    fields=fields("symbol riskRateRatio"),
    source="docs 2025-12 margin/isolated/account/Isolated-Risk-Rate; ccxt, bitget-api",
)

ISOLATED_MAX_BORROWABLE_AMOUNT = get(
    "/api/v2/margin/isolated/account/max-borrowable-amount",
    "How much can be borrowed for a pair in isolated margin",
    params=params("SYMBOL"),
    fields=fields("symbol baseCoin baseCoinMaxBorrowAmount quoteCoin quoteCoinMaxBorrowAmount"),
    source="docs 2025-12 margin/isolated/account/Isolated-Max-Borrowable-Amount; ccxt, bitget-api",
)

ISOLATED_MAX_TRANSFER_OUT_AMOUNT = get(
    "/api/v2/margin/isolated/account/max-transfer-out-amount",
    "How much can leave a pair in isolated margin",
    params=params("SYMBOL"),
    fields=fields("baseCoin symbol baseCoinMaxTransferOutAmount quoteCoin quoteCoinMaxTransferOutAmount"),
    source="docs 2025-12 margin/isolated/account/Get-Isolated-Max-Transfer-Out-Amount; ccxt, bitget-api",
)

ISOLATED_BORROW = post_funds(
    "/api/v2/margin/isolated/account/borrow",
    "Borrow a coin for a pair in isolated margin",
    params=params("SYMBOL COIN borrowAmount! CLIENT_OID"),
    fields=fields("loanId symbol coin borrowAmount"),
    source="docs 2025-12 margin/isolated/account/Isolated-Borrow; ccxt, bitget-api",
)

ISOLATED_REPAY = post_funds(
    "/api/v2/margin/isolated/account/repay",
    "Pay a coin back in isolated margin",
    params=params("repayAmount! COIN SYMBOL CLIENT_OID"),
    fields=fields("remainDebtAmount symbol repayId coin repayAmount"),
    source="docs 2025-12 margin/isolated/account/Isolated-Repay; ccxt, bitget-api",
)

ISOLATED_FLASH_REPAY = post_funds(
    "/api/v2/margin/isolated/account/flash-repay",
    "Pay all debts of some pairs back by selling what is there",
    params=params(Param("symbolList", type="array")),
    shape=Shape.ARRAY,
    fields=fields("repayId symbol result"),
    source="docs 2025-12 margin/isolated/account/Isolated-Flash-Repay; ccxt, bitget-api",
)

ISOLATED_QUERY_FLASH_REPAY_STATUS = post(
    "/api/v2/margin/isolated/account/query-flash-repay-status",
    "How far flash repayments of isolated margin have come",
    params=params(Param("idList", required=True, type="array")),
    shape=Shape.ARRAY,
    fields=fields("repayId status"),
    notes=("POST by docs and ccxt; bitget-api sends GET",),
    source="docs 2025-12 margin/isolated/account/Query-Isolated-Flash-Repay-Status; ccxt",
)

ISOLATED_INTEREST_RATE_AND_LIMIT = get_list(
    "/api/v2/margin/isolated/interest-rate-and-limit",
    "Interest and borrowing limits of a pair in isolated margin",
    params=params("SYMBOL"),
    fields=fields(
        "symbol leverage baseCoin baseTransferable baseBorrowable baseDailyInterestRate baseAnnuallyInterestRate "
        "baseMaxBorrowableAmount baseVipList[]{ level dailyInterestRate limit annuallyInterestRate discountRate } "
        "quoteCoin quoteTransferable quoteBorrowable quoteDailyInterestRate quoteAnnuallyInterestRate "
        "quoteMaxBorrowableAmount quoteList[]{ level dailyInterestRate limit annuallyInterestRate discountRate } "
        "quoteTransferInAble"
    ),
    notes=("baseTransferable: true, false", "baseBorrowable: true, false"),
    source=(
        "docs 2025-12 margin/isolated/account/Isolated-Margin-Interest-Rate-And-Max-Borrowable-Amount; ccxt, bitget-api"
    ),
)

ISOLATED_TIER_DATA = get_list(
    "/api/v2/margin/isolated/tier-data",
    "Borrowing tiers of a pair in isolated margin",
    params=params("SYMBOL"),
    fields=fields(
        "tier symbol leverage baseCoin quoteCoin baseMaxBorrowableAmount quoteMaxBorrowableAmount maintainMarginRate "
        "initRate"
    ),
    source="docs 2025-12 margin/isolated/account/Isolated-Tier-Data; ccxt, bitget-api",
)

_PAGES_OF_RESULT_LIST = by_id(limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="resultList")

ISOLATED_BORROW_HISTORY = get(
    "/api/v2/margin/isolated/borrow-history",
    "What was borrowed in isolated margin",
    params=params("SYMBOL loanId ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("loanId coin borrowAmount borrowType symbol cTime uTime amount"),
    notes=("beside the rows: maxId", "borrowType: auto_loan, manual_loan"),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Loan-Records; ccxt, bitget-api",
)

ISOLATED_REPAY_HISTORY = get(
    "/api/v2/margin/isolated/repay-history",
    "What was paid back in isolated margin",
    params=params("SYMBOL repayId ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("repayId coin repayAmount repayType repayInterest repayPrincipal symbol cTime uTime"),
    notes=("beside the rows: maxId",),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Repay-History; ccxt, bitget-api",
)

ISOLATED_INTEREST_HISTORY = get(
    "/api/v2/margin/isolated/interest-history",
    "Interest charged in isolated margin",
    params=params("SYMBOL ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("interestId interestCoin dailyInterestRate loanCoin interestAmount interstType symbol cTime uTime"),
    notes=("beside the rows: maxId", "interstType: first, scheduled"),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Interest-Records; ccxt, bitget-api",
)

ISOLATED_LIQUIDATION_HISTORY = get(
    "/api/v2/margin/isolated/liquidation-history",
    "Liquidations in isolated margin",
    params=params("SYMBOL START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("liqId symbol liqStartTime liqEndTime liqRiskRatio totalAssets totalDebt liqFee cTime uTime"),
    notes=("beside the rows: maxId",),
    source="docs 2025-12 margin/isolated/record/Get-Isolated-Liquidation-Records; ccxt, bitget-api",
)

ISOLATED_FINANCIAL_RECORDS = get(
    "/api/v2/margin/isolated/financial-records",
    "Every booking on the isolated margin accounts",
    params=params("SYMBOL MARGIN_TYPE ANY_COIN START_REQUIRED END_90_DAYS LIMIT_100_UP_TO_500 ID_LESS_THAN"),
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
