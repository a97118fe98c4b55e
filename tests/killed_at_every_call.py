"""Write a file once for every call the writing makes, killed at it; tell the points, and how often each stood."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from bitget_cli import files


def write_killed_at(path: Path, point: int) -> bool:
    """Whether the writer in a process of its own was killed; with enough calls behind it, it is not."""
    child = os.fork()
    if child == 0:
        calls = 0

        def count(frame: FrameType, event: str, _: Any) -> None:
            nonlocal calls
            if event in ("c_call", "c_return") and frame.f_code.co_filename == files.__file__:
                calls += 1
                if calls == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(count)
        files.write(path, b"new")
        sys.setprofile(None)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main(path: Path) -> None:
    found = {b"old": 0, b"new": 0}
    point = 1
    while True:
        path.write_bytes(b"old")
        if not write_killed_at(path, point):
            break
        found[path.read_bytes()] += 1
        point += 1
    sys.stdout.write(f"{point - 1} {found[b'old']} {found[b'new']}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
