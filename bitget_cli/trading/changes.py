"""What is to be changed at the exchange, how to find out what became of it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bitget_cli.catalogue.rows import Effect, Endpoint
from bitget_cli.errors import DeclinedError

if TYPE_CHECKING:
    from bitget_cli.client.calls import Call
    from bitget_cli.errors import BitgetError
    from bitget_cli.values import Symbol

Question = tuple[Endpoint, Mapping[str, Any]]


class Direction(StrEnum):
    """The true direction of a trade."""

    BUY = "buy"
    SELL = "sell"


class PositionSide(StrEnum):
    LONG = "long"
    SHORT = "short"


class PositionMode(StrEnum):
    """One setting for each product, in Bitget's own words."""

    ONE_WAY = "one_way_mode"
    HEDGE = "hedge_mode"


class Kind(StrEnum):
    """What sort of change it is, which decides when it counts as done and how its fate is looked up."""

    PLACE = "place"  # makes an order: accepted with an order id and our client id
    REPLACE = "replace"  # cancels an order and makes another, under a client id of its own
    AMEND = "amend"  # changes an order that keeps its id
    CANCEL = "cancel"  # takes one order out of its book; harmless to repeat
    CLEAR = "clear"  # takes every order of a kind out, or closes positions; harmless to repeat
    SETTING = "setting"  # leverage and modes; harmless to repeat
    MARGIN = "margin"  # puts margin into a position or takes some out
    TRANSFER = "transfer"  # between wallets of the account
    CONVERT = "convert"  # one coin into another; it has no id but its own record's
    ONCE = "once"  # anything else: never sent again, by anybody, before a look


# Makes something that was not there before: absence counts, and rows older than the request are not ours.
MAKING = frozenset({Kind.PLACE, Kind.REPLACE, Kind.TRANSFER, Kind.CONVERT})


class ExpiredError(DeclinedError):
    """What was agreed to holds no longer, so it was not sent."""


@dataclass(frozen=True)
class Lookup:
    """How to find out what became of a change: the read rows and their parameters.

    `detail` answers one order; `lists` are walked (open, past, fills) for a row that carries the client id. Where a
    row takes `startTime` it is filled in for a change that makes something new. `other` answers the order that is
    replaced. None and empty: it cannot be looked up. Where the exchange keeps no client id, `parts` are what the new
    rows show: each part is to be found in one row, and in no other.
    """

    detail: Question | None = None
    lists: tuple[Question, ...] = ()
    other: Question | None = None
    parts: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Change:
    """One state-changing request, ready for the wire.

    `given` holds the row's parameters without the client id, which placing adds: `client_oid`, or a new one where
    that is None. `what` is one line for people and the journal. `lookup` None means the row's own (`lookups.py`).
    From the monotonic second `good_until` on it is not sent any more. `order` is what the exchange calls the order
    that is replaced, amended or cancelled (`orderId`, `clientOid`), whichever of them is sent. `there` are the ids or
    markets of all that a change is to take out, as far as they were seen before: an answer has to speak of each.
    `call` is a request that a person wrote: it is sent as it stands, `given` is what it says, and no id is added to it.
    """

    row: Endpoint
    given: Mapping[str, Any]
    what: str
    symbol: Symbol | None = None
    client_oid: str | None = None
    lookup: Lookup | None = None
    good_until: float | None = None
    order: Mapping[str, str] = field(default_factory=dict)
    there: tuple[str, ...] = ()
    call: Call | None = None

    @property
    def kind(self) -> Kind:
        kind = kind_of(self.row)
        if kind is Kind.CLEAR and only_named(self.given):
            return Kind.CANCEL
        # Attached exits alone are changed in place; a new price or size makes a new order (page "Modify Order").
        in_place = kind is Kind.REPLACE and not any(self.given.get(name) for name in REPLACING)
        return Kind.AMEND if in_place else kind

    @property
    def only_closes(self) -> bool:
        """Whether it can make a position smaller and nothing else."""
        if self.row.name in _EXITS:
            return True
        closes = str(self.given.get("reduceOnly")).lower() == "yes" or self.given.get("tradeSide") == "close"
        return closes and self.row.name in _TRADES


@dataclass(frozen=True)
class Batch:
    """Several changes in one call: `given` stands beside the list, each item's `given` inside it.

    `items` name the single-order row of the same meaning (`place-order`, `cancel-order`) for the journal and the
    look-up; what is sent is `row`. Any length: placing cuts it into calls of twenty, unless a person wrote the one
    `call` that is sent.
    """

    row: Endpoint
    given: Mapping[str, Any]
    items: tuple[Change, ...]
    list_name: str = "orderList"
    call: Call | None = None


class Ended(StrEnum):
    """How a change ended: the words of the command-line contract."""

    PLACED = "placed"
    CANCELLED = "cancelled"
    DONE = "done"
    REJECTED = "rejected"
    NOT_PLACED = "not_placed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """What became of a change.

    `state` is the order's own state in Bitget's word (`live`, `filled`, …) where it was looked up; `response` is
    Bitget's answer or the order found. `error` is the failure to raise for `rejected`, `not_placed` and `unknown`.
    """

    outcome: Ended
    client_oid: str | None = None
    order_id: str | None = None
    symbol: str | None = None
    state: str | None = None
    response: Any = None
    what: str = ""
    error: BitgetError | None = None


_KINDS = {
    "mix.order.place-order": Kind.PLACE,
    "mix.order.place-plan-order": Kind.PLACE,
    "mix.order.place-tpsl-order": Kind.PLACE,
    "mix.order.place-pos-tpsl": Kind.PLACE,
    "mix.order.click-backhand": Kind.PLACE,
    "spot.trade.place-order": Kind.PLACE,
    "spot.trade.place-plan-order": Kind.PLACE,
    "mix.order.modify-order": Kind.REPLACE,
    "spot.trade.cancel-replace-order": Kind.REPLACE,
    "mix.order.modify-plan-order": Kind.AMEND,
    "mix.order.modify-tpsl-order": Kind.AMEND,
    "spot.trade.modify-plan-order": Kind.AMEND,
    "mix.order.cancel-order": Kind.CANCEL,
    "spot.trade.cancel-order": Kind.CANCEL,
    "spot.trade.cancel-plan-order": Kind.CANCEL,
    "mix.order.cancel-plan-order": Kind.CLEAR,
    "mix.order.batch-cancel-orders": Kind.CLEAR,
    "mix.order.cancel-all-orders": Kind.CLEAR,
    "mix.order.close-positions": Kind.CLEAR,
    "spot.trade.cancel-symbol-order": Kind.CLEAR,
    "spot.trade.batch-cancel-order": Kind.CLEAR,
    "spot.trade.batch-cancel-plan-order": Kind.CLEAR,
    "mix.account.set-margin": Kind.MARGIN,
    "convert.trade": Kind.CONVERT,
    "convert.bgb-convert": Kind.CONVERT,
}
_EXITS = frozenset({"mix.order.place-tpsl-order", "mix.order.place-pos-tpsl", "mix.order.modify-tpsl-order"})
# Rows that say by `reduceOnly` or `tradeSide` that they only close.
_TRADES = frozenset({"mix.order.place-order", "mix.order.place-plan-order"})
_BY_EFFECT = {Effect.SETTINGS: Kind.SETTING, Effect.TRANSFER: Kind.TRANSFER}

# Cancels one waiting order of futures by a list of one, and answers with lists.
LISTED_CANCEL = "mix.order.cancel-plan-order"

# The parameters that make an order anew.
REPLACING = ("newSize", "newPrice", "size", "price")


def only_named(given: Mapping[str, Any]) -> Mapping[str, str] | None:
    """The ids of the one order that a request to take out several names; None where it names more or none."""
    named = given.get("orderIdList")
    return named[0] if isinstance(named, list) and len(named) == 1 else None


def kind_of(row: Endpoint) -> Kind:
    """A row that is on no list is sent once and never again."""
    return _KINDS.get(row.name) or _BY_EFFECT.get(row.effect, Kind.ONCE)
