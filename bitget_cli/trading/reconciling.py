"""Finding out what became of changes in doubt: look, wait, look again; absence counts only when it is proven."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING

from bitget_cli.journal import State
from bitget_cli.trading.changes import MAKING, Kind
from bitget_cli.trading.fates import Case, Fate, fate
from bitget_cli.trading.sightings import Lookout, Sighting
from bitget_cli.trading.verdicts import FILLED, Verdict, state_of

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock

# Seconds of waiting before each look: an order that was accepted shows within a second or two.
PAUSES = (0.3, 0.7, 1.5, 3.0, 6.0, 12.0)
# Between the two looks that prove absence.
BETWEEN_PROOFS = 1.0
# And while the exchange is asked in vain once the proof could be had.
AFTER_THE_TIME = 3.0
# Enough for the proof: 30 s in which Bitget takes the request, 2 s for the engine, two looks, and slow answers.
PATIENCE = 50.0
# How long the last look may take beyond that, in seconds.
OVERRUN = 1.0
# A cancel that came too late is definite: this long to learn what the order ended as.
SHORT_PATIENCE = 5.0
# So long after a refusal the one look is taken that must find an order which was accepted all the same.
UNTIL_IT_SHOWS = 2.0


class Reconciler:
    """Asks until every case has its fate or the time is up."""

    def __init__(self, client: Client, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._seen: tuple[int, float] | None = None  # the exchange's clock (ms), and ours (monotonic) when it was told

    def settle(self, cases: Sequence[Case], *, patience: float, at_once: bool = False) -> Iterator[tuple[Case, Fate]]:
        """Each case with its fate, as it becomes certain; those still open after `patience` seconds never come.

        `at_once` looks before it waits. A case that nothing can be asked about is left out.
        """
        waiting = [case for case in cases if case.trail.can_be_looked_up]
        start = self._clock.monotonic()
        end = start + patience
        pauses = chain((0.0,) if at_once else (), PAUSES, repeat(PAUSES[-1]))
        while waiting:
            left = end - self._clock.monotonic()
            if left <= 0:
                return
            planned = next(pauses)
            self._clock.sleep(min(left, *(self._pause(planned, case, start=start) for case in waiting)))
            still: list[Case] = []
            for case in waiting:
                early = self._time_to_show(case, start=start) > 0
                found = None if early else self._look(case, until=end + OVERRUN)
                if found is None:
                    still.append(case)
                else:
                    yield case, found
            waiting = still

    def _look(self, case: Case, *, until: float) -> Fate | None:
        signed_at = case.signed_at if case.kind in MAKING else None
        lookout = Lookout(
            self._client, case.trail, signed_at, until, case.others, case.strangers, whole=case.leaves_a_state
        )
        sighting = lookout.look()
        case.why = _why(sighting, late=self._clock.monotonic() >= until)
        if sighting.asked_at is not None:
            self._seen = (sighting.asked_at, self._clock.monotonic())
        found = fate(case, sighting)
        if case.kind is not Kind.REPLACE or not (found or case.verdict is Verdict.SPENT):
            return found
        old = lookout.other()
        if old is None:
            return found
        if found:
            return Fate(found.state, {**(found.row or {}), "replaced": dict(old)}, found.reason)
        # An order that was replaced is cancelled: this one was gone before.
        filled = state_of(old) in FILLED and sighting.complete
        return Fate(State.REJECTED, {"replaced": dict(old)}, "the order was filled before") if filled else None

    def _time_to_show(self, case: Case, *, start: float) -> float:
        """Seconds until a look is worth the asking: the one that believes a refusal must not come too early."""
        if case.verdict is not Verdict.LOOK_ONCE:
            return 0.0
        return start + UNTIL_IT_SHOWS - self._clock.monotonic()

    def _pause(self, planned: float, case: Case, *, start: float) -> float:
        """The planned wait, cut short where the proof can be had earlier."""
        if (until_then := self._time_to_show(case, start=start)) > 0:
            return until_then
        if case.unseen or case.verdict is Verdict.ALREADY_FINAL:
            return min(planned, BETWEEN_PROOFS)
        if self._seen is None:
            return planned
        told, then = self._seen
        left = (case.proof_at - told) / 1000 - (self._clock.monotonic() - then)
        return min(planned, left + 0.1 if left > 0 else AFTER_THE_TIME)


def _why(sighting: Sighting, *, late: bool) -> str:
    """Why it is not known yet, for people; "" for a look that nothing was wrong with."""
    if sighting.why:
        return "looking through what was done since takes longer than there is time" if late else sighting.why
    if sighting.rows:
        return "what the exchange shows does not tell how it ended"
    return "the exchange shows nothing of it, and may still receive it"
