"""`bitget tax`: every booking of the account, to look at or as files for a tax return."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, tzinfo
from functools import partial
from heapq import merge
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Self

import typer

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.client.rest.rate_limit import MARGIN
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import AllOpt, CoinOpt, LimitOpt, ProductOpt, SinceOpt, UntilOpt
from bitget_cli.errors import ConfigError, IncompleteError, UnavailableError, UsageError
from bitget_cli.export.formats import Format
from bitget_cli.export.sources import CLASSIC, P2P_INSTEAD, P2P_UNTOLD, UNIFIED, RecordSource, of_stream
from bitget_cli.results import Result, Rows
from bitget_cli.session import Session
from bitget_cli.trading.model import Kind, Read
from bitget_cli.values import Product, from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.tax_records import Page, Window
    from bitget_cli.export.job import ExportRequest, ExportResult
    from bitget_cli.export.moved_account import Coverage
    from bitget_cli.export.page_store import OnPage, WindowTask

YearOpt = Annotated[
    int | None, typer.Option("--year", metavar="Y", min=2018, max=2100, help="One calendar year, such as 2025.")
]
TimezoneOpt = Annotated[
    str | None, typer.Option("--timezone", metavar="ZONE", help="Whose calendar, such as Europe/Berlin. [default: UTC]")
]


class Typed(NamedTuple):
    """A range as typed."""

    year: YearOpt = None
    since: SinceOpt = None
    until: UntilOpt = None
    timezone: TimezoneOpt = None


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
    is_midnight = moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{moment:%Y%m%d}" if is_midnight else f"{moment:%Y%m%dT%H%M%S}"


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


# Seconds between two pictures, and how long a fetch may take without a word.
_PICTURE = 0.2
_SLOW = 5.0


class Progress:
    """Counts windows and rows of lists that are each fetched at one call a second.

    `lanes` are the windows that each limit has still to answer. The estimate is the longest of them, with as many
    calls a window as its windows took so far: it can only grow truer. `stopped` is said when a signal ended it.
    """

    def __init__(self, session: Session, lanes: dict[str, int], *, quiet: bool = False, stopped: str = "") -> None:
        self._session = session
        self._left = dict(lanes)
        self._total = sum(lanes.values())
        self._calls = dict.fromkeys(lanes, 0)
        self._done = dict.fromkeys(lanes, 0)
        self._stopped = stopped
        self._rows = 0
        self._drawn = -1e9
        self._line = session.console.progress(self._total, quiet=quiet)
        self._start = session.clock.monotonic()

    def __enter__(self) -> Self:
        seconds = self._estimate()
        if not self._line.is_shown and seconds > _SLOW:
            self._session.say(f"{self._total} windows to fetch at one call a second: {_long(seconds)} or more")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        took = self._session.clock.monotonic() - self._start
        self._line.end()
        if not self._line.is_shown and kind is None and took > _SLOW:
            self._session.say(f"{self._rows} rows in {sum(self._done.values())} windows, after {_long(took)}")
        if self._stopped and isinstance(error, KeyboardInterrupt):
            self._session.say(self._stopped)

    def page(self, lane: str, *, rows: int, whole: bool) -> None:
        """One page came; `whole` when it was its window's last."""
        self._rows += rows
        self._calls[lane] += 1
        self._done[lane] += whole
        self._left[lane] -= whole
        now = self._session.clock.monotonic()
        if now - self._drawn >= _PICTURE:
            self._drawn = now
            done = self._total - sum(self._left.values())
            left = f"about {_long(self._estimate())} left"
            self._line.tell(f"{done}/{self._total} windows, {self._rows} rows, {left}", done=done)

    def _estimate(self) -> float:
        return max((self._seconds(lane) for lane in self._left), default=0.0)

    def _seconds(self, lane: str) -> float:
        calls = self._calls[lane] / self._done[lane] if self._done[lane] else max(self._calls[lane], 1)
        return self._left[lane] * calls * MARGIN


def _long(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


FIELDS = (
    Field("stream", "Stream"),
    Field("rows", "Rows", FieldKind.NUMBER),
    Field("first", "First", FieldKind.TIME),
    Field("last", "Last", FieldKind.TIME),
    Field("windows", "Windows", FieldKind.NUMBER),
    Field("missing", "Missing", FieldKind.NUMBER),
    Field("gaps", "Gaps", FieldKind.NESTED),
    Field("types", "Types", FieldKind.NESTED),
    Field("unmapped", "Unmapped", FieldKind.NESTED),
    Field("against_name", "Against name", FieldKind.NESTED),
    Field("without_amount", "Without amount", FieldKind.NESTED),
    Field("unreadable_fee", "Unreadable fee", FieldKind.NESTED),
    Field("file", "File"),
)
COLUMNS = ("stream", "rows", "first", "last", "windows", "missing", "file")
# What a person should look at, by its key in the report.
_REMARKS = {
    "unmapped": "of a type that is in no list, kept as plain movements",
    "against_name": "with a sign against the type's name",
    "without_amount": "without an amount, which Bitget does not tell; fill it in",
    "unreadable_fee": "with a fee that is no number; it is left out of the trackers' forms, add it there",
}


class Wanted(NamedTuple):
    """The files to make: where, in which form, and the profile they were begun with where it was another one."""

    out: Path
    form: Format
    begun_with: str | None = None


def run_export(session: Session, typed: Typed, wanted: Wanted) -> Rows:
    """Make the files; the rows are the report, the failure a gap that remains."""
    try:
        return _exported(session, typed, wanted)
    except UnavailableError as refusal:
        session.follow_account(refusal)
        session.say(f"Bitget has made this a {session.account_kind} account meanwhile: going on there")
    return _exported(session, typed, wanted)


def _exported(session: Session, typed: Typed, wanted: Wanted) -> Rows:
    from bitget_cli.export.job import export as carried_out

    request = _request(session, span(session, typed), wanted)
    with ExitStack() as until_done:

        def starts(tasks: list[WindowTask], coverage: Coverage) -> OnPage:
            _tell_end(session, coverage)
            return _on_page(
                session, tasks, until_done, stopped=f"stopped; go on with: {_command(request, session, typed)}"
            )

        result = carried_out(request, session.client, clock=session.clock, starts=starts)
    _remark(session, result)
    return Rows(result.streams, FIELDS, COLUMNS, failure=_failure(result, request, session, typed))


def _request(session: Session, chosen: Span, wanted: Wanted) -> ExportRequest:
    from bitget_cli.client.rest.auth import fingerprint
    from bitget_cli.client.rest.tax_records import oldest
    from bitget_cli.export.job import ExportRequest
    from bitget_cli.export.page_store import ExportPlan

    if chosen.since is None:
        raise UsageError("an export needs a beginning", hint="add --year 2025, or --since and --until")
    since, asked = milliseconds(chosen.since), milliseconds(chosen.until) if chosen.until else None
    now = _now(session, asked)
    if since >= now:
        raise UsageError("that range has not begun yet")
    plan = ExportPlan(
        env=session.env,
        host=session.client.host,
        profile=session.profile.name,
        account=fingerprint(session.key),
        since=since,
        asked_until=asked,
        until=min(asked or now, now),
        kind=session.account_kind.value,
    )
    told_from = oldest(_sources(session)[0].row, session.client.now())
    return ExportRequest(plan, chosen.label, wanted.out, wanted.form, told_from, wanted.begun_with)


def _now(session: Session, asked: int | None) -> int:
    """Where a range still running is cut, by the exchange's own clock: by ours, records could fall behind the cut."""
    if asked is None or asked > milliseconds(session.client.now()):
        session.client.server_time()
    # What was booked in this very millisecond belongs to it: on paper the clock may stand still.
    return milliseconds(session.client.now()) + 1


def _tell_end(session: Session, coverage: Coverage) -> None:
    """Where a range still running was cut: at the first start, or the files would differ from run to run."""
    asked = coverage.plan.asked_until
    if asked is None or asked > coverage.until:
        end = f"{from_milliseconds(coverage.until):%Y-%m-%d %H:%M:%S} UTC"
        begun = "when it was first started after the move of the account" if coverage.was_moved else "when it was begun"
        session.say(f"the range is still running: this export ends at {end}, {begun}")


def _on_page(session: Session, tasks: list[WindowTask], until_done: ExitStack, *, stopped: str) -> OnPage:
    lanes = Counter(task.source.row.name for task in tasks)
    progress = until_done.enter_context(Progress(session, dict(lanes), stopped=stopped))

    def on_page(task: WindowTask, page: Page) -> None:
        progress.page(task.source.row.name, rows=len(page.rows), whole=page.cursor is None)

    return on_page


def _remark(session: Session, result: ExportResult) -> None:
    for stream in result.streams:
        for key, remark in _REMARKS.items():
            if stream[key]:
                names = ", ".join(f"{count} {_plain(name)}" for name, count in stream[key].items())
                session.say(f"{stream['stream']}: {names} {remark}")
    if result.is_unified:
        session.say(f"p2p: {P2P_UNTOLD}; {P2P_INSTEAD}")


def _plain(type_: str) -> str:
    """A type's name as a terminal may show it: it is the exchange's text."""
    name = type_[:60] or "without a type"
    return name if name.isascii() and name.isprintable() else ascii(name)


def _failure(result: ExportResult, request: ExportRequest, session: Session, typed: Typed) -> IncompleteError | None:
    from bitget_cli.export.page_store import NOT_ASKED

    if not result.gaps:
        return None
    left = [gap for gap in result.gaps if not gap.is_final]
    if not left:
        reasons = "; ".join(dict.fromkeys(gap.reason for gap in result.gaps))
        return IncompleteError(
            f"the files hold all that is told, and some of the range is missing for good: {reasons}",
            hint=f"from when to when is in {request.out / request.coverage_file}",
        )
    reasons = next((gap.reason for gap in left if gap.reason != NOT_ASKED), NOT_ASKED)
    windows = "one window is" if len(left) == 1 else f"{len(left)} windows are"
    return IncompleteError(f"{windows} missing: {reasons}", hint=f"go on with: {_command(request, session, typed)}")


def _command(request: ExportRequest, session: Session, typed: Typed) -> str:
    """The line that goes on: the very range, where it was typed as a look-back."""
    words = ["bitget", "-p", session.profile.name] if not session.context.takes_key_from_environment else ["bitget"]
    words += ["tax", "export"]
    words += ["--year", str(typed.year)] if typed.year else _range(request)
    words += ["--timezone", typed.timezone] if typed.year and typed.timezone else []
    words += ["--out", str(request.out)] if request.out != Path() else []
    words += ["--format", request.form.value] if request.form.value != "generic" else []
    words += ["--begun-with", request.begun_with] if request.begun_with else []
    return shlex.join(words)


def _range(request: ExportRequest) -> list[str]:
    until = request.plan.asked_until
    return ["--since", str(request.plan.since), *(["--until", str(until)] if until else [])]


group = Group("tax", "Every booking, for a tax return.")

ModeOpt = Annotated[str | None, typer.Option("--mode", metavar="M", help="crossed or isolated; both without it.")]
OutOpt = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.", show_default="this folder")]
FormatOpt = Annotated[Format, typer.Option("--format", help="Our own form, Koinly's or CoinTracking's.")]
BegunOpt = Annotated[
    str | None, typer.Option(metavar="PROFILE", help="The profile it was begun with, by another key of the account.")
]
# Without a range, as much as one call may ask for.
_DEFAULT_DAYS = 30


class RecordOptions(NamedTuple):
    """What each list of bookings takes."""

    coin: CoinOpt = None
    limit: LimitOpt = None
    every: AllOpt = False
    since: SinceOpt = None
    until: UntilOpt = None
    year: YearOpt = None
    timezone: TimezoneOpt = None


@group.command(reads_account=True)
def spot(session: Session, *, wanted: RecordOptions) -> Result:
    """Every spot booking, the newest first; the last 30 days unless a range is given.

    Bitget answers a call a second, a month (on a unified account a week, of the last 366 days) and 500 rows at a time.
    Deposits, withdrawals, transfers and conversions are among them.

    Example: bitget tax spot --year 2025 -o csv > spot.csv
    """
    return _listed(session, "spot", wanted)


@group.command(reads_account=True)
def futures(session: Session, *, wanted: RecordOptions, product: ProductOpt = None) -> Result:
    """Every futures booking of USDT-M, USDC-M and Coin-M, the newest first; the last 30 days unless a range is given.

    --coin is the margin coin. The three lines share one limit of a call a second; --product asks one of them.

    Example: bitget tax futures --since 2025-01-01 --until 2025-04-01 -o csv
    """
    account = session.product(product).value if product else None
    return _listed(session, "futures", wanted, account=account, typed=f"--product {product}")


@group.command(reads_account=True)
def margin(session: Session, *, wanted: RecordOptions, mode: ModeOpt = None) -> Result:
    """Every booking of crossed and isolated margin, the newest first; the last 30 days unless a range is given.

    Example: bitget tax margin --year 2025 --mode crossed
    """
    return _listed(session, "margin", wanted, account=f"{mode}-margin" if mode else None, typed=f"--mode {mode}")


@group.command(reads_account=True)
def p2p(session: Session, *, wanted: RecordOptions) -> Result:
    """Every P2P booking, the newest first; the last 30 days unless a range is given.

    Bitget tells what the account held after each, and no amount. Those of a unified account it does not tell.

    Example: bitget tax p2p --year 2025
    """
    return _listed(session, "p2p", wanted)


@group.command()
def export(
    session: Session,
    *,
    typed: Typed,
    out: OutOpt = Path(),
    format_: FormatOpt = Format.GENERIC,
    begun_with: BegunOpt = None,
) -> Result:
    """All streams as CSV files, and a report of what they cover.

    Interrupted in any way, the same line goes on where it stopped (with a look-back, the line that it names): what was
    fetched is in `.bitget-tax-…` beside the files, and another --format asks for nothing again. A year still running
    ends at the moment of the first start; an account that was made a unified one since goes on from there.
    Ends with 9 while a stream has a gap.

    Example: bitget tax export --year 2025 --timezone Europe/Berlin --format koinly
    """
    return run_export(session, typed, Wanted(out, format_, begun_with))


# What a unified account is asked in other words, by the stream of its bookings.
_READS = {"spot": Read.TAX_SPOT, "futures": Read.TAX_FUTURES, "margin": Read.TAX_MARGIN}


def _sources(session: Session) -> tuple[RecordSource, ...]:
    return UNIFIED if session.account_kind is Kind.UNIFIED else CLASSIC


def _listed(
    session: Session, stream: str, wanted: RecordOptions, *, account: str | None = None, typed: str = ""
) -> Rows:
    """The rows of a stream, or of one of its accounts, as `typed`; of either kind of account."""
    known = [source.account for source in of_stream(CLASSIC, stream)]
    if account and account not in known:
        names = ", ".join(name.removesuffix("-margin") for name in known)
        raise UsageError(f"{typed} is not one of {names}")
    chosen = span(session, Typed(wanted.year, wanted.since, wanted.until, wanted.timezone))
    if wanted.every and chosen.since is None:
        raise UsageError("tax records have no beginning Bitget tells", hint="add --since 2024-01-01, or --year 2025")

    def begun() -> Rows:
        sources = _of(session, stream, account)
        items = islice(_fetched(session, sources, chosen, wanted.coin, few=wanted.limit is not None), wanted.limit)
        fields = _fields(session, sources)
        # What is refused is refused to the first call.
        return Rows(chain([*islice(items, 1)], items), fields, _columns(stream, fields))

    try:
        return begun()
    except UnavailableError as refusal:
        session.follow_account(refusal)
    return begun()


def _of(session: Session, stream: str, account: str | None) -> tuple[RecordSource, ...]:
    sources = of_stream(_sources(session), stream)
    if not sources:
        hint = f"{P2P_INSTEAD}; if it was turned back into a classic account: bitget profile check"
        raise UnavailableError(f"{P2P_UNTOLD}: nothing was sent", hint=hint)
    return tuple(source for source in sources if account in (None, source.account))


def _fields(session: Session, sources: tuple[RecordSource, ...]) -> tuple[Field, ...]:
    read = _READS.get(sources[0].stream)
    product = Product.USDT_FUTURES if read is Read.TAX_FUTURES else Product.SPOT
    return session.adapter.fields(read, product) if read else sources[0].row.fields


def _columns(stream: str, fields: tuple[Field, ...]) -> tuple[str, ...]:
    """What a table shows, without the ids."""
    first = of_stream(CLASSIC, stream)[0]
    wanted = ("ts", first.type_field, "symbol", first.coin_field, "amount", "fee", "balance", "total")
    names = {field.name for field in fields}
    return tuple(name for name in wanted if name in names)


def _fetched(
    session: Session, sources: tuple[RecordSource, ...], chosen: Span, coin: str | None, *, few: bool
) -> Iterator[Any]:
    """The rows of all sources as they arrive, the newest first. Where `few` are wanted, little is read ahead."""
    stretches = _stretches(session, sources[0], chosen)
    lanes = {sources[0].row.name: len(stretches) * len(sources)}
    # A progress line between the rows of a terminal would be in their way.
    quiet = session.console.is_terminal and session.console.form != "table"
    with Progress(session, lanes, quiet=quiet) as progress:
        lists = [_rows(session, source, stretches, coin, progress, few=few) for source in sources]
        yield from lists[0] if len(lists) == 1 else merge(*lists, key=lambda row: -int(row["ts"]))


def _stretches(session: Session, source: RecordSource, chosen: Span) -> list[Window]:
    """What to ask for, the newest first. Raises UsageError for what is no longer told."""
    from datetime import timedelta

    from bitget_cli.client.rest.tax_records import windows, within_reach

    client = session.client
    # Opened once and here: of several threads, each would ask the keyring.
    _ = session.key
    # What was booked in this very millisecond belongs to it: on paper the clock may stand still.
    now = client.now() + timedelta(milliseconds=1)
    until = min(chosen.until or now, now)
    since = chosen.since or until - timedelta(days=_DEFAULT_DAYS) + timedelta(milliseconds=1)
    begin = within_reach(source.row, milliseconds(since), now)
    return windows(source.row, begin, milliseconds(until))[::-1]


def _rows(
    session: Session, source: RecordSource, stretches: list[Window], coin: str | None, progress: Progress, *, few: bool
) -> Iterator[Any]:
    from bitget_cli.client.rest.prefetch import in_turn
    from bitget_cli.client.rest.tax_records import record_pages

    given = source.of_coin(session.coin(coin)) if coin else source.given
    calls = (partial(record_pages, session.client, source.row, given, window) for window in stretches)
    read = _READS.get(source.stream)
    for page in in_turn(calls, in_flight=1, held=1) if few else in_turn(calls):
        progress.page(source.row.name, rows=len(page.rows), whole=page.cursor is None)
        yield from (session.adapter.row(read, row) for row in page.rows) if read else page.rows
