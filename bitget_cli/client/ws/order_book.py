"""An order book kept from a snapshot and its changes: sequence and checksum, and what is shown of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum, auto
from itertools import chain, islice, zip_longest
from threading import Lock
from typing import Any
from zlib import crc32

from bitget_cli.catalogue.channels import Kept
from bitget_cli.client.ws.channels import DROPPED, FINE, WHOLE, ApplyResult, PushBuilder, ReceivedAt, milliseconds_in
from bitget_cli.stream_events import Push

Level = Sequence[str]
"""A price and a size, as the exchange wrote them."""

# Digits as Bitget writes them, and the exponents in which Java writes what is very small.
_NUMBER = re.compile(r"[0-9]{1,30}(\.[0-9]{1,30})?([Ee][+-]?1?[0-9])?", re.ASCII)
# Whole numbers compare faster than decimals and are as exact.
_PLACES = 50
# Places without a level that may be left, on the whole and before the best.
_MOST_LEFT = 1_000
_MOST_LEFT_BEFORE = 20
# Bitget shows 500; what falls out of its window may stay in ours for a while, but not for ever.
_MOST_LEVELS = 20_000


class BookSide:
    """One side, best first: levels by price, and the prices in order.

    A level that goes leaves its place behind, since most come back: the sorted list is touched only for a price that
    was not there before. One price may be spelt in several ways (`1.5`, `1.50`); it is one level, spelt as told last.
    """

    __slots__ = ("_falling", "_keys", "_levels", "_names", "_placed")

    def __init__(self, *, falling: bool) -> None:
        self._falling = falling
        self.clear()

    def __len__(self) -> int:
        return len(self._levels)

    @property
    def best(self) -> int | None:
        """The best price in units of 10⁻⁵⁰, to compare; None on an empty side."""
        levels = self._levels
        for place, name in enumerate(self._names):
            if name in levels:
                if place > _MOST_LEFT_BEFORE:
                    self._tidy()
                return abs(self._placed[name])
        return None

    def top(self, count: int) -> list[Level]:
        """The best so many levels."""
        levels = self._levels
        return list(islice((levels[name] for name in self._names if name in levels), count))

    def clear(self) -> None:
        self._levels: dict[str, Level] = {}
        # Names and keys of all places in order, and the key of each name.
        self._names: list[str] = []
        self._keys: list[int] = []
        self._placed: dict[str, int] = {}

    def merge(self, changes: Sequence[Level]) -> None:
        """New sizes by price; zero takes a level away. Raises ValueError, TypeError or LookupError for no level."""
        levels, placed = self._levels, self._placed
        for level in changes:
            name, size = level[0], level[1]
            # The first digit or two settle it for most sizes; ":" follows "9".
            stays = "1" <= size < ":" or "0.1" <= size < "0.:" or (size != "0" and not _is_zero(size))
            if name not in placed:
                self._place(name, level, stays=stays)
            elif stays:
                levels[name] = level
            else:
                levels.pop(name, None)

    def _place(self, name: str, level: Level, *, stays: bool) -> None:
        """Finds room for a name not met before, which may be another spelling of a price that was."""
        key = self._key(name)
        place = bisect_left(self._keys, key)
        if place < len(self._keys) and self._keys[place] == key:
            old = self._names[place]
            self._levels.pop(old, None)
            del self._placed[old]
            self._names[place] = name
        elif not stays:
            return
        elif len(self._levels) >= _MOST_LEVELS:
            raise ValueError("too many levels")
        else:
            self._keys.insert(place, key)
            self._names.insert(place, name)
        self._placed[name] = key
        if stays:
            self._levels[name] = level
        if len(self._names) > 2 * len(self._levels) + _MOST_LEFT:
            self._tidy()

    def _tidy(self) -> None:
        """Gives up the places of levels that are gone."""
        self._names = [name for name in self._names if name in self._levels]
        self._keys = [self._placed[name] for name in self._names]
        gone = [name for name in self._placed if name not in self._levels]
        for name in gone:
            del self._placed[name]

    def _key(self, name: str) -> int:
        """The exact price to sort by; bids are negated, so that both sides ascend."""
        key = _exact(name)
        return -key if self._falling else key


def price_key(text: Any) -> int | None:
    """A price in the units of `Side.best`; None for nothing and for what is no price."""
    try:
        return _exact(text) or None
    except (ValueError, TypeError):
        return None


def _exact(text: str) -> int:
    whole, _, part = format(Decimal(_number(text)), "f").partition(".")
    return int(whole + part.ljust(_PLACES, "0"))


def _is_zero(size: str) -> bool:
    """Whether a size that does not begin with 1 to 9 is nothing: `0`, `0.000`, `0E-8`."""
    rest = size.strip("0.")
    if not rest and "0" in size:
        return True
    return not "1" <= rest < ":" and Decimal(_number(size)) == 0


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError("no number")
    return text


_CHECKED_LEVELS = 25


class BookUpdate(Enum):
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
    BookUpdate.BROKEN: "seq",
    BookUpdate.RESTARTED: "seq",
    BookUpdate.MISMATCH: "checksum",
    BookUpdate.CROSSED: "crossed",
    BookUpdate.UNREADABLE: "seq",
}
_APPLIED = BookUpdate.APPLIED


class OrderBook:
    """A book of one connection: `apply` takes the pushes in, `top` is what may be shown while `is_live`.

    `seq` is the last sequence number and `ts` the time of the last push, as the exchange wrote them. `is_verified`
    says that every change since the snapshot followed on the one before.
    """

    __slots__ = ("asks", "bids", "is_live", "is_verified", "seq", "ts")

    def __init__(self) -> None:
        self.bids, self.asks = BookSide(falling=True), BookSide(falling=False)
        self.is_live = self.is_verified = False
        self.seq: int | None = None
        self.ts: Any = None

    def apply(self, data: Mapping[str, Any], *, snapshot: bool) -> BookUpdate:
        """Takes a push in; one whose update has a `reason` leaves the book to wait for the next snapshot."""
        try:
            update = self._begin(data) if snapshot else self._go_on(data)
        except (ValueError, TypeError, LookupError, AttributeError):
            update = BookUpdate.UNREADABLE
        # Nearly all are applied, and to look a member up takes time.
        if update is not _APPLIED and update in _REASON:
            self.is_live = False
        return update

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

    def _begin(self, data: Mapping[str, Any]) -> BookUpdate:
        self.is_live = False
        self.bids.clear()
        self.asks.clear()
        self._merge(data)
        self.seq = _whole(data.get("seq"))
        self.is_verified = self.seq is not None
        self.is_live = True
        return BookUpdate.CROSSED if self._is_crossed() else BookUpdate.SNAPSHOT

    def _go_on(self, data: Mapping[str, Any]) -> BookUpdate:
        """The rule that held for every one of 180 000 captured changes: each names the one before.

        Changes of one price inside an interval are left out, so one that starts before our state cannot be used.
        """
        if not self.is_live:
            return BookUpdate.WAITING
        seq, before = _whole(data.get("seq")), _whole(data.get("pseq"))
        if before == 0:
            return BookUpdate.RESTARTED
        if self.seq is None or seq is None or before is None:
            self.is_verified = False
        elif seq <= self.seq:
            return BookUpdate.RESTARTED if self._counts_anew(data, seq, before) else BookUpdate.OLD
        elif before != self.seq:
            return BookUpdate.BROKEN
        self._merge(data)
        self.seq = seq
        return self._judged(data.get("checksum"))

    def _counts_anew(self, data: Mapping[str, Any], seq: int, before: int) -> bool:
        """Whether a change with a lower number is a later one all the same; what changes nothing may be either.

        A repetition has the time of the first telling, and never names our last number as the one before its own.
        """
        if not (data["bids"] or data["asks"]):
            return False
        sent_at, known = milliseconds_in(data.get("ts")), milliseconds_in(self.ts)
        return seq < before == self.seq or (sent_at is not None and known is not None and sent_at > known)

    def _merge(self, data: Mapping[str, Any]) -> None:
        self.bids.merge(data["bids"])
        self.asks.merge(data["asks"])
        self.ts = data.get("ts")

    def _judged(self, checksum: Any) -> BookUpdate:
        if self._is_crossed():
            return BookUpdate.CROSSED
        # Bitget stopped sending it in 2026, and 0 means none; where it is sent it is right.
        if checksum and type(checksum) is int and checksum != self.checksum():
            return BookUpdate.MISMATCH
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


_FAULTS = {update: ApplyResult(fault=update.reason) for update in BookUpdate if update.reason}
# By far the most; a name of the module is found sooner than a member of an enumeration.
_IS_APPLIED, _IS_SNAPSHOT = BookUpdate.APPLIED, BookUpdate.SNAPSHOT
# For so long (ms) the exchange may say nothing but what was told before.
_LONGEST_REPETITION = 5_000


class DepthState:
    """One market's depth. The push is made when somebody takes it, so a slow reader costs nothing.

    A book known to be wrong is never told: what waits is nothing then, and comes anew with the next snapshot.
    """

    def __init__(self, builder: PushBuilder, levels: int) -> None:
        self._builder, self._levels = builder, levels
        # Whole pushes have a number, but nothing to check it by.
        self._is_chained = builder.channel.kept is Kept.BOOK
        self._book = OrderBook()
        self._lock = Lock()
        self._moment = ReceivedAt(None, 0)
        self._changes = 0
        self._has_snapshot = False
        self._waiting: _Top | None = None
        # Since when (ms of our clock) nothing came but repetitions.
        self._repeats_since: int | None = None
        self._is_contradicted = False

    def take(self, rows: Sequence[Any], received: ReceivedAt) -> ApplyResult:
        outcome = DROPPED
        for data in rows:
            snapshot = received.snapshot or not self._is_chained
            with self._lock:
                update = self._book.apply(data, snapshot=snapshot)
                if update is _IS_APPLIED or update is _IS_SNAPSHOT:
                    self._repeats_since = None
                    self._moment = received
                    self._changes += 1
                    self._has_snapshot |= snapshot
                    if self._waiting is None:
                        self._waiting = _Top(self)
                        self._builder.queue.later(self._waiting)
                    outcome = FINE if update is _IS_APPLIED else WHOLE
                    continue
                if update is BookUpdate.OLD and self._repeats_too_long(received.received):
                    self._book.doubt()
                    update = BookUpdate.RESTARTED
                if update in _FAULTS:
                    self._forget()
            outcome = _FAULTS.get(update, outcome)
        return outcome

    def doubt(self) -> None:
        with self._lock:
            self._book.doubt()
            self._forget()

    def best(self) -> tuple[int | None, int | None]:
        """The best bid and ask now, as numbers to compare; None for an empty side, or a book that waits."""
        with self._lock:
            return (self._book.bids.best, self._book.asks.best) if self._book.is_live else (None, None)

    def contradicted(self, *, still: bool) -> None:
        """Whether the ticker says otherwise even of a book just fetched: it is shown, but not as verified."""
        self._is_contradicted = still

    def made(self, top: _Top) -> Push | None:
        """The best levels as they are now; None for what was to be told before the book was doubted."""
        with self._lock:
            if top is not self._waiting:
                return None
            changes, snapshot, received = self._changes, self._has_snapshot, self._moment
            self._forget()
            row = self._book.top(self._levels)
        if not self._is_chained or self._is_contradicted:
            row["checked"] = "unverified"
        push = self._builder.push(row, received._replace(snapshot=snapshot))
        return push._replace(conflated=changes - 1) if changes > 1 else push

    def _repeats_too_long(self, now: int) -> bool:
        """Whether what looks like a repetition must be something else by now: numbers begun anew, most likely."""
        if self._repeats_since is None:
            self._repeats_since = now
        return now - self._repeats_since >= _LONGEST_REPETITION

    def _forget(self) -> None:
        self._waiting, self._changes, self._has_snapshot = None, 0, False


class _Top:
    """A place in the mailbox where the top of a book is to be told."""

    __slots__ = ("_depth",)

    def __init__(self, depth: DepthState) -> None:
        self._depth = depth

    def push(self) -> Push | None:
        return self._depth.made(self)
