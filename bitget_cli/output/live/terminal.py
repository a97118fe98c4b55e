"""The terminal under a live table: its screen, the keys pressed, and Ctrl-Z."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TextIO

from bitget_cli.output.table import width

if TYPE_CHECKING:
    from bitget_cli.runtime import Clock

# Written by hand rather than with Rich's Live, as `output/table.py` is: only changed lines are written, so nothing
# flickers, and a frame costs about a millisecond.

# The other screen, the cursor hidden, no wrapping at the right edge; and back.
_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J"
_LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l"
# A terminal that knows it shows all of what is between at once; others ignore it.
_TOGETHER, _SHOWN = "\x1b[?2026h", "\x1b[?2026l"
_CODE = re.compile(r"(\x1b\[[0-9;]*m)")


class AlternateScreen:
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


# Arrow keys and their like are several characters, and none of ours.
_OTHER_KEYS = re.compile(rb"\x1b(?:\[[0-9;?]*.|O.|.)?", re.DOTALL)


class Keyboard:
    """Reads keys as they are pressed; the terminal's own way of reading lines is put back at the end.

    Where stdin is no terminal there are no keys, and waiting is only waiting.
    """

    def __init__(self, stdin: TextIO, clock: Clock) -> None:
        self._stdin = stdin
        self._clock = clock
        self._descriptor: int | None = None
        self._before: list[Any] | None = None

    def enter(self) -> None:
        try:
            descriptor = self._stdin.fileno()
            if not os.isatty(descriptor):
                return
        except (OSError, ValueError):
            return
        import termios
        import tty

        with suppress(termios.error):
            self._before = termios.tcgetattr(descriptor)
            # Ctrl-C still is a signal, and output is as before.
            tty.setcbreak(descriptor, termios.TCSANOW)
            self._descriptor = descriptor

    def leave(self) -> None:
        if self._descriptor is None or self._before is None:
            return
        import termios

        with suppress(termios.error):
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._before)
        self._descriptor = None

    def wait(self, seconds: float) -> str:
        """The keys pressed within so many seconds; returns as soon as there is one."""
        if self._descriptor is None:
            self._clock.sleep(seconds)
            return ""
        ready, _, _ = select.select([self._descriptor], [], [], max(0.0, seconds))
        if not ready:
            return ""
        pressed = os.read(self._descriptor, 64)
        if not pressed:
            # Nobody will type here any more.
            self.leave()
        return _OTHER_KEYS.sub(b"", pressed).decode(errors="ignore")


# What ends or suspends us from outside; not every system has all of them.
_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGTSTP")
_DISTURBING = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Signals that come meanwhile wait for the end: a terminal half put back is worse than one a moment later."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _DISTURBING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class JobControl:
    """Notes the wish to be suspended, and grants it where nothing is half written: `heed` stops the process.

    `leave` puts the terminal back before, `enter` takes it again after. Where suspending is ignored, as under a shell
    without job control, it stays so.
    """

    def __init__(
        self,
        *,
        leave: Callable[[], None],
        enter: Callable[[], None],
        stop: Callable[[], None] = lambda: signal.raise_signal(signal.SIGTSTP),
    ) -> None:
        self._leave, self._enter, self._stop = leave, enter, stop
        self._before: Any = None
        self._is_wanted = False

    def begin(self) -> None:
        is_main = threading.current_thread() is threading.main_thread()
        if is_main and hasattr(signal, "SIGTSTP") and signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
            self._before = signal.signal(signal.SIGTSTP, self._note)

    def end(self) -> None:
        if self._before is not None:
            signal.signal(signal.SIGTSTP, self._before)
            self._before = None

    def heed(self) -> bool:
        """Stops here if that is wanted; whether it was."""
        if not self._is_wanted:
            return False
        self._is_wanted = False
        self._leave()
        self.end()
        self._stop()
        self.begin()
        self._enter()
        return True

    def _note(self, *_: object) -> None:
        self._is_wanted = True
