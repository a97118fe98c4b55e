"""Carrying out a change exactly once: written down, sent once, and not left before it is known what became of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.errors import BitgetError, ConfigError, DeclinedError, StoppedError, UsageError
from bitget_cli.journal import Entry, Journal, State
from bitget_cli.trading import endings
from bitget_cli.trading.changes import LISTED_CANCEL, Batch, Change, Kind, Outcome
from bitget_cli.trading.fates import Case
from bitget_cli.trading.lookups import lookup_for
from bitget_cli.trading.oids import new_oid
from bitget_cli.trading.preparing import ready, with_snapshot
from bitget_cli.trading.reconciling import PATIENCE, SHORT_PATIENCE
from bitget_cli.trading.settling import ACCEPTED, Settling
from bitget_cli.trading.trails import Trail
from bitget_cli.trading.verdicts import Verdict, of_answer, order_id_of

if TYPE_CHECKING:
    from bitget_cli.client.rest import Answer, Call, Client
    from bitget_cli.clock import Clock


class Placing:
    """Sends changes and finds out what became of them.

    `tell` is given lines for people while it takes long. `unattended` is a program's use (JSON, no questions): while
    the outcome of an earlier change is unknown it is refused, where a person is only told. `patience` is the time in
    seconds that a change in doubt is looked for before its outcome is left as unknown. `profile` stands in the commands
    it tells a person to type; empty where keys come from the environment.
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
    ) -> None:
        self._client = client
        self._journal = journal
        self._profile = profile
        self._unattended = unattended
        self._settling = Settling(client, journal, clock, tell=tell, profile=profile, patience=patience)

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

    def attempt(self, change: Change, *, unattended: bool = False, despite_unknown: bool = False) -> Outcome:
        """As `carry_out`, but a failure after sending is in the outcome instead of raised."""
        try:
            self._look_out([change], unattended=unattended, despite_unknown=despite_unknown)
            case, call = self._written_down(change)
        except ConfigError as failure:
            failure.hint = endings.way_out(change, profile=self._profile) or failure.hint
            raise
        return self._settling.guarded([case], lambda: [self._sent(change, case, call)])[0]

    def carry_out_batch(
        self,
        batch: Batch,
        *,
        unattended: bool = False,
        despite_unknown: bool = False,
        hear: Callable[[Any], None] | None = None,
    ) -> list[Outcome]:
        """Carry out a batch, twenty items a call; the outcomes are in the order of its items. `hear` is given answers.

        `endings.batch_error` sums them up as one failure. Raises as `carry_out` does for what stops it beforehand.
        """
        from bitget_cli.trading.batches import Batches

        self._look_out(batch.items, unattended=unattended, despite_unknown=despite_unknown)
        return Batches(self._client, self._journal, self._settling, hear=hear).carry_out(batch)

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
                return [endings.as_recorded(known, profile=self._profile)]
            cases = [_case(known)]
        return self._settling.find_out([case for case in cases if self._journal.claim(case.entry)], at_once=True)

    def forget(self, client_oid: str, *, done: bool) -> Entry:
        """Settle a change by the word of a person who looked. Raises UsageError for one that is not open, DeclinedError
        while another process is busy with it."""
        entry = self._open_or_settled(client_oid)
        if not entry.state.is_open:
            raise UsageError(f"{client_oid} is settled already: {entry.state.value}", hint="see bitget order log")
        state = ACCEPTED.get(Kind(entry.kind), State.DONE) if done else State.NOT_PLACED
        return self._journal.settle(entry, state, now=self._settling.now(), order_id=None, answer=None)

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

    def _new_oid(self) -> str:
        return new_oid(self._settling.now())

    def _look_out(self, changes: Sequence[Change], *, unattended: bool, despite_unknown: bool) -> None:
        """Warn of changes with unknown outcome; refuse a program that has not said it knows. Raises DeclinedError."""
        open_entries = [entry for entry in self.unsettled() if Kind(entry.kind) not in endings.HARMLESS]
        if not open_entries:
            return
        named = ", ".join(entry.client_oid for entry in open_entries[:5])
        hint = f"find out first: bitget order reconcile{endings.on(self._profile)}"
        risky = any(change.kind not in endings.HARMLESS and not change.only_closes for change in changes)
        if risky and (unattended or self._unattended) and not despite_unknown:
            raise DeclinedError(f"the outcome of an earlier change is unknown: {named}", hint=hint)
        self._settling.tell(f"note: the outcome of an earlier change is unknown: {named}; {hint}")

    def _written_down(self, change: Change) -> tuple[Case, Call]:
        one = with_snapshot(ready(change, change.client_oid or self._new_oid()), self._client)
        call = change.call or self._client.prepare(change.row, one.given)
        (entry,) = self._journal.append([one.draft(call.body.decode())], now=self._settling.now())
        return Case(entry, one.trail), call

    def _sent(self, change: Change, case: Case, call: Call) -> Outcome:
        leaving = self._settling.leaving([case], good_until=change.good_until)
        try:
            answer = self._client.send(call, leaving=leaving)
        except (StoppedError, ConfigError):  # a signal; a journal that cannot say it leaves, so that nothing did
            raise
        except BitgetError as failure:
            return self._settling.fail(case, failure) or self._settling.doubt([case])[0]
        return self._answered(case, answer, there=change.there)

    def _answered(self, case: Case, answer: Answer, *, there: Sequence[str]) -> Outcome:
        verdict = of_answer(answer.data, case.entry, case.trail)
        if verdict is Verdict.IN_DOUBT:
            return self._settling.doubt([case])[0]
        if case.kind is Kind.REPLACE and order_id_of(answer.data) is None:
            # The new order is made a moment later; its id is what a person is told.
            case.verdict, case.answer = verdict, answer.data
            return self._settling.find_out([case], patience=SHORT_PATIENCE)[0]
        if case.kind is Kind.CLEAR or case.entry.row == LISTED_CANCEL:
            from bitget_cli.trading.batches import cleared

            return cleared(self._settling, case, answer.data, there=there)
        state = ACCEPTED.get(case.kind, State.DONE)
        return self._settling.close(case, state, order_id=order_id_of(answer.data), response=answer.data)


def _case(entry: Entry) -> Case:
    trail = Trail.from_text(entry.trail)
    if not trail.can_be_looked_up:  # written down by a version that knew no question for it
        trail = replace(trail, lookup=lookup_for(find(entry.row), json.loads(entry.body)))
    return Case(entry, trail)
