"""How the paper exchange says no, and JSON that keeps the digits it was given."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Codes and sentences are those of Bitget's own list (v2 REST error codes).


class RefusedError(Exception):
    """An answer of the paper exchange other than success; `status` is the HTTP status it travels with."""

    def __init__(self, code: str, msg: str, *, status: int = 400) -> None:
        super().__init__(f"{code} {msg}")
        self.code = code
        self.msg = msg
        self.status = status


def missing(name: str) -> RefusedError:
    return RefusedError("40019", f"Parameter {name} cannot be empty")


def wrong(name: str) -> RefusedError:
    return RefusedError("40020", f"Parameter {name} error")


def unknown(value: str) -> RefusedError:
    """A symbol, coin or product that is not there."""
    return RefusedError("40034", f"Parameter {value} does not exist")


def malformed() -> RefusedError:
    """A body that is not the JSON it should be."""
    return RefusedError("40409", "wrong format")


def unchecked(what: str) -> RefusedError:
    """A parameter that fails a rule; Bitget's text says which."""
    return RefusedError("40808", f"Parameter verification exception {what}")


def out_of_range(name: str, least: int, most: int) -> RefusedError:
    return RefusedError("40053", f"Value range verification failed: {name} should be between {least} and {most}")


def too_long(days: int) -> RefusedError:
    return RefusedError("00001", f"startTime and endTime interval cannot be greater than {days} days")


def backwards() -> RefusedError:
    return RefusedError("40707", "Start time is greater than end time")


def too_old() -> RefusedError:
    return RefusedError("40704", "Can only check the data of the last three months")


def no_such_path() -> RefusedError:
    return RefusedError("40404", "Request URL NOT FOUND", status=404)


def not_learnt(what: str) -> RefusedError:
    """A parameter whose meaning the paper exchange does not know how to keep."""
    return RefusedError("40404", f"{what} is not offered by the paper exchange", status=404)


def not_offered(path: str) -> RefusedError:
    """A path that Bitget has and the paper exchange has not learnt: no answer is better than an invented one."""
    return RefusedError("40404", f"{path} is not offered by the paper exchange", status=404)


class Verbatim(str):
    """Data of an answer, already JSON."""

    __slots__ = ()


def reworded(row: Mapping[str, Any], names: str) -> dict[str, Any]:
    """The fields of a row that are named, in that order; `new=old` is one under another name."""
    pairs = [name.partition("=") for name in names.split()]
    return {new: row[old or new] for new, _, old in pairs}


def with_numbers(record: dict[str, Any], **rows: Iterable[Sequence[str]]) -> Verbatim:
    """An object whose `rows` are arrays of arrays of numbers, spelt exactly as given."""
    arrays = [f'"{name}":[{",".join("[" + ",".join(row) + "]" for row in given)}]' for name, given in rows.items()]
    rest = json.dumps(record, ensure_ascii=False, separators=(",", ":"))[1:]
    return Verbatim("{" + ",".join(arrays) + "," + rest)
