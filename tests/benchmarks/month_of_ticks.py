"""How long a worker takes for a month of hourly orders on paper, and what they come to: `python month_of_ticks.py`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

CODE = """
def tick(ctx):
    ctx.bitget.futures_place_order("BTCUSDT", "buy", "0.0001", margin_mode="crossed")
    ctx.log.info(ctx.now.isoformat())
"""


def run(home: Path, line: str) -> str:
    environ = {**os.environ, "HOME": str(home), "BITGET_PROFILE": "paper"}
    whole = [sys.executable, "-m", "bitget_cli", *line.split()]
    return subprocess.run(whole, capture_output=True, text=True, check=True, env=environ, cwd=home).stdout


def rows(home: Path, line: str) -> list[Any]:
    found: list[Any] = json.loads(run(home, f"{line} --all --json"))
    return found


def main() -> None:
    home = Path(tempfile.mkdtemp())
    (home / "mine.py").write_text(CODE)
    until = f"{datetime.now(UTC) + timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}"
    began = time.perf_counter()
    ticks = run(home, f"worker run mine.py --every 1h --fast --until {until}").count("\n")
    seconds = time.perf_counter() - began
    fees = sum(Decimal(bill["fee"]) for bill in rows(home, "account bills") if bill["businessType"] == "buy")
    fills = rows(home, "order fills")
    sent = rows(home, "order log --worker mine")
    told = sum(Decimal(one["totalFee"]) for fill in fills for one in fill["feeDetail"])
    sys.stdout.write(
        f"{ticks} ticks in {seconds:.1f} s; {len(sent)} orders, {len(fills)} fills; fees {fees} = {told}\n"
    )


if __name__ == "__main__":
    main()
