"""Private topics made whole by REST: after every subscription and outage, and every minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from threading import Condition, Thread, current_thread
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, cast

from bitget_cli.catalogue import find
from bitget_cli.catalogue.channels import EVERY
from bitget_cli.client.rest.pagination import pages
from bitget_cli.client.ws.channels import Row, is_told_apart, milliseconds_in
from bitget_cli.errors import BitgetError, CredentialsError, NetworkError, RejectedError, UnavailableError
from bitget_cli.stream_events import Gap, Refusal, Topic
from bitget_cli.values import from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.catalogue.model import Endpoint
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.ws.interfaces import Opener
    from bitget_cli.client.ws.queue import ConflatingQueue
    from bitget_cli.runtime import Clock

# The stream tells changes; pushes may be lost, and orders and fills say nothing on subscribing (page "WebSocket
# FAQ").

# planType by REST → in the stream. (REST calls the trailing exit moving_plan.)
PLAN_TYPES = {
    "normal_plan": "pl",
    "profit_plan": "tp",
    "loss_plan": "sl",
    "pos_profit": "ptp",
    "pos_loss": "psl",
    "track_plan": "track",
    "moving_plan": "mtpsl",
}
# The planTypes that a list is asked by: profit_loss has all exits.
_ASKED_BY = {"pl": "normal_plan", "track": "track_plan"}
_PLAN_LISTS = ("normal_plan", "track_plan", "profit_loss")

# Lists go back for 90 days; a little less, since clocks differ.
KEPT = timedelta(days=89)
_A_WHILE = timedelta(minutes=2)


class RowsByRest(Protocol):
    """A call that knows rows of a topic: all that stand now (`every`), or what happened since a moment."""

    @property
    def every(self) -> bool: ...

    def rows(self, client: Client, *, since: datetime | None = None) -> list[Row]:
        """The rows of all pages in the stream's words. Raises NetworkError for an answer that cannot be read."""


class AccountStream(Protocol):
    """The private streams of an account that is no classic one, and how REST is asked about their topics."""

    def behind(self, opener: Opener) -> Opener:
        """The same door, its private connections in the words of a classic account."""

    def readings(self, topic: Topic) -> Sequence[RowsByRest]:
        """First what stands, then what is past."""

    def final_state(self, client: Client, topic: Topic, row: Row) -> Row | None:
        """What became of an order or plan that is no longer open; None where REST cannot say."""


class Reading(NamedTuple):
    """A call that knows rows of a topic: all that stand now (`every`), or what happened since a moment.

    `names` are REST's names → the stream's, and `needed` those of the stream without which a row could be any.
    """

    row: Endpoint
    given: Mapping[str, str]
    every: bool
    names: Mapping[str, str]
    needed: tuple[str, ...] = ()

    def rows(self, client: Client, *, since: datetime | None = None) -> list[Row]:
        """The rows of all pages in the stream's words; `since` counts where they are events, which go back for months.

        Raises NetworkError for an answer that cannot be read: nothing unreadable is an empty list.
        """
        read = cast("Client", _Suspicious(client, self.names, self.needed))
        found = pages(read, self.row, self.given, since=None if self.every else since, every=self.every)
        return [_translated(row, self.names) for row in found]


class _Suspicious:
    """A client whose answers are looked at before anybody takes what is no list for one without rows."""

    def __init__(self, client: Client, names: Mapping[str, str], needed: tuple[str, ...]) -> None:
        self._client, self._names, self._needed = client, names, needed
        self.now = client.now

    def call(self, row: Endpoint, **given: Any) -> Any:
        data = self._client.call(row, **given)
        held = data.get(row.paging.rows_at) if row.paging.rows_at and isinstance(data, dict) else data
        rows = held if isinstance(held, list) else [held] if held else []
        if all(isinstance(one, dict) and is_told_apart(_translated(one, self._names), self._needed) for one in rows):
            return data
        raise NetworkError(
            f"Bitget's answer to GET {row.path} makes no sense: a row that does not say what it is about",
            hint="try again; see bitget doctor",
            endpoint=f"GET {row.path}",
        )


_Calls = tuple[tuple[str, Mapping[str, str]], ...]


class _Seed(NamedTuple):
    """What is read for a channel: calls with the parameters of each, and REST's names → the stream's.

    `calls` say what stands now, `past` what has ended or happened; some of the names differ there.
    """

    calls: _Calls = ()
    names: Mapping[str, str] = {}
    takes_symbol: bool = True
    needed: tuple[str, ...] = ()
    past: _Calls = ()
    past_names: Mapping[str, str] | None = None


_ORDER = {"symbol": "instId", "baseVolume": "accBaseVolume", "state": "status"}
_SPOT_DETAIL = _ORDER | {"size": "newSize"}
_ORDER_ID, _FILL_ID = ("orderId",), ("symbol", "tradeId")
_FUTURES = {
    "account": _Seed(
        (("mix.account.accounts", {}),),
        {
            "locked": "frozen",
            "accountEquity": "equity",
            "crossedMaxAvailable": "maxOpenPosAvailable",
            "assetMode": "assetsMode",
            "unionTotalMagin": "unionTotalMargin",
        },
        takes_symbol=False,
        needed=("marginCoin",),
    ),
    "positions": _Seed(
        (("mix.position.all-position", {}),),
        {"symbol": "instId", "locked": "frozen", "marginRatio": "marginRate"},
        takes_symbol=False,
        needed=("instId",),
    ),
    # Without a status only untouched orders are listed (page "Get Pending Orders").
    "orders": _Seed(
        (("mix.order.orders-pending", {}), ("mix.order.orders-pending", {"status": "partially_filled"})),
        _ORDER,
        needed=_ORDER_ID,
        past=(("mix.order.orders-history", {}),),
    ),
    "orders-algo": _Seed(
        tuple(("mix.order.orders-plan-pending", {"planType": kind}) for kind in _PLAN_LISTS),
        {
            "symbol": "instId",
            "planStatus": "status",
            "stopSurplusExecutePrice": "stopSurplusPrice",
            "stopLossExecutePrice": "stopLossPrice",
        },
        needed=_ORDER_ID,
        past=tuple(("mix.order.orders-plan-history", {"planType": kind}) for kind in _PLAN_LISTS),
    ),
    "fill": _Seed(needed=_FILL_ID, past=(("mix.order.fills", {}),)),
}
_SPOT = {
    "account": _Seed((("spot.account.assets", {}),), takes_symbol=False, needed=("coin",)),
    # Of an open order REST says the limit as priceAvg and what it filled at as basePrice.
    "orders": _Seed(
        (("spot.trade.unfilled-orders", {}),),
        _ORDER | {"size": "newSize", "priceAvg": "price", "basePrice": "priceAvg"},
        needed=_ORDER_ID,
        past=(("spot.trade.history-orders", {}),),
        past_names=_SPOT_DETAIL,
    ),
    "orders-algo": _Seed(
        (("spot.trade.current-plan-order", {}),),
        {"symbol": "instId"},
        needed=_ORDER_ID,
        past=(("spot.trade.history-plan-order", {}),),
    ),
    "fill": _Seed(needed=_FILL_ID, past=(("spot.trade.fills", {}),)),
}


def is_seeded(topic: Topic) -> bool:
    """Whether REST knows the rows of this topic; of margin's it is not asked."""
    return _seed(topic) is not None


def needed(topic: Topic) -> tuple[str, ...]:
    """What a row of this topic must say to be known again when REST shows it."""
    seed = _seed(topic)
    return seed.needed if seed else ()


def readings(topic: Topic) -> tuple[Reading, ...]:
    """The calls that know the rows of a topic, first what stands, then what is past; none where it is not seeded."""
    seed = _seed(topic)
    if seed is None:
        return ()
    market = {} if topic.inst_type == "SPOT" else {"productType": topic.inst_type}
    if seed.takes_symbol and topic.name != EVERY:
        market["symbol"] = topic.name
    past_names = seed.names if seed.past_names is None else seed.past_names
    return (
        *(Reading(find(name), {**market, **more}, True, seed.names, seed.needed) for name, more in seed.calls),
        *(Reading(find(name), {**market, **more}, False, past_names, seed.needed) for name, more in seed.past),
    )


def matches(topic: Topic, row: Row) -> bool:
    """Whether a row, in the stream's words, is of this topic: some lists have every symbol or coin."""
    names = ("coin", "marginCoin") if topic.channel == "account" else ("instId", "symbol")
    return topic.name == EVERY or topic.name in [row.get(name) for name in names]


def final_state(client: Client, topic: Topic, row: Row) -> Row | None:
    """What became of an order or plan that is no longer open, in the stream's words; None where REST cannot say."""
    reading = _whereabouts(topic, row)
    if reading is None:
        return None
    now, made = client.now(), milliseconds_in(row.get("cTime"))
    since = now - KEPT
    if made is not None and milliseconds(since) < made:
        since = from_milliseconds(min(made, milliseconds(now - _A_WHILE)))
    found = reading.rows(client, since=since)
    return next((one for one in found if str(one.get("orderId")) == str(row.get("orderId"))), None)


def _seed(topic: Topic) -> _Seed | None:
    if topic.inst_type == "SPOT":
        return _SPOT.get(topic.channel)
    return _FUTURES.get(topic.channel) if topic.inst_type.endswith("-FUTURES") else None


def _whereabouts(topic: Topic, row: Row) -> Reading | None:
    """The call that knows a finished order."""
    order_id, symbol = str(row.get("orderId")), str(row.get("instId"))
    match topic.inst_type == "SPOT", topic.channel:
        case True, "orders":
            return Reading(find("spot.trade.orderInfo"), {"orderId": order_id}, True, _SPOT_DETAIL)
        case True, "orders-algo":
            names = _SPOT["orders-algo"].names
            return Reading(find("spot.trade.history-plan-order"), {"symbol": symbol}, False, names)
        case False, "orders":
            given = {"symbol": symbol, "productType": topic.inst_type, "orderId": order_id}
            return Reading(find("mix.order.detail"), given, True, _ORDER)
        case False, "orders-algo":
            kind = _ASKED_BY.get(str(row.get("planType")), "profit_loss")
            given = {"planType": kind, "productType": topic.inst_type, "orderId": order_id}
            return Reading(find("mix.order.orders-plan-history"), given, False, _FUTURES["orders-algo"].names)
    return None


def in_stream_words(topic: Topic, row: Row) -> Row:
    """A row of the list of what is past, or of what stands where nothing is past, as the stream would tell it."""
    seed = _seed(topic)
    names = {} if seed is None else seed.names if seed.past_names is None else seed.past_names
    return _translated(row, names)


def _translated(row: Row, names: Mapping[str, str]) -> Row:
    """REST says null for what the stream leaves out; what has no name of its own in the stream passes through."""
    translated = {names.get(name, name): value for name, value in row.items() if value is not None}
    if (kind := PLAN_TYPES.get(str(translated.get("planType")))) is not None:
        translated["planType"] = kind
    if isinstance(translated.get("reduceOnly"), str):
        translated["reduceOnly"] = translated["reduceOnly"].lower()
    # An object in spot fills, a document inside a text in spot orders, a list in the stream.
    if isinstance(fees := translated.get("feeDetail"), dict):
        translated["feeDetail"] = [fees]
    return translated


EVERY_SECONDS = 60.0
_RETRY_SECONDS = 5.0
_PATIENCE_SECONDS = 2.0
# Events are read from so long before the last reading: what happened is listed a little later.
_OVERLAP = timedelta(minutes=1)
# What a demo key is told of a call that demo trading does not have.
_NOT_IN_DEMO = frozenset({"40081", "40105", "40110", "22030"})


class Known(Protocol):
    """What is known of the private topics; its methods may be called while pushes come in."""

    def version(self, topic: Topic) -> int:
        """A number that grows with every push of the topic."""

    def found(self, topic: Topic, rows: Sequence[Row], *, version: int) -> Sequence[Row]:
        """Takes in what stands by REST; the orders held to be open that it does not show."""

    def gap(self, topic: Topic) -> Gap | None:
        """Where something of the topic is missing."""

    def happened(self, topic: Topic, rows: Sequence[Row], *, began: int) -> bool:
        """Takes in what REST lists as past, told from `began` on (ms of the exchange's clock).

        False where something may be missing that can never be told.
        """

    def is_open(self, topic: Topic, row: Row) -> bool:
        """Whether the order of this row is still held to be open."""

    def settle(self, topic: Topic, row: Row) -> None:
        """Takes in what became of such an order."""

    def epoch(self, topic: Topic) -> int:
        """A number that grows when the topic is lost and when it is subscribed to."""

    def whole(self, topic: Topic, gaps: Sequence[Gap], *, epoch: int, recovered: str) -> None:
        """All that was missing up to `epoch` is told (`rest`), or what is not never will be (`none`).

        `gaps` are those it was asked to fill.
        """


class RestReconciler:
    """Asks REST about topics: those that ask for it at once, and each of them once a minute after that."""

    def __init__(
        self,
        known: Known,
        queue: ConflatingQueue,
        *,
        client: Client,
        clock: Clock,
        account: AccountStream | None = None,
    ) -> None:
        self._known, self._queue, self._client, self._clock = known, queue, client, clock
        self._readings = account.readings if account else readings
        self._final_state = account.final_state if account else final_state
        # By our own clock, since how far it is from the exchange's may be learnt later.
        self._started = clock.now()
        self._read_until: dict[Topic, datetime] = {}
        self._due: dict[Topic, float] = {}
        self._gaps: dict[Topic, list[Gap]] = {}
        self._failures: dict[Topic, int] = {}
        self._told: set[tuple[Topic, str | None]] = set()
        self._changed = Condition()
        self._is_closed = False
        self._thread: Thread | None = None

    def ask(self, topic: Topic, gap: Gap | None = None) -> None:
        """Reads the topic soon; `gap` is one to be shut once that is done. For any thread."""
        with self._changed:
            self._due[topic] = self._clock.monotonic()
            if gap is not None:
                self._gaps.setdefault(topic, []).append(gap)
            self._changed.notify()

    def start(self) -> None:
        """Begins to read in a thread; without it, `turn` does what is due."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="seeding", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Reads no more."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()

    def close(self) -> None:
        """Stops; a call under way is waited for, but not for long."""
        self.stop()
        if self._thread is not None and self._thread is not current_thread():
            self._thread.join(_PATIENCE_SECONDS)

    def turn(self) -> None:
        """Reads every topic that is due."""
        now = self._clock.monotonic()
        with self._changed:
            topics = [topic for topic, due in self._due.items() if due <= now]
            self._due |= dict.fromkeys(topics, now + EVERY_SECONDS)
        for topic in topics:
            if not self._is_closed:
                self._read(topic)

    def _run(self) -> None:
        try:
            self._keep_reading()
        except Exception as defect:
            self._queue.end(defect)

    def _keep_reading(self) -> None:
        while True:
            with self._changed:
                if not self._is_closed:
                    first = min(self._due.values(), default=self._clock.monotonic() + EVERY_SECONDS)
                    self._changed.wait(max(0.0, first - self._clock.monotonic()))
                if self._is_closed:
                    return
            self.turn()

    def _read(self, topic: Topic) -> None:
        with self._changed:
            gaps = self._gaps.pop(topic, [])
        epoch = self._known.epoch(topic)
        try:
            recovered = self._seed(topic, gaps)
        except BitgetError as error:
            self._keep(topic, gaps)
            self._failed(topic, error)
            return
        self._failures.pop(topic, None)
        if not recovered:
            self._keep(topic, gaps)
            return
        self._known.whole(topic, gaps, epoch=epoch, recovered=recovered)
        self._queue.status("reconciled", {"market": topic.inst_type.lower(), "channel": topic.channel})

    def _keep(self, topic: Topic, gaps: Sequence[Gap]) -> None:
        """These are still to be filled."""
        with self._changed:
            self._gaps.setdefault(topic, []).extend(gaps)

    def _seed(self, topic: Topic, gaps: Sequence[Gap]) -> str:
        """By what the topic is whole again: `rest`, `none` where it never will be, "" where it is not yet.

        What stands is read before what is past: an order that ends meanwhile is in the second list. That one is read
        where something is missing, and always where nothing stands.
        """
        version, now, open_gap = self._known.version(topic), self._clock.now(), self._known.gap(topic)
        holes = [*gaps, open_gap] if open_gap else gaps
        standing, past = [[one for one in self._readings(topic) if one.every is every] for every in (True, False)]
        unseen: Sequence[Row] = ()
        is_told = True
        if standing:
            unseen = self._known.found(topic, self._rows(topic, standing), version=version)
        if past and (holes or not standing):
            rows = self._rows(topic, past, since=self._since(topic, holes, now))
            is_told = self._known.happened(topic, rows, began=self._to_exchange(self._started))
        is_settled = self._settle([row for row in unseen if self._known.is_open(topic, row)], topic)
        self._read_until[topic] = now
        return "" if not is_settled else "rest" if is_told else "none"

    def _rows(self, topic: Topic, asked: Sequence[RowsByRest], *, since: datetime | None = None) -> list[Row]:
        return [row for reading in asked for row in reading.rows(self._client, since=since) if matches(topic, row)]

    def _since(self, topic: Topic, holes: Sequence[Gap], now: datetime) -> datetime:
        """From when on events are read, by the exchange's clock: since the last reading, or the last thing heard."""
        first = min([self._read_until.get(topic, self._started), *(from_milliseconds(gap.since) for gap in holes)])
        since = max(self._started, first - _OVERLAP, now - KEPT)
        return from_milliseconds(self._to_exchange(since))

    def _to_exchange(self, received: datetime) -> int:
        """A moment of our own clock by that of the exchange (ms)."""
        return milliseconds(received + self._client.offset)

    def _settle(self, unseen: Sequence[Row], topic: Topic) -> bool:
        """Looks up, one by one, what became of orders that no list shows; whether REST could say it of all."""
        is_settled = True
        for row in unseen:
            if self._is_closed:
                return False
            try:
                end = self._final_state(self._client, topic, row)
            except UnavailableError:
                raise
            except RejectedError:
                end = None
            if end is None:
                is_settled = False
            else:
                self._known.settle(topic, end)
        return is_settled

    def _failed(self, topic: Topic, error: BitgetError) -> None:
        """What can be put right by itself is tried again; what cannot ends the stream, or is said once."""
        refused = isinstance(error, CredentialsError) and topic not in self._read_until
        if isinstance(error, UnavailableError) or (refused and error.code not in _NOT_IN_DEMO):
            self._queue.end(error)
        elif isinstance(error, CredentialsError | RejectedError):
            if (topic, error.code) not in self._told:
                self._told.add((topic, error.code))
                self._queue.say(Refusal(error.code or "", topic, error.message))
        else:
            failures = self._failures[topic] = self._failures.get(topic, 0) + 1
            with self._changed:
                wait = min(EVERY_SECONDS, _RETRY_SECONDS * 2 ** (failures - 1))
                self._due[topic] = self._clock.monotonic() + wait
