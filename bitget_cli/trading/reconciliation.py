"""From an answer, a look or a signal to an outcome that is written down.

What is in doubt is looked up again; absence counts only when it is proven.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue import find
from bitget_cli.catalogue.envelope import Meaning, code
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import (
    BitgetError,
    ConfigError,
    CredentialsError,
    RateLimitedError,
    StoppedError,
    UnavailableError,
)
from bitget_cli.journal import Entry, EntryState, Journal
from bitget_cli.trading import outcomes
from bitget_cli.trading.change import (
    CREATES_ORDER,
    SKEW_MS,
    ChangeKind,
    ExpiredError,
    ListRole,
    Lookup,
    LookupKey,
    Outcome,
    OutcomeKind,
    Question,
)
from bitget_cli.trading.model import OrderState
from bitget_cli.trading.outcomes import PendingChange, Verdict, of_error
from bitget_cli.values import milliseconds, whole_milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.runtime import Clock
    from bitget_cli.trading.adapters.protocol import ChangeAdapter


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


# Whether a row is one that the account answers, in the light of a refusal that may say that it was moved.
Speaks = Callable[[Endpoint, UnavailableError | None], bool]


def speaks_all(_row: Endpoint, _refusal: UnavailableError | None = None) -> bool:
    """For an account that stays of the kind it is."""
    return True


class Reconciler:
    """Asks until every case has its fate or the time is up."""

    def __init__(self, client: Client, clock: Clock, *, speaks: Speaks = speaks_all) -> None:
        self._client = client
        self._clock = clock
        self._speaks = speaks
        self._seen: tuple[int, float] | None = None  # the exchange's clock (ms), and ours (monotonic) when it was told

    def settle(
        self, cases: Sequence[PendingChange], *, patience: float, at_once: bool = False
    ) -> Iterator[tuple[PendingChange, Resolution]]:
        """Each case with its fate, as it becomes certain; those still open after `patience` seconds never come.

        `at_once` looks before it waits. A case that nothing can be asked about is left out.
        """
        waiting = [case for case in cases if case.key.can_be_looked_up and not case.ended]
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
                if found is not None:
                    yield case, found
                elif case.key.can_be_looked_up:
                    still.append(case)
            waiting = still

    def _look(self, case: PendingChange, *, until: float) -> Resolution | None:
        search, result = self._searched(case, until=until)
        if case.moved:
            if case.never_left:
                return Resolution(EntryState.NOT_PLACED, None, "it never left")
            result = _after_the_move(case, result)
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
        filled = case.adapter.trace(old).state is OrderState.FILLED and result.complete
        return (
            Resolution(EntryState.REJECTED, {"replaced": dict(old)}, "the order was filled before") if filled else None
        )

    def _searched(self, case: PendingChange, *, until: float, left: int = 2) -> tuple[OrderSearch, SearchResult]:
        """One look, in the words of the kind that the account is of. What is kept of the kind may be wrong, which the
        next refusal tells: so it is begun anew twice at most."""
        signed_at = case.signed_at if case.kind in CREATES_ORDER else None
        state = case.leaves_a_state
        search = OrderSearch(
            self._client, case.adapter, case.key, signed_at, until, case.others, case.strangers, whole=state
        )
        result = search.look()
        if not result.refusal or not left or self._is_moved(case, result.refusal) is case.moved:
            return search, result
        if case.moved:
            case.look_back()
        elif not case.look_over_there():
            case.key = case.key._replace(lookup=Lookup())
            return search, result._replace(why=_NOT_TOLD)
        return self._searched(case, until=until, left=left - 1)

    def _is_moved(self, case: PendingChange, refusal: UnavailableError) -> bool:
        try:
            return not self._speaks(find(case.entry.row), refusal)
        except BitgetError:
            return case.moved

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


_MOVED = "Bitget has moved the account since it was sent"
_NOT_TOLD = f"{_MOVED}, and what it was is not told any more"
_NOT_FOUND = f"{_MOVED}, and does not show it, which does not prove that it was not carried out"


def _after_the_move(case: PendingChange, result: SearchResult) -> SearchResult:
    """What a look proves: nobody knows whether an account tells all that was done while it was of the other kind."""
    if not result.rows and result.shows_nothing_since(case.proof_at):
        case.key = case.key._replace(lookup=Lookup())  # nothing more is to be learnt of it
    return result._replace(complete=False, why=result.why or _NOT_FOUND)


def _why(result: SearchResult, *, late: bool) -> str:
    """Why it is not known yet, for people; "" for a look that nothing was wrong with."""
    if result.rows and result.why == _NOT_FOUND:
        return "what the exchange shows does not tell how it ended"
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
        speaks: Speaks = speaks_all,
    ) -> None:
        self._client = client
        self._journal = journal
        self._tell = tell
        self._profile = profile
        self._patience = patience
        self._clock = clock
        self._reconciler = Reconciler(client, clock, speaks=speaks)

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
            order_state=case.adapter.trace(response).state_word if isinstance(response, dict) else None,
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

    def hold(self, cases: Sequence[PendingChange], refusal: BitgetError) -> None:
        """Write down what was refused for certain and may be sent again in other words; its entries stay open."""
        for case in cases:
            case.refusal = refusal
        try:
            self._journal.note_refusal([case.entry for case in cases], outcomes.text_of(refusal.record()) or "")
        except ConfigError as failure:
            self.tell(f"{cases[0].entry.what}: {failure.message}")

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
            order_id = case.adapter.trace(fate.row).id if fate.row else None
            if fate.row and self._is_ambiguous(case, order_id=order_id):
                case.ended = self.give_up(case, reason="a like one was under way at the same time")
                continue
            cause = case.refusal if fate.state is not EntryState.PLACED else None
            if case.verdict is Verdict.LOOK_ONCE and isinstance(cause, RateLimitedError):
                cause.hint = f"it was looked for and is not there: {cause.wait}, then send it again"
            self.close(
                case,
                fate.state,
                order_id=order_id,
                response=fate.row if case.answer is None or case.kind is ChangeKind.REPLACE else case.answer,
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
        except KeyboardInterrupt as stop:
            patience = AFTER_SIGTERM if isinstance(stop, StoppedError) else AFTER_CTRL_C
            try:
                outcomes = self._seen_off(cases, patience=patience)
            except KeyboardInterrupt:
                outcomes = [case.ended or self.give_up(case) for case in cases]
            unknown: BitgetError | None = None
            for outcome in outcomes:
                if outcome.outcome is OutcomeKind.UNKNOWN and not unknown:
                    unknown = outcome.error
                else:
                    self.tell(f"{outcome.what}: {outcome.outcome.value}")
            if unknown:
                raise unknown from None
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
        if case.verdict is Verdict.ACCEPTED and case.kind is not ChangeKind.AMEND:  # only its order id was looked for
            return self.close(case, ACCEPTED.get(case.kind, EntryState.DONE), response=case.answer)
        try:
            self._journal.mark_unknown([case.entry])
            self._journal.release(case.entry)
        except ConfigError as failure:
            self.tell(f"{case.entry.what}: unknown; {failure.message}")
        reason = reason or case.why
        left = outcomes.outcome(
            case.entry, EntryState.UNKNOWN, profile=self._profile, reason=reason, cause=case.refusal
        )
        if case.moved and left.error:
            left.error.hint = f"{left.error.hint}; or settle it by your word, having looked: --by-hand"
        return left


Row = Mapping[str, Any]

# Orders behind trades that are asked for one by one; of more, the list of past orders tells a hundred at a time.
_ONE_BY_ONE = 5


class _UnansweredError(Exception):
    """A question got no whole answer; `silent` when the exchange could not be reached at all."""

    def __init__(
        self,
        why: str = "the exchange did not answer all it was asked",
        *,
        silent: bool = False,
        refusal: UnavailableError | None = None,
    ) -> None:
        super().__init__()
        self.why = why
        self.silent = silent
        self.refusal = refusal


class SearchResult(NamedTuple):
    """What one look showed: our rows, whether every question was answered in full, and the exchange's clock (ms)
    at the first of the answers. `why` is what a look that is not complete was stopped by, `refusal` that the account
    is of the other kind than the questions."""

    rows: tuple[Row, ...]
    complete: bool
    asked_at: int | None
    why: str = ""
    refusal: UnavailableError | None = None

    def shows_nothing_since(self, moment: int) -> bool:
        """A whole look, all of it after `moment` (ms by the exchange's clock), without a trace."""
        return self.complete and self.asked_at is not None and self.asked_at >= moment


@dataclass
class OrderSearch:
    """Asks the exchange about one change."""

    client: Client
    adapter: ChangeAdapter
    key: LookupKey
    signed_at: int | None  # ms; None looks at any time
    until: float | None = None  # monotonic second at which a question that is not answered yet is given up
    others: tuple[Mapping[str, str], ...] = ()  # what like changes of ours were to make
    strangers: set[str] = field(default_factory=set)  # order ids that were found to be somebody else's
    whole: bool = False  # every row counts: the change is known by what it leaves
    times: list[int | None] = field(default_factory=list)

    def look(self) -> SearchResult:
        """One full sweep; it ends early once the change is found."""
        why, seen = "", list[Row]()
        for question in self._questions():
            try:
                found = list(self._answers(question)) if self.whole else self._ours(question)
            except _UnansweredError as unanswered:
                why = why or unanswered.why
                if unanswered.refusal:
                    return SearchResult(tuple(seen), complete=False, asked_at=None, why=why, refusal=unanswered.refusal)
                if unanswered.silent:
                    break
                continue
            seen += found
            if found and not self._has_more(seen):
                return SearchResult(tuple(seen), complete=True, asked_at=self._earliest())
        return SearchResult(tuple(seen), complete=not why, asked_at=self._earliest(), why=why)

    def _has_more(self, seen: Sequence[Row]) -> bool:
        """Whether the other lists have to be asked too: one call for two exits may have left one in each."""
        ids = set(self.key.ids)
        return self.whole or (len(ids) > 1 and bool(ids - {self.adapter.trace(row).client_oid for row in seen}))

    def other(self) -> Row | None:
        """The order that was to be replaced, as it stands; None when it is not told."""
        question = self.key.lookup.other
        try:
            return next(self._answers(question), None) if question else None
        except _UnansweredError:
            return None

    def _questions(self) -> Iterator[Question]:
        if self.key.lookup.detail:
            yield self.key.lookup.detail
        for row, given in self.key.lookup.lists:
            if self.signed_at is not None and self.key.order_id is None:
                given = {**self.adapter.time_window(row, self.signed_at), **given}
            yield row, given

    def _ours(self, question: Question) -> list[Row]:
        role = self.adapter.role_of(question[0])
        if role is ListRole.FILLS:
            return self._behind_fills(question)
        if self.key.before is not None:
            return self._new(question)
        found = []
        for row in self._answers(question):
            if self._is_ours(row):
                found.append(row)
            elif role is ListRole.DETAIL:
                raise _UnansweredError("the exchange answered about another order")
            else:
                self._note_stranger(row)
        return found

    def _is_ours(self, row: Row) -> bool:
        told = self.adapter.trace(row)
        if self.key.order_id is None:
            return told.client_oid in self.key.ids
        # An amended order may have got another order id, and is known by a client id then.
        return told.order_id == self.key.order_id or told.client_oid in (*self.key.ids, *self.key.old)

    def _note_stranger(self, row: Row) -> None:
        if order_id := self.adapter.trace(row).order_id:
            self.strangers.add(order_id)

    def _new(self, question: Question) -> list[Row]:
        """Rows that were not there before and show what was sent."""
        matches = self.adapter.matches
        fresh = [row for row in self._answers(question) if self._is_fresh(row)]
        ours = [row for row in fresh if any(matches(row, part) for part in self.key.wanted)]
        strange = [row for row in fresh if not any(matches(row, other) for other in self.others)]
        if not ours and any(self.adapter.is_alike(row, part) for row in strange for part in self.key.wanted):
            # Perhaps ours, shown otherwise than we know. That is no absence.
            raise _UnansweredError("something like it, with other numbers, was made about that time")
        return ours

    def _is_fresh(self, row: Row) -> bool:
        told = self.adapter.trace(row)
        too_old = told.made_at is not None and self.signed_at is not None and told.made_at < self.signed_at - SKEW_MS
        return told.id not in (self.key.before or ()) and not too_old

    def _behind_fills(self, question: Question) -> list[Row]:
        """Fills name no client id, so each order behind a fresh one is asked for its own."""
        detail = self.key.lookup.detail
        if detail is None or not self.key.ids:
            return []
        behind = {str(self.adapter.trace(row).order_id) for row in self._answers(question)} - self.strangers
        if len(behind) > _ONE_BY_ONE and (ours := self._among_past_orders()):
            return ours
        for order_id in sorted(behind - self.strangers):
            orders = list(self._answers(self.adapter.by_order_id(detail, order_id)))
            if not orders:
                raise _UnansweredError(f"it shows a trade of order {order_id}, and does not know that order")
            if ours := [order for order in orders if self.adapter.trace(order).client_oid in self.key.ids]:
                return ours
            self.strangers.add(order_id)
        return []

    def _among_past_orders(self) -> list[Row]:
        """Ours among all orders made about the time of sending; the others are known for strangers from then on."""
        for question in self.key.lookup.lists:
            if self.adapter.role_of(question[0]) is not ListRole.PAST:
                continue
            for order in self._answers(self.adapter.of_everybody(question, self.signed_at)):
                if self.adapter.trace(order).client_oid in self.key.ids:
                    return [order]
                self._note_stranger(order)
        return []

    def _answers(self, question: Question) -> Iterator[Row]:
        """Every row of the answer, page after page. Raises _UnansweredError where there is no whole answer."""
        from bitget_cli.client.rest.pagination import PartialAnswerError, every_row

        row, given = question
        try:
            yield from every_row(row, given, ask=lambda asked: self._ask(row, asked))
        except PartialAnswerError as partial:
            raise _UnansweredError(*partial.args) from None

    def _ask(self, row: Endpoint, given: Mapping[str, Any]) -> Any:
        try:
            answer = self.client.send(self.client.prepare(row, given), until=self.until)
        except BitgetError as refusal:
            if isinstance(refusal, CredentialsError) and refusal.code is None:
                raise  # there is no key to ask with, which no waiting mends
            if refusal.code is None or code(refusal.code).meaning is not Meaning.NOT_FOUND:
                raise _UnansweredError(
                    f"asked about it: {refusal.message}",
                    silent=refusal.http_status is None,
                    refusal=refusal if isinstance(refusal, UnavailableError) else None,
                ) from None
            self.times.append(whole_milliseconds(refusal.requested_at))
            return None
        self.times.append(whole_milliseconds(answer.requested_at))
        return answer.data

    def _earliest(self) -> int | None:
        known = [time for time in self.times if time is not None]
        return min(known) if known and len(known) == len(self.times) else None


class Resolution(NamedTuple):
    """How a change ended, by what the exchange shows. `reason` is a clause for people."""

    state: EntryState
    row: Row | None = None
    reason: str = ""


def resolution(case: PendingChange, result: SearchResult) -> Resolution | None:
    """The fate that a look proves, and the count of looks in vain kept in `case`; None while nothing is certain."""
    found = _fate(case, result)
    if (
        case.verdict is Verdict.LOOK_ONCE
        and result.complete
        and (found is None or found.state is EntryState.NOT_PLACED)
    ):
        return Resolution(EntryState.REJECTED)
    if case.verdict is Verdict.SPENT and found and found.state is EntryState.NOT_PLACED:
        return Resolution(EntryState.REJECTED, found.row)
    return found


# Known by a record of it that is no order.
_RECORDED = frozenset({ChangeKind.TRANSFER, ChangeKind.CONVERT, ChangeKind.CREATE})


def _fate(case: PendingChange, result: SearchResult) -> Resolution | None:
    rows = result.rows
    in_vain = not rows and result.shows_nothing_since(case.proof_at)
    if case.leaves_a_state:
        return _of_state(case, result)
    match case.kind:
        case ChangeKind.CANCEL | ChangeKind.CLEAR:
            return _of_cancel(case, rows, result)
        case ChangeKind.AMEND:
            return _of_amend(case, rows, result)
    ids = set(case.key.ids)
    if rows and len(ids) > 1 and ids - {case.adapter.trace(row).client_oid for row in rows}:
        return _of_half(case, rows[0], result)
    case.unseen = case.unseen + 1 if in_vain else 0
    if case.key.before is not None and rows and not _each_once(case, rows):
        return None
    if rows:
        return _of_money(case, rows) if case.kind in _RECORDED else _of_order(case, rows)
    if not case.is_proven:
        return None
    if case.verdict is Verdict.EXISTS:
        return Resolution(EntryState.REJECTED, None, "its client id was refused as used")
    return Resolution(EntryState.NOT_PLACED, None, "the exchange does not have it and can no longer receive it")


def _of_state(case: PendingChange, result: SearchResult) -> Resolution | None:
    if not result.complete:
        case.unseen = 0
        return None
    given, key = json.loads(case.entry.body), case.key
    stands, row = case.adapter.state_reached(
        case.entry.row, given, result.rows, signed_at=case.signed_at, before=key.match
    )
    accepted = case.verdict is Verdict.ACCEPTED
    if stands.as_wanted or (accepted and stands.as_wanted is None):
        return Resolution(EntryState.DONE, row)
    if accepted:
        case.unseen += 1
        return Resolution(EntryState.REJECTED, row, stands.why) if case.is_proven else None
    return None if stands.as_wanted is None else _unchanged(case, row, result, stands.why)


def _of_half(case: PendingChange, row: Row, result: SearchResult) -> Resolution | None:
    """One call for two exits: that one is there says nothing of the other, until that can come no more."""
    proven = result.complete and _unchanged(case, row, result, "")
    return (
        Resolution(EntryState.REJECTED, row, f"only one of the two is there, order {case.adapter.trace(row).id}")
        if proven
        else None
    )


def _of_order(case: PendingChange, rows: Sequence[Row]) -> Resolution | None:
    row = rows[0]
    if case.verdict is not Verdict.EXISTS:
        return Resolution(EntryState.PLACED, row)
    made = case.adapter.trace(row).made_at
    older = made is not None and made < case.signed_at - SKEW_MS
    if older or not case.adapter.matches_firmly(row, case.key.match):
        return Resolution(EntryState.REJECTED, row, "its client id belongs to another order")
    return Resolution(EntryState.PLACED, row)


def _each_once(case: PendingChange, rows: Sequence[Row]) -> bool:
    """Whether the rows are ours beyond doubt: one for each part, and no other."""
    counts = [sum(case.adapter.matches(row, part) for row in rows) for part in case.key.wanted]
    return len(rows) == len(counts) and set(counts) == {1}


def _of_money(case: PendingChange, rows: Sequence[Row]) -> Resolution | None:
    states = [case.adapter.trace(row).state for row in rows]
    if any(state and not state.is_over for state in states):
        return None  # it is still under way
    failed = [state is OrderState.FAILED for state in states]
    row: Row = rows[0] if len(rows) == 1 else {"records": list(rows)}
    if all(failed):
        return Resolution(EntryState.REJECTED, row, "the exchange says it failed")
    return None if any(failed) else Resolution(EntryState.DONE, row)


def _of_cancel(case: PendingChange, rows: Sequence[Row], result: SearchResult) -> Resolution | None:
    if not rows:
        # Bitget may forget an order that was cancelled unfilled: gone is all that can be said.
        gone = case.verdict is Verdict.ALREADY_FINAL or result.shows_nothing_since(case.proof_at)
        return (
            Resolution(EntryState.REJECTED, None, "there is no such order any more")
            if gone and result.complete
            else None
        )
    told = case.adapter.trace(rows[0])
    match told.state:
        case OrderState.CANCELLED:
            return Resolution(EntryState.CANCELLED, rows[0])
        case OrderState.FILLED | OrderState.FAILED:
            return Resolution(EntryState.REJECTED, rows[0], f"the order was {told.state_word} before")
        case OrderState.OPEN | OrderState.PARTIALLY_FILLED:
            return _unchanged(case, rows[0], result, "the order is still open")
    return None


def _of_amend(case: PendingChange, rows: Sequence[Row], result: SearchResult) -> Resolution | None:
    if not rows:
        gone = result.shows_nothing_since(case.proof_at)
        return Resolution(EntryState.REJECTED, None, "there is no such order any more") if gone else None
    done = case.adapter.has_new_values(rows[0], case.key.aims)
    if done:
        return Resolution(EntryState.DONE, rows[0])
    told = case.adapter.trace(rows[0])
    if done is False and case.verdict is Verdict.ACCEPTED and told.state and told.state.is_over:
        return Resolution(EntryState.REJECTED, rows[0], f"the order was {told.state_word} before it took them")
    return _unchanged(case, rows[0], result, "the order is as it was") if done is False else None


def _unchanged(case: PendingChange, row: Row | None, result: SearchResult, reason: str) -> Resolution | None:
    late = result.asked_at is not None and result.asked_at >= case.proof_at
    case.unseen = case.unseen + 1 if late else 0
    return Resolution(EntryState.NOT_PLACED, row, reason) if case.is_proven else None
