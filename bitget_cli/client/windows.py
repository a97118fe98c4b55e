"""The stretches of time a list is asked for: no longer than Bitget answers, and no older than it keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bitget_cli.catalogue.rows import Endpoint, PageKind, Paging
from bitget_cli.errors import UsageError
from bitget_cli.values import milliseconds

OVERLAP = timedelta(milliseconds=1)
# When a record came to be, by the names Bitget gives it.
TIMES = ("cTime", "ctime", "ts", "createdTime", "fundingTime")
# When it last changed.
CHANGES = ("uTime", "utime", "updatedTime")
# Before Bitget: where the documentation does not say how far back a list goes, all of it begins here.
_FIRST_DAY = datetime(2018, 1, 1, tzinfo=UTC)
# So near to the oldest that Bitget tells, its clock and ours may disagree.
_MARGIN = timedelta(minutes=1)


@dataclass(frozen=True)
class Window:
    """A stretch of time, in the row's own parameters; empty where the row takes none. `begin` is its early edge."""

    parameters: dict[str, str]
    begin: datetime | None = None


def windows(
    row: Endpoint,
    given: Mapping[str, Any],
    since: datetime | None,
    until: datetime | None,
    *,
    every: bool,
    now: datetime,
) -> list[Window]:
    """What to ask for, the newest first. Raises UsageError for a range the row cannot take or Bitget no longer has."""
    names = {param.name: param.required for param in row.params}
    if row.paging.kind is PageKind.TIME:
        end = until or (now if names.get("endTime") else None)
        return [Window({"endTime": str(milliseconds(end))} if end else {})]
    if given.get("startTime") or given.get("endTime"):
        return [Window({})]
    if "startTime" not in names:
        if (since or until) and not any(field.name in TIMES for field in row.fields):
            raise UsageError(f"{row.name} takes no range of time", hint="leave --since and --until out")
        return [Window({})]
    start = _kept(row, since, now=now) if since else _first(row, until or now, every=every, now=now)
    if start is None:
        return [Window({"endTime": str(milliseconds(until))} if until else {})]
    # What is too much is dropped again.
    return list(_cut(start - OVERLAP, until or now, row.paging))


def _kept(row: Endpoint, since: datetime, *, now: datetime) -> datetime:
    """The start of a range, unless Bitget no longer has what was then."""
    if not row.paging.lookback_days:
        return since
    oldest = now - timedelta(days=row.paging.lookback_days)
    if since < oldest - _MARGIN:
        raise UsageError(
            f"Bitget tells {row.name} for {row.paging.lookback_days} days, back to {oldest:%Y-%m-%dT%H:%MZ}; "
            f"{since:%Y-%m-%dT%H:%MZ} is out of reach",
            hint="--all is everything within reach; older bookings are in `bitget tax`",
        )
    return max(since, oldest + _MARGIN)


def _first(row: Endpoint, end: datetime, *, every: bool, now: datetime) -> datetime | None:
    """Where a walk without a start begins: as far back as there are records, or one window where it must be told."""
    paging = row.paging
    if every and paging.window_days:
        return now - timedelta(days=paging.lookback_days) + _MARGIN if paging.lookback_days else _FIRST_DAY
    required = any(param.name == "startTime" and param.required for param in row.params)
    return end - timedelta(days=paging.window_days or paging.lookback_days or 90) if required else None


def _cut(start: datetime, end: datetime, paging: Paging) -> Iterator[Window]:
    """Windows that overlap a little, the newest first: whether Bitget counts a bound in differs from list to list."""
    longest = timedelta(days=paging.window_days) if paging.window_days else end - start
    while end > start:
        begin = max(start, end - longest)
        yield Window({"startTime": str(milliseconds(begin)), "endTime": str(milliseconds(end))}, begin)
        if begin == start:
            return
        end = begin + OVERLAP
