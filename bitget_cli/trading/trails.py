"""What the journal keeps of a change so that any later process can find out what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue import find
from bitget_cli.errors import UsageError
from bitget_cli.trading.amounts import EXACT
from bitget_cli.trading.changes import Kind, Lookup, Question

if TYPE_CHECKING:
    from bitget_cli.journal import Entry

# Names a client id goes by, in requests and in rows.
OID_NAMES = ("clientOid", "newClientOid", "stopSurplusClientOid", "stopLossClientOid")
_AIMED = (
    *("triggerPrice", "size", "price", "executePrice", "callbackRatio", "rangeRate"),
    *("presetStopSurplusPrice", "presetStopLossPrice"),
)
# What a thing that was made goes by, where it has no client id of ours.
_ID_NAMES = ("orderId", "transferId", "id")
# Shown with fewer decimals than it was sent with: 0.0005226794534969 becomes 0.00052268 (page "Convert").
_ROUNDED = frozenset({"cnvtPrice"})
_COMPARED = ("symbol", "side", "planType", "size", "triggerPrice")


@dataclass(frozen=True)
class Trail:
    """Which rows to ask, and how to know the order among what they answer.

    `ids` are the client ids on the wire, `order_id` the order that is cancelled or amended. Where Bitget keeps no
    client id, `before` holds the order ids seen before sending, and an order that is new and agrees with `match` is
    ours. `aims` are the new values of an order that is amended, `old` every id that an order went by which is amended
    or replaced.
    """

    lookup: Lookup = field(default_factory=Lookup)
    ids: tuple[str, ...] = ()
    order_id: str | None = None
    before: tuple[str, ...] | None = None
    match: Mapping[str, str] = field(default_factory=dict)
    aims: Mapping[str, str] = field(default_factory=dict)
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
    def from_text(text: str) -> Trail:
        """Raises ValueError for a text that `to_text` never wrote."""
        try:
            trail = Trail._read(json.loads(text))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, UsageError) as odd:
            raise ValueError(f"what it is found by cannot be read: {odd}") from odd
        texts = (*trail.ids, *trail.old, *(trail.before or ()), *trail.match.values(), *trail.aims.values())
        if not all(isinstance(one, str) for one in texts) or not isinstance(trail.order_id, str | None):
            raise ValueError("what it is found by is no text")
        return trail

    @staticmethod
    def _read(whole: Any) -> Trail:
        before = whole["before"]
        return Trail(
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
    Kind(entry.kind)
    try:
        find(entry.row)
    except UsageError as odd:
        raise ValueError(odd.message) from odd
    Trail.from_text(entry.trail)


def oid_of(row: Mapping[str, Any]) -> str | None:
    """The client id in an order, a plan or a transfer as Bitget shows it."""
    found = next((row[name] for name in OID_NAMES if row.get(name)), None)
    return str(found) if found else None


def id_of(row: Mapping[str, Any]) -> str | None:
    """The exchange's own id of an order, a transfer or a conversion."""
    found = next((row[name] for name in _ID_NAMES if row.get(name)), None)
    return str(found) if found else None


def traits(given: Mapping[str, Any]) -> dict[str, str]:
    """What of a request shows again in the order it makes."""
    return {name: str(given[name]) for name in _COMPARED if given.get(name)}


def aims(given: Mapping[str, Any]) -> dict[str, str]:
    """What an amended order should show: `newTriggerPrice` appears as `triggerPrice` afterwards."""
    plain = {
        name.removeprefix("new")[:1].lower() + name.removeprefix("new")[1:]: value for name, value in given.items()
    }
    return {name: str(plain[name]) for name in _AIMED if plain.get(name)}


def agrees(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    """Whether a row shows the wanted values, as far as it shows them at all; 0.10 is 0.1, BUY is buy."""
    return all(
        _same(str(row[name]), value, rounded=name in _ROUNDED) for name, value in wanted.items() if row.get(name)
    )


def reached(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool | None:
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
