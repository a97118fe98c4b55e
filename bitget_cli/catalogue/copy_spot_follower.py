"""Spot copy trading as a follower."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_SYMBOL,
    ANY_TRADER_ID,
    AUTO_COPY,
    END,
    ID_GREATER_THAN,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_50,
    PAGE_NO,
    PAGE_SIZE_20_UP_TO_50,
    START,
    STOP_LOSS_PRICE,
    STOP_SURPLUS_PRICE,
    SYMBOL,
    TRACKING_NO,
    TRADER_ID,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, ONE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

_TRACKING_NO_LIST_REQUIRED = Param(
    "trackingNoList", required=True, note="the table types it as a string; bitget-api sends a list", type="array"
)
_PAGES_OF_TRACKING_LIST = Paging(
    PageKind.ID_LESS_THAN, limit_default=20, limit_max=50, cursor="endId", rows_at="trackingList"
)

SPOT_FOLLOWER_QUERY_CURRENT_ORDERS = Endpoint(
    "GET",
    "/api/v2/copy/spot-follower/query-current-orders",
    "Open spot trades that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL, ANY_TRADER_ID, ID_LESS_THAN, ID_GREATER_THAN, START, END, LIMIT_20_UP_TO_50),
    paging=_PAGES_OF_TRACKING_LIST,
    fields=fields(
        "trackingNo traderId buyFillSize buyDelegateSize buyPrice unrealizedPL buyTime buyFee unrealizedPLR "
        "symbol stopSurplusPrice stopLossPrice"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Current-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_HISTORY_ORDERS = Endpoint(
    "GET",
    "/api/v2/copy/spot-follower/query-history-orders",
    "Closed spot trades that you copied",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL, ANY_TRADER_ID, ID_LESS_THAN, ID_GREATER_THAN, START, END, LIMIT_20_UP_TO_50),
    paging=_PAGES_OF_TRACKING_LIST,
    fields=fields(
        "trackingNo traderId fillSize buyPrice sellPrice buyFee sellFee achievedPL achievedPLR symbol buyTime sellTime"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-History-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_SETTING_TPSL = Endpoint(
    "POST",
    "/api/v2/copy/spot-follower/setting-tpsl",
    "Set the exits of a spot trade that you copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(TRACKING_NO, STOP_SURPLUS_PRICE, STOP_LOSS_PRICE),
    one_of=(("stopSurplusPrice", "stopLossPrice"),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Setting-Tpsl; ccxt, bitget-api",
)

SPOT_FOLLOWER_ORDER_CLOSE_TRACKING = Endpoint(
    "POST",
    "/api/v2/copy/spot-follower/order-close-tracking",
    "Sell spot trades that you copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(_TRACKING_NO_LIST_REQUIRED, SYMBOL),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Order-Close-Tracking; ccxt, bitget-api",
)

SPOT_FOLLOWER_STOP_ORDER = Endpoint(
    "POST",
    "/api/v2/copy/spot-follower/stop-order",
    "Stop copying single spot trades",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(_TRACKING_NO_LIST_REQUIRED,),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Stop-Order; ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_SETTINGS = Endpoint(
    "GET",
    "/api/v2/copy/spot-follower/query-settings",
    "How you copy a spot lead trader",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(TRADER_ID,),
    fields=fields(
        "enable profitRate settledInDays tradeSettingList[]{ maxTraceAmount stopLossRation stopSurplusRation "
        "symbol traceType } tradeSymbolSettingList[]{ maxStopLossRation maxStopSurplusRation maxTraceAmount "
        "maxTraceAmountSystem maxTraceSize maxTraceRation minStopLossRation minStopSurplusRation "
        "minTraceAmount minTraceSize minTraceRation sliderMaxStopLossRatio sliderMaxStopSurplusRatio symbol }"
        " traderHeadPic traderName endId"
    ),
    notes=("traceType: percent, amount, count",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Settings; ccxt, bitget-api",
)

SPOT_FOLLOWER_SETTINGS = Endpoint(
    "POST",
    "/api/v2/copy/spot-follower/settings",
    "Copy a spot lead trader, or change how",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        TRADER_ID,
        AUTO_COPY,
        Param("mode", choices=("basic", "advanced")),
        Param("settings", required=True, note="the table types it as a string; bitget-api sends a list", type="array"),
        Param("settings[].symbol", required=True, note="BTCUSDT, without the suffixes of v1"),
        Param("settings[].traceType", required=True, choices=("percent", "amount", "count")),
        Param("settings[].maxHoldSize", required=True),
        Param("settings[].traceValue", required=True),
        Param("settings[].stopLossRatio"),
        Param("settings[].stopSurplusRatio"),
    ),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Settings; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_TRADERS = Endpoint(
    "GET",
    "/api/v2/copy/spot-follower/query-traders",
    "The spot lead traders you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PAGE_NO, PAGE_SIZE_20_UP_TO_50, START, END),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, rows_at="resultList", limit_name="pageSize"),
    fields=fields(
        "certificationType traceTotalAmount traceTotalNetProfit traceTotalProfit traderName traderId "
        "maxFollowLimit bgbMaxFollowLimit followCount bgbFollowCount followerTime"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Traders; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_TRADER_SYMBOLS = Endpoint(
    "GET",
    "/api/v2/copy/spot-follower/query-trader-symbols",
    "The pairs a spot lead trader trades now",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(TRADER_ID,),
    fields=fields("currentTradingList"),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Trader-Symbols; ccxt, bitget-api",
)

SPOT_FOLLOWER_CANCEL_TRADER = Endpoint(
    "POST",
    "/api/v2/copy/spot-follower/cancel-trader",
    "Stop copying a spot lead trader",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(TRADER_ID,),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Cancel-Trader; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    SPOT_FOLLOWER_QUERY_CURRENT_ORDERS,
    SPOT_FOLLOWER_QUERY_HISTORY_ORDERS,
    SPOT_FOLLOWER_SETTING_TPSL,
    SPOT_FOLLOWER_ORDER_CLOSE_TRACKING,
    SPOT_FOLLOWER_STOP_ORDER,
    SPOT_FOLLOWER_QUERY_SETTINGS,
    SPOT_FOLLOWER_SETTINGS,
    SPOT_FOLLOWER_QUERY_TRADERS,
    SPOT_FOLLOWER_QUERY_TRADER_SYMBOLS,
    SPOT_FOLLOWER_CANCEL_TRADER,
)
