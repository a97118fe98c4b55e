"""Cells of a CSV file that a spreadsheet may open: no text is a formula, no number is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable

# What a spreadsheet may take for a formula, also behind blanks, controls and invisible characters, or typed full-width.
_FORMULA = re.compile(
    r"[\t\r]|[\s\x00-\x20\u200b-\u200f\u2060-\u2064\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]",
)
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", re.ASCII)
# Nothing may break a row, steer a terminal, or fail to be written: C0, DEL, C1, bidi and line controls, surrogates.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def line(cells: Iterable[str]) -> str:
    """One row by RFC 4180."""
    return ",".join([cell if cell.isalnum() else _quoted(_safe(cell)) for cell in cells]) + "\r\n"


def _safe(text: str) -> str:
    if not text[:1].isalnum() and _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        text = "'" + text
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def _quoted(text: str) -> str:
    """Line ends are escapes by now."""
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text
