"""A question with a clock: yes, no, or too late."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TextIO

from bitget_cli.session import Session

# Remember where the cursor is, go to the start of the line; and back: what is being typed stays as it is.
_TO_START, _BACK = "\x1b7\r", "\x1b8"


def asks(session: Session) -> bool:
    """Whether there is somebody to ask."""
    return session.doors.stdin.isatty() and session.doors.stderr.isatty()


def agreed(session: Session, left: Callable[[], float]) -> bool | None:
    """Ask on the terminal whether to go ahead while `left` (seconds) is above zero; None when time ran out.

    One line on stderr counts down. What was typed before the question does not answer it; anything but yes is no.
    """
    stdin, stderr = session.doors.stdin, session.doors.stderr
    redraws = session.doors.environ.get("TERM") != "dumb"
    _forget_what_was_typed(stdin)
    shown = math.ceil(left())
    stderr.write(_question(shown))
    while (seconds := left()) > 0:
        stderr.flush()
        if _is_answered(stdin, seconds - math.ceil(seconds) + 1):
            said_yes = stdin.readline().strip().lower() in ("y", "yes")
            return None if said_yes and left() <= 0 else said_yes
        if redraws and 0 < math.ceil(left()) < shown:
            shown = math.ceil(left())
            stderr.write(f"{_TO_START}{_question(shown)}{_BACK}")
    stderr.write(f"{_TO_START}{_question(0)}\n" if redraws else "\n")
    stderr.flush()
    return None


def _question(seconds: int) -> str:
    return f"{seconds} s: go ahead? [y/N] "


def _forget_what_was_typed(stdin: TextIO) -> None:
    import termios

    try:
        termios.tcflush(stdin.fileno(), termios.TCIFLUSH)
    except (OSError, ValueError, termios.error):  # no file of its own, or no terminal
        return


def _is_answered(stdin: TextIO, seconds: float) -> bool:
    """Whether a line is there within so many seconds. A stream that cannot be watched is read at once."""
    import select

    try:
        descriptor = stdin.fileno()
    except (OSError, ValueError):
        return True
    return bool(select.select([descriptor], [], [], seconds)[0])
