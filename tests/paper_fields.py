"""The fields of Bitget's private pushes, channel by channel, as its documentation has them."""

from __future__ import annotations


def names(text: str) -> set[str]:
    return set(text.split())


ORDER = names(
    "orderId clientOid instId price size posMode enterPointSource tradeSide notionalUsd orderType force side posSide"
    " marginMode marginCoin accBaseVolume status cancelReason leverage feeDetail totalProfits reduceOnly stpMode"
    " presetStopSurplusPrice presetStopSurplusType presetStopSurplusExecutePrice presetStopLossPrice"
    " presetStopLossType presetStopLossExecutePrice cTime uTime"
)
ORDER_FILL = names("fillPrice tradeId baseVolume fillTime fillFee fillFeeCoin tradeScope")
FUTURES_FILL = ORDER_FILL | {"priceAvg", "fillNotionalUsd", "pnl"}
SPOT_ORDER = names(
    "instId orderId clientOid price size newSize notional orderType force side accBaseVolume priceAvg status"
    " enterPointSource feeDetail stpMode cTime uTime"
)
FILL = names(
    "orderId clientOid tradeId symbol side orderType posMode price baseVolume quoteVolume profit tradeSide tradeScope"
    " feeDetail cTime uTime"
)
SPOT_FILL = names("orderId tradeId symbol orderType side priceAvg size amount tradeScope feeDetail cTime uTime")
SPOT_PLAN = names(
    "instId orderId clientOid triggerPrice triggerType planType price executePrice size actualSize orderType side"
    " status enterPointSource stpMode cTime uTime"
)
PLAN = SPOT_PLAN | names(
    "triggerTime tradeSide posSide marginCoin posMode stopSurplusPrice stopSurplusTriggerPrice stopSurplusTriggerType"
    " stopLossPrice stopLossTriggerPrice stopLossTriggerType"
)
POSITION = names(
    "posId instId marginCoin marginSize marginMode holdSide posMode total available frozen openPriceAvg leverage"
    " achievedProfits unrealizedPL unrealizedPLR liquidationPrice keepMarginRate isolatedMarginRate marginRate"
    " breakEvenPrice totalFee deductedFee markPrice assetMode autoMargin cTime uTime"
)
PAST = names(
    "posId instId marginCoin marginMode holdSide posMode openPriceAvg closePriceAvg openSize closeSize"
    " achievedProfits settleFee openFee closeFee cTime uTime"
)
ACCOUNT = names(
    "marginCoin frozen available maxOpenPosAvailable maxTransferOut equity usdtEquity crossedRiskRate unrealizedPL"
    " unionTotalMargin unionAvailable unionMm assetsMode"
)
SPOT_ACCOUNT = names("coin available frozen locked limitAvailable uTime")
