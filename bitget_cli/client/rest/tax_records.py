"""Bitget's tax records: stretches as long as a call answers, pages of 500, newest first, every record once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Endpoint, PageKind
from bitget_cli.client.rest.errors import Fault, from_fault
from bitget_cli.client.rest.response import listed
from bitget_cli.errors import CredentialsError, UsageError
from bitget_cli.values import from_milliseconds, is_whole, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

_DAY = timedelta(days=1) // timedelta(milliseconds=1)
# So near to the oldest that Bitget tells, its clock and ours may disagree.
_MARGIN = 60_000
_MOST = 500
# A page of such a length may be cut off by a limit the documentation does not tell, so another one is asked for.
_LIMITS = frozenset({100, 200, 300})
# What a key that is none for taxes is answered by a unified account, and what to do then.
_NO_TAX_KEY = frozenset({"40014", "25620", "40018"})
_TAX_KEY_HINT = (
    "Bitget tells a unified account's tax records to a tax key only, used from its own addresses: make one at"
    " www.bitget.com/taxes-api, then: bitget profile add tax; bitget -p tax tax …"
)
_ID = re.compile(r"(?!-$)[!-~]{1,64}", re.ASCII)


class Window(NamedTuple):
    """A stretch of time, begin ≤ t < end, in milliseconds since the epoch."""

    begin: int
    end: int


class Page(NamedTuple):
    """New records of one answer, as Bitget sent them, and the id below which the next page is; None: that was all."""

    rows: list[dict[str, Any]]
    cursor: str | None


def windows(row: Endpoint, since: int, until: int) -> list[Window]:
    """The range (epoch ms) cut into stretches that the list answers, the oldest first; they touch, none overlaps."""
    # A millisecond more is asked for at the start.
    longest = row.paging.window_days * _DAY - 1 if row.paging.window_days else until - since
    return [Window(begin, min(begin + longest, until)) for begin in range(since, until, longest)]


def oldest(row: Endpoint, now: datetime) -> int | None:
    """The first moment (epoch ms) that the list still tells of; None where it tells of all."""
    return milliseconds(now) - row.paging.lookback_days * _DAY + _MARGIN if row.paging.lookback_days else None


def within_reach(row: Endpoint, since: int, now: datetime) -> int:
    """The start of a range, a moment later where it is at the edge. Raises UsageError where it is no longer told."""
    edge = oldest(row, now)
    if edge is None:
        return since
    if since < edge - 2 * _MARGIN:
        first, told = (f"{from_milliseconds(ts):%Y-%m-%dT%H:%MZ}" for ts in (edge + _MARGIN, since))
        raise UsageError(
            f"Bitget tells a unified account's tax records for {row.paging.lookback_days} days, back to {first};"
            f" {told} is out of reach",
            hint=f"add --since {first}; bitget tax export makes files of what is told and says what is not",
        )
    return max(since, edge)


def record_pages(
    client: Client, row: Endpoint, given: Mapping[str, Any], window: Window, *, cursor: str | None = None
) -> Iterator[Page]:
    """The pages of one window as they arrive, below the record `cursor` where one is given.

    Whether Bitget counts the bounds in is not settled, and a cursor may win over the start: what lies outside is
    dropped here. A page begins with the oldest millisecond of the one before: records of one moment may come in any
    order, and a page that brings nothing back is known to be no end. Raises what `Client.call` raises, and
    NetworkError for a page that cannot be read, comes again, or does not go on where the one before ended.
    """
    below = "cursor" if row.paging.kind is PageKind.CURSOR else "idLessThan"
    asked = {**given, "startTime": str(window.begin - 1), "endTime": str(window.end), "limit": str(_MOST)}
    seen: dict[str, dict[str, Any]] = {}
    while True:
        data = _told(client, row, {**asked, below: cursor})
        # A null among records is one that cannot be read, and no lack of one.
        rows = data if isinstance(data, list) else listed(data)
        fault = _fault(rows, seen, cursor=cursor)
        if fault:
            raise from_fault(Fault.MALFORMED, host=client.host, detail=fault).error(row)
        fresh = [one for name, one in _by_id(rows).items() if name not in seen]
        fresh = [one for one in fresh if window.begin <= int(one["ts"]) < window.end]
        # None after a short page, or one that has left the window.
        cursor = _below(rows) if _may_go_on(rows) and int(rows[-1]["ts"]) >= window.begin - 1 else None
        yield Page(fresh, cursor)
        if cursor is None:
            return
        seen = _by_id(rows)


def _told(client: Client, row: Endpoint, asked: Mapping[str, Any]) -> Any:
    try:
        return client.call(row, **asked)
    except CredentialsError as refused:
        if refused.code in _NO_TAX_KEY and row.paging.kind is PageKind.CURSOR:
            refused.hint = _TAX_KEY_HINT
        raise


def _fault(rows: Any, seen: Mapping[str, Any], *, cursor: str | None) -> str:
    """What is wrong with a page after the one with the records `seen`; empty where nothing is."""
    if not isinstance(rows, list) or not all(map(_is_record, rows)):
        return "a record without id or time"
    if cursor is not None and not rows:
        return "an empty page in the middle"
    known = dict(seen)
    if any(known.setdefault(one["id"], one) != one for one in rows):
        return "two records with one id"
    if _may_go_on(rows) and int(rows[0]["ts"]) < int(rows[-1]["ts"]):
        return "a page with the oldest record first"
    following = _below(rows) if _may_go_on(rows) else None
    return "the same page again" if following is not None and not _goes_back(following, cursor) else ""


def _by_id(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in rows}


def _is_record(one: Any) -> bool:
    if not isinstance(one, dict) or not isinstance(one.get("id"), str) or not _ID.fullmatch(one["id"]):
        return False
    ts = one.get("ts")
    return isinstance(ts, str) and is_whole(ts) and len(ts) < 15


def _may_go_on(rows: list[dict[str, Any]]) -> bool:
    """Whether there can be another page: not after a short one."""
    return len(rows) >= _MOST or len(rows) in _LIMITS


def _below(rows: list[dict[str, Any]]) -> str:
    """The id next to the oldest millisecond of a page, or to its oldest record: what is below it brings that again."""
    oldest = min(int(one["ts"]) for one in rows)
    newer = [str(one["id"]) for one in rows if int(one["ts"]) > oldest]
    ids = newer or [str(one["id"]) for one in rows]
    if all(map(is_whole, ids)):
        ids.sort(key=int, reverse=True)
    return ids[-1 if newer else -2]


def _goes_back(following: str, cursor: str | None) -> bool:
    """Whether the next page is another one: a walk must end even when the exchange answers the same for ever."""
    if cursor is None:
        return True
    if is_whole(following) and is_whole(cursor):
        return int(following) < int(cursor)
    return following != cursor
