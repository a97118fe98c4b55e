"""Settings of a futures account: leverage, margin mode, position mode, margin."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import MARGIN_COIN, MARGIN_MODE, PRODUCT_TYPE, SYMBOL
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, TWO_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, Param, Shape

FUTURES_SET_LEVERAGE = Endpoint(
    "POST",
    "/api/v2/mix/account/set-leverage",
    "Set the leverage of one contract",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        SYMBOL,
        PRODUCT_TYPE,
        MARGIN_COIN,
        Param("leverage", note="cross margin, one-way isolated, or the same value for both sides in hedge isolated"),
        Param("longLeverage", note="hedge + isolated only; wins over leverage"),
        Param("shortLeverage", note="hedge + isolated only; wins over leverage"),
        Param(
            "holdSide",
            choices=("long", "short"),
            note="required in hedge + isolated unless long and short leverage are both sent; not used otherwise",
        ),
    ),
    fields=fields("symbol marginCoin longLeverage shortLeverage crossMarginLeverage marginMode shortLeveage"),
    demo=True,
    notes=("response table misspells shortLeveage", "hedge + isolated without holdSide answers 40808"),
    source="docs 2025-12 contract/account/Change-Leverage; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_ALL_LEVERAGE = Endpoint(
    "POST",
    "/api/v2/mix/account/set-all-leverage",
    "Set the leverage of every contract with an open position",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(PRODUCT_TYPE, Param("leverage", required=True, note="only applies to symbols with open positions")),
    shape=Shape.STRING,
    demo=True,
    notes=(
        "sample also sends symbol, marginCoin and holdSide; table lists only productType and leverage",
        "data: success, failure",
    ),
    source="docs 2025-12 contract/account/Change-All-Leverage; docs 2026-09, ccxt",
)

FUTURES_SET_MARGIN_MODE = Endpoint(
    "POST",
    "/api/v2/mix/account/set-margin-mode",
    "Choose isolated or crossed margin for one contract",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(SYMBOL, PRODUCT_TYPE, MARGIN_COIN, MARGIN_MODE),
    fields=fields("symbol marginCoin longLeverage shortLeverage marginMode shortLeveage"),
    demo=True,
    notes=("fails while positions or orders exist on the symbol (40920/45117)",),
    source="docs 2025-12 contract/account/Change-Margin-Mode; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_POSITION_MODE = Endpoint(
    "POST",
    "/api/v2/mix/account/set-position-mode",
    "Choose one-way or hedge mode for a futures line",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(PRODUCT_TYPE, Param("posMode", required=True, choices=("one_way_mode", "hedge_mode"))),
    fields=fields("posMode"),
    demo=True,
    notes=("fails while any position or order exists in the product type (40920/45117)",),
    source="docs 2025-12 contract/account/Change-Hold-Mode; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_MARGIN = Endpoint(
    "POST",
    "/api/v2/mix/account/set-margin",
    "Add margin to an isolated position, or take some away",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        SYMBOL,
        PRODUCT_TYPE,
        MARGIN_COIN,
        Param("holdSide", required=True, choices=("long", "short")),
        Param("amount", required=True, note="positive adds, negative removes isolated margin"),
    ),
    shape=Shape.STRING,
    demo=True,
    source="docs 2025-12 contract/account/Change-Margin; docs 2026-09, ccxt, bitget-api",
)

FUTURES_SET_AUTO_MARGIN = Endpoint(
    "POST",
    "/api/v2/mix/account/set-auto-margin",
    "Switch on or off that an isolated position draws margin by itself",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        SYMBOL,
        Param("autoMargin", required=True, choices=("on", "off")),
        MARGIN_COIN,
        Param("holdSide", required=True, choices=("long", "short"), note="not needed in cross margin mode"),
    ),
    shape=Shape.STRING,
    demo=True,
    notes=("no productType parameter in the table",),
    source="docs 2025-12 contract/account/Set-Auto-Margin; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_SET_ASSET_MODE = Endpoint(
    "POST",
    "/api/v2/mix/account/set-asset-mode",
    "Choose single-asset or multi-asset margin for USDT-M futures",
    rate=TWO_A_SECOND_PER_ACCOUNT,
    effect=Effect.SETTINGS,
    params=(
        Param("productType", required=True, choices=("USDT-FUTURES",), note="lower case is accepted too"),
        Param("assetMode", required=True, choices=("single", "union")),
    ),
    shape=Shape.STRING,
    demo=True,
    source="docs 2025-12 contract/account/Set-Asset-Mode; docs 2026-09, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_SET_LEVERAGE,
    FUTURES_SET_ALL_LEVERAGE,
    FUTURES_SET_MARGIN_MODE,
    FUTURES_SET_POSITION_MODE,
    FUTURES_SET_MARGIN,
    FUTURES_SET_AUTO_MARGIN,
    FUTURES_SET_ASSET_MODE,
)
