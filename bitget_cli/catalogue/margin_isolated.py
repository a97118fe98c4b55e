"""Orders in isolated margin."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    CLIENT_OID,
    EACH_CLIENT_OID,
    EACH_FORCE,
    EACH_ORDER_TYPE,
    EACH_PRICE,
    EACH_SIDE,
    EACH_STP_MODE,
    EITHER_CLIENT_OID,
    EITHER_ORDER_ID,
    END,
    END_90_DAYS,
    FORCE_REQUIRED,
    ID_LESS_THAN,
    LIMIT_100_UP_TO_500,
    ORDER_ID,
    ORDER_TYPE,
    SIDE,
    START,
    START_REQUIRED,
    STP_MODE,
    SYMBOL,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param

_ACKNOWLEDGEMENT = fields("orderId clientOid")
_ISOLATED_BATCH_PLACE_ORDER_FIELDS = fields("successList[]{ orderId clientOid } failureList[]{ errorMsg }")
_ISOLATED_OPEN_ORDERS_FIELDS = fields(
    "symbol orderType enterPointSource orderId clientOid loanType price side status baseSize quoteSize "
    "priceAvg size amount force cTime uTime"
)

ISOLATED_PLACE_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/isolated/place-order",
    "Place one order in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(
        SYMBOL,
        ORDER_TYPE,
        Param("price"),
        Param("loanType", required=True, choices=("normal", "autoLoan", "autoRepay", "autoLoanAndRepay")),
        FORCE_REQUIRED,
        Param("baseSize", note="limit and market-sell orders"),
        Param("quoteSize", note="market-buy orders"),
        CLIENT_OID,
        SIDE,
        STP_MODE,
    ),
    fields=_ACKNOWLEDGEMENT,
    source="docs 2025-12 margin/isolated/trade/Isolated-Place-Order; ccxt, bitget-api",
)

ISOLATED_BATCH_PLACE_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/isolated/batch-place-order",
    "Place several orders in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(
        SYMBOL,
        Param("orderList", required=True, type="array"),
        EACH_ORDER_TYPE,
        EACH_PRICE,
        Param("orderList[].loanType", required=True, choices=("normal", "autoLoan", "autoRepay", "autoLoanAndRepay")),
        EACH_FORCE,
        Param("orderList[].baseSize"),
        Param("orderList[].quoteSize"),
        EACH_CLIENT_OID,
        EACH_SIDE,
        EACH_STP_MODE,
    ),
    fields=_ISOLATED_BATCH_PLACE_ORDER_FIELDS,
    source="docs 2025-12 margin/isolated/trade/Isolated-Batch-Order; ccxt, bitget-api",
)

ISOLATED_CANCEL_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/isolated/cancel-order",
    "Cancel one order in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(SYMBOL, EITHER_ORDER_ID, EITHER_CLIENT_OID),
    one_of=(("orderId", "clientOid"),),
    fields=_ACKNOWLEDGEMENT,
    source="docs 2025-12 margin/isolated/trade/Isolated-Cancel-Order; ccxt, bitget-api",
)

ISOLATED_BATCH_CANCEL_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/isolated/batch-cancel-order",
    "Cancel several orders in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(
        SYMBOL,
        Param("orderIdList", note="orderId or clientOid is needed", type="array"),
        Param("orderIdList[].orderId", note="orderId or clientOid is needed"),
        Param("orderIdList[].clientOid", note="client-chosen id; orderId or clientOid is needed"),
    ),
    fields=_ISOLATED_BATCH_PLACE_ORDER_FIELDS,
    source="docs 2025-12 margin/isolated/trade/Isolated-Batch-Cancel-Orders; ccxt, bitget-api",
)

ISOLATED_OPEN_ORDERS = Endpoint(
    "GET",
    "/api/v2/margin/isolated/open-orders",
    "Orders in isolated margin that are still open",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, ORDER_ID, CLIENT_OID, START_REQUIRED, END, LIMIT_100_UP_TO_500),
    paging=Paging(rows_at="orderList"),
    fields=_ISOLATED_OPEN_ORDERS_FIELDS,
    notes=(
        "beside the rows: maxId, minId",
        words.FORCE,
        words.ENTER_POINT_SOURCE,
        "status: live, partial_fill, filled, cancelled, reject",
        words.SIDE,
        "loanType: normal, autoLoan, autoRepay, autoLoanAndRepay",
    ),
    source="docs 2025-12 margin/isolated/trade/Isolated-Open-Orders; ccxt, bitget-api",
)

ISOLATED_HISTORY_ORDERS = Endpoint(
    "GET",
    "/api/v2/margin/isolated/history-orders",
    "Orders in isolated margin of the last 90 days",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        SYMBOL,
        ORDER_ID,
        Param("enterPointSource", choices=("WEB", "API", "SYS", "ANDROID", "IOS")),
        CLIENT_OID,
        START_REQUIRED,
        END_90_DAYS,
        LIMIT_100_UP_TO_500,
        ID_LESS_THAN,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="orderList"
    ),
    fields=_ISOLATED_OPEN_ORDERS_FIELDS,
    notes=(
        "beside the rows: maxId",
        words.FORCE,
        words.ENTER_POINT_SOURCE,
        "status: live, partially_fill, filled, cancelled, reject",
        words.SIDE,
        "loanType: normal, autoLoan, autoRepay, autoLoanAndRepay",
    ),
    source="docs 2025-12 margin/isolated/trade/Get-Isolated-Order-History; ccxt, bitget-api",
)

ISOLATED_FILLS = Endpoint(
    "GET",
    "/api/v2/margin/isolated/fills",
    "Your own trades in isolated margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, ORDER_ID, ID_LESS_THAN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="fills"
    ),
    fields=fields(
        "orderId tradeId orderType side priceAvg size amount tradeScope feeDetail{ deduction feeCoin "
        "totalDeductionFee totalFee feecoinCode } cTime uTime"
    ),
    notes=(
        "beside the rows: maxId",
        "feeDetail is an object in the sample and a list in the table, where feeCoin is feecoinCode",
        words.SIDE,
    ),
    source="docs 2025-12 margin/isolated/trade/Get-Isolated-Transaction-Details; ccxt, bitget-api",
)

ISOLATED_LIQUIDATION_ORDER = Endpoint(
    "GET",
    "/api/v2/margin/isolated/liquidation-order",
    "Orders by which isolated margin was liquidated",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        Param("type", choices=("swap", "place_order")),
        Param("symbol", note="BTCUSDT, without the suffixes of v1; depends on type=place_order"),
        Param("fromCoin", note="depends on type=swap"),
        Param("toCoin", note="depends on type=swap"),
        START,
        END_90_DAYS,
        LIMIT_100_UP_TO_500,
        ID_LESS_THAN,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=100,
        limit_max=500,
        window_days=90,
        cursor="idLessThan",
        rows_at="resultList",
    ),
    fields=fields(
        "symbol orderType side priceAvg price fillSize size amount orderId fromCoin toCoin fromSize toSize cTime uTime"
    ),
    notes=("side: liquidation_sell, liquidation_buy",),
    source="docs 2025-12 margin/isolated/trade/Get-Isolated-Liquidation-Orders; bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    ISOLATED_PLACE_ORDER,
    ISOLATED_BATCH_PLACE_ORDER,
    ISOLATED_CANCEL_ORDER,
    ISOLATED_BATCH_CANCEL_ORDER,
    ISOLATED_OPEN_ORDERS,
    ISOLATED_HISTORY_ORDERS,
    ISOLATED_FILLS,
    ISOLATED_LIQUIDATION_ORDER,
)
