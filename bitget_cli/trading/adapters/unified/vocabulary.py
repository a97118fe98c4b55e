"""Rows of a unified account in the one vocabulary: the names and meanings that classic rows have.

What the account does not tell is null. What it alone tells keeps its own name, after the classic ones, and
`accountKind` stands last. Fields are read in either spelling that Bitget has for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, partial
from typing import Any, NamedTuple

from bitget_cli.catalogue.model import Field
from bitget_cli.client.rest.response import objects
from bitget_cli.trading.model import PositionMode, PositionSide, Read, exact, position_side
from bitget_cli.values import Product

Row = Mapping[str, Any]

KIND = Field("accountKind", "Account")

# Where the classic names take their values: `name` has it in both, `name=own` under another name, `name=one|other` in
# one of two spellings, and `name=` is not told.
_PRESETS = "presetStopSurplusPrice=takeProfit|takeprofit presetStopLossPrice=stopLoss|stoploss"
_MORE_PRESETS = (
    "presetStopSurplusPrice=takeProfit|takeprofit presetStopSurplusType=tpTriggerBy "
    "presetStopSurplusExecutePrice=tpLimitPrice presetStopLossPrice=stopLoss|stoploss "
    "presetStopLossType=slTriggerBy presetStopLossExecutePrice=slLimitPrice"
)
_FUTURES_ORDER = (
    "symbol size=qty orderId clientOid baseVolume=cumExecQty fee= price priceAvg=avgPrice {status}side "
    "force=timeInForce totalProfits=totalProfit posSide=posSide|holdSide marginCoin quoteVolume=cumExecValue leverage "
    "marginMode reduceOnly enterPointSource= tradeSide posMode=holdMode orderType orderSource= cTime=createdTime "
    "uTime=updatedTime "
)
_STATUS = "status=orderStatus "
_SPOT_ORDER = (
    "userId= symbol orderId clientOid {limit}=price size=qty orderType side status=orderStatus {at}=avgPrice "
    "baseVolume=cumExecQty quoteVolume=cumExecValue enterPointSource= {more} cTime=createdTime uTime=updatedTime "
    "tpslType= triggerPrice= "
)
_PAST_SPOT = _SPOT_ORDER.format(limit="price", at="priceAvg", more="feeDetail orderSource= cancelReason")
_COIN_IN_FUTURES = (
    "marginCoin=coin locked available crossedMaxAvailable= isolatedMaxAvailable= maxTransferOut= accountEquity=equity "
    "usdtEquity= btcEquity= {risk} unrealizedPL= {margins} coupon= grant= "
)
_POSITION = (
    "marginCoin symbol holdSide=posSide|holdSide openDelegateSize= marginSize=positionBalance|marginSize available "
    "locked=frozen total=total|size leverage achievedProfits=curRealisedPnl openPriceAvg=avgPrice marginMode "
    "posMode=holdMode unrealizedPL=unrealisedPnl liquidationPrice=liquidationPrice|liqPrice keepMarginRate=mmr "
    "markPrice breakEvenPrice totalFee=totalFunding|totalFundingFee deductedFee= takeProfit= stopLoss= takeProfitId= "
    "stopLossId= marginRatio=marginRate assetMode= autoMargin= grant= cTime=createdTime uTime=updatedTime"
)
_FILL = (
    "tradeId=execId symbol orderId price=execPrice baseVolume=execQty feeDetail side quoteVolume=execValue "
    "profit=execPnl enterPointSource= tradeSide posMode=holdMode tradeScope cTime=createdTime|execTime"
)
_EXITS = (
    "stopSurplusExecutePrice=tpLimitPrice stopSurplusTriggerPrice=takeProfit|takeprofit "
    "stopSurplusTriggerType=tpTriggerBy stopLossExecutePrice=slLimitPrice stopLossTriggerPrice=stopLoss|stoploss "
    "stopLossTriggerType=slTriggerBy"
)
_PLAN = (
    "planType symbol size=qty orderId clientOid price executePrice callbackRatio "
    "triggerPrice triggerType=triggerBy planStatus=status side posSide=posSide|holdSide marginCoin marginMode "
    f"enterPointSource= tradeSide posMode= orderType cTime=createdTime uTime=updatedTime {_EXITS} "
)
_SPOT_PLAN = (
    "orderId clientOid symbol size=qty executePrice triggerPrice status orderType side planType triggerType=triggerBy "
    "enterPointSource= uTime=updatedTime cTime=createdTime"
)
_SUB_ORDER = "orderId=subOrderId price type= status"
_MOVED = "coin type dest size status chain cTime=createdTime uTime=updatedTime toAddress fromAddress"
_CONVERTED = "id= ts cnvtPrice=price fee= fromCoinSize fromCoin toCoinSize toCoin"
_DUST = "coin available bgbEstAmount= precision= feeDetail cTime"
_DUST_TURNED = (
    "orderId fromCoin fromAmount fromCoinPrice toCoin toAmount toCoinPrice feeDetail status ctime=createdTime "
    "ts=createdTime"
)

_BOTH: dict[Read, str] = {
    Read.FUNDING: "coin available frozen usdtValue=",
    Read.KEY_OWNER: (
        "userId=userId|uid inviterId ips authorities=permissions parentId traderType= channelCode channel regisTime"
    ),
    Read.FEE: "makerFeeRate takerFeeRate",
    Read.TRANSFERS: ("coin status= toType= toSymbol= fromType= fromSymbol= size=amount ts clientOid= transferId=id"),
    Read.DEPOSITS: f"orderId tradeId=recordId {_MOVED}",
    Read.WITHDRAWALS: f"orderId tradeId=recordId clientOid tag fee confirm {_MOVED}",
    Read.DEPOSIT_ADDRESS: "address chain coin tag url",
    Read.CONVERSIONS: _CONVERTED,
    Read.SMALL_BALANCES: _DUST,
    Read.SMALL_CONVERSIONS: _DUST_TURNED,
    Read.TAX_SPOT: "id coin spotTaxType=type amount fee balance bizOrderId= ts",
    Read.TAX_FUTURES: "id symbol= marginCoin=coin futureTaxType=type amount fee ts",
    Read.TAX_MARGIN: "id coin marginTaxType=type amount fee total=balance symbol= ts",
    Read.PLAN_ORDERS: _SUB_ORDER,
    Read.OVERVIEW: "accountType usdtBalance",
    Read.SUBACCOUNT_LIST: (
        "subAccountUid=subUid subAccountName=username status permList= label=note cTime=createdTime uTime=updatedTime"
    ),
    Read.SUBACCOUNT_KEYS: "subAccountUid= label=note subAccountApiKey=apiKey permList=permissions ipList=ips",
    Read.SUBACCOUNT_TRANSFERS: (
        "coin status toType fromType size=amount ts=createdTime clientOid transferId fromUserId toUserId newTransferId="
    ),
    Read.P2P_SELF: (
        "registerTime nickName merchantId= avgPaymentTime= avgReleaseTime= totalTrades= totalBuy= totalSell="
        " totalCompletionRate= trades30d= sell30d= buy30d= completionRate30d=completedRate30D kycStatus="
        " emailBindStatus= mobileBindStatus= email= mobile="
    ),
    Read.P2P_ORDERS: (
        "orderId orderNo= advNo= price count=quantity side fiat coin=token withdrawTime= representTime= paymentTime="
        " releaseTime= amount buyerRealName= sellerRealName= status paymentInfo= utime=updatedTime ctime=createdTime"
    ),
    Read.P2P_ADS: (
        "advId advNo= side advSize= size= coin=token price coinPrecision= fiat fiatPrecision= fiatSymbol= status hide="
        " maxTradeAmount= minTradeAmount= payDuration= turnoverNum= turnoverRate= label= userLimitList="
        " paymentMethodList= merchantCertifiedList= utime=updatedTime ctime=createdTime"
    ),
}
_FUTURES: dict[Read, str] = {
    Read.ACCOUNT: (
        _COIN_IN_FUTURES.format(risk="crossedRiskRate=mgnRatio", margins="isolatedMargin= crossedMargin=")
        + "crossedMarginLeverage= isolatedLongLever= isolatedShortLever= marginMode posMode=holdMode "
        "crossedUnrealizedPL= isolatedUnrealizedPL= assetMode"
    ),
    Read.BALANCE: (
        _COIN_IN_FUTURES.format(risk="crossedRiskRate=", margins="isolatedMargin= crossedMargin=")
        + "unionTotalMargin= unionAvailable= unionMm= assetList= crossedUnrealizedPL= isolatedUnrealizedPL= assetMode="
    ),
    Read.BILLS: "billId=id symbol amount fee feeByCoupon= businessType=type coin balance cTime=ts",
    Read.POSITIONS: _POSITION,
    Read.POSITION: _POSITION,
    Read.CLOSED_POSITIONS: (
        "positionId marginCoin symbol holdSide=posSide openAvgPrice=openPriceAvg closeAvgPrice=closePriceAvg "
        "marginMode openTotalPos closeTotalPos pnl=cumRealisedPnl netProfit totalFunding openFee=openFeeTotal "
        "closeFee=closeFeeTotal cashDividend posMode=holdMode ctime=createdTime utime=updatedTime"
    ),
    Read.ADL: "symbol marginCoin adlRank rank= holdSide",
    Read.LARGEST_OPEN: "maxOpen=",
    Read.ORDER: f"{_FUTURES_ORDER} {_MORE_PRESETS} state=orderStatus cancelReason newTradeSide=".format(status=""),
    Read.OPEN_ORDERS: f"{_FUTURES_ORDER} {_MORE_PRESETS}".format(status=_STATUS),
    Read.PAST_ORDERS: f"{_FUTURES_ORDER} {_PRESETS} posAvg= liqPrice=".format(status=_STATUS),
    Read.FILLS: _FILL,
    Read.OLD_FILLS: f"{_FILL} marginCoin",
    Read.OPEN_PLANS: f"{_PLAN} orderSource=",
    Read.PAST_PLANS: f"{_PLAN} executeOrderId= priceAvg= baseVolume= orderSource=",
}
_SPOT: dict[Read, str] = {
    Read.BALANCE: "coin available frozen=locked locked= limitAvailable= uTime=",
    Read.BILLS: ("cTime=ts bizOrderId= coin groupType= businessType=type size=amount balance fees=fee billId=id"),
    Read.ORDER: f"{_PAST_SPOT} baseCoin= quoteCoin=",
    # While an order is open, its limit stands in priceAvg and what it filled at in basePrice.
    Read.OPEN_ORDERS: _SPOT_ORDER.format(
        limit="priceAvg",
        at="basePrice",
        more="orderSource= presetTakeProfitPrice=takeProfit|takeprofit executeTakeProfitPrice=tpLimitPrice "
        "presetStopLossPrice=stopLoss|stoploss executeStopLossPrice=slLimitPrice",
    ),
    Read.PAST_ORDERS: f"{_PAST_SPOT} baseCoin= quoteCoin=",
    **dict.fromkeys(
        (Read.FILLS, Read.OLD_FILLS),
        "userId= symbol orderId tradeId=execId orderType side priceAvg=execPrice size=execQty amount=execValue "
        "feeDetail tradeScope cTime=createdTime|execTime uTime=updatedTime",
    ),
    **dict.fromkeys((Read.OPEN_PLANS, Read.PAST_PLANS), _SPOT_PLAN),
}

COINS = {Product.USDT_FUTURES: "USDT", Product.USDC_FUTURES: "USDC"}


def product_of(row: Row) -> Product | None:
    """The product that a row says it is of, in either case; None for one there is none of, such as MARGIN."""
    line = str(row.get("category")).lower()
    return Product(line) if line in tuple(Product) else None


def row_of(read: Read, product: Product, row: Row, *, mode: PositionMode | None = None) -> dict[str, Any]:
    """One row as a classic account would tell it; `mode` is the account's, for a row that does not say it."""
    rules = _RULES.get(read)
    told = rules(row, product, mode) if rules else {}
    found, used = _placed(read, product, row)
    found |= told
    extras = {name: value for name, value in row.items() if name not in used and name not in found}
    return found | extras | {KIND.name: "unified"}


class _Source(NamedTuple):
    name: str
    own: tuple[str, ...]


def _placed(read: Read, product: Product, row: Row) -> tuple[dict[str, Any], set[str]]:
    """The classic names with what stands for them, and which fields of the row that used up."""
    found: dict[str, Any] = {}
    used: set[str] = set()
    for name, own in _sources(read, product):
        found[name] = next((row[one] for one in own if row.get(one) is not None), None)
        used.update(own)
    return found, used


def told_otherwise(read: Read, product: Product) -> set[str]:
    """The fields that rows have under a classic name, and not under their own."""
    if read not in _BOTH | (_SPOT if product.is_spot else _FUTURES):
        return set()
    placed = _sources(read, product)
    return {one for _, own in placed for one in own} - {name for name, _ in placed}


@cache
def _sources(read: Read, product: Product) -> tuple[_Source, ...]:
    table = _BOTH.get(read) or (_SPOT if product.is_spot else _FUTURES)[read]
    return tuple(map(_source, table.split()))


def _source(word: str) -> _Source:
    name, sign, own = word.partition("=")
    return _Source(name, tuple(own.split("|") if own else () if sign else (name,)))


# What is said in other words than a classic account's.

_STATES = {"new": "live", "cancelled": "canceled"}
_PLAN_STATES = {"pending": "live", "submitting": "executing", "success": "executed", "failed": "fail_execute"}
_BY = {"market": "fill_price", "mark": "mark_price"}
_OPPOSITE = {"buy": "sell", "sell": "buy"}
_PLAIN_TRADES = ("", "open", "close", "open_long", "open_short", "close_long", "close_short")


def _order(row: Row, product: Product, mode: PositionMode | None) -> dict[str, Any]:
    state = _text(row, "orderStatus")
    told: dict[str, Any] = {}
    if product.is_spot:
        told["status"] = "live" if state == "new" else state
        if row.get("orderType") == "market" and row.get("side") == "buy":
            # Money, as in a classic account; `qty` is 0 there.
            told["size"] = row.get("amount")
        return told
    said = _STATES.get(state or "", state)
    return {
        **_direction(row, mode),
        "status": said,
        "state": said,
        "fee": _charged(row.get("feeDetail")),
        "marginCoin": row.get("marginCoin") or COINS.get(product),
        "reduceOnly": _upper(row.get("reduceOnly")),
        "presetStopSurplusType": _by(row.get("tpTriggerBy")),
        "presetStopLossType": _by(row.get("slTriggerBy")),
    }


def _order_in(read: Read, row: Row, product: Product, mode: PositionMode | None) -> dict[str, Any]:
    """Of these only what the list of a classic account tells, and its fees in the form of that list."""
    told = _order(row, product, mode)
    names = {name for name, _ in _sources(read, product)}
    if product.is_spot and "feeDetail" in names:
        told["feeDetail"] = _fee_document(row.get("feeDetail"))
    return {name: value for name, value in told.items() if name in names}


def _direction(row: Row, mode: PositionMode | None) -> dict[str, Any]:
    """Side, position side and what the trade does to it, in a classic account's meaning.

    A unified account names the true direction. A classic one in hedge mode names the position's: closing a long is
    `side=buy tradeSide=close` there. Where the position mode is not known, the direction of what may close is not told.
    """
    side, hold, word = _text(row, "side"), position_side(_text(row, "posSide", "holdSide")), _text(row, "tradeSide")
    told = _text(row, "holdMode")
    if told in tuple(PositionMode):
        mode = PositionMode(told)
    elif word and "_single" in word:
        mode = PositionMode.ONE_WAY
    elif hold and word in _PLAIN_TRADES[1:]:
        mode = mode or PositionMode.HEDGE
    closes = bool(word and word.startswith("close"))
    if side and hold:
        closes = (side, hold) in (("buy", PositionSide.SHORT), ("sell", PositionSide.LONG))
    special = word if word not in (None, *_PLAIN_TRADES) else None
    own_mode = {"posMode": mode.value if mode else None}
    if mode is PositionMode.ONE_WAY:
        return {
            "side": side,
            "posSide": "net",
            "tradeSide": special or (f"{side}_single" if side else None),
            **own_mode,
        }
    if mode is PositionMode.HEDGE:
        trade = special or ("close" if closes else "open" if (side and hold) or word else None)
        flipped = _OPPOSITE.get(side or "") if trade == "close" else side
        return {"side": flipped or None, "posSide": hold.value if hold else None, "tradeSide": trade, **own_mode}
    return {"side": None if closes else side, "posSide": hold.value if hold else None, "tradeSide": special, **own_mode}


def _fill(read: Read, row: Row, product: Product, mode: PositionMode | None) -> dict[str, Any]:
    fees = [
        {
            "deduction": None,
            "feeCoin": fee.get("feeCoin"),
            "totalDeductionFee": None,
            "totalFee": negated(fee.get("fee")),
        }
        for fee in objects(row.get("feeDetail"))
    ]
    if product.is_spot:
        return {"feeDetail": fees[0] if len(fees) == 1 else fees or None}
    found = _direction(row, mode)
    # A list of trades has no side of the position: it stays where the account tells it.
    told = {name: found[name] for name in ("side", "tradeSide", "posMode")} | {"feeDetail": fees}
    return told | {"marginCoin": COINS.get(product)} if read is Read.OLD_FILLS else told


def _position(row: Row, _: Product, __: PositionMode | None) -> dict[str, Any]:
    return {"deductedFee": negated(row.get("openFeeTotal"))}


def _balance(row: Row, product: Product, _: PositionMode | None) -> dict[str, Any]:
    if product.is_spot:
        return {}
    equity, balance, debt = (exact(row.get(name)) for name in ("equity", "balance", "debt"))
    # Of a coin that is owed too it is not known what stands between the two.
    has = equity is not None and balance is not None and not debt
    profit = f"{(equity - balance).normalize():f}" if has and equity is not None and balance is not None else None
    return {"unrealizedPL": profit}


def _transfer(row: Row, _: Product, __: PositionMode | None) -> dict[str, Any]:
    """It is told whether money came into the one wallet or left it, and not from where."""
    size, type_ = exact(row.get("amount")), _text(row, "type") or ""
    return {
        "size": f"{abs(size):f}" if size is not None else None,
        "toType": "uta" if type_.endswith("IN") else None,
        "fromType": "uta" if type_.endswith("OUT") else None,
    }


def _dust(row: Row, _: Product, __: PositionMode | None) -> dict[str, Any]:
    in_bgb = row.get("estimatedCoin") in (None, "", "BGB")
    return {
        "bgbEstAmount": row.get("estimatedAmount") if in_bgb else None,
        "feeDetail": objects_of(row.get("feeDetail")),
    }


def _dust_turned(row: Row, _: Product, __: PositionMode | None) -> dict[str, Any]:
    return {"feeDetail": objects_of(row.get("feeDetail"))}


def objects_of(value: Any) -> list[dict[str, Any]]:
    """A list of objects, where an account may tell one alone."""
    return [value] if isinstance(value, dict) else objects(value)


def params_of(row: Row, name: str) -> Row:
    """What a strategy order says of its own type: an object, or a list of one."""
    found = objects_of(row.get(name))
    return found[0] if found else {}


def _plan(row: Row, product: Product, mode: PositionMode | None) -> dict[str, Any]:
    kind = _text(row, "type")
    state = _text(row, "status")
    state = _PLAN_STATES.get(state or "", state)
    waits = _WAITING.get(kind or "", _other_plan)(row)
    legs = {"stopSurplusTriggerType": _by(row.get("tpTriggerBy")), "stopLossTriggerType": _by(row.get("slTriggerBy"))}
    if product.is_spot:
        return {"status": state, "side": _text(row, "side"), **waits, "planType": None if kind == "trigger" else kind}
    if kind == "tpsl" and (hold := position_side(_text(row, "posSide", "holdSide"))):
        # What is named is the position that it leaves.
        row = {**row, "side": "sell" if hold is PositionSide.LONG else "buy"}
    direction = _direction(row, mode)
    if waits["planType"] == "track_plan" and direction["tradeSide"] == "close":
        waits["planType"] = "moving_plan"
    return {**direction, "planStatus": state, "marginCoin": COINS.get(product), **legs, **waits}


def _plan_in(read: Read, row: Row, product: Product, mode: PositionMode | None) -> dict[str, Any]:
    names = {name for name, _ in _sources(read, product)}
    return {name: value for name, value in _plan(row, product, mode).items() if name in names}


def _trigger(row: Row) -> dict[str, Any]:
    then = row.get("triggerOrderPrice")
    return {
        "planType": "normal_plan",
        "triggerPrice": row.get("triggerPrice"),
        "triggerType": _by(row.get("triggerBy")),
        "orderType": row.get("triggerOrderType"),
        "price": then,
        "executePrice": then,
        "callbackRatio": None,
    }


def _trailing(row: Row) -> dict[str, Any]:
    about = params_of(row, "trailingStopParams")
    return {
        "planType": "track_plan",
        "triggerPrice": about.get("activationPrice"),
        "triggerType": _by(about.get("activationType")),
        "orderType": about.get("preOrderType"),
        "price": about.get("preOrderPrice"),
        "executePrice": about.get("preOrderPrice"),
        # A spread is a distance in money, and no part of the price.
        "callbackRatio": about.get("trailVariance") if about.get("trailType") == "ratio" else None,
    }


def _exit(row: Row) -> dict[str, Any]:
    """A take-profit or a stop-loss; one order that is both has no trigger of its own, and both legs beside it."""
    profit, loss = (exact(_text(row, *names)) for names in (("takeProfit", "takeprofit"), ("stopLoss", "stoploss")))
    whole = row.get("tpslMode") == "full"
    if profit and loss:
        return {"planType": BOTH_EXITS, **dict.fromkeys(_OF_A_LEG)}
    return _leg(row, "tp" if profit else "sl", whole=whole)


BOTH_EXITS = "profit_loss"
_OF_A_LEG = ("triggerPrice", "triggerType", "orderType", "price", "executePrice", "callbackRatio")


def _leg(row: Row, leg: str, *, whole: bool) -> dict[str, Any]:
    word = "profit" if leg == "tp" else "loss"
    level = _text(row, "takeProfit", "takeprofit") if leg == "tp" else _text(row, "stopLoss", "stoploss")
    return {
        "planType": f"pos_{word}" if whole else f"{word}_plan",
        "triggerPrice": level,
        "triggerType": _by(row.get(f"{leg}TriggerBy")),
        "orderType": row.get(f"{leg}OrderType"),
        "price": None,
        "executePrice": row.get(f"{leg}LimitPrice"),
        "callbackRatio": None,
    }


def _oco(row: Row) -> dict[str, Any]:
    """The limit leg's price, and the stop's trigger and what it trades at."""
    about = params_of(row, "ocoParams")
    return {
        "planType": "oco",
        "triggerPrice": _text(about, "ocoTriggerPrice"),
        "triggerType": None,
        "orderType": _text(about, "ocoOrderType"),
        "price": _text(about, "ocoLimitPrice"),
        "executePrice": _text(about, "ocoOrderPrice"),
        "callbackRatio": None,
    }


def _twap(row: Row) -> dict[str, Any]:
    """Where it begins, where it does not begin at once."""
    about = params_of(row, "twapParams")
    told = {"triggerPrice": _text(about, "twapTriggerPrice"), "orderType": _text(about, "orderType")}
    return {"planType": "twap", **dict.fromkeys(_OF_A_LEG), **told}


def _iceberg(row: Row) -> dict[str, Any]:
    """The price of its parts, where they do not follow the book."""
    about = params_of(row, "icebergParams")
    told = {"price": _text(about, "fixedPrice"), "executePrice": _text(about, "fixedPrice"), "orderType": "limit"}
    return {"planType": "iceberg", **dict.fromkeys(_OF_A_LEG), **told}


def _other_plan(row: Row) -> dict[str, Any]:
    return {"planType": row.get("type"), **dict.fromkeys(_OF_A_LEG)}


_WAITING: dict[str, Callable[[Row], dict[str, Any]]] = {
    "trigger": _trigger,
    "trailing_stop": _trailing,
    "tpsl": _exit,
    "oco": _oco,
    "twap": _twap,
    "iceberg": _iceberg,
}


def plan_rows(read: Read, product: Product, row: Row, *, mode: PositionMode | None) -> list[dict[str, Any]]:
    """The rows that a classic account would have for a waiting order: it keeps a take-profit and a stop-loss apart.

    Both have the id of the one order, and are cancelled with it.
    """
    whole = row_of(read, product, row, mode=mode)
    if whole["planType"] != BOTH_EXITS and not (product.is_spot and row.get("type") == "tpsl"):
        return [whole]
    full = row.get("tpslMode") == "full"
    legs = [leg for leg, names in _LEGS.items() if exact(_text(row, *names))]
    told = [_leg(row, leg, whole=full) for leg in legs] or [{}]
    if len(legs) > 1 and row.get("status") not in ("pending", "cancelled"):
        # One of the two was carried out and took the other away, and it is not told which.
        told = [leg | {"status" if product.is_spot else "planStatus": None} for leg in told]
    return [{name: leg.get(name, value) for name, value in whole.items()} for leg in told]


_LEGS = {"tp": ("takeProfit", "takeprofit"), "sl": ("stopLoss", "stoploss")}

Rule = Callable[[Row, Product, PositionMode | None], dict[str, Any]]
_RULES: dict[Read, Rule] = {
    **{read: partial(_order_in, read) for read in (Read.ORDER, Read.OPEN_ORDERS, Read.PAST_ORDERS)},
    **{read: partial(_plan_in, read) for read in (Read.OPEN_PLANS, Read.PAST_PLANS)},
    **{read: partial(_fill, read) for read in (Read.FILLS, Read.OLD_FILLS)},
    **dict.fromkeys((Read.POSITIONS, Read.POSITION), _position),
    **dict.fromkeys((Read.BALANCE, Read.ACCOUNT), _balance),
    Read.TRANSFERS: _transfer,
    Read.SMALL_BALANCES: _dust,
    Read.SMALL_CONVERSIONS: _dust_turned,
}


def _charged(fees: Any) -> str | None:
    """What was paid, negative as in a classic account; None where nothing is told, or several coins are."""
    rows = objects(fees)
    amounts = [exact(fee.get("fee")) for fee in rows]
    if not rows or len({fee.get("feeCoin") for fee in rows}) > 1 or None in amounts:
        return None
    return negated(f"{sum((amount for amount in amounts if amount), Decimal(0)):f}")


def _fee_document(fees: Any) -> str:
    """The fees of a spot order, which a classic account writes as a document inside a text."""
    paid = {str(fee.get("feeCoin")): negated(fee.get("fee")) for fee in objects(fees)}
    entries = [
        f'{json.dumps(coin)}:{{"deduction":null,"feeCoinCode":{json.dumps(coin)},"totalDeductionFee":null,'
        f'"totalFee":{fee or "null"}}}'
        for coin, fee in paid.items()
    ]
    return "{" + ",".join(entries) + "}" if entries else ""


def negated(value: Any) -> str | None:
    amount = exact(value)
    if amount is None:
        return None
    return f"{-amount:f}" if amount else "0"


def _by(word: Any) -> Any:
    return _BY.get(word, word) if isinstance(word, str) else word


def _upper(word: Any) -> Any:
    return word.upper() if isinstance(word, str) else word


def _text(row: Row, *names: str) -> str | None:
    """The first of these fields that says something."""
    return next((str(row[name]) for name in names if row.get(name) not in (None, "")), None)
