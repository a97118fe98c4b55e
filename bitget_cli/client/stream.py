"""One stream of pushes: connected, and connected again, until its owner closes it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from math import inf
from typing import TYPE_CHECKING, Any

from bitget_cli.client.backoff import Attempts, Backoff
from bitget_cli.client.conversation import Conversation
from bitget_cli.client.keepalive import Pace
from bitget_cli.client.line import LineError, Socket
from bitget_cli.client.subscribing import Subscriptions
from bitget_cli.client.timing import Timing
from bitget_cli.errors import BitgetError, NetworkError
from bitget_cli.messages import Facts
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.listening import Listener
    from bitget_cli.client.login import Login
    from bitget_cli.clock import Clock
    from bitget_cli.messages import Topic


_GO_ON = "--wait goes on trying"


class Stream:
    """Follows `topics` over one connection at a time, in a thread of its own that alone touches the socket.

    `open_socket` connects within so many seconds; it raises LineError. `attempts` counts connections together with
    other streams. The stream gives up where no subscription was ever acknowledged within `timing.first_connection`;
    after that it tries for ever. The topics `beside` are followed for the sake of the others. `name` tells its statuses
    from another's; `ended` is told how it went after the listener was. `clock` is the machine's own: a wall clock that
    jumps beside the monotonic one means that it slept.
    """

    def __init__(
        self,
        open_socket: Callable[[float], Socket],
        topics: Sequence[Topic],
        listener: Listener,
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
        self._pace = Pace(timing)
        self._backoff = Backoff(timing, attempts or Attempts(timing))
        self._talk: Conversation | None = None
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
        talk, now = self._talk, self._clock.monotonic()
        state = (
            ("stale" if talk.is_in_doubt() else "live")
            if talk and talk.stands
            else "reconnecting"
            if self._reconnects
            else "connecting"
        )
        return Facts(
            state=state,
            attempt=self._attempt,
            retry_in=0.0 if talk else max(0.0, self._next_attempt_at - now),
            silent_for=now - (talk.data_at if talk else self._data_at),
            messages=self._messages_before + (talk.messages if talk else 0),
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
            except LineError as error:
                self._cleaned(error)
                was_open, self._talk = self._talk, None
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
        """Everything between the opening of one connection and its end. Raises LineError when it must be given up."""
        try:
            now = self._clock.monotonic()
            self._backoff.connected(now)
            self._talk = talk = Conversation(
                self._subscriptions,
                self._listener,
                pace=self._pace,
                login=self._login,
                timing=self._timing,
                now=now,
                raw=self._raw,
                name=self._name,
            )
            self._tell("connected", attempt=self._attempt + 1)
            self._listen(socket, talk)
        finally:
            socket.close()

    def _listen(self, socket: Socket, talk: Conversation) -> None:
        monotonic, receive, received, tick = self._clock.monotonic, socket.recv, talk.received, self._timing.tick
        now = last = monotonic()
        wall = self._set_wall(talk, now)
        due = 0.0
        while True:
            if now >= due or talk.hurry:
                if self._closing.is_set():
                    return
                wall = self._check_sleep(talk, now, last=last, wall=wall)
                last, due, talk.hurry = now, now + tick, False
                self._tick(socket, talk, now)
            text = receive(tick)
            now = monotonic()
            if text is not None:
                received(text, now)

    def _tick(self, socket: Socket, talk: Conversation, now: float) -> None:
        while self._wishes:
            talk.renew(self._wishes.popleft(), now)
        talk.tick(now)
        while (text := talk.outgoing(now)) is not None:
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
            said = (
                "the login was not answered" if self._talk and self._talk.is_logging_in else "nothing was acknowledged"
            )
            raise NetworkError(f"connected to Bitget, but {said} within {within}", hint=_GO_ON)

    def _wait_for_first(self, wait: float, error: LineError) -> float:
        """The wait before the next try for a first connection. Raises `error` where there is to be none."""
        left = self._left_for_first(self._clock.monotonic())
        if left == inf:
            return wait
        if error.final or left <= max(error.pause, 2 * self._timing.backoff_least):
            error.hint = f"{error.hint}; {_GO_ON}" if error.hint else _GO_ON
            raise error
        # The last tries are close together, so that none of the time is lost.
        return max(error.pause, min(wait, left / 2))

    def _set_wall(self, talk: Conversation, now: float) -> float:
        wall = milliseconds(self._clock.now())
        talk.wall = wall - now * 1000.0
        return wall / 1000.0

    def _check_sleep(self, talk: Conversation, now: float, *, last: float, wall: float) -> float:
        """The wall clock now, in seconds. Raises LineError after a time in which nobody can have pinged."""
        wall_now = self._set_wall(talk, now)
        if max(now - last, wall_now - wall) > self._timing.jump:
            if self._login:
                self._login.forget_time()
            raise LineError("this machine slept", reason="stale")
        return wall_now

    def _note_loss(self, talk: Conversation, error: LineError) -> None:
        self._messages_before += talk.messages
        self._data_at = talk.data_at
        self._reconnects += 1
        self._listener.lost(error.reason)

    def _await_next(self, error: LineError, *, began: float) -> None:
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
