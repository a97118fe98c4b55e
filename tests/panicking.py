"""Accounts to get out of, and a door to the paper exchange at which anything may go wrong and the laws are watched."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from doubles import StillClock, envelope
from paper_account import BTC, NOON, RICH, USDT_M, PaperAccount, UnifiedAccount

from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.store import Store

# Plans of an account are told by what they do.
_TRIGGER = {**BTC, "marginMode": "crossed", "orderType": "market", "triggerType": "mark_price"}
_CANCELS = (
    "cancel-symbol-order",
    "cancel-order",
    "batch-cancel-orders",
    "cancel-plan-order",
    "batch-cancel-order",
    "cancel-batch",
)
_WAYS_OUT = (*_CANCELS, "cancel-symbol-order", "cancel-strategy-order", "close-positions")


def classic(one: PaperAccount) -> None:
    """One-way: positions in every line, orders and plans of all sorts, two stops, and spot orders."""
    one.fund()
    one.post("spot/wallet/transfer", fromType="spot", toType="coin_futures", amount="0.5", coin="BTC")
    one.order("buy", "0.5", presetStopLossPrice="40000", presetStopSurplusPrice="140000")
    one.order("sell", "2", symbol="ETHUSDT")
    coin = {"productType": "COIN-FUTURES", "symbol": "BTCUSD", "marginCoin": "BTC", "marginMode": "crossed"}
    one.post("mix/order/place-order", **coin, side="sell", size="0.1", orderType="market")
    one.order("buy", "0.01", price="60000")
    one.order("buy", "0.02", price="60001")
    one.order("sell", "0.1", price="67000", reduceOnly="YES")
    for number in ("0.01", "0.02"):
        one.spot("buy", number, price="60000")
    plan = {**_TRIGGER, "size": "0.3", "side": "buy", "triggerPrice": "60000"}
    one.post("mix/order/place-plan-order", **plan, planType="normal_plan")
    one.post("mix/order/place-plan-order", **plan, planType="track_plan", callbackRatio="1")
    # Placed elsewhere: no list tells that it only closes.
    stop = plan | {"side": "sell", "size": "0.2", "triggerPrice": "50000"}
    one.post("mix/order/place-plan-order", **stop, planType="normal_plan", reduceOnly="yes")
    exit_ = {**BTC, "planType": "loss_plan", "triggerPrice": "45000", "triggerType": "mark_price", "size": "0.1"}
    one.post("mix/order/place-tpsl-order", **exit_, holdSide="buy")
    waits = {"symbol": "BTCUSDT", "side": "buy", "triggerPrice": "60000", "triggerType": "mark_price"}
    waits |= {"orderType": "limit", "executePrice": "60000", "planType": "amount", "size": "0.01"}
    one.post("spot/trade/place-plan-order", **waits)


def hedged(one: PaperAccount) -> None:
    """A long and a short in one market, each with its stop, orders that open and orders that close."""
    one.fund()
    one.post("mix/account/set-position-mode", **USDT_M, posMode="hedge_mode")
    one.order("buy", "0.5", tradeSide="open", presetStopLossPrice="40000")
    one.order("sell", "0.2", tradeSide="open", presetStopLossPrice="90000")
    one.order("buy", "0.01", price="60000", tradeSide="open")
    one.order("buy", "0.1", price="67000", tradeSide="close")
    plan = {**_TRIGGER, "size": "0.1", "side": "buy", "triggerPrice": "60000", "planType": "normal_plan"}
    one.post("mix/order/place-plan-order", **plan, tradeSide="open")
    one.post("mix/order/place-plan-order", **plan, tradeSide="close")


def isolated(one: PaperAccount) -> None:
    """A long with margin of its own."""
    one.fund()
    one.post("mix/account/set-margin-mode", **BTC, marginMode="isolated")
    one.order("buy", "0.1", marginMode="isolated", presetStopLossPrice="50000")
    one.order("buy", "0.01", marginMode="isolated", price="60000")


def large(one: PaperAccount) -> None:
    """More than one market order may close."""
    one.fund("90000")
    for _ in range(3):
        one.order("buy", "45000", symbol="BGBUSDT")


def unified(one: PaperAccount) -> None:
    """One-way: positions, orders and plans of one wallet."""
    assert isinstance(one, UnifiedAccount)
    one.order("buy", "0.5", stopLoss="40000", takeProfit="140000")
    one.order("sell", "2", symbol="ETHUSDT")
    one.order("buy", "0.01", price="60000")
    one.order("buy", "0.02", price="60001")
    one.order("sell", "0.1", price="67000", reduceOnly="yes")
    one.spot("buy", "0.01", price="60000")
    trigger = {"type": "trigger", "triggerPrice": "60000", "triggerBy": "mark", "triggerOrderType": "market"}
    one.strategy(**trigger, side="buy", qty="0.3")
    one.strategy(**trigger | {"triggerPrice": "50000"}, side="sell", qty="0.2", reduceOnly="yes")
    part = {"type": "tpsl", "tpslMode": "partial", "qty": "0.1", "posSide": "long", "stopLoss": "45000"}
    one.strategy(**part, slTriggerBy="mark", slOrderType="market")
    spot = {"triggerOrderType": "limit", "triggerOrderPrice": "60000"}
    one.strategy(**trigger | spot, category="SPOT", side="buy", qty="0.01")


def unified_hedged(one: PaperAccount) -> None:
    """The same in hedge mode, a long and a short in one market."""
    assert isinstance(one, UnifiedAccount)
    one.post("account/set-hold-mode", holdMode="hedge_mode")
    one.order("buy", "0.5", posSide="long", stopLoss="40000")
    one.order("sell", "0.2", posSide="short", stopLoss="90000")
    one.order("buy", "0.01", posSide="long", price="60000")
    one.order("buy", "0.1", posSide="short", price="60000")
    trigger = {"type": "trigger", "triggerPrice": "60000", "triggerBy": "mark", "triggerOrderType": "market"}
    one.strategy(**trigger, side="buy", posSide="long", qty="0.1")
    one.strategy(**trigger, side="buy", posSide="short", qty="0.1")


Stage = Callable[[PaperAccount], None]
STAGES: dict[str, Stage] = {each.__name__: each for each in (classic, hedged, isolated, large, unified, unified_hedged)}


def kind_of(stage: str) -> type[PaperAccount]:
    return UnifiedAccount if stage.startswith("unified") else PaperAccount


def make_stage(stage: str, path: Path) -> None:
    kind = kind_of(stage)
    account = kind.join(path, at=NOON)
    account.store.reset(opening=RICH, unified=kind.unified)
    STAGES[stage](account)
    account.store.close()


class Mishap(NamedTuple):
    """What happens to a change: how often it arrives, how late (s), and what comes back; None for silence."""

    name: str
    arrives: int = 1
    after: float = 0.0
    refusal: httpx.Response | None = None
    is_silent: bool = True


def _refused(name: str, code: str, status: int = 400) -> Mishap:
    return Mishap(name, 0, 0.0, envelope(None, code=code, msg="as told", status=status), is_silent=False)


WELL = Mishap("well", is_silent=False)
MISHAPS = {
    each.name: each
    for each in (
        WELL,
        Mishap("lost"),
        Mishap("never", arrives=0),
        Mishap("late", arrives=0, after=6.0),
        Mishap("twice", arrives=2, is_silent=False),
        _refused("too many", "429", 429),
        _refused("busy", "45001"),
        _refused("refused", "40762"),
        Mishap("refused though done", 1, 0.0, envelope(None, code="429", status=429), is_silent=False),
        Mishap("gateway", 0, 0.0, httpx.Response(502, content=b"<html>"), is_silent=False),
    )
}


@dataclass
class Door:
    """The program's way to the exchange. `mishaps` meet its changes one after another, `blind` its questions.

    Watched at every change: nothing is sent that could open anything, and no position loses what guards it. After the
    change of the number `reopens_at` something is opened by somebody else.
    """

    exchange: Exchange
    clock: StillClock
    account: PaperAccount
    mishaps: Iterator[Mishap] = field(default_factory=lambda: repeat(WELL))
    blind: Iterator[bool] = field(default_factory=lambda: repeat(False))
    reopens_at: int = -1
    hedges: bool = False
    margin_mode: str = "crossed"
    old: frozenset[int] = frozenset()
    kept: frozenset[str] = frozenset()
    at_request: Callable[[httpx.Request], None] = lambda _: None
    change_answer: Callable[[httpx.Request, httpx.Response], httpx.Response] = lambda _, answer: answer
    sent: list[tuple[str, Any]] = field(default_factory=list)
    under_way: list[tuple[float, httpx.Request]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.at_request(request)
        self.deliver_due()
        if request.method == "POST":
            return self._change(request)
        if "market" not in request.url.path and "public" not in request.url.path and next(self.blind):
            return envelope(None, code="429", status=429)
        return self.change_answer(request, self._handed_on(request))

    def deliver_due(self, *, all_of_it: bool = False) -> None:
        due = [request for at, request in self.under_way if all_of_it or at <= self.clock.ticks]
        self.under_way = [(at, request) for at, request in self.under_way if request not in due]
        for request in due:
            self._arrive(request)

    def _change(self, request: httpx.Request) -> httpx.Response:
        path, body = request.url.path.rpartition("/")[2], json.loads(request.content)
        self.sent.append((path, body))
        if not only_closes(path, body):
            self.broken.append(f"{path} could open something: {body}")
        mishap = next(self.mishaps)
        if mishap.after:
            self.under_way.append((self.clock.ticks + mishap.after, request))
        answers = [self._arrive(request) for _ in range(mishap.arrives)]
        if len(self.sent) == self.reopens_at:
            self.reopen()
        if mishap.is_silent:
            self.clock.sleep(1.0)
            raise httpx.ReadTimeout("x", request=request)
        return mishap.refusal or answers[-1]

    def _arrive(self, request: httpx.Request) -> httpx.Response:
        before = self.positions()
        answer = self._handed_on(request)
        for held, guards in self.positions().items():
            if not before.get(held, frozenset()) <= guards:
                self.broken.append(f"{held} stands without its stop after {request.content!r}")
        return answer

    def reopen(self) -> None:
        self.account.wall = self.clock.moment
        side = {"posSide": "long"} if self.account.unified else {"tradeSide": "open"}
        side = side if self.hedges else {}
        stop = {"stopLoss": "40000"} if self.account.unified else {"presetStopLossPrice": "40000"}
        made = self.account.order("buy", "0.1", marginMode=self.margin_mode, **side, **stop)
        if not isinstance(made, dict):
            self.broken.append(f"nothing was opened: {made}")

    def positions(self) -> dict[tuple[Any, ...], frozenset[int]]:
        """Every position with the plans that guard it."""
        return self.exchange.follow(lambda state: guarded(state, self.old))

    def left(self) -> list[str]:
        """What is open, of the markets that are not kept."""
        names = self.exchange.follow(
            lambda state: [
                *(f"{one.product} {one.symbol} {one.hold}" for one in state.positions.values()),
                *(f"{one.product} {one.symbol} {one.id}" for one in (*state.orders.values(), *state.plans.values())),
            ]
        )
        return [name for name in names if not any(name.startswith(kept) for kept in self.kept)]

    def _handed_on(self, request: httpx.Request) -> httpx.Response:
        status, body = self.exchange.answer(
            method=request.method,
            target=request.url.raw_path.decode(),
            headers=request.headers,
            body=request.content,
        )
        return httpx.Response(status, content=body)


def only_closes(path: str, body: Any) -> bool:
    """Whatever leaves takes an order out, or can make a position smaller and nothing else."""
    if path in _WAYS_OUT:
        return True
    closing = (body.get("side"), body.get("posSide")) in (("sell", "long"), ("buy", "short"))
    reduces = str(body.get("reduceOnly")).lower() == "yes" or body.get("tradeSide") == "close" or closing
    return path == "place-order" and bool(reduces) and body["orderType"] == "market"


def guarded(state: EngineState, old: frozenset[int]) -> dict[tuple[Any, ...], frozenset[int]]:
    """Every position with its exits, and one that stood at the beginning with all that only closes it."""
    found = {}
    for position in state.positions.values():
        away = "sell" if position.hold == "long" else "buy"
        guards = [
            plan.id
            for plan in state.plans.values()
            if plan.parent == position.id
            or (
                position.id in old
                and (plan.product, plan.symbol, plan.side) == (position.product, position.symbol, away)
                and (plan.closing or plan.reduce_only)
            )
        ]
        found[position.id, position.product, position.symbol, position.hold] = frozenset(guards)
    return found


def enter(stage: Path, path: Path, clock: StillClock, *, kind: type[PaperAccount], **more: Any) -> Door:
    """A copy of a stage behind a door."""
    shutil.copy(stage, path)
    path.chmod(0o600)
    return join(path, clock, kind=kind, **more)


def join(path: Path, clock: StillClock, *, kind: type[PaperAccount], **more: Any) -> Door:
    """The same exchange as it was left."""
    exchange = Exchange(Store(path), wall=clock.now)
    account = kind.join(path, at=clock.moment)
    account.exchange = exchange
    held = exchange.follow(lambda state: list(state.positions.values()))
    how = {"hedges": held[0].hedge, "margin_mode": held[0].margin_mode} if held else {}
    return Door(exchange, clock, account, old=frozenset(one.id for one in held), **how, **more)
