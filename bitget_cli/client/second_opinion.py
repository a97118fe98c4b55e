"""What a ticker says of the kept book beside it: a book that hears nothing more looks as good as ever."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bitget_cli.client.depth import Depth
    from bitget_cli.client.followed import Followed

# For so long (ms) the ticker must say otherwise, and the book nothing at all: each is told of a change at its own time.
_PATIENCE = 5_000


class SecondOpinion:
    """Compares the best prices of a book with those of its ticker.

    Sequence numbers prove a book that speaks; a quiet market's says nothing, and so does one that the exchange forgot.
    A ticker that contradicts even a fresh book is not believed again until both agree.
    """

    def __init__(self, book: Followed, depth: Depth) -> None:
        self.book, self._depth = book, depth
        self._differs_since: int | None = None
        self._is_spent = False

    def contradicts(self, ticker: Mapping[str, Any], now: int) -> bool:
        """Whether the book must be fetched afresh; `now` in ms of our clock."""
        if self.book.gap is not None:  # it is being fetched
            return False
        if self._depth.may_be_led_by(ticker.get("bidPr"), ticker.get("askPr")):
            self._differs_since, self._is_spent = None, False
            return False
        if self._differs_since is None:
            self._differs_since = now
        silent_since = max(self._differs_since, self.book.heard or 0)
        if self._is_spent or now - silent_since < _PATIENCE:
            return False
        self._is_spent = True
        return True
