"""Futures market data: `/api/v2/mix/market/…`, with every field of Bitget's answers."""

from __future__ import annotations

from itertools import islice
from typing import Any

from bitget_cli.paper import candles, fills, grids
from bitget_cli.paper.desk import LARGEST_RATE, Desk, change
from bitget_cli.paper.instruments import LAUNCH, Instrument, decimal_text
from bitget_cli.paper.path import Path
from bitget_cli.paper.query import DAY_MS, Query
from bitget_cli.paper.verbatim import with_numbers

_HOUR = 3_600_000
# Both a range and, without one, what a request looks back: Bitget serves at most this much at once.
_WINDOW_DAYS = 90


def ticker(desk: Desk, query: Query) -> Any:
    return [ticker_row(desk, query.future())]


def tickers(desk: Desk, query: Query) -> Any:
    return [ticker_row(desk, instrument) for instrument in query.futures()]


def ticker_row(desk: Desk, instrument: Instrument) -> dict[str, Any]:
    now = desk.summary(instrument)
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
        "ts": str(desk.now),
        "change24h": change(now.day.open, now.last.price),
        "baseVolume": size(now.day.volume),
        "quoteVolume": turnover,
        "usdtVolume": turnover,
        "openUtc": price(now.open_utc),
        "changeUtc24h": change(now.open_utc, now.last.price),
        "indexPrice": price(desk.index(instrument)),
        "fundingRate": desk.funding_rate(instrument, desk.next_funding(instrument)),
        "holdingAmount": desk.open_interest(instrument),
        "deliveryStartTime": None,
        "deliveryTime": None,
        "deliveryStatus": "",
        "open24h": price(now.day.open),
        "markPrice": price(desk.mark(instrument)),
    }


def symbol_price(desk: Desk, query: Query) -> Any:
    instrument = query.future()
    return [
        {
            "symbol": instrument.symbol,
            "price": instrument.price(desk.prices.traded(instrument).last(desk.now).price),
            "indexPrice": instrument.price(desk.index(instrument)),
            "markPrice": instrument.price(desk.mark(instrument)),
            "ts": str(desk.now),
        }
    ]


def merge_depth(desk: Desk, query: Query) -> Any:
    """Levels are JSON numbers here, alone among Bitget's prices."""
    instrument = query.future()
    scale = query.choice("precision", ("scale0", "scale1", "scale2", "scale3"), "scale0")
    count, merge = query.levels(), 10 ** int(scale[-1])
    book = desk.book(instrument)

    def shown(levels: list[tuple[int, int]]) -> list[tuple[str, ...]]:
        return [(instrument.price(price), instrument.size(size)) for price, size in levels]

    rest = {
        "ts": str(desk.now),
        "scale": instrument.price(merge),
        "precision": scale,
        "isMaxPrecision": "YES" if scale == "scale3" else "NO",
    }
    return with_numbers(rest, asks=shown(book.asks(count, merge=merge)), bids=shown(book.bids(count, merge=merge)))


def recent_fills(desk: Desk, query: Query) -> Any:
    instrument = query.future()
    path = desk.prices.traded(instrument)
    trades = islice(path.back_from(desk.now), query.count("limit", 100, 100))
    return [_fill(instrument, trade, ("buy", "sell")) for trade in trades]


def fills_history(desk: Desk, query: Query) -> Any:
    instrument = query.future()
    trades = fills.older(desk.prices.traded(instrument), query, desk.now)
    return [_fill(instrument, trade, ("Buy", "Sell")) for trade in trades]


def _fill(instrument: Instrument, trade: fills.Trade, words: tuple[str, str]) -> dict[str, str]:
    return {
        "tradeId": str(trade.id),
        "price": instrument.price(trade.price),
        "size": instrument.size(trade.size),
        "side": words[0] if trade.buy else words[1],
        "ts": str(trade.time),
        "symbol": instrument.symbol,
    }


def recent_candles(desk: Desk, query: Query) -> Any:
    instrument = query.future()
    kind = query.choice("kLineType", ("MARKET", "MARK", "INDEX", "market", "mark", "index"), "MARKET").upper()
    wanted = _wanted(desk, query, 1000)
    path = _path(desk, instrument, kind)
    return _rows(instrument, candles.recent(path, wanted, desk.now), traded=kind == "MARKET")


def history_candles(desk: Desk, query: Query) -> Any:
    return _history(desk, query, "MARKET")


def history_mark_candles(desk: Desk, query: Query) -> Any:
    return _history(desk, query, "MARK")


def history_index_candles(desk: Desk, query: Query) -> Any:
    return _history(desk, query, "INDEX")


def _history(desk: Desk, query: Query, kind: str) -> Any:
    instrument = query.future()
    wanted = _wanted(desk, query, 200)
    path = _path(desk, instrument, kind)
    return _rows(instrument, candles.finished(path, wanted, desk.now), traded=kind == "MARKET")


def _path(desk: Desk, instrument: Instrument, kind: str) -> Path:
    paths = {"MARKET": desk.prices.traded, "MARK": desk.prices.mark, "INDEX": desk.prices.index}
    return paths[kind](instrument)


def _wanted(desk: Desk, query: Query, most: int) -> candles.Wanted:
    grid = grids.FUTURES[query.choice("granularity", grids.FUTURES)]
    start, end = query.times(days=_WINDOW_DAYS)
    earliest = min(desk.now, end or desk.now) - _WINDOW_DAYS * DAY_MS
    return candles.Wanted(grid, max(start or 0, earliest), end, query.count("limit", 100, most))


def _rows(instrument: Instrument, bars: list[tuple[int, Any]], *, traded: bool) -> list[list[str]]:
    price, size, value = instrument.price, instrument.size, instrument.value
    return [
        [
            str(start),
            price(bar.open),
            price(bar.high),
            price(bar.low),
            price(bar.close),
            size(bar.volume) if traded else "0",
            value(bar.value) if traded else "0",
        ]
        for start, bar in bars
    ]


def open_interest(desk: Desk, query: Query) -> Any:
    instrument = query.future()
    row = {"symbol": instrument.symbol, "size": desk.open_interest(instrument)}
    return {"openInterestList": [row], "ts": str(desk.now)}


def funding_time(desk: Desk, query: Query) -> Any:
    instrument = query.future()
    return [
        {
            "symbol": instrument.symbol,
            "nextFundingTime": str(desk.next_funding(instrument)),
            "ratePeriod": str(instrument.fund_hours),
        }
    ]


def current_fund_rate(desk: Desk, query: Query) -> Any:
    largest = decimal_text(LARGEST_RATE, 6)
    return [
        {
            "symbol": instrument.symbol,
            "fundingRate": desk.funding_rate(instrument, desk.next_funding(instrument)),
            "fundingRateInterval": str(instrument.fund_hours),
            "nextUpdate": str(desk.next_funding(instrument)),
            "minFundingRate": f"-{largest}",
            "maxFundingRate": largest,
        }
        for instrument in query.chosen_futures()
    ]


def history_fund_rate(desk: Desk, query: Query) -> Any:
    instrument = query.future()
    slot = instrument.fund_hours * _HOUR
    size = query.count("pageSize", 20, 100)
    newest = desk.now // slot - (query.count("pageNo", 1, 1_000_000) - 1) * size
    times = (index * slot for index in range(newest, newest - size, -1))
    return [
        {"symbol": instrument.symbol, "fundingRate": desk.funding_rate(instrument, time), "fundingTime": str(time)}
        for time in times
        if time >= LAUNCH
    ]
