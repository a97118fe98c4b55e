"""An export from start to finish: fetched, written whole, put in place, and its coverage reported."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.client.rest.tax_records import Window, windows
from bitget_cli.errors import ConfigError
from bitget_cli.export.bookings import SOURCES, STREAMS, Booking, is_against_its_name, of_stream
from bitget_cli.export.formats import HEADERS, Format, line, rows
from bitget_cli.export.page_store import (
    ExportPlan,
    MissingRange,
    OnPage,
    PageStore,
    WindowTask,
    fetch,
    merged,
    missing,
    note,
    opened,
)
from bitget_cli.export.transaction_types import UNLISTED, transaction_type
from bitget_cli.values import from_milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.runtime import Clock

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_RECORD = "files.json"


class OutputFiles:
    """Where the files end up, and the record in the work folder of those that are this export's own."""

    def __init__(self, folder: Path, store: Path) -> None:
        self._folder, self._work = folder, store

    def put(self, name: str, lines: Iterable[str]) -> None:
        """Write a file, mode 0600, line by line, and put it under its name when it is whole."""
        made, final = self._work / f"{name}.new", self._folder / name
        try:
            with suppress(FileNotFoundError):
                os.unlink(made)
            digest = _written(made, lines)
            self.refuse_stranger(name)
            self._remember(name, digest)
            os.rename(made, final)
            files.sync_folder(self._folder)
        except OSError as error:
            raise ConfigError(f"{final} cannot be written: {error.strerror}") from None

    def refuse_stranger(self, name: str) -> None:
        """Raises ConfigError when the name is taken by a file that this export did not write."""
        path = self._folder / name
        if not os.path.lexists(path):
            return
        if path.is_symlink() or _digest(path) not in self._own().get(name, []):
            raise ConfigError(
                f"{path} is there already and is not of this export, or was changed since",
                hint="move it away, or choose another --out",
            )

    def _own(self) -> dict[str, list[str]]:
        held = note(self._work, _RECORD)
        return held if isinstance(held, dict) else {}

    def _remember(self, name: str, digest: str) -> None:
        """Written down before the file is put in place: a crash between the two must not make it a stranger."""
        held = self._own()
        if digest not in held.get(name, []):
            held[name] = [*held.get(name, []), digest]
            files.write(self._work / _RECORD, (json.dumps(held, indent=2) + "\n").encode())


def _csv(form: Format, rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield line(HEADERS[form])
    yield from map(line, rows)


def _written(path: Path, lines: Iterable[str]) -> str:
    """The SHA-256 of a new file with these lines, synced."""
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, _NEW, 0o600), "wb") as file:
        for text in lines:
            data = text.encode()
            digest.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with os.fdopen(os.open(path, _READ), "rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
    except OSError:
        return ""
    return digest.hexdigest()


VERSION = 1


class Counting:
    """Counts one stream's bookings on their way into a file."""

    def __init__(self, stream: str) -> None:
        self.stream = stream
        self.rows = 0
        self.first: int | None = None
        self.last: int | None = None
        self.types: Counter[str] = Counter()
        self.unmapped: Counter[str] = Counter()
        self.against: Counter[str] = Counter()
        self.without_amount: Counter[str] = Counter()
        self.unreadable_fee: Counter[str] = Counter()

    def through(self, bookings: Iterable[Booking]) -> Iterator[Booking]:
        for one in bookings:
            self._count(one)
            yield one

    def _count(self, one: Booking) -> None:
        self.rows += 1
        self.first, self.last = self.first or one.ts, one.ts
        self.types[one.type] += 1
        if transaction_type(self.stream, one.type) is UNLISTED:
            self.unmapped[one.type] += 1
        if is_against_its_name(one):
            self.against[one.type] += 1
        if one.amount is None:
            self.without_amount[one.type] += 1
        if one.has_unreadable_fee:
            self.unreadable_fee[one.type] += 1

    def row(self, *, file: str | None, windows: int, gaps: Sequence[MissingRange]) -> dict[str, Any]:
        """One stream of the report: counts by Bitget's type, times as epoch ms text.

        `windows` is how many it has, `missing` how many of them could not be fetched; `types` says as what each type
        was filed.
        """
        return {
            "stream": self.stream,
            "file": file,
            "first": None if self.first is None else str(self.first),
            "last": None if self.last is None else str(self.last),
            "rows": self.rows,
            "windows": windows,
            "missing": len(gaps),
            "gaps": [_gap(gap) for gap in gaps],
            "types": {
                name: {"rows": count, "as": transaction_type(self.stream, name).meaning.value}
                for name, count in sorted(self.types.items())
            },
            "unmapped": _by_name(self.unmapped),
            "against_name": _by_name(self.against),
            "without_amount": _by_name(self.without_amount),
            "unreadable_fee": _by_name(self.unreadable_fee),
        }


def report(plan: ExportPlan, form: Format, streams: Sequence[dict[str, Any]]) -> str:
    """The report as JSON text; the same for the same records, however often the export was interrupted."""
    whole = {
        "version": VERSION,
        "complete": not any(stream["gaps"] for stream in streams),
        "env": plan.env,
        "profile": plan.profile,
        "since": _iso(plan.since),
        "until": _iso(plan.until),
        "format": form.value,
        "streams": list(streams),
    }
    return json.dumps(whole, indent=2) + "\n"


def _gap(gap: MissingRange) -> dict[str, str]:
    window = gap.task.window
    return {
        "account": gap.task.source.account,
        "since": _iso(window.begin),
        "until": _iso(window.end),
        "reason": gap.reason,
    }


def _by_name(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _iso(ts: int) -> str:
    return from_milliseconds(ts).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ExportResult(NamedTuple):
    """What an export came to: a row a stream, the gaps, and where it ends in epoch ms (decided by its first start)."""

    streams: list[dict[str, Any]]
    gaps: list[MissingRange]
    until: int


class ExportRequest(NamedTuple):
    """What is to be exported: `label` names its files, `out` is their folder."""

    plan: ExportPlan
    label: str
    out: Path
    form: Format

    def file_of(self, stream: str) -> str:
        """The name of a stream's file; each form has its own, so that one does not replace the other."""
        form = "" if self.form is Format.GENERIC else f"-{self.form.value}"
        return f"bitget-tax-{self.label}-{stream}{form}.csv"

    @property
    def coverage_file(self) -> str:
        return f"bitget-tax-{self.label}-coverage.json"


def export(
    request: ExportRequest, client: Client, *, clock: Clock, starts: Callable[[list[WindowTask], ExportPlan], OnPage]
) -> ExportResult:
    """Make the files of a request, going on where an earlier start was interrupted.

    `starts` is told what is still to be fetched and answers who hears of each page. Raises ConfigError, and
    CredentialsError; a window that cannot be had is a gap in the answer, and its stream's file is not written.
    """
    files.ensure_folder(request.out)
    with opened(request.out / f".bitget-tax-{request.label}", request.plan) as store:
        output_files = OutputFiles(request.out, store.folder)
        for name in (*(request.file_of(stream) for stream in STREAMS), request.coverage_file):
            output_files.refuse_stranger(name)
        stretches = windows(from_milliseconds(store.plan.since), from_milliseconds(store.plan.until))
        tasks = missing(store, SOURCES, stretches)
        on_page = starts(tasks, store.plan)
        gaps = fetch(client, store, tasks, clock=clock, tell=on_page) if tasks else []
        streams = [_stream(request, store, output_files, stream, stretches, gaps) for stream in STREAMS]
        output_files.put(request.coverage_file, [report(store.plan, request.form, streams)])
        return ExportResult(streams, gaps, store.plan.until)


def _stream(
    request: ExportRequest,
    store: PageStore,
    output_files: OutputFiles,
    stream: str,
    stretches: Sequence[Window],
    gaps: Sequence[MissingRange],
) -> dict[str, Any]:
    """Write a stream's file where it is whole, and count it in any case."""
    own = [gap for gap in gaps if gap.task.source.stream == stream]
    counting = Counting(stream)
    bookings = counting.through(_bookings(store, stream, len(stretches)))
    file = None if own else request.file_of(stream)
    if file:
        output_files.put(file, _csv(request.form, rows(bookings, request.form)))
    else:
        for _ in bookings:
            pass
    return counting.row(file=file, windows=len(stretches) * len(of_stream(stream)), gaps=own)


def _bookings(store: PageStore, stream: str, count: int) -> Iterator[Booking]:
    """A stream's bookings by time, as far as its windows are whole."""
    for number in range(count):
        whole = [source for source in of_stream(stream) if store.is_whole(source, number)]
        yield from merged(run for source in whole for run in store.runs(source, number))
