"""A misbehaving proxy in front of the paper exchange: answers lost, late, doubled, refused, or somebody else's.

It stands at the HTTP door of the typed program, so that a command meets it as it would meet the network.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from doubles import StillClock, envelope
from paper_account import BTC, NOON, RICH, USDT_M, PaperAccount

from bitget_cli.paper.credentials import settings
from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.store import Store

KEYS = {**settings(9), "BITGET_ENV": "live"}

Given = tuple[int, bytes]


@dataclass(frozen=True)
class Fault:
    """What happens to the one change that meets it: how often it arrives, how late (s), and what comes back.

    `answer` is None for silence, else made of what the exchange answered last, if it was asked.
    """

    name: str
    arrives: int = 1
    after: float = 0.0
    answer: Callable[[Given | None], httpx.Response] | None = None

    def __str__(self) -> str:
        return self.name


LOST = Fault("answer lost")
NEVER = Fault("never arrived", arrives=0)


def coded(code: str, status: int = 400) -> Callable[[Given | None], httpx.Response]:
    return lambda _: envelope(None, code=code, msg="as told", status=status)


def saying(data: Any) -> Callable[[Given | None], httpx.Response]:
    """A success with this in it, whatever was asked."""
    return lambda _: envelope(data)


def as_it_is(answer: Given | None) -> httpx.Response:
    assert answer
    return httpx.Response(answer[0], content=answer[1])


def too_many(_: Given | None) -> httpx.Response:
    return httpx.Response(429, json={"code": "429", "msg": "Too Many Requests", "requestTime": 1772452800000})


def of_another(answer: Given | None) -> httpx.Response:
    """The same answer with other ids, symbols and amounts, as if it belonged to somebody else's request."""
    assert answer
    return httpx.Response(answer[0], content=json.dumps(_estranged(json.loads(answer[1]), "data")).encode())


def _estranged(told: Any, name: str) -> Any:
    if isinstance(told, dict):
        return {key: _estranged(value, key) if name or key == "data" else value for key, value in told.items()}
    if isinstance(told, list):
        return [_estranged(each, name) for each in told]
    strange = {"orderId": "77", "symbol": "EVILUSDT", "coin": "EVIL", "toCoin": "EVIL", "fromCoin": "EVIL"}
    return strange.get(name, "another") if name in strange or name.lower().endswith("clientoid") else told


@dataclass
class Arrival:
    """A change that reached the exchange; `is_done` once it was accepted there."""

    path: str
    body: str
    is_done: bool = False


@dataclass
class Proxy:
    """The program's way to the exchange. The first change it is given meets the fault, all others pass.

    `sent` are the bodies of changes as they came from the program. Questions are not answered before `blind_until`
    (monotonic second) once a change was sent.
    """

    exchange: Exchange
    clock: StillClock
    fault: Fault
    blind_until: float = -1.0
    sent: list[tuple[str, str]] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    under_way: list[tuple[float, httpx.Request]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.deliver_due()
        if request.method == "POST":
            return self._change(request)
        if self.sent and self.clock.ticks < self.blind_until:
            raise httpx.ReadTimeout("x", request=request)
        return as_it_is(self._handed_on(request))

    def deliver_due(self, *, all_of_it: bool = False) -> None:
        due = [request for at, request in self.under_way if all_of_it or at <= self.clock.ticks]
        self.under_way = [(at, request) for at, request in self.under_way if request not in due]
        for request in due:
            self._arrive(request)

    def was_done(self, body: str) -> bool:
        """Whether the exchange accepted the change of this body, or the call of several in which it went."""
        sent_alone = any(sent == body for _, sent in self.sent)
        return any(arrival.is_done for arrival in self.arrivals if not sent_alone or arrival.body == body)

    def _change(self, request: httpx.Request) -> httpx.Response:
        self.sent.append((request.url.path, request.content.decode()))
        if len(self.sent) > 1:
            return as_it_is(self._arrive(request))
        if self.fault.after:
            self.under_way.append((self.clock.ticks + self.fault.after, request))
        answers = [self._arrive(request) for _ in range(0 if self.fault.after else self.fault.arrives)]
        if self.fault.answer is None:
            raise httpx.ReadTimeout("x", request=request)
        return self.fault.answer(answers[-1] if answers else None)

    def _arrive(self, request: httpx.Request) -> Given:
        status, body = self._handed_on(request)
        told = json.loads(body)
        lost = isinstance(told["data"], dict) and told["data"].get("failureList")
        done = told["code"] == "00000" and not lost
        self.arrivals.append(Arrival(request.url.path, request.content.decode(), done))
        return status, body

    def _handed_on(self, request: httpx.Request) -> Given:
        return self.exchange.answer(
            method=request.method,
            target=request.url.raw_path.decode(),
            headers=request.headers,
            body=request.content,
        )


# What an account holds before the command that is tried. Each is made once and copied for every case.


def flat(one: PaperAccount) -> None:
    """Money in every futures line, and coins in spot, one of them a small balance."""
    one.fund()
    one.post("spot/trade/place-order", symbol="ETHUSDT", side="buy", orderType="market", size="5", force="gtc")
    one.post("spot/wallet/transfer", fromType="spot", toType="usdc_futures", amount="5000", coin="USDC")
    one.post("spot/wallet/transfer", fromType="spot", toType="coin_futures", amount="0.5", coin="BTC")


def busy(one: PaperAccount) -> None:
    """One-way: a long and a short, orders that rest and orders that wait, in futures and in spot."""
    flat(one)
    one.order("buy", "0.5", clientOid="opened")
    one.order("sell", "2", symbol="ETHUSDT")
    one.post(
        "mix/order/place-order",
        productType="COIN-FUTURES",
        symbol="BTCUSD",
        marginCoin="BTC",
        marginMode="crossed",
        side="sell",
        size="0.1",
        orderType="market",
    )
    for number in (1, 2):
        one.order("buy", "0.01", price="60000", clientOid=f"rests-{number}")
        one.spot("buy", "0.01", price="60000", clientOid=f"spot-{number}")
    trigger = {**BTC, "marginMode": "crossed", "size": "0.01", "side": "buy", "orderType": "market"}
    trigger |= {"triggerPrice": "60000", "triggerType": "mark_price"}
    one.post("mix/order/place-plan-order", **trigger, planType="normal_plan", clientOid="waits-1")
    one.post("mix/order/place-plan-order", **trigger, planType="track_plan", callbackRatio="1", clientOid="waits-2")
    exit_ = {**BTC, "planType": "loss_plan", "triggerPrice": "55000", "triggerType": "mark_price", "size": "0.1"}
    one.post("mix/order/place-tpsl-order", **exit_, holdSide="buy", clientOid="exit-1")
    waits = {"symbol": "BTCUSDT", "side": "buy", "triggerPrice": "60000", "triggerType": "mark_price"}
    waits |= {"orderType": "limit", "executePrice": "60000", "planType": "amount", "size": "0.01"}
    for number in (1, 2):
        one.post("spot/trade/place-plan-order", **waits, clientOid=f"spot-waits-{number}")


def hedged(one: PaperAccount) -> None:
    """Hedge mode with a long and a short in one market."""
    flat(one)
    one.post("mix/account/set-position-mode", **USDT_M, posMode="hedge_mode")
    one.order("buy", "0.5", tradeSide="open")
    one.order("sell", "0.2", tradeSide="open")


def isolated(one: PaperAccount) -> None:
    """A long with margin of its own."""
    flat(one)
    one.post("mix/account/set-margin-mode", **BTC, marginMode="isolated")
    one.order("buy", "0.1", marginMode="isolated")
    one.post("mix/account/set-margin", **BTC, holdSide="long", amount="300")


STAGES = {"flat": flat, "busy": busy, "hedged": hedged, "isolated": isolated}


def make_stage(name: str, path: Path) -> None:
    account = PaperAccount.join(path, at=NOON)
    account.store.reset(opening=RICH)
    STAGES[name](account)
    account.store.close()


def enter(stage: Path, path: Path, clock: StillClock, fault: Fault, *, blind_for: float = -1.0) -> Proxy:
    """A copy of a stage behind a proxy."""
    shutil.copy(stage, path)
    path.chmod(0o600)
    exchange = Exchange(Store(path), wall=clock.now)
    return Proxy(exchange, clock, fault, clock.ticks + blind_for)
