"""Orders: those that are open, and for ten seconds those that have just ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bitget_cli.messages import Push
from bitget_cli.output.cells import BAD, DASH, DOUBTFUL, GOOD, QUIET, Cell
from bitget_cli.output.live import figures
from bitget_cli.output.live.actions import action
from bitget_cli.output.live.columns import Column, Sheet
from bitget_cli.output.live.figures import number
from bitget_cli.output.live.scene import Scene, Sight

# Milliseconds that what has ended stays.
_FAREWELL = 10_000
# Columns of a terminal that has room for ids of 19 digits.
_WIDE = 120
_TONES = {"partially_filled": DOUBTFUL, "filled": GOOD, "executed": GOOD, "fail_execute": BAD, "rejected": BAD}
_FINAL = frozenset({"filled", "canceled", "cancelled", "executed", "fail_execute", "fail_trigger", "rejected"})


class Ending(Scene):
    """Rows by their order id, the newest on top; one that ends stays a little, dimmed."""

    def __init__(self, look: Mapping[str, Any]) -> None:  # noqa: ARG002  # as every table is made
        super().__init__()
        self._pushes: dict[tuple[str, str], Push] = {}
        self._sheet = Sheet()

    sorts = ("newest", "symbol")

    def take(self, push: Push) -> None:
        key = (push.market, str(push.data.get("orderId")))
        # What had ended before we looked is no news.
        if push.snapshot and is_final(push) and key not in self._pushes:
            return
        self._pushes[key] = push

    def is_lively(self, now: int) -> bool:  # noqa: ARG002  # the second in which a row leaves does not matter
        return any(is_final(push) for push in self._pushes.values())

    def body(self, sight: Sight) -> Sequence[str]:
        gone = [key for key, push in self._pushes.items() if is_final(push) and sight.now - push.received > _FAREWELL]
        for key in gone:
            del self._pushes[key]
        pushes = sorted(self._pushes.values(), key=_since, reverse=True)
        if sight.sort == "symbol":
            pushes.sort(key=lambda push: push.symbol)
        if not pushes:
            return []
        shown = pushes[: max(1, sight.height - 1)]
        columns = [_dimmed(column, shown) for column in self.columns(shown, wide=sight.look.width >= _WIDE)]
        return self._sheet.lines(columns, sight.look)

    def columns(self, pushes: Sequence[Push], *, wide: bool) -> list[Column]:
        """What is shown of these rows; `wide` has room for whole ids."""
        raise NotImplementedError


class Orders(Ending):
    """Orders of spot or of the futures lines."""

    empty = "no open orders"

    def columns(self, pushes: Sequence[Push], *, wide: bool) -> list[Column]:
        rows = [push.data for push in pushes]
        return [
            Column("Time", [Cell(figures.clock(row.get("cTime")), QUIET) for row in rows], 6),
            Column("Id", [Cell(order_id(row, wide=wide), QUIET) for row in rows], 4),
            *markets(pushes),
            Column("Action", [action(row) for row in rows], right=False),
            Column("Type", [Cell(_kind(row)) for row in rows], 5, right=False),
            Column("Price", [Cell(_price(row)) for row in rows]),
            Column("Size", [Cell(figures.text(_size(row))) for row in rows]),
            Column("Filled", [Cell(_filled(row)) for row in rows], 1),
            Column("Average", [Cell(average(row)) for row in rows], 7),
            Column("Status", [status(row) for row in rows], right=False),
            Column("Reduce", [Cell(_reduces(row)) for row in rows], 9, right=False),
            Column("TP", [Cell(_preset(row, "presetStopSurplusPrice")) for row in rows], 8),
            Column("SL", [Cell(_preset(row, "presetStopLossPrice")) for row in rows], 8),
        ]


def is_final(push: Push) -> bool:
    return figures.text(push.data.get("status")) in _FINAL


def markets(pushes: Sequence[Push]) -> list[Column]:
    """Symbol and, where there are several, market."""
    several = len({push.market for push in pushes}) > 1
    named = [Cell(figures.market(push.market) if several else "", QUIET) for push in pushes]
    symbols = [Cell(figures.text(push.symbol)) for push in pushes]
    return [Column("Symbol", symbols, right=False), Column("Market", named, 9, right=False)]


def order_id(row: Mapping[str, Any], *, wide: bool) -> str:
    """The id, or its end: the beginning is the time."""
    whole = figures.text(row.get("orderId"))
    return whole if wide else whole[-9:]


def status(row: Mapping[str, Any]) -> Cell:
    word = figures.text(row.get("status"))
    return Cell(word.replace("_", " "), _TONES.get(word, ""))


def average(row: Mapping[str, Any]) -> str:
    value = number(row.get("priceAvg"))
    return figures.text(row.get("priceAvg")) if value else ""


def _dimmed(column: Column, pushes: Sequence[Push]) -> Column:
    cells = [
        Cell(cell.text, QUIET) if is_final(push) else cell for cell, push in zip(column.cells, pushes, strict=True)
    ]
    return column._replace(cells=cells)


def _since(push: Push) -> int:
    made = number(push.data.get("cTime"))
    return int(made) if made is not None else push.received


def _kind(row: Mapping[str, Any]) -> str:
    """limit gtc, limit post only, market"""
    kind, force = figures.text(row.get("orderType")), figures.text(row.get("force"))
    return kind if kind == "market" or not force else f"{kind} {force.replace('_', ' ')}"


def _price(row: Mapping[str, Any]) -> str:
    if row.get("orderType") == "market":
        return "market"
    return figures.text(row.get("price")) if number(row.get("price")) else ""


def _size(row: Mapping[str, Any]) -> Any:
    """Of spot orders `newSize` counts, not `size`."""
    return row.get("newSize") or row.get("size")


def _filled(row: Mapping[str, Any]) -> str:
    """How much of it, in percent; "" where the size is in quote coin and cannot be compared."""
    done, size = number(row.get("accBaseVolume")), number(_size(row))
    is_quote = row.get("orderType") == "market" and row.get("side") == "buy" and "newSize" in row
    if done is None or not size or is_quote:
        return "100 %" if row.get("status") == "filled" else ""
    return f"{figures.fixed(done / size * 100, 0)} %"


def _reduces(row: Mapping[str, Any]) -> str:
    return "yes" if figures.text(row.get("reduceOnly")).lower() == "yes" else DASH if "reduceOnly" in row else ""


def _preset(row: Mapping[str, Any], name: str) -> str:
    return figures.text(row.get(name)) if number(row.get(name)) else ""
