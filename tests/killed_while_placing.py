"""Place an order once for every call the placing makes, killed at it; then let the next command settle the entry.

Prints the points, how many of them left an order at the exchange, and how many an entry in the journal.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
from doubles import StillClock
from fake_exchange import FakeExchange, Fate, client_of

import bitget_cli
from bitget_cli.catalogue.v2.futures_orders import FUTURES_PLACE_ORDER
from bitget_cli.errors import BitgetError
from bitget_cli.journal import Journal
from bitget_cli.trading.adapters.classic.changes import change
from bitget_cli.trading.execution import ExecutionClient

ROOT = str(Path(bitget_cli.__file__).parent)
WATCHED = (
    f"{ROOT}/trading/",
    f"{ROOT}/journal.py",
    f"{ROOT}/database.py",
    f"{ROOT}/client/rest/client.py",
    f"{ROOT}/files.py",
)
FATES = {
    "answered": Fate(),
    "lost": Fate(0.0, httpx.ReadTimeout("x")),
    "never arrived": Fate(None, httpx.ReadTimeout("x")),
}
GIVEN = {
    "symbol": "BTCUSDT",
    "productType": "USDT-FUTURES",
    "marginMode": "crossed",
    "marginCoin": "USDT",
    "size": "0.01",
    "side": "buy",
    "orderType": "market",
}


class KeptExchange(FakeExchange):
    """Its orders are in a file, so that they outlive the process."""

    book: Path

    def _place(self, body: dict[str, Any]) -> dict[str, Any] | str:
        made = super()._place(body)
        with self.book.open("a") as file:
            file.write(json.dumps(made) + "\n")
        return made


def exchange_of(folder: Path, clock: StillClock) -> KeptExchange:
    exchange = KeptExchange(clock)
    exchange.book = folder / "book"
    if exchange.book.exists():
        exchange.orders = [json.loads(line) for line in exchange.book.read_text().splitlines()]
    return exchange


def placing_of(exchange: FakeExchange, folder: Path) -> tuple[ExecutionClient, Journal]:
    journal = Journal(folder / "journal.sqlite3")
    placing = ExecutionClient(client_of(exchange), journal, exchange.clock, tell=lambda _: None, profile="live")
    return placing, journal


def place_killed_at(folder: Path, point: int, fate: Fate) -> bool:
    """Whether the placing in a process of its own was killed; with enough calls behind it, it is not."""
    child = os.fork()
    if child == 0:
        calls = 0

        def count(frame: FrameType, event: str, _: Any) -> None:
            nonlocal calls
            if event != "c_exception" and frame.f_code.co_filename.startswith(WATCHED):
                calls += 1
                if calls == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        exchange = exchange_of(folder, StillClock())
        exchange.fates = [fate]
        placing, _ = placing_of(exchange, folder)
        sys.setprofile(count)
        try:
            placing.carry_out(change(FUTURES_PLACE_ORDER.name, GIVEN, "buy", client_oid="mine"))
        except BitgetError:
            pass
        finally:
            sys.setprofile(None)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def settled_afterwards(folder: Path) -> tuple[int, int]:
    """What the next command finds: the orders that were made, and the entries, each now with its true end."""
    clock = StillClock()
    clock.sleep(60)
    exchange = exchange_of(folder, clock)
    placing, journal = placing_of(exchange, folder)
    placing.reconcile()
    entries = journal.entries()
    if placing.unsettled() or journal.open_entries():
        raise AssertionError("an entry was left open")
    if len(exchange.orders) > len(entries) or len(entries) > 1:
        raise AssertionError(f"{len(exchange.orders)} orders, {len(entries)} entries")
    for entry in entries:
        if (entry.state == "placed") != bool(exchange.orders):
            raise AssertionError(f"the journal says {entry.state}, the exchange has {len(exchange.orders)}")
    journal.close()
    return len(exchange.orders), len(entries)


def main(folder: Path, name: str, stride: int) -> None:
    points = orders = entries = 0
    while True:
        place = folder / str(points)
        place.mkdir(mode=0o700)
        killed = place_killed_at(place, 1 + points * stride, FATES[name])
        made, written = settled_afterwards(place)
        if not killed:
            break
        points, orders, entries = points + 1, orders + made, entries + written
    sys.stdout.write(f"{points} {orders} {entries}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
