"""What every `bitget watch` command takes: how long to watch, and what to do about gaps."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, NamedTuple, get_type_hints

import typer

from bitget_cli.results import Feed

CountOpt = Annotated[int | None, typer.Option("--count", metavar="N", min=1, help="End after N rows.")]
DurationOpt = Annotated[str | None, typer.Option("--duration", metavar="T", help="End after 30s, 2m, 1h …")]
UntilOpt = Annotated[
    str | None,
    typer.Option("--until", metavar="EXPR", help="End once a row meets this: 'lastPr > 70000'; exit 9 if none did."),
]
RawOpt = Annotated[bool, typer.Option("--raw", help="Frames as the exchange sent them, one a line.")]
StatusOpt = Annotated[
    bool | None,
    typer.Option(
        "--status/--no-status",
        help="Lines about the connection, too; by default only without --count and --until.",
        show_default=False,
    ),
]
WaitOpt = Annotated[
    bool, typer.Option("--wait", help="Go on trying for the first connection, which else must stand within --timeout.")
]
StrictOpt = Annotated[bool, typer.Option("--strict", help="Exit 9 when a gap in the data was not mended.")]


class Wanted(NamedTuple):
    """The options all streams share, as typed."""

    rows: int | None
    duration: str | None
    until: str | None
    raw: bool
    status: bool | None
    strict: bool
    wait: bool

    @property
    def tells_status(self) -> bool:
        """Whether lines about the connection are wanted: not where a script counts on rows alone."""
        return not (self.rows or self.until) if self.status is None else self.status


_SHARED = {
    "rows": (CountOpt, None),
    "duration": (DurationOpt, None),
    "until": (UntilOpt, None),
    "raw": (RawOpt, False),
    "status": (StatusOpt, None),
    "strict": (StrictOpt, False),
    "wait": (WaitOpt, False),
}


def stream(function: Callable[..., Feed]) -> Callable[..., Feed]:
    """Gives a function of a Session, a Wanted and options of its own the options that make the Wanted."""

    def command(session: Any, **given: Any) -> Feed:
        wanted = Wanted(**{name: given.pop(name) for name in _SHARED})
        return function(session, wanted, **given)

    hints = get_type_hints(function, include_extras=True)
    first, _, *own = inspect.signature(function).parameters.values()
    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [one.replace(kind=keyword, annotation=hints[one.name]) for one in own]
    parameters += [
        inspect.Parameter(name, keyword, default=default, annotation=annotation)
        for name, (annotation, default) in _SHARED.items()
    ]
    command.__name__, command.__doc__ = function.__name__, function.__doc__
    command.__signature__ = inspect.Signature([first, *parameters])  # type: ignore[attr-defined]  # read by `declare`
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    return command
