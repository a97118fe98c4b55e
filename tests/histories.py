"""Histories of placing: orders, lost and late answers, outages, crashes; and the laws that hold in every one.

`python -m histories COUNT [SEED] [unified]` in this folder runs COUNT of them, on every processor.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import httpx
from doubles import StillClock
from fake_exchange import FakeExchange, Fate, UnifiedFakeExchange, client_of

from bitget_cli.catalogue.v2.futures_orders import FUTURES_PLACE_ORDER
from bitget_cli.client.rest.client import Client
from bitget_cli.client.rest.request import Call
from bitget_cli.client.rest.response import Answer
from bitget_cli.errors import BitgetError, UnknownError
from bitget_cli.journal import Journal
from bitget_cli.trading.adapters.classic import changes as classic_changes
from bitget_cli.trading.adapters.unified import changes as unified_changes
from bitget_cli.trading.change import Change
from bitget_cli.trading.execution import ExecutionClient
from bitget_cli.trading.model import new_client_order_id
from bitget_cli.values import Product, Symbol

BTC = Symbol("BTCUSDT", Product.USDT_FUTURES)

ANSWERS: dict[str, Any] = {
    "ok": "ok",
    "read timeout": httpx.ReadTimeout("x"),
    "closed": httpx.RemoteProtocolError("Server disconnected"),
    "never connected": httpx.ConnectError("x"),
    "gateway": httpx.Response(502, content=b"<html>"),
    "in doubt": httpx.Response(400, content=b'{"code":"45001","msg":"x","requestTime":1}'),
    "refused": httpx.Response(400, content=b'{"code":"40762","msg":"x","requestTime":1}'),
    "somebody else's": httpx.Response(200, content=b'{"code":"00000","data":{"orderId":"1","clientOid":"other"}}'),
}

# Questions that go unanswered for a while: one of them, or all that could tell.
BLINDNESS = (
    *(("detail",), ("pending",), ("history",), ("fills",)),
    *(("detail", "history", "fills"), ("detail", "pending", "fills")),
)


class KilledError(BaseException):
    """The process dies here; nothing after it runs."""


@dataclass(frozen=True)
class Step:
    """One order of a history, and what befalls it. Times in seconds."""

    kind: str = "market"
    answer: str = "ok"
    delivered: float | None = 0.0
    wait: float = 0.0
    outage: float = 0.0
    blind: tuple[str, ...] = ()
    lag: float = 0.0
    stale_look: int = 0
    dies_at_request: int = 0
    pause: float = 0.0
    reconciles: bool = True


class ResendingClient(Client):
    """The mutant: after a doubtful answer it sends the same order again under the same id."""

    def send(self, call: Call, **more: Any) -> Answer:
        try:
            return super().send(call, **more)
        except UnknownError:
            return super().send(call, **more)


class History:
    """One trader's day: orders one after another, and after each the laws."""

    def __init__(
        self,
        journal: Journal,
        *,
        skew: float = 0.0,
        client: type[Client] = Client,
        exchange: type[FakeExchange] = FakeExchange,
    ) -> None:
        self.clock = StillClock()
        self.exchange = exchange(self.clock, skew=skew)
        self.journal = journal
        self.execution = ExecutionClient(
            client_of(self.exchange, client), journal, self.clock, tell=lambda _: None, profile="live"
        )
        self.oids: list[str] = []
        self.told: dict[str, str] = {}

    def take(self, step: Step) -> None:
        """Place one order under the step's conditions, then hold it to the laws."""
        delivered = None if step.answer in ("refused", "never connected") else step.delivered
        self.exchange.fates = [Fate(delivered, ANSWERS[step.answer], wait=step.wait)]
        self.exchange.out_until = self.clock.ticks + step.outage
        self.exchange.blind_to = frozenset(self.exchange.questions[word] for word in step.blind)
        self.exchange.lag = step.lag
        self.exchange.stale_look = step.stale_look or -1
        oid = new_client_order_id(self.execution._resolver.now())
        self.oids.append(oid)
        with self._killed_at(step.dies_at_request):
            self.told[oid] = self._placed(oid, step.kind)
        self.check()
        self.clock.sleep(step.pause)
        self.exchange.deliver_due()
        if step.reconciles:
            self.reconcile()

    def reconcile(self) -> None:
        for outcome in self.execution.reconcile():
            if outcome.client_oid:
                self.told[outcome.client_oid] = outcome.outcome.value
        self.check()

    def end(self) -> None:
        """Questions are answered again and time passes: every entry finds its end."""
        self.exchange.out_until, self.exchange.blind_to, self.exchange.stale_look = -1.0, frozenset(), -1
        self.clock.sleep(60.0)
        self.exchange.deliver_due()
        self.reconcile()
        self.check()
        assert not self.execution.unsettled(), "an entry that cannot be settled"
        for oid in self.oids:
            entry = self.journal.find(oid)
            if entry is not None:
                made = len(self.exchange.made_by(oid))
                assert (entry.state == "placed") == bool(made), f"the journal says {entry.state}, {made} were made"

    def check(self) -> None:
        """The laws: at most one order for each intent, and no outcome that time will prove wrong."""
        for oid in self.oids:
            made = len(self.exchange.made_by(oid))
            coming = sum(oid in request.content.decode() for _, request in self.exchange.under_way)
            assert made <= 1, f"{made} orders for one intent"
            told = self.told.get(oid)
            if told in ("not_placed", "rejected"):
                assert not made, f"told as {told}, and it stands"
                assert not coming or self._too_late(oid), f"told as {told}, and it is still to come"
            if told == "placed":
                assert made, "told as placed, and there is none"

    def _too_late(self, oid: str) -> bool:
        stamps = [
            int(request.headers["access-timestamp"])
            for _, request in self.exchange.under_way
            if oid in request.content.decode()
        ]
        return all(self.exchange.now() > stamp + 30_000 for stamp in stamps)

    def _placed(self, oid: str, kind: str) -> str:
        try:
            return self.execution.carry_out(order(kind, oid, unified=is_unified(self.exchange))).outcome.value
        except BitgetError as error:
            return error.outcome or "nothing"

    @contextmanager
    def _killed_at(self, request: int) -> Iterator[None]:
        """Nothing runs after the nth request has gone out; 0 is never."""
        left = request

        def count(_: Any) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise KilledError

        self.exchange.at_request = count if request else lambda _: None
        try:
            yield
        except KilledError:
            self.journal.close()
        finally:
            self.exchange.at_request = lambda _: None


def is_unified(exchange: FakeExchange) -> bool:
    return isinstance(exchange, UnifiedFakeExchange)


def order(kind: str, oid: str | None, *, size: str = "0.01", unified: bool = False) -> Change:
    """Buy at market, or a limit order that stands."""
    price = None if kind == "market" else "60000"
    words = {"symbol": "BTCUSDT", "marginMode": "crossed", "side": "buy", "orderType": kind, "price": price}
    what = f"buy {size} BTCUSDT"
    if unified:
        given = {**words, "category": "USDT-FUTURES", "qty": size}
        return unified_changes.change("v3.trade.place-order", given, what, BTC, oid)
    given = {**words, "productType": "USDT-FUTURES", "marginCoin": "USDT", "size": size}
    return classic_changes.change(FUTURES_PLACE_ORDER.name, given, what, BTC, oid)


def random_step(chance: random.Random) -> Step:
    late = chance.choice([0.0, 0.0, None, chance.uniform(0.0, 25.0), chance.uniform(0.0, 45.0)])
    return Step(
        kind=chance.choice(["market", "limit"]),
        answer=chance.choice([*ANSWERS, "read timeout", "read timeout", "closed"]),
        delivered=late,
        wait=chance.choice([0.0, 10.0]),
        outage=chance.choice([0.0, 0.0, 0.0, chance.uniform(0.0, 90.0)]),
        blind=chance.choice([(), (), (), *BLINDNESS]),
        lag=chance.choice([0.0, chance.uniform(0.0, 2.0)]),
        stale_look=chance.choice([0, 0, 1, 2, 3]),
        dies_at_request=chance.choice([0, 0, 0, 1, 2, 3, 5, 9]),
        pause=chance.choice([0.0, chance.uniform(0.0, 60.0)]),
        reconciles=chance.random() < 0.5,
    )


def folder_in_memory() -> str:
    """Where a synced write costs nothing, if there is such a place."""
    return tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)  # noqa: S108  # mkdtemp is safe


def run(
    count: int,
    *,
    seed: int,
    most_orders: int = 3,
    client: type[Client] = Client,
    exchange: type[FakeExchange] = FakeExchange,
) -> int:
    """That many histories of one to `most_orders` orders; how many orders there were. Raises AssertionError."""
    chance = random.Random(seed)
    folder = folder_in_memory()
    journal = Journal(Path(folder) / "journal.sqlite3")
    orders = 0
    for _ in range(count):
        skew = chance.choice([0.0, chance.uniform(-25.0, 25.0)])
        history = History(journal, skew=skew, client=client, exchange=exchange)
        for _ in range(chance.randint(1, most_orders)):
            history.take(random_step(chance))
            orders += 1
        history.end()
    journal.close()
    shutil.rmtree(folder)
    return orders


def _share(job: tuple[int, int, type[FakeExchange]]) -> int:
    return run(job[0], seed=job[1], exchange=job[2])


def main(count: int, seed: int, exchange: type[FakeExchange]) -> None:
    jobs = [(500, seed + number, exchange) for number in range(count // 500)]
    with Pool() as pool:
        orders = sum(pool.imap_unordered(_share, jobs))
    sys.stdout.write(f"{len(jobs) * 500} histories, {orders} orders: at most one order each, none wrongly told\n")


if __name__ == "__main__":
    unified_account = "unified" in sys.argv
    main(
        int(sys.argv[1]),
        int(sys.argv[2]) if len(sys.argv) > 2 and sys.argv[2].isdigit() else 1,
        UnifiedFakeExchange if unified_account else FakeExchange,
    )
