"""What is said on one connection until it must be given up: login, heartbeat, frames in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import suppress
from random import uniform
from typing import TYPE_CHECKING, Any, NoReturn

from bitget_cli.catalogue.envelope import Code, Meaning, stream_code
from bitget_cli.catalogue.envelope import code as rest_code
from bitget_cli.client.ws.interfaces import ConnectionLostError, Heard, Timing
from bitget_cli.client.ws.staleness import SubscriptionMonitor
from bitget_cli.client.ws.subscriptions import SlidingWindow, SubscriptionState
from bitget_cli.errors import BitgetError, CredentialsError, RejectedError
from bitget_cli.keys import Redactor, Secret
from bitget_cli.values import WireNumber, milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.ws.interfaces import StreamHandler
    from bitget_cli.client.ws.subscriptions import Subscription, Subscriptions
    from bitget_cli.keys import Key
    from bitget_cli.stream_events import Topic


class Heartbeat:
    """When to send `ping`, and when the other side has been silent for too long.

    Bitget wants the text frame `ping`; it counts neither protocol pings nor its own data as a sign of life.
    """

    def __init__(self, timing: Timing, now: float, *, jitter: Callable[[float, float], float] = uniform) -> None:
        self._timing = timing
        self._jitter = jitter
        self._next_ping = now + self._wait()
        self._asked_at: float | None = None
        self.heard_at = now  # a frame of any kind; set for every one of them

    def ping(self, now: float) -> str | None:
        """`ping` when it is time for one; the clock for its answer then runs."""
        if now < self._next_ping:
            return None
        self._next_ping = now + self._wait()
        if self._asked_at is None:
            self._asked_at = now
        return "ping"

    def pong(self) -> None:
        self._asked_at = None

    def check(self, now: float, *, paused_until: float = 0.0) -> None:
        """Raises ConnectionLostError when a pong or everything is overdue; time in which we must not ask does not
        count.
        """
        if self._asked_at is not None and now - self._asked_at >= self._timing.pong:
            raise ConnectionLostError(f"no pong within {self._timing.pong:g} s", reason="stale")
        if now - max(self.heard_at, paused_until) >= self._timing.silence:
            raise ConnectionLostError(f"not a word for {self._timing.silence:g} s", reason="stale")

    def _wait(self) -> float:
        return self._timing.ping + self._jitter(-self._timing.ping_spread, self._timing.ping_spread)


class SendLimiter:
    """Spaces what we send; lives as long as the stream, so that a rate once halved stays so."""

    def __init__(self, timing: Timing) -> None:
        self._gap = 1.0 / timing.frames_per_second
        self._slowest = self._gap * 8
        self._next = 0.0
        self.paused_until = 0.0

    def is_free(self, now: float) -> bool:
        return now >= self._next and now >= self.paused_until

    def took(self, now: float) -> None:
        self._next = now + self._gap

    def pause(self, until: float) -> None:
        self.paused_until = max(self.paused_until, until)

    def halve(self) -> None:
        """After 30007: Bitget found us too fast."""
        self._gap = min(self._gap * 2, self._slowest)


LOGGED_IN = frozenset({"0", "00000"})
NOT_LOGGED_IN = "30004"
UNSPECIFIC = "30005"
OVER_LIMIT = "30007"
# Key, passphrase or signature are wrong: asking again only brings a lock-out nearer.
_HOPELESS = frozenset({"30011", "30012", "30015"})
_WRONG_TIME = frozenset({"30013", "30014"})
CODES = _HOPELESS | _WRONG_TIME | {UNSPECIFIC}


def login_frame(key: Key, seconds: int) -> str:
    """The login for this second of the exchange's time.

    The docs say both seconds and milliseconds; seconds as a JSON string is what clients send and captures show taken.
    """
    from bitget_cli.client.rest.auth import signature, signed_text

    timestamp = str(seconds)
    login = {
        "apiKey": key.id.reveal(),
        "passphrase": key.passphrase.reveal(),
        "timestamp": timestamp,
        "sign": signature(key, signed_text(timestamp, "GET", "/user/verify", "", b"")),
    }
    return json.dumps({"op": "login", "args": [login]}, separators=(",", ":"))


def login_with(key: Key, client: Client) -> Callable[[], str]:
    """Makes login frames of `key` in the exchange's time as `client` knows it."""
    return lambda: login_frame(key, milliseconds(client.now()) // 1000)


class Login:
    """The logins of one stream: how often a refusal may be answered with another try.

    `frame` makes a login frame, `learn_time` asks the exchange for its time; the frame's own text appears nowhere.
    """

    def __init__(self, frame: Callable[[], str], learn_time: Callable[[], object] | None, timing: Timing) -> None:
        self._frame = frame
        self._learn_time = learn_time
        self._timing = timing
        self._time_is_known = False
        self._tried: set[str] = set()
        self._redact = Redactor()

    def prepare(self) -> None:
        """Asks for the time where it is not known or was refused: before connecting, since it takes a request."""
        if self._learn_time and not self._time_is_known:
            # Without an answer our own clock has to do; the exchange says so if it does not.
            with suppress(BitgetError):
                self._learn_time()
            self._time_is_known = True

    def text(self) -> str:
        """The frame to send."""
        text = self._frame()
        self._redact = Redactor(*(Secret(str(value)) for value in json.loads(text)["args"][0].values()))
        return text

    def clean(self, message: str) -> str:
        """What the exchange says, without what we told it when logging in."""
        return self._redact(message)

    def accepted(self) -> None:
        self._tried.clear()

    def forget_time(self) -> None:
        """The machine slept, or the exchange found our time wrong."""
        self._time_is_known = False

    def refusal(self, code: str, message: str) -> BitgetError:
        """What to raise: ConnectionLostError to connect and log in once more, CredentialsError when that is of no
        use.
        """
        meaning = known(code).meaning
        if meaning is Meaning.RATE:
            return ConnectionLostError(f"the login was too much for Bitget ({code})", pause=self._timing.too_many_pause)
        kind, pause = code, 0.0
        if code in _WRONG_TIME or meaning is Meaning.CLOCK:
            kind = "time"
            self.forget_time()
        elif code == UNSPECIFIC:
            pause = self._timing.login_again
        else:
            return self._final(code, message)
        if kind in self._tried:
            return self._final(code, message)
        self._tried.add(kind)
        return ConnectionLostError(f"the login was refused ({code}), once more", pause=pause)

    def _final(self, code: str, message: str) -> CredentialsError:
        about = known(code)
        text = self.clean(message) or about.message
        hint = "set this machine's clock; bitget doctor shows how far it is off"
        return CredentialsError(
            f"Bitget refused the login: {text} ({code})",
            hint=hint if about.meaning is Meaning.CLOCK else about.advice or "check key, secret and passphrase",
            code=code,
            msg=text,
        )


def known(code: str) -> Code:
    """What a code on a stream means; those of REST leak into it."""
    found = stream_code(code)
    return rest_code(code) if found.meaning is Meaning.UNKNOWN else found


# Opens nothing and waits for nothing; whoever reads the line hands everything in.

# What nearly every push meets: a name of the module is found sooner than a member of an enumeration.
_LIVE, _TAKEN = SubscriptionState.LIVE, Heard.TAKEN


class WsProtocol:
    """One connection's exchange of frames. `hurry` is set when something should go out before the next tick.

    Raises ConnectionLostError when a new connection is needed; CredentialsError or RejectedError when none would help.
    """

    def __init__(
        self,
        subscriptions: Subscriptions,
        listener: StreamHandler,
        *,
        pace: SendLimiter,
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
        self._limiter = pace
        self._login = login
        self._timing = timing
        self._raw = raw
        self._heartbeat = Heartbeat(timing, now)
        self._monitor = SubscriptionMonitor(subscriptions, listener, timing=timing, name=name)
        self._odd = SlidingWindow(timing.odd_frames_within)
        self._login_wanted = login is not None
        self._login_sent_at: float | None = None
        self._logged_in_again_at: float | None = None
        subscriptions.start_over(now)

    def is_in_doubt(self) -> bool:
        """Whether a topic that should speak is silent."""
        return self._monitor.is_in_doubt()

    @property
    def stands(self) -> bool:
        """Whether anything was acknowledged here."""
        return self._monitor.stands

    @property
    def is_logging_in(self) -> bool:
        return self._login_wanted or self._login_sent_at is not None

    # What comes in.

    def received(self, text: str | bytes, now: float) -> None:
        """One frame. Nearly all are pushes, so a push takes the straight way."""
        self._heartbeat.heard_at = now
        if text == "pong":
            self._heartbeat.pong()
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
                self._unrouted(frame, now)
                return
            subscription = found
        if subscription.state is not _LIVE:
            # Data that overtakes its acknowledgement stands for it, so that listeners hear of both in order.
            self._monitor.acknowledged(subscription, now)
        self.messages += 1
        if self._raw and isinstance(text, str) and not subscription.is_beside:
            # A translated frame has its own text beside it, once for all of its lines.
            own = getattr(text, "own", text)
            if own:
                self._listener.raw(own)
        heard = self._listener.frame(subscription.topic, frame, int(now * 1000.0 + self.wall))
        if heard is _TAKEN:
            subscription.data_at = self.data_at = now
            subscription.latest = frame
        elif heard is Heard.DROPPED:
            # A frame that was dropped is not a frame heard.
            subscription.dropped_at = now
        else:
            self._monitor.renew(subscription, now)
            self.hurry = True

    def _not_understood(self, arg: Any, now: float) -> None:
        """A frame that makes no sense: what it carried is missing where it may have belonged, and many are too many."""
        for each in self._subscriptions.maybe(arg):
            if (
                each.state is SubscriptionState.LIVE
                and self._listener.unreadable(each.topic, self._received(now)) is Heard.AFRESH
            ):
                self._monitor.renew(each, now)
                self.hurry = True
        if self._odd.add(now) >= self._timing.odd_frames:
            raise ConnectionLostError(f"{self._timing.odd_frames} frames that make no sense")

    def _unrouted(self, frame: dict[str, Any], now: float) -> None:
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
                    self._monitor.acknowledged(each, now)
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
        elif self._login and code == NOT_LOGGED_IN:
            self._log_in_again(code, message, now)
        elif self._login and (code in CODES or (self._login_sent_at is not None and "arg" not in frame)):
            raise self._login.refusal(code, message)
        elif code == OVER_LIMIT:
            self._limiter.halve()
            raise ConnectionLostError("Bitget closes the connection: over its limit", pause=self._timing.too_many_pause)
        elif known(code).meaning is Meaning.RATE:
            self._limiter.pause(now + self._timing.too_many_pause)
            self._subscriptions.ask_again(now)
            self._listener.refused(None, code, message)
        elif code in ("30002", "30003"):
            raise RejectedError(f"Bitget does not understand a request of ours ({code})", code=code, msg=message)
        else:
            self._topic_failed(code, message, frame, now)

    def _topic_failed(self, code: str, message: str, frame: dict[str, Any], now: float) -> None:
        if named := self._named(frame):
            for each in named:
                if each.state is SubscriptionState.LEFT:  # it was the leaving that failed
                    self._subscriptions.left(each, now)
                else:
                    self._monitor.refuse(each, code, message, now)
        elif not self._subscriptions.blame(code, message, now=now):
            self._listener.refused(None, code, message)

    def _clean(self, message: str) -> str:
        return self._login.clean(message) if self._login else message

    # Logging in.

    def _login_answered(self, code: str, message: str) -> None:
        if self._login is None or self._login_sent_at is None:
            return
        if code not in LOGGED_IN:
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
        self._heartbeat.check(now, paused_until=self._limiter.paused_until)
        if self._login_sent_at is not None and now - self._login_sent_at >= timing.login:
            raise ConnectionLostError(f"the login was not answered within {timing.login:g} s")
        self._monitor.check(now)

    def outgoing(self, now: float) -> str | None:
        """The next frame to send, where one is due and the pace allows it."""
        if not self._limiter.is_free(now):
            return None
        text = self._heartbeat.ping(now)
        if text is None and self._login and self._login_wanted:
            text = self._login.text()
            self._login_wanted, self._login_sent_at = False, now
        if text is None and self._login_sent_at is None:
            text = self._subscriptions.next_frame(now)
        if text is not None:
            self._limiter.took(now)
        return text

    def renew(self, topic: Topic, now: float) -> None:
        """Somebody wants this topic subscribed to afresh."""
        each = self._subscriptions.find({"instType": topic.inst_type, "channel": topic.channel, "instId": topic.name})
        if each:
            self._monitor.renew(each, now)
            self.hurry = True


def _code(frame: dict[str, Any]) -> str:
    """Codes come as numbers and as text."""
    return str(frame.get("code", "")).strip()[:20]


def _message(frame: dict[str, Any]) -> str:
    return str(frame.get("msg") or "")[:500]


# Frames: text to JSON, exactly.

# Longer than any amount Bitget can mean.
_LONGEST_NUMBER = 64
_ARGUMENT = re.compile(r'"arg"\s*:\s*(\{[^{}]*\})')
_HUGE_EXPONENT = re.compile(r"[eE][+-]?[0-9]{3,}")


class OddFrameError(ValueError):
    """Not a JSON object, or one that holds what cannot be passed on."""


def decoded(text: str | bytes) -> dict[str, Any]:
    """The object a text frame holds: whole numbers as int, others as WireNumber. Raises OddFrameError.

    Prices are JSON strings in every frame seen, so nothing is lost; `seq` of a Coin-M book is beyond 2^53 and exact.
    """
    try:
        frame, end = _scan(text, 0)
        # Escapes are rare, and only they can smuggle in half a character, which no output can take.
        if "\\u" in text:
            json.dumps(frame, ensure_ascii=False).encode()
    except (ValueError, TypeError, StopIteration, RecursionError):
        raise OddFrameError("not JSON that can be passed on") from None
    if type(frame) is not dict or (end != len(text) and text[end:].strip()):
        raise OddFrameError("not one JSON object")
    return frame


def argument(text: str | bytes) -> Any:
    """What a frame that cannot be read says it is about, where that much of it can be; None where it cannot."""
    whole = text if isinstance(text, str) else text.decode(errors="replace")
    found = _ARGUMENT.findall(whole)
    if len(found) != 1:
        return None
    try:
        return json.loads(found[0])
    except ValueError:
        return None


def _number(text: str) -> WireNumber:
    if len(text) > _LONGEST_NUMBER or _HUGE_EXPONENT.search(text):
        raise OddFrameError("a number no exchange would send")
    return WireNumber(text)


def _no_constant(name: str) -> NoReturn:
    raise OddFrameError(name)


# The scanner itself: `json.loads` spends a fifth of its time on arguments and white space around a small frame.
_DECODER = json.JSONDecoder(parse_float=_number, parse_constant=_no_constant)
_scan: Callable[[Any, int], tuple[Any, int]] = _DECODER.scan_once  # type: ignore[attr-defined]  # typeshed lacks it
