"""`bitget worker`: files of your own that trade by themselves, and what they did."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bitget_cli import files
from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.commands import offers
from bitget_cli.commands.command import Group
from bitget_cli.commands.options import ListOptions, YesOpt
from bitget_cli.errors import DeclinedError, UsageError
from bitget_cli.results import Lines, Result, Rows
from bitget_cli.session import Session
from bitget_cli.values import duration, from_milliseconds, milliseconds

if TYPE_CHECKING:
    from datetime import datetime

group = Group("worker", "Files of your own that trade by themselves, and what they did.")

LINES = (Field("time", "Time", FieldKind.TIME), Field("level", "Level"), Field("message", "Message"))
LOG = (
    Field("time", "Time", FieldKind.TIME),
    Field("worker", "Worker"),
    Field("level", "Level"),
    Field("message", "Message"),
    Field("clientOid", "Client id", FieldKind.ID),
    Field("orderId", "Order id", FieldKind.ID),
)
_SHOWN = 50  # lines without --limit, --all and --since


@group.command()
def run(
    session: Session,
    file: Annotated[str, typer.Argument(metavar="FILE", help="Python with tick(ctx), and setup(ctx) if need be.")],
    every: Annotated[str, typer.Option("--every", metavar="SPAN", help="Time from tick to tick.")] = "10s",
    until: Annotated[str | None, typer.Option("--until", metavar="T", help="End at T; runs on without it.")] = None,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="The file's own without it.")] = None,
    fast: Annotated[
        bool, typer.Option("--fast", help="On paper: move the exchange's clock instead of waiting.")
    ] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Forget the state of earlier runs, and set up anew.")] = False,
    yes: YesOpt = False,
) -> Result:
    """Run a worker: its setup(ctx) once, then tick(ctx) again and again.

    ctx.bitget is the SDK on the profile in force, ctx.state.get and set keep JSON on disk, ctx.log.info and others
    write to `worker log`, ctx.now is the exchange's time. The state outlives the run: setup is called once for it, and
    what each start needs stands at the top of the file. A tick that fails is logged and the next one comes. One that
    was killed is run again from the state it began with, and orders it had placed are not placed twice. Ctrl-C ends
    after the tick under way, a second one at once.

    Example: bitget -p paper worker run dca.py --every 1h --fast --until 2027-01-01
    """
    from bitget_cli.application import workers

    path = Path(file)
    if not path.is_file():
        raise UsageError(f"{file} is not there", hint="bitget worker run FILE.py")
    known = workers.name_of(path, name)
    span = duration(every, what="--every")
    if not span:
        raise UsageError(f"--every {every} is no time at all")
    if fast and session.env != "paper":
        raise UsageError("--fast moves the exchange's clock, and only the paper exchange has one to move")
    end = session.instant(until)
    if end is not None and end <= session.now():
        raise UsageError(f"--until {until} is not ahead", hint="such as 2027-01-31T12:00")
    # A locked profile refuses each order; a worker that only looks may run there.
    if not session.profile.locked:
        session.allow_change(f"run {path.name}, which trades by itself until it is ended", yes=yes)
    return _shown(session, _running(session, path, known, workers.Pace(span, end, fast), reset=reset))


def _running(session: Session, path: Path, name: str, pace: Any, *, reset: bool) -> Iterator[dict[str, Any]]:
    """The worker's lines as it runs, on a session of its own whose orders bear its name."""
    from bitget_cli.application import workers
    from bitget_cli.sdk import Bitget

    folder = workers.folder_of(session)
    kept, log = folder / f"{name}.json", folder / f"{name}.log"
    busy = DeclinedError(
        f"worker {name} is running on profile {session.profile.name} already", hint="give this one another --name"
    )
    with files.locked(kept, patience=0, busy=busy), session.of_worker(name, paced=not pace.fast) as own:
        if reset and kept.exists():
            os.unlink(kept)
        state = workers.WorkerState(kept)
        ids = workers.OrderIds(state)
        lines = workers.WorkerLog(log, now=own.now, clean=own.redact)
        context = workers.Context(Bitget.on(own, ids=ids), state, lines, own)
        yield from workers.run(path, context, ids, pace)


def _shown(session: Session, rows: Iterator[dict[str, Any]]) -> Result:
    """A line each as it comes: for a person, or a row for a program."""
    if session.console.stream_form != "table":
        return Rows(rows, LINES, in_time=True)
    return Lines(session.console.harmless(_line(row)) for row in rows)


def _line(row: dict[str, Any]) -> str:
    moment: datetime = from_milliseconds(row["time"]).astimezone()
    return f"{moment:%Y-%m-%d %H:%M:%S} {row['level']:7} {row['message']}"


@group.command()
def log(
    session: Session,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", autocompletion=offers.workers, help="One worker; all of them without it."),
    ] = None,
    *,
    wanted: ListOptions,
) -> Result:
    """What workers logged and the orders they placed, by time, the newest last.

    Of this machine and the profile in force. Without --limit, --all or --since, the last 50.

    Example: bitget -p paper worker log dca
    """
    from bitget_cli.application import workers

    start, end = session.span(wanted.since, wanted.until)
    lines = workers.logged(
        session,
        name,
        since=milliseconds(start) if start else None,
        until=milliseconds(end) if end else None,
    )
    most = wanted.limit or (None if start or wanted.every else _SHOWN)
    told = [(str(line.time), *line[1:]) for line in (lines[-most:] if most else lines)]
    return Rows([dict(zip([field.name for field in LOG], row, strict=True)) for row in told], LOG)
