"""A file of orders, CSV, NDJSON or a JSON array, read whole before anything is sent."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, TextIO, TypeVar

from bitget_cli.application.orders.orders import OrderInput
from bitget_cli.errors import UsageError
from bitget_cli.files import handed_in
from bitget_cli.trading.model import Direction, MarginMode, TimeInForce, TriggerBy
from bitget_cli.values import capitals, from_json

COLUMNS = (
    *("symbol", "side", "size", "quote", "price", "tif", "reduce_only", "close", "tp", "sl", "margin_mode"),
    *("client_oid", "tag", "trigger_by", "tp_limit", "sl_limit", "risk"),
)
# More orders than anybody types; a file beyond it is a mistake.
_LARGEST = 4 * 1024 * 1024
_FLAGS = {"": False, "no": False, "false": False, "0": False, "yes": True, "true": True, "1": True}
_BEGINS = "a CSV begins with a header: symbol,side,size,price"
Choice = TypeVar("Choice", bound=StrEnum)


class OrderLine(NamedTuple):
    """One order as written; `place` says where, such as `line 3`, a CSV's header included, or `order 2` of an array."""

    place: str
    symbol: str
    direction: Direction
    words: OrderInput

    def tagged(self, tag: str | None) -> OrderLine:
        """The order with this tag, unless it has one of its own."""
        return self._replace(words=self.words._replace(tag=self.words.tag or tag))


def lines(name: str, *, stdin: TextIO) -> list[OrderLine]:
    """The orders of a file, `-` for stdin. Raises UsageError that names the line, ConfigError for no such file."""
    text = handed_in(name, stdin=stdin, limit=_LARGEST)
    read = {"{": _ndjson, "[": _array}.get(text.lstrip()[:1], _csv)
    found = [_line(place, row) for place, row in read(text)]
    if not found:
        raise UsageError(f"there are no orders in {name}", hint=_BEGINS)
    places: dict[str, str] = {}
    for line in found:
        if oid := line.words.client_oid:
            if oid in places:
                raise UsageError(f"{line.place}: client_oid {oid} is there twice, first in {places[oid]}")
            places[oid] = line.place
    return found


def _csv(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header: list[str] | None = None
    try:
        for cells in reader:
            place = f"line {reader.line_num}"
            if not any(cells):
                continue
            if header is None:
                header = _header(place, cells)
            elif len(cells) != len(header):
                raise UsageError(f"{place}: it has another number of columns than the header")
            else:
                yield place, dict(zip(header, cells, strict=True))
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num}: {error}") from None


def _header(place: str, cells: Sequence[str]) -> list[str]:
    """The names of the columns. A fault in them is told of the header, and not of the first order below it."""
    names = [cell.strip() for cell in cells]
    _check_names(place, names)
    for needed in ("symbol", "side"):
        if needed not in names:
            raise UsageError(f"{place}: the header has no column {needed!r}", hint=_BEGINS)
    return names


def _ndjson(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield f"line {number}", _object(f"line {number}", from_json(line, what=f"line {number}: it"))


def _array(text: str) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, row in enumerate(from_json(text, what="the file"), 1):
        yield f"order {number}", _object(f"order {number}", row)


def _object(place: str, row: Any) -> Mapping[str, str]:
    if not isinstance(row, dict):
        raise UsageError(f"{place}: it is not an object")
    names = [name.strip() for name in row]
    _check_names(place, names)
    values = zip(names, row.values(), strict=True)
    return {name: _plain(place, name, value) for name, value in values if value is not None}


def _check_names(place: str, names: Sequence[str]) -> None:
    for name in names:
        if name not in COLUMNS:
            raise UsageError(f"{place}: there is no column {name!r}", hint="the columns are " + " ".join(COLUMNS))
        if names.count(name) > 1:
            raise UsageError(f"{place}: column {name} is there twice", hint="which of the two is meant? Leave one out")


def _plain(place: str, name: str, value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return value
    raise UsageError(f"{place}: {name} is neither text, a number nor true or false")


def _line(place: str, row: Mapping[str, str]) -> OrderLine:
    given = {name: value.strip() for name, value in row.items()}
    if not given.get("symbol"):
        raise UsageError(f"{place}: it has no symbol")
    size, quote, price, tp, sl, oid, tag, tp_limit, sl_limit, risk = (
        given.get(name) or None
        for name in ("size", "quote", "price", "tp", "sl", "client_oid", "tag", "tp_limit", "sl_limit", "risk")
    )
    return OrderLine(
        place,
        given["symbol"],
        _choice(place, given, "side", Direction) or _no_side(place),
        OrderInput(
            size,
            quote,
            price,
            tif=_choice(place, given, "tif", TimeInForce),
            closing=_flag(place, given, "reduce_only") or _flag(place, given, "close"),
            margin_mode=_choice(place, given, "margin_mode", MarginMode),
            tp=tp,
            sl=sl,
            client_oid=oid,
            tag=tag,
            trigger_by=_choice(place, given, "trigger_by", TriggerBy),
            tp_limit=tp_limit,
            sl_limit=sl_limit,
            risk=risk,
        ),
    )


def _choice(place: str, given: Mapping[str, str], name: str, kind: type[Choice]) -> Choice | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        return kind(capitals(text, what=f"{place}: {name}").lower())
    except ValueError:
        raise UsageError(f"{place}: {name} {text!r} is not one of {', '.join(kind)}") from None


def _flag(place: str, given: Mapping[str, str], name: str) -> bool:
    text = given.get(name, "").lower()
    if text not in _FLAGS:
        raise UsageError(f"{place}: {name} {text!r} is neither true nor false")
    return _FLAGS[text]


def _no_side(place: str) -> Direction:
    raise UsageError(f"{place}: it has no side", hint="side is buy or sell")
