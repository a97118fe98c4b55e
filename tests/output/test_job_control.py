"""Ctrl-Z on a live table."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator

import pytest

from bitget_cli.errors import StoppedError
from bitget_cli.output.terminal import JobControl, undisturbed
from bitget_cli.runtime import ENDING_SIGNALS, catch_signals


@pytest.fixture
def default() -> Iterator[None]:
    before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGTSTP, before)


def recorded(done: list[str]) -> JobControl:
    return JobControl(
        leave=lambda: done.append("put back"), enter=lambda: done.append("taken"), stop=lambda: done.append("stopped")
    )


@pytest.mark.usefixtures("default")
def test_the_terminal_is_put_back_before_the_program_stops_and_taken_again_after() -> None:
    done: list[str] = []
    suspension = recorded(done)
    suspension.begin()
    assert not suspension.heed()
    for _ in range(2):
        signal.raise_signal(signal.SIGTSTP)
        assert not done
        assert suspension.heed()
        assert done == ["put back", "stopped", "taken"]
        done.clear()
    suspension.end()
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL


@pytest.fixture
def _stopping() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *ENDING_SIGNALS)}
    hooks = sys.unraisablehook, sys.excepthook, threading.excepthook
    catch_signals()
    yield
    sys.unraisablehook, sys.excepthook, threading.excepthook = hooks
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_stopping")
def test_a_second_signal_at_once_waits_until_the_terminal_is_put_back() -> None:
    """As `systemctl stop` and a closing terminal send them: SIGTERM and SIGHUP together."""
    both, done = {signal.SIGHUP, signal.SIGTERM}, []
    free = signal.pthread_sigmask(signal.SIG_BLOCK, both)
    for number in both:
        signal.raise_signal(number)
    with pytest.raises(StoppedError) as first:
        signal.pthread_sigmask(signal.SIG_SETMASK, free)
    with pytest.raises(StoppedError) as second, undisturbed():
        done.append("put back")
    assert done == ["put back"]
    assert {first.value.exit_status, second.value.exit_status} == {129, 143}
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == free


@pytest.mark.usefixtures("default")
def test_without_job_control_nothing_is_changed() -> None:
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    suspension = recorded([])
    suspension.begin()
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN
