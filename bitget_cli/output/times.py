"""How moments are written: local in a table, the exchange's own in every other form, or as `--times` says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.output.plain import cell_text, sanitise
from bitget_cli.results import Record, Result, Rows
from bitget_cli.values import from_milliseconds

STYLES = ("iso", "ms", "local")

_MILLISECONDS = re.compile(r"[0-9]{12,14}", re.ASCII)
# How Bitget writes "no such moment".
_UNSET = frozenset({"", "0", "-1"})


class Times:
    """The times of one table. It is given all of them first, since the zone may change between two of them."""

    def __init__(self, values: Iterable[Any]) -> None:
        moments = [moment for value in values if (moment := _local(value))]
        self._zones = sorted({(moment.utcoffset() or timedelta(), moment.tzname() or "") for moment in moments})

    @property
    def zone(self) -> str:
        """`times in CET (UTC+01:00)`, or nothing where no time is shown."""
        if not self._zones:
            return ""
        return "times in " + " and ".join(_zone_name(offset, name) for offset, name in self._zones)

    def texts(self, values: Sequence[Any]) -> list[str]:
        """One column of times.

        Seconds are left out where every time is a whole minute; milliseconds are shown where two different times
        would otherwise read the same. Where the clocks changed in between, every time names its offset.
        """
        moments = [_local(value) for value in values]
        known = {moment for moment in moments if moment}
        offset = "%z" if len(self._zones) > 1 else ""
        if len({moment.replace(microsecond=0) for moment in known}) < len(known):
            return [_text(m, v, "%Y-%m-%d %H:%M:%S.%f", offset) for m, v in zip(moments, values, strict=True)]
        whole_minutes = all(moment.second == moment.microsecond == 0 for moment in known)
        pattern = "%Y-%m-%d %H:%M" if whole_minutes else "%Y-%m-%d %H:%M:%S"
        return [_text(m, v, pattern, offset) for m, v in zip(moments, values, strict=True)]


def _local(value: Any) -> datetime | None:
    text = cell_text(value)
    return from_milliseconds(text).astimezone() if _MILLISECONDS.fullmatch(text) else None


def _text(moment: datetime | None, value: Any, pattern: str, offset: str) -> str:
    if moment is None:
        text = cell_text(value)
        return "" if text in _UNSET else sanitise(text, limit=40)
    text = moment.strftime(pattern)
    if pattern.endswith("%f"):
        text = text[:-3]
    return text + moment.strftime(offset)


def _zone_name(offset: timedelta, name: str) -> str:
    minutes = offset // timedelta(minutes=1)
    distance = f"UTC{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    if name == "UTC":
        return name
    # Many zones have no abbreviation but their offset.
    return f"{sanitise(name)} ({distance})" if name[:1].isalpha() else distance


def dated(result: Result, style: str | None, *, is_table: bool = False) -> Result:
    """The result with its moments written as one of STYLES; as it is without one. Local is what a table shows anyway.

    A moment is a field of that kind with milliseconds since the epoch in it; everything else stays as it was sent.
    """
    if style is None or (is_table and style == "local"):
        return result
    if isinstance(result, Rows):
        return _dated_rows(result, style)
    if isinstance(result, Record):
        lines = _dated_rows(result.lines, style) if result.lines else None
        value = writer(result.fields, style)(result.value)
        return result._replace(value=value, fields=_as_written(result.fields), lines=lines)
    return result


def _dated_rows(rows: Rows, style: str) -> Rows:
    write = writer(rows.fields, style)
    return rows._replace(items=(write(item) for item in rows.items), fields=_as_written(rows.fields))


def writer(fields: Iterable[Field], style: str) -> Callable[[Any], Any]:
    """A function from an item to the same with its moments in that style; the item itself is left alone."""
    times = [field for field in fields if field.kind is FieldKind.TIME]
    paths = [name.replace("[]", "").split(".") for field in times for name in (field.name, field.also) if name]
    places = {field.place for field in times if field.place is not None}
    if style == "ms":
        return lambda item: item

    def write(item: Any) -> Any:
        if isinstance(item, list):
            return [written(part, style) if at in places else part for at, part in enumerate(item)]
        for path in paths:
            item = _replaced(item, path, style)
        return item

    return write


def written(value: Any, style: str) -> Any:
    """One moment (milliseconds since the epoch, as text or number) in that style; anything else as it is."""
    text = cell_text(value)
    if style == "ms" or not _MILLISECONDS.fullmatch(text):
        return value
    moment = from_milliseconds(text)
    if style == "local":
        return moment.astimezone().isoformat(timespec="milliseconds")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _replaced(item: Any, path: list[str], style: str) -> Any:
    if isinstance(item, list):
        return [_replaced(part, path, style) for part in item]
    if not isinstance(item, dict) or path[0] not in item:
        return item
    part = item[path[0]]
    told = _replaced(part, path[1:], style) if path[1:] else written(part, style)
    return {**item, path[0]: told}


def _as_written(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    """What is written already is not read as a moment again."""
    return tuple(field._replace(kind=FieldKind.ID) if field.kind is FieldKind.TIME else field for field in fields)
