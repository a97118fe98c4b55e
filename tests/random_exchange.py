"""An exchange that goes on by itself and goes wrong when told, in the time of a `World`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import httpx
from accelerated import Line, World
from doubles import envelope

from bitget_cli.client.ws.interfaces import ConnectionLostError

Arg = tuple[str, str, str]
"""instType, channel and instId (or coin) of a subscription."""

# What stands in the place of a push that nobody can read; `arg` and `rows` are the push's own.
GARBAGE: dict[str, Callable[[str, str], str | bytes]] = {
    "bad UTF-8": lambda arg, rows: f'{{"action":"update","arg":{arg},"data":{rows}}}'.encode()[:-3] + b"\xff}",
    "binary": lambda _arg, _rows: b"\x00\x01\x02",
    "too long": lambda _arg, _rows: b"",
    "NaN": lambda arg, rows: f'{{"action":"update","arg":{arg},"data":{rows},"ts":NaN}}',
    "cut off": lambda arg, rows: f'{{"action":"update","arg":{arg},"data":{rows}'[:-7],
    "oops": lambda arg, _rows: f'{{"action":"snapshot","arg":{arg},"data":"oops","ts":1}}',
    "null": lambda arg, _rows: f'{{"action":"snapshot","arg":{arg},"data":null,"ts":1}}',
    "odd rows": lambda arg, _rows: f'{{"action":"snapshot","arg":{arg},"data":["x",5],"ts":1}}',
    "null row": lambda arg, _rows: f'{{"action":"snapshot","arg":{arg},"data":[null],"ts":1}}',
    "no argument": lambda _arg, rows: f'{{"action":"update","data":{rows}}}',
}
# What becomes of a request to subscribe.
FATES = ("late", "data first", "no answer", "no snapshot", "too many", "refused")


class Exchange:
    """Connections, subscriptions and pushes; what is pushed is for whoever inherits it to say."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.line: Line | None = None
        self.live: set[Arg] = set()
        self.acknowledged_at: dict[str, list[float]] = {}  # by channel
        self.heard_at = Counter[str]()  # when a push of a channel arrived last
        self.fates: dict[str, list[str]] = {}  # of the next subscriptions, by channel
        self.silent_until: dict[str, float] = {}
        self.garbage: dict[str, list[str]] = {}  # for the next pushes, by channel
        self.out_until = 0.0
        self.is_reached = True
        self.refused: set[Arg] = set()
        self.rest_out_until = 0.0
        self.rest_fault = "dead"
        self.rest_seconds = (0.02, 0.02)  # before an answer is made, and after
        self.asked: list[str] = []

    # What goes wrong.

    def cut(self) -> None:
        if self.line:
            self.line.cut()

    def outage(self, seconds: float, *, reached: bool) -> None:
        self.out_until, self.is_reached = self.world.ticks + seconds, reached
        self.cut()

    def deafen(self) -> None:
        if self.line:
            self.line.is_deaf = True

    def is_deaf(self) -> bool:
        return self.line is not None and self.line.is_open and self.line.is_deaf

    def silence(self, channels: Iterable[str], seconds: float) -> None:
        self.silent_until.update(dict.fromkeys(channels, self.world.ticks + seconds))

    def lose_rest(self, seconds: float, fault: str) -> None:
        self.rest_out_until, self.rest_fault = self.world.ticks + seconds, fault

    def heal(self) -> None:
        """Nothing new goes wrong from now on."""
        self.fates.clear()
        self.garbage.clear()
        self.rest_seconds = (0.02, 0.02)

    def trouble_until(self) -> float:
        """When the last outage and the last silence are over."""
        return max(self.out_until, self.rest_out_until, *self.silent_until.values(), 0.0)

    # The socket.

    def connect(self, seconds: float) -> Line:
        if self.world.ticks < self.out_until:
            if not self.is_reached:
                self.world.sleep(min(seconds, 3.0))
            raise ConnectionLostError("refused", reached=self.is_reached)
        self.cut()
        self.live.clear()
        self.line = Line(self.world, self._heard)
        return self.line

    def _heard(self, line: Line, text: str) -> None:
        if text == "ping":
            line.push("pong")
            return
        request = json.loads(text)
        if request["op"] == "login":
            line.push('{"event":"login","code":0}')
            return
        for given in request["args"]:
            name = given.get("instId") or given.get("coin") or ""
            arg = given["instType"], given["channel"], name
            if request["op"] == "unsubscribe":
                self.live.discard(arg)
                line.push(json.dumps({"event": "unsubscribe", "arg": given}))
            else:
                fates = self.fates.get(arg[1])
                self._subscribe(line, arg, given, fates.pop(0) if fates else "")

    def _subscribe(self, line: Line, arg: Arg, given: dict[str, str], fate: str) -> None:
        def acknowledge() -> None:
            line.push(json.dumps({"event": "subscribe", "arg": given}))
            self.acknowledged_at.setdefault(arg[1], []).append(self.world.ticks)

        def begin(*, shown: bool = True) -> None:
            if line is self.line and line.is_open:
                self.live.add(arg)
                if shown:
                    self.begin(arg)

        if arg in self.refused or fate == "refused":
            self.refused.add(arg)
            line.push(json.dumps({"event": "error", "arg": given, "code": 30001, "msg": "doesn't exist"}))
        elif fate == "too many":
            line.push('{"event":"error","code":30006,"msg":"too many requests"}')
        elif fate == "data first":
            begin()
            self.world.after(0.5, acknowledge)
        elif fate != "no answer":
            wait = 3.0 if fate == "late" else 0.0
            self.world.after(wait, acknowledge)
            self.world.after(wait + 0.05, lambda: begin(shown=fate != "no snapshot"))

    def begin(self, arg: Arg) -> None:
        """Pushes what follows an acknowledgement."""

    def push(self, arg: Arg, rows: list[Any], *, action: str = "update") -> bool:
        """Whether it went out as it is; it may be garbled, or not be said at all."""
        channel = arg[1]
        if arg not in self.live or self.line is None or not self.line.is_open or self.is_silent(channel):
            return False
        selector = "coin" if channel == "account" else "instId"
        said = json.dumps({"instType": arg[0], "channel": channel, selector: arg[2]})
        if kinds := self.garbage.get(channel):
            self.line.push(GARBAGE[kinds.pop(0)](said, json.dumps(rows)))
            return False
        self.line.push(f'{{"action":"{action}","arg":{said},"data":{json.dumps(rows)},"ts":{self.world.ms()}}}')
        if not self.line.is_deaf:
            self.heard_at[channel] = self.world.ticks  # type: ignore[assignment]  # a moment, not a count
        return True

    def is_silent(self, channel: str) -> bool:
        return self.world.ticks < self.silent_until.get(channel, 0.0)

    # REST.

    def __call__(self, request: httpx.Request) -> httpx.Response:
        before, after = self.rest_seconds
        self.world.sleep(before)
        name = request.url.path.rpartition("/")[2]
        self.asked.append(name)
        if name == "time":
            return envelope({"serverTime": str(self.world.ms())})
        if self.world.ticks < self.rest_out_until:
            return self._rest_fault(request)
        answer = envelope(self.answer(name, request.url.params))
        self.world.sleep(after)
        return answer

    def _rest_fault(self, request: httpx.Request) -> httpx.Response:
        match self.rest_fault:
            case "dead":
                raise httpx.ConnectError("no route", request=request)
            case "page":
                return httpx.Response(503, content=b"<html>")
            case "null":
                return envelope([None])
            case "slow":
                self.world.sleep(12.0)
                raise httpx.ReadTimeout("slow", request=request)
        return envelope(None, code="429", msg="too many", status=429)

    def answer(self, _name: str, _params: httpx.QueryParams) -> Any:
        """What a list holds now."""
        return []
