"""Spot market data: tickers, book, trades, candles, pairs, coins and their chains."""

from __future__ import annotations

from itertools import islice
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.answers import reworded
from bitget_cli.paper.api.futures_market import merging, summary_row, trade_row
from bitget_cli.paper.instruments import COINS, LARGEST_LIMIT, LARGEST_MARKET, LAUNCH, Chain, PaperInstrument
from bitget_cli.paper.prices import path
from bitget_cli.paper.prices.book import as_text
from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.paper.request import Query


def symbols(_view: MarketView, query: Query) -> Any:
    return [
        {
            "symbol": instrument.symbol,
            "baseCoin": instrument.base,
            "quoteCoin": instrument.quote,
            "minTradeAmount": "0",
            "maxTradeAmount": "900000000000000000000",
            "takerFeeRate": instrument.taker,
            "makerFeeRate": instrument.maker,
            "pricePrecision": str(instrument.price_places),
            "quantityPrecision": str(instrument.size_places),
            "quotePrecision": "8",
            "status": "online",
            "minTradeUSDT": "1",
            "buyLimitPriceRatio": "0.05",
            "sellLimitPriceRatio": "0.05",
            "areaSymbol": "no",
            "orderQuantity": "200",
            "maxLimitOrderValue": str(LARGEST_LIMIT),
            "maxMarketOrderValue": str(LARGEST_MARKET),
            "openTime": str(LAUNCH),
            "offTime": "",
        }
        for instrument in query.chosen_spot()
    ]


def tickers(view: MarketView, query: Query) -> Any:
    return [ticker_row(view, instrument) for instrument in query.chosen_spot()]


_TICKER = (
    "symbol high24h open=open24h low24h lastPr quoteVolume baseVolume usdtVolume bidPr askPr bidSz askSz openUtc ts"
    " changeUtc24h change24h"
)


def ticker_row(view: MarketView, instrument: PaperInstrument) -> dict[str, str]:
    return reworded(summary_row(view, instrument), _TICKER)


def orderbook(view: MarketView, query: Query) -> Any:
    instrument = query.spot()
    step = query.choice("type", tuple(f"step{place}" for place in range(6)), "step0")
    # Bitget's steps 1 to 5 are ever coarser; here each merges ten times as many ticks as the one before.
    return _book(view, instrument, query.count("limit", 150, 150), 10 ** int(step[-1]))


def merge_depth(view: MarketView, query: Query) -> Any:
    instrument = query.spot()
    merge, told = merging(query, instrument)
    return _book(view, instrument, query.levels(), merge) | told


def _book(view: MarketView, instrument: PaperInstrument, count: int, merge: int) -> dict[str, Any]:
    book = view.book(instrument)
    return {
        "asks": as_text(instrument, book.asks(count, merge=merge)),
        "bids": as_text(instrument, book.bids(count, merge=merge)),
        "ts": str(view.now),
    }


def recent_fills(view: MarketView, query: Query) -> Any:
    instrument = query.spot()
    trades = islice(view.prices.traded(instrument).back_from(view.now), query.count("limit", 100, 500))
    return [_fill(instrument, trade, ("buy", "sell")) for trade in trades]


def fills_history(view: MarketView, query: Query) -> Any:
    from bitget_cli.paper.api import candles

    instrument = query.spot()
    trades = candles.older(view.prices.traded(instrument), query, view.now)
    return [_fill(instrument, trade, ("Buy", "Sell")) for trade in trades]


def _fill(instrument: PaperInstrument, trade: path.Trade, words: tuple[str, str]) -> dict[str, str]:
    return reworded(trade_row(instrument, trade, words), "symbol tradeId side price size ts")


def recent_candles(view: MarketView, query: Query) -> Any:
    from bitget_cli.paper.api import candles

    instrument = query.spot()
    grid = candles.SPOT[query.choice("granularity", candles.SPOT)]
    start, end = query.times()
    limit = min(query.count("limit", 100, 1000), grid.rows_back or 1000)
    wanted = candles.CandleRange(grid, start, end, limit)
    return _rows(instrument, candles.recent(view.prices.traded(instrument), wanted, view.now))


def history_candles(view: MarketView, query: Query) -> Any:
    from bitget_cli.paper.api import candles

    instrument = query.spot()
    grid = candles.SPOT[query.choice("granularity", candles.SPOT)]
    end = query.time("endTime")
    if end is None:
        raise answers.missing("endTime")
    wanted = candles.CandleRange(grid, None, end, query.count("limit", 100, 200))
    return _rows(instrument, candles.finished(view.prices.traded(instrument), wanted, view.now))


def _rows(instrument: PaperInstrument, bars: list[tuple[int, Any]]) -> list[list[str]]:
    """Dollars stand for USDT in the last column."""
    from bitget_cli.paper.api import candles

    return [[*row, row[-1]] for row in candles.rows(instrument, bars)]


def auction(view: MarketView, query: Query) -> Any:
    """Every pair's opening auction is long over: it succeeded on the paper exchange's first day."""
    instrument = query.spot()
    opening = view.prices.traded(instrument).second(LAUNCH // 1000)[0]
    return {
        "stage": "success",
        "stageEndTime": str(LAUNCH),
        "estOpeningPrice": instrument.price(opening.price),
        "matchedVolume": instrument.size(opening.size),
        "auctionEndTime": str(LAUNCH),
    }


def coins(_view: MarketView, query: Query) -> Any:
    chosen = query.maybe("coin")
    if chosen is None:
        return [_coin(name) for name in COINS]
    if chosen.upper() not in COINS:
        raise answers.unknown(chosen)
    return [_coin(chosen.upper())]


def _coin(name: str) -> dict[str, Any]:
    number, chains = COINS[name]
    return {"coinId": str(number), "coin": name, "transfer": "true", "chains": [_chain(chain) for chain in chains]}


def _chain(chain: Chain) -> dict[str, Any]:
    return {
        "chain": chain.name,
        "needTag": "true" if chain.tag else "false",
        "withdrawable": "true",
        "rechargeable": "true",
        "withdrawFee": chain.fee,
        "extraWithdrawFee": "0",
        "depositConfirm": str(chain.deposit_blocks),
        "withdrawConfirm": str(chain.withdrawal_blocks),
        "minDepositAmount": chain.least_deposit,
        "minWithdrawAmount": chain.least_withdrawal,
        "browserUrl": "http://paper.localhost/transactions/",
        "contractAddress": chain.contract,
        "withdrawStep": "0",
        "withdrawMinScale": str(chain.places),
        "congestion": "normal",
    }
