"""Earn: the whole, savings, elite and Shark Fin products."""

from __future__ import annotations

from bitget_cli.catalogue import enums
from bitget_cli.catalogue.enums import params
from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import FIVE_A_SECOND_PER_ACCOUNT, PageKind, Paging, by_id, get, get_list, post_funds

_PAGES_OF_RESULT_LIST = by_id(limit_default=20, limit_max=100, window_days=90, cursor="endId", rows_at="resultList")
_SAVINGS_SUBSCRIBE_RESULT_FIELDS = fields("result msg")

EARN_ASSETS = get_list(
    "/api/v2/earn/account/assets",
    "What you hold in Earn products",
    params=params("ANY_COIN"),
    fields=fields("coin amount"),
    source="docs 2025-12 earn/account/Earn-Assets; ccxt, bitget-api",
)

SAVINGS_PRODUCT = get_list(
    "/api/v2/earn/savings/product",
    "Savings on offer, with their yields",
    params=params("ANY_COIN filter:available|held|available_and_held|all"),
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

SAVINGS_ACCOUNT = get(
    "/api/v2/earn/savings/account",
    "Your savings in sum",
    fields=fields("btcAmount usdtAmount btc24hEarning usdt24hEarning btcTotalEarning usdtTotalEarning"),
    source="docs 2025-12 earn/savings/Savings-Account; ccxt, bitget-api",
)

SAVINGS_ASSETS = get(
    "/api/v2/earn/savings/assets",
    "Your savings one by one",
    params=params("PERIOD_TYPE START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields(
        "productId orderId productCoin interestCoin periodType period holdAmount lastProfit totalProfit holdDays "
        "status allowRedemption productLevel apy[]{ rateLevel minApy maxApy currentApy } advanceRedeem"
    ),
    notes=("status: in_progress, in_redemption", "advanceRedeem: Yes, No"),
    source="docs 2025-12 earn/savings/Savings-Assets; agent_hub, ccxt, bitget-api",
)

SAVINGS_RECORDS = get(
    "/api/v2/earn/savings/records",
    "Subscriptions, redemptions and interest of your savings",
    params=params(
        "ANY_COIN PERIOD_TYPE orderType:subscribe|redeem|pay_interest|deduction START_3_MONTHS END_3_MONTHS",
        "LIMIT_20_UP_TO_100 ID_LESS_THAN",
    ),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("orderId coinName settleCoinName productType period productLevel amount ts orderType"),
    notes=("productLevel: beginner, normal, VIP",),
    source="docs 2025-12 earn/savings/Savings-Records; ccxt, bitget-api",
)

SAVINGS_SUBSCRIBE_INFO = get(
    "/api/v2/earn/savings/subscribe-info",
    "Terms of a savings product before you subscribe",
    params=params("PRODUCT_ID PERIOD_TYPE"),
    fields=fields(
        "singleMinAmount singleMaxAmount remainingAmount subscribePrecision profitPrecision subscribeTime "
        "interestTime settleTime expireTime redeemTime settleMethod apyList[]{ rateLevel minStepVal maxStepVal "
        "currentApy } redeemDelay"
    ),
    source="docs 2025-12 earn/savings/Savings-Subscribe-Info; ccxt, bitget-api",
)

SAVINGS_SUBSCRIBE = post_funds(
    "/api/v2/earn/savings/subscribe",
    "Put a coin into savings",
    params=params("PRODUCT_ID PERIOD_TYPE AMOUNT"),
    fields=fields("orderId"),
    source="docs 2025-12 earn/savings/Savings-Subscribe; agent_hub, ccxt, bitget-api",
)

SAVINGS_SUBSCRIBE_RESULT = get(
    "/api/v2/earn/savings/subscribe-result",
    "Whether a subscription to savings went through",
    params=params("PRODUCT_ID PERIOD_TYPE"),
    fields=_SAVINGS_SUBSCRIBE_RESULT_FIELDS,
    notes=(enums.RESULT,),
    source="docs 2025-12 earn/savings/Savings-Subscribe-Result; ccxt, bitget-api",
)

SAVINGS_REDEEM = post_funds(
    "/api/v2/earn/savings/redeem",
    "Take a coin out of savings",
    params=params("PRODUCT_ID ORDER_ID PERIOD_TYPE AMOUNT"),
    fields=fields("orderId status"),
    source="docs 2025-12 earn/savings/Savings-Redeem; agent_hub, ccxt, bitget-api",
)

SAVINGS_REDEEM_RESULT = get(
    "/api/v2/earn/savings/redeem-result",
    "Whether a redemption from savings went through",
    params=params("ORDER_ID_REQUIRED PERIOD_TYPE"),
    fields=_SAVINGS_SUBSCRIBE_RESULT_FIELDS,
    notes=(enums.RESULT,),
    source="docs 2025-12 earn/savings/Savings-Redeem-Result; ccxt, bitget-api",
)

_ELITE_SUBSCRIBE_FIELDS = fields("orderId")

ELITE_PRODUCT = get_list(
    "/api/v2/earn/elite/product",
    "Elite products on offer",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    fields=fields(
        "productId coin minApr maxApr subscriptionCoinList[]{ subscriptionCoin precision feeRate exchangeRate "
        "remainQuota minAmount } sellOut"
    ),
    source="ccxt, bitget-api",
)

ELITE_ASSETS = get(
    "/api/v2/earn/elite/assets",
    "Your elite products",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    paging=Paging(rows_at="resultList"),
    fields=fields(
        "productId productCoin holdingAmount usdtHoldingAmount exchangeRate apr minApy maxApy subscriptionCoin "
        "exchangeAmount projectList unsettledBGPoints interestCoin totalProfit"
    ),
    source="ccxt, bitget-api",
)

ELITE_RECORDS = get(
    "/api/v2/earn/elite/records",
    "Subscriptions, redemptions and interest of elite products",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("type!:subscribe|redeem|interest START END limit cursor"),
    paging=Paging(PageKind.CURSOR, limit_default=100, cursor="endId", rows_at="recordList"),
    fields=fields(
        "recordId productId coin status exchangeRate receivedCoin receivedAmount investAmount feeRate redeemType "
        "receivingAccount actualReceivingAccount paymentAccount settlePoints fee"
    ),
    source="ccxt, bitget-api",
)

ELITE_SUBSCRIBE_INFO = get(
    "/api/v2/earn/elite/subscribe-info",
    "Terms of an elite product before you subscribe",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields(
        "productSubId minAmount remainQuota exchangeRate productCoin interestTime settleTime precision feeRate "
        "subscriptionCoinList"
    ),
    source="ccxt, bitget-api",
)

ELITE_SUBSCRIBE = post_funds(
    "/api/v2/earn/elite/subscribe",
    "Subscribe to an elite product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("productSubId! AMOUNT ANY_COIN paymentAccount:spot|unified"),
    fields=_ELITE_SUBSCRIBE_FIELDS,
    source="ccxt, bitget-api",
)

ELITE_SUBSCRIBE_RESULT = get(
    "/api/v2/earn/elite/subscribe-result",
    "Whether a subscription to an elite product went through",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ORDER_ID_REQUIRED"),
    fields=fields("result"),
    source="ccxt, bitget-api",
)

ELITE_REDEEM_INFO = get(
    "/api/v2/earn/elite/redeem-info",
    "Terms of a redemption from an elite product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("PRODUCT_ID"),
    fields=fields(
        "productId productSubId productCoin subscriptionCoin profitCoin exchangeRate totalUnPayInterestAmount "
        "preSettleApr receivedCoin unsettledPoints bgusdReceiveCoinList redeemModeList"
    ),
    source="ccxt, bitget-api",
)

ELITE_REDEEM = post_funds(
    "/api/v2/earn/elite/redeem",
    "Redeem an elite product",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params(
        "PRODUCT_ID productSubId! redeemType!:fast|standard AMOUNT receiveAccount!:spot|unified advancedSettle:yes|no",
        "ANY_COIN",
    ),
    fields=_ELITE_SUBSCRIBE_FIELDS,
    source="ccxt, bitget-api",
)

SHARKFIN_PRODUCT = get(
    "/api/v2/earn/sharkfin/product",
    "Shark Fin products on offer, with their price bands",
    params=params("COIN LIMIT_20_UP_TO_100 ID_LESS_THAN"),
    paging=by_id(limit_default=20, limit_max=100, cursor="endId", rows_at="resultList"),
    fields=fields(
        "productId productName productCoin subscribeCoin farmingStartTime farmingEndTime lowerRate defaultRate "
        "upperRate period interestStartTime status minAmount limitAmount soldAmount endTime startTime"
    ),
    notes=("status: not_started, in_progress, paused, interest_pending, settle_pending, settled, redeemed, sold_out",),
    source="docs 2025-12 earn/sharkfin/Shark-Products; ccxt, bitget-api",
)

SHARKFIN_ACCOUNT = get(
    "/api/v2/earn/sharkfin/account",
    "Your Shark Fin products in sum",
    fields=fields(
        "btcSubscribeAmount usdtSubscribeAmount btcHistoricalAmount usdtHistoricalAmount btcTotalEarning "
        "usdtTotalEarning"
    ),
    source="docs 2025-12 earn/sharkfin/Shark-Account; ccxt, bitget-api",
)

SHARKFIN_ASSETS = get(
    "/api/v2/earn/sharkfin/assets",
    "Your Shark Fin products one by one",
    params=params("status!:subscribed|settled START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 ID_LESS_THAN"),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields(
        "productId interestStartTime interestEndTime productCoin subscribeCoin trend settleTime interestAmount "
        "productStatus"
    ),
    notes=("trend: up, down", "productStatus: running, pause, wait_interest, wait_settle, settle, redeem, sell_out"),
    source="docs 2025-12 earn/sharkfin/Shark-Assets; ccxt, bitget-api",
)

SHARKFIN_RECORDS = get(
    "/api/v2/earn/sharkfin/records",
    "Subscriptions, redemptions and interest of Shark Fin",
    params=params(
        "ANY_COIN type!:subscription|redemption|interest START_3_MONTHS END_3_MONTHS LIMIT_20_UP_TO_100 ID_LESS_THAN"
    ),
    paging=_PAGES_OF_RESULT_LIST,
    fields=fields("orderId product period amount ts type"),
    source="docs 2025-12 earn/sharkfin/Shark-Records; ccxt, bitget-api",
)

SHARKFIN_SUBSCRIBE_INFO = get(
    "/api/v2/earn/sharkfin/subscribe-info",
    "Terms of a Shark Fin product before you subscribe",
    params=params("PRODUCT_ID"),
    fields=fields(
        "productCoin subscribeCoin interestTime expirationTime minPrice currentPrice maxPrice minRate defaultRate "
        "maxRate period productMinAmount availableBalance userAmount remainingAmount profitPrecision "
        "subscribePrecision"
    ),
    source="docs 2025-12 earn/sharkfin/Shark-Subscribe-Info; ccxt, bitget-api",
)

SHARKFIN_SUBSCRIBE = post_funds(
    "/api/v2/earn/sharkfin/subscribe",
    "Subscribe to a Shark Fin product",
    params=params("PRODUCT_ID AMOUNT"),
    fields=fields("orderId status"),
    source="docs 2025-12 earn/sharkfin/Shark-Subscribe; ccxt, bitget-api",
)

SHARKFIN_SUBSCRIBE_RESULT = get(
    "/api/v2/earn/sharkfin/subscribe-result",
    "Whether a subscription to Shark Fin went through",
    rate=FIVE_A_SECOND_PER_ACCOUNT,
    params=params("ORDER_ID_REQUIRED"),
    fields=fields("result msg"),
    notes=(enums.RESULT,),
    source="docs 2025-12 earn/sharkfin/Shark-Subscribe-Result; ccxt, bitget-api",
)
