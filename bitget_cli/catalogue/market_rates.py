"""What futures cost to hold: funding, tiers, fees and the rates of multi-asset mode. No keys needed."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import COIN, PAGE_NO, PAGE_SIZE_20_UP_TO_100, PRODUCT_TYPE, SYMBOL
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ADDRESS, TEN_A_SECOND_PER_ADDRESS, TWENTY_A_SECOND_PER_ADDRESS
from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging, Param, Shape

FUTURES_CURRENT_FUND_RATE = Endpoint(
    "GET",
    "/api/v2/mix/market/current-fund-rate",
    "The funding rate that will be charged next",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(Param("symbol", note="optional since May 2025: left out = all symbols of the product type"), PRODUCT_TYPE),
    shape=Shape.ARRAY,
    fields=fields("symbol fundingRate fundingRateInterval nextUpdate minFundingRate maxFundingRate"),
    demo=True,
    notes=(
        (
            "v1 currentFundRate -> current-fund-rate; fundingRateInterval, nextUpdate, min/maxFundingRate were "
            "added in May 2025; ccxt warns its fundingRate can lag the ticker"
        ),
        "fundingRateInterval: 1, 2, 4, 8",
    ),
    source="docs 2025-12 contract/market/Get-Current-Funding-Rate; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_FUNDING_TIME = Endpoint(
    "GET",
    "/api/v2/mix/market/funding-time",
    "When funding is charged next, and how often",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE),
    shape=Shape.ARRAY,
    fields=fields("symbol nextFundingTime ratePeriod"),
    demo=True,
    notes=("ratePeriod: 1, 2, 4, 8",),
    source="docs 2025-12 contract/market/Get-Symbol-Next-Funding-Time; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_HISTORY_FUND_RATE = Endpoint(
    "GET",
    "/api/v2/mix/market/history-fund-rate",
    "Funding rates charged in the past",
    rate=TWENTY_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(SYMBOL, PRODUCT_TYPE, PAGE_SIZE_20_UP_TO_100, PAGE_NO),
    paging=Paging(PageKind.PAGE_NO, limit_default=20, limit_max=100, limit_name="pageSize"),
    shape=Shape.ARRAY,
    fields=fields("symbol fundingRate fundingTime"),
    demo=True,
    source="docs 2025-12 contract/market/Get-History-Funding-Rate; docs 2026-09, agent_hub, ccxt, bitget-api",
)

FUTURES_POSITION_LEVER = Endpoint(
    "GET",
    "/api/v2/mix/market/query-position-lever",
    "Position tiers: leverage and maintenance margin by position size",
    rate=TEN_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(PRODUCT_TYPE, SYMBOL),
    shape=Shape.ARRAY,
    fields=fields("symbol level startUnit endUnit leverage keepMarginRate"),
    demo=True,
    notes=("ccxt lists it as private", "filed under Position in the docs, but the path is market and it is public"),
    source="docs 2025-12 contract/position/Get-Query-Position-Lever; docs 2026-09, ccxt, bitget-api",
)

FUTURES_VIP_FEE_RATE = Endpoint(
    "GET",
    "/api/v2/mix/market/vip-fee-rate",
    "Futures fees and withdrawal limits of each VIP level",
    rate=TEN_A_SECOND_PER_ADDRESS,
    signed=False,
    shape=Shape.ARRAY,
    fields=fields("level dealAmount assetAmount takerFeeRate makerFeeRate btcWithdrawAmount usdtWithdrawAmount"),
    demo=True,
    notes=("spot and futures have separate paths with the same shape",),
    source="docs 2025-12 contract/market/Get-VIP-Fee-Rate; docs 2026-09, ccxt, bitget-api",
)

FUTURES_DISCOUNT_RATE = Endpoint(
    "GET",
    "/api/v2/mix/market/discount-rate",
    "What share of each coin counts as margin in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    signed=False,
    shape=Shape.ARRAY,
    fields=fields("coin userLimit totalLimit discountRateList[]{ tier minAmount maxAmount discountRate }"),
    demo=True,
    source="docs 2025-12 contract/market/Get-Discount-Rate; docs 2026-09, ccxt, bitget-api",
)

FUTURES_EXCHANGE_RATE = Endpoint(
    "GET",
    "/api/v2/mix/market/exchange-rate",
    "Rates at which coins are exchanged in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    signed=False,
    shape=Shape.ARRAY,
    fields=fields("coin exchangeRateList[]{ tier minAmount maxAmount exchangeRate }"),
    demo=True,
    source="docs 2025-12 contract/market/Get-Exchange-Rate; docs 2026-09, ccxt, bitget-api",
)

FUTURES_UNION_INTEREST_RATE_HISTORY = Endpoint(
    "GET",
    "/api/v2/mix/market/union-interest-rate-history",
    "Past interest rates of a coin borrowed in multi-asset mode",
    rate=FIVE_A_SECOND_PER_ADDRESS,
    signed=False,
    params=(COIN,),
    paging=Paging(rows_at="historyInterestRateList"),
    fields=fields("ts annualInterestRate dailyInterestRate"),
    demo=True,
    notes=("beside the rows: coin",),
    source="docs 2025-12 contract/market/Get-Interest-Rate; docs 2026-09, ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    FUTURES_CURRENT_FUND_RATE,
    FUTURES_FUNDING_TIME,
    FUTURES_HISTORY_FUND_RATE,
    FUTURES_POSITION_LEVER,
    FUTURES_VIP_FEE_RATE,
    FUTURES_DISCOUNT_RATE,
    FUTURES_EXCHANGE_RATE,
    FUTURES_UNION_INTEREST_RATE_HISTORY,
)
