"""What an order book costs a process that keeps it, without the network: microseconds a push and pushes a second.

`python tests/benchmarks/books.py` takes the updates of `flood.py`: about 2.6 KB, 124 levels, one in five deleted.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from flood import ARG, CHANGED, FIRST, LEVELS, PATTERNS, _push

from bitget_cli.client.ws.dispatcher import Dispatcher
from bitget_cli.client.ws.order_book import OrderBook
from bitget_cli.client.ws.queue import ConflatingQueue
from bitget_cli.runtime import SystemClock
from bitget_cli.stream_events import Topic

PUSHES = 4_000
ROUNDS = 7
TOPIC = Topic(ARG["instType"], ARG["channel"], ARG["instId"])


def texts() -> list[bytes]:
    rng = random.Random(1)
    before, after = _push("snapshot", rng, count=LEVELS)
    patterns = [_push("update", rng, count=CHANGED) for _ in range(PATTERNS)]
    first = b'%b,"seq":%d,"pseq":0%b' % (before, FIRST, after)
    rest = (
        b'%b,"seq":%d,"pseq":%d%b' % (patterns[n % PATTERNS][0], FIRST + n + 1, FIRST + n, patterns[n % PATTERNS][1])
        for n in range(PUSHES)
    )
    return [first, *rest]


def only_read(raw: list[bytes]) -> None:
    for text in raw:
        json.loads(text)


def only_the_book(frames: list[dict[str, Any]]) -> None:
    book = OrderBook()
    for place, frame in enumerate(frames):
        book.apply(frame["data"][0], snapshot=place == 0)


def followed(frames: list[dict[str, Any]], *, taken_every: int) -> None:
    clock = SystemClock()
    box = ConflatingQueue(clock)
    following = Dispatcher([TOPIC], box, clock=clock)
    following.subscribed(TOPIC, False)
    for place, frame in enumerate(frames):
        following.frame(TOPIC, frame, 0)
        if place % taken_every == 0:
            box.take(0)


def best(work: Callable[[], object]) -> float:
    """The fastest of some rounds, in seconds a push."""
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()
        spent.append(time.perf_counter() - started)
    return min(spent) / PUSHES


def main() -> None:
    raw = texts()
    frames = [json.loads(text) for text in raw]
    for name, work in {
        "json.loads": lambda: only_read(raw),
        "book": lambda: only_the_book(frames),
        "followed, every top taken": lambda: followed(frames, taken_every=1),
        "followed, one top in 20 taken": lambda: followed(frames, taken_every=20),
    }.items():
        seconds = best(work)
        sys.stdout.write(f"{name:32}{seconds * 1e6:8.1f} µs{1 / seconds:10.0f}/s\n")


if __name__ == "__main__":
    main()
