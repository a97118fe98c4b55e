"""Candles as they are told: bars by name, and the end of each said once it is known."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.channels import interval_of
from bitget_cli.client.telling import FINE, WHOLE, Moment, Outcome, Teller, milliseconds_in

if TYPE_CHECKING:
    from bitget_cli.clock import Clock

Bar = tuple[int, list[Any]]
"""A bar's start (ms) and its row."""

# A bar is called closed by the clock when its successor is late by this.
_GRACE_MS = 2_000
_UNIT_MS = {"m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}


def length_of(interval: str) -> int | None:
    """A bar's length in ms, as the command line or the wire spells it; None for a month, which varies."""
    unit = None if interval.endswith("M") else _UNIT_MS.get(interval[-1].lower())
    return int(interval[:-1]) * unit if unit else None


class Candles:
    """The bars of one market and interval.

    Nothing on the wire says that a bar is over. `closed` is true once the next one began (`closed_by` next) or, two
    seconds after its end by the exchange's clock, where that is late (clock); if it changes after all it is told again.
    A bar that was forming when something was missed is told closed only if it is heard of again: its end is not known.
    """

    def __init__(self, teller: Teller, clock: Clock) -> None:
        self._teller, self._clock = teller, clock
        self._length = length_of(interval_of(teller.topic.channel))
        self._names = [field.name for field in teller.channel.fields]
        self._lock = Lock()
        self._last: Bar | None = None
        self._is_closed = self._in_doubt = self._is_half_heard = False
        # The last bar told before something may be missing, whether it was over, and those told as closed since.
        self._whole: tuple[int, bool] | None = None
        self._since: dict[int, list[Any]] = {}
        # The exchange's time at a moment of ours, and the moment of ours at which the open bar is overdue.
        self._heard: tuple[Moment, float] = (Moment(None, 0), 0.0)
        self._due: float | None = None

    def take(self, rows: Sequence[Any], moment: Moment) -> Outcome:
        bars = sorted((bar for bar in map(_bar, rows) if bar), key=lambda bar: bar[0])
        with self._lock:
            if moment.ts is not None:
                self._heard = (moment, self._clock.monotonic())
            was_in_doubt = self._in_doubt
            outcome = self._recovery(bars, moment)
            if bars:
                self._tell(bars, moment, mends=was_in_doubt and not self._in_doubt)
                self._due = self._overdue()
            return outcome

    def doubt(self) -> None:
        with self._lock:
            if not self._in_doubt:
                self._in_doubt, self._since = True, {}
                self._whole = (self._last[0], self._is_closed) if self._last else None
            self._is_half_heard = self._last is not None and not self._is_closed

    def tick(self) -> None:
        """Closes a bar whose successor is late; for any thread, often."""
        if self._due is None or (now := self._clock.monotonic()) < self._due:
            return
        with self._lock:
            if self._due is None or self._last is None or self._in_doubt:
                return
            self._due, self._is_closed = None, True
            heard, then = self._heard
            since = int((now - then) * 1000)
            moment = Moment((heard.ts or 0) + since, heard.received + since)
            self._say(self._last, moment, closed_by="clock")

    def _recovery(self, bars: Sequence[Bar], moment: Moment) -> Outcome:
        """A snapshot makes the bars whole again, but for those between its first and the last that was told.

        The one that was forming counts among them, unless the snapshot has it.
        """
        if not (self._in_doubt and moment.snapshot) or (self._last is not None and not bars):
            return FINE
        self._in_doubt = False
        if self._whole is None or bars[0][0] <= self._whole[0]:
            return WHOLE
        last, was_closed = self._whole
        missing = (bars[0][0] - last) // self._length - 1 if self._length else None
        if missing == 0 and (was_closed or last in self._since):
            return WHOLE
        return Outcome(recovered="none", lost=missing or None)

    def _tell(self, bars: Sequence[Bar], moment: Moment, *, mends: bool) -> None:
        last, self._last = self._last, None
        start = last[0] if last else -1
        older = [bar for bar in bars if bar[0] < start]
        newer = bars[len(older) :]
        for bar in older:
            # What a snapshot repeats was told, unless it was missed; by itself an old bar is a correction.
            if not moment.snapshot or (mends and self._was_missed(bar)):
                self._say(bar, moment, closed_by="next")
        if not newer:
            self._last = last
            return
        if last and newer[0][0] > start and not self._is_closed and not self._is_half_heard:
            self._say(last, moment._replace(snapshot=False), closed_by="next")
        self._is_half_heard = False
        for bar in newer[:-1]:
            self._say(bar, moment, closed_by="next")
        self._last = newer[-1]
        self._is_closed = self._is_closed and self._last == last
        if not self._is_closed:
            self._say(self._last, moment)

    def _was_missed(self, bar: Bar) -> bool:
        """Whether a bar of a snapshot that mends was not told to its end."""
        last, was_closed = self._whole or (bar[0], False)
        return bar[0] + (not was_closed) > last and self._since.get(bar[0]) != bar[1]

    def _say(self, bar: Bar, moment: Moment, *, closed_by: str = "") -> None:
        if closed_by and self._in_doubt:
            self._since[bar[0]] = bar[1]
        told = dict(zip(self._names, bar[1], strict=False))
        told["closed"] = bool(closed_by)
        if closed_by:
            told["closed_by"] = closed_by
        self._teller.state(bar[0], told, moment)

    def _overdue(self) -> float | None:
        heard, then = self._heard
        if self._last is None or self._is_closed or heard.ts is None or self._length is None:
            return None
        return then + (self._last[0] + self._length + _GRACE_MS - heard.ts) / 1000


def _bar(row: Any) -> Bar | None:
    """A row by its start; None for one that has none."""
    start = milliseconds_in(row[0]) if isinstance(row, list) and row else None
    return None if start is None else (start, row)
