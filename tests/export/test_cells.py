"""CSV that a spreadsheet may open: no formula runs, no number is touched, every row is one row."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bitget_cli.export.formats import line


@pytest.mark.parametrize("number", ["-0.5", "+1", "0", "-528e-6", "1402.118803", "-1E+3"])
def test_a_number_stays_as_it_came(number: str) -> None:
    assert line([number]) == f"{number}\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "\u200b=1",
        "\uff1d1",
        "--1",
        "-",
        "+1,5",
    ],
)
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert line([text]).lstrip('"').startswith("'")


@given(st.lists(st.text(max_size=20), min_size=2, max_size=5))
def test_a_row_is_one_line_with_its_cells(cells: list[str]) -> None:
    written = line(cells)
    written.encode()
    assert written.count("\n") == 1
    (read,) = csv.reader(io.StringIO(written, newline=""), strict=True)
    assert len(read) == len(cells)
    for cell, text in zip(read, cells, strict=True):
        assert not set(cell) & {chr(code) for code in (*range(32), *range(127, 160))}
        if text.isascii() and text.isalnum():
            assert cell == text


def test_quotes_and_commas_are_written_by_the_standard() -> None:
    assert line(['a "b"', "c,d", ""]) == '"a ""b""","c,d",\r\n'


@pytest.mark.parametrize("text", ["a\nb", "a\x1b[31m", "a\x00", "a\u202eb", "a\ud800"])
def test_controls_are_shown_and_not_written(text: str) -> None:
    assert "\\" in line([text])
    assert line([text]).rstrip("\r\n").isprintable()
