"""An order whose answer was lost on an account where others trade all the time: it is still found, or proven absent."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from desk import DEMO, Exchange
from doubles import Bitget, StillClock, envelope

from bitget_cli.values import milliseconds

PAGE = 100
MARKETS = {
    "BTCUSDT": "order buy BTCUSDT 0.01",
    "BTCUSD": "order sell BTC/USD:BTC 0.01",
    "spot": "order buy BTC/USDT --quote 100",
}


@dataclass
class Busy:
    """Loses the answer to a change. `rate` orders of somebody else's are filled every second from a minute before."""

    clock: StillClock
    rate: float
    carries_out: bool = False
    shows: bool = True  # whether an order of ours shows in the lists, and not in its trades alone
    knows: bool = True  # whether the exchange knows the orders of the trades it shows
    inner: Exchange = field(default_factory=Exchange)
    sent_at: int | None = None
    ours: dict[str, Any] | None = None
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v2/")
        if request.method == "POST":
            self.inner(request)
            self.sent_at = milliseconds(self.clock.now())
            body = json.loads(request.content)
            if self.carries_out:
                self.ours = self._order(10**9, oid=body["clientOid"], at=self.sent_at + 500)
            raise httpx.ReadTimeout("silence", request=request)
        asked = dict(request.url.params)
        if self.sent_at is None or not path.startswith(("mix/order", "spot/trade")):
            return self.inner(request)
        self.asked.append(path)
        rows = [row | {name: asked[name] for name in {"symbol"} & {*row} & {*asked}} for row in self._read(path, asked)]
        if path in ("mix/order/detail", "spot/trade/orderInfo"):
            if not rows:
                return self._told(None, code="40109")
            return self._told(rows[0] if path.startswith("mix") else rows[:1])
        page = rows[: int(asked.get("limit", PAGE))]
        if path.startswith("spot"):
            return self._told(page)
        name = "fillList" if path.endswith("fills") else "entrustedList"
        return self._told({name: page, "endId": page[-1].get("tradeId", page[-1]["orderId"]) if page else None})

    def _told(self, data: Any, *, code: str = "00000") -> httpx.Response:
        answer = json.loads(envelope(data, code=code).content)
        return httpx.Response(400 * (code != "00000") or 200, json=answer | {"requestTime": self._now()})

    def _now(self) -> int:
        return milliseconds(self.clock.now())

    def _read(self, path: str, asked: dict[str, str]) -> list[dict[str, Any]]:
        if path.endswith(("pending", "unfilled-orders")) or "plan" in path:
            return []
        trades = path.endswith("fills")
        there = self._strangers(asked) if self.knows or trades else []
        if self.ours and (trades or self.shows):
            there.append(self.ours)
        if path.endswith(("detail", "orderInfo")) and self.ours and not self.shows and "orderId" in asked:
            there.append(self.ours)
        start, end = int(asked.get("startTime", 0)), int(asked.get("endTime", 10**15))
        before = int(asked.get("idLessThan", 10**18))
        found = [
            row
            for row in there
            if start <= int(row["cTime"]) <= end
            and int(row["orderId"]) < before
            and all(row[name] == asked[name] for name in ("orderId", "clientOid") if name in asked)
        ]
        found.sort(key=lambda row: -int(row["orderId"]))
        if trades:
            return [{"tradeId": row["orderId"], "orderId": row["orderId"], "cTime": row["cTime"]} for row in found]
        return found

    def _strangers(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        """Of the tens of thousands of days no more than can be meant, and one to each side."""
        assert self.sent_at
        start = self.sent_at - 60_000

        def number_at(moment: int) -> int:
            return int((moment - start) / 1000 * self.rate)

        first = max(0, number_at(int(asked.get("startTime", start))) - 1)
        end = min(number_at(self._now()), number_at(int(asked.get("endTime", self._now()))) + 2)
        if "orderId" in asked or "clientOid" in asked:
            number = (
                int(asked["orderId"]) - 1 if "orderId" in asked else int(asked["clientOid"].partition("-")[2] or -1)
            )
            first, end = max(first, number), min(end, number + 1)
        return [
            self._order(count + 1, oid=f"other-{count}", at=start + int(count / self.rate * 1000))
            for count in range(first, end)
        ]

    def _order(self, number: int, *, oid: str, at: int) -> dict[str, Any]:
        words = {"state": "filled", "status": "filled", "symbol": "BTCUSDT", "side": "buy"}
        return {"orderId": str(number), "clientOid": oid, "cTime": str(at), **words}


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("rate", [0.1, 2.0, 8.0])
def test_an_absent_order_is_proven_absent_however_much_others_trade(bitget: Bitget, market: str, rate: float) -> None:
    exchange = Busy(bitget.clock, rate)
    ran = bitget(f"{MARKETS[market]} --client-oid lost --json", http=exchange, env=DEMO)
    assert (ran.status, ran.failure["outcome"]) == (6, "not_placed"), ran.err
    assert "proven" in ran.failure["message"]


@pytest.mark.parametrize("market", MARKETS)
def test_it_is_asked_by_the_page_and_not_one_by_one(bitget: Bitget, market: str) -> None:
    exchange = Busy(bitget.clock, 8.0)
    assert bitget(f"{MARKETS[market]} --client-oid lost", http=exchange, env=DEMO).status == 6
    looks = sum(path.endswith("fills") for path in exchange.asked)
    assert len(exchange.asked) < 10 * looks
    assert sum(path.endswith(("detail", "orderInfo")) for path in exchange.asked) < 3 * looks


@pytest.mark.parametrize("market", ["BTCUSDT", "BTCUSD"])
def test_days_later_it_takes_no_longer(bitget: Bitget, market: str) -> None:
    exchange = Busy(bitget.clock, 2.0)

    def deaf(request: httpx.Request) -> httpx.Response:
        if exchange.sent_at is not None:
            raise httpx.ConnectError("no way", request=request)
        return exchange(request)

    line = f"{MARKETS[market]} --client-oid lost"
    assert bitget(line, http=deaf, env=DEMO).status == 7
    bitget.clock.sleep(6 * 3600)
    exchange.asked.clear()
    ran = bitget("order reconcile lost --json", http=exchange, env=DEMO)
    assert (ran.status, ran.json[0]["outcome"]) == (0, "not_placed"), ran.err
    assert len(exchange.asked) < 40


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("shows", [True, False])
def test_among_many_trades_ours_is_found(bitget: Bitget, market: str, *, shows: bool) -> None:
    exchange = Busy(bitget.clock, 4.0, carries_out=True, shows=shows)
    ran = bitget(f"{MARKETS[market]} --client-oid lost --json", http=exchange, env=DEMO)
    assert (ran.status, len(exchange.inner.changes)) == (0, 1), ran.err
    assert (ran.json["outcome"], ran.json["orderId"]) == ("placed", str(10**9))


@pytest.mark.parametrize("market", MARKETS)
def test_what_keeps_it_unknown_is_told_as_it_is(bitget: Bitget, market: str) -> None:
    exchange = Busy(bitget.clock, 0.5, knows=False)
    ran = bitget(f"{MARKETS[market]} --client-oid lost --json", http=exchange, env=DEMO)
    assert (ran.status, ran.failure["outcome"]) == (7, "unknown")
    assert "does not know that order" in ran.failure["message"]
    again = bitget("order reconcile lost --json", http=exchange, env=DEMO)
    assert (again.status, "does not know that order" in again.failure["message"]) == (7, True)
    assert "interrupted" not in ran.err + again.err


@pytest.mark.parametrize("market", MARKETS)
def test_an_exchange_that_does_not_answer_is_named_as_the_reason(bitget: Bitget, market: str) -> None:
    exchange = Busy(bitget.clock, 0.5)

    def deaf(request: httpx.Request) -> httpx.Response:
        if exchange.sent_at is not None:
            raise httpx.ReadTimeout("silence", request=request)
        return exchange(request)

    assert bitget(f"{MARKETS[market]} --client-oid lost", http=deaf, env=DEMO).status == 7
    ran = bitget("order reconcile lost --json", http=deaf, env=DEMO)
    assert ran.status == 7
    assert "asked about it: api.bitget.com gave no whole answer" in ran.failure["message"]
    assert "interrupted" not in ran.failure["message"]
