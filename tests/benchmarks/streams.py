"""Messages a second through `bitget watch depth --json` and through ccxt.pro, the same flood of book updates for both.

`python tests/benchmarks/streams.py [--pairs 15] [--messages 20000]` prints the table: messages a second, peak
memory, memory over a million messages, and what the live table takes of a core. Needs `pip install '.[outside]'`.
"""

from __future__ import annotations

import argparse
import os
import pty
import resource
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path
from typing import NamedTuple

from flood import FIRST
from pairs import in_turn

HERE = Path(__file__).parent
_CCXT = """
import asyncio, sys, time
import ccxt.pro

async def main():
    port, last = sys.argv[1], int(sys.argv[2])
    market = {
        "id": "BTCUSDT", "symbol": "BTC/USDT:USDT", "base": "BTC", "quote": "USDT", "settle": "USDT", "baseId": "BTC",
        "quoteId": "USDT", "settleId": "USDT", "type": "swap", "spot": False, "swap": True, "future": False,
        "option": False, "contract": True, "linear": True, "inverse": False, "active": True, "contractSize": 1.0,
        "precision": {"price": 0.1, "amount": 0.0001}, "limits": {}, "info": {"symbolType": "perpetual"},
    }
    exchange = ccxt.pro.bitget({"options": {"uta": False}})
    exchange.set_markets([market])
    ws = exchange.urls["api"]["ws"]
    for name in list(ws):
        ws[name] = f"ws://127.0.0.1:{port}/v2/ws/public"
    seen = 0
    feed = exchange.handle_order_book
    def counted(client, message):
        nonlocal seen
        feed(client, message)
        seen = int(message["data"][0]["seq"])
    exchange.handle_order_book = counted
    while seen < last:
        book = await exchange.watch_order_book("BTC/USDT:USDT")
    await exchange.close()

asyncio.run(main())
"""


class Ran(NamedTuple):
    """Messages a second, and peak resident memory in MiB."""

    rate: float
    memory: float


@contextmanager
def flood(messages: int, rate: float = 0.0) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """The exchange, and the port it listens on."""
    words = [sys.executable, str(HERE / "flood.py"), str(messages), *([str(rate)] if rate else [])]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline()), server
        finally:
            server.kill()


def ours(_port: int, messages: int) -> list[str]:
    program = shutil.which("bitget") or str(Path(sys.executable).with_name("bitget"))
    words = f"watch depth BTCUSDT --levels 50 --json --no-status --until seq>={FIRST + messages}"
    return [program, *words.split()]


def theirs(port: int, messages: int) -> list[str]:
    return [sys.executable, "-c", _CCXT, str(port), str(FIRST + messages)]


def environ(port: int, home: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"HOME": home, "BITGET_WS_BASE_URL": f"ws://127.0.0.1:{port}", "TERM": "xterm-256color"}


def run(words_of: object, messages: int, *, home: str) -> Ran:
    """One flood through one client, from the first update sent to the last one told."""
    assert callable(words_of)
    with flood(messages) as (port, server):
        client = subprocess.Popen(
            words_of(port, messages), env=environ(port, home), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert client.stdout
        assert server.stdout
        while client.stdout.read(1 << 16):
            pass
        ended = time.monotonic()
        _, status, usage = os.wait4(client.pid, 0)
        if status:
            assert client.stderr
            raise RuntimeError(client.stderr.read().decode()[-2000:])
        started = float(server.stdout.readline())
        return Ran(messages / (ended - started), usage.ru_maxrss / 1024)


class Drawn(NamedTuple):
    """Share of a core, and frames a second, of the live table."""

    core: float
    frames: float


def drawn(rate: float, seconds: float, *, home: str) -> Drawn:
    """The live table on a terminal of 100 columns and 40 lines while so many messages a second arrive."""
    messages = int(rate * seconds)
    with flood(messages, rate) as (port, _server):
        child, terminal = pty.fork()
        if child == 0:
            words = ours(port, messages)[:-4]
            os.execve(words[0], words, environ(port, home))  # noqa: S606 - the command measured
        ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
        _drain(terminal, 3.0)
        before, frames, began = _used(child), 0, time.monotonic()
        while (left := began + seconds - 4 - time.monotonic()) > 0:
            frames += _drain(terminal, left, once=True)
        took = time.monotonic() - began
        used = _used(child) - before
        os.write(terminal, b"q")
        _drain(terminal, 2.0)
        os.close(terminal)
        os.waitpid(child, 0)
    return Drawn(used / took, frames / took)


def _drain(terminal: int, seconds: float, *, once: bool = False) -> int:
    """Read what is drawn; a frame is what comes in one go, with a pause of 50 ms around it."""
    frames, end = 0, time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if not select.select([terminal], [], [], left)[0]:
            break
        try:
            os.read(terminal, 1 << 16)
            while select.select([terminal], [], [], 0.05)[0]:
                os.read(terminal, 1 << 16)
        except OSError:
            break
        frames += 1
        if once:
            break
    return frames


def _used(process: int) -> float:
    """Processor seconds so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--long", type=int, default=1_000_000, help="messages of the long run; 0 leaves it out")
    asked = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as home:
        memory: dict[str, list[float]] = {"ours": [], "theirs": []}

        def measured(name: str, words_of: object) -> float:
            ran = run(words_of, asked.messages, home=home)
            memory[name].append(ran.memory)
            return ran.rate

        rates = in_turn(lambda: measured("ours", ours), lambda: measured("theirs", theirs), pairs=asked.pairs)
        _tell(f"{'':34}{'ours':>10}{'ccxt.pro':>10}{'ratio':>8}{'must':>8}{'aim':>8}")
        _tell(f"{'book kept, messages/s':34}{rates.ours:10.0f}{rates.theirs:10.0f}{rates.ratio:8.2f}{1.8:8}{3:8}")
        mine, other = (sorted(memory[name])[len(memory[name]) // 2] for name in ("ours", "theirs"))
        _tell(f"{'peak memory, MiB':34}{mine:10.1f}{other:10.1f}{mine / other:8.2f}{0.3:8}{0.22:8}")
        if asked.long:
            longer = run(ours, asked.long, home=home)
            _tell(f"over {asked.long} messages: {longer.memory:.1f} MiB, {longer.rate:.0f} messages/s")
        table = drawn(1000, 14.0, home=home)
        _tell(f"live table at 1000 messages/s: {table.core:.1%} of a core, {table.frames:.1f} frames/s (15 %, 5)")
        fast = drawn(15_000, 14.0, home=home)
        _tell(f"live table at 15000 messages/s sent: {fast.core:.1%} of a core, {fast.frames:.1f} frames/s")


if __name__ == "__main__":
    main()
