"""Futures market data: tickers, the order book, trades, contracts, open interest. No keys needed."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    DEPTH_LIMIT,
    END_7_DAYS,
    LIMIT_100,
    PRECISION,
    PRODUCT_TYPE,
    SYMBOL,
    SYMBOL_OR_ALL,
)
from bitget_cli.catalogue.rates import (
    TEN_A_SECOND_PER_ADDRESS,
    TWENTY_A_SECOND_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ADDRESS,
)
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

_FUTURES_TICKER_FIELDS = fields(
    "symbol lastPr askPr bidPr bidSz askSz high24h low24h ts change24h baseVolume quoteVolume usdtVolume "
    "openUtc changeUtc24h indexPrice fundingRate holdingAmount deliveryStartTime deliveryTime "
    "deliveryStatus open24h markPrice"
)
_FUTURES_FILLS_FIELDS = fields("tradeId price size side ts symbol")

FUTURES_TICKER = Endpoint(
    "GET",
    "/api/v2/mix/market/ticker",
    "One futures ticker: last price, best bid and ask, 24-hour figures",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE),
    shape=Shape.ARRAY,
    fields=_FUTURES_TICKER_FIELDS,
    demo=True,
    notes=(words.DELIVERY_STATUS,),
    source="docs 2025-12 contract/market/Get-Ticker; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_TICKERS = Endpoint(
    "GET",
    "/api/v2/mix/market/tickers",
    "All tickers of one futures line",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(PRODUCT_TYPE,),
    shape=Shape.ARRAY,
    fields=_FUTURES_TICKER_FIELDS,
    demo=True,
    notes=(
        (
            "sample shows delivery symbol ETHUSD_231229, the guide uses month codes such as ETHUSDH23; live coin-M "
            "delivery symbols use month codes"
        ),
        words.DELIVERY_STATUS,
    ),
    source="docs 2025-12 contract/market/Get-All-Symbol-Ticker; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_MERGE_DEPTH = Endpoint(
    "GET",
    "/api/v2/mix/market/merge-depth",
    "The futures order book, prices merged to a chosen step",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE, PRECISION, DEPTH_LIMIT),
    fields=fields("asks[] bids[] ts scale precision isMaxPrecision"),
    demo=True,
    notes=(
        (
            "the signature guide signs /api/mix/v2/market/depth: that path does not exist in v2; merge-depth is the"
            " only futures depth call"
        ),
        "each level is [price, size]",
    ),
    source="docs 2025-12 contract/market/Get-Merge-Depth; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_FILLS = Endpoint(
    "GET",
    "/api/v2/mix/market/fills",
    "The latest public futures trades",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE, LIMIT_100),
    paging=Paging(limit_default=100, limit_max=100),
    shape=Shape.ARRAY,
    fields=_FUTURES_FILLS_FIELDS,
    demo=True,
    notes=(words.SIDE,),
    source="docs 2025-12 contract/market/Get-Recent-Fills; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_FILLS_HISTORY = Endpoint(
    "GET",
    "/api/v2/mix/market/fills-history",
    "Public futures trades of the last 90 days",
    rate=TEN_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(
        SYMBOL,
        PRODUCT_TYPE,
        Param("limit", default="500", maximum=1000, note="rows a page"),
        Param("idLessThan", note="use the last tradeId; the response has no endId"),
        Param("startTime", note="span to endTime at most 7 days, within the last 90 days"),
        END_7_DAYS,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=500,
        limit_max=1000,
        window_days=7,
        lookback_days=90,
        cursor="tradeId",
        cursor_in_row=True,
    ),
    shape=Shape.ARRAY,
    fields=_FUTURES_FILLS_FIELDS,
    demo=True,
    notes=(
        "since 2026-08-04 the default window without start/end is 7 days (was 90)",
        "side is documented lower case, sample and replies can be capitalised (Buy/Sell)",
        words.SIDE,
    ),
    source="docs 2025-12 contract/market/Get-Fills-History; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_CONTRACTS = Endpoint(
    "GET",
    "/api/v2/mix/market/contracts",
    "The rules of each futures contract: steps, limits, fees, leverage",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(Param("symbol", note="left out = all contracts of the product type"), PRODUCT_TYPE),
    shape=Shape.ARRAY,
    fields=fields(
        "symbol baseCoin quoteCoin buyLimitPriceRatio sellLimitPriceRatio feeRateUpRatio makerFeeRate "
        "takerFeeRate openCostUpRatio supportMarginCoins minTradeNum priceEndStep volumePlace pricePlace "
        "sizeMultiplier symbolType minTradeUSDT maxSymbolOrderNum maxProductOrderNum maxPositionNum "
        "symbolStatus offTime limitOpenTime deliveryTime deliveryStartTime launchTime fundInterval minLever "
        "maxLever posLimit maintainTime maxMarketOrderQty maxOrderQty isRwa deliveryPeriod openTime"
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

FUTURES_SYMBOL_PRICE = Endpoint(
    "GET",
    "/api/v2/mix/market/symbol-price",
    "Last, index and mark price of one contract",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE),
    shape=Shape.ARRAY,
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

FUTURES_OPEN_INTEREST = Endpoint(
    "GET",
    "/api/v2/mix/market/open-interest",
    "Open interest: the size of all open positions of a contract",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE),
    paging=Paging(rows_at="openInterestList"),
    fields=fields("symbol size"),
    demo=True,
    notes=("table types openInterestList as String; it is an array", "beside the rows: ts"),
    source="docs 2025-12 contract/market/Get-Open-Interest; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_OI_LIMIT = Endpoint(
    "GET",
    "/api/v2/mix/market/oi-limit",
    "How large the open interest of one user, and of all, may grow",
    rate=TEN_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL_OR_ALL, PRODUCT_TYPE),
    shape=Shape.ARRAY,
    fields=fields("symbol notionalValue totalNotionalValue"),
    demo=True,
    source="docs 2025-12 contract/market/Get-Contracts-Oi; docs 2026-09, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_TICKER,
    FUTURES_TICKERS,
    FUTURES_MERGE_DEPTH,
    FUTURES_FILLS,
    FUTURES_FILLS_HISTORY,
    FUTURES_CONTRACTS,
    FUTURES_SYMBOL_PRICE,
    FUTURES_OPEN_INTEREST,
    FUTURES_OI_LIMIT,
)
