"""All that can still change, in memory while nobody else writes, and the log of what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from bitget_cli.paper.answers import RefusedError
from bitget_cli.paper.engine.ledger import OUTSIDE, ZERO, Ledger, exact
from bitget_cli.paper.engine.records import (
    Bill,
    Fill,
    Movement,
    Order,
    Plan,
    Position,
    StoredRecord,
    from_text,
    to_text,
)
from bitget_cli.paper.prices.markets import MarketView, PricePaths
from bitget_cli.paper.prices.path import Path
from bitget_cli.paper.store import ID_STEP, LATEST, PROGRESS, UNIFIED, DamagedError, whole_number_in
from bitget_cli.values import Product

if TYPE_CHECKING:
    import sqlite3

# Whoever watches looks several times a second and needs the last few; nobody needs the rest.
_KEPT = 10_000
_KINDS: dict[str, type[Order | Fill | Plan | Position]] = {each.kind: each for each in (Order, Fill, Plan, Position)}


class Event(NamedTuple):
    """One change: `seq` only ever grows, also over a reset; `time` in ms; the record as it was right after."""

    seq: int
    time: int
    record: Order | Fill | Plan | Position


class EventLog:
    """Changes of one state that wait to be written; `live` are the records it was loaded with, known to everybody."""

    def __init__(self, live: Iterable[StoredRecord]) -> None:
        self._told = {(record.kind, record.id): _shown(record) for record in live}
        self._rows: list[tuple[int, str, str, str]] = []

    def note(self, record: StoredRecord, time: int) -> None:
        """A record has been saved: tell of it if a customer would see a difference."""
        if record.kind not in _KINDS or (isinstance(record, Position) and record.live):
            return
        key, fields = (record.kind, record.id), _shown(record)
        if self._told.get(key) == fields:
            return
        self._told[key] = fields
        self._rows.append((time, record.kind, record.product, to_text(record)))

    def flush(self, connection: sqlite3.Connection) -> None:
        """Write them, to be committed with the transaction."""
        if not self._rows:
            return
        connection.executemany("INSERT INTO events (time, kind, product, body) VALUES (?, ?, ?, ?)", self._rows)
        connection.execute("DELETE FROM events WHERE seq <= (SELECT max(seq) FROM events) - ?", (_KEPT,))
        self._rows.clear()


def latest(connection: sqlite3.Connection) -> int:
    """The `seq` of the newest event; 0 when there is none."""
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return int(found[0]) if found else 0


def since(connection: sqlite3.Connection, seq: int) -> list[Event]:
    """The events after `seq`, oldest first."""
    rows = connection.execute("SELECT seq, time, kind, body FROM events WHERE seq > ? ORDER BY seq", (seq,))
    return _settled([Event(seq, time, from_text(_KINDS[kind], body)) for seq, time, kind, body in rows])


def _settled(events: list[Event]) -> list[Event]:
    """Without exits cancelled in the very moment in which they were executed: closing a position lifts its exits."""
    executed = {event.record.id for event in events if _status(event) == "executed"}
    return [event for event in events if not (_status(event) == "cancelled" and event.record.id in executed)]


def _status(event: Event) -> str:
    return event.record.status if isinstance(event.record, Plan) else ""


def _shown(record: StoredRecord) -> tuple[Any, ...]:
    """What a customer sees of a record, as far as it can change."""
    if isinstance(record, Order):
        return record.status, record.filled, record.price, record.size
    if isinstance(record, Plan):
        exits = record.exits
        attached = (exits.profit, exits.profit_execute, exits.loss, exits.loss_execute)
        how = (record.limit, record.execute, record.callback, record.trigger_by)
        return record.status, record.trigger, record.size, record.quote, how, attached
    return ()


R = TypeVar("R", bound=StoredRecord)


# The largest whole number that SQLite takes; asked for a larger id, nothing has it, and everything is below it.
_LARGEST = 2**63 - 1
# What there are records of, in order of their names; of the others than these nothing can still happen.
KINDS = (
    *("bill", "conversion", "fill", "movement", "order", "plan", "position", "quote"),
    *("subaccount", "subtransfer", "transfer"),
)
_LIVING = tuple(kind.kind for kind in (Order, Plan, Movement, Position))
# The setting that says when all orders are cancelled unless somebody asks again, in ms; 0 is never.
COUNTDOWN = "countdown"
# What settings that are words may be, by the end of their name; the others are whole numbers.
_SETTINGS = {"mode": ("one_way_mode", "hedge_mode"), "margin": ("crossed", "isolated")}


class EngineState:
    """`time` (ms) is how far events have been worked out; `touched` names what changed since somebody last looked."""

    def __init__(self, connection: sqlite3.Connection, prices: PricePaths) -> None:
        self.connection = connection
        self.prices = prices
        self._load()

    def _load(self) -> None:
        kind = self.connection.execute("SELECT value FROM meta WHERE name = 'account'").fetchone()
        self.ledger = Ledger(self.connection, unified=kind is not None and kind[0] == UNIFIED)
        self.settings: dict[str, str] = dict(self.connection.execute("SELECT name, value FROM settings"))
        for name, value in self.settings.items():
            _check_setting(name, value)
        _check_records(self.connection, int(self.settings.get("last_id", "0")))
        self.time = int(self.settings.get("time", "0"))
        self._last_id = int(self.settings.get("last_id", "0"))
        self._kept = dict(self.settings)
        self.orders: dict[int, Order] = {each.id: each for each in self._live(Order)}
        self.plans: dict[int, Plan] = {each.id: each for each in self._live(Plan)}
        self.movements: dict[int, Movement] = {each.id: each for each in self._live(Movement)}
        self.positions: dict[tuple[str, str, str], Position] = {}
        for position in self._live(Position):
            self.positions[position.product, position.symbol, position.hold] = position
        self._events = EventLog([*self.orders.values(), *self.plans.values()])
        self._dirty: dict[tuple[str, int], StoredRecord] = {}
        self.touched: set[tuple[str, int]] = set()

    def _live(self, kind: type[R]) -> list[R]:
        rows = self.connection.execute(
            "SELECT body FROM records WHERE live AND kind = ? ORDER BY id",
            (kind.kind,),
        )
        return [from_text(kind, body) for (body,) in rows]

    def receive(self, coin: str, amount: Decimal, *, cause: int) -> None:
        """Money from outside into the spot account, with its bill."""
        self.ledger.move(coin, amount, source=OUTSIDE, target="spot")
        self.bill("spot", coin, amount, business="DEPOSIT", group="deposit", cause=cause)

    @property
    def unified(self) -> bool:
        """Whether spot and futures trade out of one wallet."""
        return self.ledger.unified

    @property
    def market(self) -> MarketView:
        return MarketView(self.prices, self.time)

    @property
    def anything(self) -> bool:
        """Whether time can change anything at all."""
        return bool(self.orders or self.plans or self.positions or self.movements)

    def new_id(self) -> int:
        """Larger than any before; it tells its time (`born`) and so depends on nothing but what happened."""
        self._last_id = max(self._last_id + 1, self.time * ID_STEP)
        return self._last_id

    def save(self, record: StoredRecord) -> None:
        """Note a new or changed record."""
        record.updated = self.time
        self._events.note(record, self.time)
        self._dirty[record.kind, record.id] = record
        self.touched.add((record.kind, record.id))
        if isinstance(record, Order):
            _keep(self.orders, record.id, record)
        elif isinstance(record, Plan):
            _keep(self.plans, record.id, record)
        elif isinstance(record, Movement):
            _keep(self.movements, record.id, record)
        elif isinstance(record, Position):
            _keep(self.positions, (record.product, record.symbol, record.hold), record)

    def bill(
        self,
        account: str,
        coin: str,
        amount: Decimal,
        *,
        business: str,
        group: str = "",
        fee: Decimal = ZERO,
        symbol: str = "",
        cause: int = 0,
        position: Position | None = None,
        lots: int = 0,
    ) -> None:
        """Write down a change of a balance that has just been made; `amount` leaves out `fee`, both signed.

        `cause` is the id of the order, transfer, deposit … behind it, `lots` by how much a `position` changed. What
        only moves into an isolated position stays in the account and has no bill: the bills of an account's coin add
        up to its balance.
        """
        balance = self.ledger.held(account, coin)
        self.save(
            Bill(
                id=self.new_id(),
                product=account,
                symbol=symbol,
                parent=cause,
                coin=coin,
                amount=exact(amount),
                fee=exact(fee),
                balance=balance,
                business=business,
                group=group,
                margin_mode=position.margin_mode if position else "",
                lots=lots,
                held=position.size if position else 0,
            )
        )

    def watched(self, plan: Plan) -> Path:
        """The prices a plan looks at; spot has no mark price."""
        if plan.trigger_by == "mark_price" and plan.product != Product.SPOT:
            return self.prices.mark(plan.instrument)
        return self.prices.traded(plan.instrument)

    def position(self, product: str, symbol: str, hold: str) -> Position | None:
        return self.positions.get((product, symbol, hold))

    def find(self, kind: type[R], where: str, *given: str | int, limit: int = 1, oldest: bool = False) -> list[R]:
        """Records, newest first unless `oldest`; `where` is SQL with ? for each of `given`."""
        self.flush()
        rows = self.connection.execute(
            f"SELECT body FROM records WHERE kind = ? AND {where} ORDER BY id {'ASC' if oldest else 'DESC'} LIMIT ?",  # noqa: S608 - texts of this package
            (kind.kind, *(min(one, _LARGEST) if isinstance(one, int) else one for one in given), limit),
        )
        return [from_text(kind, body) for (body,) in rows]

    def forget(self, kind: type[R], *, before: int) -> None:
        """Records of a kind that nobody needs any more, made before a time in ms."""
        self.connection.execute("DELETE FROM records WHERE kind = ? AND id < ?", (kind.kind, before * ID_STEP))

    def flush(self) -> None:
        """Write what changed, to be committed with the transaction."""
        rows = [
            (
                kind,
                identity,
                int(record.live),
                record.product,
                record.symbol,
                record.client_oid,
                record.parent,
                to_text(record),
            )
            for (kind, identity), record in self._dirty.items()
        ]
        if rows:
            self.connection.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
            self._dirty.clear()
        self._events.flush(self.connection)
        self.ledger.flush()
        if any(self._kept.get(name) != value for name, value in self.settings.items() if name not in PROGRESS):
            self.settings["changed"] = str(self.time)
        self.settings["time"], self.settings["last_id"] = str(self.time), str(self._last_id)
        if rows or any(self._kept.get(name) != value for name, value in self.settings.items() if name != "time"):
            self._write_settings()

    def keep_time(self) -> None:
        """Write down how far time has been worked out, though nothing happened."""
        self.settings["time"] = str(self.time)
        if self._kept.get("time") != self.settings["time"]:
            self._write_settings()

    def _write_settings(self) -> None:
        self.connection.executemany("INSERT OR REPLACE INTO settings VALUES (?, ?)", self.settings.items())
        self._kept = dict(self.settings)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Everything or, when it is refused, nothing. After a refusal records must be looked up anew."""
        self.flush()
        time, touched = self.time, set(self.touched)
        self.connection.execute("SAVEPOINT attempt")
        try:
            yield
        except RefusedError:
            self.connection.execute("ROLLBACK TO attempt")
            self.connection.execute("RELEASE attempt")
            self._load()
            self.time, self.touched = time, touched
            raise
        self.flush()
        self.connection.execute("RELEASE attempt")


K = TypeVar("K")


def _keep(live: dict[K, R], key: K, record: R) -> None:
    if record.live:
        live[key] = record
    elif live.get(key) is record:
        del live[key]


def _check_records(connection: sqlite3.Connection, last_id: int) -> None:
    """Raises DamagedError for records that nothing here would ever find again, or whose ids would be given twice.

    Every question is one step into an index, however many records there are.
    """
    between = zip((None, *KINDS), (*KINDS, None), strict=True)
    for after, before in between:
        query, given = "SELECT kind FROM records WHERE 1", list[str]()
        for sign, kind in ((">", after), ("<", before)):
            if kind is not None:
                query, given = f"{query} AND kind {sign} ?", [*given, kind]
        if odd := connection.execute(f"{query} LIMIT 1", given).fetchone():
            raise DamagedError(f"one of its records is of the kind {odd[0]!r}")
    for kind in KINDS:
        (newest,) = connection.execute("SELECT max(id) FROM records WHERE kind = ?", (kind,)).fetchone()
        if newest is not None and newest > last_id:
            raise DamagedError(f"it has a {kind} {newest}, while {last_id} was the last id")
    marks = ", ".join("?" * len(_LIVING))
    query = f"SELECT kind FROM records WHERE live AND kind NOT IN ({marks}) LIMIT 1"  # noqa: S608 - marks alone
    if odd := connection.execute(query, _LIVING).fetchone():
        raise DamagedError(f"one of its {odd[0]}s is called open")


def _check_setting(name: str, value: object) -> None:
    """Raises DamagedError for a setting that was never set here."""
    of, _, what = str(name).rpartition("/")
    words = _SETTINGS.get(what) if of else None
    if words is None:
        times = {"time": LATEST, "changed": LATEST, COUNTDOWN: LATEST}
        most = {"last_id": _LARGEST, "opened": _LARGEST, **times}.get(name, 1000)
        whole_number_in(value, least=1 if of else 0, most=most)
    elif value not in words:
        raise DamagedError(f"the setting {name} is {value!r}")
