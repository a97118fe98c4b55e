"""What the paper exchange remembers: one SQLite file, its tables, paper time, and going back in it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bitget_cli.errors import BitgetError, ConfigError, UsageError
from bitget_cli.files import make_private_folder, make_whole, refuse_cut_to_nothing, set_aside
from bitget_cli.paper.instruments import LAUNCH
from bitget_cli.values import from_milliseconds, instant, milliseconds, plain

if TYPE_CHECKING:
    import sqlite3


class PaperClock(NamedTuple):
    """`paper` and `wall` are the anchor, in ms: when the wall clock showed `wall`, paper time was `paper`.

    `speed` is how many paper seconds pass in one real second; 0 stands still. Real time is both at 0 and speed 1.
    """

    paper: int = 0
    wall: int = 0
    speed: Decimal = Decimal(1)

    @property
    def mode(self) -> Literal["real", "frozen", "scaled"]:
        if self.speed == 0:
            return "frozen"
        return "real" if self == REAL else "scaled"

    def now(self, wall: int) -> int:
        """Paper time, in ms."""
        return self.paper + int((wall - self.wall) * self.speed)

    def advanced(self, by: int, wall: int) -> PaperClock:
        """`by` ms later than it would be, at the same speed."""
        return PaperClock(self.now(wall) + by, wall, self.speed)


REAL = PaperClock()


# Each step brings the file from one schema version to the next; `user_version` counts the steps done.
STEPS = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE opening (coin TEXT PRIMARY KEY, amount TEXT NOT NULL) WITHOUT ROWID;",
    # The trading floor: what it remembers as JSON beside what it is looked up by, and money by pot.
    "CREATE TABLE records (kind TEXT NOT NULL, id INTEGER NOT NULL, live INTEGER NOT NULL, product TEXT NOT NULL,"
    " symbol TEXT NOT NULL, client_oid TEXT NOT NULL, parent INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (kind, id)) WITHOUT ROWID;"
    "CREATE INDEX records_live ON records (kind) WHERE live;"
    "CREATE INDEX records_named ON records (client_oid) WHERE client_oid <> '';"
    "CREATE INDEX records_of_parent ON records (parent) WHERE parent <> 0;"
    "CREATE TABLE pots (name TEXT NOT NULL, coin TEXT NOT NULL, available TEXT NOT NULL, frozen TEXT NOT NULL,"
    " PRIMARY KEY (name, coin)) WITHOUT ROWID;"
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE faults (id INTEGER PRIMARY KEY, fault TEXT NOT NULL, path TEXT NOT NULL, left INTEGER NOT NULL,"
    " amount INTEGER NOT NULL);"
    "CREATE TABLE late (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,"
    " body BLOB NOT NULL)",
    # What private streams tell of. Unlike plain row ids, these are never given twice, not even after a reset.
    "CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, kind TEXT NOT NULL,"
    " product TEXT NOT NULL, body TEXT NOT NULL)",
    # Opening balances of any account. Where something has happened under settings nobody ever wrote down, they were
    # those that every exchange began with then.
    "CREATE TABLE openings (account TEXT NOT NULL, coin TEXT NOT NULL, amount TEXT NOT NULL,"
    " PRIMARY KEY (account, coin)) WITHOUT ROWID;"
    "INSERT INTO openings SELECT 'spot', coin, amount FROM opening;"
    "DROP TABLE opening;"
    "ALTER TABLE openings RENAME TO opening;"
    "INSERT INTO opening SELECT 'spot', column1, column2 FROM"
    " (VALUES ('USDT', '100000'), ('USDC', '10000'), ('BTC', '1'))"
    " WHERE EXISTS (SELECT 1 FROM settings) AND NOT EXISTS (SELECT 1 FROM meta);"
    "INSERT INTO meta SELECT column1, column2 FROM"
    " (VALUES ('seed', '1'), ('clock_paper', '0'), ('clock_wall', '0'), ('clock_speed', '1'))"
    " WHERE EXISTS (SELECT 1 FROM settings) AND NOT EXISTS (SELECT 1 FROM meta)",
    # Which kind of account it is; until then there was one kind.
    "INSERT INTO meta SELECT 'account', 'classic' WHERE EXISTS (SELECT 1 FROM meta)",
)
# What a reset empties.
HAPPENED = ("records", "pots", "settings", "faults", "late", "events")


ID_STEP = 1_000_000


def born(identity: int) -> int:
    """When the thing with this id came to be, in ms."""
    return identity // ID_STEP


# The file is made on the first change; until then every answer comes from the defaults, and SQLite is not even
# loaded.

SEED = 1
# What may be begun with, by account and coin.
Opening = Mapping[tuple[str, str], Decimal]
# Accounts that may hold it; isolated margin has one for each symbol.
OPENED = ("spot", "p2p", "usdt_futures", "usdc_futures", "coin_futures", "crossed_margin")
# Enough for everybody to trade at once, in spot and in futures.
OPENING: Opening = {("spot", "USDT"): Decimal(10_000), ("usdt_futures", "USDT"): Decimal(10_000)}
# Paper seconds in a real one.
FASTEST = 1_000_000
# The last instant (ms) there is here, the end of the year 2261: ids tell their time, and have no room for a later one.
LATEST = 9_214_646_399_999
# The last that a clock can be anchored at: the end of the year 9999.
_LAST_ANCHOR = 253_402_300_799_999
# What SQLite says of a file whose contents are not what they were; anything else is trouble with the disk.
_DAMAGE = frozenset({"SQLITE_ERROR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CORRUPT_INDEX", "SQLITE_FORMAT"})
# Milliseconds to wait for another process that is writing.
_PATIENCE = 5_000
_PAUSE = 10


# An amount as the file keeps it; nothing else is read as one.
_AMOUNT = re.compile(r"-?[0-9]{1,60}(\.[0-9]{1,60})?(E[+-]?[0-9]{1,3})?")


class DamagedError(ValueError):
    """What stands in the file was not written by this program."""


class _NewerError(Exception):
    """The file has a schema this program does not know."""


def amount_in(text: object) -> Decimal:
    """An amount of the file. Raises DamagedError for anything else."""
    if not isinstance(text, str) or not _AMOUNT.fullmatch(text):
        raise DamagedError(f"{text!r} is no amount")
    return Decimal(text)


def whole_number_in(text: object, *, least: int = 0, most: int = 10**30) -> int:
    """A whole number of the file, kept as text. Raises DamagedError for anything else."""
    if not isinstance(text, str) or not re.fullmatch("-?[0-9]{1,30}", text) or not least <= int(text) <= most:
        raise DamagedError(f"{text!r} is no number from {least} on")
    return int(text)


# The kinds of account.
CLASSIC, UNIFIED = "classic", "unified"


class State(NamedTuple):
    """The settings of one paper exchange: everything prices and clocks depend on, and the kind of its one account."""

    seed: int = SEED
    clock: PaperClock = REAL
    opening: Opening = OPENING
    unified: bool = False


def joined(opening: Opening) -> Opening:
    """The same money in a unified account: all but the funding account's in its one wallet, called `spot` here."""
    amounts: dict[tuple[str, str], Decimal] = {}
    for (account, coin), amount in opening.items():
        place = (account if account == "p2p" else "spot", coin)
        amounts[place] = amounts.get(place, Decimal(0)) + amount
    return amounts


class Store:
    """The state of one paper exchange; `path` None keeps it in memory.

    `now_override` (BITGET_PAPER_NOW) is an instant at which the clock stands still for this process only, whatever
    the file says. Methods raise ConfigError when the file cannot be used, and UsageError for a time that cannot be.
    """

    def __init__(self, path: Path | None, *, now_override: str | None = None) -> None:
        self.path = path
        self._override = now_override or None
        # Held by whoever answers a request: a file must not be closed while another thread reads in it.
        self.lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._changes = 0
        # Whoever still waits for the lock then asks for nobody.
        self.is_closing = False
        self._state = State()
        self._seen: int | None = None
        # How far things have come on the trading engine, in ms.
        self._until = 0
        # How often this object has begun anew or gone back; what is remembered of the file is worthless after.
        self.resets = 0

    def close(self) -> None:
        self.is_closing = True
        with self.lock:
            self.is_closing = False
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def now(self, wall: datetime) -> int:
        """Paper time, in ms. Raises UsageError for an override that is not an instant."""
        if self._override:
            return min(LATEST, max(LAUNCH, milliseconds(instant(self._override, now=wall))))
        clock = self.state().clock
        # Where the wall clock was put back, prices wait with the account for what has happened already.
        return min(LATEST, max(LAUNCH, clock.now(milliseconds(wall)), self._until))

    @property
    def is_alone_in_time(self) -> bool:
        """Whether this process has a time of its own, whatever the others' is."""
        return self._override is not None

    @property
    def speed_now(self) -> Decimal:
        """How many paper seconds pass in a real one, for this process."""
        return Decimal(0) if self._override else self.state().clock.speed

    def state(self) -> State:
        """The settings as they stand now, also when another process has just changed them."""
        connection = self.opened()
        if connection is None:
            return self._state
        with self._in_words():
            version = connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._seen:
                self._state, self._until, self._seen = _read(connection), _happened_until(connection), version
        return self._state

    def reset(self, *, seed: int | None = None, opening: Opening | None = None, unified: bool = False) -> State:
        """Begin anew: everything is forgotten but the clock. Without a seed the same prices go on."""
        before, begun = self.state(), OPENING if opening is None else opening
        state = State(
            seed=before.seed if seed is None else seed,
            clock=before.clock,
            opening=joined(begun) if unified else dict(begun),
            unified=unified,
        )
        with self.change() as connection:
            for table in HAPPENED:
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this package
            _put(connection, state)
        self.resets += 1
        return self.state()

    def set_clock(self, clock: PaperClock, *, wall: datetime) -> State:
        """Put another clock in force.

        Raises for a time before the exchange's first day or after its last, and for one before what happened.
        """
        at = clock.now(milliseconds(wall))
        if at < LAUNCH:
            raise UsageError("the paper exchange has no prices before 2018-01-01")
        if at > LATEST:
            raise UsageError("the paper exchange has no prices after 2261-12-31")
        state = self.state()
        with self.change() as connection:
            self.go_back(connection, at, refusal=UsageError)
            _put(connection, state._replace(clock=clock))
        return self.state()

    def go_back(self, connection: sqlite3.Connection, at: int, *, refusal: type[BitgetError]) -> None:
        """Within a change: live at `at` (ms) again, if it is later there. Raises `refusal` if something happened since.

        Opening balances are nothing that happened: they come in anew.
        """
        happened = happened_after(connection, at)
        if happened is not None:
            raise refusal(
                f"the paper exchange cannot go back to {_moment(at)}: something happened there at {_moment(happened)}",
                hint="bitget paper reset begins anew",
            )
        if go_back(connection, at):
            self.resets += 1

    def freeze(self, at: datetime, *, wall: datetime) -> State:
        """Stand still at an instant."""
        return self.set_clock(PaperClock(milliseconds(at), milliseconds(wall), Decimal(0)), wall=wall)

    def advance(self, by_ms: int, *, wall: datetime) -> State:
        """Jump ahead; a clock that stands still stands still there."""
        if by_ms < 0:
            raise UsageError("the paper clock is only advanced forwards")
        return self.set_clock(self.state().clock.advanced(by_ms, milliseconds(wall)), wall=wall)

    def speed(self, speed: Decimal, *, wall: datetime) -> State:
        """From now on `speed` paper seconds pass in a real one; 0 stands still."""
        if not 0 <= speed <= FASTEST:
            raise UsageError(f"speed {plain(speed)} is not between 0 and {FASTEST}")
        now = milliseconds(wall)
        return self.set_clock(PaperClock(self.state().clock.now(now), now, speed), wall=wall)

    def real_time(self, *, wall: datetime) -> State:
        """Paper time is the wall clock's again."""
        return self.set_clock(REAL, wall=wall)

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction that holds the write lock from its start; undone when it fails."""
        with self._in_words():
            connection = self._open()
            self._changes += 1
            mine = self._changes
            try:
                # A signal may come between any two steps, also of `with` itself, which then never gets here again.
                _roll_back(connection)
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if self._connection is connection and self._changes == mine:
                    _roll_back(connection)
                raise
            finally:
                self._seen = None

    def opened(self) -> sqlite3.Connection | None:
        """The file as it is, for looking; None while there is none and every answer comes from the defaults."""
        if self._connection is None and (self.path is None or not self.path.exists()):
            return None
        with self._in_words():
            return self._open()

    def rows(self, query: str, *given: str | int) -> list[tuple[Any, ...]]:
        """What stands in the file; nothing while there is none."""
        connection = self.opened()
        if connection is None:
            return []
        with self._in_words():
            return connection.execute(query, given).fetchall()

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = _connect(self.path)
        return self._connection

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Trouble with the file as a sentence."""
        from sqlite3 import Error

        try:
            yield
        except DamagedError as failure:
            raise self.damaged(str(failure)) from failure
        except Error as failure:
            if getattr(failure, "sqlite_errorname", "SQLITE_ERROR") in _DAMAGE:
                raise self.damaged(str(failure)) from failure
            raise ConfigError(f"cannot use the paper exchange's file {self.path}: {failure}") from failure
        except OSError as failure:
            why = failure.strerror or str(failure)
            hint = "set HOME or XDG_STATE_HOME to a folder of yours that can be written"
            raise ConfigError(f"cannot use the paper exchange's file {self.path}: {why}", hint=hint) from failure
        except _NewerError as failure:
            raise ConfigError(f"cannot use the paper exchange's file {self.path}: {failure}") from failure

    def damaged(self, why: str) -> ConfigError:
        """What to raise for contents that were not written by this program."""
        hint = set_aside(self.path) if self.path else None
        return ConfigError(f"cannot use the paper exchange's file {self.path}: it is damaged: {why}", hint=hint)


def _moment(at: int) -> str:
    return from_milliseconds(at).isoformat(timespec="auto").replace("+00:00", "Z")


def _connect(path: Path | None) -> sqlite3.Connection:
    """Open or make the file, private to its owner, at the newest schema. Raises _NewerError."""
    import sqlite3

    if path is not None:
        make_private_folder(path.parent)
        if not os.path.lexists(path):
            make_whole(path, _build)
        refuse_cut_to_nothing(path)
    # Calls come one at a time, but not always from the thread that opened it.
    connection = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE}")
    _write_ahead(connection)
    # A killed program loses nothing; only the machine's own crash may cost the last moments.
    connection.execute("PRAGMA synchronous = NORMAL")
    _upgrade(connection, begins=path is None)
    return connection


def _roll_back(connection: sqlite3.Connection) -> None:
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Readers go on while somebody writes. Two processes that make the switch at once do not wait for each other."""
    from sqlite3 import OperationalError

    for _ in range(_PATIENCE // _PAUSE):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except OperationalError as busy:
            if busy.sqlite_errorname != "SQLITE_BUSY":
                raise
            time.sleep(_PAUSE / 1000)


def _build(path: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(path, isolation_level=None)
    try:
        _upgrade(connection, begins=True)
    finally:
        connection.close()


def _upgrade(connection: sqlite3.Connection, *, begins: bool) -> None:
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    if done == len(STEPS):
        return
    if done > len(STEPS):
        raise _NewerError("a newer version of this program wrote it")
    if not done and not begins:
        raise DamagedError("it is none of this program's")
    # Looked at again under the write lock: another process may have been quicker.
    connection.execute("BEGIN IMMEDIATE")
    done = connection.execute("PRAGMA user_version").fetchone()[0]
    for step in STEPS[done:]:
        for statement in step.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {len(STEPS)}")
    connection.execute("COMMIT")


def unify(connection: sqlite3.Connection, state: State) -> None:
    """Within a change: the account is a unified one from here on."""
    _put(connection, state._replace(unified=True))


def _put(connection: sqlite3.Connection, state: State) -> None:
    rows = {
        "seed": str(state.seed),
        "clock_paper": str(state.clock.paper),
        "clock_wall": str(state.clock.wall),
        "clock_speed": plain(state.clock.speed),
        "account": UNIFIED if state.unified else CLASSIC,
    }
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows.items())
    connection.execute("DELETE FROM opening")
    amounts = ((account, coin, plain(amount)) for (account, coin), amount in state.opening.items())
    connection.executemany("INSERT INTO opening VALUES (?, ?, ?)", amounts)


def _happened_until(connection: sqlite3.Connection) -> int:
    found = connection.execute("SELECT value FROM settings WHERE name = 'time'").fetchone()
    return whole_number_in(found[0]) if found else 0


def _read(connection: sqlite3.Connection) -> State:
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    if not meta:
        return State()
    if missing := {"seed", "clock_paper", "clock_wall", "clock_speed", "account"} - set(meta):
        raise DamagedError(f"the setting {min(missing)} is missing")
    speed = amount_in(meta["clock_speed"])
    if not 0 <= speed <= FASTEST:
        raise DamagedError(f"{speed} is no speed of a clock")
    times = [
        whole_number_in(meta[name], least=-_LAST_ANCHOR, most=_LAST_ANCHOR) for name in ("clock_paper", "clock_wall")
    ]
    rows = connection.execute("SELECT account, coin, amount FROM opening")
    opening = {(account, coin): amount_in(amount) for account, coin, amount in rows}
    if any(amount < 0 for amount in opening.values()):
        raise DamagedError("an opening balance is below zero")
    if unknown := {account for account, _ in opening} - set(OPENED):
        raise DamagedError(f"an opening balance is of {min(unknown)!r}, which is no account")
    if meta["account"] not in (CLASSIC, UNIFIED):
        raise DamagedError(f"{meta['account']!r} is no kind of account")
    clock = PaperClock(times[0], times[1], speed)
    return State(whole_number_in(meta["seed"], least=-(10**30)), clock, opening, meta["account"] == UNIFIED)


# Settings that say how far things have come; the others are the customer's.
PROGRESS = ("time", "last_id", "opened", "changed")
# Prices asked for and not taken are nothing that happened either.
_ASKED = "quote"


def happened_after(connection: sqlite3.Connection, at: int) -> int | None:
    """When the last thing after `at` (ms) happened; None when nothing did."""
    settings = _settings(connection)
    time = _whole(settings, "time")
    if time <= at:
        return None
    last = connection.execute(
        "SELECT max(json_extract(body, '$.updated')) FROM records WHERE id > ? AND kind <> ?",
        (_opened(connection, settings), _ASKED),
    ).fetchone()[0]
    if not isinstance(last, int | None):
        raise DamagedError(f"something happened at {last!r}")
    last = max(last or 0, _changed(settings), time if _is_under_way(connection) else 0)
    return last if last > at else None


def go_back(connection: sqlite3.Connection, at: int) -> bool:
    """Live at `at` again, after which nothing has happened. False where it was no later than that."""
    settings = _settings(connection)
    if _whole(settings, "time") <= at:
        return False
    connection.execute("DELETE FROM records WHERE kind = ? AND id >= ?", (_ASKED, at * ID_STEP))
    opened = _opened(connection, settings)
    if opened and born(opened) > at:
        # Nothing is left but the opening balances: they come in anew, with the first call.
        for table in ("records", "pots", "settings"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this package
        return True
    last = connection.execute("SELECT max(id) FROM records").fetchone()[0]
    again = {"time": str(at), "last_id": str(last or opened)}
    connection.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", again.items())
    return True


def _settings(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, value FROM settings"))


def _whole(settings: dict[str, str], name: str) -> int:
    return whole_number_in(settings.get(name, "0"))


def _opened(connection: sqlite3.Connection, settings: dict[str, str]) -> int:
    """The id of the last record of the opening balances; what an older version wrote did not say."""
    if "opened" in settings:
        return _whole(settings, "opened")
    found = connection.execute(
        "SELECT max(id) FROM records WHERE kind = 'bill' AND parent = 0"
        " AND json_extract(body, '$.business') = 'DEPOSIT'"
    ).fetchone()[0]
    return int(found or 0)


def _changed(settings: dict[str, str]) -> int:
    """When leverage, margin or position mode was set last; what an older version wrote did not say."""
    if "changed" in settings or all(name in PROGRESS for name in settings):
        return _whole(settings, "changed")
    return _whole(settings, "time")


def _is_under_way(connection: sqlite3.Connection) -> bool:
    """Whether a request is kept back, or a plan follows the price: neither says since when."""
    return bool(
        connection.execute(
            "SELECT EXISTS (SELECT 1 FROM late) OR EXISTS (SELECT 1 FROM records WHERE live AND kind = 'plan'"
            " AND json_extract(body, '$.active'))"
        ).fetchone()[0]
    )
