"""Futures market data: tickers, book, trades, candles, contracts, funding."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import with_numbers
from bitget_cli.paper.instruments import LAUNCH, UNDERLYINGS, PaperInstrument, decimal_text, tiers
from bitget_cli.paper.prices import path
from bitget_cli.paper.prices.book import as_text
from bitget_cli.paper.prices.markets import LARGEST_RATE, MarketView, change
from bitget_cli.paper.prices.path import Path
from bitget_cli.paper.prices.tree import Draws
from bitget_cli.paper.request import DAY_MS, Query

if TYPE_CHECKING:
    from bitget_cli.paper.api.candles import CandleRange

_HOUR = 3_600_000
# Both a range and, without one, what a request looks back: Bitget serves at most this much at once.
_WINDOW_DAYS = 90


def ticker(view: MarketView, query: Query) -> Any:
    return [ticker_row(view, query.future())]


def tickers(view: MarketView, query: Query) -> Any:
    return [ticker_row(view, instrument) for instrument in query.futures()]


def ticker_row(view: MarketView, instrument: PaperInstrument) -> dict[str, Any]:
    row, price = summary_row(view, instrument), instrument.price
    opened = row.pop("open24h")
    return row | {
        "indexPrice": price(view.index(instrument)),
        "fundingRate": view.funding_rate(instrument, view.next_funding(instrument)),
        "holdingAmount": view.open_interest(instrument),
        "deliveryStartTime": None,
        "deliveryTime": None,
        "deliveryStatus": "",
        "open24h": opened,
        "markPrice": price(view.mark(instrument)),
    }


def summary_row(view: MarketView, instrument: PaperInstrument) -> dict[str, Any]:
    """What spot pairs and contracts tell alike."""
    now = view.summary(instrument)
    price, size = instrument.price, instrument.size
    turnover = instrument.value(now.day.value)
    return {
        "symbol": instrument.symbol,
        "lastPr": price(now.last.price),
        "askPr": price(now.ask[0]),
        "bidPr": price(now.bid[0]),
        "bidSz": size(now.bid[1]),
        "askSz": size(now.ask[1]),
        "high24h": price(now.day.high),
        "low24h": price(now.day.low),
        "ts": str(view.now),
        "change24h": change(now.day.open, now.last.price),
        "baseVolume": size(now.day.volume),
        "quoteVolume": turnover,
        "usdtVolume": turnover,
        "openUtc": price(now.open_utc),
        "changeUtc24h": change(now.open_utc, now.last.price),
        "open24h": price(now.day.open),
    }


def symbol_price(view: MarketView, query: Query) -> Any:
    instrument = query.future()
    return [
        {
            "symbol": instrument.symbol,
            "price": instrument.price(view.prices.traded(instrument).last(view.now).price),
            "indexPrice": instrument.price(view.index(instrument)),
            "markPrice": instrument.price(view.mark(instrument)),
            "ts": str(view.now),
        }
    ]


def merge_depth(view: MarketView, query: Query) -> Any:
    """Levels are JSON numbers here, alone among Bitget's prices."""
    instrument = query.future()
    merge, told = merging(query, instrument)
    count, book = query.levels(), view.book(instrument)
    rest = {"ts": str(view.now), **told}
    asks, bids = book.asks(count, merge=merge), book.bids(count, merge=merge)
    return with_numbers(rest, asks=as_text(instrument, asks), bids=as_text(instrument, bids))


def merging(query: Query, instrument: PaperInstrument) -> tuple[int, dict[str, str]]:
    """How many ticks `precision` puts together, and how an answer tells it."""
    scale = query.choice("precision", ("scale0", "scale1", "scale2", "scale3"), "scale0")
    merge, most = 10 ** int(scale[-1]), "YES" if scale == "scale3" else "NO"
    return merge, {"scale": instrument.price(merge), "precision": scale, "isMaxPrecision": most}


def recent_fills(view: MarketView, query: Query) -> Any:
    instrument = query.future()
    path = view.prices.traded(instrument)
    trades = islice(path.back_from(view.now), query.count("limit", 100, 100))
    return [trade_row(instrument, trade) for trade in trades]


def fills_history(view: MarketView, query: Query) -> Any:
    from bitget_cli.paper.api import candles

    instrument = query.future()
    trades = candles.older(view.prices.traded(instrument), query, view.now)
    return [trade_row(instrument, trade, ("Buy", "Sell")) for trade in trades]


def trade_row(
    instrument: PaperInstrument, trade: path.Trade, words: tuple[str, str] = ("buy", "sell")
) -> dict[str, str]:
    return {
        "tradeId": str(trade.id),
        "price": instrument.price(trade.price),
        "size": instrument.size(trade.size),
        "side": words[0] if trade.buy else words[1],
        "ts": str(trade.time),
        "symbol": instrument.symbol,
    }


def recent_candles(view: MarketView, query: Query) -> Any:
    from bitget_cli.paper.api import candles

    instrument = query.future()
    kind = query.choice("kLineType", ("MARKET", "MARK", "INDEX", "market", "mark", "index"), "MARKET").upper()
    wanted = _wanted(view, query, 1000)
    path = _path(view, instrument, kind)
    return candles.rows(instrument, candles.recent(path, wanted, view.now), traded=kind == "MARKET")


def history_candles(view: MarketView, query: Query) -> Any:
    return _history(view, query, "MARKET")


def history_mark_candles(view: MarketView, query: Query) -> Any:
    return _history(view, query, "MARK")


def history_index_candles(view: MarketView, query: Query) -> Any:
    return _history(view, query, "INDEX")


def _history(view: MarketView, query: Query, kind: str) -> Any:
    from bitget_cli.paper.api import candles

    instrument = query.future()
    wanted = _wanted(view, query, 200)
    path = _path(view, instrument, kind)
    return candles.rows(instrument, candles.finished(path, wanted, view.now), traded=kind == "MARKET")


def _path(view: MarketView, instrument: PaperInstrument, kind: str) -> Path:
    paths = {"MARKET": view.prices.traded, "MARK": view.prices.mark, "INDEX": view.prices.index}
    return paths[kind](instrument)


def _wanted(view: MarketView, query: Query, most: int) -> CandleRange:
    from bitget_cli.paper.api import candles

    grid = candles.FUTURES[query.choice("granularity", candles.FUTURES)]
    start, end = query.times(days=_WINDOW_DAYS)
    earliest = min(view.now, end or view.now) - _WINDOW_DAYS * DAY_MS
    return candles.CandleRange(grid, max(start or 0, earliest), end, query.count("limit", 100, most))


def open_interest(view: MarketView, query: Query) -> Any:
    instrument = query.future()
    row = {"symbol": instrument.symbol, "size": view.open_interest(instrument)}
    return {"openInterestList": [row], "ts": str(view.now)}


def funding_time(view: MarketView, query: Query) -> Any:
    instrument = query.future()
    return [
        {
            "symbol": instrument.symbol,
            "nextFundingTime": str(view.next_funding(instrument)),
            "ratePeriod": str(instrument.fund_hours),
        }
    ]


def current_fund_rate(view: MarketView, query: Query) -> Any:
    largest = decimal_text(LARGEST_RATE, 6)
    return [
        {
            "symbol": instrument.symbol,
            "fundingRate": view.funding_rate(instrument, view.next_funding(instrument)),
            "fundingRateInterval": str(instrument.fund_hours),
            "nextUpdate": str(view.next_funding(instrument)),
            "minFundingRate": f"-{largest}",
            "maxFundingRate": largest,
        }
        for instrument in query.chosen_futures()
    ]


def history_fund_rate(view: MarketView, query: Query) -> Any:
    instrument = query.future()
    slot = instrument.fund_hours * _HOUR
    size = query.count("pageSize", 20, 100)
    newest = view.now // slot - (query.count("pageNo", 1, 1_000_000) - 1) * size
    times = (index * slot for index in range(newest, newest - size, -1))
    return [
        {"symbol": instrument.symbol, "fundingRate": view.funding_rate(instrument, time), "fundingTime": str(time)}
        for time in times
        if time >= LAUNCH
    ]


# Terms are the paper exchange's own, in the shape of Bitget's.

# Coin, most one user and all users may pledge, and the part of its value that counts below and above 10 000 coins.
COLLATERAL = (
    ("BTC", "1000", "15000", "0.98", "0.9"),
    ("ETH", "15000", "200000", "0.97", "0.88"),
    ("SOL", "60000", "900000", "0.93", "0.8"),
    ("XRP", "4000000", "60000000", "0.92", "0.8"),
    ("USDC", "20000000", "300000000", "1", "0.99"),
    ("BGB", "500000", "9000000", "0.85", "0.7"),
)


def contracts(_view: MarketView, query: Query) -> Any:
    return [contract_row(instrument) for instrument in query.chosen_futures()]


def contract_row(instrument: PaperInstrument) -> dict[str, Any]:
    step = instrument.size(1)
    return {
        "symbol": instrument.symbol,
        "baseCoin": instrument.base,
        "quoteCoin": instrument.quote,
        "buyLimitPriceRatio": "0.05",
        "sellLimitPriceRatio": "0.05",
        "feeRateUpRatio": "0.005",
        "makerFeeRate": instrument.maker,
        "takerFeeRate": instrument.taker,
        "openCostUpRatio": "0.01",
        "supportMarginCoins": [instrument.margin_coin],
        "minTradeNum": step,
        "priceEndStep": str(instrument.price_step),
        "volumePlace": str(instrument.size_places),
        "pricePlace": str(instrument.price_places),
        "sizeMultiplier": step,
        "symbolType": "perpetual",
        "minTradeUSDT": "5",
        "maxSymbolOrderNum": "200",
        "maxProductOrderNum": "1000",
        "maxPositionNum": "150",
        "symbolStatus": "normal",
        "offTime": "-1",
        "limitOpenTime": "-1",
        "deliveryTime": "",
        "deliveryStartTime": "",
        "deliveryPeriod": "",
        "launchTime": str(LAUNCH),
        "fundInterval": str(instrument.fund_hours),
        "minLever": "1",
        "maxLever": str(instrument.max_leverage),
        "posLimit": "0.05",
        "maintainTime": "",
        "openTime": str(LAUNCH),
        "maxMarketOrderQty": str(instrument.largest_market),
        "maxOrderQty": str(instrument.largest),
        "isRwa": "NO",
    }


def query_position_lever(_view: MarketView, query: Query) -> Any:
    return tier_rows(query.future())


def tier_rows(instrument: PaperInstrument) -> list[dict[str, str]]:
    return [
        {
            "symbol": instrument.symbol,
            "level": str(level),
            "startUnit": str(start),
            "endUnit": str(end),
            "leverage": str(leverage),
            "keepMarginRate": rate,
        }
        for level, (start, end, leverage, rate) in enumerate(tiers(instrument), 1)
    ]


def oi_limit(_view: MarketView, query: Query) -> Any:
    """The most one account, and a main account with its sub-accounts, may hold: the end of the last tier."""
    rows = []
    for instrument in query.chosen_futures():
        most = tiers(instrument)[-1][1]
        rows.append({"symbol": instrument.symbol, "notionalValue": str(most * 2 // 3), "totalNotionalValue": str(most)})
    return rows


def discount_rate(_view: MarketView, _query: Query) -> Any:
    return [
        {
            "coin": coin,
            "userLimit": one,
            "totalLimit": every,
            "discountRateList": _two_tiers("discountRate", small, large),
        }
        for coin, one, every, small, large in COLLATERAL
    ]


def exchange_rate(_view: MarketView, _query: Query) -> Any:
    """Below par by a little, as for converting collateral when a debt is settled."""
    tiers = _two_tiers("exchangeRate", "0.998", "0.995")
    return [
        # As its page spells the name, and as it is really sent.
        {"coin": coin, "exchangeRateList": tiers, "excahngeRateList": tiers}
        for coin, *_ in COLLATERAL
    ]


def _two_tiers(name: str, small: str, large: str) -> list[dict[str, str]]:
    return [
        {"tier": "1", "minAmount": "0", "maxAmount": "10000", name: small},
        {"tier": "2", "minAmount": "10000", "maxAmount": "-1", name: large},
    ]


def union_interest_rate_history(view: MarketView, query: Query) -> Any:
    """Thirty days, newest first."""
    coin = query.text("coin").upper()
    if coin not in UNDERLYINGS and coin != "USDT":
        raise answers.unknown(query.text("coin"))
    draws = Draws(view.prices.seed, f"{coin}/interest")
    today = view.now // DAY_MS
    rows = []
    for day in range(today, today - 30, -1):
        # A yearly rate of 1.46 to about 7.4 %, in steps that divide into days exactly.
        daily = 40 + draws.one(0, day) // 400
        rows.append(
            {
                "ts": str(day * DAY_MS),
                "annualInterestRate": decimal_text(daily * 365, 6),
                "dailyInterestRate": decimal_text(daily, 6),
            }
        )
    return {"coin": coin, "historyInterestRateList": rows}
