"""What a look at the exchange says about one change: its fate, or nothing for certain yet."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bitget_cli.errors import BitgetError
from bitget_cli.journal import Entry, State
from bitget_cli.trading import aftermath
from bitget_cli.trading.changes import Kind, Outcome
from bitget_cli.trading.sightings import SKEW_MS, Row, Sighting
from bitget_cli.trading.trails import Trail, agrees, oid_of, reached
from bitget_cli.trading.verdicts import CANCELLED, FAILED, FILLED, LIVE, Verdict, order_id_of, state_of


@dataclass
class Case:
    """A change whose end is not known yet. `refusal` is what the exchange answered, if it did; `unseen` counts the
    whole looks in a row, each after the proof time, that showed no trace of it. `left_at` is the timestamp (ms) it was
    signed with by this process, `ended` its outcome once there is one, `others` what like changes were to make,
    `strangers` the order ids of others that were met in looking, and `why` what keeps it from being known. `answer`
    is what an acceptance said."""

    entry: Entry
    trail: Trail
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
    def kind(self) -> Kind:
        return Kind(self.entry.kind)

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
        return aftermath.tells(self.entry.row) and not (self.trail.ids or self.trail.order_id)

    @property
    def is_proven(self) -> bool:
        """Whether absence counts: two whole looks in a row, after the time in which it could still arrive."""
        return self.unseen >= 2


@dataclass(frozen=True)
class Fate:
    """How a change ended, by what the exchange shows. `reason` is a clause for people."""

    state: State
    row: Row | None = None
    reason: str = ""

    @property
    def order_id(self) -> str | None:
        return order_id_of(self.row)


def fate(case: Case, sighting: Sighting) -> Fate | None:
    """The fate that a look proves, and the count of looks in vain kept in `case`; None while nothing is certain."""
    found = _fate(case, sighting)
    if case.verdict is Verdict.LOOK_ONCE and sighting.complete and (found is None or found.state is State.NOT_PLACED):
        return Fate(State.REJECTED)
    if case.verdict is Verdict.SPENT and found and found.state is State.NOT_PLACED:
        return Fate(State.REJECTED, found.row)
    return found


def _fate(case: Case, sighting: Sighting) -> Fate | None:
    rows = sighting.rows
    in_vain = not rows and sighting.shows_nothing_since(case.proof_at)
    if case.leaves_a_state:
        return _of_state(case, sighting)
    match case.kind:
        case Kind.CANCEL | Kind.CLEAR:
            return _of_cancel(case, rows, sighting)
        case Kind.AMEND:
            return _of_amend(case, rows, sighting)
    if rows and len(case.trail.ids) > 1 and set(case.trail.ids) - {oid_of(row) for row in rows}:
        return _of_half(case, rows[0], sighting)
    case.unseen = case.unseen + 1 if in_vain else 0
    if case.trail.before is not None and rows and not _each_once(case.trail, rows):
        return None
    if rows:
        return _of_money(rows) if case.kind in (Kind.TRANSFER, Kind.CONVERT) else _of_order(case, rows)
    if not case.is_proven:
        return None
    if case.verdict is Verdict.EXISTS:
        return Fate(State.REJECTED, None, "its client id was refused as used")
    return Fate(State.NOT_PLACED, None, "the exchange does not have it and can no longer receive it")


def _of_state(case: Case, sighting: Sighting) -> Fate | None:
    if not sighting.complete:
        case.unseen = 0
        return None
    request = aftermath.Request(json.loads(case.entry.body), case.signed_at, case.trail.match)
    stands = aftermath.standing(case.entry.row, request, sighting.rows)
    row = sighting.rows[0] if len(sighting.rows) == 1 else None
    if stands.as_wanted:
        return Fate(State.DONE, row)
    return None if stands.as_wanted is None else _unchanged(case, row, sighting, stands.why)


def _of_half(case: Case, row: Row, sighting: Sighting) -> Fate | None:
    """One call for two exits: that one is there says nothing of the other, until that can come no more."""
    proven = sighting.complete and _unchanged(case, row, sighting, "")
    return Fate(State.REJECTED, row, f"only one of the two is there, order {order_id_of(row)}") if proven else None


def _of_order(case: Case, rows: Sequence[Row]) -> Fate | None:
    row = rows[0]
    if case.verdict is not Verdict.EXISTS:
        return Fate(State.PLACED, row)
    made = str(row.get("cTime") or "")
    older = made.isdigit() and int(made) < case.signed_at - SKEW_MS
    if older or not agrees(row, {name: case.trail.match[name] for name in _FIRM if name in case.trail.match}):
        return Fate(State.REJECTED, row, "its client id belongs to another order")
    return Fate(State.PLACED, row)


def _each_once(trail: Trail, rows: Sequence[Row]) -> bool:
    """Whether the rows are ours beyond doubt: one for each part, and no other."""
    counts = [sum(agrees(row, part) for row in rows) for part in trail.wanted]
    return len(rows) == len(counts) and set(counts) == {1}


def _of_money(rows: Sequence[Row]) -> Fate | None:
    failed = [str(row.get("status", "")).lower() in FAILED for row in rows]
    row: Row = rows[0] if len(rows) == 1 else {"records": list(rows)}
    if all(failed):
        return Fate(State.REJECTED, row, "the exchange says it failed")
    return None if any(failed) else Fate(State.DONE, row)


def _of_cancel(case: Case, rows: Sequence[Row], sighting: Sighting) -> Fate | None:
    if not rows:
        # Bitget may forget an order that was cancelled unfilled: gone is all that can be said.
        gone = case.verdict is Verdict.ALREADY_FINAL or sighting.shows_nothing_since(case.proof_at)
        return Fate(State.REJECTED, None, "there is no such order any more") if gone and sighting.complete else None
    state = state_of(rows[0]) or ""
    if state in CANCELLED:
        return Fate(State.CANCELLED, rows[0])
    if state in FILLED | FAILED:
        return Fate(State.REJECTED, rows[0], f"the order was {state} before")
    return _unchanged(case, rows[0], sighting, "the order is still open") if state in LIVE else None


def _of_amend(case: Case, rows: Sequence[Row], sighting: Sighting) -> Fate | None:
    if not rows:
        gone = sighting.shows_nothing_since(case.proof_at)
        return Fate(State.REJECTED, None, "there is no such order any more") if gone else None
    done = reached(rows[0], case.trail.aims)
    if done:
        return Fate(State.DONE, rows[0])
    return _unchanged(case, rows[0], sighting, "the order is as it was") if done is False else None


def _unchanged(case: Case, row: Row | None, sighting: Sighting, reason: str) -> Fate | None:
    late = sighting.asked_at is not None and sighting.asked_at >= case.proof_at
    case.unseen = case.unseen + 1 if late else 0
    return Fate(State.NOT_PLACED, row, reason) if case.is_proven else None


# What an order always shows as it was sent.
_FIRM = ("symbol", "side")
