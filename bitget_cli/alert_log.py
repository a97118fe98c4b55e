"""The durable record of alerts that came in: each is in it before anything is done for it, and never twice.

One SQLite file a profile. What an alert led to stands in the journal of changes; here is which alert it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.database import Database, DatabaseSchema

if TYPE_CHECKING:
    import sqlite3

# Refusals are kept so many; whoever knows the address can make any number of them.
_REFUSALS = 1000
_SCHEMA = DatabaseSchema(
    name="record of alerts",
    rule="no alert is carried out that cannot be written down first",
    # "bgta" as a number.
    application=0x62677461,
    steps=(
        "CREATE TABLE alerts (number INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT, received_at INTEGER NOT NULL,"
        " name TEXT, what TEXT NOT NULL, symbol TEXT, tag TEXT, outcome TEXT NOT NULL, order_id TEXT, client_oid TEXT,"
        " why TEXT, told TEXT, after INTEGER, settled_at INTEGER);"
        "CREATE UNIQUE INDEX by_key ON alerts (key) WHERE key IS NOT NULL;"
        "CREATE INDEX refusals ON alerts (number) WHERE key IS NULL;"
        "CREATE INDEX without_end ON alerts (number) WHERE outcome IN ('accepted', 'placing', 'unknown')",
    ),
    patience=5.0,
)
_COLUMNS = (
    "number, key, received_at, name, what, symbol, tag, outcome, order_id, client_oid, why, told, after, settled_at"
)
_SELECT = f"SELECT {_COLUMNS} FROM alerts "  # noqa: S608  # words of ours


class AlertState(StrEnum):
    """How far an alert has come: accepted, placing, then one of the others."""

    ACCEPTED = "accepted"
    PLACING = "placing"
    PLACED = "placed"
    CANCELLED = "cancelled"
    DONE = "done"
    REFUSED = "refused"
    REJECTED = "rejected"
    NOT_PLACED = "not_placed"
    UNKNOWN = "unknown"
    # Certainly nothing was sent for it, and it may come again.
    INTERRUPTED = "interrupted"


class AlertEntry(NamedTuple):
    """An alert as it is known. Times in ms by this machine's clock; `name` is the id that it came with.

    `key` is what it is known again by, None for one that was refused before it counted. `why` is what kept it from
    being carried out, `told` what came of it; several ids stand with blanks between them. `after` is the last number of
    the journal before anything was done for it.
    """

    number: int
    key: str | None
    received_at: int
    name: str | None
    what: str
    symbol: str | None
    tag: str | None
    outcome: AlertState
    order_id: str | None = None
    client_oid: str | None = None
    why: str | None = None
    told: str | None = None
    after: int | None = None
    settled_at: int | None = None


class NewAlert(NamedTuple):
    """An alert that is about to be accepted, or was refused."""

    what: str
    name: str | None = None
    symbol: str | None = None
    tag: str | None = None


class AlertLog:
    """The record in one file. Safe for threads and `kill -9`.

    Every method raises ConfigError when the file cannot be trusted, read or durably written.
    """

    def __init__(self, path: Path) -> None:
        self._database = Database(path, _SCHEMA)

    def close(self) -> None:
        self._database.close()

    def accept(self, key: str, alert: NewAlert, *, now: int) -> tuple[AlertEntry, bool]:
        """Write the alert down, durably. Also whether it is ours to carry out: not one that was there before.

        One of which it is certain that nothing was sent for it is taken up again.
        """
        with self._database.change() as connection:
            found = self._entries(connection, "WHERE key = ?", key)
            if found and found[0].outcome is not AlertState.INTERRUPTED:
                return found[0], False
            if found:
                connection.execute(
                    "UPDATE alerts SET outcome = 'accepted', received_at = ?, why = NULL, after = NULL,"
                    " settled_at = NULL WHERE number = ?",
                    (now, found[0].number),
                )
                number = found[0].number
            else:
                number = self._added(connection, key, alert, AlertState.ACCEPTED, why=None, now=now)
            return self._entries(connection, "WHERE number = ?", number)[0], True

    def refuse(self, alert: NewAlert, *, why: str, now: int) -> None:
        """Note one that does not count, in the place of the oldest of these if there are many."""
        with self._database.change() as connection:
            self._added(connection, None, alert, AlertState.REFUSED, why=why, now=now)
            connection.execute(
                "DELETE FROM alerts WHERE key IS NULL AND number <= (SELECT number FROM alerts WHERE key IS NULL"
                " ORDER BY number DESC LIMIT 1 OFFSET ?)",
                (_REFUSALS,),
            )

    def begin(self, number: int, *, after: int) -> None:
        """From here on the journal knows what was sent: its entries with numbers above `after`."""
        with self._database.change() as connection:
            connection.execute("UPDATE alerts SET outcome = 'placing', after = ? WHERE number = ?", (after, number))

    def settle(
        self,
        number: int,
        outcome: AlertState,
        *,
        now: int,
        why: str | None = None,
        told: str | None = None,
        order_id: str | None = None,
        client_oid: str | None = None,
    ) -> AlertEntry:
        """How it ended, as far as that is known."""
        with self._database.change() as connection:
            connection.execute(
                "UPDATE alerts SET outcome = ?, why = ?, told = ?, order_id = ?, client_oid = ?, settled_at = ?"
                " WHERE number = ?",
                (outcome.value, why, told, order_id, client_oid, now, number),
            )
            return self._entries(connection, "WHERE number = ?", number)[0]

    def find(self, key: str) -> AlertEntry | None:
        found = self._read("WHERE key = ?", key)
        return found[0] if found else None

    def without_end(self) -> Sequence[AlertEntry]:
        """Those that nobody knows the end of, the oldest first."""
        return self._read("WHERE outcome IN ('accepted', 'placing', 'unknown') ORDER BY number")

    def entries(self, *, since: int | None, until: int | None, limit: int | None) -> Sequence[AlertEntry]:
        """Alerts received in since ≤ t < until (ms), the newest first."""
        return self._read(
            "WHERE received_at >= ? AND received_at < ? ORDER BY received_at DESC, number DESC LIMIT ?",
            0 if since is None else since,
            2**62 if until is None else until,
            -1 if limit is None else limit,
        )

    def _added(
        self,
        connection: sqlite3.Connection,
        key: str | None,
        alert: NewAlert,
        outcome: AlertState,
        *,
        why: str | None,
        now: int,
    ) -> int:
        added = connection.execute(
            "INSERT INTO alerts (key, received_at, name, what, symbol, tag, outcome, why, settled_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (key, now, alert.name, alert.what, alert.symbol, alert.tag, outcome.value, why, now if why else None),
        )
        return added.lastrowid or 0

    def _read(self, rest: str, *values: object) -> Sequence[AlertEntry]:
        return tuple(map(self._entry, self._database.rows(_SELECT + rest, *values)))

    def _entries(self, connection: sqlite3.Connection, rest: str, *values: object) -> Sequence[AlertEntry]:
        return tuple(map(self._entry, connection.execute(_SELECT + rest, values)))

    def _entry(self, row: tuple[Any, ...]) -> AlertEntry:
        named = dict(zip(_COLUMNS.split(", "), row, strict=True))
        try:
            return AlertEntry(**named | {"outcome": AlertState(named["outcome"])})
        except ValueError as odd:
            raise self._database.damaged(str(odd)) from odd
