"""Opens a stream of the exchange the profile names: Bitget's, or the one on this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bitget_cli.client.line import Opener
    from bitget_cli.client.rest import Client
    from bitget_cli.messages import Source, Topic
    from bitget_cli.session import Session


def follow(session: Session, topics: Sequence[Topic], *, raw: bool, depth: int) -> Source:
    """Starts following the topics; only private ones need a key and ask the exchange by REST.

    `depth` is how many levels a side of an order book are told. Raises CredentialsError without a key, and UsageError
    for more topics than one stream may follow.
    """
    from bitget_cli.client import watching

    client: Client | None = None
    login: Callable[[], str] | None = None
    if any(watching.is_private(topic) for topic in topics):
        from bitget_cli.client.login import login_with

        client = session.client
        login = login_with(session.key, client)
    return watching.watch(
        topics, open_socket=_opener(session), client=client, clock=session.clock, login=login, raw=raw, depth=depth
    )


def _opener(session: Session) -> Opener:
    if session.env == "paper":
        from bitget_cli.paper.socket import PaperSocket

        exchange = session.paper
        return lambda _private: PaperSocket(exchange)
    from bitget_cli.client.socket import ADDRESSES, opener
    from bitget_cli.hosts import stream_address

    environ = session.doors.environ
    return opener(stream_address(environ) or ADDRESSES[session.env], environ=environ)
