"""One side of an order book: its levels as they were written, and their order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

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


class Side:
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
