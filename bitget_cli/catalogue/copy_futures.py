"""Futures copy trading as a lead trader: the trades others copy."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_SYMBOL,
    END,
    END_3_MONTHS,
    ID_GREATER_THAN,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_50,
    LIMIT_20_UP_TO_100,
    PASSPHRASE,
    PRODUCT_TYPE,
    START,
    START_3_MONTHS,
    STOP_LOSS_PRICE,
    STOP_SURPLUS_PRICE,
    TRACKING_NO,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, ONE_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

FUTURES_TRADER_ORDER_CURRENT_TRACK = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/order-current-track",
    "Open futures trades that others copy from you",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ANY_SYMBOL, PRODUCT_TYPE, START, END, LIMIT_20_UP_TO_50, ID_GREATER_THAN, ID_LESS_THAN),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=20, limit_max=50, cursor="endId", rows_at="trackingList"),
    fields=fields(
        "trackingNo openOrderId symbol posSide openLeverage openPriceAvg openTime openSize "
        "presetStopSurplusPrice presetStopLossPrice openFee followCount"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", words.POS_SIDE),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Current-Track; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_HISTORY_TRACK = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/order-history-track",
    "Closed futures trades that others copied from you",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(
        ID_LESS_THAN,
        ID_GREATER_THAN,
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_20_UP_TO_100,
        Param("order", choices=("asc", "desc")),
        ANY_SYMBOL,
        PRODUCT_TYPE,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="trackingList"
    ),
    fields=fields(
        "trackingNo symbol openOrderId closeOrderId productType posSide openLeverage openPriceAvg openTime "
        "openSize closeSize closeTime closePriceAvg stopType achievedPL openFee closeFee cTime openAvgPrice "
        "closeAvgPrice"
    ),
    notes=(
        "ccxt plans for 10 calls a second; the page says 5, which is used here",
        words.POS_SIDE,
        "stopType: profit, loss",
    ),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-History-Track; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_MODIFY_TPSL = Endpoint(
    "POST",
    "/api/v2/copy/mix-trader/order-modify-tpsl",
    "Change the exits of a copied futures trade",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(TRACKING_NO, PRODUCT_TYPE, STOP_SURPLUS_PRICE, STOP_LOSS_PRICE),
    one_of=(("stopSurplusPrice", "stopLossPrice"),),
    shape=Shape.STRING,
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here", words.DATA),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Modify-Tpsl; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_CLOSE_POSITIONS = Endpoint(
    "POST",
    "/api/v2/copy/mix-trader/order-close-positions",
    "Close futures trades that others copy",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=(Param("trackingNo"), ANY_SYMBOL, PRODUCT_TYPE),
    shape=Shape.ARRAY,
    fields=fields("trackingNo symbol productType"),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Close-Positions; ccxt, bitget-api",
)

FUTURES_TRADER_ORDER_TOTAL_DETAIL = Endpoint(
    "GET",
    "/api/v2/copy/mix-trader/order-total-detail",
    "Your record as a futures lead trader",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "roi tradingOrderNum totalFollowerNum currentFollowerNum totalpl gainNum lossNum winRate "
        "tradingPairsAvailableList lastWeekRoiList[]{ rate ctime } lastMonthRoiList[]{ rate ctime } "
        "totalEquity lastWeekProfitList[]{ amount } lastMonthProfitList[]{ amount }"
    ),
    notes=("ccxt plans for 10 calls a second; the page says 5, which is used here",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Trader-Order-Total-Detail; ccxt, bitget-api",
)

FUTURES_TRADER_CREATE_COPY_API = Endpoint(
    "POST",
    "/api/v2/copy/mix-trader/create-copy-api",
    "Create a key for futures copy trading",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.KEYS,
    params=(PASSPHRASE,),
    shape=Shape.ARRAY,
    fields=fields("apikey secret permissions"),
    notes=("permissions: contract_trade, copytrading_trade",),
    source="docs 2025-12 copytrading/future-copytrade/trader/Create-Copy-Api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_TRADER_ORDER_CURRENT_TRACK,
    FUTURES_TRADER_ORDER_HISTORY_TRACK,
    FUTURES_TRADER_ORDER_MODIFY_TPSL,
    FUTURES_TRADER_ORDER_CLOSE_POSITIONS,
    FUTURES_TRADER_ORDER_TOTAL_DETAIL,
    FUTURES_TRADER_CREATE_COPY_API,
)
