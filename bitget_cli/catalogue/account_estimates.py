"""What a futures order would do before it is placed: largest size, liquidation price."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import MARGIN_COIN, ORDER_TYPE, PRODUCT_TYPE, SYMBOL
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT, TWENTY_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Endpoint, Param

_POS_SIDE_REQUIRED = Param("posSide", required=True, choices=("long", "short"))
_OPEN_PRICE = Param("openPrice", note="required for orderType=limit")

FUTURES_MAX_OPEN = Endpoint(
    "GET",
    "/api/v2/mix/account/max-open",
    "The largest position that could be opened now",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(SYMBOL, PRODUCT_TYPE, MARGIN_COIN, _POS_SIDE_REQUIRED, ORDER_TYPE, _OPEN_PRICE),
    fields=fields("maxOpen"),
    demo=True,
    notes=("sample sends openAmount which is not a listed parameter",),
    source="docs 2025-12 contract/account/Get-Max-Open; docs 2026-09, ccxt, bitget-api",
)

FUTURES_LIQ_PRICE = Endpoint(
    "GET",
    "/api/v2/mix/account/liq-price",
    "Where a position would be liquidated if it were opened now",
    rate=TWENTY_A_SECOND_PER_ACCOUNT,
    params=(
        SYMBOL,
        PRODUCT_TYPE,
        MARGIN_COIN,
        _POS_SIDE_REQUIRED,
        ORDER_TYPE,
        Param("openAmount", required=True),
        _OPEN_PRICE,
    ),
    fields=fields("liqPrice"),
    demo=True,
    source="docs 2025-12 contract/account/Get-Liquidation-Price; docs 2026-09, ccxt, bitget-api",
)

FUTURES_OPEN_COUNT = Endpoint(
    "GET",
    "/api/v2/mix/account/open-count",
    "The size an amount of margin would open, as an estimate",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        SYMBOL,
        PRODUCT_TYPE,
        MARGIN_COIN,
        Param("openAmount", required=True, note="margin to use"),
        Param("openPrice", required=True, note="planned price"),
        Param("leverage", default="20"),
    ),
    fields=fields("size"),
    demo=True,
    source="docs 2025-12 contract/account/Est-Open-Count; docs 2026-09, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_MAX_OPEN,
    FUTURES_LIQ_PRICE,
    FUTURES_OPEN_COUNT,
)
