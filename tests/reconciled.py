"""An account that a stream and REST both show, and the rows of REST."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
from doubles import StillClock, envelope
from stream_frames import (
    frame,
)

from bitget_cli.client.rest.client import Client
from bitget_cli.client.ws.dispatcher import Dispatcher
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.stream_events import Push, Status, Topic
from bitget_cli.values import milliseconds

Answer = Callable[[httpx.Request], httpx.Response]


class Account:
    """An account that a stream and REST both show; `rows` are what REST answers, by the end of the path."""

    def __init__(self, topic: Topic, client_over: Callable[..., Client], **rows: Any) -> None:
        self.topic, self.rows = topic, rows
        self.asked: list[httpx.Request] = []
        self.clock = StillClock()
        self.box = ConflatingQueue(self.clock)
        client = client_over(httpx.MockTransport(self._answer), clock=self.clock)
        self.following = Dispatcher([topic], self.box, clock=self.clock, client=client, background=False)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        name = request.url.path.rpartition("/")[2].replace("-", "_")
        found = self.rows.get(f"{name}__{request.url.params.get('status') or request.url.params.get('planType')}")
        found = self.rows.get(name, []) if found is None else found
        if callable(found):
            found = found(request)
        return found if isinstance(found, httpx.Response) else envelope(found)

    def subscribe(self, *, again: bool = False) -> None:
        self.following.subscribed(self.topic, again)
        self.turn()

    def turn(self) -> None:
        assert self.following.reconciler
        self.following.reconciler.turn()

    def push(self, *rows: Any) -> None:
        self.following.frame(self.topic, frame(self.topic, list(rows)), 1790000000500)

    def messages(self) -> list[Any]:
        return [message for message in self.box.take(0) or [] if not isinstance(message, Status)]

    def told(self) -> list[Push]:
        return [message for message in self.messages() if isinstance(message, Push)]

    def now(self, seconds: float = 0) -> str:
        """The exchange's time as it writes it."""
        return str(milliseconds(self.clock.now() + timedelta(seconds=seconds)))


Make = Callable[..., Account]


def listed(*rows: Any) -> dict[str, Any]:
    return {"entrustedList": list(rows)}


def rest_order(order_id: str = "1350000000000000001", **more: Any) -> dict[str, Any]:
    return {
        "symbol": "ETHUSDT",
        "orderId": order_id,
        "baseVolume": "0",
        "status": "live",
        "reduceOnly": "NO",
        "priceAvg": None,
        "uTime": "1790000000000",
    } | more
