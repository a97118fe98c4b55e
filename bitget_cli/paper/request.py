"""Reading a request's parameters as strictly as Bitget does; keys nobody asked for are ignored."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bitget_cli.paper import answers
from bitget_cli.paper.instruments import PaperInstrument, instrument, listed
from bitget_cli.values import Product

DAY_MS = 86_400_000
# Demo products of an older kind; Bitget still accepts their names and clients still ask.
_RETIRED = ("SUSDT-FUTURES", "SUSDC-FUTURES", "SCOIN-FUTURES")
_FUTURES = {product.wire: product for product in Product if not product.is_spot}


class Query:
    """The parameters of one request. An empty value counts as not sent."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given

    def maybe(self, name: str) -> str | None:
        value = self._given.get(name)
        if isinstance(value, (dict, list)):
            raise answers.wrong(name)
        return value or None

    def rows(self, name: str) -> list[Query] | None:
        """A list of objects of a body, each with what stands beside the list; None when it was not sent."""
        rows = self._given.get(name)
        if not rows:
            return None
        if isinstance(rows, str):
            rows = _parsed(rows)
        if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
            raise answers.wrong(name)
        beside = {key: value for key, value in self._given.items() if key != name}
        return [Query({**beside, **row}) for row in rows]

    def row(self, name: str) -> Query:
        """An object of a body, or the only one of a list."""
        given = self._given.get(name)
        if not given:
            raise answers.missing(name)
        rows = given if isinstance(given, list) else [given]
        if len(rows) != 1 or not isinstance(rows[0], dict):
            raise answers.wrong(name)
        return Query(rows[0])

    def texts(self, name: str) -> list[str]:
        """A list of texts of a body."""
        rows = self._given.get(name) or []
        if not (isinstance(rows, list) and all(isinstance(row, str) for row in rows)):
            raise answers.wrong(name)
        return rows

    def text(self, name: str) -> str:
        value = self.maybe(name)
        if value is None:
            raise answers.missing(name)
        return value

    def choice(self, name: str, choices: Iterable[str], default: str | None = None) -> str:
        """One of the spellings Bitget lists; without `default` it must be sent."""
        value = self.text(name) if default is None else self.maybe(name) or default
        if value not in choices:
            raise answers.wrong(name)
        return value

    def names(self) -> Callable[[Any], bool]:
        """Whether an order or plan is the one that `orderId`, or else `clientOid`, names; one of them must be sent."""
        identity, client_oid = self.maybe("orderId"), self.maybe("clientOid")
        if identity is None and client_oid is None:
            raise answers.missing("orderId")
        return lambda record: str(record.id) == identity if identity else record.client_oid == client_oid

    def count(self, name: str, default: int, most: int) -> int:
        """A number of rows or a page, from 1 to `most`."""
        value = self._number(name)
        if value is None:
            return default
        if not 1 <= value <= most:
            raise answers.out_of_range(name, 1, most)
        return value

    def levels(self) -> int:
        """`limit` of a book a side: Bitget lists 1, 5, 15, 50 and max, and takes other numbers too."""
        return 200 if self.maybe("limit") == "max" else self.count("limit", 100, 1000)

    def time(self, name: str) -> int | None:
        """Milliseconds since the epoch."""
        return self._number(name)

    def _number(self, name: str) -> int | None:
        value = self.maybe(name)
        if value is None:
            return None
        if not (value.isascii() and value.isdigit() and len(value) <= 20):
            raise answers.wrong(name)
        return int(value)

    def times(self, *, days: int | None = None) -> tuple[int | None, int | None]:
        """`startTime` and `endTime`, in order and at most `days` apart when both are sent."""
        start, end = self.time("startTime"), self.time("endTime")
        if start is not None and end is not None:
            if start > end:
                raise answers.backwards()
            if days is not None and end - start > days * DAY_MS:
                raise answers.too_long(days)
        return start, end

    def futures(self) -> tuple[PaperInstrument, ...]:
        """All instruments of `productType`, in either case; none for the retired demo products."""
        name = self.text("productType").upper()
        if name in _RETIRED:
            return ()
        if name not in _FUTURES:
            raise answers.wrong("productType")
        return listed(_FUTURES[name])

    def line(self) -> str:
        """The product that `productType` names, as records know it: one that has none for the retired ones."""
        return next((each.product.value for each in self.futures()), "none")

    def product(self) -> Product:
        """The one `productType` names."""
        instruments = self.futures()
        if not instruments:
            raise answers.wrong("productType")
        return instruments[0].product

    def with_default(self, name: str, value: str) -> Query:
        """The same, with a value where none was sent."""
        return self if self.maybe(name) else Query({**self._given, name: value})

    def future(self) -> PaperInstrument:
        """The futures instrument that `productType` and `symbol` name."""
        symbol = self.text("symbol")
        return _named(symbol, self.futures())

    def chosen_futures(self) -> tuple[PaperInstrument, ...]:
        """The one `symbol` names, or all of `productType` without it."""
        symbol = self.maybe("symbol")
        instruments = self.futures()
        return (_named(symbol, instruments),) if symbol and instruments else instruments

    def spot(self) -> PaperInstrument:
        symbol = self.text("symbol")
        found = instrument(Product.SPOT, symbol)
        if found is None:
            raise answers.unknown(symbol)
        return found

    def chosen_spot(self) -> tuple[PaperInstrument, ...]:
        return (self.spot(),) if self.maybe("symbol") else listed(Product.SPOT)


def of_body(body: bytes, *, rows: bool = False) -> Query:
    """The parameters of a POST: a JSON object. Numbers keep the digits they were sent with.

    Where a bare array is allowed too, its `rows` are found under that name.
    """
    if not body:
        return Query({})
    parsed = _parsed(body)
    if rows and isinstance(parsed, list):
        parsed = {"rows": parsed}
    if not isinstance(parsed, dict):
        raise answers.malformed()
    return Query(parsed)


def _parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str, object_hook=_scalars_as_text)
    except ValueError:
        raise answers.malformed() from None


def _scalars_as_text(given: dict[str, Any]) -> dict[str, Any]:
    words = {True: "true", False: "false"}
    return {name: words[value] if isinstance(value, bool) else value for name, value in given.items()}


def _named(symbol: str, instruments: tuple[PaperInstrument, ...]) -> PaperInstrument:
    for each in instruments:
        if each.symbol == symbol.upper():
            return each
    raise answers.unknown(symbol)
