"""Lists that come in pages: walked by cursor, page number or time.

Each stretch of time is no longer than Bitget answers and no older than it keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.model import Endpoint, PageKind, Paging
from bitget_cli.client.rest.prefetch import in_turn
from bitget_cli.client.rest.response import listed
from bitget_cli.errors import UsageError
from bitget_cli.values import from_milliseconds, is_whole, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

OVERLAP = timedelta(milliseconds=1)
# When a record came to be, by the names Bitget gives it.
TIMES = ("cTime", "ctime", "ts", "createdTime", "fundingTime", "fundingRateTimestamp")
# When it last changed.
CHANGES = ("uTime", "utime", "updatedTime")
# Before Bitget: where the documentation does not say how far back a list goes, all of it begins here.
_FIRST_DAY = datetime(2018, 1, 1, tzinfo=UTC)
# So near to the oldest that Bitget tells, its clock and ours may disagree.
_MARGIN = timedelta(minutes=1)


class TimeWindow(NamedTuple):
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
) -> list[TimeWindow]:
    """What to ask for, the newest first. Raises UsageError for a range the row cannot take or Bitget no longer has."""
    names = {param.name: param.required for param in row.params}
    if row.paging.kind is PageKind.TIME:
        end = until or (now if names.get("endTime") else None)
        return [TimeWindow({"endTime": str(milliseconds(end))} if end else {})]
    if given.get("startTime") or given.get("endTime"):
        return [TimeWindow({})]
    if "startTime" not in names:
        if (since or until) and not any(field.name in TIMES for field in row.fields):
            raise UsageError(f"{row.name} takes no range of time", hint="leave --since and --until out")
        return [TimeWindow({})]
    start = _kept(row, since, now=now) if since else _first(row, until or now, every=every, now=now)
    if start is None:
        return [TimeWindow({"endTime": str(milliseconds(until))} if until else {})]
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


def _cut(start: datetime, end: datetime, paging: Paging) -> Iterator[TimeWindow]:
    """Windows that overlap a little, the newest first: whether Bitget counts a bound in differs from list to list."""
    longest = timedelta(days=paging.window_days) if paging.window_days else end - start
    while end > start:
        begin = max(start, end - longest)
        yield TimeWindow({"startTime": str(milliseconds(begin)), "endTime": str(milliseconds(end))}, begin)
        if begin == start:
            return
        end = begin + OVERLAP


# What the parameter for the next page is called.
_CURSOR_NAMES = {
    PageKind.ID_LESS_THAN: "idLessThan",
    PageKind.CURSOR: "cursor",
    PageKind.TIME: "endTime",
    PageKind.PAGE_NO: "pageNo",
    PageKind.PAGE_NUM: "pageNum",
}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# A page of such a length may be cut off by a limit that the documentation does not tell, so another one is asked for.
_LIMITS = frozenset({10, 20, 50, 100, 200, 300, 500, 1000})
# Windows asked for at once, and pages read ahead in each: enough for 20 calls a second, little to hold in memory.
_IN_FLIGHT = 4
_HELD = 2


def pages(
    client: Client,
    row: Endpoint,
    given: Mapping[str, Any],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int | None = None,
    every: bool = False,
) -> Iterator[Any]:
    """The rows of a list as its pages arrive, newest first, no row twice.

    `limit` rows at most. Without one, everything when `every` or `since` is given, else a single page. A range
    (since ≤ t < until) longer than the row allows is cut into windows, the newest first. Raises UsageError for a range
    the row cannot take, and what `Client.send` raises; rows already given stay given.
    """
    walk = _Walk(client, row, dict(given), limit=limit, whole=every or since is not None or limit is not None)
    rows = walk.through(windows(row, given, since, until, every=every, now=client.now()))
    return islice(_within(rows, since, until, sorted_back=_goes_back(row)), limit)


_Page = tuple[TimeWindow, list[Any]]


class _Walk:
    """One walk through a list. Overlap is with the last page and at a window's edge, so those rows are remembered."""

    def __init__(self, client: Client, row: Endpoint, given: dict[str, Any], *, limit: int | None, whole: bool) -> None:
        self._client, self._row, self._paging = client, row, row.paging
        self._given, self._whole = given, whole
        self._cursor_name = row.paging.page_name or _CURSOR_NAMES.get(row.paging.kind)
        self._size = self._page_size(limit)
        self._limited = limit is not None
        self._last: set[str] = set()
        self._edge: set[str] = set()

    def through(self, asked: list[TimeWindow]) -> Iterator[Any]:
        """The rows of all windows. Windows do not depend on each other, so that several are on their way at once."""
        sources = [partial(self._pages, window) for window in (asked if self._whole else asked[:1])]
        if self._limited or len(sources) == 1:
            # What lies behind the last row that is wanted is not asked for.
            pages: Iterator[_Page] = chain.from_iterable(source() for source in sources)
        else:
            pages = in_turn(sources, in_flight=_IN_FLIGHT, held=_HELD)
        for window, rows in pages:
            yield from self._fresh(rows, edge=window.begin)

    def _pages(self, window: TimeWindow) -> Iterator[_Page]:
        """The pages of one window, each when the one before has named it."""
        asked = self._given | window.parameters
        if self._size:
            asked[self._paging.limit_name] = str(self._size)
        seen: list[str] = []
        before: set[str] = set()
        while True:
            data = self._client.call(self._row, **asked)
            rows = _rows(data, self._paging)
            yield window, rows
            names = {self._identity(row) for row in rows}
            cursor = self._next(data, rows, asked) if self._whole and self._may_go_on(data, rows) else None
            if cursor is None or self._cursor_name is None or not self._gets_on(cursor, seen, new=not names <= before):
                return
            before = names
            seen.append(cursor)
            asked[self._cursor_name] = cursor

    def _gets_on(self, cursor: str, seen: list[str], *, new: bool) -> bool:
        """Whether the next page is another one: a walk must end even when the exchange answers the same for ever."""
        match self._paging.kind:
            case PageKind.PAGE_NO | PageKind.PAGE_NUM:
                return new
            case PageKind.ID_LESS_THAN | PageKind.TIME if seen and is_whole(cursor) and is_whole(seen[-1]):
                return int(cursor) < int(seen[-1])
        return cursor not in seen

    def _page_size(self, limit: int | None) -> int | None:
        """Rows to ask for at once: all that are wanted, or as many as Bitget gives."""
        paging = self._paging
        typed = str(self._given.get(paging.limit_name) or "")
        if is_whole(typed):
            return int(typed)
        takes = any(param.name == paging.limit_name for param in self._row.params)
        if not takes or not self._whole or not paging.limit_max:
            return None
        return min(limit or paging.limit_max, paging.limit_max)

    def _fresh(self, rows: list[Any], *, edge: datetime | None) -> list[Any]:
        named = [(self._identity(row), row) for row in rows]
        fresh = [row for name, row in named if name not in self._last and name not in self._edge]
        self._last = {name for name, _ in named} or self._last
        self._edge |= {name for name, row in named if edge and edge <= (_moment(row) or _NEVER) <= edge + OVERLAP}
        return fresh

    def _identity(self, row: Any) -> str:
        """What makes a row this one: its id, its opening time, or all of it."""
        if self._paging.kind is PageKind.TIME and isinstance(row, list) and row:
            return str(row[0])
        field = self._paging.row_id or (self._paging.cursor if self._paging.cursor_in_row else None)
        own = row.get(field) if field and isinstance(row, dict) else None
        return str(own) if own else repr(row)

    def _may_go_on(self, data: Any, rows: list[Any]) -> bool:
        """Whether there can be another page: not after an empty one, nor one shorter than asked for."""
        if isinstance(data, dict) and "nextFlag" in data:
            return str(data["nextFlag"]).lower() == "true"
        expected = self._size or self._paging.limit_default or 1
        return len(rows) >= expected or len(rows) in _LIMITS

    def _next(self, data: Any, rows: list[Any], asked: Mapping[str, Any]) -> str | None:
        match self._paging.kind:
            case PageKind.NONE:
                return None
            case PageKind.PAGE_NO | PageKind.PAGE_NUM:
                return str(int(asked.get(self._cursor_name or "") or 1) + 1)
            case PageKind.TIME:
                return min((str(row[0]) for row in rows if isinstance(row, list) and row), key=int, default=None)
        name = self._paging.cursor
        holder = _above_the_oldest(rows) if self._paging.cursor_in_row else data
        found = holder.get(name) if name and isinstance(holder, dict) else None
        return str(found) if found else None


def _above_the_oldest(rows: list[Any]) -> Any:
    """The last row before a page's oldest millisecond: what follows it has that millisecond again, in any order."""
    oldest = _moment(rows[-1])
    newer = [row for row in rows if (_moment(row) or oldest) > oldest] if oldest else []
    return newer[-1] if newer else rows[-1]


def _rows(data: Any, paging: Paging) -> list[Any]:
    """The rows of one answer, the newest first."""
    rows = listed(data, paging.place_in(data))
    # Candles ascend inside a page while pages go back in time.
    return rows[::-1] if paging.kind is PageKind.TIME else rows


def _goes_back(row: Endpoint) -> bool:
    """Whether a row older than asked for ends the walk: where the start of a range cannot be asked for."""
    pages_only = row.paging.kind is PageKind.PAGE_NO and not any(param.name == "startTime" for param in row.params)
    return pages_only or row.paging.kind is PageKind.TIME


def _within(rows: Iterable[Any], since: datetime | None, until: datetime | None, *, sorted_back: bool) -> Iterator[Any]:
    """Rows of the range: Bitget's bounds are inclusive here and there, and not every row takes them.

    A row from before what was asked for was picked by its last change, as a position may be by its end: that counts.
    """
    for row in rows:
        moment = _moment(row)
        if since and moment and moment < since:
            if sorted_back:
                return
            moment = _moment(row, CHANGES) if moment < since - OVERLAP else None
            if moment is None or moment < since:
                continue
        if until and moment and moment >= until:
            continue
        yield row


def _moment(row: Any, names: tuple[str, ...] = TIMES) -> datetime | None:
    if isinstance(row, list):
        text = row[0] if row else None
    else:
        text = next((row[name] for name in names if row.get(name)), None) if isinstance(row, dict) else None
    return from_milliseconds(text) if isinstance(text, str) and is_whole(text) and len(text) < 15 else None


class PartialAnswerError(Exception):
    """A list was not told to its end, or is none."""


# As many as every list gives at once, and more pages than a list that is looked through has.
_PAGE = 100
_MOST_PAGES = 1000
# A page of such a length may have been cut off there, whatever was asked for.
_ROUND = frozenset({10, 20, 50, _PAGE})


def every_row(
    row: Endpoint, given: Mapping[str, Any], *, ask: Callable[[Mapping[str, Any]], Any]
) -> Iterator[Mapping[str, Any]]:
    """Every row of a list, for a proof that something is in none of them. `ask` gives the `data` of one call.

    Raises PartialAnswerError where what comes is not plainly all of it.
    """
    takes_limit = any(param.name == row.paging.limit_name for param in row.params)
    asked = dict(given) | ({row.paging.limit_name: str(_PAGE)} if takes_limit else {})
    for _ in range(_MOST_PAGES):
        data = ask(asked)
        page = _plain_rows(data, row.paging)
        yield from page
        cursor = _certain_next(data, page, row.paging, asked)
        if cursor is None:
            return
        asked[_CURSOR_NAMES[row.paging.kind]] = cursor
    raise PartialAnswerError(f"there is more to look through than {_MOST_PAGES} pages")


def _plain_rows(data: Any, paging: Paging) -> list[Mapping[str, Any]]:
    """The rows of an answer. Whatever is not plainly rows, or plainly none, is no answer."""
    if isinstance(data, dict) and data and paging.rows_at:
        place = paging.place_in(data)
        if place not in data:
            raise PartialAnswerError
        data = data[place]
    elif isinstance(data, dict) and data:
        data = [data]
    rows = data or []
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise PartialAnswerError
    return rows


def _certain_next(data: Any, page: list[Mapping[str, Any]], paging: Paging, asked: Mapping[str, Any]) -> str | None:
    """The next page's cursor, None after the last. Raises PartialAnswerError where there must be one and is not."""
    if paging.kind is PageKind.CURSOR:
        beside = data.get(paging.cursor or "") if page and isinstance(data, dict) else None
        return str(beside) if beside and str(beside) != asked.get("cursor") else None
    if len(page) not in _ROUND or (isinstance(data, dict) and str(data.get("nextFlag")).lower() == "false"):
        return None
    holder = page[-1] if paging.cursor_in_row else data
    cursor = holder.get(paging.cursor or "") if isinstance(holder, dict) else None
    if paging.kind is not PageKind.ID_LESS_THAN or not cursor or cursor == asked.get(_CURSOR_NAMES[paging.kind]):
        if len(page) < _PAGE:
            return None
        raise PartialAnswerError
    return str(cursor)
