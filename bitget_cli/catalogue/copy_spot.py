"""Spot copy trading as a lead trader."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_COIN,
    ANY_SYMBOL,
    END,
    ID_GREATER_THAN,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_50,
    LIMIT_20_UP_TO_100,
    LIMIT_100,
    PAGE_NO,
    PAGE_SIZE_20_UP_TO_50,
    START,
    STOP_LOSS_PRICE,
    STOP_SURPLUS_PRICE,
    SYMBOL,
    TRACKING_NO,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, ONE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

SPOT_TRADER_ORDER_CURRENT_TRACK = Endpoint(
    "GET",
    "/api/v2/copy/spot-trader/order-current-track",
    "Open spot trades that others copy from you",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL, ID_LESS_THAN, ID_GREATER_THAN, START, END, LIMIT_20_UP_TO_50),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=20, limit_max=50, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo orderId buyFillSize buyDelegateSize buyPrice unrealizedPL buyTime buyFee unrealizedPLR "
        "symbol stopLossPrice stopSurplusPrice followCount"
    ),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Current-Track; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_HISTORY_TRACK = Endpoint(
    "GET",
    "/api/v2/copy/spot-trader/order-history-track",
    "Closed spot trades that others copied from you",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ID_LESS_THAN, ID_GREATER_THAN, START, END, LIMIT_20_UP_TO_100, ANY_SYMBOL),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo fillSize buyPrice sellPrice achievedPL buyTime sellTime buyFee sellFee achievedPLR symbol"
        " netProfit followCount"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-History-Track; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_MODIFY_TPSL = Endpoint(
    "POST",
    "/api/v2/copy/spot-trader/order-modify-tpsl",
    "Change the exits of a copied spot trade",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(TRACKING_NO, STOP_SURPLUS_PRICE, STOP_LOSS_PRICE),
    one_of=(("stopSurplusPrice", "stopLossPrice"),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Modify-Tpsl; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_CLOSE_TRACKING = Endpoint(
    "POST",
    "/api/v2/copy/spot-trader/order-close-tracking",
    "Sell spot trades that others copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(Param("trackingNoList", required=True, note="at most 50 items", type="array"), SYMBOL),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Close-Tracking; ccxt, bitget-api",
)

SPOT_TRADER_ORDER_TOTAL_DETAIL = Endpoint(
    "GET",
    "/api/v2/copy/spot-trader/order-total-detail",
    "Your record as a spot lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "totalFollowerNum currentFollowerNum maxFollowerNum tradingOrderNum totalpl gainNum lossNum "
        "totalEquity winRate lastWeekRoiList[]{ rate ctime } lastMonthRoiList[]{ rate ctime } "
        "lastWeekProfitList[]{ amount ctime } lastMonthProfitList[]{ amount ctime }"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Order-Total-Detail; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_QUERY_FOLLOWERS = Endpoint(
    "GET",
    "/api/v2/copy/spot-trader/config-query-followers",
    "Who copies your spot trades",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PAGE_NO, Param("pageSize", default="30", maximum=1000, note="rows a page"), START, END),
    paging=Paging(PageKind.PAGE_NO, limit_default=30, limit_max=1000, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields("accountEquity isRemove followerHeadPic followerName followerUid followerTime"),
    notes=("isRemove: yes, no",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Query-Followers; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_QUERY_SETTINGS = Endpoint(
    "GET",
    "/api/v2/copy/spot-trader/config-query-settings",
    "Your settings as a spot lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "removeLimitUsdt spotInfoList[]{ maxQuoteSize surplusQuoteSize symbol } enable showAssetsMap "
        "showEquity traceSymbolList[]{ enable symbol minOpenCount } labelList[]{ id name }"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "enable: yes, no",
        "showAssetsMap: yes, no",
        "showEquity: yes, no",
    ),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Query-Settings; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_SETTING_SYMBOLS = Endpoint(
    "POST",
    "/api/v2/copy/spot-trader/config-setting-symbols",
    "Choose the pairs others may copy",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        Param("symbolList", required=True, note="at most 50 items", type="array"),
        Param("settingType", required=True, choices=("add", "delete")),
    ),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Setting-Symbols; ccxt, bitget-api",
)

SPOT_TRADER_CONFIG_REMOVE_FOLLOWER = Endpoint(
    "POST",
    "/api/v2/copy/spot-trader/config-remove-follower",
    "Send a follower of your spot trades away",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(Param("followerUid", required=True),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 1, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Config-Remove-Follower; ccxt, bitget-api",
)

SPOT_TRADER_PROFIT_DETAILS = Endpoint(
    "GET",
    "/api/v2/copy/spot-trader/profit-details",
    "Profit shares from spot followers not yet paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN, Param("pageNo", note="page number from 1"), PAGE_SIZE_20_UP_TO_50),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields("distributeRatio coin profit followerName"),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Profit-Details; ccxt, bitget-api",
)

SPOT_TRADER_PROFIT_HISTORY_DETAILS = Endpoint(
    "GET",
    "/api/v2/copy/spot-trader/profit-history-details",
    "Profit shares that spot followers paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ID_LESS_THAN, ID_GREATER_THAN, START, END, LIMIT_100, ANY_COIN),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=100, limit_max=100, cursor="endId", rows_at="profitList"),
    fields=fields("profitId coin distributeRatio profit followerName profitTime"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "an older endpoint list misspells profit-hisotry-details",
    ),
    source="docs 2025-12 copytrading/spot-copytrade/trader/Profit-History-Details; ccxt, bitget-api",
)

SPOT_TRADER_PROFIT_SUMMARYS = Endpoint(
    "GET",
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

ROWS: tuple[Endpoint, ...] = (
    SPOT_TRADER_ORDER_CURRENT_TRACK,
    SPOT_TRADER_ORDER_HISTORY_TRACK,
    SPOT_TRADER_ORDER_MODIFY_TPSL,
    SPOT_TRADER_ORDER_CLOSE_TRACKING,
    SPOT_TRADER_ORDER_TOTAL_DETAIL,
    SPOT_TRADER_CONFIG_QUERY_FOLLOWERS,
    SPOT_TRADER_CONFIG_QUERY_SETTINGS,
    SPOT_TRADER_CONFIG_SETTING_SYMBOLS,
    SPOT_TRADER_CONFIG_REMOVE_FOLLOWER,
    SPOT_TRADER_PROFIT_DETAILS,
    SPOT_TRADER_PROFIT_HISTORY_DETAILS,
    SPOT_TRADER_PROFIT_SUMMARYS,
)
