"""How many files of ours a command enters, and how often it changes from one to another.

`python tests/benchmarks/files_entered.py` prints three of them: an order on paper from `application` on, the stream's
thread of a book, and a tax export. The paper exchange stands for Bitget, and its files are counted apart.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import bitget_cli

ROOT = Path(bitget_cli.__file__).parent
OURS = str(ROOT) + os.sep
# What is typed → where it is entered, and the thread that counts.
WAYS = {
    "order buy BTCUSDT 0.01": ("application/", "MainThread"),
    "watch depth BTCUSDT --json --count 5 --no-status": ("client/ws/", "stream"),
    "tax export --since 1d --out taxes": ("export/", "MainThread"),
}


class Trace:
    """Files entered, in order, while a function of `start` is at work in the thread of this name."""

    def __init__(self, start: str, thread: str) -> None:
        self.start, self.thread = start, thread
        self.inside = 0  # how deep below the first function of `start`
        self.importing = 0  # how deep in modules that are being loaded: what they run then is no step of the way
        self.entered: list[str] = []

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        if event not in ("call", "return") or threading.current_thread().name != self.thread:
            return
        if frame.f_code.co_name == "<module>":
            self.importing += 1 if event == "call" else -1
        if event == "return":
            self.inside = max(0, self.inside - 1)
            return
        name = frame.f_code.co_filename
        ours = name.startswith(OURS) and not self.importing
        name = name.removeprefix(OURS)
        if self.inside or (ours and name.startswith(self.start)):
            self.inside += 1
        if self.inside and ours and (not self.entered or self.entered[-1] != name):
            self.entered.append(name)

    def files(self, *, paper: bool) -> list[str]:
        return sorted({name for name in self.entered if name.startswith("paper/") is paper})


def traced(line: str, start: str, thread: str) -> Trace:
    from bitget_cli.main import main
    from bitget_cli.runtime import Environment

    trace = Trace(start, thread)
    threading.setprofile(trace)
    sys.setprofile(trace)
    try:
        main(["-p", "paper", *line.split()], Environment())
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
    return trace


def rows() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as home:
        environ = {name: text for name, text in os.environ.items() if not name.startswith(("XDG_", "BITGET_"))}
        for line, (start, thread) in WAYS.items():
            words = [sys.executable, str(Path(__file__).resolve()), line, start, thread]
            ran = subprocess.run(
                words, capture_output=True, text=True, check=True, cwd=home, env={**environ, "HOME": home}
            )
            yield ran.stderr.strip()


def main() -> None:
    if len(sys.argv) == 4:
        line, start, thread = sys.argv[1:]
        trace = traced(line, start, thread)
        ours, paper = trace.files(paper=False), trace.files(paper=True)
        report = [f"{line}: {len(ours)} files, {len(trace.entered)} changes; {len(paper)} of the paper exchange's"]
        sys.stderr.write("\n".join([*report, *(f"  {name}" for name in ours)]) + "\n")
        return
    for row in rows():
        sys.stdout.write(row + "\n")


if __name__ == "__main__":
    main()
