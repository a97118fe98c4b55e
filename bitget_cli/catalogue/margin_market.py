"""Margin trading in general: pairs and interest."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import COIN
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ADDRESS
from bitget_cli.catalogue.rows import Endpoint, Shape

MARGIN_CURRENCIES = Endpoint(
    "GET",
    "/api/v2/margin/currencies",
    "The pairs of margin trading, with leverage, fees and limits",
    rate=TEN_A_SECOND_PER_ADDRESS,
    shape=Shape.ARRAY,
    fields=fields(
        "symbol baseCoin quoteCoin maxCrossedLeverage maxIsolatedLeverage warningRiskRatio "
        "liquidationRiskRatio minTradeAmount maxTradeAmount takerFeeRate makerFeeRate pricePrecision "
        "quantityPrecision minTradeUSDT isBorrowable userMinBorrow status isIsolatedBaseBorrowable "
        "isIsolatedQuoteBorrowable isCrossBorrowable"
    ),
    notes=("ccxt lists it as public",),
    source="docs 2025-12 margin/common/support-currencies; ccxt, bitget-api",
)

MARGIN_INTEREST_RATE_RECORD = Endpoint(
    "GET",
    "/api/v2/margin/interest-rate-record",
    "Past interest rates of a borrowed coin",
    rate=TEN_A_SECOND_PER_ADDRESS,
    params=(COIN,),
    fields=fields("coin dailyInterestRate annualInterestRate updatedTime quoteCoin"),
    source="docs 2025-12 margin/common/interest-rate-record",
)

ROWS: tuple[Endpoint, ...] = (
    MARGIN_CURRENCIES,
    MARGIN_INTEREST_RATE_RECORD,
)
