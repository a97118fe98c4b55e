"""What a command is handed: profile, console, client, journal, streams; each opened on first use.

The one file that knows both the real exchange and the paper one.
"""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from math import inf
from typing import TYPE_CHECKING, NamedTuple, Self

from bitget_cli.errors import (
    BitgetError,
    ConfigError,
    CredentialsError,
    DeclinedError,
    UnavailableError,
    UsageError,
)
from bitget_cli.runtime import ClockOf
from bitget_cli.values import FORMS, Product, Symbol, coin_name, instant, may_be_listed_otherwise, product, symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import httpx

    from bitget_cli.catalogue.model import Endpoint
    from bitget_cli.client.rest.client import Client, Report
    from bitget_cli.client.ws.interfaces import Opener
    from bitget_cli.config.new_profile import NewProfile
    from bitget_cli.config.profiles import Profile, ProfileContext
    from bitget_cli.journal import Journal
    from bitget_cli.keys import Key, Redactor, Secret
    from bitget_cli.output.console import Console
    from bitget_cli.paper.exchange import Exchange
    from bitget_cli.paper.store import Store
    from bitget_cli.runtime import Clock, Environment
    from bitget_cli.servers.paper_server import PaperServer
    from bitget_cli.servers.webhook import ServedWebhook, WebhookServer
    from bitget_cli.stream_events import Source, Topic
    from bitget_cli.trading.adapters.kind import AccountKind
    from bitget_cli.trading.adapters.protocol import AccountAdapter
    from bitget_cli.trading.execution import ExecutionClient
    from bitget_cli.trading.model import Kind


class Shared(NamedTuple):
    """The options every command takes, as typed."""

    profile: str | None = None
    output: str | None = None
    json: bool = False
    fields: str | None = None
    times: str | None = None
    save: str | None = None
    language: str | None = None
    timeout: float | None = None
    verbose: bool = False
    no_color: bool = False

    def then(self, later: Shared) -> Shared:
        """These, overruled by what was typed after the command."""
        typed = {name: value for name, value in later._asdict().items() if value is not None and value is not False}
        # The form is one choice with two spellings: the later spelling replaces the earlier one, not joins it.
        if "output" in typed or "json" in typed:
            typed = {"output": None, "json": False, **typed}
        return self._replace(**typed)

    def form(self, *, is_terminal: bool, usual: Callable[[], str | None] = lambda: None) -> str:
        """What results are written as; `usual` where nothing is typed. Raises UsageError for two, or none there is."""
        asked = self.output and self.output.lower()
        if self.json and asked not in (None, "json"):
            raise UsageError(f"--json and --output {self.output} ask for two forms; choose one")
        form = "json" if self.json else asked or usual() or ("table" if is_terminal else "tsv")
        if form not in FORMS:
            raise UsageError(f"output form {self.output!r} is not one of {', '.join(FORMS)}")
        return form

    def check(self) -> None:
        """Raises UsageError for what would be refused only when the result is there."""
        import re

        if self.times not in (None, "iso", "ms", "local"):
            raise UsageError(f"--times {self.times} is not one of iso, ms, local")
        if self.language and not re.fullmatch(r"(?a)[a-z]{2,3}(-[A-Za-z]{2,4})?", self.language):
            raise UsageError(f"--language {self.language} is not a code such as en-US or zh-CN")
        if self.save:
            from bitget_cli.output.picture import check_place

            check_place(self.save)


class Session:
    """One command's view of the world. Nothing is opened before it is asked for; `close` ends what was."""

    def __init__(
        self,
        shared: Shared,
        environment: Environment,
        *,
        worker: str | None = None,
        paced: bool = True,
        holds_far: bool = False,
    ) -> None:
        """`worker` stands with each change in the journal. Without `paced` nothing waits for a rate limit. `holds_far`
        holds back prices far from the market everywhere, and not on live alone."""
        self.shared = shared
        self.worker = worker
        self._paced = paced
        self._holds_far = holds_far
        self.environment = environment
        self._open = ExitStack()
        self._remarks: set[str] = set()
        # Whether an account's rows are wanted as the exchange wrote them.
        self.is_verbatim = False

    def reopened(self, shared: Shared) -> Session:
        """The same environment with the options as they stand after the command's own were read."""
        return Session(shared, self.environment)

    def of_worker(self, name: str, *, paced: bool, holds_far: bool = False) -> Session:
        """One of its own for a worker, which is a program wherever it runs: it asks nobody."""
        from io import StringIO

        from bitget_cli.runtime import Environment

        given = vars(self.environment) | {"stdin": StringIO(), "stdout": StringIO()}
        shared = self.shared._replace(output=None, json=True)
        return Session(shared, Environment(**given), worker=name, paced=paced, holds_far=holds_far)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        if isinstance(failure, BitgetError):
            failure.redact(self.redact)
            failure.as_json = self._usual_form() in ("json", "ndjson") and not self.shared.output
            if isinstance(failure, UnavailableError) and failure.code:
                self._kind.refused_with(failure.code)
        self._open.close()

    @property
    def clock(self) -> Clock:
        return self.environment.clock

    # The person.

    @cached_property
    def console(self) -> Console:
        from bitget_cli.output.console import Console

        return Console(self.environment, self.shared, redact=self.redact, usual_form=self._usual_form)

    def _usual_form(self) -> str | None:
        """The profile's own; a configuration that cannot be read is told by who needs it, and not by how it is told."""
        try:
            return self.profile.output
        except BitgetError:
            return None

    def say(self, text: str) -> None:
        """A line for people, or several, on stderr; no key and no control character gets there."""
        self.console.say(text)

    def redact(self, text: str) -> str:
        """The text without any part of a key: one that was opened, its signatures, and what the environment holds."""
        from bitget_cli.keys import Redactor, of_environment

        key = self.key if "key" in vars(self) else None
        opened = (key.id, key.secret, key.passphrase) if key else ()
        sent = (*self.client.signatures, *self.client.secrets) if "client" in vars(self) else ()
        hook = (self.webhook_secret,) if "webhook_secret" in vars(self) else ()
        return Redactor(*of_environment(self.environment.environ), *opened, *hook, *sent)(text)

    def hide(self, *texts: str) -> None:
        """From here on these are secrets of the one key that is made or changed, wherever they turn up."""
        from bitget_cli.keys import Secret

        self.client.secrets += [Secret(text) for text in texts]

    # Whose money it is, and the guards in front of it.

    @cached_property
    def context(self) -> ProfileContext:
        from bitget_cli.config.profiles import ProfileContext

        return ProfileContext(self.environment, self.shared.profile)

    @property
    def profile(self) -> Profile:
        return self.context.profile

    @property
    def env(self) -> str:
        """`live`, `demo` or `paper`."""
        return self.profile.env

    @cached_property
    def key(self) -> Key:
        """The API key of the profile in force; on paper the exchange's own. Raises CredentialsError for none."""
        return self.venue.key()

    @cached_property
    def webhook_secret(self) -> Secret:
        """What alerts have to know: of the environment, else of the profile. Raises CredentialsError for none."""
        from bitget_cli.config.credentials import webhook_secret
        from bitget_cli.keys import WEBHOOK_VARIABLE

        if text := self.environment.environ.get(WEBHOOK_VARIABLE):
            return webhook_secret(text, what=WEBHOOK_VARIABLE)
        found = self.context.keychain.webhook_secret(self.profile.name)
        if found is None:
            raise CredentialsError(
                f"there is no webhook secret for profile {self.profile.name}",
                hint=f"bitget -p {self.profile.name} webhook secret, or set {WEBHOOK_VARIABLE}",
            )
        return found

    @cached_property
    def redact_alert(self) -> Redactor:
        """What came in from somebody without that secret, the one thing of ours that can be in it."""
        from bitget_cli.keys import Redactor

        return Redactor(self.webhook_secret)

    @property
    def holds_far(self) -> bool:
        """Whether a price far from the market is held back; else it is only warned of."""
        return self._holds_far or self.env == "live"

    def new_profile(self, name: str) -> NewProfile:
        """A profile beside this one, for a key that is yet to be made."""
        from bitget_cli.config.new_profile import NewProfile

        return NewProfile(self.context, name)

    def allow_change(self, description: str, *, yes: bool, withdraws: bool = False) -> None:
        """The guards in front of everything that changes something: locks first, then a question on live.

        `description` is one line that says the consequence. Raises DeclinedError (exit 10).
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
            self.confirm(f"{self.env.upper()}: {description}")

    def confirm(self, question: str, *, otherwise: str = "not confirmed; nothing was sent") -> None:
        """Ask before going on. Raises DeclinedError for anything but yes, and where there is nobody to ask."""
        if not self.console.ask(question):
            raise DeclinedError(otherwise)

    def confirm_within(self, left: Callable[[], float], *, otherwise: str) -> bool:
        """Ask while `left` (seconds) is above zero: False when time ran out. Raises DeclinedError for anything but yes.

        What is agreed to has been said by then.
        """
        answer = self.console.ask_within(left)
        if answer is False:
            raise DeclinedError(otherwise)
        return answer is not None

    # The exchange.

    @cached_property
    def paper(self) -> PaperVenue:
        """The exchange on this machine, whatever profile is in force."""
        return PaperVenue(self.environment, self.context, self._open)

    @cached_property
    def venue(self) -> PaperVenue | BitgetVenue:
        """The exchange the profile names; the paper one is behind the same door as the real one."""
        return self.paper if self.env == "paper" else BitgetVenue(self.environment, self.context)

    @cached_property
    def client(self) -> Client:
        from bitget_cli.client.rest.client import Client
        from bitget_cli.client.rest.rate_limit import Pacer, Unhurried

        client = Client(
            http=self.venue.transport(),
            base_url=self.venue.address,
            env=self.env,
            clock=ClockOf(self.now, self.clock) if self.env == "paper" else self.clock,
            pacer=Pacer(self.context.state_folder / "pace", self.clock) if self._paced else Unhurried(),
            key=lambda: self.key,
            timeout=self.timeout,
            language=self.shared.language or "en-US",
            report=self._report if self.shared.verbose else None,
            warn=self._warn,
            admit=self._admit,
        )
        self._open.callback(client.close)
        return client

    @cached_property
    def adapter(self) -> AccountAdapter:
        """What the account behind the key answers and takes, whatever its kind, which public data is not asked for."""
        from bitget_cli.trading.adapters.by_kind import AdapterByKind

        return AdapterByKind.over(
            self.client,
            lambda: self.account_kind,
            refused=lambda code: self._kind.refused_with(code),
            verbatim=self.is_verbatim,
        )

    @property
    def account_kind(self) -> Kind:
        """`classic` or `unified`: kept for a day, else asked for. Raises what the exchange answers instead."""
        return self._kind.known()

    def follow_account(self, refusal: UnavailableError) -> None:
        """Go on with the account as the kind it has become, once it refused something as being for the other one.

        Raises the refusal where it says nothing of the kind, or the account still is of the one it was.
        """
        from bitget_cli.trading.adapters.kind import OTHER_KIND

        if refusal.code not in OTHER_KIND:
            raise refusal
        before = self.account_kind
        self._kind.refused_with(refusal.code)
        if self.env == "paper":
            del self._kind
        if self.account_kind is before:
            raise refusal
        vars(self).pop("adapter", None)

    def note_account_kind(self, kind: str) -> None:
        """Remember what a call of another kind said of it."""
        from bitget_cli.trading.model import Kind

        self._kind.keep(Kind(kind))

    def speaks(self, row: Endpoint, refusal: UnavailableError | None = None) -> bool:
        """Whether a row is one that the account answers, in the light of a `refusal` which may say that it was moved.

        Raises what the exchange answers instead where the kind has to be asked for.
        """
        if refusal and refusal.code:
            self._kind.refused_with(refusal.code)
        return self._kind.speaks(row)

    def check_account_stands(self, row: Endpoint) -> None:
        """Raises UnavailableError for a change of a unified account while Bitget is moving it."""
        self._kind.check_stands(row)

    def _admit(self, row: Endpoint) -> None:
        """Raises UnavailableError for a call that the account is not of the kind for; public data is for everybody."""
        if row.signed and (self.env != "paper" or self.paper.is_unified):
            self._kind.admit(row)

    @cached_property
    def _kind(self) -> AccountKind:
        from zlib import crc32

        from bitget_cli.trading.adapters.kind import AccountKind
        from bitget_cli.trading.model import Kind

        place = self.env
        if self.context.own_address:
            place += f"-{crc32(self.context.own_address.encode()):08x}"

        def told() -> Kind:
            return Kind.UNIFIED if self.paper.is_unified else Kind.CLASSIC

        folder = self.context.state_folder / "account-kinds"
        return AccountKind(
            lambda: self.client,
            folder,
            place=place,
            key=lambda: self.key,
            now=self.clock.now,
            told=told if self.env == "paper" else None,
        )

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

    def _warn(self, remark: str) -> None:
        """Once for each: a walk asks the same for every page."""
        if remark not in self._remarks:
            self._remarks.add(remark)
            self.say(f"warning: {remark} that the catalogue lists; sent as typed")

    def watch(self, topics: Sequence[Topic], *, raw: bool = False, depth: int = 20, waits: bool = False) -> Source:
        """A stream of these topics, ended with the session; it `waits` for a first connection, or till the timeout.

        `depth` is how many levels a side of an order book are told. Only private topics need a key and ask the
        exchange by REST, so only they open it. Raises CredentialsError without a key, and UsageError for more topics
        than one stream may follow.
        """
        from bitget_cli.client.ws import feed

        timeout = self.timeout
        is_drawn = self.console.stream_form == "table"
        client: Client | None = None
        login: Callable[[], str] | None = None
        account = None
        if any(feed.is_private(topic) for topic in topics):
            from bitget_cli.client.ws.protocol import login_with

            # The login says nothing of the account's kind: the wrong stream takes it, and stays silent.
            account = self.adapter.stream(topics)
            client, login = self.client, login_with(self.key, self.client)
        source = feed.watch(
            topics,
            open_socket=self.venue.opener(is_drawn=is_drawn, unified=account is not None),
            client=client,
            clock=self.clock,
            login=login,
            raw=raw,
            depth=depth,
            first_connection=inf if waits else timeout,
            account=account,
        )
        self._open.callback(source.close)
        return source

    # Changes.

    @cached_property
    def journal(self) -> Journal:
        """The record of every change made with this profile.

        One reached at an address of its own has its own, and so has each key of the environment: that an order is not
        in another account says nothing of it.
        """
        from bitget_cli.client.rest.auth import fingerprint
        from bitget_cli.journal import Journal
        from bitget_cli.trading.outcomes import check_entry

        context, place = self.context, ""
        if self.env != "paper":
            place = "-elsewhere" if context.own_address else ""
            found = context.environment_key if context.own_address or context.takes_key_from_environment else None
            place += f"-{fingerprint(found[0])}" if found else ""
        path = context.state_folder / "journal" / f"{self.profile.name}-{self.env}{place}.sqlite3"
        journal = Journal(path, check=check_entry, worker=self.worker)
        self._open.callback(journal.close)
        return journal

    @cached_property
    def execution(self) -> ExecutionClient:
        """Carries out changes exactly once. Where JSON is asked for it counts as a program's use."""
        return self.execution_with()

    def execution_with(
        self, *, patience: float | None = None, tell: Callable[[str], None] | None = None
    ) -> ExecutionClient:
        """The same with another `patience` (s) for what is in doubt, or with another ear for what it tells."""
        from bitget_cli.trading.execution import ExecutionClient

        return ExecutionClient(
            self.client,
            self.journal,
            self.clock,
            tell=tell or self.say,
            profile=self.named_profile,
            unattended=self.console.form in ("json", "ndjson"),
            speaks=self.speaks,
            **({} if patience is None else {"patience": patience}),
        )

    @property
    def named_profile(self) -> str:
        """The profile as commands for a person to type name it: empty where the environment's keys decide."""
        return "" if self.context.takes_key_from_environment else self.profile.name

    # Others.

    def serve_webhook(self, webhook: ServedWebhook, *, port: int, path: str) -> WebhookServer:
        """It on a loopback port. Raises ConfigError when the port is taken or the extra is missing."""
        try:
            from bitget_cli.servers.webhook import WebhookServer
        except ModuleNotFoundError as missing:
            raise _not_installed("webhook serve", missing) from None
        try:
            return WebhookServer(webhook, port=port, path=path)
        except OSError as taken:
            raise _taken(port, taken) from None

    # What a person typed.

    def now(self) -> datetime:
        """The time by which look-backs are counted: the paper exchange's own clock on paper."""
        return self.venue.now()

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
        from bitget_cli.client.rest import markets

        return found._replace(
            name=markets.spelling(found.name, markets.listed_names(self.client, found.product)) or found.name
        )

    def coin(self, text: str) -> str:
        """The coin typed, as it is listed whatever the case it was typed in."""
        name = coin_name(text)
        if not may_be_listed_otherwise(text):
            return name
        from bitget_cli.client.rest import markets

        return markets.spelling(name, markets.coins(self.client)) or name


def _not_installed(command: str, missing: ModuleNotFoundError) -> ConfigError:
    needs = f"`{command}` needs {missing.name}, which is not installed"
    return ConfigError(needs, hint="pip install 'bitget-cli[serve]'")


def _taken(port: int, taken: OSError) -> ConfigError:
    return ConfigError(f"port {port} cannot be used: {taken.strerror}", hint="try --port 0")


# Seconds; half of the time between two frames of a live table.
_GATHER = 0.1
LIVE_URL = "https://api.bitget.com"


class BitgetVenue:
    """Bitget itself, or the address that stands for it."""

    def __init__(self, environment: Environment, context: ProfileContext) -> None:
        self._environment = environment
        self._context = context
        self.now = environment.clock.now

    @property
    def address(self) -> str:
        return self._context.own_address or LIVE_URL

    def key(self) -> Key:
        return self._context.key

    def transport(self) -> httpx.BaseTransport:
        if self._environment.http:
            return self._environment.http()
        from bitget_cli.client.http.transport import open_transport

        return open_transport(environ=self._environment.environ)

    def opener(self, *, is_drawn: bool, unified: bool) -> Opener:
        """To the host for `live` or `demo`, or the one BITGET_WS_BASE_URL names. Raises ConfigError for a bad one.

        What is drawn five times a second need not be read at once.
        """
        from bitget_cli.client.ws.connection import ADDRESSES, opener
        from bitget_cli.config.hosts import stream_address

        environ = self._environment.environ
        address = stream_address(environ) or ADDRESSES[self._context.profile.env]
        return opener(address, environ=environ, gather=_GATHER if is_drawn else 0.0, unified=unified)

    def stopped_at(self) -> int | None:
        """The moment (ms) at which the exchange's clock stands still; None where it goes on."""
        return None


def paper_names(lines: Sequence[Product], what: str) -> list[str]:
    """What the paper exchange lists, without opening it: `symbols` or `coins`."""
    from bitget_cli.paper import instruments

    if what == "coins":
        return list(instruments.COINS)
    return [listed.symbol for line in lines for listed in instruments.listed(line)]


class PaperVenue:
    """The exchange on this machine, behind the same doors."""

    address = "http://paper.localhost"

    def __init__(self, environment: Environment, context: ProfileContext, opened: ExitStack) -> None:
        self._environment = environment
        self._context = context
        self._open = opened

    @cached_property
    def exchange(self) -> Exchange:
        from bitget_cli.paper.exchange import Exchange

        return Exchange(self.store, wall=self._environment.clock.now)

    @cached_property
    def store(self) -> Store:
        from bitget_cli.paper.store import Store

        now = self._environment.environ.get("BITGET_PAPER_NOW")
        store = Store(self._context.state_folder / "paper.sqlite3", now_override=now)
        self._open.callback(store.close)
        return store

    def now(self) -> datetime:
        """Paper time."""
        return self.exchange.now()

    def key(self) -> Key:
        from bitget_cli.paper.credentials import PAPER_KEY

        return PAPER_KEY

    def transport(self) -> httpx.BaseTransport:
        from bitget_cli.paper.transport import PaperTransport

        return PaperTransport(self.exchange)

    def opener(self, *, is_drawn: bool, unified: bool) -> Opener:  # noqa: ARG002  # nothing is gathered in one process
        """Every connection to it serves public and private channels alike, of either kind of account."""
        from bitget_cli.paper.socket import PaperSocket

        return lambda _private, _seconds: PaperSocket(self.exchange)

    @property
    def is_unified(self) -> bool:
        """Whether its account is a unified one."""
        with self.store.lock:
            return self.store.state().unified

    def stopped_at(self) -> int | None:
        """The moment (ms) at which the exchange's clock stands still; None where it goes on."""
        with self.store.lock:
            return None if self.store.speed_now else self.store.now(self._environment.clock.now())

    def journals(self) -> list[Journal]:
        """The records of changes made there, of every profile that trades there."""
        from bitget_cli.journal import Journal

        journals = [Journal(path) for path in sorted((self._context.state_folder / "journal").glob("*-paper.sqlite3"))]
        for journal in journals:
            self._open.callback(journal.close)
        return journals

    def serve(self, port: int) -> PaperServer:
        """It on a loopback port. Raises ConfigError when the port is taken or the extra is missing."""
        try:
            from bitget_cli.servers.paper_server import PaperServer
        except ModuleNotFoundError as missing:
            raise _not_installed("paper serve", missing) from None
        try:
            return PaperServer(self.exchange, port=port)
        except OSError as taken:
            raise _taken(port, taken) from None

    def settings(self, port: int) -> dict[str, str]:
        """The five variables that point a program at it once it is served; its keys are public dummies."""
        from bitget_cli.paper.credentials import settings

        return settings(port)
