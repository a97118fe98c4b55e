"""Orders: those that are open, and for ten seconds those that have just ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bitget_cli.output.cells import BAD, DASH, DOUBTFUL, GOOD, QUIET, Cell, Line
from bitget_cli.output.in_words import action
from bitget_cli.output.live import number_format
from bitget_cli.output.live.number_format import number
from bitget_cli.output.live.view import LiveView, Sheet, Viewport
from bitget_cli.output.table import Column
from bitget_cli.stream_events import Push

# Milliseconds that what has ended stays.
_FAREWELL = 10_000
_TONES = {"partially_filled": DOUBTFUL, "filled": GOOD, "executed": GOOD, "fail_execute": BAD, "rejected": BAD}
_FINAL = frozenset({"filled", "canceled", "cancelled", "executed", "fail_execute", "fail_trigger", "rejected"})


class FadingRows(LiveView):
    """Rows by their order id, the newest on top; one that ends stays a little, dimmed."""

    def __init__(self, look: Mapping[str, Any]) -> None:  # noqa: ARG002  # as every table is made
        super().__init__()
        self._pushes: dict[tuple[str, str], Push] = {}
        self._sheet = Sheet()

    sorts = ("newest", "symbol")

    def latest(self, push: Push) -> Push | None:
        """What was known of the same order before."""
        return self._pushes.get((push.market, str(push.data.get("orderId"))))

    def take(self, push: Push) -> None:
        key = (push.market, str(push.data.get("orderId")))
        # What had ended before we looked is no news.
        if push.snapshot and is_final(push) and key not in self._pushes:
            return
        self._pushes[key] = push

    def is_lively(self, now: int) -> bool:  # noqa: ARG002  # the second in which a row leaves does not matter
        return any(is_final(push) for push in self._pushes.values())

    def body(self, viewport: Viewport) -> Sequence[Line]:
        gone = [
            key for key, push in self._pushes.items() if is_final(push) and viewport.now - push.received > _FAREWELL
        ]
        for key in gone:
            del self._pushes[key]
        pushes = sorted(self._pushes.values(), key=_since, reverse=True)
        if viewport.sort == "symbol":
            pushes.sort(key=lambda push: push.symbol)
        if not pushes:
            return []
        shown = pushes[: max(1, viewport.height - 1)]
        columns = [_dimmed(column, shown) for column in self.columns(shown)]
        return self._sheet.lines(columns, viewport.look)

    def columns(self, pushes: Sequence[Push]) -> list[Column]:
        """What is shown of these rows. Ids are whole, so that they can be typed."""
        raise NotImplementedError


class OrdersView(FadingRows):
    """Orders of spot or of the futures lines."""

    empty = "no open orders"

    def columns(self, pushes: Sequence[Push]) -> list[Column]:
        rows = [push.data for push in pushes]
        return [
            Column("Time", [Cell(number_format.clock(row.get("cTime")), QUIET) for row in rows], 6),
            Column("Id", [Cell(number_format.text(row.get("orderId")), QUIET) for row in rows], 1),
            *markets(pushes),
            Column("Action", [action(row) for row in rows], right=False),
            Column("Type", [Cell(_kind(row)) for row in rows], 5, right=False),
            Column("Price", [Cell(_price(row)) for row in rows]),
            Column("Size", [Cell(number_format.text(_size(row))) for row in rows]),
            Column("Filled", [Cell(_filled(row)) for row in rows], 2),
            Column("Average", [Cell(number_format.nonzero(row.get("priceAvg"))) for row in rows], 7),
            Column("Status", [status(row) for row in rows], right=False),
            Column("Reduce", [Cell(_reduces(row)) for row in rows], 9, right=False),
            Column("TP", [Cell(number_format.nonzero(row.get("presetStopSurplusPrice"))) for row in rows], 8),
            Column("SL", [Cell(number_format.nonzero(row.get("presetStopLossPrice"))) for row in rows], 8),
        ]


def is_final(push: Push) -> bool:
    return number_format.text(push.data.get("status")) in _FINAL


def markets(pushes: Sequence[Push]) -> list[Column]:
    """Symbol and, where there are several, market."""
    several = len({push.market for push in pushes}) > 1
    named = [Cell(number_format.market(push.market) if several else "", QUIET) for push in pushes]
    symbols = [Cell(number_format.text(push.symbol)) for push in pushes]
    return [Column("Symbol", symbols, right=False), Column("Market", named, 9, right=False)]


def status(row: Mapping[str, Any]) -> Cell:
    word = number_format.text(row.get("status"))
    return Cell(word.replace("_", " "), _TONES.get(word, ""))


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
    kind, force = number_format.text(row.get("orderType")), number_format.text(row.get("force"))
    return kind if kind == "market" or not force else f"{kind} {force.replace('_', ' ')}"


def _price(row: Mapping[str, Any]) -> str:
    return "market" if row.get("orderType") == "market" else number_format.nonzero(row.get("price"))


def _size(row: Mapping[str, Any]) -> Any:
    """Of spot orders `newSize` counts, not `size`."""
    return row.get("newSize") or row.get("size")


def _filled(row: Mapping[str, Any]) -> str:
    """How much of it, in percent; "" where the size is in quote coin and cannot be compared."""
    done, size = number(row.get("accBaseVolume")), number(_size(row))
    is_quote = row.get("orderType") == "market" and row.get("side") == "buy" and "newSize" in row
    if done is None or not size or is_quote:
        return "100 %" if row.get("status") == "filled" else ""
    return f"{number_format.fixed(done / size * 100, 0)} %"


def _reduces(row: Mapping[str, Any]) -> str:
    return "yes" if number_format.text(row.get("reduceOnly")).lower() == "yes" else DASH if "reduceOnly" in row else ""
