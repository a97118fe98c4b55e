"""The durable record of every change to an account, written before it is sent: one SQLite file a profile."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.database import Database, DatabaseSchema, glance
from bitget_cli.errors import ConfigError, UsageError

if TYPE_CHECKING:
    import sqlite3


# A client id may be used once in this time: Bitget answers questions about orders of 90 days.
ONCE_IN_MS = 90 * 24 * 3600 * 1000

_COLUMNS = (
    "number, client_oid, kind, row, symbol, body, body_sha256, what, trail, prepared_at, state, signed_at, order_id,"
    " answer, settled_at, worker, tag"
)
_SELECT = f"SELECT {_COLUMNS} FROM entries "  # noqa: S608  # words of ours


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
    tag: str | None = None


class Entry(NamedTuple):
    """A change as the journal knows it. Times are milliseconds by the exchange's clock as far as it was known.

    `signed_at` is the latest timestamp under which it may have left; None when it never did. `worker` is the name of
    the worker that made it, if one did, and `tag` what a person wrote on it, which is nowhere else. `answer` of an
    entry that is still open is what it was refused with.
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
    tag: str | None = None


class Journal:
    """The journal in one file, which is made by the first change. Safe for many processes, threads and `kill -9`.

    Every method raises ConfigError when the file cannot be trusted, read or durably written.
    """

    def __init__(self, path: Path, *, check: Callable[[Entry], None] | None = None, worker: str | None = None) -> None:
        """`check` raises ValueError for an entry that the journal's owner cannot make sense of.

        `worker` is whose changes are written down.
        """
        self.path = path
        self._database = Database(path, _SCHEMA)
        self._worker = worker
        self._check = check
        self._claims: EntryLocks | None = None
        self._claims_turn = RLock()
        # Whoever wants to know at once what has been written down.
        self.heard: Callable[[tuple[Entry, ...]], None] | None = None

    def close(self) -> None:
        self._database.close()
        if self._claims is not None:
            self._claims.close()
            self._claims = None

    def append(self, drafts: Sequence[Draft], *, now: int) -> tuple[Entry, ...]:
        """Write the changes down, all or none, durably, and claim them for this process. `now` in ms.

        Raises UsageError for a client id that was used in the last 90 days.
        """
        with self._database.change() as connection:
            entries = tuple(self._appended(connection, draft, now=now) for draft in drafts)
        if self.heard:
            self.heard(entries)
        return entries

    def mark_sent(self, entries: Sequence[Entry], *, signed_at: int) -> None:
        """The changes are about to leave, signed with this timestamp (ms)."""
        if self._advance(entries, EntryState.SENT, signed_at=signed_at) != len(entries):
            raise ConfigError("another process has settled this change meanwhile; nothing was sent")

    def note_refusal(self, entries: Sequence[Entry], answer: str) -> None:
        """What was sent was refused for certain, and is to be rewritten and sent again, or settled."""
        with self._database.change() as connection:
            connection.executemany(
                "UPDATE entries SET answer = ? WHERE number = ? AND state = 'sent'",
                [(answer, entry.number) for entry in entries],
            )

    def rewrite(self, drafts: Sequence[tuple[Entry, Draft]]) -> tuple[Entry, ...]:
        """Write down, all or none, what entries of this process will be sent as instead of what was refused.

        They keep their number and client id. Raises ConfigError for one that has an end by now.
        """
        with self._database.change() as connection:
            return tuple(self._rewritten(connection, entry, draft) for entry, draft in drafts)

    def mark_unknown(self, entries: Sequence[Entry]) -> None:
        """Nobody knows what became of them."""
        self._advance(entries, EntryState.UNKNOWN)

    def settle(self, entry: Entry, state: EntryState, *, now: int, order_id: str | None, answer: str | None) -> Entry:
        """Close an entry; one that is closed stays as it is. Returns it as it stands then."""
        assert not state.is_open  # noqa: S101  # a defect of ours, never data
        with self._database.change() as connection:
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
        self,
        *,
        since: int | None = None,
        until: int | None = None,
        limit: int = -1,
        worker: str | None = None,
        tag: str | None = None,
    ) -> tuple[Entry, ...]:
        """Entries prepared in since ≤ t < until (ms), the newest first; -1 is no limit. Of one `worker` or `tag` if
        given."""
        return self._read(
            "WHERE prepared_at >= ? AND prepared_at < ? AND (? IS NULL OR worker = ?) AND (? IS NULL OR tag = ?)"
            " ORDER BY number DESC LIMIT ?",
            0 if since is None else since,
            2**62 if until is None else until,
            worker,
            worker,
            tag,
            tag,
            limit,
        )

    def of_kinds(self, kinds: Sequence[str], *, told_by: str) -> tuple[Entry, ...]:
        """Entries of these kinds whose trail or body has this text, the oldest first."""
        marks = ", ".join("?" * len(kinds))
        return self._read(f"WHERE kind IN ({marks}) AND instr(trail || body, ?) > 0 ORDER BY number", *kinds, told_by)

    def tagged(self, *, told_by: str) -> tuple[Entry, ...]:
        """Entries with a tag whose order has this id, or whose trail has this text in it, the newest first."""
        return self._read(
            "WHERE tag IS NOT NULL AND (order_id = ? OR instr(trail, ?) > 0) ORDER BY number DESC", told_by, told_by
        )

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
        with self._database.change() as connection:
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
        said = (draft.client_oid, draft.kind, draft.row, draft.symbol, draft.body, digest, draft.what, draft.trail)
        added = connection.execute(
            "INSERT INTO entries"
            " (client_oid, kind, row, symbol, body, body_sha256, what, trail, tag, prepared_at, worker, state)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'prepared')",
            (*said, draft.tag, now, self._worker),
        )
        number = added.lastrowid or 0
        connection.execute("INSERT OR REPLACE INTO written VALUES (1, ?)", (number,))
        # Claimed before others can see it, so that nobody takes it for one a dead process left behind.
        self._own_claims().take(number)
        return self._entries(connection, "WHERE number = ?", number)[0]

    def _rewritten(self, connection: sqlite3.Connection, entry: Entry, draft: Draft) -> Entry:
        digest = hashlib.sha256(draft.body.encode()).hexdigest()
        values = (draft.kind, draft.row, draft.symbol, draft.body, digest, draft.what, draft.trail)
        found = connection.execute(
            "UPDATE entries SET kind = ?, row = ?, symbol = ?, body = ?, body_sha256 = ?, what = ?, trail = ?,"
            " answer = NULL WHERE number = ? AND client_oid = ? AND state IN ('prepared', 'sent')",
            (*values, entry.number, draft.client_oid),
        )
        if not found.rowcount:
            raise ConfigError("another process has settled this change meanwhile; nothing more was sent")
        return self._entries(connection, "WHERE number = ?", entry.number)[0]

    def _advance(self, entries: Sequence[Entry], state: EntryState, *, signed_at: int | None = None) -> int:
        with self._database.change() as connection:
            return connection.executemany(
                "UPDATE entries SET state = ?, signed_at = MAX(COALESCE(signed_at, ?), COALESCE(?, signed_at))"
                " WHERE number = ? AND state IN ('prepared', 'sent')",
                [(state.value, signed_at, signed_at, entry.number) for entry in entries],
            ).rowcount

    def _read(self, rest: str, *values: Any) -> tuple[Entry, ...]:
        return tuple(map(self._entry, self._database.rows(_SELECT + rest, *values)))

    def _own_claims(self) -> EntryLocks:
        with self._claims_turn:
            if self._claims is None:
                self._claims = EntryLocks(self.path.with_name(f".{self.path.name}.claims"))
            return self._claims

    def _entries(self, connection: sqlite3.Connection, rest: str, *values: Any) -> tuple[Entry, ...]:
        rows = connection.execute(_SELECT + rest, values)
        return tuple(map(self._entry, rows))

    def _entry(self, row: tuple[Any, ...]) -> Entry:
        named = dict(zip(_COLUMNS.split(", "), row, strict=True))
        if hashlib.sha256(named["body"].encode()).hexdigest() != named["body_sha256"]:
            raise self._database.damaged(f"the request of entry {named['number']} is not the one that was written down")
        entry = Entry(**named | {"state": EntryState(named["state"])})
        if self._check:
            try:
                self._check(entry)
            except ValueError as odd:
                raise self._database.damaged(f"entry {entry.number}: {odd}") from odd
        return entry


class Remembered(NamedTuple):
    """What a person may remember of a change: what it was, by which names, and how it stands."""

    client_oid: str
    order_id: str | None
    kind: str
    what: str
    state: str
    tag: str | None

    @property
    def is_order(self) -> bool:
        """Whether it made an order, or may have."""
        return self.kind in ("place", "replace") and self.state not in (EntryState.REJECTED, EntryState.NOT_PLACED)

    @property
    def is_open(self) -> bool:
        return EntryState(self.state).is_open


def recent(path: Path, limit: int) -> list[Remembered]:
    """The latest changes in a journal, the newest first, for completion: nothing is locked, checked, made or mended.

    Raises sqlite3.Error for a file that cannot be read.
    """
    wanted = "SELECT client_oid, order_id, kind, what, state, tag FROM entries ORDER BY number DESC LIMIT ?"
    return [Remembered(*row) for row in glance(path, wanted, limit)]


# One that looks whether a thing is free holds it for a moment: so often, and so long apart (s), a claim is tried.
_TRIES = 40
_MOMENT = 0.002


class EntryLocks:
    """The claims of this process in one file. `take` and `release` raise ConfigError when it cannot be used."""

    def __init__(self, path: Path) -> None:
        files.ensure_private_file(path)
        try:
            # Kept open for good: closing any descriptor of the file would drop every lock of the process.
            self._descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise ConfigError(f"{path} cannot be opened: {error.strerror}") from None
        self._path = path
        self._held: set[int] = set()
        # To the system all threads are one: one that looks whether a thing is free would let go of what another holds.
        self._turn = RLock()

    def take(self, number: int) -> bool:
        """Whether no other living process is busy with it; it is then ours."""
        for left in reversed(range(_TRIES)):
            with self._turn:
                if self._locked(number):
                    self._held.add(number)
                    return True
            if left:
                time.sleep(_MOMENT)
        return False

    def is_free(self, number: int) -> bool:
        """Whether nobody is busy with it, this process included. Several may look at the same time."""
        with self._turn:
            if number in self._held or not self._locked(number, shared=True):
                return False
            self.release(number)
            return True

    def release(self, number: int) -> None:
        with self._turn:
            self._held.discard(number)
            try:
                files.unlock_byte(self._descriptor, number)
            except OSError as error:
                raise ConfigError(f"{self._path} cannot be unlocked: {error.strerror}") from None

    def close(self) -> None:
        os.close(self._descriptor)

    def _locked(self, number: int, *, shared: bool = False) -> bool:
        try:
            return files.lock_byte(self._descriptor, number, shared=shared)
        except OSError as error:
            raise ConfigError(f"{self._path} cannot be locked: {error.strerror}") from None


# A row that nothing of ours wrote: another kind of value, a state nobody knows, a time outside of time.
_ODD_AT_FIRST = (
    "typeof(client_oid) <> 'text' OR typeof(kind) <> 'text' OR typeof(row) <> 'text' OR typeof(body) <> 'text'"
    " OR typeof(body_sha256) <> 'text' OR typeof(what) <> 'text' OR typeof(trail) <> 'text'"
    " OR typeof(symbol) NOT IN ('text', 'null') OR typeof(order_id) NOT IN ('text', 'null')"
    " OR typeof(answer) NOT IN ('text', 'null') OR typeof(prepared_at) <> 'integer'"
    " OR prepared_at NOT BETWEEN 0 AND 99999999999999 OR typeof(signed_at) NOT IN ('integer', 'null')"
    " OR COALESCE(signed_at, 0) NOT BETWEEN 0 AND 99999999999999 OR typeof(settled_at) NOT IN ('integer', 'null')"
    " OR COALESCE(settled_at, 0) NOT BETWEEN 0 AND 99999999999999 OR state NOT IN"
    " ('prepared', 'sent', 'unknown', 'placed', 'cancelled', 'done', 'rejected', 'not_placed')"
)
_ODD_WITH_WORKERS = f"{_ODD_AT_FIRST} OR typeof(worker) NOT IN ('text', 'null')"
ODD = f"{_ODD_WITH_WORKERS} OR typeof(tag) NOT IN ('text', 'null')"
_STEPS = (
    "CREATE TABLE entries (number INTEGER PRIMARY KEY AUTOINCREMENT, client_oid TEXT NOT NULL, kind TEXT NOT NULL,"
    " row TEXT NOT NULL, symbol TEXT, body TEXT NOT NULL, body_sha256 TEXT NOT NULL, what TEXT NOT NULL,"
    " trail TEXT NOT NULL, prepared_at INTEGER NOT NULL, state TEXT NOT NULL, signed_at INTEGER, order_id TEXT,"
    " answer TEXT, settled_at INTEGER);"
    "CREATE INDEX by_client_oid ON entries (client_oid);"
    "CREATE INDEX by_state ON entries (state) WHERE state IN ('prepared', 'sent', 'unknown')",
    # Holds odd rows alone, so that looking for one costs nothing however long the journal is.
    f"CREATE INDEX odd ON entries (number) WHERE {_ODD_AT_FIRST}",
    # The last number that had been given whenever entries were taken out on purpose.
    "CREATE TABLE forgotten (number INTEGER NOT NULL)",
    # The last number that was given, once more: with the entries and SQLite's own count gone the journal is not new.
    "CREATE TABLE written (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);"
    "INSERT INTO written SELECT 1, seq FROM sqlite_sequence WHERE name = 'entries'",
    # Whose order it was, where a worker placed it.
    "ALTER TABLE entries ADD COLUMN worker TEXT;DROP INDEX odd;"
    f"CREATE INDEX odd ON entries (number) WHERE {_ODD_WITH_WORKERS}",
    # What a person wrote on it; few have such a word, and they are looked for by it.
    "ALTER TABLE entries ADD COLUMN tag TEXT;DROP INDEX odd;"
    f"CREATE INDEX odd ON entries (number) WHERE {ODD};"
    "CREATE INDEX by_tag ON entries (tag) WHERE tag IS NOT NULL",
)


def _flaw(connection: sqlite3.Connection) -> str | None:
    odd = connection.execute(f"SELECT number FROM entries INDEXED BY odd WHERE {ODD} LIMIT 1").fetchone()  # noqa: S608
    if odd:
        return f"entry {odd[0]} has a value that no version of this program writes"
    # Numbers are never given twice and no entry is taken out unsaid. Looked at in one: others may be writing.
    written, last, forgotten, noted = connection.execute(
        "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'entries'), (SELECT max(number) FROM entries),"
        " (SELECT max(number) FROM forgotten), (SELECT number FROM written)"
    ).fetchone()
    if (written or 0) == (noted or 0) == max(last or 0, forgotten or 0):
        return None
    return f"its last entry is {last or 'gone'}, while {noted or written or 'none'} were written"


_SCHEMA = DatabaseSchema(
    name="journal",
    rule="no change is sent that cannot be written down first",
    # "bgt1" as a number.
    application=0x62677431,
    steps=_STEPS,
    patience=20.0,
    flaw=_flaw,
)
