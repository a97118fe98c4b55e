"""A Bitget that converts: quotes that hold eight seconds, answers that get lost, and a record of what was done."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx
from doubles import StillClock

from bitget_cli.values import milliseconds

QUOTE = "convert/quoted-price"
TRADE = "convert/trade"
RECORD = "convert/convert-record"
BGB = "convert/bgb-convert"
LOST = httpx.ReadTimeout("x")
DUST = [
    {
        "coin": coin,
        "available": "0.5",
        "bgbEstAmount": amount,
        "precision": "8",
        "feeDetail": [{"feeRate": "0.02", "fee": fee}],
        "cTime": "1772452800000",
    }
    for coin, amount, fee in (("DOGE", "0.03", "0.0006"), ("LTC", "1.2", "0.024"))
]


@dataclass(frozen=True)
class Fate:
    """What becomes of the next change: how often it is carried out, and what is answered instead of success."""

    done: int = 1
    answer: httpx.Response | Exception | None = None


@dataclass
class Converter:
    """One BTC is 50000 USDT. `quote_takes` are the seconds each next quote needs on its way here."""

    clock: StillClock
    fates: list[Fate] = field(default_factory=list)
    quote_takes: list[float] = field(default_factory=list)
    history_takes: list[float] = field(default_factory=list)
    # Last prices of the spot markets there are, by symbol, base coin and quote coin.
    markets: dict[tuple[str, str], str] = field(default_factory=lambda: {("BTC", "USDT"): "50000"})
    quoted: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)  # how a record differs from the quote
    out: bool = False  # questions about the past fail once something was sent
    records: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    quotes: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v2/")
        if request.method == "POST":
            return self._change(path, request.content)
        asked = dict(request.url.params)
        self.asked.append((path, asked))
        return self._read(path, asked)

    def times_asked(self, path: str) -> int:
        return sum(each == path for each, _ in self.asked)

    def now(self) -> int:
        return milliseconds(self.clock.now())

    def envelope(self, data: Any, *, code: str = "00000") -> httpx.Response:
        whole = {"code": code, "msg": "as told", "requestTime": self.now(), "data": data}
        return httpx.Response(200 if code == "00000" else 400, content=json.dumps(whole).encode())

    def did(self, **other: Any) -> None:
        """Somebody converted 100 USDT into BTC elsewhere."""
        row = {"fromCoin": "USDT", "fromCoinSize": "100", "toCoin": "BTC", "toCoinSize": "0.00199", "fee": "0"}
        self._note(row | {"cnvtPrice": "0.0000199"} | other)

    def _read(self, path: str, asked: dict[str, str]) -> httpx.Response:
        match path:
            case "spot/public/symbols":
                words = {"status": "online", "pricePrecision": "2", "quantityPrecision": "6", "quotePrecision": "8"}
                rows = [{"symbol": a + b, "baseCoin": a, "quoteCoin": b, **words} for a, b in self.markets]
                return self.envelope(rows)
            case "spot/market/tickers":
                prices = {a + b: last for (a, b), last in self.markets.items()}
                return self.envelope([{"symbol": asked["symbol"], "lastPr": prices[asked["symbol"]]}])
            case "convert/quoted-price":
                return self.envelope(self._quote(asked))
            case "convert/bgb-convert-coin-list":
                return self.envelope({"coinList": DUST})
        return self._past(path, asked)

    def _past(self, path: str, asked: dict[str, str]) -> httpx.Response:
        if self.out and self.sent:
            return httpx.Response(503, content=b"<html>")
        self.clock.sleep(self.history_takes.pop(0) if self.history_takes else 0)
        start, end = int(asked.get("startTime", 0)), int(asked.get("endTime", 10**14))
        bgb = path.endswith("bgb-convert-records")
        rows = [row for row in self.records[::-1] if start <= row["at"] <= end and bgb is (row["toCoin"] == "BGB")]
        told = [{name: value for name, value in row.items() if name != "at"} for row in rows]
        return self.envelope(told if bgb else {"dataList": told, "endId": told[-1]["id"] if told else ""})

    def _quote(self, asked: dict[str, str]) -> dict[str, Any]:
        named = {
            "fee": "0",
            "fromCoin": asked["fromCoin"],
            "toCoin": asked["toCoin"],
            "fromCoinSize": asked.get("fromCoinSize", "100"),
            "toCoinSize": asked.get("toCoinSize", "0.00199"),
            "cnvtPrice": "0.0000199",
            "traceId": str(len(self.quotes) + 1),
        } | self.quoted
        self.quotes[named["traceId"]] = (self.clock.ticks, named)
        self.clock.sleep(self.quote_takes.pop(0) if self.quote_takes else 0)
        return named

    def _change(self, path: str, content: bytes) -> httpx.Response:
        self.sent.append((path, content))
        fate, body = self.fates.pop(0) if self.fates else Fate(), json.loads(content)
        made = []
        for _ in range(fate.done):
            made = self._dust(body["coinList"]) if path == BGB else [self._converted(body)]
        if isinstance(fate.answer, Exception):
            raise fate.answer
        if fate.answer is not None:
            return fate.answer
        if path == BGB:
            return self.envelope({"orderList": [{"coin": row["fromCoin"], "orderId": row["orderId"]} for row in made]})
        if made[0] is None:
            return self.envelope(None, code="12021")
        answer = {name: body[name] for name in ("cnvtPrice", "toCoinSize", "toCoin")}
        return self.envelope({"ts": str(self.now()), **answer})

    def _converted(self, body: dict[str, str]) -> Any:
        asked_at, named = self.quotes[body["traceId"]]
        assert all(str(named[name]) == word for name, word in body.items())
        if self.clock.ticks - asked_at > 8:
            return None
        return self._note({name: word for name, word in named.items() if name != "traceId"} | self.shown)

    def _dust(self, coins: list[str]) -> list[Any]:
        amounts = {row["coin"]: row for row in DUST}
        return [
            self._note(
                {
                    "orderId": str(900 + len(self.records)),
                    "fromCoin": coin,
                    "fromAmount": "0.5",
                    "toCoin": "BGB",
                    "toAmount": amounts[coin]["bgbEstAmount"],
                    "feeDetail": [{"feeCoin": "BGB", "fee": "0.01"}],
                    "status": "success",
                    "ctime": str(self.now()),
                }
            )
            for coin in coins
        ]

    def _note(self, row: dict[str, Any]) -> dict[str, Any]:
        row = {"at": self.now(), "id": str(700 + len(self.records)), "ts": str(self.now())} | row
        if row["toCoin"] == "BGB":
            del row["id"], row["ts"]
        self.records.append(row)
        return row

    @property
    def converted(self) -> Decimal:
        """BTC that came."""
        return sum((Decimal(row["toCoinSize"]) for row in self.records if row["toCoin"] == "BTC"), Decimal(0))
