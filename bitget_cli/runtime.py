"""Where the program meets the world: environment, streams, clock and signals, and how it leaves.

A test hands in its own, a person gets the machine's.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, Self, TextIO

from bitget_cli.errors import BitgetError, StoppedError

if TYPE_CHECKING:
    from types import TracebackType

    import httpx
    from keyring.backend import KeyringBackend


class Clock(Protocol):
    """Handed in wherever time matters, so that a test moves it instead of sleeping."""

    def now(self) -> datetime:
        """The wall clock, aware UTC."""

    def monotonic(self) -> float:
        """Seconds that only ever grow, the same for every process since boot; for deadlines and pacing."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)


class ClockOf:
    """What an exchange on this machine calls now, over real seconds for deadlines and waiting."""

    def __init__(self, now: Callable[[], datetime], real: Clock) -> None:
        self.now = now
        self.monotonic = real.monotonic
        self.sleep = real.sleep


class Environment:
    """Environment, standard streams, clock, network and keyring. What is not given is the machine's own."""

    def __init__(
        self,
        *,
        environ: Mapping[str, str] | None = None,
        stdin: TextIO | None = None,
        stdout: TextIO | None = None,
        stderr: TextIO | None = None,
        clock: Clock | None = None,
        http: Callable[[], httpx.BaseTransport] | None = None,
        keyring: KeyringBackend | None = None,
        ask: Callable[[str], bool] | None = None,
    ) -> None:
        """`ask` puts a question where there is no terminal; it raises DeclinedError where nobody can be asked."""
        self.environ = os.environ if environ is None else environ
        self.stdin = stdin or sys.stdin
        self.stdout = stdout or sys.stdout
        self.stderr = stderr or sys.stderr
        self.clock = clock or SystemClock()
        self.http = http
        self.keyring = keyring
        self.ask = ask


# What ends a program from outside, besides Ctrl-C; not every system has all of them.
ENDING_SIGNALS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGQUIT") if hasattr(signal, name)]
# The signals that were to end the program, as they came: for what outlives the command that was ended.
heard: list[int] = []


def open_closed_streams() -> None:
    """Stand-ins for standard streams that were closed when the program was started (`>&-`).

    Output is like that whose reader went away, input is at its end, and what is told to people is told to nobody. No
    file of ours can get one of the three numbers then.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        if name == "stdout":
            reader, opened = os.pipe()
            os.close(reader)
        else:
            opened = os.open(os.devnull, os.O_RDWR)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
        setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w"))


def catch_signals() -> None:
    """SIGTERM, SIGHUP and SIGQUIT end a command as Ctrl-C does: through its `finally` clauses, with their own status.

    SIGQUIT thus leaves no core of a process that may know a key. What whoever started us had ignored, as `nohup` does
    SIGHUP, stays so.
    """
    for number in (signal.SIGINT, *ENDING_SIGNALS):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, stop)
    sys.unraisablehook = _say_again
    sys.excepthook = _leave_at_once
    threading.excepthook = _tell_of_thread


def _say_again(lost: sys.UnraisableHookArgs) -> None:
    """What a signal raised where Python runs a callback or a finalizer is lost there: the signal is sent once more."""
    if not isinstance(lost.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    status = status_of(lost.exc_value)
    if status == TIME_IS_UP:
        # Through its timer, which `time_limit` stops at its end: with nobody to hear it, it would kill the program.
        signal.setitimer(signal.ITIMER_REAL, _A_MOMENT)
        return
    # Not here, where it would be lost again.
    again = threading.Timer(_A_MOMENT, signal.pthread_kill, (threading.main_thread().ident, status - 128))
    again.daemon = True
    again.start()


def _leave_at_once(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """A signal that came when the program was about to leave, as a second one may, ends it with its status too."""
    if isinstance(error, KeyboardInterrupt):
        os._exit(status_of(error))
    sys.__excepthook__(kind, error, trace)


def _tell_of_thread(failed: threading.ExceptHookArgs) -> None:
    """After a signal nobody asks for what other threads do, and the locks they share with the main one may be lost."""
    if not heard:
        threading.__excepthook__(failed)


def status_of(stopped: KeyboardInterrupt) -> int:
    """The exit status that a signal ends the program with."""
    return stopped.exit_status if isinstance(stopped, StoppedError) else 130


def signal_behind(failure: BaseException) -> KeyboardInterrupt | None:
    """The signal that a failure came up after: where one comes in, Python's own locks may raise something else."""
    while (earlier := failure.__context__) is not None:
        if isinstance(earlier, KeyboardInterrupt):
            return earlier
        failure = earlier
    return None


class Ending:
    """Ctrl-C, or one of the other signals, while something is brought to its end: the first waits for that.

    While `busy` is set the first is told to `tell` and kept for `check`, and a second one ends the program at once, as
    every one does otherwise. What had been ignored stays so.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.busy = False
        self._tell = tell
        self._asked: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, *ENDING_SIGNALS):
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def check(self) -> None:
        """Raises KeyboardInterrupt or StoppedError for a signal that was kept."""
        if self._asked is not None:
            stop(self._asked)

    def _hear(self, number: int, _frame: object) -> None:
        if not self.busy or self._asked is not None:
            stop(number)
        self._asked = number
        self._tell("ending as soon as this is done; once more ends at once")


# Seconds until a signal that was lost is sent again.
_A_MOMENT = 0.01

# How a command ends whose time was up.
TIME_IS_UP = 128 + getattr(signal, "SIGALRM", 14)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """After so many seconds what runs in it is ended as by a signal from outside, by StoppedError.

    In the main thread alone: no other one hears signals, nor does a system without this one.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _be_late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _be_late(number: int, _frame: object) -> NoReturn:
    raise StoppedError(number)


def stop(number: int, _frame: object = None) -> NoReturn:
    """What a signal of this number raises."""
    heard.append(number)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise StoppedError(number)


def leave(status: int) -> NoReturn:
    """End the process now. Everything is flushed and closed by then; interpreter teardown would cost 15 ms more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BrokenPipeError:
            status = status or 141
        except (OSError, ValueError):
            status = status or 3
    os._exit(status)


def defect_report(defect: Exception, environ: Mapping[str, str]) -> BitgetError:
    """A defect of ours as an error a person can report; with BITGET_DEBUG=1 its traceback goes to a private file.

    The traceback holds no local variables, so no secret.
    """
    hint = "run it again with BITGET_DEBUG=1 and report the file it names"
    if environ.get("BITGET_DEBUG"):
        hint = f"the traceback is in {_traceback_file(defect)}"
    return BitgetError(f"this is a defect of bitget: {type(defect).__name__}", hint=hint)


def _traceback_file(defect: Exception) -> str:
    import tempfile
    import traceback

    # mkstemp creates it 0600. Only places and names: the message of a foreign exception may hold data.
    descriptor, path = tempfile.mkstemp(prefix="bitget-", suffix=".txt")
    with suppress(OSError), os.fdopen(descriptor, "w") as file:
        file.writelines(traceback.format_tb(defect.__traceback__))
        file.write(type(defect).__name__ + "\n")
    return path
