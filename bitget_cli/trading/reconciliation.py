"""From an answer, a look or a signal to an outcome that is written down.

What is in doubt is looked up again; absence counts only when it is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, repeat
from typing import TYPE_CHECKING

from bitget_cli.errors import BitgetError, ConfigError, RateLimitedError, StoppedError
from bitget_cli.journal.entries import Entry, EntryState, Journal
from bitget_cli.trading import outcomes
from bitget_cli.trading.model import (
    CREATES_ORDER,
    SKEW_MS,
    ChangeKind,
    ExpiredError,
    LookupKey,
    OrderStage,
    Outcome,
    OutcomeKind,
)
from bitget_cli.trading.outcomes import PendingChange, Verdict, of_error, order_id_of
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.runtime import Clock
    from bitget_cli.trading.evidence import Resolution, SearchResult

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

    def settle(
        self, cases: Sequence[PendingChange], *, patience: float, at_once: bool = False
    ) -> Iterator[tuple[PendingChange, Resolution]]:
        """Each case with its fate, as it becomes certain; those still open after `patience` seconds never come.

        `at_once` looks before it waits. A case that nothing can be asked about is left out.
        """
        waiting = [case for case in cases if case.key.can_be_looked_up]
        start = self._clock.monotonic()
        end = start + patience
        pauses = chain((0.0,) if at_once else (), PAUSES, repeat(PAUSES[-1]))
        while waiting:
            left = end - self._clock.monotonic()
            if left <= 0:
                return
            planned = next(pauses)
            self._clock.sleep(min(left, *(self._pause(planned, case, start=start) for case in waiting)))
            still: list[PendingChange] = []
            for case in waiting:
                early = self._time_to_show(case, start=start) > 0
                found = None if early else self._look(case, until=end + OVERRUN)
                if found is None:
                    still.append(case)
                else:
                    yield case, found
            waiting = still

    def _look(self, case: PendingChange, *, until: float) -> Resolution | None:
        from bitget_cli.trading.evidence import OrderSearch, Resolution, resolution

        signed_at = case.signed_at if case.kind in CREATES_ORDER else None
        search = OrderSearch(
            self._client,
            case.adapter,
            case.key,
            signed_at,
            until,
            case.others,
            case.strangers,
            whole=case.leaves_a_state,
        )
        result = search.look()
        case.why = _why(result, late=self._clock.monotonic() >= until)
        if result.asked_at is not None:
            self._seen = (result.asked_at, self._clock.monotonic())
        found = resolution(case, result)
        if case.kind is not ChangeKind.REPLACE or not (found or case.verdict is Verdict.SPENT):
            return found
        old = search.other()
        if old is None:
            return found
        if found:
            return Resolution(found.state, {**(found.row or {}), "replaced": dict(old)}, found.reason)
        # An order that was replaced is cancelled: this one was gone before.
        filled = case.adapter.trace(old).stage is OrderStage.FILLED and result.complete
        return (
            Resolution(EntryState.REJECTED, {"replaced": dict(old)}, "the order was filled before") if filled else None
        )

    def _time_to_show(self, case: PendingChange, *, start: float) -> float:
        """Seconds until a look is worth the asking: the one that believes a refusal must not come too early."""
        if case.verdict is not Verdict.LOOK_ONCE:
            return 0.0
        return start + UNTIL_IT_SHOWS - self._clock.monotonic()

    def _pause(self, planned: float, case: PendingChange, *, start: float) -> float:
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


def _why(result: SearchResult, *, late: bool) -> str:
    """Why it is not known yet, for people; "" for a look that nothing was wrong with."""
    if result.why:
        return "looking through what was done since takes longer than there is time" if late else result.why
    if result.rows:
        return "what the exchange shows does not tell how it ended"
    return "the exchange shows nothing of it, and may still receive it"


# Seconds to look for a change that was under way when a signal came.
AFTER_CTRL_C = 5.0
AFTER_SIGTERM = 2.0

# A like change that was settled so long before (ms) is among what was seen before sending.
_SEEN_MS = 1_000

_ASKING = "no clear answer; asking the exchange what became of it"
_MAKING_SURE = "refused; making sure that it was not carried out all the same"

# What an accepted change of each kind is; the others are done.
ACCEPTED = {
    ChangeKind.PLACE: EntryState.PLACED,
    ChangeKind.REPLACE: EntryState.PLACED,
    ChangeKind.CANCEL: EntryState.CANCELLED,
}


class Resolver:
    """Brings cases to their outcomes. `patience` is for how long (s) a change in doubt is looked for."""

    def __init__(
        self,
        client: Client,
        journal: Journal,
        clock: Clock,
        *,
        tell: Callable[[str], None],
        profile: str,
        patience: float = PATIENCE,
    ) -> None:
        self._client = client
        self._journal = journal
        self._tell = tell
        self._profile = profile
        self._patience = patience
        self._clock = clock
        self._reconciler = Reconciler(client, clock)

    def now(self) -> int:
        """The exchange's clock as far as it is known, in ms."""
        return milliseconds(self._client.now())

    def tell(self, line: str) -> None:
        """A line for people. With stderr gone nobody can be told, and what was begun is still brought to its end."""
        with suppress(OSError, ValueError):
            self._tell(line)

    def before_send(self, cases: Sequence[PendingChange], *, good_until: float | None = None) -> Callable[[int], None]:
        """What the client calls before each try: the journal knows first that it leaves, and signed with which time.

        From the monotonic second `good_until` on nothing leaves: ExpiredError.
        """

        def mark(signed_at: int) -> None:
            if good_until is not None and self._clock.monotonic() >= good_until:
                raise ExpiredError(f"{cases[0].entry.what}: it expired, so it was not sent", outcome="not_placed")
            self._journal.mark_sent([case.entry for case in cases], signed_at=signed_at)
            for case in cases:
                case.left_at = max(case.left_at or 0, signed_at)

        return mark

    def close(
        self,
        case: PendingChange,
        state: EntryState,
        *,
        order_id: str | None = None,
        response: object = None,
        reason: str = "",
        cause: BitgetError | None = None,
    ) -> Outcome:
        """The outcome of a case, written down; what cannot be written down is told all the same."""
        order_id = order_id or case.key.order_id
        case.ended = outcomes.outcome(
            case.entry,
            state,
            profile=self._profile,
            order_id=order_id,
            response=response,
            order_state=case.adapter.trace(response).state if isinstance(response, dict) else None,
            reason=reason,
            cause=cause,
        )
        answer = outcomes.text_of(response if cause is None else cause.record())
        try:
            self._journal.settle(case.entry, state, now=self.now(), order_id=order_id, answer=answer)
        except ConfigError as failure:
            self.tell(f"{case.entry.what}: {state.value}; {failure.message}")
        return case.ended

    def fail(self, case: PendingChange, failure: BitgetError) -> Outcome | None:
        """The outcome in what the client raised; None when the case is in doubt."""
        case.verdict = Verdict.NOTHING_LEFT if case.left_at is None else of_error(failure, case.kind)
        if case.verdict is Verdict.LOOK_ONCE and not case.key.can_be_looked_up:
            return self.close(case, EntryState.REJECTED, cause=failure)
        match case.verdict:
            case Verdict.NOTHING_LEFT:
                return self.close(case, EntryState.NOT_PLACED, cause=failure)
            case Verdict.REFUSED:
                return self.close(case, EntryState.REJECTED, cause=failure)
            case Verdict.ALREADY_SO:
                return self.close(case, EntryState.DONE)
        case.refusal = failure
        return None

    def doubt(self, cases: Sequence[PendingChange]) -> list[Outcome]:
        """Cases in doubt, looked for with our patience."""
        in_doubt = [case for case in cases if case.verdict not in (Verdict.ALREADY_FINAL, Verdict.ACCEPTED)]
        if any(case.key.can_be_looked_up for case in in_doubt):
            refused = all(case.verdict is Verdict.LOOK_ONCE for case in in_doubt)
            self.tell(_MAKING_SURE if refused else _ASKING)
        return self.find_out(cases, patience=self._patience if in_doubt else SHORT_PATIENCE)

    def find_out(
        self, cases: Sequence[PendingChange], *, patience: float | None = None, at_once: bool = False
    ) -> list[Outcome]:
        """What became of each case, in their order; looked for as long as `patience` (s) allows."""
        limit = self._patience if patience is None else patience
        for case in cases:
            told = (LookupKey.from_text(other.trail).wanted for other in self._alongside(case))
            case.others = tuple(part for wanted in told for part in wanted if part not in case.key.wanted)
        for case, fate in self._reconciler.settle(cases, patience=limit, at_once=at_once):
            if fate.row and self._is_ambiguous(case, order_id=order_id_of(case.entry.row, fate.row)):
                case.ended = self.give_up(case, reason="a like one was under way at the same time")
                continue
            cause = case.refusal if fate.state is not EntryState.PLACED else None
            if case.verdict is Verdict.LOOK_ONCE and isinstance(cause, RateLimitedError):
                cause.hint = f"it was looked for and is not there: {cause.wait}, then send it again"
            self.close(
                case,
                fate.state,
                order_id=order_id_of(case.entry.row, fate.row),
                response=fate.row,
                reason=fate.reason,
                cause=cause,
            )
        return [case.ended or self.give_up(case) for case in cases]

    def with_signal_recovery(self, cases: Sequence[PendingChange], send: Callable[[], list[Outcome]]) -> list[Outcome]:
        """Runs `send`; a signal while it is under way leads to a short look before the program ends.

        The signal is raised again once every outcome is known; otherwise UnknownError, also after a second signal.
        """
        try:
            return send()
        except (KeyboardInterrupt, StoppedError) as stop:
            patience = AFTER_CTRL_C if isinstance(stop, KeyboardInterrupt) else AFTER_SIGTERM
            try:
                outcomes = self._seen_off(cases, patience=patience)
            except (KeyboardInterrupt, StoppedError):
                outcomes = [case.ended or self.give_up(case) for case in cases]
            for outcome in outcomes:
                if outcome.outcome is OutcomeKind.UNKNOWN and outcome.error:
                    raise outcome.error from None
                self.tell(f"{outcome.what}: {outcome.outcome.value}")
            raise

    def _seen_off(self, cases: Sequence[PendingChange], *, patience: float) -> list[Outcome]:
        for case in cases:
            if case.ended is None and case.left_at is None:
                self.close(case, EntryState.NOT_PLACED, reason="nothing was sent")
        self.find_out([case for case in cases if case.ended is None], patience=patience)
        return [case.ended or self.give_up(case) for case in cases]

    def _is_ambiguous(self, case: PendingChange, *, order_id: str | None) -> bool:
        """Whether what was found may be another's: of a change without a client id, sent like it at the same time."""
        return any(
            (other.settled_at is None or other.settled_at > case.entry.prepared_at - _SEEN_MS)
            and (not (other.order_id and order_id) or other.order_id == order_id)
            and LookupKey.from_text(other.trail).wanted == case.key.wanted
            for other in self._alongside(case)
        )

    def _alongside(self, case: PendingChange) -> list[Entry]:
        """Changes of its kind about the same time that may have been carried out, where there is no client id."""
        if case.key.before is None:
            return []
        ours, since = case.entry, case.entry.prepared_at - 2 * SKEW_MS
        try:
            around = self._journal.entries(since=since, until=case.signed_at + 2 * SKEW_MS)
        except ConfigError:  # what was sent is looked for all the same
            return []
        refused = (EntryState.NOT_PLACED, EntryState.REJECTED)
        return [
            each
            for each in around
            if each.kind == ours.kind and each.number != ours.number and each.state not in refused
        ]

    def give_up(self, case: PendingChange, *, reason: str = "") -> Outcome:
        """The outcome of a case that could not be found out: unknown, unless it was refused for certain."""
        if case.verdict is Verdict.ALREADY_FINAL:  # refused for certain, whatever the order ended as
            return self.close(case, EntryState.REJECTED, cause=case.refusal)
        if case.verdict is Verdict.ACCEPTED:  # only its order id was looked for
            return self.close(case, ACCEPTED.get(case.kind, EntryState.DONE), response=case.answer)
        try:
            self._journal.mark_unknown([case.entry])
            self._journal.release(case.entry)
        except ConfigError as failure:
            self.tell(f"{case.entry.what}: unknown; {failure.message}")
        reason = reason or case.why
        return outcomes.outcome(
            case.entry, EntryState.UNKNOWN, profile=self._profile, reason=reason, cause=case.refusal
        )
