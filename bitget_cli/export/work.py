"""The work folder of an export: what was asked for, and every page as it came, so that nothing is asked for twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

from bitget_cli import files
from bitget_cli.client.records import Page
from bitget_cli.errors import ConfigError
from bitget_cli.export.sources import Source

VERSION = 1
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_NONE = b"-"
_LARGEST_NOTE = 1024 * 1024
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Plan(NamedTuple):
    """What an export is of. Times in epoch ms; `asked_until` is None where it was to end "now".

    `account` is the key's fingerprint and `host` where it is asked: files of two accounts never mix.
    """

    env: str
    host: str
    profile: str
    account: str
    since: int
    asked_until: int | None
    until: int

    def is_of(self, other: Plan) -> bool:
        """Whether both are the same export; where it ends was decided by the first start."""
        return self._replace(until=0) == other._replace(until=0)


class _Line(NamedTuple):
    """Where a page is in its file, the oldest time in it (None: it is empty), and the cursor of the next one."""

    start: int
    size: int
    oldest: int | None
    cursor: str | None


class Run(NamedTuple):
    """A page on the disk. `oldest` tells from when on it has to be read."""

    path: Path
    source: Source
    line: _Line

    @property
    def oldest(self) -> int:
        return self.line.oldest or 0

    def rows(self) -> list[dict[str, Any]]:
        with os.fdopen(os.open(self.path, _READ), "rb") as file:
            file.seek(self.line.start)
            found: list[dict[str, Any]] = json.loads(file.read(self.line.size).split(b" ", 3)[3])
        return found


class Work:
    """One file a window, `spot-000.part` until it is whole and `spot-000.whole` then; one line a page.

    A line is the SHA-256 of what follows (16 hexadecimal digits), the oldest time in the page, the cursor of the next
    page, `-` where there is none, and the new records as JSON. It is synced before the next page is asked for; what a
    crash tore off is cut and asked for again.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        self.plan = plan

    def is_whole(self, source: Source, window: int) -> bool:
        return self._path(source, window, "whole").exists()

    def cursor(self, source: Source, window: int) -> str | None:
        """Where to go on in a window; None: at its start. A torn end is cut off; a whole window is named so."""
        path = self._path(source, window, "part")
        if not path.exists():
            return None
        lines = list(_lines(path))
        self._cut(path, sum(line.size for line in lines))
        if lines and lines[-1].cursor is None:
            self._seal(source, window)
        return lines[-1].cursor if lines else None

    def append(self, source: Source, window: int, page: Page) -> None:
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

    def runs(self, source: Source, window: int) -> list[Run]:
        """The pages of a whole window, to be read one by one. Raises ConfigError when the file was changed."""
        path = self._path(source, window, "whole")
        lines = list(_lines(path))
        if not lines or lines[-1].cursor is not None or sum(line.size for line in lines) != path.stat().st_size:
            raise ConfigError(
                f"{path} is damaged", hint=f"remove it, and its records are asked for again: rm {quote(str(path))}"
            )
        return [Run(path, source, line) for line in lines if line.oldest is not None]

    def _seal(self, source: Source, window: int) -> None:
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

    def _path(self, source: Source, window: int, state: str) -> Path:
        return self.folder / f"{source.account}-{window:03}.{state}"


@contextmanager
def opened(folder: Path, plan: Plan) -> Iterator[Work]:
    """The work folder, ours alone while it is open; made at the first start, which also decides where it ends.

    Raises ConfigError when another export is in it or at work there, or it cannot be trusted.
    """
    if folder.is_symlink():
        raise ConfigError(f"{folder} is a symbolic link, which is not followed", hint="choose another --out")
    note = folder / "plan.json"
    with files.locked(note, patience=0.2):
        kept = _kept(note)
        if kept is None:
            files.write(note, _text(plan).encode())
        elif not kept.is_of(plan):
            raise ConfigError(
                f"{folder} holds an export of {_difference(kept, plan)}",
                hint="choose another --out, or remove that folder to begin anew",
            )
        yield Work(folder, kept or plan)


def note(folder: Path, name: str) -> Any:
    """A small JSON note of ours in the folder, None where there is none. Raises ConfigError when it is damaged."""
    content = files.read(folder / name, limit=_LARGEST_NOTE, private=True)
    if content is None:
        return None
    try:
        return json.loads(content)
    except ValueError:
        raise ConfigError(f"{folder / name} is damaged", hint=f"remove {folder} to begin anew") from None


def _kept(path: Path) -> Plan | None:
    held = note(path.parent, path.name)
    if held is None:
        return None
    version = held.get("version") if isinstance(held, dict) else None
    if type(version) is int and version > VERSION:
        raise ConfigError(f"{path} was written by a newer version of this program", hint="install that version")
    if version != VERSION:
        raise ConfigError(f"{path} is of another version of bitget", hint=f"remove {path.parent} to begin anew")
    try:
        return Plan(**{name: held[name] for name in Plan._fields})
    except KeyError:
        raise ConfigError(f"{path} is damaged", hint=f"remove {path.parent} to begin anew") from None


def _text(plan: Plan) -> str:
    return json.dumps({"version": VERSION, **plan._asdict()}, indent=2) + "\n"


def _difference(kept: Plan, plan: Plan) -> str:
    if (kept.env, kept.profile, kept.host) != (plan.env, plan.profile, plan.host):
        return f"profile {kept.profile} ({kept.env}, {kept.host})"
    return "another account (or another of its keys)" if kept.account != plan.account else "another range or time zone"


def _lines(path: Path) -> Iterator[_Line]:
    """The lines that are whole, until the first that is not: what follows was torn by a crash."""
    files.ensure_private_file(path)
    with os.fdopen(os.open(path, _READ), "rb") as file:
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
