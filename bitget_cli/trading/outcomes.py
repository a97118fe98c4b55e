"""What an answer says about a change and how its end is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.catalogue.envelope import Meaning, code
from bitget_cli.errors import (
    BitgetError,
    NetworkError,
    PartialError,
    RejectedError,
    UnavailableError,
    UnknownError,
    UsageError,
)
from bitget_cli.journal import Entry, EntryState
from bitget_cli.trading import adapters
from bitget_cli.trading.change import (
    SKEW_MS,
    Change,
    ChangeKind,
    LookupKey,
    Outcome,
    OutcomeKind,
    masked,
)

if TYPE_CHECKING:
    from bitget_cli.trading.adapters.protocol import ChangeAdapter


def check_entry(entry: Entry) -> None:
    """Raises ValueError for an entry of the journal that no version of this program wrote."""
    ChangeKind(entry.kind)
    try:
        find(entry.row)
    except UsageError as odd:
        raise ValueError(odd.message) from odd
    LookupKey.from_text(entry.trail)


# The setting has that value already.
ALREADY_SET = frozenset({"40814", "45054"})
# "No such order" to a cancel: it has left its book, filled or cancelled before.
ALREADY_FINAL = frozenset({"43001", "40768", "22001", "43004", "25204", "24056"})
# A quote is used once: called expired, or not the one that was given, it may have been used by this very conversion.
USED_QUOTE = frozenset({"12021", "12022"})
# Nothing there to be taken out.
_NOTHING_TO_CLEAR = ALREADY_FINAL | {"22002"}


class Verdict(Enum):
    ACCEPTED = auto()
    REFUSED = auto()  # definite: the exchange said no
    NOTHING_LEFT = auto()  # no byte of it reached the exchange
    IN_DOUBT = auto()
    EXISTS = auto()  # an order with the client id is there: perhaps this one
    ALREADY_FINAL = auto()
    ALREADY_SO = auto()
    LOOK_ONCE = auto()  # refused; but so is one that came too fast, or twice, and was accepted: a look decides
    SPENT = auto()  # refused, since what it was for is gone: perhaps by its own doing, so that absence must be proven


@dataclass
class PendingChange:
    """A change whose end is not known yet. `refusal` is what the exchange answered, if it did; `unseen` counts the
    whole looks in a row, each after the proof time, that showed no trace of it. `left_at` is the timestamp (ms) it was
    signed with by this process, `ended` its outcome once there is one, `others` what like changes were to make,
    `strangers` the order ids of others that were met in looking, and `why` what keeps it from being known. `answer`
    is what an acceptance said. `moved` is whether it was sent to an account that is of the other kind by now, so that
    it is looked for in other words, and that it is not found proves nothing."""

    entry: Entry
    key: LookupKey
    verdict: Verdict = Verdict.IN_DOUBT
    refusal: BitgetError | None = None
    unseen: int = 0
    left_at: int | None = None
    ended: Outcome | None = None
    others: tuple[Mapping[str, str], ...] = ()
    strangers: set[str] = field(default_factory=set)
    why: str = ""
    answer: Any = None
    moved: bool = False
    _before: tuple[ChangeAdapter, LookupKey] | None = None

    @property
    def kind(self) -> ChangeKind:
        return ChangeKind(self.entry.kind)

    @cached_property
    def adapter(self) -> ChangeAdapter:
        return adapters.of(self.entry.row)

    def look_over_there(self) -> bool:
        """The account is of the other kind than the one this was sent to: from now on it is looked for in that kind's
        words. False where it is known by none of them."""
        from bitget_cli.trading.adapters import moved

        self.moved, self._before = True, (self.adapter, self.key)
        body = json.loads(self.entry.body)
        found = moved.lookup(self.entry.row, self.entry.symbol, body, kind=self.kind, key=self.key)
        if found is None:
            return False
        self.adapter, self.key = found
        return True

    def look_back(self) -> None:
        """The account is of the kind again that this was sent to."""
        assert self._before  # noqa: S101  # a defect of ours, never data
        self.moved, (self.adapter, self.key) = False, self._before

    @property
    def never_left(self) -> bool:
        return self.left_at is None and self.entry.signed_at is None

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
        return not (self.key.ids or self.key.order_id) and self.adapter.tells_state(self.entry.row)

    @property
    def is_proven(self) -> bool:
        """Whether absence counts: two whole looks in a row, after the time in which it could still arrive."""
        return self.unseen >= 2


def of_error(error: BitgetError, kind: ChangeKind) -> Verdict:
    """The verdict in what `Client.send` raised."""
    if isinstance(error, UnknownError):
        exists = error.code is not None and code(error.code).meaning is Meaning.EXISTS
        return Verdict.EXISTS if exists and kind in (ChangeKind.PLACE, ChangeKind.REPLACE) else Verdict.IN_DOUBT
    if isinstance(error, NetworkError):
        return Verdict.NOTHING_LEFT if error.outcome == "not_placed" else Verdict.IN_DOUBT
    return of_code(error.code, kind) if error.code else Verdict.REFUSED


def of_code(text: str, kind: ChangeKind) -> Verdict:
    """The verdict in one of Bitget's codes, of a whole call or of one item of a batch."""
    if kind is ChangeKind.CANCEL and (text in ALREADY_FINAL or code(text).meaning is Meaning.NOT_FOUND):
        return Verdict.ALREADY_FINAL
    if kind is ChangeKind.SETTING and text in ALREADY_SET:
        return Verdict.ALREADY_SO
    if kind is ChangeKind.CLEAR and text in _NOTHING_TO_CLEAR:
        return Verdict.LOOK_ONCE  # there was something, or it would not have been asked
    match code(text).meaning:
        case Meaning.EXISTS if kind in (ChangeKind.PLACE, ChangeKind.REPLACE):
            return Verdict.EXISTS
        case Meaning.EXISTS | Meaning.AMBIGUOUS | Meaning.UNKNOWN | Meaning.OK:
            return Verdict.IN_DOUBT
        case Meaning.RATE:
            return Verdict.LOOK_ONCE
        case Meaning.NOT_FOUND if kind in (ChangeKind.REPLACE, ChangeKind.AMEND):
            return Verdict.SPENT
    if kind is ChangeKind.CONVERT and text in USED_QUOTE:
        return Verdict.SPENT
    # A network may deliver a request twice and pass on the second answer alone. What is refused for its own words (a
    # price, a parameter, a permission) is refused both times; what is refused for how things stand may have been
    # accepted before, so that it is looked for first.
    return Verdict.LOOK_ONCE if code(text).refused_for else Verdict.REFUSED


def of_answer(data: Any, entry: Entry, key: LookupKey) -> Verdict:
    """The verdict in the `data` of a success: it counts only where it speaks of this very change.

    What a call says that takes many orders out is not judged here, but by `execution.cleared`.
    """
    told = adapters.of(entry.row).confirms(ChangeKind(entry.kind), entry.row, entry.body, key, data)
    return Verdict.ACCEPTED if told else Verdict.IN_DOUBT


def order_id_of(row_name: str, data: Any) -> str | None:
    """The id of what was made, in the answer to a request of this row."""
    first = data[0] if isinstance(data, list) and data else data
    return adapters.of(row_name).trace(first).id if isinstance(first, Mapping) else None


# May be repeated without harm, so that an unknown end of theirs stands in nobody's way.
IDEMPOTENT = frozenset({ChangeKind.CANCEL, ChangeKind.CLEAR, ChangeKind.SETTING})
# Carry a client id of ours on the wire.
HAS_CLIENT_ID = frozenset({ChangeKind.PLACE, ChangeKind.REPLACE, ChangeKind.TRANSFER})
_LONGEST_ANSWER = 20_000


def outcome(
    entry: Entry,
    state: EntryState,
    *,
    profile: str,
    order_id: str | None = None,
    response: Any = None,
    order_state: str | None = None,
    reason: str = "",
    cause: BitgetError | None = None,
) -> Outcome:
    """An outcome as the contract words it. `cause` is what the exchange or the network answered, `reason` a clause."""
    client_oid = entry.client_oid if ChangeKind(entry.kind) in HAS_CLIENT_ID or state.is_open else None
    error = _error(entry, state, profile=profile, reason=reason, cause=cause)
    if error is not None:
        error.client_oid = client_oid
    return Outcome(
        outcome=OutcomeKind.UNKNOWN if state.is_open else OutcomeKind(state.value),
        client_oid=client_oid,
        order_id=order_id,
        symbol=entry.symbol,
        state=order_state,
        response=response,
        told=adapters.of(entry.row).told(response, entry.row, entry.body),
        what=entry.what,
        error=error,
    )


def refused_before(entry: Entry) -> UnavailableError | None:
    """What an entry without an end was refused with for certain, where it was to be sent anew and never was."""
    if not entry.answer or not entry.state.is_open:
        return None
    try:
        told = json.loads(entry.answer)
        known = {name: told[name] for name in ("hint", "code", "msg", "http_status", "endpoint", "outcome")}
        return UnavailableError(str(told["message"]), **known)
    except (ValueError, TypeError, LookupError):  # cut short, since it was very long
        return UnavailableError("the account is of the other kind, and refused it", outcome="rejected")


def as_recorded(entry: Entry, *, profile: str) -> Outcome:
    """The outcome of an entry that the journal holds as settled."""
    answer = json.loads(entry.answer) if entry.answer and len(entry.answer) < _LONGEST_ANSWER else None
    reason = "settled before; see bitget order log"
    return outcome(entry, entry.state, profile=profile, order_id=entry.order_id, response=answer, reason=reason)


def _error(
    entry: Entry, state: EntryState, *, profile: str, reason: str, cause: BitgetError | None
) -> BitgetError | None:
    said: dict[str, Any] = {"code": None, "msg": None, "http_status": None, "endpoint": None}
    if cause is not None:
        said = {name: getattr(cause, name) for name in said}
    if state in (EntryState.PLACED, EntryState.CANCELLED, EntryState.DONE):
        return None
    if state is EntryState.REJECTED:
        if cause is not None and not reason:
            return cause
        return RejectedError(f"{entry.what}: {reason}", outcome="rejected", **said)
    if state is EntryState.NOT_PLACED:
        if cause is not None and not reason:
            return cause
        proven = NetworkError(
            f"{entry.what}: {_NOT_DONE.get(ChangeKind(entry.kind), 'not placed')}, proven: {reason}",
            hint="it is safe to give the order again" if ChangeKind(entry.kind) is ChangeKind.PLACE else None,
            outcome="not_placed",
            **said,
        )
        proven.__cause__ = cause
        return proven
    reasons = (cause.message if cause else "", reason)
    why = "; ".join(part for part in reasons if part) or "it was interrupted"
    return _doubt(entry, profile=profile, reason=why, **said)


def _doubt(entry: Entry, *, profile: str, reason: str, **said: Any) -> UnknownError:
    hint = f"find out with: bitget order reconcile {entry.client_oid}{profile_option(profile)}"
    if ChangeKind(entry.kind) in IDEMPOTENT:
        hint += "; doing it again is harmless"
    return UnknownError(
        f"{entry.what}: it is not known whether this was carried out ({reason}); client id {entry.client_oid}",
        hint=hint,
        outcome="unknown",
        **said,
    )


def profile_option(profile: str) -> str:
    """The option that names the profile; nothing where the environment's keys decide, which a name would shut out."""
    return f" -p {profile}" if profile else ""


def fallback_command(change: Change, *, profile: str) -> str | None:
    """For a journal that cannot be written: the call by itself, where it only takes orders out or closes positions."""
    if change.kind not in (ChangeKind.CANCEL, ChangeKind.CLEAR):
        return None
    import shlex

    spelt = {name: value if isinstance(value, str) else json.dumps(value) for name, value in change.given.items()}
    words = " ".join(shlex.quote(f"{name}={value}") for name, value in spelt.items())
    return f"mend that; or, without a journal: bitget api {change.row.name} {words}{profile_option(profile)}"


def text_of(answer: Any) -> str | None:
    """An answer as the journal keeps it: JSON text, of bounded length, without a secret."""
    return None if answer is None else json.dumps(masked(answer))[:_LONGEST_ANSWER]


def batch_error(outcomes: list[Outcome]) -> BitgetError | None:
    """The failure of a batch as a whole: the one thing that went wrong everywhere, or PartialError; None for success.

    An unknown outcome decides before a known failure does: it is the one that needs a person.
    """
    errors = [one.error for one in outcomes if one.error]
    if not errors:
        return None
    unknown = [error for error in errors if isinstance(error, UnknownError)]
    if len(errors) == len(outcomes) and len({type(error) for error in errors}) == 1:
        return errors[0]
    return PartialError(
        f"{len(errors)} of {len(outcomes)} failed" + (f", {len(unknown)} of them with unknown outcome" * bool(unknown)),
        hint="find out with: bitget order reconcile" if unknown else None,
        outcome="unknown" if unknown else "rejected",
    )


def unknown_error(outcomes: list[Outcome]) -> BitgetError | None:
    """The failure of a look that left something unknown; to find out that it was refused is no failure."""
    return next((one.error for one in outcomes if one.outcome is OutcomeKind.UNKNOWN), None)


_NOT_DONE = {
    ChangeKind.CANCEL: "not cancelled",
    ChangeKind.AMEND: "not changed",
    ChangeKind.REPLACE: "no new order placed",
    ChangeKind.TRANSFER: "not transferred",
    ChangeKind.CONVERT: "not converted",
    ChangeKind.CREATE: "not made",
    ChangeKind.CLEAR: "not carried out",
    ChangeKind.SETTING: "not set",
    ChangeKind.MARGIN: "not moved",
}
