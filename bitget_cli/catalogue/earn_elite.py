"""Earn: elite products."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.params import AMOUNT, ANY_COIN, END, ORDER_ID_REQUIRED, PRODUCT_ID, START
from bitget_cli.catalogue.rates import FIVE_A_SECOND_PER_ACCOUNT
from bitget_cli.catalogue.rows import Effect, Endpoint, PageKind, Paging, Param, Shape

_PRODUCT_SUB_ID_REQUIRED = Param("productSubId", required=True)
_ELITE_SUBSCRIBE_FIELDS = fields("orderId")

ELITE_PRODUCT = Endpoint(
    "GET",
    "/api/v2/earn/elite/product",
    "Elite products on offer",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    shape=Shape.ARRAY,
    fields=fields(
        "productId coin minApr maxApr subscriptionCoinList[]{ subscriptionCoin precision feeRate exchangeRate"
        " remainQuota minAmount } sellOut"
    ),
    source="ccxt, bitget-api",
)

ELITE_ASSETS = Endpoint(
    "GET",
    "/api/v2/earn/elite/assets",
    "Your elite products",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    paging=Paging(rows_at="resultList"),
    fields=fields(
        "productId productCoin holdingAmount usdtHoldingAmount exchangeRate apr minApy maxApy "
        "subscriptionCoin exchangeAmount projectList unsettledBGPoints interestCoin totalProfit"
    ),
    source="ccxt, bitget-api",
)

ELITE_RECORDS = Endpoint(
    "GET",
    "/api/v2/earn/elite/records",
    "Subscriptions, redemptions and interest of elite products",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(
        Param("type", required=True, choices=("subscribe", "redeem", "interest")),
        START,
        END,
        Param("limit"),
        Param("cursor"),
    ),
    paging=Paging(PageKind.CURSOR, limit_default=100, cursor="endId", rows_at="recordList"),
    fields=fields(
        "recordId productId coin status exchangeRate receivedCoin receivedAmount investAmount feeRate "
        "redeemType receivingAccount actualReceivingAccount paymentAccount settlePoints fee"
    ),
    source="ccxt, bitget-api",
)

ELITE_SUBSCRIBE_INFO = Endpoint(
    "GET",
    "/api/v2/earn/elite/subscribe-info",
    "Terms of an elite product before you subscribe",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID,),
    fields=fields(
        "productSubId minAmount remainQuota exchangeRate productCoin interestTime settleTime precision "
        "feeRate subscriptionCoinList"
    ),
    source="ccxt, bitget-api",
)

ELITE_SUBSCRIBE = Endpoint(
    "POST",
    "/api/v2/earn/elite/subscribe",
    "Subscribe to an elite product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(_PRODUCT_SUB_ID_REQUIRED, AMOUNT, ANY_COIN, Param("paymentAccount", choices=("spot", "unified"))),
    fields=_ELITE_SUBSCRIBE_FIELDS,
    source="ccxt, bitget-api",
)

ELITE_SUBSCRIBE_RESULT = Endpoint(
    "GET",
    "/api/v2/earn/elite/subscribe-result",
    "Whether a subscription to an elite product went through",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(ORDER_ID_REQUIRED,),
    fields=fields("result"),
    source="ccxt, bitget-api",
)

ELITE_REDEEM_INFO = Endpoint(
    "GET",
    "/api/v2/earn/elite/redeem-info",
    "Terms of a redemption from an elite product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=(PRODUCT_ID,),
    fields=fields(
        "productId productSubId productCoin subscriptionCoin profitCoin exchangeRate totalUnPayInterestAmount"
        " preSettleApr receivedCoin unsettledPoints bgusdReceiveCoinList redeemModeList"
    ),
    source="ccxt, bitget-api",
)

ELITE_REDEEM = Endpoint(
    "POST",
    "/api/v2/earn/elite/redeem",
    "Redeem an elite product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=(
        PRODUCT_ID,
        _PRODUCT_SUB_ID_REQUIRED,
        Param("redeemType", required=True, choices=("fast", "standard")),
        AMOUNT,
        Param("receiveAccount", required=True, choices=("spot", "unified")),
        Param("advancedSettle", choices=("yes", "no")),
        ANY_COIN,
    ),
    fields=_ELITE_SUBSCRIBE_FIELDS,
    source="ccxt, bitget-api",
)

ROWS: tuple[Endpoint, ...] = (
    ELITE_PRODUCT,
    ELITE_ASSETS,
    ELITE_RECORDS,
    ELITE_SUBSCRIBE_INFO,
    ELITE_SUBSCRIBE,
    ELITE_SUBSCRIBE_RESULT,
    ELITE_REDEEM_INFO,
    ELITE_REDEEM,
)
