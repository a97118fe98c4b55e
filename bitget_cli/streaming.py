"""Opens a stream of the exchange the profile names: Bitget's, or the one on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitget_cli.client.line import Opener
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock
    from bitget_cli.keys import Key
    from bitget_cli.messages import Source, Topic
    from bitget_cli.paper.exchange import Exchange

# Seconds; half of the time between two frames of a live table.
_GATHER = 0.1


def follow(
    topics: Sequence[Topic],
    open_socket: Opener,
    *,
    account: Callable[[], tuple[Key, Client]],
    clock: Clock,
    raw: bool,
    depth: int,
    first_connection: float,
) -> Source:
    """Starts following the topics; only private ones need a key and ask the exchange by REST, so only they open it.

    `depth` is how many levels a side of an order book are told, `first_connection` the seconds within which one must
    stand. Raises CredentialsError without a key, and UsageError
    for more topics than one stream may follow.
    """
    from bitget_cli.client import watching

    client: Client | None = None
    login: Callable[[], str] | None = None
    if any(watching.is_private(topic) for topic in topics):
        from bitget_cli.client.login import login_with

        key, client = account()
        login = login_with(key, client)
    return watching.watch(
        topics,
        open_socket=open_socket,
        client=client,
        clock=clock,
        login=login,
        raw=raw,
        depth=depth,
        first_connection=first_connection,
    )


def on_paper(exchange: Exchange) -> Opener:
    """Every connection to the exchange on this machine serves public and private channels alike."""
    from bitget_cli.paper.socket import PaperSocket

    return lambda _private, _seconds: PaperSocket(exchange)


def at_bitget(env: str, environ: Mapping[str, str], *, is_drawn: bool) -> Opener:
    """To Bitget's host for `live` or `demo`, or the one BITGET_WS_BASE_URL names. Raises ConfigError for a bad one.

    What is drawn five times a second need not be read at once.
    """
    from bitget_cli.client.socket import ADDRESSES, opener
    from bitget_cli.hosts import stream_address

    return opener(stream_address(environ) or ADDRESSES[env], environ=environ, gather=_GATHER if is_drawn else 0.0)
