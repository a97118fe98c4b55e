"""How a topic's rows become pushes, and what a topic says of itself after each of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from bitget_cli.catalogue.channels import EVERY, Channel
from bitget_cli.messages import Push, Topic

if TYPE_CHECKING:
    from bitget_cli.client.mailbox import Mailbox

Row = Mapping[str, Any]
# A time in ms has 13 digits for centuries to come; 18 are none, and a thousand would not fit what is reckoned with it.
_LATEST = 10**17


class Outcome(NamedTuple):
    """What a frame did to its topic.

    `fault` is why it cannot be believed any longer (seq, checksum, crossed, unreadable). `recovered` says by what a
    topic in doubt is whole again; `lost` counts what is missing all the same, where that is known. `is_dropped`:
    nothing in the frame was of any use, so that it is no sign of life.
    """

    fault: str = ""
    recovered: str = ""
    lost: int | None = None
    is_dropped: bool = False


FINE = Outcome()
DROPPED = Outcome(is_dropped=True)
WHOLE = Outcome(recovered="snapshot")
# Said of the rows that could not be read, or that nobody can tell from others.
UNREADABLE = "unreadable"


class Moment(NamedTuple):
    """When a row was said: the exchange's time of the push (ms, None where it gave none) and when it came to us."""

    ts: int | None
    received: int
    snapshot: bool = False


class Picture(Protocol):
    """What is known of one topic, fed by its frames."""

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        """The rows of a frame that can be read, in the exchange's order; tells what is new."""

    def doubt(self) -> None:
        """Something may be missing from here on: the connection was lost, or the topic is subscribed to afresh."""


class Seeded(Picture, Protocol):
    """A picture of a private topic, which REST knows too. `version` grows with every push that it could contradict."""

    version: int

    def found(self, rows: Sequence[Row], moment: Moment, *, version: int) -> list[Row]:
        """Tells what stands by REST and nobody told; returns the orders held to be open that it does not show.

        `version` is that of the moment before REST was asked.
        """

    def happened(self, rows: Sequence[Row], moment: Moment, *, began: int) -> bool:
        """Tells the events that REST lists and nobody told, oldest first; not those of before `began` (ms).

        False where it can no longer be said which of them were told, so that some may be missing for good.
        """


class Teller:
    """Says the rows of one topic."""

    def __init__(self, topic: Topic, channel: Channel, mailbox: Mailbox) -> None:
        self.topic, self.channel, self.mailbox = topic, channel, mailbox
        self.market = topic.inst_type.lower()
        self._type = channel.type
        named = topic.name != EVERY and channel.selector == "instId"
        self._symbol = topic.name if named else ""

    def push(self, row: Mapping[str, Any], moment: Moment) -> Push:
        """The row as a message; its own time goes before that of the frame."""
        ts = milliseconds_in(row.get("ts"))
        own = row.get(self.channel.symbol)
        symbol = own if isinstance(own, str) else self._symbol
        said = moment.ts if ts is None else ts
        return Push(self._type, self.market, symbol, said, moment.received, moment.snapshot, row)

    def state(self, key: Hashable, row: Mapping[str, Any], moment: Moment) -> None:
        """The row as the latest of its key."""
        self.mailbox.state(self.topic, key, self.push(row, moment))

    def event(self, row: Mapping[str, Any], moment: Moment) -> None:
        """The row as something that happened."""
        self.mailbox.event(self.topic, self.push(row, moment))


class Latest:
    """Channels whose every push is all there is to know: tickers, auctions, index prices, equity."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        whole = moment._replace(snapshot=True)
        for row in rows:
            self._teller.state(key_of(row, self._teller.channel.key), row, whole)
        # An empty push says nothing, so that it mends nothing.
        return WHOLE if rows else DROPPED

    def doubt(self) -> None:
        """Nothing to forget: the next push says everything."""


class Unsaid:
    """A topic that is listened to for the sake of another, and not told."""

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:  # noqa: ARG002  # told to nobody
        return FINE if any(isinstance(row, dict) for row in rows) else DROPPED

    def doubt(self) -> None:
        """Nothing was told."""


def is_told_apart(row: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Whether the row has each of these, as text or as a number: without them it could be any."""
    for name in names:
        value = row.get(name)
        if not (isinstance(value, str) and value) and type(value) is not int:
            return False
    return True


def latest_in(row: Mapping[str, Any]) -> int | None:
    """When the row last changed, or came to be (ms)."""
    changed, made = milliseconds_in(row.get("uTime")), milliseconds_in(row.get("cTime"))
    return made if changed is None else changed if made is None else max(changed, made)


def oldest_first(rows: Sequence[Row], when: Callable[[Row], int | None]) -> list[Row]:
    """The rows of a list, which has the newest first, in the order they happened; also those of one millisecond."""
    ordered = list(reversed(rows))
    ordered.sort(key=lambda row: when(row) or 0)
    return ordered


def key_of(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """What tells this row from others, as text; an absent key counts as one of its own."""
    return tuple([str(row.get(name)) for name in names])


def milliseconds_in(value: Any) -> int | None:
    """A time of the exchange's, which it writes as text or as a number; None for anything else."""
    if type(value) is int:
        return value if 0 <= value < _LATEST else None
    if isinstance(value, str) and len(value) < 18 and value.isascii() and value.isdigit():
        return int(value)
    return None
