"""Exact JSON, NDJSON, CSV and TSV."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.output.plain import to_json, write_csv, write_json, write_ndjson, write_tsv
from bitget_cli.output.render import show
from bitget_cli.results import Rows
from bitget_cli.values import WireNumber

FIELDS = (Field("symbol"), Field("price", kind=FieldKind.NUMBER))


def parsed(text: str) -> Any:
    return json.loads(text, parse_float=WireNumber, parse_int=WireNumber)


def typed(value: Any) -> Any:
    """The value with numbers told apart from texts of the same digits."""
    if isinstance(value, dict):
        return {key: typed(part) for key, part in value.items()}
    if isinstance(value, list):
        return [typed(part) for part in value]
    return (type(value).__name__, value)


numbers = st.from_regex(r"\A-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?\Z").map(WireNumber)
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(st.characters()),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(st.characters()), part, max_size=4),
    max_leaves=20,
)


@given(anything, st.booleans())
def test_what_was_parsed_is_printed_and_parsed_again_the_same(value: Any, indent: bool) -> None:
    text = to_json(value, indent=indent)
    assert typed(parsed(text)) == typed(value)
    assert text.isascii()
    assert text.replace("\n", "").isprintable()


@given(anything)
def test_indented_json_is_laid_out_as_the_standard_library_does(value: Any) -> None:
    def margins(text: str) -> list[int]:
        return [len(line) - len(line.lstrip()) for line in text.splitlines()]

    assert margins(to_json(value, indent=True)) == margins(json.dumps(value, indent=2))


@pytest.mark.parametrize("digits", ["1.10", "-0", "0.000000000000000000001", "123456789012345678901234567890", "1E-7"])
def test_a_number_keeps_its_own_digits(digits: str) -> None:
    assert to_json(parsed(f'{{"price": {digits}}}')) == f'{{"price":{digits}}}'


def test_the_order_of_keys_is_kept() -> None:
    assert to_json({"z": "1", "a": "2"}) == '{"z":"1","a":"2"}'


def test_a_float_is_refused_because_its_digits_are_not_the_ones_sent() -> None:
    with pytest.raises(TypeError, match="float"):
        to_json({"price": 0.1})


@pytest.mark.parametrize(
    ("items", "indent", "text"),
    [
        ([], False, "[]\n"),
        ([], True, "[]\n"),
        ([{"a": "1"}], False, '[{"a":"1"}]\n'),
        ([{"a": "1"}, {"a": "2"}], False, '[{"a":"1"},\n{"a":"2"}]\n'),
        ([["1"], []], True, '[\n  [\n    "1"\n  ],\n  []\n]\n'),
    ],
)
def test_an_array_is_written_row_by_row(items: list[Any], indent: bool, text: str) -> None:
    out = io.StringIO()
    write_json(items, out=out, indent=indent)
    assert out.getvalue() == text


def test_a_line_of_ndjson_is_a_row() -> None:
    out = io.StringIO()
    write_ndjson([{"a": "line\nbreak"}, ["1"]], out=out)
    assert out.getvalue() == '{"a":"line\\nbreak"}\n["1"]\n'


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("BTCUSDT", "BTCUSDT"),
        ("-0.5", "-0.5"),
        ("+1", "+1"),
        ("-1e-7", "-1e-7"),
        (WireNumber("-3"), "-3"),
        (None, ""),
        (True, "true"),
        ({"a": WireNumber("1")}, '"{""a"":1}"'),
        ("a,b", '"a,b"'),
        ('say "hi"', '"say ""hi"""'),
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\u3000\uff1d1", "'\u3000\uff1d1"),
        ("\u200b=1", "'\\u200b=1"),
        ("\t1", "'\\t1"),
        ("\r1", "'\\r1"),
        ("-٣", "'-٣"),
        ("two\nlines", "two\\nlines"),
        ("nul\x00", "nul\\x00"),
    ],
)
def test_a_csv_cell(value: Any, cell: str) -> None:
    out = io.StringIO()
    write_csv([{"symbol": value, "price": "1"}], FIELDS, out=out)
    assert out.getvalue() == f"symbol,price\r\n{cell},1\r\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("-0.5", "-0.5"),
        (None, ""),
        ("a\tb", "a\\tb"),
        ("a\nb", "a\\nb"),
        ("a\\nb", "a\\\\nb"),
        ("\x1b[31m", "\\x1b[31m"),
        ("x" * 10_000, "x" * 10_000),
        (["BTC", WireNumber("1")], '["BTC",1]'),
    ],
)
def test_a_tsv_cell(value: Any, cell: str) -> None:
    out = io.StringIO()
    write_tsv([{"symbol": value, "price": "1"}], FIELDS, out=out)
    assert out.getvalue() == f"{cell}\t1\n"


@given(st.lists(st.lists(st.text(st.characters()), min_size=3, max_size=3), max_size=5))
def test_csv_read_by_the_csv_module_has_the_same_rows_and_one_line_each(rows: list[list[str]]) -> None:
    out = io.StringIO()
    columns = tuple(Field(name, place=place) for place, name in enumerate("abc"))
    write_csv(rows, columns, out=out)
    read = list(csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True))
    assert [len(row) for row in read] == [3] * (len(rows) + 1)
    assert out.getvalue().count("\n") == len(rows) + 1


def test_an_array_row_is_read_by_place_and_a_short_one_has_empty_cells() -> None:
    out = io.StringIO()
    write_tsv([["1", "2"], ["3"]], (Field("open", place=0), Field("close", place=1)), out=out)
    assert out.getvalue() == "1\t2\n3\t\n"


@pytest.mark.parametrize("form", ["json", "ndjson", "csv", "tsv"])
def test_memory_does_not_grow_with_the_number_of_rows(form: str) -> None:
    class Nowhere(io.TextIOBase):
        def write(self, text: str, /) -> int:
            return len(text)

    def rows() -> Iterator[dict[str, str]]:
        for number in range(10_000):
            yield {"symbol": f"COIN{number}", "price": f"{number}.5"}

    out: Any = Nowhere()
    many = Rows(rows(), FIELDS)
    tracemalloc.start()
    show(many, form=form, fields=None, out=out, terminal=False, color=False)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500_000
