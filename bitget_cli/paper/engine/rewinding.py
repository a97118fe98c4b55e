"""Going back in time: to any moment after which nothing has happened. Opening balances are nothing that happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bitget_cli.paper.engine.records import ID_STEP, born
from bitget_cli.paper.store import DamagedError, whole_number_in

if TYPE_CHECKING:
    import sqlite3

# Settings that say how far things have come; the others are the customer's.
PROGRESS = ("time", "last_id", "opened", "changed")
# Prices asked for and not taken are nothing that happened either.
_ASKED = "quote"


def happened_after(connection: sqlite3.Connection, at: int) -> int | None:
    """When the last thing after `at` (ms) happened; None when nothing did."""
    settings = _settings(connection)
    time = _whole(settings, "time")
    if time <= at:
        return None
    last = connection.execute(
        "SELECT max(json_extract(body, '$.updated')) FROM records WHERE id > ? AND kind <> ?",
        (_opened(connection, settings), _ASKED),
    ).fetchone()[0]
    if not isinstance(last, int | None):
        raise DamagedError(f"something happened at {last!r}")
    last = max(last or 0, _changed(settings), time if _is_under_way(connection) else 0)
    return last if last > at else None


def go_back(connection: sqlite3.Connection, at: int) -> bool:
    """Live at `at` again, after which nothing has happened. False where it was no later than that."""
    settings = _settings(connection)
    if _whole(settings, "time") <= at:
        return False
    connection.execute("DELETE FROM records WHERE kind = ? AND id >= ?", (_ASKED, at * ID_STEP))
    opened = _opened(connection, settings)
    if opened and born(opened) > at:
        # Nothing is left but the opening balances: they come in anew, with the first call.
        for table in ("records", "pots", "settings"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this package
        return True
    last = connection.execute("SELECT max(id) FROM records").fetchone()[0]
    again = {"time": str(at), "last_id": str(last or opened)}
    connection.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", again.items())
    return True


def _settings(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, value FROM settings"))


def _whole(settings: dict[str, str], name: str) -> int:
    return whole_number_in(settings.get(name, "0"))


def _opened(connection: sqlite3.Connection, settings: dict[str, str]) -> int:
    """The id of the last record of the opening balances; what an older version wrote did not say."""
    if "opened" in settings:
        return _whole(settings, "opened")
    found = connection.execute(
        "SELECT max(id) FROM records WHERE kind = 'bill' AND parent = 0"
        " AND json_extract(body, '$.business') = 'DEPOSIT'"
    ).fetchone()[0]
    return int(found or 0)


def _changed(settings: dict[str, str]) -> int:
    """When leverage, margin or position mode was set last; what an older version wrote did not say."""
    if "changed" in settings or all(name in PROGRESS for name in settings):
        return _whole(settings, "changed")
    return _whole(settings, "time")


def _is_under_way(connection: sqlite3.Connection) -> bool:
    """Whether a request is kept back, or a plan follows the price: neither says since when."""
    return bool(
        connection.execute(
            "SELECT EXISTS (SELECT 1 FROM late) OR EXISTS (SELECT 1 FROM records WHERE live AND kind = 'plan'"
            " AND json_extract(body, '$.active'))"
        ).fetchone()[0]
    )
