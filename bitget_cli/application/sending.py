"""Changes on their way, one after another; spelt anew where Bitget turns out to have moved the account meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.errors import BitgetError, UnavailableError
from bitget_cli.session import Session
from bitget_cli.trading.change import Batch, Change, ChangeKind, Outcome, OutcomeKind, Spelling
from bitget_cli.trading.model import OrderIntent
from bitget_cli.values import Symbol

if TYPE_CHECKING:
    from bitget_cli.trading.execution import HeldChange, MovedError
    from bitget_cli.trading.outcomes import PendingChange


class EndedChange(NamedTuple):
    """What became of a change, as it was sent last; None for what was known before anything was."""

    outcome: Outcome
    change: Change | None = None

    @property
    def symbol(self) -> Symbol | None:
        return self.change.symbol if self.change else None


# An account that Bitget is moving refuses these by itself, and nothing may keep anybody from getting out.
_GETS_OUT = (ChangeKind.CANCEL, ChangeKind.CLEAR)


def single(changes: Sequence[Change | Batch]) -> Iterator[Change]:
    """Each change, those of batches too."""
    for change in changes:
        if isinstance(change, Batch):
            yield from change.items
        else:
            yield change


def prelude(session: Session, changes: Sequence[Change | Batch]) -> None:
    """What is to be known of changes before they leave; of the real exchange, where it is that one.

    Raises UnavailableError while Bitget is moving a unified account.
    """
    if row := next((one.row for one in single(changes) if one.kind not in _GETS_OUT), None):
        session.check_account_stands(row)
    told = [text for one in single(changes) for text in (one.remark, one.untried if session.env == "live" else "")]
    for text in dict.fromkeys(filter(None, told)):
        session.say(f"note: {text}")


def sent(session: Session, change: Change, *, yes: bool) -> Outcome:
    """What became of one change, which no account spells as several."""
    sending = Sending(session, [change], yes=yes)
    ended: list[EndedChange] = []
    while not ended:
        ended = sending.next()
    return ended[0].outcome


class _Step(NamedTuple):
    """What goes out next, under the entries that some of it has already."""

    change: Change | Batch
    under: Sequence[PendingChange | None] = ()


class Sending:
    """Changes that were agreed to. Of what the account refuses as one for the other kind nothing was done: it is spelt
    anew from what was meant, without a second question, and sent under the same entry of the journal and client id."""

    def __init__(
        self, session: Session, changes: Sequence[Change | Batch], *, yes: bool, leverage: Change | None = None
    ) -> None:
        """`leverage` was set for them before."""
        self._session = session
        self._leverage = leverage
        self._yes = yes
        self._steps = [_Step(change) for change in changes]
        # Calls of which something was carried out, or was to be.
        self._begun: list[Spelling] = []

    @property
    def left(self) -> list[Change]:
        return list(single([step.change for step in self._steps]))

    def next(self) -> list[EndedChange]:
        """How the next one ended; empty where it is spelt anew first. Raises what stops it before it is sent."""
        from bitget_cli.trading.execution import HeldChange, MovedError

        step = self._steps.pop(0)
        change = step.change
        cases = step.under or (None,) * len(list(single([change])))
        try:
            if change.spelling and not self._session.speaks(change.row):
                refusal = UnavailableError("the account is of the other kind now", outcome="not_placed")
                held = [HeldChange(*one) for one in zip(single([change]), cases, strict=True)]
                return self._moved(change, MovedError(refusal, held))
            ended = self._carried_out(change, cases)
        except MovedError as moved:
            return self._moved(change, moved)
        if change.spelling:
            self._begun.append(change.spelling)
        return ended

    def _carried_out(self, change: Change | Batch, cases: Sequence[PendingChange | None]) -> list[EndedChange]:
        execution, holds = self._session.execution, change.spelling is not None
        if isinstance(change, Batch):
            outcomes = execution.carry_out_batch(change, unattended=self._yes, under=cases, holds=holds)
            return _of(outcomes, change.items)
        return _of([execution.attempt(change, unattended=self._yes, under=cases[0], holds=holds)], [change])

    def _moved(self, change: Change | Batch, moved: MovedError) -> list[EndedChange]:
        """What was refused is put back in line in other words, with what is left of the same call; or let go."""
        held = [*moved.held, *self._left_of(change)]
        # Those that went before in the same batch.
        ended = _of(moved.ended, list(single([change]))[: len(moved.ended)])
        try:
            steps = self._spelt_anew(change, held, moved)
        except KeyboardInterrupt:
            self._session.execution.let_go([one for one in held if one.case], None)
            raise
        except BitgetError as failure:
            gone = self._session.execution.let_go(held, failure)
            return [*ended, *_of(gone, [one.change for one in held])]
        self._steps[:0] = steps
        if steps:
            return ended
        self._session.execution.let_go([one for one in held if one.case], None)
        first = next(single([change]))
        self._session.say(f"{first.what}: nothing has to be sent for it to the account as it is now")
        return [EndedChange(Outcome(OutcomeKind.DONE, what=first.what), first)]

    def _left_of(self, change: Change | Batch) -> list[HeldChange]:
        """Later steps that came from the same call, taken out of the line."""
        from bitget_cli.trading.execution import HeldChange

        same = [step for step in self._steps if step.change.spelling is change.spelling]
        self._steps = [step for step in self._steps if step.change.spelling is not change.spelling]
        return [
            HeldChange(item, case) for step in same for item, case in zip_longest(single([step.change]), step.under)
        ]

    def _spelt_anew(self, change: Change | Batch, held: Sequence[HeldChange], moved: MovedError) -> list[_Step]:
        """Raises the refusal itself where the account still is of the kind that it was."""
        from bitget_cli.trading.adapters.anew import check_leverage_stands, is_of_many, spelt_anew

        spelling = change.spelling
        if spelling is None or (moved.code and not self._is_of_other_kind(change, moved.refusal)):
            raise moved.refusal
        if self._leverage and self._leverage.spelling:
            check_leverage_stands(self._session.adapter, self._leverage.spelling)
        is_begun = any(one is spelling for one in self._begun)
        parts = list(map(_part, held)) if is_begun or is_of_many(spelling) else None
        changes = [_noted(one, held) for one in spelt_anew(self._session.adapter, spelling, parts)]
        if isinstance(change, Change) and len(changes) == 1 and isinstance(changes[0], Change):
            changes = [changes[0]._replace(there=changes[0].there or change.there)]
        prelude(self._session, changes)
        if changes:
            kind = self._session.account_kind.value
            self._session.say(f"note: the account is a {kind} one by now, so that nothing was done: sending it anew")
        return self._assigned(changes, held)

    def _is_of_other_kind(self, change: Change | Batch, refusal: UnavailableError) -> bool:
        try:
            return not self._session.speaks(change.row, refusal)
        except BitgetError:  # the refusal is certain, whatever became of the question for the kind
            return False

    def _assigned(self, changes: Sequence[Change | Batch], held: Sequence[HeldChange]) -> list[_Step]:
        """Each new change under the entry of its client id, or the next that is left; those of no use are let go."""
        open_ones = {one.case.entry.client_oid: one for one in held if one.case}
        singles = list(single(changes))
        under = [open_ones.pop(one.client_oid, None) if one.client_oid else None for one in singles]
        for place, one in enumerate(singles):
            if open_ones and not one.client_oid:
                under[place] = open_ones.pop(next(iter(open_ones)))
        self._session.execution.let_go(list(open_ones.values()), None)
        cases = iter([one and one.case for one in under])
        return [_Step(change, tuple(islice(cases, len(list(single([change])))))) for change in changes]


def _noted(change: Change | Batch, held: Sequence[HeldChange]) -> Change | Batch:
    """With what was noted of the change before it was sent: a person's tag, and the arithmetic behind its amounts."""
    if isinstance(change, Batch):
        items = (_noted(item, held) for item in change.items)
        return change._replace(items=tuple(item for item in items if isinstance(item, Change)))
    own = _before(change, held)
    return change._replace(tag=change.tag or own.tag, working=own.working)


def _before(change: Change, held: Sequence[HeldChange]) -> Change:
    """What it was until now: known by its client id, by what of the call it is, or else the first."""
    oid, part = change.client_oid, change.part
    by_id = (
        one.change for one in held if oid and oid in (one.change.client_oid, one.case and one.case.entry.client_oid)
    )
    by_part = (one.change for one in held if part is not None and part == one.change.part)
    return next(by_id, None) or next(by_part, None) or held[0].change


def _part(held: HeldChange) -> Any:
    """What is meant by one of several, an order under the client id that it was written down with."""
    part = held.change.part
    if held.case and isinstance(part, OrderIntent):
        return part._replace(client_oid=held.case.entry.client_oid)
    return part


def _of(outcomes: Sequence[Outcome], changes: Sequence[Change]) -> list[EndedChange]:
    """The outcomes of as many changes, each with the arithmetic behind its own, and the ids of orders that closed."""
    return [
        EndedChange(with_closing_orders(outcome._replace(working=one.working), one), one)
        for outcome, one in zip(outcomes, changes, strict=True)
    ]


def with_closing_orders(outcome: Outcome, change: Change) -> Outcome:
    """The closing of positions is answered with a list of the orders that do it."""
    if change.kind is not ChangeKind.CLEAR or not change.ends_at_once or outcome.error:
        return outcome
    from bitget_cli.trading import adapters

    named = adapters.of(change.row.name).replies(outcome.response)[0]
    ids = tuple(str(one.order_id) for one in named if one.order_id)
    return outcome._replace(order_id=outcome.order_id or (ids[0] if len(ids) == 1 else None), order_ids=ids)
