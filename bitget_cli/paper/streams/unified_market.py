"""A unified account's names for prices: the same channels, their rows in the words of v3."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bitget_cli.paper.api.v3.market import ticker_row
from bitget_cli.paper.instruments import PaperInstrument
from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.paper.streams.channels import (
    SNAPSHOT,
    CandlesChannel,
    DepthChannel,
    Market,
    Push,
    TopChannel,
    TradesChannel,
    grid,
)
from bitget_cli.values import Product

_TOPS = {"books1": 1, "books5": 5, "books50": 50}
# Levels a side that `books` follows.
_DEPTH = "200"
_NOT_STREAMED = ("category", "ts", "platformTurnover24h")


def channel(topic: str, interval: str, market: PaperInstrument) -> Market | None:
    """A new one; None for a topic there is not."""
    if topic == "ticker":
        return _Ticker(market)
    if topic == "publicTrade":
        return _Reworded(TradesChannel(market), _trade)
    if topic == "books":
        return _Reworded(DepthChannel(market), lambda row: _book(row) | {"maxdepth": _DEPTH})
    if topic in _TOPS:
        return _Reworded(TopChannel(market, _TOPS[topic]), _book)
    bars = grid(f"candle{interval}") if topic == "kline" else None
    return _Reworded(CandlesChannel(market, bars), _bar) if bars else None


class _Reworded:
    """Another channel whose rows are told otherwise."""

    def __init__(self, told: Market, reword: Callable[[Any], dict[str, Any]]) -> None:
        self.every = told.every
        self._told = told
        self._reword = reword

    def look(self, view: MarketView) -> list[Push]:
        return [(action, [self._reword(row) for row in rows]) for action, rows in self._told.look(view)]


class _Ticker:
    """Every push is complete, and comes also when nothing has changed."""

    every = 0.2

    def __init__(self, market: PaperInstrument) -> None:
        self._market = market

    def look(self, view: MarketView) -> list[Push]:
        told = ticker_row(view, self._market)
        row = {name: value for name, value in told.items() if name not in _NOT_STREAMED}
        if self._market.product is not Product.SPOT:
            row["nextFundingTime"] = str(view.next_funding(self._market))
        return [(SNAPSHOT, [row])]


def _trade(row: dict[str, str]) -> dict[str, str]:
    named = {"i": row["tradeId"], "L": "", "p": row["price"], "v": row["size"], "S": row["side"], "T": row["ts"]}
    return named | {"isRPI": "no"}


def _book(row: dict[str, Any]) -> dict[str, Any]:
    return {"a": row["asks"], "b": row["bids"], "seq": row["seq"], "pseq": row["pseq"], "ts": row["ts"]}


def _bar(row: list[str]) -> dict[str, str]:
    return dict(zip(("start", "open", "high", "low", "close", "volume", "turnover"), row, strict=False))
