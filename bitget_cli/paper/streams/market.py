"""Public channels beside the book: `ticker`, `trade` and `candle…`, from the functions that answer over HTTP."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import Any

from bitget_cli.paper import candles, grids, market, spot_market
from bitget_cli.paper.desk import Desk
from bitget_cli.paper.grids import Grid
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.nodes import Candle
from bitget_cli.paper.streams.channels import SNAPSHOT, UPDATE, Push
from bitget_cli.paper.tape import Trade
from bitget_cli.values import Product

_NOT_STREAMED = ("usdtVolume", "deliveryStartTime", "deliveryTime", "deliveryStatus")
_FIRST_TRADES, _MOST_TRADES = 50, 1_000
_MOST_CANDLES = 500
# Accepted on the wire though no list names it.
_GRIDS = grids.FUTURES | {"8H": Grid(8 * 3_600_000)}


class Ticker:
    """Every push is complete, and comes also when nothing has changed."""

    every = 0.2

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument

    def look(self, desk: Desk) -> list[Push]:
        spot = self._instrument.product is Product.SPOT
        return [(SNAPSHOT, [_spot(desk, self._instrument) if spot else _futures(desk, self._instrument)])]


def _spot(desk: Desk, instrument: Instrument) -> dict[str, Any]:
    row = dict(spot_market.ticker_row(desk, instrument))
    row["open24h"] = row.pop("open")
    return {"instId": row.pop("symbol")} | {name: value for name, value in row.items() if name not in _NOT_STREAMED}


def _futures(desk: Desk, instrument: Instrument) -> dict[str, Any]:
    row = {
        name: value
        for name, value in market.ticker_row(desk, instrument).items()
        if name not in (*_NOT_STREAMED, "changeUtc24h")
    }
    return (
        {"instId": instrument.symbol}
        | row
        | {
            "nextFundingTime": str(desk.next_funding(instrument)),
            # 1 is a perpetual: a number on Coin-M's wire and a text elsewhere.
            "symbolType": 1 if instrument.product is Product.COIN_FUTURES else "1",
            "deliveryPrice": "0",
        }
    )


class Trades:
    """The last trades, then every trade of the tape once, newest first inside a push.

    At most 1000 in a push: a clock that runs very fast leaves out the older ones.
    """

    every = 0.1

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._last: int | None = None

    def look(self, desk: Desk) -> list[Push]:
        path = desk.prices.traded(self._instrument)
        action, trades = (SNAPSHOT, list(islice(path.back_from(desk.now), _FIRST_TRADES)))
        if self._last is not None:
            last = self._last
            unseen = takewhile(lambda trade: trade.id > last, path.back_from(desk.now))
            action, trades = UPDATE, list(islice(unseen, _MOST_TRADES))
        if not trades:
            return []
        self._last = trades[0].id
        return [(action, [_trade(self._instrument, trade) for trade in trades])]


def _trade(instrument: Instrument, trade: Trade) -> dict[str, str]:
    return {
        "ts": str(trade.time),
        "price": instrument.price(trade.price),
        "size": instrument.size(trade.size),
        "side": "buy" if trade.buy else "sell",
        "tradeId": str(trade.id),
    }


def grid(name: str) -> Grid | None:
    """The grid of `candle1m`, `candle6Hutc` …; None for another name."""
    return _GRIDS.get(name.removeprefix("candle")) if name.startswith("candle") else None


class Candles:
    """Up to 500 rows, oldest first; then a row whenever it has changed, a finished one's last state included.

    Of days and longer the snapshot holds as many as `candles` keeps for spot.
    """

    every = 0.25

    def __init__(self, instrument: Instrument, grid: Grid) -> None:
        self._instrument = instrument
        self._grid = grid
        self._sent: list[str] = []

    def look(self, desk: Desk) -> list[Push]:
        start = int(self._sent[0]) if self._sent else None
        path = desk.prices.traded(self._instrument)
        most = min(_MOST_CANDLES, self._grid.rows_back or _MOST_CANDLES)
        bars = candles.recent(path, candles.Wanted(self._grid, start, None, most), desk.now)
        rows = [_row(self._instrument, start, bar) for start, bar in bars]
        if start is None:
            # None yet in the very first bar, which began before anything was traded.
            self._sent = rows[-1] if rows else []
            return [(SNAPSHOT, rows)]
        changed = [row for row in rows if row != self._sent]
        if changed:
            self._sent = changed[-1]
        return [(UPDATE, [row]) for row in changed]


def _row(instrument: Instrument, start: int, bar: Candle) -> list[str]:
    """Dollars stand for USDT in the last column, as in the tickers over HTTP."""
    price, turnover = instrument.price, instrument.value(bar.value)
    prices = (price(bar.open), price(bar.high), price(bar.low), price(bar.close))
    return [str(start), *prices, instrument.size(bar.volume), turnover, turnover]
