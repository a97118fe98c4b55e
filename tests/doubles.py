"""Doubles for the doors (network, clock, keyring, screen), and the typist that uses them."""

from __future__ import annotations

import io
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from keyring.backend import KeyringBackend

from bitget_cli.catalogue.model import Rate
from bitget_cli.main import main
from bitget_cli.runtime import Environment

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Ran:
    """What a command line left behind."""

    out: str
    err: str
    status: int

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def failure(self) -> Any:
        return json.loads(self.err.splitlines()[-1])

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Screen(io.StringIO):
    """A terminal to write on, or type at."""

    def isatty(self) -> bool:
        return True


@dataclass
class StillClock:
    """Stands where it was put; sleeping moves it."""

    moment: datetime = NOON
    ticks: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.ticks

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.slept.append(seconds)
            self.ticks += seconds
            self.moment += timedelta(seconds=seconds)


class MemoryKeyring(KeyringBackend):
    """A keyring that forgets."""

    priority = 1  # type: ignore[assignment]  # the base class declares it as a property

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.items[service, username]


class Unpaced:
    """An exchange without limits."""

    def wait(self, rate: Rate, *, lane: str, until: float = 0.0) -> None:
        """Returns at once."""


Handler = Callable[[httpx.Request], httpx.Response]


@dataclass
class Bitget:
    """Types command lines. `http` answers what would go to the network; without one the network is not there.

    With `own_door` the program opens its own door to the network, behind which pytest-httpx then stands. The account is
    a classic one, so that `http` never sees the question for its kind, unless `kind_is_asked`.
    """

    environ: dict[str, str]
    clock: StillClock
    keyring: MemoryKeyring
    own_door: bool = False
    kind_is_asked: bool = False

    def __call__(
        self,
        line: str | Sequence[str],
        *,
        typed: str = "",
        terminal: bool = False,
        http: Handler | None = None,
        env: dict[str, str] | None = None,
        shown: Callable[[io.StringIO], object] = lambda _: None,
    ) -> Ran:
        """`shown` is given what the line writes on, for those who read along."""
        stream = Screen if terminal else io.StringIO
        out, err = stream(), stream()
        shown(out)
        environment = Environment(
            environ={**self.environ, **(env or {})},
            stdin=stream(typed),
            stdout=out,
            stderr=err,
            clock=self.clock,
            http=None if self.own_door and not http else lambda: self._network(http or _no_network),
            keyring=self.keyring,
        )
        status = main(shlex.split(line) if isinstance(line, str) else line, environment)
        return Ran(out.getvalue(), err.getvalue(), status)

    def _network(self, http: Handler) -> httpx.BaseTransport:
        return httpx.MockTransport(http if self.kind_is_asked else of_classic(http))


KIND = "/api/v3/account/info"


def of_classic(http: Handler) -> Handler:
    """A Bitget whose account is a classic one; `http` answers everything but the question for that."""
    return lambda request: classic() if request.url.path == KIND else http(request)


def classic() -> httpx.Response:
    """What a classic account answers to the question for its kind."""
    return envelope(None, code="40084", msg="You are in Classic Account mode", status=400)


def _no_network(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network in this test", request=request)


def url(path: str, params: dict[str, str] | None = None) -> httpx.URL:
    """The whole address of a path below /api/v2/."""
    return httpx.URL(f"https://api.bitget.com/api/v2/{path}", params=params)


def path_of(request: httpx.Request) -> str:
    """Its path below /api/v2/."""
    return request.url.path.removeprefix("/api/v2/")


def envelope(data: Any, *, code: str = "00000", msg: str = "success", status: int = 200) -> httpx.Response:
    """Bitget's answer around some data."""
    return httpx.Response(status, json=enveloped(data, code=code, msg=msg))


def enveloped(data: Any, *, code: str = "00000", msg: str = "success") -> dict[str, Any]:
    """The same as JSON, for `add_response` of pytest-httpx."""
    return {"code": code, "msg": msg, "requestTime": 1772452800000, "data": data}
