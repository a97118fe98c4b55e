"""A change carried out exactly once: prepared, written down, sent, and not left before its end is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue import find
from bitget_cli.catalogue.envelope import Meaning
from bitget_cli.catalogue.envelope import code as meaning_of
from bitget_cli.catalogue.model import Effect
from bitget_cli.errors import (
    BitgetError,
    ConfigError,
    DeclinedError,
    PartialError,
    RateLimitedError,
    RejectedError,
    UnavailableError,
    UsageError,
)
from bitget_cli.journal import Draft, Entry, EntryState, Journal
from bitget_cli.trading import adapters, outcomes
from bitget_cli.trading.adapters.kind import OTHER_KIND
from bitget_cli.trading.change import (
    Batch,
    Change,
    ChangeKind,
    ItemReply,
    LookupKey,
    Outcome,
    OutcomeKind,
    masked,
)
from bitget_cli.trading.model import checked_client_order_id, new_client_order_id
from bitget_cli.trading.outcomes import PendingChange, Verdict, of_answer, of_code, order_id_of
from bitget_cli.trading.reconciliation import ACCEPTED, PATIENCE, SHORT_PATIENCE, Resolver, Speaks, speaks_all

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.client.rest.request import Call
    from bitget_cli.client.rest.response import Answer
    from bitget_cli.runtime import Clock


class PreparedRequest(NamedTuple):
    """What is sent for a change, or for its place in a batch, and how it is found again."""

    change: Change
    oid: str
    given: Mapping[str, Any]
    key: LookupKey

    def draft(self, body: str) -> Draft:
        symbol = self.change.symbol.name if self.change.symbol else None
        kind, row = self.change.kind.value, self.change.row.name
        if self.change.row.effect is Effect.KEYS:
            body = json.dumps(masked(json.loads(body)))
        return Draft(self.oid, kind, row, symbol, body, self.change.what, self.key.to_text(), self.change.tag)


def prepare_request(change: Change, oid: str, *, around: Mapping[str, Any] | None = None) -> PreparedRequest:
    """The change under a client id. `around` are the parameters that a batch sends beside its list.

    Raises UsageError for a client id that Bitget may refuse, unless a person wrote the request.
    """
    adapter = adapters.of(change.row.name)
    given = (
        change.given if change.call else {**change.given, **adapter.ids_to_send(change, checked_client_order_id(oid))}
    )
    return PreparedRequest(change, oid, given, adapter.lookup_key(change, given, around or {}))


class HeldChange(NamedTuple):
    """A change of which it is certain that nothing was done, with its entry where one was written, which is open."""

    change: Change
    case: PendingChange | None = None


class MovedError(UnavailableError):
    """The account is not of the kind that changes were spelt for: nothing was done of those that are `held`.

    `ended` is what became of others that went before them in the same batch, `refusal` what the exchange said.
    """

    def __init__(self, refusal: UnavailableError, held: Sequence[HeldChange], ended: Sequence[Outcome] = ()) -> None:
        super().__init__(refusal.message, hint=refusal.hint, code=refusal.code, outcome="rejected")
        self.refusal = refusal
        self.held = list(held)
        self.ended = list(ended)


class ExecutionClient:
    """Sends changes and finds out what became of them.

    `tell` is given lines for people while it takes long. `unattended` is a program's use (JSON, no questions): while
    the outcome of an earlier change is unknown it is refused, where a person is only told. `patience` is the time in
    seconds that a change in doubt is looked for before its outcome is left as unknown. `profile` stands in the commands
    it tells a person to type; empty where keys come from the environment. `speaks` tells whether the account answers a
    row.

    Where `holds` is said, a change that is refused as one for the other kind of account is not closed: MovedError hands
    it over, to be sent in other words `under` the same entry, or to be let go.
    """

    def __init__(
        self,
        client: Client,
        journal: Journal,
        clock: Clock,
        *,
        tell: Callable[[str], None],
        profile: str,
        unattended: bool = False,
        patience: float = PATIENCE,
        speaks: Speaks = speaks_all,
    ) -> None:
        self._client = client
        self._journal = journal
        self._profile = profile
        self._unattended = unattended
        self._resolver = Resolver(client, journal, clock, tell=tell, profile=profile, patience=patience, speaks=speaks)

    def carry_out(self, change: Change, *, unattended: bool = False, despite_unknown: bool = False) -> Outcome:
        """Carry out one change and return its outcome: placed, cancelled or done.

        Raises RejectedError (or CredentialsError, RateLimitedError) when the exchange refused it, NetworkError when it
        is certain that nothing was done, UnknownError when nobody knows; ConfigError when the journal cannot be
        written, UsageError for a client id that was used, DeclinedError while something is unknown: nothing is sent.
        """
        outcome = self.attempt(change, unattended=unattended, despite_unknown=despite_unknown)
        if outcome.error:
            raise outcome.error
        return outcome

    def attempt(
        self,
        change: Change,
        *,
        unattended: bool = False,
        despite_unknown: bool = False,
        under: PendingChange | None = None,
        holds: bool = False,
    ) -> Outcome:
        """As `carry_out`, but a failure after sending is in the outcome instead of raised."""
        held = [HeldChange(change, under)]
        with self._beforehand(held, holds=holds):
            try:
                self._look_out([change], unattended=unattended, despite_unknown=despite_unknown)
                case, call = self._written_down(change, under)
            except ConfigError as failure:
                failure.hint = outcomes.fallback_command(change, profile=self._profile) or failure.hint
                raise
        return self._resolver.with_signal_recovery([case], lambda: [self._sent(change, case, call, holds=holds)])[0]

    @contextmanager
    def _beforehand(self, held: Sequence[HeldChange], *, holds: bool) -> Iterator[None]:
        """What fails before anything is sent: entries that were written for it already are let go, or held."""
        try:
            yield
        except UnavailableError as refusal:
            if holds and refusal.code in OTHER_KIND:
                raise MovedError(refusal, held) from None
            self.let_go([one for one in held if one.case], refusal)
            raise
        except KeyboardInterrupt:
            self.let_go([one for one in held if one.case], None)
            raise
        except BitgetError as failure:
            self.let_go([one for one in held if one.case], failure)
            raise

    def let_go(self, held: Sequence[HeldChange], cause: BitgetError | None) -> list[Outcome]:
        """The outcomes of changes that are not sent any more: refused, or never sent. `cause` is why."""
        if cause:
            was_refused = any(case and not case.never_left for _, case in held)
            cause.outcome = cause.outcome or ("rejected" if was_refused else "not_placed")
        return [self._let_go(*one, cause) for one in held]

    def _let_go(self, change: Change, case: PendingChange | None, cause: BitgetError | None) -> Outcome:
        if case is None:
            return Outcome(OutcomeKind.NOT_PLACED, change.client_oid, what=change.what, error=cause)
        reason = "" if cause else "it was not sent"
        if case.never_left:
            return self._resolver.close(case, EntryState.NOT_PLACED, reason=reason, cause=cause)
        return self._resolver.close(case, EntryState.REJECTED, reason=reason, cause=cause or case.refusal)

    def carry_out_batch(
        self,
        batch: Batch,
        *,
        unattended: bool = False,
        despite_unknown: bool = False,
        hear: Callable[[Any], None] | None = None,
        under: Sequence[PendingChange | None] = (),
        holds: bool = False,
    ) -> list[Outcome]:
        """Carry out a batch, twenty items a call; the outcomes are in the order of its items. `hear` is given answers.

        `outcomes.batch_error` sums them up as one failure. Raises as `carry_out` does for what stops it beforehand.
        """
        entries = under or [None] * len(batch.items)
        batches = Batches(self._client, self._journal, self._resolver, hear=hear, holds=holds)
        with self._beforehand(list(map(HeldChange, batch.items, entries)), holds=holds):
            self._look_out(batch.items, unattended=unattended, despite_unknown=despite_unknown)
            parts = batches.written_down(batch, entries)
        return batches.carry_out(parts)

    def unsettled(self) -> list[Entry]:
        """Changes whose outcome nobody knows and no living process is busy with."""
        return list(self._journal.open_entries())

    def reconcile(self, client_oid: str | None = None) -> list[Outcome]:
        """Find out what became of one change, or of every one that is unsettled.

        Raises UsageError for a client id that the journal does not know, DeclinedError while another process is busy
        with it.
        """
        if client_oid is None:
            cases = [_case(entry) for entry in self._journal.open_entries()]
        else:
            known = self._open_or_settled(client_oid)
            if not known.state.is_open:
                return [outcomes.as_recorded(known, profile=self._profile)]
            cases = [_case(known)]
        claimed = [case for case in cases if self._journal.claim(case.entry)]
        for case in claimed:
            if refusal := outcomes.refused_before(case.entry):
                self._resolver.close(case, EntryState.REJECTED, cause=refusal)
        return self._resolver.find_out(claimed, at_once=True)

    def forget(self, client_oid: str, *, done: bool) -> Entry:
        """Settle a change by the word of a person who looked. Raises UsageError for one that is not open, DeclinedError
        while another process is busy with it."""
        entry = self._open_or_settled(client_oid)
        if not entry.state.is_open:
            raise UsageError(f"{client_oid} is settled already: {entry.state.value}", hint="see bitget order log")
        state = ACCEPTED.get(ChangeKind(entry.kind), EntryState.DONE) if done else EntryState.NOT_PLACED
        return self._journal.settle(entry, state, now=self._resolver.now(), order_id=None, answer=None)

    def _open_or_settled(self, client_oid: str) -> Entry:
        entry = self._journal.find(client_oid)
        if entry is None:
            raise UsageError(f"the journal knows no client id {client_oid}", hint="see bitget order log")
        if not entry.state.is_open or self._journal.claim(entry):
            return entry
        settled = self._journal.find(client_oid)
        if settled is None or settled.state.is_open:
            raise DeclinedError(f"another process is busy with {client_oid}", hint="wait for it to end")
        return settled

    def _look_out(self, changes: Sequence[Change], *, unattended: bool, despite_unknown: bool) -> None:
        """Warn of changes with unknown outcome; refuse a program that has not said it knows. Raises DeclinedError."""
        open_entries = [entry for entry in self.unsettled() if ChangeKind(entry.kind) not in outcomes.IDEMPOTENT]
        if not open_entries:
            return
        named = ", ".join(entry.client_oid for entry in open_entries[:5])
        hint = f"find out first: bitget order reconcile{outcomes.profile_option(self._profile)}"
        risky = any(
            change.kind not in outcomes.IDEMPOTENT
            and not adapters.of(change.row.name).only_closes(change.row, change.given)
            for change in changes
        )
        if risky and (unattended or self._unattended) and not despite_unknown:
            raise DeclinedError(f"the outcome of an earlier change is unknown: {named}", hint=hint)
        self._resolver.tell(f"note: the outcome of an earlier change is unknown: {named}; {hint}")

    def _written_down(self, change: Change, under: PendingChange | None) -> tuple[PendingChange, Call]:
        given = under.entry.client_oid if under else change.client_oid
        one = prepare_request(change, given or new_client_order_id(self._resolver.now()))
        key = adapters.of(change.row.name).with_snapshot(one.key, change, one.given, self._client)
        one = one._replace(key=key, change=self._with_its_tag(change, key))
        call = change.call or self._client.prepare(change.row, one.given)
        # What the account is not of the kind for is no change, and is not written down.
        self._client.admit(call.row)
        draft = one.draft(call.body.decode())
        if under:
            (entry,) = self._journal.rewrite([(under.entry, draft)])
        else:
            (entry,) = self._journal.append([draft], now=self._resolver.now())
        return PendingChange(entry, one.key), call

    def _with_its_tag(self, change: Change, key: LookupKey) -> Change:
        """What is made of an order, or of its terms, keeps the order's tag, by whichever door it is changed."""
        if change.tag or change.kind not in (ChangeKind.REPLACE, ChangeKind.AMEND):
            return change
        tags = (entry.tag for name in key.old for entry in self._journal.tagged(told_by=name) if _goes_by(entry, name))
        return change._replace(tag=next(tags, None))

    def _sent(self, change: Change, case: PendingChange, call: Call, *, holds: bool) -> Outcome:
        leaving = self._resolver.before_send([case], good_until=change.good_until)
        try:
            answer = self._client.send(call, leaving=leaving)
        except ConfigError:  # of a journal that cannot say it leaves, so that nothing did
            raise
        except BitgetError as failure:
            if holds and (refusal := _of_other_kind(failure)):
                self._resolver.hold([case], refusal)
                raise MovedError(refusal, [HeldChange(change, case)]) from None
            return self._resolver.fail(case, failure) or self._resolver.doubt([case])[0]
        return self._answered(case, answer, there=change.there)

    def _answered(self, case: PendingChange, answer: Answer, *, there: Sequence[str]) -> Outcome:
        verdict = of_answer(answer.data, case.entry, case.key)
        if verdict is Verdict.IN_DOUBT:
            _, lost = case.adapter.replies(answer.data) if case.kind is ChangeKind.CREATE else ([], [])
            if lost:  # a success that says it failed
                case.refusal, case.verdict = _refusal(lost[0]), Verdict.LOOK_ONCE
            return self._resolver.doubt([case])[0]
        order_id = order_id_of(case.entry.row, answer.data)
        later = case.kind is ChangeKind.REPLACE and order_id is None
        if later or case.adapter.is_only_received(case.kind, case.entry.row):
            # The new order is made a moment later; its id is what a person is told. Or only then the terms are taken.
            case.verdict, case.answer = verdict, answer.data
            return self._resolver.find_out([case], patience=SHORT_PATIENCE)[0]
        if case.adapter.is_judged_by_lists(case.kind, case.entry.row):
            return cleared(self._resolver, case, answer.data, there=there)
        state = ACCEPTED.get(case.kind, EntryState.DONE)
        return self._resolver.close(case, state, order_id=order_id, response=answer.data)


def _goes_by(entry: Entry, name: str) -> bool:
    """Whether what an entry made, or changed, goes by this order id or client id."""
    return name in (entry.order_id, *LookupKey.from_text(entry.trail).ids)


def _of_other_kind(failure: BitgetError) -> UnavailableError | None:
    """A refusal that only says that the account is of the other kind: it is looked at before anything else is."""
    return failure if isinstance(failure, UnavailableError) and failure.code in OTHER_KIND else None


def _case(entry: Entry) -> PendingChange:
    key = LookupKey.from_text(entry.trail)
    if not key.can_be_looked_up:  # written down by a version that knew no question for it
        key = key._replace(lookup=adapters.of(entry.row).lookup_for(find(entry.row), json.loads(entry.body)))
    return PendingChange(entry, key)


# One page of Bitget's says 50, another and error 40306 say 20.
ITEMS_A_CALL = 20


class BatchPart(NamedTuple):
    """What goes out in one call."""

    call: Call
    items: Sequence[PreparedRequest]
    bodies: Sequence[str]
    cases: list[PendingChange]

    @property
    def held(self) -> list[HeldChange]:
        return [HeldChange(one.change, case) for one, case in zip(self.items, self.cases, strict=True)]


class Batches:
    """Sends batches in calls of twenty."""

    def __init__(
        self,
        client: Client,
        journal: Journal,
        resolver: Resolver,
        *,
        hear: Callable[[Any], None] | None = None,
        holds: bool = False,
    ) -> None:
        """`hear` is given the `data` of each answer as it came; see `ExecutionClient` for `holds`."""
        self._hear = hear
        self._holds = holds
        self._client = client
        self._journal = journal
        self._resolver = resolver

    def written_down(self, batch: Batch, under: Sequence[PendingChange | None]) -> list[BatchPart]:
        """Its calls, all of them written down: `under` an entry where an item has one already."""
        a_call = len(batch.items) if batch.call else ITEMS_A_CALL
        starts = range(0, len(batch.items), a_call)
        parts = [
            self._part(batch, batch.items[start : start + a_call], under[start : start + a_call]) for start in starts
        ]
        for part in parts:
            self._client.admit(part.call.row)
        drafts = [one.draft(body) for part in parts for one, body in zip(part.items, part.bodies, strict=True)]
        new = [draft for draft, case in zip(drafts, under, strict=True) if case is None]
        known = [(case.entry, draft) for draft, case in zip(drafts, under, strict=True) if case]
        added = iter(self._journal.append(new, now=self._resolver.now()) if new else ())
        rewritten = iter(self._journal.rewrite(known) if known else ())
        entries = iter([next(rewritten if case else added) for case in under])
        for part in parts:
            part.cases.extend(PendingChange(next(entries), one.key) for one in part.items)
        return parts

    def carry_out(self, parts: Sequence[BatchPart]) -> list[Outcome]:
        """The outcome of every item, in their order.

        After a call that failed as a whole, or left something in doubt that could not be found out, the rest is not
        sent. Raises ConfigError when the journal fails before anything left; once something did, that is the outcome of
        the rest.
        """
        everything = [case for part in parts for case in part.cases]
        return self._resolver.with_signal_recovery(everything, lambda: self._sent(parts, everything))

    def _part(self, batch: Batch, items: Sequence[Change], under: Sequence[PendingChange | None]) -> BatchPart:
        now = self._resolver.now()
        ones = [
            prepare_request(
                item,
                (case.entry.client_oid if case else item.client_oid) or new_client_order_id(now),
                around=batch.given,
            )
            for item, case in zip(items, under, strict=True)
        ]
        sent = [dict(one.given) for one in ones]
        alone = [self._client.prepare(batch.row, {**batch.given, batch.list_name: [one]}) for one in sent]
        call = batch.call or self._client.prepare(batch.row, {**batch.given, batch.list_name: sent})
        return BatchPart(call, ones, [one.body.decode() for one in alone], [])

    def _sent(self, parts: Sequence[BatchPart], everything: Sequence[PendingChange]) -> list[Outcome]:
        for number, part in enumerate(parts):
            cases = part.cases
            try:
                if not self._send(part.call, cases):
                    break
            except MovedError as moved:
                moved.held = [one for later in parts[number:] for one in later.held]
                moved.ended = [case.ended for case in everything if case.ended]
                raise
            except ConfigError as failure:
                if all(case.left_at is None for case in everything):
                    raise
                for case in cases:
                    self._resolver.close(case, EntryState.NOT_PLACED, cause=failure)
                break
        for case in everything:
            if case.ended is None and case.left_at is None:
                self._resolver.close(case, EntryState.NOT_PLACED, reason="an earlier part of the batch failed")
        return [case.ended or self._resolver.give_up(case) for case in everything]

    def _send(self, call: Call, cases: list[PendingChange]) -> bool:
        """One call brought to its end; whether the next may go out."""
        try:
            answer = self._client.send(call, leaving=self._resolver.before_send(cases))
        except ConfigError:
            raise
        except BitgetError as failure:
            if self._holds and (refusal := _of_other_kind(failure)):
                self._resolver.hold(cases, refusal)
                raise MovedError(refusal, []) from None
            in_doubt = [case for case in cases if self._resolver.fail(case, failure) is None]
            self._resolver.doubt(in_doubt)
            return False
        if self._hear:
            self._hear(answer.data)
        won, lost = cases[0].adapter.replies(answer.data)
        sorted_replies = list(_sorted(cases, won, lost))
        in_doubt = [case for case, reply, is_won in sorted_replies if not self._item(case, reply, won=is_won)]
        named = [reply for reply in (*won, *lost) if reply.client_oid or reply.order_id]
        strangers = [reply for reply in named if not any(_about([reply], case) for case in cases)]
        if strangers:
            self._resolver.tell(f"note: the answer names {len(strangers)} orders that were not in the batch")
        self._resolver.doubt(in_doubt)
        return all(case.ended for case in cases)

    def _item(self, case: PendingChange, reply: ItemReply | None, *, won: bool) -> bool:
        """Whether the answer's row for an item says for certain what became of it."""
        if reply is None:
            return False
        row = dict(reply.row)
        if won:
            if reply.order_id is None and case.kind is not ChangeKind.CANCEL:
                return False
            state = ACCEPTED.get(case.kind, EntryState.DONE)
            self._resolver.close(case, state, order_id=reply.order_id and str(reply.order_id), response=row)
            return True
        refusal = _refusal(reply)
        case.verdict = of_code(reply.code, case.kind) if reply.code else Verdict.IN_DOUBT
        if case.verdict is Verdict.REFUSED:
            self._resolver.close(case, EntryState.REJECTED, response=row, cause=refusal)
            return True
        case.refusal = refusal
        return False


def cleared(resolver: Resolver, case: PendingChange, data: Any, *, there: Sequence[str]) -> Outcome:
    """The outcome of a call that takes many orders out: accepted as a whole, and perhaps refused for some of them.

    `there` is what was seen of them before. An answer that does not speak of each, or of none at all, decides nothing.
    """
    whole = case.adapter.is_confirmed_whole(case.entry.row, case.entry.body, data)
    if whole is not None:
        return resolver.close(case, EntryState.DONE, response=data) if whole else resolver.doubt([case])[0]
    won, lost = case.adapter.replies(data)
    if case.kind is ChangeKind.CANCEL:
        return _cancelled(resolver, case, won, lost, data)
    if not case.adapter.speaks_of_all(case.entry.row, there, [*won, *lost]):
        return resolver.doubt([case])[0]
    if not lost:
        return resolver.close(case, EntryState.DONE, response=data)
    return _partly_cleared(resolver, case, won, lost, data)


def _partly_cleared(
    resolver: Resolver, case: PendingChange, won: Sequence[ItemReply], lost: Sequence[ItemReply], data: Any
) -> Outcome:
    """The outcome where some are refused: for certain, or such that a look decides."""
    refusal = _refusal(lost[0])
    verdicts = {of_code(reply.code, case.kind) if reply.code else Verdict.LOOK_ONCE for reply in lost}
    if verdicts == {Verdict.REFUSED}:
        state = EntryState.DONE if won else EntryState.REJECTED
        outcome = resolver.close(case, state, response=data, cause=None if won else refusal)
    else:
        case.refusal = refusal
        case.verdict = Verdict.LOOK_ONCE if Verdict.IN_DOUBT not in verdicts else Verdict.IN_DOUBT
        outcome = resolver.doubt([case])[0]
        if outcome.outcome in (OutcomeKind.DONE, OutcomeKind.UNKNOWN):
            return outcome
    if not won:
        return outcome
    partial = PartialError(f"{len(lost)} of {len(won) + len(lost)} failed: {refusal.message}", outcome="rejected")
    told = case.adapter.told(data, case.entry.row, case.entry.body)
    return outcome._replace(outcome=OutcomeKind.DONE, response=data, told=told, error=partial)


def _cancelled(
    resolver: Resolver, case: PendingChange, won: Sequence[ItemReply], lost: Sequence[ItemReply], data: Any
) -> Outcome:
    """The outcome of a call that names one order, which its answer has to speak of."""
    if len(won) == 1 and not lost and _about(won, case):
        order_id = str(won[0].order_id or "") or None
        return resolver.close(case, EntryState.CANCELLED, order_id=order_id, response=data)
    if len(lost) == 1 and not won:
        case.refusal = _refusal(lost[0])
        # Without a code it is a refusal all the same; what the order ended as is worth a look.
        case.verdict = of_code(lost[0].code, case.kind) if lost[0].code else Verdict.ALREADY_FINAL
        if case.verdict is Verdict.REFUSED:
            return resolver.close(case, EntryState.REJECTED, response=data, cause=case.refusal)
    return resolver.doubt([case])[0]


def _sorted(
    cases: Sequence[PendingChange], won: Sequence[ItemReply], lost: Sequence[ItemReply]
) -> Iterator[tuple[PendingChange, ItemReply | None, bool]]:
    """Each case with the one reply that speaks of it, and whether it is among the successes."""
    mentions = {case.entry.number: (_about(won, case), _about(lost, case)) for case in cases}
    nameless = [reply for reply in lost if not (reply.client_oid or reply.order_id)]
    left_over = [case for case in cases if mentions[case.entry.number] == ([], [])]
    # Bitget's page shows failures without ids: they count only where each left-over item has one, refused for certain.
    if len(nameless) == len(left_over) and all(
        reply.code and of_code(reply.code, left_over[0].kind) in (Verdict.REFUSED, Verdict.LOOK_ONCE)
        for reply in nameless
    ):
        for case, reply in zip(left_over, nameless, strict=True):
            mentions[case.entry.number] = ([], [reply])
    for case in cases:
        match mentions[case.entry.number]:
            case ([reply], []):
                yield case, reply, True
            case ([], [reply]):
                yield case, reply, False
            case _:
                yield case, None, False


def _about(replies: Sequence[ItemReply], case: PendingChange) -> list[ItemReply]:
    return [reply for reply in replies if case.key.is_of(reply.order_id, reply.client_oid)]


def _refusal(reply: ItemReply) -> BitgetError:
    said = f"{reply.message or 'no reason given'}, as Bitget says" + (f" ({reply.code})" if reply.code else "")
    kind = RateLimitedError if meaning_of(reply.code).meaning is Meaning.RATE else RejectedError
    return kind(f"refused: {said}", code=reply.code or None, msg=reply.message or None, outcome="rejected")
