"""What Bitget's field names mean: the heading and the kind of each, said once for every table."""

from __future__ import annotations

import re
from functools import cache

from bitget_cli.catalogue.model import Field, FieldKind

# Every name not listed is TEXT.
_NAMES = {
    FieldKind.ID: """
        adlRankDeprecated advId advNo annId annUrl billId bizOrderId botId clientOid closeExecId closeOrderId
        coinId endId execId execLinkId executeOrderId fillId followerUid fromUid fromUserId id
        idLessThan interestId inviterId liqId loanId marginId maxId merchantId minAdvId minId
        minMerchantId minOrderId newTransferId nextId oldTransferId openExecId openOrderId orderId
        orderNo orderProductId parentId paymentId payMethodId paymethodId positionId productId
        productSubId profitId recordId repayId repayOrderId riskUnitId stopLossClientOid stopLossId
        stopSurplusClientOid subaAccountUid subAccountUid subClientOid subOrderId subUid takeProfitId
        toUid toUserId traceId trackingNo tradeId traderId transferId txId uid userId userPayMethodId
    """,
    FieldKind.NUMBER: """
        accountEquity adlRank adMaxLimit adMinLimit advMaxPendingOrder advSize amount amountUsdt
        ask1Price ask1Size askPr askSz assetAmount available availableBalance avgPaymentTime
        avgPayTime30D avgPrice avgReleaseTime avgReleaseTime30D avgTime balance
        baseCoinMaxBorrowAmount baseCoinMaxTransferOutAmount baseInvestmentAmount
        baseMaxBorrowableAmount basePrice baseSize baseVolume bgbEstAmount bgbFollowCount
        bgbMaxFollowLimit bgusdExchangeRate bid1Price bid1Size bidPr bidSz bonus borrow borrowAmount
        borrowLimit borrowMaxTransfer breakEvenPrice btc24hEarning btcAmount btcEquity
        btcHistoricalAmount btcSubscribeAmount btcTotalEarning btcWithdrawAmount buy30d
        buyDelegateSize buyFillSize buyMaxTokenAmount buyMinTokenAmount buyOpenCost buyPrice buyVolume
        callbackRatio cashDividendPerShare close closeAvgPrice closePriceAvg closeSize closeTotalPos
        cnvtPrice coinContractLeverage coinPrecision completedOrderNum completedOrderNum30D confirm
        convertedUsdtAmount convertRatio count coupon crossedMargin crossedMarginLeverage
        crossedMaxAvailable crossMarginLeverage cumExecQty cumExecValue currentBaseBalance
        currentFollowerNum currentPrice currentQuoteBalance dayTotalRebateAmount dealAmount
        dealtAmount debt deduct deductedFee deduction delegateCount delegatePrice deltaThreshold
        depositAmount depositConfirm dolphinBuyVolume dolphinSellVolume effEquity endUnit equity
        equivalentPrice estimateAssets estimatedAmount estMaxBorrowable estMaxOpen estOpeningPrice
        exchangeAmount exchangeRate execPrice execQty executePrice executeStopLossPrice
        executeTakeProfitPrice execValue extraWithdrawFee feeAmount fiatPrecision fillSize
        fishBuyVolume fishSellVolume fixedRateMax fixedRateMin followCount followDays forceRate
        fromAmount fromCoinPrice fromCoinSize fromSize frozen frozenBalance fundingRateInterval
        fundInterval futuresTradingVolume futuresVolume futureVolume gainNum gridNum gridStartPrice
        high high24h highPrice24h holdAmount holdAveragePrice holdDays holdingAmount holdPosition
        holdSize indexPrice individualLimit initialBaseHoldings initialQuoteHoldings initLoanAmount
        initPledgeAmount interestFreeAmount interestFreeLimit interestLimit investAmount
        isolatedLongLever isolatedMargin isolatedMaxAvailable isolatedShortLever lastAmount lastPr
        lastPrice level leverage liability limit limitAmount limitAvailable liqPrice liquidationPrice
        loanAmount locked longLeverage longShortAccountRatio longShortPositionRatio longShortRatio
        lossNum low low24h lowerRate lowPrice24h ltv margin marginLeverage marginSize marketMakerLimit
        markPrice masterSubCap masterSubLimit masterSubQuota matchedVolume max maxAdvBuyLimit
        maxAdvBuyNum maxAdvSellLimit maxAdvSellNum maxAmount maxBorrowableAmount maxBorrowAmount
        maxBorrowLimit maxBuyAvailable maxBuyOpen maxCompleteNum maxConvertValue maxCrossedLeverage
        maxFollowerNum maxFollowLimit maxFollowSize maxHoldSize maxIsolatedLeverage maxLever
        maxLeverage maxLongCount maxMarketOrderQty maxOpen maxOrderQty maxPledgeAmount maxPositionNum
        maxPrice maxProductOrderNum maxQuoteSize maxSelection maxSellAvailable maxSellOpen
        maxShortCount maxStepVal maxSubAccountSize maxSymbolOrderNum maxTierValue maxTraceAmount
        maxTraceAmountSystem maxTraceSize maxTradeAmount maxTransfer maxTransferable maxTransferIn
        maxTransferOut maxTransferOutAmount maxUsdt min minAmount minBorrowAmount minBorrowLimit
        minCompleteNum minDepositAmount minFollowSize minInvestment minLever minLeverage
        minMakerVolume minOpenCount minOrderAmount minOrderQty minPledgeAmount minPrice
        minRedeemAmount minStepVal minTierValue minTraceAmount minTraceSize minTradeAmount minTradeNum
        minTradeUSDT minUsdt minWithdrawAmount notionalValue open open24h openAvgPrice
        openDelegateSize openInterest openLeverage openMarginSz openPrice24h openPriceAvg openSize
        openTotalPos openUtc orderCancelCountdown orderQuantity otcMaxWithdrawal paidFee payDuration
        period placeOrderNum platformAssets platformRemaingQuota platformTurnover24h pledgeAmount
        pledgeDays pledgePrice posAvg positionAmount positionBalance positionThreshold positionValue
        posLimit precision presetStopLossExecutePrice presetStopLossPrice
        presetStopSurplusExecutePrice presetStopSurplusPrice presetTakeProfitPrice price priceAvg
        priceEndStep priceMultiplier pricePlace pricePrecision productMinAmount profitCount
        profitPrecision pureFee qty quantity quantityMultiplier quantityPrecision quota
        quoteCoinMaxBorrowAmount quoteCoinMaxTransferOutAmount quoteInvestmentAmount
        quoteMaxBorrowableAmount quotePrecision quoteSize quoteVolume rank ratePeriod receivedAmount
        reduceFee remainDebtAmount remainingAmount remainingLongCount remainingShortCount remainQuota
        removeLimitUsdt repaidAmount repaidInterest repayAmount repayInterest repayLoanAmount
        repayPrincipal repayUnlockAmount requiredMargin requiredSpread reserve reservedBaseTradingFee
        reservedQuoteTradingFee residueAmount reviseAmount runlockAmount scale sell30d
        sellMaxTokenAmount sellMinTokenAmount sellOpenCost sellPrice sellVolume settlePoints
        shortLeveage shortLeverage singleMaxAmount singleMinAmount singleUserLimit size sizeMultiplier
        slLimitPrice soldAmount spotMaxWithdrawal spotTradingVolume spotVolume startUnit stopLoss
        stopLossExecutePrice stopLossPrice stopLossTriggerPrice stopSurplusExecutePrice
        stopSurplusPrice stopSurplusTriggerPrice subAccountSize subscribePrecision surplusQuoteSize
        takeProfit taxAmount tier tierStartValue toAmount toCoinPrice toCoinSize tokenPrecision toSize
        total totalActiveTraders totalAmount totalAssets totalBalance totalBuy totalDebt totalEquity
        totalFollowerNum totalInvestment totalLimit totalMaxPendingOrder totalMaxWithdrawal
        totalNotionalValue totalSell totalTrades totalTradingVolume totalUnPayInterestAmount
        tpLimitPrice traceTotalAmount traceTotalMarginAmount traceValue trades30d tradingOrderNum
        transfered triggerOrderPrice triggerPrice turnover turnover24h turnoverNum unionAvailable
        unionMm unionTotalMagin unionTotalMargin unpaidAmount unpaidInterest unpaidQty
        unpaidUsdtAmount unsettledBGPoints unsettledPoints upperRate usdcContractLeverage usdtAmount
        usdtBalance usdtContractLeverage usdtEquity usdtHistoricalAmount usdtHoldingAmount
        usdtSubscribeAmount usdtValue usdtVolume usdtWithdrawAmount usdValue userAmount userAssets
        userLimit userMinBorrow utaMaxWithdrawal value volume volume24h volumePlace volumn weight
        whaleBuyVolume whaleSellVolume withdrawalLimit withdrawConfirm withdrawFee withdrawMinScale
        withdrawStep
    """,
    FieldKind.SIGNED: """
        achievedPL achievedProfits activityBonusDeduct allocatedPnl btcUnrealizedPnl buyFee closeFee
        closeFeeTotal crossedUnrealizedPL cumRealisedPnl curRealisedPnl directCommission execPnl fee
        feeByCoupon feeDeduction feePaid fees futuresCommission futuresCouponDeduct
        futuresPureTradingFee futuresTradingFee gridProfit hourInterest interest interestAmount
        interset isolatedUnrealizedPL lastProfit liqFee marginChange markUpFee negativeMakerFeeDeduct
        net netFlow netProfit oneGridMaxProfit oneGridMinProfit openFee openFeeTotal payInterest
        pendingPnl pnl profit realizedPnl rebateAmount sellFee shareProfit spotCommission
        spotCouponDeduct spotFeeDiscountDeduct spotPureTradingFee spotTradingFee sumProfit
        totalAllocatedProfit totalCommission totalDeductionFee totalFee totalFunding
        totalPendingProfit totalpl totalProfit totalProfits totalRebateAmount totalShareProfit
        traceTotalNetProfit traceTotalProfit unpairedProfit unrealisedPnl unrealizedPL unrealizedPnl
        usdt24hEarning usdtTotalEarning usdtUnrealisedPnl userTotalRebateAmount waitProfit
        yesterdayProfit
    """,
    FieldKind.RATIO: """
        achievedPLR arbitrageAPR change24h changeUtc24h gridProfitRate growthRate price24hPcnt
        profitRate roi totalAPR unpairedProfitRate unrealizedPLR winRate
    """,
    FieldKind.RATE: """
        afterPledgeRate annualInterest annualInterestRate annuallyInterestRate apr apy
        baseAnnuallyInterestRate baseDailyInterestRate beforePledgeRate borrowRate buyLimitPriceRatio
        clientFuturesRebateRatio clientSpotRebateRatio coinContractOpenLine completedRate
        completedRate30D completeRate30d completionRate30d crossedRiskRate currentApy daily
        dailyInterest dailyInterestRate defaultRate deltaEquityRatio discountRate distributeRatio
        dolphinBuyRatio dolphinSellRatio feeRate feeRateUpRatio fishBuyRatio fishSellRatio fundingRate
        hourInterestRate hourRate hourRate30D hourRate7D hourRateFlexible imr individualLimitRatio
        initRate interestRateNextHour keepMarginRate liqRiskRatio liquidationLine liquidationRiskRatio
        longAccountRatio longPositionRatio longRatio maintainMarginRate makerFeeRate makerRate
        marginRatio maxApr maxApy maxFundingRate maxRate maxStopLossRation maxStopSurplusRation
        maxTraceRation mgnRatio minApr minApy minFundingRate minRate minStopLossRation
        minStopSurplusRation minTraceRation mmr openCostUpRatio pledgeRate positionMgnRatio
        positionRatio positiveRate preSettleApr quoteAnnuallyInterestRate quoteDailyInterestRate rate
        rate30D rate7D rateFlexible redeemFeeRate reserveRatio riskRate riskRateRatio
        sellLimitPriceRatio shareRatio shortAccountRatio shortPositionRatio shortRatio
        sliderMaxStopLossRatio sliderMaxStopSurplusRatio spotBuyLine stopLiquidationLine stopLossRatio
        stopLossRation stopSurplusRatio stopSurplusRation supRate takerFeeRate totalCompletionRate
        transferLine turnoverRate usdcContractOpenLine usdtContractOpenLine warningRiskRatio
        whaleBuyRatio whaleSellRatio
    """,
    FieldKind.TIME: """
        auctionEndTime borrowTime buyTime cashDividendNextUpdate cashDividendTimestamp closeTime
        createdTime ctime cTime date deliveryStartTime deliveryTime depositTime endTime expirationTime
        expireTime farmingEndTime farmingStartTime firstTimeDeposit firstTimeTrade followerTime
        fundingRateTimestamp fundingTime interestEndTime interestPaymentTime interestStartTime
        interestTime lastProfitTime launchTime limitOpenTime liqEndTime liqStartTime loanTime
        maintainTime nextFundingTime nextSettleTime nextUpdate offTime openTime paymentTime profitTime
        redeemTime reduceTime registerTime regisTime releaseTime repaidTime repayTime representTime
        requestTime reviseTime sellTime serverTime settleTime stageEndTime startTime subscribeTime
        time tradingHaltEndTime tradingHaltStartTime ts updatedTime utime uTime withdrawTime
        yesterdayTime
    """,
    FieldKind.SIDE: "holdSide posSide side",
    FieldKind.NESTED: """
        apyList authorities bgusdReceiveCoinList currentTradingList currentTradingPairs feeDetail
        futureList ipList labelList lastMonthProfitList lastMonthRoiList lastWeekProfitList
        lastWeekRoiList merchantCertifiedList orderIdList payMethodIds paymethodInfo payMethods
        permissions permList projectList redeemModeList spotList spotSymbols subAccountUids
        subscriptionCoinList supportMarginCoins tradingPairsAvailableList userLimitList
    """,
    FieldKind.FLAG: """
        advanceRedeem allowMerchantPlace allowRedemption areaSymbol autoMargin autoTransferProfits
        baseBorrowable baseTransferable borrowable canRemove emailBindStatus enable followerEnable
        hasNext hasNextPage hide hodlMode isBorrowable isCrossBorrowable isIsolatedBaseBorrowable
        isIsolatedQuoteBorrowable isMaxPrecision isOnline isReality isRemove isRPI isRwa kycStatus
        mobileBindStatus needTag nextFlag openTrader quoteBorrowable quoteTransferable
        quoteTransferInAble rechargeable reduceOnly required sellOut showAssetsMap showEquity
        terminationSell transfer transferable valid verifyCapital weekendTradable withdrawable
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
    "apiKey": "API key",
    "arbitrageAPR": "Arbitrage APR",
    "ask1Price": "Ask",
    "ask1Size": "Ask size",
    "bid1Price": "Bid",
    "bid1Size": "Bid size",
    "avgPrice": "Average price",
    "btcUnrealizedPnl": "BTC unrealized PnL",
    "cumExecQty": "Filled size",
    "cumExecValue": "Filled value",
    "cumRealisedPnl": "Realized PnL",
    "curRealisedPnl": "Realized PnL",
    "effEquity": "Collateral",
    "execId": "Trade id",
    "execPnl": "PnL",
    "execPrice": "Price",
    "execQty": "Size",
    "execValue": "Value",
    "highPrice24h": "24h high",
    "holdMode": "Position mode",
    "isRPI": "RPI",
    "lastPrice": "Last",
    "lowPrice24h": "24h low",
    "openInterest": "Open interest",
    "openPrice24h": "24h ago",
    "orderStatus": "Status",
    "price24hPcnt": "24h %",
    "qty": "Size",
    "totalAPR": "Total APR",
    "turnover24h": "24h turnover",
    "unrealisedPnl": "Unrealized PnL",
    "usdtUnrealisedPnl": "USDT unrealized PnL",
    "usdValue": "Value in USD",
    "volume24h": "24h volume",
    "secretKey": "Secret key",
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
