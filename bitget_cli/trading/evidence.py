"""One full look for a change at the exchange, and what it proves: its end, or nothing yet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue.envelope import Meaning, code
from bitget_cli.catalogue.model import Endpoint, PageKind
from bitget_cli.errors import BitgetError, CredentialsError, StoppedError
from bitget_cli.journal.entries import Entry, EntryState
from bitget_cli.trading.adapters.classic import queries
from bitget_cli.trading.adapters.classic.queries import FILLS
from bitget_cli.trading.model import ChangeKind, Outcome, Question
from bitget_cli.trading.outcomes import (
    CANCELLED,
    FAILED,
    FILLED,
    LIVE,
    LookupKey,
    Verdict,
    client_order_id_of,
    has_new_values,
    id_of,
    matches,
    order_id_of,
    state_of,
)

if TYPE_CHECKING:
    from bitget_cli.client.rest.client import Client

Row = Mapping[str, Any]

# By how much the clocks of an order and of its signature may differ: Bitget refuses more than 30 s.
SKEW_MS = 32_000

# When a row came to be, by the names Bitget gives it.
_MADE = ("cTime", "ctime", "ts")
_PAGE = 100
_MOST_PAGES = 1000
# Orders behind trades that are asked for one by one; of more, the list of past orders tells a hundred at a time.
_ONE_BY_ONE = 5
# These answer one order by its id, or say that there is none.
_DETAILS = frozenset({"mix.order.detail", "spot.trade.orderInfo"})
_PAST_ORDERS = frozenset({"mix.order.orders-history", "spot.trade.history-orders"})
# A page of such a length may have been cut off there, whatever was asked for.
_ROUND = frozenset({10, 20, 50, _PAGE})


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
    trail: LookupKey
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
        return self.whole or (
            len(self.trail.ids) > 1 and bool(set(self.trail.ids) - {client_order_id_of(row) for row in seen})
        )

    def other(self) -> Row | None:
        """The order that was to be replaced, as it stands; None when it is not told."""
        question = self.trail.lookup.other
        try:
            return next(self._answers(question), None) if question else None
        except _UnansweredError:
            return None

    def _questions(self) -> Iterator[Question]:
        if self.trail.lookup.detail:
            yield self.trail.lookup.detail
        for row, given in self.trail.lookup.lists:
            if self.signed_at is not None and self.trail.order_id is None:
                given = {**time_window(row, self.signed_at), **given}
            yield row, given

    def _ours(self, question: Question) -> list[Row]:
        if question[0].name in FILLS:
            return self._behind_fills(question)
        if self.trail.before is not None:
            return self._new(question)
        found = []
        for row in self._answers(question):
            if self._is_ours(row):
                found.append(row)
            elif question[0].name in _DETAILS:
                raise _UnansweredError("the exchange answered about another order")
            else:
                self._note_stranger(row)
        return found

    def _is_ours(self, row: Row) -> bool:
        if self.trail.order_id is None:
            return client_order_id_of(row) in self.trail.ids
        # An amended order may have got another order id, and is known by a client id then.
        return row.get("orderId") == self.trail.order_id or client_order_id_of(row) in (
            *self.trail.ids,
            *self.trail.old,
        )

    def _note_stranger(self, row: Row) -> None:
        if row.get("orderId"):
            self.strangers.add(str(row["orderId"]))

    def _new(self, question: Question) -> list[Row]:
        """Rows that were not there before and show what was sent."""
        fresh = [row for row in self._answers(question) if self._is_fresh(row)]
        ours = [row for row in fresh if any(matches(row, part) for part in self.trail.wanted)]
        strange = [row for row in fresh if not any(matches(row, other) for other in self.others)]
        if not ours and any(matches(row, _coins(part)) for row in strange for part in self.trail.lookup.parts):
            # The same coins with other numbers: perhaps ours, shown otherwise than we know. That is no absence.
            raise _UnansweredError("the same coins were converted in other amounts about that time")
        return ours

    def _is_fresh(self, row: Row) -> bool:
        made = next((str(row[name]) for name in _MADE if row.get(name)), "")
        too_old = made.isdigit() and self.signed_at is not None and int(made) < self.signed_at - SKEW_MS
        return id_of(row) not in (self.trail.before or ()) and not too_old

    def _behind_fills(self, question: Question) -> list[Row]:
        """Fills name no client id, so each order behind a fresh one is asked for its own."""
        detail = self.trail.lookup.detail
        if detail is None or not self.trail.ids:
            return []
        behind = {str(row.get("orderId")) for row in self._answers(question)} - self.strangers
        if len(behind) > _ONE_BY_ONE and (ours := self._among_past_orders()):
            return ours
        row, given = detail
        for order_id in sorted(behind - self.strangers):
            by_id = {name: value for name, value in given.items() if name != "clientOid"} | {"orderId": order_id}
            orders = list(self._answers((row, by_id)))
            if not orders:
                raise _UnansweredError(f"it shows a trade of order {order_id}, and does not know that order")
            if ours := [order for order in orders if client_order_id_of(order) in self.trail.ids]:
                return ours
            self.strangers.add(order_id)
        return []

    def _among_past_orders(self) -> list[Row]:
        """Ours among all orders made about the time of sending; the others are known for strangers from then on."""
        for row, given in self.trail.lookup.lists:
            if row.name not in _PAST_ORDERS:
                continue
            whole = {name: value for name, value in given.items() if name != "clientOid"}
            for order in self._answers((row, {**whole, **_window(self.signed_at)})):
                if client_order_id_of(order) in self.trail.ids:
                    return [order]
                self._note_stranger(order)
        return []

    def _answers(self, question: Question) -> Iterator[Row]:
        """Every row of the answer, page after page. Raises _UnansweredError where there is no whole answer."""
        row, given = question
        names = {param.name for param in row.params}
        asked = dict(given) | ({"limit": str(_PAGE)} if "limit" in names else {})
        for _ in range(_MOST_PAGES):
            data = self._ask(row, asked)
            page = _rows(row, data)
            yield from page
            cursor = _next(row, data, page, asked=asked)
            if cursor is None:
                return
            asked["idLessThan"] = cursor
        raise _UnansweredError(f"there is more to look through than {_MOST_PAGES} pages")

    def _ask(self, row: Endpoint, given: Mapping[str, Any]) -> Any:
        try:
            answer = self.client.send(self.client.prepare(row, given), until=self.until)
        except StoppedError:
            raise
        except BitgetError as refusal:
            if isinstance(refusal, CredentialsError) and refusal.code is None:
                raise  # there is no key to ask with, which no waiting mends
            if refusal.code is None or code(refusal.code).meaning is not Meaning.NOT_FOUND:
                raise _UnansweredError(_unanswered(refusal), silent=refusal.http_status is None) from None
            self.times.append(told_at(refusal.requested_at))
            return None
        self.times.append(told_at(answer.requested_at))
        return answer.data

    def _earliest(self) -> int | None:
        known = [time for time in self.times if time is not None]
        return min(known) if known and len(known) == len(self.times) else None


def time_window(row: Endpoint, moment: int) -> dict[str, str]:
    """The times by which a list is asked for what was made about `moment` (ms); an end only where it must have one.

    By then the exchange takes no request signed at that moment any more. Trades have an end too: those that are asked
    about are of orders that are in no list yet, and an account that goes on trading has more of them every second.
    """
    takes = {param.name: param.required for param in row.params}
    ends = takes.get("endTime") or row.name in FILLS
    wanted = {name for name in takes if name == "startTime" or (name == "endTime" and ends)}
    return {name: time for name, time in _window(moment).items() if name in wanted}


def _window(moment: int | None) -> dict[str, str]:
    """Start and end of the time in which a request signed at `moment` (ms) may have been carried out."""
    return {} if moment is None else {"startTime": str(moment - 2 * SKEW_MS), "endTime": str(moment + 2 * SKEW_MS)}


def _unanswered(refusal: BitgetError) -> str:
    """Why there is no answer, in the words of the failure itself."""
    return f"asked about it: {refusal.message}"


def _coins(part: Mapping[str, str]) -> dict[str, str]:
    return {name: part[name] for name in ("fromCoin", "toCoin") if name in part}


def _rows(row: Endpoint, data: Any) -> Sequence[Row]:
    """The rows of an answer. Whatever is not plainly rows, or plainly none, is no answer."""
    if isinstance(data, dict) and data and row.paging.rows_at:
        if row.paging.rows_at not in data:
            raise _UnansweredError
        data = data[row.paging.rows_at]
    elif isinstance(data, dict) and data:
        data = [data]
    rows = data or []
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise _UnansweredError
    return rows


def _next(row: Endpoint, data: Any, page: Sequence[Row], *, asked: Mapping[str, Any]) -> str | None:
    """The cursor of the next page, None after the last. Raises _UnansweredError when there must be one and is not."""
    paging = row.paging
    if len(page) not in _ROUND or (isinstance(data, dict) and str(data.get("nextFlag")).lower() == "false"):
        return None
    holder = page[-1] if paging.cursor_in_row else data
    cursor = holder.get(paging.cursor or "") if isinstance(holder, dict) else None
    if paging.kind is not PageKind.ID_LESS_THAN or not cursor or cursor == asked.get("idLessThan"):
        if len(page) < _PAGE:
            return None
        raise _UnansweredError
    return str(cursor)


def told_at(text: str | None) -> int | None:
    """An answer's own time in ms; None where it has none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 15 else None


@dataclass
class PendingChange:
    """A change whose end is not known yet. `refusal` is what the exchange answered, if it did; `unseen` counts the
    whole looks in a row, each after the proof time, that showed no trace of it. `left_at` is the timestamp (ms) it was
    signed with by this process, `ended` its outcome once there is one, `others` what like changes were to make,
    `strangers` the order ids of others that were met in looking, and `why` what keeps it from being known. `answer`
    is what an acceptance said."""

    entry: Entry
    trail: LookupKey
    verdict: Verdict = Verdict.IN_DOUBT
    refusal: BitgetError | None = None
    unseen: int = 0
    left_at: int | None = None
    ended: Outcome | None = None
    others: tuple[Mapping[str, str], ...] = ()
    strangers: set[str] = field(default_factory=set)
    why: str = ""
    answer: Any = None

    @property
    def kind(self) -> ChangeKind:
        return ChangeKind(self.entry.kind)

    @property
    def signed_at(self) -> int:
        """The latest timestamp (ms) it can carry: an entry that never got further than prepared never left."""
        return self.left_at or self.entry.signed_at or self.entry.prepared_at

    @property
    def proof_at(self) -> int:
        """From here on (ms, the exchange's clock) Bitget refuses the request if it should still arrive."""
        return self.signed_at + SKEW_MS

    @property
    def leaves_a_state(self) -> bool:
        """Whether it is known by what it leaves, and not by an order of its own or one it names."""
        return queries.tells(self.entry.row) and not (self.trail.ids or self.trail.order_id)

    @property
    def is_proven(self) -> bool:
        """Whether absence counts: two whole looks in a row, after the time in which it could still arrive."""
        return self.unseen >= 2


class Resolution(NamedTuple):
    """How a change ended, by what the exchange shows. `reason` is a clause for people."""

    state: EntryState
    row: Row | None = None
    reason: str = ""

    @property
    def order_id(self) -> str | None:
        return order_id_of(self.row)


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
    if rows and len(case.trail.ids) > 1 and set(case.trail.ids) - {client_order_id_of(row) for row in rows}:
        return _of_half(case, rows[0], result)
    case.unseen = case.unseen + 1 if in_vain else 0
    if case.trail.before is not None and rows and not _each_once(case.trail, rows):
        return None
    if rows:
        return _of_money(rows) if case.kind in (ChangeKind.TRANSFER, ChangeKind.CONVERT) else _of_order(case, rows)
    if not case.is_proven:
        return None
    if case.verdict is Verdict.EXISTS:
        return Resolution(EntryState.REJECTED, None, "its client id was refused as used")
    return Resolution(EntryState.NOT_PLACED, None, "the exchange does not have it and can no longer receive it")


def _of_state(case: PendingChange, result: SearchResult) -> Resolution | None:
    if not result.complete:
        case.unseen = 0
        return None
    request = queries.StateQuery(json.loads(case.entry.body), case.signed_at, case.trail.match)
    stands = queries.standing(case.entry.row, request, result.rows)
    # A list may be wider than the request: a row about something else proves nothing, and is not shown.
    meant = [row for row in result.rows if queries.is_of(row, request.given)]
    row = meant[0] if len(meant) == 1 else None
    if stands.as_wanted:
        return Resolution(EntryState.DONE, row)
    return None if stands.as_wanted is None else _unchanged(case, row, result, stands.why)


def _of_half(case: PendingChange, row: Row, result: SearchResult) -> Resolution | None:
    """One call for two exits: that one is there says nothing of the other, until that can come no more."""
    proven = result.complete and _unchanged(case, row, result, "")
    return (
        Resolution(EntryState.REJECTED, row, f"only one of the two is there, order {order_id_of(row)}")
        if proven
        else None
    )


def _of_order(case: PendingChange, rows: Sequence[Row]) -> Resolution | None:
    row = rows[0]
    if case.verdict is not Verdict.EXISTS:
        return Resolution(EntryState.PLACED, row)
    made = str(row.get("cTime") or "")
    older = made.isdigit() and int(made) < case.signed_at - SKEW_MS
    if older or not matches(row, {name: case.trail.match[name] for name in _FIRM if name in case.trail.match}):
        return Resolution(EntryState.REJECTED, row, "its client id belongs to another order")
    return Resolution(EntryState.PLACED, row)


def _each_once(trail: LookupKey, rows: Sequence[Row]) -> bool:
    """Whether the rows are ours beyond doubt: one for each part, and no other."""
    counts = [sum(matches(row, part) for row in rows) for part in trail.wanted]
    return len(rows) == len(counts) and set(counts) == {1}


def _of_money(rows: Sequence[Row]) -> Resolution | None:
    failed = [str(row.get("status", "")).lower() in FAILED for row in rows]
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
    state = state_of(rows[0]) or ""
    if state in CANCELLED:
        return Resolution(EntryState.CANCELLED, rows[0])
    if state in FILLED | FAILED:
        return Resolution(EntryState.REJECTED, rows[0], f"the order was {state} before")
    return _unchanged(case, rows[0], result, "the order is still open") if state in LIVE else None


def _of_amend(case: PendingChange, rows: Sequence[Row], result: SearchResult) -> Resolution | None:
    if not rows:
        gone = result.shows_nothing_since(case.proof_at)
        return Resolution(EntryState.REJECTED, None, "there is no such order any more") if gone else None
    done = has_new_values(rows[0], case.trail.aims)
    if done:
        return Resolution(EntryState.DONE, rows[0])
    return _unchanged(case, rows[0], result, "the order is as it was") if done is False else None


def _unchanged(case: PendingChange, row: Row | None, result: SearchResult, reason: str) -> Resolution | None:
    late = result.asked_at is not None and result.asked_at >= case.proof_at
    case.unseen = case.unseen + 1 if late else 0
    return Resolution(EntryState.NOT_PLACED, row, reason) if case.is_proven else None


# What an order always shows as it was sent.
_FIRM = ("symbol", "side")
