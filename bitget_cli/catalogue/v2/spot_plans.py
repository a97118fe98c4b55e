"""Spot trigger orders."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ACCOUNT,
    Param,
    by_id,
    get,
    get_list,
    post_trade,
)

_EXECUTE_PRICE = Param("executePrice", note="required for orderType=limit")
_SPOT_CURRENT_PLAN_ORDER_FIELDS = fields(
    "orderId clientOid symbol size executePrice triggerPrice status orderType side planType triggerType "
    "enterPointSource uTime cTime"
)

SPOT_PLACE_PLAN_ORDER = post_trade(
    "/api/v2/spot/trade/place-plan-order",
    "Place a spot trigger order",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        "SYMBOL SIDE TRIGGER_PRICE ORDER_TYPE",
        _EXECUTE_PRICE,
        "planType:amount|total=amount",
        Param("size", required=True, note="planType amount: base coin; total: quote coin"),
        "TRIGGER_TYPE_REQUIRED CLIENT_OID STP_MODE",
    ),
    fields=fields("orderId clientOid"),
    demo=True,
    source="docs 2025-12 spot/plan/Place-Plan-Order; agent_hub, ccxt, bitget-api",
)

SPOT_MODIFY_PLAN_ORDER = post_trade(
    "/api/v2/spot/trade/modify-plan-order",
    "Change an open spot trigger order",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        "EITHER_ORDER_ID EITHER_CLIENT_OID TRIGGER_PRICE ORDER_TYPE",
        _EXECUTE_PRICE,
        Param("size", required=True, note="unit follows the planType of the order"),
    ),
    one_of=(("orderId", "clientOid"),),
    fields=fields("orderId clientOid"),
    demo=True,
    source="docs 2025-12 spot/plan/Modify-Plan-Order; agent_hub, ccxt, bitget-api",
)

SPOT_CANCEL_PLAN_ORDER = post_trade(
    "/api/v2/spot/trade/cancel-plan-order",
    "Cancel one spot trigger order",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("EITHER_ORDER_ID EITHER_CLIENT_OID"),
    one_of=(("orderId", "clientOid"),),
    fields=fields("result"),
    demo=True,
    source="docs 2025-12 spot/plan/Cancel-Plan-Order; agent_hub, ccxt, bitget-api",
)

SPOT_BATCH_CANCEL_PLAN_ORDER = post_trade(
    "/api/v2/spot/trade/batch-cancel-plan-order",
    "Cancel the spot trigger orders of some pairs, or all",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(Param("symbolList", note="left out: every spot trigger order is cancelled", type="array")),
    fields=fields("successList[]{ orderId clientOid } failureList[]{ orderId clientOid errorMsg }"),
    demo=True,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 spot/plan/Batch-Cancel-Plan-Order; agent_hub, ccxt, bitget-api",
)

SPOT_CURRENT_PLAN_ORDER = get(
    "/api/v2/spot/trade/current-plan-order",
    "Spot trigger orders that are still waiting",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("ANY_SYMBOL LIMIT_20_UP_TO_100 ID_LESS_THAN START_90_DAYS END_90_DAYS"),
    paging=by_id(
        limit_default=20, limit_max=100, window_days=90, lookback_days=90, cursor="idLessThan", rows_at="orderList"
    ),
    fields=_SPOT_CURRENT_PLAN_ORDER_FIELDS,
    demo=True,
    notes=(
        "beside the rows: nextFlag",
        enums.ORDER_TYPE_NOTE,
        "planType: amount, total",
        "status: live, executing",
        enums.SIDE_NOTE,
        enums.TRIGGER_TYPE,
        enums.ENTER_POINT_SOURCE,
    ),
    source="docs 2025-12 spot/plan/Get-Current-Plan-Order; agent_hub, ccxt, bitget-api",
)

SPOT_HISTORY_PLAN_ORDER = get(
    "/api/v2/spot/trade/history-plan-order",
    "Spot trigger orders of the last 90 days",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("ANY_SYMBOL START_90_DAYS END_90_DAYS ID_LESS_THAN LIMIT_100"),
    paging=by_id(
        limit_default=100, limit_max=100, window_days=90, lookback_days=90, cursor="idLessThan", rows_at="orderList"
    ),
    fields=_SPOT_CURRENT_PLAN_ORDER_FIELDS,
    demo=True,
    notes=(
        "beside the rows: nextFlag",
        enums.ORDER_TYPE_NOTE,
        "planType: amount, total",
        "status: executed, fail_execute, cancelled",
        enums.SIDE_NOTE,
        enums.TRIGGER_TYPE,
        enums.ENTER_POINT_SOURCE,
    ),
    source="docs 2025-12 spot/plan/Get-History-Plan-Order; agent_hub, ccxt, bitget-api",
)

SPOT_PLAN_SUB_ORDER = get_list(
    "/api/v2/spot/trade/plan-sub-order",
    "The orders that a triggered spot plan order led to",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("planOrderId!"),
    fields=fields("orderId price type status"),
    demo=True,
    notes=("status: success, fail, cancelled, in_progress, in_progress_tracking",),
    source="docs 2025-12 spot/plan/Get-Plan-Sub-Order; bitget-api",
)
