"""Futures copy trading, as a lead trader, as a follower and as a broker."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import PRODUCT_TYPES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    TEN_A_SECOND_PER_ADDRESS,
    PageKind,
    Paging,
    Param,
    Shape,
    by_id,
    get,
    get_list,
    post_keys,
    post_settings,
    post_trade,
)

FUTURES_TRADER_ORDER_CURRENT_TRACK = get(
    "/api/v2/copy/mix-trader/order-current-track",
    "Open futures trades that others copy from you",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_SYMBOL PRODUCT_TYPE START END LIMIT_20_UP_TO_50 ID_GREATER_THAN ID_LESS_THAN"),
    paging=by_id(limit_default=20, limit_max=50, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo openOrderId symbol posSide openLeverage openPriceAvg openTime openSize presetStopSurplusPrice "
        "presetStopLossPrice openFee followCount"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", enums.POS_SIDE),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Current-Track; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_HISTORY_TRACK = get(
    "/api/v2/copy/mix-trader/order-history-track",
    "Closed futures trades that others copied from you",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "ID_LESS_THAN ID_GREATER_THAN START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 order:asc|desc ANY_SYMBOL",
        "PRODUCT_TYPE",
    ),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo symbol openOrderId closeOrderId productType posSide openLeverage openPriceAvg openTime openSize "
        "closeSize closeTime closePriceAvg stopType achievedPL openFee closeFee cTime openAvgPrice closeAvgPrice"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        enums.POS_SIDE,
        "stopType: profit, loss",
    ),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-History-Track; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_MODIFY_TPSL = post_trade(
    "/api/v2/copy/mix-trader/order-modify-tpsl",
    "Change the exits of a copied futures trade",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("TRACKING_NO PRODUCT_TYPE STOP_SURPLUS_PRICE STOP_LOSS_PRICE"),
    one_of=(("stopSurplusPrice", "stopLossPrice"),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", enums.DATA),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Modify-Tpsl; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_CLOSE_POSITIONS = post_trade(
    "/api/v2/copy/mix-trader/order-close-positions",
    "Close futures trades that others copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("trackingNo ANY_SYMBOL PRODUCT_TYPE"),
    shape=Shape.ARRAY,
    fields=fields("trackingNo symbol productType"),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Close-Positions; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_TOTAL_DETAIL = get(
    "/api/v2/copy/mix-trader/order-total-detail",
    "Your record as a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "roi tradingOrderNum totalFollowerNum currentFollowerNum totalpl gainNum lossNum winRate "
        "tradingPairsAvailableList lastWeekRoiList[]{ rate ctime } lastMonthRoiList[]{ rate ctime } totalEquity "
        "lastWeekProfitList[]{ amount } lastMonthProfitList[]{ amount }"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Total-Detail; ccxt, bitget-api",
)

FUTURES_TRADER_CREATE_COPY_API = post_keys(
    "/api/v2/copy/mix-trader/create-copy-api",
    "Create a key for futures copy trading",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("PASSPHRASE"),
    shape=Shape.ARRAY,
    fields=fields("apikey secret permissions"),
    notes=("permissions: contract_trade, copytrading_trade",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Create-Copy-Api",
)

_PAGES = Paging(PageKind.PAGE_NO, limit_default=20, limit_max=100, limit_name="pageSize")

FUTURES_TRADER_CONFIG_QUERY_FOLLOWERS = get_list(
    "/api/v2/copy/mix-trader/config-query-followers",
    "Who copies your futures trades",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PAGE_NO PAGE_SIZE_20_UP_TO_100 START_3_MONTHS END_3_MONTHS"),
    paging=_PAGES,
    fields=fields("accountEquity isRemove followerHeadPic followerName followerUid followerTime"),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", "isRemove: yes, no"),
    source="docs 2025-12 copytrading/future-copytrade/trader/Config-Query-Followers; ccxt, bitget-api",
)

FUTURES_TRADER_CONFIG_QUERY_SYMBOLS = get_list(
    "/api/v2/copy/mix-trader/config-query-symbols",
    "The contracts others may copy, and their limits",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_TYPE"),
    fields=fields("symbol openTrader minOpenCount maxLeverage stopSurplusRatio stopLossRatio"),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here", "openTrader: YES, NO"),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Get-Config-Query-Symbols; ccxt, bitget-api",
)

FUTURES_TRADER_CONFIG_SETTING_SYMBOLS = post_settings(
    "/api/v2/copy/mix-trader/config-setting-symbols",
    "Choose the contracts others may copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("settingList", required=True, note="at most 50 items", type="array"),
        Param("settingList[].symbol", required=True, note="BTCUSDT, without the suffixes of v1"),
        Param("settingList[].productType", required=True, choices=PRODUCT_TYPES, note="lower case is accepted too"),
        "settingList[].settingType!:ADD|DELETE|UPDATE",
        Param("settingList[].stopSurplusRatio", note="one of the pair must be sent"),
        Param("settingList[].stopLossRatio", note="one of the pair must be sent"),
    ),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Config-Setting-Symbols; ccxt, bitget-api",
)

FUTURES_TRADER_CONFIG_SETTINGS_BASE = post_settings(
    "/api/v2/copy/mix-trader/config-settings-base",
    "Change what followers see of you as a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("enable", choices=("YES", "NO"), note="one of the pair must be sent"),
        Param("showTotalEquity", choices=("YES", "NO"), note="one of the pair must be sent"),
        Param("showTpsl", choices=("YES", "NO"), note="one of the pair must be sent"),
    ),
    one_of=(("enable", "showTotalEquity", "showTpsl"),),
    shape=Shape.STRING,
    notes=("ccxt spells config-setting-base; docs and other SDKs say config-settings-base",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Config-Settings-Base; bitget-api",
)

FUTURES_TRADER_CONFIG_REMOVE_FOLLOWER = post_settings(
    "/api/v2/copy/mix-trader/config-remove-follower",
    "Send a follower of your futures trades away",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("followerUid!"),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Config-Remove-Follower; ccxt, bitget-api",
)

FUTURES_TRADER_PROFIT_DETAILS = get_list(
    "/api/v2/copy/mix-trader/profit-details",
    "Profit shares from futures followers not yet paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_COIN PAGE_SIZE_20_UP_TO_100 PAGE_NO"),
    paging=_PAGES,
    fields=fields("coin profit nickName"),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Profit-Details; ccxt, bitget-api",
)

FUTURES_TRADER_PROFIT_HISTORY_DETAILS = get(
    "/api/v2/copy/mix-trader/profit-history-details",
    "Profit shares that futures followers paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ANY_COIN ID_LESS_THAN ID_GREATER_THAN START_3_MONTHS END_3_MONTHS LIMIT_100"),
    paging=by_id(limit_default=100, limit_max=100, window_days=90, cursor="endId", rows_at="profitList"),
    fields=fields("profitId coin profit nickName profitTime"),
    notes=(
        "ccxt plans for 20 calls a second; the page says 5, which is used here",
        "an older endpoint list misspells profit-hisotry-details",
    ),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Profit-History-Details; ccxt, bitget-api",
)

FUTURES_TRADER_PROFIT_HISTORY_SUMMARYS = get(
    "/api/v2/copy/mix-trader/profit-history-summarys",
    "Profit shares from futures followers in sum",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    paging=Paging(rows_at="profitHistoryList"),
    fields=fields("coin profitCount lastProfitTime"),
    notes=(
        "ccxt plans for 20 calls a second; the page says 5, which is used here",
        "an older endpoint list prints profit-summarys; profit-history-summarys is right",
        (
            "beside the rows: profitSummary, profitSummary.yesterdayProfit, profitSummary.sumProfit, "
            "profitSummary.waitProfit, profitSummary.yesterdayTime"
        ),
    ),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Profit-History-Summarys; ccxt, bitget-api",
)

FUTURES_TRADER_PROFITS_GROUP_COIN_DATE = get_list(
    "/api/v2/copy/mix-trader/profits-group-coin-date",
    "Profit shares from futures followers by coin and day",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PAGE_SIZE_20_UP_TO_50 PAGE_NO"),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, limit_name="pageSize"),
    fields=fields("coin profit profitTime"),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Get-Profits-Group-Coin-Date; ccxt, bitget-api",
)

FUTURES_BROKER_QUERY_TRADERS = get(
    "/api/v2/copy/mix-broker/query-traders",
    "Futures lead traders, for copy-trading brokers",
    notes=("page missing from the Dec 2025 docs; parameters unknown", "the shape of the reply is not documented"),
    source="ccxt, bitget-api",
)

FUTURES_BROKER_QUERY_CURRENT_TRACES = get(
    "/api/v2/copy/mix-broker/query-current-traces",
    "Open copied trades, for copy-trading brokers",
    notes=("page missing from the Dec 2025 docs; parameters unknown", "the shape of the reply is not documented"),
    source="ccxt, bitget-api",
)

FUTURES_BROKER_QUERY_HISTORY_TRACES = get(
    "/api/v2/copy/mix-broker/query-history-traces",
    "Closed copied trades, for copy-trading brokers",
    notes=("page missing from the Dec 2025 docs; parameters unknown", "the shape of the reply is not documented"),
    source="ccxt, bitget-api",
)

FUTURES_FOLLOWER_QUERY_CURRENT_ORDERS = get_list(
    "/api/v2/copy/mix-follower/query-current-orders",
    "Open futures trades that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "ID_LESS_THAN ID_GREATER_THAN START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 ANY_SYMBOL PRODUCT_TYPE",
        "ANY_TRADER_ID",
    ),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, cursor="trackingNo", cursor_in_row=True),
    fields=fields(
        "trackingNo traderName openOrderId closeOrderId traderId symbol posSide openLeverage openAvgPrice openTime "
        "openSize closeAvgPrice closeSize openMarginSz closeTime openPriceAvg openFee"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "the page does not say what idLessThan compares; trackingNo is the id of a row",
        enums.POS_SIDE,
    ),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-Current-Orders; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_QUERY_HISTORY_ORDERS = get(
    "/api/v2/copy/mix-follower/query-history-orders",
    "Closed futures trades that you copied",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "ID_LESS_THAN ID_GREATER_THAN START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 ANY_SYMBOL PRODUCT_TYPE",
        "ANY_TRADER_ID",
    ),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo posSide openLeverage openSize closeSize openPriceAvg closePriceAvg achievedPL openFee closeFee "
        "symbol profitRate netProfit openOrderId closeOrderId openTime closeTime traderId productType"
    ),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here", enums.POS_SIDE),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-History-Orders; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_SETTING_TPSL = post_trade(
    "/api/v2/copy/mix-follower/setting-tpsl",
    "Set the exits of a futures trade that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("TRACKING_NO ANY_SYMBOL PRODUCT_TYPE stopSurplusPrice stopLossPrice"),
    shape=Shape.STRING,
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here", enums.DATA),
    source="docs 2025-12 copytrading/future-copytrade/follower/Setting-Tpsl; ccxt, bitget-api",
)

FUTURES_FOLLOWER_CLOSE_POSITIONS = post_trade(
    "/api/v2/copy/mix-follower/close-positions",
    "Close futures trades that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_TYPE trackingNo ANY_SYMBOL ANY_MARGIN_COIN marginMode:isolated|cross holdSide:long|short"),
    fields=fields("orderIdList"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "marginMode value is cross here, crossed elsewhere",
    ),
    source="docs 2025-12 copytrading/future-copytrade/follower/Close-Positions; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_QUERY_SETTINGS = get(
    "/api/v2/copy/mix-follower/query-settings",
    "How you copy a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("TRADER_ID"),
    paging=Paging(rows_at="detailList"),
    fields=fields(
        "symbol productType marginType marginCoin leverType longLeverage shortLeverage traceType traceValue "
        "maxHoldSize stopSurplusRatio stopLossRatio"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "beside the rows: followerEnable",
        "productType: USDT-FUTURES, COIN-FUTURES, USDC-FUTURES",
        "marginType: trader, specify",
        "leverType: position, specify, trader",
        "traceType: percent, amount, count",
    ),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-Settings; ccxt, bitget-api",
)

FUTURES_FOLLOWER_SETTINGS = post_settings(
    "/api/v2/copy/mix-follower/settings",
    "Copy a futures lead trader, or change how, contract by contract",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "TRADER_ID AUTO_COPY COPY_MODE",
        Param("settings", required=True, note="at most 10 items", type="array"),
        "EACH_COPIED_SYMBOL",
        Param("settings[].productType", required=True, choices=PRODUCT_TYPES, note="lower case is accepted too"),
        "settings[].marginType!:trader|specify",
        Param("settings[].marginCoin", note="upper case"),
        "settings[].leverType!:position|specify|trader settings[].longLeverage settings[].shortLeverage",
        "EACH_TRACE_TYPE settings[].traceValue! settings[].maxHoldSize settings[].stopSurplusRatio",
        "settings[].stopLossRatio",
    ),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", enums.DATA),
    source="docs 2025-12 copytrading/future-copytrade/follower/Settings; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_COPY_SETTINGS = post_settings(
    "/api/v2/copy/mix-follower/copy-settings",
    "Copy a futures lead trader with one setting for all contracts",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        "TRADER_ID copyAmount! copyAllPostions:yes|no AUTO_COPY equityGuardian:on|off",
        "equityGuardianMode:amount|percentage equity marginMode:follow_trader|crossed_margin|isolated_margin leverage",
        "multiple",
    ),
    shape=Shape.STRING,
    notes=("data: success, failure",),
    source="docs 2025-12 copytrading/future-copytrade/follower/Copy-Settings",
)

FUTURES_FOLLOWER_QUERY_TRADERS = get_list(
    "/api/v2/copy/mix-follower/query-traders",
    "The futures lead traders you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("START_3_MONTHS END_3_MONTHS PAGE_NO PAGE_SIZE_20_UP_TO_50"),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, limit_name="pageSize"),
    fields=fields(
        "certificationType traderId traderName maxFollowLimit followCount traceTotalMarginAmount traceTotalNetProfit "
        "traceTotalProfit currentTradingPairs followerTime bgbMaxFollowLimit bgbFollowCount"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "certificationType: Uncertified, Certified",
    ),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-Traders; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_QUERY_QUANTITY_LIMIT = get_list(
    "/api/v2/copy/mix-follower/query-quantity-limit",
    "The smallest and largest size you may copy",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("ANY_SYMBOL PRODUCT_TYPE"),
    fields=fields("maxFollowSize minFollowSize symbol"),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-Quantity-Limit; ccxt, bitget-api",
)

FUTURES_FOLLOWER_CANCEL_TRADER = post_settings(
    "/api/v2/copy/mix-follower/cancel-trader",
    "Stop copying a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("TRADER_ID"),
    shape=Shape.STRING,
    notes=(enums.DATA,),
    source="docs 2025-12 copytrading/future-copytrade/follower/Cancel-Trader; ccxt, bitget-api",
)
