"""How long the paper exchange takes for its first answer after an hour in which nobody asked it anything."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.store import Store

_START = datetime(2026, 1, 5, tzinfo=UTC)
_TICKER = "/api/v2/mix/market/ticker?productType=USDT-FUTURES&symbol=BTCUSDT"


class _Wall:
    """A wall clock that is moved by hand."""

    def __init__(self) -> None:
        self.time = _START

    def now(self) -> datetime:
        return self.time


def after_an_hour(folder: Path, *, times: int) -> float:
    """The median of the milliseconds of one call, each an hour of market time after the one before.

    The engine is in this process and its state in a file, so that what is measured is neither start-up nor a socket.
    """
    wall = _Wall()
    store = Store(folder / "paper.sqlite3")
    try:
        store.reset(seed=1)
        exchange = Exchange(store, wall=wall.now)
        _ask(exchange)
        return median(_an_hour_later(exchange, wall) for _ in range(times))
    finally:
        store.close()


def _an_hour_later(exchange: Exchange, wall: _Wall) -> float:
    wall.time += timedelta(hours=1)
    started = time.perf_counter()
    _ask(exchange)
    return (time.perf_counter() - started) * 1000


def _ask(exchange: Exchange) -> None:
    status, body = exchange.answer(method="GET", target=_TICKER, headers={}, body=b"")
    if status != 200:
        raise RuntimeError(f"the paper exchange answered {status}: {body[:200]!r}")
