"""Lists of the past as Bitget pages them: newest first, below `idLessThan`, within a window of days."""

from __future__ import annotations

from typing import TypeVar

from bitget_cli.paper import refusals
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.engine.records import ID_STEP, Record
from bitget_cli.paper.query import DAY_MS, Query

R = TypeVar("R", bound=Record)


class Wanted:
    """Conditions on records, joined with AND."""

    def __init__(self, *, product: str | None = None, symbol: str | None = None, live: bool | None = None) -> None:
        self.parts: list[str] = []
        self.given: list[str | int] = []
        if product:
            self.add("product = ?", product)
        if symbol:
            self.add("symbol = ?", symbol.upper())
        if live is not None:
            self.add("live = ?", int(live))

    def add(self, condition: str, *given: str | int) -> None:
        self.parts.append(condition)
        self.given.extend(given)

    def field(self, name: str, value: str | None) -> None:
        """A field inside the record, when a value was asked for."""
        if value:
            self.add(f"json_extract(body, '$.{name}') = ?", value)

    def named(self, query: Query) -> None:
        """By `orderId` or `clientOid`, where they were sent."""
        identity = query.time("orderId")
        if identity is not None:
            self.add("id = ?", identity)
        client_oid = query.maybe("clientOid")
        if client_oid:
            self.add("client_oid = ?", client_oid)


def page(
    floor: Floor,
    kind: type[R],
    query: Query,
    wanted: Wanted,
    *,
    limit: tuple[int, int] = (100, 100),
    days: int | None = 90,
    look_back: int | None = 90,
    number: int = 1,
) -> list[R]:
    """One page; `limit` is how many without being asked and at most, `days` the longest window.

    `look_back` is how many days of the past can be asked for, None for all of it. `number` counts pages, from one,
    where they are asked for by number.
    """
    start, end = query.times(days=days)
    below = query.time("idLessThan")
    # A day's grace: Bitget does not cut to the second.
    if start is not None and look_back and start < floor.time - (look_back + 1) * DAY_MS:
        raise refusals.too_old()
    if below is not None:
        wanted.add("id < ?", below)
    if start is not None:
        wanted.add("id >= ?", start * ID_STEP)
    if end is not None:
        wanted.add("id < ?", (end + 1) * ID_STEP)
    count = query.count("limit", *limit)
    found = floor.find(kind, " AND ".join(wanted.parts) or "1", *wanted.given, limit=number * count)
    return found[(number - 1) * count :]


def end_id(records: list[R]) -> str:
    """The cursor of the next page."""
    return str(records[-1].id) if records else ""
