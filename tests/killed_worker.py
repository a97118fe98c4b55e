"""Run a worker once for every call it makes, killed at it; then start it again and count what it ordered.

Prints the points, and at how many of them the order that was under way was already at the exchange. The account is
`classic`, `unified`, or is moved from the one to the other (`moved`) before it is started again.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

from doubles import NOON, Bitget, MemoryKeyring, StillClock

import bitget_cli

ROOT = str(Path(bitget_cli.__file__).parent)
PARTS = ("application/", "trading/execution", "journal.py", "database.py", "files.py", "sdk/", "client/rest/client")
WATCHED = tuple(f"{ROOT}/{part}" for part in PARTS)
ORDERS = 2
CODE = f"""
def setup(ctx):
    ctx.state.set("bought", 0)

def tick(ctx):
    bought = ctx.state.get("bought")
    if bought < {ORDERS}:
        ctx.bitget.futures_place_order("BTCUSDT", "buy", "0.001")
        ctx.state.set("bought", bought + 1)
        ctx.log.info("bought")
"""


def typist(folder: Path, *, later: timedelta = timedelta()) -> Bitget:
    os.environ.update({f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "STATE")})
    return Bitget({"HOME": str(folder)}, StillClock(NOON + later), MemoryKeyring())


def run(bitget: Bitget, folder: Path) -> int:
    until = (bitget.clock.moment + timedelta(minutes=ORDERS + 1)).isoformat()
    return bitget(f"-p paper worker run {folder / 'mine.py'} --every 1m --until {until} --json").status


def run_killed_at(folder: Path, point: int) -> bool:
    """Whether the worker in a process of its own was killed; with enough calls behind it, it is not."""
    child = os.fork()
    if child == 0:
        calls = 0

        def count(frame: FrameType, event: str, _: Any) -> None:
            nonlocal calls
            if event != "c_exception" and frame.f_code.co_filename.startswith(WATCHED):
                calls += 1
                if calls == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        bitget = typist(folder)
        sys.setprofile(count)
        run(bitget, folder)
        sys.setprofile(None)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def check(folder: Path, kind: str) -> int:
    """Starts it again, and returns how many orders there were before that."""
    state = folder / "state" / "bitget" / "workers" / "paper-paper" / "mine.json"
    if state.exists():
        json.loads(state.read_text())
    bitget = typist(folder, later=timedelta(minutes=10))
    before = len(fills(bitget))
    if kind == "moved":
        bitget("paper migrate --yes")
    if status := run(bitget, folder):
        raise AssertionError(f"it ended with {status}")
    log = [row["state"] for row in bitget("-p paper order log --worker mine --all --json").json]
    if kind == "moved" and "unknown" in log and len(fills(bitget)) <= ORDERS:
        return before  # what was in doubt when the account was moved is not guessed at, and nothing is ordered after it
    if len(fills(bitget)) != ORDERS or log.count("placed") != ORDERS:
        raise AssertionError(f"{len(fills(bitget))} orders at the exchange, and the journal has {log}")
    if not set(log) <= {"placed", "not_placed"}:
        raise AssertionError(f"the journal has {log}")
    if any(row["level"] == "error" for row in bitget("-p paper worker log mine --all --json").json):
        raise AssertionError("a tick failed")
    return before


def fills(bitget: Bitget) -> list[Any]:
    found: list[Any] = bitget("-p paper order fills --json").json
    return found


def main(folder: Path, first: int, stride: int, kind: str) -> None:
    points = with_orders = 0
    while True:
        place = folder / str(points)
        place.mkdir(mode=0o700)
        (place / "mine.py").write_text(CODE)
        typist(place)(f"paper reset --account {'unified' if kind == 'unified' else 'classic'}")
        killed = run_killed_at(place, first + points * stride)
        with_orders += check(place, kind) > 0
        if not killed:
            break
        points += 1
    sys.stdout.write(f"{points} {with_orders}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
