"""Earn: Shark Fin products."""

from __future__ import annotations

from bitget_cli.catalogue import words
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import (
    AMOUNT,
    ANY_COIN,
    COIN,
    END_3_MONTHS,
    ID_LESS_THAN,
    LIMIT_20_UP_TO_100,
    ORDER_ID_REQUIRED,
    PRODUCT_ID,
    START_3_MONTHS,
)
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT, TEN_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param

_PAGES_OF_RESULT_LIST = Paging(
    PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="resultList"
)

SHARKFIN_PRODUCT = Endpoint(
    "GET",
    "/api/v2/earn/sharkfin/product",
    "Shark Fin products on offer, with their price bands",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(COIN, LIMIT_20_UP_TO_100, ID_LESS_THAN),
    paging=Paging(PageKind.ID_LESS_THAN, limit_default=20, limit_max=100, cursor="endId", rows_at="resultList"),
    fields=fields(
        "productId productName productCoin subscribeCoin farmingStartTime farmingEndTime lowerRate "
        "defaultRate upperRate period interestStartTime status minAmount limitAmount soldAmount endTime "
        "startTime"
    ),
    notes=(
        ("status: not_started, in_progress, paused, interest_pending, settle_pending, settled, redeemed, sold_out"),
    ),
    source="docs 2025-12 earn/sharkfin/Shark-Products; ccxt, bitget-api",
)

SHARKFIN_ACCOUNT = Endpoint(
    "GET",
    "/api/v2/earn/sharkfin/account",
    "Your Shark Fin products in sum",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "btcSubscribeAmount usdtSubscribeAmount btcHistoricalAmount usdtHistoricalAmount btcTotalEarning "
        "usdtTotalEarning"
    ),
    source="docs 2025-12 earn/sharkfin/Shark-Account; ccxt, bitget-api",
)

SHARKFIN_ASSETS = Endpoint(
    "GET",
    "/api/v2/earn/sharkfin/assets",
    "Your Shark Fin products one by one",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        Param("status", required=True, choices=("subscribed", "settled")),
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_20_UP_TO_100,
        ID_LESS_THAN,
    ),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields(
        "productId interestStartTime interestEndTime productCoin subscribeCoin trend settleTime "
        "interestAmount productStatus"
    ),
    notes=("trend: up, down", "productStatus: running, pause, wait_interest, wait_settle, settle, redeem, sell_out"),
    source="docs 2025-12 earn/sharkfin/Shark-Assets; ccxt, bitget-api",
)

SHARKFIN_RECORDS = Endpoint(
    "GET",
    "/api/v2/earn/sharkfin/records",
    "Subscriptions, redemptions and interest of Shark Fin",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(
        ANY_COIN,
        Param("type", required=True, choices=("subscription", "redemption", "interest")),
        START_3_MONTHS,
        END_3_MONTHS,
        LIMIT_20_UP_TO_100,
        ID_LESS_THAN,
    ),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("orderId product period amount ts type"),
    source="docs 2025-12 earn/sharkfin/Shark-Records; ccxt, bitget-api",
)

SHARKFIN_SUBSCRIBE_INFO = Endpoint(
    "GET",
    "/api/v2/earn/sharkfin/subscribe-info",
    "Terms of a Shark Fin product before you subscribe",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID,),
    fields=fields(
        "productCoin subscribeCoin interestTime expirationTime minPrice currentPrice maxPrice minRate "
        "defaultRate maxRate period productMinAmount availableBalance userAmount remainingAmount "
        "profitPrecision subscribePrecision"
    ),
    source="docs 2025-12 earn/sharkfin/Shark-Subscribe-Info; ccxt, bitget-api",
)

SHARKFIN_SUBSCRIBE = Endpoint(
    "POST",
    "/api/v2/earn/sharkfin/subscribe",
    "Subscribe to a Shark Fin product",
    rate=TEN_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(PRODUCT_ID, AMOUNT),
    fields=fields("orderId status"),
    source="docs 2025-12 earn/sharkfin/Shark-Subscribe; ccxt, bitget-api",
)

SHARKFIN_SUBSCRIBE_RESULT = Endpoint(
    "GET",
    "/api/v2/earn/sharkfin/subscribe-result",
    "Whether a subscription to Shark Fin went through",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID_REQUIRED,),
    fields=fields("result msg"),
    notes=(words.RESULT,),
    source="docs 2025-12 earn/sharkfin/Shark-Subscribe-Result; ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    SHARKFIN_PRODUCT,
    SHARKFIN_ACCOUNT,
    SHARKFIN_ASSETS,
    SHARKFIN_RECORDS,
    SHARKFIN_SUBSCRIBE_INFO,
    SHARKFIN_SUBSCRIBE,
    SHARKFIN_SUBSCRIBE_RESULT,
)
