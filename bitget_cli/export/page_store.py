"""The pages of an export, fetched at Bitget's pace and kept, so that nothing is asked for twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from heapq import heappop, heappush
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.client.rest.prefetch import as_they_come
from bitget_cli.client.rest.tax_records import Page, Window, record_pages
from bitget_cli.errors import (
    BitgetError,
    ConfigError,
    NetworkError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
)
from bitget_cli.export.bookings import Booking, age, booking
from bitget_cli.export.sources import RecordSource

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.runtime import Clock

VERSION = 1
# The kinds of account, as they stand in a plan; one without it is of a classic account.
CLASSIC, UNIFIED = "classic", "unified"
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_NONE = b"-"
_LARGEST_NOTE = 1024 * 1024
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class ExportPlan(NamedTuple):
    """What an export is of. Times in epoch ms; `asked_until` is None where it was to end "now".

    `account` is the key's fingerprint and `host` where it is asked: files of two accounts never mix. `kind` is that of
    the account at this start.
    """

    env: str
    host: str
    profile: str
    account: str
    since: int
    asked_until: int | None
    until: int
    kind: str = CLASSIC

    def is_of(self, other: ExportPlan) -> bool:
        """Whether both are the same export; where it ends was decided by the first start."""
        return self._replace(until=0, kind="") == other._replace(until=0, kind="")


class _Line(NamedTuple):
    """Where a page is in its file, the oldest time in it (None: it is empty), and the cursor of the next one."""

    start: int
    size: int
    oldest: int | None
    cursor: str | None


class StoredPage(NamedTuple):
    """A page on the disk. `oldest` tells from when on it has to be read."""

    path: Path
    source: RecordSource
    line: _Line

    @property
    def oldest(self) -> int:
        return self.line.oldest or 0

    def rows(self) -> list[dict[str, Any]]:
        with os.fdopen(os.open(self.path, _READ), "rb") as file:
            file.seek(self.line.start)
            found: list[dict[str, Any]] = json.loads(file.read(self.line.size).split(b" ", 3)[3])
        return found


class PageStore:
    """One file a window, `spot-000.part` until it is whole and `spot-000.whole` then; one line a page. Those of a
    unified account's lists are called `unified-spot-000` and so on.

    A line is the SHA-256 of what follows (16 hexadecimal digits), the oldest time in the page, the cursor of the next
    page, `-` where there is none, and the new records as JSON. It is synced before the next page is asked for; what a
    crash tore off is cut and asked for again.
    """

    def __init__(self, folder: Path, plan: ExportPlan) -> None:
        self.folder = folder
        self.plan = plan

    def is_whole(self, source: RecordSource, window: int) -> bool:
        return self._path(source, window, "whole").exists()

    def cursor(self, source: RecordSource, window: int) -> str | None:
        """Where to go on in a window; None: at its start. A torn end is cut off; a whole window is named so."""
        path = self._path(source, window, "part")
        if not path.exists():
            return None
        lines = list(_lines(path))
        self._cut(path, sum(line.size for line in lines))
        if lines and lines[-1].cursor is None:
            self._seal(source, window)
        return lines[-1].cursor if lines else None

    def append(self, source: RecordSource, window: int, page: Page) -> None:
        """Keep a page; it is durable afterwards. Raises ConfigError."""
        path = self._path(source, window, "part")
        try:
            is_new = not path.exists()
            _write(path, _line(page))
            if is_new:
                files.sync_folder(self.folder)
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
        if page.cursor is None:
            self._seal(source, window)

    def runs(self, source: RecordSource, window: int) -> list[StoredPage]:
        """The pages of a whole window, to be read one by one. Raises ConfigError when the file was changed."""
        path = self._path(source, window, "whole")
        lines = list(_lines(path))
        if not lines or lines[-1].cursor is not None or sum(line.size for line in lines) != path.stat().st_size:
            raise ConfigError(
                f"{path} is damaged", hint=f"remove it, and its records are asked for again: rm {quote(str(path))}"
            )
        return [StoredPage(path, source, line) for line in lines if line.oldest is not None]

    def kept(self, source: RecordSource, window: int) -> list[StoredPage]:
        """The pages there are of a window that nobody can go on with."""
        if self.is_whole(source, window):
            return self.runs(source, window)
        path = self._path(source, window, "part")
        lines = _lines(path) if path.exists() else ()
        return [StoredPage(path, source, line) for line in lines if line.oldest is not None]

    def _seal(self, source: RecordSource, window: int) -> None:
        path = self._path(source, window, "part")
        try:
            os.rename(path, path.with_suffix(".whole"))
            files.sync_folder(self.folder)
        except OSError as error:
            raise ConfigError(f"{path} cannot be renamed: {error.strerror}") from None

    def _cut(self, path: Path, good: int) -> None:
        if path.stat().st_size == good:
            return
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                os.ftruncate(descriptor, good)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error.strerror}") from None

    def _path(self, source: RecordSource, window: int, state: str) -> Path:
        return self.folder / f"{source.name}-{window:03}.{state}"


@contextmanager
def opened(folder: Path, plan: ExportPlan, *, begun_with: str | None = None) -> Iterator[PageStore]:
    """The work folder, ours alone while it is open; made at the first start, which also decides where it ends.

    `begun_with` names the profile of that start where it was another one, for whoever has a second key to the account.
    Raises ConfigError when another export is in it or at work there, or it cannot be trusted.
    """
    if folder.is_symlink():
        raise ConfigError(f"{folder} is a symbolic link, which is not followed", hint="choose another --out")
    note = folder / "plan.json"
    with files.locked(note, patience=0.2):
        kept = _kept(note)
        if kept and kept.profile == begun_with:
            plan = plan._replace(profile=kept.profile, account=kept.account)
        if kept is None:
            files.write(note, _text(plan).encode())
        elif not kept.is_of(plan):
            raise ConfigError(f"{folder} holds an export of {_difference(kept, plan)}", hint=_way_out(kept, plan))
        yield PageStore(folder, kept or plan)


def note(folder: Path, name: str) -> Any:
    """A small JSON note of ours in the folder, None where there is none. Raises ConfigError when it is damaged."""
    content = files.read(folder / name, limit=_LARGEST_NOTE, private=True)
    if content is None:
        return None
    try:
        return json.loads(content)
    except ValueError:
        raise ConfigError(f"{folder / name} is damaged", hint=f"remove {folder} to begin anew") from None


def _kept(path: Path) -> ExportPlan | None:
    held = note(path.parent, path.name)
    if held is None:
        return None
    version = held.get("version") if isinstance(held, dict) else None
    if type(version) is int and version > VERSION:
        raise ConfigError(f"{path} was written by a newer version of this program", hint="install that version")
    if version != VERSION:
        raise ConfigError(f"{path} is of another version of bitget", hint=f"remove {path.parent} to begin anew")
    try:
        return ExportPlan(**{name: held[name] for name in ExportPlan._fields if name != "kind" or name in held})
    except KeyError:
        raise ConfigError(f"{path} is damaged", hint=f"remove {path.parent} to begin anew") from None


def _text(plan: ExportPlan) -> str:
    return json.dumps({"version": VERSION, **plan._asdict()}, indent=2) + "\n"


def _difference(kept: ExportPlan, plan: ExportPlan) -> str:
    if (kept.env, kept.profile, kept.host) != (plan.env, plan.profile, plan.host):
        return f"profile {kept.profile} ({kept.env}, {kept.host})"
    return "another account (or another of its keys)" if kept.account != plan.account else "another range or time zone"


def _way_out(kept: ExportPlan, plan: ExportPlan) -> str:
    other = "choose another --out, or remove that folder to begin anew"
    is_other_key = plan._replace(profile=kept.profile, account=kept.account).is_of(kept)
    return (
        f"if it is the same account by another key: add --begun-with {kept.profile}; else {other}"
        if is_other_key
        else other
    )


def _lines(path: Path) -> Iterator[_Line]:
    """The lines that are whole, until the first that is not: what follows was torn by a crash."""
    with files.open_private(path) as file:
        start = 0
        for raw in file:
            digest, _, rest = raw.partition(b" ")
            if not rest.endswith(b"\n") or digest != _sum(rest):
                return
            oldest, cursor, _ = rest.split(b" ", 2)
            yield _Line(start, len(raw), None if oldest == _NONE else int(oldest), _word(cursor))
            start += len(raw)


def _line(page: Page) -> bytes:
    oldest = min((int(row["ts"]) for row in page.rows), default="-")
    rest = f"{oldest} {page.cursor or '-'} {json.dumps(page.rows, separators=(',', ':'))}\n".encode()
    return _sum(rest) + b" " + rest


def _word(word: bytes) -> str | None:
    return None if word == _NONE else word.decode()


def _sum(rest: bytes) -> bytes:
    return hashlib.sha256(rest).hexdigest()[:16].encode()


def _write(path: Path, line: bytes) -> None:
    descriptor = os.open(path, _APPEND, 0o600)
    try:
        written = 0
        while written < len(line):
            written += os.write(descriptor, line[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_Key = tuple[int, int, str, str]


def merged(runs: Iterable[StoredPage]) -> Iterator[Booking]:
    """The bookings of all pages by time, id and list, each once. A page is read when its time has come."""
    waiting = sorted(runs, key=lambda run: run.oldest, reverse=True)
    heap: list[tuple[_Key, int, Booking]] = []
    count, last = 0, None
    while waiting or heap:
        while waiting and (not heap or waiting[-1].oldest <= heap[0][2].ts):
            for one in _bookings(waiting.pop()):
                count += 1
                heappush(heap, (_key(one), count, one))
        key, _, one = heappop(heap)
        # A record that came twice has the same key, so the two meet here.
        if key != last:
            yield one
        last = key


def _bookings(run: StoredPage) -> Iterator[Booking]:
    return (booking(run.source, row) for row in run.rows())


def _key(one: Booking) -> _Key:
    return *age(one), one.source.name


# Calls that may be under way at once for one limit of a call a second: the second starts while the first is answered.
_IN_FLIGHT = 2
# Seconds before a page is asked for again, after the client's own tries: a network is often back by then.
_PATIENCE = (2.0, 5.0, 15.0)
# Windows that may fail one after the other before the rest of a list is not even tried.
_GIVE_UP = 3
# Why a window is missing that nobody asked for.
NOT_ASKED = "not asked for: those before it failed"


class WindowTask(NamedTuple):
    """One window of one list. `cursor` is where an interrupted export goes on in it."""

    source: RecordSource
    number: int
    window: Window
    cursor: str | None = None


class MissingRange(NamedTuple):
    """A window that could not be fetched, and why."""

    task: WindowTask
    reason: str


class _Got(NamedTuple):
    task: WindowTask
    page: Page | None
    error: BitgetError | None = None


OnPage = Callable[[WindowTask, Page], None]


def missing(store: PageStore, sources: Sequence[RecordSource], windows: Sequence[Window]) -> list[WindowTask]:
    """The windows that are not whole yet, the oldest first."""
    tasks = []
    for source in sources:
        for number, window in enumerate(windows):
            if store.is_whole(source, number):
                continue
            cursor = store.cursor(source, number)
            if not store.is_whole(source, number):
                tasks.append(WindowTask(source, number, window, cursor))
    return tasks


def fetch(
    client: Client, store: PageStore, tasks: Sequence[WindowTask], *, clock: Clock, tell: OnPage
) -> list[MissingRange]:
    """Fetch the tasks into the work folder; `tell` hears of every page kept. The windows that failed are the answer.

    A window fails when Bitget refuses it, or after several tries seconds apart; the others are fetched all the same.
    Raises CredentialsError, UnavailableError when the account is of the other kind, and ConfigError when a page cannot
    be kept.
    """
    lanes: dict[str, _Lane] = {}
    for task in tasks:
        lanes.setdefault(task.source.row.name, _Lane(client, clock)).tasks.append(task)
    gaps = []
    for got in as_they_come([lane.pages for lane in lanes.values() for _ in range(_IN_FLIGHT)], held=1):
        if got.page is None:
            gaps.append(MissingRange(got.task, got.error.message if got.error else NOT_ASKED))
            continue
        store.append(got.task.source, got.task.number, got.page)
        tell(got.task, got.page)
    places = {(task.source.name, task.number): place for place, task in enumerate(tasks)}
    return sorted(gaps, key=lambda gap: places[gap.task.source.name, gap.task.number])


class _Lane:
    """The windows that share one limit; several threads take from it."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self.tasks: deque[WindowTask] = deque()
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

    def _of(self, task: WindowTask) -> Iterator[_Got]:
        tries = 0
        while True:
            try:
                for page in self._ask(task):
                    tries = self._failed = 0
                    yield _Got(task, page)
                    task = task._replace(cursor=page.cursor)
                return
            except UnavailableError:
                raise
            except (NetworkError, RateLimitedError, RejectedError) as error:
                if isinstance(error, RejectedError) or tries == len(_PATIENCE):
                    self._failed += isinstance(error, NetworkError)
                    yield _Got(task, None, error)
                    return
                self._clock.sleep(_PATIENCE[tries])
                tries += 1

    def _ask(self, task: WindowTask) -> Iterator[Page]:
        source = task.source
        return record_pages(self._client, source.row, source.given, task.window, cursor=task.cursor)
