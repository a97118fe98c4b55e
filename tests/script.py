"""A stream that says what a test wrote down, and the rows it is made of."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from doubles import NOON, StillClock

from bitget_cli.output.stream_lines import Reader
from bitget_cli.stream_events import Facts, Message, Push
from bitget_cli.values import milliseconds

NOW = milliseconds(NOON)
LIVE = Facts(state="live")


@dataclass
class Script:
    """A Source: each `take` gives the next batch and passes the time it waited; then it ends, or raises `error`."""

    batches: list[Sequence[Message]]
    clock: StillClock = field(default_factory=StillClock)
    error: BaseException | None = None
    now: Facts = LIVE
    ends: bool = True

    def take(self, seconds: float) -> Sequence[Message] | None:
        self.clock.sleep(seconds)
        if self.batches:
            return self.batches.pop(0)
        if self.error:
            raise self.error
        return None if self.ends else []

    def facts(self) -> Facts:
        return self.now

    def close(self) -> None:
        """Nothing to hang up."""


def push(kind: str, data: Mapping[str, Any], **other: Any) -> Push:
    """A row, of BTCUSDT in USDT-M unless said otherwise."""
    known = {"market": "usdt-futures", "symbol": "BTCUSDT", "ts": NOW, "received": NOW, "snapshot": True}
    return Push(kind, data=data, **{**known, **other})


def reader(
    out: io.StringIO, *, form: str = "ndjson", fields: Iterable[str] | None = None, clock: StillClock | None = None
) -> Reader:
    chosen = None if fields is None else tuple(fields)
    return Reader(form, chosen, out, io.StringIO(), io.StringIO(), False, clock or StillClock())
