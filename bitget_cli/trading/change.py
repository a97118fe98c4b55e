"""One change of an account: what is sent, how it is found again, and how it ended."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bitget_cli.catalogue import find
from bitget_cli.catalogue.model import Endpoint
from bitget_cli.errors import DeclinedError, UsageError
from bitget_cli.trading.model import EXACT, OrderState
from bitget_cli.values import Symbol

if TYPE_CHECKING:
    from bitget_cli.client.rest.request import Call
    from bitget_cli.errors import BitgetError
    from bitget_cli.trading.order_model import Order

Question = tuple[Endpoint, Mapping[str, Any]]


class ChangeKind(StrEnum):
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
    CREATE = "create"  # a sub-account or a key of one; it is known by what is new in their list
    ONCE = "once"  # anything else: never sent again, by anybody, before a look


# Makes something that was not there before: absence counts, and rows older than the request are not ours.
CREATES_ORDER = frozenset(
    {ChangeKind.PLACE, ChangeKind.REPLACE, ChangeKind.TRANSFER, ChangeKind.CONVERT, ChangeKind.CREATE}
)


# By how much (ms) the clocks of an order and of its signature may differ: Bitget refuses more than 30 s.
SKEW_MS = 32_000


# What nobody may read of a request or an answer: the passphrase and the secret of a key that is made.
_SECRET = re.compile(r"pass(phrase|word)|secret", re.IGNORECASE)
MASK = "***"


def masked(value: Any) -> Any:
    """The same JSON with a mask for whatever is secret in it, however deep."""
    if isinstance(value, Mapping):
        return {name: MASK if told and _SECRET.search(str(name)) else masked(told) for name, told in value.items()}
    return [masked(one) for one in value] if isinstance(value, list | tuple) else value


class ExpiredError(DeclinedError):
    """What was agreed to holds no longer, so it was not sent."""


class Lookup(NamedTuple):
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

    def is_of(self, order_id: Any, client_oid: Any, *, may_be_renamed: bool = False) -> bool:
        """Whether a row of these ids speaks of the one order that was asked about, and under no name of another's.

        One that was changed may have got another order id, and is known by its client id then.
        """
        known = {*self.ids, *self.old} - {self.order_id}
        if client_oid and known:
            same = may_be_renamed or not (order_id and self.order_id) or order_id == self.order_id
            return client_oid in known and same
        return bool(self.order_id) and order_id == self.order_id

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
            key = LookupKey._read(json.loads(text))
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, UsageError) as odd:
            raise ValueError(f"what it is found by cannot be read: {odd}") from odd
        texts = (*key.ids, *key.old, *(key.before or ()), *key.match.values(), *key.aims.values())
        if not all(isinstance(one, str) for one in texts) or not isinstance(key.order_id, str | None):
            raise ValueError("what it is found by is no text")
        return key

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


def _told(question: Question | None) -> list[Any] | None:
    return [question[0].name, dict(question[1])] if question else None


def _heard(told: list[Any] | None) -> Question | None:
    return _question(told) if told else None


def _question(told: list[Any]) -> Question:
    return find(told[0]), told[1]


class Spelling(NamedTuple):
    """How a change was spelt: by the method `name` of the adapter's part `desk`, called with `words` and `given`.

    An account of the other kind has the same method, so that what was meant can be spelt for it, too.
    """

    desk: str
    name: str
    words: tuple[Any, ...] = ()
    given: Mapping[str, Any] = {}


class Change(NamedTuple):
    """One state-changing request, ready for the wire, as the account's adapter spells it.

    `given` holds the row's parameters without the client id, which execution adds: `client_oid`, or a new one where
    that is None. `what` is one line for people and the journal. `lookup` None means the row's own.
    From the monotonic second `good_until` on it is not sent any more. `order` is what the exchange calls the order
    that is replaced, amended or cancelled, whichever of its ids is sent. `there` are the ids or
    markets of all that a change is to take out, as far as they were seen before: an answer has to speak of each.
    `call` is a request that a person wrote: it is sent as it stands, `given` is what it says, and no id is added to it.
    `remark` is what a person should know of it besides, `untried` what should be known of the real exchange. `tag` is
    a person's own word for it: it is written down and never sent. `working` is the arithmetic behind its amounts, in
    sentences. `spelling` is the call that it came from, `part` what it is of that call where others came from the same
    one: an order that is meant, an exit, a name. Of the orders that it makes nothing rests where it `ends_at_once`;
    a `post_only` one rests, or is cancelled at once.
    """

    row: Endpoint
    kind: ChangeKind
    given: Mapping[str, Any]
    what: str
    symbol: Symbol | None = None
    client_oid: str | None = None
    lookup: Lookup | None = None
    good_until: float | None = None
    order: Mapping[str, str] = {}
    there: tuple[str, ...] = ()
    call: Call | None = None
    remark: str = ""
    untried: str = ""
    tag: str | None = None
    working: tuple[str, ...] = ()
    spelling: Spelling | None = None
    part: Any = None
    ends_at_once: bool = False
    post_only: bool = False

    @property
    def is_looked_at(self) -> bool:
        """Whether its answer says less than what came of it."""
        return self.ends_at_once or self.post_only


class Batch(NamedTuple):
    """Several changes in one call: `given` stands beside the list, each item's `given` inside it.

    `items` name the single-order row of the same meaning (`place-order`, `cancel-order`) for the journal and the
    look-up; what is sent is `row`. Any length: placing cuts it into calls of twenty, unless a person wrote the one
    `call` that is sent.
    """

    row: Endpoint
    given: Mapping[str, Any]
    items: tuple[Change, ...]
    list_name: str
    call: Call | None = None
    spelling: Spelling | None = None


class OutcomeKind(StrEnum):
    """How a change ended: the words of the command-line contract."""

    PLACED = "placed"
    CANCELLED = "cancelled"
    DONE = "done"
    REJECTED = "rejected"
    NOT_PLACED = "not_placed"
    UNKNOWN = "unknown"


class Outcome(NamedTuple):
    """What became of a change.

    `state` is the order's own state in Bitget's word (`live`, `filled`, …) where it was looked up; `response` is
    Bitget's answer or the order found, `told` the same in the one vocabulary. `error` is the failure to raise for
    `rejected`, `not_placed` and `unknown`. `orders` are those that were made, as far as they were seen; None where
    nobody was to look. `order_ids` are those of the orders that closed positions.
    """

    outcome: OutcomeKind
    client_oid: str | None = None
    order_id: str | None = None
    symbol: str | None = None
    state: str | None = None
    response: Any = None
    told: Any = None
    what: str = ""
    error: BitgetError | None = None
    working: tuple[str, ...] = ()
    orders: tuple[Order, ...] | None = None
    order_ids: tuple[str, ...] = ()

    @property
    def failure_line(self) -> str:
        """What it was and why it failed, each once; empty where it did not."""
        if self.error is None:
            return ""
        name, why = self.what or self.client_oid, self.error.message
        return why if why.startswith(f"{name}: ") else f"{name}: {why}"


class Trace(NamedTuple):
    """What one row of the exchange tells of an order, a transfer or a conversion; None for what it does not tell.

    `id` is the exchange's own id of whatever it is, `order_id` that of an order alone. `state_word` is the exchange's,
    `made_at` epoch milliseconds.
    """

    row: Mapping[str, Any]
    id: str | None
    order_id: str | None
    client_oid: str | None
    state: OrderState | None
    state_word: str | None
    made_at: int | None


class ItemReply(NamedTuple):
    """What the answer to a batch says of one order. `code` and `message` tell why it failed, "" where nothing does."""

    row: Mapping[str, Any]
    order_id: str | None
    client_oid: str | None
    symbol: str | None
    code: str
    message: str


class StateReached(NamedTuple):
    """How things stand: as they were to be, or not, or None where that is not told. `why` is a clause for people."""

    as_wanted: bool | None
    why: str = ""


class ListRole(StrEnum):
    """What a row that is asked for a change answers with."""

    DETAIL = "detail"  # one order by its id, or that there is none
    LIST = "list"  # orders, transfers, conversions, positions
    PAST = "past"  # orders that are over
    FILLS = "fills"  # trades, which may carry no client id


def is_same_value(one: str, other: str, *, rounded: bool = False) -> bool:
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


class StateQuery(NamedTuple):
    """What was sent, when (ms), and what was seen before."""

    given: Mapping[str, Any]
    signed_at: int
    before: Mapping[str, str]
