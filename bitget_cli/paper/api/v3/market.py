"""Market data in the words of `/api/v3/market/…`: every line in one answer's shape."""

from __future__ import annotations

from itertools import islice
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.api import futures_market, spot_market
from bitget_cli.paper.api.v3 import words
from bitget_cli.paper.instruments import LAUNCH, PaperInstrument, tiers
from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.paper.prices.path import Path
from bitget_cli.paper.request import Query
from bitget_cli.values import Product

FUTURES = words.FUTURES_LINES


def instruments(_desk: MarketView, query: Query) -> Any:
    return [_instrument(market) for market in words.markets(query)]


def _instrument(market: PaperInstrument) -> dict[str, Any]:
    spot = market.product is Product.SPOT
    row = {
        "symbol": market.symbol,
        "category": words.NAMES[market.product],
        "baseCoin": market.base,
        "quoteCoin": market.quote,
        "buyLimitPriceRatio": "0.05",
        "sellLimitPriceRatio": "0.05",
        "minOrderQty": "0" if spot else market.size(1),
        "maxOrderQty": "9000000000" if spot else str(market.largest),
        "minOrderAmount": "1" if spot else "5",
        "pricePrecision": str(market.price_places),
        "quantityPrecision": str(market.size_places),
        "quotePrecision": "8",
        "symbolType": "crypto",
        "maxSymbolOrderNum": "200",
        "maxProductOrderNum": "400",
        "status": "online",
        "maintainTime": "",
        "areaSymbol": "no" if spot else "NO",
        "isRwa": "NO",
        "isReality": "no",
        "launchTime": str(LAUNCH),
    }
    if spot:
        return row
    return row | {
        "feeRateUpRatio": "0.005",
        "makerFeeRate": market.maker,
        "takerFeeRate": market.taker,
        "offTime": "-1",
        "limitOpenTime": "-1",
        "openCostUpRatio": "0.01",
        "maxMarketOrderQty": str(market.largest_market),
        "priceMultiplier": market.price(1),
        "quantityMultiplier": market.size(1),
        "type": "perpetual",
        "maxPositionNum": "150",
        "deliveryTime": "",
        "deliveryStartTime": "",
        "deliveryPeriod": "",
        "fundInterval": str(market.fund_hours),
        "minLeverage": "1",
        "maxLeverage": str(market.max_leverage),
    }


def tickers(view: MarketView, query: Query) -> Any:
    return [ticker_row(view, market) for market in words.markets(query)]


# A ticker's names by those of a classic account's; spot's price of a day ago is called otherwise there.
_TICKER = {
    "lastPrice": "lastPr",
    "openPrice24h": "open24h",
    "highPrice24h": "high24h",
    "lowPrice24h": "low24h",
    "ask1Price": "askPr",
    "bid1Price": "bidPr",
    "bid1Size": "bidSz",
    "ask1Size": "askSz",
    "price24hPcnt": "change24h",
    "volume24h": "baseVolume",
    "turnover24h": "quoteVolume",
    "platformTurnover24h": "quoteVolume",
}
_FUTURES_TICKER = {
    "indexPrice": "indexPrice",
    "markPrice": "markPrice",
    "fundingRate": "fundingRate",
    "openInterest": "holdingAmount",
}


def ticker_row(view: MarketView, market: PaperInstrument) -> dict[str, Any]:
    spot = market.product is Product.SPOT
    told = spot_market.ticker_row(view, market) if spot else futures_market.ticker_row(view, market)
    told = {"open24h": told["open"], **told} if spot else told
    names = _TICKER if spot else _TICKER | _FUTURES_TICKER
    row = {"category": words.NAMES[market.product], "symbol": market.symbol, "ts": str(view.now)}
    row |= {name: told[classic] for name, classic in names.items()}
    return row if spot else row | {"deliveryStartTime": "", "deliveryTime": "", "deliveryStatus": ""}


def orderbook(view: MarketView, query: Query) -> Any:
    market = words.market(query)
    count, book = query.count("limit", 5, 1000), view.book(market)
    sides = {"a": book.asks(count), "b": book.bids(count)}
    levels = {name: [[market.price(price), market.size(size)] for price, size in side] for name, side in sides.items()}
    return {**levels, "ts": str(view.now)}


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
    return futures_market.candle_rows(market, bars, traded=kind == "market")


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
    names = {"symbol": "symbol", "fundingRate": "fundingRate", "fundingRateTimestamp": "fundingTime"}
    return {"resultList": [{name: row[classic] for name, classic in names.items()} for row in rows]}


def open_interest(view: MarketView, query: Query) -> Any:
    rows = [
        {"symbol": market.symbol, "openInterest": view.open_interest(market)}
        for market in words.markets(query, FUTURES)
    ]
    return {"list": rows, "ts": str(view.now)}


def position_tier(_desk: MarketView, query: Query) -> Any:
    market = words.market(query, FUTURES)
    return [
        {
            "tier": str(number),
            "minTierValue": str(start),
            "maxTierValue": str(end),
            "leverage": str(leverage),
            "mmr": rate,
        }
        for number, (start, end, leverage, rate) in enumerate(tiers(market), 1)
    ]


def oi_limit(view: MarketView, query: Query) -> Any:
    return [row for market in words.markets(query, FUTURES) for row in futures_market.oi_limit(view, _classic(market))]


def discount_rate(_desk: MarketView, _query: Query) -> Any:
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
