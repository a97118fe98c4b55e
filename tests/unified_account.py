"""A unified account that answers v3 with Bitget's own samples, at the door where pytest-httpx stands."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx
from desk import Exchange
from doubles import Bitget, enveloped
from pytest_httpx import HTTPXMock

_FOLDER = Path(__file__).parent / "unified_samples"
SAMPLES = json.loads((_FOLDER / "replies.json").read_text())
FRAMES = json.loads((_FOLDER / "frames.json").read_text())
NOW = 1772452800000
MINUTE = 60_000

# Path → the reply of Bitget's page or of a live account.
_REPLIES = {
    "account/assets": "account-assets",
    "account/settings": "account-settings",
    "account/info": "account-info",
    "account/funding-assets": "account-funding-assets",
    "account/fee-rate": "account-fee-rate",
    "account/max-open-available": "account-max-open-available-usdt-futures",
    "account/sub-unified-assets": "account-sub-unified-assets",
    "account/financial-records": "account-financial-records-usdt-futures",
    "account/deposit-records": "account-deposit-records",
    "account/withdrawal-records": "account-withdrawal-records",
    "account/deposit-address": "account-deposit-address",
    "account/convert-records": "account-convert-records",
    "position/current-position": "position-current-position",
    "position/history-position": "position-history-position",
    "position/adlRank": "position-adl-rank",
    "trade/unfilled-orders": "trade-unfilled-orders",
    "trade/history-orders": "trade-history-orders-spot-market-buy",
    "trade/order-info": "trade-order-info",
    "trade/fills": "trade-fills",
    "trade/unfilled-strategy-orders": "strategy-unfilled-strategy-orders",
    "trade/history-strategy-orders": "strategy-history-strategy-orders",
    "convert/small-assets": "convert-small-assets",
}


class Account:
    """A unified account that answers with those replies, or with others by path; `sent` is what it was asked."""

    def __init__(self, bitget: Bitget, exchange: HTTPXMock, answers: dict[str, Any] | None = None) -> None:
        bitget.kind_is_asked = True
        self.answers = answers or {}
        self.sent: list[tuple[str, str, dict[str, str]]] = []
        self._public = Exchange()
        exchange.add_callback(self, url=re.compile(".*"), is_reusable=True, is_optional=True)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v3/")
        if path == request.url.path:
            return self._public(request)
        given = json.loads(request.content) if request.content else dict(request.url.params)
        self.sent.append((request.method, path, given))
        told = self.answers.get(path)
        if isinstance(told, list) and told and isinstance(told[0], httpx.Response):
            return told.pop(0)
        if isinstance(told, httpx.Response):
            return told
        reply = SAMPLES[_REPLIES[path]] if path in _REPLIES else enveloped([])
        if path == "account/financial-records":
            reply = SAMPLES[f"account-financial-records-{_BOOKED.get(given['category'], 'usdt-futures')}"]
        if path in self.answers:
            reply = enveloped(told)
        return httpx.Response(200, json=of_now(reply, given))


_BOOKED = {"OTHER": "other", "SPOT": "margin"}


def of_now(reply: Any, given: dict[str, str]) -> Any:
    """A sample, its times those of a few minutes ago, and of the coin and market that were asked for."""
    text = re.sub(r'"17(89|90)[0-9]{9}"', f'"{NOW - 5 * MINUTE}"', json.dumps(reply))
    whole = json.loads(text.replace('"Margin"', '"SPOT"'))
    for row in _rows(whole["data"]):
        row |= {name: given[name] for name in ("coin", "symbol", "category") if name in given and name in row}
    return whole


def _rows(data: Any) -> list[dict[str, Any]]:
    held = data.get("list", [data]) if isinstance(data, dict) else data
    return [row for row in held or [] if isinstance(row, dict)]
