"""Market data in the words of `/api/v3/market/…`: every line in one answer's shape."""

from __future__ import annotations

from itertools import islice
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import reworded
from bitget_cli.paper.api import futures_market, spot_market
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.prices.book import as_text
from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.paper.prices.path import Path
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

FUTURES = words.FUTURES_LINES


def instruments(_view: MarketView, query: Query) -> Any:
    return [_instrument(market) for market in words.markets(query)]


_BOTH = (
    "symbol category baseCoin quoteCoin buyLimitPriceRatio sellLimitPriceRatio minOrderQty=minTradeNum maxOrderQty"
    " minOrderAmount=minTradeUSDT pricePrecision=pricePlace quantityPrecision=volumePlace quotePrecision symbolType"
    " maxSymbolOrderNum maxProductOrderNum status maintainTime areaSymbol isRwa isReality launchTime"
)
_FUTURE = (
    " feeRateUpRatio makerFeeRate takerFeeRate offTime limitOpenTime openCostUpRatio maxMarketOrderQty priceMultiplier"
    " quantityMultiplier=sizeMultiplier type maxPositionNum deliveryTime deliveryStartTime deliveryPeriod fundInterval"
    " minLeverage=minLever maxLeverage=maxLever"
)


def _instrument(market: PaperInstrument) -> dict[str, Any]:
    """As a classic account's contracts are told, spot pairs too, in other words."""
    own = {
        "category": words.NAMES[market.product],
        "quotePrecision": "8",
        "symbolType": "crypto",
        "maxProductOrderNum": "400",
        "status": "online",
        "areaSymbol": "NO",
        "isReality": "no",
        "priceMultiplier": market.price(1),
        "type": "perpetual",
    }
    told = futures_market.contract_row(market) | own
    if market.product is not Product.SPOT:
        return reworded(told, _BOTH + _FUTURE)
    told |= {"minTradeNum": "0", "maxOrderQty": "9000000000", "minTradeUSDT": "1", "areaSymbol": "no"}
    return reworded(told, _BOTH)


def tickers(view: MarketView, query: Query) -> Any:
    return [ticker_row(view, market) for market in words.markets(query)]


_TICKER = (
    "category symbol ts lastPrice=lastPr openPrice24h=open24h highPrice24h=high24h lowPrice24h=low24h ask1Price=askPr"
    " bid1Price=bidPr bid1Size=bidSz ask1Size=askSz price24hPcnt=change24h volume24h=baseVolume turnover24h=quoteVolume"
    " platformTurnover24h=quoteVolume"
)
_FUTURES_TICKER = (
    " indexPrice markPrice fundingRate openInterest=holdingAmount deliveryStartTime deliveryTime deliveryStatus"
)


def ticker_row(view: MarketView, market: PaperInstrument) -> dict[str, Any]:
    """In other words than a classic account's; spot's price of a day ago is called otherwise there."""
    category = {"category": words.NAMES[market.product]}
    if market.product is Product.SPOT:
        told = spot_market.ticker_row(view, market)
        return reworded(told | category | {"open24h": told["open"]}, _TICKER)
    own = category | dict.fromkeys(("deliveryStartTime", "deliveryTime", "deliveryStatus"), "")
    return reworded(futures_market.ticker_row(view, market) | own, _TICKER + _FUTURES_TICKER)


def orderbook(view: MarketView, query: Query) -> Any:
    market = words.market(query)
    count, book = query.count("limit", 5, 1000), view.book(market)
    return {"a": as_text(market, book.asks(count)), "b": as_text(market, book.bids(count)), "ts": str(view.now)}


def recent_fills(view: MarketView, query: Query) -> Any:
    market = words.market(query)
    trades = islice(view.prices.traded(market).back_from(view.now), query.count("limit", 100, 100))
    return [
        {
            "execId": str(trade.id),
            "execLinkId": "",
            "price": market.price(trade.price),
            "size": market.size(trade.size),
            "side": "buy" if trade.buy else "sell",
            "ts": str(trade.time),
            "isRPI": "NO",
        }
        for trade in trades
    ]


def recent_candles(view: MarketView, query: Query) -> Any:
    return _candles(view, query, history=False)


def history_candles(view: MarketView, query: Query) -> Any:
    return _candles(view, query, history=True)


# Index prices are spot's own trades; nothing tells how far futures are from them.
_KINDS = ("market", "mark", "index")


def _candles(view: MarketView, query: Query, *, history: bool) -> list[list[str]]:
    from bitget_cli.paper.api import candles

    market = words.market(query)
    grid = candles.FUTURES[query.choice("interval", candles.FUTURES)]
    kind = (query.maybe("type") or "market").lower()
    if kind == "premium":
        raise answers.not_learnt("type=premium")
    if kind not in _KINDS:
        raise answers.wrong("type")
    start, end = query.times(days=90 if history else None)
    wanted = candles.CandleRange(grid, start, end, query.count("limit", 100, 100 if history else 1000))
    bars = (candles.finished if history else candles.recent)(_path(view, market, kind), wanted, view.now)
    return candles.rows(market, bars, traded=kind == "market")


def _path(view: MarketView, market: PaperInstrument, kind: str) -> Path:
    if market.product is Product.SPOT or kind == "market":
        return view.prices.traded(market)
    return view.prices.mark(market) if kind == "mark" else view.prices.index(market)


def current_fund_rate(view: MarketView, query: Query) -> Any:
    """By symbol, by line, or both; a symbol names its line here."""
    if query.maybe("category") is None:
        query = query.with_default("category", _line_of(query.text("symbol")))
    return [
        row | {"cashDividend": None, "cashDividendNextUpdate": None}
        for market in words.markets(query, FUTURES)
        for row in futures_market.current_fund_rate(view, _classic(market))
    ]


def _line_of(symbol: str) -> str:
    return "USDC-FUTURES" if symbol.upper().endswith("PERP") else "USDT-FUTURES"


def _classic(market: PaperInstrument) -> Query:
    """The same market as a classic account's call names it."""
    return Query({"productType": market.product.wire, "symbol": market.symbol})


def history_fund_rate(view: MarketView, query: Query) -> Any:
    """Pages are counted from one by `cursor`."""
    market = words.market(query, FUTURES)
    asked = {"pageNo": query.maybe("cursor"), "pageSize": query.maybe("limit")}
    classic = Query({"productType": market.product.wire, "symbol": market.symbol, **asked})
    rows = futures_market.history_fund_rate(view, classic)
    return {"resultList": [reworded(row, "symbol fundingRate fundingRateTimestamp=fundingTime") for row in rows]}


def open_interest(view: MarketView, query: Query) -> Any:
    rows = [
        {"symbol": market.symbol, "openInterest": view.open_interest(market)}
        for market in words.markets(query, FUTURES)
    ]
    return {"list": rows, "ts": str(view.now)}


def position_tier(_view: MarketView, query: Query) -> Any:
    market = words.market(query, FUTURES)
    names = "tier=level minTierValue=startUnit maxTierValue=endUnit leverage mmr=keepMarginRate"
    return [reworded(row, names) for row in futures_market.tier_rows(market)]


def oi_limit(view: MarketView, query: Query) -> Any:
    return [row for market in words.markets(query, FUTURES) for row in futures_market.oi_limit(view, _classic(market))]


def discount_rate(_view: MarketView, _query: Query) -> Any:
    """What a coin counts for as collateral, below and above ten thousand of it."""
    return [
        {
            "coin": coin,
            "list": [
                {"tierStartValue": "0", "discountRate": small},
                {"tierStartValue": "10000", "discountRate": large},
            ],
        }
        for coin, _, _, small, large in futures_market.COLLATERAL
    ]
