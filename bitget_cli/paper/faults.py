"""Misfortune on purpose: answers that get lost, requests that arrive late, refusals and a wrong clock, for rehearsals.

Faults are kept in the store, so one process can set what another one meets.
"""

from __future__ import annotations

import json
from enum import StrEnum
from typing import NamedTuple

from bitget_cli.paper.store import LATEST, Store

HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class InjectedFault(StrEnum):
    """What goes wrong."""

    LOSE = "lose"  # the request is carried out, its answer never arrives
    DROP = "drop"  # the request never arrives
    DELAY = "delay"  # the answer never arrives, and the request is carried out `amount` ms later
    TOO_MANY = "429"  # refused by the rate limit, not carried out
    BROKEN = "502"  # a gateway's page instead of an answer, not carried out
    BROKEN_AFTER = "502-after"  # a gateway's page, though the request was carried out
    SKEW = "skew"  # the exchange's clock is `amount` ms ahead for signatures and `public/time`


class AnswerLostError(TimeoutError):
    """There is no answer: the connection just ends."""


class Late(NamedTuple):
    """A request that arrives after its time."""

    method: str
    path: str
    body: bytes


def _is_readable(body: bytes) -> bool:
    try:
        return not body or json.loads(body) is not None
    except (ValueError, RecursionError):
        return False


class Faults:
    """The faults of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, fault: InjectedFault, *, path: str = "", times: int = 1, amount: int = 0) -> None:
        """Let the next `times` requests (below 0: every one) to a path's end meet a fault."""
        with self._store.change() as connection:
            connection.execute(
                "INSERT INTO faults (fault, path, left, amount) VALUES (?, ?, ?, ?)", (fault, path, times, amount)
            )

    def clear(self) -> None:
        """Everything works again."""
        with self._store.change() as connection:
            connection.execute("DELETE FROM faults")

    def take(self, path: str) -> tuple[InjectedFault, int] | None:
        """The fault a request to a path meets now, and its amount; used up by it."""
        for identity, fault, ending, left, amount in self._all():
            if not left or fault is InjectedFault.SKEW or not path.endswith(ending):
                continue
            if left > 0:
                with self._store.change() as writing:
                    writing.execute("UPDATE faults SET left = left - 1 WHERE id = ?", (identity,))
            return fault, amount
        return None

    def skew(self) -> int:
        """By how many ms the exchange's clock is wrong."""
        return sum(amount for _, fault, _, _, amount in self._all() if fault is InjectedFault.SKEW)

    def _all(self) -> list[tuple[int, InjectedFault, str, int, int]]:
        """Every fault there is, the oldest first. Raises ConfigError for one that nobody here set."""
        rows = self._store.rows("SELECT id, fault, path, left, amount FROM faults ORDER BY id")
        for _, fault, path, left, amount in rows:
            numbers = type(left) is int and type(amount) is int and abs(amount) <= LATEST
            if fault not in list(InjectedFault) or not isinstance(path, str) or not numbers:
                raise self._store.damaged(f"one of its faults is {fault!r} of {path!r}, {left!r} times, {amount!r}")
        return [(identity, InjectedFault(fault), path, left, amount) for identity, fault, path, left, amount in rows]

    def postpone(self, late: Late, due: int) -> None:
        """Keep a request until its time; one that nobody could read is refused then, and nobody waits for that."""
        if not _is_readable(late.body):
            return
        with self._store.change() as connection:
            connection.execute("INSERT INTO late (due, method, path, body) VALUES (?, ?, ?, ?)", (due, *late))

    def arrived(self, now: int) -> list[tuple[int, Late]]:
        """Late requests whose time has come, earliest first; they are here only once."""
        rows = self._store.rows("SELECT due, method, path, body FROM late")
        for due, method, path, body in rows:
            words = isinstance(path, str) and method in ("GET", "POST") and isinstance(body, bytes)
            if type(due) is not int or not words or not _is_readable(body):
                raise self._store.damaged(f"a request that is to arrive is {method!r} {path!r} at {due!r}")
        if not any(due <= now for due, *_ in rows):
            return []
        with self._store.change() as writing:
            rows = list(
                writing.execute("DELETE FROM late WHERE due <= ? RETURNING due, id, method, path, body", (now,))
            )
        return [(due, Late(method, path, body)) for due, _, method, path, body in sorted(rows)]
