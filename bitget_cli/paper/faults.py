"""Misfortune on purpose: answers that get lost, requests that arrive late, refusals and a wrong clock, for rehearsals.

Faults are kept in the store, so one process can set what another one meets.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from bitget_cli.paper.store import Store

HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Fault(StrEnum):
    """What goes wrong."""

    LOSE = "lose"  # the request is carried out, its answer never arrives
    DROP = "drop"  # the request never arrives
    DELAY = "delay"  # the answer never arrives, and the request is carried out `amount` ms later
    TOO_MANY = "429"  # refused by the rate limit, not carried out
    BROKEN = "502"  # a gateway's page instead of an answer, not carried out
    BROKEN_AFTER = "502-after"  # a gateway's page, though the request was carried out
    SKEW = "skew"  # the exchange's clock is `amount` ms ahead for signatures and `public/time`


class AnswerLostError(Exception):
    """There is no answer: the connection just ends."""


class Late(NamedTuple):
    """A request that arrives after its time."""

    method: str
    path: str
    body: bytes


class Faults:
    """The faults of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, fault: Fault, *, path: str = "", times: int = 1, amount: int = 0) -> None:
        """Let the next `times` requests (below 0: every one) to a path's end meet a fault."""
        with self._store.change() as connection:
            connection.execute(
                "INSERT INTO faults (fault, path, left, amount) VALUES (?, ?, ?, ?)", (fault, path, times, amount)
            )

    def clear(self) -> None:
        """Everything works again."""
        with self._store.change() as connection:
            connection.execute("DELETE FROM faults")

    def take(self, path: str) -> tuple[Fault, int] | None:
        """The fault a request to a path meets now, and its amount; used up by it."""
        rows = self._store.rows(
            "SELECT id, fault, left, amount FROM faults"
            " WHERE left <> 0 AND fault <> 'skew' AND (path = '' OR substr(?, -length(path)) = path)"
            " ORDER BY id LIMIT 1",
            path,
        )
        if not rows:
            return None
        identity, fault, left, amount = rows[0]
        if fault not in list(Fault) or type(left) is not int or type(amount) is not int:
            raise self._store.damaged(f"one of its faults is {fault!r}, {left!r} times, {amount!r}")
        if left > 0:
            with self._store.change() as writing:
                writing.execute("UPDATE faults SET left = left - 1 WHERE id = ?", (identity,))
        return Fault(fault), amount

    def skew(self) -> int:
        """By how many ms the exchange's clock is wrong."""
        rows = self._store.rows("SELECT sum(amount) FROM faults WHERE fault = 'skew'")
        return int(rows[0][0] or 0) if rows else 0

    def postpone(self, late: Late, due: int) -> None:
        """Keep a request until its time."""
        with self._store.change() as connection:
            connection.execute("INSERT INTO late (due, method, path, body) VALUES (?, ?, ?, ?)", (due, *late))

    def arrived(self, now: int) -> list[tuple[int, Late]]:
        """Late requests whose time has come, earliest first; they are here only once."""
        if not self._store.rows("SELECT 1 FROM late WHERE due <= ?", now):
            return []
        with self._store.change() as writing:
            rows = list(
                writing.execute("DELETE FROM late WHERE due <= ? RETURNING due, id, method, path, body", (now,))
            )
        return [(due, Late(method, path, body)) for due, _, method, path, body in sorted(rows)]
