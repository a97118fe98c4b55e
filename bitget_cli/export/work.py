"""The work folder of an export: what was asked for, and every page as it came, so that nothing is asked for twice."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bitget_cli import files
from bitget_cli.client.records import Page
from bitget_cli.errors import ConfigError
from bitget_cli.export.sources import Source

VERSION = 1
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
_LARGEST_NOTE = 1024 * 1024
# A window of a month; far more than any account books.
_LARGEST_WINDOW = 4 * 1024 * 1024 * 1024


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


class Work:
    """One file a window, `spot-000.part` until it is whole and `spot-000.whole` then; one line a page.

    A line is the SHA-256 of its JSON (16 hexadecimal digits), a blank, and the JSON: the new records, and the cursor of
    the next page. It is synced before the next page is asked for; what a crash tore off is cut and asked for again.
    """

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder = folder
        self.plan = plan

    def is_whole(self, source: Source, window: int) -> bool:
        return self._path(source, window, "whole").exists()

    def cursor(self, source: Source, window: int) -> str | None:
        """Where to go on in a window; None: at its start. A torn end is cut off; a whole window is named so."""
        path = self._path(source, window, "part")
        pages, good = _pages(files.read(path, limit=_LARGEST_WINDOW, private=True) or b"")
        if not path.exists():
            return None
        self._cut(path, good)
        if pages and pages[-1].cursor is None:
            self._seal(source, window)
        return pages[-1].cursor if pages else None

    def append(self, source: Source, window: int, page: Page) -> None:
        """Keep a page; it is durable afterwards. Raises ConfigError."""
        path = self._path(source, window, "part")
        text = json.dumps({"cursor": page.cursor, "rows": page.rows}, separators=(",", ":"))
        try:
            is_new = not path.exists()
            _write(path, f"{_sum(text)} {text}\n".encode())
            if is_new:
                files.sync_folder(self.folder)
        except OSError as error:
            raise ConfigError(f"{path} cannot be written: {error.strerror}") from None
        if page.cursor is None:
            self._seal(source, window)

    def rows(self, source: Source, window: int) -> list[dict[str, Any]]:
        """The records of a whole window, each once. Raises ConfigError when the file was changed meanwhile."""
        path = self._path(source, window, "whole")
        content = files.read(path, limit=_LARGEST_WINDOW, private=True) or b""
        pages, good = _pages(content)
        if good != len(content) or not pages or pages[-1].cursor is not None:
            raise ConfigError(f"{path} is damaged", hint=f"remove it, and its records are asked for again: rm {path}")
        found: dict[str, dict[str, Any]] = {}
        for page in pages:
            for row in page.rows:
                found.setdefault(row["id"], row)
        return list(found.values())

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
    if not isinstance(held, dict) or held.get("version") != VERSION:
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


def _pages(content: bytes) -> tuple[list[Page], int]:
    """The pages whose lines are whole, and how many bytes they take; what follows was torn by a crash."""
    pages, good = [], 0
    for raw in content.splitlines(keepends=True):
        digest, _, text = raw.decode("ascii", "replace").partition(" ")
        if not text.endswith("\n") or digest != _sum(text[:-1]):
            break
        held = json.loads(text)
        pages.append(Page(held["rows"], held["cursor"]))
        good += len(raw)
    return pages, good


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _write(path: Path, line: bytes) -> None:
    descriptor = os.open(path, _APPEND, 0o600)
    try:
        written = 0
        while written < len(line):
            written += os.write(descriptor, line[written:])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
