"""Epoch milliseconds as local time: as short as tells the moments apart, the zone named once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from bitget_cli.output.plain import cell_text
from bitget_cli.output.safety import sanitise
from bitget_cli.values import from_milliseconds

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
