"""Client ids: ours, and the form that every engine of Bitget takes."""

from __future__ import annotations

import os
import re

from bitget_cli.errors import UsageError

# Bitget's pages contradict each other (32, 50 or 64 characters; with or without `:#+` and blanks): this all allow.
_VALID = re.compile(r"[0-9A-Za-z_-]{1,32}", re.ASCII)
_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_oid(milliseconds: int) -> str:
    """`b` and a ULID: 27 characters, in order of time, 80 bits of chance. `milliseconds` since the epoch."""
    number = milliseconds << 80 | int.from_bytes(os.urandom(10))
    return "b" + "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def checked(oid: str) -> str:
    """The client id as typed. Raises UsageError for one that Bitget may refuse."""
    if not _VALID.fullmatch(oid):
        raise UsageError(f"client id {oid!r} is not 1 to 32 letters, digits, dashes and underscores")
    return oid
