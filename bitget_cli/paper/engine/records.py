"""What the paper exchange remembers of its one customer, and how it is kept as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, ClassVar, Literal, TypeVar

from bitget_cli.paper.engine.ledger import ZERO
from bitget_cli.paper.instruments import PaperInstrument, instrument
from bitget_cli.paper.store import DamagedError, amount_in, born
from bitget_cli.values import Product

# Prices are ticks, sizes lots, money Decimal, times milliseconds. An id holds its own time: see `born`.

Side = Literal["buy", "sell"]
Hold = Literal["long", "short"]


@dataclass(kw_only=True)
class StoredRecord:
    """Something kept under an id. `product` is the market's, or an account's name where there is no market."""

    kind: ClassVar[str]
    id: int
    product: str
    symbol: str = ""
    client_oid: str = ""
    parent: int = 0
    updated: int = 0

    @property
    def live(self) -> bool:
        """Whether time can still do something to it."""
        return False

    @property
    def created(self) -> int:
        return born(self.id)

    @property
    def instrument(self) -> PaperInstrument:
        found = instrument(Product(self.product), self.symbol)
        assert found is not None, self.symbol  # noqa: S101 - records are only made of listed instruments
        return found


class Directed(StoredRecord):
    """What trades in a direction, `side`, and so opens or closes a position."""

    side: Side
    closing: bool
    hedge: bool
    forced: bool = False

    @property
    def hold(self) -> Hold:
        """The position it opens or closes, in hedge mode."""
        return "long" if (self.side == "buy") is not self.closing else "short"

    @property
    def pos_side(self) -> str:
        """The same as it is told; in one-way mode there is but one."""
        return self.hold if self.hedge else "net"

    @property
    def opens(self) -> Hold:
        """The position it adds to, in either mode."""
        return self.hold if self.hedge else "long" if self.side == "buy" else "short"


@dataclass(kw_only=True)
class Exits:
    """Take-profit and stop-loss to attach when an order fills: trigger and execution in ticks, 0 for none."""

    profit: int = 0
    profit_execute: int = 0
    profit_by: str = ""
    loss: int = 0
    loss_execute: int = 0
    loss_by: str = ""

    def __bool__(self) -> bool:
        return bool(self.profit or self.loss)

    def updated(self, sent: Exits, *, profit: bool, loss: bool) -> Exits:
        """With those legs of `sent` that are chosen in place of its own."""
        legs = (("profit", profit), ("loss", loss))
        names = [f"{leg}{part}" for leg, chosen in legs if chosen for part in ("", "_execute", "_by")]
        return replace(self, **{name: getattr(sent, name) for name in names})


@dataclass(kw_only=True)
class Order(Directed):
    """An order; `side` is the true direction of its trades. `parent` is the plan that placed it.

    `quote` is a spot market buy's money; `queue` what stands before it at its price; `value` ticks times lots filled;
    `reserved` what it holds back, in quote coin, base coin (spot sells) or margin coin.
    """

    kind: ClassVar[str] = "order"
    side: Side
    limit: bool
    force: str = "gtc"
    price: int = 0
    size: int = 0
    quote: Decimal = ZERO
    filled: int = 0
    value: int = 0
    fee: Decimal = ZERO
    queue: int = 0
    reserved: Decimal = ZERO
    status: str = "live"
    source: str = "normal"
    cancel_reason: str = ""
    # Futures only.
    closing: bool = False
    reduce_only: bool = False
    hedge: bool = False
    margin_mode: str = ""
    leverage: int = 0
    profit: Decimal = ZERO
    exits: Exits
    # Whose order a liquidation's is: its trade side says so.
    forced: bool = False

    @property
    def live(self) -> bool:
        return self.status in ("live", "partially_filled")

    @property
    def left(self) -> int:
        return self.size - self.filled

    @property
    def fee_coin(self) -> str:
        market = self.instrument
        return market.base if market.product is Product.SPOT and self.side == "buy" else market.margin_coin


@dataclass(kw_only=True)
class Fill(Directed):
    """One trade of an order (`parent`); `fee` is paid in `fee_coin`, `profit` realised in margin coin."""

    kind: ClassVar[str] = "fill"
    side: Side
    price: int
    size: int
    fee: Decimal
    fee_coin: str
    maker: bool
    limit: bool
    profit: Decimal = ZERO
    closing: bool = False
    hedge: bool = False
    forced: bool = False


@dataclass(kw_only=True)
class Position(StoredRecord):
    """An open or past position. `cost` is what its present size was bought or sold for, in quote coin.

    `opened`/`opened_value` and `closed`/`closed_value` count lots, and ticks times lots, of its whole life.
    """

    kind: ClassVar[str] = "position"
    hold: Hold
    margin_mode: str
    leverage: int
    hedge: bool
    size: int = 0
    cost: Decimal = ZERO
    opened: int = 0
    opened_value: int = 0
    closed: int = 0
    closed_value: int = 0
    realised: Decimal = ZERO
    open_fee: Decimal = ZERO
    close_fee: Decimal = ZERO
    funding: Decimal = ZERO
    auto_margin: bool = False

    @property
    def live(self) -> bool:
        return self.size > 0

    @property
    def sign(self) -> int:
        return 1 if self.hold == "long" else -1

    @property
    def net(self) -> Decimal:
        """What it has brought so far, fees and funding included."""
        return self.realised + self.open_fee + self.close_fee + self.funding

    @property
    def pot(self) -> str:
        """Where an isolated position keeps its margin."""
        return f"{self.product.replace('-', '_')}/{self.symbol}/{self.hold}"


# Plans with a take-profit and a stop-loss, or a limit and a stop, in one.
TWO_LEGS = ("exit", "oco")
# Plans that are worked off in parts: a slice at every interval, or one part shown after the other.
IN_PARTS = ("twap", "iceberg")
_WITHOUT_POSITION = ("normal_plan", "track_plan", "spot", "tpsl", "oco", *IN_PARTS)


@dataclass(kw_only=True)
class Plan(Directed):
    """A trigger order. `parent` is the position a take-profit or stop-loss belongs to.

    `rising`: it waits for a price at or above `trigger`. `callback` (in hundredths of a percent) makes it trail
    `extreme` from when `active`. `quote` is a spot market buy's money; `size` 0 means the whole position. `executed`
    is the order it placed. One of two legs waits for either level of its own `exits`, whichever is reached first.

    One in parts has so many `parts`, or such of `shown` lots; `sent` counts lots in the `turns` parts that were placed,
    `traded` what the parts that are over have filled, and the next is `due` at that time (ms, 0 for none). `active`: it
    has begun. A twap has an `interval` (ms) and ends where `bound` is reached; an iceberg's parts are at `execute`, or
    at the best price that `follow` names and no worse than `bound`.
    """

    kind: ClassVar[str] = "plan"
    plan_type: str
    side: Side
    trigger: int
    trigger_by: str
    rising: bool
    size: int = 0
    quote: Decimal = ZERO
    limit: bool = False
    execute: int = 0
    callback: int = 0
    active: bool = False
    extreme: int = 0
    status: str = "live"
    closing: bool = False
    reduce_only: bool = False
    hedge: bool = False
    margin_mode: str = ""
    exits: Exits
    executed: int = 0
    failure: str = ""
    by_total: bool = False
    parts: int = 0
    shown: int = 0
    interval: int = 0
    follow: str = ""
    bound: int = 0
    bound_rising: bool = False
    sent: int = 0
    turns: int = 0
    traded: int = 0
    due: int = 0

    @property
    def live(self) -> bool:
        return self.status == "live"

    @property
    def next_part(self) -> int:
        """Lots of the next part of one that is worked off in parts; together they are its size."""
        if self.shown:
            return min(self.shown, self.size - self.sent)
        return self.size * (self.turns + 1) // self.parts - self.size * self.turns // self.parts

    @property
    def protects(self) -> bool:
        """A take-profit or stop-loss of a futures position."""
        return self.plan_type not in _WITHOUT_POSITION and self.product != Product.SPOT

    @property
    def legs(self) -> tuple[Plan, ...]:
        """For one of two legs what each of them alone would be; of those that are set."""
        if self.plan_type not in TWO_LEGS:
            return ()
        exits = self.exits
        levels = (
            (exits.profit, exits.profit_by, exits.profit_execute, self.side == "sell"),
            (exits.loss, exits.loss_by, exits.loss_execute, self.side == "buy"),
        )
        return tuple(
            replace(self, trigger=level, trigger_by=by, rising=rising, limit=execute > 0, execute=execute)
            for level, by, execute, rising in levels
            if level
        )


@dataclass(kw_only=True)
class Bill(StoredRecord):
    """One change of one balance: `amount` without `fee` (both signed), and the balance after it.

    One of a position tells its margin mode, by how many lots it changed and how many it `held` after.
    """

    kind: ClassVar[str] = "bill"
    coin: str
    amount: Decimal
    fee: Decimal
    balance: Decimal
    business: str
    group: str = ""
    margin_mode: str = ""
    lots: int = 0
    held: int = 0


@dataclass(kw_only=True)
class Transfer(StoredRecord):
    """Money moved between two of the customer's own accounts."""

    kind: ClassVar[str] = "transfer"
    coin: str
    size: Decimal
    from_type: str
    to_type: str
    from_symbol: str = ""
    to_symbol: str = ""


@dataclass(kw_only=True)
class Subaccount(StoredRecord):
    """A sub-account: its id is its user id, `client_oid` its name. `unified` is its kind, which it keeps."""

    kind: ClassVar[str] = "subaccount"
    note: str = ""
    status: str = "normal"
    rights: str = "read spot_trade contract_trade"
    unified: bool = False


@dataclass(kw_only=True)
class SubTransfer(StoredRecord):
    """Money moved between two accounts, by their ids; 0 is the main one."""

    kind: ClassVar[str] = "subtransfer"
    coin: str
    size: Decimal
    from_type: str
    to_type: str
    from_user: int
    to_user: int


@dataclass(kw_only=True)
class Movement(StoredRecord):
    """A deposit or a withdrawal, to or from an `account`; `done_at` is when a pending one succeeds, in ms."""

    kind: ClassVar[str] = "movement"
    way: Literal["deposit", "withdraw"]
    coin: str
    size: Decimal
    fee: Decimal = ZERO
    chain: str = ""
    address: str = ""
    tag: str = ""
    status: str = "success"
    dest: str = "on_chain"
    done_at: int = 0
    account: str = "spot"

    @property
    def live(self) -> bool:
        return self.status == "pending"


R = TypeVar("R", bound=StoredRecord)


def to_text(record: StoredRecord) -> str:
    """The record as kept in the file: decimals as text."""
    values = {name: getattr(record, name) for name in _fields(type(record))[0]}
    if isinstance(record, Plan) and record.plan_type not in IN_PARTS:
        # As they were kept before there were any in parts.
        values = {name: value for name, value in values.items() if name not in _OF_PARTS}
    if "exits" in values:
        exits = values["exits"]
        values["exits"] = {name: getattr(exits, name) for name in _fields(Exits)[0] if getattr(exits, name)}
    return json.dumps(values, default=str, separators=(",", ":"))


def from_text(kind: type[R], body: object) -> R:
    """The record again. Raises DamagedError for a text that `to_text` never wrote."""
    try:
        values: dict[str, Any] = dict(json.loads(body))  # type: ignore[arg-type]  # whatever the file holds
        for name in _fields(kind)[1]:
            if name in values:
                values[name] = amount_in(values[name])
        if "exits" in values:
            values["exits"] = Exits(**values["exits"])
            _check(Exits, values["exits"])
        record = kind(**values)
    except (ValueError, TypeError, RecursionError) as error:
        raise DamagedError(f"one of its {kind.kind}s cannot be read: {error}") from error
    _check(kind, record)
    return record


def _check(kind: type, record: Any) -> None:
    """Raises DamagedError for a value of another type than its field's, and for a market there is not."""
    about = getattr(kind, "kind", "exits")
    for field in fields(kind):
        value = getattr(record, field.name)
        allowed = _TYPES.get(str(field.type))
        if allowed and (type(value) not in allowed[0] or (allowed[1] and value not in allowed[1])):
            raise DamagedError(f"{field.name} of one of its {about}s is {value!r}")
    if about in _OF_A_MARKET:
        known = record.product in list(Product) and instrument(Product(record.product), record.symbol)
        if not known:
            raise DamagedError(f"one of its {about}s is of a market {record.symbol!r} that is not listed")


# By the annotation of a field: the types a value may have, and where they are few, the values.
_TYPES: dict[str, tuple[tuple[type, ...], tuple[str, ...]]] = {
    "int": ((int,), ()),
    "str": ((str,), ()),
    "bool": ((bool,), ()),
    "Decimal": ((Decimal,), ()),
    "Exits": ((Exits,), ()),
    "Side": ((str,), ("buy", "sell")),
    "Hold": ((str,), ("long", "short")),
}
_OF_A_MARKET = ("order", "plan", "position", "fill")


_OF_PARTS = frozenset(
    ("parts", "shown", "interval", "follow", "bound", "bound_rising", "sent", "turns", "traded", "due")
)
_FIELDS: dict[type, tuple[tuple[str, ...], tuple[str, ...]]] = {}


def _fields(kind: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of a record's fields, and of those that are decimals."""
    if kind not in _FIELDS:
        here = fields(kind)
        _FIELDS[kind] = tuple(each.name for each in here), tuple(each.name for each in here if each.type == "Decimal")
    return _FIELDS[kind]
