"""What an answer says about a change, the key to find it by, and how its end is told."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum, auto
from typing import Any, NamedTuple

from bitget_cli.catalogue import find
from bitget_cli.catalogue.envelope import Meaning, code
from bitget_cli.errors import BitgetError, NetworkError, PartialError, RejectedError, UnknownError, UsageError
from bitget_cli.journal.entries import Entry, EntryState
from bitget_cli.trading.adapters.classic import queries
from bitget_cli.trading.model import (
    EXACT,
    LISTED_CANCEL,
    Change,
    ChangeKind,
    Lookup,
    Outcome,
    OutcomeKind,
    Question,
    exact,
)

# Names a client id goes by, in requests and in rows.
CLIENT_ORDER_ID_NAMES = ("clientOid", "newClientOid", "stopSurplusClientOid", "stopLossClientOid")
_AIMED = (
    *("triggerPrice", "size", "price", "executePrice", "callbackRatio", "rangeRate"),
    *("presetStopSurplusPrice", "presetStopLossPrice"),
)
# What a thing that was made goes by, where it has no client id of ours.
_ID_NAMES = ("orderId", "transferId", "id")
# Shown with fewer decimals than it was sent with: 0.0005226794534969 becomes 0.00052268 (page "Convert").
_ROUNDED = frozenset({"cnvtPrice"})
_COMPARED = ("symbol", "side", "planType", "size", "triggerPrice")


class LookupKey(NamedTuple):
    """Which rows to ask, and how to know the order among what they answer.

    `ids` are the client ids on the wire, `order_id` the order that is cancelled or amended. Where Bitget keeps no
    client id, `before` holds the order ids seen before sending, and an order that is new and agrees with `match` is
    ours. `aims` are the new values of an order that is amended, `old` every id that an order went by which is amended
    or replaced.
    """

    lookup: Lookup = Lookup()
    ids: tuple[str, ...] = ()
    order_id: str | None = None
    before: tuple[str, ...] | None = None
    match: Mapping[str, str] = {}
    aims: Mapping[str, str] = {}
    old: tuple[str, ...] = ()

    @property
    def can_be_looked_up(self) -> bool:
        return bool(self.lookup.detail or self.lookup.lists)

    @property
    def wanted(self) -> tuple[Mapping[str, str], ...]:
        """Where there is no client id: what is to be found, each in one new row."""
        return self.lookup.parts or (self.match,)

    def to_text(self) -> str:
        return json.dumps(
            {
                "detail": _told(self.lookup.detail),
                "lists": [_told(question) for question in self.lookup.lists],
                "other": _told(self.lookup.other),
                "parts": [dict(part) for part in self.lookup.parts],
                "ids": self.ids,
                "order_id": self.order_id,
                "before": self.before,
                "match": dict(self.match),
                "aims": dict(self.aims),
                "old": self.old,
            }
        )

    @staticmethod
    def from_text(text: str) -> LookupKey:
        """Raises ValueError for a text that `to_text` never wrote."""
        try:
            trail = LookupKey._read(json.loads(text))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, UsageError) as odd:
            raise ValueError(f"what it is found by cannot be read: {odd}") from odd
        texts = (*trail.ids, *trail.old, *(trail.before or ()), *trail.match.values(), *trail.aims.values())
        if not all(isinstance(one, str) for one in texts) or not isinstance(trail.order_id, str | None):
            raise ValueError("what it is found by is no text")
        return trail

    @staticmethod
    def _read(whole: Any) -> LookupKey:
        before = whole["before"]
        return LookupKey(
            Lookup(
                _heard(whole["detail"]),
                tuple(map(_question, whole["lists"])),
                _heard(whole["other"]),
                # Older entries have none.
                parts=tuple(whole.get("parts", ())),
            ),
            ids=tuple(whole["ids"]),
            order_id=whole["order_id"],
            before=None if before is None else tuple(before),
            match=whole["match"],
            aims=whole["aims"],
            old=tuple(whole.get("old", ())),
        )


def check_entry(entry: Entry) -> None:
    """Raises ValueError for an entry of the journal that no version of this program wrote."""
    ChangeKind(entry.kind)
    try:
        find(entry.row)
    except UsageError as odd:
        raise ValueError(odd.message) from odd
    LookupKey.from_text(entry.trail)


def client_order_id_of(row: Mapping[str, Any]) -> str | None:
    """The client id in an order, a plan or a transfer as Bitget shows it."""
    found = next((row[name] for name in CLIENT_ORDER_ID_NAMES if row.get(name)), None)
    return str(found) if found else None


def id_of(row: Mapping[str, Any]) -> str | None:
    """The exchange's own id of an order, a transfer or a conversion."""
    found = next((row[name] for name in _ID_NAMES if row.get(name)), None)
    return str(found) if found else None


def fingerprint(given: Mapping[str, Any]) -> dict[str, str]:
    """What of a request shows again in the order it makes."""
    return {name: str(given[name]) for name in _COMPARED if given.get(name)}


def aims(given: Mapping[str, Any]) -> dict[str, str]:
    """What an amended order should show: `newTriggerPrice` appears as `triggerPrice` afterwards."""
    plain = {
        name.removeprefix("new")[:1].lower() + name.removeprefix("new")[1:]: value for name, value in given.items()
    }
    return {name: str(plain[name]) for name in _AIMED if plain.get(name)}


def matches(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether a row shows the wanted values, as far as it shows them at all; 0.10 is 0.1, BUY is buy."""
    return all(
        _same(str(row[name]), value, rounded=name in _ROUNDED) for name, value in wanted.items() if row.get(name)
    )


def has_new_values(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool | None:
    """Whether an order shows the values it was to be given, 0 being none at all; None where it shows none of them."""
    shown = {name: value for name, value in wanted.items() if name in row}
    if not shown:
        return None
    return all(_same(str(row[name] or "0"), value) for name, value in shown.items())


def _same(one: str, other: str, *, rounded: bool = False) -> bool:
    try:
        ours, theirs = Decimal(one), Decimal(other)
        return ours == theirs or (rounded and _is_rounding(*sorted((ours, theirs), key=_exponent)))
    except InvalidOperation:
        return one.lower() == other.lower()


def _is_rounding(fine: Decimal, coarse: Decimal) -> bool:
    """Whether a number with fewer decimals is the other one cut off or rounded."""
    place = Decimal(1).scaleb(_exponent(coarse))
    return any(fine.quantize(place, how, context=EXACT) == coarse for how in (ROUND_DOWN, ROUND_HALF_UP))


def _exponent(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0  # NaN and the infinite have letters


def _told(question: Question | None) -> list[Any] | None:
    return [question[0].name, dict(question[1])] if question else None


def _heard(told: list[Any] | None) -> Question | None:
    return _question(told) if told else None


def _question(told: list[Any]) -> Question:
    return find(told[0]), told[1]


# A network may deliver a request twice and pass on the second answer alone. What is refused for its own words (a
# price, a parameter, a permission) is refused both times; what is refused for how things stand may have been accepted
# before, so that it is looked for first. Of all codes of `bitget api errors`; which engine answers with which no page
# tells.

# Too little money: what is missing may be what it took.
_MONEY = (
    *("12001", "13004", "13006", "40711", "40712", "40713", "40722", "40754", "40756", "40759", "40762", "40798"),
    *("40800", "40801", "40826", "40893", "40898", "40901", "40936", "40937", "43012", "43117", "43131", "43132"),
    *("45002", "45004", "45008", "45123", "49023", "49064", "50020", "50041", "50045", "50052", "50055", "59002"),
    *("59011", "59022", "59042", "60013", "70226", "80009", "80013"),
)
# Too little of a position, or none: it may have closed it, or promised it to itself.
_POSITION = (
    *("22002", "31008", "40709", "40717", "40746", "40755", "40757", "40758", "40764", "40765", "40766", "40767"),
    *("40802", "40804", "40837", "40838", "40867", "40891", "40939", "43023", "43029", "43043", "45003", "45005"),
    *("45006", "45007", "45011", "45012", "45013", "45014", "45068"),
)
# As many orders, or as much of one, as there may be: it may be the last of them.
_FULL = (
    *("12007", "22029", "31038", "40715", "40723", "40750", "40751", "40761", "40763", "40876", "40877", "40889"),
    *("40890", "40921", "40928", "40930", "43005", "43051", "43071", "43128", "45010", "45091", "45113", "45116"),
    *("45118", "45120", "50017", "50035", "50038", "50048", "70223", "80015"),
)
# What may be bought, sold, converted or moved in a day: it may have used it up.
_QUOTA = (
    *("12002", "12003", "12008", "12009", "13003", "13007", "13009", "43113", "43122", "46013", "50068", "50077"),
    *("50081", "59008", "59016", "59023", "59043", "70205", "70213", "70219", "70221", "70222", "70224", "70225"),
)
# Nothing on the other side of the book: it may have taken it.
_BOOK = ("22045", "40720", "40825", "70220")
# Too soon after another one: that may have been itself.
_TOO_SOON = ("13001", "22035", "40918", "43036", "45129", "59044", "70228")
# Done, under way or over already: by itself, perhaps.
_ALREADY = (
    *("01003", "13010", "22020", "31006", "31009", "31011", "31023", "31024", "31054", "40733", "40743", "40744"),
    *("40745", "40769", "40858", "40859", "40865", "40894", "40896", "40909", "40923", "43021", "43024", "43030"),
    *("43031", "43044", "43064", "43137", "45031", "45106", "45125", "45126", "49021", "50062", "50066"),
)
# It failed, and no word of why.
_FAILED = (
    *("12018", "31016", "40776", "40777", "40782", "40788", "40856", "40904", "40905", "40906", "42013", "43022"),
    *("45024", "59046", "70210", "70229"),
)

SECOND_DELIVERY_CODES = frozenset((*_MONEY, *_POSITION, *_FULL, *_QUOTA, *_BOOK, *_TOO_SOON, *_ALREADY, *_FAILED))


# The setting has that value already.
ALREADY_SET = frozenset({"40814", "45054"})
# "No such order" to a cancel: it has left its book, filled or cancelled before.
ALREADY_FINAL = frozenset({"43001", "40768", "22001", "43004", "25204"})
# A quote is used once: called expired, or not the one that was given, it may have been used by this very conversion.
USED_QUOTE = frozenset({"12021", "12022"})
# Nothing there to be taken out.
_NOTHING_TO_CLEAR = ALREADY_FINAL | {"22002"}

LIVE = frozenset({"live", "partially_filled", "new", "init", "not_trigger", "executing"})
CANCELLED = frozenset({"canceled", "cancelled"})
FILLED = frozenset({"filled", "full_fill", "executed"})
FAILED = frozenset({"fail_execute", "fail_trigger", "failed", "fail"})

_NAMES_NONE = "spot.trade.cancel-plan-order"


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
    return Verdict.LOOK_ONCE if text in SECOND_DELIVERY_CODES else Verdict.REFUSED


def of_answer(data: Any, entry: Entry, trail: LookupKey) -> Verdict:
    """The verdict in the `data` of a success: it counts only where it speaks of this very change.

    What a call says that takes many orders out is not judged here, but by `execution.cleared`.
    """
    rows = [row for row in (data if isinstance(data, list) else [data]) if isinstance(row, Mapping)]
    if any(str(row.get("success", "")).lower() in ("failure", "false") for row in rows):
        return Verdict.IN_DOUBT
    return Verdict.ACCEPTED if _is_told(data, rows, entry, trail) else Verdict.IN_DOUBT


def _is_told(data: Any, rows: Sequence[Mapping[str, Any]], entry: Entry, trail: LookupKey) -> bool:
    match ChangeKind(entry.kind):
        case ChangeKind.PLACE:
            return _is_about(rows, trail.ids)
        case ChangeKind.REPLACE:
            # The new order's id may still be missing: it is made later. The client id is how it is known.
            return _is_about(rows, trail.ids, with_order_id=False)
        case ChangeKind.AMEND:
            return bool(rows) and all(is_of(row, trail, may_be_renamed=True) for row in rows)
        case ChangeKind.CANCEL:
            listed = entry.row == LISTED_CANCEL  # judged with its lists
            return listed or _is_done(entry, rows) or (bool(rows) and all(is_of(row, trail) for row in rows))
        case ChangeKind.SETTING | ChangeKind.MARGIN:
            return queries.answered(entry.row, json.loads(entry.body), data)
        case ChangeKind.TRANSFER:
            return bool(rows) and all(row.get("transferId") and row.get("clientOid") in trail.ids for row in rows)
        case ChangeKind.CONVERT:
            return all(_is_converted(part, rows) for part in trail.lookup.parts)
    return True


def is_of(row: Mapping[str, Any], trail: LookupKey, *, may_be_renamed: bool = False) -> bool:
    """Whether a row of an answer speaks of the one order that was asked about, and under no name of another's.

    One that was changed may have got another order id, and is known by its client id then.
    """
    order_id, client_oid = row.get("orderId"), row.get("clientOid")
    known = {*trail.ids, *trail.old} - {trail.order_id}
    if client_oid and known:
        same = may_be_renamed or not (order_id and trail.order_id) or order_id == trail.order_id
        return client_oid in known and same
    return bool(trail.order_id) and order_id == trail.order_id


def _is_done(entry: Entry, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Bitget names no order when a waiting one of spot is cancelled: it says success, and that is all."""
    return entry.row == _NAMES_NONE and len(rows) == 1 and str(rows[0].get("result", "")).lower() == "success"


def _is_about(rows: Sequence[Mapping[str, Any]], ids: Sequence[str], *, with_order_id: bool = True) -> bool:
    if not rows or (with_order_id and not all(row.get("orderId") for row in rows)):
        return False
    if not ids:  # Bitget keeps no client id of such an order
        return True
    told = {str(row[name]) for row in rows for name in CLIENT_ORDER_ID_NAMES if row.get(name)}
    return told == set(ids)


def _is_converted(part: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an answer tells of one conversion: what came, or for BGB what it was ordered under."""
    lists = [told for row in rows if isinstance(told := row.get("orderList"), list)]
    orders = [order for told in lists for order in told if isinstance(order, Mapping)]
    came = any(row.get("toCoin") == part.get("toCoin") and _is_something(row.get("toCoinSize")) for row in rows)
    return came or any(order.get("coin") == part.get("fromCoin") and order.get("orderId") for order in orders)


def _is_something(size: Any) -> bool:
    number = exact(size)
    return number is not None and number > 0


def state_of(row: Mapping[str, Any]) -> str | None:
    """An order's state in Bitget's word; the name of the field differs from call to call."""
    found = next((row[name] for name in ("state", "status", "planStatus") if row.get(name)), None)
    return str(found) if found else None


def order_id_of(data: Any) -> str | None:
    row = data[0] if isinstance(data, list) and data else data
    return id_of(row) if isinstance(row, Mapping) else None


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
    return Outcome(
        outcome=OutcomeKind.UNKNOWN if state.is_open else OutcomeKind(state.value),
        client_oid=entry.client_oid if ChangeKind(entry.kind) in HAS_CLIENT_ID or state.is_open else None,
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
        return NetworkError(
            f"{entry.what}: {_NOT_DONE.get(ChangeKind(entry.kind), 'not placed')}, proven: {reason}",
            hint="it is safe to give the order again" if ChangeKind(entry.kind) is ChangeKind.PLACE else None,
            outcome="not_placed",
            **said,
        )
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
    return next((one.error for one in outcomes if one.outcome is OutcomeKind.UNKNOWN), None)


_NOT_DONE = {
    ChangeKind.CANCEL: "not cancelled",
    ChangeKind.AMEND: "not changed",
    ChangeKind.REPLACE: "no new order placed",
    ChangeKind.TRANSFER: "not transferred",
    ChangeKind.CONVERT: "not converted",
    ChangeKind.CLEAR: "not carried out",
    ChangeKind.SETTING: "not set",
    ChangeKind.MARGIN: "not moved",
}
