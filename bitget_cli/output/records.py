"""One thing at a time: a record with its parts, and the answer of a command that changed something."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.output.cells import BAD, DASH, DOUBTFUL, GOOD, QUIET, Cell, Line, cell, text_of
from bitget_cli.output.columns import brief, chosen, everything, label, reader
from bitget_cli.output.plain import sanitise
from bitget_cli.output.table import Look, can_write, draw_rows, footer, pairs, table_lines, times_of
from bitget_cli.output.times import Times
from bitget_cli.results import Done, Record, Rows

_MARKS = {"rejected": ("✗", BAD), "not_placed": ("✗", BAD), "unknown": ("?", DOUBTFUL)}
# Not a dash, which is how a flag says no.
_NONE = Cell("none", QUIET)
# Objects within objects are drawn this deep, and written as JSON below.
_DEEPEST = 3


def record_lines(shown: Record, names: tuple[str, ...] | None, look: Look) -> Iterator[Line]:
    """The record's own lines first, then labels and values, then what is nested in it, then remarks."""
    remarks = []
    if shown.lines is not None and names is None:
        yield from _ladder(shown.lines, look)
        remarks.append(shown.lines.footer)
    if names is not None:
        fields, left_out = chosen(names, fields=shown.fields, first=shown.value), 0
    else:
        fields, left_out = _worth_showing(shown)
    times = times_of([shown.value], fields)
    yield from _parts(shown.value, fields, look, known=shown.fields, times=times)
    empty = "1 empty field left out" if left_out == 1 else f"{left_out} empty fields left out"
    remarks += [empty if left_out else "", times.zone]
    if any(remarks):
        yield footer(remarks, look)


def done_lines(answer: Done, look: Look) -> Iterator[Line]:
    """`✓ placed BTCUSDT on paper`, what came of it, the ids, and whatever else Bitget answered."""
    mark, tone = _MARKS.get(answer.outcome, ("✓", GOOD))
    words = [answer.outcome.replace("_", " "), answer.symbol or "", "on", answer.env]
    sentence = sanitise(" ".join(word for word in words if word), limit=200)
    yield [Cell(f"{mark} {sentence}" if look.marks else sentence, tone)]
    yield from ([Cell(sanitise(line, limit=200))] for line in answer.told)
    ids = (("order id", answer.order_id), ("client id", answer.client_oid))
    yield from pairs([(name, cell(text, FieldKind.ID)) for name, text in ids if text], look)
    rest = _news(answer)
    if not rest:
        return
    fields = tuple(field for field in everything(answer.fields, first=rest) if field.name in rest)
    times = times_of([rest], fields)
    yield from _parts(rest, fields, look, known=answer.fields, times=times)
    if times.zone:
        yield footer([times.zone], look)


def _ladder(rows: Rows, look: Look) -> Iterator[Line]:
    items = list(rows.items)
    fields = brief(rows.columns, fields=rows.fields, first=items[0] if items else None)
    yield from table_lines(items, fields, look, times=times_of(items, fields), ladder=True)
    yield []


def _worth_showing(shown: Record) -> tuple[tuple[Field, ...], int]:
    """Every field that is not empty, and how many were left out for that: one thing has room for all of itself."""
    if shown.lines:
        single = brief((), fields=shown.fields, first=shown.value)
        return tuple(field for field in single if field.kind is not FieldKind.NESTED), 0
    fields = everything(shown.fields, first=shown.value)
    places = {name: place for place, name in enumerate(shown.together)}
    present = [field for field in fields if not _is_empty(reader(field)(shown.value))]
    present.sort(key=lambda field: places.get(field.name, len(places)))
    return tuple(present), len(fields) - len(present)


def _news(answer: Done) -> dict[str, Any]:
    """What Bitget answered beyond the ids already shown."""
    told = answer.response if isinstance(answer.response, dict) else {"response": answer.response}
    shown = {"orderId": answer.order_id, "clientOid": answer.client_oid}
    return {
        key: value
        for key, value in told.items()
        if not (_is_empty(value) or (value and shown.get(key) == value) or (key == "symbol" and value == answer.symbol))
    }


def _parts(
    value: Any, fields: Sequence[Field], look: Look, *, known: Sequence[Field], times: Times, depth: int = 1
) -> Iterator[Line]:
    """Single values as pairs, aligned with each other; below them every list of objects under its label."""
    single: list[tuple[str, Cell]] = []
    nested: list[tuple[Field, Any]] = []
    moments = iter(times.texts([reader(field)(value) for field in fields if field.kind is FieldKind.TIME]))
    for field in fields:
        part = reader(field)(value)
        if depth < _DEEPEST and _has_parts(part):
            nested.append((field, part))
            continue
        shown = Cell(next(moments)) if field.kind is FieldKind.TIME else cell(part, field.kind, marks=look.marks)
        single.append((sanitise(label(field), limit=40), shown if shown.text else _NONE))
    yield from pairs(single, look)
    for field, part in nested:
        yield [Cell(sanitise(label(field), limit=40), QUIET)]
        yield from _nested(part, _children(field, known), look, depth=depth)


def _nested(part: Any, fields: tuple[Field, ...], look: Look, *, depth: int) -> Iterator[Line]:
    inner = look.narrower(2)
    if isinstance(part, list):
        shown = brief((), fields=fields, first=part[0]) if fields else everything((), first=_united(part))
        lines: Iterator[Line] = iter(table_lines(part, shown, inner, times=times_of(part, shown)))
    else:
        shown = everything(fields, first=part)
        lines = _parts(part, shown, inner, known=fields, times=times_of([part], shown), depth=depth + 1)
    for line in lines:
        yield [Cell("  "), *line] if line else []


def _children(field: Field, known: Sequence[Field]) -> tuple[Field, ...]:
    """What the catalogue says of the parts of a nested field, named as they are within it."""
    start = field.name.replace("[]", "") + "."
    named = [(child, child.name.replace("[]", "")) for child in known]
    return tuple(
        Field(name.removeprefix(start), child.label, child.kind, child.place)
        for child, name in named
        if name.startswith(start) and "." not in name.removeprefix(start)
    )


def _united(parts: list[Any]) -> Any:
    """One object with every field that any of the parts has; not all failures of a batch tell the same."""
    told = [part for part in parts if isinstance(part, dict)]
    return {name: None for part in told for name in part} if told else parts[0]


def _has_parts(value: Any) -> bool:
    if isinstance(value, list):
        return any(isinstance(part, dict | list) for part in value)
    return isinstance(value, dict) and bool(value)


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | dict | list) and not value)


# The width of a table that no terminal bounds: in a file it is not cut.
_UNBOUNDED = 1_000_000
_DONE_MARKS = f"✓✗…·─█{DASH}"


def draw(
    result: Rows | Record | Done,
    *,
    fields: tuple[str, ...] | None,
    out: TextIO,
    terminal: bool,
    color: bool,
    one_by_one: bool = False,
) -> None:
    """Write the result for a person; the arguments are those of `render.show`. With `one_by_one` a field has a line."""
    marks = can_write(_DONE_MARKS, out)
    write: Callable[[Iterable[Line]], None]
    if terminal:
        from bitget_cli.output.terminal import Drawing, console_on

        console = console_on(out, color=color)
        look, write = Look(console.width, marks), lambda lines: console.print(Drawing(lines))
    else:
        look, write = Look(_UNBOUNDED, marks), lambda lines: out.writelines(f"{text_of(line)}\n" for line in lines)
    _draw(result, fields, write=write, look=look, one_by_one=one_by_one)


def drawn(result: Rows | Record | Done, *, fields: tuple[str, ...] | None, width: int, one_by_one: bool) -> list[Line]:
    """The lines that `draw` writes on a terminal of that width."""
    lines: list[Line] = []
    _draw(result, fields, write=lines.extend, look=Look(width, marks=True), one_by_one=one_by_one)
    return lines


def _draw(
    result: Rows | Record | Done,
    fields: tuple[str, ...] | None,
    *,
    write: Callable[[Iterable[Line]], None],
    look: Look,
    one_by_one: bool,
) -> None:
    if isinstance(result, Rows):
        draw_rows(result, fields, write=write, look=look, one_by_one=one_by_one)
    elif isinstance(result, Done) and fields is None:
        write(done_lines(result, look))
    else:
        record = Record(result.record(), ()) if isinstance(result, Done) else result
        write(record_lines(record, fields, look))
