"""Elite earn products."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import FIVE_A_SECOND_PER_ACCOUNT, Effect, PageKind, Paging, Param, get, post

ELITE_ASSETS = get(
    "/api/v3/earn/elite-assets",
    "What is held in elite earn products",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    paging=Paging(rows_at="resultList"),
    fields=fields(
        "productId productCoin holdingAmount usdtHoldingAmount exchangeRate apr minApy maxApy "
        "subscriptionCoin exchangeAmount projectList[]{ projectName } unsettledBGPoints interestCoin "
        "totalProfit"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ELITE_PRODUCT = get(
    "/api/v3/earn/elite-product",
    "Elite earn products there are",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "productId coin minApr maxApr subscriptionCoinList[]{ subscriptionCoin precision feeRate exchangeRate } sellOut"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ELITE_RECORDS = get(
    "/api/v3/earn/elite-records",
    "Past subscriptions, redemptions and interest of elite earn",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("type! START END LIMIT CURSOR"),
    paging=Paging(PageKind.CURSOR, cursor="endId", rows_at="recordList", row_id="recordId"),
    fields=fields(
        "recordId productId coin status exchangeRate receivedCoin receivedAmount investAmount feeRate "
        "redeemType receivingAccount actualReceivingAccount paymentAccount settlePoints fee"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ELITE_REDEEM = post(
    "/api/v3/earn/elite-redeem",
    "Redeem an elite earn product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=params("PRODUCT_ID productSubId! redeemType! AMOUNT receiveAccount! ANY_LISTED_COIN advancedSettle"),
    fields=fields("orderId"),
    notes=(enums.MGT_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

ELITE_REDEEM_INFO = get(
    "/api/v3/earn/elite-redeem-info",
    "What redeeming an elite earn product would give",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields(
        "productId productSubId productCoin subscriptionCoin profitCoin exchangeRate "
        "totalUnPayInterestAmount preSettleApr receivedCoin unsettledPoints bgusdReceiveCoinList[]{ "
        "bgusdReceiveCoin bgusdExchangeRate } redeemModeList[]{ redeemFeeRate remainQuota redeemType "
        "redeemScale redeemDelayDate minRedeemAmount redeemTime }"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ELITE_SUBSCRIBE = post(
    "/api/v3/earn/elite-subscribe",
    "Subscribe to an elite earn product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    effect=Effect.FUNDS,
    params=params(
        "productSubId! AMOUNT ANY_LISTED_COIN", Param("paymentAccounts", note="the singular is refused with 59054")
    ),
    fields=fields("orderId"),
    notes=(enums.MGT_WRITE,),
    source="ccxt, bitget-api, go-bitget",
)

ELITE_SUBSCRIBE_INFO = get(
    "/api/v3/earn/elite-subscribe-info",
    "Terms of subscribing to an elite earn product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields(
        "productSubId minAmount remainQuota exchangeRate productCoin interestTime settleTime precision "
        "feeRate subscriptionCoinList[]{ subscriptionCoin remainQuota precision feeRate exchangeRate "
        "minAmount }"
    ),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)

ELITE_SUBSCRIBE_RESULT = get(
    "/api/v3/earn/elite-subscribe-result",
    "Whether a subscription to elite earn succeeded",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ORDER_ID_REQUIRED"),
    fields=fields("result"),
    notes=(enums.MGT_READ,),
    source="ccxt, bitget-api, go-bitget",
)
