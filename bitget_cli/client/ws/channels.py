"""What a topic knows and how its rows become pushes: events once, keyed rows, sets, candles."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bitget_cli.catalogue.channels import EVERY, Channel, interval_of
from bitget_cli.stream_events import Push, Topic

if TYPE_CHECKING:
    from bitget_cli.client.ws.queue import ConflatingQueue
    from bitget_cli.runtime import Clock

Row = Mapping[str, Any]
# A time in ms has 13 digits for centuries to come; 18 are none, and a thousand would not fit what is reckoned with it.
_LATEST = 10**17


class ApplyResult(NamedTuple):
    """What a frame did to its topic.

    `fault` is why it cannot be believed any longer (seq, checksum, crossed, unreadable). `recovered` says by what a
    topic in doubt is whole again; `lost` counts what is missing all the same, where that is known. `is_dropped`:
    nothing in the frame was of any use, so that it is no sign of life.
    """

    fault: str = ""
    recovered: str = ""
    lost: int | None = None
    is_dropped: bool = False


FINE = ApplyResult()
DROPPED = ApplyResult(is_dropped=True)
WHOLE = ApplyResult(recovered="snapshot")
# Said of the rows that could not be read, or that nobody can tell from others.
UNREADABLE = "unreadable"


class ReceivedAt(NamedTuple):
    """When a row was said: the exchange's time of the push (ms, None where it gave none) and when it came to us."""

    ts: int | None
    received: int
    snapshot: bool = False


class ChannelState(Protocol):
    """What is known of one topic, fed by its frames."""

    def take(self, rows: Sequence[Any], moment: ReceivedAt) -> ApplyResult:
        """The rows of a frame that can be read, in the exchange's order; tells what is new."""

    def doubt(self) -> None:
        """Something may be missing from here on: the connection was lost, or the topic is subscribed to afresh."""


class Reconcilable(ChannelState, Protocol):
    """A picture of a private topic, which REST knows too. `version` grows with every push that it could contradict."""

    version: int

    def found(self, rows: Sequence[Row], moment: ReceivedAt, *, version: int) -> list[Row]:
        """Tells what stands by REST and nobody told; returns the orders held to be open that it does not show.

        `version` is that of the moment before REST was asked.
        """

    def happened(self, rows: Sequence[Row], moment: ReceivedAt, *, began: int) -> bool:
        """Tells the events that REST lists and nobody told, oldest first; not those of before `began` (ms).

        False where it can no longer be said which of them were told, so that some may be missing for good.
        """


class PushBuilder:
    """Says the rows of one topic."""

    def __init__(self, topic: Topic, channel: Channel, queue: ConflatingQueue) -> None:
        self.topic, self.channel, self.queue = topic, channel, queue
        self.market = topic.inst_type.lower()
        self._type = channel.type
        named = topic.name != EVERY and channel.selector == "instId"
        self._symbol = topic.name if named else ""

    def push(self, row: Mapping[str, Any], received: ReceivedAt) -> Push:
        """The row as a message; its own time goes before that of the frame."""
        ts = milliseconds_in(row.get("ts"))
        own = row.get(self.channel.symbol)
        symbol = own if isinstance(own, str) else self._symbol
        at = received.ts if ts is None else ts
        return Push(self._type, self.market, symbol, at, received.received, received.snapshot, row)

    def state(self, key: Hashable, row: Mapping[str, Any], received: ReceivedAt) -> None:
        """The row as the latest of its key."""
        self.queue.state(self.topic, key, self.push(row, received))

    def event(self, row: Mapping[str, Any], received: ReceivedAt) -> None:
        """The row as something that happened."""
        self.queue.event(self.topic, self.push(row, received))


class Latest:
    """Channels whose every push is all there is to know: tickers, auctions, index prices, equity."""

    def __init__(self, builder: PushBuilder) -> None:
        self._builder = builder

    def take(self, rows: Sequence[Any], received: ReceivedAt) -> ApplyResult:
        whole = received._replace(snapshot=True)
        for row in rows:
            self._builder.state(key_of(row, self._builder.channel.key), row, whole)
        # An empty push says nothing, so that it mends nothing.
        return WHOLE if rows else DROPPED

    def doubt(self) -> None:
        """Nothing to forget: the next push says everything."""


class Unsaid:
    """A topic that is listened to for the sake of another, and not told."""

    def take(self, rows: Sequence[Any], received: ReceivedAt) -> ApplyResult:  # noqa: ARG002  # told to nobody
        return FINE if any(isinstance(row, dict) for row in rows) else DROPPED

    def doubt(self) -> None:
        """Nothing was told."""


def is_told_apart(row: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether the row has each of these, as text or as a number: without them it could be any."""
    for name in names:
        value = row.get(name)
        if not (isinstance(value, str) and value) and type(value) is not int:
            return False
    return True


def latest_in(row: Mapping[str, Any]) -> int | None:
    """When the row last changed, or came to be (ms)."""
    changed, made = milliseconds_in(row.get("uTime")), milliseconds_in(row.get("cTime"))
    return made if changed is None else changed if made is None else max(changed, made)


def oldest_first(rows: Sequence[Row], when: Callable[[Row], int | None]) -> list[Row]:
    """The rows of a list, which has the newest first, in the order they happened; also those of one millisecond."""
    ordered = list(reversed(rows))
    ordered.sort(key=lambda row: when(row) or 0)
    return ordered


def key_of(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """What tells this row from others, as text; an absent key counts as one of its own."""
    return tuple([str(row.get(name)) for name in names])


def milliseconds_in(value: Any) -> int | None:
    """A time of the exchange's, which it writes as text or as a number; None for anything else."""
    if type(value) is int:
        return value if 0 <= value < _LATEST else None
    if isinstance(value, str) and len(value) < 18 and value.isascii() and value.isdigit():
        return int(value)
    return None


# Ids remembered to know a repetition by, where nothing older can come again: a snapshot of trades has 50 to 500.
_MOST_IDS = 5_000
# And where REST shows old events again, as far back as the last thing heard.
_MOST_KEPT = 100_000


class EventChannel:
    """Events of one topic, deduplicated over connections and, where it is `seeded`, over what is read by REST.

    What a reading shows is known again by its id; of an event from before those that are remembered nobody can say
    whether it was told. A public event without an id is told apart by all it says.
    """

    # What REST shows later contradicts no event.
    version = 0

    def __init__(self, builder: PushBuilder, *, seeded: bool = False) -> None:
        self._builder, self._seeded = builder, seeded
        self._newest_first = builder.channel.name == "trade"
        # When each event known happened (ms of the exchange's clock; 0 where it does not matter).
        self._seen: dict[Hashable, int] = {}
        # The event told last, and the one told last before something may be missing.
        self._last: Hashable = None
        self._last_whole: Hashable = None
        self._dropped: deque[Row] = deque()
        # Up to when events are no longer known again.
        self._forgotten = -1
        self._in_doubt = False

    def take(self, rows: Sequence[Any], received: ReceivedAt) -> ApplyResult:
        events = list(reversed(rows)) if self._newest_first else rows
        named = self._named(events)
        outcome = self._recovery([name for name, _ in named], received)
        # Private events come as snapshots too; and after an outage a snapshot has what was missed.
        past = received.snapshot and not self._builder.channel.private and not self._seen
        received_at = received._replace(snapshot=past)
        self._note_dropped()
        repeated = False
        for name, row in named:
            if self._is_new(name, row):
                self._builder.event(row, received_at)
            else:
                repeated = repeated or not isinstance(name, tuple)
        self._forget_oldest()
        if repeated and outcome is FINE and not received.snapshot:
            # Two events that say the same, or one of them twice: nobody can know.
            return ApplyResult(fault=UNREADABLE)
        return outcome

    def doubt(self) -> None:
        if not self._in_doubt:
            self._in_doubt, self._last_whole = True, self._last

    def untold(self, row: Row) -> None:
        """Nobody took this event, so that it is told again when REST shows it. For any thread."""
        self._dropped.append(row)

    def found(self, rows: Sequence[Row], received: ReceivedAt, *, version: int) -> list[Row]:
        """Nothing stands: events are past."""
        del rows, received, version
        return []

    def happened(self, rows: Sequence[Row], received: ReceivedAt, *, began: int) -> bool:
        self._note_dropped()
        whole = True
        for row in oldest_first(rows, lambda row: milliseconds_in(row.get("cTime"))):
            when = latest_in(row)
            name = key_of(row, self._builder.channel.ids)
            if when is not None and when <= self._forgotten and name not in self._seen:
                whole = False
            elif self._is_new(name, row) and (when or 0) >= began:
                self._builder.event(row, received._replace(ts=milliseconds_in(row.get("cTime"))))
        self._forget_oldest()
        return whole

    def _named(self, events: Sequence[Row]) -> list[tuple[Hashable, Row]]:
        """Each event by its ids; one without them by all that it says and how often that was said in this push."""
        ids = self._builder.channel.ids
        named: list[tuple[Hashable, Row]] = []
        counts: Counter[str] = Counter()
        for row in events:
            if is_told_apart(row, ids):
                named.append((key_of(row, ids), row))
                continue
            text = repr(sorted(row.items()))
            counts[text] += 1
            named.append((f"{counts[text]} {text}", row))
        return named

    def _is_new(self, name: Hashable, row: Row) -> bool:
        """Whether the event was not seen before; from now on it was."""
        if name in self._seen:
            return False
        self._seen[name] = (latest_in(row) or 0) if self._seeded else 0
        self._last = name
        return True

    def _note_dropped(self) -> None:
        while self._dropped:
            self._seen.pop(key_of(self._dropped.popleft(), self._builder.channel.ids), None)

    def _forget_oldest(self) -> None:
        most = _MOST_KEPT if self._seeded else _MOST_IDS
        while len(self._seen) > most:
            self._forgotten = max(self._forgotten, self._seen.pop(next(iter(self._seen))))

    def _recovery(self, names: Sequence[Hashable], received: ReceivedAt) -> ApplyResult:
        """A snapshot of trades after an outage: nothing was lost if the last one told before it is among them."""
        if not (self._in_doubt and self._newest_first and received.snapshot):
            return FINE
        self._in_doubt = False
        overlaps = self._last_whole in names or (self._last_whole is None and not names)
        return ApplyResult(recovered="overlap", lost=0) if overlaps else ApplyResult(recovered="none")


# Statuses after which an order does not change; futures say canceled, spot cancelled.
FINAL = frozenset({"filled", "canceled", "cancelled", "executed", "fail_execute", "fail_trigger", "rejected"})
# Finished orders of which all is remembered, since an older push may come after the last one.
_MOST_FINISHED = 2_000
# And orders of which the end is, since a list read by REST shows them again, as far back as the last thing heard.
_MOST_ENDED = 100_000
# Fields of an account that are no amounts.
_NO_AMOUNT = frozenset({"uTime", "cTime", "id"})


class KeyedRows:
    """Accounts, orders and plans: each row replaces the one of its key, unless it is older.

    The later `uTime` counts; of equal ones a final status; what is filled never goes down. Orders are events, accounts
    states. `version` grows with every push. Where it is `seeded`, only REST says that an account is whole: the first
    push of a new connection need not have every coin, nor those that are gone.
    """

    def __init__(self, builder: PushBuilder, *, seeded: bool = False) -> None:
        self._builder, self._seeded = builder, seeded
        self._is_account = builder.channel.selector == "coin"
        self._open: dict[tuple[str, ...], Row] = {}
        self._finished: dict[tuple[str, ...], Row] = {}
        # When each order ended that a reading may show again (ms).
        self._ended: dict[tuple[str, ...], int] = {}
        self._forgotten = -1
        # In which version each coin was pushed last.
        self._pushed: dict[tuple[str, ...], int] = {}
        self._untold: deque[tuple[str, ...]] = deque()
        self._awaits_all = builder.channel.first
        self.version = 0

    def take(self, rows: Sequence[Any], received: ReceivedAt) -> ApplyResult:
        self.version += 1
        # The first push of an account has all its coins; that of orders is an event like any other.
        whole, self._awaits_all = self._awaits_all, False
        received_at = received._replace(snapshot=whole)
        for row in rows:
            self._accept(row, received_at)
            if self._is_account:
                self._pushed[key_of(row, self._builder.channel.key)] = self.version
        return WHOLE if whole and not self._seeded else FINE

    def doubt(self) -> None:
        self._awaits_all = self._builder.channel.first

    def found(self, rows: Sequence[Row], received: ReceivedAt, *, version: int) -> list[Row]:
        names = self._builder.channel.key
        listed_keys = {key_of(row, names) for row in rows}
        self._tell_again(received)
        for row in rows:
            key = key_of(row, names)
            known = self._open.get(key)
            if known is None or self._is_news(row, known, is_fresh=self._pushed.get(key, 0) <= version):
                received_at = received._replace(ts=milliseconds_in(row.get("uTime")), snapshot=True)
                self._accept({**(known or {}), **row} if self._is_account else row, received_at)
        missing = [(key, row) for key, row in self._open.items() if key not in listed_keys]
        if not self._is_account:
            return [row for _, row in missing]
        # Spot lists the coins that are held, so that one it does not list is gone.
        for key, row in missing if self._builder.topic.inst_type == "SPOT" else ():
            emptied = _emptied(row)
            if emptied != row and self._pushed.get(key, 0) <= version:
                self._open[key] = emptied
                self._builder.state(key, emptied, received._replace(snapshot=True))
        return []

    def happened(self, rows: Sequence[Row], received: ReceivedAt, *, began: int) -> bool:
        """Tells the orders that began and ended unheard, and the ends of those held to be open."""
        whole = True
        for row in oldest_first(rows, latest_in):
            key, when = key_of(row, self._builder.channel.key), latest_in(row) or 0
            if key in self._open:
                self.settle(row, received)
            elif key in self._finished or key in self._ended:
                continue
            elif when <= self._forgotten:
                whole = False
            elif when >= began:
                self._accept(row, received._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))
        return whole

    def untold(self, row: Row) -> None:
        """Nobody took this push of an order. Where it said the last of it, that is told again. For any thread."""
        key = key_of(row, self._builder.channel.key)
        if (self._open.get(key) or self._finished.get(key) or row) is row:
            self._untold.append(key)

    def is_open(self, row: Row) -> bool:
        """Whether the order of this row is still held to be open."""
        return key_of(row, self._builder.channel.key) in self._open

    def settle(self, row: Row, received: ReceivedAt) -> None:
        """Tells the end of an order that went unheard; one that is still open has been told."""
        known = self._open.get(key_of(row, self._builder.channel.key))
        if known is None or _is_final(row) or self._is_news(row, known, is_fresh=False):
            self._accept(row, received._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))

    def _tell_again(self, received: ReceivedAt) -> None:
        keys = dict.fromkeys(self._untold.popleft() for _ in range(len(self._untold)))
        for key in keys:
            if row := self._open.get(key) or self._finished.get(key):
                self._builder.event(row, received._replace(ts=milliseconds_in(row.get("uTime")), snapshot=False))
            else:
                # The list of what has ended says it.
                self._ended.pop(key, None)

    def _is_news(self, row: Row, known: Row, *, is_fresh: bool) -> bool:
        """Whether REST knows more than the last push, by the time of both; its rows differ in their fields alone."""
        then, now = milliseconds_in(known.get("uTime")), milliseconds_in(row.get("uTime"))
        if then is not None and now is not None:
            return now > then
        return self._is_account and is_fresh and any(known.get(name, value) != value for name, value in row.items())

    def _accept(self, row: Row, received: ReceivedAt) -> None:
        key = key_of(row, self._builder.channel.key)
        known = self._open.get(key) or self._finished.get(key)
        if known is not None:
            if row == known or _is_older(row, known):
                return
            if _is_less_filled(row, known):
                row = {**row, "accBaseVolume": known["accBaseVolume"]}
        elif (ended := self._ended.get(key)) is not None and (latest_in(row) or 0) <= ended:
            return
        self._remember(key, row)
        if self._is_account:
            self._builder.state(key, row, received)
        else:
            self._builder.event(row, received)

    def _remember(self, key: tuple[str, ...], row: Row) -> None:
        if not _is_final(row):
            self._open[key] = row
            return
        self._open.pop(key, None)
        self._finished[key] = row
        while len(self._finished) > _MOST_FINISHED:
            gone = next(iter(self._finished))
            row = self._finished.pop(gone)
            if self._seeded:
                self._ended[gone] = latest_in(row) or 0
        while len(self._ended) > _MOST_ENDED:
            self._forgotten = max(self._forgotten, self._ended.pop(next(iter(self._ended))))


class RowSet:
    """Positions: a push has all of them, so one that is missing is closed. `version` grows with every push."""

    def __init__(self, builder: PushBuilder) -> None:
        self._builder = builder
        self._rows: dict[tuple[str, ...], Row] = {}
        self.version = 0

    def take(self, rows: Sequence[Any], received: ReceivedAt) -> ApplyResult:
        self.version += 1
        self._replace(rows, received._replace(snapshot=True))
        return WHOLE

    def doubt(self) -> None:
        """Nothing to forget: what a push does not show is closed, whatever was missed."""

    def found(self, rows: Sequence[Row], received: ReceivedAt, *, version: int) -> list[Row]:
        """Tells what REST shows otherwise than the last push, unless there was another one since `version`.

        REST has fewer fields, so the others of a position stay as they were pushed, but for the return that belongs to
        the profit of then. Returns nothing to look up.
        """
        if version == self.version:
            names = self._builder.channel.key
            merged = [_merged(self._rows.get(key_of(row, names), {}), row) for row in rows]
            self._replace(merged, received._replace(snapshot=True), only_news=True)
        return []

    def happened(self, rows: Sequence[Row], received: ReceivedAt, *, began: int) -> bool:
        """Nothing: only what is held now is told."""
        del rows, received, began
        return True

    def _replace(self, rows: Sequence[Row], received: ReceivedAt, *, only_news: bool = False) -> None:
        before = self._rows
        self._rows = {key_of(row, self._builder.channel.key): row for row in rows}
        for key, row in self._rows.items():
            if not (only_news and before.get(key) == row):
                self._builder.state(key, row, received)
        for key, row in before.items():
            if key not in self._rows:
                self._builder.state(key, {**row, "total": "0", "closed": True}, received)


def _merged(known: Row, row: Row) -> Row:
    whole = {**known, **row}
    if whole.get("unrealizedPL") != known.get("unrealizedPL") and "unrealizedPLR" not in row:
        whole.pop("unrealizedPLR", None)
    return whole


def _emptied(row: Row) -> Row:
    """A coin of which nothing is left."""
    return {name: "0" if name not in _NO_AMOUNT and _amount(value) else value for name, value in row.items()}


def _is_older(row: Row, known: Row) -> bool:
    then, now = milliseconds_in(known.get("uTime")), milliseconds_in(row.get("uTime"))
    if then is None or now is None or now > then:
        return False
    return now < then or (not _is_final(row) and (_is_final(known) or _is_less_filled(row, known)))


def _is_final(row: Row) -> bool:
    return str(row.get("status")) in FINAL


def _is_less_filled(row: Row, known: Row) -> bool:
    before, after = _amount(known.get("accBaseVolume")), _amount(row.get("accBaseVolume"))
    return before is not None and after is not None and after < before


def _amount(text: Any) -> Decimal | None:
    try:
        number = Decimal(text) if isinstance(text, str) else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


Bar = tuple[int, list[Any]]
"""A bar's start (ms) and its row."""

# A bar is called closed by the clock when its successor is late by this.
_GRACE_MS = 2_000
_UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def length_of(interval: str) -> int | None:
    """A bar's length in ms, as the command line or the wire spells it; None for a month, which varies."""
    unit = None if interval.endswith("M") else _UNIT_MS.get(interval[-1].lower())
    return int(interval[:-1]) * unit if unit else None


class CandleState:
    """The bars of one market and interval.

    Nothing on the wire says that a bar is over. `closed` is true once the next one began (`closed_by` next) or, two
    seconds after its end by the exchange's clock, where that is late (clock); if it changes after all it is told again.
    A bar that was forming when something was missed is told closed only if it is heard of again: its end is not known.
    """

    def __init__(self, builder: PushBuilder, clock: Clock) -> None:
        self._builder, self._clock = builder, clock
        self._length = length_of(interval_of(builder.topic.channel))
        self._names = [field.name for field in builder.channel.fields]
        self._lock = Lock()
        self._last: Bar | None = None
        self._is_closed = self._in_doubt = self._is_half_heard = False
        # The last bar told before something may be missing, whether it was over, and those told as closed since.
        self._whole: tuple[int, bool] | None = None
        self._since: dict[int, list[Any]] = {}
        # The exchange's time at a moment of ours, and the moment of ours at which the open bar is overdue.
        self._heard: tuple[ReceivedAt, float] = (ReceivedAt(None, 0), 0.0)
        self._due: float | None = None

    def take(self, rows: Sequence[Any], received: ReceivedAt) -> ApplyResult:
        bars = sorted((bar for bar in map(_bar, rows) if bar), key=lambda bar: bar[0])
        with self._lock:
            if received.ts is not None:
                self._heard = (received, self._clock.monotonic())
            was_in_doubt = self._in_doubt
            outcome = self._recovery(bars, received)
            if bars:
                self._tell(bars, received, mends=was_in_doubt and not self._in_doubt)
                self._due = self._overdue()
            return outcome

    def doubt(self) -> None:
        with self._lock:
            if not self._in_doubt:
                self._in_doubt, self._since = True, {}
                self._whole = (self._last[0], self._is_closed) if self._last else None
            self._is_half_heard = self._last is not None and not self._is_closed

    def tick(self) -> None:
        """Closes a bar whose successor is late; for any thread, often."""
        if self._due is None or (now := self._clock.monotonic()) < self._due:
            return
        with self._lock:
            if self._due is None or self._last is None or self._in_doubt:
                return
            self._due, self._is_closed = None, True
            heard, then = self._heard
            since = int((now - then) * 1000)
            received = ReceivedAt((heard.ts or 0) + since, heard.received + since)
            self._say(self._last, received, closed_by="clock")

    def _recovery(self, bars: Sequence[Bar], received: ReceivedAt) -> ApplyResult:
        """A snapshot makes the bars whole again, but for those between its first and the last that was told.

        The one that was forming counts among them, unless the snapshot has it.
        """
        if not (self._in_doubt and received.snapshot) or (self._last is not None and not bars):
            return FINE
        self._in_doubt = False
        if self._whole is None or bars[0][0] <= self._whole[0]:
            return WHOLE
        last, was_closed = self._whole
        missing = (bars[0][0] - last) // self._length - 1 if self._length else None
        if missing == 0 and (was_closed or last in self._since):
            return WHOLE
        return ApplyResult(recovered="none", lost=missing or None)

    def _tell(self, bars: Sequence[Bar], received: ReceivedAt, *, mends: bool) -> None:
        last, self._last = self._last, None
        start = last[0] if last else -1
        older = [bar for bar in bars if bar[0] < start]
        newer = bars[len(older) :]
        for bar in older:
            # What a snapshot repeats was told, unless it was missed; by itself an old bar is a correction.
            if not received.snapshot or (mends and self._was_missed(bar)):
                self._say(bar, received, closed_by="next")
        if not newer:
            self._last = last
            return
        if last and newer[0][0] > start and not self._is_closed and not self._is_half_heard:
            self._say(last, received._replace(snapshot=False), closed_by="next")
        self._is_half_heard = False
        for bar in newer[:-1]:
            self._say(bar, received, closed_by="next")
        self._last = newer[-1]
        self._is_closed = self._is_closed and self._last == last
        if not self._is_closed:
            self._say(self._last, received)

    def _was_missed(self, bar: Bar) -> bool:
        """Whether a bar of a snapshot that mends was not told to its end."""
        last, was_closed = self._whole or (bar[0], False)
        return bar[0] + (not was_closed) > last and self._since.get(bar[0]) != bar[1]

    def _say(self, bar: Bar, received: ReceivedAt, *, closed_by: str = "") -> None:
        if closed_by and self._in_doubt:
            self._since[bar[0]] = bar[1]
        values = dict(zip(self._names, bar[1], strict=False))
        values["closed"] = bool(closed_by)
        if closed_by:
            values["closed_by"] = closed_by
        self._builder.state(bar[0], values, received)

    def _overdue(self) -> float | None:
        heard, then = self._heard
        if self._last is None or self._is_closed or heard.ts is None or self._length is None:
            return None
        return then + (self._last[0] + self._length + _GRACE_MS - heard.ts) / 1000


def _bar(row: Any) -> Bar | None:
    """A row by its start; None for one that has none."""
    start = milliseconds_in(row[0]) if isinstance(row, list) and row else None
    return None if start is None else (start, row)
