"""Results for programs: exact JSON, NDJSON, CSV and TSV, each row written as it arrives.

Text from elsewhere is made safe to print: what could steer a terminal is shown, not obeyed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, TextIO

from bitget_cli.catalogue.model import Field
from bitget_cli.output.columns import reader
from bitget_cli.values import WireNumber

# Marks that stack on the letter before them; three are a language, thirty are an attack on the lines around.
_MARK = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
_UNSAFE = (
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # invisible, among them the Arabic letter mark
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line separators, every bidi control
    "\u3164\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"  # fillers, non-characters, lone surrogates
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    f"|(?<=[{_MARK}]{{3}})[{_MARK}]"
)


def sanitise(text: str, *, limit: int | None = None) -> str:
    """The text with all that could steer a terminal made visible (`\\x07`, `\\u202e`), cut at `limit` characters.

    Newline and tab are escaped too: one value is always one line.
    """
    cut = limit is not None and len(text) > limit
    if cut:
        text = text[:limit]
    # Plain ASCII, which nearly all of it is, needs no search, and compiles no pattern.
    if not (text.isascii() and text.isprintable()):
        text = re.sub(_UNSAFE, _visible, text)
    return text + "…" if cut else text


def fitted(text: str, stream: TextIO) -> str:
    """Sentences for a terminal as wide as it is, broken between words; for anything else they stay as they are."""
    if not stream.isatty():
        return text
    try:
        width = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError):
        return text
    if width <= 0 or len(text) <= width:
        return text
    return "\n".join(_broken(line, width) for line in text.split("\n"))


def _broken(line: str, width: int) -> str:
    """A line that is indented goes on below its own beginning."""
    from textwrap import fill

    margin = line[: len(line) - len(line.lstrip(" "))]
    return fill(line, width, subsequent_indent=margin, break_long_words=False, break_on_hyphens=False) if line else line


def _visible(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


# JSON is exact: numbers keep the digits the exchange sent, keys keep their order. It is ASCII only, and the other two
# escape control characters, so nothing the exchange sends can steer a terminal that a pipe happens to end in.

# Patterns are compiled on first use (`re` keeps them): JSON needs neither.
_NUMBER = r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?"
# What a spreadsheet may take for a formula, also behind blanks, controls and invisible characters, or typed full-width.
_FORMULA = r"[\t\r]|[\s\x00-\x20\u200b-\u200f\u2060-\u2064\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]"


def to_json(value: Any, *, indent: bool = False) -> str:
    """JSON text of what was parsed: a WireNumber as its own digits, everything outside ASCII as an escape.

    One line, or with `indent` two spaces a level. Raises TypeError for a float: it would not be exact.
    """
    return _indented(value, "\n") if indent else _compact(value)


def write_json(items: Iterable[Any], *, out: TextIO, indent: bool = False) -> None:
    """An array, one row a line (or indented), written as the rows come. A failure on the way leaves it unclosed."""
    before = "["
    for item in items:
        out.write(before + ("\n  " + _indented(item, "\n  ") if indent else _compact(item)))
        out.flush()
        before = "," if indent else ",\n"
    out.write("[]\n" if before == "[" else "\n]\n" if indent else "]\n")


def write_ndjson(items: Iterable[Any], *, out: TextIO) -> None:
    for item in items:
        out.write(_compact(item) + "\n")
        out.flush()


def write_csv(items: Iterable[Any], columns: tuple[Field, ...], *, out: TextIO) -> None:
    """RFC 4180 with a header. A row is always one line, so that `wc -l` counts rows."""
    import csv

    readers = [reader(field) for field in columns]
    # QUOTE_MINIMAL leaves numbers bare, which is what tax programs read.
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow([csv_cell(field.name) for field in columns])
    out.flush()
    for item in items:
        rows.writerow([csv_cell(read(item)) for read in readers])
        out.flush()


def write_tsv(items: Iterable[Any], columns: tuple[Field, ...], *, out: TextIO) -> None:
    """No header, nothing cut. Tab, newline and backslash in a cell are `\\t`, `\\n` and `\\\\`."""
    readers = [reader(field) for field in columns]
    for item in items:
        out.write("\t".join([tsv_cell(read(item)) for read in readers]) + "\n")
        out.flush()


def cell_text(value: Any) -> str:
    """One value as the text of one cell: nothing for null, compact JSON for an object or a list."""
    if isinstance(value, str):
        return value
    return "" if value is None else _compact(value)


def is_number(text: str) -> bool:
    """Whether the text is a decimal number in plain ASCII digits, with or without a sign."""
    return re.fullmatch(_NUMBER, text) is not None


def csv_cell(value: Any) -> str:
    """A cell of CSV, made inert where a spreadsheet would run it as a formula; numbers, also negative ones, stay."""
    text = cell_text(value)
    if not text[:1].isalnum() and re.match(_FORMULA, text) and not is_number(text):
        text = "'" + text
    return sanitise(text)


def tsv_cell(value: Any) -> str:
    """A cell of TSV, on one line and without a tab."""
    return sanitise(cell_text(value).replace("\\", "\\\\"))


def _compact(value: Any) -> str:
    if isinstance(value, dict):
        parts = [f"{_quoted(key)}:{_quoted(v) if type(v) is str else _compact(v)}" for key, v in value.items()]
        return "{" + ",".join(parts) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_compact, value)) + "]"
    return _single(value)


def _indented(value: Any, margin: str) -> str:
    deeper = margin + "  "
    if isinstance(value, Mapping) and value:
        parts = [f"{deeper}{_quoted(key)}: {_indented(v, deeper)}" for key, v in value.items()]
        return "{" + ",".join(parts) + margin + "}"
    if isinstance(value, list | tuple) and value:
        return "[" + ",".join([deeper + _indented(part, deeper) for part in value]) + margin + "]"
    return _compact(value)


def _single(value: Any) -> str:
    if type(value) is WireNumber:
        return value
    if isinstance(value, str):
        return _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return _compact(dict(value))
    raise TypeError(f"{type(value).__name__} has no exact JSON form")
