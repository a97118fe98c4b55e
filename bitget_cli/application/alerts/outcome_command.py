"""A person's own command, run for each outcome: without a shell, one at a time, and never for long."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Full, Queue
from threading import Thread

from bitget_cli.errors import UsageError

# Seconds one may run, and how many may wait.
PATIENCE = 10.0
MOST = 100


class OutcomeCommand:
    """Runs `line` for each set of fields it is told, which it finds in its environment beside `environ`."""

    def __init__(
        self, line: str, environ: Mapping[str, str], *, say: Callable[[str], None], patience: float = PATIENCE
    ) -> None:
        """Raises UsageError for a line that names no command."""
        try:
            self._words = shlex.split(line)
        except ValueError as error:
            raise UsageError(f"--run {line!r} is no command: {error}") from None
        if not self._words:
            raise UsageError("--run names no command")
        self._environ = environ
        self._say = say
        self._patience = patience
        self._waiting: Queue[Mapping[str, str] | None] = Queue(MOST)
        self._thread = Thread(target=self._run, name="outcome command", daemon=True)
        self._thread.start()

    def tell(self, fields: Mapping[str, str]) -> None:
        """Run it with these in its environment, once those before are through. One too many is left out, and said."""
        try:
            self._waiting.put_nowait(fields)
        except Full:
            self._say(f"warning: --run is behind by {MOST} outcomes, and was not run for this one")

    def close(self) -> None:
        """Wait for those that are waiting, as long as one may take."""
        with suppress(Full):
            self._waiting.put(None, timeout=self._patience)
        self._thread.join(self._patience)

    def _run(self) -> None:
        while (fields := self._waiting.get()) is not None:
            try:
                self._run_once(fields)
            except OSError as failure:
                self._say(f"warning: --run {self._words[0]}: {failure.strerror}")

    def _run_once(self, fields: Mapping[str, str]) -> None:
        # Of its own session, so that what it starts ends with it, and Ctrl-C is not for it.
        ran = subprocess.Popen(  # noqa: S603  # the words are the person's own, and no shell reads them
            self._words,
            env={**self._environ, **fields},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            status = ran.wait(self._patience)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(ran.pid, signal.SIGKILL)
            ran.wait()
            self._say(f"warning: --run {self._words[0]} took longer than {self._patience:g} s and was ended")
            return
        if status:
            self._say(f"warning: --run {self._words[0]} ended with {status}")
