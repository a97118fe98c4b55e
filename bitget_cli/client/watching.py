"""The assembly of a stream: connections, what follows their topics, and the hand-over to whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bitget_cli.client.timing import Timing

if TYPE_CHECKING:
    from bitget_cli.client.line import Opener
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock
    from bitget_cli.messages import Source, Topic

DEFAULT_TIMING = Timing()


def watch(
    topics: Sequence[Topic],
    *,
    open_socket: Opener,
    client: Client | None,
    clock: Clock,
    login: Callable[[], str] | None,
    raw: bool = False,
    timing: Timing = DEFAULT_TIMING,
) -> Source:
    """Starts following `topics`; public and private ones have a connection each, one Source carries both."""
    raise NotImplementedError
