"""Spot orders: place, replace, cancel, list; and the trades they made."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import FORCES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_LEAD_TRADERS_ONE,
    FIVE_A_SECOND_PER_ACCOUNT,
    TEN_A_SECOND_LEAD_TRADERS_ONE,
    TWENTY_A_SECOND_PER_ACCOUNT,
    Param,
    Shape,
    by_id,
    get_list,
    post_trade,
)

_BATCH_MODE = Param("batchMode", choices=("single", "multiple"), default="single")
_ORDER_LIST_REQUIRED = Param("orderList", required=True, note="at most 50", type="array")
_EACH_CLIENT_OID = Param("orderList[].clientOid", note="client-chosen id; orderId or clientOid is needed")
_EACH_ORDER_ID = Param("orderList[].orderId", note="orderId or clientOid is needed")
_BATCH_OUTCOME = fields("successList[]{ orderId clientOid } failureList[]{ orderId clientOid errorMsg errorCode }")
_SPOT_CANCEL_REPLACE_ORDER_FIELDS = fields("orderId clientOid success msg")

SPOT_PLACE_ORDER = post_trade(
    "/api/v2/spot/trade/place-order",
    "Place one spot order",
    rate=TEN_A_SECOND_LEAD_TRADERS_ONE,
    params=params(
        "SYMBOL SIDE ORDER_TYPE",
        Param("force", required=True, choices=FORCES, note="required for limit orders; ignored for market orders"),
        Param("price", note="required for limit orders"),
        Param("size", required=True, note="base coin; for market BUY orders the QUOTE coin amount"),
        Param("clientOid", note="ignored for tpslType=tpsl"),
        Param("triggerPrice", note="only for tpslType=tpsl"),
        "TPSL_TYPE REQUEST_TIME RECEIVE_WINDOW STP_MODE",
        Param("presetTakeProfitPrice", note="not for tpslType=tpsl"),
        Param("executeTakeProfitPrice", note="not for tpslType=tpsl"),
        Param("presetStopLossPrice", note="not for tpslType=tpsl"),
        Param("executeStopLossPrice", note="not for tpslType=tpsl"),
    ),
    fields=fields("orderId clientOid"),
    demo=True,
    source="docs 2025-12 spot/trade/Place-Order; agent_hub, ccxt, bitget-api",
)

SPOT_BATCH_ORDERS = post_trade(
    "/api/v2/spot/trade/batch-orders",
    "Place several spot orders in a call",
    rate=FIVE_A_SECOND_LEAD_TRADERS_ONE,
    params=params(
        Param("symbol", note="used in single mode"),
        _BATCH_MODE,
        _ORDER_LIST_REQUIRED,
        Param("orderList[].symbol", note="required in multiple mode, ignored in single mode"),
        "EACH_SIDE EACH_ORDER_TYPE EACH_FORCE EACH_PRICE",
        Param("orderList[].size", required=True, note="base coin; for market BUY orders the QUOTE coin amount"),
        "EACH_CLIENT_OID EACH_STP_MODE orderList[].presetTakeProfitPrice orderList[].executeTakeProfitPrice",
        "EACH_PRESET_STOP_LOSS_PRICE orderList[].executeStopLossPrice",
    ),
    fields=_BATCH_OUTCOME,
    demo=True,
    notes=(
        "ccxt plans for one call a second; the page says 5, which is used here",
        "the page says 5 a second and 1 for lead traders; ccxt plans for 1",
    ),
    source="docs 2025-12 spot/trade/Batch-Place-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_CANCEL_REPLACE_ORDER = post_trade(
    "/api/v2/spot/trade/cancel-replace-order",
    "Cancel a spot order and place another in its stead",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "SYMBOL price!",
        Param("size", required=True, note="base coin"),
        "EITHER_CLIENT_OID EITHER_ORDER_ID",
        Param("newClientOid", note="if it duplicates an existing id the cancel may succeed while the new order fails"),
        "presetTakeProfitPrice executeTakeProfitPrice presetStopLossPrice executeStopLossPrice",
    ),
    one_of=(("orderId", "clientOid"),),
    fields=_SPOT_CANCEL_REPLACE_ORDER_FIELDS,
    demo=True,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", "success: success, failure"),
    source="docs 2025-12 spot/trade/Cancel-Replace-Order; agent_hub, ccxt, bitget-api",
)

SPOT_BATCH_CANCEL_REPLACE_ORDER = post_trade(
    "/api/v2/spot/trade/batch-cancel-replace-order",
    "Cancel several spot orders and place others in their stead",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        _ORDER_LIST_REQUIRED,
        Param("orderList[].symbol", required=True, note="BTCUSDT, without the suffixes of v1"),
        "orderList[].price! orderList[].size!",
        _EACH_CLIENT_OID,
        _EACH_ORDER_ID,
        "orderList[].newClientOid orderList[].presetTakeProfitPrice orderList[].executeTakeProfitPrice",
        "EACH_PRESET_STOP_LOSS_PRICE orderList[].executeStopLossPrice",
    ),
    shape=Shape.ARRAY,
    fields=_SPOT_CANCEL_REPLACE_ORDER_FIELDS,
    demo=True,
    notes=("success: success, failure",),
    source="docs 2025-12 spot/trade/Batch-Cancel-Replace-Order; bitget-api",
)

SPOT_CANCEL_ORDER = post_trade(
    "/api/v2/spot/trade/cancel-order",
    "Cancel one spot order",
    params=params(
        Param("symbol", required=True, note="not needed for tpslType=tpsl"),
        "TPSL_TYPE",
        Param("orderId", note="orderId or clientOid; orderId required for tpslType=tpsl"),
        "EITHER_CLIENT_OID",
    ),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    demo=True,
    source="docs 2025-12 spot/trade/Cancel-Order; agent_hub, ccxt, bitget-api",
)

SPOT_BATCH_CANCEL_ORDER = post_trade(
    "/api/v2/spot/trade/batch-cancel-order",
    "Cancel several spot orders in a call",
    params=params(
        "ANY_SYMBOL",
        _BATCH_MODE,
        Param(
            "orderList", required=True, note="at most 50; do not mix orderId and clientOid in one call", type="array"
        ),
        Param("orderList[].symbol", note="required in multiple mode"),
        _EACH_ORDER_ID,
        _EACH_CLIENT_OID,
    ),
    fields=_BATCH_OUTCOME,
    demo=True,
    source="docs 2025-12 spot/trade/Batch-Cancel-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_CANCEL_SYMBOL_ORDER = post_trade(
    "/api/v2/spot/trade/cancel-symbol-order",
    "Cancel all spot orders of one pair",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("SYMBOL"),
    fields=fields("symbol"),
    demo=True,
    notes=("asynchronous: reply only confirms acceptance",),
    source="docs 2025-12 spot/trade/Cancel-Symbol-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_ORDER_INFO = get_list(
    "/api/v2/spot/trade/orderInfo",
    "One spot order in full",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("orderId", note="one of the pair must be sent"),
        Param("clientOid", note="lookup by clientOid works only for orders of the last 2 hours"),
        "REQUEST_TIME RECEIVE_WINDOW",
    ),
    one_of=(("orderId", "clientOid"),),
    fields=fields(
        "userId symbol orderId clientOid price size orderType side status priceAvg baseVolume quoteVolume "
        "enterPointSource feeDetail orderSource cancelReason cTime uTime"
    ),
    demo=True,
    notes=(
        "GET; one Go SDK posts it",
        "feeDetail is a JSON document inside a string, as in history-orders",
        enums.SPOT_STATUS,
        enums.CANCEL_REASON,
    ),
    source="docs 2025-12 spot/trade/Get-Order-Info; agent_hub, ccxt, bitget-api",
)

SPOT_UNFILLED_ORDERS = get_list(
    "/api/v2/spot/trade/unfilled-orders",
    "Spot orders that are still open",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("ANY_SYMBOL START END ID_LESS_THAN LIMIT_100 ORDER_ID TPSL_TYPE REQUEST_TIME RECEIVE_WINDOW"),
    paging=by_id(limit_default=100, limit_max=100, cursor="orderId", cursor_in_row=True),
    fields=fields(
        "userId symbol orderId clientOid priceAvg size orderType side status basePrice baseVolume quoteVolume "
        "enterPointSource presetTakeProfitPrice executeTakeProfitPrice presetStopLossPrice executeStopLossPrice cTime "
        "tpslType triggerPrice orderSource uTime"
    ),
    demo=True,
    notes=(
        enums.SPOT_STATUS,
        (
            "orderSource: normal, market, spot_trader_buy, spot_follower_buy, spot_trader_sell, spot_follower_sell, "
            "strategy_oco_limit"
        ),
    ),
    source="docs 2025-12 spot/trade/Get-Unfilled-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_HISTORY_ORDERS = get_list(
    "/api/v2/spot/trade/history-orders",
    "Spot orders of the last 90 days",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("ANY_SYMBOL START_MANAGED END ID_LESS_THAN LIMIT_100 ORDER_ID TPSL_TYPE REQUEST_TIME RECEIVE_WINDOW"),
    paging=by_id(
        limit_default=100, limit_max=100, window_days=90, lookback_days=90, cursor="orderId", cursor_in_row=True
    ),
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
        enums.SPOT_STATUS,
        enums.CANCEL_REASON,
    ),
    source="docs 2025-12 spot/trade/Get-History-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_ORDER_FILLS = get_list(
    "/api/v2/spot/trade/fills",
    "Your own spot trades",
    params=params("ANY_SYMBOL ORDER_ID START_MANAGED END_90_DAYS LIMIT_100 ID_LESS_THAN"),
    paging=by_id(
        limit_default=100, limit_max=100, window_days=90, lookback_days=90, cursor="tradeId", cursor_in_row=True
    ),
    fields=fields(
        "userId symbol orderId tradeId orderType side priceAvg size amount feeDetail{ deduction feeCoin "
        "totalDeductionFee totalFee } tradeScope cTime uTime"
    ),
    demo=True,
    notes=("feeDetail is an object here (string in order calls); totalFee is negative when paid",),
    source="docs 2025-12 spot/trade/Get-Fills; agent_hub, ccxt, bitget-api",
)
