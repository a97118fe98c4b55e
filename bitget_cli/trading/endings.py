"""How a settled change is told: the outcome for scripts, the error for people, the next thing to type."""

from __future__ import annotations

import json
from typing import Any

from bitget_cli.errors import BitgetError, NetworkError, PartialError, RejectedError, UnknownError
from bitget_cli.journal import Entry, State
from bitget_cli.trading.changes import Change, Ended, Kind, Outcome

# May be repeated without harm, so that an unknown end of theirs stands in nobody's way.
HARMLESS = frozenset({Kind.CANCEL, Kind.CLEAR, Kind.SETTING})
# Carry a client id of ours on the wire.
NAMED = frozenset({Kind.PLACE, Kind.REPLACE, Kind.TRANSFER})
_LONGEST_ANSWER = 20_000


def outcome(
    entry: Entry,
    state: State,
    *,
    profile: str,
    order_id: str | None = None,
    response: Any = None,
    order_state: str | None = None,
    reason: str = "",
    cause: BitgetError | None = None,
) -> Outcome:
    """An outcome as the contract words it. `cause` is what the exchange or the network answered, `reason` a clause."""
    return Outcome(
        outcome=Ended.UNKNOWN if state.is_open else Ended(state.value),
        client_oid=entry.client_oid if Kind(entry.kind) in NAMED or state.is_open else None,
        order_id=order_id,
        symbol=entry.symbol,
        state=order_state,
        response=response,
        what=entry.what,
        error=_error(entry, state, profile=profile, reason=reason, cause=cause),
    )


def as_recorded(entry: Entry, *, profile: str) -> Outcome:
    """The outcome of an entry that the journal holds as settled."""
    answer = json.loads(entry.answer) if entry.answer and len(entry.answer) < _LONGEST_ANSWER else None
    reason = "settled before; see bitget order log"
    return outcome(entry, entry.state, profile=profile, order_id=entry.order_id, response=answer, reason=reason)


def _error(entry: Entry, state: State, *, profile: str, reason: str, cause: BitgetError | None) -> BitgetError | None:
    said: dict[str, Any] = {"code": None, "msg": None, "http_status": None, "endpoint": None}
    if cause is not None:
        said = {name: getattr(cause, name) for name in said}
    if state in (State.PLACED, State.CANCELLED, State.DONE):
        return None
    if state is State.REJECTED:
        if cause is not None and not reason:
            return cause
        return RejectedError(f"{entry.what}: {reason}", outcome="rejected", **said)
    if state is State.NOT_PLACED:
        if cause is not None and not reason:
            return cause
        return NetworkError(
            f"{entry.what}: {_NOT_DONE.get(Kind(entry.kind), 'not placed')}, proven: {reason}",
            hint="it is safe to give the order again" if Kind(entry.kind) is Kind.PLACE else None,
            outcome="not_placed",
            **said,
        )
    reasons = (cause.message if cause else "", reason)
    why = "; ".join(part for part in reasons if part) or "it was interrupted"
    return _doubt(entry, profile=profile, reason=why, **said)


def _doubt(entry: Entry, *, profile: str, reason: str, **said: Any) -> UnknownError:
    hint = f"find out with: bitget order reconcile {entry.client_oid}{on(profile)}"
    if Kind(entry.kind) in HARMLESS:
        hint += "; doing it again is harmless"
    return UnknownError(
        f"{entry.what}: it is not known whether this was carried out ({reason}); client id {entry.client_oid}",
        hint=hint,
        outcome="unknown",
        **said,
    )


def on(profile: str) -> str:
    """The option that names the profile; nothing where the environment's keys decide, which a name would shut out."""
    return f" -p {profile}" if profile else ""


def way_out(change: Change, *, profile: str) -> str | None:
    """For a journal that cannot be written: the call by itself, where it only takes orders out or closes positions."""
    if change.kind not in (Kind.CANCEL, Kind.CLEAR):
        return None
    import shlex

    spelt = {name: value if isinstance(value, str) else json.dumps(value) for name, value in change.given.items()}
    words = " ".join(shlex.quote(f"{name}={value}") for name, value in spelt.items())
    return f"mend that; or, without a journal: bitget api {change.row.name} {words}{on(profile)}"


def text_of(answer: Any) -> str | None:
    """An answer as the journal keeps it: JSON text, of bounded length."""
    return None if answer is None else json.dumps(answer)[:_LONGEST_ANSWER]


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
    return next((one.error for one in outcomes if one.outcome is Ended.UNKNOWN), None)


_NOT_DONE = {
    Kind.CANCEL: "not cancelled",
    Kind.AMEND: "not changed",
    Kind.REPLACE: "no new order placed",
    Kind.TRANSFER: "not transferred",
    Kind.CONVERT: "not converted",
    Kind.CLEAR: "not carried out",
    Kind.SETTING: "not set",
    Kind.MARGIN: "not moved",
}
