"""Futures trigger, trailing and exit orders: the waiting ones, the past."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_SYMBOL,
    END_3_MONTHS,
    FILTER_CLIENT_OID,
    FILTER_ORDER_ID,
    ID_LESS_THAN,
    LIMIT_100,
    PRODUCT_TYPE,
    START_3_MONTHS,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

_PAGES_OF_ENTRUSTED_LIST = Paging(
    PageKind.ID_LESS_THAN,
    limit_default=100,
    limit_max=100,
    window_days=90,
    lookback_days=90,
    cursor="endId",
    rows_at="entrustedList",
)

FUTURES_ORDERS_PLAN_PENDING = Endpoint(
    "GET",
    "/api/v2/mix/order/orders-plan-pending",
    "Futures trigger and exit orders that are still waiting",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        FILTER_ORDER_ID,
        FILTER_CLIENT_OID,
        ANY_SYMBOL,
        Param(
            "planType",
            required=True,
            choices=("normal_plan", "track_plan", "profit_loss"),
            note=(
                "profit_loss returns all TP/SL kinds; response rows then carry profit_plan, loss_plan, moving_plan, "
                "pos_profit or pos_loss"
            ),
        ),
        PRODUCT_TYPE,
        ID_LESS_THAN,
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_100,
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "planType symbol size orderId clientOid price executePrice callbackRatio triggerPrice triggerType "
        "planStatus side posSide marginCoin marginMode enterPointSource tradeSide posMode orderType "
        "orderSource cTime uTime stopSurplusExecutePrice stopSurplusTriggerPrice stopSurplusTriggerType "
        "stopLossExecutePrice stopLossTriggerPrice stopLossTriggerType presetStopSurplusPrice "
        "presetStopLossPrice"
    ),
    demo=True,
    notes=(
        "symbol is listed twice in the table; index_price can appear as a trigger type in replies only",
        (
            'live capture of a pos_profit row (Bitget.Net, Feb 2025): size "0", marginMode "", unused TP/SL fields '
            "null, endId missing on a short page, side=buy with tradeSide=close for a long"
        ),
        words.PLAN_TYPE,
        "triggerType: fill_price, mark_price, index_price",
        words.POS_SIDE_OR_NET,
        words.MARGIN_MODE,
        words.ENTER_POINT_SOURCE,
        "tradeSide: open, close",
        words.POS_MODE,
        words.ORDER_TYPE,
        (
            "orderSource: normal, market, profit_market, loss_market, Trader_delegate, trader_profit, trader_loss, "
            "trader_reverse, profit_limit, loss_limit, delivery_close_short, pos_profit_limit, pos_profit_market, "
            "pos_loss_limit, pos_loss_market"
        ),
        "stopSurplusTriggerType: fill_price, mark_price, index_price",
        "stopLossTriggerType: fill_price, mark_price, index_price",
        "planStatus: live",
        words.SIDE,
    ),
    source="docs 2025-12 contract/plan/get-orders-plan-pending; docs 2026-09, ccxt, bitget-api",
)

FUTURES_ORDERS_PLAN_HISTORY = Endpoint(
    "GET",
    "/api/v2/mix/order/orders-plan-history",
    "Futures trigger and exit orders of the last 90 days",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        FILTER_ORDER_ID,
        FILTER_CLIENT_OID,
        Param(
            "planType",
            required=True,
            choices=("normal_plan", "track_plan", "profit_loss"),
            note="profit_loss returns all TP/SL kinds",
        ),
        Param(
            "planStatus",
            choices=("executed", "fail_execute", "cancelled"),
            note="left out: all; one SDK types the failed value as fail_trigger",
        ),
        ANY_SYMBOL,
        PRODUCT_TYPE,
        ID_LESS_THAN,
        Param(
            "startTime",
            note="epoch ms; a range of at most 3 months; for managed sub-accounts not before the binding time",
        ),
        END_3_MONTHS,
        LIMIT_100,
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "planType symbol size orderId executeOrderId clientOid planStatus price executePrice priceAvg "
        "baseVolume callbackRatio triggerPrice triggerType side posSide marginCoin marginMode "
        "enterPointSource tradeSide posMode orderType cTime uTime stopSurplusExecutePrice "
        "stopSurplusTriggerPrice stopSurplusTriggerType stopLossExecutePrice stopLossTriggerPrice "
        "stopLossTriggerType presetStopSurplusPrice presetStopLossPrice"
    ),
    demo=True,
    notes=(
        "sample carries priceAvg, missing from the table; no orderSource",
        words.PLAN_TYPE,
        words.TRIGGER_TYPE,
        words.POS_SIDE_OR_NET,
        words.MARGIN_MODE,
        words.ENTER_POINT_SOURCE,
        words.POS_MODE,
        "stopSurplusTriggerType: fill_price, mark_price",
        "stopLossTriggerType: fill_price, mark_price",
        words.SIDE,
        "tradeSide: open, close",
    ),
    source="docs 2025-12 contract/plan/orders-plan-history; docs 2026-09, ccxt, bitget-api",
)

FUTURES_PLAN_SUB_ORDER = Endpoint(
    "GET",
    "/api/v2/mix/order/plan-sub-order",
    "The orders that a triggered futures plan order led to",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        Param("planType", required=True, choices=("normal_plan", "track_plan")),
        Param("planOrderId", required=True),
        PRODUCT_TYPE,
    ),
    shape=Shape.ARRAY,
    fields=fields("orderId price type status"),
    demo=True,
    notes=("status: success, fail, cancelled, in_progress, in_progress_tracking",),
    source="docs 2025-12 contract/plan/Plan-Sub-Orders; docs 2026-09, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_ORDERS_PLAN_PENDING,
    FUTURES_ORDERS_PLAN_HISTORY,
    FUTURES_PLAN_SUB_ORDER,
)
