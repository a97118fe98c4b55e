"""The terminal under a live table: the other screen, lines drawn only where they changed, and all of it put back.

Written by hand rather than with Rich's Live, as `output/grid.py` is: only changed lines are written, so nothing
flickers, and a frame costs about a millisecond.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from bitget_cli.output.grid import width

# The other screen, the cursor hidden, no wrapping at the right edge; and back.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
_LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
# A terminal that knows it shows all of what is between at once; others ignore it.
_TOGETHER, _SHOWN = "\x1b[?2026h", "\x1b[?2026l"
_CODE = re.compile(r"(\x1b\[[0-9;]*m)")


class Frame:
    """A screenful of lines."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._drawn: list[str] = []
        self._size = (0, 0)
        self._is_entered = False

    def enter(self) -> None:
        self._is_entered = True
        self._out.write(_ENTER)
        self._out.flush()

    def leave(self) -> None:
        """The screen and the cursor as they were. Once is enough; a terminal that has gone needs nothing."""
        if self._is_entered:
            self._is_entered = False
            with suppress(OSError, ValueError):
                self._out.write(_LEAVE)
                self._out.flush()

    def size(self) -> tuple[int, int]:
        """Columns and lines of the terminal now."""
        try:
            columns, lines = os.get_terminal_size(self._out.fileno())
        except (OSError, ValueError):
            columns, lines = shutil.get_terminal_size()
        return max(columns, 1), max(lines, 1)

    def forget(self) -> None:
        """Somebody else may have written here: the next frame is drawn whole."""
        self._size = (0, 0)

    def draw(self, lines: Sequence[str], size: tuple[int, int]) -> None:
        """Write what differs from the frame before; everything where the terminal's size does."""
        columns, height = size
        wanted = [crop(line, columns) for line in lines[:height]]
        wanted += [""] * (height - len(wanted))
        text = ""
        if size != self._size:
            self._size, self._drawn, text = size, [""] * height, "\x1b[2J"
        for row, (line, before) in enumerate(zip(wanted, self._drawn, strict=True), 1):
            if line != before:
                # At the right edge the cursor stands on the last character, which must not be erased.
                rest = "\x1b[K" if width(bare(line)) < columns else ""
                text += f"\x1b[{row};1H{line}{rest}"
        self._drawn = wanted
        if text:
            self._out.write(f"{_TOGETHER}{text}{_SHOWN}")
            self._out.flush()


def crop(line: str, columns: int) -> str:
    """The beginning of a line that fits; colour codes take no room, and end with the line."""
    if len(line) <= columns and line.isascii():
        return line
    if width(bare(line)) <= columns:
        return line
    kept, room = "", columns
    for part in _CODE.split(line):
        if part.startswith("\x1b"):
            kept += part
            continue
        while part and width(part) > room:
            part = part[: room if part.isascii() else -1]
        kept, room = kept + part, room - width(part)
        if room <= 0:
            break
    return kept + "\x1b[0m" if "\x1b" in kept else kept


def bare(line: str) -> str:
    """The line without its colours."""
    return _CODE.sub("", line)
