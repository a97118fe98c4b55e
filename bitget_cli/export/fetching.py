"""Fetching what an export lacks: every list's windows at Bitget's pace, each page kept before the next is asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from bitget_cli.client.readahead import as_they_come
from bitget_cli.client.records import Page, Window, record_pages
from bitget_cli.errors import BitgetError, NetworkError, RateLimitedError, RejectedError
from bitget_cli.export.sources import Source
from bitget_cli.export.work import Work

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock

# Calls that may be under way at once for one limit of a call a second: the second starts while the first is answered.
_IN_FLIGHT = 2
# Seconds before a page is asked for again, after the client's own tries: a network is often back by then.
_PATIENCE = (2.0, 5.0, 15.0)
# Windows that may fail one after the other before the rest of a list is not even tried.
_GIVE_UP = 3
# Why a window is missing that nobody asked for.
NOT_ASKED = "not asked for: those before it failed"


class Task(NamedTuple):
    """One window of one list. `cursor` is where an interrupted export goes on in it."""

    source: Source
    number: int
    window: Window
    cursor: str | None = None


class Gap(NamedTuple):
    """A window that could not be fetched, and why."""

    task: Task
    reason: str


class _Got(NamedTuple):
    task: Task
    page: Page | None
    error: BitgetError | None = None


Told = Callable[[Task, Page], None]


def missing(work: Work, sources: Sequence[Source], windows: Sequence[Window]) -> list[Task]:
    """The windows that are not whole yet, the oldest first."""
    tasks = []
    for source in sources:
        for number, window in enumerate(windows):
            if work.is_whole(source, number):
                continue
            cursor = work.cursor(source, number)
            if not work.is_whole(source, number):
                tasks.append(Task(source, number, window, cursor))
    return tasks


def fetch(client: Client, work: Work, tasks: Sequence[Task], *, clock: Clock, tell: Told) -> list[Gap]:
    """Fetch the tasks into the work folder; `tell` hears of every page kept. The windows that failed are the answer.

    A window fails when Bitget refuses it, or after several tries seconds apart; the others are fetched all the same.
    Raises CredentialsError, and ConfigError when a page cannot be kept.
    """
    lanes: dict[str, _Lane] = {}
    for task in tasks:
        lanes.setdefault(task.source.row.name, _Lane(client, clock)).tasks.append(task)
    gaps = []
    for got in as_they_come([lane.pages for lane in lanes.values() for _ in range(_IN_FLIGHT)], held=1):
        if got.page is None:
            gaps.append(Gap(got.task, got.error.message if got.error else NOT_ASKED))
            continue
        work.append(got.task.source, got.task.number, got.page)
        tell(got.task, got.page)
    places = {(task.source.account, task.number): place for place, task in enumerate(tasks)}
    return sorted(gaps, key=lambda gap: places[gap.task.source.account, gap.task.number])


class _Lane:
    """The windows that share one limit; several threads take from it."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self.tasks: deque[Task] = deque()
        self._client, self._clock = client, clock
        self._failed = 0

    def pages(self) -> Iterator[_Got]:
        while True:
            try:
                task = self.tasks.popleft()
            except IndexError:
                return
            if self._failed >= _GIVE_UP:
                yield _Got(task, None)
                continue
            yield from self._of(task)

    def _of(self, task: Task) -> Iterator[_Got]:
        tries = 0
        while True:
            try:
                for page in self._ask(task):
                    tries = self._failed = 0
                    yield _Got(task, page)
                    task = task._replace(cursor=page.cursor)
                return
            except (NetworkError, RateLimitedError, RejectedError) as error:
                if isinstance(error, RejectedError) or tries == len(_PATIENCE):
                    self._failed += isinstance(error, NetworkError)
                    yield _Got(task, None, error)
                    return
                self._clock.sleep(_PATIENCE[tries])
                tries += 1

    def _ask(self, task: Task) -> Iterator[Page]:
        source = task.source
        return record_pages(self._client, source.row, source.given, task.window, cursor=task.cursor)
