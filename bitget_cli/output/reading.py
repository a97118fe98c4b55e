"""Who reads a stream, and a row as it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TextIO

from bitget_cli.messages import Push

if TYPE_CHECKING:
    from bitget_cli.clock import Clock

# Seconds in which an idle stream looks whether its time is up or its reader gone.
TICK = 0.2


class Reader(NamedTuple):
    """Who reads, and how: `form` is one of show.FORMS, `fields` those of `--fields`."""

    form: str
    fields: tuple[str, ...] | None
    out: TextIO
    err: TextIO
    stdin: TextIO
    color: bool
    clock: Clock


def row_of(push: Push) -> dict[str, object]:
    """The row with what its envelope knows of it: `market`, `symbol` and `recv`; the row's own fields win."""
    return {"market": push.market, "symbol": push.symbol, "recv": push.received, **push.data}
