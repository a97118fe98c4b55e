"""Rows as a table that fits a terminal, and an order book as a ladder; live tables are drawn by the same lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain, zip_longest
from textwrap import wrap
from typing import Any, NamedTuple, TextIO

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.output.cells import QUIET, STRONG, Cell, Line, aligned, cell, is_quantity, side_tone, text_of
from bitget_cli.output.columns import brief, chosen, everything, label, peek, reader, unfolded
from bitget_cli.output.plain import cell_text, is_number, sanitise
from bitget_cli.output.times import Times
from bitget_cli.results import Rows

_GAP = 2
# A column of text is not cut below this while another can leave instead; and never below that.
_READABLE, _NARROWEST = 20, 8
# Fewer columns than these are no table: every row is a record then.
_FEWEST = 3


class Look(NamedTuple):
    """What the reader's terminal can show: its width in columns, and marks outside ASCII."""

    width: int
    marks: bool

    def narrower(self, by: int) -> Look:
        return self._replace(width=max(self.width - by, 1))


def can_write(characters: str, out: TextIO) -> bool:
    """Whether the locale has these characters; where it has not, ASCII stands for them."""
    try:
        characters.encode(out.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class Column(NamedTuple):
    """A heading and its cells. `right` aligns both; only an `elastic` one may be cut to make room, or, where it
    `wraps`, go on below itself.

    Of columns that do not fit, the one of the highest `rank` goes; rank 0 stays.
    """

    heading: str
    cells: Sequence[Cell]
    rank: int = 0
    right: bool = True
    elastic: bool = False
    wraps: bool = False


def table(columns: Sequence[Column], look: Look) -> list[Line] | None:
    """The heading and the rows, or None where the width does not hold them all."""
    widths = _fit(columns, look.width, least=_NARROWEST)
    return None if widths is None else grid(columns, widths, look)


class Fitted(NamedTuple):
    """A table of the columns that fit, and the headings of those that had to leave."""

    lines: list[Line]
    left: tuple[str, ...] = ()


def fitted_table(columns: Sequence[Column], look: Look) -> Fitted | None:
    """The table, without its secondary columns where the width asks for it; None where what is left would be none."""
    shown, left = list(columns), list[str]()
    while (widths := _fit(shown, look.width, least=_READABLE)) is None:
        at = max(range(len(shown)), key=lambda place: (shown[place].rank, place))
        if shown[at].rank == 0 or len(shown) <= _FEWEST:
            lines = table(shown, look)
            return None if lines is None else Fitted(lines, tuple(reversed(left)))
        left.append(shown.pop(at).heading)
    return Fitted(grid(shown, widths, look), tuple(reversed(left)))


def grid(columns: Sequence[Column], widths: Sequence[int], look: Look) -> list[Line]:
    """The heading and the rows, in columns of these widths; a row is one line where nothing in it wraps."""
    headings = [_wrapped(column.heading, width) for column, width in zip(columns, widths, strict=True)]
    height = max((len(words) for words in headings), default=0)
    # Headings of fewer lines stand on the rows.
    stacked = zip(*([""] * (height - len(words)) + words for words in headings), strict=True)
    head = [[Cell(text, STRONG) for text in line] for line in stacked]
    rows: Iterable[Sequence[Cell]] = zip(*(column.cells for column in columns), strict=True)
    if any(column.wraps for column in columns):
        rows = chain.from_iterable(_folded(row, columns, widths) for row in rows)
    return [_line(row, columns, widths, look) for row in (*head, *rows)]


def _folded(row: Sequence[Cell], columns: Sequence[Column], widths: Sequence[int]) -> Iterator[Sequence[Cell]]:
    """The lines of one row whose longest texts go on below themselves."""
    texts = [
        wrap(one.text, size, break_on_hyphens=False) if column.wraps else [one.text]
        for one, column, size in zip(row, columns, widths, strict=True)
    ]
    for parts in zip_longest(*texts, fillvalue=""):
        yield [Cell(text, one.tone if text else "") for text, one in zip(parts, row, strict=True)]


def pairs(rows: Sequence[tuple[str, Cell]], look: Look, *, at_least: int = 0) -> Iterator[Line]:
    """Labels and values in two columns, or, on a narrow terminal, each value below its label. Values are never cut.

    `at_least` is a width for the labels that several records share.
    """
    labels = max([at_least, *(width(label) for label, _ in rows)])
    beside = labels + _GAP + 16 <= look.width
    for name, value in rows:
        if beside:
            space = Cell(" " * (labels - width(name) + _GAP))
            yield [Cell(name, QUIET), space, value] if value.text else [Cell(name, QUIET)]
        else:
            yield [Cell(name, QUIET)]
            yield [Cell(" " * _GAP), value]


def width(text: str) -> int:
    """How many columns of a terminal the text fills."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, columns: int, *, marks: bool) -> str:
    """The text if it fits, else its beginning and an ellipsis."""
    if width(text) <= columns:
        return text
    end = "…" if marks else "~"
    text = text[:columns]
    while text and width(text) >= columns:
        text = text[:-1]
    return text + end


def _fit(columns: Sequence[Column], room: int, *, least: int) -> list[int] | None:
    """The width of each column: headings are wrapped first, then the widest text is cut; numbers and ids never are.

    No text is cut below `least` columns, nor below the longest word of its heading.
    """
    contents = [max((width(cell.text) for cell in column.cells), default=0) for column in columns]
    room -= _GAP * (len(columns) - 1)
    natural = [max(size, width(column.heading)) for size, column in zip(contents, columns, strict=True)]
    if sum(natural) <= room:
        return natural
    words = [max(map(width, column.heading.split()), default=0) for column in columns]
    widths = [max(size, word) for size, word in zip(contents, words, strict=True)]
    narrowest = [max(least, word) for word in words]
    while sum(widths) > room:
        spare = [(widths[at], at) for at, column in enumerate(columns) if column.elastic and widths[at] > narrowest[at]]
        if not spare:
            return None
        widths[max(spare)[1]] -= 1
    return widths


def _wrapped(heading: str, columns: int) -> list[str]:
    lines = [""]
    for word in heading.split():
        joined = f"{lines[-1]} {word}".strip()
        if width(joined) <= columns:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def _line(cells: Iterable[Cell], columns: Sequence[Column], widths: Sequence[int], look: Look) -> Line:
    """One row without the blanks at its end. Blanks have no colour, so that a reversed one covers its text alone."""
    line: list[Cell] = []
    space = ""
    for (text, tone), column, size in zip(cells, columns, widths, strict=True):
        shown = cut(text, size, marks=look.marks) if column.elastic else text
        word = shown.strip(" ")
        pad = " " * (size - width(shown))
        if not word:
            space += pad + shown + " " * _GAP
            continue
        before, after = shown[: len(shown) - len(shown.lstrip(" "))], shown[len(shown.rstrip(" ")) :]
        space += pad + before if column.right else before
        line += [Cell(space), Cell(word, tone)] if space and tone else [Cell(space + word, tone)]
        space = (after if column.right else after + pad) + " " * _GAP
    return line


_QUANTITIES = (FieldKind.NUMBER, FieldKind.SIGNED, FieldKind.RATIO, FieldKind.RATE)
_ELASTIC = (FieldKind.TEXT, FieldKind.NESTED)
_LONGEST_BAR = 24


def draw_rows(
    rows: Rows,
    names: tuple[str, ...] | None,
    *,
    write: Callable[[Iterable[Line]], None],
    look: Look,
    one_by_one: bool = False,
) -> None:
    """Write the rows and, below them, how many they are and in which zone their times are.

    With `one_by_one` every row is a record of all its fields, one a line.
    """
    if names is None and rows.subject and not one_by_one:
        from bitget_cli.output.in_words import in_words

        rows, one_by_one = in_words(rows)
    elif rows.unfold and names is None:
        rows = unfolded(rows)
    first, source = peek(rows.items)
    if names is None:
        fields = brief(() if one_by_one else rows.columns, fields=rows.fields, first=first)
    else:
        fields = chosen(names, fields=rows.fields, first=first)
    items: list[Any] = []
    try:
        items.extend(source)
    finally:
        # Where the source failed on its way, what had arrived is shown all the same.
        times = times_of(items, fields)
        lines, left = _fitted(items, fields, rows, look, times, whole=one_by_one, named=names is not None)
        said = (_count(len(items)), rows.footer, _left_out(rows, fields) if names is None else "")
        zone = times.zone if _shows_times(fields, left) else ""
        below = footer((*said, _gave_way(left, named=True), zone), look)
        if left and width(text_of(below)) > look.width:
            below = footer((*said, _gave_way(left, named=False), zone), look)
        write([*lines, below])


def _fitted(
    items: Sequence[Any], fields: Sequence[Field], rows: Rows, look: Look, times: Times, *, whole: bool, named: bool
) -> Fitted:
    """The items as a table of the columns that fit, or as records where they are wanted `whole` or nothing else does.

    Columns that were `named` by the reader do not leave.
    """
    if not items:
        return Fitted([])
    columns = _ranked(_columns(items, fields, look, times), fields, rows, named=named)
    if not named:
        # Advice that nobody needs takes no room, nor does what of our own words none has.
        columns = [
            column
            for column in columns
            if any(one.text.strip() for one in column.cells) or not (column.wraps or rows.subject)
        ]
    return (None if whole else fitted_table(columns, look)) or Fitted(_one_by_one(columns, look))


def table_lines(
    items: Sequence[Any], fields: Sequence[Field], look: Look, *, times: Times, ladder: bool = False
) -> list[Line]:
    """A table of the items, or, where the width does not hold it, every item as a record of its own."""
    columns = _columns(items, fields, look, times)
    if ladder:
        return _ladder(columns, items, fields, look)
    lines = table(columns, look)
    return lines if lines is not None else _one_by_one(columns, look)


def _columns(items: Sequence[Any], fields: Sequence[Field], look: Look, times: Times) -> list[Column]:
    return [_column(field, [reader(field)(item) for item in items], look, times) for field in fields]


def _ranked(columns: Sequence[Column], fields: Sequence[Field], rows: Rows, *, named: bool) -> list[Column]:
    """Which may leave, from the right on: none that was asked for by name, nor the first, nor one that stays."""
    return [
        column._replace(
            rank=0 if named or place == 0 or field.name in rows.stay else place, wraps=field.name in rows.wrap
        )
        for place, (column, field) in enumerate(zip(columns, fields, strict=True))
    ]


def _gave_way(left: Sequence[str], *, named: bool) -> str:
    if not left:
        return ""
    count = "1 more column" if len(left) == 1 else f"{len(left)} more columns"
    names = f": {', '.join(left)}" if named else ""
    return f"{count} with -o record or --fields{names}"


def _shows_times(fields: Sequence[Field], left: Sequence[str]) -> bool:
    return any(field.kind is FieldKind.TIME and _heading(field) not in left for field in fields)


def times_of(items: Sequence[Any], fields: Sequence[Field]) -> Times:
    readers = [reader(field) for field in fields if field.kind is FieldKind.TIME]
    return Times(read(item) for read in readers for item in items)


def footer(parts: Sequence[str], look: Look) -> Line:
    separator = " · " if look.marks else " - "
    return [Cell(separator.join(sanitise(part) for part in parts if part), QUIET)]


def _heading(field: Field) -> str:
    return sanitise(label(field), limit=40)


def _column(field: Field, values: Sequence[Any], look: Look, times: Times) -> Column:
    heading = _heading(field)
    if field.kind is FieldKind.TIME:
        return Column(heading, [Cell(text) for text in times.texts(values)], right=False)
    cells = [cell(value, field.kind, marks=look.marks) for value in values]
    if field.kind not in _QUANTITIES:
        return Column(heading, cells, right=False, elastic=field.kind in _ELASTIC)
    if not all(is_quantity(one.text) for one in cells):
        return Column(heading, cells, right=False, elastic=True)
    return Column(heading, aligned(cells))


def _one_by_one(columns: Sequence[Column], look: Look) -> list[Line]:
    """Every row as a record of what is not empty in it, with a blank line between."""
    labels = max((width(column.heading) for column in columns), default=0)
    lines: list[Line] = []
    for cells in zip(*(column.cells for column in columns), strict=True):
        values = [
            (column.heading, Cell(one.text.strip(), one.tone)) for column, one in zip(columns, cells, strict=True)
        ]
        rows = [(heading, value) for heading, value in values if value.text]
        lines += [*([[]] if lines else []), *pairs(rows, look, at_least=labels)]
    return lines


def _ladder(columns: list[Column], items: Sequence[Any], fields: Sequence[Field], look: Look) -> list[Line]:
    """An order book: prices in the colour of their side, a rule where the sides meet, a bar for each size."""
    side = next((reader(field) for field in fields if field.kind is FieldKind.SIDE), None)
    sides = [cell_text(side(item)) if side else "" for item in items]
    numbers = [at for at, field in enumerate(fields) if field.kind is FieldKind.NUMBER]
    bars = [_bars(columns[at].cells, sides) for at in numbers[-1:] if look.marks and side]
    for at in numbers[:1]:
        tinted = [Cell(one.text, side_tone(name)) for one, name in zip(columns[at].cells, sides, strict=True)]
        columns[at] = columns[at]._replace(cells=tinted)
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
    return column._replace(cells=cells)


def _bars(sizes: Sequence[Cell], sides: Sequence[str]) -> Column:
    known = [Decimal(text) if is_number(text := size.text.strip()) else Decimal(0) for size in sizes]
    largest = max(known, default=Decimal(0)) or Decimal(1)
    lengths = [int(size / largest * _LONGEST_BAR) for size in known]
    bars = [Cell("█" * length, side_tone(name)) for length, name in zip(lengths, sides, strict=True)]
    return Column("", bars, right=False)


def _left_out(rows: Rows, shown: Sequence[Field]) -> str:
    """What no cell has room for, where the command did not choose its columns."""
    if rows.columns:
        return ""
    there = {field.name for field in shown}
    names = [field.name for field in everything(rows.fields, first=None) if rows.fields and field.name not in there]
    return f"{', '.join(names)} with --json" if names else ""


def _count(rows: int) -> str:
    return "no rows" if rows == 0 else "1 row" if rows == 1 else f"{rows} rows"
