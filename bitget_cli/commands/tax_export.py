"""The work of `bitget tax export`: what was typed as a wish, progress, and the report as rows."""

from __future__ import annotations

import shlex
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from bitget_cli.catalogue.rows import Field, Kind
from bitget_cli.commands.progress import Progress
from bitget_cli.commands.tax_range import Span, Typed, span
from bitget_cli.errors import IncompleteError, UsageError
from bitget_cli.results import Rows
from bitget_cli.session import Session
from bitget_cli.values import from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.records import Page
    from bitget_cli.export.exporting import Made, Wish
    from bitget_cli.export.fetching import Task, Told
    from bitget_cli.export.formats import Format
    from bitget_cli.export.work import Plan

FIELDS = (
    Field("stream", "Stream"),
    Field("rows", "Rows", Kind.NUMBER),
    Field("first", "First", Kind.TIME),
    Field("last", "Last", Kind.TIME),
    Field("windows", "Windows", Kind.NUMBER),
    Field("missing", "Missing", Kind.NUMBER),
    Field("gaps", "Gaps", Kind.NESTED),
    Field("types", "Types", Kind.NESTED),
    Field("unmapped", "Unmapped", Kind.NESTED),
    Field("against_name", "Against name", Kind.NESTED),
    Field("without_amount", "Without amount", Kind.NESTED),
    Field("unreadable_fee", "Unreadable fee", Kind.NESTED),
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


def export(session: Session, typed: Typed, *, out: Path, form: Format) -> Rows:
    """Make the files; the rows are the report, the failure a gap that remains."""
    from bitget_cli.export.exporting import export as carried_out

    wish = _wish(session, span(session, typed), out=out, form=form)
    with ExitStack() as shown:

        def starts(tasks: list[Task], plan: Plan) -> Told:
            _tell_end(session, plan)
            return _told(session, tasks, shown, stopped=f"stopped; go on with: {_command(wish, session, typed)}")

        made = carried_out(wish, session.client, clock=session.clock, starts=starts)
    _remark(session, made)
    return Rows(made.streams, FIELDS, COLUMNS, failure=_failure(made, wish, session, typed))


def _wish(session: Session, chosen: Span, *, out: Path, form: Format) -> Wish:
    from bitget_cli.client.signing import fingerprint
    from bitget_cli.export.exporting import Wish
    from bitget_cli.export.work import Plan

    if chosen.since is None:
        raise UsageError("an export needs a beginning", hint="add --year 2025, or --since and --until")
    since, asked = milliseconds(chosen.since), milliseconds(chosen.until) if chosen.until else None
    now = _now(session, asked)
    if since >= now:
        raise UsageError("that range has not begun yet")
    plan = Plan(
        env=session.env,
        host=session.client.host,
        profile=session.profile.name,
        account=fingerprint(session.key),
        since=since,
        asked_until=asked,
        until=min(asked or now, now),
    )
    return Wish(plan, chosen.label, out, form)


def _now(session: Session, asked: int | None) -> int:
    """Where a range still running is cut, by the exchange's own clock: by ours, records could fall behind the cut."""
    if asked is None or asked > milliseconds(session.client.now()):
        session.client.server_time()
    # What was booked in this very millisecond belongs to it: on paper the clock may stand still.
    return milliseconds(session.client.now()) + 1


def _tell_end(session: Session, plan: Plan) -> None:
    """Where a range still running was cut: at the first start, or the files would differ from run to run."""
    if plan.asked_until is None or plan.asked_until > plan.until:
        end = from_milliseconds(plan.until)
        session.say(f"the range is still running: this export ends at {end:%Y-%m-%d %H:%M:%S} UTC, when it was begun")


def _told(session: Session, tasks: list[Task], shown: ExitStack, *, stopped: str) -> Told:
    lanes = Counter(task.source.row.name for task in tasks)
    progress = shown.enter_context(Progress(session, dict(lanes), stopped=stopped))

    def told(task: Task, page: Page) -> None:
        progress.page(task.source.row.name, rows=len(page.rows), whole=page.cursor is None)

    return told


def _remark(session: Session, made: Made) -> None:
    for stream in made.streams:
        for key, remark in _REMARKS.items():
            if stream[key]:
                names = ", ".join(f"{count} {_plain(name)}" for name, count in stream[key].items())
                session.say(f"{stream['stream']}: {names} {remark}")


def _plain(type_: str) -> str:
    """A type's name as a terminal may show it: it is the exchange's text."""
    name = type_[:60] or "without a type"
    return name if name.isascii() and name.isprintable() else ascii(name)


def _failure(made: Made, wish: Wish, session: Session, typed: Typed) -> IncompleteError | None:
    from bitget_cli.export.fetching import NOT_ASKED

    if not made.gaps:
        return None
    reasons = [gap.reason for gap in made.gaps if gap.reason != NOT_ASKED] or [NOT_ASKED]
    windows = "one window is" if len(made.gaps) == 1 else f"{len(made.gaps)} windows are"
    return IncompleteError(f"{windows} missing: {reasons[0]}", hint=f"go on with: {_command(wish, session, typed)}")


def _command(wish: Wish, session: Session, typed: Typed) -> str:
    """The line that goes on: the very range, where it was typed as a look-back."""
    words = ["bitget", "-p", session.profile.name] if not session.takes_key_from_environment else ["bitget"]
    words += ["tax", "export"]
    words += ["--year", str(typed.year)] if typed.year else _range(wish)
    words += ["--timezone", typed.timezone] if typed.year and typed.timezone else []
    words += ["--out", str(wish.out)] if wish.out != Path() else []
    words += ["--format", wish.form.value] if wish.form.value != "generic" else []
    return shlex.join(words)


def _range(wish: Wish) -> list[str]:
    until = wish.plan.asked_until
    return ["--since", str(wish.plan.since), *(["--until", str(until)] if until else [])]
