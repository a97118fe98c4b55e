"""A server on loopback that answers as Bitget does, in a process of its own: `python loopback.py [CERTIFICATE KEY]`.

It prints its port and serves until its standard input closes.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

TICKER = {
    "symbol": "BTCUSDT",
    "lastPr": "87412.6",
    "askPr": "87412.6",
    "bidPr": "87412.5",
    "bidSz": "12.4031",
    "askSz": "7.9902",
    "high24h": "88410",
    "low24h": "86102.4",
    "ts": "1767225600051",
    "change24h": "0.00874",
    "baseVolume": "61234.5512",
    "quoteVolume": "5342191120.44",
    "usdtVolume": "5342191120.44",
    "openUtc": "87120.1",
    "changeUtc24h": "0.00336",
    "indexPrice": "87451.2",
    "fundingRate": "0.000068",
    "holdingAmount": "42110.3305",
    "deliveryStartTime": None,
    "deliveryTime": None,
    "deliveryStatus": "",
    "open24h": "86655.2",
    "markPrice": "87413.1",
}
ASSETS = [
    {
        "coin": coin,
        "available": available,
        "frozen": "0",
        "locked": "0",
        "limitAvailable": "0",
        "uTime": "1767225600051",
    }
    for coin, available in (("USDT", "1402.118803"), ("BTC", "0.0142"), ("ETH", "0.5"), ("BGB", "120.25"))
]
TRADES = [
    {
        "tradeId": str(1_400_000_000_000_000_000 + 1_234_567 * at),
        "price": f"{87412.6 + at / 10:.1f}",
        "size": f"{(at % 7 + 1) / 1000:.4f}",
        "side": "buy" if at % 3 else "sell",
        "ts": str(1_767_225_600_051 + 137 * at),
        "symbol": "BTCUSDT",
    }
    for at in range(30)
]
PUBLIC = {
    "/api/v2/mix/market/ticker": [TICKER],
    "/api/v2/spot/market/tickers": [TICKER],
    "/api/v2/mix/market/fills": TRADES,
}
SIGNED = {"/api/v2/spot/account/assets": ASSETS}


@contextmanager
def loopback(certificate: Path | None = None, key: Path | None = None) -> Iterator[str]:
    """The address of a server that runs as long as the context: https where it is given a certificate."""
    files = [str(certificate), str(key)] if certificate and key else []
    command = [sys.executable, str(Path(__file__)), *files]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = int(server.stdout.readline())
        yield f"{'https' if files else 'http'}://127.0.0.1:{port}"


class Answering(BaseHTTPRequestHandler):
    """Bitget's envelope around a fixed answer; a signed path wants its four headers, whatever they say."""

    protocol_version = "HTTP/1.1"
    # One write and no Nagle: else every second answer waits 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path in PUBLIC:
            self._answer(200, "00000", data=PUBLIC[path])
        elif path not in SIGNED:
            self._answer(404, "40404", data=None)
        elif all(self.headers.get(f"ACCESS-{name}") for name in ("KEY", "SIGN", "TIMESTAMP", "PASSPHRASE")):
            self._answer(200, "00000", data=SIGNED[path])
        else:
            self._answer(400, "40006", data=None)

    def log_message(self, *_: object) -> None:
        """Nothing: the terminal is the benchmark's."""

    def _answer(self, status: int, code: str, *, data: object) -> None:
        envelope = {"code": code, "msg": "success", "requestTime": time.time_ns() // 1_000_000, "data": data}
        body = json.dumps(envelope, separators=(",", ":")).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-mbx-used-remain-limit", "19")
        self.end_headers()
        self.wfile.write(body)


def serve(files: list[str]) -> None:
    """Serve until standard input closes, over TLS where `files` are a certificate and its key."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    if files:
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{server.server_address[1]}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1:])
