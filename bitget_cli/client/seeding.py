"""Private topics made whole by REST: after every subscription and outage, and every minute, in a thread of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from threading import Condition, Thread, current_thread
from typing import TYPE_CHECKING, Protocol

from bitget_cli.client.seeds import KEPT, Reading, belongs, ending, readings
from bitget_cli.errors import BitgetError, CredentialsError, RejectedError
from bitget_cli.messages import Gap, Refusal, Topic
from bitget_cli.values import from_milliseconds, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.mailbox import Mailbox
    from bitget_cli.client.rest import Client
    from bitget_cli.client.telling import Row
    from bitget_cli.clock import Clock

EVERY_SECONDS = 60.0
_RETRY_SECONDS = 5.0
_PATIENCE_SECONDS = 2.0
# Events are read from so long before the last reading: what happened is listed a little later.
_OVERLAP = timedelta(minutes=1)
_UNIFIED = "40085"
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


class Seeder:
    """Asks REST about topics: those that ask for it at once, and each of them once a minute after that."""

    def __init__(self, known: Known, mailbox: Mailbox, *, client: Client, clock: Clock) -> None:
        self._known, self._mailbox, self._client, self._clock = known, mailbox, client, clock
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
            self._mailbox.end(defect)

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
        self._mailbox.status("reconciled", {"market": topic.inst_type.lower(), "channel": topic.channel})

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
        standing, past = [[one for one in readings(topic) if one.every is every] for every in (True, False)]
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

    def _rows(self, topic: Topic, asked: Sequence[Reading], *, since: datetime | None = None) -> list[Row]:
        return [row for reading in asked for row in reading.rows(self._client, since=since) if belongs(topic, row)]

    def _since(self, topic: Topic, holes: Sequence[Gap], now: datetime) -> datetime:
        """From when on events are read, by the exchange's clock: since the last reading, or the last thing heard."""
        first = min([self._read_until.get(topic, self._started), *(from_milliseconds(gap.since) for gap in holes)])
        since = max(self._started, first - _OVERLAP, now - KEPT)
        return from_milliseconds(self._to_exchange(since))

    def _to_exchange(self, moment: datetime) -> int:
        """A moment of our own clock by that of the exchange (ms)."""
        return milliseconds(moment + self._client.offset)

    def _settle(self, unseen: Sequence[Row], topic: Topic) -> bool:
        """Looks up, one by one, what became of orders that no list shows; whether REST could say it of all."""
        is_settled = True
        for row in unseen:
            if self._is_closed:
                return False
            try:
                end = ending(self._client, topic, row)
            except RejectedError as error:
                if error.code == _UNIFIED:
                    raise
                end = None
            if end is None:
                is_settled = False
            else:
                self._known.settle(topic, end)
        return is_settled

    def _failed(self, topic: Topic, error: BitgetError) -> None:
        """What can be put right by itself is tried again; what cannot ends the stream, or is said once."""
        if error.code == _UNIFIED:
            self._mailbox.end(
                RejectedError(error.message, hint=error.hint, code=error.code, msg=error.msg, endpoint=error.endpoint)
            )
        elif isinstance(error, CredentialsError) and topic not in self._read_until and error.code not in _NOT_IN_DEMO:
            self._mailbox.end(error)
        elif isinstance(error, CredentialsError | RejectedError):
            if (topic, error.code) not in self._told:
                self._told.add((topic, error.code))
                self._mailbox.say(Refusal(error.code or "", topic, error.message))
        else:
            failures = self._failures[topic] = self._failures.get(topic, 0) + 1
            with self._changed:
                wait = min(EVERY_SECONDS, _RETRY_SECONDS * 2 ** (failures - 1))
                self._due[topic] = self._clock.monotonic() + wait
