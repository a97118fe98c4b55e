"""A question with a clock, on a pseudo-terminal: yes, no, or too late."""

from __future__ import annotations

import os
import pty
from collections.abc import Callable, Iterator

import pytest
from doubles import Screen

from bitget_cli.output.console import Console
from bitget_cli.runtime import Environment
from bitget_cli.session import Shared


class Desk:
    """Somebody at a pseudo-terminal: `type` at it, read what it shows."""

    def __init__(self, term: str = "xterm") -> None:
        self._typing, reading = pty.openpty()
        self._stdin = os.fdopen(reading, "r")
        self._shown = Screen()
        environment = Environment(environ={"TERM": term}, stdin=self._stdin, stderr=self._shown)
        self.console = Console(environment, Shared(), redact=str)

    def type(self, text: bytes) -> None:
        os.write(self._typing, text)

    @property
    def shown(self) -> str:
        return self._shown.getvalue()

    def close(self) -> None:
        self._stdin.close()
        os.close(self._typing)


@pytest.fixture
def at() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def passing(*seconds: float) -> Callable[[], float]:
    """How much is left, each time it is asked for; the last for ever."""
    waiting = list(seconds)
    return lambda: waiting.pop(0) if len(waiting) > 1 else waiting[0]


THREE_SECONDS = (2.01, 2.01, 1.01, 1.01, 1.01, 0.01, 0.01, 0.0)


def test_the_countdown_updates_one_line_until_time_runs_out(at: Desk) -> None:
    assert at.console.ask_within(passing(*THREE_SECONDS)) is None
    assert at.shown.startswith("3 s: go ahead? [y/N] ")
    assert "\x1b7\r2 s: go ahead? [y/N] \x1b8" in at.shown
    assert at.shown.count("\n") == 1


@pytest.mark.parametrize(("typed", "answer"), [(b"y\n", True), (b"YES\n", True), (b"n\n", False), (b"\n", False)])
def test_a_line_typed_in_time_is_the_answer(at: Desk, typed: bytes, *, answer: bool) -> None:
    asked: list[float] = []

    def left() -> float:
        if len(asked) == 1:  # the question stands by then
            at.type(typed)
        asked.append(5.0)
        return asked[-1]

    assert at.console.ask_within(left) is answer


def test_what_was_typed_before_the_question_does_not_answer_it(at: Desk) -> None:
    at.type(b"y\n")
    assert at.console.ask_within(passing(0.05, 0.05, 0.0)) is None


def test_a_yes_that_comes_too_late_is_none(at: Desk) -> None:
    answers = passing(1.0, 1.0, 0.0)

    def left() -> float:
        at.type(b"y\n")
        return answers()

    assert at.console.ask_within(left) is None


def test_a_dumb_terminal_gets_the_question_once() -> None:
    desk = Desk(term="dumb")
    assert desk.console.ask_within(passing(*THREE_SECONDS)) is None
    assert desk.shown == "3 s: go ahead? [y/N] \n"
    desk.close()
