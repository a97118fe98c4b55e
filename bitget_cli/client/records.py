"""Bitget's tax records: windows of 30 days, pages of 500, newest first, every record once."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.rows import Endpoint
from bitget_cli.client.failures import Fault, from_fault
from bitget_cli.errors import BitgetError
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client

# One millisecond short of 30 days: a millisecond more is asked for at the start.
_LONGEST = timedelta(days=30) // timedelta(milliseconds=1) - 1
_MOST = 500
# A page of such a length may be cut off by a limit the documentation does not tell, so another one is asked for.
_LIMITS = frozenset({100, 200, 300})
# Ids by which a record that comes again is known: pages overlap with their neighbours, if at all.
_REMEMBERED = 4 * _MOST
_ID = re.compile(r"(?!-$)[!-~]{1,64}", re.ASCII)


class Window(NamedTuple):
    """A stretch of time, begin ≤ t < end, in milliseconds since the epoch."""

    begin: int
    end: int


class Page(NamedTuple):
    """New records of one answer, as Bitget sent them, and the id that the next page follows; None: that was all."""

    rows: list[dict[str, Any]]
    cursor: str | None


def windows(since: datetime, until: datetime) -> list[Window]:
    """The range cut into stretches that Bitget answers, the oldest first; they touch and do not overlap."""
    first, last = milliseconds(since), milliseconds(until)
    return [Window(begin, min(begin + _LONGEST, last)) for begin in range(first, last, _LONGEST)]


def record_pages(
    client: Client, row: Endpoint, given: Mapping[str, Any], window: Window, *, cursor: str | None = None
) -> Iterator[Page]:
    """The pages of one window as they arrive, after the record `cursor` where one is given.

    Whether Bitget counts the bounds in is not settled, and a cursor may win over the start: what lies outside is
    dropped here. Raises what `Client.call` raises, and NetworkError for a page that cannot be read or comes again.
    """
    asked = {**given, "startTime": str(window.begin - 1), "endTime": str(window.end), "limit": str(_MOST)}
    seen: deque[str] = deque(maxlen=_REMEMBERED)
    while True:
        rows = client.call(row, **asked, idLessThan=cursor) or []
        if not isinstance(rows, list) or not all(map(_is_record, rows)):
            raise _unreadable(client, row, "a record without id or time")
        fresh = {one["id"]: one for one in rows if window.begin <= int(one["ts"]) < window.end}
        following = _following(rows, window)
        if following is not None and not _goes_back(following, cursor):
            raise _unreadable(client, row, "the same page again")
        known = set(seen)
        yield Page([one for name, one in fresh.items() if name not in known], following)
        if following is None:
            return
        seen.extend(fresh)
        cursor = following


def _is_record(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not _ID.fullmatch(one["id"]):
        return False
    ts = one.get("ts")
    return isinstance(ts, str) and ts.isascii() and ts.isdigit() and len(ts) < 15


def _following(rows: list[dict[str, Any]], window: Window) -> str | None:
    """The cursor of the next page; none after a short page, or one that has left the window."""
    if len(rows) < _MOST and len(rows) not in _LIMITS:
        return None
    last = rows[-1]
    return None if int(last["ts"]) < window.begin - 1 else str(last["id"])


def _goes_back(following: str, cursor: str | None) -> bool:
    """Whether the next page is another one: a walk must end even when the exchange answers the same for ever."""
    if cursor is None:
        return True
    if following.isdigit() and cursor.isdigit():
        return int(following) < int(cursor)
    return following != cursor


def _unreadable(client: Client, row: Endpoint, detail: str) -> BitgetError:
    return from_fault(Fault.MALFORMED, host=client.host, detail=detail).error(row)
