"""Standard streams, the options that say how to use them, and the questions a person is asked on them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TextIO

from bitget_cli.errors import DeclinedError, UsageError
from bitget_cli.output.plain import sanitise

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitget_cli.results import Result
    from bitget_cli.runtime import Environment

# Remember where the cursor is, go to the start of the line; and back: what is being typed stays as it is.
_TO_START, _BACK = "\x1b7\r", "\x1b8"


class Console:
    """What a person reads and answers. What is said goes through `redact`, and cannot steer the terminal."""

    def __init__(
        self,
        environment: Environment,
        *,
        output: str | None = None,
        json: bool = False,
        fields: str | None = None,
        no_color: bool = False,
        redact: Callable[[str], str],
    ) -> None:
        self.stdin, self.stdout, self.stderr = environment.stdin, environment.stdout, environment.stderr
        self._environ = environment.environ
        self._clock = environment.clock
        self._output, self._json, self._fields, self._no_color = output, json, fields, no_color
        self._redact = redact

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads the results."""
        return self.stdout.isatty()

    @property
    def is_attended(self) -> bool:
        """Whether there is somebody to ask."""
        return self.stdin.isatty() and self.stderr.isatty()

    @property
    def can_redraw(self) -> bool:
        """Whether what was written can be replaced, which a dumb terminal cannot."""
        return self._environ.get("TERM") != "dumb"

    @property
    def form(self) -> str:
        from bitget_cli.output.render import FORMS

        if self._json and self._output not in (None, "json"):
            raise UsageError(f"--json and --output {self._output} ask for two forms; choose one")
        form = "json" if self._json else self._output or ("table" if self.is_terminal else "tsv")
        if form not in FORMS:
            raise UsageError(f"output form {form!r} is not one of {', '.join(FORMS)}")
        return form

    @property
    def stream_form(self) -> str:
        """The form of a stream, where every row stands by itself: a live table on a terminal, else NDJSON."""
        form = self.form
        if self._output or self._json:
            return "ndjson" if form == "json" else form
        return "table" if self.is_terminal and self.can_redraw else "ndjson"

    def color(self, stream: TextIO) -> bool:
        return stream.isatty() and not (self._no_color or self._environ.get("NO_COLOR") or not self.can_redraw)

    def show(self, result: Result) -> None:
        """Draw a result on stdout in the form asked for; a stream is shown until it ends."""
        from bitget_cli.output.render import play, show
        from bitget_cli.results import Feed

        fields = tuple(name.strip() for name in self._fields.split(",")) if self._fields else None
        color = self.color(self.stdout)
        if isinstance(result, Feed):
            play(
                result,
                form=self.stream_form,
                fields=fields,
                out=self.stdout,
                err=self.stderr,
                stdin=self.stdin,
                color=color,
                clock=self._clock,
            )
            return
        show(result, form=self.form, fields=fields, out=self.stdout, terminal=self.is_terminal, color=color)

    def say(self, text: str) -> None:
        """A line for people, or several, on stderr."""
        print(self._harmless(text), file=self.stderr, flush=True)

    def ask(self, question: str) -> bool:
        """Ask on the terminal; anything but yes is no. Raises DeclinedError where there is nobody to ask."""
        if not self.is_attended:
            raise DeclinedError(f"{question}: not confirmed, and there is no terminal to ask on", hint="add --yes")
        return self.ask_for(f"{self._harmless(question)}\nGo ahead? [y/N] ").lower() in ("y", "yes")

    def ask_for(self, prompt: str) -> str:
        """The line that is typed after the prompt."""
        self.stderr.write(prompt)
        self.stderr.flush()
        return self.stdin.readline().strip()

    def ask_while(self, left: Callable[[], float]) -> bool | None:
        """Ask whether to go ahead while `left` (seconds) is above zero; None when time ran out.

        One line on stderr counts down. What was typed before the question does not answer it; anything but yes is no.
        """
        _forget_what_was_typed(self.stdin)
        seconds = math.ceil(left())
        self.stderr.write(_countdown(seconds))
        while (now_left := left()) > 0:
            self.stderr.flush()
            if _is_answered(self.stdin, now_left - math.ceil(now_left) + 1):
                is_yes = self.stdin.readline().strip().lower() in ("y", "yes")
                return None if is_yes and left() <= 0 else is_yes
            if self.can_redraw and 0 < math.ceil(left()) < seconds:
                seconds = math.ceil(left())
                self.stderr.write(f"{_TO_START}{_countdown(seconds)}{_BACK}")
        self.stderr.write(f"{_TO_START}{_countdown(0)}\n" if self.can_redraw else "\n")
        self.stderr.flush()
        return None

    def _harmless(self, text: str) -> str:
        return "\n".join(map(sanitise, self._redact(text).split("\n")))


def _countdown(seconds: int) -> str:
    return f"{seconds} s: go ahead? [y/N] "


def _forget_what_was_typed(stdin: TextIO) -> None:
    import termios

    try:
        termios.tcflush(stdin.fileno(), termios.TCIFLUSH)
    except (OSError, ValueError, termios.error):  # no file of its own, or no terminal
        return


def _is_answered(stdin: TextIO, seconds: float) -> bool:
    """Whether a line is there within so many seconds. A stream that cannot be watched is read at once."""
    import select

    try:
        descriptor = stdin.fileno()
    except (OSError, ValueError):
        return True
    return bool(select.select([descriptor], [], [], seconds)[0])
