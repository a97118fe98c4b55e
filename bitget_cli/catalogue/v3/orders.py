"""Orders of every product line: place, change, cancel, list; and the trades they made."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import (
    LINES,
    MARGIN_MODES,
    ORDER_TYPES,
    POSITION_SIDES,
    SIDES,
    STP_MODES,
    YES_NO,
    params,
)
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ACCOUNT,
    Effect,
    PageKind,
    Paging,
    Param,
    Shape,
    get,
    post,
)

BATCH_MODIFY_ORDER = post(
    "/api/v3/trade/batch-modify-order",
    "Change up to 20 orders",
    effect=Effect.TRADE,
    params=params(
        "[].orderId [].clientOid",
        Param("[].qty", note="not below the filled quantity"),
        "[].price",
        Param("[].autoCancel", choices=YES_NO, default="no"),
        "[].requestId",
        Param("[].symbol", note="required from 30 Sep 2026"),
        Param("[].category", choices=LINES, note="required from 30 Sep 2026"),
    ),
    shape=Shape.ARRAY,
    fields=fields("orderId clientOid code msg"),
    notes=(
        "bare JSON array, at most 20, each order once; up to 5 changes in flight per order",
        "not for reduce-only orders",
    ),
    source="docs 2025-12 uta/trade/Batch-Modify-Orders; docs 2026, ccxt, bitget-api, go-bitget, agent_sdk",
)

CANCEL_BATCH = post(
    "/api/v3/trade/cancel-batch",
    "Cancel up to 20 orders",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        Param("[].orderId", note="one id per row, never both"),
        "[].clientOid",
        Param("[].category", required=True, choices=LINES, note="the same for all"),
        "[].symbol!",
    ),
    shape=Shape.ARRAY,
    fields=fields("clientOid orderId code msg"),
    notes=("bare JSON array of at most 20; partial success, look at code per row",),
    source="docs 2025-12 uta/trade/Cancel-Batch; docs 2026, ccxt, bitget-api, go-bitget, agent_sdk",
)

CANCEL_ORDER = post(
    "/api/v3/trade/cancel-order",
    "Cancel one order",
    effect=Effect.TRADE,
    params=params("WINNING_ORDER_ID LOSING_CLIENT_OID ANY_CATEGORY ANY_LISTED_SYMBOL"),
    one_of=(("orderId", "clientOid"),),
    fields=fields("clientOid orderId"),
    demo=True,
    notes=(enums.TRADE_WRITE,),
    source="docs 2025-12 uta/trade/Cancel-Order; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

CANCEL_SYMBOL_ORDER = post(
    "/api/v3/trade/cancel-symbol-order",
    "Cancel all orders of a pair, or of a product line",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params("CATEGORY", Param("symbol", note="left out: every open order of the line")),
    fields=fields("list[]{ orderId clientOid code msg }"),
    notes=(enums.TRADE_WRITE, "per-order code and msg; 00000 outside does not mean all went"),
    source="docs 2025-12 uta/trade/Cancel-All-Order; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

COUNTDOWN_CANCEL_ALL = post(
    "/api/v3/trade/countdown-cancel-all",
    "Cancel all orders unless this is called again in time",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(Param("countdown", required=True, note="seconds 5-60; 0 switches it off")),
    shape=Shape.STRING,
    notes=(
        enums.TRADE_WRITE,
        "a dead man's switch for all open orders; it ends itself after it fired",
        "access is given on request; 0 switches it off",
    ),
    source="docs 2025-12 uta/trade/CountDown-Cancel-All; docs 2026, ccxt, bitget-api, go-bitget, agent_sdk",
)

FILLS = get(
    "/api/v3/trade/fills",
    "Your own trades",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("ANY_CATEGORY ORDER_ID START_WITHIN_90_DAYS END_30_DAYS LIMIT_100 CURSOR"),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=100,
        limit_max=100,
        window_days=30,
        lookback_days=90,
        cursor="cursor",
        rows_at="list",
        row_id="execId",
    ),
    fields=fields(
        "execId execLinkId orderId clientOid category symbol orderType side execPrice execQty execValue "
        "tradeScope tradeSide feeDetail[]{ feeCoin fee } createdTime updatedTime execPnl posSide isRPI"
    ),
    demo=True,
    notes=(
        enums.TRADE_READ,
        "no symbol filter: filter locally",
        "cursor ids can repeat rows at the edge: de-duplicate by execId",
        "execPnl without fees",
        "list and cursor may be null where there is nothing",
        enums.TRADE_SCOPE,
    ),
    source="docs 2025-12 uta/trade/Get-Order-Fills; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

HISTORY_ORDERS = get(
    "/api/v3/trade/history-orders",
    "Past orders",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("CATEGORY ANY_LISTED_SYMBOL START_WITHIN_90_DAYS END_30_DAYS LIMIT_100 CURSOR"),
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
        "orderId clientOid category symbol orderType side price qty amount cumExecQty cumExecValue "
        "avgPrice timeInForce orderStatus posSide holdMode reduceOnly feeDetail[]{ feeCoin fee } "
        "cancelReason execType createdTime updatedTime tradeSide delegateType marginMode stpMode "
        "takeProfit stopLoss tpTriggerBy slTriggerBy tpOrderType slOrderType tpLimitPrice slLimitPrice"
    ),
    demo=True,
    notes=(
        enums.TRADE_READ,
        "left-out times: the page does not say which range is meant; send both",
        "list and cursor may be null where there is nothing",
    ),
    source="docs 2025-12 uta/trade/Get-Order-History; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

MODIFY_ORDER = post(
    "/api/v3/trade/modify-order",
    "Change the price or size of one order",
    effect=Effect.TRADE,
    params=params(
        "WINNING_ORDER_ID LOSING_CLIENT_OID",
        Param("qty", note="base coin; new total, by the batch page it may not fall below what is filled"),
        Param("price", note="new price"),
        Param(
            "autoCancel",
            choices=YES_NO,
            default="no",
            note=(
                "yes: when the matching engine refuses the change the order is cancelled and takes no further changes"
            ),
        ),
        Param("symbol", note="required from 30 Sep 2026"),
        Param("category", choices=LINES, note="required from 30 Sep 2026"),
        Param("requestId", note="own number (up to 18 digits), echoed on the order stream / with a refusal"),
        Param("takeProfit", note='"0" removes it'),
        Param("stopLoss", note='"0" removes it'),
        "TP_TRIGGER_BY SL_TRIGGER_BY TP_ORDER_TYPE SL_ORDER_TYPE TP_LIMIT_PRICE SL_LIMIT_PRICE",
        Param("pxAmendType", choices=YES_NO, default="no"),
    ),
    one_of=(("orderId", "clientOid"), ("qty", "price", "takeProfit", "stopLoss")),
    fields=fields("orderId clientOid"),
    notes=(
        enums.TRADE_WRITE,
        ("asynchronous and serial: a second change before the first is answered is refused (25114, 25572)"),
        "keeps orderId and clientOid (v2 makes a new order)",
        "not for reduce-only orders (batch page); not for the BTCUSD_CM line",
    ),
    source="docs 2025-12 uta/trade/Modify-Order; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

ORDER_INFO = get(
    "/api/v3/trade/order-info",
    "One order",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("WINNING_ORDER_ID LOSING_CLIENT_OID ANY_CATEGORY"),
    one_of=(("orderId", "clientOid"),),
    fields=fields(
        "orderId clientOid category symbol orderType side price qty amount cumExecQty cumExecValue "
        "avgPrice timeInForce orderStatus posSide holdMode tradeSide reduceOnly feeDetail[]{ feeCoin fee "
        "} cancelReason execType createdTime updatedTime delegateType marginMode stpMode takeProfit "
        "stopLoss tpTriggerBy slTriggerBy tpOrderType slOrderType tpLimitPrice slLimitPrice"
    ),
    demo=True,
    notes=(
        enums.TRADE_READ,
        "no category needed",
        "qty is base coin, amount quote coin (spot market buys: qty 0, amount set)",
        "reduceOnly comes back as YES/NO",
        "orderStatus: live, new, partially_filled, filled, cancelled",
        "execType: normal, offset, reduce, liquidation, delivery",
    ),
    source="docs 2025-12 uta/trade/Get-Order-Details; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

PLACE_BATCH = post(
    "/api/v3/trade/place-batch",
    "Place up to 20 orders of one product line",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        Param("[].category", required=True, choices=LINES, note="the same for all"),
        "[].symbol!",
        Param(
            "[].qty",
            required=True,
            note=(
                "spot/margin: base coin, but quote coin for market buys; USDT/USDC futures: base coin; "
                "Coin-M: quote coin (v2 says base coin there)"
            ),
        ),
        Param("[].side", required=True, choices=SIDES),
        Param("[].orderType", required=True, choices=ORDER_TYPES),
        Param("[].price", note="required for limit orders"),
        Param("[].timeInForce", choices=("gtc", "ioc", "fok", "post_only", "rpi"), default="gtc"),
        Param("[].posSide", choices=POSITION_SIDES, note="required in hedge mode"),
        Param("[].clientOid", note="1-32 characters"),
        Param(
            "[].reduceOnly",
            choices=YES_NO,
            note="pages of Dec 2025 and mid 2026 say not supported yet; newest SDK types list it",
        ),
        Param("[].stpMode", choices=STP_MODES),
    ),
    shape=Shape.ARRAY,
    fields=fields("clientOid orderId code msg"),
    notes=(
        "body is a bare JSON array of at most 20 orders of one category",
        "each row of the reply has its own code and msg; the envelope says 00000 even so",
        "TP/SL cannot be attached here",
        "no marginMode: on an account that trades isolated a batch may open crossed positions",
    ),
    source="docs 2025-12 uta/trade/Place-Batch; docs 2026, ccxt, bitget-api, go-bitget, agent_sdk",
)

PLACE_ORDER = post(
    "/api/v3/trade/place-order",
    "Place one order",
    effect=Effect.TRADE,
    params=params(
        "CATEGORY LISTED_SYMBOL",
        Param(
            "qty",
            required=True,
            note=(
                "spot/margin: base coin, but quote coin for market buys; USDT/USDC futures: base coin; "
                "Coin-M: quote coin (v2 says base coin there)"
            ),
        ),
        "SIDE ORDER_TYPE LIMIT_PRICE",
        Param(
            "timeInForce",
            choices=("gtc", "ioc", "fok", "post_only", "rpi"),
            default="gtc",
            note="limit orders; market orders run as ioc; rpi needs a market-maker permission",
        ),
        Param("posSide", choices=POSITION_SIDES, note="required in hedge mode (futures); leave out in one-way mode"),
        Param("clientOid", note="1-32 of letters, digits, . : / _ -"),
        Param(
            "reduceOnly",
            choices=YES_NO,
            default="no",
            note="one-way mode only: marks a close; together with posSide it is refused (25236)",
        ),
        Param(
            "stpMode",
            choices=STP_MODES,
            default="none",
            note="self-trade prevention; the mode of the taker order counts",
        ),
        "TP_TRIGGER_BY SL_TRIGGER_BY TAKE_PROFIT STOP_LOSS TP_ORDER_TYPE SL_ORDER_TYPE TP_LIMIT_PRICE SL_LIMIT_PRICE",
        Param(
            "marginMode",
            choices=MARGIN_MODES,
            default="crossed",
            note="futures only; send it always, the default moves margin",
        ),
        Param(
            "pxAmendType",
            choices=YES_NO,
            default="no",
            note="limit orders: yes lets the exchange move a price outside the band to its edge",
        ),
        Param("autoBorrow", choices=YES_NO, default="no", note="spot only"),
        Param(
            "receiveWindow",
            note="epoch ms 10-60000, counted from requestTime (seen on the socket; reason cancel_receiveWindow)",
        ),
        Param("requestTime", note="epoch ms; goes with receiveWindow"),
    ),
    fields=fields("clientOid orderId"),
    demo=True,
    notes=(
        enums.TRADE_WRITE,
        "the reply means received, not matched",
        ("reduce-only overflow in one-way mode replaces older reduce-only orders and may answer without orderId"),
        "MARGIN orders borrow by themselves",
        "after 40010, 40725, 45001 or 25001 the outcome is unknown: ask order-info by clientOid",
        "Coin-M symbols of the new line take no modify, no strategy and no attached TP/SL",
    ),
    source="docs 2025-12 uta/trade/Place-Order; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

UNFILLED_ORDERS = get(
    "/api/v3/trade/unfilled-orders",
    "Open orders",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("category", choices=LINES, note="left out: all lines"), "ANY_LISTED_SYMBOL START END LIMIT_100 CURSOR"
    ),
    paging=Paging(PageKind.CURSOR, limit_default=100, limit_max=100, cursor="cursor", rows_at="list", row_id="orderId"),
    fields=fields(
        "orderId clientOid category symbol orderType side price qty amount cumExecQty cumExecValue "
        "avgPrice timeInForce orderStatus posSide holdMode reduceOnly feeDetail[]{ feeCoin fee } "
        "createdTime updatedTime tradeSide delegateType marginMode stpMode takeProfit stopLoss "
        "tpTriggerBy slTriggerBy tpOrderType slOrderType tpLimitPrice slLimitPrice cancelReason execType"
    ),
    demo=True,
    notes=(
        enums.TRADE_READ,
        "at most 400 open orders per futures and per spot+margin",
        "strategy orders are not in here",
        "list and cursor may be null where there is nothing",
        "orderStatus: live, new, partially_filled",
    ),
    source="docs 2025-12 uta/trade/Get-Order-Pending; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)
