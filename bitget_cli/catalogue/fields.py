"""What Bitget's field names mean: the heading and the kind of each, said once for every table."""

from __future__ import annotations

import re
from functools import cache

from bitget_cli.catalogue.model import Field, FieldKind

# Every name not listed is TEXT.
_NAMES = {
    FieldKind.ID: """
        adlRankDeprecated advId advNo annId billId bizOrderId clientOid closeOrderId coinId endId
        executeOrderId fillId followerUid fromUserId id idLessThan interestId inviterId liqId loanId marginId
        maxId merchantId minAdvId minId minMerchantId minOrderId newTransferId openOrderId orderId orderNo
        orderProductId parentId paymentId paymethodId positionId productId productSubId profitId recordId
        repayId repayOrderId riskUnitId stopLossClientOid stopLossId stopSurplusClientOid subaAccountUid
        subAccountUid subUid takeProfitId toUserId traceId trackingNo tradeId traderId transferId txId uid
        userId
    """,
    FieldKind.NUMBER: """
        accountEquity adlRank advSize amount amountUsdt askPr askSz assetAmount available availableBalance
        avgPaymentTime avgReleaseTime balance baseCoinMaxBorrowAmount baseCoinMaxTransferOutAmount
        baseMaxBorrowableAmount basePrice baseSize baseVolume bgbEstAmount bgbFollowCount bgbMaxFollowLimit
        bidPr bidSz bonus borrow borrowAmount borrowLimit breakEvenPrice btc24hEarning btcAmount btcEquity
        btcHistoricalAmount btcSubscribeAmount btcTotalEarning btcWithdrawAmount buy30d buyDelegateSize
        buyFillSize buyPrice buyVolume callbackRatio close closeAvgPrice closePriceAvg closeSize closeTotalPos
        cnvtPrice coinPrecision confirm convertedUsdtAmount convertRatio count coupon crossedMargin
        crossedMarginLeverage crossedMaxAvailable crossMarginLeverage currentFollowerNum currentPrice
        dayTotalRebateAmount dealAmount dealtAmount deduct deductedFee deduction depositAmount depositConfirm
        dolphinBuyVolume dolphinSellVolume endUnit equity estOpeningPrice exchangeAmount exchangeRate
        executePrice executeStopLossPrice executeTakeProfitPrice extraWithdrawFee fiatPrecision fillSize
        fishBuyVolume fishSellVolume followCount forceRate fromAmount fromCoinPrice fromCoinSize fromSize
        frozen fundingRateInterval fundInterval futuresTradingVolume futuresVolume futureVolume gainNum high
        high24h holdAmount holdDays holdingAmount indexPrice individualLimit initLoanAmount initPledgeAmount
        interestFreeLimit interestLimit investAmount isolatedLongLever isolatedMargin isolatedMaxAvailable
        isolatedShortLever lastPr level leverage liability limit limitAmount limitAvailable liqPrice
        liquidationPrice loanAmount locked longLeverage longShortAccountRatio longShortPositionRatio
        longShortRatio lossNum low low24h lowerRate ltv marginSize markPrice matchedVolume max maxAmount
        maxBorrowableAmount maxCompleteNum maxConvertValue maxCrossedLeverage maxFollowerNum maxFollowLimit
        maxFollowSize maxHoldSize maxIsolatedLeverage maxLever maxLeverage maxMarketOrderQty maxOpen
        maxOrderQty maxPositionNum maxPrice maxProductOrderNum maxQuoteSize maxStepVal maxSubAccountSize
        maxSymbolOrderNum maxTraceAmount maxTraceAmountSystem maxTraceSize maxTradeAmount maxTransferIn
        maxTransferOut maxTransferOutAmount maxUsdt min minAmount minCompleteNum minDepositAmount
        minFollowSize minLever minOpenCount minPrice minStepVal minTraceAmount minTraceSize minTradeAmount
        minTradeNum minTradeUSDT minUsdt minWithdrawAmount notionalValue open open24h openAvgPrice
        openDelegateSize openLeverage openMarginSz openPriceAvg openSize openTotalPos openUtc orderQuantity
        paidFee payDuration period placeOrderNum pledgeAmount pledgePrice posAvg posLimit precision
        presetStopLossExecutePrice presetStopLossPrice presetStopSurplusExecutePrice presetStopSurplusPrice
        presetTakeProfitPrice price priceAvg priceEndStep pricePlace pricePrecision productMinAmount
        profitCount profitPrecision pureFee quantityPrecision quoteCoinMaxBorrowAmount
        quoteCoinMaxTransferOutAmount quoteMaxBorrowableAmount quotePrecision quoteSize quoteVolume rank
        ratePeriod receivedAmount reduceFee remainDebtAmount remainingAmount remainQuota removeLimitUsdt
        repaidAmount repaidInterest repayAmount repayInterest repayLoanAmount repayPrincipal repayUnlockAmount
        residueAmount reviseAmount runlockAmount scale sell30d sellPrice sellVolume settlePoints shortLeveage
        shortLeverage singleMaxAmount singleMinAmount size sizeMultiplier soldAmount spotTradingVolume
        spotVolume startUnit stopLoss stopLossExecutePrice stopLossPrice stopLossTriggerPrice
        stopSurplusExecutePrice stopSurplusPrice stopSurplusTriggerPrice subAccountSize subscribePrecision
        surplusQuoteSize takeProfit tier toAmount toCoinPrice toCoinSize toSize total totalActiveTraders
        totalAmount totalAssets totalBuy totalDebt totalEquity totalFollowerNum totalLimit totalNotionalValue
        totalSell totalTrades totalTradingVolume totalUnPayInterestAmount traceTotalAmount
        traceTotalMarginAmount traceValue trades30d tradingOrderNum transfered triggerPrice turnoverNum
        unionAvailable unionMm unionTotalMagin unionTotalMargin unpaidAmount unpaidInterest unpaidQty
        unpaidUsdtAmount unsettledBGPoints unsettledPoints upperRate usdtAmount usdtBalance usdtEquity
        usdtHistoricalAmount usdtHoldingAmount usdtSubscribeAmount usdtValue usdtVolume usdtWithdrawAmount
        userAmount userLimit userMinBorrow value volume volumePlace volumn whaleBuyVolume whaleSellVolume
        withdrawConfirm withdrawFee withdrawMinScale withdrawStep
    """,
    FieldKind.SIGNED: """
        achievedPL achievedProfits activityBonusDeduct buyFee closeFee crossedUnrealizedPL directCommission
        fee feeByCoupon feeDeduction feePaid fees futuresCommission futuresCouponDeduct futuresPureTradingFee
        futuresTradingFee hourInterest interest interestAmount interset isolatedUnrealizedPL lastProfit liqFee
        markUpFee negativeMakerFeeDeduct net netFlow netProfit openFee payInterest pnl profit rebateAmount
        sellFee spotCommission spotCouponDeduct spotFeeDiscountDeduct spotPureTradingFee spotTradingFee
        sumProfit totalCommission totalDeductionFee totalFee totalFunding totalpl totalProfit totalProfits
        totalRebateAmount traceTotalNetProfit traceTotalProfit unrealizedPL usdt24hEarning usdtTotalEarning
        userTotalRebateAmount waitProfit yesterdayProfit
    """,
    FieldKind.RATIO: """
        achievedPLR change24h changeUtc24h growthRate profitRate roi unrealizedPLR winRate
    """,
    FieldKind.RATE: """
        afterPledgeRate annualInterestRate annuallyInterestRate apr apy baseAnnuallyInterestRate
        baseDailyInterestRate beforePledgeRate borrowRate buyLimitPriceRatio clientFuturesRebateRatio
        clientSpotRebateRatio completeRate30d completionRate30d crossedRiskRate currentApy daily
        dailyInterestRate defaultRate discountRate distributeRatio dolphinBuyRatio dolphinSellRatio feeRate
        feeRateUpRatio fishBuyRatio fishSellRatio fundingRate hourInterestRate hourRate hourRate30D hourRate7D
        imr individualLimitRatio initRate keepMarginRate liqRiskRatio liquidationLine liquidationRiskRatio
        longAccountRatio longPositionRatio longRatio maintainMarginRate makerFeeRate makerRate marginRatio
        maxApr maxApy maxFundingRate maxRate maxStopLossRation maxStopSurplusRation maxTraceRation minApr
        minApy minFundingRate minRate minStopLossRation minStopSurplusRation minTraceRation mmr
        openCostUpRatio pledgeRate preSettleApr quoteAnnuallyInterestRate quoteDailyInterestRate rate rate30D
        rate7D riskRate riskRateRatio sellLimitPriceRatio shortAccountRatio shortPositionRatio shortRatio
        sliderMaxStopLossRatio sliderMaxStopSurplusRatio spotBuyLine stopLiquidationLine stopLossRatio
        stopLossRation stopSurplusRatio stopSurplusRation supRate takerFeeRate totalCompletionRate
        transferLine turnoverRate warningRiskRatio whaleBuyRatio whaleSellRatio
    """,
    FieldKind.TIME: """
        auctionEndTime borrowTime buyTime closeTime createdTime cTime ctime date deliveryStartTime
        deliveryTime depositTime endTime expirationTime expireTime farmingEndTime farmingStartTime
        firstTimeDeposit firstTimeTrade followerTime fundingTime interestEndTime interestStartTime
        interestTime lastProfitTime launchTime limitOpenTime liqEndTime liqStartTime loanTime maintainTime
        nextFundingTime nextSettleTime nextUpdate offTime openTime paymentTime profitTime redeemTime
        reduceTime registerTime regisTime releaseTime repaidTime repayTime representTime reviseTime sellTime
        serverTime settleTime stageEndTime startTime subscribeTime time ts updatedTime uTime utime
        withdrawTime yesterdayTime
    """,
    FieldKind.SIDE: "holdSide posSide side",
    FieldKind.NESTED: """
        apyList authorities bgusdReceiveCoinList currentTradingList currentTradingPairs feeDetail futureList
        ipList labelList lastMonthProfitList lastMonthRoiList lastWeekProfitList lastWeekRoiList
        merchantCertifiedList orderIdList paymethodInfo permissions permList projectList redeemModeList
        spotList spotSymbols subAccountUids subscriptionCoinList supportMarginCoins tradingPairsAvailableList
        userLimitList
    """,
    FieldKind.FLAG: """
        advanceRedeem allowMerchantPlace allowRedemption areaSymbol autoMargin baseBorrowable baseTransferable
        borrowable emailBindStatus enable followerEnable hasNextPage hide isBorrowable isCrossBorrowable
        isIsolatedBaseBorrowable isIsolatedQuoteBorrowable isMaxPrecision isOnline isRemove isRwa kycStatus
        mobileBindStatus needTag nextFlag openTrader quoteBorrowable quoteTransferable quoteTransferInAble
        rechargeable reduceOnly required sellOut showAssetsMap showEquity transfer transferable withdrawable
    """,
}
_KIND = {name: kind for kind, names in _NAMES.items() for name in names.split()}

# Where the name itself, spelt out, would read badly. Every other label is the name: openPriceAvg, "Open price avg".
_LABEL = {
    "achievedPL": "Realized PnL",
    "achievedPLR": "Realized PnL %",
    "achievedProfits": "Realized PnL",
    "adlRank": "ADL rank",
    "amountUsdt": "Amount in USDT",
    "annDesc": "Summary",
    "annId": "Id",
    "annSubType": "Subtype",
    "annTitle": "Title",
    "annType": "Type",
    "annUrl": "Link",
    "askPr": "Ask",
    "askSz": "Ask size",
    "bidPr": "Bid",
    "bidSz": "Bid size",
    "cTime": "Created",
    "change24h": "24h %",
    "changeUtc24h": "UTC day %",
    "clientOid": "Client id",
    "createdTime": "Created",
    "ctime": "Created",
    "fundInterval": "Funding hours",
    "fundingRateInterval": "Interval h",
    "high24h": "24h high",
    "holdSide": "Side",
    "holdingAmount": "Open interest",
    "imr": "Initial margin rate",
    "isRwa": "Real-world asset",
    "keepMarginRate": "Maintenance margin",
    "lastPr": "Last",
    "liqPrice": "Liquidation price",
    "low24h": "24h low",
    "markPrice": "Mark",
    "indexPrice": "Index",
    "mmr": "Maintenance margin rate",
    "open24h": "24h ago",
    "openTotalPos": "Opened size",
    "closeTotalPos": "Closed size",
    "openUtc": "UTC open",
    "orderId": "Order id",
    "pnl": "PnL",
    "posMode": "Position mode",
    "posSide": "Position side",
    "ratePeriod": "Period h",
    "roi": "Return",
    "subUid": "Sub-account",
    "subAccountUid": "Sub-account",
    "totalpl": "Total PnL",
    "tradeScope": "Role",
    "ts": "Time",
    "txId": "Transaction",
    "uTime": "Updated",
    "uid": "UID",
    "unionMm": "Union maintenance margin",
    "unrealizedPL": "Unrealized PnL",
    "crossedUnrealizedPL": "Crossed unrealized PnL",
    "isolatedUnrealizedPL": "Isolated unrealized PnL",
    "unrealizedPLR": "Unrealized PnL %",
    "updatedTime": "Updated",
    "userId": "UID",
    "utime": "Updated",
    "volumn": "Volume",
}
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def fields(words: str) -> tuple[Field, ...]:
    """The fields named in `words`: "price chains[]{ chain needTag }" stands for price, chains and chains[].chain ….

    A name and its brace make a nested field: `name[]{` for a list of objects, `name{` for one object. `balance|total`
    is one field that Bitget's page calls by one name and its answers by the other.
    """
    found: list[Field] = []
    outside: list[str] = []
    for word in words.split():
        if word == "}":
            outside.pop()
        elif word.endswith("{"):
            path = ".".join((*outside, word[:-1]))
            found.append(Field(path.removesuffix("[]"), label(path), FieldKind.NESTED))
            outside.append(word[:-1])
        else:
            found.append(_one(".".join((*outside, word))))
    return tuple(found)


def places(words: str) -> tuple[Field, ...]:
    """The places of a row that is an array, in order."""
    return tuple(
        Field(name, label(name), _KIND.get(name, FieldKind.TEXT), place=place)
        for place, name in enumerate(words.split())
    )


@cache
def label(path: str) -> str:
    """The heading of a field, from the last name of its path: "openPriceAvg" is "Open price avg"."""
    name = path.rpartition(".")[2].removesuffix("[]")
    if name in _LABEL:
        return _LABEL[name]
    first, *rest = _HUMP.split(name)
    return " ".join([first[:1].upper() + first[1:], *(word if word.isupper() else word.lower() for word in rest)])


@cache
def _one(path: str) -> Field:
    path, _, also = path.partition("|")
    name = path.rpartition(".")[2]
    kind = FieldKind.NESTED if name.endswith("[]") else _KIND.get(name, FieldKind.TEXT)
    return Field(path.removesuffix("[]"), label(path), kind, also=also)
