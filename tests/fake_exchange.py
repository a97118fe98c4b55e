"""A small futures exchange behind a transport double: orders, late deliveries, lost answers, outages, its own clock."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, ClassVar

import httpx
from doubles import StillClock, Unpaced

from bitget_cli.client.rest.client import Client
from bitget_cli.keys import Key, Secret
from bitget_cli.values import milliseconds

# Bitget refuses a request whose timestamp is further than this from its clock.
WINDOW_MS = 30_000

PLACE = "/api/v2/mix/order/place-order"
BATCH = "/api/v2/mix/order/batch-place-order"
MODIFY = "/api/v2/mix/order/modify-order"
CANCEL = "/api/v2/mix/order/cancel-order"
DETAIL = "/api/v2/mix/order/detail"
PENDING = "/api/v2/mix/order/orders-pending"
HISTORY = "/api/v2/mix/order/orders-history"
FILLS = "/api/v2/mix/order/fills"
TIME = "/api/v2/public/time"


@dataclass(frozen=True)
class Fate:
    """What happens to the next change on its way. `delivered` seconds after it was sent, None never.

    `answer` is what comes back: `ok`, or the name of a fault; after `wait` seconds of silence.
    """

    delivered: float | None = 0.0
    answer: str | httpx.Response | Exception = "ok"
    wait: float = 0.0


@dataclass
class FakeExchange:
    """Uniqueness of client ids is among open orders only, as at Bitget: a filled one does not protect."""

    changes: ClassVar[frozenset[str]] = frozenset({PLACE, BATCH, MODIFY, CANCEL})
    questions: ClassVar[dict[str, str]] = {"detail": DETAIL, "pending": PENDING, "history": HISTORY, "fills": FILLS}
    used, too_much, missing = "40786", "40762", "40768"

    clock: StillClock
    skew: float = 0.0  # seconds its clock is ahead of ours
    lag: float = 0.0  # seconds until a new order shows
    fates: list[Fate] = field(default_factory=list)
    orders: list[dict[str, Any]] = field(default_factory=list)
    out_until: float = -1.0  # questions fail before this monotonic second
    blind_to: frozenset[str] = frozenset()  # paths that answer 503
    stale_look: int = -1  # the how manieth look from now shows an old copy, without any order
    under_way: list[tuple[float, httpx.Request]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    at_request: Callable[[httpx.Request], None] = lambda _: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.at_request(request)
        self.deliver_due()
        if request.url.path == TIME:
            return self.envelope({"serverTime": str(self.now())})
        if request.url.path in self.changes:
            return self._change(request)
        self.asked.append(request.url.path)
        if request.url.path == self.questions["detail"]:  # every look begins with it
            self.stale_look -= 1
        if self.clock.ticks < self.out_until:
            raise httpx.ReadTimeout("x")
        if request.url.path in self.blind_to:
            return httpx.Response(503, content=b"<html>")
        return self._read(request)

    # The exchange's own view.

    def now(self) -> int:
        return milliseconds(self.clock.now() + timedelta(seconds=self.skew))

    def flush(self) -> None:
        """Everything that is still under way arrives."""
        for _, request in self.under_way:
            self.deliver(request)
        self.under_way.clear()

    def made_by(self, oid: str) -> list[dict[str, Any]]:
        return [order for order in self.orders if order["clientOid"] == oid]

    def deliver_due(self) -> None:
        due = [request for at, request in self.under_way if at <= self.clock.ticks]
        self.under_way = [(at, request) for at, request in self.under_way if at > self.clock.ticks]
        for request in due:
            self.deliver(request)

    def deliver(self, request: httpx.Request) -> httpx.Response:
        if abs(self.now() - int(request.headers["access-timestamp"])) > WINDOW_MS:
            return self.envelope(None, code="40008")
        body = json.loads(request.content)
        match request.url.path:
            case "/api/v2/mix/order/batch-place-order":
                around = {"symbol": body["symbol"]}
                return self._several([self._place(around | item) for item in body["orderList"]])
            case "/api/v2/mix/order/place-order":
                made = self._place(body)
                return self._acknowledged(made)
            case "/api/v2/mix/order/modify-order":
                return self._modify(body)
        return self._cancel(body)

    def envelope(self, data: Any, *, code: str = "00000", status: int | None = None) -> httpx.Response:
        whole = {"code": code, "msg": "as told", "requestTime": self.now(), "data": data}
        return httpx.Response(status or (200 if code == "00000" else 400), content=json.dumps(whole).encode())

    # Changes.

    def _change(self, request: httpx.Request) -> httpx.Response:
        fate = self.fates.pop(0) if self.fates else Fate()
        if isinstance(fate.answer, httpx.ConnectError):
            raise fate.answer
        self.sent.append(json.loads(request.content))
        answer = None
        if fate.delivered == 0.0:
            answer = self.deliver(request)
        elif fate.delivered is not None:
            self.under_way.append((self.clock.ticks + fate.delivered, request))
        self.clock.sleep(fate.wait)
        self.deliver_due()
        if isinstance(fate.answer, Exception):
            raise fate.answer
        if isinstance(fate.answer, httpx.Response):
            return fate.answer
        return answer or self.envelope(None, code="45001")

    def _place(self, body: dict[str, Any]) -> dict[str, Any] | str:
        oid = body["clientOid"]
        if any(order["clientOid"] == oid and order["state"] == "live" for order in self.orders):
            return self.used
        if float(body["size"]) > 1000:
            return self.too_much
        order = {
            "orderId": str(1000 + len(self.orders)),
            "clientOid": oid,
            "symbol": body["symbol"],
            "side": body.get("side"),
            "size": body["size"],
            "state": "filled" if body["orderType"] == "market" else "live",
            "cTime": str(self.now()),
            "shows_at": self.clock.ticks + self.lag,
        }
        self.orders.append(order)
        return order

    def _acknowledged(self, made: dict[str, Any] | str) -> httpx.Response:
        if isinstance(made, str):
            return self.envelope(None, code=made)
        return self.envelope({"orderId": made["orderId"], "clientOid": made["clientOid"]})

    def _several(self, made: Iterable[dict[str, Any] | str]) -> httpx.Response:
        """As the page shows it: failures carry a code and a message, and no id."""
        won = [{"orderId": one["orderId"], "clientOid": one["clientOid"]} for one in made if not isinstance(one, str)]
        lost = [{"errorCode": one, "errorMsg": "as told"} for one in made if isinstance(one, str)]
        return self.envelope({"successList": won, "failureList": lost})

    def _modify(self, body: dict[str, Any]) -> httpx.Response:
        old = self._open(body)
        if old is None:
            return self.envelope(None, code=self.missing)
        old["state"] = "canceled"
        asked = {"symbol": body["symbol"], "size": body.get("newSize", old["size"]), "side": old["side"]}
        made = self._place({**asked, "orderType": "limit", "clientOid": body["newClientOid"]})
        return self._acknowledged(made)

    def _cancel(self, body: dict[str, Any]) -> httpx.Response:
        order = self._open(body)
        if order is None:
            return self.envelope(None, code=self.missing)
        order["state"] = "canceled"
        return self._acknowledged(order)

    def _open(self, body: dict[str, Any]) -> dict[str, Any] | None:
        return next((order for order in self._known(body) if order["state"] == "live"), None)

    # Questions.

    def _known(self, asked: Any) -> list[dict[str, Any]]:
        shown = [order for order in self.orders if order["shows_at"] <= self.clock.ticks and self.stale_look != 0]
        if oid := asked.get("orderId"):
            return [order for order in shown if order["orderId"] == oid]
        if oid := asked.get("clientOid"):
            return [order for order in shown if order["clientOid"] == oid]
        return shown

    def _read(self, request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        since = int(asked.get("startTime", 0))
        known = [order for order in self._known(asked) if int(order["cTime"]) >= since]
        match request.url.path:
            case "/api/v2/mix/order/detail":
                return self.envelope(known[-1]) if known else self.envelope(None, code="40768")
            case "/api/v2/mix/order/orders-pending":
                status = asked.get("status", "live")
                rows = [order for order in known if order["state"] == status]
                return self.envelope({"entrustedList": rows or None, "endId": None})
            case "/api/v2/mix/order/orders-history":
                rows = [order for order in known if order["state"] in ("filled", "canceled")]
                return self.envelope({"entrustedList": rows or None, "endId": None})
            case "/api/v2/mix/order/fills":
                rows = [{"tradeId": "1", "orderId": o["orderId"], "cTime": o["cTime"]} for o in known if _traded(o)]
                return self.envelope({"fillList": rows})
        return self.envelope(None, code="40404", status=404)


class UnifiedFakeExchange(FakeExchange):
    """The same exchange for a unified account."""

    changes = frozenset(f"/api/v3/trade/{name}" for name in ("place-order", "modify-order", "cancel-order"))
    questions: ClassVar[dict[str, str]] = {
        "detail": "/api/v3/trade/order-info",
        "pending": "/api/v3/trade/unfilled-orders",
        "history": "/api/v3/trade/history-orders",
        "fills": "/api/v3/trade/fills",
    }
    used, too_much, missing = "25212", "25202", "25204"

    def deliver(self, request: httpx.Request) -> httpx.Response:
        if abs(self.now() - int(request.headers["access-timestamp"])) > WINDOW_MS:
            return self.envelope(None, code="40008")
        body = json.loads(request.content)
        match request.url.path.rpartition("/")[2]:
            case "place-order":
                return self._acknowledged(self._place({**body, "size": body["qty"]}))
            case "modify-order":
                order = self._open(body)
                if order is None:
                    return self.envelope(None, code=self.missing)
                order["size"] = body.get("qty", order["size"])
                return self._acknowledged(order)
        return self._cancel(body)

    def _read(self, request: httpx.Request) -> httpx.Response:
        asked, path = request.url.params, request.url.path
        since, until = int(asked.get("startTime", 0)), int(asked.get("endTime", 1 << 60))
        known = [order for order in self._known(asked) if since <= int(order["cTime"]) <= until]
        if path == self.questions["detail"]:
            return self.envelope(_unified(known[-1])) if known else self.envelope(None, code=self.missing)
        if path == self.questions["pending"]:
            rows = [_unified(order) for order in known if order["state"] == "live"]
        elif path == self.questions["history"]:
            rows = [_unified(order) for order in known if order["state"] != "live"]
        else:
            rows = [_fill(order) for order in known if _traded(order)]
        return self.envelope({"list": rows or None, "cursor": None})


def _unified(order: dict[str, Any]) -> dict[str, Any]:
    states = {"live": "new", "canceled": "cancelled"}
    kept = {name: order[name] for name in ("orderId", "clientOid", "symbol", "side")}
    words = {"category": "USDT-FUTURES", "qty": order["size"], "createdTime": order["cTime"]}
    return kept | words | {"orderStatus": states.get(order["state"], order["state"])}


def _fill(order: dict[str, Any]) -> dict[str, Any]:
    return {"execId": f"9{order['orderId']}", "orderId": order["orderId"], "createdTime": order["cTime"]}


def _traded(order: dict[str, Any]) -> bool:
    return bool(order["state"] == "filled")


def client_of(exchange: FakeExchange, kind: type[Client] = Client) -> Client:
    """A client of the exchange, on its clock."""
    key = Key(Secret("bg_key"), Secret("hmac secret"), Secret("phrase"), source="environment")
    return kind(
        http=httpx.MockTransport(exchange),
        base_url="https://api.bitget.com",
        env="live",
        clock=exchange.clock,
        pacer=Unpaced(),
        key=lambda: key,
    )
