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
from bitget_cli.errors import ConfigError
from bitget_cli.export.bookings import Booking, is_against_its_name
from bitget_cli.export.formats import HEADERS, Format, line, rows
from bitget_cli.export.moved_account import Coverage, MissingStretch
from bitget_cli.export.page_store import ExportPlan, MissingRange, OnPage, WindowTask, fetch, note, opened
from bitget_cli.export.sources import P2P_UNTOLD, PAST_UNKNOWN, STREAMS
from bitget_cli.export.transaction_types import UNLISTED
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
        self.filed: dict[str, str] = {}
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
        self.filed[one.type] = one.filed_as.meaning.value
        if one.filed_as is UNLISTED:
            self.unmapped[one.type] += 1
        if is_against_its_name(one):
            self.against[one.type] += 1
        if one.amount is None:
            self.without_amount[one.type] += 1
        if one.has_unreadable_fee:
            self.unreadable_fee[one.type] += 1

    def row(self, *, file: str | None, windows: int, gaps: Sequence[MissingStretch]) -> dict[str, Any]:
        """One stream of the report: counts by Bitget's type, times as epoch ms text.

        `windows` is how many it has, `missing` how many of them or how many longer stretches are not there; `types`
        says as what each type was filed.
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
            "types": {name: {"rows": count, "as": self.filed[name]} for name, count in sorted(self.types.items())},
            "unmapped": _by_name(self.unmapped),
            "against_name": _by_name(self.against),
            "without_amount": _by_name(self.without_amount),
            "unreadable_fee": _by_name(self.unreadable_fee),
        }


def report(coverage: Coverage, form: Format, streams: Sequence[dict[str, Any]]) -> str:
    """The report as JSON text; the same for the same records, however often the export was interrupted."""
    plan = coverage.plan
    whole = {
        "version": VERSION,
        "complete": not any(stream["gaps"] for stream in streams),
        "env": plan.env,
        "profile": plan.profile,
        "since": _iso(plan.since),
        "until": _iso(coverage.until),
        "format": form.value,
        **(_of_unified(coverage) if coverage.part else {}),
        "streams": list(streams),
    }
    return json.dumps(whole, indent=2) + "\n"


def _of_unified(coverage: Coverage) -> dict[str, Any]:
    """From when on a unified account was asked, what it never tells, and what nobody knows of it."""
    return {
        "unified_since": _iso(coverage.part.begin) if coverage.part else None,
        "begun_as": coverage.plan.kind,
        "never_told": [P2P_UNTOLD],
        "not_known": [] if coverage.was_moved else [PAST_UNKNOWN],
    }


def _gap(gap: MissingStretch) -> dict[str, Any]:
    return {
        "account": gap.account,
        "since": _iso(gap.window.begin),
        "until": _iso(gap.window.end),
        "reason": gap.reason,
        **({"final": True} if gap.is_final else {}),
    }


def _by_name(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _iso(ts: int) -> str:
    return from_milliseconds(ts).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ExportResult(NamedTuple):
    """What an export came to: a row a stream, the gaps, and whether it is, or has come to be, of a unified account."""

    streams: list[dict[str, Any]]
    gaps: list[MissingStretch]
    is_unified: bool


class ExportRequest(NamedTuple):
    """What is to be exported: `label` names its files, `out` is their folder.

    `oldest` is the first moment (epoch ms) that is told of, None where everything is; `begun_with` is the profile of
    the first start where it was another one.
    """

    plan: ExportPlan
    label: str
    out: Path
    form: Format
    oldest: int | None = None
    begun_with: str | None = None

    def file_of(self, stream: str) -> str:
        """The name of a stream's file; each form has its own, so that one does not replace the other."""
        form = "" if self.form is Format.GENERIC else f"-{self.form.value}"
        return f"bitget-tax-{self.label}-{stream}{form}.csv"

    @property
    def coverage_file(self) -> str:
        return f"bitget-tax-{self.label}-coverage.json"


def export(
    request: ExportRequest, client: Client, *, clock: Clock, starts: Callable[[list[WindowTask], Coverage], OnPage]
) -> ExportResult:
    """Make the files of a request, going on where an earlier start was interrupted.

    `starts` is told what is still to be fetched and answers who hears of each page. Raises ConfigError,
    CredentialsError, and UnavailableError where the account is of another kind than the plan says; a window that
    cannot be had is a gap in the answer, and its stream's file is not written unless nobody tells it any more.
    """
    files.ensure_folder(request.out)
    work = request.out / f".bitget-tax-{request.label}"
    with opened(work, request.plan, begun_with=request.begun_with) as store:
        output_files = OutputFiles(request.out, store.folder)
        for name in (*(request.file_of(stream) for stream in STREAMS), request.coverage_file):
            output_files.refuse_stranger(name)
        coverage = Coverage(store, oldest=request.oldest, until=request.plan.until)
        tasks = coverage.tasks()
        on_page = starts(tasks, coverage)
        failed = fetch(client, store, tasks, clock=clock, tell=on_page) if tasks else []
        gaps = [*map(_still_missing, failed), *coverage.gaps()]
        streams = [_stream(request, coverage, output_files, stream, gaps) for stream in STREAMS]
        output_files.put(request.coverage_file, [report(coverage, request.form, streams)])
        return ExportResult(streams, gaps, coverage.part is not None)


def _still_missing(failed: MissingRange) -> MissingStretch:
    source = failed.task.source
    return MissingStretch(source.stream, source.account, failed.task.window, failed.reason)


def _stream(
    request: ExportRequest, coverage: Coverage, output_files: OutputFiles, stream: str, gaps: Sequence[MissingStretch]
) -> dict[str, Any]:
    """Write a stream's file where all is there that there will ever be, and count it in any case."""
    own = [gap for gap in gaps if gap.stream == stream]
    counting, count = Counting(stream), coverage.windows_of(stream)
    bookings = counting.through(coverage.bookings(stream))
    file = request.file_of(stream) if count and all(gap.is_final for gap in own) else None
    if file:
        output_files.put(file, _csv(request.form, rows(bookings, request.form)))
    else:
        for _ in bookings:
            pass
    return counting.row(file=file, windows=count, gaps=own)
