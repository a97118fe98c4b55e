"""Another process at work in the same journal: it has a change under way, and brings it to its end when told to."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bitget_cli.journal import EntryLocks

_AT_WORK = """
import sys
from pathlib import Path
from bitget_cli.journal import Draft, Journal, EntryState as State
from bitget_cli.trading.change import LookupKey as Trail

journal = Journal(Path(sys.argv[1]))
draft = Draft("theirs", "place", "mix.order.place-order", "BTCUSDT", "{}", "buy", Trail().to_text())
(entry,) = journal.append([draft], now=int(sys.argv[2]))
journal.mark_sent([entry], signed_at=int(sys.argv[2]))
print("under way", flush=True)
sys.stdin.readline()
if sys.argv[3] == "settles":
    journal.settle(entry, State.PLACED, now=int(sys.argv[2]), order_id="1", answer=None)
else:
    journal.mark_unknown([entry])
    journal.release(entry)
print("at its end", flush=True)
sys.stdin.readline()
"""

_LOOKS = """
import sys
from pathlib import Path
from bitget_cli.journal import EntryLocks as Claims

claims = Claims(Path(sys.argv[1]))
print("looks", flush=True)
while True:
    claims.is_free(int(sys.argv[2]))
"""


@contextmanager
def at_work(journal: Path, *, now: int, ends: str = "settles") -> Iterator[Any]:
    """The process; what it is handed by `ended` is when it brings its change to an end."""
    with _child(_AT_WORK, journal, now, ends) as child:
        yield lambda: _ended(child)


@contextmanager
def looking(claims: Path, number: int) -> Iterator[None]:
    """A process that looks all the time whether a thing is free."""
    with _child(_LOOKS, claims, number):
        yield


def just_before_the_look(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Act once, after the journal was read and before it is seen who is busy with what was read."""
    looks, acted = EntryLocks.is_free, []

    def is_free(claims: EntryLocks, number: int) -> bool:
        if not acted:
            acted.append(act())
        return looks(claims, number)

    monkeypatch.setattr(EntryLocks, "is_free", is_free)


@contextmanager
def _child(script: str, *words: object) -> Iterator[subprocess.Popen[str]]:
    child = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout
        assert child.stdout.readline()
        yield child
    finally:
        child.kill()
        child.communicate()


def _ended(child: subprocess.Popen[str]) -> None:
    assert child.stdin
    assert child.stdout
    child.stdin.write("\n")
    child.stdin.flush()
    assert child.stdout.readline() == "at its end\n"
