"""An order book kept from a snapshot and the changes after it, and whether it can still be believed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from itertools import chain, zip_longest
from typing import Any
from zlib import crc32

from bitget_cli.client.book_side import Side
from bitget_cli.client.telling import milliseconds_in

_CHECKED_LEVELS = 25


class Verdict(Enum):
    """What became of a push."""

    SNAPSHOT = auto()
    APPLIED = auto()
    OLD = auto()  # told before: nothing changed
    WAITING = auto()  # of no use before a snapshot
    BROKEN = auto()  # something between the last push and this one is missing
    RESTARTED = auto()  # the exchange counts anew, from nothing or from a lower number, as it does after maintenance
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
_APPLIED = Verdict.APPLIED


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
        # Nearly all are applied, and to look a member up takes time.
        if verdict is not _APPLIED and verdict in _REASON:
            self.is_live = False
        return verdict

    def doubt(self) -> None:
        """Believes nothing until the next snapshot."""
        self.is_live = False

    def best_keys(self) -> tuple[int | None, int | None]:
        """The best bid and ask as numbers to compare (`book_side.price_key`); None for an empty side."""
        return self.bids.best, self.asks.best

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
            return Verdict.RESTARTED if self._counts_anew(data, seq, before) else Verdict.OLD
        elif before != self.seq:
            return Verdict.BROKEN
        self._merge(data)
        self.seq = seq
        return self._judged(data.get("checksum"))

    def _counts_anew(self, data: Mapping[str, Any], seq: int, before: int) -> bool:
        """Whether a change with a lower number is a later one all the same; what changes nothing may be either.

        A repetition has the time of the first telling, and never names our last number as the one before its own.
        """
        if not (data["bids"] or data["asks"]):
            return False
        told, known = milliseconds_in(data.get("ts")), milliseconds_in(self.ts)
        return seq < before == self.seq or (told is not None and known is not None and told > known)

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
        return _APPLIED

    def _is_crossed(self) -> bool:
        bid, ask = self.bids.best, self.asks.best
        return bid is not None and ask is not None and bid >= ask


def _whole(number: Any) -> int | None:
    """A sequence number, which some pages write as text; it can be larger than a double tells apart."""
    if type(number) is int or number is None:
        return number
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 30:
        return int(number)
    raise ValueError("no sequence number")
