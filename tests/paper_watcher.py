"""The paper exchange's streams as a client sees them: frames typed in, frames read, real seconds moved by hand."""

from __future__ import annotations

import base64
import hmac
import json
from typing import Any

from paper_account import PaperAccount

from bitget_cli.paper.streams.connection import Connection

USDT_M = "USDT-FUTURES"


def arg(channel: str, name: str = "BTCUSDT", kind: str = USDT_M) -> dict[str, str]:
    return {"instType": kind, "channel": channel, "coin" if channel == "account" else "instId": name}


def login(stamp: str | int, **instead: Any) -> str:
    """A login frame whose signature fits its timestamp."""
    signature = hmac.digest(b"paper-secret", f"{stamp}GET/user/verify".encode(), "sha256")
    given = {"apiKey": "paper-key", "passphrase": "paper-passphrase", "timestamp": stamp}
    return json.dumps({"op": "login", "args": [given | {"sign": base64.b64encode(signature).decode()} | instead]})


# Everything of the customer's own, in the order it is pushed.
OWN = tuple(
    arg(channel, "default", kind)
    for kind in ("SPOT", USDT_M)
    for channel in ("account", "orders", "fill", "orders-algo", "positions", "positions-history")
    if kind == USDT_M or not channel.startswith("positions")
)


class Watcher:
    """A line to an account's exchange."""

    def __init__(self, account: PaperAccount) -> None:
        self.account = account
        self.seconds = 0.0
        self.line = Connection(account.exchange, lambda: self.seconds)

    def say(self, frame: str | dict[str, Any]) -> list[Any]:
        """What comes at once after a frame."""
        self.line.take(frame if isinstance(frame, str) else json.dumps(frame))
        return self.frames()

    def frames(self, *, after: float = 0.0) -> list[Any]:
        self.seconds += after
        return [frame if frame == "pong" else json.loads(frame) for frame in self.line.due()]

    def enter(self) -> Watcher:
        (answer,) = self.say(login(str(int(self.account.wall.timestamp()))))
        assert answer["code"] == 0
        return self

    def follow(self, *args: dict[str, str]) -> list[Any]:
        """The pushes that come with the acknowledgements."""
        frames = self.say({"op": "subscribe", "args": list(args)})
        assert [frame for frame in frames if "event" in frame] == [{"event": "subscribe", "arg": each} for each in args]
        return [frame for frame in frames if "action" in frame]

    def pushed(self, channel: str, kind: str = USDT_M) -> list[Any]:
        """What one channel pushes a second later."""
        frames = self.frames(after=1.0)
        return [frame for frame in frames if (frame["arg"]["channel"], frame["arg"]["instType"]) == (channel, kind)]

    def rows(self, channel: str, kind: str = USDT_M) -> list[Any]:
        return [row for push in self.pushed(channel, kind) for row in push["data"]]
