"""`bitget tax`: every booking of the account, to look at or as files for a tax return."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from heapq import merge
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bitget_cli.catalogue.rows import Field
from bitget_cli.commands import tax_export
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllOpt, LimitOpt, ProductOpt, SinceOpt, UntilOpt
from bitget_cli.commands.progress import Progress
from bitget_cli.commands.tax_range import Span, TimezoneOpt, Typed, YearOpt, span
from bitget_cli.errors import UsageError
from bitget_cli.export.formats import Format
from bitget_cli.export.sources import Source, of_stream
from bitget_cli.results import Result, Rows
from bitget_cli.session import Session

if TYPE_CHECKING:
    from bitget_cli.client.records import Window

group = Group("tax", "Every booking, for a tax return.")

CoinOpt = Annotated[str | None, typer.Option("--coin", metavar="C", help="Only this coin.")]
ModeOpt = Annotated[str | None, typer.Option("--mode", metavar="M", help="crossed or isolated; both without it.")]
OutOpt = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the files go.", show_default="this folder")]
FormatOpt = Annotated[Format, typer.Option("--format", help="Our own form, Koinly's or CoinTracking's.")]
# Without a range, as much as one call may ask for.
_DEFAULT_DAYS = 30


@group.command()
def spot(
    session: Session,
    coin: CoinOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    year: YearOpt = None,
    timezone: TimezoneOpt = None,
) -> Result:
    """Every spot booking, the newest first; the last 30 days unless a range is given.

    Bitget answers a call a second, a month and 500 rows at a time.

    Example: bitget tax spot --year 2025 -o csv > spot.csv
    """
    return _listed(session, of_stream("spot"), Typed(since, until, year, timezone), coin=coin, limit=limit, every=every)


@group.command()
def futures(
    session: Session,
    coin: CoinOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    year: YearOpt = None,
    timezone: TimezoneOpt = None,
    product: ProductOpt = None,
) -> Result:
    """Every futures booking of USDT-M, USDC-M and Coin-M, the newest first; the last 30 days unless a range is given.

    --coin is the margin coin. The three lines share one limit of a call a second; --product asks one of them.

    Example: bitget tax futures --since 2025-01-01 --until 2025-04-01 -o csv
    """
    sources = of_stream("futures")
    if product:
        sources = _only(sources, session.product(product).value, "--product", product)
    return _listed(session, sources, Typed(since, until, year, timezone), coin=coin, limit=limit, every=every)


@group.command()
def margin(
    session: Session,
    coin: CoinOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    year: YearOpt = None,
    timezone: TimezoneOpt = None,
    mode: ModeOpt = None,
) -> Result:
    """Every booking of crossed and isolated margin, the newest first; the last 30 days unless a range is given.

    Example: bitget tax margin --year 2025 --mode crossed
    """
    sources = of_stream("margin")
    if mode:
        sources = _only(sources, f"{mode}-margin", "--mode", mode)
    return _listed(session, sources, Typed(since, until, year, timezone), coin=coin, limit=limit, every=every)


@group.command()
def p2p(
    session: Session,
    coin: CoinOpt = None,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    year: YearOpt = None,
    timezone: TimezoneOpt = None,
) -> Result:
    """Every P2P booking, the newest first; the last 30 days unless a range is given.

    Bitget tells what the account held after each, and no amount.

    Example: bitget tax p2p --year 2025
    """
    return _listed(session, of_stream("p2p"), Typed(since, until, year, timezone), coin=coin, limit=limit, every=every)


@group.command()
def export(
    session: Session,
    year: YearOpt = None,
    since: SinceOpt = None,
    until: UntilOpt = None,
    timezone: TimezoneOpt = None,
    out: OutOpt = Path(),
    format_: FormatOpt = Format.GENERIC,
) -> Result:
    """All four streams as CSV files, and a report of what they cover.

    Interrupted in any way, the same line goes on where it stopped (with a look-back, the line that it names): what was
    fetched is in `.bitget-tax-…` beside the files, and another --format asks for nothing again. A year still running
    ends at the moment of the first start.
    Ends with 9 while a stream has a gap.

    Example: bitget tax export --year 2025 --timezone Europe/Berlin --format koinly --out taxes
    """
    return tax_export.export(session, Typed(since, until, year, timezone), out=out, form=format_)


def _only(sources: tuple[Source, ...], account: str, option: str, typed: str) -> tuple[Source, ...]:
    chosen = tuple(source for source in sources if source.account == account)
    if not chosen:
        known = ", ".join(source.account.removesuffix("-margin") for source in sources)
        raise UsageError(f"{option} {typed} is not one of {known}")
    return chosen


def _listed(
    session: Session, sources: tuple[Source, ...], typed: Typed, *, coin: str | None, limit: int | None, every: bool
) -> Rows:
    chosen = span(session, typed)
    if every and chosen.since is None:
        raise UsageError("tax records have no beginning Bitget tells", hint="add --since 2024-01-01, or --year 2025")
    items = islice(_fetched(session, sources, chosen, coin, few=limit is not None), limit)
    fields = tuple(dict.fromkeys(chain.from_iterable(source.row.fields for source in sources)))
    return Rows(items, fields, _columns(sources[0], fields))


def _columns(source: Source, fields: tuple[Field, ...]) -> tuple[str, ...]:
    """What a table shows, without the ids."""
    wanted = ("ts", source.type_field, "symbol", source.coin_field, "amount", "fee", "balance", "total")
    names = {field.name for field in fields}
    return tuple(name for name in wanted if name in names)


def _fetched(
    session: Session, sources: tuple[Source, ...], chosen: Span, coin: str | None, *, few: bool
) -> Iterator[Any]:
    """The rows of all sources as they arrive, the newest first. Where `few` are wanted, little is read ahead."""
    from datetime import timedelta

    from bitget_cli.client.records import windows

    client = session.client
    # Opened once and here: of several threads, each would ask the keyring.
    _ = session.key
    # What was booked in this very millisecond belongs to it: on paper the clock may stand still.
    now = client.now() + timedelta(milliseconds=1)
    until = min(chosen.until or now, now)
    since = chosen.since or until - timedelta(days=_DEFAULT_DAYS) + timedelta(milliseconds=1)
    stretches = windows(since, until)[::-1] if since < until else []
    lanes = {sources[0].row.name: len(stretches) * len(sources)}
    # A progress line between the rows of a terminal would be in their way.
    quiet = session.terminal and session.form in ("ndjson", "csv", "tsv")
    with Progress(session, lanes, quiet=quiet) as progress:
        lists = [_rows(session, source, stretches, coin, progress, few=few) for source in sources]
        yield from lists[0] if len(lists) == 1 else merge(*lists, key=lambda row: -int(row["ts"]))


def _rows(
    session: Session, source: Source, stretches: list[Window], coin: str | None, progress: Progress, *, few: bool
) -> Iterator[Any]:
    from bitget_cli.client.readahead import in_turn
    from bitget_cli.client.records import record_pages

    given = source.of_coin(session.coin(coin)) if coin else source.given
    calls = (partial(record_pages, session.client, source.row, given, window) for window in stretches)
    for page in in_turn(calls, in_flight=1, held=1) if few else in_turn(calls):
        progress.page(source.row.name, rows=len(page.rows), whole=page.cursor is None)
        yield from page.rows
