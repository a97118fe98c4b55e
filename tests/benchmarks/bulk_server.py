"""Candles and tax records at Bitget's limits and an ocean's distance: `python bulk_server.py SETTINGS`.

It prints its port and serves until its standard input closes; `/tally` tells the calls and those it refused.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

sys.path.insert(0, str(Path(__file__).parent.parent))

from tax_server import TaxExchange, account

MINUTE = 60_000
# Rows a call gives, and calls a second, of the two calls that have candles.
CANDLES = {"/api/v2/mix/market/candles": 1000, "/api/v2/mix/market/history-candles": 200}
_PER_SECOND = 20


class Limit:
    """So many calls in any second, counted when they arrive."""

    def __init__(self, calls: int) -> None:
        self._starts: deque[float] = deque([-1e9] * calls, maxlen=calls)
        self._lock = threading.Lock()

    def allows(self) -> bool:
        now = time.monotonic()
        with self._lock:
            if now - self._starts[0] < 1.0:
                return False
            self._starts.append(now)
            return True


class Server:
    """What is served. `latency` is the seconds a call takes there and back, from and to."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.latency: tuple[float, float] = tuple(settings["latency"])
        books = account(1, since=settings["since"], until=settings["until"], rows=settings["rows"])
        self.tax = TaxExchange(books, pace=1.0)
        self.limits = {path: Limit(_PER_SECOND) for path in CANDLES}
        self.calls: dict[str, int] = {}
        self.refused = 0
        self._lock = threading.Lock()

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        with self._lock:
            self.calls[path] = self.calls.get(path, 0) + 1
        if path in self.limits:
            if self.limits[path].allows():
                return 200, _envelope(_bars(path, query))
            self.refused += 1
            return 429, {"code": "429", "msg": "Too Many Requests", "requestTime": 1, "data": None}
        got = self.tax.answer(path, query)
        return got if isinstance(got, tuple) else (500, _envelope(None))

    def tally(self) -> dict[str, Any]:
        return {"calls": self.calls, "refused": self.refused + self.tax.refused}


def _bars(path: str, query: dict[str, str]) -> list[list[str]]:
    """One-minute bars that open in the range, the newest of them, ascending."""
    count = min(int(query.get("limit", "100")), CANDLES[path])
    last = (int(query["endTime"]) - 1) // MINUTE
    first = max(last - count + 1, -(-int(query.get("startTime", "0")) // MINUTE))
    bar = ["87412.6", "87488.1", "87390", "87431.5", "61.2345", "5354219.11", "5354219.11"]
    return [[str(minute * MINUTE), *bar] for minute in range(first, last + 1)]


def _envelope(data: Any) -> dict[str, Any]:
    return {"code": "00000", "msg": "success", "requestTime": time.time_ns() // 1_000_000, "data": data}


class Answering(BaseHTTPRequestHandler):
    """One connection; half the latency before the exchange sees a call, half after."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    served: Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path == "/tally":
            self._send(200, self.served.tally())
            return
        pause = random.uniform(*self.served.latency) / 2
        time.sleep(pause)
        status, value = self.served.answer(parts.path, dict(parse_qsl(parts.query)))
        time.sleep(pause)
        self._send(status, value)

    def log_message(self, *_: object) -> None:
        """Nothing: the terminal is the benchmark's."""

    def _send(self, status: int, value: Any) -> None:
        body = json.dumps(value, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(settings: dict[str, Any]) -> None:
    Answering.served = Server(settings)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    serve(json.loads(sys.argv[1]))
