"""JSON text that goes out as it is: numbers keep the digits they were given."""

from __future__ import annotations

import json
from typing import Any


class Verbatim(str):
    """Data of an answer, already JSON."""

    __slots__ = ()


def with_numbers(record: dict[str, Any], **rows: list[tuple[str, ...]]) -> Verbatim:
    """An object whose `rows` are arrays of arrays of numbers, spelt exactly as given."""
    arrays = [f'"{name}":[{",".join("[" + ",".join(row) + "]" for row in given)}]' for name, given in rows.items()]
    rest = json.dumps(record, ensure_ascii=False, separators=(",", ":"))[1:]
    return Verbatim("{" + ",".join(arrays) + "," + rest)
