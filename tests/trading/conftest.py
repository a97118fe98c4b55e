"""A placing engine over the fake exchange, its journal in a folder of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import histories
import pytest
from doubles import StillClock
from fake_exchange import FakeExchange, UnifiedFakeExchange, client_of

from bitget_cli.journal import Journal
from bitget_cli.trading.change import Change
from bitget_cli.trading.execution import ExecutionClient
from bitget_cli.values import Product, Symbol

BTC = Symbol("BTCUSDT", Product.USDT_FUTURES)


class Desk:
    """What a test needs of one trader: the exchange, the journal, the engine and what it said."""

    def __init__(
        self, folder: Path, clock: StillClock, *, exchange: type[FakeExchange] = FakeExchange, **settings: Any
    ) -> None:
        self.exchange = exchange(clock)
        self.clock = clock
        self.journal = Journal(folder / "journal" / "live-live.sqlite3")
        self.said: list[str] = []
        self.execution = ExecutionClient(
            client_of(self.exchange), self.journal, clock, tell=self.said.append, profile="live", **settings
        )

    def order(self, *, size: str = "0.01", oid: str | None = None, kind: str = "market") -> Change:
        """Buy at market, or a limit order that stands."""
        return histories.order(kind, oid, size=size, unified=histories.is_unified(self.exchange))

    @property
    def state(self) -> str:
        """The state of the journal's latest entry."""
        return self.journal.entries(limit=1)[0].state.value


@pytest.fixture
def unified_desk(home: Path, clock: StillClock) -> Iterator[Desk]:
    one = Desk(home, clock, exchange=UnifiedFakeExchange)
    yield one
    one.journal.close()


@pytest.fixture
def desk(home: Path, clock: StillClock) -> Iterator[Desk]:
    one = Desk(home, clock)
    yield one
    one.journal.close()
