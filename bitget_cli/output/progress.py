"""What a person is told while they wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from bitget_cli.runtime import Clock


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
