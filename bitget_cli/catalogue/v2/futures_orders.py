"""Futures orders: place, change, cancel, list; and the trades they made."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import FORCES, PRODUCT_TYPES, SIDES, params, values
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_LEAD_TRADERS_ONE,
    TEN_A_SECOND_LEAD_TRADERS_ONE,
    Param,
    by_id,
    get,
    post_trade,
)

_BATCH_OUTCOME = fields("successList[]{ orderId clientOid } failureList[]{ orderId clientOid errorMsg errorCode }")

FUTURES_PLACE_ORDER = post_trade(
    "/api/v2/mix/order/place-order",
    "Place one futures order",
    rate=TEN_A_SECOND_LEAD_TRADERS_ONE,
    params=params(
        "SYMBOL PRODUCT_TYPE MARGIN_MODE MARGIN_COIN",
        Param("size", required=True, note="base coin amount; multiple of sizeMultiplier, at least minTradeNum"),
        Param(
            "price",
            note="required for limit orders; decimals = pricePlace, step = priceEndStep of the contracts endpoint",
        ),
        Param(
            "side",
            required=True,
            choices=SIDES,
            note=(
                "one-way: trade direction. Hedge: direction of the position, for opening AND closing (close long = "
                "buy+close, close short = sell+close)"
            ),
        ),
        Param(
            "tradeSide",
            choices=("open", "close"),
            note="required in hedge mode; must be left out in one-way mode (sending it can give 40774)",
        ),
        "ORDER_TYPE",
        Param("force", choices=FORCES, default="gtc", note="only for limit orders"),
        "CLIENT_OID",
        Param("reduceOnly", choices=("YES", "NO"), default="NO", note="one-way mode only"),
        Param("presetStopSurplusPrice", note="take-profit trigger attached to the order; empty = none"),
        Param("presetStopLossPrice", note="stop-loss trigger attached to the order; empty = none"),
        Param("presetStopSurplusExecutePrice", note="limit price of the attached take-profit; empty or 0 = market"),
        Param("presetStopLossExecutePrice", note="limit price of the attached stop-loss; empty or 0 = market"),
        "STP_MODE",
    ),
    fields=fields("clientOid orderId"),
    demo=True,
    notes=(
        (
            "Bitget's own agent_hub skill text closes a long with side=sell+close; the official page, ccxt, passivbot "
            "and tribulnation use side=buy+close, which is right"
        ),
        "ack only: a later cancel is possible; check detail",
        (
            "hedge mode since 2025-07-31: a market close cancels resting limit closes when the position is fully "
            "reserved (page text still describes an older rule)"
        ),
        "copy-trading traders: 1/s",
        "hummingbot uses tradeSide buy_single/sell_single in one-way mode instead of leaving it out",
    ),
    source="docs 2025-12 contract/trade/Place-Order; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_BATCH_PLACE_ORDER = post_trade(
    "/api/v2/mix/order/batch-place-order",
    "Place several futures orders of one contract in a call",
    rate=FIVE_A_SECOND_LEAD_TRADERS_ONE,
    params=params(
        "SYMBOL PRODUCT_TYPE MARGIN_COIN MARGIN_MODE",
        Param(
            "orderList",
            required=True,
            note="at most 50 entries by the parameter table; another official page and error 40306 say 20",
            type="array",
        ),
        "orderList[].size!",
        Param("orderList[].price", note="required for limit orders"),
        Param("orderList[].side", required=True, choices=SIDES, note="same meaning as in place-order"),
        Param(
            "orderList[].tradeSide", choices=("open", "close"), note="required in hedge mode; leave out in one-way mode"
        ),
        "EACH_ORDER_TYPE",
        Param("orderList[].force", choices=FORCES, default="gtc", note="time in force; ignored for market orders"),
        "EACH_CLIENT_OID",
        Param("orderList[].reduceOnly", choices=("YES", "NO"), default="NO", note="one-way mode only"),
        "orderList[].presetStopSurplusPrice EACH_PRESET_STOP_LOSS_PRICE EACH_STP_MODE",
    ),
    fields=fields("successList[]{ orderId clientOid } failureList[]{ errorMsg errorCode }"),
    demo=True,
    notes=(
        "ccxt plans for one call a second; the page says 5, which is used here",
        "a 2026 copy of the docs adds a boolean result (true only when every order was accepted)",
    ),
    source="docs 2025-12 contract/trade/Batch-Order; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_MODIFY_ORDER = post_trade(
    "/api/v2/mix/order/modify-order",
    "Change price, size or attached exits of an open futures order",
    params=params(
        "WINNING_ORDER_ID LOSING_CLIENT_OID SYMBOL PRODUCT_TYPE",
        Param(
            "newClientOid",
            required=True,
            note="required; the replaced order is created asynchronously, so this id is the way to find it",
        ),
        Param("newSize", note="send together with newPrice; the old order is cancelled and a new one created"),
        Param("newPrice", note="send together with newSize; only for limit orders"),
        Param(
            "newPresetStopSurplusPrice",
            note='"0" removes it; sending only one of the two drops the other; not combinable with size/price',
        ),
        Param(
            "newPresetStopLossPrice",
            note='"0" removes it; sending only one of the two drops the other; not combinable with size/price',
        ),
    ),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    demo=True,
    notes=("orderId of the reply can be empty; look the order up with newClientOid",),
    source="docs 2025-12 contract/trade/Modify-Order; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_CANCEL_ORDER = post_trade(
    "/api/v2/mix/order/cancel-order",
    "Cancel one futures order",
    params=params("SYMBOL PRODUCT_TYPE ANY_MARGIN_COIN WINNING_ORDER_ID LOSING_CLIENT_OID"),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    demo=True,
    notes=("rate-limit line carries no scope word; taken as uid",),
    source="docs 2025-12 contract/trade/Cancel-Order; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_BATCH_CANCEL_ORDERS = post_trade(
    "/api/v2/mix/order/batch-cancel-orders",
    "Cancel several futures orders, or all of a symbol or line",
    params=params(
        Param(
            "orderIdList",
            note="at most 50; needs symbol; when left out all orders of symbol/productType are cancelled",
            type="array",
        ),
        "LISTED_WINNING_ORDER_ID LISTED_LOSING_CLIENT_OID",
        Param("symbol", note="required when orderIdList is sent"),
        "PRODUCT_TYPE ANY_MARGIN_COIN",
    ),
    fields=_BATCH_OUTCOME,
    demo=True,
    notes=("an older best-practice text prints cancel-batch-orders; batch-cancel-orders is right",),
    source="docs 2025-12 contract/trade/Batch-Cancel-Orders; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_CANCEL_ALL_ORDERS = post_trade(
    "/api/v2/mix/order/cancel-all-orders",
    "Cancel all futures orders of a line",
    params=params("PRODUCT_TYPE ANY_MARGIN_COIN REQUEST_TIME RECEIVE_WINDOW"),
    fields=_BATCH_OUTCOME,
    demo=True,
    notes=(
        "ccxt plans for one call a second; the page says 10, which is used here",
        "there is no symbol filter; requestTime and receiveWindow are listed as body parameters",
    ),
    source="docs 2025-12 contract/trade/Cancel-All-Orders; docs 2026-09, agent_hub, ccxt, bitget-api",
)

_PAGES_OF_ENTRUSTED_LIST = by_id(
    limit_default=100, limit_max=100, window_days=90, lookback_days=90, cursor="endId", rows_at="entrustedList"
)

FUTURES_ORDER_DETAIL = get(
    "/api/v2/mix/order/detail",
    "One futures order in full",
    params=params("SYMBOL PRODUCT_TYPE EITHER_ORDER_ID EITHER_CLIENT_OID"),
    one_of=(("orderId", "clientOid"),),
    fields=fields(
        "symbol size orderId clientOid baseVolume priceAvg fee price state|status side force totalProfits posSide "
        "marginCoin presetStopSurplusPrice presetStopSurplusType presetStopSurplusExecutePrice presetStopLossPrice "
        "presetStopLossType presetStopLossExecutePrice quoteVolume orderType leverage marginMode reduceOnly "
        "enterPointSource tradeSide posMode orderSource cancelReason cTime uTime"
    ),
    demo=True,
    notes=(
        (
            "field is state in the sample and 2026 copy of the docs, status in older tables; sample shows marginMode "
            "cross and reduceOnly yes"
        ),
        "status: live, partially_filled, filled, canceled",
        enums.SIDE_NOTE,
        enums.FORCE,
        enums.POS_SIDE_OR_NET,
        "presetStopSurplusType: fill_price, mark_price",
        "presetStopLossType: fill_price, mark_price",
        enums.ORDER_TYPE_NOTE,
        enums.MARGIN_MODE_NOTE,
        enums.REDUCE_ONLY,
        enums.ENTER_POINT_SOURCE,
        enums.TRADE_SIDE,
        enums.POS_MODE,
        enums.ORDER_SOURCE,
        enums.CANCEL_REASON,
        "state: live, partially_filled, filled, canceled",
    ),
    source="docs 2025-12 contract/trade/Get-Order-Details; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ORDERS_PENDING = get(
    "/api/v2/mix/order/orders-pending",
    "Futures orders that are still open",
    params=params(
        "FILTER_ORDER_ID FILTER_CLIENT_OID ANY_SYMBOL PRODUCT_TYPE",
        Param(
            "status", choices=("live", "partially_filled"), default="live", note="left out: live orders only (per docs)"
        ),
        "ID_LESS_THAN START_3_MONTHS END_3_MONTHS LIMIT_100",
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "symbol size orderId clientOid baseVolume fee price priceAvg status side force totalProfits posSide "
        "marginCoin quoteVolume leverage marginMode enterPointSource tradeSide posMode orderType orderSource cTime "
        "uTime presetStopSurplusPrice presetStopSurplusType presetStopSurplusExecutePrice presetStopLossPrice "
        "presetStopLossType presetStopLossExecutePrice reduceOnly"
    ),
    demo=True,
    notes=(
        (
            "trigger-type fields: Dec 2025 page presetStopSurplusType/presetStopLossType, a 2026 copy of the docs of "
            "the table presetStopSurplusTriggerType/presetStopLossTriggerType"
        ),
        enums.SIDE_NOTE,
        enums.FORCE,
        enums.POS_SIDE_OR_NET,
        enums.MARGIN_MODE_NOTE,
        enums.REDUCE_ONLY,
        enums.ENTER_POINT_SOURCE,
        enums.TRADE_SIDE,
        enums.POS_MODE,
        enums.ORDER_TYPE_NOTE,
        enums.ORDER_SOURCE,
        "presetStopSurplusType: fill_price, mark_price",
        "presetStopLossType: fill_price, mark_price",
    ),
    source="docs 2025-12 contract/trade/Get-Orders-Pending; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ORDERS_HISTORY = get(
    "/api/v2/mix/order/orders-history",
    "Futures orders of the last 90 days that are filled or cancelled",
    params=params(
        "FILTER_ORDER_ID FILTER_CLIENT_OID ANY_SYMBOL PRODUCT_TYPE ID_LESS_THAN",
        Param(
            "orderSource",
            choices=values(
                "normal market profit_market loss_market Trader_delegate trader_profit trader_loss reverse "
                "trader_reverse profit_limit loss_limit liquidation delivery_close_long delivery_close_short "
                "pos_profit_limit pos_profit_market pos_loss_limit pos_loss_market"
            ),
            open_ended=True,
        ),
        "START_MANAGED END LIMIT_100",
    ),
    paging=_PAGES_OF_ENTRUSTED_LIST,
    fields=fields(
        "symbol size orderId clientOid baseVolume fee price priceAvg status side force totalProfits posSide "
        "marginCoin quoteVolume leverage marginMode enterPointSource tradeSide posMode posAvg orderType orderSource "
        "cTime uTime presetStopSurplusPrice presetStopLossPrice reduceOnly liqPrice"
    ),
    demo=True,
    notes=(
        "status: filled, canceled",
        enums.SIDE_NOTE,
        enums.FORCE,
        enums.POS_SIDE_OR_NET,
        enums.MARGIN_MODE_NOTE,
        enums.REDUCE_ONLY,
        enums.ENTER_POINT_SOURCE,
        enums.TRADE_SIDE,
        enums.POS_MODE,
        enums.ORDER_TYPE_NOTE,
        enums.ORDER_SOURCE,
    ),
    source="docs 2025-12 contract/trade/Get-Orders-History; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ORDER_FILLS = get(
    "/api/v2/mix/order/fills",
    "Your own futures trades",
    params=params("ORDER_ID ANY_SYMBOL PRODUCT_TYPE ID_LESS_THAN START_3_MONTHS_MANAGED END_3_MONTHS LIMIT_100"),
    paging=by_id(
        limit_default=100, limit_max=100, window_days=90, lookback_days=90, cursor="endId", rows_at="fillList"
    ),
    fields=fields(
        "tradeId symbol orderId price baseVolume feeDetail[]{ deduction feeCoin totalDeductionFee totalFee } side "
        "quoteVolume profit enterPointSource tradeSide posMode tradeScope cTime"
    ),
    demo=True,
    notes=(
        "feeDetail is an array here, an object in spot fills and a JSON string in spot orders",
        "endId is a tradeId",
        enums.SIDE_NOTE,
        enums.ENTER_POINT_SOURCE,
        enums.TRADE_SIDE,
        enums.POS_MODE,
        enums.TRADE_SCOPE,
    ),
    source="docs 2025-12 contract/trade/Get-Order-Fills; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ORDER_FILL_HISTORY = get(
    "/api/v2/mix/order/fill-history",
    "Your own futures trades, a week at a time",
    params=params(
        "FILTER_ORDER_ID ANY_SYMBOL",
        Param("productType", required=True, choices=PRODUCT_TYPES, note="not available in demo trading"),
        Param(
            "startTime",
            note="epoch ms; a range of at most 7 days; for managed sub-accounts not before the binding time",
        ),
        "END_7_DAYS ID_LESS_THAN LIMIT_100",
    ),
    paging=by_id(limit_default=100, limit_max=100, window_days=7, lookback_days=90, cursor="endId", rows_at="fillList"),
    fields=fields(
        "tradeId symbol marginCoin orderId price baseVolume feeDetail[]{ deduction feeCoin totalDeductionFee totalFee "
        "} side quoteVolume profit enterPointSource tradeSide posMode tradeScope cTime"
    ),
    demo=False,
    notes=(
        "not available in demo trading",
        enums.ENTER_POINT_SOURCE,
        enums.TRADE_SIDE,
        enums.POS_MODE,
        enums.TRADE_SCOPE,
    ),
    source="docs 2025-12 contract/trade/Get-Fill-History; docs 2026-09, agent_hub, ccxt, bitget-api",
)
