"""Standard streams, the options that say how to use them, and the questions a person is asked on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from bitget_cli.errors import DeclinedError, UsageError
from bitget_cli.output.plain import sanitise

if TYPE_CHECKING:
    from collections.abc import Callable

    from bitget_cli.output.progress import ProgressLine
    from bitget_cli.results import Result
    from bitget_cli.runtime import Environment


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
        verbose: bool = False,
        redact: Callable[[str], str],
    ) -> None:
        self.stdin, self.stdout, self.stderr = environment.stdin, environment.stdout, environment.stderr
        self._environ = environment.environ
        self._clock = environment.clock
        self._output, self._json, self._fields, self._no_color = output, json, fields, no_color
        self._verbose = verbose
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
        from bitget_cli.results import Feed, Rows

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
        form = self.stream_form if isinstance(result, Rows) and result.in_time else self.form
        show(result, form=form, fields=fields, out=self.stdout, terminal=self.is_terminal, color=color)

    def say(self, text: str) -> None:
        """A line for people, or several, on stderr."""
        print(self.harmless(text), file=self.stderr, flush=True)

    def ask(self, question: str) -> bool:
        """Ask on the terminal; anything but yes is no. Raises DeclinedError where there is nobody to ask."""
        if not self.is_attended:
            raise DeclinedError(f"{question}: not confirmed, and there is no terminal to ask on", hint="add --yes")
        return self.ask_for(f"{self.harmless(question)}\nGo ahead? [y/N] ").lower() in ("y", "yes")

    def ask_for(self, prompt: str) -> str:
        """The line that is typed after the prompt."""
        self.stderr.write(prompt)
        self.stderr.flush()
        return self.stdin.readline().strip()

    def ask_within(self, left: Callable[[], float]) -> bool | None:
        """The same while `left` (seconds) is above zero, counted down on the terminal; None when time ran out."""
        from bitget_cli.output.question import ask_within

        return ask_within(left, stdin=self.stdin, stderr=self.stderr, redraws=self.can_redraw)

    def progress(self, total: int | None = None, *, quiet: bool = False) -> ProgressLine:
        """Tells a person how far something is; nobody else, and not among the lines of --verbose."""
        from bitget_cli.output.progress import ProgressLine

        is_shown = self.stderr.isatty() and self.can_redraw and not (quiet or self._verbose)
        return ProgressLine(
            self.stderr, is_shown=is_shown, color=self.color(self.stderr), clock=self._clock, total=total
        )

    def harmless(self, text: str) -> str:
        """The text without a secret, and such that it cannot steer the terminal."""
        return "\n".join(map(sanitise, self._redact(text).split("\n")))
