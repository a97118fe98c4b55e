"""Field names of a unified account's answers and pushes, as Bitget's own samples have them."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPOT_ORDER = _names("""
    amount avgPrice cancelReason category clientOid createdTime cumExecQty cumExecValue delegateType execType
    feeDetail holdMode marginMode orderId orderStatus orderType posSide price qty reduceOnly side slLimitPrice
    slOrderType slTriggerBy stopLoss stpMode symbol takeProfit timeInForce tpLimitPrice tpOrderType tpTriggerBy
    updatedTime
""")

FUTURES_ORDER = SPOT_ORDER | {"tradeSide"}

FILL = _names("""
    category clientOid createdTime execId execLinkId execPnl execPrice execQty execValue feeDetail isRPI orderId
    orderType posSide side symbol tradeScope tradeSide updatedTime
""")

POSITION = _names("""
    available avgPrice breakEvenPrice cashDividend category closeFeeTotal createdTime curRealisedPnl frozen holdMode
    leverage liquidationPrice marginCoin marginMode markPrice mmr openFeeTotal posSide positionBalance
    positionStatus profitRate symbol total totalFunding unrealisedPnl updatedTime
""")

PAST_POSITION = _names("""
    cashDividend category closeFeeTotal closePriceAvg closeTotalPos createdTime cumRealisedPnl holdMode marginCoin
    marginMode netProfit openFeeTotal openPriceAvg openTotalPos posSide positionId symbol totalFunding updatedTime
""")

TRIGGER = _names("""
    category clientOid createdTime orderId posSide qty side slLimitPrice slOrderType slTriggerBy status stopLoss
    symbol takeProfit tpLimitPrice tpOrderType tpTriggerBy tpslMode triggerBy triggerOrderPrice triggerOrderType
    triggerPrice type updatedTime
""")

# What is only a trigger's.
TRIGGERING = {"triggerBy", "triggerPrice", "triggerOrderType", "triggerOrderPrice"}

INFO = _names("""
    channel channelCode inviterId ips parentId permType permissions regisTime userId
""")

SETTINGS = _names("""
    accountLevel accountMode assetMode coinConfigList holdMode stpMode symbolConfigList uid
""")

ASSETS = _names("""
    accountEquity assets bonus btcEquity btcUnrealizedPnl effEquity imr leverage mgnRatio mmr positionMgnRatio
    positionValue unrealisedPnl usdtEquity usdtUnrealisedPnl
""")

COIN = _names("coin equity usdValue balance balanceOriginal available debt locked bonus interestBase")

BOOKING = _names("""
    amount balance category coin fee id symbol ts type
""")

FUTURES_BOOKING = BOOKING | {"positionType", "positionAmount", "positionBalance"}

TAX = _names("""
    amount balance coin fee id ts type
""")

DEPOSIT = _names("""
    chain clientOid coin createdTime dest fromAddress orderId recordId size status toAddress type updatedTime
""")

WITHDRAWAL = DEPOSIT | {"fee", "confirm", "tag"}

MOST = _names("""
    available buyOpenCost maxBuyAvailable maxBuyOpen maxOpen maxSellAvailable maxSellOpen sellOpenCost
""")

SMALL = _names("""
    available cTime coin estimatedAmount estimatedCoin feeDetail
""")

CONVERSION = _names("""
    fromCoin fromCoinSize price toCoin toCoinSize ts
""")

SPOT_TICKER = _names("""
    ask1Price ask1Size bid1Price bid1Size category highPrice24h lastPrice lowPrice24h openPrice24h
    platformTurnover24h price24hPcnt symbol ts turnover24h volume24h
""")

FUTURES_TICKER = SPOT_TICKER | _names(
    "deliveryStartTime deliveryStatus deliveryTime fundingRate indexPrice markPrice openInterest"
)

# Without what the samples have null or empty there, and other samples and clients know of futures only.
SPOT_INSTRUMENT = _names("""
    areaSymbol baseCoin buyLimitPriceRatio category isReality isRwa maintainTime maxOrderQty maxProductOrderNum
    maxSymbolOrderNum minOrderAmount minOrderQty pricePrecision quantityPrecision quoteCoin quotePrecision
    sellLimitPriceRatio status symbol symbolType
""")

FUTURES_INSTRUMENT = _names("""
    areaSymbol baseCoin buyLimitPriceRatio category deliveryPeriod deliveryStartTime deliveryTime feeRateUpRatio
    fundInterval isReality isRwa launchTime limitOpenTime maintainTime makerFeeRate maxLeverage maxMarketOrderQty
    maxOrderQty maxPositionNum maxProductOrderNum maxSymbolOrderNum minLeverage minOrderAmount minOrderQty offTime
    openCostUpRatio priceMultiplier pricePrecision quantityMultiplier quantityPrecision quoteCoin quotePrecision
    sellLimitPriceRatio status symbol symbolType takerFeeRate type
""")

# Pushes. The order's exits are in lower case on the wire, and `requestId` is only there where a change carried one.
ORDER_PUSH = _names("""
    amount avgPrice cancelReason category clientOid createdTime cumExecQty cumExecValue delegateType feeDetail
    holdMode holdSide leverage marginCoin marginMode orderId orderStatus orderType price qty reduceOnly side
    stoploss stpMode symbol takeprofit timeInForce totalProfit tradeSide updatedTime
""")

FILL_PUSH = _names("""
    category clientOid execId execLinkId execPnl execPrice execQty execTime execValue feeDetail holdSide orderId
    orderType side symbol tradeScope tradeSide updatedTime
""")

# Without `marginRate`, which live pushes do not have.
POSITION_PUSH = _names("""
    available avgPrice breakEvenPrice cashDividend closeFeeTotal createdTime curRealisedPnl frozen holdMode leverage
    liqPrice marginCoin marginMode marginSize markPrice mmr openFeeTotal posSide positionStatus profitRate size
    symbol totalFundingFee unrealisedPnl updatedTime
""")

TPSL_PUSH = _names("""
    category clientOid createdTime orderId posSide qty side slLimitPrice slOrderType slTriggerBy status stopLoss
    symbol takeProfit tpLimitPrice tpOrderType tpTriggerBy tpslMode type updatedTime
""")

ACCOUNT_PUSH = _names("""
    coin effEquity imr mgnRatio mmr positionMgnRatio totalEquity unrealisedPnL
""")

COIN_PUSH = _names("coin equity balance available locked borrow debts bonus usdValue")

SPOT_TICKER_PUSH = _names("""
    ask1Price ask1Size bid1Price bid1Size highPrice24h lastPrice lowPrice24h openPrice24h price24hPcnt symbol
    turnover24h volume24h
""")

FUTURES_TICKER_PUSH = _names("""
    ask1Price ask1Size bid1Price bid1Size deliveryStartTime deliveryStatus deliveryTime fundingRate highPrice24h
    indexPrice lastPrice lowPrice24h markPrice nextFundingTime openInterest openPrice24h price24hPcnt symbol
    turnover24h volume24h
""")
