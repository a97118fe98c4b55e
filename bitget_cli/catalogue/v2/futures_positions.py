"""Futures positions: open and closed; closing and reversing them."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import PRODUCT_TYPES, SIDES, params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    TEN_A_SECOND_LEAD_TRADERS_ONE,
    TWENTY_A_SECOND_PER_ACCOUNT,
    Param,
    by_id,
    get,
    get_list,
    post_trade,
)

FUTURES_ALL_POSITION = get_list(
    "/api/v2/mix/position/all-position",
    "All open positions of one futures line",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_TYPE ANY_MARGIN_COIN"),
    fields=fields(
        "marginCoin symbol holdSide openDelegateSize marginSize available locked total leverage achievedProfits "
        "openPriceAvg marginMode posMode unrealizedPL liquidationPrice keepMarginRate markPrice breakEvenPrice "
        "totalFee deductedFee takeProfit stopLoss takeProfitId stopLossId marginRatio assetMode cTime uTime"
    ),
    demo=True,
    notes=(
        "a 2026 copy of the docs also lists autoMargin, grant and cashDividend (Jul 2026)",
        "sorted by creation time, newest first",
        enums.HOLD_SIDE,
        enums.MARGIN_MODE_NOTE,
        enums.POS_MODE,
        enums.ASSET_MODE,
    ),
    source="docs 2025-12 contract/position/get-all-position; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SINGLE_POSITION = get_list(
    "/api/v2/mix/position/single-position",
    "The open position of one contract; in hedge mode there can be two",
    params=params("PRODUCT_TYPE SYMBOL MARGIN_COIN"),
    fields=fields(
        "marginCoin symbol holdSide openDelegateSize marginSize available locked total leverage achievedProfits "
        "openPriceAvg marginMode posMode unrealizedPL liquidationPrice keepMarginRate markPrice breakEvenPrice "
        "totalFee deductedFee marginRatio assetMode uTime autoMargin cTime"
    ),
    demo=True,
    notes=(
        "data is an array: up to two rows in hedge mode",
        "a 2026 copy of the docs also lists takeProfit/stopLoss and their ids, grant and cashDividend (Jul 2026)",
        enums.HOLD_SIDE,
        enums.MARGIN_MODE_NOTE,
        enums.POS_MODE,
        enums.ASSET_MODE,
        "autoMargin: on, off",
    ),
    source="docs 2025-12 contract/position/get-single-position; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_HISTORY_POSITION = get(
    "/api/v2/mix/position/history-position",
    "Closed positions of the last three months, with their profit",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        "ANY_SYMBOL",
        Param("productType", choices=PRODUCT_TYPES, default="USDT-FUTURES", note="ignored when symbol is sent"),
        "ID_LESS_THAN START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100",
    ),
    paging=by_id(limit_default=20, limit_max=100, window_days=90, lookback_days=90, cursor="endId", rows_at="list"),
    fields=fields(
        "positionId marginCoin symbol holdSide openAvgPrice closeAvgPrice marginMode openTotalPos closeTotalPos pnl "
        "netProfit totalFunding openFee closeFee posMode ctime utime uTime cTime"
    ),
    demo=True,
    notes=(
        "posMode added Jul 2025; cashDividend Jul 2026",
        "table prints cTime/uTime, real replies (ccxt, Bitget.Net captures) use ctime/utime",
        enums.HOLD_SIDE,
        enums.POS_MODE,
        enums.MARGIN_MODE_NOTE,
    ),
    source="docs 2025-12 contract/position/Get-History-Position; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_ADL_RANK = get_list(
    "/api/v2/mix/position/adlRank",
    "How early each position would be reduced by auto-deleveraging",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param(
            "productType",
            choices=PRODUCT_TYPES,
            default="USDT-FUTURES",
            note="lower case is accepted too; the table of the page marks it required",
        )
    ),
    fields=fields("symbol marginCoin adlRank rank holdSide adlRankDeprecated"),
    demo=True,
    notes=("adlRank field deprecated for rank (Jul 2025)", enums.HOLD_SIDE),
    source="docs 2025-12 contract/position/Get-Position-Adl; docs 2026-09, ccxt, bitget-api",
)

FUTURES_CLOSE_POSITIONS = post_trade(
    "/api/v2/mix/order/close-positions",
    "Close positions at the market price at once",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("symbol", note="left out: every position of the product type is closed at market"),
        Param("holdSide", choices=("long", "short"), note="hedge only: empty = both sides; ignored in one-way mode"),
        "PRODUCT_TYPE",
    ),
    fields=fields(
        "successList[]{ orderId clientOid symbol } failureList[]{ orderId clientOid symbol errorMsg errorCode }"
    ),
    demo=True,
    notes=("flash close at market; per-position results in successList/failureList",),
    source="docs 2025-12 contract/trade/Flash-Close-Position; docs 2026-09, ccxt, bitget-api",
)

FUTURES_CLICK_BACKHAND = post_trade(
    "/api/v2/mix/order/click-backhand",
    "Reverse a position: close it and open the opposite one",
    rate=TEN_A_SECOND_LEAD_TRADERS_ONE,
    params=params(
        "SYMBOL MARGIN_COIN PRODUCT_TYPE size",
        Param(
            "side", required=True, choices=SIDES, note="hedge: side of the position to flip (buy = long, sell = short)"
        ),
        "HEDGE_TRADE_SIDE CLIENT_OID",
    ),
    fields=fields("clientOid orderId"),
    demo=True,
    notes=("ccxt plans for one call a second; the page says 10, which is used here",),
    source="docs 2025-12 contract/trade/Reversal; docs 2026-09, ccxt, bitget-api",
)
