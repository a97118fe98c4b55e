"""Futures candles: traded, mark and index prices. No keys needed."""

from __future__ import annotations

from bitget_cli.catalogue.fields import places
from bitget_cli.catalogue.params import (
    END_90_DAYS,
    FUTURES_GRANULARITIES,
    FUTURES_GRANULARITY,
    LIMIT_100_UP_TO_200,
    PRODUCT_TYPE,
    START_90_DAYS,
    SYMBOL,
)
from bitget_cli.catalogue.rates import TWENTY_A_SECOND_PER_ADDRESS
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

_PAGES = Paging(PageKind.TIME, limit_default=100, limit_max=200, window_days=90, cursor="ts", cursor_in_row=True)
_FUTURES_CANDLES_FIELDS = places("ts open high low close baseVolume quoteVolume")

FUTURES_CANDLES = Endpoint(
    "GET",
    "/api/v2/mix/market/candles",
    "Futures candles up to the open one, of traded, mark or index prices",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(
        SYMBOL,
        PRODUCT_TYPE,
        Param(
            "granularity",
            required=True,
            choices=FUTURES_GRANULARITIES,
            note="2H appears only in the look-back text and in ccxt, not in the list of values",
        ),
        START_90_DAYS,
        END_90_DAYS,
        Param(
            "kLineType",
            choices=("MARKET", "MARK", "INDEX"),
            default="MARKET",
            note="a 2026 copy of the page prints market, mark, index in lower case",
        ),
        Param("limit", default="100", maximum=1000, note="rows a page"),
    ),
    paging=Paging(PageKind.TIME, limit_default=100, limit_max=1000, window_days=90, cursor="ts", cursor_in_row=True),
    shape=Shape.ARRAYS,
    fields=_FUTURES_CANDLES_FIELDS,
    demo=True,
    notes=(
        "look-back per granularity: 1m/3m/5m 1 month, 15m 52 d, 30m 62 d, 1H 83 d, 2H 120 d, 4H 240 d, 6H 360 d",
        (
            "ccxt practice: 1H about 60 days; long ranges with startTime may return fewer rows or an empty list; "
            "use history-candles for older data"
        ),
    ),
    source="docs 2025-12 contract/market/Get-Candle-Data; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_HISTORY_CANDLES = Endpoint(
    "GET",
    "/api/v2/mix/market/history-candles",
    "Finished futures candles of any age",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE, FUTURES_GRANULARITY, START_90_DAYS, END_90_DAYS, LIMIT_100_UP_TO_200),
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

FUTURES_HISTORY_INDEX_CANDLES = Endpoint(
    "GET",
    "/api/v2/mix/market/history-index-candles",
    "Finished candles of the index price",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE, FUTURES_GRANULARITY, START_90_DAYS, END_90_DAYS, LIMIT_100_UP_TO_200),
    paging=_PAGES,
    shape=Shape.ARRAYS,
    fields=_FUTURES_CANDLES_FIELDS,
    demo=True,
    source=("docs 2025-12 contract/market/Get-History-Index-Candle-Data; docs 2026-09, agent_hub, ccxt, bitget-api"),
)

FUTURES_HISTORY_MARK_CANDLES = Endpoint(
    "GET",
    "/api/v2/mix/market/history-mark-candles",
    "Finished candles of the mark price",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE, FUTURES_GRANULARITY, START_90_DAYS, END_90_DAYS, LIMIT_100_UP_TO_200),
    paging=_PAGES,
    shape=Shape.ARRAYS,
    fields=_FUTURES_CANDLES_FIELDS,
    demo=True,
    source="docs 2025-12 contract/market/Get-History-Mark-Candle-Data; docs 2026-09, agent_hub, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_CANDLES,
    FUTURES_HISTORY_CANDLES,
    FUTURES_HISTORY_INDEX_CANDLES,
    FUTURES_HISTORY_MARK_CANDLES,
)
