"""Opens the SDK at the doors of the tests: on paper, or with live keys where something stands in Bitget's place."""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass

import httpx
from desk import LIVE
from doubles import Handler, MemoryKeyring, StillClock, of_classic

from bitget_cli import Bitget
from bitget_cli.runtime import Environment
from bitget_cli.session import Session, Shared


@dataclass
class Opener:
    """Everything it opens is closed with `stack`."""

    home: str
    clock: StillClock
    stack: ExitStack

    def paper(self) -> Bitget:
        return self._opened(Shared("paper", json=True), {})

    def live(self, http: Handler | None = None, *, product_type: str | None = None) -> Bitget:
        """With the environment's keys of a classic account; `http` answers, else pytest-httpx does."""
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
            http=(lambda: httpx.MockTransport(of_classic(http))) if http else None,
            keyring=MemoryKeyring(),
        )
        return Bitget.on(self.stack.enter_context(Session(shared, environment)), product_type)
