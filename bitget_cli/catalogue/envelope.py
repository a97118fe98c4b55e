"""How Bitget wraps success and failure, and what each of its codes means.

Every answer of the v2 API, good or bad, is one JSON object:

    {"code": "00000", "msg": "success", "requestTime": 1767225600123, "data": …}

`code` is a string and only "00000" is success; the HTTP status does not decide, since refusals come with 400 and now
and then with 200. `requestTime` is the server's clock in milliseconds. `data` may be an object, an array, an array of
arrays, a string or null, and is missing or null on failure. A few spot samples say `message` instead of `msg`.
Source: Bitget's error lists of August and December 2025, the codes its clients have met since, and the lists of
order outcomes that must be looked up. An unknown error, a time-out or a fault of the system counts as ambiguous.

The tables are read when a code is first asked for: a call that succeeds never loads them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import import_module

SUCCESS = "00000"


class Meaning(StrEnum):
    """What a code says about the call, which decides the exit status and whether to look before sending again."""

    OK = "ok"
    REFUSED = "refused"  # definitely not done: a rule, a parameter, the balance
    AMBIGUOUS = "ambiguous"  # a change may have been carried out all the same: look it up
    EXISTS = "exists"  # an order with this clientOid is there already: look it up
    CREDENTIALS = "credentials"  # the key, its permissions, its addresses or its environment
    CLOCK = "clock"  # the timestamp: nothing was done, set the clock and sign again
    RATE = "rate"  # too many calls: nothing was done, wait
    NOT_FOUND = "not_found"  # no such order or position; for a cancel, already final
    UNKNOWN = "unknown"  # a code on no list


@dataclass(frozen=True, slots=True)
class Code:
    """One code: Bitget's message template ({0} are its gaps) and what to do about it; "" where unknown."""

    code: str
    meaning: Meaning
    message: str
    advice: str


# The first code of each table. Codes are compared as numbers: "00001" and "429" are in the first.
_TABLES = {
    0: "codes_00000",
    40000: "codes_40000",
    40700: "codes_40700",
    40900: "codes_40900",
    45000: "codes_45000",
    50000: "codes_50000",
}
_STARTS = tuple(_TABLES)


def code(text: str) -> Code:
    """What a REST code means; Meaning.UNKNOWN for one that is on no list."""
    if text.isascii() and text.isdecimal() and len(text) <= 6:
        start = _STARTS[bisect_right(_STARTS, int(text)) - 1]
        known = _table(_TABLES[start]).get(text)
        if known is not None:
            return known
    return Code(text, Meaning.UNKNOWN, "", "")


def stream_code(text: str) -> Code:
    """What a code of the WebSocket streams means."""
    return _table("codes_stream").get(text) or Code(text, Meaning.UNKNOWN, "", "")


def codes() -> tuple[Code, ...]:
    """Every known REST code."""
    return tuple(known for table in _TABLES.values() for known in _table(table).values())


def stream_codes() -> tuple[Code, ...]:
    """Every known code of the streams."""
    return tuple(_table("codes_stream").values())


@cache
def _table(module: str) -> dict[str, Code]:
    text: str = import_module(f"bitget_cli.catalogue.{module}").TABLE
    return {known.code: known for known in map(_read, _lines(text))}


def _lines(text: str) -> Iterator[str]:
    """The entries of a table, each on one line: an indented line continues the one above."""
    return iter(text.strip().replace("\n    ", " ").splitlines())


def _read(line: str) -> Code:
    """One entry: "40006 [credentials] Invalid ACCESS_KEY => advice"; without a word in brackets it is a refusal."""
    name, _, rest = line.partition(" ")
    meaning = Meaning.REFUSED
    if rest.startswith("["):
        word, _, rest = rest[1:].partition("] ")
        meaning = Meaning(word)
    message, _, advice = rest.partition("=> ")
    return Code(name, meaning, message.rstrip(), advice)
