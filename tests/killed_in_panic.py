"""Leave an account once for every call that `bitget panic` makes, killed at it; then type it again.

Prints the points, and at how many of them something was left to be taken out.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
from doubles import MemoryKeyring, StillClock
from misbehaving import KEYS
from panicking import Door, join, kind_of, make_stage

import bitget_cli
from bitget_cli.main import main as bitget
from bitget_cli.runtime import Environment

ROOT = str(Path(bitget_cli.__file__).parent)
WATCHED = tuple(
    f"{ROOT}/{name}"
    for name in ("application/panic.py", "application/survey.py", "trading/execution.py", "journal.py", "database.py")
)


def typed(folder: Path, door: Door, line: str = "panic --yes --json") -> tuple[int, str]:
    """Exit status and what was said."""
    out, err = io.StringIO(), io.StringIO()
    environ = {**KEYS, "HOME": str(folder), "XDG_STATE_HOME": str(folder / "state")}
    environ |= {"XDG_CONFIG_HOME": str(folder / "config")}
    environment = Environment(
        environ=environ,
        stdin=io.StringIO(),
        stdout=out,
        stderr=err,
        clock=door.clock,
        http=lambda: httpx.MockTransport(door),
        keyring=MemoryKeyring(),
    )
    os.environ |= {name: value for name, value in environ.items() if name.startswith("XDG")}
    return bitget(line.split(), environment), err.getvalue()


def killed_at(folder: Path, stage: str, point: int) -> bool:
    """Whether the command in a process of its own was killed; with enough calls behind it, it is not."""
    child = os.fork()
    if child == 0:
        calls = 0

        def count(frame: FrameType, event: str, _: Any) -> None:
            nonlocal calls
            if event in ("call", "return") and frame.f_code.co_filename.startswith(WATCHED):
                calls += 1
                if calls == point:
                    (folder / "broken").write_text("\n".join(door.broken))
                    os.kill(os.getpid(), signal.SIGKILL)

        door = join(folder / "exchange.sqlite3", StillClock(), kind=kind_of(stage))
        sys.setprofile(count)
        status, _ = typed(folder, door)
        sys.setprofile(None)
        os._exit(status)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        raise AssertionError(f"it ended with {os.waitstatus_to_exitcode(status)}")
    return os.WIFSIGNALED(status)


def typed_again(folder: Path, stage: str) -> bool:
    """Whether something had been left; now nothing is, and no change is in doubt."""
    clock = StillClock()
    clock.sleep(60)
    door = join(folder / "exchange.sqlite3", clock, kind=kind_of(stage))
    broken = folder / "broken"
    found = broken.read_text() if broken.exists() else ""
    left = door.left()
    status, said = typed(folder, door)
    if status or door.left() or door.broken or found:
        raise AssertionError(f"{status}: {said}; {door.left()} {door.broken} {found}")
    status, said = typed(folder, door, "order reconcile --json")
    if status:
        raise AssertionError(f"an entry was left open: {said}")
    return bool(left)


def main(folder: Path, stage: str, stride: int) -> None:
    first = folder / "stage.sqlite3"
    make_stage(stage, first)
    points = left = 0
    while True:
        place = folder / str(points)
        place.mkdir(mode=0o700)
        shutil.copy(first, place / "exchange.sqlite3")
        (place / "exchange.sqlite3").chmod(0o600)
        killed = killed_at(place, stage, 1 + points * stride)
        was_left = typed_again(place, stage)
        shutil.rmtree(place)
        if not killed:
            break
        points, left = points + 1, left + was_left
    sys.stdout.write(f"{points} {left}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
