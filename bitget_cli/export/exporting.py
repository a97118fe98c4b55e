"""An export from start to finish: fetch what is missing, write the streams that are whole, report what is covered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.client.records import Window, windows
from bitget_cli.export import coverage
from bitget_cli.export.bookings import Booking
from bitget_cli.export.fetching import Gap, Task, Told, fetch, missing
from bitget_cli.export.finished import Shelf
from bitget_cli.export.formats import Format, rows
from bitget_cli.export.merging import merged
from bitget_cli.export.sources import SOURCES, STREAMS, of_stream
from bitget_cli.export.work import Plan, Work, opened
from bitget_cli.values import from_milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock


class Made(NamedTuple):
    """What an export came to: a row a stream, the gaps, and where it ends in epoch ms (decided by its first start)."""

    streams: list[dict[str, Any]]
    gaps: list[Gap]
    until: int


class Wish(NamedTuple):
    """What is to be exported: `label` names its files, `out` is their folder."""

    plan: Plan
    label: str
    out: Path
    form: Format

    @property
    def work_folder(self) -> Path:
        return self.out / f".bitget-tax-{self.label}"

    def file_of(self, stream: str) -> str:
        """The name of a stream's file; each form has its own, so that one does not replace the other."""
        form = "" if self.form is Format.GENERIC else f"-{self.form.value}"
        return f"bitget-tax-{self.label}-{stream}{form}.csv"

    @property
    def coverage_file(self) -> str:
        return f"bitget-tax-{self.label}-coverage.json"


def export(wish: Wish, client: Client, *, clock: Clock, starts: Callable[[list[Task], Plan], Told]) -> Made:
    """Make the files of a wish, going on where an earlier start was interrupted.

    `starts` is told what is still to be fetched and answers who hears of each page. Raises ConfigError, and
    CredentialsError; a window that cannot be had is a gap in the answer, and its stream's file is not written.
    """
    files.ensure_folder(wish.out)
    with opened(wish.work_folder, wish.plan) as work:
        shelf = Shelf(wish.out, work.folder)
        shelf.refuse_strangers([*(wish.file_of(stream) for stream in STREAMS), wish.coverage_file])
        stretches = windows(from_milliseconds(work.plan.since), from_milliseconds(work.plan.until))
        tasks = missing(work, SOURCES, stretches)
        told = starts(tasks, work.plan)
        gaps = fetch(client, work, tasks, clock=clock, tell=told) if tasks else []
        streams = [_stream(wish, work, shelf, stream, stretches, gaps) for stream in STREAMS]
        shelf.put_text(wish.coverage_file, coverage.report(work.plan, wish.form, streams))
        return Made(streams, gaps, work.plan.until)


def _stream(
    wish: Wish, work: Work, shelf: Shelf, stream: str, stretches: Sequence[Window], gaps: Sequence[Gap]
) -> dict[str, Any]:
    """Write a stream's file where it is whole, and count it in any case."""
    own = [gap for gap in gaps if gap.task.source.stream == stream]
    counting = coverage.Counting(stream)
    bookings = counting.through(_bookings(work, stream, len(stretches)))
    file = None if own else wish.file_of(stream)
    if file:
        shelf.put_rows(file, wish.form, rows(bookings, wish.form))
    else:
        for _ in bookings:
            pass
    return counting.row(file=file, windows=len(stretches) * len(of_stream(stream)), gaps=own)


def _bookings(work: Work, stream: str, count: int) -> Iterator[Booking]:
    """A stream's bookings by time, as far as its windows are whole."""
    for number in range(count):
        whole = [source for source in of_stream(stream) if work.is_whole(source, number)]
        yield from merged(run for source in whole for run in work.runs(source, number))
