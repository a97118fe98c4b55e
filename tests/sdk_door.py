"""Opens the SDK at the doors of the tests: on paper, or with live keys where something stands in Bitget's place."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
from desk import LIVE, Exchange
from doubles import KIND, Handler, MemoryKeyring, StillClock, envelope, of_classic
from doubles import Bitget as Typist
from unified_desk import UnifiedDesk

from bitget_cli import Bitget
from bitget_cli.runtime import Environment
from bitget_cli.session import Session, Shared


@dataclass
class Opener:
    """Everything it opens is closed with `stack`. `kind` is that of the account: classic, or unified."""

    home: str
    clock: StillClock
    stack: ExitStack
    kind: str = "classic"

    @property
    def is_unified(self) -> bool:
        return self.kind == "unified"

    def table(self, **state: Any) -> Exchange:
        """What may stand in Bitget's place: reads are answered as by an account of the kind, changes are accepted."""
        return UnifiedDesk(None, **state) if self.is_unified else Exchange(**state)

    def paper(self) -> Bitget:
        typist = Typist({"HOME": self.home}, self.clock, MemoryKeyring())
        assert typist(f"paper reset --account {self.kind}").status == 0
        return self._opened(Shared("paper", json=True), {})

    def live(self, http: Handler | None = None, *, product_type: str | None = None) -> Bitget:
        """With the environment's keys; `http` answers, else pytest-httpx does."""
        return self._opened(Shared(json=True), LIVE, http, product_type)

    def _opened(
        self, shared: Shared, keys: dict[str, str], http: Handler | None = None, product_type: str | None = None
    ) -> Bitget:
        environment = Environment(
            environ={"HOME": self.home, **keys},
            stdin=io.StringIO(),
            stdout=io.StringIO(),
            stderr=io.StringIO(),
            clock=self.clock,
            http=(lambda: httpx.MockTransport(self._of_kind(http))) if http else None,
            keyring=MemoryKeyring(),
        )
        return Bitget.on(self.stack.enter_context(Session(shared, environment)), product_type)

    def _of_kind(self, http: Handler) -> Handler:
        """`http` answers everything but the question for the kind."""
        if not self.is_unified:
            return of_classic(http)
        return lambda request: envelope({"userId": "9"}) if request.url.path == KIND else http(request)
