"""How Bitget wraps success and failure, and what each of its codes means.

Every answer of the v2 API, good or bad, is one JSON object:

    {"code": "00000", "msg": "success", "requestTime": 1767225600123, "data": …}

`code` is a string and only "00000" is success; the HTTP status does not decide, since refusals come with 400 and now
and then with 200. `requestTime` is the server's clock in milliseconds. `data` may be an object, an array, an array of
arrays, a string or null, and is missing or null on failure. A few spot samples say `message` instead of `msg`.
Source: Bitget's error lists of August and December 2025, the codes its clients have met since, and the lists of
order outcomes that must be looked up. An unknown error, a time-out or a fault of the system counts as ambiguous.

The table is read when a code is first asked for: a call that succeeds never loads it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

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


class RefusedFor(StrEnum):
    """How things stand, where a code refuses for that: the very same request, delivered before, may have made it so.

    Which engine answers with which code no page tells.
    """

    MONEY = "money"  # too little: what is missing may be what it took
    POSITION = "position"  # too little of one, or none: it may have closed it, or promised it to itself
    FULL = "full"  # as many orders, or as much of one, as there may be: it may be the last of them
    QUOTA = "quota"  # what may be bought, sold, converted or moved in a day: it may have used it up
    BOOK = "book"  # nothing on the other side: it may have taken it
    TOO_SOON = "too_soon"  # after another one: that may have been itself
    ALREADY = "already"  # done, under way or over: by itself, perhaps
    FAILED = "failed"  # and no word of why


class Code(NamedTuple):
    """One code: Bitget's message template ({0} are its gaps) and what to do about it; "" where unknown."""

    code: str
    meaning: Meaning
    message: str
    advice: str
    refused_for: RefusedFor | None = None  # None for one refused for its own words


_TABLE = "error_codes.tsv"


def code(text: str) -> Code:
    """What a REST code means; Meaning.UNKNOWN for one that is on no list."""
    return _known("rest").get(text) or Code(text, Meaning.UNKNOWN, "", "")


def stream_code(text: str) -> Code:
    """What a code of the WebSocket streams means."""
    return _known("stream").get(text) or Code(text, Meaning.UNKNOWN, "", "")


def codes() -> tuple[Code, ...]:
    """Every known REST code."""
    return tuple(_known("rest").values())


def stream_codes() -> tuple[Code, ...]:
    """Every known code of the streams."""
    return tuple(_known("stream").values())


@cache
def _known(api: str) -> dict[str, Code]:
    """The codes of one API, a line of the table each, with tabs between its columns."""
    known = {}
    for line in Path(__file__).with_name(_TABLE).read_text(encoding="utf-8").splitlines():
        if line.startswith(f"{api}\t"):
            _, name, meaning, message, advice, *refused_for = line.split("\t")
            known[name] = Code(name, Meaning(meaning), message, advice, *map(RefusedFor, refused_for))
    return known
