"""A placing engine over the fake exchange, its journal in a folder of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doubles import StillClock
from fake_exchange import FakeExchange, client_of

from bitget_cli.catalogue.v2.futures_orders import FUTURES_PLACE_ORDER
from bitget_cli.journal import Journal
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.execution import ExecutionClient
from bitget_cli.trading.model import Change
from bitget_cli.values import Product, Symbol

BTC = Symbol("BTCUSDT", Product.USDT_FUTURES)


class Desk:
    """What a test needs of one trader: the exchange, the journal, the engine and what it said."""

    def __init__(self, folder: Path, clock: StillClock, **settings: Any) -> None:
        self.exchange = FakeExchange(clock)
        self.clock = clock
        self.journal = Journal(folder / "journal" / "live-live.sqlite3")
        self.said: list[str] = []
        self.execution = ExecutionClient(
            client_of(self.exchange), self.journal, clock, tell=self.said.append, profile="live", **settings
        )

    def order(self, *, size: str = "0.01", oid: str | None = None, kind: str = "market") -> Change:
        """Buy at market, or a limit order that stands."""
        given = {
            "symbol": "BTCUSDT",
            "productType": "USDT-FUTURES",
            "marginMode": "crossed",
            "marginCoin": "USDT",
            "size": size,
            "side": "buy",
            "orderType": kind,
            "price": None if kind == "market" else "60000",
        }
        return change(FUTURES_PLACE_ORDER.name, given, f"buy {size} BTCUSDT", BTC, oid)

    @property
    def state(self) -> str:
        """The state of the journal's latest entry."""
        return self.journal.entries(limit=1)[0].state.value


@pytest.fixture
def desk(home: Path, clock: StillClock) -> Iterator[Desk]:
    one = Desk(home, clock)
    yield one
    one.journal.close()
