"""Orders in crossed margin."""

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
    LIMIT_100_OPEN,
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
_CROSSED_OPEN_ORDERS_FIELDS = fields(
    "orderId symbol orderType enterPointSource clientOid loanType price side status baseSize quoteSize "
    "priceAvg size amount force cTime uTime"
)

CROSSED_PLACE_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/crossed/place-order",
    "Place one order in crossed margin",
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
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Place-Order; ccxt, bitget-api",
)

CROSSED_BATCH_PLACE_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/crossed/batch-place-order",
    "Place several orders in crossed margin",
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
    fields=fields("successList[]{ orderId clientOid } failureList[]{ clientOid errorMsg }"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Batch-Order; ccxt, bitget-api",
)

CROSSED_CANCEL_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/crossed/cancel-order",
    "Cancel one order in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(SYMBOL, EITHER_ORDER_ID, EITHER_CLIENT_OID),
    one_of=(("orderId", "clientOid"),),
    fields=_ACKNOWLEDGEMENT,
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Cancel-Order; ccxt, bitget-api",
)

CROSSED_BATCH_CANCEL_ORDER = Endpoint(
    "POST",
    "/api/v2/margin/crossed/batch-cancel-order",
    "Cancel several orders in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(
        SYMBOL,
        Param("orderIdList", required=True, note="orderId or clientOid is needed", type="array"),
        Param("orderIdList[].orderId", note="orderId or clientOid is needed"),
        Param("orderIdList[].clientOid", note="client-chosen id; orderId or clientOid is needed"),
    ),
    fields=fields("successList[]{ orderId clientOid } failureList[]{ orderId clientOid errorMsg }"),
    notes=("an older endpoint list prints /margin/cross/…; crossed is right",),
    source="docs 2025-12 margin/cross/trade/Cross-Batch-Cancel-Order; ccxt, bitget-api",
)

CROSSED_OPEN_ORDERS = Endpoint(
    "GET",
    "/api/v2/margin/crossed/open-orders",
    "Orders in crossed margin that are still open",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, ORDER_ID, CLIENT_OID, START_REQUIRED, END, LIMIT_100_OPEN, ID_LESS_THAN),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=100, cursor="minId", rows_at="orderList"),
    fields=_CROSSED_OPEN_ORDERS_FIELDS,
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId, resultList",
        words.FORCE,
        words.ENTER_POINT_SOURCE,
        "status: live, partial_fill, filled, cancelled, reject",
        words.MARGIN_SIDE,
        words.ORDER_TYPE,
    ),
    source="docs 2025-12 margin/cross/trade/Get-Cross-Open-Orders; ccxt, bitget-api",
)

CROSSED_HISTORY_ORDERS = Endpoint(
    "GET",
    "/api/v2/margin/crossed/history-orders",
    "Orders in crossed margin of the last 90 days",
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
    fields=_CROSSED_OPEN_ORDERS_FIELDS,
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId",
        words.FORCE,
        "status: live, partially_fill, filled, cancelled, reject",
        words.MARGIN_SIDE,
        words.ORDER_TYPE,
    ),
    source="docs 2025-12 margin/cross/trade/Get-Cross-Order-History; ccxt, bitget-api",
)

CROSSED_FILLS = Endpoint(
    "GET",
    "/api/v2/margin/crossed/fills",
    "Your own trades in crossed margin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, ORDER_ID, ID_LESS_THAN, START_REQUIRED, END_90_DAYS, LIMIT_100_UP_TO_500),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=100, limit_max=500, window_days=90, cursor="minId", rows_at="fills"
    ),
    fields=fields(
        "orderId tradeId orderType side priceAvg size amount tradeScope cTime uTime feeDetail{ deduction "
        "feeCoin totalDeductionFee totalFee feecoinCode } symbol"
    ),
    notes=(
        "an older endpoint list prints /margin/cross/…; crossed is right",
        "beside the rows: maxId",
        "feeDetail is an object in the sample and a list in the table, where feeCoin is feecoinCode",
        "side: sell, buy, liquidation_buy, liquidation_sell, system_repay_buy, system_repay_sell",
        words.ORDER_TYPE,
        words.TRADE_SCOPE,
    ),
    source="docs 2025-12 margin/cross/trade/Get-Cross-Order-Fills; ccxt, bitget-api",
)

CROSSED_LIQUIDATION_ORDER = Endpoint(
    "GET",
    "/api/v2/margin/crossed/liquidation-order",
    "Orders by which crossed margin was liquidated",
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
    source="docs 2025-12 margin/cross/trade/Get-Cross-Liquidation-Orders; bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    CROSSED_PLACE_ORDER,
    CROSSED_BATCH_PLACE_ORDER,
    CROSSED_CANCEL_ORDER,
    CROSSED_BATCH_CANCEL_ORDER,
    CROSSED_OPEN_ORDERS,
    CROSSED_HISTORY_ORDERS,
    CROSSED_FILLS,
    CROSSED_LIQUIDATION_ORDER,
)
