"""The durable record of every change to an account, written before it is sent: one SQLite file a profile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.files import is_there
from bitget_cli.journal.entry_locks import EntryLocks
from bitget_cli.journal.schema import connect, damaged

if TYPE_CHECKING:
    import sqlite3

# A client id may be used once in this time: Bitget answers questions about orders of 90 days.
ONCE_IN_MS = 90 * 24 * 3600 * 1000

# What SQLite says of a file whose contents are not what they were; anything else is trouble with the disk.
_DAMAGE = frozenset({"SQLITE_ERROR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CORRUPT_INDEX", "SQLITE_FORMAT"})

_COLUMNS = (
    "number, client_oid, kind, row, symbol, body, body_sha256, what, trail, prepared_at, state, signed_at, order_id,"
    " answer, settled_at, worker"
)


class EntryState(StrEnum):
    """How far an entry has come. It only goes forward: prepared, sent, unknown, then one of the others for good."""

    PREPARED = "prepared"
    SENT = "sent"
    UNKNOWN = "unknown"
    PLACED = "placed"
    CANCELLED = "cancelled"
    DONE = "done"
    REJECTED = "rejected"
    NOT_PLACED = "not_placed"

    @property
    def is_open(self) -> bool:
        return self in (EntryState.PREPARED, EntryState.SENT, EntryState.UNKNOWN)


class Draft(NamedTuple):
    """A change about to be sent. `body` is the exact text of the request, `trail` how to find out what became of it.

    `client_oid` is the client id on the wire, or a label of ours where the change carries none.
    """

    client_oid: str
    kind: str
    row: str
    symbol: str | None
    body: str
    what: str
    trail: str


class Entry(NamedTuple):
    """A change as the journal knows it. Times are milliseconds by the exchange's clock as far as it was known.

    `signed_at` is the latest timestamp under which it may have left; None when it never did. `worker` is the name of
    the worker that made it, if one did.
    """

    number: int
    client_oid: str
    kind: str
    row: str
    symbol: str | None
    body: str
    body_sha256: str
    what: str
    trail: str
    prepared_at: int
    state: EntryState
    signed_at: int | None
    order_id: str | None
    answer: str | None
    settled_at: int | None
    worker: str | None = None


class Journal:
    """The journal in one file, which is made by the first change. Safe for many processes, threads and `kill -9`.

    Every method raises ConfigError when the file cannot be trusted, read or durably written.
    """

    def __init__(self, path: Path, *, check: Callable[[Entry], None] | None = None, worker: str | None = None) -> None:
        """`check` raises ValueError for an entry that the journal's owner cannot make sense of.

        `worker` is whose changes are written down.
        """
        self.path = path
        # One connection cannot be in two transactions.
        self._turn = RLock()
        self._worker = worker
        self._check = check
        self._connection: sqlite3.Connection | None = None
        self._claims: EntryLocks | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._claims is not None:
            self._claims.close()
            self._claims = None

    def append(self, drafts: Sequence[Draft], *, now: int) -> tuple[Entry, ...]:
        """Write the changes down, all or none, durably, and claim them for this process. `now` in ms.

        Raises UsageError for a client id that was used in the last 90 days.
        """
        with self._change() as connection:
            return tuple(self._appended(connection, draft, now=now) for draft in drafts)

    def mark_sent(self, entries: Sequence[Entry], *, signed_at: int) -> None:
        """The changes are about to leave, signed with this timestamp (ms)."""
        if self._advance(entries, EntryState.SENT, signed_at=signed_at) != len(entries):
            raise ConfigError("another process has settled this change meanwhile; nothing was sent")

    def mark_unknown(self, entries: Sequence[Entry]) -> None:
        """Nobody knows what became of them."""
        self._advance(entries, EntryState.UNKNOWN)

    def settle(self, entry: Entry, state: EntryState, *, now: int, order_id: str | None, answer: str | None) -> Entry:
        """Close an entry; one that is closed stays as it is. Returns it as it stands then."""
        assert not state.is_open  # noqa: S101  # a defect of ours, never data
        with self._change() as connection:
            connection.execute(
                "UPDATE entries SET state = ?, order_id = ?, answer = ?, settled_at = ?"
                " WHERE number = ? AND state IN ('prepared', 'sent', 'unknown')",
                (state.value, order_id, answer, now, entry.number),
            )
            settled = self._entries(connection, "WHERE number = ?", entry.number)
        self.release(entry)
        # One that was forgotten meanwhile is answered as it would have been.
        closed = entry._replace(state=state, order_id=order_id, answer=answer, settled_at=now)
        return settled[0] if settled else closed

    def release(self, entry: Entry) -> None:
        """This process does nothing more about it."""
        if self._claims is not None:
            self._claims.release(entry.number)

    def claim(self, entry: Entry) -> bool:
        """Be the only process busy with the entry, until it is settled or released.

        False when another one is, and when another one has settled it meanwhile.
        """
        if not self._own_claims().take(entry.number):
            return False
        if self._still_open([entry]):
            return True
        self.release(entry)
        return False

    def open_entries(self) -> tuple[Entry, ...]:
        """Entries without an end that nobody is busy with, the oldest first."""
        found = self._read("WHERE state IN ('prepared', 'sent', 'unknown') ORDER BY number")
        return self._still_open([entry for entry in found if self._own_claims().is_free(entry.number)])

    def _still_open(self, entries: Sequence[Entry]) -> tuple[Entry, ...]:
        """Those that have no end, read once more: whoever was busy with one wrote its end down before it let go."""
        now = [one for entry in entries for one in self._read("WHERE number = ?", entry.number)]
        return tuple(entry for entry in now if entry.state.is_open)

    def entries(
        self, *, since: int | None = None, until: int | None = None, limit: int = -1, worker: str | None = None
    ) -> tuple[Entry, ...]:
        """Entries prepared in since ≤ t < until (ms), the newest first; -1 is no limit. Of one `worker` if given."""
        return self._read(
            "WHERE prepared_at >= ? AND prepared_at < ? AND (? IS NULL OR worker = ?) ORDER BY number DESC LIMIT ?",
            0 if since is None else since,
            2**62 if until is None else until,
            worker,
            worker,
            limit,
        )

    def of_kinds(self, kinds: Sequence[str], *, told_by: str) -> tuple[Entry, ...]:
        """Entries of these kinds whose trail or body has this text, the oldest first."""
        marks = ", ".join("?" * len(kinds))
        return self._read(f"WHERE kind IN ({marks}) AND instr(trail || body, ?) > 0 ORDER BY number", *kinds, told_by)

    def find(self, client_oid: str) -> Entry | None:
        """The latest entry under a client id."""
        found = self._read("WHERE client_oid = ? ORDER BY number DESC LIMIT 1", client_oid)
        return found[0] if found else None

    def last(self) -> int:
        """The number of the newest entry; 0 while there is none."""
        found = self._read("ORDER BY number DESC LIMIT 1")
        return found[0].number if found else 0

    def forget(self, last: int) -> None:
        """Take out every entry up to this number: what they tell of is gone. Only ever true of the paper exchange."""
        if not last:
            return
        with self._change() as connection:
            connection.execute("INSERT INTO forgotten SELECT seq FROM sqlite_sequence WHERE name = 'entries'")
            connection.execute("DELETE FROM entries WHERE number <= ?", (last,))

    def _appended(self, connection: sqlite3.Connection, draft: Draft, *, now: int) -> Entry:
        used = self._entries(connection, "WHERE client_oid = ? ORDER BY number DESC LIMIT 1", draft.client_oid)
        if used and used[0].prepared_at > now - ONCE_IN_MS:
            raise UsageError(
                f"client id {draft.client_oid} was used before, for: {used[0].what}",
                hint="leave --client-oid out for a new one; see what became of it with: bitget order log",
            )
        digest = hashlib.sha256(draft.body.encode()).hexdigest()
        values = (draft.client_oid, draft.kind, draft.row, draft.symbol, draft.body, digest, draft.what, draft.trail)
        added = connection.execute(
            "INSERT INTO entries"
            " (client_oid, kind, row, symbol, body, body_sha256, what, trail, prepared_at, worker, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'prepared')",
            (*values, now, self._worker),
        )
        number = added.lastrowid or 0
        connection.execute("INSERT OR REPLACE INTO written VALUES (1, ?)", (number,))
        # Claimed before others can see it, so that nobody takes it for one a dead process left behind.
        self._own_claims().take(number)
        return self._entries(connection, "WHERE number = ?", number)[0]

    def _advance(self, entries: Sequence[Entry], state: EntryState, *, signed_at: int | None = None) -> int:
        with self._change() as connection:
            return connection.executemany(
                "UPDATE entries SET state = ?, signed_at = MAX(COALESCE(signed_at, ?), COALESCE(?, signed_at))"
                " WHERE number = ? AND state IN ('prepared', 'sent')",
                [(state.value, signed_at, signed_at, entry.number) for entry in entries],
            ).rowcount

    def _read(self, rest: str, *values: Any) -> tuple[Entry, ...]:
        if self._connection is None and not is_there(self.path):
            return ()
        with self._turn, self._trouble():
            return self._entries(self._opened(), rest, *values)

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction that holds the write lock from its start; undone when it fails."""
        with self._turn, self._trouble():
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        import sqlite3

        try:
            yield
        except sqlite3.Error as failure:
            if getattr(failure, "sqlite_errorname", "SQLITE_ERROR") in _DAMAGE:
                raise damaged(self.path, str(failure)) from failure
            raise ConfigError(
                f"the journal {self.path} cannot be used: {failure}",
                hint="no change is sent that cannot be written down first: see to the disk and the file's permissions",
            ) from failure

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = connect(self.path)
        return self._connection

    def _own_claims(self) -> EntryLocks:
        with self._turn:
            if self._claims is None:
                self._claims = EntryLocks(self.path.with_name(f".{self.path.name}.claims"))
            return self._claims

    def _entries(self, connection: sqlite3.Connection, rest: str, *values: Any) -> tuple[Entry, ...]:
        rows = connection.execute(f"SELECT {_COLUMNS} FROM entries {rest}", values)  # noqa: S608  # words of ours
        return tuple(map(self._entry, rows))

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        named = dict(zip(_COLUMNS.split(", "), row, strict=True))
        if hashlib.sha256(named["body"].encode()).hexdigest() != named["body_sha256"]:
            raise damaged(self.path, f"the request of entry {named['number']} is not the one that was written down")
        entry = Entry(**named | {"state": EntryState(named["state"])})
        if self._check:
            try:
                self._check(entry)
            except ValueError as odd:
                raise damaged(self.path, f"entry {entry.number}: {odd}") from odd
        return entry
