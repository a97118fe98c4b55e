"""The topics of Bitget's v3 streams: one private subscription tells of all product lines.

A subscription says `topic` and `symbol` where those of v2 say `channel` and `instId`; its `instType` is UTA on the
private socket, and a line in small letters on the public one. Facts from the pages of 2025 and 2026 and from captures
of August to October 2026.
"""

from __future__ import annotations

from bitget_cli.catalogue.channels import Channel, Kept, stream_fields
from bitget_cli.catalogue.model import Field

UNIFIED = ("UTA",)
FUTURES = ("usdt-futures", "coin-futures", "usdc-futures")
PUBLIC = ("spot", *FUTURES)

# Each push has one row with the totals, and in its `coin` the coins that changed: those are replaced, the others stay.
ACCOUNT = stream_fields(
    "totalEquity effEquity unrealisedPnL imr mmr mgnRatio positionMgnRatio bonus "
    "coin[]{ coin equity balance available locked borrow debts bonus usdValue }"
)
# No category: the symbol and the margin coin tell the line. A side that was closed comes once more with size 0.
POSITION = stream_fields(
    "symbol posSide holdMode marginMode marginCoin leverage size available frozen avgPrice markPrice liqPrice "
    "breakEvenPrice marginSize mmr unrealisedPnl curRealisedPnl profitRate totalFundingFee openFeeTotal "
    "closeFeeTotal cashDividend positionStatus createdTime updatedTime"
)
# The position's side is holdSide here and posSide over REST; takeprofit and stoploss were seen in small letters.
ORDER = stream_fields(
    "category orderId clientOid symbol orderType side holdSide holdMode tradeSide price qty amount cumExecQty "
    "cumExecValue avgPrice timeInForce orderStatus reduceOnly marginMode marginCoin leverage stpMode delegateType "
    "takeProfit|takeprofit stopLoss|stoploss matchType feeDetail[]{ feeCoin fee } totalProfit cancelReason requestId "
    "createdTime updatedTime"
)
FILL = stream_fields(
    "category execId execLinkId orderId clientOid symbol orderType side holdSide tradeSide tradeScope execPrice "
    "execQty execValue execPnl feeDetail[]{ feeCoin fee } execTime updatedTime"
)
STRATEGY_ORDER = stream_fields(
    "category orderId clientOid symbol type tpslMode qty side posSide status takeProfit stopLoss tpTriggerBy "
    "slTriggerBy tpOrderType slOrderType tpLimitPrice slLimitPrice triggerBy triggerPrice triggerOrderType "
    "triggerOrderPrice createdTime updatedTime"
)
ADL_NOTIFICATION = stream_fields("symbol side status price amount ts")

# Spot has neither index, mark, funding nor delivery. A row may leave its symbol out: the subscription tells it.
TICKER = stream_fields(
    "symbol lastPrice bid1Price ask1Price bid1Size ask1Size openPrice24h highPrice24h lowPrice24h price24hPcnt "
    "volume24h turnover24h indexPrice markPrice fundingRate nextFundingTime openInterest deliveryStartTime "
    "deliveryTime deliveryStatus"
)
KLINE = stream_fields("start open high low close volume turnover")
PUBLIC_TRADE = stream_fields("i L p v S T isRPI")
# maxdepth, in small letters, is in `books` alone. pseq 0 begins a sequence anew; there is no checksum.
BOOKS = stream_fields("a[] b[] seq pseq maxdepth|maxDepth ts")
LIQUIDATION = stream_fields("symbol side price amount ts")


def _private(name: str, word: str, kept: Kept, fields: tuple[Field, ...]) -> Channel:
    return Channel(name, word, kept, fields, UNIFIED, selector="")


def _public(name: str, word: str, kept: Kept, fields: tuple[Field, ...]) -> Channel:
    return Channel(name, word, kept, fields, PUBLIC, private=False, selector="symbol", first=True)


_WHOLE_BOOK = _public("books1", "depth", Kept.LATEST, BOOKS)._replace(repeats=True)

CHANNELS = (
    _private("account", "account", Kept.UPSERT, ACCOUNT)._replace(key=("coin",), first=True, repeats=True),
    _private("position", "positions", Kept.UPSERT, POSITION)._replace(
        key=("symbol", "posSide", "marginMode"), symbol="symbol", first=True, repeats=True
    ),
    _private("order", "orders", Kept.UPSERT, ORDER)._replace(key=("orderId",), symbol="symbol"),
    _private("fill", "fills", Kept.EVENTS, FILL)._replace(ids=("category", "execId"), symbol="symbol"),
    # Its subscription names the symbol "default".
    _private("strategy-order", "plans", Kept.UPSERT, STRATEGY_ORDER)._replace(
        key=("orderId",), symbol="symbol", selector="symbol"
    ),
    _private("adl-notification", "adl", Kept.EVENTS, ADL_NOTIFICATION)._replace(
        ids=("symbol", "side", "status", "ts"), symbol="symbol"
    ),
    _public("ticker", "ticker", Kept.LATEST, TICKER)._replace(key=("symbol",), symbol="symbol", repeats=True),
    # The subscription says the `interval` beside the symbol.
    _public("kline", "candles", Kept.ROWS, KLINE)._replace(key=("start",)),
    _public("publicTrade", "trades", Kept.EVENTS, PUBLIC_TRADE)._replace(ids=("i",)),
    _public("books", "depth", Kept.BOOK, BOOKS),
    _WHOLE_BOOK,
    _WHOLE_BOOK._replace(name="books5"),
    _WHOLE_BOOK._replace(name="books50"),
    _public("liquidation", "liquidations", Kept.EVENTS, LIQUIDATION)._replace(
        markets=FUTURES, selector="", ids=("symbol", "side", "price", "amount", "ts"), symbol="symbol", first=False
    ),
)
