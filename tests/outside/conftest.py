"""A real paper exchange on a real port, for somebody else's client to judge."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The clock stands still, so that what a client reads can be compared with what is asked a moment later.
_SCRIPT = """
from datetime import UTC, datetime
from bitget_cli.paper.exchange import Exchange
from bitget_cli.paper.server import PaperServer
from bitget_cli.paper.store import Store
store = Store(None, now_override="2026-03-02T12:34:56.789Z")
server = PaperServer(Exchange(store, wall=lambda: datetime.now(UTC)), port=0)
print(server.url, flush=True)
server.run()
"""


@pytest.fixture(scope="session")
def paper_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("uvicorn")
    environ = {**os.environ, "HOME": str(tmp_path_factory.mktemp("home"))}
    with subprocess.Popen([sys.executable, "-c", _SCRIPT], stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture(scope="session")
def judge() -> Path:
    """The script that drives bitget-api."""
    return Path(__file__).with_name("bitget_api.mjs")
