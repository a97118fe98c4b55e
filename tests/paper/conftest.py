"""A paper exchange in memory whose wall clock is moved by hand, asked as over HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.prices.markets import PricePaths
from bitget_cli.paper.store import Store

MOMENT = datetime(2026, 3, 2, 12, 34, 56, 789_000, tzinfo=UTC)


@dataclass
class Asked:
    """An exchange and the hands of its clock."""

    wall: datetime = MOMENT
    store: Store = field(default_factory=lambda: Store(None))

    def __post_init__(self) -> None:
        self.exchange = Exchange(self.store, wall=lambda: self.wall)

    def __call__(self, path: str, /, **given: Any) -> Any:
        """The `data` of a successful answer to GET /api/v2/`path`."""
        status, answer = self.raw("GET", f"/api/v2/{path}?{urlencode(given)}" if given else f"/api/v2/{path}")
        assert (status, answer["code"]) == (200, "00000"), answer
        return answer["data"]

    def refusal(self, path: str, /, **given: Any) -> tuple[int, str, str]:
        """HTTP status, code and sentence of an answer that must not be a success."""
        status, answer = self.raw("GET", f"/api/v2/{path}?{urlencode(given)}")
        assert answer["data"] is None
        return status, answer["code"], answer["msg"]

    def raw(self, method: str, target: str, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Any:
        status, answer = self.exchange.answer(method=method, target=target, headers=headers or {}, body=body)
        return status, json.loads(answer)


@pytest.fixture
def ask() -> Asked:
    return Asked()


@pytest.fixture(scope="session")
def prices() -> PricePaths:
    """Everybody's prices of seed 1; they remember what was asked, which must not matter."""
    return PricePaths(1)


@pytest.fixture
def another() -> Callable[[], Asked]:
    return Asked
