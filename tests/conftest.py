"""One door into the program for every test: `bitget("market ticker BTCUSDT")` types it and returns what one reads.

What a command sends, or one answer to it: `exchange`, which is pytest-httpx (`desk.Desk` answers the reads around it).
An exchange with a state or a clock of its own: `http=`, or the paper exchange. Bytes on the wire: a server on loopback.
"""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from doubles import KIND, Bitget, MemoryKeyring, StillClock, classic
from hypothesis import settings
from paper_account import RICH_TYPED
from pytest_httpx import HTTPXMock

from bitget_cli.client.http.transport import NetworkTransport
from bitget_cli.runtime import ENDING_SIGNALS

# A busy machine is no failure of a law; and the gate tries the same cases each time, so that it tells of the change.
settings.register_profile("here", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "here")
# Rich asks the environment what the terminal can do; that of a test can do all.
os.environ["TERM"] = "xterm-256color"

# In the background of a shell Ctrl-C is ignored, and would be by every program that a test starts and ends with it.
for _number, _handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGQUIT, signal.SIG_DFL)):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, _handler)

# Every test file and every start of the program would be compiled anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# In memory a synced write costs nothing, and most commands sync some.
_MEMORY = "/dev/shm"  # noqa: S108  # folders in it are made by `mkdtemp` and pytest
if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2 << 30:
    os.environ["TMPDIR"] = tempfile.tempdir = _MEMORY


def pytest_collection_finish() -> None:
    """Ten thousand tests stay to the end: not looked through for garbage, and else as seldom as in the program."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000)


_SIGNALS = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING_SIGNALS)}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """A test that leaves a signal with another meaning would be found out by another one, somewhere."""
    yield
    assert {number: signal.getsignal(number) for number in _SIGNALS} == _SIGNALS


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folders, empty and private."""
    tmp_path.chmod(0o700)
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    return tmp_path


@pytest.fixture
def rich(bitget: Bitget) -> Bitget:
    """With a paper exchange that began with more than a new one does, and with more kinds of coins."""
    assert bitget(RICH_TYPED).status == 0
    return bitget


@pytest.fixture
def bitget(home: Path, clock: StillClock, request: pytest.FixtureRequest) -> Bitget:
    own_door = "exchange" in request.fixturenames
    return Bitget({"HOME": str(home), "TERM": "xterm-256color"}, clock, MemoryKeyring(), own_door=own_door)


@pytest.fixture
def exchange(
    httpx_mock: HTTPXMock, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[HTTPXMock]:
    """pytest-httpx in the place of the exchange: everything of a command runs but the socket.

    A request that no response was added for fails the test, and so does a response that nobody asked for. The account
    is a classic one, so that a test never meets the question for its kind, unless `bitget.kind_is_asked`.
    """

    def answer(door: NetworkTransport, asked: httpx.Request) -> httpx.Response:
        typed = "bitget" in request.fixturenames and request.getfixturevalue("bitget").kind_is_asked
        if asked.url.path == KIND and not typed:
            return classic()
        return httpx.HTTPTransport.handle_request(door, asked)

    monkeypatch.setattr(NetworkTransport, "handle_request", answer)
    before = set(threading.enumerate())
    yield httpx_mock
    # A list that is left early lets pages under way end unwatched: they shall not ask the exchange of the next test.
    ends = time.monotonic() + 2
    for reader in set(threading.enumerate()) - before:
        if reader.name in ("page", "pages"):
            reader.join(max(0.0, ends - time.monotonic()))
