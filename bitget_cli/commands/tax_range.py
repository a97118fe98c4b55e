"""Which stretch of time a tax command is about: a year or a range, in the calendar of a time zone."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Annotated, NamedTuple

import typer

from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.session import Session

YearOpt = Annotated[
    int | None, typer.Option("--year", metavar="Y", min=2018, max=2100, help="One calendar year, such as 2025.")
]
TimezoneOpt = Annotated[
    str | None,
    typer.Option("--timezone", metavar="ZONE", help="Whose calendar, such as Europe/Berlin. [default: UTC]"),
]


class Typed(NamedTuple):
    """A range as typed."""

    since: str | None = None
    until: str | None = None
    year: int | None = None
    timezone: str | None = None


class Span(NamedTuple):
    """since ≤ t < until, aware UTC; either may be None. `label` names it in file names."""

    since: datetime | None
    until: datetime | None
    label: str


def span(session: Session, typed: Typed) -> Span:
    """The range meant. A year, and a time without an offset, are read in the time zone.

    Raises UsageError for an unknown zone, a year together with a range, or a range that ends before it starts.
    """
    zone = _zone(typed.timezone)
    if typed.year is not None:
        if typed.since or typed.until:
            raise UsageError("--year is a range by itself", hint="leave --year out, or --since and --until")
        first, last = (datetime(year, 1, 1, tzinfo=zone).astimezone(UTC) for year in (typed.year, typed.year + 1))
        return Span(first, last, str(typed.year))
    start, end = _instant(session, typed.since, zone), _instant(session, typed.until, zone)
    if start and end and start >= end:
        raise UsageError(f"--since {typed.since} is not before --until {typed.until}")
    return Span(start, end, f"{_named(start)}-{_named(end)}")


def _instant(session: Session, text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    moment = session.instant(text)
    try:
        written = datetime.fromisoformat(text)
    except ValueError:
        return moment
    return written.replace(tzinfo=zone).astimezone(UTC) if written.tzinfo is None and "-" in text else moment


def _named(moment: datetime | None) -> str:
    if moment is None:
        return "now"
    return f"{moment:%Y%m%d}" if moment == moment.replace(hour=0, minute=0, second=0, microsecond=0) else _fine(moment)


def _fine(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%S}"


def _zone(name: str | None) -> tzinfo:
    if name is None:
        return UTC
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = available_timezones()
    if not known:
        raise ConfigError("there are no time zones on this machine", hint="pip install tzdata")
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=3)
    hint = f"did you mean {' or '.join(near)}?" if near else "a name such as Europe/Berlin, America/New_York or UTC"
    raise UsageError(f"time zone {name!r} is not known", hint=hint)
