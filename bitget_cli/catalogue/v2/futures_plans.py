"""Futures trigger, trailing and exit orders: place, change, cancel, list."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import ORDER_TYPES, SIDES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import Param, Shape, by_id, get, get_list, post_trade

_TRIGGER_TYPE = Param("triggerType", choices=("fill_price", "mark_price"))
_HOLD_SIDE_REQUIRED = Param(
    "holdSide",
    required=True,
    choices=("long", "short", "buy", "sell"),
    note="hedge: long/short; one-way: buy (long) / sell (short)",
)

FUTURES_PLACE_PLAN_ORDER = post_trade(
    "/api/v2/mix/order/place-plan-order",
    "Place a futures trigger or trailing order",
    params=params(
        "TRIGGER_OR_TRAILING SYMBOL PRODUCT_TYPE MARGIN_MODE MARGIN_COIN size!",
        Param(
            "price",
            note=(
                "limit price once triggered; required for orderType=limit, empty for market and track_plan (ccxt sends "
                "it as executePrice for trigger orders)"
            ),
        ),
        Param("callbackRatio", maximum=10, note="track_plan only, required there, <=10 (percent)"),
        "TRIGGER_PRICE TRIGGER_TYPE_REQUIRED",
        Param("side", required=True, choices=SIDES, note="same meaning as in place-order"),
        "HEDGE_TRADE_SIDE",
        Param("orderType", required=True, choices=ORDER_TYPES, note="track_plan must be market"),
        "CLIENT_OID",
        Param(
            "reduceOnly",
            choices=("yes", "no"),
            default="no",
            note="one-way mode only; this page spells the values in lower case",
        ),
        Param("stopSurplusTriggerPrice", note="normal_plan: price; track_plan: percentage 0.01-999.99; empty/0 = none"),
        Param("stopSurplusExecutePrice", note="empty/0 = market; must be empty for track_plan"),
        Param(
            "stopSurplusTriggerType",
            choices=("fill_price", "mark_price"),
            note="required with stopSurplusTriggerPrice; track_plan: fill_price only",
        ),
        Param("stopLossTriggerPrice", note="normal_plan: price; track_plan: percentage 0.01-999.99; empty/0 = none"),
        Param("stopLossExecutePrice", note="empty/0 = market; must be empty for track_plan"),
        Param(
            "stopLossTriggerType",
            choices=("fill_price", "mark_price"),
            note="required with stopLossTriggerPrice; track_plan: fill_price only",
        ),
        "STP_MODE",
    ),
    fields=fields("orderId clientOid"),
    demo=True,
    notes=("sample body uses presetStopSurplusPrice/presetStopLossPrice which are not in the table",),
    source="docs 2025-12 contract/plan/Place-Plan-Order; docs 2026-09, ccxt, bitget-api",
)

FUTURES_PLACE_TPSL_ORDER = post_trade(
    "/api/v2/mix/order/place-tpsl-order",
    "Set a take-profit, stop-loss or trailing exit on a position",
    params=params(
        "MARGIN_COIN PRODUCT_TYPE SYMBOL planType!:profit_plan|loss_plan|moving_plan|pos_profit|pos_loss TRIGGER_PRICE",
        _TRIGGER_TYPE,
        Param("executePrice", note="empty/0 = market, >0 = limit; not for moving_plan"),
        _HOLD_SIDE_REQUIRED,
        Param(
            "size",
            note=(
                "required >0 for profit_plan, loss_plan, moving_plan; leave out for pos_profit/pos_loss (whole "
                "position); the table of the page marks it required"
            ),
        ),
        Param("rangeRate", note="required for moving_plan only"),
        "CLIENT_OID STP_MODE",
    ),
    fields=fields("orderId clientOid"),
    demo=True,
    source="docs 2025-12 contract/plan/Place-Tpsl-Order; docs 2026-09, ccxt, bitget-api",
)

FUTURES_PLACE_POS_TPSL = post_trade(
    "/api/v2/mix/order/place-pos-tpsl",
    "Set take-profit and stop-loss of a position together",
    params=params(
        "MARGIN_COIN PRODUCT_TYPE SYMBOL stopSurplusTriggerPrice",
        Param("stopSurplusSize", note="filled: partial take-profit (profit_plan); empty: whole position (pos_profit)"),
        "stopSurplusTriggerType:fill_price|mark_price",
        Param("stopSurplusExecutePrice", note="empty/0 = market"),
        "stopLossTriggerPrice",
        Param("stopLossSize", note="filled: partial stop-loss (loss_plan); empty: whole position (pos_loss)"),
        "stopLossTriggerType:fill_price|mark_price",
        Param("stopLossExecutePrice", note="empty/0 = market"),
        _HOLD_SIDE_REQUIRED,
        "STP_MODE stopSurplusClientOid stopLossClientOid",
    ),
    one_of=(("stopSurplusTriggerPrice", "stopLossTriggerPrice"),),
    shape=Shape.ARRAY,
    fields=fields("orderId stopSurplusClientOid stopLossClientOid"),
    demo=True,
    notes=("reply is a list, one row per created order",),
    source="docs 2025-12 contract/plan/Place-Pos-Tpsl-Order; docs 2026-09, ccxt, bitget-api",
)

FUTURES_MODIFY_PLAN_ORDER = post_trade(
    "/api/v2/mix/order/modify-plan-order",
    "Change an open futures trigger or trailing order",
    params=params(
        "WINNING_ORDER_ID LOSING_CLIENT_OID PRODUCT_TYPE",
        Param("newSize", note="empty = unchanged"),
        Param("newPrice", note="empty = unchanged; must be empty for market and trailing orders"),
        Param("newCallbackRatio", maximum=10, note="required for trailing orders, <=10; empty for trigger orders"),
        "newTriggerPrice",
        Param("newTriggerType", choices=("fill_price", "mark_price"), note="needs newTriggerPrice"),
        Param("newStopSurplusTriggerPrice", note="empty = keep, 0 = remove"),
        Param("newStopSurplusExecutePrice", note="empty = keep, 0 = remove; empty for trailing orders"),
        Param(
            "newStopSurplusTriggerType",
            choices=("fill_price", "mark_price"),
            note="required with newStopSurplusTriggerPrice on trigger orders; empty for trailing orders",
        ),
        Param("newStopLossTriggerPrice", note="empty = keep, 0 = remove"),
        Param("newStopLossExecutePrice", note="empty = keep, 0 = remove; empty for trailing orders"),
        Param(
            "newStopLossTriggerType",
            choices=("fill_price", "mark_price"),
            note="required with newStopLossTriggerPrice on trigger orders; empty for trailing orders",
        ),
    ),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    demo=True,
    notes=("sample sends planType and symbol which are not in the table",),
    source="docs 2025-12 contract/plan/Modify-Plan-Order; docs 2026-09, ccxt, bitget-api",
)

FUTURES_MODIFY_TPSL_ORDER = post_trade(
    "/api/v2/mix/order/modify-tpsl-order",
    "Change an open take-profit or stop-loss order",
    params=params(
        "EITHER_ORDER_ID EITHER_CLIENT_OID MARGIN_COIN PRODUCT_TYPE SYMBOL TRIGGER_PRICE",
        _TRIGGER_TYPE,
        Param("executePrice", note="0 or empty = market; leave out for moving_plan"),
        Param("size", note='always sent: "" for pos_profit / pos_loss orders, which is why it is not marked required'),
        Param("rangeRate", note="callback rate, moving_plan only"),
    ),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    demo=True,
    source="docs 2025-12 contract/plan/Modify-Tpsl-Order; docs 2026-09, ccxt, bitget-api",
)

FUTURES_CANCEL_PLAN_ORDER = post_trade(
    "/api/v2/mix/order/cancel-plan-order",
    "Cancel futures trigger orders: some, or all of a kind",
    params=params(
        Param(
            "orderIdList",
            note="needs symbol; left out = cancel every plan order of symbol/productType/planType",
            type="array",
        ),
        "LISTED_WINNING_ORDER_ID LISTED_LOSING_CLIENT_OID ANY_SYMBOL PRODUCT_TYPE ANY_MARGIN_COIN",
        Param(
            "planType",
            choices=("normal_plan", "track_plan", "profit_plan", "loss_plan", "pos_profit", "pos_loss", "moving_plan"),
            default="normal_plan",
            note="the page lists six values without track_plan, which ccxt sends for trailing orders",
        ),
    ),
    fields=fields("successList[]{ orderId clientOid } failureList[]{ orderId clientOid errorMsg }"),
    demo=True,
    notes=("failureList has no errorCode in the table",),
    source="docs 2025-12 contract/plan/Cancel-Plan-Order; docs 2026-09, ccxt, bitget-api",
)

_PAGES_OF_ENTRUSTED_LIST = by_id(
    limit_default=100, limit_max=100, window_days=90, lookback_days=90, cursor="endId", rows_at="entrustedList"
)

FUTURES_ORDERS_PLAN_PENDING = get(
    "/api/v2/mix/order/orders-plan-pending",
    "Futures trigger and exit orders that are still waiting",
    params=params(
        "FILTER_ORDER_ID FILTER_CLIENT_OID ANY_SYMBOL",
        Param(
            "planType",
            required=True,
            choices=("normal_plan", "track_plan", "profit_loss"),
            note=(
                "profit_loss returns all TP/SL kinds; response rows then carry profit_plan, loss_plan, moving_plan, "
                "pos_profit or pos_loss"
            ),
        ),
        "PRODUCT_TYPE ID_LESS_THAN START_3_MONTHS END_3_MONTHS LIMIT_100",
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "planType symbol size orderId clientOid price executePrice callbackRatio triggerPrice triggerType planStatus "
        "side posSide marginCoin marginMode enterPointSource tradeSide posMode orderType orderSource cTime uTime "
        "stopSurplusExecutePrice stopSurplusTriggerPrice stopSurplusTriggerType stopLossExecutePrice "
        "stopLossTriggerPrice stopLossTriggerType presetStopSurplusPrice presetStopLossPrice"
    ),
    demo=True,
    notes=(
        "symbol is listed twice in the table; index_price can appear as a trigger type in replies only",
        (
            'live capture of a pos_profit row (Bitget.Net, Feb 2025): size "0", marginMode "", unused TP/SL fields '
            "null, endId missing on a short page, side=buy with tradeSide=close for a long"
        ),
        enums.PLAN_TYPE,
        "triggerType: fill_price, mark_price, index_price",
        enums.POS_SIDE_OR_NET,
        enums.MARGIN_MODE_NOTE,
        enums.ENTER_POINT_SOURCE,
        "tradeSide: open, close",
        enums.POS_MODE,
        enums.ORDER_TYPE_NOTE,
        (
            "orderSource: normal, market, profit_market, loss_market, Trader_delegate, trader_profit, trader_loss, "
            "trader_reverse, profit_limit, loss_limit, delivery_close_short, pos_profit_limit, pos_profit_market, "
            "pos_loss_limit, pos_loss_market"
        ),
        "stopSurplusTriggerType: fill_price, mark_price, index_price",
        "stopLossTriggerType: fill_price, mark_price, index_price",
        "planStatus: live",
        enums.SIDE_NOTE,
    ),
    source="docs 2025-12 contract/plan/get-orders-plan-pending; docs 2026-09, ccxt, bitget-api",
)

FUTURES_ORDERS_PLAN_HISTORY = get(
    "/api/v2/mix/order/orders-plan-history",
    "Futures trigger and exit orders of the last 90 days",
    params=params(
        "FILTER_ORDER_ID FILTER_CLIENT_OID",
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
        "ANY_SYMBOL PRODUCT_TYPE ID_LESS_THAN START_3_MONTHS_MANAGED END_3_MONTHS LIMIT_100",
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "planType symbol size orderId executeOrderId clientOid planStatus price executePrice priceAvg baseVolume "
        "callbackRatio triggerPrice triggerType side posSide marginCoin marginMode enterPointSource tradeSide posMode "
        "orderType cTime uTime stopSurplusExecutePrice stopSurplusTriggerPrice stopSurplusTriggerType "
        "stopLossExecutePrice stopLossTriggerPrice stopLossTriggerType presetStopSurplusPrice presetStopLossPrice"
    ),
    demo=True,
    notes=(
        "sample carries priceAvg, missing from the table; no orderSource",
        enums.PLAN_TYPE,
        enums.TRIGGER_TYPE,
        enums.POS_SIDE_OR_NET,
        enums.MARGIN_MODE_NOTE,
        enums.ENTER_POINT_SOURCE,
        enums.POS_MODE,
        "stopSurplusTriggerType: fill_price, mark_price",
        "stopLossTriggerType: fill_price, mark_price",
        enums.SIDE_NOTE,
        "tradeSide: open, close",
    ),
    source="docs 2025-12 contract/plan/orders-plan-history; docs 2026-09, ccxt, bitget-api",
)

FUTURES_PLAN_SUB_ORDER = get_list(
    "/api/v2/mix/order/plan-sub-order",
    "The orders that a triggered futures plan order led to",
    params=params("TRIGGER_OR_TRAILING planOrderId! PRODUCT_TYPE"),
    fields=fields("orderId price type status"),
    demo=True,
    notes=("status: success, fail, cancelled, in_progress, in_progress_tracking",),
    source="docs 2025-12 contract/plan/Plan-Sub-Orders; docs 2026-09, ccxt, bitget-api",
)
