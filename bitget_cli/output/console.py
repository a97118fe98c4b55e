"""Standard streams, the options that say how to use them, and what a person is asked and told meanwhile on them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from bitget_cli.errors import DeclinedError
from bitget_cli.output.plain import fitted, sanitise

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bitget_cli.results import Done, Record, Result, Rows
    from bitget_cli.runtime import Clock, Environment
    from bitget_cli.session import Shared


class Console:
    """What a person reads and answers. What is said goes through `redact`, and cannot steer the terminal."""

    def __init__(
        self,
        environment: Environment,
        options: Shared,
        *,
        redact: Callable[[str], str],
        usual_form: Callable[[], str | None] = lambda: None,
    ) -> None:
        self.stdin, self.stdout, self.stderr = environment.stdin, environment.stdout, environment.stderr
        self._environ = environment.environ
        self._clock = environment.clock
        self._ask = environment.ask
        self._options = options
        self._redact = redact
        self._usual_form = usual_form

    @property
    def is_terminal(self) -> bool:
        """Whether a person reads the results."""
        return self.stdout.isatty()

    @property
    def is_attended(self) -> bool:
        """Whether there is somebody to ask."""
        return self.stdin.isatty() and self.stderr.isatty()

    @property
    def can_ask(self) -> bool:
        """Whether somebody answers `ask`, here or elsewhere."""
        return self.is_attended or self._ask is not None

    @property
    def can_redraw(self) -> bool:
        """Whether what was written can be replaced, which a dumb terminal cannot."""
        return self._environ.get("TERM") != "dumb"

    @property
    def form(self) -> str:
        return self._options.form(is_terminal=self.is_terminal, usual=self._usual_form)

    @property
    def stream_form(self) -> str:
        """The form of a stream, where every row stands by itself: a live table on a terminal, else NDJSON."""
        form = self.form
        if self._options.output or self._options.json or self._usual_form():
            return "ndjson" if form == "json" else form
        return "table" if self.is_terminal and self.can_redraw else "ndjson"

    def color(self, stream: TextIO) -> bool:
        return stream.isatty() and not (self._options.no_color or self._environ.get("NO_COLOR") or not self.can_redraw)

    def show(self, result: Result) -> None:
        """Draw a result on stdout in the form asked for; a stream is shown until it ends."""
        from bitget_cli.output.render import play, show
        from bitget_cli.results import Done, Feed, Record, Rows

        names = self._options.fields
        fields = tuple(name.strip() for name in names.split(",")) if names else None
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
                times=self._options.times,
                save=self._options.save,
            )
            return
        form = self.stream_form if isinstance(result, Rows) and result.in_time else self.form
        if self._options.times:
            from bitget_cli.output.times import dated

            result = dated(result, self._options.times, is_table=form in ("table", "record"))
        if self._options.save and isinstance(result, Rows):
            result = result._replace(items=list(result.items))
        show(result, form=form, fields=fields, out=self.stdout, terminal=self.is_terminal, color=color)
        if self._options.save and isinstance(result, Rows | Record | Done):
            self._save(result, self._options.save, fields=fields, one_by_one=form == "record")

    def _save(
        self, result: Rows | Record | Done, path: str, *, fields: tuple[str, ...] | None, one_by_one: bool
    ) -> None:
        from bitget_cli.output import picture, records

        width = picture.WIDTH
        if self.is_terminal:
            from bitget_cli.output.terminal import console_on

            width = console_on(self.stdout, color=False).width
        lines = records.drawn(result, fields=fields, width=width, one_by_one=one_by_one)
        picture.save(lines, path, width=width)

    def say(self, text: str) -> None:
        """A line for people, or several, on stderr."""
        print(fitted(self.harmless(text), self.stderr), file=self.stderr, flush=True)

    def ask(self, question: str) -> bool:
        """Ask on the terminal, or who stands in for it; anything but yes is no.

        Raises DeclinedError where there is nobody to ask.
        """
        if self._ask is not None:
            return self._ask(self.harmless(question))
        if not self.is_attended:
            raise DeclinedError(f"{question}: not confirmed, and there is no terminal to ask on", hint="add --yes")
        asked = fitted(self.harmless(question), self.stderr)
        return self.ask_for(f"{asked}\nGo ahead? [y/N] ").lower() in ("y", "yes")

    def ask_for(self, prompt: str, *, has_default: bool = False) -> str:
        """The line that is typed after the prompt, without its end.

        Where an empty line is an answer too, Ctrl-D is none: DeclinedError.
        """
        self.stderr.write(prompt)
        self.stderr.flush()
        line = self.stdin.readline()
        if has_default and not line:
            raise DeclinedError("stopped at the question: Ctrl-D is no answer")
        return line.strip()

    def ask_within(self, left: Callable[[], float]) -> bool | None:
        """Ask whether to go ahead while `left` (seconds) is above zero; None when time ran out.

        One line counts down where the terminal can redraw it. What was typed before the question does not answer it;
        anything but yes is no.
        """
        from bitget_cli.unix import forget_typed

        forget_typed(self.stdin)
        shown = math.ceil(left())
        self.stderr.write(_question(shown))
        while (seconds := left()) > 0:
            self.stderr.flush()
            if _is_answered(self.stdin, seconds - math.ceil(seconds) + 1):
                said_yes = self.stdin.readline().strip().lower() in ("y", "yes")
                return None if said_yes and left() <= 0 else said_yes
            if self.can_redraw and 0 < math.ceil(left()) < shown:
                shown = math.ceil(left())
                _redraw(shown, self.stderr)
        if self.can_redraw:
            _redraw(0, self.stderr)
        self.stderr.write("\n")
        self.stderr.flush()
        return None

    def progress(self, total: int | None = None, *, quiet: bool = False) -> ProgressLine:
        """Tells a person how far something is; nobody else, and not among the lines of --verbose."""
        is_shown = self.stderr.isatty() and self.can_redraw and not (quiet or self._options.verbose)
        return ProgressLine(
            self.stderr, is_shown=is_shown, color=self.color(self.stderr), clock=self._clock, total=total
        )

    def harmless(self, text: str) -> str:
        """The text without a secret, and such that it cannot steer the terminal."""
        return "\n".join(map(sanitise, self._redact(text).split("\n")))


class ProgressLine:
    """A line on a terminal's stderr, replaced by the next and gone at the end, with a bar where a `total` is known.

    Where `is_shown` is false nothing is told.
    """

    def __init__(self, stderr: TextIO, *, is_shown: bool, color: bool, clock: Clock, total: int | None = None) -> None:
        self.is_shown = is_shown
        self._stderr, self._color, self._clock, self._total = stderr, color, clock, total
        self._begun: tuple[Progress, TaskID] | None = None

    def tell(self, text: str, *, done: int = 0) -> None:
        """Draw it now, `done` of the total; the pace is the caller's."""
        if self._begun:
            progress, task = self._begun
            progress.update(task, description=text, completed=done, refresh=True)
        elif self.is_shown:
            self._begun = self._begin(text, done)

    def end(self) -> None:
        if self._begun:
            self._begun[0].stop()
            self._begun = None

    def _begin(self, text: str, done: int) -> tuple[Progress, TaskID]:
        from rich.progress import BarColumn, Progress, TextColumn

        from bitget_cli.output.terminal import console_on

        bar = [BarColumn(24, complete_style="green", finished_style="green", style="dim")] if self._total else []
        progress = Progress(
            *bar,
            TextColumn("{task.description}", markup=False),
            console=console_on(self._stderr, color=self._color),
            transient=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
            get_time=self._clock.monotonic,
        )
        task = progress.add_task(text, total=self._total, completed=done)
        progress.start()
        # One that is hidden stays so where the program is suspended or killed.
        progress.console.show_cursor(True)
        return progress, task


def _redraw(seconds: int, stderr: TextIO) -> None:
    """The same line with another number; what is being typed behind it stays as it is."""
    from bitget_cli.output.terminal import RESTORE_CURSOR, SAVE_CURSOR

    stderr.write(f"{SAVE_CURSOR}\r{_question(seconds)}{RESTORE_CURSOR}")


def _question(seconds: int) -> str:
    return f"{seconds} s: go ahead? [y/N] "


def _is_answered(stdin: TextIO, seconds: float) -> bool:
    """Whether a line is there within so many seconds. A stream that cannot be watched is read at once."""
    import select

    try:
        descriptor = stdin.fileno()
    except (OSError, ValueError):
        return True
    return bool(select.select([descriptor], [], [], seconds)[0])
