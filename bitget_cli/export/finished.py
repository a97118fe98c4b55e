"""The finished files of an export: written whole, put in place in one step, never over a file of somebody else's."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bitget_cli import files
from bitget_cli.errors import ConfigError
from bitget_cli.export.cells import line
from bitget_cli.export.formats import HEADERS, Format
from bitget_cli.export.work import note

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_RECORD = "files.json"


class Shelf:
    """Where the files end up, and the record in the work folder of those that are this export's own."""

    def __init__(self, folder: Path, work: Path) -> None:
        self._folder, self._work = folder, work

    def refuse_strangers(self, names: Iterable[str]) -> None:
        """Raises ConfigError when a name is taken by a file that this export did not write."""
        for name in names:
            self._refuse_stranger(name)

    def put_rows(self, name: str, form: Format, rows: Iterable[tuple[str, ...]]) -> None:
        """Write a CSV file, mode 0600, row by row, and put it under its name when it is whole."""
        self._put(name, _csv(form, rows))

    def put_text(self, name: str, text: str) -> None:
        self._put(name, [text])

    def _put(self, name: str, lines: Iterable[str]) -> None:
        made, final = self._work / f"{name}.new", self._folder / name
        try:
            with suppress(FileNotFoundError):
                os.unlink(made)
            digest = _written(made, lines)
            self._refuse_stranger(name)
            self._remember(name, digest)
            os.rename(made, final)
            files.sync_folder(self._folder)
        except OSError as error:
            raise ConfigError(f"{final} cannot be written: {error.strerror}") from None

    def _refuse_stranger(self, name: str) -> None:
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
