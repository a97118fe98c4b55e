"""Your own futures trades."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    ANY_SYMBOL,
    END_3_MONTHS,
    END_7_DAYS,
    FILTER_ORDER_ID,
    ID_LESS_THAN,
    LIMIT_100,
    ORDER_ID,
    PRODUCT_TYPE,
    PRODUCT_TYPES,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param

FUTURES_ORDER_FILLS = Endpoint(
    "GET",
    "/api/v2/mix/order/fills",
    "Your own futures trades",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        ORDER_ID,
        ANY_SYMBOL,
        PRODUCT_TYPE,
        ID_LESS_THAN,
        Param(
            "startTime",
            note="epoch ms; a range of at most 3 months; for managed sub-accounts not before the binding time",
        ),
        END_3_MONTHS,
        LIMIT_100,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=100,
        limit_max=100,
        window_days=90,
        lookback_days=90,
        cursor="endId",
        rows_at="fillList",
    ),
    fields=fields(
        "tradeId symbol orderId price baseVolume feeDetail[]{ deduction feeCoin totalDeductionFee totalFee } "
        "side quoteVolume profit enterPointSource tradeSide posMode tradeScope cTime"
    ),
    demo=True,
    notes=(
        "feeDetail is an array here, an object in spot fills and a JSON string in spot orders",
        "endId is a tradeId",
        words.SIDE,
        words.ENTER_POINT_SOURCE,
        words.TRADE_SIDE,
        words.POS_MODE,
        words.TRADE_SCOPE,
    ),
    source="docs 2025-12 contract/trade/Get-Order-Fills; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ORDER_FILL_HISTORY = Endpoint(
    "GET",
    "/api/v2/mix/order/fill-history",
    "Your own futures trades, a week at a time",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        FILTER_ORDER_ID,
        ANY_SYMBOL,
        Param("productType", required=True, choices=PRODUCT_TYPES, note="not available in demo trading"),
        Param(
            "startTime",
            note="epoch ms; a range of at most 7 days; for managed sub-accounts not before the binding time",
        ),
        END_7_DAYS,
        ID_LESS_THAN,
        LIMIT_100,
    ),
    paging=Paging(
        PageKind.ID_LESS_THAN,
        limit_default=100,
        limit_max=100,
        window_days=7,
        lookback_days=90,
        cursor="endId",
        rows_at="fillList",
    ),
    fields=fields(
        "tradeId symbol marginCoin orderId price baseVolume feeDetail[]{ deduction feeCoin totalDeductionFee "
        "totalFee } side quoteVolume profit enterPointSource tradeSide posMode tradeScope cTime"
    ),
    demo=False,
    notes=(
        "not available in demo trading",
        words.ENTER_POINT_SOURCE,
        words.TRADE_SIDE,
        words.POS_MODE,
        words.TRADE_SCOPE,
    ),
    source="docs 2025-12 contract/trade/Get-Fill-History; docs 2026-09, agent_hub, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_ORDER_FILLS,
    FUTURES_ORDER_FILL_HISTORY,
)
