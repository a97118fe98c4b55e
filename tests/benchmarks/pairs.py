"""Measuring two commands against each other: A and B in turn, so that a noisy machine is noisy for both."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

# A child's peak counts what its parent had when it forked, so a small process stands between us and what we weigh.
_WEIGH = """
import os, sys
nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
_, status, usage = os.wait4(child, 0)
sys.stdout.write(str(usage.ru_maxrss))
sys.exit(os.waitstatus_to_exitcode(status))
"""
# Linux counts in KiB, macOS in bytes.
_PER_MIB = 1024 * 1024 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Command:
    """A command line in an environment of its own, and the exit status that means it did its work."""

    words: Sequence[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    status: int = 0


class Compared(NamedTuple):
    """Medians of A and of B, and the median of the ratios A/B of each pair."""

    ours: float
    theirs: float
    ratio: float


def in_turn(ours: Callable[[], float], theirs: Callable[[], float], *, pairs: int) -> Compared:
    """Take each measure once to warm up, then `pairs` times in turn."""
    ours(), theirs()
    taken = [(ours(), theirs()) for _ in range(pairs)]
    return Compared(
        median(a for a, _ in taken),
        median(b for _, b in taken),
        median(a / b for a, b in taken),
    )


def wall(command: Command) -> float:
    """Milliseconds from the start of the process to its end. Raises RuntimeError when it failed."""
    words = _found(command)
    actions = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_RDWR, 0) for stream in (0, 1, 2)]
    started = time.perf_counter()
    child = os.posix_spawn(words[0], words, command.environ, file_actions=actions)
    _, status = os.waitpid(child, 0)
    taken = (time.perf_counter() - started) * 1000
    if os.waitstatus_to_exitcode(status) != command.status:
        raise RuntimeError(_why(command))
    return taken


def on_terminal(command: Command) -> float:
    """The same as `wall`, with a terminal of 160 columns and 50 lines to write on."""
    words = _found(command)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, 160))
    actions = [(os.POSIX_SPAWN_DUP2, theirs, stream) for stream in (0, 1, 2)]
    started = time.perf_counter()
    child = os.posix_spawn(words[0], words, command.environ, file_actions=actions)
    os.close(theirs)
    with suppress(OSError):  # nobody has the other side any more
        while os.read(ours, 65536):
            pass
    _, status = os.waitpid(child, 0)
    taken = (time.perf_counter() - started) * 1000
    os.close(ours)
    if os.waitstatus_to_exitcode(status) != command.status:
        raise RuntimeError(_why(command))
    return taken


def peak(command: Command) -> float:
    """The most memory a process held at once, in MiB."""
    done = subprocess.run(
        [sys.executable, "-ISc", _WEIGH, *_found(command)],
        env=command.environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != command.status:
        raise RuntimeError(_why(command))
    return int(done.stdout) / _PER_MIB


def lines(table: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table of text, its columns aligned."""
    widths = [max(len(row[at]) for row in table) for at in range(len(table[0]))]
    for row in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _found(command: Command) -> list[str]:
    program = shutil.which(command.words[0], path=command.environ.get("PATH"))
    if program is None:
        raise RuntimeError(f"there is no program {command.words[0]}")
    return [program, *command.words[1:]]


def _why(command: Command) -> str:
    """What a command that failed has to say, by running it once more."""
    done = subprocess.run(_found(command), env=command.environ, capture_output=True, text=True, check=False)
    return f"{' '.join(command.words)}: exit status {done.returncode}, {done.stderr.strip()[-500:]}"
