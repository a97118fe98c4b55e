"""The account: what each coin is, and how much of it is free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bitget_cli.messages import Push, Status
from bitget_cli.output.cells import QUIET, STRONG, Cell
from bitget_cli.output.live import figures
from bitget_cli.output.live.ages import Ages
from bitget_cli.output.live.columns import Column, Sheet
from bitget_cli.output.live.figures import number
from bitget_cli.output.live.scene import Scene, Sight

_MONEY = ("available", "frozen", "locked", "equity", "usdtEquity")


class Account(Scene):
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

    def body(self, sight: Sight) -> Sequence[str]:
        coins = [push for push in self._coins.values() if _has_money(push)]
        empty = len(self._coins) - len(coins)
        if sight.sort == "coin":
            coins.sort(key=_coin)
        elif sight.sort == "available":
            coins.sort(key=lambda push: -(number(push.data.get("available")) or figures.ZERO))
        lines = self._sheet.lines(self._columns(coins, sight), sight.look) if coins else []
        if empty:
            more = f"{empty} coins are empty" if empty > 1 else "1 coin is empty"
            lines += ["", sight.look.paint(more, QUIET)]
        return lines

    def _columns(self, coins: Sequence[Push], sight: Sight) -> list[Column]:
        rows = [push.data for push in coins]
        several = len({push.market for push in coins}) > 1
        markets = [Cell(figures.market(push.market) if several else "", QUIET) for push in coins]
        return [
            Column("Coin", [Cell(_coin(push), STRONG) for push in coins], right=False),
            Column("Market", markets, right=False),
            Column("Available", _texts(rows, "available")),
            Column("Frozen", _texts(rows, "frozen"), 2),
            Column("Locked", _texts(rows, "locked"), 6),
            Column("Equity", _texts(rows, "equity"), 3),
            Column("USDT equity", [Cell(figures.fixed(number(row.get("usdtEquity")))) for row in rows], 5),
            Column("uPnL", [figures.money(number(row.get("unrealizedPL"))) for row in rows], 1),
            Column("Risk", [figures.percent(number(row.get("crossedRiskRate")))._replace(tone="") for row in rows], 4),
            Column("Mode", _texts(rows, "assetsMode"), 7, right=False),
            Column("Age", [self._ages.of(push, sight) for push in coins]),
        ]


def _coin(push: Push) -> str:
    return figures.text(push.data.get("coin") or push.data.get("marginCoin"))


def _has_money(push: Push) -> bool:
    return any(number(push.data.get(name)) for name in _MONEY)


def _texts(rows: Sequence[Mapping[str, Any]], name: str) -> list[Cell]:
    return [Cell(figures.text(row.get(name))) for row in rows]
