"""Which numbered things a living process is busy with: locks on single bytes of a file, gone with their process."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import RLock

from bitget_cli import files, unix
from bitget_cli.errors import ConfigError

# One that looks whether a thing is free holds it for a moment: so often, and so long apart (s), a claim is tried.
_TRIES = 40
_MOMENT = 0.002


class EntryLocks:
    """The claims of this process in one file. `take` and `release` raise ConfigError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        files.ensure_private_file(path)
        try:
            # Kept open for good: closing any descriptor of the file would drop every lock of the process.
            self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise ConfigError(f"{path} cannot be opened: {error.strerror}") from None
        self._path = path
        self._held: set[int] = set()
        # To the system all threads are one: one that looks whether a thing is free would let go of what another holds.
        self._turn = RLock()

    def take(self, number: int) -> bool:
        """Whether no other living process is busy with it; it is then ours."""
        for left in reversed(range(_TRIES)):
            with self._turn:
                if self._locked(number):
                    self._held.add(number)
                    return True
            if left:
                time.sleep(_MOMENT)
        return False

    def is_free(self, number: int) -> bool:
        """Whether nobody is busy with it, this process included. Several may look at the same time."""
        with self._turn:
            if number in self._held or not self._locked(number, shared=True):
                return False
            self.release(number)
            return True

    def release(self, number: int) -> None:
        with self._turn:
            self._held.discard(number)
            try:
                unix.unlock_byte(self._descriptor, number)
            except OSError as error:
                raise ConfigError(f"{self._path} cannot be unlocked: {error.strerror}") from None

    def close(self) -> None:
        os.close(self._descriptor)

    def _locked(self, number: int, *, shared: bool = False) -> bool:
        try:
            return unix.lock_byte(self._descriptor, number, shared=shared)
        except OSError as error:
            raise ConfigError(f"{self._path} cannot be locked: {error.strerror}") from None
