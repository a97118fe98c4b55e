"""The paper exchange served by a process of its own, for somebody else's client."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from paper_account import RICH

_SCRIPT = """
import sys
from datetime import UTC, datetime
from decimal import Decimal
from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.server import PaperServer
from bitget_cli.paper.store import Store
store = Store(None, now_override=sys.argv[1])
store.reset(opening=eval(sys.argv[2]))
server = PaperServer(Exchange(store, wall=lambda: datetime.now(UTC)), port=0)
print(server.url, flush=True)
server.run()
"""


@contextmanager
def served(home: Path, *, at: str = "") -> Iterator[str]:
    """The address of a fresh, rich exchange; its clock stands still `at` an instant, or is the wall's."""
    pytest.importorskip("uvicorn")
    words = [sys.executable, "-c", _SCRIPT, at, repr(RICH)]
    environ = {**os.environ, "HOME": str(home)}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()
