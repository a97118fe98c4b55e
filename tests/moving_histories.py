"""Histories of placing on the days on which Bitget moves the account; the laws of `histories` hold in every one.

`python -m moving_histories COUNT [SEED]` in this folder runs COUNT of them.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import histories
import httpx
from desk import LIVE
from doubles import KIND, MemoryKeyring, StillClock
from fake_exchange import TIME, FakeExchange, Fate, UnifiedFakeExchange
from histories import ANSWERS, BTC, KilledError, Step

from bitget_cli.application.sending import sent
from bitget_cli.errors import BitgetError
from bitget_cli.runtime import Environment
from bitget_cli.session import Session, Shared
from bitget_cli.trading.model import (
    Direction,
    MarginMode,
    OrderIntent,
    PositionMode,
    Terms,
    exact,
    new_client_order_id,
)

SIZE, PRICE = exact("0.01"), exact("60000")
# What the account says of itself, on the way to spelling an order.
SETTINGS = {
    "/api/v2/mix/account/account": {"posMode": "one_way_mode", "marginMode": "crossed", "marginCoin": "USDT"},
    "/api/v3/account/settings": {"holdMode": "one_way_mode", "accountMode": "unified", "symbolConfigList": []},
    "/api/v3/account/assets": {"assets": []},
    "/api/v3/position/current-position": {"list": None},
    KIND: {"userId": "9"},
}


@dataclass(frozen=True)
class MovingStep(Step):
    """An order, and at which of its requests, or of the changes it sends, the account is moved; 0 is not.
    `answer_anew` is what the answer comes to of a change that is sent once more in other words."""

    moves_at_request: int = 0
    moves_at_change: int = 0
    answer_anew: str = "ok"


class MovingExchange:
    """One book of orders behind both APIs, of which the account's kind opens one. Where it `forgets`, an account does
    not tell of orders that ended while it was of the other kind."""

    def __init__(self, clock: StillClock, *, skew: float, unified: bool, forgets: bool) -> None:
        self.unified, self.forgets = unified, forgets
        self.classic, self.newer = _Classic(clock, skew), _Newer(clock, skew)
        self.sides: tuple[FakeExchange, ...] = (self.classic, self.newer)
        for side in self.sides:
            side.orders = self.classic.orders
            side.account = self  # type: ignore[attr-defined]
        self.at_request = lambda _: None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.at_request(request)
        for side in self.sides:
            side.deliver_due()
        is_newer = request.url.path.startswith("/api/v3/")
        side = self.newer if is_newer else self.classic
        if request.url.path == TIME or request.method == "POST":
            return side(request)
        if (refusal := self.gate(side)) is not None:
            return refusal
        if request.url.path in SETTINGS:
            return side.envelope(SETTINGS[request.url.path])
        return side(request)

    def gate(self, side: FakeExchange) -> httpx.Response | None:
        """Looked at before anything else is."""
        if (side is self.newer) is self.unified:
            return None
        return side.envelope(None, code="40084" if side is self.newer else "40085")

    def shown(self, side: FakeExchange, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
        own = "newer" if side is self.newer else "classic"
        return [one for one in orders if not self.forgets or one["state"] == "live" or one["made_over"] == own]

    def set(self, **state: Any) -> None:
        for side in self.sides:
            for name, value in state.items():
                setattr(side, name, value)

    @property
    def under_way(self) -> list[tuple[float, httpx.Request]]:
        return [one for side in self.sides for one in side.under_way]

    def now(self) -> int:
        return self.classic.now()

    def made_by(self, oid: str) -> list[dict[str, Any]]:
        return self.classic.made_by(oid)


class _Behind:
    """A side of the exchange behind the gate."""

    account: MovingExchange

    def deliver(self, request: httpx.Request) -> httpx.Response:
        own: Any = self
        refusal = self.account.gate(own)
        return refusal if refusal is not None else super().deliver(request)  # type: ignore[misc,no-any-return]

    def _place(self, body: dict[str, Any]) -> Any:
        made = super()._place(body)  # type: ignore[misc]
        if isinstance(made, dict):
            made["made_over"] = "newer" if self is self.account.newer else "classic"
        return made

    def _known(self, asked: Any) -> list[dict[str, Any]]:
        own: Any = self
        return self.account.shown(own, super()._known(asked))  # type: ignore[misc]


class _Classic(_Behind, FakeExchange):
    pass


class _Newer(_Behind, UnifiedFakeExchange):
    pass


class MovingHistory(histories.History):
    """A trader who starts the program for every order, on days on which the account is moved."""

    def __init__(self, *, skew: float = 0.0, unified: bool = False, forgets: bool = False) -> None:
        self.clock = StillClock()
        self.moving = MovingExchange(self.clock, skew=skew, unified=unified, forgets=forgets)
        self.exchange = self.moving  # type: ignore[assignment]  # what the laws ask of it, it has
        self.oids, self.told = [], {}
        self.session = self._opened()
        with suppress(BitgetError):
            _ = self.session.account_kind

    @property
    def journal(self) -> Any:  # type: ignore[override]
        return self.session.journal

    @property
    def execution(self) -> Any:  # type: ignore[override]
        return self.session.execution

    def _opened(self) -> Session:
        environment = Environment(
            environ={**LIVE, "HOME": os.environ["HOME"]},
            stdin=io.StringIO(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            clock=self.clock,
            http=lambda: httpx.MockTransport(self.moving),
            keyring=MemoryKeyring(),
        )
        return Session(Shared(), environment, paced=False)

    def take(self, step: Step) -> None:
        assert isinstance(step, MovingStep)
        never = step.answer in ("refused", "never connected")
        first = Fate(None if never else step.delivered, ANSWERS[step.answer], wait=step.wait)
        again = step.answer_anew
        anew = Fate(None if again in ("refused", "never connected") else step.delivered, ANSWERS[again], wait=step.wait)
        self.moving.set(
            fates=[first, anew],
            out_until=self.clock.ticks + step.outage,
            lag=step.lag,
            stale_look=step.stale_look or -1,
        )
        for side in self.moving.sides:
            side.blind_to = frozenset(side.questions[word] for word in step.blind)
        oid = new_client_order_id(self.moving.now())
        self.oids.append(oid)
        with self._at_requests(step):
            self.told[oid] = self._placed(oid, step.kind)
        self.check()
        self.clock.sleep(step.pause)
        for side in self.moving.sides:
            side.deliver_due()
        if step.reconciles:
            self.reconcile()

    def end(self) -> None:
        """What stays unknown was not made, or the account tells no more of it."""
        self.moving.set(out_until=-1.0, blind_to=frozenset(), stale_look=-1)
        self.clock.sleep(60.0)
        for side in self.moving.sides:
            side.deliver_due()
        self.reconcile()
        self.check()
        for oid in self.oids:
            entry, made = self.journal.find(oid), len(self.moving.made_by(oid))
            if entry is None:
                assert not made
            elif entry.state.is_open:
                is_newer = entry.row.startswith("v3.")
                assert is_newer is not self.moving.unified, "an entry that cannot be settled"
                assert not made or self.moving.forgets, "an order that is shown, and was not found"
                self.execution.forget(oid, done=bool(made))  # a person looks
            else:
                assert (entry.state == "placed") == bool(made), f"the journal says {entry.state}, {made} were made"
        self.session.__exit__(None, None, None)

    def _placed(self, oid: str, kind: str) -> str:
        price = None if kind == "market" else PRICE
        intent = OrderIntent(BTC, Direction.BUY, SIZE, price, client_oid=oid)
        terms = Terms(PositionMode.ONE_WAY, MarginMode.CROSSED, "USDT")
        try:
            outcome = sent(self.session, self.session.adapter.orders.place(intent, terms), yes=False)
        except BitgetError as error:
            return error.outcome or "nothing"
        return outcome.outcome.value

    @contextmanager
    def _at_requests(self, step: MovingStep) -> Iterator[None]:
        count = changes = 0

        def at(request: httpx.Request) -> None:
            nonlocal count, changes
            count += 1
            changes += request.method == "POST"
            if count == step.moves_at_request or (request.method == "POST" and changes == step.moves_at_change):
                self.moving.unified = not self.moving.unified
            if count == step.dies_at_request:
                raise KilledError

        self.moving.at_request = at
        try:
            yield
        except KilledError:
            self.session.__exit__(None, None, None)
            self.session = self._opened()
        finally:
            self.moving.at_request = lambda _: None
        # A command ends, and the next one begins.
        self.session.__exit__(None, None, None)
        self.session = self._opened()


def random_step(chance: random.Random) -> MovingStep:
    plain = histories.random_step(chance)
    step = MovingStep(**vars(plain))
    answers = [*ANSWERS, *["ok"] * 12, "read timeout", "read timeout", "closed"]
    return replace(
        step,
        answer=chance.choice(answers),
        answer_anew=chance.choice(answers),
        delivered=chance.choice([0.0, 0.0, step.delivered]),
        moves_at_request=chance.choice([0, 0, 0, 2, 3, 4, 5, 7, 9]),
        moves_at_change=chance.choice([0, 1, 1, 1, 2]),
        # Seldom, so that most of the time goes to what is new on such a day.
        dies_at_request=chance.choice([0, 0, 0, step.dies_at_request]),
        outage=chance.choice([0.0, 0.0, step.outage]),
        blind=chance.choice([(), (), step.blind]),
        stale_look=chance.choice([0, 0, step.stale_look]),
    )


def run(count: int, *, seed: int, most_orders: int = 3) -> int:
    """That many histories; how many orders there were. Raises AssertionError."""
    chance = random.Random(seed)
    with _home():
        orders = 0
        for _ in range(count):
            history = MovingHistory(
                skew=chance.choice([0.0, chance.uniform(-25.0, 25.0)]),
                unified=chance.random() < 0.3,
                forgets=chance.random() < 0.3,
            )
            for _ in range(chance.randint(1, most_orders)):
                history.take(random_step(chance))
                orders += 1
            history.end()
    return orders


@contextmanager
def _home() -> Iterator[None]:
    folder = histories.folder_in_memory()
    names = ["HOME", *(f"XDG_{name}_HOME" for name in ("CONFIG", "STATE", "CACHE", "DATA"))]
    before = {name: os.environ.get(name) for name in names}
    os.environ.update({name: str(Path(folder) / name.lower()) for name in names})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(folder)


if __name__ == "__main__":
    told = run(int(sys.argv[1]), seed=int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    sys.stdout.write(f"{sys.argv[1]} histories, {told} orders: at most one order each, none wrongly told\n")
