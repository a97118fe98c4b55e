"""A server that keeps Bitget's rules for tax records: at the transport door, or on loopback as `python tax_server.py`.

30 days a call, 500 rows a page, the newest first and older than `idLessThan`, one call a second for each endpoint.
On the command line it takes JSON settings, prints its port and serves until its standard input closes.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

import httpx
from doubles import KIND

DAY = 86_400_000
MOST = 500
# Endpoint → the parameter that tells its lists apart, with its default.
LISTS = {
    "/api/v2/tax/spot-record": ("", ""),
    "/api/v2/tax/future-record": ("productType", "USDT-FUTURES"),
    "/api/v2/tax/margin-record": ("marginType", "crossed"),
    "/api/v2/tax/p2p-record": ("", ""),
}
ACCOUNTS = {
    "spot": ("/api/v2/tax/spot-record", ""),
    "usdt-futures": ("/api/v2/tax/future-record", "USDT-FUTURES"),
    "usdc-futures": ("/api/v2/tax/future-record", "USDC-FUTURES"),
    "coin-futures": ("/api/v2/tax/future-record", "COIN-FUTURES"),
    "crossed-margin": ("/api/v2/tax/margin-record", "crossed"),
    "isolated-margin": ("/api/v2/tax/margin-record", "isolated"),
    "p2p": ("/api/v2/tax/p2p-record", ""),
}
NOON = 1772452800000  # 2026-03-02, as the tests' clocks have it
Row = dict[str, str]
# What happens instead of the answer: an HTTP status, "cut", "hang", "repeat" (a row of the page before), "garbage".
Fault = int | str


@dataclass
class TaxExchange:
    """The rules. `books` are the rows of each account, in any order; `faults` happen at the nth call (from 1).

    `start_included` and `end_included` say which bounds Bitget counts in; nobody knows. `pace` is the seconds between
    two calls of an endpoint, 0 for none, by `clock`.
    """

    books: Mapping[str, list[Row]]
    faults: Mapping[int, Fault] = field(default_factory=dict)
    start_included: bool = True
    end_included: bool = True
    cursor_wins: bool = False
    pace: float = 0.0
    clock: Callable[[], float] = time.monotonic
    calls: int = 0
    refused: int = 0
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    starts: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._sorted = {
            place: sorted(self.books.get(account, []), key=lambda row: -int(row["id"]))
            for account, place in ACCOUNTS.items()
        }

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, Any] | str:
        """Status and envelope, or the name of a fault for the connection."""
        if path == "/api/v2/public/time":
            return 200, _envelope({"serverTime": str(NOON)})
        if path == KIND:
            return 400, _envelope(None, "40084", "You are in Classic Account mode")
        with self._lock:
            self.calls += 1
            fault = self.faults.get(self.calls)
            self.asked.append((path, dict(query)))
            late = self.clock() - self.starts.get(path, -1e9) < self.pace
            if not late:
                self.starts[path] = self.clock()
        if late:
            self.refused += 1
            return 429, _envelope(None, "429", "Too Many Requests")
        if isinstance(fault, int):
            return fault, _envelope(None, "40725", "service return an error")
        if fault in ("cut", "hang", "garbage"):
            return str(fault)
        return self._rows(path, query, repeat=fault == "repeat")

    def _rows(self, path: str, query: Mapping[str, str], *, repeat: bool) -> tuple[int, Any]:
        if not query.get("startTime") or not query.get("endTime"):
            return 400, _envelope(None, "40019", "Parameter startTime cannot be empty")
        start, end = int(query["startTime"]), int(query["endTime"])
        if end - start > 30 * DAY:
            return 400, _envelope(None, "00001", "startTime and endTime should be within 30 days")
        name, default = LISTS[path]
        rows = self._sorted[path, query.get(name, default) if name else ""]
        first, last = start + (not self.start_included), end - (not self.end_included)
        cursor = query.get("idLessThan")
        within = [
            row
            for row in rows
            if int(row["ts"]) <= last and (first <= int(row["ts"]) or (cursor and self.cursor_wins))
            if not cursor or int(row["id"]) < int(cursor) + repeat
            if query.get("coin", row.get("coin")) == row.get("coin")
        ]
        return 200, _envelope(within[: int(query.get("limit", MOST))])


def _envelope(data: Any, code: str = "00000", msg: str = "success") -> dict[str, Any]:
    return {"code": code, "msg": msg, "requestTime": 1767225600123, "data": data}


def at_the_door(exchange: TaxExchange) -> Callable[[httpx.Request], httpx.Response]:
    """The exchange as a handler for the transport double."""

    def handler(request: httpx.Request) -> httpx.Response:
        got = exchange.answer(request.url.path, dict(request.url.params))
        if got == "cut":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        if got == "hang":
            raise httpx.ReadTimeout("no answer", request=request)
        if isinstance(got, str):
            return httpx.Response(200, text="{")
        return httpx.Response(got[0], json=got[1])

    return handler


# An account that traded: every listed kind of trouble among its rows.


def account(seed: int, *, since: int, until: int, rows: Mapping[str, int]) -> dict[str, list[Row]]:
    """Books of each account with so many rows between two moments (epoch ms), the same for the same seed."""
    return {name: list(_book(random.Random(f"{seed} {name}"), name, since, until, n)) for name, n in rows.items()}


def _book(chance: random.Random, name: str, since: int, until: int, count: int) -> Iterable[Row]:
    moments = sorted(chance.randrange(since, until) for _ in range(count))
    number = chance.randrange(10**18, 10**18 + 10**9)
    for ts in moments:
        number += chance.randrange(1, 10**6)
        yield _row(chance, name, str(number), str(ts))


def _row(chance: random.Random, name: str, ident: str, ts: str) -> Row:
    sign = chance.choice((-1, 1))
    amount = f"{sign * chance.randrange(1, 10**10) / 10 ** chance.randrange(0, 9):.8f}"
    fee = chance.choice(("0", f"-{chance.randrange(1, 999)}e-6", f"-0.{chance.randrange(1, 999):05}"))
    coin = chance.choice(("USDT", "BTC", "ETH", "BGB"))
    values: tuple[str, ...]
    if name.endswith("-futures"):
        kind = chance.choice(("open_long", "close_long", "contract_settle_fee", "TRANSFER_IN", "brand_new"))
        names, values = "symbol marginCoin futureTaxType amount fee", ("BTCUSDT", coin, kind, amount, fee)
    elif name.endswith("-margin"):
        kind = chance.choice(("deal_in", "borrow", "repay", "interest_repay", "transfer_in"))
        names, values = "coin marginTaxType amount fee total symbol", (coin, kind, amount, fee, "12.4", "BTCUSDT")
    elif name == "p2p":
        names, values = "coin p2pTaxType balance", (coin, "transfer_in", "326.5")
    else:
        kind = chance.choice(("Buy", "Sell", "Deposit", "Transfer out", "Interest", '=HYPERLINK("x")'))
        names = "coin spotTaxType amount fee balance bizOrderId"
        values = (coin, kind, amount, fee, "1402.118803", str(chance.randrange(5)))
    return {"id": ident, **dict(zip(names.split(), values, strict=True)), "ts": ts}


# On loopback.


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    exchange: TaxExchange
    latency = (0.0, 0.0)
    # Path → when its calls came in (monotonic), before anything of ours delays them.
    arrivals: ClassVar[dict[str, list[float]]] = defaultdict(list)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/tally":
            self._send(200, {"calls": self.exchange.calls, "by": self._by(), "arrivals": self.arrivals})
            return
        self.arrivals[parts.path].append(time.monotonic())
        # Half of it on the way there, half on the way back, as a network has it.
        pause = random.uniform(*self.latency) / 2
        time.sleep(pause)
        got = self._answer(parts.path, dict(parse_qsl(parts.query)))
        time.sleep(pause)
        if got == "hang":
            time.sleep(3600)
        if isinstance(got, str):
            self.close_connection = True
            return
        self._send(*got)

    def _answer(self, path: str, query: dict[str, str]) -> tuple[int, Any] | str:
        return self.exchange.answer(path, query)

    def _by(self) -> dict[str, int]:
        return dict(Counter(path for path, _ in self.exchange.asked))

    def log_message(self, *_: object) -> None:
        """Nothing: the terminal is the reader's."""

    def _send(self, status: int, value: Any) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(settings: dict[str, Any]) -> None:
    """Serve an account of `seed`, `since`, `until` and `rows`, with `latency` (seconds, from and to) and `pace`."""
    books = account(settings["seed"], since=settings["since"], until=settings["until"], rows=settings["rows"])
    _Answering.exchange = TaxExchange(books, pace=settings.get("pace", 0.0))
    _Answering.latency = tuple(settings.get("latency", (0.0, 0.0)))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
