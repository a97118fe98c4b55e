"""An order book kept from a snapshot and the changes after it, and whether it can still be believed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum, auto
from itertools import chain, zip_longest
from typing import Any
from zlib import crc32

# Digits as Bitget writes them, and the exponents in which Java writes what is very small.
_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?([Ee][+-]?1?[0-9])?", re.ASCII)
# Whole numbers compare faster than decimals and are as exact.
_PLACES = 50
_MOST_KNOWN = 20_000
_CHECKED_LEVELS = 25
# Bitget shows 500; what falls out of its window may stay in ours for a while, but not for ever.
_MOST_LEVELS = 20_000

Level = Sequence[str]
"""A price and a size, as the exchange wrote them."""


class Verdict(Enum):
    """What became of a push."""

    SNAPSHOT = auto()
    APPLIED = auto()
    OLD = auto()  # told before: nothing changed
    WAITING = auto()  # of no use before a snapshot
    BROKEN = auto()  # something between the last push and this one is missing
    RESTARTED = auto()  # the exchange counts anew, which it does after maintenance
    MISMATCH = auto()  # its checksum is of another book
    CROSSED = auto()  # the best bid is not below the best ask
    UNREADABLE = auto()

    @property
    def reason(self) -> str:
        """Why the book cannot be believed any longer, in the words of a gap; "" while it can."""
        return _REASON.get(self, "")


_REASON = {
    Verdict.BROKEN: "seq",
    Verdict.RESTARTED: "seq",
    Verdict.MISMATCH: "checksum",
    Verdict.CROSSED: "crossed",
    Verdict.UNREADABLE: "seq",
}


class Side:
    """One side, best first: levels by price, and the prices in order, touched only when a level comes or goes.

    One price may be spelt in several ways (`1.5`, `1.50`); it is one level, spelt as told last.
    """

    __slots__ = ("_falling", "_keys", "_known", "_levels", "_names")

    def __init__(self, *, falling: bool) -> None:
        self._falling = falling
        self._known: dict[str, int] = {}
        self.clear()

    def __len__(self) -> int:
        return len(self._names)

    @property
    def best(self) -> int | None:
        """The best price in units of 10⁻⁵⁰, to compare; None on an empty side."""
        return abs(self._keys[0]) if self._keys else None

    def top(self, count: int) -> list[Level]:
        """The best so many levels."""
        levels = self._levels
        return [levels[name] for name in self._names[:count]]

    def clear(self) -> None:
        self._levels: dict[str, Level] = {}
        self._keys: list[int] = []
        self._names: list[str] = []

    def merge(self, changes: Sequence[Level]) -> None:
        """New sizes by price; zero takes a level away. Raises ValueError, TypeError or LookupError for no level."""
        levels = self._levels
        for level in changes:
            name, size = level[0], level[1]
            # The first digit settles it for most sizes.
            gone = not "0" < size[0] <= "9" and _is_zero(size)
            if name in levels and not gone:
                levels[name] = level
            else:
                self._come_or_go(name, level, gone=gone)

    def _come_or_go(self, name: str, level: Level, *, gone: bool) -> None:
        key = self._known.get(name) or self._key(name)
        place = bisect_left(self._keys, key)
        if place < len(self._keys) and self._keys[place] == key:
            del self._levels[self._names[place]]
            if gone:
                del self._keys[place], self._names[place]
                return
            self._names[place] = name
        elif gone:
            return
        elif place >= _MOST_LEVELS:
            raise ValueError("too many levels")
        else:
            self._keys.insert(place, key)
            self._names.insert(place, name)
        self._levels[name] = level

    def _key(self, name: str) -> int:
        """The exact price to sort by; bids are negated, so that both sides ascend."""
        whole, _, part = format(Decimal(_number(name)), "f").partition(".")
        key = int(whole + part.ljust(_PLACES, "0"))
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        key = self._known[name] = -key if self._falling else key
        return key


class Book:
    """A book of one connection: `apply` takes the pushes in, `top` is what may be shown while `is_live`.

    `seq` is the last sequence number and `ts` the time of the last push, as the exchange wrote them. `is_verified`
    says that every change since the snapshot followed on the one before.
    """

    __slots__ = ("asks", "bids", "is_live", "is_verified", "seq", "ts")

    def __init__(self) -> None:
        self.bids, self.asks = Side(falling=True), Side(falling=False)
        self.is_live = self.is_verified = False
        self.seq: int | None = None
        self.ts: Any = None

    def apply(self, data: Mapping[str, Any], *, snapshot: bool) -> Verdict:
        """Takes a push in; one whose verdict has a `reason` leaves the book to wait for the next snapshot."""
        try:
            verdict = self._begin(data) if snapshot else self._go_on(data)
        except (ValueError, TypeError, LookupError, AttributeError):
            verdict = Verdict.UNREADABLE
        if verdict in _REASON:
            self.is_live = False
        return verdict

    def doubt(self) -> None:
        """Believes nothing until the next snapshot."""
        self.is_live = False

    def top(self, count: int) -> dict[str, Any]:
        """The best so many levels a side as the data of a push; `checked` is verified or unverified."""
        checked = "verified" if self.is_verified else "unverified"
        bids, asks = self.bids.top(count), self.asks.top(count)
        return {"asks": asks, "bids": bids, "seq": self.seq, "ts": self.ts, "checked": checked}

    def checksum(self) -> int:
        """CRC-32 over the best 25 levels as they were written, bid and ask in turn; the exchange's is signed."""
        pairs = zip_longest(self.bids.top(_CHECKED_LEVELS), self.asks.top(_CHECKED_LEVELS))
        text = ":".join(f"{level[0]}:{level[1]}" for level in chain.from_iterable(pairs) if level)
        unsigned = crc32(text.encode())
        return unsigned - (1 << 32) if unsigned >= 1 << 31 else unsigned

    def _begin(self, data: Mapping[str, Any]) -> Verdict:
        self.is_live = False
        self.bids.clear()
        self.asks.clear()
        self._merge(data)
        self.seq = _whole(data.get("seq"))
        self.is_verified = self.seq is not None
        self.is_live = True
        return Verdict.CROSSED if self._is_crossed() else Verdict.SNAPSHOT

    def _go_on(self, data: Mapping[str, Any]) -> Verdict:
        """The rule that held for every one of 180 000 captured changes: each names the one before.

        Changes of one price inside an interval are left out, so one that starts before our state cannot be used.
        """
        if not self.is_live:
            return Verdict.WAITING
        seq, before = _whole(data.get("seq")), _whole(data.get("pseq"))
        if before == 0:
            return Verdict.RESTARTED
        if self.seq is None or seq is None or before is None:
            self.is_verified = False
        elif seq <= self.seq:
            return Verdict.OLD
        elif before != self.seq:
            return Verdict.BROKEN
        self._merge(data)
        self.seq = seq
        return self._judged(data.get("checksum"))

    def _merge(self, data: Mapping[str, Any]) -> None:
        self.bids.merge(data["bids"])
        self.asks.merge(data["asks"])
        self.ts = data.get("ts")

    def _judged(self, checksum: Any) -> Verdict:
        if self._is_crossed():
            return Verdict.CROSSED
        # Bitget stopped sending it in 2026, and 0 means none; where it is sent it is right.
        if checksum and type(checksum) is int and checksum != self.checksum():
            return Verdict.MISMATCH
        return Verdict.APPLIED

    def _is_crossed(self) -> bool:
        bid, ask = self.bids.best, self.asks.best
        return bid is not None and ask is not None and bid >= ask


def _is_zero(size: str) -> bool:
    """Whether a size that does not begin with 1 to 9 is nothing: `0`, `0.000`, `0E-8`."""
    return not size.strip("0.") or Decimal(_number(size)) == 0


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError("no number")
    return text


def _whole(number: Any) -> int | None:
    """A sequence number, which some pages write as text; it can be larger than a double tells apart."""
    if type(number) is int or number is None:
        return number
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 30:
        return int(number)
    raise ValueError("no sequence number")
