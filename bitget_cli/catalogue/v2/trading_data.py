"""Trading data: who is long, who is short, and where the money flows. No keys needed; one call a second."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import ONE_A_SECOND_PER_ADDRESS, public, public_list

TAKER_BUY_SELL = public_list(
    "/api/v2/mix/market/taker-buy-sell",
    "Volume that futures takers bought and sold",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL PERIOD_5M"),
    fields=fields("buyVolume sellVolume ts"),
    source="docs 2025-12 common/apidata/Taker-Buy-Sell; bitget-api",
)

POSITION_LONG_SHORT = public_list(
    "/api/v2/mix/market/position-long-short",
    "Long and short futures positions against each other",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL PERIOD_5M"),
    fields=fields("longPositionRatio shortPositionRatio longShortPositionRatio ts"),
    notes=("ccxt lists it as private",),
    source="docs 2025-12 common/apidata/Position-Long-Short; ccxt, bitget-api",
)

ACCOUNT_LONG_SHORT = public_list(
    "/api/v2/mix/market/account-long-short",
    "Futures accounts that are long and short against each other",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL PERIOD_5M"),
    fields=fields("longAccountRatio shortAccountRatio longShortAccountRatio ts"),
    source="docs 2025-12 common/apidata/Account-Long-Short; ccxt, bitget-api",
)

LONG_SHORT = public_list(
    "/api/v2/mix/market/long-short",
    "Long and short futures volume against each other",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL period:5m|15m|30m|1h|2h|4h|6h|12h|1Dutc=5m"),
    fields=fields("longRatio shortRatio longShortRatio ts"),
    notes=("daily period is 1Dutc here (changed from 1d)",),
    source="docs 2025-12 common/apidata/Long-Short; bitget-api",
)

MARGIN_LONG_SHORT = public_list(
    "/api/v2/margin/market/long-short-ratio",
    "Long and short margin borrowing against each other",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL PERIOD_24H ANY_COIN"),
    fields=fields("ts longShortRatio"),
    notes=("bitget-api uses /api/v2/mix/market/long-short-ratio; docs and ccxt use the margin path",),
    source="docs 2025-12 common/apidata/Margin-Ls-Ratio; ccxt",
)

LOAN_GROWTH = public_list(
    "/api/v2/margin/market/loan-growth",
    "How fast margin loans grow",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL PERIOD_24H ANY_COIN"),
    fields=fields("ts growthRate"),
    notes=(
        (
            "an older page and bitget-api use /api/v2/mix/market/loan-growth; the Dec 2025 page uses "
            "/api/v2/margin/market/loan-growth; try margin first"
        ),
    ),
    source="docs 2025-12 common/apidata/Margin-Loan-Growth",
)

ISOLATED_BORROW_RATE = public_list(
    "/api/v2/mix/market/isolated-borrow-rate",
    "The share borrowed in isolated margin",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL PERIOD_24H"),
    fields=fields("ts borrowRate"),
    notes=("stays under mix although it is margin data",),
    source="docs 2025-12 common/apidata/Margin-Iso-Borrow-Ratio; bitget-api",
)

FUND_FLOW = public(
    "/api/v2/spot/market/fund-flow",
    "Spot buying and selling by large, medium and small traders",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL period:15m|30m|1h|2h|4h|1d=15m"),
    fields=fields(
        "whaleBuyVolume dolphinBuyVolume fishBuyVolume whaleSellVolume dolphinSellVolume fishSellVolume whaleBuyRatio "
        "dolphinBuyRatio fishBuyRatio whaleSellRatio dolphinSellRatio fishSellRatio"
    ),
    source="docs 2025-12 common/apidata/Get-Spot-Fund-Flow; bitget-api",
)

NET_FLOW = public_list(
    "/api/v2/spot/market/fund-net-flow",
    "Net money into a spot pair over 24 hours",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL"),
    fields=fields("netFlow ts"),
    source="docs 2025-12 common/apidata/Fund-Net-Flow; bitget-api",
)

WHALE_NET_FLOW = public_list(
    "/api/v2/spot/market/whale-net-flow",
    "Net money that the largest traders put into a spot pair",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("SYMBOL"),
    fields=fields("volume date"),
    source="docs 2025-12 common/apidata/Whale-Net-Flow; bitget-api",
)

SUPPORT_SYMBOLS = public(
    "/api/v2/spot/market/support-symbols",
    "The symbols that trading data exists for",
    rate=ONE_A_SECOND_PER_ADDRESS,
    fields=fields("spotList futureList"),
    source="docs 2025-12 common/apidata/Get-Big-Data-Symbol; bitget-api",
)
