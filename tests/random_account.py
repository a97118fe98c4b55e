"""An account whose orders, plans, fills, positions and balance change, as its stream and REST both know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
from accelerated import World
from random_exchange import Exchange

MARKET = "USDT-FUTURES"
_PAGE = 100
_SYMBOLS = ("BTCUSDT", "ETHUSDT")
_FINAL = ("filled", "canceled")
_FINAL_PLAN = ("executed", "cancelled")
# planType in the stream → what a list of REST is asked by, and what it calls it.
_PLANS = {"pl": ("normal_plan", "normal_plan"), "tp": ("profit_loss", "profit_plan"), "track": ("track_plan",) * 2}


class Event(NamedTuple):
    """Something that happened at a monotonic second: what must be told, and to whom it belongs."""

    at: float
    key: str
    said: tuple[str, ...]


class Account(Exchange):
    """Every change is pushed, or lost, and stands in the lists of REST at once.

    `events` are what happened by channel; of orders, plans and positions the last one of a key is how it stands.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.orders: dict[str, dict[str, Any]] = {}
        self.plans: dict[str, dict[str, Any]] = {}
        self.fills: list[dict[str, Any]] = []
        self.sizes: dict[str, int] = {}
        self.balance = 1000
        self.events: dict[str, list[Event]] = {
            channel: [] for channel in ("orders", "orders-algo", "fill", "positions", "account")
        }
        self._said: dict[str, list[list[Any]]] = {}
        self._ids = 10**18
        for _ in range(2):
            self.place()
            self.place_plan("pl")
        self._note("account", "USDT", str(self.balance))

    # What happens.

    def acts(self, channel: str) -> list[Callable[[int, int], None]]:
        """What changes a channel, each by a number that says which and one that says how much."""
        if channel == "orders-algo":
            return [
                lambda which, lots: self.end_plan(which, _FINAL_PLAN[lots % 2]),
                lambda which, _: self.place_plan(sorted(_PLANS)[which % 3]),
                lambda which, lots: self.place_and_end_plan(sorted(_PLANS)[which % 3], _FINAL_PLAN[lots % 2]),
            ]
        return [
            self.fill,
            lambda _which, _lots: self.place_and_fill(1),
            lambda _which, lots: self.place_and_fill(130 if lots == 4 else lots),
            lambda which, _: self.close_position(which) if channel == "positions" else self.cancel(which),
            lambda which, lots: self.deposit(lots) if channel == "account" else self.cancel(which),
            lambda _which, _lots: self.place(),
        ]

    def place(self) -> None:
        number = self._new_id()
        symbol = _SYMBOLS[self._ids % 2]
        now = str(self.world.ms())
        self.orders[number] = {
            "orderId": number,
            "instId": symbol,
            "size": "4",
            "accBaseVolume": "0",
            "status": "live",
            "cTime": now,
            "uTime": now,
        }
        self._changed(number)

    def fill(self, which: int, lots: int) -> None:
        number = self._standing(self.orders, which, _FINAL)
        if number is None:
            return
        order = self.orders[number]
        lots = min(lots, 4 - int(order["accBaseVolume"]))
        volume = int(order["accBaseVolume"]) + lots
        self.orders[number] = order | {
            "accBaseVolume": str(volume),
            "status": "filled" if volume == 4 else "partially_filled",
            "uTime": str(self.world.ms()),
        }
        symbol = order["instId"]
        now = str(self.world.ms())
        trade = {"tradeId": self._new_id(), "orderId": number, "symbol": symbol, "baseVolume": str(lots)}
        self.fills.append(trade | {"cTime": now, "uTime": now})
        self._note("fill", trade["tradeId"])
        self.sizes[symbol] = self.sizes.get(symbol, 0) + lots
        self.balance -= lots
        self._order_changed(number)
        self._push("fill", [self.fills[-1]])
        self._moved(symbol)

    def cancel(self, which: int) -> None:
        if (number := self._standing(self.orders, which, _FINAL)) is not None:
            self.orders[number] = self.orders[number] | {"status": "canceled", "uTime": str(self.world.ms())}
            self._changed(number)

    def place_and_fill(self, how_many: int) -> None:
        for _ in range(how_many):
            self.place()
            self.fill(-1, 4)

    def close_position(self, which: int) -> None:
        held = [symbol for symbol, size in self.sizes.items() if size]
        if held:
            symbol = held[which % len(held)]
            self.sizes[symbol] = 0
            self._moved(symbol)

    def deposit(self, amount: int) -> None:
        self.balance += amount
        self._note("account", "USDT", str(self.balance))
        self._push("account", [self._coin()])

    def place_plan(self, kind: str) -> None:
        number, now = self._new_id(), str(self.world.ms())
        self.plans[number] = {
            "orderId": number,
            "instId": _SYMBOLS[self._ids % 2],
            "planType": kind,
            "status": "live",
            "cTime": now,
            "uTime": now,
        }
        self._plan_changed(number)

    def end_plan(self, which: int, status: str) -> None:
        if (number := self._standing(self.plans, which, _FINAL_PLAN)) is not None:
            self.plans[number] = self.plans[number] | {"status": status, "uTime": str(self.world.ms())}
            self._plan_changed(number)

    def place_and_end_plan(self, kind: str, status: str) -> None:
        self.place_plan(kind)
        self.end_plan(-1, status)

    def _new_id(self) -> str:
        self._ids += 1
        return str(self._ids)

    @staticmethod
    def _standing(rows: dict[str, dict[str, Any]], which: int, final: tuple[str, ...]) -> str | None:
        standing = [number for number, row in rows.items() if row["status"] not in final]
        return standing[which % len(standing)] if standing else None

    def _order_changed(self, number: str) -> None:
        order = self.orders[number]
        self._note("orders", number, order["status"], order["accBaseVolume"])
        self._push("orders", [order])

    def _changed(self, number: str) -> None:
        self._order_changed(number)
        # Positions are pushed when an order changes, whatever became of them.
        self._push("positions", self._positions(), action="snapshot")

    def _plan_changed(self, number: str) -> None:
        self._note("orders-algo", number, self.plans[number]["status"])
        self._push("orders-algo", [self.plans[number]])

    def _moved(self, symbol: str) -> None:
        self._note("positions", symbol, str(self.sizes[symbol]))
        self._note("account", "USDT", str(self.balance))
        self._push("positions", self._positions(), action="snapshot")
        self._push("account", [self._coin()])

    def _note(self, channel: str, key: str, *said: str) -> None:
        before = [event.said for event in self.events[channel] if event.key == key]
        if before and before[-1] == said:
            return
        self.events[channel].append(Event(self.world.ticks, key, said))

    def repeat(self, channel: str, which: int) -> None:
        """Says once more what was said of an event before, however old."""
        said = self._said.get(channel)
        if said and channel in ("orders", "orders-algo", "fill"):
            self.push((MARKET, channel, "default"), said[which % len(said)], action="snapshot")

    def _push(self, channel: str, rows: list[Any], *, action: str = "snapshot") -> None:
        self._said.setdefault(channel, []).append(rows)
        self.push((MARKET, channel, "default"), rows, action=action)

    def _positions(self) -> list[dict[str, Any]]:
        held = sorted(symbol for symbol, size in self.sizes.items() if size)
        return [
            {"instId": one, "holdSide": "long", "marginMode": "crossed", "total": str(self.sizes[one])} for one in held
        ]

    def _coin(self) -> dict[str, Any]:
        return {"marginCoin": "USDT", "available": str(self.balance)}

    def begin(self, arg: tuple[str, str, str]) -> None:
        if arg[0] != MARKET:
            return
        if arg[1] == "positions":
            self.push(arg, self._positions(), action="snapshot")
        elif arg[1] == "account":
            self.push(arg, [self._coin()], action="snapshot")

    def swap(self, channel: str) -> None:
        """A row that makes no sense among those that do."""
        rows = {
            "orders": [{"instId": "BTCUSDT", "status": "filled"}],
            "orders-algo": [{"status": "executed"}],
            "fill": [{"symbol": "BTCUSDT", "baseVolume": "1"}],
            "positions": [{"total": "9"}],
            "account": [{"available": "0"}],
        }
        self.push((MARKET, channel, "default"), rows[channel], action="snapshot")

    # REST.

    def answer(self, name: str, params: httpx.QueryParams) -> Any:
        if params.get("productType", MARKET) != MARKET:
            return [] if name in ("all-position", "accounts") else _wrapped([])
        match name:
            case "all-position":
                return [_renamed(row) for row in self._positions()]
            case "accounts":
                return [self._coin()]
            case "fills":
                return _wrapped(_paged(self.fills, "tradeId", params), "fillList", "tradeId")
            case "detail":
                found = self.orders.get(params["orderId"])
                return None if found is None else _renamed(found) | {"state": found["status"]}
            case "orders-pending" | "orders-history":
                wanted = _FINAL if name == "orders-history" else (params.get("status") or "live",)
                rows = [row for row in self.orders.values() if row["status"] in wanted]
                return _wrapped([_renamed(row) for row in _paged(rows, "orderId", params)])
            case "orders-plan-pending" | "orders-plan-history":
                wanted = _FINAL_PLAN if name.endswith("history") else ("live",)
                rows = [
                    row
                    for row in self.plans.values()
                    if row["status"] in wanted and _PLANS[row["planType"]][0] == params["planType"]
                ]
                return _wrapped([_renamed_plan(row) for row in _paged(rows, "orderId", params)])
        return []


def _paged(rows: list[dict[str, Any]], key: str, params: httpx.QueryParams) -> list[dict[str, Any]]:
    """The newest first, by when they came to be."""
    rows = sorted(rows, key=lambda row: int(row[key]), reverse=True)
    rows = [row for row in rows if int(params.get("startTime", 0)) <= int(row["cTime"])]
    rows = [row for row in rows if params.get("orderId") in (None, row["orderId"])]
    if before := params.get("idLessThan"):
        rows = [row for row in rows if int(row[key]) < int(before)]
    return rows[: min(_PAGE, int(params.get("limit", _PAGE)))]


def _wrapped(rows: list[dict[str, Any]], name: str = "entrustedList", key: str = "orderId") -> dict[str, Any]:
    return {name: rows, "endId": rows[-1][key] if rows else None}


def _renamed(row: dict[str, Any]) -> dict[str, Any]:
    names = {"instId": "symbol", "accBaseVolume": "baseVolume"}
    return {names.get(name, name): value for name, value in row.items()}


def _renamed_plan(row: dict[str, Any]) -> dict[str, Any]:
    named = {"symbol": row["instId"], "planStatus": row["status"], "planType": _PLANS[row["planType"]][1]}
    return {name: value for name, value in row.items() if name not in ("instId", "status", "planType")} | named
