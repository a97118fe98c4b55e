"""Text an attacker chose, in every place it can reach the screen or a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import Any

import pytest

from bitget_cli.catalogue.model import Field, FieldKind
from bitget_cli.errors import RejectedError
from bitget_cli.output.render import show, show_failure
from bitget_cli.results import Done, Record, Rows
from bitget_cli.values import FORMS

_PARTS = [
    *(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x200D, 0x200E, 0x202E, 0x2066, 0x2028, 0xFEFF, 0xD800)),
    "\x1b[31m", "\x1b]8;;http://evil\x07", "\x1b]52;c;ZXZpbA==\x07", "\x9b2J", "\r\n", "[/red]", "[link=x]",
    "=HYPERLINK(1)", "+1", "-1", "@SUM", "\t=1", "\uff1d1", '"', ",", ";", "'", "\\", "e\u0301\u0301\u0301\u0301",
    "币", "🏴\u200d☠️", "BTC", "1.5", " ", "-0.5e3", "true", "1767225600000", "{", "}", "%s", "{0}",
]  # fmt: skip
_OUR_COLOURS = re.compile(r"\x1b\[(0|1|2|31|32|33|36|1;31)m")


def hostile(count: int) -> list[str]:
    chance = random.Random(7)
    return ["".join(chance.choices(_PARTS, k=chance.randint(1, 6))) for _ in range(count)]


def unsafe(text: str, *, line_ends: str = "\n") -> list[str]:
    rest = _OUR_COLOURS.sub("", text).translate({ord(end): None for end in line_ends})
    return re.findall("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]", rest)


@pytest.mark.parametrize("form", FORMS)
def test_ten_thousand_hostile_rows_print_nothing_but_our_own_colours(form: str) -> None:
    texts = hostile(10_000)
    kinds = list(FieldKind)
    fields = tuple(Field(f"f{place}", place=place, kind=kind) for place, kind in enumerate(kinds))
    width = len(fields)
    rows = [texts[at : at + width] for at in range(0, len(texts) - width, width)]
    out = io.StringIO(newline="")
    show(Rows(rows, fields, footer=texts[0]), form=form, fields=None, out=out, terminal=True, color=True)
    assert unsafe(out.getvalue(), line_ends="\r\n\t" if form in ("csv", "tsv") else "\n") == []
    if form == "csv":
        assert {len(row) for row in csv.reader(io.StringIO(out.getvalue(), newline=""), strict=True)} == {width}
    if form == "tsv":
        assert {line.count("\t") for line in out.getvalue().split("\n")[:-1]} == {width - 1}
    if form == "ndjson":
        assert [json.loads(line) for line in out.getvalue().splitlines()] == rows


def test_no_cell_of_csv_can_be_a_formula() -> None:
    out = io.StringIO(newline="")
    rows = [[text] for text in hostile(10_000)]
    show(Rows(rows, (Field("text", place=0),)), form="csv", fields=None, out=out, terminal=False, color=False)
    for [cell] in list(csv.reader(io.StringIO(out.getvalue(), newline="")))[1:]:
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r") or float(cell) <= float("inf")


@pytest.mark.parametrize("count", [2_000, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("as_json", [True, False])
def test_hostile_failures_print_nothing_but_our_own_colours(as_json: bool, count: int) -> None:
    err = io.StringIO()
    for text in hostile(count):
        error = RejectedError(f"refused: {text}", hint=text, code=text, msg=text, endpoint=text)
        show_failure(error, as_json=as_json, err=err, color=True)
    assert unsafe(err.getvalue()) == []


@pytest.mark.parametrize("form", FORMS)
def test_hostile_keys_and_nested_values_are_as_harmless(form: str) -> None:
    out = io.StringIO(newline="")
    for text in hostile(300):
        value: Any = {text: text, f"{text}.": {text: [text, {text: text}]}, "list": [{text: text}]}
        for result in (Record(value, ()), Rows([value], ()), Done(text, text, text, text, text, value)):
            show(result, form=form, fields=None, out=out, terminal=True, color=True)
    assert unsafe(out.getvalue(), line_ends="\r\n\t" if form in ("csv", "tsv") else "\n") == []


def test_a_million_characters_are_cut_in_a_table_and_in_an_error() -> None:
    out = io.StringIO()
    text = "\u0301e\x1b" * 333_333
    show(Rows([{"title": text}], ()), form="table", fields=None, out=out, terminal=False, color=False)
    show_failure(RejectedError("refused", msg=text), as_json=False, err=out, color=False)
    assert len(out.getvalue()) < 20_000
