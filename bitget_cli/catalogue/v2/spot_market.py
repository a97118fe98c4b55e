"""Spot market data: tickers, the order book, trades, candles, pairs and coins. No keys needed."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields, places
from bitget_cli.catalogue.model import (
    TEN_A_SECOND_PER_ADDRESS,
    THREE_A_SECOND_PER_ADDRESS,
    PageKind,
    Paging,
    Param,
    Shape,
    by_id,
    public,
    public_list,
)

_SPOT_FILLS_FIELDS = fields("symbol tradeId side price size ts")
_SPOT_CANDLES_FIELDS = places("ts open high low close baseVolume usdtVolume quoteVolume")

SPOT_TICKERS = public_list(
    "/api/v2/spot/market/tickers",
    "Spot tickers: one pair, or all of them",
    params=params("SYMBOL_OR_ALL"),
    fields=fields(
        "symbol high24h open low24h lastPr quoteVolume baseVolume usdtVolume bidPr askPr bidSz askSz openUtc ts "
        "changeUtc24h change24h"
    ),
    source="docs 2025-12 spot/market/Get-Tickers; agent_hub, ccxt, bitget-api",
)

SPOT_MERGE_DEPTH = public(
    "/api/v2/spot/market/merge-depth",
    "The spot order book, prices merged to a chosen step",
    params=params("SYMBOL PRECISION DEPTH_LIMIT"),
    fields=fields("asks[] bids[] ts scale precision isMaxPrecision"),
    notes=("each level is [price, size]", "isMaxPrecision: YES, NO"),
    source="docs 2025-12 spot/market/Merge-Orderbook; agent_hub, ccxt, bitget-api",
)

SPOT_ORDERBOOK = public(
    "/api/v2/spot/market/orderbook",
    "The spot order book, up to 150 levels a side",
    params=params(
        "SYMBOL type:step0|step1|step2|step3|step4|step5=step0",
        Param("limit", default="150", maximum=150, note="levels a side"),
    ),
    fields=fields("asks[] bids[] ts"),
    notes=("bids/asks are [price,size] string pairs; limit up to 150", "each level is [price, size]"),
    source="docs 2025-12 spot/market/Get-Orderbook; agent_hub, ccxt, bitget-api",
)

SPOT_FILLS = public_list(
    "/api/v2/spot/market/fills",
    "The latest public spot trades",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL LIMIT_100_UP_TO_500"),
    paging=Paging(limit_default=100, limit_max=500),
    fields=_SPOT_FILLS_FIELDS,
    notes=(enums.SIDE_NOTE,),
    source="docs 2025-12 spot/market/Get-Recent-Trades; agent_hub, ccxt, bitget-api",
)

SPOT_FILLS_HISTORY = public_list(
    "/api/v2/spot/market/fills-history",
    "Public spot trades of the last 90 days",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL LIMIT_500_UP_TO_1000 ID_LESS_THAN START_7_DAYS END_7_DAYS"),
    paging=by_id(
        limit_default=500, limit_max=1000, window_days=7, lookback_days=90, cursor="tradeId", cursor_in_row=True
    ),
    fields=_SPOT_FILLS_FIELDS,
    notes=("since 2026-08-04 the default window is 7 days", "side: Buy, Sell"),
    source="docs 2025-12 spot/market/Get-Market-Trades; agent_hub, ccxt, bitget-api",
)

SPOT_CANDLES = public(
    "/api/v2/spot/market/candles",
    "Spot candles up to the open one",
    params=params("SYMBOL SPOT_GRANULARITY START END LIMIT_100_UP_TO_1000"),
    paging=Paging(PageKind.TIME, limit_default=100, limit_max=1000, cursor="ts", cursor_in_row=True),
    shape=Shape.ARRAYS,
    fields=_SPOT_CANDLES_FIELDS,
    notes=(
        "granularity spelling differs from futures (1min/1h/1day against 1m/1H/1D)",
        "ccxt practice: 1day about 300 rows, 3day/1week/1M about 100 rows of history",
    ),
    source="docs 2025-12 spot/market/Get-Candle-Data; agent_hub, ccxt, bitget-api",
)

SPOT_HISTORY_CANDLES = public(
    "/api/v2/spot/market/history-candles",
    "Finished spot candles of any age",
    params=params("SYMBOL SPOT_GRANULARITY", Param("endTime", required=True, note="required"), "LIMIT_100_UP_TO_200"),
    paging=Paging(PageKind.TIME, limit_default=100, limit_max=200, cursor="ts", cursor_in_row=True),
    shape=Shape.ARRAYS,
    fields=_SPOT_CANDLES_FIELDS,
    notes=("endTime is required; at most 200 rows",),
    source="docs 2025-12 spot/market/Get-History-Candle-Data; agent_hub, ccxt, bitget-api",
)

SPOT_SYMBOLS = public_list(
    "/api/v2/spot/public/symbols",
    "The rules of each spot pair: decimals, minimum, fees, state",
    params=params("SYMBOL_OR_ALL"),
    fields=fields(
        "symbol baseCoin quoteCoin minTradeAmount maxTradeAmount takerFeeRate makerFeeRate pricePrecision "
        "quantityPrecision quotePrecision status minTradeUSDT buyLimitPriceRatio sellLimitPriceRatio areaSymbol "
        "orderQuantity openTime offTime"
    ),
    notes=(
        "minTradeAmount/maxTradeAmount are obsolete; minTradeUSDT governs",
        "status: offline, gray, online, halt",
        "areaSymbol: yes, no",
    ),
    source="docs 2025-12 spot/market/Get-Symbols; agent_hub, ccxt, bitget-api",
)

SPOT_COINS = public_list(
    "/api/v2/spot/public/coins",
    "Coins and their chains: minimum amounts, fees, confirmations",
    rate=THREE_A_SECOND_PER_ADDRESS,
    params=params(Param("coin", note="left out = all (large reply)")),
    fields=fields(
        "coinId coin transfer chains[]{ chain needTag withdrawable rechargeable withdrawFee extraWithdrawFee "
        "depositConfirm withdrawConfirm minDepositAmount minWithdrawAmount browserUrl contractAddress withdrawStep "
        "withdrawMinScale congestion }"
    ),
    notes=("3 calls per second per IP", "congestion: normal, congested"),
    source="docs 2025-12 spot/market/Get-Coin-List; agent_hub, ccxt, bitget-api",
)

SPOT_AUCTION = public(
    "/api/v2/spot/market/auction",
    "The opening auction of a new spot pair",
    params=params("SYMBOL"),
    fields=fields("stage stageEndTime estOpeningPrice matchedVolume auctionEndTime"),
    notes=("stage: pre_market, stage_1, stage_2, stage_3, success, failure",),
    source="docs 2025-12 spot/market/Get-Auction; bitget-api",
)

SPOT_VIP_FEE_RATE = public_list(
    "/api/v2/spot/market/vip-fee-rate",
    "Spot fees and withdrawal limits of each VIP level",
    rate=TEN_A_SECOND_PER_ADDRESS,
    fields=fields("level dealAmount assetAmount takerFeeRate makerFeeRate btcWithdrawAmount usdtWithdrawAmount"),
    source="docs 2025-12 spot/market/Get-VIP-Fee-Rate; ccxt, bitget-api",
)
