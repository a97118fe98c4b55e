"""The account: what each coin is, and how much of it is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bitget_cli.output.cells import QUIET, STRONG, Cell, Line
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.view import Ages, LiveView, Sheet, Viewport
from bitget_cli.output.table import Column
from bitget_cli.stream_events import Push, Status

_MONEY = ("available", "frozen", "locked", "equity", "usdtEquity")


class AccountView(LiveView):
    """Balances of spot or of the futures lines."""

    empty = "no balances"
    sorts = ("as told", "coin", "available")

    def __init__(self, look: Mapping[str, Any]) -> None:  # noqa: ARG002  # as every table is made
        super().__init__()
        self._coins: dict[tuple[str, str], Push] = {}
        self._ages = Ages()
        self._sheet = Sheet()

    def take(self, push: Push) -> None:
        self._coins[push.market, _coin(push)] = push

    def status(self, status: Status) -> None:
        self._ages.status(status)

    def body(self, viewport: Viewport) -> Sequence[Line]:
        coins = [push for push in self._coins.values() if any(number(push.data.get(name)) for name in _MONEY)]
        empty = len(self._coins) - len(coins)
        if viewport.sort == "coin":
            coins.sort(key=_coin)
        elif viewport.sort == "available":
            coins.sort(key=lambda push: -(number(push.data.get("available")) or number_format.ZERO))
        lines = self._sheet.lines(self._columns(coins, viewport), viewport.look) if coins else []
        if empty:
            more = f"{empty} coins are empty" if empty > 1 else "1 coin is empty"
            lines += [[], [Cell(more, QUIET)]]
        return lines

    def _columns(self, coins: Sequence[Push], viewport: Viewport) -> list[Column]:
        rows = [push.data for push in coins]
        several = len({push.market for push in coins}) > 1
        markets = [Cell(number_format.market(push.market) if several else "", QUIET) for push in coins]
        return [
            Column("Coin", [Cell(_coin(push), STRONG) for push in coins], right=False),
            Column("Market", markets, right=False),
            Column("Available", _texts(rows, "available")),
            Column("Frozen", _texts(rows, "frozen"), 2),
            Column("Locked", _texts(rows, "locked"), 6),
            Column("Equity", _texts(rows, "equity"), 3),
            Column("USDT equity", [Cell(number_format.fixed(number(row.get("usdtEquity")))) for row in rows], 5),
            Column("uPnL", [number_format.money(number(row.get("unrealizedPL"))) for row in rows], 1),
            Column(
                "Risk", [number_format.percent(number(row.get("crossedRiskRate")))._replace(tone="") for row in rows], 4
            ),
            Column("Mode", _texts(rows, "assetsMode"), 7, right=False),
            Column("Age", [self._ages.of(push, viewport) for push in coins]),
        ]


def _coin(push: Push) -> str:
    return number_format.text(push.data.get("coin") or push.data.get("marginCoin"))


def _texts(rows: Sequence[Mapping[str, Any]], name: str) -> list[Cell]:
    return [Cell(number_format.text(row.get(name))) for row in rows]
