"""Conversions that were made, and small balances into BGB; to quote and to convert there is no row."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import TWENTY_A_SECOND_PER_ACCOUNT, Effect, PageKind, Paging, Param, Shape, get, post

CONVERT_RECORDS = get(
    "/api/v3/account/convert-records",
    "Past conversions",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=params(
        Param("fromCoin", note="required on the Dec 2025 page, optional since mid 2026"),
        Param("toCoin", note="required on the Dec 2025 page, optional since mid 2026"),
        "START_WITHIN_90_DAYS END_30_DAYS LIMIT_100 CURSOR",
    ),
    paging=Paging(
        PageKind.CURSOR,
        limit_default=100,
        limit_max=100,
        window_days=30,
        lookback_days=90,
        cursor="cursor",
        rows_at="list",
    ),
    fields=fields("fromCoin fromCoinSize toCoin toCoinSize price ts"),
    notes=(
        enums.MGT_READ,
        "history only: quoting and converting have no v3 row",
        "list and cursor may be null where there is nothing",
    ),
    source="docs 2025-12 uta/account/Get-Convert-Records; ccxt, bitget-api, go-bitget, Bitget.Net, agent_sdk",
)

SMALL_ASSETS = get(
    "/api/v3/convert/small-assets",
    "Small balances that can be turned into BGB",
    params=params("ANY_LISTED_COIN"),
    shape=Shape.ARRAY,
    fields=fields("coin available estimatedCoin estimatedAmount feeDetail{ feeRate fee } cTime"),
    notes=(enums.MGT_READ, "dust that can be turned into BGB: the twin of the v2 BGB rows"),
    source="ccxt, go-bitget",
)

SMALL_ASSETS_HISTORY = get(
    "/api/v3/convert/small-assets-history",
    "Small balances that were turned into BGB",
    params=params("ORDER_ID START END LIMIT CURSOR"),
    paging=Paging(
        PageKind.CURSOR,
        limit_max=100,
        window_days=30,
        lookback_days=90,
        cursor="cursor",
        rows_at="list",
        row_id="orderId",
    ),
    fields=fields(
        "orderId fromCoin fromAmount fromCoinPrice toCoin toAmount toCoinPrice feeDetail{ feeCoin fee } "
        "status createdTime"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, go-bitget",
)

SMALL_ASSETS_TRADE = post(
    "/api/v3/convert/small-assets-trade",
    "Turn small balances into BGB",
    effect=Effect.FUNDS,
    params=params(Param("fromCoinList", required=True, type="array"), Param("toCoin", default="BGB")),
    fields=fields("fromCoin toCoin orderId"),
    notes=(enums.TRADE_WRITE,),
    source="ccxt, go-bitget",
)
