"""A durable record in one SQLite file: how it is made, opened, brought to the newest schema, read and written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli import files
from bitget_cli.errors import ConfigError

if TYPE_CHECKING:
    import sqlite3

# What SQLite says of a file whose contents are not what they were; anything else is trouble with the disk.
_DAMAGE = frozenset({"SQLITE_ERROR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CORRUPT_INDEX", "SQLITE_FORMAT"})


class DatabaseSchema(NamedTuple):
    """What one kind of file holds.

    `name` is what people know it as and `rule` what is not done without it. `application` marks the file as ours. Each
    of `steps`, statements with semicolons between them, brings it from one version to the next; `user_version` counts
    the steps done. `patience` is how many seconds another process that is writing is waited for. `flaw` looks at a
    file that is being opened, and tells what no version of this program would have written.
    """

    name: str
    rule: str
    application: int
    steps: tuple[str, ...]
    patience: float
    flaw: Callable[[sqlite3.Connection], str | None] = lambda _: None


class Database:
    """One file, private to its owner, which the first change makes. Safe for many processes, threads and `kill -9`.

    `rows` and `change` raise ConfigError when the file cannot be trusted, read or durably written.
    """

    def __init__(self, path: Path, schema: DatabaseSchema) -> None:
        self.path = path
        self._schema = schema
        # One connection cannot be in two transactions.
        self._turn = RLock()
        self._connection: sqlite3.Connection | None = None
        self._changes = 0

    def close(self) -> None:
        with self._turn:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a SELECT finds; nothing while there is no file."""
        if self._connection is None and not files.is_there(self.path):
            return []
        with self._turn, self._trouble():
            return self._opened().execute(statement, values).fetchall()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One durable transaction that holds the write lock from its start; undone when it fails."""
        with self._turn, self._trouble():
            connection = self._opened()
            self._changes += 1
            mine = self._changes
            try:
                # A signal may come between any two steps, also of `with` itself, which then never gets here again.
                _roll_back(connection)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if self._connection is connection and self._changes == mine:
                    _roll_back(connection)
                raise

    def damaged(self, why: str) -> ConfigError:
        """What is in the file was not written by us, or is not all that was."""
        return ConfigError(f"the {self._schema.name} {self.path} is damaged: {why}", hint=files.set_aside(self.path))

    @contextmanager
    def _trouble(self) -> Iterator[None]:
        import sqlite3

        try:
            yield
        except sqlite3.Error as failure:
            if getattr(failure, "sqlite_errorname", "SQLITE_ERROR") in _DAMAGE:
                raise self.damaged(str(failure)) from failure
            raise ConfigError(
                f"the {self._schema.name} {self.path} cannot be used: {failure}",
                hint=f"{self._schema.rule}: see to the disk and the file's permissions",
            ) from failure

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._open()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        path = self.path
        if not os.path.lexists(path):
            files.make_whole(path, self._build)
        files.ensure_private_file(path)
        files.refuse_cut_to_nothing(path)
        connection = self._connect(path)
        try:
            is_newest = _pragma(connection, "user_version") == len(self._schema.steps)
            if not is_newest or _pragma(connection, "journal_mode") != "wal":
                with files.locked(path):
                    self._upgrade(connection)
            self._refuse_strange(connection)
            if flaw := self._schema.flaw(connection):
                raise self.damaged(flaw)
        except BaseException:
            connection.close()
            raise
        return connection

    def _connect(self, path: Path) -> sqlite3.Connection:
        import sqlite3
        from urllib.parse import quote

        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(path))}?mode=rw",
            uri=True,
            timeout=self._schema.patience,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    def _build(self, path: Path) -> None:
        connection = self._connect(path)
        try:
            self._take_steps(connection, done=0)
        finally:
            connection.close()

    def _upgrade(self, connection: sqlite3.Connection) -> None:
        done, schema = _pragma(connection, "user_version"), self._schema
        if not done:
            raise self.damaged(f"it is no {schema.name} of this program")
        self._refuse_strange(connection)
        if done > len(schema.steps):
            what = f"the {schema.name} was written by a newer version of this program"
            raise ConfigError(what, hint="install that version")
        connection.execute("PRAGMA journal_mode = WAL")
        self._take_steps(connection, done=done)

    def _take_steps(self, connection: sqlite3.Connection, *, done: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        for step in self._schema.steps[done:]:
            for statement in step.split(";"):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {self._schema.application}")
        connection.execute(f"PRAGMA user_version = {len(self._schema.steps)}")
        connection.execute("COMMIT")

    def _refuse_strange(self, connection: sqlite3.Connection) -> None:
        if _pragma(connection, "application_id") != self._schema.application:
            raise self.damaged(f"it is no {self._schema.name} of this program")


def glance(path: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a SELECT finds in a file that is as it may be: nothing is locked, checked, made or mended.

    Raises sqlite3.Error for one that cannot be read.
    """
    import sqlite3

    if not files.is_there(path):
        return []
    # While nobody has it open all of it is in the one file, and to open it plainly would make two more.
    shared = all(os.path.exists(f"{path}{ending}") for ending in ("-wal", "-shm"))
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?{'mode=ro' if shared else 'immutable=1'}", uri=True)
    try:
        return connection.execute(statement, values).fetchall()
    finally:
        connection.close()


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _pragma(connection: sqlite3.Connection, name: str) -> Any:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
