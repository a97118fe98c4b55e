"""Futures copy trading as a lead trader: followers, settings, profit shares; and for brokers."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_COIN,
    END_3_MONTHS,
    ID_GREATER_THAN,
    ID_LESS_THAN,
    LIMIT_100,
    PAGE_NO,
    PAGE_SIZE_20_UP_TO_50,
    PAGE_SIZE_20_UP_TO_100,
    PRODUCT_TYPE,
    PRODUCT_TYPES,
    START_3_MONTHS,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

_PAGES = Paging(PageKind.PAGE_NO, limit_default=20, limit_max=100, limit_name="pageSize")

FUTURES_TRADER_CONFIG_QUERY_FOLLOWERS = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/config-query-followers",
    "Who copies your futures trades",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PAGE_NO, PAGE_SIZE_20_UP_TO_100, START_3_MONTHS, END_3_MONTHS),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("accountEquity isRemove followerHeadPic followerName followerUid followerTime"),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", "isRemove: yes, no"),
    source="docs 2025-12 copytrading/future-copytrade/trader/Config-Query-Followers; ccxt, bitget-api",
)

FUTURES_TRADER_CONFIG_QUERY_SYMBOLS = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/config-query-symbols",
    "The contracts others may copy, and their limits",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_TYPE,),
    shape=Shape.ARRAY,
    fields=fields("symbol openTrader minOpenCount maxLeverage stopSurplusRatio stopLossRatio"),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here", "openTrader: YES, NO"),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Get-Config-Query-Symbols; ccxt, bitget-api",
)

FUTURES_TRADER_CONFIG_SETTING_SYMBOLS = Endpoint(
    "POST",
    "/api/v2/copy/mix-trader/config-setting-symbols",
    "Choose the contracts others may copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        Param("settingList", required=True, note="at most 50 items", type="array"),
        Param("settingList[].symbol", required=True, note="BTCUSDT, without the suffixes of v1"),
        Param("settingList[].productType", required=True, choices=PRODUCT_TYPES, note="lower case is accepted too"),
        Param("settingList[].settingType", required=True, choices=("ADD", "DELETE", "UPDATE")),
        Param("settingList[].stopSurplusRatio", note="one of the pair must be sent"),
        Param("settingList[].stopLossRatio", note="one of the pair must be sent"),
    ),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Config-Setting-Symbols; ccxt, bitget-api",
)

FUTURES_TRADER_CONFIG_SETTINGS_BASE = Endpoint(
    "POST",
    "/api/v2/copy/mix-trader/config-settings-base",
    "Change what followers see of you as a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        Param("enable", choices=("YES", "NO"), note="one of the pair must be sent"),
        Param("showTotalEquity", choices=("YES", "NO"), note="one of the pair must be sent"),
        Param("showTpsl", choices=("YES", "NO"), note="one of the pair must be sent"),
    ),
    one_of=(("enable", "showTotalEquity", "showTpsl"),),
    shape=Shape.STRING,
    notes=("ccxt spells config-setting-base; docs and other SDKs say config-settings-base",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Config-Settings-Base; bitget-api",
)

FUTURES_TRADER_CONFIG_REMOVE_FOLLOWER = Endpoint(
    "POST",
    "/api/v2/copy/mix-trader/config-remove-follower",
    "Send a follower of your futures trades away",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(Param("followerUid", required=True),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Config-Remove-Follower; ccxt, bitget-api",
)

FUTURES_TRADER_PROFIT_DETAILS = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/profit-details",
    "Profit shares from futures followers not yet paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN, PAGE_SIZE_20_UP_TO_100, PAGE_NO),
    paging=_PAGES,
    shape=Shape.ARRAY,
    fields=fields("coin profit nickName"),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Profit-Details; ccxt, bitget-api",
)

FUTURES_TRADER_PROFIT_HISTORY_DETAILS = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/profit-history-details",
    "Profit shares that futures followers paid",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN, ID_LESS_THAN, ID_GREATER_THAN, START_3_MONTHS, END_3_MONTHS, LIMIT_100),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=100, limit_max=100, window_days=90, cursor="endId", rows_at="profitList"
    ),
    fields=fields("profitId coin profit nickName profitTime"),
    notes=(
        "ccxt plans for 20 calls a second; the page says 5, which is used here",
        "an older endpoint list misspells profit-hisotry-details",
    ),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Profit-History-Details; ccxt, bitget-api",
)

FUTURES_TRADER_PROFIT_HISTORY_SUMMARYS = Endpoint(
    "GET",
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

FUTURES_TRADER_PROFITS_GROUP_COIN_DATE = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/profits-group-coin-date",
    "Profit shares from futures followers by coin and day",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PAGE_SIZE_20_UP_TO_50, PAGE_NO),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=50, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields("coin profit profitTime"),
    notes=("ccxt plans for 20 calls a second; the page says 5, which is used here",),
    source=("docs 2025-12 copytrading/future-copytrade/trader/Trader-Get-Profits-Group-Coin-Date; ccxt, bitget-api"),
)

FUTURES_BROKER_QUERY_TRADERS = Endpoint(
    "GET",
    "/api/v2/copy/mix-broker/query-traders",
    "Futures lead traders, for copy-trading brokers",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    notes=("page missing from the Dec 2025 docs; parameters unknown", "the shape of the reply is not documented"),
    source="ccxt, bitget-api",
)

FUTURES_BROKER_QUERY_CURRENT_TRACES = Endpoint(
    "GET",
    "/api/v2/copy/mix-broker/query-current-traces",
    "Open copied trades, for copy-trading brokers",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    notes=("page missing from the Dec 2025 docs; parameters unknown", "the shape of the reply is not documented"),
    source="ccxt, bitget-api",
)

FUTURES_BROKER_QUERY_HISTORY_TRACES = Endpoint(
    "GET",
    "/api/v2/copy/mix-broker/query-history-traces",
    "Closed copied trades, for copy-trading brokers",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    notes=("page missing from the Dec 2025 docs; parameters unknown", "the shape of the reply is not documented"),
    source="ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_TRADER_CONFIG_QUERY_FOLLOWERS,
    FUTURES_TRADER_CONFIG_QUERY_SYMBOLS,
    FUTURES_TRADER_CONFIG_SETTING_SYMBOLS,
    FUTURES_TRADER_CONFIG_SETTINGS_BASE,
    FUTURES_TRADER_CONFIG_REMOVE_FOLLOWER,
    FUTURES_TRADER_PROFIT_DETAILS,
    FUTURES_TRADER_PROFIT_HISTORY_DETAILS,
    FUTURES_TRADER_PROFIT_HISTORY_SUMMARYS,
    FUTURES_TRADER_PROFITS_GROUP_COIN_DATE,
    FUTURES_BROKER_QUERY_TRADERS,
    FUTURES_BROKER_QUERY_CURRENT_TRACES,
    FUTURES_BROKER_QUERY_HISTORY_TRACES,
)
