"""Earn: the whole, and savings."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    AMOUNT,
    ANY_COIN,
    END_3_MONTHS,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_100,
    ORDER_ID,
    ORDER_ID_REQUIRED,
    PERIOD_TYPE,
    PRODUCT_ID,
    START_3_MONTHS,
)
from bitget_cli.catalogue.rates import TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

_PAGES_OF_RESULT_LIST = Paging(
    PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="resultList"
)
_SAVINGS_SUBSCRIBE_RESULT_FIELDS = fields("result msg")

EARN_ASSETS = Endpoint(
    "GET",
    "/api/v2/earn/account/assets",
    "What you hold in Earn products",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN,),
    shape=Shape.ARRAY,
    fields=fields("coin amount"),
    source="docs 2025-12 earn/account/Earn-Assets; ccxt, bitget-api",
)

SAVINGS_PRODUCT = Endpoint(
    "GET",
    "/api/v2/earn/savings/product",
    "Savings on offer, with their yields",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ANY_COIN, Param("filter", choices=("available", "held", "available_and_held", "all"))),
    shape=Shape.ARRAY,
    fields=fields(
        "productId coin periodType period apyType advanceRedeem settleMethod apyList[]{ rateLevel minStepVal "
        "maxStepVal currentApy } status productLevel"
    ),
    notes=(
        "periodType: flexible, fixed",
        "apyType: single, ladder",
        "advanceRedeem: Yes, No",
        "settleMethod: daily, maturity",
        "status: not_started, in_progress, paused, completed, sold_out, off_line",
        "productLevel: beginner, normal, VIP",
    ),
    source="docs 2025-12 earn/savings/Savings-Products; agent_hub, ccxt, bitget-api",
)

SAVINGS_ACCOUNT = Endpoint(
    "GET",
    "/api/v2/earn/savings/account",
    "Your savings in sum",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    fields=fields("btcAmount usdtAmount btc24hEarning usdt24hEarning btcTotalEarning usdtTotalEarning"),
    source="docs 2025-12 earn/savings/Savings-Account; ccxt, bitget-api",
)

SAVINGS_ASSETS = Endpoint(
    "GET",
    "/api/v2/earn/savings/assets",
    "Your savings one by one",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PERIOD_TYPE, START_3_MONTHS, END_3_MONTHS, LIMIT_20_UP_TO_100, ID_LESS_THAN),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields(
        "productId orderId productCoin interestCoin periodType period holdAmount lastProfit totalProfit "
        "holdDays status allowRedemption productLevel apy[]{ rateLevel minApy maxApy currentApy } "
        "advanceRedeem"
    ),
    notes=("status: in_progress, in_redemption", "advanceRedeem: Yes, No"),
    source="docs 2025-12 earn/savings/Savings-Assets; agent_hub, ccxt, bitget-api",
)

SAVINGS_RECORDS = Endpoint(
    "GET",
    "/api/v2/earn/savings/records",
    "Subscriptions, redemptions and interest of your savings",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        ANY_COIN,
        PERIOD_TYPE,
        Param("orderType", choices=("subscribe", "redeem", "pay_interest", "deduction")),
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_20_UP_TO_100,
        ID_LESS_THAN,
    ),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("orderId coinName settleCoinName productType period productLevel amount ts orderType"),
    notes=("productLevel: beginner, normal, VIP",),
    source="docs 2025-12 earn/savings/Savings-Records; ccxt, bitget-api",
)

SAVINGS_SUBSCRIBE_INFO = Endpoint(
    "GET",
    "/api/v2/earn/savings/subscribe-info",
    "Terms of a savings product before you subscribe",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID, PERIOD_TYPE),
    fields=fields(
        "singleMinAmount singleMaxAmount remainingAmount subscribePrecision profitPrecision subscribeTime "
        "interestTime settleTime expireTime redeemTime settleMethod apyList[]{ rateLevel minStepVal "
        "maxStepVal currentApy } redeemDelay"
    ),
    source="docs 2025-12 earn/savings/Savings-Subscribe-Info; ccxt, bitget-api",
)

SAVINGS_SUBSCRIBE = Endpoint(
    "POST",
    "/api/v2/earn/savings/subscribe",
    "Put a coin into savings",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(PRODUCT_ID, PERIOD_TYPE, AMOUNT),
    fields=fields("orderId"),
    source="docs 2025-12 earn/savings/Savings-Subscribe; agent_hub, ccxt, bitget-api",
)

SAVINGS_SUBSCRIBE_RESULT = Endpoint(
    "GET",
    "/api/v2/earn/savings/subscribe-result",
    "Whether a subscription to savings went through",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID, PERIOD_TYPE),
    fields=_SAVINGS_SUBSCRIBE_RESULT_FIELDS,
    notes=(words.RESULT,),
    source="docs 2025-12 earn/savings/Savings-Subscribe-Result; ccxt, bitget-api",
)

SAVINGS_REDEEM = Endpoint(
    "POST",
    "/api/v2/earn/savings/redeem",
    "Take a coin out of savings",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(PRODUCT_ID, ORDER_ID, PERIOD_TYPE, AMOUNT),
    fields=fields("orderId status"),
    source="docs 2025-12 earn/savings/Savings-Redeem; agent_hub, ccxt, bitget-api",
)

SAVINGS_REDEEM_RESULT = Endpoint(
    "GET",
    "/api/v2/earn/savings/redeem-result",
    "Whether a redemption from savings went through",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID_REQUIRED, PERIOD_TYPE),
    fields=_SAVINGS_SUBSCRIBE_RESULT_FIELDS,
    notes=(words.RESULT,),
    source="docs 2025-12 earn/savings/Savings-Redeem-Result; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    EARN_ASSETS,
    SAVINGS_PRODUCT,
    SAVINGS_ACCOUNT,
    SAVINGS_ASSETS,
    SAVINGS_RECORDS,
    SAVINGS_SUBSCRIBE_INFO,
    SAVINGS_SUBSCRIBE,
    SAVINGS_SUBSCRIBE_RESULT,
    SAVINGS_REDEEM,
    SAVINGS_REDEEM_RESULT,
)
