"""What only systems like Unix have: the terminal's modes, and memory that others do not read.

Their modules are imported here alone, each where it is used, so that the rest could run elsewhere; locks on files are
in `files`.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TextIO

_PR_SET_DUMPABLE = 4  # <sys/prctl.h>


def forget_typed(stdin: TextIO) -> None:
    """Drop what was typed ahead; nothing was where there is no terminal, or no file."""
    import termios

    with suppress(OSError, ValueError, termios.error):
        termios.tcflush(stdin.fileno(), termios.TCIFLUSH)


def read_keys(descriptor: int) -> list[Any] | None:
    """Have a terminal hand keys over as they are pressed, Ctrl-C still a signal; its modes before, or None."""
    import termios
    import tty

    with suppress(termios.error):
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor, termios.TCSANOW)
        return before
    return None


def put_back(descriptor: int, modes: list[Any]) -> None:
    """Give a terminal the modes that `read_keys` found."""
    import termios

    with suppress(termios.error):
        termios.tcsetattr(descriptor, termios.TCSANOW, modes)


def shield_memory() -> None:
    """From here on no core dump of this process is written, and no other program of this user reads its memory.

    A limit of 0 does for files; a core that the kernel pipes to a program (systemd-coredump) heeds only the other
    (core(5), prctl(2)). Where a system has neither, nothing is changed.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        with suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
