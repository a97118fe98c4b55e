"""What an answer says about a change: accepted, refused, nothing left, or in doubt."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.envelope import Meaning, code
from bitget_cli.errors import BitgetError, NetworkError, UnknownError
from bitget_cli.trading import aftermath, second_delivery
from bitget_cli.trading.changes import LISTED_CANCEL, Kind
from bitget_cli.trading.desk import exact
from bitget_cli.trading.trails import OID_NAMES, Trail, id_of

if TYPE_CHECKING:
    from bitget_cli.journal import Entry

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


def of_error(error: BitgetError, kind: Kind) -> Verdict:
    """The verdict in what `Client.send` raised."""
    if isinstance(error, UnknownError):
        exists = error.code is not None and code(error.code).meaning is Meaning.EXISTS
        return Verdict.EXISTS if exists and kind in (Kind.PLACE, Kind.REPLACE) else Verdict.IN_DOUBT
    if isinstance(error, NetworkError):
        return Verdict.NOTHING_LEFT if error.outcome == "not_placed" else Verdict.IN_DOUBT
    return of_code(error.code, kind) if error.code else Verdict.REFUSED


def of_code(text: str, kind: Kind) -> Verdict:
    """The verdict in one of Bitget's codes, of a whole call or of one item of a batch."""
    if kind is Kind.CANCEL and (text in ALREADY_FINAL or code(text).meaning is Meaning.NOT_FOUND):
        return Verdict.ALREADY_FINAL
    if kind is Kind.SETTING and text in ALREADY_SET:
        return Verdict.ALREADY_SO
    if kind is Kind.CLEAR and text in _NOTHING_TO_CLEAR:
        return Verdict.LOOK_ONCE  # there was something, or it would not have been asked
    match code(text).meaning:
        case Meaning.EXISTS if kind in (Kind.PLACE, Kind.REPLACE):
            return Verdict.EXISTS
        case Meaning.EXISTS | Meaning.AMBIGUOUS | Meaning.UNKNOWN | Meaning.OK:
            return Verdict.IN_DOUBT
        case Meaning.RATE:
            return Verdict.LOOK_ONCE
        case Meaning.NOT_FOUND if kind in (Kind.REPLACE, Kind.AMEND):
            return Verdict.SPENT
    if kind is Kind.CONVERT and text in USED_QUOTE:
        return Verdict.SPENT
    return Verdict.LOOK_ONCE if text in second_delivery.CODES else Verdict.REFUSED


def of_answer(data: Any, entry: Entry, trail: Trail) -> Verdict:
    """The verdict in the `data` of a success: it counts only where it speaks of this very change.

    What a call says that takes many orders out is not judged here, but by `batches.cleared`.
    """
    rows = [row for row in (data if isinstance(data, list) else [data]) if isinstance(row, Mapping)]
    if any(str(row.get("success", "")).lower() in ("failure", "false") for row in rows):
        return Verdict.IN_DOUBT
    return Verdict.ACCEPTED if _is_told(data, rows, entry, trail) else Verdict.IN_DOUBT


def _is_told(data: Any, rows: Sequence[Mapping[str, Any]], entry: Entry, trail: Trail) -> bool:
    match Kind(entry.kind):
        case Kind.PLACE:
            return _is_about(rows, trail.ids)
        case Kind.REPLACE:
            # The new order's id may still be missing: it is made later. The client id is how it is known.
            return _is_about(rows, trail.ids, with_order_id=False)
        case Kind.AMEND:
            return bool(rows) and all(is_of(row, trail, may_be_renamed=True) for row in rows)
        case Kind.CANCEL:
            listed = entry.row == LISTED_CANCEL  # judged with its lists
            return listed or _is_done(entry, rows) or (bool(rows) and all(is_of(row, trail) for row in rows))
        case Kind.SETTING | Kind.MARGIN:
            return aftermath.answered(entry.row, json.loads(entry.body), data)
        case Kind.TRANSFER:
            return bool(rows) and all(row.get("transferId") and row.get("clientOid") in trail.ids for row in rows)
        case Kind.CONVERT:
            return all(_is_converted(part, rows) for part in trail.lookup.parts)
    return True


def is_of(row: Mapping[str, Any], trail: Trail, *, may_be_renamed: bool = False) -> bool:
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
    told = {str(row[name]) for row in rows for name in OID_NAMES if row.get(name)}
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
