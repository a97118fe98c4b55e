"""What happened, each event once: public trades, own fills, closed positions."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any

from bitget_cli.client.telling import FINE, Moment, Outcome, Row, Teller, key_of, milliseconds_in

# Ids remembered to know a repetition by; a snapshot of trades has 50 to 500.
_MOST_IDS = 5_000


class Tape:
    """Events of one topic, deduplicated over connections and, for own fills, over what is read by REST."""

    # What REST shows later contradicts no event.
    version = 0

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self._newest_first = teller.channel.name == "trade"
        self._seen: dict[tuple[str, ...], None] = {}
        self._dropped: deque[Row] = deque()
        self._in_doubt = False

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        events = [row for row in rows if isinstance(row, dict)]
        if self._newest_first:
            events.reverse()
        outcome = self._recovery(events)
        # Private events come as snapshots too; and after an outage a snapshot has what was missed.
        past = moment.snapshot and not self._teller.channel.private and not self._seen
        for row in self.fresh(events):
            self._teller.event(row, moment._replace(snapshot=past))
        return outcome

    def doubt(self) -> None:
        self._in_doubt = True

    def untold(self, row: Row) -> None:
        """Nobody took this event, so that it is told again when REST shows it. For any thread."""
        self._dropped.append(row)

    def fresh(self, events: Sequence[Row]) -> list[Row]:
        """The events not seen before, which from now on they are."""
        while self._dropped:
            self._seen.pop(key_of(self._dropped.popleft(), self._teller.channel.ids), None)
        unseen = []
        for row in events:
            identity = key_of(row, self._teller.channel.ids)
            if identity not in self._seen:
                self._seen[identity] = None
                unseen.append(row)
        while len(self._seen) > _MOST_IDS:
            del self._seen[next(iter(self._seen))]
        return unseen

    def found(self, rows: Sequence[Row], moment: Moment, *, version: int, since: int) -> list[Row]:
        """Tells the events read by REST that nobody told, oldest first; one from before `since` (ms) is only noted."""
        del version
        for when, row in sorted(
            ((milliseconds_in(row.get("cTime")) or 0, row) for row in rows), key=lambda pair: pair[0]
        ):
            if self.fresh([row]) and when >= since:
                self._teller.event(row, moment._replace(ts=when or None))
        return []

    def _recovery(self, events: Sequence[Row]) -> Outcome:
        """Trades after an outage: nothing was lost if the last one told is among the first that come."""
        if not (self._in_doubt and self._newest_first):
            return FINE
        self._in_doubt = False
        ids = self._teller.channel.ids
        last = next(reversed(self._seen), None)
        overlaps = any(key_of(row, ids) == last for row in events) or (last is None and not events)
        return Outcome(recovered="overlap", lost=0) if overlaps else Outcome(recovered="none")
