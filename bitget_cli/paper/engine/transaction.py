"""One call on the trading engine: lock, let time pass up to now, act, commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from bitget_cli.errors import ConfigError
from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine.state import EngineState
from bitget_cli.paper.instruments import LAUNCH
from bitget_cli.paper.prices.markets import PricePaths
from bitget_cli.paper.store import DamagedError, Opening, Store

if TYPE_CHECKING:
    import sqlite3

A = TypeVar("A")
# Where nothing happens, how far time was worked out is written down this often (ms), so that looking costs no writing.
_IDLE_MS = 60_000
# The longest that a question is on its way, in real ms.
_ASKED_MS = 1_000


class Transaction:
    """The state of one store, kept between calls while nobody else writes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state: EngineState | None = None
        self._seen: tuple[int, int] | None = None

    def call(self, prices: PricePaths, now: int, act: Callable[[EngineState], A], *, late: bool = False) -> A:
        """What `act` returns; one that is `late` comes at its own time or, where that is over, at once.

        Raises RefusedError for what it refuses, which then never happened, and ConfigError where this process alone
        lives at a time after which something has happened already.
        """
        opening = self._store.state().opening
        # By a clock that goes on, the first call may ask for what there was a moment ago.
        ago = int(_ASKED_MS * self._store.speed_now)
        try:
            with self._store.change() as connection:
                state = self._current(connection, prices)
                if now < state.time and not late:
                    state = self._earlier(connection, prices, now)
                _begin(state, opening, now - ago)
                since = state.time
                # Time never runs backwards here: another process may have acted since `now` was looked up.
                _advance(state, max(now, state.time))
                try:
                    with state.attempt():
                        answer = act(state)
                except RefusedError as failure:
                    refusal: RefusedError | None = failure
                else:
                    refusal = None
                if state.anything and state.time - since > _IDLE_MS:
                    state.keep_time()
        except BaseException:
            self._state = None
            raise
        if refusal:
            raise refusal
        return answer

    def _current(self, connection: sqlite3.Connection, prices: PricePaths) -> EngineState:
        seen = (self._store.resets, connection.execute("PRAGMA data_version").fetchone()[0])
        if self._state is None or self._seen != seen or self._state.prices is not prices:
            self._state = EngineState(connection, prices)
            self._seen = seen
        self._state.touched.clear()
        return self._state

    def _earlier(self, connection: sqlite3.Connection, prices: PricePaths, now: int) -> EngineState:
        """The state without what was only looked at, at a later time than `now`."""
        if self._store.is_alone_in_time:
            self._store.go_back(connection, now, refusal=ConfigError)
        self._state = None
        return self._current(connection, prices)


def _advance(state: EngineState, now: int) -> None:
    """Let time pass; where nothing is open, what could happen is not even loaded."""
    if state.anything and now > state.time:
        from bitget_cli.paper.engine.timeline import happen

        happen(state, now)
    state.time = now
    state.touched.clear()


def _begin(state: EngineState, opening: Opening, now: int) -> None:
    """The first call of all: the opening balances come in."""
    if state.time:
        if not state.ledger.is_used and any(opening.values()):
            raise DamagedError("its money is gone")
        return
    from bitget_cli.paper.engine import wallet

    state.time = max(LAUNCH, now)
    wallet.open_with(state, opening)
    state.settings["opened"] = str(state._last_id)
