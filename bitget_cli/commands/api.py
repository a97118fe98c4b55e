"""`bitget api`: every endpoint of Bitget, by its name in the catalogue or by its path."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from bitget_cli.commands import offers
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import AllOpt, AllowFarOpt, DryRunOpt, LimitOpt, SinceOpt, UntilOpt, YesOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Record, Result, Rows
from bitget_cli.session import Session

if TYPE_CHECKING:
    from bitget_cli.catalogue.model import Endpoint, Paging
    from bitget_cli.client.rest.raw import RawRequest

group = Group("api", "Call any endpoint of Bitget by name or by path.", fallback="call")


@group.command("list")
def list_(
    session: Session,  # noqa: ARG001  # every command is handed one
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT", help="Only names, titles and old paths with this text.")
    ] = None,
) -> Result:
    """The endpoints there are, by name.

    Example: bitget api list plan
    """
    from bitget_cli.catalogue import docs

    return Rows(docs.listing(text), docs.LISTING, stay=("title",), wrap=("title",))


@group.command()
def show(
    session: Session,  # noqa: ARG001  # every command is handed one
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            autocompletion=offers.endpoint_names,
            help="Such as mix.order.place-order, or a path, of the old v1 API too.",
        ),
    ],
) -> Result:
    """What one endpoint takes and answers, and what is odd about it.

    Example: bitget api show mix.order.place-order
    """
    from bitget_cli.catalogue import docs, find

    row = find(name)
    return Record(docs.explained(row), docs.EXPLAINED, lines=Rows(docs.parameters(row), docs.PARAMETERS))


@group.command()
def errors(
    session: Session,  # noqa: ARG001  # every command is handed one
    text: Annotated[str | None, typer.Argument(metavar="CODE", help="A code, or words of a message.")] = None,
) -> Result:
    """What Bitget's codes mean, and what to do about them.

    A change that was refused was not made; after one of an ambiguous code, look it up before sending it again.

    Example: bitget api errors 40762
    """
    from bitget_cli.catalogue import docs

    found = docs.meanings(text)
    one = len(found) == 1 and found[0]["code"] == text
    return Record(found[0], docs.CODES) if one else Rows(found, docs.CODES)


@group.command()
def call(
    session: Session,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORD", autocompletion=offers.rows, help="NAME, or GET or POST and a path; then KEY=VALUE."
        ),
    ],
    data: Annotated[str | None, typer.Option(metavar="JSON", help="The body as JSON, @file, or - for stdin.")] = None,
    every: AllOpt = False,
    limit: LimitOpt = None,
    since: SinceOpt = None,
    until: UntilOpt = None,
    allow_far: AllowFarOpt = False,
    dry_run: DryRunOpt = False,
    yes: YesOpt = False,
) -> Result:
    """Call an endpoint; the word `call` may be left out.

    An order that cannot be judged here (a path in no catalogue, an unknown word) takes --allow-far on live.

    Example: bitget api mix.market.ticker symbol=BTCUSDT productType=USDT-FUTURES
    """
    from bitget_cli.client.rest import raw

    request = raw.raw_request(words, data=data, stdin=session.console.stdin)
    if every or since or until or limit:
        if dry_run:
            raise UsageError(
                "a walk through pages is as many requests as there are pages, and --dry-run prints one",
                hint="leave --all, --limit, --since and --until out, and give the page as KEY=VALUE",
            )
        return _walked(session, request, every=every, limit=limit, since=since, until=until)
    prepared = raw.prepare(session.client, request)
    if dry_run:
        return Record(raw.dry_run(session.client, prepared), raw.DRY_RUN)
    if not request.row.reads:
        from bitget_cli.application import raw_changes

        return raw_changes.allowed(session, prepared, allow_far=allow_far, yes=yes)
    return _result(request.row, session.client.send(prepared).data)


def _walked(
    session: Session, request: RawRequest, *, every: bool, limit: int | None, since: str | None, until: str | None
) -> Rows:
    from bitget_cli.client.rest import raw

    if not request.paged:
        raise UsageError(
            f"{request.row.name} does not answer in pages", hint="leave --all, --limit, --since and --until out"
        )
    start, end = session.span(since, until)
    items = raw.walk(session.client, request, since=start, until=end, limit=limit, every=every)
    return Rows(items, request.row.fields)


def _result(row: Endpoint, data: Any) -> Result:
    from bitget_cli.client.rest.client import shaped
    from bitget_cli.client.rest.response import listed

    # A list is shown whole, also where the catalogue knows of one thing only.
    whole = data if isinstance(data, list) and listed(data) and not row.paging.rows_at else shaped(row, data)
    if not isinstance(whole, list):
        return Record(whole, row.fields)
    return Rows(listed(whole), row.fields, footer=_beside(data, row.paging))


def _beside(data: Any, paging: Paging) -> str:
    """What an answer says beside its list, for a person: where the next page begins, a count, a moment."""
    if not isinstance(data, dict):
        return ""
    texts = {name: value for name, value in data.items() if name != paging.rows_at and isinstance(value, str) and value}
    return ", ".join(f"{name} {value}" for name, value in texts.items())
