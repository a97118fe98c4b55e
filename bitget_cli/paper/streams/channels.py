"""Public channels: tickers, trades, candles and books, looked at every so often."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice, takewhile, zip_longest
from typing import TYPE_CHECKING, Any, Protocol
from zlib import crc32

from bitget_cli.paper.answers import reworded
from bitget_cli.paper.api import candles, futures_market, spot_market
from bitget_cli.paper.api.candles import Grid
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.prices.book import Level, as_text
from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.values import Product

if TYPE_CHECKING:
    from bitget_cli.paper.engine.state import EngineState, Event

# The `action` of a push and its `data`.
Push = tuple[str, list[Any]]
SNAPSHOT, UPDATE = "snapshot", "update"


class Market(Protocol):
    """A channel for everybody. The first look of a new one brings its snapshot."""

    every: float

    def look(self, view: MarketView) -> list[Push]:
        """What to push now; called about every `every` real seconds."""


class Own(Protocol):
    """A channel of the customer's own."""

    every: float

    def look(self, state: EngineState, events: Sequence[Event]) -> list[Push]:
        """What to push now: `events` happened since the last look, or since it was subscribed."""


TOPS = {"books1": 1, "books5": 5, "books15": 15}
_EVERY = {1: 0.1, 5: 0.15, 15: 0.15, 50: 0.2}
# Levels a side, and how many of them the checksum is over.
_DEPTH, _CHECKED = 200, 25
_SIGN = 1 << 31

Rows = list[list[str]]


class TopChannel:
    """The best levels, whenever one of them has changed; the numbers of such a push stand alone."""

    def __init__(self, instrument: PaperInstrument, levels: int) -> None:
        self.every = _EVERY[levels]
        self._instrument = instrument
        self._levels = levels
        self._sent: tuple[Rows, Rows] | None = None

    def look(self, view: MarketView) -> list[Push]:
        book = view.book(self._instrument)
        sides = as_text(self._instrument, book.asks(self._levels)), as_text(self._instrument, book.bids(self._levels))
        if sides == self._sent:
            return []
        self._sent = sides
        return [(SNAPSHOT, [_push(sides[0], sides[1], view, seq=_numbered(view, 0), pseq=0)])]


class DepthChannel:
    """200 levels a side, then what changes: sizes stand for themselves, 0 takes a level away.

    Every push names the one before it (`pseq`), and its checksum is over the book after it.
    """

    every = 0.2

    def __init__(self, instrument: PaperInstrument) -> None:
        self._instrument = instrument
        self._asks: dict[int, int] = {}
        self._bids: dict[int, int] = {}
        self._seq = 0

    def look(self, view: MarketView) -> list[Push]:
        book = view.book(self._instrument)
        asks, bids = book.asks(_DEPTH), book.bids(_DEPTH)
        more, less = _changed(self._asks, asks), _changed(self._bids, bids)
        if not (more or less):
            return []
        before, self._seq = self._seq, _numbered(view, self._seq)
        self._asks, self._bids = dict(asks), dict(bids)
        rows = as_text(self._instrument, more), as_text(self._instrument, sorted(less, reverse=True))
        push = _push(*rows, view, seq=self._seq, pseq=before)
        push["checksum"] = self._checksum(asks, bids) if before else 0
        return [(UPDATE if before else SNAPSHOT, [push])]

    def _checksum(self, asks: list[Level], bids: list[Level]) -> int:
        best = (as_text(self._instrument, side[:_CHECKED]) for side in (bids, asks))
        texts = chain.from_iterable(chain.from_iterable(pair) for pair in zip_longest(*best, fillvalue=()))
        number = crc32(":".join(texts).encode())
        return number - 2 * _SIGN if number >= _SIGN else number


def _changed(before: dict[int, int], now: list[Level]) -> list[Level]:
    """Levels that are new or have another size, and with size 0 those that are gone; by price."""
    gone = before.keys() - {price for price, _ in now}
    return sorted([level for level in now if before.get(level[0]) != level[1]] + [(price, 0) for price in gone])


def _numbered(view: MarketView, before: int) -> int:
    """The next number: larger than the one before, and telling roughly the time as Bitget's do."""
    return max(before + 1, view.now * 1_000)


def _push(asks: Rows, bids: Rows, view: MarketView, *, seq: int, pseq: int) -> dict[str, Any]:
    return {"asks": asks, "bids": bids, "ts": str(view.now), "seq": seq, "pseq": pseq}


_NOT_STREAMED = ("usdtVolume", "deliveryStartTime", "deliveryTime", "deliveryStatus")
_FIRST_TRADES, _MOST_TRADES = 50, 1_000
_TRADE = "ts price size side tradeId"
_MOST_CANDLES = 500
# Accepted on the wire though no list names it.
_GRIDS = candles.FUTURES | {"8H": Grid(8 * 3_600_000)}


class TickerChannel:
    """Every push is complete, and comes also when nothing has changed."""

    every = 0.2

    def __init__(self, instrument: PaperInstrument) -> None:
        self._instrument = instrument

    def look(self, view: MarketView) -> list[Push]:
        spot = self._instrument.product is Product.SPOT
        return [(SNAPSHOT, [_spot(view, self._instrument) if spot else _futures(view, self._instrument)])]


def _spot(view: MarketView, instrument: PaperInstrument) -> dict[str, Any]:
    row = dict(spot_market.ticker_row(view, instrument))
    row["open24h"] = row.pop("open")
    return {"instId": row.pop("symbol")} | {name: value for name, value in row.items() if name not in _NOT_STREAMED}


def _futures(view: MarketView, instrument: PaperInstrument) -> dict[str, Any]:
    row = {
        name: value
        for name, value in futures_market.ticker_row(view, instrument).items()
        if name not in (*_NOT_STREAMED, "changeUtc24h")
    }
    return (
        {"instId": instrument.symbol}
        | row
        | {
            "nextFundingTime": str(view.next_funding(instrument)),
            # 1 is a perpetual: a number on Coin-M's wire and a text elsewhere.
            "symbolType": 1 if instrument.product is Product.COIN_FUTURES else "1",
            "deliveryPrice": "0",
        }
    )


class TradesChannel:
    """The last trades, then every trade of the tape once, newest first inside a push.

    At most 1000 in a push: a clock that runs very fast leaves out the older ones.
    """

    every = 0.1

    def __init__(self, instrument: PaperInstrument) -> None:
        self._instrument = instrument
        self._last: int | None = None

    def look(self, view: MarketView) -> list[Push]:
        path = view.prices.traded(self._instrument)
        action, trades = (SNAPSHOT, list(islice(path.back_from(view.now), _FIRST_TRADES)))
        if self._last is not None:
            last = self._last
            unseen = takewhile(lambda trade: trade.id > last, path.back_from(view.now))
            action, trades = UPDATE, list(islice(unseen, _MOST_TRADES))
        if not trades:
            return []
        self._last = trades[0].id
        return [(action, [reworded(futures_market.trade_row(self._instrument, trade), _TRADE) for trade in trades])]


def grid(name: str) -> Grid | None:
    """The grid of `candle1m`, `candle6Hutc` …; None for another name."""
    return _GRIDS.get(name.removeprefix("candle")) if name.startswith("candle") else None


class CandlesChannel:
    """Up to 500 rows, oldest first; then a row whenever it has changed, a finished one's last state included.

    Of days and longer the snapshot holds as many as `candles` keeps for spot.
    """

    every = 0.25

    def __init__(self, instrument: PaperInstrument, grid: Grid) -> None:
        self._instrument = instrument
        self._grid = grid
        self._sent: list[str] = []

    def look(self, view: MarketView) -> list[Push]:
        start = int(self._sent[0]) if self._sent else None
        path = view.prices.traded(self._instrument)
        most = min(_MOST_CANDLES, self._grid.rows_back or _MOST_CANDLES)
        bars = candles.recent(path, candles.CandleRange(self._grid, start, None, most), view.now)
        # Dollars stand for USDT in the last column, as in the tickers over HTTP.
        rows = [[*row, row[-1]] for row in candles.rows(self._instrument, bars)]
        if start is None:
            # None yet in the very first bar, which began before anything was traded.
            self._sent = rows[-1] if rows else []
            return [(SNAPSHOT, rows)]
        changed = [row for row in rows if row != self._sent]
        if changed:
            self._sent = changed[-1]
        return [(UPDATE, [row]) for row in changed]
