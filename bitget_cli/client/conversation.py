"""What is said on one connection, from its opening until it must be given up: frames and the time in, frames out.

Opens nothing and waits for nothing; whoever reads the line hands everything in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.envelope import Meaning
from bitget_cli.client import login as codes
from bitget_cli.client.frames import OddFrameError, Recent, argument, decoded
from bitget_cli.client.keepalive import Pulse
from bitget_cli.client.line import LineError
from bitget_cli.client.listening import Heard
from bitget_cli.client.subscription import State
from bitget_cli.client.tending import Tending
from bitget_cli.errors import CredentialsError, RejectedError

if TYPE_CHECKING:
    from bitget_cli.client.keepalive import Pace
    from bitget_cli.client.listening import Listener
    from bitget_cli.client.login import Login
    from bitget_cli.client.subscribing import Subscriptions
    from bitget_cli.client.subscription import Subscription
    from bitget_cli.client.timing import Timing
    from bitget_cli.messages import Topic

# What nearly every push meets: a name of the module is found sooner than a member of an enumeration.
_LIVE, _TAKEN = State.LIVE, Heard.TAKEN


class Conversation:
    """One connection's talk. `hurry` is set when something should go out before the next tick.

    Raises LineError when a new connection is needed; CredentialsError or RejectedError when none would help.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        listener: Listener,
        *,
        pace: Pace,
        login: Login | None,
        timing: Timing,
        now: float,
        raw: bool = False,
        name: str = "public",
    ) -> None:
        self.hurry = True
        self.messages = 0
        self.data_at = now
        # What to add to a monotonic second, in ms, to have our wall clock's; set at every tick.
        self.wall = 0.0
        self._subscriptions = subscriptions
        self._by_arg = subscriptions.by_arg
        self._listener = listener
        self._pace = pace
        self._login = login
        self._timing = timing
        self._raw = raw
        self._pulse = Pulse(timing, now)
        self._tending = Tending(subscriptions, listener, timing=timing, name=name)
        self._odd = Recent(timing.odd_frames_within)
        self._login_wanted = login is not None
        self._login_sent_at: float | None = None
        self._logged_in_again_at: float | None = None
        subscriptions.start_over(now)

    def is_in_doubt(self) -> bool:
        """Whether a topic that should speak is silent."""
        return self._tending.is_in_doubt()

    @property
    def stands(self) -> bool:
        """Whether anything was acknowledged here."""
        return self._tending.stands

    @property
    def is_logging_in(self) -> bool:
        return self._login_wanted or self._login_sent_at is not None

    # What comes in.

    def received(self, text: str | bytes, now: float) -> None:
        """One frame. Nearly all are pushes, so a push takes the straight way."""
        self._pulse.heard_at = now
        if text == "pong":
            self._pulse.pong()
            return
        try:
            frame = decoded(text)
        except OddFrameError:
            self._not_understood(argument(text), now)
            return
        try:
            arg, _ = frame["arg"], frame["data"]
            subscription = self._by_arg[arg["instType"], arg["channel"], arg["instId"]]
        except (KeyError, TypeError):
            if "event" in frame or "op" in frame:
                self._answered(frame, now)
                return
            found = self._subscriptions.find(frame.get("arg")) if "data" in frame else None
            if found is None:
                self._unplaced(frame, now)
                return
            subscription = found
        if subscription.state is not _LIVE:
            # Data that overtakes its acknowledgement stands for it, so that listeners hear of both in order.
            self._tending.acknowledged(subscription, now)
        self.messages += 1
        if self._raw and type(text) is str and not subscription.is_beside:
            self._listener.raw(text)
        heard = self._listener.frame(subscription.topic, frame, int(now * 1000.0 + self.wall))
        if heard is _TAKEN:
            subscription.data_at = self.data_at = now
            subscription.latest = frame
        elif heard is Heard.DROPPED:
            # A frame that was dropped is not a frame heard.
            subscription.dropped_at = now
        else:
            self._tending.renew(subscription, now)
            self.hurry = True

    def _not_understood(self, arg: Any, now: float) -> None:
        """A frame that makes no sense: what it carried is missing where it may have belonged, and many are too many."""
        for each in self._subscriptions.maybe(arg):
            if each.state is State.LIVE and self._listener.unreadable(each.topic, self._received(now)) is Heard.AFRESH:
                self._tending.renew(each, now)
                self.hurry = True
        if self._odd.add(now) >= self._timing.odd_frames:
            raise LineError(f"{self._timing.odd_frames} frames that make no sense")

    def _unplaced(self, frame: dict[str, Any], now: float) -> None:
        # A push about a topic that was refused or left a moment ago is late, not odd.
        arg = frame.get("arg")
        if not isinstance(arg, dict) or "data" not in frame or self._subscriptions.maybe(arg):
            self._not_understood(arg, now)

    def _received(self, now: float) -> int:
        """A moment by our wall clock, in ms."""
        return int(now * 1000.0 + self.wall)

    def _answered(self, frame: dict[str, Any], now: float) -> None:
        match frame.get("event") or frame.get("op"):
            case "subscribe":
                for each in self._named(frame):
                    self._tending.acknowledged(each, now)
            case "unsubscribe":
                for each in self._named(frame):
                    self._subscriptions.left(each, now)
                self.hurry = True
            case "login":
                self._login_answered(_code(frame), _message(frame))
            case "error":
                self._failed(_code(frame), self._clean(_message(frame)), frame, now)

    def _named(self, frame: dict[str, Any]) -> list[Subscription]:
        """Whom an answer is about; the docs show the request echoed, captures one `arg` for each."""
        args = frame.get("args")
        found = [self._subscriptions.find(arg) for arg in (args if isinstance(args, list) else [frame.get("arg")])]
        return [each for each in found if each is not None]

    # Errors.

    def _failed(self, code: str, message: str, frame: dict[str, Any], now: float) -> None:
        """The table of codes: some end everything, some slow us down, the rest are about one topic."""
        if frame.get("op") == "unsubscribe":
            for each in self._named(frame):
                self._subscriptions.left(each, now)
        elif self._login and code == codes.NOT_LOGGED_IN:
            self._log_in_again(code, message, now)
        elif self._login and (code in codes.CODES or (self._login_sent_at is not None and "arg" not in frame)):
            raise self._login.refusal(code, message)
        elif code == codes.OVER_LIMIT:
            self._pace.halve()
            raise LineError("Bitget closes the connection: over its limit", pause=self._timing.too_many_pause)
        elif codes.known(code).meaning is Meaning.RATE:
            self._pace.pause(now + self._timing.too_many_pause)
            self._subscriptions.ask_again(now)
            self._listener.refused(None, code, message)
        elif code in ("30002", "30003"):
            raise RejectedError(f"Bitget does not understand a request of ours ({code})", code=code, msg=message)
        else:
            self._topic_failed(code, message, frame, now)

    def _topic_failed(self, code: str, message: str, frame: dict[str, Any], now: float) -> None:
        if named := self._named(frame):
            for each in named:
                if each.state is State.LEFT:  # it was the leaving that failed
                    self._subscriptions.left(each, now)
                else:
                    self._tending.refuse(each, code, message, now)
        elif not self._subscriptions.blame(code, message, now=now):
            self._listener.refused(None, code, message)

    def _clean(self, message: str) -> str:
        return self._login.clean(message) if self._login else message

    # Logging in.

    def _login_answered(self, code: str, message: str) -> None:
        if self._login is None or self._login_sent_at is None:
            return
        if code not in codes.LOGGED_IN:
            raise self._login.refusal(code, self._clean(message))
        self._login.accepted()
        self._login_sent_at = None
        self.hurry = True

    def _log_in_again(self, code: str, message: str, now: float) -> None:
        if self._login_wanted or self._login_sent_at is not None:
            return  # one for each topic that was asked for
        last = self._logged_in_again_at
        if last is not None and now - last < self._timing.stable:
            raise CredentialsError(
                f"Bitget took the login and says there was none: {message} ({code})",
                hint="check what the key may do: bitget profile check",
                code=code,
                msg=message,
            )
        self._logged_in_again_at = now
        self._login_wanted = self.hurry = True
        self._subscriptions.start_over(now, new_connection=False)

    # The clocks, and what goes out.

    def tick(self, now: float) -> None:
        """Looks at every clock."""
        timing = self._timing
        self._pulse.check(now, paused_until=self._pace.paused_until)
        if self._login_sent_at is not None and now - self._login_sent_at >= timing.login:
            raise LineError(f"the login was not answered within {timing.login:g} s")
        self._tending.check(now)

    def outgoing(self, now: float) -> str | None:
        """The next frame to send, where one is due and the pace allows it."""
        if not self._pace.is_free(now):
            return None
        text = self._pulse.ping(now)
        if text is None and self._login and self._login_wanted:
            text = self._login.text()
            self._login_wanted, self._login_sent_at = False, now
        if text is None and self._login_sent_at is None:
            text = self._subscriptions.next_frame(now)
        if text is not None:
            self._pace.took(now)
        return text

    def renew(self, topic: Topic, now: float) -> None:
        """Somebody wants this topic subscribed to afresh."""
        each = self._subscriptions.find({"instType": topic.inst_type, "channel": topic.channel, "instId": topic.name})
        if each:
            self._tending.renew(each, now)
            self.hurry = True


def _code(frame: dict[str, Any]) -> str:
    """Codes come as numbers and as text."""
    return str(frame.get("code", "")).strip()[:20]


def _message(frame: dict[str, Any]) -> str:
    return str(frame.get("msg") or "")[:500]
