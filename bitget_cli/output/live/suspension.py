"""Ctrl-Z on a live table: the shell gets its screen back, and the table draws itself anew when it is continued."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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


class Suspension:
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
