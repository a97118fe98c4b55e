"""Positions: what is open, what was, closing and moving them."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import POSITION_SIDES, PRODUCT_TYPES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    TWENTY_A_SECOND_PER_ACCOUNT,
    Effect,
    PageKind,
    Paging,
    Param,
    Shape,
    get,
    post,
)

MOVE_POSITION_HISTORY = get(
    "/api/v3/account/move-position-history",
    "Positions moved between main account and sub-accounts",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("FUTURES_CATEGORY ANY_LISTED_SYMBOL START END_90_DAYS LIMIT CURSOR"),
    paging=Paging(PageKind.CURSOR, window_days=90, lookback_days=90, cursor="cursor", rows_at="list"),
    fields=fields(
        "category fromUid toUid orderId openExecId closeExecId symbol posSide qty price status createdTime updatedTime"
    ),
    notes=(enums.TRADE_READ,),
    source="ccxt, bitget-api, go-bitget",
)

MOVE_POSITIONS = post(
    "/api/v3/account/move-positions",
    "Move positions between main account and sub-accounts",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        "fromUid! toUid! FUTURES_CATEGORY",
        Param("positionList", required=True, note="at most 10", type="array"),
        "positionList[].symbol! positionList[].side! positionList[].qty!",
    ),
    fields=fields("closePosition[]{ orderId clientOid code msg } openPosition[]{ orderId clientOid code msg }"),
    notes=("100 a day, 30 s apart",),
    source="ccxt, bitget-api, go-bitget",
)

ADL_RANK = get(
    "/api/v3/position/adlRank",
    "How soon positions would be reduced automatically",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    shape=Shape.ARRAY,
    fields=fields("symbol marginCoin adlRank holdSide"),
    notes=(enums.TRADE_READ, "adlRank is a ratio, nearer 1 = reduced earlier; side field is called holdSide"),
    source=(
        "docs 2025-12 uta/trade/Get-Position-ADL-Rank; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

CURRENT_POSITION = get(
    "/api/v3/position/current-position",
    "Open positions",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("category", required=True, choices=PRODUCT_TYPES, note="required (400172 without)"),
        Param("symbol", note="left out: all of the line"),
        Param("posSide", choices=POSITION_SIDES),
    ),
    paging=Paging(rows_at="list"),
    fields=fields(
        "category symbol marginCoin holdMode posSide marginMode positionBalance available frozen total "
        "leverage curRealisedPnl avgPrice positionStatus unrealisedPnl liquidationPrice mmr profitRate "
        "markPrice breakEvenPrice totalFunding openFeeTotal closeFeeTotal createdTime updatedTime "
        "cashDividend"
    ),
    demo=True,
    notes=(
        enums.TRADE_READ,
        "list is null, not empty, without positions; no cursor key",
        "an HTTP 200 with an empty body was observed twice: read again, never report flat from it",
        'liquidationPrice "0" or below = none',
        "posSide is long/short in both position modes",
        enums.POS_SIDE,
        "marginMode: crossed, isolated",
        "holdMode: one_way_mode, hedge_mode",
        "positionStatus: normal",
    ),
    source="docs 2025-12 uta/trade/Get-Position; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

HISTORY_POSITION = get(
    "/api/v3/position/history-position",
    "Closed positions",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params("FUTURES_CATEGORY ANY_LISTED_SYMBOL START_WITHIN_90_DAYS END_30_DAYS LIMIT_100 CURSOR"),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=100,
        limit_max=100,
        window_days=30,
        lookback_days=90,
        cursor="cursor",
        rows_at="list",
        row_id="positionId",
    ),
    fields=fields(
        "positionId category symbol marginCoin holdMode posSide marginMode openPriceAvg closePriceAvg "
        "openTotalPos closeTotalPos cumRealisedPnl netProfit totalFunding openFeeTotal closeFeeTotal "
        "createdTime updatedTime cashDividend"
    ),
    notes=(
        enums.TRADE_READ,
        "cumRealisedPnl without fees and funding, netProfit with them",
        "list and cursor may be null where there is nothing",
    ),
    source=(
        "docs 2025-12 uta/trade/Get-Position-History; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)

CLOSE_POSITIONS = post(
    "/api/v3/trade/close-positions",
    "Close positions at market",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRADE,
    params=params(
        "FUTURES_CATEGORY",
        Param("symbol", note="left out: every position of the line"),
        Param("posSide", choices=POSITION_SIDES, note="left out: both sides"),
    ),
    fields=fields("list[]{ orderId clientOid code msg }"),
    notes=("market orders; 5/s (v2: 1/s)", "per-order code and msg"),
    source=(
        "docs 2025-12 uta/trade/Close-All-Positions; docs 2026, ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk"
    ),
)
