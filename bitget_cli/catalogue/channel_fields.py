"""What the rows of Bitget's streams say: the fields of every channel, with their headings and kinds."""

from __future__ import annotations

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.rows import Field, Kind

# Names that only streams use, and what they mean.
_KIND = {
    name: kind
    for kind, names in {
        Kind.TIME: "start triggerTime fillTime",
        Kind.ID: "posId",
        Kind.SIGNED: "fillFee settleFee cashDividend usdtUnrealized",
        Kind.RATE: "isolatedMarginRate marginRate",
        Kind.NUMBER: """
            accBaseVolume actualSize deliveryPrice fillNotionalUsd fillPrice fillTotalAmount maxOpenPosAvailable newSize
            notional notionalUsd
        """,
    }.items()
    for name in names.split()
}
_LABEL = {
    "instId": "Symbol",
    "start": "Time",
    "usdtVolume": "USDT volume",
    "accBaseVolume": "Filled",
    "newSize": "Size",
    "posId": "Position id",
    "fillNotionalUsd": "Fill value USD",
    "notionalUsd": "Value USD",
    "btcEquity": "BTC equity",
    "usdtEquity": "USDT equity",
}


def _rows(words: str) -> tuple[Field, ...]:
    return tuple(
        field._replace(kind=_KIND.get(field.name, field.kind), label=_LABEL.get(field.name, field.label))
        for field in fields(words)
    )


# Futures have mark, index, funding and open interest; spot has changeUtc24h. Open interest carries binary noise.
TICKER = _rows(
    "instId lastPr bidPr askPr bidSz askSz open24h high24h low24h change24h changeUtc24h openUtc baseVolume "
    "quoteVolume fundingRate nextFundingTime markPrice indexPrice holdingAmount symbolType symbol deliveryPrice ts"
)
CANDLE = tuple(
    field._replace(place=place)
    for place, field in enumerate(_rows("start open high low close baseVolume quoteVolume usdtVolume"))
)
TRADE = _rows("tradeId price size side ts")
# `checked` is ours: verified by the sequence, or unverified.
DEPTH = _rows("asks[] bids[] seq ts checked")
AUCTION = _rows("stage stageEndTime estOpeningPrice matchedVolume auctionEndTime")
INDEX_PRICE = _rows("symbol baseCoin quoteCoin indexPrice ts")

SPOT_ACCOUNT = _rows("coin available frozen locked limitAvailable usdtValue uTime")
FUTURES_ACCOUNT = _rows(
    "marginCoin available frozen equity usdtEquity unrealizedPL crossedRiskRate maxOpenPosAvailable maxTransferOut "
    "unionTotalMargin unionAvailable unionMm assetsMode"
)
# Newer pages call unrealizedPL usdtUnrealized.
EQUITY = _rows("usdtEquity btcEquity unrealizedPL usdtUnrealized unionTotalMargin unionAvailable unionMm")
# totalFee is the funding so far, "" before the first; deductedFee the trading fees. cashDividend since July 2026.
POSITION = _rows(
    "posId instId holdSide marginMode posMode leverage total available frozen openPriceAvg markPrice liquidationPrice "
    "unrealizedPL unrealizedPLR achievedProfits breakEvenPrice marginCoin marginSize marginRate keepMarginRate "
    "isolatedMarginRate totalFee deductedFee assetMode autoMargin cashDividend cTime uTime"
)
CLOSED_POSITION = _rows(
    "posId instId marginCoin marginMode holdSide posMode openPriceAvg closePriceAvg openSize closeSize "
    "achievedProfits settleFee openFee closeFee cTime uTime"
)
ADL = _rows("symbol side status price amount ts")

# Only the push of a fill says these.
_OF_FILL = "fillPrice tradeId baseVolume fillTime fillFee fillFeeCoin tradeScope"
FUTURES_ORDER = _rows(
    "instId orderId clientOid price size accBaseVolume priceAvg status side posSide tradeSide orderType force "
    "reduceOnly posMode marginMode marginCoin leverage notionalUsd enterPointSource cancelReason "
    "feeDetail[]{ feeCoin fee } pnl totalProfits stpMode presetStopSurplusPrice presetStopSurplusType "
    "presetStopSurplusExecutePrice presetStopLossPrice presetStopLossType presetStopLossExecutePrice cTime uTime "
    f"{_OF_FILL} fillNotionalUsd"
)
# newSize counts, size does not: base coin, and quote coin for a market order that buys.
SPOT_ORDER = _rows(
    "instId orderId clientOid price newSize size notional accBaseVolume priceAvg status side orderType force "
    f"enterPointSource feeDetail[]{{ feeCoin fee }} stpMode cTime uTime {_OF_FILL}"
)
_FEES = "feeDetail[]{ feeCoin deduction totalDeductionFee totalFee }"
FUTURES_FILL = _rows(
    "symbol orderId clientOid tradeId side tradeSide price baseVolume quoteVolume profit orderType posMode tradeScope "
    f"{_FEES} cTime uTime"
)
SPOT_FILL = _rows(f"symbol orderId tradeId side orderType priceAvg size amount tradeScope {_FEES} cTime uTime")

_PLAN = "instId orderId clientOid planType triggerPrice triggerType triggerTime price executePrice size actualSize"
SPOT_PLAN = _rows(f"{_PLAN} orderType side status enterPointSource stpMode cTime uTime")
FUTURES_PLAN = _rows(
    f"{_PLAN} orderType side tradeSide posSide marginCoin status posMode enterPointSource stopSurplusPrice "
    "stopSurplusTriggerPrice stopSurplusTriggerType stopLossPrice stopLossTriggerPrice stopLossTriggerType stpMode "
    "cTime uTime"
)

MARGIN_ORDER = _rows(
    "symbol orderId clientOid price baseSize quoteSize baseVolume fillPrice fillTotalAmount status side orderType "
    f"force loanType enterPointSource stpMode {_FEES} cTime uTime"
)
MARGIN_ACCOUNT = _rows("id symbol coin available borrow frozen interest coupon uTime")
