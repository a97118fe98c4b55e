"""Which fields a form shows, and how each is read from a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.errors import UsageError
from bitget_cli.results import Rows

# The one column of rows that are neither objects nor arrays with named places.
_BARE = Field("value")


def peek(items: Iterable[Any]) -> tuple[Any, Iterator[Any]]:
    """The first item (None when there is none), and all of them again, unread beyond the first."""
    rest = iter(items)
    for first in rest:
        return first, chain((first,), rest)
    return None, iter(())


def chosen(names: tuple[str, ...], *, fields: tuple[Field, ...], first: Any) -> tuple[Field, ...]:
    """The columns of `--fields`, in its order and spelling.

    A name is known from the catalogue or from the first item, since the exchange sends more than it documents. With
    no item to ask, every name is taken: a script must not fail on the day its list is empty. Raises UsageError.
    """
    for name in names:
        if not _is_known(name, fields=fields, first=first):
            raise _unknown(name, available=[field.name for field in everything(fields, first=first)])
    return tuple(_named(name, fields) for name in names)


def everything(fields: tuple[Field, ...], *, first: Any) -> tuple[Field, ...]:
    """Every field once: the catalogue's order, then what only the exchange knows of. Parts of a field are in it."""
    names = {field.name for field in fields}
    whole = [field for field in fields if not any(parent in names for parent in _parents(field.name))]
    if isinstance(first, dict):
        # A field the catalogue descends into (`feeDetail.totalFee` alone) is not there a second time.
        covered = {field.name.replace("[]", "").split(".")[0] for field in whole} | names
        covered |= {field.also for field in whole}
        whole += [Field(key) for key in first if key not in covered]
    elif isinstance(first, list) and not whole:
        whole = [Field(str(place), place=place) for place in range(len(first))]
    return tuple(whole) or (_BARE,)


def brief(columns: tuple[str, ...], *, fields: tuple[Field, ...], first: Any) -> tuple[Field, ...]:
    """What a reader wants to see: the command's own columns, else every field that is a single value."""
    if columns:
        return tuple(_named(name, fields) for name in columns)
    # What the exchange sends beyond the catalogue is in JSON and CSV; here it would only be in the way.
    whole = everything(fields, first=None if fields else first)
    # A list of plain words fits into a cell; one of objects has columns of its own.
    above = {parent for field in fields for parent in _parents(field.name)}
    plain = [field for field in whole if field.kind is not FieldKind.NESTED or field.name not in above]
    if isinstance(first, dict) and not fields:
        plain = [field for field in plain if not isinstance(first.get(field.name), dict | list)]
    return tuple(plain) or (_BARE,)


def unfolded(rows: Rows) -> Rows:
    """The same with a row for each part of the list in `rows.unfold`, and the rest of the row before each."""
    start = f"{rows.unfold}[]."
    fields = tuple(field for field in rows.fields if field.name != rows.unfold)
    columns = rows.columns or tuple(field.name for field in fields if field.kind is not FieldKind.NESTED)
    if not any(field.name.startswith(start) for field in fields):
        return rows
    return rows._replace(items=_each_part(rows.items, rows.unfold), fields=fields, columns=columns, unfold="")


def label(field: Field) -> str:
    return field.label or field.name


def reader(field: Field) -> Callable[[Any], Any]:
    """A function from an item to the field's value; None when the item has no such field.

    A path into a list gives the list of values. An item that is a single value is its own only field.
    """
    place, path = field.place, field.name.replace("[]", "").split(".")
    if field.also:
        own, other = reader(field._replace(also="")), reader(Field(field.also))

        def either(item: Any) -> Any:
            told = own(item)
            return other(item) if told is None or told == "" else told

        return either

    def read(item: Any) -> Any:
        if isinstance(item, dict):
            return item[field.name] if field.name in item else _walk(item, path)
        if isinstance(item, list):
            if place is None:
                return _walk(item, path)
            return item[place] if place < len(item) else None
        return item

    return read


def select(item: Any, columns: tuple[Field, ...]) -> dict[str, Any]:
    """The chosen fields of one item, as an object with exactly the names that were typed."""
    return {field.name: reader(field)(item) for field in columns}


def _each_part(items: Iterable[Any], at: str) -> Iterator[Any]:
    for item in items:
        parts = item.get(at) if isinstance(item, dict) else None
        told = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
        if parts is not None and not told:
            told = [{}]  # one row without parts
        yield from ({**item, at: part} for part in told) if told else (item,)


def _walk(value: Any, path: list[str]) -> Any:
    for step, name in enumerate(path):
        if isinstance(value, list):
            return [_walk(part, path[step:]) for part in value]
        if not isinstance(value, dict):
            return None
        value = value.get(name)
    return value


def _named(name: str, fields: tuple[Field, ...]) -> Field:
    bare = name.replace("[]", "")
    for field in fields:
        if field.name.replace("[]", "") == bare:
            return field._replace(name=name)
    return Field(name)


def _parents(name: str) -> Iterator[str]:
    bare = name.replace("[]", "")
    while "." in bare:
        bare = bare.rpartition(".")[0]
        yield bare


def _is_known(name: str, *, fields: tuple[Field, ...], first: Any) -> bool:
    bare = name.replace("[]", "")
    known = {field.name.replace("[]", "") for field in fields}
    if first is None or bare in known or (isinstance(first, dict) and name in first):
        return True
    if isinstance(first, list):
        return any(_holds(part, bare.split(".")) for part in first if isinstance(part, dict))
    if not isinstance(first, dict):
        return name == _BARE.name
    parents = set(_parents(bare))
    return _holds(first, bare.split(".")) or bool(parents & known and first.get(bare.split(".")[0]) is None)


def _holds(value: Any, path: list[str]) -> bool:
    """Whether the path leads somewhere; an empty object, list or text on the way cannot say no."""
    for step, name in enumerate(path):
        if step and not value:
            return True
        if isinstance(value, list):
            return any(_holds(part, path[step:]) for part in value)
        if not isinstance(value, dict) or name not in value:
            return False
        value = value[name]
    return True


def _unknown(name: str, *, available: list[str]) -> UsageError:
    from difflib import get_close_matches

    folded = {known.lower(): known for known in available}
    near = [folded[match] for match in get_close_matches(name.lower(), folded, n=3)]
    listed = f"the fields are {', '.join(available)}"
    hint = f"did you mean {' or '.join(near)}? {listed}" if near else listed
    return UsageError(f"there is no field {name!r} here", hint=hint)
