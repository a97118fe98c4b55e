"""Your fills, the newest on top; what was paid is a positive number, whatever the exchange's sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bitget_cli.output.cells import QUIET, Cell, Line
from bitget_cli.output.in_words import action, cost
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.orders import markets
from bitget_cli.output.live.trades import Tape
from bitget_cli.output.live.view import Viewport
from bitget_cli.output.table import Column
from bitget_cli.stream_events import Push


class FillsView(Tape):
    """Fills of spot or of the futures lines."""

    empty = "no fills since the start"

    def body(self, viewport: Viewport) -> Sequence[Line]:
        head, lines = self._tape(viewport.look, viewport.height - 1)
        return [head, *lines] if head else lines

    def columns(self, pushes: Sequence[Push]) -> list[Column]:
        rows = [push.data for push in pushes]
        costs = [cost(row) for row in rows]
        return [
            Column("Time", [Cell(number_format.clock(row.get("cTime")), QUIET) for row in rows]),
            *markets(pushes),
            Column("Action", [action(row) for row in rows], right=False),
            Column("Price", [Cell(number_format.text(_price(row))) for row in rows]),
            Column("Size", [Cell(number_format.text(_size(row))) for row in rows]),
            Column("Value", [Cell(number_format.fixed(number(_value(row)))) for row in rows], 4),
            Column("Fee", [Cell(paid) for paid, _ in costs], 1),
            Column(" ", [Cell(coin, QUIET) for _, coin in costs], 2, right=False),
            Column("Scope", [Cell(_scope(row), QUIET) for row in rows], 3, right=False),
            Column("PnL", [number_format.money(number(row.get("profit"))) for row in rows], 2),
            Column("Trade", [Cell(number_format.text(row.get("tradeId"))[-6:], QUIET) for row in rows], 5),
        ]


def _price(row: Mapping[str, Any]) -> Any:
    return row.get("price") or row.get("priceAvg")


def _size(row: Mapping[str, Any]) -> Any:
    return row.get("baseVolume") or row.get("size")


def _value(row: Mapping[str, Any]) -> Any:
    return row.get("quoteVolume") or row.get("amount")


def _scope(row: Mapping[str, Any]) -> str:
    """maker or taker; a sample of the documentation writes `marker`."""
    word = number_format.text(row.get("tradeScope")).lower()
    return {"marker": "maker", "m": "maker", "t": "taker"}.get(word, word)
