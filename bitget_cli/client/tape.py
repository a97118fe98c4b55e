"""What happened, each event once: public trades, own fills, closed positions."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Hashable, Sequence
from typing import Any

from bitget_cli.client.telling import (
    FINE,
    UNREADABLE,
    Moment,
    Outcome,
    Row,
    Teller,
    is_told_apart,
    key_of,
    latest_in,
    milliseconds_in,
    oldest_first,
)

# Ids remembered to know a repetition by, where nothing older can come again: a snapshot of trades has 50 to 500.
_MOST_IDS = 5_000
# And where REST shows old events again, as far back as the last thing heard.
_MOST_KEPT = 100_000


class Tape:
    """Events of one topic, deduplicated over connections and, where it is `seeded`, over what is read by REST.

    What a reading shows is known again by its id; of an event from before those that are remembered nobody can say
    whether it was told. A public event without an id is told apart by all it says.
    """

    # What REST shows later contradicts no event.
    version = 0

    def __init__(self, teller: Teller, *, seeded: bool = False) -> None:
        self._teller, self._seeded = teller, seeded
        self._newest_first = teller.channel.name == "trade"
        # When each event known happened (ms of the exchange's clock; 0 where it does not matter).
        self._seen: dict[Hashable, int] = {}
        # The event told last, and the one told last before something may be missing.
        self._last: Hashable = None
        self._last_whole: Hashable = None
        self._dropped: deque[Row] = deque()
        # Up to when events are no longer known again.
        self._forgotten = -1
        self._in_doubt = False

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        events = list(reversed(rows)) if self._newest_first else rows
        named = self._named(events)
        outcome = self._recovery([name for name, _ in named], moment)
        # Private events come as snapshots too; and after an outage a snapshot has what was missed.
        past = moment.snapshot and not self._teller.channel.private and not self._seen
        said = moment._replace(snapshot=past)
        self._note_dropped()
        repeated = False
        for name, row in named:
            if self._is_new(name, row):
                self._teller.event(row, said)
            else:
                repeated = repeated or not isinstance(name, tuple)
        self._forget_oldest()
        if repeated and outcome is FINE and not moment.snapshot:
            # Two events that say the same, or one of them twice: nobody can know.
            return Outcome(fault=UNREADABLE)
        return outcome

    def doubt(self) -> None:
        if not self._in_doubt:
            self._in_doubt, self._last_whole = True, self._last

    def untold(self, row: Row) -> None:
        """Nobody took this event, so that it is told again when REST shows it. For any thread."""
        self._dropped.append(row)

    def found(self, rows: Sequence[Row], moment: Moment, *, version: int) -> list[Row]:
        """Nothing stands: events are past."""
        del rows, moment, version
        return []

    def happened(self, rows: Sequence[Row], moment: Moment, *, began: int) -> bool:
        self._note_dropped()
        whole = True
        for row in oldest_first(rows, lambda row: milliseconds_in(row.get("cTime"))):
            when = latest_in(row)
            name = key_of(row, self._teller.channel.ids)
            if when is not None and when <= self._forgotten and name not in self._seen:
                whole = False
            elif self._is_new(name, row) and (when or 0) >= began:
                self._teller.event(row, moment._replace(ts=milliseconds_in(row.get("cTime"))))
        self._forget_oldest()
        return whole

    def _named(self, events: Sequence[Row]) -> list[tuple[Hashable, Row]]:
        """Each event by its ids; one without them by all that it says and how often that was said in this push."""
        ids = self._teller.channel.ids
        named: list[tuple[Hashable, Row]] = []
        said: Counter[str] = Counter()
        for row in events:
            if is_told_apart(row, ids):
                named.append((key_of(row, ids), row))
                continue
            text = repr(sorted(row.items()))
            said[text] += 1
            named.append((f"{said[text]} {text}", row))
        return named

    def _is_new(self, name: Hashable, row: Row) -> bool:
        """Whether the event was not seen before; from now on it was."""
        if name in self._seen:
            return False
        self._seen[name] = (latest_in(row) or 0) if self._seeded else 0
        self._last = name
        return True

    def _note_dropped(self) -> None:
        while self._dropped:
            self._seen.pop(key_of(self._dropped.popleft(), self._teller.channel.ids), None)

    def _forget_oldest(self) -> None:
        most = _MOST_KEPT if self._seeded else _MOST_IDS
        while len(self._seen) > most:
            self._forgotten = max(self._forgotten, self._seen.pop(next(iter(self._seen))))

    def _recovery(self, names: Sequence[Hashable], moment: Moment) -> Outcome:
        """A snapshot of trades after an outage: nothing was lost if the last one told before it is among them."""
        if not (self._in_doubt and self._newest_first and moment.snapshot):
            return FINE
        self._in_doubt = False
        overlaps = self._last_whole in names or (self._last_whole is None and not names)
        return Outcome(recovered="overlap", lost=0) if overlaps else Outcome(recovered="none")
