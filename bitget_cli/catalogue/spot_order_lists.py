"""Spot orders and trades: one, the open ones, the past."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_SYMBOL,
    END,
    END_90_DAYS,
    ID_LESS_THAN,
    LIMIT_100,
    ORDER_ID,
    RECEIVE_WINDOW,
    REQUEST_TIME,
    START,
    START_MANAGED,
    TPSL_TYPE,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT, TWENTY_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

SPOT_ORDER_INFO = Endpoint(
    "GET",
    "/api/v2/spot/trade/orderInfo",
    "One spot order in full",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(
        Param("orderId", note="one of the pair must be sent"),
        Param("clientOid", note="lookup by clientOid works only for orders of the last 2 hours"),
        REQUEST_TIME,
        RECEIVE_WINDOW,
    ),
    one_of=(("orderId", "clientOid"),),
    shape=Shape.ARRAY,
    fields=fields(
        "userId symbol orderId clientOid price size orderType side status priceAvg baseVolume quoteVolume "
        "enterPointSource feeDetail orderSource cancelReason cTime uTime"
    ),
    demo=True,
    notes=(
        "GET; one Go SDK posts it",
        "feeDetail is a JSON document inside a string, as in history-orders",
        words.SPOT_STATUS,
        words.CANCEL_REASON,
    ),
    source="docs 2025-12 spot/trade/Get-Order-Info; agent_hub, ccxt, bitget-api",
)

SPOT_UNFILLED_ORDERS = Endpoint(
    "GET",
    "/api/v2/spot/trade/unfilled-orders",
    "Spot orders that are still open",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL, START, END, ID_LESS_THAN, LIMIT_100, ORDER_ID, TPSL_TYPE, REQUEST_TIME, RECEIVE_WINDOW),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=100, limit_max=100, cursor="orderId", cursor_in_row=True),
    shape=Shape.ARRAY,
    fields=fields(
        "userId symbol orderId clientOid priceAvg size orderType side status basePrice baseVolume quoteVolume"
        " enterPointSource presetTakeProfitPrice executeTakeProfitPrice presetStopLossPrice "
        "executeStopLossPrice cTime tpslType triggerPrice orderSource uTime"
    ),
    demo=True,
    notes=(
        words.SPOT_STATUS,
        (
            "orderSource: normal, market, spot_trader_buy, spot_follower_buy, spot_trader_sell, spot_follower_sell,"
            " strategy_oco_limit"
        ),
    ),
    source="docs 2025-12 spot/trade/Get-Unfilled-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_HISTORY_ORDERS = Endpoint(
    "GET",
    "/api/v2/spot/trade/history-orders",
    "Spot orders of the last 90 days",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL, START_MANAGED, END, ID_LESS_THAN, LIMIT_100, ORDER_ID, TPSL_TYPE, REQUEST_TIME, RECEIVE_WINDOW),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=100,
        limit_max=100,
        window_days=90,
        lookback_days=90,
        cursor="orderId",
        cursor_in_row=True,
    ),
    shape=Shape.ARRAY,
    fields=fields(
        "userId symbol orderId clientOid price size orderType side status priceAvg baseVolume quoteVolume "
        "enterPointSource feeDetail orderSource cTime uTime tpslType cancelReason triggerPrice"
    ),
    demo=True,
    notes=(
        (
            "feeDetail is a JSON document inside a string: "
            '{"newFees":{"c","d","deduction","r","t","totalDeductionFee"},"<COIN>":{"deduction","feeCoinCode","totalDeductionFee","totalFee"}}'
        ),
        words.SPOT_STATUS,
        words.CANCEL_REASON,
    ),
    source="docs 2025-12 spot/trade/Get-History-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_ORDER_FILLS = Endpoint(
    "GET",
    "/api/v2/spot/trade/fills",
    "Your own spot trades",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL, ORDER_ID, START_MANAGED, END_90_DAYS, LIMIT_100, ID_LESS_THAN),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=100,
        limit_max=100,
        window_days=90,
        lookback_days=90,
        cursor="tradeId",
        cursor_in_row=True,
    ),
    shape=Shape.ARRAY,
    fields=fields(
        "userId symbol orderId tradeId orderType side priceAvg size amount feeDetail{ deduction feeCoin "
        "totalDeductionFee totalFee } tradeScope cTime uTime"
    ),
    demo=True,
    notes=("feeDetail is an object here (string in order calls); totalFee is negative when paid",),
    source="docs 2025-12 spot/trade/Get-Fills; agent_hub, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    SPOT_ORDER_INFO,
    SPOT_UNFILLED_ORDERS,
    SPOT_HISTORY_ORDERS,
    SPOT_ORDER_FILLS,
)
