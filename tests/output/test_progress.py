"""The line a person sees while they wait, and who does not see it."""

from __future__ import annotations

import io

import pytest
from doubles import Screen

from bitget_cli.runtime import Environment
from bitget_cli.session import Session, Shared


def at(stderr: io.StringIO, *, term: str = "xterm", verbose: bool = False) -> Session:
    return Session(Shared(verbose=verbose), Environment(environ={"TERM": term}, stderr=stderr))


def test_each_line_replaces_the_one_before_and_the_last_goes_away() -> None:
    err = Screen()
    line = at(err).console.progress(4)
    line.tell("1 of 4", done=1)
    line.tell("[red]2 of 4", done=2)
    line.end()
    line.end()
    first, second, *_ = err.getvalue().split("\r\x1b[2K")
    assert first.endswith(" 1 of 4\x1b[?25h")
    assert second.endswith(" [red]2 of 4")
    assert err.getvalue().endswith("\r\x1b[1A\x1b[2K")


def test_the_cursor_stays_to_be_seen_by_whoever_suspends_or_kills_it() -> None:
    err = Screen()
    at(err).console.progress().tell("waiting")
    assert err.getvalue().rfind("\x1b[?25h") > err.getvalue().rfind("\x1b[?25l") >= 0


@pytest.mark.parametrize(
    ("session", "quiet"),
    [
        (at(io.StringIO()), False),
        (at(Screen(), term="dumb"), False),
        (at(Screen(), verbose=True), False),
        (at(Screen()), True),
    ],
    ids=["pipe", "dumb", "verbose", "quiet"],
)
def test_nobody_else_is_told(session: Session, quiet: bool) -> None:
    line = session.console.progress(4, quiet=quiet)
    line.tell("1 of 4", done=1)
    line.end()
    assert not line.is_shown
    assert session.console.stderr.getvalue() == ""  # type: ignore[attr-defined]
