"""One call on the trading floor: lock, let time pass up to now, act, commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bitget_cli.errors import ConfigError
from bitget_cli.paper.engine.floor import Floor
from bitget_cli.paper.prices import Prices
from bitget_cli.paper.refusals import RefusedError
from bitget_cli.paper.store import Store

if TYPE_CHECKING:
    import sqlite3

A = TypeVar("A")
# Where nothing happens, how far time was worked out is written down this often (ms), so that looking costs no writing.
_IDLE_MS = 60_000
# The longest that a question is on its way, in real ms.
_ASKED_MS = 1_000


class Trading:
    """The floor of one store, kept between calls while nobody else writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._floor: Floor | None = None
        self._seen: tuple[int, int] | None = None

    def call(self, prices: Prices, now: int, act: Callable[[Floor], A], *, late: bool = False) -> A:
        """What `act` returns; one that is `late` comes at its own time or, where that is over, at once.

        Raises RefusedError for what it refuses, which then never happened, and ConfigError where this process alone
        lives at a time after which something has happened already.
        """
        opening = self._store.state().opening
        # By a clock that goes on, the first call may ask for what there was a moment ago.
        ago = int(_ASKED_MS * self._store.speed_now)
        try:
            with self._store.change() as connection:
                floor = self._current(connection, prices)
                if now < floor.time and not late:
                    floor = self._earlier(connection, prices, now)
                floor.begin(opening, now - ago)
                since = floor.time
                # Time never runs backwards here: another process may have acted since `now` was looked up.
                _advance(floor, max(now, floor.time))
                try:
                    with floor.attempt():
                        answer = act(floor)
                except RefusedError as failure:
                    refusal: RefusedError | None = failure
                else:
                    refusal = None
                if floor.anything and floor.time - since > _IDLE_MS:
                    floor.keep_time()
        except BaseException:
            self._floor = None
            raise
        if refusal:
            raise refusal
        return answer

    def _current(self, connection: sqlite3.Connection, prices: Prices) -> Floor:
        seen = (self._store.resets, connection.execute("PRAGMA data_version").fetchone()[0])
        if self._floor is None or self._seen != seen or self._floor.prices is not prices:
            self._floor = Floor(connection, prices)
            self._seen = seen
        self._floor.touched.clear()
        return self._floor

    def _earlier(self, connection: sqlite3.Connection, prices: Prices, now: int) -> Floor:
        """The floor without what was only looked at, at a later time than `now`."""
        if self._store.is_alone_in_time:
            self._store.go_back(connection, now, refusal=ConfigError)
        self._floor = None
        return self._current(connection, prices)


def _advance(floor: Floor, now: int) -> None:
    """Let time pass; where nothing is open, what could happen is not even loaded."""
    if floor.anything and now > floor.time:
        from bitget_cli.paper.engine.events import happen

        happen(floor, now)
    floor.time = now
    floor.touched.clear()
