"""From an answer, a look or a signal to an outcome that is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from bitget_cli.errors import BitgetError, ConfigError, RateLimitedError, StoppedError
from bitget_cli.journal import Entry, Journal, State
from bitget_cli.trading import endings
from bitget_cli.trading.changes import Ended, ExpiredError, Kind, Outcome
from bitget_cli.trading.fates import Case
from bitget_cli.trading.reconciling import PATIENCE, SHORT_PATIENCE, Reconciler
from bitget_cli.trading.sightings import SKEW_MS
from bitget_cli.trading.trails import Trail
from bitget_cli.trading.verdicts import Verdict, of_error, state_of
from bitget_cli.values import milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest import Client
    from bitget_cli.clock import Clock

# Seconds to look for a change that was under way when a signal came.
AFTER_CTRL_C = 5.0
AFTER_SIGTERM = 2.0

# A like change that was settled so long before (ms) is among what was seen before sending.
_SEEN_MS = 1_000

_ASKING = "no clear answer; asking the exchange what became of it"
_MAKING_SURE = "refused; making sure that it was not carried out all the same"

# What an accepted change of each kind is; the others are done.
ACCEPTED = {Kind.PLACE: State.PLACED, Kind.REPLACE: State.PLACED, Kind.CANCEL: State.CANCELLED}


class Settling:
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

    def leaving(self, cases: Sequence[Case], *, good_until: float | None = None) -> Callable[[int], None]:
        """What the client calls before each try: the journal knows first that it leaves, and signed with which time.

        From the monotonic second `good_until` on nothing leaves: ExpiredError.
        """

        def mark(signed_at: int) -> None:
            if good_until is not None and self._clock.monotonic() >= good_until:
                raise ExpiredError(f"{cases[0].entry.what}: it expired, so it was not sent", outcome="not_placed")
            self._journal.leave([case.entry for case in cases], signed_at=signed_at)
            for case in cases:
                case.left_at = max(case.left_at or 0, signed_at)

        return mark

    def close(
        self,
        case: Case,
        state: State,
        *,
        order_id: str | None = None,
        response: object = None,
        reason: str = "",
        cause: BitgetError | None = None,
    ) -> Outcome:
        """The outcome of a case, written down; what cannot be written down is told all the same."""
        order_id = order_id or case.trail.order_id
        case.ended = endings.outcome(
            case.entry,
            state,
            profile=self._profile,
            order_id=order_id,
            response=response,
            order_state=state_of(response) if isinstance(response, dict) else None,
            reason=reason,
            cause=cause,
        )
        answer = endings.text_of(response if cause is None else cause.record())
        try:
            self._journal.settle(case.entry, state, now=self.now(), order_id=order_id, answer=answer)
        except ConfigError as failure:
            self.tell(f"{case.entry.what}: {state.value}; {failure.message}")
        return case.ended

    def fail(self, case: Case, failure: BitgetError) -> Outcome | None:
        """The outcome in what the client raised; None when the case is in doubt."""
        case.verdict = Verdict.NOTHING_LEFT if case.left_at is None else of_error(failure, case.kind)
        if case.verdict is Verdict.LOOK_ONCE and not case.trail.can_be_looked_up:
            return self.close(case, State.REJECTED, cause=failure)
        match case.verdict:
            case Verdict.NOTHING_LEFT:
                return self.close(case, State.NOT_PLACED, cause=failure)
            case Verdict.REFUSED:
                return self.close(case, State.REJECTED, cause=failure)
            case Verdict.ALREADY_SO:
                return self.close(case, State.DONE)
        case.refusal = failure
        return None

    def doubt(self, cases: Sequence[Case]) -> list[Outcome]:
        """Cases in doubt, looked for with our patience."""
        in_doubt = [case for case in cases if case.verdict not in (Verdict.ALREADY_FINAL, Verdict.ACCEPTED)]
        if any(case.trail.can_be_looked_up for case in in_doubt):
            refused = all(case.verdict is Verdict.LOOK_ONCE for case in in_doubt)
            self.tell(_MAKING_SURE if refused else _ASKING)
        return self.find_out(cases, patience=self._patience if in_doubt else SHORT_PATIENCE)

    def find_out(self, cases: Sequence[Case], *, patience: float | None = None, at_once: bool = False) -> list[Outcome]:
        """What became of each case, in their order; looked for as long as `patience` (s) allows."""
        limit = self._patience if patience is None else patience
        for case in cases:
            told = (Trail.from_text(other.trail).wanted for other in self._alongside(case))
            case.others = tuple(part for wanted in told for part in wanted if part not in case.trail.wanted)
        for case, fate in self._reconciler.settle(cases, patience=limit, at_once=at_once):
            if fate.row and self._had_a_twin(case, order_id=fate.order_id):
                case.ended = self.give_up(case, reason="a like one was under way at the same time")
                continue
            cause = case.refusal if fate.state is not State.PLACED else None
            if case.verdict is Verdict.LOOK_ONCE and isinstance(cause, RateLimitedError):
                cause.hint = f"it was looked for and is not there: {cause.wait}, then send it again"
            self.close(case, fate.state, order_id=fate.order_id, response=fate.row, reason=fate.reason, cause=cause)
        return [case.ended or self.give_up(case) for case in cases]

    def guarded(self, cases: Sequence[Case], send: Callable[[], list[Outcome]]) -> list[Outcome]:
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
                if outcome.outcome is Ended.UNKNOWN and outcome.error:
                    raise outcome.error from None
                self.tell(f"{outcome.what}: {outcome.outcome.value}")
            raise

    def _seen_off(self, cases: Sequence[Case], *, patience: float) -> list[Outcome]:
        for case in cases:
            if case.ended is None and case.left_at is None:
                self.close(case, State.NOT_PLACED, reason="nothing was sent")
        self.find_out([case for case in cases if case.ended is None], patience=patience)
        return [case.ended or self.give_up(case) for case in cases]

    def _had_a_twin(self, case: Case, *, order_id: str | None) -> bool:
        """Whether what was found may be another's: of a change without a client id, sent like it at the same time."""
        return any(
            (other.settled_at is None or other.settled_at > case.entry.prepared_at - _SEEN_MS)
            and (not (other.order_id and order_id) or other.order_id == order_id)
            and Trail.from_text(other.trail).wanted == case.trail.wanted
            for other in self._alongside(case)
        )

    def _alongside(self, case: Case) -> list[Entry]:
        """Changes of its kind about the same time that may have been carried out, where there is no client id."""
        if case.trail.before is None:
            return []
        ours, since = case.entry, case.entry.prepared_at - 2 * SKEW_MS
        try:
            around = self._journal.entries(since=since, until=case.signed_at + 2 * SKEW_MS)
        except ConfigError:  # what was sent is looked for all the same
            return []
        refused = (State.NOT_PLACED, State.REJECTED)
        return [
            each
            for each in around
            if each.kind == ours.kind and each.number != ours.number and each.state not in refused
        ]

    def give_up(self, case: Case, *, reason: str = "") -> Outcome:
        """The outcome of a case that could not be found out: unknown, unless it was refused for certain."""
        if case.verdict is Verdict.ALREADY_FINAL:  # refused for certain, whatever the order ended as
            return self.close(case, State.REJECTED, cause=case.refusal)
        if case.verdict is Verdict.ACCEPTED:  # only its order id was looked for
            return self.close(case, ACCEPTED.get(case.kind, State.DONE), response=case.answer)
        try:
            self._journal.doubt([case.entry])
            self._journal.release(case.entry)
        except ConfigError as failure:
            self.tell(f"{case.entry.what}: unknown; {failure.message}")
        reason = reason or case.why
        return endings.outcome(case.entry, State.UNKNOWN, profile=self._profile, reason=reason, cause=case.refusal)
