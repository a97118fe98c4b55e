"""The channels of Bitget's streams: names, fields, and what a push does to what was known."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from bitget_cli.catalogue.fields import fields
from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.errors import UsageError

# Names that only streams use, and what they mean.
_KIND = {
    name: kind
    for kind, names in {
        FieldKind.TIME: "start triggerTime fillTime execTime T",
        FieldKind.ID: "posId i L",
        FieldKind.SIDE: "S",
        FieldKind.SIGNED: "fillFee settleFee cashDividend usdtUnrealized unrealisedPnL totalFundingFee",
        FieldKind.RATE: "isolatedMarginRate marginRate",
        FieldKind.NUMBER: """
            accBaseVolume actualSize debts deliveryPrice fillNotionalUsd fillPrice fillTotalAmount maxOpenPosAvailable
            newSize notional notionalUsd p v
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
    # Public trades of v3 have letters for names.
    "i": "Trade id",
    "L": "Link id",
    "p": "Price",
    "v": "Size",
    "S": "Side",
    "T": "Time",
}


def stream_fields(words: str) -> tuple[Field, ...]:
    """The fields of a push, as `fields` reads their names; a few mean something else than in a reply."""
    return tuple(
        field._replace(kind=_KIND.get(field.name, field.kind), label=_LABEL.get(field.name, field.label))
        for field in fields(words)
    )


# Futures have mark, index, funding and open interest; spot has changeUtc24h. Open interest carries binary noise.
TICKER = stream_fields(
    "instId lastPr bidPr askPr bidSz askSz open24h high24h low24h change24h changeUtc24h openUtc baseVolume "
    "quoteVolume fundingRate nextFundingTime markPrice indexPrice holdingAmount symbolType symbol deliveryPrice ts"
)
CANDLE = tuple(
    field._replace(place=place)
    for place, field in enumerate(stream_fields("start open high low close baseVolume quoteVolume usdtVolume"))
)
TRADE = stream_fields("tradeId price size side ts")
# `checked` is ours: verified by the sequence, or unverified.
DEPTH = stream_fields("asks[] bids[] seq ts checked")
AUCTION = stream_fields("stage stageEndTime estOpeningPrice matchedVolume auctionEndTime")
INDEX_PRICE = stream_fields("symbol baseCoin quoteCoin indexPrice ts")

SPOT_ACCOUNT = stream_fields("coin available frozen locked limitAvailable usdtValue uTime")
FUTURES_ACCOUNT = stream_fields(
    "marginCoin available frozen equity usdtEquity unrealizedPL crossedRiskRate maxOpenPosAvailable maxTransferOut "
    "unionTotalMargin unionAvailable unionMm assetsMode"
)
# Newer pages call unrealizedPL usdtUnrealized.
EQUITY = stream_fields("usdtEquity btcEquity unrealizedPL usdtUnrealized unionTotalMargin unionAvailable unionMm")
# totalFee is the funding so far, "" before the first; deductedFee the trading fees. cashDividend since July 2026.
POSITION = stream_fields(
    "posId instId holdSide marginMode posMode leverage total available frozen openPriceAvg markPrice liquidationPrice "
    "unrealizedPL unrealizedPLR achievedProfits breakEvenPrice marginCoin marginSize marginRate keepMarginRate "
    "isolatedMarginRate totalFee deductedFee assetMode autoMargin cashDividend cTime uTime"
)
CLOSED_POSITION = stream_fields(
    "posId instId marginCoin marginMode holdSide posMode openPriceAvg closePriceAvg openSize closeSize "
    "achievedProfits settleFee openFee closeFee cTime uTime"
)
ADL = stream_fields("symbol side status price amount ts")

# Only the push of a fill says these.
_OF_FILL = "fillPrice tradeId baseVolume fillTime fillFee fillFeeCoin tradeScope"
FUTURES_ORDER = stream_fields(
    "instId orderId clientOid price size accBaseVolume priceAvg status side posSide tradeSide orderType force "
    "reduceOnly posMode marginMode marginCoin leverage notionalUsd enterPointSource cancelReason "
    "feeDetail[]{ feeCoin fee } pnl totalProfits stpMode presetStopSurplusPrice presetStopSurplusType "
    "presetStopSurplusExecutePrice presetStopLossPrice presetStopLossType presetStopLossExecutePrice cTime uTime "
    f"{_OF_FILL} fillNotionalUsd"
)
# newSize counts, size does not: base coin, and quote coin for a market order that buys.
SPOT_ORDER = stream_fields(
    "instId orderId clientOid price newSize size notional accBaseVolume priceAvg status side orderType force "
    f"enterPointSource feeDetail[]{{ feeCoin fee }} stpMode cTime uTime {_OF_FILL}"
)
_FEES = "feeDetail[]{ feeCoin deduction totalDeductionFee totalFee }"
FUTURES_FILL = stream_fields(
    "symbol orderId clientOid tradeId side tradeSide price baseVolume quoteVolume profit orderType posMode tradeScope "
    f"{_FEES} cTime uTime"
)
SPOT_FILL = stream_fields(f"symbol orderId tradeId side orderType priceAvg size amount tradeScope {_FEES} cTime uTime")

_PLAN = "instId orderId clientOid planType triggerPrice triggerType triggerTime price executePrice size actualSize"
SPOT_PLAN = stream_fields(f"{_PLAN} orderType side status enterPointSource stpMode cTime uTime")
FUTURES_PLAN = stream_fields(
    f"{_PLAN} orderType side tradeSide posSide marginCoin status posMode enterPointSource stopSurplusPrice "
    "stopSurplusTriggerPrice stopSurplusTriggerType stopLossPrice stopLossTriggerPrice stopLossTriggerType stpMode "
    "cTime uTime"
)

MARGIN_ORDER = stream_fields(
    "symbol orderId clientOid price baseSize quoteSize baseVolume fillPrice fillTotalAmount status side orderType "
    f"force loanType enterPointSource stpMode {_FEES} cTime uTime"
)
MARGIN_ACCOUNT = stream_fields("id symbol coin available borrow frozen interest coupon uTime")


# Facts from the v2 WebSocket pages (December 2025 and 2026) and public captures of June to October 2026.

SPOT = ("SPOT",)
FUTURES = ("USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES")
MARGIN = ("MARGIN",)

# Where a subscription means all symbols or coins.
EVERY = "default"


class Kept(StrEnum):
    """What a push does to what was told before; `action` on the wire is no guide on private channels."""

    LATEST = "latest"  # replaces what stood under the same key
    BOOK = "book"  # a snapshot, then changes in an unbroken sequence
    ROWS = "rows"  # bars by their start: the same start replaces, a newer one closes the bar before
    UPSERT = "upsert"  # each row replaces the one of its key; the others stay
    SET = "set"  # the whole set: what is missing is gone
    EVENTS = "events"  # each row once


class Channel(NamedTuple):
    """One channel in the markets (Bitget's `instType`) where its rows are alike.

    `type` is the word of `bitget watch`; `selector` the key of a subscription that says which: `instId`, `coin`, or ""
    for none. `key` tells rows apart, `ids` an event from its repetition; `symbol` is the field that names the market,
    "" where only the subscription does. `first` says that a push follows the acknowledgement; `repeats` that it comes
    again when nothing changed, so that silence is a fault. A row that is an array has its places named in `fields`.
    """

    name: str
    type: str
    kept: Kept
    fields: tuple[Field, ...]
    markets: tuple[str, ...]
    private: bool = True
    selector: str = "instId"
    key: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    symbol: str = ""
    first: bool = False
    repeats: bool = False


def _public(name: str, word: str, kept: Kept, fields: tuple[Field, ...]) -> Channel:
    """A channel of one symbol that every spot and futures market has, and whose snapshot follows the subscription."""
    return Channel(name, word, kept, fields, SPOT + FUTURES, private=False, first=True)


_ACCOUNT = Channel("account", "account", Kept.UPSERT, SPOT_ACCOUNT, SPOT, selector="coin", first=True)
_ORDERS = Channel("orders", "orders", Kept.UPSERT, SPOT_ORDER, SPOT, key=("orderId",), symbol="instId")
_FILLS = Channel("fill", "fills", Kept.EVENTS, SPOT_FILL, SPOT, ids=("symbol", "tradeId"), symbol="symbol")
_PLANS = _ORDERS._replace(name="orders-algo", type="plans", fields=SPOT_PLAN)
_MARGIN_ORDERS = _ORDERS._replace(fields=MARGIN_ORDER, markets=MARGIN, symbol="symbol")
_MARGIN_ACCOUNT = _ACCOUNT._replace(fields=MARGIN_ACCOUNT, markets=MARGIN)

CHANNELS = (
    _public("ticker", "ticker", Kept.LATEST, TICKER)._replace(key=("instId",), symbol="instId", repeats=True),
    # The wire adds the interval: candle1m.
    _public("candle", "candles", Kept.ROWS, CANDLE)._replace(key=("start",)),
    _public("trade", "trades", Kept.EVENTS, TRADE)._replace(ids=("tradeId",)),
    _public("books", "depth", Kept.BOOK, DEPTH),
    _public("books1", "depth", Kept.LATEST, DEPTH)._replace(repeats=True),
    _public("books5", "depth", Kept.LATEST, DEPTH)._replace(repeats=True),
    _public("books15", "depth", Kept.LATEST, DEPTH)._replace(repeats=True),
    _public("auction", "auction", Kept.LATEST, AUCTION)._replace(markets=SPOT, first=False),
    _public("index-price", "index", Kept.LATEST, INDEX_PRICE)._replace(
        markets=MARGIN, key=("symbol",), symbol="symbol"
    ),
    _ACCOUNT._replace(key=("coin",)),
    _ACCOUNT._replace(key=("marginCoin",), fields=FUTURES_ACCOUNT, markets=FUTURES),
    Channel(
        "positions",
        "positions",
        Kept.SET,
        POSITION,
        FUTURES,
        key=("instId", "holdSide", "marginMode"),
        symbol="instId",
        first=True,
    ),
    _ORDERS,
    _ORDERS._replace(fields=FUTURES_ORDER, markets=FUTURES),
    _FILLS,
    _FILLS._replace(fields=FUTURES_FILL, markets=FUTURES),
    _PLANS,
    _PLANS._replace(fields=FUTURES_PLAN, markets=FUTURES),
    Channel(
        "positions-history", "closed", Kept.EVENTS, CLOSED_POSITION, FUTURES, ids=("posId", "uTime"), symbol="instId"
    ),
    Channel("equity", "equity", Kept.LATEST, EQUITY, FUTURES, selector="", first=True),
    Channel("adl-noti", "adl", Kept.EVENTS, ADL, FUTURES, ids=("symbol", "side", "status", "ts"), symbol="symbol"),
    _MARGIN_ORDERS._replace(name="orders-crossed"),
    _MARGIN_ORDERS._replace(name="orders-isolated"),
    _MARGIN_ACCOUNT._replace(name="account-crossed", key=("coin",)),
    _MARGIN_ACCOUNT._replace(name="account-isolated", key=("symbol", "coin"), symbol="symbol"),
)
_BY_NAME = {(market, row.name): row for row in CHANNELS for market in row.markets}
_BY_WORD = {(market, row.type): row for row in reversed(CHANNELS) for market in row.markets}

# Depth is pushed whole up to these many levels a side; more is a book to be kept.
_WHOLE = {1: "books1", 5: "books5", 15: "books15"}
MOST_LEVELS = 500

# The spelling of the command line → that of the wire, as everywhere on the UTC grid: without `utc`, bars of six hours
# and more follow the UTC+8 day. 3m and 2H are undocumented, but accepted.
INTERVALS = {short: short for short in ("1m", "3m", "5m", "15m", "30m")} | {
    "1h": "1H",
    "2h": "2H",
    "4h": "4H",
    "6h": "6Hutc",
    "12h": "12Hutc",
    "1d": "1Dutc",
    "3d": "3Dutc",
    "1w": "1Wutc",
    "1M": "1Mutc",
}


def find(market: str, name: str) -> Channel:
    """The channel of this name on the wire (`candle1m` too) in a market such as `USDT-FUTURES`.

    Raises UsageError where there is none; the docs and the exchange (30016) know no others.
    """
    stem = "candle" if name.startswith("candle") and name[6:] in _WIRE_INTERVALS else name
    if found := _BY_NAME.get((market, stem)):
        return found
    raise UsageError(f"{market} has no channel {name!r}")


def of_word(market: str, word: str) -> Channel:
    """The channel behind a word of `bitget watch`; for depth the kept book, for margin the crossed account."""
    if found := _BY_WORD.get((market, word)):
        return found
    raise UsageError(f"{market.lower()} has no {word}")


def depth_channel(levels: int) -> str:
    """The channel that shows so many levels a side. Raises UsageError outside 1 to 500."""
    if not 1 <= levels <= MOST_LEVELS:
        raise UsageError(f"depth {levels} is not between 1 and {MOST_LEVELS} levels")
    return next((name for most, name in _WHOLE.items() if levels <= most), "books")


def candle_channel(interval: str) -> str:
    """The channel of bars of this length, as the command line spells it."""
    return f"candle{INTERVALS[interval]}"


def interval_of(name: str) -> str:
    """The bars' length as the command line spells it, from the channel's name on the wire: candle1Dutc is 1d."""
    return _WIRE_INTERVALS[name.removeprefix("candle")]


# Those of the UTC+8 grid and some undocumented ones are told apart too when somebody subscribes to them by name.
_WIRE_INTERVALS = {wire: typed for typed, wire in INTERVALS.items()} | {
    name: name for name in ("6H", "8H", "12H", "1D", "3D", "1W", "1M")
}
