"""An order whose outcome cannot be printed: it is told on stderr, and the journal has it."""

from __future__ import annotations

import errno
import io
import os
import shlex
import subprocess
import sys

import pytest
from doubles import Bitget

from bitget_cli.errors import StoppedError
from bitget_cli.main import main
from bitget_cli.output.console import Console
from bitget_cli.runtime import Environment


class Shut(io.StringIO):
    """An output that nobody reads any more, or that has no room."""

    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, _: str) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141),
        (BrokenPipeError(), 141),
        (OSError(errno.ENOSPC, "No space left on device"), 3),
    ],
    ids=["closed", "closed, no number", "full"],
)
@pytest.mark.parametrize("stderr_too", [False, True], ids=["stderr open", "stderr closed"])
def test_a_change_is_told_where_it_can_be(error: OSError, status: int, stderr_too: bool, bitget: Bitget) -> None:
    bitget("-p paper account transfer USDT 5000 --from spot --to usdt-futures --json")
    err: io.StringIO = Shut(error) if stderr_too else io.StringIO()
    environment = Environment(
        environ=bitget.environ, stdin=io.StringIO(), stdout=Shut(error), stderr=err, clock=bitget.clock
    )
    assert (
        main(["-p", "paper", "order", "buy", "BTCUSDT", "0.01", "--client-oid", "mine", "--json"], environment)
        == status
    )
    if not stderr_too:
        assert "placed" in err.getvalue()
        assert "mine" in err.getvalue()
    (entry,) = [entry for entry in bitget("-p paper order log --json").json if entry["clientOid"] == "mine"]
    assert entry["state"] == "placed"


@pytest.mark.parametrize(("stop", "status"), [(KeyboardInterrupt(), 130), (StoppedError(15), 143)])
def test_a_change_is_told_when_a_signal_comes_while_it_is_drawn(
    stop: BaseException, status: int, bitget: Bitget, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(*_: object) -> None:
        raise stop

    monkeypatch.setattr(Console, "show", drawn)
    ran = bitget("-p paper order buy BTC/USDT --quote 50 --client-oid mine")
    assert (ran.status, ran.out) == (status, "")
    assert "placed: " in ran.err
    assert "client id mine" in ran.err


def ended(bitget: Bitget, line: str, shell: str) -> subprocess.CompletedProcess[str]:
    """The program as a shell starts it, with streams closed beforehand."""
    command = f"{shlex.quote(sys.executable)} -c 'from bitget_cli.main import run; run()' {line} {shell}"
    environ = {**os.environ, **bitget.environ}
    return subprocess.run(["sh", "-c", command], env=environ, capture_output=True, text=True, check=False)


BUY = "-p paper order buy BTC/USDT --quote 50"


@pytest.mark.parametrize(
    ("line", "closed", "status"),
    [
        (BUY, "2>&-", 0),
        (BUY, "<&-", 0),
        (BUY, ">&-", 141),
        (BUY, "<&- >&- 2>&-", 141),
        ("-p paper market time", "2>&-", 0),
        ("-p paper market time", ">&-", 141),
        ("-p paper order buy NOSUCH 1", "2>&-", 2),
        ("-p paper convert trade USDT BTC --from-size 50", "2>&-", 0),
        ("-p paper convert trade USDT BTC --from-size 50", ">&-", 141),
    ],
)
def test_a_stream_that_was_closed_before_the_start_changes_no_outcome(
    bitget: Bitget, line: str, closed: str, status: int
) -> None:
    ran = ended(bitget, line, closed)
    assert ran.returncode == status, ran.stderr
    assert "Traceback" not in ran.stderr
    if line == BUY:
        assert [entry["state"] for entry in bitget("-p paper order log --json").json] == ["placed"]
        assert ("placed" in ran.stderr) is (closed == ">&-")
    elif "trade" in line:
        assert ran.stdout.startswith("done") or "done: {'ts': " in ran.stderr
