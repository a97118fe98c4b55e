"""A request in, an HTTP status and Bitget's JSON out: routing, the check of keys, the envelope."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import parse_qsl

from bitget_cli.paper import answers
from bitget_cli.paper.answers import RefusedError, Verbatim
from bitget_cli.paper.faults import HTML, AnswerLostError, Faults, InjectedFault, Late
from bitget_cli.paper.prices.markets import MarketView, PricePaths, paths_of
from bitget_cli.paper.request import Query, of_body
from bitget_cli.paper.routes import PUBLIC, SIGNED, UNIFIED, UNIFIED_PUBLIC
from bitget_cli.paper.store import OPENED, Store
from bitget_cli.values import from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.paper.engine.state import EngineState
    from bitget_cli.paper.engine.transaction import Transaction
    from bitget_cli.paper.streams.connection import Connection

A = TypeVar("A")
_CLASSIC_API, _UNIFIED_API = "/api/v2/", "/api/v3/"
_MODES = {
    False: ("40084", "You are in Classic Account mode, and the Unified Account API is not supported at this time"),
    True: ("40085", "You are in Unified Account mode, and the Classic Account API is not supported at this time"),
}


class Exchange:
    """The paper exchange. Whatever opens it, in process or over a socket, hands requests to `answer`."""

    def __init__(self, store: Store, *, wall: Callable[[], datetime]) -> None:
        self.store = store
        self.faults = Faults(store)
        self._wall = wall
        self._transaction: Transaction | None = None
        self._lock = store.lock

    def now(self) -> datetime:
        """Paper time."""
        with self._lock:
            return from_milliseconds(self._now())

    def answer(self, *, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """The HTTP status and body for a request; `target` is path and query exactly as sent.

        Raises AnswerLostError where a fault has been ordered that leaves the request without an answer, and where the
        exchange is being left.
        """
        with self._lock:
            if self.store.is_closing:
                raise AnswerLostError
            self._late_arrivals()
            fault, amount = self.faults.take(target.partition("?")[0]) or (None, 0)
            match fault:
                case InjectedFault.TOO_MANY:
                    return self.refuse("429", "Too Many Requests", status=429)
                case InjectedFault.BROKEN:
                    return 502, HTML
                case InjectedFault.DROP:
                    raise AnswerLostError
                case InjectedFault.DELAY:
                    self.faults.postpone(Late(method.upper(), target, body), self._now() + amount)
                    raise AnswerLostError
            answer = self._answer(method.upper(), target, headers, body)
            if fault is InjectedFault.LOSE:
                raise AnswerLostError
            return (502, HTML) if fault is InjectedFault.BROKEN_AFTER else answer

    def _answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        path, _, query = target.partition("?")
        now = self._now()
        try:
            data = self._data(method, path, query, headers=headers, body=body, now=now)
        except RefusedError as refusal:
            if path.startswith(_UNIFIED_API):
                from bitget_cli.paper.api.v3.words import in_own_words

                refusal = in_own_words(refusal)
            return refusal.status, _envelope(refusal.code, refusal.msg, now, None)
        return 200, _envelope("00000", "success", now, data)

    def _late_arrivals(self) -> None:
        """Carry out, at their own time, requests that a fault has kept back; nobody waits for their answers."""
        for due, late in self.faults.arrived(self._now()):
            path, _, query = late.path.partition("?")
            if (late.method, path) in self._signed():
                with suppress(RefusedError):
                    self._act(late.method, path, query, late.body, at=due, late=True)

    def refuse(self, code: str, msg: str, *, status: int) -> tuple[int, bytes]:
        """The status and body of a refusal made before a request gets here."""
        return status, _envelope(code, msg, self._now(), None)

    def connect(self, clock: Callable[[], float]) -> Connection:
        """A client's streams, without its connection; `clock` (monotonic seconds) is what pushes go by."""
        from bitget_cli.paper.streams.connection import Connection

        return Connection(self, clock)

    def _data(self, method: str, path: str, query: str, *, headers: Mapping[str, str], body: bytes, now: int) -> Any:
        function = PUBLIC.get(path) or UNIFIED_PUBLIC.get(path) if method == "GET" else None
        if function:
            answer = _function(function)
            # A wrong clock is seen where it is asked for; what happens here goes by the right one.
            seen = now + (self.faults.skew() if path.endswith("/time") else 0)
            return answer(MarketView(self.prices(), seen), Query(dict(parse_qsl(query))))
        if (method, path) in self._signed():
            self._check(method, path, query, headers=headers, body=body, now=now)
            return self._act(method, path, query, body, at=now)
        if (method, path) in SIGNED:
            self._refuse_kind(headers)
        if path.startswith((_CLASSIC_API, _UNIFIED_API)):
            self._refuse_known(method, path, query, headers=headers, body=body, now=now)
        elif path.startswith(("/api/spot/v1/", "/api/mix/v1/", "/api/margin/v1/")):
            raise RefusedError("30032", "The V1 API has been decommissioned. Please migrate to a newer version.")
        raise answers.no_such_path()

    def look(self, act: Callable[[MarketView], A]) -> A:
        """Read prices, all of the same instant; nobody else acts meanwhile."""
        with self._lock:
            return act(MarketView(self.prices(), self._now()))

    def follow(self, act: Callable[[EngineState], A]) -> A:
        """As `trade`, for somebody who watches: a request on its way arrives, though no other is made."""
        with self._lock:
            self._late_arrivals()
            return self.trade(act)

    def prices(self) -> PricePaths:
        """The paths of the seed in force."""
        return paths_of(self.store.state().seed)

    def _act(self, method: str, path: str, query: str, body: bytes, *, at: int, late: bool = False) -> Any:
        bare = path.startswith(_UNIFIED_API)
        asked = of_body(body, rows=bare) if method == "POST" else Query(dict(parse_qsl(query)))
        act = _function(self._signed()[method, path])
        return self.trade(lambda state: act(state, asked), at=at, late=late)

    def trade(self, act: Callable[[EngineState], A], *, at: int | None = None, late: bool = False) -> A:
        """Do something on the trading engine, after all that has happened there up to `at` (ms; unset: now).

        Raises RefusedError for what it refuses.
        """
        with self._lock:
            if self._transaction is None:
                from bitget_cli.paper.engine.transaction import Transaction

                self._transaction = Transaction(self.store)
            return self._transaction.call(self.prices(), self._now() if at is None else at, act, late=late)

    def deposit(self, coin: str, amount: Decimal) -> None:
        """Put money from outside into the spot account."""
        from bitget_cli.paper.engine.wallet import deposit

        self.trade(lambda state: deposit(state, coin, amount))

    def migrate(self) -> dict[str, int]:
        """Make the living account a unified one. How many orders, plans and positions went on, and how many did not.

        Raises UsageError where that is not possible yet.
        """
        from bitget_cli.paper.engine.wallet import migrate
        from bitget_cli.paper.store import unify

        def act(state: EngineState) -> dict[str, int]:
            gone = migrate(state)
            unify(state.connection, self.store.state())
            kept = {"orders": len(state.orders), "plans": len(state.plans), "positions": len(state.positions)}
            return kept | {"cancelled": len(gone)}

        return self.trade(act)

    def wallets(self) -> dict[str, set[str]]:
        """The accounts that may be begun with, and the coins each may hold."""
        from bitget_cli.paper.engine.wallet import coins_of

        return {account: coins_of(account) for account in OPENED}

    def conservation(self) -> dict[str, dict[str, str]]:
        """Coin → account, or with a leading `~` what the world took → amount; `sum` is zero in every coin.

        Empty while nothing has ever happened.
        """
        if self.store.opened() is None:
            return {}
        from bitget_cli.paper.engine.ledger import text

        proof = self.trade(lambda state: state.ledger.conservation())
        return {coin: {name: text(amount) for name, amount in parts.items()} for coin, parts in proof.items()}

    def _check(self, method: str, path: str, query: str, *, headers: Mapping[str, str], body: bytes, now: int) -> None:
        """Who asks? Raises RefusedError for anybody but the holder of the paper key."""
        from bitget_cli.paper.credentials import SignedRequest, check

        lower = {name.lower(): value for name, value in headers.items()}
        check(SignedRequest(method, path, query, lower, body), clocks=self.clocks(now))

    def clocks(self, now: int) -> tuple[int, int]:
        """The times (ms) a signature may carry: the wall clock's and paper time, as far off as a fault wants them."""
        skew = self.faults.skew()
        return milliseconds(self._wall()) + skew, now + skew

    def _signed(self) -> dict[tuple[str, str], str]:
        """The customer's own paths, of the kind of account it is."""
        return UNIFIED if self.store.state().unified else SIGNED

    def _refuse_kind(self, headers: Mapping[str, str] | None = None) -> NoReturn:
        """The other kind's path: the key alone says so, before any signature is looked at."""
        if headers is not None:
            from bitget_cli.paper.credentials import check_key

            check_key({name.lower(): value for name, value in headers.items()})
        raise RefusedError(*_MODES[self.store.state().unified])

    def _refuse_known(
        self, method: str, path: str, query: str, *, headers: Mapping[str, str], body: bytes, now: int
    ) -> None:
        """Bitget has the path and the paper exchange has not: say so, after checking who asks."""
        from bitget_cli.catalogue import find_path

        row, unified = find_path(method, path), self.store.state().unified
        if path.startswith(_UNIFIED_API) and not unified and (row is None or row.signed):
            self._refuse_kind()
        if row is None:
            return
        if row.signed:
            if path.startswith(_CLASSIC_API) and unified:
                self._refuse_kind(headers)
            self._check(method, path, query, headers=headers, body=body, now=now)
        raise answers.not_offered(path)

    def _now(self) -> int:
        return self.store.now(self._wall())


def _function(name: str) -> Callable[[Any, Query], Any]:
    module, _, function = name.partition(":")
    answer: Callable[[Any, Query], Any] = getattr(import_module(f"bitget_cli.paper.{module}"), function)
    return answer


def _envelope(code: str, msg: str, now: int, data: Any) -> bytes:
    answer = {"code": code, "msg": msg, "requestTime": now, "data": None}
    around = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    inside = data if isinstance(data, Verbatim) else json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"{around.removesuffix('null}')}{inside}}}".encode()
