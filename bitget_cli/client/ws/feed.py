"""The assembly of a stream: connected, and connected again, until its owner closes it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from math import inf
from random import uniform
from threading import Lock
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import channels
from bitget_cli.client.ws.dispatcher import Dispatcher, ticker_of
from bitget_cli.client.ws.interfaces import ConnectionLostError, Socket, Timing
from bitget_cli.client.ws.protocol import Login, SendLimiter, WsProtocol
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.client.ws.subscriptions import SlidingWindow, Subscriptions
from bitget_cli.errors import BitgetError, CredentialsError, NetworkError, RejectedError, UsageError
from bitget_cli.stream_events import Facts, Message
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.ws.interfaces import Opener, StreamHandler
    from bitget_cli.client.ws.recovery import AccountStream
    from bitget_cli.runtime import Clock
    from bitget_cli.stream_events import Source, Topic

# The least part of a bound that is waited, so that tries are spread and not bunched.
_LEAST_PART = 0.95
_LEAST_PART_LATER = 5 / 6


class Attempts:
    """What one process tried that reached the exchange in the later part of an outage; its streams share one."""

    def __init__(self, timing: Timing) -> None:
        self._most = timing.attempts
        self._recent = SlidingWindow(timing.attempts_within)
        self._lock = Lock()

    def add(self, now: float) -> None:
        with self._lock:
            self._recent.add(now)

    def wait(self, now: float) -> float:
        """Seconds until another one is within the limit."""
        with self._lock:
            return self._recent.room_at(now, self._most) - now


class Backoff:
    """How long to wait before the next attempt of an outage, which lasts until a connection has held for a minute.

    In its first minute tries are at most 5 s apart, the first one much sooner, so that a stream is back within 5 s of
    the network's return. After it they are up to 30 s apart: at once where the exchange was reached (it hung up,
    refused, or a login went wrong), and growing to that where it was not (no name, no route, nobody there), since such
    a try costs the exchange nothing. Of those that reached it 12 are made in the first minute, and from the second one
    on 12 within any five minutes.

    Waits count from the start of the failed attempt: who has waited ten seconds for an answer has waited enough.
    """

    def __init__(
        self, timing: Timing, attempts: Attempts, *, jitter: Callable[[float, float], float] = uniform
    ) -> None:
        self._timing = timing
        self._attempts = attempts
        self._jitter = jitter
        self._out_since: float | None = None
        self._tries = self._reached = 0
        self._connected_at: float | None = None

    def connected(self, now: float) -> None:
        self._note_reached(now)
        self._connected_at = now

    def wait(self, now: float, *, began: float, error: ConnectionLostError) -> float:
        """Seconds from now until the next attempt; `began` is when the failed one did, or when the line broke."""
        timing = self._timing
        if self._connected_at is not None and now - self._connected_at >= timing.stable:
            self._out_since = None
        if self._out_since is None:
            self._out_since, self._tries, self._reached = began, 0, 0
        if self._connected_at is None and error.reached:
            self._note_reached(began)  # one that connected has been noted
        self._connected_at = None
        chosen = self._jitter(*self._bounds(now - self._out_since, reached=error.reached))
        self._tries += 1
        wait = max(timing.backoff_least, began + chosen - now, error.pause)
        return max(wait, self._room(now, wait))

    def _bounds(self, elapsed: float, *, reached: bool) -> tuple[float, float]:
        """The least and the longest wait so long after the outage began."""
        timing = self._timing
        if elapsed < timing.soon_for:
            doubled = timing.backoff_first * 2.0 ** min(self._tries, 30)
            if self._tries == 0:
                return 0.0, min(timing.backoff_soon, doubled)
            if reached:
                # So that those left, none of them later than it may be, do for the rest of the minute.
                left = timing.soon_for - elapsed - timing.backoff_soon * (timing.attempts - self._reached)
                least = max(timing.backoff_soon * _LEAST_PART, left)
                return min(least, timing.backoff_soon), timing.backoff_soon
            most = min(timing.backoff_soon, doubled)
            return most / 2, most
        most = timing.backoff_most
        if not reached:
            most = min(most, timing.backoff_soon + elapsed - timing.soon_for)
        return most * _LEAST_PART_LATER, most

    def _room(self, now: float, wait: float) -> float:
        """Seconds until the limits take another one, which may find the exchange there."""
        assert self._out_since is not None  # noqa: S101  # for the type checker: `wait` has set it
        later_at = self._out_since + self._timing.soon_for
        if now + wait < later_at:
            return later_at - now if self._reached >= self._timing.attempts else 0.0
        return self._attempts.wait(now)

    def _note_reached(self, at: float) -> None:
        if self._out_since is None:
            return
        if at - self._out_since >= self._timing.soon_for:
            self._attempts.add(at)
        else:
            self._reached += 1


_GO_ON = "--wait goes on trying"


class Stream:
    """Follows `topics` over one connection at a time, in a thread of its own that alone touches the socket.

    `open_socket` connects within so many seconds; it raises ConnectionLostError. `attempts` counts connections together
    with other streams. The stream gives up where no subscription was ever acknowledged within
    `timing.first_connection`; after that it tries for ever. The topics `beside` are followed for the sake of the
    others. `name` tells its statuses from another's; `ended` is told how it went after the listener was. `clock` is the
    machine's own: a wall clock that jumps beside the monotonic one means that it slept.
    """

    def __init__(
        self,
        open_socket: Callable[[float], Socket],
        topics: Sequence[Topic],
        listener: StreamHandler,
        *,
        clock: Clock,
        timing: Timing,
        login: Login | None = None,
        attempts: Attempts | None = None,
        raw: bool = False,
        name: str = "public",
        ended: Callable[[Exception | None], None] | None = None,
        beside: Sequence[Topic] = (),
    ) -> None:
        self._open = open_socket
        self._listener = listener
        self._clock = clock
        self._timing = timing
        self._login = login
        self._raw = raw
        self._name = name
        self._ended = ended
        self._subscriptions = Subscriptions(topics, timing, beside=beside)
        self._limiter = SendLimiter(timing)
        self._backoff = Backoff(timing, attempts or Attempts(timing))
        self._protocol: WsProtocol | None = None
        self._wishes: deque[Topic] = deque()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._attempt = 0
        self._next_attempt_at = 0.0
        self._reconnects = 0
        self._has_stood = False
        self._messages_before = 0
        self._started_at = self._data_at = clock.monotonic()

    def start(self) -> None:
        self._started_at = self._data_at = self._clock.monotonic()
        self._thread.start()

    def renew(self, topic: Topic) -> None:
        """Subscribe to `topic` afresh; from any thread."""
        self._wishes.append(topic)

    def close(self) -> None:
        """Hang up and end; from any thread. Returns soon, even while a connection is being opened."""
        self._closing.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=1.0)

    def facts(self) -> Facts:
        """How this connection stands; gaps and the clock's offset are for others to add."""
        protocol, now = self._protocol, self._clock.monotonic()
        state = (
            ("stale" if protocol.is_in_doubt() else "live")
            if protocol and protocol.stands
            else "reconnecting"
            if self._reconnects
            else "connecting"
        )
        return Facts(
            state=state,
            attempt=self._attempt,
            retry_in=0.0 if protocol else max(0.0, self._next_attempt_at - now),
            silent_for=now - (protocol.data_at if protocol else self._data_at),
            messages=self._messages_before + (protocol.messages if protocol else 0),
            reconnects=self._reconnects,
            has_stood=self._has_stood,
        )

    # The reader thread.

    def _run(self) -> None:
        ending: Exception | None = None
        try:
            self._follow()
        except BitgetError as error:
            ending = self._cleaned(error)
        except Exception as defect:  # for whoever takes from the stream, who reports it as any other
            ending = defect
        self._closing.set()
        self._listener.ended(ending)
        if self._ended:
            self._ended(ending)

    def _follow(self) -> None:
        """The one way to be connected, the first time and every other: connect, log in, subscribe, listen."""
        while not self._closing.is_set():
            began = self._clock.monotonic()
            try:
                self._tell("connecting", attempt=self._attempt + 1)
                if self._login:
                    self._login.prepare()
                self._hold(self._open(self._time_to_open()))
            except ConnectionLostError as error:
                self._cleaned(error)
                was_open, self._protocol = self._protocol, None
                if was_open:
                    self._note_loss(was_open, error)
                self._await_next(error, began=self._clock.monotonic() if was_open else began)

    def _cleaned(self, error: BitgetError) -> BitgetError:
        """What an exchange says last may repeat what it was told first."""
        if self._login:
            error.redact(self._login.clean)
        return error

    def _tell(self, event: str, **facts: Any) -> None:
        self._listener.status(event, {"connection": self._name, **facts})

    def _hold(self, socket: Socket) -> None:
        """Everything between the opening of one connection and its end. Raises ConnectionLostError when it must be
        given up.
        """
        try:
            now = self._clock.monotonic()
            self._backoff.connected(now)
            self._protocol = protocol = WsProtocol(
                self._subscriptions,
                self._listener,
                pace=self._limiter,
                login=self._login,
                timing=self._timing,
                now=now,
                raw=self._raw,
                name=self._name,
            )
            self._tell("connected", attempt=self._attempt + 1)
            self._listen(socket, protocol)
        finally:
            socket.close()

    def _listen(self, socket: Socket, protocol: WsProtocol) -> None:
        monotonic, receive, received, tick = self._clock.monotonic, socket.recv, protocol.received, self._timing.tick
        now = last = monotonic()
        wall = self._set_wall(protocol, now)
        due = 0.0
        while True:
            if now >= due or protocol.hurry:
                if self._closing.is_set():
                    return
                wall = self._check_sleep(protocol, now, last=last, wall=wall)
                last, due, protocol.hurry = now, now + tick, False
                self._tick(socket, protocol, now)
            text = receive(tick)
            now = monotonic()
            if text is not None:
                received(text, now)

    def _tick(self, socket: Socket, protocol: WsProtocol, now: float) -> None:
        while self._wishes:
            protocol.renew(self._wishes.popleft(), now)
        protocol.tick(now)
        while (text := protocol.outgoing(now)) is not None:
            socket.send(text)
        if not self._has_stood:
            self._check_first(now)
        if self._attempt and self._subscriptions.is_settled():
            self._attempt = 0

    # The first connection.

    def _left_for_first(self, now: float) -> float:
        """Seconds in which the first connection may still come to stand."""
        return self._started_at + self._timing.first_connection - now

    def _stands(self) -> bool:
        """Whether anything was ever acknowledged."""
        self._has_stood = self._has_stood or any(each.acknowledged_before for each in self._subscriptions.wanted)
        return self._has_stood

    def _time_to_open(self) -> float:
        left = inf if self._has_stood else self._left_for_first(self._clock.monotonic())
        return max(self._timing.backoff_least, min(self._timing.opening, left))

    def _check_first(self, now: float) -> None:
        """Raises NetworkError where nothing was acknowledged in time."""
        if not self._stands() and self._left_for_first(now) <= 0:
            within = f"{self._timing.first_connection:g} s"
            reason = (
                "the login was not answered"
                if self._protocol and self._protocol.is_logging_in
                else "nothing was acknowledged"
            )
            raise NetworkError(f"connected to Bitget, but {reason} within {within}", hint=_GO_ON)

    def _wait_for_first(self, wait: float, error: ConnectionLostError) -> float:
        """The wait before the next try for a first connection. Raises `error` where there is to be none."""
        left = self._left_for_first(self._clock.monotonic())
        if left == inf:
            return wait
        if error.final or left <= max(error.pause, 2 * self._timing.backoff_least):
            error.hint = f"{error.hint}; {_GO_ON}" if error.hint else _GO_ON
            raise error
        # The last tries are close together, so that none of the time is lost.
        return max(error.pause, min(wait, left / 2))

    def _set_wall(self, protocol: WsProtocol, now: float) -> float:
        wall = milliseconds(self._clock.now())
        protocol.wall = wall - now * 1000.0
        return wall / 1000.0

    def _check_sleep(self, protocol: WsProtocol, now: float, *, last: float, wall: float) -> float:
        """The wall clock now, in seconds. Raises ConnectionLostError after a time in which nobody can have pinged."""
        wall_now = self._set_wall(protocol, now)
        if max(now - last, wall_now - wall) > self._timing.jump:
            if self._login:
                self._login.forget_time()
            raise ConnectionLostError("this machine slept", reason="stale")
        return wall_now

    def _note_loss(self, protocol: WsProtocol, error: ConnectionLostError) -> None:
        self._messages_before += protocol.messages
        self._data_at = protocol.data_at
        self._reconnects += 1
        self._listener.lost(error.reason)

    def _await_next(self, error: ConnectionLostError, *, began: float) -> None:
        """Waits for the next attempt. Raises `error` where there is to be none."""
        now = self._clock.monotonic()
        wait = self._backoff.wait(now, began=began, error=error)
        if error.final:
            wait = error.pause or self._timing.refused_pause
        if not self._stands():
            wait = self._wait_for_first(wait, error)
        self._attempt += 1
        self._next_attempt_at = now + wait
        refused = {"refused": True} if error.final else {}
        self._tell("reconnecting", attempt=self._attempt, retry_in=round(wait, 3), reason=error.message, **refused)
        while not self._closing.is_set() and (left := self._next_attempt_at - self._clock.monotonic()) > 0:
            self._closing.wait(min(left, self._timing.tick))


# Bitget allows 1000 channels a connection and recommends fewer than 50.
MOST_TOPICS = 200

_TIMING = Timing()


def watch(
    topics: Sequence[Topic],
    *,
    open_socket: Opener,
    client: Client | None,
    clock: Clock,
    login: Callable[[], str] | None,
    raw: bool = False,
    depth: int = 20,
    first_connection: float = _TIMING.first_connection,
    timing: Timing | None = None,
    account: AccountStream | None = None,
) -> Source:
    """Starts following `topics`; public and private ones have a connection each, one Source carries both.

    `open_socket` is the door (client/socket.py, or the paper exchange's), `login` makes a login frame and is needed for
    private topics, whose rows `client` reads where the stream does not tell them. `clock` is the machine's own. `depth`
    is how many levels a side of a kept book are told; beside each book its ticker is followed, to hold it against. The
    first connection must stand within `first_connection` seconds. `account` is the one behind the login
    where it is no classic one. Raises UsageError for more topics than one may have.
    """
    open_socket = account.behind(open_socket) if account else open_socket
    timing = timing or _TIMING._replace(first_connection=first_connection)
    sides = _sides(topics, has_key=login is not None)
    watched = _Watched(ConflatingQueue(clock, raw=raw), client, connections=len(sides))
    attempts = Attempts(timing)
    for private, chosen in sides:
        asked = client if private else None
        beside = [] if private else _beside(chosen)
        following = Dispatcher(
            chosen, watched.queue, clock=clock, client=asked, depth=depth, raw=raw, beside=beside, account=account
        )
        stream = Stream(
            partial(open_socket, private),
            chosen,
            following,
            clock=clock,
            timing=timing,
            login=Login(login, client.server_time if client else None, timing) if private and login else None,
            attempts=attempts,
            raw=raw,
            name="private" if private else "public",
            ended=watched.note_end,
            beside=beside,
        )
        following.renew = stream.renew
        watched.add(stream, following)
    watched.start()
    return watched


def _sides(topics: Sequence[Topic], *, has_key: bool) -> list[tuple[bool, list[Topic]]]:
    """The public topics, then the private ones, each under whether they are; a side without any is left out."""
    if len(topics) > MOST_TOPICS:
        raise UsageError(f"{len(topics)} topics are more than the {MOST_TOPICS} one stream may follow")
    if not has_key and any(is_private(topic) for topic in topics):
        raise CredentialsError("a private stream needs an API key", hint="bitget profile add")
    sides = [(private, [topic for topic in topics if is_private(topic) is private]) for private in (False, True)]
    return [(private, chosen) for private, chosen in sides if chosen]


def _beside(topics: Sequence[Topic]) -> list[Topic]:
    """The ticker of every book: only it tells of a book that hears nothing more."""
    return [ticker_of(topic) for topic in topics if _is_book(topic) and ticker_of(topic) not in topics]


def _is_book(topic: Topic) -> bool:
    try:
        return channels.find(topic.inst_type, topic.channel).type == "depth"
    except UsageError:
        return False


def is_private(topic: Topic) -> bool:
    """Whether the topic is of the account, behind a login. A channel that is on no page counts as public."""
    try:
        return channels.find(topic.inst_type, topic.channel).private
    except UsageError:
        return False


class _Watched:
    """The Source of `watch`: one mailbox, and one or two streams that fill it."""

    def __init__(self, queue: ConflatingQueue, client: Client | None, *, connections: int) -> None:
        self.queue = queue
        self._client = client
        self._running = connections
        self._refusal: Exception | None = None
        self._streams: list[Stream] = []
        self._followings: list[Dispatcher] = []
        self._lock = Lock()

    def add(self, stream: Stream, following: Dispatcher) -> None:
        self._streams.append(stream)
        self._followings.append(following)

    def start(self) -> None:
        for stream in self._streams:
            stream.start()

    def note_end(self, error: Exception | None) -> None:
        """A stream is over. One that was refused leaves the other its turn; any other failure ends both."""
        with self._lock:
            self._running -= 1
            self._refusal = self._refusal or error
            if self._running == 0 or not isinstance(error, RejectedError):
                self.queue.end(error if error and not isinstance(error, RejectedError) else self._refusal)

    def take(self, seconds: float) -> Sequence[Message] | None:
        return self.queue.take(seconds)

    def facts(self) -> Facts:
        each = [stream.facts() for stream in self._streams]
        worst = max(each, key=lambda facts: _TROUBLE.index(facts.state))
        return worst._replace(
            silent_for=min(facts.silent_for for facts in each),
            messages=sum(facts.messages for facts in each),
            reconnects=sum(facts.reconnects for facts in each),
            gaps=self.queue.gaps,
            open_gaps=self.queue.open_gaps,
            has_stood=all(facts.has_stood for facts in each),
            offset=self._client.offset.total_seconds() if self._client else 0.0,
        )

    def close(self) -> None:
        for stream in self._streams:
            stream.close()
        for following in self._followings:
            following.close()
        self.queue.end()


# From the best state to the one that a footer should show.
_TROUBLE = ("live", "stale", "connecting", "reconnecting")
