"""The book's channels: `books1`, `books5` and `books15` whole each time, `books` as a snapshot and what changes."""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import Any
from zlib import crc32

from bitget_cli.paper.book import Level
from bitget_cli.paper.desk import Desk
from bitget_cli.paper.instruments import Instrument
from bitget_cli.paper.streams.channels import SNAPSHOT, UPDATE, Push

TOPS = {"books1": 1, "books5": 5, "books15": 15}
_EVERY = {1: 0.1, 5: 0.15, 15: 0.15}
# Levels a side, and how many of them the checksum is over.
_DEPTH, _CHECKED = 200, 25
_SIGN = 1 << 31

Rows = list[list[str]]


class Top:
    """The best levels, whenever one of them has changed; the numbers of such a push stand alone."""

    def __init__(self, instrument: Instrument, levels: int) -> None:
        self.every = _EVERY[levels]
        self._instrument = instrument
        self._levels = levels
        self._sent: tuple[Rows, Rows] | None = None

    def look(self, desk: Desk) -> list[Push]:
        book = desk.book(self._instrument)
        sides = _rows(self._instrument, book.asks(self._levels)), _rows(self._instrument, book.bids(self._levels))
        if sides == self._sent:
            return []
        self._sent = sides
        return [(SNAPSHOT, [_push(sides[0], sides[1], desk, seq=_numbered(desk, 0), pseq=0)])]


class Depth:
    """200 levels a side, then what changes: sizes stand for themselves, 0 takes a level away.

    Every push names the one before it (`pseq`), and its checksum is over the book after it.
    """

    every = 0.2

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._asks: dict[int, int] = {}
        self._bids: dict[int, int] = {}
        self._seq = 0

    def look(self, desk: Desk) -> list[Push]:
        book = desk.book(self._instrument)
        asks, bids = book.asks(_DEPTH), book.bids(_DEPTH)
        more, less = _changed(self._asks, asks), _changed(self._bids, bids)
        if not (more or less):
            return []
        before, self._seq = self._seq, _numbered(desk, self._seq)
        self._asks, self._bids = dict(asks), dict(bids)
        rows = _rows(self._instrument, more), _rows(self._instrument, sorted(less, reverse=True))
        push = _push(*rows, desk, seq=self._seq, pseq=before)
        push["checksum"] = self._checksum(asks, bids) if before else 0
        return [(UPDATE if before else SNAPSHOT, [push])]

    def _checksum(self, asks: list[Level], bids: list[Level]) -> int:
        best = (_rows(self._instrument, side[:_CHECKED]) for side in (bids, asks))
        texts = chain.from_iterable(chain.from_iterable(pair) for pair in zip_longest(*best, fillvalue=()))
        number = crc32(":".join(texts).encode())
        return number - 2 * _SIGN if number >= _SIGN else number


def _changed(before: dict[int, int], now: list[Level]) -> list[Level]:
    """Levels that are new or have another size, and with size 0 those that are gone; by price."""
    gone = before.keys() - {price for price, _ in now}
    return sorted([level for level in now if before.get(level[0]) != level[1]] + [(price, 0) for price in gone])


def _numbered(desk: Desk, before: int) -> int:
    """The next number: larger than the one before, and telling roughly the time as Bitget's do."""
    return max(before + 1, desk.now * 1_000)


def _rows(instrument: Instrument, levels: list[Level]) -> Rows:
    return [[instrument.price(price), instrument.size(size)] for price, size in levels]


def _push(asks: Rows, bids: Rows, desk: Desk, *, seq: int, pseq: int) -> dict[str, Any]:
    return {"asks": asks, "bids": bids, "ts": str(desk.now), "seq": seq, "pseq": pseq}
