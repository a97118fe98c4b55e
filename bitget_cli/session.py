"""What a command is handed: profile, console, clients, journal, streams; each opened on first use.

The one file that knows both the real exchange and the paper one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, TextIO

from bitget_cli.errors import BitgetError, ConfigError, CredentialsError, DeclinedError, UsageError
from bitget_cli.runtime import ClockOf
from bitget_cli.values import Product, Symbol, coin_name, instant, may_be_listed_otherwise, product, symbol

if TYPE_CHECKING:
    from datetime import datetime

    import httpx

    from bitget_cli.client.rest.client import Client, Report
    from bitget_cli.client.ws.interfaces import Opener
    from bitget_cli.config.keyring_store import KeyringStore
    from bitget_cli.config.profiles import Profile, Profiles
    from bitget_cli.journal.entries import Journal
    from bitget_cli.keys import Key, Secret
    from bitget_cli.paper.exchange import Exchange
    from bitget_cli.paper.store import Store
    from bitget_cli.results import Result
    from bitget_cli.runtime import Clock, Doors
    from bitget_cli.servers.paper_server import PaperServer
    from bitget_cli.stream_events import Source, Topic
    from bitget_cli.trading.execution import ExecutionClient


class Shared(NamedTuple):
    """The options every command takes, as typed."""

    profile: str | None = None
    output: str | None = None
    json: bool = False
    fields: str | None = None
    timeout: float | None = None
    verbose: bool = False
    no_color: bool = False

    def then(self, later: Shared) -> Shared:
        """These, overruled by what was typed after the command."""
        said = {name: value for name, value in later._asdict().items() if value is not None and value is not False}
        # The form is one choice with two spellings: the later spelling replaces the earlier one, not joins it.
        if "output" in said or "json" in said:
            said = {"output": None, "json": False, **said}
        return self._replace(**said)


_FORMS = ("table", "json", "ndjson", "csv", "tsv")


class Console:
    """Standard streams, and the options that say how to use them."""

    def __init__(self, shared: Shared, doors: Doors) -> None:
        self.shared = shared
        self.doors = doors

    @property
    def terminal(self) -> bool:
        return self.doors.stdout.isatty()

    @property
    def form(self) -> str:
        if self.shared.json and self.shared.output not in (None, "json"):
            raise UsageError(f"--json and --output {self.shared.output} ask for two forms; choose one")
        form = "json" if self.shared.json else self.shared.output or ("table" if self.terminal else "tsv")
        if form not in _FORMS:
            raise UsageError(f"output form {form!r} is not one of {', '.join(_FORMS)}")
        return form

    @property
    def stream_form(self) -> str:
        """The form of a stream, where every row stands by itself: a live table on a terminal, else NDJSON."""
        form = self.form
        if self.shared.output or self.shared.json:
            return "ndjson" if form == "json" else form
        return "table" if self.terminal and self.doors.environ.get("TERM") != "dumb" else "ndjson"

    def color(self, stream: TextIO) -> bool:
        plain = self.shared.no_color or self.doors.environ.get("NO_COLOR") or self.doors.environ.get("TERM") == "dumb"
        return stream.isatty() and not plain

    def show(self, result: Result) -> None:
        """Draw a result on stdout in the form asked for; a stream is shown until it ends."""
        from bitget_cli.output.render import play, show
        from bitget_cli.results import Feed

        fields = tuple(name.strip() for name in self.shared.fields.split(",")) if self.shared.fields else None
        out = self.doors.stdout
        if isinstance(result, Feed):
            doors, color = self.doors, self.color(out)
            form, clock = self.stream_form, doors.clock
            play(
                result, form=form, fields=fields, out=out, err=doors.stderr, stdin=doors.stdin, color=color, clock=clock
            )
            return
        show(result, form=self.form, fields=fields, out=out, terminal=self.terminal, color=self.color(out))

    def say(self, line: str) -> None:
        """A line for people, or several, on stderr. What came from elsewhere cannot steer the terminal."""
        print(_harmless(line), file=self.doors.stderr, flush=True)

    def ask(self, question: str) -> bool:
        """Ask on the terminal; anything but yes is no. Raises DeclinedError where there is nobody to ask."""
        if not (self.doors.stdin.isatty() and self.doors.stderr.isatty()):
            raise DeclinedError(f"{question}: not confirmed, and there is no terminal to ask on", hint="add --yes")
        self.doors.stderr.write(f"{_harmless(question)}\nGo ahead? [y/N] ")
        self.doors.stderr.flush()
        return self.doors.stdin.readline().strip().lower() in ("y", "yes")


def _harmless(text: str) -> str:
    from bitget_cli.output.plain import sanitise

    return "\n".join(map(sanitise, text.split("\n")))


class ProfileContext(Console):
    """A person at a screen, and what they may do: decided by options, environment, config.toml and keyring."""

    @cached_property
    def profile(self) -> Profile:
        """The profile in force: named by option or BITGET_PROFILE, else the environment's keys, else the default.

        Raises UsageError for a name that is not a profile and CredentialsError for half a set of keys.
        """
        name = self.shared.profile or self.doors.environ.get("BITGET_PROFILE")
        if name:
            return self.profiles.get(name)
        if self._environment_key:
            return self.profiles.of_environment(self._environment_key[1])
        return self.profiles.get(self.profiles.default)

    @property
    def env(self) -> str:
        """`live`, `demo` or `paper`."""
        return self.profile.env

    @cached_property
    def profiles(self) -> Profiles:
        from bitget_cli.config.profiles import Profiles

        return Profiles(self.config_folder)

    @cached_property
    def key(self) -> Key:
        """The API key of the profile in force. Never a mixture of sources.

        Raises CredentialsError when there is none, or the keyring is locked, mute or not to be trusted.
        """
        explicit = self.shared.profile or self.doors.environ.get("BITGET_PROFILE")
        if self.own_address or not explicit:
            found = self._environment_key
            if found and found[1] == self.env:
                return found[0]
        if self.own_address:
            raise CredentialsError(
                f"BITGET_API_BASE_URL is set, so keys come from the environment alone, and it has none for {self.env}",
                hint="set BITGET_API_KEY, BITGET_SECRET_KEY, BITGET_PASSPHRASE and BITGET_ENV, or unset the address",
            )
        return self.keychain.read(self.profile.name, env=self.env)

    @property
    def takes_key_from_environment(self) -> bool:
        """Whether no profile was named, so that the environment's keys are in force; naming one would shut them out."""
        named = self.shared.profile or self.doors.environ.get("BITGET_PROFILE")
        return not named and self._environment_key is not None

    def redact(self, text: str) -> str:
        """The text without any part of a key: the one that was opened, and what the environment holds."""
        from bitget_cli.keys import Redactor, of_environment

        opened = (self.key.id, self.key.secret, self.key.passphrase) if "key" in vars(self) else ()
        return Redactor(*of_environment(self.doors.environ), *opened, *self._signatures())(text)

    def _signatures(self) -> tuple[Secret, ...]:
        """What was sent as proof of the key, which an answer may repeat."""
        return ()

    def say(self, line: str) -> None:
        super().say(self.redact(line))

    @cached_property
    def keychain(self) -> KeyringStore:
        from bitget_cli.config.keyring_store import KeyringStore

        return KeyringStore(self.doors.keyring, environ=self.doors.environ)

    @cached_property
    def own_address(self) -> str | None:
        """BITGET_API_BASE_URL, checked: Bitget's own hosts or loopback."""
        if "BITGET_API_BASE_URL" not in self.doors.environ:
            return None
        from bitget_cli.config.hosts import rest_address

        return rest_address(self.doors.environ)

    @cached_property
    def _environment_key(self) -> tuple[Key, str] | None:
        from bitget_cli.config.profiles import key_from_environment

        return key_from_environment(self.doors.environ)

    @cached_property
    def config_folder(self) -> Path:
        from platformdirs import user_config_path

        return _folder(user_config_path, "XDG_CONFIG_HOME")

    @cached_property
    def state_folder(self) -> Path:
        from platformdirs import user_state_path

        return _folder(user_state_path, "XDG_STATE_HOME")


def _folder(of: Callable[[str], Path], variable: str) -> Path:
    """The folder of this user. Raises ConfigError where nobody knows one, as in a container with a nameless user."""
    try:
        found = of("bitget")
    except RuntimeError:
        found = Path("~")
    if not found.is_absolute():
        raise ConfigError(
            "this user has no home folder, so there is no place for settings and for the record of orders",
            hint=f"set HOME, or {variable} (settings: XDG_CONFIG_HOME, records: XDG_STATE_HOME), to a folder of yours",
        )
    return found


# Seconds; half of the time between two frames of a live table.
_GATHER = 0.1


def open_feed(
    topics: Sequence[Topic],
    open_socket: Opener,
    *,
    account: Callable[[], tuple[Key, Client]],
    clock: Clock,
    raw: bool,
    depth: int,
    first_connection: float,
) -> Source:
    """Starts following the topics; only private ones need a key and ask the exchange by REST, so only they open it.

    `depth` is how many levels a side of an order book are told, `first_connection` the seconds within which one must
    stand. Raises CredentialsError without a key, and UsageError
    for more topics than one stream may follow.
    """
    from bitget_cli.client.ws import feed

    client: Client | None = None
    login: Callable[[], str] | None = None
    if any(feed.is_private(topic) for topic in topics):
        from bitget_cli.client.ws.protocol import login_with

        key, client = account()
        login = login_with(key, client)
    return feed.watch(
        topics,
        open_socket=open_socket,
        client=client,
        clock=clock,
        login=login,
        raw=raw,
        depth=depth,
        first_connection=first_connection,
    )


def paper_opener(exchange: Exchange) -> Opener:
    """Every connection to the exchange on this machine serves public and private channels alike."""
    from bitget_cli.paper.socket import PaperSocket

    return lambda _private, _seconds: PaperSocket(exchange)


def bitget_opener(env: str, environ: Mapping[str, str], *, is_drawn: bool) -> Opener:
    """To Bitget's host for `live` or `demo`, or the one BITGET_WS_BASE_URL names. Raises ConfigError for a bad one.

    What is drawn five times a second need not be read at once.
    """
    from bitget_cli.client.ws.connection import ADDRESSES, opener
    from bitget_cli.config.hosts import stream_address

    return opener(stream_address(environ) or ADDRESSES[env], environ=environ, gather=_GATHER if is_drawn else 0.0)


LIVE_URL = "https://api.bitget.com"


class Session(ProfileContext):
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
            from bitget_cli.paper.credentials import PAPER_KEY

            return PAPER_KEY
        return super().key

    def _signatures(self) -> tuple[Secret, ...]:
        return tuple(self.client.signatures) if "client" in vars(self) else ()

    # The exchange.

    @cached_property
    def client(self) -> Client:
        """A client of the exchange the profile names; the paper one is behind the same door as the real one."""
        from bitget_cli.client.rest.client import Client
        from bitget_cli.client.rest.rate_limit import Pacer

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
        from bitget_cli.client.http.transport import open_transport

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
            from bitget_cli.servers.paper_server import PaperServer
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
        from bitget_cli.paper.credentials import settings

        return settings(port)

    def watch(self, topics: Sequence[Topic], *, raw: bool = False, depth: int = 20, waits: bool = False) -> Source:
        """A stream of these topics, ended with the session; it `waits` for a first connection, or till the timeout."""
        timeout = self.timeout
        env, environ, drawn = self.env, self.doors.environ, self.stream_form == "table"
        opener = paper_opener(self.paper) if env == "paper" else bitget_opener(env, environ, is_drawn=drawn)
        source = open_feed(
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
        from bitget_cli.client.rest.auth import fingerprint
        from bitget_cli.journal.entries import Journal
        from bitget_cli.trading.outcomes import check_entry

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
        from bitget_cli.journal.entries import Journal

        journals = [Journal(path) for path in sorted((self.state_folder / "journal").glob("*-paper.sqlite3"))]
        for journal in journals:
            self._open.callback(journal.close)
        return journals

    @cached_property
    def execution(self) -> ExecutionClient:
        """Carries out changes exactly once. Where JSON is asked for it counts as a program's use."""
        from bitget_cli.trading.execution import ExecutionClient

        return ExecutionClient(
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
