"""Futures copy trading as a follower."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_MARGIN_COIN,
    ANY_SYMBOL,
    ANY_TRADER_ID,
    AUTO_COPY,
    END_3_MONTHS,
    ID_GREATER_THAN,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_100,
    PAGE_NO,
    PAGE_SIZE_20_UP_TO_50,
    PRODUCT_TYPE,
    PRODUCT_TYPES,
    START_3_MONTHS,
    TRACKING_NO,
    TRADER_ID,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, ONE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ADDRESS
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

FUTURES_FOLLOWER_QUERY_CURRENT_ORDERS = Endpoint(
    "GET",
    "/api/v2/copy/mix-follower/query-current-orders",
    "Open futures trades that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(
        ID_LESS_THAN,
        ID_GREATER_THAN,
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_20_UP_TO_100,
        ANY_SYMBOL,
        PRODUCT_TYPE,
        ANY_TRADER_ID,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="trackingNo", cursor_in_row=True
    ),
    shape=Shape.ARRAY,
    fields=fields(
        "trackingNo traderName openOrderId closeOrderId traderId symbol posSide openLeverage openAvgPrice "
        "openTime openSize closeAvgPrice closeSize openMarginSz closeTime openPriceAvg openFee"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "the page does not say what idLessThan compares; trackingNo is the id of a row",
        words.POS_SIDE,
    ),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-Current-Orders; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_QUERY_HISTORY_ORDERS = Endpoint(
    "GET",
    "/api/v2/copy/mix-follower/query-history-orders",
    "Closed futures trades that you copied",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(
        ID_LESS_THAN,
        ID_GREATER_THAN,
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_20_UP_TO_100,
        ANY_SYMBOL,
        PRODUCT_TYPE,
        ANY_TRADER_ID,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="trackingList"
    ),
    fields=fields(
        "trackingNo posSide openLeverage openSize closeSize openPriceAvg closePriceAvg achievedPL openFee "
        "closeFee symbol profitRate netProfit openOrderId closeOrderId openTime closeTime traderId "
        "productType"
    ),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here", words.POS_SIDE),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-History-Orders; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_SETTING_TPSL = Endpoint(
    "POST",
    "/api/v2/copy/mix-follower/setting-tpsl",
    "Set the exits of a futures trade that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(TRACKING_NO, ANY_SYMBOL, PRODUCT_TYPE, Param("stopSurplusPrice"), Param("stopLossPrice")),
    shape=Shape.STRING,
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here", words.DATA),
    source="docs 2025-12 copytrading/future-copytrade/follower/Setting-Tpsl; ccxt, bitget-api",
)

FUTURES_FOLLOWER_CLOSE_POSITIONS = Endpoint(
    "POST",
    "/api/v2/copy/mix-follower/close-positions",
    "Close futures trades that you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(
        PRODUCT_TYPE,
        Param("trackingNo"),
        ANY_SYMBOL,
        ANY_MARGIN_COIN,
        Param("marginMode", choices=("isolated", "cross")),
        Param("holdSide", choices=("long", "short")),
    ),
    fields=fields("orderIdList"),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "marginMode value is cross here, crossed elsewhere",
    ),
    source="docs 2025-12 copytrading/future-copytrade/follower/Close-Positions; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_QUERY_SETTINGS = Endpoint(
    "GET",
    "/api/v2/copy/mix-follower/query-settings",
    "How you copy a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(TRADER_ID,),
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

FUTURES_FOLLOWER_SETTINGS = Endpoint(
    "POST",
    "/api/v2/copy/mix-follower/settings",
    "Copy a futures lead trader, or change how, contract by contract",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        TRADER_ID,
        AUTO_COPY,
        Param("mode", choices=("basic", "advanced")),
        Param("settings", required=True, note="at most 10 items", type="array"),
        Param("settings[].symbol", required=True, note="BTCUSDT, without the suffixes of v1"),
        Param("settings[].productType", required=True, choices=PRODUCT_TYPES, note="lower case is accepted too"),
        Param("settings[].marginType", required=True, choices=("trader", "specify")),
        Param("settings[].marginCoin", note="upper case"),
        Param("settings[].leverType", required=True, choices=("position", "specify", "trader")),
        Param("settings[].longLeverage"),
        Param("settings[].shortLeverage"),
        Param("settings[].traceType", required=True, choices=("percent", "amount", "count")),
        Param("settings[].traceValue", required=True),
        Param("settings[].maxHoldSize"),
        Param("settings[].stopSurplusRatio"),
        Param("settings[].stopLossRatio"),
    ),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", words.DATA),
    source="docs 2025-12 copytrading/future-copytrade/follower/Settings; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_COPY_SETTINGS = Endpoint(
    "POST",
    "/api/v2/copy/mix-follower/copy-settings",
    "Copy a futures lead trader with one setting for all contracts",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        TRADER_ID,
        Param("copyAmount", required=True),
        Param("copyAllPostions", choices=("yes", "no")),
        AUTO_COPY,
        Param("equityGuardian", choices=("on", "off")),
        Param("equityGuardianMode", choices=("amount", "percentage")),
        Param("equity"),
        Param("marginMode", choices=("follow_trader", "crossed_margin", "isolated_margin")),
        Param("leverage"),
        Param("multiple"),
    ),
    shape=Shape.STRING,
    notes=("data: success, failure",),
    source="docs 2025-12 copytrading/future-copytrade/follower/Copy-Settings",
)

FUTURES_FOLLOWER_QUERY_TRADERS = Endpoint(
    "GET",
    "/api/v2/copy/mix-follower/query-traders",
    "The futures lead traders you copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(START_3_MONTHS, END_3_MONTHS, PAGE_NO, PAGE_SIZE_20_UP_TO_50),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields(
        "certificationType traderId traderName maxFollowLimit followCount traceTotalMarginAmount "
        "traceTotalNetProfit traceTotalProfit currentTradingPairs followerTime bgbMaxFollowLimit "
        "bgbFollowCount"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        "certificationType: Uncertified, Certified",
    ),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-Traders; agent_hub, ccxt, bitget-api",
)

FUTURES_FOLLOWER_QUERY_QUANTITY_LIMIT = Endpoint(
    "GET",
    "/api/v2/copy/mix-follower/query-quantity-limit",
    "The smallest and largest size you may copy",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=(ANY_SYMBOL, PRODUCT_TYPE),
    shape=Shape.ARRAY,
    fields=fields("maxFollowSize minFollowSize symbol"),
    source="docs 2025-12 copytrading/future-copytrade/follower/Query-Quantity-Limit; ccxt, bitget-api",
)

FUTURES_FOLLOWER_CANCEL_TRADER = Endpoint(
    "POST",
    "/api/v2/copy/mix-follower/cancel-trader",
    "Stop copying a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(TRADER_ID,),
    shape=Shape.STRING,
    notes=(words.DATA,),
    source="docs 2025-12 copytrading/future-copytrade/follower/Cancel-Trader; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_FOLLOWER_QUERY_CURRENT_ORDERS,
    FUTURES_FOLLOWER_QUERY_HISTORY_ORDERS,
    FUTURES_FOLLOWER_SETTING_TPSL,
    FUTURES_FOLLOWER_CLOSE_POSITIONS,
    FUTURES_FOLLOWER_QUERY_SETTINGS,
    FUTURES_FOLLOWER_SETTINGS,
    FUTURES_FOLLOWER_COPY_SETTINGS,
    FUTURES_FOLLOWER_QUERY_TRADERS,
    FUTURES_FOLLOWER_QUERY_QUANTITY_LIMIT,
    FUTURES_FOLLOWER_CANCEL_TRADER,
)
