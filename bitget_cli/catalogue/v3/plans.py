"""Strategy orders: trigger, take-profit, stop-loss, trailing and the like."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import LINES, ORDER_TYPES, POSITION_SIDES, SIDES, TRIGGER_PRICES, YES_NO, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import TWENTY_A_SECOND_PER_ACCOUNT, Effect, PageKind, Paging, Param, Shape, get, post

CANCEL_STRATEGY_ORDER = post(
    "/api/v3/trade/cancel-strategy-order",
    "Cancel one strategy order",
    effect=Effect.TRADE,
    params=params("WINNING_ORDER_ID LOSING_CLIENT_OID"),
    one_of=(("orderId", "clientOid"),),
    shape=Shape.NULL,
    notes=(
        enums.TRADE_WRITE,
        "data is null on success: only code tells",
        "there is no cancel-all for strategy orders: list, then cancel one by one at 10/s",
        "the newest pages want orderId; clientOid is known for tpsl only",
    ),
    source=(
        "docs 2025-12 uta/strategy/Cancel-Strategy-Order; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

HISTORY_STRATEGY_ORDERS = get(
    "/api/v3/trade/history-strategy-orders",
    "Past strategy orders",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        "CATEGORY",
        Param("type", choices=("tpsl", "trigger", "oco", "trailing_stop", "iceberg", "twap")),
        "START END LIMIT_100 CURSOR",
    ),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=100,
        limit_max=100,
        window_days=30,
        lookback_days=90,
        cursor="cursor",
        rows_at="list",
        row_id="orderId",
    ),
    fields=fields(
        "orderId clientOid category symbol qty posSide tpTriggerBy slTriggerBy takeProfit stopLoss "
        "tpOrderType slOrderType tpLimitPrice slLimitPrice createdTime updatedTime status triggerBy "
        "triggerPrice triggerOrderType triggerOrderPrice type marginMode triggerType ocoParams[] "
        "trailingStopParams[] icebergParams[] twapParams[]"
    ),
    notes=(
        enums.TRADE_READ,
        "cursor seen as a JSON number: treat as text",
        ("what does not apply is null: posSide in spot, the four *Params; side and tpslMode are not told"),
        "status: pending, success, failed, cancelled, submitting",
    ),
    source=(
        "docs 2025-12 uta/strategy/Get-History-Strategy-Orders; docs 2026, ccxt, bitget-api, go-"
        "bitget, Bitget.Net, agent_sdk"
    ),
)

MODIFY_STRATEGY_ORDER = post(
    "/api/v3/trade/modify-strategy-order",
    "Change one strategy order",
    effect=Effect.TRADE,
    params=params(
        Param("qty", required=True, note="required by the table; only meaningful for partial tpsl"),
        "WINNING_ORDER_ID LOSING_CLIENT_OID TP_TRIGGER_BY SL_TRIGGER_BY TAKE_PROFIT STOP_LOSS "
        "TP_ORDER_TYPE SL_ORDER_TYPE TP_LIMIT_PRICE SL_LIMIT_PRICE",
        Param("triggerBy", choices=TRIGGER_PRICES, default="market", note="trigger orders: price watched"),
        Param("triggerPrice", note="trigger orders: price that fires the order"),
        Param("triggerOrderType", choices=ORDER_TYPES, note="trigger orders: kind of order that is sent"),
        Param("triggerOrderPrice", note="trigger orders: price of the order sent, only with triggerOrderType=limit"),
    ),
    one_of=(("orderId", "clientOid"),),
    fields=fields("clientOid orderId"),
    notes=(
        enums.TRADE_WRITE,
        "nothing changed answers 25600",
        "the newest pages want orderId; clientOid is known for tpsl only",
    ),
    source=(
        "docs 2025-12 uta/strategy/Modify-Strategy-Order; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

PLACE_STRATEGY_ORDER = post(
    "/api/v3/trade/place-strategy-order",
    "Place a trigger, take-profit, stop-loss or trailing order",
    effect=Effect.TRADE,
    params=params(
        Param(
            "category",
            required=True,
            choices=LINES,
            note="Dec 2025 and mid 2026 pages: futures only; SPOT and MARGIN since Aug 2026",
        ),
        "LISTED_SYMBOL",
        Param("clientOid", note="only honoured for tpsl according to one SDK; six hours of uniqueness, not guaranteed"),
        Param(
            "type",
            choices=("tpsl", "trigger", "oco", "trailing_stop", "iceberg", "twap"),
            default="tpsl",
            note="tpsl and trigger: all sources; the other four since about Sep 2026 (SDKs only)",
        ),
        Param("tpslMode", choices=("full", "partial"), default="full", note="tpsl only"),
        Param("qty", note="base coin; needed for partial tpsl and for the other types"),
        Param(
            "posSide",
            choices=POSITION_SIDES,
            note="tpsl: side of the position; trigger in hedge mode: as in place-order",
        ),
        "TP_TRIGGER_BY SL_TRIGGER_BY TAKE_PROFIT STOP_LOSS TP_ORDER_TYPE SL_ORDER_TYPE TP_LIMIT_PRICE SL_LIMIT_PRICE",
        Param("side", choices=SIDES, note="needed for trigger and the later types"),
        Param("reduceOnly", choices=YES_NO, default="no"),
        Param("triggerBy", choices=TRIGGER_PRICES, default="market", note="trigger orders: price watched"),
        Param("triggerPrice", note="trigger orders: price that fires the order"),
        Param("triggerOrderType", choices=ORDER_TYPES, note="trigger orders: kind of order that is sent"),
        Param("triggerOrderPrice", note="trigger orders: price of the order sent, only with triggerOrderType=limit"),
        Param("ocoParams", note="type=oco: a list of one; an object is sent by one client", type="array"),
        Param("ocoParams[].ocoLimitPrice", required=True, note="of the limit leg"),
        Param("ocoParams[].ocoTriggerPrice", required=True, note="of the conditional leg"),
        Param("ocoParams[].ocoOrderType", choices=ORDER_TYPES),
        Param("ocoParams[].ocoOrderPrice", note="with ocoOrderType=limit"),
        Param(
            "trailingStopParams",
            note="type=trailing_stop: a list of one; an object is sent by one client",
            type="array",
        ),
        "trailingStopParams[].activationPrice",
        Param("trailingStopParams[].activationType", choices=("market", "mark", "index"), note="index: futures only"),
        Param("trailingStopParams[].trailType", choices=("ratio", "spread")),
        Param(
            "trailingStopParams[].trailVariance", required=True, note="ratio in percent: spot 0.1-20, futures 0.1-10"
        ),
        "trailingStopParams[].preOrderType trailingStopParams[].preOrderPrice",
        Param("icebergParams", note="type=iceberg: a list of one; an object is sent by one client", type="array"),
        Param("icebergParams[].splitMode", choices=("quantity", "order")),
        "icebergParams[].qtyPerOrder",
        Param("icebergParams[].splitOrderNumbers", note="1-100"),
        Param("icebergParams[].orderPreference", choices=("faster_execution", "fixed_distance", "fixed_price")),
        Param("icebergParams[].executionStrategy", choices=("queue1", "counterparty1")),
        Param("icebergParams[].fixedDistanceType", choices=("percentage", "spread")),
        "icebergParams[].distance icebergParams[].fixedPrice icebergParams[].priceLimit",
        Param("twapParams", note="type=twap: a list of one; an object is sent by one client", type="array"),
        Param("twapParams[].duration", required=True, note="minutes, 1-1440"),
        Param("twapParams[].interval", choices=("5", "10", "20", "30", "60"), note="seconds"),
        Param("twapParams[].orderType", choices=ORDER_TYPES),
        "twapParams[].limitOffsetType",
        Param("twapParams[].limitOffsetPercentage", note="0.001-0.1"),
        "twapParams[].limitOffsetSpread twapParams[].twapTriggerPrice twapParams[].twapTerminationPrice",
    ),
    fields=fields("clientOid orderId"),
    notes=(
        enums.TRADE_WRITE,
        "one tpsl order may carry both takeProfit and stopLoss",
        ("only one full tpsl per position (25594), partial ones may not sum to more than the position (25595)"),
        "not for the BTCUSD_CM line",
        "oco, trailing_stop, iceberg and twap: nobody is known to have placed one",
    ),
    source=(
        "docs 2025-12 uta/strategy/Place-Strategy-Order; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

STRATEGY_SUB_ORDERS = get(
    "/api/v3/trade/strategy-sub-orders",
    "Orders that a strategy order has placed",
    params=params(Param("orderId", required=True, note="the strategy order"), "LIMIT_100 CURSOR"),
    paging=Paging(
        PageKind.CURSOR, limit_default=100, limit_max=100, cursor="cursor", rows_at="list", row_id="subOrderId"
    ),
    fields=fields(
        "subOrderId subClientOid category symbol price qty cumExecQty avgPrice side posSide status "
        "createdTime updatedTime"
    ),
    notes=("orders a strategy has put on the book; more than one for iceberg and twap",),
    source="ccxt",
)

UNFILLED_STRATEGY_ORDERS = get(
    "/api/v3/trade/unfilled-strategy-orders",
    "Waiting strategy orders",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        "CATEGORY",
        Param(
            "type",
            choices=("tpsl", "trigger", "oco", "trailing_stop", "iceberg", "twap"),
            note="left out: documented as all; one peer asks per type to be sure",
        ),
    ),
    shape=Shape.ARRAY,
    fields=fields(
        "orderId clientOid category symbol qty posSide tpTriggerBy slTriggerBy takeProfit stopLoss "
        "tpOrderType slOrderType tpLimitPrice slLimitPrice createdTime updatedTime status triggerBy "
        "triggerPrice triggerOrderType triggerOrderPrice type marginMode triggerType ocoParams[] "
        "trailingStopParams[] icebergParams[] twapParams[]"
    ),
    notes=(
        enums.TRADE_READ,
        "bare array, no paging, no symbol filter",
        ("what does not apply is null: posSide in spot, the four *Params; side and tpslMode are not told"),
        "status: pending, success, failed, cancelled, submitting",
        "triggerType: takeProfit, stopLoss",
    ),
    source=(
        "docs 2025-12 uta/strategy/Get-Unfilled-Strategy-Orders; docs 2026, ccxt, bitget-api, go-"
        "bitget, Bitget.Net, agent_sdk"
    ),
)
