"""One connection to the paper exchange's streams, without the connection: frames in, frames out.

Logging in is checked without a line of the client's code.
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from math import inf
from typing import TYPE_CHECKING, Any

from bitget_cli.paper.credentials import KEY
from bitget_cli.paper.prices.markets import MarketView
from bitget_cli.paper.streams.channels import Market, Own, Push
from bitget_cli.paper.streams.topics import ChannelKey, Meant, UnknownTopicError, meant, topic

if TYPE_CHECKING:
    from bitget_cli.paper.engine.state import EngineState, Event
    from bitget_cli.paper.exchange import Exchange
    from bitget_cli.paper.prices.markets import PricePaths

Failure = tuple[int, str]
# How far a login's timestamp may be from the server's clock, in ms.
_TOLERANCE = 30_000
# A timestamp of so many digits counts milliseconds: the documentation says both.
_MILLISECONDS = 13


def check_login(given: Any, *, clocks: tuple[int, ...]) -> Failure | None:
    """What is wrong with the first of a login's `args`, as Bitget's code and words; None when nothing is.

    Surplus keys are tolerated; `clocks` are the times (ms) it may carry.
    """
    key, secret, passphrase = KEY
    if not isinstance(given, dict):
        return 30005, "error"
    # Bitget's own Python client spells it the other way.
    if given.get("apiKey", given.get("api_key")) != key:
        return 30011, "Invalid ACCESS_KEY"
    if given.get("passphrase") != passphrase:
        return 30012, "Invalid ACCESS_PASSPHRASE"
    stamp = _text(given.get("timestamp"))
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _MILLISECONDS):
        return 30013, "Invalid ACCESS_TIMESTAMP"
    time = int(stamp) * (1 if len(stamp) == _MILLISECONDS else 1000)
    if all(abs(time - clock) > _TOLERANCE for clock in clocks):
        return 30014, "Request timestamp expired"
    signature = b64encode(hmac.digest(secret.encode(), f"{stamp}GET/user/verify".encode(), "sha256"))
    if not hmac.compare_digest(_text(given.get("sign")).encode(), signature):
        return 30015, "Invalid sign"
    return None


def _text(value: Any) -> str:
    """A JSON text or whole number as text; "" for anything else."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


# Prices and private data have one address here: a connection that logs in gets both. The contents go by paper time,
# how often they are pushed by real time.

Frame = Mapping[str, Any]
_NUMBERS = count(1)
# Real seconds until it is seen whether the account has become one of a silent stream's kind.
_SILENCE = 0.2
# Seconds of market data worked out at once; what is left is due next, and others get their turn between.
_LONGEST_TURN = 0.05


class _Subscription:
    """A channel that is followed: `at` is when it is looked at next (real seconds), `seen` its last event."""

    def __init__(self, arg: Frame, meant: Meant, *, at: float, seen: int) -> None:
        self.arg = arg
        self.meant = meant
        self.at = at
        self.seen = seen
        self.market: Market | None = None
        self.own: Own | None = None


class Connection:
    """What the exchange says to one client. `clock` tells real seconds that only grow.

    `take` what the client sends; send it what is `due`; `wait` so many seconds, less if the client sends something.
    """

    def __init__(self, exchange: Exchange, clock: Callable[[], float]) -> None:
        self._exchange = exchange
        self._clock = clock
        self._identity = f"paper-{next(_NUMBERS):08d}"
        self._replies: list[str] = []
        self._subscriptions: dict[ChannelKey, _Subscription] = {}
        self._logged_in = False
        self._seen_prices: PricePaths | None = None
        self._seen_time = 0

    def take(self, text: str) -> None:
        """A text frame of the client; the answer is due at once."""
        if text == "ping":
            self._replies.append("pong")
            return
        self._replies += [_frame_text(answer) for answer in self._answers(text)]

    def wait(self) -> float:
        """Seconds until something is due; infinite when nothing is subscribed."""
        if self._replies:
            return 0.0
        first = min((each.at for each in self._subscriptions.values()), default=inf)
        return max(0.0, first - self._clock())

    def due(self) -> list[str]:
        """What to send now: answers, then pushes.

        Raises ConfigError when the exchange's file cannot be used.
        """
        frames, self._replies = self._replies, []
        now = self._clock()
        due = sorted((each for each in self._subscriptions.values() if each.at <= now), key=lambda each: each.at)
        if market := [each for each in due if each.meant.market]:
            frames += self._exchange.look(lambda view: self._market(view, market))
        if any(each.meant.own for each in due):
            frames += self._exchange.follow(self._own)
        return frames

    def _market(self, view: MarketView, due: list[_Subscription]) -> list[str]:
        if view.prices is not self._seen_prices or view.now < self._seen_time:
            # Another seed, or the clock was put back: everybody begins anew with a snapshot.
            for each in self._subscriptions.values():
                each.market = None
        self._seen_prices, self._seen_time = view.prices, view.now
        frames: list[str] = []
        began = now = self._clock()
        for each in due:
            if now - began > _LONGEST_TURN:
                break
            if each.market is None and each.meant.market:
                each.market = each.meant.market()
            if each.market:
                frames += _pushes(each.arg, each.market.look(view), view.now)
                each.at = now + each.market.every
            now = self._clock()
        return frames

    def _own(self, state: EngineState) -> list[str]:
        """All private channels at once, at the same instant and from the same events."""
        from bitget_cli.paper.engine.state import latest, since

        own = [each for each in self._subscriptions.values() if each.meant.own]
        events: list[Event] = since(state.connection, min(each.seen for each in own))
        last, now = latest(state.connection), self._clock()
        frames: list[str] = []
        for each in own:
            if each.meant.unified is not state.unified:
                # A stream of the other kind of account takes the login and then says nothing.
                each.own, each.seen, each.at = None, last, now + _SILENCE
                continue
            if each.own is None and each.meant.own:
                each.own = each.meant.own()
            if each.own:
                unseen = [event for event in events if event.seq > each.seen]
                frames += _pushes(each.arg, each.own.look(state, unseen), state.time)
                each.at = now + each.own.every
            each.seen = last
        return frames

    def _answers(self, text: str) -> Iterator[Frame]:
        request = _parsed(text)
        op, args = request.get("op"), request.get("args")
        if not isinstance(op, str) or op == "ping" or not isinstance(args, list):
            yield _error(30002, "Unrecognized request")
        elif op == "login":
            yield self._login(args)
        elif op in ("subscribe", "unsubscribe"):
            yield from (self._subscribe(arg) if op == "subscribe" else self._unsubscribe(arg) for arg in args)
        else:
            yield _error(30003, f"INVALID op:{op}")

    def _login(self, args: list[Any]) -> Frame:
        clocks = self._exchange.look(lambda view: self._exchange.clocks(view.now))
        failure = check_login(args[0] if args else None, clocks=clocks)
        if failure:
            return _error(*failure)
        self._logged_in = True
        return {"event": "login", "code": 0, "connId": self._identity}

    def _subscribe(self, arg: Any) -> Frame:
        """A topic that is followed already begins anew, so a client gets a snapshot; no event is left out."""
        try:
            wanted = topic(arg)
            found = meant(wanted)
        except UnknownTopicError as unknown:
            about = {"arg": arg} if isinstance(arg, dict) else {}
            return {"event": "error", **about, "code": unknown.code, "msg": unknown.msg, "op": "subscribe"}
        if found.own and not self._logged_in:
            return _error(30004, "User not logged in")
        before = self._subscriptions.get(wanted)
        seen = before.seen if before else self._exchange.follow(_last_event) if found.own else 0
        self._subscriptions[wanted] = _Subscription(arg, found, at=self._clock(), seen=seen)
        return {"event": "subscribe", "arg": arg} | self._signed(wanted)

    def _unsubscribe(self, arg: Any) -> Frame:
        try:
            wanted = topic(arg)
        except UnknownTopicError as unknown:
            return {"event": "error", "code": unknown.code, "msg": unknown.msg, "op": "unsubscribe"}
        self._subscriptions.pop(wanted, None)
        return {"event": "unsubscribe", "arg": arg} | self._signed(wanted)

    def _signed(self, wanted: ChannelKey) -> dict[str, str]:
        """Answers in the words of v3 name the connection."""
        return {"connId": self._identity} if wanted.unified else {}


def _last_event(state: EngineState) -> int:
    from bitget_cli.paper.engine.state import latest

    return latest(state.connection)


def _parsed(text: str) -> dict[str, Any]:
    """The object a client sent; an empty one for anything else."""
    try:
        request = json.loads(text)
        # It is repeated with every push: half a surrogate pair could not be sent, and infinity is no JSON.
        json.dumps(request, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return {}
    return request if isinstance(request, dict) else {}


def _error(code: int, msg: str) -> Frame:
    return {"event": "error", "code": code, "msg": msg}


def _pushes(arg: Frame, pushes: list[Push], now: int) -> list[str]:
    return [_frame_text({"action": action, "arg": arg, "data": data, "ts": now}) for action, data in pushes]


def _frame_text(frame: Frame) -> str:
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
