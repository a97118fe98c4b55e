"""A stream that runs in a test, with a hundredth of the real waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from stream_listener import BTC, Recording

from bitget_cli.client.ws.connection import opener
from bitget_cli.client.ws.feed import Stream
from bitget_cli.client.ws.interfaces import Timing
from bitget_cli.client.ws.protocol import Login
from bitget_cli.runtime import SystemClock
from bitget_cli.stream_events import Topic

# A hundredth of the real waits, and more where a busy machine needs it.
QUICK = Timing(
    tick=0.01,
    ping=0.2,
    ping_spread=0.02,
    pong=2.0,
    silence=5.0,
    login=0.15,
    login_again=0.02,
    ack=0.3,
    unsubscribe_ack=0.1,
    settle=0.05,
    first_data=0.4,
    ticker_stale=30.0,
    book_stale=30.0,
    frames_per_second=50.0,
    too_many_pause=0.3,
    first_connection=0.7,
    backoff_first=0.02,
    backoff_most=0.1,
    backoff_least=0.01,
    backoff_soon=0.04,
    attempts=100_000,
    stable=0.6,
    refused_pause=0.1,
)


@contextmanager
def streaming(
    address: str,
    *topics: Topic,
    timing: Timing = QUICK,
    login: Callable[[], str] | None = None,
    learn_time: Callable[[], object] | None = None,
    raw: bool = False,
    listener: Recording | None = None,
) -> Iterator[tuple[Stream, Recording]]:
    """A stream that runs while the block does."""
    listener = listener or Recording()
    connect = opener(address, environ={})
    stream = Stream(
        lambda seconds: connect(login is not None, min(0.5, seconds)),
        topics or (BTC,),
        listener,
        clock=SystemClock(),
        timing=timing,
        login=Login(login, learn_time, timing) if login else None,
        raw=raw,
    )
    stream.start()
    try:
        yield stream, listener
    finally:
        stream.close()
        listener.wait_for(lambda: listener.endings)
