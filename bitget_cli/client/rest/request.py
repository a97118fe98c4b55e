"""A call made ready: what was given, checked against its row and spelt as it goes over the wire."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

from bitget_cli.catalogue.model import Endpoint, Param
from bitget_cli.errors import UsageError
from bitget_cli.values import capitals, milliseconds, plain

# The documentation writes it in capitals and its own samples in small letters; both are accepted.
_ANY_CASE = "productType"
_WHOLE = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", re.ASCII)


class Call(NamedTuple):
    """A request without its signature: nothing in it is secret, so it can be shown, journalled and sent again.

    `query` is sorted by name and not percent-encoded; `body` is the exact bytes that are signed and sent.
    """

    row: Endpoint
    query: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def url_path(self) -> str:
        """Path and query as the URL carries them, percent-encoded."""
        encoded = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        return f"{self.row.path}?{encoded}" if encoded else self.row.path

    @property
    def named(self) -> dict[str, str]:
        """What was given, as text by name; of a body what stands at its top."""
        if not self.body:
            return dict(self.query)
        try:
            whole = json.loads(self.body)
        except ValueError:  # sent as typed
            return {}
        return (
            {name: value for name, value in whole.items() if isinstance(value, str)} if isinstance(whole, dict) else {}
        )

    @property
    def decoded_query(self) -> str:
        """The query as it is signed."""
        return "&".join(f"{name}={value}" for name, value in self.query)


def prepare_call(row: Endpoint, given: Mapping[str, Any], *, warn: Callable[[str], None] | None = None) -> Call:
    """The call for `row` with the parameters `given`; None means not given.

    Decimal and int become plain digits, datetime becomes milliseconds, bool `true` or `false`. A row whose body is a
    bare array takes it under the name `[]`. Raises UsageError for a name the row does not have and a required one that
    is missing, and for a value outside the row's choices or above its maximum. That may be one that Bitget has taken
    since: of a `lenient` row `warn` is told of it instead. An `unchecked` row takes whatever is given.
    """
    wire = {name: _spelt(name, value) for name, value in given.items() if value is not None}
    if not row.unchecked:
        _check(row, wire, warn if warn and row.lenient else _refuse)
    if row.method == "GET":
        # Bitget's GET calls take no nested values, but `api` may be asked to send one.
        texts = ((name, value if isinstance(value, str) else _json(value)) for name, value in wire.items())
        return Call(row, query=tuple(sorted(texts)))
    return Call(row, body=_json(wire.get("[]", wire)).encode())


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _spelt(name: str, value: Any) -> Any:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(name, value)
        case Decimal() if value.is_finite():
            return plain(value)
        case int():
            return str(value)
        case datetime():
            return str(milliseconds(value))
        case Mapping():
            return {inner: _spelt(f"{name}.{inner}", item) for inner, item in value.items() if item is not None}
        case list() | tuple():
            return [_spelt(f"{name}[]", item) for item in value]
    raise UsageError(f"{name} cannot be sent: {value!r} is neither text nor an exact number")


def _text(name: str, value: str) -> str:
    text = str(value)
    try:
        text.encode()
    except UnicodeEncodeError:  # bytes of the command line that were no UTF-8
        raise UsageError(f"{name} is not valid UTF-8 text") from None
    folded = capitals(text, what=name)
    return folded if name == _ANY_CASE else text


def _refuse(remark: str) -> None:
    raise UsageError(remark)


def _check(row: Endpoint, wire: Mapping[str, Any], warn: Callable[[str], None]) -> None:
    flat = list(_flattened(wire))
    _check_names(row, {name for name, _ in flat})
    _check_presence(row, wire)
    params = {param.name: param for param in row.params}
    for name, value in flat:
        if isinstance(value, str) and (param := params.get(name)):
            _check_value(param, value, warn)


def _flattened(wire: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Every value by the name the catalogue gives it: `orderList[].size` for a field of an item."""
    for name, value in wire.items():
        yield from _flattened_value(f"{prefix}{name}", value)


def _flattened_value(name: str, value: Any) -> Iterable[tuple[str, Any]]:
    yield name, value
    if isinstance(value, Mapping):
        yield from _flattened(value, f"{name}.")
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            yield from _flattened(item, f"{name}." if name.endswith("[]") else f"{name}[].")
        else:
            yield name, item


def _check_names(row: Endpoint, names: Iterable[str]) -> None:
    known = {param.name for param in row.params}
    with_items = {name.partition("[].")[0] for name in known if "[]." in name}
    for name in names:
        outer, nested, _ = name.partition("[].")
        if name in known or name.removesuffix("[]") in with_items:
            continue
        # An object whose own fields the row does not list is taken as it comes.
        if "." in name and not (nested and outer in with_items):
            continue
        raise UsageError(f"{row.name} has no parameter {name}", hint=_near(name, known, row=row))


def _near(name: str, known: Iterable[str], *, row: Endpoint) -> str:
    import difflib

    lower = {candidate.lower(): candidate for candidate in known}
    close = difflib.get_close_matches(name.lower(), lower, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(lower[match] for match in close) + "?"
    return f"see bitget api show {row.name}"


def _check_presence(row: Endpoint, wire: Mapping[str, Any]) -> None:
    missing = [param.name for param in row.params if param.required and _is_missing(param.name, wire)]
    if missing:
        raise UsageError(f"{row.name} needs {' and '.join(missing)}", hint=f"see bitget api show {row.name}")
    for group in row.one_of:
        if not any(wire.get(name) for name in group):
            raise UsageError(f"{row.name} needs {' or '.join(group)}", hint=f"see bitget api show {row.name}")


def _is_missing(name: str, wire: Mapping[str, Any]) -> bool:
    outer, nested, inner = name.partition("[].")
    if not nested:
        return not wire.get(name)
    items = wire.get(outer or "[]") or []
    return isinstance(items, list) and any(isinstance(item, Mapping) and not item.get(inner) for item in items)


def _check_value(param: Param, value: str, warn: Callable[[str], None]) -> None:
    if param.choices and not param.open_ended and value and value not in param.choices:
        warn(f"{param.name} {value!r} is not one of {', '.join(param.choices)}")
    if param.maximum is not None and _WHOLE.fullmatch(value) and Decimal(value) > param.maximum:
        warn(f"{param.name} {value} is above the most Bitget takes, {param.maximum}")
