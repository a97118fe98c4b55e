"""How much longer bulk takes than the exchange's limit allows, and whether memory grows with it.

Run it with the Python of an environment the program is installed in:

    .venv/bin/python tests/benchmarks/bulk.py

A server of its own on loopback keeps the limits (20 calls a second for candles, one for each list of tax records) and
answers as late as a distant one. The floor is the calls that were needed over the calls a second that are allowed; of
an export, those of its longest list. `429` counts calls that came too early. A run takes about five minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pairs import Command, lines, peak

KEYS = {"BITGET_API_KEY": "key", "BITGET_SECRET_KEY": "secret", "BITGET_PASSPHRASE": "passphrase"}
HEAD = ("what", "latency", "calls", "floor", "time", "ratio", "must", "aim", "429", "peak RSS")
NEAR, FAR = (0.05, 0.15), (0.2, 0.4)
DAY = 86_400_000
START = 1704067200000  # 2024-01-01 UTC
_HISTORY = "/api/v2/mix/market/history-candles"
_SPOT, _FUTURES = "/api/v2/tax/spot-record", "/api/v2/tax/future-record"


@dataclass(frozen=True)
class Row:
    """One line of the table. `path` is the call that is counted, `rate` how many of it a second are allowed."""

    what: str
    words: tuple[str, ...]
    path: str
    rate: int
    latency: tuple[float, float]
    rows: Mapping[str, int]
    must: str = ""
    aim: str = ""
    days: int = 365


def table(short: bool) -> Iterator[Row]:
    """All runs; with `short`, a tenth of each, to try the benchmark itself."""
    span = 36 if short else 365
    traded = {"spot": 30 * span, "usdt-futures": 8 * span, "crossed-margin": span, "p2p": span // 9}
    export = ("tax", "export", *_range(span), "--out")
    yield Row("tax export, a year", export, _FUTURES, 1, NEAR, traded, "1.10", "1.06", span)
    for latency, must, aim in ((NEAR, "1.15", "1.08"), (FAR, "1.25", "1.12")):
        yield Row("candles, 80 000", _candles(5 if short else 55), _HISTORY, 20, latency, {}, must, aim)
    # The same pages a window, in few windows and in many.
    for months in (1, 2) if short else (2, 12):
        busy = {"spot": 2600 * months}
        listed = ("tax", "spot", *_range(29 * months), "-o", "csv")
        yield Row(f"tax spot, {months} windows of 6 pages", listed, _SPOT, 1, NEAR, busy, days=29 * months)
    for months in (1, 2) if short else (2, 12):
        busy = {"spot": 2600 * months}
        listed = ("tax", "export", *_range(29 * months), "--out")
        yield Row(f"tax export, {months} windows of 6 pages", listed, _SPOT, 1, NEAR, busy, days=29 * months)
    for days in (1, 2) if short else (6, 110):
        yield Row(f"candles, {days} days of minutes", _candles(days), _HISTORY, 20, NEAR, {})


def _range(days: int) -> tuple[str, ...]:
    return ("--since", str(START), "--until", str(START + days * DAY))


def _candles(days: int) -> tuple[str, ...]:
    return ("market", "candles", "BTCUSDT", "-g", "1m", *_range(days), "--all", "-o", "csv")


def cells(row: Row, program: str, folder: Path) -> tuple[str, ...]:
    """The line for one run, in folders of its own: the limits of a run before must not slow it."""
    folder.mkdir(mode=0o700)
    words = [program, *row.words, *([str(folder / "out")] if row.words[-1] == "--out" else [])]
    settings = {"latency": row.latency, "since": START, "until": START + row.days * DAY, "rows": dict(row.rows)}
    with server(settings) as url:
        started = time.perf_counter()
        memory = peak(Command(words, {**_environ(folder), **KEYS, "BITGET_API_BASE_URL": url}))
        took = time.perf_counter() - started
        with urllib.request.urlopen(f"{url}/tally") as answer:  # noqa: S310  # our own server
            tally = json.load(answer)
    calls = tally["calls"][row.path]
    floor = calls / row.rate
    figures = (str(calls), f"{floor:.1f} s", f"{took:.1f} s", f"{took / floor:.3f}")
    late = f"{row.latency[0] * 1000:.0f}-{row.latency[1] * 1000:.0f} ms"
    return (row.what, late, *figures, row.must, row.aim, str(tally["refused"]), f"{memory:.1f} MiB")


@contextmanager
def server(settings: Mapping[str, Any]) -> Iterator[str]:
    command = [sys.executable, str(Path(__file__).parent / "bulk_server.py"), json.dumps(settings)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        assert process.stdin
        process.stdin.close()


def main() -> None:
    asked = _arguments()
    made = [HEAD]
    with TemporaryDirectory() as name:
        for number, row in enumerate(row for row in table(asked.short) if asked.only in row.what):
            sys.stderr.write(f"{row.what} …\n")
            made.append(cells(row, asked.program, Path(name) / str(number)))
    sys.stdout.writelines(f"{line}\n" for line in lines(made))


def _environ(folder: Path) -> dict[str, str]:
    """What every command finds: no settings, keys or caches of whoever runs this."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH") if name in os.environ}
    homes = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "STATE", "CACHE", "DATA")}
    return {**kept, **homes, "HOME": str(folder)}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    beside = str(Path(sys.executable).parent / "bitget")
    parser.add_argument("--program", default=beside, help="the program to measure [default: the one of this Python]")
    parser.add_argument("--short", action="store_true", help="a tenth of each run, to try the benchmark itself")
    parser.add_argument("--only", default="", metavar="TEXT", help="only the lines that have this in their name")
    return parser.parse_args()


if __name__ == "__main__":
    main()
