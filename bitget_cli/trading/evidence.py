"""One full look for a change at the exchange, and what it proves: its end, or nothing yet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.envelope import Meaning, code
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import BitgetError, CredentialsError, StoppedError
from bitget_cli.journal.entries import EntryState
from bitget_cli.trading.model import SKEW_MS, ChangeKind, ListRole, LookupKey, OrderStage, Question
from bitget_cli.trading.outcomes import PendingChange, Verdict
from bitget_cli.values import whole_milliseconds

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client
    from bitget_cli.trading.adapters.protocol import ChangeAdapter

Row = Mapping[str, Any]

# Orders behind trades that are asked for one by one; of more, the list of past orders tells a hundred at a time.
_ONE_BY_ONE = 5


class _UnansweredError(Exception):
    """A question got no whole answer; `silent` when the exchange could not be reached at all."""

    def __init__(self, why: str = "the exchange did not answer all it was asked", *, silent: bool = False) -> None:
        super().__init__()
        self.why = why
        self.silent = silent


class SearchResult(NamedTuple):
    """What one look showed: our rows, whether every question was answered in full, and the exchange's clock (ms)
    at the first of the answers. `why` is what a look that is not complete was stopped by."""

    rows: tuple[Row, ...]
    complete: bool
    asked_at: int | None
    why: str = ""

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
        parts = self.key.lookup.parts
        if not ours and any(self.adapter.is_alike(row, part) for row in strange for part in parts):
            # The same coins with other numbers: perhaps ours, shown otherwise than we know. That is no absence.
            raise _UnansweredError("the same coins were converted in other amounts about that time")
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
        except StoppedError:
            raise
        except BitgetError as refusal:
            if isinstance(refusal, CredentialsError) and refusal.code is None:
                raise  # there is no key to ask with, which no waiting mends
            if refusal.code is None or code(refusal.code).meaning is not Meaning.NOT_FOUND:
                raise _UnansweredError(
                    f"asked about it: {refusal.message}", silent=refusal.http_status is None
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
        return (
            _of_money(case, rows) if case.kind in (ChangeKind.TRANSFER, ChangeKind.CONVERT) else _of_order(case, rows)
        )
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
    if stands.as_wanted:
        return Resolution(EntryState.DONE, row)
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
    failed = [case.adapter.trace(row).stage is OrderStage.FAILED for row in rows]
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
    match told.stage:
        case OrderStage.CANCELLED:
            return Resolution(EntryState.CANCELLED, rows[0])
        case OrderStage.FILLED | OrderStage.FAILED:
            return Resolution(EntryState.REJECTED, rows[0], f"the order was {told.state} before")
        case OrderStage.LIVE:
            return _unchanged(case, rows[0], result, "the order is still open")
    return None


def _of_amend(case: PendingChange, rows: Sequence[Row], result: SearchResult) -> Resolution | None:
    if not rows:
        gone = result.shows_nothing_since(case.proof_at)
        return Resolution(EntryState.REJECTED, None, "there is no such order any more") if gone else None
    done = case.adapter.has_new_values(rows[0], case.key.aims)
    if done:
        return Resolution(EntryState.DONE, rows[0])
    return _unchanged(case, rows[0], result, "the order is as it was") if done is False else None


def _unchanged(case: PendingChange, row: Row | None, result: SearchResult, reason: str) -> Resolution | None:
    late = result.asked_at is not None and result.asked_at >= case.proof_at
    case.unseen = case.unseen + 1 if late else 0
    return Resolution(EntryState.NOT_PLACED, row, reason) if case.is_proven else None
