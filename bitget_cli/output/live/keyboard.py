"""Keys pressed while a live table is watched. No key trades."""

from __future__ import annotations

import os
import re
import select
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from bitget_cli.clock import Clock

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
