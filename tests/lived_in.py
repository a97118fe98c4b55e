"""A person's folders that are made once and copied for every test that begins with them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from doubles import Bitget, MemoryKeyring, StillClock


@contextmanager
def living_in(home: Path) -> Iterator[Bitget]:
    """A typist whose folders these are."""
    home.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "STATE", "CACHE", "DATA"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        patch.setenv("TZ", "UTC")
        yield Bitget({"HOME": str(home), "TERM": "xterm-256color"}, StillClock(), MemoryKeyring())


def make(home: Path, *lines: str) -> Path:
    """What these lines leave behind, typed one after another."""
    with living_in(home) as bitget:
        for line in lines:
            ran = bitget(line)
            assert ran.status == 0, ran.err
    return home


def copy_of(there: Path, home: Path) -> None:
    for folder in there.iterdir():
        shutil.copytree(folder, home / folder.name, copy_function=shutil.copy2)
