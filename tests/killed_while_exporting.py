"""Export once for every call the export's own files make, killed at it; then run it again and compare every byte.

With the word `full`, on a disk that takes ever more bytes of a file instead, in so many steps.

Prints the points, how many of them left finished files, and the most calls of the exchange that two runs made together.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import tax_server
from doubles import Bitget, MemoryKeyring, StillClock
from taxpayer import books, export, files_of

import bitget_cli

ROOT = str(Path(bitget_cli.__file__).parent)
WATCHED = (f"{ROOT}/export/page_store.py", f"{ROOT}/export/job.py", f"{ROOT}/files.py")
BOOKS = books({"spot": 1300, "usdt-futures": 30, "p2p": 2})


def person(home: Path) -> Bitget:
    return Bitget({"HOME": str(home)}, StillClock(), MemoryKeyring())


def killed_at(home: Path, out: Path, point: int) -> tuple[bool, int]:
    """Whether the export in a process of its own was killed, and how many calls the exchange heard."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        count = 0

        class Heard(tax_server.TaxExchange):
            def answer(self, path: str, query: Any) -> Any:
                os.write(writer, b".")
                return super().answer(path, query)

        def counted(frame: FrameType, event: str, _: Any) -> None:
            nonlocal count
            if event in ("c_call", "c_return") and frame.f_code.co_filename in WATCHED:
                count += 1
                if count == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.setprofile(counted)
        ran = export(person(home), Heard(BOOKS), out)
        sys.setprofile(None)
        os._exit(ran.status)
    os.close(writer)
    with os.fdopen(reader, "rb") as heard:
        calls = len(heard.read())
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.waitstatus_to_exitcode(status):
        raise AssertionError(f"the export ended with {os.waitstatus_to_exitcode(status)}")
    return os.WIFSIGNALED(status), calls


def full_at(home: Path, out: Path, limit: int) -> None:
    """Export where no file may grow beyond `limit` bytes; it ends with 3, or well where that is enough."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        os._exit(export(person(home), tax_server.TaxExchange(BOOKS), out).status)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        raise AssertionError(f"{limit} bytes: the export ended with {os.waitstatus_to_exitcode(status)}")


def filled(home: Path, whole: dict[str, bytes], steps: int) -> None:
    largest = max(len(content) for content in whole.values()) + 1
    finished = 0
    for step in range(steps + 1):
        out = home / str(step)
        full_at(home, out, largest * step // steps)
        found = files_of(out) if out.exists() else {}
        finished += bool(found)
        ran = export(person(home), tax_server.TaxExchange(BOOKS), out)
        if not found.items() <= whole.items() or ran.status or files_of(out) != whole:
            raise AssertionError(f"step {step}: {ran.status} {ran.err}")
    sys.stdout.write(f"{steps} {finished} 0\n")


def main(home: Path, stride: int, *, full: bool) -> None:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    os.environ["HOME"] = str(home)
    killed_at(home, home / "whole", 0)
    whole = files_of(home / "whole")
    if full:
        filled(home, whole, stride)
        return
    points = finished = most = 0
    while True:
        out = home / str(points)
        was_killed, calls = killed_at(home, out, 1 + points * stride)
        finished += out.exists() and any(out.glob("*.csv"))
        again = tax_server.TaxExchange(BOOKS)
        ran = export(person(home), again, out)
        if ran.status or files_of(out) != whole:
            raise AssertionError(f"point {points}: {ran.status} {ran.err}")
        most = max(most, calls + again.calls)
        if not was_killed:
            break
        points += 1
    sys.stdout.write(f"{points} {finished} {most}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), full=sys.argv[3:] == ["full"])
