"""`bitget webhook`: alerts of TradingView made into orders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import ListOptions, YesOpt
from bitget_cli.errors import DeclinedError, StoppedError, UsageError
from bitget_cli.files import handed_in
from bitget_cli.keys import without_secrets
from bitget_cli.results import Done, Lines, Result, Rows
from bitget_cli.session import Session
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.application.alerts.alert_orders import AlertTerms
    from bitget_cli.servers.webhook import WebhookServer

group = Group("webhook", "Alerts of TradingView made into orders.")

LOG = (
    Field("time", "Time", FieldKind.TIME),
    Field("id", "Id", FieldKind.ID),
    Field("what", "What"),
    Field("outcome", "Outcome"),
    Field("orderId", "Order id", FieldKind.ID),
    Field("why", "Why"),
    Field("told", "What came of it"),
    Field("symbol", "Symbol"),
    Field("tag", "Tag"),
    Field("clientOid", "Client id", FieldKind.ID),
)
LOG_COLUMNS = ("time", "id", "what", "outcome", "orderId", "why")
_SHOWN = 50  # alerts without --limit, --all and --since
_LONGEST_MAP = 64 * 1024
_LONGEST_SECRET = 1024

MapOpt = Annotated[
    str | None,
    typer.Option("--map", metavar="FILE", help="TOML that says which words of theirs are which of ours."),
]
AllowOpt = Annotated[
    list[str] | None,
    typer.Option("--allow", metavar="SYMBOL", help="Only this market; may be given several times. Needed on live."),
]
CloseAllOpt = Annotated[bool, typer.Option("--allow-close-all", help="Let alerts close every position.")]


@group.command()
def serve(
    session: Session,
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port on 127.0.0.1.")] = 8787,
    path: Annotated[str, typer.Option("--path", metavar="PATH", help="Where alerts go.")] = "/api/webhook/bitget",
    map_: MapOpt = None,
    allow: AllowOpt = None,
    allow_close_all: CloseAllOpt = False,
    per_minute: Annotated[
        int, typer.Option("--per-minute", metavar="N", min=1, max=6000, help="Alerts carried out in a minute.")
    ] = 30,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="CMD", help="Run for each outcome, without a shell; BITGET_ALERT_… says it."),
    ] = None,
    yes: YesOpt = False,
) -> Result:
    """Take alerts on 127.0.0.1 and place what they say, until Ctrl-C.

    An alert is JSON, or text such as `buy BTCUSDT.P 0.01 sl=-2%`, in the words of `order buy`: symbol, action
    (buy, sell, close, cancel), size, quote or risk, price, tp, sl, reduce_only, side, tag, id; and with time and
    secret. One that is repeated trades once. On paper unless --profile says otherwise; on live only with --yes,
    --allow and a cap. A reverse proxy brings TLS: docs/webhook.md.

    Example: bitget -p paper webhook serve --port 8787
    """
    from bitget_cli.application.alerts import webhooks
    from bitget_cli.application.alerts.alert_orders import check_guards
    from bitget_cli.application.alerts.outcome_command import OutcomeCommand

    session = _on_paper(session)
    if not re.fullmatch(r"/[!-~]*", path) or set(path) & set("?#%"):
        raise UsageError(f"--path {path} is not a path such as /api/webhook/bitget")
    terms = _terms(session, map_, allow, close_all=allow_close_all, per_minute=per_minute)
    check_guards(session)
    if session.env == "live" and not yes:
        raise DeclinedError("alerts trade by themselves, and on live that has to be said", hint="add --yes")
    with ExitStack() as opening:
        told = None
        if run is not None:
            told = OutcomeCommand(run, without_secrets(session.environment.environ), say=session.say)
            opening.callback(told.close)
        profile = session.profile.name
        webhook = opening.enter_context(
            webhooks.serving(
                session, terms, heard=lambda entry: told.tell(webhooks.fields(entry, profile=profile)) if told else None
            )
        )
        server = session.serve_webhook(webhook, port=port, path=path)
        opened = opening.pop_all()
    session.say(_announced(session, terms))
    return Lines(_served(server, opened), {"url": server.url})


def _on_paper(session: Session) -> Session:
    """Alerts go to paper unless a profile is named: the default, or keys in the environment, are not enough."""
    if session.context.name is not None:
        return session
    return session.reopened(session.shared._replace(profile="paper"))


def _terms(
    session: Session, file: str | None, allow: list[str] | None, *, close_all: bool = False, per_minute: int = 1
) -> AlertTerms:
    from bitget_cli.application.alerts.alert_orders import AlertTerms, allowed
    from bitget_cli.application.alerts.alerts import AlertMap, alert_map

    known = AlertMap()
    if file is not None:
        known = alert_map(handed_in(file, stdin=session.console.stdin, limit=_LONGEST_MAP), where=file)
    return AlertTerms(known, allowed(session, allow or []), close_all, per_minute)


def _announced(session: Session, terms: AlertTerms) -> str:
    names = "every market" if terms.allowed is None else ", ".join(sorted({one.name for one in terms.allowed}))
    return (
        f"{session.env.upper()}: alerts trade on profile {session.profile.name}, {names},"
        f" at most {terms.per_minute} a minute"
    )


def _served(server: WebhookServer, opened: ExitStack) -> Iterator[str]:
    with opened:
        yield server.url
        raise StoppedError(server.run())


@group.command("test")
def rehearse(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="The text of an alert; - for stdin.")],
    map_: MapOpt = None,
    allow: AllowOpt = None,
    allow_close_all: CloseAllOpt = False,
) -> Result:
    """What an alert would do: the exact request, and nothing is sent.

    Its secret and time are looked at too, and what is amiss with them is told.

    Example: bitget -p paper webhook test alert.json
    """
    from bitget_cli.application.alerts.alert_orders import rehearsed
    from bitget_cli.application.alerts.alerts import LARGEST

    session = _on_paper(session)
    terms = _terms(session, map_, allow, close_all=allow_close_all)
    body = handed_in(file, stdin=session.console.stdin, limit=LARGEST).encode()
    return rehearsed(session, body, terms)


@group.command()
def secret(
    session: Session,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the secret from standard input.")] = False,
    yes: YesOpt = False,
) -> Result:
    """Keep what alerts for a profile have to know, in the system's keyring.

    Asked for without being shown, or with --stdin one line. BITGET_WEBHOOK_SECRET in the environment stands above it.

    Example: bitget -p paper webhook secret
    """
    from bitget_cli.commands.profile import hidden
    from bitget_cli.config.credentials import webhook_secret

    session = _on_paper(session)
    name, keychain = session.profile.name, session.context.keychain
    if not yes and keychain.webhook_secret(name) is not None:
        session.confirm(f"replace the webhook secret of profile {name}", otherwise="nothing was changed")
    if stdin and session.console.stdin.isatty():
        raise UsageError("--stdin on a terminal would show the secret as it is typed", hint="leave --stdin out")
    if not stdin and not session.console.is_attended:
        raise UsageError("there is no terminal to ask for the secret on", hint="pipe it in and add --stdin")
    typed = (
        handed_in("-", stdin=session.console.stdin, limit=_LONGEST_SECRET).removesuffix("\n")
        if stdin
        else hidden(session, "Webhook secret")
    )
    keychain.keep_webhook_secret(name, webhook_secret(typed, what="the secret"))
    return Done("done", session.env, response={"profile": name, "keyring": keychain.name})


@group.command()
def log(session: Session, wanted: ListOptions) -> Result:
    """Alerts that came in, what they asked for and what came of them, the newest first.

    Of this machine and the profile in force. Without --limit, --all or --since, the last 50. Of refusals the last
    thousand are kept.

    Example: bitget -p paper webhook log --limit 10
    """
    from bitget_cli.application.alerts import webhooks

    session = _on_paper(session)
    start, end = session.span(wanted.since, wanted.until)
    entries = webhooks.logged(
        session,
        since=milliseconds(start) if start else None,
        until=milliseconds(end) if end else None,
        limit=wanted.limit or (None if start or wanted.every else _SHOWN),
    )
    told = [
        (
            str(entry.received_at),
            entry.name,
            entry.what,
            entry.outcome.value,
            entry.order_id,
            entry.why,
            entry.told,
            entry.symbol,
            entry.tag,
            entry.client_oid,
        )
        for entry in entries
    ]
    return Rows([dict(zip([field.name for field in LOG], row, strict=True)) for row in told], LOG, LOG_COLUMNS)
