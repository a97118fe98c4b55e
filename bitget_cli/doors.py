"""Where the program meets the world: a test hands in its own doors, a person gets the real ones."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO

from bitget_cli.clock import Clock, SystemClock

if TYPE_CHECKING:
    import httpx
    from keyring.backend import KeyringBackend


class Doors:
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
    ) -> None:
        self.environ = os.environ if environ is None else environ
        self.stdin = stdin or sys.stdin
        self.stdout = stdout or sys.stdout
        self.stderr = stderr or sys.stderr
        self.clock = clock or SystemClock()
        self.http = http
        self.keyring = keyring
