"""Public data of every product line: pairs, prices, books, trades, candles."""

from __future__ import annotations

from bitget_cli.catalogue.enums import PRODUCT_TYPES, params
from bitget_cli.catalogue.fields import fields, places
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ADDRESS,
    TEN_A_SECOND_PER_ADDRESS,
    THREE_A_SECOND_PER_ADDRESS,
    PageKind,
    Paging,
    Param,
    Shape,
    public,
)

# Seven places, where v2 has eight in spot; the order of candles is not promised.
_CANDLE = places("ts open high low close volume turnover")

CANDLES = public(
    "/api/v3/market/candles",
    "Candles, the newest ones",
    params=params(
        "PRICED_CATEGORY LISTED_SYMBOL",
        Param(
            "interval",
            required=True,
            choices=("1m", "3m", "5m", "15m", "30m", "1H", "4H", "6H", "12H", "1D"),
            note=(
                "case-sensitive; ccxt also sends 2H; enum page lists 3D 1W 1M and *utc words but the endpoint"
                " pages do not"
            ),
        ),
        "START END",
        Param(
            "type",
            choices=("market", "mark", "index", "premium"),
            default="market",
            note="lower case on the wire (upper case was documented earlier and is still sent by ccxt)",
        ),
        Param(
            "limit",
            default="100",
            maximum=1000,
            note=(
                "page text contradicts itself (1000/100); changelog of 28 Nov 2025 and ccxt: default 100, at most 1000"
            ),
        ),
    ),
    paging=Paging(PageKind.TIME, limit_default=100, limit_max=1000, lookback_days=90, cursor="ts", cursor_in_row=True),
    shape=Shape.ARRAYS,
    fields=_CANDLE,
    notes=("seven columns (v2 has eight)", "order of rows not promised; sort by column 0"),
    source="docs 2025-12 uta/public/Get-Candle-Data; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

CASH_DIVIDEND_RECORDS = public(
    "/api/v3/market/cash-dividend-records",
    "Cash dividends of stock futures",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL", Param("type", required=True, choices=("pending", "paid")), "CURSOR LIMIT"),
    paging=Paging(PageKind.CURSOR, limit_max=100, cursor="cursor", rows_at="list"),
    fields=fields("exDividendDate cashDividendPerShare cashDividendTimestamp"),
    source="ccxt, bitget-api, go-bitget",
)

CURRENT_FUND_RATE = public(
    "/api/v3/market/current-fund-rate",
    "Funding rates in force and when they are next settled",
    params=params(
        Param("symbol", note="left out: the whole line"),
        Param("category", choices=PRODUCT_TYPES, note="left out with symbol alone; at least one of the two"),
    ),
    one_of=(("category", "symbol"),),
    shape=Shape.ARRAY,
    fields=fields(
        "symbol fundingRate fundingRateInterval nextUpdate minFundingRate maxFundingRate cashDividend "
        "cashDividendNextUpdate"
    ),
    notes=("nextUpdate replaces the v2 funding-time call", "ccxt omits the demo header for this path"),
    source=(
        "docs 2025-12 uta/public/Get-Current-Funding-Rate; docs 2026, ccxt, bitget-api, go-bitget, "
        "Bitget.Net, agent_sdk"
    ),
)

DISCOUNT_RATE = public(
    "/api/v3/market/discount-rate",
    "Collateral discount rates by coin and tier",
    shape=Shape.ARRAY,
    fields=fields("coin list[]{ tierStartValue discountRate }"),
    notes=("tiers are progressive: each rate holds from tierStartValue on",),
    source="docs 2025-12 uta/public/Get-Discount-Rate; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

FEE_GROUP = public(
    "/api/v3/market/fee-group",
    "Groups of pairs by fee, and the tiers of each",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    params=params("SOME_CATEGORY group"),
    fields=fields("category group labelList[]{ weight label symbols } tierList[]{ level makerFeeRate takerFeeRate }"),
    source="ccxt, bitget-api, go-bitget",
)

FILLS = public(
    "/api/v3/market/fills",
    "Recent public trades",
    params=params("CATEGORY", Param("symbol", note="one client leaves it out"), "LIMIT_100"),
    shape=Shape.ARRAY,
    fields=fields("execId execLinkId price size side ts isRPI"),
    notes=(
        "recent trades only, no paging; older trades have no v3 row",
        "size: base coin, Coin-M: quote coin",
        "isRPI seen as yes/no and YES/NO",
    ),
    source="docs 2025-12 uta/public/Fills; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

HISTORY_CANDLES = public(
    "/api/v3/market/history-candles",
    "Candles of the past",
    params=params(
        "PRICED_CATEGORY LISTED_SYMBOL",
        Param(
            "interval",
            required=True,
            choices=("1m", "3m", "5m", "15m", "30m", "1H", "4H", "6H", "12H", "1D"),
            note=(
                "case-sensitive; ccxt also sends 2H; enum page lists 3D 1W 1M and *utc words but the endpoint"
                " pages do not"
            ),
        ),
        "START_90_DAYS",
        Param("endTime", note="epoch ms; a range of at most 90 days; one ms past a boundary can add one older candle"),
        Param("type", choices=("market", "mark", "index", "premium"), default="market"),
        Param("limit", default="100", maximum=100, note="larger values are refused"),
    ),
    paging=Paging(PageKind.TIME, limit_default=100, limit_max=100, window_days=90, cursor="ts", cursor_in_row=True),
    shape=Shape.ARRAYS,
    fields=_CANDLE,
    notes=("meant for data older than about 90 days; also answers for younger data",),
    source=(
        "docs 2025-12 uta/public/Get-History-Candle-Data; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

HISTORY_FUND_RATE = public(
    "/api/v3/market/history-fund-rate",
    "Past funding rates",
    params=params(
        "FUTURES_CATEGORY LISTED_SYMBOL",
        Param("cursor", default="1", note="page number from 1"),
        Param("limit", default="20", maximum=100, note="Dec 2025 page: default and maximum 200; 2026 page: 20 / 100"),
    ),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=100, rows_at="resultList", page_name="cursor"),
    fields=fields("symbol fundingRate fundingRateTimestamp"),
    source=(
        "docs 2025-12 uta/public/Get-History-Funding-Rate; docs 2026, ccxt, bitget-api, go-bitget, "
        "Bitget.Net, agent_sdk"
    ),
)

INDEX_COMPONENTS = public(
    "/api/v3/market/index-components",
    "Exchanges and weights behind an index",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL", Param("category", note="seen in one SDK, not on the page")),
    fields=fields("symbol componentList[]{ exchange spotPair equivalentPrice weight }"),
    source="docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

INSTRUMENTS = public(
    "/api/v3/market/instruments",
    "Pairs and contracts, with their steps and limits",
    params=params("CATEGORY ANY_LISTED_SYMBOL"),
    shape=Shape.ARRAY,
    fields=fields(
        "symbol category baseCoin quoteCoin buyLimitPriceRatio sellLimitPriceRatio feeRateUpRatio "
        "minOrderQty maxOrderQty pricePrecision quantityPrecision quotePrecision minOrderAmount "
        "maxSymbolOrderNum maxProductOrderNum status offTime limitOpenTime maintainTime areaSymbol "
        "symbolType isReality isRwa maxPositionNum launchTime type makerFeeRate takerFeeRate "
        "openCostUpRatio priceMultiplier quantityMultiplier maxMarketOrderQty fundInterval minLeverage "
        "maxLeverage deliveryTime deliveryStartTime deliveryPeriod isIsolatedBaseBorrowable "
        "isIsolatedQuotedBorrowable warningRiskRatio liquidationRiskRatio maxCrossedLeverage "
        "maxIsolatedLeverage userMinBorrow"
    ),
    notes=(
        (
            "futures steps are given ready to use: priceMultiplier and quantityMultiplier; spot and "
            "margin give decimals only (pricePrecision, quantityPrecision, quotePrecision for market "
            "buys)"
        ),
        (
            "the upgrade guide prints /api/v3/public/instruments; that path did not answer in a test of "
            "Oct 2026, /market/instruments did"
        ),
        'offTime/limitOpenTime "-1" or "" = not set; maxOrderQty "0" or "" = no limit',
        "status: listed, online, limit_open, limit_close, offline, restrictedAPI",
        "type: perpetual, delivery",
        "symbolType: crypto, metal, stock, commodity",
        "deliveryPeriod: this_quarter, next_quarter",
    ),
    source="docs 2025-12 uta/public/Instruments; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

LIQUIDATIONS = public(
    "/api/v3/market/liquidations",
    "Liquidations of the last three days",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    params=params("FUTURES_CATEGORY ANY_LISTED_SYMBOL LIMIT CURSOR"),
    paging=Paging(PageKind.CURSOR, limit_max=100, lookback_days=3, cursor="cursor", rows_at="list"),
    fields=fields("symbol side price amount ts"),
    notes=("history of the last 3 days", "field list taken from the stream of the same name; not confirmed"),
    source="ccxt, bitget-api",
)

MARGIN_LOANS = public(
    "/api/v3/market/margin-loans",
    "Interest and limits of margin loans in a coin",
    params=params(
        "LISTED_COIN",
        Param(
            "level",
            choices=(
                "vip0",
                "vip1",
                "vip2",
                "vip3",
                "vip4",
                "vip5",
                "vip6",
                "vip7",
                "pro1",
                "pro2",
                "pro3",
                "pro4",
                "pro5",
                "pro6",
            ),
            default="vip0",
            note="fee level the answer is for",
        ),
    ),
    fields=fields("dailyInterest annualInterest limit masterSubLimit platformRemaingQuota"),
    source="docs 2025-12 uta/public/Get-Margin-Loans; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

OI_LIMIT = public(
    "/api/v3/market/oi-limit",
    "Limits of open interest",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("FUTURES_CATEGORY ANY_LISTED_SYMBOL"),
    shape=Shape.ARRAY,
    fields=fields("symbol notionalValue totalNotionalValue"),
    source="docs 2025-12 uta/public/Get-Contracts-Oi; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

OPEN_INTEREST = public(
    "/api/v3/market/open-interest",
    "Open interest",
    params=params("FUTURES_CATEGORY ANY_LISTED_SYMBOL"),
    paging=Paging(rows_at="list"),
    fields=fields("symbol openInterest"),
    source="docs 2025-12 uta/public/Get-Open-Interest; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

ORDERBOOK = public(
    "/api/v3/market/orderbook",
    "The order book",
    params=params(
        "PRICED_CATEGORY LISTED_SYMBOL",
        Param(
            "limit",
            default="5",
            maximum=1000,
            note="levels per side; Dec 2025 page said at most 200, later pages and SDKs 1000",
        ),
    ),
    fields=fields("a b ts"),
    notes=(
        "levels are [price, quantity]; the sample prints bare numbers, live replies are texts",
        "no sequence number: cannot be joined to the stream",
    ),
    source="docs 2025-12 uta/public/OrderBook; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

POSITION_TIER = public(
    "/api/v3/market/position-tier",
    "Position tiers with leverage and maintenance margin",
    params=params(
        Param(
            "category",
            required=True,
            choices=("MARGIN", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES"),
            note="lower case is accepted too",
        ),
        Param("symbol", note="futures"),
        Param("coin", note="margin"),
    ),
    shape=Shape.ARRAY,
    fields=fields("tier minTierValue maxTierValue leverage mmr"),
    notes=("tier bounds are in quote coin since July 2025",),
    source=(
        "docs 2025-12 uta/public/Get-Position-Tier-Data; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

PROOF_OF_RESERVES = public(
    "/api/v3/market/proof-of-reserves",
    "Bitget's reserves against what its users hold",
    fields=fields("merkleRootHash totalReserveRatio list[]{ coin userAssets platformAssets reserveRatio }"),
    notes=("ratios are texts with a percent sign",),
    source="docs 2025-12 uta/public/Get-Proof-Of-Reserves; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

RISK_RESERVE = public(
    "/api/v3/market/risk-reserve",
    "The risk reserve of a pair",
    params=params("FUTURES_CATEGORY LISTED_SYMBOL", Param("marginCoin", note="needed for COIN-FUTURES")),
    fields=fields("totalBalance coin riskReserveRecords[]{ type amount balance ts }"),
    notes=("totalBalance and type are deprecated",),
    source="docs 2025-12 uta/public/Get-Risk-Reserve; ccxt, bitget-api, go-bitget, agent_sdk",
)

RISK_RESERVE_ALL = public(
    "/api/v3/market/risk-reserve-all",
    "Risk reserves of all pairs",
    rate=THREE_A_SECOND_PER_ADDRESS,
    params=params("SOME_CATEGORY"),
    paging=Paging(rows_at="list"),
    fields=fields("symbols coin balance"),
    source="ccxt, bitget-api, go-bitget",
)

RISK_RESERVE_HOUR = public(
    "/api/v3/market/risk-reserve-hour",
    "The risk reserve of a pair by the hour",
    params=params("SOME_CATEGORY LISTED_SYMBOL marginCoin"),
    fields=fields("coin riskReserveRecords[]{ amount balance ts }"),
    source="ccxt, bitget-api, go-bitget",
)

RPI_ORDERBOOK = public(
    "/api/v3/market/rpi-orderbook",
    "The order book with retail-price-improvement sizes",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("PRICED_CATEGORY LISTED_SYMBOL", Param("limit", maximum=1000, note="rows a page")),
    fields=fields("a b ts"),
    notes=("levels are [price, quantity, RPI quantity]",),
    source="ccxt, bitget-api, go-bitget",
)

RPI_SYMBOLS = public(
    "/api/v3/market/rpi-symbols",
    "Pairs with retail price improvement",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("ANY_SOME_CATEGORY"),
    fields=fields("category symbol"),
    source="ccxt, bitget-api, go-bitget",
)

SCORE_WEIGHTS = public(
    "/api/v3/market/score-weights",
    "Weights of pairs in the market makers' score",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    params=params("ANY_SOME_CATEGORY"),
    fields=fields("category label symbol requiredSpread minMakerVolume weight"),
    source="ccxt, bitget-api, go-bitget",
)

SPLIT_RECORDS = public(
    "/api/v3/market/split-records",
    "Splits of stock futures",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    fields=fields(
        "symbol type status adjustmentRatio exDividendDate exDividendDateTimezone tradingHaltStartTime "
        "tradingHaltEndTime"
    ),
    source="ccxt, go-bitget",
)

TICKERS = public(
    "/api/v3/market/tickers",
    "Last price, best prices and 24-hour figures",
    params=params("PRICED_CATEGORY", Param("symbol", note="left out: the whole line")),
    shape=Shape.ARRAY,
    fields=fields(
        "category symbol lastPrice openPrice24h highPrice24h lowPrice24h ask1Price bid1Price bid1Size "
        "ask1Size price24hPcnt volume24h turnover24h ts platformTurnover24h indexPrice markPrice "
        "fundingRate openInterest deliveryStartTime deliveryTime deliveryStatus"
    ),
    notes=(
        "price24hPcnt is a ratio (0.01 = 1 %)",
        "futures rows add indexPrice, markPrice, fundingRate, openInterest and delivery fields",
    ),
    source="docs 2025-12 uta/public/Tickers; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)
