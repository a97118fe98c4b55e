"""The file of a journal: private to its owner, durable, and of a schema that only goes forward."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from bitget_cli import files
from bitget_cli.errors import ConfigError

if TYPE_CHECKING:
    import sqlite3

_PATIENCE = 20.0  # seconds to wait for another process that is writing
# Marks the file as ours: "bgt1" as a number.
_APPLICATION = 0x62677431
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
ODD = f"{_ODD_AT_FIRST} OR typeof(worker) NOT IN ('text', 'null')"
# Each step brings the file from one schema version to the next; `user_version` counts the steps done.
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
    f"ALTER TABLE entries ADD COLUMN worker TEXT;DROP INDEX odd; CREATE INDEX odd ON entries (number) WHERE {ODD}",
)


def connect(path: Path) -> sqlite3.Connection:
    """Open or make the file, private to its owner, at the newest schema. Raises ConfigError for a damaged one."""
    if not os.path.lexists(path):
        files.make_whole(path, _build)
    files.ensure_private_file(path)
    files.refuse_cut_to_nothing(path)
    connection = _opened(path)
    try:
        if _version(connection) != len(_STEPS) or connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            with files.locked(path):
                _upgrade(connection, path)
        _refuse_damage(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def damaged(path: Path, why: str) -> ConfigError:
    """What is in the file was not written by us, or is not all that was."""
    return ConfigError(f"the journal {path} is damaged: {why}", hint=files.set_aside(path))


def _opened(path: Path) -> sqlite3.Connection:
    import sqlite3
    from urllib.parse import quote

    connection = sqlite3.connect(
        f"file:{quote(os.fsencode(path))}?mode=rw",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _build(path: Path) -> None:
    connection = _opened(path)
    try:
        _take_steps(connection, done=0)
    finally:
        connection.close()


def _upgrade(connection: sqlite3.Connection, path: Path) -> None:
    done, owner = _version(connection), connection.execute("PRAGMA application_id").fetchone()[0]
    if done > len(_STEPS) and owner == _APPLICATION:
        raise ConfigError("the journal was written by a newer version of this program", hint="install that version")
    if not done or owner != _APPLICATION:
        raise damaged(path, "it is no journal of this program")
    connection.execute("PRAGMA journal_mode = WAL")
    _take_steps(connection, done=done)


def _take_steps(connection: sqlite3.Connection, *, done: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for step in _STEPS[done:]:
        for statement in step.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(_STEPS)}")
    connection.execute("COMMIT")


def _refuse_damage(connection: sqlite3.Connection, path: Path) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
        raise damaged(path, "it is no journal of this program")
    odd = connection.execute(f"SELECT number FROM entries INDEXED BY odd WHERE {ODD} LIMIT 1").fetchone()  # noqa: S608
    if odd:
        raise damaged(path, f"entry {odd[0]} has a value that no version of this program writes")
    # Numbers are never given twice and no entry is taken out unsaid. Looked at in one: others may be writing.
    written, last, forgotten, noted = connection.execute(
        "SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'entries'), (SELECT max(number) FROM entries),"
        " (SELECT max(number) FROM forgotten), (SELECT number FROM written)"
    ).fetchone()
    if not (written or 0) == (noted or 0) == max(last or 0, forgotten or 0):
        raise damaged(path, f"its last entry is {last or 'gone'}, while {noted or written or 'none'} were written")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
