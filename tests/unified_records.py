"""A Bitget with a unified account that keeps the rules of its tax records: at the transport door.

A week a call, 366 days back, 500 rows a page, the newest first and below `cursor`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from doubles import KIND, NOON, envelope
from tax_server import DAY, MOST

from bitget_cli.values import milliseconds

RECORDS = "/api/v3/tax/records"
NOW = milliseconds(NOON)
LISTS = ("SPOT", "OTHER", "USDT-FUTURES", "USDC-FUTURES", "COIN-FUTURES", "MARGIN crossed", "MARGIN isolated")
_TYPES = {
    "SPOT": ("ORDER_DEALT_IN", "ORDER_DEALT_FROZEN_OUT", "ORDER_PLF_FEE_OUT"),
    "OTHER": ("TRANSFER_IN", "TRANSFER_OUT"),
    "MARGIN": ("ORDER_DEALT_IN", "INTEREST_SETTLEMENT_OUT"),
}
_OF_FUTURES = ("OPEN_LONG", "CLOSE_LONG", "CONTRACT_MAIN_SETTLE_FEE_USER_IN", "brand_new")
Row = dict[str, str]


def books(*, days: int = 366, seed: int = 1, rows: Mapping[str, int] | None = None) -> dict[str, list[Row]]:
    """Rows of each list between so many days ago and now; a thousand of them within a week, and some at its edges."""
    chance, found, number = random.Random(seed), {}, 10**18
    for name in LISTS:
        start = NOW - days * DAY + 2 * 60_000
        times = [chance.randrange(start, NOW) for _ in range((rows or {}).get(name, 90))]
        times += [start, NOW] + [NOW - 20 * DAY + place // 3 for place in range(1100 if name == "SPOT" else 0)]
        found[name] = []
        for ts in sorted(times):
            number += chance.randrange(1, 10**6)
            found[name].append(_row(chance, name, str(number), str(ts)))
    return found


def _row(chance: random.Random, name: str, identity: str, ts: str) -> Row:
    type_ = chance.choice(_TYPES.get(name.partition(" ")[0], _OF_FUTURES))
    amount = f"{chance.choice((-1, 1)) * chance.randrange(1, 10**10) / 10**8:.8f}"
    coin = chance.choice(("USDT", "BTC"))
    return {"id": identity, "coin": coin, "type": type_, "amount": amount, "fee": "0", "balance": "7.5", "ts": ts}


@dataclass
class UnifiedRecords:
    """The rules over some books; `refused` is a code that records are refused with. `asked` are the calls."""

    books: Mapping[str, list[Row]]
    refused: str = ""
    account: httpx.Response | None = None
    asked: list[dict[str, str]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == KIND:
            return self.account or envelope({"userId": "9", "permissions": ["tax"]})
        if request.url.path == "/api/v2/public/time":
            return envelope({"serverTime": str(NOW)})
        if request.url.path != RECORDS:
            return envelope(None, code="40085", msg="You are in Unified Account mode", status=400)
        if self.refused:
            return envelope(None, code=self.refused, msg="as Bitget says", status=400)
        self.asked.append(dict(request.url.params))
        return self._rows(self.asked[-1])

    def _rows(self, query: Mapping[str, str]) -> httpx.Response:
        start, end = int(query["startTime"]), int(query["endTime"])
        if end - start > 7 * DAY or start < NOW - 366 * DAY:
            return envelope(None, code="400172", msg="Parameter verification failed", status=400)
        name = query["bizType"]
        name += f" {query.get('marginType', 'crossed')}" if name == "MARGIN" else ""
        below = int(query.get("cursor", 10**30))
        rows = [row for row in self.books.get(name, ()) if start <= int(row["ts"]) <= end and int(row["id"]) < below]
        rows = [row for row in rows if query.get("coin", row["coin"]) == row["coin"]]
        return envelope(rows[::-1][: int(query.get("limit", MOST))])
