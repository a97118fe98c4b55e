"""The file of a journal: private to its owner, durable, and of a schema that only goes forward."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bitget_cli import files
from bitget_cli.errors import ConfigError

if TYPE_CHECKING:
    import sqlite3

_PATIENCE = 20.0  # seconds to wait for another process that is writing
# Marks the file as ours: "bgt1" as a number.
_APPLICATION = 0x62677431
# Each step brings the file from one schema version to the next; `user_version` counts the steps done.
_STEPS = (
    "CREATE TABLE entries (number INTEGER PRIMARY KEY AUTOINCREMENT, client_oid TEXT NOT NULL, kind TEXT NOT NULL,"
    " row TEXT NOT NULL, symbol TEXT, body TEXT NOT NULL, body_sha256 TEXT NOT NULL, what TEXT NOT NULL,"
    " trail TEXT NOT NULL, prepared_at INTEGER NOT NULL, state TEXT NOT NULL, signed_at INTEGER, order_id TEXT,"
    " answer TEXT, settled_at INTEGER);"
    "CREATE INDEX by_client_oid ON entries (client_oid);"
    "CREATE INDEX by_state ON entries (state) WHERE state IN ('prepared', 'sent', 'unknown')",
)


def connect(path: Path) -> sqlite3.Connection:
    """Open or make the file, private to its owner, at the newest schema."""
    import sqlite3
    from urllib.parse import quote

    files.ensure_private_file(path)
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw", uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        if connection.execute("PRAGMA user_version").fetchone()[0] != len(_STEPS):
            with files.locked(path):
                _upgrade(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _upgrade(connection: sqlite3.Connection) -> None:
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if done > len(_STEPS) or (done and owner != _APPLICATION):
        raise ConfigError("the journal was written by a newer version of this program", hint="install that version")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    for step in _STEPS[done:]:
        for statement in step.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {_APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(_STEPS)}")
    connection.execute("COMMIT")
