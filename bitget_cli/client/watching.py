"""The assembly of a stream: connections, what follows their topics, and the hand-over to whoever shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from bitget_cli.catalogue import channels
from bitget_cli.client.backoff import Attempts
from bitget_cli.client.following import Following, ticker_of
from bitget_cli.client.login import Login
from bitget_cli.client.mailbox import Mailbox
from bitget_cli.client.stream import Stream
from bitget_cli.client.timing import Timing
from bitget_cli.errors import CredentialsError, RejectedError, UsageError
from bitget_cli.messages import Facts, Message

if TYPE_CHECKING:
    from bitget_cli.client.line import Opener
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock
    from bitget_cli.messages import Source, Topic

# Bitget allows 1000 channels a connection and recommends fewer than 50.
MOST_TOPICS = 200

_TIMING = Timing()


def watch(
    topics: Sequence[Topic],
    *,
    open_socket: Opener,
    client: Client | None,
    clock: Clock,
    login: Callable[[], str] | None,
    raw: bool = False,
    depth: int = 20,
    first_connection: float = _TIMING.first_connection,
    timing: Timing | None = None,
) -> Source:
    """Starts following `topics`; public and private ones have a connection each, one Source carries both.

    `open_socket` is the door (client/socket.py, or the paper exchange's), `login` makes a login frame and is needed for
    private topics, whose rows `client` reads where the stream does not tell them. `clock` is the machine's own. `depth`
    is how many levels a side of a kept book are told; beside each book its ticker is followed, to hold it against. The
    first connection must stand within `first_connection` seconds. Raises UsageError for more topics than one may have.
    """
    timing = timing or _TIMING._replace(first_connection=first_connection)
    sides = _sides(topics, has_key=login is not None)
    watched = _Watched(Mailbox(clock, raw=raw), client, connections=len(sides))
    attempts = Attempts(timing)
    for private, chosen in sides:
        reads = client if private else None
        beside = [] if private else _beside(chosen)
        following = Following(chosen, watched.mailbox, clock=clock, client=reads, depth=depth, raw=raw, beside=beside)
        stream = Stream(
            partial(open_socket, private),
            chosen,
            following,
            clock=clock,
            timing=timing,
            login=Login(login, client.server_time if client else None, timing) if private and login else None,
            attempts=attempts,
            raw=raw,
            name="private" if private else "public",
            ended=watched.note_end,
            beside=beside,
        )
        following.renew = stream.renew
        watched.add(stream, following)
    watched.start()
    return watched


def _sides(topics: Sequence[Topic], *, has_key: bool) -> list[tuple[bool, list[Topic]]]:
    """The public topics, then the private ones, each under whether they are; a side without any is left out."""
    if len(topics) > MOST_TOPICS:
        raise UsageError(f"{len(topics)} topics are more than the {MOST_TOPICS} one stream may follow")
    if not has_key and any(is_private(topic) for topic in topics):
        raise CredentialsError("a private stream needs an API key", hint="bitget profile add")
    sides = [(private, [topic for topic in topics if is_private(topic) is private]) for private in (False, True)]
    return [(private, chosen) for private, chosen in sides if chosen]


def _beside(topics: Sequence[Topic]) -> list[Topic]:
    """The ticker of every book: only it tells of a book that hears nothing more."""
    return [ticker_of(topic) for topic in topics if _is_book(topic) and ticker_of(topic) not in topics]


def _is_book(topic: Topic) -> bool:
    try:
        return channels.find(topic.inst_type, topic.channel).type == "depth"
    except UsageError:
        return False


def is_private(topic: Topic) -> bool:
    """Whether the topic is of the account, behind a login. A channel that is on no page counts as public."""
    try:
        return channels.find(topic.inst_type, topic.channel).private
    except UsageError:
        return False


class _Watched:
    """The Source of `watch`: one mailbox, and one or two streams that fill it."""

    def __init__(self, mailbox: Mailbox, client: Client | None, *, connections: int) -> None:
        self.mailbox = mailbox
        self._client = client
        self._running = connections
        self._refusal: Exception | None = None
        self._streams: list[Stream] = []
        self._followings: list[Following] = []
        self._lock = Lock()

    def add(self, stream: Stream, following: Following) -> None:
        self._streams.append(stream)
        self._followings.append(following)

    def start(self) -> None:
        for stream in self._streams:
            stream.start()

    def note_end(self, error: Exception | None) -> None:
        """A stream is over. One that was refused leaves the other its turn; any other failure ends both."""
        with self._lock:
            self._running -= 1
            self._refusal = self._refusal or error
            if self._running == 0 or not isinstance(error, RejectedError):
                self.mailbox.end(error if error and not isinstance(error, RejectedError) else self._refusal)

    def take(self, seconds: float) -> Sequence[Message] | None:
        return self.mailbox.take(seconds)

    def facts(self) -> Facts:
        each = [stream.facts() for stream in self._streams]
        worst = max(each, key=lambda facts: _TROUBLE.index(facts.state))
        return worst._replace(
            silent_for=min(facts.silent_for for facts in each),
            messages=sum(facts.messages for facts in each),
            reconnects=sum(facts.reconnects for facts in each),
            gaps=self.mailbox.gaps,
            open_gaps=self.mailbox.open_gaps,
            has_stood=all(facts.has_stood for facts in each),
            offset=self._client.offset.total_seconds() if self._client else 0.0,
        )

    def close(self) -> None:
        for stream in self._streams:
            stream.close()
        for following in self._followings:
            following.close()
        self.mailbox.end()


# From the best state to the one that a footer should show.
_TROUBLE = ("live", "stale", "connecting", "reconnecting")
