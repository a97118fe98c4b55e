"""The terminal: Rich's console for what is drawn, the keys pressed, Ctrl-Z; imported only where there is one.

Escape codes are Rich's to write; what it has no words for stands here.
"""

from __future__ import annotations

import os
import re
import select
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.style import Style

from bitget_cli import unix
from bitget_cli.output.cells import Line

if TYPE_CHECKING:
    from bitget_cli.runtime import Clock

# Remember where the cursor is; and back there.
SAVE_CURSOR, RESTORE_CURSOR = "\x1b7", "\x1b8"
# The key Esc by itself.
ESCAPE = "\x1b"
# Arrow keys and their like are several characters, and none of ours.
_OTHER_KEYS = re.compile(rb"\x1b(?:\[[0-9;?]*.|O.|.)?", re.DOTALL)


def console_on(stream: TextIO, *, color: bool) -> Console:
    """Rich's console on a stream that is a terminal."""
    # Our colours are among the sixteen that every terminal with colours has. Lines are as wide as they are: those of
    # a table fit, and ids are never cut.
    return Console(
        file=stream,
        force_terminal=True,
        color_system="standard" if color else None,
        soft_wrap=True,
        highlight=False,
        markup=False,
    )


class Drawing:
    """Lines of cells as Rich renders them: those of a table, of a record and of a live screen alike.

    Rich's own Table decides widths by other rules: here decimals are aligned, ids are never cut, and columns leave by
    rank. It also takes 25 ms for 30 rows, and these 1.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> Iterator[Segment]:
        end = Segment.line()
        for line in self._lines:
            for text, tone in line:
                yield Segment(text, Style.parse(tone) if tone else None)
            yield end


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
        self._before = unix.read_keys(descriptor)
        if self._before is not None:
            self._descriptor = descriptor

    def leave(self) -> None:
        if self._descriptor is None or self._before is None:
            return
        unix.put_back(self._descriptor, self._before)
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
        if pressed == ESCAPE.encode():
            return ESCAPE
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
    late: list[BaseException] = []
    before = _blocked((), late)
    _blocked(_DISTURBING, late)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    if late:
        raise late[0]


def _blocked(numbers: Iterable[int], late: list[BaseException]) -> set[Any]:
    """Block these signals; which were blocked before. What came just now, as SIGHUP does with SIGTERM, is `late`."""
    while True:
        try:
            return signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        except BaseException as raised:  # whatever a handler raises: Python runs it here
            late.append(raised)


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
