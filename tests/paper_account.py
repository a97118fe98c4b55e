"""The paper exchange as its customer sees it: signed requests in, data or a code out, and a clock to turn."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.store import Opening, Store

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BTC = {"productType": "USDT-FUTURES", "symbol": "BTCUSDT", "marginCoin": "USDT"}
USDT_M = {"productType": "USDT-FUTURES"}
# More than a new exchange begins with, and more kinds of it, so that a test can trade anywhere.
RICH = {("spot", "USDT"): Decimal(100_000), ("spot", "USDC"): Decimal(10_000), ("spot", "BTC"): Decimal(1)}
# The same as it is typed.
RICH_TYPED = "paper reset " + " ".join(f"--balance {coin}={amount}" for (_, coin), amount in RICH.items())


class PaperAccount:
    """One store, one exchange, a still clock. A refusal comes back as its code, a text."""

    api = "/api/v2/"
    unified = False

    def __init__(
        self, path: Path | None = None, *, seed: int = 1, at: datetime = NOON, opening: Opening = RICH
    ) -> None:
        self.store = Store(path)
        self.store.reset(seed=seed, opening=opening, unified=self.unified)
        self.store.freeze(at, wall=at)
        self._enter(at)

    @classmethod
    def join(cls, path: Path, *, at: datetime = NOON) -> PaperAccount:
        """The account of an exchange that somebody else has begun."""
        account = cls.__new__(cls)
        account.store = Store(path)
        account._enter(at)
        return account

    def _enter(self, at: datetime) -> None:
        self.wall = at
        self.exchange = Exchange(self.store, wall=lambda: self.wall)

    def later(self, **span: float) -> PaperAccount:
        self.store.advance(int(timedelta(**span) / timedelta(milliseconds=1)), wall=self.wall)
        return self

    def get(self, path: str, **given: Any) -> Any:
        return self._ask("GET", path, given)

    def post(self, path: str, **given: Any) -> Any:
        return self._ask("POST", path, given)

    def raw(
        self, method: str, path: str, given: dict[str, Any] | list[dict[str, Any]], *, secret: bytes = b"paper-secret"
    ) -> tuple[int, bytes]:
        """`path` without what every path of this kind of account begins with, or whole."""
        pairs = given.items() if isinstance(given, dict) else ()
        query = "&".join(f"{name}={value}" for name, value in sorted(pairs)) if method == "GET" else ""
        body = json.dumps(given).encode() if method == "POST" else b""
        target = (path if path.startswith("/") else f"{self.api}{path}") + (f"?{query}" if query else "")
        stamp = str(int(self.wall.timestamp() * 1000))
        signature = hmac.digest(secret, f"{stamp}{method}{target}".encode() + body, "sha256")
        headers = {
            "ACCESS-KEY": "paper-key",
            "ACCESS-SIGN": base64.b64encode(signature).decode(),
            "ACCESS-PASSPHRASE": "paper-passphrase",
            "ACCESS-TIMESTAMP": stamp,
        }
        return self.exchange.answer(method=method, target=target, headers=headers, body=body)

    def _ask(self, method: str, path: str, given: dict[str, Any] | list[dict[str, Any]]) -> Any:
        answer = json.loads(self.raw(method, path, given)[1])
        return answer["data"] if answer["code"] == "00000" else answer["code"]

    def last(self, symbol: str = "BTCUSDT") -> Decimal:
        return Decimal(self.get("/api/v2/mix/market/ticker", productType="USDT-FUTURES", symbol=symbol)[0]["lastPr"])

    def fund(self, amount: str = "50000") -> PaperAccount:
        """Move USDT to the futures account."""
        self.post("spot/wallet/transfer", fromType="spot", toType="usdt_futures", amount=amount, coin="USDT")
        return self

    def order(self, side: str, size: str, **more: str) -> Any:
        """A futures order on BTCUSDT, at the market unless `price` is given."""
        kind = "limit" if "price" in more else "market"
        given = {"marginMode": "crossed", **BTC, "side": side, "size": size, "orderType": kind, **more}
        return self.post("mix/order/place-order", **given)

    def spot(self, side: str, size: str, **more: str) -> Any:
        kind = "limit" if "price" in more else "market"
        given = {"symbol": "BTCUSDT", "force": "gtc", "side": side, "size": size, "orderType": kind, **more}
        return self.post("spot/trade/place-order", **given)

    def detail(self, order: Any) -> Any:
        return self.get("mix/order/detail", symbol="BTCUSDT", orderId=order["orderId"], **USDT_M)

    def position(self) -> Any:
        return self.get("mix/position/single-position", **BTC)

    def futures(self) -> Any:
        return self.get("mix/account/accounts", **USDT_M)[0]

    def proof(self) -> Any:
        return self.exchange.conservation()


USDT_LINE = {"category": "USDT-FUTURES"}


class UnifiedAccount(PaperAccount):
    """The same of the unified kind: one wallet, asked in the words of v3."""

    api = "/api/v3/"
    unified = True

    def rows(self, path: str, *rows: dict[str, Any]) -> Any:
        """What each row of a batch came to."""
        return self._ask("POST", path, list(rows))

    def order(self, side: str, size: str, **more: str) -> Any:
        """On BTCUSDT's futures unless said, at the market unless `price` is given."""
        given = {"category": "USDT-FUTURES", "symbol": "BTCUSDT", "side": side, "qty": size}
        kind = "limit" if "price" in more else "market"
        return self.post("trade/place-order", **given | {"orderType": kind} | more)

    def spot(self, side: str, size: str, **more: str) -> Any:
        return self.order(side, size, category="SPOT", **more)

    def detail(self, order: Any) -> Any:
        return self.get("trade/order-info", orderId=order["orderId"])

    def position(self) -> Any:
        return self.get("position/current-position", **USDT_LINE)["list"]

    def coin(self, coin: str = "USDT") -> Any:
        """A coin's row of the wallet."""
        return next(row for row in self.get("account/assets")["assets"] if row["coin"] == coin)

    def max_transfer(self, coin: str = "USDT") -> str:
        """What may leave the wallet, in as many decimals as a transfer counts."""
        most = Decimal(self.get("account/max-transferable", coin=coin)["maxTransfer"])
        return str(most.quantize(Decimal("1e-8"), "ROUND_DOWN"))

    def strategy(self, **given: Any) -> Any:
        return self.post("trade/place-strategy-order", **{"category": "USDT-FUTURES", "symbol": "BTCUSDT"} | given)

    def waiting(self, **given: str) -> Any:
        return self.get("trade/unfilled-strategy-orders", **USDT_LINE | given)
