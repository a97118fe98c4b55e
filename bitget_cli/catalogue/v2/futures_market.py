"""Futures market data: tickers, book, trades, candles, contracts, funding, fees.

No keys needed.
"""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import FUTURES_GRANULARITIES, params
from bitget_cli.catalogue.fields import fields, places
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ADDRESS,
    TEN_A_SECOND_PER_ADDRESS,
    TWENTY_A_SECOND_PER_ACCOUNT,
    PageKind,
    Paging,
    Param,
    Shape,
    by_id,
    public,
    public_list,
)

_FUTURES_TICKER_FIELDS = fields(
    "symbol lastPr askPr bidPr bidSz askSz high24h low24h ts change24h baseVolume quoteVolume usdtVolume "
    "openUtc changeUtc24h indexPrice fundingRate holdingAmount deliveryStartTime deliveryTime "
    "deliveryStatus open24h markPrice"
)
_FUTURES_FILLS_FIELDS = fields("tradeId price size side ts symbol")

FUTURES_TICKER = public_list(
    "/api/v2/mix/market/ticker",
    "One futures ticker: last price, best bid and ask, 24-hour figures",
    params=params("SYMBOL PRODUCT_TYPE"),
    fields=_FUTURES_TICKER_FIELDS,
    demo=True,
    notes=(enums.DELIVERY_STATUS,),
    source="docs 2025-12 contract/market/Get-Ticker; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_TICKERS = public_list(
    "/api/v2/mix/market/tickers",
    "All tickers of one futures line",
    params=params("PRODUCT_TYPE"),
    fields=_FUTURES_TICKER_FIELDS,
    demo=True,
    notes=(
        (
            "sample shows delivery symbol ETHUSD_231229, the guide uses month codes such as ETHUSDH23; live coin-M "
            "delivery symbols use month codes"
        ),
        enums.DELIVERY_STATUS,
    ),
    source="docs 2025-12 contract/market/Get-All-Symbol-Ticker; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_MERGE_DEPTH = public(
    "/api/v2/mix/market/merge-depth",
    "The futures order book, prices merged to a chosen step",
    params=params("SYMBOL PRODUCT_TYPE PRECISION DEPTH_LIMIT"),
    fields=fields("asks[] bids[] ts scale precision isMaxPrecision"),
    demo=True,
    notes=(
        (
            "the signature guide signs /api/mix/v2/market/depth: that path does not exist in v2; merge-depth is the "
            "only futures depth call"
        ),
        "each level is [price, size]",
    ),
    source="docs 2025-12 contract/market/Get-Merge-Depth; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_FILLS = public_list(
    "/api/v2/mix/market/fills",
    "The latest public futures trades",
    params=params("SYMBOL PRODUCT_TYPE LIMIT_100"),
    paging=Paging(limit_default=100, limit_max=100),
    fields=_FUTURES_FILLS_FIELDS,
    demo=True,
    notes=(enums.SIDE_NOTE,),
    source="docs 2025-12 contract/market/Get-Recent-Fills; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_FILLS_HISTORY = public_list(
    "/api/v2/mix/market/fills-history",
    "Public futures trades of the last 90 days",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params(
        "SYMBOL PRODUCT_TYPE LIMIT_500_UP_TO_1000",
        Param("idLessThan", note="use the last tradeId; the response has no endId"),
        Param("startTime", note="span to endTime at most 7 days, within the last 90 days"),
        "END_7_DAYS",
    ),
    paging=by_id(
        limit_default=500, limit_max=1000, window_days=7, lookback_days=90, cursor="tradeId", cursor_in_row=True
    ),
    fields=_FUTURES_FILLS_FIELDS,
    demo=True,
    notes=(
        "since 2026-08-04 the default window without start/end is 7 days (was 90)",
        "side is documented lower case, sample and replies can be capitalised (Buy/Sell)",
        enums.SIDE_NOTE,
    ),
    source="docs 2025-12 contract/market/Get-Fills-History; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_CONTRACTS = public_list(
    "/api/v2/mix/market/contracts",
    "The rules of each futures contract: steps, limits, fees, leverage",
    params=params(Param("symbol", note="left out = all contracts of the product type"), "PRODUCT_TYPE"),
    fields=fields(
        "symbol baseCoin quoteCoin buyLimitPriceRatio sellLimitPriceRatio feeRateUpRatio makerFeeRate takerFeeRate "
        "openCostUpRatio supportMarginCoins minTradeNum priceEndStep volumePlace pricePlace sizeMultiplier symbolType "
        "minTradeUSDT maxSymbolOrderNum maxProductOrderNum maxPositionNum symbolStatus offTime limitOpenTime "
        "deliveryTime deliveryStartTime launchTime fundInterval minLever maxLever posLimit maintainTime "
        "maxMarketOrderQty maxOrderQty isRwa deliveryPeriod openTime"
    ),
    demo=True,
    notes=(
        (
            'real replies: launchTime/deliveryTime may be "" or "-1"; posLimit and openTime are deprecated; isRwa '
            "added Nov 2025"
        ),
        "symbolStatus: listed, normal, maintain, limit_open, restrictedAPI, off",
        "deliveryPeriod: this_quarter, next_quarter",
        "isRwa: YES, NO",
        "symbolType: perpetual, delivery",
        "fundInterval: 1, 2, 4, 8",
    ),
    source="docs 2025-12 contract/market/Get-All-Symbols-Contracts; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SYMBOL_PRICE = public_list(
    "/api/v2/mix/market/symbol-price",
    "Last, index and mark price of one contract",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("SYMBOL PRODUCT_TYPE"),
    fields=fields("symbol price indexPrice markPrice ts"),
    demo=True,
    notes=(
        (
            "page prints a limit by user id yet the sample is unsigned; ccxt, bitget-api and Bitget.Net call it "
            "without keys, a 2026 copy of the docs files it as signed: treat as public"
        ),
    ),
    source="docs 2025-12 contract/market/Get-Symbol-Price; docs 2026-09, ccxt, bitget-api",
)

FUTURES_OPEN_INTEREST = public(
    "/api/v2/mix/market/open-interest",
    "Open interest: the size of all open positions of a contract",
    params=params("SYMBOL PRODUCT_TYPE"),
    paging=Paging(rows_at="openInterestList"),
    fields=fields("symbol size"),
    demo=True,
    notes=("table types openInterestList as String; it is an array", "beside the rows: ts"),
    source="docs 2025-12 contract/market/Get-Open-Interest; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_OI_LIMIT = public_list(
    "/api/v2/mix/market/oi-limit",
    "How large the open interest of one user, and of all, may grow",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL_OR_ALL PRODUCT_TYPE"),
    fields=fields("symbol notionalValue totalNotionalValue"),
    demo=True,
    source="docs 2025-12 contract/market/Get-Contracts-Oi; docs 2026-09, ccxt, bitget-api",
)

_PAGES = Paging(PageKind.TIME, limit_default=100, limit_max=200, window_days=90, cursor="ts", cursor_in_row=True)
_FUTURES_CANDLES_FIELDS = places("ts open high low close baseVolume quoteVolume")

FUTURES_CANDLES = public(
    "/api/v2/mix/market/candles",
    "Futures candles up to the open one, of traded, mark or index prices",
    params=params(
        "SYMBOL PRODUCT_TYPE",
        Param(
            "granularity",
            required=True,
            choices=FUTURES_GRANULARITIES,
            note="2H appears only in the look-back text and in ccxt, not in the list of values",
        ),
        "START_90_DAYS END_90_DAYS",
        Param(
            "kLineType",
            choices=("MARKET", "MARK", "INDEX"),
            default="MARKET",
            note="a 2026 copy of the page prints market, mark, index in lower case",
        ),
        "LIMIT_100_UP_TO_1000",
    ),
    paging=Paging(PageKind.TIME, limit_default=100, limit_max=1000, window_days=90, cursor="ts", cursor_in_row=True),
    shape=Shape.ARRAYS,
    fields=_FUTURES_CANDLES_FIELDS,
    demo=True,
    notes=(
        "look-back per granularity: 1m/3m/5m 1 month, 15m 52 d, 30m 62 d, 1H 83 d, 2H 120 d, 4H 240 d, 6H 360 d",
        (
            "ccxt practice: 1H about 60 days; long ranges with startTime may return fewer rows or an empty list; use "
            "history-candles for older data"
        ),
    ),
    source="docs 2025-12 contract/market/Get-Candle-Data; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_HISTORY_CANDLES = public(
    "/api/v2/mix/market/history-candles",
    "Finished futures candles of any age",
    params=params("SYMBOL PRODUCT_TYPE FUTURES_GRANULARITY START_90_DAYS END_90_DAYS LIMIT_100_UP_TO_200"),
    paging=_PAGES,
    shape=Shape.ARRAYS,
    fields=_FUTURES_CANDLES_FIELDS,
    demo=True,
    notes=(
        "may return one extra, earlier candle when endTime is past an interval boundary",
        "rows are finished candles only",
    ),
    source="docs 2025-12 contract/market/Get-History-Candle-Data; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_HISTORY_INDEX_CANDLES = public(
    "/api/v2/mix/market/history-index-candles",
    "Finished candles of the index price",
    params=params("SYMBOL PRODUCT_TYPE FUTURES_GRANULARITY START_90_DAYS END_90_DAYS LIMIT_100_UP_TO_200"),
    paging=_PAGES,
    shape=Shape.ARRAYS,
    fields=_FUTURES_CANDLES_FIELDS,
    demo=True,
    source="docs 2025-12 contract/market/Get-History-Index-Candle-Data; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_HISTORY_MARK_CANDLES = public(
    "/api/v2/mix/market/history-mark-candles",
    "Finished candles of the mark price",
    params=params("SYMBOL PRODUCT_TYPE FUTURES_GRANULARITY START_90_DAYS END_90_DAYS LIMIT_100_UP_TO_200"),
    paging=_PAGES,
    shape=Shape.ARRAYS,
    fields=_FUTURES_CANDLES_FIELDS,
    demo=True,
    source="docs 2025-12 contract/market/Get-History-Mark-Candle-Data; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_CURRENT_FUND_RATE = public_list(
    "/api/v2/mix/market/current-fund-rate",
    "The funding rate that will be charged next",
    params=params(
        Param("symbol", note="optional since May 2025: left out = all symbols of the product type"), "PRODUCT_TYPE"
    ),
    fields=fields("symbol fundingRate fundingRateInterval nextUpdate minFundingRate maxFundingRate"),
    demo=True,
    notes=(
        (
            "v1 currentFundRate -> current-fund-rate; fundingRateInterval, nextUpdate, min/maxFundingRate were added "
            "in May 2025; ccxt warns its fundingRate can lag the ticker"
        ),
        "fundingRateInterval: 1, 2, 4, 8",
    ),
    source="docs 2025-12 contract/market/Get-Current-Funding-Rate; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_FUNDING_TIME = public_list(
    "/api/v2/mix/market/funding-time",
    "When funding is charged next, and how often",
    params=params("SYMBOL PRODUCT_TYPE"),
    fields=fields("symbol nextFundingTime ratePeriod"),
    demo=True,
    notes=("ratePeriod: 1, 2, 4, 8",),
    source="docs 2025-12 contract/market/Get-Symbol-Next-Funding-Time; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_HISTORY_FUND_RATE = public_list(
    "/api/v2/mix/market/history-fund-rate",
    "Funding rates charged in the past",
    params=params("SYMBOL PRODUCT_TYPE PAGE_SIZE_20_UP_TO_100 PAGE_NO"),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=100, limit_name="pageSize"),
    fields=fields("symbol fundingRate fundingTime"),
    demo=True,
    source="docs 2025-12 contract/market/Get-History-Funding-Rate; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_POSITION_LEVER = public_list(
    "/api/v2/mix/market/query-position-lever",
    "Position tiers: leverage and maintenance margin by position size",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("PRODUCT_TYPE SYMBOL"),
    fields=fields("symbol level startUnit endUnit leverage keepMarginRate"),
    demo=True,
    notes=("ccxt lists it as private", "filed under Position in the docs, but the path is market and it is public"),
    source="docs 2025-12 contract/position/Get-Query-Position-Lever; docs 2026-09, ccxt, bitget-api",
)

FUTURES_VIP_FEE_RATE = public_list(
    "/api/v2/mix/market/vip-fee-rate",
    "Futures fees and withdrawal limits of each VIP level",
    rate=TEN_A_SECOND_PER_ADDRESS,
    fields=fields("level dealAmount assetAmount takerFeeRate makerFeeRate btcWithdrawAmount usdtWithdrawAmount"),
    demo=True,
    notes=("spot and futures have separate paths with the same shape",),
    source="docs 2025-12 contract/market/Get-VIP-Fee-Rate; docs 2026-09, ccxt, bitget-api",
)

FUTURES_DISCOUNT_RATE = public_list(
    "/api/v2/mix/market/discount-rate",
    "What share of each coin counts as margin in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    fields=fields("coin userLimit totalLimit discountRateList[]{ tier minAmount maxAmount discountRate }"),
    demo=True,
    source="docs 2025-12 contract/market/Get-Discount-Rate; docs 2026-09, ccxt, bitget-api",
)

FUTURES_EXCHANGE_RATE = public_list(
    "/api/v2/mix/market/exchange-rate",
    "Rates at which coins are exchanged in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    fields=fields("coin exchangeRateList[]{ tier minAmount maxAmount exchangeRate }"),
    demo=True,
    source="docs 2025-12 contract/market/Get-Exchange-Rate; docs 2026-09, ccxt, bitget-api",
)

FUTURES_UNION_INTEREST_RATE_HISTORY = public(
    "/api/v2/mix/market/union-interest-rate-history",
    "Past interest rates of a coin borrowed in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    params=params("COIN"),
    paging=Paging(rows_at="historyInterestRateList"),
    fields=fields("ts annualInterestRate dailyInterestRate"),
    demo=True,
    notes=("beside the rows: coin",),
    source="docs 2025-12 contract/market/Get-Interest-Rate; docs 2026-09, ccxt, bitget-api",
)
