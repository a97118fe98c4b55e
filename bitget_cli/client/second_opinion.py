"""What a ticker says of the book beside it: a book that hears nothing more looks as good as ever."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from bitget_cli.client.book_side import price_key

if TYPE_CHECKING:
    from bitget_cli.client.depth import Depth
    from bitget_cli.client.followed import Followed

# For so long (ms) the ticker must say otherwise: each is told of a change at its own time.
_PATIENCE = 5_000

Best = tuple[int | None, int | None]


class Advice(Enum):
    """What is to be done about the book."""

    NOTHING = auto()
    FETCH = auto()  # it is to be fetched afresh
    DOUBT = auto()  # fetched afresh, it is contradicted again: to be said, once


class SecondOpinion:
    """Compares the best prices of a book with those of its ticker.

    A book that is silent must have the very prices of its ticker. One that speaks may be ahead or behind: it is wrong
    when all its best prices of five seconds lie on one side of all that the ticker named meanwhile. A ticker that
    contradicts even a fresh book is not believed again until both agree, and the book not shown as verified.
    """

    def __init__(self, book: Followed, depth: Depth) -> None:
        self.book, self._depth = book, depth
        self._differs_since: int | None = None
        self._is_fetched = self._is_told = False
        self._begin_window(0)

    def advice(self, ticker: Mapping[str, Any], now: int) -> Advice:
        """What follows from a push of the ticker; `now` in ms of our clock."""
        if self.book.gap is not None:  # it is being fetched
            self._differs_since = None
            return Advice.NOTHING
        ours, theirs = self._depth.best(), (price_key(ticker.get("bidPr")), price_key(ticker.get("askPr")))
        if all(_is_same(*pair) for pair in zip(ours, theirs, strict=True)):
            self._agree()
            return Advice.NOTHING
        if self._differs_since is None:
            self._differs_since = now
            self._begin_window(now)
        self._said.append((ours, theirs))
        if not self._is_refuted(now):
            return Advice.NOTHING
        if not self._is_fetched:
            self._is_fetched, self._differs_since = True, None
            return Advice.FETCH
        first, self._is_told = not self._is_told, True
        self._depth.contradicted(still=True)
        return Advice.DOUBT if first else Advice.NOTHING

    def _is_refuted(self, now: int) -> bool:
        """Whether what was said for five seconds cannot be told by the way from one to the other."""
        silent_since = max(self._differs_since or 0, self.book.heard or 0)
        if now - silent_since >= _PATIENCE:
            return True
        if now - self._window_since < _PATIENCE:
            return False
        is_apart = _is_apart(self._said, 0) or _is_apart(self._said, 1)
        self._begin_window(now)
        return is_apart

    def _agree(self) -> None:
        self._differs_since = None
        if self._is_fetched:
            self._is_fetched = self._is_told = False
            self._depth.contradicted(still=False)

    def _begin_window(self, now: int) -> None:
        self._window_since = now
        self._said: list[tuple[Best, Best]] = []


def _is_apart(said: Sequence[tuple[Best, Best]], side: int) -> bool:
    """Whether on this side one was always above the other."""
    pairs = [(ours[side], theirs[side]) for ours, theirs in said]
    known = [(our, their) for our, their in pairs if our is not None and their is not None]
    if not known:
        return False
    ours_known, theirs_known = [our for our, _ in known], [their for _, their in known]
    return min(ours_known) > max(theirs_known) or max(ours_known) < min(theirs_known)


def _is_same(ours: int | None, theirs: int | None) -> bool:
    """An empty side, and what is no price, say nothing."""
    return ours is None or theirs is None or ours == theirs
