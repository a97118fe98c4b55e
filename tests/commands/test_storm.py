"""Many programs of one person at once: the rate limit is theirs together, and none of them hears of it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from doubles import KIND

from bitget_cli.paper.credentials import settings

BITGET = (sys.executable, "-m", "bitget_cli")


@pytest.fixture
def served(home: Path) -> Iterator[dict[str, str]]:
    """A paper exchange that counts calls as Bitget does, and the environment that points at it."""
    pytest.importorskip("tornado")
    environ = {**os.environ, "HOME": str(home), "NO_COLOR": "1"}
    with subprocess.Popen(
        [*BITGET, "paper", "serve", "--port", "0"], env=environ, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        url = server.stdout.readline().strip()
        yield {**environ, **settings(int(url.rpartition(":")[2]))}
        server.terminate()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "times"),
    [("market ticker BTCUSDT", 200), ("account balance", 60), ("account overview", 16)],
    ids=["20 a second", "10 a second, signed", "1 a second, signed"],
)
def test_no_call_of_a_storm_is_refused(line: str, times: int, served: dict[str, str]) -> None:
    def one(_: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*BITGET, *line.split(), "--json", "--verbose"], env=served, capture_output=True, text=True, check=False
        )

    with ThreadPoolExecutor(8) as shells:
        ran = list(shells.map(one, range(times)))
    assert Counter(each.returncode for each in ran) == {0: times}, next(each.stderr for each in ran if each.returncode)
    # Not even one that was refused and then tried again.
    assert [each.stderr for each in ran if " 429 " in each.stderr] == []
    # A call each; the first of the signed ones, which begin together, also ask for the kind of account.
    calls = [line for each in ran for line in each.stderr.splitlines() if KIND not in line]
    assert len(calls) == times
    assert len([each for each in ran if KIND in each.stderr]) <= 8
