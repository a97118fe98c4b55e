"""What a command is handed: profile, client, clock, prompts and the screen, each opened on first use.

The one file that knows both the real exchange and the paper one.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, Self

from bitget_cli.clock import ClockOf
from bitget_cli.errors import BitgetError, ConfigError, DeclinedError, UsageError
from bitget_cli.standing import Standing
from bitget_cli.values import Product, Symbol, coin_name, instant, may_be_listed_otherwise, product, symbol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import httpx

    from bitget_cli.client.rest import Client, Report
    from bitget_cli.clock import Clock
    from bitget_cli.commands.options import Shared
    from bitget_cli.doors import Doors
    from bitget_cli.journal import Journal
    from bitget_cli.keys import Key, Secret
    from bitget_cli.messages import Source, Topic
    from bitget_cli.paper.exchange import Exchange
    from bitget_cli.paper.server import PaperServer
    from bitget_cli.paper.store import Store
    from bitget_cli.trading.placing import Placing

LIVE_URL = "https://api.bitget.com"


class Session(Standing):
    """One command's view of the world. Nothing is opened before it is asked for; `close` ends what was."""

    def __init__(self, shared: Shared, doors: Doors) -> None:
        super().__init__(shared, doors)
        self._open = ExitStack()
        self._doubts: set[str] = set()

    def reopened(self, shared: Shared) -> Session:
        """The same doors with the options as they stand after the command's own were read."""
        return Session(shared, self.doors)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        if isinstance(failure, BitgetError):
            failure.redact(self.redact)
        self._open.close()

    @cached_property
    def key(self) -> Key:
        """The API key of the profile in force; on paper the exchange's own."""
        if self.env == "paper":
            from bitget_cli.paper.keys import PAPER_KEY

            return PAPER_KEY
        return super().key

    def _signatures(self) -> tuple[Secret, ...]:
        return tuple(self.client.signatures) if "client" in vars(self) else ()

    # The exchange.

    @cached_property
    def client(self) -> Client:
        """A client of the exchange the profile names; the paper one is behind the same door as the real one."""
        from bitget_cli.client.pacing import Pacer
        from bitget_cli.client.rest import Client

        client = Client(
            http=self._transport(),
            base_url=self.address,
            env=self.env,
            clock=ClockOf(self.now, self.clock) if self.env == "paper" else self.clock,
            pacer=Pacer(self.state_folder / "pace", self.clock),
            key=lambda: self.key,
            timeout=self.timeout,
            report=self._report if self.shared.verbose else None,
            doubt=self._doubt,
        )
        self._open.callback(client.close)
        return client

    @property
    def address(self) -> str:
        if self.env == "paper":
            return "http://paper.localhost"
        return self.own_address or LIVE_URL

    def _transport(self) -> httpx.BaseTransport:
        if self.env == "paper":
            from bitget_cli.paper.transport import PaperTransport

            return PaperTransport(self.paper)
        if self.doors.http:
            return self.doors.http()
        from bitget_cli.client.transport import open_transport

        return open_transport(environ=self.doors.environ)

    @cached_property
    def paper(self) -> Exchange:
        """The exchange on this machine."""
        from bitget_cli.paper.exchange import Exchange

        return Exchange(self.paper_store, wall=self.clock.now)

    @cached_property
    def paper_store(self) -> Store:
        from bitget_cli.paper.store import Store

        now = self.doors.environ.get("BITGET_PAPER_NOW")
        store = Store(self.state_folder / "paper.sqlite3", now_override=now)
        self._open.callback(store.close)
        return store

    def stopped_at(self) -> int | None:
        """The moment (ms) at which the exchange's clock stands still; None where it goes on. Only paper's can."""
        if self.env != "paper":
            return None
        store = self.paper_store
        with store.lock:
            return None if store.speed_now else store.now(self.clock.now())

    def paper_server(self, port: int) -> PaperServer:
        """The paper exchange on a loopback port. Raises ConfigError when the port is taken or the extra is missing."""
        try:
            from bitget_cli.paper.server import PaperServer
        except ModuleNotFoundError as missing:
            raise ConfigError(
                f"`paper serve` needs {missing.name}, which is not installed", hint="pip install 'bitget-cli[serve]'"
            ) from None
        try:
            return PaperServer(self.paper, port=port)
        except OSError as taken:
            raise ConfigError(f"port {port} cannot be used: {taken.strerror}", hint="try --port 0") from None

    def paper_words(self, port: int) -> dict[str, str]:
        """The five variables that point a program at a served paper exchange; its keys are public dummies."""
        from bitget_cli.paper.keys import settings

        return settings(port)

    def watch(self, topics: Sequence[Topic], *, raw: bool = False, depth: int = 20, waits: bool = False) -> Source:
        """A stream of these topics, ended with the session; it `waits` for a first connection, or till the timeout."""
        from bitget_cli import streaming

        timeout = self.timeout
        env, environ, drawn = self.env, self.doors.environ, self.stream_form == "table"
        opener = streaming.on_paper(self.paper) if env == "paper" else streaming.at_bitget(env, environ, is_drawn=drawn)
        source = streaming.follow(
            topics,
            opener,
            account=lambda: (self.key, self.client),
            clock=self.clock,
            raw=raw,
            depth=depth,
            first_connection=inf if waits else timeout,
        )
        self._open.callback(source.close)
        return source

    @property
    def clock(self) -> Clock:
        return self.doors.clock

    @property
    def timeout(self) -> float:
        """Deadline of one request in seconds."""
        seconds = 10.0 if self.shared.timeout is None else self.shared.timeout
        if not 0 < seconds <= 3600:
            raise UsageError(f"timeout {seconds:g} is not between 0 and 3600 seconds")
        return seconds

    def _report(self, report: Report) -> None:
        status = report.status or "no answer"
        left = f" {report.remaining} left" if report.remaining else ""
        self.say(f"{report.method} {report.url} {status} {report.code or '-'} {report.milliseconds:.0f} ms{left}")

    def _doubt(self, remark: str) -> None:
        """Once for each: a walk asks the same for every page."""
        if remark not in self._doubts:
            self._doubts.add(remark)
            self.say(f"warning: {remark} that the catalogue lists; sent as typed")

    # Changes.

    @cached_property
    def journal(self) -> Journal:
        """The record of every change made with this profile.

        One reached at an address of its own has its own, and so has each key of the environment: that an order is not
        in another account says nothing of it.
        """
        from bitget_cli.client.signing import fingerprint
        from bitget_cli.journal import Journal
        from bitget_cli.trading.trails import check_entry

        place = ""
        if self.env != "paper":
            place = "-elsewhere" if self.own_address else ""
            found = self._environment_key if self.own_address or self.takes_key_from_environment else None
            place += f"-{fingerprint(found[0])}" if found else ""
        journal = Journal(
            self.state_folder / "journal" / f"{self.profile.name}-{self.env}{place}.sqlite3", check=check_entry
        )
        self._open.callback(journal.close)
        return journal

    def paper_journals(self) -> list[Journal]:
        """The records of changes made on the exchange of this machine, of every profile that trades there."""
        from bitget_cli.journal import Journal

        journals = [Journal(path) for path in sorted((self.state_folder / "journal").glob("*-paper.sqlite3"))]
        for journal in journals:
            self._open.callback(journal.close)
        return journals

    @cached_property
    def placing(self) -> Placing:
        """Carries out changes exactly once. Where JSON is asked for it counts as a program's use."""
        from bitget_cli.trading.placing import Placing

        return Placing(
            self.client,
            self.journal,
            self.clock,
            tell=self.say,
            profile="" if self.takes_key_from_environment else self.profile.name,
            unattended=self.form in ("json", "ndjson"),
        )

    # What a person typed.

    def now(self) -> datetime:
        """The time by which look-backs are counted: the paper exchange's own clock on paper."""
        return self.paper.now() if self.env == "paper" else self.clock.now()

    def instant(self, text: str | None) -> datetime | None:
        return None if text is None else instant(text, now=self.now())

    def span(self, since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
        """A range since ≤ t < until; either end may be open. Raises UsageError when it ends before it starts."""
        start, end = self.instant(since), self.instant(until)
        if start and end and start >= end:
            raise UsageError(f"--since {since} is not before --until {until}")
        return start, end

    def product(self, text: str | None) -> Product:
        return product(text) if text else self.profile.product

    def symbol(self, text: str, product_text: str | None, *, by_name: bool = False) -> Symbol:
        """The market typed, as it is listed whatever the case it was typed in."""
        chosen = product(product_text) if product_text else None
        found = symbol(text, chosen=chosen, default=self.profile.product, by_name=by_name)
        # Commands that only look ask again once Bitget does not know the name (`by_name`).
        if by_name or not may_be_listed_otherwise(text):
            return found
        from bitget_cli.client import markets

        return found._replace(
            name=markets.spelling(found.name, markets.listed_names(self.client, found.product)) or found.name
        )

    def coin(self, text: str) -> str:
        """The coin typed, as it is listed whatever the case it was typed in."""
        name = coin_name(text)
        if not may_be_listed_otherwise(text):
            return name
        from bitget_cli.client import markets

        return markets.spelling(name, markets.coins(self.client)) or name

    # Guards.

    def allow_change(self, what: str, *, yes: bool, withdraws: bool = False) -> None:
        """The guards in front of everything that changes something: locks first, then a question on live.

        `what` is one line that says the consequence. Raises DeclinedError (exit 10).
        """
        profile = self.profile
        if profile.locked:
            raise DeclinedError(
                f"profile {profile.name} is locked: it only reads", hint=f"bitget profile unlock {profile.name}"
            )
        if withdraws and not profile.allow_withdraw:
            raise DeclinedError(
                f"profile {profile.name} does not allow withdrawals",
                hint=f"bitget -p {profile.name} profile allow withdraw",
            )
        if self.env == "live" and not yes:
            self.confirm(what)

    def confirm(self, what: str) -> None:
        """Ask before going on. Raises DeclinedError for anything but yes, and where there is nobody to ask."""
        if not self.ask(f"{self.env.upper()}: {what}"):
            raise DeclinedError("not confirmed; nothing was sent")
