"""Statistics that Bitget publishes of all its traders."""

from __future__ import annotations

from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import ONE_A_SECOND_PER_ADDRESS, Param, Shape, public

FUTURES_ACCOUNT_LONG_SHORT = public(
    "/api/v3/market/futures-account-long-short",
    "Accounts that are long against short, futures",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL PERIOD_5M"),
    shape=Shape.ARRAY,
    fields=fields("longAccountRatio shortAccountRatio longShortAccountRatio ts"),
    source="ccxt, bitget-api, go-bitget",
)

FUTURES_ACTIVE_BUY_SELL = public(
    "/api/v3/market/futures-active-buy-sell",
    "Volume of takers who buy against sell, futures",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL PERIOD_5M"),
    shape=Shape.ARRAY,
    fields=fields("buyVolume sellVolume ts"),
    source="ccxt, bitget-api, go-bitget",
)

FUTURES_LONG_SHORT = public(
    "/api/v3/market/futures-long-short",
    "Long against short, futures",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params(
        "LISTED_SYMBOL",
        Param("period", choices=("5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1Dutc"), default="5m"),
    ),
    shape=Shape.ARRAY,
    fields=fields("longRatio shortRatio longShortRatio ts"),
    source="ccxt, bitget-api, go-bitget",
)

FUTURES_POSITION_LONG_SHORT = public(
    "/api/v3/market/futures-position-long-short",
    "Positions that are long against short, futures",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL PERIOD_5M"),
    shape=Shape.ARRAY,
    fields=fields("longPositionRatio shortPositionRatio longShortPositionRatio ts"),
    source="ccxt, bitget-api, go-bitget",
)

MARGIN_ISOLATED_BORROW = public(
    "/api/v3/market/margin-isolated-borrow",
    "Borrowing rate of isolated margin",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL PERIOD_24H BASE_OR_QUOTE_COIN"),
    shape=Shape.ARRAY,
    fields=fields("borrowRate ts"),
    source="ccxt, bitget-api, go-bitget",
)

MARGIN_LOAN_GROWTH = public(
    "/api/v3/market/margin-loan-growth",
    "Growth of margin loans",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL PERIOD_24H BASE_OR_QUOTE_COIN"),
    shape=Shape.ARRAY,
    fields=fields("growthRate ts"),
    source="ccxt, bitget-api, go-bitget",
)

MARGIN_LONG_SHORT = public(
    "/api/v3/market/margin-long-short",
    "Long against short, margin",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL PERIOD_24H BASE_OR_QUOTE_COIN"),
    shape=Shape.ARRAY,
    fields=fields("longShortRatio ts"),
    source="ccxt, bitget-api, go-bitget",
)

SPOT_FUND_FLOW = public(
    "/api/v3/market/spot-fund-flow",
    "Spot volume by size of account",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL", Param("period", choices=("15m", "30m", "1h", "2h", "4h", "1d"), default="15m")),
    fields=fields(
        "whaleBuyVolume dolphinBuyVolume fishBuyVolume whaleSellVolume dolphinSellVolume fishSellVolume "
        "whaleBuyRatio dolphinBuyRatio fishBuyRatio whaleSellRatio dolphinSellRatio fishSellRatio"
    ),
    source="ccxt, bitget-api, go-bitget",
)

SPOT_NET_FLOW = public(
    "/api/v3/market/spot-net-flow",
    "Net flow of money into a coin",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL"),
    shape=Shape.ARRAY,
    fields=fields("netFlow ts"),
    source="ccxt, bitget-api, go-bitget",
)

SPOT_WHALE_FLOW = public(
    "/api/v3/market/spot-whale-flow",
    "Net flow of large accounts into a coin",
    rate=ONE_A_SECOND_PER_ADDRESS,
    params=params("LISTED_SYMBOL"),
    shape=Shape.ARRAY,
    fields=fields("volume date"),
    source="ccxt, bitget-api, go-bitget",
)
