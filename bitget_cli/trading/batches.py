"""Several changes in one call: each with an id, a journal entry and an outcome of its own."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.envelope import Meaning
from bitget_cli.catalogue.envelope import code as meaning_of
from bitget_cli.errors import BitgetError, ConfigError, PartialError, RateLimitedError, RejectedError, StoppedError
from bitget_cli.journal import Journal, State
from bitget_cli.trading.changes import Batch, Change, Ended, Kind, Outcome
from bitget_cli.trading.fates import Case
from bitget_cli.trading.oids import new_oid
from bitget_cli.trading.preparing import Ready, ready
from bitget_cli.trading.settling import ACCEPTED, Settling
from bitget_cli.trading.verdicts import Verdict, is_of, of_code

if TYPE_CHECKING:
    from bitget_cli.client.rest import Call, Client

# One page of Bitget's says 50, another and error 40306 say 20.
ITEMS_A_CALL = 20
# Says only which market it took the orders of (page "Cancel Order By Symbol": the rest happens later).
_CONFIRMS_ONLY = frozenset({"spot.trade.cancel-symbol-order"})
_NAMES = ("orderId", "clientOid", "symbol")

Item = Mapping[str, Any]


@dataclass(frozen=True)
class _Part:
    """What goes out in one call."""

    call: Call
    items: Sequence[Ready]
    bodies: Sequence[str]


class Batches:
    """Sends batches in calls of twenty."""

    def __init__(
        self, client: Client, journal: Journal, settling: Settling, *, hear: Callable[[Any], None] | None = None
    ) -> None:
        """`hear` is given the `data` of each answer as it came."""
        self._hear = hear
        self._client = client
        self._journal = journal
        self._settling = settling

    def carry_out(self, batch: Batch) -> list[Outcome]:
        """The outcome of every item, in their order.

        All of it is written down before the first call. After a call that failed as a whole, or left something in
        doubt that could not be found out, the rest is not sent. Raises ConfigError when the journal fails before
        anything left; once something did, that is the outcome of the rest.
        """
        a_call = len(batch.items) if batch.call else ITEMS_A_CALL
        starts = range(0, len(batch.items), a_call)
        parts = [self._part(batch, batch.items[start : start + a_call]) for start in starts]
        drafts = [one.draft(body) for part in parts for one, body in zip(part.items, part.bodies, strict=True)]
        entries = iter(self._journal.append(drafts, now=self._settling.now()))
        cases = [[Case(next(entries), one.trail) for one in part.items] for part in parts]
        everything = [case for part in cases for case in part]
        return self._settling.guarded(everything, lambda: self._sent(list(zip(parts, cases, strict=True)), everything))

    def _part(self, batch: Batch, items: Sequence[Change]) -> _Part:
        now = self._settling.now()
        ones = [ready(item, item.client_oid or new_oid(now), around=batch.given) for item in items]
        sent = [dict(one.given) for one in ones]
        alone = [self._client.prepare(batch.row, {**batch.given, batch.list_name: [one]}) for one in sent]
        call = batch.call or self._client.prepare(batch.row, {**batch.given, batch.list_name: sent})
        return _Part(call, ones, [one.body.decode() for one in alone])

    def _sent(self, parts: Sequence[tuple[_Part, list[Case]]], everything: Sequence[Case]) -> list[Outcome]:
        for part, cases in parts:
            try:
                if not self._send(part.call, cases):
                    break
            except ConfigError as failure:
                if all(case.left_at is None for case in everything):
                    raise
                for case in cases:
                    self._settling.close(case, State.NOT_PLACED, cause=failure)
                break
        for case in everything:
            if case.ended is None and case.left_at is None:
                self._settling.close(case, State.NOT_PLACED, reason="an earlier part of the batch failed")
        return [case.ended or self._settling.give_up(case) for case in everything]

    def _send(self, call: Call, cases: list[Case]) -> bool:
        """One call brought to its end; whether the next may go out."""
        try:
            answer = self._client.send(call, leaving=self._settling.leaving(cases))
        except (StoppedError, ConfigError):
            raise
        except BitgetError as failure:
            in_doubt = [case for case in cases if self._settling.fail(case, failure) is None]
            self._settling.doubt(in_doubt)
            return False
        if self._hear:
            self._hear(answer.data)
        in_doubt = [case for case, row, won in _sorted(cases, answer.data) if not self._item(case, row, won=won)]
        self._note_strangers(cases, answer.data)
        self._settling.doubt(in_doubt)
        return all(case.ended for case in cases)

    def _item(self, case: Case, row: Item | None, *, won: bool) -> bool:
        """Whether the answer's row for an item says for certain what became of it."""
        if row is None:
            return False
        if won:
            order_id = str(row.get("orderId") or "") or None
            if order_id is None and case.kind is not Kind.CANCEL:
                return False
            self._settling.close(case, ACCEPTED.get(case.kind, State.DONE), order_id=order_id, response=dict(row))
            return True
        code, msg = str(row.get("errorCode") or ""), str(row.get("errorMsg") or "")
        refusal = _refusal(code, msg)
        case.verdict = of_code(code, case.kind) if code else Verdict.IN_DOUBT
        if case.verdict is Verdict.REFUSED:
            self._settling.close(case, State.REJECTED, response=dict(row), cause=refusal)
            return True
        case.refusal = refusal
        return False

    def _note_strangers(self, cases: Sequence[Case], data: Any) -> None:
        won, lost = _lists(data) or ([], [])
        trails = [case.trail for case in cases]
        strangers = [row for row in (*won, *lost) if _is_named(row) and not any(is_of(row, one) for one in trails)]
        if strangers:
            self._settling.tell(f"note: the answer names {len(strangers)} orders that were not in the batch")


def cleared(settling: Settling, case: Case, data: Any, *, there: Sequence[str]) -> Outcome:
    """The outcome of a call that takes many orders out: accepted as a whole, and perhaps refused for some of them.

    `there` is what was seen of them before. An answer that does not speak of each, or of none at all, decides nothing.
    """
    if case.entry.row in _CONFIRMS_ONLY:
        symbol = json.loads(case.entry.body).get("symbol")
        if isinstance(data, Mapping) and symbol and str(data.get("symbol", "")).upper() == symbol:
            return settling.close(case, State.DONE, response=data)
        return settling.doubt([case])[0]
    won, lost = _lists(data) or ([], [])
    if case.kind is Kind.CANCEL:
        return _cancelled(settling, case, won, lost, data)
    told = Counter(str(row[name]) for row in (*won, *lost) for name in _NAMES if row.get(name))
    if not (won or lost) or not Counter(there) <= told:
        return settling.doubt([case])[0]
    if not lost:
        return settling.close(case, State.DONE, response=data)
    return _partly_cleared(settling, case, won, lost, data)


def _partly_cleared(settling: Settling, case: Case, won: Sequence[Item], lost: Sequence[Item], data: Any) -> Outcome:
    """The outcome where some are refused: for certain, or such that a look decides."""
    refusal = _refusal(str(lost[0].get("errorCode") or ""), str(lost[0].get("errorMsg") or ""))
    codes = [str(row.get("errorCode") or "") for row in lost]
    verdicts = {of_code(code, case.kind) if code else Verdict.LOOK_ONCE for code in codes}
    if verdicts == {Verdict.REFUSED}:
        state = State.DONE if won else State.REJECTED
        outcome = settling.close(case, state, response=data, cause=None if won else refusal)
    else:
        case.refusal = refusal
        case.verdict = Verdict.LOOK_ONCE if Verdict.IN_DOUBT not in verdicts else Verdict.IN_DOUBT
        outcome = settling.doubt([case])[0]
        if outcome.outcome in (Ended.DONE, Ended.UNKNOWN):
            return outcome
    if not won:
        return outcome
    partial = PartialError(f"{len(lost)} of {len(won) + len(lost)} failed: {refusal.message}", outcome="rejected")
    return replace(outcome, outcome=Ended.DONE, response=data, error=partial)


def _cancelled(settling: Settling, case: Case, won: Sequence[Item], lost: Sequence[Item], data: Any) -> Outcome:
    """The outcome of a call that names one order, which its answer has to speak of."""
    if len(won) == 1 and not lost and is_of(won[0], case.trail):
        order_id = str(won[0].get("orderId") or "") or None
        return settling.close(case, State.CANCELLED, order_id=order_id, response=data)
    if len(lost) == 1 and not won:
        code = str(lost[0].get("errorCode") or "")
        case.refusal = _refusal(code, str(lost[0].get("errorMsg") or ""))
        # Without a code it is a refusal all the same; what the order ended as is worth a look.
        case.verdict = of_code(code, case.kind) if code else Verdict.ALREADY_FINAL
        if case.verdict is Verdict.REFUSED:
            return settling.close(case, State.REJECTED, response=data, cause=case.refusal)
    return settling.doubt([case])[0]


def _sorted(cases: Sequence[Case], data: Any) -> Iterator[tuple[Case, Item | None, bool]]:
    """Each case with the one row of the answer that speaks of it, and whether it is among the successes."""
    won, lost = _lists(data) or ([], [])
    mentions = {case.entry.number: (_about(won, case), _about(lost, case)) for case in cases}
    nameless = [row for row in lost if not _is_named(row)]
    left_over = [case for case in cases if mentions[case.entry.number] == ([], [])]
    # Bitget's page shows failures without ids: they count only where each left-over item has one, refused for certain.
    if len(nameless) == len(left_over) and all(_is_definite(row, left_over[0]) for row in nameless):
        for case, row in zip(left_over, nameless, strict=True):
            mentions[case.entry.number] = ([], [row])
    for case in cases:
        match mentions[case.entry.number]:
            case ([row], []):
                yield case, row, True
            case ([], [row]):
                yield case, row, False
            case _:
                yield case, None, False


def _lists(data: Any) -> tuple[list[Item], list[Item]] | None:
    """The successes and failures of a batch's answer; None where they are not plainly lists of objects."""
    if not isinstance(data, Mapping):
        return None
    won, lost = (data.get(name) or [] for name in ("successList", "failureList"))
    if not (isinstance(won, list) and isinstance(lost, list) and all(isinstance(row, Mapping) for row in won + lost)):
        return None
    return won, lost


def _about(rows: Sequence[Item], case: Case) -> list[Item]:
    return [row for row in rows if is_of(row, case.trail)]


def _is_named(row: Item) -> bool:
    return bool(row.get("clientOid") or row.get("orderId"))


def _is_definite(row: Item, case: Case) -> bool:
    return bool(row.get("errorCode")) and of_code(str(row["errorCode"]), case.kind) in (
        Verdict.REFUSED,
        Verdict.LOOK_ONCE,
    )


def _refusal(code: str, msg: str) -> BitgetError:
    said = f"{msg or 'no reason given'}, as Bitget says" + (f" ({code})" if code else "")
    kind = RateLimitedError if meaning_of(code).meaning is Meaning.RATE else RejectedError
    return kind(f"refused: {said}", code=code or None, msg=msg or None, outcome="rejected")
