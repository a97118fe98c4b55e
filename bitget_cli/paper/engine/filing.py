"""Records as the JSON they are kept as, decimals as text, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from decimal import Decimal
from typing import Any, TypeVar

from bitget_cli.paper.engine.records import Exits, Record
from bitget_cli.paper.instruments import instrument
from bitget_cli.paper.store import DamagedError, amount_in
from bitget_cli.values import Product

R = TypeVar("R", bound=Record)


def to_text(record: Record) -> str:
    """The record as kept in the file: decimals as text."""
    values = {name: getattr(record, name) for name in _names(type(record))}
    if "exits" in values:
        exits = values["exits"]
        values["exits"] = {name: getattr(exits, name) for name in _names(Exits) if getattr(exits, name)}
    return json.dumps(values, default=str, separators=(",", ":"))


def from_text(kind: type[R], body: object) -> R:
    """The record again. Raises DamagedError for a text that `to_text` never wrote."""
    try:
        values: dict[str, Any] = dict(json.loads(body))  # type: ignore[arg-type]  # whatever the file holds
        for name in _decimals(kind):
            if name in values:
                values[name] = amount_in(values[name])
        if "exits" in values:
            values["exits"] = Exits(**values["exits"])
            _check(Exits, values["exits"])
        record = kind(**values)
    except (ValueError, TypeError, RecursionError) as error:
        raise DamagedError(f"one of its {kind.kind}s cannot be read: {error}") from error
    _check(kind, record)
    return record


def _check(kind: type, record: Any) -> None:
    """Raises DamagedError for a value of another type than its field's, and for a market there is not."""
    about = getattr(kind, "kind", "exits")
    for field in fields(kind):
        value = getattr(record, field.name)
        allowed = _TYPES.get(str(field.type))
        if allowed and (type(value) not in allowed[0] or (allowed[1] and value not in allowed[1])):
            raise DamagedError(f"{field.name} of one of its {about}s is {value!r}")
    if about in _OF_A_MARKET:
        known = record.product in list(Product) and instrument(Product(record.product), record.symbol)
        if not known:
            raise DamagedError(f"one of its {about}s is of a market {record.symbol!r} that is not listed")


# By the annotation of a field: the types a value may have, and where they are few, the values.
_TYPES: dict[str, tuple[tuple[type, ...], tuple[str, ...]]] = {
    "int": ((int,), ()),
    "str": ((str,), ()),
    "bool": ((bool,), ()),
    "Decimal": ((Decimal,), ()),
    "Exits": ((Exits,), ()),
    "Side": ((str,), ("buy", "sell")),
    "Hold": ((str,), ("long", "short")),
}
_OF_A_MARKET = ("order", "plan", "position", "fill")


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
