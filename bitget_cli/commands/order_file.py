"""A file of orders, CSV or NDJSON, read whole before anything is sent."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO, TypeVar

from bitget_cli.commands.typed_orders import Words
from bitget_cli.errors import ConfigError, UsageError
from bitget_cli.trading.changes import Direction
from bitget_cli.trading.intents import MarginMode, TimeInForce

COLUMNS = (
    *("symbol", "side", "size", "quote", "price", "tif", "reduce_only", "close", "tp", "sl", "margin_mode"),
    "client_oid",
)
# More orders than anybody types; a file beyond it is a mistake.
_LARGEST = 4 * 1024 * 1024
_FLAGS = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Line:
    """One order as written; `number` counts from 1, a CSV's header included."""

    number: int
    symbol: str
    direction: Direction
    words: Words


def lines(name: str, *, stdin: TextIO) -> list[Line]:
    """The orders of a file, `-` for stdin. Raises UsageError that names the line, ConfigError for no such file."""
    text = _text(name, stdin)
    read = _ndjson if text.lstrip().startswith("{") else _csv
    found = [_line(number, row) for number, row in read(text)]
    if not found:
        raise UsageError(f"there are no orders in {name}", hint="a CSV begins with a header: symbol,side,size,price")
    oids = [line.words.client_oid for line in found if line.words.client_oid]
    if twice := next((oid for oid in oids if oids.count(oid) > 1), None):
        raise UsageError(f"client_oid {twice} is there twice")
    return found


def _text(name: str, stdin: TextIO) -> str:
    try:
        text = stdin.read(_LARGEST + 1) if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {name}: {getattr(error, 'strerror', None) or error}") from None
    if len(text) > _LARGEST:
        raise UsageError(f"{name} is longer than {_LARGEST} characters", hint="split it")
    return text


def _csv(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if None in row or None in row.values():
                raise UsageError(f"line {reader.line_num}: it has another number of columns than the header")
            yield reader.line_num, row
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: {error}") from None


def _ndjson(text: str) -> Iterator[tuple[int, Mapping[str, str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            raise UsageError(f"line {number}: it is not JSON") from None
        if not isinstance(row, dict):
            raise UsageError(f"line {number}: it is not an object")
        yield number, {name: _plain(number, name, value) for name, value in row.items() if value is not None}


def _plain(number: int, name: str, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
    raise UsageError(f"line {number}: {name} is neither text, a number nor true or false")


def _line(number: int, row: Mapping[str, str]) -> Line:
    given = {name.strip(): value.strip() for name, value in row.items()}
    if wrong := [name for name in given if name not in COLUMNS]:
        raise UsageError(f"line {number}: there is no column {wrong[0]!r}", hint="the columns are " + " ".join(COLUMNS))
    if not given.get("symbol"):
        raise UsageError(f"line {number}: it has no symbol")
    size, quote, price, tp, sl, oid = (
        given.get(name) or None for name in ("size", "quote", "price", "tp", "sl", "client_oid")
    )
    return Line(
        number,
        given["symbol"],
        _choice(number, given, "side", Direction) or _no_side(number),
        Words(
            size,
            quote,
            price,
            tif=_choice(number, given, "tif", TimeInForce),
            closing=_flag(number, given, "reduce_only") or _flag(number, given, "close"),
            margin_mode=_choice(number, given, "margin_mode", MarginMode),
            tp=tp,
            sl=sl,
            client_oid=oid,
        ),
    )


def _choice(number: int, given: Mapping[str, str], name: str, kind: type[Choice]) -> Choice | None:
    text = given.get(name, "").lower()
    if not text:
        return None
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"line {number}: {name} {text!r} is not one of {', '.join(kind)}") from None


def _flag(number: int, given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "").lower()
    if text not in _FLAGS:
        raise UsageError(f"line {number}: {name} {text!r} is neither true nor false")
    return _FLAGS[text]


def _no_side(number: int) -> Direction:
    raise UsageError(f"line {number}: it has no side", hint="side is buy or sell")
