"""The person's side of a session: what is shown, in which form, and what is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

from bitget_cli.errors import DeclinedError, UsageError

if TYPE_CHECKING:
    from bitget_cli.commands.options import Shared
    from bitget_cli.doors import Doors
    from bitget_cli.results import Result

_FORMS = ("table", "json", "ndjson", "csv", "tsv")


class Screen:
    """Standard streams, and the options that say how to use them."""

    def __init__(self, shared: Shared, doors: Doors) -> None:
        self.shared = shared
        self.doors = doors

    @property
    def terminal(self) -> bool:
        return self.doors.stdout.isatty()

    @property
    def form(self) -> str:
        if self.shared.json and self.shared.output not in (None, "json"):
            raise UsageError(f"--json and --output {self.shared.output} ask for two forms; choose one")
        form = "json" if self.shared.json else self.shared.output or ("table" if self.terminal else "tsv")
        if form not in _FORMS:
            raise UsageError(f"output form {form!r} is not one of {', '.join(_FORMS)}")
        return form

    @property
    def stream_form(self) -> str:
        """The form of a stream, where every row stands by itself: a live table on a terminal, else NDJSON."""
        form = self.form
        if self.shared.output or self.shared.json:
            return "ndjson" if form == "json" else form
        return "table" if self.terminal and self.doors.environ.get("TERM") != "dumb" else "ndjson"

    def color(self, stream: TextIO) -> bool:
        plain = self.shared.no_color or self.doors.environ.get("NO_COLOR") or self.doors.environ.get("TERM") == "dumb"
        return stream.isatty() and not plain

    def show(self, result: Result) -> None:
        """Draw a result on stdout in the form asked for; a stream is shown until it ends."""
        from bitget_cli.output.show import play, show
        from bitget_cli.results import Feed

        fields = tuple(name.strip() for name in self.shared.fields.split(",")) if self.shared.fields else None
        out = self.doors.stdout
        if isinstance(result, Feed):
            doors, color = self.doors, self.color(out)
            form, clock = self.stream_form, doors.clock
            play(
                result, form=form, fields=fields, out=out, err=doors.stderr, stdin=doors.stdin, color=color, clock=clock
            )
            return
        show(result, form=self.form, fields=fields, out=out, terminal=self.terminal, color=self.color(out))

    def say(self, line: str) -> None:
        """A line for people, or several, on stderr. What came from elsewhere cannot steer the terminal."""
        print(_harmless(line), file=self.doors.stderr, flush=True)

    def ask(self, question: str) -> bool:
        """Ask on the terminal; anything but yes is no. Raises DeclinedError where there is nobody to ask."""
        if not (self.doors.stdin.isatty() and self.doors.stderr.isatty()):
            raise DeclinedError(f"{question}: not confirmed, and there is no terminal to ask on", hint="add --yes")
        self.doors.stderr.write(f"{_harmless(question)}\nGo ahead? [y/N] ")
        self.doors.stderr.flush()
        return self.doors.stdin.readline().strip().lower() in ("y", "yes")


def _harmless(text: str) -> str:
    from bitget_cli.output.safety import sanitise

    return "\n".join(map(sanitise, text.split("\n")))
