"""The paper exchange served by a process of its own, for somebody else's client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from paper_account import RICH

_SCRIPT = """
import sys
from datetime import UTC, datetime
from decimal import Decimal
from bitget_cli.paper.exchange import Exchange
from bitget_cli.servers.paper_server import PaperServer
from bitget_cli.paper.store import Store
store = Store(None, now_override=sys.argv[1])
store.reset(opening=eval(sys.argv[2]), unified=sys.argv[3] == "unified")
server = PaperServer(Exchange(store, wall=lambda: datetime.now(UTC)), port=0)
print(server.url, flush=True)
server.run()
"""


@contextmanager
def served(home: Path, *, at: str = "", kind: str = "classic") -> Iterator[str]:
    """The address of a fresh, rich exchange; its clock stands still `at` an instant, or is the wall's."""
    pytest.importorskip("tornado")
    words = [sys.executable, "-c", _SCRIPT, at, repr(RICH), kind]
    environ = {**os.environ, "HOME": str(home)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


_BITGET = (sys.executable, "-m", "bitget_cli")


@dataclass(frozen=True)
class Machine:
    """One whose money and clock are typed, as a user does it: where it is kept, and its address."""

    home: Path
    url: str = ""

    def typed(self, line: str) -> Any:
        """What the command line answers; the server sees it at once."""
        words = [*_BITGET, "-p", "paper", *line.split(), "--json"]
        ran = subprocess.run(words, env=self.environ, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    @property
    def environ(self) -> dict[str, str]:
        return {**_without_folders(), "HOME": str(self.home)}


@contextmanager
def machine(home: Path, *balances: str, words: str = "") -> Iterator[Machine]:
    """One that begins with balances such as `USDT=100000`, in spot, and as `words` say; its time is the wall's."""
    pytest.importorskip("tornado")
    home.mkdir(mode=0o700, exist_ok=True)
    Machine(home).typed(f"paper reset {words} " + " ".join(f"--balance {each}" for each in balances))
    serve = [*_BITGET, "paper", "serve", "--port", "0"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True, env=Machine(home).environ) as process:
        try:
            assert process.stdout
            yield Machine(home, process.stdout.readline().strip())
        finally:
            process.terminate()


def _without_folders() -> dict[str, str]:
    return {name: text for name, text in os.environ.items() if not name.startswith("XDG_")}
