"""Ctrl-Z on a live table."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from bitget_cli.output.live.terminal import JobControl


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


@pytest.mark.usefixtures("default")
def test_without_job_control_nothing_is_changed() -> None:
    signal.signal(signal.SIGTSTP, signal.SIG_IGN)
    suspension = recorded([])
    suspension.begin()
    assert signal.getsignal(signal.SIGTSTP) is signal.SIG_IGN
