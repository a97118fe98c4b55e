"""A question with a clock, on a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TextIO

from bitget_cli import unix


def ask_within(left: Callable[[], float], *, stdin: TextIO, stderr: TextIO, redraws: bool) -> bool | None:
    """Ask whether to go ahead while `left` (seconds) is above zero; None when time ran out.

    One line counts down where the terminal `redraws`. What was typed before the question does not answer it; anything
    but yes is no.
    """
    unix.forget_typed(stdin)
    shown = math.ceil(left())
    stderr.write(_question(shown))
    while (seconds := left()) > 0:
        stderr.flush()
        if _is_answered(stdin, seconds - math.ceil(seconds) + 1):
            said_yes = stdin.readline().strip().lower() in ("y", "yes")
            return None if said_yes and left() <= 0 else said_yes
        if redraws and 0 < math.ceil(left()) < shown:
            shown = math.ceil(left())
            _redraw(shown, stderr)
    if redraws:
        _redraw(0, stderr)
    stderr.write("\n")
    stderr.flush()
    return None


def _redraw(seconds: int, stderr: TextIO) -> None:
    """The same line with another number; what is being typed behind it stays as it is."""
    from bitget_cli.output.terminal import RESTORE_CURSOR, SAVE_CURSOR

    stderr.write(f"{SAVE_CURSOR}\r{_question(seconds)}{RESTORE_CURSOR}")


def _question(seconds: int) -> str:
    return f"{seconds} s: go ahead? [y/N] "


def _is_answered(stdin: TextIO, seconds: float) -> bool:
    """Whether a line is there within so many seconds. A stream that cannot be watched is read at once."""
    import select

    try:
        descriptor = stdin.fileno()
    except (OSError, ValueError):
        return True
    return bool(select.select([descriptor], [], [], seconds)[0])
