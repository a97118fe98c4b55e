"""Shows a result to this reader: the one place that knows every shape and every form."""

from __future__ import annotations

from collections.abc import Iterable
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

from bitget_cli.catalogue.model import Field
from bitget_cli.errors import BitgetError
from bitget_cli.output.columns import brief, chosen, everything, peek, select, unfolded
from bitget_cli.output.plain import fitted, sanitise, to_json, write_csv, write_json, write_ndjson, write_tsv
from bitget_cli.results import FILLED_COLUMNS, OUTCOME_COLUMNS, Done, Feed, Lines, Record, Result, Rows

if TYPE_CHECKING:
    from bitget_cli.runtime import Clock

# A sentence longer than this is not one: somebody else's text is in it.
_LONGEST_MESSAGE = 2000


class _Page(NamedTuple):
    """Where a result goes and how it was asked for."""

    form: str
    fields: tuple[str, ...] | None
    out: TextIO
    indent: bool

    @property
    def is_json(self) -> bool:
        return self.form in ("json", "ndjson")


def show(
    result: Result, *, form: str, fields: tuple[str, ...] | None, out: TextIO, terminal: bool, color: bool
) -> None:
    """Write the result to `out` in one of `values.FORMS`.

    `fields` are the names of `--fields`; None means what suits the form. Rows are written as they arrive, save in a
    table, which is drawn with what had arrived if the source fails. Raises UsageError for an unknown field, and
    whatever the source of the rows raises.
    """
    _never_refuse_a_character(out)
    page = _Page(form, fields, out, indent=terminal and form == "json")
    if isinstance(result, Lines):
        _show_lines(result, page)
    elif isinstance(result, Feed):
        raise TypeError("a feed is played")
    elif form in ("table", "record") and result is not None:
        from bitget_cli.output import records

        records.draw(result, fields=fields, out=out, terminal=terminal, color=color, one_by_one=form == "record")
    elif isinstance(result, Rows):
        _show_rows(result, page)
    elif isinstance(result, Done):
        columns = OUTCOME_COLUMNS if result.filled is None else FILLED_COLUMNS
        columns = (*columns, "response") if result.whole else columns
        _show_record(Record(result.record(), (), columns), page)
    elif isinstance(result, Record):
        _show_record(result, page)
    out.flush()


def play(
    feed: Feed,
    *,
    form: str,
    fields: tuple[str, ...] | None,
    out: TextIO,
    err: TextIO,
    stdin: TextIO,
    color: bool,
    clock: Clock,
    times: str | None = None,
    save: str | None = None,
) -> None:
    """Show a stream until it ends, or its reader or its limits end it; remarks in `err`, keys from `stdin`. Moments are
    written in the style `times`; `save` is where a picture of a live table goes in the end.

    Raises UsageError for an unknown field or a table that has no terminal, and whatever `stream.play` raises.
    """
    from bitget_cli.output.stream import play as show_until_its_end
    from bitget_cli.output.stream_lines import Reader

    _never_refuse_a_character(out)
    _never_refuse_a_character(err)
    show_until_its_end(feed, Reader(form, fields, out, err, stdin, color, clock, times, save))


def show_failure(error: BitgetError, *, as_json: bool, err: TextIO, color: bool) -> None:
    """One sentence and the next step for a person, or one JSON object for a program."""
    _never_refuse_a_character(err)
    if as_json:
        err.write(to_json(error.record()) + "\n")
    else:
        from bitget_cli.output.cells import Cell, text_of

        told = (("error:", "bold red", _sentence(error)), ("hint:", "cyan", error.hint))
        lines = []
        for word, tone, text in told:
            if text:
                first, *rest = fitted(f"{word} {sanitise(text, limit=_LONGEST_MESSAGE)}", err).split("\n")
                lines += [[Cell(word, tone), Cell(first.removeprefix(word))], *([Cell(line)] for line in rest)]
        if color:
            from bitget_cli.output.terminal import Drawing, console_on

            console_on(err, color=True).print(Drawing(lines))
        else:
            err.writelines(f"{text_of(line)}\n" for line in lines)
    err.flush()


def _sentence(error: BitgetError) -> str:
    """The message, and Bitget's own words where the message does not have them already.

    Of an unknown stream (30001) those are its arguments one after another, which JSON has and no person needs.
    """
    told = () if error.code == "30001" else (error.code, error.msg)
    own = [text for text in told if text and text not in error.message]
    return f"{error.message} (Bitget: {' '.join(own)})" if own else error.message


def _show_rows(rows: Rows, page: _Page) -> None:
    if rows.unfold and page.fields is None and not page.is_json:
        rows = unfolded(rows)
    first, items = peek(rows.items)
    wanted = None if page.fields is None else chosen(page.fields, fields=rows.fields, first=first)
    if page.form == "csv":
        write_csv(items, wanted or everything(rows.fields, first=first), out=page.out)
    elif page.form == "tsv":
        write_tsv(items, wanted or _tsv_columns(rows, first), out=page.out)
    else:
        shown: Iterable[Any] = items if wanted is None else (select(item, wanted) for item in items)
        if page.form == "json":
            write_json(shown, out=page.out, indent=page.indent)
        else:
            write_ndjson(shown, out=page.out)


def _tsv_columns(rows: Rows, first: Any) -> tuple[Field, ...]:
    """The command's own columns; else every field of the catalogue, since a pipe has room for all of them."""
    if rows.columns:
        return brief(rows.columns, fields=rows.fields, first=first)
    # What the exchange sends beyond the catalogue would come and go.
    return everything(rows.fields, first=None if rows.fields else first)


def _show_record(record: Record, page: _Page) -> None:
    """One thing is one object, or one line (below a header in CSV), or the lines it reads as: a book's levels."""
    if page.is_json:
        _show_object(record.value, record.fields, page)
    else:
        _show_rows(record.lines or Rows((record.value,), record.fields, record.columns), page)


def _show_object(value: Any, known: tuple[Field, ...], page: _Page) -> None:
    if page.fields is not None:
        value = select(value, chosen(page.fields, fields=known, first=value))
    page.out.write(to_json(value, indent=page.indent) + "\n")


def _show_lines(lines: Lines, page: _Page) -> None:
    if page.is_json:
        _show_object(dict(lines.value), (), page)
        page.out.flush()
    # Read to its end in every form: the source may be a server that runs while it is read.
    for text in lines.text:
        if not page.is_json:
            page.out.write(text + "\n")
            page.out.flush()


def _never_refuse_a_character(stream: TextIO) -> None:
    """A locale that cannot encode a coin's name shows it as an escape instead of failing half way.

    The POSIX locale has `surrogateescape`, which lets through what was read as bytes, and refuses the rest.
    """
    if isinstance(stream, TextIOWrapper) and stream.errors in ("strict", "surrogateescape"):
        stream.reconfigure(errors="backslashreplace")
