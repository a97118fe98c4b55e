"""A paper account that trades spot, futures and margin for most of a year, is made a unified one, and trades on.

Its exchange stands at the door of the network, so that the program meets it as it meets Bitget's.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from doubles import Bitget
from paper_account import PaperAccount, UnifiedAccount
from paper_year import Customer, kept

from bitget_cli.paper.store import ID_STEP

KEYS = {
    "BITGET_API_KEY": "paper-key",
    "BITGET_SECRET_KEY": "paper-secret",
    "BITGET_PASSPHRASE": "paper-passphrase",
}
FIRST, MOVE, LAST = (datetime(*day, tzinfo=UTC) for day in ((2025, 1, 1), (2025, 8, 1), (2026, 1, 1)))
Sums = dict[str, Decimal]


def traded_till_the_move(path: Path, *, since: datetime = FIRST) -> PaperAccount:
    account = PaperAccount(path, at=since)
    Customer(account, 1).until(MOVE, every=timedelta(days=4), steps=4)
    for row in account.get("mix/position/all-position", productType="COIN-FUTURES", marginCoin="BTC"):
        account.post("mix/order/close-positions", productType="COIN-FUTURES", symbol=row["symbol"])
    account.get("spot/account/assets")
    return account


def moved(account: PaperAccount, path: Path) -> UnifiedAccount:
    account.exchange.migrate()
    joined = UnifiedAccount.join(path, at=account.wall)
    assert isinstance(joined, UnifiedAccount)
    return joined


def trades_on(account: UnifiedAccount, until: datetime) -> None:
    """Both ways on spot and futures, money in and out, every few days."""
    account.post("trade/close-positions", category="USDT-FUTURES")
    for turn in range(400):
        if account.exchange.now() >= until - timedelta(days=4):
            break
        account.spot("buy" if turn % 2 else "sell", "20" if turn % 2 else "0.0003")
        account.order("buy" if turn % 3 else "sell", "0.01")
        if turn % 4 == 0:
            account.post("account/transfer", fromType="uta", toType="spot", coin="USDT", amount="5")
            account.exchange.deposit("USDT", Decimal("7.25"))
        account.later(days=3)
    for line in ("USDT-FUTURES", "USDC-FUTURES"):
        account.post("trade/close-positions", category=line)
    account.later(milliseconds=(until - account.exchange.now()) // timedelta(milliseconds=1))
    account.get("account/assets")


def at_the_door(account: PaperAccount, person: Bitget) -> Callable[[httpx.Request], httpx.Response]:
    """The account's exchange, whose wall clock is the person's."""

    def handler(request: httpx.Request) -> httpx.Response:
        account.wall = person.clock.now()
        target = request.url.raw_path.decode()
        headers = dict(request.headers)
        status, body = account.exchange.answer(
            method=request.method, target=target, headers=headers, body=request.content
        )
        return httpx.Response(status, content=body)

    return handler


Bills = list[dict[str, Any]]


def own_bills(account: PaperAccount) -> Bills:
    """What the exchange's own books say, P2P aside, as far as the year goes."""
    end = int(LAST.timestamp() * 1000) * ID_STEP
    return [bill for bill in kept(account, "bill") if bill["product"] != "p2p" and bill["id"] < end]


def exported(out: Path) -> Bills:
    """The rows of the files, P2P aside."""
    found: Bills = []
    for path in sorted(out.glob("bitget-tax-*.csv")):
        if not path.name.endswith("-p2p.csv"):
            with path.open(newline="") as file:
                found += csv.DictReader(file)
    return found


def sums_of(rows: Bills) -> Sums:
    """What came to each coin, of bills or of the rows of files."""
    sums: Sums = {}
    for row in rows:
        amount = Decimal(row["amount"]) + Decimal(row["fee"] or "0")
        sums[row["coin"]] = sums.get(row["coin"], Decimal(0)) + amount
    return sums
