"""What private streams tell of: every change of an order, fill, plan or closed position, in the order it happened."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.paper.engine.filing import from_text, to_text
from bitget_cli.paper.engine.records import Fill, Order, Plan, Position, Record

if TYPE_CHECKING:
    import sqlite3

# Whoever watches looks several times a second and needs the last few; nobody needs the rest.
_KEPT = 10_000
_KINDS: dict[str, type[Order | Fill | Plan | Position]] = {each.kind: each for each in (Order, Fill, Plan, Position)}


class Event(NamedTuple):
    """One change: `seq` only ever grows, also over a reset; `time` in ms; the record as it was right after."""

    seq: int
    time: int
    record: Order | Fill | Plan | Position


class News:
    """Changes of one floor that wait to be written; `live` are the records it was loaded with, known to everybody."""

    def __init__(self, live: Iterable[Record]) -> None:
        self._told = {(record.kind, record.id): _shown(record) for record in live}
        self._rows: list[tuple[int, str, str, str]] = []

    def note(self, record: Record, time: int) -> None:
        """A record has been saved: tell of it if a customer would see a difference."""
        if record.kind not in _KINDS or (isinstance(record, Position) and record.live):
            return
        key, shown = (record.kind, record.id), _shown(record)
        if self._told.get(key) == shown:
            return
        self._told[key] = shown
        self._rows.append((time, record.kind, record.product, to_text(record)))

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write them, to be committed with the transaction."""
        if not self._rows:
            return
        connection.executemany("INSERT INTO events (time, kind, product, body) VALUES (?, ?, ?, ?)", self._rows)
        connection.execute("DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?", (_KEPT,))
        self._rows.clear()


def latest(connection: sqlite3.Connection) -> int:
    """The `seq` of the newest event; 0 when there is none."""
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return int(found[0]) if found else 0


def since(connection: sqlite3.Connection, seq: int) -> list[Event]:
    """The events after `seq`, oldest first."""
    rows = connection.execute("SELECT seq, time, kind, body FROM events WHERE seq > ? ORDER BY seq", (seq,))
    return _settled([Event(seq, time, from_text(_KINDS[kind], body)) for seq, time, kind, body in rows])


def _settled(events: list[Event]) -> list[Event]:
    """Without exits cancelled in the very moment in which they were executed: closing a position lifts its exits."""
    executed = {event.record.id for event in events if _status(event) == "executed"}
    return [event for event in events if not (_status(event) == "cancelled" and event.record.id in executed)]


def _status(event: Event) -> str:
    return event.record.status if isinstance(event.record, Plan) else ""


def _shown(record: Record) -> tuple[Any, ...]:
    """What a customer sees of a record, as far as it can change."""
    if isinstance(record, Order):
        return record.status, record.filled, record.price, record.size
    if isinstance(record, Plan):
        exits = record.exits
        attached = (exits.profit, exits.profit_execute, exits.loss, exits.loss_execute)
        how = (record.limit, record.execute, record.callback, record.trigger_by)
        return record.status, record.trigger, record.size, record.quote, how, attached
    return ()
