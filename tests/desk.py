"""A Bitget that answers trading commands from a table and remembers every change it was asked for."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
from doubles import StillClock, enveloped, path_of
from pytest_httpx import HTTPXMock

from bitget_cli.values import milliseconds

KEYS = {"BITGET_API_KEY": "bg_key", "BITGET_SECRET_KEY": "secret", "BITGET_PASSPHRASE": "words"}
DEMO = {**KEYS, "BITGET_ENV": "demo"}
LIVE = {**KEYS, "BITGET_ENV": "live"}

BTC = {
    "symbol": "BTCUSDT",
    "baseCoin": "BTC",
    "quoteCoin": "USDT",
    "buyLimitPriceRatio": "0.05",
    "sellLimitPriceRatio": "0.05",
    "takerFeeRate": "0.0006",
    "supportMarginCoins": ["USDT"],
    "minTradeNum": "0.0001",
    "priceEndStep": "1",
    "pricePlace": "1",
    "volumePlace": "4",
    "sizeMultiplier": "0.0001",
    "minTradeUSDT": "5",
    "symbolStatus": "normal",
    "maxLever": "125",
    "maxMarketOrderQty": "220",
    "maxOrderQty": "1200",
}
ETH = {**BTC, "symbol": "ETHUSDT", "baseCoin": "ETH", "priceEndStep": "5", "pricePlace": "2", "minTradeNum": "0.01"}
ETH |= {"volumePlace": "2", "sizeMultiplier": "0.01"}
COIN = {**BTC, "symbol": "BTCUSD", "quoteCoin": "USD", "supportMarginCoins": ["BTC", "ETH"]}
SPOT = {
    "symbol": "BTCUSDT",
    "baseCoin": "BTC",
    "quoteCoin": "USDT",
    "takerFeeRate": "0.001",
    "pricePrecision": "2",
    "quantityPrecision": "6",
    "quotePrecision": "8",
    "status": "online",
    "minTradeUSDT": "1",
    "buyLimitPriceRatio": "0.05",
    "sellLimitPriceRatio": "0.05",
}
ACCOUNT = {
    "marginCoin": "USDT",
    "crossedMaxAvailable": "50000",
    "isolatedMaxAvailable": "50000",
    "crossedMarginLeverage": "20",
    "isolatedLongLever": "10",
    "isolatedShortLever": "10",
    "marginMode": "crossed",
    "posMode": "one_way_mode",
    "assetMode": "single",
}
POSITION = {
    "symbol": "BTCUSDT",
    "marginCoin": "USDT",
    "holdSide": "long",
    "total": "0.5",
    "available": "0.5",
    "marginMode": "crossed",
    "posMode": "one_way_mode",
    "unrealizedPL": "12.5",
}
PRICE = [{"symbol": "BTCUSDT", "price": "60000", "indexPrice": "60000", "markPrice": "60000"}]
ORDER = {
    "symbol": "BTCUSDT",
    "orderId": "1001",
    "clientOid": "mine-1",
    "price": "59000",
    "size": "0.02",
    "baseVolume": "0",
    "side": "buy",
    "status": "live",
    "orderType": "limit",
    "presetStopSurplusPrice": "70000",
    "presetStopLossPrice": "50000",
}
SPOT_ORDER = {
    "symbol": "BTCUSDT",
    "orderId": "2001",
    "clientOid": "mine-2",
    "priceAvg": "59000",
    "size": "0.02",
    "baseVolume": "0",
    "side": "buy",
    "status": "live",
    "orderType": "limit",
    "presetTakeProfitPrice": "70000",
}
PLAN = {
    "planType": "normal_plan",
    "symbol": "BTCUSDT",
    "orderId": "3001",
    "clientOid": "mine-3",
    "size": "0.02",
    "side": "buy",
    "triggerPrice": "58000",
    "triggerType": "mark_price",
    "planStatus": "live",
}
TRAIL = {**PLAN, "planType": "track_plan", "orderId": "3002", "clientOid": "mine-4", "callbackRatio": "2"}
EXIT = {**PLAN, "planType": "pos_profit", "orderId": "3003", "clientOid": "mine-5", "size": "0", "side": "sell"}
PART_EXIT = {**PLAN, "planType": "loss_plan", "orderId": "3004", "clientOid": "mine-6", "side": "sell"}
SPOT_PLAN = {
    "orderId": "4001",
    "clientOid": "mine-7",
    "symbol": "BTCUSDT",
    "size": "0.02",
    "executePrice": "58000",
    "triggerPrice": "58500",
    "orderType": "limit",
    "side": "buy",
    "planType": "amount",
    "triggerType": "mark_price",
    "status": "live",
}


# How an order is told that the desk filled: 0.36 USDT was paid for it.
FILLED = {
    "state": "filled",
    "status": "filled",
    "orderStatus": "filled",
    "priceAvg": "60000",
    "avgPrice": "60000",
    "fee": "-0.36",
    "feeDetail": '{"newFees":{"t":-0.36},"USDT":{"feeCoinCode":"USDT","totalFee":-0.36}}',
}


class Exchange:
    """Answers reads from `state` and accepts every change. `changes` are (path below /api/v2/, body) in order,
    `reads` (path, parameters).

    Its time stands still, or is that of a `clock`.
    """

    def __init__(self, **state: Any) -> None:
        self.account = ACCOUNT | state.pop("account", {})
        self.positions = state.pop("positions", [])
        self.orders = state.pop("orders", [])
        self.spot_orders = state.pop("spot_orders", [])
        self.plans = state.pop("plans", [])
        self.spot_plans = state.pop("spot_plans", [])
        self.coins = state.pop("coins", {"USDT": "100000", "BTC": "5"})
        self.terms = state.pop("terms", {})
        self.answers: dict[str, Any] = state.pop("answers", {})
        self._clock: StillClock | None = state.pop("clock", None)
        assert not state
        self.changes: list[tuple[str, Any]] = []
        self.reads: list[tuple[str, dict[str, str]]] = []
        self.count = 0
        # What was placed, by its order id: filled as it came.
        self.placed: dict[str, Any] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = path_of(request)
        if request.method == "GET":
            asked = dict(request.url.params)
            self.reads.append((path, asked))
            if callable(answer := self.answers.get(path)):
                return answer(request)  # type: ignore[no-any-return]
            return self._told(self.answers[path] if path in self.answers else self._read(path, asked))
        body = json.loads(request.content)
        self.changes.append((path, body))
        return self._told(self.answers[path] if path in self.answers else self._accepted(path, body))

    def _told(self, answer: Any) -> httpx.Response:
        if isinstance(answer, httpx.Response):
            return answer
        time = {"requestTime": milliseconds(self._clock.now())} if self._clock else {}
        return httpx.Response(200, json=enveloped(answer) | time)

    def _read(self, path: str, asked: dict[str, str]) -> Any:
        match path:
            case "mix/market/contracts":
                lists = {"USDT-FUTURES": [BTC | self.terms, ETH], "COIN-FUTURES": [COIN]}
                return lists.get(asked["productType"], [])
            case "spot/public/symbols":
                return [SPOT | self.terms]
            case "mix/market/symbol-price":
                return [{**price, "symbol": asked.get("symbol", price["symbol"])} for price in PRICE]
            case "spot/market/tickers":
                return [{"symbol": asked.get("symbol", "BTCUSDT"), "lastPr": "60000"}]
            case "mix/account/account":
                return {**self.account, "marginCoin": asked.get("marginCoin", "USDT")}
            case "mix/position/single-position" | "mix/position/all-position":
                return _matching(self.positions, asked)
            case "spot/account/assets":
                return [{"coin": asked.get("coin"), "available": self.coins.get(asked.get("coin", ""), "0")}]
            case "mix/order/orders-pending":
                rows = [] if asked.get("status") == "partially_filled" else self.orders
                return {"entrustedList": _matching(rows, asked), "endId": None}
            case "mix/order/orders-plan-pending":
                return {"entrustedList": _of_kind(_matching(self.plans, asked), asked["planType"]), "endId": None}
            case "spot/trade/unfilled-orders":
                return [] if asked.get("tpslType") else _matching(self.spot_orders, asked)
            case "spot/trade/current-plan-order":
                return {"orderList": _matching(self.spot_plans, asked), "nextFlag": False}
            case "mix/order/orders-history" | "mix/order/orders-plan-history":
                return {"entrustedList": [], "endId": None}
            case "mix/order/fills" | "mix/order/fill-history":
                return {"fillList": [], "endId": None}
            case "mix/account/liq-price":
                return {"liqPrice": "31234.5"}
            case "mix/order/detail":
                return self.placed.get(asked.get("orderId", ""), {})
            case "spot/trade/orderInfo":
                return [row for row in [self.placed.get(asked.get("orderId", ""))] if row]
        return []

    def _accepted(self, path: str, body: Any) -> Any:
        if path.endswith("close-positions"):
            closed = [one for one in self.positions if body.get("holdSide", one["holdSide"]) == one["holdSide"]]
            return {"successList": [self._ids({}) | {"symbol": one["symbol"]} for one in closed], "failureList": []}
        if "orderList" in body or "orderIdList" in body:
            sent = body.get("orderList") or body.get("orderIdList") or []
            return {"successList": [self._ids(item) for item in sent], "failureList": []}
        if path in _LEAVE_NOTHING:
            gone = _matching(self._held(path, body), body)
            return {"successList": [self._ids(item) for item in gone], "failureList": []}
        if path.endswith("place-pos-tpsl"):
            names = ("stopSurplusClientOid", "stopLossClientOid")
            return [{"orderId": "9", **{name: body[name] for name in names if name in body}}]
        if path == "spot/trade/cancel-replace-order":
            return {**self._ids({"clientOid": body.get("newClientOid")}), "success": "success", "msg": None}
        if path == "spot/trade/cancel-plan-order":
            return {"result": "success"}
        if path == "spot/wallet/transfer":
            return {"transferId": "77", "clientOid": body["clientOid"]}
        if path == "spot/trade/cancel-symbol-order":
            return {"symbol": body["symbol"]}
        if path.startswith("mix/account/set-"):
            return _as_set(body) if path.endswith(("leverage", "mode")) else ""
        return self._ids(body)

    def _held(self, path: str, body: Any) -> list[dict[str, Any]]:
        if path == "spot/trade/batch-cancel-plan-order":
            return self.spot_plans
        if path == "mix/order/cancel-plan-order":
            return [row for row in self.plans if row["planType"] == body["planType"]]
        return self.orders

    def _ids(self, body: Any) -> dict[str, Any]:
        self.count += 1
        order_id = body.get("orderId") or str(9000 + self.count)
        if size := body.get("size", body.get("qty")) if "orderType" in body else None:
            ids = {"orderId": order_id, "clientOid": body.get("clientOid")}
            self.placed[order_id] = body | FILLED | ids | {"baseVolume": size, "cumExecQty": size}
        return {"orderId": order_id, "clientOid": body.get("newClientOid") or body.get("clientOid")}


def open_desk(mock: HTTPXMock, **state: Any) -> Desk:
    """Lets pytest-httpx answer every read from `state`. A change that is not `due` fails the test."""
    desk = Desk(mock, **state)
    mock.add_callback(desk, method="GET", is_optional=True, is_reusable=True)
    return desk


def dead_after_a_change(mock: HTTPXMock, **state: Any) -> None:
    """Lets pytest-httpx answer reads from `state` until a change was sent, and nothing any more."""
    there = Exchange(**state)

    def answer(request: httpx.Request) -> httpx.Response:
        if mock.get_requests(method="POST"):
            raise httpx.ReadTimeout("silence", request=request)
        return there(request)

    mock.add_callback(answer, is_reusable=True)


class Desk(Exchange):
    """An exchange behind pytest-httpx."""

    def __init__(self, mock: HTTPXMock, **state: Any) -> None:
        super().__init__(**state)
        self._mock = mock

    def due(self, path: str | None = None, body: Any = None) -> None:
        """One change, to this path and with this body where they are given; a client id that is made up is OID."""
        # A pattern, because comparing addresses whole costs a tenth of a millisecond for every request and change.
        where = path and re.compile(rf"https://api\.bitget\.com/api/v2/{path}$")
        self._mock.add_callback(self, method="POST", url=where, match_json=body)


class _MadeUpId:
    """Equals every client id that the program makes up."""

    __hash__ = None  # type: ignore[assignment]  # equal to many

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and other[:1] == "b" and len(other) >= 27

    def __repr__(self) -> str:
        return "OID"


OID = _MadeUpId()

# Take out all there is, of a market or a line.
_LEAVE_NOTHING = frozenset(
    (
        *("mix/order/cancel-all-orders", "mix/order/batch-cancel-orders", "mix/order/cancel-plan-order"),
        "spot/trade/batch-cancel-plan-order",
    )
)


def _as_set(body: Any) -> dict[str, Any]:
    """A setting as it is answered: its request, the leverage by the names it is shown under."""
    value = body.get("leverage")
    shown = {name: body.get(name, value) for name in ("longLeverage", "shortLeverage")} if "posMode" not in body else {}
    crossed = {"marginMode": "crossed", "crossMarginLeverage": value} if value and "holdSide" not in body else {}
    return {"marginMode": "isolated"} | shown | crossed | body


def _matching(rows: list[dict[str, Any]], asked: dict[str, str]) -> list[dict[str, Any]]:
    names = [name for name in ("orderId", "clientOid", "symbol") if name in asked]
    return [row for row in rows if all(row[name] == asked[name] for name in names)]


def _of_kind(rows: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    plain = ("normal_plan", "track_plan")
    if kind == "profit_loss":
        return [row for row in rows if row["planType"] not in plain]
    return [row for row in rows if row["planType"] == kind]
