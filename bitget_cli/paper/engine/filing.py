"""Records as the JSON they are kept as, decimals as text, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any, TypeVar

from bitget_cli.paper.engine.records import Exits, Record

R = TypeVar("R", bound=Record)


def to_text(record: Record) -> str:
    """The record as kept in the file: decimals as text."""
    values = {name: getattr(record, name) for name in _names(type(record))}
    if "exits" in values:
        exits = values["exits"]
        values["exits"] = {name: getattr(exits, name) for name in _names(Exits) if getattr(exits, name)}
    return json.dumps(values, default=str, separators=(",", ":"))


def from_text(kind: type[R], body: str) -> R:
    values: dict[str, Any] = json.loads(body)
    for name in _decimals(kind):
        if name in values:
            values[name] = Decimal(values[name])
    if "exits" in values:
        values["exits"] = Exits(**values["exits"])
    return kind(**values)


def _names(kind: type) -> tuple[str, ...]:
    return _of(kind)[0]


def _decimals(kind: type) -> tuple[str, ...]:
    return _of(kind)[1]


def _of(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a record's fields, and of those that are decimals."""
    found = _FIELDS.get(kind)
    if found is None:
        here = fields(kind)
        decimals = tuple(field.name for field in here if field.type == "Decimal")
        found = _FIELDS[kind] = tuple(field.name for field in here), decimals
    return found


_FIELDS: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {}
