"""Where the program meets the world: a test hands in its own doors, a person gets the real ones."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from bitget_cli.clock import Clock, SystemClock

if TYPE_CHECKING:
    import httpx
    from keyring.backend import KeyringBackend


@dataclass(frozen=True)
class Doors:
    """Environment, standard streams, clock, network and keyring. None means the machine's own."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    stdin: TextIO = field(default_factory=lambda: sys.stdin)
    stdout: TextIO = field(default_factory=lambda: sys.stdout)
    stderr: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Clock = field(default_factory=SystemClock)
    http: Callable[[], httpx.BaseTransport] | None = None
    keyring: KeyringBackend | None = None
