"""Futures with several coins as margin (multi-asset mode): interest, limits, conversion."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import ANY_COIN, COIN, END, ID_LESS_THAN, LIMIT_20_UP_TO_100, START
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, ONE_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param

_FUTURES_SWITCH_UNION_USDT_FIELDS = fields("usdtAmount")

FUTURES_INTEREST_HISTORY = Endpoint(
    "GET",
    "/api/v2/mix/account/interest-history",
    "Interest charged on coins borrowed in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(
        ANY_COIN,
        Param("productType", required=True, choices=("USDT-FUTURES",), note="USDT-FUTURES only"),
        ID_LESS_THAN,
        START,
        END,
        LIMIT_20_UP_TO_100,
    ),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, cursor="endId", rows_at="interestList"),
    fields=fields("coin liability interestFreeLimit interestLimit hourInterestRate interest cTime interset"),
    demo=True,
    notes=("beside the rows: nextSettleTime, borrowAmount, borrowLimit",),
    source="docs 2025-12 contract/account/Interest-History; docs 2026-09, ccxt, bitget-api",
)

FUTURES_SWITCH_UNION_USDT = Endpoint(
    "GET",
    "/api/v2/mix/account/switch-union-usdt",
    "The USDT needed before multi-asset mode can be left",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=_FUTURES_SWITCH_UNION_USDT_FIELDS,
    demo=True,
    source="docs 2025-12 contract/account/Get-Switch-Union-USDT; docs 2026-09, ccxt, bitget-api",
)

FUTURES_TRANSFER_LIMITS = Endpoint(
    "GET",
    "/api/v2/mix/account/transfer-limits",
    "How much of a coin can be moved in and out in multi-asset mode",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    params=(COIN,),
    fields=fields("coin maxTransferIn"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Union-Transfer-Limits; docs 2026-09, ccxt, bitget-api",
)

FUTURES_UNION_CONFIG = Endpoint(
    "GET",
    "/api/v2/mix/account/union-config",
    "Margin rates and your limit in multi-asset mode",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    fields=fields("imr mmr individualLimit individualLimitRatio"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Union-Config; docs 2026-09, ccxt, bitget-api",
)

FUTURES_UNION_CONVERT = Endpoint(
    "POST",
    "/api/v2/mix/account/union-convert",
    "Convert coins to USDT in multi-asset mode, to pay off a debt",
    rate=ONE_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(COIN, Param("amount", required=True, note="in the coin being converted")),
    fields=_FUTURES_SWITCH_UNION_USDT_FIELDS,
    demo=True,
    source="docs 2025-12 contract/account/Union-Convert; docs 2026-09, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_INTEREST_HISTORY,
    FUTURES_SWITCH_UNION_USDT,
    FUTURES_TRANSFER_LIMITS,
    FUTURES_UNION_CONFIG,
    FUTURES_UNION_CONVERT,
)
