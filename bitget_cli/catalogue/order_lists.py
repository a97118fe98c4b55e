"""Futures orders: one, the open ones, the past."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_SYMBOL,
    EITHER_CLIENT_OID,
    EITHER_ORDER_ID,
    END,
    END_3_MONTHS,
    FILTER_CLIENT_OID,
    FILTER_ORDER_ID,
    ID_LESS_THAN,
    LIMIT_100,
    PRODUCT_TYPE,
    START_3_MONTHS,
    START_MANAGED,
    SYMBOL,
    values,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param

_PAGES_OF_ENTRUSTED_LIST = Paging(
    PageKind.ID_LESS_THAN,
    limit_default=100,
    limit_max=100,
    window_days=90,
    lookback_days=90,
    cursor="endId",
    rows_at="entrustedList",
)

FUTURES_ORDER_DETAIL = Endpoint(
    "GET",
    "/api/v2/mix/order/detail",
    "One futures order in full",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, PRODUCT_TYPE, EITHER_ORDER_ID, EITHER_CLIENT_OID),
    one_of=(("orderId", "clientOid"),),
    fields=fields(
        "symbol size orderId clientOid baseVolume priceAvg fee price state|status side force totalProfits posSide "
        "marginCoin presetStopSurplusPrice presetStopSurplusType presetStopSurplusExecutePrice "
        "presetStopLossPrice presetStopLossType presetStopLossExecutePrice quoteVolume orderType leverage "
        "marginMode reduceOnly enterPointSource tradeSide posMode orderSource cancelReason cTime uTime"
    ),
    demo=True,
    notes=(
        (
            "field is state in the sample and 2026 copy of the docs, status in older tables; sample shows "
            "marginMode cross and reduceOnly yes"
        ),
        "status: live, partially_filled, filled, canceled",
        words.SIDE,
        words.FORCE,
        words.POS_SIDE_OR_NET,
        "presetStopSurplusType: fill_price, mark_price",
        "presetStopLossType: fill_price, mark_price",
        words.ORDER_TYPE,
        words.MARGIN_MODE,
        words.REDUCE_ONLY,
        words.ENTER_POINT_SOURCE,
        words.TRADE_SIDE,
        words.POS_MODE,
        words.ORDER_SOURCE,
        words.CANCEL_REASON,
        "state: live, partially_filled, filled, canceled",
    ),
    source="docs 2025-12 contract/trade/Get-Order-Details; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ORDERS_PENDING = Endpoint(
    "GET",
    "/api/v2/mix/order/orders-pending",
    "Futures orders that are still open",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        FILTER_ORDER_ID,
        FILTER_CLIENT_OID,
        ANY_SYMBOL,
        PRODUCT_TYPE,
        Param(
            "status", choices=("live", "partially_filled"), default="live", note="left out: live orders only (per docs)"
        ),
        ID_LESS_THAN,
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_100,
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "symbol size orderId clientOid baseVolume fee price priceAvg status side force totalProfits posSide "
        "marginCoin quoteVolume leverage marginMode enterPointSource tradeSide posMode orderType orderSource "
        "cTime uTime presetStopSurplusPrice presetStopSurplusType presetStopSurplusExecutePrice "
        "presetStopLossPrice presetStopLossType presetStopLossExecutePrice reduceOnly"
    ),
    demo=True,
    notes=(
        (
            "trigger-type fields: Dec 2025 page presetStopSurplusType/presetStopLossType, a 2026 copy of the docs "
            "of the table presetStopSurplusTriggerType/presetStopLossTriggerType"
        ),
        words.SIDE,
        words.FORCE,
        words.POS_SIDE_OR_NET,
        words.MARGIN_MODE,
        words.REDUCE_ONLY,
        words.ENTER_POINT_SOURCE,
        words.TRADE_SIDE,
        words.POS_MODE,
        words.ORDER_TYPE,
        words.ORDER_SOURCE,
        "presetStopSurplusType: fill_price, mark_price",
        "presetStopLossType: fill_price, mark_price",
    ),
    source="docs 2025-12 contract/trade/Get-Orders-Pending; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ORDERS_HISTORY = Endpoint(
    "GET",
    "/api/v2/mix/order/orders-history",
    "Futures orders of the last 90 days that are filled or cancelled",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        FILTER_ORDER_ID,
        FILTER_CLIENT_OID,
        ANY_SYMBOL,
        PRODUCT_TYPE,
        ID_LESS_THAN,
        Param(
            "orderSource",
            choices=values(
                "normal market profit_market loss_market Trader_delegate trader_profit trader_loss reverse "
                "trader_reverse profit_limit loss_limit liquidation delivery_close_long delivery_close_short "
                "pos_profit_limit pos_profit_market pos_loss_limit pos_loss_market"
            ),
            open_ended=True,
        ),
        START_MANAGED,
        END,
        LIMIT_100,
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "symbol size orderId clientOid baseVolume fee price priceAvg status side force totalProfits posSide "
        "marginCoin quoteVolume leverage marginMode enterPointSource tradeSide posMode posAvg orderType "
        "orderSource cTime uTime presetStopSurplusPrice presetStopLossPrice reduceOnly liqPrice"
    ),
    demo=True,
    notes=(
        "status: filled, canceled",
        words.SIDE,
        words.FORCE,
        words.POS_SIDE_OR_NET,
        words.MARGIN_MODE,
        words.REDUCE_ONLY,
        words.ENTER_POINT_SOURCE,
        words.TRADE_SIDE,
        words.POS_MODE,
        words.ORDER_TYPE,
        words.ORDER_SOURCE,
    ),
    source="docs 2025-12 contract/trade/Get-Orders-History; docs 2026-09, agent_hub, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_ORDER_DETAIL,
    FUTURES_ORDERS_PENDING,
    FUTURES_ORDERS_HISTORY,
)
