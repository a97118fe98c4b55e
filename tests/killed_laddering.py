"""Place a ladder of 45 rungs on paper, killed at one of so many calls that it makes, and see that everything adds up.

What the next commands find: `order reconcile` settles every rung as what it is, the tag is refused while one stands,
and `order cancel --tag` takes out what stands and no more. Prints the points, and how often none, a part and all stood.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from doubles import Bitget, MemoryKeyring, StillClock

import bitget_cli

ROOT = str(Path(bitget_cli.__file__).parent)
WATCHED = (f"{ROOT}/trading/", f"{ROOT}/journal.py", f"{ROOT}/database.py", f"{ROOT}/client/rest/client.py")
RUNGS = 45
LADDER = f"-p paper order ladder buy BTCUSDT 0.45 --from bid-3% --to bid-9% --steps {RUNGS} --tag grid"


def trader(folder: Path, clock: StillClock) -> Bitget:
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    return Bitget({"HOME": str(folder), "TERM": "dumb"}, clock, MemoryKeyring())


def calls_of(folder: Path, point: int) -> int | None:
    """How many calls the ladder makes in a process of its own; None where it was killed at the one that is meant."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        calls = 0

        def count(frame: FrameType, event: str, _: Any) -> None:
            nonlocal calls
            if event in ("call", "return", "c_call") and frame.f_code.co_filename.startswith(WATCHED):
                calls += 1
                if calls == point:
                    os.kill(os.getpid(), signal.SIGKILL)

        typist = trader(folder, StillClock())
        sys.setprofile(count)
        ran = typist(LADDER)
        sys.setprofile(None)
        os.write(writing, f"{calls if ran.status == 0 else -1}".encode())
        os._exit(0)
    os.close(writing)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading) as told:
        return None if os.WIFSIGNALED(status) else int(told.read())


def found_afterwards(folder: Path) -> int:
    """How many rungs stand once everything is settled. Raises AssertionError where anything does not add up."""
    clock = StillClock()
    clock.sleep(60)
    typist = trader(folder, clock)

    def rows(line: str) -> list[dict[str, Any]]:
        ran = typist(f"-p paper {line} --json")
        check(ran.status == 0, ran.err)
        listed: list[dict[str, Any]] = ran.json
        return listed

    unsettled = rows("order log --unsettled")
    if unsettled:
        refused = typist(LADDER)
        check((refused.status, "is unknown" in refused.err) == (2, True), refused.err)
    rows("order reconcile")
    check(not rows("order log --unsettled"), "an entry was left open")
    log = rows("order log --tag grid --all")
    standing = {row["orderId"] for row in rows("order list --all")}
    check(len(log) in (0, RUNGS), f"{len(log)} rungs were written down")
    check({row["orderId"] for row in log if row["state"] == "placed"} == standing, "the journal and the book differ")
    check({row["state"] for row in log} <= {"placed", "not_placed"}, "a rung was refused")
    again = typist(LADDER)
    if standing:
        check((again.status, f"{len(standing)} orders tagged grid are open" in again.err) == (2, True), again.err)
    check(typist("-p paper order cancel --tag grid").status == 0, "cancelling failed")
    check(not rows("order list"), "something stands still")
    return len(standing)


def check(fine: bool, why: str) -> None:
    if not fine:
        raise AssertionError(why)


def main(folder: Path, kind: str, points: int) -> None:
    clean = folder / "clean"
    clean.mkdir(mode=0o700)
    for line in (f"paper reset --seed 1 --account {kind} --yes", "-p paper order list"):
        check(trader(clean, StillClock())(line).status == 0, line)

    def copied(name: str) -> Path:
        return Path(shutil.copytree(clean, folder / name))

    whole = calls_of(copied("whole"), 0)
    check(bool(whole and whole > 0), "the ladder itself failed")
    counts = []
    for number in range(points):
        place = copied(str(number))
        point = 1 + (whole or 0) * number * 98 // (points - 1) // 100
        check(calls_of(place, point) is None, f"not killed at {point}")
        counts.append(found_afterwards(place))
    parts = [sum(count == 0 for count in counts), sum(0 < count < RUNGS for count in counts), counts.count(RUNGS)]
    sys.stdout.write(f"{points} {' '.join(map(str, parts))}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
