"""Tables for people."""

from __future__ import annotations

from typing import TextIO

from bitget_cli.output.plain import to_json
from bitget_cli.results import Done, Record, Rows


def draw(
    result: Rows | Record | Done, *, fields: tuple[str, ...] | None, out: TextIO, terminal: bool, color: bool
) -> None:
    del fields, terminal, color
    value = (
        list(result.items)
        if isinstance(result, Rows)
        else result.value
        if isinstance(result, Record)
        else result.record()
    )
    out.write(to_json(value, indent=True) + "\n")
