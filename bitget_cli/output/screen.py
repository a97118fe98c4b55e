"""What a person sees on a screen: a table, a record or a one-line answer."""

from __future__ import annotations

import shutil
from typing import TextIO

from bitget_cli.output.cells import DASH
from bitget_cli.output.grid import Look
from bitget_cli.output.records import done_lines, record_lines
from bitget_cli.output.tables import draw_rows
from bitget_cli.results import Done, Record, Rows

# The width of a table that no terminal bounds: in a file it is not cut.
_UNBOUNDED = 1_000_000
_MARKS = f"✓✗…·─█{DASH}"


def draw(
    result: Rows | Record | Done, *, fields: tuple[str, ...] | None, out: TextIO, terminal: bool, color: bool
) -> None:
    """Write the result for a person; the arguments are those of `show.show`."""
    room = shutil.get_terminal_size().columns if terminal else _UNBOUNDED
    look = Look(room, color, marks=_can_write(_MARKS, out))
    if isinstance(result, Rows):
        draw_rows(result, fields, out=out, look=look)
        return
    if isinstance(result, Done) and fields is None:
        lines = done_lines(result, look)
    else:
        record = Record(result.record(), ()) if isinstance(result, Done) else result
        lines = record_lines(record, fields, look)
    out.writelines(line + "\n" for line in lines)


def _can_write(characters: str, out: TextIO) -> bool:
    try:
        characters.encode(out.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
