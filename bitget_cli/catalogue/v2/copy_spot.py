"""Spot copy trading, as a lead trader and as a follower."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    PageKind,
    Paging,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post_settings,
    post_trade,
)

SPOT_TRADER_ORDER_CURRENT_TRACK = get(
    "/api/v2/copy/spot-trader/order-current-track",
    "Open spot trades that others copy from you",
    params=params("ANY_SYMBOL ID_LESS_THAN ID_GREATER_THAN START END LIMIT_20_UP_TO_50"),
    paging=by_id(limit_default=20, limit_max=50, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo orderId buyFillSize buyDelegateSize buyPrice unrealizedPL buyTime buyFee unrealizedPLR symbol "
        "stopLossPrice stopSurplusPrice followCount"
    ),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Current-Track; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_HISTORY_TRACK = get(
    "/api/v2/copy/spot-trader/order-history-track",
    "Closed spot trades that others copied from you",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ID_LESS_THAN ID_GREATER_THAN START END LIMIT_20_UP_TO_100 ANY_SYMBOL"),
    paging=by_id(limit_default=20, limit_max=100, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo fillSize buyPrice sellPrice achievedPL buyTime sellTime buyFee sellFee achievedPLR symbol "
        "netProfit followCount"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-History-Track; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_MODIFY_TPSL = post_trade(
    "/api/v2/copy/spot-trader/order-modify-tpsl",
    "Change the exits of a copied spot trade",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("TRACKING_NO STOP_SURPLUS_PRICE STOP_LOSS_PRICE"),
    one_of=(("stopSurplusPrice", "stopLossPrice"),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Modify-Tpsl; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_CLOSE_TRACKING = post_trade(
    "/api/v2/copy/spot-trader/order-close-tracking",
    "Sell spot trades that others copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(Param("trackingNoList", required=True, note="at most 50 items", type="array"), "SYMBOL"),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Close-Tracking; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_TOTAL_DETAIL = get(
    "/api/v2/copy/spot-trader/order-total-detail",
    "Your record as a spot lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "totalFollowerNum currentFollowerNum maxFollowerNum tradingOrderNum totalpl gainNum lossNum totalEquity "
        "winRate lastWeekRoiList[]{ rate ctime } lastMonthRoiList[]{ rate ctime } lastWeekProfitList[]{ amount ctime "
        "} lastMonthProfitList[]{ amount ctime }"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Total-Detail; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_QUERY_FOLLOWERS = get_list(
    "/api/v2/copy/spot-trader/config-query-followers",
    "Who copies your spot trades",
    params=params("PAGE_NO", Param("pageSize", default="30", maximum=1000, note="rows a page"), "START END"),
    paging=Paging(PageKind.PAGE_NO, limit_default=30, limit_max=1000, limit_name="pageSize"),
    fields=fields("accountEquity isRemove followerHeadPic followerName followerUid followerTime"),
    notes=("isRemove: yes, no",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Query-Followers; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_QUERY_SETTINGS = get(
    "/api/v2/copy/spot-trader/config-query-settings",
    "Your settings as a spot lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "removeLimitUsdt spotInfoList[]{ maxQuoteSize surplusQuoteSize symbol } enable showAssetsMap showEquity "
        "traceSymbolList[]{ enable symbol minOpenCount } labelList[]{ id name }"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "enable: yes, no",
        "showAssetsMap: yes, no",
        "showEquity: yes, no",
    ),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Query-Settings; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_SETTING_SYMBOLS = post_settings(
    "/api/v2/copy/spot-trader/config-setting-symbols",
    "Choose the pairs others may copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(Param("symbolList", required=True, note="at most 50 items", type="array"), "settingType!:add|delete"),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Setting-Symbols; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_REMOVE_FOLLOWER = post_settings(
    "/api/v2/copy/spot-trader/config-remove-follower",
    "Send a follower of your spot trades away",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("followerUid!"),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Remove-Follower; ccxt, bitget-api",
)

SPOT_TRADER_PROFIT_DETAILS = get_list(
    "/api/v2/copy/spot-trader/profit-details",
    "Profit shares from spot followers not yet paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_COIN", Param("pageNo", note="page number from 1"), "PAGE_SIZE_20_UP_TO_50"),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, limit_name="pageSize"),
    fields=fields("distributeRatio coin profit followerName"),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Profit-Details; ccxt, bitget-api",
)

SPOT_TRADER_PROFIT_HISTORY_DETAILS = get(
    "/api/v2/copy/spot-trader/profit-history-details",
    "Profit shares that spot followers paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ID_LESS_THAN ID_GREATER_THAN START END LIMIT_100 ANY_COIN"),
    paging=by_id(limit_default=100, limit_max=100, cursor="endId", rows_at="profitList"),
    fields=fields("profitId coin distributeRatio profit followerName profitTime"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "an older endpoint list misspells profit-hisotry-details",
    ),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Profit-History-Details; ccxt, bitget-api",
)

SPOT_TRADER_PROFIT_SUMMARYS = get(
    "/api/v2/copy/spot-trader/profit-summarys",
    "Profit shares from spot followers in sum",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    paging=Paging(rows_at="profitHistoryList"),
    fields=fields("coin profitCount lastProfitTime historysByDateList[]{ profit profitTime }"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        (
            "beside the rows: profitSummarys, profitSummarys.yesterdayProfit, profitSummarys.yesterdayTime, "
            "profitSummarys.sumProfit, profitSummarys.waitProfit"
        ),
    ),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Profit-Summarys; ccxt, bitget-api",
)

_TRACKING_NO_LIST_REQUIRED = Param(
    "trackingNoList", required=True, note="the table types it as a string; bitget-api sends a list", type="array"
)
_PAGES_OF_TRACKING_LIST = by_id(limit_default=20, limit_max=50, cursor="endId", rows_at="trackingList")

SPOT_FOLLOWER_QUERY_CURRENT_ORDERS = get(
    "/api/v2/copy/spot-follower/query-current-orders",
    "Open spot trades that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_SYMBOL ANY_TRADER_ID ID_LESS_THAN ID_GREATER_THAN START END LIMIT_20_UP_TO_50"),
    paging=_PAGES_OF_TRACKING_LIST,
    fields=fields(
        "trackingNo traderId buyFillSize buyDelegateSize buyPrice unrealizedPL buyTime buyFee unrealizedPLR symbol "
        "stopSurplusPrice stopLossPrice"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Current-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_HISTORY_ORDERS = get(
    "/api/v2/copy/spot-follower/query-history-orders",
    "Closed spot trades that you copied",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_SYMBOL ANY_TRADER_ID ID_LESS_THAN ID_GREATER_THAN START END LIMIT_20_UP_TO_50"),
    paging=_PAGES_OF_TRACKING_LIST,
    fields=fields(
        "trackingNo traderId fillSize buyPrice sellPrice buyFee sellFee achievedPL achievedPLR symbol buyTime sellTime"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-History-Orders; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_SETTING_TPSL = post_trade(
    "/api/v2/copy/spot-follower/setting-tpsl",
    "Set the exits of a spot trade that you copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("TRACKING_NO STOP_SURPLUS_PRICE STOP_LOSS_PRICE"),
    one_of=(("stopSurplusPrice", "stopLossPrice"),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Setting-Tpsl; ccxt, bitget-api",
)

SPOT_FOLLOWER_ORDER_CLOSE_TRACKING = post_trade(
    "/api/v2/copy/spot-follower/order-close-tracking",
    "Sell spot trades that you copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(_TRACKING_NO_LIST_REQUIRED, "SYMBOL"),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Order-Close-Tracking; ccxt, bitget-api",
)

SPOT_FOLLOWER_STOP_ORDER = post_trade(
    "/api/v2/copy/spot-follower/stop-order",
    "Stop copying single spot trades",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(_TRACKING_NO_LIST_REQUIRED),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Stop-Order; ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_SETTINGS = get(
    "/api/v2/copy/spot-follower/query-settings",
    "How you copy a spot lead trader",
    params=params("TRADER_ID"),
    fields=fields(
        "enable profitRate settledInDays tradeSettingList[]{ maxTraceAmount stopLossRation stopSurplusRation symbol "
        "traceType } tradeSymbolSettingList[]{ maxStopLossRation maxStopSurplusRation maxTraceAmount "
        "maxTraceAmountSystem maxTraceSize maxTraceRation minStopLossRation minStopSurplusRation minTraceAmount "
        "minTraceSize minTraceRation sliderMaxStopLossRatio sliderMaxStopSurplusRatio symbol } traderHeadPic "
        "traderName endId"
    ),
    notes=("traceType: percent, amount, count",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Settings; ccxt, bitget-api",
)

SPOT_FOLLOWER_SETTINGS = post_settings(
    "/api/v2/copy/spot-follower/settings",
    "Copy a spot lead trader, or change how",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        "TRADER_ID AUTO_COPY COPY_MODE",
        Param("settings", required=True, note="the table types it as a string; bitget-api sends a list", type="array"),
        "EACH_COPIED_SYMBOL EACH_TRACE_TYPE settings[].maxHoldSize! settings[].traceValue! settings[].stopLossRatio",
        "settings[].stopSurplusRatio",
    ),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Settings; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_TRADERS = get(
    "/api/v2/copy/spot-follower/query-traders",
    "The spot lead traders you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PAGE_NO PAGE_SIZE_20_UP_TO_50 START END"),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, rows_at="resultList", limit_name="pageSize"),
    fields=fields(
        "certificationType traceTotalAmount traceTotalNetProfit traceTotalProfit traderName traderId maxFollowLimit "
        "bgbMaxFollowLimit followCount bgbFollowCount followerTime"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Traders; agent_hub, ccxt, bitget-api",
)

SPOT_FOLLOWER_QUERY_TRADER_SYMBOLS = get(
    "/api/v2/copy/spot-follower/query-trader-symbols",
    "The pairs a spot lead trader trades now",
    params=params("TRADER_ID"),
    fields=fields("currentTradingList"),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Query-Trader-Symbols; ccxt, bitget-api",
)

SPOT_FOLLOWER_CANCEL_TRADER = post_settings(
    "/api/v2/copy/spot-follower/cancel-trader",
    "Stop copying a spot lead trader",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("TRADER_ID"),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/follower/Cancel-Trader; ccxt, bitget-api",
)
