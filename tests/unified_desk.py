"""A Bitget with a unified account, behind pytest-httpx: reads are answered from a table, and changes that are due."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx
from desk import Exchange
from doubles import KIND, StillClock, envelope
from pytest_httpx import HTTPXMock

V3 = "/api/v3/"
FUTURES = {"category": "USDT-FUTURES", "symbol": "BTCUSDT"}
SPOT = {"category": "SPOT", "symbol": "BTCUSDT"}
POSITION = {
    **FUTURES,
    "marginCoin": "USDT",
    "holdMode": "one_way_mode",
    "posSide": "long",
    "marginMode": "crossed",
    "positionBalance": "300",
    "available": "0.5",
    "frozen": "0",
    "total": "0.5",
    "leverage": "20",
    "avgPrice": "60000",
    "unrealisedPnl": "12.5",
    "createdTime": "1772452000000",
}
SHORT = {**POSITION, "posSide": "short"}
ORDER = {
    **FUTURES,
    "orderId": "1001",
    "clientOid": "mine-1",
    "orderType": "limit",
    "side": "buy",
    "price": "59000",
    "qty": "0.02",
    "cumExecQty": "0",
    "orderStatus": "new",
    "posSide": "net",
    "holdMode": "one_way_mode",
    "reduceOnly": "NO",
    "marginMode": "crossed",
    "takeProfit": "70000",
    "stopLoss": "50000",
    "createdTime": "1772452000000",
    "updatedTime": "1772452000000",
}
SPOT_ORDER = {**ORDER, **SPOT, "orderId": "2001", "clientOid": "mine-2", "posSide": "", "holdMode": ""}
TRIGGER = {
    **FUTURES,
    "orderId": "3001",
    "clientOid": "",
    "qty": "0.02",
    "side": "buy",
    "posSide": "long",
    "type": "trigger",
    "status": "pending",
    "triggerBy": "mark",
    "triggerPrice": "58000",
    "triggerOrderType": "market",
    "triggerOrderPrice": "",
    "createdTime": "1772452000000",
}
EXIT = {
    **FUTURES,
    "orderId": "3003",
    "clientOid": "mine-5",
    "qty": "0.5",
    "posSide": "long",
    "type": "tpsl",
    "tpslMode": "full",
    "status": "pending",
    "takeProfit": "70000",
    "stopLoss": "",
    "tpTriggerBy": "mark",
    "tpOrderType": "market",
    "createdTime": "1772452000000",
}
TRAILING = {
    **TRIGGER,
    "orderId": "3002",
    "type": "trailing_stop",
    "trailingStopParams": {"activationPrice": "58000", "activationType": "mark", "trailType": "ratio"}
    | {"trailVariance": "2"},
}


class UnifiedDesk(Exchange):
    """`changes` are (path below /api/v3/, body) in order; `answers` are by that path, too."""

    def __init__(self, mock: HTTPXMock | None, **state: Any) -> None:
        self.hold_mode = "hedge_mode" if state.pop("hedge", False) else "one_way_mode"
        self.margin_mode = state.pop("margin_mode", "crossed")
        self.leverage = "20"
        # What an order shows that was modified, in the place of its new terms.
        self.modified: dict[str, str] | None = state.pop("modified", None)
        # What the next change comes to whose answer is lost.
        self.lost: Callable[[], None] | None = None
        self.records: list[dict[str, Any]] = []
        self.past: list[dict[str, Any]] = []
        self.clock: StillClock = state.get("clock") or StillClock()
        super().__init__(**state)
        self._mock = mock
        if mock:
            mock.add_callback(self, method="GET", is_optional=True, is_reusable=True)

    def due(self, path: str, body: Any = None) -> None:
        """One change, to this path and with this body; a client id that is made up is OID."""
        where = re.compile(rf"https://api\.bitget\.com/api/v3/{path}$")
        assert self._mock
        self._mock.add_callback(self, method="POST", url=where, match_json=body)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == KIND:
            return envelope({"userId": "9"})
        if request.method == "POST" and self.lost:
            self.changes.append((request.url.path, json.loads(request.content)))
            self.lost()
            raise httpx.ReadTimeout("lost", request=request)
        return super().__call__(request)

    def _read(self, path: str, asked: dict[str, str]) -> Any:
        if not path.startswith(V3):
            return super()._read(path, asked)
        match path.removeprefix(V3):
            case "account/settings":
                listed = (
                    [{**FUTURES, "marginMode": self.margin_mode, "leverage": self.leverage}] if self.margin_mode else []
                )
                return {"accountMode": "unified", "holdMode": self.hold_mode, "symbolConfigList": listed}
            case "account/assets":
                coins = [{"coin": coin, "available": free, "equity": free} for coin, free in self.coins.items()]
                return {"usdtEquity": "100000", "assets": coins}
            case "position/current-position":
                held = [{**one, "holdMode": self.hold_mode} for one in _of(self.positions, asked)]
                return {"list": held or None}
            case "trade/order-info":
                known = [*self.orders, *self.placed.values()]
                found = [one for one in known if asked.get("orderId", one["orderId"]) == one["orderId"]]
                found = [one for one in found if asked.get("clientOid", one["clientOid"]) == one["clientOid"]]
                return found[0] if found else envelope(None, code="25204", msg="Order does not exist", status=400)
            case "trade/unfilled-orders":
                return {"list": [one for one in _of(self.orders, asked) if one["orderStatus"] == "new"], "cursor": None}
            case "trade/unfilled-strategy-orders":
                return [one for one in _of(self.plans, asked) if asked.get("type", one["type"]) == one["type"]]
            case "trade/history-strategy-orders":
                return {"list": [one for one in self.past if one["category"] == asked["category"]], "cursor": None}
            case "account/financial-records":
                return {"list": self.records or None, "cursor": None}
        return {"list": None, "cursor": None}

    def _accepted(self, path: str, body: Any) -> Any:
        if isinstance(body, list):
            return [self._ids(item) | {"code": "00000", "msg": "success"} for item in body]
        match path.removeprefix(V3):
            case "trade/cancel-symbol-order":
                gone = _of(self.orders, body)
                return {"list": [self._ids(one) | {"code": "00000", "msg": "success"} for one in gone]}
            case "trade/close-positions":
                closed = _of(self.positions, body)
                return {"list": [self._ids({}) | {"code": "00000", "msg": "success"} for _ in closed]}
            case "trade/cancel-strategy-order":
                return None
            case "trade/modify-order":
                new = body if self.modified is None else self.modified
                self.orders = [one | new if one["orderId"] == body["orderId"] else one for one in self.orders]
            case "trade/modify-strategy-order":
                self.plans = [one | body if one["orderId"] == body["orderId"] else one for one in self.plans]
            case "account/transfer":
                return {"transferId": "77", "clientOid": body["clientOid"]}
            case "convert/small-assets-trade":
                return [{"fromCoin": coin, "toCoin": "BGB", "orderId": "88"} for coin in body["fromCoinList"]]
            case "account/set-leverage":
                self.margin_mode = body.get("marginMode", self.margin_mode)
                self.leverage = body["leverage"]
                return "success"
        return "success" if path.startswith("/api/v3/account/set-") else self._ids(body)


def _of(rows: list[dict[str, Any]], asked: Any) -> list[dict[str, Any]]:
    names = [name for name in ("category", "symbol", "posSide") if asked.get(name)]
    return [row for row in rows if all(row[name] == asked[name] for name in names)]
