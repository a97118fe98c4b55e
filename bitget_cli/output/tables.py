"""Rows as a table, and an order book as a ladder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TextIO

from bitget_cli.catalogue.rows import Field, Kind
from bitget_cli.output.cells import QUIET, Cell, align, cell, is_quantity, side_tone
from bitget_cli.output.columns import brief, chosen, everything, label, peek, reader, unfolded
from bitget_cli.output.grid import Column, Look, pairs, table, width
from bitget_cli.output.plain import cell_text, is_number
from bitget_cli.output.safety import sanitise
from bitget_cli.output.times import Times
from bitget_cli.results import Rows

_QUANTITIES = (Kind.NUMBER, Kind.SIGNED, Kind.RATIO, Kind.RATE)
_ELASTIC = (Kind.TEXT, Kind.NESTED)
_LONGEST_BAR = 24


def draw_rows(rows: Rows, names: tuple[str, ...] | None, *, out: TextIO, look: Look) -> None:
    """Write the rows and, below them, how many they are and in which zone their times are."""
    if rows.unfold and names is None:
        rows = unfolded(rows)
    first, source = peek(rows.items)
    if names is None:
        fields = brief(rows.columns, fields=rows.fields, first=first)
    else:
        fields = chosen(names, fields=rows.fields, first=first)
    items: list[Any] = []
    try:
        items.extend(source)
    finally:
        # Where the source failed on its way, what had arrived is shown all the same.
        times = times_of(items, fields)
        lines = table_lines(items, fields, look, times=times) if items else []
        left_out = _left_out(rows, fields) if names is None else ""
        lines.append(footer((_count(len(items)), rows.footer, left_out, times.zone), look))
        out.writelines(line + "\n" for line in lines)


def table_lines(
    items: Sequence[Any], fields: Sequence[Field], look: Look, *, times: Times, ladder: bool = False
) -> list[str]:
    """A table of the items, or, where the width does not hold it, every item as a record of its own."""
    columns = [_column(field, [reader(field)(item) for item in items], look, times) for field in fields]
    if ladder:
        return _ladder(columns, items, fields, look)
    lines = table(columns, look)
    return lines if lines is not None else _one_by_one(columns, look)


def times_of(items: Sequence[Any], fields: Sequence[Field]) -> Times:
    readers = [reader(field) for field in fields if field.kind is Kind.TIME]
    return Times(read(item) for read in readers for item in items)


def footer(parts: Sequence[str], look: Look) -> str:
    separator = " · " if look.marks else " - "
    return look.paint(separator.join(sanitise(part) for part in parts if part), QUIET)


def _column(field: Field, values: Sequence[Any], look: Look, times: Times) -> Column:
    heading = sanitise(label(field), limit=40)
    if field.kind is Kind.TIME:
        return Column(heading, [Cell(text) for text in times.texts(values)])
    cells = [cell(value, field.kind, marks=look.marks) for value in values]
    if field.kind not in _QUANTITIES:
        return Column(heading, cells, elastic=field.kind in _ELASTIC)
    if not all(is_quantity(one.text) for one in cells):
        return Column(heading, cells, elastic=True)
    aligned = align([one.text for one in cells])
    return Column(heading, [Cell(text, one.tone) for text, one in zip(aligned, cells, strict=True)], right=True)


def _one_by_one(columns: Sequence[Column], look: Look) -> list[str]:
    """Every row as a record of what is not empty in it, with a blank line between."""
    labels = max(width(column.heading) for column in columns)
    lines: list[str] = []
    for cells in zip(*(column.cells for column in columns), strict=True):
        values = [
            (column.heading, Cell(one.text.strip(), one.tone)) for column, one in zip(columns, cells, strict=True)
        ]
        rows = [(heading, value) for heading, value in values if value.text]
        lines += [*([""] if lines else []), *pairs(rows, look, at_least=labels)]
    return lines


def _ladder(columns: list[Column], items: Sequence[Any], fields: Sequence[Field], look: Look) -> list[str]:
    """An order book: prices in the colour of their side, a rule where the sides meet, a bar for each size."""
    side = next((reader(field) for field in fields if field.kind is Kind.SIDE), None)
    sides = [cell_text(side(item)) if side else "" for item in items]
    numbers = [at for at, field in enumerate(fields) if field.kind is Kind.NUMBER]
    bars = [_bars(columns[at].cells, sides) for at in numbers[-1:] if look.marks and side]
    for at in numbers[:1]:
        tinted = [Cell(one.text, side_tone(name)) for one, name in zip(columns[at].cells, sides, strict=True)]
        columns[at] = replace(columns[at], cells=tinted)
    ruled = [_ruled(column, sides, look) for column in (*columns, *bars)]
    lines = table(ruled, look) or table(ruled[: len(columns)], look)
    return lines if lines is not None else _one_by_one(columns, look)


def _ruled(column: Column, sides: Sequence[str], look: Look) -> Column:
    size = width(column.heading) and max(width(text) for text in (column.heading, *(one.text for one in column.cells)))
    rule = Cell(("─" if look.marks else "-") * size, QUIET)
    cells: list[Cell] = []
    for at, one in enumerate(column.cells):
        meeting = at > 0 and sides[at] != sides[at - 1]
        cells += [rule, one] if meeting else [one]
    return replace(column, cells=cells)


def _bars(sizes: Sequence[Cell], sides: Sequence[str]) -> Column:
    known = [Decimal(text) if is_number(text := size.text.strip()) else Decimal(0) for size in sizes]
    largest = max(known, default=Decimal(0)) or Decimal(1)
    lengths = [int(size / largest * _LONGEST_BAR) for size in known]
    return Column("", [Cell("█" * length, side_tone(name)) for length, name in zip(lengths, sides, strict=True)])


def _left_out(rows: Rows, shown: Sequence[Field]) -> str:
    """What no cell has room for, where the command did not choose its columns."""
    if rows.columns:
        return ""
    there = {field.name for field in shown}
    names = [field.name for field in everything(rows.fields, first=None) if rows.fields and field.name not in there]
    return f"{', '.join(names)} with --json" if names else ""


def _count(rows: int) -> str:
    return "no rows" if rows == 0 else "1 row" if rows == 1 else f"{rows} rows"
