"""`bitget order log` and `reconcile`: the journal of this machine, and what became of changes nobody answered for."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from bitget_cli.catalogue.rows import Field, Kind
from bitget_cli.commands.declare import Group
from bitget_cli.commands.options import AllOpt, LimitOpt, SinceOpt, UntilOpt, YesOpt
from bitget_cli.errors import UsageError
from bitget_cli.results import Result, Rows
from bitget_cli.session import Session

group = Group("order", "The journal of changes.")

LOG = (
    Field("time", "Time", Kind.TIME),
    Field("state", "Outcome"),
    Field("what", "What"),
    Field("symbol", "Symbol"),
    Field("clientOid", "Client id", Kind.ID),
    Field("orderId", "Order id", Kind.ID),
    Field("kind", "Kind"),
    Field("endpoint", "Endpoint"),
    Field("signedAt", "Signed", Kind.TIME),
    Field("settledAt", "Settled", Kind.TIME),
    Field("body", "Request"),
    Field("bodySha256", "SHA-256"),
    Field("answer", "Answer"),
)
LOG_COLUMNS = ("time", "state", "what", "clientOid", "orderId")
FOUND = (
    Field("outcome", "Outcome"),
    Field("what", "What"),
    Field("symbol", "Symbol"),
    Field("clientOid", "Client id", Kind.ID),
    Field("orderId", "Order id", Kind.ID),
    Field("state", "State"),
    Field("env", "Env"),
    Field("response", "Answer", Kind.NESTED),
)
FOUND_COLUMNS = ("outcome", "what", "clientOid", "orderId", "state")
_SHOWN = 50  # entries without --limit, --all and --since


class Word(StrEnum):
    """What a person found out by looking for themselves."""

    DONE = "done"
    NOT_DONE = "not-done"


@group.command()
def log(
    session: Session,
    limit: LimitOpt = None,
    every: AllOpt = False,
    since: SinceOpt = None,
    until: UntilOpt = None,
    unsettled: Annotated[bool, typer.Option("--unsettled", help="Only those whose outcome nobody knows.")] = False,
) -> Result:
    """Every change made from this machine with this profile, the newest first.

    Each was written down before it was sent, with its exact request. Without --limit, --all or --since, the last
    50. Reads this machine alone; what was done elsewhere is in `order history`.

    Example: bitget -p paper order log
    """
    from bitget_cli.values import milliseconds

    start, end = session.span(since, until)
    if unsettled:
        return Rows([_logged(entry) for entry in session.placing.unsettled()], LOG, LOG_COLUMNS)
    entries = session.journal.entries(
        since=milliseconds(start) if start else None,
        until=milliseconds(end) if end else None,
        limit=limit or (-1 if start or every else _SHOWN),
    )
    return Rows([_logged(entry) for entry in entries], LOG, LOG_COLUMNS)


@group.command()
def reconcile(
    session: Session,
    client_oid: Annotated[
        str | None, typer.Argument(metavar="CLIENT_OID", help="One change; all that are unsettled without it.")
    ] = None,
    by_hand: Annotated[
        Word | None, typer.Option("--by-hand", help="Settle it by your word, having looked.", show_default=False)
    ] = None,
    yes: YesOpt = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be asked about, and ask nothing.")
    ] = False,
) -> Result:
    """Ask the exchange what became of changes whose outcome nobody knows, until that is certain.

    Sends no order. That an order was not placed is believed only when the exchange can no longer receive it and two
    whole looks found nothing, so it may take most of a minute. Exit 7 while something stays unknown.

    Example: bitget -p paper order reconcile
    """
    from bitget_cli.trading.endings import unknown_error

    if dry_run:
        entries = [entry for entry in session.placing.unsettled() if client_oid in (None, entry.client_oid)]
        return Rows([_logged(entry) for entry in entries], LOG, LOG_COLUMNS)
    if by_hand is not None:
        if client_oid is None:
            raise UsageError("--by-hand settles one change; name its client id", hint="bitget order log --unsettled")
        session.allow_change(f"settle {client_oid} as {by_hand.value} without asking the exchange", yes=yes)
        entry = session.placing.forget(client_oid, done=by_hand is Word.DONE)
        return Rows([_logged(entry)], LOG, LOG_COLUMNS)
    outcomes = session.placing.reconcile(client_oid)
    if not outcomes:
        session.say("nothing is unsettled")
    return Rows(
        [_found(session, outcome) for outcome in outcomes], FOUND, FOUND_COLUMNS, failure=unknown_error(outcomes)
    )


def _logged(entry: Any) -> dict[str, Any]:
    """A journal entry as scripts read it."""
    return {
        "time": str(entry.prepared_at),
        "state": entry.state.value,
        "what": entry.what,
        "symbol": entry.symbol,
        "clientOid": entry.client_oid,
        "orderId": entry.order_id,
        "kind": entry.kind,
        "endpoint": entry.row,
        "signedAt": _text(entry.signed_at),
        "settledAt": _text(entry.settled_at),
        "body": entry.body,
        "bodySha256": entry.body_sha256,
        "answer": entry.answer,
    }


def _found(session: Session, outcome: Any) -> dict[str, Any]:
    return {
        "outcome": outcome.outcome.value,
        "what": outcome.what,
        "symbol": outcome.symbol,
        "clientOid": outcome.client_oid,
        "orderId": outcome.order_id,
        "state": outcome.state,
        "env": session.env,
        "response": outcome.response,
    }


def _text(moment: int | None) -> str | None:
    return None if moment is None else str(moment)
