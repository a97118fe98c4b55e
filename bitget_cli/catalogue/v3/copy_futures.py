"""Futures copy trading, as a lead trader."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import (
    FIVE_A_SECOND_PER_ACCOUNT,
    ONE_A_SECOND_PER_ACCOUNT,
    Effect,
    PageKind,
    Paging,
    get,
    post,
)

FUTURES_CURRENT_FOLLOWER = get(
    "/api/v3/copy/futures/current-follower",
    "Who follows your futures trades",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("LIMIT CURSOR"),
    paging=Paging(PageKind.CURSOR, cursor="cursor", rows_at="list"),
    fields=fields(
        "followerName estimateAssets totalAssets totalProfit totalShareProfit totalInvestment canRemove "
        "followDays startTime"
    ),
    notes=(enums.COPY_READ,),
    source="ccxt, go-bitget",
)

FUTURES_HISTORY_FOLLOWER = get(
    "/api/v3/copy/futures/history-follower",
    "Who followed your futures trades before",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("LIMIT CURSOR"),
    paging=Paging(PageKind.CURSOR, cursor="cursor", rows_at="list"),
    fields=fields("followerName totalProfit totalShareProfit totalInvestment startTime endTime"),
    notes=(enums.COPY_READ,),
    source="ccxt, go-bitget",
)

FUTURES_MAX_TRANSFERABLE = get(
    "/api/v3/copy/futures/max-transferable",
    "How much can be moved out of the lead account",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("LISTED_COIN"),
    fields=fields("maxTransferable available"),
    notes=(enums.COPY_READ,),
    source="ccxt, bitget-api, go-bitget",
)

FUTURES_POSITION_SUMMARY = get(
    "/api/v3/copy/futures/position-summary",
    "Open futures positions that others copy from you",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "symbol holdSide holdSize avgPrice markPrice liqPrice leverage marginMode margin positionValue "
        "unrealizedPnl realizedPnl roi"
    ),
    notes=(enums.COPY_READ,),
    source="ccxt, bitget-api, go-bitget",
)

FUTURES_PROFIT_DETAILS = get(
    "/api/v3/copy/futures/profit-details",
    "Shares in followers' profits, one by one",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("START END LIMIT CURSOR"),
    paging=Paging(PageKind.CURSOR, cursor="nextCursor", rows_at="list"),
    fields=fields("followerName profit allocatedPnl pendingPnl shareRatio shareProfit reason settleTime"),
    notes=(enums.COPY_READ,),
    source="ccxt, go-bitget",
)

FUTURES_PROFIT_SUMMARY = get(
    "/api/v3/copy/futures/profit-summary",
    "Shares in followers' profits, in all",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=fields("totalProfit totalAllocatedProfit totalPendingProfit"),
    notes=(enums.COPY_READ,),
    source="ccxt, go-bitget",
)

FUTURES_TRADING_PAIRS = get(
    "/api/v3/copy/futures/trading-pairs",
    "Pairs a futures lead trader may trade",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "symbol leverage marginDetails[]{ marginCoin maxLongCount remainingLongCount maxShortCount "
        "remainingShortCount }"
    ),
    notes=(enums.COPY_READ,),
    source="ccxt, bitget-api, go-bitget",
)

FUTURES_TRANSFER = post(
    "/api/v3/copy/futures/transfer",
    "Move a coin into or out of the lead account",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.TRANSFER,
    params=params("type! LISTED_COIN AMOUNT inAccountType"),
    fields=fields("transferId"),
    notes=(enums.COPY_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

FUTURES_TRANSFER_RECORD = get(
    "/api/v3/copy/futures/transfer-record",
    "Transfers into and out of the lead account",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=params("START END LIMIT CURSOR"),
    paging=Paging(PageKind.CURSOR, cursor="cursor", rows_at="list", row_id="transferId"),
    fields=fields("transferId fromType toType coin amount status createdTime"),
    notes=(enums.COPY_READ,),
    source="ccxt, bitget-api, go-bitget",
)
